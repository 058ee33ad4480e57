/* first_extension.c — an extension as it was written for ABI 1.0. It is built against the header of then and must load and work in
 * every later pyforge of major 1: never change it.
 * SPDX-License-Identifier: MIT */
#include <pyforge/extension.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pf_status say(struct pf_error *err, pf_status code, const char *text) {
    if (err) {
        err->code = code;
        snprintf(err->message, sizeof err->message, "%s", text);
    }
    return code;
}

/* ---- a reader: the length of each line ---- */

struct pf_reader_state {
    struct pf_open request;
    struct pf_table table;
    const struct pf_table *tables[1];
};
struct stream {
    pf_reader_state *state;
    struct pf_error *err;
    int64_t place;
    int failed, ended;
};
struct batch {
    int64_t length;
    const void *none[1], *buffers[2];
    struct ArrowArray column, *list[1];
};
struct schema {
    struct ArrowSchema column, *list[1];
};
static void end_schema(struct ArrowSchema *schema) {
    free(schema->private_data);
    schema->release = NULL;
}
static int give_schema(struct ArrowSchema *out) {
    struct schema *memory = calloc(1, sizeof *memory);
    if (!memory)
        return 12;
    memory->column = (struct ArrowSchema){.format = "l", .name = "length", .release = end_schema};
    memory->list[0] = &memory->column;
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = 1,
                                .children = memory->list,
                                .private_data = memory,
                                .release = end_schema};
    return 0;
}
static void end_column(struct ArrowArray *array) { array->release = NULL; }
static void end_batch(struct ArrowArray *array) {
    free(array->private_data);
    array->release = NULL;
}
static int32_t probe(const struct pf_probe *request) {
    return strcmp(request->suffix, ".first") == 0 ? PF_PROBE_CERTAIN : PF_PROBE_NO;
}
static pf_status open_reader(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    pf_reader_state *state = calloc(1, sizeof *state);
    if (!state)
        return say(err, PF_NO_MEMORY, "out of memory");
    state->request = *request;
    state->table =
        (struct pf_table){.struct_size = sizeof state->table, .exact = 1, .name = request->stem, .rows = -1};
    if (give_schema(&state->table.schema) != 0) {
        free(state);
        return say(err, PF_NO_MEMORY, "out of memory");
    }
    state->tables[0] = &state->table;
    *out = state;
    return PF_OK;
}
static pf_status survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) {
    (void)err;
    request->table_count = 1;
    request->tables = state->tables;
    return PF_OK;
}
static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    (void)stream;
    return give_schema(out);
}
static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct stream *s = stream->private_data;
    struct pf_host *host = s->state->request.host;
    struct pf_source *source = s->state->request.source;
    int64_t length = 0;
    char c = 0;
    out->release = NULL;
    if (s->failed || s->ended)
        return s->failed;
    for (size_t got = 1; c != '\n'; length += c != '\n') {
        pf_status status = host->cancelled(host) ? say(s->err, PF_CANCELLED, "cancelled")
                                                 : source->read_at(source, s->place, &c, 1, &got, s->err);
        if (status != PF_OK)
            return s->failed = 5;
        if (!got) {
            s->ended = 1;
            return 0;
        }
        s->place++;
    }
    struct batch *batch = calloc(1, sizeof *batch);
    if (!batch) {
        say(s->err, PF_NO_MEMORY, "out of memory");
        return s->failed = 12;
    }
    host->count(host, "rows-in", 1);
    batch->length = length;
    batch->buffers[1] = &batch->length;
    batch->column =
        (struct ArrowArray){.length = 1, .n_buffers = 2, .buffers = batch->buffers, .release = end_column};
    batch->list[0] = &batch->column;
    *out = (struct ArrowArray){.length = 1,
                               .n_buffers = 1,
                               .n_children = 1,
                               .buffers = batch->none,
                               .children = batch->list,
                               .private_data = batch,
                               .release = end_batch};
    return 0;
}
static const char *get_last_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return "it failed";
}
static void end_stream(struct ArrowArrayStream *stream) {
    free(stream->private_data);
    stream->release = NULL;
}
static pf_status read_table(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                            struct pf_error *err) {
    struct stream *s = calloc(1, sizeof *s);
    if (!s)
        return say(err, PF_NO_MEMORY, "out of memory");
    if (strcmp(request->schema->children[0]->format, "l") != 0) {
        free(s);
        return say(err, PF_UNSUPPORTED, "lengths are int64; leave --type out");
    }
    *s = (struct stream){.state = state, .err = request->err};
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, end_stream, s};
    return PF_OK;
}
static void close_reader(pf_reader_state *state) {
    state->table.schema.release(&state->table.schema);
    free(state);
}
static const struct pf_option mark_option = {.struct_size = sizeof mark_option,
                                             .kind = PF_OPTION_TEXT,
                                             .key = "first-mark",
                                             .value_name = "MARK",
                                             .fallback = "row",
                                             .group = "Writing",
                                             .help = "What the writer writes."};
