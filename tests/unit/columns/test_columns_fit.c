/* test_columns_fit.c — the join of types, and two schemas by name in four modes.   SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_fit.h"
#include "columns/columns_schema.h"

static struct pf_type type_named(const char *text) {
    struct pf_type type;
    assert_int_equal(pf_type_parse(text, &type, NULL), PF_OK);
    return type;
}

static void the_join_follows_the_table_both_ways_round(void **state) {
    (void)state;
    static const struct {
        const char *a, *b, *join; /* NULL: only text */
    } rows[] = {
        {"int64", "int64", "int64"},
        {"null", "date", "date"},
        {"null", "null", "null"},
        {"int8", "int64", "int64"},
        {"uint8", "uint32", "uint32"},
        {"uint8", "int8", "int16"},
        {"uint16", "int64", "int64"},
        {"uint32", "int8", "int64"},
        {"uint64", "int64", "decimal(20,0)"},
        {"int64", "decimal(20,0)", "decimal(20,0)"},
        {"int64", "decimal(5,2)", "decimal(21,2)"},
        {"int32", "decimal(5,2)", "decimal(12,2)"},
        {"decimal(5,2)", "decimal(6,4)", "decimal(7,4)"},
        {"decimal(38,0)", "decimal(38,10)", NULL},
        {"decimal256(50,2)", "decimal(38,10)", "decimal256(58,10)"},
        {"int64", "double", "double"},
        {"int16", "float", "float"},
        {"int32", "float", "double"},
        {"float16", "float", "float"},
        {"float", "double", "double"},
        {"decimal(5,2)", "double", NULL},
        {"bool", "int64", NULL},
        {"bool", "text", NULL},
        {"int64", "text", NULL},
        {"date", "timestamp[us]", "timestamp[us]"},
        {"date", "timestamp[us, UTC]", NULL},
        {"timestamp[us]", "timestamp[us, UTC]", NULL},
        {"timestamp[us]", "timestamp[ns]", "timestamp[ns]"},
        {"timestamp[s, UTC]", "timestamp[ms, UTC]", "timestamp[ms, UTC]"},
        {"date", "date64", "date"},
        {"time32[s]", "time32[ms]", "time32[ms]"},
        {"time32[s]", "time[us]", "time[us]"},
        {"time[us]", "timestamp[us]", NULL},
        {"duration[s]", "duration[us]", "duration[us]"},
        {"duration[s]", "date", NULL},
        {"date", "int64", NULL},
        {"text", "large_text", "text"},
        {"text_view", "large_text", "text"},
        {"large_text", "large_text", "large_text"},
        {"binary", "large_binary", "binary"},
        {"fixed_binary(3)", "fixed_binary(4)", "binary"},
        {"binary", "text", NULL},
        {"dictionary(int32, text)", "text", "text"},
        {"dictionary(int8, int32)", "int64", "int64"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int turned = 0; turned < 2; turned++) {
            struct pf_type a = type_named(turned ? rows[i].b : rows[i].a),
                           b = type_named(turned ? rows[i].a : rows[i].b);
            struct pf_type join;
            char text[96];
            assert_int_equal(pf_type_join(&a, &b, &join), rows[i].join != NULL);
            pf_type_print(&join, text, sizeof text);
            assert_string_equal(text, rows[i].join ? rows[i].join : "text");
        }
}

static void the_join_is_associative_over_plain_types(void **state) {
    (void)state;
    static const char *const words[] = {"null",          "int32",         "int64", "double",  "date",
                                        "timestamp[us]", "timestamp[ns]", "text",  "time[us]"};
    const size_t n = sizeof words / sizeof *words;
    for (size_t i = 0; i < n * n * n; i++) {
        struct pf_type a = type_named(words[i % n]), b = type_named(words[i / n % n]),
                       c = type_named(words[i / n / n]);
        struct pf_type left, right;
        pf_type_join(&a, &b, &left);
        pf_type_join(&left, &c, &left);
        pf_type_join(&b, &c, &right);
        pf_type_join(&a, &right, &right);
        assert_true(pf_type_same(&left, &right));
    }
}

