/* test_map.c — the map, and the hash below it.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"

static void finds_what_was_added_and_nothing_else(void **state) {
    struct pf_map map = {0};
    int64_t value = 0;
    assert_false(pf_map_find(&map, "a", 1, &value));
    char key[32];
    for (int i = 0; i < 5000; i++) {
        int size = snprintf(key, sizeof key, "key-%d", i);
        assert_int_equal(pf_map_add(&map, key, (size_t)size, i, &value, NULL), PF_OK);
        assert_int_equal(value, i);
    }
    assert_int_equal(map.count, 5000);
    for (int i = 0; i < 5000; i++) {
        int size = snprintf(key, sizeof key, "key-%d", i);
        assert_true(pf_map_find(&map, key, (size_t)size, &value));
        assert_int_equal(value, i);
        assert_false(pf_map_find(&map, key, (size_t)size - 1, NULL) && i < 10);
        snprintf(key, sizeof key, "kex-%d", i);
        assert_false(pf_map_find(&map, key, (size_t)size, &value));
    }
    pf_map_clear(&map);
    assert_false(pf_map_find(&map, "key-1", 5, &value));
    pf_map_clear(&map);
}

static void the_first_value_of_a_key_stays(void **state) {
    struct pf_map map = {0};
    int64_t found = 0;
    assert_int_equal(pf_map_add(&map, "k", 1, 5, &found, NULL), PF_OK);
    assert_int_equal(pf_map_add(&map, "k", 1, 6, &found, NULL), PF_OK);
    assert_int_equal(found, 5);
    assert_int_equal(pf_map_add(&map, "k", 1, 7, NULL, NULL), PF_OK);
    assert_int_equal(map.count, 1);
    pf_map_clear(&map);
}

static void empty_keys_and_keys_with_nuls_are_keys(void **state) {
    struct pf_map map = {0};
    int64_t value = 0;
    assert_int_equal(pf_map_add(&map, "", 0, 1, NULL, NULL), PF_OK);
    assert_int_equal(pf_map_add(&map, "\0", 1, 2, NULL, NULL), PF_OK);
    assert_int_equal(pf_map_add(&map, "\0a", 2, 3, NULL, NULL), PF_OK);
    assert_true(pf_map_find(&map, "", 0, &value) && value == 1);
    assert_true(pf_map_find(&map, "\0", 1, &value) && value == 2);
    assert_true(pf_map_find(&map, "\0a", 2, &value) && value == 3);
    pf_map_clear(&map);
}

static void no_memory_adds_nothing(void **state) {
    for (int64_t nth = 1; nth <= 2; nth++) {
        struct pf_map map = {0};
        struct pf_error err = PF_ERROR_INIT;
        pf_mem_fail_from(nth);
        assert_int_equal(pf_map_add(&map, "a", 1, 1, NULL, &err), PF_NO_MEMORY);
        pf_mem_fail_from(0);
        assert_int_equal(map.count, 0);
        assert_false(pf_map_find(&map, "a", 1, NULL));
        assert_int_equal(pf_map_add(&map, "a", 1, 1, NULL, &err), PF_OK);
        pf_map_clear(&map);
    }
}

static void the_hash_is_xxh3_with_seed_zero(void **state) {
    assert_int_equal(pf_hash("", 0), 0x2D06800538D394C2u); /* published test vector */
    assert_true(pf_hash("a", 1) != pf_hash("b", 1));
    assert_true(pf_hash_word(1) != pf_hash_word(2));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_added_and_nothing_else),
        cmocka_unit_test(the_first_value_of_a_key_stays),
        cmocka_unit_test(empty_keys_and_keys_with_nuls_are_keys),
        cmocka_unit_test(no_memory_adds_nothing),
        cmocka_unit_test(the_hash_is_xxh3_with_seed_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
