/* grid_policy.c — room grid. The options of sheet readers and what they mean.    SPDX-License-Identifier: MIT
 * Knows: keys, choices, how lists are joined, patterns, where a password may come from.
 * Knows not: sheets, cells. */
#include "grid/grid_policy.h"

#include <string.h>

#include "base/env.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"
#include "grid/grid_reader.h"

#define OPTION(name, ...)                                                                                      \
    static const struct pf_option name = {.struct_size = sizeof(struct pf_option), __VA_ARGS__}

OPTION(sheet, .kind = PF_OPTION_LIST, .key = "sheet", .value_name = "NAME|N|PATTERN",
       .group = "Reading workbooks",
       .help = "Only these sheets, hidden ones too: a name, a number from 1, or a pattern with * and ?.");
OPTION(
    range, .kind = PF_OPTION_TEXT, .key = "range", .value_name = "B3:H900", .group = "Reading workbooks",
    .help =
        "Only these cells of each sheet; whole columns (B:H) and rows (3:900) too, or of one: Sheet!B3:H900.");
OPTION(table, .kind = PF_OPTION_LIST, .key = "table", .value_name = "NAME", .group = "Reading workbooks",
       .help = "Only this Excel table or defined name.");
OPTION(header, .kind = PF_OPTION_TEXT, .key = "header", .value_name = "auto|N|none", .fallback = "auto",
       .group = "Reading workbooks",
       .help = "How many rows make the header; none: every row is data, without a search for a preamble.");
OPTION(skip_rows, .kind = PF_OPTION_INTEGER, .key = "skip-rows", .value_name = "N",
       .group = "Reading workbooks",
       .help = "Rows to leave out before the header; without it a preamble is found out.");
OPTION(footer_rows, .kind = PF_OPTION_INTEGER, .key = "footer-rows", .value_name = "N",
       .group = "Reading workbooks",
       .help = "Rows to leave out at the end of each sheet; without it totals and notes are found out.");
OPTION(hidden, .kind = PF_OPTION_CHOICE, .key = "hidden", .value_name = "WHAT", .choices = "skip|include",
       .fallback = "skip", .group = "Reading workbooks", .help = "Whether hidden sheets become tables.");
OPTION(hidden_rows, .kind = PF_OPTION_CHOICE, .key = "hidden-rows", .value_name = "WHAT",
       .choices = "include|skip", .fallback = "include", .group = "Reading workbooks",
       .help = "Whether hidden rows, filtered ones too, are rows of the table.");
OPTION(hidden_columns, .kind = PF_OPTION_CHOICE, .key = "hidden-columns", .value_name = "WHAT",
       .choices = "include|skip", .fallback = "include", .group = "Reading workbooks",
       .help = "Whether hidden columns are columns of the table.");
OPTION(blank_rows, .kind = PF_OPTION_CHOICE, .key = "blank-rows", .value_name = "WHAT",
       .choices = "include|skip", .fallback = "include", .group = "Reading workbooks",
       .help =
           "Whether rows without a value, between others, are rows of the table; behind the last one none is.");
OPTION(merged, .kind = PF_OPTION_CHOICE, .key = "merged", .value_name = "WHAT", .choices = "first|fill",
       .fallback = "first", .group = "Reading workbooks",
       .help = "first leaves the value of merged cells where it stands, fill repeats it in all of them.");
OPTION(errors, .kind = PF_OPTION_CHOICE, .key = "errors", .value_name = "WHAT", .choices = "null|text|fail",
       .fallback = "null", .compat = "text", .group = "Reading workbooks",
       .help = "Error values such as #N/A: null them and count them, keep their text, or fail.");
OPTION(display, .kind = PF_OPTION_FLAG, .key = "display", .group = "Reading workbooks",
       .help =
           "Every column is text, numbers and dates as the workbook shows them: 12.5%, $1,234.50, 31-Jan-20. "
           "Without it they are numbers and dates, and their format is told beside them.");
OPTION(hyperlinks, .kind = PF_OPTION_CHOICE, .key = "hyperlinks", .value_name = "WHAT",
       .choices = "text|url|both", .fallback = "text", .group = "Reading workbooks",
       .help =
           "Cells with a link: their text, the address of the link instead, or both, the address in a column "
           "NAME_url behind the others.");
OPTION(text_numbers, .kind = PF_OPTION_FLAG, .key = "parse-text-numbers", .group = "Reading workbooks",
       .help =
           "Numbers that are stored as text are numbers, in columns where every value is one; a code such as "
           "00123 keeps its column text.");
OPTION(formulas, .kind = PF_OPTION_CHOICE, .key = "formulas", .value_name = "WHAT", .choices = "value|text",
       .fallback = "value", .group = "Reading workbooks",
       .help = "The stored values of formulas, or the formulas themselves.");
OPTION(password, .kind = PF_OPTION_TEXT, .key = "password", .value_name = "TEXT", .group = "Reading workbooks",
       .help =
           "The password of a locked workbook; PYFORGE_PASSWORD and --password-file do not show it to others.");
