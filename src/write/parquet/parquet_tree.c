/* parquet_tree.c — room write/parquet. Arrow's tree of types → Parquet's.         SPDX-License-Identifier: MIT
 * Knows: groups, lists, maps, paths, levels, the order of the leaves.
 * Knows not: what a leaf's type becomes, values.
 * Source: LogicalTypes.md of the Parquet format, "Nested Types".   Format: docs/formats/parquet.md §Nested types */
#include <inttypes.h>

#include "base/error.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "columns/columns_schema.h"
#include "write/parquet/parquet_schema.h"

#define DEPTH_MOST     32 /* types within types */
#define LOGICAL_MAP    2
#define LOGICAL_LIST   3
#define CONVERTED_MAP  1
#define CONVERTED_LIST 3
#define REQUIRED       0
#define OPTIONAL       1
#define REPEATED       2

/* Where the walk down one field stands. */
struct walk {
    struct pf_parquet_schema *schema;
    const struct pf_parquet_settings *settings;
    struct pf_error *err;
    struct pf_buf leaves; /* struct pf_parquet_column */
    int64_t field;
    struct pf_parquet_step steps[2 * DEPTH_MOST];
    const char *path[3 * DEPTH_MOST];
    int32_t step_count, path_count, depth;
    int16_t definition, repetition;
    struct pf_buf shown; /* the name as users know it */
};

static pf_status walk_type(struct walk *w, const struct ArrowSchema *arrow, const char *name, bool key);

/* The key by which Arrow's own writers carry field ids. */
static void read_field_id(const struct ArrowSchema *arrow, struct pf_parquet_node *node) {
    size_t size;
    const char *text = pf_schema_meta(arrow, "PARQUET:field_id", &size);
    if (!text || size == 0 || size > 9)
        return;
    int32_t id = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return;
        id = id * 10 + (text[i] - '0');
    }
    node->has_id = true;
    node->id = id;
}

static pf_status put_node(struct walk *w, const struct pf_parquet_node *node) {
    return pf_buf_put(&w->schema->nodes, node, sizeof *node, w->err);
}

static void *keep(struct walk *w, const void *from, size_t size) {
    void *kept = pf_arena_take(&w->schema->arena, size ? size : 1);
    if (kept && size)
        memcpy(kept, from, size);
    return kept;
}

/* ---- leaves ---- */

static pf_status bad_children(struct walk *w, const struct ArrowSchema *arrow, const char *what) {
    return pf_fail(w->err, PF_BAD_DATA,
                   "the type '%.20s' has %" PRId64 " children, not %s; this is a fault of the producer",
                   arrow->format, arrow->n_children, what);
}

static pf_status run_width(struct walk *w, const struct ArrowSchema *arrow, int8_t *width) {
    struct pf_type ends;
    if (arrow->n_children != 2)
        return bad_children(w, arrow, "two");
    PF_TRY(pf_type_of(arrow->children[0], &ends, w->err));
    *width = (int8_t)pf_kind_width(ends.kind);
    if (ends.kind != PF_KIND_INT16 && ends.kind != PF_KIND_INT32 && ends.kind != PF_KIND_INT64)
        return pf_fail(w->err, PF_BAD_DATA,
                       "run ends are not integers of 16, 32 or 64 bits; this is a fault of the producer");
    return PF_OK;
}

static pf_status put_leaf(struct walk *w, const struct ArrowSchema *arrow, bool key) {
    struct pf_parquet_column c = {.field = w->field, .step_count = w->step_count, .path_count = w->path_count};
    const struct ArrowSchema *values = arrow;
    c.name = pf_arena_text(&w->schema->arena, (const char *)w->shown.data, w->shown.size);
    c.steps = keep(w, w->steps, (size_t)w->step_count * sizeof *w->steps);
    c.path = keep(w, w->path, (size_t)w->path_count * sizeof *w->path);
    if (!c.name || !c.steps || !c.path)
        return pf_fail_memory(w->err, w->shown.size);
    if (strcmp(arrow->format, "+r") == 0) {
        PF_TRY(run_width(w, arrow, &c.run_width));
        values = arrow->children[1];
    }
    PF_TRY(pf_parquet_leaf_map(&c, values, w->settings, w->err));
    c.optional = !key && (c.optional || (arrow->flags & ARROW_FLAG_NULLABLE) != 0);
    c.max_definition = (int16_t)(w->definition + c.optional);
    c.max_repetition = w->repetition;
    struct pf_parquet_node node = {.name = c.path[c.path_count - 1],
                                   .leaf = (int64_t)(w->leaves.size / sizeof c),
                                   .repetition = c.optional ? OPTIONAL : REQUIRED,
                                   .converted = -1};
    read_field_id(arrow, &node);
    PF_TRY(put_node(w, &node));
    return pf_buf_put(&w->leaves, &c, sizeof c, w->err);
}

