/* test_codec_odf.c — locked OpenDocument parts open with their password and with no other.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mbedtls/aes.h>
#include <string.h>
#include <zlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "codec/codec_base64.h"
#include "codec/codec_odf.h"

static const struct pf_odf_words usual = {.cipher = "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
                                          .vector = "AAECAwQFBgcICQoLDA0ODw==",
                                          .derivation = "PBKDF2",
                                          .key_size = "32",
                                          .rounds = "10",
                                          .salt = "c2FsdHNhbHRzYWx0c2FsdA==",
                                          .start = "http://www.w3.org/2000/09/xmldsig#sha256",
                                          .check =
                                              "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0#sha256-1k",
                                          .checksum = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="};

static void keys_are_the_published_ones(void **state) { /* RFC 6070 */
    (void)state;
    static const uint8_t once[20] = {0x0C, 0x60, 0xC8, 0x0F, 0x96, 0x1F, 0x0E, 0x71, 0xF3, 0xA9,
                                     0xB5, 0x24, 0xAF, 0x60, 0x12, 0x06, 0x2F, 0xE0, 0x37, 0xA6};
    static const uint8_t many[25] = {0x3D, 0x2E, 0xEC, 0x4F, 0xE4, 0x1C, 0x84, 0x9B, 0x80,
                                     0xC8, 0xD8, 0x36, 0x62, 0xC0, 0xE4, 0x4A, 0x8B, 0x29,
                                     0x1A, 0x96, 0x4C, 0xF2, 0xF0, 0x70, 0x38};
    uint8_t made[25];
    assert_true(pf_digest_pbkdf2(PF_DIGEST_SHA1, (const uint8_t *)"password", 8, (const uint8_t *)"salt", 4, 1,
                                 made, 20));
    assert_memory_equal(made, once, 20);
    assert_true(pf_digest_pbkdf2(PF_DIGEST_SHA1, (const uint8_t *)"passwordPASSWORDpassword", 24,
                                 (const uint8_t *)"saltSALTsaltSALTsaltSALTsaltSALTsalt", 36, 4096, made, 25));
    assert_memory_equal(made, many, 25);
}

static void base64_is_read_within_its_room(void **state) {
    (void)state;
    uint8_t to[4];
    size_t size;
    assert_true(pf_base64_read(pf_text_of("AQ\n ID"), to, 4, &size));
    assert_int_equal(size, 3);
    assert_memory_equal(to, "\1\2\3", 3);
    assert_true(pf_base64_read(pf_text_of("AQ==AQ"), to, 4, &size));
    assert_int_equal(size, 1);
    assert_false(pf_base64_read(pf_text_of("A*"), to, 4, &size));
    assert_false(pf_base64_read(pf_text_of("AQIDBAU="), to, 4, &size));
}

static void a_lock_that_is_described_wrongly_is_told_from_one_that_is_not_known(void **state) {
    (void)state;
#define FIELD(field) offsetof(struct pf_odf_words, field)
    static const struct {
        size_t field;
        const char *text;
        pf_status want;
        const char *names;
    } cases[] = {{FIELD(start), "", PF_OK, ""},
                 {FIELD(key_size), "", PF_OK, ""},
                 {FIELD(cipher), "http://www.w3.org/2009/xmlenc11#aes256-gcm", PF_UNSUPPORTED, "aes256-gcm"},
                 {FIELD(cipher), "", PF_UNSUPPORTED, "no cipher"},
                 {FIELD(derivation), "urn:x:manifest:argon2id", PF_UNSUPPORTED, " argon2id"},
                 {FIELD(start), "#md5", PF_UNSUPPORTED, "PBKDF2"},
                 {FIELD(vector), "AAEC", PF_BAD_DATA, "initialisation-vector"},
                 {FIELD(vector), "*", PF_BAD_DATA, "initialisation-vector"},
                 {FIELD(salt), "", PF_BAD_DATA, "salt"},
                 {FIELD(rounds), "0", PF_BAD_DATA, "iteration-count"},
                 {FIELD(rounds), "-1", PF_BAD_DATA, "iteration-count"},
                 {FIELD(rounds), "99999999", PF_LIMIT, "rounds"},
                 {FIELD(key_size), "16", PF_BAD_DATA, "key-size"},
                 {FIELD(check), "#md5", PF_BAD_DATA, "checksum"},
                 {FIELD(checksum), "AAAA", PF_BAD_DATA, "checksum"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pf_odf_words words = usual;
        struct pf_odf_lock lock;
        struct pf_error err = PF_ERROR_INIT;
        memcpy((char *)&words + cases[i].field, cases[i].text, strlen(cases[i].text) + 1);
        pf_status status = pf_odf_lock_read(&words, &lock, &err);
        if (status != cases[i].want || (status != PF_OK && !strstr(err.message, cases[i].names)))
            fail_msg("'%s' gives %d: %s", cases[i].text, (int)status, err.message);
    }
}

/* A text packed, filled up to whole blocks and locked with the key of lock and `password`; its checksum goes into lock. */
static size_t shut(struct pf_odf_lock *lock, const char *password, const uint8_t *text, size_t size,
                   uint8_t padding, uint8_t *to, size_t room) {
    z_stream packer = {
        .next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)size, .next_out = to, .avail_out = (uInt)room};
    mbedtls_aes_context aes;
    uint8_t iv[16];
    assert_int_equal(deflateInit2(&packer, 0, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&packer, Z_FINISH), Z_STREAM_END);
    size_t packed = packer.total_out, fill = 16 - packed % 16;
    deflateEnd(&packer);
    pf_digest(PF_DIGEST_SHA256, to, packed < 1024 ? packed : 1024, NULL, 0, lock->checksum);
    memset(to + packed, padding ? padding : (int)fill, fill);
    assert_int_equal(pf_odf_lock_try(lock, password, NULL), PF_OK);
    memcpy(iv, lock->vector, 16);
    mbedtls_aes_init(&aes);
    assert_int_equal(mbedtls_aes_setkey_enc(&aes, lock->key, 256), 0);
    assert_int_equal(mbedtls_aes_crypt_cbc(&aes, MBEDTLS_AES_ENCRYPT, packed + fill, iv, to, to), 0);
    mbedtls_aes_free(&aes);
    return packed + fill;
}

