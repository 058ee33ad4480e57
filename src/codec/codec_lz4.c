/* codec_lz4.c — room codec. LZ4 blocks and frames; the only lz4 includes.       SPDX-License-Identifier: MIT
 * Knows: raw blocks (Parquet's LZ4_RAW), frames with checksums, several frames, skippable ones.
 * Knows not: the legacy frame of Linux images, dictionaries. */
#include <lz4.h>
#include <lz4frame.h>
#include <lz4hc.h>

#include <stdbool.h>

#include "base/error.h"
#include "base/mem.h"
#include "codec/codec.h"
#include "codec/codec_oneshot.h"

#define LEVEL_STRONG 3 /* from here on the strong compressor, as in the lz4 program */

/* The scratch of one thread follows this struct in the same allocation. */
struct pf_codec_state {
    bool strong;
    _Alignas(16) uint8_t scratch[];
};

struct pf_inflater {
    LZ4F_dctx *context;
    int64_t offset;
    bool ended; /* at the border of a frame */
};

static size_t bound_lz4(size_t size) {
    return size > LZ4_MAX_INPUT_SIZE ? SIZE_MAX : (size_t)LZ4_compressBound((int)size);
}

static pf_status open_lz4_state(int level, pf_codec_state **out, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_lz4_raw, level, 0, err));
    bool strong = level >= LEVEL_STRONG;
    size_t size = sizeof(pf_codec_state) + (size_t)(strong ? LZ4_sizeofStateHC() : LZ4_sizeofState());
    pf_codec_state *state = pf_mem_aligned(size);
    if (!state)
        return pf_fail_memory(err, size);
    state->strong = strong;
    *out = state;
    return PF_OK;
}

static void close_lz4_state(pf_codec_state *state) { pf_mem_free(state); }

static pf_status compress_lz4(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                              size_t room, size_t *used, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_lz4_raw, level, size, err));
    bool strong = level >= LEVEL_STRONG;
    pf_codec_state *own = NULL;
    if (!state || state->strong != strong) {
        PF_TRY(open_lz4_state(level, &own, err));
        state = own;
    }
    int fits = room > INT32_MAX ? INT32_MAX : (int)room;
    int made = strong ? LZ4_compress_HC_extStateHC(state->scratch, from, to, (int)size, fits, level)
                      : LZ4_compress_fast_extState(state->scratch, from, to, (int)size, fits, 1);
    close_lz4_state(own);
    if (made <= 0)
        return pf_oneshot_no_room(&pf_codec_lz4_raw, room, err);
    *used = (size_t)made;
    return PF_OK;
}

static pf_status decompress_lz4(const void *from, size_t size, void *to, size_t to_size, struct pf_error *err) {
    if (size == 0 || size > INT32_MAX || to_size > INT32_MAX)
        return pf_codec_broken("lz4", 0, "its size is impossible", err);
    char spare;
    int made = LZ4_decompress_safe(from, to_size ? to : &spare, (int)size, (int)to_size);
    if (made < 0)
        return pf_codec_broken("lz4", -1, "a match or a literal points outside", err);
    return (size_t)made == to_size ? PF_OK
                                   : pf_oneshot_wrong_size(&pf_codec_lz4_raw, (size_t)made, to_size, err);
}

static const LZ4F_preferences_t frame_preferences = {
    .frameInfo = {.blockSizeID = LZ4F_max4MB, .contentChecksumFlag = LZ4F_contentChecksumEnabled},
};

static size_t bound_frame(size_t size) { return LZ4F_compressFrameBound(size, &frame_preferences); }

static pf_status compress_frame(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                                size_t room, size_t *used, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_lz4, level, size, err));
    if (room < bound_frame(size))
        return pf_oneshot_no_room(&pf_codec_lz4, room, err);
    LZ4F_preferences_t preferences = frame_preferences;
    preferences.compressionLevel = level < LEVEL_STRONG ? 0 : level;
    size_t made = LZ4F_compressFrame(to, room, from, size, &preferences);
    if (LZ4F_isError(made)) /* with the bound as room only memory can be missing */
        return pf_fail_memory(err, 0);
    *used = made;
    return PF_OK;
}

static pf_status decompress_frame(const void *from, size_t size, void *to, size_t to_size,
                                  struct pf_error *err) {
    return pf_oneshot_decompress(&pf_codec_lz4, from, size, to, to_size, err);
}

static void close_frame(pf_inflater *inflater) {
    if (!inflater)
        return;
    LZ4F_freeDecompressionContext(inflater->context);
    pf_mem_free(inflater);
}

static pf_status open_frame(pf_inflater **out, struct pf_error *err) {
    pf_inflater *inflater = pf_mem_zero(1, sizeof *inflater);
    if (!inflater)
        return pf_fail_memory(err, sizeof *inflater);
    if (LZ4F_isError(LZ4F_createDecompressionContext(&inflater->context, LZ4F_VERSION))) {
        pf_mem_free(inflater);
        return pf_fail_memory(err, 0);
    }
    *out = inflater;
    return PF_OK;
}

static pf_status inflate_frame(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                               size_t *to_size, int32_t *ended, struct pf_error *err) {
    size_t in = 0, out = 0;
    pf_status status = PF_OK;
    while (!(inflater->ended && in == *from_size)) {
        size_t used = *from_size - in, made = *to_size - out;
        size_t hint = LZ4F_decompress(inflater->context, to + out, &made, from + in, &used, NULL);
        if (LZ4F_isError(hint)) {
            status = pf_codec_broken("lz4", inflater->offset + (int64_t)in, LZ4F_getErrorName(hint), err);
            break;
        }
        in += used;
        out += made;
        inflater->ended = hint == 0;
        if (used == 0 && made == 0)
            break;
    }
    inflater->offset += (int64_t)in;
    *from_size = in;
    *to_size = out;
    *ended = inflater->ended;
    return status;
}

const struct pf_codec pf_codec_lz4_raw = {
    .name = "lz4_raw",
    .parquet_id = 7,
    .level_default = 1,
    .level_min = 1,
    .level_max = 12,
    .bound = bound_lz4,
    .state_open = open_lz4_state,
    .state_close = close_lz4_state,
    .compress = compress_lz4,
    .decompress = decompress_lz4,
};

static const char *const lz4_suffixes[] = {".lz4", NULL};

const struct pf_codec pf_codec_lz4 = {
    .name = "lz4",
    .parquet_id = -1,
    .level_default = 1,
    .level_min = 1,
    .level_max = 12,
    .suffixes = lz4_suffixes,
    .magic = "\x04\x22\x4D\x18",
    .magic_size = 4,
    .bound = bound_frame,
    .compress = compress_frame,
    .decompress = decompress_frame,
    .inflate_open = open_frame,
    .inflate = inflate_frame,
    .inflate_close = close_frame,
};
