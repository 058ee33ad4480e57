/* test_run_plan.c — selection, names, types and casts, planned without any file. SPDX-License-Identifier: MIT */
#include "columns/columns_schema.h"
#include "run/run_plan.h"
#include "run/run_selection.h"
#include "toy_folder.h"

static struct toy_run run;
static struct ArrowSchema found;
static struct pf_plan plan;
static struct pf_notices notices;

/* Columns as "name:type". */
static void find(const char *const *columns) {
    int64_t count = 0;
    while (columns[count])
        count++;
    assert_int_equal(pf_schema_struct(&found, count, NULL), PF_OK);
    for (int64_t i = 0; i < count; i++) {
        struct pf_type type;
        char name[300];
        const char *colon = strrchr(columns[i], ':');
        snprintf(name, sizeof name, "%.*s", (int)(colon - columns[i]), columns[i]);
        assert_int_equal(pf_type_parse(colon + 1, &type, NULL), PF_OK);
        assert_int_equal(pf_schema_field(found.children[i], name, &type, true, NULL), PF_OK);
    }
}
#define FIND(...) find((const char *const[]){__VA_ARGS__, NULL})
static pf_status make(const char *const *options, const char *writer, const bool *as_text) {
    run = begin_toy(options);
    struct pf_plan_request request = {.job = run.job,
                                      .found = &found,
                                      .writer = writer ? pf_registry_writer(run.forge->registry, writer) : NULL,
                                      .as_text = as_text,
                                      .notices = &notices};
    return pf_plan_make(&request, &plan, &run.err);
}
#define MAKE(...) make((const char *const[]){__VA_ARGS__, NULL}, NULL, NULL)
static void done(void) {
    pf_plan_clear(&plan);
    pf_notices_clear(&notices);
    pf_schema_release(&found);
    end_toy(&run);
}
/* "name:type@column name:type@column" */
static void expect_plan(const char *want) {
    char got[1000] = "";
    for (int64_t i = 0; i < plan.count; i++) {
        struct pf_type type;
        char print[96];
        size_t size = strlen(got);
        assert_int_equal(pf_type_of(plan.read.children[i], &type, NULL), PF_OK);
        pf_type_print(&type, print, sizeof print);
        snprintf(got + size, sizeof got - size, "%s%s:%s@%d", i ? " " : "", plan.read.children[i]->name, print,
                 plan.columns[i]);
    }
    assert_string_equal(got, want);
}
/* One bit a column. */
static void expect_imposed(unsigned want) {
    unsigned got = 0;
    for (int64_t i = 0; i < plan.count; i++)
        got |= (unsigned)plan.imposed[i] << i;
    assert_int_equal(got, want);
}

static void without_options_all_columns_are_read_as_found(void **state) {
    FIND("a:int64", "b:text");
    assert_int_equal(MAKE(NULL), PF_OK);
    expect_plan("a:int64@0 b:text@1");
    expect_imposed(0);
    assert_int_equal(plan.limit_rows, -1);
    assert_int_equal(notices.total, 0);
    done();
}

