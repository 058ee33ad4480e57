/* codec_odf.c — room codec. The locks of OpenDocument parts.                     SPDX-License-Identifier: MIT
 * Knows: AES in CBC and Blowfish in CFB, keys by PBKDF2, checksums of the first kilobyte.
 * Knows not: packages, XML. Source: OpenDocument 1.3 Part 2, 3.4, 4.8. */
#include "codec/codec_odf.h"

#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "bytes/bytes_source.h"
#include "codec/codec.h"
#include "codec/codec_base64.h"
#include "codec/codec_cipher.h"
#include "codec/codec_stream.h"

#define CIPHER_AES      1
#define CIPHER_BLOWFISH 2
#define CHECKED_BYTES   1024
#define USUAL_ROUNDS    1024 /* 4.8.6 */
#define USUAL_KEY       16   /* 4.8.9 */

struct known {
    const char *name; /* what behind '#' or the whole text is */
    int32_t is;
    size_t key_size; /* of a cipher; 0: as the derivation says */
};

/* ---- what the manifest says ---- */

/* URIs are told apart by what stands behind '#', or the last ':'. */
static const char *tail_of(const char *name) {
    const char *sign = strrchr(name, '#');
    sign = sign ? sign : strrchr(name, ':');
    return sign ? sign + 1 : name;
}

static const struct known *find(const struct known *known, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++)
        if (pf_text_same_nocase(pf_text_of(known[i].name), pf_text_of(tail_of(name))))
            return &known[i];
    return NULL;
}
#define FIND(known, name) find(known, sizeof(known) / sizeof(known)[0], name)

static pf_status fail_words(const char *what, struct pf_error *err) {
    return pf_fail(err, PF_BAD_DATA,
                   "the description of the file's encryption has no right %s; get the file again", what);
}

static pf_status fail_unknown(const struct pf_odf_words *words, struct pf_error *err) {
    return pf_fail(
        err, PF_UNSUPPORTED,
        "the file is encrypted with %s and %s, which are not known; save it without a password, or as "
        "OpenDocument 1.2",
        words->cipher[0] ? tail_of(words->cipher) : "no cipher",
        words->derivation[0] ? tail_of(words->derivation) : "no key derivation");
}

static bool read_bytes(const char *text, uint8_t *to, size_t room, size_t *size) {
    return pf_base64_read(pf_text_of(text), to, room, size) && *size > 0;
}

/* A number, or what is usual where none is said. */
static bool read_count(struct pf_text text, uint64_t usual, uint64_t *count) {
    *count = usual;
    return text.size == 0 || pf_parse_uint64(text.at, text.size, count);
}

static pf_status read_key(const struct pf_odf_words *words, size_t cipher_size, struct pf_odf_lock *lock,
                          struct pf_error *err) {
    uint64_t rounds, size;
    if (!read_bytes(words->salt, lock->salt, sizeof lock->salt, &lock->salt_size))
        return fail_words("salt", err);
    if (!read_count(pf_text_of(words->rounds), USUAL_ROUNDS, &rounds) || rounds == 0)
        return fail_words("iteration-count", err);
    if (rounds > PF_CEIL_SPIN_COUNT)
        return pf_fail(err, PF_LIMIT, "the file asks for %llu rounds to try a password; at most %d are done",
                       (unsigned long long)rounds, PF_CEIL_SPIN_COUNT);
    if (!read_count(pf_text_of(words->key_size), cipher_size ? cipher_size : USUAL_KEY, &size) || size < 4 ||
        size > PF_ODF_KEY_BYTES || (cipher_size && size != cipher_size))
        return fail_words("key-size", err);
    lock->rounds = (uint32_t)rounds;
    lock->key_size = (size_t)size;
    return PF_OK;
}

pf_status pf_odf_lock_read(const struct pf_odf_words *words, struct pf_odf_lock *lock, struct pf_error *err) {
    static const struct known ciphers[] = {{"aes256-cbc", CIPHER_AES, 32},
                                           {"aes192-cbc", CIPHER_AES, 24},
                                           {"aes128-cbc", CIPHER_AES, 16},
                                           {"Blowfish CFB", CIPHER_BLOWFISH, 0},
                                           {"blowfish", CIPHER_BLOWFISH, 0}};
    static const struct known derivations[] = {{"PBKDF2", 1, 0}};
    static const struct known starts[] = {
        {"", PF_DIGEST_SHA1, 0}, {"SHA1", PF_DIGEST_SHA1, 0}, {"sha256", PF_DIGEST_SHA256, 0}};
    static const struct known checks[] = {
        {"SHA1/1K", PF_DIGEST_SHA1, 0}, {"sha1-1k", PF_DIGEST_SHA1, 0}, {"sha256-1k", PF_DIGEST_SHA256, 0}};
    const struct known *cipher = FIND(ciphers, words->cipher), *start = FIND(starts, words->start),
                       *check = FIND(checks, words->check);
    size_t size;
    *lock = (struct pf_odf_lock){0};
    if (!cipher || !start || !FIND(derivations, words->derivation))
        return fail_unknown(words, err);
    lock->cipher = cipher->is;
    lock->start = start->is;
    if (!read_bytes(words->vector, lock->vector, sizeof lock->vector, &size) ||
        size != (cipher->is == CIPHER_AES ? PF_AES_BLOCK : PF_BLOWFISH_BLOCK))
        return fail_words("initialisation-vector", err);
    if (!check || !read_bytes(words->checksum, lock->checksum, sizeof lock->checksum, &size) ||
        size != pf_digest_size(check->is))
        return fail_words("checksum", err);
    lock->check = check->is;
    return read_key(words, cipher->key_size, lock, err);
}

