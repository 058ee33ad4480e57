/* parquet_nest.c — room write/parquet. Nested arrays → levels and leaf elements. SPDX-License-Identifier: MIT
 * Knows: the layout of Arrow's structs, lists, maps and run-end encoded arrays; what a slot's levels are.
 * Knows not: values, encodings, pages.                     Format: docs/formats/parquet.md §Nested types */
#include "write/parquet/parquet_nest.h"

#include "base/error.h"

struct shred {
    struct pf_parquet_nest *nest;
    const struct pf_parquet_column *column;
    struct pf_error *err;
    int64_t row;      /* of the table, from 0, for messages */
    int64_t elements; /* of the leaf so far */
};

/* Elements [at, at + count) of an array, not yet moved by its offset. The first repeats at `first`, the others at
 * `rest`; the parents' definition levels add up to `definition`. */
struct stretch {
    const struct ArrowArray *array;
    int64_t at, count;
    uint32_t first, rest, definition;
};

static pf_status walk(struct shred *s, int32_t depth, const struct stretch *k);

static pf_status fail_array(const struct shred *s, const char *what) {
    return pf_fail_at(s->err, PF_BAD_DATA, s->row + 1, -1, "%s; this is a fault of the producer", what);
}

static pf_status check_array(const struct shred *s, const struct stretch *k, int64_t buffers,
                             int64_t children) {
    const struct ArrowArray *a = k->array;
    if (!a || a->length < 0 || a->offset < 0 || a->n_buffers < buffers || a->n_children < children ||
        (buffers && !a->buffers) || (children && (!a->children || !a->children[0])))
        return fail_array(s, "a nested array has not the buffers and children of its type");
    if (k->at < 0 || k->count < 0 || k->count > a->length || k->at > a->length - k->count)
        return fail_array(s, "a nested array is shorter than its parent says");
    return PF_OK;
}

static bool is_there(const struct ArrowArray *a, int64_t at) {
    const uint8_t *valid = a->n_buffers > 0 && a->buffers ? a->buffers[0] : NULL;
    return !valid || pf_bit_get(valid, a->offset + at);
}

static pf_status put_slots(struct shred *s, int64_t count, uint32_t first, uint32_t rest, uint32_t definition) {
    struct pf_parquet_nest *nest = s->nest;
    size_t bytes = (size_t)count * sizeof(uint32_t);
    PF_TRY(pf_buf_reserve(&nest->definition, bytes, s->err));
    PF_TRY(pf_buf_reserve(&nest->repetition, bytes, s->err));
    uint32_t *d = (uint32_t *)(void *)(nest->definition.data + nest->definition.size);
    uint32_t *r = (uint32_t *)(void *)(nest->repetition.data + nest->repetition.size);
    for (int64_t i = 0; i < count; i++) {
        d[i] = definition;
        r[i] = i ? rest : first;
    }
    nest->definition.size += bytes;
    nest->repetition.size += bytes;
    nest->slots += count;
    return PF_OK;
}

/* ---- leaves ---- */

static pf_status put_part(struct shred *s, const struct ArrowArray *array, int64_t from, int64_t count) {
    struct pf_buf *parts = &s->nest->parts;
    struct pf_parquet_part part = {array, from, count}, *last = (struct pf_parquet_part *)(void *)parts->data;
    size_t before = parts->size / sizeof part;
    s->elements += count;
    if (before && last[before - 1].array == array && last[before - 1].from + last[before - 1].rows == from) {
        last[before - 1].rows += count;
        return PF_OK;
    }
    return pf_buf_put(parts, &part, sizeof part, s->err);
}

static int64_t run_end(const struct ArrowArray *ends, int width, int64_t at) {
    const uint8_t *p = (const uint8_t *)ends->buffers[1] + (ends->offset + at) * width;
    return width == 2 ? (int16_t)pf_load16(p) : width == 4 ? (int32_t)pf_load32(p) : (int64_t)pf_load64(p);
}

