/* shape_lineage.c — room shape. Where rows came from: constant texts and row numbers.  SPDX-License-Identifier: MIT
 * Knows: how to repeat a text cheaply, how many rows have gone by.
 * Knows not: what the texts mean. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "shape/shape.h"

/* A constant's column is made once, for the longest batch so far, and shared by slices of it. */
struct constant {
    char *value; /* NULL: the row number */
    pf_batch_share *share;
    int64_t room;
};

struct pf_shape_state {
    struct ArrowSchema in;
    int64_t count;
    struct constant *constants;
    int64_t next_row;
};

static void close_lineage(pf_shape_state *state) {
    if (!state)
        return;
    for (int64_t i = 0; state->constants && i < state->count; i++) {
        pf_mem_free(state->constants[i].value);
        pf_batch_share_drop(&state->constants[i].share);
    }
    pf_mem_free(state->constants);
    pf_schema_release(&state->in);
    pf_mem_free(state);
}

static pf_status fill_schema(const pf_shape_state *state, const char *const *names, struct ArrowSchema *out,
                             struct pf_error *err) {
    static const struct pf_type text = {.kind = PF_KIND_UTF8, .zone = ""},
                                number = {.kind = PF_KIND_INT64, .zone = ""};
    int64_t n = state->in.n_children;
    PF_TRY(pf_schema_struct(out, n + state->count, err));
    pf_status status = PF_OK;
    for (int64_t i = 0; status == PF_OK && i < n; i++)
        status = pf_schema_copy(state->in.children[i], out->children[i], err);
    for (int64_t i = 0; status == PF_OK && i < state->count; i++)
        status = pf_schema_field(out->children[n + i], names[i], state->constants[i].value ? &text : &number,
                                 true, err);
    if (status != PF_OK)
        pf_schema_release(out);
    return status;
}

static pf_status begin_lineage(const void *arguments, const struct ArrowSchema *in, struct pf_host *host,
                               pf_shape_state **out_state, struct ArrowSchema *out, struct pf_error *err) {
    const struct pf_lineage_args *args = arguments;
    (void)host;
    *out_state = NULL;
    memset(out, 0, sizeof *out);
    pf_shape_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    state->count = args->count;
    state->next_row = args->first_row;
    state->constants = pf_mem_zero((size_t)args->count, sizeof *state->constants);
    pf_status status = state->constants ? pf_schema_copy(in, &state->in, err) : pf_fail_memory(err, 0);
    for (int64_t i = 0; status == PF_OK && i < args->count; i++) {
        if (!args->values[i])
            continue;
        state->constants[i].value = pf_mem_text(args->values[i], strlen(args->values[i]));
        if (!state->constants[i].value)
            status = pf_fail_memory(err, strlen(args->values[i]));
    }
    if (status == PF_OK)
        status = fill_schema(state, args->names, out, err);
    if (status != PF_OK) {
        close_lineage(state);
        return status;
    }
    *out_state = state;
    return PF_OK;
}

static pf_status repeat_text(const char *value, int64_t rows, struct ArrowArray *out, struct pf_error *err) {
    static const struct pf_type text = {.kind = PF_KIND_UTF8, .zone = ""};
    size_t size = strlen(value);
    struct pf_build build;
    PF_TRY(pf_build_open(&build, &text, err));
    pf_status status =
        size > 0 && rows > INT32_MAX / (int64_t)size
            ? pf_fail(err, PF_LIMIT,
                      "a text of %zu bytes is too long to stand in every row; give a shorter path", size)
            : pf_build_reserve(&build, rows, rows * (int64_t)size, err);
    for (int64_t row = 0; status == PF_OK && row < rows; row++)
        status = pf_build_bytes(&build, value, size, err);
    if (status == PF_OK)
        status = pf_build_take(&build, out, err);
    pf_build_clear(&build);
    return status;
}

/* Makes the shared column long enough. */
static pf_status extend_constant(struct constant *constant, int64_t rows, struct pf_error *err) {
    struct ArrowArray column = {0}, batch = {0};
    if (constant->share && constant->room >= rows)
        return PF_OK;
    pf_status status = repeat_text(constant->value, rows, &column, err);
    if (status == PF_OK)
        status = pf_batch_wrap(&column, 1, rows, &batch, err);
    pf_batch_share_drop(&constant->share);
    if (status == PF_OK)
        status = pf_batch_share_open(&batch, &constant->share, err);
    constant->room = rows;
    pf_array_release(&column);
    pf_array_release(&batch);
    return status;
}

static pf_status give_constant(struct constant *constant, int64_t rows, struct ArrowArray *out,
                               struct pf_error *err) {
    struct ArrowArray slice;
    PF_TRY(extend_constant(constant, rows, err));
    PF_TRY(pf_batch_slice(constant->share, 0, rows, &slice, err));
    *out = *slice.children[0];
    slice.children[0]->release = NULL;
    pf_array_release(&slice);
    return PF_OK;
}

static pf_status give_numbers(int64_t first, int64_t rows, struct ArrowArray *out, struct pf_error *err) {
    static const struct pf_type number = {.kind = PF_KIND_INT64, .zone = ""};
    struct pf_build build;
    PF_TRY(pf_build_open(&build, &number, err));
    pf_status status = pf_build_reserve(&build, rows, 0, err);
    for (int64_t row = 0; status == PF_OK && row < rows; row++)
        pf_store64(build.values + 8 * row, (uint64_t)(first + row));
    if (status == PF_OK) {
        build.length = rows;
        status = pf_build_take(&build, out, err);
    }
    pf_build_clear(&build);
    return status;
}

static pf_status apply_lineage(pf_shape_state *state, struct ArrowArray *in, struct ArrowArray *out,
                               int32_t *done, struct pf_error *err) {
    int64_t n = state->in.n_children, made = 0, rows = in->length;
    out->release = NULL;
    *done = 0;
    PF_TRY(pf_batch_plain(in, &state->in, err));
    struct ArrowArray *columns = pf_mem_zero((size_t)(n + state->count), sizeof *columns);
    if (!columns)
        return pf_fail_memory(err, (size_t)(n + state->count) * sizeof *columns);
    pf_status status = PF_OK;
    for (; status == PF_OK && made < state->count; made++) {
        struct constant *constant = &state->constants[made];
        status = constant->value ? give_constant(constant, rows, &columns[n + made], err)
                                 : give_numbers(state->next_row, rows, &columns[n + made], err);
    }
    for (int64_t i = 0; i < n; i++)
        columns[i] = *in->children[i];
    if (status == PF_OK)
        status = pf_batch_wrap(columns, n + state->count, rows, out, err);
    if (status == PF_OK) {
        for (int64_t i = 0; i < n; i++)
            in->children[i]->release = NULL; /* moved */
        pf_array_release(in);
        state->next_row += rows;
    } else
        for (int64_t i = 0; i < made; i++)
            pf_array_release(&columns[n + i]);
    pf_mem_free(columns);
    return status;
}

const struct pf_shape pf_shape_lineage = {"lineage", begin_lineage, apply_lineage, close_lineage};
