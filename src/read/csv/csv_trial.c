/* csv_trial.c — room read/csv. A sample read with a candidate dialect.            SPDX-License-Identifier: MIT
 * Knows: quoting, escapes, blanks around cells, comments, record ends.
 * Knows not: which dialect is right, types, names, charsets. Meaning: csv_split.h */
#include "read/csv/csv_trial.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#define FAR_QUOTE  (64u << 10) /* a quoted cell of a sample that is longer than this is taken as not closed */
#define FAILS_KEPT 32          /* so many searches for a closing quote may run on; then only to the line end */
#define PLAIN      0
#define NEWLINE    1
#define DELIMITER  2
#define ESCAPE     4

struct scan {
    struct pf_csv_trial *trial;
    const struct pf_csv_dialect *form;
    const char *text;
    size_t size;
    bool all;
    int fails;
    uint8_t kind[256];
};

static bool at_delimiter(const struct scan *scan, size_t at) {
    const struct pf_csv_dialect *form = scan->form;
    if (form->whitespace)
        return at < scan->size && pf_is_blank(scan->text[at]);
    if (!form->delimiter_size || at + form->delimiter_size > scan->size || scan->text[at] != form->delimiter[0])
        return false;
    return form->delimiter_size == 1 || memcmp(scan->text + at, form->delimiter, form->delimiter_size) == 0;
}

static bool at_line_end(const struct scan *scan, size_t at) {
    return at >= scan->size || scan->text[at] == '\n' || scan->text[at] == '\r';
}

static size_t skip_blanks(const struct scan *scan, size_t at) {
    bool tabs = scan->form->whitespace;
    while (at < scan->size && (scan->text[at] == ' ' || (tabs && scan->text[at] == '\t')))
        at++;
    return at;
}

/* Whether a cell that ends before `at` ends there: a delimiter or a line end follows. */
static bool is_closing(const struct scan *scan, size_t at) {
    if (scan->form->blanks_around || scan->form->whitespace) {
        size_t behind = skip_blanks(scan, at);
        if (scan->form->whitespace)
            return behind > at || at_line_end(scan, behind);
        at = behind;
    }
    return at_line_end(scan, at) || at_delimiter(scan, at);
}

static bool follows_delimiter(const struct scan *scan, size_t at) {
    const struct pf_csv_dialect *form = scan->form;
    if (form->blanks_around)
        while (at && scan->text[at - 1] == ' ')
            at--;
    if (form->whitespace)
        return at && pf_is_blank(scan->text[at - 1]);
    size_t size = form->delimiter_size;
    return size && at >= size && memcmp(scan->text + at - size, form->delimiter, size) == 0;
}

/* The end of the quoted cell whose opening quote stands before `at`: the place of its closing quote, or SIZE_MAX
 * when the cell must be read as text. *cut: the text ended first. */
static size_t find_closing(struct scan *scan, size_t at, bool *cut) {
    struct pf_csv_trial *trial = scan->trial;
    const struct pf_csv_dialect *form = scan->form;
    const char *text = scan->text;
    size_t end = scan->size - at > FAR_QUOTE ? at + FAR_QUOTE : scan->size;
    size_t good_until = 0; /* a closing quote on this line stands there: inner quotes before it are content */
    int64_t doubled = 0, escaped = 0, inner = 0;
    for (size_t i = at; i < end; i++) {
        if (form->escape && form->escape != form->quote && text[i] == form->escape && i + 1 < end) {
            escaped += text[i + 1] == form->quote;
            i++;
            continue;
        }
        if (text[i] == '\n' && scan->fails > FAILS_KEPT)
            return SIZE_MAX;
        if (text[i] != form->quote)
            continue;
        if (i + 1 < scan->size && text[i + 1] == form->quote && form->doubled) {
            doubled++;
            i++;
            continue;
        }
        if (is_closing(scan, i + 1)) {
            trial->doubled += doubled;
            trial->escaped += escaped;
            trial->inner += inner;
            return i;
        }
        if (i > at && i > good_until) {
            if (follows_delimiter(scan, i))
                return SIZE_MAX;
            size_t j = i + 1;
            while (j < end && text[j] != '\n' && text[j] != '\r' &&
                   !(text[j] == form->quote && is_closing(scan, j + 1)))
                j++;
            if (j >= end || text[j] != form->quote)
                return SIZE_MAX;
            good_until = j;
        } else if (i == at)
            return SIZE_MAX;
        inner++;
    }
    scan->fails++;
    *cut = end == scan->size && !scan->all;
    return SIZE_MAX;
}

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

