/* bench_parse.c — bench. Nanoseconds per cell of inference and parsing, by kind of column.  SPDX-License-Identifier: MIT
 * Knows: blocks of 1,500 rows that stay in the second-level cache, as the reader makes them.
 * Knows not: files, other rooms. PYFORGE_SIMD=portable measures the plain C loops. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "columns/columns_build.h"
#include "columns/columns_parse.h"

#define ROWS    1500
#define COLUMNS 12
#define ROUNDS  400

static uint64_t state = 42;
static uint64_t draw(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}
static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

enum {
    ID,
    INT3,
    INT12,
    INT19,
    PRICE,
    RATIO,
    EXPO,
    BOOLS,
    DATE,
    LOCAL,
    STAMP,
    STAMP6,
    ZONED,
    SHORT,
    NAME,
    LONG,
    QUOTED,
    QINT,
    MONEY,
    CASES
};
static const char *const names[] = {"int 7 digits",
                                    "int 0-3 digits, 5 % null",
                                    "int 11-12 digits",
                                    "int 19 digits",
                                    "double 2 decimals",
                                    "double 16-18 digits, 3 % null",
                                    "double with exponent",
                                    "bool",
                                    "date iso",
                                    "date d/m/yyyy",
                                    "timestamp",
                                    "timestamp .6",
                                    "timestamp +00:00",
                                    "text 3",
                                    "text 20-30",
                                    "text 60-90",
                                    "text quoted 50",
                                    "int quoted",
                                    "decimal(7,2)"};

static void cell(int kind, char *to, size_t row) {
    static const char letters[] =
        "the quick brown fox jumps over the lazy dog and then sits down to rest for a long while ok";
    uint64_t r = draw();
    unsigned y = 2000 + (unsigned)(r % 25), m = 1 + (unsigned)(r >> 8) % 12, d = 1 + (unsigned)(r >> 16) % 28;
    switch (kind) {
    case ID: sprintf(to, "%zu", 1000000 + row); break;
    case INT3:
        if (r % 20 == 0)
            *to = 0;
        else
            sprintf(to, "%u", (unsigned)(r >> 8) % 1000);
        break;
    case INT12: sprintf(to, "%" PRIu64, r % 1000000000000); break;
    case INT19: sprintf(to, "%" PRIu64, 1000000000000000000 + (r >> 2)); break;
    case MONEY:
    case PRICE: sprintf(to, "%u.%02u", (unsigned)(r >> 11) % 100000, (unsigned)(r >> 40) % 100); break;
    case RATIO:
        if (r % 33 == 0)
            *to = 0;
        else {
            double x = (double)(r >> 11) * 0x1p-53;
            int p = 15;
            do
                sprintf(to, "%.*g", p++, x);
            while (strtod(to, NULL) != x);
        }
        break;
    case EXPO: sprintf(to, "%.18e", (double)(r >> 11) * 0x1p-53); break;
    case BOOLS: strcpy(to, r & 1 ? "true" : "false"); break;
    case DATE: sprintf(to, "%04u-%02u-%02u", y, m, d); break;
    case LOCAL: sprintf(to, "%u/%u/%04u", d, m, y); break;
    case STAMP: sprintf(to, "%04u-%02u-%02u %02u:%02u:%02u", y, m, d, d % 24, m, d); break;
    case STAMP6:
        sprintf(to, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ", y, m, d, d % 24, m, d,
                (unsigned)(r >> 30) % 1000000);
        break;
    case ZONED: sprintf(to, "%04u-%02u-%02u %02u:%02u:%02u+00:00", y, m, d, d % 24, m, d); break;
    case SHORT: sprintf(to, "%.3s", letters + r % 60); break;
    case NAME: sprintf(to, "%.*s", 20 + (int)(r >> 8) % 11, letters + r % 60); break;
    case LONG: sprintf(to, "%.*s", 60 + (int)(r >> 8) % 30, letters); break;
    case QUOTED: sprintf(to, "\"%.*s, \"\"x\"\"%.9s\"", 30 + (int)(r >> 8) % 10, letters, letters); break;
    case QINT: sprintf(to, "\"%u\"", (unsigned)(r >> 8) % 1000000); break;
    default: break;
    }
}

static char memory[1 << 20];
static uint32_t pos[ROWS * COLUMNS + 1];

int main(int argc, char **argv) {
    for (int kind = 0; kind < CASES; kind++) {
        if (argc > 1 && atoi(argv[1]) != kind)
            continue;
        char *text = memory + 64;
        uint32_t at = 0, k = 0;
        pos[k++] = UINT32_MAX;
        for (size_t r = 0; r < ROWS; r++)
            for (int c = 0; c < COLUMNS; c++) {
                char one[128] = "abcdef";
                if (c == 5)
                    cell(kind, one, r);
                size_t n = strlen(one);
                memcpy(text + at, one, n);
                at += (uint32_t)n;
                text[at] = c + 1 == COLUMNS ? '\n' : ',';
                pos[k++] = at++;
            }
        struct pf_cells cells = {text, pos + 5, COLUMNS, ROWS, '"', false};
        struct pf_rules rules = {.point = '.', .dates = kind == LOCAL ? PF_DATES_DMY : PF_DATES_AUTO};
        rules.decimal_infer = kind == MONEY;
        struct pf_infer infer, seen;
        struct pf_parse parse = {.rules = rules};
        bool settled, misfit;
        struct pf_build build = {0};
        struct pf_error err;
        double best[3] = {1e18, 1e18, 1e18};
        for (int round = 0; round < ROUNDS; round++) {
            double t = now();
            pf_infer_init(&infer);
            if (pf_infer_cells(&infer, &cells, 0, &rules, &err) != PF_OK)
                return 1;
            double e = now() - t;
            best[0] = e < best[0] ? e : best[0];
            pf_infer_type(&infer, &rules, &parse.type, &parse.format, &settled);
            if (round == 0 && pf_build_open(&build, &parse.type, &err) != PF_OK)
                return 1;
            pf_infer_init(&seen);
            pf_build_truncate(&build, 0);
            size_t done = 0;
            t = now();
            if (pf_parse_cells(&parse, &cells, 0, &done, &misfit, &seen, &build, &err) != PF_OK || misfit)
                return 1;
            e = now() - t;
            best[1] = e < best[1] ? e : best[1];
            int64_t nulls = 0;
            done = 0;
            t = now();
            if (pf_prove_cells(&parse, &cells, 0, &done, &misfit, &seen, &nulls, &err) != PF_OK || misfit)
                return 1;
            e = now() - t;
            best[2] = e < best[2] ? e : best[2];
        }
        char type[96];
        pf_type_print(&parse.type, type, sizeof type);
        printf("%-30s %-18s infer %6.2f  parse %6.2f  prove %6.2f ns per cell\n", names[kind], type,
               best[0] / ROWS, best[1] / ROWS, best[2] / ROWS);
        pf_build_clear(&build);
    }
    double best = 1e18;
    memset(memory, 'a', sizeof memory);
    for (int round = 0; round < 200; round++) {
        double t = now();
        if (pf_utf8_valid(memory, sizeof memory) != sizeof memory)
            return 1;
        double e = now() - t;
        best = e < best ? e : best;
    }
    printf("utf8 ascii %.1f GB/s", sizeof memory / best);
    for (size_t i = 0; i + 2 < sizeof memory; i += 9)
        memcpy(memory + i, "\xC3\xA9", 2);
    for (int round = 0; round < 200; round++) {
        double t = now();
        if (pf_utf8_valid(memory, sizeof memory) != sizeof memory)
            return 1;
        double e = now() - t;
        best = round == 0 || e < best ? e : best;
    }
    printf(", mixed %.1f GB/s\n", sizeof memory / best);
    return 0;
}
