/* test_mem.c — the heap door: sizes, alignment, the switch that makes requests fail.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static void gives_memory_for_size_zero(void **state) {
    void *a = pf_mem_alloc(0), *b = pf_mem_zero(0, 8), *c = pf_mem_aligned(0);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    pf_mem_free(a);
    pf_mem_free(b);
    pf_mem_free(c);
    pf_mem_free(NULL);
}

static void zeroed_memory_is_zero_and_overflow_is_refused(void **state) {
    uint8_t *a = pf_mem_zero(1000, 3);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(a[i], 0);
    pf_mem_free(a);
    assert_null(pf_mem_zero(SIZE_MAX / 2, 3));
    assert_null(pf_mem_aligned(SIZE_MAX - 5));
}

static void aligned_memory_starts_at_a_multiple_of_64(void **state) {
    for (size_t size = 1; size < 5000; size = size * 2 + 1) {
        uint8_t *a = pf_mem_aligned(size);
        assert_int_equal((uintptr_t)a % 64, 0);
        memset(a, 1, size);
        pf_mem_free(a);
    }
}

static void growing_keeps_what_was_there(void **state) {
    char *a = pf_mem_text("hello", 5);
    a = pf_mem_grow(a, 100000);
    assert_string_equal(a, "hello");
    pf_mem_free(a);
}

static void text_is_copied_with_a_nul(void **state) {
    char *a = pf_mem_text("hello world", 5), *b = pf_mem_text(NULL, 0);
    assert_string_equal(a, "hello");
    assert_string_equal(b, "");
    pf_mem_free(a);
    pf_mem_free(b);
}

static void blocks_alive_are_counted_while_it_is_switched_on(void **state) {
    void *before = pf_mem_alloc(1);
    pf_mem_fail_from(INT64_MAX);
    void *a = pf_mem_zero(1, 1), *b = pf_mem_grow(NULL, 1), *c = pf_mem_aligned(1);
    assert_int_equal(pf_mem_live(), 3);
    b = pf_mem_grow(b, 100);
    assert_int_equal(pf_mem_live(), 3);
    pf_mem_free(a);
    pf_mem_free(b);
    pf_mem_free(c);
    pf_mem_free(NULL);
    assert_int_equal(pf_mem_live(), 0);
    pf_mem_fail_from(0);
    pf_mem_free(before);
    assert_int_equal(pf_mem_live(), 0);
}

static void the_nth_request_and_all_after_it_fail(void **state) {
    void *kept[2];
    pf_mem_fail_from(3);
    kept[0] = pf_mem_alloc(1);
    kept[1] = pf_mem_zero(1, 1);
    assert_non_null(kept[0]);
    assert_non_null(kept[1]);
    assert_null(pf_mem_alloc(1));
    assert_null(pf_mem_zero(1, 1));
    assert_null(pf_mem_grow(kept[0], 1000));
    assert_null(pf_mem_aligned(1));
    assert_null(pf_mem_text("a", 1));
    assert_int_equal(pf_mem_count(), 7);
    pf_mem_fail_from(0);
    pf_mem_free(kept[0]);
    pf_mem_free(kept[1]);
    void *a = pf_mem_alloc(1);
    assert_non_null(a);
    pf_mem_free(a);
}

static void one_request_alone_fails(void **state) {
    pf_mem_fail_once(2);
    void *first = pf_mem_alloc(1), *second = pf_mem_alloc(1), *third = pf_mem_alloc(1);
    pf_mem_fail_from(0);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    pf_mem_free(first);
    pf_mem_free(third);
}

static void the_greatest_nth_only_counts(void **state) {
    pf_mem_fail_from(INT64_MAX);
    void *a = pf_mem_alloc(10);
    assert_non_null(a);
    assert_int_equal(pf_mem_count(), 1);
    pf_mem_fail_from(0);
    pf_mem_free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_memory_for_size_zero),
        cmocka_unit_test(zeroed_memory_is_zero_and_overflow_is_refused),
        cmocka_unit_test(aligned_memory_starts_at_a_multiple_of_64),
        cmocka_unit_test(growing_keeps_what_was_there),
        cmocka_unit_test(text_is_copied_with_a_nul),
        cmocka_unit_test(blocks_alive_are_counted_while_it_is_switched_on),
        cmocka_unit_test(the_nth_request_and_all_after_it_fail),
        cmocka_unit_test(one_request_alone_fails),
        cmocka_unit_test(the_greatest_nth_only_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
