/* codec_base64.h — bytes out of base64. Source: RFC 4648.                        SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_BASE64_H
#define PF_CODEC_BASE64_H
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* White space is left out, '=' ends it. false: other letters, or more than `room` bytes. */
bool pf_base64_read(struct pf_text text, uint8_t *to, size_t room, size_t *size);
#endif
