/* columns_type.c — room columns. Types: Arrow format strings and the words users read.
 * SPDX-License-Identifier: MIT
 * Knows: PF_KIND_LIST, units, decimals, zones, the spellings of --type.
 * Knows not: schemas' trees, arrays, files. */
#include "columns/columns_type.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

struct kind_fact {
    const char *format;
    const char *name;
    int width;
};
#define KIND_FACT_(kind, format, name, width) {format, name, width},
static const struct kind_fact kind_facts[PF_KIND_COUNT] = {PF_KIND_LIST(KIND_FACT_)};
#undef KIND_FACT_

static const char unit_letters[] = "smun";
static const char *const unit_names[] = {"s", "ms", "us", "ns"};

int pf_kind_width(int kind) { return kind >= 0 && kind < PF_KIND_COUNT ? kind_facts[kind].width : 0; }

bool pf_kind_is_text(int kind) {
    return kind == PF_KIND_UTF8 || kind == PF_KIND_LARGE_UTF8 || kind == PF_KIND_UTF8_VIEW;
}

bool pf_kind_is_nested(int kind) { return kind >= PF_KIND_LIST && kind <= PF_KIND_RUN_END; }

static bool has_unit(int kind) {
    return kind == PF_KIND_TIME32 || kind == PF_KIND_TIME64 || kind == PF_KIND_TIMESTAMP ||
           kind == PF_KIND_DURATION;
}

static bool is_decimal(int kind) { return kind == PF_KIND_DECIMAL128 || kind == PF_KIND_DECIMAL256; }

static bool has_width(int kind) { return kind == PF_KIND_FIXED_BINARY || kind == PF_KIND_FIXED_LIST; }

static bool is_index(int kind) { return kind >= PF_KIND_INT8 && kind <= PF_KIND_UINT64; }

/* ---- from Arrow ---- */

/* Reads [-]digits of at most six places and moves *at behind them. */
static bool read_small(const char **at, int *value) {
    const char *p = *at;
    bool minus = *p == '-';
    int n = 0, digits = 0;
    if (minus)
        p++;
    for (; pf_is_digit(*p) && digits < 7; p++, digits++)
        n = n * 10 + (*p - '0');
    if (digits == 0 || digits == 7)
        return false;
    *value = minus ? -n : n;
    *at = p;
    return true;
}

static int find_unit(char letter) {
    const char *at = letter ? strchr(unit_letters, letter) : NULL;
    return at ? (int)(at - unit_letters) : -1;
}

static bool read_decimal(const char *at, struct pf_type *out, pf_status *why) {
    int precision, scale, bits = 128;
    if (!read_small(&at, &precision) || *at++ != ',' || !read_small(&at, &scale))
        return false;
    if (*at == ',') {
        at++;
        if (!read_small(&at, &bits))
            return false;
    }
    if (*at)
        return false;
    if (bits == 32 || bits == 64) {
        *why = PF_UNSUPPORTED;
        return false;
    }
    if ((bits != 128 && bits != 256) || precision < 1 || precision > (bits == 128 ? 38 : 76) || scale < -76 ||
        scale > 76)
        return false;
    out->kind = bits == 128 ? PF_KIND_DECIMAL128 : PF_KIND_DECIMAL256;
    out->precision = (int16_t)precision;
    out->scale = (int16_t)scale;
    return true;
}

