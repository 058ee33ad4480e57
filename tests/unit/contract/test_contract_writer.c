/* test_contract_writer.c — every writer keeps its promises; a writer that breaks one is found.
 * SPDX-License-Identifier: MIT */
#include "contract_heard.h"

#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "frail.h"
#include "toy_format.h"
#include "write/write_list.h"

/* Three batches of numbers and words, some of them null. */
struct rows {
    struct ArrowSchema schema;
    struct pf_batch batch;
    int given;
};

static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    return pf_schema_copy(&((struct rows *)self)->schema, out, err);
}
static pf_status give_next(void *self, struct ArrowArray *out, struct pf_error *err) {
    struct rows *rows = self;
    out->release = NULL;
    for (int64_t i = 0; i < 100 && rows->given < 3; i++) {
        int64_t number = i * 1000003 % 7919 + rows->given;
        pf_build_value(&rows->batch.builds[0], &number, err);
        if (i % 5)
            pf_build_bytes(&rows->batch.builds[1], "a word", (size_t)(1 + i % 6), err);
        else
            pf_build_null(&rows->batch.builds[1], err);
    }
    return rows->given++ < 3 ? pf_batch_take(&rows->batch, out, err) : PF_OK;
}
static void end_rows(void *self) {
    struct rows *rows = self;
    pf_batch_clear(&rows->batch);
    pf_schema_release(&rows->schema);
}

static pf_status open_rows(void *ctx, struct ArrowArrayStream *out) {
    struct rows *rows = ctx;
    struct pf_type number = {.kind = PF_KIND_INT64, .zone = ""}, text = {.kind = PF_KIND_UTF8, .zone = ""};
    struct pf_stream_maker maker = {rows, give_schema, give_next, end_rows};
    rows->given = 0;
    if (pf_schema_struct(&rows->schema, 2, NULL) != PF_OK ||
        pf_schema_field(rows->schema.children[0], "n", &number, true, NULL) != PF_OK ||
        pf_schema_field(rows->schema.children[1], "t", &text, true, NULL) != PF_OK ||
        pf_batch_open(&rows->batch, &rows->schema, NULL) != PF_OK)
        return PF_NO_MEMORY;
    return pf_stream_make(&maker, NULL, out, NULL);
}

static int64_t run_contract(const struct pf_writer *writer, struct heard *heard) {
    struct rows rows = {0};
    struct pf_contract contract = {hear, heard};
    struct pf_contract_rows open = {open_rows, &rows};
    return pf_contract_writer(writer, &open, &contract);
}

static void every_writer_of_this_build_keeps_its_promises(void **state) {
    for (const struct pf_writer *const *w = pf_builtin_writers; *w; w++) {
        struct heard heard = {.of = (*w)->name};
        assert_int_equal(run_contract(*w, &heard), 0);
        assert_true(heard.promises >= 9);
    }
}

static void the_toy_writer_keeps_its_promises(void **state) {
    struct heard heard = {.of = "toy"};
    assert_int_equal(run_contract(toy_extension.writers[0], &heard), 0);
}

#define FRAIL_NAME(name, promise) {#name, promise},
static const struct { const char *name, *promise; } frails[] = {FRAIL_WRITES(FRAIL_NAME)};

static void each_broken_promise_of_a_writer_is_found(void **state) {
    for (int i = 0; i < FRAIL_WRITE_COUNT; i++) {
        struct heard heard = {.of = frails[i].name, .quiet = i != WRITES_WELL};
        frail_write = (enum frail_write)i;
        int64_t broken = run_contract(frail_writer(), &heard);
        assert_int_equal(broken, heard.broken_count);
        if (i == WRITES_WELL)
            assert_int_equal(broken, 0);
        else if (strstr(frails[i].name, "_GROW") && !heap_is_measured())
            print_message("the heap of this build is not measured\n");
        else if (!heard_of(&heard, frails[i].promise))
            fail_msg("%s is not found by '%s' but by '%s'", frails[i].name, frails[i].promise,
                     broken ? heard.broken[0] : "nothing");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_writer_of_this_build_keeps_its_promises),
        cmocka_unit_test(the_toy_writer_keeps_its_promises),
        cmocka_unit_test(each_broken_promise_of_a_writer_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
