/* xlsb_reader.h — the reader of binary workbooks.                               SPDX-License-Identifier: MIT */
#ifndef PF_XLSB_READER_H
#define PF_XLSB_READER_H
#include "pyforge/extension.h"
extern const struct pf_reader pf_xlsb_reader;
#endif
