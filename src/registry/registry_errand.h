/* registry_errand.h — foreign code on a thread of its own, watched.              SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_ERRAND_H
#define PF_REGISTRY_ERRAND_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "pyforge/status.h"

struct pf_errand {
    void *arg;               /* whatever a step touches; on the heap, for the thread may keep it */
    void (*drop)(void *arg); /* frees it; called by the thread when it was left alone */
    bool (*step)(void *arg, size_t index); /* false: no further step */
    size_t count;
};
/* Keeps the thread of the last errand for the next one, for starting one takes longer than most errands. Begins as zeros. */
struct pf_errands {
    _Atomic(struct pf_runner *) idle;
};
/* Runs step 0, 1, … on one thread that runs nothing else. *late: the first step that took longer than limit_ms; count: none
 * did. With a late one arg belongs to the thread from then on, which does no further step; else it is the caller's again.
 * Any thread. */
pf_status pf_errand_run(struct pf_errands *errands, const struct pf_errand *errand, int limit_ms, size_t *late,
                        struct pf_error *err);
void pf_errands_end(struct pf_errands *errands); /* after the last errand */
#endif
