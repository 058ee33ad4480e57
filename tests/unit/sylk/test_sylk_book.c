/* test_sylk_book.c — records of SYLK files to cells.                             SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../sheet_twice.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "read/sylk/sylk_book.h"
#include "read/sylk/sylk_reader.h"

static pf_status read_text(const char *text, struct pf_buf *to, struct pf_error *err) {
    struct pf_source source;
    struct pf_grid_book book;
    to->size = 0;
    pf_source_memory(text, strlen(text), &source);
    pf_status status = pf_sylk_book_open(&source, "S", &book, err);
    if (status != PF_OK)
        return status;
    assert_int_equal(book.sheet_count, 1);
    assert_string_equal(book.sheets[0].name, "S");
    status = print_sheet(&book, 0, NULL, NULL, &(bool){true}, to, err);
    book.driver->close_book(book.self);
    return status;
}

/* A line per cell: place, type, kind, style, flags, value (sheet_twice.h). */
static void expect(const char *text, const char *want) {
    struct pf_buf said = {0};
    struct pf_error err = PF_ERROR_INIT;
    if (read_text(text, &said, &err) != PF_OK)
        fail_msg("%s: %s", text, err.message);
    assert_int_equal(pf_buf_put(&said, "", 1, NULL), PF_OK);
    assert_string_equal((const char *)said.data, want);
    pf_buf_clear(&said);
}

static void values_are_numbers_texts_truths_and_errors(void **state) {
    (void)state;
    expect("ID;PWXL;N;E\r\nB;Y2;X4\r\nC;Y1;X1;K1.5\r\nC;X2;K\"a\"\r\nC;X3;KTRUE\r\nC;X4;K#N/"
           "A\r\nC;Y2;X1;K-2e3\r\nC;X2;KFALSE\r\nC;X3;Kplain\r\nE\r\n",
           "A1 n 0 0 0 1.5\nB1 s 3 0 0 a\nC1 b 1 0 0 true\nD1 e 4 0 0 #N/A\nA2 n 0 0 0 -2000\nB2 b 1 0 0 "
           "false\nC2 s 3 0 0 plain\n");
}

static void places_stay_from_record_to_record(void **state) {
    (void)state;
    expect(
        "ID;P\nC;Y2;X2;K1\nC;K2\nC;X3;K3\nC;Y4;K4\nF;Y6;X1\nC;K5\nC;Xno;Y0;K6\n",
        "B2 n 0 0 0 2\nC2 n 0 0 0 3\nC4 n 0 0 0 4\nA6 n 0 0 0 6\n"); /* of two cells in one place the last one stays */
}

static void semicolons_are_doubled_and_quotes_taken_off(void **state) {
    (void)state;
    expect("C;Y1;X1;K\"a;;b;;;;c\"\nC;X2;K\"say \"hi\"\"\nC;X3;K\"\"\nC;X4;K\"\n",
           "A1 s 3 0 0 a;b;;c\nB1 s 3 0 0 say \"hi\"\nC1 s 3 0 0 \nD1 s 3 0 0 \"\n");
}

static void text_is_utf_8_or_else_of_western_windows(void **state) {
    (void)state;
    expect("C;Y1;X1;K\"Z\xC3\xBCrich\"\nC;X2;K\"Z\xFCrich \x80\"\n",
           "A1 s 3 0 0 Z\xC3\xBCrich\nB1 s 3 0 0 Z\xC3\xBCrich \xE2\x82\xAC\n");
}

static void a_format_is_of_a_place_or_of_the_whole_sheet(void **state) {
    (void)state;
    expect("P;PGeneral\nP;P0.00\nP;Pyyyy\\-mm\\-dd\nF;P2;FG0G;Y1;X1\nC;K43831\nC;X2;K43831\nE\n",
           "A1 d 0 2 0 2020-01-01\nB1 n 0 0 0 43831\n");
    expect("P;PGeneral\nP;Pyyyy;;@\nF;P1;DG0G8\nC;Y1;X1;K43831\nF;P0;FG0G;X2\nC;K7\nF;P9;X3\nC;K7\nF;Pno;X4\n",
           "A1 d 0 1 0 2020-01-01\nB1 n 0 0 0 7\nC1 d 0 1 0 1900-01-07\n");
}

static void nothing_counts_behind_the_end_and_unknown_records_do_not(void **state) {
    (void)state;
    expect("ID;P\nO;L;D\nNN;Nname;ER1C1\n\nC\nC;Y1;X1;K1\nC;X2;ER1C1\nE\nC;X3;K3\n", "A1 n 0 0 0 1\n");
}

static void records_in_any_order_are_put_in_order(void **state) {
    (void)state;
    expect("C;Y3;X1;K5\nC;Y1;X2;K2\nC;X1;K1\nC;Y2;X1;K\"t\"\n",
           "A1 n 0 0 0 1\nB1 n 0 0 0 2\nA2 s 3 0 0 t\nA3 n 0 0 0 5\n");
}

static void a_cell_outside_of_the_sheet_is_bad_data(void **state) {
    (void)state;
    struct pf_buf said = {0};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(read_text("C;Y1;X16385;K1\n", &said, &err), PF_BAD_DATA);
    assert_non_null(strstr(err.message, "16,384"));
    pf_buf_clear(&said);
}

static int32_t probe(const char *head) {
    struct pf_probe request = {
        .struct_size = sizeof request, .head = (const uint8_t *)head, .head_size = strlen(head)};
    return pf_sylk_reader.probe(&request);
}

static void the_first_records_say_what_it_is(void **state) {
    (void)state;
    assert_int_equal(probe("ID;PWXL;N;E\r\nP;PGeneral\r\n"), PF_PROBE_CERTAIN);
    assert_int_equal(probe("ID;P\nC;Y1\n"), PF_PROBE_CERTAIN);
    static const char *const others[] = {"ID;Price;Name\n1;2;x\n", "ID;P", "ID;P\n", "id;P\nC;Y1\n",
                                         "ID;P;x\nCarl;2\n"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(probe(others[i]), PF_PROBE_NO);
}

static void requests_for_memory_that_fail_leave_nothing_behind(void **state) {
    (void)state;
    struct pf_buf said = {0};
    struct pf_error err = PF_ERROR_INIT;
    const char *text = "P;P0.00\nC;Y2;X1;K\"text\"\nC;Y1;X1;K1\n";
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK && nth < 100; nth++) {
        pf_mem_fail_from(nth);
        status = read_text(text, &said, &err);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
    }
    assert_int_equal(status, PF_OK);
    pf_buf_clear(&said);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_numbers_texts_truths_and_errors),
        cmocka_unit_test(places_stay_from_record_to_record),
        cmocka_unit_test(semicolons_are_doubled_and_quotes_taken_off),
        cmocka_unit_test(text_is_utf_8_or_else_of_western_windows),
        cmocka_unit_test(a_format_is_of_a_place_or_of_the_whole_sheet),
        cmocka_unit_test(nothing_counts_behind_the_end_and_unknown_records_do_not),
        cmocka_unit_test(records_in_any_order_are_put_in_order),
        cmocka_unit_test(a_cell_outside_of_the_sheet_is_bad_data),
        cmocka_unit_test(the_first_records_say_what_it_is),
        cmocka_unit_test(requests_for_memory_that_fail_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
