/* cli_inspect.c — room cli. info, sniff, validate, head, schema: files looked at.
 * SPDX-License-Identifier: MIT
 * Knows: the JSON of pf_inspect and how to lay it out for people.
 * Knows not: formats. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_args.h"
#include "cli_compat.h"
#include "cli_console.h"
#include "cli_json.h"
#include "cli_tell.h"

/* Gives the JSON of one view of a file; NULL after a complaint, with the exit code in *code. */
static char *inspect(struct pf_cli_args *args, const char *path, const char *what, int *code) {
    pf_job *job = NULL;
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    *code = PF_EXIT_DONE;
    if (pf_cli_compat_refuses(args, path) || (*code = pf_cli_job(args, path, &job)) != PF_EXIT_DONE)
        return NULL;
    char *json = NULL;
    pf_status status = PF_OK;
    if (args->sample)
        status = pf_job_set(job, "types", "survey", &err);
    if (status == PF_OK && args->rows)
        status = pf_job_set(job, "limit", args->rows, &err);
    if (status == PF_OK)
        status = pf_inspect(job, what, &json, &err);
    if (status != PF_OK) {
        *code = pf_cli_compat_exit(args, pf_cli_failed(&err), pf_status_name(err.code));
        json = NULL;
    }
    pf_job_close(&job);
    return json;
}

/* Shows a view of each file; JSON of several is one array. Gives the worst exit code. */
static int show_each(struct pf_cli_args *args, const char *what,
                     int (*show)(const struct pf_cli_args *args, const char *path, pf_cli_value json)) {
    size_t count = args->positional_count, shown = 0;
    int worst = PF_EXIT_DONE;
    if (count == 0)
        return pf_cli_usage("%s: no file given", args->command->name);
    if (args->json && count > 1)
        pf_cli_print("[");
    for (size_t i = 0; i < count; i++) {
        int code;
        char *empty = pf_cli_compat_empty(what, args->positionals[i]);
        char *json = empty ? NULL : inspect(args, args->positionals[i], what, &code);
        if (json || empty) {
            if (count > 1)
                pf_cli_print(!args->json ? (shown ? "\n" : "") : shown ? ",\n" : "\n");
            shown++;
            code = show(args, args->positionals[i], json ? json : empty);
            pf_text_free(json);
            free(empty);
        }
        if (code > worst)
            worst = code;
    }
    if (args->json && count > 1)
        pf_cli_print("]\n");
    return worst;
}

/* "file_size" → "File Size"; what stands in quotes stays. */
static void title_case(const char *key, size_t size, char *to, size_t room) {
    bool start = true;
    size_t n = 0;
    for (size_t i = 0; i < size && n + 1 < room; i++) {
        bool quoted = memchr(key, '\'', i) != NULL;
        char c = !quoted && (key[i] == '_' || key[i] == '-') ? ' ' : key[i];
        to[n++] = start && !quoted && c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
        start = c == ' ';
    }
    to[n] = 0;
}

static void add_fact(struct pf_cli_table *table, const char *key, size_t size, pf_cli_value value) {
    char name[120], number[32], text[64];
    title_case(key, size, name, sizeof name);
    pf_cli_table_text(table, name);
    char *plain = pf_cli_json_text(value);
    if (size == 9 && memcmp(key, "file_size", 9) == 0) {
        snprintf(text, sizeof text, "%s bytes", pf_cli_number(pf_cli_json_int(value, 0), number));
        pf_cli_table_text(table, text);
    } else if (pf_cli_json_kind(value) == 'n' && plain && !strpbrk(plain, ".eE") &&
               !(size == 11 && memcmp(key, "date_system", 11) == 0)) { /* a year */
        pf_cli_table_text(table, pf_cli_number(pf_cli_json_int(value, 0), number));
    } else if (plain && (strcmp(plain, "\\t") == 0)) {
        pf_cli_table_text(table, "tab");
    } else {
        pf_cli_table_text(table, plain);
    }
    free(plain);
}

/* Scalars of an object as Property/Value rows, those of its objects too. */
static void add_facts(struct pf_cli_table *table, pf_cli_value object) {
    pf_cli_value at = NULL, value;
    const char *key = NULL;
    size_t size = 0;
    while ((value = pf_cli_json_next(object, &at, &key, &size))) {
        char kind = pf_cli_json_kind(value);
        if (kind == '{')
            add_facts(table, value);
        else if (kind != '[')
            add_fact(table, key, size, value);
    }
}

