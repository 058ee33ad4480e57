/* test_utf8.c — tests of utf8.c.                                                SPDX-License-Identifier: MIT
 * Knows: RFC 3629, by a decoder of its own that enumerates the table of legal sequences.
 * Knows not: the implementation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

/* The table of RFC 3629, section 4. */
static size_t legal(const uint8_t *b, size_t n) {
    static const uint8_t rules[][9] = {
        {1, 0x00, 0x7F},
        {2, 0xC2, 0xDF, 0x80, 0xBF},
        {3, 0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF},
        {3, 0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF},
        {3, 0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF},
        {3, 0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF},
        {4, 0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {4, 0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {4, 0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF},
    };
    for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++) {
        size_t k = 0;
        while (k < rules[r][0] && k < n && b[k] >= rules[r][1 + 2 * k] && b[k] <= rules[r][2 + 2 * k])
            k++;
        if (k == rules[r][0])
            return k;
    }
    return 0;
}

static size_t legal_prefix(const uint8_t *b, size_t n) {
    size_t i = 0, k;
    while (i < n && (k = legal(b + i, n - i)) > 0)
        i += k;
    return i;
}

static uint64_t state = 7;
static uint32_t draw(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

static void test_every_pair_and_many_quads_at_every_place_of_a_block(void **s) {
    (void)s;
    static uint8_t text[200];
    for (unsigned a = 0x80; a < 0x100; a++)
        for (unsigned b = 0x70; b < 0xD0; b++)
            for (unsigned k = 0; k < 4; k++) {
                memset(text, 'a', sizeof text);
                size_t at = 60 + draw() % 12;
                text[at] = (uint8_t)a;
                text[at + 1] = (uint8_t)b;
                text[at + 2] = (uint8_t)(k & 1 ? 0x80 + draw() % 64 : 'x');
                text[at + 3] = (uint8_t)(k & 2 ? 0x80 + draw() % 64 : 'y');
                size_t n = 64 + draw() % 130;
                assert_int_equal(pf_utf8_valid(text, n), legal_prefix(text, n));
            }
}

static void test_random_text_with_faults_stops_at_the_first_fault(void **s) {
    (void)s;
    static uint8_t text[1000];
    for (int round = 0; round < 20000; round++) {
        size_t n = 0, want = draw() % 400;
        while (n < want) {
            uint32_t kind = draw() % 8, point = kind < 4   ? draw() % 128
                                                : kind < 6 ? draw() % 0x800
                                                           : draw() % 0x110000;
            n += pf_utf8_encode(point, (char *)text + n);
        }
        if (draw() % 3 && n)
            text[draw() % n] = (uint8_t)draw();
        assert_int_equal(pf_utf8_valid(text, n), legal_prefix(text, n));
        size_t cut = draw() % (n + 1);
        assert_int_equal(pf_utf8_valid(text, cut), legal_prefix(text, cut));
    }
}

static void test_decode_and_encode_are_inverse_for_every_code_point(void **s) {
    (void)s;
    for (uint32_t p = 0; p < 0x110400; p++) {
        char to[4];
        uint32_t back = 0;
        size_t n = pf_utf8_encode(p, to);
        bool good = p < 0xD800 || (p >= 0xE000 && p <= 0x10FFFF);
        assert_true(good == (n > 0));
        if (!n)
            continue;
        assert_int_equal(pf_utf8_decode(to, n, &back), n);
        assert_int_equal(back, p);
        assert_int_equal(pf_utf8_decode(to, n - 1, &back), 0);
        assert_int_equal(pf_utf8_cut(to, n), 0);
        for (size_t k = 1; k < n; k++)
            assert_int_equal(pf_utf8_cut(to, k), k);
    }
}

static void test_repair_replaces_each_bad_byte(void **s) {
    (void)s;
    char to[64];
    int64_t bad = 1;
    size_t n = pf_utf8_repair("a\xFF\xC3\xA9\xE2\x82z\x80", 8, to, &bad);
    assert_int_equal(bad, 5);
    assert_int_equal(n, 1 + 3 + 2 + 6 + 1 + 3);
    assert_memory_equal(to, "a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD", n);
    assert_int_equal(pf_utf8_repair("", 0, to, &bad), 0);
}

static void test_cut_tells_a_sequence_cut_short_from_a_bad_one(void **s) {
    (void)s;
    assert_int_equal(pf_utf8_cut("a", 1), 0);
    assert_int_equal(pf_utf8_cut("", 0), 0);
    assert_int_equal(pf_utf8_cut("a\xE2\x82", 3), 2);
    assert_int_equal(pf_utf8_cut("\xF0\x9F\x98", 3), 3);
    assert_int_equal(pf_utf8_cut("a\x82\x82\x82", 4), 0);
    assert_int_equal(pf_utf8_cut("\xE0\x80", 2), 0); /* never right, however it goes on */
    assert_int_equal(pf_utf8_cut("\xED\xA0", 2), 0);
    assert_int_equal(pf_utf8_cut("\xF4\x90", 2), 0);
    assert_int_equal(pf_utf8_cut("\xFF", 1), 0);
    assert_int_equal(pf_utf8_cut("\xC1", 1), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pair_and_many_quads_at_every_place_of_a_block),
        cmocka_unit_test(test_random_text_with_faults_stops_at_the_first_fault),
        cmocka_unit_test(test_decode_and_encode_are_inverse_for_every_code_point),
        cmocka_unit_test(test_repair_replaces_each_bad_byte),
        cmocka_unit_test(test_cut_tells_a_sequence_cut_short_from_a_bad_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
