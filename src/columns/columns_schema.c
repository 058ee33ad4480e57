/* columns_schema.c — room columns. Builds, copies, compares ArrowSchema.        SPDX-License-Identifier: MIT
 * Knows: the release rules of the C data interface, the layout of metadata.
 * Knows not: what the metadata mean, arrays. */
#include "columns/columns_schema.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/mem.h"

#define DEPTH_CEILING 64 /* of nested types: foreign schemas may be hostile */

/* What a schema made here owns; the public fields point into it. */
struct schema_parts {
    char *format;
    char *name;
    char *metadata;
    struct ArrowSchema *block; /* the children's structs */
    struct ArrowSchema **list;
    struct ArrowSchema *dictionary;
};

void pf_schema_release(struct ArrowSchema *schema) {
    if (schema && schema->release)
        schema->release(schema);
}

static void release_parts(struct ArrowSchema *schema) {
    struct schema_parts *parts = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        pf_schema_release(schema->children[i]);
    pf_schema_release(parts->dictionary);
    pf_mem_free(parts->dictionary);
    pf_mem_free(parts->list);
    pf_mem_free(parts->block);
    pf_mem_free(parts->metadata);
    pf_mem_free(parts->name);
    pf_mem_free(parts->format);
    pf_mem_free(parts);
    schema->release = NULL;
    schema->private_data = NULL;
}

/* An empty node: releasable from now on, whatever fails later. */
static pf_status make_node(struct ArrowSchema *out, const char *format, const char *name, int64_t n_children,
                           struct pf_error *err) {
    memset(out, 0, sizeof *out);
    struct schema_parts *parts = pf_mem_zero(1, sizeof *parts);
    if (!parts)
        return pf_fail_memory(err, sizeof *parts);
    out->private_data = parts;
    out->release = release_parts;
    parts->format = pf_mem_text(format, strlen(format));
    parts->name = name ? pf_mem_text(name, strlen(name)) : NULL;
    bool good = parts->format && (!name || parts->name);
    if (good && n_children > 0) {
        parts->block = pf_mem_zero((size_t)n_children, sizeof *parts->block);
        parts->list = pf_mem_zero((size_t)n_children, sizeof(struct ArrowSchema *));
        good = parts->block && parts->list;
    }
    if (!good) {
        release_parts(out);
        return pf_fail_memory(err, 0);
    }
    for (int64_t i = 0; i < n_children; i++)
        parts->list[i] = &parts->block[i];
    out->format = parts->format;
    out->name = parts->name;
    out->n_children = n_children;
    out->children = parts->list;
    return PF_OK;
}

pf_status pf_schema_struct(struct ArrowSchema *out, int64_t n_children, struct pf_error *err) {
    if (n_children < 0)
        return pf_fail(err, PF_ARGUMENT, "a schema cannot have %lld columns; give 0 or more",
                       (long long)n_children);
    return make_node(out, "+s", "", n_children, err);
}

pf_status pf_schema_field(struct ArrowSchema *out, const char *name, const struct pf_type *type, bool nullable,
                          struct pf_error *err) {
    char format[128];
    memset(out, 0, sizeof *out);
    PF_TRY(pf_type_format(type, format, sizeof format, err));
    PF_TRY(make_node(out, format, name ? name : "", 0, err));
    out->flags = nullable ? ARROW_FLAG_NULLABLE : 0;
    if (type->index == PF_KIND_NULL_)
        return PF_OK;
    struct pf_type values = *type;
    struct schema_parts *parts = out->private_data;
    values.index = PF_KIND_NULL_;
    parts->dictionary = pf_mem_zero(1, sizeof *parts->dictionary);
    pf_status status = parts->dictionary ? pf_schema_field(parts->dictionary, "", &values, true, err)
                                         : pf_fail_memory(err, sizeof *parts->dictionary);
    if (status != PF_OK)
        release_parts(out);
    else
        out->dictionary = parts->dictionary;
    return status;
}

/* ---- metadata: int32 pairs, then per pair int32 size, key, int32 size, value ---- */

static int32_t load_size(const char *at) { return (int32_t)pf_load32(at); }

