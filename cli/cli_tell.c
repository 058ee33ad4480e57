/* cli_tell.c — room cli. What -v says about a conversion, and notices, on standard error.    SPDX-License-Identifier: MIT
 * Knows: the JSON of a result.
 * Knows not: how a file is read. */
#include "cli_tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_compat.h"
#include "cli_console.h"

static void say_text(const char *before, pf_cli_value value, const char *after) {
    char *text = pf_cli_json_text(value);
    const char *shown = !text || !*text            ? "none"
                        : strcmp(text, "\\t") == 0 ? "tab"
                        : strcmp(text, " ") == 0   ? "blank"
                                                   : text;
    pf_cli_say("%s%s%s", before, shown, after);
    free(text);
}

/* "  found: delimiter ;, quote ", encoding utf-8, …" */
static void tell_facts(pf_cli_value facts) {
    pf_cli_value at = NULL, value;
    const char *key = NULL;
    size_t size = 0;
    bool first = true;
    while ((value = pf_cli_json_next(facts, &at, &key, &size))) {
        if (pf_cli_json_kind(value) == '{' || pf_cli_json_kind(value) == '[')
            continue;
        pf_cli_say("%s%.*s", first ? "  Found: " : ", ", (int)size, key);
        say_text(" ", value, "");
        first = false;
    }
    if (!first)
        pf_cli_say("\n");
}

static void tell_columns(pf_cli_value columns) {
    pf_cli_value at = NULL, column;
    bool first = true;
    while ((column = pf_cli_json_next(columns, &at, NULL, NULL))) {
        char *name = pf_cli_json_text(pf_cli_json_member(column, "name"));
        char *type = pf_cli_json_text(pf_cli_json_member(column, "type"));
        char *widened = pf_cli_json_text(pf_cli_json_member(column, "widened"));
        pf_cli_say("%s%s %s", first ? "  Columns: " : ", ", name ? name : "", type ? type : "");
        if (widened && *widened)
            pf_cli_say(" (%s)", widened);
        first = false;
        free(name);
        free(type);
        free(widened);
    }
    if (!first)
        pf_cli_say("\n");
}

static void tell_work(pf_cli_value file) {
    char in[32], out[32];
    int64_t laps = pf_cli_json_int(pf_cli_json_member(file, "laps"), 1);
    if (laps > 1) {
        pf_cli_say("  Read %lld times: ", (long long)laps);
        say_text("", pf_cli_json_member(file, "restart"), "\n");
    } else {
        pf_cli_say("  Read once: every value is what the survey promised\n");
    }
    pf_cli_size(pf_cli_json_double(pf_cli_json_member(file, "bytes_in"), 0), in);
    pf_cli_size(pf_cli_json_double(pf_cli_json_member(file, "bytes_out"), 0), out);
    pf_cli_say("  Time: %.3f s, of it survey %.3f s; %s read, %s written\n",
               pf_cli_json_double(pf_cli_json_member(file, "seconds"), 0),
               pf_cli_json_double(pf_cli_json_member(file, "survey_seconds"), 0), in, out);
}

void pf_cli_tell_file(const struct pf_cli_args *args, pf_cli_value file) {
    char *status = pf_cli_json_text(pf_cli_json_member(file, "status"));
    if (status && strcmp(status, "ok") == 0) {
        pf_cli_value tables = pf_cli_json_member(file, "tables"), at = NULL, table;
        bool one_file = args->output || args->positional_count > 1;
        say_text("Input file: ", pf_cli_json_member(file, "input"), "");
        say_text(" (", pf_cli_json_member(file, "format"), ")\n");
        tell_facts(pf_cli_json_member(file, "facts"));
        say_text("Output format: ", pf_cli_json_member(file, "output_format"), "\n");
        while ((table = pf_cli_json_next(tables, &at, NULL, NULL))) {
            pf_cli_value output = pf_cli_json_member(table, "output");
            say_text(one_file ? "Output file: " : "Auto-generated output file: ",
                     output ? output : pf_cli_json_member(file, "output"), "\n");
            tell_columns(pf_cli_json_member(table, "columns"));
        }
        tell_work(file);
    }
    free(status);
}

/* Lists are joined by U+001F, which has been made visible with the other control characters. */
static void say_value(pf_cli_value value) {
    static const char separator[] = "\\x1F";
    char *text = pf_cli_json_text(value), *at = text, *next = text ? strstr(text, separator) : NULL;
    if (!next)
        say_text(" ", value, "");
    for (const char *before = " "; at && next; before = ", ") {
        pf_cli_say("%s%.*s", before, (int)(next - at), at);
        at = next + sizeof separator - 1;
        next = strstr(at, separator);
        if (!next)
            pf_cli_say(", %s", at);
    }
    free(text);
}

/* What PYFORGE_COMPAT=1 set goes through the same door as what a user says. */
static void say_by(const struct pf_cli_args *args, pf_cli_value option) {
    char *key = pf_cli_json_text(pf_cli_json_member(option, "key"));
    if (key && pf_cli_compat_set(args, key))
        pf_cli_say(" (PYFORGE_COMPAT)");
    else
        say_text(" (", pf_cli_json_member(option, "by"), ")");
    free(key);
}

void pf_cli_tell_options(const struct pf_cli_args *args, pf_cli_value result) {
    pf_cli_value options = pf_cli_json_member(result, "options"), at = NULL, option;
    bool first = true;
    while ((option = pf_cli_json_next(options, &at, NULL, NULL))) {
        pf_cli_say("%s", first ? "Options: " : ", ");
        say_text("", pf_cli_json_member(option, "key"), "");
        say_value(pf_cli_json_member(option, "value"));
        say_by(args, option);
        first = false;
    }
    pf_cli_say(first ? "Options: all as by default\n" : "; all others as by default\n");
}

void pf_cli_tell_notices(pf_cli_value notices) {
    pf_cli_value at = NULL, notice;
    while ((notice = pf_cli_json_next(notices, &at, NULL, NULL))) {
        char *kind = pf_cli_json_text(pf_cli_json_member(notice, "kind"));
        char *text = pf_cli_json_text(pf_cli_json_member(notice, "detail"));
        char *column = pf_cli_json_text(pf_cli_json_member(notice, "column"));
        int64_t count = pf_cli_json_int(pf_cli_json_member(notice, "count"), 1);
        int64_t row = pf_cli_json_int(pf_cli_json_member(notice, "row"), -1);
        char number[32];
        pf_cli_say("  %snotice%s: %s", pf_cli_ink(false, PF_INK_YELLOW), pf_cli_ink(false, PF_INK_PLAIN),
                   kind ? kind : "");
        if (count > 1)
            pf_cli_say(" (%s times)", pf_cli_number(count, number));
        if (column && *column)
            pf_cli_say(": column '%s'", column);
        if (row > 0)
            pf_cli_say(", row %s", pf_cli_number(row, number));
        if (text && *text)
            pf_cli_say(": %s", text);
        pf_cli_say("\n");
        free(kind);
        free(text);
        free(column);
    }
}
