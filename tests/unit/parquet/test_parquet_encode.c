/* test_parquet_encode.c — each kind of data gets the encoding that suits it. SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/bits.h"
#include "parquet_fixture.h"

#define ROWS 20000
static uint64_t words[ROWS];
static int32_t offsets[ROWS + 1];
static char text[ROWS * 48];

static uint64_t draw(uint64_t i) {
    i = (i ^ i >> 31) * 0x9E3779B97F4A7C15u;
    i = (i ^ i >> 29) * 0xBF58476D1CE4E5B9u;
    return i ^ i >> 32;
}

static int encoding_of(const char *format, bool modern, const struct pf_codec *codec, bool is_text) {
    struct fixture f = {
        .settings = {.modern = modern, .codec = codec, .level = codec ? codec->level_default : 0}};
    assert_int_equal(
        open_fixture(&f, format, ROWS, NULL, is_text ? (void *)offsets : (void *)words, is_text ? text : NULL),
        PF_OK);
    assert_int_equal(encode_fixture(&f, NULL), PF_OK);
    int encoding = f.chunk.encoding;
    assert_int_equal(f.chunk.dictionary_size > 0, encoding == PF_PARQUET_RLE_DICT);
    close_fixture(&f);
    return encoding;
}

static void few_values_get_a_dictionary(void **state) {
    (void)state;
    for (uint64_t i = 0; i < ROWS; i++)
        words[i] = draw(i) % 300 * 1000003;
    for (int modern = 0; modern < 2; modern++) {
        assert_int_equal(encoding_of("l", modern, NULL, false), PF_PARQUET_RLE_DICT);
        assert_int_equal(encoding_of("g", modern, &pf_codec_snappy, false), PF_PARQUET_RLE_DICT);
    }
    offsets[0] = 0;
    for (int i = 0; i < ROWS; i++)
        offsets[i + 1] = offsets[i] + sprintf(text + offsets[i], "%s%d", i % 2 ? "a word " : "", i % 90);
    for (int modern = 0; modern < 2; modern++)
        assert_int_equal(encoding_of("u", modern, &pf_codec_snappy, true), PF_PARQUET_RLE_DICT);
}

static void distinct_values_stay_plain_for_spark(void **state) {
    (void)state;
    for (uint64_t i = 0; i < ROWS; i++)
        words[i] = i;
    assert_int_equal(encoding_of("l", false, &pf_codec_snappy, false), PF_PARQUET_PLAIN);
    offsets[0] = 0;
    for (int i = 0; i < ROWS; i++)
        offsets[i + 1] = offsets[i] + sprintf(text + offsets[i], "no %d", i);
    assert_int_equal(encoding_of("u", false, &pf_codec_snappy, true), PF_PARQUET_PLAIN);
}

static void rising_numbers_become_differences(void **state) {
    (void)state;
    for (uint64_t i = 0; i < ROWS; i++)
        words[i] = i * 1000 + draw(i) % 1000;
    assert_int_equal(encoding_of("l", true, NULL, false), PF_PARQUET_DELTA_WORDS);
    assert_int_equal(encoding_of("tsu:", true, &pf_codec_snappy, false), PF_PARQUET_DELTA_WORDS);
}

static void doubles_become_streams_where_the_codec_gains(void **state) {
    (void)state;
    for (uint64_t i = 0; i < ROWS; i++) {
        double value = (double)(draw(i) >> 11) * 0x1p-53;
        memcpy(&words[i], &value, 8);
    }
    assert_int_equal(encoding_of("g", true, &pf_codec_zstd, false), PF_PARQUET_SPLIT);
    assert_int_equal(encoding_of("g", true, NULL, false), PF_PARQUET_PLAIN);
}

static void text_shares_prefixes_where_it_is_sorted(void **state) {
    (void)state;
    offsets[0] = 0;
    for (int i = 0; i < ROWS; i++)
        offsets[i + 1] = offsets[i] + sprintf(text + offsets[i], "https://example.org/page/%08d", i);
    assert_int_equal(encoding_of("u", true, NULL, true), PF_PARQUET_DELTA_BYTES);
    for (int i = 0; i < ROWS; i++)
        offsets[i + 1] = offsets[i] + sprintf(text + offsets[i], "%llu", (unsigned long long)draw((uint64_t)i));
    assert_int_equal(encoding_of("u", true, NULL, true), PF_PARQUET_DELTA_LENGTHS);
}

static void flags_become_runs_where_they_stay(void **state) {
    (void)state;
    for (uint64_t i = 0; i < ROWS; i++)
        words[i] = draw(i);
    assert_int_equal(encoding_of("b", true, NULL, false), PF_PARQUET_PLAIN);
    for (uint64_t i = 0; i < ROWS; i++)
        words[i] = i / 9 % 2 ? UINT64_MAX : 0;
    assert_int_equal(encoding_of("b", true, NULL, false), PF_PARQUET_RLE);
    assert_int_equal(encoding_of("b", false, NULL, false), PF_PARQUET_PLAIN);
}

static void a_tiny_chunk_has_no_dictionary_to_pay_for(void **state) {
    (void)state;
    struct fixture f = {0};
    words[0] = words[1] = 5;
    assert_int_equal(open_fixture(&f, "l", 2, NULL, words, NULL), PF_OK);
    assert_int_equal(encode_fixture(&f, NULL), PF_OK);
    assert_int_equal(f.chunk.encoding, PF_PARQUET_PLAIN);
    close_fixture(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_values_get_a_dictionary),
        cmocka_unit_test(distinct_values_stay_plain_for_spark),
        cmocka_unit_test(rising_numbers_become_differences),
        cmocka_unit_test(doubles_become_streams_where_the_codec_gains),
        cmocka_unit_test(text_shares_prefixes_where_it_is_sorted),
        cmocka_unit_test(flags_become_runs_where_they_stay),
        cmocka_unit_test(a_tiny_chunk_has_no_dictionary_to_pay_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
