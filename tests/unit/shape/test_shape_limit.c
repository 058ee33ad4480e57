/* test_shape_limit.c — rows left out at the front and stopped at the end.           SPDX-License-Identifier: MIT */
#include "shape_rows.h"

/* The numbers 0 … 19 in batches of five through the shape, as text. */
static int run_limit(int64_t skip, int64_t limit, char *text) {
    struct ArrowSchema in, out;
    struct pf_limit_args args = {skip, limit};
    pf_shape_state *shape;
    int32_t done = 0;
    int batches = 0;
    assert_int_equal(pf_schema_struct(&in, 1, NULL), PF_OK);
    make_field(in.children[0], "n", "int64");
    assert_int_equal(pf_shape_limit.begin(&args, &in, NULL, &shape, &out, NULL), PF_OK);
    assert_true(pf_schema_same(&in, &out));
    text[0] = 0;
    for (int first = 0; first < 20 && !done; first += 5, batches++) {
        struct ArrowArray column, batch, made;
        char cells[64], piece[64];
        snprintf(cells, sizeof cells, "%d,%d,%d,%d,%d", first, first + 1, first + 2, first + 3, first + 4);
        make_column("int64", cells, &column);
        assert_int_equal(pf_batch_wrap(&column, 1, 5, &batch, NULL), PF_OK);
        assert_int_equal(pf_shape_limit.apply(shape, &batch, &made, &done, NULL), PF_OK);
        assert_null(batch.release);
        print_column(&out, &made, 0, piece);
        sprintf(text + strlen(text), "%s%s", text[0] && piece[0] ? "," : "", piece);
        pf_array_release(&made);
    }
    pf_shape_limit.close(shape);
    pf_schema_release(&in);
    pf_schema_release(&out);
    return batches;
}

static void rows_are_skipped_and_limited_across_batches(void **state) {
    (void)state;
    char text[256];
    assert_int_equal(run_limit(0, -1, text), 4);
    assert_string_equal(text, "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19");
    assert_int_equal(run_limit(3, 4, text), 2);
    assert_string_equal(text, "3,4,5,6");
    assert_int_equal(run_limit(0, 5, text), 1); /* no further batch is pulled */
    assert_string_equal(text, "0,1,2,3,4");
    assert_int_equal(run_limit(12, -1, text), 4);
    assert_string_equal(text, "12,13,14,15,16,17,18,19");
    assert_int_equal(run_limit(0, 0, text), 1);
    assert_string_equal(text, "");
    assert_int_equal(run_limit(100, 3, text), 4);
    assert_string_equal(text, "");
}

static void negative_numbers_are_refused(void **state) {
    (void)state;
    struct ArrowSchema in, out;
    struct pf_limit_args args = {-1, 0}, other = {0, -2};
    pf_shape_state *shape;
    assert_int_equal(pf_schema_struct(&in, 0, NULL), PF_OK);
    assert_int_equal(pf_shape_limit.begin(&args, &in, NULL, &shape, &out, NULL), PF_ARGUMENT);
    assert_int_equal(pf_shape_limit.begin(&other, &in, NULL, &shape, &out, NULL), PF_ARGUMENT);
    for (int64_t nth = 1; nth < 3; nth++) {
        args.skip_rows = 0;
        pf_mem_fail_from(nth);
        assert_int_equal(pf_shape_limit.begin(&args, &in, NULL, &shape, &out, NULL), PF_NO_MEMORY);
        pf_mem_fail_from(0);
    }
    pf_shape_limit.close(NULL);
    pf_schema_release(&in);
}

static void a_broken_batch_is_an_error(void **state) {
    (void)state;
    struct ArrowSchema in, out;
    struct ArrowArray column, batch, made;
    struct pf_limit_args args = {1, 1};
    pf_shape_state *shape;
    int32_t done;
    assert_int_equal(pf_schema_struct(&in, 1, NULL), PF_OK);
    make_field(in.children[0], "n", "int64");
    assert_int_equal(pf_shape_limit.begin(&args, &in, NULL, &shape, &out, NULL), PF_OK);
    make_column("int64", "1,2,3", &column);
    assert_int_equal(pf_batch_wrap(&column, 1, 5, &batch, NULL), PF_OK); /* longer than its column */
    assert_int_equal(pf_shape_limit.apply(shape, &batch, &made, &done, NULL), PF_BAD_DATA);
    assert_null(made.release);
    pf_array_release(&batch);
    pf_shape_limit.close(shape);
    pf_schema_release(&in);
    pf_schema_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_skipped_and_limited_across_batches),
        cmocka_unit_test(negative_numbers_are_refused),
        cmocka_unit_test(a_broken_batch_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
