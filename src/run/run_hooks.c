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
#include "registry/registry_host.h"
#include "run/run_result.h"

enum kind { PARAMETER, PRE, POST };
static const char *const kinds[] = {"parameter", "pre", "post"};

/* Whose hook is next. */
struct turn {
    enum kind kind;
    size_t place; /* in pf_hooks_run */
};
struct call {
    enum kind kind;
    const struct pf_extension *extension;
    size_t index; /* in pf_hooks_run */
    void *self;
    pf_status status;
    struct pf_error err;
    struct pf_error refused; /* the first value that it set and that was not taken; code OK: none */
    bool done;
    int64_t spent_ns;
};
/* Calls one after another on one thread, which may outlive the job: so it is on the heap, what hooks get are copies, and
 * once the job has gone on without it (`gone`, under the mutex) its host answers STATE and NULL. */
struct round {
    struct pf_host face;
    pf_mutex mutex;
    bool gone;
    struct pf_run_host inner;
    struct pf_arena texts; /* lent to the hooks */
    pf_job *job;
    const pf_result *result;
    struct pf_error failure; /* of the job; code OK: none */
    atomic_int holders;      /* the job, and the hooks' thread */
    size_t current;          /* of the calls */
    size_t count;
    struct call calls[];
};

/* ---- the host of a hook ---- */

static struct round *enter(struct pf_host *face) {
    struct round *round = face->data;
    pf_mutex_lock(&round->mutex);
    return round;
}

static void leave(struct round *round) { pf_mutex_unlock(&round->mutex); }

static pf_status too_late(struct pf_error *err) {
    return pf_fail(err, PF_STATE,
                   "the job went on without this hook; answer sooner, or ask for a longer limit");
}

static void say(struct pf_host *face, int32_t level, const char *text) {
    struct round *round = enter(face);
    if (!round->gone)
        round->inner.face.log(&round->inner.face, level, text);
    leave(round);
}

static int32_t is_cancelled(struct pf_host *face) {
    struct round *round = enter(face);
    int32_t answer = round->gone || round->inner.face.cancelled(&round->inner.face);
    leave(round);
    return answer;
}

static void take_notice(struct pf_host *face, const struct pf_notice *notice) {
    struct round *round = enter(face);
    if (!round->gone)
        round->inner.face.notice(&round->inner.face, notice);
    leave(round);
}

/* A copy that lives as long as the round. */
static const char *keep(struct round *round, const char *text) {
    return text ? pf_arena_text(&round->texts, text, strlen(text)) : NULL;
}

static const char *get_option(struct pf_host *face, const char *key) {
    struct round *round = enter(face);
    const char *text = round->gone ? NULL : keep(round, round->inner.face.job_get(&round->inner.face, key));
    leave(round);
    return text;
}

static pf_status set_option(struct pf_host *face, const char *key, const char *value, struct pf_error *err) {
    struct round *round = enter(face);
    struct pf_error why = PF_ERROR_INIT;
    pf_status status =
        round->gone ? too_late(&why) : round->inner.face.job_set(&round->inner.face, key, value, &why);
    struct pf_error *refused = &round->calls[round->current].refused;
    if (status != PF_OK && refused->code == PF_OK && !round->gone)
        *refused = why;
    leave(round);
    if (status != PF_OK && err)
        pf_fail(err, status, "%s", why.message);
    return status;
}

/* What only a post hook may ask for; NULL: another key. */
static const char *get_whole(struct round *round, const char *key) {
    char *json = NULL;
    if (strcmp(key, "status") == 0)
        return pf_status_name(round->failure.code);
    if (strcmp(key, "message") == 0)
        return round->failure.message;
    if (strcmp(key, "json") != 0 || pf_result_print(round->result, &json, NULL) != PF_OK)
        return NULL;
    const char *text = keep(round, json);
    pf_mem_free(json);
    return text;
}

static const char *get_result(struct pf_host *face, const char *key) {
    struct round *round = enter(face);
    const char *text = round->gone || !round->result || !key ? NULL : get_whole(round, key);
    if (!text && !round->gone)
        text = keep(round, round->inner.face.result_get(&round->inner.face, key));
    leave(round);
    return text;
}

static const char *ask(struct pf_host *face, const char *key) {
    struct round *round = enter(face);
    const char *text = round->gone ? NULL : keep(round, round->inner.face.ask(&round->inner.face, key));
    leave(round);
    return text;
}

