/* run_stage.h — an output that is kept in a temporary file until it is proved.  SPDX-License-Identifier: MIT
 *
 * For stores that cannot rename: what is written there is seen at once, so it is written in one forward pass when
 * nothing can go wrong any more but the writing. */
#ifndef PF_RUN_STAGE_H
#define PF_RUN_STAGE_H
#include "run/run_host.h"

struct pf_stage_target {
    const struct pf_store *store;
    struct pf_host *host;
    const char *location; /* lent until the sink's end, as the two above */
    uint32_t flags;       /* PF_SINK_* */
};
/* Gives a sink whose commit opens the store's, copies and commits it. The copy has the ceiling and the folder of the
 * crew's temporary files. */
pf_status pf_stage_open(const struct pf_stage_target *target, struct pf_crew *crew, struct pf_sink *out,
                        struct pf_error *err);
#endif
