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

/* The same as a double, correctly rounded; false: undecided by these means. */
SCAN_INLINE bool scale_fixed(const struct fixed *fixed, double *value) {
    double v;
    if (__builtin_expect(fixed->mantissa <= (uint64_t)1 << 53, 1)) /* fraction ≤ 19: both exact, rounded once */
        v = (double)(int64_t)fixed->mantissa / pf_tens[fixed->fraction];
    else if (!pf_double_scale(fixed->mantissa, -fixed->fraction, &v))
        return false;
    *value = fixed->minus ? -v : v;
    return true;
}

/* ---- kinds that are seldom, out of the way of the others ---- */

/* Splits e±DD or e±DDD off the end of a number: the size of what stands before, 0: there is none. */
static inline size_t split_power(const char *p, size_t n, int32_t *power) {
    for (size_t digits = 2; digits <= 3; digits++) {
        uint64_t value;
        if (n < digits + 3)
            break;
        const char *e = p + n - digits - 2;
        if ((*e | 0x20) != 'e' || (e[1] != '-' && e[1] != '+'))
            continue;
        if (!read_digits(e + 2, digits, &value))
            break;
        *power = e[1] == '-' ? -(int32_t)value : (int32_t)value;
        return (size_t)(e - p);
    }
    return 0;
}

/* Integers of 16–19 digits, numbers with a signed exponent that are surely in the range of doubles: the class, or
 * SCAN_NONE. Exponents are LOOSE. */
static __attribute__((noinline)) int look_rare(const char *p, size_t n, char point, int32_t *whole,
                                               int32_t *fraction, uint8_t *marks) {
    int64_t value;
    int32_t power = 0;
    size_t head = n <= 40 ? split_power(p, n, &power) : 0;
    if (head) {
        int class = look_number_words(p, head, point, whole, fraction);
        if (class == SCAN_NONE || power - *fraction < -300 || power + *whole > 300)
            return SCAN_NONE;
        *marks |= 1 << PF_MARK_LOOSE;
        return PF_CLASS_DOUBLE;
    }
    if (!read_int_words(p, n, &value))
        return SCAN_NONE;
    *whole = (int32_t)(n - (*p == '-'));
    *fraction = 0;
    return value >= -((int64_t)1 << 53) && value <= (int64_t)1 << 53 ? PF_CLASS_INT53 : PF_CLASS_INT64;
}

/* The same for doubles, with the value: INT53 or DOUBLE. */
static __attribute__((noinline)) int read_rare(const char *p, size_t n, char point, double *value,
                                               uint8_t *marks) {
    struct fixed fixed;
    int32_t whole, fraction, power = 0;
    uint8_t mark = 0;
    int64_t integer = 0;
    int class = look_rare(p, n, point, &whole, &fraction, &mark);
    if (class == PF_CLASS_INT53) {
        read_int_words(p, n, &integer);
        *value = (double)integer;
        return class;
    }
    if (class != PF_CLASS_DOUBLE)
        return SCAN_NONE;
    size_t head = split_power(p, n, &power);
    double v;
    if (read_fixed(p, head, point, &fixed) == SCAN_NONE ||
        !pf_double_scale(fixed.mantissa, power - fixed.fraction, &v))
        return SCAN_NONE;
    *value = fixed.minus ? -v : v;
    *marks |= mark;
    return PF_CLASS_DOUBLE;
}

/* D/M/YYYY in 8–10 bytes: the class; *days by order (PF_DATE_MDY, else day first). */
SCAN_INLINE int read_local(const char *p, size_t n, char separator, int order, int32_t *days) {
    size_t first = p[1] == separator ? 1 : 2, second = n - first - 6; /* digits of each */
    const char *tail = p + n - 5;                                     /* /YYYY */
    if (n - 8 > 2 || second - 1 > 1 || p[first] != separator || *tail != separator)
        return SCAN_NONE;
    uint64_t head = pf_digits_first(pf_digits_load(p), (unsigned)first) >> 48;
    uint64_t middle = pf_digits_first(pf_digits_load(p + first + 1), (unsigned)second) >> 48;
    uint64_t word = head | middle << 16 | (uint64_t)(pf_load32(tail + 1) ^ (uint32_t)PF_ZEROS) << 32;
    if (pf_digits_wrong(word))
        return SCAN_NONE;
    word = pf_digits_pairs(word);
    uint32_t a = word & 0xFF, b = word >> 16 & 0xFF;
    uint32_t year = (uint32_t)(word >> 32 & 0xFF) * 100 + (uint32_t)(word >> 48 & 0xFF);
    int class = a > 12 ? PF_CLASS_DATE_DMY : b > 12 ? PF_CLASS_DATE_MDY : PF_CLASS_DATE_ANY;
    bool month_first = class == PF_CLASS_DATE_MDY || (class == PF_CLASS_DATE_ANY && order == PF_DATE_MDY);
    if (order >= 0 && class != PF_CLASS_DATE_ANY && month_first != (order == PF_DATE_MDY))
        return SCAN_NONE;
    return pf_days_of(year, month_first ? a : b, month_first ? b : a, days) ? class : SCAN_NONE;
}

