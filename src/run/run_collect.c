/* run_collect.c — room run. One table of a job's input, read whole into memory. SPDX-License-Identifier: MIT
 * Knows: that batches which nobody has seen can be thrown away, so the sample's types are tried first.
 * Knows not: outputs, limits of memory: who asks for a whole table has room for it. */
#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "run/run_inspect.h"
#include "run/run_read.h"

struct collected {
    struct ArrowSchema schema;
    struct ArrowArray *batches;
    size_t count, room, given;
};

static void drop_batches(struct collected *all) {
    for (size_t i = all->given; i < all->count; i++)
        pf_array_release(&all->batches[i]);
    all->count = all->given = 0;
}

static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    return pf_schema_copy(&((struct collected *)self)->schema, out, err);
}

static pf_status give_next(void *self, struct ArrowArray *out, struct pf_error *err) {
    struct collected *all = self;
    (void)err;
    *out = (struct ArrowArray){0};
    if (all->given < all->count)
        *out = all->batches[all->given++];
    return PF_OK;
}

static void close_collected(void *self) {
    struct collected *all = self;
    drop_batches(all);
    pf_schema_release(&all->schema);
    pf_mem_free(all->batches);
    pf_mem_free(all);
}

/* Takes batch. */
static pf_status keep_batch(struct collected *all, struct ArrowArray *batch, struct pf_error *err) {
    if (all->count == all->room) {
        size_t room = all->room ? all->room * 2 : 16;
        struct ArrowArray *batches = pf_mem_grow(all->batches, room * sizeof *batches);
        if (!batches) {
            pf_array_release(batch);
            return pf_fail_memory(err, room * sizeof *batches);
        }
        all->batches = batches;
        all->room = room;
    }
    all->batches[all->count++] = *batch;
    return PF_OK;
}

static pf_status read_lap(struct pf_look *look, struct collected *all, struct pf_error *err) {
    struct pf_reading *reading = &look->reading;
    PF_TRY(pf_reading_open(reading, err));
    for (;;) {
        struct ArrowArray batch = {0};
        PF_TRY(pf_crew_check(&look->run.crew, err));
        PF_TRY(pf_stream_next(&reading->stream, &reading->stream_err, &batch, err));
        if (!batch.release)
            return PF_OK;
        look->run.crew.track.rows += batch.length;
        PF_TRY(keep_batch(all, &batch, err));
    }
}

static pf_status read_whole(struct pf_look *look, const char *table, struct collected *all,
                            struct pf_error *err) {
    struct pf_reading *reading = &look->reading;
    struct pf_track *track = &look->run.crew.track;
    int32_t index;
    PF_TRY(pf_reading_survey(reading, PF_SURVEY_SAMPLE, err));
    PF_TRY(pf_look_find(look, table, &index, err));
    PF_TRY(pf_reading_plan(reading, index, err));
    pf_track_phase(track, "convert", 1, 0, 1, pf_intake_lap_bytes(&look->intake));
    for (;;) {
        pf_status status = read_lap(look, all, err);
        pf_stream_release(&reading->stream);
        if (status == PF_OK)
            return pf_schema_copy(&reading->plan.read, &all->schema, err);
        drop_batches(all);
        track->rows = 0;
        PF_TRY(pf_reading_recover(reading, status, -1, err));
    }
}

pf_status pf_read_collect(pf_job *job, const char *table, struct ArrowArrayStream *out, struct pf_error *err) {
    *out = (struct ArrowArrayStream){0};
    struct collected *all = pf_mem_zero(1, sizeof *all);
    struct pf_look *look = pf_mem_zero(1, sizeof *look);
    pf_status status = all && look ? pf_look_open(look, job, err) : pf_fail_memory(err, sizeof *look);
    if (status == PF_OK) {
        status = read_whole(look, table, all, err);
        pf_track_end(&look->run.crew.track, status == PF_OK);
        if (status != PF_OK)
            pf_where(err, "file '%s'", look->intake.shown);
        pf_look_close(look);
    }
    pf_mem_free(look);
    struct pf_stream_maker maker = {all, give_schema, give_next, close_collected};
    if (status == PF_OK)
        status = pf_stream_make(&maker, NULL, out, err);
    if (status != PF_OK && all)
        close_collected(all);
    return status;
}
