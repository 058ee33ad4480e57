/* columns_names.h — legal, unique column names, with a list of changes.         SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_NAMES_H
#define PF_COLUMNS_NAMES_H
#include <stdbool.h>
#include <stddef.h>

#include "pyforge/status.h"

#define PF_NAMES_KEEP     0 /* as they are, only made unique and not empty */
#define PF_NAMES_SANITISE 1 /* blank , ; { } ( ) newline tab = and control characters become one _ */
#define PF_NAMES_PANDAS                                                                                        \
    2 /* as pandas makes them: "a.1" for a second a, "Unnamed: 2" for the third column (from 0)
                              when it has no name, and "Column_1" … when none has */

/* names[i] → out[i] (given, pf_mem_free each). Empty names become "column_N" (1-based). Unique ignoring case
 * (Unicode simple folding for Latin, Greek, Cyrillic; bytes otherwise) against the final set: the first of
 * equal names keeps it, the others get _2, _3 … (never a name that another column has); at most
 * PF_CEIL_NAME_BYTES bytes, cut at a character. On failure out is all NULL. */
pf_status pf_names_make(const char *const *names, size_t count, int rule, char **out, struct pf_error *err);
#endif
