/* xls_lock.h — locked workbooks: the FilePass record. Sources: [MS-XLS] 2.4.117, [MS-OFFCRYPTO] 2.3.6, 2.3.7.
 * SPDX-License-Identifier: MIT */
#ifndef PF_XLS_LOCK_H
#define PF_XLS_LOCK_H
#include <stdbool.h>

#include "codec/codec_office.h"

#define PF_XLS_OPEN 0 /* not locked */
#define PF_XLS_XOR  1
#define PF_XLS_RC4  2

/* What opens the records. All zero: not locked. Holds no pointers. */
struct pf_xls_lock {
    int kind;
    uint8_t mask[16]; /* XOR */
    struct pf_office_key key;
};
/* The payload of a FilePass record of a book of that BIFF version. password UTF-8, NULL none. PASSWORD when it does
 * not open. */
pf_status pf_xls_unlock(const uint8_t *bytes, size_t size, int biff, const char *password,
                        struct pf_xls_lock *out, struct pf_error *err);

/* Where the key stream of one pass stands. All zero before the first use. */
struct pf_xls_keys {
    struct pf_rc4 rc4;
    uint32_t block;
    uint32_t used; /* of the block; 0: not begun */
};
/* Decrypts a record's payload in place. offset: its place in the stream. */
void pf_xls_decrypt(const struct pf_xls_lock *lock, struct pf_xls_keys *keys, uint16_t id, int64_t offset,
                    uint8_t *bytes, size_t size);
#endif
