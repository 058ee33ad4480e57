/* lines_format.c — a whole format in some 60 lines and two tables: ".lines", every line one row of text.
 * SPDX-License-Identifier: MIT
 * Knows: how little a reader needs.
 * Knows not: anything of the rooms behind the tables. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "toy_format.h"

struct pf_reader_state {
    struct pf_host *host;
    uint8_t *text;
    size_t size, at;
    struct pf_table table;
    const struct pf_table *list[1];
    struct pf_batch batch;
};
static int32_t probe(const struct pf_probe *request) {
    return strcmp(request->suffix, ".lines") == 0 ? PF_PROBE_LIKELY : PF_PROBE_NO;
}
static void close_lines(pf_reader_state *self) {
    pf_batch_clear(&self->batch);
    pf_mem_free(self->text);
    pf_schema_release(&self->table.schema);
    pf_mem_free(self);
}
static pf_status prepare(pf_reader_state *self, struct pf_source *source, struct pf_error *err) {
    static const struct pf_type text = {.kind = PF_KIND_UTF8, .zone = ""};
    PF_TRY(pf_source_slurp(source, 1 << 20, &self->text, &self->size, err));
    PF_TRY(pf_schema_struct(&self->table.schema, 1, err));
    return pf_schema_field(self->table.schema.children[0], "line", &text, true, err);
}
static pf_status open_lines(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    pf_reader_state *self = pf_mem_zero(1, sizeof *self);
    if (!self)
        return pf_fail_memory(err, sizeof *self);
    self->host = request->host;
    self->table = (struct pf_table){sizeof self->table, 1, request->stem, .rows = -1, .rows_estimate = -1};
    pf_status status = prepare(self, request->source, err);
    if (status != PF_OK)
        close_lines(self);
    else
        *out = self;
    return status;
}
static pf_status survey(pf_reader_state *self, struct pf_survey *request, struct pf_error *err) {
    self->list[0] = &self->table;
    request->table_count = 1;
    request->tables = self->list;
    return PF_OK;
}
static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    return pf_schema_copy(&((pf_reader_state *)self)->table.schema, out, err);
}
static pf_status give_next(void *ctx, struct ArrowArray *out, struct pf_error *err) {
    pf_reader_state *self = ctx;
    int64_t rows = 0;
    for (; self->at < self->size && rows < 65536; rows++) {
        const uint8_t *from = self->text + self->at, *end = memchr(from, '\n', self->size - self->at);
        size_t size = end ? (size_t)(end - from) : self->size - self->at;
        PF_TRY(pf_build_bytes(&self->batch.builds[0], from, size, err));
        self->at += size + 1;
    }
    self->host->count(self->host, "rows-in", rows);
    return rows ? pf_batch_take(&self->batch, out, err) : PF_OK;
}
static void end_stream(void *self) { pf_batch_clear(&((pf_reader_state *)self)->batch); }
static pf_status read_lines(pf_reader_state *self, const struct pf_read *request, struct ArrowArrayStream *out,
                            struct pf_error *err) {
    struct pf_stream_maker maker = {self, give_schema, give_next, end_stream};
    if (strcmp(request->schema->children[0]->format, "u") != 0)
        return pf_fail(err, PF_UNSUPPORTED, "lines are text; cast the column");
    self->at = 0;
    PF_TRY(pf_batch_open(&self->batch, &self->table.schema, err));
    return pf_stream_make(&maker, request->err, out, err);
}
static const char *const suffixes[] = {".lines", NULL};
static const struct pf_reader lines_reader = {.struct_size = sizeof lines_reader,
                                              .rank = PF_RANK_PRIMARY,
                                              .name = "lines",
                                              .summary = "text, line by line",
                                              .suffixes = suffixes,
                                              .probe = probe,
                                              .open = open_lines,
                                              .survey = survey,
                                              .read = read_lines,
                                              .close = close_lines};
static const struct pf_reader *const readers[] = {&lines_reader, NULL};
const struct pf_extension lines_extension = {.struct_size = sizeof lines_extension,
                                             .name = "lines",
                                             .version = "1",
                                             .summary = "lines",
                                             .license = "MIT",
                                             .readers = readers};
