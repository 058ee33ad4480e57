/* columns_view.c — room columns. Checked read access to someone else's array.    SPDX-License-Identifier: MIT
 * Knows: the buffer layout of every flat Arrow type, what a hostile producer can get wrong.
 * Knows not: who made the array, what the values mean. */
#include "columns/columns_view.h"

#include <string.h>

#include "base/error.h"

#define INLINE_TEXT 12 /* view types hold texts of so many bytes themselves */

static const char *name_of(const struct ArrowSchema *schema) {
    return schema && schema->name && schema->name[0] ? schema->name : "?";
}

static pf_status fail_view(const struct ArrowSchema *schema, int64_t row, struct pf_error *err,
                           const char *what) {
    pf_status status = pf_fail_at(err, PF_BAD_DATA, row >= 0 ? row + 1 : -1, -1,
                                  "an Arrow array is broken: %s; its producer is at fault", what);
    pf_where(err, "column '%.60s'", name_of(schema));
    return status;
}

static bool is_large(int kind) { return kind == PF_KIND_LARGE_UTF8 || kind == PF_KIND_LARGE_BINARY; }
static bool is_view(int kind) { return kind == PF_KIND_UTF8_VIEW || kind == PF_KIND_BINARY_VIEW; }
static bool is_varying(int kind) { return kind == PF_KIND_UTF8 || kind == PF_KIND_BINARY || is_large(kind); }

/* How the layout of the array itself is named: that of the indices for dictionaries. */
static int layout_kind(const struct pf_type *type) {
    return type->index != PF_KIND_NULL_ ? type->index : type->kind;
}

static pf_status check_sizes(const struct pf_view *view, const struct ArrowSchema *schema,
                             const struct ArrowArray *array, struct pf_error *err) {
    int kind = layout_kind(&view->type);
    int64_t want = kind == PF_KIND_NULL_ ? 0 : is_varying(kind) ? 3 : 2;
    if (array->length < 0 || array->offset < 0 || array->length > INT64_MAX / 64 - array->offset)
        return fail_view(schema, -1, err, "length or offset is out of range");
    if (array->null_count < -1 || array->null_count > array->length)
        return fail_view(schema, -1, err, "the null count is out of range");
    if (is_view(kind) ? array->n_buffers < 3 || array->n_buffers > INT32_MAX : array->n_buffers != want)
        return fail_view(schema, -1, err, "it has the wrong number of buffers");
    if (array->n_buffers > 0 && !array->buffers)
        return fail_view(schema, -1, err, "its buffers are missing");
    if (want && array->length > 0 && !array->buffers[1] &&
        !(kind == PF_KIND_FIXED_BINARY && view->type.width == 0))
        return fail_view(schema, -1, err, "its values are missing");
    return PF_OK;
}

static pf_status count_nulls(struct pf_view *view, const struct ArrowSchema *schema,
                             const struct ArrowArray *array, struct pf_error *err) {
    if (layout_kind(&view->type) == PF_KIND_NULL_) {
        view->nulls = array->length;
        return PF_OK;
    }
    view->valid = array->buffers[0];
    if (!view->valid)
        return array->null_count > 0 ? fail_view(schema, -1, err, "it has nulls but no bitmap") : PF_OK;
    view->nulls = array->length - pf_bits_count(view->valid, array->offset, array->length);
    if (view->nulls == 0)
        view->valid = NULL;
    return PF_OK;
}

/* Offsets never fall: the whole run in one pass without a branch, the row only when something is wrong. */
static pf_status check_offsets32(const struct pf_view *view, const struct ArrowSchema *schema,
                                 struct pf_error *err) {
    const int32_t *at = (const int32_t *)view->offsets + view->offset;
    uint32_t bad = at[0] < 0;
    for (int64_t i = 0; i < view->length; i++)
        bad |= at[i + 1] < at[i];
    if (!bad)
        return at[view->length] > at[0] && !view->data ? fail_view(schema, -1, err, "its text is missing")
                                                       : PF_OK;
    int64_t row = 0;
    while (at[0] >= 0 && at[row + 1] >= at[row])
        row++;
    return fail_view(schema, row, err, "the offsets of its texts fall");
}

