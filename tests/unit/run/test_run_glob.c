/* test_run_glob.c — what a pattern matches, in a name and in folders.            SPDX-License-Identifier: MIT */
#include "run/run_glob.h"
#include "toy_folder.h"

static bool matches(const char *pattern, const char *name) {
    return pf_glob_match(pf_text_of(pattern), pf_text_of(name));
}

static void names_match_by_stars_marks_and_sets(void **state) {
    const char *const yes[][2] = {{"*", ""},        {"*.csv", "a.csv"}, {"a*b*c", "axxbyyc"}, {"?", "é"},
                                  {"[a-c]x", "bx"}, {"[!a-c]x", "dx"},  {"[]]", "]"},         {"a[", "a["},
                                  {"**", "abc"},    {"*a", "aaa"},      {"[a-]", "-"},        {"a?c*", "abc"},
                                  {"日*", "日本"}};
    const char *const no[][2] = {{"*.csv", "a.csv.gz"}, {"?", ""},     {"?", "ab"},
                                 {"[a-c]", "d"},        {"[!a]", "a"}, {"a", "b"},
                                 {"ab", "a"},           {"", "a"},     {"*b", "abc"}};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (!matches(yes[i][0], yes[i][1]))
            fail_msg("%s should match %s", yes[i][0], yes[i][1]);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (matches(no[i][0], no[i][1]))
            fail_msg("%s should not match %s", no[i][0], no[i][1]);
}

static void many_stars_take_no_longer_than_the_square(void **state) {
    char pattern[201], name[4001];
    for (size_t i = 0; i < 200; i += 2)
        memcpy(pattern + i, "*a", 2);
    pattern[200] = 0;
    memset(name, 'a', 4000);
    name[3999] = 'b';
    name[4000] = 0;
    assert_false(matches(pattern, name));
}

struct walked {
    char text[400];
};
static pf_status note(void *ctx, const char *path, struct pf_error *err) {
    struct walked *walked = ctx;
    size_t size = strlen(walked->text);
    snprintf(walked->text + size, sizeof walked->text - size, "%s ", path + strlen(folder) + 1);
    return PF_OK;
}
static const char *walk(const char *pattern) {
    static struct walked walked;
    walked.text[0] = 0;
    assert_int_equal(pf_glob_walk(at(pattern), note, &walked, NULL), PF_OK);
    return walked.text;
}

static void folders_are_walked_part_by_part_in_order(void **state) {
    make_sub("one"), make_sub("two"), make_sub(".hidden");
    write_text("one/b.csv", ""), write_text("one/a.csv", ""), write_text("two/c.csv", "");
    write_text("one/.d.csv", ""), write_text(".hidden/e.csv", ""), write_text("f.csv", "");
    assert_string_equal(walk("one/*.csv"), "one/a.csv one/b.csv ");
    assert_string_equal(walk("*/*.csv"), "one/a.csv one/b.csv two/c.csv ");
    assert_string_equal(walk("t*/c.csv"), "two/c.csv ");
    assert_string_equal(walk("*/nothing"), "");
    assert_string_equal(walk("nowhere/*"), "");
    assert_string_equal(walk("one/.*"), "one/.d.csv ");
    assert_string_equal(walk("*.csv/x*"), ""); /* a file is no folder */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(names_match_by_stars_marks_and_sets),
        TEST(many_stars_take_no_longer_than_the_square),
        TEST(folders_are_walked_part_by_part_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
