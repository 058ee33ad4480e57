/* test_columns_batch.c — batches, slices that share, foreign batches made plain.   SPDX-License-Identifier: MIT
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
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_view.h"

static pf_status make_schema(struct ArrowSchema *out, struct pf_error *err) {
    struct pf_type number = {.kind = PF_KIND_INT64, .zone = ""}, text = {.kind = PF_KIND_UTF8, .zone = ""};
    PF_TRY(pf_schema_struct(out, 2, err));
    pf_status status = pf_schema_field(out->children[0], "n", &number, true, err);
    if (status == PF_OK)
        status = pf_schema_field(out->children[1], "t", &text, true, err);
    if (status != PF_OK)
        pf_schema_release(out);
    return status;
}

/* n: 0, 1, null, 3 …; t: "r0", "r1" … */
static pf_status make_batch(const struct ArrowSchema *schema, int64_t rows, struct ArrowArray *out,
                            struct pf_error *err) {
    struct pf_batch batch;
    pf_status status = pf_batch_open(&batch, schema, err);
    out->release = NULL;
    for (int64_t i = 0; status == PF_OK && i < rows; i++) {
        char text[24];
        int size = snprintf(text, sizeof text, "r%lld", (long long)i);
        status = i % 5 == 2 ? pf_build_null(&batch.builds[0], err) : pf_build_value(&batch.builds[0], &i, err);
        if (status == PF_OK)
            status = pf_build_bytes(&batch.builds[1], text, (size_t)size, err);
    }
    if (status == PF_OK)
        status = pf_batch_take(&batch, out, err);
    pf_batch_clear(&batch);
    return status;
}

/* Are the batch's rows those of make_batch from first on? */
static void check_batch_rows(const struct ArrowSchema *schema, const struct ArrowArray *batch, int64_t first,
                             int64_t rows) {
    struct pf_view number, text;
    assert_int_equal(batch->length, rows);
    assert_int_equal(pf_view_child(&number, schema, batch, 0, NULL), PF_OK);
    assert_int_equal(pf_view_child(&text, schema, batch, 1, NULL), PF_OK);
    for (int64_t i = 0; i < rows; i++) {
        char want[24];
        int64_t size;
        int digits = snprintf(want, sizeof want, "r%lld", (long long)(first + i));
        const uint8_t *at = pf_view_bytes(&text, i, &size);
        assert_int_equal(size, digits);
        assert_memory_equal(at, want, (size_t)size);
        assert_int_equal(pf_view_valid(&number, i), (first + i) % 5 != 2);
        if (pf_view_valid(&number, i))
            assert_int_equal(pf_load64(number.values + 8 * (number.offset + i)), first + i);
    }
}

static void a_batch_is_taken_again_and_again(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    assert_int_equal(make_schema(&schema, NULL), PF_OK);
    for (int64_t rows = 0; rows < 500; rows = rows * 4 + 1) {
        assert_int_equal(make_batch(&schema, rows, &array, NULL), PF_OK);
        check_batch_rows(&schema, &array, 0, rows);
        pf_array_release(&array);
    }
    pf_schema_release(&schema);
}

static void nulls_of_text_that_is_not_nullable_leave_as_empty_texts(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray out;
    struct pf_batch batch;
    struct pf_view number, text;
    int64_t size = -1;
    assert_int_equal(make_schema(&schema, NULL), PF_OK);
    schema.children[0]->flags = schema.children[1]->flags = 0;
    assert_int_equal(pf_batch_open(&batch, &schema, NULL), PF_OK);
    for (int again = 0; again < 2; again++) { /* also the batch behind the first */
        for (int i = 0; i < 2; i++)
            assert_int_equal(pf_build_null(&batch.builds[i], NULL), PF_OK);
        assert_int_equal(pf_batch_take(&batch, &out, NULL), PF_OK);
        assert_int_equal(out.children[0]->null_count, 1);
        assert_int_equal(out.children[1]->null_count, 0);
        assert_null(out.children[1]->buffers[0]);
        assert_int_equal(pf_view_child(&number, &schema, &out, 0, NULL), PF_OK);
        assert_int_equal(pf_view_child(&text, &schema, &out, 1, NULL), PF_OK);
        pf_view_bytes(&text, 0, &size);
        assert_int_equal(size, 0);
        pf_array_release(&out);
    }
    pf_batch_clear(&batch);
    pf_schema_release(&schema);
}

