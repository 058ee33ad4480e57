/* grid_stream.c — room grid. A table as a stream of batches, in order.           SPDX-License-Identifier: MIT
 * Knows: handing blocks over, skip and limit, counts, notices, what contradicts the survey.
 * Knows not: how rows are decoded, how columns are built. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "grid/grid_lap.h"
#include "grid/grid_state.h"

struct stream {
    pf_reader_state *state;
    struct pf_grid_table *table;
    const struct ArrowSchema *schema; /* lent */
    struct pf_grid_plan plan;
    struct pf_grid_lap lap;
    struct pf_grid_infer *seen; /* per wanted column */
    int64_t skip, end; /* rows to give, from 0: [skip, end); without blank ones when these are left out */
    int64_t given;     /* rows of batches so far, when they are */
    struct pf_grid_slot *slot;
    size_t batch;        /* the next one of the slot */
    int64_t footer_rows; /* below the table */
    int64_t last;        /* the row behind the last one so far */
    bool begun, ended;
};

/* ---- what does not do ---- */

static const char *column_name(const struct stream *s, int32_t target) {
    return target >= 0 ? s->schema->children[target]->name : NULL;
}

static pf_status stop(const struct stream *s, const struct pf_grid_event *event, struct pf_error *err) {
    char place[16], type[96] = "";
    int size = (int)pf_grid_table_place(s->table, event->row, event->column, place);
    int64_t row = (int64_t)event->row - s->table->layout.data_from + 1;
    bool error = event->meaning.means == PF_MEANS_ERROR && s->state->policy.errors == PF_GRID_FAIL;
    bool asked = event->target >= 0 && s->plan.targets[event->target].imposed;
    pf_status status = error || asked ? PF_BAD_DATA : PF_WIDEN;
    if (event->target >= 0)
        pf_type_print(&s->plan.targets[event->target].type, type, sizeof type);
    if (error)
        pf_fail_at(err, status, row, -1, "cell %.*s holds the error %.60s; give --errors null or text", size,
                   place, event->text);
    else if (status == PF_BAD_DATA)
        pf_fail_at(err, status, row, -1, "cell %.*s: '%.60s' is not %s; fix it or choose another --on-bad-cell",
                   size, place, event->text, type);
    else if (event->target < 0)
        pf_fail_at(err, status, row, -1, "cell %.*s stands in a column that the first rows do not have", size,
                   place);
    else
        pf_fail_at(err, status, row, -1, "the first rows say %s, cell %.*s says '%.60s'", type, size, place,
                   event->text);
    if (event->target >= 0)
        pf_where(err, "column '%.60s'", column_name(s, event->target));
    pf_where(err, "sheet '%.60s'", s->table->sheet_name);
    return status;
}

static void notify(const struct stream *s, const char *kind, int32_t target, int64_t row, int64_t count,
                   const char *detail) {
    struct pf_host *host = s->state->host;
    struct pf_notice notice = {.struct_size = sizeof notice,
                               .kind = kind,
                               .column = column_name(s, target),
                               .detail = detail,
                               .row = row,
                               .byte = -1,
                               .count = count};
    if (host->notice)
        host->notice(host, &notice);
}

static pf_status reject(const struct stream *s, const struct pf_grid_event *event, struct pf_error *err) {
    char place[16], reason[200], type[96];
    struct pf_host *host = s->state->host;
    int size = (int)pf_grid_table_place(s->table, event->row, event->column, place);
    pf_type_print(&s->plan.targets[event->target].type, type, sizeof type);
    snprintf(reason, sizeof reason, "cell %.*s: '%.60s' is not %s", size, place, event->text, type);
    struct pf_reject told = {.struct_size = sizeof told,
                             .column_index = event->target,
                             .row = (int64_t)event->row - s->table->layout.data_from + 1,
                             .line = (int64_t)pf_grid_hidden_row(s->table->hidden, event->row) + 1,
                             .byte = -1,
                             .table = s->table->name,
                             .column = column_name(s, event->target),
                             .expected = type,
                             .reason = reason,
                             .raw = event->text,
                             .raw_size = strlen(event->text)};
    return host->reject ? host->reject(host, &told, err) : PF_OK;
}

