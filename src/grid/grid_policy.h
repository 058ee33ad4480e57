/* grid_policy.h — the options of sheet readers and what they mean.               SPDX-License-Identifier: MIT */
#ifndef PF_GRID_POLICY_H
#define PF_GRID_POLICY_H
#include "base/arena.h"
#include "grid/grid_region.h"
#include "pyforge/extension.h"

#define PF_GRID_NULL   0
#define PF_GRID_REJECT 1
#define PF_GRID_FAIL   2
#define PF_GRID_TEXT   3

#define PF_LINKS_NONE 0 /* cells have their text */
#define PF_LINKS_URL  1 /* those with a link have its address instead */
#define PF_LINKS_BOTH 2 /* the address is in a column of its own */

struct pf_grid_policy {
    struct pf_host *host; /* whose options they are; lent */
    const char *sheets;   /* names, numbers, patterns, joined by U+001F; NULL: all visible ones */
    const char *tables;   /* names of areas, joined likewise; NULL: none */
    bool has_range;
    struct pf_grid_range range;
    struct pf_grid_wish wish;
    int64_t footer_rows; /* −1: find out */
    bool hidden;         /* hidden sheets too */
    bool leave_rows;     /* hidden ones out */
    bool leave_columns;  /* likewise */
    bool leave_blank;    /* rows without a value out */
    bool fill_merged;    /* every cell of a merged range has its value */
    int8_t links;        /* PF_LINKS_NONE … */
    int8_t errors;       /* PF_GRID_NULL, _TEXT, _FAIL */
    bool formulas;       /* the formulas' text instead of their values */
    int8_t on_bad_cell;  /* PF_GRID_NULL, _REJECT, _FAIL: of imposed types */
    bool text_numbers;   /* columns of texts that are numbers are columns of numbers */
    bool display;        /* and as the workbook shows it */
    bool text;           /* every column is text */
    bool python;         /* and spelled as Python does */
};
pf_status pf_grid_policy_read(struct pf_host *host, struct pf_arena *arena, struct pf_grid_policy *out,
                              struct pf_error *err);
/* Does an item of the list (a name ignoring case, a pattern with * and ?, or a number from 1) mean the sheet? */
bool pf_grid_policy_names(const char *list, const char *name, int32_t number);
#endif
