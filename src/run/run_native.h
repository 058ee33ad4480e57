/* run_native.h — the native engine: every planned table through the pipe.       SPDX-License-Identifier: MIT */
#ifndef PF_RUN_NATIVE_H
#define PF_RUN_NATIVE_H
#include "run/run_convert.h"
extern const struct pf_engine pf_native_engine;

/* What a run needs before its first input: crew, inputs, outputs, schema file. *run must not move while open.
 * result may be NULL when nothing is converted. */
pf_status pf_run_open(struct pf_run *run, pf_job *job, pf_result *result, bool with_outputs,
                      struct pf_error *err);
void pf_run_close(struct pf_run *run);
#endif
