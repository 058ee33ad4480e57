/* csv_layout.h — where in a file the table stands: preamble, header rows, tables, footer. SPDX-License-Identifier: MIT
 */
#ifndef PF_CSV_LAYOUT_H
#define PF_CSV_LAYOUT_H
#include "read/csv/csv_trial.h"

/* The records of a trial that are neither blank nor comment, in order. */
struct pf_csv_rows {
    const struct pf_csv_trial *trial;
    const struct pf_csv_dialect *form;
    uint32_t *index; /* of records; owned */
    int32_t count;
    int32_t width; /* of the table */
};
pf_status pf_csv_rows_open(struct pf_csv_rows *rows, const struct pf_csv_trial *trial,
                           const struct pf_csv_dialect *form, struct pf_error *err);
void pf_csv_rows_close(struct pf_csv_rows *rows);
static inline const struct pf_csv_record *pf_csv_row(const struct pf_csv_rows *rows, int32_t row) {
    return &rows->trial->records[rows->index[row]];
}
static inline const struct pf_csv_span *pf_csv_row_cell(const struct pf_csv_rows *rows, int32_t row,
                                                        int32_t cell) {
    return &rows->trial->cells[pf_csv_row(rows, row)->first + (uint32_t)cell];
}
/* Cells that hold something. */
int32_t pf_csv_row_filled(const struct pf_csv_rows *rows, int32_t row);
/* Blank lines stand right before it. */
static inline bool pf_csv_row_apart(const struct pf_csv_rows *rows, int32_t row) {
    return rows->index[row] > 0 && rows->trial->records[rows->index[row] - 1].flags & PF_CSV_BLANK;
}
/* The width differs from the table's by what one odd separator does. */
static inline bool pf_csv_row_near(const struct pf_csv_rows *rows, int32_t row) {
    int32_t cells = pf_csv_row(rows, row)->cells, width = rows->width, slack = width / 5 > 1 ? width / 5 : 1;
    return width < 2 ? cells == width : cells >= 2 && cells >= width - slack && cells <= width + slack;
}

/* The same cells. */
bool pf_csv_row_same(const struct pf_csv_rows *rows, int32_t a, int32_t b);

/* How a row stands out from the rows from body on. */
struct pf_csv_contrast {
    int32_t cells, filled, wordy; /* looked at; not empty; words or text, or numbers in a series */
    int32_t values;               /* typed cells, whatever is below */
    int32_t contrast;             /* words over a column of values */
    int32_t same;                 /* values over a column of such values */
    int32_t other;                /* values over a column where all are values of another kind */
    int32_t differ;               /* values over a column of words, or of this and that */
    int32_t seen;                 /* words that occur below in the same column */
    int32_t twice;                /* words that occur twice in the row */
    int32_t body;                 /* rows looked at below */
    double shape;                 /* words unlike those below by length, case, digits; per column */
    double length;                /* mean bytes of the cells */
};
struct pf_csv_contrast pf_csv_contrast_of(const struct pf_csv_rows *rows, int32_t row, int32_t body);

/* Sets header_rows, skip_rows, header_at, data_at, data_line, tables, why. base_at and base_line: of the trial's
 * text in the file. */
void pf_csv_find_layout(const struct pf_csv_rows *rows, size_t base_at, uint32_t base_line,
                        const struct pf_csv_wish *wish, struct pf_csv_dialect *out);
/* Sets footer_at and footer_rows from the rows of the end of the file; base_at as above. first: the first of them
 * that can belong to a footer. */
void pf_csv_find_footer(const struct pf_csv_rows *rows, int32_t first, int64_t base_at,
                        struct pf_csv_dialect *out);
/* Sets point and thousands from the data rows. */
void pf_csv_find_point(const struct pf_csv_rows *rows, int32_t first, const struct pf_csv_wish *wish,
                       struct pf_csv_dialect *out);
#endif
