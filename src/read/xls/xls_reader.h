/* xls_reader.h — workbooks of Excel 2 to 2003: pf_xls_reader.                   SPDX-License-Identifier: MIT */
#ifndef PF_XLS_READER_H
#define PF_XLS_READER_H
#include "pyforge/extension.h"

extern const struct pf_reader pf_xls_reader;
#endif