/* ---- one round ---- */

static void drop_round(void *arg) {
    struct round *round = arg;
    if (atomic_fetch_sub(&round->holders, 1) != 1)
        return;
    pf_arena_clear(&round->texts);
    pf_mutex_clear(&round->mutex);
    pf_mem_free(round);
}

static bool has_hook(const struct pf_hooks *hooks, enum kind kind) {
    return kind == PARAMETER ? hooks->parameter != NULL
           : kind == PRE     ? hooks->pre != NULL
                             : hooks->post != NULL;
}

static void begin_host(struct round *round, struct pf_hooks_run *run, const pf_result *result) {
    round->job = run->job;
    round->result = result;
    round->failure = run->failure ? *run->failure : (struct pf_error)PF_ERROR_INIT;
    pf_run_host_init(&round->inner, run->job, NULL);
    round->inner.notices = run->notices;
    round->inner.result = result;
    pf_host_begin(&round->face, round);
    round->face.log = say;
    round->face.cancelled = is_cancelled;
    round->face.notice = take_notice;
    round->face.job_get = get_option;
    round->face.job_set = set_option;
    round->face.result_get = get_result;
    round->face.ask = ask;
}

static void begin_call(struct call *call, const struct pf_hooks_run *run, const struct turn *turn) {
    call->kind = turn->kind;
    call->index = turn->place;
    call->extension = run->extensions[turn->place];
    call->self = pf_registry_self(run->job->forge->registry, call->extension);
    pf_error_clear(&call->err);
    pf_error_clear(&call->refused);
}

static bool run_call(void *arg, size_t index) {
    struct round *round = arg;
    struct call *call = &round->calls[index];
    const struct pf_hooks *hooks = call->extension->hooks;
    pf_mutex_lock(&round->mutex);
    round->current = index;
    round->inner.hook_name = call->kind == PARAMETER ? call->extension->name : NULL;
    pf_mutex_unlock(&round->mutex);
    int64_t started_ns = pf_clock_ns();
    if (call->kind == PARAMETER)
        call->status = hooks->parameter(&round->face, call->self, round->job, &call->err);
    else if (call->kind == PRE)
        call->status = hooks->pre(&round->face, call->self, round->job, &call->err);
    else
        hooks->post(&round->face, call->self, round->job, round->result);
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

/* What came of the calls of one thread; a refusal of a pre hook is the status. */
static pf_status take_answers(struct pf_hooks_run *run, struct round *round, size_t late,
                              struct pf_error *err) {
    char text[500];
    for (size_t i = 0; i < round->count && i < late; i++) {
        struct call *call = &round->calls[i];
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
            snprintf(text, sizeof text, "its %s hook failed: %s", kinds[call->kind],
                     call->err.message[0] ? call->err.message : "without a word; ask the extension's author");
            tell(run, "hook-failed", call->extension, text);
        } else if (call->kind == PARAMETER && call->refused.code != PF_OK) {
            snprintf(text, sizeof text, "what its parameter hook set was not taken: %s", call->refused.message);
            tell(run, "hook-value", call->extension, text);
        }
        if (call->kind == PRE)
            run->begun = call->index + 1;
    }
    return PF_OK;
}

/* The late one meets closed doors from here on, and its extension gets no further hook. */
static void leave_alone(struct pf_hooks_run *run, const struct turn *late) {
    char text[200];
    run->late[late->place] = true;
    snprintf(text, sizeof text, "its %s hook took more than %d ms and was left alone", kinds[late->kind],
             pf_registry_limit_ms(run->job->forge->registry));
    tell(run, "hook-late", run->extensions[late->place], text);
}

