/* parquet_values.c — room write/parquet. Arrow arrays → dense stored values.     SPDX-License-Identifier: MIT
 * Knows: the layout of flat Arrow arrays, null bitmaps, widening, scaling and checking of values.
 * Knows not: encodings, pages. */
#include "write/parquet/parquet_values.h"

#include <inttypes.h>

#include "base/error.h"
#include "columns/columns_view.h"

/* Values of one part: element first + i is row i; valid likewise by bits, NULL when all are there. */
struct span {
    const uint8_t *values;
    int64_t first;
    const uint8_t *valid;
    int64_t valid_first;
    int64_t rows;
};

#define WHOLE(n) ((n) == 64 ? UINT64_MAX : ((uint64_t)1 << (n)) - 1)

/* One loop for every width: all there is a plain copy that the compiler turns into vectors, otherwise every
 * value is stored and only those that are there move the end. STORE(to, from) may set bad. */
#define TAKE_LOOP(IN_BYTES, OUT_BYTES, STORE)                                                                  \
    do {                                                                                                       \
        const uint8_t *in = s->values + s->first * (IN_BYTES);                                                 \
        for (int64_t i = 0; i < s->rows; i += 64) {                                                            \
            int n = s->rows - i < 64 ? (int)(s->rows - i) : 64;                                                \
            uint64_t mask = s->valid ? pf_parquet_mask(s->valid, s->valid_first + i, n) : WHOLE(n);            \
            const uint8_t *from = in + i * (IN_BYTES);                                                         \
            if (mask == WHOLE(n)) {                                                                            \
                for (int j = 0; j < n; j++)                                                                    \
                    STORE(out + (size_t)j * (OUT_BYTES), from + (size_t)j * (IN_BYTES), 1);                    \
                out += (size_t)n * (OUT_BYTES);                                                                \
            } else if (mask) {                                                                                 \
                for (int j = 0; j < n; j++) {                                                                  \
                    uint64_t there = mask >> j & 1;                                                            \
                    STORE(out, from + (size_t)j * (IN_BYTES), there);                                          \
                    out += there * (OUT_BYTES);                                                                \
                }                                                                                              \
            }                                                                                                  \
            if (bad) {                                                                                         \
                *bad_row = i;                                                                                  \
                return out;                                                                                    \
            }                                                                                                  \
        }                                                                                                      \
        return out;                                                                                            \
    } while (0)

#define STORE_4(to, from, there)   pf_store32((to), pf_load32(from))
#define STORE_8(to, from, there)   pf_store64((to), pf_load64(from))
#define STORE_I8(to, from, there)  pf_store32((to), (uint32_t)(int32_t)(int8_t) * (from))
#define STORE_U8(to, from, there)  pf_store32((to), *(from))
#define STORE_I16(to, from, there) pf_store32((to), (uint32_t)(int32_t)(int16_t)pf_load16(from))
#define STORE_U16(to, from, there) pf_store32((to), pf_load16(from))
#define STORE_SCALED_4(to, from, there)                                                                        \
    do {                                                                                                       \
        int32_t scaled_;                                                                                       \
        bad |= __builtin_mul_overflow((int32_t)pf_load32(from), (int32_t)factor, &scaled_) & (there);          \
        pf_store32((to), (uint32_t)scaled_);                                                                   \
    } while (0)
#define STORE_SCALED_8(to, from, there)                                                                        \
    do {                                                                                                       \
        int64_t scaled_;                                                                                       \
        bad |= __builtin_mul_overflow((int64_t)pf_load64(from), factor, &scaled_) & (there);                   \
        pf_store64((to), (uint64_t)scaled_);                                                                   \
    } while (0)
#define STORE_DAYS(to, from, there)                                                                            \
    do {                                                                                                       \
        int64_t days_ = (int64_t)pf_load64(from) / 86400000;                                                   \
        bad |= (days_ * 86400000 != (int64_t)pf_load64(from) || days_ != (int32_t)days_) & (there);            \
        pf_store32((to), (uint32_t)days_);                                                                     \
    } while (0)
