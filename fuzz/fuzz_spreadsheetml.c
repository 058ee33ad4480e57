/* fuzz_spreadsheetml.c — any bytes as a SpreadsheetML document; every sheet is read. SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>

#include "bytes/bytes_source.h"
#include "fuzz_book.h"
#include "read/spreadsheetml/spreadsheetml_book.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pf_source source;
    struct pf_grid_book book;
    pf_source_memory(data, size, &source);
    if (pf_spreadsheetml_book_open(&source, &book, NULL) == PF_OK)
        read_book(&book);
    return 0;
}
