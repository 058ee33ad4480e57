/* test_columns_view.c — foreign arrays of every layout; broken ones are refused with column and row.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "columns/columns_view.h"

static void never_release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void never_release_array(struct ArrowArray *array) { array->release = NULL; }

/* One foreign column in the caller's storage. */
struct foreign {
    struct ArrowSchema schema;
    struct ArrowArray array;
    const void *buffers[6];
};

static void make_foreign(struct foreign *f, const char *format, int64_t length, int64_t n_buffers) {
    memset(f, 0, sizeof *f);
    f->schema = (struct ArrowSchema){.format = format, .name = "col", .release = never_release_schema};
    f->array = (struct ArrowArray){.length = length,
                                   .null_count = -1,
                                   .n_buffers = n_buffers,
                                   .buffers = f->buffers,
                                   .release = never_release_array};
}

static void expect_refused(struct foreign *f, int64_t row, const char *word) {
    struct pf_view view;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_view_open(&view, &f->schema, &f->array, &err), PF_BAD_DATA);
    assert_int_equal(err.row, row);
    assert_non_null(strstr(err.where, "col"));
    assert_non_null(strstr(err.message, word));
}

static const int32_t offsets32[] = {0, 1, 3, 3, 6, 10};
static const int64_t offsets64[] = {0, 1, 3, 3, 6, 10};
static const char texts[] = "abbcccdddd";

static void texts_of_both_widths_with_an_offset(void **state) {
    (void)state;
    struct foreign f;
    struct pf_view view;
    int64_t size;
    static const char *const formats[] = {"u", "z", "U", "Z"};
    static const char *const want[] = {"bb", "", "ccc"};
    for (int i = 0; i < 4; i++) {
        make_foreign(&f, formats[i], 3, 3);
        f.array.offset = 1;
        f.buffers[1] = i < 2 ? (const void *)offsets32 : offsets64;
        f.buffers[2] = texts;
        assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
        assert_int_equal(view.nulls, 0);
        assert_int_equal(view.large, i >= 2);
        for (int64_t row = 0; row < 3; row++) {
            const uint8_t *at = pf_view_bytes(&view, row, &size);
            assert_int_equal(size, strlen(want[row]));
            assert_memory_equal(at, want[row], (size_t)size);
        }
    }
}

static void nulls_are_counted_exactly_whatever_the_producer_says(void **state) {
    (void)state;
    static const uint8_t bitmap[] = {0xB5, 0x01}; /* rows 1, 3 and 6 are null */
    static const int64_t values[9] = {0};
    struct foreign f;
    struct pf_view view;
    make_foreign(&f, "l", 6, 2);
    f.buffers[0] = bitmap;
    f.buffers[1] = values;
    f.array.offset = 2;
    assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
    assert_int_equal(view.nulls, 2);
    assert_true(pf_view_valid(&view, 0));
    assert_false(pf_view_valid(&view, 1));
    assert_false(pf_view_valid(&view, 4));
    f.array.null_count = 0; /* not true, and harmless */
    assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
    assert_int_equal(view.nulls, 2);
    f.array.length = 1;
    assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
    assert_int_equal(view.nulls, 0);
    assert_null(view.valid);
}

static void offsets_that_fall_are_refused_at_their_row(void **state) {
    (void)state;
    static const int32_t falls[] = {0, 1, 3, 2, 6, 10}, minus[] = {-1, 1, 2};
    static const int64_t falls64[] = {0, 1, 3, 2, 6, 10}, minus64[] = {-1, 1, 2};
    struct foreign f;
    make_foreign(&f, "u", 5, 3);
    f.buffers[1] = falls;
    f.buffers[2] = texts;
    expect_refused(&f, 3, "offsets");
    f.array.offset = 2;
    f.array.length = 3;
    expect_refused(&f, 1, "offsets");
    f.array.offset = 3; /* the rows behind are good */
    f.array.length = 2;
    struct pf_view view;
    assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
    f.array.offset = 0;
    f.buffers[1] = minus;
    expect_refused(&f, 1, "offsets");
    make_foreign(&f, "Z", 5, 3);
    f.buffers[1] = falls64;
    f.buffers[2] = texts;
    expect_refused(&f, 3, "offsets");
    f.array.length = 2;
    f.buffers[1] = minus64;
    expect_refused(&f, 1, "offsets");
}

