/* test_parquet_nest.c — levels of nested arrays by hand, and arrays that lie.     SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "write/parquet/parquet_nest.h"

/* A list of integers: [1, null], null, [], [7]. */
static const int64_t numbers[] = {1, 0, 7};
static const uint8_t number_valid[8] = {5}, list_valid[8] = {13};
static const int32_t offsets[] = {0, 2, 2, 2, 3};
static const void *item_buffers[] = {number_valid, numbers}, *list_buffers[] = {list_valid, offsets};
static struct ArrowArray items, list, *children[] = {&items, NULL};
static const struct pf_parquet_step step = {.kind = PF_PARQUET_STEP_LIST, .optional = true, .repetition = 1};
static struct pf_parquet_column column;

static int setup(void **state) {
    (void)state;
    items = (struct ArrowArray){.length = 3, .null_count = 1, .n_buffers = 2, .buffers = item_buffers};
    list = (struct ArrowArray){.length = 4,
                               .null_count = 1,
                               .n_buffers = 2,
                               .n_children = 1,
                               .buffers = list_buffers,
                               .children = children};
    column = (struct pf_parquet_column){.name = "numbers",
                                        .steps = &step,
                                        .step_count = 1,
                                        .optional = true,
                                        .max_definition = 3,
                                        .max_repetition = 1};
    return 0;
}

static pf_status take(struct pf_parquet_nest *nest, int64_t from, int64_t rows, struct pf_error *err) {
    struct pf_parquet_part part = {&list, from, rows};
    return pf_parquet_nest_take(nest, &column, &part, 1, 100, err);
}

static void a_list_of_numbers_has_the_levels_of_the_specification(void **state) {
    (void)state;
    struct pf_parquet_nest nest = {0};
    static const uint32_t definition[] = {3, 3, 0, 1, 3}, settled[] = {3, 2, 0, 1, 3},
                          repetition[] = {0, 1, 0, 0, 0};
    assert_int_equal(take(&nest, 0, 4, NULL), PF_OK);
    assert_true(nest.rows == 4 && nest.slots == 5);
    assert_memory_equal(nest.definition.data, definition, sizeof definition);
    assert_memory_equal(nest.repetition.data, repetition, sizeof repetition);
    assert_int_equal(nest.parts.size, sizeof(struct pf_parquet_part)); /* neighbours are one part */
    assert_int_equal(pf_parquet_nest_row(&nest, 1), 0);
    assert_int_equal(pf_parquet_nest_row(&nest, 2), 3);
    struct pf_parquet_values values = {.valid = number_valid};
    pf_parquet_nest_settle(&nest, &column, &values);
    assert_memory_equal(nest.definition.data, settled, sizeof settled);
    const struct pf_parquet_start *starts = pf_parquet_starts(&nest);
    assert_true(starts[1].slot == 2 && starts[1].value == 1 && starts[4].slot == 5 && starts[4].value == 2);
    assert_int_equal(take(&nest, 3, 1, NULL), PF_OK); /* used again */
    assert_true(nest.rows == 1 && nest.slots == 1);
    pf_parquet_nest_clear(&nest);
}

static void expect_refusal(const char *why) {
    struct pf_parquet_nest nest = {0};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(take(&nest, 0, 4, &err), PF_BAD_DATA);
    assert_non_null(strstr(err.message, why));
    assert_non_null(strstr(err.where, "column 'numbers'"));
    assert_true(err.row > 100 && err.row <= 104);
    pf_parquet_nest_clear(&nest);
}

static void arrays_that_lie_are_refused_with_their_row(void **state) {
    static const int32_t falling[] = {0, 2, 1, 2, 3}, negative[] = {-1, 2, 2, 2, 3}, beyond[] = {0, 2, 2, 2, 9};
    const struct {
        const int32_t *offsets;
        const char *why;
    } lies[] = {{falling, "do not rise"},
                {negative, "do not rise"},
                {beyond, "shorter than its parent"},
                {NULL, "no offsets"}};
    static const uint8_t all[8] = {15};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        const void *buffers[] = {all, lies[i].offsets};
        setup(state);
        list.buffers = buffers;
        expect_refusal(lies[i].why);
    }
    setup(state);
    list.n_children = 0;
    expect_refusal("not the buffers and children");
    setup(state);
    list.length = 3; /* the fourth row is not there */
    expect_refusal("shorter");
    setup(state);
    struct pf_parquet_step bare = step;
    bare.optional = false;
    column.steps = &bare;
    expect_refusal("without nulls");
    column.steps = &step;
}

static void structs_and_runs_that_lie_are_refused_too(void **state) {
    (void)state;
    static const struct pf_parquet_step field = {.kind = PF_PARQUET_STEP_STRUCT, .child = 0};
    static const int32_t ends[] = {1, 2, 3};
    static const void *no_buffers[] = {NULL}, *end_buffers[] = {NULL, ends};
    setup(NULL);
    column.steps = &field;
    list.n_buffers = 1;
    list.buffers = no_buffers;
    expect_refusal("shorter than its parent"); /* three items for four rows */
    list.buffers = list_buffers;
    expect_refusal("without nulls");
    struct ArrowArray run_ends = {.length = 3, .n_buffers = 2, .buffers = end_buffers},
                      *both[] = {&run_ends, &items};
    column =
        (struct pf_parquet_column){.name = "numbers", .run_width = 4, .optional = true, .max_definition = 1};
    list = (struct ArrowArray){.length = 4, .n_children = 2, .children = both};
    expect_refusal("do not reach the end");
    run_ends.n_buffers = 1;
    expect_refusal("no run ends");
    list.n_children = 1;
    expect_refusal("not the buffers and children");
}

static void no_memory_is_said_at_every_request(void **state) {
    (void)state;
    pf_status status = PF_NO_MEMORY;
    int nth = 1;
    setup(NULL);
    for (; status == PF_NO_MEMORY; nth++) {
        struct pf_parquet_nest nest = {0};
        pf_mem_fail_from(nth);
        status = take(&nest, 0, 4, NULL);
        pf_mem_fail_from(0);
        pf_parquet_nest_clear(&nest);
    }
    assert_true(status == PF_OK && nth > 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_list_of_numbers_has_the_levels_of_the_specification, setup),
        cmocka_unit_test_setup(arrays_that_lie_are_refused_with_their_row, setup),
        cmocka_unit_test(structs_and_runs_that_lie_are_refused_too),
        cmocka_unit_test(no_memory_is_said_at_every_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
