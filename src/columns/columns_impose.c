/* columns_impose.c — room columns. Text as a type that the user asked for.      SPDX-License-Identifier: MIT
 * Knows: which spellings of a value lose nothing: signs, leading zeros, exponents, blanks around, yes and no.
 * Knows not: inference, blocks. */
#include "columns/columns_impose.h"

#include <math.h>

#include "base/calendar.h"
#include "base/error.h"
#include "base/text.h"
#include "columns/columns_class.h"

__extension__ typedef unsigned __int128 u128;

#define MOST_DIGITS 38

bool pf_impose_knows(const struct pf_type *type) {
    switch (type->kind) {
    case PF_KIND_NULL_:
    case PF_KIND_BOOL:
    case PF_KIND_INT8:
    case PF_KIND_INT16:
    case PF_KIND_INT32:
    case PF_KIND_INT64:
    case PF_KIND_UINT8:
    case PF_KIND_UINT16:
    case PF_KIND_UINT32:
    case PF_KIND_UINT64:
    case PF_KIND_FLOAT32:
    case PF_KIND_FLOAT64:
    case PF_KIND_DECIMAL128:
    case PF_KIND_DATE32:
    case PF_KIND_DATE64:
    case PF_KIND_TIME32:
    case PF_KIND_TIME64:
    case PF_KIND_TIMESTAMP:
    case PF_KIND_DURATION:
    case PF_KIND_UTF8:
    case PF_KIND_BINARY: return type->index == PF_KIND_NULL_;
    default: return false;
    }
}

pf_status pf_impose_refuse(const struct pf_type *type, struct pf_error *err) {
    char name[96];
    pf_type_print(type, name, sizeof name);
    return pf_fail(err, PF_UNSUPPORTED, "text cannot be read as %s; choose another type for the column", name);
}

/* ---- numbers ---- */

/* A number exactly: ± digits × 10^power, without zeros at either end of the digits. */
struct exact {
    u128 digits;
    int64_t power;
    bool minus;
    bool pointed; /* written with a point or an exponent */
};

static bool take_digit(struct exact *e, int *count, char c, bool behind_point) {
    if (e->digits == 0 && c == '0') {
        e->power -= behind_point;
        return true;
    }
    if (++*count > 1000000)
        return false;
    if (*count > MOST_DIGITS) { /* beyond them only zeros are exact */
        e->power += !behind_point;
        return c == '0';
    }
    e->digits = e->digits * 10 + (unsigned)(c - '0');
    e->power -= behind_point;
    return true;
}

static bool read_power(const char *p, const char *end, int64_t *power) {
    bool minus = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end)
        return false;
    int64_t v = 0;
    for (; p < end; p++) {
        if (!pf_is_digit(*p))
            return false;
        if (v < 100000000)
            v = v * 10 + (*p - '0');
    }
    *power += minus ? -v : v;
    return true;
}

static bool read_exact(const char *text, size_t size, char point, struct exact *e) {
    const char *p = text, *end = text + size;
    int count = 0;
    bool some = false, behind = false;
    *e = (struct exact){0};
    if (p < end && (*p == '-' || *p == '+'))
        e->minus = *p++ == '-';
    for (; p < end; p++) {
        if (*p == point && !behind) {
            behind = e->pointed = true;
        } else if (pf_is_digit(*p)) {
            some = true;
            if (!take_digit(e, &count, *p, behind))
                return false;
        } else
            break;
    }
    if (!some)
        return false;
    if (p < end) {
        if (*p != 'e' && *p != 'E')
            return false;
        e->pointed = true;
        if (!read_power(p + 1, end, &e->power))
            return false;
    }
    if (e->digits == 0)
        e->power = 0;
    while (e->digits && e->digits % 10 == 0) {
        e->digits /= 10;
        e->power++;
    }
    return true;
}

/* digits × 10^power; false: not an integer, or beyond 128 bits less one. */
static bool raise_digits(const struct exact *e, int64_t scale, u128 *value) {
    int64_t power = e->power + scale;
    *value = e->digits;
    if (e->digits == 0)
        return true;
    if (power < 0 || power > MOST_DIGITS)
        return false;
    for (; power > 0; power--) {
        if (*value > (((u128)1 << 127) - 1) / 10)
            return false;
        *value *= 10;
    }
    return true;
}