static const struct pf_option *const options[] = {&mark_option, NULL};
static const char *const suffixes[] = {".first", NULL};
static const struct pf_reader reader = {.struct_size = sizeof reader,
                                        .rank = PF_RANK_PRIMARY,
                                        .name = "first",
                                        .summary = "lengths of lines",
                                        .suffixes = suffixes,
                                        .probe = probe,
                                        .open = open_reader,
                                        .survey = survey,
                                        .read = read_table,
                                        .close = close_reader};
static const struct pf_reader *const readers[] = {&reader, NULL};

/* ---- a writer: a mark for each row ---- */

struct pf_writer_state {
    struct pf_host *host;
    struct pf_sink sink;
    int open;
    pf_status failed;
    int64_t rows, bytes;
};
static pf_status begin(const struct pf_begin *request, pf_writer_state **out, struct pf_error *err) {
    pf_writer_state *state = calloc(1, sizeof *state);
    if (!state)
        return say(err, PF_NO_MEMORY, "out of memory");
    state->host = request->host;
    pf_status status = request->open_sink(request->ctx, NULL, &state->sink, err);
    if (status != PF_OK) {
        free(state);
        return status;
    }
    state->open = 1;
    *out = state;
    return PF_OK;
}
static pf_status check_open(pf_writer_state *state, struct pf_error *err) {
    if (state->failed != PF_OK)
        return say(err, state->failed, "it failed before");
    return state->open ? PF_OK : say(err, PF_STATE, "it is finished");
}
static pf_status write_batch(pf_writer_state *state, struct ArrowArray *batch, struct pf_error *err) {
    pf_status status = check_open(state, err);
    if (status != PF_OK)
        return status;
    const char *mark = state->host->job_get(state->host, "first-mark");
    for (int64_t i = 0; i < batch->length; i++) {
        if (state->host->cancelled(state->host))
            return state->failed = say(err, PF_CANCELLED, "cancelled");
        status = state->sink.write(&state->sink, mark, strlen(mark), err);
        if (status != PF_OK)
            return state->failed = status;
        state->bytes += (int64_t)strlen(mark);
    }
    state->rows += batch->length;
    batch->release(batch);
    batch->release = NULL;
    return PF_OK;
}
static int64_t bytes_so_far(pf_writer_state *state) { return state->bytes; }
static pf_status finish(pf_writer_state *state, struct pf_written *out, struct pf_error *err) {
    pf_status status = check_open(state, err);
    if (status != PF_OK)
        return status;
    state->open = 0;
    out->rows = state->rows;
    out->bytes = state->bytes;
    return state->failed = state->sink.commit(&state->sink, err);
}
static void abort_writer(pf_writer_state *state) {
    if (state->open)
        state->sink.abort(&state->sink);
    state->open = 0;
}
static void close_writer(pf_writer_state *state) { free(state); }
static const struct pf_writer writer = {.struct_size = sizeof writer,
                                        .rank = PF_RANK_PRIMARY,
                                        .name = "first",
                                        .summary = "marks",
                                        .suffixes = suffixes,
                                        .options = options,
                                        .begin = begin,
                                        .write = write_batch,
                                        .bytes_so_far = bytes_so_far,
                                        .finish = finish,
                                        .abort = abort_writer,
                                        .close = close_writer};
static const struct pf_writer *const writers[] = {&writer, NULL};

/* ---- a store: the location is what is read ---- */

static pf_status read_text(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                           struct pf_error *err) {
    size_t size = (size_t)source->size_bytes, at = (size_t)offset < size ? (size_t)offset : size;
    (void)err;
    *got = size - at < want ? size - at : want;
    memcpy(to, (const char *)source->self + at, *got);
    return PF_OK;
}
static void close_text(struct pf_source *source) { free(source->self); }
static pf_status open_source(struct pf_host *host, const char *location, struct pf_source *out,
                             struct pf_error *err) {
    char *text = malloc(strlen(location) + 1);
    (void)host;
    if (!text)
        return say(err, PF_NO_MEMORY, "out of memory");
    strcpy(text, location + 6);
    for (char *c = text; *c; c++)
        *c = (char)(*c == '/' ? '\n' : *c);
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = 1,
                              .size_bytes = (int64_t)strlen(text),
                              .self = text,
                              .read_at = read_text,
                              .close = close_text};
    return PF_OK;
}
static pf_status open_sink(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    (void)host, (void)location, (void)flags, (void)out;
    return say(err, PF_UNSUPPORTED, "first: is only read; write to a file");
}
static const char *const prefixes[] = {"first:", NULL};
static const struct pf_store store = {.struct_size = sizeof store,
                                      .traits = PF_STORE_RANDOM_READ,
                                      .name = "first",
                                      .prefixes = prefixes,
                                      .open_source = open_source,
                                      .open_sink = open_sink};
