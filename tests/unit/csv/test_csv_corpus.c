/* test_csv_corpus.c — tests of read/csv. Files that nobody here made, against what independent readers saw.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "read/csv/csv_trial.h"

/* Where the independent reading is no verdict about the dialect: fuzzer input, bytes that are no text, a quote
 * without end. */
static const char *const excepted[] = {"duckdb/case_0.csv",
                                       "duckdb/case_24.csv",
                                       "duckdb/invalid_utf.csv",
                                       "duckdb/unterminated.csv",
                                       "zsv/invalid_surrogate_pair.csv",
                                       NULL};

static bool read_file(const char *path, struct pf_buf *to) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    to->size = 0;
    char part[65536];
    for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;)
        assert_int_equal(pf_buf_put(to, part, got, NULL), PF_OK);
    fclose(file);
    return true;
}

/* The number of fields that most records have, and of records. */
static void usual(const pf_json *python, int64_t *width, int64_t *records) {
    const pf_json *widths = pf_json_member(python, "fields_per_record");
    int64_t most = 0;
    *width = *records = 0;
    pf_json_as_int(pf_json_member(python, "records"), records);
    for (size_t i = 0; i < pf_json_size(widths); i++) {
        const char *key = "";
        int64_t count = 0;
        pf_json_as_int(pf_json_member_at(widths, i, &key), &count);
        if (count > most) {
            most = count;
            *width = atoll(key);
        }
    }
}

static bool same_charset(const char *said, const char *found) {
    static const char *const same[][2] = {{"utf-16", "utf-16le"},    {"utf-16", "utf-16be"},
                                          {"utf-16-be", "utf-16be"}, {"latin-1", "cp1252"},
                                          {"big5hkscs", "big5"},     {"shift_jis", "cp932"}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (strcmp(said, same[i][0]) == 0 && strcmp(found, same[i][1]) == 0)
            return true;
    return strcmp(said, found) == 0;
}

static int complain(const char *path, const char *what, const char *found, const char *said) {
    print_message("%s: %s '%s', said '%s'\n", path, what, found, said);
    return 1;
}

static int compare(const char *path, const struct pf_buf *raw, const pf_json *python) {
    struct pf_csv_sample sample = {.head = raw->data, .head_size = raw->size, .head_is_all = true};
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {0};
    struct pf_csv_trial trial = {0};
    struct pf_charset_bad bad = {0, -1};
    size_t room = raw->size * 3 + 64, used = 0, size = 0;
    char *text = pf_mem_alloc(room), found[200] = "";
    int wrong = 0;
    wish.suffix = strrchr(path, '.');
    assert_int_equal(pf_csv_sniff_charset(&sample, &wish, &d, NULL), PF_OK);
    pf_charset_convert(d.charset, raw->data + d.bom_size, raw->size - (size_t)d.bom_size, &used, text, room,
                       &size, true, &bad);
    assert_int_equal(pf_csv_sniff(text, size, true, NULL, 0, -1, &wish, &d, NULL), PF_OK);
    const char *delimiter = pf_json_as_text(pf_json_member(python, "delimiter"));
    const char *encoding = pf_json_as_text(pf_json_member(python, "encoding"));
    const char *escape = pf_json_as_text(pf_json_member(python, "escape"));
    const char *comment = pf_json_as_text(pf_json_member(python, "comment"));
    int64_t width = 0, records = 0, widest = 0, count = 0, blank = 0;
    usual(python, &width, &records);
    pf_json_as_int(pf_json_member(python, "blank_lines"), &blank);
    delimiter = delimiter && strcmp(delimiter, "TAB") == 0 ? "\t" : delimiter;
    if (delimiter && width > 1 &&
        (strcmp(delimiter, "whitespace") == 0 ? !d.whitespace : strcmp(delimiter, d.delimiter) != 0))
        wrong += complain(path, "delimiter", d.delimiter, delimiter);
    if (encoding && !same_charset(encoding, pf_charset_name(d.charset)))
        wrong += complain(path, "encoding", pf_charset_name(d.charset), encoding);
    if (escape && d.escape != escape[0])
        wrong += complain(path, "escape", "other", escape);
    if (comment && d.comment != comment[0])
        wrong += complain(path, "comment", "other", comment);
    if (width && d.columns != width) {
        snprintf(found, sizeof found, "%d", d.columns);
        wrong += complain(path, "columns", found, "other");
    }
    d.quote = d.quote ? d.quote : '"';
    assert_int_equal(pf_csv_trial_read(&trial, text, size, true, &d, SIZE_MAX, NULL), PF_OK);
    for (size_t i = (size_t)d.sep_line; i < trial.count; i++) {
        count += trial.records[i].cells > 0;
        widest = trial.records[i].cells > widest ? trial.records[i].cells : widest;
    }
    if (records && (count < records || count > records + blank) && width == widest) {
        snprintf(found, sizeof found, "%d", (int)count);
        wrong += complain(path, "records", found, "other");
    }
    pf_csv_trial_clear(&trial);
    pf_mem_free(text);
    return wrong > 0;
}

static void the_corpus_is_read_as_independent_readers_read_it(void **state) {
    struct pf_buf expected = {0}, raw = {0};
    if (!read_file(CORPUS "/expected/csv.json", &expected)) {
        print_message("SKIPPED: there is no corpus at ../shared/corpus; nothing was compared\n");
        skip();
    }
    for (size_t i = 0; i + 6 < expected.size; i++) /* a NUL in a sample cell; our JSON has none */
        if (memcmp(expected.data + i, "\\u0000", 6) == 0)
            expected.data[i + 5] = '1';
    pf_json *root = NULL;
    struct pf_error err = PF_ERROR_INIT;
    if (pf_json_parse(expected.data, expected.size, &root, &err) != PF_OK)
        fail_msg("%s", err.message);
    const pf_json *files = pf_json_member(root, "files");
    int compared = 0, wrong = 0;
    for (size_t i = 0; i < pf_json_size(files); i++) {
        const char *name = "";
        const pf_json *python = pf_json_member(pf_json_member_at(files, i, &name), "python_csv");
        size_t length = strlen(name);
        bool left_out = !python || length < 5 || strcmp(name + length - 3, ".gz") == 0 ||
                        strcmp(name + length - 4, ".zip") == 0;
        for (const char *const *other = excepted; *other; other++)
            left_out = left_out || strcmp(name + 4, *other) == 0;
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", CORPUS, name);
        if (left_out || !read_file(path, &raw))
            continue;
        compared++;
        wrong += compare(name, &raw, python);
    }
    print_message("corpus: %d files, %d differ\n", compared, wrong);
    assert_true(compared > 60);
    assert_int_equal(wrong, 0);
    pf_json_free(root);
    pf_buf_clear(&expected);
    pf_buf_clear(&raw);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_is_read_as_independent_readers_read_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
