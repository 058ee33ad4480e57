/* test_bits.c — loads, bitmaps and text views, all inline.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/text.h"

static void loads_and_stores_need_no_alignment(void **state) {
    uint8_t bytes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    assert_int_equal(pf_load16(bytes + 1), 0x0201);
    assert_int_equal(pf_load32(bytes + 1), 0x04030201);
    assert_true(pf_load64(bytes + 1) == 0x0807060504030201u);
    assert_int_equal(pf_load16_big(bytes + 1), 0x0102);
    assert_int_equal(pf_load32_big(bytes + 1), 0x01020304);
    assert_true(pf_load64_big(bytes + 1) == 0x0102030405060708u);
    pf_store16(bytes + 1, 0xBEEF);
    assert_int_equal(pf_load16(bytes + 1), 0xBEEF);
    pf_store32(bytes + 3, 0xDEADBEEF);
    assert_true(pf_load32(bytes + 3) == 0xDEADBEEF);
    pf_store64(bytes + 5, UINT64_MAX - 1);
    assert_true(pf_load64(bytes + 5) == UINT64_MAX - 1);
}

static void bits_are_set_cleared_and_counted(void **state) {
    uint8_t bits[40] = {0};
    int64_t expected = 0;
    for (int64_t i = 0; i < 320; i += 3)
        pf_bit_set(bits, i);
    pf_bit_clear(bits, 30);
    assert_true(pf_bit_get(bits, 27));
    assert_false(pf_bit_get(bits, 30));
    assert_false(pf_bit_get(bits, 31));
    for (int64_t offset = 0; offset < 70; offset++)
        for (int64_t count = 0; count <= 320 - offset; count += 13) {
            expected = 0;
            for (int64_t i = offset; i < offset + count; i++)
                expected += pf_bit_get(bits, i);
            assert_int_equal(pf_bits_count(bits, offset, count), expected);
        }
}

static void bit_widths_are_exact(void **state) {
    assert_int_equal(pf_bit_width64(0), 0);
    assert_int_equal(pf_bit_width64(1), 1);
    assert_int_equal(pf_bit_width64(255), 8);
    assert_int_equal(pf_bit_width64(256), 9);
    assert_int_equal(pf_bit_width64(UINT64_MAX), 64);
    assert_int_equal(pf_ctz64(8), 3);
    assert_int_equal(pf_clz64(1), 63);
    assert_int_equal(pf_popcount64(0xFF00FF), 16);
}

static void texts_are_compared_and_trimmed(void **state) {
    assert_true(pf_text_is(pf_text_of("abc"), "abc"));
    assert_false(pf_text_is(pf_text_of("abc"), "abd"));
    assert_false(pf_text_is(pf_text_of("abc"), "ab"));
    assert_true(pf_text_is(pf_text_of(NULL), ""));
    assert_true(pf_text_same_nocase(pf_text_of("AbZ"), pf_text_of("aBz")));
    assert_false(pf_text_same_nocase(pf_text_of("a"), pf_text_of("ab")));
    assert_false(pf_text_same_nocase(pf_text_of("@"), pf_text_of("`")));
    assert_true(pf_text_is(pf_text_trim(pf_text_of(" \t a b\t ")), "a b"));
    assert_true(pf_text_is(pf_text_trim(pf_text_of(" \t ")), ""));
    assert_true(pf_is_digit('0') && pf_is_digit('9') && !pf_is_digit('/') && !pf_is_digit(':'));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_and_stores_need_no_alignment),
        cmocka_unit_test(bits_are_set_cleared_and_counted),
        cmocka_unit_test(bit_widths_are_exact),
        cmocka_unit_test(texts_are_compared_and_trimmed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
