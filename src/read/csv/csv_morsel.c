/* csv_morsel.c — room read/csv. One block into batches.                          SPDX-License-Identifier: MIT
 * Knows: windows that fit a core's cache, column by column; rows taken back; how large a batch may be.
 * Knows not: other blocks, row numbers of the file, who is told. */
#include "read/csv/csv_morsel.h"

#include <stdlib.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"

#define BATCH_BYTES (PF_CEIL_BATCH_BYTES - (4 << 20)) /* a window more does not pass the ceiling */

struct window {
    struct pf_csv_morsel *m;
    const struct pf_csv_plan *plan;
    int64_t from, to; /* rows of the part; to falls when a row stops the lap */
    bool stopped;
    bool spoiled; /* some flags are set */
};

pf_status pf_csv_morsel_open(struct pf_csv_morsel *m, const struct pf_csv_plan *plan, struct pf_error *err) {
    memset(m, 0, sizeof *m);
    size_t count = (size_t)plan->count;
    PF_TRY(pf_batch_open(&m->batch, plan->schema, err));
    m->guess = pf_mem_zero(count, sizeof *m->guess);
    m->seen = plan->watched ? pf_mem_zero(count, sizeof *m->seen) : NULL;
    if (m->guess && (m->seen || !plan->watched))
        return PF_OK;
    pf_csv_morsel_clear(m);
    return pf_fail_memory(err, count * sizeof *m->seen);
}

static void drop_batches(struct pf_csv_morsel *m) {
    for (size_t i = 0; i < m->done_count; i++)
        pf_array_release(&m->done[i].array);
    m->done_count = 0;
}

void pf_csv_morsel_clear(struct pf_csv_morsel *m) {
    drop_batches(m);
    pf_csv_part_clear(&m->part);
    pf_batch_clear(&m->batch);
    pf_mem_free(m->done);
    pf_mem_free(m->seen);
    pf_mem_free(m->flags);
    pf_mem_free(m->guess);
    pf_mem_free(m->merged);
    memset(m, 0, sizeof *m);
}

/* ---- cells that do not fit ---------------------------------------------------------------------------------- */

static pf_status take_misfit(struct window *w, int32_t column, int64_t row, struct pf_error *err) {
    struct pf_csv_part *part = &w->m->part;
    const struct pf_csv_plan *plan = w->plan;
    size_t start = pf_csv_record_start(&part->block, row);
    struct pf_csv_event event = {.record = part->base + row,
                                 .text_at = (uint32_t)start,
                                 .column = column,
                                 .kind = PF_CSV_MISFIT,
                                 .act = !plan->columns[column].parse.imposed ? PF_CSV_STOP_WIDEN
                                        : plan->on_bad_cell == PF_CSV_KEEP   ? PF_CSV_TELL
                                        : plan->on_bad_cell == PF_CSV_REJECT ? PF_CSV_LEAVE_OUT
                                                                             : PF_CSV_STOP_FAIL};
    if (event.act >= PF_CSV_STOP_FAIL) {
        part->stop = event;
        part->stopped = w->stopped = true;
        w->to = row;
        return PF_OK;
    }
    if (event.act == PF_CSV_LEAVE_OUT) {
        size_t size;
        if (w->m->flags[row - w->from])
            return PF_OK;
        w->m->flags[row - w->from] = 1;
        w->spoiled = true;
        pf_csv_record_at(&part->block, plan->dialect, start, &start, &size);
        event.text_size = (uint32_t)size;
    }
    return pf_csv_part_event(part, &event, err);
}

