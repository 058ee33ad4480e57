/* csv_reader.h — the CSV reader's table.                                         SPDX-License-Identifier: MIT */
#ifndef PF_CSV_READER_H
#define PF_CSV_READER_H
#include "pyforge/extension.h"
extern const struct pf_reader pf_csv_reader;
#endif
