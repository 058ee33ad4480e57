/* run_convert.c — room run. One input to its outputs.                           SPDX-License-Identifier: MIT
 * Knows: members, tables, laps and when to begin another.
 * Knows not: several inputs in one table. */
#include "run/run_convert.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "run/run_abreast.h"
#include "run/run_combine.h"
#include "run/run_pipe.h"

/* One table on its way. */
struct conversion {
    struct pf_run *run;
    struct pf_intake *intake; /* NULL for the job's own stream */
    struct pf_result_file *file;
    struct pf_result_table *table;
    struct pf_reading reading;
    struct pf_rejects rejects;
    struct pf_output_name name;
};

pf_status pf_run_failed(struct pf_run *run, struct pf_result_file *file, pf_status status,
                        const struct pf_error *failure, const char *shown) {
    struct pf_error told = *failure;
    told.code = status;
    if (shown)
        pf_where(&told, "file '%s'", shown);
    if (file && file->status != PF_FILE_FAILED) {
        file->status = PF_FILE_FAILED;
        file->error = told;
        pf_mem_free(file->output); /* nothing is there */
        file->output = NULL;
    }
    if (run->status == PF_OK) {
        run->status = status;
        run->err = told;
    }
    return status == PF_CANCELLED || status == PF_NO_MEMORY ? status : PF_OK;
}

static void put_facts(const void *from, struct pf_json_writer *json) {
    pf_verdict_facts_json(from, "tables", json);
}

pf_status pf_convert_tell_reading(struct pf_result_file *file, const struct pf_verdict *verdict,
                                  const struct pf_error *cause, struct pf_error *err) {
    PF_TRY(pf_result_part(&file->facts, '{', put_facts, verdict, err));
    if (!cause)
        return PF_OK;
    char text[sizeof cause->where + sizeof cause->message + 2];
    snprintf(text, sizeof text, "%s%s%s", cause->where, cause->where[0] ? ": " : "", cause->message);
    return pf_result_text(&file->restart, text, err);
}

/* ---- one lap ---- */

/* Before the commit. Rows of one file of rejects stand in the order of the inputs. */
static pf_status make_ready(void *ctx, struct pf_error *err) {
    struct conversion *it = ctx;
    PF_TRY(pf_counts_check(&it->table->counts, err));
    return it->rejects.count && it->run->quarantine->given ? pf_turn_to_end(it->run, err) : PF_OK;
}

static pf_status add_lineage(struct conversion *it, struct pf_chain *chain, struct pf_error *err) {
    if (!it->intake || !pf_job_flag(it->run->job, "source-file"))
        return PF_OK;
    static const char *const names[] = {"source_file"};
    const char *value = it->intake->label;
    struct pf_lineage_args args = {.count = 1, .names = names, .values = &value, .first_row = 1};
    return pf_chain_add(chain, &pf_shape_lineage, &args, -1, &it->intake->host.face, err);
}

static pf_status tell_columns(struct conversion *it, const struct ArrowSchema *schema, struct pf_error *err) {
    pf_mem_free(it->table->columns); /* of a lap thrown away */
    it->table->columns = NULL;
    return pf_result_columns(schema, &it->table->columns, err);
}

/* Only the end of a lap knows what was widened. */
static pf_status tell_widened(struct conversion *it, struct pf_chain *chain, struct pf_error *err) {
    const struct pf_reading *reading = &it->reading;
    PF_TRY(pf_convert_tell_reading(it->file, &reading->verdict, reading->was_widened ? &reading->cause : NULL,
                                   err));
    PF_TRY(pf_reading_tell(&it->reading, err));
    for (int64_t i = 0; i < chain->schema.n_children; i++) {
        struct ArrowSchema *field = chain->schema.children[i];
        const struct pf_kept_notice *notice = pf_notices_about(&it->table->notices, "widened", field->name);
        if (notice)
            PF_TRY(pf_schema_set_meta(field, PF_META_WIDENED, notice->detail, err));
    }
    return tell_columns(it, &chain->schema, err);
}

