/* grid_build.c — room grid. A block of rows into batches.                        SPDX-License-Identifier: MIT
 * Knows: what each column's type can hold, gaps, rows that are taken back.
 * Knows not: threads, streams, what a misfit means for the run. */
#include "grid/grid_build.h"

#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_schema.h"
#include "grid/grid_display.h"

#define DAY_MICROS  INT64_C(86400000000)
#define EVENTS_KEPT 32 /* misfits of one block that are told with their place */

/* ---- the plan ---- */

void pf_grid_plan_clear(struct pf_grid_plan *plan) {
    pf_mem_free(plan->targets);
    pf_mem_free(plan->map);
    *plan = (struct pf_grid_plan){0};
}

static pf_status plan_target(const struct pf_grid_plan *plan, const struct pf_read *request, int32_t i,
                             struct pf_error *err) {
    struct pf_grid_target *target = &plan->targets[i];
    const struct pf_grid_table *table = plan->table;
    target->source = request->columns ? request->columns[i] : i;
    if (target->source < 0 || target->source >= table->column_count)
        return pf_fail(err, PF_ARGUMENT, "column %d is asked for and the table has %d", (int)target->source + 1,
                       (int)table->column_count);
    const struct pf_grid_column *column = &table->columns[target->source];
    target->at = column->at;
    PF_TRY(pf_type_of(request->schema->children[i], &target->type, err));
    target->accepts = pf_grid_type_accepts(&target->type);
    target->parse = (struct pf_parse){.type = target->type, .rules = {.point = '.'}, .imposed = true};
    target->imposed = request->imposed && request->imposed[i];
    target->unsettled = !target->imposed && !table->exact && !column->settled && !plan->policy->text;
    target->usual = target->type.kind == PF_KIND_UTF8 ? 1u << PF_MEANS_TEXT : target->accepts;
    if (target->unsettled)
        target->usual = 0;
    if (plan->map[target->at] < 0)
        plan->map[target->at] = i;
    return PF_OK;
}

/* Rows that fill a batch. */
static int64_t fit_rows(const struct pf_grid_plan *plan) {
    int64_t row_bytes = 1;
    for (int32_t i = 0; i < plan->count; i++)
        row_bytes += pf_kind_width(plan->targets[i].type.kind) ? pf_kind_width(plan->targets[i].type.kind) : 8;
    int64_t rows = (int64_t)PF_CEIL_BATCH_BYTES / row_bytes;
    return rows < 64 ? 64 : rows < PF_CEIL_BATCH_ROWS ? rows : PF_CEIL_BATCH_ROWS;
}

pf_status pf_grid_plan_make(struct pf_grid_plan *plan, const struct pf_grid_table *table,
                            const struct pf_grid_policy *policy, const struct pf_read *request,
                            struct pf_error *err) {
    *plan = (struct pf_grid_plan){
        .table = table,
        .policy = policy,
        .schema = request->schema,
        .count = (int32_t)request->schema->n_children,
        .map_count = table->column_count ? (int32_t)table->columns[table->column_count - 1].at + 1 : 0};
    plan->targets = pf_mem_zero((size_t)plan->count, sizeof *plan->targets);
    plan->map = pf_mem_alloc((size_t)plan->map_count * sizeof *plan->map);
    pf_status status =
        plan->targets && plan->map ? PF_OK : pf_fail_memory(err, (size_t)plan->map_count * sizeof *plan->map);
    for (int32_t i = 0; status == PF_OK && i < plan->map_count; i++)
        plan->map[i] = PF_GRID_STRANGE;
    for (int32_t i = 0; status == PF_OK && i < table->column_count; i++)
        plan->map[table->columns[i].at] = PF_GRID_UNWANTED;
    for (int32_t i = 0; status == PF_OK && i < plan->count; i++) {
        status = plan_target(plan, request, i, err);
        if (status != PF_OK)
            pf_where(err, "column '%.60s'", request->schema->children[i]->name);
    }
    if (status != PF_OK) {
        pf_grid_plan_clear(plan);
        return status;
    }
    plan->batch_rows = fit_rows(plan);
    return PF_OK;
}

/* ---- opening ---- */

