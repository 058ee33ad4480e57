/* run_options.c — room run. The one table of global options, and the check of values.
 * SPDX-License-Identifier: MIT
 * Knows: keys, kinds, choices, defaults, nearest names.
 * Knows not: what a job does with them. */
#include "run/run_options.h"

#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "run/run_nearest.h"

#define OPTION(name, ...)                                                                                      \
    static const struct pf_option name = {.struct_size = sizeof(struct pf_option), __VA_ARGS__}

/* ---- Output ---- */
OPTION(format, .kind = PF_OPTION_TEXT, .key = "format", .value_name = "NAME", .group = "Output",
       .short_name = 'f',
       .help = "Output format, parquet or csv; without it the output's suffix decides, else parquet. "
               "--to is the same.");
OPTION(force, .kind = PF_OPTION_FLAG, .key = "force", .group = "Output",
       .help = "Replace an output that is there already, if it is a file of the output format.");
OPTION(combine, .kind = PF_OPTION_FLAG, .key = "combine", .group = "Output",
       .help = "Make one table of all inputs and all their sheets, columns matched by name; sheets are told by "
               "a column "
               "sheet_name.");
OPTION(combine_sheets, .kind = PF_OPTION_CHOICE, .key = "combine-sheets", .value_name = "WHICH",
       .choices = "none|equal", .fallback = "none", .compat = "equal", .group = "Output",
       .help =
           "equal makes one table of the sheets of a workbook whose columns have the same names, called as the "
           "workbook; the others are tables of their own. --separate goes before it.");
OPTION(separate, .kind = PF_OPTION_FLAG, .key = "separate", .group = "Output",
       .help = "Make one output of each table, whatever --combine says.");
OPTION(schema_mode, .kind = PF_OPTION_CHOICE, .key = "schema-mode", .value_name = "MODE",
       .choices = "strict|add|widen|union", .fallback = "widen", .group = "Output",
       .help = "With --combine: strict demands the same columns and types, add lets new columns come, widen "
               "lets types widen without loss, union allows all of it and missing columns too.");
OPTION(source_file, .kind = PF_OPTION_FLAG, .key = "source-file", .group = "Output",
       .help = "Add a column source_file with the input's name.");
OPTION(sync, .kind = PF_OPTION_FLAG, .key = "sync", .group = "Output",
       .help = "Wait until the output is on the disk.");

OPTION(
    stage, .kind = PF_OPTION_CHOICE, .key = "stage", .value_name = "WHEN", .choices = "auto|never",
    .fallback = "auto", .group = "Output",
    .help =
        "auto lets the output wait in a temporary file where the place it goes to cannot rename; never writes "
        "there directly.");

/* ---- Columns ---- */
OPTION(columns, .kind = PF_OPTION_LIST, .key = "columns", .value_name = "LIST", .group = "Columns",
       .help = "Only these columns, in this order: names, numbers from 1, letters (B:D), patterns (price_*), "
               "separated by commas.");
OPTION(exclude, .kind = PF_OPTION_LIST, .key = "exclude", .value_name = "LIST", .group = "Columns",
       .help = "Leave these columns out; written as for --columns.");
OPTION(rename_, .kind = PF_OPTION_LIST, .key = "rename", .value_name = "OLD=NEW", .group = "Columns",
       .help = "Give a column another name; several may stand with commas between, also swaps.");
OPTION(names, .kind = PF_OPTION_CHOICE, .key = "names", .value_name = "RULE", .choices = "keep|sanitise|pandas",
       .fallback = "keep", .compat = "pandas", .group = "Columns",
       .help = "keep leaves column names as they are but unique; sanitise replaces what catalogs refuse "
               "(blanks , ; { } ( ) =) by _; pandas is keep, but a second 'a' is 'a.1', and columns without a "
               "name are "
               "'Unnamed: 0', or 'Column_1' where none has one.");
OPTION(limit, .kind = PF_OPTION_INTEGER, .key = "limit", .value_name = "N", .group = "Columns",
       .help = "Take only the first N rows of each table.");

/* ---- Types ---- */
OPTION(
    types, .kind = PF_OPTION_CHOICE, .key = "types", .value_name = "HOW", .choices = "exact|survey|text|python",
    .fallback = "exact", .compat = "python", .group = "Types",
    .help =
        "exact proves the types on every value, survey trusts a sample and fails where it does not hold, "
        "text leaves every value as it is spelled; python is text, but empty cells are empty texts, and dates "
        "and truth of workbooks are spelled as Python does: 2024-05-17T00:00:00, True.");
OPTION(type, .kind = PF_OPTION_LIST, .key = "type", .value_name = "COL=TYPE", .group = "Types",
       .help = "Impose a type on a column; *=text for all others.");
OPTION(schema, .kind = PF_OPTION_TEXT, .key = "schema", .value_name = "FILE", .group = "Types",
       .help = "Read as this schema file says (made by pyforge schema).");

