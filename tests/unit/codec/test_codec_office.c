/* test_codec_office.c — locked Office files open with their password alone.      SPDX-License-Identifier: MIT */
#include "base/ceilings.h"
#include "bytes/bytes_source.h"
#include "cfb_builder.h"
#include "codec/codec_office.h"
#include "office_builder.h"

static const uint8_t data_salt[16] = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6};

static pf_status unlock(const struct pf_buf *info, const char *password, struct pf_office_key *key,
                        struct pf_error *err) {
    *err = (struct pf_error)PF_ERROR_INIT;
    return pf_office_unlock(info->data, info->size, password, key, err);
}

static void assert_same_stream(const struct pf_office_key *key, uint32_t block, const uint8_t *wanted,
                               size_t size) {
    uint8_t one[4] = {0}, two[4] = {0};
    struct pf_rc4 rc4;
    pf_rc4_start(&rc4, wanted, size);
    pf_rc4_apply(&rc4, one, 4);
    pf_office_rc4(key, block, &rc4);
    pf_rc4_apply(&rc4, two, 4);
    assert_memory_equal(one, two, 4);
}

static void rc4_of_excel_97_opens_with_its_password(void **unused) {
    struct pf_buf info = {0};
    struct pf_office_key key;
    struct pf_error err;
    uint8_t wanted[64];
    office_rc4_info("secret", &info);
    assert_int_equal(unlock(&info, "secret", &key, &err), PF_OK);
    assert_int_equal(key.kind, PF_OFFICE_RC4);
    office_rc4_key("secret", info.data + 4, 7, wanted);
    assert_same_stream(&key, 7, wanted, 16);
    assert_int_equal(unlock(&info, "Secret", &key, &err), PF_PASSWORD);
    assert_non_null(strstr(err.message, "wrong"));
    assert_int_equal(unlock(&info, NULL, &key, &err), PF_PASSWORD);
    for (const char *const *word =
             (const char *const[]){"--password", "PYFORGE_PASSWORD", "--password-file", NULL};
         *word; word++)
        assert_non_null(strstr(err.message, *word));
    info.size -= 1;
    assert_int_equal(unlock(&info, "secret", &key, &err), PF_BAD_DATA);
    pf_buf_clear(&info);
}

static void cryptoapi_opens_for_every_key_size(void **unused) {
    static const struct {
        uint32_t algorithm, bits;
    } kinds[] = {{0x6801, 40}, {0x6801, 56}, {0x6801, 128}, {0x660E, 128}, {0x660F, 192}, {0x6610, 256}};
    for (size_t i = 0; i < 6; i++) {
        struct pf_buf info = {0};
        struct pf_office_key key;
        struct pf_error err;
        uint8_t wanted[64];
        office_api_info("pass", kinds[i].algorithm, kinds[i].bits, wanted, &info);
        assert_int_equal(unlock(&info, "pass", &key, &err), PF_OK);
        assert_int_equal(key.kind, kinds[i].algorithm == 0x6801 ? PF_OFFICE_RC4_API : PF_OFFICE_ECB);
        if (key.kind == PF_OFFICE_ECB)
            assert_memory_equal(key.key, wanted, kinds[i].bits / 8);
        else
            assert_same_stream(&key, 0, wanted, kinds[i].bits == 40 ? 16 : kinds[i].bits / 8);
        assert_int_equal(unlock(&info, "pas", &key, &err), PF_PASSWORD);
        for (size_t size = 0; size < info.size; size++)
            assert_int_equal(pf_office_unlock(info.data, size, "pass", &key, &err), PF_BAD_DATA);
        pf_store32(info.data + 12 + 8, 0x6603);
        assert_int_equal(unlock(&info, "pass", &key, &err), PF_UNSUPPORTED);
        pf_buf_clear(&info);
    }
}

