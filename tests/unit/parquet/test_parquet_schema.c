/* test_parquet_schema.c — every type gets its place, or is refused with the column's name.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_schema.h"
#include "write/parquet/parquet_schema.h"

static void release_nothing(struct ArrowSchema *schema) { schema->release = NULL; }

struct one {
    struct ArrowSchema table, field, values, *pointer;
};
static void make_one(struct one *o, const char *format, const char *values) {
    memset(o, 0, sizeof *o);
    o->field = (struct ArrowSchema){
        .format = format, .name = "Price", .flags = ARROW_FLAG_NULLABLE, .release = release_nothing};
    o->values = (struct ArrowSchema){.format = values, .name = "", .release = release_nothing};
    if (values)
        o->field.dictionary = &o->values;
    o->pointer = &o->field;
    o->table = (struct ArrowSchema){
        .format = "+s", .n_children = 1, .children = &o->pointer, .release = release_nothing};
}

static pf_status open_one(const char *format, bool modern, bool utc, struct pf_parquet_column *out,
                          struct pf_error *err) {
    struct one o;
    struct pf_parquet_schema schema;
    struct pf_parquet_settings settings = {.modern = modern, .utc = utc};
    make_one(&o, format, NULL);
    pf_status status = pf_parquet_schema_open(&schema, &o.table, &settings, err);
    if (status == PF_OK && out)
        *out = schema.columns[0];
    pf_parquet_schema_clear(&schema);
    return status;
}

static void spark_refuses_what_it_cannot_read(void **state) {
    (void)state;
    static const char *const formats[] = {"C",   "S",   "I",   "L",   "e",    "n",       "tts",        "ttm",
                                          "ttu", "ttn", "tDs", "tDn", "tsn:", "tsn:UTC", "d:39,0,256", NULL};
    for (int i = 0; formats[i]; i++) {
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(open_one(formats[i], false, true, NULL, &err), PF_UNSUPPORTED);
        assert_non_null(strstr(err.where, "column 'Price'"));
        assert_non_null(strstr(err.message, "--profile modern"));
        assert_int_equal(open_one(formats[i], true, true, NULL, &err), PF_OK);
    }
}

static void what_has_no_place_is_refused(void **state) {
    (void)state;
    static const char *const formats[] = {"tiM",   "tiD",    "tin",   "+s",         "+ud:", "w:0",
                                          "d:0,0", "d:9,-1", "d:5,6", "d:77,0,256", NULL};
    for (int i = 0; formats[i]; i++)
        for (int modern = 0; modern < 2; modern++) {
            struct pf_error err = PF_ERROR_INIT;
            pf_status status = open_one(formats[i], modern, true, NULL, &err);
            assert_true(status == PF_UNSUPPORTED || status == PF_BAD_DATA);
            if (status == PF_UNSUPPORTED)
                assert_non_null(strstr(err.where, "column 'Price'"));
        }
}

static void decimals_take_the_least_bytes(void **state) {
    (void)state;
    struct pf_parquet_column c;
    static const struct {
        const char *format;
        int physical, width;
    } want[] = {{"d:9,2", PF_PARQUET_INT32, 4},       {"d:10,2", PF_PARQUET_INT64, 8},
                {"d:18,0", PF_PARQUET_INT64, 8},      {"d:19,0", PF_PARQUET_FIXED, 9},
                {"d:38,38", PF_PARQUET_FIXED, 16},    {"d:5,0,256", PF_PARQUET_INT32, 4},
                {"d:39,0,256", PF_PARQUET_FIXED, 17}, {"d:76,0,256", PF_PARQUET_FIXED, 32}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(open_one(want[i].format, true, true, &c, NULL), PF_OK);
        assert_int_equal(c.physical, want[i].physical);
        assert_int_equal(c.width, want[i].width);
    }
}

static void timestamps_follow_profile_and_zone(void **state) {
    (void)state;
    struct pf_parquet_column c;
    assert_int_equal(open_one("tss:", false, true, &c, NULL), PF_OK);
    assert_true(c.unit == PF_UNIT_MICRO && c.factor == 1000000 && c.adjusted && c.converted == 10);
    assert_int_equal(open_one("tsm:", false, false, &c, NULL), PF_OK);
    assert_true(c.unit == PF_UNIT_MICRO && c.factor == 1000 && !c.adjusted);
    assert_int_equal(open_one("tsm:Asia/Tokyo", false, false, &c, NULL), PF_OK);
    assert_true(c.adjusted);
    assert_int_equal(open_one("tss:", true, true, &c, NULL), PF_OK);
    assert_true(c.unit == PF_UNIT_MILLI && c.factor == 1000 && c.converted == 9);
    assert_int_equal(open_one("tsn:", true, false, &c, NULL), PF_OK);
    assert_true(c.unit == PF_UNIT_NANO && c.take == PF_PARQUET_TAKE_8 && c.converted == -1);
}

static void fixed_bytes_are_bare_only_in_modern(void **state) {
    (void)state;
    struct pf_parquet_column c;
    assert_int_equal(open_one("w:7", false, true, &c, NULL), PF_OK);
    assert_true(c.physical == PF_PARQUET_BYTES && c.width == 0);
    assert_int_equal(open_one("w:7", true, true, &c, NULL), PF_OK);
    assert_true(c.physical == PF_PARQUET_FIXED && c.width == 7);
}

static void dictionaries_have_the_type_of_their_values(void **state) {
    (void)state;
    struct one o;
    struct pf_parquet_schema schema;
    struct pf_parquet_settings settings = {.utc = true};
    make_one(&o, "i", "u");
    assert_int_equal(pf_parquet_schema_open(&schema, &o.table, &settings, NULL), PF_OK);
    assert_int_equal(schema.columns[0].physical, PF_PARQUET_BYTES);
    pf_parquet_schema_clear(&schema);
    struct pf_error err = PF_ERROR_INIT;
    make_one(&o, "i", "+l");
    assert_int_equal(pf_parquet_schema_open(&schema, &o.table, &settings, &err), PF_UNSUPPORTED);
}

static void equal_names_and_no_columns_are_refused(void **state) {
    (void)state;
    struct one o, p;
    struct pf_parquet_schema schema;
    struct pf_parquet_settings settings = {.utc = true};
    struct pf_error err = PF_ERROR_INIT;
    make_one(&o, "l", NULL);
    make_one(&p, "u", NULL);
    struct ArrowSchema *both[] = {&o.field, &p.field};
    o.table.n_children = 2;
    o.table.children = both;
    assert_int_equal(pf_parquet_schema_open(&schema, &o.table, &settings, &err), PF_UNSUPPORTED);
    assert_non_null(strstr(err.where, "column 'Price'"));
    assert_non_null(strstr(err.message, "1 and 2"));
    o.table.n_children = 0;
    assert_int_equal(pf_parquet_schema_open(&schema, &o.table, &settings, &err), PF_UNSUPPORTED);
    make_one(&o, "l", NULL);
    o.field.name = "bad \xFF name";
    assert_int_equal(pf_parquet_schema_open(&schema, &o.table, &settings, &err), PF_UNSUPPORTED);
}

/* A schema by hand: up to two children each. */
struct tree {
    struct ArrowSchema node;
    struct ArrowSchema *children[2];
};

