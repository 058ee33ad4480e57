/* test_parquet_thrift.c — compact protocol: the bytes that the specification says.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "write/parquet/parquet_thrift.h"

static void expect_bytes(struct pf_buf *buf, const void *bytes, size_t size) {
    assert_int_equal(buf->size, size);
    assert_memory_equal(buf->data, bytes, size);
    pf_buf_clear(buf);
}

static void fields_count_from_the_one_before(void **state) {
    (void)state;
    struct pf_buf buf = {0};
    struct pf_thrift t;
    pf_thrift_begin(&t, &buf, NULL);
    pf_thrift_i32(&t, 1, 1);
    pf_thrift_i64(&t, 3, -1);
    pf_thrift_bool(&t, 4, true);
    pf_thrift_bool(&t, 5, false);
    pf_thrift_i16(&t, 40, 300); /* too far for a short head */
    pf_thrift_i8(&t, 41, -2);
    assert_int_equal(pf_thrift_done(&t), PF_OK);
    expect_bytes(&buf, "\x15\x02\x26\x01\x11\x12\x04\x50\xD8\x04\x13\xFE\x00", 13);
}

static void structs_begin_their_own_count(void **state) {
    (void)state;
    struct pf_buf buf = {0};
    struct pf_thrift t;
    pf_thrift_begin(&t, &buf, NULL);
    pf_thrift_open(&t, 2);
    pf_thrift_text(&t, 1, "ab");
    pf_thrift_close(&t);
    pf_thrift_i32(&t, 3, 5);
    assert_int_equal(pf_thrift_done(&t), PF_OK);
    expect_bytes(&buf,
                 "\x2C\x18\x02"
                 "ab\x00\x15\x0A\x00",
                 9);
}

static void lists_say_their_size_short_and_long(void **state) {
    (void)state;
    struct pf_buf buf = {0};
    struct pf_thrift t;
    pf_thrift_begin(&t, &buf, NULL);
    pf_thrift_list(&t, 1, PF_THRIFT_BOOL, 2);
    pf_thrift_item_bool(&t, true);
    pf_thrift_item_bool(&t, false);
    pf_thrift_list(&t, 2, PF_THRIFT_I64, 16);
    for (int i = 0; i < 16; i++)
        pf_thrift_item_i64(&t, i);
    assert_int_equal(pf_thrift_done(&t), PF_OK);
    expect_bytes(&buf, "\x19\x21\x01\x02\x19\xF6\x10\0\2\4\6\x8\xA\xC\xE\x10\x12\x14\x16\x18\x1A\x1C\x1E\0",
                 24);
}

static void pasted_fields_are_gone_on_after(void **state) {
    (void)state;
    struct pf_buf buf = {0};
    struct pf_thrift t;
    pf_thrift_begin(&t, &buf, NULL);
    pf_thrift_paste(&t, "\x35\x02", 2, 3);
    pf_thrift_i32(&t, 4, 1);
    assert_int_equal(pf_thrift_done(&t), PF_OK);
    expect_bytes(&buf, "\x35\x02\x15\x02\x00", 5);
}

static void the_first_failure_sticks(void **state) {
    (void)state;
    struct pf_buf buf = {0};
    struct pf_error err = PF_ERROR_INIT;
    struct pf_thrift t;
    pf_thrift_begin(&t, &buf, &err);
    pf_mem_fail_from(1);
    pf_thrift_i32(&t, 1, 1);
    pf_mem_fail_from(0);
    pf_thrift_i32(&t, 2, 1);
    assert_int_equal(pf_thrift_done(&t), PF_NO_MEMORY);
    assert_int_equal(err.code, PF_NO_MEMORY);
    assert_int_equal(buf.size, 0);
}

static void structs_too_deep_are_our_bug(void **state) {
    (void)state;
    struct pf_buf buf = {0};
    struct pf_thrift t;
    pf_thrift_begin(&t, &buf, NULL);
    for (int i = 0; i < PF_THRIFT_DEPTH; i++)
        pf_thrift_open(&t, 1);
    assert_int_equal(pf_thrift_done(&t), PF_INTERNAL);
    pf_buf_clear(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_count_from_the_one_before),
        cmocka_unit_test(structs_begin_their_own_count),
        cmocka_unit_test(lists_say_their_size_short_and_long),
        cmocka_unit_test(pasted_fields_are_gone_on_after),
        cmocka_unit_test(the_first_failure_sticks),
        cmocka_unit_test(structs_too_deep_are_our_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