void pf_grid_builder_clear(struct pf_grid_builder *b) {
    for (size_t i = 0; i < b->done_count; i++)
        if (b->done[i].array.release)
            b->done[i].array.release(&b->done[i].array);
    pf_batch_clear(&b->batch);
    pf_mem_free(b->done);
    pf_mem_free(b->seen);
    pf_mem_free(b->text_bytes);
    pf_mem_free(b->events);
    *b = (struct pf_grid_builder){0};
}

pf_status pf_grid_builder_open(struct pf_grid_builder *b, const struct pf_grid_plan *plan,
                               struct pf_error *err) {
    *b = (struct pf_grid_builder){0};
    PF_TRY(pf_batch_open(&b->batch, plan->schema, err));
    b->seen = pf_mem_zero((size_t)plan->count, sizeof *b->seen);
    b->text_bytes = pf_mem_zero((size_t)plan->count, sizeof *b->text_bytes);
    b->events = pf_mem_zero(EVENTS_KEPT, sizeof *b->events);
    b->event_room = EVENTS_KEPT;
    if (b->seen && b->text_bytes && b->events)
        return PF_OK;
    pf_grid_builder_clear(b);
    return pf_fail_memory(err, (size_t)plan->count * sizeof *b->seen);
}

/* ---- values ---- */

struct building {
    struct pf_grid_builder *b;
    const struct pf_grid_plan *plan;
    const struct pf_grid_block *block;
    int64_t from;     /* the batch's first row in the sheet */
    int64_t room;     /* rows reserved from there */
    int64_t next;     /* the row behind the last one that was looked at */
    int64_t left_out; /* rows of the batch that were rejected or are blank */
    int64_t bytes;    /* of text in the batch */
    struct pf_error *err;
};

