/* test_parquet_values.c — every Arrow layout becomes dense values; values that do not fit are refused by row.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../interop/types_columns.h"
#include "base/error.h"
#include "write/parquet/parquet_values.h"

static void release_nothing(struct ArrowSchema *schema) { schema->release = NULL; }

/* The column description of one Arrow field. */
static struct pf_parquet_column describe(struct ArrowSchema *field, bool modern) {
    struct ArrowSchema table = {
        .format = "+s", .n_children = 1, .children = &field, .release = release_nothing};
    struct pf_parquet_settings settings = {.modern = modern, .utc = true};
    struct pf_parquet_schema schema;
    assert_int_equal(pf_parquet_schema_open(&schema, &table, &settings, NULL), PF_OK);
    struct pf_parquet_column column = schema.columns[0];
    column.name = field->name; /* its own is the schema's */
    pf_parquet_schema_clear(&schema);
    return column;
}

static bool odd(int64_t row) { return row % 3 == 1 || (row > 300 && row < 500) || row > 880; }
static bool never(int64_t row) { return row < 0; }

/* Three parts of three batches, the middle one cut out: every type against value_of. */
static void expect_column(const struct column *c, bool (*null_at)(int64_t)) {
    struct ArrowSchema field;
    make_schema(c, &field);
    struct pf_parquet_column column = describe(&field, true);
    struct ArrowArray arrays[3];
    struct pf_parquet_part parts[3];
    for (int i = 0; i < 3; i++)
        make_array(c, i * 300, 300, null_at, &arrays[i]);
    parts[0] = (struct pf_parquet_part){&arrays[0], 0, 300};
    parts[1] = (struct pf_parquet_part){&arrays[1], 7, 200};
    parts[2] = (struct pf_parquet_part){&arrays[2], 0, 300};
    struct pf_parquet_values v = {0};
    for (int again = 0; again < 2; again++)
        assert_int_equal(pf_parquet_values_take(&v, &column, parts, 3, 0, NULL), PF_OK);
    assert_int_equal(v.rows, 800);
    int64_t n = 0;
    for (int64_t i = 0; i < 800; i++) {
        int64_t row = i < 300 ? i : i < 500 ? i + 7 : i + 100, size;
        bool null = c->layout == NOTHING || (null_at(row) && !c->required);
        assert_int_equal(v.valid ? !pf_bit_get(v.valid, i) : 0, null);
        if (null)
            continue;
        uint8_t value[256] = {0};
        value_of(c, c->index ? row % 50 : row, value, &size);
        if (c->layout == BITS)
            assert_int_equal(pf_bit_get(v.bits, n), value[0]);
        else if (column.take == PF_PARQUET_TAKE_4 || column.take == PF_PARQUET_TAKE_8)
            assert_memory_equal(v.words + n * column.width, value, (size_t)column.width);
        else if (column.take == PF_PARQUET_TAKE_TEXT || column.take == PF_PARQUET_TAKE_FIXED) {
            assert_int_equal(v.slices[n].size, size);
            assert_true(v.slices[n].readable >= v.slices[n].size);
            assert_memory_equal(v.slices[n].at, value, (size_t)size);
        }
        n++;
    }
    assert_int_equal(v.count, n);
    assert_true(n < 800 || v.valid == NULL);
    pf_parquet_values_clear(&v);
    for (int i = 0; i < 3; i++)
        arrays[i].release(&arrays[i]);
    field.release(&field);
}

static void every_layout_with_and_without_nulls(void **state) {
    (void)state;
    for (int i = 0; i < all_column_count; i++) {
        expect_column(&all_columns[i], odd);
        expect_column(&all_columns[i], never);
    }
}

static void release_array(struct ArrowArray *array) { array->release = NULL; }

static pf_status take_plain(const char *format, const void *values, const void *valid, int64_t rows,
                            bool modern, struct pf_error *err) {
    struct ArrowSchema field = {
        .format = format, .name = "Price", .flags = ARROW_FLAG_NULLABLE, .release = release_nothing};
    struct pf_parquet_column column = describe(&field, modern);
    const void *buffers[] = {valid, values};
    struct ArrowArray array = {.length = rows,
                               .null_count = valid ? -1 : 0,
                               .n_buffers = 2,
                               .buffers = buffers,
                               .release = release_array};
    struct pf_parquet_part part = {&array, 0, rows};
    struct pf_parquet_values v = {0};
    pf_status status = pf_parquet_values_take(&v, &column, &part, 1, 1000, err);
    pf_parquet_values_clear(&v);
    return status;
}

