/* columns_batch.h — a set of growing columns → one batch.                       SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_BATCH_H
#define PF_COLUMNS_BATCH_H
#include "columns/columns_build.h"

struct pf_batch {
    int64_t columns;
    struct pf_build *builds; /* one per column */
};
/* From a struct schema. Zero before. Nulls of text columns that are not nullable leave as empty texts. */
pf_status pf_batch_open(struct pf_batch *batch, const struct ArrowSchema *schema, struct pf_error *err);
void pf_batch_clear(struct pf_batch *batch);
/* Gives a struct array of all columns (equal lengths: INTERNAL otherwise) and leaves the batch open and empty.
 */
pf_status pf_batch_take(struct pf_batch *batch, struct ArrowArray *out, struct pf_error *err);
/* Makes a struct array out of children (taken, moved; on failure they are still the caller's). */
pf_status pf_batch_wrap(struct ArrowArray *children, int64_t n, int64_t length, struct ArrowArray *out,
                        struct pf_error *err);
/* Rows [offset, offset + length) of a struct array as another one that shares the buffers; from is taken (moved
 * into a shared holder) by the first call: pass the same holder again for more. Gives *out. */
typedef struct pf_batch_share pf_batch_share;
pf_status pf_batch_share_open(struct ArrowArray *from, pf_batch_share **out, struct pf_error *err); /* takes */
/* Offsets of slices stand on the columns, never on the struct. A share may be used by one thread at a time; its
 * slices may be released on any. */
pf_status pf_batch_slice(pf_batch_share *share, int64_t offset, int64_t length, struct ArrowArray *out,
                         struct pf_error *err);
void pf_batch_share_drop(pf_batch_share **share); /* slices stay good */
/* Rows [offset, offset + length) of the batch, which is taken. */
pf_status pf_batch_part(struct ArrowArray *batch, int64_t offset, int64_t length, struct ArrowArray *out,
                        struct pf_error *err);
/* Foreign batches may have an offset or longer columns: afterwards batch->offset is 0 and every column has
 * exactly batch->length rows (its own offset says where), as in all batches made here. Replaces *batch in
 * place; BAD_DATA when the struct has null rows or a column is too short. Cheap when there is nothing to do. */
pf_status pf_batch_plain(struct ArrowArray *batch, const struct ArrowSchema *schema, struct pf_error *err);
void pf_array_release(struct ArrowArray *array); /* zero or released is fine */
#endif
