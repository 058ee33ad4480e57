/* xls_globals.h — the records of a workbook's globals.                          SPDX-License-Identifier: MIT */
#ifndef PF_XLS_GLOBALS_H
#define PF_XLS_GLOBALS_H
#include "read/xls/xls_book.h"

/* What a BOF record says. */
struct pf_xls_bof {
    int biff; /* 2, 3, 4, 5 or 8; 0: it is no BOF */
    int kind; /* PF_XLS_GLOBALS … */
};
#define PF_XLS_GLOBALS   0x0005
#define PF_XLS_MODULE    0x0006
#define PF_XLS_WORKSHEET 0x0010
#define PF_XLS_CHART     0x0020
#define PF_XLS_MACRO     0x0040
#define PF_XLS_WORKSPACE 0x0100 /* a BIFF4 workbook */
struct pf_xls_bof pf_xls_bof(const struct pf_xls_record *record);
/* Reads book->source from its beginning and fills all of book but styles. */
pf_status pf_xls_globals(struct pf_xls_book *book, const char *password, struct pf_error *err);
#endif
