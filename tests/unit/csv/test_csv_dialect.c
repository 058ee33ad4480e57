/* test_csv_dialect.c — tests of read/csv. What the user says, "sep=" lines, odd files, the whole verdict.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"

static void an_empty_file_has_no_columns(void **state) {
    assert_int_equal(sniff("").columns, 0);
    assert_int_equal(sniff("\n").columns, 0);
    assert_int_equal(sniff("\n  \n\r\n").columns, 0);
    assert_int_equal(sniff("").tables, 0);
}

static void a_file_of_a_header_only_has_names_and_no_rows(void **state) {
    struct pf_csv_dialect d = sniff("id,name,city\n");
    assert_int_equal(d.header_rows, 1);
    assert_int_equal(d.columns, 3);
    assert_int_equal(d.data_at, 13);
    d = sniff("id,name,city");
    assert_int_equal(d.header_rows, 1);
    assert_int_equal(d.data_at, 12);
}

static void a_single_row_of_values_is_data(void **state) {
    struct pf_csv_dialect d = sniff("1,2,3,4\n");
    assert_int_equal(d.header_rows, 0);
    assert_int_equal(d.columns, 4);
}

static void a_sep_line_names_the_delimiter_and_is_skipped(void **state) {
    struct pf_csv_dialect d = sniff("sep=;\r\na;b,c\r\n1;2,0\r\n");
    assert_true(d.sep_line);
    assert_delimiter(d, ";");
    assert_int_equal(d.skip_rows, 1);
    assert_int_equal(d.header_at, 7);
    assert_int_equal(d.data_line, 3);
    d = sniff("\"sep=|\"\na|b\n1|2\n");
    assert_true(d.sep_line);
    assert_delimiter(d, "|");
    d = sniff("SEP=\t\na\tb\n1\t2\n");
    assert_delimiter(d, "\t");
    d = sniff("sep=\na,b\n1,2\n");
    assert_false(d.sep_line);
    assert_delimiter(d, ",");
}

/* "%," would take the sign away from every value, and the header with it. */
static void a_sign_that_values_end_with_is_no_part_of_the_delimiter(void **state) {
    static const char *const texts[] = {"a,b\n5%,2\n3%,3\n", "5%,2\n3%,3\n", "a,b\n$,1\n$,2\n",
                                        "a,b\n1*,1\n2*,2\n", "a,b\n1#,1\n2#,2\n3#,3\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct pf_csv_dialect d = sniff(texts[i]);
        assert_delimiter(d, ",");
        assert_int_equal(d.header_rows, texts[i][0] == 'a');
        assert_int_equal(d.skip_rows, 0);
    }
    struct pf_csv_dialect d = sniff("a|~|b\n1|~|2\n3|~|4\n");
    assert_delimiter(d, "|~|");
}

/* ",," would make one cell of two columns. */
static void an_empty_column_makes_no_wider_delimiter(void **state) {
    static const char signs[] = {',', ';', '|', '\t'};
    for (size_t i = 0; i < sizeof signs; i++) {
        char text[4096], sign[2] = {signs[i], 0};
        int size = snprintf(text, sizeof text, "a%sb%sc\n", sign, sign);
        for (int row = 0; row < 100; row++)
            size += snprintf(text + size, sizeof text - (size_t)size, "%d%s%s%d\n", row, sign, sign, row + 7);
        struct pf_csv_dialect d = sniff(text);
        assert_delimiter(d, sign);
        assert_int_equal(d.columns, 3);
    }
}

/* Each cell in tildes or backticks, or only those that hold the delimiter. */
static void other_signs_quote_where_they_make_the_rows_even(void **state) {
    static const char signs[] = "~`", delimiters[] = ",;|\t^";
    for (const char *q = signs; *q; q++)
        for (const char *d = delimiters; *d; d++)
            for (int every = 0; every < 2; every++) {
                char text[4096], delimiter[2] = {*d, 0};
                const char plain[2] = {every ? *q : 0, 0};
                int size = snprintf(text, sizeof text, "%sid%s%c%sname%s\n", plain, plain, *d, plain, plain);
                for (int row = 0; row < 30; row++)
                    size += snprintf(text + size, sizeof text - (size_t)size, "%s%d%s%c%cone%c %d%c\n", plain,
                                     row, plain, *d, *q, *d, row, *q);
                struct pf_csv_dialect found = sniff(text);
                assert_int_equal(found.quote, *q);
                assert_delimiter(found, delimiter);
                assert_int_equal(found.columns, 2);
            }
}

