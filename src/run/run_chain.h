/* run_chain.h — shapes one after the other, between a stream and a writer.      SPDX-License-Identifier: MIT */
#ifndef PF_RUN_CHAIN_H
#define PF_RUN_CHAIN_H
#include "shape/shape.h"

struct pf_link {
    const struct pf_shape *shape;
    pf_shape_state *state;
    int64_t tag; /* what the caller knows it by; −1: nothing */
};
/* All zero before open. */
struct pf_chain {
    struct pf_link *links;
    size_t count, room;
    struct ArrowSchema schema; /* of what comes out so far */
};
pf_status pf_chain_open(struct pf_chain *chain, const struct ArrowSchema *in,
                        struct pf_error *err); /* copies */
pf_status pf_chain_add(struct pf_chain *chain, const struct pf_shape *shape, const void *args, int64_t tag,
                       struct pf_host *host, struct pf_error *err);
/* Takes a key out of the metadata of all columns that come out. */
pf_status pf_chain_forget(struct pf_chain *chain, const char *key, struct pf_error *err);
/* Replaces *batch; on failure it is released and *failed is the tag of the link that refused. */
pf_status pf_chain_apply(struct pf_chain *chain, struct ArrowArray *batch, int32_t *done, int64_t *failed,
                         struct pf_error *err);
void pf_chain_clear(struct pf_chain *chain);
#endif
