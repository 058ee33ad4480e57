/* run_abreast.h — many small inputs side by side, one on each thread.           SPDX-License-Identifier: MIT
 *
 * A small input is too short to be shared by threads, so each thread converts one as a whole. What comes out is what
 * one after the other would give: names of outputs and rows in a shared file of rejects are given in the order of the
 * inputs, and the results are put together in it. */
#ifndef PF_RUN_ABREAST_H
#define PF_RUN_ABREAST_H
#include "run/run_convert.h"

/* Converts the small inputs from first on up to the next large one. *taken: how many they were; 0 when it is not worth
 * it, then the caller converts the first on its own. Fails as pf_convert_input does. */
pf_status pf_abreast(struct pf_run *run, size_t first, size_t *taken, struct pf_error *err);

/* For a conversion among others; at once when it is alone. to_name waits until all inputs before it have the names of
 * their outputs, named says that this one has; to_end waits until they have ended. CANCELLED. */
pf_status pf_turn_to_name(struct pf_run *run, struct pf_error *err);
void pf_turn_named(struct pf_run *run);
pf_status pf_turn_to_end(struct pf_run *run, struct pf_error *err);
#endif
