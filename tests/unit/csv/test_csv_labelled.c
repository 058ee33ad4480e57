/* test_csv_labelled.c — tests of read/csv. Files whose dialect is known because they are made here, seeded.  SPDX-License-Identifier: MIT
 * Knows: how people write CSV: delimiters, quotes, escapes, titles, notes, odd rows.
 * Knows not: how the dialect is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/error.h"
#include "read/csv/csv_dialect.h"

static uint64_t state;
static uint32_t roll(uint32_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 20) % below);
}
static bool chance(uint32_t percent) { return roll(100) < percent; }

struct label {
    const char *delimiter;
    char quote, escape;
    const char *end;
    int columns, rows, header, preamble, footer;
    int odd;     /* 0 none, 1 extra separator, 2 missing one, 3 stray quote, 4 row cut short */
    int odd_row; /* −1: the last header row */
    bool blanks, comments, trailing, quote_all;
    int kinds[16];
    /* what came out */
    int64_t header_at, data_at, lines_above;
    int quoted; /* cells */
    bool has_escapes;
};

static const char *const words[] = {"alpha", "river", "Stone", "green", "Madrid", "O'Neil",
                                    "north", "table", "Paris", "quick", "zeta",   "lemon",
                                    "Oslo",  "brown", "hotel", "music", "Tower",  "sierra"};
static const char *const names[] = {"id",      "name",   "city",        "amount",    "date",     "price",
                                    "status",  "region", "Total sales", "unit_cost", "customer", "email",
                                    "comment", "qty",    "Code",        "country",   "rate"};
#define COUNT(a) (sizeof(a) / sizeof *(a))

static void make_cell(char *to, size_t room, int kind, const struct label *label, int row) {
    bool comma = label->delimiter[0] == ';' && label->columns % 2;
    switch (kind) {
    case 0: snprintf(to, room, "%u", roll(100000)); break;
    case 1: snprintf(to, room, "%u%c%02u", roll(1000), comma ? ',' : '.', roll(100)); break;
    case 2: snprintf(to, room, "20%02u-%02u-%02u", roll(26), 1 + roll(12), 1 + roll(28)); break;
    case 3: snprintf(to, room, "%s", words[roll(COUNT(words))]); break;
    case 4:
        snprintf(to, room, "%s %s %s", words[roll(COUNT(words))], words[roll(COUNT(words))],
                 words[roll(COUNT(words))]);
        break;
    case 5: /* text that holds the delimiter, a quote, or a line end: must be protected */
        if (label->quote && chance(30))
            snprintf(to, room, "%s%s%s", words[roll(COUNT(words))], label->delimiter,
                     words[roll(COUNT(words))]);
        else if (label->quote && chance(20))
            snprintf(to, room, "say %c%s%c now", label->quote, words[roll(COUNT(words))], label->quote);
        else if (label->quote && chance(10))
            snprintf(to, room, "%s\n%s", words[roll(COUNT(words))], words[roll(COUNT(words))]);
        else
            snprintf(to, room, "%s %s", words[roll(COUNT(words))], words[roll(COUNT(words))]);
        break;
    case 6: snprintf(to, room, "%02u:%02u:%02u", roll(24), roll(60), roll(60)); break;
    case 7: snprintf(to, room, "%s", chance(50) ? "true" : "false"); break;
    case 8: snprintf(to, room, "https://example.org/%s?id=%u", words[roll(COUNT(words))], roll(999)); break;
    default: snprintf(to, room, "%s", chance(60) ? "" : words[roll(COUNT(words))]); break;
    }
    (void)row;
}

static void put(struct pf_buf *out, const char *text) { assert_int_equal(pf_buf_text(out, text, NULL), PF_OK); }
static void put_char(struct pf_buf *out, char c) { assert_int_equal(pf_buf_put(out, &c, 1, NULL), PF_OK); }

static void put_cell(struct pf_buf *out, struct label *label, const char *cell) {
    bool must =
        strstr(cell, label->delimiter) || strchr(cell, '\n') || (label->quote && strchr(cell, label->quote));
    if (label->blanks && strchr(cell, ' '))
        must = must || label->delimiter[0] == ' ';
    if (!label->quote || !(must || label->quote_all || (cell[0] && chance(5)))) {
        for (; *cell; cell++) {
            if (label->escape && !label->quote &&
                (*cell == label->escape || strncmp(cell, label->delimiter, strlen(label->delimiter)) == 0)) {
                put_char(out, label->escape);
                label->has_escapes = true;
            }
            put_char(out, *cell);
        }
        return;
    }
    label->quoted++;
    put_char(out, label->quote);
    for (; *cell; cell++) {
        if (*cell == label->quote) {
            put_char(out, label->escape ? label->escape : label->quote);
            label->has_escapes |= label->escape != 0;
        }
        put_char(out, *cell);
    }
    put_char(out, label->quote);
}

