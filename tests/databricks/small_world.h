/* small_world.h — a machine for tests: a root in a temporary folder, variables and a clock of its own.
 * SPDX-License-Identifier: MIT */
#ifndef SMALL_WORLD_H
#define SMALL_WORLD_H
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbx_facts.h"
#include "dbx_world.h"

static char root[64];
static const char *variables[24]; /* "NAME=value", NULL-ended */
static char *asked_for[256];      /* every name that was looked up, once */
static int64_t clock_ms;

static const char *small_variable(void *ctx, const char *name) {
    size_t size = strlen(name);
    const char *found = NULL;
    for (const char **entry = variables; *entry; entry++)
        if (strncmp(*entry, name, size) == 0 && (*entry)[size] == '=' && (*entry)[size + 1])
            found = *entry + size + 1;
    for (size_t i = 0; i < sizeof asked_for / sizeof asked_for[0]; i++) {
        if (!asked_for[i])
            asked_for[i] = strdup(name);
        if (strcmp(asked_for[i], name) == 0)
            break;
    }
    return found;
}
static int64_t small_clock(void *ctx) { return clock_ms; }
static struct pf_dbx_world small = {.root = root, .variable = small_variable, .now_ms = small_clock};

static void remove_root(void) {
    char command[96];
    if (!root[0])
        return;
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    if (system(command))
        fail();
    root[0] = 0;
}

static void rooted(const char *path, char out[512]) {
    assert_true(snprintf(out, 512, "%s%s", root, path) < 512);
}

static void add_folder(const char *path) {
    char whole[512];
    for (size_t i = 1; i <= strlen(path); i++)
        if (path[i] == '/' || !path[i]) {
            char part[512];
            snprintf(part, sizeof part, "%.*s", (int)i, path);
            rooted(part, whole);
            assert_true(mkdir(whole, 0777) == 0 || errno == EEXIST);
        }
}

static void add_file(const char *path, const char *text) {
    char whole[512], folder[512];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    if (folder[0])
        add_folder(folder);
    rooted(path, whole);
    FILE *file = fopen(whole, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void set_variable(size_t index, const char *entry) { variables[index] = entry; }

/* A new one: variables joined by "|", paths joined by "|" where "=text" behind a path makes a file of it. */
static void begin_world(const char *all_variables, const char *all_paths) {
    static char text[2][2048];
    size_t count = 0;
    remove_root();
    strcpy(root, "/tmp/pyforge-dbx-XXXXXX");
    assert_non_null(mkdtemp(root));
    memset(variables, 0, sizeof variables);
    snprintf(text[0], sizeof text[0], "%s", all_variables);
    snprintf(text[1], sizeof text[1], "%s", all_paths);
    char *at = NULL;
    for (char *entry = strtok_r(text[0], "|", &at); entry; entry = strtok_r(NULL, "|", &at))
        set_variable(count++, entry);
    for (char *path = strtok_r(text[1], "|", &at); path; path = strtok_r(NULL, "|", &at)) {
        char *content = strchr(path, '=');
        if (content)
            *content = 0, add_file(path, content + 1);
        else
            add_folder(path);
    }
    clock_ms = 0;
    pf_dbx_world_set(&small);
    pf_dbx_facts_forget();
}

static int end_world(void **state) {
    pf_dbx_world_set(NULL);
    pf_dbx_facts_forget();
    remove_root();
    for (size_t i = 0; i < sizeof asked_for / sizeof asked_for[0]; i++)
        free(asked_for[i]), asked_for[i] = NULL;
    return 0;
}
#endif
