/* fuzz_infer.c — any lines as a column: the block and its cells one by one must agree, and the column must be read by
 * the type that it was found to have. The first two bytes choose the rules.     SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "columns/columns_build.h"
#include "columns/columns_infer.h"
#include "columns/columns_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int good) {
    if (!good)
        abort();
}

static void infer_singly(struct pf_infer *infer, const struct pf_cells *cells, const struct pf_rules *rules,
                         char *scratch) {
    for (size_t r = 0; r < cells->rows; r++) {
        size_t n, plain;
        bool quoted;
        const char *raw = pf_cell_raw(cells, r, &n);
        const char *text = pf_cell_plain(raw, n, cells->quote, scratch, &plain, &quoted);
        if (pf_infer_is_null(text, plain, quoted, rules)) {
            infer->nulls++;
            continue;
        }
        pf_infer_value(infer, text, plain, (int64_t)r, rules);
        if (infer->first[PF_CLASS_TEXT] != PF_INFER_NEVER)
            break;
    }
}

static void check_parse(const struct pf_cells *cells, const struct pf_rules *rules,
                        const struct pf_infer *infer, char *scratch) {
    struct pf_parse parse = {.rules = *rules};
    struct pf_build build = {0}, single = {0};
    struct pf_infer seen;
    bool settled, misfit, fits;
    size_t done = 0, proved = 0;
    int64_t nulls = 0;
    pf_infer_init(&seen);
    pf_infer_type(infer, rules, &parse.type, &parse.format, &settled);
    insist(pf_build_open(&build, &parse.type, NULL) == PF_OK &&
           pf_build_open(&single, &parse.type, NULL) == PF_OK);
    insist(pf_parse_cells(&parse, cells, 0, &done, &misfit, &seen, &build, NULL) == PF_OK);
    insist(!misfit && done == cells->rows && build.length == (int64_t)cells->rows);
    insist(pf_prove_cells(&parse, cells, 0, &proved, &misfit, NULL, &nulls, NULL) == PF_OK);
    insist(!misfit && proved == cells->rows && nulls == build.nulls);
    if (parse.type.kind != PF_KIND_UTF8)
        insist(memcmp(seen.first, infer->first, sizeof seen.first) == 0);
    for (size_t r = 0; r < cells->rows; r++) {
        size_t n, plain;
        bool quoted;
        const char *raw = pf_cell_raw(cells, r, &n);
        const char *text = pf_cell_plain(raw, n, cells->quote, scratch, &plain, &quoted);
        if (pf_infer_is_null(text, plain, quoted, rules))
            insist(pf_build_null(&single, NULL) == PF_OK);
        else
            insist(pf_parse_one(&parse, text, plain, &fits, &single, NULL) == PF_OK && fits);
    }
    insist(single.length == build.length && single.nulls == build.nulls && single.data_size == build.data_size);
    size_t rows = (size_t)build.length;
    if (rows) {
        insist(memcmp(single.valid, build.valid, (rows + 7) / 8) == 0);
        if (build.offsets)
            insist(memcmp(single.offsets, build.offsets, (rows + 1) * 4) == 0 &&
                   memcmp(single.data, build.data, (size_t)build.data_size) == 0);
        else
            insist(memcmp(single.values, build.values,
                          build.width ? rows * (size_t)build.width : (rows + 7) / 8) == 0);
    }
    pf_build_clear(&build);
    pf_build_clear(&single);
}

static struct pf_rules choose_rules(uint8_t a, uint8_t b) {
    static const struct pf_text nulls[] = {{"NA", 2}, {"-", 1}, {"0", 1}, {"", 0}};
    struct pf_rules rules = {.point = a & 1 ? ',' : '.', .dates = (int8_t)(a / 2 % 5), .decimal_infer = b & 1};
    if (b & 2)
        rules.thousands = a & 1 ? '.' : ',';
    if (b & 4) {
        rules.nulls = nulls;
        rules.null_count = 1 + b / 8 % 4;
    }
    return rules;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3 || size > 100000)
        return 0;
    struct pf_rules rules = choose_rules(data[0], data[1]);
    bool crlf = data[1] & 64;
    data += 2;
    size -= 2;
    char *memory = calloc(1, size + 80), *scratch = malloc(size + 1);
    uint32_t *pos = malloc((size + 2) * sizeof *pos);
    size_t rows = 0;
    char *text = memory + 8;
    memcpy(text, data, size);
    pos[0] = UINT32_MAX;
    for (size_t i = 0; i < size; i++)
        if (text[i] == '\n')
            pos[++rows] = (uint32_t)i;
    pos[++rows] = (uint32_t)size;
    struct pf_cells cells = {text, pos, 1, rows, '"', crlf};
    struct pf_infer block, singly;
    pf_infer_init(&block);
    pf_infer_init(&singly);
    insist(pf_infer_cells(&block, &cells, 0, &rules, NULL) == PF_OK);
    infer_singly(&singly, &cells, &rules, scratch);
    insist(memcmp(block.first, singly.first, sizeof block.first) == 0);
    insist(memcmp(block.first_mark, singly.first_mark, sizeof block.first_mark) == 0);
    insist(block.values == singly.values && block.nulls == singly.nulls && block.marks == singly.marks);
    insist(block.int_digits == singly.int_digits && block.frac_digits == singly.frac_digits);
    insist(block.time_digits == singly.time_digits && block.date_separator == singly.date_separator);
    if (block.first[PF_CLASS_TEXT] == PF_INFER_NEVER)
        check_parse(&cells, &rules, &block, scratch);
    free(pos);
    free(scratch);
    free(memory);
    return 0;
}
