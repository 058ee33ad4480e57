/* csv_split.c — room read/csv. Blocks of text into rows of cells.                SPDX-License-Identifier: MIT
 * Knows: blocks and their room, the slow way, NUL characters, places of records.
 * Knows not: types, files, policies.                        Format: docs/formats/csv.md §Records and cells */
#include "read/csv/csv_split.h"

#include <string.h>

#include "base/env.h"
#include "base/error.h"
#include "base/mem.h"
#include "read/csv/csv_rewrite.h"
#include "read/csv/csv_scan.h"

pf_status pf_csv_grow(void **array, size_t *room, size_t need, size_t item, struct pf_error *err) {
    if (need <= *room)
        return PF_OK;
    size_t more = *room + *room / 2 > need ? *room + *room / 2 : need;
    void *grown = more > SIZE_MAX / item ? NULL : pf_mem_grow(*array, more * item);
    if (!grown)
        return pf_fail_memory(err, more * item);
    *array = grown;
    *room = more;
    return PF_OK;
}

pf_status pf_csv_put_defect(struct pf_csv_block *b, const struct pf_csv_defect *defect, struct pf_error *err) {
    PF_TRY(pf_csv_grow((void **)&b->defects, &b->defect_room, b->defect_count + 1, sizeof *b->defects, err));
    b->defects[b->defect_count++] = *defect;
    return PF_OK;
}

void pf_csv_block_clear(struct pf_csv_block *block) {
    pf_buf_clear(&block->rewritten);
    pf_mem_free(block->made);
    pf_csv_marks_clear(&block->marks);
    pf_mem_free(block->starts);
    pf_mem_free(block->defects);
    memset(block, 0, sizeof *block);
}

static int64_t count_byte(const char *text, size_t size, char c) {
    int64_t n = 0;
    for (size_t i = 0; i < size;) {
        uint8_t some = 0; /* in eights of 31 so that the compiler can count in bytes */
        size_t end = size - i > 248 ? i + 248 : size;
        for (; i < end; i++)
            some = (uint8_t)(some + (text[i] == c));
        n += some;
    }
    return n;
}

int64_t pf_csv_lines(const char *text, size_t size) {
    int64_t n = count_byte(text, size, '\n');
    const char *end = text + size, *cr = size ? memchr(text, '\r', size) : NULL;
    while (cr) {
        n += cr + 1 == end || cr[1] != '\n';
        cr = cr + 1 < end ? memchr(cr + 1, '\r', (size_t)(end - cr - 1)) : NULL;
    }
    return n;
}

static int32_t count_longest(struct pf_csv_block *b, const struct pf_csv_dialect *d) {
    struct pf_csv_machine m;
    pf_csv_machine_init(&m, b->text, b->size, true, d);
    int32_t longest = 0;
    for (size_t at = b->from; at < b->size;) {
        if (pf_csv_machine_skip(&m, at, &at))
            continue;
        struct pf_csv_cell cell;
        int32_t n = 1;
        for (; pf_csv_machine_cell(&m, at, n == 1, &cell, &at) == PF_CSV_CELL; n++)
            continue;
        longest = n > longest ? n : longest;
    }
    return longest;
}

/* ---- NUL characters ----------------------------------------------------------------------------------------
 */

static size_t measure_record(const char *text, size_t size, size_t start,
                             const struct pf_csv_dialect *dialect) {
    struct pf_csv_machine m;
    pf_csv_machine_init(&m, text, size, true, dialect);
    struct pf_csv_cell cell;
    size_t at = start;
    for (bool first = true; pf_csv_machine_cell(&m, at, first, &cell, &at) == PF_CSV_CELL; first = false)
        continue;
    return pf_csv_strip_line_end(text, start, at) - start;
}

