/* test_api_extension.c — what a program that embeds pyforge tells extensions and may ask about them.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "pyforge/extension.h"
#include "pyforge/pyforge.h"

static char heard[3][64]; /* of a command, of a hook before, of a hook after */

static void hear(size_t which, const char *answer) {
    snprintf(heard[which], sizeof heard[which], "%s", answer ? answer : "nobody knows");
}
static int32_t ask_command(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                           char **argv) {
    hear(0, host->ask(host, "moon.phase"));
    return 3;
}
static pf_status ask_before(struct pf_host *host, void *self, const pf_job *job, struct pf_error *err) {
    hear(1, host->ask(host, "moon.phase"));
    return PF_OK;
}
static void ask_after(struct pf_host *host, void *self, const pf_job *job, const pf_result *result) {
    hear(2, host->ask(host, "moon.phase"));
}
static const struct pf_command command = {
    .struct_size = sizeof command, .name = "phase", .summary = "of the moon", .run = ask_command};
static const struct pf_command *const commands[] = {&command, NULL};
static const struct pf_hooks hooks = {.struct_size = sizeof hooks, .pre = ask_before, .post = ask_after};
static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = "moon",
                                              .version = "1",
                                              .summary = "",
                                              .license = "MIT",
                                              .commands = commands,
                                              .hooks = &hooks};

static const char *answer(void *ctx, const char *key) { return strcmp(key, "moon.phase") == 0 ? ctx : NULL; }

static char folder[64];

static int make_folder(void **state) {
    strcpy(folder, "/tmp/pyforge-api-XXXXXX");
    return mkdtemp(folder) ? 0 : 1;
}
static int remove_folder(void **state) {
    char line[160];
    snprintf(line, sizeof line, "rm -rf '%s'", folder);
    return system(line);
}

static void convert(pf_forge *forge) {
    char input[160], output[160];
    pf_job *job = NULL;
    pf_result *result = NULL;
    snprintf(input, sizeof input, "%s/in.csv", folder);
    snprintf(output, sizeof output, "%s/out.csv", folder);
    FILE *file = fopen(input, "w");
    assert_non_null(file);
    fputs("a\n1\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(pf_job_open(forge, &job, NULL), PF_OK);
    assert_int_equal(pf_job_set(job, "input", input, NULL), PF_OK);
    assert_int_equal(pf_job_set(job, "output", output, NULL), PF_OK);
    assert_int_equal(pf_job_set(job, "force", "1", NULL), PF_OK);
    assert_int_equal(pf_job_run(job, &result, NULL), PF_OK);
    pf_result_close(&result);
    pf_job_close(&job);
}

static void print_nothing(struct pf_console *console, const char *text, size_t size) {}

static void ask_everywhere(pf_forge *forge) {
    struct pf_console console = {
        .struct_size = sizeof console, .print = print_nothing, .complain = print_nothing};
    char name[] = "phase", *argv[] = {name, NULL};
    int32_t code = 0;
    memset(heard, 0, sizeof heard);
    assert_int_equal(pf_forge_run_command(forge, "moon", "phase", &console, 1, argv, NULL, &code, NULL), PF_OK);
    assert_int_equal(code, 3);
    convert(forge);
}

static void what_an_extension_asks_is_answered_by_the_embedder_or_by_nobody(void **state) {
    pf_forge *forge = NULL;
    char full[] = "full";
    assert_int_equal(pf_forge_open(&forge, NULL), PF_OK);
    assert_int_equal(pf_forge_add(forge, &extension, NULL), PF_OK);
    ask_everywhere(forge);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(heard[i], "nobody knows");
    pf_forge_answer(forge, answer, full);
    ask_everywhere(forge);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(heard[i], "full");
    pf_forge_answer(forge, NULL, NULL);
    ask_everywhere(forge);
    assert_string_equal(heard[0], "nobody knows");
    pf_forge_close(&forge);
    pf_forge_answer(NULL, answer, full); /* nothing happens */
}

static void allowing_takes_the_struct_of_an_older_program_and_refuses_what_is_none(void **state) {
    pf_forge *forge = NULL;
    struct pf_error err = {.struct_size = sizeof err};
    char empty[160];
    snprintf(empty, sizeof empty, "%s/none", folder);
    setenv("XDG_CACHE_HOME", folder, 1);
    setenv("XDG_DATA_HOME", folder, 1);
    struct pf_allow allow = {.struct_size = offsetof(struct pf_allow, starter), .path = empty};
    allow.starter = (const char *const *)(uintptr_t)1; /* behind its end: never looked at */
    assert_int_equal(pf_forge_open(&forge, NULL), PF_OK);
    assert_int_equal(pf_forge_allow(forge, &allow, &err), PF_NOT_FOUND);
    assert_non_null(strstr(err.message, "/none': no folder is there"));
    assert_int_equal(mkdir(empty, 0700), 0);
    assert_int_equal(pf_forge_allow(forge, &allow, &err), PF_OK);
    allow.struct_size = 8;
    assert_int_equal(pf_forge_allow(forge, &allow, &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "sizeof"));
    assert_int_equal(pf_forge_allow(forge, NULL, &err), PF_ARGUMENT);
    allow = (struct pf_allow){.struct_size = sizeof allow, .program = "/no/such/program"};
    assert_int_equal(pf_forge_allow(forge, &allow, &err), PF_NOT_FOUND);
    pf_forge_close(&forge);
}

static void names_that_nobody_has_are_told(void **state) {
    pf_forge *forge = NULL;
    struct pf_error err = {.struct_size = sizeof err};
    struct pf_extension_facts facts = {.struct_size = sizeof facts}, small = {.struct_size = 8};
    struct pf_console console = {
        .struct_size = sizeof console, .print = print_nothing, .complain = print_nothing};
    int32_t code = 0;
    assert_int_equal(pf_forge_open(&forge, NULL), PF_OK);
    assert_int_equal(pf_forge_add(forge, &extension, NULL), PF_OK);
    assert_int_equal(pf_forge_extension(forge, 0, &facts), PF_OK);
    assert_string_equal(facts.name, "moon");
    assert_string_equal(facts.state_name, "initialized");
    assert_null(facts.path);
    assert_int_equal(pf_forge_extension(forge, 1, &facts), PF_NOT_FOUND);
    assert_int_equal(pf_forge_extension(forge, 0, &small), PF_ARGUMENT);
    assert_int_equal(pf_forge_enable(forge, NULL, 1, &err), PF_ARGUMENT);
    assert_int_equal(pf_forge_enable(forge, "sun", 0, &err), PF_NOT_FOUND);
    assert_non_null(strstr(err.message, "there is none"));
    assert_int_equal(pf_forge_rescan(forge, "sun", &err), PF_NOT_FOUND);
    assert_string_equal(pf_forge_command(forge, "moon", 0)->name, "phase");
    assert_null(pf_forge_command(forge, "moon", 1));
    assert_null(pf_forge_command(forge, "sun", 0));
    assert_null(pf_forge_command(forge, NULL, 0));
    assert_int_not_equal(pf_forge_run_command(forge, "moon", "rise", &console, 0, NULL, NULL, &code, &err),
                         PF_OK);
    pf_forge_close(&forge);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(what_an_extension_asks_is_answered_by_the_embedder_or_by_nobody),
        TEST(allowing_takes_the_struct_of_an_older_program_and_refuses_what_is_none),
        TEST(names_that_nobody_has_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
