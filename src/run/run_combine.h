/* run_combine.h — many inputs, one table: columns by name, drift told before anything is written.
 * SPDX-License-Identifier: MIT */
#ifndef PF_RUN_COMBINE_H
#define PF_RUN_COMBINE_H
#include "run/run_convert.h"
/* Fails as a whole: a table with an input missing would be wrong. What happened stands in the result. */
pf_status pf_combine(struct pf_run *run, struct pf_error *err);
#endif
