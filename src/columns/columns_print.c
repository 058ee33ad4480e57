/* columns_print.c — room columns. Values as text, in the house spelling.        SPDX-License-Identifier: MIT
 * Knows: every flat type's value and how users read it.
 * Knows not: quoting, delimiters, where the text goes. */
#include "columns/columns_print.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/number.h"

#define DAY_SECONDS 86400

static const int64_t unit_per_second[] = {1, 1000, 1000000, 1000000000};
static const int64_t unit_nanos[] = {1000000000, 1000000, 1000, 1};

float pf_half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, fraction = half & 0x3FF, bits;
    int exponent = half >> 10 & 31;
    if (exponent == 31)
        bits = sign | 0x7F800000u | fraction << 13;
    else if (exponent)
        bits = sign | (uint32_t)(exponent + 112) << 23 | fraction << 13;
    else if (!fraction)
        bits = sign;
    else { /* subnormal: shift until the leading bit is implied */
        int shift = 11 - pf_bit_width64(fraction);
        bits = sign | (uint32_t)(113 - shift) << 23 | (fraction << shift & 0x3FF) << 13;
    }
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

size_t pf_print_base64(const void *from, size_t size, char *to) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *at = from;
    char *start = to;
    for (; size >= 3; size -= 3, at += 3) {
        uint32_t v = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
        *to++ = letters[v >> 18];
        *to++ = letters[v >> 12 & 63];
        *to++ = letters[v >> 6 & 63];
        *to++ = letters[v & 63];
    }
    if (size) {
        uint32_t v = (uint32_t)at[0] << 16 | (size == 2 ? (uint32_t)at[1] << 8 : 0);
        *to++ = letters[v >> 18];
        *to++ = letters[v >> 12 & 63];
        *to++ = size == 2 ? letters[v >> 6 & 63] : '=';
        *to++ = '=';
    }
    return (size_t)(to - start);
}

static int64_t floor_divide(int64_t value, int64_t by, int64_t *rest) {
    int64_t quotient = value / by;
    *rest = value % by;
    if (*rest < 0) {
        *rest += by;
        quotient--;
    }
    return quotient;
}

static size_t put_text(char *to, const char *text) {
    size_t size = strlen(text);
    memcpy(to, text, size);
    return size;
}

static size_t print_days(int64_t days, char *to) {
    char text[PF_PRINT_ROOM];
    int64_t year;
    int month, day;
    if (days >= INT32_MIN && days <= INT32_MAX)
        return pf_print_date((int32_t)days, to);
    pf_civil_from_days(days, &year, &month, &day);
    snprintf(text, sizeof text, "%lld-%02d-%02d", (long long)year, month, day);
    return put_text(to, text);
}

/* How many digits the fraction of a second is given: those of the unit, nanoseconds only where they matter. */
static int fraction_digits(int unit, int64_t fraction) {
    if (fraction == 0)
        return 0;
    return unit == PF_UNIT_NANO && fraction % 1000 == 0 ? 6 : 3 * unit;
}

static size_t print_stamp(int64_t value, int unit, bool zoned, char mark, char *to) {
    int64_t fraction;
    int64_t seconds = floor_divide(value, unit_per_second[unit], &fraction);
    size_t size = pf_print_timestamp(seconds, (int32_t)(fraction * unit_nanos[unit]),
                                     fraction_digits(unit, fraction), zoned, to);
    char *between = memchr(to, 'T', size);
    if (between)
        *between = mark;
    return size;
}

/* '.' and the number with so many digits; nothing for none. */
static size_t put_fraction(char *to, uint64_t number, int digits) {
    for (int i = digits; i > 0; i--, number /= 10)
        to[i] = (char)('0' + number % 10);
    to[0] = '.';
    return digits ? (size_t)digits + 1 : 0;
}

