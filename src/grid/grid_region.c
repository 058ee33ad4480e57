/* grid_region.c — room grid. Where the table is on a sheet.                      SPDX-License-Identifier: MIT
 * Knows: preambles, header rows of text above values, groups above names, units below them, years as names.
 * Knows not: what becomes of the columns.                    Format: docs/formats/xlsx.md §Where the table is */
#include "grid/grid_region.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define LOOK_ROWS   1000 /* rows that say what the columns hold */
#define SEARCH_ROWS 200  /* rows among which the header is looked for */
#define HEADER_MOST 4

#define TYPED                                                                                                  \
    (1u << PF_MEANS_BOOL | 1u << PF_MEANS_INTEGER | 1u << PF_MEANS_REAL | 1u << PF_MEANS_DATE |                \
     1u << PF_MEANS_STAMP | 1u << PF_MEANS_TIME | 1u << PF_MEANS_ELAPSED)

struct profile {
    uint32_t number;
    int32_t filled, texts;
    const struct pf_grid_block *block;
    size_t row; /* in the block */
};
/* Families that a header cell must differ from to be one. */
enum family { FAMILY_TEXT, FAMILY_BOOL, FAMILY_NUMBER, FAMILY_DATE, FAMILY_TIME, FAMILY_COUNT };

struct search {
    const struct pf_grid_view *view;
    struct profile *rows;
    size_t count;
    int32_t (*columns)[FAMILY_COUNT]; /* of the rows below the candidate */
    size_t column_count;
};

bool pf_grid_view_has_value(const struct pf_grid_view *view, const struct pf_grid_block *block, size_t r) {
    if (!pf_grid_view_has_row(view, block->rows[r].number))
        return false;
    for (uint32_t c = block->rows[r].from; c < pf_grid_row_end(block, r); c++) {
        struct pf_meaning m = {0};
        if (!pf_grid_view_has(view, &block->cells[c]))
            continue;
        pf_grid_cell_means(view->book, view->date1904, block, &block->cells[c], &m);
        if (m.means != PF_MEANS_NOTHING)
            return true;
    }
    return false;
}

static int family_of(int means) {
    switch (means) {
    case PF_MEANS_BOOL: return FAMILY_BOOL;
    case PF_MEANS_INTEGER:
    case PF_MEANS_REAL: return FAMILY_NUMBER;
    case PF_MEANS_DATE:
    case PF_MEANS_STAMP: return FAMILY_DATE;
    case PF_MEANS_TIME:
    case PF_MEANS_ELAPSED: return FAMILY_TIME;
    default: return FAMILY_TEXT;
    }
}

static void cell_means(const struct search *s, const struct profile *p, const struct pf_cell *cell,
                       struct pf_meaning *m) {
    *m = (struct pf_meaning){0};
    pf_grid_cell_means(s->view->book, s->view->date1904, p->block, cell, m);
}

static struct profile profile_row(const struct search *s, const struct pf_grid_block *block, size_t r) {
    struct profile p = {block->rows[r].number, 0, 0, block, r};
    for (uint32_t c = block->rows[r].from; c < pf_grid_row_end(block, r); c++) {
        struct pf_meaning m;
        if (!pf_grid_view_has(s->view, &block->cells[c]))
            continue;
        cell_means(s, &p, &block->cells[c], &m);
        p.filled += m.means != PF_MEANS_NOTHING && m.means != PF_MEANS_UNKNOWN;
        p.texts += m.means == PF_MEANS_TEXT;
    }
    return p;
}

/* The rows with a value. */
static pf_status profile_rows(struct search *s, const struct pf_grid_sample *sample, uint32_t from,
                              struct pf_error *err) {
    s->rows = pf_mem_zero(LOOK_ROWS, sizeof *s->rows);
    if (!s->rows)
        return pf_fail_memory(err, LOOK_ROWS * sizeof *s->rows);
    for (size_t b = 0; b < sample->count; b++)
        for (size_t r = 0; r < sample->blocks[b].row_count && s->count < LOOK_ROWS; r++) {
            uint32_t number = sample->blocks[b].rows[r].number;
            if (number < from || !pf_grid_view_has_row(s->view, number))
                continue;
            struct profile p = profile_row(s, &sample->blocks[b], r);
            if (p.filled)
                s->rows[s->count++] = p;
        }
    return PF_OK;
}

