/* shape_conform.c — room shape. Brings batches to a wider schema by name.        SPDX-License-Identifier: MIT
 * Knows: which source column stands behind each target column, what is missing.
 * Knows not: how the target schema was found (columns_fit.h), how a value is converted. */
#include <string.h>

#include "base/error.h"
#include "base/map.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_fold.h"
#include "shape/shape.h"
#include "shape/shape_convert.h"

struct slot {
    int64_t source; /* column of the input; −1: missing */
    bool unseen;
    struct pf_convert plan;
};

struct pf_shape_state {
    struct ArrowSchema in;
    struct slot *slots;
    int64_t count;
    int64_t rows;
    int64_t *failed_column;
};

static void close_conform(pf_shape_state *state) {
    if (!state)
        return;
    pf_schema_release(&state->in);
    pf_mem_free(state->slots);
    pf_mem_free(state);
}

static const char *name_of(const struct ArrowSchema *field) { return field->name ? field->name : ""; }

/* The type that the target has for every input alike: one that can also be built for missing columns. */
static struct pf_type make_plain(struct pf_type type) {
    type.index = PF_KIND_NULL_;
    if (pf_kind_is_text(type.kind))
        type.kind = PF_KIND_UTF8;
    else if (type.kind == PF_KIND_LARGE_BINARY || type.kind == PF_KIND_BINARY_VIEW)
        type.kind = PF_KIND_BINARY;
    return type;
}

/* Puts the columns of in that exact finds (by folded name when fold) into their slots. */
static pf_status match(pf_shape_state *state, const struct ArrowSchema *target, uint8_t *used, bool fold,
                       struct pf_error *err) {
    struct pf_map map = {0};
    pf_status status = PF_OK;
    for (int64_t i = 0; status == PF_OK && i < state->in.n_children + target->n_children; i++) {
        bool source = i < state->in.n_children;
        int64_t at = source ? i : i - state->in.n_children, column;
        const char *name = name_of(source ? state->in.children[at] : target->children[at]);
        size_t size = strlen(name);
        char *folded = fold ? pf_mem_alloc(2 * size + 1) : NULL;
        if (fold && !folded)
            status = pf_fail_memory(err, 2 * size + 1);
        if (folded) {
            size = pf_name_fold(name, size, folded);
            name = folded;
        }
        if (status == PF_OK && source && !used[at])
            status = pf_map_add(&map, name, size, at, NULL, err);
        else if (status == PF_OK && !source && state->slots[at].source < 0 &&
                 pf_map_find(&map, name, size, &column) && !used[column]) {
            state->slots[at].source = column;
            used[column] = 1;
        }
        pf_mem_free(folded);
    }
    pf_map_clear(&map);
    return status;
}

static pf_status match_all(pf_shape_state *state, const struct ArrowSchema *target, struct pf_error *err) {
    uint8_t *used = pf_mem_zero((size_t)state->in.n_children, 1);
    if (!used)
        return pf_fail_memory(err, (size_t)state->in.n_children);
    for (int64_t i = 0; i < state->count; i++)
        state->slots[i].source = -1;
    pf_status status = match(state, target, used, false, err);
    if (status == PF_OK)
        status = match(state, target, used, true, err);
    for (int64_t i = 0; status == PF_OK && i < state->in.n_children; i++)
        if (!used[i])
            status = pf_fail(err, PF_BAD_DATA,
                             "column '%.100s' is not in the target; take --schema-mode add or union",
                             name_of(state->in.children[i]));
    pf_mem_free(used);
    return status;
}

static pf_status plan_column(pf_shape_state *state, int64_t i, const struct ArrowSchema *field,
                             struct ArrowSchema *out, struct pf_error *err) {
    struct slot *slot = &state->slots[i];
    struct pf_type type, from;
    PF_TRY(pf_type_of(field, &type, err));
    if (pf_kind_is_nested(type.kind)) {
        if (slot->source < 0)
            return pf_fail(err, PF_UNSUPPORTED, "a nested column cannot be filled with nulls; leave it out");
        if (strcmp(state->in.children[slot->source]->format, field->format) != 0)
            return pf_fail(
                err, PF_UNSUPPORTED,
                "nested columns of unlike types cannot be brought together; leave them out with --exclude");
        slot->plan.from = slot->plan.to = type;
        return pf_schema_copy(field, out, err);
    }
    struct pf_type plain = make_plain(type);
    if (slot->source < 0) {
        slot->plan.to = plain;
        slot->plan.way = PF_CONVERT_NULLS;
    } else {
        PF_TRY(pf_type_of(state->in.children[slot->source], &from, err));
        if (slot->unseen && from.kind != plain.kind)
            slot->plan = (struct pf_convert){.from = from, .to = plain, .way = PF_CONVERT_NULLS};
        else
            PF_TRY(pf_convert_plan(&slot->plan, &from, &plain, err));
    }
    if (pf_type_same(&plain, &type))
        PF_TRY(pf_schema_copy(field, out, err));
    else
        PF_TRY(pf_convert_field(field, &plain, field->flags & ARROW_FLAG_NULLABLE, out, err));
    slot->plan.to.zone = ""; /* it was lent by the caller's schema and has done its work */
    if (slot->source < 0)
        out->flags |= ARROW_FLAG_NULLABLE;
    return PF_OK;
}

