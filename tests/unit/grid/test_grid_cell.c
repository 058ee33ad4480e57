/* test_grid_cell.c — blocks of cells and the names of places.                    SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/mem.h"
#include "grid/grid_cell.h"

static void put(struct pf_grid_block *block, uint32_t row, uint32_t column, double number) {
    struct pf_cell *cell;
    assert_int_equal(pf_grid_block_row(block, row, NULL), PF_OK);
    assert_int_equal(pf_grid_block_cell(block, column, 0, PF_CELL_NUMBER, &cell, NULL), PF_OK);
    cell->value.number = number;
}

static void cells_in_any_order_come_into_order_and_the_last_one_of_a_place_stays(void **state) {
    (void)state;
    struct pf_grid_block block = {0};
    put(&block, 7, 3, 1);
    put(&block, 2, 5, 2);
    put(&block, 7, 1, 3);
    put(&block, 2, 5, 4);
    put(&block, 0, 0, 5);
    assert_int_equal(pf_grid_block_sort(&block, NULL), PF_OK);
    assert_int_equal(block.row_count, 3);
    assert_int_equal(block.cell_count, 4);
    assert_int_equal(block.rows[0].number, 0);
    assert_int_equal(block.rows[1].number, 2);
    assert_int_equal(block.rows[2].number, 7);
    assert_true(block.cells[1].value.number == 4);
    assert_int_equal(block.cells[2].column, 1);
    assert_int_equal(block.cells[3].column, 3);
    assert_int_equal(pf_grid_row_end(&block, 2), 4);
    pf_grid_block_clear(&block);
}

static void a_block_that_cannot_grow_stays_as_it_was(void **state) {
    (void)state;
    for (int64_t nth = 1; nth < 6; nth++) {
        struct pf_grid_block block = {0};
        struct pf_cell *cell;
        pf_mem_fail_from(nth);
        pf_status status = pf_grid_block_row(&block, 1, NULL);
        if (status == PF_OK)
            status = pf_grid_block_cell(&block, 1, 0, PF_CELL_TEXT, &cell, NULL);
        if (status == PF_OK)
            status = pf_grid_block_text(&block, cell, "text", 4, NULL);
        if (status == PF_OK)
            status = pf_grid_block_sort(&block, NULL);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        pf_grid_block_clear(&block);
    }
}

static void places_are_spelled_as_in_a_sheet(void **state) {
    (void)state;
    static const struct {
        uint32_t row, column;
        const char *want;
    } cases[] = {{0, 0, "A1"},    {2, 25, "Z3"},    {9, 26, "AA10"},
                 {0, 701, "ZZ1"}, {0, 702, "AAA1"}, {1048575, 16383, "XFD1048576"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[16];
        size_t size = pf_grid_place_print(cases[i].row, cases[i].column, text);
        assert_int_equal(size, strlen(cases[i].want));
        assert_memory_equal(text, cases[i].want, size);
    }
}

static void ranges_are_read_in_every_spelling(void **state) {
    (void)state;
    static const struct {
        const char *text;
        struct pf_grid_range want;
    } good[] = {{"B3:H900", {2, 899, 1, 7}},
                {"$B$3:$H$900", {2, 899, 1, 7}},
                {"h900:b3", {2, 899, 1, 7}},
                {"C5", {4, 4, 2, 2}},
                {"B:D", {0, PF_GRID_ROWS - 1, 1, 3}},
                {"3:5", {2, 4, 0, PF_GRID_COLUMNS - 1}},
                {"XFD1048576", {1048575, 1048575, 16383, 16383}}};
    static const char *const bad[] = {"",       "B",    "3",        "B3:",   "B3:D",      "B3:5",    ":B3",
                                      "B3:C4x", "XFE1", "A1048577", "A0:B2", "Sheet1!A1", "A1:B2:C3"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct pf_grid_range range;
        assert_true(pf_grid_range_parse(good[i].text, strlen(good[i].text), &range));
        assert_memory_equal(&range, &good[i].want, sizeof range);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pf_grid_range range;
        if (pf_grid_range_parse(bad[i], strlen(bad[i]), &range))
            fail_msg("'%s' is taken", bad[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_in_any_order_come_into_order_and_the_last_one_of_a_place_stays),
        cmocka_unit_test(a_block_that_cannot_grow_stays_as_it_was),
        cmocka_unit_test(places_are_spelled_as_in_a_sheet),
        cmocka_unit_test(ranges_are_read_in_every_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
