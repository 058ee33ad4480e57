/* parquet_group.c — room write/parquet. Rows gathered into row groups.           SPDX-License-Identifier: MIT
 * Knows: which rows of which batches belong together, how many bytes they will be.
 * Knows not: encodings, files. Arrays were not checked yet here: bad ones are met again when encoded. */
#include "write/parquet/parquet_group.h"

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"

pf_status pf_parquet_held_open(struct ArrowArray *batch, struct pf_parquet_held **out, struct pf_error *err) {
    struct pf_parquet_held *held = pf_mem_alloc(sizeof *held);
    if (!held)
        return pf_fail_memory(err, sizeof *held);
    *held = (struct pf_parquet_held){*batch, 1};
    batch->release = NULL;
    *out = held;
    return PF_OK;
}

void pf_parquet_held_drop(struct pf_parquet_held *held) {
    if (!held || --held->refs > 0)
        return;
    pf_array_release(&held->array);
    pf_mem_free(held);
}

/* ---- how many bytes rows are ---- */

static int64_t text_size(const struct ArrowArray *array, bool large, int64_t at, int64_t rows) {
    if (array->n_buffers < 3 || !array->buffers[1])
        return 0;
    int64_t size;
    if (large) {
        const int64_t *offsets = (const int64_t *)array->buffers[1] + at;
        size = offsets[rows] - offsets[0];
    } else {
        const int32_t *offsets = (const int32_t *)array->buffers[1] + at;
        size = (int64_t)offsets[rows] - offsets[0];
    }
    return size < 0 ? 0 : size;
}

static int64_t view_size(const struct ArrowArray *array, int64_t at, int64_t rows) {
    if (array->n_buffers < 2 || !array->buffers[1])
        return 0;
    const uint8_t *views = (const uint8_t *)array->buffers[1] + at * 16;
    int64_t size = 0;
    for (int64_t i = 0; i < rows; i++) {
        int32_t one = (int32_t)pf_load32(views + i * 16);
        size += one > 0 ? one : 0;
    }
    return size;
}

static int64_t plain_text_size(int kind, const struct ArrowArray *array, int64_t at, int64_t rows) {
    if (kind == PF_KIND_UTF8_VIEW || kind == PF_KIND_BINARY_VIEW)
        return view_size(array, at, rows);
    return text_size(array, kind == PF_KIND_LARGE_UTF8 || kind == PF_KIND_LARGE_BINARY, at, rows);
}

static int64_t read_index(const uint8_t *indices, int width, int64_t at) {
    uint64_t index = 0;
    memcpy(&index, indices + at * width, (size_t)width);
    return index > INT64_MAX ? -1 : (int64_t)index;
}

static int64_t entry_size(const struct pf_parquet_column *c, const struct ArrowArray *array, int64_t at,
                          int64_t rows) {
    const struct ArrowArray *entries = array->dictionary;
    struct pf_type index;
    if (!entries || array->n_buffers < 2 || !array->buffers[1] || pf_type_of(c->arrow, &index, NULL) != PF_OK)
        return 0;
    int width = pf_kind_width(index.index);
    int64_t size = 0;
    for (int64_t i = 0; i < rows; i++) {
        int64_t entry = read_index(array->buffers[1], width, at + i);
        if (entry >= 0 && entry < entries->length)
            size += plain_text_size(c->type.kind, entries, entries->offset + entry, 1);
    }
    return size;
}

static int64_t column_size(const struct pf_parquet_column *c, const struct ArrowArray *array, int64_t from,
                           int64_t rows) {
    if (c->take == PF_PARQUET_TAKE_FIXED)
        return rows * (c->type.kind == PF_KIND_FIXED_BINARY ? c->type.width : 2);
    if (c->take != PF_PARQUET_TAKE_TEXT)
        return rows * (c->width ? c->width : 1);
    int64_t size = rows * 4;
    if (from + rows > array->length)
        return size;
    if (c->arrow->dictionary)
        return size + entry_size(c, array, array->offset + from, rows);
    return size + plain_text_size(c->type.kind, array, array->offset + from, rows);
}

