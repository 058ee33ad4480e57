/* test_shape_lineage.c — where rows came from stands behind the other columns.      SPDX-License-Identifier: MIT */
#include "shape_rows.h"

static const char *const names[] = {"source_file", "source_row", "empty"};
static const char *const values[] = {"dir/a.csv", NULL, ""};

static pf_status run_lineage(bool check, struct pf_error *err) {
    struct ArrowSchema in, out = {0};
    struct pf_lineage_args args = {3, names, values, 11};
    pf_shape_state *shape;
    pf_status status = PF_OK;
    static const char *const cells[] = {"1,2", "3", "4,5,6", ""};
    static const char *const files[] = {"dir/a.csv,dir/a.csv", "dir/a.csv", "dir/a.csv,dir/a.csv,dir/a.csv",
                                        ""};
    static const char *const rows[] = {"11,12", "13", "14,15,16", ""};
    PF_TRY(pf_schema_struct(&in, 1, err));
    struct pf_type type = {.kind = PF_KIND_INT64, .zone = ""};
    status = pf_schema_field(in.children[0], "n", &type, true, err);
    if (status == PF_OK)
        status = pf_shape_lineage.begin(&args, &in, NULL, &shape, &out, err);
    bool open = status == PF_OK;
    struct ArrowArray kept = {0};
    for (int i = 0; status == PF_OK && i < 4; i++) {
        struct ArrowArray batch = {0}, made = {0};
        struct pf_build build = {0};
        int32_t done;
        status = pf_build_open(&build, &type, err);
        for (int64_t k = 0; status == PF_OK && k < (int64_t)(strlen(cells[i]) + 1) / 2; k++)
            status = pf_build_value(&build, &k, err);
        struct ArrowArray column = {0};
        if (status == PF_OK)
            status = pf_build_take(&build, &column, err);
        if (status == PF_OK)
            status = pf_batch_wrap(&column, 1, column.length, &batch, err);
        if (status == PF_OK)
            status = pf_shape_lineage.apply(shape, &batch, &made, &done, err);
        if (status == PF_OK && check) {
            char text[128];
            print_column(&out, &made, 1, text);
            assert_string_equal(text, files[i]);
            print_column(&out, &made, 2, text);
            assert_string_equal(text, rows[i]);
        }
        pf_build_clear(&build);
        pf_array_release(&column);
        pf_array_release(&batch);
        if (i == 0) /* the first batch outlives the shape */
            kept = made;
        else
            pf_array_release(&made);
    }
    if (open)
        pf_shape_lineage.close(shape);
    if (status == PF_OK && check) {
        char text[128];
        print_column(&out, &kept, 1, text);
        assert_string_equal(text, files[0]);
        assert_string_equal(out.children[1]->name, "source_file");
        assert_string_equal(out.children[2]->format, "l");
    }
    pf_array_release(&kept);
    pf_schema_release(&in);
    pf_schema_release(&out);
    return status;
}

static void texts_repeat_and_rows_count_on_over_batches(void **state) {
    (void)state;
    assert_int_equal(run_lineage(true, NULL), PF_OK);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        pf_mem_fail_from(nth);
        status = run_lineage(false, NULL);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        assert_true(nth < 500);
    }
    pf_shape_lineage.close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_repeat_and_rows_count_on_over_batches),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