static void grow(struct tree *tree, const char *format, const char *name, bool nullable, struct tree *a,
                 struct tree *b) {
    *tree = (struct tree){.children = {a ? &a->node : NULL, b ? &b->node : NULL}};
    tree->node = (struct ArrowSchema){.format = format,
                                      .name = name,
                                      .flags = nullable ? ARROW_FLAG_NULLABLE : 0,
                                      .n_children = (a != NULL) + (b != NULL),
                                      .children = tree->children,
                                      .release = release_nothing};
}

static void leaves_of_nested_types_have_paths_and_levels(void **state) {
    (void)state;
    struct tree table, places, place, city, tags, tag, attributes, pair, key, value;
    struct pf_parquet_schema schema;
    struct pf_parquet_settings settings = {.utc = true};
    grow(&tag, "i", "item", false, NULL, NULL);
    grow(&tags, "+L", "tags", true, &tag, NULL);
    grow(&city, "u", "city", true, NULL, NULL);
    grow(&place, "+s", "item", true, &city, &tags);
    grow(&places, "+l", "places", true, &place, NULL);
    grow(&key, "u", "k", true, NULL, NULL);
    grow(&value, "l", "v", true, NULL, NULL);
    grow(&pair, "+s", "entries", false, &key, &value);
    grow(&attributes, "+m", "attributes", false, &pair, NULL);
    grow(&table, "+s", "", false, &places, &attributes);
    assert_int_equal(pf_parquet_schema_open(&schema, &table.node, &settings, NULL), PF_OK);
    static const struct {
        const char *name, *path;
        int definition, repetition, field, steps;
    } want[] = {{"places.city", "places/list/element/city", 4, 1, 0, 2},
                {"places.tags", "places/list/element/tags/list/element", 5, 2, 0, 3},
                {"attributes.key", "attributes/key_value/key", 1, 1, 1, 2},
                {"attributes.value", "attributes/key_value/value", 2, 1, 1, 2}};
    assert_int_equal(schema.count, 4);
    assert_int_equal(schema.fields, 2);
    for (int i = 0; i < 4; i++) {
        const struct pf_parquet_column *c = &schema.columns[i];
        char path[128] = "";
        for (int32_t n = 0; n < c->path_count; n++) {
            strcat(path, n ? "/" : "");
            strcat(path, c->path[n]);
        }
        assert_string_equal(c->name, want[i].name);
        assert_string_equal(path, want[i].path);
        assert_int_equal(c->max_definition, want[i].definition);
        assert_int_equal(c->max_repetition, want[i].repetition);
        assert_int_equal(c->field, want[i].field);
        assert_int_equal(c->step_count, want[i].steps);
    }
    assert_false(schema.columns[2].optional); /* a map's keys are always there */
    pf_parquet_schema_clear(&schema);
}

