/* run_chain.c — room run. Shapes one after the other.                           SPDX-License-Identifier: MIT
 * Knows: the order of shapes, the schema between them.
 * Knows not: what a shape does. */
#include "run/run_chain.h"

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"

pf_status pf_chain_open(struct pf_chain *chain, const struct ArrowSchema *in, struct pf_error *err) {
    *chain = (struct pf_chain){0};
    return pf_schema_copy(in, &chain->schema, err);
}

pf_status pf_chain_add(struct pf_chain *chain, const struct pf_shape *shape, const void *args, int64_t tag,
                       struct pf_host *host, struct pf_error *err) {
    if (chain->count == chain->room) {
        size_t room = chain->room ? chain->room * 2 : 4;
        struct pf_link *links = pf_mem_grow(chain->links, room * sizeof *links);
        if (!links)
            return pf_fail_memory(err, room * sizeof *links);
        chain->links = links;
        chain->room = room;
    }
    struct pf_link link = {.shape = shape, .tag = tag};
    struct ArrowSchema out = {0};
    PF_TRY(shape->begin(args, &chain->schema, host, &link.state, &out, err));
    pf_schema_release(&chain->schema);
    chain->schema = out;
    chain->links[chain->count++] = link;
    return PF_OK;
}

pf_status pf_chain_forget(struct pf_chain *chain, const char *key, struct pf_error *err) {
    for (int64_t i = 0; i < chain->schema.n_children; i++) {
        size_t size;
        if (pf_schema_meta(chain->schema.children[i], key, &size))
            PF_TRY(pf_schema_set_meta(chain->schema.children[i], key, NULL, err));
    }
    return PF_OK;
}

pf_status pf_chain_apply(struct pf_chain *chain, struct ArrowArray *batch, int32_t *done, int64_t *failed,
                         struct pf_error *err) {
    for (size_t i = 0; i < chain->count; i++) {
        struct ArrowArray out = {0};
        int32_t link_done = 0;
        pf_status status = chain->links[i].shape->apply(chain->links[i].state, batch, &out, &link_done, err);
        pf_array_release(batch);
        if (status != PF_OK) {
            *failed = chain->links[i].tag;
            return status;
        }
        *batch = out;
        *done = *done || link_done;
    }
    return PF_OK;
}

void pf_chain_clear(struct pf_chain *chain) {
    for (size_t i = chain->count; i-- > 0;)
        chain->links[i].shape->close(chain->links[i].state);
    pf_mem_free(chain->links);
    pf_schema_release(&chain->schema);
    *chain = (struct pf_chain){0};
}