/* "tXU": dates, times, durations, intervals, timestamps. */
static bool read_temporal(const char *f, struct pf_type *out) {
    int unit = f[1] ? find_unit(f[2]) : -1;
    switch (f[1]) {
    case 'd':
        out->kind = f[2] == 'D' ? PF_KIND_DATE32 : PF_KIND_DATE64;
        return (f[2] == 'D' || f[2] == 'm') && f[3] == 0;
    case 't':
        if (unit < 0 || f[3])
            return false;
        out->kind = unit <= PF_UNIT_MILLI ? PF_KIND_TIME32 : PF_KIND_TIME64;
        break;
    case 'D':
        if (unit < 0 || f[3])
            return false;
        out->kind = PF_KIND_DURATION;
        break;
    case 'i':
        out->kind = f[2] == 'M'   ? PF_KIND_INTERVAL_MONTHS
                    : f[2] == 'D' ? PF_KIND_INTERVAL_DAYTIME
                                  : PF_KIND_INTERVAL_NANO;
        return (f[2] == 'M' || f[2] == 'D' || f[2] == 'n') && f[3] == 0;
    case 's':
        if (unit < 0 || f[3] != ':')
            return false;
        out->kind = PF_KIND_TIMESTAMP;
        out->zone = f + 4;
        break;
    default: return false;
    }
    out->unit = (int16_t)unit;
    return true;
}

static bool read_nested(const char *f, struct pf_type *out, pf_status *why) {
    switch (f[1]) {
    case 'l': out->kind = PF_KIND_LIST; break;
    case 'L': out->kind = PF_KIND_LARGE_LIST; break;
    case 's': out->kind = PF_KIND_STRUCT; break;
    case 'm': out->kind = PF_KIND_MAP; break;
    case 'r': out->kind = PF_KIND_RUN_END; break;
    case 'u': out->kind = PF_KIND_UNION; return (f[2] == 'd' || f[2] == 's') && f[3] == ':';
    case 'w': {
        const char *at = f + 3;
        int n;
        if (f[2] != ':' || !read_small(&at, &n) || n < 0 || *at)
            return false;
        out->kind = PF_KIND_FIXED_LIST;
        out->width = n;
        return true;
    }
    case 'v': *why = PF_UNSUPPORTED; return false; /* list views */
    default: return false;
    }
    return f[2] == 0;
}

static bool read_format(const char *f, struct pf_type *out, pf_status *why) {
    *out = (struct pf_type){.zone = ""};
    *why = PF_BAD_DATA;
    for (int kind = 0; f[0] && kind < PF_KIND_LIST; kind++) {
        const char *word = kind_facts[kind].format;
        if (kind_facts[kind].width == 0 && word[strlen(word) - 1] == ':')
            continue; /* with parameters: below */
        if (strcmp(f, word) == 0 && !has_unit(kind) && !is_decimal(kind)) {
            out->kind = (int16_t)kind;
            return true;
        }
    }
    if (f[0] == 'd' && f[1] == ':')
        return read_decimal(f + 2, out, why);
    if (f[0] == 'w' && f[1] == ':') {
        const char *at = f + 2;
        const char *digit = at;
        int64_t n = 0;
        for (; pf_is_digit(*digit) && digit - at < 9; digit++)
            n = n * 10 + (*digit - '0');
        if (digit == at || *digit)
            return false;
        out->kind = PF_KIND_FIXED_BINARY;
        out->width = (int32_t)n;
        return true;
    }
    if (f[0] == 't')
        return read_temporal(f, out);
    if (f[0] == '+')
        return read_nested(f, out, why);
    return false;
}

pf_status pf_type_of(const struct ArrowSchema *schema, struct pf_type *out, struct pf_error *err) {
    pf_status why;
    if (!schema || !schema->release || !schema->format)
        return pf_fail(err, PF_BAD_DATA, "a schema has no format; its producer must fill it");
    if (!read_format(schema->format, out, &why))
        return pf_fail(err, why,
                       why == PF_UNSUPPORTED
                           ? "the Arrow type '%.40s' is not supported; cast it before"
                           : "'%.40s' is not an Arrow format string; the producer of the schema is at fault",
                       schema->format);
    if (!schema->dictionary)
        return PF_OK;
    int index = out->kind;
    if (!is_index(index))
        return pf_fail(err, PF_BAD_DATA, "a dictionary has indices of type '%.40s'; they must be integers",
                       schema->format);
    if (schema->dictionary->dictionary)
        return pf_fail(err, PF_UNSUPPORTED, "a dictionary of dictionaries is not supported; decode it before");
    PF_TRY(pf_type_of(schema->dictionary, out, err));
    out->index = (int16_t)index;
    return PF_OK;
}

