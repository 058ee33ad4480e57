/* columns_scan_words.h — one value of the common kind, by words of eight bytes.  SPDX-License-Identifier: MIT
 *
 * Inline parts of the loops of columns_scan.h. All take n ≥ 1 bytes at p, behind which 64 more are readable. */
#ifndef PF_COLUMNS_SCAN_WORDS_H
#define PF_COLUMNS_SCAN_WORDS_H
#include "base/calendar.h"
#include "base/days.h"
#include "base/number.h"
#include "columns/columns_class.h"
#include "columns/columns_scan.h"

#define SCAN_INLINE static inline __attribute__((always_inline))
#define SCAN_NONE   (-1)

SCAN_INLINE uint64_t low_bytes(size_t n) { return n >= 8 ? ~(uint64_t)0 : ((uint64_t)1 << (8 * n)) - 1; }

/* Up to 8 digits; false: something else among them. */
SCAN_INLINE bool read_digits(const char *p, size_t n, uint64_t *value) {
    uint64_t word = pf_digits_first(pf_digits_load(p), (unsigned)n);
    *value = pf_digits_value(word);
    return !pf_digits_wrong(word);
}

/* 1–19 digits. */
SCAN_INLINE bool read_long_digits(const char *p, size_t n, uint64_t *value) {
    uint64_t a, b, c;
    if (n <= 8)
        return read_digits(p, n, value);
    if (n <= 16) {
        if (!read_digits(p, n - 8, &a) || !read_digits(p + n - 8, 8, &b))
            return false;
        *value = a * 100000000 + b;
        return true;
    }
    if (n > 19 || !read_digits(p, n - 16, &a) || !read_digits(p + n - 16, 8, &b) ||
        !read_digits(p + n - 8, 8, &c))
        return false;
    *value = a * 10000000000000000u + b * 100000000 + c;
    return true;
}

/* [-]digits without leading zero, in int64; not "-0". */
SCAN_INLINE bool read_int_words(const char *p, size_t n, int64_t *value) {
    size_t minus = *p == '-';
    uint64_t v;
    p += minus;
    n -= minus;
    if (n == 0 || (*p == '0' && n + minus > 1) || !read_long_digits(p, n, &v) || v > INT64_MAX)
        return false;
    *value = minus ? -(int64_t)v : (int64_t)v;
    return true;
}

/* How many digits stand at the front, at most n. */
SCAN_INLINE size_t count_front(const char *p, size_t n) {
    size_t at = 0;
    while (at < n) {
        uint64_t wrong = pf_digits_wrong(pf_digits_load(p + at)) & low_bytes(n - at);
        if (wrong)
            return at + (size_t)pf_ctz64(wrong) / 8;
        at += 8;
    }
    return n;
}

/* INT53 (up to 15 digits), DOUBLE (digits.digits) or SCAN_NONE. */
SCAN_INLINE int look_number_words(const char *p, size_t n, char point, int32_t *whole, int32_t *fraction) {
    size_t minus = *p == '-';
    p += minus;
    n -= minus;
    if (n == 0 || n > 32)
        return SCAN_NONE;
    size_t k = count_front(p, n);
    *whole = (int32_t)k;
    *fraction = 0;
    if (k == 0 || (*p == '0' && k > 1))
        return SCAN_NONE;
    if (k == n)
        return k > 15 || (*p == '0' && minus) ? SCAN_NONE : PF_CLASS_INT53;
    if (p[k] != point || k + 1 == n || count_front(p + k + 1, n - k - 1) != n - k - 1)
        return SCAN_NONE;
    *fraction = (int32_t)(n - k - 1);
    return PF_CLASS_DOUBLE;
}

/* mantissa / 10^fraction, correctly rounded; false: undecided. */
SCAN_INLINE bool scale_down(uint64_t mantissa, size_t fraction, double *value) {
    if (__builtin_expect(mantissa <= (uint64_t)1 << 53 && fraction <= 22, 1)) {
        *value = (double)(int64_t)mantissa / pf_tens[fraction];
        return true;
    }
    return pf_double_scale(mantissa, -(int64_t)fraction, value);
}

static const uint64_t fixed_tens[20] = {1u,
                                        10u,
                                        100u,
                                        1000u,
                                        10000u,
                                        100000u,
                                        1000000u,
                                        10000000u,
                                        100000000u,
                                        1000000000u,
                                        10000000000u,
                                        100000000000u,
                                        1000000000000u,
                                        10000000000000u,
                                        100000000000000u,
                                        1000000000000000u,
                                        10000000000000000u,
                                        100000000000000000u,
                                        1000000000000000000u,
                                        10000000000000000000u};

/* A number without exponent. */
struct fixed {
    uint64_t mantissa;       /* without the point */
    int32_t whole, fraction; /* digits before and behind it */
    bool minus;
};

