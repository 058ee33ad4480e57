/* run_hooks.c — room run. What extensions do before and after a job.            SPDX-License-Identifier: MIT
 * Knows: the order of hooks, what each may do.
 * Knows not: what they do it for. */
#include "run/run_hooks.h"

#include "base/error.h"

#define HOOKS_MOST 64

struct hook {
    const struct pf_extension *extension;
    void *self;
};

static bool comes_before(const struct hook *a, const struct hook *b) {
    if (a->extension->hooks->rank != b->extension->hooks->rank)
        return a->extension->hooks->rank > b->extension->hooks->rank;
    return strcmp(a->extension->name, b->extension->name) < 0;
}

static size_t list_hooks(const pf_job *job, struct hook hooks[HOOKS_MOST]) {
    const struct pf_extension *extension;
    size_t count = 0;
    for (size_t i = 0; (extension = pf_registry_at(job->forge->registry, i)) && count < HOOKS_MOST; i++) {
        if (!extension->hooks)
            continue;
        struct hook hook = {extension, pf_registry_self(job->forge->registry, i)};
        size_t at = count++;
        while (at > 0 && comes_before(&hook, &hooks[at - 1])) {
            hooks[at] = hooks[at - 1];
            at--;
        }
        hooks[at] = hook;
    }
    return count;
}

pf_status pf_hooks_parameter(pf_job *job, struct pf_notices *notices, struct pf_error *err) {
    struct hook hooks[HOOKS_MOST];
    size_t count = list_hooks(job, hooks);
    for (size_t i = 0; i < count; i++) {
        const struct pf_extension *extension = hooks[i].extension;
        if (!extension->hooks->parameter)
            continue;
        struct pf_run_host host;
        pf_run_host_init(&host, job, NULL);
        host.hook_name = extension->name;
        host.notices = notices;
        pf_status status = extension->hooks->parameter(&host.face, hooks[i].self, job, err);
        if (status != PF_OK) {
            pf_where(err, "extension '%s'", extension->name);
            return status;
        }
    }
    return PF_OK;
}

pf_status pf_hooks_pre(pf_job *job, size_t *begun, struct pf_error *err) {
    struct hook hooks[HOOKS_MOST];
    size_t count = list_hooks(job, hooks);
    for (*begun = 0; *begun < count; ++*begun) {
        const struct pf_extension *extension = hooks[*begun].extension;
        if (!extension->hooks->pre)
            continue;
        struct pf_run_host host;
        pf_run_host_init(&host, job, NULL);
        pf_status status = extension->hooks->pre(&host.face, hooks[*begun].self, job, err);
        if (status != PF_OK) {
            pf_where(err, "extension '%s'", extension->name);
            return status;
        }
    }
    return PF_OK;
}

void pf_hooks_post(pf_job *job, const pf_result *result, size_t begun) {
    struct hook hooks[HOOKS_MOST];
    size_t count = list_hooks(job, hooks);
    for (size_t i = begun < count ? begun : count; i-- > 0;) {
        struct pf_run_host host;
        pf_run_host_init(&host, job, NULL);
        host.result = result;
        if (hooks[i].extension->hooks->post)
            hooks[i].extension->hooks->post(&host.face, hooks[i].self, job, result);
    }
}
