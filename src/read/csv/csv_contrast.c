/* csv_contrast.c — room read/csv. How far a row is unlike the rows below it.      SPDX-License-Identifier: MIT
 * Knows: kinds of cells by column, lengths, case, repeated words, years in a row.
 * Knows not: what follows from it: csv_layout.c decides. */
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "read/csv/csv_kind.h"
#include "read/csv/csv_layout.h"

#define BODY_ROWS    30
#define BODY_COLUMNS 48

pf_status pf_csv_rows_open(struct pf_csv_rows *rows, const struct pf_csv_trial *trial,
                           const struct pf_csv_dialect *form, struct pf_error *err) {
    *rows = (struct pf_csv_rows){.trial = trial, .form = form, .width = form->columns};
    rows->index = pf_mem_alloc(trial->count * sizeof *rows->index);
    if (!rows->index)
        return pf_fail_memory(err, trial->count * sizeof *rows->index);
    for (size_t i = 0; i < trial->count; i++)
        if (!(trial->records[i].flags & (PF_CSV_BLANK | PF_CSV_COMMENT)))
            rows->index[rows->count++] = (uint32_t)i;
    return PF_OK;
}

void pf_csv_rows_close(struct pf_csv_rows *rows) {
    pf_mem_free(rows->index);
    *rows = (struct pf_csv_rows){0};
}

int32_t pf_csv_row_filled(const struct pf_csv_rows *rows, int32_t row) {
    int32_t filled = 0;
    for (int32_t j = 0; j < pf_csv_row(rows, row)->cells; j++)
        filled += pf_csv_cell_filled(rows->trial, pf_csv_row_cell(rows, row, j));
    return filled;
}

struct look { /* a column below the row */
    int32_t filled, typed, families[4], seen, digits, blanks, lower, upper;
    size_t shortest, longest;
    int64_t least, most; /* of four-digit numbers */
};

static int family_of(enum pf_csv_kind kind) {
    return pf_csv_kind_numeric(kind)                      ? 0
           : kind == PF_KIND_DATE || kind == PF_KIND_TIME ? 1
           : kind == PF_KIND_BOOL                         ? 2
                                                          : 3;
}

static struct pf_text cell_text(const struct pf_csv_rows *rows, int32_t row, int32_t cell) {
    if (cell >= pf_csv_row(rows, row)->cells)
        return (struct pf_text){"", 0};
    const struct pf_csv_span *span = pf_csv_row_cell(rows, row, cell);
    return pf_text_trim((struct pf_text){rows->trial->text + span->at, span->size});
}

/* A whole number from 0 to 9999, else −1. */
static int64_t small_number(struct pf_text text) {
    int64_t value = 0;
    if (!text.size || text.size > 4)
        return -1;
    for (size_t i = 0; i < text.size; i++) {
        if (!pf_is_digit(text.at[i]))
            return -1;
        value = value * 10 + (text.at[i] - '0');
    }
    return value;
}

static bool has_any(struct pf_text text, char from, char to) {
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] >= from && text.at[i] <= to)
            return true;
    return false;
}

bool pf_csv_row_same(const struct pf_csv_rows *rows, int32_t a, int32_t b) {
    int32_t cells = pf_csv_row(rows, a)->cells;
    if (cells != pf_csv_row(rows, b)->cells)
        return false;
    for (int32_t j = 0; j < cells; j++)
        if (!pf_text_same(cell_text(rows, a, j), cell_text(rows, b, j)))
            return false;
    return true;
}

static struct look look_at(const struct pf_csv_rows *rows, int32_t column, int32_t body, struct pf_text head) {
    struct look look = {.shortest = SIZE_MAX, .least = INT64_MAX, .most = -1};
    int32_t end = rows->count - body > BODY_ROWS ? body + BODY_ROWS : rows->count;
    for (int32_t i = body; i < end; i++) {
        struct pf_text text = cell_text(rows, i, column);
        enum pf_csv_kind kind = pf_csv_kind_of(text.at, text.size);
        if (kind == PF_KIND_EMPTY || kind == PF_KIND_MISSING)
            continue;
        look.filled++;
        if (pf_csv_kind_typed(kind)) {
            look.typed++;
            look.families[family_of(kind)]++;
        }
        look.seen += pf_text_same(text, head);
        look.digits += has_any(text, '0', '9');
        look.blanks += memchr(text.at, ' ', text.size) != NULL;
        look.lower += text.at[0] >= 'a' && text.at[0] <= 'z';
        look.upper += text.at[0] >= 'A' && text.at[0] <= 'Z';
        look.shortest = text.size < look.shortest ? text.size : look.shortest;
        look.longest = text.size > look.longest ? text.size : look.longest;
        int64_t value = small_number(text);
        if (value >= 0) {
            look.least = value < look.least ? value : look.least;
            look.most = value > look.most ? value : look.most;
        }
    }
    return look;
}