/* INT53 (up to 15 digits), DOUBLE (up to 19) or SCAN_NONE. */
SCAN_INLINE int read_fixed(const char *p, size_t n, char point, struct fixed *fixed) {
    size_t minus = *p == '-';
    uint64_t whole, rest;
    p += minus;
    n -= minus;
    if (n == 0)
        return SCAN_NONE;
    size_t k = count_front(p, n < 24 ? n : 24);
    if (k == 0 || k > 19 || (*p == '0' && k > 1))
        return SCAN_NONE;
    fixed->minus = minus;
    fixed->whole = (int32_t)k;
    fixed->fraction = 0;
    if (k == n)
        return k > 15 || (*p == '0' && minus) || !read_long_digits(p, k, &fixed->mantissa) ? SCAN_NONE
                                                                                           : PF_CLASS_INT53;
    size_t fraction = n - k - 1;
    bool zero = *p == '0'; /* then the digits behind the point may be 19 */
    if (p[k] != point || fraction == 0 || fraction > 19 || (!zero && k + fraction > 19) ||
        !read_long_digits(p, k, &whole) || !read_long_digits(p + k + 1, fraction, &rest))
        return SCAN_NONE;
    fixed->fraction = (int32_t)fraction;
    fixed->mantissa = whole * fixed_tens[fraction] + rest;
    return PF_CLASS_DOUBLE;
}

/* The same as a double, correctly rounded. */
SCAN_INLINE int read_double_words(const char *p, size_t n, char point, double *value) {
    struct fixed fixed;
    double v;
    int class = read_fixed(p, n, point, &fixed);
    if (class == SCAN_NONE || !scale_down(fixed.mantissa, (size_t)fixed.fraction, &v))
        return SCAN_NONE;
    *value = fixed.minus ? -v : v;
    return class;
}

/* D/M/YYYY in 8–10 bytes: the class; *days by order (PF_DATE_MDY, else day first). */
SCAN_INLINE int read_local(const char *p, size_t n, char separator, int order, int32_t *days) {
    if (n < 8 || n > 10)
        return SCAN_NONE;
    const char *tail = p + n - 5; /* /YYYY */
    size_t first = p[1] == separator ? 1 : 2, second = n - 5 - first - 1;
    uint64_t a, b, year;
    if (p[first] != separator || *tail != separator || second - 1 > 1 || !read_digits(p, first, &a) ||
        !read_digits(p + first + 1, second, &b) || !read_digits(tail + 1, 4, &year))
        return SCAN_NONE;
    int class = a > 12 ? PF_CLASS_DATE_DMY : b > 12 ? PF_CLASS_DATE_MDY : PF_CLASS_DATE_ANY;
    bool month_first = class == PF_CLASS_DATE_MDY || (class == PF_CLASS_DATE_ANY && order == PF_DATE_MDY);
    if (order >= 0 && class != PF_CLASS_DATE_ANY && month_first != (order == PF_DATE_MDY))
        return SCAN_NONE;
    return pf_days_of((uint32_t)year, (uint32_t)(month_first ? a : b), (uint32_t)(month_first ? b : a), days)
               ? class
               : SCAN_NONE;
}

struct stamp {
    int64_t seconds;
    uint32_t fraction; /* digits of it */
    int32_t digits;
    bool zoned;
};

/* ISO date, 'T' or blank, HH:MM[:SS[.f…]][Z | ±HH:MM]. */
SCAN_INLINE bool read_stamp(const char *p, size_t n, struct stamp *stamp) {
    int32_t days;
    uint32_t year, clock;
    if (n < 16 || n > 35 || (p[10] != ' ' && p[10] != 'T') || !pf_iso_date(p, &days, &year))
        return false;
    stamp->zoned = false;
    stamp->fraction = 0;
    stamp->digits = 0;
    int64_t east = 0;
    if (n == 16) { /* seconds may be left out; lend a :00 */
        uint64_t word = (pf_load64(p + 11) & low_bytes(5)) | PF_PATTERN(0, 0, 0, 0, 0, ':', '0', '0');
        char lent[8];
        pf_store64(lent, word);
        stamp->seconds = (int64_t)days * 86400;
        bool good = pf_clock_time(lent, &clock);
        stamp->seconds += clock;
        return good;
    }
    if (n < 19 || !pf_clock_time(p + 11, &clock))
        return false;
    if (n > 19) {
        if (p[n - 1] == 'Z') {
            stamp->zoned = true;
            n--;
        } else if (n >= 25 && p[n - 3] == ':' && (p[n - 6] == '+' || p[n - 6] == '-')) {
            uint64_t hours, minutes;
            if (!read_digits(p + n - 5, 2, &hours) || !read_digits(p + n - 2, 2, &minutes) || hours > 23 ||
                minutes > 59)
                return false;
            east = (int64_t)(hours * 3600 + minutes * 60);
            if (p[n - 6] == '-')
                east = -east;
            stamp->zoned = true;
            n -= 6;
        }
        if (n > 19) {
            uint64_t f;
            if (p[19] != '.' || n == 20 || n > 29 || !read_long_digits(p + 20, n - 20, &f))
                return false;
            stamp->fraction = (uint32_t)f;
            stamp->digits = (int32_t)n - 20;
        }
    }
    stamp->seconds = (int64_t)days * 86400 + clock - east;
    return true;
}

SCAN_INLINE bool is_near(int64_t seconds) { return seconds >= PF_NANO_FIRST && seconds < PF_NANO_END; }

/* 0, 1, or SCAN_NONE. */
SCAN_INLINE int read_bool(const char *p, size_t n) {
    uint32_t word = pf_load32(p);
    if (n == 4)
        return word == 0x65757274 || word == 0x65757254 || word == 0x45555254 ? 1 : SCAN_NONE;
    if (n != 5)
        return SCAN_NONE;
    bool lower = (word == 0x736c6166 || word == 0x736c6146) && p[4] == 'e';
    return lower || (word == 0x534c4146 && p[4] == 'E') ? 0 : SCAN_NONE;
}
#endif
