/* test_arena.c — the bump allocator.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"

static void pieces_are_aligned_and_do_not_overlap(void **state) {
    struct pf_arena arena = {0};
    uint8_t *pieces[2000];
    size_t sizes[2000];
    uint32_t seed = 7;
    for (int i = 0; i < 2000; i++) {
        seed = seed * 1664525 + 1013904223;
        sizes[i] = i % 100 == 99 ? 50000 : seed >> 24;
        pieces[i] = pf_arena_take(&arena, sizes[i]);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 16, 0);
        memset(pieces[i], i & 0xff, sizes[i]);
    }
    for (int i = 0; i < 2000; i++)
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(pieces[i][k], i & 0xff);
    pf_arena_clear(&arena);
    assert_null(arena.head);
    assert_int_equal(arena.total, 0);
    pf_arena_clear(&arena);
}

static void text_is_copied_with_a_nul(void **state) {
    struct pf_arena arena = {0};
    assert_string_equal(pf_arena_text(&arena, "abcdef", 3), "abc");
    assert_string_equal(pf_arena_text(&arena, NULL, 0), "");
    pf_arena_clear(&arena);
}

static void reset_keeps_the_largest_block_only(void **state) {
    struct pf_arena arena = {0};
    pf_arena_reset(&arena);
    for (int i = 0; i < 100; i++)
        pf_arena_take(&arena, 1000);
    pf_arena_take(&arena, 500000);
    size_t before = arena.total;
    pf_arena_reset(&arena);
    assert_true(arena.total >= 500000 && arena.total < before);
    size_t kept = arena.total;
    assert_non_null(pf_arena_take(&arena, 400000)); /* fits without a new block */
    assert_int_equal(arena.total, kept);
    pf_arena_clear(&arena);
}

static void few_blocks_serve_many_pieces(void **state) {
    struct pf_arena arena = {0};
    pf_mem_fail_from(INT64_MAX);
    for (int i = 0; i < 100000; i++)
        pf_arena_take(&arena, 100);
    assert_true(pf_mem_count() < 20);
    pf_mem_fail_from(0);
    assert_true(arena.total < 100000 * 112 + (5u << 20));
    pf_arena_clear(&arena);
}

static void no_memory_gives_null_and_leaves_the_arena_good(void **state) {
    struct pf_arena arena = {0};
    char *text = pf_arena_text(&arena, "kept", 4);
    pf_mem_fail_from(1);
    assert_null(pf_arena_take(&arena, 100000));
    pf_mem_fail_from(0);
    assert_null(pf_arena_take(&arena, SIZE_MAX));
    assert_null(pf_arena_text(&arena, "x", SIZE_MAX));
    assert_string_equal(text, "kept");
    assert_non_null(pf_arena_take(&arena, 100000));
    pf_arena_clear(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_and_do_not_overlap),
        cmocka_unit_test(text_is_copied_with_a_nul),
        cmocka_unit_test(reset_keeps_the_largest_block_only),
        cmocka_unit_test(few_blocks_serve_many_pieces),
        cmocka_unit_test(no_memory_gives_null_and_leaves_the_arena_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
