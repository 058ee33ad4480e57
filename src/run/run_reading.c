/* run_reading.c — room run. One table of a surveyed input, planned and ready to be read.
 * SPDX-License-Identifier: MIT
 * Knows: surveys, plans, which failures of a lap can be mended and how.
 * Knows not: outputs, results. */
#include "run/run_reading.h"

#include <stdio.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/path.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "run/run_detect.h"

/* A workbook that was exported as something else than its name says, and the like; an archive with a workbook's name. */
static pf_status tell_misnamed(struct pf_reading *reading, struct pf_error *err) {
    const struct pf_intake *intake = reading->intake;
    const pf_registry *registry = intake->crew->job->forge->registry;
    struct pf_text shown = pf_path_name(intake->shown);
    const struct pf_reader *named =
        intake->top.archive ? pf_detect_named(registry, intake->shown, intake->reader) : NULL;
    if (named)
        return pf_notices_say(&reading->survey_notices, "misnamed", NULL, -1, err,
                              "'%.*s' is a ZIP archive with %s in it and not %s",
                              (int)(shown.size < 160 ? shown.size : 160), shown.at, intake->reader->name,
                              named->name);
    named = pf_detect_named(registry, intake->name, intake->reader);
    if (!named)
        return PF_OK;
    return pf_notices_say(&reading->survey_notices, "misnamed", NULL, -1, err, "'%.160s' is %s and not %s",
                          intake->name, intake->reader->name, named->name);
}

static pf_status take_survey(struct pf_reading *reading, int32_t mode, const int32_t *table,
                             struct pf_error *err) {
    struct pf_intake *intake = reading->intake;
    pf_notices_clear(&reading->survey_notices);
    intake->host.notices = &reading->survey_notices;
    intake->host.counts = NULL;
    intake->host.rejects = NULL;
    PF_TRY(pf_verdict_take(intake->reader, intake->state, mode, table, &reading->verdict, err));
    PF_TRY(tell_misnamed(reading, err));
    if (intake->host.status != PF_OK && err)
        *err = intake->host.err;
    return intake->host.status;
}

pf_status pf_reading_survey(struct pf_reading *reading, int32_t mode, struct pf_error *err) {
    reading->all_proved = mode == PF_SURVEY_EXACT;
    return take_survey(reading, mode, NULL, err);
}

static pf_status make_plan(struct pf_reading *reading, struct pf_error *err) {
    struct pf_plan_request request = {.job = reading->intake->crew->job,
                                      .found = &reading->verdict.tables[reading->table].schema,
                                      .schema_file = reading->schema_file,
                                      .writer = reading->writer,
                                      .as_text = reading->as_text,
                                      .notices = reading->notices};
    pf_plan_clear(&reading->plan);
    return pf_plan_make(&request, &reading->plan, err);
}

/* The exact survey of a restart: the share of the input that is left is split between it and the next lap. */
static pf_status survey_exactly(struct pf_reading *reading, struct pf_error *err) {
    struct pf_track *track = &reading->intake->crew->track;
    double here = pf_track_point(track), middle = here + (track->to - here) * 0.3, end = track->to;
    int64_t bytes = pf_intake_lap_bytes(reading->intake);
    if (reading->intake->once)
        return pf_fail(
            err, PF_BAD_DATA,
            "the types have to be proved first and the input can be read only once; leave out --no-spill, "
            "or give --schema or --types text");
    pf_track_phase(track, "survey", track->lap, here, middle, bytes);
    int64_t columns = reading->verdict.tables ? reading->verdict.tables[reading->table].schema.n_children : 0;
    PF_TRY(take_survey(reading, PF_SURVEY_EXACT, &reading->table, err));
    reading->proved = true;
    PF_TRY(pf_intake_check_same(reading->intake, err));
    if (!reading->verdict.tables || (size_t)reading->table >= reading->verdict.table_count)
        return pf_fail(err, PF_BAD_DATA,
                       "the exact survey does not find the table any more; please report this");
    if (reading->as_text && columns != reading->verdict.tables[reading->table].schema.n_children) {
        pf_mem_free(reading->as_text); /* the columns are others now: learn again */
        reading->as_text = NULL;
    }
    pf_track_phase(track, "convert", track->lap, middle, end, bytes);
    return PF_OK;
}

pf_status pf_reading_plan(struct pf_reading *reading, int32_t table, struct pf_error *err) {
    reading->table = table;
    reading->proved = reading->all_proved;
    reading->laps = 0;
    reading->cast_failures = 0;
    reading->was_widened = false;
    pf_mem_free(reading->as_text);
    reading->as_text = NULL;
    return make_plan(reading, err);
}