#define STORE_NARROW_4(to, from, there)                                                                        \
    do {                                                                                                       \
        int64_t low_ = (int64_t)pf_load64(from);                                                               \
        bad |= ((uint64_t)(low_ >> 63) != pf_load64((from) + 8) || low_ > most || low_ < -most) & (there);     \
        pf_store32((to), (uint32_t)low_);                                                                      \
    } while (0)
#define STORE_NARROW_8(to, from, there)                                                                        \
    do {                                                                                                       \
        int64_t low_ = (int64_t)pf_load64(from);                                                               \
        bad |= ((uint64_t)(low_ >> 63) != pf_load64((from) + 8) || low_ > most || low_ < -most) & (there);     \
        pf_store64((to), (uint64_t)low_);                                                                      \
    } while (0)

static uint8_t *take_4(const struct span *s, uint8_t *out, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(4, 4, STORE_4);
}
static uint8_t *take_8(const struct span *s, uint8_t *out, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(8, 8, STORE_8);
}
static uint8_t *take_i8(const struct span *s, uint8_t *out, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(1, 4, STORE_I8);
}
static uint8_t *take_u8(const struct span *s, uint8_t *out, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(1, 4, STORE_U8);
}
static uint8_t *take_i16(const struct span *s, uint8_t *out, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(2, 4, STORE_I16);
}
static uint8_t *take_u16(const struct span *s, uint8_t *out, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(2, 4, STORE_U16);
}
static uint8_t *take_scaled_4(const struct span *s, uint8_t *out, int64_t factor, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(4, 4, STORE_SCALED_4);
}
static uint8_t *take_scaled_8(const struct span *s, uint8_t *out, int64_t factor, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(8, 8, STORE_SCALED_8);
}
static uint8_t *take_days(const struct span *s, uint8_t *out, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(8, 4, STORE_DAYS);
}
static uint8_t *take_narrow_4(const struct span *s, uint8_t *out, int64_t most, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(16, 4, STORE_NARROW_4);
}
static uint8_t *take_narrow_8(const struct span *s, uint8_t *out, int64_t most, int64_t *bad_row) {
    uint64_t bad = 0;
    TAKE_LOOP(16, 8, STORE_NARROW_8);
}

/* ---- decimals that stay wide, and all of 256 bits: one value at a time ---- */

static bool is_there(const struct span *s, int64_t row) {
    return !s->valid || pf_bit_get(s->valid, s->valid_first + row);
}

/* |value| < 10^precision, as four or two words from the lowest? Compared by long division of the magnitude. */
static bool within_precision(const uint8_t *from, int width, int precision) {
    uint64_t words[4];
    int n = width / 8;
    memcpy(words, from, (size_t)width);
    if (words[n - 1] >> 63) { /* two's complement negation */
        uint64_t carry = 1;
        for (int i = 0; i < n; i++) {
            words[i] = ~words[i] + carry;
            carry = carry && words[i] == 0;
        }
    }
    /* cheap and sure for most: below 2^63 every precision from 19 on holds it */
    bool small = words[0] >> 63 == 0;
    for (int i = 1; i < n; i++)
        small = small && words[i] == 0;
    if (small && precision >= 19)
        return true;
    for (int digits = 0; digits < precision; digits++) {
        uint32_t rest = 0;
        uint64_t all = 0;
        for (int i = n - 1; i >= 0; i--) {
            uint64_t high = (uint64_t)rest << 32 | words[i] >> 32;
            uint64_t low = (high % 10) << 32 | (words[i] & UINT32_MAX);
            words[i] = high / 10 << 32 | low / 10;
            rest = (uint32_t)(low % 10);
            all |= words[i];
        }
        if (all == 0)
            return true;
    }
    return false;
}

