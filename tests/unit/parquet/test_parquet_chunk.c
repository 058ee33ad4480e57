/* test_parquet_chunk.c — page borders, statistics and the column index of one chunk.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/bits.h"
#include "parquet_fixture.h"

#define ROWS 1000
static int64_t words[ROWS];
static uint8_t valid[ROWS / 8 + 8];

static const struct pf_parquet_place *places_of(const struct fixture *f) {
    return (const struct pf_parquet_place *)(const void *)f->chunk.places.data;
}

static void pages_end_by_bytes_at_whole_level_bytes(void **state) {
    (void)state;
    for (int64_t i = 0; i < ROWS; i++)
        words[i] = i * 1000003;
    struct fixture f = {.settings = {.page_bytes = 4000}};
    assert_int_equal(open_fixture(&f, "l", ROWS, NULL, words, NULL), PF_OK);
    assert_int_equal(encode_fixture(&f, NULL), PF_OK);
    assert_int_equal(f.chunk.page_count, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(places_of(&f)[i].first_row, i * 448);
    close_fixture(&f);
}

static void long_values_end_pages_one_by_one(void **state) {
    (void)state;
    static char text[20 * 3000];
    int32_t offsets[21];
    for (int i = 0; i <= 20; i++)
        offsets[i] = i * 3000;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i / 3000);
    struct fixture f = {.settings = {.page_bytes = 1000}};
    assert_int_equal(open_fixture(&f, "u", 20, NULL, offsets, text), PF_OK);
    assert_int_equal(encode_fixture(&f, NULL), PF_OK);
    assert_int_equal(f.chunk.page_count, 20);
    for (int i = 0; i < 20; i++)
        assert_int_equal(places_of(&f)[i].first_row, i);
    close_fixture(&f);
}

static void nulls_alone_are_a_page(void **state) {
    (void)state;
    memset(valid, 0, sizeof valid);
    static const char *const formats[] = {"l", "g", "b", "i", "d:20,2"};
    for (int modern = 0; modern < 2; modern++)
        for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
            struct fixture f = {.settings = {.modern = modern, .codec = &pf_codec_snappy}};
            assert_int_equal(open_fixture(&f, formats[i], ROWS / 2, valid, words, NULL), PF_OK);
            assert_int_equal(encode_fixture(&f, NULL), PF_OK);
            assert_int_equal(f.chunk.page_count, 1);
            assert_int_equal(f.chunk.stats_size, 4); /* the null count and nothing else */
            assert_true(f.chunk.notes.size > f.chunk.stats_size);
            close_fixture(&f);
        }
}

/* The ColumnIndex' boundary order: the last i32 field, 4, behind the lists. */
static int order_of(struct fixture *f) {
    const uint8_t *at = f->chunk.notes.data + f->chunk.stats_size;
    size_t size = f->chunk.notes.size - f->chunk.stats_size;
    size_t lists = 3 + (size_t)f->chunk.page_count + 2 * (3 + 9 * (size_t)f->chunk.page_count);
    assert_true(f->chunk.page_count > 15 && size > lists + 2);
    assert_int_equal(at[lists], 0x15);
    return at[lists + 1] / 2;
}

static void page_order_is_told(void **state) {
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        for (int64_t i = 0; i < ROWS; i++)
            words[i] = kind == 0 ? i / 20 * 20 : kind == 1 ? -i : (int64_t)((uint64_t)i * 0x9E3779B97F4A7C15u);
        struct fixture f = {.settings = {.page_bytes = 300}};
        assert_int_equal(open_fixture(&f, "l", ROWS, NULL, words, NULL), PF_OK);
        f.field.format = "l";
        assert_int_equal(encode_fixture(&f, NULL), PF_OK);
        if (kind != 0 || f.chunk.page_count > 15)
            assert_int_equal(order_of(&f), kind == 2 ? 0 : kind + 1);
        close_fixture(&f);
    }
}

static void a_page_of_nan_means_no_column_index(void **state) {
    (void)state;
    double doubles[ROWS];
    for (int i = 0; i < ROWS; i++)
        doubles[i] = i < 128 ? (double)NAN : i * 0.5;
    struct fixture f = {.settings = {.page_bytes = 1000}};
    assert_int_equal(open_fixture(&f, "g", ROWS, NULL, doubles, NULL), PF_OK);
    assert_int_equal(encode_fixture(&f, NULL), PF_OK);
    assert_int_equal(f.chunk.notes.size, f.chunk.stats_size);
    assert_true(f.chunk.stats_size > 20); /* but the chunk has bounds */
    for (int i = 0; i < ROWS; i++)
        doubles[i] = NAN;
    assert_int_equal(encode_fixture(&f, NULL), PF_OK);
    assert_int_equal(f.chunk.stats_size, 3);
    close_fixture(&f);
}

static bool say_cancelled(void *ctx) { return --*(int *)ctx <= 0; }

static void cancel_is_asked_between_pages(void **state) {
    (void)state;
    int left = 4;
    struct fixture f = {.settings = {.page_bytes = 100}};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(open_fixture(&f, "l", ROWS, NULL, words, NULL), PF_OK);
    f.work.cancelled = say_cancelled;
    f.work.ctx = &left;
    assert_int_equal(encode_fixture(&f, &err), PF_CANCELLED);
    assert_int_equal(f.chunk.page_count, 3);
    close_fixture(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_end_by_bytes_at_whole_level_bytes),
        cmocka_unit_test(long_values_end_pages_one_by_one),
        cmocka_unit_test(nulls_alone_are_a_page),
        cmocka_unit_test(page_order_is_told),
        cmocka_unit_test(a_page_of_nan_means_no_column_index),
        cmocka_unit_test(cancel_is_asked_between_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
