/* grid_styles.c — room grid. Styles and the formats they name.                   SPDX-License-Identifier: MIT
 * Knows: which of a book's own formats and the built-in ones is meant.
 * Knows not: codes (grid_format.c), how they are stored. */
#include "grid/grid_styles.h"

struct own_format {
    uint32_t id;
    struct pf_grid_format format;
};

pf_status pf_grid_styles_define(struct pf_grid_styles *s, uint32_t id, const char *code, size_t size,
                                struct pf_error *err) {
    struct own_format own = {id, pf_grid_format_parse(code, size)};
    if (s->own.size / sizeof own >= PF_GRID_STYLES_MOST)
        return PF_OK; /* a format that nobody can name */
    return pf_buf_put(&s->own, &own, sizeof own, err);
}

pf_status pf_grid_styles_add(struct pf_grid_styles *s, uint32_t id, struct pf_error *err) {
    struct pf_grid_format format = pf_grid_format_builtin(id);
    const struct own_format *own = (const struct own_format *)(const void *)s->own.data;
    for (size_t i = s->own.size / sizeof *own; i-- > 0;)
        if (own[i].id == id) { /* its own word counts more */
            format = own[i].format;
            break;
        }
    if (s->formats.size / sizeof format >= PF_GRID_STYLES_MOST)
        return PF_OK;
    return pf_buf_put(&s->formats, &format, sizeof format, err);
}

void pf_grid_styles_clear(struct pf_grid_styles *s) {
    pf_buf_clear(&s->own);
    pf_buf_clear(&s->formats);
}
