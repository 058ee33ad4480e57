/* run_schema_file.c — room run. A schema as a file: written and read.           SPDX-License-Identifier: MIT
 * Knows: the JSON form, which facts are options.
 * Knows not: formats, plans. */
#include "run/run_schema_file.h"

#include <stdio.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "columns/columns_schema.h"

#define VERSION 1 /* of the file's form */

#define FILE_MOST ((int64_t)64 << 20)

void pf_schema_file_clear(struct pf_schema_file *file) {
    for (size_t i = 0; i < file->count; i++) {
        pf_mem_free(file->columns[i].name);
        pf_mem_free(file->columns[i].type);
        pf_mem_free(file->columns[i].format);
        pf_mem_free(file->columns[i].source);
    }
    pf_mem_free(file->columns);
    *file = (struct pf_schema_file){0};
}

/* ---- reading ---- */

static pf_status slurp(const char *path, char **text, size_t *size, struct pf_error *err) {
    struct pf_file_facts facts;
    pf_file file = PF_FILE_CLOSED;
    PF_TRY(pf_file_facts(path, true, &facts, err));
    if (facts.size_bytes > FILE_MOST)
        return pf_fail(err, PF_LIMIT, "'%.160s' is too large to be a schema file; check the name", path);
    PF_TRY(pf_file_open_read(path, &file, err));
    *text = pf_mem_alloc((size_t)facts.size_bytes + 1);
    pf_status status = *text ? pf_file_read_at(file, 0, *text, (size_t)facts.size_bytes, size, path, err)
                             : pf_fail_memory(err, (size_t)facts.size_bytes);
    pf_file_close(&file, path, NULL);
    if (status != PF_OK) {
        pf_mem_free(*text);
        *text = NULL;
    }
    return status;
}

static pf_status copy_member(const pf_json *object, const char *key, char **out, struct pf_error *err) {
    const char *text = pf_json_as_text(pf_json_member(object, key));
    *out = NULL;
    if (!text)
        return PF_OK;
    *out = pf_mem_text(text, strlen(text));
    return *out ? PF_OK : pf_fail_memory(err, strlen(text));
}

static pf_status read_column(const pf_json *object, struct pf_schema_column *column, struct pf_error *err) {
    column->index = -1;
    column->nullable = true;
    PF_TRY(copy_member(object, "name", &column->name, err));
    PF_TRY(copy_member(object, "type", &column->type, err));
    PF_TRY(copy_member(object, "format", &column->format, err));
    PF_TRY(copy_member(object, "source", &column->source, err));
    pf_json_as_int(pf_json_member(object, "index"), &column->index);
    pf_json_as_bool(pf_json_member(object, "nullable"), &column->nullable);
    struct pf_type type;
    if (!column->name || !column->type)
        return pf_fail(err, PF_BAD_DATA, "a column of the schema file has no name or no type; mend the file");
    if (pf_type_parse(column->type, &type, err) != PF_OK) {
        pf_where(err, "column '%.60s' of the schema file", column->name);
        return PF_ARGUMENT;
    }
    if (!column->source)
        return copy_member(object, "name", &column->source, err);
    return PF_OK;
}

/* A file by a later version may mean something that this one does not know. */
static pf_status check_version(const pf_json *root, struct pf_error *err) {
    int64_t version = VERSION;
    pf_json_as_int(pf_json_member(root, "version"), &version);
    if (version == VERSION)
        return PF_OK;
    return pf_fail(err, PF_UNSUPPORTED,
                   "the schema file is of version %lld and this program knows version %d; make it anew with "
                   "'pyforge schema', or use a newer program",
                   (long long)version, VERSION);
}

static pf_status read_columns(struct pf_schema_file *file, const pf_json *root, struct pf_error *err) {
    const pf_json *columns = pf_json_member(root, "columns");
    size_t count = pf_json_size(columns);
    if (!pf_json_is_array(columns) || count == 0)
        return pf_fail(err, PF_BAD_DATA,
                       "the schema file has no list of columns; make it with 'pyforge schema'");
    if (count > PF_CEIL_COLUMNS)
        return pf_fail(err, PF_LIMIT, "the schema file has more than %d columns; check that it is one",
                       PF_CEIL_COLUMNS);
    file->columns = pf_mem_zero(count, sizeof *file->columns);
    if (!file->columns)
        return pf_fail_memory(err, count * sizeof *file->columns);
    for (size_t i = 0; i < count; i++) {
        file->count++;
        PF_TRY(read_column(pf_json_item(columns, i), &file->columns[i], err));
    }
    return PF_OK;
}

/* Options of a hand-written file may be numbers or booleans too. */
static pf_status read_options(const pf_json *options, pf_job *job, struct pf_error *err) {
    for (size_t i = 0; i < pf_json_size(options); i++) {
        const char *key = NULL;
        const pf_json *node = pf_json_member_at(options, i, &key);
        const char *value = pf_json_as_text(node);
        char digits[32];
        int64_t number;
        bool flag;
        if (!value && pf_json_as_int(node, &number)) {
            snprintf(digits, sizeof digits, "%lld", (long long)number);
            value = digits;
        } else if (!value && pf_json_as_bool(node, &flag)) {
            value = flag ? "true" : "false";
        }
        if (!key || !value || strcmp(key, "input") == 0 || strcmp(key, "output") == 0)
            return pf_fail(err, PF_BAD_DATA,
                           "option '%.60s' of the schema file has no value that an option can have; make it a "
                           "text, a number or a list",
                           key ? key : "");
        pf_status status = pf_job_put(job, key, value, PF_BY_SCHEMA, "schema", err);
        if (status != PF_OK)
            return status;
    }
    return PF_OK;
}

