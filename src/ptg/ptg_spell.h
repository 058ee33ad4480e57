/* ptg_spell.h — a formula that is stored as parsed tokens, as its text.         SPDX-License-Identifier: MIT */
#ifndef PF_PTG_SPELL_H
#define PF_PTG_SPELL_H
#include "ptg/ptg_links.h"

/* rgce: the tokens, in the order of a stack machine. rgcb: what does not fit into them. */
struct pf_ptg_formula {
    const uint8_t *rgce, *rgcb;
    size_t rgce_size, rgcb_size;
    uint32_t row, column; /* of the cell: shared formulas count from it */
};

#define PF_PTG_TOKENS_MOST 65535     /* bytes of rgce; Excel has at most 16,385 */
#define PF_PTG_TEXT_MOST   32768     /* bytes of text; Excel has at most 8,192 characters */
#define PF_PTG_EXTRA_MOST  (1 << 20) /* bytes of rgcb that are looked at */

/* Memory that is used again for the next formula. All zero is good; clear ends it. One thread at a time. */
struct pf_ptg_speller {
    struct pf_buf scratch, tokens, inserts, operands;
};
void pf_ptg_speller_clear(struct pf_ptg_speller *speller);
/* Appends "=A1+B1" to `to`. *known false: the tokens are broken, or say what has no text here, and `to` is as before.
 * NO_MEMORY or OK. */
pf_status pf_ptg_spell(struct pf_ptg_speller *speller, const struct pf_ptg_links *links,
                       const struct pf_ptg_formula *formula, struct pf_buf *to, bool *known,
                       struct pf_error *err);
#endif