static pf_status note_event(struct building *it, uint32_t row, uint32_t column, int32_t target, bool stops,
                            const struct pf_meaning *m) {
    struct pf_grid_builder *b = it->b;
    bool rejects = !stops && it->plan->policy->on_bad_cell == PF_GRID_REJECT;
    if (b->event_count == EVENTS_KEPT && !stops && !rejects) {
        b->bad++;
        return PF_OK;
    }
    if (b->event_count == b->event_room) {
        struct pf_grid_event *grown = pf_mem_grow(b->events, 2 * b->event_room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(it->err, 2 * b->event_room * sizeof *grown);
        b->events = grown;
        b->event_room *= 2;
    }
    struct pf_grid_event *event = &b->events[b->event_count++];
    char room[PF_SPELL_ROOM];
    struct pf_text text = pf_grid_spell(m, room);
    size_t size = text.size < sizeof event->text ? text.size : sizeof event->text - 1;
    *event = (struct pf_grid_event){row, column, target, stops, rejects, *m, ""};
    event->meaning.text = (struct pf_text){0};
    if (size)
        memcpy(event->text, text.at, size);
    b->stopped |= stops;
    return PF_OK;
}

/* The value in the type's own form; for types that inference gives. */
static int64_t whole_of(const struct pf_type *type, const struct pf_meaning *m) {
    return type->kind == PF_KIND_TIMESTAMP && m->means == PF_MEANS_DATE ? m->whole * DAY_MICROS : m->whole;
}

static pf_status put_native(struct building *it, struct pf_build *build, const struct pf_type *type,
                            const struct pf_meaning *m) {
    int64_t row = build->length;
    switch (type->kind) {
    case PF_KIND_INT64:
    case PF_KIND_TIMESTAMP:
    case PF_KIND_TIME64:
    case PF_KIND_DURATION: ((int64_t *)(void *)build->values)[row] = whole_of(type, m); break;
    case PF_KIND_FLOAT64: ((double *)(void *)build->values)[row] = m->number; break;
    case PF_KIND_DATE32: ((int32_t *)(void *)build->values)[row] = (int32_t)m->whole; break;
    case PF_KIND_BOOL:
        if (m->whole)
            pf_bit_set(build->values, row);
        break;
    default: {
        char room[PF_SPELL_ROOM];
        struct pf_text text = it->plan->policy->python ? pf_grid_spell_python(m, room) : pf_grid_spell(m, room);
        it->bytes += (int64_t)text.size;
        return pf_build_bytes(build, text.at, text.size, it->err);
    }
    }
    build->length++;
    return PF_OK;
}

/* A number as its format shows it; false: it is none. */
static bool put_shown(struct building *it, const struct pf_cell *cell, struct pf_build *build,
                      pf_status *status) {
    const struct pf_grid_view *view = &it->plan->table->view;
    char room[PF_DISPLAY_ROOM];
    struct pf_text text;
    if (!pf_grid_display_cell(view->book, view->date1904, cell, room, &text))
        return false;
    it->bytes += (int64_t)text.size;
    *status = pf_build_bytes(build, text.at, text.size, it->err);
    return true;
}

/* No value, whatever the type. */
static bool is_null(const struct pf_grid_policy *policy, int means) {
    return means == PF_MEANS_NOTHING || means == PF_MEANS_UNKNOWN ||
           (means == PF_MEANS_ERROR && policy->errors != PF_GRID_TEXT);
}

/* A value that the type does not take as it is. *took: it is there now, or null in its place. */
static pf_status put_misfit(struct building *it, int32_t i, uint32_t row, const struct pf_meaning *m,
                            bool *rejected) {
    const struct pf_grid_target *target = &it->plan->targets[i];
    struct pf_build *build = &it->b->batch.builds[i];
    if (target->imposed || target->accepts == 0) {
        char room[PF_SPELL_ROOM];
        struct pf_text text = pf_grid_spell(m, room);
        bool fits = false;
        PF_TRY(pf_parse_one(&target->parse, text.at, text.size, &fits, build, it->err));
        if (fits)
            return PF_OK;
        int8_t policy = it->plan->policy->on_bad_cell;
        PF_TRY(note_event(it, row, target->at, i, policy == PF_GRID_FAIL, m));
        *rejected = policy == PF_GRID_REJECT;
        return pf_build_null(build, it->err);
    }
    PF_TRY(note_event(it, row, target->at, i, true, m));
    return pf_build_null(build, it->err);
}

static pf_status put_cell(struct building *it, uint32_t row, const struct pf_cell *cell, int64_t place,
                          bool *rejected) {
    const struct pf_grid_plan *plan = it->plan;
    const struct pf_grid_view *view = &plan->table->view;
    int32_t i = cell->column < plan->map_count ? plan->map[cell->column] : PF_GRID_STRANGE;
    struct pf_meaning m;
    pf_status status;
    m.digits = 0;
    if (i == PF_GRID_UNWANTED || !pf_grid_view_takes(view, cell))
        return PF_OK;
    pf_grid_cell_means(view->book, view->date1904, it->block, cell, &m);
    if (i < 0)
        return m.means == PF_MEANS_NOTHING || plan->table->exact
                   ? PF_OK
                   : note_event(it, row, cell->column, -1, true, &m);
    if (plan->policy->text_numbers)
        pf_grid_text_as_number(&m);
    const struct pf_grid_target *target = &plan->targets[i];
    struct pf_build *build = &it->b->batch.builds[i];
    while (build->length < place)
        PF_TRY(pf_build_null(build, it->err));
    pf_grid_infer_cell(&it->b->seen[i], &m, row);
    if (is_null(plan->policy, m.means)) {
        if (m.means == PF_MEANS_ERROR && plan->policy->errors == PF_GRID_FAIL)
            PF_TRY(note_event(it, row, cell->column, i, true, &m));
        return pf_build_null(build, it->err);
    }
    if (target->unsettled && m.means != PF_MEANS_TEXT && m.means != PF_MEANS_CODE && m.means != PF_MEANS_ERROR)
        return put_misfit(it, i, row, &m, rejected);
    if (plan->policy->display && target->type.kind == PF_KIND_UTF8 && put_shown(it, cell, build, &status))
        return status;
    if (target->accepts >> m.means & 1)
        return put_native(it, build, &target->type, &m);
    return put_misfit(it, i, row, &m, rejected);
}

/* ---- rows ---- */

static pf_status pad(struct building *it, int64_t rows) {
    for (int32_t i = 0; i < it->plan->count; i++)
        while (it->b->batch.builds[i].length < rows)
            PF_TRY(pf_build_null(&it->b->batch.builds[i], it->err));
    return PF_OK;
}

/* Reserves for rows from it->from on, at most a batch. */
static pf_status start_batch(struct building *it, int64_t end) {
    int64_t rows = end - it->from < it->plan->batch_rows ? end - it->from : it->plan->batch_rows;
    it->room = rows;
    it->left_out = it->bytes = 0;
    for (int32_t i = 0; i < it->plan->count; i++)
        PF_TRY(pf_build_reserve(&it->b->batch.builds[i], rows, it->b->text_bytes[i], it->err));
    return PF_OK;
}

/* Ends the batch in front of row `to`. */
static pf_status end_batch(struct building *it, int64_t to) {
    struct pf_grid_builder *b = it->b;
    PF_TRY(pad(it, to - it->from - it->left_out));
    for (int32_t i = 0; i < it->plan->count; i++)
        b->text_bytes[i] = b->batch.builds[i].data_size;
    if (b->done_count == b->done_room) {
        size_t room = b->done_room ? 2 * b->done_room : 8;
        struct pf_grid_batch *grown = pf_mem_grow(b->done, room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(it->err, room * sizeof *grown);
        b->done = grown;
        b->done_room = room;
    }
    struct pf_grid_batch *done = &b->done[b->done_count];
    *done = (struct pf_grid_batch){.from = it->from, .to = to};
    if (it->plan->count) {
        PF_TRY(pf_batch_take(&b->batch, &done->array, it->err));
        b->done_count++;
    }
    it->from = to;
    return PF_OK;
}

/* Shared strings lie all over the memory: what the rows ahead need is asked for in good time, first where a string
 * lies and then, nearer, the string. */
#define AHEAD_FAR  16
#define AHEAD_NEAR 8
struct ahead {
    const struct pf_cell *far, *near; /* the first cells of rows to come */
};

static struct ahead look_ahead(const struct building *it, size_t r) {
    const struct pf_grid_block *block = it->block;
    const struct pf_cell *last = block->cells + block->cell_count;
    size_t far = r + AHEAD_FAR, near = r + AHEAD_NEAR;
    return (struct ahead){far < block->row_count ? block->cells + block->rows[far].from : last,
                          near < block->row_count ? block->cells + block->rows[near].from : last};
}

/* The k-th cells of rows to come, in place of the one at hand. Not inlined, gcc finds that it has no effect. */
static inline __attribute__((always_inline)) void
warm(const struct building *it, const struct pf_grid_strings *strings, const struct ahead *ahead, size_t k) {
    const struct pf_cell *last = it->block->cells + it->block->cell_count;
    if ((size_t)(last - ahead->far) <= k)
        return;
    const struct pf_cell *far = ahead->far + k, *near = ahead->near + k;
    if (far->kind == PF_CELL_SHARED && far->value.shared < strings->count)
        __builtin_prefetch(&strings->offsets[far->value.shared]);
    if (near->kind == PF_CELL_SHARED && near->value.shared < strings->count)
        __builtin_prefetch(strings->bytes + strings->offsets[near->value.shared]);
}

/* ---- the usual cells ---- */

/* readable: bytes that may be read from `text` on. */
static inline bool put_text(struct building *it, struct pf_build *build, const char *text, uint64_t size,
                            uint64_t readable) {
    if (size == 0 || size > (uint64_t)(build->data_room - build->data_size))
        return false;
    uint8_t *to = build->data + build->data_size;
    if (size <= 16 && readable >= 16)
        memcpy(to, text, 16); /* there is slack behind */
    else
        memcpy(to, text, size);
    build->data_size += (int64_t)size;
    build->offsets[build->length + 1] = (int32_t)build->data_size;
    it->bytes += (int64_t)size;
    return true;
}

static inline bool put_shared(struct building *it, struct pf_build *build, const struct pf_cell *cell,
                              const struct ahead *ahead, size_t k) {
    const struct pf_grid_strings *s = it->plan->table->view.book->strings;
    uint32_t id = cell->value.shared;
    if (!s || id >= s->count)
        return false;
    warm(it, s, ahead, k);
    uint64_t from = s->offsets[id];
    return put_text(it, build, s->bytes + from, s->offsets[id + 1] - from, s->offsets[s->count] - from);
}

/* What it means; the value is there, for the types that take it. */
static inline int put_number(const struct building *it, struct pf_build *build, double number,
                             const struct pf_grid_target *target, uint16_t style) {
    const struct pf_grid_view *view = &it->plan->table->view;
    int kind = style < view->book->format_count ? view->book->formats[style].kind : PF_FORMAT_GENERAL;
    int64_t *whole = (int64_t *)(void *)build->values + build->length, micros;
    int32_t days;
    if (kind < PF_FORMAT_MASK) {
        bool integer = pf_number_is_whole(number);
        if (target->type.kind == PF_KIND_FLOAT64)
            ((double *)(void *)build->values)[build->length] = number;
        else if (integer && target->type.kind == PF_KIND_INT64)
            *whole = (int64_t)number;
        return integer ? PF_MEANS_INTEGER : PF_MEANS_REAL;
    }
    if ((kind != PF_FORMAT_DATE && kind != PF_FORMAT_STAMP) ||
        !pf_grid_serial(number, view->date1904, &days, &micros))
        return PF_MEANS_NOTHING;
    if (target->type.kind == PF_KIND_TIMESTAMP)
        *whole = days * DAY_MICROS + micros;
    else if (target->type.kind == PF_KIND_DATE32)
        ((int32_t *)(void *)build->values)[build->length] = days;
    return kind == PF_FORMAT_DATE && micros == 0 ? PF_MEANS_DATE : PF_MEANS_STAMP;
}

/* Of a cell whose kind is its column's, as most are, the same as put_cell, without its detours. false: nothing was done. */
static inline bool put_usual(struct building *it, const struct pf_cell *cell, int64_t place,
                             const struct ahead *ahead, size_t k) {
    const struct pf_grid_plan *plan = it->plan;
    int32_t i = cell->column < plan->map_count ? plan->map[cell->column] : PF_GRID_STRANGE;
    if (i < 0)
        return false;
    const struct pf_grid_target *target = &plan->targets[i];
    struct pf_build *build = &it->b->batch.builds[i];
    struct pf_grid_infer *seen = &it->b->seen[i];
    uint32_t usual = target->usual & seen->seen;
    int means = PF_MEANS_NOTHING;
    if (build->length != place)
        return false;
    switch (cell->kind) {
    case PF_CELL_NUMBER: means = put_number(it, build, cell->value.number, target, cell->style); break;
    case PF_CELL_SHARED:
        if (usual >> PF_MEANS_TEXT & 1 && put_shared(it, build, cell, ahead, k))
            means = PF_MEANS_TEXT;
        break;
    case PF_CELL_TEXT: {
        uint64_t at = cell->value.text.at, size = cell->value.text.size;
        if (usual >> PF_MEANS_TEXT & 1 &&
            put_text(it, build, (const char *)it->block->text.data + at, size, it->block->text.size - at))
            means = PF_MEANS_TEXT;
        break;
    }
    case PF_CELL_BOOL:
        means = PF_MEANS_BOOL;
        if (usual >> PF_MEANS_BOOL & 1 && cell->value.whole)
            pf_bit_set(build->values, place);
        break;
    default: return false;
    }
    if (means == PF_MEANS_NOTHING || !(usual >> means & 1))
        return false;
    seen->count[means]++;
    build->length++;
    return true;
}

/* Values that stand in place of formulas. */
static void note_unspelled(const struct building *it, size_t r) {
    const struct pf_grid_plan *plan = it->plan;
    for (uint32_t c = it->block->rows[r].from; c < pf_grid_row_end(it->block, r); c++) {
        const struct pf_cell *cell = &it->block->cells[c];
        int32_t i = cell->column < plan->map_count ? plan->map[cell->column] : PF_GRID_STRANGE;
        struct pf_meaning m;
        if (i < 0 || !(cell->flags & PF_CELL_UNSPELLED) || !pf_grid_view_has(&plan->table->view, cell))
            continue;
        pf_grid_cell_means(plan->table->view.book, plan->table->view.date1904, it->block, cell, &m);
        m.means = PF_MEANS_UNSPELLED;
        m.text = (struct pf_text){"", 0};
        pf_grid_infer_cell(&it->b->seen[i], &m, it->block->rows[r].number);
    }
}

/* The address of a link in the place of what its cell holds. */
static pf_status put_instead(struct building *it, uint32_t row, const struct pf_cell *link, int64_t place,
                             bool *rejected) {
    struct pf_cell cell = *link;
    cell.column = (uint16_t)pf_grid_column_of(link->column);
    int32_t i = cell.column < it->plan->map_count ? it->plan->map[cell.column] : PF_GRID_STRANGE;
    if (i >= 0 && it->b->batch.builds[i].length > place)
        pf_build_truncate(&it->b->batch.builds[i], place);
    return put_cell(it, row, &cell, place, rejected);
}

static pf_status put_row(struct building *it, size_t r) {
    uint32_t row = it->block->rows[r].number, from = it->block->rows[r].from;
    int64_t place = row - it->from - it->left_out;
    bool rejected = false;
    struct ahead ahead = look_ahead(it, r);
    for (uint32_t c = from; c < pf_grid_row_end(it->block, r) && !it->b->stopped; c++) {
        const struct pf_cell *cell = &it->block->cells[c];
        if (it->plan->policy->links == PF_LINKS_URL && pf_grid_is_link(cell->column))
            PF_TRY(put_instead(it, row, cell, place, &rejected));
        else if (!put_usual(it, cell, place, &ahead, c - from))
            PF_TRY(put_cell(it, row, cell, place, &rejected));
    }
    if (it->plan->policy->formulas)
        note_unspelled(it, r);
    if (!rejected)
        return PF_OK;
    for (int32_t i = 0; i < it->plan->count; i++)
        if (it->b->batch.builds[i].length > place)
            pf_build_truncate(&it->b->batch.builds[i], place);
    it->left_out++;
    return PF_OK;
}

/* Leaves out the blank rows up to row r of the block; whether it is one too. */
static bool leave_blank(struct building *it, size_t r) {
    int64_t row = it->block->rows[r].number;
    bool blank = !pf_grid_view_has_value(&it->plan->table->view, it->block, r);
    int64_t rows = row - it->next + blank;
    it->left_out += rows;
    it->b->blank += rows;
    it->next = row + 1;
    return blank;
}

int64_t pf_grid_rows_end(const struct pf_grid_table *table, const struct pf_grid_block *block, int64_t from) {
    for (size_t r = block->row_count; r-- > 0;)
        if (block->rows[r].number <= table->last_row && pf_grid_row_end(block, r) > block->rows[r].from)
            return block->rows[r].number + (int64_t)1 > from ? block->rows[r].number + (int64_t)1 : from;
    return from;
}

static void reset(struct pf_grid_builder *b, const struct pf_grid_plan *plan) {
    for (size_t i = 0; i < b->done_count; i++)
        if (b->done[i].array.release)
            b->done[i].array.release(&b->done[i].array);
    for (int32_t i = 0; i < plan->count; i++)
        pf_build_truncate(&b->batch.builds[i], 0);
    memset(b->seen, 0, (size_t)plan->count * sizeof *b->seen);
    b->done_count = b->event_count = 0;
    b->bad = b->blank = 0;
    b->stopped = false;
}

pf_status pf_grid_builder_read(struct pf_grid_builder *b, const struct pf_grid_plan *plan,
                               const struct pf_grid_block *block, int64_t from, struct pf_error *err) {
    struct building it = {.b = b, .plan = plan, .block = block, .from = from, .next = from, .err = err};
    int64_t end = pf_grid_rows_end(plan->table, block, from);
    reset(b, plan);
    if (end <= from)
        return PF_OK;
    PF_TRY(start_batch(&it, end));
    for (size_t r = 0; r < block->row_count && !b->stopped; r++) {
        int64_t row = block->rows[r].number;
        if (row < from || row >= end)
            continue;
        bool left = plan->policy->leave_blank && leave_blank(&it, r);
        if (it.bytes > PF_CEIL_BATCH_BYTES / 2 || (plan->policy->leave_blank && row >= it.from + it.room)) {
            it.left_out -= left;
            PF_TRY(end_batch(&it, row));
            PF_TRY(start_batch(&it, end));
            it.left_out = left;
        }
        if (left)
            continue;
        while (row >= it.from + it.room) {
            PF_TRY(end_batch(&it, it.from + it.room));
            PF_TRY(start_batch(&it, end));
        }
        PF_TRY(put_row(&it, r));
    }
    return b->stopped ? PF_OK : end_batch(&it, end);
}
