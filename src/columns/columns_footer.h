/* columns_footer.h — words that begin what stands below a table.                 SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_FOOTER_H
#define PF_COLUMNS_FOOTER_H
#include <stdbool.h>

#include "base/text.h"

/* Does the first text of a row begin a row of totals? */
bool pf_footer_is_total(struct pf_text text);
/* A mark, a line of stars, a word that begins notes: what nobody writes into the first column of a table. */
bool pf_footer_is_note(struct pf_text text);
/* Four words and more, with letters. */
bool pf_footer_is_sentence(struct pf_text text);
#endif