/* Words over words: signs that the upper one is a name, by what the lower ones have in common. */
static double judge_shape(const struct look *look, struct pf_text head) {
    double shape = 0;
    int32_t most = look->filled - look->filled * 3 / 10;
    if (look->filled < 2)
        return 0;
    if (look->filled > 2 && look->shortest == look->longest && head.size != look->shortest)
        shape += 0.8;
    else if (head.size > look->longest + look->longest / 2 + 2 || head.size * 3 < look->shortest)
        shape += 0.3;
    if (look->digits >= most && !has_any(head, '0', '9'))
        shape += 0.8;
    if (look->blanks >= most && !memchr(head.at, ' ', head.size))
        shape += 0.4;
    if ((look->upper >= most && has_any((struct pf_text){head.at, 1}, 'a', 'z')) ||
        (look->lower >= most && has_any((struct pf_text){head.at, 1}, 'A', 'Z')))
        shape += 0.7;
    if (memchr(head.at, '_', head.size))
        shape += 0.3;
    /* And signs that it is one of them: as long as all of them, digits among digits. */
    if (look->filled > 4 && look->shortest == look->longest && head.size == look->shortest)
        shape -= 0.6;
    if (look->digits * 5 >= look->filled * 2 && look->filled > 4 && has_any(head, '0', '9'))
        shape -= 0.5;
    return shape > 1 ? 1 : shape;
}

/* Numbers that count up by one step, over columns that hold other numbers: years, months, hours as names. */
static bool is_series(const struct pf_csv_rows *rows, int32_t row, int32_t body) {
    int64_t before = -1, step = 0;
    int32_t found = 0, inside = 0, limit = pf_csv_row(rows, row)->cells;
    for (int32_t j = 0; j < limit && j < BODY_COLUMNS; j++) {
        struct pf_text text = cell_text(rows, row, j);
        int64_t value = small_number(text);
        if (value < 0)
            continue;
        if (before >= 0 && (value == before || (step && (value > before) != (step > 0)) ||
                            (step && (value - before) / step > 10)))
            return false;
        if (before >= 0 && !step)
            step = value - before;
        before = value;
        found++;
        struct look look = look_at(rows, j, body, text);
        inside += look.most >= 0 && look.least <= value && look.most >= value && look.most - look.least < 200;
    }
    bool years = before >= 1800 && before <= 2200;
    if (found == 1 && years && !inside &&
        rows->count - body >= 3) { /* "state,2018": what else is there is a name */
        struct pf_text text = cell_text(rows, row, 0);
        struct look look = look_at(rows, 0, body, text);
        return text.size && !look.seen && !look.typed && judge_shape(&look, text) >= 0.3;
    }
    return found >= (years ? 2 : 4) && rows->count - body >= (years ? 1 : 4) && inside * 3 <= found;
}

/* A column of values: one in five may be something else, of few rows one. */
static bool is_typed(const struct look *look) {
    return look->typed * 5 >= look->filled * 4 ||
           (look->filled < 5 && look->typed > 1 && look->typed + 1 >= look->filled);
}

struct pf_csv_contrast pf_csv_contrast_of(const struct pf_csv_rows *rows, int32_t row, int32_t body) {
    struct pf_csv_contrast out = {.body = rows->count - body};
    int32_t cells = pf_csv_row(rows, row)->cells;
    if (cells > BODY_COLUMNS)
        cells = BODY_COLUMNS;
    bool series = is_series(rows, row, body);
    size_t bytes = 0;
    for (int32_t j = 0; j < cells; j++) {
        struct pf_text head = cell_text(rows, row, j);
        enum pf_csv_kind kind = pf_csv_kind_of(head.at, head.size);
        out.cells++;
        if (kind == PF_KIND_EMPTY)
            continue;
        out.filled++;
        bytes += head.size;
        if (kind == PF_KIND_MISSING)
            continue;
        bool wordy = pf_csv_kind_wordy(kind) || (series && small_number(head) >= 0);
        out.wordy += wordy;
        out.values += pf_csv_kind_typed(kind);
        for (int32_t k = 0; k < j && wordy; k++)
            if (pf_text_same(cell_text(rows, row, k), head)) {
                out.twice++;
                break;
            }
        struct look look = look_at(rows, j, body, head);
        if (!look.filled)
            continue;
        bool typed = is_typed(&look);
        if (typed && wordy)
            out.contrast++;
        else if (typed && look.families[family_of(kind)] * 2 >= look.typed)
            out.same++;
        else if (typed && !look.families[family_of(kind)] && look.typed > 1 && look.typed == look.filled)
            out.other++;
        else if (!wordy)
            out.differ++;
        else {
            out.seen += look.seen > 0;
            out.shape += judge_shape(&look, head);
        }
    }
    if (out.filled) {
        out.shape /= out.filled;
        out.length = (double)bytes / out.filled;
    }
    return out;
}
