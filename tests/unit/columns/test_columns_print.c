/* test_columns_print.c — values in the house spelling, the extreme ones too.      SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "columns/columns_print.h"

static void expect_text(const char *type_text, const void *value, const char *want) {
    struct pf_view view = {.length = 1, .values = value};
    char text[PF_PRINT_ROOM];
    assert_int_equal(pf_type_parse(type_text, &view.type, NULL), PF_OK);
    size_t size = pf_print_value(&view, 0, ' ', text);
    text[size] = 0;
    assert_string_equal(text, want);
}

static void expect_whole(const char *type_text, int64_t value, const char *want) {
    expect_text(type_text, &value, want);
}

static void integers_and_booleans(void **state) {
    (void)state;
    expect_whole("bool", 1, "true");
    expect_whole("bool", 0, "false");
    expect_whole("int8", -128, "-128");
    expect_whole("int16", -32768, "-32768");
    expect_whole("int32", INT32_MIN, "-2147483648");
    expect_whole("int64", INT64_MIN, "-9223372036854775808");
    expect_whole("uint8", 255, "255");
    expect_whole("uint16", 65535, "65535");
    expect_whole("uint32", UINT32_MAX, "4294967295");
    expect_whole("uint64", -1, "18446744073709551615");
}

static void floating_numbers_are_the_shortest_that_read_back(void **state) {
    (void)state;
    double d = 0.1;
    float f = 0.1f;
    expect_text("double", &d, "0.1");
    expect_text("float", &f, "0.1");
    static const struct {
        uint16_t half;
        const char *text;
    } halves[] = {{0x3C00, "1"},
                  {0xC000, "-2"},
                  {0x0000, "0"},
                  {0x7C00, "inf"},
                  {0xFC00, "-inf"},
                  {0x7BFF, "65504"},
                  {0x3555, "0.33325195"},
                  {0x0001, "5.9604645e-08"},
                  {0x03FF, "6.097555e-05"},
                  {0x0400, "6.1035156e-05"}};
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
        expect_text("float16", &halves[i].half, halves[i].text);
    assert_true(isnan(pf_half_to_float(0x7E00)));
    assert_true(signbit(pf_half_to_float(0x8000)));
}

static void decimals_keep_every_digit(void **state) {
    (void)state;
    uint64_t limbs[4] = {12345, 0, 0, 0};
    expect_text("decimal(10,2)", limbs, "123.45");
    expect_text("decimal(10,0)", limbs, "12345");
    expect_text("decimal(10,5)", limbs, "0.12345");
    expect_text("decimal(10,7)", limbs, "0.0012345");
    uint64_t minus[4] = {(uint64_t)-5, (uint64_t)-1, (uint64_t)-1, (uint64_t)-1};
    expect_text("decimal(10,2)", minus, "-0.05");
    expect_text("decimal256(60,3)", minus, "-0.005");
    uint64_t zero[4] = {0};
    expect_text("decimal(10,2)", zero, "0.00");
    expect_text("decimal(10,0)", zero, "0");
    uint64_t most[2] = {0x098A223FFFFFFFFFu, 0x4B3B4CA85A86C47Au}; /* 10^38 − 1 */
    expect_text("decimal(38,0)", most, "99999999999999999999999999999999999999");
    expect_text("decimal(38,38)", most, "0.99999999999999999999999999999999999999");
    uint64_t least[4] = {0, 0, 0, (uint64_t)1 << 63};
    expect_text("decimal256(76,0)", least,
                "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
    struct pf_view view = {.length = 1,
                           .values = (const uint8_t *)limbs,
                           .type = {.kind = PF_KIND_DECIMAL128, .precision = 5, .scale = -3}};
    char text[PF_PRINT_ROOM];
    assert_int_equal(pf_print_value(&view, 0, ' ', text), 8);
    assert_memory_equal(text, "12345000", 8);
    view.values = (const uint8_t *)zero;
    assert_int_equal(pf_print_value(&view, 0, ' ', text), 1);
}