static pf_status parse_run(struct window *w, int32_t i, int64_t from, int64_t to, struct pf_error *err) {
    struct pf_csv_morsel *m = w->m;
    const struct pf_csv_column *column = &w->plan->columns[i];
    struct pf_cells cells = pf_csv_part_cells(&m->part, w->plan->dialect, column->source, from, to);
    struct pf_infer *seen = !column->infer && column->watched ? &m->seen[i] : NULL;
    struct pf_build *build = &m->batch.builds[i];
    int64_t row = m->part.base + from;
    size_t done = 0;
    for (;;) {
        bool misfit = false;
        PF_TRY(pf_parse_cells(&column->parse, &cells, row, &done, &misfit, seen, build, err));
        if (!misfit)
            break;
        PF_TRY(take_misfit(w, i, from + (int64_t)done, err));
        if (w->stopped && w->to == from + (int64_t)done)
            return PF_OK;
        PF_TRY(pf_build_null(build, err));
        done++;
    }
    bool settled = column->infer && m->seen[i].first[PF_CLASS_TEXT] != PF_INFER_NEVER;
    return column->infer && !settled ? pf_infer_cells(&m->seen[i], &cells, row, &column->parse.rules, err)
                                     : PF_OK;
}

/* Adds the flagged rows to those that are left out. */
static pf_status leave_out_flagged(struct window *w, struct pf_error *err) {
    struct pf_csv_part *part = &w->m->part;
    size_t count = 0;
    for (int64_t r = w->from; r < w->to; r++)
        count += w->m->flags[r - w->from];
    size_t need = part->bad_count + count;
    if (need > w->m->merged_room) {
        int64_t *grown = pf_mem_grow(w->m->merged, need * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, need * sizeof *grown);
        w->m->merged = grown;
        w->m->merged_room = need;
    }
    int64_t *to = w->m->merged;
    size_t k = 0;
    for (; k < part->bad_count && part->bad[k] < w->from; k++)
        *to++ = part->bad[k];
    for (int64_t r = w->from; r < w->to; r++) {
        bool was = k < part->bad_count && part->bad[k] == r;
        k += was;
        if (was || w->m->flags[r - w->from])
            *to++ = r;
    }
    for (; k < part->bad_count; k++)
        *to++ = part->bad[k];
    int64_t *bad = part->bad;
    size_t room = part->bad_room;
    part->bad = w->m->merged;
    part->bad_room = w->m->merged_room;
    part->bad_count = (size_t)(to - w->m->merged);
    w->m->merged = bad;
    w->m->merged_room = room;
    return PF_OK;
}

static pf_status clear_flags(struct window *w, struct pf_error *err) {
    size_t rows = (size_t)(w->to - w->from);
    if (!w->plan->imposed || w->plan->on_bad_cell != PF_CSV_REJECT)
        return PF_OK;
    if (rows > w->m->flag_room) {
        uint8_t *grown = pf_mem_grow(w->m->flags, rows);
        if (!grown)
            return pf_fail_memory(err, rows);
        w->m->flags = grown;
        w->m->flag_room = rows;
    }
    memset(w->m->flags, 0, rows);
    return PF_OK;
}

static pf_status parse_columns(struct window *w, struct pf_error *err) {
    const struct pf_csv_part *part = &w->m->part;
    for (int32_t i = 0; i < w->plan->count; i++) {
        int64_t end;
        for (int64_t r = w->from; pf_csv_part_run(part, &r, w->to, &end); r = end)
            PF_TRY(parse_run(w, i, r, end, err));
    }
    return PF_OK;
}

static pf_status parse_window(struct window *w, struct pf_error *err) {
    struct pf_csv_morsel *m = w->m;
    PF_TRY(clear_flags(w, err));
    PF_TRY(parse_columns(w, err));
    if (w->stopped ||
        w->spoiled) { /* once more, without the rows that were spoiled and those that come too late */
        for (int32_t i = 0; i < w->plan->count; i++)
            pf_build_truncate(&m->batch.builds[i], m->batch_rows);
        if (w->spoiled)
            PF_TRY(leave_out_flagged(w, err));
        PF_TRY(parse_columns(w, err));
    }
    int64_t end;
    for (int64_t r = w->from; pf_csv_part_run(&m->part, &r, w->to, &end); r = end)
        m->batch_rows += end - r;
    return PF_OK;
}

/* ---- batches ------------------------------------------------------------------------------------------------ */

