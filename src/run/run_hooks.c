/* run_hooks.c — room run. What extensions do before and after a job.            SPDX-License-Identifier: MIT
 * Knows: the order of hooks, what each may do, what becomes of one that fails or hangs.
 * Knows not: what they do it for. */
#include "run/run_hooks.h"

#include <stdatomic.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"
#include "registry/registry_errand.h"

enum kind { PARAMETER, PRE, POST };
static const char *const kinds[] = {"parameter", "pre", "post"};

/* One call. Its thread may outlive the job: so it is on the heap, what the hook gets are copies, and once the job has
 * gone on without it (`gone`, under the mutex) its host answers STATE and NULL. */
struct call {
    struct pf_host face;
    pf_mutex mutex;
    bool gone;
    struct pf_run_host inner;
    struct pf_arena texts; /* lent to the hook */
    enum kind kind;
    const struct pf_extension *extension;
    size_t index; /* in pf_hooks_run */
    void *self;
    pf_job *job;
    const pf_result *result;
    pf_status status;
    struct pf_error err;
    bool done;
    int64_t spent_ns;
};
struct phase {
    atomic_int holders; /* the job, and the hooks' thread */
    size_t count;
    struct call calls[];
};

/* ---- the host of a hook ---- */

static struct call *enter(struct pf_host *face) {
    struct call *call = face->data;
    pf_mutex_lock(&call->mutex);
    return call;
}

static void leave(struct call *call) { pf_mutex_unlock(&call->mutex); }

static pf_status too_late(struct pf_error *err) {
    return pf_fail(err, PF_STATE,
                   "the job went on without this hook; answer sooner, or ask for a longer limit");
}

static void *give_memory(struct pf_host *face, size_t size) { return pf_mem_alloc(size); }
static void free_memory(struct pf_host *face, void *memory) { pf_mem_free(memory); }

static void say(struct pf_host *face, int32_t level, const char *text) {
    struct call *call = enter(face);
    if (!call->gone)
        call->inner.face.log(&call->inner.face, level, text);
    leave(call);
}

static int32_t is_cancelled(struct pf_host *face) {
    struct call *call = enter(face);
    int32_t answer = call->gone || call->inner.face.cancelled(&call->inner.face);
    leave(call);
    return answer;
}

static void take_notice(struct pf_host *face, const struct pf_notice *notice) {
    struct call *call = enter(face);
    if (!call->gone)
        call->inner.face.notice(&call->inner.face, notice);
    leave(call);
}

static pf_status take_reject(struct pf_host *face, const struct pf_reject *reject, struct pf_error *err) {
    return pf_fail(err, PF_STATE, "a hook has no rows to reject; readers have");
}

static void take_count(struct pf_host *face, const char *key, int64_t add) {}

/* A copy that lives as long as the call. */
static const char *keep(struct call *call, const char *text) {
    return text ? pf_arena_text(&call->texts, text, strlen(text)) : NULL;
}

static const char *get_option(struct pf_host *face, const char *key) {
    struct call *call = enter(face);
    const char *text = call->gone ? NULL : keep(call, call->inner.face.job_get(&call->inner.face, key));
    leave(call);
    return text;
}

static pf_status set_option(struct pf_host *face, const char *key, const char *value, struct pf_error *err) {
    struct call *call = enter(face);
    pf_status status =
        call->gone ? too_late(err) : call->inner.face.job_set(&call->inner.face, key, value, err);
    leave(call);
    return status;
}

static const char *get_result(struct pf_host *face, const char *key) {
    struct call *call = enter(face);
    const char *text = call->gone ? NULL : keep(call, call->inner.face.result_get(&call->inner.face, key));
    leave(call);
    return text;
}

static pf_status no_sibling(struct pf_host *face, const char *suffix, struct pf_source *out,
                            struct pf_error *err) {
    return pf_fail(err, PF_STATE, "hooks do not read data; readers do");
}

static const char *ask(struct pf_host *face, const char *key) {
    struct call *call = enter(face);
    const char *text = call->gone ? NULL : keep(call, call->inner.face.ask(&call->inner.face, key));
    leave(call);
    return text;
}

static pf_status no_result(struct pf_host *face, pf_result *result, const struct pf_converted *done,
                           struct pf_error *err) {
    return pf_fail(err, PF_STATE, "a hook does not change the result; an engine makes it");
}

