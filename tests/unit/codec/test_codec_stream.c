/* test_codec_stream.c — compressed sources as forward sources.                  SPDX-License-Identifier: MIT */
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/bits.h"
#include "bytes/bytes_source.h"
#include "codec/codec_deflate.h"
#include "codec/codec_stream.h"
#include "codec_samples.h"

/* A memory source that counts, may fail at an offset and remembers whether it was closed. */
struct watched {
    const uint8_t *bytes;
    size_t size;
    int64_t fail_offset; /* −1: never */
    atomic_int reads;
    int closed;
};

static pf_status read_watched(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                              struct pf_error *err) {
    struct watched *watched = source->self;
    atomic_fetch_add(&watched->reads, 1);
    if (watched->fail_offset >= 0 && offset + (int64_t)want > watched->fail_offset) {
        pf_fail(err, PF_IO, "the disk is gone");
        pf_where(err, "disk 7");
        return PF_IO;
    }
    size_t left = (size_t)offset < watched->size ? watched->size - (size_t)offset : 0;
    *got = want < left ? want : left;
    memcpy(to, watched->bytes + offset, *got);
    return PF_OK;
}

static void close_watched(struct pf_source *source) { ((struct watched *)source->self)->closed++; }

static struct pf_source watch(struct watched *watched) {
    return (struct pf_source){sizeof(struct pf_source), 0, -1, watched, read_watched, close_watched};
}

/* Reads all in pieces of step bytes; returns the final status. */
static pf_status read_all(struct pf_source *source, size_t step, uint8_t *to, size_t room, size_t *size,
                          struct pf_error *err) {
    *size = 0;
    for (;;) {
        size_t got = 0, want = room - *size < step ? room - *size : step;
        pf_status status = source->read_at(source, (int64_t)*size, to + *size, want, &got, err);
        *size += got;
        if (status != PF_OK || got < want || want == 0)
            return status;
    }
}

static void every_file_codec_streams(void **unused) {
    enum { SIZE = 1100007 };
    static const size_t steps[] = {977, 262144, SIZE + 1};
    uint8_t *back = pf_mem_alloc(SIZE + 1);
    for (size_t c = 0; pf_codecs[c]; c++) {
        if (!pf_codecs[c]->inflate_open)
            continue;
        for (int kind = 0; kind < SAMPLE_KINDS; kind++) {
            uint8_t *plain = sample_make(kind, SIZE);
            size_t packed_size = 0;
            uint8_t *packed = sample_pack(pf_codecs[c], plain, SIZE, &packed_size);
            for (size_t s = 0; s < 6; s++) {
                struct watched watched = {packed, packed_size, -1, 0, 0};
                struct pf_source inner = watch(&watched), stream;
                struct pf_error err = PF_ERROR_INIT;
                size_t size = 0;
                assert_int_equal(pf_codec_stream(pf_codecs[c], &inner, s % 2, 0, &stream, &err), PF_OK);
                assert_int_equal(stream.random, 0);
                assert_int_equal(stream.size_bytes, -1);
                assert_int_equal(read_all(&stream, steps[s / 2], back, SIZE + 1, &size, &err), PF_OK);
                assert_int_equal(size, SIZE);
                assert_memory_equal(back, plain, SIZE);
                pf_source_close(&stream);
                assert_int_equal(watched.closed, 1);
            }
            pf_mem_free(packed);
            pf_mem_free(plain);
        }
    }
    pf_mem_free(back);
}

static void reading_byte_by_byte_gives_the_same(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_TEXT, 5000), back[5001];
    for (size_t c = 0; pf_codecs[c]; c++) {
        size_t packed_size = 0, size = 0;
        if (!pf_codecs[c]->inflate_open)
            continue;
        uint8_t *packed = sample_pack(pf_codecs[c], plain, 5000, &packed_size);
        for (int threaded = 0; threaded < 2; threaded++) {
            struct pf_source inner, stream;
            pf_source_memory(packed, packed_size, &inner);
            assert_int_equal(pf_codec_stream(pf_codecs[c], &inner, threaded, 0, &stream, NULL), PF_OK);
            assert_int_equal(read_all(&stream, 1, back, 5001, &size, NULL), PF_OK);
            assert_int_equal(size, 5000);
            assert_memory_equal(back, plain, 5000);
            pf_source_close(&stream);
        }
        pf_mem_free(packed);
    }
    pf_mem_free(plain);
}

