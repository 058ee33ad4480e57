/* grid_styles.h — from the numbers of formats to the format of each style.      SPDX-License-Identifier: MIT */
#ifndef PF_GRID_STYLES_H
#define PF_GRID_STYLES_H
#include "base/buf.h"
#include "grid/grid_codes.h"

/* All zero is good and empty. */
struct pf_grid_styles {
    struct pf_buf own;     /* the formats that the book defines */
    struct pf_buf formats; /* struct pf_grid_format by style */
    struct pf_grid_codes codes;
};
#define PF_GRID_STYLES_MOST 65536 /* a cell names one in 16 bits; Excel has at most 65,490 */

/* The book defines format `id`; a later one of the same id counts, for the styles that follow. */
pf_status pf_grid_styles_define(struct pf_grid_styles *s, uint32_t id, const char *code, size_t size,
                                struct pf_error *err);
/* The next style has format `id`: the book's own, else the built-in one. */
pf_status pf_grid_styles_add(struct pf_grid_styles *s, uint32_t id, struct pf_error *err);
static inline const struct pf_grid_format *pf_grid_styles_formats(const struct pf_grid_styles *s,
                                                                  uint32_t *count) {
    *count = (uint32_t)(s->formats.size / sizeof(struct pf_grid_format));
    return (const struct pf_grid_format *)(const void *)s->formats.data;
}
void pf_grid_styles_clear(struct pf_grid_styles *s);
#endif