/* [-]H…H:MM:SS[.f], the hours at least two digits. */
static size_t print_span(int64_t value, int unit, char *to) {
    char text[PF_PRINT_ROOM];
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, per = (uint64_t)unit_per_second[unit];
    uint64_t seconds = size / per, fraction = size % per;
    int digits = fraction_digits(unit, (int64_t)fraction);
    int used =
        snprintf(text, sizeof text, "%s%02llu:%02u:%02u", value < 0 ? "-" : "",
                 (unsigned long long)(seconds / 3600), (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
    memcpy(to, text, (size_t)used);
    return (size_t)used + put_fraction(to + used, digits < 3 * unit ? fraction / 1000 : fraction, digits);
}

static size_t print_clock(int64_t value, int unit, char *to) {
    if (value < 0 || value / unit_per_second[unit] >= DAY_SECONDS)
        return print_span(value, unit, to); /* no time of a day, but not lost either */
    int64_t fraction = value % unit_per_second[unit];
    return pf_print_time(value * unit_nanos[unit], fraction_digits(unit, fraction), to);
}

/* Little-endian limbs, two's complement. Digits come out from the right, nine at a time. */
static size_t print_limbs(const uint8_t *from, int limbs, int scale, char *to) {
    uint32_t part[8];
    char digits[96];
    int n = 0, count = limbs * 2;
    bool minus = from[limbs * 8 - 1] >> 7;
    memcpy(part, from, (size_t)limbs * 8);
    for (uint64_t i = 0, carry = 1; minus && i < (uint64_t)count; i++) {
        carry += (uint32_t)~part[i];
        part[i] = (uint32_t)carry;
        carry >>= 32;
    }
    while (count > 0) {
        uint64_t rest = 0;
        for (int i = count - 1; i >= 0; i--) {
            rest = rest << 32 | part[i];
            part[i] = (uint32_t)(rest / 1000000000u);
            rest %= 1000000000u;
        }
        while (count > 0 && part[count - 1] == 0)
            count--;
        for (int k = 0; k < 9 && (count > 0 || rest); k++, rest /= 10)
            digits[n++] = (char)('0' + rest % 10);
    }
    while (n <= scale) /* "0.05": one digit before the point */
        digits[n++] = '0';
    if (n == 0)
        digits[n++] = '0';
    char *at = to;
    if (minus)
        *at++ = '-';
    while (n > 0) {
        *at++ = digits[--n];
        if (n == scale && n > 0)
            *at++ = '.';
    }
    bool zero = at == to + 1 && to[0] == '0';
    for (int k = scale; k < 0 && !zero; k++)
        *at++ = '0';
    return (size_t)(at - to);
}

static size_t print_seconds(int64_t nanos, char *to) {
    char text[PF_PRINT_ROOM];
    uint64_t size = nanos < 0 ? 0 - (uint64_t)nanos : (uint64_t)nanos;
    int digits = fraction_digits(PF_UNIT_NANO, (int64_t)(size % 1000000000u));
    int used =
        snprintf(text, sizeof text, "%s%llu", nanos < 0 ? "-" : "", (unsigned long long)(size / 1000000000u));
    memcpy(to, text, (size_t)used);
    return (size_t)used + put_fraction(to + used, size % 1000000000u / (digits == 6 ? 1000u : 1u), digits);
}

static size_t print_interval(int kind, const uint8_t *at, char *to) {
    char text[64], *start = to;
    int32_t months = 0, days = 0;
    int64_t nanos = 0;
    if (kind == PF_KIND_INTERVAL_MONTHS)
        months = (int32_t)pf_load32(at);
    else if (kind == PF_KIND_INTERVAL_DAYTIME) {
        days = (int32_t)pf_load32(at);
        nanos = (int64_t)(int32_t)pf_load32(at + 4) * 1000000;
    } else {
        months = (int32_t)pf_load32(at);
        days = (int32_t)pf_load32(at + 4);
        nanos = (int64_t)pf_load64(at + 8);
    }
    *to++ = 'P';
    if (months || (!days && !nanos)) {
        snprintf(text, sizeof text, "%dM", months);
        to += put_text(to, text);
    }
    if (days) {
        snprintf(text, sizeof text, "%dD", days);
        to += put_text(to, text);
    }
    if (nanos) {
        *to++ = 'T';
        to += print_seconds(nanos, to);
        *to++ = 'S';
    }
    return (size_t)(to - start);
}

static size_t print_double(const uint8_t *at, char *to) {
    double value;
    memcpy(&value, at, sizeof value);
    return pf_print_double(value, to);
}

static size_t print_float(const uint8_t *at, char *to) {
    float value;
    memcpy(&value, at, sizeof value);
    return pf_print_float(value, to);
}

size_t pf_print_value(const struct pf_view *view, int64_t row, char mark, char to[PF_PRINT_ROOM]) {
    const struct pf_type *type = &view->type;
    int64_t i = view->offset + row;
    const uint8_t *at = view->values + i * pf_kind_width(type->kind);
    switch (type->kind) {
    case PF_KIND_BOOL: return put_text(to, pf_bit_get(view->values, i) ? "true" : "false");
    case PF_KIND_INT8: return pf_print_int64((int8_t)at[0], to);
    case PF_KIND_INT16: return pf_print_int64((int16_t)pf_load16(at), to);
    case PF_KIND_INT32: return pf_print_int64((int32_t)pf_load32(at), to);
    case PF_KIND_INT64: return pf_print_int64((int64_t)pf_load64(at), to);
    case PF_KIND_UINT8: return pf_print_uint64(at[0], to);
    case PF_KIND_UINT16: return pf_print_uint64(pf_load16(at), to);
    case PF_KIND_UINT32: return pf_print_uint64(pf_load32(at), to);
    case PF_KIND_UINT64: return pf_print_uint64(pf_load64(at), to);
    case PF_KIND_FLOAT16: return pf_print_float(pf_half_to_float(pf_load16(at)), to);
    case PF_KIND_FLOAT32: return print_float(at, to);
    case PF_KIND_FLOAT64: return print_double(at, to);
    case PF_KIND_DECIMAL128: return print_limbs(at, 2, type->scale, to);
    case PF_KIND_DECIMAL256: return print_limbs(at, 4, type->scale, to);
    case PF_KIND_DATE32: return print_days((int32_t)pf_load32(at), to);
    case PF_KIND_DATE64: {
        int64_t rest;
        return print_days(floor_divide((int64_t)pf_load64(at), (int64_t)DAY_SECONDS * 1000, &rest), to);
    }
    case PF_KIND_TIME32: return print_clock((int32_t)pf_load32(at), type->unit, to);
    case PF_KIND_TIME64: return print_clock((int64_t)pf_load64(at), type->unit, to);
    case PF_KIND_TIMESTAMP:
        return print_stamp((int64_t)pf_load64(at), type->unit, type->zone && type->zone[0], mark, to);
    case PF_KIND_DURATION: return print_span((int64_t)pf_load64(at), type->unit, to);
    case PF_KIND_INTERVAL_MONTHS:
    case PF_KIND_INTERVAL_DAYTIME:
    case PF_KIND_INTERVAL_NANO: return print_interval(type->kind, at, to);
    default: return 0;
    }
}
