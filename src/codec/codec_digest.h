/* codec_digest.h — the digests that locks of documents use.                         SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_DIGEST_H
#define PF_CODEC_DIGEST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PF_DIGEST_MD5    1
#define PF_DIGEST_SHA1   2
#define PF_DIGEST_SHA256 3
#define PF_DIGEST_SHA384 4
#define PF_DIGEST_SHA512 5
#define PF_DIGEST_BYTES  64   /* of the longest */
#define PF_DIGEST_INPUT  1024 /* front and back together: salts, passwords, digests */

size_t pf_digest_size(int32_t kind); /* bytes; 0 for an unknown kind */
/* The digest of front followed by back into to (pf_digest_size(kind) bytes), which may be one of them. */
void pf_digest(int32_t kind, const void *front, size_t front_size, const void *back, size_t back_size,
               uint8_t *to);
/* PBKDF2 with HMAC of the digest (RFC 8018 §5.2): size bytes into to. false: the build has no such digest, or no memory. */
bool pf_digest_pbkdf2(int32_t kind, const uint8_t *password, size_t password_size, const uint8_t *salt,
                      size_t salt_size, uint32_t rounds, uint8_t *to, size_t size);
#endif