/* How many cells a row of the table usually has: the most frequent count among the last three quarters, the larger of
 * equal ones. */
static int32_t usual_width(const struct search *s) {
    int32_t best = 0;
    size_t most = 0, from = s->count > 3 ? s->count / 4 : 0;
    for (size_t i = from; i < s->count; i++) {
        size_t same = 0;
        for (size_t k = from; k < s->count; k++)
            same += s->rows[k].filled == s->rows[i].filled;
        if (same > most || (same == most && s->rows[i].filled > best)) {
            most = same;
            best = s->rows[i].filled;
        }
    }
    return best;
}

static bool is_adjacent(const struct search *s, size_t i) {
    return i + 1 < s->count && s->rows[i + 1].number == s->rows[i].number + 1;
}

/* Do the rows that stand on each other from row i on get as wide as the table? */
static bool is_in_table(const struct search *s, size_t i, int32_t usual) {
    int32_t widest = s->rows[i].filled;
    for (size_t k = i; k < i + HEADER_MOST && is_adjacent(s, k); k++)
        widest = s->rows[k + 1].filled > widest ? s->rows[k + 1].filled : widest;
    return widest * 3 >= usual * 2;
}

/* The first row that is at least half as wide as the table and stands on it. */
static size_t find_top(const struct search *s) {
    int32_t usual = usual_width(s), need = (usual + 1) / 2;
    if (need < 2)
        need = usual > 1 ? 2 : 1;
    for (size_t i = 0; i < s->count && i < SEARCH_ROWS; i++)
        if (s->rows[i].filled >= need && (is_adjacent(s, i) || i + 1 == s->count) && is_in_table(s, i, usual))
            return i;
    for (size_t i = 0; i < s->count && i < SEARCH_ROWS; i++)
        if (s->rows[i].filled >= need)
            return i;
    return 0;
}

/* Counts what the columns hold from row i on. */
static pf_status count_columns(struct search *s, size_t i, struct pf_error *err) {
    if (!s->columns) {
        for (size_t k = 0; k < s->count; k++) {
            const struct pf_grid_block *b = s->rows[k].block;
            uint32_t end = pf_grid_row_end(b, s->rows[k].row);
            size_t width = end > b->rows[s->rows[k].row].from ? b->cells[end - 1].column + (size_t)1 : 0;
            s->column_count = width > s->column_count ? width : s->column_count;
        }
        s->columns = pf_mem_zero(s->column_count, sizeof *s->columns);
        if (!s->columns)
            return pf_fail_memory(err, s->column_count * sizeof *s->columns);
    }
    memset(s->columns, 0, s->column_count * sizeof *s->columns);
    for (; i < s->count; i++) {
        const struct profile *p = &s->rows[i];
        for (uint32_t c = p->block->rows[p->row].from; c < pf_grid_row_end(p->block, p->row); c++) {
            const struct pf_cell *cell = &p->block->cells[c];
            struct pf_meaning m;
            cell_means(s, p, cell, &m);
            if (m.means != PF_MEANS_NOTHING && m.means != PF_MEANS_ERROR && m.means != PF_MEANS_UNKNOWN)
                s->columns[cell->column][family_of(m.means)]++;
        }
    }
    return PF_OK;
}

/* What most cells of the column are. */
static int column_family(const struct search *s, uint32_t column) {
    int best = FAMILY_TEXT;
    for (int f = 0; f < FAMILY_COUNT; f++)
        if (s->columns[column][f] > s->columns[column][best])
            best = f;
    return best;
}

/* How the cells of a row compare with the columns below. */
struct comparison {
    int32_t like;   /* values like those of their typed columns */
    int32_t unlike; /* texts, or other values, over typed columns */
    int32_t odd;    /* those of them that are no text */
    int32_t texts;  /* over columns of text */
    int32_t years;  /* whole numbers of 1900–2100 over columns of numbers */
    bool distinct;  /* the years rise or fall */
    int32_t typed;  /* typed columns */
    int32_t labels; /* columns of text */
};

