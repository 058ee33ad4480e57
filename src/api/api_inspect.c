/* api_inspect.c — room api. pf_inspect: facts of one input without converting.  SPDX-License-Identifier: MIT
 * Knows: states of a job.
 * Knows not: what the views hold. */
#include "api/api_handle.h"
#include "base/error.h"
#include "run/run_inspect.h"

pf_status pf_inspect(pf_job *job, const char *what, char **json, struct pf_error *err) {
    PF_TRY(pf_handle_setting(job, "pf_inspect", err));
    if (!what || !json)
        return pf_fail(err, PF_ARGUMENT, "pf_inspect: there is no name of a view, or no place for its text");
    return pf_inspect_run(job, what, json, err);
}

pf_status pf_job_head(pf_job *job, const char *table, char **json, struct pf_error *err) {
    PF_TRY(pf_handle_setting(job, "pf_job_head", err));
    if (!json)
        return pf_fail(err, PF_ARGUMENT, "pf_job_head: there is no place for the text");
    return pf_inspect_head(job, table, json, err);
}
