/* codec_list.h — the codecs of this build, by name and by magic.                SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_LIST_H
#define PF_CODEC_LIST_H
#include "codec/codec.h"
extern const struct pf_codec *const pf_codecs[];                            /* NULL-ended */
const struct pf_codec *pf_codec_find(const char *name);                     /* NULL: none */
const struct pf_codec *pf_codec_by_magic(const uint8_t *head, size_t size); /* of files; NULL: none */
#endif
