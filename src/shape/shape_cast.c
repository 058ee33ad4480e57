/* shape_cast.c — room shape. Changes column types; everything as text.           SPDX-License-Identifier: MIT
 * Knows: which columns change, the policy for values that do not fit.
 * Knows not: how a value is converted (shape_convert.c), why the types change. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "shape/shape.h"
#include "shape/shape_convert.h"

struct pf_shape_state {
    struct ArrowSchema in;
    struct pf_convert *plans; /* one per column */
    struct pf_host *host;     /* may be NULL */
    int32_t on_bad;
    int64_t rows; /* before this batch */
};

static const char *name_of(const struct ArrowSchema *field) { return field->name ? field->name : ""; }

static void close_cast(pf_shape_state *state) {
    if (!state)
        return;
    pf_schema_release(&state->in);
    pf_mem_free(state->plans);
    pf_mem_free(state);
}

static void tell(const pf_shape_state *state, const char *kind, const char *column, const char *detail,
                 int64_t row, int64_t count) {
    struct pf_notice notice = {.struct_size = sizeof notice,
                               .kind = kind,
                               .column = column,
                               .detail = detail,
                               .row = row,
                               .byte = -1,
                               .count = count};
    if (state->host && state->host->notice)
        state->host->notice(state->host, &notice);
}

/* One column of the new schema. */
static pf_status plan_column(pf_shape_state *state, int64_t i, const struct pf_type *target,
                             struct ArrowSchema *out, struct pf_error *err) {
    const struct ArrowSchema *field = state->in.children[i];
    struct pf_type from;
    char a[96], b[96], detail[200];
    PF_TRY(pf_type_of(field, &from, err));
    if (target->kind < 0 || pf_type_same(&from, target))
        return pf_schema_copy(field, out, err);
    PF_TRY(pf_convert_plan(&state->plans[i], &from, target, err));
    bool nullable =
        field->flags & ARROW_FLAG_NULLABLE || from.kind == PF_KIND_NULL_ || state->on_bad == PF_BAD_NULL;
    PF_TRY(pf_convert_field(field, target, nullable, out, err));
    pf_type_print(&from, a, sizeof a);
    pf_type_print(target, b, sizeof b);
    snprintf(detail, sizeof detail, "%s → %s", a, b);
    state->plans[i].to.zone = ""; /* it was lent by the caller and has done its work */
    return pf_schema_set_meta(out, PF_META_CAST, detail, err);
}

/* target(i) for every column; NULL: text. */
static pf_status begin_columns(const struct pf_type *targets, int32_t on_bad, const struct ArrowSchema *in,
                               struct pf_host *host, pf_shape_state **out_state, struct ArrowSchema *out,
                               struct pf_error *err) {
    static const struct pf_type text = {.kind = PF_KIND_UTF8, .zone = ""};
    *out_state = NULL;
    memset(out, 0, sizeof *out);
    pf_shape_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    state->host = host;
    state->on_bad = on_bad;
    pf_status status = pf_schema_copy(in, &state->in, err);
    if (status == PF_OK) {
        state->plans = pf_mem_zero((size_t)in->n_children, sizeof *state->plans);
        status = state->plans ? pf_schema_struct(out, in->n_children, err) : pf_fail_memory(err, 0);
    }
    for (int64_t i = 0; status == PF_OK && i < in->n_children; i++) {
        status = plan_column(state, i, targets ? &targets[i] : &text, out->children[i], err);
        if (status != PF_OK)
            pf_where(err, "column '%.60s'", name_of(in->children[i]));
    }
    if (status != PF_OK) {
        pf_schema_release(out);
        close_cast(state);
        return status;
    }
    *out_state = state;
    return PF_OK;
}

static pf_status begin_cast(const void *args, const struct ArrowSchema *in, struct pf_host *host,
                            pf_shape_state **state, struct ArrowSchema *out, struct pf_error *err) {
    const struct pf_cast_args *cast = args;
    if (cast->count != in->n_children)
        return pf_fail(err, PF_ARGUMENT, "%lld types for %lld columns; give one each", (long long)cast->count,
                       (long long)in->n_children);
    return begin_columns(cast->targets, cast->on_bad, in, host, state, out, err);
}

static pf_status begin_text(const void *args, const struct ArrowSchema *in, struct pf_host *host,
                            pf_shape_state **state, struct ArrowSchema *out, struct pf_error *err) {
    (void)args;
    return begin_columns(NULL, PF_BAD_FAIL, in, host, state, out, err);
}

static pf_status judge_misfits(const pf_shape_state *state, int64_t i, const struct pf_misfits *misfits,
                               struct pf_error *err) {
    const struct ArrowSchema *field = state->in.children[i];
    char type[96], detail[240];
    if (misfits->count == 0)
        return PF_OK;
    pf_type_print(&state->plans[i].to, type, sizeof type);
    int64_t row = state->rows + misfits->first + 1;
    if (state->on_bad == PF_BAD_NULL) {
        snprintf(detail, sizeof detail, "'%s' does not fit in %s", misfits->value, type);
        tell(state, "cast-null", name_of(field), detail, row, misfits->count);
        return PF_OK;
    }
    pf_status status = pf_fail_at(err, PF_BAD_DATA, row, -1,
                                  "'%s' does not fit in %s; take text for this column, or null for such values",
                                  misfits->value, type);
    pf_where(err, "column '%.60s'", name_of(field));
    return status;
}

static pf_status cast_column(const pf_shape_state *state, int64_t i, struct ArrowArray *in,
                             struct ArrowArray *out, struct pf_error *err) {
    struct pf_misfits misfits;
    if (state->plans[i].way == PF_CONVERT_SAME) {
        *out = *in;
        in->release = NULL;
        return PF_OK;
    }
    PF_TRY(pf_convert_column(&state->plans[i], state->in.children[i], in, &misfits, out, err));
    pf_status status = judge_misfits(state, i, &misfits, err);
    if (status != PF_OK)
        pf_array_release(out);
    else
        pf_array_release(in); /* early: it may be large */
    return status;
}

static pf_status apply_cast(pf_shape_state *state, struct ArrowArray *in, struct ArrowArray *out, int32_t *done,
                            struct pf_error *err) {
    int64_t n = state->in.n_children, made = 0, length = in->length;
    out->release = NULL;
    *done = 0;
    PF_TRY(pf_batch_plain(in, &state->in, err));
    struct ArrowArray *columns = pf_mem_zero((size_t)n, sizeof *columns);
    pf_status status = columns ? PF_OK : pf_fail_memory(err, (size_t)n * sizeof *columns);
    for (; status == PF_OK && made < n; made++)
        status = cast_column(state, made, in->children[made], &columns[made], err);
    if (status == PF_OK)
        status = pf_batch_wrap(columns, n, length, out, err);
    for (int64_t i = 0; columns && i < made; i++)
        pf_array_release(&columns[i]); /* what was wrapped is released already */
    pf_mem_free(columns);
    if (status == PF_OK) {
        pf_array_release(in);
        state->rows += length;
    }
    return status;
}

const struct pf_shape pf_shape_cast = {"cast", begin_cast, apply_cast, close_cast};
const struct pf_shape pf_shape_text = {"text", begin_text, apply_cast, close_cast};
