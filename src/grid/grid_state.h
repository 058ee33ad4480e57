/* grid_state.h — the state of a sheet reader.                                    SPDX-License-Identifier: MIT */
#ifndef PF_GRID_STATE_H
#define PF_GRID_STATE_H
#include <stdatomic.h>

#include "grid/grid_reader.h"
#include "grid/grid_table.h"

struct pf_reader_state {
    struct pf_grid_book book;
    struct pf_host *host; /* lent */
    const char *stem;
    struct pf_grid_policy policy;
    struct pf_arena arena;
    struct pf_grid_table *tables; /* of the last survey; room for all that could be */
    int64_t table_count;
    const struct pf_table **faces;
    struct pf_table cells;   /* of the cells view */
    atomic_llong kept_bytes; /* by the tables' passes */
    bool surveyed;
    bool as_cells;
};
/* The tables that the options choose, not surveyed yet: NOT_FOUND when a name means nothing. */
pf_status pf_grid_choose(pf_reader_state *state, struct pf_error *err);
/* NOT_FOUND when an item of --sheet means no sheet with cells. */
pf_status pf_grid_choose_check(const pf_reader_state *state, struct pf_error *err);
/* The stream of a table. */
pf_status pf_grid_stream_open(pf_reader_state *state, const struct pf_read *request,
                              struct ArrowArrayStream *out, struct pf_error *err);
/* The cells view: its one table, and its stream. */
pf_status pf_grid_cells_survey(pf_reader_state *state, struct pf_error *err);
pf_status pf_grid_cells_open(pf_reader_state *state, const struct pf_read *request,
                             struct ArrowArrayStream *out, struct pf_error *err);
/* Tells a survey's facts. */
void pf_grid_facts(pf_reader_state *state, const struct pf_survey *request);
#endif
