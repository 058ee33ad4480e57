/* test_parquet_options.c — defaults, choices, sizes, and what is refused. SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "write/parquet/parquet_options.h"

/* data is a NULL-ended list of keys and values. */
static const char *get(struct pf_host *host, const char *key) {
    for (const char *const *pair = host->data; *pair; pair += 2)
        if (strcmp(pair[0], key) == 0)
            return pair[1];
    return NULL;
}
static pf_status read_with(const char *key, const char *value, const char *key2, const char *value2,
                           struct pf_parquet_settings *out, struct pf_error *err) {
    const char *pairs[] = {key, value, key2, value2, NULL};
    struct pf_host host = {.struct_size = sizeof host, .data = pairs, .job_get = get};
    return pf_parquet_settings_read(&host, out, err);
}

static void defaults_without_a_host(void **state) {
    (void)state;
    struct pf_parquet_settings s;
    assert_int_equal(pf_parquet_settings_read(NULL, &s, NULL), PF_OK);
    assert_ptr_equal(s.codec, &pf_codec_snappy);
    assert_true(!s.modern && s.utc && s.group_rows == 122880 && s.group_bytes == 32 << 20 &&
                s.page_bytes == 1 << 20);
}

static void codecs_and_their_levels(void **state) {
    (void)state;
    struct pf_parquet_settings s;
    assert_int_equal(read_with("compression", "none", NULL, NULL, &s, NULL), PF_OK);
    assert_null(s.codec);
    assert_int_equal(read_with("compression", "lz4", NULL, NULL, &s, NULL), PF_OK);
    assert_int_equal(s.codec->parquet_id, 7);
    assert_int_equal(read_with("compression", "zstd", NULL, NULL, &s, NULL), PF_OK);
    assert_int_equal(s.level, 3);
    assert_int_equal(read_with("compression", "zstd", "profile", "modern", &s, NULL), PF_OK);
    assert_int_equal(s.level, 10);
    assert_int_equal(read_with("compression", "zstd", "compression-level", "19", &s, NULL), PF_OK);
    assert_int_equal(s.level, 19);
    assert_int_equal(read_with("compression", "gzip", "compression-level", "9", &s, NULL), PF_OK);
    assert_int_equal(s.level, 9);
}

static void sizes_take_suffixes(void **state) {
    (void)state;
    struct pf_parquet_settings s;
    assert_int_equal(read_with("row-group-bytes", "3G", "page-bytes", "64k", &s, NULL), PF_OK);
    assert_int_equal(s.group_bytes, (int64_t)3 << 30);
    assert_int_equal(s.page_bytes, 64 << 10);
    assert_int_equal(read_with("timestamps", "ntz", "row-group-rows", "7", &s, NULL), PF_OK);
    assert_true(!s.utc && s.group_rows == 7);
}

static void nonsense_is_refused_with_the_options_name(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"compression", "brotli"}, {"compression-level", "3"}, {"row-group-rows", "0"},
        {"row-group-rows", "1K"},  {"row-group-rows", "x"},    {"row-group-rows", "9999999999"},
        {"row-group-bytes", "1T"}, {"row-group-bytes", "K"},   {"row-group-bytes", "99999999999G"},
        {"page-bytes", "63"},      {"page-bytes", "2G"},       {"profile", "Spark"},
        {"timestamps", "local"},   {"page-bytes", "-1"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct pf_parquet_settings s;
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(read_with(pairs[i][0], pairs[i][1], NULL, NULL, &s, &err), PF_ARGUMENT);
        assert_non_null(strstr(err.message, pairs[i][0]));
    }
    struct pf_parquet_settings s;
    assert_int_equal(read_with("compression", "zstd", "compression-level", "23", &s, NULL), PF_ARGUMENT);
}

static void every_option_tells_what_it_is(void **state) {
    (void)state;
    for (size_t i = 0; pf_parquet_options[i]; i++) {
        const struct pf_option *o = pf_parquet_options[i];
        assert_true(o->struct_size == sizeof *o && o->key && o->help && o->group && o->value_name);
        assert_true(o->kind != PF_OPTION_CHOICE || (o->choices && o->fallback));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_without_a_host),
        cmocka_unit_test(codecs_and_their_levels),
        cmocka_unit_test(sizes_take_suffixes),
        cmocka_unit_test(nonsense_is_refused_with_the_options_name),
        cmocka_unit_test(every_option_tells_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