static pf_status check_offsets64(const struct pf_view *view, const struct ArrowSchema *schema,
                                 struct pf_error *err) {
    const int64_t *at = (const int64_t *)view->offsets + view->offset;
    uint32_t bad = at[0] < 0;
    for (int64_t i = 0; i < view->length; i++)
        bad |= at[i + 1] < at[i];
    if (!bad)
        return at[view->length] > at[0] && !view->data ? fail_view(schema, -1, err, "its text is missing")
                                                       : PF_OK;
    int64_t row = 0;
    while (at[0] >= 0 && at[row + 1] >= at[row])
        row++;
    return fail_view(schema, row, err, "the offsets of its texts fall");
}

/* Each view of 16 bytes: size, then either the text or a prefix, a buffer's number and a place in it. */
static pf_status check_views(const struct pf_view *view, const struct ArrowSchema *schema,
                             const struct ArrowArray *array, struct pf_error *err) {
    int64_t variadic = array->n_buffers - 3;
    const uint8_t *sizes = array->buffers[array->n_buffers - 1];
    if (variadic > 0 && !sizes)
        return fail_view(schema, -1, err, "the sizes of its text buffers are missing");
    for (int64_t row = 0; row < view->length; row++) {
        if (!pf_view_valid(view, row))
            continue;
        const uint8_t *at = view->values + 16 * (view->offset + row);
        int64_t size = (int32_t)pf_load32(at);
        if (size < 0)
            return fail_view(schema, row, err, "a text has a negative size");
        if (size <= INLINE_TEXT)
            continue;
        int64_t buffer = (int32_t)pf_load32(at + 8), from = (int32_t)pf_load32(at + 12);
        if (buffer < 0 || buffer >= variadic || !array->buffers[2 + buffer] || from < 0 ||
            from + size > (int64_t)pf_load64(sizes + 8 * buffer))
            return fail_view(schema, row, err, "a text lies outside of its buffer");
    }
    return PF_OK;
}

static int64_t load_index(const struct pf_view *view, int64_t row) {
    int64_t i = view->offset + row;
    const uint8_t *values = view->values;
    switch (view->type.index) {
    case PF_KIND_INT8: return (int8_t)values[i];
    case PF_KIND_UINT8: return values[i];
    case PF_KIND_INT16: return (int16_t)pf_load16(values + 2 * i);
    case PF_KIND_UINT16: return pf_load16(values + 2 * i);
    case PF_KIND_INT32: return (int32_t)pf_load32(values + 4 * i);
    case PF_KIND_UINT32: return pf_load32(values + 4 * i);
    default:
        return (int64_t)pf_load64(values + 8 * i); /* a uint64 beyond int64 is negative: out of range too */
    }
}

static pf_status check_indices(const struct pf_view *view, const struct ArrowSchema *schema,
                               const struct ArrowArray *array, struct pf_error *err) {
    if (!array->dictionary)
        return fail_view(schema, -1, err, "its dictionary is missing");
    int64_t entries = array->dictionary->length;
    for (int64_t row = 0; row < view->length; row++) {
        if (!pf_view_valid(view, row))
            continue;
        int64_t index = load_index(view, row);
        if (index < 0 || index >= entries)
            return fail_view(schema, row, err, "an index is beyond its dictionary");
    }
    return PF_OK;
}