/* ---- Trouble ---- */
OPTION(rejects, .kind = PF_OPTION_TEXT, .key = "rejects", .value_name = "FILE", .group = "Trouble",
       .help = "Where refused rows go, .csv or .parquet; without it to OUTPUT.rejects.csv when there are any.");
OPTION(max_rejects, .kind = PF_OPTION_INTEGER, .key = "max-rejects", .value_name = "N", .group = "Trouble",
       .help = "End with exit code 3 when more than N rows were rejected.");
OPTION(max_notices, .kind = PF_OPTION_INTEGER, .key = "max-notices", .value_name = "N", .group = "Trouble",
       .help = "End with exit code 3 when there were more than N notices.");

/* ---- Machine ---- */
OPTION(threads, .kind = PF_OPTION_INTEGER, .key = "threads", .value_name = "N", .group = "Machine",
       .help = "How many threads work; without it as many as the machine allows.");
OPTION(memory_limit, .kind = PF_OPTION_SIZE, .key = "memory-limit", .value_name = "SIZE",
       .fallback = "1073741824", .group = "Machine",
       .help = "Memory the job may plan with (K, M, G are understood).");
OPTION(temp_dir, .kind = PF_OPTION_TEXT, .key = "temp-dir", .value_name = "DIR", .group = "Machine",
       .help = "Where temporary files go; without it PYFORGE_TEMP_DIR, TMPDIR or /tmp.");
OPTION(temp_limit, .kind = PF_OPTION_SIZE, .key = "temp-limit", .value_name = "SIZE", .group = "Machine",
       .help = "Most bytes of temporary files; without it half of the free space.");
OPTION(no_spill, .kind = PF_OPTION_FLAG, .key = "no-spill", .group = "Machine",
       .help = "Keep no copy of an input that can be read only once; a value that the sample did not show then "
               "is an error.");

const struct pf_option *const pf_run_options[] = {
    &format,       &force,    &combine,    &combine_sheets, &separate,    &schema_mode, &source_file,
    &sync,         &stage,    &columns,    &exclude,        &rename_,     &names,       &limit,
    &types,        &type,     &schema,     &rejects,        &max_rejects, &max_notices, &threads,
    &memory_limit, &temp_dir, &temp_limit, &no_spill,       NULL};

const char *pf_option_key(const char *key) { return strcmp(key, "to") == 0 ? "format" : key; }

const struct pf_option *pf_option_in(const struct pf_option *const *options, const char *key) {
    for (; options && *options; options++)
        if (strcmp((*options)->key, key) == 0)
            return *options;
    return NULL;
}

/* The CLI and other doors have their own word for the output, so it stands in no list; it is a value of the job
 * like every option. */
static const struct pf_option output_option = {.struct_size = sizeof(struct pf_option),
                                               .kind = PF_OPTION_TEXT,
                                               .key = "output",
                                               .value_name = "PATH",
                                               .group = "Output",
                                               .help = "Output file, or a directory."};

const struct pf_option *pf_option_find(const pf_registry *registry, const char *key, size_t nth) {
    const struct pf_option *option = pf_option_in(pf_run_options, key);
    if (strcmp(key, output_option.key) == 0)
        option = &output_option;
    if (option && nth-- == 0)
        return option;
    const struct pf_reader *reader;
    for (size_t i = 0; (reader = pf_registry_reader_at(registry, i, NULL)); i++)
        if ((option = pf_option_in(reader->options, key)) && nth-- == 0)
            return option;
    const struct pf_writer *writer;
    for (size_t i = 0; (writer = pf_registry_writer_at(registry, i, NULL)); i++)
        if ((option = pf_option_in(writer->options, key)) && nth-- == 0)
            return option;
    return NULL;
}

static void offer_all(struct pf_nearest *nearest, const struct pf_option *const *options) {
    for (; options && *options; options++)
        pf_nearest_offer(nearest, (*options)->key);
}

pf_status pf_option_unknown(const pf_registry *registry, const char *key, struct pf_error *err) {
    struct pf_nearest nearest;
    pf_nearest_start(&nearest, key);
    offer_all(&nearest, pf_run_options);
    const struct pf_reader *reader;
    for (size_t i = 0; (reader = pf_registry_reader_at(registry, i, NULL)); i++)
        offer_all(&nearest, reader->options);
    const struct pf_writer *writer;
    for (size_t i = 0; (writer = pf_registry_writer_at(registry, i, NULL)); i++)
        offer_all(&nearest, writer->options);
    if (pf_nearest_name(&nearest))
        return pf_fail(err, PF_ARGUMENT, "there is no option '%.80s'; did you mean '%s'?", key,
                       pf_nearest_name(&nearest));
    return pf_fail(err, PF_ARGUMENT, "there is no option '%.80s'; 'pyforge help convert' lists them", key);
}

/* ---- values ---- */

static pf_status give(const char *text, size_t size, char **out, struct pf_error *err) {
    *out = pf_mem_text(text, size);
    return *out ? PF_OK : pf_fail_memory(err, size);
}

