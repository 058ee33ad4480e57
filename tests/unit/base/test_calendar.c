/* test_calendar.c — tests of calendar.c.                                        SPDX-License-Identifier: MIT
 * Knows: a calendar that is counted day by day.
 * Knows not: the arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"

static int longest(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static void test_every_day_of_years_1_to_9999_counts_one_more(void **s) {
    (void)s;
    int32_t expected = -719162;
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= longest(year, month); day++, expected++) {
                char text[24], printed[24];
                int32_t days;
                int64_t y;
                int m, d;
                assert_int_equal(pf_days_from_civil(year, month, day), expected);
                pf_civil_from_days(expected, &y, &m, &d);
                assert_true(y == year && m == month && d == day);
                if (day > 2 && day < 27 && year % 50)
                    continue; /* the text of some is enough */
                size_t n = pf_print_date(expected, printed);
                assert_true(pf_parse_date(printed, n, PF_DATE_ISO, &days) && days == expected);
                n = (size_t)snprintf(text, sizeof text, "%d/%02d/%04d", day, month, year);
                assert_true(pf_parse_date(text, n, PF_DATE_DMY, &days) && days == expected);
                n = (size_t)snprintf(text, sizeof text, "%02d.%d.%04d", month, day, year);
                assert_true(pf_parse_date(text, n, PF_DATE_MDY, &days) && days == expected);
            }
    assert_int_equal(pf_days_from_civil(1970, 1, 1), 0);
}

static void test_days_that_are_not_in_the_calendar_are_refused(void **s) {
    (void)s;
    char text[24];
    int32_t days;
    for (int year = 0; year <= 9999; year += year == 1 ? 3 : 1)
        for (int month = 0; month <= 99; month += month > 14 ? 17 : 1)
            for (int day = 0; day <= 99; day += day > 1 && day < 27 ? 5 : day > 33 ? 13 : 1) {
                if (year % 97 && year % 4)
                    continue;
                bool good = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= longest(year, month);
                size_t n = (size_t)snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                assert_true(pf_parse_date(text, n, PF_DATE_ISO, &days) == good);
                assert_true(pf_civil_valid(year, month, day) == good);
            }
    static const char *const no[] = {"2021-2-03",  "2021-02-3",  "21-02-03",    "2021-02/03",
                                     "2021/02-03", "2021.02.03", "2021-02-03 ", "2021-02-0x",
                                     "20210203",   "+021-02-03", "2021-0a-01",  ""};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(pf_parse_date(no[i], strlen(no[i]), PF_DATE_ISO, &days));
    static const char *const no_dmy[] = {"1/2/21",     "1/2-2021", "1-2.2021", "001/2/2021", "1/002/2021",
                                         "1/2/02021",  "/2/2021",  "1//2021",  "1/2/",       "1/2/202",
                                         "31/02/2021", "1 2 2021", "1/2"};
    for (size_t i = 0; i < sizeof no_dmy / sizeof no_dmy[0]; i++)
        assert_false(pf_parse_date(no_dmy[i], strlen(no_dmy[i]), PF_DATE_DMY, &days));
}

static void test_one_damaged_byte_never_passes_as_a_date_unless_it_is_one(void **s) {
    (void)s;
    for (int at = 0; at < 10; at++)
        for (int c = 0; c < 256; c++) {
            char text[] = "2024-02-29";
            text[at] = (char)c;
            int32_t days;
            bool digit = c >= '0' && c <= '9', good;
            int year = 0, month = 0, day = 0;
            if (at == 4 || at == 7)
                good = c == '-';
            else
                good = digit && sscanf(text, "%4d-%2d-%2d", &year, &month, &day) == 3 && year >= 1 &&
                       month >= 1 && month <= 12 && day >= 1 && day <= longest(year, month);
            assert_true(pf_parse_date(text, 10, PF_DATE_ISO, &days) == good);
        }
}

static void test_times_to_nine_fraction_digits(void **s) {
    (void)s;
    static const struct {
        const char *text;
        int64_t nanos;
        int digits;
    } cases[] = {{"00:00", 0, 0},
                 {"23:59:59", 86399000000000, 0},
                 {"13:04:05.1", 47045100000000, 1},
                 {"13:04:05.123456789", 47045123456789, 9},
                 {"12:30", 45000000000000, 0}};
    int64_t nanos;
    int digits;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(pf_parse_time(cases[i].text, strlen(cases[i].text), &nanos, &digits));
        assert_int_equal(nanos, cases[i].nanos);
        assert_int_equal(digits, cases[i].digits);
    }
    static const char *const no[] = {"",        "24:00",  "12:60",      "12:30:60",  "1:30",
                                     "12:3",    "12:30:", "12:30:1",    "12:30:10.", "12:30:10.1234567890",
                                     "12:30.5", "12-30",  "12:30:10,5", "12:30:10x", "12:30Z"};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(pf_parse_time(no[i], strlen(no[i]), &nanos, &digits));
}