#define COLUMN_FACTS 7
static void show_columns(pf_cli_value columns) {
    static const char *const keys[] = {"name", "type", "nulls", "format", "number_format", "source", "widened"};
    static const char *const heads[] = {"Column",        "Type",   "Nulls",  "Format",
                                        "Number Format", "Source", "Widened"};
    bool used[COLUMN_FACTS] = {true, true};
    pf_cli_value at = NULL, column;
    while ((column = pf_cli_json_next(columns, &at, NULL, NULL)))
        for (size_t i = 2; i < COLUMN_FACTS; i++) {
            char *text = pf_cli_json_text(pf_cli_json_member(column, keys[i]));
            used[i] = used[i] || (text && *text);
            free(text);
        }
    struct pf_cli_table table = {.columns = 1};
    pf_cli_table_text(&table, "#");
    for (size_t i = 0; i < COLUMN_FACTS; i++)
        if (used[i]) {
            pf_cli_table_text(&table, heads[i]);
            table.columns++;
        }
    table.right = 1;
    int number = 0;
    at = NULL;
    while ((column = pf_cli_json_next(columns, &at, NULL, NULL))) {
        char text[16];
        snprintf(text, sizeof text, "%d", ++number);
        pf_cli_table_text(&table, text);
        for (size_t i = 0; i < COLUMN_FACTS; i++)
            if (used[i]) {
                char *cell = pf_cli_json_text(pf_cli_json_member(column, keys[i]));
                pf_cli_table_text(&table, cell);
                free(cell);
            }
    }
    pf_cli_table_show(&table, NULL);
}

static int show_info(const struct pf_cli_args *args, const char *path, pf_cli_value json) {
    if (args->json) {
        pf_cli_print("%s\n", pf_cli_compat_members(json));
    } else {
        const char *slash = strrchr(path, '/');
        char title[300];
        snprintf(title, sizeof title, "File Information: %s", slash ? slash + 1 : path);
        struct pf_cli_table table = {.columns = 2};
        pf_cli_table_text(&table, "Property");
        pf_cli_table_text(&table, "Value");
        add_facts(&table, json);
        pf_cli_value tables = pf_cli_json_member(json, "tables"), at = NULL, one,
                     first = pf_cli_json_next(tables, &at, NULL, NULL);
        pf_cli_value second = first ? pf_cli_json_next(tables, &at, NULL, NULL) : NULL;
        if (first && !second)
            add_facts(&table, first);
        pf_cli_table_show(&table, title);
        for (at = NULL; (one = pf_cli_json_next(tables, &at, NULL, NULL));) {
            pf_cli_print("\n");
            if (second) {
                char *name = pf_cli_json_text(pf_cli_json_member(one, "name")), number[32];
                int64_t rows = pf_cli_json_int(pf_cli_json_member(one, "rows"), -1);
                pf_cli_print("Table %s", name ? name : "");
                if (rows >= 0)
                    pf_cli_print(": %s row%s", pf_cli_number(rows, number), rows == 1 ? "" : "s");
                pf_cli_print("\n");
                free(name);
            }
            show_columns(pf_cli_json_member(one, "columns"));
        }
        fflush(stdout); /* they stand below it */
        if (!args->quiet)
            pf_cli_tell_notices(pf_cli_json_member(json, "notices"));
    }
    return PF_EXIT_DONE;
}

int pf_cli_info(struct pf_cli_args *args) { return show_each(args, "info", show_info); }

static int show_sniffed(const struct pf_cli_args *args, const char *path, pf_cli_value json) {
    if (args->positional_count > 1 && !args->json)
        pf_cli_print("%s\n", path);
    if (args->json) {
        pf_cli_print("%s\n", json);
    } else {
        pf_cli_value at = NULL, value;
        const char *key = NULL;
        size_t size = 0;
        while ((value = pf_cli_json_next(json, &at, &key, &size))) {
            char *text = pf_cli_json_text(value);
            const char *shown = text ? text : "";
            if (!*shown)
                shown = "none";
            else if (strcmp(shown, "\\t") == 0)
                shown = "tab";
            else if (strcmp(shown, " ") == 0)
                shown = "blank";
            pf_cli_print("%-19.*s %s\n", (int)size, key, shown);
            free(text);
        }
    }
    return PF_EXIT_DONE;
}

int pf_cli_sniff(struct pf_cli_args *args) { return show_each(args, "sniff", show_sniffed); }

static void show_problem(pf_cli_value problem) {
    char *kind = pf_cli_json_text(pf_cli_json_member(problem, "kind"));
    char *where = pf_cli_json_text(pf_cli_json_member(problem, "where"));
    char *message = pf_cli_json_text(pf_cli_json_member(problem, "message"));
    char *remedy = pf_cli_json_text(pf_cli_json_member(problem, "remedy"));
    int64_t row = pf_cli_json_int(pf_cli_json_member(problem, "row"), -1);
    int64_t count = pf_cli_json_int(pf_cli_json_member(problem, "count"), 1);
    pf_cli_print("  %s", kind ? kind : "");
    if (count > 1)
        pf_cli_print(" (%lld times)", (long long)count);
    if (where && *where)
        pf_cli_print(", %s", where);
    if (row > 0)
        pf_cli_print(", row %lld", (long long)row);
    pf_cli_print(": %s", message ? message : "");
    if (remedy && *remedy)
        pf_cli_print("\n    → %s", remedy);
    pf_cli_print("\n");
    free(kind);
    free(where);
    free(message);
    free(remedy);
}