static void files_one_after_the_other_are_one(void **unused) {
    enum { PARTS = 300, PART = 999 };
    uint8_t *plain = sample_make(SAMPLE_TEXT, PARTS * PART), *back = pf_mem_alloc(PARTS * PART + 1);
    for (size_t c = 0; pf_codecs[c]; c++) {
        const struct pf_codec *codec = pf_codecs[c];
        if (!codec->inflate_open || codec == &pf_codec_deflate)
            continue;
        size_t room = codec->bound(PART), total = 0, size = 0;
        uint8_t *packed = pf_mem_alloc(room * PARTS);
        for (size_t i = 0; i < PARTS; i++) {
            size_t used = 0;
            assert_int_equal(codec->compress(NULL, codec->level_min, plain + i * PART, PART, packed + total,
                                             room, &used, NULL),
                             PF_OK);
            total += used;
        }
        struct pf_source inner, stream;
        pf_source_memory(packed, total, &inner);
        assert_int_equal(pf_codec_stream(codec, &inner, 1, 0, &stream, NULL), PF_OK);
        assert_int_equal(read_all(&stream, 10007, back, PARTS * PART + 1, &size, NULL), PF_OK);
        assert_int_equal(size, PARTS * PART);
        assert_memory_equal(back, plain, size);
        pf_source_close(&stream);
        assert_int_equal(codec->decompress(packed, total, back, PARTS * PART, NULL), PF_OK);
        assert_memory_equal(back, plain, size);
        pf_mem_free(packed);
    }
    pf_mem_free(plain);
    pf_mem_free(back);
}

/* The file and once more itself behind it: cut anywhere but between the two. */
static void check_cuts(const struct pf_codec *codec, const uint8_t *packed, size_t packed_size,
                       const uint8_t *plain, size_t plain_size) {
    uint8_t *twice = pf_mem_alloc(packed_size * 2), *back = pf_mem_alloc(plain_size * 2 + 1);
    memcpy(twice, packed, packed_size);
    memcpy(twice + packed_size, packed, packed_size);
    for (size_t cut = 0; cut < (codec == &pf_codec_deflate ? packed_size : packed_size * 2); cut++) {
        struct pf_source inner, stream;
        struct pf_error err = PF_ERROR_INIT, again = PF_ERROR_INIT;
        size_t size, got = 7;
        pf_source_memory(twice, cut, &inner);
        assert_int_equal(pf_codec_stream(codec, &inner, cut % 16 == 0, 0, &stream, NULL), PF_OK);
        pf_status status = read_all(&stream, 300, back, plain_size * 2 + 1, &size, &err);
        assert_memory_equal(back, plain, size < plain_size ? size : plain_size); /* what was given is right */
        if (cut == packed_size) {
            assert_int_equal(status, PF_OK);
            assert_int_equal(size, plain_size);
        } else {
            assert_int_equal(status, PF_BAD_DATA);
            assert_int_equal(err.byte, (int64_t)cut);
            assert_non_null(strstr(err.message, "truncated"));
            assert_int_equal(stream.read_at(&stream, (int64_t)size, back, 1, &got, &again), PF_BAD_DATA);
            assert_int_equal(got, 0);
            assert_string_equal(again.message, err.message);
        }
        pf_source_close(&stream);
    }
    pf_mem_free(twice);
    pf_mem_free(back);
}

static void a_cut_is_bad_data_with_its_byte(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_TEXT, 1000);
    for (size_t c = 0; pf_codecs[c]; c++) {
        size_t packed_size = 0;
        if (!pf_codecs[c]->inflate_open)
            continue;
        uint8_t *packed = sample_pack(pf_codecs[c], plain, 1000, &packed_size);
        check_cuts(pf_codecs[c], packed, packed_size, plain, 1000);
        pf_mem_free(packed);
    }
    pf_mem_free(plain);
}

static void a_slow_reader_loses_nothing(void **unused) {
    enum { SIZE = 9 << 20 }; /* more than the ring holds */
    uint8_t *plain = sample_make(SAMPLE_NOISE, SIZE), *back = pf_mem_alloc(SIZE + 1);
    size_t packed_size = 0, size = 0;
    uint8_t *packed = sample_pack(&pf_codec_lz4, plain, SIZE, &packed_size);
    struct watched watched = {packed, packed_size, -1, 0, 0};
    struct pf_source inner = watch(&watched), stream;
    assert_int_equal(pf_codec_stream(&pf_codec_lz4, &inner, 1, 0, &stream, NULL), PF_OK);
    assert_int_equal(stream.read_at(&stream, 0, back, 0, &size, NULL), PF_OK); /* starts the thread */
    for (int before = -1; atomic_load(&watched.reads) != before;) {
        before = atomic_load(&watched.reads);
        usleep(20000);
    }
    assert_in_range(atomic_load(&watched.reads), 1, 28); /* it stopped ahead of the end */
    assert_int_equal(read_all(&stream, 100000, back, SIZE + 1, &size, NULL), PF_OK);
    assert_int_equal(size, SIZE);
    assert_memory_equal(back, plain, SIZE);
    pf_source_close(&stream);
    pf_mem_free(packed);
    pf_mem_free(plain);
    pf_mem_free(back);
}

