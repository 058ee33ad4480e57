/* test_codec_deflate.c — gzip members, header fields, what follows them; both libraries alike.
 * SPDX-License-Identifier: MIT */
#include <stdbool.h>

#include "base/bits.h"
#include "base/buf.h"
#include "codec/codec_deflate.h"
#include "codec_samples.h"

struct outcome {
    pf_status status;
    int32_t ended;
    size_t size; /* of what came out */
    int64_t byte;
    char message[360];
    uint8_t bytes[4096];
};

/* Feeds step bytes at a time and takes room bytes at a time. */
static void inflate_in_steps(const struct pf_codec *codec, const uint8_t *from, size_t size, size_t step,
                             size_t room, struct outcome *out) {
    pf_inflater *inflater = NULL;
    struct pf_error err = PF_ERROR_INIT;
    memset(out, 0, sizeof *out);
    assert_int_equal(codec->inflate_open(&inflater, &err), PF_OK);
    for (size_t at = 0; out->status == PF_OK;) {
        size_t used = size - at < step ? size - at : step, made = sizeof out->bytes - out->size;
        made = made < room ? made : room;
        assert_true(made > 0);
        out->status =
            codec->inflate(inflater, from + at, &used, out->bytes + out->size, &made, &out->ended, &err);
        at += used;
        out->size += made;
        if (used == 0 && made == 0)
            break;
    }
    out->byte = err.byte;
    memcpy(out->message, err.message, sizeof out->message);
    codec->inflate_close(inflater);
}

static const size_t steps[] = {1, 2, 3, 7, 100, 100000};

/* The same answer however the bytes are cut and whichever library does it. */
static void inflate_all_ways(const struct pf_codec *codec, const uint8_t *from, size_t size,
                             struct outcome *out) {
    struct outcome other;
    inflate_in_steps(codec, from, size, SIZE_MAX, 4096, out);
    for (int portable = 0; portable < 2; portable++) {
        setenv("PYFORGE_SIMD", portable ? "portable" : "", 1);
        for (size_t i = 0; i < 6; i++)
            for (size_t j = 0; j < 6; j++) {
                inflate_in_steps(codec, from, size, steps[i], steps[j], &other);
                assert_int_equal(other.status, out->status);
                if (out->status != PF_OK)
                    continue;
                assert_int_equal(other.ended, out->ended);
                assert_int_equal(other.size, out->size);
                assert_memory_equal(other.bytes, out->bytes, out->size);
            }
    }
    unsetenv("PYFORGE_SIMD");
}

/* A member with the header fields of flags and stored content "hi\n". */
static size_t make_member(uint8_t flags, bool good_head_crc, uint8_t *to) {
    size_t n = 0;
    const uint8_t fixed[10] = {0x1F, 0x8B, 8, flags, 1, 2, 3, 4, 0, 3};
    memcpy(to, fixed, 10), n = 10;
    if (flags & 4)
        memcpy(to + n,
               "\x05\x00"
               "ab\x01\x00q",
               7),
            n += 7;
    if (flags & 8)
        memcpy(to + n, "orders.csv", 11), n += 11;
    if (flags & 16)
        memcpy(to + n, "a comment", 10), n += 10;
    if (flags & 2) {
        pf_store16(to + n, (uint16_t)(pf_crc32(0, to, n) ^ (good_head_crc ? 0u : 1u)));
        n += 2;
    }
    memcpy(to + n, "\x01\x03\x00\xFC\xFFhi\n", 8), n += 8;
    pf_store32(to + n, pf_crc32(0, "hi\n", 3));
    pf_store32(to + n + 4, 3);
    return n + 8;
}

static void all_header_fields_are_stepped_over(void **unused) {
    uint8_t file[100];
    struct outcome out;
    for (unsigned flags = 0; flags < 32; flags++) {
        size_t size = make_member((uint8_t)flags, true, file);
        inflate_all_ways(&pf_codec_gzip, file, size, &out);
        assert_int_equal(out.status, PF_OK);
        assert_true(out.ended);
        assert_int_equal(out.size, 3);
        assert_memory_equal(out.bytes, "hi\n", 3);
    }
}

static void a_cut_anywhere_is_not_an_end(void **unused) {
    uint8_t file[100];
    struct outcome out;
    size_t size = make_member(31, true, file);
    for (size_t cut = 0; cut < size; cut++) {
        inflate_all_ways(&pf_codec_gzip, file, cut, &out);
        assert_int_equal(out.status, PF_OK);
        assert_false(out.ended);
    }
}

static void bad_headers_are_refused(void **unused) {
    uint8_t file[100];
    struct outcome out;
    size_t size = make_member(2, false, file);
    inflate_all_ways(&pf_codec_gzip, file, size, &out);
    assert_int_equal(out.status, PF_BAD_DATA);
    assert_non_null(strstr(out.message, "header's checksum"));
    size = make_member(0x40, true, file);
    inflate_all_ways(&pf_codec_gzip, file, size, &out);
    assert_int_equal(out.status, PF_BAD_DATA);
    assert_int_equal(out.byte, 3);
    make_member(0, true, file);
    file[2] = 7;
    inflate_all_ways(&pf_codec_gzip, file, size, &out);
    assert_int_equal(out.status, PF_UNSUPPORTED);
}

