/* run_engine.h — a whole job: hooks, the engine that fits best, the result.     SPDX-License-Identifier: MIT */
#ifndef PF_RUN_ENGINE_H
#define PF_RUN_ENGINE_H
#include "run/run_result.h"

/* Gives *out also on failure where there is anything to tell. */
pf_status pf_engine_run(pf_job *job, pf_result **out, struct pf_error *err);
#endif
