/* grid_order.c — room grid. Rows in their order, of a sheet that stores them in none.  SPDX-License-Identifier: MIT
 * Knows: how much stands in which rows, stretches that fit in memory.
 * Knows not: formats, tables. */
#include "grid/grid_order.h"

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"

#define BUCKET_ROWS 64
#define BUCKETS     (PF_GRID_ROWS / BUCKET_ROWS)

struct pf_grid_order {
    const struct pf_grid_book *book;
    int32_t sheet;
    uint32_t wants;
    uint64_t *bytes;              /* of cells and texts, in each bucket */
    size_t bucket;                /* the first one behind the stretch at hand */
    struct pf_grid_block stretch; /* sorted */
    size_t row;                   /* of the stretch, the next one to hand out */
    struct pf_grid_block read;    /* as the sheet gives it */
};

static uint64_t row_bytes(const struct pf_grid_block *block, size_t r) {
    uint32_t from = block->rows[r].from, to = pf_grid_row_end(block, r);
    uint64_t bytes = (to - from) * sizeof *block->cells;
    for (uint32_t c = from; c < to; c++)
        if (pf_cell_has_text(&block->cells[c]))
            bytes += block->cells[c].value.text.size;
    return bytes;
}

/* Reads the sheet to its end; counts with to == 0, else collects the rows of the buckets from … to − 1. */
static pf_status read_sheet(struct pf_grid_order *o, size_t from, size_t to, struct pf_error *err) {
    const struct pf_grid_driver *driver = o->book->driver;
    struct pf_grid_block *block = &o->read;
    void *cursor;
    PF_TRY(driver->open(o->book->self, o->sheet, o->wants, &cursor, err));
    pf_status status;
    for (;;) {
        pf_grid_block_empty(block);
        status = driver->next(cursor, block, err);
        if (status != PF_OK || !block->row_count)
            break;
        for (size_t r = 0; r < block->row_count && status == PF_OK; r++) {
            size_t bucket = block->rows[r].number / BUCKET_ROWS;
            if (to == 0)
                o->bytes[bucket] += row_bytes(block, r);
            else if (bucket >= from && bucket < to)
                status = pf_grid_block_append(&o->stretch, block, r, err);
        }
        if (status != PF_OK)
            break;
    }
    driver->close(cursor);
    return status;
}

/* Collects the next rows with cells; the stretch stays empty at the end. */
static pf_status next_stretch(struct pf_grid_order *o, struct pf_error *err) {
    uint64_t bytes = 0;
    pf_grid_block_empty(&o->stretch);
    o->row = 0;
    while (o->bucket < BUCKETS && !o->bytes[o->bucket])
        o->bucket++;
    if (o->bucket == BUCKETS)
        return PF_OK;
    size_t from = o->bucket;
    while (o->bucket < BUCKETS && (bytes == 0 || bytes + o->bytes[o->bucket] <= PF_CEIL_ORDER_BYTES))
        bytes += o->bytes[o->bucket++];
    if (bytes > PF_CEIL_ORDER_BYTES)
        return pf_fail(err, PF_LIMIT,
                       "the rows stand in no order, and rows %zu to %zu alone hold more than %u MB; save the "
                       "workbook anew with a spreadsheet program",
                       from * BUCKET_ROWS + 1, (from + 1) * BUCKET_ROWS, PF_CEIL_ORDER_BYTES >> 20);
    PF_TRY(read_sheet(o, from, o->bucket, err));
    return pf_grid_block_sort(&o->stretch, err);
}

pf_status pf_grid_order_open(const struct pf_grid_book *book, int32_t sheet, uint32_t wants,
                             struct pf_grid_order **order, struct pf_error *err) {
    struct pf_grid_order *o = pf_mem_zero(1, sizeof *o);
    if (!o)
        return pf_fail_memory(err, sizeof *o);
    *o = (struct pf_grid_order){
        .book = book, .sheet = sheet, .wants = wants, .bytes = pf_mem_zero(BUCKETS, sizeof *o->bytes)};
    pf_status status = o->bytes ? read_sheet(o, 0, 0, err) : pf_fail_memory(err, BUCKETS * sizeof *o->bytes);
    if (status != PF_OK) {
        pf_grid_order_close(&o);
        return status;
    }
    *order = o;
    return PF_OK;
}

pf_status pf_grid_order_next(struct pf_grid_order *o, struct pf_grid_block *block, struct pf_error *err) {
    while (o->row == o->stretch.row_count) {
        PF_TRY(next_stretch(o, err));
        if (!o->stretch.row_count)
            return PF_OK;
    }
    while (o->row < o->stretch.row_count && !pf_grid_block_is_full(block))
        PF_TRY(pf_grid_block_append(block, &o->stretch, o->row++, err));
    return PF_OK;
}

void pf_grid_order_close(struct pf_grid_order **order) {
    if (!*order)
        return;
    pf_grid_block_clear(&(*order)->stretch);
    pf_grid_block_clear(&(*order)->read);
    pf_mem_free((*order)->bytes);
    pf_mem_free(*order);
    *order = NULL;
}