static pf_status run_lap(struct conversion *it, struct pf_chain *chain, int64_t *failed, struct pf_error *err) {
    struct pf_run *run = it->run;
    struct pf_delivery delivery = {.crew = &run->crew,
                                   .outputs = run->outputs,
                                   .quarantine = run->quarantine,
                                   .path = it->name.path,
                                   .rejects_taken = it->name.rejects_taken,
                                   .ready = make_ready,
                                   .ready_ctx = it,
                                   .rejects = &it->rejects};
    struct pf_lap lap = {.crew = &run->crew,
                         .stream = it->intake ? &it->reading.stream : &run->job->stream,
                         .stream_err = it->intake ? &it->reading.stream_err : NULL,
                         .host = it->intake ? &it->intake->host : NULL,
                         .chain = chain,
                         .delivery = &delivery,
                         .counts = &it->table->counts,
                         .count_in = !it->intake,
                         .failed = -1};
    /* What was widened is a fact of the run, not of the file: the same table has the same bytes, however it was
     * found out. */
    PF_TRY(pf_chain_forget(chain, PF_META_WIDENED, err));
    PF_TRY(pf_delivery_begin(&delivery, &chain->schema, &it->table->notices, err));
    pf_status status = pf_pipe_lap(&lap, err);
    *failed = lap.failed;
    pf_stream_release(lap.stream); /* before the commit: a reader may still find something at its end */
    if (status == PF_OK && it->table->counts.rows_out == 0)
        status = pf_notices_say(&it->table->notices, "empty-table", NULL, -1, err, "the table has no rows");
    if (status == PF_OK && it->intake)
        status = tell_widened(it, chain, err);
    if (status == PF_OK)
        status = pf_delivery_finish(&delivery, err);
    if (status == PF_OK) { /* the output is there: nothing that could fail comes behind this */
        it->file->bytes_out += delivery.bytes_out;
        pf_mem_free(it->file->rejects);
        it->file->rejects = delivery.rejects_path;
        delivery.rejects_path = NULL;
    }
    pf_delivery_end(&delivery);
    return status;
}

static pf_status lap_of_table(struct conversion *it, int64_t *failed, struct pf_error *err) {
    struct pf_chain chain = {0};
    pf_status status = pf_reading_open(&it->reading, err);
    if (status == PF_OK)
        status = pf_chain_open(&chain, &it->reading.plan.read, err);
    if (status == PF_OK)
        status = pf_reading_casts(&it->reading, &chain, err);
    if (status == PF_OK)
        status = add_lineage(it, &chain, err);
    if (status == PF_OK)
        status = tell_columns(it, &chain.schema, err);
    if (status == PF_OK)
        status = run_lap(it, &chain, failed, err);
    pf_chain_clear(&chain);
    return status;
}

/* ---- one table ---- */

static pf_status convert_planned(struct conversion *it, int32_t index, struct pf_error *err) {
    struct pf_reading *reading = &it->reading;
    PF_TRY(pf_reading_plan(reading, index, err));
    for (;;) {
        int64_t failed = -1;
        pf_status status = lap_of_table(it, &failed, err);
        if (reading->laps > it->file->laps)
            it->file->laps = reading->laps;
        if (status == PF_OK)
            return PF_OK;
        PF_TRY(pf_reading_recover(reading, status, failed, err));
    }
}

static pf_status name_output(struct conversion *it, const char *part, struct pf_error *err) {
    const struct pf_intake *intake = it->intake;
    struct pf_run *run = it->run;
    PF_TRY(pf_turn_to_name(run, err));
    PF_TRY(pf_outputs_name(run->outputs, intake->input->location, intake->stem, part, &it->name, err));
    if (it->reading.verdict.table_count == 1 && pf_intake_members(intake) == 1)
        pf_turn_named(run);
    PF_TRY(pf_result_text(&it->file->output, it->name.path, err));
    PF_TRY(pf_result_text(&it->table->output, it->name.path, err));
    if (it->name.renamed)
        return pf_notices_say(&run->result->notices, "renamed-output", NULL, -1, err,
                              "'%.160s' is written as '%.160s', because another output has its name",
                              intake->shown, it->name.path);
    return PF_OK;
}

