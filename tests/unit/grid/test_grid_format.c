/* test_grid_format.c — what a number-format code says about a number.            SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "grid/grid_format.h"

struct code_case {
    const char *code;
    int kind;
};

static void expect_kinds(const struct code_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct pf_grid_format format = pf_grid_format_parse(cases[i].code, strlen(cases[i].code));
        if (format.kind != cases[i].kind)
            fail_msg("'%s' is %s, not %s", cases[i].code, pf_grid_format_name(format.kind),
                     pf_grid_format_name(cases[i].kind));
    }
}

static void dates_times_and_durations_are_told_apart_by_their_parts(void **state) {
    (void)state;
    static const struct code_case cases[] = {
        {"yyyy-mm-dd", PF_FORMAT_DATE},
        {"m/d/yy", PF_FORMAT_DATE},
        {"dd.mm.yyyy", PF_FORMAT_DATE},
        {"mmm", PF_FORMAT_DATE},
        {"mm", PF_FORMAT_DATE},
        {"yyyy\"\xE5\xB9\xB4\"m\"\xE6\x9C\x88\"d\"\xE6\x97\xA5\"", PF_FORMAT_DATE},
        {"[$-411]ggge\"\xE5\xB9\xB4\"m\"\xE6\x9C\x88\"d\"\xE6\x97\xA5\"", PF_FORMAT_DATE},
        {"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", PF_FORMAT_DATE},
        {"[$-409]d-mmm-yyyy;@", PF_FORMAT_DATE},
        {"[Red]yyyy/mm/dd", PF_FORMAT_DATE},
        {"yyyy-mm-dd\\Thh:mm:ss.000", PF_FORMAT_STAMP},
        {"m/d/yy h:mm", PF_FORMAT_STAMP},
        {"yyyy-mm-dd hh:mm:ss", PF_FORMAT_STAMP},
        {"h:mm", PF_FORMAT_TIME},
        {"h:mm AM/PM", PF_FORMAT_TIME},
        {"mm:ss.0", PF_FORMAT_TIME},
        {"ss", PF_FORMAT_TIME},
        {"[$-F400]h:mm:ss\\ AM/PM", PF_FORMAT_TIME},
        {"[h]:mm", PF_FORMAT_DURATION},
        {"[hh]:mm:ss", PF_FORMAT_DURATION},
        {"[m]:ss", PF_FORMAT_DURATION},
        {"[s].000", PF_FORMAT_DURATION},
    };
    expect_kinds(cases, sizeof cases / sizeof cases[0]);
}

static void letters_in_quotes_escapes_colours_and_exponents_make_no_date(void **state) {
    (void)state;
    static const struct code_case cases[] = {
        {"General", PF_FORMAT_GENERAL},
        {"GENERAL", PF_FORMAT_GENERAL},
        {"", PF_FORMAT_GENERAL},
        {"[Red]0.00", PF_FORMAT_NUMBER},
        {"\"day\" 0", PF_FORMAT_NUMBER},
        {"0\\d", PF_FORMAT_NUMBER},
        {"0_d_m_y", PF_FORMAT_NUMBER},
        {"#,##0 \"months\"", PF_FORMAT_NUMBER},
        {"0.00E+00", PF_FORMAT_NUMBER},
        {"##0.0E-0", PF_FORMAT_NUMBER},
        {"[>=1000]#,##0,\"k\";0", PF_FORMAT_NUMBER},
        {"[DBNum1]0", PF_FORMAT_NUMBER},
        {"# ?/?", PF_FORMAT_NUMBER},
        {"0;yyyy", PF_FORMAT_NUMBER}, /* the first section decides */
        {"0%", PF_FORMAT_PERCENT},
        {"0.0\\%", PF_FORMAT_NUMBER},
        {"\"$\"#,##0.00", PF_FORMAT_CURRENCY},
        {"[$\xE2\x82\xAC-407] #,##0.00", PF_FORMAT_CURRENCY},
        {"@", PF_FORMAT_TEXT},
    };
    expect_kinds(cases, sizeof cases / sizeof cases[0]);
}

