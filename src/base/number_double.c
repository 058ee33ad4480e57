/* number_double.c — room base. Text → double, correctly rounded. SPDX-License-Identifier: MIT
 * Knows: Clinger's fast case; the product method of Eisel and Lemire ("Number parsing at a gigabyte per
 *        second", 2021); that both leave a rest, which number_door.cc reads.
 * Knows not: locales, inference. */
#include <math.h>

#include "base/digits.h"
#include "base/number.h"
#include "base/number_door.h"
#include "base/number_power.h"
#include "base/text.h"

__extension__ typedef unsigned __int128 u128;

#define MOST_DIGITS 19 /* that a word of 64 bits surely holds */

const double pf_tens[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                            1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static double double_of_bits(uint64_t bits) {
    double d;
    memcpy(&d, &bits, 8);
    return d;
}

/* Rounds the 64 leading bits of a product (highest bit at 63 or 62, as top says) to a double. */
static double round_product(uint64_t high, uint64_t low, int top, int power, int64_t exponent) {
    uint64_t mantissa = high >> (top + 9); /* 54 bits and, below them, one to round by */
    if (exponent <= 0) {                   /* below the normal range */
        if (exponent <= -63)
            return 0.0;
        mantissa >>= 1 - exponent;
        mantissa += mantissa & 1;
        return double_of_bits(mantissa >> 1); /* a carry makes the smallest normal number by itself */
    }
    /* Exactly half way, which only small powers can be: to even. */
    if (low <= 1 && power >= -4 && power <= 23 && (mantissa & 3) == 1 && mantissa << (top + 9) == high)
        mantissa &= ~(uint64_t)1;
    mantissa += mantissa & 1;
    mantissa >>= 1;
    if (mantissa >> 53) {
        mantissa >>= 1;
        exponent++;
    }
    if (exponent >= 0x7FF)
        return (double)INFINITY;
    return double_of_bits((mantissa & (((uint64_t)1 << 52) - 1)) | (uint64_t)exponent << 52);
}

bool pf_double_scale(uint64_t mantissa, int64_t power, double *value) {
    if (mantissa == 0 || power < PF_POWER_SMALLEST) {
        *value = 0.0;
        return true;
    }
    if (power > PF_POWER_LARGEST) {
        *value = (double)INFINITY;
        return true;
    }
    if (mantissa <= (uint64_t)1 << 53 && power >= -22 && power <= 22) { /* Clinger: one exact operation */
        *value = power < 0 ? (double)mantissa / pf_tens[-power] : (double)mantissa * pf_tens[power];
        return true;
    }
    const uint64_t *five = pf_powers_of_five[power - PF_POWER_SMALLEST];
    int zeros = pf_clz64(mantissa);
    mantissa <<= zeros;
    u128 product = (u128)mantissa * five[0];
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    if ((high & 0x1FF) == 0x1FF) { /* the bits cut off the power could still carry into those that count */
        uint64_t more = (uint64_t)((u128)mantissa * five[1] >> 64);
        low += more;
        high += low < more;
    }
    if (low == UINT64_MAX && (power < -27 || power > 55))
        return false;
    int top = (int)(high >> 63);
    /* floor(log2(10^power)) by a product that is exact in this range; 1023 is the bias. */
    int64_t exponent = ((152170 + 65536) * power >> 16) + 63 + top - zeros + 1023;
    *value = round_product(high, low, top, (int)power, exponent);
    return true;
}

/* The parts of the text of a number: whole and fraction digits, decimal exponent. */
struct parts {
    const char *whole, *fraction;
    size_t whole_size, fraction_size;
    int64_t power; /* what stood behind e */
};

static size_t count_digits(const char *text, const char *end) {
    const char *p = text;
    while (end - p >= 8) {
        uint64_t wrong = pf_digits_wrong(pf_digits_load(p));
        if (wrong)
            return (size_t)(p - text) + (size_t)pf_ctz64(wrong) / 8;
        p += 8;
    }
    while (p < end && pf_is_digit(*p))
        p++;
    return (size_t)(p - text);
}

static bool read_parts(const char *p, const char *end, char point, struct parts *parts) {
    parts->whole = p;
    parts->whole_size = count_digits(p, end);
    p += parts->whole_size;
    parts->fraction = p;
    parts->fraction_size = 0;
    parts->power = 0;
    if (p < end && *p == point) {
        parts->fraction = ++p;
        parts->fraction_size = count_digits(p, end);
        p += parts->fraction_size;
    }
    if (parts->whole_size + parts->fraction_size == 0)
        return false;
    if (p == end)
        return true;
    if (*p != 'e' && *p != 'E')
        return false;
    p++;
    bool minus = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end || count_digits(p, end) != (size_t)(end - p))
        return false;
    int64_t power = 0;
    for (; p < end; p++)
        if (power < 1000000000000) /* more changes nothing, however long the text is */
            power = power * 10 + (*p - '0');
    parts->power = minus ? -power : power;
    return true;
}