static void dates_times_and_timestamps(void **state) {
    (void)state;
    expect_whole("date", 19782, "2024-02-29");
    expect_whole("date", -1, "1969-12-31");
    expect_whole("date64", 86400000, "1970-01-02");
    expect_whole("date64", -1, "1969-12-31");
    expect_whole("time32[s]", 47045, "13:04:05");
    expect_whole("time32[ms]", 47045120, "13:04:05.120");
    expect_whole("time[us]", 47045000001, "13:04:05.000001");
    expect_whole("time[ns]", 47045000001000, "13:04:05.000001");
    expect_whole("time[ns]", 47045000000001, "13:04:05.000000001");
    expect_whole("time[us]", 86400000000, "24:00:00");
    expect_whole("time32[s]", -1, "-00:00:01");
    expect_whole("timestamp[s]", 1709212000, "2024-02-29 13:06:40");
    expect_whole("timestamp[us]", 1709212000000000, "2024-02-29 13:06:40");
    expect_whole("timestamp[us, UTC]", 1709212000500000, "2024-02-29 13:06:40.500000Z");
    expect_whole("timestamp[ms]", -1, "1969-12-31 23:59:59.999");
    expect_whole("timestamp[ns]", 1, "1970-01-01 00:00:00.000000001");
    expect_whole("timestamp[ns]", 1000, "1970-01-01 00:00:00.000001");
    struct pf_view view = {.length = 1, .type = {.kind = PF_KIND_TIMESTAMP, .unit = PF_UNIT_SECOND}};
    int64_t zero = 0;
    char text[PF_PRINT_ROOM];
    view.values = (const uint8_t *)&zero;
    assert_int_equal(pf_print_value(&view, 0, 'T', text), 19);
    assert_memory_equal(text, "1970-01-01T00:00:00", 19);
}

static void durations_and_intervals(void **state) {
    (void)state;
    expect_whole("duration[s]", 3661, "01:01:01");
    expect_whole("duration[us]", -1, "-00:00:00.000001");
    expect_whole("duration[ms]", 360000500, "100:00:00.500");
    expect_whole("duration[ns]", 1000, "00:00:00.000001");
    expect_whole("duration[ns]", 1500, "00:00:00.000001500");
    expect_whole("duration[s]", INT64_MIN, "-2562047788015215:30:08");
    int32_t months = -14;
    expect_text("interval_months", &months, "P-14M");
    int32_t days[2] = {3, -1500};
    expect_text("interval_daytime", days, "P3DT-1.500000S");
    int32_t none[4] = {0};
    expect_text("interval_nano", none, "P0M");
    uint8_t nano[16] = {1, 0, 0, 0, 2, 0, 0, 0, 5};
    expect_text("interval_nano", nano, "P1M2DT0.000000005S");
}

static void extreme_values_fit_the_room_and_do_not_overflow(void **state) {
    (void)state;
    static const char *const types[] = {"date",
                                        "date64",
                                        "time32[s]",
                                        "time32[ms]",
                                        "time[us]",
                                        "time[ns]",
                                        "timestamp[s]",
                                        "timestamp[ms]",
                                        "timestamp[us, UTC]",
                                        "timestamp[ns, UTC]",
                                        "duration[s]",
                                        "duration[ns]",
                                        "interval_daytime",
                                        "interval_nano",
                                        "double",
                                        "float",
                                        "decimal256(76,76)",
                                        "decimal(38,38)"};
    static const uint64_t ends[] = {
        0, 1, UINT64_MAX, (uint64_t)INT64_MAX, (uint64_t)1 << 63, 0x7FFFFFFF80000000u, 0x800000007FFFFFFFu};
    for (size_t t = 0; t < sizeof types / sizeof *types; t++)
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            uint64_t value[4] = {ends[i], ends[i], ends[i], ends[i]};
            struct pf_view view = {.length = 1, .values = (const uint8_t *)value};
            char text[PF_PRINT_ROOM];
            assert_int_equal(pf_type_parse(types[t], &view.type, NULL), PF_OK);
            size_t size = pf_print_value(&view, 0, ' ', text);
            assert_in_range(size, 1, PF_PRINT_ROOM);
            for (size_t k = 0; k < size; k++)
                assert_in_range(text[k], ' ', '~');
        }
}

static void base64_with_padding(void **state) {
    (void)state;
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"},
                                          {"\xff\xfe\xfd", "//79"},
                                          {"\xfb\xf0", "+/A="}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[16];
        size_t size = pf_print_base64(rows[i][0], strlen(rows[i][0]), text);
        assert_int_equal(size, strlen(rows[i][1]));
        assert_memory_equal(text, rows[i][1], size);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_and_booleans),
        cmocka_unit_test(floating_numbers_are_the_shortest_that_read_back),
        cmocka_unit_test(decimals_keep_every_digit),
        cmocka_unit_test(dates_times_and_timestamps),
        cmocka_unit_test(durations_and_intervals),
        cmocka_unit_test(extreme_values_fit_the_room_and_do_not_overflow),
        cmocka_unit_test(base64_with_padding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
