/* codec_none.c — room codec. The codec that changes nothing.                    SPDX-License-Identifier: MIT
 * Knows: copying.
 * Knows not: anything else. */
#include <string.h>

#include "codec/codec.h"
#include "codec/codec_oneshot.h"

static size_t bound_copy(size_t size) { return size; }

static pf_status compress_copy(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                               size_t room, size_t *used, struct pf_error *err) {
    if (size > room)
        return pf_oneshot_no_room(&pf_codec_none, room, err);
    if (size > 0)
        memcpy(to, from, size);
    *used = size;
    return PF_OK;
}

static pf_status decompress_copy(const void *from, size_t size, void *to, size_t to_size,
                                 struct pf_error *err) {
    if (size != to_size)
        return pf_oneshot_wrong_size(&pf_codec_none, size, to_size, err);
    if (size > 0)
        memcpy(to, from, size);
    return PF_OK;
}

const struct pf_codec pf_codec_none = {
    .name = "none",
    .parquet_id = 0,
    .bound = bound_copy,
    .compress = compress_copy,
    .decompress = decompress_copy,
};