/* Bytes of a metadata block; −1 when a size in it is negative. */
static int64_t measure_meta(const char *metadata) {
    if (!metadata)
        return 0;
    int32_t pairs = load_size(metadata);
    int64_t at = 4;
    if (pairs < 0)
        return -1;
    for (int64_t i = 0; i < 2 * (int64_t)pairs; i++) {
        int32_t size = load_size(metadata + at);
        if (size < 0)
            return -1;
        at += 4 + (int64_t)size;
    }
    return at;
}

void pf_schema_each_meta(const struct ArrowSchema *field,
                         void (*each)(void *ctx, const char *key, size_t key_size, const char *value,
                                      size_t size),
                         void *ctx) {
    const char *at = field->metadata;
    if (measure_meta(at) <= 0)
        return;
    int32_t pairs = load_size(at);
    at += 4;
    for (int32_t i = 0; i < pairs; i++) {
        size_t key_size = (size_t)load_size(at);
        const char *key = at + 4;
        size_t size = (size_t)load_size(key + key_size);
        const char *value = key + key_size + 4;
        each(ctx, key, key_size, value, size);
        at = value + size;
    }
}

struct meta_search {
    const char *key;
    size_t key_size;
    const char *found;
    size_t found_size;
};

static void match_meta(void *ctx, const char *key, size_t key_size, const char *value, size_t size) {
    struct meta_search *search = ctx;
    if (!search->found && key_size == search->key_size && memcmp(key, search->key, key_size) == 0) {
        search->found = value;
        search->found_size = size;
    }
}

const char *pf_schema_meta(const struct ArrowSchema *field, const char *key, size_t *size) {
    struct meta_search search = {key, strlen(key), NULL, 0};
    pf_schema_each_meta(field, match_meta, &search);
    *size = search.found_size;
    return search.found;
}

struct meta_edit {
    struct pf_buf bytes;
    const char *skip;
    size_t skip_size;
    int32_t pairs;
    pf_status status;
    struct pf_error *err;
};

static void put_pair(struct meta_edit *edit, const char *key, size_t key_size, const char *value, size_t size) {
    uint32_t sizes[2] = {(uint32_t)key_size, (uint32_t)size};
    if (edit->status == PF_OK && (key_size > INT32_MAX || size > INT32_MAX))
        edit->status = pf_fail(edit->err, PF_LIMIT, "metadata of a column is beyond 2 GiB; shorten it");
    if (edit->status == PF_OK)
        edit->status = pf_buf_put(&edit->bytes, &sizes[0], 4, edit->err);
    if (edit->status == PF_OK)
        edit->status = pf_buf_put(&edit->bytes, key, key_size, edit->err);
    if (edit->status == PF_OK)
        edit->status = pf_buf_put(&edit->bytes, &sizes[1], 4, edit->err);
    if (edit->status == PF_OK)
        edit->status = pf_buf_put(&edit->bytes, value, size, edit->err);
    edit->pairs++;
}

static void keep_pair(void *ctx, const char *key, size_t key_size, const char *value, size_t size) {
    struct meta_edit *edit = ctx;
    if (key_size != edit->skip_size || memcmp(key, edit->skip, key_size) != 0)
        put_pair(edit, key, key_size, value, size);
}

static pf_status check_ours(const struct ArrowSchema *field, struct pf_error *err) {
    if (field->release != release_parts)
        return pf_fail(err, PF_ARGUMENT, "a schema from elsewhere cannot be changed; copy it first");
    return PF_OK;
}

pf_status pf_schema_set_meta(struct ArrowSchema *field, const char *key, const char *value,
                             struct pf_error *err) {
    struct meta_edit edit = {.skip = key, .skip_size = strlen(key), .err = err};
    uint32_t zero = 0;
    PF_TRY(check_ours(field, err));
    edit.status = pf_buf_put(&edit.bytes, &zero, 4, err);
    pf_schema_each_meta(field, keep_pair, &edit);
    if (value)
        put_pair(&edit, key, strlen(key), value, strlen(value));
    if (edit.status != PF_OK) {
        pf_buf_clear(&edit.bytes);
        return edit.status;
    }
    pf_store32(edit.bytes.data, (uint32_t)edit.pairs);
    struct schema_parts *parts = field->private_data;
    char *made = NULL;
    if (edit.pairs == 0)
        pf_buf_clear(&edit.bytes);
    else if (!(made = pf_buf_take(&edit.bytes))) {
        pf_buf_clear(&edit.bytes);
        return pf_fail_memory(err, 0);
    }
    pf_mem_free(parts->metadata);
    parts->metadata = made;
    field->metadata = made;
    return PF_OK;
}