static pf_status tell_events(const struct stream *s, const struct pf_grid_builder *b, int64_t from, int64_t to,
                             struct pf_error *err) {
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < b->event_count; i++) {
        const struct pf_grid_event *event = &b->events[i];
        char place[16], detail[200], type[96];
        if (event->row < from || event->row >= to)
            continue;
        if (event->stops)
            return stop(s, event, err);
        if (event->rejects) { /* a row is told once */
            if (event->row != last)
                PF_TRY(reject(s, event, err));
            last = event->row;
            continue;
        }
        int size = (int)pf_grid_table_place(s->table, event->row, event->column, place);
        pf_type_print(&s->plan.targets[event->target].type, type, sizeof type);
        snprintf(detail, sizeof detail, "cell %.*s: '%.60s' is not %s", size, place, event->text, type);
        notify(s, "bad-cell", event->target, (int64_t)event->row - s->table->layout.data_from + 1, 1, detail);
    }
    if (b->bad)
        notify(s, "bad-cell", -1, -1, b->bad, NULL);
    return PF_OK;
}

/* ---- at the end ---- */

struct widening {
    const struct stream *s;
    int32_t target;
};

static void tell_widening(void *ctx, const struct pf_type *from, const struct pf_type *to, uint32_t row,
                          const char *example) {
    const struct widening *w = ctx;
    char before[96], after[96], place[16], detail[256];
    int size = (int)pf_grid_table_place(w->s->table, row, w->s->plan.targets[w->target].at, place);
    pf_type_print(from, before, sizeof before);
    pf_type_print(to, after, sizeof after);
    snprintf(detail, sizeof detail, "%.60s \xE2\x86\x92 %.60s at cell %.*s: %.24s", before, after, size, place,
             example);
    notify(w->s, "widened", w->target, (int64_t)row - w->s->table->layout.data_from + 1, 1, detail);
}

static void tell_kind(const struct stream *s, int32_t i, int means, const char *kind, const char *what) {
    const struct pf_grid_infer *seen = &s->seen[i];
    char place[16], detail[200];
    if (!seen->count[means])
        return;
    int size = (int)pf_grid_table_place(s->table, seen->first[means], s->plan.targets[i].at, place);
    snprintf(detail, sizeof detail, "%s, the first in cell %.*s%s%.24s", what, size, place,
             seen->example[means][0] ? ": " : "", seen->example[means]);
    notify(s, kind, i, (int64_t)seen->first[means] - s->table->layout.data_from + 1, seen->count[means],
           detail);
}

static void tell_columns(const struct stream *s) {
    const struct pf_grid_policy *policy = &s->state->policy;
    for (int32_t i = 0; i < s->plan.count; i++) {
        struct widening w = {s, i};
        if (policy->errors == PF_GRID_NULL)
            tell_kind(s, i, PF_MEANS_ERROR, "error-cell", "an error value became null");
        tell_kind(s, i, PF_MEANS_UNKNOWN, "formula-without-value", "a formula has no stored value");
        tell_kind(s, i, PF_MEANS_UNSPELLED, "formula-without-text",
                  "a value stands for a formula that cannot be told");
        if (!policy->text &&
            pf_type_same(&s->plan.targets[i].type, &s->table->columns[s->plan.targets[i].source].type))
            pf_grid_infer_widenings(&s->seen[i], policy->errors == PF_GRID_TEXT, tell_widening, &w);
    }
}

static void count(const struct stream *s, const char *key, int64_t add) {
    if (add && s->state->host->count)
        s->state->host->count(s->state->host, key, add);
}

/* ---- handing over ---- */

