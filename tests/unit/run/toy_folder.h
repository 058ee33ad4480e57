/* toy_folder.h — a folder of its own for each test, and jobs over it.            SPDX-License-Identifier: MIT */
#ifndef PF_TOY_FOLDER_H
#define PF_TOY_FOLDER_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "run/run_engine.h"
#include "run/run_job.h"
#include "run/run_result.h"
#include "toy_format.h"

/* A new folder; all paths of a test are made with `at`. */
static char folder[64];
static char paths[8][160];

static inline int make_folder(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/pf_toy_XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}
static inline int32_t remove_entry(void *ctx, const char *name, bool directory);
static inline void remove_tree(const char *path) {
    pf_file_list(path, remove_entry, (void *)path, NULL);
    pf_file_remove_folder(path, NULL);
}
static inline int32_t remove_entry(void *ctx, const char *name, bool directory) {
    char path[400];
    snprintf(path, sizeof path, "%s/%s", (const char *)ctx, name);
    if (directory)
        remove_tree(path);
    else
        pf_file_remove(path, NULL);
    return 0;
}
static inline int drop_folder(void **state) {
    (void)state;
    remove_tree(folder);
    return 0;
}
/* folder/name; good until eight calls later. */
static inline const char *at(const char *name) {
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}
static inline void write_bytes(const char *name, const void *bytes, size_t size) {
    pf_file file;
    pf_file_remove(at(name), NULL);
    assert_int_equal(pf_file_create_new(at(name), false, &file, NULL), PF_OK);
    assert_int_equal(pf_file_write_all(file, bytes, size, name, NULL), PF_OK);
    pf_file_close(&file, name, NULL);
}
static inline void write_text(const char *name, const char *text) { write_bytes(name, text, strlen(text)); }
static inline char *read_text(const char *name) {
    static char text[1 << 16];
    pf_file file;
    size_t got;
    if (pf_file_open_read(at(name), &file, NULL) != PF_OK)
        return NULL;
    assert_int_equal(pf_file_read_at(file, 0, text, sizeof text - 1, &got, name, NULL), PF_OK);
    pf_file_close(&file, name, NULL);
    text[got] = 0;
    return text;
}
static inline int32_t count_entry(void *ctx, const char *name, bool directory) {
    (void)name, (void)directory;
    ++*(int *)ctx;
    return 0;
}
static inline int count_files(const char *name) {
    int count = 0;
    pf_file_list(name ? at(name) : folder, count_entry, &count, NULL);
    return count;
}
static inline void make_sub(const char *name) {
    assert_int_equal(pf_file_make_folder(at(name), false, NULL), PF_OK);
}

/* ---- jobs ---- */

static inline pf_forge *toy_forge(void) {
    pf_forge *forge = NULL;
    assert_int_equal(pf_forge_make(&forge, NULL), PF_OK);
    assert_int_equal(pf_forge_join(forge, &toy_extension, NULL), PF_OK);
    assert_int_equal(pf_forge_join(forge, &lines_extension, NULL), PF_OK);
    return forge;
}
struct toy_run {
    pf_forge *forge;
    pf_job *job;
    pf_result *result;
    pf_status status;
    struct pf_error err;
};
/* Options as "key=value" with a NULL behind the last; input and output are names in the folder. */
static inline struct toy_run begin_toy(const char *const *options) {
    struct toy_run run = {.err = PF_ERROR_INIT};
    run.forge = toy_forge();
    assert_int_equal(pf_job_make(run.forge, &run.job, NULL), PF_OK);
    for (; options && *options; options++) {
        char key[40];
        const char *value = strchr(*options, '=') + 1;
        snprintf(key, sizeof key, "%.*s", (int)(value - 1 - *options), *options);
        bool path = (strcmp(key, "input") == 0 && strcmp(value, "-") != 0) || strcmp(key, "output") == 0 ||
                    strcmp(key, "rejects") == 0 || strcmp(key, "schema") == 0;
        run.status = pf_job_put(run.job, key, path ? at(value) : value, PF_BY_USER, "user", &run.err);
        assert_int_equal(run.status, PF_OK);
    }
    return run;
}
static inline struct toy_run run_toy(const char *const *options) {
    struct toy_run run = begin_toy(options);
    run.status = pf_engine_run(run.job, &run.result, &run.err);
    return run;
}
static inline void end_toy(struct toy_run *run) {
    pf_result_free(run->result);
    pf_job_drop(run->job);
    pf_forge_drop(run->forge);
}
static inline void assert_good(const struct toy_run *run) {
    if (run->status != PF_OK)
        fail_msg("%d: %s: %s", run->status, run->err.where, run->err.message);
}
#define RUN(...) run_toy((const char *const[]){__VA_ARGS__, NULL})
#endif
