/* test_shape_select.c — columns are kept, dropped, reordered and renamed without a copy.  SPDX-License-Identifier: MIT */
#include "shape_rows.h"

static void make_table(struct ArrowSchema *schema, struct ArrowArray *batch) {
    struct ArrowArray columns[3];
    assert_int_equal(pf_schema_struct(schema, 3, NULL), PF_OK);
    make_field(schema->children[0], "a", "int64");
    make_field(schema->children[1], "b", "text");
    make_field(schema->children[2], "c", "double");
    make_column("int64", "1,2,3", &columns[0]);
    make_column("text", "x,-,z", &columns[1]);
    make_column("double", "0.5,1,-", &columns[2]);
    assert_int_equal(pf_batch_wrap(columns, 3, 3, batch, NULL), PF_OK);
}

static void columns_come_in_the_order_and_under_the_names_asked_for(void **state) {
    (void)state;
    struct ArrowSchema in, out;
    struct ArrowArray batch, made;
    static const int32_t columns[] = {2, 0};
    static const char *const names[] = {"third", NULL};
    struct pf_select_args args = {2, columns, names};
    pf_shape_state *shape;
    int32_t done = 1;
    char text[64];
    make_table(&in, &batch);
    assert_int_equal(pf_shape_select.begin(&args, &in, NULL, &shape, &out, NULL), PF_OK);
    const void *values = batch.children[2]->buffers[1];
    batch.offset = 1; /* a foreign slice */
    batch.length = 2;
    assert_int_equal(pf_shape_select.apply(shape, &batch, &made, &done, NULL), PF_OK);
    assert_int_equal(done, 0);
    assert_null(batch.release);
    assert_string_equal(out.children[0]->name, "third");
    assert_string_equal(out.children[1]->name, "a");
    assert_int_equal(out.n_children, 2);
    assert_int_equal(made.n_children, 2);
    assert_ptr_equal(made.children[0]->buffers[1], values);
    print_column(&out, &made, 0, text);
    assert_string_equal(text, "1,-");
    print_column(&out, &made, 1, text);
    assert_string_equal(text, "2,3");
    pf_shape_select.close(shape);
    pf_array_release(&made);
    pf_schema_release(&in);
    pf_schema_release(&out);
}

static void no_column_at_all_still_has_rows(void **state) {
    (void)state;
    struct ArrowSchema in, out;
    struct ArrowArray batch, made;
    struct pf_select_args args = {0, NULL, NULL};
    pf_shape_state *shape;
    int32_t done;
    make_table(&in, &batch);
    assert_int_equal(pf_shape_select.begin(&args, &in, NULL, &shape, &out, NULL), PF_OK);
    assert_int_equal(pf_shape_select.apply(shape, &batch, &made, &done, NULL), PF_OK);
    assert_int_equal(made.length, 3);
    pf_shape_select.close(shape);
    pf_array_release(&made);
    pf_schema_release(&in);
    pf_schema_release(&out);
}

static void columns_that_are_not_there_or_twice_are_refused(void **state) {
    (void)state;
    struct ArrowSchema in, out;
    struct ArrowArray batch;
    pf_shape_state *shape;
    static const int32_t wrong[][2] = {{0, 3}, {-1, 0}, {1, 1}};
    make_table(&in, &batch);
    for (int i = 0; i < 3; i++) {
        struct pf_select_args args = {2, wrong[i], NULL};
        assert_int_equal(pf_shape_select.begin(&args, &in, NULL, &shape, &out, NULL), PF_ARGUMENT);
        assert_null(shape);
        assert_null(out.release);
    }
    pf_array_release(&batch);
    pf_schema_release(&in);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    static const int32_t columns[] = {2, 0};
    static const char *const names[] = {"third", NULL};
    struct pf_select_args args = {2, columns, names};
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        struct ArrowSchema in, out = {0};
        struct ArrowArray batch, made = {0};
        pf_shape_state *shape;
        int32_t done;
        make_table(&in, &batch);
        pf_mem_fail_from(nth);
        status = pf_shape_select.begin(&args, &in, NULL, &shape, &out, NULL);
        if (status == PF_OK) {
            status = pf_shape_select.apply(shape, &batch, &made, &done, NULL);
            pf_shape_select.close(shape);
        }
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        pf_array_release(&batch);
        pf_array_release(&made);
        pf_schema_release(&in);
        pf_schema_release(&out);
        assert_true(nth < 200);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_come_in_the_order_and_under_the_names_asked_for),
        cmocka_unit_test(no_column_at_all_still_has_rows),
        cmocka_unit_test(columns_that_are_not_there_or_twice_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