static void other_signs_around_a_few_cells_are_text(void **state) {
    static const char *const texts[] = {"id,code\n1,`ls`\n2,`pwd`\n3,`cat a`\n4,plain\n",
                                        "id,note\n1,~5~\n2,~6~\n3,~7~\n", "a~b\n1~2\n3~4\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(sniff(texts[i]).quote, '"');
}

static void few_ragged_rows_are_split(void **state) {
    struct pf_csv_dialect d = sniff("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12,\n");
    assert_delimiter(d, ",");
}

static void header_none_makes_every_record_data(void **state) {
    struct pf_csv_wish wish = NO_WISH;
    wish.header = 0;
    const char *text = "Report of all\n\na,b,c\n1,2,3\n4,5,6\n\nNote: a sentence of several words\n";
    struct pf_csv_dialect d = sniff_sized(text, strlen(text), wish);
    assert_delimiter(d, ",");
    assert_int_equal(d.header_rows, 0);
    assert_int_equal(d.skip_rows, 0);
    assert_int_equal(d.data_at, 0);
    assert_int_equal(d.data_line, 1);
    assert_int_equal(d.footer_at, -1);
    assert_int_equal(d.tables, 1);
    text = "sep=;\na;1\n2;3\n"; /* a directive stays one */
    d = sniff_sized(text, strlen(text), wish);
    assert_int_equal(d.skip_rows, 1);
    assert_int_equal(d.data_at, 6);
    assert_int_equal(d.data_line, 2);
}

static void skip_rows_of_the_user_are_lines_and_end_the_search(void **state) {
    struct pf_csv_wish wish = NO_WISH;
    wish.skip_rows = 2;
    const char *text = "x\ny\nTitle of things\nid,name\n1,a\n2,b\n";
    struct pf_csv_dialect d = sniff_sized(text, strlen(text), wish);
    assert_int_equal(d.skip_rows, 2);
    assert_int_equal(d.header_at, 4);
    wish.skip_rows = 3;
    d = sniff_sized(text, strlen(text), wish);
    assert_int_equal(d.skip_rows, 3);
    assert_int_equal(d.header_rows, 1);
    assert_int_equal(d.data_line, 5);
    wish.skip_rows = 0;
    d = sniff_sized(text, strlen(text), wish);
    assert_int_equal(d.skip_rows, 0);
    wish.skip_rows = 99;
    d = sniff_sized(text, strlen(text), wish);
    assert_int_equal(d.columns, 0);
}

static void a_number_of_header_rows_is_taken(void **state) {
    struct pf_csv_wish wish = NO_WISH;
    const char *text = "a,b\nc,d\n1,2\n3,4\n";
    wish.header = 2;
    struct pf_csv_dialect d = sniff_sized(text, strlen(text), wish);
    assert_int_equal(d.header_rows, 2);
    assert_int_equal(d.data_at, 8);
    wish.header = 1;
    text = "1,2\n3,4\n";
    d = sniff_sized(text, strlen(text), wish);
    assert_int_equal(d.header_rows, 1);
    assert_int_equal(d.data_at, 4);
    wish.header = 50;
    d = sniff_sized(text, strlen(text), wish);
    assert_int_equal(d.header_rows, 2);
}

static void each_part_can_be_given(void **state) {
    const char *text = "a;b,c\n1;2,3\n4;5,6\n";
    struct pf_csv_wish wish = NO_WISH;
    wish.delimiter = ";";
    struct pf_csv_dialect d = sniff_sized(text, strlen(text), wish);
    assert_delimiter(d, ";");
    assert_int_equal(d.columns, 2);
    wish.delimiter = "";
    d = sniff_sized(text, strlen(text), wish);
    assert_int_equal(d.delimiter_size, 0);
    assert_int_equal(d.columns, 1);
    wish.delimiter = "\\t";
    d = sniff_sized(text, strlen(text), wish);
    assert_delimiter(d, "\t");
    wish = NO_WISH;
    wish.quote = "";
    d = sniff_sized("\"a\",\"b\"\n\"1\",\"2\"\n", 16, wish);
    assert_int_equal(d.quote, 0);
    wish.quote = "'";
    d = sniff_sized("a,b\n1,2\n", 8, wish);
    assert_int_equal(d.quote, '\'');
    wish.escape = "\\";
    d = sniff_sized("a,b\n1,2\n", 8, wish);
    assert_int_equal(d.escape, '\\');
    wish.comment = "%";
    d = sniff_sized("a,b\n% no\n1,2\n", 13, wish);
    assert_int_equal(d.comment, '%');
    wish = NO_WISH;
    wish.comment = "";
    d = sniff_sized("# one\n# two\na,b\n1,2\n", 20, wish);
    assert_int_equal(d.comment, 0);
}

static void nonsense_wishes_are_refused(void **state) {
    static const char *const bad[] = {"0123456789abcdef", "a\nb"};
    struct pf_error err = PF_ERROR_INIT;
    for (int i = 0; i < 2; i++) {
        struct pf_csv_wish wish = NO_WISH;
        struct pf_csv_dialect d = {0};
        wish.delimiter = bad[i];
        assert_int_equal(pf_csv_sniff("a,b\n", 4, true, NULL, 0, -1, &wish, &d, &err), PF_ARGUMENT);
    }
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {0};
    wish.quote = "''";
    assert_int_equal(pf_csv_sniff("a,b\n", 4, true, NULL, 0, -1, &wish, &d, &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "quote"));
}

static void line_ends_are_told_apart(void **state) {
    assert_int_equal(sniff("a,b\n1,2\n").line_end, PF_LINE_LF);
    assert_int_equal(sniff("a,b\r\n1,2\r\n").line_end, PF_LINE_CRLF);
    assert_int_equal(sniff("a,b\r1,2\r3,4\r").line_end, PF_LINE_CR);
    assert_int_equal(sniff("a,b\r\n1,2\n3,4\r").line_end, PF_LINE_MIXED);
    assert_int_equal(sniff("a,b\r\n1,\"x\ny\"\r\n3,4\r\n").line_end,
                     PF_LINE_CRLF); /* inside quotes does not count */
}

static void one_odd_row_in_a_large_head_changes_nothing(void **state) {
    struct pf_buf text = {0};
    assert_int_equal(pf_buf_text(&text, "id;name;price\n", NULL), PF_OK);
    for (int i = 0; i < 3000; i++) {
        const char *row = i == 4      ? "%d;\"open;3,%02d\n"
                          : i == 1000 ? "%d;a;b;c;3,%02d\n"
                          : i == 2000 ? "%d,3,%02d\n"
                                      : "%d;some name;3,%02d\n";
        char line[64];
        snprintf(line, sizeof line, row, i, i % 100);
        assert_int_equal(pf_buf_text(&text, line, NULL), PF_OK);
    }
    struct pf_csv_dialect d = sniff_sized((char *)text.data, text.size, NO_WISH);
    assert_delimiter(d, ";");
    assert_int_equal(d.quote, '"');
    assert_int_equal(d.columns, 3);
    assert_int_equal(d.header_rows, 1);
    assert_int_equal(d.point, ',');
    assert_true(d.confidence > 0.7);
    pf_buf_clear(&text);
}

static void a_cut_head_gives_the_same_verdict(void **state) {
    const char *text = "name,n\nalpha,1\n\"be,ta\",2\ngamma,3\n\"del\nta\",4\neps,5\n";
    struct pf_csv_dialect whole = sniff(text), cut = {0};
    struct pf_csv_wish wish = NO_WISH;
    for (size_t size = 24; size < strlen(text); size++) {
        assert_int_equal(pf_csv_sniff(text, size, false, NULL, 0, -1, &wish, &cut, NULL), PF_OK);
        assert_delimiter(cut, ",");
        assert_int_equal(cut.header_rows, whole.header_rows);
        assert_int_equal(cut.data_at, whole.data_at);
    }
}

static void the_verdict_names_the_least_sure_part(void **state) {
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {.charset = pf_charset_find("cp1252"), .charset_confidence = 0.3};
    assert_int_equal(pf_csv_sniff("a,b\n1,2\n3,4\n", 12, true, NULL, 0, -1, &wish, &d, NULL), PF_OK);
    assert_true(d.confidence <= 0.3);
    assert_ptr_equal(d.charset, pf_charset_find("cp1252"));
}

static void running_out_of_memory_is_said_and_leaves_nothing(void **state) {
    const char *text = "a,b\n1,\"x\"\n2,'y'\n3,\\z\n";
    struct pf_csv_wish wish = NO_WISH;
    int failures = 0;
    for (int64_t nth = 1; nth < 200; nth++) {
        struct pf_csv_dialect d = {0};
        struct pf_error err = PF_ERROR_INIT;
        pf_mem_fail_from(nth);
        pf_status status = pf_csv_sniff(text, strlen(text), true, NULL, 0, -1, &wish, &d, &err);
        pf_mem_fail_from(0);
        if (status == PF_OK)
            break;
        assert_int_equal(status, PF_NO_MEMORY);
        failures++;
    }
    assert_true(failures > 1 && failures < 199);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_has_no_columns),
        cmocka_unit_test(a_file_of_a_header_only_has_names_and_no_rows),
        cmocka_unit_test(a_single_row_of_values_is_data),
        cmocka_unit_test(a_sep_line_names_the_delimiter_and_is_skipped),
        cmocka_unit_test(a_sign_that_values_end_with_is_no_part_of_the_delimiter),
        cmocka_unit_test(an_empty_column_makes_no_wider_delimiter),
        cmocka_unit_test(other_signs_quote_where_they_make_the_rows_even),
        cmocka_unit_test(other_signs_around_a_few_cells_are_text),
        cmocka_unit_test(few_ragged_rows_are_split),
        cmocka_unit_test(header_none_makes_every_record_data),
        cmocka_unit_test(skip_rows_of_the_user_are_lines_and_end_the_search),
        cmocka_unit_test(a_number_of_header_rows_is_taken),
        cmocka_unit_test(each_part_can_be_given),
        cmocka_unit_test(nonsense_wishes_are_refused),
        cmocka_unit_test(line_ends_are_told_apart),
        cmocka_unit_test(one_odd_row_in_a_large_head_changes_nothing),
        cmocka_unit_test(a_cut_head_gives_the_same_verdict),
        cmocka_unit_test(the_verdict_names_the_least_sure_part),
        cmocka_unit_test(running_out_of_memory_is_said_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
