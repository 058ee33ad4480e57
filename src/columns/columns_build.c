/* columns_build.c — room columns. One growing column to an ArrowArray.           SPDX-License-Identifier: MIT
 * Knows: aligned buffers, validity bitmaps, offsets, who frees what of an array.
 * Knows not: text cells, parsing, batches. */
#include "columns/columns_build.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define SLACK      64 /* bytes behind every buffer: vector stores may overrun */
#define FIRST_ROOM 64

/* What a taken array owns. */
struct array_parts {
    void *owned[3];
    const void *slots[3];
};

static bool has_offsets(const struct pf_build *b) {
    return b->type.kind == PF_KIND_UTF8 || b->type.kind == PF_KIND_BINARY;
}

pf_status pf_build_open(struct pf_build *build, const struct pf_type *type, struct pf_error *err) {
    char name[96];
    int width = type->kind == PF_KIND_FIXED_BINARY ? type->width : pf_kind_width(type->kind);
    bool plain =
        type->index == PF_KIND_NULL_ && type->kind != PF_KIND_UTF8_VIEW && type->kind != PF_KIND_BINARY_VIEW;
    bool bare = type->kind == PF_KIND_BOOL || type->kind == PF_KIND_NULL_ || type->kind == PF_KIND_UTF8 ||
                type->kind == PF_KIND_BINARY || type->kind == PF_KIND_FIXED_BINARY;
    memset(build, 0, sizeof *build);
    if (!plain || (width == 0 && !bare) || width < 0) {
        pf_type_print(type, name, sizeof name);
        return pf_fail(err, PF_UNSUPPORTED, "columns of type %s cannot be built; use a plain flat type", name);
    }
    build->type = *type;
    build->width = width;
    return PF_OK;
}

void pf_build_clear(struct pf_build *build) {
    pf_mem_free(build->valid);
    pf_mem_free(build->values);
    pf_mem_free(build->offsets);
    pf_mem_free(build->data);
    memset(build, 0, sizeof *build);
}

/* A larger copy of a buffer; the old one stays when memory is out. */
static pf_status grow_buffer(void **buffer, size_t used, size_t size, struct pf_error *err) {
    void *larger = pf_mem_aligned(size + SLACK);
    if (!larger)
        return pf_fail_memory(err, size + SLACK);
    if (*buffer)
        memcpy(larger, *buffer, used);
    pf_mem_free(*buffer);
    *buffer = larger;
    return PF_OK;
}

static size_t bitmap_bytes(int64_t rows) { return (size_t)((rows + 63) / 64 * 8); }

/* room is raised only when every buffer has grown: a failure half way leaves larger buffers, nothing wrong. */
static pf_status grow_rows(struct pf_build *b, int64_t need, struct pf_error *err) {
    int64_t room = b->room + b->room / 2;
    if (room < FIRST_ROOM)
        room = FIRST_ROOM;
    if (room < need)
        room = need;
    if (room > INT64_MAX / 64 || (b->width > 0 && room > (INT64_MAX / 2) / b->width))
        return pf_fail(err, PF_LIMIT, "a column of %lld rows is too long; use smaller batches",
                       (long long)need);
    size_t used = bitmap_bytes(b->length), size = bitmap_bytes(room);
    void *buffer = b->valid;
    if (b->room == 0)
        used = 0;
    pf_status status = grow_buffer(&buffer, used, size, err);
    b->valid = buffer;
    if (status != PF_OK)
        return status;
    memset(b->valid + used, 0xFF, size + SLACK - used);
    if (b->type.kind == PF_KIND_BOOL) {
        buffer = b->values;
        status = grow_buffer(&buffer, used, size, err);
        b->values = buffer;
        if (status == PF_OK)
            memset(b->values + used, 0, size + SLACK - used);
    } else if (has_offsets(b)) {
        buffer = b->offsets;
        status =
            grow_buffer(&buffer, b->offsets ? ((size_t)b->length + 1) * 4 : 0, ((size_t)room + 1) * 4, err);
        b->offsets = buffer;
        if (status == PF_OK && b->length == 0)
            b->offsets[0] = 0;
    } else if (b->type.kind != PF_KIND_NULL_) {
        buffer = b->values;
        status =
            grow_buffer(&buffer, (size_t)b->length * (size_t)b->width, (size_t)room * (size_t)b->width, err);
        b->values = buffer;
    }
    if (status == PF_OK)
        b->room = room;
    return status;
}

static pf_status grow_data(struct pf_build *b, int64_t need, struct pf_error *err) {
    int64_t room = b->data_room + b->data_room / 2;
    if (need > INT32_MAX)
        return pf_fail(err, PF_LIMIT,
                       "a batch would hold more than 2 GiB of text in one column; use smaller batches");
    if (room < 1024)
        room = 1024;
    if (room < need)
        room = need;
    if (room > INT32_MAX)
        room = INT32_MAX;
    void *buffer = b->data;
    pf_status status = grow_buffer(&buffer, (size_t)b->data_size, (size_t)room, err);
    b->data = buffer;
    if (status == PF_OK)
        b->data_room = room;
    return status;
}