static pf_status convert_table(struct conversion *it, int32_t index, struct pf_error *err) {
    struct pf_reading *reading = &it->reading;
    const struct pf_verdict *verdict = &reading->verdict;
    PF_TRY(pf_result_add_table(it->file, verdict->tables[index].name, &it->table, err));
    it->rejects =
        (struct pf_rejects){.temp_folder = it->run->crew.temp_folder, .temp_limit = it->run->crew.temp_limit};
    reading->notices = &it->table->notices;
    reading->counts = &it->table->counts;
    reading->rejects = &it->rejects;
    pf_status status = name_output(it,
                                   pf_outputs_part(it->run->outputs, it->intake->reader, verdict->table_count,
                                                   verdict->tables[index].name),
                                   err);
    if (status == PF_OK)
        status = convert_planned(it, index, err);
    if (status != PF_OK)
        pf_result_drop_table(it->file);
    pf_stream_release(&reading->stream);
    pf_rejects_clear(&it->rejects);
    pf_mem_free(it->name.path);
    it->name = (struct pf_output_name){0};
    return status;
}

/* ---- equal sheets ---- */

/* Is --combine-sheets asked for, and can the input be opened again for it? */
static bool wants_equal(const struct pf_run *run, const struct pf_intake *intake) {
    const char *which = pf_job_value(run->job, "combine-sheets", NULL, NULL);
    return which && strcmp(which, "equal") == 0 && !pf_job_flag(run->job, "separate") && !intake->once &&
           intake->reader->needs & PF_HOLDS_TABLES && pf_intake_members(intake) == 1;
}

/* The first table with the same columns, and whether there is another one. */
static size_t first_equal(const struct pf_verdict *verdict, size_t table, bool *alone) {
    size_t first = table;
    *alone = true;
    for (size_t i = 0; i < verdict->table_count; i++)
        if (i != table && pf_combine_same(&verdict->tables[i].schema, &verdict->tables[table].schema)) {
            *alone = false;
            first = i < first ? i : first;
        }
    return first;
}

static pf_status convert_equal(struct pf_run *run, struct pf_intake *intake, const struct ArrowSchema *like,
                               struct pf_error *err) {
    struct pf_output_name name = {0};
    PF_TRY(pf_turn_to_name(run, err));
    pf_status status = pf_outputs_name(run->outputs, intake->input->location, intake->stem, "", &name, err);
    if (status == PF_OK)
        status = pf_combine_like(run, intake->input, like, name.path, err);
    pf_mem_free(name.path);
    return status;
}

/* One table, or with the first all that are as it is. */
static pf_status convert_one(struct conversion *it, size_t table, struct pf_error *err) {
    bool alone = true;
    if (wants_equal(it->run, it->intake) && first_equal(&it->reading.verdict, table, &alone) != table)
        return PF_OK;
    return alone ? convert_table(it, (int32_t)table, err)
                 : convert_equal(it->run, it->intake, &it->reading.verdict.tables[table].schema, err);
}

