/* csv_proof.c — room read/csv. One block looked at without building anything.    SPDX-License-Identifier: MIT
 * Knows: which classes of cells a block holds, cells beyond the width that was expected.
 * Knows not: what types come of it, other blocks. */
#include "read/csv/csv_proof.h"

#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"

void pf_csv_infer_shift(struct pf_infer *infer, int64_t base) {
    for (int i = 0; i < PF_CLASS_COUNT; i++)
        if (infer->first[i] != PF_INFER_NEVER)
            infer->first[i] += base;
    for (int i = 0; i < PF_MARK_COUNT; i++)
        if (infer->first_mark[i] != PF_INFER_NEVER)
            infer->first_mark[i] += base;
}

void pf_csv_proof_clear(struct pf_csv_proof *proof) {
    pf_csv_part_clear(&proof->part);
    pf_csv_block_clear(&proof->single);
    pf_mem_free(proof->infers);
    memset(proof, 0, sizeof *proof);
}

static pf_status want_infers(struct pf_csv_proof *proof, int32_t count, struct pf_error *err) {
    if (count > PF_CEIL_COLUMNS)
        return pf_fail(err, PF_LIMIT, "a row has %d cells, more than %d; check the delimiter", (int)count,
                       PF_CEIL_COLUMNS);
    if (count > proof->infer_room) {
        struct pf_infer *grown = pf_mem_grow(proof->infers, (size_t)count * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, (size_t)count * sizeof *grown);
        proof->infers = grown;
        proof->infer_room = count;
    }
    for (; proof->infer_count < count; proof->infer_count++)
        pf_infer_init(&proof->infers[proof->infer_count]);
    return PF_OK;
}

static pf_status look_at_run(struct pf_csv_proof *proof, const struct pf_csv_column *column,
                             const struct pf_cells *cells, int64_t row, struct pf_error *err) {
    struct pf_infer *infer = &proof->infers[column->source];
    if (infer->first[PF_CLASS_TEXT] != PF_INFER_NEVER)
        return PF_OK;
    size_t done = 0;
    bool misfit = column->infer;
    int64_t nulls = 0;
    if (column->prove)
        PF_TRY(pf_prove_cells(&column->parse, cells, row, &done, &misfit, infer, &nulls, err));
    if (!misfit || done == cells->rows)
        return PF_OK;
    struct pf_cells rest = *cells;
    rest.pos += done * cells->stride;
    rest.rows -= done;
    return pf_infer_cells(infer, &rest, row + (int64_t)done, &column->parse.rules, err);
}

/* The cells beyond the width of one record that is longer. */
static pf_status look_beyond(struct pf_csv_proof *proof, const struct pf_csv_plan *plan,
                             const struct pf_csv_defect *defect, struct pf_error *err) {
    struct pf_csv_block *one = &proof->single;
    one->text = proof->part.block.text;
    one->from = (size_t)defect->byte;
    one->size = (size_t)(defect->byte + defect->byte_size);
    PF_TRY(want_infers(proof, defect->cells, err));
    PF_TRY(pf_csv_split_reference(one, plan->dialect, defect->cells, err));
    const struct pf_rules *rules = plan->beyond;
    for (int32_t c = plan->width; rules && one->rows == 1 && c < defect->cells; c++) {
        struct pf_cells cells = {.text = one->cells_text,
                                 .pos = one->pos + c,
                                 .stride = (size_t)one->columns,
                                 .rows = 1,
                                 .quote = plan->dialect->quote};
        PF_TRY(pf_infer_cells(&proof->infers[c], &cells, proof->part.base + defect->record, rules, err));
    }
    return PF_OK;
}

static pf_status look_at_part(struct pf_csv_proof *proof, const struct pf_csv_plan *plan,
                              struct pf_error *err) {
    struct pf_csv_part *part = &proof->part;
    for (int64_t at = 0, to; at < part->rows && plan->count; at = to) {
        int64_t end;
        to = pf_csv_part_window(plan, part, at);
        for (int32_t i = 0; i < plan->count; i++)
            for (int64_t r = at; pf_csv_part_run(part, &r, to, &end); r = end) {
                const struct pf_csv_column *column = &plan->columns[i];
                struct pf_cells cells = pf_csv_part_cells(part, plan->dialect, column->source, r, end);
                PF_TRY(look_at_run(proof, column, &cells, part->base + r, err));
            }
    }
    for (size_t i = 0; i < part->block.defect_count; i++) {
        const struct pf_csv_defect *defect = &part->block.defects[i];
        int64_t r = defect->record, end;
        if (defect->kind != PF_CSV_LONG || !pf_csv_part_run(part, &r, defect->record + 1, &end))
            continue;
        proof->longest = defect->cells > proof->longest ? defect->cells : proof->longest;
        PF_TRY(look_beyond(proof, plan, defect, err));
    }
    return PF_OK;
}

pf_status pf_csv_proof_read(struct pf_csv_proof *proof, const struct pf_csv_plan *plan,
                            const struct pf_csv_text *text, struct pf_error *err) {
    struct pf_csv_part *part = &proof->part;
    proof->infer_count = proof->longest = 0;
    proof->records = proof->blank_rows = proof->comment_rows = proof->lines = 0;
    PF_TRY(want_infers(proof, plan->width, err));
    pf_csv_part_start(part, text);
    for (;;) {
        bool more;
        PF_TRY(pf_csv_part_next(plan, text, part, &more, err));
        if (!more)
            return PF_OK;
        PF_TRY(look_at_part(proof, plan, err));
        proof->records += part->block.rows;
        proof->blank_rows += part->block.blank_rows;
        proof->comment_rows += part->block.comment_rows;
        proof->lines += part->block.lines;
    }
}
