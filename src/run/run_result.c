/* run_result.c — room run. What was read, written, rejected, noticed; how long.  SPDX-License-Identifier: MIT
 * Knows: files, tables, sums, the JSON form.
 * Knows not: how it came about. */
#include "run/run_result.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "columns/columns_schema.h"

pf_status pf_result_make(pf_result **out, struct pf_error *err) {
    *out = pf_mem_zero(1, sizeof **out);
    if (!*out)
        return pf_fail_memory(err, sizeof **out);
    (*out)->magic = PF_RESULT_MAGIC;
    return PF_OK;
}

void pf_result_drop_table(struct pf_result_file *file) {
    struct pf_result_table *table = &file->tables[--file->table_count];
    pf_mem_free(table->name);
    pf_mem_free(table->output);
    pf_mem_free(table->columns);
    pf_notices_clear(&table->notices);
}

void pf_result_drop_files(pf_result *result, size_t keep) {
    while (result->file_count > keep) {
        struct pf_result_file *file = &result->files[--result->file_count];
        while (file->table_count)
            pf_result_drop_table(file);
        pf_mem_free(file->tables);
        pf_mem_free(file->input);
        pf_mem_free(file->output);
        pf_mem_free(file->format);
        pf_mem_free(file->output_format);
        pf_mem_free(file->facts);
        pf_mem_free(file->restart);
        pf_mem_free(file->rejects);
        pf_mem_free(file->reason);
    }
}

void pf_result_free(pf_result *result) {
    if (!result)
        return;
    pf_result_drop_files(result, 0);
    pf_mem_free(result->files);
    pf_mem_free(result->options);
    pf_notices_clear(&result->notices);
    pf_mem_free(result->json);
    result->magic = 0;
    pf_mem_free(result);
}

pf_status pf_result_text(char **to, const char *text, struct pf_error *err) {
    char *copy = pf_mem_text(text, strlen(text));
    if (!copy)
        return pf_fail_memory(err, strlen(text));
    pf_mem_free(*to);
    *to = copy;
    return PF_OK;
}

static pf_status make_room(pf_result *result, struct pf_error *err) {
    if (result->file_count < result->file_room)
        return PF_OK;
    size_t room = result->file_room ? result->file_room * 2 : 4;
    struct pf_result_file *files = pf_mem_grow(result->files, room * sizeof *files);
    if (!files)
        return pf_fail_memory(err, room * sizeof *files);
    result->files = files;
    result->file_room = room;
    return PF_OK;
}

pf_status pf_result_adopt(pf_result *into, pf_result *from, struct pf_error *err) {
    for (size_t i = 0; i < from->file_count; i++) {
        pf_status status = make_room(into, err);
        if (status != PF_OK)
            return status;
        into->files[into->file_count++] = from->files[i];
        from->files[i] = (struct pf_result_file){0};
    }
    from->file_count = 0;
    return pf_notices_merge(&into->notices, &from->notices, err);
}

pf_status pf_result_add_file(pf_result *result, const char *input, struct pf_result_file **out,
                             struct pf_error *err) {
    PF_TRY(make_room(result, err));
    struct pf_result_file *file = &result->files[result->file_count];
    *file = (struct pf_result_file){.error = PF_ERROR_INIT};
    PF_TRY(pf_result_text(&file->input, input, err));
    result->file_count++;
    *out = file;
    return PF_OK;
}

pf_status pf_result_add_skipped(pf_result *result, const char *name, const char *why, struct pf_error *err) {
    struct pf_result_file *file = NULL;
    PF_TRY(pf_result_add_file(result, name, &file, err));
    file->status = PF_FILE_SKIPPED;
    return pf_result_text(&file->reason, why, err);
}

pf_status pf_result_add_table(struct pf_result_file *file, const char *name, struct pf_result_table **out,
                              struct pf_error *err) {
    if (file->table_count == file->table_room) {
        size_t room = file->table_room ? file->table_room * 2 : 1;
        struct pf_result_table *tables = pf_mem_grow(file->tables, room * sizeof *tables);
        if (!tables)
            return pf_fail_memory(err, room * sizeof *tables);
        file->tables = tables;
        file->table_room = room;
    }
    struct pf_result_table *table = &file->tables[file->table_count];
    *table = (struct pf_result_table){0};
    PF_TRY(pf_result_text(&table->name, name, err));
    file->table_count++;
    *out = table;
    return PF_OK;
}

/* ---- sums ---- */

