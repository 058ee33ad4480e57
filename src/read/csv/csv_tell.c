/* csv_tell.c — room read/csv. What was wrong with a row, in words and with its place.  SPDX-License-Identifier: MIT
 * Knows: rows, lines, bytes of the input; the words for each defect.
 * Knows not: how defects are found.                         Format: docs/formats/csv.md §Rows that are not right */
#include "read/csv/csv_tell.h"

#include <stdio.h>

#include "base/error.h"
#include "base/utf8.h"
#include "read/csv/csv_machine.h"

#define CELL_MOST 60 /* bytes of a cell that a message shows */

struct place {
    int64_t row, line, byte;
};

static struct place find_place(struct pf_csv_teller *t, const struct pf_csv_event *event) {
    if (event->text_at > t->walked) {
        t->walked_lines += pf_csv_lines(t->text->at + t->walked, event->text_at - t->walked);
        t->walked = event->text_at;
    }
    struct place place = {t->records + event->record + 1, t->line + t->walked_lines, t->at};
    place.byte += t->text->same
                      ? (int64_t)event->text_at
                      : (int64_t)pf_csv_text_back(&t->plan->rule, t->raw, t->raw_size, event->text_at, &t->way);
    return place;
}

static const char *column_name(const struct pf_csv_teller *t, int32_t column) {
    return column >= 0 && t->plan->schema ? t->plan->schema->children[column]->name : NULL;
}

static void print_type(const struct pf_csv_teller *t, int32_t column, char *to, size_t room) {
    to[0] = 0;
    if (column >= 0)
        pf_type_print(&t->plan->columns[column].parse.type, to, room);
}

/* The event's cell as it stands in the input, quotes and escapes too; cut, on one line. */
static void print_cell(const struct pf_csv_teller *t, const struct pf_csv_event *e, char to[CELL_MOST + 1]) {
    struct pf_csv_machine m;
    struct pf_csv_cell cell = {0};
    const char *text = t->text->at;
    size_t next = e->text_at;
    int32_t wanted = t->plan->columns[e->column].source;
    pf_csv_machine_init(&m, text, t->text->size, true, t->plan->dialect);
    int more = pf_csv_machine_cell(&m, next, true, &cell, &next);
    for (; wanted > 0 && more == PF_CSV_CELL; wanted--)
        more = pf_csv_machine_cell(&m, next, false, &cell, &next);
    size_t from = cell.from - cell.quoted, size = cell.to + cell.quoted + cell.tail - from;
    if (size > CELL_MOST)
        size = CELL_MOST - pf_utf8_cut(text + from, CELL_MOST);
    size = wanted ? 0 : size; /* the row is too short for it */
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)text[from + i] < ' ' ? ' ' : text[from + i];
    to[size] = 0;
}

/* What is wrong, without its place. */
static void print_reason(const struct pf_csv_teller *t, const struct pf_csv_event *e, char *to, size_t room) {
    char type[96], cell[CELL_MOST + 1];
    switch (e->kind) {
    case PF_CSV_SHORT:
    case PF_CSV_LONG:
        snprintf(to, room, "%d cell%s where the table has %d", (int)e->cells, e->cells == 1 ? "" : "s",
                 (int)(e->act == PF_CSV_TELL ? t->plan->dialect->columns : t->plan->width));
        break;
    case PF_CSV_UNCLOSED: snprintf(to, room, "a quote that is opened here is not closed"); break;
    case PF_CSV_NUL: snprintf(to, room, "NUL characters"); break;
    case PF_CSV_BYTES:
        snprintf(to, room, e->cells == 1 ? "%d place that is not %s" : "%d places that are not %s",
                 (int)e->cells, pf_charset_name(t->plan->rule.charset));
        break;
    default:
        print_type(t, e->column, type, sizeof type);
        print_cell(t, e, cell);
        snprintf(to, room, "'%s' is not %s", cell, type);
        break;
    }
}

