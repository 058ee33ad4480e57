/* test_grid_infer.c — the join of what cells mean.                               SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "grid/grid_infer.h"

#define BIT(means) (1u << PF_MEANS_##means)

static void the_join_of_every_pair_is_that_of_the_table(void **state) {
    (void)state;
    static const struct {
        uint32_t seen;
        const char *type;
    } cases[] = {{BIT(BOOL), "bool"},
                 {BIT(INTEGER), "int64"},
                 {BIT(INTEGER) | BIT(REAL), "double"},
                 {BIT(REAL), "double"},
                 {BIT(DATE), "date"},
                 {BIT(DATE) | BIT(STAMP), "timestamp[us]"},
                 {BIT(TIME), "time[us]"},
                 {BIT(TIME) | BIT(ELAPSED), "duration[us]"},
                 {BIT(ELAPSED), "duration[us]"},
                 {BIT(TEXT), "text"},
                 {BIT(CODE), "text"},
                 {BIT(CODE) | BIT(INTEGER), "text"},
                 {BIT(BOOL) | BIT(INTEGER), "text"},
                 {BIT(DATE) | BIT(INTEGER), "text"},
                 {BIT(DATE) | BIT(TIME), "text"},
                 {BIT(DATE) | BIT(TEXT), "text"},
                 {BIT(INTEGER) | BIT(ERROR) | BIT(UNKNOWN) | BIT(NOTHING), "int64"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pf_type type;
        char text[96];
        assert_true(pf_grid_infer_type(cases[i].seen, false, &type));
        pf_type_print(&type, text, sizeof text);
        assert_string_equal(text, cases[i].type);
        assert_true((pf_grid_type_accepts(&type) & cases[i].seen) == cases[i].seen);
    }
    struct pf_type type;
    assert_false(pf_grid_infer_type(BIT(ERROR) | BIT(NOTHING), false, &type));
    assert_true(pf_grid_infer_type(BIT(ERROR) | BIT(INTEGER), true, &type));
    assert_int_equal(type.kind, PF_KIND_UTF8);
}

static void note(struct pf_grid_infer *infer, int means, double number, const char *text, uint32_t row) {
    struct pf_meaning m = {
        .means = means, .number = number, .whole = (int64_t)number, .text = pf_text_of(text)};
    pf_grid_infer_cell(infer, &m, row);
}

static void keep(void *ctx, const struct pf_type *from, const struct pf_type *to, uint32_t row,
                 const char *example) {
    char a[96], b[96], *said = ctx;
    pf_type_print(from, a, sizeof a);
    pf_type_print(to, b, sizeof b);
    sprintf(said + strlen(said), "%s>%s@%u:%s;", a, b, row, example);
}

static void widenings_are_told_in_order_and_parts_add_up(void **state) {
    (void)state;
    struct pf_grid_infer whole = {0}, a = {0}, b = {0};
    char said[400] = "", again[400] = "";
    for (int part = 0; part < 2; part++) {
        struct pf_grid_infer *one = part ? &a : &whole, *two = part ? &b : &whole;
        note(one, PF_MEANS_NOTHING, 0, "", 1);
        note(one, PF_MEANS_INTEGER, 5, NULL, 2);
        note(one, PF_MEANS_ERROR, 0, "#N/A", 3);
        note(two, PF_MEANS_REAL, 2.5, NULL, 7);
        note(two, PF_MEANS_TEXT, 0, "a text longer than what is kept of it", 9);
        note(two, PF_MEANS_INTEGER, 6, NULL, 10);
    }
    pf_grid_infer_merge(&a, &b);
    pf_grid_infer_widenings(&whole, false, keep, said);
    pf_grid_infer_widenings(&a, false, keep, again);
    assert_string_equal(said, "int64>double@7:2.5;double>text@9:a text longer than what;");
    assert_string_equal(again, said);
    assert_int_equal(a.count[PF_MEANS_INTEGER], 2);
    assert_int_equal(a.first[PF_MEANS_INTEGER], 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_join_of_every_pair_is_that_of_the_table),
        cmocka_unit_test(widenings_are_told_in_order_and_parts_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
