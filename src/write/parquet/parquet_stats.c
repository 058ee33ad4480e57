/* parquet_stats.c — room write/parquet. Minimum and maximum with the right rules. SPDX-License-Identifier: MIT
 * Knows: the order of each type, NaN, the two zeros, cutting text.
 * Knows not: where the bounds are written.                  Format: docs/formats/parquet.md §Statistics */
#include "write/parquet/parquet_stats.h"

#include <math.h>

#include "base/utf8.h"

/* ---- words ---- */

#define RANGE_LOOP(TYPE, LOAD, FIELD)                                                                          \
    do {                                                                                                       \
        TYPE least = (TYPE)LOAD(0), most = least;                                                              \
        for (int64_t i = 1; i < count; i++) {                                                                  \
            TYPE v = (TYPE)LOAD(i);                                                                            \
            least = v < least ? v : least;                                                                     \
            most = v > most ? v : most;                                                                        \
        }                                                                                                      \
        out->any = true;                                                                                       \
        out->min.FIELD = least;                                                                                \
        out->max.FIELD = most;                                                                                 \
    } while (0)
#define LOAD_4(i) pf_load32(words + (i)*4)
#define LOAD_8(i) pf_load64(words + (i)*8)

static double load_double(const uint8_t *words, int width, int64_t i) {
    if (width == 4) {
        float v;
        memcpy(&v, words + i * 4, 4);
        return (double)v;
    }
    double v;
    memcpy(&v, words + i * 8, 8);
    return v;
}

static inline __attribute__((always_inline)) void range_doubles(const uint8_t *words, const int width,
                                                                int64_t count, struct pf_parquet_range *out) {
    /* a comparison with NaN is false, so NaN changes nothing; four chains hide the latency */
    double least[4], most[4];
    for (int k = 0; k < 4; k++)
        least[k] = (double)INFINITY, most[k] = -(double)INFINITY;
    int64_t i = 0;
    for (; i + 4 <= count; i += 4)
        for (int k = 0; k < 4; k++) {
            double v = load_double(words, width, i + k);
            least[k] = v < least[k] ? v : least[k];
            most[k] = v > most[k] ? v : most[k];
        }
    for (; i < count; i++) {
        double v = load_double(words, width, i);
        least[0] = v < least[0] ? v : least[0];
        most[0] = v > most[0] ? v : most[0];
    }
    for (int k = 1; k < 4; k++) {
        least[0] = least[k] < least[0] ? least[k] : least[0];
        most[0] = most[k] > most[0] ? most[k] : most[0];
    }
    out->any = least[0] <= most[0];
    /* readers may take the zeros for equal or not: the bounds hold for both */
    out->min.d = least[0] == 0 ? -0.0 : least[0];
    out->max.d = most[0] == 0 ? 0.0 : most[0];
}

void pf_parquet_range_words(enum pf_parquet_order order, const uint8_t *words, int width, int64_t count,
                            struct pf_parquet_range *out) {
    *out = (struct pf_parquet_range){0};
    if (count == 0)
        return;
    if (order == PF_PARQUET_ORDER_I32)
        RANGE_LOOP(int32_t, LOAD_4, i);
    else if (order == PF_PARQUET_ORDER_U32)
        RANGE_LOOP(uint32_t, LOAD_4, u);
    else if (order == PF_PARQUET_ORDER_I64)
        RANGE_LOOP(int64_t, LOAD_8, i);
    else if (order == PF_PARQUET_ORDER_U64)
        RANGE_LOOP(uint64_t, LOAD_8, u);
    else if (order == PF_PARQUET_ORDER_F32)
        range_doubles(words, 4, count, out);
    else if (order == PF_PARQUET_ORDER_F64)
        range_doubles(words, 8, count, out);
}

void pf_parquet_range_bits(const uint8_t *bits, int64_t from, int64_t count, struct pf_parquet_range *out) {
    *out = (struct pf_parquet_range){0};
    if (count == 0)
        return;
    int64_t ones = pf_bits_count(bits, from, count);
    out->any = true;
    out->min.i = ones == count;
    out->max.i = ones > 0;
}

/* ---- slices ---- */