static pf_status open_part(struct pf_odf_lock *lock, const uint8_t *part, size_t size, const uint8_t *want,
                           size_t want_size) {
    struct pf_source locked, source;
    uint8_t *bytes = NULL;
    size_t got = 0;
    pf_source_memory(part, size, &locked);
    assert_int_equal(pf_odf_source(lock, &locked, 0, 0, &source, NULL), PF_OK);
    pf_status status = pf_source_slurp(&source, 1 << 24, &bytes, &got, NULL);
    pf_source_close(&source);
    if (status == PF_OK) {
        assert_int_equal(got, want_size);
        assert_memory_equal(bytes, want, got);
    }
    pf_mem_free(bytes);
    return status;
}

static void parts_of_every_length_open_with_their_password_and_no_other(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 9, 10, 11, 1007, 1008, 1019, 1020, 5000, 262144, 1000003};
    uint8_t *text = pf_mem_alloc(1000003), *part = pf_mem_alloc(1100000);
    for (size_t i = 0; i < 1000003; i++)
        text[i] = (uint8_t)(i * i >> 7);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct pf_odf_lock lock;
        struct pf_source locked;
        bool fits;
        assert_int_equal(pf_odf_lock_read(&usual, &lock, NULL), PF_OK);
        size_t size = shut(&lock, "sëcret", text, sizes[i], 0, part, 1100000);
        pf_source_memory(part, size, &locked);
        assert_int_equal(pf_odf_lock_fits(&lock, &locked, &fits, NULL), PF_OK);
        assert_true(fits);
        assert_int_equal(open_part(&lock, part, size, text, sizes[i]), PF_OK);
        assert_int_equal(pf_odf_lock_try(&lock, "secret", NULL), PF_OK);
        assert_int_equal(pf_odf_lock_fits(&lock, &locked, &fits, NULL), PF_OK);
        assert_false(fits);
    }
    pf_mem_free(text);
    pf_mem_free(part);
}

static void parts_that_are_cut_or_badly_filled_up_are_broken(void **state) {
    (void)state;
    uint8_t text[3000] = {1}, part[3200];
    struct pf_odf_lock lock;
    struct pf_source locked;
    bool fits;
    assert_int_equal(pf_odf_lock_read(&usual, &lock, NULL), PF_OK);
    size_t size = shut(&lock, "p", text, sizeof text, 17, part, sizeof part);
    assert_int_equal(open_part(&lock, part, size, text, sizeof text), PF_BAD_DATA);
    size = shut(&lock, "p", text, sizeof text, 0, part, sizeof part);
    assert_int_equal(open_part(&lock, part, size - 16, text, sizeof text), PF_BAD_DATA);
    assert_int_equal(open_part(&lock, part, size - 5, text, sizeof text), PF_BAD_DATA);
    pf_source_memory(part, 25, &locked);
    assert_int_equal(pf_odf_lock_fits(&lock, &locked, &fits, NULL), PF_BAD_DATA);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_the_published_ones),
        cmocka_unit_test(base64_is_read_within_its_room),
        cmocka_unit_test(a_lock_that_is_described_wrongly_is_told_from_one_that_is_not_known),
        cmocka_unit_test(parts_of_every_length_open_with_their_password_and_no_other),
        cmocka_unit_test(parts_that_are_cut_or_badly_filled_up_are_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
