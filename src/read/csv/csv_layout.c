/* csv_layout.c — room read/csv. Preamble, header rows, several tables.            SPDX-License-Identifier: MIT
 * Knows: rows, their widths, how they stand out from those below.
 * Knows not: bytes, quotes, charsets, footers. In doubt a row is data. Docs: docs/formats/dialect.md */
#include "read/csv/csv_layout.h"

#include <stdio.h>

#include "base/text.h"
#include "read/csv/csv_kind.h"

#define MOST_HEADER   5   /* header rows */
#define MOST_PREAMBLE 200 /* rows */
#define MOST_ENTRIES  20  /* rows of names and values above a table */

static bool is_header(const struct pf_csv_contrast *c) {
    return c->contrast + c->other / 2 > 0 && c->contrast + c->other / 2 > 4 * c->same;
}

/* Its first cell has that many blanks between words. */
static bool is_sentence(const struct pf_csv_rows *rows, int32_t row, int blanks) {
    const struct pf_csv_span *cell = pf_csv_row_cell(rows, row, 0);
    struct pf_text text = pf_text_trim((struct pf_text){rows->trial->text + cell->at, cell->size});
    for (size_t i = 0; i < text.size; i++)
        blanks -= text.at[i] == ' ';
    return blanks <= 0 && pf_csv_kind_wordy(pf_csv_kind_of(text.at, text.size));
}

/* Title, note or empty row: a table of this width has rows with more in them. A wider row is not thin, unless
 * it is prose that holds the delimiter. */
static bool is_thin(const struct pf_csv_rows *rows, int32_t row) {
    if (rows->width < 2)
        return false;
    if (pf_csv_row(rows, row)->cells > rows->width && !pf_csv_row_near(rows, row) && !is_sentence(rows, row, 3))
        return false;
    return !pf_csv_row_near(rows, row) || pf_csv_row_filled(rows, row) <= (rows->width > 2 ? 1 : 0);
}

/* The first row that can belong to the table: what is above is title and note. 0: nothing is. Thin rows of full
 * width ("Title,,,") are titles unless such rows are ordinary below too. */
static int32_t find_first(const struct pf_csv_rows *rows) {
    int32_t first = 0, narrow = 0;
    while (first < rows->count && is_thin(rows, first))
        first++;
    while (narrow < first && is_thin(rows, narrow) && !pf_csv_row_near(rows, narrow))
        narrow++;
    if (first < rows->count) {
        int32_t thin = 0, end = rows->count - first > 60 ? first + 60 : rows->count;
        for (int32_t i = first; i < end; i++)
            thin += is_thin(rows, i) && pf_csv_row_near(rows, i);
        if (narrow < first && thin * 8 > end - first)
            first = narrow;
        while (first + 1 < rows->count && !pf_csv_row_filled(rows, first))
            first++;
    }
    if (first >= rows->count || first > MOST_PREAMBLE)
        return 0;
    /* "Made 2024-05-01 by tool,v2", then again a title: the delimiter above belongs to the preamble. */
    for (int32_t i = first + 1; i <= first + 2 && i + 1 < rows->count; i++)
        if (is_sentence(rows, first, 3) && pf_csv_row(rows, i)->cells == 1 && rows->width > 1 &&
            is_sentence(rows, i, 1))
            return i + 1;
    return first;
}

/* "Region:;Deutschland": what stands in a preamble. */
static bool ends_with_colon(const struct pf_csv_rows *rows, int32_t row) {
    const struct pf_csv_span *cell = pf_csv_row_cell(rows, row, 0);
    struct pf_text text = pf_text_trim((struct pf_text){rows->trial->text + cell->at, cell->size});
    return text.size && text.at[text.size - 1] == ':';
}

/* The rows above `end` hold a table of another width than the file's: that width, else 0. */
static int32_t find_table_above(const struct pf_csv_rows *rows, int32_t end) {
    int32_t run = 1;
    for (int32_t i = 1; i < end; i++) {
        int32_t cells = pf_csv_row(rows, i)->cells;
        bool even = cells >= 2 && cells == pf_csv_row(rows, i - 1)->cells && !pf_csv_row_apart(rows, i) &&
                    pf_csv_row_filled(rows, i) >= 2 && !ends_with_colon(rows, i);
        run = even ? run + 1 : 1;
        if (run < 3 || cells == rows->width)
            continue;
        struct pf_csv_rows above = *rows;
        above.count = i + 1;
        struct pf_csv_contrast c = pf_csv_contrast_of(&above, i - 2, i - 1);
        if (cells >= 3 || is_header(&c))
            return cells;
    }
    return 0;
}