struct sums {
    struct pf_counts counts;
    int64_t files, failed, notices, bytes_in, bytes_out;
};

static struct sums sum_up(const pf_result *result) {
    struct sums sums = {.notices = result->notices.total};
    for (size_t i = 0; i < result->file_count; i++) {
        const struct pf_result_file *file = &result->files[i];
        if (file->status == PF_FILE_SKIPPED)
            continue;
        if (!file->further) {
            sums.files++;
            sums.bytes_in += file->bytes_in;
        }
        sums.failed += file->status == PF_FILE_FAILED;
        sums.bytes_out += file->bytes_out;
        for (size_t t = 0; t < file->table_count; t++) {
            pf_counts_sum(&sums.counts, &file->tables[t].counts);
            sums.notices += file->tables[t].notices.total;
        }
    }
    return sums;
}

int64_t pf_result_sum(const pf_result *result, const char *key) {
    struct sums sums = sum_up(result);
    const struct {
        const char *key;
        int64_t value;
    } known[] = {{"files", sums.files},
                 {"failed", sums.failed},
                 {"rows-in", sums.counts.rows_in},
                 {"rows-out", sums.counts.rows_out},
                 {"rejected", sums.counts.rejected},
                 {"skipped", pf_counts_skipped(&sums.counts)},
                 {"notices", sums.notices},
                 {"bytes-in", sums.bytes_in},
                 {"bytes-out", sums.bytes_out},
                 {"seconds-us", (int64_t)(result->seconds * 1e6)}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].key, key) == 0)
            return known[i].value;
    return -1;
}

/* ---- JSON ---- */

static void put_text(struct pf_json_writer *json, const char *key, const char *text) {
    pf_json_key(json, key);
    pf_json_text(json, text);
}

static void put_int(struct pf_json_writer *json, const char *key, int64_t value) {
    pf_json_key(json, key);
    pf_json_int(json, value);
}

static void put_meta(struct pf_json_writer *json, const char *name, const struct ArrowSchema *field,
                     const char *key) {
    size_t size;
    const char *value = pf_schema_meta(field, key, &size);
    if (!value)
        return;
    pf_json_key(json, name);
    pf_json_text_sized(json, value, size);
}

void pf_columns_json(const struct ArrowSchema *schema, struct pf_json_writer *json) {
    pf_json_open(json, '[');
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowSchema *field = schema->children[i];
        struct pf_type type;
        char print[96] = "";
        if (pf_type_of(field, &type, NULL) == PF_OK)
            pf_type_print(&type, print, sizeof print);
        pf_json_open(json, '{');
        put_text(json, "name", field->name ? field->name : "");
        put_text(json, "type", print);
        pf_json_key(json, "nullable");
        pf_json_bool(json, (field->flags & ARROW_FLAG_NULLABLE) != 0);
        put_meta(json, "format", field, PF_META_FORMAT);
        put_meta(json, "number_format", field, PF_META_NUMBER_FORMAT);
        put_meta(json, "source", field, PF_META_SOURCE);
        put_meta(json, "widened", field, PF_META_WIDENED);
        pf_json_close(json, '}');
    }
    pf_json_close(json, ']');
}

pf_status pf_result_part(char **to, char kind, void (*put)(const void *from, struct pf_json_writer *json),
                         const void *from, struct pf_error *err) {
    struct pf_buf buf = {0};
    struct pf_json_writer json;
    pf_json_begin(&json, &buf, 0, err);
    pf_json_open(&json, kind);
    put(from, &json);
    pf_json_close(&json, kind == '{' ? '}' : ']');
    pf_status status = pf_json_end(&json);
    char *text = status == PF_OK ? pf_buf_take(&buf) : NULL;
    pf_buf_clear(&buf);
    if (!text)
        return status != PF_OK ? status : pf_fail_memory(err, 0);
    pf_mem_free(*to);
    *to = text;
    return PF_OK;
}

pf_status pf_result_columns(const struct ArrowSchema *schema, char **out, struct pf_error *err) {
    struct pf_buf buf = {0};
    struct pf_json_writer json;
    pf_json_begin(&json, &buf, 0, err);
    pf_columns_json(schema, &json);
    pf_status status = pf_json_end(&json);
    *out = status == PF_OK ? pf_buf_take(&buf) : NULL;
    pf_buf_clear(&buf);
    return status != PF_OK || *out ? status : pf_fail_memory(err, 0);
}

