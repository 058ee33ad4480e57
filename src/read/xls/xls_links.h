/* xls_links.h — what the formulas of a workbook name by numbers.                 SPDX-License-Identifier: MIT */
#ifndef PF_XLS_LINKS_H
#define PF_XLS_LINKS_H
#include "read/xls/xls_book.h"

/* Fills book->links in, once, by another pass over the globals; any thread. Records that are broken are left out: what they
 * name is not spelled. */
pf_status pf_xls_links_need(struct pf_xls_book *book, struct pf_error *err);
#endif