pf_status pf_schema_rename(struct ArrowSchema *field, const char *name, struct pf_error *err) {
    PF_TRY(check_ours(field, err));
    char *copy = pf_mem_text(name, strlen(name));
    if (!copy)
        return pf_fail_memory(err, strlen(name));
    struct schema_parts *parts = field->private_data;
    pf_mem_free(parts->name);
    parts->name = copy;
    field->name = copy;
    return PF_OK;
}

/* ---- copy, compare, find ---- */

static pf_status copy_node(const struct ArrowSchema *from, struct ArrowSchema *out, int depth,
                           struct pf_error *err) {
    memset(out, 0, sizeof *out);
    if (!from || !from->release || !from->format || from->n_children < 0 ||
        (from->n_children > 0 && !from->children))
        return pf_fail(err, PF_BAD_DATA, "a schema is incomplete; its producer must fill it");
    if (depth > DEPTH_CEILING)
        return pf_fail(err, PF_LIMIT, "a type is nested more than %d deep; flatten the column", DEPTH_CEILING);
    int64_t meta_size = measure_meta(from->metadata);
    if (meta_size < 0)
        return pf_fail(err, PF_BAD_DATA, "the metadata of column '%.60s' are broken; drop them before",
                       from->name ? from->name : "");
    PF_TRY(make_node(out, from->format, from->name, from->n_children, err));
    struct schema_parts *parts = out->private_data;
    pf_status status = PF_OK;
    out->flags = from->flags;
    if (meta_size > 0) {
        parts->metadata = pf_mem_text(from->metadata, (size_t)meta_size);
        out->metadata = parts->metadata;
        if (!parts->metadata)
            status = pf_fail_memory(err, (size_t)meta_size);
    }
    for (int64_t i = 0; status == PF_OK && i < from->n_children; i++)
        status = copy_node(from->children[i], out->children[i], depth + 1, err);
    if (status == PF_OK && from->dictionary) {
        parts->dictionary = pf_mem_zero(1, sizeof *parts->dictionary);
        status = parts->dictionary ? copy_node(from->dictionary, parts->dictionary, depth + 1, err)
                                   : pf_fail_memory(err, sizeof *parts->dictionary);
        out->dictionary = parts->dictionary;
    }
    if (status != PF_OK)
        release_parts(out);
    return status;
}

pf_status pf_schema_copy(const struct ArrowSchema *from, struct ArrowSchema *out, struct pf_error *err) {
    return copy_node(from, out, 0, err);
}

static bool same_text(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

static bool same_node(const struct ArrowSchema *a, const struct ArrowSchema *b, int depth) {
    const int64_t facts = ARROW_FLAG_NULLABLE | ARROW_FLAG_MAP_KEYS_SORTED;
    struct pf_type ta, tb;
    if (depth > DEPTH_CEILING || !a || !b || !same_text(a->name, b->name) ||
        (a->flags & facts) != (b->flags & facts) || a->n_children != b->n_children)
        return false;
    if (!same_text(a->format, b->format)) { /* "d:9,2" and "d:9,2,128" are one type */
        if (pf_type_of(a, &ta, NULL) != PF_OK || pf_type_of(b, &tb, NULL) != PF_OK || !pf_type_same(&ta, &tb) ||
            pf_kind_is_nested(ta.kind))
            return false;
    }
    for (int64_t i = 0; i < a->n_children; i++)
        if (!same_node(a->children[i], b->children[i], depth + 1))
            return false;
    if (!a->dictionary != !b->dictionary)
        return false;
    return !a->dictionary || same_node(a->dictionary, b->dictionary, depth + 1);
}

bool pf_schema_same(const struct ArrowSchema *a, const struct ArrowSchema *b) { return same_node(a, b, 0); }

int64_t pf_schema_find(const struct ArrowSchema *schema, const char *name) {
    for (int64_t i = 0; i < schema->n_children; i++)
        if (same_text(schema->children[i]->name, name))
            return i;
    return -1;
}
