/* test_codec_oneshot.c — every codec in one call.                               SPDX-License-Identifier: MIT */
#include "codec_samples.h"

static const size_t sizes[] = {0, 1, 2, 7, 255, 4096, 65536, 100003, 1 << 20};

static void round_trip(const struct pf_codec *codec, pf_codec_state *state, int level, int kind, size_t size) {
    struct pf_error err = PF_ERROR_INIT;
    uint8_t *plain = sample_make(kind, size);
    size_t room = codec->bound(size), packed_size = 0;
    uint8_t *packed = pf_mem_alloc(room + 1), *back = pf_mem_zero(size + 1, 1);
    assert_int_equal(codec->compress(state, level, plain, size, packed, room, &packed_size, &err), PF_OK);
    assert_true(packed_size <= room);
    assert_int_equal(codec->decompress(packed, packed_size, back, size, &err), PF_OK);
    assert_memory_equal(plain, back, size + 1);
    /* A promise that is wrong by one is found out. */
    uint8_t *wide = pf_mem_alloc(size + 2);
    assert_int_equal(codec->decompress(packed, packed_size, wide, size + 1, &err), PF_BAD_DATA);
    if (size > 0)
        assert_int_equal(codec->decompress(packed, packed_size, wide, size - 1, &err), PF_BAD_DATA);
    pf_mem_free(wide);
    pf_mem_free(packed);
    pf_mem_free(back);
    pf_mem_free(plain);
}

static void every_codec_gives_back_what_it_took(void **unused) {
    for (size_t c = 0; pf_codecs[c]; c++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
            for (int kind = 0; kind < SAMPLE_KINDS; kind++)
                round_trip(pf_codecs[c], NULL, pf_codecs[c]->level_default, kind, sizes[s]);
}

static void every_level_gives_back_what_it_took(void **unused) {
    for (size_t c = 0; pf_codecs[c]; c++)
        for (int level = pf_codecs[c]->level_min; level <= pf_codecs[c]->level_max; level++)
            round_trip(pf_codecs[c], NULL, level, SAMPLE_TEXT, 20000);
}

static void scratch_gives_back_what_it_took_at_every_level(void **unused) {
    for (size_t c = 0; pf_codecs[c]; c++)
        for (int level = pf_codecs[c]->level_min; pf_codecs[c]->state_open && level <= pf_codecs[c]->level_max;
             level++) {
            pf_codec_state *state = NULL;
            assert_int_equal(pf_codecs[c]->state_open(level, &state, NULL), PF_OK);
            round_trip(pf_codecs[c], state, level, SAMPLE_TEXT, 300000);
            round_trip(pf_codecs[c], state, level, SAMPLE_NOISE, 262144);
            pf_codecs[c]->state_close(state);
        }
}

static bool count_down(void *left) { return --*(int *)left < 0; }

static void what_takes_long_ends_when_it_is_cancelled(void **unused) {
    const size_t size = 1 << 20;
    uint8_t *plain = sample_make(SAMPLE_TEXT, size);
    for (size_t c = 0; pf_codecs[c]; c++) {
        const struct pf_codec *codec = pf_codecs[c];
        if (!codec->state_watch)
            continue;
        size_t room = codec->bound(size), made = 0, again = 0;
        uint8_t *to = pf_mem_alloc(room);
        pf_codec_state *state = NULL;
        struct pf_error err = PF_ERROR_INIT;
        int left = 4; /* within the call, not at its start */
        assert_int_equal(codec->state_open(codec->level_max, &state, NULL), PF_OK);
        codec->state_watch(state, count_down, &left);
        assert_int_equal(codec->compress(state, codec->level_max, plain, size, to, room, &made, &err),
                         PF_CANCELLED);
        assert_int_equal(left, -1);
        codec->state_watch(state, NULL, NULL); /* and the scratch is as good as new */
        assert_int_equal(codec->compress(state, codec->level_max, plain, size, to, room, &made, &err), PF_OK);
        assert_int_equal(codec->compress(state, codec->level_max, plain, size, to, 100, &again, &err),
                         PF_LIMIT);
        round_trip(codec, state, codec->level_max, SAMPLE_TEXT, size);
        codec->state_close(state);
        pf_mem_free(to);
    }
    pf_mem_free(plain);
}

static void scratch_is_reused_and_changes_nothing(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_TEXT, 70000);
    for (size_t c = 0; pf_codecs[c]; c++) {
        const struct pf_codec *codec = pf_codecs[c];
        if (!codec->state_open)
            continue;
        pf_codec_state *state = NULL;
        size_t fresh_size = 0, again_size = 0, room = codec->bound(70000);
        uint8_t *fresh = sample_pack(codec, plain, 70000, &fresh_size), *again = pf_mem_alloc(room);
        assert_int_equal(codec->state_open(codec->level_default, &state, NULL), PF_OK);
        for (int i = 0; i < 3; i++) {
            round_trip(codec, state, codec->level_max, SAMPLE_NOISE, 3000 + (size_t)i);
            assert_int_equal(
                codec->compress(state, codec->level_default, plain, 70000, again, room, &again_size, NULL),
                PF_OK);
            assert_int_equal(again_size, fresh_size);
            assert_memory_equal(again, fresh, fresh_size);
        }
        codec->state_close(state);
        codec->state_close(NULL);
        pf_mem_free(fresh);
        pf_mem_free(again);
    }
    pf_mem_free(plain);
}

