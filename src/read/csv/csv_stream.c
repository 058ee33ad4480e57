/* csv_stream.c — room read/csv. A table as a stream of batches, in order.        SPDX-License-Identifier: MIT
 * Knows: handing blocks over, skip and limit, counts, proving the verdict as it goes.
 * Knows not: how blocks are read, bytes.                    Format: docs/formats/csv.md §Reading */
#include <stdio.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "read/csv/csv_lap.h"
#include "read/csv/csv_morsel.h"
#include "read/csv/csv_proof.h"
#include "read/csv/csv_state.h"
#include "read/csv/csv_tell.h"

/* Wide tables get fewer blocks in flight: a column of one takes about so much, however few its rows. */
#define COLUMN_BYTES ((int64_t)4 << 10)
#define FLIGHT_BYTES ((int64_t)128 << 20)

struct stream {
    pf_reader_state *state;
    const struct ArrowSchema *schema; /* lent */
    struct pf_csv_plan plan;
    struct pf_csv_lap lap;
    struct pf_infer *merged; /* per wanted column, when the verdict is to be proved */
    int64_t skip, end;       /* records to give: [skip, end) */
    int64_t records, lines;  /* in front of the block at hand */
    struct pf_csv_slot *slot;
    size_t batch;                    /* the next one of the slot */
    int64_t told[PF_CSV_MISFIT + 1]; /* per kind of event */
    int64_t nuls;                    /* stripped so far */
    bool begun, limited, ended;
};

/* ---- workers ------------------------------------------------------------------------------------------------ */

static pf_status open_morsel(void *ctx, struct pf_csv_slot *slot, struct pf_error *err) {
    struct stream *s = ctx;
    slot->own = pf_mem_zero(1, sizeof(struct pf_csv_morsel));
    if (!slot->own)
        return pf_fail_memory(err, sizeof(struct pf_csv_morsel));
    pf_status status = pf_csv_morsel_open(slot->own, &s->plan, err);
    if (status != PF_OK) {
        pf_mem_free(slot->own);
        slot->own = NULL;
    }
    return status;
}

static void close_morsel(void *ctx, struct pf_csv_slot *slot) {
    (void)ctx;
    if (slot->own)
        pf_csv_morsel_clear(slot->own);
    pf_mem_free(slot->own);
    slot->own = NULL;
}

static pf_status read_block(void *ctx, struct pf_csv_slot *slot, struct pf_error *err) {
    struct stream *s = ctx;
    PF_TRY(pf_csv_slot_text(slot, &s->plan.rule, err));
    return pf_csv_morsel_read(slot->own, &s->plan, &slot->text, err);
}

/* ---- the verdict -------------------------------------------------------------------------------------------- */

static const struct pf_csv_finding *finding_of(const struct stream *s, int32_t i) {
    return &s->state->findings[s->plan.columns[i].source];
}

/* Is the type that was asked for the survey's verdict? */
static bool as_found(const struct stream *s, int32_t i) {
    return pf_type_same(&s->plan.columns[i].parse.type, &finding_of(s, i)->type);
}

static pf_status contradict(const struct stream *s, int32_t i, int64_t row, struct pf_error *err) {
    char verdict[96], found[96];
    struct pf_type type;
    struct pf_parse_format format;
    bool settled;
    pf_infer_type(&s->merged[i], &s->plan.columns[i].parse.rules, &type, &format, &settled);
    pf_type_print(&s->plan.columns[i].parse.type, verdict, sizeof verdict);
    pf_type_print(&type, found, sizeof found);
    pf_fail_at(err, PF_WIDEN, row < 0 ? -1 : row + 1, -1, "the sample says %s, the values say %s", verdict,
               found);
    pf_where(err, "column '%.60s'", s->schema->children[i]->name ? s->schema->children[i]->name : "");
    return PF_WIDEN;
}

/* Do the values so far prove the verdict, or can those to come still do it? */
static bool agrees(const struct stream *s, int32_t i) {
    const struct pf_csv_column *column = &s->plan.columns[i];
    struct pf_type type;
    struct pf_parse_format format;
    bool settled;
    pf_infer_type(&s->merged[i], &column->parse.rules, &type, &format, &settled);
    return pf_type_same(&type, &column->parse.type) && format.date_order == column->parse.format.date_order &&
           format.date_separator == column->parse.format.date_separator;
}