/* The tables of an entered intake, each on its own. */
static pf_status convert_tables(struct pf_run *run, struct pf_intake *intake, struct pf_result_file *file,
                                struct pf_error *err) {
    struct conversion it = {.run = run, .intake = intake, .file = file};
    struct pf_error failure = PF_ERROR_INIT;
    size_t place = (size_t)(file - run->result->files);
    it.reading.intake = intake;
    it.reading.schema_file = run->schema;
    it.reading.writer = run->outputs->writer;
    pf_status status = pf_result_text(&file->format, intake->reader->name, &failure), ends = PF_OK;
    if (status == PF_OK)
        status = pf_result_text(&file->output_format, run->outputs->writer->name, &failure);
    int64_t started_ns = pf_clock_ns();
    if (status == PF_OK)
        status = pf_reading_survey(&it.reading, PF_SURVEY_SAMPLE, &failure);
    file->survey_seconds = (double)(pf_clock_ns() - started_ns) / 1e9;
    if (status == PF_OK)
        status = pf_outputs_tables(run->outputs, intake->reader, it.reading.verdict.table_count, &failure);
    if (status != PF_OK)
        ends = pf_run_failed(run, file, status, &failure, intake->label);
    pf_track_phase(&run->crew.track, "convert", 1, run->crew.track.from, run->crew.track.to,
                   pf_intake_lap_bytes(intake));
    for (size_t i = 0; status == PF_OK && ends == PF_OK && i < it.reading.verdict.table_count; i++) {
        pf_error_clear(&failure);
        pf_status one = convert_one(&it, i, &failure);
        it.file = file = &run->result->files[place]; /* combined sheets have entries of their own behind it */
        if (one != PF_OK)
            ends = pf_run_failed(run, file, one, &failure, intake->label);
    }
    pf_reading_clear(&it.reading);
    if (ends != PF_OK && err)
        *err = failure;
    return ends;
}

/* ---- one input ---- */

/* member: NULL for the input as a whole. */
static pf_status print_name(const char *shown, const struct pf_zip_member *member, struct pf_buf *name,
                            struct pf_error *err) {
    name->size = 0;
    PF_TRY(pf_buf_text(name, shown, err));
    if (member)
        PF_TRY(pf_buf_print(name, err, "!%s", member->name));
    return pf_buf_put(name, "", 1, err);
}

static pf_status add_file(struct pf_run *run, const char *shown, const struct pf_zip_member *member,
                          struct pf_result_file **out, struct pf_error *err) {
    struct pf_buf name = {0};
    pf_status status = print_name(shown, member, &name, err);
    if (status == PF_OK)
        status = pf_result_add_file(run->result, (const char *)name.data, out, err);
    pf_buf_clear(&name);
    return status;
}

pf_status pf_convert_skip(struct pf_run *run, const struct pf_intake *intake,
                          const struct pf_zip_member *member, const char *why, struct pf_error *err) {
    struct pf_buf name = {0};
    pf_status status = print_name(intake->shown, member, &name, err);
    if (status == PF_OK)
        status = pf_result_add_skipped(run->result, (const char *)name.data, why, err);
    pf_buf_clear(&name);
    return status;
}

pf_status pf_convert_skip_passed(struct pf_run *run, const struct pf_intake *intake, struct pf_error *err) {
    for (size_t i = 0; i < intake->passed_count; i++)
        PF_TRY(pf_convert_skip(run, intake, intake->passed[i], "no reader for its suffix", err));
    return PF_OK;
}

/* before: what the meter said when the input was opened. *known: a reader knew the bytes. */
static pf_status convert_member(struct pf_run *run, struct pf_intake *intake, size_t member, int64_t before,
                                bool *known, struct pf_error *err) {
    struct pf_result_file *file = NULL;
    struct pf_error failure = PF_ERROR_INIT;
    int64_t started_ns = pf_clock_ns();
    size_t members = pf_intake_members(intake);
    double from = (double)member / (double)members, to = (double)(member + 1) / (double)members;
    const struct pf_zip_member *inside = intake->top.archive ? intake->top.members[member] : NULL;
    pf_track_phase(&run->crew.track, "survey", 1, from, to, -1);
    pf_status status = pf_intake_enter(intake, member, &failure);
    if (pf_intake_pass_over(intake))
        return pf_convert_skip(run, intake, inside, "no reader knows it", err);
    *known = true;
    pf_status added = add_file(run, intake->shown, inside, &file, err);
    if (added != PF_OK) {
        pf_intake_leave(intake);
        return added;
    }
    size_t place = (size_t)(file - run->result->files);
    if (status != PF_OK)
        status = pf_run_failed(run, file, status, &failure, file->input);
    else
        status = convert_tables(run, intake, file, &failure);
    file = &run->result->files[place];
    pf_intake_leave(intake);
    int64_t stored = pf_intake_lap_bytes(intake);
    file->bytes_in = stored >= 0 ? stored : atomic_load(&run->crew.meter.bytes_in) - before;
    file->seconds = (double)(pf_clock_ns() - started_ns) / 1e9;
    if (status != PF_OK && err)
        *err = failure;
    return status;
}

