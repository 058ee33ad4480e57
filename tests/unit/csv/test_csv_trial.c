/* test_csv_trial.c — tests of read/csv. A sample read with a given dialect.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

#include "base/mem.h"
#include "read/csv/csv_trial.h"

static const struct pf_csv_dialect comma = {
    .delimiter = ",", .delimiter_size = 1, .quote = '"', .doubled = true};

static void read_all(struct pf_csv_trial *trial, const char *text, const struct pf_csv_dialect *form,
                     bool all) {
    assert_int_equal(pf_csv_trial_read(trial, text, strlen(text), all, form, SIZE_MAX, NULL), PF_OK);
}

static void what_was_met_is_counted(void **state) {
    struct pf_csv_trial trial = {0};
    struct pf_csv_dialect form = comma;
    read_all(&trial, "a,\"b\"\n\"x \"\"y\"\" z\",1\r\n\n\"o\"p\"q\",2\n\"open,3\r", &form, true);
    assert_int_equal(trial.count, 5);
    assert_int_equal(trial.quoted, 3);
    assert_int_equal(trial.broken, 1);
    assert_int_equal(trial.doubled, 2);
    assert_int_equal(trial.inner, 2);
    assert_int_equal(trial.ends[PF_LINE_LF], 3);
    assert_int_equal(trial.ends[PF_LINE_CRLF], 1);
    assert_int_equal(trial.ends[PF_LINE_CR], 1);
    assert_int_equal(trial.records[2].flags, PF_CSV_BLANK);
    assert_int_equal(trial.records[4].flags, PF_CSV_BROKEN);
    assert_int_equal(trial.records[4].line, 4);
    form.escape = '\\';
    form.comment = '#';
    read_all(&trial, "# x\n\"a\\\"b\\\"\",1\n", &form, true);
    assert_int_equal(trial.escaped, 2);
    assert_int_equal(trial.records[0].flags, PF_CSV_COMMENT);
    assert_int_equal(trial.records[0].cells, 0);
    pf_csv_trial_clear(&trial);
}

static void lines_count_inside_quotes_too(void **state) {
    struct pf_csv_trial trial = {0};
    read_all(&trial, "\"a\r\nb\rc\nd\",1\r\nx,2\n", &comma, true);
    assert_int_equal(trial.count, 2);
    assert_int_equal(trial.records[1].line, 4);
    assert_int_equal(trial.lines, 5);
    pf_csv_trial_clear(&trial);
}

static void a_record_that_the_text_cuts_is_left_out(void **state) {
    struct pf_csv_trial trial = {0};
    read_all(&trial, "a,b\n1,2", &comma, false);
    assert_int_equal(trial.count, 1);
    assert_int_equal(trial.cell_count, 2);
    read_all(&trial, "a,b\n1,2", &comma, true);
    assert_int_equal(trial.count, 2);
    read_all(&trial, "a,b\n1,\"x\ny", &comma, false);
    assert_int_equal(trial.count, 1);
    pf_csv_trial_clear(&trial);
}

static void cells_come_out_as_text(void **state) {
    struct pf_csv_trial trial = {0};
    struct pf_csv_dialect form = comma;
    char text[32];
    form.escape = '\\';
    static const char source[] = "\"x \"\"y\"\"\",a\\,b,\"p\\\"q\",n\0l,c:\\d\n";
    assert_int_equal(pf_csv_trial_read(&trial, source, sizeof source - 1, true, &form, 9, NULL), PF_OK);
    static const char *const want[] = {"x \"y\"", "a,b", "p\"q", "nl", "c:\\d"};
    assert_int_equal(trial.records[0].cells, 5);
    for (int i = 0; i < 5; i++) {
        size_t size = pf_csv_trial_cell(&trial, &trial.cells[i], &form, text, sizeof text);
        assert_int_equal(size, strlen(want[i]));
        assert_memory_equal(text, want[i], size);
    }
    assert_int_equal(pf_csv_trial_cell(&trial, &trial.cells[0], &form, text, 3), 3);
    pf_csv_trial_clear(&trial);
}

static void a_quote_that_never_closes_spoils_its_line_only(void **state) {
    struct pf_csv_trial trial = {0};
    read_all(&trial, "a,b\n1,\"x\n3,4\n5,6\n", &comma, true);
    assert_int_equal(trial.count, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(trial.records[i].cells, 2);
    assert_int_equal(trial.broken, 1);
    pf_csv_trial_clear(&trial);
}

static void running_out_of_memory_is_said(void **state) {
    for (int64_t nth = 1; nth <= 2; nth++) {
        struct pf_csv_trial trial = {0};
        pf_mem_fail_from(nth);
        pf_status status = pf_csv_trial_read(&trial, "a,b\n", 4, true, &comma, 9, NULL);
        pf_mem_fail_from(0);
        assert_int_equal(status, PF_NO_MEMORY);
        pf_csv_trial_clear(&trial);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_met_is_counted),
        cmocka_unit_test(lines_count_inside_quotes_too),
        cmocka_unit_test(a_record_that_the_text_cuts_is_left_out),
        cmocka_unit_test(cells_come_out_as_text),
        cmocka_unit_test(a_quote_that_never_closes_spoils_its_line_only),
        cmocka_unit_test(running_out_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
