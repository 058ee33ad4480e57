/* codec_zstd.c — room codec. Zstandard; the only zstd include.                  SPDX-License-Identifier: MIT
 * Knows: frames, several of them, skippable ones; a window ceiling.
 * Knows not: dictionaries, files. */
#include <zstd.h>
#include <zstd_errors.h>

#include <stdbool.h>

#include "base/error.h"
#include "base/mem.h"
#include "codec/codec.h"
#include "codec/codec_oneshot.h"

#define STEP_BYTES     ((size_t)128 << 10) /* a block of a frame */
#define LEVEL_SLOW     11                  /* from here on a megabyte may take a tenth of a second */
#define WINDOW_LOG_MAX 27 /* 128 MiB: what every decoder takes without being asked; more is "--long=28" */

struct pf_codec_state {
    ZSTD_CCtx *context;
    bool (*cancelled)(void *ctx); /* NULL: never */
    void *ctx;
};

struct pf_inflater {
    ZSTD_DStream *stream;
    int64_t offset; /* compressed bytes taken so far */
    bool ended;     /* at the border of a frame */
};

static pf_status fail_zstd(size_t code, int64_t byte, struct pf_error *err) {
    switch ((int)ZSTD_getErrorCode(code)) {
    case ZSTD_error_memory_allocation: return pf_fail_memory(err, 0);
    case ZSTD_error_frameParameter_windowTooLarge:
        return pf_fail_at(err, PF_LIMIT, -1, byte,
                          "zstd data needs a window beyond 128 MiB; unpack it with zstd --long=31 first");
    case ZSTD_error_dictionary_wrong:
        return pf_fail_at(err, PF_UNSUPPORTED, -1, byte,
                          "zstd data needs a dictionary; unpack it with zstd -D first");
    default: return pf_codec_broken("zstd", byte, ZSTD_getErrorName(code), err);
    }
}

static size_t bound_zstd(size_t size) { return ZSTD_compressBound(size); }

static void close_zstd_state(pf_codec_state *state) {
    if (!state)
        return;
    ZSTD_freeCCtx(state->context);
    pf_mem_free(state);
}

static pf_status open_zstd_state(int level, pf_codec_state **out, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_zstd, level, 0, err));
    pf_codec_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    state->context = ZSTD_createCCtx();
    if (!state->context) {
        pf_mem_free(state);
        return pf_fail_memory(err, 0);
    }
    *out = state;
    return PF_OK;
}

static void watch_zstd(pf_codec_state *state, bool (*cancelled)(void *ctx), void *ctx) {
    state->cancelled = cancelled;
    state->ctx = ctx;
}

/* Block by block; *made is what ZSTD_compressCCtx would answer. */
static pf_status compress_in_steps(const pf_codec_state *state, int level, const void *from, size_t size,
                                   void *to, size_t room, size_t *made, struct pf_error *err) {
    ZSTD_outBuffer out = {to, room, 0};
    ZSTD_inBuffer in = {from, 0, 0};
    ZSTD_CCtx_reset(state->context, ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter(state->context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setPledgedSrcSize(state->context, size);
    for (;;) {
        if (state->cancelled && state->cancelled(state->ctx))
            return pf_fail_cancelled(err);
        in.size = size - in.pos < STEP_BYTES ? size : in.pos + STEP_BYTES;
        bool last = in.size == size;
        *made = ZSTD_compressStream2(state->context, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(*made))
            return PF_OK;
        if (last && *made == 0) {
            *made = out.pos;
            return PF_OK;
        }
        if (out.pos == room)
            return pf_oneshot_no_room(&pf_codec_zstd, room, err);
    }
}

static pf_status compress_zstd(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                               size_t room, size_t *used, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_zstd, level, size, err));
    size_t made = 0;
    if (state && level >= LEVEL_SLOW && size > STEP_BYTES)
        PF_TRY(compress_in_steps(state, level, from, size, to, room, &made, err));
    else
        made = state ? ZSTD_compressCCtx(state->context, to, room, from, size, level)
                     : ZSTD_compress(to, room, from, size, level);
    if (!ZSTD_isError(made)) {
        *used = made;
        return PF_OK;
    }
    if (ZSTD_getErrorCode(made) == ZSTD_error_dstSize_tooSmall)
        return pf_oneshot_no_room(&pf_codec_zstd, room, err);
    if (ZSTD_getErrorCode(made) == ZSTD_error_memory_allocation)
        return pf_fail_memory(err, 0);
    return pf_fail(err, PF_INTERNAL, "zstd does not compress: %s", ZSTD_getErrorName(made));
}

static pf_status decompress_zstd(const void *from, size_t size, void *to, size_t to_size,
                                 struct pf_error *err) {
    if (size == 0)
        return pf_codec_broken("zstd", 0, "it is truncated", err);
    size_t made = ZSTD_decompress(to, to_size, from, size);
    if (ZSTD_isError(made))
        return fail_zstd(made, -1, err);
    return made == to_size ? PF_OK : pf_oneshot_wrong_size(&pf_codec_zstd, made, to_size, err);
}

static void close_zstd(pf_inflater *inflater) {
    if (!inflater)
        return;
    ZSTD_freeDStream(inflater->stream);
    pf_mem_free(inflater);
}

static pf_status open_zstd(pf_inflater **out, struct pf_error *err) {
    pf_inflater *inflater = pf_mem_zero(1, sizeof *inflater);
    if (!inflater)
        return pf_fail_memory(err, sizeof *inflater);
    inflater->stream = ZSTD_createDStream();
    if (!inflater->stream ||
        ZSTD_isError(ZSTD_DCtx_setParameter(inflater->stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX))) {
        close_zstd(inflater);
        return pf_fail_memory(err, 0);
    }
    *out = inflater;
    return PF_OK;
}

static pf_status inflate_zstd(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                              size_t *to_size, int32_t *ended, struct pf_error *err) {
    ZSTD_inBuffer in = {from, *from_size, 0};
    ZSTD_outBuffer out = {to, *to_size, 0};
    pf_status status = PF_OK;
    /* At the border of a frame a call without input would begin the next frame. */
    while (!(inflater->ended && in.pos == in.size)) {
        size_t in_before = in.pos, out_before = out.pos;
        size_t hint = ZSTD_decompressStream(inflater->stream, &out, &in);
        if (ZSTD_isError(hint)) {
            status = fail_zstd(hint, inflater->offset + (int64_t)in.pos, err);
            break;
        }
        inflater->ended = hint == 0;
        if (hint != 0 && (in.pos == in.size || out.pos == out.size))
            break;
        if (in.pos == in_before && out.pos == out_before)
            break;
    }
    inflater->offset += (int64_t)in.pos;
    *from_size = in.pos;
    *to_size = out.pos;
    *ended = inflater->ended;
    return status;
}

static const char *const zstd_suffixes[] = {".zst", ".zstd", NULL};

const struct pf_codec pf_codec_zstd = {
    .name = "zstd",
    .parquet_id = 6,
    .level_default = 3,
    .level_min = 1,
    .level_max = 22,
    .suffixes = zstd_suffixes,
    .magic = "\x28\xB5\x2F\xFD",
    .magic_size = 4,
    .bound = bound_zstd,
    .state_open = open_zstd_state,
    .state_close = close_zstd_state,
    .state_watch = watch_zstd,
    .compress = compress_zstd,
    .decompress = decompress_zstd,
    .inflate_open = open_zstd,
    .inflate = inflate_zstd,
    .inflate_close = close_zstd,
};
