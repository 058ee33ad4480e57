/* test_bytes_meter.c — counting, and cancel.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_meter.h"
#include "bytes/bytes_sink.h"
#include "bytes/bytes_source.h"

struct probe {
    int calls;
    int closed;
    size_t most;
    atomic_bool *cancel_after_two;
};

static pf_status read_probe(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                            struct pf_error *err) {
    struct probe *probe = source->self;
    probe->most = want > probe->most ? want : probe->most;
    *got = offset + (int64_t)want <= source->size_bytes ? want : (size_t)(source->size_bytes - offset);
    memset(to, 'x', *got);
    if (++probe->calls == 2 && probe->cancel_after_two)
        atomic_store(probe->cancel_after_two, true);
    return PF_OK;
}

static void close_probe(struct pf_source *source) { ((struct probe *)source->self)->closed++; }

static void reads_are_counted_in_steps_of_a_mebibyte(void **state) {
    struct pf_meter meter = {0};
    struct probe probe = {0};
    struct pf_source inner = {
        .size_bytes = 5000000, .random = 1, .self = &probe, .read_at = read_probe, .close = close_probe};
    struct pf_source source;
    assert_int_equal(pf_meter_source(&meter, &inner, &source, NULL), PF_OK);
    assert_null(inner.read_at);
    assert_int_equal(source.size_bytes, 5000000);
    assert_int_equal(source.random, 1);
    char *to = pf_mem_alloc(6000000);
    size_t got;
    assert_int_equal(source.read_at(&source, 0, to, 6000000, &got, NULL), PF_OK);
    assert_int_equal(got, 5000000);
    assert_int_equal(probe.most, 1 << 20);
    assert_int_equal(source.read_at(&source, 100, to, 10, &got, NULL), PF_OK);
    assert_int_equal(got, 10);
    assert_int_equal(atomic_load(&meter.bytes_in), 5000010);
    pf_source_close(&source);
    assert_int_equal(probe.closed, 1);
    pf_mem_free(to);
}

static void a_cancel_comes_through_a_huge_read(void **state) {
    atomic_bool cancelled = false;
    struct pf_meter meter = {.cancelled = &cancelled};
    struct probe probe = {.cancel_after_two = &cancelled};
    struct pf_source inner = {.size_bytes = 1 << 30, .self = &probe, .read_at = read_probe}, source;
    assert_int_equal(pf_meter_source(&meter, &inner, &source, NULL), PF_OK);
    char *to = pf_mem_alloc(16 << 20);
    size_t got;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(source.read_at(&source, 0, to, 16 << 20, &got, &err), PF_CANCELLED);
    assert_int_equal(probe.calls, 2);
    pf_source_close(&source);
    pf_mem_free(to);
}

static void writes_are_counted_and_cancel_wins_over_commit(void **state) {
    atomic_bool cancelled = false;
    struct pf_meter meter = {.cancelled = &cancelled};
    struct pf_buf buf = {0};
    struct pf_sink inner, sink;
    pf_sink_memory(&buf, &inner);
    assert_int_equal(pf_meter_sink(&meter, &inner, &sink, NULL), PF_OK);
    char *bytes = pf_mem_zero(1, 3000000);
    assert_int_equal(sink.write(&sink, bytes, 3000000, NULL), PF_OK);
    assert_int_equal(sink.write(&sink, bytes, 0, NULL), PF_OK);
    assert_int_equal(atomic_load(&meter.bytes_out), 3000000);
    assert_int_equal(buf.size, 3000000);
    atomic_store(&cancelled, true);
    assert_int_equal(sink.write(&sink, bytes, 1, NULL), PF_CANCELLED);
    assert_int_equal(sink.commit(&sink, NULL), PF_CANCELLED);
    assert_int_equal(buf.size, 0);
    atomic_store(&cancelled, false);
    pf_sink_memory(&buf, &inner);
    assert_int_equal(pf_meter_sink(&meter, &inner, &sink, NULL), PF_OK);
    assert_int_equal(sink.write(&sink, "abc", 3, NULL), PF_OK);
    assert_int_equal(sink.commit(&sink, NULL), PF_OK);
    assert_memory_equal(buf.data, "abc", 3);
    pf_sink_memory(&buf, &inner);
    assert_int_equal(pf_meter_sink(&meter, &inner, &sink, NULL), PF_OK);
    sink.abort(&sink);
    sink.abort(&sink);
    assert_int_equal(buf.size, 0);
    pf_mem_free(bytes);
}

static void no_memory_leaves_the_inner_ones_to_the_caller(void **state) {
    struct pf_meter meter = {0};
    struct pf_source source, metered;
    struct pf_sink sink, metered_sink;
    pf_source_memory("a", 1, &source);
    pf_sink_nothing(&sink);
    pf_mem_fail_from(1);
    assert_int_equal(pf_meter_source(&meter, &source, &metered, NULL), PF_NO_MEMORY);
    assert_int_equal(pf_meter_sink(&meter, &sink, &metered_sink, NULL), PF_NO_MEMORY);
    pf_mem_fail_from(0);
    assert_non_null(source.read_at);
    assert_non_null(sink.write);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_are_counted_in_steps_of_a_mebibyte),
        cmocka_unit_test(a_cancel_comes_through_a_huge_read),
        cmocka_unit_test(writes_are_counted_and_cancel_wins_over_commit),
        cmocka_unit_test(no_memory_leaves_the_inner_ones_to_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
