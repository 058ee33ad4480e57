/* test_json.c — JSON out and in.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"

static void the_writer_keeps_commas_and_nesting_right(void **state) {
    struct pf_buf buf = {0};
    struct pf_json_writer w;
    pf_json_begin(&w, &buf, 0, NULL);
    pf_json_open(&w, '{');
    pf_json_key(&w, "a");
    pf_json_int(&w, INT64_MIN);
    pf_json_key(&w, "b");
    pf_json_open(&w, '[');
    pf_json_bool(&w, true);
    pf_json_text(&w, NULL);
    pf_json_open(&w, '{');
    pf_json_close(&w, '}');
    pf_json_open(&w, '[');
    pf_json_close(&w, ']');
    pf_json_double(&w, 0.1);
    pf_json_double(&w, NAN);
    pf_json_close(&w, ']');
    pf_json_key(&w, "c");
    pf_json_raw(&w, "{\"x\":1}");
    pf_json_close(&w, '}');
    assert_int_equal(pf_json_end(&w), PF_OK);
    char *text = pf_buf_take(&buf);
    assert_string_equal(text, "{\"a\":-9223372036854775808,\"b\":[true,null,{},[],0.1,null],\"c\":{\"x\":1}}");
    pf_mem_free(text);
}

static void indenting_puts_each_value_on_its_line(void **state) {
    struct pf_buf buf = {0};
    struct pf_json_writer w;
    pf_json_begin(&w, &buf, 2, NULL);
    pf_json_open(&w, '{');
    pf_json_key(&w, "a");
    pf_json_open(&w, '[');
    pf_json_int(&w, 1);
    pf_json_int(&w, 2);
    pf_json_close(&w, ']');
    pf_json_key(&w, "e");
    pf_json_open(&w, '{');
    pf_json_close(&w, '}');
    pf_json_close(&w, '}');
    assert_int_equal(pf_json_end(&w), PF_OK);
    char *text = pf_buf_take(&buf);
    assert_string_equal(text, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"e\": {}\n}");
    pf_mem_free(text);
}

static char *write_text(const char *text, size_t size) {
    struct pf_buf buf = {0};
    struct pf_json_writer w;
    pf_json_begin(&w, &buf, 0, NULL);
    pf_json_text_sized(&w, text, size);
    assert_int_equal(pf_json_end(&w), PF_OK);
    return pf_buf_take(&buf);
}

static void texts_are_escaped_and_repaired(void **state) {
    static const struct {
        const char *in;
        size_t size;
        const char *out;
    } cases[] = {
        {"plain", 5, "\"plain\""},
        {"\"\\/\b\f\n\r\t", 8, "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
        {"a\0b\x1f\x7f", 5, "\"a\\u0000b\\u001f\\u007f\""},
        {"Gr\xC3\xB6\xC3\x9F"
         "e \xE2\x82\xAC \xF0\x9F\x98\x80",
         16,
         "\"Gr\xC3\xB6\xC3\x9F"
         "e \xE2\x82\xAC \xF0\x9F\x98\x80\""},
        {"\xC3", 1, "\"\xEF\xBF\xBD\""},
        {"\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xC0\x80x", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBDx\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = write_text(cases[i].in, cases[i].size);
        assert_string_equal(text, cases[i].out);
        pf_mem_free(text);
    }
}

static void an_open_writer_is_a_bug(void **state) {
    struct pf_buf buf = {0};
    struct pf_json_writer w;
    struct pf_error err = PF_ERROR_INIT;
    pf_json_begin(&w, &buf, 0, &err);
    pf_json_open(&w, '{');
    assert_int_equal(pf_json_end(&w), PF_INTERNAL);
    pf_buf_clear(&buf);
}

static void the_first_failure_of_a_writer_sticks(void **state) {
    struct pf_buf buf = {.ceiling = 5};
    struct pf_json_writer w;
    struct pf_error err = PF_ERROR_INIT;
    pf_json_begin(&w, &buf, 0, &err);
    pf_json_text(&w, "too long for five");
    pf_json_int(&w, 1);
    assert_int_equal(pf_json_end(&w), PF_LIMIT);
    assert_int_equal(err.code, PF_LIMIT);
    assert_true(buf.size <= 5);
    pf_buf_clear(&buf);
}

static pf_json *parse(const char *text) {
    pf_json *root = NULL;
    struct pf_error err = PF_ERROR_INIT;
    if (pf_json_parse(text, strlen(text), &root, &err) != PF_OK)
        fail_msg("%s", err.message);
    return root;
}

static void a_tree_is_read_in_the_order_of_the_text(void **state) {
    pf_json *root = parse("{\"z\": 1, \"a\": [true, \"x\", null, 1.5, -9223372036854775808], \"m\": {}}");
    assert_true(pf_json_is_object(root));
    assert_false(pf_json_is_array(root));
    assert_int_equal(pf_json_size(root), 3);
    const char *key = NULL;
    assert_non_null(pf_json_member_at(root, 0, &key));
    assert_string_equal(key, "z");
    assert_non_null(pf_json_member_at(root, 2, &key));
    assert_string_equal(key, "m");
    assert_null(pf_json_member_at(root, 3, &key));
    assert_null(key);
    int64_t number = 0;
    bool truth = false;
    assert_true(pf_json_as_int(pf_json_member(root, "z"), &number) && number == 1);
    const pf_json *list = pf_json_member(root, "a");
    assert_true(pf_json_is_array(list));
    assert_int_equal(pf_json_size(list), 5);
    assert_true(pf_json_as_bool(pf_json_item(list, 0), &truth) && truth);
    assert_string_equal(pf_json_as_text(pf_json_item(list, 1)), "x");
    assert_false(pf_json_as_int(pf_json_item(list, 3), &number));
    assert_true(pf_json_as_int(pf_json_item(list, 4), &number) && number == INT64_MIN);
    pf_json_free(root);
}

static void wrong_questions_get_no_answer(void **state) {
    pf_json *root = parse("[1]");
    int64_t number;
    bool truth;
    const char *key;
    assert_null(pf_json_member(root, "a"));
    assert_null(pf_json_member_at(root, 0, &key));
    assert_null(pf_json_item(root, 1));
    assert_null(pf_json_as_text(root));
    assert_false(pf_json_as_int(root, &number));
    assert_false(pf_json_as_bool(root, &truth));
    assert_int_equal(pf_json_size(pf_json_item(root, 0)), 0);
    assert_null(pf_json_member(NULL, "a"));
    assert_null(pf_json_as_text(NULL));
    assert_int_equal(pf_json_size(NULL), 0);
    assert_false(pf_json_is_object(NULL));
    pf_json_free(root);
    pf_json_free(NULL);
}

static void broken_text_is_refused_with_its_place(void **state) {
    static const char *const cases[] = {"",    "{",        "{\"a\":1,}", "[1 2]",      "{\"a\":1,\"a\":2}",
                                        "nul", "\"\xff\"", "[1]x",       "\"\\u0000\""};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pf_json *root = NULL;
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(pf_json_parse(cases[i], strlen(cases[i]), &root, &err), PF_BAD_DATA);
        assert_null(root);
        assert_true(err.byte >= 0);
        assert_non_null(strstr(err.message, "line 1"));
        assert_non_null(strstr(err.message, "; mend it there"));
    }
}

static void depth_has_a_ceiling(void **state) {
    char text[6001];
    for (int depth = 64; depth <= 3000; depth += 1468) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        pf_json *root = NULL;
        struct pf_error err = PF_ERROR_INIT;
        pf_status status = pf_json_parse(text, (size_t)depth * 2, &root, &err);
        if (depth == 64)
            assert_int_equal(status, PF_OK);
        else
            assert_true(status == PF_LIMIT || status == PF_BAD_DATA);
        pf_json_free(root);
    }
    pf_json *root = NULL;
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    assert_int_equal(pf_json_parse(text, 130, &root, NULL), PF_LIMIT);
}

static void no_memory_is_said_as_such(void **state) {
    const char text[] = "{\"a\": [1, 2, {\"b\": \"text\"}], \"c\": true}";
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        pf_json *root = NULL;
        pf_mem_fail_from(nth);
        status = pf_json_parse(text, sizeof text - 1, &root, NULL);
        pf_mem_fail_from(0);
        if (status != PF_OK)
            assert_int_equal(status, PF_NO_MEMORY);
        pf_json_free(root);
        assert_true(nth < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_writer_keeps_commas_and_nesting_right),
        cmocka_unit_test(indenting_puts_each_value_on_its_line),
        cmocka_unit_test(texts_are_escaped_and_repaired),
        cmocka_unit_test(an_open_writer_is_a_bug),
        cmocka_unit_test(the_first_failure_of_a_writer_sticks),
        cmocka_unit_test(a_tree_is_read_in_the_order_of_the_text),
        cmocka_unit_test(wrong_questions_get_no_answer),
        cmocka_unit_test(broken_text_is_refused_with_its_place),
        cmocka_unit_test(depth_has_a_ceiling),
        cmocka_unit_test(no_memory_is_said_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
