/* read_list.c — room read. The one list of built-in readers.                     SPDX-License-Identifier: MIT
 * Knows: which formats this build reads.
 * Knows not: how. One line here adds a format. */
#include "read/read_list.h"

#include <stddef.h>

#include "read/csv/csv_reader.h"
#include "read/ods/ods_reader.h"
#include "read/spreadsheetml/spreadsheetml_reader.h"
#include "read/sylk/sylk_reader.h"
#include "read/xls/xls_reader.h"
#include "read/xlsb/xlsb_reader.h"
#include "read/xlsx/xlsx_reader.h"

const struct pf_reader *const pf_builtin_readers[] = {
    &pf_csv_reader, &pf_xls_reader,           &pf_xlsx_reader, &pf_xlsb_reader,
    &pf_ods_reader, &pf_spreadsheetml_reader, &pf_sylk_reader, NULL};
