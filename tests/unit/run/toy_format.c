/* toy_format.c — a format for tests of the pipe: ".toy".                         SPDX-License-Identifier: MIT
 * Knows: every way a reader can answer: widen, reject, count, several tables.
 * Knows not: anything real. */
#include "toy_format.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"
#include "bytes/bytes_source.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "columns/columns_view.h"

#define TABLES_MOST  4
#define COLUMNS_MOST 16

struct toy_table {
    struct pf_table face;
    char name[40];
    size_t from, to; /* lines of data in the text */
    int64_t columns;
    bool text[COLUMNS_MOST];
};
struct toy {
    struct pf_host *host;
    struct pf_source *source;
    uint8_t *text;
    size_t size;
    char stem[40];
    struct toy_table tables[TABLES_MOST];
    const struct pf_table *list[TABLES_MOST];
    int64_t count;
};

static struct pf_text next_line(const struct toy *toy, size_t *at, size_t to) {
    const char *from = (const char *)toy->text + *at, *end = memchr(from, '\n', to - *at);
    struct pf_text line = {from, end ? (size_t)(end - from) : to - *at};
    *at += line.size + 1;
    return line;
}
static bool next_cell(struct pf_text *line, struct pf_text *cell) {
    while (line->size && line->at[0] == ' ')
        line->at++, line->size--;
    size_t size = 0;
    while (size < line->size && line->at[size] != ' ')
        size++;
    *cell = (struct pf_text){line->at, size};
    line->at += size;
    line->size -= size;
    return size > 0;
}

static int32_t probe(const struct pf_probe *request) {
    if (request->head_size >= 4 && memcmp(request->head, "TOY!", 4) == 0)
        return PF_PROBE_MAGIC;
    return strcmp(request->suffix, ".toy") == 0 ? PF_PROBE_LIKELY : PF_PROBE_NO;
}

static void forget(struct toy *toy) {
    for (int64_t i = 0; i < toy->count; i++)
        pf_schema_release(&toy->tables[i].face.schema);
    memset(toy->tables, 0, sizeof toy->tables);
    toy->count = 0;
}
static void close_toy(pf_reader_state *state) {
    struct toy *toy = (struct toy *)state;
    forget(toy);
    pf_mem_free(toy->text);
    pf_mem_free(toy);
}
static pf_status open_toy(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    struct toy *toy = pf_mem_zero(1, sizeof *toy);
    if (!toy)
        return pf_fail_memory(err, sizeof *toy);
    toy->host = request->host;
    toy->source = request->source;
    snprintf(toy->stem, sizeof toy->stem, "%s", request->stem);
    *out = (pf_reader_state *)toy;
    return PF_OK;
}

static pf_status find_schema(struct toy *toy, struct toy_table *table, struct pf_text names, int32_t mode,
                             struct pf_error *err) {
    struct pf_text cells[COLUMNS_MOST], cell;
    int64_t rows = 0;
    while (table->columns < COLUMNS_MOST && next_cell(&names, &cell))
        cells[table->columns++] = cell;
    for (size_t at = table->from; at < table->to && (mode == PF_SURVEY_EXACT || rows < 2);) {
        struct pf_text line = next_line(toy, &at, table->to);
        if (!line.size || line.at[0] == '#' || line.at[0] == '!')
            continue;
        for (int64_t i = 0; i < table->columns && next_cell(&line, &cell); i++) {
            int64_t number;
            if (!pf_text_is(cell, "-") && !pf_parse_int64(cell.at, cell.size, &number))
                table->text[i] = true;
        }
        rows++;
    }
    table->face = (struct pf_table){sizeof table->face, mode == PF_SURVEY_EXACT, table->name, {0}, -1, -1};
    PF_TRY(pf_schema_struct(&table->face.schema, table->columns, err));
    for (int64_t i = 0; i < table->columns; i++) {
        struct pf_type type = {.kind = table->text[i] ? PF_KIND_UTF8 : PF_KIND_INT64, .zone = ""};
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)cells[i].size, cells[i].at);
        PF_TRY(pf_schema_field(table->face.schema.children[i], name, &type, true, err));
    }
    return PF_OK;
}

