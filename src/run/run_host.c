/* run_host.c — room run. The host table handed to readers, writers and extensions.
 * SPDX-License-Identifier: MIT
 * Knows: jobs, counts, notices and rejects by key.
 * Knows not: formats. */
#include "run/run_host.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/path.h"
#include "registry/registry_host.h"
#include "run/run_result.h"

static void say_log(struct pf_host *face, int32_t level, const char *text) {
    struct pf_run_host *host = face->data;
    pf_log_say(&host->job->forge->log, level, "%s", text);
}

static int32_t is_cancelled(struct pf_host *face) {
    struct pf_run_host *host = face->data;
    if (host->crew) /* who asks comes by often */
        pf_track_tick(&host->crew->track);
    return pf_job_is_cancelled(host->job);
}

static void take_notice(struct pf_host *face, const struct pf_notice *notice) {
    struct pf_run_host *host = face->data;
    if (notice && notice->kind && host->notices && host->status == PF_OK)
        host->status = pf_notices_add(host->notices, notice, &host->err);
}

static pf_status fail_null(const char *what, struct pf_error *err) {
    return pf_fail(err, PF_ARGUMENT,
                   "the host was called with %s that is NULL; report it to the author of the extension", what);
}

static pf_status take_reject(struct pf_host *face, const struct pf_reject *reject, struct pf_error *err) {
    struct pf_run_host *host = face->data;
    if (!reject)
        return fail_null("a reject", err);
    if (host->counts)
        host->counts->rejected++;
    return host->rejects ? pf_rejects_put(host->rejects, host->file, reject, err) : PF_OK;
}

static void take_count(struct pf_host *face, const char *key, int64_t add) {
    struct pf_run_host *host = face->data;
    if (host->counts && key)
        pf_counts_add(host->counts, key, add);
}

static const char *get_option(struct pf_host *face, const char *key) {
    struct pf_run_host *host = face->data;
    if (!key)
        return NULL;
    if (strcmp(key, "input") == 0)
        return host->job->input_list;
    if (!host->defaults_only)
        return pf_job_value(host->job, key, host->reader, host->writer);
    const struct pf_option *option = host->writer ? pf_option_in(host->writer->options, key) : NULL;
    if (!option)
        option = pf_option_in(pf_run_options, key);
    return option ? option->fallback : NULL;
}

static pf_status set_option(struct pf_host *face, const char *key, const char *value, struct pf_error *err) {
    struct pf_run_host *host = face->data;
    if (!key)
        return fail_null("a key", err);
    if (!host->hook_name || strcmp(key, "input") == 0)
        return pf_fail(err, PF_STATE, "options may only be set by a parameter hook, and inputs by nobody");
    const struct pf_job_value *held = pf_job_value_of(host->job, key);
    if (held && held->who == PF_BY_HOOK && strcmp(held->who_name, host->hook_name) != 0) {
        if (host->notices)
            return pf_notices_say(host->notices, "hook-overruled", NULL, -1, err,
                                  "'%s' wanted --%s %s, but '%s' had set it before", host->hook_name, key,
                                  value ? value : "", held->who_name);
        return PF_OK;
    }
    if (held && held->who == PF_BY_USER)
        pf_log_say(&host->job->forge->log, PF_LOG_INFO,
                   "extension '%s' wanted another --%s than its user, whose value stays", host->hook_name, key);
    return pf_job_put(host->job, key, value, PF_BY_HOOK, host->hook_name, err);
}

static const char *get_result(struct pf_host *face, const char *key) {
    struct pf_run_host *host = face->data;
    int64_t number = host->result && key ? pf_result_sum(host->result, key) : -1;
    if (number < 0)
        return NULL;
    host->number[pf_print_int64(number, host->number)] = 0;
    return host->number;
}

static pf_status open_sibling(struct pf_host *face, const char *suffix, struct pf_source *out,
                              struct pf_error *err) {
    struct pf_run_host *host = face->data;
    if (!suffix || !out)
        return fail_null("a suffix or a place for the source", err);
    if (!host->location || strcmp(host->location, "-") == 0)
        return pf_fail(err, PF_NOT_FOUND, "there are no files beside standard input; give a file");
    size_t size = strlen(host->location) - pf_path_suffix(host->location).size;
    struct pf_buf path = {0};
    struct pf_source inner = {0};
    pf_status status = pf_buf_put(&path, host->location, size, err);
    if (status == PF_OK)
        status = pf_buf_put(&path, suffix, strlen(suffix) + 1, err);
    if (status == PF_OK) {
        const char *sibling = (const char *)path.data;
        const struct pf_store *store = pf_registry_store_for(host->job->forge->registry, sibling);
        status = store ? store->open_source(face, sibling, &inner, err)
                       : pf_fail(err, PF_NOT_FOUND, "no store knows '%s'; check the path", sibling);
    }
    pf_buf_clear(&path);
    if (status != PF_OK || !host->crew)
        return *out = inner, status;
    status = pf_meter_source(&host->crew->meter, &inner, out, err);
    if (status != PF_OK)
        inner.close(&inner);
    return status;
}

static const char *ask(struct pf_host *face, const char *key) {
    struct pf_run_host *host = face->data;
    return pf_registry_ask(host->job->forge->registry, key);
}

static pf_status put_result(struct pf_host *face, pf_result *result, const struct pf_converted *done,
                            struct pf_error *err) {
    struct pf_run_host *host = face->data;
    struct pf_result_file *file;
    struct pf_result_table *table;
    if (!host->takes_results || !result || !done || done->struct_size < sizeof *done || !done->input)
        return pf_fail(err, PF_ARGUMENT,
                       "only the run of an engine puts results; give input and struct_size, and only there");
    PF_TRY(pf_result_add_file(result, done->input, &file, err));
    PF_TRY(pf_result_add_table(file, done->table ? done->table : "", &table, err));
    if (done->output)
        PF_TRY(pf_result_text(&file->output, done->output, err));
    file->laps = 1;
    file->seconds = done->seconds;
    file->bytes_in = done->bytes_in;
    file->bytes_out = done->bytes_out;
    table->counts.rows_in = done->rows_in;
    table->counts.rows_out = done->rows_out;
    table->counts.rejected = done->rejected;
    return PF_OK;
}

static pf_status run_tasks(struct pf_host *face, void (*call)(void *arg, int64_t index), void *arg,
                           int64_t count) {
    const struct pf_run_host *host = face->data;
    return pf_pool_each(host->crew->pool, call, arg, count, NULL);
}

void pf_run_host_init(struct pf_run_host *host, pf_job *job, struct pf_crew *crew) {
    *host = (struct pf_run_host){.job = job, .crew = crew, .file = "", .err = PF_ERROR_INIT};
    struct pf_host *face = &host->face;
    pf_host_begin(face, host);
    face->log = say_log;
    face->cancelled = is_cancelled;
    face->notice = take_notice;
    face->reject = take_reject;
    face->count = take_count;
    face->job_get = get_option;
    face->job_set = set_option;
    face->result_get = get_result;
    face->open_sibling = open_sibling;
    face->ask = ask;
    face->result_put = put_result;
    if (crew && crew->pool)
        face->run_tasks = run_tasks;
    face->pool = crew ? crew->pool : NULL;
    face->memory_limit = crew ? crew->memory_limit : 0;
}
