/* grid_styles.c — room grid. Styles and the formats they name.                   SPDX-License-Identifier: MIT
 * Knows: which of a book's own formats and the built-in ones is meant.
 * Knows not: codes (grid_format.c), how they are stored. */
#include "grid/grid_styles.h"

#include "base/error.h"

struct own_format {
    uint32_t id;
    struct pf_grid_format format;
};

pf_status pf_grid_styles_define(struct pf_grid_styles *s, uint32_t id, const char *code, size_t size,
                                struct pf_error *err) {
    struct own_format own = {.id = id};
    if (s->own.size / sizeof own >= PF_GRID_STYLES_MOST)
        return PF_OK; /* a format that nobody can name */
    PF_TRY(pf_grid_codes_parse(&s->codes, code, size, &own.format, err));
    return pf_buf_put(&s->own, &own, sizeof own, err);
}

/* The book's own word counts more. */
static const struct own_format *find_own(const struct pf_grid_styles *s, uint32_t id) {
    const struct own_format *own = (const struct own_format *)(const void *)s->own.data;
    for (size_t i = s->own.size / sizeof *own; i-- > 0;)
        if (own[i].id == id)
            return &own[i];
    return NULL;
}

pf_status pf_grid_styles_add(struct pf_grid_styles *s, uint32_t id, struct pf_error *err) {
    const struct own_format *own = find_own(s, id);
    struct own_format builtin = {.id = id};
    if (s->formats.size / sizeof builtin.format >= PF_GRID_STYLES_MOST)
        return PF_OK;
    if (!own) {
        PF_TRY(pf_grid_codes_builtin(&s->codes, id, &builtin.format, err));
        if (builtin.format.code) /* so its code is kept once */
            PF_TRY(pf_buf_put(&s->own, &builtin, sizeof builtin, err));
    }
    return pf_buf_put(&s->formats, own ? &own->format : &builtin.format, sizeof builtin.format, err);
}

void pf_grid_styles_clear(struct pf_grid_styles *s) {
    pf_buf_clear(&s->own);
    pf_buf_clear(&s->formats);
    pf_grid_codes_clear(&s->codes);
}