static pf_status survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) {
    struct toy *toy = (struct toy *)state;
    forget(toy);
    pf_mem_free(toy->text);
    toy->text = NULL;
    PF_TRY(pf_source_slurp(toy->source, 64 << 20, &toy->text, &toy->size, err));
    if (!toy->size)
        return pf_fail(err, PF_BAD_DATA, "the input is empty");
    size_t at = 0;
    while (at < toy->size && toy->count < TABLES_MOST) {
        struct toy_table *table = &toy->tables[toy->count];
        snprintf(table->name, sizeof table->name, "%s", toy->stem);
        struct pf_text names = next_line(toy, &at, toy->size);
        if (names.size > 6 && memcmp(names.at, "table ", 6) == 0) {
            snprintf(table->name, sizeof table->name, "%.*s", (int)names.size - 6, names.at + 6);
            names = next_line(toy, &at, toy->size);
        }
        table->from = at < toy->size ? at : toy->size;
        table->to = toy->size;
        for (size_t next = table->from; next < toy->size;) {
            size_t start = next;
            struct pf_text line = next_line(toy, &next, toy->size);
            if (line.size > 6 && memcmp(line.at, "table ", 6) == 0) {
                table->to = start;
                break;
            }
        }
        at = table->to;
        toy->list[toy->count++] = &table->face;
        PF_TRY(find_schema(toy, table, names, request->mode, err));
    }
    request->table_count = toy->count;
    request->tables = toy->list;
    if (request->fact) {
        request->fact(request->ctx, "blank", " ");
        request->fact(request->ctx, "confidence", "0.5");
    }
    return PF_OK;
}

/* ---- reading ---- */

struct toy_stream {
    struct toy *toy;
    struct toy_table *table;
    struct ArrowSchema schema;
    int32_t columns[COLUMNS_MOST];
    struct pf_batch batch;
    size_t at;
    int64_t row, line, left;
    bool imposed[COLUMNS_MOST];
};

static pf_status stream_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    return pf_schema_copy(&((struct toy_stream *)self)->schema, out, err);
}

static pf_status put_cell(struct toy_stream *stream, int64_t child, struct pf_text cell, struct pf_error *err) {
    struct pf_build *build = &stream->batch.builds[child];
    int64_t number;
    if (!cell.size || pf_text_is(cell, "-"))
        return pf_build_null(build, err);
    if (build->type.kind == PF_KIND_UTF8)
        return pf_build_bytes(build, cell.at, cell.size, err);
    if (pf_parse_int64(cell.at, cell.size, &number))
        return pf_build_value(build, &number, err);
    bool imposed = stream->imposed[child];
    pf_fail_at(err, imposed ? PF_BAD_DATA : PF_WIDEN, stream->row, -1, "'%.*s' is no number", (int)cell.size,
               cell.at);
    pf_where(err, "column '%s'", stream->schema.children[child]->name);
    return imposed ? PF_BAD_DATA : PF_WIDEN;
}

static pf_status put_line(struct toy_stream *stream, struct pf_text line, struct pf_error *err) {
    struct pf_text cells[COLUMNS_MOST] = {{0}};
    struct pf_host *host = stream->toy->host;
    struct pf_text whole = line;
    if (line.size && line.at[0] == '#') {
        host->count(host, "rows-in", 1);
        host->count(host, "skipped-comment", 1);
        return PF_OK;
    }
    stream->row++;
    host->count(host, "rows-in", 1);
    if (line.size && line.at[0] == '!') {
        struct pf_reject reject = {sizeof reject,
                                   -1,
                                   stream->row,
                                   stream->line,
                                   (int64_t)(line.at - (const char *)stream->toy->text),
                                   stream->table->name,
                                   NULL,
                                   "a row",
                                   "marked",
                                   whole.at,
                                   whole.size};
        return host->reject(host, &reject, err);
    }
    for (int64_t i = 0; i < stream->table->columns && next_cell(&line, &cells[i]); i++)
        ;
    for (int64_t i = 0; i < stream->schema.n_children; i++)
        PF_TRY(put_cell(stream, i, cells[stream->columns[i]], err));
    return PF_OK;
}

