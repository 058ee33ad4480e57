/* grid_cell.c — room grid. Blocks of rows; names of places.                      SPDX-License-Identifier: MIT
 * Knows: growing a block, bringing it into order, A1 spelling.
 * Knows not: formats, tables. */
#include "grid/grid_cell.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"

void pf_grid_block_empty(struct pf_grid_block *block) {
    block->row_count = block->cell_count = 0;
    block->text.size = 0;
    block->disordered = block->unbounded = false;
}

void pf_grid_block_clear(struct pf_grid_block *block) {
    pf_mem_free(block->rows);
    pf_mem_free(block->cells);
    pf_buf_clear(&block->text);
    *block = (struct pf_grid_block){0};
}

static pf_status grow(void **items, size_t *room, size_t want, size_t size, struct pf_error *err) {
    if (want <= *room)
        return PF_OK;
    size_t wider = *room + *room / 2 > want ? *room + *room / 2 : want;
    wider = wider < 64 ? 64 : wider;
    if (wider > UINT32_MAX)
        return pf_fail(err, PF_LIMIT, "more than %u cells in one block; split the sheet", UINT32_MAX);
    void *grown = pf_mem_grow(*items, wider * size);
    if (!grown)
        return pf_fail_memory(err, wider * size);
    *items = grown;
    *room = wider;
    return PF_OK;
}

pf_status pf_grid_block_reserve(struct pf_grid_block *block, size_t rows, size_t cells, struct pf_error *err) {
    void *at = block->rows;
    PF_TRY(grow(&at, &block->row_room, block->row_count + rows, sizeof *block->rows, err));
    block->rows = at;
    at = block->cells;
    PF_TRY(grow(&at, &block->cell_room, block->cell_count + cells, sizeof *block->cells, err));
    block->cells = at;
    return PF_OK;
}

pf_status pf_grid_block_row(struct pf_grid_block *block, uint32_t number, struct pf_error *err) {
    if (block->row_count == block->row_room)
        PF_TRY(pf_grid_block_reserve(block, 1, 0, err));
    block->rows[block->row_count++] = (struct pf_grid_row){number, (uint32_t)block->cell_count};
    return PF_OK;
}

pf_status pf_grid_block_cell(struct pf_grid_block *block, uint32_t column, uint32_t style,
                             enum pf_cell_kind kind, struct pf_cell **cell, struct pf_error *err) {
    if (block->cell_count == block->cell_room)
        PF_TRY(pf_grid_block_reserve(block, 0, 1, err));
    *cell = &block->cells[block->cell_count++];
    **cell = (struct pf_cell){.column = (uint16_t)column,
                              .style = style > UINT16_MAX ? UINT16_MAX : (uint16_t)style,
                              .kind = (uint8_t)kind};
    return PF_OK;
}

pf_status pf_grid_block_text(struct pf_grid_block *block, struct pf_cell *cell, const char *text, size_t size,
                             struct pf_error *err) {
    if (size > UINT32_MAX - block->text.size)
        return pf_fail(err, PF_LIMIT, "more than 4 GiB of text in one block of cells; split the sheet");
    cell->value.text.at = (uint32_t)block->text.size;
    cell->value.text.size = (uint32_t)size;
    return pf_buf_put(&block->text, text, size, err);
}

pf_status pf_grid_block_append(struct pf_grid_block *to, const struct pf_grid_block *from, size_t r,
                               struct pf_error *err) {
    uint32_t first = from->rows[r].from, count = pf_grid_row_end(from, r) - first;
    PF_TRY(pf_grid_block_row(to, from->rows[r].number, err));
    if (count > to->cell_room - to->cell_count)
        PF_TRY(pf_grid_block_reserve(to, 0, count, err));
    for (uint32_t c = first; c < first + count; c++) {
        struct pf_cell *cell = &to->cells[to->cell_count++];
        *cell = from->cells[c];
        if (pf_cell_has_text(cell) && cell->value.text.size)
            PF_TRY(pf_grid_block_text(to, cell, (const char *)from->text.data + cell->value.text.at,
                                      cell->value.text.size, err));
    }
    return PF_OK;
}

/* ---- order ---- */

/* A cell and its place. */
struct placed {
    uint64_t key; /* row, column; equal ones stay in the order of their coming */
    uint32_t cell;
};

static void merge_runs(const struct placed *from, struct placed *to, size_t count, size_t run) {
    for (size_t start = 0; start < count; start += 2 * run) {
        size_t i = start, middle = start + run < count ? start + run : count;
        size_t j = middle, end = start + 2 * run < count ? start + 2 * run : count;
        for (size_t k = start; k < end; k++)
            to[k] = i < middle && (j >= end || from[i].key <= from[j].key) ? from[i++] : from[j++];
    }
}