static void store_big(uint8_t *to, const uint8_t *from, int width_in, int width_out) {
    uint8_t sign = from[width_in - 1] & 0x80 ? 0xFF : 0;
    for (int i = 0; i < width_out; i++) {
        int k = width_out - 1 - i;
        to[i] = k < width_in ? from[k] : sign;
    }
}

static uint8_t *take_decimal(const struct span *s, const struct pf_parquet_column *column, uint8_t *out,
                             int64_t *bad_row) {
    int width_in = column->type.kind == PF_KIND_DECIMAL128 ? 16 : 32;
    for (int64_t i = 0; i < s->rows; i++) {
        if (!is_there(s, i))
            continue;
        const uint8_t *from = s->values + (s->first + i) * width_in;
        if (!within_precision(from, width_in, column->type.precision)) {
            *bad_row = i;
            return out;
        }
        if (column->physical == PF_PARQUET_FIXED)
            store_big(out, from, width_in, column->width);
        else
            memcpy(out, from, (size_t)column->width); /* little-endian, and it fits */
        out += column->width;
    }
    return out;
}

static int64_t power_of_ten(int exponent) {
    int64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

static uint8_t *take_words(const struct span *s, const struct pf_parquet_column *c, uint8_t *out,
                           int64_t *bad_row) {
    switch (c->take) {
    case PF_PARQUET_TAKE_I8: return take_i8(s, out, bad_row);
    case PF_PARQUET_TAKE_U8: return take_u8(s, out, bad_row);
    case PF_PARQUET_TAKE_I16: return take_i16(s, out, bad_row);
    case PF_PARQUET_TAKE_U16: return take_u16(s, out, bad_row);
    case PF_PARQUET_TAKE_4: return take_4(s, out, bad_row);
    case PF_PARQUET_TAKE_8: return take_8(s, out, bad_row);
    case PF_PARQUET_TAKE_SCALED_4: return take_scaled_4(s, out, c->factor, bad_row);
    case PF_PARQUET_TAKE_SCALED_8: return take_scaled_8(s, out, c->factor, bad_row);
    case PF_PARQUET_TAKE_DAYS: return take_days(s, out, bad_row);
    case PF_PARQUET_TAKE_DECIMAL:
        if (c->type.kind == PF_KIND_DECIMAL128 && c->width == 4)
            return take_narrow_4(s, out, power_of_ten(c->type.precision) - 1, bad_row);
        if (c->type.kind == PF_KIND_DECIMAL128 && c->width == 8 && c->physical == PF_PARQUET_INT64)
            return take_narrow_8(s, out, power_of_ten(c->type.precision) - 1, bad_row);
        return take_decimal(s, c, out, bad_row);
    case PF_PARQUET_TAKE_NOTHING:
    case PF_PARQUET_TAKE_BITS:
    case PF_PARQUET_TAKE_FIXED:
    case PF_PARQUET_TAKE_TEXT: break;
    }
    return out;
}

/* ---- bits ---- */

/* count bits of from at bit `from_at` to bit `to_at` of to, which is zero from there on. */
static void copy_bits(uint8_t *to, int64_t to_at, const uint8_t *from, int64_t from_at, int64_t count) {
    while (count > 0) {
        int n = count < 56 ? (int)count : 56; /* 56 + 7 bits of shift fit one word */
        uint64_t bits = pf_parquet_mask(from, from_at, n) << (to_at & 7);
        uint8_t *p = to + (to_at >> 3);
        pf_store64(p, pf_load64(p) | bits);
        to_at += n, from_at += n, count -= n;
    }
}

static int64_t take_bits(const struct span *s, uint8_t *to, int64_t at) {
    if (!s->valid) {
        copy_bits(to, at, s->values, s->first, s->rows);
        return at + s->rows;
    }
    for (int64_t i = 0; i < s->rows; i += 56) {
        int n = s->rows - i < 56 ? (int)(s->rows - i) : 56;
        uint64_t mask = pf_parquet_mask(s->valid, s->valid_first + i, n);
        uint64_t bits = pf_parquet_mask(s->values, s->first + i, n), packed = 0;
        int there = 0;
        for (; mask; mask &= mask - 1)
            packed |= (bits >> pf_ctz64(mask) & 1) << there++;
        uint8_t *p = to + (at >> 3);
        pf_store64(p, pf_load64(p) | packed << (at & 7));
        at += there;
    }
    return at;
}

/* ---- slices ---- */

static uint32_t readable_to(const uint8_t *at, const uint8_t *end) {
    size_t left = (size_t)(end - at);
    return left > UINT32_MAX ? UINT32_MAX : (uint32_t)left;
}

#define SLICE_LOOP(OFFSET)                                                                                     \
    do {                                                                                                       \
        const OFFSET *offsets = (const OFFSET *)view->offsets + view->offset;                                  \
        const uint8_t *data = view->data ? view->data : (const uint8_t *)"";                                   \
        const uint8_t *end = data + offsets[view->length];                                                     \
        const OFFSET *o = offsets + from;                                                                      \
        for (int64_t i = 0; i < s->rows; i += 64) {                                                            \
            int n = s->rows - i < 64 ? (int)(s->rows - i) : 64;                                                \
            uint64_t mask = s->valid ? pf_parquet_mask(s->valid, s->valid_first + i, n) : WHOLE(n);            \
            for (int j = 0; mask && j < n; j++) {                                                              \
                const uint8_t *at = data + o[i + j];                                                           \
                uint64_t there = mask >> j & 1, size = (uint64_t)(o[i + j + 1] - o[i + j]);                    \
                *out = (struct pf_parquet_slice){at, (uint32_t)size, readable_to(at, end)};                    \
                out += there;                                                                                  \
                bytes += size & (0 - there);                                                                   \
                bad |= size > PF_PARQUET_VALUE_MOST ? there : 0;                                               \
            }                                                                                                  \
            if (bad) {                                                                                         \
                *bad_row = i;                                                                                  \
                return out;                                                                                    \
            }                                                                                                  \
        }                                                                                                      \
    } while (0)

static struct pf_parquet_slice *take_text(const struct pf_view *view, int64_t from, const struct span *s,
                                          struct pf_parquet_slice *out, int64_t *total, int64_t *bad_row) {
    uint64_t bad = 0, bytes = 0;
    if (view->large)
        SLICE_LOOP(int64_t);
    else
        SLICE_LOOP(int32_t);
    *total += (int64_t)bytes;
    return out;
}

/* View layouts, fixed width and whatever comes through a dictionary: one value at a time. entry < 0: null. */
struct picker {
    const struct pf_view *view;  /* of the values */
    const struct pf_view *index; /* of the indices; NULL: none */
    int width;                   /* fixed width; 0: text */
};
static int64_t pick_row(const struct picker *p, int64_t row) {
    if (!p->index)
        return pf_view_valid(p->view, row) ? row : -1;
    if (!pf_view_valid(p->index, row))
        return -1;
    int64_t entry = pf_view_index(p->index, row);
    return pf_view_valid(p->view, entry) ? entry : -1;
}

static struct pf_parquet_slice *pick_slices(const struct picker *p, int64_t from, int64_t rows,
                                            struct pf_parquet_slice *out, int64_t *total, int64_t *bad_row) {
    for (int64_t i = 0; i < rows; i++) {
        int64_t entry = pick_row(p, from + i), size = p->width;
        if (entry < 0)
            continue;
        const uint8_t *at = p->width ? p->view->values + (p->view->offset + entry) * p->width
                                     : pf_view_bytes(p->view, entry, &size);
        if (size > (int64_t)PF_PARQUET_VALUE_MOST) {
            *bad_row = i;
            return out;
        }
        *total += size;
        *out++ = (struct pf_parquet_slice){at, (uint32_t)size, (uint32_t)size};
    }
    return out;
}

/* ---- one part ---- */

struct taking {
    struct pf_parquet_values *values;
    const struct pf_parquet_column *column;
    int64_t row;                    /* rows taken so far */
    int64_t first_row;              /* of the chunk in the table */
    int64_t total;                  /* rows of the chunk */
    const struct ArrowArray *array; /* whose views these are: lists leave many parts of one array */
    struct pf_view view, entries;
    struct pf_error *err;
};

/* The bitmap is only made when the first null comes. */
static pf_status note_valid(struct taking *t, const struct span *s) {
    struct pf_parquet_values *v = t->values;
    if (!s->valid && !v->valid)
        return PF_OK;
    if (!v->valid) {
        size_t size = (size_t)t->total / 8 + 16;
        v->valid_buf.size = 0;
        PF_TRY(pf_buf_reserve(&v->valid_buf, size, t->err));
        memset(v->valid_buf.data, 0, size);
        memset(v->valid_buf.data, 0xFF, (size_t)t->row / 8);
        v->valid_buf.data[t->row / 8] = (uint8_t)((1u << (t->row & 7)) - 1);
        v->valid = v->valid_buf.data;
    }
    uint8_t *to = v->valid_buf.data;
    if (s->valid) {
        copy_bits(to, t->row, s->valid, s->valid_first, s->rows);
    } else {
        int64_t i = t->row, end = t->row + s->rows;
        for (; i < end && (i & 7); i++)
            pf_bit_set(to, i);
        memset(to + i / 8, 0xFF, (size_t)(end - i) / 8);
        for (i += (end - i) / 8 * 8; i < end; i++)
            pf_bit_set(to, i);
    }
    return PF_OK;
}

static pf_status fail_value(const struct taking *t, int64_t row, bool text) {
    int64_t number = t->first_row + t->row + row + 1;
    if (text)
        return pf_fail_at(t->err, PF_LIMIT, number, -1,
                          "a value is longer than 1 GiB, which no Parquet page can hold; leave the column out");
    return pf_fail_at(t->err, PF_BAD_DATA, number, -1,
                      "a value is outside what the column's type can hold; cast the column");
}

/* A checked loop stops at a group of 64 rows: which of them is it? */
static int64_t find_bad(struct span s, const struct pf_parquet_column *c, int64_t from) {
    uint8_t scratch[64];
    int64_t rows = s.rows;
    for (int64_t i = from; i < rows; i++) {
        struct span one = {s.values, s.first + i, s.valid, s.valid_first + i, 1};
        int64_t bad = -1;
        take_words(&one, c, scratch, &bad);
        if (bad >= 0)
            return i;
    }
    return from;
}

/* Values behind a dictionary, spread out as a plain array would have them. */
static pf_status spread(struct taking *t, const struct picker *p, int64_t from, struct span *s) {
    struct pf_parquet_values *v = t->values;
    enum pf_parquet_take take = t->column->take;
    int width = take == PF_PARQUET_TAKE_TEXT || take == PF_PARQUET_TAKE_FIXED || take == PF_PARQUET_TAKE_BITS
                    ? 0
                    : pf_kind_width(t->column->type.kind);
    size_t size = (size_t)s->rows * (size_t)(width ? width : 1) + 64, bits = (size_t)s->rows / 8 + 16;
    v->spread_buf.size = v->spread_valid.size = 0;
    PF_TRY(pf_buf_reserve(&v->spread_buf, size, t->err));
    PF_TRY(pf_buf_reserve(&v->spread_valid, bits, t->err));
    memset(v->spread_buf.data, 0, size);
    memset(v->spread_valid.data, 0, bits);
    for (int64_t i = 0; i < s->rows; i++) {
        int64_t entry = pick_row(p, from + i);
        if (entry < 0)
            continue;
        pf_bit_set(v->spread_valid.data, i);
        if (width)
            memcpy(v->spread_buf.data + i * width, p->view->values + (p->view->offset + entry) * width,
                   (size_t)width);
        else if (take == PF_PARQUET_TAKE_BITS && pf_bit_get(p->view->values, p->view->offset + entry))
            pf_bit_set(v->spread_buf.data, i);
    }
    *s = (struct span){v->spread_buf.data, 0, v->spread_valid.data, 0, s->rows};
    return PF_OK;
}

static pf_status take_slices(struct taking *t, const struct picker *p, const struct span *s, int64_t from) {
    struct pf_parquet_values *v = t->values;
    struct pf_parquet_slice *out = (struct pf_parquet_slice *)(void *)v->slices_buf.data + v->count, *end;
    int64_t bad = -1;
    bool plain = !p->index && !p->width && p->view->offsets;
    if (plain)
        end = take_text(p->view, from, s, out, &v->slices_bytes, &bad);
    else
        end = pick_slices(p, from, s->rows, out, &v->slices_bytes, &bad);
    if (bad >= 0)
        return fail_value(t, bad, true);
    v->count += end - out;
    return PF_OK;
}

static pf_status open_array(struct taking *t, const struct pf_parquet_part *part) {
    const struct ArrowSchema *arrow = t->column->arrow;
    if (t->array == part->array)
        return PF_OK;
    pf_status status = pf_view_open(&t->view, arrow, part->array, t->err);
    if (status != PF_OK && t->err && t->err->row > 0)
        t->err->row += t->first_row + t->row - part->from; /* of the array → of the table */
    PF_TRY(status);
    if (arrow->dictionary)
        PF_TRY(pf_view_open(&t->entries, arrow->dictionary, part->array->dictionary, t->err));
    t->array = part->array;
    return PF_OK;
}

static pf_status take_part(struct taking *t, const struct pf_parquet_part *part) {
    const struct pf_parquet_column *c = t->column;
    struct pf_parquet_values *v = t->values;
    const struct pf_view *view = &t->view;
    if (part->rows == 0)
        return PF_OK;
    PF_TRY(open_array(t, part));
    if (part->from < 0 || part->rows < 0 || part->from + part->rows > view->length)
        return pf_fail(t->err, PF_BAD_DATA,
                       "a column is shorter than its batch; this is a fault of the producer");
    struct picker p = {.view = view};
    struct span s = {view->values, view->offset + part->from, view->valid, view->offset + part->from,
                     part->rows};
    if (c->arrow->dictionary)
        p = (struct picker){.view = &t->entries, .index = view};
    if (c->take == PF_PARQUET_TAKE_FIXED)
        p.width = c->type.kind == PF_KIND_FIXED_BINARY ? c->type.width : pf_kind_width(c->type.kind);
    if (p.index && c->type.kind != PF_KIND_NULL_)
        PF_TRY(spread(t, &p, part->from, &s));
    if (c->take == PF_PARQUET_TAKE_NOTHING) {
        size_t bits = (size_t)part->rows / 8 + 16;
        v->spread_valid.size = 0;
        PF_TRY(pf_buf_reserve(&v->spread_valid, bits, t->err));
        memset(v->spread_valid.data, 0, bits);
        s.valid = v->spread_valid.data, s.valid_first = 0;
    }
    PF_TRY(note_valid(t, &s));
    if (c->take == PF_PARQUET_TAKE_TEXT || c->take == PF_PARQUET_TAKE_FIXED) {
        PF_TRY(take_slices(t, &p, &s, part->from));
    } else if (c->take == PF_PARQUET_TAKE_BITS) {
        v->count = take_bits(&s, v->words_buf.data, v->count);
    } else if (c->take != PF_PARQUET_TAKE_NOTHING) {
        bool fixed = c->physical == PF_PARQUET_FIXED;
        uint8_t *out = (fixed ? v->fixed_buf.data : v->words) + v->count * c->width;
        int64_t bad = -1;
        uint8_t *end = take_words(&s, c, out, &bad);
        if (bad >= 0)
            return fail_value(t, find_bad(s, c, bad), false);
        v->count += (end - out) / c->width;
    }
    t->row += part->rows;
    return PF_OK;
}

/* ---- the chunk ---- */

static pf_status make_room(struct pf_parquet_values *v, const struct pf_parquet_column *c, int64_t rows,
                           struct pf_error *err) {
    size_t n = (size_t)rows;
    v->words_buf.size = v->slices_buf.size = v->fixed_buf.size = 0;
    v->headroom = 0;
    switch (c->physical) {
    case PF_PARQUET_BOOLEAN:
        PF_TRY(pf_buf_reserve(&v->words_buf, n / 8 + 16, err));
        memset(v->words_buf.data, 0, n / 8 + 16);
        v->bits = v->words_buf.data;
        return PF_OK;
    case PF_PARQUET_BYTES:
    case PF_PARQUET_FIXED:
        PF_TRY(pf_buf_reserve(&v->slices_buf, (n + 1) * sizeof(struct pf_parquet_slice), err));
        v->slices = (const struct pf_parquet_slice *)(const void *)v->slices_buf.data;
        if (c->take == PF_PARQUET_TAKE_DECIMAL)
            PF_TRY(pf_buf_reserve(&v->fixed_buf, n * (size_t)c->width + 64, err));
        return PF_OK;
    default:
        /* levels of one page go in front of its values, see parquet_page.h */
        v->headroom = (n / 8 + 64 + 63) / 64 * 64;
        PF_TRY(pf_buf_reserve(&v->words_buf, v->headroom + n * (size_t)c->width + 64, err));
        v->words = v->words_buf.data + v->headroom;
        return PF_OK;
    }
}

static void slice_fixed(struct pf_parquet_values *v, int width) {
    struct pf_parquet_slice *out = (struct pf_parquet_slice *)(void *)v->slices_buf.data;
    const uint8_t *at = v->fixed_buf.data, *end = at + v->count * width + 64;
    for (int64_t i = 0; i < v->count; i++, at += width)
        out[i] = (struct pf_parquet_slice){at, (uint32_t)width, readable_to(at, end)};
    v->slices_bytes = v->count * width;
}

pf_status pf_parquet_values_take(struct pf_parquet_values *v, const struct pf_parquet_column *column,
                                 const struct pf_parquet_part *parts, int64_t part_count, int64_t first_row,
                                 struct pf_error *err) {
    v->rows = v->count = v->slices_bytes = 0;
    v->valid = v->bits = NULL;
    v->words = NULL;
    v->slices = NULL;
    struct taking t = {.values = v, .column = column, .first_row = first_row, .err = err};
    for (int64_t i = 0; i < part_count; i++)
        t.total += parts[i].rows;
    pf_status status = make_room(v, column, t.total, err);
    for (int64_t i = 0; i < part_count && status == PF_OK; i++)
        status = take_part(&t, &parts[i]);
    if (status == PF_OK && column->physical == PF_PARQUET_FIXED && column->take == PF_PARQUET_TAKE_DECIMAL)
        slice_fixed(v, column->width);
    v->rows = t.total;
    if (status == PF_OK && v->count == v->rows)
        v->valid = NULL;
    if (status == PF_OK && !column->optional && v->count < v->rows) {
        int64_t row = 0;
        while (pf_bit_get(v->valid, row))
            row++;
        status = pf_fail_at(err, PF_BAD_DATA, first_row + row + 1, -1,
                            "a null in a column that is declared without nulls; declare it nullable");
    }
    if (status != PF_OK && status != PF_NO_MEMORY && err && !err->where[0])
        pf_where(err, "column '%.80s'", column->name);
    return status;
}

void pf_parquet_values_clear(struct pf_parquet_values *v) {
    pf_buf_clear(&v->valid_buf);
    pf_buf_clear(&v->words_buf);
    pf_buf_clear(&v->slices_buf);
    pf_buf_clear(&v->fixed_buf);
    pf_buf_clear(&v->spread_buf);
    pf_buf_clear(&v->spread_valid);
    *v = (struct pf_parquet_values){0};
}
