/* test_parquet_group.c — a row group ends where its rows say, however they come. SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../interop/types_columns.h"
#include "base/error.h"
#include "write/parquet/parquet_group.h"

static void release_nothing(struct ArrowSchema *schema) { schema->release = NULL; }
static int alive;
static void release_batch(struct ArrowArray *batch) {
    batch->children[0]->release(batch->children[0]);
    free(batch->children[0]);
    free(batch->children);
    batch->release = NULL;
    alive--;
}

static const struct column *find_column(const char *name) {
    for (int i = 0; i < all_column_count; i++)
        if (strcmp(all_columns[i].name, name) == 0)
            return &all_columns[i];
    fail_msg("no column %s", name);
    return NULL;
}

/* Cuts rows of one column, in batches of step, into groups; writes their sizes to sizes, returns how many. */
static int cut(const char *name, int64_t rows, int64_t step, int64_t most_rows, int64_t most_bytes,
               int64_t *sizes) {
    const struct column *c = find_column(name);
    struct ArrowSchema field, *pointer = &field;
    make_schema(c, &field);
    struct ArrowSchema table = {
        .format = "+s", .n_children = 1, .children = &pointer, .release = release_nothing};
    struct pf_parquet_settings settings = {.modern = true};
    struct pf_parquet_schema schema;
    assert_int_equal(pf_parquet_schema_open(&schema, &table, &settings, NULL), PF_OK);
    struct pf_parquet_group group = {0};
    struct pf_buf parts = {0};
    int count = 0;
    for (int64_t at = 0; at < rows; at += step) {
        int64_t n = rows - at < step ? rows - at : step, from = 0;
        struct ArrowArray batch = {.length = n, .n_children = 1, .release = release_batch};
        batch.children = malloc(sizeof *batch.children);
        batch.children[0] = malloc(sizeof **batch.children);
        make_array(c, at, n, NULL, batch.children[0]);
        alive++;
        struct pf_parquet_held *held;
        assert_int_equal(pf_parquet_held_open(&batch, &held, NULL), PF_OK);
        assert_null(batch.release);
        while (from < n) {
            bool full;
            assert_int_equal(
                pf_parquet_group_fill(&group, &schema, held, &from, most_rows, most_bytes, &full, NULL), PF_OK);
            if (!full)
                continue;
            parts.size = 0;
            assert_int_equal(pf_parquet_group_parts(&group, 0, &parts, NULL), PF_OK);
            int64_t sum = 0;
            for (size_t i = 0; i < parts.size / sizeof(struct pf_parquet_part); i++)
                sum += ((struct pf_parquet_part *)(void *)parts.data)[i].rows;
            assert_int_equal(sum, group.rows);
            sizes[count++] = group.rows;
            pf_parquet_group_reset(&group);
        }
        pf_parquet_held_drop(held);
    }
    if (group.rows)
        sizes[count++] = group.rows;
    pf_parquet_group_clear(&group);
    pf_buf_clear(&parts);
    pf_parquet_schema_clear(&schema);
    field.release(&field);
    assert_int_equal(alive, 0);
    return count;
}

static void rows_end_a_group_exactly(void **state) {
    (void)state;
    int64_t sizes[100];
    assert_int_equal(cut("int64", 1000, 77, 300, 1 << 20, sizes), 4);
    assert_true(sizes[0] == 300 && sizes[1] == 300 && sizes[2] == 300 && sizes[3] == 100);
    assert_int_equal(cut("int64", 600, 600, 300, 1 << 20, sizes), 2);
}

static void bytes_end_a_group_whatever_the_batches(void **state) {
    (void)state;
    static const char *const names[] = {"text",        "text_large", "text_view", "dict_text8", "dict_view",
                                        "dict_text32", "int64",      "bool",      "fixed_5",    "dec_38_10"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        int64_t want[2000], got[2000];
        int groups = cut(names[k], 2000, 2000, 10000, 1000, want);
        assert_true(groups > 1);
        for (int64_t step = 1; step < 2000; step = step * 5 + 2) {
            assert_int_equal(cut(names[k], 2000, step, 10000, 1000, got), groups);
            assert_memory_equal(want, got, (size_t)groups * sizeof *want);
        }
    }
}

static void a_group_has_at_least_one_row(void **state) {
    (void)state;
    int64_t sizes[100];
    assert_int_equal(cut("text", 50, 50, 1000, 1, sizes), 50);
    for (int i = 0; i < 50; i++)
        assert_int_equal(sizes[i], 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_end_a_group_exactly),
        cmocka_unit_test(bytes_end_a_group_whatever_the_batches),
        cmocka_unit_test(a_group_has_at_least_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