static void masks_of_zeros_know_their_width(void **state) {
    (void)state;
    static const struct {
        const char *code;
        int kind, width;
    } cases[] = {{"00000", PF_FORMAT_MASK, 5},           {"00", PF_FORMAT_MASK, 2},
                 {"000\\-00\\-0000", PF_FORMAT_MASK, 9}, {"0", PF_FORMAT_NUMBER, 0},
                 {"0.00", PF_FORMAT_NUMBER, 0},          {"#,##000", PF_FORMAT_NUMBER, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pf_grid_format format = pf_grid_format_parse(cases[i].code, strlen(cases[i].code));
        assert_int_equal(format.kind, cases[i].kind);
        assert_int_equal(format.width, cases[i].width);
    }
}

static void codes_cut_short_anywhere_are_read_to_their_end(void **state) {
    (void)state;
    const char *code = "[$-409]\"a b\"yyyy\\-mm_ *x[h]AM/PM0.00E+00;@";
    for (size_t size = 0; size <= strlen(code); size++)
        for (size_t from = 0; from < size; from++)
            (void)pf_grid_format_parse(code + from, size - from);
}

static void built_in_ids_are_those_of_the_standard(void **state) {
    (void)state;
    assert_int_equal(pf_grid_format_builtin(0).kind, PF_FORMAT_GENERAL);
    assert_int_equal(pf_grid_format_builtin(9).kind, PF_FORMAT_PERCENT);
    assert_int_equal(pf_grid_format_builtin(14).kind, PF_FORMAT_DATE);
    assert_int_equal(pf_grid_format_builtin(20).kind, PF_FORMAT_TIME);
    assert_int_equal(pf_grid_format_builtin(22).kind, PF_FORMAT_STAMP);
    assert_int_equal(pf_grid_format_builtin(46).kind, PF_FORMAT_DURATION);
    assert_int_equal(pf_grid_format_builtin(49).kind, PF_FORMAT_TEXT);
    assert_int_equal(pf_grid_format_builtin(163).kind, PF_FORMAT_GENERAL);
}

static void expect_serial(double serial, bool date1904, const char *want) {
    int32_t days;
    int64_t micros;
    char text[48];
    assert_true(pf_grid_serial(serial, date1904, &days, &micros));
    size_t size = pf_print_timestamp((int64_t)days * 86400 + micros / 1000000,
                                     (int32_t)(micros % 1000000 * 1000), 3, false, text);
    text[size] = 0;
    assert_string_equal(text, want);
}

static void serial_numbers_are_dates_of_both_systems_to_the_millisecond(void **state) {
    (void)state;
    expect_serial(0, false, "1899-12-31T00:00:00.000");
    expect_serial(1, false, "1900-01-01T00:00:00.000");
    expect_serial(59, false, "1900-02-28T00:00:00.000");
    expect_serial(60, false, "1900-02-28T00:00:00.000"); /* Excel's 29th, which there never was */
    expect_serial(61, false, "1900-03-01T00:00:00.000");
    expect_serial(43831.999988, false, "2020-01-01T23:59:58.963");
    expect_serial(43831.9999999999, false, "2020-01-02T00:00:00.000");
    expect_serial(2958465, false, "9999-12-31T00:00:00.000");
    expect_serial(0, true, "1904-01-01T00:00:00.000");
    expect_serial(42369, true, "2020-01-01T00:00:00.000");
    int32_t days;
    int64_t micros;
    assert_false(pf_grid_serial(-1, false, &days, &micros));
    assert_false(pf_grid_serial(2958466, false, &days, &micros));
    assert_false(pf_grid_serial(0.0 / 0.0, false, &days, &micros));
    assert_true(pf_grid_elapsed(1.75, &micros));
    assert_int_equal(micros, INT64_C(42) * 3600 * 1000000);
    assert_true(pf_grid_elapsed(-0.5, &micros));
    assert_int_equal(micros, INT64_C(-12) * 3600 * 1000000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_times_and_durations_are_told_apart_by_their_parts),
        cmocka_unit_test(letters_in_quotes_escapes_colours_and_exponents_make_no_date),
        cmocka_unit_test(masks_of_zeros_know_their_width),
        cmocka_unit_test(codes_cut_short_anywhere_are_read_to_their_end),
        cmocka_unit_test(built_in_ids_are_those_of_the_standard),
        cmocka_unit_test(serial_numbers_are_dates_of_both_systems_to_the_millisecond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
