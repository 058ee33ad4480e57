/* fuzz_reader.h — a whole input by a reader: surveys, every table, every cell, for fuzz targets.  SPDX-License-Identifier: MIT */
#ifndef FUZZ_READER_H
#define FUZZ_READER_H
#include "base/error.h"
#include "bytes/bytes_source.h"
#include "columns/columns_stream.h"
#include "pyforge/extension.h"

static void drink(const struct pf_reader *reader, pf_reader_state *state, const struct pf_survey *survey,
                  int32_t table) {
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    struct pf_error err = PF_ERROR_INIT;
    struct pf_read request = {.struct_size = sizeof request,
                              .table = table,
                              .schema = &survey->tables[table]->schema,
                              .limit_rows = 200000,
                              .err = &err};
    if (reader->read(state, &request, &stream, NULL) != PF_OK)
        return;
    while (pf_stream_next(&stream, &err, &batch, NULL) == PF_OK && batch.release)
        batch.release(&batch);
    pf_stream_release(&stream);
}

static inline void read_input(const struct pf_reader *reader, const uint8_t *data, size_t size) {
    static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 64 << 20};
    static const int32_t modes[] = {PF_SURVEY_SAMPLE, PF_SURVEY_EXACT, PF_SURVEY_CELLS};
    struct pf_source source;
    pf_reader_state *state;
    pf_source_memory(data, size, &source);
    struct pf_open open = {
        .struct_size = sizeof open, .source = &source, .host = &host, .location = "f", .stem = "f"};
    if (reader->open(&open, &state, NULL) != PF_OK)
        return;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct pf_survey survey = {.struct_size = sizeof survey, .mode = modes[i]};
        if (reader->survey(state, &survey, NULL) != PF_OK)
            continue;
        for (int64_t t = 0; t < survey.table_count && t < 4; t++)
            drink(reader, state, &survey, (int32_t)t);
    }
    reader->close(state);
}
#endif
