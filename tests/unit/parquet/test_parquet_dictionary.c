/* test_parquet_dictionary.c — indices lead back to every value; dictionaries that cannot pay are given up.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/mem.h"
#include "write/parquet/parquet_dictionary.h"

static void expect_words(const struct pf_parquet_dictionary *d, const uint8_t *words, int width,
                         int64_t count) {
    uint8_t *used = calloc((size_t)d->count, 1);
    assert_int_equal(d->bytes, d->count * width);
    for (int64_t i = 0; i < count; i++) {
        assert_true(d->indices[i] < d->count);
        assert_memory_equal(d->words + d->indices[i] * (size_t)width, words + i * width, (size_t)width);
        used[d->indices[i]] = 1;
    }
    for (int64_t e = 0; e < d->count; e++)
        assert_true(used[e]);
    free(used);
}

#define COUNT 50000
static uint8_t words[COUNT * 8];

/* The first values repeat themselves, so that nothing is given up there. */
static void fill_words(int width, uint64_t distinct, uint64_t scale) {
    for (int64_t i = 0; i < COUNT; i++) {
        uint64_t most = i < 5000 && distinct > 1000 ? 1000 : distinct;
        uint64_t v = ((uint64_t)i * 0x9E3779B97F4A7C15u >> 20) % most * scale - 1000;
        memcpy(words + i * width, &v, (size_t)width);
    }
}

static void words_by_table_and_by_hash(void **state) {
    (void)state;
    struct pf_parquet_dictionary d = {0};
    for (int width = 4; width <= 8; width += 4)
        for (int hashed = 0; hashed < 2; hashed++)
            for (uint64_t distinct = 1; distinct < 20000; distinct = distinct * 3 + 1) {
                fill_words(width, distinct, hashed ? 1000003 : 1);
                uint64_t base = width == 4 ? (uint32_t)-1000 : (uint64_t)-1000;
                assert_int_equal(
                    pf_parquet_dictionary_words(&d, words, width, COUNT, base, hashed ? 0 : distinct, NULL),
                    PF_OK);
                assert_true(d.count > 0 && d.count <= (int64_t)distinct);
                expect_words(&d, words, width, COUNT);
            }
    pf_parquet_dictionary_clear(&d);
}

static void small_spans_give_entries_in_order(void **state) {
    (void)state;
    struct pf_parquet_dictionary d = {0};
    fill_words(8, 300, 2);
    assert_int_equal(pf_parquet_dictionary_words(&d, words, 8, COUNT, (uint64_t)-1000, 600, NULL), PF_OK);
    for (int64_t e = 1; e < d.count; e++)
        assert_true((int64_t)pf_load64(d.words + e * 8) > (int64_t)pf_load64(d.words + e * 8 - 8));
    pf_parquet_dictionary_clear(&d);
}

static void bits_decide_not_numbers(void **state) {
    (void)state;
    struct pf_parquet_dictionary d = {0};
    double zeros[] = {0.0, -0.0, 0.0, -0.0};
    assert_int_equal(pf_parquet_dictionary_words(&d, (uint8_t *)zeros, 8, 4, 0, 0, NULL), PF_OK);
    assert_int_equal(d.count, 2);
    expect_words(&d, (uint8_t *)zeros, 8, 4);
    pf_parquet_dictionary_clear(&d);
}

static void distinct_values_are_given_up_early(void **state) {
    (void)state;
    struct pf_parquet_dictionary d = {0};
    for (int64_t i = 0; i < COUNT; i++)
        pf_store64(words + i * 8, (uint64_t)i * 1000003);
    assert_int_equal(pf_parquet_dictionary_words(&d, words, 8, COUNT, 0, 0, NULL), PF_OK);
    assert_int_equal(d.count, 0);
    for (int64_t i = 0; i < COUNT; i++) /* few at first, then too many */
        pf_store64(words + i * 8, i < 10000 ? 7 : (uint64_t)i * 1000003);
    assert_int_equal(pf_parquet_dictionary_words(&d, words, 8, COUNT, 0, 0, NULL), PF_OK);
    assert_int_equal(d.count, 0);
    for (int64_t i = 0; i < COUNT; i++) /* as many as there may be */
        pf_store64(words + i * 8, i < 17232 ? 7 : (uint64_t)(i - 17232) * 1000003);
    assert_int_equal(pf_parquet_dictionary_words(&d, words, 8, COUNT, 0, 0, NULL), PF_OK);
    assert_int_equal(d.count, 0);
    pf_store64(words + (COUNT - 1) * 8, 7);
    assert_int_equal(pf_parquet_dictionary_words(&d, words, 8, COUNT, 0, 0, NULL), PF_OK);
    assert_int_equal(d.count, 32768);
    expect_words(&d, words, 8, COUNT);
    assert_int_equal(pf_parquet_dictionary_words(&d, words, 8, 0, 0, 0, NULL), PF_OK);
    assert_int_equal(d.count, 0);
    pf_parquet_dictionary_clear(&d);
}

