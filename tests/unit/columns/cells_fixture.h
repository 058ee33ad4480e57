/* cells_fixture.h — test. Blocks out of lists of cells, and random cells of every class.  SPDX-License-Identifier: MIT */
#ifndef PF_CELLS_FIXTURE_H
#define PF_CELLS_FIXTURE_H
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "columns/columns_cells.h"
#include "columns/columns_infer.h"

struct block {
    char *memory;
    uint32_t *pos;
    struct pf_cells cells;
};

/* The middle one of `columns` equal columns. end: '\n', or '\r' for CR LF behind the last column. */
static inline struct block make_block(const char *const *raw, size_t rows, size_t columns, bool crlf) {
    size_t total = 0, k = 0;
    for (size_t r = 0; r < rows; r++)
        total += columns * (strlen(raw[r]) + 2);
    struct block b = {malloc(total + 80), malloc((rows * columns + 1) * sizeof(uint32_t)), {0}};
    char *text = b.memory + 8;
    uint32_t at = 0;
    memset(b.memory, '7', total + 80); /* digits around: over-reading must not matter */
    b.pos[k++] = UINT32_MAX;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            size_t n = strlen(raw[r]);
            memcpy(text + at, raw[r], n);
            at += (uint32_t)n;
            if (crlf && c + 1 == columns)
                text[at++] = '\r';
            text[at] = c + 1 == columns ? '\n' : ',';
            b.pos[k++] = at++;
        }
    size_t column = crlf ? columns - 1 : columns / 2;
    b.cells = (struct pf_cells){text, b.pos + column, columns, rows, '"', crlf};
    return b;
}
static inline void drop_block(struct block *b) {
    free(b->memory);
    free(b->pos);
}

static uint64_t cells_state = 1;
static inline uint64_t draw(void) { /* SplitMix64 */
    uint64_t z = cells_state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}
static inline uint64_t below(uint64_t n) { return draw() % n; }

