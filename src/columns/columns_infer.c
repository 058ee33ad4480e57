/* columns_infer.c — room columns. The state of a column and the join over it.   SPDX-License-Identifier: MIT
 * Knows: the table of docs/house.md ("The join"), which classes and marks clash.
 * Knows not: how a class is found (columns_class.c, columns_scan*.c), values. */
#include "columns/columns_infer.h"

#include "base/calendar.h"
#include "columns/columns_class.h"
#include "columns/columns_scan.h"

void pf_infer_init(struct pf_infer *infer) {
    memset(infer, 0, sizeof *infer);
    for (int c = 0; c < PF_CLASS_COUNT; c++)
        infer->first[c] = PF_INFER_NEVER;
    for (int m = 0; m < PF_MARK_COUNT; m++)
        infer->first_mark[m] = PF_INFER_NEVER;
}

/* ---- noting ---- */

static void copy_example(char to[24], const char *text, size_t size) {
    size_t n = size < 23 ? size : 23;
    while (n < size && n > 0 && ((uint8_t)text[n] & 0xC0) == 0x80)
        n--; /* not in the middle of a character */
    memset(to, 0, 24);
    memcpy(to, text, n);
    for (size_t i = 0; i < n; i++)
        if (!to[i])
            to[i] = ' '; /* a NUL would end it */
}

/* Two files may have the same row; then the lesser text stays, so that the order of merging cannot matter. */
static void keep_first(int64_t *first, char example[24], int64_t row, const char other[24]) {
    if (row > *first || (row == *first && memcmp(other, example, 24) >= 0))
        return;
    *first = row;
    memcpy(example, other, 24);
}

static char join_separator(char a, char b) { return !a || a == b ? b : !b ? a : '?'; }

static char separator_of(uint8_t marks) {
    char found = 0;
    if (marks & 1 << PF_MARK_SLASH)
        found = '/';
    if (marks & 1 << PF_MARK_DOT)
        found = join_separator(found, '.');
    if (marks & 1 << PF_MARK_DASH)
        found = join_separator(found, '-');
    return found;
}

static int16_t larger(int16_t a, int16_t b) { return a > b ? a : b; }

void pf_infer_note(struct pf_infer *infer, const struct pf_cell_class *cell, const char *text, size_t size,
                   int64_t row) {
    infer->marks |= cell->marks;
    infer->date_separator = join_separator(infer->date_separator, separator_of(cell->marks));
    infer->int_digits = larger(infer->int_digits, cell->int_digits);
    infer->frac_digits = larger(infer->frac_digits, cell->frac_digits);
    if (cell->time_digits > infer->time_digits)
        infer->time_digits = cell->time_digits;
    if (row == PF_INFER_NEVER)
        return;
    char example[24];
    bool copied = false;
    if (cell->class >= 0 && row <= infer->first[cell->class]) {
        copy_example(example, text, size);
        copied = true;
        keep_first(&infer->first[cell->class], infer->example[cell->class], row, example);
    }
    for (int m = 0; cell->marks >> m; m++)
        if (cell->marks >> m & 1 && row <= infer->first_mark[m]) {
            if (!copied)
                copy_example(example, text, size);
            copied = true;
            keep_first(&infer->first_mark[m], infer->mark_example[m], row, example);
        }
}

enum pf_class pf_infer_class(const char *text, size_t size, const struct pf_rules *rules,
                             struct pf_infer *infer) {
    struct pf_cell_class cell = pf_classify(text, size, rules);
    if (infer)
        pf_infer_note(infer, &cell, text, size, PF_INFER_NEVER);
    return (enum pf_class)cell.class;
}

void pf_infer_value(struct pf_infer *infer, const char *text, size_t size, int64_t row,
                    const struct pf_rules *rules) {
    struct pf_cell_class cell = pf_classify(text, size, rules);
    pf_infer_note(infer, &cell, text, size, row);
    infer->values++;
}

bool pf_infer_is_null(const char *text, size_t size, bool quoted, const struct pf_rules *rules) {
    if (size == 0 && !quoted)
        return true;
    for (size_t i = 0; i < rules->null_count; i++)
        if (pf_text_same(rules->nulls[i], (struct pf_text){text, size}))
            return true;
    return false;
}

