/* grid_build.h — a block of rows into batches.                                   SPDX-License-Identifier: MIT */
#ifndef PF_GRID_BUILD_H
#define PF_GRID_BUILD_H
#include "columns/columns_batch.h"
#include "columns/columns_parse.h"
#include "grid/grid_table.h"

struct pf_grid_target {
    int32_t source; /* of the table's columns */
    uint32_t at;    /* column of the sheet */
    struct pf_type type;
    uint32_t accepts;      /* what may be built without a look; 0: by way of its spelling */
    struct pf_parse parse; /* when accepts is 0, and for imposed types */
    uint32_t usual;        /* of these, what is stored as the type is: most cells, and quickly built */
    bool imposed;          /* the type was asked for */
    bool unsettled;        /* the survey saw no value: the first one decides */
};
/* How one read of a table builds; shared by all blocks. */
struct pf_grid_plan {
    const struct pf_grid_table *table; /* lent, as the two below */
    const struct pf_grid_policy *policy;
    const struct ArrowSchema *schema;
    struct pf_grid_target *targets; /* one per wanted column */
    int32_t count;
    int32_t *map; /* by column of the sheet: a target, PF_GRID_UNWANTED or PF_GRID_STRANGE */
    int32_t map_count;
    int64_t batch_rows; /* most rows of a batch */
};
#define PF_GRID_UNWANTED (-1) /* a column of the table that is not asked for */
#define PF_GRID_STRANGE  (-2) /* the survey did not see this column */
pf_status pf_grid_plan_make(struct pf_grid_plan *plan, const struct pf_grid_table *table,
                            const struct pf_grid_policy *policy, const struct pf_read *request,
                            struct pf_error *err);
void pf_grid_plan_clear(struct pf_grid_plan *plan);

/* A value that did not do. */
struct pf_grid_event {
    uint32_t row; /* of the sheet */
    uint32_t column;
    int32_t target; /* −1: a strange column */
    bool stops;     /* the read cannot go on */
    bool rejects;   /* its row was left out */
    struct pf_meaning meaning;
    char text[64]; /* its spelling, cut */
};

/* A finished batch and the rows of the sheet that it stands for: [from, to). */
struct pf_grid_batch {
    struct ArrowArray array;
    int64_t from, to;
};
/* Kept from block to block; one thread at a time. All zero before open. */
struct pf_grid_builder {
    struct pf_batch batch;
    struct pf_grid_batch *done; /* finished; released by whoever takes them, or clear */
    size_t done_count, done_room;
    struct pf_grid_infer *seen; /* per target */
    int64_t *text_bytes;        /* per target: of the batch before, as a guess at the next one */
    struct pf_grid_event *events;
    size_t event_count, event_room;
    int64_t bad;   /* misfits beyond those in events */
    int64_t blank; /* rows without a value that were left out */
    bool stopped;
};
pf_status pf_grid_builder_open(struct pf_grid_builder *b, const struct pf_grid_plan *plan,
                               struct pf_error *err);
/* Rows from `from` on (those in front of the block's first are blank) to the block's last one within the
 * table. */
pf_status pf_grid_builder_read(struct pf_grid_builder *b, const struct pf_grid_plan *plan,
                               const struct pf_grid_block *block, int64_t from, struct pf_error *err);
void pf_grid_builder_clear(struct pf_grid_builder *b);
/* The row behind the last one of the block that belongs to the table; `from` when there is none. */
int64_t pf_grid_rows_end(const struct pf_grid_table *table, const struct pf_grid_block *block, int64_t from);
#endif
