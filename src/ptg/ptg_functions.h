/* ptg_functions.h — the functions that tokens name by a number.                  SPDX-License-Identifier: MIT */
#ifndef PF_PTG_FUNCTIONS_H
#define PF_PTG_FUNCTIONS_H
#include <stdint.h>

#include "base/text.h"
#include "ptg/ptg_links.h"

#define PF_PTG_CALL 255 /* a function by its name, which is the first argument */

/* NULL: no such function. */
const char *pf_ptg_function(uint32_t number);
/* How many arguments PtgFunc takes; −1: the number is no function's that always has as many. */
int pf_ptg_arguments(uint32_t number, enum pf_ptg_version version);
/* One of those that came with Excel 2007, and four later ones: BIFF knows them as _xlfn.NAME, XLSX as NAME. */
bool pf_ptg_is_bare(struct pf_text name);
#endif
