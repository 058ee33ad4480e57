/* csv_part.c — room read/csv. The rows of a block and what is wrong with them.   SPDX-License-Identifier: MIT
 * Knows: defects of records, undecodable bytes, what the options want done about them.
 * Knows not: types, threads, who is told.                   Format: docs/formats/csv.md §Rows that are not right */
#include "read/csv/csv_part.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define KINDS        6 /* of defects one record may have */
#define WINDOW_BYTES (192 << 10)
#define WINDOW_ROWS  64          /* at least, as long as they stay within … */
#define WINDOW_MOST  (512 << 10) /* … so many bytes */

static pf_status grow(void **array, size_t *room, size_t need, size_t item, struct pf_error *err) {
    if (need <= *room)
        return PF_OK;
    size_t more = *room < 16 ? 16 : 2 * *room;
    void *grown = pf_mem_grow(*array, more * item);
    if (!grown)
        return pf_fail_memory(err, more * item);
    *array = grown;
    *room = more;
    return PF_OK;
}

void pf_csv_part_clear(struct pf_csv_part *part) {
    pf_csv_block_clear(&part->block);
    pf_mem_free(part->bad);
    pf_mem_free(part->events);
    memset(part, 0, sizeof *part);
}

void pf_csv_part_start(struct pf_csv_part *part, const struct pf_csv_text *text) {
    part->block.text = text->at;
    part->block.size = text->size;
    part->block.given = text->marks;
    part->block.from = part->block.to = 0;
    part->block.rows = 0;
    part->base = part->rows = 0;
    part->bad_count = part->event_count = part->bad_bytes_seen = 0;
    part->stopped = false;
}

pf_status pf_csv_part_event(struct pf_csv_part *part, const struct pf_csv_event *event, struct pf_error *err) {
    PF_TRY(grow((void **)&part->events, &part->event_room, part->event_count + 1, sizeof *part->events, err));
    part->events[part->event_count++] = *event;
    return PF_OK;
}

