/* cli_compat.c — room cli. PYFORGE_COMPAT=1: what the earlier program did otherwise.
 * SPDX-License-Identifier: MIT
 * Knows: its defaults (the tables' compat column), its name of an output, its exit codes.
 * Knows not: formats; nothing behind the command line asks for it. */
#include "cli_compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli_console.h"
#include "cli_json.h"

bool pf_cli_compat(void) {
    const char *value = pf_cli_environment("PYFORGE_COMPAT");
    return value && strcmp(value, "1") == 0;
}

static const char *value_of(const struct pf_cli_args *args, const char *key) {
    const char *value = NULL;
    for (size_t i = 0; i < args->option_count; i++)
        if (strcmp(args->keys[i], key) == 0)
            value = args->values[i];
    return value;
}

struct defaults {
    const struct pf_cli_args *args;
    pf_job *job;
    pf_status status;
    struct pf_error *err;
};

/* "txt" was the name of no format, but of a suffix: what is in the file was Parquet all the same. */
static bool has_format(const struct pf_cli_args *args) {
    const char *format = value_of(args, "format");
    return format && strcasecmp(format, "txt") != 0;
}

static bool set_default(void *ctx, const char *scope, const struct pf_option *option) {
    struct defaults *it = ctx;
    (void)scope;
    if (option->compat && !value_of(it->args, option->key))
        it->status = pf_job_set(it->job, option->key, option->compat, it->err);
    return it->status == PF_OK;
}

pf_status pf_cli_compat_defaults(const struct pf_cli_args *args, pf_job *job, struct pf_error *err) {
    struct defaults it = {.args = args, .job = job, .err = err};
    if (pf_cli_compat())
        pf_cli_each_option(args->forge, NULL, set_default, &it);
    const char *combine = value_of(args, "combine");
    if (pf_cli_compat() && it.status == PF_OK && combine && args->positional_count <= 2) /* one workbook */
        it.status = pf_job_set(job, "combine", "false", err);
    if (pf_cli_compat() && it.status == PF_OK && !has_format(args))
        it.status = pf_job_set(job, "format", "parquet", err);
    return it.status;
}

bool pf_cli_compat_set(const struct pf_cli_args *args, const char *key) {
    bool place = strcmp(key, "input") == 0 || strcmp(key, "output") == 0;
    return pf_cli_compat() && !place &&
           !(strcmp(key, "format") == 0 ? has_format(args) : value_of(args, key) != NULL);
}

/* Formats whose output was always a directory. */
static bool was_directory(const char *suffix) {
    static const char *const known[] = {".xlsx", ".mdb", ".accdb", ".dbf"};
    for (size_t i = 0; suffix && i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(suffix, known[i]) == 0)
            return true;
    return false;
}

char *pf_cli_compat_directory(const char *input, const char *output) {
    const char *slash = strrchr(input, '/'), *dot = strrchr(slash ? slash : input, '.');
    size_t size = output ? strlen(output) : 0;
    if (!pf_cli_compat() || !size || output[size - 1] == '/' || !was_directory(dot))
        return NULL;
    char *folder = malloc(size + 2);
    if (folder) {
        memcpy(folder, output, size);
        memcpy(folder + size, "/", 2);
    }
    return folder;
}

char *pf_cli_compat_output(const struct pf_cli_args *args) {
    const char *input = args->positional_count == 1 ? args->positionals[0] : "", *slash = strrchr(input, '/');
    const char *name = slash ? slash + 1 : input, *dot = strrchr(name, '.');
    if (!pf_cli_compat() || args->output || !*name || strcmp(name, "-") == 0 || strpbrk(name, "*?[") ||
        has_format(args))
        return NULL;
    size_t size = dot && dot > name ? (size_t)(dot - input) : strlen(input);
    char *output = malloc(size + sizeof ".txt");
    if (!output)
        return NULL;
    memcpy(output, input, size);
    memcpy(output + size, ".txt", sizeof ".txt");
    return output;
}

bool pf_cli_compat_wants_file(const struct pf_cli_args *args, const char *input, const char *output,
                              int *code) {
    struct stat facts;
    if (!pf_cli_compat() || !output || stat(output, &facts) != 0 || !S_ISDIR(facts.st_mode) ||
        was_directory(strrchr(input, '.')))
        return false;
    const char *force = value_of(args, "force");
    bool forced = force && strcmp(force, "false") != 0;
    if (forced)
        pf_cli_say("error: '%s' is a directory; give the name of a file\n", output);
    else
        pf_cli_say("'%s' already exists and is a directory; give the name of a file, or --force for one that "
                   "is there\n",
                   output);
    *code = forced ? PF_EXIT_FAILED : PF_EXIT_DONE;
    pf_cli_compat_failed(args, *code);
    return true;
}

/* ---- an input that no format's suffix fits ---- */

static bool has_suffix(const char *const *suffixes, const char *suffix) {
    for (size_t i = 0; suffixes && suffixes[i]; i++)
        if (strcasecmp(suffixes[i], suffix) == 0)
            return true;
    return false;
}

