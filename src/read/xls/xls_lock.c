/* xls_lock.c — room read/xls. Locked workbooks.                                 SPDX-License-Identifier: MIT
 * Knows: FilePass, XOR obfuscation, RC4 in blocks of 1024 bytes, which records stay readable.
 * Knows not: records' contents. Sources: [MS-XLS] 2.2.10, 2.4.117; [MS-OFFCRYPTO] 2.3.6, 2.3.7.
 * Format: docs/formats/xls.md §Locks */
#include "read/xls/xls_lock.h"

#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/utf8.h"

#define BLOCK        1024
#define XOR_PASSWORD 15

/* ---- XOR obfuscation ([MS-OFFCRYPTO] 2.3.7.1 and 2.3.7.2) ---- */

static const uint8_t padding[15] = {0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80,
                                    0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00};
static const uint16_t first_codes[15] = {0xE1F0, 0x1D0F, 0xCC9C, 0x84C0, 0x110C, 0x0E10, 0xF1CE, 0x313E,
                                         0x1872, 0xE139, 0xD40F, 0x84F9, 0x280C, 0xA96A, 0x4EC3};
static const uint16_t matrix[105] = {
    0xAEFC, 0x4DD9, 0x9BB2, 0x2745, 0x4E8A, 0x9D14, 0x2A09, 0x7B61, 0xF6C2, 0xFDA5, 0xEB6B, 0xC6F7,
    0x9DCF, 0x2BBF, 0x4563, 0x8AC6, 0x05AD, 0x0B5A, 0x16B4, 0x2D68, 0x5AD0, 0x0375, 0x06EA, 0x0DD4,
    0x1BA8, 0x3750, 0x6EA0, 0xDD40, 0xD849, 0xA0B3, 0x5147, 0xA28E, 0x553D, 0xAA7A, 0x44D5, 0x6F45,
    0xDE8A, 0xAD35, 0x4A4B, 0x9496, 0x390D, 0x721A, 0xEB23, 0xC667, 0x9CEF, 0x29FF, 0x53FE, 0xA7FC,
    0x5FD9, 0x47D3, 0x8FA6, 0x0F6D, 0x1EDA, 0x3DB4, 0x7B68, 0xF6D0, 0xB861, 0x60E3, 0xC1C6, 0x93AD,
    0x377B, 0x6EF6, 0xDDEC, 0x45A0, 0x8B40, 0x06A1, 0x0D42, 0x1A84, 0x3508, 0x6A10, 0xAA51, 0x4483,
    0x8906, 0x022D, 0x045A, 0x08B4, 0x1168, 0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C,
    0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6, 0x1DAD, 0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373,
    0x06E6, 0x0DCC, 0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4};

/* A character becomes its low byte, or its high one when that is zero. Returns the number of bytes, at most 15. */
static size_t narrow(const char *password, uint8_t to[XOR_PASSWORD]) {
    size_t used = 0, left = strlen(password);
    uint32_t point = 0;
    for (size_t step; used < XOR_PASSWORD && left > 0 && (step = pf_utf8_decode(password, left, &point)) > 0;
         left -= step) {
        password += step;
        to[used++] = (uint8_t)(point & 0xFF ? point : point >> 8);
    }
    return used;
}

static uint16_t make_key(const uint8_t *password, size_t size) {
    uint16_t key = first_codes[size - 1];
    size_t at = 105;
    for (size_t i = size; i-- > 0;)
        for (int bit = 6; bit >= 0; bit--) { /* seven bits of each character, the highest first */
            at--;
            if (password[i] >> bit & 1)
                key ^= matrix[at];
        }
    return key;
}

static uint16_t make_verifier(const uint8_t *password, size_t size) {
    uint16_t verifier = 0;
    for (size_t i = size + 1; i-- > 0;) {
        uint8_t byte = i ? password[i - 1] : (uint8_t)size;
        verifier = (uint16_t)(((verifier >> 14 & 1) | (verifier << 1 & 0x7FFF)) ^ byte);
    }
    return verifier ^ 0xCE4B;
}

static uint8_t turn(uint8_t byte, int left) { return (uint8_t)(byte << left | byte >> (8 - left)); }

/* The password and the padding behind it, mixed with the two bytes of the key in turn. */
static void make_mask(const uint8_t *password, size_t size, uint16_t key, uint8_t mask[16]) {
    for (size_t i = 0; i < 16; i++) {
        uint8_t byte = i < size ? password[i] : padding[i - size];
        mask[i] = turn((uint8_t)(byte ^ (uint8_t)(i % 2 ? key >> 8 : key)), 7);
    }
}

