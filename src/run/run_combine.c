/* run_combine.c — room run. Many inputs, one table.                             SPDX-License-Identifier: MIT
 * Knows: two passes (all surveys, then all rows), drift, one writer fed by all streams in order.
 * Knows not: formats. */
#include "run/run_combine.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_fit.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "run/run_pipe.h"

#define LAPS_MOST 6 /* sample, proved, casts that did not hold, one by one and then all */

struct combining {
    struct pf_run *run;
    int32_t survey_mode;
    int32_t fit_mode;
    int32_t laps;
    int32_t cast_failures;
    bool pouring;         /* the second pass: rows, not schemas */
    struct pf_map forced; /* names of target columns that must be text, because a value did not fit otherwise */
    struct ArrowSchema target;
    char *path;
    struct pf_rejects rejects;
    struct pf_counts counts;
    struct pf_delivery delivery;
    const struct pf_input *only;    /* NULL: all inputs */
    const struct ArrowSchema *like; /* only tables as this one; NULL: all */
    struct pf_intake stdin_intake;  /* stays open: it cannot be opened again */
    const char *shown;              /* the input at hand */
    /* of the lap that failed */
    int64_t failed_column; /* of target; −1: none */
    bool was_widened;
    struct pf_error cause;
};
typedef pf_status (*visit_table)(struct combining *it, struct pf_intake *intake, struct pf_reading *reading,
                                 int32_t table, struct pf_error *err);

/* ---- over all tables of all inputs ---- */

static pf_status visit_member(struct combining *it, struct pf_intake *intake, size_t member, visit_table visit,
                              struct pf_error *err) {
    struct pf_reading reading = {.intake = intake,
                                 .schema_file = it->run->schema,
                                 .writer = NULL /* casts come behind the conforming */};
    pf_status status = pf_intake_enter(intake, member, err);
    if (pf_intake_pass_over(intake)) {
        pf_error_clear(err);
        return it->pouring
                   ? pf_convert_skip(it->run, intake, intake->top.members[member], "no reader knows it", err)
                   : PF_OK;
    }
    if (status == PF_OK)
        status = pf_reading_survey(&reading, it->survey_mode, err);
    for (size_t i = 0; status == PF_OK && i < reading.verdict.table_count; i++)
        if (!it->like || pf_combine_same(it->like, &reading.verdict.tables[i].schema))
            status = visit(it, intake, &reading, (int32_t)i, err);
    pf_reading_clear(&reading);
    pf_intake_leave(intake);
    return status;
}

static pf_status visit_input(struct combining *it, const struct pf_input *input, visit_table visit,
                             struct pf_error *err) {
    struct pf_intake own = {0};
    bool lasting = strcmp(input->location, "-") == 0;
    struct pf_intake *intake = lasting ? &it->stdin_intake : &own;
    it->shown = lasting ? "standard input" : input->location;
    pf_status status = PF_OK;
    if (!intake->input)
        status = pf_intake_open(intake, &it->run->crew, input, err);
    if (status == PF_OK && it->pouring)
        status = pf_convert_skip_passed(it->run, intake, err);
    size_t members = status == PF_OK ? pf_intake_members(intake) : 0;
    for (size_t m = 0; m < members && status == PF_OK; m++)
        status = visit_member(it, intake, m, visit, err);
    pf_intake_close(&own);
    return status == PF_OK ? pf_crew_check(&it->run->crew, err) : status;
}

static pf_status visit_all(struct combining *it, visit_table visit, struct pf_error *err) {
    if (it->only)
        return visit_input(it, it->only, visit, err);
    for (size_t i = 0; i < it->run->inputs.count; i++)
        PF_TRY(visit_input(it, &it->run->inputs.items[i], visit, err));
    return PF_OK;
}

/* ---- first pass: the common schema ---- */

struct drift_ctx {
    struct combining *it;
    pf_status status;
    struct pf_error *err;
};

