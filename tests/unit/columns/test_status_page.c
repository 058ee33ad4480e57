/* test_status_page.c — docs/errors.md lists every status code with its number and meaning.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "columns/columns_stream.h"

static char page[1 << 16];

static void every_code_stands_on_the_page(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int number;
        const char *text;
    } codes[] = {
#define ROW(name, number, text) {#name, number, text},
        PF_STATUS_LIST(ROW)};
    size_t rows = 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char row[256];
        snprintf(row, sizeof row, "\n| %d | `%s` | %s |", codes[i].number, codes[i].name, codes[i].text);
        if (!strstr(page, row))
            fail_msg("docs/errors.md lacks:%s", row);
    }
    for (const char *at = page; (at = strstr(at, " | `")); at++)
        rows += strspn(at + 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") > 0;
    assert_int_equal(rows, sizeof codes / sizeof *codes);
}

static void every_errno_number_stands_on_the_page(void **state) {
    (void)state;
    static const struct {
        const char *code;
        pf_status status;
        const char *name;
        int number;
    } rows[] = {
#define PAIR(code, name) {#code, PF_##code, #name, name},
        PAIR(ARGUMENT, EINVAL) PAIR(STATE, EBUSY) PAIR(NOT_FOUND, ENOENT) PAIR(EXISTS, EEXIST)
            PAIR(DENIED, EACCES) PAIR(IO, EIO) PAIR(BAD_DATA, EBADMSG) PAIR(UNSUPPORTED, ENOSYS)
                PAIR(LIMIT, EOVERFLOW) PAIR(PASSWORD, EKEYREJECTED) PAIR(NOT_MINE, ENOEXEC) PAIR(WIDEN, ERANGE)
                    PAIR(NO_MEMORY, ENOMEM) PAIR(CANCELLED, ECANCELED) PAIR(EXTENSION, EPROTO)
                        PAIR(UNAVAILABLE, EAGAIN) PAIR(INTERNAL, ENOTRECOVERABLE)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char cell[64];
        assert_int_equal(pf_status_to_errno(rows[i].status), rows[i].number);
        snprintf(cell, sizeof cell, "| %s | %s |", rows[i].code, rows[i].name);
        if (!strstr(page, cell))
            fail_msg("docs/errors.md lacks: %s", cell);
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_stands_on_the_page),
        cmocka_unit_test(every_errno_number_stands_on_the_page),
    };
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file)
        return 2;
    page[fread(page, 1, sizeof page - 1, file)] = 0;
    fclose(file);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