static void garbage_behind_the_end_is_bad_data(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_TEXT, 2000), back[2001];
    for (size_t c = 0; pf_codecs[c]; c++) {
        if (!pf_codecs[c]->inflate_open)
            continue;
        size_t packed_size = 0, size;
        uint8_t *packed = sample_pack(pf_codecs[c], plain, 2000, &packed_size);
        uint8_t *longer = pf_mem_alloc(packed_size + 20);
        memcpy(longer, packed, packed_size);
        memcpy(longer + packed_size, "this is not packed..", 20);
        struct pf_source inner, stream;
        struct pf_error err = PF_ERROR_INIT;
        pf_source_memory(longer, packed_size + 20, &inner);
        assert_int_equal(pf_codec_stream(pf_codecs[c], &inner, 0, 0, &stream, NULL), PF_OK);
        assert_int_equal(read_all(&stream, 2001, back, 2001, &size, &err), PF_BAD_DATA);
        assert_in_range(err.byte, packed_size, packed_size + 20);
        pf_source_close(&stream);
        pf_mem_free(longer);
        pf_mem_free(packed);
    }
    pf_mem_free(plain);
}

static void offsets_may_jump_ahead_but_not_back(void **unused) {
    enum { SIZE = 3000000 };
    uint8_t *plain = sample_make(SAMPLE_TEXT, SIZE), back[1000];
    size_t packed_size = 0;
    uint8_t *packed = sample_pack(&pf_codec_gzip, plain, SIZE, &packed_size);
    for (int threaded = 0; threaded < 2; threaded++) {
        struct pf_source inner, stream;
        size_t got = 0;
        pf_source_memory(packed, packed_size, &inner);
        assert_int_equal(pf_codec_stream(&pf_codec_gzip, &inner, threaded, 0, &stream, NULL), PF_OK);
        for (size_t at = 17; at + 1000 < SIZE; at += 700001) {
            assert_int_equal(stream.read_at(&stream, (int64_t)at, back, 1000, &got, NULL), PF_OK);
            assert_int_equal(got, 1000);
            assert_memory_equal(back, plain + at, 1000);
        }
        assert_int_equal(stream.read_at(&stream, 5, back, 1000, &got, NULL), PF_STATE);
        assert_int_equal(stream.read_at(&stream, SIZE + 5, back, 1000, &got, NULL), PF_OK);
        assert_int_equal(got, 0);
        pf_source_close(&stream);
    }
    pf_mem_free(packed);
    pf_mem_free(plain);
}

static void closing_early_stops_the_thread(void **unused) {
    enum { SIZE = 20 << 20 };
    uint8_t *plain = sample_make(SAMPLE_ZERO, SIZE), back[10];
    size_t packed_size = 0, got;
    uint8_t *packed = sample_pack(&pf_codec_lz4, plain, SIZE, &packed_size);
    for (int i = 0; i < 20; i++) {
        struct watched watched = {packed, packed_size, -1, 0, 0};
        struct pf_source inner = watch(&watched), stream;
        assert_int_equal(pf_codec_stream(&pf_codec_lz4, &inner, 1, 0, &stream, NULL), PF_OK);
        if (i == 0)
            assert_int_equal(atomic_load(&watched.reads), 0); /* nothing happens before the first read */
        for (int k = 0; k < i; k++)
            assert_int_equal(stream.read_at(&stream, k * 500000, back, 10, &got, NULL), PF_OK);
        pf_source_close(&stream);
        assert_int_equal(watched.closed, 1);
    }
    pf_mem_free(packed);
    pf_mem_free(plain);
}

