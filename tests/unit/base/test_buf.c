/* test_buf.c — the growable buffer and its ceiling.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"

static void bytes_come_out_as_they_went_in(void **state) {
    struct pf_buf buf = {0};
    struct pf_error err = PF_ERROR_INIT;
    for (int i = 0; i < 10000; i++) {
        char text[8];
        memcpy(text, &i, 4);
        assert_int_equal(pf_buf_put(&buf, text, 4, &err), PF_OK);
    }
    assert_int_equal(buf.size, 40000);
    assert_int_equal((uintptr_t)buf.data % 64, 0);
    for (int i = 0; i < 10000; i++)
        assert_memory_equal(buf.data + i * 4, &i, 4);
    pf_buf_clear(&buf);
    assert_null(buf.data);
    pf_buf_clear(&buf);
}

static void printing_handles_short_and_long_texts(void **state) {
    struct pf_buf buf = {0};
    char long_text[1000];
    memset(long_text, 'x', 999);
    long_text[999] = 0;
    assert_int_equal(pf_buf_print(&buf, NULL, "%d-%s;", 5, "a"), PF_OK);
    assert_int_equal(pf_buf_print(&buf, NULL, "%s", long_text), PF_OK);
    assert_int_equal(pf_buf_text(&buf, "end", NULL), PF_OK);
    char *text = pf_buf_take(&buf);
    assert_int_equal(strlen(text), 4 + 999 + 3);
    assert_memory_equal(text, "5-a;xxx", 7);
    assert_string_equal(text + 4 + 999, "end");
    assert_int_equal(buf.size, 0);
    assert_null(buf.data);
    pf_mem_free(text);
}

static void the_ceiling_is_exact(void **state) {
    struct pf_buf buf = {.ceiling = 300};
    struct pf_error err = PF_ERROR_INIT;
    char bytes[301] = {0};
    assert_int_equal(pf_buf_put(&buf, bytes, 200, &err), PF_OK);
    assert_int_equal(pf_buf_put(&buf, bytes, 101, &err), PF_LIMIT);
    assert_int_equal(err.code, PF_LIMIT);
    assert_int_equal(buf.size, 200);
    assert_int_equal(pf_buf_put(&buf, bytes, 100, &err), PF_OK);
    assert_int_equal(pf_buf_print(&buf, &err, "x"), PF_LIMIT);
    pf_buf_clear(&buf);
    assert_int_equal(buf.ceiling, 300);
}

static void a_full_buffer_and_an_empty_one_can_be_taken(void **state) {
    struct pf_buf buf = {0};
    char *text = pf_buf_take(&buf);
    assert_string_equal(text, "");
    pf_mem_free(text);
    char bytes[64];
    memset(bytes, 'a', 64);
    assert_int_equal(pf_buf_put(&buf, bytes, 64, NULL), PF_OK);
    assert_int_equal(buf.room, 64);
    text = pf_buf_take(&buf);
    assert_int_equal(strlen(text), 64);
    pf_mem_free(text);
}

static void no_memory_keeps_what_is_there(void **state) {
    struct pf_buf buf = {0};
    struct pf_error err = PF_ERROR_INIT;
    char bytes[64] = "abc";
    assert_int_equal(pf_buf_put(&buf, bytes, 64, &err), PF_OK);
    pf_mem_fail_from(1);
    assert_int_equal(pf_buf_put(&buf, bytes, 1, &err), PF_NO_MEMORY);
    assert_null(pf_buf_take(&buf));
    pf_mem_fail_from(0);
    assert_int_equal(pf_buf_reserve(&buf, SIZE_MAX, &err), PF_NO_MEMORY);
    assert_int_equal(buf.size, 64);
    assert_memory_equal(buf.data, "abc", 3);
    char long_text[400];
    memset(long_text, 'x', 399);
    long_text[399] = 0;
    pf_mem_fail_from(2);
    assert_int_equal(pf_buf_print(&buf, &err, "%s", long_text), PF_NO_MEMORY);
    pf_mem_fail_from(0);
    assert_int_equal(buf.size, 64);
    pf_buf_clear(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_out_as_they_went_in),
        cmocka_unit_test(printing_handles_short_and_long_texts),
        cmocka_unit_test(the_ceiling_is_exact),
        cmocka_unit_test(a_full_buffer_and_an_empty_one_can_be_taken),
        cmocka_unit_test(no_memory_keeps_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
