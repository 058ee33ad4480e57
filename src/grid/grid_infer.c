/* grid_infer.c — room grid. The type lattice of sheet columns.                   SPDX-License-Identifier: MIT
 * Knows: meanings, their join, where each stood first.
 * Knows not: cells, batches. */
#include "grid/grid_infer.h"

#include <string.h>

#define BIT(means)  (1u << PF_MEANS_##means)
#define WHOLE       (BIT(INTEGER) | BIT(TEXT_INTEGER))
#define NUMBERS     (WHOLE | BIT(REAL) | BIT(TEXT_REAL))
#define NO_EVIDENCE (BIT(NOTHING) | BIT(ERROR) | BIT(UNKNOWN) | BIT(UNSPELLED))

void pf_grid_infer_note(struct pf_grid_infer *infer, const struct pf_meaning *meaning, uint32_t row) {
    char room[PF_SPELL_ROOM], *to = infer->example[meaning->means];
    struct pf_text text = pf_grid_spell(meaning, room);
    size_t size = text.size < sizeof infer->example[0] ? text.size : sizeof infer->example[0] - 1;
    while (size && size < text.size && ((uint8_t)text.at[size] & 0xC0) == 0x80)
        size--;
    if (size)
        memcpy(to, text.at, size);
    to[size] = 0;
    infer->seen |= 1u << meaning->means;
    infer->first[meaning->means] = row;
}

void pf_grid_infer_merge(struct pf_grid_infer *into, const struct pf_grid_infer *from) {
    for (int m = 0; m < PF_MEANS_COUNT; m++) {
        into->count[m] += from->count[m];
        if (!(from->seen >> m & 1) || into->seen >> m & 1)
            continue;
        into->first[m] = from->first[m];
        memcpy(into->example[m], from->example[m], sizeof from->example[m]);
    }
    into->seen |= from->seen;
}

bool pf_grid_infer_type(uint32_t seen, bool errors_are_text, struct pf_type *type) {
    uint32_t c = seen & ~NO_EVIDENCE;
    *type = (struct pf_type){.kind = PF_KIND_UTF8, .zone = ""};
    if (errors_are_text && seen & BIT(ERROR))
        c |= BIT(TEXT);
    if (c == 0)
        return false;
    if (c == BIT(BOOL))
        type->kind = PF_KIND_BOOL;
    else if (!(c & ~NUMBERS))
        type->kind = c & (BIT(REAL) | BIT(TEXT_REAL)) ? PF_KIND_FLOAT64 : PF_KIND_INT64;
    else if (!(c & ~(BIT(DATE) | BIT(STAMP))))
        type->kind = c & BIT(STAMP) ? PF_KIND_TIMESTAMP : PF_KIND_DATE32;
    else if (!(c & ~(BIT(TIME) | BIT(ELAPSED))))
        type->kind = c & BIT(ELAPSED) ? PF_KIND_DURATION : PF_KIND_TIME64;
    if (type->kind == PF_KIND_TIMESTAMP || type->kind == PF_KIND_DURATION || type->kind == PF_KIND_TIME64)
        type->unit = PF_UNIT_MICRO;
    return true;
}

uint32_t pf_grid_type_accepts(const struct pf_type *type) {
    switch (type->kind) {
    case PF_KIND_UTF8: return ~0u;
    case PF_KIND_BOOL: return BIT(BOOL) | NO_EVIDENCE;
    case PF_KIND_INT64: return WHOLE | NO_EVIDENCE;
    case PF_KIND_FLOAT64: return NUMBERS | NO_EVIDENCE;
    case PF_KIND_DATE32: return BIT(DATE) | NO_EVIDENCE;
    case PF_KIND_TIMESTAMP:
        return type->unit == PF_UNIT_MICRO && !type->zone[0] ? BIT(DATE) | BIT(STAMP) | NO_EVIDENCE : 0;
    case PF_KIND_TIME64: return type->unit == PF_UNIT_MICRO ? BIT(TIME) | NO_EVIDENCE : 0;
    case PF_KIND_DURATION: return type->unit == PF_UNIT_MICRO ? BIT(TIME) | BIT(ELAPSED) | NO_EVIDENCE : 0;
    default: return 0;
    }
}

void pf_grid_infer_widenings(const struct pf_grid_infer *infer, bool errors_are_text,
                             void (*each)(void *ctx, const struct pf_type *from, const struct pf_type *to,
                                          uint32_t row, const char *example),
                             void *ctx) {
    struct pf_type before, now;
    uint32_t seen = 0;
    bool typed = false;
    while (seen != infer->seen) {
        int next = -1;
        for (int m = 0; m < PF_MEANS_COUNT; m++)
            if ((infer->seen & ~seen) >> m & 1 && (next < 0 || infer->first[m] < infer->first[next]))
                next = m;
        seen |= 1u << next;
        bool was_typed = typed;
        typed = pf_grid_infer_type(seen, errors_are_text, &now);
        if (was_typed && !pf_type_same(&before, &now))
            each(ctx, &before, &now, infer->first[next], infer->example[next]);
        before = now;
    }
}
