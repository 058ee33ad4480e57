/* test_shape_conform.c — batches are brought to a wider schema by name.             SPDX-License-Identifier: MIT */
#include "shape_rows.h"

static struct pf_conform_args conform_more; /* beside the target */

static pf_status run_conform(const char *const target[][2], int64_t n, const char *const in_columns[][3],
                             int64_t m, char *text, struct pf_error *err) {
    struct ArrowSchema schema, in, out = {0};
    struct ArrowArray columns[8], batch, made = {0};
    struct pf_conform_args args = conform_more;
    pf_shape_state *shape;
    int32_t done;
    args.target = &schema;
    assert_int_equal(pf_schema_struct(&schema, n, NULL), PF_OK);
    assert_int_equal(pf_schema_struct(&in, m, NULL), PF_OK);
    for (int64_t i = 0; i < n; i++)
        make_field(schema.children[i], target[i][0], target[i][1]);
    for (int64_t i = 0; i < m; i++) {
        make_field(in.children[i], in_columns[i][0], in_columns[i][1]);
        make_column(in_columns[i][1], in_columns[i][2], &columns[i]);
    }
    assert_int_equal(pf_batch_wrap(columns, m, columns[0].length, &batch, NULL), PF_OK);
    pf_status status = pf_shape_conform.begin(&args, &in, NULL, &shape, &out, err);
    pf_schema_release(&schema);
    pf_schema_release(&in);
    text[0] = 0;
    if (status == PF_OK) {
        status = pf_shape_conform.apply(shape, &batch, &made, &done, err);
        for (int64_t i = 0; status == PF_OK && i < out.n_children; i++) {
            struct pf_type type;
            char name[96], cells[128];
            assert_int_equal(pf_type_of(out.children[i], &type, NULL), PF_OK);
            pf_type_print(&type, name, sizeof name);
            print_column(&out, &made, i, cells);
            sprintf(text + strlen(text), "%s %s %s;", out.children[i]->name, name, cells);
        }
        pf_shape_conform.close(shape);
    }
    pf_array_release(&batch);
    pf_array_release(&made);
    pf_schema_release(&out);
    return status;
}

static void a_column_without_values_fits_every_type_until_a_value_comes(void **state) {
    (void)state;
    static const char *const in[][3] = {{"a", "int64", "7,8,9"}, {"x", "text", "-,-,-"}};
    static const char *const late[][3] = {{"a", "int64", "7,8,9"}, {"x", "text", "-,word,-"}};
    static const char *const target[][2] = {{"x", "int64"}, {"a", "int64"}};
    static const uint8_t unseen[] = {0, 1};
    for (int broken = 0; broken < 2; broken++) {
        const char *const(*columns)[3] = broken ? late : in;
        int64_t failed = 7;
        struct pf_error err = PF_ERROR_INIT;
        char text[512];
        conform_more = (struct pf_conform_args){.unseen = unseen, .failed_column = &failed};
        pf_status status = run_conform(target, 2, columns, 2, text, &err);
        conform_more = (struct pf_conform_args){0};
        assert_int_equal(status, broken ? PF_WIDEN : PF_OK);
        assert_int_equal(failed, broken ? -1 : 7);
        if (!broken)
            assert_string_equal(text, "x int64 -,-,-;a int64 7,8,9;");
        else {
            assert_int_equal(err.row, 2);
            assert_non_null(strstr(err.message, "'word'"));
        }
    }
}

static void columns_are_found_by_name_and_missing_ones_are_null(void **state) {
    (void)state;
    static const char *const target[][2] = {
        {"id", "int64"}, {"Name", "text"}, {"when", "timestamp[us, UTC]"}, {"x", "double"}};
    static const char *const in[][3] = {{"x", "int32", "1,-"}, {"NAME", "text", "a,b"}, {"id", "int64", "7,8"}};
    char text[512];
    assert_int_equal(run_conform(target, 4, in, 3, text, NULL), PF_OK);
    assert_string_equal(text, "id int64 7,8;Name text a,b;when timestamp[us, UTC] -,-;x double 1,-;");
}

static void an_exact_name_goes_before_one_that_differs_by_case(void **state) {
    (void)state;
    static const char *const target[][2] = {{"a", "int64"}, {"A", "int64"}};
    static const char *const in[][3] = {{"A", "int64", "1"}, {"a", "int64", "2"}};
    static const char *const only[][3] = {{"A", "int64", "3"}};
    char text[512];
    assert_int_equal(run_conform(target, 2, in, 2, text, NULL), PF_OK);
    assert_string_equal(text, "a int64 2;A int64 1;");
    assert_int_equal(run_conform(target, 2, only, 1, text, NULL), PF_OK);
    assert_string_equal(text, "a int64 -;A int64 3;");
}

