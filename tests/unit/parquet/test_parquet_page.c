/* test_parquet_page.c — pages by the byte, and compression only where it pays. SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "write/parquet/parquet_page.h"

static uint8_t room[4096];
static uint8_t *const values = room + 64;

/* One data page of 1000 bytes; noise does not compress. */
static struct pf_parquet_page page_of(bool noise) {
    uint64_t seed = 1;
    for (int i = 0; i < 1000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        values[i] = noise ? (uint8_t)(seed >> 56) : 7;
    }
    return (struct pf_parquet_page){.rows = 125, .slots = 125, .values = values, .values_size = 1000};
}

static void a_v1_page_holds_its_levels(void **state) {
    (void)state;
    struct pf_parquet_settings settings = {0};
    struct pf_parquet_chunk chunk = {0};
    struct pf_parquet_pages pages = {0};
    struct pf_parquet_page page = page_of(false);
    page.levels = (const uint8_t *)"\x03\x00\x00\x00\xFA\x01\x01";
    page.levels_size = 7;
    pf_parquet_pages_begin(&pages, &settings, &chunk);
    assert_int_equal(pf_parquet_pages_data(&pages, &page, NULL), PF_OK);
    static const char head[] =
        "\x15\x00\x15\xDE\x0F\x15\xDE\x0F\x2C\x15\xFA\x01\x15\x00\x15\x06\x15\x06\x00\x00"
        "\x03\x00\x00\x00\xFA\x01\x01\x07";
    assert_int_equal(chunk.bytes.size, 20 + 1007);
    assert_memory_equal(chunk.bytes.data, head, sizeof head - 1);
    assert_true(chunk.page_count == 1 && chunk.dictionary_size == 0 && chunk.uncompressed_size == 1027);
    pf_parquet_chunk_clear(&chunk);
    pf_parquet_pages_clear(&pages);
}

static void a_v2_page_keeps_its_levels_uncompressed(void **state) {
    (void)state;
    struct pf_parquet_settings settings = {.modern = true, .codec = &pf_codec_snappy};
    struct pf_parquet_chunk chunk = {0};
    struct pf_parquet_pages pages = {0};
    struct pf_parquet_page page = page_of(false);
    page.levels = (const uint8_t *)"\xFA\x01\x01";
    page.levels_size = 3;
    page.nulls = 2;
    pf_parquet_pages_begin(&pages, &settings, &chunk);
    assert_int_equal(pf_parquet_pages_data(&pages, &page, NULL), PF_OK);
    assert_int_equal(chunk.bytes.data[1], 6); /* DATA_PAGE_V2 */
    assert_non_null(
        memmem(chunk.bytes.data, chunk.bytes.size, "\xFA\x01\x01\xE8\x07", 5)); /* then snappy's 1000 */
    page = page_of(true); /* a page that does not shrink says so */
    assert_int_equal(pf_parquet_pages_data(&pages, &page, NULL), PF_OK);
    assert_non_null(memmem(chunk.bytes.data, chunk.bytes.size, values, 1000));
    assert_int_equal(chunk.codec_id, 1);
    pf_parquet_chunk_clear(&chunk);
    pf_parquet_pages_clear(&pages);
}

static void what_does_not_shrink_is_left_alone(void **state) {
    (void)state;
    static const struct pf_codec *const codecs[] = {&pf_codec_snappy, &pf_codec_zstd, &pf_codec_gzip,
                                                    &pf_codec_lz4_raw};
    for (size_t i = 0; i < 4; i++)
        for (int noise = 0; noise < 2; noise++) {
            struct pf_parquet_settings settings = {.codec = codecs[i], .level = codecs[i]->level_default};
            struct pf_parquet_chunk chunk = {0};
            struct pf_parquet_pages pages = {0};
            struct pf_parquet_page page = page_of(noise);
            pf_parquet_pages_begin(&pages, &settings, &chunk);
            pf_parquet_pages_dictionary(&pages, values, 400, 50);
            assert_int_equal(pf_parquet_pages_data(&pages, &page, NULL), PF_OK);
            assert_int_equal(pf_parquet_pages_data(&pages, &page, NULL), PF_OK);
            assert_int_equal(chunk.codec_id, noise ? 0 : codecs[i]->parquet_id);
            assert_int_equal(chunk.page_count, 2);
            const struct pf_parquet_place *places = (const void *)chunk.places.data;
            assert_int_equal(chunk.dictionary_size + places[0].size + places[1].size, chunk.bytes.size);
            if (noise) {
                assert_int_equal(chunk.uncompressed_size, chunk.bytes.size);
                assert_memory_equal(chunk.bytes.data + chunk.dictionary_size - 400, values, 400);
                assert_memory_equal(chunk.bytes.data + chunk.bytes.size - 1000, values, 1000);
            } else {
                assert_true((int64_t)chunk.bytes.size < chunk.uncompressed_size / 4);
            }
            pf_parquet_chunk_clear(&chunk);
            pf_parquet_pages_clear(&pages);
        }
}

