/* codec_deflate.c — room codec. Deflate, raw and as gzip; the only ISA-L and zlib includes.
 * SPDX-License-Identifier: MIT
 * Knows: members, header fields, checksums, zero padding; inflates by ISA-L where it was built, else by zlib.
 * Knows not: files, ZIP. Sources: RFC 1951, RFC 1952. */
#include "codec/codec_deflate.h"

#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#include "base/bits.h"
#include "base/env.h"
#include "base/error.h"
#include "base/mem.h"
#include "codec/codec.h"
#include "codec/codec_oneshot.h"

#ifdef PF_WITH_ISAL
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#endif

#define STEP_MAX     ((size_t)1 << 30) /* the libraries count in 32 bits */
#define WATCH_BYTES  ((size_t)128 << 10)
#define WINDOW_RAW   (-15)
#define WINDOW_GZIP  (15 + 16)
#define HAS_HEAD_CRC 2u
#define HAS_EXTRA    4u
#define HAS_NAME     8u
#define HAS_COMMENT  16u
#define RESERVED     0xE0u

/* The parts of a member in their order in the file; BETWEEN and PADDING follow its end. */
enum part { FIXED, EXTRA_SIZE, EXTRA, NAME, COMMENT, HEAD_CRC, BODY, TRAILER, BETWEEN, PADDING };

struct pf_inflater {
    const char *name; /* of the codec, for messages */
    int64_t offset;   /* compressed bytes taken so far */
    bool gzip;
    enum part part;
    uint8_t flags;
    uint8_t held[12]; /* a field that is not complete yet */
    size_t held_size;
    size_t extra_left;
    uint32_t head_crc;
    uint32_t crc;         /* of the member's bytes so far */
    uint32_t member_size; /* modulo 2^32, as the trailer counts */
    bool slow_open;
    z_stream slow;
#ifdef PF_WITH_ISAL
    struct inflate_state *fast; /* NULL: zlib is used */
#endif
};

struct pf_codec_state {
    z_stream stream;
    int level;
    bool (*cancelled)(void *ctx); /* NULL: never */
    void *ctx;
};

static bool wants_portable(void) {
    const char *simd = pf_env("PYFORGE_SIMD");
    return simd && strcmp(simd, "portable") == 0;
}

uint32_t pf_crc32(uint32_t crc, const void *bytes, size_t size) {
    if (size == 0)
        return crc;
#ifdef PF_WITH_ISAL
    return crc32_gzip_refl(crc, bytes, size);
#else
    return (uint32_t)crc32_z(crc, bytes, size);
#endif
}

/* ---- compressing ---------------------------------------------------------------------------------------- */

static void *take_memory(void *opaque, unsigned count, unsigned size) {
    return pf_mem_alloc((size_t)count * size);
}
static void give_memory(void *opaque, void *memory) { pf_mem_free(memory); }

/* compressBound is for zlib's own wrapper of 6 bytes; gzip's has 18. */
static size_t bound_deflate(size_t size) { return compressBound((uLong)size) + 18; }

static pf_status open_state(int level, int window, pf_codec_state **out, struct pf_error *err) {
    pf_codec_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    state->level = level;
    state->stream.zalloc = take_memory;
    state->stream.zfree = give_memory;
    if (deflateInit2(&state->stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        pf_mem_free(state);
        return pf_fail_memory(err, 0);
    }
    *out = state;
    return PF_OK;
}

static void close_state(pf_codec_state *state) {
    if (!state)
        return;
    deflateEnd(&state->stream);
    pf_mem_free(state);
}

static void watch_state(pf_codec_state *state, bool (*cancelled)(void *ctx), void *ctx) {
    state->cancelled = cancelled;
    state->ctx = ctx;
}

static pf_status open_gzip_state(int level, pf_codec_state **out, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_gzip, level, 0, err));
    return open_state(level, WINDOW_GZIP, out, err);
}