/* The first row behind blank lines, from `first` on; a table can end there. */
static int32_t find_gap(const struct pf_csv_rows *rows, int32_t first) {
    int32_t gap = first + 1;
    while (gap < rows->count && !pf_csv_row_apart(rows, gap))
        gap++;
    return gap < rows->count ? gap : first;
}

static bool is_wordy(const struct pf_csv_rows *rows, int32_t row) {
    for (int32_t j = 0; j < pf_csv_row(rows, row)->cells && j < 64; j++) {
        const struct pf_csv_span *cell = pf_csv_row_cell(rows, row, j);
        if (pf_csv_kind_typed(pf_csv_kind_of(rows->trial->text + cell->at, cell->size)))
            return false;
    }
    return true;
}

/* "Date,2024-01-01,,,": a name and its value at the left of a row that is otherwise empty, as spreadsheets save what
 * stands above a table. */
static bool is_entry(const struct pf_csv_rows *rows, int32_t row) {
    int32_t filled = pf_csv_row_filled(rows, row);
    if (pf_csv_row(rows, row)->cells != rows->width || filled < 2 || filled >= rows->width)
        return false;
    if (ends_with_colon(rows, row))
        return true;
    for (int32_t j = 0; j < filled; j++)
        if (!pf_csv_cell_filled(rows->trial, pf_csv_row_cell(rows, row, j)))
            return false;
    if (rows->width == 3) /* "Date,2024-01-01,": two words could be a row of groups */
        return !is_wordy(rows, row);
    return filled + 2 <= rows->width && filled * 2 <= rows->width + 1;
}

/* The last of three entries of one width of which the first names values, or that are too wide for a name and its
 * value: a small table, not a preamble. */
static bool ends_small_table(const struct pf_csv_rows *rows, int32_t first, int32_t row) {
    for (int32_t i = row - 2; i <= row; i++)
        if (i < first || !is_entry(rows, i) || ends_with_colon(rows, i) ||
            (i > row - 2 && pf_csv_row_apart(rows, i)) ||
            pf_csv_row_filled(rows, i) != pf_csv_row_filled(rows, row))
            return false;
    struct pf_csv_rows above = *rows;
    above.count = row + 1;
    struct pf_csv_contrast c = pf_csv_contrast_of(&above, row - 2, row - 1);
    return pf_csv_row_filled(rows, row) > 2 || is_header(&c);
}

/* The row behind entries and titles when it names every column of typed values below: they are a preamble. One entry of
 * words alone could be a row of groups. `first` when it is not so. */
static int32_t find_behind_entries(const struct pf_csv_rows *rows, int32_t first) {
    int32_t head = first, entries = 0, doubt = 1, ordinary = 0;
    for (; head < rows->count && head < first + MOST_ENTRIES; head++) {
        bool entry = is_entry(rows, head);
        if (!entry && !is_thin(rows, head))
            break;
        if (ends_small_table(rows, first, head))
            return first;
        entries += entry;
        if (entry && (entries > 1 || !is_wordy(rows, head)))
            doubt = 0;
        if (entries && !pf_csv_row_filled(rows, head))
            doubt = 0;
    }
    if (!entries || rows->width < 3 || head + 2 >= rows->count || (doubt && !pf_csv_row_apart(rows, head)) ||
        pf_csv_row_filled(rows, head) != rows->width || pf_csv_row(rows, head)->cells != rows->width ||
        !is_wordy(rows, head))
        return first;
    int32_t end = rows->count - head > 60 ? head + 60 : rows->count;
    for (int32_t i = head + 1; i < end; i++)
        ordinary += is_entry(rows, i);
    struct pf_csv_contrast c = pf_csv_contrast_of(rows, head, head + 1);
    return is_header(&c) && c.contrast > 1 && ordinary * 8 <= end - head ? head : first;
}

/* Of two columns every entry is as wide as the table. One or two of them above an empty row (","), of which one holds a
 * value, and names over values below it: they are a preamble. Three could be a table. */
