/* csv_rewrite.c — room read/csv. Records by the state machine, as standard text.  SPDX-License-Identifier: MIT
 * Knows: padding, cutting off, which lines are left out, defects of records.
 * Knows not: the vector scan, types.                        Format: docs/formats/csv.md §Records and cells */
#include "read/csv/csv_rewrite.h"

#include <string.h>

#include "base/error.h"

#define FRONT      64u   /* readable bytes in front of rewritten text */
#define BEHIND     64u   /* and behind */
#define PART_CELLS 65536 /* padding may add this much to a block before it is given in parts */

static pf_status reserve_text(struct pf_csv_rewrite *w, size_t more) {
    struct pf_buf *buf = &w->block->rewritten;
    if (w->written + more > UINT32_MAX - 1)
        return pf_fail(
            w->err, PF_LIMIT,
            "a record is too large once it is rewritten as standard text; check the delimiter and the quote");
    size_t need = FRONT + w->written + more + BEHIND;
    if (need <= buf->room)
        return PF_OK;
    buf->size = buf->room ? FRONT + w->written : 0;
    return pf_buf_reserve(buf, need - buf->size, w->err);
}

static char *text_end(struct pf_csv_rewrite *w) {
    return (char *)w->block->rewritten.data + FRONT + w->written;
}

/* Room for rows more rows. */
static pf_status reserve_rows(struct pf_csv_rewrite *w, size_t rows) {
    struct pf_csv_block *b = w->block;
    PF_TRY(pf_csv_grow((void **)&b->made, &b->made_room, (w->rows + rows) * w->columns + 1, sizeof *b->made,
                       w->err));
    return pf_csv_grow((void **)&b->starts, &b->starts_room, w->rows + rows, sizeof *b->starts, w->err);
}

pf_status pf_csv_rewrite_begin(struct pf_csv_rewrite *w, struct pf_csv_block *block,
                               const struct pf_csv_dialect *d, size_t guess, struct pf_error *err) {
    *w = (struct pf_csv_rewrite){.block = block, .columns = (size_t)block->columns};
    w->limit = block->size - block->from + PART_CELLS;
    w->err = err;
    w->separator = d->delimiter_size == 1 ? d->delimiter[0] : d->whitespace || !d->delimiter_size ? ' ' : ',';
    pf_csv_machine_init(&w->machine, block->text, block->size, true, d);
    block->rewritten.size = 0;
    PF_TRY(reserve_text(w, guess));
    PF_TRY(reserve_rows(w, 1));
    block->made[0] = UINT32_MAX;
    return PF_OK;
}

void pf_csv_rewrite_end(struct pf_csv_rewrite *w, size_t to) {
    struct pf_csv_block *b = w->block;
    b->cells_text = (const char *)b->rewritten.data + FRONT;
    memset(text_end(w), 0, BEHIND);
    b->pos = b->made;
    b->rows = (int64_t)w->rows;
    b->to = to;
    b->lines = pf_csv_lines(b->text + b->from, to - b->from);
    b->standard = false;
    b->quotes = w->machine.quote != 0;
}

size_t pf_csv_strip_line_end(const char *text, size_t from, size_t to) {
    if (to > from && text[to - 1] == '\n')
        to--;
    else if (to > from && text[to - 1] == '\r')
        return to - 1;
    else
        return to;
    return to > from && text[to - 1] == '\r' ? to - 1 : to;
}

static pf_status write_cell(struct pf_csv_rewrite *w, const struct pf_csv_cell *cell, size_t index) {
    size_t most = 2 * (cell->to - cell->from + cell->tail + 2);
    PF_TRY(reserve_text(w, most + 1));
    char *to = text_end(w);
    size_t n = pf_csv_machine_write(&w->machine, cell, to);
    w->written += n;
    w->block->made[w->rows * w->columns + index + 1] = (uint32_t)w->written;
    to[n] = index + 1 == w->columns ? '\n' : w->separator;
    w->written++;
    return PF_OK;
}

static pf_status pad_cells(struct pf_csv_rewrite *w, size_t from) {
    PF_TRY(reserve_text(w, w->columns - from));
    struct pf_csv_cell none = {0};
    for (size_t i = from; i < w->columns; i++)
        PF_TRY(write_cell(w, &none, i));
    return PF_OK;
}

pf_status pf_csv_rewrite_record(struct pf_csv_rewrite *w, size_t at, size_t *next) {
    struct pf_csv_block *b = w->block;
    struct pf_csv_machine *m = &w->machine;
    int kind = pf_csv_machine_skip(m, at, next);
    b->blank_rows += kind == 1;
    b->comment_rows += kind == 2;
    if (kind)
        return PF_OK;
    PF_TRY(reserve_rows(w, 1));
    size_t i = at, n = 0, filled = 0;
    int more = PF_CSV_CELL;
    m->unclosed = false;
    while (more == PF_CSV_CELL) {
        struct pf_csv_cell cell;
        more = pf_csv_machine_cell(m, i, n == 0, &cell, &i);
        if (n < w->columns)
            PF_TRY(write_cell(w, &cell, n));
        n++;
        if (cell.quoted || cell.to > cell.from)
            filled = n;
    }
    if (n > w->columns)
        n = filled > w->columns ? filled : w->columns;
    else
        PF_TRY(pad_cells(w, n));
    struct pf_csv_defect defect = {.record = (int64_t)w->rows, .byte = (int64_t)at, .cells = (int32_t)n};
    defect.byte_size = (int64_t)(pf_csv_strip_line_end(b->text, at, i) - at);
    if (m->unclosed) {
        defect.kind = PF_CSV_UNCLOSED;
        PF_TRY(pf_csv_put_defect(b, &defect, w->err));
    }
    if (n != w->columns) {
        defect.kind = n < w->columns ? PF_CSV_SHORT : PF_CSV_LONG;
        PF_TRY(pf_csv_put_defect(b, &defect, w->err));
    }
    if ((int64_t)n > b->longest)
        b->longest = (int32_t)(n < INT32_MAX ? n : INT32_MAX);
    b->starts[w->rows++] = (int64_t)at;
    *next = i;
    return PF_OK;
}

pf_status pf_csv_rewrite_copy(struct pf_csv_rewrite *w, size_t from, size_t to, const uint32_t *places,
                              size_t rows) {
    struct pf_csv_block *b = w->block;
    size_t size = to - from, count = rows * w->columns;
    PF_TRY(reserve_text(w, size + 1));
    PF_TRY(reserve_rows(w, rows));
    memcpy(text_end(w), b->text + from, size);
    uint32_t shift = (uint32_t)w->written - (uint32_t)from;
    uint32_t *made = b->made + w->rows * w->columns + 1;
    for (size_t i = 0; i < count; i++)
        made[i] = places[i] + shift;
    b->starts[w->rows] = (int64_t)from;
    for (size_t r = 1; r < rows; r++)
        b->starts[w->rows + r] = (int64_t)places[r * w->columns - 1] + 1;
    w->rows += rows;
    w->written = (size_t)made[count - 1] + 1; /* a last row without line end gets one */
    b->longest = b->longest > b->columns ? b->longest : b->columns;
    return PF_OK;
}
