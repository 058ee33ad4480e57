/* contract_desk.c — room contract. Host, source and sink that count, fail and cancel.
 * SPDX-License-Identifier: MIT
 * Knows: everything a table may call, how often it did.
 * Knows not: what is promised: contract_reader.c and contract_writer.c do. */
#include "contract/contract_desk.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

/* ---- host ---- */

static void *give_memory(struct pf_host *host, size_t size) { return pf_mem_alloc(size); }
static void free_memory(struct pf_host *host, void *memory) { pf_mem_free(memory); }
static void hear_log(struct pf_host *host, int32_t level, const char *text) {}
static void hear_notice(struct pf_host *host, const struct pf_notice *notice) {}

static int32_t is_cancelled(struct pf_host *host) {
    const struct pf_contract_desk *desk = host->data;
    return desk->cancelled;
}

static pf_status take_reject(struct pf_host *host, const struct pf_reject *reject, struct pf_error *err) {
    struct pf_contract_desk *desk = host->data;
    desk->rejected++;
    return PF_OK;
}

static void take_count(struct pf_host *host, const char *key, int64_t add) {
    struct pf_contract_desk *desk = host->data;
    desk->tells = true;
    if (strcmp(key, "rows-in") == 0)
        desk->rows_in += add;
    else if (strncmp(key, "skipped-", 8) == 0)
        desk->skipped += add;
}

static const char *get_option(struct pf_host *host, const char *key) {
    const struct pf_contract_desk *desk = host->data;
    if (strcmp(key, "input") == 0)
        return desk->input;
    if (strcmp(key, "output") == 0)
        return desk->output;
    for (const struct pf_option *const *o = desk->options; o && *o; o++)
        if (strcmp((*o)->key, key) == 0)
            return (*o)->fallback;
    return NULL;
}

static pf_status set_option(struct pf_host *host, const char *key, const char *value, struct pf_error *err) {
    struct pf_contract_desk *desk = host->data;
    if (desk->takes_options && key && value && strcmp(key, "input") != 0)
        return PF_OK;
    desk->misplaced++;
    return pf_fail(err, PF_STATE, "options may only be set by a parameter hook, and inputs not at all");
}

static pf_status put_result(struct pf_host *host, pf_result *result, const struct pf_converted *done,
                            struct pf_error *err) {
    struct pf_contract_desk *desk = host->data;
    desk->results++;
    desk->rows_in += done->rows_in;
    desk->rejected += done->rejected;
    desk->rows_out += done->rows_out;
    return PF_OK;
}
static const char *answer_nothing(struct pf_host *host, const char *key) { return NULL; }

static pf_status find_no_sibling(struct pf_host *host, const char *suffix, struct pf_source *out,
                                 struct pf_error *err) {
    return pf_fail(err, PF_NOT_FOUND, "there is no file beside the input");
}

static pf_status run_tasks(struct pf_host *host, void (*call)(void *arg, int64_t index), void *arg,
                           int64_t count) {
    if (host->pool)
        return pf_pool_each(host->pool, call, arg, count, NULL);
    for (int64_t i = 0; i < count; i++)
        call(arg, i);
    return PF_OK;
}

/* ---- source ---- */

static pf_status read_at(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                         struct pf_error *err) {
    struct pf_contract_desk *desk = source->self;
    *got = 0;
    int64_t call = ++desk->calls;
    if (call >= desk->fail_at && (!desk->fail_once || call == desk->fail_at))
        return pf_fail(err, PF_IO, "the disk of the contract is broken");
    if (desk->cancelled)
        return pf_fail(err, PF_CANCELLED, "cancelled");
    if (offset < 0 || (uint64_t)offset >= desk->size)
        return PF_OK;
    *got = desk->size - (size_t)offset < want ? desk->size - (size_t)offset : want;
    memcpy(to, desk->bytes + offset, *got);
    return PF_OK;
}

static void close_source(struct pf_source *source) {
    struct pf_contract_desk *desk = source->self;
    desk->closed++;
}

/* ---- sink ---- */

static bool has_ended(struct pf_contract_desk *desk) {
    bool ended = desk->committed + desk->aborted > 0;
    desk->after_end += ended;
    return ended;
}

static pf_status write_sink(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    struct pf_contract_desk *desk = sink->self;
    if (has_ended(desk))
        return pf_fail(err, PF_STATE, "a write to a sink that has ended");
    if (++desk->calls >= desk->fail_at)
        return pf_fail(err, PF_IO, "the disk of the contract is full");
    const uint8_t *bytes = from;
    for (size_t i = 0; i < count; i++) /* byte by byte: how they are cut does not show */
        desk->hash = (desk->hash ^ bytes[i]) * 1099511628211u;
    desk->written += (int64_t)count;
    return PF_OK;
}