static int32_t find_behind_pair(const struct pf_csv_rows *rows, int32_t first) {
    int32_t gap = first, valued = 0;
    for (; gap < rows->count && gap < first + 3 && pf_csv_row_filled(rows, gap); gap++)
        valued += !is_wordy(rows, gap);
    int32_t head = gap + 1;
    if (rows->width != 2 || gap == first || gap == first + 3 || !valued || head + 2 >= rows->count ||
        !pf_csv_row_near(rows, gap) || pf_csv_row_filled(rows, head) != 2 || !is_wordy(rows, head))
        return first;
    struct pf_csv_contrast c = pf_csv_contrast_of(rows, head, head + 1);
    return is_header(&c) ? head : first;
}

struct header {
    int32_t first, rows; /* in rows; rows 0: none */
    const char *why;
};

/* Rows of words that stand right above a row that surely is a header belong to it. */
static int32_t climb(const struct pf_csv_rows *rows, int32_t first, int32_t sure) {
    int32_t top = sure;
    while (top > first && sure - top < MOST_HEADER - 1 && !pf_csv_row_apart(rows, top) &&
           pf_csv_row(rows, top - 1)->cells == rows->width && pf_csv_row_filled(rows, top - 1) >= 2 &&
           is_wordy(rows, top - 1) && !ends_with_colon(rows, top - 1))
        top--;
    if (rows->width == 2 && sure - top > 1)
        return sure;
    for (int32_t i = first; i < top; i++) /* "Date:,2020" above: all of it is a preamble */
        if (pf_csv_row(rows, i)->cells == rows->width && !pf_csv_row_apart(rows, i + 1))
            return sure;
    return top;
}

/* All words: a header when its cells are short, differ from each other and from those below. */
static struct header judge_words(const struct pf_csv_rows *rows, int32_t first,
                                 const struct pf_csv_contrast *c) {
    struct header none = {first, 0, "the first row looks like the rows below it"};
    if (c->same > 0 || c->differ > 0) {
        none.why = "the first row holds values";
        return none;
    }
    if (c->wordy == 0 || c->twice * 2 > c->wordy)
        return none;
    if (c->body < 1 && c->values > 0) {
        none.why = "the only row holds values";
        return none;
    }
    if (c->body < 1)
        return (struct header){first, 1, "the only row holds names"};
    if (c->cells == 1) {
        if (c->seen || c->shape < 0.5)
            return none;
        return (struct header){first, 1, "the first line is unlike those below it"};
    }
    for (int32_t i = first + 2; c->seen == c->wordy && c->seen > 1 && i < rows->count; i++)
        if (pf_csv_row_apart(rows, i) && pf_csv_row_same(rows, first, i))
            return (struct header){first, 1, "the first row comes again below"};
    if (c->seen * 4 > c->wordy || c->wordy * 2 < c->cells || c->length > 60)
        return none;
    if ((c->seen && c->shape < 0.3) || c->shape < -0.15)
        return none;
    return (struct header){first, 1,
                           c->shape > 0.25 ? "its names are unlike the cells below them"
                                           : "all cells are words and the first row is unique"};
}

/* The rows up to the next blank line are a table by themselves, and the first of them is its header. */
static bool heads_block(const struct pf_csv_rows *rows, int32_t first) {
    struct pf_csv_rows block = *rows;
    block.count = find_gap(rows, first);
    if (rows->width < 3 || block.count < first + 2)
        return false;
    for (int32_t i = first; i < block.count; i++)
        if (pf_csv_row(rows, i)->cells != rows->width || ends_with_colon(rows, i))
            return false;
    struct pf_csv_contrast c = pf_csv_contrast_of(&block, first, first + 1);
    return is_header(&c) && c.contrast > 1;
}

/* A narrow row with the delimiter in it above a header of full width, behind a blank line or itself without gaps: a
 * title, no header row. A row of groups (",2023,,2024") has gaps. */
static bool is_title_above(const struct pf_csv_rows *rows, int32_t row) {
    int32_t cells = pf_csv_row(rows, row)->cells, next = row + 1;
    if (row + 2 >= rows->count || cells >= rows->width || pf_csv_row(rows, next)->cells != rows->width ||
        (!pf_csv_row_apart(rows, next) && pf_csv_row_filled(rows, row) < cells))
        return false;
    struct pf_csv_contrast c = pf_csv_contrast_of(rows, next, row + 2);
    bool names = pf_csv_row_filled(rows, next) == rows->width && is_wordy(rows, next);
    return is_header(&c) && (pf_csv_row_apart(rows, next) || names);
}