static void note_drift(void *ctx, const struct pf_drift *drift) {
    struct drift_ctx *it = ctx;
    struct pf_notices *notices = &it->it->run->result->notices;
    bool comes = strcmp(drift->what, "added") == 0, goes = strcmp(drift->what, "missing") == 0;
    char from[96], to[96], kind[32];
    if (it->status != PF_OK)
        return;
    if (it->it->fit_mode == PF_FIT_WIDEN && (comes || goes)) {
        it->status = pf_fail(it->err, PF_BAD_DATA,
                             "column '%.80s' is %s here; take --schema-mode %s, or choose the columns",
                             drift->column, comes ? "new" : "missing", comes ? "add or union" : "union");
        return;
    }
    pf_type_print(&drift->from, from, sizeof from);
    pf_type_print(&drift->to, to, sizeof to);
    snprintf(kind, sizeof kind, "drift-%.20s", drift->what);
    if (strcmp(drift->what, "widened") == 0 || strcmp(drift->what, "refused") == 0)
        it->status = pf_notices_say(notices, kind, drift->column, -1, it->err, "%s → %s in '%.160s'", from, to,
                                    it->it->shown);
    else
        it->status = pf_notices_say(notices, kind, drift->column, -1, it->err, "%s in '%.160s'", drift->what,
                                    it->it->shown);
}

/* The columns of a table for the fit: what had no value is null and fits every type. The mark stays with the
 * target's column for as long as no input has a value there. */
static pf_status copy_read(const struct pf_plan *plan, struct ArrowSchema *out, struct pf_error *err) {
    struct pf_type null = {.kind = PF_KIND_NULL_, .index = PF_KIND_NULL_, .zone = ""};
    pf_status status = pf_schema_copy(&plan->read, out, err);
    for (int64_t i = 0; i < plan->count && status == PF_OK; i++) {
        struct ArrowSchema other = {0};
        if (!plan->unseen[i])
            continue;
        status = pf_schema_field(&other, out->children[i]->name, &null, true, err);
        if (status == PF_OK)
            status = pf_schema_set_meta(&other, PF_META_UNSEEN, "true", err);
        if (status != PF_OK) {
            pf_schema_release(&other);
            break;
        }
        pf_schema_release(out->children[i]);
        *out->children[i] = other;
    }
    if (status != PF_OK)
        pf_schema_release(out);
    return status;
}

static pf_status fit_table(struct combining *it, struct pf_intake *intake, struct pf_reading *reading,
                           int32_t table, struct pf_error *err) {
    reading->notices = NULL;
    PF_TRY(pf_reading_plan(reading, table, err));
    if (!it->target.release)
        return copy_read(&reading->plan, &it->target, err);
    struct drift_ctx drift = {.it = it, .err = err};
    struct ArrowSchema read = {0}, merged = {0};
    PF_TRY(copy_read(&reading->plan, &read, err));
    /* Text is what every two types have in common, and here it keeps the spelling: the inputs can be read anew.
     * So widening goes as far as a union does, but for the same columns. */
    int mode = it->fit_mode == PF_FIT_WIDEN ? PF_FIT_UNION : it->fit_mode;
    pf_status status = pf_fit(&it->target, &read, mode, note_drift, &drift, &merged, err);
    pf_schema_release(&read);
    PF_TRY(status);
    pf_schema_release(&it->target);
    it->target = merged;
    if (drift.status != PF_OK && reading->verdict.table_count > 1)
        pf_where(err, "table '%.80s'", reading->verdict.tables[table].name);
    return drift.status;
}

static int fit_mode_of(const pf_job *job) {
    static const char *const words[] = {"strict", "add", "widen", "union"};
    static const int modes[] = {PF_FIT_STRICT, PF_FIT_ADD, PF_FIT_WIDEN, PF_FIT_UNION};
    const char *mode = pf_job_value(job, "schema-mode", NULL, NULL);
    for (size_t i = 0; mode && i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(words[i], mode) == 0)
            return modes[i];
    return PF_FIT_WIDEN;
}

