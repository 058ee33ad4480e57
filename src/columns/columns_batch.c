/* columns_batch.c — room columns. Growing columns to one batch; slices that share.
 * SPDX-License-Identifier: MIT
 * Knows: struct arrays, moving children, counting who still holds the buffers.
 * Knows not: types' layouts, streams, files. */
#include "columns/columns_batch.h"

#include <stdatomic.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define DEPTH_CEILING 64

void pf_array_release(struct ArrowArray *array) {
    if (array && array->release)
        array->release(array);
}

/* ---- a set of growing columns ---- */

pf_status pf_batch_open(struct pf_batch *batch, const struct ArrowSchema *schema, struct pf_error *err) {
    struct pf_type type;
    memset(batch, 0, sizeof *batch);
    PF_TRY(pf_type_of(schema, &type, err));
    if (type.kind != PF_KIND_STRUCT)
        return pf_fail(err, PF_ARGUMENT, "a batch needs a struct schema; wrap the column in one");
    batch->builds = pf_mem_zero((size_t)schema->n_children, sizeof *batch->builds);
    if (!batch->builds)
        return pf_fail_memory(err, (size_t)schema->n_children * sizeof *batch->builds);
    for (int64_t i = 0; i < schema->n_children; i++) {
        pf_status status = pf_type_of(schema->children[i], &type, err);
        if (status == PF_OK)
            status = pf_build_open(&batch->builds[i], &type, err);
        if (status != PF_OK) {
            pf_where(err, "column '%.60s'", schema->children[i]->name ? schema->children[i]->name : "");
            pf_batch_clear(batch);
            return status;
        }
        batch->builds[i].filled =
            type.kind == PF_KIND_UTF8 && !(schema->children[i]->flags & ARROW_FLAG_NULLABLE);
        batch->columns = i + 1;
    }
    return PF_OK;
}

void pf_batch_clear(struct pf_batch *batch) {
    for (int64_t i = 0; i < batch->columns; i++)
        pf_build_clear(&batch->builds[i]);
    pf_mem_free(batch->builds);
    memset(batch, 0, sizeof *batch);
}

struct struct_parts {
    struct ArrowArray *block;
    struct ArrowArray **list;
    const void *slot; /* no validity bitmap */
};

static void release_struct(struct ArrowArray *array) {
    struct struct_parts *parts = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        pf_array_release(array->children[i]);
    pf_mem_free(parts->list);
    pf_mem_free(parts->block);
    pf_mem_free(parts);
    array->release = NULL;
    array->private_data = NULL;
}

/* A struct array whose n children are still zero. */
static pf_status make_struct(int64_t n, int64_t length, struct ArrowArray *out, struct pf_error *err) {
    memset(out, 0, sizeof *out);
    struct struct_parts *parts = pf_mem_zero(1, sizeof *parts);
    if (parts) {
        parts->block = pf_mem_zero((size_t)n, sizeof *parts->block);
        parts->list = pf_mem_zero((size_t)n, sizeof(struct ArrowArray *));
    }
    if (!parts || !parts->block || !parts->list) {
        if (parts) {
            pf_mem_free(parts->block);
            pf_mem_free(parts->list);
        }
        pf_mem_free(parts);
        return pf_fail_memory(err, (size_t)n * sizeof *out);
    }
    for (int64_t i = 0; i < n; i++)
        parts->list[i] = &parts->block[i];
    out->length = length;
    out->n_buffers = 1;
    out->buffers = &parts->slot;
    out->n_children = n;
    out->children = parts->list;
    out->release = release_struct;
    out->private_data = parts;
    return PF_OK;
}

pf_status pf_batch_take(struct pf_batch *batch, struct ArrowArray *out, struct pf_error *err) {
    int64_t length = batch->columns ? batch->builds[0].length : 0;
    memset(out, 0, sizeof *out);
    for (int64_t i = 1; i < batch->columns; i++)
        if (batch->builds[i].length != length)
            return pf_fail(err, PF_INTERNAL,
                           "column %lld has %lld rows and the first one %lld; please report this",
                           (long long)i + 1, (long long)batch->builds[i].length, (long long)length);
    PF_TRY(make_struct(batch->columns, length, out, err));
    for (int64_t i = 0; i < batch->columns; i++) {
        pf_status status = pf_build_take(&batch->builds[i], out->children[i], err);
        if (status != PF_OK) {
            release_struct(out); /* the columns taken so far are gone: the batch cannot go on */
            return status;
        }
    }
    return PF_OK;
}