static void columns_of_unequal_length_are_a_bug_and_said_so(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct pf_batch batch;
    assert_int_equal(make_schema(&schema, NULL), PF_OK);
    assert_int_equal(pf_batch_open(&batch, &schema, NULL), PF_OK);
    assert_int_equal(pf_build_null(&batch.builds[1], NULL), PF_OK);
    assert_int_equal(pf_batch_take(&batch, &array, NULL), PF_INTERNAL);
    pf_batch_clear(&batch);
    pf_batch_clear(&batch);
    assert_int_equal(pf_batch_open(&batch, schema.children[0], NULL), PF_ARGUMENT);
    pf_schema_release(schema.children[1]);
    struct pf_type view = {.kind = PF_KIND_UTF8_VIEW, .zone = ""};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_schema_field(schema.children[1], "views", &view, true, NULL), PF_OK);
    assert_int_equal(pf_batch_open(&batch, &schema, &err), PF_UNSUPPORTED);
    assert_non_null(strstr(err.where, "views"));
    pf_schema_release(&schema);
}

static void slices_share_and_outlive_their_share(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array, a, b, c;
    pf_batch_share *share;
    assert_int_equal(make_schema(&schema, NULL), PF_OK);
    assert_int_equal(make_batch(&schema, 100, &array, NULL), PF_OK);
    assert_int_equal(pf_batch_share_open(&array, &share, NULL), PF_OK);
    assert_null(array.release);
    assert_int_equal(pf_batch_slice(share, 0, 10, &a, NULL), PF_OK);
    assert_int_equal(pf_batch_slice(share, 13, 80, &b, NULL), PF_OK);
    assert_int_equal(pf_batch_slice(share, 100, 0, &c, NULL), PF_OK);
    assert_int_equal(pf_batch_slice(share, 90, 11, &array, NULL), PF_ARGUMENT);
    assert_int_equal(pf_batch_slice(share, -1, 1, &array, NULL), PF_ARGUMENT);
    assert_ptr_equal(a.children[1]->buffers[2], b.children[1]->buffers[2]);
    pf_batch_share_drop(&share);
    assert_null(share);
    pf_array_release(&a);
    check_batch_rows(&schema, &b, 13, 80);
    check_batch_rows(&schema, &c, 100, 0);
    /* a slice of a slice, and a column moved out of it */
    struct ArrowArray d;
    assert_int_equal(pf_batch_share_open(&b, &share, NULL), PF_OK);
    assert_int_equal(pf_batch_slice(share, 7, 20, &d, NULL), PF_OK);
    pf_batch_share_drop(&share);
    check_batch_rows(&schema, &d, 20, 20);
    struct ArrowArray moved = *d.children[1];
    d.children[1]->release = NULL;
    pf_array_release(&d);
    pf_array_release(&c);
    struct pf_view view;
    int64_t size;
    assert_int_equal(pf_view_open(&view, schema.children[1], &moved, NULL), PF_OK);
    assert_memory_equal(pf_view_bytes(&view, 0, &size), "r20", 3);
    pf_array_release(&moved);
    pf_schema_release(&schema);
}