static pf_status begin_slot(struct stream *s, struct pf_error *err) {
    const struct pf_grid_slot *slot = s->slot;
    int64_t base = s->table->layout.data_from, from = s->skip + base;
    int64_t to = s->end > INT64_MAX - base ? INT64_MAX : s->end + base;
    if (s->state->policy.leave_blank) { /* take_counted does it */
        from = base;
        to = INT64_MAX;
    }
    int64_t low = slot->from > from ? slot->from : from, high = slot->to < to ? slot->to : to;
    int64_t skipped = (slot->to < from ? slot->to : from) - slot->from;
    s->batch = 0;
    for (int32_t i = 0; i < s->plan.count; i++)
        pf_grid_infer_merge(&s->seen[i], &slot->builder.seen[i]);
    skipped = skipped > 0 ? skipped : 0;
    s->footer_rows += slot->footer_rows;
    s->last = slot->to;
    count(s, "rows-in", skipped + (high > low ? high - low : 0));
    count(s, "skipped-skip", skipped);
    count(s, "skipped-blank", slot->builder.blank);
    return tell_events(s, &slot->builder, low, high, err);
}

static int64_t rows_before(const struct pf_grid_builder *b, int64_t from, int64_t row) {
    int64_t rows = row - from;
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < b->event_count; i++) {
        const struct pf_grid_event *event = &b->events[i];
        if (!event->rejects || event->row < from || event->row >= row || event->row == last)
            continue;
        rows--;
        last = event->row;
    }
    return rows;
}

/* The same where blank rows are left out: rows are counted as they come. */
static pf_status take_counted(struct stream *s, struct pf_grid_batch *batch, struct ArrowArray *out,
                              struct pf_error *err) {
    int64_t length = batch->array.length, first = s->skip - s->given, left = s->end - s->given;
    first = first < 0 ? 0 : first < length ? first : length;
    left = left < 0 ? 0 : left < length ? left : length;
    left = left < first ? first : left;
    s->given += length;
    count(s, "skipped-skip", first);
    count(s, "skipped-limit", length - left);
    return left > first ? pf_batch_part(&batch->array, first, left - first, out, err) : PF_OK;
}

/* Moves the wanted rows of the batch to out; a released array when there are none. */
static pf_status take_batch(struct stream *s, struct pf_grid_batch *batch, struct ArrowArray *out,
                            struct pf_error *err) {
    const struct pf_grid_builder *b = &s->slot->builder;
    if (s->state->policy.leave_blank)
        return take_counted(s, batch, out, err);
    int64_t base = s->table->layout.data_from, from = batch->from, to = batch->to;
    from = from > s->skip + base ? from : s->skip + base;
    to = s->end < to - base ? s->end + base : to;
    if (from >= to || batch->array.length == 0)
        return PF_OK;
    int64_t first = 0, length = batch->array.length;
    if (from > batch->from || to < batch->to) {
        first = rows_before(b, batch->from, from);
        length = rows_before(b, batch->from, to) - first;
    }
    return length ? pf_batch_part(&batch->array, first, length, out, err) : PF_OK;
}

static void begin_stream(struct stream *s) {
    const struct pf_grid_layout *layout = &s->table->layout;
    bool asked = s->table->wish.skip_rows >= 0;
    int64_t above = (int64_t)layout->header_at - s->table->view.within.first_row;
    s->begun = true;
    count(s, "rows-in", above);
    count(s, asked ? "skipped-skip" : "skipped-preamble", above);
}

/* Up to the last row and column of the table. */
static void tell_hidden(const struct stream *s) {
    const struct pf_grid_table *table = s->table;
    if (!table->hidden)
        return;
    int64_t last = s->last > 0 ? s->last - 1 : 0;
    int64_t rows = (int64_t)pf_grid_hidden_row(table->hidden, (uint32_t)last) - last;
    int64_t columns = pf_grid_hidden_columns(table->hidden, pf_grid_table_last_column(table));
    if (rows)
        notify(s, "hidden-rows", -1, -1, rows, "rows that are hidden are left out");
    if (columns)
        notify(s, "hidden-columns", -1, -1, columns, "columns that are hidden are left out");
}