/* The bytes of a chunk of one page of 64-bit numbers, and the level that it took. */
static size_t write_numbers(const uint8_t *page_room, size_t size, bool level_free, int8_t *level) {
    struct pf_parquet_settings settings = {.codec = &pf_codec_zstd, .level = 3, .level_free = level_free};
    struct pf_parquet_chunk chunk = {0};
    struct pf_parquet_pages pages = {0};
    struct pf_parquet_page page = {
        .rows = (int64_t)size / 8, .values = (uint8_t *)(uintptr_t)page_room, .values_size = size};
    for (int group = 0; group < 2; group++) { /* the second one knows already */
        pf_parquet_pages_begin(&pages, &settings, &chunk);
        assert_int_equal(pf_parquet_pages_data(&pages, &page, NULL), PF_OK);
    }
    size_t bytes = chunk.bytes.size;
    *level = chunk.level;
    pf_parquet_chunk_clear(&chunk);
    pf_parquet_pages_clear(&pages);
    return bytes;
}

static void a_lower_level_is_taken_where_it_gives_as_small_pages(void **state) {
    (void)state;
    static uint64_t numbers[1 << 16];
    uint64_t seed = 1;
    int8_t free_level, fixed;
    for (size_t i = 0; i < 1 << 16; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        numbers[i] = (seed >> 24) % 1000000000000u;
    }
    size_t free_size = write_numbers((const uint8_t *)numbers, sizeof numbers, true, &free_level);
    size_t fixed_size = write_numbers((const uint8_t *)numbers, sizeof numbers, false, &fixed);
    assert_int_equal(fixed, 0);
    assert_in_range(free_level, 1, 2);
    assert_true(free_size <= fixed_size + fixed_size / 256);
}

static void long_pages_that_do_not_shrink_are_not_compressed(void **state) {
    (void)state;
    static uint64_t noise[1 << 16];
    uint64_t seed = 1;
    for (size_t i = 0; i < 1 << 16; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        noise[i] = seed ^ seed >> 29;
    }
    struct pf_parquet_settings settings = {.codec = &pf_codec_snappy};
    struct pf_parquet_chunk chunk = {0};
    struct pf_parquet_pages pages = {0};
    struct pf_parquet_page page = {.rows = 1 << 16, .values = (uint8_t *)noise, .values_size = sizeof noise};
    pf_parquet_pages_begin(&pages, &settings, &chunk);
    assert_int_equal(pf_parquet_pages_data(&pages, &page, NULL), PF_OK);
    assert_int_equal(chunk.codec_id, 0);
    assert_memory_equal(chunk.bytes.data + chunk.bytes.size - sizeof noise, noise, sizeof noise);
    pf_parquet_chunk_clear(&chunk);
    pf_parquet_pages_clear(&pages);
}

static void pages_beyond_two_gibibytes_are_refused(void **state) {
    (void)state;
    struct pf_parquet_settings settings = {0};
    struct pf_parquet_chunk chunk = {0};
    struct pf_parquet_pages pages = {0};
    struct pf_parquet_page page = page_of(true);
    struct pf_error err = PF_ERROR_INIT;
    page.values_size = (size_t)1 << 31;
    pf_parquet_pages_begin(&pages, &settings, &chunk);
    assert_int_equal(pf_parquet_pages_data(&pages, &page, &err), PF_LIMIT);
    assert_non_null(strstr(err.message, "--page-bytes"));
    pf_parquet_chunk_clear(&chunk);
    pf_parquet_pages_clear(&pages);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_v1_page_holds_its_levels),
        cmocka_unit_test(a_v2_page_keeps_its_levels_uncompressed),
        cmocka_unit_test(what_does_not_shrink_is_left_alone),
        cmocka_unit_test(a_lower_level_is_taken_where_it_gives_as_small_pages),
        cmocka_unit_test(long_pages_that_do_not_shrink_are_not_compressed),
        cmocka_unit_test(pages_beyond_two_gibibytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