static pf_status open_rows(struct pf_view *view, const struct ArrowSchema *schema,
                           const struct ArrowArray *array, struct pf_error *err) {
    memset(view, 0, sizeof *view);
    pf_status status = pf_type_of(schema, &view->type, err);
    if (status == PF_OK && pf_kind_is_nested(view->type.kind))
        status = pf_fail(err, PF_UNSUPPORTED, "nested types cannot be read here; flatten the column before");
    if (status != PF_OK) {
        pf_where(err, "column '%.60s'", name_of(schema));
        return status;
    }
    PF_TRY(check_sizes(view, schema, array, err));
    int kind = layout_kind(&view->type);
    view->length = array->length;
    view->offset = array->offset;
    view->large = is_large(kind);
    PF_TRY(count_nulls(view, schema, array, err));
    if (kind == PF_KIND_NULL_)
        return PF_OK;
    if (is_varying(kind)) {
        view->offsets = array->buffers[1];
        view->data = array->buffers[2];
        if (view->length == 0)
            return PF_OK; /* an empty array may have no offsets at all */
        return view->large ? check_offsets64(view, schema, err) : check_offsets32(view, schema, err);
    }
    view->values = array->buffers[1];
    if (is_view(kind)) {
        view->view_data = array->buffers + 2;
        return check_views(view, schema, array, err);
    }
    if (view->type.index == PF_KIND_NULL_)
        return PF_OK;
    view->dictionary = array->dictionary;
    return check_indices(view, schema, array, err);
}

pf_status pf_view_open(struct pf_view *view, const struct ArrowSchema *schema, const struct ArrowArray *array,
                       struct pf_error *err) {
    return open_rows(view, schema, array, err);
}

pf_status pf_view_child(struct pf_view *view, const struct ArrowSchema *schema, const struct ArrowArray *batch,
                        int64_t i, struct pf_error *err) {
    const struct ArrowArray *child =
        batch->children && i >= 0 && i < batch->n_children ? batch->children[i] : NULL;
    if (!child || !schema->children || i >= schema->n_children)
        return pf_fail(err, PF_BAD_DATA, "a batch has no column %lld; its producer is at fault",
                       (long long)i + 1);
    const struct ArrowSchema *field = schema->children[i];
    if (batch->length < 0 || batch->offset < 0 || child->offset < 0 ||
        batch->length > INT64_MAX / 64 - batch->offset || batch->offset > INT64_MAX / 64 - child->offset ||
        child->length < batch->offset + batch->length)
        return fail_view(field, -1, err, "it is shorter than its batch");
    struct ArrowArray rows = *child; /* the same column, seen through the batch */
    if (rows.length != batch->length && rows.null_count > 0)
        rows.null_count = -1;
    rows.offset += batch->offset;
    rows.length = batch->length;
    return open_rows(view, field, &rows, err);
}

const uint8_t *pf_view_bytes(const struct pf_view *view, int64_t row, int64_t *size) {
    int64_t i = view->offset + row;
    *size = 0;
    if (view->offsets) {
        int64_t from, to;
        if (view->large) {
            from = ((const int64_t *)view->offsets)[i];
            to = ((const int64_t *)view->offsets)[i + 1];
        } else {
            from = ((const int32_t *)view->offsets)[i];
            to = ((const int32_t *)view->offsets)[i + 1];
        }
        *size = to - from;
        return view->data ? view->data + from : (const uint8_t *)"";
    }
    if (view->dictionary)
        return (const uint8_t *)""; /* indices: the texts are in the dictionary's own view */
    if (view->type.kind == PF_KIND_FIXED_BINARY) {
        *size = view->type.width;
        return view->values ? view->values + i * view->type.width : (const uint8_t *)"";
    }
    if (!view->values || !is_view(view->type.kind) || !pf_view_valid(view, row))
        return (const uint8_t *)"";
    const uint8_t *at = view->values + 16 * i;
    *size = (int32_t)pf_load32(at);
    if (*size <= INLINE_TEXT)
        return at + 4;
    return (const uint8_t *)view->view_data[(int32_t)pf_load32(at + 8)] + (int32_t)pf_load32(at + 12);
}

int64_t pf_view_index(const struct pf_view *view, int64_t row) { return load_index(view, row); }
