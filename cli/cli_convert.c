/* cli_convert.c — room cli. `pyforge convert`.                                  SPDX-License-Identifier: MIT
 * Knows: which arguments are inputs and which is the output, the summary.
 * Knows not: how anything is converted. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli_args.h"
#include "cli_compat.h"
#include "cli_console.h"
#include "cli_json.h"
#include "cli_progress.h"
#include "cli_signal.h"
#include "cli_tell.h"

static bool is_given(const struct pf_cli_args *args, const char *key) {
    for (size_t i = 0; i < args->option_count; i++)
        if (strcmp(args->keys[i], key) == 0)
            return strcmp(args->values[i], "false") != 0;
    return false;
}

static bool is_folder(const char *path) {
    struct stat facts;
    size_t size = strlen(path);
    return (size && path[size - 1] == '/') || (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode));
}

/* A file that is there and that a format reads by its suffix: in 'convert --combine *.csv' the last one is an input
 * that the shell put in the output's place. */
static bool could_be_input(pf_forge *forge, const char *path) {
    struct stat facts;
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
        return false;
    struct pf_format format = {.struct_size = sizeof format};
    size_t size = strlen(path);
    for (size_t i = 0; pf_forge_format(forge, i, &format) == PF_OK; i++)
        for (size_t s = 0; format.reads && format.suffixes && format.suffixes[s]; s++) {
            size_t tail = strlen(format.suffixes[s]);
            if (size > tail && strcasecmp(path + size - tail, format.suffixes[s]) == 0)
                return true;
        }
    return false;
}

/* The rule of the positionals: how many are inputs, and the output. */
static int sort_positionals(const struct pf_cli_args *args, size_t *inputs, const char **output) {
    size_t n = args->positional_count;
    *output = args->output;
    *inputs = n;
    if (n == 0)
        return pf_cli_usage("convert: no input given");
    if (args->output || n == 1)
        return PF_EXIT_DONE;
    *output = args->positionals[n - 1];
    *inputs = n - 1;
    if (is_given(args, "combine") && could_be_input(args->forge, *output))
        return pf_cli_usage(
            "convert: '%s' is there and looks like an input; with --combine say -o OUTPUT, then all "
            "arguments are inputs",
            *output);
    if (n > 2 && !is_folder(*output) && !is_given(args, "combine"))
        return pf_cli_usage(
            "convert: with several inputs the last argument must be a directory or end in '/': '%s' is "
            "neither (use -o OUTPUT, or --combine for one file of all)",
            *output);
    return PF_EXIT_DONE;
}

static int explain(const struct pf_cli_args *args, pf_job *job) {
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    char *text = NULL;
    if (pf_job_explain(job, &text, &err) != PF_OK)
        return pf_cli_failed(&err);
    struct pf_cli_table table = {.columns = 3};
    pf_cli_table_text(&table, "Option");
    pf_cli_table_text(&table, "Value");
    pf_cli_table_text(&table, "Set by");
    for (char *line = text; *line;) {
        size_t size = strcspn(line, "\n");
        size_t key = strcspn(line, "\t\n");
        size_t value = key < size ? strcspn(line + key + 1, "\t\n") : 0;
        pf_cli_table_cell(&table, line, key);
        pf_cli_table_cell(&table, key < size ? line + key + 1 : "", value);
        size_t used = key + 1 + value + 1;
        bool by_user = used + 4 == size && memcmp(line + used, "user", 4) == 0;
        char *name =
            by_user ? strndup(key == 6 && memcmp(line, "writer", 6) == 0 ? "format" : line, key) : NULL;
        if (name && pf_cli_compat_set(args, name))
            pf_cli_table_text(&table, "PYFORGE_COMPAT");
        else
            pf_cli_table_cell(&table, used < size ? line + used : "", used < size ? size - used : 0);
        free(name);
        line += size + (line[size] == '\n');
    }
    pf_cli_table_show(&table, "Plan");
    pf_text_free(text);
    return PF_EXIT_DONE;
}

/* ---- the summary ---- */

