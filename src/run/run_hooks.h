/* run_hooks.h — what extensions do before and after a job: parameter, pre, post.  SPDX-License-Identifier: MIT */
#ifndef PF_RUN_HOOKS_H
#define PF_RUN_HOOKS_H
#include "run/run_host.h"

/* By rank (highest first), then name. Options that the user set stay. notices: of the run; may be NULL. */
pf_status pf_hooks_parameter(pf_job *job, struct pf_notices *notices, struct pf_error *err);
/* *begun: how many pre hooks were called and did not refuse; their post hooks are owed. */
pf_status pf_hooks_pre(pf_job *job, size_t *begun, struct pf_error *err);
/* In reverse, for the first `begun`. result may be NULL. */
void pf_hooks_post(pf_job *job, const pf_result *result, size_t begun);
#endif
