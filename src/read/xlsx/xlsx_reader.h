/* xlsx_reader.h — the reader of Office Open XML workbooks.                       SPDX-License-Identifier: MIT */
#ifndef PF_XLSX_READER_H
#define PF_XLSX_READER_H
#include "pyforge/extension.h"
extern const struct pf_reader pf_xlsx_reader;
#endif
