/* codec.h — one table per codec: one-shot and streaming.                        SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_H
#define PF_CODEC_H
#include <stdbool.h>

#include "pyforge/extension.h"

typedef struct pf_codec_state pf_codec_state; /* scratch of one thread, reused from call to call */
typedef struct pf_inflater pf_inflater;       /* one stream being decompressed */

struct pf_codec {
    const char *name;                            /* "snappy" */
    int32_t parquet_id;                          /* CompressionCodec of parquet.thrift; −1: not for Parquet */
    int32_t level_default, level_min, level_max; /* 0 0 0: no levels */
    const char *const *suffixes;                 /* ".gz", … of files; NULL: not a file format */
    const char *magic;                           /* first bytes of a file */
    size_t magic_size;
    /* One-shot. bound: most bytes that size bytes can become. state_open may be NULL (no scratch). */
    size_t (*bound)(size_t size);
    pf_status (*state_open)(int level, pf_codec_state **out, struct pf_error *err);
    void (*state_close)(pf_codec_state *state);
    /* Calls with this state then look at cancelled(ctx) as they go, and end with CANCELLED when it is true. NULL: no call
     * takes long. */
    void (*state_watch)(pf_codec_state *state, bool (*cancelled)(void *ctx), void *ctx);
    pf_status (*compress)(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                          size_t room, size_t *used, struct pf_error *err);
    /* to_size is the exact size of what comes out. */
    pf_status (*decompress)(const void *from, size_t size, void *to, size_t to_size, struct pf_error *err);
    /* Streaming; several members, frames or streams one after the other are one stream. NULL where there is
     * none. */
    pf_status (*inflate_open)(pf_inflater **out, struct pf_error *err);
    /* Consumes up to *from_size and fills up to *to_size; both are set to what was used. *ended: a complete end
     * was reached with the input so far (more may follow). BAD_DATA on broken input. */
    pf_status (*inflate)(pf_inflater *inflater, const uint8_t *from, size_t *from_size, uint8_t *to,
                         size_t *to_size, int32_t *ended, struct pf_error *err);
    void (*inflate_close)(pf_inflater *inflater);
};

extern const struct pf_codec pf_codec_none, pf_codec_snappy, pf_codec_gzip, pf_codec_zstd, pf_codec_lz4_raw,
    pf_codec_lz4, pf_codec_bzip2, pf_codec_xz, pf_codec_deflate; /* deflate: raw, of ZIP members */
#endif
