/* xls_formula.c — room read/xls. Records that hold formulas.                     SPDX-License-Identifier: MIT
 * Knows: FORMULA, ARRAY, SHRFMLA of BIFF2–8, where the tokens stand in them.
 * Knows not: tokens. Sources: [MS-XLS] 2.4.4, 2.4.127, 2.4.260; for BIFF2–5 OpenOffice.org's Documentation of the Microsoft
 * Excel File Format 5.4, 5.50, 5.94. Format: docs/formats/xls.md §Formulas */
#include "read/xls/xls_formula.h"

#include "base/error.h"

#define GATHERED_MOST ((size_t)1 << 20) /* bytes of a record and those that continue it */

void pf_xls_formulas_clear(struct pf_xls_formulas *formulas) {
    pf_ptg_cells_clear(&formulas->cells);
    pf_buf_clear(&formulas->record);
    pf_buf_clear(&formulas->text);
}

/* A copy of the record and of what continues it. */
static pf_status gather(struct pf_buf *to, struct pf_xls_stream *stream, const struct pf_xls_record *record,
                        struct pf_error *err) {
    struct pf_xls_record more = {0};
    uint16_t id = 0;
    bool there = true;
    to->size = 0;
    PF_TRY(pf_buf_put(to, record->bytes, record->size, err));
    for (;;) {
        PF_TRY(pf_xls_peek(stream, &id, err));
        if (id != PF_XLS_CONTINUE)
            return PF_OK;
        PF_TRY(pf_xls_next(stream, &more, &there, err));
        if (to->size + more.size <= GATHERED_MOST)
            PF_TRY(pf_buf_put(to, more.bytes, more.size, err));
    }
}

/* The tokens behind their size, which stands at `at`, and what is behind them. false: the record is too short. */
static bool take_tokens(const struct pf_buf *record, size_t at, int size_bytes,
                        struct pf_ptg_formula *formula) {
    size_t from = at + (size_t)size_bytes;
    if (record->size < from)
        return false;
    formula->rgce = record->data + from;
    formula->rgce_size = size_bytes == 1 ? record->data[at] : pf_load16(record->data + at);
    if (formula->rgce_size > record->size - from)
        return false;
    formula->rgcb = formula->rgce + formula->rgce_size;
    formula->rgcb_size = record->size - from - formula->rgce_size;
    return true;
}

/* The first record behind a formula that is shared, and where its size stands in it; 0: another record. */
static size_t size_place(uint16_t id, int biff) {
    switch (id) {
    case PF_XLS_SHARED: return 8;
    case PF_XLS_ARRAY: return biff >= 5 ? 12 : 8;
    case PF_XLS_ARRAY2: return 7;
    default: return 0;
    }
}

static pf_status read_shared(struct pf_xls_formulas *formulas, int biff, struct pf_xls_stream *stream,
                             uint32_t row, uint32_t column, struct pf_error *err) {
    struct pf_buf *record = &formulas->record;
    struct pf_xls_record next = {0};
    struct pf_ptg_formula formula = {0};
    bool there = true;
    PF_TRY(pf_xls_next(stream, &next, &there, err));
    uint16_t id = next.id;
    PF_TRY(gather(record, stream, &next, err));
    if (!take_tokens(record, size_place(id, biff), id == PF_XLS_ARRAY2 ? 1 : 2, &formula))
        return PF_OK;
    const uint8_t *b = record->data;
    struct pf_grid_range range = {pf_load16(b), pf_load16(b + 2), b[4], b[5]};
    return pf_ptg_cells_share(&formulas->cells, row, column, &range, id != PF_XLS_SHARED, &formula, err);
}

pf_status pf_xls_formula_read(struct pf_xls_formulas *formulas, const struct pf_xls_book *book,
                              struct pf_xls_stream *stream, const struct pf_xls_record *record,
                              enum pf_ptg_answer *answer, struct pf_error *err) {
    struct pf_ptg_formula formula = {.row = pf_load16(record->bytes), .column = pf_load16(record->bytes + 2)};
    struct pf_buf *copy = &formulas->record;
    uint32_t row = 0, column = 0;
    uint16_t id = 0;
    size_t at = book->biff >= 5 ? 20 : 16;
    *answer = PF_PTG_UNKNOWN;
    formulas->text.size = 0;
    PF_TRY(gather(copy, stream, record, err));
    if (!take_tokens(copy, at, book->biff == 2 ? 1 : 2, &formula))
        return PF_OK;
    if (!pf_ptg_points(book->links.version, &formula, &row, &column))
        return pf_ptg_cells_spell(&formulas->cells, &book->links, &formula, &formulas->text, answer, err);
    uint8_t points[5] = {0};
    memcpy(points, formula.rgce, formula.rgce_size);
    formula.rgce = points; /* the copy of the record is used again */
    formula.rgcb_size = 0;
    PF_TRY(pf_xls_peek(stream, &id, err));
    if (size_place(id, book->biff))
        PF_TRY(read_shared(formulas, book->biff, stream, row, column, err));
    return pf_ptg_cells_spell(&formulas->cells, &book->links, &formula, &formulas->text, answer, err);
}