static int64_t first_row(const struct pf_infer *infer) {
    int64_t first = PF_INFER_NEVER;
    for (int c = 0; c < PF_CLASS_COUNT; c++)
        first = infer->first[c] < first ? infer->first[c] : first;
    return first == PF_INFER_NEVER ? -1 : first;
}

/* Joins what the block's workers saw; a text column that turns out to hold something else ends the lap at once. */
static pf_status join_seen(struct stream *s, struct pf_csv_morsel *m, struct pf_error *err) {
    for (int32_t i = 0; s->merged && i < s->plan.count; i++) {
        if (!s->plan.columns[i].watched)
            continue;
        pf_csv_infer_shift(&m->seen[i], s->records);
        pf_infer_merge(&s->merged[i], &m->seen[i]);
        if (s->plan.columns[i].infer && !finding_of(s, i)->doubted && !agrees(s, i))
            return contradict(s, i, first_row(&m->seen[i]), err);
    }
    return PF_OK;
}

struct widening {
    struct pf_host *host;
    const char *column;
};

static void tell_widening(void *ctx, const struct pf_type *from, const struct pf_type *to, int64_t row,
                          const char *example) {
    const struct widening *w = ctx;
    char before[96], after[96], detail[256];
    pf_type_print(from, before, sizeof before);
    pf_type_print(to, after, sizeof after);
    snprintf(detail, sizeof detail, "%.60s \xE2\x86\x92 %.60s at row %lld: %.24s", before, after,
             (long long)row + 1, example);
    struct pf_notice notice = {.struct_size = sizeof notice,
                               .kind = "widened",
                               .column = w->column,
                               .detail = detail,
                               .row = row + 1,
                               .byte = -1,
                               .count = 1};
    w->host->notice(w->host, &notice);
}

/* Dates of which no value says whether day or month comes first stay text, and that must be said. */
static void tell_ambiguous(const struct stream *s, int32_t i, const struct pf_infer *whole) {
    int64_t first = PF_INFER_NEVER;
    for (int c = 0; c < PF_CLASS_COUNT; c++) {
        bool any = c == PF_CLASS_DATE_ANY || c == PF_CLASS_STAMP_ANY;
        if (!any && whole->first[c] != PF_INFER_NEVER)
            return;
        first = any && whole->first[c] < first ? whole->first[c] : first;
    }
    if (first == PF_INFER_NEVER || s->plan.columns[i].parse.type.kind != PF_KIND_UTF8)
        return;
    struct pf_notice notice = {
        .struct_size = sizeof notice,
        .kind = "ambiguous-dates",
        .column = s->schema->children[i]->name,
        .detail = "day and month could be either way round in every value, so it stays text; say "
                  "--dates dmy or --dates mdy",
        .row = first + 1,
        .byte = -1,
        .count = 1};
    s->state->host->notice(s->state->host, &notice);
}

static pf_status prove_verdict(struct stream *s, struct pf_error *err) {
    const pf_reader_state *state = s->state;
    for (int32_t i = 0; !s->limited && i < s->plan.count; i++) {
        struct pf_infer whole = finding_of(s, i)->infer;
        if (state->policy.text || s->plan.columns[i].parse.imposed || !as_found(s, i))
            continue;
        if (s->plan.columns[i].watched) {
            if (!agrees(s, i))
                return contradict(s, i, -1, err);
            pf_infer_merge(&whole, &s->merged[i]);
        }
        struct widening w = {state->host, s->schema->children[i]->name};
        if (!state->host->notice)
            continue;
        pf_infer_widenings(&whole, &s->plan.columns[i].parse.rules, tell_widening, &w);
        tell_ambiguous(s, i, &whole);
    }
    return PF_OK;
}

/* ---- handing over ------------------------------------------------------------------------------------------- */

static void count(const struct stream *s, const char *key, int64_t add) {
    if (add && s->state->host->count)
        s->state->host->count(s->state->host, key, add);
}

static struct pf_csv_teller make_teller(const struct stream *s) {
    const struct pf_csv_slot *slot = s->slot;
    return (struct pf_csv_teller){.host = s->state->host,
                                  .plan = &s->plan,
                                  .table = s->state->stem,
                                  .records = s->records,
                                  .line = s->state->dialect.data_line + s->lines,
                                  .at = slot->chunk.at,
                                  .raw = pf_csv_chunk_raw(&slot->chunk),
                                  .raw_size = slot->chunk.size,
                                  .text = &slot->text};
}