/* Ends the sink, whatever it answers; a failed commit leaves what an abort leaves. */
static pf_status commit_sink(struct pf_sink *sink, struct pf_error *err) {
    struct pf_contract_desk *desk = sink->self;
    if (has_ended(desk))
        return pf_fail(err, PF_STATE, "a commit of a sink that has ended");
    if (++desk->calls >= desk->fail_at) {
        desk->aborted++;
        return pf_fail(err, PF_IO, "the disk of the contract is full");
    }
    desk->committed++;
    return PF_OK;
}

static void abort_sink(struct pf_sink *sink) {
    struct pf_contract_desk *desk = sink->self;
    if (!has_ended(desk))
        desk->aborted++;
}

pf_status pf_contract_open_sink(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err) {
    struct pf_contract_desk *desk = ctx;
    if (++desk->calls >= desk->fail_at)
        return pf_fail(err, PF_IO, "the disk of the contract is not there");
    desk->opened++;
    *out = (struct pf_sink){.struct_size = sizeof *out,
                            .self = desk,
                            .write = write_sink,
                            .commit = commit_sink,
                            .abort = abort_sink};
    return PF_OK;
}

void pf_contract_desk_open(struct pf_contract_desk *desk) {
    desk->hash = 1469598103934665603u;
    desk->host = (struct pf_host){.struct_size = sizeof desk->host,
                                  .abi_minor = PF_ABI_MINOR,
                                  .data = desk,
                                  .mem_alloc = give_memory,
                                  .mem_free = free_memory,
                                  .log = hear_log,
                                  .cancelled = is_cancelled,
                                  .notice = hear_notice,
                                  .reject = take_reject,
                                  .count = take_count,
                                  .job_get = get_option,
                                  .job_set = set_option,
                                  .result_get = answer_nothing,
                                  .open_sibling = find_no_sibling,
                                  .ask = answer_nothing,
                                  .run_tasks = run_tasks,
                                  .pool = desk->host.pool,
                                  .memory_limit = 64 << 20,
                                  .result_put = put_result};
    if (desk->old) {
        desk->host.struct_size = offsetof(struct pf_host, result_put);
        desk->host.result_put = NULL;
    }
    desk->source = (struct pf_source){.struct_size = sizeof desk->source,
                                      .random = 1,
                                      .size_bytes = (int64_t)desk->size,
                                      .self = desk,
                                      .read_at = read_at,
                                      .close = close_source};
}

/* ---- findings ---- */

void pf_contract_begin(struct pf_contract_finding *finding, const char *promise) {
    finding->promise = promise;
    finding->kept = true;
    finding->detail[0] = 0;
    if (finding->contract->begin)
        finding->contract->begin(finding->contract->ctx, promise);
}

bool pf_contract_hold(struct pf_contract_finding *finding, bool condition, const char *format, ...) {
    if (finding->contract->alive)
        finding->contract->alive(finding->contract->ctx);
    if (condition)
        return true;
    if (finding->kept) {
        va_list args;
        va_start(args, format);
        vsnprintf(finding->detail, sizeof finding->detail, format, args);
        va_end(args);
    }
    finding->kept = false;
    return false;
}

void pf_contract_end(struct pf_contract_finding *finding) {
    finding->broken += !finding->kept;
    if (finding->contract->report)
        finding->contract->report(finding->contract->ctx, finding->promise, finding->kept, finding->detail);
}

void pf_contract_hold_told(struct pf_contract_finding *finding, const char *step, pf_status status,
                           const struct pf_error *err) {
    pf_contract_hold(finding, err->code == status, "%s answers %s and its error's code is %s", step,
                     pf_contract_code(status), pf_contract_code(err->code));
    pf_contract_hold(finding, err->message[0] != 0, "%s answers %s without a word", step,
                     pf_contract_code(status));
}

#define OVERWRITE_MOST 4096
void pf_contract_overwrite(void) {
    enum { STEP = 16, COUNT = OVERWRITE_MOST / STEP };
    void *blocks[COUNT] = {0};
    for (size_t i = 0; i < COUNT; i++)
        if ((blocks[i] = pf_mem_alloc((i + 1) * STEP)))
            memset(blocks[i], 0xA5, (i + 1) * STEP);
    for (size_t i = 0; i < COUNT; i++)
        pf_mem_free(blocks[i]);
}

#define WARM_RUNS    4 /* caches fill, buffers find their size */
#define COUNTED_RUNS 6 /* each of them must take more */
int64_t pf_contract_growth(void (*run)(void *arg), void *arg) {
    for (int i = 0; i < WARM_RUNS; i++)
        run(arg);
    const int64_t start = pf_mem_in_use();
    int64_t before = start;
    for (int i = 0; i < COUNTED_RUNS; i++) {
        run(arg);
        int64_t now = pf_mem_in_use();
        if (now <= before)
            return 0;
        before = now;
    }
    return before - start;
}

#define CODE_CASE(name, number, text)                                                                          \
    case PF_##name: return #name;
const char *pf_contract_code(pf_status status) {
    switch (status) {
        PF_STATUS_LIST(CODE_CASE)
    default: return "an unknown code";
    }
}
