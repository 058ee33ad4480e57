/* run_inspect.c — room run. What one input is, without converting it, as JSON.  SPDX-License-Identifier: MIT
 * Knows: info, sniff, schema, validate; which survey each needs.
 * Knows not: formats. */
#include "run/run_inspect.h"

#include <stdio.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/path.h"
#include "columns/columns_stream.h"
#include "run/run_pipe.h"

/* ---- opening ---- */

static pf_status open_intake(struct pf_look *look, struct pf_error *err) {
    struct pf_run *run = &look->run;
    if (run->job->stream.release)
        return pf_fail(err, PF_ARGUMENT, "a stream cannot be looked at without being used up; convert it");
    if (run->inputs.count != 1)
        return pf_fail(
            err, PF_ARGUMENT,
            "there are %zu files, of which one at a time can be looked at; name it, the first is '%.120s'",
            run->inputs.count, run->inputs.count ? run->inputs.items[0].location : "");
    const struct pf_input *input = &run->inputs.items[0];
    pf_track_input(&run->crew.track, input->location, input->size_bytes);
    pf_status status = pf_intake_open(&look->intake, &run->crew, input, err);
    if (status == PF_OK && pf_intake_members(&look->intake) > 1)
        status = pf_fail(err, PF_ARGUMENT,
                         "the archive has %zu files, '%.80s' is the first; unpack the one you mean",
                         pf_intake_members(&look->intake), look->intake.top.members[0]->name);
    if (status == PF_OK)
        status = pf_intake_enter(&look->intake, 0, err);
    look->reading.intake = &look->intake;
    look->reading.schema_file = run->schema;
    if (status != PF_OK)
        pf_where(err, "file '%s'", input->location);
    return status;
}

pf_status pf_look_open(struct pf_look *look, pf_job *job, struct pf_error *err) {
    *look = (struct pf_look){0};
    PF_TRY(pf_run_open(&look->run, job, NULL, false, err));
    pf_status status = open_intake(look, err);
    if (status != PF_OK)
        pf_look_close(look);
    return status;
}

void pf_look_close(struct pf_look *look) {
    pf_reading_clear(&look->reading);
    pf_intake_close(&look->intake);
    pf_run_close(&look->run);
}

pf_status pf_look_find(const struct pf_look *look, const char *table, int32_t *index, struct pf_error *err) {
    const struct pf_verdict *verdict = &look->reading.verdict;
    *index = 0;
    if (!table)
        return PF_OK;
    for (size_t i = 0; i < verdict->table_count; i++)
        if (strcmp(verdict->tables[i].name, table) == 0) {
            *index = (int32_t)i;
            return PF_OK;
        }
    return pf_fail(err, PF_NOT_FOUND, "there is no table '%.80s'; check the name, the first is '%.80s'", table,
                   verdict->tables[0].name);
}

/* ---- views ---- */

static void put_text(struct pf_json_writer *json, const char *key, const char *text) {
    pf_json_key(json, key);
    pf_json_text(json, text);
}

static void put_int(struct pf_json_writer *json, const char *key, int64_t value) {
    pf_json_key(json, key);
    pf_json_int(json, value);
}