/* Records of the block that are to be given: [*from, *to). */
static void find_wanted(const struct stream *s, const struct pf_csv_morsel *m, int64_t *from, int64_t *to) {
    int64_t low = s->skip - s->records, high = s->end - s->records;
    *from = low < 0 ? 0 : low < m->records ? low : m->records;
    *to = high < m->records ? high : m->records;
}

/* The block with the last wanted record is read again up to there: what stands behind it in the block must not
 * matter, for where blocks end is no fact about the data. */
static pf_status cut_at_limit(struct stream *s, struct pf_error *err) {
    struct pf_csv_morsel *m = s->slot->own;
    struct pf_csv_text *text = &s->slot->text, cut = *text;
    int64_t want = s->end - s->records;
    bool more = true;
    if (s->end == INT64_MAX || m->records < want)
        return PF_OK;
    pf_csv_part_start(&m->part, text);
    while (more) {
        PF_TRY(pf_csv_part_next(&s->plan, text, &m->part, &more, err));
        const struct pf_csv_block *block = &m->part.block;
        size_t start, size;
        if (!more || m->part.base + block->rows < want)
            continue;
        start = pf_csv_record_start(block, want - 1 - m->part.base);
        pf_csv_record_at(block, s->plan.dialect, start, &start, &size);
        cut.size = start + size;
        break;
    }
    while (cut.bad_count && cut.bad[cut.bad_count - 1] >= cut.size)
        cut.bad_count--;
    if (text->nuls) {
        struct pf_csv_text front = {0};
        struct pf_csv_way way = {0};
        const uint8_t *raw = pf_csv_chunk_raw(&s->slot->chunk);
        size_t size = pf_csv_text_back(&s->plan.rule, raw, s->slot->chunk.size, cut.size, &way);
        pf_status status = pf_csv_text_make(&s->plan.rule, raw, size, &front, err);
        text->nuls = front.nuls;
        pf_csv_text_clear(&front);
        PF_TRY(status);
    }
    return pf_csv_morsel_read(m, &s->plan, &cut, err);
}

/* A fact that was told often enough is only counted. */
static void tell_counted(const struct stream *s, const char *kind, const char *detail, int64_t times) {
    struct pf_notice notice = {
        .struct_size = sizeof notice, .kind = kind, .detail = detail, .row = -1, .byte = -1, .count = times};
    if (times && s->state->host->notice)
        s->state->host->notice(s->state->host, &notice);
}

static pf_status tell_events(struct stream *s, const struct pf_csv_morsel *m, int64_t from, int64_t to,
                             struct pf_error *err) {
    struct pf_csv_teller teller = make_teller(s);
    int64_t more[PF_CSV_MISFIT + 1] = {0};
    for (size_t i = 0; i < m->part.event_count; i++) {
        const struct pf_csv_event *event = &m->part.events[i];
        if (event->record < from || event->record >= to)
            continue;
        if (event->act == PF_CSV_TELL && s->told[event->kind]++ >= PF_CEIL_NOTICES_KEPT)
            more[event->kind] += event->kind == PF_CSV_BYTES ? event->cells : 1;
        else
            PF_TRY(pf_csv_tell_event(&teller, event, err));
    }
    for (int8_t kind = 0; kind <= PF_CSV_MISFIT; kind++)
        tell_counted(s, pf_csv_tell_kind(kind), NULL, more[kind]);
    s->nuls += s->slot->text.nuls;
    return PF_OK;
}

static pf_status begin_block(struct stream *s, struct pf_error *err) {
    struct pf_csv_morsel *m = s->slot->own;
    int64_t from, to;
    PF_TRY(cut_at_limit(s, err));
    find_wanted(s, m, &from, &to);
    s->batch = 0;
    PF_TRY(join_seen(s, m, err));
    PF_TRY(tell_events(s, m, from, to, err));
    count(s, "rows-in", to + m->blank_rows + m->comment_rows);
    count(s, "skipped-skip", from < to ? from : to);
    count(s, "skipped-blank", m->blank_rows);
    count(s, "skipped-comment", m->comment_rows);
    return PF_OK;
}

