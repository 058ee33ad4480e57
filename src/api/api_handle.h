/* api_handle.h — is a handle what it says, and in a state that allows the call?  SPDX-License-Identifier: MIT */
#ifndef PF_API_HANDLE_H
#define PF_API_HANDLE_H
#include "run/run_job.h"
#include "run/run_result.h"

/* ARGUMENT for NULL or a thing that is no forge, job. call: the function's name. */
pf_status pf_handle_forge(const pf_forge *forge, const char *call, struct pf_error *err);
pf_status pf_handle_job(const pf_job *job, const char *call, struct pf_error *err);
/* STATE unless the job is still being set up. */
pf_status pf_handle_setting(const pf_job *job, const char *call, struct pf_error *err);
#endif
