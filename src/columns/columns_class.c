/* columns_class.c — room columns. The class of one value, and whether a type can hold it.  SPDX-License-Identifier: MIT
 * Knows: what inference takes for a number, a date, a timestamp, a truth value.
 * Knows not: columns, blocks; the fast loops (columns_scan*.c) know a part of the same rules. */
#include "columns/columns_class.h"

#include <math.h>

#include "base/calendar.h"
#include "base/days.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"

#define MOST_DECIMAL 38
#define LARGEST_53   9007199254740992 /* 2^53 */

static bool is_word(const char *text, size_t size, const char *lower) {
    return pf_text_same_nocase((struct pf_text){text, size}, pf_text_of(lower));
}

static int16_t cut_count(size_t n) { return n > INT16_MAX ? INT16_MAX : (int16_t)n; }

const char *pf_strip_thousands(const char *text, size_t *size, char thousands, char room[PF_NUMBER_ROOM]) {
    if (!thousands || !memchr(text, thousands, *size))
        return text;
    if (*size > PF_NUMBER_ROOM)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < *size; i++)
        if (text[i] != thousands)
            room[n++] = text[i];
    *size = n;
    return room;
}

static size_t count_digits(const char *text, const char *end) {
    const char *p = text;
    while (p < end && pf_is_digit(*p))
        p++;
    return (size_t)(p - text);
}

/* Groups of three behind the first one to three digits; returns the digits more, *end_at moves. */
static size_t count_groups(const char **at, const char *end, char thousands) {
    size_t more = 0;
    while (end - *at >= 4 && **at == thousands && count_digits(*at + 1, end) == 3) {
        *at += 4;
        more += 3;
    }
    return more;
}

/* Would a double hold the number as infinity, or as zero although it is not? */
static bool is_out_of_range(const char *text, size_t size, const struct pf_rules *rules) {
    char room[PF_NUMBER_ROOM];
    double value;
    text = pf_strip_thousands(text, &size, rules->thousands, room);
    if (!text || !pf_parse_double(text, size, rules->point, &value) || isinf(value))
        return true;
    if (value != 0)
        return false;
    for (size_t i = 0; i < size && text[i] != 'e' && text[i] != 'E'; i++)
        if (text[i] >= '1' && text[i] <= '9')
            return true;
    return false;
}

static int class_of_integer(const char *text, size_t size, size_t digits, const struct pf_rules *rules) {
    char room[PF_NUMBER_ROOM];
    int64_t value;
    if (digits <= 15)
        return PF_CLASS_INT53;
    if (digits > MOST_DECIMAL)
        return PF_CLASS_TEXT;
    text = pf_strip_thousands(text, &size, rules->thousands, room);
    if (!text || !pf_parse_int64(text, size, &value))
        return PF_CLASS_DECIMAL;
    return value >= -LARGEST_53 && value <= LARGEST_53 ? PF_CLASS_INT53 : PF_CLASS_INT64;
}

/* TEXT when it is none. */
static void classify_number(const char *text, size_t size, const struct pf_rules *rules,
                            struct pf_cell_class *cell) {
    const char *end = text + size, *p = text + (text[0] == '-'), *first = p;
    size_t whole = count_digits(p, end), fraction = 0;
    bool grouped = false, exponent = false;
    p += whole;
    if (whole == 0)
        return;
    if (rules->thousands && whole <= 3) {
        size_t more = count_groups(&p, end, rules->thousands);
        whole += more;
        grouped = more > 0;
    }
    if (*first == '0' && whole > 1)
        return; /* a leading zero means something */
    bool pointed = p < end && *p == rules->point;
    if (pointed) {
        p++;
        fraction = count_digits(p, end);
        p += fraction;
        if (fraction == 0)
            return;
    }
    if (p < end) {
        if ((*p != 'e' && *p != 'E') || grouped)
            return;
        p++;
        bool is_signed = p < end && (*p == '-' || *p == '+');
        p += is_signed;
        size_t digits = count_digits(p, end);
        if (digits == 0 || p + digits != end || (!pointed && !is_signed))
            return; /* "1E5" is a code, "1e+05" a number */
        exponent = true;
    }
    cell->int_digits = cut_count(whole);
    cell->frac_digits = cut_count(fraction);
    bool minus_zero = !pointed && !exponent && *first == '0' && first > text;
    if (!pointed && !exponent && !minus_zero) {
        cell->class = (int16_t)class_of_integer(text, size, whole, rules);
        return;
    }
    if (exponent || minus_zero)
        cell->marks = 1 << PF_MARK_LOOSE;
    if ((exponent || whole > 300 || fraction > 300) && is_out_of_range(text, size, rules))
        return;
    cell->class = PF_CLASS_DOUBLE;
}