/* Of a file that is not valid. */
static int validation_exit(const struct pf_cli_args *args, pf_cli_value json) {
    pf_cli_value at = NULL, problem = pf_cli_json_next(pf_cli_json_member(json, "problems"), &at, NULL, NULL);
    char *kind = problem ? pf_cli_json_text(pf_cli_json_member(problem, "kind")) : NULL;
    int code = pf_cli_compat_exit(args, PF_EXIT_FAILED, kind ? kind : "");
    free(kind);
    return code;
}

static int show_validation(const struct pf_cli_args *args, const char *path, pf_cli_value json) {
    bool valid = pf_cli_json_kind(pf_cli_json_member(json, "valid")) == 't';
    if (args->json) {
        pf_cli_print("%s\n", json);
    } else {
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
        char *format = pf_cli_json_text(pf_cli_json_member(json, "format"));
        char upper[24] = "";
        for (size_t i = 0; format && format[i] && i + 1 < sizeof upper; i++)
            upper[i] = format[i] >= 'a' && format[i] <= 'z' ? (char)(format[i] - 32) : format[i],
            upper[i + 1] = 0;
        pf_cli_print("%s[%s]%s %s is %sa valid %s%s file\n",
                     pf_cli_ink(true, valid ? PF_INK_GREEN : PF_INK_RED), valid ? "OK" : "FAIL",
                     pf_cli_ink(true, PF_INK_PLAIN), name, valid ? "" : "not ", *upper ? "." : "",
                     *upper ? upper : "input");
        pf_cli_value problems = pf_cli_json_member(json, "problems"), at = NULL, problem;
        while ((problem = pf_cli_json_next(problems, &at, NULL, NULL)))
            show_problem(problem);
        free(format);
    }
    return valid ? PF_EXIT_DONE : validation_exit(args, json);
}

int pf_cli_validate(struct pf_cli_args *args) { return show_each(args, "validate", show_validation); }

/* Of several tables the first one is shown. */
static void say_which_table(const struct pf_cli_args *args, pf_cli_value json) {
    int64_t count = pf_cli_json_int(pf_cli_json_member(json, "table_count"), 1);
    char *name = pf_cli_json_text(pf_cli_json_member(json, "table")), number[32];
    fflush(stdout); /* it stands below the rows */
    if (count > 1 && !args->quiet)
        pf_cli_say("  %snotice%s: this is '%s', the first of %s tables; choose another one with --sheet\n",
                   pf_cli_ink(false, PF_INK_YELLOW), pf_cli_ink(false, PF_INK_PLAIN), name ? name : "",
                   pf_cli_number(count, number));
    free(name);
}

static int show_rows(const struct pf_cli_args *args, const char *path, pf_cli_value json) {
    if (args->json) {
        pf_cli_print("%s\n", json);
        return PF_EXIT_DONE;
    }
    struct pf_cli_table table = {.columns = 0};
    pf_cli_value at = NULL, inner = NULL, column, row, cell;
    pf_cli_value columns = pf_cli_json_member(json, "columns");
    while ((column = pf_cli_json_next(columns, &at, NULL, NULL))) {
        char *name = pf_cli_json_text(pf_cli_json_member(column, "name"));
        char *type = pf_cli_json_text(pf_cli_json_member(column, "type"));
        pf_cli_table_text(&table, name);
        if (table.columns < 32 && type &&
            (strncmp(type, "int", 3) == 0 || strcmp(type, "double") == 0 || strncmp(type, "decimal", 7) == 0))
            table.right |= 1u << table.columns;
        table.columns++;
        free(name);
        free(type);
    }
    at = NULL;
    pf_cli_value rows = pf_cli_json_member(json, "rows");
    while (table.columns && (row = pf_cli_json_next(rows, &at, NULL, NULL)))
        for (inner = NULL; (cell = pf_cli_json_next(row, &inner, NULL, NULL));) {
            char *text = pf_cli_json_text(cell);
            pf_cli_table_text(&table, pf_cli_json_kind(cell) == '0' ? "·" : text); /* null */
            free(text);
        }
    if (table.columns)
        pf_cli_table_show(&table, args->positional_count > 1 ? path : NULL);
    say_which_table(args, json);
    return PF_EXIT_DONE;
}

int pf_cli_head(struct pf_cli_args *args) {
    if (!args->rows)
        args->rows = "10";
    return show_each(args, "head", show_rows);
}

static int show_schema(const struct pf_cli_args *args, const char *path, pf_cli_value json) {
    (void)args, (void)path;
    pf_cli_print("%s\n", json);
    return PF_EXIT_DONE;
}

int pf_cli_schema(struct pf_cli_args *args) {
    if (args->positional_count > 1)
        return pf_cli_usage("schema: one file at a time");
    return show_each(args, "schema", show_schema);
}
