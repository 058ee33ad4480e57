/* xlsx_book.h — a workbook: sheets, styles, strings, tables.                     SPDX-License-Identifier: MIT */
#ifndef PF_XLSX_BOOK_H
#define PF_XLSX_BOOK_H
#include "base/thread.h"
#include "grid/grid_book.h"
#include "grid/grid_styles.h"
#include "opc/opc_package.h"

struct pf_xlsx_book {
    struct pf_opc_package package;
    struct pf_host *host; /* lent */
    const struct pf_zip_member *workbook;
    struct pf_opc_relations relations;  /* of the workbook */
    struct pf_grid_sheet *sheets;       /* arena of the package, as the next two */
    const struct pf_zip_member **parts; /* of the sheets; NULL: it is not there */
    int32_t sheet_count;
    bool date1904;
    struct pf_grid_styles styles;
    pf_mutex mutex; /* for what is read when it is needed: strings, areas */
    bool has_mutex;
    bool has_strings;
    struct pf_grid_strings strings;
    struct pf_buf string_bytes, string_offsets;
    bool has_areas;
    struct pf_grid_area *areas;
    size_t area_count, area_room;
    struct pf_buf merges; /* or what is hidden, of the sheet asked for last */
};
/* source and host are lent until close_book. Gives *out. */
pf_status pf_xlsx_book_open(struct pf_source *source, struct pf_host *host, struct pf_grid_book *out,
                            struct pf_error *err);

/* Is a part worth a thread of its own to inflate it? */
bool pf_xlsx_worth_thread(const struct pf_xlsx_book *book, const struct pf_zip_member *member);
/* Number formats of the cell styles. */
pf_status pf_xlsx_styles_read(struct pf_xlsx_book *book, const struct pf_zip_member *member,
                              struct pf_error *err);
/* The shared strings, once; any thread. */
pf_status pf_xlsx_strings_need(struct pf_xlsx_book *book, struct pf_error *err);
/* Excel tables and defined names, once. */
pf_status pf_xlsx_areas_need(struct pf_xlsx_book *book, struct pf_error *err);
/* Title, author and the like as facts; what cannot be read is left out. */
void pf_xlsx_properties_tell(struct pf_xlsx_book *book,
                             void (*emit)(void *ctx, const char *key, const char *value), void *ctx);

/* One pass over a sheet: what grid_book.h asks of a driver. */
pf_status pf_xlsx_sheet_open(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err);
pf_status pf_xlsx_sheet_next(void *cursor, struct pf_grid_block *block, struct pf_error *err);
void pf_xlsx_sheet_close(void *cursor);
pf_status pf_xlsx_piece_take(void *cursor, struct pf_grid_piece **piece, enum pf_grid_took *took,
                             struct pf_error *err);
pf_status pf_xlsx_piece_decode(struct pf_grid_piece *piece, struct pf_grid_block *block, bool *good,
                               struct pf_error *err);
void pf_xlsx_piece_drop(struct pf_grid_piece *piece);
/* The merged ranges of a sheet: another pass to its end. */
pf_status pf_xlsx_sheet_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                               struct pf_error *err);
/* Its links. */
pf_status pf_xlsx_sheet_links(void *self, int32_t sheet, struct pf_grid_links *links, struct pf_error *err);
/* Its hidden rows and columns, likewise. */
pf_status pf_xlsx_sheet_hidden(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                               struct pf_error *err);
#endif