/* D/M/YYYY at the front: which of the two orders it allows, as DATE_ANY, DATE_DMY or DATE_MDY; TEXT: none. */
static int classify_local(const char *text, size_t size, char *separator) {
    size_t first = count_digits(text, text + size);
    if (first == 0 || first > 2 || first == size)
        return PF_CLASS_TEXT;
    *separator = text[first];
    const char *p = text + first + 1, *end = text + size;
    size_t second = count_digits(p, end);
    if (second == 0 || second > 2 || end - p < (ptrdiff_t)second + 5)
        return PF_CLASS_TEXT;
    p += second + 5; /* separator and year */
    int32_t days;
    bool dmy = pf_parse_date(text, (size_t)(p - text), PF_DATE_DMY, &days);
    bool mdy = pf_parse_date(text, (size_t)(p - text), PF_DATE_MDY, &days);
    return dmy && mdy ? PF_CLASS_DATE_ANY : dmy ? PF_CLASS_DATE_DMY : mdy ? PF_CLASS_DATE_MDY : PF_CLASS_TEXT;
}

/* With dates=dmy what is interchangeable is day first, and what could only be month first is no date. */
static int apply_order(int class, int dates) {
    if (dates == PF_DATES_DMY)
        return class == PF_CLASS_DATE_MDY ? PF_CLASS_TEXT : PF_CLASS_DATE_DMY;
    if (dates == PF_DATES_MDY)
        return class == PF_CLASS_DATE_DMY ? PF_CLASS_TEXT : PF_CLASS_DATE_MDY;
    return class;
}

static bool is_far(int64_t seconds) { return seconds < PF_NANO_FIRST || seconds >= PF_NANO_END; }

static int stamp_of_date(int class) {
    switch (class) {
    case PF_CLASS_DATE_DMY: return PF_CLASS_STAMP_DMY;
    case PF_CLASS_DATE_MDY: return PF_CLASS_STAMP_MDY;
    default: return PF_CLASS_STAMP_ANY;
    }
}

static void classify_date(const char *text, size_t size, const struct pf_rules *rules,
                          struct pf_cell_class *cell) {
    int class = PF_CLASS_TEXT, order = PF_DATE_ISO;
    int32_t days;
    struct pf_instant instant;
    char separator = 0;
    if (rules->dates == PF_DATES_TEXT || size < 8 || size > 48)
        return;
    bool iso = size >= 10 && pf_parse_date(text, 10, PF_DATE_ISO, &days);
    if (!iso) {
        class = rules->dates == PF_DATES_ISO ? PF_CLASS_TEXT : classify_local(text, size, &separator);
        if (class != PF_CLASS_TEXT)
            class = apply_order(class, rules->dates);
        if (class == PF_CLASS_TEXT)
            return;
        order = class == PF_CLASS_DATE_MDY ? PF_DATE_MDY : PF_DATE_DMY;
    }
    uint8_t marks = separator == '/'   ? 1 << PF_MARK_SLASH
                    : separator == '.' ? 1 << PF_MARK_DOT
                    : separator        ? 1 << PF_MARK_DASH
                                       : 0;
    if (pf_parse_date(text, size, order, &days)) {
        cell->class = (int16_t)(iso ? PF_CLASS_DATE_ISO : class);
        instant.seconds = (int64_t)days * 86400;
        instant.digits = 0;
    } else if (pf_parse_timestamp(text, size, order, &instant) && (iso || !instant.zoned)) {
        cell->class = (int16_t)(!iso            ? stamp_of_date(class)
                                : instant.zoned ? PF_CLASS_STAMP_ISO_ZONED
                                                : PF_CLASS_STAMP_ISO);
    } else {
        return;
    }
    cell->time_digits = instant.digits;
    if (instant.digits > 6)
        marks |= 1 << PF_MARK_NANO;
    if (is_far(instant.seconds))
        marks |= 1 << PF_MARK_FAR;
    cell->marks = marks;
}

static int classify_word(const char *text, size_t size) {
    if (size == 4 || size == 5) {
        const char *word = size == 4 ? "true" : "false";
        if (is_word(text, size, word)) {
            bool lower = memcmp(text, word, size) == 0, title = memcmp(text + 1, word + 1, size - 1) == 0;
            bool upper = true;
            for (size_t i = 0; i < size; i++)
                upper &= text[i] < 'a';
            return lower || title || upper ? PF_CLASS_BOOL : PF_CLASS_TEXT;
        }
    }
    size_t minus = text[0] == '-';
    if (is_word(text, size, "nan") || (size > minus && (is_word(text + minus, size - minus, "inf") ||
                                                        is_word(text + minus, size - minus, "infinity"))))
        return PF_CLASS_NONFINITE;
    return PF_CLASS_TEXT;
}

