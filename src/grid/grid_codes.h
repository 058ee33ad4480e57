/* grid_codes.h — the codes of number formats, as a book has them.                SPDX-License-Identifier: MIT */
#ifndef PF_GRID_CODES_H
#define PF_GRID_CODES_H
#include "base/buf.h"
#include "base/text.h"
#include "grid/grid_format.h"

/* All zero is good and empty; clear ends it. */
struct pf_grid_codes {
    struct pf_buf text;
    struct pf_buf ends; /* uint32_t: where each one ends */
};
/* Keeps the code for the format, which gets its place; General, and what there is no room for, gets none. */
pf_status pf_grid_codes_keep(struct pf_grid_codes *codes, const char *code, size_t size,
                             struct pf_grid_format *format, struct pf_error *err);
/* The format of a code, and of a built-in id, with its code. */
pf_status pf_grid_codes_parse(struct pf_grid_codes *codes, const char *code, size_t size,
                              struct pf_grid_format *format, struct pf_error *err);
pf_status pf_grid_codes_builtin(struct pf_grid_codes *codes, uint32_t id, struct pf_grid_format *format,
                                struct pf_error *err);
/* Lent until the next one is kept; empty: none. codes NULL: none. */
struct pf_text pf_grid_codes_text(const struct pf_grid_codes *codes, uint16_t place);
void pf_grid_codes_clear(struct pf_grid_codes *codes);
#endif
