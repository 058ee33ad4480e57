/* codec_oneshot.h — what the one-shot halves of the codecs share.               SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_ONESHOT_H
#define PF_CODEC_ONESHOT_H
#include "codec/codec.h"

/* ARGUMENT unless the level is one of the codec's and one call can take size bytes (at most 1 GiB, because
 * several libraries count in 32 bits). */
pf_status pf_oneshot_check(const struct pf_codec *codec, int level, size_t size, struct pf_error *err);
/* LIMIT: what comes out does not fit into room. */
pf_status pf_oneshot_no_room(const struct pf_codec *codec, size_t room, struct pf_error *err);
/* BAD_DATA: got bytes came out where want were promised. */
pf_status pf_oneshot_wrong_size(const struct pf_codec *codec, size_t got, size_t want, struct pf_error *err);
/* BAD_DATA with the byte in the compressed input and what is wrong there. */
pf_status pf_codec_broken(const char *codec_name, int64_t byte, const char *why, struct pf_error *err);
/* pf_codec.decompress by the codec's own streaming pair. */
pf_status pf_oneshot_decompress(const struct pf_codec *codec, const void *from, size_t size, void *to,
                                size_t to_size, struct pf_error *err);
#endif