struct pf_cell_class pf_classify(const char *text, size_t size, const struct pf_rules *rules) {
    struct pf_cell_class cell = {.class = PF_CLASS_TEXT};
    if (size == 0)
        return cell;
    char c = text[0];
    if (pf_is_digit(c) || (c == '-' && size > 1 && pf_is_digit(text[1]))) {
        classify_number(text, size, rules, &cell);
        if (cell.class == PF_CLASS_TEXT) {
            cell = (struct pf_cell_class){.class = PF_CLASS_TEXT};
            if (c != '-')
                classify_date(text, size, rules, &cell);
        }
    } else if (size >= 3 && size <= 9) {
        cell.class = (int16_t)classify_word(text, size);
    }
    return cell;
}

static bool fits_decimal(const struct pf_type *type, const struct pf_cell_class *cell) {
    bool integer =
        cell->class == PF_CLASS_INT53 || cell->class == PF_CLASS_INT64 || cell->class == PF_CLASS_DECIMAL;
    bool fixed = cell->class == PF_CLASS_DOUBLE && type->scale > 0 && !(cell->marks & 1 << PF_MARK_LOOSE);
    return (integer || fixed) && cell->int_digits <= type->precision - type->scale &&
           cell->frac_digits <= type->scale;
}

static uint8_t mark_of_separator(char separator) {
    return separator == '/' ? 1 << PF_MARK_SLASH : separator == '.' ? 1 << PF_MARK_DOT : 1 << PF_MARK_DASH;
}

#define SEPARATORS (1 << PF_MARK_SLASH | 1 << PF_MARK_DOT | 1 << PF_MARK_DASH)

static bool fits_date(const struct pf_parse *parse, const struct pf_cell_class *cell) {
    int order = parse->format.date_order, c = cell->class;
    if (order == PF_DATE_ISO)
        return c == PF_CLASS_DATE_ISO;
    return (c == PF_CLASS_DATE_ANY || c == (order == PF_DATE_DMY ? PF_CLASS_DATE_DMY : PF_CLASS_DATE_MDY)) &&
           (cell->marks & SEPARATORS) == mark_of_separator(parse->format.date_separator);
}

static bool fits_stamp(const struct pf_parse *parse, const struct pf_cell_class *cell) {
    int order = parse->format.date_order, c = cell->class;
    bool zoned = parse->type.zone && parse->type.zone[0];
    if (cell->marks & 1 << (parse->type.unit == PF_UNIT_NANO ? PF_MARK_FAR : PF_MARK_NANO))
        return false;
    if (zoned)
        return order == PF_DATE_ISO && c == PF_CLASS_STAMP_ISO_ZONED;
    if (fits_date(parse, cell))
        return true;
    if (order == PF_DATE_ISO)
        return c == PF_CLASS_STAMP_ISO;
    return (c == PF_CLASS_STAMP_ANY || c == (order == PF_DATE_DMY ? PF_CLASS_STAMP_DMY : PF_CLASS_STAMP_MDY)) &&
           (cell->marks & SEPARATORS) == mark_of_separator(parse->format.date_separator);
}

bool pf_class_fits(const struct pf_parse *parse, const struct pf_cell_class *cell) {
    int c = cell->class;
    switch (parse->type.kind) {
    case PF_KIND_UTF8: return true;
    case PF_KIND_BOOL: return c == PF_CLASS_BOOL;
    case PF_KIND_INT64: return c == PF_CLASS_INT53 || c == PF_CLASS_INT64;
    case PF_KIND_FLOAT64: return c == PF_CLASS_INT53 || c == PF_CLASS_DOUBLE || c == PF_CLASS_NONFINITE;
    case PF_KIND_DECIMAL128: return fits_decimal(&parse->type, cell);
    case PF_KIND_DATE32: return fits_date(parse, cell);
    case PF_KIND_TIMESTAMP: return fits_stamp(parse, cell);
    default: return false;
    }
}

pf_status pf_cell_value(const struct pf_cells *cells, size_t r, char **held, const char **text, size_t *size,
                        bool *quoted, struct pf_error *err) {
    const char *raw = pf_cell_raw(cells, r, size);
    *held = NULL;
    *text = raw;
    *quoted = false;
    if (*size < 2 || !cells->quote || raw[0] != cells->quote)
        return PF_OK;
    char *scratch = NULL;
    if (memchr(raw + 1, cells->quote, *size - 2)) {
        *held = scratch = pf_mem_alloc(*size);
        if (!scratch)
            return pf_fail_memory(err, *size);
    }
    *text = pf_cell_plain(raw, *size, cells->quote, scratch, size, quoted);
    return PF_OK;
}
