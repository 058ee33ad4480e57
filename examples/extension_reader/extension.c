/* extension.c — a reader. Every line of a ".sample" file is a row: its number and its text.
 * SPDX-License-Identifier: MIT
 *
 * Build and test: make test (needs the installed headers, or PYFORGE_INCLUDE=folder). It links nothing of pyforge. */
#include <pyforge/extension.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MOST  65536              /* of a batch: what the contract of streams allows */
#define BYTES_MOST ((size_t)16 << 20) /* the same for its bytes */
#define PIECE      ((size_t)64 << 10) /* how much is read at once */

/* The error belongs to the caller, and may be NULL. It is written once, where the trouble is found. */
static pf_status fail(struct pf_error *err, pf_status code, const char *message) {
    if (err) {
        err->code = code;
        snprintf(err->message, sizeof err->message, "%s", message);
    }
    return code;
}

/* ---- a reader's state: what open was given, and the one table that survey tells of ---- */

struct pf_reader_state {
    struct pf_source *source;
    struct pf_host *host;
    struct pf_table table;
    const struct pf_table *tables[1];
};

/* ---- the schema: a struct of the columns "number" (int64) and "text" (UTF-8) ---- */

struct schema_memory {
    struct ArrowSchema columns[2];
    struct ArrowSchema *list[2];
};

static void release_column_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static void release_schema(struct ArrowSchema *schema) {
    for (int i = 0; i < 2; i++) /* a child that was moved away has no release any more */
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    free(schema->private_data);
    schema->release = NULL;
}

static int make_schema(struct ArrowSchema *schema) {
    struct schema_memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return 0;
    memory->columns[0] =
        (struct ArrowSchema){.format = "l", .name = "number", .release = release_column_schema};
    memory->columns[1] =
        (struct ArrowSchema){.format = "u", .name = "text", .flags = 2, .release = release_column_schema};
    memory->list[0] = &memory->columns[0];
    memory->list[1] = &memory->columns[1];
    *schema = (struct ArrowSchema){.format = "+s",
                                   .name = "",
                                   .n_children = 2,
                                   .children = memory->list,
                                   .private_data = memory,
                                   .release = release_schema};
    return 1;
}

/* ---- a batch: grows while lines come in, then belongs to whoever takes it ---- */

struct batch {
    int64_t *numbers;
    int32_t *ends; /* ends[0] is 0; row i is text[ends[i] … ends[i + 1]) */
    char *text;
    size_t rows, row_room, bytes, byte_room;
    struct ArrowArray columns[2];
    struct ArrowArray *list[2];
    const void *none[1], *number_buffers[2], *text_buffers[3];
};

static void free_batch(struct batch *batch) {
    free(batch->numbers);
    free(batch->ends);
    free(batch->text);
    free(batch);
}

static void release_column(struct ArrowArray *array) { array->release = NULL; }

static void release_batch(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    free_batch(array->private_data);
    array->release = NULL;
}

static int add_line(struct batch *batch, int64_t number, const char *text, size_t size) {
    if (batch->rows == batch->row_room) {
        size_t room = batch->row_room ? batch->row_room * 2 : 1024;
        int64_t *numbers = realloc(batch->numbers, room * sizeof *numbers);
        if (numbers)
            batch->numbers = numbers;
        int32_t *ends = realloc(batch->ends, (room + 1) * sizeof *ends);
        if (ends)
            batch->ends = ends;
        if (!numbers || !ends)
            return 0;
        batch->ends[0] = 0;
        batch->row_room = room;
    }
    if (batch->bytes + size > batch->byte_room) {
        size_t room = (batch->bytes + size) * 2;
        char *grown = realloc(batch->text, room);
        if (!grown)
            return 0;
        batch->text = grown;
        batch->byte_room = room;
    }
    if (size)
        memcpy(batch->text + batch->bytes, text, size);
    batch->bytes += size;
    batch->numbers[batch->rows++] = number;
    batch->ends[batch->rows] = (int32_t)batch->bytes;
    return 1;
}

/* Gives the batch as an Arrow array with the columns that were asked for, in the order asked for. */
static void give_batch(struct batch *batch, const int32_t *columns, int64_t count, struct ArrowArray *out) {
    batch->number_buffers[1] = batch->numbers;
    batch->text_buffers[1] = batch->ends;
    batch->text_buffers[2] = batch->text ? batch->text : "";
    for (int64_t i = 0; i < count; i++) {
        int is_text = columns[i] == 1;
        batch->columns[i] =
            (struct ArrowArray){.length = (int64_t)batch->rows,
                                .n_buffers = is_text ? 3 : 2,
                                .buffers = is_text ? batch->text_buffers : batch->number_buffers,
                                .release = release_column};
        batch->list[i] = &batch->columns[i];
    }
    *out = (struct ArrowArray){.length = (int64_t)batch->rows,
                               .n_buffers = 1,
                               .buffers = batch->none,
                               .n_children = count,
                               .children = batch->list,
                               .private_data = batch,
                               .release = release_batch};
}

