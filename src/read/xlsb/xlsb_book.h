/* xlsb_book.h — a binary workbook: sheets, styles, strings, tables.              SPDX-License-Identifier: MIT */
#ifndef PF_XLSB_BOOK_H
#define PF_XLSB_BOOK_H
#include "base/thread.h"
#include "grid/grid_book.h"
#include "grid/grid_styles.h"
#include "ptg/ptg_links.h"
#include "read/xlsb/xlsb_record.h"

struct pf_xlsb_book {
    struct pf_opc_package package;
    struct pf_host *host; /* lent */
    const struct pf_zip_member *workbook;
    struct pf_opc_relations relations; /* of the workbook */
    struct pf_buf sheets;              /* struct pf_grid_sheet; names are the arena's of the package */
    struct pf_buf parts;               /* const struct pf_zip_member *, of the sheets; NULL: it is not there */
    int32_t sheet_count;
    bool date1904;
    struct pf_grid_styles styles;
    pf_mutex mutex; /* for the strings, which are read when they are needed */
    bool has_mutex;
    bool has_strings;
    struct pf_grid_strings strings;
    struct pf_buf string_bytes, string_offsets;
    bool has_areas;
    struct pf_buf areas;       /* struct pf_grid_area */
    struct pf_buf merges;      /* or what is hidden, of the sheet asked for last */
    struct pf_buf text;        /* of names, while they are read */
    struct pf_ptg_links links; /* when has_links is true. Both are read under the mutex */
    bool has_links;
};
/* source and host are lent until close_book. Gives *out. */
pf_status pf_xlsb_book_open(struct pf_source *source, struct pf_host *host, struct pf_grid_book *out,
                            struct pf_error *err);
/* The part of a sheet; NULL: it is not there. */
static inline const struct pf_zip_member *pf_xlsb_part_of(const struct pf_xlsb_book *book, int32_t sheet) {
    return ((const struct pf_zip_member *const *)(const void *)book->parts.data)[sheet];
}
/* A string of the record, in the package's arena. */
pf_status pf_xlsb_keep(struct pf_xlsb_book *book, const struct pf_xlsb_record *record, size_t *at,
                       const char **out, struct pf_error *err);

/* Formats of the cell styles. */
pf_status pf_xlsb_styles_read(struct pf_xlsb_book *book, const struct pf_zip_member *member,
                              struct pf_error *err);
/* The shared strings, once; any thread. */
pf_status pf_xlsb_strings_need(struct pf_xlsb_book *book, struct pf_error *err);
/* Tables and defined names, once. */
pf_status pf_xlsb_areas_need(struct pf_xlsb_book *book, struct pf_error *err);
/* What formulas name by numbers, once; any thread. Parts and records that are broken are left out: what they name is not
 * spelled. */
pf_status pf_xlsb_links_need(struct pf_xlsb_book *book, struct pf_error *err);
/* Where a rectangle of the record is, rows before columns, in four bytes each; false: it is none. */
bool pf_xlsb_range(const struct pf_xlsb_record *record, struct pf_grid_range *range);

/* One pass over a sheet: what grid_book.h asks of a driver. */
pf_status pf_xlsb_sheet_open(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err);
pf_status pf_xlsb_sheet_next(void *cursor, struct pf_grid_block *block, struct pf_error *err);
void pf_xlsb_sheet_close(void *cursor);
/* The merged ranges of a sheet: another pass to its end. */
pf_status pf_xlsb_sheet_hidden(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                               struct pf_error *err);
pf_status pf_xlsb_sheet_links(void *self, int32_t sheet, struct pf_grid_links *links, struct pf_error *err);
pf_status pf_xlsb_sheet_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                               struct pf_error *err);
#endif
