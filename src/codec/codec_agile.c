/* codec_agile.c — room codec. The XML that describes agile encryption.           SPDX-License-Identifier: MIT
 * Knows: two elements and their attributes.
 * Knows not: XML at large; what is done with the values. Source: [MS-OFFCRYPTO] 12.0, 2.3.4.10. */
#include "codec/codec_agile.h"

#include <stdbool.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "codec/codec_base64.h"
#include "codec/codec_cipher.h"
#include "codec/codec_digest.h"

static pf_status fail_xml(struct pf_error *err, const char *what) {
    return pf_fail(err, PF_BAD_DATA,
                   "the description of the file's encryption has no right %s; get the file again", what);
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* The next tag from *at on: its name without prefix, and its attributes as text. */
static bool next_tag(const char *xml, size_t size, size_t *at, struct pf_text *name,
                     struct pf_text *attributes) {
    const char *open = *at < size ? memchr(xml + *at, '<', size - *at) : NULL;
    if (!open)
        return false;
    size_t start = (size_t)(open - xml) + 1;
    const char *close = start < size ? memchr(xml + start, '>', size - start) : NULL;
    if (!close)
        return false;
    size_t end = (size_t)(close - xml), stop = start;
    while (stop < end && !is_space(xml[stop]) && xml[stop] != '/')
        stop++;
    const char *colon = memchr(xml + start, ':', stop - start);
    *name = colon ? (struct pf_text){colon + 1, (size_t)(xml + stop - colon - 1)}
                  : (struct pf_text){xml + start, stop - start};
    *attributes = (struct pf_text){xml + stop, end - stop};
    *at = end + 1;
    return true;
}

static bool find_attribute(struct pf_text in, const char *name, struct pf_text *value) {
    size_t length = strlen(name), i = 0;
    while (i < in.size) {
        while (i < in.size && is_space(in.at[i]))
            i++;
        size_t start = i;
        while (i < in.size && in.at[i] != '=')
            i++;
        size_t stop = i;
        while (stop > start && is_space(in.at[stop - 1]))
            stop--;
        for (i++; i < in.size && is_space(in.at[i]);)
            i++;
        if (i >= in.size || (in.at[i] != '"' && in.at[i] != '\''))
            return false;
        const char *end = memchr(in.at + i + 1, in.at[i], in.size - i - 1);
        if (!end)
            return false;
        if (stop - start == length && memcmp(in.at + start, name, length) == 0) {
            *value = (struct pf_text){in.at + i + 1, (size_t)(end - in.at) - i - 1};
            return true;
        }
        i = (size_t)(end - in.at) + 1;
    }
    return false;
}

static bool take_bytes(struct pf_text attributes, const char *name, struct pf_agile_bytes *out) {
    struct pf_text text;
    return find_attribute(attributes, name, &text) && pf_base64_read(text, out->at, sizeof out->at, &out->size);
}

static bool take_number(struct pf_text attributes, const char *name, uint64_t *out) {
    struct pf_text text;
    return find_attribute(attributes, name, &text) && pf_parse_uint64(text.at, text.size, out);
}

static int32_t find_digest(struct pf_text name) {
    static const char *const names[] = {"MD5", "SHA1", "SHA256", "SHA384", "SHA512"};
    for (int32_t i = 0; i < 5; i++)
        if (pf_text_is(name, names[i]))
            return i + 1;
    return pf_text_is(name, "SHA-1") ? PF_DIGEST_SHA1 : 0;
}

/* What keyData and encryptedKey have in common. */
static pf_status parse_lock(struct pf_text attributes, struct pf_agile_lock *out, struct pf_error *err) {
    struct pf_text cipher = {0}, chaining = {0}, digest = {0};
    uint64_t bits = 0;
    if (!find_attribute(attributes, "cipherAlgorithm", &cipher) ||
        !find_attribute(attributes, "cipherChaining", &chaining) ||
        !find_attribute(attributes, "hashAlgorithm", &digest))
        return fail_xml(err, "cipher");
    out->digest = find_digest(digest);
    if (!pf_text_is(cipher, "AES") || !pf_text_is(chaining, "ChainingModeCBC") || out->digest == 0)
        return pf_fail(
            err, PF_UNSUPPORTED,
            "the file is encrypted with %.*s, %.*s and %.*s, which are not known; save it without a password",
            (int)(cipher.size < 40 ? cipher.size : 40), cipher.at,
            (int)(chaining.size < 40 ? chaining.size : 40), chaining.at,
            (int)(digest.size < 40 ? digest.size : 40), digest.at);
    if (!take_number(attributes, "keyBits", &bits) || (bits != 128 && bits != 192 && bits != 256))
        return fail_xml(err, "keyBits");
    out->key_size = (size_t)bits / 8;
    if (!take_bytes(attributes, "saltValue", &out->salt) || out->salt.size == 0 ||
        out->salt.size > PF_DIGEST_BYTES)
        return fail_xml(err, "saltValue");
    return PF_OK;
}

static pf_status parse_password(struct pf_text attributes, struct pf_agile *out, struct pf_error *err) {
    uint64_t spin = 0;
    PF_TRY(parse_lock(attributes, &out->lock, err));
    if (!take_number(attributes, "spinCount", &spin))
        return fail_xml(err, "spinCount");
    if (spin > PF_CEIL_SPIN_COUNT)
        return pf_fail(err, PF_LIMIT, "the file asks for %llu rounds to try a password; at most %d are done",
                       (unsigned long long)spin, PF_CEIL_SPIN_COUNT);
    out->spin_count = (uint32_t)spin;
    struct pf_agile_bytes *input = &out->verifier_input, *value = &out->verifier_value, *key = &out->key_value;
    if (!take_bytes(attributes, "encryptedVerifierHashInput", input) || input->size % PF_AES_BLOCK ||
        input->size < out->lock.salt.size)
        return fail_xml(err, "encryptedVerifierHashInput");
    if (!take_bytes(attributes, "encryptedVerifierHashValue", value) || value->size % PF_AES_BLOCK ||
        value->size < pf_digest_size(out->lock.digest))
        return fail_xml(err, "encryptedVerifierHashValue");
    if (!take_bytes(attributes, "encryptedKeyValue", key) || key->size % PF_AES_BLOCK ||
        key->size < out->data.key_size)
        return fail_xml(err, "encryptedKeyValue");
    return PF_OK;
}

pf_status pf_agile_parse(const char *xml, size_t size, struct pf_agile *out, struct pf_error *err) {
    struct pf_text name, attributes, spin;
    bool data = false;
    for (size_t at = 0; next_tag(xml, size, &at, &name, &attributes);) {
        if (pf_text_is(name, "keyData") && !data) {
            PF_TRY(parse_lock(attributes, &out->data, err));
            data = true;
        } else if (pf_text_is(name, "encryptedKey") && find_attribute(attributes, "spinCount", &spin)) {
            return data ? parse_password(attributes, out, err) : fail_xml(err, "keyData");
        }
    }
    if (!data)
        return fail_xml(err, "keyData");
    return pf_fail(err, PF_UNSUPPORTED,
                   "the file is locked by a certificate and not by a password; save it without");
}