/* A number or date or word, most of them sound, in the shape that kind says. */
#define CELL_KINDS 16
static inline void random_cell(char to[96], int kind) {
    static const char *const odd[] = {
        "-0",
        "-0.0",
        "007",
        "+5",
        "1E5",
        "12E3",
        "1e5",
        "1e-05",
        "1e+05",
        "1.5e3",
        "1.5E-3",
        "-1.0e+400",
        "1e-400",
        ".5",
        "5.",
        "00.5",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "-inf",
        "9007199254740992",
        "9007199254740993",
        "-9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "99999999999999999999999999999999999999",
        "999999999999999999999999999999999999999",
        "TRUE",
        "tRUE",
        "false",
        "False",
        "yes",
        "0",
        "0.5",
        "-",
        "--5",
        "1.2.3",
        "1,234",
        "1,234.5",
        "1.234,5",
        "12,34",
        "2021-02-30",
        "0001-01-01",
        "0000-01-01",
        "9999-12-31",
        "9999-12-31 23:59:59",
        "1677-12-31 00:00:00.123456789",
        "2021/02/03",
        "2021-02/03",
        "2021-02-03T10:00",
        "2021-02-03T10:00Z",
        "2021-02-03 10:00:00.1234567",
        "2021-02-03 10:00:00.123456+05:30",
        "2021-02-03 24:00:00",
        "1/2/2021",
        "01.02.2021",
        "31-12-2021",
        "12/31/2021",
        "05/05/2021",
        "1/2/2021 10:00",
        "31/1/2021 10:00:00.5",
        "2/30/2021",
        "\"\"",
        "\"5\"",
        "\"a\"\"b\"",
        "\"1.5\"",
        "NA",
        "x",
        "é",
        " 5",
        "5 ",
        "\"",
        "\"2021-02-03\"",
        "1.7976931348623159e308",
        "123456789012345678901234567890.5",
        "0.1234567890123456789012345",
        "1234567890.123456789",
        "-0.000",
        "0e0",
        "1.0e",
        "1.0e+",
        "2021-02-03 10:00:00Zx",
        "2021-02-03 10:00:00+0530",
    };
    static const char *const words[] = {"true", "false", "TRUE", "FALSE", "True", "False"};
    unsigned y = 1600 + (unsigned)below(800), m = 1 + (unsigned)below(12), d = 1 + (unsigned)below(28);
    char fraction[16];
    snprintf(fraction, sizeof fraction, ".%09u", (unsigned)below(1000000000));
    fraction[below(11)] = 0;
    if (strlen(fraction) == 1)
        fraction[0] = 0;
    size_t n = 96;
    switch (kind) {
    case 0: to[0] = 0; break;
    case 1: snprintf(to, n, "%s", words[below(6)]); break;
    case 2: snprintf(to, n, "%" PRId64, (int64_t)draw() >> below(64)); break;
    case 3: snprintf(to, n, "%.2f", (double)((int64_t)draw() >> 40) / 100); break;
    case 4: snprintf(to, n, "%.17g", (double)(draw() >> 11) * 0x1p-53); break;
    case 5: snprintf(to, n, "%" PRId64 ".%" PRIu64, (int64_t)draw() >> below(64), draw() >> below(64)); break;
    case 6: snprintf(to, n, "%.*e", (int)below(20), (double)(int64_t)draw() * 1e-15); break;
    case 7: snprintf(to, n, "%04u-%02u-%02u", y, m, d); break;
    case 8:
        snprintf(to, n, "%04u-%02u-%02u%c%02u:%02u:%02u%s", y, m, d, below(2) ? 'T' : ' ', d % 24, m, d,
                 fraction);
        break;
    case 9:
        snprintf(to, n, "%04u-%02u-%02u %02u:%02u:%02u%s%s", y, m, d, d % 24, m, d, fraction,
                 below(2)   ? "Z"
                 : below(2) ? "+02:00"
                            : "-0330");
        break;
    case 10: snprintf(to, n, below(2) ? "%02u/%02u/%04u" : "%u/%u/%04u", d, m, y); break;
    case 11: snprintf(to, n, below(2) ? "%02u.%02u.%04u" : "%u.%u.%04u", m, d, y); break;
    case 12: snprintf(to, n, "%u-%u-%04u %02u:%02u", d, m, y, d % 24, m); break;
    case 13:
        snprintf(to, n, "%u,%03u,%03u%s", (unsigned)below(1000), (unsigned)below(1000), (unsigned)below(1000),
                 below(2) ? ".5" : "");
        break;
    case 14:
        snprintf(to, n, "%.*s%" PRIu64 "%" PRIu64, (int)below(2), "-", draw() >> below(64),
                 draw() >> below(64));
        break;
    default: snprintf(to, n, "%s", odd[below(sizeof odd / sizeof odd[0])]); break;
    }
    if (below(40) == 0 && to[0] && to[0] != '"') { /* one byte damaged */
        static const char bytes[] = "0159.-/: TZeE+,;xA\x7F";
        to[below(strlen(to))] = bytes[below(sizeof bytes - 1)];
    }
    if (below(20) == 0 && to[0] && !strchr(to, '"')) { /* quoted */
        char plain[96];
        memcpy(plain, to, 96);
        snprintf(to, n, "\"%.80s\"", plain);
    }
}

static inline struct pf_rules random_rules(void) {
    static const struct pf_text nulls[] = {{"NA", 2}, {"-1", 2}, {"x", 1}, {"", 0}};
    struct pf_rules rules = {.point = '.'};
    if (below(4) == 0)
        rules.thousands = ',';
    if (below(6) == 0) {
        rules.point = ',';
        rules.thousands = below(2) ? '.' : 0;
    }
    if (below(3) == 0)
        rules.dates = (int8_t)below(5);
    rules.decimal_infer = below(4) == 0;
    if (below(4) == 0) {
        rules.nulls = nulls;
        rules.null_count = 1 + below(4);
    }
    return rules;
}

/* A column of rows that mostly are of one kind, or of two. */
#define MOST_ROWS 70
struct column {
    char text[MOST_ROWS][96];
    const char *raw[MOST_ROWS];
    size_t rows;
};
static inline void random_column(struct column *c, int stray) {
    int a = (int)below(CELL_KINDS), b = below(3) ? a : (int)below(CELL_KINDS);
    c->rows = 1 + below(MOST_ROWS);
    for (size_t r = 0; r < c->rows; r++) {
        int kind = below(10) == 0 ? 0 : below(8) ? a : b;
        if (stray && below((uint64_t)stray) == 0)
            kind = (int)below(CELL_KINDS);
        random_cell(c->text[r], kind);
        c->raw[r] = c->text[r];
    }
}
#endif
