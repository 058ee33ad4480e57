/* fuzz_ods.c — fuzz. A content as a flat document: survey, every table, every cell, and the same cells from both readers of
 * rows.                                                                          SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "../tests/unit/ods/ods_twice.h"
#include "columns/columns_stream.h"
#include "read/ods/ods_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void drink(pf_reader_state *state, const struct pf_survey *survey, int32_t table) {
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    struct pf_error err = PF_ERROR_INIT;
    struct pf_read request = {.struct_size = sizeof request,
                              .table = table,
                              .schema = &survey->tables[table]->schema,
                              .limit_rows = 200000,
                              .err = &err};
    if (pf_ods_reader.read(state, &request, &stream, NULL) != PF_OK)
        return;
    while (pf_stream_next(&stream, &err, &batch, NULL) == PF_OK && batch.release)
        batch.release(&batch);
    pf_stream_release(&stream);
}

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
    static const int32_t modes[] = {PF_SURVEY_SAMPLE, PF_SURVEY_EXACT, PF_SURVEY_CELLS};
    struct pf_source source;
    pf_reader_state *state;
    compare_readers(data, size);
    pf_source_memory(data, size, &source);
    struct pf_open open = {
        .struct_size = sizeof open, .source = &source, .host = &host, .location = "f.ods", .stem = "f"};
    if (pf_ods_reader.open(&open, &state, NULL) != PF_OK)
        return 0;
    for (size_t i = 0; i < 3; i++) {
        struct pf_survey survey = {.struct_size = sizeof survey, .mode = modes[i]};
        if (pf_ods_reader.survey(state, &survey, NULL) != PF_OK)
            continue;
        for (int64_t t = 0; t < survey.table_count && t < 4; t++)
            drink(state, &survey, (int32_t)t);
    }
    pf_ods_reader.close(state);
    return 0;
}
