/* columns_view.h — checked read access to someone else's ArrowArray.            SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_VIEW_H
#define PF_COLUMNS_VIEW_H
#include "base/bits.h"
#include "columns/columns_type.h"

struct pf_view {
    struct pf_type type;
    int64_t length;
    int64_t offset;        /* add to a row to index the buffers below */
    int64_t nulls;         /* exact */
    const uint8_t *valid;  /* bitmap from bit `offset`; NULL: no nulls (kind NULL_: all are) */
    const uint8_t *values; /* fixed width and BOOL; indices when dictionary */
    const void *offsets;   /* int32_t or int64_t (large) */
    const uint8_t *data;
    const void *const *view_data; /* variadic buffers of view types */
    bool large;
    const struct ArrowArray *dictionary; /* NULL: plain */
};
/* Checks buffer count, lengths, monotone offsets (all of them), dictionary index range: BAD_DATA names column
 * and row. dictionary: view->values are indices of kind type.index; make a second view of the dictionary array
 * (schema->dictionary). Nested types are UNSUPPORTED. The view is lent by both. */
pf_status pf_view_open(struct pf_view *view, const struct ArrowSchema *schema, const struct ArrowArray *array,
                       struct pf_error *err);
static inline bool pf_view_valid(const struct pf_view *v, int64_t row) {
    return v->valid ? pf_bit_get(v->valid, v->offset + row) : v->type.kind != PF_KIND_NULL_;
}
/* Column i of a batch, with the offset and length of the batch itself taken into account. */
pf_status pf_view_child(struct pf_view *view, const struct ArrowSchema *schema, const struct ArrowArray *batch,
                        int64_t i, struct pf_error *err);
/* Text or binary of any layout; safe on null rows, where it may give anything inside the buffers. Lent by the
 * array. */
const uint8_t *pf_view_bytes(const struct pf_view *view, int64_t row, int64_t *size);
int64_t pf_view_index(const struct pf_view *view, int64_t row); /* of a dictionary column */
#endif
