/* csv_policy.c — room read/csv. The options of the CSV reader and what they mean. SPDX-License-Identifier: MIT
 * Knows: keys, choices, how lists are joined.
 * Knows not: bytes, cells.                                  Format: docs/formats/csv.md §Options */
#include "read/csv/csv_policy.h"

#include <string.h>

#include "base/error.h"
#include "base/number.h"

#define MOST_HEADER 100 /* records */

#define OPTION(name, ...)                                                                                      \
    static const struct pf_option name = {.struct_size = sizeof(struct pf_option), __VA_ARGS__}

OPTION(delimiter, .kind = PF_OPTION_TEXT, .key = "delimiter", .value_name = "TEXT", .group = "Reading CSV",
       .help = "What separates cells: one or several characters, tab, or whitespace; without it found out.");
OPTION(quote, .kind = PF_OPTION_TEXT, .key = "quote", .value_name = "CHAR", .group = "Reading CSV",
       .help = "The quote, or none; without it found out.");
OPTION(escape, .kind = PF_OPTION_TEXT, .key = "escape", .value_name = "CHAR", .group = "Reading CSV",
       .help = "The character that takes the meaning from the next one, or none; without it found out.");
OPTION(comment, .kind = PF_OPTION_TEXT, .key = "comment", .value_name = "CHAR", .group = "Reading CSV",
       .help = "Lines that begin with it are left out, or none; without it found out.");
OPTION(encoding, .kind = PF_OPTION_TEXT, .key = "encoding", .value_name = "NAME", .group = "Reading CSV",
       .help = "The encoding, such as utf-8, cp1252, utf-16le, gb18030; without it found out.");
OPTION(header, .kind = PF_OPTION_TEXT, .key = "header", .value_name = "auto|N|none", .fallback = "auto",
       .group = "Reading CSV",
       .help = "How many records make the header; none: every record but comments is data, without a search "
               "for preamble, footer or tables.");
OPTION(skip_rows, .kind = PF_OPTION_INTEGER, .key = "skip-rows", .value_name = "N", .group = "Reading CSV",
       .help = "Lines to leave out before the header; without it a preamble is found out.");
OPTION(null_values, .kind = PF_OPTION_LIST, .key = "null-values", .value_name = "TEXT|COL=TEXT",
       .group = "Types", .help = "A text that means null, everywhere or in one column, beside the empty cell.");
OPTION(decimal_comma, .kind = PF_OPTION_CHOICE, .key = "decimal-comma", .value_name = "HOW",
       .choices = "auto|yes|no", .fallback = "auto", .group = "Types",
       .help = "Whether numbers are written 3,14.");
OPTION(thousands, .kind = PF_OPTION_TEXT, .key = "thousands", .value_name = "CHAR", .group = "Types",
       .help = "The character between groups of three digits, or none; without it found out.");
OPTION(decimal, .kind = PF_OPTION_CHOICE, .key = "decimal", .value_name = "HOW", .choices = "double|infer",
       .fallback = "double", .group = "Types",
       .help = "infer makes decimals of numbers with a fixed number of digits, where double is usual.");
OPTION(dates, .kind = PF_OPTION_CHOICE, .key = "dates", .value_name = "ORDER",
       .choices = "auto|iso|dmy|mdy|text", .fallback = "auto", .group = "Types",
       .help = "The order of day and month in dates like 03/04/2021; auto takes what all values of the column "
               "prove, text leaves dates as they are spelled.");
OPTION(on_bad_row, .kind = PF_OPTION_CHOICE, .key = "on-bad-row", .value_name = "WHAT",
       .choices = "keep|reject|fail", .fallback = "keep", .group = "Trouble",
       .help = "Rows with too few or too many cells or a quote without end: keep pads them with null and gives "
               "further cells columns of their own.");
OPTION(on_bad_cell, .kind = PF_OPTION_CHOICE, .key = "on-bad-cell", .value_name = "WHAT",
       .choices = "null|reject|fail", .fallback = "fail", .group = "Trouble",
       .help = "Cells that an imposed type cannot hold: null them, reject their row, or fail.");
OPTION(on_bad_bytes, .kind = PF_OPTION_CHOICE, .key = "on-bad-bytes", .value_name = "WHAT",
       .choices = "replace|reject|fail", .fallback = "replace", .group = "Trouble",
       .help = "Bytes that the encoding does not know: replace them by U+FFFD, reject their row, or fail.");
OPTION(nul, .kind = PF_OPTION_CHOICE, .key = "nul", .value_name = "WHAT", .choices = "keep|strip",
       .fallback = "keep", .group = "Trouble",
       .help = "NUL characters: keep them in the values or strip them.");

