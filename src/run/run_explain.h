/* run_explain.h — the plan of a job as text; nothing is written.                SPDX-License-Identifier: MIT */
#ifndef PF_RUN_EXPLAIN_H
#define PF_RUN_EXPLAIN_H
#include "pyforge/pyforge.h"
/* Lines "key<TAB>value<TAB>who set it". Gives. */
pf_status pf_explain(pf_job *job, char **out, struct pf_error *err);
#endif