static pf_status fail_input(struct pf_run *run, const char *shown, pf_status status, struct pf_error *failure,
                            struct pf_error *err) {
    struct pf_result_file *file = NULL;
    PF_TRY(add_file(run, shown, NULL, &file, err));
    status = pf_run_failed(run, file, status, failure, shown);
    if (status != PF_OK && err)
        *err = *failure;
    return status;
}

static pf_status convert_members(struct pf_run *run, struct pf_intake *intake, int64_t before,
                                 struct pf_error *err) {
    struct pf_error failure = PF_ERROR_INIT;
    bool known = false;
    PF_TRY(pf_convert_skip_passed(run, intake, err));
    for (size_t i = 0; i < pf_intake_members(intake); i++)
        PF_TRY(convert_member(run, intake, i, before, &known, err));
    if (known)
        return PF_OK;
    pf_status status =
        pf_fail(&failure, PF_UNSUPPORTED,
                "no reader knows any of the %zu files in the archive; 'pyforge formats' lists what "
                "can be read",
                pf_intake_members(intake));
    return fail_input(run, intake->shown, status, &failure, err);
}

pf_status pf_convert_input(struct pf_run *run, const struct pf_input *input, struct pf_error *err) {
    struct pf_intake intake = {0};
    struct pf_error failure = PF_ERROR_INIT;
    const char *shown = strcmp(input->location, "-") == 0 ? "standard input" : input->location;
    pf_track_input(&run->crew.track, shown, input->size_bytes);
    int64_t before = atomic_load(&run->crew.meter.bytes_in);
    pf_status status = pf_intake_open(&intake, &run->crew, input, &failure);
    if (status == PF_OK)
        status = pf_outputs_room(run->outputs, pf_intake_members(&intake), &failure);
    if (status != PF_OK) {
        pf_intake_close(&intake);
        return fail_input(run, shown, status, &failure, err);
    }
    status = convert_members(run, &intake, before, err);
    pf_intake_close(&intake);
    pf_track_input_done(&run->crew.track);
    return status;
}

/* ---- the job's own stream ---- */

static pf_status add_selection(const struct pf_plan *plan, struct pf_chain *chain, struct pf_host *host,
                               struct pf_error *err) {
    const char **names = pf_mem_zero((size_t)plan->count, sizeof *names);
    if (!names)
        return pf_fail_memory(err, 0);
    for (int64_t i = 0; i < plan->count; i++)
        names[i] = plan->read.children[i]->name;
    struct pf_select_args args = {.count = plan->count, .columns = plan->columns, .names = names};
    pf_status status = pf_chain_add(chain, &pf_shape_select, &args, -1, host, err);
    pf_mem_free(names);
    return status;
}

/* Types asked for are casts here: nobody can read the values anew. */
static pf_status add_casts(const struct pf_plan *plan, struct pf_chain *chain, struct pf_host *host,
                           struct pf_error *err) {
    struct pf_type *targets = pf_mem_zero((size_t)plan->count, sizeof *targets);
    if (!targets)
        return pf_fail_memory(err, 0);
    pf_status status = PF_OK;
    bool any = false;
    for (int64_t i = 0; i < plan->count && status == PF_OK; i++) {
        struct pf_type now;
        status = pf_type_of(chain->schema.children[i], &now, err);
        if (status == PF_OK)
            status = pf_type_of(plan->read.children[i], &targets[i], err);
        if (status == PF_OK && pf_type_same(&now, &targets[i]))
            targets[i].kind = -1;
        if (plan->casts && plan->casts[i].target.kind >= 0)
            targets[i] = plan->casts[i].target;
        any = any || targets[i].kind >= 0;
    }
    struct pf_cast_args args = {.count = plan->count, .targets = targets, .on_bad = PF_BAD_FAIL};
    if (status == PF_OK && any)
        status = pf_chain_add(chain, &pf_shape_cast, &args, -1, host, err);
    pf_mem_free(targets);
    return status;
}

