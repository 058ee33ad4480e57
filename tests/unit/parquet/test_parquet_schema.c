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
    static const char *const formats[] = {"tiM", "tiD", "tin",   "+l",     "+s",    "+w:3",       "+m",
                                          "+r",  "w:0", "d:0,0", "d:9,-1", "d:5,6", "d:77,0,256", NULL};
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
    assert_true(schema.columns[0].has_id && schema.columns[0].id == 17 && !schema.columns[0].optional);
    assert_true(!schema.columns[1].has_id && schema.columns[1].optional);
    pf_parquet_schema_clear(&schema);
    pf_schema_release(&table);
}

static void no_memory_is_said(void **state) {
    (void)state;
    struct one o;
    struct pf_parquet_schema schema;
    struct pf_parquet_settings settings = {.utc = true};
    make_one(&o, "l", NULL);
    for (int nth = 1; nth <= 2; nth++) {
        pf_mem_fail_from(nth);
        pf_status status = pf_parquet_schema_open(&schema, &o.table, &settings, NULL);
        pf_mem_fail_from(0);
        assert_int_equal(status, PF_NO_MEMORY);
    }
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
        cmocka_unit_test(field_ids_come_from_metadata),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