static void put_row(struct pf_buf *out, struct label *label, int row) {
    int columns = label->columns;
    char cell[256];
    for (int j = 0; j < columns; j++) {
        if (row < 0) {
            snprintf(cell, sizeof cell, "%s", names[(size_t)(j * 5 + row * 3 + 30) % COUNT(names)]);
            if (label->header == 2 && row == -1)
                snprintf(cell, sizeof cell, "%s", j % 3 ? "(kg)" : "[EUR]");
        } else
            make_cell(cell, sizeof cell, label->kinds[j], label, row);
        bool odd = label->odd && row == label->odd_row && j == columns / 2;
        if (odd && label->odd == 3 && label->quote)
            put_char(out, label->quote), put(out, "odd ");
        if (odd && label->odd == 4 && j)
            break;
        put_cell(out, label, cell);
        if (j + 1 == columns)
            break;
        if (odd && label->odd == 2)
            continue;
        for (int n = 0; n < 1 + (odd && label->odd == 1); n++) {
            if (label->blanks && label->delimiter[0] == '|')
                put_char(out, ' ');
            put(out, label->delimiter);
            if (label->blanks)
                put_char(out, ' ');
        }
    }
    if (label->trailing)
        put(out, label->delimiter);
    put(out, label->end);
}

static void make_file(struct pf_buf *out, struct label *label) {
    static const char *const titles[] = {"Quarterly report of all things sold",
                                         "Generated 2024-05-01 by export tool", "Confidential - do not share"};
    out->size = 0;
    for (int i = 0; i < label->preamble; i++) {
        put(out, titles[i % 3]);
        if (label->preamble == 2) /* padded to full width, as spreadsheets do */
            for (int j = 1; j < label->columns; j++)
                put(out, label->delimiter);
        if (label->preamble == 3 && i == 1)
            put(out, label->delimiter), put(out, "v2");
        put(out, label->end);
    }
    if (label->preamble && chance(50)) {
        put(out, label->end);
        label->lines_above = label->preamble + 1;
    } else
        label->lines_above = label->preamble;
    label->header_at = (int64_t)out->size;
    for (int i = 0; i < label->header; i++)
        put_row(out, label, i - label->header);
    label->data_at = (int64_t)out->size;
    for (int i = 0; i < label->rows; i++) {
        if (label->comments && i % 9 == 4)
            put(out, "# a remark of the author"), put(out, label->end);
        put_row(out, label, i);
    }
    if (label->footer) {
        put(out, label->end);
        put(out, "Source: own calculations of the statistics office");
        put(out, label->end);
    }
}

static void choose(struct label *label) {
    static const char *const delimiters[] = {",",  ",",   ",",    ";",    ";", "\t",       "\t",
                                             "|",  "|",   ":",    "^",    "~", " ",        "||",
                                             "::", "|~|", "\x01", "\x1f", "#", "\xc2\xa7", "*"};
    *label = (struct label){0};
    label->delimiter = delimiters[roll(COUNT(delimiters))];
    label->columns = 2 + (int)roll(10);
    label->rows = 3 + (int)roll(chance(20) ? 6 : 60);
    label->header = chance(70) ? 1 : chance(60) ? 0 : 2;
    label->end = chance(70) ? "\n" : chance(80) ? "\r\n" : "\r";
    uint32_t quoting = roll(10);
    label->quote = quoting < 7 ? '"' : quoting < 8 ? '\'' : 0;
    label->escape = quoting < 2 || (quoting == 8 && chance(50)) ? '\\' : 0;
    label->quote_all = label->quote && chance(25);
    bool tab = label->delimiter[0] == '\t', blank = label->delimiter[0] == ' ';
    label->blanks = !tab && !blank && strlen(label->delimiter) == 1 && chance(12);
    label->preamble = chance(20) ? 1 + (int)roll(3) : 0;
    label->footer = label->columns > 2 && chance(12);
    label->comments = !tab && label->delimiter[0] != '#' && label->rows > 12 && chance(10);
    label->trailing = !blank && label->columns > 2 && chance(6);
    label->odd = label->rows > 4 && chance(35) ? 1 + (int)roll(4) : 0;
    label->odd_row = (int)roll((uint32_t)label->rows);
    if (label->odd < 3 && label->header == 1 && label->columns > 3 && chance(20))
        label->odd_row = -1;
    bool typed = false;
    for (int j = 0; j < label->columns; j++) {
        do
            label->kinds[j] = (int)roll(10);
        while ((blank && !label->quote && label->kinds[j] == 4) || (blank && label->kinds[j] == 9) ||
               (label->delimiter[0] == ':' && (label->kinds[j] == 6 || label->kinds[j] == 8)) ||
               (!label->quote && !label->escape && label->kinds[j] == 5));
        typed = typed || label->kinds[j] < 3;
    }
    if (!typed || label->header == 2)
        label->kinds[0] = 0, label->kinds[1] = 2;
    if (blank && !label->quote)
        for (int j = 0; j < label->columns; j++)
            label->kinds[j] = label->kinds[j] > 3 ? 3 : label->kinds[j];
    if (blank)
        label->preamble = 0;
}

