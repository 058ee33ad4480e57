/* test_codec_cipher.c — ciphers by their published vectors.                     SPDX-License-Identifier: MIT */
#include "codec/codec_cipher.h"
#include "codec_samples.h"

/* RFC 6229: the first 16 bytes of the stream of keys 0102…, and those from byte 1536 on. */
static void rc4_gives_the_published_stream(void **unused) {
    static const uint8_t key[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    static const uint8_t first40[16] = {0xB2, 0x39, 0x63, 0x05, 0xF0, 0x3D, 0xC0, 0x27,
                                        0xCC, 0xC3, 0x52, 0x4A, 0x0A, 0x11, 0x18, 0xA8};
    static const uint8_t first128[16] = {0x9A, 0xC7, 0xCC, 0x9A, 0x60, 0x9D, 0x1E, 0xF7,
                                         0xB2, 0x93, 0x28, 0x99, 0xCD, 0xE4, 0x1B, 0x97};
    struct pf_rc4 rc4;
    uint8_t bytes[16] = {0}, more[16] = {0};
    pf_rc4_start(&rc4, key, 5);
    pf_rc4_apply(&rc4, bytes, 16);
    assert_memory_equal(bytes, first40, 16);
    memset(bytes, 0, 16);
    pf_rc4_start(&rc4, key, 16);
    pf_rc4_apply(&rc4, bytes, 7);
    pf_rc4_apply(&rc4, bytes + 7, 9);
    assert_memory_equal(bytes, first128, 16);
    pf_rc4_start(&rc4, key, 16);
    pf_rc4_skip(&rc4, 5);
    pf_rc4_apply(&rc4, more, 11);
    assert_memory_equal(more, first128 + 5, 11);
}

/* FIPS 197 appendix C: 00112233… under keys of three sizes. */
static void aes_decrypts_the_published_blocks(void **unused) {
    static const uint8_t cipher[3][16] = {
        {0x69, 0xC4, 0xE0, 0xD8, 0x6A, 0x7B, 0x04, 0x30, 0xD8, 0xCD, 0xB7, 0x80, 0x70, 0xB4, 0xC5, 0x5A},
        {0xDD, 0xA9, 0x7C, 0xA4, 0x86, 0x4C, 0xDF, 0xE0, 0x6E, 0xAF, 0x70, 0xA0, 0xEC, 0x0D, 0x71, 0x91},
        {0x8E, 0xA2, 0xB7, 0xCA, 0x51, 0x67, 0x45, 0xBF, 0xEA, 0xFC, 0x49, 0x90, 0x4B, 0x49, 0x60, 0x89}};
    uint8_t key[32], plain[16], two[32], made[32];
    for (int i = 0; i < 32; i++)
        key[i] = (uint8_t)i;
    for (int i = 0; i < 16; i++)
        plain[i] = (uint8_t)(i * 0x11);
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(pf_aes_decrypt(key, 16 + 8 * k, NULL, cipher[k], made, 16, NULL), PF_OK);
        assert_memory_equal(made, plain, 16);
        /* CBC: each block is mixed with the one before it. */
        memcpy(two, cipher[k], 16);
        memcpy(two + 16, cipher[k], 16);
        assert_int_equal(pf_aes_decrypt(key, 16 + 8 * k, plain, two, two, 32, NULL), PF_OK);
        for (int i = 0; i < 16; i++) {
            assert_int_equal(two[i], 0);
            assert_int_equal(two[16 + i], plain[i] ^ cipher[k][i]);
        }
    }
}

static void aes_keys_of_other_sizes_are_refused(void **unused) {
    uint8_t bytes[32] = {0};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_aes_decrypt(bytes, 5, NULL, bytes, bytes, 16, &err), PF_UNSUPPORTED);
    assert_non_null(strstr(err.message, "40 bits"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rc4_gives_the_published_stream),
        cmocka_unit_test(aes_decrypts_the_published_blocks),
        cmocka_unit_test(aes_keys_of_other_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
