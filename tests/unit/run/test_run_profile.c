/* test_run_profile.c — what --profile spark writes instead of types that Spark does not hold.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "run/run_profile.h"

static void never_release(struct ArrowSchema *schema) { schema->release = NULL; }

/* The printed type that Arrow's format is written as; NULL: as it is. */
static const char *written_as(const char *format, bool *risky) {
    static char text[96];
    struct ArrowSchema schema = {.format = format, .release = never_release};
    struct pf_type type;
    struct pf_profile_cast cast = {0};
    assert_int_equal(pf_type_of(&schema, &type, NULL), PF_OK);
    *risky = false;
    if (!pf_profile_spark(&type, &cast))
        return NULL;
    assert_true(cast.why && *cast.why);
    *risky = cast.risky;
    pf_type_print(&cast.target, text, sizeof text);
    return text;
}

static void what_spark_does_not_hold_is_written_as_what_holds_every_value(void **state) {
    static const struct {
        const char *format, *text;
        bool risky;
    } cases[] = {
        {"n", "text", false},
        {"C", "int16", false},
        {"S", "int32", false},
        {"I", "int64", false},
        {"e", "float", false},
        {"L", "decimal(20,0)", false},
        {"tdm", "date", false},
        {"tts", "text", false},
        {"ttn", "text", false},
        {"tDs", "int64", false},
        {"tDn", "int64", true},
        {"tsn:", "timestamp[us]", true},
        {"tss:UTC", "timestamp[us, UTC]", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool risky;
        const char *text = written_as(cases[i].format, &risky);
        assert_non_null(text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(risky, cases[i].risky);
    }
}

static void what_spark_holds_stays(void **state) {
    static const char *const formats[] = {"b", "c", "s",   "i",    "l",       "f",     "g",
                                          "u", "z", "tdD", "tsu:", "tsm:UTC", "d:10,2"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        bool risky;
        assert_null(written_as(formats[i], &risky));
    }
}

static void of_a_dictionary_the_values_count(void **state) {
    struct ArrowSchema values = {.format = "S", .release = never_release};
    struct ArrowSchema schema = {.format = "i", .release = never_release, .dictionary = &values};
    struct pf_type type;
    struct pf_profile_cast cast = {0};
    assert_int_equal(pf_type_of(&schema, &type, NULL), PF_OK);
    assert_true(pf_profile_spark(&type, &cast));
    assert_int_equal(cast.target.kind, PF_KIND_INT32);
    values.format = "u";
    assert_int_equal(pf_type_of(&schema, &type, NULL), PF_OK);
    assert_false(pf_profile_spark(&type, &cast));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_spark_does_not_hold_is_written_as_what_holds_every_value),
        cmocka_unit_test(what_spark_holds_stays),
        cmocka_unit_test(of_a_dictionary_the_values_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
