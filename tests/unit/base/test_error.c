/* test_error.c — what stands in struct pf_error after a failure.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/error.h"

static void a_failure_fills_everything(void **state) {
    struct pf_error err;
    memset(&err, 0x55, sizeof err);
    assert_int_equal(pf_fail(&err, PF_BAD_DATA, "cell '%s' is %d", "x", 5), PF_BAD_DATA);
    assert_int_equal(err.struct_size, sizeof err);
    assert_int_equal(err.code, PF_BAD_DATA);
    assert_int_equal(err.row, -1);
    assert_int_equal(err.byte, -1);
    assert_string_equal(err.where, "");
    assert_string_equal(err.message, "cell 'x' is 5");
    assert_int_equal(pf_fail_at(&err, PF_LIMIT, 7, 99, "y"), PF_LIMIT);
    assert_int_equal(err.row, 7);
    assert_int_equal(err.byte, 99);
    pf_error_clear(&err);
    assert_int_equal(err.code, PF_OK);
    assert_int_equal(err.row, -1);
    assert_string_equal(err.message, "");
}

static void null_is_allowed_everywhere(void **state) {
    assert_int_equal(pf_fail(NULL, PF_IO, "x"), PF_IO);
    assert_int_equal(pf_fail_at(NULL, PF_IO, 1, 2, "x"), PF_IO);
    assert_int_equal(pf_fail_memory(NULL, 5), PF_NO_MEMORY);
    assert_int_equal(pf_fail_errno(NULL, ENOENT, "open", "x"), PF_NOT_FOUND);
    pf_where(NULL, "x");
    pf_error_clear(NULL);
}

static void errno_becomes_our_codes(void **state) {
    const struct {
        int number;
        pf_status code;
    } cases[] = {{ENOENT, PF_NOT_FOUND}, {ENOTDIR, PF_NOT_FOUND}, {EEXIST, PF_EXISTS},    {EACCES, PF_DENIED},
                 {EPERM, PF_DENIED},     {EROFS, PF_DENIED},      {ENOMEM, PF_NO_MEMORY}, {EIO, PF_IO},
                 {ENOSPC, PF_IO},        {EMFILE, PF_IO},         {ENAMETOOLONG, PF_IO}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(pf_fail_errno(&err, cases[i].number, "open", "a.csv"), cases[i].code);
        assert_memory_equal(err.message, "cannot open 'a.csv': ", 21);
        assert_true(strlen(err.message) > 25);
    }
    struct pf_error err = PF_ERROR_INIT;
    pf_fail_errno(&err, ENOSPC, "write", "a.csv");
    assert_non_null(strstr(err.message, "free some space"));
}

static void places_are_put_in_front(void **state) {
    struct pf_error err = PF_ERROR_INIT;
    pf_fail(&err, PF_BAD_DATA, "m");
    pf_where(&err, "column '%s'", "Price");
    pf_where(&err, "file '%s'", "a.csv");
    assert_string_equal(err.where, "file 'a.csv', column 'Price'");
    assert_string_equal(err.message, "m");
    char name[300];
    memset(name, 'n', 299);
    name[299] = 0;
    pf_where(&err, "%s", name);
    assert_int_equal(strlen(err.where), sizeof err.where - 1);
}

static void messages_are_one_line_and_end_with_a_whole_character(void **state) {
    struct pf_error err = PF_ERROR_INIT;
    pf_fail(&err, PF_BAD_DATA, "a\nb\x1b[31m");
    assert_string_equal(err.message, "a?b?[31m");
    char text[500];
    for (int shift = 0; shift < 4; shift++) {
        memset(text, 'x', (size_t)shift);
        for (int i = 0; i < 120; i++)
            memcpy(text + shift + i * 3, "\xE2\x82\xAC", 3);
        text[shift + 360] = 0;
        pf_fail(&err, PF_BAD_DATA, "%s", text);
        size_t size = strlen(err.message);
        assert_int_equal((size - (size_t)shift) % 3, 0);
        assert_true(size > sizeof err.message - 4);
    }
    pf_fail(&err, PF_BAD_DATA, "\xBF\xBF\xBF\xBF");
    pf_fail(&err, PF_BAD_DATA, "%s", err.message); /* its own message */
    assert_string_equal(err.message, "\xBF\xBF\xBF\xBF");
}

static pf_status pass_on(pf_status status) {
    PF_TRY(status);
    return PF_INTERNAL;
}

static void try_passes_failures_on(void **state) {
    assert_int_equal(pass_on(PF_IO), PF_IO);
    assert_int_equal(pass_on(PF_OK), PF_INTERNAL);
}

static void no_memory_names_the_size(void **state) {
    struct pf_error err = PF_ERROR_INIT;
    pf_fail_memory(&err, 12345);
    assert_non_null(strstr(err.message, "12345"));
    pf_fail_memory(&err, 0);
    assert_null(strstr(err.message, "0 bytes"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_fills_everything),
        cmocka_unit_test(null_is_allowed_everywhere),
        cmocka_unit_test(errno_becomes_our_codes),
        cmocka_unit_test(places_are_put_in_front),
        cmocka_unit_test(messages_are_one_line_and_end_with_a_whole_character),
        cmocka_unit_test(try_passes_failures_on),
        cmocka_unit_test(no_memory_names_the_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
