/* codec_office.c — room codec. The locks of Office files.                        SPDX-License-Identifier: MIT
 * Knows: RC4, RC4 CryptoAPI, standard and agile encryption, verifiers, packages.
 * Knows not: what is locked. Source: [MS-OFFCRYPTO] 12.0; section numbers below are its own. */
#include "codec/codec_office.h"

#include <string.h>

#include "base/bits.h"
#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "bytes/bytes_source.h"
#include "codec/codec_agile.h"

#define PASSWORD_CHARS 255
#define STANDARD_SPIN  50000
#define FLAG_AES       0x20u
#define ALGORITHM_RC4  0x6801u
#define ALGORITHM_AES  0x660Eu /* with 128 bits; 0x660F 192, 0x6610 256 */
#define DIGEST_SHA1    0x8004u
#define INFO_MAX       65536
#define PIECE          4096 /* of an agile package */
#define PACKAGE_HEAD   8    /* its size stands in front */

static pf_status fail_info(struct pf_error *err) {
    return pf_fail(err, PF_BAD_DATA, "the description of the file's encryption is broken; get the file again");
}

pf_status pf_office_refuse(const char *password, struct pf_error *err) {
    if (!password)
        return pf_fail(err, PF_PASSWORD,
                       "the file is encrypted and needs a password; give it by --password, "
                       "PYFORGE_PASSWORD or --password-file");
    return pf_fail(err, PF_PASSWORD,
                   "the file is encrypted and the password is wrong; check --password, "
                   "PYFORGE_PASSWORD or --password-file");
}

/* UTF-8 to UTF-16LE, at most 255 units; returns the bytes. What is no UTF-8 ends it. */
static size_t widen(const char *password, uint8_t to[PASSWORD_CHARS * 2]) {
    size_t used = 0, left = strlen(password);
    uint32_t point = 0;
    for (size_t step; left > 0 && (step = pf_utf8_decode(password, left, &point)) > 0; left -= step) {
        password += step;
        if (used + (point > 0xFFFF ? 4u : 2u) > (size_t)PASSWORD_CHARS * 2)
            break;
        if (point > 0xFFFF) {
            pf_store16(to + used, (uint16_t)(0xD800 + ((point - 0x10000) >> 10)));
            used += 2;
            point = 0xDC00 + (point & 0x3FF);
        }
        pf_store16(to + used, (uint16_t)point);
        used += 2;
    }
    return used;
}

/* ---- RC4 (2.3.6) ----------------------------------------------------------------------------------------------
 */

void pf_office_rc4(const struct pf_office_key *key, uint32_t block, struct pf_rc4 *out) {
    uint8_t number[4], made[PF_DIGEST_BYTES];
    pf_store32(number, block);
    pf_digest(key->digest, key->key, key->kind == PF_OFFICE_RC4 ? 5 : pf_digest_size(key->digest), number, 4,
              made);
    size_t size = key->key_size;
    if (key->kind == PF_OFFICE_RC4_API && size == 5) { /* 40 bits are filled up with zeros (2.3.5.2) */
        memset(made + 5, 0, 11);
        size = 16;
    }
    pf_rc4_start(out, made, size);
}

static bool verify_rc4(const struct pf_office_key *key, const uint8_t verifier[16], const uint8_t *digest) {
    uint8_t plain[16], wanted[PF_DIGEST_BYTES], made[PF_DIGEST_BYTES];
    size_t size = pf_digest_size(key->digest);
    struct pf_rc4 rc4;
    pf_office_rc4(key, 0, &rc4);
    memcpy(plain, verifier, 16);
    memcpy(wanted, digest, size);
    pf_rc4_apply(&rc4, plain, 16);
    pf_rc4_apply(&rc4, wanted, size);
    pf_digest(key->digest, plain, 16, NULL, 0, made);
    return memcmp(made, wanted, size) == 0;
}

/* Salt, encrypted verifier, its encrypted digest: 16 bytes each. */
static bool try_rc4(const uint8_t *info, const uint8_t *text, size_t text_size, struct pf_office_key *key) {
    uint8_t once[PF_DIGEST_BYTES], many[16 * 21];
    pf_digest(PF_DIGEST_MD5, text, text_size, NULL, 0, once);
    for (size_t i = 0; i < 16; i++) {
        memcpy(many + 21 * i, once, 5);
        memcpy(many + 21 * i + 5, info, 16);
    }
    *key = (struct pf_office_key){.kind = PF_OFFICE_RC4, .digest = PF_DIGEST_MD5, .key_size = 16};
    pf_digest(PF_DIGEST_MD5, many, sizeof many, NULL, 0, key->key);
    return verify_rc4(key, info + 16, info + 32);
}