static void wrong_checksum_and_size_are_found(void **unused) {
    uint8_t file[100];
    struct outcome out;
    size_t size = make_member(0, true, file);
    for (size_t i = 1; i <= 8; i++) {
        file[size - i] ^= 1;
        inflate_all_ways(&pf_codec_gzip, file, size, &out);
        assert_int_equal(out.status, PF_BAD_DATA);
        assert_non_null(strstr(out.message, i <= 4 ? "size" : "checksum"));
        file[size - i] ^= 1;
    }
}

static void members_are_joined_and_zero_padding_is_no_garbage(void **unused) {
    uint8_t file[600] = {0};
    struct outcome out;
    size_t size = 0;
    for (unsigned i = 0; i < 5; i++)
        size += make_member((uint8_t)(i * 2), true, file + size);
    inflate_all_ways(&pf_codec_gzip, file, size, &out);
    assert_int_equal(out.status, PF_OK);
    assert_int_equal(out.size, 15);
    inflate_all_ways(&pf_codec_gzip, file, size + 512 - 300, &out);
    assert_int_equal(out.status, PF_OK);
    assert_true(out.ended);
    assert_int_equal(out.size, 15);
    file[size + 100] = 1; /* after zeros */
    inflate_all_ways(&pf_codec_gzip, file, size + 101, &out);
    assert_int_equal(out.status, PF_BAD_DATA);
    assert_int_equal(out.byte, (int64_t)size + 100);
    file[size] = 'x'; /* at once */
    inflate_all_ways(&pf_codec_gzip, file, size + 1, &out);
    assert_int_equal(out.status, PF_BAD_DATA);
    assert_int_equal(out.byte, (int64_t)size);
    file[size] = 0x1F; /* looks like a member for one byte */
    inflate_all_ways(&pf_codec_gzip, file, size + 2, &out);
    assert_int_equal(out.status, PF_BAD_DATA);
}

static void an_empty_member_is_an_end(void **unused) {
    struct outcome out;
    size_t size = 0;
    uint8_t *packed = sample_pack(&pf_codec_gzip, "", 0, &size);
    inflate_all_ways(&pf_codec_gzip, packed, size, &out);
    assert_int_equal(out.status, PF_OK);
    assert_true(out.ended);
    assert_int_equal(out.size, 0);
    pf_mem_free(packed);
}

static void raw_deflate_ends_where_it_ends(void **unused) {
    struct outcome out;
    size_t size = 0;
    uint8_t *plain = sample_make(SAMPLE_TEXT, 3000),
            *packed = sample_pack(&pf_codec_deflate, plain, 3000, &size);
    inflate_all_ways(&pf_codec_deflate, packed, size, &out);
    assert_int_equal(out.status, PF_OK);
    assert_true(out.ended);
    assert_int_equal(out.size, 3000);
    assert_memory_equal(out.bytes, plain, 3000);
    uint8_t *longer = pf_mem_zero(size + 9, 1);
    memcpy(longer, packed, size);
    for (size_t more = 1; more <= 9; more++) {
        inflate_all_ways(&pf_codec_deflate, longer, size + more, &out);
        assert_int_equal(out.status, PF_BAD_DATA);
    }
    pf_mem_free(longer);
    pf_mem_free(plain);
    pf_mem_free(packed);
}

static void a_copy_from_before_the_start_is_refused(void **unused) {
    /* Fixed codes: literal 'a', then length 3 at distance 2, then the end. */
    static const uint8_t packed[] = {0x4B, 0x04, 0x22, 0x00, 0x00};
    struct outcome out;
    inflate_all_ways(&pf_codec_deflate, packed, sizeof packed, &out);
    assert_int_equal(out.status, PF_BAD_DATA);
}

static void both_libraries_agree_on_every_flipped_bit(void **unused) {
    size_t size = 0;
    struct outcome one, two;
    uint8_t *plain = sample_make(SAMPLE_TEXT, 400), *packed = sample_pack(&pf_codec_gzip, plain, 400, &size);
    for (size_t bit = 0; bit < size * 8; bit++) {
        packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        inflate_in_steps(&pf_codec_gzip, packed, size, SIZE_MAX, 4096, &one);
        setenv("PYFORGE_SIMD", "portable", 1);
        inflate_in_steps(&pf_codec_gzip, packed, size, SIZE_MAX, 4096, &two);
        unsetenv("PYFORGE_SIMD");
        bool good = one.status == PF_OK && one.ended;
        assert_int_equal(good, two.status == PF_OK && two.ended);
        if (good) {
            assert_int_equal(one.size, 400);
            assert_memory_equal(one.bytes, plain, 400);
            assert_memory_equal(two.bytes, plain, 400);
        }
        packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    pf_mem_free(plain);
    pf_mem_free(packed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_header_fields_are_stepped_over),
        cmocka_unit_test(a_cut_anywhere_is_not_an_end),
        cmocka_unit_test(bad_headers_are_refused),
        cmocka_unit_test(wrong_checksum_and_size_are_found),
        cmocka_unit_test(members_are_joined_and_zero_padding_is_no_garbage),
        cmocka_unit_test(an_empty_member_is_an_end),
        cmocka_unit_test(raw_deflate_ends_where_it_ends),
        cmocka_unit_test(a_copy_from_before_the_start_is_refused),
        cmocka_unit_test(both_libraries_agree_on_every_flipped_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
