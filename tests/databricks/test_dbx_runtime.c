/* test_dbx_runtime.c — version texts: read, compared, mapped.                      SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dbx_runtime.h"

static void every_form_is_read(void **state) {
    static const struct {
        const char *text;
        int kind, major, minor, patch, environment, build;
        bool ml, gpu, photon;
        const char *scala;
    } rows[] = {
        {"15.4", PF_DBX_CLASSIC, 15, 4, -1, 0, -1, false, false, false, ""},
        {"15.4\n", PF_DBX_CLASSIC, 15, 4, -1, 0, -1, false, false, false, ""},
        {" 13.3", PF_DBX_CLASSIC, 13, 3, -1, 0, -1, false, false, false, ""},
        {"10.10", PF_DBX_CLASSIC, 10, 10, -1, 0, -1, false, false, false, ""},
        {"15.4.2", PF_DBX_CLASSIC, 15, 4, 2, 0, -1, false, false, false, ""},
        {"15.4.x-scala2.12", PF_DBX_CLASSIC, 15, 4, -1, 0, -1, false, false, false, "2.12"},
        {"18.x-scala2.13", PF_DBX_CLASSIC, 18, -1, -1, 0, -1, false, false, false, "2.13"},
        {"19", PF_DBX_CLASSIC, 19, -1, -1, 0, -1, false, false, false, ""},
        {"14.3.x-cpu-ml-scala2.12", PF_DBX_CLASSIC, 14, 3, -1, 0, -1, true, false, false, "2.12"},
        {"14.3.x-gpu-ml-scala2.12", PF_DBX_CLASSIC, 14, 3, -1, 0, -1, true, true, false, "2.12"},
        {"16.4.x-photon-scala2.13", PF_DBX_CLASSIC, 16, 4, -1, 0, -1, false, false, true, "2.13"},
        {"13.1 anything/else", PF_DBX_CLASSIC, 13, 1, -1, 0, -1, false, false, false, ""},
        {"client.1.13", PF_DBX_SERVERLESS, 14, 3, -1, 1, 13, false, false, false, ""},
        {"client.2.5", PF_DBX_SERVERLESS, 15, 4, -1, 2, 5, false, false, false, ""},
        {"client.3", PF_DBX_SERVERLESS, 16, 4, -1, 3, -1, false, false, false, ""},
        {"client.4.x", PF_DBX_SERVERLESS, 17, 3, -1, 4, -1, false, false, false, ""},
        {"client.5.7", PF_DBX_SERVERLESS, 18, -1, -1, 5, 7, false, false, false, ""},
        {"CLIENT.6.1", PF_DBX_SERVERLESS, 19, -1, -1, 6, 1, false, false, false, ""},
        {"client.9.1", PF_DBX_SERVERLESS, 0, -1, -1, 9, 1, false, false, false, ""},
        {"client.14.3.x-scala2.12", PF_DBX_SERVERLESS, 14, 3, -1, 0, -1, false, false, false, "2.12"},
        {"client.14.3", PF_DBX_SERVERLESS, 14, 3, -1, 0, -1, false, false, false, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_dbx_runtime it;
        print_message("%s\n", rows[i].text);
        assert_true(pf_dbx_runtime_parse(rows[i].text, &it));
        assert_int_equal(it.kind, rows[i].kind);
        assert_int_equal(it.major, rows[i].major);
        assert_int_equal(it.minor, rows[i].minor);
        assert_int_equal(it.patch, rows[i].patch);
        assert_int_equal(it.environment, rows[i].environment);
        assert_int_equal(it.build, rows[i].build);
        assert_int_equal(it.ml, rows[i].ml);
        assert_int_equal(it.gpu, rows[i].gpu);
        assert_int_equal(it.photon, rows[i].photon);
        assert_string_equal(it.scala, rows[i].scala);
    }
}

static void what_begins_with_no_version_is_unreadable(void **state) {
    static const char *const rows[] = {NULL,     "",        " ",        "latest",     "x.4", "15abc",
                                       "client", "client.", "client.x", "client15.4", "0.1", "12345.6",
                                       "-1",     ".4",      "v15.4",    "custom:15.4"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_dbx_runtime it = {.kind = 7};
        assert_false(pf_dbx_runtime_parse(rows[i], &it));
        assert_int_equal(it.kind, PF_DBX_UNREADABLE);
        assert_int_equal(it.major, 0);
    }
}

static void versions_are_compared_as_numbers(void **state) {
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {"15.4", "15.4", 0},
        {"9.1", "10.4", -1},
        {"10.10", "10.9", 1},
        {"15.4.2", "15.4.10", -1},
        {"15.4", "15.4.10", 0},
        {"18.x", "18.2", 0},
        {"18.x", "17.3", 1},
        {"client.5.1", "client.5.7", -1},
        {"client.5.1", "client.4.9", 1},
        {"client.5", "client.5.7", 0},
        {"client.2.5", "15.4", 0},
        {"client.1.13", "15.4", -1},
        {"client.14.3", "14.2", 1},
        {"client.9.1", "client.6.1", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_dbx_runtime a, b;
        int order, back;
        print_message("%s %s\n", rows[i].a, rows[i].b);
        assert_true(pf_dbx_runtime_parse(rows[i].a, &a) && pf_dbx_runtime_parse(rows[i].b, &b));
        assert_true(pf_dbx_runtime_compare(&a, &b, &order) && pf_dbx_runtime_compare(&b, &a, &back));
        assert_int_equal(order, rows[i].order);
        assert_int_equal(back, -rows[i].order);
    }
}

static void what_cannot_be_compared_is_said_so(void **state) {
    struct pf_dbx_runtime unreadable, unknown, classic;
    int order;
    pf_dbx_runtime_parse("latest", &unreadable);
    pf_dbx_runtime_parse("client.9.1", &unknown);
    pf_dbx_runtime_parse("15.4", &classic);
    assert_false(pf_dbx_runtime_compare(&unreadable, &classic, &order));
    assert_false(pf_dbx_runtime_compare(&unknown, &classic, &order));
    assert_int_equal(pf_dbx_runtime_reaches(&unknown, 13, 3), -1);
}

static void the_threshold_of_volumes_is_exact(void **state) {
    static const struct {
        const char *text;
        int reaches;
    } rows[] = {{"9.1", 0},  {"12.2", 0},  {"13.2", 0},        {"13.3", 1}, {"13.3.x-scala2.12", 1},
                {"14.0", 1}, {"13.x", -1}, {"client.1.13", 1}, {"18.x", 1}, {"19", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_dbx_runtime it;
        assert_true(pf_dbx_runtime_parse(rows[i].text, &it));
        assert_int_equal(pf_dbx_runtime_reaches(&it, 13, 3), rows[i].reaches);
    }
}

/* The published figures, platform by platform; an empty one is not known. */
static void runtimes_map_to_spark_python_and_delta(void **state) {
    static const struct {
        const char *text, *spark, *python, *delta;
        bool lts;
    } rows[] = {
        {"10.4", "3.2.1", "3.8", "1.1", true},
        {"11.3", "3.3.0", "3.9", "2.1", true},
        {"12.2", "3.3.2", "3.9", "2.2", true},
        {"13.3", "3.4.1", "3.10", "2.4", true},
        {"14.3", "3.5.0", "3.10.12", "3.1.0", true},
        {"15.4", "3.5.0", "3.11.11", "3.2.0", true},
        {"16.4", "3.5.2", "3.12.3", "3.3.1", true},
        {"17.3", "4.0.0", "3.12.3", "4.0.0", true},
        {"17.1", "4.0.0", "3.12", "", false},
        {"18.x", "4.1.0", "3.12", "", true},
        {"19", "4.2.0", "3.12", "", false},
        {"client.1.13", "3.5.0", "3.10.12", "", false},
        {"client.2.5", "3.5.0", "3.11.10", "", false},
        {"client.3.1", "3.5.2", "3.12.3", "", false},
        {"client.4.1", "4.0.0", "3.12.3", "", false},
        {"client.5.1", "4.1.0", "3.12.3", "", false},
        {"client.6.1", "4.2.0", "3.12", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_dbx_runtime it;
        print_message("%s\n", rows[i].text);
        assert_true(pf_dbx_runtime_parse(rows[i].text, &it));
        const struct pf_dbx_contents *contents = pf_dbx_runtime_contents(&it);
        assert_non_null(contents);
        assert_string_equal(contents->spark, rows[i].spark);
        assert_string_equal(contents->python, rows[i].python);
        assert_string_equal(contents->delta ? contents->delta : "", rows[i].delta);
        assert_int_equal(contents->lts, rows[i].lts);
    }
}

static void nothing_is_invented_for_other_releases(void **state) {
    static const char *const rows[] = {"9.1", "20.0", "14.4", "13.x", "client.9.1"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_dbx_runtime it;
        assert_true(pf_dbx_runtime_parse(rows[i], &it));
        assert_null(pf_dbx_runtime_contents(&it));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(what_begins_with_no_version_is_unreadable),
        cmocka_unit_test(versions_are_compared_as_numbers),
        cmocka_unit_test(what_cannot_be_compared_is_said_so),
        cmocka_unit_test(the_threshold_of_volumes_is_exact),
        cmocka_unit_test(runtimes_map_to_spark_python_and_delta),
        cmocka_unit_test(nothing_is_invented_for_other_releases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
