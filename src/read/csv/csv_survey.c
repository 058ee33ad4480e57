/* csv_survey.c — room read/csv. The survey: a sample, or every value.            SPDX-License-Identifier: MIT
 * Knows: what a sample leaves open, blocks looked at in parallel and joined in order.
 * Knows not: how bytes are sampled, how a block is looked at.   Format: docs/formats/csv.md §The survey */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "read/csv/csv_lap.h"
#include "read/csv/csv_proof.h"
#include "read/csv/csv_state.h"

#define PROOF_BYTES ((int64_t)64 << 20) /* of inference states in flight: wide tables get fewer blocks */

struct proving {
    pf_reader_state *state;
    struct pf_csv_plan plan;
    int64_t records;
    int32_t longest;
};

static pf_status open_proof(void *ctx, struct pf_csv_slot *slot, struct pf_error *err) {
    (void)ctx;
    slot->own = pf_mem_zero(1, sizeof(struct pf_csv_proof));
    return slot->own ? PF_OK : pf_fail_memory(err, sizeof(struct pf_csv_proof));
}

static void close_proof(void *ctx, struct pf_csv_slot *slot) {
    (void)ctx;
    if (slot->own)
        pf_csv_proof_clear(slot->own);
    pf_mem_free(slot->own);
    slot->own = NULL;
}

static pf_status prove_block(void *ctx, struct pf_csv_slot *slot, struct pf_error *err) {
    struct proving *p = ctx;
    PF_TRY(pf_csv_slot_text(slot, &p->plan.rule, err));
    return pf_csv_proof_read(slot->own, &p->plan, &slot->text, err);
}

static pf_status make_plan(struct proving *p, struct pf_error *err) {
    const pf_reader_state *state = p->state;
    int32_t count = state->policy.text ? 0 : state->width;
    p->plan = (struct pf_csv_plan){.dialect = &state->dialect,
                                   .rule = state->rule,
                                   .on_bad_row = state->policy.on_bad_row,
                                   .on_bad_cell = state->policy.on_bad_cell,
                                   .on_bad_bytes = state->policy.on_bad_bytes,
                                   .survey = true,
                                   .width = state->width,
                                   .count = count,
                                   .window = state->window};
    p->plan.columns = pf_mem_zero((size_t)count + 1, sizeof *p->plan.columns);
    if (!p->plan.columns)
        return pf_fail_memory(err, (size_t)count * sizeof *p->plan.columns);
    for (int32_t i = 0; i < count; i++) {
        const struct pf_csv_finding *f = &state->findings[i];
        struct pf_csv_column *column = &p->plan.columns[i];
        column->source = i;
        column->infer = true;
        column->prove = f->type.kind != PF_KIND_UTF8;
        column->parse = (struct pf_parse){.type = f->type, .format = f->format, .rules = f->rules};
    }
    if (count) { /* kept apart: findings may move when the table gets wider */
        p->plan.columns[count].parse.rules = state->findings[0].rules;
        p->plan.beyond = &p->plan.columns[count].parse.rules;
    }
    return PF_OK;
}

static pf_status join_block(struct proving *p, struct pf_csv_proof *proof, struct pf_infer **joined,
                            int32_t *count, struct pf_error *err) {
    if (proof->infer_count > *count) {
        struct pf_infer *grown = pf_mem_grow(*joined, (size_t)proof->infer_count * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, (size_t)proof->infer_count * sizeof *grown);
        *joined = grown;
        for (; *count < proof->infer_count; ++*count)
            pf_infer_init(&grown[*count]);
    }
    for (int32_t i = 0; p->plan.count && i < proof->infer_count; i++) {
        pf_csv_infer_shift(&proof->infers[i], p->records);
        pf_infer_merge(&(*joined)[i], &proof->infers[i]);
    }
    p->records += proof->records;
    p->longest = proof->longest > p->longest ? proof->longest : p->longest;
    return PF_OK;
}

static pf_status run_lap(struct proving *p, struct pf_infer **joined, int32_t *count, struct pf_error *err) {
    pf_reader_state *state = p->state;
    struct pf_csv_client client = {.ctx = p, .work = prove_block, .open = open_proof, .close = close_proof};
    struct pf_csv_feed feed;
    struct pf_csv_lap lap;
    int64_t slots = PROOF_BYTES / ((int64_t)sizeof(struct pf_infer) * (state->width + 1)) + 1;
    pf_csv_feed_open(&feed, state->source, &state->dialect, &state->rule, state->data_from, state->data_to,
                     state->block_bytes);
    PF_TRY(pf_csv_lap_open(&lap, &feed, &client, state->host->pool, slots, err));
    pf_status status;
    for (;;) {
        struct pf_csv_slot *slot;
        status = pf_csv_lap_next(&lap, &slot, err);
        if (status == PF_OK && slot)
            status = join_block(p, slot->own, joined, count, err);
        if (status != PF_OK || !slot)
            break;
        pf_csv_lap_give_back(&lap);
    }
    pf_csv_lap_close(&lap);
    return status;
}

static pf_status survey_exactly(pf_reader_state *state, struct pf_error *err) {
    struct proving p = {.state = state};
    struct pf_infer *joined = NULL;
    int32_t count = 0;
    pf_status status = make_plan(&p, err);
    if (status == PF_OK)
        status = run_lap(&p, &joined, &count, err);
    if (status == PF_OK && p.longest > state->width && state->policy.on_bad_row != PF_CSV_REJECT)
        status = pf_csv_state_widen(state, p.longest, err);
    if (status == PF_OK) {
        for (int32_t i = 0; i < state->width && !state->policy.text; i++) {
            pf_infer_init(&state->findings[i].infer);
            if (i < count)
                state->findings[i].infer = joined[i];
        }
        state->rows = state->rows_estimate = p.records;
        state->exact = true;
        pf_csv_verdict_types(state, NULL);
    }
    pf_mem_free(joined);
    pf_mem_free(p.plan.columns);
    return status;
}

pf_status pf_csv_survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) {
    request->table_count = 0;
    if (!state->surveyed || request->mode != PF_SURVEY_EXACT) {
        state->surveyed = false;
        PF_TRY(pf_csv_sample_take(state, err));
        state->surveyed = true;
    }
    if (request->mode == PF_SURVEY_EXACT && !state->exact)
        PF_TRY(survey_exactly(state, err));
    PF_TRY(pf_csv_verdict_table(state, err));
    pf_csv_verdict_facts(state, request);
    pf_csv_verdict_doubts(state);
    request->table_count = 1;
    request->tables = state->tables;
    return PF_OK;
}