static bool impose_integer(const struct exact *e, int kind, union pf_value *value) {
    u128 v;
    if (!raise_digits(e, 0, &v))
        return false;
    int bits = 8 * pf_kind_width(kind);
    bool natural = kind >= PF_KIND_UINT8 && kind <= PF_KIND_UINT64;
    u128 end = (u128)1 << (natural ? bits : bits - 1);
    if (v >= end + (!natural && e->minus) || (natural && e->minus && v))
        return false;
    value->natural = e->minus ? 0 - (uint64_t)v : (uint64_t)v;
    return true;
}

static bool impose_decimal(const struct exact *e, const struct pf_type *type, union pf_value *value) {
    u128 v, end = 1;
    if (!raise_digits(e, type->scale, &v))
        return false;
    for (int i = 0; i < type->precision && i < MOST_DIGITS; i++)
        end *= 10;
    if (v >= end)
        return false;
    if (e->minus)
        v = 0 - v;
    value->wide = (struct pf_int128){(uint64_t)v, (int64_t)(uint64_t)(v >> 64)};
    return true;
}

/* An integer must come through a double unchanged; a fraction is rounded, as everybody expects. */
static bool keeps_integer(const char *text, size_t size, char point, double value) {
    struct exact e;
    u128 v;
    for (size_t i = 0; i < size; i++)
        if (!pf_is_digit(text[i]) && text[i] != '-' && text[i] != '+')
            return true;
    return read_exact(text, size, point, &e) && raise_digits(&e, 0, &v) && fabs(value) < 0x1p127 &&
           (u128)fabs(value) == v;
}

static bool is_zero(const char *text, size_t size) {
    for (size_t i = 0; i < size && text[i] != 'e' && text[i] != 'E'; i++)
        if (text[i] >= '1' && text[i] <= '9')
            return false;
    return true;
}

static bool impose_real(const char *text, size_t size, char point, int kind, union pf_value *value) {
    double v;
    bool single = kind == PF_KIND_FLOAT32;
    if (!pf_parse_double(text, size, point, &v))
        return false;
    float f = 0;
    if (single) {
        if (!pf_parse_float(text, size, point, &f))
            return false;
        v = (double)f;
    }
    bool word = memchr(text, 'n', size) || memchr(text, 'N', size); /* nan, inf */
    if (!word && (isinf(v) || (v == 0 && !is_zero(text, size)) || !keeps_integer(text, size, point, v)))
        return false;
    if (single)
        value->single = f;
    else
        value->real = v;
    return true;
}

static bool impose_number(const struct pf_parse *parse, const char *text, size_t size, union pf_value *value) {
    char room[PF_NUMBER_ROOM];
    struct exact e;
    int kind = parse->type.kind;
    char point = parse->rules.point;
    text = pf_strip_thousands(text, &size, parse->rules.thousands, room);
    if (!text)
        return false;
    if (kind == PF_KIND_FLOAT32 || kind == PF_KIND_FLOAT64)
        return impose_real(text, size, point, kind, value);
    if (!read_exact(text, size, point, &e))
        return false;
    return kind == PF_KIND_DECIMAL128 ? impose_decimal(&e, &parse->type, value)
                                      : impose_integer(&e, kind, value);
}

/* ---- the rest ---- */