/* Appends digits to the mantissa while it can hold them; returns how many were taken. */
static size_t take_digits(uint64_t *mantissa, int *count, const char *text, size_t size) {
    size_t i = 0;
    for (; i < size && *count < MOST_DIGITS; i++) {
        *mantissa = *mantissa * 10 + (uint64_t)(text[i] - '0');
        *count += *mantissa != 0; /* zeros in front are free */
    }
    return i;
}

static bool has_digit(const char *text, size_t size) { /* other than 0 */
    for (size_t i = 0; i < size; i++)
        if (text[i] != '0')
            return true;
    return false;
}

#define DOOR_DIGITS 800 /* 768 decide every double; one more says whether anything follows */

/* As one run of digits and an exponent, for the library. first: the value is 0.d… × 10^first. Returns the size;
 * 0: all digits are zeros. */
static size_t spell_parts(const struct parts *parts, char text[DOOR_DIGITS + 32], int64_t *first) {
    size_t n = 0;
    bool more = false;
    int64_t power = parts->power - (int64_t)parts->fraction_size;
    size_t all = parts->whole_size + parts->fraction_size;
    for (size_t i = 0; i < all; i++) {
        char c = i < parts->whole_size ? parts->whole[i] : parts->fraction[i - parts->whole_size];
        if (n == 0 && c == '0')
            continue;
        if (n < DOOR_DIGITS)
            text[n++] = c;
        else
            power++, more |= c != '0';
    }
    if (n == 0)
        return 0;
    *first = power + (int64_t)n;
    if (more) {
        text[n++] = '1';
        power--;
    }
    text[n++] = 'e';
    return n + pf_print_int64(power, text + n);
}

/* What the fast ways leave. */
static double read_by_door(const struct parts *parts) {
    char text[DOOR_DIGITS + 32];
    int64_t first;
    double value;
    size_t n = spell_parts(parts, text, &first);
    if (n && first > -400 && first < 400 && pf_door_read_double(text, n, &value))
        return value;
    return n == 0 || first < 0 ? 0.0 : (double)INFINITY;
}

static double value_of_parts(const struct parts *parts) {
    uint64_t mantissa = 0;
    int count = 0;
    size_t whole = take_digits(&mantissa, &count, parts->whole, parts->whole_size);
    size_t fraction = 0;
    if (whole == parts->whole_size)
        fraction = take_digits(&mantissa, &count, parts->fraction, parts->fraction_size);
    int64_t power = parts->power + (int64_t)(parts->whole_size - whole) - (int64_t)fraction;
    double value, next;
    if (!pf_double_scale(mantissa, power, &value))
        return read_by_door(parts);
    if (whole + fraction == parts->whole_size + parts->fraction_size)
        return value;
    if (!has_digit(parts->whole + whole, parts->whole_size - whole) &&
        !has_digit(parts->fraction + fraction, parts->fraction_size - fraction))
        return value;
    /* Digits are left: the value lies between this mantissa and the next; good when both give one double. */
    if (pf_double_scale(mantissa + 1, power, &next) && next == value)
        return value;
    return read_by_door(parts);
}

static bool read_word(const char *text, size_t size, double *value) {
    struct pf_text t = {text, size};
    if (pf_text_same_nocase(t, pf_text_of("nan")))
        *value = (double)NAN;
    else if (pf_text_same_nocase(t, pf_text_of("inf")) || pf_text_same_nocase(t, pf_text_of("infinity")))
        *value = (double)INFINITY;
    else
        return false;
    return true;
}

bool pf_parse_double(const char *text, size_t size, char point, double *value) {
    const char *end = text + size;
    bool minus = size && text[0] == '-';
    if (size && (text[0] == '-' || text[0] == '+'))
        text++;
    struct parts parts;
    double v;
    if (read_parts(text, end, point, &parts))
        v = value_of_parts(&parts);
    else if (!read_word(text, (size_t)(end - text), &v))
        return false;
    *value = minus ? -v : v;
    return true;
}

bool pf_parse_float(const char *text, size_t size, char point, float *value) {
    const char *end = text + size;
    bool minus = size && text[0] == '-';
    if (size && (text[0] == '-' || text[0] == '+'))
        text++;
    struct parts parts;
    char spelled[DOOR_DIGITS + 32];
    int64_t first;
    float v = 0;
    double word;
    if (read_parts(text, end, point, &parts)) {
        size_t n = spell_parts(&parts, spelled, &first);
        bool read = n && first > -400 && first < 400 && pf_door_read_float(spelled, n, &v);
        if (!read)
            v = n == 0 || first < 0 ? 0.0f : (float)INFINITY;
    } else if (read_word(text, (size_t)(end - text), &word)) {
        v = (float)word;
    } else {
        return false;
    }
    *value = minus ? -v : v;
    return true;
}
