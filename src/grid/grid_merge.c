/* grid_merge.c — room grid. Merged ranges filled.                                SPDX-License-Identifier: MIT
 * Knows: ranges in the order of their rows, those that a row lies in, values that outlive their block.
 * Knows not: formats, tables. */
#include "grid/grid_merge.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define CELLS_MOST (1u << 24) /* of one block, filled */

/* A range whose first cell was met. */
struct active {
    struct pf_grid_range range;
    struct pf_cell cell;
    struct pf_buf text; /* of a cell with text */
    uint32_t text_at;   /* in the block being made; UINT32_MAX: not there yet */
};
struct pf_grid_merger {
    struct pf_grid_range *ranges; /* by first row */
    size_t count, next;
    struct active *active; /* by first column */
    size_t active_count, active_room;
    struct pf_grid_block out;
    int64_t row; /* the next one */
};

static bool has_text(const struct pf_cell *cell) {
    return cell->kind == PF_CELL_TEXT || cell->kind == PF_CELL_ERROR || cell->kind == PF_CELL_UNKNOWN;
}

/* ---- opening ---- */

static void sift(struct pf_grid_range *ranges, size_t root, size_t count) {
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        child += child + 1 < count && ranges[child + 1].first_row > ranges[child].first_row;
        if (ranges[root].first_row >= ranges[child].first_row)
            return;
        struct pf_grid_range swap = ranges[root];
        ranges[root] = ranges[child];
        ranges[child] = swap;
    }
}

static void sort_ranges(struct pf_grid_range *ranges, size_t count) {
    for (size_t i = count / 2; i-- > 0;)
        sift(ranges, i, count);
    for (size_t end = count; end-- > 1;) {
        struct pf_grid_range swap = ranges[0];
        ranges[0] = ranges[end];
        ranges[end] = swap;
        sift(ranges, 0, end);
    }
}

pf_status pf_grid_merger_open(const struct pf_grid_range *ranges, size_t count, pf_grid_merger **out,
                              struct pf_error *err) {
    pf_grid_merger *merger = pf_mem_zero(1, sizeof *merger);
    *out = NULL;
    if (!merger)
        return pf_fail_memory(err, sizeof *merger);
    merger->ranges = pf_mem_zero(count, sizeof *merger->ranges);
    if (!merger->ranges) {
        pf_mem_free(merger);
        return pf_fail_memory(err, count * sizeof *merger->ranges);
    }
    for (size_t i = 0; i < count; i++)
        if (ranges[i].last_row > ranges[i].first_row || ranges[i].last_column > ranges[i].first_column)
            merger->ranges[merger->count++] = ranges[i];
    sort_ranges(merger->ranges, merger->count);
    *out = merger;
    return PF_OK;
}

void pf_grid_merger_close(pf_grid_merger **merger) {
    pf_grid_merger *m = *merger;
    if (!m)
        return;
    for (size_t i = 0; i < m->active_count; i++)
        pf_buf_clear(&m->active[i].text);
    pf_mem_free(m->active);
    pf_mem_free(m->ranges);
    pf_grid_block_clear(&m->out);
    pf_mem_free(m);
    *merger = NULL;
}

/* ---- ranges of a row ---- */

static void retire(pf_grid_merger *m, int64_t row) {
    size_t kept = 0;
    for (size_t i = 0; i < m->active_count; i++) {
        if (m->active[i].range.last_row < row)
            pf_buf_clear(&m->active[i].text);
        else
            m->active[kept++] = m->active[i];
    }
    m->active_count = kept;
}

static pf_status activate(pf_grid_merger *m, const struct pf_grid_range *range,
                          const struct pf_grid_block *block, const struct pf_cell *cell, struct pf_error *err) {
    if (m->active_count == m->active_room) {
        size_t room = m->active_room ? 2 * m->active_room : 16;
        struct active *grown = pf_mem_grow(m->active, room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, room * sizeof *grown);
        m->active = grown;
        m->active_room = room;
    }
    struct active one = {.range = *range, .cell = *cell, .text_at = UINT32_MAX};
    if (has_text(cell))
        PF_TRY(pf_buf_put(&one.text, block->text.data + cell->value.text.at, cell->value.text.size, err));
    size_t at = m->active_count++;
    for (; at > 0 && m->active[at - 1].range.first_column > range->first_column; at--)
        m->active[at] = m->active[at - 1];
    m->active[at] = one;
    return PF_OK;
}