static bool impose_bool(struct pf_text text, union pf_value *value) {
    static const char *const words[][2] = {{"false", "true"}, {"f", "t"}, {"no", "yes"},
                                           {"n", "y"},        {"0", "1"}, {"off", "on"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        for (int v = 0; v < 2; v++)
            if (pf_text_same_nocase(text, pf_text_of(words[i][v]))) {
                value->natural = (uint64_t)v;
                return true;
            }
    return false;
}

static int64_t units_per_second(int unit) {
    return unit == PF_UNIT_SECOND  ? 1
           : unit == PF_UNIT_MILLI ? 1000
           : unit == PF_UNIT_MICRO ? 1000000
                                   : 1000000000;
}

bool pf_impose_instant(int unit, int64_t seconds, int64_t nanos, int64_t *value) {
    int64_t per = units_per_second(unit), step = 1000000000 / per;
    if (nanos % step || __builtin_mul_overflow(seconds, per, value))
        return false;
    return !__builtin_add_overflow(*value, nanos / step, value);
}

/* The order of dates that are not ISO: what the column says, else what the rules say; −1 unknown. */
static int order_of(const struct pf_parse *parse) {
    if (parse->format.date_order != PF_DATE_ISO)
        return parse->format.date_order;
    return parse->rules.dates == PF_DATES_DMY   ? PF_DATE_DMY
           : parse->rules.dates == PF_DATES_MDY ? PF_DATE_MDY
                                                : -1;
}

static bool read_any_date(const struct pf_parse *parse, struct pf_text text, int32_t *days) {
    int order = order_of(parse);
    return pf_parse_date(text.at, text.size, PF_DATE_ISO, days) ||
           (order >= 0 && pf_parse_date(text.at, text.size, order, days));
}

static bool read_any_stamp(const struct pf_parse *parse, struct pf_text text, struct pf_instant *instant) {
    int order = order_of(parse);
    int32_t days;
    if (read_any_date(parse, text, &days)) {
        *instant = (struct pf_instant){.seconds = (int64_t)days * 86400};
        return true;
    }
    return pf_parse_timestamp(text.at, text.size, PF_DATE_ISO, instant) ||
           (order >= 0 && pf_parse_timestamp(text.at, text.size, order, instant));
}

static bool impose_date(const struct pf_parse *parse, struct pf_text text, union pf_value *value) {
    struct pf_instant instant;
    if (!read_any_stamp(parse, text, &instant) || instant.zoned || instant.nanos || instant.seconds % 86400)
        return false; /* a time of day would be lost */
    value->whole = parse->type.kind == PF_KIND_DATE64 ? instant.seconds * 1000 : instant.seconds / 86400;
    return true;
}

static bool impose_stamp(const struct pf_parse *parse, struct pf_text text, union pf_value *value) {
    struct pf_instant instant;
    const char *zone = parse->type.zone ? parse->type.zone : "";
    if (!read_any_stamp(parse, text, &instant))
        return false;
    if (instant.zoned && !zone[0])
        return false; /* which wall time was meant? */
    if (!instant.zoned && zone[0] && !pf_text_is(pf_text_of(zone), "UTC"))
        return false; /* no table of zones here */
    return pf_impose_instant(parse->type.unit, instant.seconds, instant.nanos, &value->whole);
}

static bool impose_time(const struct pf_type *type, struct pf_text text, union pf_value *value) {
    int64_t nanos;
    int digits;
    return pf_parse_time(text.at, text.size, &nanos, &digits) &&
           pf_impose_instant(type->unit, nanos / 1000000000, nanos % 1000000000, &value->whole);
}

/* [-]H…H:MM[:SS[.f]] */
static bool impose_duration(const struct pf_type *type, struct pf_text text, union pf_value *value) {
    bool minus = text.size && text.at[0] == '-';
    text.at += minus;
    text.size -= minus;
    const char *colon = text.size ? memchr(text.at, ':', text.size) : NULL;
    uint64_t hours;
    int64_t nanos;
    int digits;
    char clock[32] = "00";
    size_t rest = colon ? text.size - (size_t)(colon - text.at) : 0;
    if (!colon || rest > 29 || !pf_parse_uint64(text.at, (size_t)(colon - text.at), &hours) ||
        hours > 3000000000)
        return false;
    memcpy(clock + 2, colon, rest);
    if (!pf_parse_time(clock, rest + 2, &nanos, &digits))
        return false;
    int64_t seconds = (int64_t)hours * 3600 + nanos / 1000000000, part = nanos % 1000000000;
    if (minus) {
        seconds = -seconds - (part > 0);
        part = part ? 1000000000 - part : 0;
    }
    return pf_impose_instant(type->unit, seconds, part, &value->whole);
}

bool pf_impose(const struct pf_parse *parse, const char *text, size_t size, union pf_value *value) {
    struct pf_text trimmed = pf_text_trim((struct pf_text){text, size});
    *value = (union pf_value){.wide = {0, 0}};
    switch (parse->type.kind) {
    case PF_KIND_UTF8:
    case PF_KIND_BINARY: return true;
    case PF_KIND_NULL_: return false;
    default: break;
    }
    if (trimmed.size == 0)
        return false;
    switch (parse->type.kind) {
    case PF_KIND_BOOL: return impose_bool(trimmed, value);
    case PF_KIND_DATE32:
    case PF_KIND_DATE64: return impose_date(parse, trimmed, value);
    case PF_KIND_TIME32:
    case PF_KIND_TIME64: return impose_time(&parse->type, trimmed, value);
    case PF_KIND_TIMESTAMP: return impose_stamp(parse, trimmed, value);
    case PF_KIND_DURATION: return impose_duration(&parse->type, trimmed, value);
    default: return impose_number(parse, trimmed.at, trimmed.size, value);
    }
}
