/* fuzz_xlsx.c — fuzz. A whole workbook: surveys, every table, every cell.  SPDX-License-Identifier: MIT */
#include "fuzz_reader.h"
#include "read/xlsx/xlsx_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_input(&pf_xlsx_reader, data, size);
    return 0;
}