static void agile_opens_for_every_digest_and_key_size(void **unused) {
    uint8_t secret[32];
    for (uint8_t i = 0; i < 32; i++)
        secret[i] = (uint8_t)(i * 11);
    for (int32_t digest = PF_DIGEST_MD5; digest <= PF_DIGEST_SHA512; digest++)
        for (size_t size = 16; size <= 32; size += 8) {
            struct office_agile agile = {"open sesame", digest, size, 1000, size == 16 ? "p:" : NULL,
                                         NULL,          NULL};
            struct pf_buf info = {0};
            struct pf_office_key key;
            struct pf_error err;
            office_agile_info(&agile, secret, data_salt, &info);
            assert_int_equal(unlock(&info, "open sesame", &key, &err), PF_OK);
            assert_int_equal(key.kind, PF_OFFICE_CBC);
            assert_int_equal(key.digest, digest);
            assert_int_equal(key.key_size, size);
            assert_memory_equal(key.key, secret, size);
            assert_memory_equal(key.salt, data_salt, 16);
            assert_int_equal(unlock(&info, "open", &key, &err), PF_PASSWORD);
            pf_buf_clear(&info);
        }
}

static void the_password_that_excel_tries_itself_is_tried(void **unused) {
    struct pf_buf info = {0};
    struct pf_office_key key;
    struct pf_error err;
    office_rc4_info("VelvetSweatshop", &info);
    assert_int_equal(unlock(&info, NULL, &key, &err), PF_OK);
    assert_int_equal(unlock(&info, "not this", &key, &err), PF_OK);
    pf_buf_clear(&info);
}

static void agile_descriptions_that_lie_are_refused(void **unused) {
    static const struct {
        const char *from, *to;
        pf_status status;
    } lies[] = {
        {"spinCount=\"10\"", "spinCount=\"10000001\"", PF_LIMIT},
        {"spinCount=\"10\"", "spinCount=\"-1\"", PF_BAD_DATA},
        {"keyBits=\"256\"", "keyBits=\"2048\"", PF_BAD_DATA},
        {"cipherAlgorithm=\"AES\"", "cipherAlgorithm=\"DES\"", PF_UNSUPPORTED},
        {"ChainingModeCBC", "ChainingModeCFB", PF_UNSUPPORTED},
        {"hashAlgorithm=\"SHA512\"", "hashAlgorithm=\"WHIRLPOOL\"", PF_UNSUPPORTED},
        {"hashAlgorithm=\"SHA512\"", "hash=\"SHA512\"", PF_BAD_DATA},
        {"saltValue=\"", "saltValue=\"****", PF_BAD_DATA},
        {"encryptedVerifierHashInput=\"", "encryptedVerifierHashInput=\"AAAA", PF_BAD_DATA},
        {"encryptedVerifierHashValue=\"", "encryptedVerifierHashValue=\"AAAA\" x=\"", PF_BAD_DATA},
        {"encryptedKeyValue=\"", "encryptedKeyValue=\"AAAAAAAAAAAAAAAAAAAAAA==\" x=\"", PF_BAD_DATA},
        {"<encryptedKey ", "<other ", PF_UNSUPPORTED},
        {"<keyData", "<nothing", PF_BAD_DATA},
        {"?>", "", PF_BAD_DATA},
    };
    uint8_t secret[32] = {1};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct office_agile agile = {"x", PF_DIGEST_SHA512, 32, 10, NULL, lies[i].from, lies[i].to};
        struct pf_buf info = {0};
        struct pf_office_key key;
        struct pf_error err;
        office_agile_info(&agile, secret, data_salt, &info);
        if (lies[i].from[0] == '?')
            info.size = 30;
        assert_int_equal(unlock(&info, "x", &key, &err), lies[i].status);
        pf_buf_clear(&info);
    }
}

static void unknown_methods_are_named(void **unused) {
    static const uint8_t strange[] = {3, 0, 3, 0, 0, 0, 0, 0};
    struct pf_office_key key;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_office_unlock(strange, sizeof strange, "x", &key, &err), PF_UNSUPPORTED);
    assert_non_null(strstr(err.message, "3.3"));
    assert_int_equal(pf_office_unlock(strange, 3, "x", &key, &err), PF_BAD_DATA);
}

/* A locked package of plain bytes. */
static void build_package(bool agile, const uint8_t *plain, size_t size, struct pf_buf *out) {
    struct pf_buf info = {0}, packed = {0};
    uint8_t key[64] = {0};
    struct office_agile how = {"pw", PF_DIGEST_SHA1, 16, 100, "p:", NULL, NULL};
    for (uint8_t i = 0; i < 16; i++)
        key[i] = (uint8_t)(i * 13);
    if (agile)
        office_agile_info(&how, key, data_salt, &info);
    else
        office_api_info("pw", 0x6610, 256, key, &info);
    office_pack(agile, PF_DIGEST_SHA1, key, agile ? 16 : 32, data_salt, plain, size, &packed);
    const struct cfb_item items[] = {{"EncryptionInfo", info.data, info.size, -1, false},
                                     {"EncryptedPackage", packed.data, packed.size, -1, false}};
    cfb_build(items, 2, 3, out);
    pf_buf_clear(&info);
    pf_buf_clear(&packed);
}