/* ---- CryptoAPI: RC4 and standard AES (2.3.2 – 2.3.4) -------------------------------------------------------------
 */

struct api_info {
    bool aes;
    size_t key_size;
    const uint8_t *salt, *verifier, *digest; /* 16, 16, 20 or 32 bytes */
};

static pf_status read_api(const uint8_t *info, size_t size, struct api_info *out, struct pf_error *err) {
    if (size < 12)
        return fail_info(err);
    size_t header = pf_load32(info + 8);
    if (header < 32 || header > size - 12)
        return fail_info(err);
    const uint8_t *h = info + 12, *verifier = h + header;
    uint32_t algorithm = pf_load32(h + 8), digest = pf_load32(h + 12), bits = pf_load32(h + 16);
    if (algorithm == 0)
        algorithm = pf_load32(h) & FLAG_AES ? ALGORITHM_AES : ALGORITHM_RC4;
    out->aes = algorithm >= ALGORITHM_AES && algorithm <= ALGORITHM_AES + 2;
    if ((!out->aes && algorithm != ALGORITHM_RC4) || (digest != 0 && digest != DIGEST_SHA1))
        return pf_fail(err, PF_UNSUPPORTED,
                       "the file is encrypted with cipher 0x%X and digest 0x%X, which are not "
                       "known; save it without a password",
                       algorithm, digest);
    if (bits == 0)
        bits = out->aes ? 128 + 64 * (algorithm - ALGORITHM_AES) : 40;
    out->key_size = bits / 8;
    if (bits % 8 || bits < 40 || bits > (out->aes ? 256u : 128u))
        return fail_info(err);
    size_t left = size - 12 - header;
    if (left < 40 + (out->aes ? 32u : 20u) || pf_load32(verifier) != 16)
        return fail_info(err);
    out->salt = verifier + 4;
    out->verifier = verifier + 20;
    out->digest = verifier + 40;
    return PF_OK;
}

/* The key of a digest (2.3.4.7): what CryptDeriveKey does. */
static void derive_key(const uint8_t digest[20], size_t key_size, uint8_t to[PF_DIGEST_BYTES]) {
    uint8_t pad[64], both[2 * PF_DIGEST_BYTES];
    for (int half = 0; half < 2; half++) {
        memset(pad, half ? 0x5C : 0x36, sizeof pad);
        for (int i = 0; i < 20; i++)
            pad[i] ^= digest[i];
        pf_digest(PF_DIGEST_SHA1, pad, sizeof pad, NULL, 0, both + (size_t)half * 20);
    }
    memcpy(to, both, key_size);
}

static pf_status try_api(const struct api_info *api, const uint8_t *text, size_t text_size, bool *right,
                         struct pf_office_key *key, struct pf_error *err) {
    uint8_t made[PF_DIGEST_BYTES], number[4] = {0}, plain[48];
    *key = (struct pf_office_key){.kind = api->aes ? PF_OFFICE_ECB : PF_OFFICE_RC4_API,
                                  .digest = PF_DIGEST_SHA1,
                                  .key_size = api->key_size};
    pf_digest(PF_DIGEST_SHA1, api->salt, 16, text, text_size, made);
    if (!api->aes) {
        memcpy(key->key, made, 20);
        *right = verify_rc4(key, api->verifier, api->digest);
        return PF_OK;
    }
    for (uint32_t i = 0; i < STANDARD_SPIN; i++) {
        pf_store32(number, i);
        pf_digest(PF_DIGEST_SHA1, number, 4, made, 20, made);
    }
    pf_store32(number, 0);
    pf_digest(PF_DIGEST_SHA1, made, 20, number, 4, made);
    derive_key(made, api->key_size, key->key);
    PF_TRY(pf_aes_decrypt(key->key, key->key_size, NULL, api->verifier, plain, 16, err));
    PF_TRY(pf_aes_decrypt(key->key, key->key_size, NULL, api->digest, plain + 16, 32, err));
    pf_digest(PF_DIGEST_SHA1, plain, 16, NULL, 0, made);
    *right = memcmp(made, plain + 16, 20) == 0;
    return PF_OK;
}

/* ---- agile (2.3.4.10 – 2.3.4.15) -----------------------------------------------------------------------------------
 */

static const uint8_t block_input[8] = {0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79};
static const uint8_t block_value[8] = {0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E};
static const uint8_t block_key[8] = {0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6};