static struct pf_parquet_slice slices[COUNT];
static char text[COUNT * 24];
static void fill_texts(int64_t distinct, size_t pad, bool tight) {
    char *at = text;
    for (int64_t i = 0; i < COUNT; i++) {
        int size = sprintf(at, "%.*s%lld", (int)pad, "a long beginning",
                           (long long)(i * 7919 % (i < 5000 && distinct > 1000 ? 1000 : distinct)));
        if (i % distinct == 3)
            size = 0;
        slices[i] = (struct pf_parquet_slice){(uint8_t *)at, (uint32_t)size, tight ? (uint32_t)size : 64};
        at += size;
    }
}

static void texts_of_all_lengths(void **state) {
    (void)state;
    struct pf_parquet_dictionary d = {0};
    for (size_t pad = 0; pad <= 16; pad += 4)
        for (int64_t distinct = 1; distinct <= 12500; distinct *= 5)
            for (int tight = 0; tight < 2; tight++) {
                fill_texts(distinct, pad, tight);
                assert_int_equal(pf_parquet_dictionary_slices(&d, slices, COUNT, true, NULL), PF_OK);
                assert_true(d.count > 0 && d.count <= distinct + 1);
                int64_t bytes = 0;
                for (int64_t e = 0; e < d.count; e++)
                    bytes += d.slices[e].size + 4;
                assert_int_equal(bytes, d.bytes);
                for (int64_t i = 0; i < COUNT; i++) {
                    const struct pf_parquet_slice *s = &d.slices[d.indices[i]];
                    assert_int_equal(s->size, slices[i].size);
                    assert_memory_equal(s->at, slices[i].at, s->size);
                }
            }
    pf_parquet_dictionary_clear(&d);
}

static void zero_bytes_tell_texts_apart(void **state) {
    (void)state;
    struct pf_parquet_dictionary d = {0};
    struct pf_parquet_slice s[4] = {{(const uint8_t *)"\0\0\0\0\0\0\0\0", 0, 8},
                                    {(const uint8_t *)"\0\0\0\0\0\0\0\0", 1, 8},
                                    {(const uint8_t *)"\0\0\0\0\0\0\0\0", 2, 8},
                                    {(const uint8_t *)"\0\0\0\0\0\0\0\0", 8, 8}};
    assert_int_equal(pf_parquet_dictionary_slices(&d, s, 4, true, NULL), PF_OK);
    assert_int_equal(d.count, 4);
    pf_parquet_dictionary_clear(&d);
}

static void large_entries_are_given_up(void **state) {
    (void)state;
    struct pf_parquet_dictionary d = {0};
    char *big = calloc(1, 600000 + 8);
    struct pf_parquet_slice s[6];
    for (uint32_t i = 0; i < 6; i++)
        s[i] = (struct pf_parquet_slice){(uint8_t *)big, 600000 - i % 3, 600000};
    assert_int_equal(pf_parquet_dictionary_slices(&d, s, 6, true, NULL), PF_OK);
    assert_int_equal(d.count, 0);
    free(big);
    pf_parquet_dictionary_clear(&d);
}

static void index_width_is_never_zero(void **state) {
    (void)state;
    struct pf_parquet_dictionary d = {.count = 1};
    assert_int_equal(pf_parquet_dictionary_width(&d), 1);
    d.count = 2;
    assert_int_equal(pf_parquet_dictionary_width(&d), 1);
    d.count = 257;
    assert_int_equal(pf_parquet_dictionary_width(&d), 9);
}

static void no_memory_is_said(void **state) {
    (void)state;
    fill_texts(12500, 4, true);
    fill_words(8, 10000, 1000003);
    for (int nth = 1; nth < 6; nth++) {
        struct pf_parquet_dictionary d = {0};
        pf_mem_fail_from(nth);
        pf_status text_status = pf_parquet_dictionary_slices(&d, slices, COUNT, true, NULL);
        pf_parquet_dictionary_clear(&d);
        pf_mem_fail_from(nth);
        pf_status word_status = pf_parquet_dictionary_words(&d, words, 8, COUNT, 0, 0, NULL);
        pf_mem_fail_from(0);
        assert_int_equal(text_status, PF_NO_MEMORY);
        assert_true(word_status == PF_NO_MEMORY || nth > 3);
        pf_parquet_dictionary_clear(&d);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_by_table_and_by_hash), cmocka_unit_test(small_spans_give_entries_in_order),
        cmocka_unit_test(bits_decide_not_numbers),    cmocka_unit_test(distinct_values_are_given_up_early),
        cmocka_unit_test(texts_of_all_lengths),       cmocka_unit_test(zero_bytes_tell_texts_apart),
        cmocka_unit_test(large_entries_are_given_up), cmocka_unit_test(index_width_is_never_zero),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