pf_status pf_schema_file_read(struct pf_schema_file *file, pf_job *job, const char *path,
                              struct pf_error *err) {
    char *text = NULL;
    size_t size = 0;
    pf_json *root = NULL;
    *file = (struct pf_schema_file){0};
    PF_TRY(slurp(path, &text, &size, err));
    pf_status status = pf_json_parse(text, size, &root, err);
    pf_mem_free(text);
    if (status == PF_OK)
        status = check_version(root, err);
    if (status == PF_OK)
        status = read_columns(file, root, err);
    if (status == PF_OK)
        status = read_options(pf_json_member(root, "options"), job, err);
    pf_json_free(root);
    if (status != PF_OK) {
        pf_where(err, "schema file '%.80s'", path);
        pf_schema_file_clear(file);
    }
    return status;
}

/* ---- writing ---- */

/* The reader's option that a fact answers: "skip_rows" is skip-rows, "header_rows" is header. */
static const struct pf_option *option_of(const struct pf_reader *reader, const char *fact) {
    char key[64];
    size_t size = strlen(fact);
    if (strcmp(fact, "header_rows") == 0)
        return pf_option_in(reader->options, "header");
    if (size >= sizeof key)
        return NULL;
    for (size_t i = 0; i <= size; i++)
        key[i] = fact[i] == '_' ? '-' : fact[i];
    return pf_option_in(reader->options, key);
}

static void put_options(struct pf_json_writer *json, const struct pf_reader *reader,
                        const struct pf_verdict *verdict, const pf_job *job) {
    pf_json_key(json, "options");
    pf_json_open(json, '{');
    for (size_t i = 0; i < verdict->fact_count; i++) {
        const struct pf_option *option = option_of(reader, verdict->facts[i].key);
        if (!option || pf_job_value_of(job, option->key))
            continue;
        const char *value = verdict->facts[i].value;
        if (strcmp(option->key, "header") == 0 && strcmp(value, "0") == 0)
            value = "none";
        pf_json_key(json, option->key);
        pf_json_text(json, value);
    }
    /* What the user fixed for the reader belongs to the run as well. */
    for (const struct pf_option *const *option = reader->options; option && *option; option++) {
        const struct pf_job_value *held = pf_job_value_of(job, (*option)->key);
        if (!held)
            continue;
        pf_json_key(json, held->key);
        pf_json_text(json, held->value);
    }
    pf_json_close(json, '}');
}

static void put_column(struct pf_json_writer *json, const struct ArrowSchema *field, int32_t index) {
    struct pf_type type;
    char print[96] = "";
    size_t size;
    const char *format = pf_schema_meta(field, PF_META_FORMAT, &size);
    if (pf_type_of(field, &type, NULL) == PF_OK)
        pf_type_print(&type, print, sizeof print);
    pf_json_open(json, '{');
    pf_json_key(json, "name");
    pf_json_text(json, field->name);
    pf_json_key(json, "type");
    pf_json_text(json, print);
    pf_json_key(json, "nullable");
    pf_json_bool(json, (field->flags & ARROW_FLAG_NULLABLE) != 0);
    if (format) {
        pf_json_key(json, "format");
        pf_json_text_sized(json, format, size);
    }
    const char *source = pf_schema_meta(field, PF_META_SOURCE, &size);
    pf_json_key(json, "source");
    if (source)
        pf_json_text_sized(json, source, size);
    else
        pf_json_text(json, field->name);
    pf_json_key(json, "index");
    pf_json_int(json, index);
    pf_json_close(json, '}');
}

pf_status pf_schema_file_print(const struct ArrowSchema *schema, const int32_t *columns, const char *table,
                               const struct pf_reader *reader, const struct pf_verdict *verdict,
                               const pf_job *job, char **out, struct pf_error *err) {
    struct pf_buf buf = {0};
    struct pf_json_writer json;
    pf_json_begin(&json, &buf, 2, err);
    pf_json_open(&json, '{');
    pf_json_key(&json, "pyforge");
    pf_json_text(&json, "schema");
    pf_json_key(&json, "version");
    pf_json_int(&json, VERSION);
    pf_json_key(&json, "format");
    pf_json_text(&json, reader->name);
    pf_json_key(&json, "table");
    pf_json_text(&json, table);
    pf_json_key(&json, "columns");
    pf_json_open(&json, '[');
    for (int64_t i = 0; i < schema->n_children; i++)
        put_column(&json, schema->children[i], columns[i]);
    pf_json_close(&json, ']');
    put_options(&json, reader, verdict, job);
    pf_json_close(&json, '}');
    pf_status status = pf_json_end(&json);
    *out = status == PF_OK ? pf_buf_take(&buf) : NULL;
    pf_buf_clear(&buf);
    return status != PF_OK || *out ? status : pf_fail_memory(err, 0);
}