pf_status pf_build_reserve(struct pf_build *build, int64_t rows, int64_t data_bytes, struct pf_error *err) {
    if (rows < 0 || data_bytes < 0 || rows > INT64_MAX / 64 - build->length)
        return pf_fail(err, PF_LIMIT, "%lld more rows are too many; use smaller batches", (long long)rows);
    if (build->length + rows > build->room || build->room == 0)
        PF_TRY(grow_rows(build, build->length + rows, err));
    if (has_offsets(build) && (data_bytes > build->data_room - build->data_size || !build->data)) {
        if (data_bytes > INT32_MAX)
            data_bytes = (int64_t)INT32_MAX + 1; /* answered by grow_data, without overflow */
        return grow_data(build, build->data_size + data_bytes, err);
    }
    return PF_OK;
}

pf_status pf_build_null(struct pf_build *build, struct pf_error *err) {
    if (build->length == build->room)
        PF_TRY(pf_build_reserve(build, 1, 0, err));
    if (build->offsets)
        build->offsets[build->length + 1] = (int32_t)build->data_size;
    else if (build->width)
        memset(build->values + (size_t)build->length * (size_t)build->width, 0, (size_t)build->width);
    pf_build_mark_null(build, build->length);
    build->length++;
    return PF_OK;
}

pf_status pf_build_bytes(struct pf_build *build, const void *value, size_t size, struct pf_error *err) {
    if (!has_offsets(build))
        return pf_fail(err, PF_INTERNAL, "text was put into a column that is not text");
    if (build->length == build->room || (int64_t)size > build->data_room - build->data_size || size > INT32_MAX)
        PF_TRY(pf_build_reserve(build, 1, size > INT32_MAX ? INT64_MAX : (int64_t)size, err));
    if (size)
        memcpy(build->data + build->data_size, value, size);
    build->data_size += (int64_t)size;
    build->offsets[++build->length] = (int32_t)build->data_size;
    return PF_OK;
}

pf_status pf_build_value(struct pf_build *build, const void *value, struct pf_error *err) {
    if (has_offsets(build) || build->type.kind == PF_KIND_NULL_)
        return pf_fail(err, PF_INTERNAL, "a value of fixed width was put into a column without one");
    if (build->length == build->room)
        PF_TRY(pf_build_reserve(build, 1, 0, err));
    if (build->type.kind == PF_KIND_BOOL) {
        if (*(const uint8_t *)value)
            pf_bit_set(build->values, build->length);
    } else if (build->width)
        memcpy(build->values + (size_t)build->length * (size_t)build->width, value, (size_t)build->width);
    build->length++;
    return PF_OK;
}

void pf_build_truncate(struct pf_build *build, int64_t length) {
    if (length < 0 || length >= build->length)
        return;
    for (int64_t row = length; row < build->length; row++) {
        build->nulls -= !pf_bit_get(build->valid, row);
        pf_bit_set(build->valid, row);
        if (build->type.kind == PF_KIND_BOOL)
            pf_bit_clear(build->values, row);
    }
    build->length = length;
    if (build->offsets)
        build->data_size = build->offsets[length];
}

int64_t pf_build_bytes_held(const struct pf_build *build) {
    int64_t bits = (build->length + 7) / 8;
    if (has_offsets(build))
        return bits + (build->length + 1) * 4 + build->data_size;
    return bits + (build->type.kind == PF_KIND_BOOL ? bits : build->length * build->width);
}

static void release_taken(struct ArrowArray *array) {
    struct array_parts *parts = array->private_data;
    for (int i = 0; i < 3; i++)
        pf_mem_free(parts->owned[i]);
    pf_mem_free(parts);
    array->release = NULL;
    array->private_data = NULL;
}

pf_status pf_build_take(struct pf_build *build, struct ArrowArray *out, struct pf_error *err) {
    memset(out, 0, sizeof *out);
    PF_TRY(pf_build_reserve(build, 0, 0, err)); /* also an empty column has its buffers */
    struct array_parts *parts = pf_mem_zero(1, sizeof *parts);
    if (!parts)
        return pf_fail_memory(err, sizeof *parts);
    if (build->filled)
        build->nulls = 0;
    if (build->nulls && build->type.kind != PF_KIND_NULL_)
        parts->owned[0] = build->valid;
    else
        pf_mem_free(build->valid);
    parts->owned[1] = has_offsets(build) ? (void *)build->offsets : build->values;
    parts->owned[2] = build->data;
    for (int i = 0; i < 3; i++)
        parts->slots[i] = parts->owned[i];
    out->length = build->length;
    out->null_count = build->nulls;
    out->n_buffers = build->type.kind == PF_KIND_NULL_ ? 0 : has_offsets(build) ? 3 : 2;
    out->buffers = parts->slots;
    out->release = release_taken;
    out->private_data = parts;
    *build = (struct pf_build){.type = build->type, .width = build->width, .filled = build->filled};
    return PF_OK;
}
