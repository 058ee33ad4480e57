/* codec_agile.h — the XML that describes agile encryption. Source: [MS-OFFCRYPTO] 12.0, 2.3.4.10.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_AGILE_H
#define PF_CODEC_AGILE_H
#include <stddef.h>
#include <stdint.h>

#include "pyforge/status.h"

#define PF_AGILE_BYTES 96 /* a value in base64 unpacks to at most so much */

struct pf_agile_bytes {
    size_t size;
    uint8_t at[PF_AGILE_BYTES];
};
struct pf_agile_lock {
    int32_t digest;  /* PF_DIGEST_* */
    size_t key_size; /* 16, 24 or 32 bytes */
    struct pf_agile_bytes salt;
};
struct pf_agile {
    struct pf_agile_lock data; /* of the package */
    struct pf_agile_lock lock; /* of the password */
    uint32_t spin_count;
    struct pf_agile_bytes verifier_input, verifier_value, key_value; /* whole AES blocks, encrypted */
};
/* Everything in *out is checked: sizes fit what is done with them. BAD_DATA, UNSUPPORTED (another cipher, no
 * password but a certificate), LIMIT (rounds). */
pf_status pf_agile_parse(const char *xml, size_t size, struct pf_agile *out, struct pf_error *err);
#endif