static pf_status stream_next(void *self, struct ArrowArray *out, struct pf_error *err) {
    struct toy_stream *stream = self;
    struct pf_host *host = stream->toy->host;
    while (stream->at < stream->table->to && stream->left != 0) {
        struct pf_text line = next_line(stream->toy, &stream->at, stream->table->to);
        stream->line++;
        PF_TRY(put_line(stream, line, err));
        if (stream->batch.builds[0].length >= 3)
            break;
        if (stream->left > 0)
            stream->left--;
    }
    if (stream->batch.builds[0].length == 0)
        return PF_OK;
    struct pf_notice notice = {sizeof notice, 0, "toy", NULL, "a batch", stream->row, -1, 1};
    host->notice(host, &notice);
    return pf_batch_take(&stream->batch, out, err);
}

static void stream_close(void *self) {
    struct toy_stream *stream = self;
    pf_batch_clear(&stream->batch);
    pf_schema_release(&stream->schema);
    pf_mem_free(stream);
}

static pf_status read_toy(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                          struct pf_error *err) {
    struct toy *toy = (struct toy *)state;
    struct toy_stream *stream = pf_mem_zero(1, sizeof *stream);
    if (!stream)
        return pf_fail_memory(err, sizeof *stream);
    stream->toy = toy;
    stream->table = &toy->tables[request->table];
    stream->at = stream->table->from;
    stream->left = request->limit_rows;
    for (int64_t i = 0; i < request->schema->n_children; i++) {
        stream->imposed[i] = request->imposed && request->imposed[i];
        stream->columns[i] = request->columns ? request->columns[i] : (int32_t)i;
    }
    struct pf_stream_maker maker = {stream, stream_schema, stream_next, stream_close};
    pf_status status = pf_schema_copy(request->schema, &stream->schema, err);
    if (status == PF_OK)
        status = pf_batch_open(&stream->batch, &stream->schema, err);
    if (status == PF_OK)
        status = pf_stream_make(&maker, request->err, out, err);
    if (status != PF_OK)
        stream_close(stream);
    return status;
}

/* ---- writing: names, then rows; null is "-" ---- */

struct toy_writer {
    struct pf_sink sink;
    bool ended; /* the sink */
    struct ArrowSchema schema;
    int64_t rows, bytes;
    pf_status told; /* once failed or finished, this is the answer */
};

