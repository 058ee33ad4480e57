/* shape_utf8.c — room shape. Text that somebody else made is UTF-8, or refused with its row.
 * SPDX-License-Identifier: MIT
 * Knows: where texts lie in arrays of every layout, nested ones and dictionaries too.
 * Knows not: what becomes of them. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_view.h"
#include "shape/shape.h"

#define DEPTH_MOST 64

struct pf_shape_state {
    struct ArrowSchema schema;
    int64_t rows; /* of the batches before */
};

static void close_utf8(pf_shape_state *state) {
    if (state)
        pf_schema_release(&state->schema);
    pf_mem_free(state);
}

static pf_status begin_utf8(const void *arguments, const struct ArrowSchema *in, struct pf_host *host,
                            pf_shape_state **out_state, struct ArrowSchema *out, struct pf_error *err) {
    (void)arguments;
    (void)host;
    *out_state = NULL;
    memset(out, 0, sizeof *out);
    pf_shape_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    pf_status status = pf_schema_copy(in, &state->schema, err);
    if (status == PF_OK)
        status = pf_schema_copy(in, out, err);
    if (status != PF_OK)
        close_utf8(state);
    else
        *out_state = state;
    return status;
}

/* All texts at once: one run of bytes that is UTF-8, and none begins within a letter. */
static bool is_one_run(const struct pf_view *view) {
    int64_t size;
    if (!view->offsets || view->length == 0)
        return false;
    const uint8_t *from = pf_view_bytes(view, 0, &size);
    const uint8_t *last = pf_view_bytes(view, view->length - 1, &size), *end = last + size;
    if (!view->data)
        return true; /* empty texts */
    bool within = false;
    for (int64_t row = 0; row < view->length; row++) {
        const uint8_t *at = pf_view_bytes(view, row, &size);
        within |= at < end && (*at & 0xC0) == 0x80;
    }
    return !within && pf_utf8_valid(from, (size_t)(end - from)) == (size_t)(end - from);
}

/* The first row whose text is no UTF-8; −1: none. What lies in null rows is nobody's. */
static int64_t first_bad(const struct pf_view *view) {
    if (is_one_run(view))
        return -1;
    for (int64_t row = 0; row < view->length; row++) {
        int64_t size;
        const uint8_t *text = pf_view_bytes(view, row, &size);
        if (pf_view_valid(view, row) && pf_utf8_valid(text, (size_t)size) < (size_t)size)
            return row;
    }
    return -1;
}

static pf_status fail_text(const char *name, int64_t row, struct pf_error *err) {
    pf_status status = pf_fail_at(err, PF_BAD_DATA, row, -1,
                                  "the bytes of a text are not UTF-8; decode them before, or give the column "
                                  "as binary");
    pf_where(err, "column '%.60s'", name && name[0] ? name : "?");
    return status;
}

/* Values that others refer to: of lists, of structs, of dictionaries. Whose row they are is not known here. */
static pf_status check_values(const struct ArrowSchema *schema, const struct ArrowArray *array,
                              const char *name, int depth, struct pf_error *err) {
    struct pf_view view;
    struct pf_type type;
    if (depth > DEPTH_MOST)
        return pf_fail(err, PF_UNSUPPORTED, "column '%.60s' is nested deeper than %d levels; flatten it", name,
                       DEPTH_MOST);
    if (schema->dictionary && array->dictionary)
        return check_values(schema->dictionary, array->dictionary, name, depth + 1, err);
    if (schema->n_children != array->n_children || (array->n_children && !array->children))
        return pf_fail(err, PF_BAD_DATA,
                       "an Arrow array is broken: column '%.60s' has other children than its type; its "
                       "producer is at fault",
                       name);
    for (int64_t i = 0; i < schema->n_children; i++)
        PF_TRY(check_values(schema->children[i], array->children[i], name, depth + 1, err));
    PF_TRY(pf_type_of(schema, &type, err));
    if (!pf_kind_is_text(type.kind))
        return PF_OK;
    PF_TRY(pf_view_open(&view, schema, array, err));
    return first_bad(&view) < 0 ? PF_OK : fail_text(name, -1, err);
}

static pf_status check_column(const pf_shape_state *state, const struct ArrowArray *batch, int64_t i,
                              struct pf_error *err) {
    const struct ArrowSchema *field = state->schema.children[i];
    struct pf_view view;
    struct pf_type type;
    PF_TRY(pf_type_of(field, &type, err));
    if (!pf_kind_is_text(type.kind) && field->n_children == 0)
        return PF_OK;
    if (field->dictionary || field->n_children) {
        if (!batch->children || i >= batch->n_children)
            return pf_fail(err, PF_BAD_DATA, "a batch has no column %lld; its producer is at fault",
                           (long long)i + 1);
        return check_values(field, batch->children[i], field->name, 0, err);
    }
    PF_TRY(pf_view_child(&view, &state->schema, batch, i, err));
    int64_t bad = first_bad(&view);
    return bad < 0 ? PF_OK : fail_text(field->name, state->rows + bad + 1, err);
}

static pf_status apply_utf8(pf_shape_state *state, struct ArrowArray *in, struct ArrowArray *out, int32_t *done,
                            struct pf_error *err) {
    out->release = NULL;
    *done = 0;
    for (int64_t i = 0; i < state->schema.n_children; i++)
        PF_TRY(check_column(state, in, i, err));
    state->rows += in->length;
    *out = *in;
    in->release = NULL;
    return PF_OK;
}

const struct pf_shape pf_shape_utf8 = {"utf8", begin_utf8, apply_utf8, close_utf8};