/* One cell from *at on; leaves *at behind its content (before delimiter or line end). */
static pf_status read_cell(struct scan *scan, size_t *at, int32_t *flags, bool *cut, struct pf_error *err) {
    const struct pf_csv_dialect *form = scan->form;
    struct pf_csv_trial *trial = scan->trial;
    bool trim = form->blanks_around && !form->whitespace;
    size_t i = trim ? skip_blanks(scan, *at) : *at;
    if (form->quote && i < scan->size && scan->text[i] == form->quote) {
        size_t close = find_closing(scan, i + 1, cut);
        if (close != SIZE_MAX) {
            trial->quoted++;
            *at = trim ? skip_blanks(scan, close + 1) : close + 1;
            return put_cell(trial, i + 1, close - i - 1, true, err);
        }
        if (*cut)
            return PF_OK;
        trial->broken++;
        *flags |= PF_CSV_BROKEN;
    }
    size_t start = i;
    for (;; i++) {
        while (i < scan->size && scan->kind[(uint8_t)scan->text[i]] == PLAIN)
            i++;
        if (i >= scan->size || scan->kind[(uint8_t)scan->text[i]] & NEWLINE || at_delimiter(scan, i))
            break;
        if (scan->kind[(uint8_t)scan->text[i]] & ESCAPE && !at_line_end(scan, i + 1))
            i++;
    }
    if (i > scan->size)
        i = scan->size;
    *at = i;
    if (trim)
        while (i > start && scan->text[i - 1] == ' ')
            i--;
    return put_cell(trial, start, i - start, false, err);
}

static uint32_t count_lines(const char *text, size_t size) {
    uint32_t lines = 0;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n' || (text[i] == '\r' && !(i + 1 < size && text[i + 1] == '\n'));
    return lines;
}

/* A line of nothing or blanks, or a comment: its end, else SIZE_MAX. */
static size_t find_idle(const struct scan *scan, size_t at, int32_t *flags) {
    const char *text = scan->text;
    size_t i = at;
    bool tabs = !(scan->form->delimiter_size == 1 && scan->form->delimiter[0] == '\t');
    bool blanks = scan->form->delimiter_size != 1 || scan->form->delimiter[0] != ' ' || scan->form->whitespace;
    while (i < scan->size && ((text[i] == ' ' && blanks) || (text[i] == '\t' && tabs)))
        i++;
    if (at_line_end(scan, i)) {
        *flags = PF_CSV_BLANK;
        return i;
    }
    if (!scan->form->comment || text[at] != scan->form->comment)
        return SIZE_MAX;
    while (!at_line_end(scan, i))
        i++;
    *flags = PF_CSV_COMMENT;
    return i;
}

/* One record from record->at on. *cut: the text ended inside it and is not the whole text. */
static pf_status read_record(struct scan *scan, struct pf_csv_record *record, bool *cut, struct pf_error *err) {
    struct pf_csv_trial *trial = scan->trial;
    size_t i = find_idle(scan, record->at, &record->flags);
    if (i == SIZE_MAX) {
        i = scan->form->whitespace ? skip_blanks(scan, record->at) : record->at;
        for (;;) {
            PF_TRY(read_cell(scan, &i, &record->flags, cut, err));
            if (*cut)
                return PF_OK;
            record->cells++;
            if (scan->form->whitespace)
                i = skip_blanks(scan, i);
            if (at_line_end(scan, i))
                break;
            if (!scan->form->whitespace)
                i += scan->form->delimiter_size;
        }
    }
    record->end = (uint32_t)i;
    *cut = i >= scan->size && !scan->all;
    if (i < scan->size) {
        bool crlf = scan->text[i] == '\r' && i + 1 < scan->size && scan->text[i + 1] == '\n';
        trial->ends[crlf ? PF_LINE_CRLF : scan->text[i] == '\r' ? PF_LINE_CR : PF_LINE_LF]++;
        i += crlf ? 2 : 1;
    }
    record->next = (uint32_t)i;
    return PF_OK;
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
    struct scan scan = {.trial = trial, .form = form, .text = text, .size = size, .all = all};
    scan.kind['\n'] = scan.kind['\r'] = NEWLINE;
    if (form->whitespace)
        scan.kind[' '] = scan.kind['\t'] = DELIMITER;
    else if (form->delimiter_size)
        scan.kind[(uint8_t)form->delimiter[0]] |= DELIMITER;
    if (form->escape && form->escape != form->quote)
        scan.kind[(uint8_t)form->escape] |= ESCAPE;
    for (size_t at = 0; at < size && trial->count < most_records;) {
        struct pf_csv_record record = {
            .at = (uint32_t)at, .first = (uint32_t)trial->cell_count, .line = trial->lines};
        bool cut = false;
        PF_TRY(read_record(&scan, &record, &cut, err));
        if (cut) {
            trial->cell_count = record.first;
            break;
        }
        PF_TRY(put_record(trial, record, err));
        trial->lines += count_lines(text + at, record.next - at);
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
        if (form->escape && form->escape != form->quote && text[i] == form->escape && i + 1 < cell->size)
            i++;
        else if (cell->quoted && form->doubled && text[i] == form->quote && i + 1 < cell->size &&
                 text[i + 1] == form->quote)
            i++;
        if (text[i])
            to[used++] = text[i];
    }
    return used;
}
