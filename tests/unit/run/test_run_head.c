/* test_run_head.c — forward sources with a head that stays.                     SPDX-License-Identifier: MIT */
#include "../codec/codec_samples.h"
#include "bytes/bytes_source.h"
#include "run/run_head.h"

/* A source that allows rising offsets only. */
struct strict {
    const uint8_t *bytes;
    size_t size;
    int64_t position;
    pf_status fail;
};

static pf_status read_strict(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                             struct pf_error *err) {
    struct strict *strict = source->self;
    *got = 0;
    if (strict->fail)
        return pf_fail(err, strict->fail, "told to");
    if (offset < strict->position)
        return pf_fail(err, PF_STATE, "back from %lld to %lld", (long long)strict->position, (long long)offset);
    size_t left = (size_t)offset < strict->size ? strict->size - (size_t)offset : 0;
    *got = want < left ? want : left;
    memcpy(to, strict->bytes + offset, *got);
    strict->position = offset + (int64_t)*got;
    return PF_OK;
}
static void close_strict(struct pf_source *source) { source->self = NULL; }

static void check_reads(const uint8_t *bytes, size_t size, const int64_t (*reads)[2], size_t count) {
    struct strict strict = {bytes, size, 0, PF_OK};
    struct pf_source inner = {sizeof inner, 0, -1, &strict, read_strict, close_strict}, source;
    assert_int_equal(pf_head_source(&inner, &source, NULL), PF_OK);
    assert_int_equal(source.random, 0);
    uint8_t *to = pf_mem_alloc(size + 1);
    for (size_t i = 0; i < count; i++) {
        size_t at = (size_t)reads[i][0], want = (size_t)reads[i][1], got = 0;
        size_t right = at >= size ? 0 : want < size - at ? want : size - at;
        assert_int_equal(source.read_at(&source, (int64_t)at, to, want, &got, NULL), PF_OK);
        assert_int_equal(got, right);
        assert_memory_equal(to, bytes + at, got);
    }
    pf_source_close(&source);
    pf_mem_free(to);
}

static void the_head_can_be_read_in_any_order(void **unused) {
    enum { SIZE = 6 << 20, HEAD = 4 << 20 };
    uint8_t *bytes = sample_make(SAMPLE_NOISE, SIZE);
    static const int64_t reads[][2] = {
        {0, 10},         {100000, 50},           {0, 65536},       {3000000, 1000000}, {5, 5},
        {HEAD - 10, 10}, {HEAD - 5, 5},          {HEAD - 7, 100},  {0, HEAD},          {HEAD + 93, 1000},
        {17, 17},        {HEAD + 1093, 1 << 20}, {SIZE - 10, 100}, {SIZE + 10, 100},   {1, 1}};
    check_reads(bytes, SIZE, reads, sizeof reads / sizeof reads[0]);
    static const int64_t jump[][2] = {{5 << 20, 100}, {0, 100}, {(5 << 20) + 100, 100}};
    check_reads(bytes, SIZE, jump, 3);
    static const int64_t whole[][2] = {{0, SIZE + 1}};
    check_reads(bytes, SIZE, whole, 1);
    pf_mem_free(bytes);
}

static void short_sources_are_wholly_head(void **unused) {
    uint8_t *bytes = sample_make(SAMPLE_NOISE, 300000);
    static const int64_t reads[][2] = {{0, 0},      {299999, 10}, {0, 300001},
                                       {150000, 1}, {300000, 1},  {0, 300000}};
    for (size_t size = 0; size <= 300000; size += 100000)
        check_reads(bytes, size, reads, 6);
    pf_mem_free(bytes);
}

static void failures_come_through(void **unused) {
    struct strict strict = {(const uint8_t *)"abc", 3, 0, PF_IO};
    struct pf_source inner = {sizeof inner, 0, -1, &strict, read_strict, close_strict}, source;
    struct pf_error err = PF_ERROR_INIT;
    uint8_t to[3];
    size_t got;
    assert_int_equal(pf_head_source(&inner, &source, NULL), PF_OK);
    assert_int_equal(source.read_at(&source, 0, to, 3, &got, &err), PF_IO);
    assert_string_equal(err.message, "told to");
    assert_int_equal(source.read_at(&source, -1, to, 3, &got, &err), PF_ARGUMENT);
    pf_source_close(&source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_can_be_read_in_any_order),
        cmocka_unit_test(short_sources_are_wholly_head),
        cmocka_unit_test(failures_come_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