static pf_status open_raw_state(int level, pf_codec_state **out, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_deflate, level, 0, err));
    return open_state(level, WINDOW_RAW, out, err);
}

static pf_status compress_with(const struct pf_codec *codec, pf_codec_state *state, int level, const void *from,
                               size_t size, void *to, size_t room, size_t *used, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(codec, level, size, err));
    pf_codec_state *own = NULL;
    if (!state || state->level != level) {
        PF_TRY(codec->state_open(level, &own, err));
        if (state)
            watch_state(own, state->cancelled, state->ctx);
        state = own;
    }
    z_stream *stream = &state->stream;
    deflateReset(stream);
    uint8_t nothing = 0; /* zlib wants an address also for nothing */
    stream->next_in = size ? (uint8_t *)(uintptr_t)from : &nothing;
    stream->next_out = to;
    stream->avail_out = (unsigned)(room > STEP_MAX * 2 ? STEP_MAX * 2 : room);
    unsigned fits = stream->avail_out;
    int answer = Z_OK;
    for (size_t left = size, step; answer == Z_OK; left -= step) { /* zlib makes the same of all steps */
        if (state->cancelled && state->cancelled(state->ctx)) {
            close_state(own);
            return pf_fail_cancelled(err);
        }
        step = left < WATCH_BYTES ? left : WATCH_BYTES;
        stream->avail_in = (unsigned)step;
        answer = deflate(stream, step == left ? Z_FINISH : Z_NO_FLUSH);
        if (stream->avail_in || !stream->avail_out)
            break;
    }
    *used = fits - stream->avail_out;
    close_state(own);
    return answer == Z_STREAM_END ? PF_OK : pf_oneshot_no_room(codec, room, err);
}

static pf_status compress_gzip(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                               size_t room, size_t *used, struct pf_error *err) {
    return compress_with(&pf_codec_gzip, state, level, from, size, to, room, used, err);
}

static pf_status compress_raw(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                              size_t room, size_t *used, struct pf_error *err) {
    return compress_with(&pf_codec_deflate, state, level, from, size, to, room, used, err);
}

static pf_status decompress_gzip(const void *from, size_t size, void *to, size_t to_size,
                                 struct pf_error *err) {
    return pf_oneshot_decompress(&pf_codec_gzip, from, size, to, to_size, err);
}

static pf_status decompress_raw(const void *from, size_t size, void *to, size_t to_size, struct pf_error *err) {
    return pf_oneshot_decompress(&pf_codec_deflate, from, size, to, to_size, err);
}

/* ---- raw deflate ---------------------------------------------------------------------------------------- */

static pf_status begin_body(pf_inflater *inflater, struct pf_error *err) {
    inflater->part = BODY;
    inflater->held_size = 0;
    inflater->crc = 0;
    inflater->member_size = 0;
#ifdef PF_WITH_ISAL
    if (inflater->fast) {
        isal_inflate_init(inflater->fast);
        inflater->fast->crc_flag = ISAL_DEFLATE;
        return PF_OK;
    }
#endif
    if (inflater->slow_open) {
        inflateReset(&inflater->slow);
        return PF_OK;
    }
    inflater->slow.zalloc = take_memory;
    inflater->slow.zfree = give_memory;
    if (inflateInit2(&inflater->slow, WINDOW_RAW) != Z_OK)
        return pf_fail_memory(err, 0);
    inflater->slow_open = true;
    return PF_OK;
}

static pf_status run_slow(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                          size_t *to_size, bool *finished, const char **why, struct pf_error *err) {
    z_stream *stream = &inflater->slow;
    stream->next_in = (uint8_t *)(uintptr_t)from;
    stream->avail_in = (unsigned)*from_size;
    stream->next_out = to;
    stream->avail_out = (unsigned)*to_size;
    int answer = inflate(stream, Z_SYNC_FLUSH);
    *from_size -= stream->avail_in;
    *to_size -= stream->avail_out;
    *finished = answer == Z_STREAM_END;
    if (answer == Z_MEM_ERROR)
        return pf_fail_memory(err, 0);
    if (answer != Z_OK && answer != Z_STREAM_END && answer != Z_BUF_ERROR)
        *why = stream->msg ? stream->msg : "a block is damaged";
    return PF_OK;
}