static void types_widen_without_loss(void **state) {
    (void)state;
    static const char *const target[][2] = {{"a", "decimal(20,0)"}, {"b", "timestamp[us]"},
                                            {"c", "text"},          {"d", "date"},
                                            {"e", "large_text"},    {"f", "dictionary(int32, text)"}};
    static const char *const in[][3] = {{"a", "int64", "-9223372036854775808"},
                                        {"b", "date", "1"},
                                        {"c", "double", "0.1"},
                                        {"d", "null", "-"},
                                        {"e", "text", "x"}};
    char text[512];
    assert_int_equal(run_conform(target, 6, in, 5, text, NULL), PF_OK);
    assert_string_equal(text, "a decimal(20,0) -9223372036854775808;b timestamp[us] 1970-01-02T00:00:00;c text "
                              "0.1;d date -;e text x;f text -;");
}

static void an_integer_that_is_no_double_asks_for_text_with_its_place(void **state) {
    (void)state;
    static const char *const target[][2] = {{"a", "double"}};
    static const char *const in[][3] = {{"a", "int64", "1,-,9007199254740993"}};
    struct pf_error err = PF_ERROR_INIT;
    char text[512];
    assert_int_equal(run_conform(target, 1, in, 1, text, &err), PF_WIDEN);
    assert_int_equal(err.row, 3);
    assert_string_equal(err.where, "column 'a'");
    assert_non_null(strstr(err.message, "9007199254740993"));
}

static void what_the_target_cannot_take_is_refused_at_the_start(void **state) {
    (void)state;
    static const char *const target[][2] = {{"a", "int64"}};
    static const char *const more[][3] = {{"a", "int64", "1"}, {"b", "int64", "1"}};
    static const char *const other[][3] = {{"a", "text", "1"}};
    struct pf_error err = PF_ERROR_INIT;
    char text[512];
    assert_int_equal(run_conform(target, 1, more, 2, text, &err), PF_BAD_DATA);
    assert_non_null(strstr(err.message, "'b'"));
    static const char *const twice[][3] = {{"a", "int64", "1"}, {"A", "int64", "2"}};
    assert_int_equal(run_conform(target, 1, twice, 2, text, &err), PF_BAD_DATA); /* A has no place of its own */
    assert_non_null(strstr(err.message, "'A'"));
    assert_int_equal(run_conform(target, 1, other, 1, text, &err), PF_UNSUPPORTED);
    assert_string_equal(err.where, "column 'a'");
}

static void nested_columns_pass_and_cannot_be_missing(void **state) {
    (void)state;
    struct ArrowSchema schema, in, out;
    struct pf_conform_args args = {&schema};
    pf_shape_state *shape;
    assert_int_equal(pf_schema_struct(&schema, 1, NULL), PF_OK);
    assert_int_equal(pf_schema_struct(schema.children[0], 0, NULL), PF_OK);
    assert_int_equal(pf_schema_rename(schema.children[0], "s", NULL), PF_OK);
    assert_int_equal(pf_shape_conform.begin(&args, &schema, NULL, &shape, &out, NULL), PF_OK);
    assert_true(pf_schema_same(&schema, &out));
    pf_shape_conform.close(shape);
    pf_schema_release(&out);
    assert_int_equal(pf_schema_struct(&in, 0, NULL), PF_OK);
    assert_int_equal(pf_shape_conform.begin(&args, &in, NULL, &shape, &out, NULL), PF_UNSUPPORTED);
    assert_null(shape);
    pf_schema_release(&in);
    pf_schema_release(&schema);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    struct ArrowSchema target, in;
    assert_int_equal(pf_schema_struct(&target, 3, NULL), PF_OK);
    assert_int_equal(pf_schema_struct(&in, 2, NULL), PF_OK);
    make_field(target.children[0], "a", "double");
    make_field(target.children[1], "b", "text");
    make_field(target.children[2], "c", "date");
    make_field(in.children[0], "B", "text");
    make_field(in.children[1], "a", "int64");
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        struct ArrowSchema out = {0};
        struct ArrowArray columns[2], batch, made = {0};
        struct pf_conform_args args = {&target};
        pf_shape_state *shape;
        int32_t done;
        make_column("text", "x,y", &columns[0]);
        make_column("int64", "1,2", &columns[1]);
        assert_int_equal(pf_batch_wrap(columns, 2, 2, &batch, NULL), PF_OK);
        pf_mem_fail_from(nth);
        status = pf_shape_conform.begin(&args, &in, NULL, &shape, &out, NULL);
        if (status == PF_OK) {
            status = pf_shape_conform.apply(shape, &batch, &made, &done, NULL);
            pf_shape_conform.close(shape);
        }
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        pf_array_release(&batch);
        pf_array_release(&made);
        pf_schema_release(&out);
        assert_true(nth < 300);
    }
    pf_shape_conform.close(NULL);
    pf_schema_release(&in);
    pf_schema_release(&target);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_without_values_fits_every_type_until_a_value_comes),
        cmocka_unit_test(columns_are_found_by_name_and_missing_ones_are_null),
        cmocka_unit_test(an_exact_name_goes_before_one_that_differs_by_case),
        cmocka_unit_test(types_widen_without_loss),
        cmocka_unit_test(an_integer_that_is_no_double_asks_for_text_with_its_place),
        cmocka_unit_test(what_the_target_cannot_take_is_refused_at_the_start),
        cmocka_unit_test(nested_columns_pass_and_cannot_be_missing),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