static void show_table(pf_cli_value file, pf_cli_value table, const char *input, const char *output) {
    char in[32], out[32], rejected[32], skipped[32], rate[32];
    double seconds = pf_cli_json_double(pf_cli_json_member(file, "seconds"), 0);
    double bytes = pf_cli_json_double(pf_cli_json_member(file, "bytes_in"), 0);
    pf_cli_value kinds = pf_cli_json_member(table, "skipped"), at = NULL, one;
    int64_t skips = 0;
    if (pf_cli_json_kind(kinds) == '{')
        while ((one = pf_cli_json_next(kinds, &at, NULL, NULL)))
            skips += pf_cli_json_int(one, 0);
    else
        skips = pf_cli_json_int(kinds, 0);
    pf_cli_size(seconds > 0 ? bytes / seconds : 0, rate);
    char *own = pf_cli_json_text(pf_cli_json_member(table, "output"));
    pf_cli_print("%s → %s  %s rows in = %s out + %s rejected + %s skipped  %.2f s  %s/s\n", input,
                 own && *own ? own : output,
                 pf_cli_number(pf_cli_json_int(pf_cli_json_member(table, "rows_in"), 0), in),
                 pf_cli_number(pf_cli_json_int(pf_cli_json_member(table, "rows_out"), 0), out),
                 pf_cli_number(pf_cli_json_int(pf_cli_json_member(table, "rejected"), 0), rejected),
                 pf_cli_number(skips, skipped), seconds, rate);
    free(own);
}

static void show_file(const struct pf_cli_args *args, pf_cli_value file) {
    if (args->verbose)
        pf_cli_tell_file(args, file);
    char *input = pf_cli_json_text(pf_cli_json_member(file, "input"));
    char *output = pf_cli_json_text(pf_cli_json_member(file, "output"));
    char *status = pf_cli_json_text(pf_cli_json_member(file, "status"));
    if (input && output && status && strcmp(status, "ok") == 0 && !args->quiet) {
        pf_cli_value tables = pf_cli_json_member(file, "tables"), at = NULL, table;
        while ((table = pf_cli_json_next(tables, &at, NULL, NULL))) {
            show_table(file, table, input, output);
            fflush(stdout); /* the notices of a file stand below it */
            pf_cli_tell_notices(pf_cli_json_member(table, "notices"));
        }
    } else if (status && strcmp(status, "skipped") == 0 && args->verbose) {
        char *reason = pf_cli_json_text(pf_cli_json_member(file, "reason"));
        pf_cli_say("Passed over: %s (%s)\n", input ? input : "", reason ? reason : "");
        free(reason);
    } else if (status && strcmp(status, "failed") == 0) {
        pf_cli_value error = pf_cli_json_member(file, "error");
        char *name = pf_cli_json_text(pf_cli_json_member(error, "name"));
        char *where = pf_cli_json_text(pf_cli_json_member(error, "where"));
        char *message = pf_cli_json_text(pf_cli_json_member(error, "message"));
        pf_cli_failed_line(name ? name : "", where && *where ? where : input,
                           pf_cli_json_int(pf_cli_json_member(error, "row"), -1),
                           pf_cli_json_int(pf_cli_json_member(error, "byte"), -1), message);
        free(name);
        free(where);
        free(message);
    }
    free(input);
    free(output);
    free(status);
}

static int64_t limit_of(pf_job *job, const char *key) {
    const char *text = pf_job_get(job, key);
    return text && *text ? strtoll(text, NULL, 10) : -1;
}

/* Says so when there were more of them than the option allows. */
static bool is_beyond(pf_job *job, const pf_result *result, const char *key, const char *member,
                      const char *what) {
    int64_t most = limit_of(job, key), count = pf_result_number(result, member);
    char number[32];
    if (most < 0 || count <= most)
        return false;
    pf_cli_say("error: LIMIT: %s: %s where --%s allows %lld; the output is written: mend the input, or raise "
               "the limit\n",
               what, pf_cli_number(count, number), key, (long long)most);
    return true;
}

static int exit_code(const struct pf_cli_args *args, pf_job *job, const pf_result *result,
                     const struct pf_error *err, pf_status status) {
    /* What an extension says of its own end does not hide the interrupt. */
    if (status == PF_CANCELLED || (status != PF_OK && pf_cli_caught()))
        return 128 + (pf_cli_caught() ? pf_cli_caught() : SIGINT);
    if (status != PF_OK) {
        int code = err->code == PF_NOT_FOUND || err->code == PF_ARGUMENT ? PF_EXIT_USAGE : PF_EXIT_FAILED;
        return pf_cli_compat_exit(args, code, pf_status_name(err->code));
    }
    if (pf_result_number(result, "failed") > 0)
        return PF_EXIT_FAILED;
    bool notices = is_beyond(job, result, "max-notices", "notices", "notices");
    bool rejects = is_beyond(job, result, "max-rejects", "rejected", "rejected rows");
    return notices || rejects ? PF_EXIT_BEYOND : PF_EXIT_DONE;
}