OPTION(password_file, .kind = PF_OPTION_TEXT, .key = "password-file", .value_name = "FILE",
       .group = "Reading workbooks", .help = "A file whose first line is the password.");
OPTION(max_expansion, .kind = PF_OPTION_INTEGER, .key = "max-expansion", .value_name = "N", .fallback = "500",
       .group = "Reading workbooks",
       .help =
           "Parts of a workbook that unpack to more than N times their size (and 64 MB) are refused; 0: none.");
OPTION(on_bad_cell, .kind = PF_OPTION_CHOICE, .key = "on-bad-cell", .value_name = "WHAT",
       .choices = "null|reject|fail", .fallback = "fail", .group = "Trouble",
       .help = "Cells that an imposed type cannot hold: null them, reject their row, or fail.");

const struct pf_option *const pf_grid_options[] = {
    &sheet,        &range,          &table,      &header,        &skip_rows,     &footer_rows, &hidden,
    &hidden_rows,  &hidden_columns, &blank_rows, &merged,        &errors,        &display,     &hyperlinks,
    &text_numbers, &formulas,       &password,   &password_file, &max_expansion, &on_bad_cell, NULL};

static const char *value_of(struct pf_host *host, const char *key) {
    return host->job_get ? host->job_get(host, key) : NULL;
}

static bool is_value(struct pf_host *host, const char *key, const char *value) {
    const char *given = value_of(host, key);
    return given && strcmp(given, value) == 0;
}

/* A copy, since a host may give the next value in the same place. */
static pf_status get(struct pf_host *host, const char *key, struct pf_arena *arena, const char **out,
                     struct pf_error *err) {
    const char *value = value_of(host, key);
    *out = value ? pf_arena_text(arena, value, strlen(value)) : NULL;
    return value && !*out ? pf_fail_memory(err, strlen(value) + 1) : PF_OK;
}

static pf_status get_number(struct pf_host *host, const char *key, int64_t most, int64_t *out,
                            struct pf_error *err) {
    const char *value = value_of(host, key);
    if (!value || (pf_parse_int64(value, strlen(value), out) && *out >= 0 && *out <= most))
        return PF_OK;
    return pf_fail(err, PF_ARGUMENT, "option '%s' cannot be '%.40s'; it is a number from 0 to %lld", key, value,
                   (long long)most);
}

static pf_status read_header(struct pf_host *host, struct pf_grid_wish *wish, struct pf_error *err) {
    int64_t rows = -1;
    if (is_value(host, "header", "none"))
        rows = 0;
    else if (!is_value(host, "header", "auto") &&
             get_number(host, "header", PF_GRID_HEADER_MOST, &rows, NULL) != PF_OK)
        return pf_fail(
            err, PF_ARGUMENT,
            "--header cannot be '%.40s'; it is auto, none, or how many rows the header has, up to %d "
            "(--skip-rows says what stands above it)",
            value_of(host, "header"), PF_GRID_HEADER_MOST);
    wish->header_rows = (int32_t)rows;
    return PF_OK;
}

/* The name in "'It''s me'!", as it is stored. */
static const char *sheet_of_range(struct pf_arena *arena, const char *text, size_t size) {
    bool quoted = size > 2 && text[0] == '\'' && text[size - 2] == '\'';
    char *name = pf_arena_take(arena, size);
    size_t used = 0;
    if (!name)
        return NULL;
    for (size_t i = quoted; i + 1 + quoted < size; i++) {
        name[used++] = text[i];
        i += quoted && text[i] == '\'' && text[i + 1] == '\'';
    }
    name[used] = 0;
    return name;
}

static pf_status read_range(struct pf_host *host, struct pf_arena *arena, struct pf_grid_policy *out,
                            struct pf_error *err) {
    const char *cells = value_of(host, "range"), *mark = cells ? strrchr(cells, '!') : NULL;
    out->range = (struct pf_grid_range){0, PF_GRID_ROWS - 1, 0, PF_GRID_COLUMNS - 1};
    out->has_range = cells != NULL;
    if (!cells)
        return PF_OK;
    if (out->tables)
        return pf_fail(err, PF_ARGUMENT,
                       "--range and --table both say which cells are meant; give one of them");
    if (mark && out->sheets)
        return pf_fail(err, PF_ARGUMENT, "--range '%.60s' names a sheet and so does --sheet; name it once",
                       cells);
    if (mark && !(out->sheets = sheet_of_range(arena, cells, (size_t)(mark + 1 - cells))))
        return pf_fail_memory(err, strlen(cells));
    mark = mark ? mark + 1 : cells;
    if (!pf_grid_range_parse(mark, strlen(mark), &out->range))
        return pf_fail(err, PF_ARGUMENT,
                       "--range cannot be '%.60s'; write it as B3:H900, B:H, 3:900 or Sheet!B3:H900, up to "
                       "column XFD and row %d",
                       cells, PF_GRID_ROWS);
    return PF_OK;
}

