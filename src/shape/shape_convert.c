/* shape_convert.c — room shape. One column from one type to another.             SPDX-License-Identifier: MIT
 * Knows: which casts lose nothing, how each is worked out, how misfits are found.
 * Knows not: what happens to misfits, other columns, who asked. */
#include "shape/shape_convert.h"

#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "columns/columns_print.h"

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

#define WIDE_MAX ((wide)(((uwide)1 << 127) - 1))

static bool is_whole(int k) { return k >= PF_KIND_INT8 && k <= PF_KIND_UINT64; }
static bool is_decimal(int k) { return k == PF_KIND_DECIMAL128 || k == PF_KIND_DECIMAL256; }
static bool is_binary(int k) { return k >= PF_KIND_BINARY && k <= PF_KIND_FIXED_BINARY; }
static bool is_date(int k) { return k == PF_KIND_DATE32 || k == PF_KIND_DATE64; }
static bool is_time(int k) { return k == PF_KIND_TIME32 || k == PF_KIND_TIME64; }

/* ---- plans ---- */

static void scale_digits(struct pf_convert *c, int digits) {
    c->way = PF_CONVERT_WHOLE;
    if (digits > 0)
        c->multiply_digits = digits;
    else
        c->divide_digits = -digits;
}

static bool plan_date(struct pf_convert *c) {
    int to = c->to.kind;
    c->way = PF_CONVERT_WHOLE;
    if (c->from.kind == PF_KIND_DATE64) { /* milliseconds */
        if (to == PF_KIND_TIMESTAMP)
            scale_digits(c, 3 * (c->to.unit - PF_UNIT_MILLI));
        else
            c->divide = 86400000;
        return is_date(to) || to == PF_KIND_TIMESTAMP;
    }
    c->multiply = to == PF_KIND_DATE64 ? 86400000 : 86400;
    if (to == PF_KIND_TIMESTAMP)
        c->multiply_digits = 3 * c->to.unit;
    return to == PF_KIND_DATE64 || to == PF_KIND_TIMESTAMP;
}

static bool plan_flat(struct pf_convert *c) {
    int from = c->from.kind, to = c->to.kind;
    if (is_whole(from) && is_whole(to)) {
        c->way = PF_CONVERT_WHOLE;
        return true;
    }
    if (is_whole(from) && to == PF_KIND_DECIMAL128) {
        scale_digits(c, c->to.scale);
        return true;
    }
    if (is_decimal(from) && to == PF_KIND_DECIMAL128) {
        scale_digits(c, c->to.scale - c->from.scale);
        return from == PF_KIND_DECIMAL128 || c->to.scale == c->from.scale;
    }
    bool number =
        is_whole(from) || from == PF_KIND_FLOAT16 || from == PF_KIND_FLOAT32 || from == PF_KIND_FLOAT64;
    if (number && (to == PF_KIND_FLOAT32 || to == PF_KIND_FLOAT64)) {
        c->way = PF_CONVERT_FLOAT;
        return from != PF_KIND_FLOAT64 || to == PF_KIND_FLOAT64;
    }
    if (is_date(from))
        return plan_date(c);
    if (from == PF_KIND_DURATION && to == PF_KIND_INT64) {
        scale_digits(c, 3 * (PF_UNIT_MICRO - c->from.unit));
        return true;
    }
    if ((is_time(from) && is_time(to)) ||
        (from == to && (from == PF_KIND_TIMESTAMP || from == PF_KIND_DURATION))) {
        scale_digits(c, 3 * (c->to.unit - c->from.unit));
        return true;
    }
    if (is_binary(from) && to == PF_KIND_BINARY) {
        c->way = PF_CONVERT_BYTES;
        return true;
    }
    return false;
}

/* Can the array stay and only its type change? */
static bool is_relabelled(const struct pf_convert *c) {
    bool scaled = c->multiply_digits || c->divide_digits || c->multiply != 1 || c->divide != 1;
    bool same = c->from.kind == c->to.kind || (c->from.kind == PF_KIND_DURATION && c->to.kind == PF_KIND_INT64);
    return c->way == PF_CONVERT_WHOLE && !scaled && same && c->from.index == PF_KIND_NULL_ &&
           !is_decimal(c->to.kind);
}

