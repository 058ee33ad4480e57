/* test_codec_cfb.c — compound files, right and wrong.                           SPDX-License-Identifier: MIT */
#include "bytes/bytes_source.h"
#include "cfb_builder.h"
#include "codec/codec_cfb.h"

struct opened {
    struct pf_buf bytes;
    struct pf_source source;
    pf_cfb *cfb;
    struct pf_error err;
};

static pf_status open_cfb(struct opened *opened) {
    opened->err = (struct pf_error)PF_ERROR_INIT;
    pf_source_memory(opened->bytes.data, opened->bytes.size, &opened->source);
    return pf_cfb_open(&opened->source, &opened->cfb, &opened->err);
}

static void close_cfb(struct opened *opened) {
    pf_cfb_close(&opened->cfb);
    pf_buf_clear(&opened->bytes);
}

static void assert_stream(struct opened *opened, const char *path, const uint8_t *bytes, size_t size) {
    const struct pf_cfb_entry *entry = pf_cfb_find(opened->cfb, path);
    struct pf_source stream = {0};
    uint8_t *all = NULL, some[100];
    size_t got = 0;
    assert_non_null(entry);
    assert_int_equal(entry->size_bytes, size);
    assert_int_equal(pf_cfb_source(opened->cfb, entry, &stream, &opened->err), PF_OK);
    assert_int_equal(stream.size_bytes, size);
    assert_int_equal(pf_source_slurp(&stream, 100 << 20, &all, &got, &opened->err), PF_OK);
    assert_int_equal(got, size);
    assert_memory_equal(all, bytes, size);
    pf_mem_free(all);
    for (size_t at = size; at > 0; at -= at < 77 ? at : 77) { /* backwards, across every border */
        assert_int_equal(stream.read_at(&stream, (int64_t)at, some, sizeof some, &got, NULL), PF_OK);
        assert_int_equal(got, size - at < sizeof some ? size - at : sizeof some);
        assert_memory_equal(some, bytes + at, got);
    }
    pf_source_close(&stream);
}

/* What opening the file and reading every stream says. */
static pf_status read_all(struct opened *opened) {
    pf_status status = open_cfb(opened);
    for (size_t i = 0; status == PF_OK && i < pf_cfb_count(opened->cfb); i++) {
        const struct pf_cfb_entry *entry = pf_cfb_at(opened->cfb, i);
        struct pf_source stream = {0};
        uint8_t *all = NULL;
        size_t size = 0;
        if (entry->storage)
            continue;
        status = pf_cfb_source(opened->cfb, entry, &stream, &opened->err);
        if (status == PF_OK)
            status = pf_source_slurp(&stream, 100 << 20, &all, &size, &opened->err);
        pf_mem_free(all);
        pf_source_close(&stream);
    }
    pf_cfb_close(&opened->cfb);
    return status;
}

static void build_sample(struct opened *opened, int version) {
    static const char text[] = "a short stream lies in the mini stream";
    uint8_t *noise = sample_make(SAMPLE_NOISE, 20000);
    const struct cfb_item items[] = {{"Workbook", noise, 20000, -1, false},
                                     {"Small", text, sizeof text, -1, false},
                                     {"Other", noise + 5000, 9000, -1, false}};
    cfb_build(items, 3, version, &opened->bytes);
    pf_mem_free(noise);
}

static void streams_of_every_size_come_back_from_any_offset(void **unused) {
    uint8_t *noise = sample_make(SAMPLE_NOISE, 300000);
    for (int version = 3; version <= 4; version++) {
        const struct cfb_item items[] = {
            {"Workbook", noise, 300000, -1, false},
            {"empty", "", 0, -1, false},
            {"\005Summary", noise + 7, 1, -1, false},
            {"folder", "", 0, -1, true},
            {"mini", noise + 99, 4095, 3, false},
            {"full", noise + 11, 4096, 3, false},
            {"inner", "", 0, 3, true},
            {"deep", noise + 1000, 200, 6, false},
        };
        struct opened opened = {0};
        cfb_build(items, 8, version, &opened.bytes);
        assert_int_equal(open_cfb(&opened), PF_OK);
        assert_int_equal(pf_cfb_count(opened.cfb), 8);
        assert_null(pf_cfb_at(opened.cfb, 8));
        assert_stream(&opened, "Workbook", noise, 300000);
        assert_stream(&opened, "empty", noise, 0);
        assert_stream(&opened, "\005summary", noise + 7, 1);
        assert_stream(&opened, "folder/MINI", noise + 99, 4095);
        assert_stream(&opened, "folder/full", noise + 11, 4096);
        assert_stream(&opened, "folder/inner/deep", noise + 1000, 200);
        assert_null(pf_cfb_find(opened.cfb, "folder"));
        assert_null(pf_cfb_find(opened.cfb, "mini"));
        close_cfb(&opened);
    }
    pf_mem_free(noise);
}

