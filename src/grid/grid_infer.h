/* grid_infer.h — the type lattice of sheet columns: what a column's cells mean, and their join.
 * SPDX-License-Identifier: MIT
 *
 * A column's state is, for everything its cells mean, the first row where it stood and how often; that is commutative.
 * The join: integer ⊔ real = double, numbers stored as text likewise where these are looked for; date ⊔ timestamp = timestamp; time ⊔ elapsed = duration; everything else that is
 * not the same: text. Empty strings, errors and formulas without a value are no evidence. */
#ifndef PF_GRID_INFER_H
#define PF_GRID_INFER_H
#include "grid/grid_value.h"

struct pf_grid_infer {
    uint32_t seen; /* 1 << PF_MEANS_* */
    uint32_t first[PF_MEANS_COUNT];
    int64_t count[PF_MEANS_COUNT];
    char example[PF_MEANS_COUNT][24]; /* the first cell's spelling, cut at a character */
};
/* All zero is good and empty. row: of the sheet, from 0; rows rise. */
void pf_grid_infer_note(struct pf_grid_infer *infer, const struct pf_meaning *meaning, uint32_t row);
static inline void pf_grid_infer_cell(struct pf_grid_infer *infer, const struct pf_meaning *meaning,
                                      uint32_t row) {
    infer->count[meaning->means]++;
    if (!(infer->seen >> meaning->means & 1))
        pf_grid_infer_note(infer, meaning, row);
}
/* from: of rows behind those of into. */
void pf_grid_infer_merge(struct pf_grid_infer *into, const struct pf_grid_infer *from);
/* errors_are_text: error values are texts. false: there is no value yet; the type is text until there is one. */
bool pf_grid_infer_type(uint32_t seen, bool errors_are_text, struct pf_type *type);
/* What a column of the type can hold unchanged, as bits; all for text. 0: a type that inference never gives. */
uint32_t pf_grid_type_accepts(const struct pf_type *type);
/* Each row whose meaning changed the join of the rows before it, in order. */
void pf_grid_infer_widenings(const struct pf_grid_infer *infer, bool errors_are_text,
                             void (*each)(void *ctx, const struct pf_type *from, const struct pf_type *to,
                                          uint32_t row, const char *example),
                             void *ctx);
#endif
