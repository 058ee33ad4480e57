/* registry_host.c — room registry. The host table that extensions keep, and what every other begins as.
 * SPDX-License-Identifier: MIT
 * Knows: memory, the log, what an extension without a job is told.
 * Knows not: jobs. */
#include "registry/registry_host.h"

#include "base/error.h"
#include "base/mem.h"

static void *give_memory(struct pf_host *face, size_t size) { return pf_mem_alloc(size); }
static void free_memory(struct pf_host *face, void *memory) { pf_mem_free(memory); }

static void drop_log(struct pf_host *face, int32_t level, const char *text) {}
static int32_t never(struct pf_host *face) { return 0; }
static void drop_notice(struct pf_host *face, const struct pf_notice *notice) {}
static void drop_count(struct pf_host *face, const char *key, int64_t add) {}
static const char *know_nothing(struct pf_host *face, const char *key) { return NULL; }

static pf_status no_job(struct pf_error *err) {
    return pf_fail(
        err, PF_STATE,
        "not in this call: readers reject rows and open files beside theirs, parameter hooks set options, "
        "engines put results; use the host that such a call brings");
}
static pf_status no_reject(struct pf_host *face, const struct pf_reject *reject, struct pf_error *err) {
    return no_job(err);
}
static pf_status no_set(struct pf_host *face, const char *key, const char *value, struct pf_error *err) {
    return no_job(err);
}
static pf_status no_sibling(struct pf_host *face, const char *suffix, struct pf_source *out,
                            struct pf_error *err) {
    return no_job(err);
}
static pf_status no_result(struct pf_host *face, pf_result *result, const struct pf_converted *done,
                           struct pf_error *err) {
    return no_job(err);
}
static pf_status run_here(struct pf_host *face, void (*call)(void *arg, int64_t index), void *arg,
                          int64_t count) {
    for (int64_t i = 0; i < count; i++)
        call(arg, i);
    return PF_OK;
}

void pf_host_begin(struct pf_host *face, void *data) {
    *face = (struct pf_host){.struct_size = sizeof *face,
                             .abi_minor = PF_ABI_MINOR,
                             .data = data,
                             .mem_alloc = give_memory,
                             .mem_free = free_memory,
                             .log = drop_log,
                             .cancelled = never,
                             .notice = drop_notice,
                             .reject = no_reject,
                             .count = drop_count,
                             .job_get = know_nothing,
                             .job_set = no_set,
                             .result_get = know_nothing,
                             .open_sibling = no_sibling,
                             .ask = know_nothing,
                             .run_tasks = run_here,
                             .result_put = no_result};
}

/* ---- of init and commands ---- */

static void say(struct pf_host *face, int32_t level, const char *text) {
    struct pf_registry_host *host = face->data;
    pf_mutex_lock(&host->mutex);
    pf_log_say(host->log, level, "%s", text);
    pf_mutex_unlock(&host->mutex);
}

const char *pf_registry_host_ask(struct pf_registry_host *host, const char *key) {
    pf_mutex_lock(&host->mutex);
    const char *(*answer)(void *ctx, const char *key) = host->answer;
    void *ctx = host->answer_ctx;
    pf_mutex_unlock(&host->mutex);
    return answer && key ? answer(ctx, key) : NULL;
}

static const char *ask(struct pf_host *face, const char *key) { return pf_registry_host_ask(face->data, key); }

void pf_registry_host_answer(struct pf_registry_host *host, const char *(*answer)(void *ctx, const char *key),
                             void *ctx) {
    pf_mutex_lock(&host->mutex);
    host->answer = answer;
    host->answer_ctx = ctx;
    pf_mutex_unlock(&host->mutex);
}

pf_status pf_registry_host_open(struct pf_registry_host **out, const struct pf_log *log, struct pf_error *err) {
    struct pf_registry_host *host = pf_mem_zero(1, sizeof *host);
    if (!host)
        return pf_fail_memory(err, sizeof *host);
    host->log = log;
    pf_status status = pf_mutex_init(&host->mutex, err);
    if (status != PF_OK) {
        pf_mem_free(host);
        return status;
    }
    pf_host_begin(&host->face, host);
    host->face.log = say;
    host->face.ask = ask;
    *out = host;
    return PF_OK;
}

void pf_registry_host_close(struct pf_registry_host **at) {
    struct pf_registry_host *host = *at;
    if (!host)
        return;
    *at = NULL;
    pf_errands_end(&host->errands);
    pf_mutex_lock(&host->mutex);
    host->log = NULL;
    host->answer = NULL;
    pf_mutex_unlock(&host->mutex);
    if (host->kept)
        return;
    pf_mutex_clear(&host->mutex);
    pf_mem_free(host);
}