static pf_status rebuild(struct pf_grid_block *block, const struct placed *placed, size_t count,
                         struct pf_error *err) {
    struct pf_grid_block sorted = {0};
    pf_status status = pf_grid_block_reserve(&sorted, block->row_count, count, err);
    uint64_t row = UINT64_MAX;
    for (size_t i = 0; status == PF_OK && i < count; i++) {
        if (i + 1 < count && placed[i + 1].key == placed[i].key) /* a later one is in its place */
            continue;
        if (placed[i].key >> 16 != row) {
            row = placed[i].key >> 16;
            status = pf_grid_block_row(&sorted, (uint32_t)row, err);
        }
        sorted.cells[sorted.cell_count++] = block->cells[placed[i].cell];
    }
    if (status != PF_OK) {
        pf_grid_block_clear(&sorted);
        return status;
    }
    sorted.text = block->text;
    block->text = (struct pf_buf){0};
    pf_grid_block_clear(block);
    *block = sorted;
    return PF_OK;
}

pf_status pf_grid_block_sort(struct pf_grid_block *block, struct pf_error *err) {
    size_t count = block->cell_count;
    struct placed *a = pf_mem_zero(count, sizeof *a), *b = pf_mem_zero(count, sizeof *b);
    pf_status status = a && b ? PF_OK : pf_fail_memory(err, count * sizeof *a);
    for (size_t r = 0; status == PF_OK && r < block->row_count; r++)
        for (uint32_t c = block->rows[r].from; c < pf_grid_row_end(block, r); c++)
            a[c] = (struct placed){(uint64_t)block->rows[r].number << 16 | block->cells[c].column, c};
    for (size_t run = 1; status == PF_OK && run < count; run *= 2) {
        merge_runs(a, b, count, run);
        struct placed *swap = a;
        a = b;
        b = swap;
    }
    if (status == PF_OK)
        status = rebuild(block, a, count, err);
    pf_mem_free(a);
    pf_mem_free(b);
    return status;
}

/* ---- places ---- */

struct corner {
    int32_t row, column; /* −1: not named */
};

static size_t read_corner(const char *text, size_t size, struct corner *corner) {
    size_t at = 0;
    int32_t column = 0, row = 0;
    *corner = (struct corner){-1, -1};
    at += at < size && text[at] == '$';
    for (; at < size && pf_lower(text[at]) >= 'a' && pf_lower(text[at]) <= 'z' && column <= PF_GRID_COLUMNS;
         at++)
        column = column * 26 + pf_lower(text[at]) - 'a' + 1;
    at += column && at < size && text[at] == '$';
    for (; at < size && pf_is_digit(text[at]) && row <= PF_GRID_ROWS; at++)
        row = row * 10 + text[at] - '0';
    if (column > PF_GRID_COLUMNS || row > PF_GRID_ROWS)
        return 0;
    corner->column = column - 1;
    corner->row = row - 1;
    return column || row ? at : 0;
}

bool pf_grid_range_parse(const char *text, size_t size, struct pf_grid_range *range) {
    struct corner a, b;
    size_t at = read_corner(text, size, &a);
    if (!at)
        return false;
    b = a;
    if (at < size) {
        if (text[at] != ':')
            return false;
        size_t more = read_corner(text + at + 1, size - at - 1, &b);
        if (!more || at + 1 + more != size)
            return false;
    } else if (a.row < 0 || a.column < 0) {
        return false;
    }
    if ((a.row < 0) != (b.row < 0) || (a.column < 0) != (b.column < 0))
        return false;
    range->first_row = a.row < 0 ? 0 : a.row < b.row ? a.row : b.row;
    range->last_row = a.row < 0 ? PF_GRID_ROWS - 1 : a.row < b.row ? b.row : a.row;
    range->first_column = a.column < 0 ? 0 : a.column < b.column ? a.column : b.column;
    range->last_column = a.column < 0 ? PF_GRID_COLUMNS - 1 : a.column < b.column ? b.column : a.column;
    return true;
}

size_t pf_grid_column_print(uint32_t column, char to[8]) {
    char reversed[8];
    size_t n = 0, size = 0;
    for (uint32_t left = column + 1; left; left = (left - 1) / 26)
        reversed[n++] = (char)('A' + (left - 1) % 26);
    while (n)
        to[size++] = reversed[--n];
    return size;
}

size_t pf_grid_place_print(uint32_t row, uint32_t column, char to[16]) {
    char digits[20];
    size_t size = pf_grid_column_print(column, to), more = pf_print_uint64((uint64_t)row + 1, digits);
    memcpy(to + size, digits, more < 16 - size ? more : 16 - size);
    return size + more;
}