static void show_result(const struct pf_cli_args *args, pf_result *result, bool *told) {
    const char *json = pf_result_json(result);
    if (!json)
        return;
    if (args->json)
        pf_cli_print("%s\n", json);
    if (args->verbose)
        pf_cli_tell_options(args, json);
    pf_cli_value files = pf_cli_json_member(json, "files"), at = NULL, file;
    int64_t passed = 0;
    while ((file = pf_cli_json_next(files, &at, NULL, NULL))) {
        char *status = pf_cli_json_text(pf_cli_json_member(file, "status"));
        bool failed = status && strcmp(status, "failed") == 0;
        passed += status && strcmp(status, "skipped") == 0;
        *told = *told || failed;
        if (!args->json || failed)
            show_file(args, file);
        else if (args->verbose)
            pf_cli_tell_file(args, file);
        free(status);
    }
    if (!args->json && !args->quiet) {
        fflush(stdout);
        pf_cli_tell_notices(pf_cli_json_member(json, "notices")); /* of the run as a whole */
    }
    if (passed && !args->verbose && !args->quiet && !args->json)
        pf_cli_say("%lld file%s passed over (-v lists them)\n", (long long)passed, passed > 1 ? "s" : "");
    char files_text[32], failed_text[32];
    int64_t count = pf_result_number(result, "files"), failed = pf_result_number(result, "failed");
    if (count > 1 && !args->json && !args->quiet)
        pf_cli_print("%s files, %s failed\n", pf_cli_number(count, files_text),
                     pf_cli_number(failed, failed_text));
}

int pf_cli_convert(struct pf_cli_args *args) {
    size_t inputs = 0;
    const char *output = NULL;
    int code = sort_positionals(args, &inputs, &output);
    pf_job *job = NULL;
    if (code != PF_EXIT_DONE || (code = pf_cli_job(args, NULL, &job)) != PF_EXIT_DONE)
        return code;
    if (inputs == 1 && (pf_cli_compat_wants_file(args, args->positionals[0], output, &code) ||
                        pf_cli_compat_refuses(args, args->positionals[0]))) {
        pf_job_close(&job);
        return code;
    }
    char *compat = pf_cli_compat_output(args);
    if (compat)
        output = compat;
    char *folder = inputs == 1 ? pf_cli_compat_directory(args->positionals[0], output) : NULL;
    if (folder)
        output = folder;
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    pf_status status = PF_OK;
    for (size_t i = 0; i < inputs && status == PF_OK; i++)
        status = pf_job_set(job, "input", args->positionals[i], &err);
    if (status == PF_OK && output)
        status = pf_job_set(job, "output", output, &err);
    if (status != PF_OK) {
        code = pf_cli_failed(&err);
    } else if (args->explain) {
        code = explain(args, job);
    } else {
        struct pf_cli_progress progress;
        pf_result *result = NULL;
        pf_cli_progress_begin(&progress, args->quiet, args->verbose);
        pf_job_on_progress(job, pf_cli_progress_step, &progress);
        pf_cli_watch_job(job);
        status = pf_job_run(job, &result, &err);
        pf_cli_watch_job(NULL);
        pf_cli_progress_end(&progress);
        bool told = false;
        if (result)
            show_result(args, result, &told);
        if (status != PF_OK && !told)
            pf_cli_failed_line(pf_status_name(err.code), err.where, err.row, err.byte, err.message);
        code = exit_code(args, job, result, &err, status);
        if (compat && !args->quiet && (code == PF_EXIT_DONE || code == PF_EXIT_BEYOND) && status == PF_OK)
            pf_cli_say(
                "warning: '%s' holds Parquet, as under PYFORGE_COMPAT=1; give -f parquet for its own suffix\n",
                compat);
        if (result)
            pf_result_close(&result);
        pf_cli_compat_failed(args, code);
    }
    pf_job_close(&job);
    free(compat);
    free(folder);
    return code;
}
