/* test_env.c — the environment, the clock, the log.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/log.h"
#include "base/mem.h"

static void empty_variables_count_as_unset(void **state) {
    setenv("PYFORGE_TEST_VARIABLE", "x", 1);
    assert_string_equal(pf_env("PYFORGE_TEST_VARIABLE"), "x");
    setenv("PYFORGE_TEST_VARIABLE", "", 1);
    assert_null(pf_env("PYFORGE_TEST_VARIABLE"));
    unsetenv("PYFORGE_TEST_VARIABLE");
    assert_null(pf_env("PYFORGE_TEST_VARIABLE"));
}

static void assert_folder(char *folder, const char *expected) {
    if (expected) {
        assert_non_null(folder);
        assert_string_equal(folder, expected);
    } else {
        assert_null(folder);
    }
    pf_mem_free(folder);
}

static void user_folders_follow_xdg(void **state) {
    setenv("HOME", "/home/someone", 1);
    unsetenv("XDG_CACHE_HOME");
    setenv("XDG_CONFIG_HOME", "relative", 1);
    assert_folder(pf_env_cache_folder(), "/home/someone/.cache/pyforge");
    assert_folder(pf_env_config_folder(), "/home/someone/.config/pyforge");
    setenv("XDG_CACHE_HOME", "/var/cache", 1);
    assert_folder(pf_env_cache_folder(), "/var/cache/pyforge");
    unsetenv("HOME");
    assert_folder(pf_env_config_folder(), NULL);
    setenv("HOME", "/h", 1);
    for (int64_t nth = 1; nth <= 2; nth++) {
        pf_mem_fail_from(nth);
        assert_folder(pf_env_config_folder(), NULL);
        pf_mem_fail_from(0);
    }
}

static void the_processor_answers_as_the_compiler_says(void **state) {
    bool simd = pf_cpu_vector();
    assert_int_equal(simd, pf_cpu_vector());
    const char *wanted = getenv("PYFORGE_SIMD");
    bool portable = wanted && strcmp(wanted, "portable") == 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    assert_int_equal(simd, !portable && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"));
#elif defined(__aarch64__)
    assert_int_equal(simd, !portable);
#else
    assert_false(simd);
    (void)portable;
#endif
}

static void clocks_go_forward(void **state) {
    int64_t a = pf_clock_ns(), b = pf_clock_ns();
    assert_true(b >= a && a > 0);
    assert_true(pf_clock_wall_ns() > 1700000000 * (int64_t)1000000000);
}

struct said {
    int count;
    int32_t level;
    char text[1100];
};

static void hear(void *ctx, int32_t level, const char *text) {
    struct said *said = ctx;
    said->count++;
    said->level = level;
    memcpy(said->text, text, strlen(text) + 1);
}

static void the_log_keeps_quiet_above_its_level(void **state) {
    struct said said = {0};
    struct pf_log log = {hear, &said, 2};
    pf_log_say(&log, 3, "no");
    pf_log_say(NULL, 1, "no");
    pf_log_say(&(struct pf_log){0}, 0, "no");
    assert_int_equal(said.count, 0);
    pf_log_say(&log, 2, "yes %d", 5);
    assert_int_equal(said.count, 1);
    assert_int_equal(said.level, 2);
    assert_string_equal(said.text, "yes 5");
    char text[3000];
    memset(text, 'x', 2999);
    text[2999] = 0;
    pf_log_say(&log, 1, "%s", text);
    assert_int_equal(strlen(said.text), 1023);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_variables_count_as_unset),
        cmocka_unit_test(user_folders_follow_xdg),
        cmocka_unit_test(the_processor_answers_as_the_compiler_says),
        cmocka_unit_test(clocks_go_forward),
        cmocka_unit_test(the_log_keeps_quiet_above_its_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
