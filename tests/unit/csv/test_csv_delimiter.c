/* test_csv_delimiter.c — tests of read/csv. Delimiters, quotes, escapes, blanks and comments from the bytes.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

static void each_delimiter_is_found(void **state) {
    static const char *const signs[] = {",",  ";",   "\t", "|",    ":",    "^",        "~",        " ",
                                        "#",  "*",   "=",  "\x01", "\x1f", "\xc2\xa7", "\xc2\xac", "||",
                                        "::", "|~|", "~~", "^^",   ";;",   "<>|",      "\x1c"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        char text[400] = "";
        for (int row = 0; row < 8; row++) {
            static const char *const cells[4][4] = {{"id", "name", "price", "city"},
                                                    {"1", "Ann", "2.50", "Oslo"},
                                                    {"27", "Bob", "13.75", "Rome"},
                                                    {"4", "Cid", "0.99", "Bonn"}};
            for (int j = 0; j < 4; j++) {
                strcat(text, cells[row ? 1 + row % 3 : 0][j]);
                strcat(text, j < 3 ? signs[i] : "\n");
            }
        }
        struct pf_csv_dialect d = sniff(text);
        if (d.delimiter_size != strlen(signs[i]) || memcmp(d.delimiter, signs[i], d.delimiter_size) != 0)
            fail_msg("'%s' taken for '%s'", signs[i], d.delimiter);
        assert_int_equal(d.columns, 4);
        assert_int_equal(d.header_rows, 1);
    }
}

static void one_column_is_one_column(void **state) {
    static const char *const texts[] = {
        "value\n1\n2\n3\n",
        "name\nJohn Smith\nJane Doe\nAnn Lee\nBob Ray\n",
        "when\n2024-01-01 10:00:00\n2024-01-02 11:30:00\n2024-01-03 12:45:10\n",
        "url\nhttps://example.org/a\nhttps://example.org/b?x=1\n",
        "It was a dark night; nobody, as they say, was out.\nOnly the wind blew. Then came, at last, the "
        "rain.\nA door opened.\n",
        "10:30\n11:45\n12:15\n",
        "ann@example.org\nbob@example.org\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct pf_csv_dialect d = sniff(texts[i]);
        if (d.columns != 1)
            fail_msg("%s: %d columns by '%s'", texts[i], d.columns, d.delimiter);
        assert_int_equal(d.delimiter_size, 0);
    }
}

static void decimal_commas_do_not_separate(void **state) {
    struct pf_csv_dialect d = sniff("a;b;c\n1,5;2,5;3,5\n4,25;5,75;6,5\n");
    assert_delimiter(d, ";");
    assert_int_equal(d.columns, 3);
}

static void quotes_decide_which_delimiter_counts(void **state) {
    struct pf_csv_dialect d = sniff("\"a,b\";\"c,d\"\n\"1,2\";\"3,4\"\n\"5,6\";\"7,8\"\n");
    assert_delimiter(d, ";");
    assert_int_equal(d.columns, 2);
    d = sniff("\"a;b\",\"c;d\"\n\"1;2\",\"3;4\"\n");
    assert_delimiter(d, ",");
}

static void apostrophes_are_quotes_only_when_they_close(void **state) {
    assert_int_equal(sniff("a,b\n'x,y',1\n'p,q',2\n'O''Neil',3\n").quote, '\'');
    assert_int_equal(sniff("a,b\nit's,1\nO'Neil,2\n'tis,3\n").quote, '"');
    assert_int_equal(sniff("a,b\n\"it's\",1\n\"x,y\",2\nO'Neil,3\n").quote, '"');
    assert_int_equal(sniff("a,b\n'x','y'\n'p','q'\n").quote, '\'');
}

static void a_backslash_escapes_only_where_it_must(void **state) {
    assert_int_equal(sniff("a,b\n\"say \\\"no\\\"\",1\n\"x\",2\n").escape, '\\');
    assert_int_equal(sniff("a,b\nx\\,y,1\np\\,q,2\nz,3\n").escape, '\\');
    assert_int_equal(sniff("a,b\n\"c:\\dir\\\",1\n\"d:\\\",2\n").escape, 0);
    assert_int_equal(sniff("a,b\nC:\\temp,1\nD:\\x,2\n").escape, 0);
    assert_int_equal(sniff("a,b\n\"say \"\"no\"\"\",1\n\"x\\y\",2\n").escape, 0);
    assert_int_equal(sniff("a,b\nThe \\\"Guide\\\",1\nx,2\n").escape, 0); /* outside quotes it is text */
}

