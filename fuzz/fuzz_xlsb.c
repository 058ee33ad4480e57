/* fuzz_xlsb.c — fuzz. A whole binary workbook: surveys, every table, every cell, every formula.  SPDX-License-Identifier: MIT */
#include "fuzz_book.h"
#include "fuzz_reader.h"
#include "read/xlsb/xlsb_book.h"
#include "read/xlsb/xlsb_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 64 << 20};
    struct pf_source source;
    struct pf_grid_book book;
    read_input(&pf_xlsb_reader, data, size);
    pf_source_memory(data, size, &source);
    if (pf_xlsb_book_open(&source, &host, &book, NULL) == PF_OK)
        read_book(&book);
    return 0;
}