/* Readers that count lines say so in the place: "row 2, line 3, column 'a'". */
static int64_t line_of(const struct pf_error *error) {
    const char *at = strstr(error->where, "line ");
    int64_t line;
    return at && pf_parse_int64(at + 5, strspn(at + 5, "0123456789"), &line) ? line : -1;
}

static void put_error(struct pf_json_writer *json, const struct pf_error *error) {
    pf_json_key(json, "error");
    pf_json_open(json, '{');
    put_int(json, "code", error->code);
    put_text(json, "name", pf_status_name(error->code));
    put_text(json, "message", error->message);
    put_text(json, "where", error->where);
    put_int(json, "row", error->row);
    put_int(json, "line", line_of(error));
    put_int(json, "byte", error->byte);
    pf_json_close(json, '}');
}

static void put_table(struct pf_json_writer *json, const struct pf_result_table *table) {
    pf_json_open(json, '{');
    put_text(json, "name", table->name);
    if (table->output)
        put_text(json, "output", table->output);
    pf_counts_json(&table->counts, json);
    pf_json_key(json, "notices");
    pf_notices_json(&table->notices, json);
    if (table->columns) {
        pf_json_key(json, "columns");
        pf_json_raw(json, table->columns);
    }
    pf_json_close(json, '}');
}

static void put_file(struct pf_json_writer *json, const struct pf_result_file *file) {
    static const char *const words[] = {"ok", "failed", "skipped"};
    pf_json_open(json, '{');
    put_text(json, "input", file->input);
    put_text(json, "output", file->output);
    put_text(json, "status", words[file->status]);
    if (file->status == PF_FILE_SKIPPED) {
        put_text(json, "reason", file->reason);
        pf_json_close(json, '}');
        return;
    }
    if (file->status == PF_FILE_FAILED)
        put_error(json, &file->error);
    put_text(json, "format", file->format);
    if (file->output_format)
        put_text(json, "output_format", file->output_format);
    if (file->facts) {
        pf_json_key(json, "facts");
        pf_json_raw(json, file->facts);
    }
    if (file->rejects)
        put_text(json, "rejects", file->rejects);
    put_int(json, "laps", file->laps);
    if (file->restart)
        put_text(json, "restart", file->restart);
    pf_json_key(json, "seconds");
    pf_json_double(json, file->seconds);
    pf_json_key(json, "survey_seconds");
    pf_json_double(json, file->survey_seconds);
    put_int(json, "bytes_in", file->bytes_in);
    put_int(json, "bytes_out", file->bytes_out);
    pf_json_key(json, "tables");
    pf_json_open(json, '[');
    for (size_t i = 0; i < file->table_count; i++)
        put_table(json, &file->tables[i]);
    pf_json_close(json, ']');
    pf_json_close(json, '}');
}

static void put_totals(struct pf_json_writer *json, const pf_result *result) {
    struct sums sums = sum_up(result);
    pf_json_key(json, "totals");
    pf_json_open(json, '{');
    put_int(json, "files", sums.files);
    put_int(json, "failed", sums.failed);
    put_int(json, "rows_in", sums.counts.rows_in);
    put_int(json, "rows_out", sums.counts.rows_out);
    put_int(json, "rejected", sums.counts.rejected);
    put_int(json, "skipped", pf_counts_skipped(&sums.counts));
    put_int(json, "notices", sums.notices);
    put_int(json, "bytes_in", sums.bytes_in);
    put_int(json, "bytes_out", sums.bytes_out);
    pf_json_key(json, "seconds");
    pf_json_double(json, result->seconds);
    pf_json_close(json, '}');
}

pf_status pf_result_print(const pf_result *result, char **out, struct pf_error *err) {
    struct pf_buf buf = {0};
    struct pf_json_writer json;
    pf_json_begin(&json, &buf, 2, err);
    pf_json_open(&json, '{');
    pf_json_key(&json, "files");
    pf_json_open(&json, '[');
    for (size_t i = 0; i < result->file_count; i++)
        put_file(&json, &result->files[i]);
    pf_json_close(&json, ']');
    if (result->options) {
        pf_json_key(&json, "options");
        pf_json_raw(&json, result->options);
    }
    pf_json_key(&json, "notices");
    pf_notices_json(&result->notices, &json);
    put_totals(&json, result);
    pf_json_close(&json, '}');
    pf_status status = pf_json_end(&json);
    *out = status == PF_OK ? pf_buf_take(&buf) : NULL;
    pf_buf_clear(&buf);
    return status != PF_OK || *out ? status : pf_fail_memory(err, 0);
}
