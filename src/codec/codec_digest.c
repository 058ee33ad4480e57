/* codec_digest.c — room codec. MD5 and SHA by Mbed TLS.                          SPDX-License-Identifier: MIT
 * Knows: digests of short inputs.
 * Knows not: what they protect. Sources: RFC 1321, FIPS 180-4. */
#include "codec/codec_digest.h"

#include <assert.h>
#include <mbedtls/md.h>
#include <string.h>

static const mbedtls_md_type_t types[] = {MBEDTLS_MD_NONE,   MBEDTLS_MD_MD5,    MBEDTLS_MD_SHA1,
                                          MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512};

size_t pf_digest_size(int32_t kind) {
    static const uint8_t sizes[] = {0, 16, 20, 32, 48, 64};
    return kind > 0 && kind <= PF_DIGEST_SHA512 ? sizes[kind] : 0;
}

void pf_digest(int32_t kind, const void *front, size_t front_size, const void *back, size_t back_size,
               uint8_t *to) {
    uint8_t input[PF_DIGEST_INPUT];
    assert(pf_digest_size(kind) > 0 && front_size + back_size <= sizeof input);
    if (front_size)
        memcpy(input, front, front_size);
    if (back_size)
        memcpy(input + front_size, back, back_size);
    /* Fails only for digests that this build of Mbed TLS has not: then no verifier will match. */
    memset(to, 0, pf_digest_size(kind));
    (void)mbedtls_md(mbedtls_md_info_from_type(types[kind]), input, front_size + back_size, to);
}