const struct pf_option *const pf_csv_options[] = {
    &delimiter,  &quote,       &escape,        &comment,   &encoding, &header,
    &skip_rows,  &null_values, &decimal_comma, &thousands, &decimal,  &dates,
    &on_bad_row, &on_bad_cell, &on_bad_bytes,  &nul,       NULL};

/* A copy, since a host may give the next value in the same place. */
static pf_status get(struct pf_host *host, const char *key, struct pf_arena *arena, const char **out,
                     struct pf_error *err) {
    const char *value = host->job_get ? host->job_get(host, key) : NULL;
    *out = NULL;
    if (!value)
        return PF_OK;
    *out = pf_arena_text(arena, value, strlen(value));
    return *out ? PF_OK : pf_fail_memory(err, strlen(value) + 1);
}

/* "none" is the empty text. */
static pf_status get_sign(struct pf_host *host, const char *key, struct pf_arena *arena, const char **out,
                          struct pf_error *err) {
    PF_TRY(get(host, key, arena, out, err));
    if (*out && strcmp(*out, "none") == 0)
        *out = "";
    return PF_OK;
}

/* The place of the value among "a|b|c"; first when there is none. */
static pf_status get_choice(struct pf_host *host, const char *key, const char *choices, int8_t *out,
                            struct pf_error *err) {
    const char *value = host->job_get ? host->job_get(host, key) : NULL;
    *out = 0;
    if (!value)
        return PF_OK;
    size_t size = strlen(value);
    for (const char *at = choices; at; at = strchr(at, '|'), at = at ? at + 1 : NULL, (*out)++)
        if (strncmp(at, value, size) == 0 && (at[size] == '|' || at[size] == 0))
            return PF_OK;
    return pf_fail(err, PF_ARGUMENT, "option '%s' cannot be '%.40s'; it is one of %s", key, value, choices);
}

static pf_status get_number(struct pf_host *host, const char *key, int64_t most, int64_t *out,
                            struct pf_error *err) {
    const char *value = host->job_get ? host->job_get(host, key) : NULL;
    if (!value)
        return PF_OK;
    if (pf_parse_int64(value, strlen(value), out) && *out >= 0 && *out <= most)
        return PF_OK;
    return pf_fail(err, PF_ARGUMENT, "option '%s' cannot be '%.40s'; it is a number from 0 to %lld", key, value,
                   (long long)most);
}

static pf_status read_header(struct pf_host *host, struct pf_csv_policy *out, struct pf_error *err) {
    const char *value = host->job_get ? host->job_get(host, "header") : NULL;
    int64_t rows = -1;
    if (value && strcmp(value, "none") == 0)
        rows = 0;
    else if (value && strcmp(value, "auto") != 0 &&
             (!pf_parse_int64(value, strlen(value), &rows) || rows < 0 || rows > MOST_HEADER))
        return pf_fail(err, PF_ARGUMENT, "--header cannot be '%.40s'; give auto, none or a number from 0 to %d",
                       value, MOST_HEADER);
    out->wish.header = (int32_t)rows;
    return PF_OK;
}

static pf_status read_nulls(struct pf_host *host, struct pf_arena *arena, struct pf_csv_policy *out,
                            struct pf_error *err) {
    const char *list;
    PF_TRY(get(host, "null-values", arena, &list, err));
    if (!list)
        return PF_OK;
    size_t most = 1;
    for (const char *c = list; *c; c++)
        most += *c == '\x1F';
    out->nulls = pf_arena_take(arena, most * sizeof *out->nulls);
    if (!out->nulls)
        return pf_fail_memory(err, most * sizeof *out->nulls);
    for (const char *at = list; at;) {
        const char *end = strchr(at, '\x1F');
        size_t size = end ? (size_t)(end - at) : strlen(at);
        out->nulls[out->null_count++] = (struct pf_csv_null){NULL, {at, size}};
        at = end ? end + 1 : NULL;
    }
    return PF_OK;
}

static pf_status check_thousands(const struct pf_csv_policy *policy, struct pf_error *err) {
    static const char signs[] = ".,' _";
    const char *sign = policy->thousands;
    if (sign && (strlen(sign) > 1 || (*sign && !strchr(signs, *sign))))
        return pf_fail(err, PF_ARGUMENT, "--thousands cannot be '%.40s'; give one of %s or none", sign,
                       ". , ' _ and a blank,");
    int32_t comma = policy->wish.decimal_comma;
    if (sign && ((comma > 0 && *sign == ',') || (comma == 0 && *sign == '.')))
        return pf_fail(
            err, PF_ARGUMENT,
            "--thousands '%s' is the decimal sign of --decimal-comma %s; give another --thousands or "
            "--decimal-comma %s",
            sign, comma ? "yes" : "no", comma ? "no" : "yes");
    return PF_OK;
}

