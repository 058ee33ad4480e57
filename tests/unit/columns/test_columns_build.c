/* test_columns_build.c — growing columns become arrays that read back as they were put in.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_build.h"
#include "columns/columns_schema.h"
#include "columns/columns_view.h"

static struct pf_type type_named(const char *text) {
    struct pf_type type;
    assert_int_equal(pf_type_parse(text, &type, NULL), PF_OK);
    return type;
}

static const char *const every_type[] = {
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float",
    "double",
    "decimal(38,3)",
    "decimal256(60,2)",
    "date",
    "date64",
    "time32[s]",
    "time[us]",
    "timestamp",
    "timestamp[ns]",
    "duration",
    "interval_months",
    "interval_daytime",
    "interval_nano",
    "text",
    "binary",
    "fixed_binary(5)",
    "fixed_binary(1)",
};

/* Row → bytes that differ from row to row; every seventh row is null. */
static size_t value_of(const struct pf_build *b, int64_t row, uint8_t *to) {
    size_t size = b->type.kind == PF_KIND_BOOL ? 1 : b->width ? (size_t)b->width : (size_t)(row % 40);
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)((uint64_t)(row * 31 + (int64_t)i * 7) >> (i & 3));
    if (b->type.kind == PF_KIND_BOOL)
        to[0] = row % 3 == 0;
    return size;
}

static pf_status fill(struct pf_build *b, int64_t rows, bool nulls, struct pf_error *err) {
    uint8_t value[64];
    for (int64_t row = 0; row < rows; row++) {
        size_t size = value_of(b, row, value);
        if (nulls && row % 7 == 0)
            PF_TRY(pf_build_null(b, err));
        else if (b->type.kind == PF_KIND_UTF8 || b->type.kind == PF_KIND_BINARY)
            PF_TRY(pf_build_bytes(b, value, size, err));
        else
            PF_TRY(pf_build_value(b, value, err));
    }
    return PF_OK;
}

static void check_rows(const struct pf_build *like, const struct ArrowSchema *field, struct ArrowArray *array,
                       int64_t rows, bool nulls) {
    struct pf_view view;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(array->length, rows);
    assert_int_equal(pf_view_open(&view, field, array, &err), PF_OK);
    int64_t missing = 0;
    for (int64_t row = 0; row < rows; row++) {
        uint8_t value[64];
        size_t size = value_of(like, row, value);
        if (nulls && row % 7 == 0) {
            missing++;
            assert_false(pf_view_valid(&view, row));
            continue;
        }
        assert_true(pf_view_valid(&view, row));
        if (view.type.kind == PF_KIND_BOOL)
            assert_int_equal(pf_bit_get(view.values, view.offset + row), value[0]);
        else if (like->width && view.type.kind != PF_KIND_FIXED_BINARY)
            assert_memory_equal(view.values + (view.offset + row) * like->width, value, size);
        else {
            int64_t got;
            const uint8_t *at = pf_view_bytes(&view, row, &got);
            assert_int_equal(got, size);
            assert_memory_equal(at, value, size);
        }
    }
    assert_int_equal(view.nulls, missing);
    assert_int_equal(array->null_count, missing);
    if (array->n_buffers)
        assert_true(missing > 0 || array->buffers[0] == NULL);
}

static void every_type_reads_back_as_it_was_put_in(void **state) {
    (void)state;
    for (size_t t = 0; t < sizeof every_type / sizeof *every_type; t++)
        for (int nulls = 0; nulls < 2; nulls++)
            for (int64_t rows = 0; rows < 700; rows = rows * 3 + 1) {
                struct pf_type type = type_named(every_type[t]);
                struct pf_build build;
                struct ArrowSchema field;
                struct ArrowArray first, second;
                assert_int_equal(pf_build_open(&build, &type, NULL), PF_OK);
                assert_int_equal(pf_schema_field(&field, "x", &type, true, NULL), PF_OK);
                assert_int_equal(fill(&build, rows, nulls, NULL), PF_OK);
                assert_int_equal(pf_build_take(&build, &first, NULL), PF_OK);
                assert_int_equal(build.length, 0);
                assert_int_equal(fill(&build, rows / 2, nulls, NULL), PF_OK);
                assert_int_equal(pf_build_take(&build, &second, NULL), PF_OK);
                check_rows(&build, &field, &first, rows, nulls);
                check_rows(&build, &field, &second, rows / 2, nulls);
                for (int64_t i = 0; i < first.n_buffers; i++)
                    assert_int_equal((uintptr_t)first.buffers[i] % 64, 0);
                pf_array_release(&first);
                assert_null(first.release);
                pf_array_release(&second);
                pf_array_release(&second);
                pf_build_clear(&build);
                pf_schema_release(&field);
            }
}

