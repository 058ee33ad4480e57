/* registry_errand.h — foreign code on a thread of its own, watched.              SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_ERRAND_H
#define PF_REGISTRY_ERRAND_H
#include <stdbool.h>
#include <stddef.h>

#include "pyforge/status.h"

struct pf_errand {
    void *arg;               /* whatever a step touches; on the heap, for the thread may keep it */
    void (*drop)(void *arg); /* frees it; called by the thread when it was left alone */
    bool (*step)(void *arg, size_t index); /* false: no further step */
    size_t count;
};
/* Runs step 0, 1, … on one new thread. *late: the first step that took longer than limit_ms; count: none did. With a late
 * one arg belongs to the thread from then on, which does no further step; else it is the caller's again. */
pf_status pf_errand_run(const struct pf_errand *errand, int limit_ms, size_t *late, struct pf_error *err);
#endif