pf_status pf_convert_plan(struct pf_convert *convert, const struct pf_type *from, const struct pf_type *to,
                          struct pf_error *err) {
    char a[96], b[96];
    bool good = false;
    memset(convert, 0, sizeof *convert);
    convert->from = *from;
    convert->to = *to;
    convert->multiply = convert->divide = 1;
    if (pf_type_same(from, to))
        return PF_OK;
    if (to->index == PF_KIND_NULL_ && !pf_kind_is_nested(from->kind) && !pf_kind_is_nested(to->kind)) {
        struct pf_build probe;
        struct pf_type values = *from;
        values.index = PF_KIND_NULL_;
        good = true;
        if (from->kind == PF_KIND_NULL_)
            convert->way = PF_CONVERT_NULLS;
        else if (to->kind == PF_KIND_UTF8)
            convert->way = pf_kind_is_text(from->kind) ? PF_CONVERT_BYTES : PF_CONVERT_TEXT;
        else if (pf_type_same(&values, to)) /* a dictionary's values */
            convert->way = to->kind == PF_KIND_BINARY ? PF_CONVERT_BYTES : PF_CONVERT_WHOLE;
        else
            good = plan_flat(convert);
        good = good && pf_build_open(&probe, to, NULL) == PF_OK; /* what cannot be built is no target */
    }
    if (good && is_relabelled(convert))
        convert->way = PF_CONVERT_SAME;
    if (good)
        return PF_OK;
    pf_type_print(from, a, sizeof a);
    pf_type_print(to, b, sizeof b);
    return pf_fail(err, PF_UNSUPPORTED, "%.80s cannot become %.80s without loss; take text", a, b);
}

/* ---- rows ---- */

/* A column with its dictionary, if it has one. */
struct rows {
    struct pf_view view;   /* indices, or the values themselves */
    struct pf_view values; /* what the rows mean */
    bool coded;
};

static pf_status open_rows(struct rows *rows, const struct ArrowSchema *field, const struct ArrowArray *array,
                           struct pf_error *err) {
    PF_TRY(pf_view_open(&rows->view, field, array, err));
    rows->coded = rows->view.dictionary != NULL;
    if (!rows->coded) {
        rows->values = rows->view;
        return PF_OK;
    }
    return pf_view_open(&rows->values, field->dictionary, rows->view.dictionary, err);
}

/* Where the value of the row stands in rows->values; false: null. */
static inline bool locate(const struct rows *rows, int64_t row, int64_t *at) {
    *at = row;
    if (!pf_view_valid(&rows->view, row))
        return false;
    if (!rows->coded)
        return true;
    *at = pf_view_index(&rows->view, row);
    return pf_view_valid(&rows->values, *at);
}

static void note_misfit(struct pf_misfits *misfits, const struct rows *rows, int64_t row, int64_t at) {
    char text[PF_PRINT_ROOM];
    const char *from = text;
    int64_t bytes = 0;
    if (misfits->count++)
        return;
    if (pf_kind_is_text(rows->values.type.kind))
        from = (const char *)pf_view_bytes(&rows->values, at, &bytes);
    size_t size = from == text ? pf_print_value(&rows->values, at, 'T', text) : (size_t)bytes;
    if (size >= sizeof misfits->value) {
        size = sizeof misfits->value - 1;
        size -= pf_utf8_cut(from, size);
    }
    memcpy(misfits->value, from, size);
    misfits->value[size] = 0;
    misfits->first = row;
}

static pf_status put_texts(const struct rows *rows, struct pf_build *out, struct pf_error *err) {
    char text[PF_PRINT_ROOM];
    struct pf_buf coded = {0};
    bool binary = is_binary(rows->values.type.kind);
    pf_status status = PF_OK;
    for (int64_t row = 0; status == PF_OK && row < rows->view.length; row++) {
        int64_t at, size;
        if (!locate(rows, row, &at))
            status = pf_build_null(out, err);
        else if (!binary)
            status = pf_build_bytes(out, text, pf_print_value(&rows->values, at, 'T', text), err);
        else {
            const uint8_t *bytes = pf_view_bytes(&rows->values, at, &size);
            coded.size = 0;
            status = pf_buf_reserve(&coded, ((size_t)size + 2) / 3 * 4, err);
            if (status == PF_OK)
                status = pf_build_bytes(out, coded.data,
                                        pf_print_base64(bytes, (size_t)size, (char *)coded.data), err);
        }
    }
    pf_buf_clear(&coded);
    return status;
}