#ifdef PF_WITH_ISAL
/* ISA-L reads up to seven bytes beyond the end of the deflate data into its bit buffer, perhaps from an earlier
 * call's input; they go to held, where the trailer is collected. */
static void run_fast(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                     size_t *to_size, bool *finished, const char **why) {
    struct inflate_state *state = inflater->fast;
    state->next_in = (uint8_t *)(uintptr_t)from;
    state->avail_in = (uint32_t)*from_size;
    state->next_out = to;
    state->avail_out = (uint32_t)*to_size;
    int answer = isal_inflate(state);
    *from_size -= state->avail_in;
    *to_size -= state->avail_out;
    *finished = answer == ISAL_DECOMP_OK && state->block_state == ISAL_BLOCK_FINISH;
    if (*finished) {
        uint64_t rest = state->read_in >> (state->read_in_length % 8);
        inflater->held_size = (size_t)state->read_in_length / 8;
        pf_store64(inflater->held, rest);
    }
    if (answer == ISAL_INVALID_LOOKBACK)
        *why = "a copy reaches before the start";
    else if (answer == ISAL_INVALID_SYMBOL)
        *why = "a symbol is invalid";
    else if (answer < 0)
        *why = "a block is damaged";
}
#endif

/* One step of raw deflate; the sizes become what was used. finished: the last block has ended. */
static pf_status run_raw(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                         size_t *to_size, bool *finished, struct pf_error *err) {
    const char *why = NULL;
    pf_status status = PF_OK;
    *from_size = *from_size < STEP_MAX ? *from_size : STEP_MAX;
    *to_size = *to_size < STEP_MAX ? *to_size : STEP_MAX;
#ifdef PF_WITH_ISAL
    if (inflater->fast)
        run_fast(inflater, from, from_size, to, to_size, finished, &why);
    else
#endif
        status = run_slow(inflater, from, from_size, to, to_size, finished, &why, err);
    if (inflater->gzip)
        inflater->crc = pf_crc32(inflater->crc, to, *to_size);
    inflater->member_size += (uint32_t)*to_size;
    inflater->offset += (int64_t)*from_size;
    if (why)
        status = pf_codec_broken(inflater->name, inflater->offset, why, err);
    return status;
}

/* ---- gzip's header and trailer --------------------------------------------------------------------------- */

static pf_status check_fixed(pf_inflater *inflater, struct pf_error *err) {
    const uint8_t *held = inflater->held;
    if (inflater->held_size == 2 && (held[0] != 0x1F || held[1] != 0x8B))
        return pf_codec_broken("gzip", inflater->offset, "bytes that are not gzip stand where a member begins",
                               err);
    if (inflater->held_size == 3 && held[2] != 8)
        return pf_fail_at(err, PF_UNSUPPORTED, -1, inflater->offset,
                          "gzip data uses method %d; only deflate (8) exists: get the file again", held[2]);
    if (inflater->held_size == 4 && (held[3] & RESERVED))
        return pf_codec_broken("gzip", inflater->offset, "reserved flags are set in a header", err);
    return PF_OK;
}

/* Goes on to the next part of the header that this member has. */
static pf_status end_part(pf_inflater *inflater, struct pf_error *err) {
    inflater->held_size = 0;
    switch (inflater->part) {
    case FIXED:
        if (inflater->flags & HAS_EXTRA) {
            inflater->part = EXTRA_SIZE;
            return PF_OK;
        }
        break;
    case EXTRA_SIZE:
        if (inflater->extra_left > 0) {
            inflater->part = EXTRA;
            return PF_OK;
        }
        break;
    case EXTRA:
    case NAME:
    case COMMENT:
    case HEAD_CRC:
    case BODY:
    case TRAILER:
    case BETWEEN:
    case PADDING: break;
    }
    if (inflater->part < NAME && (inflater->flags & HAS_NAME))
        inflater->part = NAME;
    else if (inflater->part < COMMENT && (inflater->flags & HAS_COMMENT))
        inflater->part = COMMENT;
    else if (inflater->part < HEAD_CRC && (inflater->flags & HAS_HEAD_CRC))
        inflater->part = HEAD_CRC;
    else
        return begin_body(inflater, err);
    return PF_OK;
}

