/* run_selection.h — which columns a list of a user means.                       SPDX-License-Identifier: MIT
 *
 * An item is a name, a number from 1, a letter range of a sheet (B:D, AA; upper case), a range of numbers (3:5)
 * or a pattern (price_*). A name always comes first: a column called 7 or B is found by its name. */
#ifndef PF_RUN_SELECTION_H
#define PF_RUN_SELECTION_H
#include "base/text.h"
#include "pyforge/status.h"

struct pf_column_names {
    int64_t count;
    const char *const *raw; /* as in the input */
    char *const *made;      /* legal and unique */
};
/* The column of that name (as it is in the input, else as it was made, else ignoring case), or of that number;
 * −1: none. */
int64_t pf_selection_one(const struct pf_column_names *names, struct pf_text item);
/* All columns that the values of a LIST option mean, in their order, each once. out has room for names->count.
 * ARGUMENT with the nearest name for an item that means none. option: for the message. */
pf_status pf_selection_list(const struct pf_column_names *names, const char *option, const char *list,
                            int32_t *out, int64_t *count, struct pf_error *err);
/* ARGUMENT with the nearest name. */
pf_status pf_selection_unknown(const struct pf_column_names *names, const char *option, struct pf_text item,
                               struct pf_error *err);
#endif
