/* fuzz_sheet.c — fuzz. A sheet's XML through both readers of rows: no crash, and the same cells; and for its formulas.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "../tests/unit/xlsx/xlsx_parts.h"
#include "../tests/unit/xlsx/xlsx_twice.h"
#include "fuzz_book.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 64 << 20};
    struct pf_buf zip = {0}, said = {0};
    struct pf_source source;
    struct pf_grid_book book;
    struct pf_error err = PF_ERROR_INIT;
    pf_status status;
    put_book(&zip, data, size);
    pf_source_memory(zip.data, zip.size, &source);
    if (pf_xlsx_book_open(&source, &host, &book, NULL) == PF_OK) {
        if (!agree_on_sheet(&book, 0, &said, &status, &err))
            abort();
        read_book(&book);
    }
    pf_buf_clear(&zip);
    pf_buf_clear(&said);
    return 0;
}
