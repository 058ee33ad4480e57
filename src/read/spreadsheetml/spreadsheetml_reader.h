/* spreadsheetml_reader.h — the reader of SpreadsheetML 2003, XML that Excel 2002 and 2003 wrote.
 * SPDX-License-Identifier: MIT */
#ifndef PF_SPREADSHEETML_READER_H
#define PF_SPREADSHEETML_READER_H
#include "pyforge/extension.h"
extern const struct pf_reader pf_spreadsheetml_reader;
#endif