static pf_status begin_conform(const void *arguments, const struct ArrowSchema *in, struct pf_host *host,
                               pf_shape_state **out_state, struct ArrowSchema *out, struct pf_error *err) {
    const struct pf_conform_args *args = arguments;
    const struct ArrowSchema *target = args->target;
    (void)host;
    *out_state = NULL;
    memset(out, 0, sizeof *out);
    pf_shape_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    state->count = target->n_children;
    state->failed_column = args->failed_column;
    state->slots = pf_mem_zero((size_t)target->n_children, sizeof *state->slots);
    pf_status status = state->slots ? pf_schema_copy(in, &state->in, err) : pf_fail_memory(err, 0);
    if (status == PF_OK)
        status = match_all(state, target, err);
    if (status == PF_OK)
        status = pf_schema_struct(out, target->n_children, err);
    for (int64_t i = 0; status == PF_OK && i < target->n_children; i++) {
        int64_t source = state->slots[i].source;
        state->slots[i].unseen = args->unseen && source >= 0 && args->unseen[source];
        status = plan_column(state, i, target->children[i], out->children[i], err);
        if (status != PF_OK)
            pf_where(err, "column '%.60s'", name_of(target->children[i]));
    }
    if (status != PF_OK) {
        pf_schema_release(out);
        close_conform(state);
        return status;
    }
    *out_state = state;
    return PF_OK;
}

static pf_status conform_column(const pf_shape_state *state, int64_t i, struct ArrowArray *in, int64_t length,
                                struct ArrowArray *out, struct pf_error *err) {
    const struct slot *slot = &state->slots[i];
    struct pf_misfits misfits;
    char type[96];
    if (slot->source < 0)
        return pf_convert_nulls(&slot->plan.to, length, out, err);
    const struct ArrowSchema *field = state->in.children[slot->source];
    if (slot->plan.way == PF_CONVERT_SAME) {
        *out = *in;
        in->release = NULL;
        return PF_OK;
    }
    PF_TRY(pf_convert_column(&slot->plan, field, in, &misfits, out, err));
    if (misfits.count == 0)
        return PF_OK;
    pf_array_release(out);
    pf_type_print(&slot->plan.to, type, sizeof type);
    if (state->failed_column)
        *state->failed_column = slot->unseen ? -1 : i;
    pf_status status = pf_fail_at(err, PF_WIDEN, state->rows + misfits.first + 1, -1,
                                  slot->unseen ? "'%s' stands where the sample saw no value (%s elsewhere)"
                                               : "'%s' does not fit in %s; the column must be text",
                                  misfits.value, type);
    pf_where(err, "column '%.60s'", name_of(field));
    return status;
}

static pf_status apply_conform(pf_shape_state *state, struct ArrowArray *in, struct ArrowArray *out,
                               int32_t *done, struct pf_error *err) {
    int64_t made = 0, length = in->length;
    out->release = NULL;
    *done = 0;
    PF_TRY(pf_batch_plain(in, &state->in, err));
    struct ArrowArray *columns = pf_mem_zero((size_t)state->count, sizeof *columns);
    pf_status status = columns ? PF_OK : pf_fail_memory(err, (size_t)state->count * sizeof *columns);
    for (; status == PF_OK && made < state->count; made++) {
        int64_t source = state->slots[made].source;
        status =
            conform_column(state, made, source < 0 ? NULL : in->children[source], length, &columns[made], err);
    }
    if (status == PF_OK)
        status = pf_batch_wrap(columns, state->count, length, out, err);
    for (int64_t i = 0; columns && i < made; i++)
        pf_array_release(&columns[i]);
    pf_mem_free(columns);
    if (status == PF_OK) {
        pf_array_release(in);
        state->rows += length;
    }
    return status;
}

const struct pf_shape pf_shape_conform = {"conform", begin_conform, apply_conform, close_conform};