static pf_status put_bytes(const struct rows *rows, struct pf_build *out, struct pf_error *err) {
    for (int64_t row = 0; row < rows->view.length; row++) {
        int64_t at, size;
        if (!locate(rows, row, &at)) {
            PF_TRY(pf_build_null(out, err));
            continue;
        }
        const uint8_t *bytes = pf_view_bytes(&rows->values, at, &size);
        PF_TRY(pf_build_bytes(out, bytes, (size_t)size, err));
    }
    return PF_OK;
}

/* ---- whole numbers ---- */

static wide load_wide(const struct pf_view *view, int64_t at) {
    int64_t i = view->offset + at;
    const uint8_t *p = view->values + i * pf_kind_width(view->type.kind);
    switch (view->type.kind) {
    case PF_KIND_BOOL: return pf_bit_get(view->values, i);
    case PF_KIND_INT8: return (int8_t)p[0];
    case PF_KIND_UINT8: return p[0];
    case PF_KIND_INT16: return (int16_t)pf_load16(p);
    case PF_KIND_UINT16: return pf_load16(p);
    case PF_KIND_UINT32: return pf_load32(p);
    case PF_KIND_UINT64: return pf_load64(p);
    case PF_KIND_INT32:
    case PF_KIND_DATE32:
    case PF_KIND_TIME32: return (int32_t)pf_load32(p);
    case PF_KIND_DECIMAL128: return (wide)((uwide)pf_load64(p + 8) << 64 | pf_load64(p));
    default: return (int64_t)pf_load64(p);
    }
}

static wide power_of_ten(int digits) {
    wide v = 1;
    for (int i = 0; i < digits; i++)
        v *= 10;
    return v;
}

struct whole_plan {
    wide multiply, divide; /* one of them is 1 */
    wide most;             /* what may be multiplied */
    wide low, high;        /* the target's range */
};

/* false: the factor alone is beyond 38 digits, so that only zero fits. */
static bool make_whole_plan(const struct pf_convert *c, struct whole_plan *plan) {
    if (c->multiply_digits > 38 || c->divide_digits > 38)
        return false;
    plan->multiply = power_of_ten(c->multiply_digits) * c->multiply; /* further factors come with ≤ 9 digits */
    plan->divide = power_of_ten(c->divide_digits) * c->divide;
    plan->most = WIDE_MAX / plan->multiply;
    int width = pf_kind_width(c->to.kind);
    if (is_decimal(c->to.kind))
        plan->high = power_of_ten(c->to.precision) - 1;
    else if (c->to.kind >= PF_KIND_UINT8 && c->to.kind <= PF_KIND_UINT64)
        plan->high = ((wide)1 << (8 * width)) - 1;
    else
        plan->high = ((wide)1 << (8 * width - 1)) - 1;
    plan->low = is_decimal(c->to.kind) ? -plan->high : -plan->high - 1;
    if (c->to.kind >= PF_KIND_UINT8 && c->to.kind <= PF_KIND_UINT64)
        plan->low = 0;
    return true;
}

static inline bool convert_whole(const struct whole_plan *plan, wide *value) {
    wide v = *value;
    if (plan->multiply != 1) {
        if (v > plan->most || v < -plan->most)
            return false;
        v *= plan->multiply;
    } else if (plan->divide != 1) {
        wide quotient;
        if (v == (int64_t)v && plan->divide == (int64_t)plan->divide)
            quotient = (int64_t)v / (int64_t)plan->divide;
        else
            quotient = v / plan->divide;
        if (quotient * plan->divide != v)
            return false;
        v = quotient;
    }
    *value = v;
    return v >= plan->low && v <= plan->high;
}

