/* run_engine.c — room run. A whole job: hooks, the engine that fits best, the result.
 * SPDX-License-Identifier: MIT
 * Knows: fit, rank, who is asked next.
 * Knows not: how an engine works. */
#include "run/run_engine.h"

#include <string.h>

#include "base/error.h"
#include "run/run_hooks.h"
#include "run/run_host.h"
#include "run/run_native.h"

#define ENGINES_MOST 32

struct engine_list {
    size_t count;
    const struct pf_engine *engines[ENGINES_MOST];
    int32_t fits[ENGINES_MOST];
};

static void list_engines(pf_job *job, struct pf_host *host, struct engine_list *list) {
    const struct pf_engine *engine;
    for (size_t i = 0; (engine = pf_registry_engine_at(job->forge->registry, i)); i++) {
        if (job->forge->core_alone && engine != &pf_native_engine)
            continue;
        int32_t fit = engine->fit(host, job);
        if (fit <= PF_PROBE_NO || list->count == ENGINES_MOST)
            continue;
        size_t at = list->count++;
        for (; at > 0; at--) {
            if (list->fits[at - 1] > fit ||
                (list->fits[at - 1] == fit && list->engines[at - 1]->rank >= engine->rank))
                break;
            list->engines[at] = list->engines[at - 1];
            list->fits[at] = list->fits[at - 1];
        }
        list->engines[at] = engine;
        list->fits[at] = fit;
    }
}

static pf_status run_engines(pf_job *job, pf_result *result, struct pf_error *err) {
    struct pf_run_host host;
    struct engine_list list = {0};
    struct pf_error why = PF_ERROR_INIT;
    pf_run_host_init(&host, job, NULL);
    host.notices = &result->notices;
    host.takes_results = true;
    list_engines(job, &host.face, &list);
    for (size_t i = 0; i < list.count; i++) {
        struct pf_error said = PF_ERROR_INIT;
        pf_status status = list.engines[i]->run(&host.face, job, result, &said);
        if (status != PF_UNAVAILABLE) {
            if (err && status != PF_OK)
                *err = said;
            return status;
        }
        if (said.message[0] && (!why.message[0] || list.engines[i] == &pf_native_engine))
            why = said;
    }
    if (!why.message[0])
        return pf_fail(err, PF_UNAVAILABLE, "no engine takes this job");
    if (err)
        *err = why;
    return PF_UNAVAILABLE;
}

static pf_status say_failure(void *ctx, const char *name, const char *stage, const char *text) {
    pf_result *result = ctx;
    return pf_notices_say(&result->notices, "extension-failed", NULL, -1, NULL, "extension '%s': %s: %s", name,
                          stage, text);
}

/* ---- values of hooks that turn out bad ---- */

/* Did it fail for its options alone, with all inputs still there to be read? */
static bool is_misled(const pf_job *job, const pf_result *result, pf_status status) {
    bool misled = status == PF_ARGUMENT && !job->stream.release;
    for (size_t i = 0; i < job->input_count && misled; i++)
        misled = strcmp(job->inputs[i], "-") != 0;
    for (size_t i = 0; i < result->file_count && misled; i++)
        misled = result->files[i].status != PF_FILE_OK &&
                 (result->files[i].status == PF_FILE_SKIPPED || result->files[i].error.code == PF_ARGUMENT);
    return misled;
}

/* A hook's value is refused where it is used, which may be deep in a format: the user, who has not set it, gets the job done
 * without it. */
static pf_status run_without_suspects(pf_job *job, pf_result *result, struct pf_error *err) {
    struct pf_error why = PF_ERROR_INIT;
    pf_status status = run_engines(job, result, &why);
    while (is_misled(job, result, status) && pf_hooks_take_back(job, why.message, &result->notices)) {
        pf_result_drop_files(result, 0);
        pf_error_clear(&why);
        status = run_engines(job, result, &why);
    }
    if (status != PF_OK && err)
        *err = why;
    return status;
}

pf_status pf_engine_run(pf_job *job, pf_result **out, struct pf_error *err) {
    struct pf_hooks_run hooks = {0};
    *out = NULL;
    pf_result *result = NULL;
    PF_TRY(pf_job_join_inputs(job, err));
    PF_TRY(pf_result_make(&result, err));
    pf_hooks_gather(&hooks, job, &result->notices);
    pf_status status = pf_hooks_before(&hooks, err);
    if (status == PF_OK)
        status = run_without_suspects(job, result, err);
    const struct pf_error untold = {.code = status};
    pf_hooks_post(&hooks, result, status == PF_OK ? NULL : err ? err : &untold);
    pf_registry_tell(job->forge->registry, say_failure, result);
    if (status != PF_OK && result->file_count == 0) {
        pf_result_free(result);
        return status;
    }
    *out = result;
    return status;
}
