/* test_parquet_delta.c — differences, lengths, prefixes and streams are read back by plain readers.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "write/parquet/parquet_delta.h"

static uint64_t read_varint(const uint8_t **at) {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return value;
    }
}
static uint64_t read_zigzag(const uint8_t **at) {
    uint64_t value = read_varint(at);
    return value >> 1 ^ (0 - (value & 1));
}

/* Reads a whole DELTA_BINARY_PACKED run as the specification says; values wrap at 64 bits. */
static const uint8_t *read_delta(const uint8_t *at, uint64_t *values, int64_t *count) {
    uint64_t block = read_varint(&at), minis = read_varint(&at), per = block / minis;
    *count = (int64_t)read_varint(&at);
    uint64_t value = read_zigzag(&at);
    assert_int_equal(block % 128, 0);
    assert_int_equal(per % 32, 0);
    int64_t n = 0;
    if (*count > 0)
        values[n++] = value;
    while (n < *count) {
        uint64_t least = read_zigzag(&at);
        const uint8_t *widths = at;
        at += minis;
        for (uint64_t m = 0; m < minis && n < *count; m++) {
            for (uint64_t i = 0; i < per; i++) {
                uint64_t delta = 0;
                for (int b = 0; b < widths[m]; b++)
                    delta |= (uint64_t)pf_bit_get(at, (int64_t)i * widths[m] + b) << b;
                value += least + delta;
                if (n < *count)
                    values[n++] = value;
            }
            at += per * widths[m] / 8;
        }
    }
    return at;
}

static uint64_t draw(uint64_t *seed) {
    *seed += 0x9E3779B97F4A7C15u;
    uint64_t v = (*seed ^ *seed >> 30) * 0xBF58476D1CE4E5B9u;
    v = (v ^ v >> 27) * 0x94D049BB133111EBu;
    return v ^ v >> 31;
}

static void words_of_both_widths_read_back(void **state) {
    (void)state;
    uint64_t seed = 3, got[700];
    for (int round = 0; round < 300; round++) {
        int width = round % 2 ? 8 : 4;
        int64_t count = (int64_t)(draw(&seed) % 700), read = 0;
        uint8_t words[700 * 8];
        uint64_t last = 0;
        for (int64_t i = 0; i < count; i++) {
            uint64_t r = draw(&seed), value = round % 3 == 0   ? r
                                              : round % 3 == 1 ? (last += r % 100)
                                                               : r % 1000;
            if (round % 7 == 0)
                value = i & 1 ? (uint64_t)INT64_MIN : INT64_MAX; /* the steepest there is */
            memcpy(words + i * width, &value, (size_t)width);
        }
        struct pf_buf to = {0};
        assert_int_equal(pf_parquet_delta_words(words, width, count, &to, NULL), PF_OK);
        assert_ptr_equal(read_delta(to.data, got, &read), to.data + to.size);
        assert_int_equal(read, count);
        for (int64_t i = 0; i < count; i++)
            assert_memory_equal(&got[i], words + i * width, (size_t)width);
        pf_buf_clear(&to);
    }
}

static void rising_numbers_take_next_to_nothing(void **state) {
    (void)state;
    static uint8_t words[10000 * 8];
    for (int64_t i = 0; i < 10000; i++)
        pf_store64(words + i * 8, (uint64_t)(i * 3));
    struct pf_buf to = {0};
    assert_int_equal(pf_parquet_delta_words(words, 8, 10000, &to, NULL), PF_OK);
    assert_true(to.size < 500);
    pf_buf_clear(&to);
}

#define TEXTS 400
static char pool[TEXTS * 40];
static struct pf_parquet_slice slices[TEXTS];
static void make_texts(bool sorted) {
    uint64_t seed = 5;
    char *at = pool;
    for (int i = 0; i < TEXTS; i++) {
        size_t size = draw(&seed) % 39;
        for (size_t k = 0; k < size; k++)
            at[k] = sorted && k < 30 ? (char)('a' + k) : (char)draw(&seed);
        slices[i] =
            (struct pf_parquet_slice){(uint8_t *)at, (uint32_t)size, (uint32_t)(pool + sizeof pool - at)};
        at += size;
    }
}