static void quotes_of_tabbed_files_are_text_unless_balanced(void **state) {
    assert_int_equal(sniff("a\tb\n\"lone\t1\nx\t2\ny\t3\n").quote, 0);
    assert_int_equal(sniff("a\tb\nx\t1\ny\t2\n").quote, 0);
    assert_int_equal(sniff("\"a\"\t\"b\"\n\"x\ty\"\t\"1\"\n\"p\"\t\"2\"\n").quote, '"');
}

static void blanks_behind_delimiters_are_seen(void **state) {
    assert_true(sniff("a, b, c\n1, 2, 3\n4, 5, 6\n").blanks_around);
    assert_true(sniff("a ; b ; c\n1 ; 2 ; 3\n").blanks_around);
    assert_true(sniff("\"a\", \"b\"\n\"x, y\", \"1\"\n\"p\", \"2\"\n").blanks_around);
    assert_false(sniff("a,b,c\n1,New York, NY\n2,x,y\n").blanks_around);
    struct pf_csv_dialect d = sniff("a || b || c\n1 || 2 || 3\n4 || 5 || 6\n");
    assert_delimiter(d, "||");
    assert_true(d.blanks_around);
}

static void aligned_columns_are_split_by_runs_of_blanks(void **state) {
    struct pf_csv_dialect d = sniff("  id  name   x\n   1   Ann 2.5\n  12   Bob 3.5\n 100 Carla 4.5\n");
    assert_true(d.whitespace);
    assert_int_equal(d.columns, 3);
    assert_int_equal(d.header_rows, 1);
}

static void comments_are_lines_that_are_no_records(void **state) {
    assert_int_equal(sniff("# by a tool\na,b\n1,2\n# half time\n3,4\n").comment, '#');
    assert_int_equal(sniff("a,b\n1,2\n#3,4\n#5,6\n").comment, 0);  /* they have the width of records */
    assert_int_equal(sniff("#id,b\n1,2\n3,4\n").comment, 0);       /* nor is a header one */
    assert_int_equal(sniff("a\tb\n1\t2\n# x\n3\t4\n").comment, 0); /* plain TSV has none inside */
    assert_int_equal(sniff("% note\n% more\na;b\n1;2\n").comment, '%');
    assert_int_equal(sniff("#a\n#b\n#c\n").comment, 0); /* a file of nothing else is data */
}

static void a_suffix_tips_the_scale_only(void **state) {
    struct pf_csv_wish wish = NO_WISH;
    const char *text = "a\tb,c\n1\t2,3\n";
    wish.suffix = ".TSV";
    assert_delimiter(sniff_sized(text, strlen(text), wish), "\t");
    text = "a,b,c\n1,2,3\n4,5,6\n";
    assert_delimiter(sniff_sized(text, strlen(text), wish), ",");
}

static void an_uneven_file_is_unsure(void **state) {
    struct pf_csv_dialect even = sniff("a,b,c\n1,2,3\n4,5,6\n7,8,9\n1,2,3\n");
    struct pf_csv_dialect odd = sniff("a,b;c\n1;2,3;5\n4,5,6;7\n8\n1,2;3,4;5\n");
    assert_true(even.confidence > 0.85);
    assert_true(odd.confidence < 0.6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_delimiter_is_found),
        cmocka_unit_test(one_column_is_one_column),
        cmocka_unit_test(decimal_commas_do_not_separate),
        cmocka_unit_test(quotes_decide_which_delimiter_counts),
        cmocka_unit_test(apostrophes_are_quotes_only_when_they_close),
        cmocka_unit_test(a_backslash_escapes_only_where_it_must),
        cmocka_unit_test(quotes_of_tabbed_files_are_text_unless_balanced),
        cmocka_unit_test(blanks_behind_delimiters_are_seen),
        cmocka_unit_test(aligned_columns_are_split_by_runs_of_blanks),
        cmocka_unit_test(comments_are_lines_that_are_no_records),
        cmocka_unit_test(a_suffix_tips_the_scale_only),
        cmocka_unit_test(an_uneven_file_is_unsure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