static void missing_and_superfluous_buffers_are_refused(void **state) {
    (void)state;
    struct foreign f;
    struct pf_view view;
    make_foreign(&f, "u", 5, 3);
    expect_refused(&f, -1, "values are missing");
    f.buffers[1] = offsets32;
    expect_refused(&f, -1, "text is missing");
    f.array.n_buffers = 2;
    expect_refused(&f, -1, "number of buffers");
    make_foreign(&f, "U", 5, 3);
    f.buffers[1] = offsets64;
    expect_refused(&f, -1, "text is missing");
    make_foreign(&f, "l", 5, 3);
    expect_refused(&f, -1, "number of buffers");
    make_foreign(&f, "l", 5, 2);
    expect_refused(&f, -1, "values are missing");
    f.array.buffers = NULL;
    expect_refused(&f, -1, "buffers are missing");
    make_foreign(&f, "n", 5, 1);
    expect_refused(&f, -1, "number of buffers");
    make_foreign(&f, "vu", 5, 2);
    expect_refused(&f, -1, "number of buffers");
    make_foreign(&f, "u", 0, 3); /* an empty array needs none */
    assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
    make_foreign(&f, "w:0", 3, 2);
    assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
}

static void broken_lengths_and_counts_are_refused(void **state) {
    (void)state;
    static const int64_t values[4] = {0};
    struct foreign f;
    make_foreign(&f, "l", -1, 2);
    f.buffers[1] = values;
    expect_refused(&f, -1, "out of range");
    f.array.length = 2;
    f.array.offset = -1;
    expect_refused(&f, -1, "out of range");
    f.array.offset = INT64_MAX - 1;
    expect_refused(&f, -1, "out of range");
    f.array.offset = 0;
    f.array.null_count = 3;
    expect_refused(&f, -1, "null count");
    f.array.null_count = -2;
    expect_refused(&f, -1, "null count");
    f.array.null_count = 1;
    expect_refused(&f, -1, "no bitmap");
}

static void put_view(uint8_t *to, int32_t size, const char *inside, int32_t buffer, int32_t offset) {
    memset(to, 0, 16);
    memcpy(to, &size, 4);
    if (size >= 0 && size <= 12)
        memcpy(to + 4, inside, (size_t)size);
    else {
        memcpy(to + 4, inside, 4);
        memcpy(to + 8, &buffer, 4);
        memcpy(to + 12, &offset, 4);
    }
}

static void view_texts_short_long_and_broken(void **state) {
    (void)state;
    static const char pool[] = "0123456789abcdefghij";
    static const int64_t sizes[] = {20};
    static const uint8_t bitmap[] = {0x07};
    uint8_t values[4 * 16];
    struct foreign f;
    struct pf_view view;
    int64_t size;
    make_foreign(&f, "vu", 3, 4);
    f.buffers[1] = values;
    f.buffers[2] = pool;
    f.buffers[3] = sizes;
    put_view(values, 12, "exactly_12_b", 0, 0);
    put_view(values + 16, 13, pool + 7, 0, 7);
    put_view(values + 32, 0, "", 0, 0);
    put_view(values + 48, 900, "junk", 77, 1);
    assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
    assert_memory_equal(pf_view_bytes(&view, 0, &size), "exactly_12_b", 12);
    assert_int_equal(size, 12);
    assert_memory_equal(pf_view_bytes(&view, 1, &size), "789abcdefghij", 13);
    assert_int_equal(size, 13);
    pf_view_bytes(&view, 2, &size);
    assert_int_equal(size, 0);
    f.array.length = 4;
    expect_refused(&f, 4, "outside");
    f.buffers[0] = bitmap; /* rubbish under a null is allowed, and never touched */
    assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
    pf_view_bytes(&view, 3, &size);
    assert_int_equal(size, 0);
    f.buffers[0] = NULL;
    put_view(values + 48, 13, "789a", 0, 8); /* one byte too far */
    expect_refused(&f, 4, "outside");
    put_view(values + 48, 13, "789a", 0, -1);
    expect_refused(&f, 4, "outside");
    put_view(values + 48, 13, "789a", -1, 0);
    expect_refused(&f, 4, "outside");
    put_view(values + 48, -5, "789a", 0, 0);
    expect_refused(&f, 4, "negative");
    f.buffers[3] = NULL;
    expect_refused(&f, -1, "sizes");
}