static void a_failing_inner_source_is_passed_on_after_its_bytes(void **unused) {
    enum { SIZE = 2 << 20 };
    uint8_t *plain = sample_make(SAMPLE_NOISE, SIZE), *back = pf_mem_alloc(SIZE);
    size_t packed_size = 0, size = 0;
    uint8_t *packed = sample_pack(&pf_codec_gzip, plain, SIZE, &packed_size);
    for (int threaded = 0; threaded < 2; threaded++) {
        struct watched watched = {packed, packed_size, 1000000, 0, 0};
        struct pf_source inner = watch(&watched), stream;
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(pf_codec_stream(&pf_codec_gzip, &inner, threaded, 0, &stream, NULL), PF_OK);
        assert_int_equal(read_all(&stream, 100000, back, SIZE, &size, &err), PF_IO);
        assert_string_equal(err.message, "the disk is gone");
        assert_string_equal(err.where, "disk 7");
        assert_in_range(size, 600000, 1000000);
        assert_memory_equal(back, plain, size);
        assert_int_equal(read_all(&stream, 100000, back, SIZE, &size, &err), PF_IO);
        pf_source_close(&stream);
    }
    pf_mem_free(packed);
    pf_mem_free(plain);
    pf_mem_free(back);
}

static void wild_expansion_is_a_limit_but_small_things_are_not_judged(void **unused) {
    enum { SIZE = 70 << 20 };
    uint8_t *plain = sample_make(SAMPLE_ZERO, SIZE), *back = pf_mem_alloc(SIZE + 1);
    size_t packed_size = 0, size = 0;
    uint8_t *packed = sample_pack(&pf_codec_zstd, plain, SIZE, &packed_size);
    struct pf_source inner, stream;
    struct pf_error err = PF_ERROR_INIT;
    pf_source_memory(packed, packed_size, &inner);
    assert_int_equal(pf_codec_stream(&pf_codec_zstd, &inner, 0, 0, &stream, NULL), PF_OK);
    assert_int_equal(read_all(&stream, 1 << 20, back, SIZE + 1, &size, &err), PF_LIMIT);
    assert_in_range(size, 60 << 20, 65 << 20);
    pf_source_close(&stream);
    pf_source_memory(packed, packed_size, &inner);
    assert_int_equal(pf_codec_stream(&pf_codec_zstd, &inner, 0, 1000000, &stream, NULL), PF_OK);
    assert_int_equal(read_all(&stream, 1 << 20, back, SIZE + 1, &size, &err), PF_OK);
    assert_int_equal(size, SIZE);
    pf_source_close(&stream);
    pf_mem_free(packed);
    /* The densest gzip there is passes. */
    packed = sample_pack(&pf_codec_gzip, plain, SIZE, &packed_size);
    pf_source_memory(packed, packed_size, &inner);
    assert_int_equal(pf_codec_stream(&pf_codec_gzip, &inner, 1, 0, &stream, NULL), PF_OK);
    assert_int_equal(read_all(&stream, 1 << 20, back, SIZE + 1, &size, &err), PF_OK);
    assert_int_equal(size, SIZE);
    pf_source_close(&stream);
    pf_mem_free(packed);
    pf_mem_free(plain);
    pf_mem_free(back);
}

/* What reading these bytes to the end says. */
static pf_status read_bytes(const struct pf_codec *codec, const void *bytes, size_t size,
                            struct pf_error *err) {
    struct pf_source inner, stream;
    uint8_t to[100];
    size_t got;
    *err = (struct pf_error)PF_ERROR_INIT;
    pf_source_memory(bytes, size, &inner);
    assert_int_equal(pf_codec_stream(codec, &inner, 0, 0, &stream, NULL), PF_OK);
    pf_status status = read_all(&stream, 100, to, 100, &got, err);
    pf_source_close(&stream);
    return status;
}

static void what_needs_too_much_or_is_unknown_is_named(void **unused) {
    struct pf_error err;
    /* A frame whose window is 1 GiB, and one that needs dictionary 5; each has one empty block. */
    assert_int_equal(read_bytes(&pf_codec_zstd, "\x28\xB5\x2F\xFD\x00\xA0\x01\x00\x00", 9, &err), PF_LIMIT);
    assert_non_null(strstr(err.message, "--long"));
    assert_int_equal(read_bytes(&pf_codec_zstd, "\x28\xB5\x2F\xFD\x01\x00\x05\x01\x00\x00", 10, &err),
                     PF_UNSUPPORTED);
    assert_non_null(strstr(err.message, "dictionary"));
    /* Block headers: a dictionary of 2 GiB (LZMA2 property 38), and filter 0x7E. Their checksums are right. */
    static const uint8_t stream[] = {0xFD, '7', 'z', 'X', 'Z', 0, 0, 1, 0x69, 0x22, 0xDE, 0x36};
    uint8_t file[24];
    memcpy(file, stream, 12);
    memcpy(file + 12, "\x02\x00\x21\x01\x26\x00\x00\x00", 8);
    pf_store32(file + 20, pf_crc32(0, file + 12, 8));
    assert_int_equal(read_bytes(&pf_codec_xz, file, 24, &err), PF_LIMIT);
    assert_non_null(strstr(err.message, "128 MiB"));
    file[14] = 0x7E;
    pf_store32(file + 20, pf_crc32(0, file + 12, 8));
    assert_int_equal(read_bytes(&pf_codec_xz, file, 24, &err), PF_UNSUPPORTED);
}