/* "name:type name:type" → schema */
static pf_status make_schema(const char *words, struct ArrowSchema *out, struct pf_error *err) {
    char name[64], type_text[64];
    int64_t n = 0, used;
    for (const char *at = words; *at; at += strcspn(at, " "), at += *at == ' ')
        n++;
    PF_TRY(pf_schema_struct(out, n, err));
    for (int64_t i = 0; i < n; i++) {
        struct pf_type type;
        int bytes;
        assert_int_equal(sscanf(words, " %63[^:]:%63s%n", name, type_text, &bytes), 2);
        used = bytes;
        words += used;
        pf_status status = pf_type_parse(type_text, &type, err);
        if (status == PF_OK)
            status = pf_schema_field(out->children[i], name, &type, name[0] != '!', err);
        if (status != PF_OK) {
            pf_schema_release(out);
            return status;
        }
    }
    return PF_OK;
}

static void note_drift(void *ctx, const struct pf_drift *drift) {
    char *to = ctx, a[96], b[96];
    pf_type_print(&drift->from, a, sizeof a);
    pf_type_print(&drift->to, b, sizeof b);
    if (strcmp(drift->what, "widened") == 0)
        sprintf(to + strlen(to), "%s widened %s %s;", drift->column, a, b);
    else
        sprintf(to + strlen(to), "%s %s;", drift->column, drift->what);
}

static void print_schema(const struct ArrowSchema *schema, char *to) {
    to[0] = 0;
    for (int64_t i = 0; i < schema->n_children; i++) {
        struct pf_type type;
        char text[96];
        assert_int_equal(pf_type_of(schema->children[i], &type, NULL), PF_OK);
        pf_type_print(&type, text, sizeof text);
        sprintf(to + strlen(to), "%s%s:%s", i ? " " : "", schema->children[i]->name, text);
    }
}

/* The twelve cases of theme 18, each in all four modes: NULL is a refusal. */
static const struct {
    const char *target, *next;
    const char *result[4];
    const char *drift; /* as told in the loosest mode that takes it */
} cases[] = {
    {"a:int64 b:text",
     "a:int64 b:text",
     {"a:int64 b:text", "a:int64 b:text", "a:int64 b:text", "a:int64 b:text"},
     ""},
    {"a:int64", "a:int64 b:text", {NULL, "a:int64 b:text", NULL, "a:int64 b:text"}, "b added;"},
    {"a:int64 b:text", "a:int64", {NULL, NULL, NULL, "a:int64 b:text"}, "b missing;"},
    {"a:int64 b:text",
     "b:text a:int64",
     {"a:int64 b:text", "a:int64 b:text", "a:int64 b:text", "a:int64 b:text"},
     "b moved;"},
    {"a:int32", "a:int64", {NULL, NULL, "a:int64", "a:int64"}, "a widened int32 int64;"},
    {"a:int64", "a:int32", {NULL, NULL, "a:int64", "a:int64"}, "a widened int32 int64;"},
    {"a:int64", "a:double", {NULL, NULL, "a:double", "a:double"}, "a widened int64 double;"},
    {"a:text", "a:int64", {NULL, NULL, NULL, "a:text"}, "a widened int64 text;"},
    {"a:int64", "a:text", {NULL, NULL, NULL, "a:text"}, "a widened int64 text;"},
    {"Name:text", "name:text", {NULL, "Name:text", "Name:text", "Name:text"}, "name case;"},
    {"a:date", "a:null", {"a:date", "a:date", "a:date", "a:date"}, ""},
    {"a:null", "a:date", {"a:date", "a:date", "a:date", "a:date"}, ""},
    {"a:binary", "a:text", {NULL, NULL, NULL, NULL}, "a refused;"},
    {"a:int64 b:text", "c:bool b:text", {NULL, NULL, NULL, "a:int64 b:text c:bool"}, "a missing;c added;"},
    {"A:int64 a:text",
     "a:text A:int64",
     {"A:int64 a:text", "A:int64 a:text", "A:int64 a:text", "A:int64 a:text"},
     "a moved;"},
};