static void dictionary_indices_must_be_inside(void **state) {
    (void)state;
    struct foreign f, values;
    struct pf_view view, words;
    static const uint8_t bitmap[] = {0x0B};
    static const struct {
        const char *format;
        int bytes;
    } kinds[] = {{"c", 1}, {"C", 1}, {"s", 2}, {"S", 2}, {"i", 4}, {"I", 4}, {"l", 8}, {"L", 8}};
    make_foreign(&values, "u", 5, 3);
    values.buffers[1] = offsets32;
    values.buffers[2] = texts;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        uint8_t indices[4 * 8] = {0};
        make_foreign(&f, kinds[k].format, 3, 2);
        f.schema.dictionary = &values.schema;
        f.buffers[1] = indices;
        indices[0 * kinds[k].bytes] = 3;
        indices[1 * kinds[k].bytes] = 4;
        expect_refused(&f, -1, "dictionary is missing");
        f.array.dictionary = &values.array;
        assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
        assert_int_equal(pf_view_open(&words, f.schema.dictionary, view.dictionary, NULL), PF_OK);
        int64_t size;
        assert_memory_equal(pf_view_bytes(&words, pf_view_index(&view, 0), &size), "ccc", 3);
        pf_view_bytes(&view, 0, &size); /* texts are not in the indices */
        assert_int_equal(size, 0);
        indices[2 * kinds[k].bytes] = 5;
        expect_refused(&f, 3, "beyond");
        memset(indices + 2 * kinds[k].bytes, 0xFF, (size_t)kinds[k].bytes);
        expect_refused(&f, 3, "beyond");
        f.buffers[0] = bitmap; /* under a null it may be anything */
        assert_int_equal(pf_view_open(&view, &f.schema, &f.array, NULL), PF_OK);
        assert_int_equal(view.nulls, 1);
    }
}

static void nested_types_are_refused_by_name(void **state) {
    (void)state;
    struct foreign f;
    struct pf_view view;
    struct pf_error err = PF_ERROR_INIT;
    make_foreign(&f, "+l", 0, 2);
    assert_int_equal(pf_view_open(&view, &f.schema, &f.array, &err), PF_UNSUPPORTED);
    assert_non_null(strstr(err.where, "col"));
}

static void columns_are_seen_through_their_batch(void **state) {
    (void)state;
    static const int64_t values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    static const uint8_t bitmap[] = {0xFE, 0x03};
    struct foreign f;
    make_foreign(&f, "l", 8, 2);
    f.buffers[0] = bitmap;
    f.buffers[1] = values;
    f.array.offset = 1;
    f.array.null_count = 0;
    struct ArrowSchema *field = &f.schema;
    struct ArrowArray *column = &f.array;
    struct ArrowSchema schema = {
        .format = "+s", .n_children = 1, .children = &field, .release = never_release_schema};
    struct ArrowArray batch = {.length = 4, .offset = 3, .n_children = 1, .children = &column};
    struct pf_view view;
    assert_int_equal(pf_view_child(&view, &schema, &batch, 0, NULL), PF_OK);
    assert_int_equal(view.length, 4);
    assert_int_equal(pf_load64(view.values + 8 * view.offset), 4);
    assert_int_equal(pf_view_child(&view, &schema, &batch, 1, NULL), PF_BAD_DATA);
    assert_int_equal(pf_view_child(&view, &schema, &batch, -1, NULL), PF_BAD_DATA);
    batch.offset = 5;
    assert_int_equal(pf_view_child(&view, &schema, &batch, 0, NULL), PF_BAD_DATA);
    batch.offset = INT64_MAX;
    assert_int_equal(pf_view_child(&view, &schema, &batch, 0, NULL), PF_BAD_DATA);
    f.array.offset = 0;
    f.array.null_count = 1; /* in a row outside of the batch */
    batch.offset = 2;
    assert_int_equal(pf_view_child(&view, &schema, &batch, 0, NULL), PF_OK);
    assert_int_equal(view.nulls, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_both_widths_with_an_offset),
        cmocka_unit_test(nulls_are_counted_exactly_whatever_the_producer_says),
        cmocka_unit_test(offsets_that_fall_are_refused_at_their_row),
        cmocka_unit_test(missing_and_superfluous_buffers_are_refused),
        cmocka_unit_test(broken_lengths_and_counts_are_refused),
        cmocka_unit_test(view_texts_short_long_and_broken),
        cmocka_unit_test(dictionary_indices_must_be_inside),
        cmocka_unit_test(nested_types_are_refused_by_name),
        cmocka_unit_test(columns_are_seen_through_their_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