static const char *expected_of(const struct pf_csv_teller *t, const struct pf_csv_event *e, char *to,
                               size_t room) {
    switch (e->kind) {
    case PF_CSV_SHORT:
    case PF_CSV_LONG: snprintf(to, room, "%d cells", (int)t->plan->width); break;
    case PF_CSV_UNCLOSED: snprintf(to, room, "a closing quote"); break;
    case PF_CSV_BYTES: snprintf(to, room, "%s", pf_charset_name(t->plan->rule.charset)); break;
    default: print_type(t, e->column, to, room); break;
    }
    return to;
}

const char *pf_csv_tell_kind(int8_t kind) {
    static const char *const kinds[PF_CSV_MISFIT + 1] = {
        [PF_CSV_SHORT] = "short-row", [PF_CSV_LONG] = "long-row",   [PF_CSV_UNCLOSED] = "unclosed-quote",
        [PF_CSV_NUL] = "nul",         [PF_CSV_BYTES] = "bad-bytes", [PF_CSV_MISFIT] = "bad-cell"};
    return kinds[kind];
}

static pf_status reject(struct pf_csv_teller *t, const struct pf_csv_event *e, const struct place *place,
                        const char *reason, struct pf_error *err) {
    char expected[96];
    struct pf_csv_event end = *e;
    end.text_at += e->text_size;
    struct pf_csv_way way = t->way; /* the next event may begin before this record ends */
    size_t from = (size_t)(place->byte - t->at), to = end.text_at;
    if (!t->text->same)
        to = pf_csv_text_back(&t->plan->rule, t->raw, t->raw_size, end.text_at, &way);
    struct pf_reject told = {.struct_size = sizeof told,
                             .column_index = e->column,
                             .row = place->row,
                             .line = place->line,
                             .byte = place->byte,
                             .table = t->table,
                             .column = column_name(t, e->column),
                             .expected = expected_of(t, e, expected, sizeof expected),
                             .reason = reason,
                             .raw = t->raw + from,
                             .raw_size = to - from};
    return t->host->reject ? t->host->reject(t->host, &told, err) : PF_OK;
}

pf_status pf_csv_tell_event(struct pf_csv_teller *t, const struct pf_csv_event *event, struct pf_error *err) {
    struct place place = find_place(t, event);
    char reason[200], detail[260];
    print_reason(t, event, reason, sizeof reason);
    if (event->act == PF_CSV_LEAVE_OUT)
        return reject(t, event, &place, reason, err);
    snprintf(detail, sizeof detail, "line %lld: %s", (long long)place.line, reason);
    struct pf_notice notice = {.struct_size = sizeof notice,
                               .kind = pf_csv_tell_kind(event->kind),
                               .column = column_name(t, event->column),
                               .detail = detail,
                               .row = place.row,
                               .byte = place.byte,
                               .count = event->kind == PF_CSV_BYTES ? event->cells : 1};
    if (t->host->notice)
        t->host->notice(t->host, &notice);
    return PF_OK;
}

pf_status pf_csv_tell_stop(struct pf_csv_teller *t, const struct pf_csv_event *event, struct pf_error *err) {
    struct place place = find_place(t, event);
    const char *column = column_name(t, event->column);
    bool widen = event->act == PF_CSV_STOP_WIDEN;
    char reason[200];
    print_reason(t, event, reason, sizeof reason);
    const char *remedy = widen                          ? ""
                         : event->kind == PF_CSV_MISFIT ? "; fix it or choose another --on-bad-cell"
                         : event->kind == PF_CSV_BYTES ? "; give the right --encoding or another --on-bad-bytes"
                                                       : "; fix it or choose another --on-bad-row";
    pf_fail_at(err, widen ? PF_WIDEN : PF_BAD_DATA, place.row, place.byte, "%s%s", reason, remedy);
    if (column && column[0])
        pf_where(err, "column '%.60s'", column);
    pf_where(err, "line %lld", (long long)place.line); /* the row has a place of its own */
    return widen ? PF_WIDEN : PF_BAD_DATA;
}