static void foreign_offsets_are_moved_into_the_columns(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    assert_int_equal(make_schema(&schema, NULL), PF_OK);
    assert_int_equal(make_batch(&schema, 100, &array, NULL), PF_OK);
    array.offset = 30; /* as a producer that slices its struct leaves it */
    array.length = 50;
    array.null_count = -1;
    check_batch_rows(&schema, &array, 30, 50);
    assert_int_equal(pf_batch_plain(&array, &schema, NULL), PF_OK);
    assert_int_equal(array.offset, 0);
    assert_int_equal(array.children[0]->offset, 30);
    assert_int_equal(array.children[0]->length, 50);
    check_batch_rows(&schema, &array, 30, 50);
    struct ArrowArray *before = array.children[0];
    assert_int_equal(pf_batch_plain(&array, &schema, NULL), PF_OK);
    assert_ptr_equal(before, array.children[0]);
    pf_array_release(&array);
    pf_schema_release(&schema);
}

static void broken_foreign_batches_are_refused(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    static const uint8_t some_null[] = {0xFD, 0xFF};
    pf_batch_share *share;
    assert_int_equal(make_schema(&schema, NULL), PF_OK);
    assert_int_equal(make_batch(&schema, 10, &array, NULL), PF_OK);
    array.offset = 3; /* the columns are too short for that */
    assert_int_equal(pf_batch_plain(&array, &schema, NULL), PF_BAD_DATA);
    array.offset = -3;
    assert_int_equal(pf_batch_plain(&array, &schema, NULL), PF_BAD_DATA);
    array.offset = INT64_MAX;
    assert_int_equal(pf_batch_plain(&array, &schema, NULL), PF_BAD_DATA);
    array.offset = 0;
    const void *own = array.buffers[0];
    array.buffers[0] = some_null;
    array.null_count = -1;
    assert_int_equal(pf_batch_share_open(&array, &share, NULL), PF_BAD_DATA);
    array.buffers[0] = own;
    schema.n_children = 1;
    assert_int_equal(pf_batch_plain(&array, &schema, NULL), PF_BAD_DATA);
    schema.n_children = 2;
    struct ArrowArray *child = array.children[1];
    array.children[1] = NULL;
    assert_int_equal(pf_batch_plain(&array, &schema, NULL), PF_BAD_DATA);
    array.children[1] = child;
    assert_int_equal(pf_batch_plain(&array, &schema, NULL), PF_OK);
    pf_array_release(&array);
    assert_int_equal(pf_batch_share_open(&array, &share, NULL), PF_STATE);
    pf_schema_release(&schema);
}

static int64_t foreign_ends;
static void end_foreign(struct ArrowArray *array) {
    foreign_ends++;
    array->release = NULL;
}
static void end_quietly(struct ArrowArray *array) { array->release = NULL; }

/* A foreign column: a struct of one child, and a dictionary beside it. */
struct nest {
    struct ArrowArray inner, dictionary, columns[2];
    struct ArrowArray *list[1], *column_list[2];
    struct ArrowArray batch;
};
static void make_nest(struct nest *nest) {
    memset(nest, 0, sizeof *nest);
    nest->inner = (struct ArrowArray){.length = 9, .release = end_quietly};
    nest->dictionary = (struct ArrowArray){.length = 3, .release = end_quietly};
    nest->list[0] = &nest->inner;
    nest->columns[0] = (struct ArrowArray){
        .length = 9, .null_count = 2, .n_children = 1, .children = nest->list, .release = end_quietly};
    nest->columns[1] =
        (struct ArrowArray){.length = 9, .dictionary = &nest->dictionary, .release = end_quietly};
    nest->column_list[0] = &nest->columns[0];
    nest->column_list[1] = &nest->columns[1];
    nest->batch = (struct ArrowArray){
        .length = 9, .n_children = 2, .children = nest->column_list, .release = end_foreign};
}

