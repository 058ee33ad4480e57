/* xlsb_record.h — a binary part: records and the fields in them.                SPDX-License-Identifier: MIT
 * Source: [MS-XLSB] 2.1.4 (records), 2.3.2 (their numbers), 2.5. */
#ifndef PF_XLSB_RECORD_H
#define PF_XLSB_RECORD_H
#include "base/bits.h"
#include "base/buf.h"
#include "bytes/bytes_window.h"
#include "opc/opc_package.h"

enum pf_xlsb_id {
    PF_XLSB_ROW_HDR = 0,
    PF_XLSB_CELL_BLANK = 1,
    PF_XLSB_CELL_RK = 2,
    PF_XLSB_CELL_ERROR = 3,
    PF_XLSB_CELL_BOOL = 4,
    PF_XLSB_CELL_REAL = 5,
    PF_XLSB_CELL_ST = 6,
    PF_XLSB_CELL_ISST = 7,
    PF_XLSB_FMLA_STRING = 8,
    PF_XLSB_FMLA_NUM = 9,
    PF_XLSB_FMLA_BOOL = 10,
    PF_XLSB_FMLA_ERROR = 11,
    PF_XLSB_SHORT_BLANK = 12,
    PF_XLSB_SHORT_RK = 13,
    PF_XLSB_SHORT_ERROR = 14,
    PF_XLSB_SHORT_BOOL = 15,
    PF_XLSB_SHORT_REAL = 16,
    PF_XLSB_SHORT_ST = 17,
    PF_XLSB_SHORT_ISST = 18,
    PF_XLSB_SST_ITEM = 19,
    PF_XLSB_NAME = 39,
    PF_XLSB_FMT = 44,
    PF_XLSB_XF = 47,
    PF_XLSB_COL_INFO = 60,
    PF_XLSB_CELL_R_STRING = 62,
    PF_XLSB_END_SHEET = 130,
    PF_XLSB_BEGIN_BOOK = 131,
    PF_XLSB_BEGIN_SHEET_DATA = 145,
    PF_XLSB_END_SHEET_DATA = 146,
    PF_XLSB_WB_PROP = 153,
    PF_XLSB_BUNDLE_SH = 156,
    PF_XLSB_END_SST = 160,
    PF_XLSB_MERGE_CELL = 176,
    PF_XLSB_BEGIN_LIST = 343,
    PF_XLSB_BEGIN_LIST_COL = 347,
    PF_XLSB_SUP_BOOK_SRC = 355,
    PF_XLSB_SUP_SELF = 357,
    PF_XLSB_SUP_SAME = 358,
    PF_XLSB_SUP_TABS = 359,
    PF_XLSB_BEGIN_SUP_BOOK = 360,
    PF_XLSB_PLACEHOLDER_NAME = 361,
    PF_XLSB_EXTERN_SHEET = 362,
    PF_XLSB_ARR_FMLA = 426,
    PF_XLSB_SHR_FMLA = 427,
    PF_XLSB_HLINK = 494,
    PF_XLSB_SUP_NAME_START = 577,
    PF_XLSB_SUP_NAME_BITS = 586,
    PF_XLSB_SUP_NAME_END = 587,
    PF_XLSB_BEGIN_CELL_XFS = 617,
    PF_XLSB_END_CELL_XFS = 618,
    PF_XLSB_SUP_ADDIN = 667
};

struct pf_xlsb_record {
    const uint8_t *bytes; /* lent until the next record */
    uint32_t size;
    uint32_t id;
    int64_t offset; /* of its head in the part */
};

/* All zero before open; close ends it. */
struct pf_xlsb_part {
    struct pf_source source;
    struct pf_window window;
    const char *name;               /* lent by the package */
    const uint8_t *from, *at, *end; /* what the window lends; records before `at` are read */
};
pf_status pf_xlsb_part_open(struct pf_xlsb_part *part, struct pf_opc_package *package,
                            const struct pf_zip_member *member, int32_t threaded, struct pf_error *err);
void pf_xlsb_part_close(struct pf_xlsb_part *part);
/* Adds the part's name to the place of an error; returns status. */
pf_status pf_xlsb_part_where(const struct pf_xlsb_part *part, pf_status status, struct pf_error *err);
/* *there false: the part is at its end. A record that is cut short is BAD_DATA. */
pf_status pf_xlsb_next(struct pf_xlsb_part *part, struct pf_xlsb_record *record, bool *there,
                       struct pf_error *err);
/* BAD_DATA with the record's place: it says something that cannot be. */
pf_status pf_xlsb_refuse(const struct pf_xlsb_record *record, const char *what, struct pf_error *err);

/* Whether the record has `count` bytes from `at` on. */
static inline bool pf_xlsb_has(const struct pf_xlsb_record *record, size_t at, size_t count) {
    return at <= record->size && record->size - at >= count;
}
/* Appends a string that stands at *at as UTF-8 and moves *at behind it; a null string is an empty one. Halves of
 * surrogate pairs become U+FFFD. */
pf_status pf_xlsb_string(const struct pf_xlsb_record *record, size_t *at, struct pf_buf *to,
                         struct pf_error *err);
#endif
