/* codec_cipher.c — room codec. AES and Blowfish by Mbed TLS, and RC4.            SPDX-License-Identifier: MIT
 * Knows: decrypting blocks and streams.
 * Knows not: where keys come from. Sources: FIPS 197; RC4 as RFC 6229 tests it (Mbed TLS 3 has none). */
#include "codec/codec_cipher.h"

#include <mbedtls/aes.h>
#if __has_include(<mbedtls/blowfish.h>) /* until version 3 */
#include <mbedtls/blowfish.h>
#endif
#include <string.h>

#include "base/error.h"

void pf_rc4_start(struct pf_rc4 *rc4, const uint8_t *key, size_t key_size) {
    rc4->i = rc4->j = 0;
    for (int i = 0; i < 256; i++)
        rc4->box[i] = (uint8_t)i;
    uint8_t j = 0;
    for (int i = 0; i < 256; i++) {
        uint8_t kept = rc4->box[i];
        j = (uint8_t)(j + kept + key[(size_t)i % key_size]);
        rc4->box[i] = rc4->box[j];
        rc4->box[j] = kept;
    }
}

static inline uint8_t next_byte(struct pf_rc4 *rc4) {
    uint8_t one = rc4->box[++rc4->i];
    rc4->j = (uint8_t)(rc4->j + one);
    uint8_t two = rc4->box[rc4->j];
    rc4->box[rc4->i] = two;
    rc4->box[rc4->j] = one;
    return rc4->box[(uint8_t)(one + two)];
}

void pf_rc4_apply(struct pf_rc4 *rc4, uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        bytes[i] ^= next_byte(rc4);
}

void pf_rc4_skip(struct pf_rc4 *rc4, size_t size) {
    for (size_t i = 0; i < size; i++)
        (void)next_byte(rc4);
}

static int decrypt(mbedtls_aes_context *aes, const uint8_t iv[PF_AES_BLOCK], const uint8_t *from, uint8_t *to,
                   size_t size) {
    uint8_t chain[PF_AES_BLOCK];
    if (iv) {
        memcpy(chain, iv, sizeof chain);
        return mbedtls_aes_crypt_cbc(aes, MBEDTLS_AES_DECRYPT, size, chain, from, to);
    }
    int trouble = 0;
    for (size_t at = 0; at + PF_AES_BLOCK <= size && trouble == 0; at += PF_AES_BLOCK)
        trouble = mbedtls_aes_crypt_ecb(aes, MBEDTLS_AES_DECRYPT, from + at, to + at);
    return trouble;
}

pf_status pf_aes_decrypt(const uint8_t *key, size_t key_size, const uint8_t iv[PF_AES_BLOCK],
                         const uint8_t *from, uint8_t *to, size_t size, struct pf_error *err) {
    mbedtls_aes_context aes;
    mbedtls_aes_init(&aes);
    int trouble = mbedtls_aes_setkey_dec(&aes, key, (unsigned)key_size * 8);
    if (trouble == 0)
        trouble = decrypt(&aes, iv, from, to, size);
    mbedtls_aes_free(&aes);
    return trouble == 0
               ? PF_OK
               : pf_fail(err, PF_UNSUPPORTED,
                         "AES with a key of %zu bits cannot be decrypted; save the file without a password",
                         key_size * 8);
}

#ifdef MBEDTLS_BLOWFISH_H
pf_status pf_blowfish_decrypt(const uint8_t *key, size_t key_size, uint8_t iv[PF_BLOWFISH_BLOCK], size_t *at,
                              const uint8_t *from, uint8_t *to, size_t size, struct pf_error *err) {
    mbedtls_blowfish_context blowfish;
    mbedtls_blowfish_init(&blowfish);
    int trouble = mbedtls_blowfish_setkey(&blowfish, key, (unsigned)key_size * 8);
    if (trouble == 0)
        trouble = mbedtls_blowfish_crypt_cfb64(&blowfish, MBEDTLS_BLOWFISH_DECRYPT, size, at, iv, from, to);
    mbedtls_blowfish_free(&blowfish);
    return trouble == 0
               ? PF_OK
               : pf_fail(err, PF_UNSUPPORTED,
                         "Blowfish with a key of %zu bits cannot be decrypted; save it without a password",
                         key_size * 8);
}
#else
pf_status pf_blowfish_decrypt(const uint8_t *key, size_t key_size, uint8_t iv[PF_BLOWFISH_BLOCK], size_t *at,
                              const uint8_t *from, uint8_t *to, size_t size, struct pf_error *err) {
    (void)key, (void)key_size, (void)iv, (void)at, (void)from, (void)to, (void)size;
    return pf_fail(err, PF_UNSUPPORTED,
                   "the file is encrypted with Blowfish, which this build cannot decrypt; "
                   "save it anew, or without a password");
}
#endif