static void trees_that_are_none_are_refused(void **state) {
    (void)state;
    static struct tree deep[40];
    struct tree table, list, entries, leaf, other;
    struct pf_parquet_schema schema;
    struct pf_parquet_settings settings = {.utc = true};
    struct pf_error err = PF_ERROR_INIT;
    grow(&leaf, "l", "same", true, NULL, NULL);
    grow(&other, "l", "same", true, NULL, NULL);
    grow(&list, "+s", "pair", true, &leaf, &other);
    grow(&table, "+s", "", false, &list, NULL);
    assert_int_equal(pf_parquet_schema_open(&schema, &table.node, &settings, &err), PF_UNSUPPORTED);
    grow(&list, "+l", "list", true, NULL, NULL);
    assert_int_equal(pf_parquet_schema_open(&schema, &table.node, &settings, &err), PF_BAD_DATA);
    assert_non_null(strstr(err.where, "column 'list'"));
    grow(&entries, "+s", "entries", false, &leaf, NULL);
    grow(&list, "+m", "map", true, &entries, NULL);
    assert_int_equal(pf_parquet_schema_open(&schema, &table.node, &settings, &err), PF_BAD_DATA);
    grow(&list, "+r", "runs", true, &leaf, NULL);
    assert_int_equal(pf_parquet_schema_open(&schema, &table.node, &settings, &err), PF_BAD_DATA);
    grow(&entries, "u", "ends", false, NULL, NULL);
    grow(&list, "+r", "runs", true, &entries, &leaf);
    assert_int_equal(pf_parquet_schema_open(&schema, &table.node, &settings, &err), PF_BAD_DATA);
    grow(&deep[0], "l", "item", true, NULL, NULL);
    for (int i = 1; i < 40; i++)
        grow(&deep[i], "+l", "item", true, &deep[i - 1], NULL);
    grow(&table, "+s", "", false, &deep[39], NULL);
    assert_int_equal(pf_parquet_schema_open(&schema, &table.node, &settings, &err), PF_LIMIT);
}

static void field_ids_come_from_metadata(void **state) {
    (void)state;
    struct ArrowSchema table = {0};
    struct pf_type type = {.kind = PF_KIND_INT64};
    struct pf_parquet_schema schema;
    struct pf_parquet_settings settings = {.utc = true};
    assert_int_equal(pf_schema_struct(&table, 2, NULL), PF_OK);
    assert_int_equal(pf_schema_field(table.children[0], "a", &type, false, NULL), PF_OK);
    assert_int_equal(pf_schema_field(table.children[1], "b", &type, true, NULL), PF_OK);
    assert_int_equal(pf_schema_set_meta(table.children[0], "PARQUET:field_id", "17", NULL), PF_OK);
    assert_int_equal(pf_schema_set_meta(table.children[1], "PARQUET:field_id", "1x", NULL), PF_OK);
    assert_int_equal(pf_parquet_schema_open(&schema, &table, &settings, NULL), PF_OK);
    const struct pf_parquet_node *nodes = (const struct pf_parquet_node *)(const void *)schema.nodes.data;
    assert_true(nodes[0].has_id && nodes[0].id == 17 && !schema.columns[0].optional);
    assert_true(!nodes[1].has_id && schema.columns[1].optional);
    pf_parquet_schema_clear(&schema);
    pf_schema_release(&table);
}

static void no_memory_is_said(void **state) {
    (void)state;
    struct one o;
    struct pf_parquet_schema schema;
    struct pf_parquet_settings settings = {.utc = true};
    make_one(&o, "l", NULL);
    pf_status status = PF_NO_MEMORY;
    int nth = 1;
    for (; status == PF_NO_MEMORY; nth++) {
        pf_mem_fail_from(nth);
        status = pf_parquet_schema_open(&schema, &o.table, &settings, NULL);
        pf_mem_fail_from(0);
    }
    assert_true(status == PF_OK && nth > 4);
    pf_parquet_schema_clear(&schema);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spark_refuses_what_it_cannot_read),
        cmocka_unit_test(what_has_no_place_is_refused),
        cmocka_unit_test(decimals_take_the_least_bytes),
        cmocka_unit_test(timestamps_follow_profile_and_zone),
        cmocka_unit_test(fixed_bytes_are_bare_only_in_modern),
        cmocka_unit_test(dictionaries_have_the_type_of_their_values),
        cmocka_unit_test(equal_names_and_no_columns_are_refused),
        cmocka_unit_test(leaves_of_nested_types_have_paths_and_levels),
        cmocka_unit_test(trees_that_are_none_are_refused),
        cmocka_unit_test(field_ids_come_from_metadata),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
