/* csv_trial.c — room read/csv. A sample read with a candidate dialect.            SPDX-License-Identifier: MIT
 * Knows: the splitter's machine, and how to count what it met.
 * Knows not: which dialect is right, types, names, charsets. */
#include "read/csv/csv_trial.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "read/csv/csv_machine.h"

#define FAR_QUOTE (1u << 20) /* a quoted cell of a sample that is longer than this counts as not closed */

static pf_status put_cell(struct pf_csv_trial *trial, size_t at, size_t size, bool quoted,
                          struct pf_error *err) {
    if (trial->cell_count == trial->cell_room) {
        size_t room = trial->cell_room ? trial->cell_room * 2 : 4096;
        void *more = pf_mem_grow(trial->cells, room * sizeof *trial->cells);
        if (!more)
            return pf_fail_memory(err, room * sizeof *trial->cells);
        trial->cells = more;
        trial->cell_room = room;
    }
    trial->cells[trial->cell_count++] = (struct pf_csv_span){(uint32_t)at, (uint32_t)size, quoted};
    return PF_OK;
}

static pf_status put_record(struct pf_csv_trial *trial, struct pf_csv_record record, struct pf_error *err) {
    if (trial->count == trial->room) {
        size_t room = trial->room ? trial->room * 2 : 512;
        void *more = pf_mem_grow(trial->records, room * sizeof *trial->records);
        if (!more)
            return pf_fail_memory(err, room * sizeof *trial->records);
        trial->records = more;
        trial->room = room;
    }
    trial->records[trial->count++] = record;
    return PF_OK;
}

/* The quotes inside a quoted cell: doubled, escaped, or neither. */
static void count_inner(struct pf_csv_trial *trial, const struct pf_csv_machine *m,
                        const struct pf_csv_cell *cell) {
    for (size_t i = cell->from; i < cell->to; i++) {
        if (m->escape && m->text[i] == m->escape && i + 1 < cell->to) {
            trial->escaped += m->text[i + 1] == m->quote;
            i += m->text[i + 1] == m->quote || m->text[i + 1] == m->escape;
        } else if (m->text[i] == m->quote) {
            bool twice = m->doubled && i + 1 < cell->to && m->text[i + 1] == m->quote;
            trial->doubled += twice;
            trial->inner += !twice;
            i += twice;
        }
    }
}

/* The cells of the record at record->at. *cut: the text ended inside it and is not the whole text. */
static pf_status read_cells(struct pf_csv_trial *trial, struct pf_csv_machine *m, struct pf_csv_record *record,
                            bool *cut, struct pf_error *err) {
    size_t at = record->at, next = at;
    for (int what = PF_CSV_CELL; what == PF_CSV_CELL; at = next) {
        struct pf_csv_cell cell = {0};
        what = pf_csv_machine_cell(m, at, at == record->at, &cell, &next);
        if (what == PF_CSV_MORE) {
            *cut = true;
            return PF_OK;
        }
        if (cell.quoted && cell.tail && m->dialect->delimiter_size == 0) {
            /* one column: nothing told that the quote closes, so for a trial it is text */
            cell.from--;
            cell.to += 1 + cell.tail;
            cell.quoted = false;
        }
        if (cell.quoted) {
            trial->quoted++;
            if (cell.inner)
                count_inner(trial, m, &cell);
        } else if (m->quote && cell.to > cell.from && m->text[cell.from] == m->quote) {
            trial->broken++;
            record->flags |= PF_CSV_BROKEN;
        }
        PF_TRY(put_cell(trial, cell.from, cell.to - cell.from, cell.quoted, err));
        record->cells++;
    }
    record->next = (uint32_t)next;
    return PF_OK;
}

/* Counts the line ends up to next, and what ended the record; a CR LF is one. */
static void count_ends(struct pf_csv_trial *trial, struct pf_csv_record *record) {
    const char *text = trial->text;
    for (size_t i = record->at; i < record->next; i++)
        trial->lines += text[i] == '\n' || (text[i] == '\r' && (i + 1 == record->next || text[i + 1] != '\n'));
    record->end = record->next;
    if (record->end == record->at || (text[record->end - 1] != '\n' && text[record->end - 1] != '\r'))
        return;
    bool lf = text[--record->end] == '\n';
    bool crlf = lf && record->end > record->at && text[record->end - 1] == '\r';
    record->end -= crlf;
    trial->ends[crlf ? PF_LINE_CRLF : lf ? PF_LINE_LF : PF_LINE_CR]++;
}

pf_status pf_csv_trial_read(struct pf_csv_trial *trial, const char *text, size_t size, bool all,
                            const struct pf_csv_dialect *form, size_t most_records, struct pf_error *err) {
    if (size > UINT32_MAX / 2)
        size = UINT32_MAX / 2, all = false;
    struct pf_csv_trial fresh = {.text = text,
                                 .size = size,
                                 .records = trial->records,
                                 .room = trial->room,
                                 .cells = trial->cells,
                                 .cell_room = trial->cell_room};
    *trial = fresh;
    struct pf_csv_machine m;
    pf_csv_machine_init(&m, text, size, all, form);
    m.ceiling = FAR_QUOTE;
    for (size_t at = 0; at < size && trial->count < most_records;) {
        struct pf_csv_record record = {
            .at = (uint32_t)at, .first = (uint32_t)trial->cell_count, .line = trial->lines};
        size_t next = at;
        int idle = pf_csv_machine_skip(&m, at, &next);
        bool cut = idle < 0;
        record.flags = idle == 1 ? PF_CSV_BLANK : idle == 2 ? PF_CSV_COMMENT : 0;
        record.next = (uint32_t)next;
        if (idle == 0)
            PF_TRY(read_cells(trial, &m, &record, &cut, err));
        if (cut) {
            trial->cell_count = record.first;
            break;
        }
        count_ends(trial, &record);
        PF_TRY(put_record(trial, record, err));
        at = record.next;
    }
    return PF_OK;
}

void pf_csv_trial_clear(struct pf_csv_trial *trial) {
    pf_mem_free(trial->records);
    pf_mem_free(trial->cells);
    *trial = (struct pf_csv_trial){0};
}

size_t pf_csv_trial_cell(const struct pf_csv_trial *trial, const struct pf_csv_span *cell,
                         const struct pf_csv_dialect *form, char *to, size_t room) {
    const char *text = trial->text + cell->at;
    size_t used = 0;
    for (size_t i = 0; i < cell->size && used < room; i++) {
        char next = i + 1 < cell->size ? text[i + 1] : 0;
        bool sense = next && (next == form->quote || next == form->escape || next == '\n' || next == '\r' ||
                              (form->delimiter_size && next == form->delimiter[0]));
        if (form->escape && form->escape != form->quote && text[i] == form->escape && sense)
            i++;
        else if (cell->quoted && form->doubled && text[i] == form->quote && next == form->quote)
            i++;
        if (text[i])
            to[used++] = text[i];
    }
    return used;
}