/* Those turns on one thread; *used: how many of them are dealt with. */
static pf_status run_round(struct pf_hooks_run *run, const struct turn *turns, size_t count,
                           const pf_result *result, size_t *used, struct pf_error *err) {
    struct round *round = pf_mem_zero(1, sizeof *round + count * sizeof round->calls[0]);
    size_t late = count;
    *used = count;
    if (!round)
        return pf_fail_memory(err, sizeof *round);
    pf_status status = pf_mutex_init(&round->mutex, err);
    if (status != PF_OK) {
        pf_mem_free(round);
        return status;
    }
    atomic_init(&round->holders, 2);
    begin_host(round, run, result);
    for (; round->count < count; round->count++)
        begin_call(&round->calls[round->count], run, &turns[round->count]);
    const struct pf_errand errand = {.arg = round, .drop = drop_round, .step = run_call, .count = count};
    const pf_registry *registry = run->job->forge->registry;
    status = pf_errand_run(pf_registry_errands(registry), &errand, pf_registry_limit_ms(registry), &late, err);
    pf_mutex_lock(&round->mutex);
    round->gone = true;
    pf_mutex_unlock(&round->mutex);
    if (status == PF_OK)
        status = take_answers(run, round, late, err);
    if (late >= count)
        drop_round(round); /* the thread has ended, or never began */
    drop_round(round);
    if (late >= count)
        return status;
    *used = late + 1;
    leave_alone(run, &turns[late]);
    if (turns[late].kind == PRE && status == PF_OK)
        run->begun = turns[late].place + 1;
    return status;
}

/* Of those kinds, one kind after the other; without the extensions that were left alone. */
static size_t list_turns(const struct pf_hooks_run *run, enum kind first, enum kind last, struct turn *out) {
    size_t count = 0;
    for (enum kind kind = first; kind <= last; kind++) {
        size_t most = kind == POST ? run->begun : run->count;
        for (size_t i = 0; i < most; i++) {
            size_t place = kind == POST ? most - 1 - i : i;
            if (!run->late[place] && has_hook(run->extensions[place]->hooks, kind))
                out[count++] = (struct turn){kind, place};
        }
    }
    return count;
}

static pf_status run_kinds(struct pf_hooks_run *run, enum kind first, enum kind last, const pf_result *result,
                           struct pf_error *err) {
    struct turn turns[2 * PF_HOOKS_MOST];
    size_t count = list_turns(run, first, last, turns), used = 0;
    while (count > 0) {
        PF_TRY(run_round(run, turns, count, result, &used, err));
        size_t left = 0;
        for (size_t i = used; i < count; i++)
            if (!run->late[turns[i].place])
                turns[left++] = turns[i];
        count = left;
    }
    return PF_OK;
}

/* ---- values that turn out bad ---- */

/* Does the message name the option, or quote a part of its value? */
static bool is_named(const struct pf_job_value *value, const char *message) {
    char name[80];
    int size = snprintf(name, sizeof name, "--%s", value->key);
    if (size < (int)sizeof name && strstr(message, name))
        return true;
    for (const char *quote = strchr(message, '\''), *end; quote; quote = strchr(end + 1, '\'')) {
        char part[200];
        end = strchr(quote + 1, '\'');
        if (!end)
            break;
        size = snprintf(part, sizeof part, "%.*s", (int)(end - quote - 1), quote + 1);
        if (size > 0 && size < (int)sizeof part && strstr(value->value, part))
            return true;
    }
    return false;
}

bool pf_hooks_take_back(pf_job *job, const char *message, struct pf_notices *notices) {
    const struct pf_job_value *suspect = NULL;
    for (size_t i = 0; i < job->value_count && !suspect; i++)
        if (job->values[i].who == PF_BY_HOOK && is_named(&job->values[i], message))
            suspect = &job->values[i];
    if (!suspect)
        return false;
    const char *owner = suspect->who_name;
    pf_notices_say(notices, "hook-value", NULL, -1, NULL,
                   "extension '%s': the job failed with its --%s, and was begun anew without: %s", owner,
                   suspect->key, message);
    pf_log_say(&job->forge->log, PF_LOG_WARNING, "extension '%s': hook-value: its --%s is taken back: %s",
               owner, suspect->key, message);
    return pf_job_put(job, suspect->key, NULL, PF_BY_HOOK, owner, NULL) == PF_OK;
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
    return run_kinds(run, PARAMETER, PARAMETER, NULL, err);
}

pf_status pf_hooks_before(struct pf_hooks_run *run, struct pf_error *err) {
    pf_status status = run_kinds(run, PARAMETER, PRE, NULL, err);
    if (status == PF_OK)
        run->begun = run->count; /* also those without a pre hook are owed their post hook */
    return status;
}

void pf_hooks_post(struct pf_hooks_run *run, const pf_result *result, const struct pf_error *failure) {
    run->failure = failure;
    run_kinds(run, POST, POST, result, NULL);
}