/* Cut or filled up with 0x36. */
static void fit(const uint8_t *from, size_t from_size, uint8_t *to, size_t size) {
    memset(to, 0x36, size);
    memcpy(to, from, from_size < size ? from_size : size);
}

/* Decrypts one value of the password's key encryptor. */
static pf_status open_value(const struct pf_agile *agile, const uint8_t *spun, const uint8_t block[8],
                            const struct pf_agile_bytes *value, uint8_t to[PF_AGILE_BYTES],
                            struct pf_error *err) {
    uint8_t made[PF_DIGEST_BYTES], key[PF_DIGEST_BYTES], iv[PF_AES_BLOCK];
    pf_digest(agile->lock.digest, spun, pf_digest_size(agile->lock.digest), block, 8, made);
    fit(made, pf_digest_size(agile->lock.digest), key, agile->lock.key_size);
    fit(agile->lock.salt.at, agile->lock.salt.size, iv, sizeof iv);
    return pf_aes_decrypt(key, agile->lock.key_size, iv, value->at, to, value->size, err);
}

static pf_status try_agile(const struct pf_agile *agile, const uint8_t *text, size_t text_size, bool *right,
                           struct pf_office_key *key, struct pf_error *err) {
    const struct pf_agile_lock *lock = &agile->lock;
    uint8_t spun[PF_DIGEST_BYTES], number[4], input[PF_AGILE_BYTES], value[PF_AGILE_BYTES];
    size_t size = pf_digest_size(lock->digest);
    pf_digest(lock->digest, lock->salt.at, lock->salt.size, text, text_size, spun);
    for (uint32_t i = 0; i < agile->spin_count; i++) {
        pf_store32(number, i);
        pf_digest(lock->digest, number, 4, spun, size, spun);
    }
    PF_TRY(open_value(agile, spun, block_input, &agile->verifier_input, input, err));
    PF_TRY(open_value(agile, spun, block_value, &agile->verifier_value, value, err));
    pf_digest(lock->digest, input, lock->salt.size, NULL, 0, input);
    *right = memcmp(input, value, size) == 0;
    if (!*right)
        return PF_OK;
    PF_TRY(open_value(agile, spun, block_key, &agile->key_value, value, err));
    *key = (struct pf_office_key){.kind = PF_OFFICE_CBC,
                                  .digest = agile->data.digest,
                                  .key_size = agile->data.key_size,
                                  .salt_size = agile->data.salt.size};
    memcpy(key->key, value, key->key_size);
    memcpy(key->salt, agile->data.salt.at, key->salt_size);
    return PF_OK;
}

/* ---- which lock it is ------------------------------------------------------------------------------------------
 */

struct lock {
    int32_t kind;
    const uint8_t *rc4;
    struct api_info api;
    struct pf_agile agile;
};

static pf_status read_lock(const uint8_t *info, size_t size, struct lock *lock, struct pf_error *err) {
    if (size < 4)
        return fail_info(err);
    unsigned major = pf_load16(info), minor = pf_load16(info + 2);
    if (major == 1 && minor == 1) {
        lock->kind = PF_OFFICE_RC4;
        lock->rc4 = info + 4;
        return size >= 4 + 48 ? PF_OK : fail_info(err);
    }
    if (major == 4 && minor == 4) {
        lock->kind = PF_OFFICE_CBC;
        return size >= 8 ? pf_agile_parse((const char *)info + 8, size - 8, &lock->agile, err) : fail_info(err);
    }
    if (major >= 2 && major <= 4 && minor == 2) {
        lock->kind = PF_OFFICE_ECB;
        return read_api(info, size, &lock->api, err);
    }
    return pf_fail(err, PF_UNSUPPORTED,
                   "the file is encrypted by a method (%u.%u) that is not known; save it without "
                   "a password",
                   major, minor);
}

pf_status pf_office_unlock(const uint8_t *info, size_t info_size, const char *password,
                           struct pf_office_key *out, struct pf_error *err) {
    const char *tries[2] = {password, "VelvetSweatshop"};
    struct lock lock = {0};
    PF_TRY(read_lock(info, info_size, &lock, err));
    for (int i = 0; i < 2; i++) {
        uint8_t text[PASSWORD_CHARS * 2];
        bool right = false;
        if (!tries[i])
            continue;
        size_t size = widen(tries[i], text);
        if (lock.kind == PF_OFFICE_RC4)
            right = try_rc4(lock.rc4, text, size, out);
        else if (lock.kind == PF_OFFICE_CBC)
            PF_TRY(try_agile(&lock.agile, text, size, &right, out, err));
        else
            PF_TRY(try_api(&lock.api, text, size, &right, out, err));
        if (right)
            return PF_OK;
    }
    return pf_office_refuse(password, err);
}