/* The first index whose row is not below. */
static size_t find_bad(const struct pf_csv_part *part, int64_t row) {
    size_t low = 0, high = part->bad_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (part->bad[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

pf_status pf_csv_part_leave_out(struct pf_csv_part *part, int64_t row, struct pf_error *err) {
    size_t at = part->bad_count && part->bad[part->bad_count - 1] < row ? part->bad_count : find_bad(part, row);
    if (at < part->bad_count && part->bad[at] == row)
        return PF_OK;
    PF_TRY(grow((void **)&part->bad, &part->bad_room, part->bad_count + 1, sizeof *part->bad, err));
    memmove(part->bad + at + 1, part->bad + at, (part->bad_count - at) * sizeof *part->bad);
    part->bad[at] = row;
    part->bad_count++;
    return PF_OK;
}

static int8_t act_of(int8_t policy) {
    return policy == PF_CSV_KEEP ? PF_CSV_TELL : policy == PF_CSV_REJECT ? PF_CSV_LEAVE_OUT : PF_CSV_STOP_FAIL;
}

static int8_t choose_act(const struct pf_csv_plan *plan, int kind) {
    int8_t act;
    switch (kind) {
    case PF_CSV_NUL: return PF_CSV_TELL;
    case PF_CSV_BYTES: act = act_of(plan->on_bad_bytes); break;
    case PF_CSV_LONG:
        act = plan->on_bad_row == PF_CSV_KEEP ? PF_CSV_STOP_WIDEN : act_of(plan->on_bad_row);
        break;
    default: act = act_of(plan->on_bad_row); break;
    }
    return plan->survey && act != PF_CSV_LEAVE_OUT ? PF_CSV_TELL : act;
}

/* The next undecodable place that lies in a record of the part: its defect, all of the record's places counted. */
static bool next_bytes(struct pf_csv_part *part, const struct pf_csv_dialect *dialect,
                       const struct pf_csv_text *text, struct pf_csv_defect *out) {
    const struct pf_csv_block *b = &part->block;
    while (part->bad_bytes_seen < text->bad_count && text->bad[part->bad_bytes_seen] < b->to) {
        size_t size, start, place = text->bad[part->bad_bytes_seen++];
        int64_t record = pf_csv_record_at(b, dialect, place, &start, &size);
        if (record < 0)
            continue;
        *out = (struct pf_csv_defect){PF_CSV_BYTES, 1, record, (int64_t)start, (int64_t)size};
        while (part->bad_bytes_seen < text->bad_count && text->bad[part->bad_bytes_seen] < start + size) {
            part->bad_bytes_seen++;
            out->cells++;
        }
        return true;
    }
    return false;
}

/* All that is wrong with one record. What fails comes first; a record that is left out does nothing else. */
static pf_status take_defects(const struct pf_csv_plan *plan, struct pf_csv_part *part,
                              const struct pf_csv_defect *defects, size_t count, struct pf_error *err) {
    static const int8_t order[] = {PF_CSV_STOP_FAIL, PF_CSV_LEAVE_OUT, PF_CSV_STOP_WIDEN, PF_CSV_TELL};
    for (size_t o = 0; o < sizeof order; o++) {
        bool any = false;
        for (size_t i = 0; i < count && !(any && order[o] != PF_CSV_TELL); i++) {
            const struct pf_csv_defect *d = &defects[i];
            /* wide enough for the header: only a longer row elsewhere has made the table wider */
            if (d->kind == PF_CSV_SHORT && d->cells >= plan->dialect->columns)
                continue;
            struct pf_csv_event event = {.record = part->base + d->record,
                                         .text_at = (uint32_t)d->byte,
                                         .text_size = (uint32_t)d->byte_size,
                                         .column = -1,
                                         .cells = d->cells,
                                         .kind = (int8_t)d->kind,
                                         .act = choose_act(plan, d->kind)};
            if (event.act != order[o])
                continue;
            any = true;
            if (event.act >= PF_CSV_STOP_FAIL) {
                part->stopped = true;
                part->stop = event;
                part->rows = d->record;
                return PF_OK;
            }
            if (event.act == PF_CSV_LEAVE_OUT)
                PF_TRY(pf_csv_part_leave_out(part, d->record, err));
            if (!plan->survey)
                PF_TRY(pf_csv_part_event(part, &event, err));
        }
        if (any)
            break;
    }
    return PF_OK;
}

/* How many cells a row has when bare empty ones at its end do not count. */
static int32_t count_filled(const struct pf_csv_block *b, int64_t row) {
    const uint32_t *pos = b->pos + (size_t)row * (size_t)b->columns;
    int32_t n = b->columns;
    uint32_t end = pos[n];
    if (b->strip_cr && end > pos[n - 1] + 1 && b->cells_text[end - 1] == '\r')
        end--;
    for (; n > 0 && end == pos[n - 1] + 1; n--)
        end = pos[n - 1];
    return n;
}

/* Rows that made the table wider than its header are whole rows to the splitter; they are told all the same. */
static pf_status tell_wide(const struct pf_csv_plan *plan, struct pf_csv_part *part, struct pf_error *err) {
    int32_t usual = plan->dialect->columns;
    bool wider = plan->on_bad_row == PF_CSV_KEEP && !plan->survey && usual > 0 && plan->width > usual;
    for (int64_t row = 0; wider && row < part->rows; row++) {
        int32_t cells = count_filled(&part->block, row);
        struct pf_csv_event event = {.record = part->base + row,
                                     .text_at = (uint32_t)pf_csv_record_start(&part->block, row),
                                     .column = -1,
                                     .cells = cells,
                                     .kind = PF_CSV_LONG,
                                     .act = PF_CSV_TELL};
        if (cells > usual)
            PF_TRY(pf_csv_part_event(part, &event, err));
    }
    return PF_OK;
}

pf_status pf_csv_part_next(const struct pf_csv_plan *plan, const struct pf_csv_text *text,
                           struct pf_csv_part *part, bool *more, struct pf_error *err) {
    struct pf_csv_block *b = &part->block;
    *more = b->to < b->size && !part->stopped;
    if (!*more)
        return PF_OK;
    part->base += b->rows;
    b->from = b->to;
    PF_TRY(pf_csv_split(b, plan->dialect, plan->width, err));
    part->rows = b->rows;
    part->bad_count = 0;
    struct pf_csv_defect bytes;
    bool pending = next_bytes(part, plan->dialect, text, &bytes);
    for (size_t i = 0; (i < b->defect_count || pending) && !part->stopped;) {
        struct pf_csv_defect mine[KINDS];
        size_t count = 0;
        int64_t record = i < b->defect_count ? b->defects[i].record : INT64_MAX;
        if (pending && bytes.record <= record) {
            record = bytes.record;
            mine[count++] = bytes;
            pending = next_bytes(part, plan->dialect, text, &bytes);
        }
        for (; i < b->defect_count && b->defects[i].record == record; i++)
            if (count < KINDS)
                mine[count++] = b->defects[i];
        PF_TRY(take_defects(plan, part, mine, count, err));
    }
    return tell_wide(plan, part, err);
}

bool pf_csv_part_run(const struct pf_csv_part *part, int64_t *from, int64_t to, int64_t *end) {
    size_t k = find_bad(part, *from);
    while (k < part->bad_count && part->bad[k] == *from) {
        ++*from;
        k++;
    }
    *end = k < part->bad_count && part->bad[k] < to ? part->bad[k] : to;
    return *from < to;
}

struct pf_cells pf_csv_part_cells(const struct pf_csv_part *part, const struct pf_csv_dialect *dialect,
                                  int32_t source, int64_t from, int64_t to) {
    const struct pf_csv_block *b = &part->block;
    return (struct pf_cells){.text = b->cells_text,
                             .pos = b->pos + (size_t)from * (size_t)b->columns + (size_t)source,
                             .stride = (size_t)b->columns,
                             .rows = (size_t)(to - from),
                             .quote = b->quotes ? dialect->quote : 0,
                             .strip_cr = b->strip_cr && source + 1 == b->columns};
}

int64_t pf_csv_window_rows(int64_t row_bytes) {
    row_bytes = row_bytes > 0 ? row_bytes : 1;
    int64_t window = WINDOW_BYTES / row_bytes;
    if (window < WINDOW_ROWS)
        window = WINDOW_MOST / row_bytes < WINDOW_ROWS ? WINDOW_MOST / row_bytes : WINDOW_ROWS;
    return window > 0 ? window : 1;
}
