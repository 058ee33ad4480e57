/* columns_scan_loops.h — the loops of columns_scan.h, compiled once per instruction set.  SPDX-License-Identifier: MIT
 *
 * A file that includes it defines before, for itself:
 *   struct kit            what its functions want to have at hand in registers; begin_kit(scan) makes one
 *   kit_int, kit_fixed, kit_look, kit_date, kit_stamp       one value, as in columns_scan_words.h
 *   copy_plain(to, from, n), copy_quoted(to, from, n, quote)  the second gives the bytes written
 *   LOOPS                 the name of its table */

enum taken { TAKEN_VALUE, TAKEN_NULL, TAKEN_ODD };

/* The part of a scan that every cell needs. */
struct walk {
    const uint32_t *pos, *end;
    size_t stride;
    const char *text;
    const struct pf_scan *scan;
    int quote;
    bool strip_cr, has_nulls;
};

SCAN_INLINE struct walk begin_walk(const struct pf_scan *s, size_t row) {
    return (struct walk){s->pos + row * s->stride,
                         s->pos + s->end * s->stride,
                         s->stride,
                         s->text,
                         s,
                         s->quote,
                         s->strip_cr,
                         s->has_nulls};
}

SCAN_INLINE size_t row_of(const struct walk *w) { return (size_t)(w->pos - w->scan->pos) / w->stride; }

/* A cell as it is (CR off, quotes on). */
SCAN_INLINE const char *take_raw(const struct walk *w, size_t *size) {
    const char *p = w->text + (uint32_t)(w->pos[0] + 1);
    size_t n = (uint32_t)(w->pos[1] - w->pos[0] - 1);
    if (w->strip_cr && n && p[n - 1] == '\r')
        n--;
    *size = n;
    return p;
}

/* Is the plain text one of the further nulls? */
SCAN_INLINE bool is_other_null(const struct walk *w, const char *p, size_t n) {
    if (__builtin_expect(!w->has_nulls, 1))
        return false;
    return w->scan->null_sizes >> (n < 63 ? n : 63) & 1 && pf_infer_is_null(p, n, true, w->scan->rules);
}

/* A cell without its quotes; there may still be quotes inside, which no number or date has. */
SCAN_INLINE enum taken take_cell(const struct walk *w, const char **at, size_t *size) {
    const char *p = take_raw(w, size);
    if (__builtin_expect(*size == 0, 0))
        return TAKEN_NULL;
    *at = p;
    if (__builtin_expect((uint8_t)*p == w->quote, 0)) {
        if (*size < 3 || (uint8_t)p[*size - 1] != w->quote)
            return TAKEN_ODD;
        *at = p + 1;
        *size -= 2;
    }
    return is_other_null(w, *at, *size) ? TAKEN_NULL : TAKEN_VALUE;
}

/* ---- looking ---- */

static size_t look_numbers(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    struct kit kit = begin_kit(scan);
    const char point = scan->point, *p;
    int32_t int_digits = sum->int_digits, frac_digits = sum->frac_digits, whole, fraction;
    uint32_t classes = 0;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            sum->nulls++;
            continue;
        }
        int class = kit_look(&kit, p, n, &whole, &fraction);
        if (__builtin_expect(class == SCAN_NONE, 0)) {
            class = look_rare(p, n, point, &whole, &fraction, &sum->marks);
            if (class == SCAN_NONE)
                break;
        }
        classes |= 1u << class;
        int_digits = whole > int_digits ? whole : int_digits;
        frac_digits = fraction > frac_digits ? fraction : frac_digits;
    }
    sum->classes |= classes;
    sum->int_digits = int_digits;
    sum->frac_digits = frac_digits;
    return row_of(&w);
}

SCAN_INLINE void sum_stamp(struct pf_scan_sum *sum, const struct stamp *stamp) {
    if (__builtin_expect(!is_near(stamp->seconds), 0))
        sum->marks |= 1 << PF_MARK_FAR;
    if (stamp->digits > sum->time_digits) {
        sum->time_digits = stamp->digits;
        if (stamp->digits > 6)
            sum->marks |= 1 << PF_MARK_NANO;
    }
}

static size_t look_iso(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    struct kit kit = begin_kit(scan);
    struct stamp stamp;
    const char *p;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            sum->nulls++;
            continue;
        }
        if (n == 10) {
            int32_t days;
            if (!kit_date(&kit, p, &days))
                break;
            if (__builtin_expect(!is_near_day(days), 0))
                sum->marks |= 1 << PF_MARK_FAR;
            sum->classes |= 1u << PF_CLASS_DATE_ISO;
            continue;
        }
        if (!kit_stamp(&kit, p, n, &stamp) || !is_in_years(stamp.seconds))
            break;
        sum->classes |= stamp.zoned ? 1u << PF_CLASS_STAMP_ISO_ZONED : 1u << PF_CLASS_STAMP_ISO;
        sum_stamp(sum, &stamp);
    }
    return row_of(&w);
}

