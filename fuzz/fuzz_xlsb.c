/* fuzz_xlsb.c — fuzz. A whole binary workbook: surveys, every table, every cell.  SPDX-License-Identifier: MIT */
#include "fuzz_reader.h"
#include "read/xlsb/xlsb_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_input(&pf_xlsb_reader, data, size);
    return 0;
}