/* Rows of the batch in front of a record: those left out do not count. */
static int64_t rows_before(const struct pf_csv_morsel *m, const struct pf_csv_batch *batch, int64_t record) {
    int64_t rows = record - batch->from;
    for (size_t i = 0; i < m->part.event_count; i++) {
        const struct pf_csv_event *event = &m->part.events[i];
        rows -= event->act == PF_CSV_LEAVE_OUT && event->record >= batch->from && event->record < record;
    }
    return rows;
}

/* Moves the wanted rows of the batch to out; a released array when there are none. */
static pf_status take_batch(struct stream *s, struct pf_csv_batch *batch, struct ArrowArray *out,
                            struct pf_error *err) {
    const struct pf_csv_morsel *m = s->slot->own;
    int64_t from, to;
    find_wanted(s, m, &from, &to);
    from = from > batch->from ? from : batch->from;
    to = to < batch->to ? to : batch->to;
    memset(out, 0, sizeof *out);
    if (from >= to || batch->array.length == 0)
        return PF_OK;
    int64_t first = 0, length = batch->array.length;
    if (from > batch->from || to < batch->to) {
        first = rows_before(m, batch, from);
        length = rows_before(m, batch, to) - first;
    }
    return length ? pf_batch_part(&batch->array, first, length, out, err) : PF_OK;
}

static pf_status end_block(struct stream *s, struct pf_error *err) {
    struct pf_csv_morsel *m = s->slot->own;
    if (m->part.stopped && !s->limited) {
        struct pf_csv_teller teller = make_teller(s);
        return pf_csv_tell_stop(&teller, &m->part.stop, err);
    }
    s->records += m->records;
    s->lines += m->lines;
    pf_csv_lap_give_back(&s->lap);
    s->slot = NULL;
    s->limited |= s->records >= s->end;
    return PF_OK;
}

static void begin_stream(struct stream *s) {
    const pf_reader_state *state = s->state;
    bool asked = state->policy.wish.skip_rows >= 0;
    s->begun = true;
    count(s, "rows-in", state->dialect.skip_rows);
    count(s, asked ? "skipped-skip" : "skipped-preamble", state->dialect.skip_rows);
}

static pf_status end_stream(struct stream *s, struct pf_error *err) {
    s->ended = true;
    tell_counted(s, "nul", "NUL characters were stripped", s->nuls);
    if (!s->limited) {
        size_t signs =
            s->lap.feed.end_signs > s->state->end_signs ? s->lap.feed.end_signs : s->state->end_signs;
        tell_counted(s, "end-of-file-sign", "an end-of-file sign (0x1A) at the end is no data", (int64_t)signs);
        count(s, "rows-in", s->state->dialect.footer_rows);
        count(s, "skipped-footer", s->state->dialect.footer_rows);
    }
    return prove_verdict(s, err);
}

static pf_status next(void *self, struct ArrowArray *out, struct pf_error *err) {
    struct stream *s = self;
    memset(out, 0, sizeof *out);
    if (!s->begun)
        begin_stream(s);
    while (!s->ended) {
        if (!s->slot && (s->limited || s->records >= s->end))
            return s->limited = true, end_stream(s, err);
        if (!s->slot) {
            PF_TRY(pf_csv_lap_next(&s->lap, &s->slot, err));
            if (!s->slot)
                return end_stream(s, err);
            PF_TRY(begin_block(s, err));
        }
        struct pf_csv_morsel *m = s->slot->own;
        while (s->batch < m->done_count) {
            PF_TRY(take_batch(s, &m->done[s->batch++], out, err));
            if (out->release)
                return PF_OK;
        }
        PF_TRY(end_block(s, err));
    }
    return PF_OK;
}

static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    const struct stream *s = self;
    return pf_schema_copy(s->schema, out, err);
}

