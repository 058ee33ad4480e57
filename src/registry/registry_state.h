/* registry_state.h — the states of an extension, and what leads from one to another.
 * SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_STATE_H
#define PF_REGISTRY_STATE_H
#include "pyforge/pyforge.h"

#define PF_EVENT_LOAD_OK     0
#define PF_EVENT_LOAD_FAIL   1
#define PF_EVENT_INIT_OK     2
#define PF_EVENT_UNAVAILABLE 3 /* init says: not here */
#define PF_EVENT_INIT_FAIL   4
#define PF_EVENT_DISABLE     5 /* of a started one, after its shutdown */
#define PF_EVENT_ENABLE      6
#define PF_EVENT_CHANGED     7 /* the file is another one, or shall be tried again */
#define PF_EVENT_COUNT       8

/* *state is a PF_EXTENSION_*. STATE, and nothing changes, when the event has no place there. */
pf_status pf_state_move(int32_t *state, int32_t event, struct pf_error *err);
const char *pf_state_name(int32_t state); /* "initialized" */
#endif
