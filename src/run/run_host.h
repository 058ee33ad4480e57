/* run_host.h — the host table that readers, writers and extensions get for one task.
 * SPDX-License-Identifier: MIT
 *
 * face comes first in the struct; face.data points to the struct itself. Calls that may not fail (notice,
 * count) remember their first failure in `status`, which the lap looks at between batches. */
#ifndef PF_RUN_HOST_H
#define PF_RUN_HOST_H
#include "run/run_counts.h"
#include "run/run_crew.h"
#include "run/run_notices.h"
#include "run/run_rejects.h"

struct pf_run_host {
    struct pf_host face;
    pf_job *job;
    struct pf_crew *crew;           /* NULL outside a run */
    const struct pf_reader *reader; /* whose defaults hold; may be NULL */
    const struct pf_writer *writer;
    bool defaults_only;       /* options of the job do not hold (for the file of rejects) */
    const char *file;         /* the input's name, in rejects */
    const char *location;     /* the input's location, for open_sibling */
    struct pf_counts *counts; /* each of the three may be NULL: not wanted */
    struct pf_notices *notices;
    struct pf_rejects *rejects;
    bool takes_results;      /* of an engine's run */
    const char *hook_name;   /* job_set is allowed and says that this extension did it */
    const pf_result *result; /* for result_get */
    char number[24];
    pf_status status;
    struct pf_error err;
};
void pf_run_host_init(struct pf_run_host *host, pf_job *job, struct pf_crew *crew);
#endif
