/* grid_lap.h — one pass over a sheet: blocks decoded one after the other, built side by side, handed over in order.
 * SPDX-License-Identifier: MIT */
#ifndef PF_GRID_LAP_H
#define PF_GRID_LAP_H
#include "base/relay.h"
#include "grid/grid_build.h"

/* One block in flight. */
struct pf_grid_slot {
    struct pf_relay_slot relay;
    struct pf_grid_block block;
    struct pf_grid_builder builder;
    int64_t from, to;    /* rows of the sheet: [from, to) */
    int64_t footer_rows; /* below them, of the last block */
    struct pf_grid_piece *piece;
    bool in_piece; /* the rows are there, to be decoded into the block */
    bool odd;      /* another pass must read from here on, block by block */
};
/* Must not move while open. */
struct pf_grid_lap {
    const struct pf_grid_plan *plan; /* lent */
    struct pf_grid_pass pass;
    int64_t row; /* the next one */
    int64_t end; /* no row from here on is needed */
    struct pf_pool *pool;
    struct pf_relay relay;
};
/* Takes pass, also on failure. end: rows of the sheet from there on are not wanted. */
pf_status pf_grid_lap_open(struct pf_grid_lap *lap, const struct pf_grid_plan *plan, struct pf_grid_pass *pass,
                           struct pf_pool *pool, int64_t end, struct pf_error *err);
/* Waits for the next block in order; *slot NULL at the end. Caller's thread. */
pf_status pf_grid_lap_next(struct pf_grid_lap *lap, struct pf_grid_slot **slot, struct pf_error *err);
/* The slot may be used again. In the order of next. */
void pf_grid_lap_give_back(struct pf_grid_lap *lap);
/* Waits for what is under way; zero is fine. */
void pf_grid_lap_close(struct pf_grid_lap *lap);
#endif