static pf_status run_here(struct pf_host *face, void (*work)(void *arg, int64_t index), void *arg,
                          int64_t count) {
    for (int64_t i = 0; i < count; i++)
        work(arg, i);
    return PF_OK;
}

/* ---- one phase ---- */

static void drop_phase(void *arg) {
    struct phase *phase = arg;
    if (atomic_fetch_sub(&phase->holders, 1) != 1)
        return;
    for (size_t i = 0; i < phase->count; i++) {
        pf_arena_clear(&phase->calls[i].texts);
        pf_mutex_clear(&phase->calls[i].mutex);
    }
    pf_mem_free(phase);
}

static bool has_hook(const struct pf_hooks *hooks, enum kind kind) {
    return kind == PARAMETER ? hooks->parameter != NULL
           : kind == PRE     ? hooks->pre != NULL
                             : hooks->post != NULL;
}

static pf_status begin_call(struct call *call, struct pf_hooks_run *run, enum kind kind, size_t index,
                            const pf_result *result, struct pf_error *err) {
    const struct pf_extension *extension = run->extensions[index];
    *call = (struct call){.kind = kind,
                          .extension = extension,
                          .index = index,
                          .self = pf_registry_self(run->job->forge->registry, extension),
                          .job = run->job,
                          .result = result,
                          .err = PF_ERROR_INIT};
    pf_run_host_init(&call->inner, run->job, NULL);
    call->inner.notices = run->notices;
    call->inner.result = result;
    call->inner.hook_name = kind == PARAMETER ? extension->name : NULL;
    call->face = (struct pf_host){.struct_size = sizeof call->face,
                                  .abi_minor = PF_ABI_MINOR,
                                  .data = call,
                                  .mem_alloc = give_memory,
                                  .mem_free = free_memory,
                                  .log = say,
                                  .cancelled = is_cancelled,
                                  .notice = take_notice,
                                  .reject = take_reject,
                                  .count = take_count,
                                  .job_get = get_option,
                                  .job_set = set_option,
                                  .result_get = get_result,
                                  .open_sibling = no_sibling,
                                  .ask = ask,
                                  .run_tasks = run_here,
                                  .result_put = no_result};
    return pf_mutex_init(&call->mutex, err);
}

static bool run_call(void *arg, size_t index) {
    struct call *call = &((struct phase *)arg)->calls[index];
    const struct pf_hooks *hooks = call->extension->hooks;
    int64_t started_ns = pf_clock_ns();
    if (call->kind == PARAMETER)
        call->status = hooks->parameter(&call->face, call->self, call->job, &call->err);
    else if (call->kind == PRE)
        call->status = hooks->pre(&call->face, call->self, call->job, &call->err);
    else
        hooks->post(&call->face, call->self, call->job, call->result);
    call->spent_ns = pf_clock_ns() - started_ns;
    call->done = true;
    return call->kind != PRE || call->status == PF_OK;
}

static void tell(struct pf_hooks_run *run, const char *kind, const struct pf_extension *extension,
                 const char *text) {
    pf_log_say(&run->job->forge->log, PF_LOG_WARNING, "extension '%s': %s: %s", extension->name, kind, text);
    if (run->notices)
        pf_notices_say(run->notices, kind, NULL, -1, NULL, "extension '%s': %s", extension->name, text);
}

/* What came of the calls of one thread; a refusal of a pre hook is the phase's status. */
static pf_status take_answers(struct pf_hooks_run *run, struct phase *phase, size_t late,
                              struct pf_error *err) {
    char text[500];
    for (size_t i = 0; i < phase->count && i < late; i++) {
        struct call *call = &phase->calls[i];
        if (!call->done)
            break;
        pf_log_say(&run->job->forge->log, PF_LOG_DEBUG, "extension '%s': %s hook took %.2f ms",
                   call->extension->name, kinds[call->kind], (double)call->spent_ns / 1e6);
        if (call->status != PF_OK && call->kind == PRE) {
            if (err)
                *err = call->err;
            if (!call->err.message[0])
                pf_fail(err, call->status, "the job was refused without a word; ask the extension's author");
            pf_where(err, "extension '%s'", call->extension->name);
            run->begun = call->index;
            return call->status;
        }
        if (call->status != PF_OK) {
            snprintf(text, sizeof text, "its %s hook failed: %s", kinds[call->kind], call->err.message);
            tell(run, "hook-failed", call->extension, text);
        }
        if (call->kind == PRE)
            run->begun = call->index + 1;
    }
    return PF_OK;
}