/* ---- the package -----------------------------------------------------------------------------------------------
 */

struct package {
    struct pf_source packed;
    struct pf_office_key key;
};

static pf_status read_piece(struct package *package, int64_t piece, uint8_t to[PIECE], struct pf_error *err) {
    const struct pf_office_key *key = &package->key;
    uint8_t number[4], made[PF_DIGEST_BYTES], iv[PF_AES_BLOCK];
    size_t got = 0;
    PF_TRY(package->packed.read_at(&package->packed, PACKAGE_HEAD + piece * PIECE, to, PIECE, &got, err));
    got -= got % PF_AES_BLOCK;
    memset(to + got, 0, PIECE - got);
    if (key->kind == PF_OFFICE_ECB)
        return pf_aes_decrypt(key->key, key->key_size, NULL, to, to, got, err);
    pf_store32(number, (uint32_t)piece);
    pf_digest(key->digest, key->salt, key->salt_size, number, 4, made);
    fit(made, pf_digest_size(key->digest), iv, sizeof iv);
    return pf_aes_decrypt(key->key, key->key_size, iv, to, to, got, err);
}

static pf_status read_package(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                              struct pf_error *err) {
    uint8_t piece[PIECE];
    *got = 0;
    if (offset < 0)
        return pf_fail(err, PF_ARGUMENT, "a source is read at offset %lld", (long long)offset);
    if (offset >= source->size_bytes)
        return PF_OK;
    if ((uint64_t)want > (uint64_t)(source->size_bytes - offset))
        want = (size_t)(source->size_bytes - offset);
    for (size_t done = 0; done < want;) {
        int64_t at = offset + (int64_t)done;
        size_t skip = (size_t)(at % PIECE), part = PIECE - skip < want - done ? PIECE - skip : want - done;
        PF_TRY(read_piece(source->self, at / PIECE, piece, err));
        memcpy((uint8_t *)to + done, piece + skip, part);
        done += part;
    }
    *got = want;
    return PF_OK;
}

static void close_package(struct pf_source *source) {
    struct package *package = source->self;
    pf_source_close(&package->packed);
    pf_mem_free(package);
    source->self = NULL;
}

bool pf_office_is_package(const pf_cfb *cfb) {
    return pf_cfb_find(cfb, "EncryptionInfo") && pf_cfb_find(cfb, "EncryptedPackage");
}

static pf_status unlock_package(const pf_cfb *cfb, const char *password, struct pf_office_key *key,
                                struct pf_error *err) {
    struct pf_source source = {0};
    uint8_t *info = NULL;
    size_t size = 0;
    const struct pf_cfb_entry *entry = pf_cfb_find(cfb, "EncryptionInfo");
    if (!entry)
        return fail_info(err);
    PF_TRY(pf_cfb_source(cfb, entry, &source, err));
    pf_status status = pf_source_slurp(&source, INFO_MAX, &info, &size, err);
    if (status == PF_OK)
        status = pf_office_unlock(info, size, password, key, err);
    pf_source_close(&source);
    pf_mem_free(info);
    return status;
}

pf_status pf_office_open(const pf_cfb *cfb, const char *password, struct pf_source *out, struct pf_error *err) {
    struct pf_office_key key;
    uint8_t head[PACKAGE_HEAD] = {0};
    size_t got = 0;
    const struct pf_cfb_entry *entry = pf_cfb_find(cfb, "EncryptedPackage");
    PF_TRY(unlock_package(cfb, password, &key, err));
    if (!entry || (key.kind != PF_OFFICE_ECB && key.kind != PF_OFFICE_CBC))
        return fail_info(err);
    struct package *package = pf_mem_zero(1, sizeof *package);
    if (!package)
        return pf_fail_memory(err, sizeof *package);
    package->key = key;
    pf_status status = pf_cfb_source(cfb, entry, &package->packed, err);
    if (status == PF_OK)
        status = package->packed.read_at(&package->packed, 0, head, sizeof head, &got, err);
    uint64_t size = pf_load64(head);
    if (status == PF_OK && (got < sizeof head || size > (uint64_t)(entry->size_bytes - PACKAGE_HEAD)))
        status = pf_fail_at(err, PF_BAD_DATA, -1, entry->byte,
                            "the encrypted package is shorter than it says; get the file again");
    if (status != PF_OK) {
        pf_source_close(&package->packed);
        pf_mem_free(package);
        return status;
    }
    *out = (struct pf_source){sizeof *out, 1, (int64_t)size, package, read_package, close_package};
    return PF_OK;
}