static bool same_dialect(const struct label *label, const struct pf_csv_dialect *dialect) {
    return dialect->delimiter_size == strlen(label->delimiter) &&
           memcmp(dialect->delimiter, label->delimiter, dialect->delimiter_size) == 0 &&
           (label->quoted <= (label->quote != '"') || dialect->quote == label->quote) &&
           (!label->has_escapes || dialect->escape == label->escape);
}

static void most_labelled_files_are_found_and_misses_are_unsure(void **unused) {
    (void)unused;
    struct pf_buf file = {0};
    int files = 600, right = 0, sure_misses = 0, layout = 0, columns = 0, footers = 0;
    const char *show = getenv("PF_SHOW");
    for (int i = 0; i < files; i++) {
        state = 88172645463325252u + (uint64_t)i * 2654435761u;
        roll(7);
        struct label label;
        choose(&label);
        make_file(&file, &label);
        struct pf_csv_wish wish = {.header = -1, .skip_rows = -1, .decimal_comma = -1};
        struct pf_csv_dialect dialect = {0};
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(
            pf_csv_sniff((const char *)file.data, file.size, true, NULL, 0, -1, &wish, &dialect, &err), PF_OK);
        bool same = same_dialect(&label, &dialect);
        bool placed = dialect.header_rows == label.header && dialect.header_at == label.header_at &&
                      dialect.data_at == label.data_at;
        right += same;
        sure_misses += !same && dialect.confidence > 0.75;
        layout += placed;
        columns += dialect.columns == label.columns + label.trailing;
        footers += (dialect.footer_at >= 0) == (label.footer != 0);
        if (show && (!same || (!placed && show[0] == 'h') ||
                     (show[0] == 'f' && (dialect.footer_at >= 0) != (label.footer != 0))))
            print_message(
                "%d: '%s' q=%c e=%c hdr=%d pre=%d foot=%d odd=%d blanks=%d trail=%d rows=%d cols=%d quoted=%d "
                "escaped=%d\n"
                "   '%s' q=%c e=%c hdr=%d skip=%d foot=%d blanks=%d ws=%d cols=%d conf=%.2f c=%d %s\n%.*s\n",
                i, label.delimiter, label.quote ? label.quote : '0', label.escape ? label.escape : '0',
                label.header, label.preamble, label.footer, label.odd, label.blanks, label.trailing, label.rows,
                label.columns, label.quoted, label.has_escapes, dialect.delimiter,
                dialect.quote ? dialect.quote : '0', dialect.escape ? dialect.escape : '0', dialect.header_rows,
                (int)dialect.skip_rows, (int)dialect.footer_rows, dialect.blanks_around, dialect.whitespace,
                dialect.columns, dialect.confidence, dialect.comment, dialect.why,
                file.size < 500 ? (int)file.size : 500, (const char *)file.data);
    }
    print_message("labelled: %d of %d dialects, %d sure misses, %d layouts, %d widths, %d footers\n", right,
                  files, sure_misses, layout, columns, footers);
    assert_true(right * 100 >= files * 97);
    assert_int_equal(sure_misses, 0);
    assert_true(layout * 100 >= files * 93);
    pf_buf_clear(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_labelled_files_are_found_and_misses_are_unsure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
