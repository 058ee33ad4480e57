/* ods_reader.h — the reader of OpenDocument spreadsheets.                        SPDX-License-Identifier: MIT */
#ifndef PF_ODS_READER_H
#define PF_ODS_READER_H
#include "pyforge/extension.h"
extern const struct pf_reader pf_ods_reader;
#endif