/* ---- to Arrow ---- */

pf_status pf_type_format(const struct pf_type *type, char *to, size_t room, struct pf_error *err) {
    int kind = type->index != PF_KIND_NULL_ ? type->index : type->kind;
    int n;
    if (kind < 0 || kind >= PF_KIND_LIST)
        return pf_fail(err, PF_ARGUMENT, "a nested type has no format string of its own; build it by hand");
    const char *word = kind_facts[kind].format;
    if (is_decimal(kind))
        n = snprintf(to, room, kind == PF_KIND_DECIMAL128 ? "d:%d,%d" : "d:%d,%d,256", type->precision,
                     type->scale);
    else if (kind == PF_KIND_FIXED_BINARY)
        n = snprintf(to, room, "w:%d", type->width);
    else if (kind == PF_KIND_TIMESTAMP)
        n = snprintf(to, room, "ts%c:%s", unit_letters[type->unit & 3], type->zone ? type->zone : "");
    else if (has_unit(kind))
        n = snprintf(to, room, "%s%c", word, unit_letters[type->unit & 3]);
    else
        n = snprintf(to, room, "%s", word);
    if (n < 0 || (size_t)n >= room)
        return pf_fail(err, PF_UNSUPPORTED, "a time zone of %d bytes is too long; use a shorter name", n);
    return PF_OK;
}

/* ---- words ---- */

void pf_type_print(const struct pf_type *type, char *to, size_t room) {
    int kind = type->kind;
    const char *name = kind >= 0 && kind < PF_KIND_COUNT ? kind_facts[kind].name : "unknown";
    const char *zone = type->zone && type->zone[0] ? type->zone : NULL;
    char plain[96];
    if (is_decimal(kind))
        snprintf(plain, sizeof plain, "%s(%d,%d)", name, type->precision, type->scale);
    else if (has_width(kind))
        snprintf(plain, sizeof plain, "%s(%d)", name, type->width);
    else if (has_unit(kind) && zone && kind == PF_KIND_TIMESTAMP)
        snprintf(plain, sizeof plain, "%s[%s, %.60s]", name, unit_names[type->unit & 3], zone);
    else if (has_unit(kind))
        snprintf(plain, sizeof plain, "%s[%s]", name, unit_names[type->unit & 3]);
    else
        snprintf(plain, sizeof plain, "%s", name);
    if (type->index != PF_KIND_NULL_)
        snprintf(to, room, "dictionary(%s, %.70s)", kind_facts[type->index].name, plain);
    else
        snprintf(to, room, "%s", plain);
}

/* Further words for --type, beside the names of PF_KIND_LIST. */
static const struct {
    const char *word;
    int16_t kind;
} other_words[] = {
    {"void", PF_KIND_NULL_},
    {"boolean", PF_KIND_BOOL},
    {"logical", PF_KIND_BOOL},
    {"byte", PF_KIND_INT8},
    {"tinyint", PF_KIND_INT8},
    {"short", PF_KIND_INT16},
    {"smallint", PF_KIND_INT16},
    {"int", PF_KIND_INT32},
    {"integer", PF_KIND_INT32},
    {"long", PF_KIND_INT64},
    {"bigint", PF_KIND_INT64},
    {"half", PF_KIND_FLOAT16},
    {"float32", PF_KIND_FLOAT32},
    {"real", PF_KIND_FLOAT32},
    {"float64", PF_KIND_FLOAT64},
    {"numeric", PF_KIND_DECIMAL128},
    {"decimal128", PF_KIND_DECIMAL128},
    {"date32", PF_KIND_DATE32},
    {"time64", PF_KIND_TIME64},
    {"datetime", PF_KIND_TIMESTAMP},
    {"timestamptz", PF_KIND_TIMESTAMP},
    {"timestamp_ltz", PF_KIND_TIMESTAMP},
    {"timestamp_ntz", PF_KIND_TIMESTAMP},
    {"timestampntz", PF_KIND_TIMESTAMP},
    {"interval", PF_KIND_DURATION},
    {"string", PF_KIND_UTF8},
    {"str", PF_KIND_UTF8},
    {"utf8", PF_KIND_UTF8},
    {"varchar", PF_KIND_UTF8},
    {"large_string", PF_KIND_LARGE_UTF8},
    {"large_utf8", PF_KIND_LARGE_UTF8},
    {"string_view", PF_KIND_UTF8_VIEW},
    {"bytes", PF_KIND_BINARY},
    {"blob", PF_KIND_BINARY},
};

