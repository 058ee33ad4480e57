/* run_progress.c — room run. How far a job is: bytes read of bytes there, over all laps.
 * SPDX-License-Identifier: MIT
 * Knows: the meter, shares and phases.
 * Knows not: what is read. */
#include "run/run_progress.h"

#include "base/clock.h"

#define TELL_EVERY_NS 100000000

void pf_track_open(struct pf_track *track, pf_job *job, struct pf_meter *meter, int64_t total_bytes) {
    *track = (struct pf_track){.job = job,
                               .thread = pf_thread_self(),
                               .meter = meter,
                               .input = "",
                               .stage = "survey",
                               .total_bytes = total_bytes,
                               .input_bytes = -1,
                               .phase_bytes = -1,
                               .lap = 1};
    track->started_ns = pf_clock_ns();
    track->told_ns = track->started_ns;
}

void pf_track_input(struct pf_track *track, const char *name, int64_t size_bytes) {
    track->input = name;
    track->input_bytes = size_bytes;
    pf_track_phase(track, "survey", 1, 0, 0, -1);
}

void pf_track_phase(struct pf_track *track, const char *stage, int32_t lap, double from, double to,
                    int64_t expect_bytes) {
    track->stage = stage;
    track->lap = lap;
    track->from = from;
    track->to = to;
    track->phase_bytes = expect_bytes;
    track->phase_start = atomic_load_explicit(&track->meter->bytes_in, memory_order_relaxed);
}

double pf_track_point(const struct pf_track *track) {
    int64_t read = atomic_load_explicit(&track->meter->bytes_in, memory_order_relaxed) - track->phase_start;
    if (track->phase_bytes <= 0)
        return track->from;
    double part = (double)read / (double)track->phase_bytes;
    return track->from + (track->to - track->from) * (part < 1 ? part : 1);
}

void pf_track_input_done(struct pf_track *track) {
    if (track->input_bytes > 0)
        track->done_bytes += track->input_bytes;
    track->input_bytes = -1;
    pf_track_phase(track, "finish", track->lap, 0, 0, -1);
}

static void tell(struct pf_track *track, int64_t now_ns) {
    pf_job *job = track->job;
    int64_t read = atomic_load_explicit(&track->meter->bytes_in, memory_order_relaxed);
    struct pf_progress progress = {.struct_size = sizeof progress,
                                   .lap = track->lap,
                                   .fraction = -1,
                                   .bytes_done = read,
                                   .bytes_total = track->total_bytes,
                                   .rows = track->rows,
                                   .seconds = (double)(now_ns - track->started_ns) / 1e9,
                                   .seconds_left = -1,
                                   .stage = track->stage,
                                   .input = track->input};
    if (track->total_bytes > 0) {
        progress.fraction = track->floor;
        progress.bytes_done = (int64_t)(track->floor * (double)track->total_bytes);
        if (track->floor > 0.01)
            progress.seconds_left = progress.seconds * (1 - track->floor) / track->floor;
    }
    track->told_ns = now_ns;
    if (job->progress(job->progress_ctx, &progress) != 0)
        atomic_store(&job->cancelled, true);
}

static void raise_floor(struct pf_track *track) {
    if (track->total_bytes <= 0)
        return;
    double here = track->input_bytes > 0 ? pf_track_point(track) * (double)track->input_bytes : 0;
    double fraction = ((double)track->done_bytes + here) / (double)track->total_bytes;
    if (fraction > track->floor)
        track->floor = fraction < 1 ? fraction : 1;
}

void pf_track_tick(struct pf_track *track) {
    if (track->silent || !track->job->progress || !pf_thread_same(track->thread, pf_thread_self()))
        return;
    int64_t now_ns = pf_clock_ns();
    raise_floor(track);
    if (now_ns - track->told_ns >= TELL_EVERY_NS)
        tell(track, now_ns);
}

void pf_track_end(struct pf_track *track, bool good) {
    if (!track->job->progress)
        return;
    track->stage = "finish";
    raise_floor(track);
    if (good)
        track->floor = 1;
    tell(track, pf_clock_ns());
}