static void xz_padding_comes_in_fours(void **unused) {
    struct pf_error err;
    size_t size;
    uint8_t *packed = sample_pack(&pf_codec_xz, "a,b\n", 4, &size), file[400] = {0};
    memcpy(file, packed, size);
    for (size_t zeros = 0; zeros < 9; zeros++)
        assert_int_equal(read_bytes(&pf_codec_xz, file, size + zeros, &err), zeros % 4 ? PF_BAD_DATA : PF_OK);
    for (size_t zeros = 0; zeros < 9; zeros++) {
        memset(file + size, 0, 20);
        memcpy(file + size + zeros, packed, size);
        assert_int_equal(read_bytes(&pf_codec_xz, file, size * 2 + zeros, &err),
                         zeros % 4 ? PF_BAD_DATA : PF_OK);
    }
    pf_mem_free(packed);
}

static pf_status stall(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                       size_t *to_size, int32_t *ended, struct pf_error *err) {
    *from_size = *to_size = 0;
    return PF_OK;
}

static void a_codec_that_does_not_go_on_is_no_hang(void **unused) {
    struct pf_codec codec = pf_codec_gzip;
    struct pf_error err;
    codec.inflate = stall;
    assert_int_equal(read_bytes(&codec, "abc", 3, &err), PF_BAD_DATA);
    assert_int_equal(err.byte, 0);
}

static void a_codec_without_a_stream_is_refused_and_keeps_nothing(void **unused) {
    struct pf_source inner, stream;
    pf_source_memory("x", 1, &inner);
    assert_int_equal(pf_codec_stream(&pf_codec_snappy, &inner, 0, 0, &stream, NULL), PF_ARGUMENT);
    assert_non_null(inner.read_at);
}

static void no_memory_is_said_and_nothing_is_kept(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_TEXT, 20000), *back = pf_mem_alloc(20001);
    for (size_t c = 0; pf_codecs[c]; c++) {
        if (!pf_codecs[c]->inflate_open)
            continue;
        size_t packed_size = 0, size;
        uint8_t *packed = sample_pack(pf_codecs[c], plain, 20000, &packed_size);
        for (int64_t nth = 1; nth < 40; nth++) {
            struct watched watched = {packed, packed_size, -1, 0, 0};
            struct pf_source inner = watch(&watched), stream = {0};
            pf_mem_fail_from(nth);
            pf_status status = pf_codec_stream(pf_codecs[c], &inner, nth % 2, 0, &stream, NULL);
            size_t got;
            if (status == PF_OK)
                status = stream.read_at(&stream, 5, back, 5, &got, NULL);
            if (status == PF_OK)
                status = stream.read_at(&stream, 1000, back, 20001, &size, NULL);
            else if (!stream.read_at)
                assert_int_equal(watched.closed, 0);
            pf_mem_fail_from(0);
            assert_true(status == PF_OK || status == PF_NO_MEMORY);
            pf_source_close(&stream);
        }
        pf_mem_free(packed);
    }
    pf_mem_free(plain);
    pf_mem_free(back);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_codec_streams),
        cmocka_unit_test(reading_byte_by_byte_gives_the_same),
        cmocka_unit_test(files_one_after_the_other_are_one),
        cmocka_unit_test(a_cut_is_bad_data_with_its_byte),
        cmocka_unit_test(a_slow_reader_loses_nothing),
        cmocka_unit_test(garbage_behind_the_end_is_bad_data),
        cmocka_unit_test(offsets_may_jump_ahead_but_not_back),
        cmocka_unit_test(closing_early_stops_the_thread),
        cmocka_unit_test(a_failing_inner_source_is_passed_on_after_its_bytes),
        cmocka_unit_test(wild_expansion_is_a_limit_but_small_things_are_not_judged),
        cmocka_unit_test(what_needs_too_much_or_is_unknown_is_named),
        cmocka_unit_test(xz_padding_comes_in_fours),
        cmocka_unit_test(a_codec_that_does_not_go_on_is_no_hang),
        cmocka_unit_test(a_codec_without_a_stream_is_refused_and_keeps_nothing),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
