/* test_parquet_stats.c — bounds hold for every order: NaN, zeros, unsigned numbers, decimals, cut text.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "write/parquet/parquet_stats.h"

static struct pf_parquet_slice slice_of(const char *text, size_t size) {
    return (struct pf_parquet_slice){(const uint8_t *)text, (uint32_t)size, (uint32_t)size};
}

static void bounds_of(enum pf_parquet_order order, const struct pf_parquet_range *range,
                      struct pf_parquet_bound *low, struct pf_parquet_bound *high) {
    struct pf_parquet_column column = {.order = order};
    pf_parquet_bound_make(&column, range, false, low);
    pf_parquet_bound_make(&column, range, true, high);
}

static void nan_takes_no_part(void **state) {
    (void)state;
    double values[] = {NAN, 3, NAN, -7, NAN, NAN, 2, NAN, NAN};
    struct pf_parquet_range range;
    pf_parquet_range_words(PF_PARQUET_ORDER_F64, (uint8_t *)values, 8, 9, &range);
    assert_true(range.any && range.min.d == -7 && range.max.d == 3);
    pf_parquet_range_words(PF_PARQUET_ORDER_F64, (uint8_t *)values, 8, 1, &range);
    assert_false(range.any);
    float floats[] = {(float)NAN, (float)INFINITY};
    pf_parquet_range_words(PF_PARQUET_ORDER_F32, (uint8_t *)floats, 4, 2, &range);
    assert_true(range.any && isinf(range.min.d) && isinf(range.max.d));
    uint16_t halves[] = {0x7E00, 0x3C00, 0xC000, 0xFE00};
    struct pf_parquet_slice s[4];
    for (int i = 0; i < 4; i++)
        s[i] = slice_of((char *)&halves[i], 2);
    pf_parquet_range_slices(PF_PARQUET_ORDER_F16, s, 4, &range);
    assert_int_equal(pf_load16(range.min.s.at), 0xC000);
    assert_int_equal(pf_load16(range.max.s.at), 0x3C00);
    pf_parquet_range_slices(PF_PARQUET_ORDER_F16, s, 1, &range);
    assert_false(range.any);
}

static void zeros_bound_each_other(void **state) {
    (void)state;
    double zeros[] = {0.0, 0.0, 0.0};
    struct pf_parquet_range range;
    struct pf_parquet_bound low, high;
    pf_parquet_range_words(PF_PARQUET_ORDER_F64, (uint8_t *)zeros, 8, 3, &range);
    bounds_of(PF_PARQUET_ORDER_F64, &range, &low, &high);
    assert_memory_equal(low.bytes, "\0\0\0\0\0\0\0\x80", 8);
    assert_memory_equal(high.bytes, "\0\0\0\0\0\0\0\0", 8);
    zeros[0] = zeros[1] = zeros[2] = -0.0;
    pf_parquet_range_words(PF_PARQUET_ORDER_F64, (uint8_t *)zeros, 8, 3, &range);
    bounds_of(PF_PARQUET_ORDER_F64, &range, &low, &high);
    assert_memory_equal(high.bytes, "\0\0\0\0\0\0\0\0", 8);
    uint16_t half = 0;
    struct pf_parquet_slice s = slice_of((char *)&half, 2);
    pf_parquet_range_slices(PF_PARQUET_ORDER_F16, &s, 1, &range);
    bounds_of(PF_PARQUET_ORDER_F16, &range, &low, &high);
    assert_memory_equal(low.bytes, "\0\x80", 2);
    assert_memory_equal(high.bytes, "\0\0", 2);
}

static void unsigned_numbers_compare_unsigned(void **state) {
    (void)state;
    uint32_t small[] = {1, UINT32_MAX, 5};
    uint64_t wide[] = {7, UINT64_MAX, 9};
    struct pf_parquet_range range;
    struct pf_parquet_bound low, high;
    pf_parquet_range_words(PF_PARQUET_ORDER_U32, (uint8_t *)small, 4, 3, &range);
    bounds_of(PF_PARQUET_ORDER_U32, &range, &low, &high);
    assert_int_equal(pf_load32(low.at), 1);
    assert_int_equal(pf_load32(high.at), UINT32_MAX);
    pf_parquet_range_words(PF_PARQUET_ORDER_I32, (uint8_t *)small, 4, 3, &range);
    assert_true(range.min.i == -1 && range.max.i == 5);
    pf_parquet_range_words(PF_PARQUET_ORDER_U64, (uint8_t *)wide, 8, 3, &range);
    assert_true(range.min.u == 7 && range.max.u == UINT64_MAX);
    pf_parquet_range_words(PF_PARQUET_ORDER_I64, (uint8_t *)wide, 8, 3, &range);
    assert_true(range.min.i == -1 && range.max.i == 9);
}

static void decimals_compare_signed(void **state) {
    (void)state;
    struct pf_parquet_slice s[] = {slice_of("\x00\x01", 2), slice_of("\xFF\xFF", 2), slice_of("\x80\x00", 2),
                                   slice_of("\x7F\xFF", 2)};
    struct pf_parquet_range range;
    pf_parquet_range_slices(PF_PARQUET_ORDER_DECIMAL, s, 4, &range);
    assert_memory_equal(range.min.s.at, "\x80\x00", 2);
    assert_memory_equal(range.max.s.at, "\x7F\xFF", 2);
}

static void texts_compare_byte_by_byte(void **state) {
    (void)state;
    struct pf_parquet_slice s[] = {slice_of("b", 1),         slice_of("abcdefgh2", 9), slice_of("abcdefgh1", 9),
                                   slice_of("abcdefgh", 8),  slice_of("\xFF", 1),      slice_of("\xFF\x00", 2),
                                   slice_of("abcdefgh\0", 9)};
    struct pf_parquet_range range;
    pf_parquet_range_slices(PF_PARQUET_ORDER_TEXT, s, 7, &range);
    assert_int_equal(range.min.s.size, 8);
    assert_int_equal(range.max.s.size, 2);
    struct pf_parquet_slice empty = slice_of("", 0);
    struct pf_parquet_range other;
    pf_parquet_range_slices(PF_PARQUET_ORDER_TEXT, &empty, 1, &other);
    pf_parquet_range_join(PF_PARQUET_ORDER_TEXT, &range, &other);
    assert_int_equal(range.min.s.size, 0);
    assert_int_equal(range.max.s.size, 2);
}

static void expect_cut(enum pf_parquet_order order, const char *text, size_t size, size_t low_size,
                       const char *high_text, size_t high_size) {
    struct pf_parquet_slice s = slice_of(text, size);
    struct pf_parquet_range range;
    struct pf_parquet_bound low, high;
    pf_parquet_range_slices(order, &s, 1, &range);
    bounds_of(order, &range, &low, &high);
    assert_true(low.any && !low.exact);
    assert_int_equal(low.size, low_size);
    assert_memory_equal(low.at, text, low_size);
    assert_int_equal(high.any, high_text != NULL);
    if (!high_text)
        return;
    assert_false(high.exact);
    assert_int_equal(high.size, high_size);
    assert_memory_equal(high.at, high_text, high_size);
    assert_true(memcmp(high.at, text, high_size) > 0);
}

static void long_text_is_cut_at_a_character_and_raised(void **state) {
    (void)state;
    char text[80], want[80];
    memset(text, 'a', sizeof text);
    memset(want, 'a', sizeof want);
    want[63] = 'b';
    expect_cut(PF_PARQUET_ORDER_TEXT, text, 65, 64, want, 64);
    memcpy(text + 62, "\xE2\x82\xAC", 3); /* a character over the cut */
    memset(want, 'a', sizeof want);
    want[61] = 'b';
    expect_cut(PF_PARQUET_ORDER_TEXT, text, 70, 62, want, 62);
    memset(text, 'a', sizeof text);
    memcpy(text + 60, "\xF4\x8F\xBF\xBF", 4); /* the last code point there is: the one before is raised */
    memset(want, 'a', sizeof want);
    want[59] = 'b';
    expect_cut(PF_PARQUET_ORDER_TEXT, text, 70, 64, want, 60);
    memset(text, 'a', sizeof text);
    memcpy(text + 61, "\xED\x9F\xBF", 3); /* U+D7FF: surrogates are stepped over */
    memcpy(want, text, 61);
    memcpy(want + 61, "\xEE\x80\x80", 3);
    expect_cut(PF_PARQUET_ORDER_TEXT, text, 70, 64, want, 64);
    memset(text, 'a', sizeof text);
    text[63] = 0x7F; /* the next one takes two bytes */
    memcpy(want, text, 63);
    memcpy(want + 63, "\xC2\x80", 2);
    expect_cut(PF_PARQUET_ORDER_TEXT, text, 70, 64, want, 65);
}