static pf_status make_text(struct ArrowSchema *field, struct pf_error *err) {
    struct pf_type text = {.kind = PF_KIND_UTF8, .index = PF_KIND_NULL_, .zone = ""};
    struct ArrowSchema other = {0};
    PF_TRY(pf_schema_field(&other, field->name, &text, true, err));
    pf_schema_release(field);
    *field = other;
    return PF_OK;
}

/* Columns that turned out not to fit the common type are text from the start, and so are those without values. */
static pf_status apply_forced(struct combining *it, struct pf_error *err) {
    int64_t value;
    size_t size;
    for (int64_t i = 0; i < it->target.n_children; i++) {
        struct ArrowSchema *field = it->target.children[i];
        if (pf_schema_meta(field, PF_META_UNSEEN, &size) ||
            pf_map_find(&it->forced, field->name, strlen(field->name), &value))
            PF_TRY(make_text(field, err));
    }
    return PF_OK;
}

/* ---- second pass: all rows ---- */

static int64_t find_target(const struct combining *it, const char *name) {
    int64_t found = pf_schema_find(&it->target, name);
    for (int64_t i = 0; found < 0 && i < it->target.n_children; i++)
        if (pf_text_same_nocase(pf_text_of(it->target.children[i]->name), pf_text_of(name)))
            found = i;
    return found;
}

/* A column that is text in the table is read as text, so that it keeps its spelling. */
static pf_status read_as_target(struct combining *it, struct pf_reading *reading, struct pf_error *err) {
    const struct pf_plan *plan = &reading->plan;
    int64_t found_count = reading->verdict.tables[reading->table].schema.n_children;
    bool *as_text = pf_mem_zero((size_t)found_count, sizeof *as_text), any = false;
    if (!as_text)
        return pf_fail_memory(err, (size_t)found_count);
    pf_status status = PF_OK;
    for (int64_t i = 0; i < plan->count && status == PF_OK; i++) {
        struct pf_type own, common;
        int64_t place = find_target(it, plan->read.children[i]->name);
        status = pf_type_of(plan->read.children[i], &own, err);
        if (status != PF_OK || place < 0)
            continue;
        status = pf_type_of(it->target.children[place], &common, err);
        if (status == PF_OK && common.kind == PF_KIND_UTF8 && own.kind != PF_KIND_UTF8)
            as_text[plan->columns[i]] = any = true;
    }
    if (status == PF_OK && any)
        return pf_reading_as_text(reading, as_text, err);
    pf_mem_free(as_text);
    return status;
}

/* The cast of target column i under the profile; false: none. */
static bool cast_of(const struct combining *it, int64_t i, struct pf_profile_cast *cast) {
    const struct pf_plan_request request = {.job = it->run->job, .writer = it->run->outputs->writer};
    struct pf_type type;
    return pf_type_of(it->target.children[i], &type, NULL) == PF_OK && pf_plan_cast(&request, &type, cast);
}

/* The sure casts in one link, then each that may refuse a value in a link of its own. */
static pf_status add_casts(struct combining *it, struct pf_chain *chain, struct pf_host *host,
                           struct pf_error *err) {
    int64_t count = it->target.n_children, sure = 0;
    struct pf_type *targets = pf_mem_zero((size_t)count, sizeof *targets);
    if (!targets)
        return pf_fail_memory(err, 0);
    struct pf_cast_args args = {.count = count, .targets = targets, .on_bad = PF_BAD_FAIL};
    struct pf_profile_cast cast;
    for (int64_t i = 0; i < count; i++) {
        targets[i].kind = -1;
        if (cast_of(it, i, &cast) && !cast.risky)
            targets[i] = cast.target, sure++;
    }
    pf_status status = sure ? pf_chain_add(chain, &pf_shape_cast, &args, -1, host, err) : PF_OK;
    for (int64_t i = 0; i < count; i++)
        targets[i].kind = -1;
    for (int64_t i = 0; i < count && status == PF_OK; i++)
        if (cast_of(it, i, &cast) && cast.risky) {
            targets[i] = cast.target;
            status = pf_chain_add(chain, &pf_shape_cast, &args, i, host, err);
            targets[i].kind = -1;
        }
    pf_mem_free(targets);
    return status;
}

