/* test_bytes_source.c — sources from memory, all of a source at once, sinks into memory.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_sink.h"
#include "bytes/bytes_source.h"

static void memory_is_read_at_any_offset(void **state) {
    struct pf_source source;
    char text[20];
    size_t got;
    pf_source_memory("hello world", 11, &source);
    assert_int_equal(source.size_bytes, 11);
    assert_int_equal(source.random, 1);
    assert_int_equal(source.read_at(&source, 6, text, 20, &got, NULL), PF_OK);
    assert_int_equal(got, 5);
    assert_memory_equal(text, "world", 5);
    assert_int_equal(source.read_at(&source, 0, text, 2, &got, NULL), PF_OK);
    assert_int_equal(got, 2);
    assert_int_equal(source.read_at(&source, 11, text, 2, &got, NULL), PF_OK);
    assert_int_equal(got, 0);
    assert_int_equal(source.read_at(&source, INT64_MAX, text, 2, &got, NULL), PF_OK);
    assert_int_equal(got, 0);
    assert_int_equal(source.read_at(&source, -1, text, 2, &got, NULL), PF_ARGUMENT);
    struct pf_source moved = source;
    assert_int_equal(moved.read_at(&moved, 0, text, 1, &got, NULL), PF_OK);
    pf_source_close(&moved);
    assert_null(moved.read_at);
    pf_source_close(&moved);
}

/* A source that does not know its size. */
static uint8_t big[300000];
static pf_status read_unsized(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                              struct pf_error *err) {
    size_t left = sizeof big - (size_t)offset;
    *got = want < left ? want : left;
    memcpy(to, big + offset, *got);
    return source->self ? pf_fail(err, PF_IO, "broken") : PF_OK;
}

static void slurping_takes_all_up_to_the_ceiling(void **state) {
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (uint8_t)(i * 7 + i / 256);
    struct pf_source sized, unsized = {.size_bytes = -1, .read_at = read_unsized};
    pf_source_memory(big, sizeof big, &sized);
    struct pf_source *both[] = {&sized, &unsized};
    for (int i = 0; i < 2; i++) {
        uint8_t *all = NULL;
        size_t size = 0;
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(pf_source_slurp(both[i], SIZE_MAX, &all, &size, &err), PF_OK);
        assert_int_equal(size, sizeof big);
        assert_memory_equal(all, big, sizeof big);
        pf_mem_free(all);
        assert_int_equal(pf_source_slurp(both[i], sizeof big, &all, &size, &err), PF_OK);
        pf_mem_free(all);
        assert_int_equal(pf_source_slurp(both[i], sizeof big - 1, &all, &size, &err), PF_LIMIT);
        assert_null(all);
        assert_int_equal(pf_source_slurp(both[i], 0, &all, &size, &err), PF_LIMIT);
        for (int64_t nth = 1; nth <= 2; nth++) {
            pf_mem_fail_from(nth);
            pf_status status = pf_source_slurp(both[i], SIZE_MAX, &all, &size, &err);
            pf_mem_fail_from(0);
            assert_true(status == PF_NO_MEMORY || (status == PF_OK && nth == 2));
            pf_mem_free(all);
        }
    }
    struct pf_source empty;
    uint8_t *all = NULL;
    size_t size = 9;
    pf_source_memory(NULL, 0, &empty);
    assert_int_equal(pf_source_slurp(&empty, 0, &all, &size, NULL), PF_OK);
    assert_int_equal(size, 0);
    assert_non_null(all);
    pf_mem_free(all);
    unsized.self = big;
    assert_int_equal(pf_source_slurp(&unsized, SIZE_MAX, &all, &size, NULL), PF_IO);
    assert_null(all);
}

static void a_memory_sink_keeps_or_forgets(void **state) {
    struct pf_buf buf = {.ceiling = 10};
    struct pf_sink sink;
    pf_sink_memory(&buf, &sink);
    assert_int_equal(sink.write(&sink, "hello", 5, NULL), PF_OK);
    assert_int_equal(sink.write(&sink, "worlds", 6, NULL), PF_LIMIT);
    assert_int_equal(sink.write(&sink, "world", 5, NULL), PF_OK);
    assert_int_equal(sink.commit(&sink, NULL), PF_OK);
    assert_memory_equal(buf.data, "helloworld", 10);
    pf_sink_memory(&buf, &sink);
    sink.abort(&sink);
    assert_int_equal(buf.size, 0);
    pf_sink_nothing(&sink);
    assert_int_equal(sink.write(&sink, "x", 1, NULL), PF_OK);
    assert_int_equal(sink.commit(&sink, NULL), PF_OK);
    pf_sink_nothing(&sink);
    sink.abort(&sink);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_read_at_any_offset),
        cmocka_unit_test(slurping_takes_all_up_to_the_ceiling),
        cmocka_unit_test(a_memory_sink_keeps_or_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