pf_status pf_csv_policy_read(struct pf_host *host, const char *suffix, struct pf_arena *arena,
                             struct pf_csv_policy *out, struct pf_error *err) {
    struct pf_csv_wish *wish = &out->wish;
    int8_t choice;
    int64_t block = 0, head = 0;
    memset(out, 0, sizeof *out);
    wish->skip_rows = -1;
    PF_TRY(get(host, "delimiter", arena, &wish->delimiter, err));
    if (wish->delimiter && !wish->delimiter[0])
        return pf_fail(err, PF_ARGUMENT,
                       "--delimiter is empty; give what separates cells, or none for one column");
    PF_TRY(get_sign(host, "delimiter", arena, &wish->delimiter, err));
    PF_TRY(get_sign(host, "quote", arena, &wish->quote, err));
    PF_TRY(get_sign(host, "escape", arena, &wish->escape, err));
    PF_TRY(get_sign(host, "comment", arena, &wish->comment, err));
    PF_TRY(get(host, "encoding", arena, &wish->encoding, err));
    PF_TRY(get_sign(host, "thousands", arena, &out->thousands, err));
    PF_TRY(get_number(host, "skip-rows", INT32_MAX, &wish->skip_rows, err));
    PF_TRY(read_header(host, out, err));
    PF_TRY(get_choice(host, "decimal-comma", "auto|no|yes", &choice, err));
    wish->decimal_comma = choice - 1;
    wish->suffix = suffix;
    PF_TRY(get_choice(host, "on-bad-row", "keep|reject|fail", &out->on_bad_row, err));
    PF_TRY(get_choice(host, "on-bad-cell", "null|reject|fail", &out->on_bad_cell, err));
    if (!host->job_get || !host->job_get(host, "on-bad-cell"))
        out->on_bad_cell = PF_CSV_FAIL;
    PF_TRY(get_choice(host, "on-bad-bytes", "replace|reject|fail", &out->on_bad_bytes, err));
    PF_TRY(get_choice(host, "dates", "auto|iso|dmy|mdy|text", &out->dates, err));
    PF_TRY(get_choice(host, "decimal", "double|infer", &choice, err));
    out->decimal_infer = choice == 1;
    PF_TRY(get_choice(host, "nul", "keep|strip", &choice, err));
    out->strip_nul = choice == 1;
    const char *types = host->job_get ? host->job_get(host, "types") : NULL;
    out->text = types && (strcmp(types, "text") == 0 || strcmp(types, "python") == 0);
    PF_TRY(check_thousands(out, err));
    PF_TRY(get_number(host, "csv-block-bytes", 1 << 30, &block, err)); /* in no table: for tests */
    PF_TRY(get_number(host, "csv-head-bytes", 1 << 20, &head, err));
    out->block_bytes = (size_t)block;
    out->head_bytes = (size_t)head;
    return read_nulls(host, arena, out, err);
}

pf_status pf_csv_policy_rules(const struct pf_csv_policy *policy, const struct pf_csv_dialect *dialect,
                              const char *column, struct pf_arena *arena, struct pf_rules *out,
                              struct pf_error *err) {
    *out = (struct pf_rules){.point = dialect->point ? dialect->point : '.',
                             .thousands = policy->thousands ? policy->thousands[0] : dialect->thousands,
                             .dates = policy->dates,
                             .decimal_infer = policy->decimal_infer};
    if (out->thousands == out->point)
        out->thousands = 0;
    if (!policy->null_count)
        return PF_OK;
    struct pf_text *nulls = pf_arena_take(arena, policy->null_count * sizeof *nulls);
    if (!nulls)
        return pf_fail_memory(err, policy->null_count * sizeof *nulls);
    for (size_t i = 0; i < policy->null_count; i++)
        if (!policy->nulls[i].column || (column && strcmp(policy->nulls[i].column, column) == 0))
            nulls[out->null_count++] = policy->nulls[i].text;
    out->nulls = nulls;
    return PF_OK;
}

void pf_csv_policy_bind(struct pf_csv_policy *policy, const char *const *names, size_t count) {
    for (size_t i = 0; i < policy->null_count; i++) {
        struct pf_csv_null *null = &policy->nulls[i];
        const char *equals = null->column ? NULL : memchr(null->text.at, '=', null->text.size);
        size_t size = equals ? (size_t)(equals - null->text.at) : 0;
        for (size_t k = 0; equals && k < count; k++)
            if (strlen(names[k]) == size && memcmp(names[k], null->text.at, size) == 0) {
                null->column = names[k];
                null->text = (struct pf_text){equals + 1, null->text.size - size - 1};
                break;
            }
    }
}