static pf_status take_head_byte(pf_inflater *inflater, uint8_t byte, struct pf_error *err) {
    uint8_t *held = inflater->held;
    bool done = false;
    if (inflater->part != HEAD_CRC)
        inflater->head_crc = pf_crc32(inflater->head_crc, &byte, 1);
    if (inflater->part == FIXED || inflater->part == EXTRA_SIZE || inflater->part == HEAD_CRC)
        held[inflater->held_size++] = byte;
    switch (inflater->part) {
    case FIXED:
        PF_TRY(check_fixed(inflater, err));
        inflater->flags = held[3];
        done = inflater->held_size == 10;
        break;
    case EXTRA_SIZE:
        done = inflater->held_size == 2;
        inflater->extra_left = pf_load16(held);
        break;
    case EXTRA: done = --inflater->extra_left == 0; break;
    case NAME:
    case COMMENT: done = byte == 0; break;
    case HEAD_CRC:
        done = inflater->held_size == 2;
        if (done && pf_load16(held) != (uint16_t)inflater->head_crc)
            return pf_codec_broken("gzip", inflater->offset, "a header's checksum does not match", err);
        break;
    case BODY:
    case TRAILER:
    case BETWEEN:
    case PADDING: break;
    }
    return done ? end_part(inflater, err) : PF_OK;
}

static pf_status check_trailer(pf_inflater *inflater, struct pf_error *err) {
    if (inflater->held_size < 8)
        return PF_OK;
    if (pf_load32(inflater->held) != inflater->crc)
        return pf_codec_broken("gzip", inflater->offset, "the checksum of its content does not match", err);
    if (pf_load32(inflater->held + 4) != inflater->member_size)
        return pf_codec_broken("gzip", inflater->offset, "the size of its content does not match", err);
    inflater->part = BETWEEN;
    inflater->held_size = 0;
    return PF_OK;
}

static void begin_member(pf_inflater *inflater) {
    inflater->part = FIXED;
    inflater->held_size = 0;
    inflater->head_crc = 0;
    inflater->flags = 0;
    inflater->extra_left = 0;
}

/* One byte that is not of a body. */
static pf_status take_byte(pf_inflater *inflater, uint8_t byte, struct pf_error *err) {
    pf_status status;
    if (inflater->part == TRAILER) {
        inflater->held[inflater->held_size++] = byte;
        status = check_trailer(inflater, err);
    } else if (inflater->part == PADDING || (inflater->part == BETWEEN && byte == 0)) {
        inflater->part = PADDING;
        status = byte == 0 ? PF_OK
                           : pf_codec_broken("gzip", inflater->offset,
                                             "bytes that are not gzip stand behind its end", err);
    } else if (inflater->part == BETWEEN && byte != 0x1F) {
        status = pf_codec_broken("gzip", inflater->offset, "bytes that are not gzip stand behind its end", err);
    } else {
        if (inflater->part == BETWEEN)
            begin_member(inflater);
        status = take_head_byte(inflater, byte, err);
    }
    if (status == PF_OK)
        inflater->offset++;
    return status;
}

static pf_status end_body(pf_inflater *inflater, struct pf_error *err) {
    if (inflater->gzip) {
        inflater->part = TRAILER;
        return check_trailer(inflater, err);
    }
    inflater->part = BETWEEN;
    if (inflater->held_size > 0)
        return pf_codec_broken(inflater->name, inflater->offset - (int64_t)inflater->held_size,
                               "bytes stand behind its end", err);
    return PF_OK;
}

