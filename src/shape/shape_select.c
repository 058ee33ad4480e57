/* shape_select.c — room shape. Keeps, drops, reorders and renames columns.       SPDX-License-Identifier: MIT
 * Knows: which source column goes where under which name.
 * Knows not: types, values. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "shape/shape.h"

struct pf_shape_state {
    struct ArrowSchema in;
    int64_t count;
    int32_t *columns;
};

static void close_select(pf_shape_state *state) {
    if (!state)
        return;
    pf_schema_release(&state->in);
    pf_mem_free(state->columns);
    pf_mem_free(state);
}

/* In range, and each at most once: columns are moved, not copied. */
static pf_status check_columns(const struct pf_select_args *args, int64_t n, struct pf_error *err) {
    uint8_t *seen = pf_mem_zero((size_t)n, 1);
    pf_status status = seen ? PF_OK : pf_fail_memory(err, (size_t)n);
    for (int64_t i = 0; status == PF_OK && i < args->count; i++) {
        int32_t column = args->columns[i];
        if (column < 0 || column >= n)
            status =
                pf_fail(err, PF_ARGUMENT, "there is no column %d among %lld", (int)column + 1, (long long)n);
        else if (seen[column]++)
            status = pf_fail(err, PF_ARGUMENT, "column %d is selected twice; name it once", (int)column + 1);
    }
    pf_mem_free(seen);
    return status;
}

static pf_status fill_schema(const pf_shape_state *state, const char *const *names, struct ArrowSchema *out,
                             struct pf_error *err) {
    PF_TRY(pf_schema_struct(out, state->count, err));
    for (int64_t i = 0; i < state->count; i++) {
        pf_status status = pf_schema_copy(state->in.children[state->columns[i]], out->children[i], err);
        if (status == PF_OK && names && names[i])
            status = pf_schema_rename(out->children[i], names[i], err);
        if (status != PF_OK) {
            pf_schema_release(out);
            return status;
        }
    }
    return PF_OK;
}

static pf_status begin_select(const void *arguments, const struct ArrowSchema *in, struct pf_host *host,
                              pf_shape_state **out_state, struct ArrowSchema *out, struct pf_error *err) {
    const struct pf_select_args *args = arguments;
    (void)host;
    *out_state = NULL;
    memset(out, 0, sizeof *out);
    PF_TRY(check_columns(args, in->n_children, err));
    pf_shape_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    state->count = args->count;
    state->columns = pf_mem_zero((size_t)args->count, sizeof *state->columns);
    pf_status status = state->columns ? pf_schema_copy(in, &state->in, err) : pf_fail_memory(err, 0);
    if (status == PF_OK) {
        if (args->count)
            memcpy(state->columns, args->columns, (size_t)args->count * sizeof *state->columns);
        status = fill_schema(state, args->names, out, err);
    }
    if (status != PF_OK) {
        close_select(state);
        return status;
    }
    *out_state = state;
    return PF_OK;
}

static pf_status apply_select(pf_shape_state *state, struct ArrowArray *in, struct ArrowArray *out,
                              int32_t *done, struct pf_error *err) {
    out->release = NULL;
    *done = 0;
    PF_TRY(pf_batch_plain(in, &state->in, err));
    struct ArrowArray *columns = pf_mem_zero((size_t)state->count, sizeof *columns);
    if (!columns)
        return pf_fail_memory(err, (size_t)state->count * sizeof *columns);
    for (int64_t i = 0; i < state->count; i++)
        columns[i] = *in->children[state->columns[i]];
    pf_status status = pf_batch_wrap(columns, state->count, in->length, out, err);
    if (status == PF_OK) {
        for (int64_t i = 0; i < state->count; i++)
            in->children[state->columns[i]]->release = NULL; /* moved */
        pf_array_release(in);
    }
    pf_mem_free(columns);
    return status;
}

const struct pf_shape pf_shape_select = {"select", begin_select, apply_select, close_select};
