/* test_shape_utf8.c — text of foreign streams is UTF-8 or refused with its row.    SPDX-License-Identifier: MIT */
#include "shape_rows.h"

/* Two batches of one column through the shape; gives the status, and the row of the failure in *row. */
static pf_status run_utf8(const char *type, const char *first, const char *second, int64_t *row) {
    struct ArrowSchema in, out;
    pf_shape_state *shape;
    struct pf_error err = PF_ERROR_INIT;
    const char *cells[] = {first, second};
    pf_status status = PF_OK;
    assert_int_equal(pf_schema_struct(&in, 1, NULL), PF_OK);
    make_field(in.children[0], "city", type);
    assert_int_equal(pf_shape_utf8.begin(NULL, &in, NULL, &shape, &out, NULL), PF_OK);
    assert_true(pf_schema_same(&in, &out));
    for (int i = 0; i < 2 && status == PF_OK; i++) {
        struct ArrowArray column, batch, made;
        int32_t done = 1;
        make_column(type, cells[i], &column);
        int64_t rows = column.length;
        assert_int_equal(pf_batch_wrap(&column, 1, rows, &batch, NULL), PF_OK);
        status = pf_shape_utf8.apply(shape, &batch, &made, &done, &err);
        if (status == PF_OK) {
            assert_null(batch.release);
            assert_int_equal(made.length, rows);
            assert_int_equal(done, 0);
            pf_array_release(&made);
        } else {
            assert_null(made.release);
            assert_non_null(strstr(err.where, "'city'"));
            pf_array_release(&batch);
        }
    }
    *row = err.row;
    pf_shape_utf8.close(shape);
    pf_schema_release(&in);
    pf_schema_release(&out);
    return status;
}

static void bytes_that_are_no_text_are_refused_with_their_row(void **state) {
    (void)state;
    int64_t row;
    assert_int_equal(run_utf8("text", "K\xC3\xB6ln,-,,Ulm", "\xE2\x82\xAC", &row), PF_OK);
    assert_int_equal(run_utf8("text", "Ulm,-,K\xF6ln,Rom", "x", &row), PF_BAD_DATA);
    assert_int_equal(row, 3);
    assert_int_equal(run_utf8("text", "Ulm,Rom", "Bonn,\xFF", &row), PF_BAD_DATA);
    assert_int_equal(row, 4); /* of the table, not of the batch */
    /* each half is no text, though both together are */
    assert_int_equal(run_utf8("text", "a,K\xC3,\xB6ln", "x", &row), PF_BAD_DATA);
    assert_int_equal(row, 2);
}

static void columns_without_text_may_hold_any_bytes(void **state) {
    (void)state;
    int64_t row;
    assert_int_equal(run_utf8("binary", "\xFF,\xF6", "\xC3", &row), PF_OK);
    assert_int_equal(run_utf8("int64", "1,2", "3", &row), PF_OK);
}

static void memory_that_runs_out_leaves_nothing(void **state) {
    (void)state;
    struct ArrowSchema in, out;
    pf_shape_state *shape = NULL;
    int64_t nth = 0;
    pf_status status;
    assert_int_equal(pf_schema_struct(&in, 1, NULL), PF_OK);
    make_field(in.children[0], "city", "text");
    do {
        pf_mem_fail_from(++nth);
        status = pf_shape_utf8.begin(NULL, &in, NULL, &shape, &out, NULL);
        pf_mem_fail_from(0);
        if (status != PF_OK) {
            assert_int_equal(status, PF_NO_MEMORY);
            assert_null(shape);
            assert_null(out.release);
        }
    } while (status != PF_OK && nth < 100);
    assert_true(nth > 2);
    pf_shape_utf8.close(shape);
    pf_schema_release(&in);
    pf_schema_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_that_are_no_text_are_refused_with_their_row),
        cmocka_unit_test(columns_without_text_may_hold_any_bytes),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
