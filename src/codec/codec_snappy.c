/* codec_snappy.c — room codec. Snappy blocks; the only snappy include.          SPDX-License-Identifier: MIT
 * Knows: the raw block format, as Parquet uses it.
 * Knows not: the framing format. */
#include <snappy-c.h>

#include "base/error.h"
#include "codec/codec.h"
#include "codec/codec_oneshot.h"

static size_t bound_snappy(size_t size) { return snappy_max_compressed_length(size); }

static pf_status compress_snappy(pf_codec_state *state, int level, const void *from, size_t size, void *to,
                                 size_t room, size_t *used, struct pf_error *err) {
    PF_TRY(pf_oneshot_check(&pf_codec_snappy, 0, size, err));
    size_t made = room;
    if (room < snappy_max_compressed_length(size) ||
        snappy_compress(size ? from : "", size, to, &made) != SNAPPY_OK)
        return pf_oneshot_no_room(&pf_codec_snappy, room, err);
    *used = made;
    return PF_OK;
}

static pf_status decompress_snappy(const void *from, size_t size, void *to, size_t to_size,
                                   struct pf_error *err) {
    size_t promised = 0;
    if (size == 0 || snappy_uncompressed_length(from, size, &promised) != SNAPPY_OK)
        return pf_codec_broken("snappy", 0, "its length field is damaged", err);
    if (promised != to_size)
        return pf_oneshot_wrong_size(&pf_codec_snappy, promised, to_size, err);
    char spare; /* the library wants an address also for nothing */
    if (snappy_uncompress(from, size, to_size ? to : &spare, &promised) != SNAPPY_OK)
        return pf_codec_broken("snappy", -1, "a copy or a literal points outside", err);
    return PF_OK;
}

const struct pf_codec pf_codec_snappy = {
    .name = "snappy",
    .parquet_id = 1,
    .bound = bound_snappy,
    .compress = compress_snappy,
    .decompress = decompress_snappy,
};
