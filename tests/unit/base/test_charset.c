/* test_charset.c — tests of charset.c beside the comparison with Python.        SPDX-License-Identifier: MIT
 * Knows: names, pieces, what is counted.
 * Knows not: the tables; charset_against_python.py compares them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/charset.h"

static void test_names_are_found_whatever_their_spelling(void **s) {
    (void)s;
    static const char *const same[][2] = {
        {"cp1252", "cp1252"},
        {"Windows-1252", "cp1252"},
        {"CP 1252", "cp1252"},
        {"latin1", "iso-8859-1"},
        {"ISO_8859-15", "iso-8859-15"},
        {"UTF-16", "utf-16le"},
        {"UTF_16BE", "utf-16be"},
        {"utf8", "utf-8"},
        {"SHIFT_JIS", "shift_jis"},
        {"sjis", "shift_jis"},
        {"UHC", "cp949"},
        {"IBM852", "cp852"},
        {"MAC-CENTRALEUROPE", "mac-latin2"},
        {"GB18030", "gb18030"},
        {"EUC-JP", "euc-jp"},
        {"KOI8-R", "koi8-r"},
        {"US-ASCII", "ascii"},
        {"macroman", "mac-roman"},
        {"TIS-620", "tis-620"},
        {"WINDOWS-1250", "cp1250"},
        {"JOHAB", "johab"},
        {"BIG5", "big5"},
        {"EUC-KR", "euc-kr"},
        {"UTF-32BE", "utf-32be"},
        {"MAC-CYRILLIC", "mac-cyrillic"},
        {"IBM866", "cp866"},
        {"HZ", NULL},
        {"", NULL},
        {"nonsense", NULL},
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        const struct pf_charset *c = pf_charset_find(same[i][0]);
        if (!same[i][1]) {
            assert_null(c);
            continue;
        }
        assert_non_null(c);
        assert_string_equal(pf_charset_name(c), same[i][1]);
    }
    for (size_t i = 0; pf_charset_at(i); i++)
        assert_string_equal(pf_charset_name(pf_charset_find(pf_charset_at(i))), pf_charset_at(i));
    assert_true(pf_charset_is_utf8(pf_charset_find("utf-8")));
    assert_false(pf_charset_is_utf8(pf_charset_find("ascii")));
    assert_int_equal(pf_charset_unit(pf_charset_find("utf-16")), 2);
    assert_int_equal(pf_charset_unit(pf_charset_find("utf-32")), 4);
    assert_int_equal(pf_charset_unit(pf_charset_find("gbk")), 1);
}

static void convert(const char *name, const char *from, size_t size, bool last, const char *to, size_t used,
                    int64_t bad, int64_t offset) {
    char out[256];
    size_t from_used, to_used;
    struct pf_charset_bad b;
    pf_charset_convert(pf_charset_find(name), (const uint8_t *)from, size, &from_used, out, sizeof out,
                       &to_used, last, &b);
    assert_int_equal(from_used, used);
    assert_int_equal(to_used, strlen(to));
    assert_memory_equal(out, to, to_used);
    assert_int_equal(b.count, bad);
    assert_int_equal(b.offset, offset);
}

static void test_undefined_bytes_are_counted_and_located(void **s) {
    (void)s;
    convert("cp1252", "caf\xE9 \x80 \x81", 8, true, "caf\xC3\xA9 \xE2\x82\xAC \xC2\x81", 8, 0, -1);
    convert("cp1253", "ab\xD2x\xFF", 5, true, "ab\xEF\xBF\xBDx\xEF\xBF\xBD", 5, 2, 2);
    convert("ascii", "0123456789\xC3\xA4", 12, true, "0123456789\xEF\xBF\xBD\xEF\xBF\xBD", 12, 2, 10);
    convert("utf-8", "a\xFFz\xC3", 4, false, "a\xEF\xBF\xBDz", 3, 1, 1);
    convert("utf-8", "a\xFFz\xC3", 4, true, "a\xEF\xBF\xBDz\xEF\xBF\xBD", 4, 2, 1);
}

static void test_a_sequence_cut_short_waits_for_more_or_is_bad_at_the_end(void **s) {
    (void)s;
    convert("gbk", "a\xC4", 2, false, "a", 1, 0, -1);
    convert("gbk", "a\xC4", 2, true, "a\xEF\xBF\xBD", 2, 1, 1);
    convert("gb18030", "\x81\x30\x81", 3, false, "", 0, 0, -1);
    convert("utf-16le", "a\0b", 3, false, "a", 2, 0, -1);
    convert("utf-16le", "a\0b", 3, true, "a\xEF\xBF\xBD", 3, 1, 2);
    convert("utf-16be", "\xD8\x3D", 2, false, "", 0, 0, -1);
    convert("utf-16be", "\xD8\x3D\xDE\x00", 4, false, "\xF0\x9F\x98\x80", 4, 0, -1);
    convert("utf-16be", "\xDE\x00\0a", 4, true,
            "\xEF\xBF\xBD"
            "a",
            4, 1, 0);
    convert("utf-32le", "\0\0\x11\0", 4, true, "\xEF\xBF\xBD", 4, 1, 0);
}

static void test_characters_that_are_two_code_points_or_beyond_16_bits(void **s) {
    (void)s;
    convert("big5hkscs", "\x88\x62", 2, true, "\xC3\x8A\xCC\x84", 2, 0, -1);
    convert("big5hkscs", "\x87\x45", 2, true, "\xF0\xA7\x89\xA7", 2, 0, -1);
    convert("gb18030", "\x94\x39\xDA\x33", 4, true, "\xF0\x9F\x92\xA9", 4, 0, -1);
    convert("euc-jp", "\x8F\xB0\xA1", 3, true, "\xE4\xB8\x82", 3, 0, -1);
}

static void test_escapes_of_iso_2022_jp(void **s) {
    (void)s;
    convert("iso-2022-jp", "a\x1B$B0!\x1B(Bb\x1B$B0!", 15, false,
            "a\xE4\xBA\x9C"
            "b",
            10, 0, -1);
    convert("iso-2022-jp", "a\x1B$B0!\x1B(Bb\x1B$B0!", 15, true,
            "a\xE4\xBA\x9C"
            "b\xE4\xBA\x9C",
            15, 0, -1);
    convert("iso-2022-jp", "\x1B$B0!0!", 7, false, "", 0, 0, -1);
    convert("iso-2022-jp", "x\x1B$", 3, false, "x", 1, 0, -1);
    convert("iso-2022-jp", "x\x1B$", 3, true, "x\xEF\xBF\xBD", 3, 1, 1);
    convert("iso-2022-jp", "\x1B(I1\x1B(J\\\x1B(By", 12, true,
            "\xEF\xBD\xB1\xC2\xA5"
            "y",
            12, 0, -1);
    convert("iso-2022-jp", "x\x1Bzy", 4, true, "x\xEF\xBF\xBDzy", 4, 1, 1);
}

static void test_any_room_of_16_or_more_gives_the_same_text(void **s) {
    (void)s;
    static uint8_t from[600];
    static const char *const names[] = {"cp1251", "utf-16le", "big5hkscs", "gb18030",
                                        "utf-8",  "cp864",    "utf-32be"};
    uint64_t x = 5;
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        const struct pf_charset *c = pf_charset_find(names[k]);
        for (size_t i = 0; i < sizeof from; i++) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            from[i] = (uint8_t)(x >> 60 < 9 ? 'a' + (x >> 40) % 26 : x >> 40);
        }
        char whole[4000], piece[40], all[4000];
        size_t used, made, total = 0;
        struct pf_charset_bad b;
        pf_charset_convert(c, from, sizeof from, &used, whole, sizeof whole, &made, true, &b);
        assert_int_equal(used, sizeof from);
        int64_t bad = 0;
        for (size_t at = 0, m; at < sizeof from; at += used) {
            size_t room = 16 + at % 20;
            memset(piece, '#', sizeof piece);
            pf_charset_convert(c, from + at, sizeof from - at, &used, piece, room, &m, true, &b);
            assert_true(used > 0 && m <= room);
            for (size_t i = room; i < sizeof piece; i++)
                assert_int_equal(piece[i], '#');
            memcpy(all + total, piece, m);
            total += m;
            bad += b.count;
        }
        assert_int_equal(total, made);
        assert_memory_equal(all, whole, made);
        pf_charset_convert(c, from, sizeof from, &used, whole, sizeof whole, &made, true, &b);
        assert_int_equal(bad, b.count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_found_whatever_their_spelling),
        cmocka_unit_test(test_undefined_bytes_are_counted_and_located),
        cmocka_unit_test(test_a_sequence_cut_short_waits_for_more_or_is_bad_at_the_end),
        cmocka_unit_test(test_characters_that_are_two_code_points_or_beyond_16_bits),
        cmocka_unit_test(test_escapes_of_iso_2022_jp),
        cmocka_unit_test(test_any_room_of_16_or_more_gives_the_same_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
