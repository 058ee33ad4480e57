/* run_delivery.h — one output: writer, sink, and what must be true before it becomes visible.
 * SPDX-License-Identifier: MIT
 *
 * The writer's last act is to commit its sink. That commit is ours: the counts must add up and the rejected
 * rows must be safe before the output appears under its name. */
#ifndef PF_RUN_DELIVERY_H
#define PF_RUN_DELIVERY_H
#include "run/run_quarantine.h"

struct pf_delivery {
    struct pf_crew *crew;
    const struct pf_outputs *outputs;
    struct pf_quarantine *quarantine;
    const char *path;   /* lent */
    bool rejects_taken; /* as in struct pf_output_name */
    /* Called before the commit; a failure keeps the output from appearing. */
    pf_status (*ready)(void *ctx, struct pf_error *err);
    void *ready_ctx;
    const struct pf_rejects *rejects;
    char *rejects_path; /* given when some were written */
    uint32_t flags;
    int made_folders; /* for the output, which is not finished */
    bool begun;
    struct pf_run_host host;
    pf_writer_state *state;
    int64_t bytes_out;
};
/* The fields above "flags" are set by the caller; must not move while begun. notices: of the table. */
pf_status pf_delivery_begin(struct pf_delivery *delivery, const struct ArrowSchema *schema,
                            struct pf_notices *notices, struct pf_error *err);
pf_status pf_delivery_write(struct pf_delivery *delivery, struct ArrowArray *batch,
                            struct pf_error *err); /* takes */
pf_status pf_delivery_finish(struct pf_delivery *delivery, struct pf_error *err);
/* Ends it, whatever happened; what was not finished leaves nothing. Not begun is fine. */
void pf_delivery_end(struct pf_delivery *delivery);
#endif
