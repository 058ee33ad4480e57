/* run_crew.c — room run. One running job: its threads, meter, progress and limits.
 * SPDX-License-Identifier: MIT
 * Knows: the machine options of a job.
 * Knows not: inputs, outputs. */
#include "run/run_crew.h"

#include "base/ceilings.h"
#include "base/error.h"
#include "base/file.h"
#include "base/temp.h"
#include "base/thread.h"

/* On the job's thread while it waits for workers. */
static void tick(void *ctx) {
    struct pf_crew *crew = ctx;
    pf_track_tick(&crew->track);
    if (pf_job_is_cancelled(crew->job))
        pf_pool_cancel(crew->pool);
}

pf_status pf_crew_open(struct pf_crew *crew, pf_job *job, struct pf_error *err) {
    *crew = (struct pf_crew){.job = job};
    int64_t threads = pf_job_number(job, "threads", 0);
    if (threads > PF_CEIL_THREADS)
        return pf_fail(err, PF_ARGUMENT, "--threads %lld is more than %d; give fewer", (long long)threads,
                       PF_CEIL_THREADS);
    if (threads == 0)
        threads = pf_thread_cores();
    crew->meter.cancelled = &job->cancelled;
    crew->memory_limit = pf_job_number(job, "memory-limit", 0);
    crew->temp_folder = pf_temp_folder(pf_job_value(job, "temp-dir", NULL, NULL));
    crew->temp_limit = pf_job_number(job, "temp-limit", -1);
    crew->may_spill = !pf_job_flag(job, "no-spill");
    if (crew->temp_limit < 0) { /* a disk that does not say how much is free says so when it is full */
        int64_t free_bytes = 0;
        bool told = pf_file_free_space(crew->temp_folder, &free_bytes, NULL) == PF_OK;
        crew->temp_limit = told ? free_bytes / 2 : INT64_MAX;
    }
    pf_track_open(&crew->track, job, &crew->meter, -1);
    PF_TRY(pf_pool_open((int)threads, &crew->pool, err));
    pf_pool_on_tick(crew->pool, tick, crew);
    return PF_OK;
}

void pf_crew_part(struct pf_crew *part, const struct pf_crew *crew, int of) {
    *part = (struct pf_crew){.job = crew->job,
                             .memory_limit = crew->memory_limit / of,
                             .temp_folder = crew->temp_folder,
                             .temp_limit = crew->temp_limit,
                             .may_spill = crew->may_spill};
    part->meter.cancelled = &crew->job->cancelled;
    pf_track_open(&part->track, crew->job, &part->meter, -1);
    part->track.silent = true;
}

void pf_crew_close(struct pf_crew *crew) {
    if (crew->pool)
        pf_pool_close(&crew->pool);
}

pf_status pf_crew_check(struct pf_crew *crew, struct pf_error *err) {
    pf_track_tick(&crew->track);
    if (!pf_job_is_cancelled(crew->job))
        return PF_OK;
    if (crew->pool)
        pf_pool_cancel(crew->pool);
    return pf_fail_cancelled(err);
}