bool pf_cli_compat_refuses(const struct pf_cli_args *args, const char *path) {
    static const char *const packed[] = {".gz", ".zst", ".bz2", ".xz", ".lz4", ".zip", NULL};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    const char *suffix = dot && dot > name ? dot : "";
    struct pf_format format = {.struct_size = sizeof format};
    struct stat facts;
    bool known =
        !pf_cli_compat() || stat(path, &facts) != 0 || !S_ISREG(facts.st_mode) || has_suffix(packed, suffix);
    for (size_t i = 0; !known && pf_forge_format(args->forge, i, &format) == PF_OK; i++)
        known = format.reads && has_suffix(format.suffixes, suffix);
    if (known)
        return false;
    pf_cli_say("Unsupported input format '%s'\nSupported formats:", suffix);
    for (size_t i = 0; pf_forge_format(args->forge, i, &format) == PF_OK; i++)
        for (size_t s = 0; format.reads && format.suffixes && format.suffixes[s]; s++)
            pf_cli_say(" %s", format.suffixes[s]);
    pf_cli_say("\n");
    return true;
}

void pf_cli_compat_failed(const struct pf_cli_args *args, int code) {
    if (!pf_cli_compat() || code != PF_EXIT_FAILED)
        return;
    if (!args->json)
        pf_cli_print("Conversion failed!\n");
    pf_cli_say("Aborted!\n");
}

/* ---- the JSON of a file ---- */

struct sheets {
    int64_t count, rows, widest;
};

/* "name": {"estimated_rows": 3, …} of one table, or its name alone. */
static void put_sheet(struct sheets *sum, pf_cli_value table, bool details) {
    char *name = pf_cli_json_text(pf_cli_json_member(table, "name")), *quoted = pf_cli_json_quote(name);
    int64_t rows = pf_cli_json_int(pf_cli_json_member(table, "rows"), 0), columns = 0;
    pf_cli_value list = pf_cli_json_member(table, "columns"), at = NULL;
    while (pf_cli_json_next(list, &at, NULL, NULL))
        columns++;
    pf_cli_print("%s%s", sum->count++ ? ", " : "", quoted ? quoted : "\"\"");
    if (details)
        pf_cli_print(": {\"estimated_rows\": %lld, \"estimated_columns\": %lld, \"has_data\": %s}",
                     (long long)rows, (long long)columns, rows ? "true" : "false");
    sum->rows += rows;
    sum->widest = columns > sum->widest ? columns : sum->widest;
    free(name);
    free(quoted);
}

char *pf_cli_compat_empty(const char *what, const char *path) {
    static const char *const text[] = {".csv", ".tsv", ".txt", NULL};
    static const char form[] = "{\n  \"file_name\": %s,\n  \"file_size\": 0,\n  \"file_type\": \"CSV\",\n"
                               "  \"encoding\": \"utf-8\",\n  \"encoding_confidence\": 1.0,\n"
                               "  \"delimiter\": \",\",\n  \"has_header\": false,\n  \"tables\": []\n}";
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    struct stat facts;
    if (!pf_cli_compat() || strcmp(what, "info") != 0 || !dot || !has_suffix(text, dot) ||
        stat(path, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size)
        return NULL;
    char *quoted = pf_cli_json_quote(name);
    size_t room = sizeof form + (quoted ? strlen(quoted) : 0);
    char *json = quoted ? malloc(room) : NULL;
    if (json)
        snprintf(json, room, form, quoted);
    free(quoted);
    return json;
}

const char *pf_cli_compat_members(const char *json) {
    pf_cli_value tables = pf_cli_json_member(json, "tables"), at = NULL, table;
    struct sheets names = {0}, details = {0};
    if (!pf_cli_compat() || pf_cli_json_kind(json) != '{' || !tables)
        return json;
    if (!pf_cli_json_member(json, "sheets")) {
        while ((table = pf_cli_json_next(tables, &at, NULL, NULL)))
            details.rows += pf_cli_json_int(pf_cli_json_member(table, "rows"), 0);
        pf_cli_print("{\n  \"estimated_rows\": %lld,", (long long)details.rows);
        return json + 1;
    }
    pf_cli_print("{\n  \"sheet_names\": [");
    while ((table = pf_cli_json_next(tables, &at, NULL, NULL)))
        put_sheet(&names, table, false);
    pf_cli_print("],\n  \"sheet_details\": {");
    for (at = NULL; (table = pf_cli_json_next(tables, &at, NULL, NULL));)
        put_sheet(&details, table, true);
    pf_cli_print("},\n  \"sheet_count\": %lld,\n  \"total_estimated_rows\": %lld,\n  \"max_columns\": %lld,",
                 (long long)details.count, (long long)details.rows, (long long)details.widest);
    return json + 1;
}

int pf_cli_compat_exit(const struct pf_cli_args *args, int code, const char *status_name) {
    const char *force = value_of(args, "force");
    bool there = strcmp(status_name, "EXISTS") == 0 && !(force && strcmp(force, "false") != 0);
    return pf_cli_compat() && (there || strcmp(status_name, "UNSUPPORTED") == 0) ? PF_EXIT_DONE : code;
}