pf_status pf_reading_as_text(struct pf_reading *reading, bool *as_text, struct pf_error *err) {
    pf_mem_free(reading->as_text);
    reading->as_text = as_text;
    if (reading->notices)
        pf_notices_clear(reading->notices);
    return make_plan(reading, err);
}

pf_status pf_reading_open(struct pf_reading *reading, struct pf_error *err) {
    struct pf_intake *intake = reading->intake;
    const struct pf_plan *plan = &reading->plan;
    reading->laps++;
    reading->stream_err = (struct pf_error)PF_ERROR_INIT;
    intake->crew->track.lap = reading->laps;
    intake->host.notices = reading->notices;
    intake->host.counts = reading->counts;
    intake->host.rejects = reading->rejects;
    struct pf_read request = {.struct_size = sizeof request,
                              .table = reading->table,
                              .schema = &plan->read,
                              .columns = plan->columns,
                              .limit_rows = plan->limit_rows,
                              .imposed = plan->imposed,
                              .err = &reading->stream_err};
    return intake->reader->read(intake->state, &request, &reading->stream, err);
}

static pf_status add_cast(const struct pf_reading *reading, struct pf_chain *chain, int64_t only,
                          struct pf_error *err) {
    const struct pf_plan *plan = &reading->plan;
    struct pf_type *targets = pf_mem_zero((size_t)plan->count, sizeof *targets);
    if (!targets)
        return pf_fail_memory(err, 0);
    for (int64_t i = 0; i < plan->count; i++) {
        bool mine = only < 0 ? !plan->casts[i].risky : i == only;
        targets[i] = plan->casts[i].target;
        if (!mine)
            targets[i].kind = -1;
    }
    struct pf_cast_args args = {.count = plan->count, .targets = targets, .on_bad = PF_BAD_FAIL};
    pf_status status = pf_chain_add(chain, &pf_shape_cast, &args, only, &reading->intake->host.face, err);
    pf_mem_free(targets);
    return status;
}

pf_status pf_reading_casts(const struct pf_reading *reading, struct pf_chain *chain, struct pf_error *err) {
    const struct pf_plan *plan = &reading->plan;
    bool safe = false;
    for (int64_t i = 0; plan->casts && i < plan->count; i++)
        safe = safe || (plan->casts[i].target.kind >= 0 && !plan->casts[i].risky);
    if (safe)
        PF_TRY(add_cast(reading, chain, -1, err));
    for (int64_t i = 0; plan->casts && i < plan->count; i++)
        if (plan->casts[i].target.kind >= 0 && plan->casts[i].risky)
            PF_TRY(add_cast(reading, chain, i, err));
    return PF_OK;
}

/* ---- when a lap is thrown away ---- */

/* The column that refused its cast becomes text; when it happens again, all that might refuse. */
static pf_status turn_to_text(struct pf_reading *reading, int64_t failed, struct pf_error *err) {
    const struct pf_plan *plan = &reading->plan;
    int64_t found = reading->verdict.tables[reading->table].schema.n_children;
    if (!reading->as_text) {
        reading->as_text = pf_mem_zero((size_t)found, sizeof *reading->as_text);
        if (!reading->as_text)
            return pf_fail_memory(err, (size_t)found);
    }
    reading->cast_failures++;
    for (int64_t i = 0; i < plan->count; i++)
        if (i == failed || (reading->cast_failures > 1 && plan->casts[i].risky))
            reading->as_text[plan->columns[i]] = true;
    return PF_OK;
}

pf_status pf_reading_give_up(const pf_job *job, bool once, struct pf_error *err) {
    const char *types = pf_job_value(job, "types", NULL, NULL);
    struct pf_error cause = *err;
    if (types && strcmp(types, "survey") == 0)
        pf_fail_at(err, PF_BAD_DATA, cause.row, cause.byte,
                   "%.250s; the sample did not show it: give --types exact", cause.message);
    else if (once)
        pf_fail_at(
            err, PF_BAD_DATA, cause.row, cause.byte,
            "%.200s; the sample did not show it and the input can be read only once: leave out --no-spill, or "
            "give --schema or --types text",
            cause.message);
    else
        pf_fail_at(
            err, PF_BAD_DATA, cause.row, cause.byte,
            "%.200s, although all values had been looked at; the file may have changed while it was read: "
            "try again",
            cause.message);
    memcpy(err->where, cause.where, sizeof err->where);
    return PF_BAD_DATA;
}

