/* codec_xz.c — room codec. xz; the only liblzma include.                        SPDX-License-Identifier: MIT
 * Knows: streams, several of them, the zero padding between them; a memory ceiling.
 * Knows not: the older .lzma container. */
#include <lzma.h>

#include <stdbool.h>

#include "base/error.h"
#include "base/mem.h"
#include "codec/codec.h"
#include "codec/codec_oneshot.h"

#define MEMORY_MAX ((uint64_t)160 << 20) /* a dictionary of 128 MiB; xz -9 needs 65 MiB */

struct pf_inflater {
    lzma_stream stream;
    int64_t offset;
    size_t padding; /* zero bytes since the end of the last stream */
    bool ended;     /* between streams */
};

static void *take_memory(void *opaque, size_t count, size_t size) {
    return size != 0 && count > SIZE_MAX / size ? NULL : pf_mem_alloc(count * size);
}
static void give_memory(void *opaque, void *memory) { pf_mem_free(memory); }
static const lzma_allocator house_allocator = {.alloc = take_memory, .free = give_memory};

static size_t bound_xz(size_t size) { return lzma_stream_buffer_bound(size); }

static pf_status compress_xz(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                             size_t room, size_t *used, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_xz, level, size, err));
    size_t made = 0;
    lzma_ret answer = lzma_easy_buffer_encode((uint32_t)level, LZMA_CHECK_CRC64, &house_allocator, from, size,
                                              to, &made, room);
    if (answer == LZMA_MEM_ERROR)
        return pf_fail_memory(err, 0);
    if (answer != LZMA_OK)
        return pf_oneshot_no_room(&pf_codec_xz, room, err);
    *used = made;
    return PF_OK;
}

static pf_status decompress_xz(const void *from, size_t size, void *to, size_t to_size, struct pf_error *err) {
    return pf_oneshot_decompress(&pf_codec_xz, from, size, to, to_size, err);
}

static void close_xz(pf_inflater *inflater) {
    if (!inflater)
        return;
    lzma_end(&inflater->stream);
    pf_mem_free(inflater);
}

static pf_status begin_stream(pf_inflater *inflater, struct pf_error *err) {
    if (lzma_stream_decoder(&inflater->stream, MEMORY_MAX, 0) != LZMA_OK)
        return pf_fail_memory(err, 0);
    inflater->ended = false;
    inflater->padding = 0;
    return PF_OK;
}

static pf_status open_xz(pf_inflater **out, struct pf_error *err) {
    pf_inflater *inflater = pf_mem_zero(1, sizeof *inflater);
    if (!inflater)
        return pf_fail_memory(err, sizeof *inflater);
    inflater->stream = (lzma_stream)LZMA_STREAM_INIT;
    inflater->stream.allocator = &house_allocator;
    pf_status status = begin_stream(inflater, err);
    if (status != PF_OK) {
        close_xz(inflater);
        return status;
    }
    *out = inflater;
    return PF_OK;
}

static pf_status fail_xz(lzma_ret answer, int64_t byte, struct pf_error *err) {
    switch ((int)answer) {
    case LZMA_MEM_ERROR: return pf_fail_memory(err, 0);
    case LZMA_MEMLIMIT_ERROR:
        return pf_fail_at(err, PF_LIMIT, -1, byte,
                          "xz data needs a dictionary beyond 128 MiB; unpack it with xz first");
    case LZMA_OPTIONS_ERROR:
        return pf_fail_at(err, PF_UNSUPPORTED, -1, byte,
                          "xz data uses a filter that is not known here; unpack it with xz first");
    case LZMA_FORMAT_ERROR:
        return pf_codec_broken("xz", byte, "bytes that are not xz stand where a stream begins", err);
    default: return pf_codec_broken("xz", byte, "a block or its checksum is damaged", err);
    }
}

/* Between streams: zero bytes in groups of four, then the next stream. */
static pf_status skip_padding(pf_inflater *inflater, const uint8_t *from, size_t size, size_t *in,
                              struct pf_error *err) {
    for (; *in < size && from[*in] == 0; ++*in)
        inflater->padding++;
    if (*in == size)
        return PF_OK;
    if (inflater->padding % 4 != 0)
        return pf_codec_broken("xz", inflater->offset + (int64_t)*in, "its padding is no multiple of four",
                               err);
    return begin_stream(inflater, err);
}

static pf_status inflate_xz(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                            size_t *to_size, int32_t *ended, struct pf_error *err) {
    size_t in = 0, out = 0;
    lzma_stream *stream = &inflater->stream;
    pf_status status = PF_OK;
    for (;;) {
        if (inflater->ended) {
            status = skip_padding(inflater, from, *from_size, &in, err);
            if (status != PF_OK || inflater->ended)
                break;
        }
        stream->next_in = from + in;
        stream->avail_in = *from_size - in;
        stream->next_out = to + out;
        stream->avail_out = *to_size - out;
        lzma_ret answer = lzma_code(stream, LZMA_RUN);
        in = *from_size - stream->avail_in;
        out = *to_size - stream->avail_out;
        if (answer == LZMA_STREAM_END) {
            inflater->ended = true;
        } else if (answer == LZMA_BUF_ERROR) { /* nothing can move: more input or more room is needed */
            break;
        } else if (answer != LZMA_OK) {
            status = fail_xz(answer, inflater->offset + (int64_t)in, err);
            break;
        } else if (stream->avail_in == 0 || stream->avail_out == 0) {
            break;
        }
    }
    inflater->offset += (int64_t)in;
    *from_size = in;
    *to_size = out;
    *ended = inflater->ended && inflater->padding % 4 == 0;
    return status;
}

static const char *const xz_suffixes[] = {".xz", NULL};

const struct pf_codec pf_codec_xz = {
    .name = "xz",
    .parquet_id = -1,
    .level_default = 6,
    .level_min = 0,
    .level_max = 9,
    .suffixes = xz_suffixes,
    .magic = "\xFD"
             "7zXZ\0",
    .magic_size = 6,
    .bound = bound_xz,
    .compress = compress_xz,
    .decompress = decompress_xz,
    .inflate_open = open_xz,
    .inflate = inflate_xz,
    .inflate_close = close_xz,
};
