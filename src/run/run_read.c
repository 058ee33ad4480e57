/* run_read.c — room run. One table of a job's input as an Arrow stream.         SPDX-License-Identifier: MIT
 * Knows: that batches given away cannot be taken back, so types are proved first.
 * Knows not: outputs. */
#include "run/run_read.h"

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "run/run_inspect.h"

struct read {
    pf_job *job; /* held */
    struct pf_look look;
};

static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    struct read *read = self;
    return pf_schema_copy(&read->look.reading.plan.read, out, err);
}

static pf_status give_next(void *self, struct ArrowArray *out, struct pf_error *err) {
    struct read *read = self;
    struct pf_reading *reading = &read->look.reading;
    PF_TRY(pf_crew_check(&read->look.run.crew, err));
    pf_status status = pf_stream_next(&reading->stream, &reading->stream_err, out, err);
    if (status == PF_WIDEN && err) { /* under types=survey: nobody can go back */
        struct pf_error cause = *err;
        pf_fail_at(err, PF_BAD_DATA, cause.row, cause.byte,
                   "%.250s; the sample did not show it: ask for types=exact", cause.message);
        memcpy(err->where, cause.where, sizeof err->where);
    }
    if (status != PF_OK)
        pf_where(err, "file '%s'", read->look.intake.shown);
    return status == PF_WIDEN ? PF_BAD_DATA : status;
}

static void close_read(void *self) {
    struct read *read = self;
    pf_look_close(&read->look);
    pf_job_drop(read->job);
    pf_mem_free(read);
}

static pf_status open_stream(struct read *read, const char *table, struct pf_error *err) {
    struct pf_reading *reading = &read->look.reading;
    const char *types = pf_job_value(read->job, "types", NULL, NULL);
    bool exact = !types || strcmp(types, "exact") == 0;
    int32_t index;
    exact = exact && !read->look.run.schema && !read->look.intake.once;
    pf_track_phase(&read->look.run.crew.track, "survey", 1, 0, 1, pf_intake_lap_bytes(&read->look.intake));
    PF_TRY(pf_reading_survey(reading, exact ? PF_SURVEY_EXACT : PF_SURVEY_SAMPLE, err));
    PF_TRY(pf_look_find(&read->look, table, &index, err));
    PF_TRY(pf_reading_plan(reading, index, err));
    PF_TRY(pf_intake_check_same(&read->look.intake, err));
    return pf_reading_open(reading, err);
}

static pf_status open_cells(struct read *read, const char *table, struct pf_error *err) {
    (void)table;
    struct pf_reading *reading = &read->look.reading;
    const struct pf_reader *reader = read->look.intake.reader;
    if (!(reader->needs & PF_OFFERS_CELLS))
        return pf_fail(err, PF_UNSUPPORTED, "%s has rows and no cells; take 'head'", reader->name);
    PF_TRY(pf_reading_survey(reading, PF_SURVEY_CELLS, err));
    PF_TRY(pf_reading_plan(reading, 0, err));
    return pf_reading_open(reading, err);
}

static pf_status open_view(pf_job *job, const char *table,
                           pf_status (*begin)(struct read *read, const char *table, struct pf_error *err),
                           struct ArrowArrayStream *out, struct pf_error *err) {
    struct read *read = pf_mem_zero(1, sizeof *read);
    memset(out, 0, sizeof *out);
    if (!read)
        return pf_fail_memory(err, sizeof *read);
    pf_status status = pf_look_open(&read->look, job, err);
    if (status != PF_OK) {
        pf_mem_free(read);
        return status;
    }
    pf_job_hold(job);
    read->job = job;
    status = begin(read, table, err);
    pf_track_end(&read->look.run.crew.track, status == PF_OK);
    if (status != PF_OK)
        pf_where(err, "file '%s'", read->look.intake.shown);
    struct pf_stream_maker maker = {read, give_schema, give_next, close_read};
    if (status == PF_OK)
        status = pf_stream_make(&maker, NULL, out, err);
    if (status != PF_OK)
        close_read(read);
    return status;
}

pf_status pf_read_open(pf_job *job, const char *table, struct ArrowArrayStream *out, struct pf_error *err) {
    return open_view(job, table, open_stream, out, err);
}

pf_status pf_read_cells(pf_job *job, struct ArrowArrayStream *out, struct pf_error *err) {
    return open_view(job, NULL, open_cells, out, err);
}

pf_status pf_read_type(const struct ArrowSchema *column, char *out, size_t room, struct pf_error *err) {
    struct pf_type type;
    char text[96] = "";
    out[0] = 0;
    PF_TRY(pf_type_of(column, &type, err));
    pf_type_print(&type, text, sizeof text);
    size_t size = strlen(text) < room ? strlen(text) : room - 1;
    memcpy(out, text, size);
    out[size] = 0;
    return PF_OK;
}