/* The last of at least three rows of one width, and a blank line behind it: it heads nothing that comes then. */
static bool ends_block(const struct pf_csv_rows *rows, int32_t first, int32_t row) {
    if (row < first + 2 || row + 1 >= rows->count || !pf_csv_row_apart(rows, row + 1))
        return false;
    for (int32_t i = row - 1; i <= row; i++)
        if (pf_csv_row_apart(rows, i) || pf_csv_row(rows, i)->cells != pf_csv_row(rows, i - 1)->cells)
            return false;
    return true;
}

static struct header find_header(const struct pf_csv_rows *rows, int32_t first) {
    struct pf_csv_contrast at_first = {0};
    struct header found = {first, 1, "words stand over columns of values"};
    bool block = heads_block(rows, first);
    int32_t end = first + (rows->width > 1 ? MOST_HEADER : 1); /* of one column the first row or none */
    for (int32_t row = first; row < rows->count && row < end; row++) {
        if ((row > first && is_thin(rows, row)) || is_title_above(rows, row))
            continue;
        struct pf_csv_contrast c = pf_csv_contrast_of(rows, row, row + 1);
        if (row == first)
            at_first = c;
        if (ends_block(rows, first, row))
            break;
        if (!is_header(&c) && block)
            return found;
        if (!is_header(&c)) {
            if (c.same > 0)
                break; /* data begins */
            continue;
        }
        int32_t last = row, top = climb(rows, first, row);
        while (last + 2 < rows->count && last - top < MOST_HEADER - 1 && pf_csv_row_near(rows, last + 1)) {
            struct pf_csv_contrast next = pf_csv_contrast_of(rows, last + 1, last + 2);
            if (next.same || next.values || next.contrast < 2 || next.contrast * 2 < c.contrast)
                break;
            last++;
        }
        found.first = top;
        found.rows = last - top + 1;
        return found;
    }
    return judge_words(rows, first, &at_first);
}

/* A part of the file from row on that looks like a table of its own: another width, or a header of its own. */
static bool starts_table(const struct pf_csv_rows *rows, int32_t row, int32_t width) {
    struct pf_csv_rows part = *rows;
    int32_t cells = pf_csv_row(rows, row)->cells;
    part.count = row + 1;
    while (part.count < rows->count && pf_csv_row(rows, part.count)->cells == cells &&
           !pf_csv_row_apart(rows, part.count))
        part.count++;
    if (cells < 2 || part.count - row < 2 || ends_with_colon(rows, row))
        return false;
    struct pf_csv_contrast c = pf_csv_contrast_of(&part, row, row + 1);
    bool other = cells != width && part.count - row >= (cells > width ? 2 : 3); /* narrow ones may be notes */
    return (other && c.filled * 2 > c.cells) || (is_header(&c) && c.wordy == c.cells && c.contrast > 1);
}

/* Tables one below the other, parted by blank lines or a title. */
static int32_t count_tables(const struct pf_csv_rows *rows, int32_t first, bool header) {
    int32_t tables = 1, width = pf_csv_row(rows, first)->cells;
    for (int32_t i = first + 2; i < rows->count; i++)
        if ((header && pf_csv_row_same(rows, first, i)) ||
            ((pf_csv_row_apart(rows, i) || is_thin(rows, i - 1)) && starts_table(rows, i, width))) {
            tables++;
            width = pf_csv_row(rows, i)->cells;
        }
    return tables;
}

/* Every row ends with a delimiter but the header does not: what stands behind it is no column. */
static int32_t header_width(const struct pf_csv_rows *rows, const struct header *header) {
    int32_t width = 0;
    for (int32_t i = header->first; i < header->first + header->rows; i++)
        width = pf_csv_row(rows, i)->cells > width ? pf_csv_row(rows, i)->cells : width;
    if (!header->rows || width < 2 || width >= rows->width)
        return rows->width;
    for (int32_t i = header->first + header->rows; i < rows->count; i++)
        for (int32_t j = width; j < pf_csv_row(rows, i)->cells; j++) {
            const struct pf_csv_span *cell = pf_csv_row_cell(rows, i, j);
            if (cell->size || cell->quoted)
                return rows->width;
        }
    return width;
}

/* Rows above the header that could be data to somebody: one with a value beside its name, or several of words; a
 * narrow sentence that holds the delimiter is none. */
