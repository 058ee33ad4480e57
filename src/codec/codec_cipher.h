/* codec_cipher.h — the ciphers that locks of documents use; decrypting only.         SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_CIPHER_H
#define PF_CODEC_CIPHER_H
#include <stddef.h>
#include <stdint.h>

#include "pyforge/status.h"

#define PF_AES_BLOCK 16

struct pf_rc4 {
    uint8_t box[256];
    uint8_t i, j;
};
void pf_rc4_start(struct pf_rc4 *rc4, const uint8_t *key, size_t key_size); /* key_size 1–256 */
void pf_rc4_apply(struct pf_rc4 *rc4, uint8_t *bytes, size_t size);         /* in place */
void pf_rc4_skip(struct pf_rc4 *rc4, size_t size);

/* Decrypts size bytes (a multiple of PF_AES_BLOCK), from and to may be the same. key_size 16, 24 or 32. iv NULL:
 * ECB, else CBC. UNSUPPORTED for other key sizes. */
pf_status pf_aes_decrypt(const uint8_t *key, size_t key_size, const uint8_t iv[PF_AES_BLOCK],
                         const uint8_t *from, uint8_t *to, size_t size, struct pf_error *err);

#define PF_BLOWFISH_BLOCK 8
/* Deciphers size bytes of Blowfish in 64-bit cipher feedback, from and to may be the same; iv and *at (0 at the beginning)
 * carry on from call to call. key_size 4–56. UNSUPPORTED: this build has no Blowfish. */
pf_status pf_blowfish_decrypt(const uint8_t *key, size_t key_size, uint8_t iv[PF_BLOWFISH_BLOCK], size_t *at,
                              const uint8_t *from, uint8_t *to, size_t size, struct pf_error *err);
#endif
