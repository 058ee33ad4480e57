/* csv_part.h — a part of a block: its rows, which of them to leave out, and what is to be told about them.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CSV_PART_H
#define PF_CSV_PART_H
#include "columns/columns_parse.h"
#include "read/csv/csv_policy.h"
#include "read/csv/csv_split.h"
#include "read/csv/csv_text.h"

#define PF_CSV_BYTES  5 /* undecodable bytes; beside PF_CSV_SHORT … of csv_split.h */
#define PF_CSV_MISFIT 6 /* a cell that the column's type cannot hold */

/* What happens to the row. */
enum { PF_CSV_TELL, PF_CSV_LEAVE_OUT, PF_CSV_STOP_FAIL, PF_CSV_STOP_WIDEN };

struct pf_csv_event {
    int64_t record;     /* in the block */
    uint32_t text_at;   /* the record's place in the block's text … */
    uint32_t text_size; /* … line end excluded */
    int32_t column;     /* MISFIT: index among the wanted columns; −1 */
    int32_t cells;      /* of the record; BYTES: how many sequences */
    int8_t kind;
    int8_t act;
};

/* How one column is read. */
struct pf_csv_column {
    int32_t source; /* its cell in the row */
    bool infer;     /* its cells are classified, too */
    bool watched;   /* (in laps) what its cells are is to be known */
    bool prove;     /* (in surveys) parse is what a sample gave: check against it first */
    struct pf_parse parse;
};

/* What all blocks of a lap are read with; nobody changes it while the lap runs. */
struct pf_csv_plan {
    const struct pf_csv_dialect *dialect;
    struct pf_csv_text_rule rule;
    int8_t on_bad_row, on_bad_cell, on_bad_bytes;
    bool imposed; /* some column's type is: its misfits follow on_bad_cell */
    bool watched; /* some column is */
    bool survey;  /* nothing stops: what is left out is left out, everything else is looked at */
    int32_t width;
    int32_t count;
    int64_t window; /* rows that are looked at column by column before the next ones are */
    struct pf_csv_column *columns;
    const struct ArrowSchema *schema; /* of the batches; NULL in surveys */
    const struct pf_rules *beyond;    /* (in surveys) for cells beyond the width; NULL: not classified */
};

/* The rows of one part. All zero is good; clear ends it. Kept from block to block. */
struct pf_csv_part {
    struct pf_csv_block block;
    int64_t base; /* records of the block before this part */
    int64_t rows; /* to be looked at: all, or those before the one that stops */
    int64_t *bad; /* those of them to leave out, rising */
    size_t bad_count, bad_room;
    struct pf_csv_event *events; /* of the whole block, in order of the parts */
    size_t event_count, event_room;
    size_t bad_bytes_seen; /* how many of text->bad lie in parts before */
    bool stopped;
    struct pf_csv_event stop; /* the record that stops */
};
/* Begins a block. */
void pf_csv_part_start(struct pf_csv_part *part, const struct pf_csv_text *text);
/* The next part of it; *more false: there is none. */
pf_status pf_csv_part_next(const struct pf_csv_plan *plan, const struct pf_csv_text *text,
                           struct pf_csv_part *part, bool *more, struct pf_error *err);
pf_status pf_csv_part_event(struct pf_csv_part *part, const struct pf_csv_event *event, struct pf_error *err);
pf_status pf_csv_part_leave_out(struct pf_csv_part *part, int64_t row, struct pf_error *err); /* any order */
void pf_csv_part_clear(struct pf_csv_part *part);

/* The next run of rows to take in [*from, to): false when there is none, else [*from, *end). Call again with
 * *from = *end. */
bool pf_csv_part_run(const struct pf_csv_part *part, int64_t *from, int64_t to, int64_t *end);
/* The cells of a column in rows [from, to). */
struct pf_cells pf_csv_part_cells(const struct pf_csv_part *part, const struct pf_csv_dialect *dialect,
                                  int32_t source, int64_t from, int64_t to);
/* The end of the window that begins at row `from` of the part: windows lie over the block as if it had no parts. */
static inline int64_t pf_csv_part_window(const struct pf_csv_plan *plan, const struct pf_csv_part *part,
                                         int64_t from) {
    int64_t to = ((part->base + from) / plan->window + 1) * plan->window - part->base;
    return to < part->rows ? to : part->rows;
}
/* Rows whose text fills a good part of a core's cache. */
int64_t pf_csv_window_rows(int64_t row_bytes);
#endif