#define TAG_CONFORM INT64_MAX

static pf_status make_chain(struct combining *it, struct pf_intake *intake, const struct pf_reading *reading,
                            struct pf_chain *chain, struct pf_error *err) {
    struct pf_host *host = &intake->host.face;
    struct pf_conform_args conform = {
        .target = &it->target, .unseen = reading->plan.unseen, .failed_column = &it->failed_column};
    PF_TRY(pf_chain_open(chain, &reading->plan.read, err));
    PF_TRY(pf_chain_add(chain, &pf_shape_conform, &conform, TAG_CONFORM, host, err));
    PF_TRY(add_casts(it, chain, host, err));
    PF_TRY(pf_chain_forget(chain, PF_META_WIDENED, err));
    static const char *const names[] = {"source_file", "sheet_name"};
    const char *values[] = {intake->label, reading->verdict.tables[reading->table].name};
    bool file = pf_job_flag(it->run->job, "source-file"),
         sheet = !it->like && intake->reader->needs & PF_HOLDS_TABLES;
    if (!file && !sheet)
        return PF_OK;
    struct pf_lineage_args args = {
        .count = file + sheet, .names = names + !file, .values = values + !file, .first_row = 1};
    return pf_chain_add(chain, &pf_shape_lineage, &args, -1, host, err);
}

static pf_status check_counts(void *ctx, struct pf_error *err) {
    struct combining *it = ctx;
    return pf_counts_check(&it->counts, err);
}

static pf_status begin_delivery(struct combining *it, const struct ArrowSchema *schema, struct pf_error *err) {
    struct pf_run *run = it->run;
    it->delivery = (struct pf_delivery){.crew = &run->crew,
                                        .outputs = run->outputs,
                                        .quarantine = run->quarantine,
                                        .path = it->path,
                                        .ready = check_counts,
                                        .ready_ctx = it,
                                        .rejects = &it->rejects};
    struct pf_profile_cast cast;
    for (int64_t i = 0; i < it->target.n_children; i++)
        if (cast_of(it, i, &cast))
            PF_TRY(pf_plan_tell_cast(it->target.children[i], &cast, &run->result->notices, err));
    return pf_delivery_begin(&it->delivery, schema, &run->result->notices, err);
}

static pf_status pour_table(struct combining *it, struct pf_intake *intake, struct pf_reading *reading,
                            struct pf_result_file *file, struct pf_result_table *table, struct pf_error *err) {
    struct pf_chain chain = {0};
    PF_TRY(read_as_target(it, reading, err));
    pf_status status = make_chain(it, intake, reading, &chain, err);
    if (status == PF_OK && !it->delivery.begun)
        status = begin_delivery(it, &chain.schema, err);
    if (status == PF_OK)
        status = pf_reading_open(reading, err);
    struct pf_lap lap = {.crew = &it->run->crew,
                         .stream = &reading->stream,
                         .stream_err = &reading->stream_err,
                         .host = &intake->host,
                         .chain = &chain,
                         .delivery = &it->delivery,
                         .counts = &table->counts};
    if (status == PF_OK) {
        status = pf_pipe_lap(&lap, err);
        if (status != PF_OK && lap.failed != TAG_CONFORM) /* the conforming has told it */
            it->failed_column = lap.failed;
    }
    pf_stream_release(&reading->stream);
    if (status == PF_OK)
        status = pf_result_columns(&chain.schema, &table->columns, err);
    if (status == PF_OK)
        status = pf_reading_tell(reading, err);
    pf_chain_clear(&chain);
    file->laps = it->laps;
    return status;
}