/* ---- the stream ---- */

struct lines {
    pf_reader_state *state;
    struct pf_read request;
    int32_t columns[2];
    int64_t column_count;
    int64_t place;      /* in the source */
    int64_t number;     /* of the last line */
    int64_t skip, left; /* rows to leave out; rows to give, −1: all */
    char *held;         /* the beginning of a line that is not whole yet, or bytes not looked at yet */
    size_t held_size, held_room, seen;
    int at_end;
    pf_status status; /* the first failure: every later call gives it again */
    char message[360];
};

/* message NULL: the error is written already, by what was called. */
static int stop(struct lines *lines, pf_status code, const char *message) {
    struct pf_error *err = lines->request.err;
    lines->status = code;
    if (message)
        fail(err, code, message);
    snprintf(lines->message, sizeof lines->message, "%s",
             message ? message
             : err   ? err->message
                     : "reading failed");
    return 5; /* EIO: Arrow's interface speaks errno; pyforge reads the status from err */
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct lines *lines = stream->private_data;
    struct ArrowSchema whole;
    if (lines->status != PF_OK)
        return 5;
    if (!make_schema(&whole))
        return stop(lines, PF_NO_MEMORY, "out of memory");
    struct schema_memory *memory = whole.private_data;
    struct ArrowSchema *both[2] = {&memory->columns[0], &memory->columns[1]};
    for (int64_t i = 0; i < lines->column_count; i++)
        memory->list[i] = both[lines->columns[i]];
    whole.n_children = lines->column_count;
    whole.release = release_schema;
    *out = whole;
    return 0;
}

/* Reads another piece behind what is held. */
static pf_status read_piece(struct lines *lines) {
    struct pf_source *source = lines->state->source;
    struct pf_error *err = lines->request.err;
    size_t got = 0;
    if (lines->held_room < lines->held_size + PIECE) {
        size_t room = (lines->held_size + PIECE) * 2;
        char *grown = realloc(lines->held, room);
        if (!grown)
            return fail(err, PF_NO_MEMORY, "out of memory");
        lines->held = grown;
        lines->held_room = room;
    }
    pf_status status = source->read_at(source, lines->place, lines->held + lines->held_size, PIECE, &got, err);
    lines->place += (int64_t)got;
    lines->held_size += got;
    lines->at_end = got < PIECE;
    return status;
}

/* The next line: *text lies in held until the next call. *size −1: there is none. */
static pf_status next_line(struct lines *lines, const char **text, int64_t *size) {
    for (;;) {
        char *from = lines->held + lines->seen;
        size_t there = lines->held_size - lines->seen;
        char *end = there ? memchr(from, '\n', there) : NULL;
        if (end || (lines->at_end && there)) {
            size_t length = end ? (size_t)(end - from) : there;
            *text = from;
            *size = (int64_t)(length && from[length - 1] == '\r' ? length - 1 : length);
            lines->seen += length + (end != NULL);
            return PF_OK;
        }
        *size = -1;
        if (lines->at_end)
            return PF_OK;
        if (there > BYTES_MOST)
            return fail(lines->request.err, PF_LIMIT, "a line is longer than 16 MiB; this is no text of lines");
        if (there && lines->seen)
            memmove(lines->held, from, there);
        lines->held_size = there;
        lines->seen = 0;
        pf_status status = read_piece(lines);
        if (status != PF_OK)
            return status;
    }
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct lines *lines = stream->private_data;
    struct pf_host *host = lines->state->host;
    out->release = NULL; /* the end, unless a batch is put there */
    if (lines->status != PF_OK)
        return 5;
    if (host->cancelled(host)) /* a long reader asks now and then */
        return stop(lines, PF_CANCELLED, "cancelled");
    struct batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return stop(lines, PF_NO_MEMORY, "out of memory");
    const char *skip_blank = host->job_get(host, "sample-skip-blank");
    int64_t taken = 0, blank = 0;
    while (batch->rows < ROWS_MOST && batch->bytes < BYTES_MOST && lines->left != 0) {
        const char *text;
        int64_t size;
        pf_status status = next_line(lines, &text, &size);
        if (status != PF_OK) {
            free_batch(batch);
            return stop(lines, status, NULL);
        }
        if (size < 0)
            break;
        lines->number++;
        taken++;
        if (size == 0 && skip_blank) {
            blank++;
        } else if (lines->skip > 0) {
            lines->skip--;
            taken--;
        } else if (!add_line(batch, lines->number, text, (size_t)size)) {
            free_batch(batch);
            return stop(lines, PF_NO_MEMORY, "out of memory");
        } else {
            lines->left -= lines->left > 0;
        }
    }
    host->count(host, "rows-in", taken); /* rows in = rows out + rejected + skipped: pyforge checks the sum */
    if (blank)
        host->count(host, "skipped-blank", blank);
    if (batch->rows)
        give_batch(batch, lines->columns, lines->column_count, out);
    else
        free_batch(batch);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
    struct lines *lines = stream->private_data;
    return lines->status != PF_OK ? lines->message : NULL;
}

