/* grid_lap.c — room grid. One pass over a sheet, in parallel, handed over in order.  SPDX-License-Identifier: MIT
 * Knows: which rows a block stands for, where the table ends.
 * Knows not: how blocks follow each other, what batches are for. */
#include "grid/grid_lap.h"

#include "base/error.h"

static pf_status open_slot(void *ctx, struct pf_relay_slot *slot, struct pf_error *err) {
    const struct pf_grid_lap *lap = ctx;
    return pf_grid_builder_open(&((struct pf_grid_slot *)slot)->builder, lap->plan, err);
}

static void close_slot(void *ctx, struct pf_relay_slot *relay_slot) {
    (void)ctx;
    struct pf_grid_slot *slot = (struct pf_grid_slot *)relay_slot;
    pf_grid_builder_clear(&slot->builder);
    pf_grid_block_clear(&slot->block);
}

static pf_status decode(void *ctx, struct pf_relay_slot *relay_slot, struct pf_error *err) {
    struct pf_grid_lap *lap = ctx;
    struct pf_grid_slot *slot = (struct pf_grid_slot *)relay_slot;
    pf_grid_block_empty(&slot->block);
    slot->from = slot->to = lap->row;
    PF_TRY(pf_grid_pass_next(&lap->pass, &slot->block, err));
    slot->to = pf_grid_rows_end(lap->plan->table, &slot->block, lap->row);
    slot->relay.last = slot->block.row_count == 0 || slot->to >= lap->end ||
                       slot->block.rows[slot->block.row_count - 1].number >= lap->plan->table->last_row;
    slot->footer_rows = slot->relay.last ? lap->pass.footer_rows : 0;
    lap->row = slot->to;
    return PF_OK;
}

static pf_status build(void *ctx, struct pf_relay_slot *relay_slot, struct pf_error *err) {
    const struct pf_grid_lap *lap = ctx;
    struct pf_grid_slot *slot = (struct pf_grid_slot *)relay_slot;
    return pf_grid_builder_read(&slot->builder, lap->plan, &slot->block, slot->from, err);
}

pf_status pf_grid_lap_open(struct pf_grid_lap *lap, const struct pf_grid_plan *plan, struct pf_grid_pass *pass,
                           struct pf_pool *pool, int64_t end, struct pf_error *err) {
    struct pf_relay_client client = {.ctx = lap,
                                     .slot_bytes = sizeof(struct pf_grid_slot),
                                     .open = open_slot,
                                     .close = close_slot,
                                     .feed = decode,
                                     .work = build};
    *lap = (struct pf_grid_lap){.plan = plan, .pass = *pass, .row = plan->table->layout.data_from, .end = end};
    *pass = (struct pf_grid_pass){0};
    pf_status status = pf_relay_open(&lap->relay, &client, pool, INT64_MAX, err);
    if (status != PF_OK)
        pf_grid_pass_close(&lap->pass);
    return status;
}

pf_status pf_grid_lap_next(struct pf_grid_lap *lap, struct pf_grid_slot **out, struct pf_error *err) {
    struct pf_relay_slot *slot;
    pf_status status = pf_relay_next(&lap->relay, &slot, err);
    *out = (struct pf_grid_slot *)slot;
    return status;
}

void pf_grid_lap_give_back(struct pf_grid_lap *lap) { pf_relay_give_back(&lap->relay); }

void pf_grid_lap_close(struct pf_grid_lap *lap) {
    pf_relay_close(&lap->relay);
    pf_grid_pass_close(&lap->pass);
}
