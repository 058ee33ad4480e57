/* dbx_runtime.c — room extensions/databricks. Versions of runtimes and serverless environments.
 * SPDX-License-Identifier: MIT
 * Knows: the forms of version texts, which runtime holds which Spark, Python and Delta.
 * Knows not: where a version text comes from. */
#include "dbx_runtime.h"

#include <string.h>

/* From here on a number behind "client." names a runtime, as a Scala version behind it does; environment versions are far
 * below. */
#define RUNTIMES_FROM 13

static bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
static char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte; }

/* Up to four digits; the text behind them, or NULL when there are none or too many. */
static const char *read_number(const char *text, int32_t *out) {
    int32_t value = 0;
    size_t count = 0;
    for (; is_digit(text[count]); count++) {
        if (count == 4)
            return NULL;
        value = value * 10 + (text[count] - '0');
    }
    if (!count)
        return NULL;
    *out = value;
    return text + count;
}

/* ".NUMBER": *out −1 and text where it stands when another thing follows (".x"). */
static const char *read_next(const char *text, int32_t *out) {
    *out = -1;
    if (text[0] != '.')
        return text;
    const char *behind = read_number(text + 1, out);
    return behind ? behind : text;
}

/* The size of text's beginning when it is word, ignoring case; else 0. */
static size_t size_of_word(const char *text, const char *word) {
    size_t size = strlen(word);
    for (size_t i = 0; i < size; i++)
        if (lower(text[i]) != word[i]) /* stops at the end of text too */
            return 0;
    return size;
}

/* A tag is a word between hyphens. */
static bool has_tag(const char *text, const char *tag) {
    for (; *text; text++) {
        size_t size = *text == '-' ? size_of_word(text + 1, tag) : 0;
        if (size && (!text[1 + size] || strchr("- ./", text[1 + size])))
            return true;
    }
    return false;
}

static void read_scala(const char *text, char out[8]) {
    size_t size = 0;
    for (; *text; text++) {
        size_t word = *text == '-' ? size_of_word(text + 1, "scala") : 0;
        if (!word)
            continue;
        for (text += 1 + word; size < 7 && (is_digit(*text) || *text == '.'); text++)
            out[size++] = *text;
        break;
    }
    out[size] = 0;
}

static const char *skip_blanks(const char *text) {
    while (*text == ' ' || *text == '\t')
        text++;
    return text;
}

/* Serverless environments carry the libraries of a runtime: that of their Databricks Connect. The engine behind them is a
 * service and has its own Delta. */
struct environment {
    int32_t major;
    int32_t minor;
    struct pf_dbx_contents contents;
};
static const struct environment environments[] = {
    {14, 3, {.spark = "3.5.0", .python = "3.10.12"}}, {15, 4, {.spark = "3.5.0", .python = "3.11.10"}},
    {16, 4, {.spark = "3.5.2", .python = "3.12.3"}},  {17, 3, {.spark = "4.0.0", .python = "3.12.3"}},
    {18, -1, {.spark = "4.1.0", .python = "3.12.3"}}, {19, -1, {.spark = "4.2.0", .python = "3.12"}},
};

static const struct environment *environment_of(const struct pf_dbx_runtime *runtime) {
    int32_t count = (int32_t)(sizeof environments / sizeof environments[0]);
    int32_t number = runtime->environment;
    return number >= 1 && number <= count ? &environments[number - 1] : NULL;
}

void pf_dbx_runtime_know_environment(struct pf_dbx_runtime *runtime) {
    const struct environment *environment = environment_of(runtime);
    if (!environment || runtime->major)
        return;
    runtime->major = environment->major;
    runtime->minor = environment->minor;
}

bool pf_dbx_runtime_parse(const char *text, struct pf_dbx_runtime *out) {
    *out = (struct pf_dbx_runtime){.minor = -1, .patch = -1, .build = -1};
    if (!text)
        return false;
    text = skip_blanks(text);
    int32_t first, second;
    size_t client = size_of_word(text, "client.");
    const char *behind = read_number(text + client, &first);
    /* "15abc" is no version, and an address begins with numbers too but has four of them. */
    if (!behind || first == 0 || (*behind && !strchr(". -/+\t\r\n", *behind)))
        return false;
    behind = read_next(behind, &second);
    out->kind = client ? PF_DBX_SERVERLESS : PF_DBX_CLASSIC;
    read_scala(behind, out->scala);
    if (client && first < RUNTIMES_FROM && !out->scala[0]) {
        out->environment = first;
        out->build = second;
        pf_dbx_runtime_know_environment(out);
    } else {
        out->major = first;
        out->minor = second;
        if (second >= 0)
            behind = read_next(behind, &out->patch);
    }
    if (has_tag(behind, "serverless"))
        out->kind = PF_DBX_SERVERLESS;
    out->ml = has_tag(behind, "ml");
    out->gpu = has_tag(behind, "gpu");
    out->photon = has_tag(behind, "photon");
    return true;
}