static void too_little_room_is_a_limit(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_NOISE, 5000), *to = pf_mem_alloc(5000);
    for (size_t c = 0; pf_codecs[c]; c++) {
        size_t used = 0;
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(
            pf_codecs[c]->compress(NULL, pf_codecs[c]->level_default, plain, 5000, to, 100, &used, &err),
            PF_LIMIT);
        assert_non_null(strstr(err.message, pf_codecs[c]->name));
    }
    pf_mem_free(plain);
    pf_mem_free(to);
}

static void a_level_outside_is_refused(void **unused) {
    uint8_t to[200];
    size_t used;
    for (size_t c = 0; pf_codecs[c]; c++) {
        const struct pf_codec *codec = pf_codecs[c];
        if (codec->level_max == 0)
            continue;
        assert_int_equal(codec->compress(NULL, codec->level_max + 1, "a", 1, to, sizeof to, &used, NULL),
                         PF_ARGUMENT);
        assert_int_equal(codec->compress(NULL, codec->level_min - 1, "a", 1, to, sizeof to, &used, NULL),
                         PF_ARGUMENT);
        pf_codec_state *state = NULL;
        if (codec->state_open)
            assert_int_equal(codec->state_open(codec->level_max + 1, &state, NULL), PF_ARGUMENT);
    }
}

static void a_call_beyond_a_gibibyte_is_refused(void **unused) {
    size_t used;
    for (size_t c = 0; pf_codecs[c]; c++) {
        const struct pf_codec *codec = pf_codecs[c];
        if (codec == &pf_codec_none)
            continue;
        assert_int_equal(
            codec->compress(NULL, codec->level_default, "a", ((size_t)1 << 30) + 1, &used, 1, &used, NULL),
            PF_ARGUMENT);
    }
}

static void what_is_cut_short_is_an_error(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_TEXT, 300), back[301];
    for (size_t c = 0; pf_codecs[c]; c++) {
        size_t packed_size = 0;
        uint8_t *packed = sample_pack(pf_codecs[c], plain, 300, &packed_size);
        for (size_t cut = 0; cut < packed_size; cut++) {
            uint8_t *exact = pf_mem_alloc(cut); /* so that the sanitizer sees any step beyond */
            memcpy(exact, packed, cut);
            assert_int_equal(pf_codecs[c]->decompress(exact, cut, back, 300, NULL), PF_BAD_DATA);
            pf_mem_free(exact);
        }
        pf_mem_free(packed);
    }
    pf_mem_free(plain);
}

/* Codecs with a checksum over everything may be wrong nowhere; the others may give other bytes but no more. */
static void a_flipped_bit_is_an_error_or_harmless(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_TEXT, 300), back[300];
    for (size_t c = 0; pf_codecs[c]; c++) {
        const struct pf_codec *codec = pf_codecs[c];
        bool checked = codec == &pf_codec_gzip || codec == &pf_codec_bzip2 || codec == &pf_codec_xz ||
                       codec == &pf_codec_lz4;
        size_t packed_size = 0;
        uint8_t *packed = sample_pack(codec, plain, 300, &packed_size);
        for (size_t bit = 0; bit < packed_size * 8; bit++) {
            packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
            pf_status status = codec->decompress(packed, packed_size, back, 300, NULL);
            if (status == PF_OK && checked)
                assert_memory_equal(plain, back, 300);
            packed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        pf_mem_free(packed);
    }
    pf_mem_free(plain);
}

static void no_memory_is_said_and_nothing_is_kept(void **unused) {
    uint8_t *plain = sample_make(SAMPLE_TEXT, 3000), *back = pf_mem_alloc(3000);
    for (size_t c = 0; pf_codecs[c]; c++) {
        const struct pf_codec *codec = pf_codecs[c];
        size_t packed_size = 0, room = codec->bound(3000);
        uint8_t *packed = sample_pack(codec, plain, 3000, &packed_size), *again = pf_mem_alloc(room);
        for (int64_t nth = 1; nth < 40; nth++) {
            size_t used = 0;
            pf_codec_state *state = NULL;
            pf_mem_fail_from(nth);
            pf_status open = codec->state_open ? codec->state_open(codec->level_default, &state, NULL) : PF_OK;
            assert_true(open == PF_OK || open == PF_NO_MEMORY);
            if (state)
                codec->state_close(state);
            pf_mem_fail_from(nth);
            pf_status pack = codec->compress(NULL, codec->level_default, plain, 3000, again, room, &used, NULL);
            pf_mem_fail_from(nth);
            pf_status unpack = codec->decompress(packed, packed_size, back, 3000, NULL);
            pf_mem_fail_from(0);
            assert_true(pack == PF_OK || pack == PF_NO_MEMORY);
            assert_true(unpack == PF_OK || unpack == PF_NO_MEMORY);
        }
        assert_int_equal(codec->decompress(packed, packed_size, back, 3000, NULL), PF_OK);
        pf_mem_free(packed);
        pf_mem_free(again);
    }
    pf_mem_free(plain);
    pf_mem_free(back);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_codec_gives_back_what_it_took),
        cmocka_unit_test(every_level_gives_back_what_it_took),
        cmocka_unit_test(scratch_gives_back_what_it_took_at_every_level),
        cmocka_unit_test(what_takes_long_ends_when_it_is_cancelled),
        cmocka_unit_test(scratch_is_reused_and_changes_nothing),
        cmocka_unit_test(too_little_room_is_a_limit),
        cmocka_unit_test(a_level_outside_is_refused),
        cmocka_unit_test(a_call_beyond_a_gibibyte_is_refused),
        cmocka_unit_test(what_is_cut_short_is_an_error),
        cmocka_unit_test(a_flipped_bit_is_an_error_or_harmless),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
