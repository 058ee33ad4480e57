/* test_grid_display.c — a number as its format shows it.                         SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "grid/grid_codes.h"
#include "grid/grid_display.h"

static void expect(const char *code, double number, bool date1904, const char *shown) {
    char room[PF_DISPLAY_ROOM];
    struct pf_text text = pf_grid_display(pf_text_of(code), number, date1904, room);
    if (text.size != strlen(shown) || memcmp(text.at, shown, text.size) != 0)
        fail_msg("%g under '%s' is '%.*s', not '%s'", number, code, (int)text.size, text.at, shown);
}

static void a_section_is_chosen_by_sign_and_condition(void **state) {
    (void)state;
    expect("0.0;(0.0)", -1.25, false, "(1.3)");
    expect("0;-0;\"none\"", 0, false, "none");
    expect("0;;;", -3, false, "");
    expect("[<0]\"minus\" 0;0", -3, false, "minus 3");
    expect("[>=1000]0.0,\"K\";0", 1500, false, "1.5K");
    expect("[>=1000]0.0,\"K\";0", 999, false, "999");
    expect("[=1]\"one\";[<>2]\"other\";\"two\"", 2, false, "two");
    expect("[=1]\"one\";[<>2]\"other\";\"two\"", 5, false, "other");
    expect("[<=1]\"few\";\"many\"", 1, false, "few");
    expect("[Red][>5]\"big\";\"small\"", 9, false, "big");
}

static void digits_stand_where_their_signs_do(void **state) {
    (void)state;
    expect("(000) 000-0000", 5551234567, false, "(555) 123-4567");
    expect("0,000", 7, false, "0,007");
    expect("#,##0,,", 1234567890, false, "1,235");
    expect("0.##", 1.5, false, "1.5");
    expect("?.??", 1.5, false, "1.5 ");
    expect("0%%", 0.5, false, "5000%%");
    expect("00E-00", 1234, false, "12E02");
    expect("0E-0", 0.001, false, "1E-3");
    expect("# ?/16", 1.5, false, "1 8/16");
    expect("?/?", 1.5, false, "3/2");
    expect("# ?/?", 2, false, "2");
    expect("# ?/?", 0.999, false, "1");
    expect("General\" kg\"", 12.5, false, "12.5 kg");
    expect("0\\x_)*-", 1, false, "1x ");
    expect("\\\xE2\x82\xAC"
           "0",
           1, false,
           "\xE2\x82\xAC"
           "1");
}

static void parts_of_days_and_times_are_told_apart(void **state) {
    (void)state;
    expect("ddd d/m/yy", 44000, false, "Thu 18/6/20");
    expect("mmmmm", 44000, false, "J");
    expect("ddd", 0, true, "Fri");
    expect("yyyy-mm-dd", 0, true, "1904-01-01");
    expect("yyyy-mm-dd", 0, false, "1900-01-00");
    expect("ddd yyyy-mm-dd", 1, false, "Sun 1900-01-01");
    expect("h A/P", 0.75, false, "6 P");
    expect("hh:mm:ss", 0.999999, false, "00:00:00"); /* of the next day */
    expect("[hh]:mm:ss", 0.999999, false, "24:00:00");
    expect("[ss].00", 1.5 / 86400, false, "01.50");
    expect("[h]:mm", -1.5, false, "-36:00");
    expect("e", 44000, false, "2020");
    expect("bbbb", 44000, false, "2563");
    expect("m", 44000, false, "6");
    expect("mm:ss", 0.5 / 24, false, "30:00");
}

static void what_a_code_cannot_show_is_general(void **state) {
    (void)state;
    expect("", 1.5, false, "1.5");
    expect("yyyy", -1, false, "-1");
    expect("yyyy", 1e300, false, "1E+300");
    expect("[h]", 1e300, false, "1E+300");
    expect("#,##0.00", 1e308, false, "1E+308");
    expect("0%%%%%%", DBL_MAX, false, "1.7977E+308");
    expect("0", INFINITY, false, "inf");
    expect("0.0E+0", 1e-300, false, "1.0E-300");
    expect("# ?/?", 1e12, false, "1E+12");
}

static void no_code_leads_out_of_the_room(void **state) {
    (void)state;
    static const char *const odd[] = {"[",
                                      "[$",
                                      "[$-",
                                      "\"",
                                      "\\",
                                      "_",
                                      "*",
                                      "[>",
                                      "[>=]",
                                      "?/123456789012345",
                                      "/",
                                      "0/0",
                                      "E+",
                                      "0E+E+0.0",
                                      "0.0.0.0",
                                      ";;;;;;;",
                                      "[h][h][m]",
                                      "s.000000000",
                                      "AM/P",
                                      "0,,,,,,,,,,0",
                                      "[=]0",
                                      "0E+000000000000",
                                      "%%%",
                                      "#/#/#/#",
                                      ".#,#",
                                      "y\\",
                                      "\"a",
                                      "[<x]0",
                                      "\xFF\xFE"
                                      "0"};
    static const double numbers[] = {
        0, 1, -1, 0.5, 1e15, -1e300, 1e-300, DBL_TRUE_MIN, DBL_MAX, 2958465.99999, 60, 1e18, -0.0, NAN};
    char room[PF_DISPLAY_ROOM], code[600] = "";
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            assert_true(pf_grid_display(pf_text_of(odd[i]), numbers[n], n & 1, room).size <= sizeof room);
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
        for (size_t k = 0; k < 5; k++) {
            memset(code, "0#?\"d"[k], sizeof code - 1);
            assert_true(pf_grid_display(pf_text_of(code), numbers[n], false, room).size <= sizeof room);
        }
}

static void codes_are_kept_by_their_place(void **state) {
    (void)state;
    struct pf_grid_codes codes = {0};
    struct pf_grid_format a, b, general;
    assert_int_equal(pf_grid_codes_parse(&codes, "0.0%", 4, &a, NULL), PF_OK);
    assert_int_equal(pf_grid_codes_parse(&codes, "General", 7, &general, NULL), PF_OK);
    assert_int_equal(pf_grid_codes_builtin(&codes, 14, &b, NULL), PF_OK);
    assert_int_equal(general.code, 0);
    assert_true(pf_text_is(pf_grid_codes_text(&codes, a.code), "0.0%"));
    assert_true(pf_text_is(pf_grid_codes_text(&codes, b.code), "m/d/yyyy"));
    assert_int_equal(pf_grid_codes_text(&codes, 3).size, 0);
    assert_int_equal(pf_grid_codes_text(NULL, 1).size, 0);
    pf_grid_codes_clear(&codes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_section_is_chosen_by_sign_and_condition),
        cmocka_unit_test(digits_stand_where_their_signs_do),
        cmocka_unit_test(parts_of_days_and_times_are_told_apart),
        cmocka_unit_test(what_a_code_cannot_show_is_general),
        cmocka_unit_test(no_code_leads_out_of_the_room),
        cmocka_unit_test(codes_are_kept_by_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
