/* office_builder.h — locks Office files for tests: the way back of codec_office.   SPDX-License-Identifier: MIT */
#ifndef OFFICE_BUILDER_H
#define OFFICE_BUILDER_H
#include <mbedtls/aes.h>
#include <mbedtls/base64.h>

#include "base/bits.h"
#include "base/buf.h"
#include "codec/codec_cipher.h"
#include "codec/codec_digest.h"
#include "codec_samples.h"

static const char *const office_digests[] = {"", "MD5", "SHA1", "SHA256", "SHA384", "SHA512"};

static inline void office_encrypt(const uint8_t *key, size_t key_size, const uint8_t *iv, const uint8_t *from,
                                  uint8_t *to, size_t size) {
    mbedtls_aes_context aes;
    uint8_t chain[16];
    mbedtls_aes_init(&aes);
    mbedtls_aes_setkey_enc(&aes, key, (unsigned)key_size * 8);
    if (iv) {
        memcpy(chain, iv, 16);
        mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_ENCRYPT, size, chain, from, to);
    }
    for (size_t at = 0; !iv && at < size; at += 16)
        mbedtls_aes_crypt_ecb(&aes, MBEDTLS_AES_ENCRYPT, from + at, to + at);
    mbedtls_aes_free(&aes);
}

static inline size_t office_wide(const char *ascii, uint8_t *to) {
    size_t size = strlen(ascii);
    for (size_t i = 0; i < size; i++)
        pf_store16(to + 2 * i, (uint8_t)ascii[i]);
    return 2 * size;
}

/* Excel 97: version 1.1. Gives the key of a block by (password, block). */
static inline void office_rc4_key(const char *password, const uint8_t salt[16], uint32_t block,
                                  uint8_t to[64]) {
    uint8_t wide[512], once[64], many[336], number[4];
    pf_digest(PF_DIGEST_MD5, wide, office_wide(password, wide), NULL, 0, once);
    for (size_t i = 0; i < 16; i++) {
        memcpy(many + i * 21, once, 5);
        memcpy(many + i * 21 + 5, salt, 16);
    }
    pf_digest(PF_DIGEST_MD5, many, 336, NULL, 0, once);
    pf_store32(number, block);
    pf_digest(PF_DIGEST_MD5, once, 5, number, 4, to);
}

static inline void office_rc4_info(const char *password, struct pf_buf *out) {
    uint8_t info[52] = {1, 0, 1, 0}, key[64];
    struct pf_rc4 rc4;
    for (uint8_t i = 4; i < 36; i++)
        info[i] = (uint8_t)(i * 7);
    pf_digest(PF_DIGEST_MD5, info + 20, 16, NULL, 0, key);
    memcpy(info + 36, key, 16);
    office_rc4_key(password, info + 4, 0, key);
    pf_rc4_start(&rc4, key, 16);
    pf_rc4_apply(&rc4, info + 20, 32);
    pf_buf_put(out, info, sizeof info, NULL);
}

/* CryptoAPI: version 2.2. algorithm 0x6801 RC4, 0x660E … AES. Gives the AES key, or the RC4 key of block 0. */
static inline void office_api_info(const char *password, uint32_t algorithm, uint32_t bits, uint8_t key[64],
                                   struct pf_buf *out) {
    uint8_t info[12 + 36 + 72] = {2, 0, 2, 0}, *header = info + 12, *verifier = header + 36, wide[512],
                           made[64];
    bool aes = algorithm != 0x6801;
    pf_store32(info + 8, 36);
    pf_store32(header, aes ? 0x24 : 4);
    pf_store32(header + 8, algorithm);
    pf_store32(header + 12, 0x8004);
    pf_store32(header + 16, bits);
    pf_store32(verifier, 16);
    pf_store32(verifier + 36, 20);
    for (uint8_t i = 0; i < 32; i++)
        verifier[4 + i] = (uint8_t)(i * 5 + 1);
    pf_digest(PF_DIGEST_SHA1, verifier + 20, 16, NULL, 0, verifier + 40);
    pf_digest(PF_DIGEST_SHA1, verifier + 4, 16, wide, office_wide(password, wide), made);
    uint8_t number[4] = {0};
    for (uint32_t i = 0; aes && i < 50000; i++) {
        pf_store32(number, i);
        pf_digest(PF_DIGEST_SHA1, number, 4, made, 20, made);
    }
    pf_store32(number, 0);
    pf_digest(PF_DIGEST_SHA1, made, 20, number, 4, made);
    if (aes) {
        uint8_t pad[64], both[128];
        for (size_t half = 0; half < 2; half++) {
            for (size_t i = 0; i < 64; i++)
                pad[i] = (uint8_t)((half ? 0x5C : 0x36) ^ (i < 20 ? made[i] : 0));
            pf_digest(PF_DIGEST_SHA1, pad, 64, NULL, 0, both + half * 20);
        }
        memcpy(key, both, 32);
        office_encrypt(key, bits / 8, NULL, verifier + 20, verifier + 20, 16);
        office_encrypt(key, bits / 8, NULL, verifier + 40, verifier + 40, 32);
    } else {
        struct pf_rc4 rc4;
        memset(made + bits / 8, 0, bits == 40 ? 11 : 0);
        memcpy(key, made, 20);
        pf_rc4_start(&rc4, made, bits == 40 ? 16 : bits / 8);
        pf_rc4_apply(&rc4, verifier + 20, 16);
        pf_rc4_apply(&rc4, verifier + 40, 20);
    }
    pf_buf_put(out, info, aes ? sizeof info : sizeof info - 12, NULL);
}

