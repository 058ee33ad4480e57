/* codec_list.c — room codec. The codecs of this build, by name and by magic.    SPDX-License-Identifier: MIT
 * Knows: the one list; which bytes begin a compressed file.
 * Knows not: how any codec works. */
#include "codec/codec_list.h"

#include <stdbool.h>
#include <string.h>

#include "base/bits.h"

const struct pf_codec *const pf_codecs[] = {
    &pf_codec_none, &pf_codec_snappy, &pf_codec_gzip, &pf_codec_zstd,    &pf_codec_lz4_raw,
    &pf_codec_lz4,  &pf_codec_bzip2,  &pf_codec_xz,   &pf_codec_deflate, NULL,
};

const struct pf_codec *pf_codec_find(const char *name) {
    for (size_t i = 0; name && pf_codecs[i]; i++)
        if (strcmp(pf_codecs[i]->name, name) == 0)
            return pf_codecs[i];
    return NULL;
}

/* "BZh" alone may be the first words of a text: the level and the mark of a block or of the end must follow. */
static bool begins_bzip2(const uint8_t *head, size_t size) {
    return size >= 10 && head[3] >= '1' && head[3] <= '9' &&
           (memcmp(head + 4, "1AY&SY", 6) == 0 || memcmp(head + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* zstd and lz4 files may begin with skippable frames (parallel zstd writes them); what follows tells which. */
static size_t skip_frames(const uint8_t *head, size_t size) {
    size_t at = 0;
    while (size - at >= 8 && (pf_load32(head + at) & 0xFFFFFFF0u) == 0x184D2A50u) {
        uint64_t next = (uint64_t)at + 8 + pf_load32(head + at + 4);
        if (next > size)
            break;
        at = (size_t)next;
    }
    return at;
}

const struct pf_codec *pf_codec_by_magic(const uint8_t *head, size_t size) {
    size_t frames = skip_frames(head, size);
    for (size_t i = 0; pf_codecs[i]; i++) {
        const struct pf_codec *codec = pf_codecs[i];
        bool framed = codec == &pf_codec_zstd || codec == &pf_codec_lz4;
        size_t at = framed ? frames : 0;
        if (!codec->magic || size - at < codec->magic_size ||
            memcmp(head + at, codec->magic, codec->magic_size) != 0)
            continue;
        if (codec == &pf_codec_bzip2 && !begins_bzip2(head, size))
            continue;
        return codec;
    }
    return NULL;
}