/* A stream may be of anything; a table is one of structs, and its fields are the columns. */
static pf_status check_table(const struct ArrowSchema *found, struct pf_error *err) {
    if (strcmp(found->format, "+s") != 0)
        return pf_fail(
            err, PF_ARGUMENT,
            "the stream holds values of the type '%.40s' and no table; make a table of them, whose column "
            "has a name",
            found->format);
    return found->n_children ? PF_OK
                             : pf_fail(err, PF_ARGUMENT, "the table has no columns; give one that has some");
}

static pf_status convert_batches(struct conversion *it, struct pf_run_host *host, struct pf_error *err) {
    struct pf_run *run = it->run;
    struct ArrowSchema found = {0};
    struct pf_plan plan = {0};
    struct pf_chain chain = {0};
    int64_t failed;
    struct pf_limit_args limit = {.limit_rows = pf_job_number(run->job, "limit", -1)};
    pf_status status = pf_stream_schema(&run->job->stream, NULL, &found, err);
    if (status == PF_OK)
        status = check_table(&found, err);
    if (status == PF_OK) {
        struct pf_plan_request request = {.job = run->job,
                                          .found = &found,
                                          .schema_file = run->schema,
                                          .writer = run->outputs->writer,
                                          .notices = &it->table->notices};
        status = pf_plan_make(&request, &plan, err);
    }
    if (status == PF_OK)
        status = pf_chain_open(&chain, &found, err);
    if (status == PF_OK)
        status = add_selection(&plan, &chain, &host->face, err);
    if (status == PF_OK) /* before casts, which would carry the bytes on */
        status = pf_chain_add(&chain, &pf_shape_utf8, NULL, -1, &host->face, err);
    if (status == PF_OK)
        status = add_casts(&plan, &chain, &host->face, err);
    if (status == PF_OK && limit.limit_rows >= 0)
        status = pf_chain_add(&chain, &pf_shape_limit, &limit, -1, &host->face, err);
    if (status == PF_OK)
        status = tell_columns(it, &chain.schema, err);
    if (status == PF_OK)
        status = run_lap(it, &chain, &failed, err);
    pf_chain_clear(&chain);
    pf_plan_clear(&plan);
    pf_schema_release(&found);
    return status;
}

pf_status pf_convert_stream(struct pf_run *run, struct pf_error *err) {
    struct conversion it = {.run = run};
    struct pf_run_host host;
    struct pf_error failure = PF_ERROR_INIT;
    int64_t started_ns = pf_clock_ns();
    PF_TRY(pf_result_add_file(run->result, "stream", &it.file, err));
    PF_TRY(pf_result_add_table(it.file, "stream", &it.table, err));
    pf_run_host_init(&host, run->job, &run->crew);
    host.notices = &it.table->notices;
    it.file->laps = 1;
    pf_track_phase(&run->crew.track, "convert", 1, 0, 1, -1);
    pf_status status = pf_outputs_name(run->outputs, "-", "stream", NULL, &it.name, &failure);
    if (status == PF_OK)
        status = pf_result_text(&it.file->output, it.name.path, &failure);
    if (status == PF_OK)
        status = convert_batches(&it, &host, &failure);
    if (status != PF_OK) {
        pf_result_drop_table(it.file);
        status = pf_run_failed(run, it.file, status, &failure, NULL);
        if (status != PF_OK && err)
            *err = failure;
    }
    it.file->seconds = (double)(pf_clock_ns() - started_ns) / 1e9;
    pf_mem_free(it.name.path);
    return status;
}
