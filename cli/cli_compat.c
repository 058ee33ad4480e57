/* cli_compat.c — room cli. PYFORGE_COMPAT=1: what the earlier program did otherwise.
 * SPDX-License-Identifier: MIT
 * Knows: its defaults (the tables' compat column), its name of an output, its exit codes.
 * Knows not: formats; nothing behind the command line asks for it. */
#include "cli_compat.h"

#include <stdlib.h>
#include <string.h>

#include "cli_console.h"

bool pf_cli_compat(void) {
    const char *value = pf_cli_environment("PYFORGE_COMPAT");
    return value && strcmp(value, "1") == 0;
}

static const char *value_of(const struct pf_cli_args *args, const char *key) {
    const char *value = NULL;
    for (size_t i = 0; i < args->option_count; i++)
        if (strcmp(args->keys[i], key) == 0)
            value = args->values[i];
    return value;
}

struct defaults {
    const struct pf_cli_args *args;
    pf_job *job;
    pf_status status;
    struct pf_error *err;
};

/* "txt" was the name of no format, but of a suffix: what is in the file was Parquet all the same. */
static bool has_format(const struct pf_cli_args *args) {
    const char *format = value_of(args, "format");
    return format && strcasecmp(format, "txt") != 0;
}

static bool set_default(void *ctx, const char *scope, const struct pf_option *option) {
    struct defaults *it = ctx;
    (void)scope;
    if (option->compat && !value_of(it->args, option->key))
        it->status = pf_job_set(it->job, option->key, option->compat, it->err);
    return it->status == PF_OK;
}

pf_status pf_cli_compat_defaults(const struct pf_cli_args *args, pf_job *job, struct pf_error *err) {
    struct defaults it = {.args = args, .job = job, .err = err};
    if (pf_cli_compat())
        pf_cli_each_option(args->forge, set_default, &it);
    if (pf_cli_compat() && it.status == PF_OK && !has_format(args))
        it.status = pf_job_set(job, "format", "parquet", err);
    return it.status;
}

/* Formats whose output was always a directory. */
static bool was_directory(const char *suffix) {
    static const char *const known[] = {".xlsx", ".mdb", ".accdb", ".dbf"};
    for (size_t i = 0; suffix && i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(suffix, known[i]) == 0)
            return true;
    return false;
}

char *pf_cli_compat_directory(const char *input, const char *output) {
    const char *slash = strrchr(input, '/'), *dot = strrchr(slash ? slash : input, '.');
    size_t size = output ? strlen(output) : 0;
    if (!pf_cli_compat() || !size || output[size - 1] == '/' || !was_directory(dot))
        return NULL;
    char *folder = malloc(size + 2);
    if (folder) {
        memcpy(folder, output, size);
        memcpy(folder + size, "/", 2);
    }
    return folder;
}

char *pf_cli_compat_output(const struct pf_cli_args *args) {
    const char *input = args->positional_count == 1 ? args->positionals[0] : "", *slash = strrchr(input, '/');
    const char *name = slash ? slash + 1 : input, *dot = strrchr(name, '.');
    if (!pf_cli_compat() || args->output || !*name || strcmp(name, "-") == 0 || strpbrk(name, "*?[") ||
        has_format(args))
        return NULL;
    size_t size = dot && dot > name ? (size_t)(dot - input) : strlen(input);
    char *output = malloc(size + sizeof ".txt");
    if (!output)
        return NULL;
    memcpy(output, input, size);
    memcpy(output + size, ".txt", sizeof ".txt");
    return output;
}

int pf_cli_compat_exit(const struct pf_cli_args *args, int code, const char *status_name) {
    const char *force = value_of(args, "force");
    bool there = strcmp(status_name, "EXISTS") == 0 && !(force && strcmp(force, "false") != 0);
    return pf_cli_compat() && (there || strcmp(status_name, "UNSUPPORTED") == 0) ? PF_EXIT_DONE : code;
}