static int find_word(struct pf_text word) {
    for (int kind = 0; kind < PF_KIND_LIST; kind++)
        if (pf_text_same_nocase(word, pf_text_of(kind_facts[kind].name)))
            return kind;
    for (size_t i = 0; i < sizeof other_words / sizeof *other_words; i++)
        if (pf_text_same_nocase(word, pf_text_of(other_words[i].word)))
            return other_words[i].kind;
    return -1;
}

static pf_status fail_word(struct pf_error *err, const char *text) {
    static const char word[] = "decimal";
    struct pf_text all = pf_text_of(text);
    if (all.size >= sizeof word - 1 &&
        pf_text_same_nocase((struct pf_text){text, sizeof word - 1}, pf_text_of(word)))
        return pf_fail(err, PF_ARGUMENT,
                       "'%.60s' is no decimal; give decimal(p,s) with 1 \xE2\x89\xA4 p \xE2\x89\xA4 38 digits, "
                       "0 \xE2\x89\xA4 s \xE2\x89\xA4 p of them behind the point",
                       text);
    return pf_fail(err, PF_ARGUMENT,
                   "'%.60s' is not a type; use one of text, bool, int8, int16, int32, int64, uint8, uint16, "
                   "uint32, uint64, float, double, decimal(p,s), date, time, timestamp, timestamp_ntz, "
                   "duration, binary",
                   text);
}

/* One number of at most three digits between blanks, whole. */
static bool parse_small(struct pf_text text, int *value) {
    text = pf_text_trim(text);
    if (text.size == 0 || text.size > 9)
        return false;
    char digits[12];
    memcpy(digits, text.at, text.size);
    digits[text.size] = 0;
    const char *at = digits;
    return read_small(&at, value) && *at == 0;
}

static int parse_unit(struct pf_text text) {
    static const char *const long_names[] = {"second", "millisecond", "microsecond", "nanosecond"};
    text = pf_text_trim(text);
    for (int i = 0; i < 4; i++)
        if (pf_text_same_nocase(text, pf_text_of(unit_names[i])) ||
            pf_text_same_nocase(text, pf_text_of(long_names[i])))
            return i;
    return -1;
}

static bool is_utc(struct pf_text zone) {
    static const char *const names[] = {"UTC", "Z", "+00:00", "Etc/UTC", "GMT"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pf_text_same_nocase(zone, pf_text_of(names[i])))
            return true;
    return false;
}

/* Splits at the first comma; rest.at is NULL without one. */
static void split_comma(struct pf_text both, struct pf_text *first, struct pf_text *rest) {
    const char *comma = both.size ? memchr(both.at, ',', both.size) : NULL;
    *first = pf_text_trim((struct pf_text){both.at, comma ? (size_t)(comma - both.at) : both.size});
    *rest = (struct pf_text){0};
    if (comma)
        *rest = pf_text_trim((struct pf_text){comma + 1, (size_t)(both.at + both.size - comma - 1)});
}

