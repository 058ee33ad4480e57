/* ods_book.h — an OpenDocument spreadsheet: its sheets and styles.               SPDX-License-Identifier: MIT
 * Source: OpenDocument 1.3 Part 3 (schema). */
#ifndef PF_ODS_BOOK_H
#define PF_ODS_BOOK_H
#include "base/arena.h"
#include "base/map.h"
#include "base/thread.h"
#include "grid/grid_book.h"
#include "read/ods/ods_names.h"
#include "read/ods/ods_part.h"

struct pf_ods_style {
    const char *parent; /* NULL: none */
    const char *data;   /* name of its number style; NULL: its parent's */
};

struct pf_ods_book {
    struct pf_ods_package package;
    struct pf_host *host;  /* lent */
    struct pf_arena arena; /* names */
    struct pf_grid_sheet *sheets;
    int64_t *places; /* by sheet: byte of its <table:table> in the content */
    int32_t sheet_count;
    size_t sheet_room;
    struct pf_ods_names names;  /* of the content */
    struct pf_grid_area *areas; /* of named and database ranges */
    size_t area_count, area_room;
    struct pf_map data_styles;  /* name → kind of format | digits << 8 */
    struct pf_map cell_styles;  /* name → index, from 1, into styles and formats */
    struct pf_map table_styles; /* name → 1: hidden */
    struct pf_buf styles;       /* struct pf_ods_style; the first one is nobody's */
    struct pf_buf formats;      /* struct pf_grid_format, by style */
    struct pf_grid_codes codes; /* of them */
    struct pf_buf merges;       /* struct pf_grid_range */
    pf_mutex mutex;             /* of what follows */
    bool has_mutex;
    struct pf_ods_part
        parked; /* the content where a pass stopped, for one over a later sheet; all zero: none */
};

/* source and host are lent until the book is closed. Gives *out. */
pf_status pf_ods_book_open(struct pf_source *source, struct pf_host *host, struct pf_grid_book *out,
                           struct pf_error *err);

/* May a second thread unpack? */
bool pf_ods_book_threaded(const struct pf_ods_book *book);

/* Behind any OPEN event: if it opens a style, reads it to its end. Of two styles of one name the first one stays. */
pf_status pf_ods_styles_take(struct pf_ods_book *book, struct pf_xml *xml, struct pf_error *err);
/* Behind an OPEN event outside of tables: if it is a named or a database range, adds it to the areas. */
pf_status pf_ods_areas_take(struct pf_ods_book *book, const struct pf_xml *xml, struct pf_error *err);
/* When all are read: what each style of cells means. */
pf_status pf_ods_styles_resolve(struct pf_ods_book *book, struct pf_error *err);
/* The index of a style of cells by its name; 0: there is none. */
uint32_t pf_ods_style_of(const struct pf_ods_book *book, struct pf_text name);

/* The functions of the driver (grid_book.h). */
pf_status pf_ods_sheet_open(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err);
pf_status pf_ods_sheet_next(void *cursor, struct pf_grid_block *block, struct pf_error *err);
void pf_ods_sheet_close(void *cursor);
pf_status pf_ods_areas(void *self, const struct pf_grid_area **areas, size_t *count, struct pf_error *err);
pf_status pf_ods_sheet_links(void *self, int32_t sheet, struct pf_grid_links *links, struct pf_error *err);
pf_status pf_ods_sheet_hidden(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                              struct pf_error *err);
pf_status pf_ods_sheet_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                              struct pf_error *err);
#endif
