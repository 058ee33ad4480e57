/* number.c — room base. Text ↔ integers and decimals; printing. SPDX-License-Identifier: MIT
 * Knows: digits in words of eight, 128-bit integers.
 * Knows not: locales, what inference takes for a number. Doubles are read in number_double.c. */
#include "base/number.h"

#include <math.h>

#include "base/digits.h"
#include "base/number_door.h"

__extension__ typedef unsigned __int128 u128;

static const uint64_t powers_of_ten[20] = {1u,
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

/* Up to 8 digits; reads only those bytes. */
static bool read_group(const char *text, size_t n, uint64_t *value) {
    uint64_t word = PF_ZEROS;
    memcpy((char *)&word + (8 - n), text, n);
    word ^= PF_ZEROS;
    if (pf_digits_wrong(word))
        return false;
    *value = pf_digits_value(word);
    return true;
}

bool pf_parse_uint64(const char *text, size_t size, uint64_t *value) {
    if (size == 0)
        return false;
    while (size > 20 && *text == '0')
        text++, size--;
    if (size > 20)
        return false;
    uint64_t v = 0;
    while (size) {
        size_t n = size % 8 ? size % 8 : 8;
        uint64_t group;
        if (!read_group(text, n, &group) || __builtin_mul_overflow(v, powers_of_ten[n], &v) ||
            __builtin_add_overflow(v, group, &v))
            return false;
        text += n;
        size -= n;
    }
    *value = v;
    return true;
}

bool pf_parse_int64(const char *text, size_t size, int64_t *value) {
    bool minus = size && text[0] == '-';
    uint64_t v;
    if (!pf_parse_uint64(text + minus, size - minus, &v) || v > (uint64_t)INT64_MAX + minus)
        return false;
    *value = minus ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

/* Appends n digits to v; false when that is beyond 128 bits less one. */
static bool append_digits(u128 *v, const char *text, size_t n) {
    while (n) {
        size_t some = n < 8 ? n : 8;
        uint64_t group;
        if (!read_group(text, some, &group) || *v > ((u128)1 << 127) / powers_of_ten[some] - 1)
            return false;
        *v = *v * powers_of_ten[some] + group;
        text += some;
        n -= some;
    }
    return true;
}

static u128 ten_to(int n) {
    return n < 20 ? (u128)powers_of_ten[n] : (u128)powers_of_ten[19] * powers_of_ten[n - 19];
}

bool pf_parse_decimal(const char *text, size_t size, char point, int precision, int scale,
                      struct pf_int128 *value) {
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision)
        return false;
    bool minus = size && text[0] == '-';
    text += minus;
    size -= minus;
    const char *dot = size ? memchr(text, point, size) : NULL;
    size_t whole = dot ? (size_t)(dot - text) : size;
    size_t fraction = dot ? size - whole - 1 : 0;
    if (whole == 0 || (dot && fraction == 0))
        return false;
    while (whole > 1 && *text == '0')
        text++, whole--;
    const char *tail = dot ? dot + 1 : text;
    for (; fraction > (size_t)scale; fraction--)
        if (tail[fraction - 1] != '0')
            return false;
    u128 v = 0;
    if (whole > 38 || !append_digits(&v, text, whole) || !append_digits(&v, tail, fraction))
        return false;
    int shift = scale - (int)fraction;
    u128 end = ten_to(precision);
    if (v >= end || (shift && v >= ten_to(precision - shift)))
        return false;
    v *= ten_to(shift);
    if (minus)
        v = 0 - v;
    value->low = (uint64_t)v;
    value->high = (int64_t)(uint64_t)(v >> 64);
    return true;
}

size_t pf_print_uint64(uint64_t value, char to[20]) {
    char turned[20];
    size_t n = 0;
    do {
        turned[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (size_t i = 0; i < n; i++)
        to[i] = turned[n - 1 - i];
    return n;
}

size_t pf_print_int64(int64_t value, char to[20]) {
    if (value >= 0)
        return pf_print_uint64((uint64_t)value, to);
    char digits[20];
    size_t n = pf_print_uint64(0 - (uint64_t)value, digits);
    to[0] = '-';
    memcpy(to + 1, digits, n);
    return n + 1;
}

static size_t print_special(double value, char *to) {
    const char *text = isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
    size_t n = strlen(text);
    memcpy(to, text, n);
    return n;
}

size_t pf_print_double(double value, char to[32]) {
    return isfinite(value) ? pf_door_print_double(value, to, 32) : print_special(value, to);
}

size_t pf_print_float(float value, char to[24]) {
    return isfinite(value) ? pf_door_print_float(value, to, 24) : print_special((double)value, to);
}

size_t pf_print_decimal(struct pf_int128 value, int scale, char to[48]) {
    bool minus = value.high < 0;
    u128 v = (u128)(uint64_t)value.high << 64 | value.low;
    if (minus)
        v = 0 - v;
    char turned[48];
    int n = 0;
    if (scale < 0 || scale > 38)
        scale = 0;
    while (v || n <= scale) {
        turned[n++] = (char)('0' + (int)(v % 10));
        v /= 10;
    }
    size_t used = 0;
    if (minus)
        to[used++] = '-';
    for (int i = n - 1; i >= 0; i--) {
        to[used++] = turned[i];
        if (i == scale && scale)
            to[used++] = '.';
    }
    return used;
}