static pf_status finish_batch(struct pf_csv_morsel *m, const struct pf_csv_plan *plan, int64_t to,
                              struct pf_error *err) {
    if (m->done_count == m->done_room) {
        size_t room = m->done_room ? 2 * m->done_room : 4;
        struct pf_csv_batch *grown = pf_mem_grow(m->done, room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, room * sizeof *grown);
        m->done = grown;
        m->done_room = room;
    }
    struct pf_csv_batch *batch = &m->done[m->done_count];
    for (int32_t i = 0; i < plan->count; i++)
        m->guess[i] = m->batch.builds[i].data_size;
    if (plan->count)
        PF_TRY(pf_batch_take(&m->batch, &batch->array, err));
    else
        PF_TRY(pf_batch_wrap(NULL, 0, m->batch_rows, &batch->array, err));
    batch->from = m->batch_from;
    batch->to = m->batch_from = to;
    m->batch_rows = 0;
    m->done_count++;
    return PF_OK;
}

static pf_status reserve_batch(struct pf_csv_morsel *m, const struct pf_csv_plan *plan, int64_t rows,
                               struct pf_error *err) {
    rows = rows < PF_CEIL_BATCH_ROWS ? rows : PF_CEIL_BATCH_ROWS;
    if ((double)rows * plan->count > (1 << 20)) /* wide: the windows tell how much it will be */
        return PF_OK;
    for (int32_t i = 0; i < plan->count; i++)
        PF_TRY(pf_build_reserve(&m->batch.builds[i], rows, m->guess[i] + m->guess[i] / 8, err));
    return PF_OK;
}

static int64_t bytes_held(const struct pf_csv_morsel *m) {
    int64_t sum = 0;
    for (int64_t i = 0; i < m->batch.columns; i++)
        sum += pf_build_bytes_held(&m->batch.builds[i]);
    return sum;
}

static pf_status read_part(struct pf_csv_morsel *m, const struct pf_csv_plan *plan, struct pf_error *err) {
    struct pf_csv_part *part = &m->part;
    for (int64_t at = 0; at < part->rows;) {
        if (m->batch_rows == 0)
            PF_TRY(reserve_batch(m, plan, part->rows - at, err));
        int64_t left = PF_CEIL_BATCH_ROWS - m->batch_rows, to = pf_csv_part_window(plan, part, at);
        struct window w = {.m = m, .plan = plan, .from = at, .to = to - at < left ? to : at + left};
        PF_TRY(parse_window(&w, err));
        if (w.stopped) {
            part->rows = w.to;
            return PF_OK;
        }
        at = w.to;
        bool whole = (part->base + at) % plan->window == 0;
        if (m->batch_rows >= PF_CEIL_BATCH_ROWS || (whole && bytes_held(m) >= BATCH_BYTES))
            PF_TRY(finish_batch(m, plan, part->base + at, err));
    }
    return PF_OK;
}

static int compare_events(const void *a, const void *b) {
    const struct pf_csv_event *x = a, *y = b;
    if (x->record != y->record)
        return x->record < y->record ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return x->kind - y->kind;
}

pf_status pf_csv_morsel_read(struct pf_csv_morsel *m, const struct pf_csv_plan *plan,
                             const struct pf_csv_text *text, struct pf_error *err) {
    struct pf_csv_part *part = &m->part;
    drop_batches(m);
    for (int64_t i = 0; i < m->batch.columns; i++)
        pf_build_truncate(&m->batch.builds[i], 0);
    for (int32_t i = 0; m->seen && i < plan->count; i++)
        if (plan->columns[i].watched)
            pf_infer_init(&m->seen[i]);
    m->batch_rows = m->batch_from = 0;
    m->records = m->blank_rows = m->comment_rows = m->lines = 0;
    pf_csv_part_start(part, text);
    for (;;) {
        bool more;
        PF_TRY(pf_csv_part_next(plan, text, part, &more, err));
        if (!more)
            break;
        PF_TRY(read_part(m, plan, err));
        m->records += part->block.rows;
        m->blank_rows += part->block.blank_rows;
        m->comment_rows += part->block.comment_rows;
        m->lines += part->block.lines;
    }
    if (part->event_count > 1)
        qsort(part->events, part->event_count, sizeof *part->events, compare_events);
    if (part->stopped)
        m->records = part->stop.record;
    return m->batch_from < m->records ? finish_batch(m, plan, m->records, err) : PF_OK;
}
