/* test_csv_footer.c — tests of read/csv. Notes and totals, in the whole text and in a tail.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

#include <stdio.h>

#include "base/buf.h"

/* A file of many rows that ends with `end`; the head is its first 2000 bytes, the tail its last `tail_size`. */
static struct pf_csv_dialect sniff_parts(const char *row, const char *end, size_t tail_size, int64_t *size) {
    struct pf_buf text = {0};
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {0};
    assert_int_equal(pf_buf_text(&text, "id,name,amount\n", NULL), PF_OK);
    for (int i = 0; i < 2000; i++)
        assert_int_equal(pf_buf_text(&text, row, NULL), PF_OK);
    assert_int_equal(pf_buf_text(&text, end, NULL), PF_OK);
    *size = (int64_t)text.size;
    assert_int_equal(pf_csv_sniff((char *)text.data, 2000, false, (char *)text.data + text.size - tail_size,
                                  tail_size, (int64_t)(text.size - tail_size), &wish, &d, NULL),
                     PF_OK);
    pf_buf_clear(&text);
    return d;
}

static void a_footer_in_the_tail_is_placed_in_the_file(void **state) {
    int64_t size = 0;
    const char *end = "\nSource: somebody who knows\n";
    for (size_t tail = 300; tail < 330; tail++) {
        struct pf_csv_dialect d = sniff_parts("1,Ann,2.50\n", end, tail, &size);
        assert_int_equal(d.footer_at, size - (int64_t)strlen(end) + 1);
        assert_int_equal(d.footer_rows, 1);
    }
}

static void a_tail_without_one_has_none(void **state) {
    int64_t size = 0;
    assert_int_equal(sniff_parts("1,Ann,2.50\n", "", 300, &size).footer_at, -1);
    assert_int_equal(sniff_parts("1,Ann,2.50\n", "7,Bo", 300, &size).footer_at, -1);
    assert_int_equal(sniff_parts("1,Ann,2.50\n", "Total,9,12\n", 300, &size).footer_at, -1);
    /* The tail begins inside a quoted cell whose lines look like notes. */
    assert_int_equal(
        sniff_parts("1,\"Note: this is a text\nof several lines\n\nSource: the same\",2.50\n", "", 60, &size)
            .footer_at,
        -1);
}

static void an_unknown_place_gives_no_footer(void **state) {
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {0};
    const char *head = "a,b,c\n1,2,3\n4,5,6\n", *tail = "7,8,9\n1,2,3\n\nSource: x y z\n";
    assert_int_equal(pf_csv_sniff(head, strlen(head), false, tail, strlen(tail), -1, &wish, &d, NULL), PF_OK);
    assert_int_equal(d.footer_at, -1);
}

static void rows_that_may_be_data_stay_data(void **state) {
    static const char *const texts[] = {
        "a,b,c\n1,2,3\n4,5,6\n7,,\n",                               /* one cell, but a value */
        "a,b,c\n1,2,3\n4,5,6\n7\n",                                 /* cut */
        "name,x,y\nAnn,1,2\nBob,3,4\nTotal,4,6\n",                  /* totals of full width */
        "name,x,y\nAnn,1,2\nBob,3,4\nThis row has only blanks,,\n", /* words, but padded */
        "a,b\n1,2\n3,4\n5\n",
        "line\none two three four\nfive six seven eight\n",       /* one column */
        "a,b,c\n1,,\n2,,\n3,,\nNote: x,,\n4,,\n5,,\nNote: y,,\n", /* such rows are ordinary here */
        "x;y;z\n1;2;3\n2;3;4\n3,4,5\n",                           /* other delimiters */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (sniff(texts[i]).footer_at != -1)
            fail_msg("a footer in: %s", texts[i]);
}

static void a_sentence_alone_in_its_row_is_a_note(void **state) {
    struct pf_csv_dialect d = sniff("name,x,y\nAnn,1,2\nBob,3,4\nThese numbers are made up by us\n");
    assert_int_equal(d.footer_rows, 1);
    d = sniff("name,x,y\nAnn,1,2\nBob,3,4\n\nThese numbers are by and large, made up\n");
    assert_int_equal(d.footer_rows, 1);
    /* Not when such rows stand between the others too. */
    d = sniff("name,x,y\nAnn,1,2\nThis one was a very odd one\nBob,3,4\nThis one was a very odd one too\n");
    assert_int_equal(d.footer_at, -1);
}

static void a_table_below_is_no_footer(void **state) {
    struct pf_csv_dialect d =
        sniff("a,b,c,d,e,f\n1,2,3,4,5,6\n1,2,3,4,5,6\n1,2,3,4,5,6\n\nk,v\nx,1\ny,2\nz,3\n");
    assert_int_equal(d.footer_at, -1);
    assert_int_equal(d.tables, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_footer_in_the_tail_is_placed_in_the_file),
        cmocka_unit_test(a_tail_without_one_has_none),
        cmocka_unit_test(an_unknown_place_gives_no_footer),
        cmocka_unit_test(rows_that_may_be_data_stay_data),
        cmocka_unit_test(a_sentence_alone_in_its_row_is_a_note),
        cmocka_unit_test(a_table_below_is_no_footer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
