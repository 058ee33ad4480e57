/* csv_scan_loops.h — the vector scan, whatever the instructions.            SPDX-License-Identifier: MIT
 *
 * Included by csv_split_avx2.c and csv_split_neon.c behind what they do by their instructions:
 *   struct bytes64, load64(at), equal(v, c)   64 bytes; bit i: byte i is c
 *   parity_up_to(bits)                        bit i: the parity of the bits 0 … i
 *   count_ones(bits), first_one(bits)         first_one of 0 is 64
 *   struct seen, see_nothing(), see(seen, v), seen_high(seen), seen_nul(seen)   was there a byte ≥ 128, a NUL? */
#ifndef PF_CSV_SCAN_LOOPS_H
#define PF_CSV_SCAN_LOOPS_H
#include <string.h>

ALWAYS uint32_t *put_places(uint32_t *to, uint64_t bits, uint32_t base) {
    size_t count = count_ones(bits);
    uint32_t *end = to + count;
    for (;;) {
        for (int i = 0; i < 8; i++) {
            to[i] = base + first_one(bits);
            bits &= bits - 1;
        }
        if (__builtin_expect(!bits, 1))
            return end;
        to += 8;
    }
}

/* What 64 bytes are made of. */
struct masks {
    uint64_t separators; /* delimiters and line ends outside quotes */
    uint64_t ends;       /* line ends outside quotes */
    uint64_t odd;
    uint64_t lines; /* line ends anywhere */
};

ALWAYS struct masks read_masks(struct pf_csv_scan *s, struct bytes64 v, uint64_t valid, bool with_quote,
                               bool with_comment, bool cr_lines) {
    uint64_t d = equal(v, s->delimiter) & valid, lf = equal(v, '\n') & valid, cr = equal(v, '\r') & valid;
    uint64_t q = with_quote ? equal(v, s->quote) & valid : 0;
    uint64_t n = cr_lines ? cr : lf, outside = ~0ull, odd = 0;
    if (with_quote) {
        uint64_t in = parity_up_to(q) ^ s->inside;
        s->inside = (uint64_t)((int64_t)in >> 63);
        outside = ~in;
        uint64_t opens = q & in, closes = q & outside, border = d | n | q;
        odd = opens & ~(border << 1 | s->before);
        s->before = border >> 63;
        odd |= (closes << 1 | s->closed) & ~(border | cr) & valid;
        s->closed = closes >> 63;
    }
    struct masks m = {(d | n) & outside, n & outside, odd, n};
    if (!cr_lines) {
        uint64_t mine = cr & outside;
        m.odd |= (mine << 1 | s->cr) & ~lf & valid;
        s->cr = mine >> 63;
    }
    if (with_comment) {
        m.odd |= (m.ends << 1 | s->fresh) & equal(v, s->comment) & valid & outside;
        s->fresh = m.ends >> 63;
    }
    s->any_cr |= cr != 0;
    s->cr_inside |= (cr & ~outside) != 0;
    s->any_quote |= q != 0;
    return m;
}

/* The end of a record at `to`: what must not be pending there. */
ALWAYS bool ends_odd(const struct pf_csv_scan *s, bool cr_lines) {
    return s->last && s->at == s->to && (s->inside || (!cr_lines && s->to && s->text[s->to - 1] == '\r'));
}

/* The separators of 64 bytes; false: there is something odd among them. */
ALWAYS bool take_cells(struct pf_csv_scan *s, struct bytes64 v, uint64_t valid, size_t at, uint32_t **out,
                       bool with_quote, bool with_comment, bool cr_lines) {
    struct masks m = read_masks(s, v, valid, with_quote, with_comment, cr_lines);
    if (__builtin_expect(m.odd != 0, 0)) {
        s->odd = true;
        return false;
    }
    s->rows += count_ones(m.ends);
    s->lines += count_ones(m.lines);
    *out = put_places(*out, m.separators, (uint32_t)at);
    return true;
}