struct stamp {
    int64_t seconds;
    uint32_t fraction; /* digits of it */
    int32_t digits;
    bool zoned;
};

/* The date that the stamp before had; timestamps mostly rise slowly. */
struct last_date {
    uint64_t head;
    uint16_t tail;
    int32_t days;
};

SCAN_INLINE bool read_head(const char *p, struct last_date *last) {
    uint64_t head = pf_load64(p);
    uint16_t tail = pf_load16(p + 8);
    if (head == last->head && tail == last->tail)
        return true;
    last->head = 0;
    if (!pf_iso_date(p, &last->days))
        return false;
    last->head = head;
    last->tail = tail;
    return true;
}

/* What stands behind the 19 bytes: [.f…][Z | ±HH:MM]; moves the seconds to UTC. */
static inline bool read_stamp_rest(const char *p, size_t n, struct stamp *stamp) {
    if (p[n - 1] == 'Z') {
        stamp->zoned = true;
        n--;
    } else if (n >= 25 && p[n - 3] == ':' && (p[n - 6] == '+' || p[n - 6] == '-')) {
        uint64_t hours, minutes;
        if (!read_digits(p + n - 5, 2, &hours) || !read_digits(p + n - 2, 2, &minutes) || hours > 23 ||
            minutes > 59)
            return false;
        int64_t east = (int64_t)(hours * 3600 + minutes * 60);
        stamp->seconds -= p[n - 6] == '-' ? -east : east;
        stamp->zoned = true;
        n -= 6;
    }
    if (n == 19)
        return true;
    uint64_t fraction;
    if (p[19] != '.' || n == 20 || n > 29 || !read_long_digits(p + 20, n - 20, &fraction))
        return false;
    stamp->fraction = (uint32_t)fraction;
    stamp->digits = (int32_t)n - 20;
    return true;
}

/* ISO date, 'T' or blank, HH:MM[:SS[.f…]][Z | ±HH:MM]; in years 1–9999 also after the zone. */
SCAN_INLINE bool read_stamp(const char *p, size_t n, struct last_date *last, struct stamp *stamp) {
    uint32_t clock;
    if (n < 16 || n > 35 || ((p[10] != ' ') & (p[10] != 'T')) || !read_head(p, last))
        return false;
    stamp->zoned = false;
    stamp->fraction = 0;
    stamp->digits = 0;
    if (__builtin_expect(n < 19, 0)) {
        char lent[8] = ":00"; /* the seconds may be left out */
        memcpy(lent + 5, lent, 3);
        memcpy(lent, p + 11, 5);
        if (n != 16 || !pf_clock_time(lent, &clock))
            return false;
    } else if (!pf_clock_time(p + 11, &clock)) {
        return false;
    }
    stamp->seconds = (int64_t)last->days * 86400 + clock;
    return n <= 19 || read_stamp_rest(p, n, stamp);
}

SCAN_INLINE bool is_near(int64_t seconds) {
    return (uint64_t)seconds - (uint64_t)PF_NANO_FIRST < (uint64_t)PF_NANO_END - (uint64_t)PF_NANO_FIRST;
}
/* Years 1–9999: a zone may lead out of them. */
SCAN_INLINE bool is_in_years(int64_t seconds) { return seconds >= -62135596800 && seconds <= 253402300799; }
SCAN_INLINE bool is_near_day(int32_t days) {
    return (uint32_t)days - (uint32_t)(PF_NANO_FIRST / 86400) <
           (uint32_t)((PF_NANO_END - PF_NANO_FIRST) / 86400);
}

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