pf_status pf_batch_wrap(struct ArrowArray *children, int64_t n, int64_t length, struct ArrowArray *out,
                        struct pf_error *err) {
    PF_TRY(make_struct(n, length, out, err));
    for (int64_t i = 0; i < n; i++) {
        *out->children[i] = children[i];
        children[i].release = NULL;
    }
    return PF_OK;
}

/* ---- slices that share ---- */

struct pf_batch_share {
    atomic_int_fast64_t holders; /* the share itself and every array node made from it */
    struct ArrowArray array;
};

static void unhold(pf_batch_share *share) {
    if (atomic_fetch_sub_explicit(&share->holders, 1, memory_order_acq_rel) == 1) {
        pf_array_release(&share->array);
        pf_mem_free(share);
    }
}

/* A node of a slice: its own structs, the buffers of the shared array. A consumer may move any node away from
 * its parent, so each one holds the share. */
struct slice_parts {
    pf_batch_share *share;
    struct ArrowArray *block;
    struct ArrowArray **list;
    struct ArrowArray *dictionary;
};

static void release_slice(struct ArrowArray *array) {
    struct slice_parts *parts = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        pf_array_release(array->children[i]);
    pf_array_release(parts->dictionary);
    pf_mem_free(parts->dictionary);
    pf_mem_free(parts->list);
    pf_mem_free(parts->block);
    unhold(parts->share);
    pf_mem_free(parts);
    array->release = NULL;
    array->private_data = NULL;
}

static pf_status clone_node(pf_batch_share *share, const struct ArrowArray *from, struct ArrowArray *out,
                            int depth, struct pf_error *err) {
    memset(out, 0, sizeof *out);
    if (!from || from->n_children < 0 || (from->n_children > 0 && !from->children))
        return pf_fail(err, PF_BAD_DATA, "an array is incomplete; its producer is at fault");
    if (depth > DEPTH_CEILING)
        return pf_fail(err, PF_LIMIT, "an array is nested more than %d deep; flatten it", DEPTH_CEILING);
    struct slice_parts *parts = pf_mem_zero(1, sizeof *parts);
    if (!parts)
        return pf_fail_memory(err, sizeof *parts);
    *out = *from;
    out->n_children = 0;
    out->children = NULL;
    out->dictionary = NULL;
    out->release = release_slice;
    out->private_data = parts;
    parts->share = share;
    atomic_fetch_add_explicit(&share->holders, 1, memory_order_relaxed);
    pf_status status = PF_OK;
    if (from->n_children > 0) {
        parts->block = pf_mem_zero((size_t)from->n_children, sizeof *parts->block);
        parts->list = pf_mem_zero((size_t)from->n_children, sizeof(struct ArrowArray *));
        if (!parts->block || !parts->list)
            status = pf_fail_memory(err, (size_t)from->n_children * sizeof *parts->block);
    }
    out->children = parts->list;
    for (int64_t i = 0; status == PF_OK && i < from->n_children; i++) {
        parts->list[i] = &parts->block[i];
        status = clone_node(share, from->children[i], parts->list[i], depth + 1, err);
        out->n_children = i + 1;
    }
    if (status == PF_OK && from->dictionary) {
        parts->dictionary = pf_mem_zero(1, sizeof *parts->dictionary);
        status = parts->dictionary ? clone_node(share, from->dictionary, parts->dictionary, depth + 1, err)
                                   : pf_fail_memory(err, sizeof *parts->dictionary);
        out->dictionary = parts->dictionary;
    }
    if (status != PF_OK)
        release_slice(out);
    return status;
}

static bool has_null_rows(const struct ArrowArray *batch) {
    if (batch->null_count == 0 || batch->n_buffers < 1 || !batch->buffers || !batch->buffers[0])
        return false;
    return pf_bits_count(batch->buffers[0], batch->offset, batch->length) != batch->length;
}