static void close_stream(void *self) {
    struct stream *s = self;
    pf_csv_lap_close(&s->lap);
    pf_mem_free(s->plan.columns);
    pf_mem_free(s->merged);
    pf_mem_free(s);
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

static pf_status plan_column(const pf_reader_state *state, const struct pf_read *request, int32_t i,
                             struct pf_csv_column *column, struct pf_error *err) {
    const struct ArrowSchema *field = request->schema->children[i];
    int32_t source = request->columns ? request->columns[i] : i;
    size_t size = 0;
    if (source < 0 || source >= state->width)
        return pf_fail(err, PF_ARGUMENT, "column %d is asked for and the table has %d", (int)source + 1,
                       (int)state->width);
    column->source = source;
    column->parse.rules = state->findings[source].rules;
    column->parse.imposed = request->imposed && request->imposed[i];
    PF_TRY(pf_type_of(field, &column->parse.type, err));
    const char *format = pf_schema_meta(field, PF_META_FORMAT, &size);
    if (format && !pf_parse_format_read(format, size, &column->parse.format))
        return pf_fail(err, PF_ARGUMENT, "'%.*s' is no form of dates that is known; check the schema",
                       size < 40 ? (int)size : 40, format);
    bool proved = column->parse.imposed || state->exact, text = column->parse.type.kind == PF_KIND_UTF8;
    column->infer = !proved && text && state->findings[source].watched;
    column->watched = !proved && (!text || column->infer);
    return PF_OK;
}

static pf_status make_plan(struct stream *s, const struct pf_read *request, struct pf_error *err) {
    pf_reader_state *state = s->state;
    int32_t count = (int32_t)request->schema->n_children;
    s->plan = (struct pf_csv_plan){.dialect = &state->dialect,
                                   .rule = state->rule,
                                   .on_bad_row = state->policy.on_bad_row,
                                   .on_bad_cell = state->policy.on_bad_cell,
                                   .on_bad_bytes = state->policy.on_bad_bytes,
                                   .width = state->width,
                                   .count = count,
                                   .window = state->window,
                                   .schema = request->schema};
    s->plan.columns = pf_mem_zero((size_t)count, sizeof *s->plan.columns);
    if (!s->plan.columns)
        return pf_fail_memory(err, (size_t)count * sizeof *s->plan.columns);
    for (int32_t i = 0; i < count; i++) {
        pf_status status = plan_column(state, request, i, &s->plan.columns[i], err);
        if (status != PF_OK) {
            pf_where(err, "column '%.60s'", request->schema->children[i]->name);
            return status;
        }
        s->plan.imposed |= s->plan.columns[i].parse.imposed;
        s->plan.watched |= s->plan.columns[i].watched;
    }
    s->merged = s->plan.watched ? pf_mem_zero((size_t)count, sizeof *s->merged) : NULL;
    if (s->plan.watched && !s->merged)
        return pf_fail_memory(err, (size_t)count * sizeof *s->merged);
    for (int32_t i = 0; s->merged && i < count; i++)
        pf_infer_init(&s->merged[i]);
    return PF_OK;
}

static pf_status open_lap(struct stream *s, struct pf_error *err) {
    pf_reader_state *state = s->state;
    struct pf_csv_client client = {.ctx = s, .work = read_block, .open = open_morsel, .close = close_morsel};
    struct pf_csv_feed feed;
    int64_t slots = FLIGHT_BYTES / (COLUMN_BYTES * (s->plan.count + 1)) + 1;
    pf_csv_feed_open(&feed, state->source, &state->dialect, &state->rule, state->data_from, state->data_to,
                     state->block_bytes);
    return pf_csv_lap_open(&s->lap, &feed, &client, state->host->pool, slots, err);
}

pf_status pf_csv_stream_open(pf_reader_state *state, const struct pf_read *request,
                             struct ArrowArrayStream *out, struct pf_error *err) {
    memset(out, 0, sizeof *out);
    if (!state->surveyed)
        return pf_fail(err, PF_STATE, "read is called before survey; survey first");
    if (request->table != 0)
        return pf_fail(err, PF_ARGUMENT, "table %d is asked for and there is one, table 0",
                       (int)request->table);
    if (request->schema->n_children > INT32_MAX)
        return pf_fail(err, PF_LIMIT, "too many columns; choose fewer with --columns");
    struct stream *s = pf_mem_zero(1, sizeof *s);
    if (!s)
        return pf_fail_memory(err, sizeof *s);
    s->state = state;
    s->schema = request->schema;
    s->skip = request->skip_rows > 0 ? request->skip_rows : 0;
    s->end = request->limit_rows < 0 || request->limit_rows > INT64_MAX - s->skip
                 ? INT64_MAX
                 : s->skip + request->limit_rows;
    struct pf_stream_maker maker = {.self = s, .schema = give_schema, .next = next, .close = close_stream};
    pf_status status = make_plan(s, request, err);
    if (status == PF_OK)
        status = open_lap(s, err);
    if (status == PF_OK)
        status = pf_stream_make(&maker, request->err, out, err);
    if (status != PF_OK)
        close_stream(s);
    return status;
}