static void test_timestamps_with_and_without_zone(void **s) {
    (void)s;
    static const struct {
        const char *text;
        int order;
        int64_t seconds;
        int32_t nanos;
        int digits;
        bool zoned;
    } cases[] = {
        {"1970-01-01T00:00:00", PF_DATE_ISO, 0, 0, 0, false},
        {"2024-02-29 13:04:05", PF_DATE_ISO, 1709211845, 0, 0, false},
        {"2024/02/29 13:04", PF_DATE_ISO, 1709211840, 0, 0, false},
        {"2024-02-29T13:04:05.5Z", PF_DATE_ISO, 1709211845, 500000000, 1, true},
        {"2024-02-29T13:04:05+01:30", PF_DATE_ISO, 1709211845 - 5400, 0, 0, true},
        {"2024-02-29T13:04:05.000001-0800", PF_DATE_ISO, 1709211845 + 28800, 1000, 6, true},
        {"2024-02-29 13:04:05+00", PF_DATE_ISO, 1709211845, 0, 0, true},
        {"1969-12-31 23:59:59.999999999", PF_DATE_ISO, -1, 999999999, 9, false},
        {"29.2.2024 13:04:05", PF_DATE_DMY, 1709211845, 0, 0, false},
        {"2/29/2024 13:04", PF_DATE_MDY, 1709211840, 0, 0, false},
        {"2/29/2024 0:00:00", PF_DATE_MDY, 1709164800, 0, 0, false}, /* as spreadsheets write it */
        {"29.2.2024 9:05", PF_DATE_DMY, 1709197500, 0, 0, false},
        {"0001-01-01T00:00:00", PF_DATE_ISO, -62135596800, 0, 0, false},
        {"9999-12-31T23:59:59", PF_DATE_ISO, 253402300799, 0, 0, false},
    };
    struct pf_instant v;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(pf_parse_timestamp(cases[i].text, strlen(cases[i].text), cases[i].order, &v));
        assert_int_equal(v.seconds, cases[i].seconds);
        assert_int_equal(v.nanos, cases[i].nanos);
        assert_int_equal(v.digits, cases[i].digits);
        assert_int_equal(v.zoned, cases[i].zoned);
    }
    static const char *const no[] = {"2024-02-29",
                                     "2024-02-29 ",
                                     "2024-02-29  13:04",
                                     "2024-02-29t13:04",
                                     "2024-02-30 13:04",
                                     "2024-02-29T13:04:05 Z",
                                     "2024-02-29T13:04:05z",
                                     "2024-02-29T13:04:05+1",
                                     "2024-02-29T13:04:05+24:00",
                                     "2024-02-29T13:04:05+01:60",
                                     "2024-02-29T13:04:05+01:3",
                                     "2024-02-29T13:04:05+01:",
                                     "2024-02-29T13:04:05+01:300",
                                     "9999-12-31T23:59:59-01:00",
                                     "0001-01-01T00:00:00+00:01",
                                     "2024-02-29T24:00:00",
                                     "2024-02-29 9:05:00",
                                     ""};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(pf_parse_timestamp(no[i], strlen(no[i]), PF_DATE_ISO, &v));
}

static void test_printed_forms(void **s) {
    (void)s;
    char to[48];
#define IS(call, text)                                                                                         \
    do {                                                                                                       \
        to[call] = 0;                                                                                          \
        assert_string_equal(to, text);                                                                         \
    } while (0)
    IS(pf_print_date(0, to), "1970-01-01");
    IS(pf_print_date(-719162, to), "0001-01-01");
    IS(pf_print_time(47045123456789, 0, to), "13:04:05");
    IS(pf_print_time(47045123456789, 6, to), "13:04:05.123456");
    IS(pf_print_timestamp(1709211845, 1000000, 3, true, to), "2024-02-29T13:04:05.001Z");
    IS(pf_print_timestamp(-1, 999999999, 9, false, to), "1969-12-31T23:59:59.999999999");
    IS(pf_print_duration(-3661000000001, 9, to), "-01:01:01.000000001");
    IS(pf_print_duration(360000000000000, 0, to), "100:00:00");
    IS(pf_print_duration(INT64_MIN, 0, to), "-2562047:47:16");
    IS(pf_print_timestamp(INT64_MAX, 0, 0, false, to), "292277026596-12-04T15:30:07");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_of_years_1_to_9999_counts_one_more),
        cmocka_unit_test(test_days_that_are_not_in_the_calendar_are_refused),
        cmocka_unit_test(test_one_damaged_byte_never_passes_as_a_date_unless_it_is_one),
        cmocka_unit_test(test_times_to_nine_fraction_digits),
        cmocka_unit_test(test_timestamps_with_and_without_zone),
        cmocka_unit_test(test_printed_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