/* Both work on a copy of the scan's state: text may be anything to the compiler, which else keeps nothing of it in
 * registers. */
ALWAYS void scan_cells(struct pf_csv_scan *scan, bool with_quote, bool with_comment, bool cr_lines) {
    struct pf_csv_scan copy = *scan, *s = &copy;
    uint32_t *out = s->pos + s->count;
    const uint32_t *full = s->room >= 64 ? s->pos + (s->room - 64) : s->pos;
    struct seen seen = see_nothing();
    size_t at = s->at;
    for (; s->to - at >= 64 && out < full; at += 64) {
        struct bytes64 v = load64(s->text + at);
        seen = see(seen, v);
        if (!take_cells(s, v, ~0ull, at, &out, with_quote, with_comment, cr_lines))
            break;
    }
    size_t left = s->to - at;
    if (left && left < 64 && out < full) {
        char tail[64];
        memset(tail, ' ', sizeof tail);
        memcpy(tail, s->text + at, left);
        struct bytes64 v = load64(tail);
        seen = see(seen, v);
        if (take_cells(s, v, (1ull << left) - 1, at, &out, with_quote, with_comment, cr_lines))
            at = s->to;
    }
    s->at = at;
    s->count = (size_t)(out - s->pos);
    s->any_high |= seen_high(seen);
    s->any_nul |= seen_nul(seen);
    s->odd |= ends_odd(s, cr_lines);
    char end = cr_lines ? '\r' : '\n';
    s->border = 0;
    for (size_t k = s->count; k > 0; k--)
        if (s->text[s->pos[k - 1]] == end) {
            s->border = (size_t)s->pos[k - 1] + 1;
            break;
        }
    *scan = copy;
}

ALWAYS void scan_border(struct pf_csv_scan *scan, bool with_quote, bool with_comment, bool cr_lines) {
    struct pf_csv_scan copy = *scan, *s = &copy;
    size_t at = s->at, ends_at = 0;
    uint64_t ends = 0;
    while (at < s->to) {
        size_t left = s->to - at;
        uint64_t valid = left >= 64 ? ~0ull : (1ull << left) - 1;
        struct masks m = read_masks(s, load64(s->text + at), valid, with_quote, with_comment, cr_lines);
        if (__builtin_expect(m.odd != 0, 0)) {
            s->odd = true;
            m.ends &= (m.odd & -m.odd) - 1; /* those before it still count */
        }
        if (m.ends) {
            ends = m.ends;
            ends_at = at;
        }
        if (s->odd)
            break;
        at += left < 64 ? left : 64;
    }
    s->at = at;
    s->odd |= ends_odd(s, cr_lines);
    s->border = ends ? ends_at + 64 - (size_t)__builtin_clzll(ends) : 0;
    *scan = copy;
}

#define CHOOSE(work)                                                                                           \
    do {                                                                                                       \
        bool q = s->quote != 0, c = s->comment != 0, r = s->cr_lines;                                          \
        if (q && !c && !r)                                                                                     \
            work(s, true, false, false);                                                                       \
        else if (!q && !c && !r)                                                                               \
            work(s, false, false, false);                                                                      \
        else if (q && c && !r)                                                                                 \
            work(s, true, true, false);                                                                        \
        else if (q && !c)                                                                                      \
            work(s, true, false, true);                                                                        \
        else if (!q && c && !r)                                                                                \
            work(s, false, true, false);                                                                       \
        else if (!q && !c)                                                                                     \
            work(s, false, false, true);                                                                       \
        else if (q)                                                                                            \
            work(s, true, true, true);                                                                         \
        else                                                                                                   \
            work(s, false, true, true);                                                                        \
    } while (0)

void pf_csv_scan_cells(struct pf_csv_scan *s) { CHOOSE(scan_cells); }

void pf_csv_scan_border(struct pf_csv_scan *s) { CHOOSE(scan_border); }
#endif