/* ---- keys ---- */

pf_status pf_odf_lock_try(struct pf_odf_lock *lock, const char *password, struct pf_error *err) {
    uint8_t start[PF_DIGEST_BYTES];
    size_t size = strlen(password);
    if (size > PF_DIGEST_INPUT)
        return pf_fail(err, PF_PASSWORD, "the password is longer than %d bytes; check it", PF_DIGEST_INPUT);
    pf_digest(lock->start, password, size, NULL, 0, start);
    if (pf_digest_pbkdf2(PF_DIGEST_SHA1, start, pf_digest_size(lock->start), lock->salt, lock->salt_size,
                         lock->rounds, lock->key, lock->key_size))
        return PF_OK;
    return pf_fail(err, PF_UNSUPPORTED,
                   "the file's encryption needs SHA-1, which this build has not; save it without a password");
}

/* ---- deciphering ---- */

struct unlocking {
    struct pf_source locked;
    struct pf_odf_lock lock;
    int64_t position;
    size_t at; /* within a block of Blowfish */
};

/* Behind the last block of AES stand 1 to 16 bytes, the last of which says how many (xmlenc 5.2). */
static pf_status cut_padding(const struct unlocking *u, const uint8_t *to, size_t *got, struct pf_error *err) {
    if (u->lock.cipher != CIPHER_AES || u->position < u->locked.size_bytes || *got == 0)
        return PF_OK;
    uint8_t padding = to[*got - 1];
    if (padding == 0 || padding > PF_AES_BLOCK)
        return pf_fail(err, PF_BAD_DATA, "the encrypted part has no right end; get the file again");
    *got -= padding;
    return PF_OK;
}

static pf_status read_unlocked(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                               struct pf_error *err) {
    struct unlocking *u = source->self;
    uint8_t chain[PF_AES_BLOCK];
    want -= u->lock.cipher == CIPHER_AES ? want % PF_AES_BLOCK : 0;
    PF_TRY(u->locked.read_at(&u->locked, offset, to, want, got, err));
    u->position = offset + (int64_t)*got;
    if (u->lock.cipher == CIPHER_BLOWFISH)
        return pf_blowfish_decrypt(u->lock.key, u->lock.key_size, u->lock.vector, &u->at, to, to, *got, err);
    if (*got % PF_AES_BLOCK)
        return pf_fail(err, PF_BAD_DATA, "the encrypted part does not end with a block; get the file again");
    if (*got == 0)
        return PF_OK;
    memcpy(chain, (uint8_t *)to + *got - sizeof chain, sizeof chain);
    PF_TRY(pf_aes_decrypt(u->lock.key, u->lock.key_size, u->lock.vector, to, to, *got, err));
    memcpy(u->lock.vector, chain, sizeof chain);
    return cut_padding(u, to, got, err);
}

static void close_unlocked(struct pf_source *source) {
    struct unlocking *u = source->self;
    pf_source_close(&u->locked);
    pf_mem_free(u);
    source->self = NULL;
}

pf_status pf_odf_lock_fits(const struct pf_odf_lock *lock, struct pf_source *locked, bool *fits,
                           struct pf_error *err) {
    uint8_t front[CHECKED_BYTES], made[PF_DIGEST_BYTES];
    struct unlocking u = {.locked = *locked, .lock = *lock};
    struct pf_source source = {.self = &u};
    size_t got = 0;
    *fits = false;
    pf_status status = read_unlocked(&source, 0, front, sizeof front, &got, err);
    if (status == PF_BAD_DATA && got > 0 && got % PF_AES_BLOCK == 0)
        return PF_OK; /* another key makes no right end either */
    if (status != PF_OK)
        return status;
    pf_digest(lock->check, front, got, NULL, 0, made);
    *fits = memcmp(made, lock->checksum, pf_digest_size(lock->check)) == 0;
    return PF_OK;
}

pf_status pf_odf_source(const struct pf_odf_lock *lock, struct pf_source *locked, int32_t threaded,
                        int64_t expansion_ceiling, struct pf_source *out, struct pf_error *err) {
    struct unlocking *u = pf_mem_zero(1, sizeof *u);
    if (!u)
        return pf_fail_memory(err, sizeof *u);
    *u = (struct unlocking){.locked = *locked, .lock = *lock};
    struct pf_source inner = {sizeof inner, 0, -1, u, read_unlocked, close_unlocked};
    pf_status status = pf_codec_stream(&pf_codec_deflate, &inner, threaded, expansion_ceiling, out, err);
    if (status != PF_OK)
        pf_mem_free(u); /* `locked` is still the caller's */
    else
        *locked = (struct pf_source){0};
    return status;
}
