/* test_grid_hidden.c — rows counted without hidden ones, and back.               SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "grid/grid_hidden.h"
#include "grid_fake.h"

static struct pf_buf said;

static pf_status tell(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                      struct pf_error *err) {
    (void)self;
    (void)sheet;
    (void)err;
    *ranges = (const struct pf_grid_range *)(const void *)said.data;
    *count = said.size / sizeof **ranges;
    return PF_OK;
}

static pf_status read_hidden(bool rows, bool columns, struct pf_grid_hidden **out, struct pf_error *err) {
    struct pf_grid_driver driver = fake_driver;
    struct pf_grid_book book = {.driver = &driver};
    driver.hidden = tell;
    return pf_grid_hidden_read(&book, 0, rows, columns, out, err);
}

static void rows_are_counted_without_hidden_ones_and_back(void **state) {
    (void)state;
    static const struct {
        int64_t first, last;
    } spans[] = {{0, 0}, {3, 5}, {6, 6}, {63, 65}, {1000, 1199}, {70, 70}, {1048000, 2000000}, {-1, 7}, {9, 8}};
    struct pf_grid_hidden *hidden;
    bool is_hidden[2000] = {0};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        assert_int_equal(pf_grid_hide_rows(&said, spans[i].first, spans[i].last, NULL), PF_OK);
        for (int64_t row = spans[i].first; row >= 0 && row <= spans[i].last && row < 2000; row++)
            is_hidden[row] = true;
    }
    assert_int_equal(said.size / sizeof(struct pf_grid_range), 6); /* two stand on each other, two are none */
    assert_int_equal(read_hidden(true, true, &hidden, NULL), PF_OK);
    uint32_t counted = 0;
    for (uint32_t row = 0; row < 2000; row++) {
        assert_int_equal(pf_grid_hidden_has(hidden, row), is_hidden[row]);
        assert_int_equal(pf_grid_hidden_count(hidden, row), counted);
        if (!is_hidden[row])
            assert_int_equal(pf_grid_hidden_row(hidden, counted++), row);
    }
    assert_int_equal(pf_grid_hidden_row(NULL, 7), 7);
    assert_int_equal(pf_grid_hidden_count(NULL, 7), 7);
    pf_grid_hidden_free(hidden);
    pf_buf_clear(&said);
}

static void a_block_loses_hidden_rows_and_columns(void **state) {
    (void)state;
    struct fake_book fake;
    struct pf_grid_block block = {0};
    struct pf_grid_hidden *hidden;
    void *cursor;
    (void)fake_make(&fake, "1|2|3\n4|5|6\n\n7|8|9\n@9\n1||3\n", NULL);
    assert_int_equal(fake_open(&fake, 0, 0, &cursor, NULL), PF_OK);
    assert_int_equal(fake_next(cursor, &block, NULL), PF_OK);
    fake_close(cursor);
    assert_int_equal(pf_grid_hide_rows(&said, 1, 1, NULL), PF_OK);
    assert_int_equal(pf_grid_hide_rows(&said, 5, 6, NULL), PF_OK);
    assert_int_equal(pf_grid_hide_columns(&said, 1, 1, NULL), PF_OK);
    assert_int_equal(pf_grid_hide_columns(&said, 16383, 99999, NULL), PF_OK);
    assert_int_equal(pf_grid_hide_columns(&said, 16384, 16384, NULL), PF_OK);
    assert_int_equal(read_hidden(true, true, &hidden, NULL), PF_OK);
    pf_grid_hidden_leave(hidden, &block);
    static const uint32_t numbers[] = {0, 1, 2, 5};
    static const double first[] = {1, 0, 7, 1};
    assert_int_equal(block.row_count, 4);
    for (size_t r = 0; r < 4; r++) {
        assert_int_equal(block.rows[r].number, numbers[r]);
        assert_int_equal(pf_grid_row_end(&block, r) - block.rows[r].from, r == 1 ? 0 : 2);
        if (r != 1)
            assert_true(block.cells[block.rows[r].from].value.number == first[r] &&
                        block.cells[block.rows[r].from + 1].column == 2);
    }
    assert_int_equal(pf_grid_hidden_columns(hidden, 2), 1);
    assert_int_equal(pf_grid_hidden_columns(hidden, 16384), 2);
    assert_int_equal(pf_grid_hidden_columns(NULL, 2), 0);
    pf_grid_hidden_free(hidden);
    pf_grid_block_clear(&block);
}

static void only_what_is_asked_for_is_left_out(void **state) {
    (void)state;
    struct pf_grid_hidden *hidden; /* what the last test said */
    assert_int_equal(read_hidden(false, true, &hidden, NULL), PF_OK);
    assert_true(!hidden->rows && hidden->columns);
    pf_grid_hidden_free(hidden);
    assert_int_equal(read_hidden(true, false, &hidden, NULL), PF_OK);
    assert_true(hidden->rows && !hidden->columns);
    pf_grid_hidden_free(hidden);
    assert_int_equal(read_hidden(false, false, &hidden, NULL), PF_OK);
    assert_null(hidden);
    for (int64_t nth = 1; nth < 5; nth++) {
        pf_mem_fail_once(nth);
        assert_int_equal(read_hidden(true, true, &hidden, NULL), PF_NO_MEMORY);
        assert_null(hidden);
    }
    pf_mem_fail_once(0);
    said.size = 0;
    assert_int_equal(read_hidden(true, true, &hidden, NULL), PF_OK);
    assert_null(hidden);
    pf_buf_clear(&said);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_counted_without_hidden_ones_and_back),
        cmocka_unit_test(a_block_loses_hidden_rows_and_columns),
        cmocka_unit_test(only_what_is_asked_for_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
