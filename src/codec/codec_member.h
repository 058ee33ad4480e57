/* codec_member.h — one member of a ZIP archive as a forward source.             SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_MEMBER_H
#define PF_CODEC_MEMBER_H
#include "codec/codec_zip.h"

/* What pf_zip_source promises. archive and member are lent until close; the member's bytes must end before
 * end_offset. */
pf_status pf_member_source(struct pf_source *archive, const struct pf_zip_member *member, int64_t end_offset,
                           int32_t threaded, struct pf_source *out, struct pf_error *err);
#endif
