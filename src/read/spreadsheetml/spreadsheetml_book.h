/* spreadsheetml_book.h — a SpreadsheetML 2003 document as a book.                SPDX-License-Identifier: MIT */
#ifndef PF_SPREADSHEETML_BOOK_H
#define PF_SPREADSHEETML_BOOK_H
#include "base/arena.h"
#include "base/map.h"
#include "grid/grid_book.h"
#include "syntax/syntax_xml.h"

struct pf_spreadsheetml_book {
    struct pf_source *source; /* lent, or &own */
    struct pf_source own;     /* a document in another encoding than UTF-8, recoded */
    char *recoded;
    struct pf_arena arena;
    struct pf_grid_sheet *sheets;
    int32_t sheet_count;
    size_t sheet_room;
    bool date1904;
    struct pf_map styles; /* ID → index into formats */
    struct pf_buf formats;
    struct pf_grid_codes codes;
    struct pf_buf merges; /* of the sheet asked for last */
};
/* source is lent until close_book. Gives *out. */
pf_status pf_spreadsheetml_book_open(struct pf_source *source, struct pf_grid_book *out, struct pf_error *err);

pf_status pf_spreadsheetml_sheet_open(void *self, int32_t sheet, uint32_t wants, void **cursor,
                                      struct pf_error *err);
pf_status pf_spreadsheetml_sheet_next(void *cursor, struct pf_grid_block *block, struct pf_error *err);
void pf_spreadsheetml_sheet_close(void *cursor);
pf_status pf_spreadsheetml_sheet_hidden(void *self, int32_t sheet, const struct pf_grid_range **ranges,
                                        size_t *count, struct pf_error *err);
pf_status pf_spreadsheetml_sheet_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges,
                                        size_t *count, struct pf_error *err);
/* What its cells link to. */
pf_status pf_spreadsheetml_sheet_links(void *self, int32_t sheet, struct pf_grid_links *links,
                                       struct pf_error *err);
#endif
