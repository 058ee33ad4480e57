/* columns_scan.c — room columns. The fast loops in plain C, and the choice.     SPDX-License-Identifier: MIT
 * Knows: words of eight bytes.
 * Knows not: what to do with a cell that is not of the common kind. */
#include "columns/columns_scan.h"

#include "base/env.h"
#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_class.h"
#include "columns/columns_scan_words.h"

/* Text has 64 readable bytes behind it and data 64 bytes of slack: copies may run over. */
static inline __attribute__((always_inline)) void copy_plain(char *to, const char *from, size_t n) {
    if (n > 64) {
        memcpy(to, from, n);
        return;
    }
    memcpy(to, from, 32);
    if (n > 32)
        memcpy(to + 32, from + 32, 32);
}

/* From within quotes, doubled ones made single. */
static size_t copy_quoted(char *to, const char *from, size_t n, char quote) {
    size_t used = 0;
    for (;;) {
        const char *next = memchr(from, quote, n);
        size_t some = next ? (size_t)(next - from) + 1 : n;
        copy_plain(to + used, from, some);
        used += some;
        from += some;
        n -= some;
        if (!next)
            return used;
        if (n && *from == quote)
            from++, n--;
    }
}

struct kit {
    char point;
    struct last_date last;
};
SCAN_INLINE struct kit begin_kit(const struct pf_scan *scan) { return (struct kit){.point = scan->point}; }
SCAN_INLINE bool kit_int(const struct kit *kit, const char *p, size_t n, int64_t *value) {
    return read_int_words(p, n, value);
}
SCAN_INLINE int kit_look(const struct kit *kit, const char *p, size_t n, int32_t *whole, int32_t *fraction) {
    return look_number_words(p, n, kit->point, whole, fraction);
}
SCAN_INLINE int kit_fixed(const struct kit *kit, const char *p, size_t n, struct fixed *fixed) {
    return read_fixed(p, n, kit->point, fixed);
}
SCAN_INLINE bool kit_date(const struct kit *kit, const char *p, int32_t *days) { return pf_iso_date(p, days); }
SCAN_INLINE bool kit_stamp(struct kit *kit, const char *p, size_t n, struct stamp *stamp) {
    return read_stamp(p, n, &kit->last, stamp);
}
#define LOOPS pf_scan_portable
#include "columns/columns_scan_loops.h"

const struct pf_scan_loops *pf_scan_loops(void) {
#ifdef __x86_64__
    if (pf_cpu_vector())
        return &pf_scan_avx2;
#endif
    return &pf_scan_portable;
}

void pf_scan_add(struct pf_scan_sum *sum, const struct pf_cell_class *cell) {
    sum->classes |= 1u << cell->class;
    sum->marks |= cell->marks;
    sum->int_digits = cell->int_digits > sum->int_digits ? cell->int_digits : sum->int_digits;
    sum->frac_digits = cell->frac_digits > sum->frac_digits ? cell->frac_digits : sum->frac_digits;
    sum->time_digits = cell->time_digits > sum->time_digits ? cell->time_digits : sum->time_digits;
}

/* Which classes and marks of the sum may have stood nowhere before row `first`; marks above the classes. */
static uint32_t find_news(const struct pf_scan_sum *sum, const struct pf_infer *infer, int64_t first) {
    uint32_t news = 0;
    for (int c = 0; c < PF_CLASS_COUNT; c++)
        news |= (sum->classes >> c & 1 && infer->first[c] > first ? 1u : 0u) << c;
    for (int m = 0; m < PF_MARK_COUNT; m++)
        news |= (sum->marks >> m & 1 && infer->first_mark[m] > first ? 1u : 0u) << (PF_CLASS_COUNT + m);
    return news;
}

pf_status pf_scan_note(const struct pf_scan_sum *sum, const struct pf_cells *cells, int64_t row, size_t from,
                       size_t to, const struct pf_rules *rules, struct pf_infer *infer, struct pf_error *err) {
    struct pf_cell_class digits = {.class = -1,
                                   .marks = sum->marks,
                                   .time_digits = (int8_t)sum->time_digits,
                                   .int_digits = (int16_t)sum->int_digits,
                                   .frac_digits = (int16_t)sum->frac_digits};
    pf_infer_note(infer, &digits, NULL, 0, PF_INFER_NEVER);
    uint32_t news = find_news(sum, infer, row + (int64_t)from);
    for (size_t r = from; r < to && news; r++) {
        char *held;
        const char *text;
        size_t size;
        bool quoted;
        PF_TRY(pf_cell_value(cells, r, &held, &text, &size, &quoted, err));
        if (!pf_infer_is_null(text, size, quoted, rules)) {
            struct pf_cell_class cell = pf_classify(text, size, rules);
            uint32_t has = 1u << cell.class | (uint32_t)cell.marks << PF_CLASS_COUNT;
            if (has & news)
                pf_infer_note(infer, &cell, text, size, row + (int64_t)r);
            news &= ~has;
        }
        pf_mem_free(held);
    }
    return PF_OK;
}

void pf_scan_open(struct pf_scan *scan, const struct pf_cells *cells, const struct pf_rules *rules) {
    *scan = (struct pf_scan){
        .text = cells->text,
        .pos = cells->pos,
        .stride = cells->stride,
        .end = cells->rows,
        .quote = cells->quote ? (uint8_t)cells->quote : -1,
        .strip_cr = cells->strip_cr,
        .has_nulls = rules->null_count > 0,
        .point = rules->point,
        .rules = rules,
    };
    for (size_t i = 0; i < rules->null_count; i++)
        scan->null_sizes |= (uint64_t)1 << (rules->nulls[i].size < 63 ? rules->nulls[i].size : 63);
}
