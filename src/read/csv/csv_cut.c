/* csv_cut.c — room read/csv. Where a block of text may end.                      SPDX-License-Identifier: MIT
 * Knows: record borders, by the vector scan and by the state machine.
 * Knows not: cells, files.                                  Format: docs/formats/csv.md §Blocks */
#include <string.h>

#include "base/env.h"
#include "base/error.h"
#include "read/csv/csv_machine.h"
#include "read/csv/csv_scan.h"
#include "read/csv/csv_split.h"

/* Walks records from *at on. A border counts only when what was found out behind it decided nothing in front
 * of it. Stops behind `past` at a border that counts, or at the first one beyond want, or where text ends
 * (false). */
static bool walk(struct pf_csv_machine *m, size_t *at, size_t past, size_t want, size_t *best) {
    while (*at < m->size) {
        size_t next = *at;
        int kind = pf_csv_machine_skip(m, *at, &next);
        if (kind < 0)
            return false;
        if (!kind) {
            struct pf_csv_cell cell;
            int more = PF_CSV_CELL;
            for (bool first = true; more == PF_CSV_CELL; first = false)
                more = pf_csv_machine_cell(m, next, first, &cell, &next);
            if (more == PF_CSV_MORE)
                return false;
        }
        *at = next;
        if (m->hold > next)
            continue;
        if (next > want && *best)
            return true;
        *best = next;
        if (next > want || next > past)
            return true;
    }
    return *at == m->size && m->last;
}

size_t pf_csv_cut_reference(const char *text, size_t size, size_t want, bool last,
                            const struct pf_csv_dialect *dialect) {
    struct pf_csv_machine m;
    pf_csv_machine_init(&m, text, size, last, dialect);
    size_t at = 0, best = 0;
    walk(&m, &at, SIZE_MAX, want, &best);
    return best;
}

/* Without quotes and escapes every line end is a border. */
static size_t cut_plain(const char *text, size_t size, size_t want, bool last) {
    size_t bound = want < size ? want : size;
    if (last && bound == size)
        return size;
    const char *lf = bound ? memrchr(text, '\n', bound) : NULL;
    if (!lf)
        lf = memchr(text + bound, '\n', size - bound);
    if (lf)
        return (size_t)(lf - text) + 1;
    const char *cr = bound > 1 ? memrchr(text, '\r', bound - 1) : NULL; /* what follows must be known */
    if (!cr)
        cr = size > bound ? memchr(text + bound, '\r', size - bound) : NULL;
    if (cr && ((size_t)(cr - text) + 1 < size || last))
        return (size_t)(cr - text) + 1;
    return last ? size : 0;
}

static size_t cut_fast(const char *text, size_t size, size_t want, bool last, const struct pf_csv_dialect *d) {
    struct pf_csv_machine m;
    pf_csv_machine_init(&m, text, size, last, d);
    bool cr_lines = d->line_end == PF_LINE_CR;
    size_t at = 0, best = 0, known = cr_lines && !last ? size - 1 : size;
    size_t bound = want < known ? want : known;
    while (at < bound) {
        struct pf_csv_scan s;
        pf_csv_scan_prepare(&s, text, at, bound, last && bound == size, d);
        pf_csv_scan_border(&s);
        if (s.border)
            at = best = s.border;
        if (!s.odd && s.last)
            return size;
        if (!s.odd && best)
            return best;
        if (!s.odd) { /* one record fills all that was wanted, or has a quote without end */
            walk(&m, &at, bound, want, &best);
            return best;
        }
        size_t past = s.at < size ? s.at : size - 1;
        bool on = walk(&m, &at, past, want, &best);
        if (!on || at >= bound)
            return best;
    }
    if (!best)
        walk(&m, &at, bound, want, &best);
    return best;
}

size_t pf_csv_cut(const char *text, size_t size, size_t want, bool last, const struct pf_csv_dialect *d) {
    bool escape = d->escape && d->escape != d->quote;
    if (!size)
        return 0;
    if (!d->quote && !escape)
        return cut_plain(text, size, want, last);
    if (!pf_csv_scan_takes(d) || !pf_cpu_vector() || (d->line_end == PF_LINE_CR && memchr(text, '\n', size)))
        return pf_csv_cut_reference(text, size, want, last, d);
    return cut_fast(text, size, want, last, d);
}

pf_status pf_csv_cut_marked(const char *text, size_t size, size_t want, bool last,
                            const struct pf_csv_dialect *d, struct pf_csv_marks *marks, size_t *cut,
                            struct pf_error *err) {
    bool cr_lines = d->line_end == PF_LINE_CR;
    size_t known = cr_lines && !last && size ? size - 1 : size, bound = want < known ? want : known;
    marks->ready = false;
    if (bound && bound < UINT32_MAX - 64 && d->quote && pf_csv_scan_takes(d) && pf_cpu_vector() &&
        !(cr_lines && memchr(text, '\n', size))) {
        struct pf_csv_scan s;
        pf_csv_scan_prepare(&s, text, 0, bound, last && bound == size, d);
        PF_TRY(pf_csv_mark(marks, &s, err));
        marks->ready = !s.odd && (s.last || s.border);
        *cut = s.last ? size : s.border;
    }
    if (!marks->ready)
        *cut = pf_csv_cut(text, size, want, last, d);
    return PF_OK;
}