/* The order was said: what is interchangeable is of that order. */
SCAN_INLINE int settle_order(int class, const struct pf_rules *rules) {
    if (rules->dates != PF_DATES_DMY && rules->dates != PF_DATES_MDY)
        return class;
    return rules->dates == PF_DATES_MDY ? PF_CLASS_DATE_MDY : PF_CLASS_DATE_DMY;
}

static uint8_t mark_of(char separator) {
    return separator == '/' ? 1 << PF_MARK_SLASH : separator == '.' ? 1 << PF_MARK_DOT : 1 << PF_MARK_DASH;
}

static size_t look_local(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    const char separator = scan->separator, *p;
    const int order = scan->order;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            sum->nulls++;
            continue;
        }
        int32_t days;
        int class = read_local(p, n, separator, order, &days);
        if (class == SCAN_NONE)
            break;
        sum->classes |= 1u << settle_order(class, scan->rules);
        sum->marks |= mark_of(separator);
        if (__builtin_expect(!is_near_day(days), 0))
            sum->marks |= 1 << PF_MARK_FAR;
    }
    return row_of(&w);
}

static size_t look_bools(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    const char *p;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            sum->nulls++;
            continue;
        }
        if (read_bool(p, n) == SCAN_NONE)
            break;
        sum->classes |= 1u << PF_CLASS_BOOL;
    }
    return row_of(&w);
}

static size_t look_nulls(const struct pf_scan *scan, size_t row, struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    int64_t nulls = 0;
    size_t n;
    if (w.has_nulls)
        return row; /* the thorough way */
    for (; w.pos != w.end; w.pos += w.stride) {
        take_raw(&w, &n);
        nulls += n == 0;
    }
    sum->nulls += nulls;
    return row_of(&w);
}

/* ---- reading ---- */

/* Row `at` from the end of out is null. */
static inline void put_null(struct pf_build *out, ptrdiff_t at, struct pf_scan_sum *sum) {
    pf_build_mark_null(out, out->length + at);
    sum->nulls++;
}

static size_t read_int64(const struct pf_scan *scan, size_t row, struct pf_build *out,
                         struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    struct kit kit = begin_kit(scan);
    int64_t *const begin = (int64_t *)(void *)out->values + out->length, *to = begin;
    const char *p;
    int64_t large = 0, nulls = sum->nulls;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            put_null(out, to - begin, sum);
            *to++ = 0;
            continue;
        }
        int64_t value;
        if (__builtin_expect(!kit_int(&kit, p, n, &value), 0))
            break;
        *to++ = value;
        large += (uint64_t)value + ((uint64_t)1 << 53) > (uint64_t)1 << 54;
    }
    out->length += to - begin;
    if (large)
        sum->classes |= 1u << PF_CLASS_INT64;
    if (to - begin > large + sum->nulls - nulls)
        sum->classes |= 1u << PF_CLASS_INT53;
    return row_of(&w);
}

static size_t read_double(const struct pf_scan *scan, size_t row, struct pf_build *out,
                          struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    struct kit kit = begin_kit(scan);
    double *const begin = (double *)(void *)out->values + out->length, *to = begin;
    const char point = scan->point, *p;
    uint32_t classes = 0;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            put_null(out, to - begin, sum);
            *to++ = 0;
            continue;
        }
        struct fixed fixed;
        int class = kit_fixed(&kit, p, n, &fixed);
        if (__builtin_expect(class == SCAN_NONE || !scale_fixed(&fixed, to), 0)) {
            class = read_rare(p, n, point, to, &sum->marks);
            if (class == SCAN_NONE)
                break;
        }
        to++;
        classes |= 1u << class;
    }
    out->length += to - begin;
    sum->classes |= classes;
    return row_of(&w);
}

static size_t read_decimal(const struct pf_scan *scan, size_t row, struct pf_build *out,
                           struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    struct kit kit = begin_kit(scan);
    int64_t *const begin = (int64_t *)(void *)out->values + 2 * out->length, *to = begin; /* low, high halves */
    const int32_t scale = scan->scale,
                  room = scan->precision - scale < 18 - scale ? scan->precision - scale : 18 - scale;
    const char *p;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride, to += 2) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            put_null(out, (to - begin) / 2, sum);
            to[0] = to[1] = 0;
            continue;
        }
        struct fixed fixed;
        int class = kit_fixed(&kit, p, n, &fixed);
        if (class == SCAN_NONE || fixed.fraction > scale || fixed.whole > room)
            break;
        int64_t value = (int64_t)(fixed.mantissa * fixed_tens[scale - fixed.fraction]);
        to[0] = fixed.minus ? -value : value;
        to[1] = fixed.minus && value ? -1 : 0;
        sum->classes |= 1u << class;
        sum->int_digits = fixed.whole > sum->int_digits ? fixed.whole : sum->int_digits;
        sum->frac_digits = fixed.fraction > sum->frac_digits ? fixed.fraction : sum->frac_digits;
    }
    out->length += (to - begin) / 2;
    return row_of(&w);
}