static const struct pf_store *const stores[] = {&store, NULL};

/* ---- an engine ---- */

static int32_t fit(struct pf_host *host, pf_job *job) {
    const char *input = host->job_get(host, "input");
    (void)job;
    return input && strstr(input, ".engine") ? PF_PROBE_CERTAIN : PF_PROBE_NO;
}
static pf_status run(struct pf_host *host, pf_job *job, pf_result *result, struct pf_error *err) {
    (void)job;
    if (!PF_HAS(struct pf_host, host, result_put))
        return say(err, PF_UNAVAILABLE, "this pyforge is too old");
    FILE *from = fopen(host->job_get(host, "input"), "rb");
    if (!from)
        return say(err, PF_NOT_FOUND, "the input is not there; check the name");
    fclose(from);
    if (host->cancelled(host))
        return say(err, PF_CANCELLED, "cancelled");
    FILE *to = fopen(host->job_get(host, "output"), "wb");
    if (!to)
        return say(err, PF_IO, "the output cannot be made; check the folder");
    fputs("engine\n", to);
    fclose(to);
    const struct pf_converted done = {.struct_size = sizeof done,
                                      .input = host->job_get(host, "input"),
                                      .output = host->job_get(host, "output"),
                                      .table = "t",
                                      .rows_in = 7,
                                      .rows_out = 7};
    return host->result_put(host, result, &done, err);
}
static const struct pf_engine engine = {.struct_size = sizeof engine,
                                        .rank = PF_RANK_PRIMARY,
                                        .name = "first",
                                        .summary = "says engine",
                                        .fit = fit,
                                        .run = run};
static const struct pf_engine *const engines[] = {&engine, NULL};

/* ---- a command, hooks, the descriptor ---- */

static int32_t command(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                       char **argv) {
    (void)host, (void)self;
    for (int32_t i = 1; i < argc; i++)
        console->print(console, argv[i], strlen(argv[i]));
    return 0;
}
static const struct pf_command echo = {
    .struct_size = sizeof echo, .name = "echo", .summary = "Echoes.", .usage = "echo WORDS…", .run = command};
static const struct pf_command *const commands[] = {&echo, NULL};

static pf_status parameter(struct pf_host *host, void *self, pf_job *job, struct pf_error *err) {
    (void)self, (void)job;
    return getenv("FIRST_LIMIT") ? host->job_set(host, "limit", getenv("FIRST_LIMIT"), err) : PF_OK;
}
static pf_status pre(struct pf_host *host, void *self, const pf_job *job, struct pf_error *err) {
    (void)host, (void)self, (void)job;
    return getenv("FIRST_REFUSES") ? say(err, PF_DENIED, "not today") : PF_OK;
}
static void post(struct pf_host *host, void *self, const pf_job *job, const pf_result *result) {
    (void)self, (void)job, (void)result;
    host->log(host, PF_LOG_INFO, host->result_get(host, "rows-out") ? "first: post" : "first: no rows");
}
static const struct pf_hooks hooks = {
    .struct_size = sizeof hooks, .rank = PF_RANK_MARGINAL, .parameter = parameter, .pre = pre, .post = post};

static pf_status init(struct pf_host *host, void **self, struct pf_error *err) {
    *self = host->mem_alloc(host, 10);
    if (!*self)
        return say(err, PF_NO_MEMORY, "out of memory");
    host->mem_free(host, *self);
    *self = NULL;
    return PF_OK;
}
static pf_status facts(void *self, void (*emit)(void *, const char *, const char *), void *ctx,
                       struct pf_error *err) {
    (void)self, (void)err;
    emit(ctx, "abi", "1.0");
    return PF_OK;
}
static void shutdown(void *self) { (void)self; }

static const char *const watch[] = {"FIRST_LIMIT", NULL};
static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .abi_minor = 0,
                                              .name = "first",
                                              .version = "1.0.0",
                                              .summary = "The first of all.",
                                              .license = "MIT",
                                              .watch_env = watch,
                                              .stores = stores,
                                              .readers = readers,
                                              .writers = writers,
                                              .engines = engines,
                                              .commands = commands,
                                              .hooks = &hooks,
                                              .init = init,
                                              .facts = facts,
                                              .shutdown = shutdown};

PF_EXPORT const struct pf_extension *pyforge_extension_v1(void);
const struct pf_extension *pyforge_extension_v1(void) { return &extension; }