static pf_status unlock_xor(const uint8_t *bytes, const char *password, struct pf_xls_lock *out,
                            struct pf_error *err) {
    const char *tries[2] = {password, "VelvetSweatshop"}; /* as in codec_office */
    for (int i = 0; i < 2; i++) {
        uint8_t text[XOR_PASSWORD];
        size_t size = tries[i] ? narrow(tries[i], text) : 0;
        if (size == 0 || make_verifier(text, size) != pf_load16(bytes + 2) ||
            make_key(text, size) != pf_load16(bytes))
            continue;
        out->kind = PF_XLS_XOR;
        make_mask(text, size, pf_load16(bytes), out->mask);
        return PF_OK;
    }
    return pf_office_refuse(password, err);
}

pf_status pf_xls_unlock(const uint8_t *bytes, size_t size, int biff, const char *password,
                        struct pf_xls_lock *out, struct pf_error *err) {
    bool old = biff < 8;
    if (size >= 4 && old)
        return unlock_xor(bytes, password, out, err);
    if (size >= 6 && pf_load16(bytes) == 0)
        return unlock_xor(bytes + 2, password, out, err);
    if (size < 6)
        return pf_fail(err, PF_BAD_DATA,
                       "the record that tells how the workbook is encrypted is cut short; get the "
                       "file again");
    PF_TRY(pf_office_unlock(bytes + 2, size - 2, password, &out->key, err));
    if (out->key.kind != PF_OFFICE_RC4 && out->key.kind != PF_OFFICE_RC4_API)
        return pf_fail(err, PF_UNSUPPORTED,
                       "the workbook is encrypted by a method that XLS has not; save it without a "
                       "password");
    out->kind = PF_XLS_RC4;
    return PF_OK;
}

/* ---- records ([MS-XLS] 2.2.10) ---- */

#define BOF            0x0809
#define FILE_PASS      0x002F
#define BOUND_SHEET    0x0085
#define INTERFACE_HEAD 0x00E1
#define RRD_HEAD       0x0138
#define USER_EXCLUDE   0x0194
#define FILE_LOCK      0x0195
#define RRD_INFO       0x0196

/* Bytes at the front of a record that are not encrypted; SIZE_MAX: none of them is. */
static size_t readable(uint16_t id) {
    switch (id) {
    case BOF:
    case FILE_PASS:
    case INTERFACE_HEAD:
    case RRD_HEAD:
    case USER_EXCLUDE:
    case FILE_LOCK:
    case RRD_INFO:
    case 0x0009: /* BOF of BIFF2, 3 and 4 */
    case 0x0209:
    case 0x0409: return SIZE_MAX;
    case BOUND_SHEET: return 4;
    default: return 0;
    }
}

static void decrypt_xor(const struct pf_xls_lock *lock, int64_t offset, uint8_t *bytes, size_t size,
                        size_t from) {
    /* The mask begins at the place where the record ends. */
    for (size_t i = from; i < size; i++)
        bytes[i] = turn(bytes[i] ^ lock->mask[((uint64_t)offset + size + i) % 16], 3);
}

static void decrypt_rc4(const struct pf_xls_lock *lock, struct pf_xls_keys *keys, int64_t offset,
                        uint8_t *bytes, size_t size) {
    for (size_t done = 0; done < size;) {
        int64_t at = offset + (int64_t)done;
        uint32_t block = (uint32_t)(at / BLOCK), place = (uint32_t)(at % BLOCK);
        if (keys->used == 0 || keys->block != block || keys->used > place) {
            pf_office_rc4(&lock->key, block, &keys->rc4);
            keys->block = block;
            keys->used = 0;
        }
        pf_rc4_skip(&keys->rc4, place - keys->used);
        size_t part = BLOCK - place < size - done ? BLOCK - place : size - done;
        pf_rc4_apply(&keys->rc4, bytes + done, part);
        keys->used = place + (uint32_t)part;
        done += part;
    }
}

void pf_xls_decrypt(const struct pf_xls_lock *lock, struct pf_xls_keys *keys, uint16_t id, int64_t offset,
                    uint8_t *bytes, size_t size) {
    size_t from = readable(id);
    if (from >= size)
        return;
    if (lock->kind == PF_XLS_XOR)
        decrypt_xor(lock, offset, bytes, size, from);
    else if (lock->kind == PF_XLS_RC4)
        decrypt_rc4(lock, keys, offset + (int64_t)from, bytes + from, size - from);
}
