/* grid_hidden.c — room grid. Hidden rows and columns, left out.                  SPDX-License-Identifier: MIT
 * Knows: which rows and columns are hidden, how the others are counted.
 * Knows not: formats, tables. */
#include "grid/grid_hidden.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/mem.h"
#include "grid/grid_links.h"

#define WORD_BITS 64
#define ROW_WORDS (PF_GRID_ROWS / WORD_BITS)
#define COL_WORDS (PF_GRID_COLUMNS / WORD_BITS)

/* ---- what formats say ---- */

static pf_status hide(struct pf_buf *ranges, const struct pf_grid_range *range, bool rows,
                      struct pf_error *err) {
    struct pf_grid_range *last =
        ranges->size ? (struct pf_grid_range *)(void *)(ranges->data + ranges->size) - 1 : NULL;
    bool follows = last && last->first_column == range->first_column &&
                   last->last_column == range->last_column && last->last_row + 1 == range->first_row;
    if (rows && follows) {
        last->last_row = range->last_row;
        return PF_OK;
    }
    return pf_grid_range_is_empty(range) ? PF_OK : pf_buf_put(ranges, range, sizeof *range, err);
}

static int32_t within(int64_t place, int32_t end) {
    return place < 0 ? 0 : place < end ? (int32_t)place : end - 1;
}

pf_status pf_grid_hide_rows(struct pf_buf *ranges, int64_t first, int64_t last, struct pf_error *err) {
    if (first < 0 || first >= PF_GRID_ROWS || last < first)
        return PF_OK;
    struct pf_grid_range range = {(int32_t)first, within(last, PF_GRID_ROWS), 0, PF_GRID_COLUMNS - 1};
    return hide(ranges, &range, true, err);
}

pf_status pf_grid_hide_columns(struct pf_buf *ranges, int64_t first, int64_t last, struct pf_error *err) {
    if (first < 0 || first >= PF_GRID_COLUMNS || last < first)
        return PF_OK;
    struct pf_grid_range range = {0, PF_GRID_ROWS - 1, (int32_t)first, within(last, PF_GRID_COLUMNS)};
    return hide(ranges, &range, false, err);
}

/* ---- reading ---- */

void pf_grid_hidden_free(struct pf_grid_hidden *hidden) {
    if (!hidden)
        return;
    pf_mem_free(hidden->rows);
    pf_mem_free(hidden->before);
    pf_mem_free(hidden->columns);
    pf_mem_free(hidden);
}

static void set_bits(uint64_t *words, int32_t first, int32_t last) {
    for (int32_t i = first; i <= last; i++)
        words[i / WORD_BITS] |= UINT64_C(1) << i % WORD_BITS;
}

static pf_status take(struct pf_grid_hidden *hidden, const struct pf_grid_range *range, bool rows, bool columns,
                      struct pf_error *err) {
    bool of_columns = range->first_row == 0 && range->last_row == PF_GRID_ROWS - 1;
    uint64_t **words = of_columns ? &hidden->columns : &hidden->rows;
    size_t count = of_columns ? COL_WORDS : ROW_WORDS;
    if (of_columns ? !columns : !rows)
        return PF_OK;
    if (!*words && !(*words = pf_mem_zero(count, sizeof **words)))
        return pf_fail_memory(err, count * sizeof **words);
    if (of_columns)
        set_bits(*words, range->first_column, range->last_column);
    else
        set_bits(*words, range->first_row, range->last_row);
    return PF_OK;
}

static pf_status count_before(struct pf_grid_hidden *hidden, struct pf_error *err) {
    uint32_t sum = 0;
    if (!hidden->rows)
        return PF_OK;
    hidden->before = pf_mem_alloc(ROW_WORDS * sizeof *hidden->before);
    if (!hidden->before)
        return pf_fail_memory(err, ROW_WORDS * sizeof *hidden->before);
    for (size_t i = 0; i < ROW_WORDS; i++) {
        hidden->before[i] = sum;
        sum += (uint32_t)__builtin_popcountll(hidden->rows[i]);
    }
    return PF_OK;
}

pf_status pf_grid_hidden_read(const struct pf_grid_book *book, int32_t sheet, bool rows, bool columns,
                              struct pf_grid_hidden **out, struct pf_error *err) {
    const struct pf_grid_range *ranges = NULL;
    size_t count = 0;
    *out = NULL;
    if (!book->driver->hidden || (!rows && !columns))
        return PF_OK;
    PF_TRY(book->driver->hidden(book->self, sheet, &ranges, &count, err));
    struct pf_grid_hidden *hidden = pf_mem_zero(1, sizeof *hidden);
    pf_status status = hidden ? PF_OK : pf_fail_memory(err, sizeof *hidden);
    for (size_t i = 0; status == PF_OK && i < count; i++)
        status = take(hidden, &ranges[i], rows, columns, err);
    if (status == PF_OK)
        status = count_before(hidden, err);
    if (status != PF_OK || (!hidden->rows && !hidden->columns)) {
        pf_grid_hidden_free(hidden);
        return status;
    }
    *out = hidden;
    return PF_OK;
}

/* ---- rows and columns ---- */

static bool has_bit(const uint64_t *words, uint32_t i) {
    return words && words[i / WORD_BITS] >> i % WORD_BITS & 1;
}

bool pf_grid_hidden_has(const struct pf_grid_hidden *hidden, uint32_t row) {
    return has_bit(hidden->rows, row);
}

uint32_t pf_grid_hidden_count(const struct pf_grid_hidden *hidden, uint32_t row) {
    if (!hidden || !hidden->rows || row >= PF_GRID_ROWS)
        return row;
    uint64_t below = hidden->rows[row / WORD_BITS] & ((UINT64_C(1) << row % WORD_BITS) - 1);
    return row - hidden->before[row / WORD_BITS] - (uint32_t)__builtin_popcountll(below);
}

uint32_t pf_grid_hidden_row(const struct pf_grid_hidden *hidden, uint32_t counted) {
    if (!hidden || !hidden->rows)
        return counted;
    size_t low = 0, high = ROW_WORDS; /* the last word whose first row is counted as that or less */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (middle * WORD_BITS - hidden->before[middle] <= counted)
            low = middle;
        else
            high = middle;
    }
    uint32_t row = (uint32_t)(low * WORD_BITS);
    while (row < PF_GRID_ROWS && (has_bit(hidden->rows, row) || pf_grid_hidden_count(hidden, row) < counted))
        row++;
    return row;
}

int32_t pf_grid_hidden_columns(const struct pf_grid_hidden *hidden, uint32_t column) {
    int32_t count = 0;
    for (uint32_t i = 0; hidden && i < column && i < PF_GRID_COLUMNS; i++)
        count += has_bit(hidden->columns, i);
    return count;
}

void pf_grid_hidden_leave(const struct pf_grid_hidden *hidden, struct pf_grid_block *block) {
    size_t rows = 0, cells = 0;
    for (size_t r = 0, next = 0; r < block->row_count; r++) {
        uint32_t number = block->rows[r].number;
        size_t from = r ? next : block->rows[r].from;
        next = pf_grid_row_end(block, r);
        if (has_bit(hidden->rows, number))
            continue;
        block->rows[rows++] =
            (struct pf_grid_row){.number = pf_grid_hidden_count(hidden, number), .from = (uint32_t)cells};
        for (size_t c = from; c < next; c++)
            if (!has_bit(hidden->columns, pf_grid_column_of(block->cells[c].column)))
                block->cells[cells++] = block->cells[c];
    }
    block->row_count = rows;
    block->cell_count = cells;
}
