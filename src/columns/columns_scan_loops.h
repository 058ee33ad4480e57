/* columns_scan_loops.h — the loops of columns_scan.h, compiled once per instruction set.  SPDX-License-Identifier: MIT
 *
 * A file that includes it defines before: READ_INT, READ_DOUBLE, LOOK_NUMBER (as in columns_scan_words.h),
 * COPY_PLAIN(to, from, n) and COPY_QUOTED(to, from, n, quote), which gives the bytes written, and LOOPS, the name
 * of its table. */
#include "columns/columns_scan_words.h"

enum taken { TAKEN_VALUE, TAKEN_NULL, TAKEN_ODD };

/* A cell as it is (CR off, quotes on). */
SCAN_INLINE const char *take_raw(const struct pf_scan *s, const uint32_t *pos, size_t *size) {
    const char *p = s->text + (uint32_t)(pos[0] + 1);
    size_t n = (uint32_t)(pos[1] - pos[0] - 1);
    if (s->strip_cr && n && p[n - 1] == '\r')
        n--;
    *size = n;
    return p;
}

SCAN_INLINE bool may_be_null(const struct pf_scan *s, size_t n) {
    return s->null_sizes >> (n < 63 ? n : 63) & 1;
}

/* A cell without its quotes; there may still be quotes inside, which no number or date has. */
SCAN_INLINE enum taken take_cell(const struct pf_scan *s, const uint32_t *pos, const char **at, size_t *size) {
    const char *p = take_raw(s, pos, size);
    if (*size == 0)
        return TAKEN_NULL;
    *at = p;
    if ((uint8_t)*p == s->quote) {
        if (*size < 3 || (uint8_t)p[*size - 1] != s->quote)
            return TAKEN_ODD;
        *at = p + 1;
        *size -= 2;
    }
    if (__builtin_expect(s->has_nulls, 0) && may_be_null(s, *size) &&
        pf_infer_is_null(*at, *size, true, s->rules))
        return TAKEN_NULL;
    return TAKEN_VALUE;
}

SCAN_INLINE void note_first(struct pf_scan_sum *sum, int class, size_t row) {
    if (__builtin_expect(sum->first[class] == PF_INFER_NEVER, 0))
        sum->first[class] = (int64_t)row;
}

SCAN_INLINE void note_far(struct pf_scan_sum *sum, int64_t seconds, size_t row) {
    if (__builtin_expect(!is_near(seconds), 0) && sum->first_far == PF_INFER_NEVER)
        sum->first_far = (int64_t)row;
}

SCAN_INLINE void note_digits(struct pf_scan_sum *sum, int32_t digits, size_t row) {
    if (__builtin_expect(digits <= sum->time_digits, 1))
        return;
    sum->time_digits = digits;
    if (digits > 6 && sum->first_nano == PF_INFER_NEVER)
        sum->first_nano = (int64_t)row;
}

/* ---- looking ---- */

#define EACH_CELL(s, row)                                                                                      \
    const uint32_t *pos = (s)->pos + (row) * (s)->stride;                                                      \
    const char *p;                                                                                             \
    size_t n;                                                                                                  \
    for (; (row) < (s)->end; (row)++, pos += (s)->stride)

static size_t look_numbers(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    int32_t int_digits = sum->int_digits, frac_digits = sum->frac_digits;
    EACH_CELL(&s, row) {
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            sum->nulls++;
            continue;
        }
        int32_t whole, fraction;
        int class = LOOK_NUMBER(p, n, s.point, &whole, &fraction);
        if (__builtin_expect(class == SCAN_NONE, 0))
            break;
        note_first(sum, class, row);
        int_digits = whole > int_digits ? whole : int_digits;
        frac_digits = fraction > frac_digits ? fraction : frac_digits;
    }
    sum->int_digits = int_digits;
    sum->frac_digits = frac_digits;
    return row;
}

static size_t look_iso(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    EACH_CELL(&s, row) {
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            sum->nulls++;
            continue;
        }
        if (n == 10) {
            int32_t days;
            uint32_t year;
            if (!pf_iso_date(p, &days, &year))
                break;
            note_far(sum, (int64_t)days * 86400, row);
            note_first(sum, PF_CLASS_DATE_ISO, row);
            continue;
        }
        struct stamp stamp;
        if (!read_stamp(p, n, &stamp))
            break;
        note_far(sum, stamp.seconds, row);
        note_first(sum, stamp.zoned ? PF_CLASS_STAMP_ISO_ZONED : PF_CLASS_STAMP_ISO, row);
        note_digits(sum, stamp.digits, row);
    }
    return row;
}

