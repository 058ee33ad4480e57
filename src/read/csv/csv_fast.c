/* csv_fast.c — room read/csv. Blocks by the vector scan, odd records mended.     SPDX-License-Identifier: MIT
 * Knows: which rows can stay as they are, what has to be rewritten, long runs and short ones.
 * Knows not: what a record means, types.                    Format: docs/formats/csv.md §The fast way */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "read/csv/csv_rewrite.h"
#include "read/csv/csv_scan.h"

#define RUN_BYTES (64u << 10) /* good rows of so much text are a part of their own, not copied */

bool pf_csv_scan_takes(const struct pf_csv_dialect *d) {
    bool escape = d->escape && d->escape != d->quote;
    return d->delimiter_size <= 1 && !d->whitespace && !d->blanks_around && !escape &&
           (d->doubled || d->escape || !d->quote);
}

void pf_csv_scan_prepare(struct pf_csv_scan *s, const char *text, size_t from, size_t to, bool last,
                         const struct pf_csv_dialect *d) {
    *s = (struct pf_csv_scan){.text = text, .at = from, .to = to, .last = last};
    s->cr_lines = d->line_end == PF_LINE_CR;
    s->delimiter = d->delimiter_size ? d->delimiter[0] : s->cr_lines ? '\r' : '\n';
    s->quote = d->quote;
    s->comment = d->comment;
    s->before = s->fresh = 1;
}

void pf_csv_marks_clear(struct pf_csv_marks *marks) {
    pf_mem_free(marks->places);
    *marks = (struct pf_csv_marks){0};
}

static int64_t count_char(const char *text, size_t from, size_t to, char c) {
    int64_t n = 0;
    for (const char *p = text + from, *end = text + to; (p = memchr(p, c, (size_t)(end - p))) != NULL; p++)
        n++;
    return n;
}

pf_status pf_csv_mark(struct pf_csv_marks *m, struct pf_csv_scan *s, struct pf_error *err) {
    size_t from = s->at, guess = (s->to - from) / 8 + 256;
    m->ready = false;
    for (;;) {
        PF_TRY(pf_csv_grow((void **)&m->places, &m->room, 1 + s->count + guess, sizeof *m->places, err));
        s->pos = m->places + 1;
        s->room = m->room - 1;
        pf_csv_scan_cells(s);
        if (s->odd || s->at >= s->to)
            break;
        guess = s->count / 2 + 256;
    }
    m->places[0] = (uint32_t)from - 1u;
    size_t border = s->border ? s->border : from, end = s->count, rows = s->rows;
    if (!s->odd && s->last && border < s->to) { /* the last record has no line end of its own */
        m->places[1 + end++] = (uint32_t)s->to;
        rows++;
    }
    if (s->odd || !s->last)
        while (end > 0 && s->pos[end - 1] >= border)
            end--;
    m->count = end;
    m->rows = s->odd ? SIZE_MAX : rows;
    m->lines = s->cr_inside || s->odd || from > 0 ? -1 : (int64_t)s->lines;
    if (m->lines >= 0 && !s->last)
        m->lines -= count_char(s->text, border, s->at, s->cr_lines ? '\r' : '\n');
    m->any_cr = s->any_cr;
    m->any_quote = s->any_quote;
    m->any_nul = s->any_nul;
    return PF_OK;
}

/* What is known from a record border on. */
static pf_status look_on(struct pf_csv_block *b, const struct pf_csv_dialect *d, size_t from,
                         struct pf_error *err) {
    if (from == 0 && b->given && b->given->ready) {
        struct pf_csv_marks mine = b->marks;
        b->marks = *b->given;
        *b->given = mine;
        b->given->ready = false;
    } else {
        struct pf_csv_scan s;
        pf_csv_scan_prepare(&s, b->text, from, b->size, true, d);
        PF_TRY(pf_csv_mark(&b->marks, &s, err));
    }
    b->place = 1;
    b->place_end = 1 + b->marks.count;
    b->any_cr |= b->marks.any_cr;
    b->any_quote |= b->marks.any_quote;
    b->any_nul |= b->marks.any_nul;
    b->run_rows = SIZE_MAX;
    return PF_OK;
}

/* With one column an empty line is a record. */
static bool is_blank_row(const struct pf_csv_dialect *d, const char *text, size_t from, size_t to) {
    if (!d->delimiter_size)
        return false;
    while (from < to && (text[from] == ' ' || text[from] == '\t' || text[from] == '\r'))
        from++;
    return from == to;
}

static inline bool ends_row(const struct pf_csv_block *b, uint32_t place, char end) {
    return place == b->size || b->text[place] == end;
}