static void drift_has_the_documented_outcome_in_every_mode(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ArrowSchema target, next, out;
        char told[512], text[256];
        assert_int_equal(make_schema(cases[i].target, &target, NULL), PF_OK);
        assert_int_equal(make_schema(cases[i].next, &next, NULL), PF_OK);
        for (int mode = PF_FIT_STRICT; mode <= PF_FIT_UNION; mode++) {
            struct pf_error err = PF_ERROR_INIT;
            told[0] = 0;
            pf_status status = pf_fit(&target, &next, mode, note_drift, told, &out, &err);
            if (!cases[i].result[mode]) {
                assert_int_equal(status, PF_BAD_DATA);
                assert_non_null(strstr(err.message, "column '"));
                assert_non_null(strstr(told, "refused"));
                assert_null(out.release);
                continue;
            }
            assert_int_equal(status, PF_OK);
            print_schema(&out, text);
            assert_string_equal(text, cases[i].result[mode]);
            assert_string_equal(told, cases[i].drift);
            pf_schema_release(&out);
        }
        pf_schema_release(&target);
        pf_schema_release(&next);
    }
}

static void a_refusal_names_the_column_and_the_mode_that_would_take_it(void **state) {
    (void)state;
    static const struct {
        const char *target, *next, *word;
    } rows[] = {{"a:int64", "a:int64 b:text", "add or union"},
                {"a:int64 b:text", "a:int64", "mode union"},
                {"b:int32", "b:int64", "widen or union"},
                {"b:text", "b:int64", "mode union"},
                {"B:text", "b:text", "add, widen or union"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ArrowSchema target, next, out;
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(make_schema(rows[i].target, &target, NULL), PF_OK);
        assert_int_equal(make_schema(rows[i].next, &next, NULL), PF_OK);
        assert_int_equal(pf_fit(&target, &next, PF_FIT_STRICT, NULL, NULL, &out, &err), PF_BAD_DATA);
        assert_non_null(strstr(err.message, "'b'"));
        assert_non_null(strstr(err.message, rows[i].word));
        pf_schema_release(&target);
        pf_schema_release(&next);
    }
}

static void nullability_widens_and_nothing_else_changes(void **state) {
    (void)state;
    struct ArrowSchema target, next, out;
    size_t size;
    assert_int_equal(make_schema("!a:int64 b:int32", &target, NULL), PF_OK);
    assert_int_equal(make_schema("!a:int64 b:int64", &next, NULL), PF_OK);
    assert_int_equal(pf_schema_set_meta(target.children[0], "k", "v", NULL), PF_OK);
    assert_int_equal(pf_schema_set_meta(target.children[1], PF_META_FORMAT, "comma", NULL), PF_OK);
    assert_int_equal(pf_fit(&target, &next, PF_FIT_WIDEN, NULL, NULL, &out, NULL), PF_OK);
    assert_int_equal(out.children[0]->flags, 0);
    assert_non_null(pf_schema_meta(out.children[0], "k", &size));
    assert_null(pf_schema_meta(out.children[1], PF_META_FORMAT, &size));
    pf_schema_release(&out);
    next.children[0]->flags = ARROW_FLAG_NULLABLE;
    assert_int_equal(pf_fit(&target, &next, PF_FIT_WIDEN, NULL, NULL, &out, NULL), PF_OK);
    assert_int_equal(out.children[0]->flags, ARROW_FLAG_NULLABLE);
    pf_schema_release(&out);
    pf_schema_release(&target);
    pf_schema_release(&next);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    struct ArrowSchema target, next, out;
    assert_int_equal(make_schema("a:int64 B:int32 c:text", &target, NULL), PF_OK);
    assert_int_equal(make_schema("a:double b:int32 d:date", &next, NULL), PF_OK);
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        pf_mem_fail_from(nth);
        status = pf_fit(&target, &next, PF_FIT_UNION, NULL, NULL, &out, NULL);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        assert_true(nth < 200);
    }
    pf_schema_release(&out);
    pf_schema_release(&target);
    pf_schema_release(&next);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_join_follows_the_table_both_ways_round),
        cmocka_unit_test(the_join_is_associative_over_plain_types),
        cmocka_unit_test(drift_has_the_documented_outcome_in_every_mode),
        cmocka_unit_test(a_refusal_names_the_column_and_the_mode_that_would_take_it),
        cmocka_unit_test(nullability_widens_and_nothing_else_changes),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