static pf_status open_package(const struct pf_buf *bytes, pf_cfb **cfb, struct pf_source *file,
                              const char *password, struct pf_source *out) {
    pf_source_memory(bytes->data, bytes->size, file);
    PF_TRY(pf_cfb_open(file, cfb, NULL));
    return pf_office_is_package(*cfb) ? pf_office_open(*cfb, password, out, NULL) : PF_STATE;
}

static void packages_are_read_at_any_offset(void **unused) {
    size_t size = 50001;
    uint8_t *plain = sample_make(SAMPLE_NOISE, size), *all = NULL, some[5000];
    for (int agile = 0; agile < 2; agile++) {
        struct pf_buf bytes = {0};
        struct pf_source file, package = {0};
        pf_cfb *cfb = NULL;
        size_t got = 0;
        build_package(agile, plain, size, &bytes);
        assert_int_equal(open_package(&bytes, &cfb, &file, "wrong", &package), PF_PASSWORD);
        pf_cfb_close(&cfb);
        assert_int_equal(open_package(&bytes, &cfb, &file, "pw", &package), PF_OK);
        assert_int_equal(package.size_bytes, size);
        assert_int_equal(pf_source_slurp(&package, size, &all, &got, NULL), PF_OK);
        assert_int_equal(got, size);
        assert_memory_equal(all, plain, size);
        pf_mem_free(all);
        for (size_t at = size + 10; at-- > 0;) {
            at -= at < 3333 ? at : 3333;
            assert_int_equal(package.read_at(&package, (int64_t)at, some, sizeof some, &got, NULL), PF_OK);
            assert_int_equal(got, at >= size ? 0 : size - at < sizeof some ? size - at : sizeof some);
            assert_memory_equal(some, plain + (got ? at : 0), got);
        }
        pf_source_close(&package);
        pf_cfb_close(&cfb);
        pf_buf_clear(&bytes);
    }
    pf_mem_free(plain);
}

static void a_package_that_is_shorter_than_it_says_is_refused(void **unused) {
    struct pf_buf info = {0}, bytes = {0};
    uint8_t key[64], packed[5000] = {0};
    office_api_info("pw", 0x660E, 128, key, &info);
    pf_store64(packed, 1 << 20);
    const struct cfb_item items[] = {{"EncryptionInfo", info.data, info.size, -1, false},
                                     {"EncryptedPackage", packed, sizeof packed, -1, false}};
    struct pf_source file, package = {0};
    pf_cfb *cfb = NULL;
    cfb_build(items, 2, 4, &bytes);
    assert_int_equal(open_package(&bytes, &cfb, &file, "pw", &package), PF_BAD_DATA);
    assert_null(package.read_at);
    pf_cfb_close(&cfb);
    pf_buf_clear(&info);
    pf_buf_clear(&bytes);
}

static void no_memory_is_said_and_nothing_is_kept(void **unused) {
    struct pf_buf bytes = {0};
    uint8_t plain[100] = {1};
    build_package(true, plain, sizeof plain, &bytes);
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        struct pf_source file, package = {0};
        pf_cfb *cfb = NULL;
        pf_mem_fail_from(nth);
        status = open_package(&bytes, &cfb, &file, "pw", &package);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        pf_source_close(&package);
        pf_cfb_close(&cfb);
    }
    pf_buf_clear(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rc4_of_excel_97_opens_with_its_password),
        cmocka_unit_test(cryptoapi_opens_for_every_key_size),
        cmocka_unit_test(agile_opens_for_every_digest_and_key_size),
        cmocka_unit_test(the_password_that_excel_tries_itself_is_tried),
        cmocka_unit_test(agile_descriptions_that_lie_are_refused),
        cmocka_unit_test(unknown_methods_are_named),
        cmocka_unit_test(packages_are_read_at_any_offset),
        cmocka_unit_test(a_package_that_is_shorter_than_it_says_is_refused),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