static void a_null_column_has_no_buffers_and_only_nulls(void **state) {
    (void)state;
    struct pf_type type = type_named("null");
    struct pf_build build;
    struct ArrowSchema field;
    struct ArrowArray array;
    struct pf_view view;
    assert_int_equal(pf_build_open(&build, &type, NULL), PF_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(pf_build_null(&build, NULL), PF_OK);
    assert_int_equal(pf_build_value(&build, "", NULL), PF_INTERNAL);
    assert_int_equal(pf_build_bytes(&build, "", 0, NULL), PF_INTERNAL);
    assert_int_equal(pf_build_take(&build, &array, NULL), PF_OK);
    assert_int_equal(array.n_buffers, 0);
    assert_int_equal(array.null_count, 5);
    assert_int_equal(pf_schema_field(&field, "x", &type, true, NULL), PF_OK);
    assert_int_equal(pf_view_open(&view, &field, &array, NULL), PF_OK);
    assert_int_equal(view.nulls, 5);
    assert_false(pf_view_valid(&view, 3));
    pf_array_release(&array);
    pf_schema_release(&field);
    pf_build_clear(&build);
}

static void check_invariants(const struct pf_build *b) {
    assert_true(b->length <= b->room);
    int64_t cleared = b->length - pf_bits_count(b->valid, 0, b->length);
    assert_int_equal(cleared, b->nulls);
    for (int64_t row = b->length; row < b->room; row++) {
        assert_true(pf_bit_get(b->valid, row));
        if (b->type.kind == PF_KIND_BOOL)
            assert_false(pf_bit_get(b->values, row));
    }
    if (b->offsets) {
        assert_int_equal(b->offsets[b->length], b->data_size);
        assert_true(b->data_size <= b->data_room);
    }
}

static void the_invariants_for_hot_loops_hold_through_growth_and_truncation(void **state) {
    (void)state;
    static const char *const types[] = {"bool", "int32", "text"};
    for (size_t t = 0; t < 3; t++) {
        struct pf_type type = type_named(types[t]);
        struct pf_build build;
        assert_int_equal(pf_build_open(&build, &type, NULL), PF_OK);
        for (int round = 0; round < 12; round++) {
            assert_int_equal(fill(&build, 50 * round, true, NULL), PF_OK);
            assert_int_equal(pf_build_reserve(&build, 1, 1, NULL), PF_OK);
            check_invariants(&build);
            pf_build_truncate(&build, build.length - build.length / 3);
            check_invariants(&build);
        }
        pf_build_truncate(&build, build.length + 5);
        pf_build_truncate(&build, -1);
        pf_build_truncate(&build, 0);
        check_invariants(&build);
        assert_int_equal(build.nulls, 0);
        assert_int_equal(build.data_size, 0);
        pf_build_clear(&build);
        pf_build_clear(&build);
    }
}

static void there_is_slack_behind_every_buffer(void **state) {
    (void)state;
    struct pf_type type = type_named("text"), whole = type_named("int64");
    struct pf_build text, number;
    assert_int_equal(pf_build_open(&text, &type, NULL), PF_OK);
    assert_int_equal(pf_build_open(&number, &whole, NULL), PF_OK);
    assert_int_equal(pf_build_reserve(&text, 100, 5000, NULL), PF_OK);
    assert_int_equal(pf_build_reserve(&number, 100, 0, NULL), PF_OK);
    memset(text.data + text.data_room, 1, 64); /* the sanitizer watches */
    memset((uint8_t *)(text.offsets + text.room + 1), 1, 64);
    memset(number.values + number.room * 8, 1, 64);
    memset(number.valid + (number.room + 7) / 8, 1, 64);
    pf_build_clear(&text);
    pf_build_clear(&number);
}

static void growth_is_by_half_at_least(void **state) {
    (void)state;
    struct pf_type type = type_named("text");
    struct pf_build build;
    int moves = 0;
    const uint8_t *data = NULL;
    assert_int_equal(pf_build_open(&build, &type, NULL), PF_OK);
    for (int i = 0; i < 200000; i++) {
        assert_int_equal(pf_build_bytes(&build, "12345678", 8, NULL), PF_OK);
        moves += build.data != data;
        data = build.data;
    }
    assert_true(moves < 25);
    assert_int_equal(pf_build_bytes_held(&build), 200000 / 8 + 200001 * 4 + 1600000);
    pf_build_clear(&build);
}

static void more_than_2_gib_of_text_is_refused(void **state) {
    (void)state;
    struct pf_type type = type_named("binary");
    struct pf_build build;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_build_open(&build, &type, NULL), PF_OK);
    assert_int_equal(pf_build_bytes(&build, "abc", 3, NULL), PF_OK);
    assert_int_equal(pf_build_reserve(&build, 1, INT32_MAX, &err), PF_LIMIT);
    assert_int_equal(pf_build_reserve(&build, 1, INT64_MAX, &err), PF_LIMIT);
    assert_int_equal(pf_build_reserve(&build, INT64_MAX, 0, &err), PF_LIMIT);
    assert_int_equal(pf_build_reserve(&build, -1, 0, &err), PF_LIMIT);
    assert_int_equal(pf_build_bytes(&build, "", (size_t)INT32_MAX + 1, &err), PF_LIMIT);
    assert_int_equal(build.length, 1);
    check_invariants(&build);
    pf_build_clear(&build);
}