/* Ranges that begin in the row, if their first cell has a value. */
static pf_status begin_ranges(pf_grid_merger *m, const struct pf_grid_block *block, size_t r,
                              struct pf_error *err) {
    int64_t row = block->rows[r].number;
    for (; m->next < m->count && m->ranges[m->next].first_row <= row; m->next++) {
        const struct pf_grid_range *range = &m->ranges[m->next];
        for (uint32_t c = block->rows[r].from; range->first_row == row && c < pf_grid_row_end(block, r); c++)
            if (block->cells[c].column == range->first_column) {
                PF_TRY(activate(m, range, block, &block->cells[c], err));
                break;
            }
    }
    return PF_OK;
}

/* ---- rows ---- */

static pf_status put_filled(pf_grid_merger *m, struct active *a, uint32_t column, struct pf_error *err) {
    struct pf_cell *cell;
    if (has_text(&a->cell) && a->text_at == UINT32_MAX) {
        a->text_at = (uint32_t)m->out.text.size;
        PF_TRY(pf_buf_put(&m->out.text, a->text.data, a->text.size, err));
    }
    PF_TRY(pf_grid_block_cell(&m->out, column, a->cell.style, (enum pf_cell_kind)a->cell.kind, &cell, err));
    *cell = a->cell;
    cell->column = (uint16_t)column;
    if (has_text(cell))
        cell->value.text.at = a->text_at;
    return PF_OK;
}

/* The cells [from, to) of the block and what the active ranges put between them. */
static pf_status put_row(pf_grid_merger *m, const struct pf_grid_block *block, uint32_t from, uint32_t to,
                         struct pf_error *err) {
    uint32_t c = from;
    for (size_t i = 0; i < m->active_count; i++) {
        struct active *a = &m->active[i];
        for (int32_t column = a->range.first_column; column <= a->range.last_column; column++) {
            for (; c < to && block->cells[c].column < column; c++) {
                PF_TRY(pf_grid_block_reserve(&m->out, 0, 1, err));
                m->out.cells[m->out.cell_count++] = block->cells[c];
            }
            bool stored = c < to && block->cells[c].column == column;
            uint32_t begin = m->out.rows[m->out.row_count - 1].from;
            bool behind = m->out.cell_count == begin || m->out.cells[m->out.cell_count - 1].column < column;
            if (!stored && behind)
                PF_TRY(put_filled(m, a, (uint32_t)column, err));
        }
    }
    if (m->out.cell_count > CELLS_MOST)
        return pf_fail(err, PF_LIMIT, "merged ranges cover more than %u cells; give --merged first",
                       CELLS_MOST);
    PF_TRY(pf_grid_block_reserve(&m->out, 0, to - c, err));
    for (; c < to; c++)
        m->out.cells[m->out.cell_count++] = block->cells[c];
    return PF_OK;
}

pf_status pf_grid_merger_fill(pf_grid_merger *m, struct pf_grid_block *block, struct pf_error *err) {
    pf_grid_block_empty(&m->out);
    PF_TRY(pf_buf_put(&m->out.text, block->text.data, block->text.size, err));
    for (size_t i = 0; i < m->active_count; i++)
        m->active[i].text_at = UINT32_MAX;
    for (size_t r = 0; r < block->row_count; r++) {
        int64_t row = block->rows[r].number;
        for (retire(m, m->row); m->active_count && m->row < row; retire(m, ++m->row)) {
            PF_TRY(pf_grid_block_row(&m->out, (uint32_t)m->row, err));
            PF_TRY(put_row(m, block, 0, 0, err));
        }
        m->row = row;
        retire(m, row);
        PF_TRY(begin_ranges(m, block, r, err));
        PF_TRY(pf_grid_block_row(&m->out, (uint32_t)row, err));
        PF_TRY(put_row(m, block, block->rows[r].from, pf_grid_row_end(block, r), err));
        m->row = row + 1;
    }
    struct pf_grid_block swap = *block;
    *block = m->out;
    m->out = swap;
    return PF_OK;
}