pf_status pf_grid_policy_read(struct pf_host *host, struct pf_arena *arena, struct pf_grid_policy *out,
                              struct pf_error *err) {
    *out = (struct pf_grid_policy){.host = host, .wish = {.skip_rows = -1}, .footer_rows = -1};
    PF_TRY(get(host, "sheet", arena, &out->sheets, err));
    PF_TRY(get(host, "table", arena, &out->tables, err));
    PF_TRY(read_header(host, &out->wish, err));
    PF_TRY(get_number(host, "skip-rows", PF_GRID_ROWS, &out->wish.skip_rows, err));
    PF_TRY(get_number(host, "footer-rows", PF_GRID_ROWS, &out->footer_rows, err));
    PF_TRY(read_range(host, arena, out, err));
    out->hidden = is_value(host, "hidden", "include");
    out->leave_rows = is_value(host, "hidden-rows", "skip");
    out->leave_columns = is_value(host, "hidden-columns", "skip");
    out->leave_blank = is_value(host, "blank-rows", "skip");
    out->fill_merged = is_value(host, "merged", "fill");
    out->links = is_value(host, "hyperlinks", "url")    ? PF_LINKS_URL
                 : is_value(host, "hyperlinks", "both") ? PF_LINKS_BOTH
                                                        : PF_LINKS_NONE;
    out->text_numbers = value_of(host, "parse-text-numbers") != NULL;
    out->formulas = is_value(host, "formulas", "text");
    out->python = is_value(host, "types", "python");
    out->display = value_of(host, "display") != NULL;
    out->text = out->python || out->display || is_value(host, "types", "text");
    out->errors = is_value(host, "errors", "text")   ? PF_GRID_TEXT
                  : is_value(host, "errors", "fail") ? PF_GRID_FAIL
                                                     : PF_GRID_NULL;
    out->on_bad_cell = is_value(host, "on-bad-cell", "null")     ? PF_GRID_NULL
                       : is_value(host, "on-bad-cell", "reject") ? PF_GRID_REJECT
                                                                 : PF_GRID_FAIL;
    return PF_OK;
}

/* ---- names ---- */

/* * is any text, ? any byte; ASCII letters ignore case. */
static bool matches(struct pf_text pattern, struct pf_text name) {
    size_t p = 0, n = 0, star = SIZE_MAX, mark = 0;
    while (n < name.size) {
        if (p < pattern.size && pattern.at[p] == '*') {
            star = p++;
            mark = n;
        } else if (p < pattern.size &&
                   (pattern.at[p] == '?' || pf_lower(pattern.at[p]) == pf_lower(name.at[n]))) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size && pattern.at[p] == '*')
        p++;
    return p == pattern.size;
}

static bool item_names(struct pf_text item, const char *name, int32_t number) {
    int64_t wanted;
    if (pf_text_same_nocase(item, pf_text_of(name)))
        return true;
    if (pf_parse_int64(item.at, item.size, &wanted) && item.at[0] != '-')
        return wanted == number;
    return matches(item, pf_text_of(name));
}

bool pf_grid_policy_names(const char *list, const char *name, int32_t number) {
    for (const char *at = list; at;) {
        const char *end = strchr(at, '\x1F');
        size_t size = end ? (size_t)(end - at) : strlen(at);
        if (item_names((struct pf_text){at, size}, name, number))
            return true;
        at = end ? end + 1 : NULL;
    }
    return false;
}

/* ---- the password ---- */

static pf_status copy_password(const char *text, size_t size, char **out, struct pf_error *err) {
    *out = pf_mem_text(text, size);
    return *out ? PF_OK : pf_fail_memory(err, size);
}

static pf_status read_password_file(const char *path, char **out, struct pf_error *err) {
    char line[1024];
    size_t got = 0;
    pf_file file = PF_FILE_CLOSED;
    PF_TRY(pf_file_open_read(path, &file, err));
    pf_status status = pf_file_read_at(file, 0, line, sizeof line, &got, path, err);
    pf_file_close(&file, path, NULL);
    PF_TRY(status);
    size_t size = 0;
    while (size < got && line[size] != '\n' && line[size] != '\r')
        size++;
    return copy_password(line, size, out, err);
}

pf_status pf_grid_password(struct pf_host *host, char **out, struct pf_error *err) {
    const char *given = value_of(host, "password");
    *out = NULL;
    if (given)
        return copy_password(given, strlen(given), out, err);
    given = value_of(host, "password-file");
    if (given)
        return read_password_file(given, out, err);
    given = pf_env("PYFORGE_PASSWORD");
    return given ? copy_password(given, strlen(given), out, err) : PF_OK;
}

int64_t pf_grid_max_expansion(struct pf_host *host) {
    const char *given = value_of(host, "max-expansion");
    int64_t times = 0;
    return given && pf_parse_int64(given, strlen(given), &times) && times > 0 ? times : 0;
}