/* ---- groups ---- */

/* No two children of one name. kind: "columns" or "fields". */
static pf_status check_names(const struct ArrowSchema *arrow, const char *kind, struct pf_error *err) {
    struct pf_map names = {0};
    pf_status status = PF_OK;
    for (int64_t i = 0; i < arrow->n_children && status == PF_OK; i++) {
        const char *name = arrow->children[i]->name ? arrow->children[i]->name : "";
        int64_t first = i;
        status = pf_map_add(&names, name, strlen(name), i, &first, err);
        if (status == PF_OK && first != i) {
            status =
                pf_fail(err, PF_UNSUPPORTED, "%s %" PRId64 " and %" PRId64 " have the same name; rename one",
                        kind, first + 1, i + 1);
            pf_where(err, "column '%.80s'", name);
        }
    }
    pf_map_clear(&names);
    return status;
}

/* Children of a group, each with a step to it. */
static pf_status walk_fields(struct walk *w, const struct ArrowSchema *arrow, bool optional, bool map) {
    static const char *const map_names[] = {"key", "value"};
    for (int64_t i = 0; i < arrow->n_children; i++) {
        size_t shown = w->shown.size;
        const char *own = arrow->children[i]->name, *name = map ? map_names[i] : own ? own : "";
        w->steps[w->step_count++] =
            (struct pf_parquet_step){.kind = PF_PARQUET_STEP_STRUCT, .optional = optional, .child = (int32_t)i};
        PF_TRY(pf_buf_print(&w->shown, w->err, ".%s", name));
        PF_TRY(walk_type(w, arrow->children[i], name, map && i == 0));
        w->shown.size = shown;
        w->step_count--;
    }
    return PF_OK;
}

static pf_status walk_struct(struct walk *w, const struct ArrowSchema *arrow, const char *name, bool optional) {
    struct pf_parquet_node node = {.name = name,
                                   .leaf = -1,
                                   .children = (int32_t)arrow->n_children,
                                   .repetition = optional ? OPTIONAL : REQUIRED,
                                   .converted = -1};
    if (arrow->n_children < 1)
        return pf_fail(w->err, PF_UNSUPPORTED,
                       "a struct without fields has no place in Parquet; leave the column out");
    PF_TRY(check_names(arrow, "fields", w->err));
    read_field_id(arrow, &node);
    PF_TRY(put_node(w, &node));
    w->definition = (int16_t)(w->definition + optional);
    PF_TRY(walk_fields(w, arrow, optional, false));
    w->definition = (int16_t)(w->definition - optional);
    return PF_OK;
}

/* A list or map in three levels: what it is, the group that repeats, its items. */
static pf_status walk_list(struct walk *w, const struct ArrowSchema *arrow, const struct pf_type *type,
                           const char *name, bool optional) {
    bool map = type->kind == PF_KIND_MAP;
    if (arrow->n_children != 1)
        return bad_children(w, arrow, "one");
    const struct ArrowSchema *items = arrow->children[0];
    if (map && (!items->format || strcmp(items->format, "+s") != 0 || items->n_children != 2))
        return bad_children(w, items, "two in a struct");
    struct pf_parquet_node outer = {.name = name,
                                    .leaf = -1,
                                    .children = 1,
                                    .repetition = optional ? OPTIONAL : REQUIRED,
                                    .logical = map ? LOGICAL_MAP : LOGICAL_LIST,
                                    .converted = map ? CONVERTED_MAP : CONVERTED_LIST};
    struct pf_parquet_node inner = {.name = map ? "key_value" : "list",
                                    .leaf = -1,
                                    .children = map ? 2 : 1,
                                    .repetition = REPEATED,
                                    .converted = -1};
    read_field_id(arrow, &outer);
    PF_TRY(put_node(w, &outer));
    PF_TRY(put_node(w, &inner));
    w->path[w->path_count++] = inner.name;
    w->definition = (int16_t)(w->definition + optional + 1);
    w->repetition++;
    w->steps[w->step_count++] =
        (struct pf_parquet_step){.kind = (int8_t)(type->kind == PF_KIND_LARGE_LIST   ? PF_PARQUET_STEP_LARGE
                                                  : type->kind == PF_KIND_FIXED_LIST ? PF_PARQUET_STEP_FIXED
                                                                                     : PF_PARQUET_STEP_LIST),
                                 .optional = optional,
                                 .repetition = w->repetition,
                                 .width = type->width};
    PF_TRY(map ? walk_fields(w, items, false, true) : walk_type(w, items, "element", false));
    w->step_count--;
    w->repetition--;
    w->definition = (int16_t)(w->definition - optional - 1);
    w->path_count--;
    return PF_OK;
}

