/* run_hooks.h — what extensions do before and after a job: parameter, pre, post.  SPDX-License-Identifier: MIT
 *
 * Hooks run on a thread of their own, each within the registry's limit. One that fails or is late is a notice with its
 * extension's name; only a pre hook may stop the job. */
#ifndef PF_RUN_HOOKS_H
#define PF_RUN_HOOKS_H
#include "run/run_host.h"

#define PF_HOOKS_MOST 256

/* The hooks of one job. All zero, then pf_hooks_gather. */
struct pf_hooks_run {
    pf_job *job;
    struct pf_notices *notices; /* of the run; may be NULL */
    size_t count;
    const struct pf_extension *extensions[PF_HOOKS_MOST]; /* by rank (highest first), then name */
    bool late[PF_HOOKS_MOST];                             /* left alone: it gets no further hook */
    const struct pf_error *failure;                       /* of the job, for post hooks; NULL: none */
    size_t begun; /* how many pre hooks were called and did not refuse; their post hooks are owed */
};
/* Opens the extensions that have hooks or engines. */
void pf_hooks_gather(struct pf_hooks_run *run, pf_job *job, struct pf_notices *notices);
/* Options that the user set stay. Fails only for want of memory or threads. */
pf_status pf_hooks_parameter(struct pf_hooks_run *run, struct pf_error *err);
/* The parameter hooks, then the pre hooks, on one thread. The refusal of the first that refuses. */
pf_status pf_hooks_before(struct pf_hooks_run *run, struct pf_error *err);
/* In reverse, for those that began. result may be NULL; failure too: the job did well. */
void pf_hooks_post(struct pf_hooks_run *run, const pf_result *result, const struct pf_error *failure);
/* Takes away a value that a hook set and the message of a failure is about, which the notice tells. false: there is none. */
bool pf_hooks_take_back(pf_job *job, const char *message, struct pf_notices *notices);
#endif