void pf_infer_merge(struct pf_infer *into, const struct pf_infer *from) {
    for (int c = 0; c < PF_CLASS_COUNT; c++)
        keep_first(&into->first[c], into->example[c], from->first[c], from->example[c]);
    for (int m = 0; m < PF_MARK_COUNT; m++)
        keep_first(&into->first_mark[m], into->mark_example[m], from->first_mark[m], from->mark_example[m]);
    into->marks |= from->marks;
    into->values += from->values;
    into->nulls += from->nulls;
    into->int_digits = larger(into->int_digits, from->int_digits);
    into->frac_digits = larger(into->frac_digits, from->frac_digits);
    if (from->time_digits > into->time_digits)
        into->time_digits = from->time_digits;
    into->date_separator = join_separator(into->date_separator, from->date_separator);
}

/* ---- the join ---- */

#define BIT(c)   (1u << PF_CLASS_##c)
#define NUMBERS  (BIT(INT53) | BIT(INT64) | BIT(DECIMAL) | BIT(DOUBLE) | BIT(NONFINITE))
#define ISO_DATE (BIT(DATE_ISO) | BIT(STAMP_ISO) | BIT(STAMP_ISO_ZONED))
#define LOCAL_DATE                                                                                             \
    (BIT(DATE_ANY) | BIT(DATE_DMY) | BIT(DATE_MDY) | BIT(STAMP_ANY) | BIT(STAMP_DMY) | BIT(STAMP_MDY))
#define STAMPS (BIT(STAMP_ISO) | BIT(STAMP_ISO_ZONED) | BIT(STAMP_ANY) | BIT(STAMP_DMY) | BIT(STAMP_MDY))

/* What a column, or its rows up to one, has. */
struct evidence {
    uint32_t classes;
    uint8_t marks;
    int int_digits, frac_digits;
};

/* What came of it. */
enum verdict { OPEN, TYPED, CLASH }; /* nothing yet that makes a type; a type; text for good */

static bool is_mixed(uint8_t marks) { return separator_of(marks) == '?'; }

static enum verdict join_numbers(const struct evidence *e, const struct pf_rules *rules, struct pf_type *type) {
    bool real = e->classes & (BIT(DOUBLE) | BIT(NONFINITE));
    int digits = e->int_digits + e->frac_digits;
    if (e->classes == BIT(NONFINITE))
        return OPEN;
    if (rules->decimal_infer && e->classes & BIT(DOUBLE) && !(e->classes & BIT(NONFINITE)) &&
        !(e->marks & 1 << PF_MARK_LOOSE) && digits <= 38) {
        *type = (struct pf_type){.kind = PF_KIND_DECIMAL128,
                                 .precision = (int16_t)digits,
                                 .scale = (int16_t)e->frac_digits,
                                 .zone = ""};
        return TYPED;
    }
    if (real && e->classes & (BIT(INT64) | BIT(DECIMAL)))
        return CLASH; /* a double would change an integer */
    type->kind = real ? PF_KIND_FLOAT64 : PF_KIND_INT64;
    if (e->classes & BIT(DECIMAL)) {
        type->kind = PF_KIND_DECIMAL128;
        type->precision = (int16_t)e->int_digits;
    }
    return TYPED;
}

static enum verdict join_dates(const struct evidence *e, const struct pf_rules *rules, struct pf_type *type,
                               struct pf_parse_format *format) {
    uint32_t c = e->classes;
    bool nano = e->marks & 1 << PF_MARK_NANO, zoned = c & BIT(STAMP_ISO_ZONED);
    if ((c & ISO_DATE && c & LOCAL_DATE) || is_mixed(e->marks) || (nano && e->marks & 1 << PF_MARK_FAR) ||
        (zoned && c & (BIT(STAMP_ISO) | BIT(DATE_ISO))))
        return CLASH;
    bool dmy = c & (BIT(DATE_DMY) | BIT(STAMP_DMY)), mdy = c & (BIT(DATE_MDY) | BIT(STAMP_MDY));
    if (dmy && mdy)
        return CLASH;
    if (c & LOCAL_DATE) {
        dmy |= !mdy && rules->dates == PF_DATES_DMY;
        mdy |= !dmy && rules->dates == PF_DATES_MDY;
        if (!dmy && !mdy)
            return OPEN;
        format->date_order = dmy ? PF_DATE_DMY : PF_DATE_MDY;
        format->date_separator = separator_of(e->marks);
    }
    type->kind = PF_KIND_DATE32;
    if (c & STAMPS) {
        type->kind = PF_KIND_TIMESTAMP;
        type->unit = nano ? PF_UNIT_NANO : PF_UNIT_MICRO;
        type->zone = zoned ? "UTC" : "";
    }
    return TYPED;
}

