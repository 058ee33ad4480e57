/* test_parquet_hybrid.c — what is packed is read back by a plain reader of the specification.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "write/parquet/parquet_hybrid.h"

static uint64_t read_varint(const uint8_t **at) {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return value;
    }
}

/* Fails unless exactly count values (and padding) are in exactly size bytes. Returns how many runs were RLE. */
static int expect_hybrid(const uint8_t *from, size_t size, const uint32_t *want, int64_t count, int width) {
    const uint8_t *at = from;
    int64_t n = 0;
    int runs = 0;
    while (at < from + size) {
        uint64_t head = read_varint(&at);
        if (head & 1) {
            int64_t packed = (int64_t)(head >> 1) * 8;
            for (int64_t i = 0; i < packed; i++, n++) {
                uint32_t value = 0;
                for (int b = 0; b < width; b++)
                    value |= (uint32_t)pf_bit_get(at, i * width + b) << b;
                assert_int_equal(value, n < count ? want[n] : 0);
            }
            at += (head >> 1) * (uint64_t)width;
        } else {
            uint32_t value = 0;
            for (int b = 0; b < (width + 7) / 8; b++)
                value |= (uint32_t)*at++ << (8 * b);
            for (uint64_t i = 0; i < head >> 1; i++, n++)
                assert_int_equal(value, want[n]);
            runs++;
        }
    }
    assert_ptr_equal(at, from + size);
    assert_true(n >= count && n < count + 8);
    return runs;
}

static uint32_t draw(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static void every_width_and_count_reads_back(void **state) {
    (void)state;
    uint64_t seed = 7;
    uint32_t values[1000];
    for (int width = 1; width <= 32; width++)
        for (int round = 0; round < 60; round++) {
            int64_t count = draw(&seed) % 1000;
            for (int64_t i = 0; i < count;) { /* runs of all lengths between noise */
                uint32_t run = round % 3 ? draw(&seed) % (round % 2 ? 3 : 70) + 1 : 1;
                uint32_t value = (uint32_t)(draw(&seed) & ((UINT64_C(1) << width) - 1));
                while (run-- && i < count)
                    values[i++] = value;
            }
            size_t bound = pf_parquet_hybrid_bound(count, width);
            uint8_t *to = malloc(bound);
            size_t size = pf_parquet_hybrid(values, count, width, to);
            assert_true(size + 16 <= bound);
            expect_hybrid(to, size, values, count, width);
            free(to);
        }
}

static void long_runs_cost_two_bytes(void **state) {
    (void)state;
    uint32_t values[600] = {0};
    uint8_t to[1024];
    assert_int_equal(pf_parquet_hybrid(values, 60, 4, to), 2);
    assert_int_equal(expect_hybrid(to, 2, values, 60, 4), 1);
    assert_int_equal(pf_parquet_hybrid(values, 600, 1, to), 3);
}

static void width_zero_is_a_run_without_value(void **state) {
    (void)state;
    uint32_t values[100] = {0};
    uint8_t to[256];
    assert_int_equal(pf_parquet_hybrid(values, 100, 0, to), 2);
    assert_int_equal(to[0], (200 & 0x7F) | 0x80);
    assert_int_equal(pf_parquet_hybrid(values, 0, 0, to), 0);
}

static void level_bitmaps_read_back_from_any_bit(void **state) {
    (void)state;
    uint64_t seed = 11;
    uint8_t bits[300];
    uint32_t want[2400];
    for (int round = 0; round < 400; round++) {
        for (int i = 0; i < 300; i++)
            bits[i] = round % 4 == 0 ? (uint8_t)draw(&seed) : (i / (1 + round % 37)) % 2 ? 0xFF : 0;
        int64_t at = draw(&seed) % 50, rows = draw(&seed) % 2000;
        for (int64_t i = 0; i < rows; i++)
            want[i] = pf_bit_get(bits, at + i);
        size_t bound = pf_parquet_levels_bound(rows);
        uint8_t *to = malloc(bound);
        size_t size = pf_parquet_levels(bits, at, rows, to);
        assert_true(size <= bound);
        expect_hybrid(to, size, want, rows, 1);
        free(to);
    }
}

static void no_nulls_are_one_run(void **state) {
    (void)state;
    uint8_t to[64];
    assert_int_equal(pf_parquet_levels(NULL, 5, 1000, to), 3);
    assert_memory_equal(to, "\xD0\x0F\x01", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_width_and_count_reads_back),     cmocka_unit_test(long_runs_cost_two_bytes),
        cmocka_unit_test(width_zero_is_a_run_without_value),    cmocka_unit_test(no_nulls_are_one_run),
        cmocka_unit_test(level_bitmaps_read_back_from_any_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