/* Hooks of the places in order[0 … count−1] on one thread; *used: how many of them are dealt with. */
static pf_status run_some(struct pf_hooks_run *run, enum kind kind, const size_t *order, size_t count,
                          const pf_result *result, size_t *used, struct pf_error *err) {
    struct phase *phase = pf_mem_zero(1, sizeof *phase + count * sizeof phase->calls[0]);
    int limit_ms = pf_registry_limit_ms(run->job->forge->registry);
    size_t late = count;
    char text[200];
    *used = count;
    if (!phase)
        return pf_fail_memory(err, sizeof *phase);
    pf_status status = PF_OK;
    atomic_init(&phase->holders, 2);
    for (size_t i = 0; i < count && status == PF_OK; i++) {
        status = begin_call(&phase->calls[i], run, kind, order[i], result, err);
        phase->count += status == PF_OK;
    }
    const struct pf_errand errand = {.arg = phase, .drop = drop_phase, .step = run_call, .count = count};
    if (status == PF_OK)
        status = pf_errand_run(&errand, limit_ms, &late, err);
    if (status != PF_OK) {
        drop_phase(phase);
        drop_phase(phase);
        return status;
    }
    if (late < count) /* from here on the late one meets closed doors; its thread holds the phase still */
        for (size_t i = late; i < count; i++) {
            pf_mutex_lock(&phase->calls[i].mutex);
            phase->calls[i].gone = true;
            pf_mutex_unlock(&phase->calls[i].mutex);
        }
    status = take_answers(run, phase, late, err);
    drop_phase(phase);
    if (late >= count) {
        drop_phase(phase); /* the thread has ended */
        return status;
    }
    *used = late + 1;
    run->late[order[late]] = true;
    snprintf(text, sizeof text, "its %s hook took more than %d ms and was left alone", kinds[kind], limit_ms);
    tell(run, "hook-late", run->extensions[order[late]], text);
    if (kind == PRE && status == PF_OK)
        run->begun = order[late] + 1;
    return status;
}

static pf_status run_phase(struct pf_hooks_run *run, enum kind kind, const pf_result *result,
                           struct pf_error *err) {
    size_t order[PF_HOOKS_MOST], count = 0, most = kind == POST ? run->begun : run->count;
    for (size_t i = 0; i < most; i++) {
        size_t place = kind == POST ? most - 1 - i : i;
        if (!run->late[place] && has_hook(run->extensions[place]->hooks, kind))
            order[count++] = place;
    }
    for (size_t at = 0, used = 0; at < count; at += used)
        PF_TRY(run_some(run, kind, order + at, count - at, result, &used, err));
    return PF_OK;
}

/* ---- the phases ---- */

static bool comes_before(const struct pf_extension *a, const struct pf_extension *b) {
    if (a->hooks->rank != b->hooks->rank)
        return a->hooks->rank > b->hooks->rank;
    return strcmp(a->name, b->name) < 0;
}

void pf_hooks_gather(struct pf_hooks_run *run, pf_job *job, struct pf_notices *notices) {
    const struct pf_extension *extension;
    run->job = job;
    run->notices = notices;
    run->count = run->begun = 0;
    if (job->forge->core_alone)
        return;
    pf_registry_wake_active(job->forge->registry);
    for (size_t i = 0; (extension = pf_registry_at(job->forge->registry, i)) && run->count < PF_HOOKS_MOST;
         i++) {
        if (!extension->hooks)
            continue;
        size_t at = run->count++;
        for (; at > 0 && comes_before(extension, run->extensions[at - 1]); at--)
            run->extensions[at] = run->extensions[at - 1];
        run->extensions[at] = extension;
        run->late[run->count - 1] = false;
    }
}

pf_status pf_hooks_parameter(struct pf_hooks_run *run, struct pf_error *err) {
    return run_phase(run, PARAMETER, NULL, err);
}

pf_status pf_hooks_pre(struct pf_hooks_run *run, struct pf_error *err) {
    pf_status status = run_phase(run, PRE, NULL, err);
    if (status == PF_OK)
        run->begun = run->count; /* also those without a pre hook are owed their post hook */
    return status;
}

void pf_hooks_post(struct pf_hooks_run *run, const pf_result *result) { run_phase(run, POST, result, NULL); }