static bool is_one_of(const char *value, const char *words) {
    struct pf_text wanted = pf_text_of(value);
    while (*words) {
        size_t size = strcspn(words, "|");
        if (pf_text_same_nocase(wanted, (struct pf_text){words, size}))
            return true;
        words += size + (words[size] == '|');
    }
    return false;
}

static pf_status check_flag(const struct pf_option *option, const char *value, char **out,
                            struct pf_error *err) {
    if (!value[0] || is_one_of(value, "1|true|yes|on"))
        return give("1", 1, out, err);
    if (is_one_of(value, "0|false|no|off"))
        return give("0", 1, out, err);
    return pf_fail(err, PF_ARGUMENT, "--%s is a flag and takes no value '%.60s'; give it alone", option->key,
                   value);
}

static pf_status give_number(int64_t number, char **out, struct pf_error *err) {
    char digits[20];
    return give(digits, pf_print_int64(number, digits), out, err);
}

static pf_status check_integer(const struct pf_option *option, const char *value, char **out,
                               struct pf_error *err) {
    int64_t number;
    /* Formats may have options below zero (a fast compression level); the global ones are all counts. */
    bool count = pf_option_in(pf_run_options, option->key) != NULL;
    if (!pf_parse_int64(value, strlen(value), &number) || (count && number < 0))
        return pf_fail(err, PF_ARGUMENT, "--%s wants a whole number, not '%.60s'", option->key, value);
    return give_number(number, out, err);
}

static pf_status check_size(const struct pf_option *option, const char *value, char **out,
                            struct pf_error *err) {
    size_t digits = strspn(value, "0123456789");
    struct pf_text unit = pf_text_of(value + digits);
    int shift = 0;
    if (unit.size > 1 && pf_lower(unit.at[unit.size - 1]) == 'b')
        unit.size--;
    if (unit.size > 1 && pf_lower(unit.at[unit.size - 1]) == 'i')
        unit.size--;
    if (unit.size == 1)
        switch (pf_lower(unit.at[0])) {
        case 'k': shift = 10; break;
        case 'm': shift = 20; break;
        case 'g': shift = 30; break;
        case 't': shift = 40; break;
        default: shift = pf_lower(unit.at[0]) == 'b' ? 0 : -1;
        }
    int64_t number;
    if (unit.size > 1 || shift < 0 || !pf_parse_int64(value, digits, &number) || number > INT64_MAX >> shift)
        return pf_fail(err, PF_ARGUMENT, "--%s wants a size such as 64M or 2G, not '%.60s'", option->key,
                       value);
    return give_number(number << shift, out, err);
}

static pf_status check_choice(const struct pf_option *option, const char *value, char **out,
                              struct pf_error *err) {
    struct pf_text wanted = pf_text_of(value);
    for (const char *word = option->choices; *word;) {
        size_t size = strcspn(word, "|");
        if (pf_text_same_nocase(wanted, (struct pf_text){word, size}))
            return give(word, size, out, err);
        word += size + (word[size] == '|');
    }
    return pf_fail(err, PF_ARGUMENT, "--%s does not know '%.60s'; it takes %s", option->key, value,
                   option->choices);
}

static pf_status check_format(const pf_registry *registry, const char *value, char **out,
                              struct pf_error *err) {
    char known[200];
    size_t used = 0;
    const struct pf_writer *writer;
    for (size_t i = 0; (writer = pf_registry_writer_at(registry, i, NULL)); i++) {
        size_t size = strlen(writer->name);
        if (pf_text_same_nocase(pf_text_of(writer->name), pf_text_of(value)))
            return give(writer->name, size, out, err);
        if (used + size + 3 < sizeof known) {
            if (used)
                memcpy(known + used, ", ", 2), used += 2;
            memcpy(known + used, writer->name, size);
            used += size;
        }
    }
    known[used] = 0;
    return pf_fail(err, PF_ARGUMENT, "there is no output format '%.60s'; take one of %s", value, known);
}

pf_status pf_option_check(const pf_registry *registry, const struct pf_option *option, const char *value,
                          char **out, struct pf_error *err) {
    size_t size = strlen(value);
    if (size > PF_CEIL_OPTION_BYTES)
        return pf_fail(err, PF_LIMIT, "the value of --%s is longer than %u bytes; shorten it", option->key,
                       PF_CEIL_OPTION_BYTES);
    if (option == &format)
        return check_format(registry, value, out, err);
    switch (option->kind) {
    case PF_OPTION_FLAG: return check_flag(option, value, out, err);
    case PF_OPTION_INTEGER: return check_integer(option, value, out, err);
    case PF_OPTION_SIZE: return check_size(option, value, out, err);
    case PF_OPTION_CHOICE: return check_choice(option, value, out, err);
    default: return give(value, size, out, err);
    }
}

bool pf_list_next(const char **list, struct pf_text *item) {
    if (!*list)
        return false;
    const char *end = strchr(*list, PF_LIST_SEPARATOR);
    *item = (struct pf_text){*list, end ? (size_t)(end - *list) : strlen(*list)};
    *list = end ? end + 1 : NULL;
    return true;
}