/* ---- the streaming pair -----------------------------------------------------------------------------------
 */

static pf_status inflate_deflate(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                                 size_t *to_size, int32_t *ended, struct pf_error *err) {
    size_t in = 0, out = 0;
    pf_status status = PF_OK;
    while (status == PF_OK) {
        if (inflater->part != BODY) {
            if (in == *from_size)
                break;
            if (inflater->gzip)
                status = take_byte(inflater, from[in], err);
            else
                status = pf_codec_broken(inflater->name, inflater->offset, "bytes stand behind its end", err);
            in += status == PF_OK;
            continue;
        }
        if (out == *to_size)
            break;
        size_t used = *from_size - in, made = *to_size - out;
        bool finished = false;
        status = run_raw(inflater, from + in, &used, to + out, &made, &finished, err);
        in += used;
        out += made;
        if (finished && status == PF_OK)
            status = end_body(inflater, err);
        else if (in == *from_size || (used == 0 && made == 0))
            break;
    }
    *from_size = in;
    *to_size = out;
    *ended = inflater->part >= BETWEEN;
    return status;
}

static void close_deflate(pf_inflater *inflater) {
    if (!inflater)
        return;
    if (inflater->slow_open)
        inflateEnd(&inflater->slow);
#ifdef PF_WITH_ISAL
    pf_mem_free(inflater->fast);
#endif
    pf_mem_free(inflater);
}

static pf_status open_deflate(const struct pf_codec *codec, pf_inflater **out, struct pf_error *err) {
    pf_inflater *inflater = pf_mem_zero(1, sizeof *inflater);
    if (!inflater)
        return pf_fail_memory(err, sizeof *inflater);
    inflater->name = codec->name;
    inflater->gzip = codec == &pf_codec_gzip;
#ifdef PF_WITH_ISAL
    if (!wants_portable()) {
        inflater->fast = pf_mem_aligned(sizeof *inflater->fast);
        if (!inflater->fast) {
            pf_mem_free(inflater);
            return pf_fail_memory(err, sizeof *inflater->fast);
        }
        memset(inflater->fast, 0, sizeof *inflater->fast);
    }
#endif
    begin_member(inflater);
    pf_status status = inflater->gzip ? PF_OK : begin_body(inflater, err);
    if (status != PF_OK) {
        close_deflate(inflater);
        return status;
    }
    *out = inflater;
    return PF_OK;
}

static pf_status open_gzip(pf_inflater **out, struct pf_error *err) {
    return open_deflate(&pf_codec_gzip, out, err);
}

static pf_status open_raw(pf_inflater **out, struct pf_error *err) {
    return open_deflate(&pf_codec_deflate, out, err);
}

static const char *const gzip_suffixes[] = {".gz", ".gzip", ".bgz", NULL};

const struct pf_codec pf_codec_gzip = {
    .name = "gzip",
    .parquet_id = 2,
    .level_default = 6,
    .level_min = 1,
    .level_max = 9,
    .suffixes = gzip_suffixes,
    .magic = "\x1F\x8B\x08",
    .magic_size = 3,
    .bound = bound_deflate,
    .state_open = open_gzip_state,
    .state_close = close_state,
    .state_watch = watch_state,
    .compress = compress_gzip,
    .decompress = decompress_gzip,
    .inflate_open = open_gzip,
    .inflate = inflate_deflate,
    .inflate_close = close_deflate,
};

const struct pf_codec pf_codec_deflate = {
    .name = "deflate",
    .parquet_id = -1,
    .level_default = 6,
    .level_min = 1,
    .level_max = 9,
    .bound = bound_deflate,
    .state_open = open_raw_state,
    .state_close = close_state,
    .compress = compress_raw,
    .decompress = decompress_raw,
    .inflate_open = open_raw,
    .inflate = inflate_deflate,
    .inflate_close = close_deflate,
};