static pf_status put_runs(struct shred *s, const struct stretch *k) {
    PF_TRY(check_array(s, k, 0, 2));
    const struct ArrowArray *ends = k->array->children[0], *values = k->array->children[1];
    int width = s->column->run_width;
    if (!values || ends->n_buffers < 2 || !ends->buffers || (ends->length && !ends->buffers[1]) ||
        ends->offset < 0 || ends->length > values->length)
        return fail_array(s, "a run-end encoded array has no run ends or too few values");
    int64_t low = 0, high = ends->length, at = k->array->offset + k->at;
    while (low < high) { /* the first run that ends behind the first element */
        int64_t middle = low + (high - low) / 2;
        if (run_end(ends, width, middle) <= at)
            low = middle + 1;
        else
            high = middle;
    }
    for (int64_t i = 0; i < k->count; i++) {
        while (low < ends->length && run_end(ends, width, low) <= at + i)
            low++;
        if (low >= ends->length)
            return fail_array(s, "run ends do not reach the end of their array");
        PF_TRY(put_part(s, values, low, 1));
    }
    return PF_OK;
}

static pf_status put_leaf(struct shred *s, const struct stretch *k) {
    if (!k->array || k->at < 0 || k->count > k->array->length || k->at > k->array->length - k->count)
        return fail_array(s, "a nested array is shorter than its parent says");
    PF_TRY(put_slots(s, k->count, k->first, k->rest, (uint32_t)s->column->max_definition));
    return s->column->run_width ? put_runs(s, k) : put_part(s, k->array, k->at, k->count);
}

/* ---- parents ---- */

static pf_status walk_struct(struct shred *s, int32_t depth, const struct stretch *k) {
    const struct pf_parquet_step *step = &s->column->steps[depth];
    const struct ArrowArray *a = k->array;
    PF_TRY(check_array(s, k, 1, step->child + 1));
    struct stretch down = {a->children[step->child],      a->offset + k->at, k->count, k->first, k->rest,
                           k->definition + step->optional};
    if (!a->buffers[0])
        return walk(s, depth + 1, &down);
    down.count = 1;
    for (int64_t i = 0; i < k->count; i++, down.at++) {
        down.first = i ? k->rest : k->first;
        if (is_there(a, k->at + i))
            PF_TRY(walk(s, depth + 1, &down));
        else if (step->optional)
            PF_TRY(put_slots(s, 1, down.first, 0, k->definition));
        else
            return fail_array(s, "a null in a struct that is declared without nulls");
    }
    return PF_OK;
}

static void bounds_of(const struct pf_parquet_step *step, const struct ArrowArray *a, int64_t at, int64_t *from,
                      int64_t *to) {
    at += a->offset;
    if (step->kind == PF_PARQUET_STEP_FIXED) {
        *from = at * step->width;
        *to = *from + step->width;
    } else if (step->kind == PF_PARQUET_STEP_LARGE) {
        *from = ((const int64_t *)a->buffers[1])[at];
        *to = ((const int64_t *)a->buffers[1])[at + 1];
    } else {
        *from = ((const int32_t *)a->buffers[1])[at];
        *to = ((const int32_t *)a->buffers[1])[at + 1];
    }
}

