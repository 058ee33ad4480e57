/* test_ptg_cells.c — formulas that cells share.                                 SPDX-License-Identifier: MIT */
#include "ptg_tokens.h"

#include "ptg/ptg_cells.h"

static const struct pf_ptg_links biff8 = {.version = PF_PTG_BIFF8};

static void share(struct pf_ptg_cells *cells, uint32_t row, uint32_t column, struct pf_grid_range range,
                  bool is_array, const char *tokens) {
    struct pf_buf rgce = {0};
    put_hex(&rgce, tokens);
    struct pf_ptg_formula formula = {.rgce = rgce.data, .rgce_size = rgce.size};
    assert_int_equal(pf_ptg_cells_share(cells, row, column, &range, is_array, &formula, NULL), PF_OK);
    pf_buf_clear(&rgce);
}

static enum pf_ptg_answer ask(struct pf_ptg_cells *cells, uint32_t row, uint32_t column, const char *tokens,
                              struct pf_buf *text) {
    struct pf_buf rgce = {0};
    enum pf_ptg_answer answer;
    put_hex(&rgce, tokens);
    struct pf_ptg_formula formula = {.rgce = rgce.data, .rgce_size = rgce.size, .row = row, .column = column};
    text->size = 0;
    assert_int_equal(pf_ptg_cells_spell(cells, &biff8, &formula, text, &answer, NULL), PF_OK);
    (void)pf_buf_put(text, "", 1, NULL);
    pf_buf_clear(&rgce);
    return answer;
}

static void each_cell_of_a_shared_formula_has_its_own_text(void **state) {
    (void)state;
    struct pf_ptg_cells cells = {0};
    struct pf_buf text = {0};
    share(&cells, 1, 1, (struct pf_grid_range){1, 3, 1, 1}, false,
          "2C 0000 FFC0 1E 0200 05");                                          /* left of it × 2 */
    share(&cells, 1, 1, (struct pf_grid_range){1, 3, 1, 1}, false, "1E 0700"); /* a second one */
    assert_int_equal(ask(&cells, 1, 1, "01 0100 0100", &text), PF_PTG_KNOWN);
    assert_string_equal((const char *)text.data, "=A2*2");
    assert_int_equal(ask(&cells, 3, 1, "01 0100 0100", &text), PF_PTG_KNOWN);
    assert_string_equal((const char *)text.data, "=A4*2");
    assert_int_equal(ask(&cells, 4, 1, "01 0100 0100", &text), PF_PTG_UNKNOWN); /* not of the range */
    assert_int_equal(ask(&cells, 3, 1, "01 0200 0100", &text), PF_PTG_UNKNOWN); /* nobody shared there */
    assert_int_equal(ask(&cells, 3, 1, "01 0100 01", &text), PF_PTG_UNKNOWN);
    assert_int_equal(ask(&cells, 3, 1, "1E 0100", &text), PF_PTG_KNOWN);
    pf_ptg_cells_clear(&cells);
    pf_buf_clear(&text);
}

static void an_array_formula_is_told_at_its_first_cell_and_tables_of_what_if_nowhere(void **state) {
    (void)state;
    struct pf_ptg_cells cells = {0};
    struct pf_buf text = {0};
    share(&cells, 0, 2, (struct pf_grid_range){0, 1, 2, 2}, true, "25 0000 0100 00C0 00C0 1E 0200 05");
    assert_int_equal(ask(&cells, 0, 2, "01 0000 0200", &text), PF_PTG_KNOWN);
    assert_string_equal((const char *)text.data, "=A1:A2*2");
    assert_int_equal(ask(&cells, 1, 2, "01 0000 0200", &text), PF_PTG_NO_TEXT);
    assert_int_equal(ask(&cells, 1, 2, "02 0000 0200", &text), PF_PTG_NO_TEXT);
    assert_int_equal(ask(&cells, 1, 2, "", &text), PF_PTG_UNKNOWN);
    pf_ptg_cells_clear(&cells);
    pf_buf_clear(&text);
}

static void what_is_shared_cannot_point_on(void **state) {
    (void)state;
    struct pf_ptg_cells cells = {0};
    struct pf_buf text = {0};
    share(&cells, 0, 0, (struct pf_grid_range){0, 9, 0, 0}, false, "01 0000 0000");
    assert_int_equal(ask(&cells, 0, 0, "01 0000 0000", &text), PF_PTG_UNKNOWN);
    pf_ptg_cells_clear(&cells);
    pf_buf_clear(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cell_of_a_shared_formula_has_its_own_text),
        cmocka_unit_test(an_array_formula_is_told_at_its_first_cell_and_tables_of_what_if_nowhere),
        cmocka_unit_test(what_is_shared_cannot_point_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
