/* xls_book.h — a workbook's globals: version, code page, formats, sheets, shared strings. Source: [MS-XLS] 2.1.7.20.3.
 * SPDX-License-Identifier: MIT */
#ifndef PF_XLS_BOOK_H
#define PF_XLS_BOOK_H
#include "base/arena.h"
#include "base/thread.h"
#include "codec/codec_cfb.h"
#include "grid/grid_book.h"
#include "ptg/ptg_links.h"
#include "read/xls/xls_text.h"

/* What is known of a sheet beyond struct pf_grid_sheet. */
struct pf_xls_sheet {
    int64_t offset;      /* of its BOF in the stream */
    uint32_t style_base; /* added to the styles of its cells: BIFF4 workbooks have formats by sheet */
    bool looked;         /* the rest is known. This and the rest: under the book's mutex */
    struct pf_grid_range *merges;
    size_t merge_count, merge_room;
    struct pf_buf hidden; /* struct pf_grid_range: rows and columns */
};

struct pf_xls_book {
    struct pf_source stream;  /* the workbook's own: of a compound file, or whole unused */
    struct pf_source *source; /* that is read */
    pf_cfb *cfb;
    struct pf_xls_lock lock;
    int biff;           /* 2, 3, 4, 5 or 8 */
    bool by_format;     /* BIFF2 without XF: a cell names its format itself */
    uint32_t code_page; /* 0: not said */
    const struct pf_charset *charset;
    bool date1904;
    struct pf_grid_format *codes; /* by format id */
    struct pf_grid_codes texts;   /* of them */
    uint32_t code_count, code_room;
    struct pf_grid_format *styles; /* by XF */
    uint16_t *style_codes;         /* format id of each XF */
    uint32_t style_count, style_room;
    struct pf_grid_sheet *sheets;
    struct pf_xls_sheet *places;
    uint32_t sheet_count, sheet_room;
    struct pf_grid_strings strings;
    struct pf_buf text; /* of the shared strings */
    uint64_t *offsets;
    uint64_t offset_room;
    struct pf_grid_area *areas; /* defined names */
    size_t area_count, area_room;
    int16_t *references; /* the sheets that formulas name by number; −1: not the book's own */
    uint32_t reference_count;
    uint32_t supbook_count, own_sheets;
    struct pf_arena names;
    struct pf_ptg_links links; /* when has_links is true. Both are read under the mutex */
    bool has_links;
    pf_mutex mutex;
    bool has_mutex;
};

/* Is it a workbook stream without a compound file around it? */
bool pf_xls_is_plain(const uint8_t *head, size_t size);
/* The stream of the workbook in a compound file; NULL: there is none. */
const struct pf_cfb_entry *pf_xls_find_stream(const pf_cfb *cfb);
/* Reads the globals. source is lent until close; password NULL: none. *book is all zero before and closed on failure.
 * BAD_DATA, PASSWORD, and UNSUPPORTED for a compound file that holds something else, by its true name. */
pf_status pf_xls_book_open(struct pf_source *source, const char *password, struct pf_xls_book *book,
                           struct pf_error *err);
void pf_xls_book_close(struct pf_xls_book *book);
#endif