/* Sizes that can be added up, columns that reach as far as the struct says, no null rows. */
static pf_status check_batch(const struct ArrowArray *batch, struct pf_error *err) {
    if (!batch->release)
        return pf_fail(err, PF_STATE, "the batch was released");
    if (batch->length < 0 || batch->offset < 0 || batch->length > INT64_MAX / 4 - batch->offset ||
        batch->n_children < 0 || (batch->n_children > 0 && !batch->children))
        return pf_fail(err, PF_BAD_DATA, "a batch has a broken length or offset; its producer is at fault");
    if (has_null_rows(batch))
        return pf_fail(err, PF_BAD_DATA, "a batch has null rows as a whole; its columns must carry the nulls");
    for (int64_t i = 0; i < batch->n_children; i++) {
        const struct ArrowArray *column = batch->children[i];
        if (!column || column->offset < 0 || column->length < batch->offset + batch->length)
            return pf_fail(err, PF_BAD_DATA,
                           "column %lld of a batch has %lld rows, not %lld; its producer is at fault",
                           (long long)i + 1, column ? (long long)column->length : -1,
                           (long long)(batch->offset + batch->length));
    }
    return PF_OK;
}

pf_status pf_batch_share_open(struct ArrowArray *from, pf_batch_share **out, struct pf_error *err) {
    *out = NULL;
    PF_TRY(check_batch(from, err));
    pf_batch_share *share = pf_mem_zero(1, sizeof *share);
    if (!share)
        return pf_fail_memory(err, sizeof *share);
    atomic_init(&share->holders, 1);
    share->array = *from;
    from->release = NULL;
    *out = share;
    return PF_OK;
}

pf_status pf_batch_slice(pf_batch_share *share, int64_t offset, int64_t length, struct ArrowArray *out,
                         struct pf_error *err) {
    const struct ArrowArray *from = &share->array;
    memset(out, 0, sizeof *out);
    if (offset < 0 || length < 0 || offset > from->length || length > from->length - offset)
        return pf_fail(err, PF_ARGUMENT, "rows %lld to %lld are not in a batch of %lld", (long long)offset,
                       (long long)(offset + length), (long long)from->length);
    PF_TRY(make_struct(from->n_children, length, out, err));
    for (int64_t i = 0; i < from->n_children; i++) {
        struct ArrowArray *column = out->children[i];
        pf_status status = clone_node(share, from->children[i], column, 0, err);
        if (status != PF_OK) {
            release_struct(out);
            return status;
        }
        column->offset += from->offset + offset;
        if (column->length != length && column->null_count > 0)
            column->null_count = -1;
        column->length = length;
    }
    return PF_OK;
}

void pf_batch_share_drop(pf_batch_share **share) {
    if (*share)
        unhold(*share);
    *share = NULL;
}

pf_status pf_batch_part(struct ArrowArray *batch, int64_t offset, int64_t length, struct ArrowArray *out,
                        struct pf_error *err) {
    pf_batch_share *share;
    if (offset == 0 && length == batch->length) {
        *out = *batch;
        batch->release = NULL;
        return PF_OK;
    }
    PF_TRY(pf_batch_share_open(batch, &share, err));
    pf_status status = pf_batch_slice(share, offset, length, out, err);
    pf_batch_share_drop(&share);
    return status;
}

pf_status pf_batch_plain(struct ArrowArray *batch, const struct ArrowSchema *schema, struct pf_error *err) {
    PF_TRY(check_batch(batch, err));
    if (batch->n_children != schema->n_children)
        return pf_fail(err, PF_BAD_DATA,
                       "a batch has %lld columns and its schema %lld; its producer is at fault",
                       (long long)batch->n_children, (long long)schema->n_children);
    bool plain = batch->offset == 0;
    for (int64_t i = 0; plain && i < batch->n_children; i++)
        plain = batch->children[i]->length == batch->length;
    if (plain)
        return PF_OK;
    pf_batch_share *share = NULL;
    struct ArrowArray slice;
    PF_TRY(pf_batch_share_open(batch, &share, err));
    pf_status status = pf_batch_slice(share, 0, share->array.length, &slice, err);
    pf_batch_share_drop(&share); /* on failure the batch goes with it: released is fine for the caller */
    if (status == PF_OK)
        *batch = slice;
    return status;
}