static void lengths_then_bytes(void **state) {
    (void)state;
    make_texts(false);
    struct pf_buf to = {0};
    uint64_t sizes[TEXTS];
    int64_t count;
    assert_int_equal(pf_parquet_delta_lengths(slices, TEXTS, &to, NULL), PF_OK);
    const uint8_t *at = read_delta(to.data, sizes, &count);
    assert_int_equal(count, TEXTS);
    for (int i = 0; i < TEXTS; i++) {
        assert_int_equal(sizes[i], slices[i].size);
        assert_memory_equal(at, slices[i].at, slices[i].size);
        at += sizes[i];
    }
    assert_ptr_equal(at, to.data + to.size);
    pf_buf_clear(&to);
}

static void prefixes_are_shared_with_the_text_before(void **state) {
    (void)state;
    make_texts(true);
    struct pf_buf to = {0}, scratch = {0};
    uint64_t prefixes[TEXTS], sizes[TEXTS];
    int64_t count;
    assert_int_equal(pf_parquet_delta_bytes(slices, TEXTS, &scratch, &to, NULL), PF_OK);
    const uint8_t *at = read_delta(read_delta(to.data, prefixes, &count), sizes, &count);
    uint64_t shared = 0;
    for (int i = 0; i < TEXTS; i++) {
        assert_int_equal(prefixes[i] + sizes[i], slices[i].size);
        if (prefixes[i])
            assert_memory_equal(slices[i - 1].at, slices[i].at, prefixes[i]);
        assert_memory_equal(at, slices[i].at + prefixes[i], sizes[i]);
        at += sizes[i];
        shared += prefixes[i];
    }
    assert_ptr_equal(at, to.data + to.size);
    assert_true(shared > TEXTS * 10);
    pf_buf_clear(&to);
    pf_buf_clear(&scratch);
}

static void plain_text_has_lengths_in_front(void **state) {
    (void)state;
    make_texts(false);
    struct pf_buf to = {0};
    assert_int_equal(pf_parquet_plain_slices(slices, TEXTS, true, &to, NULL), PF_OK);
    const uint8_t *at = to.data;
    for (int i = 0; i < TEXTS; i++) {
        assert_int_equal(pf_load32(at), slices[i].size);
        assert_memory_equal(at + 4, slices[i].at, slices[i].size);
        at += 4 + slices[i].size;
    }
    assert_ptr_equal(at, to.data + to.size);
    pf_buf_clear(&to);
}

static void streams_hold_one_byte_of_each_value(void **state) {
    (void)state;
    uint64_t seed = 9;
    for (int width = 4; width <= 8; width += 4)
        for (int64_t count = 0; count < 40; count++) {
            uint8_t words[40 * 8];
            for (size_t i = 0; i < sizeof words; i++)
                words[i] = (uint8_t)draw(&seed);
            struct pf_buf to = {0};
            assert_int_equal(pf_parquet_split_words(words, width, count, &to, NULL), PF_OK);
            assert_int_equal(to.size, count * width);
            for (int64_t i = 0; i < count; i++)
                for (int b = 0; b < width; b++)
                    assert_int_equal(to.data[b * count + i], words[i * width + b]);
            pf_buf_clear(&to);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_both_widths_read_back),
        cmocka_unit_test(rising_numbers_take_next_to_nothing),
        cmocka_unit_test(lengths_then_bytes),
        cmocka_unit_test(prefixes_are_shared_with_the_text_before),
        cmocka_unit_test(plain_text_has_lengths_in_front),
        cmocka_unit_test(streams_hold_one_byte_of_each_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
