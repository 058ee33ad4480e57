/* csv_footer.c — room read/csv. Totals and notes at the end of a file.            SPDX-License-Identifier: MIT
 * Knows: narrow rows, blank lines, words that begin notes.
 * Knows not: headers, bytes, charsets. In doubt a row is data. Docs: docs/formats/dialect.md */
#include "columns/columns_footer.h"
#include "read/csv/csv_kind.h"
#include "read/csv/csv_layout.h"

#define MOST_FOOTER 60 /* rows */

static struct pf_text first_words(const struct pf_csv_rows *rows, int32_t row) {
    for (int32_t j = 0; j < pf_csv_row(rows, row)->cells; j++) {
        const struct pf_csv_span *cell = pf_csv_row_cell(rows, row, j);
        struct pf_text text = pf_text_trim((struct pf_text){rows->trial->text + cell->at, cell->size});
        if (text.size)
            return text;
    }
    return (struct pf_text){"", 0};
}

/* A sentence in a cell of its own; a row with other delimiters is none. */
static bool is_sentence(struct pf_text text) {
    return pf_footer_is_sentence(text) && pf_csv_kind_of(text.at, text.size) != PF_KIND_MESS;
}

/* At most one cell, or a third of them: too thin for the table. */
static bool is_narrow(const struct pf_csv_rows *rows, int32_t row) {
    int32_t cells = pf_csv_row(rows, row)->cells, filled = pf_csv_row_filled(rows, row);
    if (cells == 1 || cells * 3 <= rows->width || (filled <= 1 && rows->width > 2))
        return true;
    if (cells >= rows->width)
        return false;
    struct pf_text text = first_words(rows, row);
    if (pf_csv_row_apart(rows, row))
        return pf_footer_is_note(text) || is_sentence(text);
    /* a note below a note */
    return row > 0 && pf_footer_is_note(text) && pf_csv_row_apart(rows, row - 1) &&
           pf_footer_is_note(first_words(rows, row - 1));
}

static bool is_second_table(const struct pf_csv_rows *rows, int32_t from) {
    int32_t run = 1;
    for (int32_t i = from + 1; i < rows->count; i++) {
        int32_t cells = pf_csv_row(rows, i)->cells;
        bool even = cells >= 2 && cells == pf_csv_row(rows, i - 1)->cells && pf_csv_row_filled(rows, i) >= 2;
        run = even ? run + 1 : 1;
        if (run >= 3)
            return true;
    }
    return false;
}

void pf_csv_find_footer(const struct pf_csv_rows *rows, int32_t first, int64_t base_at,
                        struct pf_csv_dialect *out) {
    out->footer_at = -1;
    out->footer_rows = 0;
    if (rows->width < 2 || rows->count - first < 3)
        return;
    int32_t from = rows->count, thin = 0;
    while (from > first && rows->count - from < MOST_FOOTER && is_narrow(rows, from - 1))
        from--;
    bool sure = false;
    for (int32_t i = from; i < rows->count; i++) {
        struct pf_text text = first_words(rows, i);
        bool apart = i == from && pf_csv_row_apart(rows, i);
        sure = sure || pf_footer_is_note(text) || pf_footer_is_total(text) ||
               (pf_csv_row(rows, i)->cells == 1 && is_sentence(text)) ||
               (apart && pf_csv_kind_wordy(pf_csv_kind_of(text.at, text.size)));
    }
    if (!sure || from == first)
        from = rows->count;
    while (from < rows->count && !pf_csv_row_filled(rows, from))
        from++; /* rows of empty cells are data */
    /* One row of totals of full width belongs to the footer only when it stands apart, also behind "," rows. */
    bool total = from > first && pf_footer_is_total(first_words(rows, from - 1));
    bool padded_gap = total && from - 1 > first && !pf_csv_row_filled(rows, from - 2);
    if (total &&
        (padded_gap || pf_csv_row_apart(rows, from - 1) || pf_csv_row(rows, from - 1)->cells < rows->width - 1))
        from--;
    while (padded_gap && from > first && !pf_csv_row_filled(rows, from - 1))
        from--;
    if (from >= rows->count || from <= first || is_second_table(rows, from))
        return;
    int32_t body = from - first < 100 ? from - first : 100;
    bool padded = pf_csv_row(rows, from)->cells == rows->width;
    for (int32_t i = from - body; i < from; i++)
        thin += is_narrow(rows, i) && (padded || pf_csv_row(rows, i)->cells < rows->width);
    if (thin * 10 > body)
        return; /* such rows are ordinary here */
    out->footer_at = base_at + pf_csv_row(rows, from)->at;
    out->footer_rows = rows->count - from;
}