static pf_status put(struct toy_writer *writer, const void *text, size_t size, struct pf_error *err) {
    writer->bytes += (int64_t)size;
    return writer->sink.write(&writer->sink, text, size, err);
}
static pf_status put_names(struct toy_writer *writer, struct pf_error *err) {
    for (int64_t i = 0; i < writer->schema.n_children; i++) {
        PF_TRY(put(writer, writer->schema.children[i]->name, strlen(writer->schema.children[i]->name), err));
        PF_TRY(put(writer, i + 1 < writer->schema.n_children ? " " : "\n", 1, err));
    }
    return PF_OK;
}
static pf_status begin(const struct pf_begin *request, pf_writer_state **out, struct pf_error *err) {
    struct toy_writer *writer = pf_mem_zero(1, sizeof *writer);
    if (!writer)
        return pf_fail_memory(err, sizeof *writer);
    pf_status status = pf_schema_copy(request->schema, &writer->schema, err);
    if (status == PF_OK)
        status = request->open_sink(request->ctx, NULL, &writer->sink, err);
    if (status == PF_OK && (status = put_names(writer, err)) != PF_OK)
        writer->sink.abort(&writer->sink);
    if (status != PF_OK) {
        pf_schema_release(&writer->schema);
        pf_mem_free(writer);
        return status;
    }
    *out = (pf_writer_state *)writer;
    return PF_OK;
}
static pf_status put_value(struct toy_writer *writer, const struct pf_view *view, int64_t row,
                           struct pf_error *err) {
    char digits[20];
    int64_t size;
    if (!pf_view_valid(view, row))
        return put(writer, "-", 1, err);
    if (view->type.kind == PF_KIND_INT64) {
        int64_t number;
        memcpy(&number, view->values + 8 * (view->offset + row), 8);
        return put(writer, digits, pf_print_int64(number, digits), err);
    }
    const uint8_t *text = pf_view_bytes(view, row, &size);
    return put(writer, text, (size_t)size, err);
}
static pf_status put_rows(struct toy_writer *writer, const struct ArrowArray *batch, struct pf_error *err) {
    for (int64_t row = 0; row < batch->length; row++)
        for (int64_t i = 0; i < writer->schema.n_children; i++) {
            struct pf_view view;
            PF_TRY(pf_view_child(&view, &writer->schema, batch, i, err));
            PF_TRY(put_value(writer, &view, row, err));
            PF_TRY(put(writer, i + 1 < writer->schema.n_children ? " " : "\n", 1, err));
        }
    return PF_OK;
}
static pf_status write_toy(pf_writer_state *state, struct ArrowArray *batch, struct pf_error *err) {
    struct toy_writer *writer = (struct toy_writer *)state;
    if (writer->told == PF_OK && (writer->told = put_rows(writer, batch, err)) == PF_OK) {
        writer->rows += batch->length;
        pf_array_release(batch);
    }
    return writer->told;
}
static int64_t bytes_so_far(pf_writer_state *state) { return ((struct toy_writer *)state)->bytes; }
static pf_status finish(pf_writer_state *state, struct pf_written *out, struct pf_error *err) {
    struct toy_writer *writer = (struct toy_writer *)state;
    if (writer->told != PF_OK)
        return writer->told;
    out->rows = writer->rows;
    out->bytes = writer->bytes;
    writer->ended = true;
    pf_status status = writer->sink.commit(&writer->sink, err);
    writer->told = status == PF_OK ? PF_STATE : status;
    return status;
}
static void abort_toy(pf_writer_state *state) {
    struct toy_writer *writer = (struct toy_writer *)state;
    if (!writer->ended)
        writer->sink.abort(&writer->sink);
    writer->ended = true;
}
static void close_writer(pf_writer_state *state) {
    struct toy_writer *writer = (struct toy_writer *)state;
    pf_schema_release(&writer->schema);
    pf_mem_free(writer);
}

static const char *const suffixes[] = {".toy", NULL};
static const struct pf_option level_option = {.struct_size = sizeof level_option,
                                              .kind = PF_OPTION_INTEGER,
                                              .key = "toy-level",
                                              .fallback = "3",
                                              .help = "A level.",
                                              .group = "Toy"};
static const struct pf_option blank_option = {.struct_size = sizeof blank_option,
                                              .kind = PF_OPTION_TEXT,
                                              .key = "blank",
                                              .help = "What separates.",
                                              .group = "Toy"};
static const struct pf_option *const write_options[] = {&level_option, NULL};
static const struct pf_option *const read_options[] = {&blank_option, NULL};
static const struct pf_reader toy_reader = {.struct_size = sizeof toy_reader,
                                            .rank = PF_RANK_PRIMARY,
                                            .name = "toy",
                                            .summary = "numbers and words",
                                            .suffixes = suffixes,
                                            .options = read_options,
                                            .probe = probe,
                                            .open = open_toy,
                                            .survey = survey,
                                            .read = read_toy,
                                            .close = close_toy};
static const struct pf_writer toy_writer_table = {.struct_size = sizeof toy_writer_table,
                                                  .rank = PF_RANK_PRIMARY,
                                                  .name = "toy",
                                                  .summary = "numbers and words",
                                                  .suffixes = suffixes,
                                                  .options = write_options,
                                                  .begin = begin,
                                                  .write = write_toy,
                                                  .bytes_so_far = bytes_so_far,
                                                  .finish = finish,
                                                  .abort = abort_toy,
                                                  .close = close_writer};
static const struct pf_reader *const readers[] = {&toy_reader, NULL};
static const struct pf_writer *const writers[] = {&toy_writer_table, NULL};
const struct pf_extension toy_extension = {.struct_size = sizeof(struct pf_extension),
                                           .name = "toy",
                                           .version = "1",
                                           .summary = "a format for tests",
                                           .license = "MIT",
                                           .readers = readers,
                                           .writers = writers};
