/* codec_bzip2.c — room codec. bzip2; the only bzip2 include.                    SPDX-License-Identifier: MIT
 * Knows: streams, several of them one after the other.
 * Knows not: files. */
#include <bzlib.h>

#include <stdbool.h>

#include "base/error.h"
#include "base/mem.h"
#include "codec/codec.h"
#include "codec/codec_oneshot.h"

#define STEP_MAX ((size_t)1 << 30) /* the library counts in 32 bits */

struct pf_inflater {
    bz_stream stream;
    int64_t offset;
    bool open;  /* stream is initialised */
    bool ended; /* at the border of a stream */
};

static void *take_memory(void *opaque, int count, int size) {
    return pf_mem_alloc((size_t)count * (size_t)size);
}
static void give_memory(void *opaque, void *memory) { pf_mem_free(memory); }

static size_t bound_bzip2(size_t size) { return size + size / 100 + 601; } /* the manual's promise */

static pf_status compress_bzip2(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                                size_t room, size_t *used, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_bzip2, level, size, err));
    bz_stream stream = {.bzalloc = take_memory, .bzfree = give_memory};
    if (BZ2_bzCompressInit(&stream, level, 0, 0) != BZ_OK)
        return pf_fail_memory(err, 0);
    stream.next_in = (char *)from;
    stream.avail_in = (unsigned)size;
    stream.next_out = to;
    stream.avail_out = (unsigned)(room > STEP_MAX * 2 ? STEP_MAX * 2 : room);
    unsigned fits = stream.avail_out;
    int answer = BZ2_bzCompress(&stream, BZ_FINISH);
    *used = fits - stream.avail_out;
    BZ2_bzCompressEnd(&stream);
    return answer == BZ_STREAM_END ? PF_OK : pf_oneshot_no_room(&pf_codec_bzip2, room, err);
}

static pf_status decompress_bzip2(const void *from, size_t size, void *to, size_t to_size,
                                  struct pf_error *err) {
    return pf_oneshot_decompress(&pf_codec_bzip2, from, size, to, to_size, err);
}

static void close_bzip2(pf_inflater *inflater) {
    if (!inflater)
        return;
    if (inflater->open)
        BZ2_bzDecompressEnd(&inflater->stream);
    pf_mem_free(inflater);
}

static pf_status begin_stream(pf_inflater *inflater, struct pf_error *err) {
    inflater->stream = (bz_stream){.bzalloc = take_memory, .bzfree = give_memory};
    if (BZ2_bzDecompressInit(&inflater->stream, 0, 0) != BZ_OK)
        return pf_fail_memory(err, 0);
    inflater->open = true;
    inflater->ended = false;
    return PF_OK;
}

static pf_status open_bzip2(pf_inflater **out, struct pf_error *err) {
    pf_inflater *inflater = pf_mem_zero(1, sizeof *inflater);
    if (!inflater)
        return pf_fail_memory(err, sizeof *inflater);
    pf_status status = begin_stream(inflater, err);
    if (status != PF_OK) {
        pf_mem_free(inflater);
        return status;
    }
    *out = inflater;
    return PF_OK;
}

static pf_status fail_bzip2(int answer, int64_t byte, struct pf_error *err) {
    switch (answer) {
    case BZ_MEM_ERROR: return pf_fail_memory(err, 0);
    case BZ_DATA_ERROR_MAGIC:
        return pf_codec_broken("bzip2", byte, "bytes that are not bzip2 stand where a stream begins", err);
    default: return pf_codec_broken("bzip2", byte, "a block or its checksum is damaged", err);
    }
}

static pf_status inflate_bzip2(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                               size_t *to_size, int32_t *ended, struct pf_error *err) {
    size_t in = 0, out = 0;
    bz_stream *stream = &inflater->stream;
    pf_status status = PF_OK;
    while (!(inflater->ended && in == *from_size)) {
        if (inflater->ended && (status = begin_stream(inflater, err)) != PF_OK)
            break;
        size_t in_step = *from_size - in < STEP_MAX ? *from_size - in : STEP_MAX;
        size_t out_step = *to_size - out < STEP_MAX ? *to_size - out : STEP_MAX;
        stream->next_in = (char *)(from + in);
        stream->avail_in = (unsigned)in_step;
        stream->next_out = (char *)(to + out);
        stream->avail_out = (unsigned)out_step;
        int answer = BZ2_bzDecompress(stream);
        in_step -= stream->avail_in;
        out_step -= stream->avail_out;
        in += in_step;
        out += out_step;
        if (answer == BZ_STREAM_END) {
            BZ2_bzDecompressEnd(stream);
            inflater->open = false;
            inflater->ended = true;
        } else if (answer != BZ_OK) {
            status = fail_bzip2(answer, inflater->offset + (int64_t)in, err);
            break;
        } else if (in_step == 0 && out_step == 0) {
            break;
        }
    }
    inflater->offset += (int64_t)in;
    *from_size = in;
    *to_size = out;
    *ended = inflater->ended;
    return status;
}

static const char *const bzip2_suffixes[] = {".bz2", NULL};

const struct pf_codec pf_codec_bzip2 = {
    .name = "bzip2",
    .parquet_id = -1,
    .level_default = 9,
    .level_min = 1,
    .level_max = 9,
    .suffixes = bzip2_suffixes,
    .magic = "BZh",
    .magic_size = 3,
    .bound = bound_bzip2,
    .compress = compress_bzip2,
    .decompress = decompress_bzip2,
    .inflate_open = open_bzip2,
    .inflate = inflate_bzip2,
    .inflate_close = close_bzip2,
};