static void release_stream(struct ArrowArrayStream *stream) {
    struct lines *lines = stream->private_data;
    free(lines->held);
    free(lines);
    stream->release = NULL;
}

/* ---- the reader's table of functions ---- */

/* Text looks like one more kind of CSV, which answers LIKELY: the suffix is ours alone, so we are surer than that. */
static int32_t probe_lines(const struct pf_probe *request) {
    return strcmp(request->suffix, ".sample") == 0 ? PF_PROBE_MAGIC : PF_PROBE_NO;
}

static pf_status open_lines(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    pf_reader_state *state = calloc(1, sizeof *state);
    if (!state)
        return fail(err, PF_NO_MEMORY, "out of memory");
    state->source = request->source; /* both are lent until close */
    state->host = request->host;
    state->table = (struct pf_table){
        .struct_size = sizeof state->table, .exact = 1, .name = request->stem, .rows = -1, .rows_estimate = -1};
    state->tables[0] = &state->table;
    if (!make_schema(&state->table.schema)) {
        free(state); /* a failed open leaves nothing behind: close is not called */
        return fail(err, PF_NO_MEMORY, "out of memory");
    }
    *out = state;
    return PF_OK;
}

static pf_status survey_lines(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) {
    (void)err; /* nothing is to be found out: every line is text */
    request->table_count = 1;
    request->tables = state->tables;
    return PF_OK;
}

static pf_status read_lines(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                            struct pf_error *err) {
    struct lines *lines = calloc(1, sizeof *lines);
    if (!lines)
        return fail(err, PF_NO_MEMORY, "out of memory");
    lines->state = state;
    lines->request = *request;
    lines->skip = request->skip_rows;
    lines->left = request->limit_rows;
    lines->column_count = request->schema ? request->schema->n_children : 2;
    if (lines->column_count > 2) {
        free(lines);
        return fail(err, PF_ARGUMENT, "there are two columns: number and text");
    }
    for (int64_t i = 0; i < lines->column_count; i++) {
        lines->columns[i] = request->columns ? request->columns[i] : (int32_t)i;
        if (request->schema &&
            strcmp(request->schema->children[i]->format, lines->columns[i] ? "u" : "l") != 0) {
            free(lines); /* somebody asks for another type than survey told: --type, --types */
            return fail(err, PF_UNSUPPORTED, "the columns are int64 and text; leave --type and --types out");
        }
    }
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream,
                                     .private_data = lines};
    return PF_OK;
}

static void close_lines(pf_reader_state *state) {
    state->table.schema.release(&state->table.schema);
    free(state);
}

/* ---- the descriptor ---- */

static const struct pf_option skip_blank_option = {.struct_size = sizeof skip_blank_option,
                                                   .kind = PF_OPTION_FLAG,
                                                   .key = "sample-skip-blank",
                                                   .group = "Reading",
                                                   .help = "Leave empty lines out."};
static const struct pf_option *const options[] = {&skip_blank_option, NULL};
static const char *const suffixes[] = {".sample", NULL};
static const struct pf_reader reader = {.struct_size = sizeof reader,
                                        .rank = PF_RANK_SECONDARY,
                                        .name = "sample",
                                        .summary = "each line a row",
                                        .suffixes = suffixes,
                                        .options = options,
                                        .probe = probe_lines,
                                        .open = open_lines,
                                        .survey = survey_lines,
                                        .read = read_lines,
                                        .close = close_lines};
static const struct pf_reader *const readers[] = {&reader, NULL};
static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = "sample",
                                              .version = "1.0.0",
                                              .summary = "Reads files of lines.",
                                              .license = "MIT",
                                              .readers = readers};

PF_EXPORT const struct pf_extension *pyforge_extension_v1(void);
const struct pf_extension *pyforge_extension_v1(void) { return &extension; }
