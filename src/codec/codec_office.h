/* codec_office.h — the locks of Office files: from a password to the bytes. Source: [MS-OFFCRYPTO] 12.0.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_OFFICE_H
#define PF_CODEC_OFFICE_H
#include "codec/codec_cfb.h"
#include "codec/codec_cipher.h"
#include "codec/codec_digest.h"

#define PF_OFFICE_RC4     1 /* 40 bits, MD5: Excel 97 */
#define PF_OFFICE_RC4_API 2 /* RC4 CryptoAPI: 40 to 128 bits, SHA-1 */
#define PF_OFFICE_ECB     3 /* "standard": AES, ECB, SHA-1 */
#define PF_OFFICE_CBC     4 /* "agile": AES, CBC in pieces of 4096 bytes */

/* What a right password gives. Holds no pointers. */
struct pf_office_key {
    int32_t kind;
    int32_t digest;
    size_t key_size;
    uint8_t key[PF_DIGEST_BYTES]; /* for the RC4 kinds: what the keys of the blocks are made from */
    size_t salt_size;
    uint8_t salt[PF_DIGEST_BYTES];
};
/* info: an EncryptionInfo stream, or what follows the type in a FilePass record. password: UTF-8; NULL when none
 * was given. The password that Excel itself tries on read-only workbooks is tried too. PASSWORD when none opens
 * it, UNSUPPORTED for other ciphers, LIMIT for more rounds than PF_CEIL_SPIN_COUNT. */
pf_status pf_office_unlock(const uint8_t *info, size_t info_size, const char *password,
                           struct pf_office_key *out, struct pf_error *err);
/* PASSWORD, with what to do: one wording for all formats. */
pf_status pf_office_refuse(const char *password, struct pf_error *err);
/* The RC4 stream of a block (1024 bytes in XLS). key->kind must be one of the RC4 kinds. */
void pf_office_rc4(const struct pf_office_key *key, uint32_t block, struct pf_rc4 *out);

/* A locked package: a compound file with EncryptionInfo and EncryptedPackage. */
bool pf_office_is_package(const pf_cfb *cfb);
/* Gives the decrypted package as a random source. cfb is lent until its close. */
pf_status pf_office_open(const pf_cfb *cfb, const char *password, struct pf_source *out, struct pf_error *err);
#endif
