/* grid_links.c — room grid. What the cells of a sheet link to.                   SPDX-License-Identifier: MIT
 * Knows: ranges with an address, by row; HYPERLINK formulas whose address is spelled out.
 * Knows not: how formats store links, tables.               Format: docs/formats/xlsx.md §Links */
#include "grid/grid_links.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define LINKS_MOST                                                                                             \
    (1u << 22) /* rows with a link, each counted once per link; Excel has 66,530 links on a sheet */
#define TEXT_MOST ((size_t)256 << 20)

/* One row of a link. */
struct link {
    uint32_t row;
    uint16_t first_column, last_column;
    uint32_t at, size; /* of the text */
    uint32_t order;
};

void pf_grid_links_clear(struct pf_grid_links *links) {
    pf_buf_clear(&links->items);
    pf_buf_clear(&links->text);
    *links = (struct pf_grid_links){0};
}

static size_t count_of(const struct pf_grid_links *links) { return links->items.size / sizeof(struct link); }
static struct link *items_of(const struct pf_grid_links *links) {
    return (struct link *)(void *)links->items.data;
}

pf_status pf_grid_links_add(struct pf_grid_links *links, const struct pf_grid_range *range,
                            struct pf_text address, struct pf_error *err) {
    if (!address.size || pf_grid_range_is_empty(range))
        return PF_OK;
    size_t count = count_of(links), rows = (size_t)(range->last_row - range->first_row) + 1;
    if (count + rows > LINKS_MOST || links->text.size + address.size > TEXT_MOST)
        return pf_fail(err, PF_LIMIT,
                       "links stand on more than %u rows of cells or are too long; give --hyperlinks text",
                       LINKS_MOST);
    struct link link = {.first_column = (uint16_t)range->first_column,
                        .last_column = (uint16_t)range->last_column,
                        .at = (uint32_t)links->text.size,
                        .size = (uint32_t)address.size,
                        .order = (uint32_t)count};
    PF_TRY(pf_buf_put(&links->text, address.at, address.size, err));
    links->disordered |= count && items_of(links)[count - 1].row > (uint32_t)range->first_row;
    for (int32_t row = range->first_row; row <= range->last_row; row++) {
        link.row = (uint32_t)row;
        PF_TRY(pf_buf_put(&links->items, &link, sizeof link, err));
    }
    return PF_OK;
}

/* ---- formulas ---- */

/* The first argument of =HYPERLINK("address" … when it is a text and no more. "" within it is a quote. */
static bool read_formula(struct pf_text formula, struct pf_buf *address, pf_status *status,
                         struct pf_error *err) {
    static const char name[] = "=HYPERLINK(";
    size_t at = sizeof name - 1;
    address->size = 0;
    *status = PF_OK;
    if (formula.size <= at || !pf_text_same_nocase((struct pf_text){formula.at, at}, pf_text_of(name)))
        return false;
    while (at < formula.size && formula.at[at] == ' ')
        at++;
    if (at == formula.size || formula.at[at++] != '"')
        return false;
    for (; at < formula.size && *status == PF_OK; at++) {
        if (formula.at[at] == '"' && (at + 1 == formula.size || formula.at[++at] != '"'))
            break;
        *status = pf_buf_put(address, formula.at + at, 1, err);
    }
    while (at < formula.size && formula.at[at] == ' ')
        at++;
    return *status == PF_OK && at < formula.size && memchr(",;)", formula.at[at], 3);
}

static pf_status add_formulas(struct pf_grid_links *links, const struct pf_grid_block *block,
                              struct pf_buf *address, struct pf_error *err) {
    for (size_t r = 0; r < block->row_count; r++) {
        int32_t row = (int32_t)block->rows[r].number;
        for (uint32_t c = block->rows[r].from; c < pf_grid_row_end(block, r); c++) {
            const struct pf_cell *cell = &block->cells[c];
            pf_status status;
            if (cell->kind != PF_CELL_TEXT || !(cell->flags & PF_CELL_FORMULA) || !cell->value.text.size)
                continue;
            struct pf_text formula = {(const char *)block->text.data + cell->value.text.at,
                                      cell->value.text.size};
            bool found = read_formula(formula, address, &status, err);
            PF_TRY(status);
            if (found)
                PF_TRY(pf_grid_links_add(links, &(struct pf_grid_range){row, row, cell->column, cell->column},
                                         (struct pf_text){(const char *)address->data, address->size}, err));
        }
    }
    return PF_OK;
}

