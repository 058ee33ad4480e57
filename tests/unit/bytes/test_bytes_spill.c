/* test_bytes_spill.c — a forward source made random by a copy.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/pool.h"
#include "bytes/bytes_source.h"
#include "bytes/bytes_spill.h"

#define SIZE 3000000
static uint8_t data[SIZE];

struct forward {
    int64_t place;
    int64_t fail_at; /* −1: never */
    int closed;
};

static pf_status read_forward(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                              struct pf_error *err) {
    struct forward *forward = source->self;
    if (offset != forward->place)
        return pf_fail(err, PF_INTERNAL, "not forward");
    if (forward->fail_at >= 0 && offset + (int64_t)want > forward->fail_at)
        return pf_fail(err, PF_IO, "broken");
    size_t left = SIZE - (size_t)offset;
    *got = want < left ? want : left;
    memcpy(to, data + offset, *got);
    forward->place += (int64_t)*got;
    return PF_OK;
}

static void close_forward(struct pf_source *source) { ((struct forward *)source->self)->closed++; }

static struct pf_source make_source(struct forward *forward) {
    *forward = (struct forward){.fail_at = -1};
    return (struct pf_source){
        .size_bytes = -1, .self = forward, .read_at = read_forward, .close = close_forward};
}

static int fill(void **state) {
    for (size_t i = 0; i < SIZE; i++)
        data[i] = (uint8_t)(i * 31 + i / 251 + i / 65521);
    return 0;
}

static void check(struct pf_source *source, int64_t offset, size_t want) {
    uint8_t *to = pf_mem_alloc(want);
    size_t got = 0;
    struct pf_error err = PF_ERROR_INIT;
    if (source->read_at(source, offset, to, want, &got, &err) != PF_OK)
        fail_msg("%s", err.message);
    size_t expected = offset >= SIZE ? 0 : (size_t)(SIZE - offset) < want ? (size_t)(SIZE - offset) : want;
    assert_int_equal(got, expected);
    assert_true(expected == 0 || memcmp(to, data + offset, expected) == 0);
    pf_mem_free(to);
}

static void any_offset_can_be_read_in_any_order(void **state) {
    struct forward forward;
    struct pf_source inner = make_source(&forward), source;
    assert_int_equal(pf_spill_open(&inner, "/tmp", INT64_MAX, &source, NULL), PF_OK);
    assert_null(inner.read_at);
    assert_int_equal(source.random, 1);
    check(&source, 0, 1000);
    assert_int_equal(forward.place, 1000); /* no more than was asked for */
    check(&source, 500, 1000);             /* half from the copy */
    check(&source, 700000, 10);
    check(&source, 0, 800000);
    check(&source, 5, 1);
    check(&source, SIZE - 10, 100);
    check(&source, SIZE + 1000, 100);
    check(&source, SIZE, 1);
    check(&source, 0, SIZE);
    uint32_t seed = 3;
    for (int i = 0; i < 200; i++) {
        seed = seed * 1664525 + 1013904223;
        check(&source, seed % (SIZE + 1000), (seed >> 8) % 20000);
    }
    char byte;
    size_t got;
    assert_int_equal(source.read_at(&source, -1, &byte, 1, &got, NULL), PF_ARGUMENT);
    assert_int_equal(source.read_at(&source, INT64_MAX, &byte, 1, &got, NULL), PF_ARGUMENT);
    pf_source_close(&source);
    assert_int_equal(forward.closed, 1);
}

static void read_piece(void *arg, int64_t index) {
    struct pf_source *source = arg;
    uint8_t to[10007];
    int64_t offset = index * 7919 % SIZE;
    size_t got = 0;
    pf_status status = source->read_at(source, offset, to, sizeof to, &got, NULL);
    size_t expected = (size_t)(SIZE - offset) < sizeof to ? (size_t)(SIZE - offset) : sizeof to;
    if (status != PF_OK || got != expected || memcmp(to, data + offset, got) != 0)
        data[0] = 0xEE; /* seen by the test below; no assertion on other threads */
}