static void expect_refused(const char *format, const void *values, int64_t rows, bool modern, int64_t row) {
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(take_plain(format, values, NULL, rows, modern, &err), PF_BAD_DATA);
    assert_int_equal(err.row, row);
    assert_non_null(strstr(err.where, "column 'Price'"));
}

static void values_that_do_not_fit_are_refused_by_row(void **state) {
    (void)state;
    int64_t stamps[100] = {0};
    stamps[70] = INT64_MAX / 1000;
    expect_refused("tss:", stamps, 100, false, 1071);
    assert_int_equal(take_plain("tsu:", stamps, NULL, 100, false, NULL), PF_OK);
    int32_t times[3] = {0, INT32_MAX, 0};
    expect_refused("tts", times, 3, true, 1002);
    int64_t days[2] = {86400000, 86400001};
    expect_refused("tdm", days, 2, false, 1002);
    int64_t decimals[6] = {999999999, 0, -999999999, -1, 1000000000, 0};
    expect_refused("d:9,2", decimals, 3, false, 1003);
    decimals[4] = 5, decimals[5] = 1; /* the upper half counts too */
    expect_refused("d:18,2", decimals, 3, false, 1003);
    uint64_t wide[8] = {0, 0, 0, 0, 0, 1, 0, 0}; /* 2^64 > 10^19 */
    expect_refused("d:19,2,256", wide, 2, false, 1002);
    wide[4] = 9999999999999999999u, wide[5] = 0;
    assert_int_equal(take_plain("d:19,2,256", wide, NULL, 2, false, NULL), PF_OK);
}

static void what_stands_under_a_null_is_not_looked_at(void **state) {
    (void)state;
    int64_t stamps[100];
    for (int i = 0; i < 100; i++)
        stamps[i] = i % 2 ? INT64_MAX : 5;
    uint8_t valid[13];
    memset(valid, 0x55, sizeof valid);
    assert_int_equal(take_plain("tss:", stamps, valid, 100, false, NULL), PF_OK);
}

static void nulls_where_none_may_be(void **state) {
    (void)state;
    struct ArrowSchema field = {.format = "l", .name = "Price", .release = release_nothing};
    struct pf_parquet_column column = describe(&field, false);
    int64_t values[9] = {0};
    const void *buffers[] = {"\x7F\x01", values};
    struct ArrowArray array = {
        .length = 9, .null_count = 1, .n_buffers = 2, .buffers = buffers, .release = release_array};
    struct pf_parquet_part part = {&array, 0, 9};
    struct pf_parquet_values v = {0};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_parquet_values_take(&v, &column, &part, 1, 10, &err), PF_BAD_DATA);
    assert_int_equal(err.row, 18);
    pf_parquet_values_clear(&v);
}

static void broken_arrays_are_refused(void **state) {
    (void)state;
    struct ArrowSchema field = {.format = "u", .name = "Price", .release = release_nothing};
    struct pf_parquet_column column = describe(&field, false);
    int32_t offsets[] = {0, 5, 3};
    const void *buffers[] = {NULL, offsets, "abcde"};
    struct ArrowArray array = {.length = 2, .n_buffers = 3, .buffers = buffers, .release = release_array};
    struct pf_parquet_part part = {&array, 0, 2};
    struct pf_parquet_values v = {0};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_parquet_values_take(&v, &column, &part, 1, 100, &err), PF_BAD_DATA);
    assert_int_equal(err.row, 102);
    offsets[2] = 5;
    part.rows = 3; /* more than there is */
    assert_int_equal(pf_parquet_values_take(&v, &column, &part, 1, 100, &err), PF_BAD_DATA);
    pf_parquet_values_clear(&v);
}

static void masks_read_no_byte_too_many(void **state) {
    (void)state;
    uint8_t bits[16];
    for (int i = 0; i < 16; i++)
        bits[i] = (uint8_t)(i * 37 + 11);
    for (int at = 0; at < 64; at++)
        for (int count = 1; count <= 64; count++) {
            uint64_t mask = pf_parquet_mask(bits, at, count);
            for (int i = 0; i < 64; i++)
                assert_int_equal(mask >> i & 1, i < count ? pf_bit_get(bits, at + i) : 0);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layout_with_and_without_nulls),
        cmocka_unit_test(values_that_do_not_fit_are_refused_by_row),
        cmocka_unit_test(what_stands_under_a_null_is_not_looked_at),
        cmocka_unit_test(nulls_where_none_may_be),
        cmocka_unit_test(broken_arrays_are_refused),
        cmocka_unit_test(masks_read_no_byte_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