static int32_t count_above(const struct pf_csv_rows *rows, int32_t header) {
    int32_t above = 0, valued = 0;
    for (int32_t i = 0; i < header; i++)
        if (pf_csv_row_filled(rows, i) > 1 && !ends_with_colon(rows, i) &&
            !(pf_csv_row(rows, i)->cells < rows->width && is_sentence(rows, i, 2))) {
            above++;
            valued += !is_wordy(rows, i);
        }
    return valued || above > 1 ? above : 0;
}

static bool is_plain_request(const struct pf_csv_wish *wish) { return wish->header == 0; }

void pf_csv_find_layout(const struct pf_csv_rows *rows, size_t base_at, uint32_t base_line,
                        const struct pf_csv_wish *wish, struct pf_csv_dialect *out) {
    bool none = !rows->count || rows->width < 1;
    out->tables = none ? 0 : 1;
    out->header_rows = 0;
    out->header_at = out->data_at = (int64_t)base_at;
    out->skip_rows = base_line;
    out->data_line = (int64_t)base_line + 1;
    if (is_plain_request(wish) || none) {
        snprintf(out->why, sizeof out->why, "%s", none ? "there are no rows" : "no header was asked for");
        return;
    }
    int32_t first = wish->skip_rows >= 0 ? 0 : find_first(rows);
    struct pf_csv_rows top_table = *rows;
    /* One short line right above rows that are no header: a header that lost its delimiters as soon as a title. */
    if (first == 1 && pf_csv_row(rows, 0)->cells == 1 && !pf_csv_row_apart(rows, 1) &&
        !is_sentence(rows, 0, 2)) {
        struct pf_csv_contrast c = pf_csv_contrast_of(rows, 1, 2);
        first = is_header(&c);
    }
    while (first > 0 && !pf_csv_row_apart(rows, first)) { /* a row cut short holds values as those below do */
        struct pf_csv_contrast c = pf_csv_contrast_of(rows, first - 1, first);
        if (c.same < 2 || c.same < c.contrast + c.differ)
            break;
        first--;
    }
    if (wish->skip_rows < 0)
        first = rows->width == 2 ? find_behind_pair(rows, first) : find_behind_entries(rows, first);
    int32_t gap = find_gap(rows, first), above_width = find_table_above(rows, gap);
    if (above_width) {
        top_table.count = gap;
        top_table.width = above_width;
        first = find_first(&top_table);
    }
    struct header header = find_header(&top_table, first);
    if (rows->width == 1 &&
        wish->skip_rows < 0) { /* here an empty line is an empty value, unless a name follows */
        int32_t named = 0;
        while (named + 1 < rows->count && !pf_csv_row_filled(rows, named))
            named++;
        struct header below = find_header(rows, named);
        if (named && below.rows && below.first == named)
            header = below;
    }
    if (wish->skip_rows >= 0 && header.first > 0)
        header = (struct header){0, header.rows + header.first, header.why};
    if (wish->header > 0)
        header = (struct header){header.rows ? header.first : first, wish->header, "asked for"};
    if (header.rows > rows->count - header.first)
        header.rows = rows->count - header.first;
    const struct pf_csv_record *top = pf_csv_row(rows, header.first);
    out->header_rows = header.rows;
    out->header_at = (int64_t)(base_at + top->at);
    out->skip_rows = (int64_t)base_line + top->line;
    out->data_at = out->header_at;
    out->data_line = out->skip_rows + 1;
    if (header.rows) {
        const struct pf_csv_record *last = pf_csv_row(rows, header.first + header.rows - 1);
        uint32_t behind = (uint32_t)(last - rows->trial->records) + 1;
        out->data_at = (int64_t)(base_at + last->next);
        out->data_line = (int64_t)base_line + 1 +
                         (behind < rows->trial->count ? rows->trial->records[behind].line : rows->trial->lines);
    }
    out->columns = header_width(rows, &header);
    out->tables = count_tables(rows, header.first, header.rows > 0);
    out->above = count_above(rows, header.first);
    char above[64] = "";
    if (out->skip_rows > 0)
        snprintf(above, sizeof above, " after %lld lines of preamble", (long long)out->skip_rows);
    if (header.rows)
        snprintf(out->why, sizeof out->why, "%d header row%s at line %lld%s: %s", (int)header.rows,
                 header.rows > 1 ? "s" : "", (long long)out->skip_rows + 1, above, header.why);
    else
        snprintf(out->why, sizeof out->why, "no header; data from line %lld%s: %s", (long long)out->data_line,
                 above, header.why);
}