struct office_agile {
    const char *password;
    int32_t digest;
    size_t key_size;
    uint32_t spin;
    const char *prefix;    /* of the namespace, with its colon */
    const char *from, *to; /* words of the XML that are replaced by others; NULL: none */
};

static inline void office_base64(const uint8_t *bytes, size_t size, char *to, size_t room) {
    size_t made = 0;
    mbedtls_base64_encode((uint8_t *)to, room, &made, bytes, size);
}

/* What is decrypted by the password: value under the key made with a block key. */
static inline void office_agile_value(const struct office_agile *a, const uint8_t *salt, uint64_t block,
                                      const uint8_t *value, size_t size, char *to) {
    uint8_t wide[512], spun[64], number[8], made[64], key[64], iv[16], packed[96] = {0};
    size_t digest = pf_digest_size(a->digest);
    pf_digest(a->digest, salt, 16, wide, office_wide(a->password, wide), spun);
    for (uint32_t i = 0; i < a->spin; i++) {
        pf_store32(number, i);
        pf_digest(a->digest, number, 4, spun, digest, spun);
    }
    pf_store64(number, block);
    pf_digest(a->digest, spun, digest, number, 8, made);
    memset(key, 0x36, sizeof key);
    memcpy(key, made, digest);
    memcpy(iv, salt, 16);
    memcpy(packed, value, size);
    size = (size + 15) / 16 * 16;
    office_encrypt(key, a->key_size, iv, packed, packed, size);
    office_base64(packed, size, to, 200);
}

static inline void office_agile_info(const struct office_agile *a, const uint8_t key[32],
                                     const uint8_t data_salt[16], struct pf_buf *out) {
    static const char shape[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<encryption><keyData saltSize=\"16\" "
        "blockSize=\"16\" keyBits=\"%zu\" hashSize=\"%zu\" cipherAlgorithm=\"AES\" "
        "cipherChaining=\"ChainingModeCBC\" "
        "hashAlgorithm=\"%s\" saltValue=\"%s\"/><dataIntegrity encryptedHmacKey=\"AAAA\"/><keyEncryptors>"
        "<keyEncryptor uri=\"p\"><%sencryptedKey spinCount=\"%u\" saltSize=\"16\" blockSize='16' keyBits = "
        "'%zu' "
        "hashSize=\"%zu\" cipherAlgorithm=\"AES\" cipherChaining=\"ChainingModeCBC\" hashAlgorithm=\"%s\" "
        "saltValue=\"%s\" encryptedVerifierHashInput=\"%s\" encryptedVerifierHashValue=\"%s\" "
        "encryptedKeyValue=\"%s\"/></keyEncryptor></keyEncryptors></encryption>";
    uint8_t salt[16], input[16], digest[64];
    char salt64[40], data64[40], input64[200], value64[200], key64[200], xml[4000];
    for (uint8_t i = 0; i < 16; i++)
        salt[i] = (uint8_t)(i * 3 + 5), input[i] = (uint8_t)(i + 200);
    pf_digest(a->digest, input, 16, NULL, 0, digest);
    office_base64(salt, 16, salt64, sizeof salt64);
    office_base64(data_salt, 16, data64, sizeof data64);
    office_agile_value(a, salt, 0x799E4B3B76D2A7FEu, input, 16, input64);
    office_agile_value(a, salt, 0x4E3461306D0FAAD7u, digest, pf_digest_size(a->digest), value64);
    office_agile_value(a, salt, 0xD6D0ACABE70B6E14u, key, a->key_size, key64);
    snprintf(xml, sizeof xml, shape, a->key_size * 8, pf_digest_size(a->digest), office_digests[a->digest],
             data64, a->prefix ? a->prefix : "", a->spin, a->key_size * 8, pf_digest_size(a->digest),
             office_digests[a->digest], salt64, input64, value64, key64);
    char *found = a->from ? strstr(xml, a->from) : NULL;
    pf_buf_put(out, "\4\0\4\0\x40\0\0\0", 8, NULL);
    assert_true(!a->from || found);
    pf_buf_put(out, xml, found ? (size_t)(found - xml) : strlen(xml), NULL);
    if (found) {
        pf_buf_text(out, a->to, NULL);
        pf_buf_text(out, found + strlen(a->from), NULL);
    }
}

/* The package of plain bytes. kind 3: ECB under key; 4: agile with the data's salt and digest. */
static inline void office_pack(bool agile, int32_t digest, const uint8_t *key, size_t key_size,
                               const uint8_t salt[16], const uint8_t *plain, size_t size, struct pf_buf *out) {
    uint8_t head[8], piece[4096], number[4], iv[64];
    pf_store64(head, size);
    pf_buf_put(out, head, 8, NULL);
    for (size_t at = 0, part; at < size; at += part) {
        part = size - at < sizeof piece ? size - at : sizeof piece;
        memset(piece, 0, sizeof piece);
        memcpy(piece, plain + at, part);
        pf_store32(number, (uint32_t)(at / sizeof piece));
        memset(iv, 0x36, sizeof iv);
        if (agile)
            pf_digest(digest, salt, 16, number, 4, iv);
        office_encrypt(key, key_size, agile ? iv : NULL, piece, piece, (part + 15) / 16 * 16);
        pf_buf_put(out, piece, (part + 15) / 16 * 16, NULL);
    }
}
#endif