static size_t look_local(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    EACH_CELL(&s, row) {
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            sum->nulls++;
            continue;
        }
        int32_t days;
        int class = read_local(p, n, s.separator, s.order, &days);
        if (class == SCAN_NONE)
            break;
        note_far(sum, (int64_t)days * 86400, row);
        if (s.order >= 0) /* the order was said: nothing is interchangeable */
            class = s.order == PF_DATE_MDY ? PF_CLASS_DATE_MDY : PF_CLASS_DATE_DMY;
        note_first(sum, class, row);
    }
    return row;
}

static size_t look_bools(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    EACH_CELL(&s, row) {
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            sum->nulls++;
            continue;
        }
        if (read_bool(p, n) == SCAN_NONE)
            break;
        note_first(sum, PF_CLASS_BOOL, row);
    }
    return row;
}

static size_t look_nulls(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    int64_t nulls = 0;
    if (s.has_nulls)
        return row; /* the thorough way */
    const uint32_t *pos = s.pos + row * s.stride;
    for (; row < s.end; row++, pos += s.stride) {
        size_t n;
        take_raw(&s, pos, &n);
        nulls += n == 0;
    }
    sum->nulls += nulls;
    return row;
}

/* ---- reading ---- */

/* The rows done so far become part of out. */
static void close_rows(struct pf_build *out, int64_t rows, int64_t nulls, struct pf_scan_sum *sum) {
    out->length += rows;
    out->nulls += nulls;
    sum->nulls += nulls;
}

static size_t read_int64(const struct pf_scan *scan, size_t row, struct pf_build *out,
                         struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    int64_t *to = (int64_t *)(void *)out->values + out->length, nulls = 0;
    const size_t begin = row;
    EACH_CELL(&s, row) {
        int64_t value;
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            pf_bit_clear(out->valid, out->length + (int64_t)(row - begin));
            nulls++;
            *to++ = 0;
            continue;
        }
        if (__builtin_expect(!READ_INT(p, n, &value), 0))
            break;
        *to++ = value;
        bool large = (uint64_t)value + ((uint64_t)1 << 53) > (uint64_t)1 << 54;
        note_first(sum, large ? PF_CLASS_INT64 : PF_CLASS_INT53, row);
    }
    close_rows(out, (int64_t)(row - begin), nulls, sum);
    return row;
}

static size_t read_double(const struct pf_scan *scan, size_t row, struct pf_build *out,
                          struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    double *to = (double *)(void *)out->values + out->length;
    int64_t nulls = 0;
    const size_t begin = row;
    EACH_CELL(&s, row) {
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            pf_bit_clear(out->valid, out->length + (int64_t)(row - begin));
            nulls++;
            *to++ = 0;
            continue;
        }
        int class = READ_DOUBLE(p, n, s.point, to);
        if (__builtin_expect(class == SCAN_NONE, 0))
            break;
        to++;
        note_first(sum, class, row);
    }
    close_rows(out, (int64_t)(row - begin), nulls, sum);
    return row;
}

static size_t read_decimal(const struct pf_scan *scan, size_t row, struct pf_build *out,
                           struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    int64_t *to = (int64_t *)(void *)out->values + 2 * out->length, nulls = 0; /* low and high halves */
    const size_t begin = row;
    EACH_CELL(&s, row) {
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            pf_bit_clear(out->valid, out->length + (int64_t)(row - begin));
            nulls++;
            *to++ = 0;
            *to++ = 0;
            continue;
        }
        struct fixed fixed;
        int class = read_fixed(p, n, s.point, &fixed);
        if (class == SCAN_NONE || fixed.fraction > s.scale || fixed.whole > s.precision - s.scale ||
            fixed.whole + s.scale > 18)
            break;
        int64_t value = (int64_t)(fixed.mantissa * fixed_tens[s.scale - fixed.fraction]);
        *to++ = fixed.minus ? -value : value;
        *to++ = fixed.minus && value ? -1 : 0;
        note_first(sum, class, row);
        sum->int_digits = fixed.whole > sum->int_digits ? fixed.whole : sum->int_digits;
        sum->frac_digits = fixed.fraction > sum->frac_digits ? fixed.fraction : sum->frac_digits;
    }
    close_rows(out, (int64_t)(row - begin), nulls, sum);
    return row;
}

