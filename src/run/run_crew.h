/* run_crew.h — one running job: its threads, meter, progress and limits.        SPDX-License-Identifier: MIT */
#ifndef PF_RUN_CREW_H
#define PF_RUN_CREW_H
#include "base/pool.h"
#include "run/run_progress.h"

struct pf_crew {
    pf_job *job;   /* lent */
    pf_pool *pool; /* NULL: everything is done on the caller's thread */
    struct pf_meter meter;
    struct pf_track track;
    int64_t memory_limit;
    const char *temp_folder; /* lent */
    int64_t temp_limit;
    bool may_spill;
};
/* The crew must not move while open. The opener's thread is the job's. */
pf_status pf_crew_open(struct pf_crew *crew, pf_job *job, struct pf_error *err);
/* One of `of` that work at the same time, each on one thread of the job's: no pool of its own, its share of the memory,
 * and it tells no progress. Needs no close. */
void pf_crew_part(struct pf_crew *part, const struct pf_crew *crew, int of);
void pf_crew_close(struct pf_crew *crew); /* zero is fine */
/* Called between batches on the job's thread: tells progress; CANCELLED when asked to stop. */
pf_status pf_crew_check(struct pf_crew *crew, struct pf_error *err);
#endif
