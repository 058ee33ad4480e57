/* grid_lap.c — room grid. One pass over a sheet, in parallel, handed over in order.  SPDX-License-Identifier: MIT
 * Knows: which rows a block stands for, where the table ends, when pieces do not do.
 * Knows not: how blocks follow each other, what batches are for. */
#include "grid/grid_lap.h"

#include "base/error.h"

static pf_status open_slot(void *ctx, struct pf_relay_slot *slot, struct pf_error *err) {
    const struct pf_grid_lap *lap = ctx;
    return pf_grid_builder_open(&((struct pf_grid_slot *)slot)->builder, lap->plan, err);
}

static void close_slot(void *ctx, struct pf_relay_slot *relay_slot) {
    const struct pf_grid_lap *lap = ctx;
    struct pf_grid_slot *slot = (struct pf_grid_slot *)relay_slot;
    pf_grid_builder_clear(&slot->builder);
    pf_grid_block_clear(&slot->block);
    if (slot->piece)
        lap->pass.driver->drop(slot->piece);
}

static bool is_last_row(const struct pf_grid_lap *lap, int64_t row) {
    return row >= lap->plan->table->last_row || row + 1 >= lap->end;
}

/* The rows are in the piece: how far they go is known, what they are not. */
static void note_piece(struct pf_grid_lap *lap, struct pf_grid_slot *slot) {
    int64_t row = slot->piece->last_row;
    slot->in_piece = true;
    slot->to = row + 1 > slot->from ? row + 1 : slot->from;
    slot->relay.last = is_last_row(lap, row);
}

static void note_block(struct pf_grid_lap *lap, struct pf_grid_slot *slot) {
    const struct pf_grid_block *block = &slot->block;
    slot->to = pf_grid_rows_end(lap->plan->table, block, slot->from);
    slot->relay.last = !block->row_count || slot->to >= lap->end ||
                       block->rows[block->row_count - 1].number >= lap->plan->table->last_row;
    slot->footer_rows = slot->relay.last ? lap->pass.footer_rows : 0;
}

static pf_status feed(void *ctx, struct pf_relay_slot *relay_slot, struct pf_error *err) {
    struct pf_grid_lap *lap = ctx;
    struct pf_grid_slot *slot = (struct pf_grid_slot *)relay_slot;
    enum pf_grid_took took;
    pf_grid_block_empty(&slot->block);
    slot->from = slot->to = lap->row;
    slot->in_piece = slot->odd = false;
    slot->footer_rows = 0;
    PF_TRY(pf_grid_pass_take(&lap->pass, &slot->piece, &took, err));
    if (took == PF_GRID_TOOK) {
        note_piece(lap, slot);
    } else if (took == PF_GRID_TOOK_ODD) {
        slot->odd = slot->relay.last = true;
    } else {
        PF_TRY(pf_grid_pass_next(&lap->pass, &slot->block, err));
        note_block(lap, slot);
    }
    lap->row = slot->to;
    return PF_OK;
}

static pf_status work(void *ctx, struct pf_relay_slot *relay_slot, struct pf_error *err) {
    const struct pf_grid_lap *lap = ctx;
    struct pf_grid_slot *slot = (struct pf_grid_slot *)relay_slot;
    if (slot->in_piece) {
        bool good = false;
        int64_t to = slot->to;
        PF_TRY(lap->pass.driver->decode(slot->piece, &slot->block, &good, err));
        slot->to = pf_grid_rows_end(lap->plan->table, &slot->block, slot->from);
        slot->odd = !good || (slot->to != to && !slot->relay.last);
    }
    return slot->odd ? PF_OK : pf_grid_builder_read(&slot->builder, lap->plan, &slot->block, slot->from, err);
}

static pf_status open_relay(struct pf_grid_lap *lap, struct pf_error *err) {
    struct pf_relay_client client = {.ctx = lap,
                                     .slot_bytes = sizeof(struct pf_grid_slot),
                                     .open = open_slot,
                                     .close = close_slot,
                                     .feed = feed,
                                     .work = work};
    return pf_relay_open(&lap->relay, &client, lap->pool, INT64_MAX, err);
}

pf_status pf_grid_lap_open(struct pf_grid_lap *lap, const struct pf_grid_plan *plan, struct pf_grid_pass *pass,
                           struct pf_pool *pool, int64_t end, struct pf_error *err) {
    *lap = (struct pf_grid_lap){
        .plan = plan, .pass = *pass, .row = plan->table->layout.data_from, .end = end, .pool = pool};
    *pass = (struct pf_grid_pass){0};
    pf_status status = open_relay(lap, err);
    if (status != PF_OK)
        pf_grid_pass_close(&lap->pass);
    return status;
}

/* From that row on by a new pass, which decodes one block after the other; rows in front of it are passed over. */
static pf_status read_otherwise(struct pf_grid_lap *lap, int64_t row, struct pf_error *err) {
    const struct pf_grid_table *trims = lap->pass.trims;
    pf_relay_close(&lap->relay);
    pf_grid_pass_close(&lap->pass);
    PF_TRY(pf_grid_pass_open(&lap->pass, lap->plan->table, lap->plan->policy, 0, err));
    pf_grid_pass_trim(&lap->pass, trims);
    lap->row = row;
    return open_relay(lap, err);
}

pf_status pf_grid_lap_next(struct pf_grid_lap *lap, struct pf_grid_slot **out, struct pf_error *err) {
    struct pf_relay_slot *slot;
    *out = NULL;
    PF_TRY(pf_relay_next(&lap->relay, &slot, err));
    if (slot && ((struct pf_grid_slot *)slot)->odd) {
        PF_TRY(read_otherwise(lap, ((struct pf_grid_slot *)slot)->from, err));
        PF_TRY(pf_relay_next(&lap->relay, &slot, err));
    }
    *out = (struct pf_grid_slot *)slot;
    return PF_OK;
}

void pf_grid_lap_give_back(struct pf_grid_lap *lap) { pf_relay_give_back(&lap->relay); }

void pf_grid_lap_close(struct pf_grid_lap *lap) {
    pf_relay_close(&lap->relay);
    pf_grid_pass_close(&lap->pass);
}