static int compare_bytes(const struct pf_parquet_slice *a, const struct pf_parquet_slice *b) {
    uint32_t n = a->size < b->size ? a->size : b->size;
    int order = n ? memcmp(a->at, b->at, n) : 0;
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

static int compare_decimals(const struct pf_parquet_slice *a, const struct pf_parquet_slice *b) {
    int high = (int8_t)a->at[0] - (int8_t)b->at[0];
    return high ? high : memcmp(a->at, b->at, a->size);
}

/* Half floats as integers in the same order; negative ones turned over. */
static int half_key(const struct pf_parquet_slice *s) {
    int bits = pf_load16(s->at);
    return bits & 0x8000 ? -(bits & 0x7FFF) : bits;
}

int pf_parquet_compare(enum pf_parquet_order order, const union pf_parquet_value *a,
                       const union pf_parquet_value *b) {
    switch (order) {
    case PF_PARQUET_ORDER_NONE: return 0;
    case PF_PARQUET_ORDER_BOOL:
    case PF_PARQUET_ORDER_I32:
    case PF_PARQUET_ORDER_I64: return (a->i > b->i) - (a->i < b->i);
    case PF_PARQUET_ORDER_U32:
    case PF_PARQUET_ORDER_U64: return (a->u > b->u) - (a->u < b->u);
    case PF_PARQUET_ORDER_F32:
    case PF_PARQUET_ORDER_F64: return (a->d > b->d) - (a->d < b->d);
    case PF_PARQUET_ORDER_F16: return half_key(&a->s) - half_key(&b->s);
    case PF_PARQUET_ORDER_BYTES:
    case PF_PARQUET_ORDER_TEXT: return compare_bytes(&a->s, &b->s);
    case PF_PARQUET_ORDER_DECIMAL: return compare_decimals(&a->s, &b->s);
    }
    return 0;
}

/* The first eight bytes as a number that compares like them; shorter text is filled up with zeros. */
static inline uint64_t first_eight(const struct pf_parquet_slice *s) {
    if (s->size >= 8)
        return pf_load64_big(s->at);
    if (s->readable >= 8)
        return s->size ? pf_load64_big(s->at) & (UINT64_MAX << (64 - 8 * s->size)) : 0;
    uint64_t v = 0;
    for (uint32_t i = 0; i < s->size; i++)
        v |= (uint64_t)s->at[i] << (56 - 8 * i);
    return v;
}

static void range_bytes(const struct pf_parquet_slice *s, int64_t count, struct pf_parquet_range *out) {
    int64_t least = 0, most = 0;
    uint64_t low = first_eight(s), high = low;
    for (int64_t i = 1; i < count; i++) {
        uint64_t v = first_eight(&s[i]);
        if (v <= low && (v < low || compare_bytes(&s[i], &s[least]) < 0))
            least = i, low = v;
        if (v >= high && (v > high || compare_bytes(&s[i], &s[most]) > 0))
            most = i, high = v;
    }
    out->any = true;
    out->min.s = s[least];
    out->max.s = s[most];
}

void pf_parquet_range_slices(enum pf_parquet_order order, const struct pf_parquet_slice *slices, int64_t count,
                             struct pf_parquet_range *out) {
    *out = (struct pf_parquet_range){0};
    if (count == 0 || order == PF_PARQUET_ORDER_NONE)
        return;
    if (order == PF_PARQUET_ORDER_BYTES || order == PF_PARQUET_ORDER_TEXT) {
        range_bytes(slices, count, out);
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        union pf_parquet_value v = {.s = slices[i]};
        if (order == PF_PARQUET_ORDER_F16 && (pf_load16(v.s.at) & 0x7FFF) > 0x7C00)
            continue; /* NaN */
        if (!out->any || pf_parquet_compare(order, &v, &out->min) < 0)
            out->min = v;
        if (!out->any || pf_parquet_compare(order, &v, &out->max) > 0)
            out->max = v;
        out->any = true;
    }
}

void pf_parquet_range_join(enum pf_parquet_order order, struct pf_parquet_range *into,
                           const struct pf_parquet_range *from) {
    if (!from->any)
        return;
    if (!into->any) {
        *into = *from;
        return;
    }
    if (pf_parquet_compare(order, &from->min, &into->min) < 0)
        into->min = from->min;
    if (pf_parquet_compare(order, &from->max, &into->max) > 0)
        into->max = from->max;
}

/* ---- bounds ---- */

/* Where a character starts at or before the cut, so that what is kept is whole. */
static uint32_t cut_at_character(const uint8_t *at, uint32_t cut) {
    uint32_t end = cut;
    while (end > 0 && cut - end < 4 && (at[end] & 0xC0) == 0x80)
        end--;
    return end > 0 && (at[end] & 0xC0) != 0x80 ? end : cut;
}

static bool raise_bytes(struct pf_parquet_bound *out) {
    while (out->size > 0) {
        if (out->bytes[out->size - 1] != 0xFF) {
            out->bytes[out->size - 1]++;
            return true;
        }
        out->size--;
    }
    return false;
}

static bool raise_text(struct pf_parquet_bound *out) {
    while (out->size > 0) {
        uint32_t start = out->size - 1, point = 0;
        while (start > 0 && (out->bytes[start] & 0xC0) == 0x80)
            start--;
        if (pf_utf8_decode(out->bytes + start, out->size - start, &point) != out->size - start)
            return raise_bytes(out); /* no text after all */
        point = point == 0xD7FF ? 0xE000 : point + 1;
        char text[4];
        size_t n = pf_utf8_encode(point, text);
        if (n > 0) {
            memcpy(out->bytes + start, text, n);
            out->size = start + (uint32_t)n;
            return true;
        }
        out->size = start;
    }
    return false;
}

static void bound_text(bool is_text, const struct pf_parquet_slice *s, bool upper,
                       struct pf_parquet_bound *out) {
    out->at = s->at;
    out->size = s->size;
    out->exact = s->size <= PF_PARQUET_BOUND_TEXT;
    if (out->exact)
        return;
    out->size = is_text ? cut_at_character(s->at, PF_PARQUET_BOUND_TEXT) : PF_PARQUET_BOUND_TEXT;
    if (!upper)
        return;
    memcpy(out->bytes, s->at, out->size);
    out->at = out->bytes;
    out->any = is_text ? raise_text(out) : raise_bytes(out);
}

static void bound_half(const struct pf_parquet_slice *s, bool upper, struct pf_parquet_bound *out) {
    uint16_t bits = pf_load16(s->at);
    if ((bits & 0x7FFF) == 0)
        bits = upper ? 0 : 0x8000;
    pf_store16(out->bytes, bits);
    out->size = 2;
}

void pf_parquet_bound_make(const struct pf_parquet_column *column, const struct pf_parquet_range *range,
                           bool upper, struct pf_parquet_bound *out) {
    const union pf_parquet_value *v = upper ? &range->max : &range->min;
    out->any = range->any && column->order != PF_PARQUET_ORDER_NONE;
    out->exact = true;
    out->size = 0;
    out->at = out->bytes;
    if (!out->any)
        return;
    float f = 0;
    switch (column->order) {
    case PF_PARQUET_ORDER_NONE: break;
    case PF_PARQUET_ORDER_BOOL:
        out->bytes[0] = v->i != 0;
        out->size = 1;
        break;
    case PF_PARQUET_ORDER_I32:
    case PF_PARQUET_ORDER_U32:
        pf_store32(out->bytes, (uint32_t)v->u);
        out->size = 4;
        break;
    case PF_PARQUET_ORDER_I64:
    case PF_PARQUET_ORDER_U64:
    case PF_PARQUET_ORDER_F64:
        memcpy(out->bytes, v, 8);
        out->size = 8;
        break;
    case PF_PARQUET_ORDER_F32:
        f = (float)v->d;
        memcpy(out->bytes, &f, 4);
        out->size = 4;
        break;
    case PF_PARQUET_ORDER_F16: bound_half(&v->s, upper, out); break;
    case PF_PARQUET_ORDER_BYTES: bound_text(false, &v->s, upper, out); break;
    case PF_PARQUET_ORDER_TEXT: bound_text(true, &v->s, upper, out); break;
    case PF_PARQUET_ORDER_DECIMAL:
        out->at = v->s.at;
        out->size = v->s.size;
        break;
    }
}