static pf_status read_formulas(const struct pf_grid_book *book, int32_t sheet, struct pf_grid_links *links,
                               struct pf_error *err) {
    struct pf_grid_block block = {0};
    struct pf_buf address = {0};
    void *cursor = NULL;
    PF_TRY(book->driver->open(book->self, sheet, PF_GRID_FORMULAS, &cursor, err));
    pf_status status = PF_OK;
    do {
        pf_grid_block_empty(&block);
        status = book->driver->next(cursor, &block, err);
        if (status == PF_OK)
            status = add_formulas(links, &block, &address, err);
    } while (status == PF_OK && block.row_count);
    pf_grid_block_clear(&block);
    pf_buf_clear(&address);
    book->driver->close(cursor);
    return status;
}

static int compare(const void *a, const void *b) {
    const struct link *x = a, *y = b;
    return x->row != y->row       ? (x->row > y->row) - (x->row < y->row)
           : x->order != y->order ? (x->order > y->order) - (x->order < y->order)
                                  : 0;
}

pf_status pf_grid_links_read(const struct pf_grid_book *book, int32_t sheet, struct pf_grid_links *links,
                             struct pf_error *err) {
    if (book->driver->links)
        PF_TRY(book->driver->links(book->self, sheet, links, err));
    PF_TRY(read_formulas(book, sheet, links, err));
    if (links->disordered)
        qsort(links->items.data, count_of(links), sizeof(struct link), compare);
    links->disordered = false;
    return PF_OK;
}

/* ---- blocks ---- */

/* The first link of the row or behind it. */
static size_t find_row(const struct pf_grid_links *links, uint32_t row) {
    size_t low = 0, high = count_of(links);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (items_of(links)[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The last link in [from, to) of the column. */
static const struct link *find_link(const struct link *from, const struct link *to, uint16_t column) {
    while (to-- > from)
        if (to->first_column <= column && column <= to->last_column)
            return to;
    return NULL;
}

static pf_status put_link(const struct pf_grid_links *links, const struct link *link, uint32_t column,
                          struct pf_grid_block *block, struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(pf_grid_block_cell(block, PF_GRID_COLUMNS + column, 0, PF_CELL_TEXT, &cell, err));
    return pf_grid_block_text(block, cell, (const char *)links->text.data + link->at, link->size, err);
}

pf_status pf_grid_links_put(const struct pf_grid_links *links, struct pf_grid_block *block,
                            struct pf_grid_block *spare, struct pf_error *err) {
    const struct link *items = items_of(links), *end = items + count_of(links), *from = NULL;
    if (!block->row_count || items == end)
        return PF_OK;
    pf_grid_block_empty(spare);
    PF_TRY(pf_buf_put(&spare->text, block->text.data, block->text.size, err));
    spare->disordered = block->disordered;
    for (size_t r = 0; r < block->row_count; r++) {
        uint32_t row = block->rows[r].number, first = block->rows[r].from, behind = pf_grid_row_end(block, r);
        if (!from || from == end || from->row != row)
            from = items + find_row(links, row);
        const struct link *to = from;
        while (to < end && to->row == row)
            to++;
        PF_TRY(pf_grid_block_row(spare, row, err));
        PF_TRY(pf_grid_block_reserve(spare, 0, behind - first, err));
        for (uint32_t c = first; c < behind; c++)
            spare->cells[spare->cell_count++] = block->cells[c];
        for (uint32_t c = first; c < behind && from < to; c++) {
            const struct link *link = find_link(from, to, block->cells[c].column);
            if (link)
                PF_TRY(put_link(links, link, block->cells[c].column, spare, err));
        }
        from = to;
    }
    struct pf_grid_block swap = *block;
    *block = *spare;
    *spare = swap;
    return PF_OK;
}