/* Not the same, and not something that a survey had taken for less than it is. */
static bool is_wider(const struct pf_type *from, const struct pf_type *to) {
    if (pf_type_same(from, to) || from->kind == PF_KIND_UTF8)
        return false;
    return to->kind == PF_KIND_UTF8 || from->kind == PF_KIND_INT64 || from->kind == PF_KIND_DATE32 ||
           from->kind == to->kind;
}

/* Plans again after an exact survey; some column's type may have become wider. */
static pf_status plan_again(struct pf_reading *reading, struct pf_error *err) {
    struct ArrowSchema before = reading->plan.read;
    reading->plan.read = (struct ArrowSchema){0};
    pf_status status = make_plan(reading, err);
    const struct ArrowSchema *after = &reading->plan.read;
    for (int64_t i = 0; status == PF_OK && i < before.n_children && i < after->n_children; i++) {
        struct pf_type from, to;
        status = pf_type_of(before.children[i], &from, err);
        if (status == PF_OK)
            status = pf_type_of(after->children[i], &to, err);
        reading->was_widened |= status == PF_OK && is_wider(&from, &to);
    }
    pf_schema_release(&before);
    return status;
}

static bool is_survey_only(const struct pf_reading *reading) {
    const char *types = pf_job_value(reading->intake->crew->job, "types", NULL, NULL);
    return types && strcmp(types, "survey") == 0;
}

pf_status pf_reading_recover(struct pf_reading *reading, pf_status status, int64_t failed,
                             struct pf_error *err) {
    struct pf_error own = PF_ERROR_INIT;
    if (!err)
        err = &own;
    pf_stream_release(&reading->stream);
    bool cast = failed >= 0 && (status == PF_BAD_DATA || status == PF_WIDEN);
    if (status != PF_WIDEN && !cast)
        return status;
    if (reading->laps >= PF_LAPS_MOST || reading->intake->once || (!cast && is_survey_only(reading)) ||
        (!cast && reading->proved))
        return pf_reading_give_up(reading->intake->crew->job, reading->intake->once, err);
    if (reading->laps == 1)
        reading->cause = *err;
    if (cast)
        PF_TRY(turn_to_text(reading, failed, err));
    if (reading->notices)
        pf_notices_clear(reading->notices);
    if (reading->rejects)
        pf_rejects_clear(reading->rejects);
    if (reading->counts) {
        reading->intake->crew->track.rows -= reading->counts->rows_out;
        *reading->counts = (struct pf_counts){0};
    }
    struct pf_track *track = &reading->intake->crew->track;
    if (!reading->proved)
        PF_TRY(survey_exactly(reading, err));
    else
        pf_track_phase(track, "convert", track->lap, pf_track_point(track), track->to,
                       pf_intake_lap_bytes(reading->intake));
    return plan_again(reading, err);
}

/* The row that stands in "int64 → text at row 17: N/A"; −1: none. */
static int64_t row_of(const char *text) {
    const char *at = strstr(text, "row ");
    int64_t row;
    if (!at)
        return -1;
    at += 4;
    return pf_parse_int64(at, strspn(at, "0123456789"), &row) ? row : -1;
}

pf_status pf_reading_tell(struct pf_reading *reading, struct pf_error *err) {
    struct pf_notices *notices = reading->notices;
    const struct pf_plan *plan = &reading->plan;
    if (!notices)
        return PF_OK;
    for (int64_t i = 0; i < plan->count; i++) {
        const struct ArrowSchema *field = plan->read.children[i];
        char text[256];
        size_t size;
        const char *widened = pf_schema_meta(field, PF_META_WIDENED, &size);
        if (!widened || pf_notices_about(notices, "widened", field->name))
            continue;
        snprintf(text, sizeof text, "%.*s", (int)(size < sizeof text ? size : sizeof text - 1), widened);
        PF_TRY(pf_notices_say(notices, "widened", field->name, row_of(text), err, "%s", text));
    }
    if (reading->was_widened && !pf_notices_count(notices, "widened"))
        PF_TRY(pf_notices_say(notices, "widened", NULL, reading->cause.row, err, "%s%s%s", reading->cause.where,
                              reading->cause.where[0] ? ": " : "", reading->cause.message));
    /* what the survey says of the whole input is said once, with its first table */
    return reading->table ? PF_OK : pf_notices_merge(notices, &reading->survey_notices, err);
}

void pf_reading_clear(struct pf_reading *reading) {
    pf_stream_release(&reading->stream);
    pf_plan_clear(&reading->plan);
    pf_verdict_clear(&reading->verdict);
    pf_notices_clear(&reading->survey_notices);
    pf_mem_free(reading->as_text);
    reading->as_text = NULL;
}
