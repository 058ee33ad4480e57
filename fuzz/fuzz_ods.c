/* fuzz_ods.c — fuzz. A content as a flat document: survey, every table, every cell, and the same cells from both readers of
 * rows.                                                                          SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "../tests/unit/ods/ods_twice.h"
#include "fuzz_reader.h"
#include "read/ods/ods_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 64 << 20};

static void compare_readers(const uint8_t *data, size_t size) {
    struct pf_source source;
    struct pf_grid_book book;
    struct pf_buf said = {0};
    struct pf_error err = PF_ERROR_INIT;
    pf_status status;
    pf_source_memory(data, size, &source);
    if (pf_ods_book_open(&source, &host, &book, NULL) != PF_OK)
        return;
    for (int32_t i = 0; i < book.sheet_count && i < 4; i++)
        if (!agree_on_sheet(&book, i, &said, &status, &err))
            abort();
    book.driver->close_book(book.self);
    pf_buf_clear(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    compare_readers(data, size);
    read_input(&pf_ods_reader, data, size);
    return 0;
}