static void put_file(struct pf_look *look, struct pf_json_writer *json) {
    const struct pf_intake *intake = &look->intake;
    struct pf_text name = pf_path_name(intake->shown);
    char type[64];
    size_t size = strlen(intake->reader->name);
    for (size_t i = 0; i <= size && i < sizeof type; i++) {
        char c = intake->reader->name[i];
        type[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    type[sizeof type - 1] = 0;
    pf_json_key(json, "file_name");
    pf_json_text_sized(json, name.at, name.size);
    if (intake->input->size_bytes >= 0)
        put_int(json, "file_size", intake->input->size_bytes);
    put_text(json, "file_type", type);
    put_text(json, "format", intake->reader->name);
    if (intake->top.archive)
        put_text(json, "member", intake->top.members[0]->name);
    if (intake->top.depth > 0) {
        pf_json_key(json, "compressed");
        pf_json_bool(json, true);
    }
}

static pf_status put_table(struct pf_look *look, size_t index, struct pf_json_writer *json,
                           struct pf_error *err) {
    PF_TRY(pf_reading_plan(&look->reading, (int32_t)index, err));
    const struct pf_survey_table *table = &look->reading.verdict.tables[index];
    pf_json_open(json, '{');
    put_text(json, "name", table->name);
    if (table->rows >= 0)
        put_int(json, "rows", table->rows);
    else if (table->rows_estimate >= 0)
        put_int(json, "estimated_rows", table->rows_estimate);
    pf_json_key(json, "columns");
    pf_columns_json(&look->reading.plan.read, json);
    pf_json_close(json, '}');
    return PF_OK;
}

static bool wants_sample(const pf_job *job) {
    const char *types = pf_job_value(job, "types", NULL, NULL);
    return types && strcmp(types, "survey") == 0;
}

static pf_status put_info(struct pf_look *look, struct pf_json_writer *json, struct pf_error *err) {
    struct pf_reading *reading = &look->reading;
    bool sample = wants_sample(look->run.job);
    PF_TRY(pf_reading_survey(reading, sample ? PF_SURVEY_SAMPLE : PF_SURVEY_EXACT, err));
    put_file(look, json);
    pf_json_key(json, "exact");
    pf_json_bool(json, !sample || reading->verdict.tables[0].exact);
    pf_verdict_facts_json(&reading->verdict, "tables", json); /* they come below */
    const char *header = pf_verdict_fact(&reading->verdict, "header_rows");
    if (header) {
        pf_json_key(json, "has_header");
        pf_json_bool(json, strcmp(header, "0") != 0);
    }
    pf_json_key(json, "tables");
    pf_json_open(json, '[');
    for (size_t i = 0; i < reading->verdict.table_count; i++)
        PF_TRY(put_table(look, i, json, err));
    pf_json_close(json, ']');
    pf_json_key(json, "notices");
    pf_notices_json(&reading->survey_notices, json);
    return PF_OK;
}

static pf_status put_sniff(struct pf_look *look, struct pf_json_writer *json, struct pf_error *err) {
    PF_TRY(pf_reading_survey(&look->reading, PF_SURVEY_SAMPLE, err));
    pf_verdict_facts_json(&look->reading.verdict, NULL, json);
    return PF_OK;
}

static pf_status print_schema(struct pf_look *look, char **out, struct pf_error *err) {
    struct pf_reading *reading = &look->reading;
    PF_TRY(pf_reading_survey(reading, wants_sample(look->run.job) ? PF_SURVEY_SAMPLE : PF_SURVEY_EXACT, err));
    if (reading->verdict.table_count > 1)
        return pf_fail(err, PF_UNSUPPORTED,
                       "the input has %zu tables and a schema file describes one; choose one with --sheet",
                       reading->verdict.table_count);
    PF_TRY(pf_reading_plan(reading, 0, err));
    return pf_schema_file_print(&reading->plan.read, reading->plan.columns, reading->verdict.tables[0].name,
                                look->intake.reader, &reading->verdict, look->run.job, out, err);
}

/* ---- validate: everything is read, nothing is written ---- */

static pf_status read_all(struct pf_look *look, struct pf_counts *counts, struct pf_notices *notices,
                          struct pf_rejects *rejects, struct pf_error *err) {
    struct pf_reading *reading = &look->reading;
    PF_TRY(pf_reading_survey(reading, PF_SURVEY_SAMPLE, err));
    pf_track_phase(&look->run.crew.track, "convert", 1, 0, 1, pf_intake_lap_bytes(&look->intake));
    for (size_t i = 0; i < reading->verdict.table_count; i++) {
        reading->notices = notices;
        reading->counts = counts;
        reading->rejects = rejects;
        PF_TRY(pf_reading_plan(reading, (int32_t)i, err));
        for (;;) {
            struct pf_lap lap = {.crew = &look->run.crew,
                                 .stream = &reading->stream,
                                 .stream_err = &reading->stream_err,
                                 .host = &look->intake.host,
                                 .counts = counts};
            pf_status status = pf_reading_open(reading, err);
            if (status == PF_OK)
                status = pf_pipe_lap(&lap, err);
            pf_stream_release(&reading->stream);
            if (status == PF_OK)
                break;
            PF_TRY(pf_reading_recover(reading, status, -1, err));
        }
        PF_TRY(pf_reading_tell(reading, err));
    }
    return PF_OK;
}

static void put_problem(struct pf_json_writer *json, const char *kind, const char *where, const char *message,
                        const char *remedy, int64_t row, int64_t byte, int64_t count) {
    pf_json_open(json, '{');
    put_text(json, "kind", kind);
    put_text(json, "where", where);
    put_text(json, "message", message);
    put_text(json, "remedy", remedy);
    put_int(json, "row", row);
    put_int(json, "byte", byte);
    put_int(json, "count", count);
    pf_json_close(json, '}');
}

static void put_notices(struct pf_json_writer *json, const struct pf_notices *notices) {
    for (size_t i = 0; i < notices->kind_count; i++) {
        const struct pf_notice_kind *kind = &notices->kinds[i];
        const struct pf_kept_notice none = {.row = -1, .byte = -1};
        const struct pf_kept_notice *first = kind->kept_count ? &kind->kept[0] : &none;
        char where[300] = "";
        if (first->column)
            snprintf(where, sizeof where, "column '%.255s'", first->column);
        put_problem(json, kind->name, where, first->detail ? first->detail : "", pf_notice_remedy(kind->name),
                    first->row, first->byte, kind->count);
    }
}

/* Not being able to look is no answer to "is it valid". */
static bool is_verdict(pf_status status) {
    return status == PF_BAD_DATA || status == PF_UNSUPPORTED || status == PF_LIMIT || status == PF_PASSWORD ||
           status == PF_WIDEN;
}

/* Notices that say that the file is not as its format should be; the others are facts about good data. */
static bool has_defects(const struct pf_notices *notices) {
    static const char *const kinds[] = {"short-row", "long-row", "unclosed-quote", "bad-bytes", "bad-cell"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (pf_notices_count(notices, kinds[i]) > 0)
            return true;
    return false;
}

static pf_status print_validation(pf_job *job, struct pf_json_writer *json, struct pf_error *err) {
    struct pf_look *look = pf_mem_zero(1, sizeof *look);
    if (!look)
        return pf_fail_memory(err, sizeof *look);
    struct pf_counts counts = {0};
    struct pf_notices notices = {0};
    struct pf_error failure = PF_ERROR_INIT;
    pf_status status = pf_look_open(look, job, &failure);
    bool opened = status == PF_OK;
    struct pf_rejects rejects = {.temp_folder = look->run.crew.temp_folder,
                                 .temp_limit = look->run.crew.temp_limit};
    if (opened) {
        status = read_all(look, &counts, &notices, &rejects, &failure);
        pf_track_end(&look->run.crew.track, status == PF_OK);
    }
    if (status == PF_OK || is_verdict(status)) {
        if (opened)
            put_file(look, json);
        pf_json_key(json, "valid");
        pf_json_bool(json, status == PF_OK && counts.rejected == 0 && !has_defects(&notices));
        pf_counts_json(&counts, json);
        pf_json_key(json, "problems");
        pf_json_open(json, '[');
        if (status != PF_OK)
            put_problem(json, pf_status_name(status), failure.where, failure.message, "", failure.row,
                        failure.byte, 1);
        if (counts.rejected)
            put_problem(json, "rejected-row", "", "rows that the policies refuse", "see them with convert", -1,
                        -1, counts.rejected);
        put_notices(json, &notices);
        pf_json_close(json, ']');
        status = PF_OK;
    } else if (err) {
        *err = failure;
    }
    pf_rejects_clear(&rejects);
    pf_notices_clear(&notices);
    if (opened)
        pf_look_close(look);
    pf_mem_free(look);
    return status;
}

/* ---- one call ---- */

static pf_status print_view(pf_job *job, const char *what, const char *table, struct pf_json_writer *json,
                            char **out, struct pf_error *err) {
    if (strcmp(what, "validate") == 0)
        return print_validation(job, json, err);
    struct pf_look *look = pf_mem_zero(1, sizeof *look);
    if (!look)
        return pf_fail_memory(err, sizeof *look);
    pf_status status = pf_look_open(look, job, err);
    look->table = table;
    if (status == PF_OK) {
        struct pf_track *track = &look->run.crew.track;
        pf_track_phase(track, "survey", 1, 0, 1, pf_intake_lap_bytes(&look->intake));
        if (strcmp(what, "info") == 0)
            status = put_info(look, json, err);
        else if (strcmp(what, "sniff") == 0)
            status = put_sniff(look, json, err);
        else if (strcmp(what, "schema") == 0)
            status = print_schema(look, out, err);
        else
            status = pf_preview(look, json, err);
        pf_track_end(track, status == PF_OK);
        if (status != PF_OK)
            pf_where(err, "file '%s'", look->intake.shown);
        pf_look_close(look);
    }
    pf_mem_free(look);
    return status;
}

/* What patterns and folders stand for; nothing of it is opened. */
static pf_status put_inputs(pf_job *job, struct pf_json_writer *json, struct pf_error *err) {
    struct pf_inputs inputs = {0};
    pf_status status = pf_inputs_expand(job, &inputs, err);
    pf_json_key(json, "inputs");
    pf_json_open(json, '[');
    for (size_t i = 0; i < inputs.count; i++)
        pf_json_text(json, inputs.items[i].location);
    pf_json_close(json, ']');
    pf_inputs_clear(&inputs);
    return status;
}

static pf_status print_object(pf_job *job, const char *what, const char *table, char **json,
                              struct pf_error *err) {
    struct pf_buf buf = {0};
    struct pf_json_writer writer;
    *json = NULL;
    pf_json_begin(&writer, &buf, 2, err);
    pf_json_open(&writer, '{');
    pf_status status = strcmp(what, "inputs") == 0 ? put_inputs(job, &writer, err)
                                                   : print_view(job, what, table, &writer, json, err);
    if (status == PF_OK && !*json) {
        pf_json_close(&writer, '}');
        status = pf_json_end(&writer);
        if (status == PF_OK && !(*json = pf_buf_take(&buf)))
            status = pf_fail_memory(err, buf.size);
    }
    pf_buf_clear(&buf);
    return status;
}

pf_status pf_inspect_run(pf_job *job, const char *what, char **json, struct pf_error *err) {
    static const char *const known[] = {"info", "sniff", "schema", "validate", "head", "inputs"};
    bool is_known = false;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        is_known = is_known || strcmp(known[i], what) == 0;
    if (!is_known)
        return pf_fail(err, PF_ARGUMENT,
                       "there is no view '%.40s'; take info, sniff, validate, schema, head, inputs", what);
    return print_object(job, what, NULL, json, err);
}

pf_status pf_inspect_head(pf_job *job, const char *table, char **json, struct pf_error *err) {
    return print_object(job, "head", table, json, err);
}