/* What is not said on one side makes no difference. */
static int compare_numbers(int32_t a, int32_t b) { return a < 0 || b < 0 ? 0 : (a > b) - (a < b); }

bool pf_dbx_runtime_compare(const struct pf_dbx_runtime *a, const struct pf_dbx_runtime *b, int *order) {
    *order = 0;
    if (a->environment && b->environment) {
        *order = compare_numbers(a->environment, b->environment);
        if (*order == 0)
            *order = compare_numbers(a->build, b->build);
        return true;
    }
    if (!a->major || !b->major)
        return false;
    *order = compare_numbers(a->major, b->major);
    if (*order == 0)
        *order = compare_numbers(a->minor, b->minor);
    if (*order == 0 && a->minor >= 0 && b->minor >= 0)
        *order = compare_numbers(a->patch, b->patch);
    return true;
}

int32_t pf_dbx_runtime_reaches(const struct pf_dbx_runtime *runtime, int32_t major, int32_t minor) {
    if (!runtime->major)
        return -1;
    if (runtime->major != major)
        return runtime->major > major;
    if (runtime->minor < 0)
        return minor == 0 ? 1 : -1;
    return runtime->minor >= minor;
}

/* Versions as the release notes give them; docs/databricks.md lists them with their sources. */
struct release {
    int32_t major;
    int32_t from; /* minor */
    int32_t to;
    struct pf_dbx_contents contents;
};
static const struct release releases[] = {
    {10, 0, 2, {"3.2.0", NULL, NULL, "2.12", "8", false, false}},
    {10, 3, 3, {"3.2.1", NULL, NULL, "2.12", "8", false, false}},
    {10, 4, 4, {"3.2.1", "3.8", "1.1", "2.12", "8", true, true}},
    {11, 0, 2, {"3.3.0", NULL, NULL, "2.12", "8", false, false}},
    {11, 3, 3, {"3.3.0", "3.9", "2.1", "2.12", "8", true, true}},
    {12, 0, 1, {"3.3.1", "3.9", NULL, "2.12", "8", false, true}},
    {12, 2, 2, {"3.3.2", "3.9", "2.2", "2.12", "8", true, true}},
    {13, 0, 1, {"3.4.0", "3.10", NULL, "2.12", "8", false, true}},
    {13, 2, 2, {"3.4.1", "3.10", NULL, "2.12", "8", false, true}},
    {13, 3, 3, {"3.4.1", "3.10", "2.4", "2.12", "8", true, true}},
    {14, 0, 2, {"3.5.0", "3.10", NULL, "2.12", "8", false, true}},
    {14, 3, 3, {"3.5.0", "3.10.12", "3.1.0", "2.12", "8", true, false}},
    {15, 0, 3, {"3.5.0", "3.11", NULL, "2.12", "8", false, true}},
    {15, 4, 4, {"3.5.0", "3.11.11", "3.2.0", "2.12", "8", true, false}},
    {16, 0, 3, {"3.5", "3.12", NULL, NULL, "17", false, true}},
    {16, 4, 4, {"3.5.2", "3.12.3", "3.3.1", NULL, "17", true, false}},
    {17, 0, 2, {"4.0.0", "3.12", NULL, "2.13", "17", false, true}},
    {17, 3, 3, {"4.0.0", "3.12.3", "4.0.0", "2.13", "17", true, false}},
    {18, 0, 99, {"4.1.0", "3.12", NULL, "2.13", "21", true, false}},
    {19, 0, 99, {"4.2.0", "3.12", NULL, "2.13", "21", false, false}},
};

const struct pf_dbx_contents *pf_dbx_runtime_contents(const struct pf_dbx_runtime *runtime) {
    const struct environment *environment = environment_of(runtime);
    if (environment)
        return &environment->contents;
    for (size_t i = 0; i < sizeof releases / sizeof releases[0]; i++) {
        const struct release *it = &releases[i];
        if (it->major != runtime->major)
            continue;
        if (runtime->minor < 0 ? it->from == 0 && it->to == 99
                               : runtime->minor >= it->from && runtime->minor <= it->to)
            return &it->contents;
    }
    return NULL;
}