static void a_fat_beyond_the_header_is_found_by_the_difat(void **unused) {
    size_t size = 17 << 20; /* more than 109 + 127 sectors of FAT */
    uint8_t *noise = sample_make(SAMPLE_NOISE, size);
    const struct cfb_item item = {"Book", noise, size, -1, false};
    struct opened opened = {0};
    cfb_build(&item, 1, 3, &opened.bytes);
    assert_true(pf_load32(opened.bytes.data + 72) > 1);
    assert_int_equal(open_cfb(&opened), PF_OK);
    struct pf_source stream = {0};
    uint8_t *all = NULL;
    size_t got = 0;
    assert_int_equal(pf_cfb_source(opened.cfb, pf_cfb_find(opened.cfb, "Book"), &stream, &opened.err), PF_OK);
    assert_int_equal(pf_source_slurp(&stream, size, &all, &got, &opened.err), PF_OK);
    assert_int_equal(got, size);
    assert_memory_equal(all, noise, size);
    pf_source_close(&stream);
    pf_mem_free(all);
    pf_cfb_close(&opened.cfb);
    pf_store32(opened.bytes.data + 512 * (1 + pf_load32(opened.bytes.data + 68)) + 508,
               pf_load32(opened.bytes.data + 68)); /* the DIFAT names itself */
    assert_int_equal(read_all(&opened), PF_BAD_DATA);
    close_cfb(&opened);
    pf_mem_free(noise);
}

static void a_last_sector_cut_short_is_no_harm_while_no_stream_needs_it(void **unused) {
    struct opened opened = {0};
    uint8_t *noise = sample_make(SAMPLE_NOISE, 4100);
    const struct cfb_item item = {"Workbook", noise, 4100, -1, false};
    cfb_build(&item, 1, 3, &opened.bytes);
    opened.bytes.size -= 100; /* the unused entries of the directory */
    assert_int_equal(open_cfb(&opened), PF_OK);
    assert_stream(&opened, "Workbook", noise, 4100);
    close_cfb(&opened);
    pf_mem_free(noise);
}

static void assert_refused(struct opened *opened, const char *words) {
    assert_int_equal(read_all(opened), PF_BAD_DATA);
    assert_non_null(strstr(opened->err.message, words));
    assert_true(opened->err.byte >= 0);
    pf_buf_clear(&opened->bytes);
}

/* Where in the bytes the FAT has the number of the sector after the first one of entry index. */
static uint8_t *next_of(struct opened *opened, size_t index) {
    uint8_t *bytes = opened->bytes.data;
    const uint8_t *entry = bytes + 512 * (1 + (size_t)pf_load32(bytes + 48)) + index * 128;
    return bytes + 512 + 4 * (size_t)pf_load32(entry + 116);
}

static uint8_t *entry_of(struct opened *opened, size_t index) {
    uint8_t *bytes = opened->bytes.data;
    return bytes + 512 * (1 + (size_t)pf_load32(bytes + 48)) + index * 128;
}

static void chains_that_lie_are_refused_with_their_place(void **unused) {
    struct opened opened = {0};
    build_sample(&opened, 3);
    uint32_t first = pf_load32(entry_of(&opened, 1) + 116);
    pf_store32(next_of(&opened, 1), first);
    pf_store64(entry_of(&opened, 1) + 120, 1u << 30);
    assert_refused(&opened, "circle");
    build_sample(&opened, 3);
    pf_store32(next_of(&opened, 1), CFB_END);
    assert_refused(&opened, "shorter than its directory entry says");
    build_sample(&opened, 3);
    pf_store32(next_of(&opened, 1), 1000000);
    assert_refused(&opened, "outside the file");
    assert_string_equal(opened.err.where, "stream 'Workbook'");
    build_sample(&opened, 3);
    pf_store32(entry_of(&opened, 2) + 116, 5000);
    assert_refused(&opened, "outside the file");
    build_sample(&opened, 3);
    opened.bytes.size = 512 * 20;
    assert_refused(&opened, "truncated");
}

