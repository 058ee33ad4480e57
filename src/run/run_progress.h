/* run_progress.h — how far a job is: bytes read of bytes there, over all laps.  SPDX-License-Identifier: MIT
 *
 * All calls are made on the thread of pf_job_run (a tick on another one is none). Each input has its share by size; within an input, phases
 * (survey, a lap, the exact survey after a contradiction) move from one point to the next, so the fraction
 * never falls. */
#ifndef PF_RUN_PROGRESS_H
#define PF_RUN_PROGRESS_H
#include "base/thread.h"
#include "bytes/bytes_meter.h"
#include "run/run_job.h"

struct pf_track {
    pf_job *job;
    pf_thread thread; /* of pf_job_run */
    struct pf_meter *meter;
    const char *input; /* lent by who called pf_track_input */
    const char *stage;
    int64_t total_bytes; /* of all inputs; −1 unknown */
    int64_t done_bytes;  /* of the inputs that are finished */
    int64_t input_bytes; /* of this input; −1 unknown */
    double from, to;     /* of this phase within this input */
    int64_t phase_start; /* the meter then */
    int64_t phase_bytes; /* to be read in this phase; −1 unknown */
    double floor;        /* the largest fraction so far */
    _Atomic int64_t rows;
    int64_t started_ns, told_ns;
    int32_t lap;
    bool silent; /* tells nobody: not on the thread of pf_job_run */
};
void pf_track_open(struct pf_track *track, pf_job *job, struct pf_meter *meter, int64_t total_bytes);
void pf_track_input(struct pf_track *track, const char *name, int64_t size_bytes);
void pf_track_phase(struct pf_track *track, const char *stage, int32_t lap, double from, double to,
                    int64_t expect_bytes);
/* Where this phase is now, between its from and to. */
double pf_track_point(const struct pf_track *track);
void pf_track_input_done(struct pf_track *track);
/* Tells the callback if 100 ms have passed; a non-zero answer sets job->cancelled. */
void pf_track_tick(struct pf_track *track);
/* The last word: fraction 1 when good. */
void pf_track_end(struct pf_track *track, bool good);
#endif
