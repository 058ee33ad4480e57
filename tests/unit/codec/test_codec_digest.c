/* test_codec_digest.c — digests by their published vectors.                     SPDX-License-Identifier: MIT */
#include "codec/codec_digest.h"
#include "codec_samples.h"

static void assert_digest(int32_t kind, const char *front, const char *back, const char *wanted) {
    uint8_t made[PF_DIGEST_BYTES];
    char text[2 * PF_DIGEST_BYTES + 1];
    pf_digest(kind, front, strlen(front), back, strlen(back), made);
    for (size_t i = 0; i < pf_digest_size(kind); i++)
        snprintf(text + 2 * i, 3, "%02x", made[i]);
    assert_string_equal(text, wanted);
}

/* RFC 1321 A.5; FIPS 180-4 examples of "abc". */
static void abc_has_the_published_digests(void **unused) {
    assert_digest(PF_DIGEST_MD5, "abc", "", "900150983cd24fb0d6963f7d28e17f72");
    assert_digest(PF_DIGEST_SHA1, "ab", "c", "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_digest(PF_DIGEST_SHA256, "", "abc",
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_digest(
        PF_DIGEST_SHA384, "a", "bc",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
    assert_digest(
        PF_DIGEST_SHA512, "abc", "",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        "454d4423643ce80e2a9ac94fa54ca49f");
}

static void an_unknown_digest_has_no_size(void **unused) {
    assert_int_equal(pf_digest_size(0), 0);
    assert_int_equal(pf_digest_size(PF_DIGEST_SHA512 + 1), 0);
    assert_int_equal(pf_digest_size(-1), 0);
}

static void the_result_may_overwrite_an_input(void **unused) {
    uint8_t bytes[PF_DIGEST_BYTES] = "abc", other[PF_DIGEST_BYTES];
    pf_digest(PF_DIGEST_SHA1, "abc", 3, "abc", 3, other);
    pf_digest(PF_DIGEST_SHA1, bytes, 3, bytes, 3, bytes);
    assert_memory_equal(bytes, other, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(abc_has_the_published_digests),
        cmocka_unit_test(an_unknown_digest_has_no_size),
        cmocka_unit_test(the_result_may_overwrite_an_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