/* What stands in brackets behind the word. */
static bool parse_arguments(struct pf_text inside, struct pf_type *out) {
    struct pf_text first, rest;
    int a, b = 0;
    split_comma(inside, &first, &rest);
    if (is_decimal(out->kind)) {
        int most = out->kind == PF_KIND_DECIMAL128 ? 38 : 76;
        if (!parse_small(first, &a) || (rest.at && !parse_small(rest, &b)) || a < 1 || a > most || b < 0 ||
            b > a)
            return false;
        out->precision = (int16_t)a;
        out->scale = (int16_t)b;
        return true;
    }
    if (has_width(out->kind)) {
        if (rest.at || !parse_small(first, &a) || a < 1)
            return false;
        out->width = a;
        return true;
    }
    if (!has_unit(out->kind) || (a = parse_unit(first)) < 0)
        return false;
    if ((out->kind == PF_KIND_TIME32 && a > PF_UNIT_MILLI) ||
        (out->kind == PF_KIND_TIME64 && a < PF_UNIT_MICRO))
        return false;
    out->unit = (int16_t)a;
    if (out->kind != PF_KIND_TIMESTAMP)
        return !rest.at;
    out->zone = rest.at ? "UTC" : "";
    return !rest.at || is_utc(rest);
}

static bool parse_plain(struct pf_text text, struct pf_type *out) {
    *out = (struct pf_type){.zone = ""};
    size_t n = 0;
    text = pf_text_trim(text);
    while (n < text.size && text.at[n] != '(' && text.at[n] != '[')
        n++;
    struct pf_text word = pf_text_trim((struct pf_text){text.at, n});
    int kind = find_word(word);
    if (kind < 0)
        return false;
    out->kind = (int16_t)kind;
    if (n < text.size) {
        char end = text.at[n] == '(' ? ')' : ']';
        return text.at[text.size - 1] == end &&
               parse_arguments((struct pf_text){text.at + n + 1, text.size - n - 2}, out);
    }
    if (is_decimal(kind) || has_width(kind))
        return false; /* these need their numbers */
    if (kind == PF_KIND_TIMESTAMP) {
        bool plain = pf_text_same_nocase(word, pf_text_of("timestamp_ntz")) ||
                     pf_text_same_nocase(word, pf_text_of("timestampntz"));
        out->zone = plain ? "" : "UTC";
    }
    if (has_unit(kind))
        out->unit = kind == PF_KIND_TIME32 ? PF_UNIT_MILLI : PF_UNIT_MICRO;
    return true;
}

pf_status pf_type_parse(const char *text, struct pf_type *out, struct pf_error *err) {
    struct pf_text all = pf_text_trim(pf_text_of(text)), first, rest;
    static const char head[] = "dictionary(";
    if (all.size > sizeof head && all.at[all.size - 1] == ')' &&
        pf_text_same_nocase((struct pf_text){all.at, sizeof head - 1}, pf_text_of(head))) {
        split_comma((struct pf_text){all.at + sizeof head - 1, all.size - sizeof head}, &first, &rest);
        int index = find_word(first);
        if (!rest.at || !is_index(index) || !parse_plain(rest, out))
            return fail_word(err, text);
        out->index = (int16_t)index;
        return PF_OK;
    }
    if (!text || !parse_plain(all, out))
        return fail_word(err, text ? text : "");
    return PF_OK;
}

bool pf_type_same(const struct pf_type *a, const struct pf_type *b) {
    if (a->kind != b->kind || a->index != b->index)
        return false;
    if (has_unit(a->kind) && a->unit != b->unit)
        return false;
    if (is_decimal(a->kind) && (a->precision != b->precision || a->scale != b->scale))
        return false;
    if (has_width(a->kind) && a->width != b->width)
        return false;
    return a->kind != PF_KIND_TIMESTAMP || strcmp(a->zone ? a->zone : "", b->zone ? b->zone : "") == 0;
}