static void threads_may_read_at_once(void **state) {
    struct forward forward;
    struct pf_source inner = make_source(&forward), source;
    assert_int_equal(pf_spill_open(&inner, "/tmp", INT64_MAX, &source, NULL), PF_OK);
    pf_pool *pool = NULL;
    assert_int_equal(pf_pool_open(4, &pool, NULL), PF_OK);
    data[0] = 1;
    assert_int_equal(pf_pool_each(pool, read_piece, &source, 600, NULL), PF_OK);
    pf_pool_close(&pool);
    assert_int_equal(data[0], 1);
    fill(NULL);
    pf_source_close(&source);
}

static void the_copy_has_a_ceiling(void **state) {
    struct forward forward;
    struct pf_source inner = make_source(&forward), source;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_spill_open(&inner, "/tmp", 10000, &source, NULL), PF_OK);
    check(&source, 0, 10000);
    char text[100];
    size_t got;
    assert_int_equal(source.read_at(&source, 9950, text, 100, &got, &err), PF_LIMIT);
    assert_non_null(strstr(err.message, "--temp-limit"));
    assert_non_null(strstr(err.message, "--schema"));
    err = (struct pf_error)PF_ERROR_INIT;
    assert_int_equal(source.read_at(&source, 20000, text, 1, &got, &err), PF_LIMIT); /* it stays */
    assert_int_equal(err.code, PF_LIMIT);
    check(&source, 9000, 1000); /* what is in the copy is good */
    pf_source_close(&source);
}

static void the_first_failure_stays(void **state) {
    struct forward forward;
    struct pf_source inner = make_source(&forward), source;
    forward.fail_at = 50000;
    assert_int_equal(pf_spill_open(&inner, "/tmp", INT64_MAX, &source, NULL), PF_OK);
    check(&source, 0, 50000);
    char text[100];
    size_t got = 7;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(source.read_at(&source, 49990, text, 100, &got, &err), PF_IO);
    assert_string_equal(err.message, "broken");
    assert_int_equal(got, 0);
    forward.fail_at = -1;
    assert_int_equal(source.read_at(&source, 60000, text, 100, &got, &err), PF_IO);
    pf_source_close(&source);
    inner = make_source(&forward);
    assert_int_equal(pf_spill_open(&inner, "/tmp", INT64_MAX, &source, NULL), PF_OK);
    pf_file_fail_from(1, ENOSPC);
    assert_int_equal(source.read_at(&source, 0, text, 100, &got, &err), PF_IO);
    pf_file_fail_from(0, 0);
    assert_non_null(strstr(err.message, "a temporary copy in /tmp"));
    pf_source_close(&source);
}

static void a_failed_open_leaves_the_source_to_the_caller(void **state) {
    struct forward forward;
    struct pf_source inner = make_source(&forward), source;
    for (int64_t nth = 1; nth <= 2; nth++) {
        pf_mem_fail_from(nth);
        assert_int_equal(pf_spill_open(&inner, "/tmp", INT64_MAX, &source, NULL), PF_NO_MEMORY);
        pf_mem_fail_from(0);
    }
    assert_int_equal(pf_spill_open(&inner, "/nowhere/at/all", INT64_MAX, &source, NULL), PF_NOT_FOUND);
    assert_non_null(inner.read_at);
    assert_int_equal(forward.closed, 0);
}

static void a_random_source_is_handed_through(void **state) {
    struct pf_source inner, source;
    pf_source_memory(data, SIZE, &inner);
    assert_int_equal(pf_spill_open(&inner, "/nowhere", 0, &source, NULL), PF_OK);
    check(&source, 100, 100);
    pf_source_close(&source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_offset_can_be_read_in_any_order),
        cmocka_unit_test(threads_may_read_at_once),
        cmocka_unit_test(the_copy_has_a_ceiling),
        cmocka_unit_test(the_first_failure_stays),
        cmocka_unit_test(a_failed_open_leaves_the_source_to_the_caller),
        cmocka_unit_test(a_random_source_is_handed_through),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}
