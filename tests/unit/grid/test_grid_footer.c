/* test_grid_footer.c — what stands below a table, and what only looks so.        SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "grid/grid_footer.h"
#include "grid_fake.h"

/* The first row of the footer, from 1, of a sheet whose first row is the header; 0: none. Also its last row. */
static int64_t find(const char *sheet, int64_t *last) {
    struct fake_book fake;
    struct pf_grid_block block = {0};
    void *cursor;
    struct pf_grid_book book = fake_make(&fake, sheet, NULL);
    struct pf_grid_view view = {&book, false, {0, PF_GRID_ROWS - 1, 0, PF_GRID_COLUMNS - 1}};
    fake.rows_per_block = 10000;
    assert_int_equal(fake_open(&fake, 0, 0, &cursor, NULL), PF_OK);
    assert_int_equal(fake_next(cursor, &block, NULL), PF_OK);
    *last = -1;
    int64_t from = pf_grid_footer_find(&view, &block, 1, 1, PF_GRID_ROWS - 1, last);
    fake_close(cursor);
    pf_grid_block_clear(&block);
    return from + 1;
}

#define BODY "k|n|v\na|1|2\nb|3|4\nc|5|6\n" /* rows 1 to 4 */

static void notes_and_totals_below_a_table_are_found(void **state) {
    (void)state;
    static const struct {
        const char *sheet;
        int64_t from, last;
    } cases[] = {
        {BODY "\nSource: the office\n", 6, 6},
        {BODY "Source: the office\n", 5, 5},
        {BODY "\nanything\nelse\n", 6, 7},
        {BODY "\n\nNotes\n* estimated\n", 7, 8},
        {BODY "\nTotal|9|12\n", 6, 6},
        {BODY "\nTotal|9|12\n\nSource: the office\n", 6, 8},
        {BODY "Total||12\nprepared by the second office\n", 6, 6}, /* that total may be data */
        {BODY "Total\n", 5, 5},
        {"k|n|v|w\na|1|2|3\nb|3|4|5\nc|5|6|7\nGrand total|||15\n", 5, 5},
        {BODY "---\n", 5, 5},
        {BODY "\n'  |Note: one\n", 6, 6},
        {BODY "\nanything\n@90\n'|'|'\n", 6, 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t last, from = find(cases[i].sheet, &last);
        if (from != cases[i].from || last + 1 != cases[i].last)
            fail_msg("case %d: footer %d to %d", (int)i, (int)from, (int)last + 1);
    }
}

static void in_doubt_a_row_is_data(void **state) {
    (void)state;
    static const char *const sheets[] = {
        BODY,
        BODY "Total|9|12\n",                          /* as wide as the table, on it */
        BODY "\nd|7|8\n",                             /* a gap */
        BODY "d\n",                                   /* a name without values */
        BODY "\n|7\n",                                /* a number alone */
        BODY "\nSumatra|7|8\n",                       /* no sum */
        "k|v\na|1\nb|2\n\nc\n",                       /* of two columns, one */
        "v\na\nb\nNote: c\n",                         /* of one column, all */
        BODY "\nx|y\n1|2\n3|4\n5|6\n",                /* another table */
        "k|n|v\na\nb|1|2\nNote: c\nd|3|4\nNote: e\n", /* such rows are usual here */
        "k|n|v\na|1|2\nNote: b\n",                    /* too short to tell */
        "k|n|v\n\n",
    };
    for (size_t i = 0; i < sizeof sheets / sizeof sheets[0]; i++) {
        int64_t last, from = find(sheets[i], &last);
        if (from != 0)
            fail_msg("case %d: footer from %d", (int)i, (int)from);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_and_totals_below_a_table_are_found),
        cmocka_unit_test(in_doubt_a_row_is_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
