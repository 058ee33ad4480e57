/* test_columns_type.c — types to Arrow format strings and back, and the words of --type.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "columns/columns_schema.h"
#include "columns/columns_type.h"

static void never_release(struct ArrowSchema *schema) { schema->release = NULL; }

static pf_status type_of(const char *format, struct pf_type *out, struct pf_error *err) {
    struct ArrowSchema schema = {.format = format, .release = never_release};
    return pf_type_of(&schema, out, err);
}

static void every_format_string_comes_back_as_it_was(void **state) {
    (void)state;
    static const char *const formats[] = {
        "n",      "b",   "c",    "s",       "i",          "l",    "C",   "S",    "I",       "L",
        "e",      "f",   "g",    "tdD",     "tdm",        "tts",  "ttm", "ttu",  "ttn",     "tDs",
        "tDm",    "tDu", "tDn",  "tiM",     "tiD",        "tin",  "u",   "U",    "vu",      "z",
        "Z",      "vz",  "w:16", "d:38,10", "d:76,5,256", "tss:", "w:0", "tsm:", "tsu:UTC", "tsn:Europe/Zurich",
        "d:5,-2",
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct pf_type type;
        char again[64];
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(type_of(formats[i], &type, &err), PF_OK);
        assert_int_equal(pf_type_format(&type, again, sizeof again, &err), PF_OK);
        assert_string_equal(again, formats[i]);
    }
    struct pf_type type;
    assert_int_equal(type_of("d:9,2,128", &type, NULL), PF_OK);
    assert_int_equal(type.kind, PF_KIND_DECIMAL128);
    assert_int_equal(type_of("+s", &type, NULL), PF_OK);
    assert_true(pf_kind_is_nested(type.kind));
    assert_int_equal(type_of("+w:3", &type, NULL), PF_OK);
    assert_int_equal(type.width, 3);
    assert_int_equal(type_of("+ud:0,1", &type, NULL), PF_OK);
    assert_int_equal(type.kind, PF_KIND_UNION);
}

static void broken_format_strings_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",       "x",         "uu",    "d:", "d:9",          "d:0,0", "d:39,0",
        "d:9,2,", "d:9,2,100", "d:9,x", "w:", "w:-1",         "w:x",   "w:9999999999",
        "ts",     "tsu",       "tsx:",  "tt", "ttx",          "tD",    "tdX",
        "tiX",    "td",        "t",     "+",  "+q",           "+w:",   "+w:-1",
        "+ll",    "tts1",      "tDsz",  "+u", "d:99999999,1", "w:",    ":",
        "ttq"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct pf_type type;
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(type_of(bad[i], &type, &err), PF_BAD_DATA);
        assert_int_equal(err.code, PF_BAD_DATA);
    }
    struct pf_type type;
    assert_int_equal(type_of("d:9,2,32", &type, NULL), PF_UNSUPPORTED);
    assert_int_equal(type_of("+vl", &type, NULL), PF_UNSUPPORTED);
    assert_int_equal(type_of(NULL, &type, NULL), PF_BAD_DATA);
    assert_int_equal(pf_type_of(NULL, &type, NULL), PF_BAD_DATA);
}

static void dictionaries_have_the_type_of_their_values_and_integer_indices(void **state) {
    (void)state;
    struct ArrowSchema values = {.format = "u", .release = never_release};
    struct ArrowSchema schema = {.format = "c", .release = never_release, .dictionary = &values};
    struct pf_type type;
    char text[96];
    assert_int_equal(pf_type_of(&schema, &type, NULL), PF_OK);
    assert_int_equal(type.kind, PF_KIND_UTF8);
    assert_int_equal(type.index, PF_KIND_INT8);
    pf_type_print(&type, text, sizeof text);
    assert_string_equal(text, "dictionary(int8, text)");
    schema.format = "g";
    assert_int_equal(pf_type_of(&schema, &type, NULL), PF_BAD_DATA);
    schema.format = "i";
    values.dictionary = &schema;
    assert_int_equal(pf_type_of(&schema, &type, NULL), PF_UNSUPPORTED);
}

static void what_is_printed_can_be_parsed(void **state) {
    (void)state;
    static const char *const words[] = {
        "null",
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float",
        "double",
        "date",
        "date64",
        "time32[s]",
        "time32[ms]",
        "time[us]",
        "time[ns]",
        "timestamp[s]",
        "timestamp[us, UTC]",
        "timestamp[ns]",
        "duration[ms]",
        "text",
        "large_text",
        "text_view",
        "binary",
        "large_binary",
        "binary_view",
        "fixed_binary(7)",
        "decimal(10,2)",
        "decimal256(50,4)",
        "interval_months",
        "interval_daytime",
        "interval_nano",
        "dictionary(int32, text)",
        "dictionary(uint8, decimal(5,1))",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct pf_type type;
        struct pf_error err = PF_ERROR_INIT;
        char again[96];
        assert_int_equal(pf_type_parse(words[i], &type, &err), PF_OK);
        pf_type_print(&type, again, sizeof again);
        assert_string_equal(again, words[i]);
    }
}

static void users_may_write_types_in_their_own_words(void **state) {
    (void)state;
    static const struct {
        const char *word, *same;
    } words[] = {
        {"string", "text"},
        {"STRING", "text"},
        {" varchar ", "text"},
        {"int", "int32"},
        {"BIGINT", "int64"},
        {"long", "int64"},
        {"float64", "double"},
        {"boolean", "bool"},
        {"timestamp", "timestamp[us, UTC]"},
        {"timestamp_ntz", "timestamp[us]"},
        {"datetime", "timestamp[us, UTC]"},
        {"timestamp[ms]", "timestamp[ms]"},
        {"timestamp[ns, utc]", "timestamp[ns, UTC]"},
        {"time", "time[us]"},
        {"numeric(12, 3)", "decimal(12,3)"},
        {"decimal(7)", "decimal(7,0)"},
        {"duration", "duration[us]"},
        {"time32", "time32[ms]"},
        {"timestamp[microsecond]", "timestamp[us]"},
        {"bytes", "binary"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct pf_type type;
        char text[96];
        assert_int_equal(pf_type_parse(words[i].word, &type, NULL), PF_OK);
        pf_type_print(&type, text, sizeof text);
        assert_string_equal(text, words[i].same);
    }
}

static void words_that_are_no_type_are_refused_with_the_list(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "integr",
                                      "decimal",
                                      "decimal(0,0)",
                                      "decimal(39,1)",
                                      "decimal(5,6)",
                                      "decimal(5,2",
                                      "time32[us]",
                                      "time[s]",
                                      "timestamp[us, Mars]",
                                      "text(5)",
                                      "timestamp[]",
                                      "fixed_binary",
                                      "fixed_binary(0)",
                                      "struct",
                                      "list",
                                      "decimal(5,2)x",
                                      "dictionary(text, text)",
                                      "dictionary(int32)",
                                      "(",
                                      "[us]",
                                      "dictionary(",
                                      "time[us, UTC]",
                                      "decimal(,)",
                                      "duration[x]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct pf_type type;
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(pf_type_parse(bad[i], &type, &err), PF_ARGUMENT);
        bool decimal = strncmp(bad[i], "decimal", 7) == 0;
        assert_non_null(strstr(err.message, decimal ? "decimal(p,s) with 1" : "timestamp_ntz"));
    }
}

static void equality_sees_unit_zone_scale_and_width(void **state) {
    (void)state;
    static const char *const different[] = {
        "timestamp[us]", "timestamp[ms]",   "timestamp[us, UTC]", "decimal(5,2)", "decimal(5,1)",
        "decimal(6,2)",  "fixed_binary(3)", "fixed_binary(4)",    "text",         "dictionary(int8, text)",
        "int64"};
    for (size_t i = 0; i < sizeof different / sizeof *different; i++)
        for (size_t k = 0; k < sizeof different / sizeof *different; k++) {
            struct pf_type a, b;
            assert_int_equal(pf_type_parse(different[i], &a, NULL), PF_OK);
            assert_int_equal(pf_type_parse(different[k], &b, NULL), PF_OK);
            assert_int_equal(pf_type_same(&a, &b), i == k);
        }
}

static void a_zone_that_is_too_long_is_refused(void **state) {
    (void)state;
    char zone[200], format[64];
    memset(zone, 'Z', sizeof zone);
    zone[sizeof zone - 1] = 0;
    struct pf_type type = {.kind = PF_KIND_TIMESTAMP, .unit = PF_UNIT_MICRO, .zone = zone};
    assert_int_equal(pf_type_format(&type, format, sizeof format, NULL), PF_UNSUPPORTED);
    struct pf_type list = {.kind = PF_KIND_LIST};
    assert_int_equal(pf_type_format(&list, format, sizeof format, NULL), PF_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_string_comes_back_as_it_was),
        cmocka_unit_test(broken_format_strings_are_refused),
        cmocka_unit_test(dictionaries_have_the_type_of_their_values_and_integer_indices),
        cmocka_unit_test(what_is_printed_can_be_parsed),
        cmocka_unit_test(users_may_write_types_in_their_own_words),
        cmocka_unit_test(words_that_are_no_type_are_refused_with_the_list),
        cmocka_unit_test(equality_sees_unit_zone_scale_and_width),
        cmocka_unit_test(a_zone_that_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