static struct comparison compare(const struct search *s, size_t i) {
    const struct profile *p = &s->rows[i];
    struct comparison c = {.distinct = true};
    int64_t year = 0, step = 0;
    for (size_t k = 0; k < s->column_count; k++) {
        c.typed += column_family(s, (uint32_t)k) != FAMILY_TEXT;
        c.labels += column_family(s, (uint32_t)k) == FAMILY_TEXT && s->columns[k][FAMILY_TEXT] > 0;
    }
    for (uint32_t at = p->block->rows[p->row].from; at < pf_grid_row_end(p->block, p->row); at++) {
        const struct pf_cell *cell = &p->block->cells[at];
        struct pf_meaning m;
        if (!pf_grid_view_has(s->view, cell))
            continue;
        cell_means(s, p, cell, &m);
        if (m.means == PF_MEANS_NOTHING)
            continue;
        int family = column_family(s, cell->column), mine = family_of(m.means);
        if (family == FAMILY_TEXT) {
            c.texts += mine == FAMILY_TEXT;
            continue;
        }
        c.like += mine == family;
        c.unlike += mine != family;
        c.odd += mine != family && mine != FAMILY_TEXT;
        if (family == FAMILY_NUMBER && m.means == PF_MEANS_INTEGER && m.whole >= 1900 && m.whole <= 2100) {
            c.distinct &= year == 0 || (m.whole != year && (step == 0 || (m.whole > year) == (step > 0)));
            step = year ? m.whole - year : 0;
            year = m.whole;
            c.years++;
        }
    }
    return c;
}

/* Years in a row over columns that hold other numbers, beside names or a column of text, whose corner may be blank. */
static bool are_year_names(const struct search *s, const struct comparison *c, size_t i) {
    if (c->years < 2 || c->years != c->like || !c->distinct || c->labels + c->unlike == 0 || i + 1 >= s->count)
        return false;
    struct comparison next = compare(s, i + 1);
    return next.years < next.like;
}

/* Years above a row of names. */
static bool are_year_groups(const struct search *s, const struct comparison *c, size_t i) {
    if (c->years < 1 || c->years != c->like || c->unlike || !c->distinct || !is_adjacent(s, i))
        return false;
    struct comparison next = compare(s, i + 1);
    return next.like == 0 && next.unlike > 0 && s->rows[i + 1].filled > s->rows[i].filled;
}

/* A name stands in one place only, and a row of the same texts as the one below is data. */
static bool repeats_below(const struct search *s, size_t i) {
    if (i + 1 >= s->count)
        return false;
    const struct profile *a = &s->rows[i], *b = &s->rows[i + 1];
    uint32_t from = a->block->rows[a->row].from, to = pf_grid_row_end(a->block, a->row);
    uint32_t k = b->block->rows[b->row].from, end = pf_grid_row_end(b->block, b->row);
    int32_t same = 0;
    for (uint32_t at = from; at < to; at++) {
        struct pf_meaning m, n;
        while (k < end && b->block->cells[k].column < a->block->cells[at].column)
            k++;
        if (k == end || b->block->cells[k].column != a->block->cells[at].column)
            continue;
        cell_means(s, a, &a->block->cells[at], &m);
        cell_means(s, b, &b->block->cells[k], &n);
        same += m.means == PF_MEANS_TEXT && n.means == PF_MEANS_TEXT && pf_text_same(m.text, n.text);
    }
    return a->filled > 1 && same == a->filled;
}