static void columns_are_chosen_by_name_number_letter_range_and_pattern(void **state) {
    const char *const cases[][2] = {{"columns=b", "b:int64@1"},
                                    {"columns=3,1", "v_1:int64@2 a:int64@0"},
                                    {"columns=B:D", "b:int64@1 v_1:int64@2 v_2:int64@3"},
                                    {"columns=v*,a", "v_1:int64@2 v_2:int64@3 a:int64@0"},
                                    {"columns=2:3", "b:int64@1 v_1:int64@2"},
                                    {"columns=a,a,A", "a:int64@0"},
                                    {"columns=x, y", "x, y:int64@5"},
                                    {"columns=7", "7:int64@6"},
                                    {"columns=column_5", "column_5:int64@4"},
                                    {"exclude=v_?,x, y", "a:int64@0 b:int64@1 column_5:int64@4 7:int64@6"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        FIND("a:int64", "b:int64", "v_1:int64", "v_2:int64", ":int64", "x, y:int64", "7:int64");
        pf_status status = MAKE(cases[i][0]);
        if (strstr(cases[i][0], "v_?,x")) { /* a list whose item has a comma is no name as a whole */
            assert_int_equal(status, PF_ARGUMENT);
        } else {
            if (status != PF_OK)
                fail_msg("%s: %s", cases[i][0], run.err.message);
            expect_plan(cases[i][1]);
        }
        done();
    }
}

static void what_means_no_column_is_refused_with_the_nearest(void **state) {
    FIND("amount:int64", "b:int64");
    assert_int_equal(MAKE("columns=amuont"), PF_ARGUMENT);
    assert_non_null(strstr(run.err.message, "did you mean 'amount'"));
    done();
    FIND("a:int64", "b:int64");
    assert_int_equal(MAKE("exclude=*"), PF_ARGUMENT);
    done();
    FIND("a:int64", "b:int64");
    assert_int_equal(MAKE("columns=9"), PF_ARGUMENT);
    done();
    FIND("a:int64", "b:int64");
    assert_int_equal(MAKE("rename=c=d"), PF_ARGUMENT);
    done();
    FIND("a:int64", "b:int64");
    assert_int_equal(MAKE("rename=a"), PF_ARGUMENT);
    done();
    FIND("a:int64", "b:int64");
    assert_int_equal(MAKE("type=a=moon"), PF_ARGUMENT);
    done();
    FIND("a:int64", "b:int64");
    assert_int_equal(MAKE("type=c=text"), PF_ARGUMENT);
    done();
    FIND("a:int64", "b:int64");
    assert_int_equal(MAKE("type=text"), PF_ARGUMENT);
    done();
}

static void names_become_legal_and_unique_and_it_is_told(void **state) {
    FIND("a b:int64", "a_b:int64", ":int64");
    assert_int_equal(MAKE("names=sanitise", "rename=a_b=A B"), PF_OK);
    expect_plan("a_b:int64@0 A B:int64@1 column_3:int64@2");
    assert_int_equal(pf_notices_count(&notices, "renamed-column"), 2);
    size_t size;
    const char *source = pf_schema_meta(plan.read.children[0], PF_META_SOURCE, &size);
    assert_true(source && size == 3 && memcmp(source, "a b", 3) == 0);
    done();
    FIND("x=y:int64", "b:int64");
    assert_int_equal(MAKE("rename=x=y=z"), PF_OK);
    expect_plan("z:int64@0 b:int64@1");
    done();
}

static void types_are_imposed_one_by_one_or_on_the_rest(void **state) {
    FIND("a:int64", "b:double", "c:date");
    assert_int_equal(MAKE("type=a=text"), PF_OK);
    expect_plan("a:text@0 b:double@1 c:date@2");
    expect_imposed(1);
    done();
    FIND("a:int64", "b:double", "c:date");
    assert_int_equal(MAKE("type=*=text\x1f"
                          "b=decimal(9,2)"),
                     PF_OK);
    expect_plan("a:text@0 b:decimal(9,2)@1 c:text@2");
    expect_imposed(7);
    done();
    FIND("a:int64", "b:double", "c:date");
    assert_int_equal(MAKE("type=*=text\x1f"
                          "c=auto"),
                     PF_OK);
    expect_plan("a:text@0 b:text@1 c:date@2");
    expect_imposed(3);
    done();
}

static void the_way_a_date_is_spelled_stays_with_dates_only(void **state) {
    size_t size;
    FIND("a:date", "b:date");
    assert_int_equal(pf_schema_set_meta(found.children[0], PF_META_FORMAT, "dd/mm/yyyy", NULL), PF_OK);
    assert_int_equal(pf_schema_set_meta(found.children[1], PF_META_FORMAT, "dd/mm/yyyy", NULL), PF_OK);
    assert_int_equal(MAKE("type=a=timestamp\x1f"
                          "b=text"),
                     PF_OK);
    assert_non_null(pf_schema_meta(plan.read.children[0], PF_META_FORMAT, &size));
    assert_null(pf_schema_meta(plan.read.children[1], PF_META_FORMAT, &size));
    done();
}

static void what_must_be_text_is_text(void **state) {
    FIND("a:int64", "b:double");
    assert_int_equal(make(NULL, NULL, (const bool[]){false, true}), PF_OK);
    expect_plan("a:int64@0 b:text@1");
    expect_imposed(2);
    done();
}

static void spark_gets_what_it_can_hold(void **state) {
    FIND("a:uint64", "b:time", "c:null", "d:timestamp[ns]", "e:int64", "f:timestamp");
    assert_int_equal(make(NULL, "parquet", NULL), PF_OK);
    assert_non_null(plan.casts);
    assert_int_equal(plan.casts[0].target.kind, PF_KIND_DECIMAL128);
    assert_int_equal(plan.casts[0].target.precision, 20);
    assert_int_equal(plan.casts[1].target.kind, PF_KIND_UTF8);
    assert_int_equal(plan.casts[2].target.kind, PF_KIND_UTF8);
    assert_int_equal(plan.casts[3].target.unit, PF_UNIT_MICRO);
    assert_true(plan.casts[3].risky);
    assert_int_equal(plan.casts[4].target.kind, -1);
    assert_int_equal(plan.casts[5].target.kind, -1);
    done();
    FIND("a:uint64");
    assert_int_equal(make((const char *const[]){"profile=modern", NULL}, "parquet", NULL), PF_OK);
    assert_null(plan.casts);
    done();
    FIND("a:uint64");
    assert_int_equal(make(NULL, "csv", NULL), PF_OK);
    assert_null(plan.casts);
    done();
}

static void failing_allocations_are_told(void **state) {
    for (int64_t nth = 1;; nth++) {
        FIND("a b:uint64", "b:date", ":double");
        run = begin_toy((const char *const[]){"columns=*", "rename=b=c", "type=b=text", "exclude=3", NULL});
        struct pf_plan_request request = {.job = run.job,
                                          .found = &found,
                                          .writer = pf_registry_writer(run.forge->registry, "parquet"),
                                          .notices = &notices};
        pf_mem_fail_from(nth);
        pf_status status = pf_plan_make(&request, &plan, &run.err);
        bool reached = pf_mem_count() >= nth;
        pf_mem_fail_from(0);
        done();
        assert_int_equal(status, reached ? PF_NO_MEMORY : PF_OK);
        if (!reached)
            return;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_all_columns_are_read_as_found),
        cmocka_unit_test(columns_are_chosen_by_name_number_letter_range_and_pattern),
        cmocka_unit_test(what_means_no_column_is_refused_with_the_nearest),
        cmocka_unit_test(names_become_legal_and_unique_and_it_is_told),
        cmocka_unit_test(types_are_imposed_one_by_one_or_on_the_rest),
        cmocka_unit_test(the_way_a_date_is_spelled_stays_with_dates_only),
        cmocka_unit_test(what_must_be_text_is_text),
        cmocka_unit_test(spark_gets_what_it_can_hold),
        cmocka_unit_test(failing_allocations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