static void a_directory_that_lies_is_refused(void **unused) {
    struct opened opened = {0};
    build_sample(&opened, 3);
    pf_store32(entry_of(&opened, 2) + 72, 1); /* a sibling that was there already */
    assert_refused(&opened, "circle");
    build_sample(&opened, 3);
    pf_store32(entry_of(&opened, 2) + 72, 77);
    assert_refused(&opened, "not there");
    build_sample(&opened, 3);
    entry_of(&opened, 0)[66] = 2;
    assert_refused(&opened, "no root");
    build_sample(&opened, 3);
    pf_store32(opened.bytes.data + 48, 0xFFFFFF);
    assert_refused(&opened, "directory lies outside");
}

static void headers_that_lie_are_refused_and_their_counts_ignored(void **unused) {
    struct opened opened = {0};
    build_sample(&opened, 3);
    pf_store32(opened.bytes.data + 44, 0x7FFFFFFF); /* FAT sectors, as attackers count them */
    pf_store32(opened.bytes.data + 72, 0x7FFFFFFF);
    pf_store32(opened.bytes.data + 64, 0x7FFFFFFF);
    assert_int_equal(read_all(&opened), PF_OK);
    pf_store16(opened.bytes.data + 30, 20);
    assert_refused(&opened, "sector size");
    build_sample(&opened, 3);
    pf_store16(opened.bytes.data + 32, 13);
    assert_refused(&opened, "mini sector size");
    build_sample(&opened, 3);
    pf_store16(opened.bytes.data + 28, 0xFEFF);
    assert_refused(&opened, "byte order");
    build_sample(&opened, 3);
    pf_store32(opened.bytes.data + 76, 0x10000);
    assert_refused(&opened, "FAT lies outside");
    build_sample(&opened, 3);
    opened.bytes.data[0] = 0;
    assert_refused(&opened, "signature");
    build_sample(&opened, 3);
    opened.bytes.size = 500;
    assert_refused(&opened, "truncated");
}

static void storages_nested_without_end_are_refused(void **unused) {
    struct cfb_item items[40];
    struct opened opened = {0};
    for (int i = 0; i < 40; i++)
        items[i] = (struct cfb_item){"s", "", 0, i - 1, true};
    cfb_build(items, 40, 3, &opened.bytes);
    assert_refused(&opened, "nested too deep");
}

static void cuts_and_flipped_bits_never_crash(void **unused) {
    struct opened opened = {0};
    build_sample(&opened, 3);
    size_t whole = opened.bytes.size;
    for (size_t size = 0; size < whole; size += 97) {
        opened.bytes.size = size;
        assert_int_not_equal(read_all(&opened), PF_INTERNAL);
    }
    opened.bytes.size = whole;
    uint32_t seed = 7;
    for (int i = 0; i < 4000; i++) {
        size_t at = sample_next(&seed) % (i % 2 ? 1024 : whole);
        uint8_t bit = (uint8_t)(1u << sample_next(&seed) % 8);
        opened.bytes.data[at] ^= bit;
        pf_status status = read_all(&opened);
        assert_true(status == PF_OK || status == PF_BAD_DATA || status == PF_LIMIT);
        opened.bytes.data[at] ^= bit;
    }
    close_cfb(&opened);
}

static void no_memory_is_said_and_nothing_is_kept(void **unused) {
    struct opened opened = {0};
    build_sample(&opened, 3);
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        pf_mem_fail_from(nth);
        status = read_all(&opened);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
    }
    close_cfb(&opened);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_of_every_size_come_back_from_any_offset),
        cmocka_unit_test(a_fat_beyond_the_header_is_found_by_the_difat),
        cmocka_unit_test(a_last_sector_cut_short_is_no_harm_while_no_stream_needs_it),
        cmocka_unit_test(chains_that_lie_are_refused_with_their_place),
        cmocka_unit_test(a_directory_that_lies_is_refused),
        cmocka_unit_test(headers_that_lie_are_refused_and_their_counts_ignored),
        cmocka_unit_test(storages_nested_without_end_are_refused),
        cmocka_unit_test(cuts_and_flipped_bits_never_crash),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
