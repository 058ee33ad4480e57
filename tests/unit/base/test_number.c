/* test_number.c — tests of number.c and number_double.c.                        SPDX-License-Identifier: MIT
 * Knows: strtod and strtoll as the judges, hard cases of rounding.
 * Knows not: which path a number takes. */
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/number.h"

static uint64_t state = 11;
static uint64_t draw(void) { /* SplitMix64 */
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static void check_double(const char *text) {
    double ours = 0, theirs = strtod(text, NULL);
    if (!pf_parse_double(text, strlen(text), '.', &ours))
        fail_msg("refused: %s", text);
    if (memcmp(&ours, &theirs, 8) != 0)
        fail_msg("%s: %a, should be %a", text, ours, theirs);
}

static void test_hard_doubles_are_rounded_as_strtod_does(void **s) {
    (void)s;
    static const char *const hard[] = {
        "0",
        "-0",
        "-0.0",
        "1",
        "1.",
        ".5",
        "+.5e1",
        "9007199254740992",
        "9007199254740993",
        "9007199254740993.00000",
        "9007199254740993.000000000000000000000000000000001",
        "9007199254740994.999999999999999999999999",
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "2.2250738585072014e-308",
        "2.225073858507201e-308",
        "4.9406564584124654e-324",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.47032822920623272e-324",
        "2.4703282292062327208e-324",
        "1e-400",
        "1e-324",
        "3e-324",
        "1e400",
        "-1e309",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "179769313486231580793e288",
        "179769313486231570814527423731704356798070567525844996598917476803157260780028538760589558632766878171"
        "540458953514382464234321326889464182768467546703537516986049910576551282076245490090389328944075868508"
        "455133942304583236903222948165808559332123347747978e60",
        "8.98846567431158e307",
        "1e23",
        "8.5e22",
        "9.5e22",
        "1e22",
        "1e-22",
        "123456789012345678901234567890",
        "7.2057594037927933e16",
        "7.2057594037927945e16",
        "0.000000000000000000000000000000000000001",
        "1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
        "6.02214076e+23",
        "1.3287e-5",
        "0.1",
        "0.2",
        "0.3",
        "0.30000000000000004",
        "5e-1",
        "1e00000000000000000001",
        "1e-00000000000000000001",
        "0e999999999999",
        "0.0000e-99999",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        "2.2250738585072013830902327173324040642192159804623318e-308",
        "00000000000000000000000000000000000000000001.5",
        "4503599627370496.5",
        "4503599627370497.5",
        "4503599627370496.50000000000000000000000000000000000000000001",
        "9214843084008499",
        "30078505129381147446200",
        "1777820000000000000001",
        "0.500000000000000166533453693773481063544750213623046875",
        "3.518437208883201171875e13",
        "62.5364939768271845828",
        "8.10109172351e-10",
        "1.50000000000000011102230246251565",
        "1090544144181609348671888949248",
        "1.1897314953572317650857593266280070162e4932",
        "32.0000000000000035527136788005009",
    };
    for (size_t i = 0; i < sizeof hard / sizeof hard[0]; i++)
        check_double(hard[i]);
    /* Exactly between two doubles, and a little above and below, with up to 1,100 digits. */
    char text[2000];
    for (int i = 0; i < 3000; i++) {
        uint64_t bits = draw() & 0x7FFFFFFFFFFFFFFFu;
        if (i % 3 == 0)
            bits &= 0x000FFFFFFFFFFFFFu; /* below the normal range */
        double d;
        memcpy(&d, &bits, 8);
        if (!isfinite(d) || nextafter(d, INFINITY) == INFINITY)
            continue;
        long double middle = ((long double)d + (long double)nextafter(d, INFINITY)) / 2;
        int n = snprintf(text, sizeof text, "%.1100Le", middle);
        char *e = strchr(text, 'e');
        check_double(text);
        e[-1] = '1';
        check_double(text);
        memmove(e - 300, e, strlen(e) + 1);
        check_double(text);
        assert_true(n > 1100);
    }
}

static void test_random_doubles_are_rounded_as_strtod_does(void **s) {
    (void)s;
    char text[64];
    for (int i = 0; i < 300000; i++) {
        double d;
        uint64_t bits = draw();
        memcpy(&d, &bits, 8);
        if (!isfinite(d))
            continue;
        snprintf(text, sizeof text, "%.*e", (int)(draw() % 21), d);
        check_double(text);
        snprintf(text, sizeof text, "%.*f", (int)(draw() % 20), (double)(int64_t)draw() * 1e-13);
        check_double(text);
        snprintf(text, sizeof text, "%" PRIu64 "%" PRIu64 "e%d", draw() >> draw() % 64, draw() >> draw() % 64,
                 (int)(draw() % 700) - 360);
        check_double(text);
        snprintf(text, sizeof text, "%" PRIu64 ".%" PRIu64, draw() >> draw() % 64, draw() >> draw() % 64);
        check_double(text);
    }
}

static void test_what_is_no_double_is_refused(void **s) {
    (void)s;
    static const char *const no[] = {"",     ".",  "-",    "+",  "e5",   "1e",    "1e+", "1.e",
                                     "--1",  "1 ", " 1",   "1x", "0x1p", "1.2.3", "1,5", "1_0",
                                     "nan1", "in", "1e5.", "1-", ".e1",  "+-1"};
    double v;
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(pf_parse_double(no[i], strlen(no[i]), '.', &v));
    assert_true(pf_parse_double("1,5", 3, ',', &v) && v == 1.5);
    assert_false(pf_parse_double("1.5", 3, ',', &v));
    assert_true(pf_parse_double("NaN", 3, '.', &v) && isnan(v));
    assert_true(pf_parse_double("-Infinity", 9, '.', &v) && v == -INFINITY);
    assert_true(pf_parse_double("INF", 3, '.', &v) && v == INFINITY);
    /* Very long ones end quickly and right. */
    size_t n = 3000000;
    char *text = malloc(n);
    memset(text, '0', n);
    text[n - 1] = '5';
    text[1] = '.';
    assert_true(pf_parse_double(text, n, '.', &v) && v == 0);
    text[0] = '1';
    assert_true(pf_parse_double(text, n, '.', &v) && v == 1);
    memset(text, '9', n);
    assert_true(pf_parse_double(text, n, '.', &v) && v == INFINITY);
    free(text);
}

static void test_integers_as_strtoll_and_strtoull(void **s) {
    (void)s;
    char text[64];
    for (int i = 0; i < 300000; i++) {
        const char *sign = draw() % 2 ? "-" : "";
        snprintf(text, sizeof text, "%s%.*s%" PRIu64 "%s", sign, (int)(draw() % 6), "00000",
                 draw() >> draw() % 64,
                 draw() % 8   ? ""
                 : draw() % 2 ? "7"
                              : "x");
        char *end;
        errno = 0;
        int64_t ours = 0, theirs = strtoll(text, &end, 10);
        bool good = pf_parse_int64(text, strlen(text), &ours);
        assert_true(good == (errno == 0 && *end == 0));
        if (good)
            assert_int_equal(ours, theirs);
        errno = 0;
        uint64_t u = 0, theirs_u = strtoull(text, &end, 10);
        good = pf_parse_uint64(text, strlen(text), &u);
        assert_true(good == (errno == 0 && *end == 0 && !*sign));
        if (good)
            assert_int_equal(u, theirs_u);
    }
    int64_t v;
    uint64_t u;
    assert_true(pf_parse_int64("-9223372036854775808", 20, &v) && v == INT64_MIN);
    assert_true(pf_parse_int64("9223372036854775807", 19, &v) && v == INT64_MAX);
    assert_false(pf_parse_int64("9223372036854775808", 19, &v));
    assert_false(pf_parse_int64("-9223372036854775809", 20, &v));
    assert_true(pf_parse_uint64("18446744073709551615", 20, &u) && u == UINT64_MAX);
    assert_false(pf_parse_uint64("18446744073709551616", 20, &u));
    assert_false(pf_parse_uint64("99999999999999999999", 20, &u));
    assert_true(pf_parse_int64("00000000000000000000000000000000000042", 38, &v) && v == 42);
    assert_false(pf_parse_int64("", 0, &v) || pf_parse_int64("-", 1, &v) || pf_parse_int64("+1", 2, &v));
}

static bool decimal(const char *text, int precision, int scale, char to[48]) {
    struct pf_int128 v;
    if (!pf_parse_decimal(text, strlen(text), '.', precision, scale, &v))
        return false;
    to[pf_print_decimal(v, scale, to)] = 0;
    return true;
}

static void test_decimals_keep_every_digit_or_are_refused(void **s) {
    (void)s;
    char to[49];
    static const struct {
        const char *text;
        int precision, scale;
        const char *printed;
    } cases[] = {
        {"19.99", 4, 2, "19.99"},
        {"5", 4, 2, "5.00"},
        {"5.1", 4, 2, "5.10"},
        {"-0.05", 4, 2, "-0.05"},
        {"99.99", 4, 2, "99.99"},
        {"100", 4, 2, NULL},
        {"1.234", 4, 2, NULL},
        {"1.2300", 4, 2, "1.23"},
        {"0099.5", 4, 2, "99.50"},
        {"99999999999999999999999999999999999999", 38, 0, "99999999999999999999999999999999999999"},
        {"-99999999999999999999999999999999999999", 38, 0, "-99999999999999999999999999999999999999"},
        {"100000000000000000000000000000000000000", 38, 0, NULL},
        {"0.99999999999999999999999999999999999999", 38, 38, "0.99999999999999999999999999999999999999"},
        {"1", 38, 38, NULL},
        {"12345678901234567890.123456789012345678", 38, 18, "12345678901234567890.123456789012345678"},
        {"99999999999999999999.5", 20, 0, NULL},
        {"0.000000000000000000000000000000000000000000000000000000", 1, 0, "0"},
        {"", 5, 2, NULL},
        {"-", 5, 2, NULL},
        {".5", 5, 2, NULL},
        {"5.", 5, 2, NULL},
        {"1e1", 5, 2, NULL},
        {"+1", 5, 2, NULL},
        {"1.2.3", 5, 2, NULL},
        {"1x", 5, 2, NULL},
        {"1.x0", 5, 2, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool good = decimal(cases[i].text, cases[i].precision, cases[i].scale, to);
        if (good != (cases[i].printed != NULL))
            fail_msg("%s as decimal(%d,%d)", cases[i].text, cases[i].precision, cases[i].scale);
        if (good)
            assert_string_equal(to, cases[i].printed);
    }
    for (int i = 0; i < 20000; i++) { /* what is printed is read again */
        struct pf_int128 v = {draw(), (int64_t)draw() >> (3 + draw() % 60)}, back;
        int scale = (int)(draw() % 39);
        size_t n = pf_print_decimal(v, scale, to);
        if (pf_parse_decimal(to, n, '.', 38, scale, &back))
            assert_memory_equal(&v, &back, 16);
        else
            assert_true(n >= 38);
    }
}

static void test_printing_is_shortest_and_reads_back(void **s) {
    (void)s;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.1, "0.1"}, {5, "5"},          {1e20, "1e+20"},     {1e-7, "1e-07"},         {-0.0, "-0"},
                 {NAN, "nan"}, {INFINITY, "inf"}, {-INFINITY, "-inf"}, {123456.75, "123456.75"}};
    char to[33];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        to[pf_print_double(cases[i].value, to)] = 0;
        assert_string_equal(to, cases[i].text);
    }
    for (int i = 0; i < 100000; i++) {
        double d, back;
        uint64_t bits = draw();
        memcpy(&d, &bits, 8);
        if (!isfinite(d))
            continue;
        assert_true(pf_parse_double(to, pf_print_double(d, to), '.', &back));
        assert_memory_equal(&d, &back, 8);
    }
    to[pf_print_float(0.1f, to)] = 0;
    assert_string_equal(to, "0.1");
    to[pf_print_int64(INT64_MIN, to)] = 0;
    assert_string_equal(to, "-9223372036854775808");
    to[pf_print_uint64(UINT64_MAX, to)] = 0;
    assert_string_equal(to, "18446744073709551615");
    to[pf_print_int64(0, to)] = 0;
    assert_string_equal(to, "0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hard_doubles_are_rounded_as_strtod_does),
        cmocka_unit_test(test_random_doubles_are_rounded_as_strtod_does),
        cmocka_unit_test(test_what_is_no_double_is_refused),
        cmocka_unit_test(test_integers_as_strtoll_and_strtoull),
        cmocka_unit_test(test_decimals_keep_every_digit_or_are_refused),
        cmocka_unit_test(test_printing_is_shortest_and_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