/* All that was scanned, in rows of the right width? Their number and their ends tell. */
static bool all_even(const struct pf_csv_block *b, char end) {
    size_t columns = (size_t)b->columns, count = b->place_end - b->place;
    if (b->place != 1 || b->marks.rows == SIZE_MAX || count != b->marks.rows * columns || columns == 1)
        return false;
    for (size_t r = 1; r <= b->marks.rows; r++)
        if (!ends_row(b, b->marks.places[r * columns], end))
            return false;
    return true;
}

/* Rows of the right width from the next place on; none of them blank. */
static size_t measure_run(struct pf_csv_block *b, const struct pf_csv_dialect *d) {
    char end = d->line_end == PF_LINE_CR ? '\r' : '\n';
    size_t columns = (size_t)b->columns, rows = 0;
    if (b->run_rows != SIZE_MAX)
        return b->run_rows;
    if (all_even(b, end))
        return b->run_rows = b->marks.rows;
    for (const uint32_t *p = b->marks.places + b->place; p + columns <= b->marks.places + b->place_end;
         p += columns, rows++) {
        size_t c = 0;
        while (c + 1 < columns && !ends_row(b, p[c], end))
            c++;
        if (c + 1 < columns || !ends_row(b, p[c], end))
            break;
        if (columns == 1 && is_blank_row(d, b->text, (uint32_t)(p[-1] + 1u), p[0]))
            break;
    }
    return b->run_rows = rows;
}

/* Behind the row that ends at this place. */
static size_t behind(const struct pf_csv_block *b, size_t place) {
    return b->marks.places[place] == b->size ? b->size : (size_t)b->marks.places[place] + 1;
}

static pf_status give_run(struct pf_csv_block *b, const struct pf_csv_dialect *d, size_t rows,
                          struct pf_error *err) {
    bool all =
        b->place == 1 && b->place + rows * (size_t)b->columns == b->place_end && b->marks.rows != SIZE_MAX;
    b->pos = b->marks.places + b->place - 1;
    b->rows = (int64_t)rows;
    b->longest = rows ? b->columns : 0;
    b->place += rows * (size_t)b->columns;
    b->to = rows ? behind(b, b->place - 1) : b->from;
    b->strip_cr = b->any_cr && d->line_end != PF_LINE_CR;
    b->quotes = b->any_quote;
    b->standard = true;
    b->run_rows = SIZE_MAX;
    b->lines = all && b->marks.lines >= 0 ? b->marks.lines : pf_csv_lines(b->text + b->from, b->to - b->from);
    return b->any_nul ? pf_csv_find_nuls(b, d, err) : PF_OK;
}

/* Short runs and what stands between them, up to the next long run. */
static pf_status mend(struct pf_csv_block *b, const struct pf_csv_dialect *d, struct pf_error *err) {
    struct pf_csv_rewrite w;
    size_t at = b->from, columns = (size_t)b->columns;
    char end = d->line_end == PF_LINE_CR ? '\r' : '\n';
    PF_TRY(pf_csv_rewrite_begin(&w, b, d, 4096, err));
    while (at < b->size && !pf_csv_rewrite_full(&w)) {
        if (b->place == b->place_end) {
            PF_TRY(pf_csv_rewrite_record(&w, at, &at));
            PF_TRY(look_on(b, d, at, err));
            continue;
        }
        size_t rows = measure_run(b, d), most = (w.limit - w.rows * columns + columns - 1) / columns;
        if (rows) {
            size_t to = behind(b, b->place + rows * columns - 1);
            if (to - at >= RUN_BYTES && at > b->from)
                break;
            if (rows > most) {
                rows = most;
                to = behind(b, b->place + rows * columns - 1);
            }
            PF_TRY(pf_csv_rewrite_copy(&w, at, to, b->marks.places + b->place, rows));
            b->place += rows * columns;
            b->run_rows = SIZE_MAX;
            at = to;
            continue;
        }
        while (!ends_row(b, b->marks.places[b->place], end))
            b->place++;
        b->place++;
        b->run_rows = SIZE_MAX;
        PF_TRY(pf_csv_rewrite_record(&w, at, &at));
    }
    pf_csv_rewrite_end(&w, at);
    b->strip_cr = b->any_cr && d->line_end != PF_LINE_CR;
    return pf_csv_find_nuls(b, d, err);
}

pf_status pf_csv_split_fast(struct pf_csv_block *b, const struct pf_csv_dialect *d, struct pf_error *err) {
    if (b->from == 0) {
        b->any_cr = b->any_quote = b->any_nul = false;
        PF_TRY(look_on(b, d, 0, err));
    }
    size_t rows = measure_run(b, d), last = b->place + rows * (size_t)b->columns;
    bool rest = last == b->place_end && b->marks.rows != SIZE_MAX;
    if (rest || (rows && behind(b, last - 1) - b->from >= RUN_BYTES))
        return give_run(b, d, rows, err);
    return mend(b, d, err);
}
