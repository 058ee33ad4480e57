/* registry_host.h — the host table that extensions keep from init on: memory and log.
 * SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_HOST_H
#define PF_REGISTRY_HOST_H
#include "base/log.h"
#include "base/thread.h"
#include "pyforge/extension.h"

/* A thread that was left alone may still call it: so it is on the heap, and is only emptied then. */
struct pf_registry_host {
    struct pf_host face;
    pf_mutex mutex;
    const struct pf_log *log; /* NULL: nobody listens any more */
    bool kept;                /* a thread was left alone with it: never freed */
};
pf_status pf_registry_host_open(struct pf_registry_host **out, const struct pf_log *log, struct pf_error *err);
void pf_registry_host_close(struct pf_registry_host **host);
#endif