static pf_status add_table(struct combining *it, struct pf_intake *intake, struct pf_reading *reading,
                           int32_t table, struct pf_error *err) {
    struct pf_result_file *file;
    struct pf_result_table *told;
    int64_t started_ns = pf_clock_ns();
    if (table == 0) {
        pf_track_input(&it->run->crew.track, intake->shown, intake->input->size_bytes);
        pf_track_phase(&it->run->crew.track, "convert", it->laps, 0, 1, pf_intake_lap_bytes(intake));
    }
    PF_TRY(pf_result_add_file(it->run->result, intake->label, &file, err));
    file->further = table > 0 || it->like; /* of the workbook whose sheets are combined there is an entry */
    PF_TRY(pf_result_text(&file->output, it->path, err));
    PF_TRY(pf_result_text(&file->format, intake->reader->name, err));
    PF_TRY(pf_result_text(&file->output_format, it->run->outputs->writer->name, err));
    PF_TRY(pf_convert_tell_reading(file, &reading->verdict, it->was_widened ? &it->cause : NULL, err));
    PF_TRY(pf_result_add_table(file, reading->verdict.tables[table].name, &told, err));
    reading->notices = &told->notices;
    reading->counts = &told->counts;
    reading->rejects = &it->rejects;
    PF_TRY(pf_reading_plan(reading, table, err));
    PF_TRY(pour_table(it, intake, reading, file, told, err));
    pf_counts_sum(&it->counts, &told->counts);
    int64_t known = pf_intake_lap_bytes(intake);
    file->bytes_in = known > 0 ? known : 0;
    file->seconds = (double)(pf_clock_ns() - started_ns) / 1e9;
    if ((size_t)table + 1 == reading->verdict.table_count)
        pf_track_input_done(&it->run->crew.track);
    return PF_OK;
}

/* ---- laps ---- */

static void reset(struct combining *it, size_t files_before) {
    pf_delivery_end(&it->delivery);
    pf_rejects_clear(&it->rejects);
    pf_schema_release(&it->target);
    pf_result_drop_files(it->run->result, files_before);
    pf_notices_clear(&it->run->result->notices);
    it->counts = (struct pf_counts){0};
    it->run->crew.track.done_bytes = 0;
    it->run->crew.track.rows = 0;
}

/* A value did not fit the common type: its column is text, or from the second time on all that might refuse. */
static pf_status force_text(struct combining *it, struct pf_error *err) {
    it->cast_failures++;
    for (int64_t i = 0; i < it->target.n_children; i++) {
        struct pf_type type;
        const char *name = it->target.children[i]->name;
        int64_t found;
        PF_TRY(pf_type_of(it->target.children[i], &type, err));
        bool may_refuse = type.kind == PF_KIND_FLOAT64 || type.kind == PF_KIND_TIMESTAMP ||
                          type.kind == PF_KIND_DURATION || type.kind == PF_KIND_DECIMAL128;
        if (i == it->failed_column || (it->cast_failures > 1 && may_refuse))
            PF_TRY(pf_map_add(&it->forced, name, strlen(name), 1, &found, err));
    }
    return PF_OK;
}

static pf_status one_lap(struct combining *it, struct pf_error *err) {
    it->laps++;
    it->failed_column = -1;
    it->pouring = false;
    PF_TRY(visit_all(it, fit_table, err));
    PF_TRY(apply_forced(it, err));
    it->pouring = true;
    PF_TRY(visit_all(it, add_table, err));
    it->shown = NULL;
    if (!it->delivery.begun)
        return pf_fail(err, PF_BAD_DATA,
                       "there is no table in any input; 'pyforge formats' lists what can be read");
    if (it->was_widened)
        PF_TRY(pf_notices_say(&it->run->result->notices, "widened", NULL, it->cause.row, err, "%s%s%s",
                              it->cause.where, it->cause.where[0] ? ": " : "", it->cause.message));
    return pf_delivery_finish(&it->delivery, err);
}