/* iso is a constant where it is called. */
SCAN_INLINE size_t read_dates(const struct pf_scan *scan, size_t row, struct pf_build *out,
                              struct pf_scan_sum *sum, bool iso) {
    struct walk w = begin_walk(scan, row);
    struct kit kit = begin_kit(scan);
    int32_t *const begin = (int32_t *)(void *)out->values + out->length, *to = begin;
    const char separator = scan->separator, *p;
    const int order = scan->order;
    uint32_t classes = 0;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            put_null(out, to - begin, sum);
            *to++ = 0;
            continue;
        }
        int class = PF_CLASS_DATE_ISO;
        if (iso ? n != 10 || !kit_date(&kit, p, to)
                : (class = read_local(p, n, separator, order, to)) == SCAN_NONE)
            break;
        classes |= 1u << (iso ? class : settle_order(class, scan->rules));
        if (__builtin_expect(!is_near_day(*to++), 0))
            sum->marks |= 1 << PF_MARK_FAR;
    }
    out->length += to - begin;
    sum->classes |= classes;
    if (classes && !iso)
        sum->marks |= mark_of(separator);
    return row_of(&w);
}

static size_t read_date(const struct pf_scan *scan, size_t row, struct pf_build *out, struct pf_scan_sum *sum) {
    return scan->order == PF_DATE_ISO ? read_dates(scan, row, out, sum, true)
                                      : read_dates(scan, row, out, sum, false);
}

static size_t read_stamps(const struct pf_scan *scan, size_t row, struct pf_build *out,
                          struct pf_scan_sum *sum) {
    static const int32_t tens[10] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    struct walk w = begin_walk(scan, row);
    struct kit kit = begin_kit(scan);
    int64_t *const begin = (int64_t *)(void *)out->values + out->length, *to = begin;
    const int64_t per_second = scan->per_second;
    const int32_t digits = scan->digits;
    const bool zoned = scan->zoned, nano = scan->nano;
    const char *p;
    struct stamp stamp;
    int64_t nulls = sum->nulls;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            put_null(out, to - begin, sum);
            *to++ = 0;
            continue;
        }
        if (!kit_stamp(&kit, p, n, &stamp) || stamp.zoned != zoned || stamp.digits > digits)
            break;
        if (!is_near(stamp.seconds) && (nano || !is_in_years(stamp.seconds)))
            break;
        *to++ = stamp.seconds * per_second + (int64_t)stamp.fraction * tens[digits - stamp.digits];
        sum_stamp(sum, &stamp);
    }
    out->length += to - begin;
    if (to - begin > sum->nulls - nulls)
        sum->classes |= zoned ? 1u << PF_CLASS_STAMP_ISO_ZONED : 1u << PF_CLASS_STAMP_ISO;
    return row_of(&w);
}

static size_t read_bools(const struct pf_scan *scan, size_t row, struct pf_build *out,
                         struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    const char *p;
    int64_t nulls = sum->nulls, at = out->length;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        enum taken taken = take_cell(&w, &p, &n);
        if (__builtin_expect(taken != TAKEN_VALUE, 0)) {
            if (taken == TAKEN_ODD)
                break;
            put_null(out, at++ - out->length, sum);
            continue;
        }
        int value = read_bool(p, n);
        if (value == SCAN_NONE)
            break;
        out->values[at >> 3] |= (uint8_t)(value << (at & 7));
        at++;
    }
    if (at - out->length > sum->nulls - nulls)
        sum->classes |= 1u << PF_CLASS_BOOL;
    out->length = at;
    return row_of(&w);
}

static size_t read_text(const struct pf_scan *scan, size_t row, struct pf_build *out, struct pf_scan_sum *sum) {
    struct walk w = begin_walk(scan, row);
    char *const data = (char *)out->data, *to = data + out->data_size;
    int32_t *const begin = out->offsets + out->length + 1, *ends = begin;
    size_t n;
    for (; w.pos != w.end; w.pos += w.stride) {
        const char *p = take_raw(&w, &n);
        size_t used = n;
        if ((uint8_t)*p == w.quote && n >= 2 && (uint8_t)p[n - 1] == w.quote)
            used = copy_quoted(to, p + 1, n - 2, (char)w.quote);
        else
            copy_plain(to, p, n);
        if (__builtin_expect(n == 0, 0) || is_other_null(&w, to, used)) {
            put_null(out, ends - begin, sum);
            used = 0;
        }
        to += used;
        *ends++ = (int32_t)(to - data);
    }
    out->data_size = to - data;
    out->length += ends - begin;
    return row_of(&w);
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