static void children_and_dictionaries_of_slices_hold_the_share_too(void **state) {
    (void)state;
    struct nest nest;
    struct ArrowArray slice;
    pf_batch_share *share;
    make_nest(&nest);
    foreign_ends = 0;
    assert_int_equal(pf_batch_share_open(&nest.batch, &share, NULL), PF_OK);
    assert_int_equal(pf_batch_slice(share, 2, 5, &slice, NULL), PF_OK);
    pf_batch_share_drop(&share);
    assert_int_equal(slice.children[0]->null_count, -1);
    assert_int_equal(slice.children[0]->children[0]->length, 9); /* a struct's offset covers its children */
    struct ArrowArray inner = *slice.children[0]->children[0], words = *slice.children[1]->dictionary;
    slice.children[0]->children[0]->release = NULL;
    slice.children[1]->dictionary->release = NULL;
    pf_array_release(&slice);
    assert_int_equal(foreign_ends, 0);
    pf_array_release(&inner);
    assert_int_equal(foreign_ends, 0);
    pf_array_release(&words);
    assert_int_equal(foreign_ends, 1);
}

static void nests_without_end_or_inside_are_refused_and_nothing_leaks(void **state) {
    (void)state;
    struct nest nest;
    struct ArrowArray slice;
    pf_batch_share *share;
    for (int broken = 0; broken < 3; broken++) {
        make_nest(&nest);
        foreign_ends = 0;
        if (broken == 0)
            nest.list[0] = &nest.columns[0]; /* it holds itself */
        else if (broken == 1)
            nest.list[0] = NULL;
        else
            nest.dictionary.n_children = -1;
        assert_int_equal(pf_batch_share_open(&nest.batch, &share, NULL), PF_OK);
        assert_int_equal(pf_batch_slice(share, 2, 5, &slice, NULL), broken ? PF_BAD_DATA : PF_LIMIT);
        assert_null(slice.release);
        assert_int_equal(foreign_ends, 0);
        pf_batch_share_drop(&share);
        assert_int_equal(foreign_ends, 1);
    }
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        make_nest(&nest);
        foreign_ends = 0;
        assert_int_equal(pf_batch_share_open(&nest.batch, &share, NULL), PF_OK);
        pf_mem_fail_from(nth);
        status = pf_batch_slice(share, 2, 5, &slice, NULL);
        pf_mem_fail_from(0);
        pf_array_release(&slice);
        pf_batch_share_drop(&share);
        assert_int_equal(foreign_ends, 1);
    }
}

static pf_status whole_life(struct pf_error *err) {
    struct ArrowSchema schema;
    struct ArrowArray array = {0}, slice = {0}, wrapped = {0};
    pf_batch_share *share = NULL;
    PF_TRY(make_schema(&schema, err));
    pf_status status = make_batch(&schema, 20, &array, err);
    if (status == PF_OK)
        status = pf_batch_share_open(&array, &share, err);
    if (status == PF_OK)
        status = pf_batch_slice(share, 3, 4, &slice, err);
    if (status == PF_OK)
        status = pf_batch_wrap(slice.children[1], 1, 4, &wrapped, err);
    pf_batch_share_drop(&share);
    pf_array_release(&wrapped);
    pf_array_release(&slice);
    pf_array_release(&array);
    pf_schema_release(&schema);
    return status;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        struct pf_error err = PF_ERROR_INIT;
        pf_mem_fail_from(nth);
        status = whole_life(&err);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        assert_true(nth < 500);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_taken_again_and_again),
        cmocka_unit_test(nulls_of_text_that_is_not_nullable_leave_as_empty_texts),
        cmocka_unit_test(columns_of_unequal_length_are_a_bug_and_said_so),
        cmocka_unit_test(slices_share_and_outlive_their_share),
        cmocka_unit_test(foreign_offsets_are_moved_into_the_columns),
        cmocka_unit_test(broken_foreign_batches_are_refused),
        cmocka_unit_test(children_and_dictionaries_of_slices_hold_the_share_too),
        cmocka_unit_test(nests_without_end_or_inside_are_refused_and_nothing_leaks),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
