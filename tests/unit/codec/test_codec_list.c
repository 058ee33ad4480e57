/* test_codec_list.c — finding a codec by name and by magic.                     SPDX-License-Identifier: MIT */
#include "codec_samples.h"

static void names_find_their_codec(void **unused) {
    for (size_t c = 0; pf_codecs[c]; c++) {
        assert_ptr_equal(pf_codec_find(pf_codecs[c]->name), pf_codecs[c]);
        assert_non_null(pf_codecs[c]->bound);
        assert_non_null(pf_codecs[c]->compress);
        assert_non_null(pf_codecs[c]->decompress);
        assert_int_equal(!pf_codecs[c]->state_open, !pf_codecs[c]->state_close);
        assert_int_equal(!pf_codecs[c]->inflate_open, !pf_codecs[c]->inflate_close);
    }
    assert_null(pf_codec_find("brotli"));
    assert_null(pf_codec_find(""));
    assert_null(pf_codec_find(NULL));
}

static void parquet_ids_are_those_of_the_format(void **unused) {
    assert_int_equal(pf_codec_none.parquet_id, 0);
    assert_int_equal(pf_codec_snappy.parquet_id, 1);
    assert_int_equal(pf_codec_gzip.parquet_id, 2);
    assert_int_equal(pf_codec_zstd.parquet_id, 6);
    assert_int_equal(pf_codec_lz4_raw.parquet_id, 7);
    assert_int_equal(pf_codec_lz4.parquet_id, -1);
}

static void every_file_codec_knows_its_own_files(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_TEXT, 1000);
    for (size_t c = 0; pf_codecs[c]; c++)
        for (size_t size = 0; size <= 1000; size += 1000) {
            size_t packed_size = 0;
            uint8_t *packed = sample_pack(pf_codecs[c], plain, size, &packed_size);
            assert_ptr_equal(pf_codec_by_magic(packed, packed_size), pf_codecs[c]->magic ? pf_codecs[c] : NULL);
            pf_mem_free(packed);
        }
    pf_mem_free(plain);
}

static void text_is_no_compressed_file(void **unused) {
    static const char *const texts[] = {
        "",         "B",          "BZh",   "BZh9,name,city\n1,2,3\n", "a,b,c\n1,2,3\n", "PK,x\n",
        "\x1F\x8B", "\xFD\x37zX", "7z,a\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_null(pf_codec_by_magic((const uint8_t *)texts[i], strlen(texts[i])));
}

static void skippable_frames_in_front_are_looked_over(void **unused) {
    uint8_t head[64] = {0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4, 0x5F, 0x2A, 0x4D, 0x18, 0, 0, 0, 0};
    memcpy(head + 20, "\x28\xB5\x2F\xFD", 4);
    assert_ptr_equal(pf_codec_by_magic(head, 24), &pf_codec_zstd);
    assert_null(pf_codec_by_magic(head, 23));
    memcpy(head + 20, "\x04\x22\x4D\x18", 4);
    assert_ptr_equal(pf_codec_by_magic(head, 24), &pf_codec_lz4);
    memset(head + 4, 0xFF, 4); /* a frame longer than the head */
    assert_null(pf_codec_by_magic(head, 64));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_find_their_codec),
        cmocka_unit_test(parquet_ids_are_those_of_the_format),
        cmocka_unit_test(every_file_codec_knows_its_own_files),
        cmocka_unit_test(text_is_no_compressed_file),
        cmocka_unit_test(skippable_frames_in_front_are_looked_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