static enum verdict join_classes(const struct evidence *e, const struct pf_rules *rules, struct pf_type *type,
                                 struct pf_parse_format *format) {
    uint32_t c = e->classes;
    enum verdict verdict = CLASH;
    *type = (struct pf_type){.kind = PF_KIND_UTF8, .zone = ""};
    *format = (struct pf_parse_format){PF_DATE_ISO, 0};
    if (c == 0)
        verdict = OPEN;
    else if (c == BIT(BOOL)) {
        type->kind = PF_KIND_BOOL;
        verdict = TYPED;
    } else if (!(c & ~NUMBERS))
        verdict = join_numbers(e, rules, type);
    else if (!(c & ~(ISO_DATE | LOCAL_DATE)))
        verdict = join_dates(e, rules, type, format);
    if (verdict != TYPED) {
        *type = (struct pf_type){.kind = PF_KIND_UTF8, .zone = ""};
        *format = (struct pf_parse_format){PF_DATE_ISO, 0};
    }
    return verdict;
}

static uint8_t mark_of_separator(char separator) {
    switch (separator) {
    case '/': return 1 << PF_MARK_SLASH;
    case '.': return 1 << PF_MARK_DOT;
    case '-': return 1 << PF_MARK_DASH;
    case '?': return 1 << PF_MARK_SLASH | 1 << PF_MARK_DOT;
    default: return 0;
    }
}

void pf_infer_type(const struct pf_infer *infer, const struct pf_rules *rules, struct pf_type *type,
                   struct pf_parse_format *format, bool *settled) {
    struct evidence e = {
        .marks = infer->marks, .int_digits = infer->int_digits, .frac_digits = infer->frac_digits};
    for (int c = 0; c < PF_CLASS_COUNT; c++)
        if (infer->first[c] != PF_INFER_NEVER)
            e.classes |= 1u << c;
    e.marks |= mark_of_separator(infer->date_separator);
    *settled = join_classes(&e, rules, type, format) == CLASH;
}

/* One thing that stood in a row for the first time. */
struct event {
    int64_t row;
    int16_t class, mark; /* −1: not that */
    const char *example;
};

static size_t sort_events(const struct pf_infer *infer, struct event events[PF_CLASS_COUNT + PF_MARK_COUNT]) {
    size_t n = 0;
    for (int i = 0; i < PF_CLASS_COUNT + PF_MARK_COUNT; i++) {
        struct event e = {.class = -1, .mark = -1};
        if (i < PF_CLASS_COUNT) {
            e.class = (int16_t)i;
            e.row = infer->first[i];
            e.example = infer->example[i];
        } else {
            e.mark = (int16_t)(i - PF_CLASS_COUNT);
            e.row = infer->first_mark[e.mark];
            e.example = infer->mark_example[e.mark];
        }
        if (e.row == PF_INFER_NEVER)
            continue;
        size_t at = n++;
        for (; at > 0 && events[at - 1].row > e.row; at--)
            events[at] = events[at - 1];
        events[at] = e;
    }
    return n;
}

void pf_infer_widenings(const struct pf_infer *infer, const struct pf_rules *rules,
                        void (*each)(void *ctx, const struct pf_type *from, const struct pf_type *to,
                                     int64_t row, const char *example),
                        void *ctx) {
    struct event events[PF_CLASS_COUNT + PF_MARK_COUNT];
    size_t n = sort_events(infer, events);
    struct evidence e = {.int_digits = infer->int_digits, .frac_digits = infer->frac_digits};
    struct pf_type before = {.kind = PF_KIND_UTF8, .zone = ""};
    struct pf_parse_format format;
    enum verdict last = OPEN;
    bool settled;
    pf_infer_type(infer, rules, &before, &format, &settled);
    if (settled) { /* how many digits were counted then hangs on block borders: say the most */
        e.int_digits = 38;
        e.frac_digits = 0;
    }
    for (size_t i = 0; i < n && last != CLASH;) {
        struct event event = events[i];
        for (; i < n && events[i].row == event.row; i++) {
            if (events[i].class >= 0)
                e.classes |= 1u << events[i].class;
            else
                e.marks |= (uint8_t)(1u << events[i].mark);
        }
        struct pf_type now;
        enum verdict verdict = join_classes(&e, rules, &now, &format);
        if (last == TYPED && !pf_type_same(&before, &now))
            each(ctx, &before, &now, event.row, event.example);
        before = now;
        last = verdict;
    }
}
