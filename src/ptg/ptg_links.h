/* ptg_links.h — what the tokens of a book's formulas name by numbers: sheets, names, tables. SPDX-License-Identifier: MIT
 *
 * A reader adds what its records say, in their order; formulas are spelled afterwards, by any number of threads. */
#ifndef PF_PTG_LINKS_H
#define PF_PTG_LINKS_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/map.h"
#include "base/text.h"
#include "grid/grid_book.h"

enum pf_ptg_version { PF_PTG_BIFF2, PF_PTG_BIFF3, PF_PTG_BIFF4, PF_PTG_BIFF5, PF_PTG_BIFF8, PF_PTG_BIFF12 };

enum pf_ptg_book_kind {
    PF_PTG_OWN,
    PF_PTG_ADDIN,    /* names of functions */
    PF_PTG_WORKBOOK, /* another one: [1], [2] … in the order of their coming */
    PF_PTG_STRANGE,  /* DDE, OLE: counted as workbooks are, and not spelled */
    PF_PTG_NOTHING   /* unused */
};

#define PF_PTG_NO_SHEET (-2) /* of a name: the book's own */
#define PF_PTG_LOST     (-1) /* a sheet that was deleted */

/* All zero but version, charset, sheets is good and empty; clear ends it. */
struct pf_ptg_links {
    enum pf_ptg_version version;
    const struct pf_charset *charset;   /* of strings until BIFF5 */
    const struct pf_grid_sheet *sheets; /* the book's own; lent */
    int32_t sheet_count;
    struct pf_arena arena;
    struct pf_buf books, references, sheet_names, extern_names, names, tables, columns;
    struct pf_map table_ids;
    int32_t workbooks; /* numbered so far */
};
void pf_ptg_links_clear(struct pf_ptg_links *links);

/* Each gives NO_MEMORY or OK; text is copied. What is beyond a million of a kind is left out, and not spelled. */
pf_status pf_ptg_add_book(struct pf_ptg_links *links, enum pf_ptg_book_kind kind, struct pf_error *err);
/* Of the book added last. */
pf_status pf_ptg_add_sheet_name(struct pf_ptg_links *links, struct pf_text name, struct pf_error *err);
/* An entry of the table of extern sheets: a book by its number from 0, its sheets. */
pf_status pf_ptg_add_reference(struct pf_ptg_links *links, uint32_t book, int32_t first, int32_t last,
                               struct pf_error *err);
/* A name of the book added last, or of the book itself. sheet: that it belongs to, or PF_PTG_NO_SHEET. good: false:
 * nothing that a formula could spell (a DDE item), which only has its number. */
pf_status pf_ptg_add_extern_name(struct pf_ptg_links *links, struct pf_text name, int32_t sheet, bool good,
                                 struct pf_error *err);
pf_status pf_ptg_add_name(struct pf_ptg_links *links, struct pf_text name, int32_t sheet, struct pf_error *err);
pf_status pf_ptg_add_table(struct pf_ptg_links *links, uint32_t id, struct pf_text name, struct pf_error *err);
/* Of the table added last. */
pf_status pf_ptg_add_column(struct pf_ptg_links *links, struct pf_text name, struct pf_error *err);
/* The name of a built-in name by its code in BIFF5 and 8; NULL: none. Source: [MS-XLS] 2.5.114. */
const char *pf_ptg_builtin(uint8_t code);

/* Each appends to `to`; *known false: it cannot be told, and `to` may hold a part of it. */
/* "Sheet1!", "'My Sheet'!", "Sheet1:Sheet3!", "[1]Sheet1!", "#REF!". By an index of the table of extern sheets … */
pf_status pf_ptg_put_reference(const struct pf_ptg_links *links, uint32_t index, struct pf_buf *to, bool *known,
                               struct pf_error *err);
/* … or own sheets by their numbers. */
pf_status pf_ptg_put_sheets(const struct pf_ptg_links *links, int32_t first, int32_t last, struct pf_buf *to,
                            bool *known, struct pf_error *err);
/* Own names and those of other books count from 1. */
pf_status pf_ptg_put_name(const struct pf_ptg_links *links, uint32_t number, struct pf_buf *to, bool *known,
                          struct pf_error *err);
pf_status pf_ptg_put_extern_name(const struct pf_ptg_links *links, uint32_t reference, uint32_t number,
                                 struct pf_buf *to, bool *known, struct pf_error *err);
/* PtgList: a part of a table. flags: [MS-XLSB] 2.5.97.56. */
pf_status pf_ptg_put_list(const struct pf_ptg_links *links, uint32_t id, uint32_t flags, uint32_t first,
                          uint32_t last, struct pf_buf *to, bool *known, struct pf_error *err);
#endif
