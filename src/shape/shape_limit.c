/* shape_limit.c — room shape. Leaves out the first rows, stops after so many.    SPDX-License-Identifier: MIT
 * Knows: how many rows have gone by.
 * Knows not: columns, values. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "shape/shape.h"

struct pf_shape_state {
    int64_t skip; /* rows still to be left out */
    int64_t left; /* rows still wanted; −1: all */
};

static void close_limit(pf_shape_state *state) { pf_mem_free(state); }

static pf_status begin_limit(const void *arguments, const struct ArrowSchema *in, struct pf_host *host,
                             pf_shape_state **out_state, struct ArrowSchema *out, struct pf_error *err) {
    const struct pf_limit_args *args = arguments;
    (void)host;
    *out_state = NULL;
    memset(out, 0, sizeof *out);
    if (args->skip_rows < 0 || args->limit_rows < -1)
        return pf_fail(err, PF_ARGUMENT, "%lld rows cannot be skipped or kept; take 0 or more",
                       (long long)(args->skip_rows < 0 ? args->skip_rows : args->limit_rows));
    pf_shape_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    state->skip = args->skip_rows;
    state->left = args->limit_rows;
    pf_status status = pf_schema_copy(in, out, err);
    if (status != PF_OK)
        pf_mem_free(state);
    else
        *out_state = state;
    return status;
}

static pf_status apply_limit(pf_shape_state *state, struct ArrowArray *in, struct ArrowArray *out,
                             int32_t *done, struct pf_error *err) {
    int64_t skip = in->length < state->skip ? in->length : state->skip;
    int64_t keep = in->length - skip;
    out->release = NULL;
    *done = 0;
    if (state->left >= 0 && keep > state->left)
        keep = state->left;
    PF_TRY(pf_batch_part(in, skip, keep, out, err));
    state->skip -= skip;
    if (state->left >= 0)
        state->left -= keep;
    *done = state->left == 0;
    return PF_OK;
}

const struct pf_shape pf_shape_limit = {"limit", begin_limit, apply_limit, close_limit};
