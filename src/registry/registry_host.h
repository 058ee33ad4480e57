/* registry_host.h — the host table that extensions keep from init on: memory and log.
 * SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_HOST_H
#define PF_REGISTRY_HOST_H
#include "base/log.h"
#include "base/thread.h"
#include "pyforge/extension.h"
#include "registry/registry_errand.h"

/* What every host has: memory. Calls that need a job answer STATE, questions NULL, tasks are run by the caller. Whoever makes a
 * host puts its own in the place of those that it can answer. */
void pf_host_begin(struct pf_host *face, void *data);

/* A thread that was left alone may still call it: so it is on the heap, and is only emptied then. */
struct pf_registry_host {
    struct pf_host face;
    pf_mutex mutex;
    const struct pf_log *log;                          /* NULL: nobody listens any more */
    const char *(*answer)(void *ctx, const char *key); /* NULL: nobody answers */
    void *answer_ctx;
    bool kept; /* a thread was left alone with it: never freed */
    struct pf_errands errands;
};
pf_status pf_registry_host_open(struct pf_registry_host **out, const struct pf_log *log, struct pf_error *err);
void pf_registry_host_answer(struct pf_registry_host *host, const char *(*answer)(void *ctx, const char *key),
                             void *ctx);
/* Lent until the forge ends; NULL: nobody knows. */
const char *pf_registry_host_ask(struct pf_registry_host *host, const char *key);
void pf_registry_host_close(struct pf_registry_host **host);
#endif