static pf_status end_stream(struct stream *s) {
    s->ended = true;
    tell_hidden(s);
    count(s, "rows-in", s->footer_rows);
    count(s, "skipped-footer", s->footer_rows);
    tell_columns(s);
    return PF_OK;
}

static pf_status next(void *self, struct ArrowArray *out, struct pf_error *err) {
    struct stream *s = self;
    memset(out, 0, sizeof *out);
    if (!s->begun)
        begin_stream(s);
    while (!s->ended) {
        if (!s->slot) {
            if (s->skip >= s->end || s->given >= s->end)
                return end_stream(s);
            PF_TRY(pf_grid_lap_next(&s->lap, &s->slot, err));
            if (!s->slot)
                return end_stream(s);
            PF_TRY(begin_slot(s, err));
        }
        struct pf_grid_builder *b = &s->slot->builder;
        while (s->batch < b->done_count) {
            PF_TRY(take_batch(s, &b->done[s->batch++], out, err));
            if (out->release)
                return PF_OK;
        }
        s->slot = NULL;
        pf_grid_lap_give_back(&s->lap);
    }
    return PF_OK;
}

static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    const struct stream *s = self;
    return pf_schema_copy(s->schema, out, err);
}

static void close_stream(void *self) {
    struct stream *s = self;
    pf_grid_lap_close(&s->lap);
    pf_grid_plan_clear(&s->plan);
    pf_mem_free(s->seen);
    pf_mem_free(s);
}

/* ---- opening ---- */

static pf_status open_lap(struct stream *s, struct pf_error *err) {
    struct pf_grid_pass pass = {0};
    int64_t base = s->table->layout.data_from;
    if (s->table->kept.driver) {
        pass = s->table->kept;
        s->table->kept = (struct pf_grid_pass){0};
        atomic_fetch_sub(&s->state->kept_bytes, (long long)pf_grid_pass_bytes(&pass));
    } else {
        PF_TRY(pf_grid_pass_open(&pass, s->table, &s->state->policy, PF_GRID_IN_PIECES, err));
    }
    if (s->table->finds_footer && !s->table->exact)
        pf_grid_pass_trim(&pass, s->table);
    s->footer_rows = s->table->footer_rows;
    return pf_grid_lap_open(
        &s->lap, &s->plan, &pass, s->state->host->pool,
        s->state->policy.leave_blank || s->end > INT64_MAX - base ? INT64_MAX : s->end + base, err);
}

pf_status pf_grid_stream_open(pf_reader_state *state, const struct pf_read *request,
                              struct ArrowArrayStream *out, struct pf_error *err) {
    if (request->table < 0 || request->table >= state->table_count)
        return pf_fail(err, PF_ARGUMENT, "table %d is asked for and there are %lld", (int)request->table,
                       (long long)state->table_count);
    if (request->schema->n_children > INT32_MAX)
        return pf_fail(err, PF_LIMIT, "too many columns; choose fewer with --columns");
    struct stream *s = pf_mem_zero(1, sizeof *s);
    if (!s)
        return pf_fail_memory(err, sizeof *s);
    s->state = state;
    s->table = &state->tables[request->table];
    s->schema = request->schema;
    s->skip = request->skip_rows > 0 ? request->skip_rows : 0;
    s->end = request->limit_rows < 0 || request->limit_rows > INT64_MAX - s->skip
                 ? INT64_MAX
                 : s->skip + request->limit_rows;
    struct pf_stream_maker maker = {.self = s, .schema = give_schema, .next = next, .close = close_stream};
    pf_status status = pf_grid_plan_make(&s->plan, s->table, &state->policy, request, err);
    if (status == PF_OK && !(s->seen = pf_mem_zero((size_t)s->plan.count, sizeof *s->seen)))
        status = pf_fail_memory(err, (size_t)s->plan.count * sizeof *s->seen);
    if (status == PF_OK)
        status = open_lap(s, err);
    if (status == PF_OK)
        status = pf_stream_make(&maker, request->err, out, err);
    if (status != PF_OK)
        close_stream(s);
    return status;
}