static pf_status walk_type(struct walk *w, const struct ArrowSchema *arrow, const char *name, bool key) {
    struct pf_type type;
    size_t size = strlen(name);
    pf_status status;
    if (pf_utf8_valid(name, size) != size)
        return pf_fail(w->err, PF_UNSUPPORTED, "a column's name is not UTF-8; rename it");
    if (++w->depth > DEPTH_MOST)
        return pf_fail(w->err, PF_LIMIT, "types are nested more than %d deep; flatten the column", DEPTH_MOST);
    PF_TRY(pf_type_of(arrow, &type, w->err));
    bool optional = !key && (arrow->flags & ARROW_FLAG_NULLABLE) != 0;
    w->path[w->path_count++] = name;
    if (!arrow->dictionary && type.kind == PF_KIND_STRUCT)
        status = walk_struct(w, arrow, name, optional);
    else if (!arrow->dictionary && (type.kind == PF_KIND_LIST || type.kind == PF_KIND_LARGE_LIST ||
                                    type.kind == PF_KIND_FIXED_LIST || type.kind == PF_KIND_MAP))
        status = walk_list(w, arrow, &type, name, optional);
    else
        status = put_leaf(w, arrow, key);
    w->path_count--;
    w->depth--;
    return status;
}

/* ---- the whole ---- */

static pf_status walk_field(struct walk *w, const struct ArrowSchema *arrow) {
    const char *name = arrow->name ? arrow->name : "";
    w->shown.size = 0;
    PF_TRY(pf_buf_text(&w->shown, name, w->err));
    pf_status status = walk_type(w, arrow, name, false);
    if (status != PF_OK && status != PF_NO_MEMORY && w->err && !w->err->where[0])
        pf_where(w->err, "column '%.80s'", name);
    return status;
}

pf_status pf_parquet_schema_open(struct pf_parquet_schema *schema, const struct ArrowSchema *arrow,
                                 const struct pf_parquet_settings *settings, struct pf_error *err) {
    *schema = (struct pf_parquet_schema){.fields = arrow->n_children};
    struct walk w = {.schema = schema, .settings = settings, .err = err};
    if (arrow->n_children < 1)
        return pf_fail(err, PF_UNSUPPORTED,
                       "a table without columns cannot be a Parquet file; choose one column");
    pf_status status = check_names(arrow, "columns", err);
    for (; w.field < arrow->n_children && status == PF_OK; w.field++)
        status = walk_field(&w, arrow->children[w.field]);
    pf_buf_clear(&w.shown);
    schema->count = (int64_t)(w.leaves.size / sizeof *schema->columns);
    schema->columns = (struct pf_parquet_column *)(void *)w.leaves.data;
    schema->leaves = w.leaves;
    if (status != PF_OK)
        pf_parquet_schema_clear(schema);
    return status;
}

void pf_parquet_schema_clear(struct pf_parquet_schema *schema) {
    pf_buf_clear(&schema->leaves);
    pf_buf_clear(&schema->nodes);
    pf_arena_clear(&schema->arena);
    *schema = (struct pf_parquet_schema){0};
}

/* ---- elements ---- */

static void put_group(const struct pf_parquet_node *node, struct pf_thrift *t) {
    pf_thrift_i32(t, 5, node->children);
    if (node->converted >= 0)
        pf_thrift_i32(t, 6, node->converted);
    if (node->has_id)
        pf_thrift_i32(t, 9, node->id);
    if (!node->logical)
        return;
    pf_thrift_open(t, 10);
    pf_thrift_open(t, node->logical);
    pf_thrift_close(t);
    pf_thrift_close(t);
}

void pf_parquet_schema_put(const struct pf_parquet_schema *schema, struct pf_thrift *t, int16_t field) {
    const struct pf_parquet_node *nodes = (const struct pf_parquet_node *)(const void *)schema->nodes.data;
    size_t count = schema->nodes.size / sizeof *nodes;
    pf_thrift_list(t, field, PF_THRIFT_STRUCT, count + 1);
    pf_thrift_item_open(t);
    pf_thrift_text(t, 4, "schema");
    pf_thrift_i32(t, 5, (int32_t)schema->fields);
    pf_thrift_close(t);
    for (size_t i = 0; i < count; i++) {
        const struct pf_parquet_node *node = &nodes[i];
        const struct pf_parquet_column *leaf = node->leaf < 0 ? NULL : &schema->columns[node->leaf];
        pf_thrift_item_open(t);
        if (leaf)
            pf_parquet_leaf_type(leaf, t);
        pf_thrift_i32(t, 3, node->repetition);
        pf_thrift_text(t, 4, node->name);
        if (leaf)
            pf_parquet_leaf_rest(leaf, node, t);
        else
            put_group(node, t);
        pf_thrift_close(t);
    }
}