static pf_status walk_list(struct shred *s, int32_t depth, const struct stretch *k) {
    const struct pf_parquet_step *step = &s->column->steps[depth];
    const struct ArrowArray *a = k->array;
    bool fixed = step->kind == PF_PARQUET_STEP_FIXED;
    PF_TRY(check_array(s, k, fixed ? 1 : 2, 1));
    if (!fixed && k->count && !a->buffers[1])
        return fail_array(s, "a list has no offsets");
    for (int64_t i = 0; i < k->count; i++) {
        uint32_t first = i ? k->rest : k->first;
        int64_t from, to;
        if (!is_there(a, k->at + i)) {
            if (!step->optional)
                return fail_array(s, "a null in a list that is declared without nulls");
            PF_TRY(put_slots(s, 1, first, 0, k->definition));
            continue;
        }
        bounds_of(step, a, k->at + i, &from, &to);
        if (from < 0 || to < from)
            return fail_array(s, "the offsets of a list do not rise");
        struct stretch down = {a->children[0],
                               from,
                               to - from,
                               first,
                               (uint32_t)step->repetition,
                               k->definition + step->optional + 1};
        if (to > from)
            PF_TRY(walk(s, depth + 1, &down));
        else
            PF_TRY(put_slots(s, 1, first, 0, k->definition + step->optional));
    }
    return PF_OK;
}

static pf_status walk(struct shred *s, int32_t depth, const struct stretch *k) {
    if (depth == s->column->step_count)
        return put_leaf(s, k);
    return s->column->steps[depth].kind == PF_PARQUET_STEP_STRUCT ? walk_struct(s, depth, k)
                                                                  : walk_list(s, depth, k);
}

/* ---- the whole ---- */

pf_status pf_parquet_nest_take(struct pf_parquet_nest *nest, const struct pf_parquet_column *column,
                               const struct pf_parquet_part *parts, int64_t part_count, int64_t first_row,
                               struct pf_error *err) {
    struct shred s = {.nest = nest, .column = column, .err = err, .row = first_row};
    nest->rows = nest->slots = 0;
    nest->definition.size = nest->repetition.size = nest->starts.size = nest->parts.size = 0;
    for (int64_t i = 0; i < part_count; i++) {
        for (int64_t row = 0; row < parts[i].rows; row++, s.row++) {
            struct pf_parquet_start start = {nest->slots, s.elements};
            struct stretch one = {parts[i].array, parts[i].from + row, 1, 0, 0, 0};
            PF_TRY(pf_buf_put(&nest->starts, &start, sizeof start, err));
            pf_status status = walk(&s, 0, &one);
            if (status != PF_OK && status != PF_NO_MEMORY)
                pf_where(err, "column '%.80s'", column->name);
            PF_TRY(status);
        }
        nest->rows += parts[i].rows;
    }
    struct pf_parquet_start end = {nest->slots, s.elements};
    return pf_buf_put(&nest->starts, &end, sizeof end, err);
}

void pf_parquet_nest_settle(struct pf_parquet_nest *nest, const struct pf_parquet_column *column,
                            const struct pf_parquet_values *values) {
    uint32_t *definition = (uint32_t *)(void *)nest->definition.data, most = (uint32_t)column->max_definition;
    struct pf_parquet_start *starts = (struct pf_parquet_start *)(void *)nest->starts.data;
    int64_t element = 0, there = 0, row = 0;
    if (!values->valid)
        return;
    for (int64_t slot = 0; slot < nest->slots; slot++) {
        for (; row < nest->rows && starts[row].slot <= slot; row++)
            starts[row].value = there;
        if (definition[slot] != most)
            continue;
        bool valid = pf_bit_get(values->valid, element++);
        definition[slot] -= !valid;
        there += valid;
    }
    for (; row <= nest->rows; row++)
        starts[row].value = there;
}

int64_t pf_parquet_nest_row(const struct pf_parquet_nest *nest, int64_t element) {
    const struct pf_parquet_start *starts = pf_parquet_starts(nest);
    int64_t low = 0, high = nest->rows;
    while (low + 1 < high) {
        int64_t middle = low + (high - low) / 2;
        if (starts[middle].value <= element)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void pf_parquet_nest_clear(struct pf_parquet_nest *nest) {
    pf_buf_clear(&nest->definition);
    pf_buf_clear(&nest->repetition);
    pf_buf_clear(&nest->starts);
    pf_buf_clear(&nest->parts);
    *nest = (struct pf_parquet_nest){0};
}
