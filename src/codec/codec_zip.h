/* codec_zip.h — ZIP directory; a member as a forward source. Source: APPNOTE.TXT 6.3.9.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_ZIP_H
#define PF_CODEC_ZIP_H
#include "codec/codec.h"

typedef struct pf_zip pf_zip;
struct pf_zip_member {
    const char *name;   /* UTF-8 (CP437 converted); lent until pf_zip_close */
    int64_t size_bytes; /* unpacked, as the directory says */
    int64_t packed_bytes;
    int64_t header_offset;
    uint32_t crc32;
    uint16_t method; /* 0 stored, 8 deflate, others UNSUPPORTED when opened */
    uint16_t flags;
    int32_t encrypted;
    int32_t directory;
};
/* source must be random; lent until close. ZIP64 understood. Overlapping entries and lying sizes are BAD_DATA.
 */
pf_status pf_zip_open(struct pf_source *source, pf_zip **out, struct pf_error *err);
void pf_zip_close(pf_zip **zip);
size_t pf_zip_count(const pf_zip *zip);
const struct pf_zip_member *pf_zip_at(const pf_zip *zip, size_t index);
const struct pf_zip_member *pf_zip_find(const pf_zip *zip, const char *name); /* NULL: none */
/* Members that unpack to more than that many times their packed size, and to more than 64 MB, are not opened from now
 * on: LIMIT. 0: all are. */
void pf_zip_bound(pf_zip *zip, int64_t times);
/* A forward source of the member's bytes (size_bytes is known); zip is lent until its close. Size and CRC are
 * checked before the last bytes are given (BAD_DATA). PASSWORD when encrypted. threaded: as in codec_stream.h.
 * Several members may be read at the same time on several threads. */
pf_status pf_zip_source(pf_zip *zip, const struct pf_zip_member *member, int32_t threaded,
                        struct pf_source *out, struct pf_error *err);
#endif