int64_t pf_csv_record_at(const struct pf_csv_block *b, const struct pf_csv_dialect *dialect, size_t place,
                         size_t *start, size_t *size) {
    int64_t low = 0, high = b->rows;
    *start = place;
    *size = b->to - place;
    if (b->rows == 0)
        return -1;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (pf_csv_record_start(b, middle) <= place)
            low = middle;
        else
            high = middle;
    }
    size_t from = pf_csv_record_start(b, low), bytes = measure_record(b->text, b->size, from, dialect);
    if (place >= from && place < from + bytes) {
        *start = from;
        *size = bytes;
        return low;
    }
    *size = (place < from ? from : low + 1 < b->rows ? pf_csv_record_start(b, low + 1) : b->to) - place;
    return -1;
}

/* The defects from `middle` on were found later: both halves are in order, and so is the whole afterwards. */
static pf_status merge_defects(struct pf_csv_block *b, size_t middle, struct pf_error *err) {
    size_t later = b->defect_count - middle, bytes = later * sizeof *b->defects;
    if (!later || !middle)
        return PF_OK;
    struct pf_csv_defect *held = pf_mem_alloc(bytes);
    if (!held)
        return pf_fail_memory(err, bytes);
    memcpy(held, b->defects + middle, bytes);
    for (size_t to = b->defect_count; later > 0; to--) {
        bool mine = middle == 0 || b->defects[middle - 1].record <= held[later - 1].record;
        b->defects[to - 1] = mine ? held[--later] : b->defects[--middle];
    }
    pf_mem_free(held);
    return PF_OK;
}

pf_status pf_csv_find_nuls(struct pf_csv_block *b, const struct pf_csv_dialect *d, struct pf_error *err) {
    const char *nul = b->rows ? memchr(b->text + b->from, 0, b->to - b->from) : NULL;
    size_t before = b->defect_count;
    while (nul) {
        size_t start, size;
        int64_t r = pf_csv_record_at(b, d, (size_t)(nul - b->text), &start, &size);
        struct pf_csv_defect defect = {PF_CSV_NUL, b->columns, r, (int64_t)start, (int64_t)size};
        if (r >= 0)
            PF_TRY(pf_csv_put_defect(b, &defect, err));
        size_t next = start + size;
        nul = next < b->to ? memchr(b->text + next, 0, b->to - next) : NULL;
    }
    return merge_defects(b, before, err);
}

static void reset_part(struct pf_csv_block *b, int32_t columns) {
    b->to = b->from;
    b->cells_text = b->text;
    b->rows = 0;
    b->columns = columns;
    b->strip_cr = b->quotes = b->standard = false;
    b->blank_rows = b->comment_rows = b->lines = 0;
    b->longest = 0;
    b->defect_count = 0;
}

static pf_status split_slowly(struct pf_csv_block *b, const struct pf_csv_dialect *d, struct pf_error *err) {
    struct pf_csv_rewrite w;
    size_t left = b->size - b->from, at = b->from;
    PF_TRY(pf_csv_rewrite_begin(&w, b, d, left + left / 8, err));
    while (at < b->size && !pf_csv_rewrite_full(&w))
        PF_TRY(pf_csv_rewrite_record(&w, at, &at));
    pf_csv_rewrite_end(&w, at);
    return pf_csv_find_nuls(b, d, err);
}

pf_status pf_csv_split_reference(struct pf_csv_block *block, const struct pf_csv_dialect *dialect,
                                 int32_t columns, struct pf_error *err) {
    reset_part(block, columns);
    if (columns == 0)
        block->columns = count_longest(block, dialect);
    return split_slowly(block, dialect, err);
}

pf_status pf_csv_split(struct pf_csv_block *block, const struct pf_csv_dialect *dialect, int32_t columns,
                       struct pf_error *err) {
    size_t left = block->size - block->from;
    bool fast = columns > 0 && pf_csv_scan_takes(dialect) && pf_cpu_vector() && block->size < UINT32_MAX - 64;
    if (fast && dialect->line_end == PF_LINE_CR)
        fast = left == 0 || !memchr(block->text + block->from, '\n', left);
    if (!fast)
        return pf_csv_split_reference(block, dialect, columns, err);
    reset_part(block, columns);
    return pf_csv_split_fast(block, dialect, err);
}