/* Header rows from `top` on: rows whose cells are unlike the columns below them. */
static pf_status count_header(struct search *s, size_t top, int32_t *rows, const char **why,
                              struct pf_error *err) {
    *rows = 0;
    PF_TRY(count_columns(s, top + 1, err));
    struct comparison c = compare(s, top);
    if (c.typed == 0) {
        *rows = s->rows[top].texts > 0 && !repeats_below(s, top);
        *why = *rows ? "the first row of text" : "all rows are alike";
        return PF_OK;
    }
    if (are_year_names(s, &c, top)) {
        *rows = 1;
        *why = "years in a row above other numbers";
        return PF_OK;
    }
    size_t i = top;
    if (are_year_groups(s, &c, top)) {
        *rows = 1;
        i++;
    } else if (c.like > 0 && c.like * 4 > c.like + c.unlike) {
        *why = "the first row holds values like those below";
        return PF_OK;
    }
    *why = "the first row as wide as the table, unlike the values below it";
    for (; i < s->count && *rows < HEADER_MOST; i++, ++*rows) {
        PF_TRY(count_columns(s, i + 1, err));
        c = compare(s, i);
        if (c.like > 0 && c.like * 4 > c.like + c.unlike)
            break;
        if (i > top && (c.unlike == 0 || c.odd > 0 || s->rows[i].number != s->rows[i - 1].number + 1))
            break;
    }
    if (*rows > 1)
        *why = "rows as wide as the table, unlike the values below them";
    return PF_OK;
}

/* A row of group names right above the header: some texts or years, fewer than columns, more than a title. */
static bool has_groups_above(const struct search *s, size_t top) {
    if (top == 0 || s->rows[top - 1].number + 1 != s->rows[top].number)
        return false;
    const struct profile *above = &s->rows[top - 1], *header = &s->rows[top];
    if (above->filled < 2 || above->filled >= header->filled)
        return false;
    struct comparison c = compare(s, top - 1);
    return above->texts == above->filled || (c.years == above->filled && c.distinct);
}

/* A row of names with blank rows between it and the first values. */
static pf_status find_names_above(struct search *s, size_t top, bool *found, struct pf_error *err) {
    *found = false;
    if (top == 0)
        return PF_OK;
    PF_TRY(count_columns(s, top, err));
    const struct profile *above = &s->rows[top - 1];
    struct comparison c = compare(s, top - 1);
    *found = above->texts == above->filled && above->filled * 3 >= s->rows[top].filled * 2 && c.like == 0 &&
             c.unlike > 0;
    return PF_OK;
}

static pf_status decide(struct search *s, const struct pf_grid_wish *wish, struct pf_grid_layout *layout,
                        struct pf_error *err) {
    const char *why;
    bool search = wish->header_rows != 0 && wish->skip_rows < 0 && !wish->at_once, names_above = false;
    size_t top = search ? find_top(s) : 0;
    int32_t rows;
    PF_TRY(count_header(s, top, &rows, &why, err));
    if (search && rows == 0)
        PF_TRY(find_names_above(s, top, &names_above, err));
    if (names_above) {
        top--;
        rows = 1;
        why = "a row of text, with blank rows between it and the values";
    }
    if (wish->header_rows >= 0) {
        rows = wish->header_rows;
        why = "as asked for";
    }
    if (search && rows > 0 && wish->header_rows < 0 && has_groups_above(s, top)) {
        top--;
        rows++;
        why = "groups of names above names";
    }
    layout->header_at = s->rows[top].number;
    layout->header_rows = rows;
    layout->data_from = layout->header_at + (uint32_t)rows;
    for (size_t i = s->count; i-- > 0 && s->rows[i].number >= layout->header_at + (uint32_t)rows;)
        layout->data_from = s->rows[i].number; /* blank rows below the header are none of the table */
    snprintf(layout->why, sizeof layout->why, "%s", why);
    return PF_OK;
}

pf_status pf_grid_region_find(const struct pf_grid_view *view, const struct pf_grid_sample *sample,
                              const struct pf_grid_wish *wish, struct pf_grid_layout *layout,
                              struct pf_error *err) {
    struct search s = {.view = view};
    uint32_t from = (uint32_t)view->within.first_row + (uint32_t)(wish->skip_rows > 0 ? wish->skip_rows : 0);
    *layout = (struct pf_grid_layout){.empty = true, .header_at = from, .data_from = from, .why = "no value"};
    pf_status status = profile_rows(&s, sample, from, err);
    if (status == PF_OK && s.count) {
        layout->empty = false;
        layout->first_used = s.rows[0].number;
        status = decide(&s, wish, layout, err);
    }
    pf_mem_free(s.rows);
    pf_mem_free(s.columns);
    return status;
}