static void what_cannot_be_raised_has_no_upper_bound(void **state) {
    (void)state;
    char text[80];
    for (size_t i = 0; i < sizeof text; i += 4)
        memcpy(text + i, "\xF4\x8F\xBF\xBF", 4);
    expect_cut(PF_PARQUET_ORDER_TEXT, text, 80, 64, NULL, 0);
    memset(text, 0xFF, sizeof text);
    expect_cut(PF_PARQUET_ORDER_BYTES, text, 80, 64, NULL, 0);
    expect_cut(PF_PARQUET_ORDER_TEXT, text, 80, 64, NULL, 0); /* not text at all: still no lie */
    text[5] = 4;
    expect_cut(PF_PARQUET_ORDER_BYTES, text, 80, 64, "\xFF\xFF\xFF\xFF\xFF\x05", 6);
}

static void short_text_is_exact(void **state) {
    (void)state;
    char text[64];
    memset(text, 'z', sizeof text);
    struct pf_parquet_slice s = slice_of(text, 64);
    struct pf_parquet_range range;
    struct pf_parquet_bound low, high;
    pf_parquet_range_slices(PF_PARQUET_ORDER_TEXT, &s, 1, &range);
    bounds_of(PF_PARQUET_ORDER_TEXT, &range, &low, &high);
    assert_true(low.exact && high.exact && high.size == 64);
}

static void bits_have_two_bounds(void **state) {
    (void)state;
    struct pf_parquet_range range;
    pf_parquet_range_bits((const uint8_t *)"\xF0", 4, 4, &range);
    assert_true(range.any && range.min.i == 1 && range.max.i == 1);
    pf_parquet_range_bits((const uint8_t *)"\xF0", 3, 4, &range);
    assert_true(range.min.i == 0 && range.max.i == 1);
    pf_parquet_range_bits((const uint8_t *)"\xF0", 3, 0, &range);
    assert_false(range.any);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nan_takes_no_part),
        cmocka_unit_test(zeros_bound_each_other),
        cmocka_unit_test(unsigned_numbers_compare_unsigned),
        cmocka_unit_test(decimals_compare_signed),
        cmocka_unit_test(texts_compare_byte_by_byte),
        cmocka_unit_test(long_text_is_cut_at_a_character_and_raised),
        cmocka_unit_test(what_cannot_be_raised_has_no_upper_bound),
        cmocka_unit_test(short_text_is_exact),
        cmocka_unit_test(bits_have_two_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
