/* test_columns_schema.c — schemas are built, copied, compared and released once.   SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_schema.h"

static pf_status make_field(struct ArrowSchema *out, const char *name, const char *type_text,
                            struct pf_error *err) {
    struct pf_type type;
    PF_TRY(pf_type_parse(type_text, &type, err));
    return pf_schema_field(out, name, &type, true, err);
}

static pf_status make_table(struct ArrowSchema *out, struct pf_error *err) {
    static const char *const types[] = {"int64", "decimal(9,2)", "timestamp[us, UTC]",
                                        "dictionary(int32, text)"};
    PF_TRY(pf_schema_struct(out, 4, err));
    pf_status status = PF_OK;
    for (int i = 0; status == PF_OK && i < 4; i++) {
        char name[8];
        snprintf(name, sizeof name, "c%d", i);
        status = make_field(out->children[i], name, types[i], err);
    }
    if (status == PF_OK)
        status = pf_schema_set_meta(out->children[0], "k", "v", err);
    if (status != PF_OK)
        pf_schema_release(out);
    return status;
}

static void a_copy_equals_its_source_and_outlives_it(void **state) {
    (void)state;
    struct ArrowSchema table, copy;
    size_t size;
    assert_int_equal(make_table(&table, NULL), PF_OK);
    assert_int_equal(pf_schema_copy(&table, &copy, NULL), PF_OK);
    assert_true(pf_schema_same(&table, &copy));
    pf_schema_release(&table);
    assert_null(table.release);
    assert_string_equal(copy.children[1]->format, "d:9,2");
    assert_string_equal(copy.children[3]->dictionary->format, "u");
    assert_memory_equal(pf_schema_meta(copy.children[0], "k", &size), "v", 1);
    assert_int_equal(pf_schema_find(&copy, "c2"), 2);
    assert_int_equal(pf_schema_find(&copy, "C2"), -1);
    pf_schema_release(&copy);
    pf_schema_release(&copy);
    pf_schema_release(NULL);
}

static void a_moved_child_lives_on_alone(void **state) {
    (void)state;
    struct ArrowSchema table;
    assert_int_equal(make_table(&table, NULL), PF_OK);
    struct ArrowSchema moved = *table.children[3];
    table.children[3]->release = NULL;
    pf_schema_release(&table);
    assert_string_equal(moved.name, "c3");
    assert_string_equal(moved.dictionary->format, "u");
    pf_schema_release(&moved);
}

static void equality_sees_names_types_nullability_and_children(void **state) {
    (void)state;
    struct ArrowSchema a, b;
    assert_int_equal(make_table(&a, NULL), PF_OK);
    assert_int_equal(make_table(&b, NULL), PF_OK);
    assert_true(pf_schema_same(&a, &b));
    assert_int_equal(pf_schema_rename(b.children[0], "other", NULL), PF_OK);
    assert_false(pf_schema_same(&a, &b));
    assert_int_equal(pf_schema_rename(b.children[0], "c0", NULL), PF_OK);
    assert_true(pf_schema_same(&a, &b));
    b.children[2]->flags = 0;
    assert_false(pf_schema_same(&a, &b));
    b.children[2]->flags = ARROW_FLAG_NULLABLE;
    pf_schema_release(b.children[1]);
    assert_int_equal(make_field(b.children[1], "c1", "decimal(9,3)", NULL), PF_OK);
    assert_false(pf_schema_same(&a, &b));
    pf_schema_release(b.children[1]);
    assert_int_equal(make_field(b.children[1], "c1", "decimal(9,2)", NULL), PF_OK);
    const char *old = b.children[1]->format;
    b.children[1]->format = "d:9,2,128";
    assert_true(pf_schema_same(&a, &b));
    b.children[1]->format = old;
    pf_schema_release(&a);
    pf_schema_release(&b);
}

static void count_pairs(void *ctx, const char *key, size_t key_size, const char *value, size_t size) {
    char *to = ctx;
    snprintf(to + strlen(to), 64, "%.*s=%.*s;", (int)key_size, key, (int)size, value);
}

static void metadata_are_set_replaced_and_removed(void **state) {
    (void)state;
    struct ArrowSchema field;
    size_t size;
    char all[256] = "";
    assert_int_equal(make_field(&field, "x", "text", NULL), PF_OK);
    assert_null(pf_schema_meta(&field, PF_META_FORMAT, &size));
    assert_int_equal(pf_schema_set_meta(&field, PF_META_FORMAT, "dd/mm/yyyy", NULL), PF_OK);
    assert_int_equal(pf_schema_set_meta(&field, PF_META_SOURCE, "", NULL), PF_OK);
    assert_int_equal(pf_schema_set_meta(&field, PF_META_FORMAT, "comma", NULL), PF_OK);
    pf_schema_each_meta(&field, count_pairs, all);
    assert_string_equal(all, "pyforge.source=;pyforge.format=comma;");
    const char *text = pf_schema_meta(&field, PF_META_FORMAT, &size);
    assert_int_equal(size, 5);
    assert_memory_equal(text, "comma", 5);
    assert_int_equal(pf_schema_set_meta(&field, PF_META_FORMAT, NULL, NULL), PF_OK);
    assert_int_equal(pf_schema_set_meta(&field, PF_META_SOURCE, NULL, NULL), PF_OK);
    assert_null(field.metadata);
    pf_schema_release(&field);
}

static void never_release(struct ArrowSchema *schema) { schema->release = NULL; }

static void foreign_schemas_are_not_changed_and_broken_ones_not_copied(void **state) {
    (void)state;
    static const char negative[] = "\x01\0\0\0\xff\xff\xff\xff";
    struct ArrowSchema foreign = {.format = "l", .name = "f", .release = never_release}, copy;
    assert_int_equal(pf_schema_rename(&foreign, "g", NULL), PF_ARGUMENT);
    assert_int_equal(pf_schema_set_meta(&foreign, "k", "v", NULL), PF_ARGUMENT);
    assert_int_equal(pf_schema_copy(&foreign, &copy, NULL), PF_OK);
    assert_int_equal(pf_schema_rename(&copy, "g", NULL), PF_OK);
    pf_schema_release(&copy);
    foreign.metadata = negative;
    assert_int_equal(pf_schema_copy(&foreign, &copy, NULL), PF_BAD_DATA);
    foreign.metadata = NULL;
    foreign.n_children = 1;
    assert_int_equal(pf_schema_copy(&foreign, &copy, NULL), PF_BAD_DATA);
    struct ArrowSchema *self = &foreign; /* a type that holds itself has no end */
    foreign.children = &self;
    assert_int_equal(pf_schema_copy(&foreign, &copy, NULL), PF_LIMIT);
    foreign.format = NULL;
    assert_int_equal(pf_schema_copy(&foreign, &copy, NULL), PF_BAD_DATA);
    assert_int_equal(pf_schema_struct(&copy, -1, NULL), PF_ARGUMENT);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        struct ArrowSchema table, copy = {0};
        struct pf_error err = PF_ERROR_INIT;
        pf_mem_fail_from(nth);
        status = make_table(&table, &err);
        if (status == PF_OK) {
            status = pf_schema_copy(&table, &copy, &err);
            pf_schema_release(&table);
        }
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || (status == PF_NO_MEMORY && err.code == PF_NO_MEMORY));
        pf_schema_release(&copy);
        assert_true(nth < 200);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_equals_its_source_and_outlives_it),
        cmocka_unit_test(a_moved_child_lives_on_alone),
        cmocka_unit_test(equality_sees_names_types_nullability_and_children),
        cmocka_unit_test(metadata_are_set_replaced_and_removed),
        cmocka_unit_test(foreign_schemas_are_not_changed_and_broken_ones_not_copied),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
