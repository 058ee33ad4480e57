/* codec_stream.h — a compressed source as a forward source.                     SPDX-License-Identifier: MIT
 *
 * Decompression runs ahead on a thread of its own into a bounded ring, so it overlaps with reading. */
#ifndef PF_CODEC_STREAM_H
#define PF_CODEC_STREAM_H
#include "codec/codec.h"

/* Takes inner; gives *out: forward only, size unknown. Truncated or broken input: BAD_DATA with the byte offset
 * in the compressed file. expansion_ceiling: out/in ratio beyond which LIMIT is answered (0:
 * PF_CEIL_EXPANSION; else it is what --max-expansion says), only looked at beyond 64 MiB of output. threaded 0: decompress on the reading thread. */
pf_status pf_codec_stream(const struct pf_codec *codec, struct pf_source *inner, int32_t threaded,
                          int64_t expansion_ceiling, struct pf_source *out, struct pf_error *err);
#endif
