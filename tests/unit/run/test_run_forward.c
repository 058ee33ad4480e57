/* test_run_forward.c — decompressed bytes read from their start again.           SPDX-License-Identifier: MIT */
#include "bytes/bytes_source.h"
#include "run/run_forward.h"
#include "run/run_head.h"
#include "toy_folder.h"

#define SIZE ((size_t)10 << 20)
static uint8_t *bytes;
static int opened;

/* Rising offsets only. */
struct strict {
    int64_t place;
};
static pf_status read_strict(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                             struct pf_error *err) {
    struct strict *strict = source->self;
    if (offset < strict->place)
        return pf_fail(err, PF_STATE, "back");
    size_t left = offset < (int64_t)SIZE ? SIZE - (size_t)offset : 0;
    *got = want < left ? want : left;
    if (*got)
        memcpy(to, bytes + offset, *got);
    strict->place = offset + (int64_t)*got;
    return PF_OK;
}
static void close_strict(struct pf_source *source) { pf_mem_free(source->self); }
static pf_status open_strict(void *ctx, struct pf_source *out, struct pf_error *err) {
    struct strict *strict = pf_mem_zero(1, sizeof *strict);
    struct pf_source inner = {sizeof inner, 0, -1, strict, read_strict, close_strict};
    opened++;
    return pf_head_source(&inner, out, err);
}
static void expect(struct pf_source *source, int64_t offset, size_t want) {
    static uint8_t to[1 << 20];
    size_t got, right = offset >= (int64_t)SIZE        ? 0
                        : want < SIZE - (size_t)offset ? want
                                                       : SIZE - (size_t)offset;
    assert_int_equal(source->read_at(source, offset, to, want, &got, NULL), PF_OK);
    assert_int_equal(got, right);
    assert_memory_equal(to, bytes + (right ? offset : 0), right);
}
static struct pf_source open_source(bool again) {
    struct pf_source first, out;
    struct pf_reopen reopen = {NULL, again ? open_strict : NULL};
    opened = 0;
    assert_int_equal(open_strict(NULL, &first, NULL), PF_OK);
    assert_int_equal(pf_forward_open(&first, &reopen, &out, NULL), PF_OK);
    return out;
}

static void a_survey_and_a_lap_open_once(void **state) {
    struct pf_source source = open_source(true);
    expect(&source, 0, 1 << 20);
    expect(&source, 100, 5000);
    expect(&source, 0, 65536);
    for (size_t at_byte = 0; at_byte < SIZE + 1; at_byte += 1 << 20)
        expect(&source, (int64_t)at_byte, 1 << 20);
    assert_int_equal(opened, 1);
    for (size_t at_byte = 0; at_byte < SIZE; at_byte += 999983)
        expect(&source, (int64_t)at_byte, 1 << 20); /* steps back a little each time, behind the head */
    assert_true(opened > 1);
    opened = 0;
    expect(&source, 0, 1 << 20);
    expect(&source, (int64_t)PF_HEAD_BYTES - 10, 10);
    assert_int_equal(opened, 0);
    expect(&source, (int64_t)PF_HEAD_BYTES - 10, 11); /* one byte behind the head: another opening */
    assert_int_equal(opened, 1);
    pf_source_close(&source);
}

static void what_can_be_read_once_says_so(void **state) {
    struct pf_source source = open_source(false);
    struct pf_error err = PF_ERROR_INIT;
    uint8_t to[16];
    size_t got;
    expect(&source, (int64_t)SIZE - 5, 10);
    expect(&source, 5, 10);
    assert_int_equal(source.read_at(&source, (int64_t)PF_HEAD_BYTES, to, 16, &got, &err), PF_BAD_DATA);
    assert_non_null(strstr(err.message, "--no-spill"));
    pf_source_close(&source);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_survey_and_a_lap_open_once),
                                       cmocka_unit_test(what_can_be_read_once_says_so)};
    bytes = pf_mem_alloc(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(i * 2654435761u >> 13);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pf_mem_free(bytes);
    return failed;
}
