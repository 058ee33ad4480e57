/* test_grid_order.c — rows stored in no order come in order, in bounded memory.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "grid/grid_order.h"
#include "grid_fake.h"

/* A sheet whose rows fall: `rows` of them, `step` apart, each with one text of `size` bytes. */
struct falling {
    uint32_t rows, step;
    size_t size;
    int passes;
};
static char text[2 << 20];
struct falling_cursor {
    struct falling *sheet;
    uint32_t left;
};

static pf_status open_falling(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err) {
    (void)sheet;
    (void)wants;
    (void)err;
    struct falling *f = self;
    struct falling_cursor *c = calloc(1, sizeof *c);
    *c = (struct falling_cursor){f, f->rows};
    f->passes++;
    *cursor = c;
    return PF_OK;
}
static pf_status next_falling(void *cursor, struct pf_grid_block *block, struct pf_error *err) {
    struct falling_cursor *c = cursor;
    struct pf_cell *cell;
    for (int i = 0; i < 8 && c->left; i++) {
        uint32_t row = --c->left * c->sheet->step;
        PF_TRY(pf_grid_block_row(block, row, err));
        PF_TRY(pf_grid_block_cell(block, 3, 0, PF_CELL_NUMBER, &cell, err));
        cell->value.number = row;
        PF_TRY(pf_grid_block_cell(block, 1, 0, PF_CELL_TEXT, &cell, err));
        PF_TRY(pf_grid_block_text(block, cell, text, c->sheet->size, err));
    }
    block->disordered = true;
    return PF_OK;
}
static void close_falling(void *cursor) { free(cursor); }
static const struct pf_grid_driver falling_driver = {
    .open = open_falling, .next = next_falling, .close = close_falling};

static pf_status read_falling(struct falling *sheet, uint32_t *rows, struct pf_error *err) {
    struct pf_grid_book book = {.driver = &falling_driver, .self = sheet};
    struct pf_grid_order *order = NULL;
    struct pf_grid_block block = {0};
    pf_status status;
    memset(text, 'x', sheet->size);
    *rows = 0;
    PF_TRY(pf_grid_order_open(&book, 0, 0, &order, err));
    while ((status = pf_grid_order_next(order, &block, err)) == PF_OK && block.row_count) {
        assert_false(block.disordered);
        for (size_t r = 0; r < block.row_count; r++, ++*rows) {
            const struct pf_cell *cell = &block.cells[block.rows[r].from];
            assert_int_equal(block.rows[r].number, *rows * sheet->step);
            assert_int_equal(pf_grid_row_end(&block, r) - block.rows[r].from, 2);
            assert_int_equal(cell->column, 1);
            assert_int_equal(cell->value.text.size, sheet->size);
            assert_int_equal(block.text.data[cell->value.text.at + sheet->size - 1], 'x');
            assert_true(cell[1].value.number == block.rows[r].number);
        }
        pf_grid_block_empty(&block);
    }
    pf_grid_order_close(&order);
    pf_grid_block_clear(&block);
    return status;
}

static void a_sheet_that_fits_is_read_twice_and_a_larger_one_in_stretches(void **state) {
    (void)state;
    uint32_t rows;
    struct falling small = {.rows = 1000, .step = 1, .size = 1};
    assert_int_equal(read_falling(&small, &rows, NULL), PF_OK);
    assert_int_equal(rows, 1000);
    assert_int_equal(small.passes, 2);
    struct falling large = {.rows = 150, .step = 64, .size = 1 << 20};
    assert_int_equal(read_falling(&large, &rows, NULL), PF_OK);
    assert_int_equal(rows, 150);
    assert_int_equal(large.passes, 4);
}

static void rows_that_are_too_much_together_are_refused_with_their_place(void **state) {
    (void)state;
    uint32_t rows;
    struct pf_error err = PF_ERROR_INIT;
    struct falling heavy = {.rows = 100, .step = 1, .size = 2 << 20};
    assert_int_equal(read_falling(&heavy, &rows, &err), PF_LIMIT);
    assert_non_null(strstr(err.message, "rows 1 to 64"));
    assert_int_equal(rows, 0);
}

static void a_pass_survives_when_memory_is_out_at_any_point(void **state) {
    (void)state;
    for (int64_t nth = 1;; nth++) {
        uint32_t rows;
        struct falling sheet = {.rows = 300, .step = 7, .size = 3};
        pf_mem_fail_from(nth);
        pf_status status = read_falling(&sheet, &rows, NULL);
        int64_t live = pf_mem_live();
        pf_mem_fail_from(0);
        assert_int_equal(live, 0);
        if (status == PF_OK)
            break;
        assert_int_equal(status, PF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sheet_that_fits_is_read_twice_and_a_larger_one_in_stretches),
        cmocka_unit_test(rows_that_are_too_much_together_are_refused_with_their_place),
        cmocka_unit_test(a_pass_survives_when_memory_is_out_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
