/* ptg_cells.c — room ptg. The formulas of a sheet's cells.                       SPDX-License-Identifier: MIT
 * Knows: formulas that several cells share, array formulas, tables of what-if.
 * Knows not: records. Sources: [MS-XLS] 2.4.4 (Array), 2.4.260 (ShrFmla), 2.5.198.58 (PtgExp), 2.5.198.92 (PtgTbl). */
#include "ptg/ptg_cells.h"

#include "base/bits.h"
#include "base/error.h"

#define POINTS      0x01               /* PtgExp */
#define WHAT_IF     0x02               /* PtgTbl */
#define SHARED_MOST ((size_t)64 << 20) /* bytes that are kept of a sheet */

struct shared {
    struct pf_grid_range range;
    bool is_array;
    uint32_t rgce_size, rgcb_size;
    size_t at; /* of both, in bytes */
};
struct key {
    uint32_t row, column;
};

void pf_ptg_cells_clear(struct pf_ptg_cells *cells) {
    pf_ptg_speller_clear(&cells->speller);
    pf_map_clear(&cells->places);
    pf_buf_clear(&cells->shared);
    pf_buf_clear(&cells->bytes);
}

bool pf_ptg_points(enum pf_ptg_version version, const struct pf_ptg_formula *formula, uint32_t *row,
                   uint32_t *column) {
    const uint8_t *rgce = formula->rgce;
    bool wide = version == PF_PTG_BIFF12;
    if (formula->rgce_size != (version == PF_PTG_BIFF2 ? 4 : 5) || rgce[0] != POINTS ||
        (wide && formula->rgcb_size < 4))
        return false;
    *row = wide ? pf_load32(rgce + 1) : pf_load16(rgce + 1);
    *column = wide ? pf_load32(formula->rgcb) : version == PF_PTG_BIFF2 ? rgce[3] : pf_load16(rgce + 3);
    return true;
}

pf_status pf_ptg_cells_share(struct pf_ptg_cells *cells, uint32_t row, uint32_t column,
                             const struct pf_grid_range *range, bool is_array,
                             const struct pf_ptg_formula *formula, struct pf_error *err) {
    struct key key = {row, column};
    int64_t found = 0, number = (int64_t)(cells->shared.size / sizeof(struct shared));
    if (formula->rgce_size > PF_PTG_TOKENS_MOST || formula->rgcb_size > PF_PTG_EXTRA_MOST ||
        cells->bytes.size + formula->rgce_size + formula->rgcb_size > SHARED_MOST)
        return PF_OK; /* its cells find nothing */
    PF_TRY(pf_map_add(&cells->places, &key, sizeof key, number, &found, err));
    if (found != number)
        return PF_OK; /* the first one counts */
    struct shared shared = {*range, is_array, (uint32_t)formula->rgce_size, (uint32_t)formula->rgcb_size,
                            cells->bytes.size};
    PF_TRY(pf_buf_put(&cells->shared, &shared, sizeof shared, err));
    PF_TRY(pf_buf_put(&cells->bytes, formula->rgce, formula->rgce_size, err));
    return pf_buf_put(&cells->bytes, formula->rgcb, formula->rgcb_size, err);
}

static bool is_in(const struct pf_grid_range *range, uint32_t row, uint32_t column) {
    return (int64_t)row >= range->first_row && (int64_t)row <= range->last_row &&
           (int64_t)column >= range->first_column && (int64_t)column <= range->last_column;
}

/* What the cell shares, in place of what it says itself. */
static enum pf_ptg_answer find_shared(const struct pf_ptg_cells *cells, struct key key,
                                      struct pf_ptg_formula *formula) {
    int64_t number = 0;
    if (!pf_map_find(&cells->places, &key, sizeof key, &number))
        return PF_PTG_UNKNOWN;
    const struct shared *shared = &((const struct shared *)(const void *)cells->shared.data)[number];
    if (!is_in(&shared->range, formula->row, formula->column))
        return PF_PTG_UNKNOWN;
    if (shared->is_array && (formula->row != key.row || formula->column != key.column))
        return PF_PTG_NO_TEXT;
    formula->rgce = cells->bytes.data + shared->at;
    formula->rgce_size = shared->rgce_size;
    formula->rgcb = formula->rgce + shared->rgce_size;
    formula->rgcb_size = shared->rgcb_size;
    return PF_PTG_KNOWN;
}

pf_status pf_ptg_cells_spell(struct pf_ptg_cells *cells, const struct pf_ptg_links *links,
                             const struct pf_ptg_formula *formula, struct pf_buf *to,
                             enum pf_ptg_answer *answer, struct pf_error *err) {
    struct pf_ptg_formula said = *formula;
    struct key key;
    bool known = false;
    *answer = PF_PTG_UNKNOWN;
    if (said.rgce_size && said.rgce[0] == WHAT_IF)
        *answer = PF_PTG_NO_TEXT;
    else if (!pf_ptg_points(links->version, &said, &key.row, &key.column))
        *answer = PF_PTG_KNOWN;
    else
        *answer = find_shared(cells, key, &said);
    if (*answer != PF_PTG_KNOWN)
        return PF_OK;
    PF_TRY(pf_ptg_spell(&cells->speller, links, &said, to, &known, err));
    *answer = known ? PF_PTG_KNOWN : PF_PTG_UNKNOWN;
    return PF_OK;
}