/* Down to the leaf's own array, as far as the parents let it; two bytes for the levels of each element. */
static int64_t nested_size(const struct pf_parquet_column *c, const struct ArrowArray *array, int64_t from,
                           int64_t rows) {
    int64_t parents = 2 * rows;
    for (int32_t i = 0; i < c->step_count; i++) {
        const struct pf_parquet_step *step = &c->steps[i];
        if (!array || array->n_children <= step->child || from < 0 || rows < 0 || from + rows > array->length)
            return parents;
        from += array->offset;
        if (step->kind == PF_PARQUET_STEP_FIXED) {
            from *= step->width, rows *= step->width;
        } else if (step->kind != PF_PARQUET_STEP_STRUCT) {
            if (rows == 0 || array->n_buffers < 2 || !array->buffers[1])
                return parents;
            const int32_t *small = (const int32_t *)array->buffers[1] + from;
            const int64_t *large = (const int64_t *)array->buffers[1] + from;
            bool wide = step->kind == PF_PARQUET_STEP_LARGE;
            from = wide ? large[0] : small[0];
            rows = (wide ? large[rows] : small[rows]) - from;
        }
        array = array->children[step->child];
    }
    if (!array || from < 0 || rows < 0 || from + rows > array->length)
        return parents;
    return parents + 2 * rows +
           (c->run_width ? rows * (c->width ? c->width : 16) : column_size(c, array, from, rows));
}

static int64_t rows_size(const struct pf_parquet_schema *schema, const struct ArrowArray *batch, int64_t from,
                         int64_t rows) {
    int64_t size = 0;
    for (int64_t i = 0; i < schema->count; i++) {
        const struct pf_parquet_column *c = &schema->columns[i];
        bool nested = c->step_count > 0 || c->run_width;
        size += (nested ? nested_size : column_size)(c, batch->children[c->field], batch->offset + from, rows);
    }
    return size;
}

/* ---- filling ---- */

pf_status pf_parquet_group_fill(struct pf_parquet_group *group, const struct pf_parquet_schema *schema,
                                struct pf_parquet_held *held, int64_t *from, int64_t most_rows,
                                int64_t most_bytes, bool *full, struct pf_error *err) {
    const struct ArrowArray *batch = &held->array;
    int64_t rows = batch->length - *from, room = most_bytes - group->bytes;
    *full = false;
    if (rows >= most_rows - group->rows) {
        rows = most_rows - group->rows;
        *full = true;
    }
    int64_t bytes = rows_size(schema, batch, *from, rows);
    if (bytes > room) { /* the most rows that fit, by halving */
        int64_t low = group->rows == 0 ? 1 : 0, high = rows;
        while (low < high) {
            int64_t middle = low + (high - low + 1) / 2;
            if (rows_size(schema, batch, *from, middle) <= room)
                low = middle;
            else
                high = middle - 1;
        }
        rows = low;
        bytes = rows_size(schema, batch, *from, rows);
        *full = true;
    }
    if (rows == 0)
        return PF_OK;
    struct pf_parquet_rows piece = {held, *from, rows};
    PF_TRY(pf_buf_put(&group->pieces, &piece, sizeof piece, err));
    held->refs++;
    group->rows += rows;
    group->bytes += bytes;
    *from += rows;
    return PF_OK;
}

pf_status pf_parquet_group_parts(const struct pf_parquet_group *group, int64_t field, struct pf_buf *parts,
                                 struct pf_error *err) {
    const struct pf_parquet_rows *pieces = (const struct pf_parquet_rows *)(const void *)group->pieces.data;
    size_t count = group->pieces.size / sizeof *pieces;
    PF_TRY(pf_buf_reserve(parts, count * sizeof(struct pf_parquet_part), err));
    for (size_t i = 0; i < count; i++) {
        const struct ArrowArray *batch = &pieces[i].held->array;
        struct pf_parquet_part part = {batch->children[field], batch->offset + pieces[i].from, pieces[i].rows};
        PF_TRY(pf_buf_put(parts, &part, sizeof part, err));
    }
    return PF_OK;
}

void pf_parquet_group_reset(struct pf_parquet_group *group) {
    struct pf_parquet_rows *pieces = (struct pf_parquet_rows *)(void *)group->pieces.data;
    size_t count = group->pieces.size / sizeof *pieces;
    for (size_t i = 0; i < count; i++)
        pf_parquet_held_drop(pieces[i].held);
    group->pieces.size = 0;
    group->rows = group->bytes = 0;
}

void pf_parquet_group_clear(struct pf_parquet_group *group) {
    pf_parquet_group_reset(group);
    pf_buf_clear(&group->pieces);
}