/* Does a number of 256 bits fit in 128? */
static bool load_narrow(const struct pf_view *view, int64_t at, wide *value) {
    const uint8_t *p = view->values + (view->offset + at) * 32;
    uint64_t fill = (uint64_t)((int64_t)pf_load64(p + 8) >> 63);
    *value = (wide)((uwide)pf_load64(p + 8) << 64 | pf_load64(p));
    return pf_load64(p + 16) == fill && pf_load64(p + 24) == fill;
}

static pf_status put_wholes(const struct pf_convert *c, const struct rows *rows, struct pf_misfits *misfits,
                            struct pf_build *out, struct pf_error *err) {
    struct whole_plan plan = {0};
    bool broad = rows->values.type.kind == PF_KIND_DECIMAL256, bits = c->to.kind == PF_KIND_BOOL;
    bool any = !bits && make_whole_plan(c, &plan);
    for (int64_t row = 0; row < rows->view.length; row++) {
        int64_t at;
        wide v = 0;
        if (!locate(rows, row, &at)) {
            PF_TRY(pf_build_null(out, err));
            continue;
        }
        bool fits = true;
        if (broad)
            fits = load_narrow(&rows->values, at, &v);
        else
            v = load_wide(&rows->values, at);
        if (fits && (bits || (any ? convert_whole(&plan, &v) : v == 0))) {
            PF_TRY(pf_build_value(out, &v, err)); /* the low bytes: little-endian */
            continue;
        }
        note_misfit(misfits, rows, row, at);
        PF_TRY(pf_build_null(out, err));
    }
    return PF_OK;
}

/* Other flat types of fixed width that come out of a dictionary unchanged. */
static pf_status put_fixed(const struct rows *rows, struct pf_build *out, struct pf_error *err) {
    for (int64_t row = 0; row < rows->view.length; row++) {
        int64_t at;
        if (!locate(rows, row, &at))
            PF_TRY(pf_build_null(out, err));
        else
            PF_TRY(pf_build_value(out, rows->values.values + (rows->values.offset + at) * out->width, err));
    }
    return PF_OK;
}

/* ---- floating numbers ---- */

/* A whole number as a double, if nothing is lost. 2^63 and beyond are checked before they are turned back. */
static bool whole_to_double(wide v, double *value) {
    *value = (double)v;
    return *value < 18446744073709551616.0 && *value >= -9223372036854775808.0 && (wide)*value == v;
}

static bool load_double(const struct pf_view *view, int64_t at, double *value) {
    int64_t i = view->offset + at;
    float narrow;
    switch (view->type.kind) {
    case PF_KIND_FLOAT16: *value = (double)pf_half_to_float(pf_load16(view->values + 2 * i)); return true;
    case PF_KIND_FLOAT32:
        memcpy(&narrow, view->values + 4 * i, sizeof narrow);
        *value = (double)narrow;
        return true;
    case PF_KIND_FLOAT64: memcpy(value, view->values + 8 * i, sizeof *value); return true;
    default: return whole_to_double(load_wide(view, at), value);
    }
}

static pf_status put_floats(const struct pf_convert *c, const struct rows *rows, struct pf_misfits *misfits,
                            struct pf_build *out, struct pf_error *err) {
    bool narrow = c->to.kind == PF_KIND_FLOAT32;
    bool whole = is_whole(rows->values.type.kind);
    for (int64_t row = 0; row < rows->view.length; row++) {
        int64_t at;
        double value;
        if (!locate(rows, row, &at)) {
            PF_TRY(pf_build_null(out, err));
            continue;
        }
        bool fits = load_double(&rows->values, at, &value);
        float small = fits ? (float)value : 0;
        if (narrow && whole && fits && (double)small != value)
            fits = false;
        if (fits)
            PF_TRY(pf_build_value(out, narrow ? (const void *)&small : &value, err));
        else {
            note_misfit(misfits, rows, row, at);
            PF_TRY(pf_build_null(out, err));
        }
    }
    return PF_OK;
}

/* ---- columns ---- */

/* A column that is said to be empty: a value is a misfit. */
static pf_status put_nulls(const struct rows *rows, struct pf_misfits *misfits, struct pf_build *out,
                           struct pf_error *err) {
    for (int64_t row = 0; row < rows->view.length; row++) {
        int64_t at;
        if (locate(rows, row, &at))
            note_misfit(misfits, rows, row, at);
        PF_TRY(pf_build_null(out, err));
    }
    return PF_OK;
}

