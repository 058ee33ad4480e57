/* run_combine.h — many inputs, one table: columns by name, drift told before anything is written.
 * SPDX-License-Identifier: MIT */
#ifndef PF_RUN_COMBINE_H
#define PF_RUN_COMBINE_H
#include "run/run_convert.h"
/* Have the tables columns of the same names, blanks around and case aside? */
bool pf_combine_same(const struct ArrowSchema *a, const struct ArrowSchema *b);
/* Those of one input's tables that are as like, in one table at path. Fails as pf_convert_input does. */
pf_status pf_combine_like(struct pf_run *run, const struct pf_input *input, const struct ArrowSchema *like,
                          const char *path, struct pf_error *err);
/* Fails as a whole: a table with an input missing would be wrong. What happened stands in the result. */
pf_status pf_combine(struct pf_run *run, struct pf_error *err);
#endif
