/* columns_parse.h — text cells → typed values, one specialised loop per type.   SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_PARSE_H
#define PF_COLUMNS_PARSE_H
#include "columns/columns_build.h"
#include "columns/columns_cells.h"
#include "columns/columns_infer.h"

/* How one column is parsed. */
struct pf_parse {
    struct pf_type type;
    struct pf_parse_format format;
    struct pf_rules rules;
    bool imposed; /* the type was asked for: take every text that can be read as it without loss (leading zeros,
                     "+5", 1E5, yes/no/1/0 for bool, blanks around …); a quoted empty cell is then null unless
                     the type is text. Else only what inference would have put there */
};
/* "dd/mm/yyyy", "mm.dd.yyyy" …; "" for ISO and other types. to 24 bytes. */
void pf_parse_format_print(const struct pf_parse_format *format, char *to, size_t room);
bool pf_parse_format_read(const char *text, size_t size, struct pf_parse_format *format);

/* Appends the cells from *done on to out until one does not fit: then *done is its index (nothing appended for
 * it) and *misfit true. All done: *done = cells->rows. seen (may be NULL) gets what pf_infer_cells would note of
 * the appended cells, first rows counted from row, so that merging it gives the true join and widenings; of text
 * columns and imposed ones only the counts. Text columns take everything; nulls are the bare empty cell and
 * rules.nulls. */
pf_status pf_parse_cells(const struct pf_parse *parse, const struct pf_cells *cells, int64_t row, size_t *done,
                         bool *misfit, struct pf_infer *seen, struct pf_build *out, struct pf_error *err);
/* The same check without building anything: for exact surveys and counts. */
pf_status pf_prove_cells(const struct pf_parse *parse, const struct pf_cells *cells, int64_t row, size_t *done,
                         bool *misfit, struct pf_infer *seen, int64_t *nulls, struct pf_error *err);
/* One plain value (unquoted, not null) into out: for formats whose cells come one by one. *fits false: nothing
 * appended. */
pf_status pf_parse_one(const struct pf_parse *parse, const char *text, size_t size, bool *fits,
                       struct pf_build *out, struct pf_error *err);
#endif