/* Can a further lap do better? Then what has to be other is settled. */
static bool may_go_on(struct combining *it, pf_status status, struct pf_error *err) {
    const char *types = pf_job_value(it->run->job, "types", NULL, NULL);
    bool cast = it->failed_column >= 0 && (status == PF_BAD_DATA || status == PF_WIDEN);
    if ((status != PF_WIDEN && !cast) || it->laps >= LAPS_MOST)
        return false;
    if (it->stdin_intake.once)
        return false;
    if (!cast && (it->survey_mode == PF_SURVEY_EXACT || (types && strcmp(types, "survey") == 0)))
        return false;
    if (!it->was_widened)
        it->cause = *err;
    it->was_widened = true;
    if (cast)
        return force_text(it, err) == PF_OK;
    it->survey_mode = PF_SURVEY_EXACT;
    return true;
}

/* The output is there: nothing that could fail. */
static void tell_end(struct combining *it) {
    const pf_result *result = it->run->result;
    struct pf_result_file *last = &result->files[result->file_count - 1];
    last->bytes_out = it->delivery.bytes_out;
    last->rejects = it->delivery.rejects_path;
    it->delivery.rejects_path = NULL;
}

bool pf_combine_same(const struct ArrowSchema *a, const struct ArrowSchema *b) {
    bool same = a->n_children == b->n_children;
    for (int64_t i = 0; same && i < a->n_children; i++) {
        const char *one = a->children[i]->name, *other = b->children[i]->name;
        same = pf_text_same_nocase(pf_text_trim(pf_text_of(one ? one : "")),
                                   pf_text_trim(pf_text_of(other ? other : "")));
    }
    return same;
}

static struct combining begin(struct pf_run *run) {
    return (struct combining){
        .run = run,
        .fit_mode = fit_mode_of(run->job),
        .survey_mode = PF_SURVEY_SAMPLE,
        .rejects = {.temp_folder = run->crew.temp_folder, .temp_limit = run->crew.temp_limit}};
}

/* status: of what went before. */
static pf_status combine(struct combining *it, pf_status status, struct pf_error *before,
                         struct pf_error *err) {
    struct pf_run *run = it->run;
    struct pf_error failure = *before;
    size_t files_before = run->result->file_count;
    while (status == PF_OK) {
        pf_error_clear(&failure);
        status = one_lap(it, &failure);
        if (status == PF_OK) {
            tell_end(it);
            break;
        }
        if (it->shown)
            pf_where(&failure, "file '%s'", it->shown);
        bool again = may_go_on(it, status, &failure);
        reset(it, files_before);
        if (again)
            status = PF_OK;
        else if (status == PF_WIDEN)
            status = pf_reading_give_up(run->job, it->stdin_intake.once, &failure);
    }
    if (status != PF_OK) {
        struct pf_result_file *file = NULL;
        if (pf_result_add_file(run->result, it->shown ? it->shown : "all inputs", &file, NULL) == PF_OK) {
            file->further = it->like != NULL;
            status = pf_run_failed(run, file, status, &failure, NULL);
        }
        if (status != PF_OK && err)
            *err = failure;
    }
    pf_delivery_end(&it->delivery);
    pf_rejects_clear(&it->rejects);
    pf_schema_release(&it->target);
    pf_map_clear(&it->forced);
    pf_intake_close(&it->stdin_intake);
    pf_mem_free(it->path);
    return status;
}

pf_status pf_combine(struct pf_run *run, struct pf_error *err) {
    struct combining it = begin(run);
    struct pf_error failure = PF_ERROR_INIT;
    pf_status status = pf_outputs_combined(run->outputs, &it.path, &failure);
    return combine(&it, status, &failure, err);
}

pf_status pf_combine_like(struct pf_run *run, const struct pf_input *input, const struct ArrowSchema *like,
                          const char *path, struct pf_error *err) {
    struct combining it = begin(run);
    struct pf_error failure = PF_ERROR_INIT;
    it.only = input;
    it.like = like;
    it.path = pf_mem_text(path, strlen(path));
    pf_status status = it.path ? PF_OK : pf_fail_memory(&failure, strlen(path));
    return combine(&it, status, &failure, err);
}