static size_t read_date(const struct pf_scan *scan, size_t row, struct pf_build *out, struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    int32_t *to = (int32_t *)(void *)out->values + out->length;
    int64_t nulls = 0;
    const size_t begin = row;
    EACH_CELL(&s, row) {
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            pf_bit_clear(out->valid, out->length + (int64_t)(row - begin));
            nulls++;
            *to++ = 0;
            continue;
        }
        int class = PF_CLASS_DATE_ISO;
        uint32_t year;
        if (s.order == PF_DATE_ISO ? n != 10 || !pf_iso_date(p, to, &year)
                                   : (class = read_local(p, n, s.separator, s.order, to)) == SCAN_NONE)
            break;
        note_far(sum, (int64_t)*to++ * 86400, row);
        if (class == PF_CLASS_DATE_ANY && s.rules->dates >= PF_DATES_DMY) /* the order was said */
            class = s.order == PF_DATE_MDY ? PF_CLASS_DATE_MDY : PF_CLASS_DATE_DMY;
        note_first(sum, class, row);
    }
    close_rows(out, (int64_t)(row - begin), nulls, sum);
    return row;
}

static size_t read_stamps(const struct pf_scan *scan, size_t row, struct pf_build *out,
                          struct pf_scan_sum *sum) {
    static const int32_t tens[10] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    const struct pf_scan s = *scan;
    int64_t *to = (int64_t *)(void *)out->values + out->length, nulls = 0;
    const size_t begin = row;
    EACH_CELL(&s, row) {
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            pf_bit_clear(out->valid, out->length + (int64_t)(row - begin));
            nulls++;
            *to++ = 0;
            continue;
        }
        struct stamp stamp;
        if (!read_stamp(p, n, &stamp) || stamp.zoned != s.zoned || stamp.digits > s.digits ||
            (s.nano && !is_near(stamp.seconds)))
            break;
        note_far(sum, stamp.seconds, row);
        *to++ = stamp.seconds * s.per_second + (int64_t)stamp.fraction * tens[s.digits - stamp.digits];
        note_first(sum, s.zoned ? PF_CLASS_STAMP_ISO_ZONED : PF_CLASS_STAMP_ISO, row);
        note_digits(sum, stamp.digits, row);
    }
    close_rows(out, (int64_t)(row - begin), nulls, sum);
    return row;
}

static size_t read_bools(const struct pf_scan *scan, size_t row, struct pf_build *out,
                         struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    int64_t nulls = 0, at = out->length;
    const size_t begin = row;
    EACH_CELL(&s, row) {
        enum taken taken = take_cell(&s, pos, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            pf_bit_clear(out->valid, at++);
            nulls++;
            continue;
        }
        int value = read_bool(p, n);
        if (value == SCAN_NONE)
            break;
        out->values[at >> 3] |= (uint8_t)(value << (at & 7));
        at++;
        note_first(sum, PF_CLASS_BOOL, row);
    }
    close_rows(out, (int64_t)(row - begin), nulls, sum);
    return row;
}

static size_t read_text(const struct pf_scan *scan, size_t row, struct pf_build *out, struct pf_scan_sum *sum) {
    const struct pf_scan s = *scan;
    char *data = (char *)out->data;
    int32_t *ends = out->offsets + out->length + 1;
    size_t size = (size_t)out->data_size;
    int64_t nulls = 0;
    const size_t begin = row;
    EACH_CELL(&s, row) {
        p = take_raw(&s, pos, &n);
        size_t used = n;
        if (n >= 2 && (uint8_t)*p == s.quote && (uint8_t)p[n - 1] == s.quote)
            used = COPY_QUOTED(data + size, p + 1, n - 2, (char)s.quote);
        else
            COPY_PLAIN(data + size, p, n);
        if (__builtin_expect(n == 0 || (s.has_nulls && may_be_null(&s, used) &&
                                        pf_infer_is_null(data + size, used, true, s.rules)),
                             0)) {
            pf_bit_clear(out->valid, out->length + (int64_t)(row - begin));
            nulls++;
            used = 0;
        }
        size += used;
        *ends++ = (int32_t)size;
    }
    out->data_size = (int64_t)size;
    close_rows(out, (int64_t)(row - begin), nulls, sum);
    return row;
}

const struct pf_scan_loops LOOPS = {
    .numbers = look_numbers,
    .iso = look_iso,
    .local = look_local,
    .bools = look_bools,
    .nulls = look_nulls,
    .read_int64 = read_int64,
    .read_double = read_double,
    .read_decimal = read_decimal,
    .read_date = read_date,
    .read_stamp = read_stamps,
    .read_bool = read_bools,
    .read_text = read_text,
};
