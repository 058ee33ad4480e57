/* codec_digest.c — room codec. MD5 and SHA by Mbed TLS.                          SPDX-License-Identifier: MIT
 * Knows: digests of short inputs, keys from passwords.
 * Knows not: what they protect. Sources: RFC 1321, FIPS 180-4, RFC 8018. */
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

/* One block of PBKDF2: the exclusive or of all rounds. */
static int mix_rounds(mbedtls_md_context_t *md, const uint8_t *salt, size_t salt_size, uint32_t number,
                      uint32_t rounds, uint8_t *to, size_t size) {
    uint8_t last[PF_DIGEST_BYTES];
    const uint8_t place[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
                              (uint8_t)number};
    int trouble = mbedtls_md_hmac_update(md, salt, salt_size);
    if (trouble == 0)
        trouble = mbedtls_md_hmac_update(md, place, sizeof place);
    for (uint32_t i = 0; i < rounds && trouble == 0; i++) {
        if (i > 0)
            trouble = mbedtls_md_hmac_update(md, last, size);
        if (trouble == 0)
            trouble = mbedtls_md_hmac_finish(md, last);
        if (trouble == 0)
            trouble = mbedtls_md_hmac_reset(md);
        for (size_t k = 0; k < size; k++)
            to[k] = i ? to[k] ^ last[k] : last[k];
    }
    return trouble;
}

bool pf_digest_pbkdf2(int32_t kind, const uint8_t *password, size_t password_size, const uint8_t *salt,
                      size_t salt_size, uint32_t rounds, uint8_t *to, size_t size) {
    mbedtls_md_context_t md;
    uint8_t block[PF_DIGEST_BYTES] = {0};
    size_t step = pf_digest_size(kind);
    if (step == 0)
        return false;
    mbedtls_md_init(&md);
    int trouble = mbedtls_md_setup(&md, mbedtls_md_info_from_type(types[kind]), 1);
    if (trouble == 0)
        trouble = mbedtls_md_hmac_starts(&md, password, password_size);
    for (size_t at = 0; at < size && trouble == 0; at += step) {
        trouble = mix_rounds(&md, salt, salt_size, (uint32_t)(at / step) + 1, rounds, block, step);
        memcpy(to + at, block, size - at < step ? size - at : step);
    }
    mbedtls_md_free(&md);
    return trouble == 0;
}