static void types_that_cannot_be_built_are_refused(void **state) {
    (void)state;
    static const char *const types[] = {"large_text", "text_view", "dictionary(int32, text)", "large_binary",
                                        "binary_view"};
    struct pf_build build;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct pf_type type = type_named(types[i]);
        assert_int_equal(pf_build_open(&build, &type, NULL), PF_UNSUPPORTED);
    }
    struct pf_type list = {.kind = PF_KIND_LIST};
    assert_int_equal(pf_build_open(&build, &list, NULL), PF_UNSUPPORTED);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    for (size_t t = 0; t < sizeof every_type / sizeof *every_type; t++) {
        struct pf_type type = type_named(every_type[t]);
        pf_status status = PF_NO_MEMORY;
        for (int64_t nth = 1; status != PF_OK; nth++) {
            struct pf_build build;
            struct ArrowArray array = {0};
            struct pf_error err = PF_ERROR_INIT;
            assert_int_equal(pf_build_open(&build, &type, NULL), PF_OK);
            pf_mem_fail_from(nth);
            status = fill(&build, 300, true, &err);
            if (status == PF_OK)
                status = pf_build_take(&build, &array, &err);
            pf_mem_fail_from(0);
            if (status != PF_OK) {
                assert_int_equal(err.code, PF_NO_MEMORY);
                if (build.room)
                    check_invariants(&build); /* and it can go on */
                assert_int_equal(pf_build_null(&build, NULL), PF_OK);
                check_invariants(&build);
            }
            pf_array_release(&array);
            pf_build_clear(&build);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_reads_back_as_it_was_put_in),
        cmocka_unit_test(a_null_column_has_no_buffers_and_only_nulls),
        cmocka_unit_test(the_invariants_for_hot_loops_hold_through_growth_and_truncation),
        cmocka_unit_test(there_is_slack_behind_every_buffer),
        cmocka_unit_test(growth_is_by_half_at_least),
        cmocka_unit_test(more_than_2_gib_of_text_is_refused),
        cmocka_unit_test(types_that_cannot_be_built_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
