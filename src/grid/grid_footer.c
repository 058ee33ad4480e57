/* grid_footer.c — room grid. Totals and notes below a table.                     SPDX-License-Identifier: MIT
 * Knows: rows that are thinner than the table, gaps above them, words that begin notes and totals.
 * Knows not: headers, types. In doubt a row is data.         Format: docs/formats/xlsx.md §Where the table is */
#include "grid/grid_footer.h"

#include "columns/columns_footer.h"

#define LEAST_BODY 2

struct row {
    int64_t number;
    int32_t filled;
    struct pf_text text; /* of its first cell with a value; empty: that is no text */
};
/* The last rows with a value, from the end on. */
struct tail {
    struct row rows[PF_GRID_TAIL_ROWS];
    int32_t count;
    int32_t usual; /* cells of a row */
};

static struct row look_at(const struct pf_grid_view *view, const struct pf_grid_block *block, size_t r) {
    struct row row = {.number = block->rows[r].number};
    for (uint32_t c = block->rows[r].from; c < pf_grid_row_end(block, r); c++) {
        struct pf_meaning m = {0};
        if (!pf_grid_view_has(view, &block->cells[c]))
            continue;
        pf_grid_cell_means(view->book, view->date1904, block, &block->cells[c], &m);
        struct pf_text text = m.means == PF_MEANS_TEXT ? pf_text_trim(m.text) : (struct pf_text){0};
        if (m.means == PF_MEANS_NOTHING || (m.means == PF_MEANS_TEXT && text.size == 0))
            continue;
        if (row.filled++ == 0)
            row.text = text;
    }
    return row;
}

static void gather(struct tail *tail, const struct pf_grid_view *view, const struct pf_grid_block *blocks,
                   size_t count, int64_t data_from, int64_t last_row) {
    for (size_t b = count; b-- > 0;)
        for (size_t r = blocks[b].row_count; r-- > 0 && tail->count < PF_GRID_TAIL_ROWS;) {
            struct row row = {.number = blocks[b].rows[r].number};
            if (row.number >= data_from && row.number <= last_row &&
                pf_grid_view_has_row(view, (uint32_t)row.number))
                row = look_at(view, &blocks[b], r);
            if (row.filled)
                tail->rows[tail->count++] = row;
        }
}

/* The most frequent number of cells, the larger one of equally frequent ones. */
static int32_t usual_width(const struct tail *tail) {
    int32_t best = 0, most = 0;
    for (int32_t i = 0; i < tail->count; i++) {
        int32_t same = 0, width = tail->rows[i].filled;
        for (int32_t k = 0; k < tail->count; k++)
            same += tail->rows[k].filled == width;
        if (same > most || (same == most && width > best)) {
            most = same;
            best = width;
        }
    }
    return best;
}

static bool is_apart(const struct tail *tail, int32_t i) {
    return i + 1 < tail->count && tail->rows[i + 1].number + 1 < tail->rows[i].number;
}

/* Too thin for the table. */
static bool is_thin(const struct tail *tail, int32_t i) {
    int32_t filled = tail->rows[i].filled;
    struct pf_text text = tail->rows[i].text;
    return filled < tail->usual &&
           (filled == 1 || filled * 3 <= tail->usual ||
            (is_apart(tail, i) && (pf_footer_is_note(text) || pf_footer_is_sentence(text))));
}

static bool is_evident(const struct tail *tail, int32_t i, int32_t from) {
    const struct row *row = &tail->rows[i];
    return pf_footer_is_note(row->text) || pf_footer_is_total(row->text) ||
           (row->filled == 1 && pf_footer_is_sentence(row->text)) ||
           (i + 1 == from && tail->usual > 2 && row->text.size && is_apart(tail, i));
}

static bool is_second_table(const struct tail *tail, int32_t from) {
    int32_t run = 1;
    for (int32_t i = 1; i < from && run < 3; i++)
        run = tail->rows[i].filled >= 2 && tail->rows[i].filled == tail->rows[i - 1].filled &&
                      !is_apart(tail, i - 1)
                  ? run + 1
                  : 1;
    return run >= 3;
}

/* How many of the last rows are none of the table. */
static int32_t count_footer(const struct tail *tail) {
    int32_t from = 0, thin = 0;
    bool sure = false;
    while (from < PF_GRID_FOOTER_ROWS - 1 && from + LEAST_BODY < tail->count && is_thin(tail, from))
        from++;
    for (int32_t i = 0; i < from; i++)
        sure = sure || is_evident(tail, i, from);
    if (!sure || is_second_table(tail, from))
        from = 0;
    int32_t body = tail->count - from < 100 ? tail->count - from : 100;
    for (int32_t i = from; i < from + body; i++)
        thin += is_thin(tail, i);
    if (thin * 10 > body)
        from = 0; /* such rows are ordinary here */
    /* A row of totals as wide as the table only when it stands apart. */
    const struct row *row = &tail->rows[from];
    if (from + LEAST_BODY < tail->count && pf_footer_is_total(row->text) &&
        (is_apart(tail, from) || row->filled + 1 < tail->usual))
        from++;
    return from;
}

int64_t pf_grid_footer_find(const struct pf_grid_view *view, const struct pf_grid_block *blocks, size_t count,
                            int64_t data_from, int64_t last_row, int64_t *last) {
    struct tail tail = {.count = 0};
    gather(&tail, view, blocks, count, data_from, last_row);
    if (!tail.count)
        return -1;
    tail.usual = usual_width(&tail);
    *last = tail.rows[0].number;
    int32_t rows = count_footer(&tail);
    return rows ? tail.rows[rows - 1].number : -1;
}
