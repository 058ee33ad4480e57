/* lines_format.c — a whole format in about 60 lines: ".lines", every line one row of text.
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

struct lines {
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
static void close_lines(pf_reader_state *state) {
    struct lines *self = (struct lines *)state;
    pf_mem_free(self->text);
    pf_schema_release(&self->table.schema);
    pf_mem_free(self);
}
static pf_status open_lines(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    static const struct pf_type text = {.kind = PF_KIND_UTF8, .zone = ""};
    struct lines *self = pf_mem_zero(1, sizeof *self);
    if (!self)
        return PF_NO_MEMORY;
    self->host = request->host;
    self->table =
        (struct pf_table){.struct_size = sizeof self->table, .exact = 1, .name = request->stem, .rows = -1};
    pf_status status = pf_source_slurp(request->source, 1 << 20, &self->text, &self->size, err);
    if (status == PF_OK)
        status = pf_schema_struct(&self->table.schema, 1, err);
    if (status == PF_OK)
        status = pf_schema_field(self->table.schema.children[0], "line", &text, true, err);
    if (status != PF_OK)
        return close_lines((pf_reader_state *)self), status;
    *out = (pf_reader_state *)self;
    return PF_OK;
}
static pf_status survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) {
    struct lines *self = (struct lines *)state;
    self->list[0] = &self->table;
    request->table_count = 1;
    request->tables = self->list;
    return PF_OK;
}
static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    return pf_schema_copy(&((struct lines *)self)->table.schema, out, err);
}
static pf_status give_next(void *ctx, struct ArrowArray *out, struct pf_error *err) {
    struct lines *self = ctx;
    int64_t rows = 0;
    for (; self->at < self->size; rows++) {
        const char *from = (const char *)self->text + self->at,
                   *end = memchr(from, '\n', self->size - self->at);
        size_t size = end ? (size_t)(end - from) : self->size - self->at;
        pf_status status = pf_build_bytes(&self->batch.builds[0], from, size, err);
        if (status != PF_OK)
            return status;
        self->at += size + 1;
    }
    self->host->count(self->host, "rows-in", rows);
    return rows ? pf_batch_take(&self->batch, out, err) : PF_OK;
}
static void end_stream(void *self) { pf_batch_clear(&((struct lines *)self)->batch); }
static pf_status read_lines(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                            struct pf_error *err) {
    struct lines *self = (struct lines *)state;
    struct pf_stream_maker maker = {self, give_schema, give_next, end_stream};
    if (strcmp(request->schema->children[0]->format, "u") != 0)
        return pf_fail(err, PF_UNSUPPORTED, "lines are text; cast the column");
    self->at = 0;
    pf_status status = pf_batch_open(&self->batch, &self->table.schema, err);
    if (status == PF_OK && (status = pf_stream_make(&maker, request->err, out, err)) != PF_OK)
        pf_batch_clear(&self->batch);
    return status;
}
static const char *const suffixes[] = {".lines", NULL};
static const struct pf_reader lines_reader = {sizeof(struct pf_reader),
                                              PF_RANK_PRIMARY,
                                              "lines",
                                              "text, line by line",
                                              suffixes,
                                              NULL,
                                              NULL,
                                              0,
                                              0,
                                              probe,
                                              open_lines,
                                              survey,
                                              read_lines,
                                              NULL,
                                              close_lines};
static const struct pf_reader *const readers[] = {&lines_reader, NULL};
const struct pf_extension lines_extension = {.struct_size = sizeof(struct pf_extension),
                                             .name = "lines",
                                             .version = "1",
                                             .summary = "lines",
                                             .license = "MIT",
                                             .readers = readers};
