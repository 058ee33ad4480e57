/* xls_names.h — defined names that mean one range. Sources: [MS-XLS] 2.4.150 (Lbl), 2.4.105 (ExternSheet), 2.4.271
 * (SupBook), 2.5.198.28 (PtgArea3d). SPDX-License-Identifier: MIT */
#ifndef PF_XLS_NAMES_H
#define PF_XLS_NAMES_H
#include "read/xls/xls_book.h"

/* SUPBOOK, EXTERNSHEET and NAME records in the order of the globals. Other records, names that mean something else than
 * one range of one sheet, and damaged ones are passed over. */
pf_status pf_xls_names_take(struct pf_xls_book *book, struct pf_xls_stream *stream,
                            const struct pf_xls_record *record, struct pf_error *err);
#endif
