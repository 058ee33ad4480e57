/* api_handle.c — room api. Is a handle what it says, and in a state that allows the call?
 * SPDX-License-Identifier: MIT
 * Knows: magic numbers, states.
 * Knows not: what the calls do. */
#include "api/api_handle.h"

#include "base/error.h"

pf_status pf_handle_forge(const pf_forge *forge, const char *call, struct pf_error *err) {
    if (forge && forge->magic == PF_FORGE_MAGIC)
        return PF_OK;
    return pf_fail(err, PF_ARGUMENT, "%s: this is no forge; open one with pf_forge_open", call);
}

pf_status pf_handle_job(const pf_job *job, const char *call, struct pf_error *err) {
    if (job && job->magic == PF_JOB_MAGIC)
        return PF_OK;
    return pf_fail(err, PF_ARGUMENT, "%s: this is no job; open one with pf_job_open", call);
}

pf_status pf_handle_setting(const pf_job *job, const char *call, struct pf_error *err) {
    static const char *const states[] = {"being set up", "running", "done"};
    PF_TRY(pf_handle_job(job, call, err));
    if (job->state == PF_JOB_SETTING)
        return PF_OK;
    return pf_fail(err, PF_STATE, "%s: the job is %s and must be %s; open a new job", call, states[job->state],
                   states[PF_JOB_SETTING]);
}