static pf_status put_rows(const struct pf_convert *c, const struct rows *rows, struct pf_misfits *misfits,
                          struct pf_build *out, struct pf_error *err) {
    int from = rows->values.type.kind;
    switch (c->way) {
    case PF_CONVERT_NULLS: return put_nulls(rows, misfits, out, err);
    case PF_CONVERT_TEXT: return put_texts(rows, out, err);
    case PF_CONVERT_BYTES: return put_bytes(rows, out, err);
    case PF_CONVERT_FLOAT: return put_floats(c, rows, misfits, out, err);
    default: break;
    }
    if (pf_kind_is_text(from))
        return put_bytes(rows, out, err);
    if (pf_type_same(&rows->values.type, &c->to) && from != PF_KIND_BOOL)
        return put_fixed(rows, out, err);
    return put_wholes(c, rows, misfits, out, err);
}

pf_status pf_convert_nulls(const struct pf_type *type, int64_t length, struct ArrowArray *out,
                           struct pf_error *err) {
    struct pf_build build;
    PF_TRY(pf_build_open(&build, type, err));
    pf_status status = pf_build_reserve(&build, length, 0, err);
    for (int64_t row = 0; status == PF_OK && row < length; row++)
        status = pf_build_null(&build, err);
    if (status == PF_OK)
        status = pf_build_take(&build, out, err);
    pf_build_clear(&build);
    return status;
}

pf_status pf_convert_column(const struct pf_convert *convert, const struct ArrowSchema *field,
                            const struct ArrowArray *array, struct pf_misfits *misfits, struct ArrowArray *out,
                            struct pf_error *err) {
    struct rows rows;
    struct pf_build build;
    memset(misfits, 0, sizeof *misfits);
    out->release = NULL;
    PF_TRY(open_rows(&rows, field, array, err));
    if (convert->way == PF_CONVERT_NULLS && convert->from.kind == PF_KIND_NULL_)
        return pf_convert_nulls(&convert->to, array->length, out, err);
    PF_TRY(pf_build_open(&build, &convert->to, err));
    pf_status status = pf_build_reserve(&build, array->length, 0, err);
    if (status == PF_OK)
        status = put_rows(convert, &rows, misfits, &build, err);
    if (status == PF_OK)
        status = pf_build_take(&build, out, err);
    pf_build_clear(&build);
    return status;
}

/* ---- fields ---- */

struct meta_copy {
    struct ArrowSchema *to;
    pf_status status;
    struct pf_error *err;
};

static void copy_pair(void *ctx, const char *key, size_t key_size, const char *value, size_t size) {
    static const char format_key[] = PF_META_FORMAT;
    struct meta_copy *copy = ctx;
    struct pf_buf text = {0};
    if (copy->status != PF_OK || (key_size == sizeof format_key - 1 && memcmp(key, format_key, key_size) == 0))
        return;
    copy->status = pf_buf_put(&text, key, key_size, copy->err); /* both as C strings, one behind the other */
    if (copy->status == PF_OK)
        copy->status = pf_buf_put(&text, "", 1, copy->err);
    if (copy->status == PF_OK)
        copy->status = pf_buf_put(&text, value, size, copy->err);
    if (copy->status == PF_OK)
        copy->status = pf_buf_put(&text, "", 1, copy->err);
    if (copy->status == PF_OK)
        copy->status =
            pf_schema_set_meta(copy->to, (char *)text.data, (char *)text.data + key_size + 1, copy->err);
    pf_buf_clear(&text);
}

pf_status pf_convert_field(const struct ArrowSchema *like, const struct pf_type *to, bool nullable,
                           struct ArrowSchema *out, struct pf_error *err) {
    struct meta_copy copy = {out, PF_OK, err};
    PF_TRY(pf_schema_field(out, like->name, to, nullable, err));
    pf_schema_each_meta(like, copy_pair, &copy);
    if (copy.status != PF_OK)
        pf_schema_release(out);
    return copy.status;
}
