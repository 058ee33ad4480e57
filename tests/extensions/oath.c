/* oath.c — an extension with a feature of each kind that keeps every promise, but for the one that OATH names.
 * SPDX-License-Identifier: MIT */
#include <pyforge/extension.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int breaks(const char *what) {
    const char *word = getenv("OATH");
    return word && strcmp(word, what) == 0;
}

static pf_status say(struct pf_error *err, pf_status code, const char *text) {
    if (err) {
        err->code = code;
        snprintf(err->message, sizeof err->message, "%s", text);
    }
    return code;
}

static void crash(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

static void lose(void) {
    void *volatile lost = malloc(1000);
    (void)lost;
}

/* ---- a reader: each byte is a row, a batch has two ---- */

struct pf_reader_state {
    struct pf_source *source;
    struct pf_host *host;
    struct pf_table table;
    const struct pf_table *tables[1];
};
struct stream {
    pf_reader_state *state;
    struct pf_error *err;
    int64_t at;
    pf_status failed;
    int ended;
};
struct batch {
    int64_t values[2];
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
static void keep_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static int give_schema(struct ArrowSchema *out) {
    struct schema *memory = calloc(1, sizeof *memory);
    if (!memory)
        return 12;
    memory->column = (struct ArrowSchema){.format = "l", .name = "byte", .release = end_schema};
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
    if (!breaks("batch-leaks"))
        free(array->private_data);
    array->release = NULL;
}

static int32_t probe(const struct pf_probe *request) {
    return strcmp(request->suffix, ".oath") == 0 ? PF_PROBE_CERTAIN : PF_PROBE_NO;
}
static pf_status open_it(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    pf_reader_state *state = calloc(1, sizeof *state);
    if (!state)
        return say(err, PF_NO_MEMORY, "out of memory");
    if (breaks("open-hangs"))
        for (;;)
            sleep(1);
    if (breaks("open-exits"))
        exit(3);
    state->source = request->source;
    state->host = request->host;
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
    if (!breaks("schema-dies"))
        return give_schema(out);
    *out = ((struct stream *)stream->private_data)->state->table.schema;
    out->release = keep_schema;
    return 0;
}
static int fail(struct stream *s, pf_status code, const char *text) {
    s->failed = breaks("failure-forgotten") ? PF_OK : code;
    if (text)
        say(s->err, code, text);
    return 5;
}
static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct stream *s = stream->private_data;
    struct pf_host *host = s->state->host;
    uint8_t bytes[2];
    size_t got = 0;
    out->release = NULL;
    if (s->failed != PF_OK)
        return 5;
    if (breaks("read-crashes") && s->at)
        crash();
    if (s->ended)
        return 0;
    if (host->cancelled(host))
        return fail(s, PF_CANCELLED, "cancelled");
    pf_status status = s->state->source->read_at(s->state->source, s->at, bytes, 2, &got, s->err);
    if (status != PF_OK)
        return fail(s, status, NULL);
    s->ended = got == 0;
    struct batch *batch = got ? calloc(1, sizeof *batch) : NULL;
    if (!batch)
        return got ? fail(s, PF_NO_MEMORY, "out of memory") : 0;
    for (size_t i = 0; i < got; i++)
        batch->values[i] = bytes[i];
    s->at += (int64_t)got;
    host->count(host, "rows-in", (int64_t)got);
    batch->buffers[1] = batch->values;
    batch->column = (struct ArrowArray){
        .length = (int64_t)got, .n_buffers = 2, .buffers = batch->buffers, .release = end_column};
    batch->list[0] = &batch->column;
    *out = (struct ArrowArray){.length = (int64_t)got,
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
static pf_status read_it(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                         struct pf_error *err) {
    struct stream *s = calloc(1, sizeof *s);
    if (!s)
        return say(err, PF_NO_MEMORY, "out of memory");
    if (strcmp(request->schema->children[0]->format, "l") != 0) {
        free(s);
        return say(err, PF_UNSUPPORTED, "bytes are int64");
    }
    *s = (struct stream){.state = state, .err = request->err};
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, end_stream, s};
    return PF_OK;
}
static void close_it(pf_reader_state *state) {
    state->table.schema.release(&state->table.schema);
    free(state);
}

static const char *const suffixes[] = {".oath", NULL};
static struct pf_reader reader = {.struct_size = sizeof reader,
                                  .name = "oath",
                                  .summary = "bytes",
                                  .suffixes = suffixes,
                                  .probe = probe,
                                  .open = open_it,
                                  .survey = survey,
                                  .read = read_it,
                                  .close = close_it};
static const struct pf_reader *const readers[] = {&reader, NULL};

/* ---- a writer: a line for each batch ---- */

struct pf_writer_state {
    struct pf_host *host;
    struct pf_sink sink;
    int open;
    int64_t rows, bytes;
    pf_status failed;
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
static pf_status write_it(pf_writer_state *state, struct ArrowArray *batch, struct pf_error *err) {
    pf_status status = check_open(state, err);
    if (status != PF_OK)
        return status;
    if (state->host->cancelled(state->host))
        return state->failed = say(err, PF_CANCELLED, "cancelled");
    if (breaks("write-crashes"))
        crash();
    status = state->sink.write(&state->sink, "batch\n", 6, err);
    if (status != PF_OK)
        return state->failed = status;
    state->rows += batch->length;
    state->bytes += 6;
    if (!breaks("batch-kept"))
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
    status = state->sink.commit(&state->sink, err);
    out->rows = state->rows;
    out->bytes = state->bytes;
    return state->failed = status;
}
static void abort_it(pf_writer_state *state) {
    if (state->open)
        state->sink.abort(&state->sink);
    state->open = 0;
}
static void close_writer(pf_writer_state *state) { free(state); }
static const struct pf_writer writer = {.struct_size = sizeof writer,
                                        .name = "oath",
                                        .summary = "lines",
                                        .suffixes = suffixes,
                                        .begin = begin,
                                        .write = write_it,
                                        .bytes_so_far = bytes_so_far,
                                        .finish = finish,
                                        .abort = abort_it,
                                        .close = close_writer};
static const struct pf_writer *const writers[] = {&writer, NULL};

/* ---- a store in memory ---- */

#define FILES 8
struct file {
    char name[200];
    uint8_t bytes[8192];
    size_t size;
    int there;
};
static struct file files[FILES];

static struct file *find(const char *name) {
    for (int i = 0; i < FILES; i++)
        if (files[i].there && strcmp(files[i].name, name) == 0)
            return &files[i];
    return NULL;
}
static pf_status read_file(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                           struct pf_error *err) {
    const struct file *file = source->self;
    size_t left = (size_t)offset < file->size ? file->size - (size_t)offset : 0;
    (void)err;
    *got = left < want ? left : want;
    memcpy(to, file->bytes + offset, *got);
    if (breaks("store-reads-other") && *got)
        *(uint8_t *)to ^= 1;
    if (breaks("store-random-lies") && offset == 5)
        *got = 0;
    return PF_OK;
}
static void close_file(struct pf_source *source) { (void)source; }
static pf_status open_source(struct pf_host *host, const char *location, struct pf_source *out,
                             struct pf_error *err) {
    struct file *file = find(location);
    (void)host;
    if (!file && breaks("store-finds-all"))
        file = &files[FILES - 1];
    if (!file && breaks("store-mute-crashes"))
        err->code = PF_NOT_FOUND;
    if (!file)
        return say(err, PF_NOT_FOUND, breaks("store-silent") ? "" : "it is not there");
    if (breaks("store-grows"))
        lose();
    void *note = host->mem_alloc(host, 10);
    if (note && !breaks("store-leaks"))
        host->mem_free(host, note);
    if (!note)
        return say(err, PF_NO_MEMORY, "out of memory");
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = 1,
                              .size_bytes = breaks("store-size-lies") ? 1 : (int64_t)file->size,
                              .self = file,
                              .read_at = read_file,
                              .close = close_file};
    return PF_OK;
}
static pf_status write_file(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    struct file *file = sink->self;
    if (file->size + count > sizeof file->bytes)
        return say(err, PF_LIMIT, "it is full");
    memcpy(file->bytes + file->size, from, count);
    file->size += count;
    return PF_OK;
}
static pf_status commit(struct pf_sink *sink, struct pf_error *err) {
    struct file *written = sink->self, *old = find(written->name);
    (void)err;
    if (old)
        old->there = 0;
    for (int i = 0; i < FILES; i++)
        if (!files[i].there) {
            files[i] = *written;
            files[i].there = 1;
            break;
        }
    free(written);
    return PF_OK;
}
static void abort_file(struct pf_sink *sink) {
    if (breaks("store-abort-commits"))
        commit(sink, NULL);
    else
        free(sink->self);
}
static pf_status open_sink(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    (void)host;
    if (find(location) && !(flags & PF_SINK_REPLACE) && !breaks("store-overwrites"))
        return say(err, PF_EXISTS, "it is there");
    struct file *file = calloc(1, sizeof *file);
    if (!file)
        return say(err, PF_NO_MEMORY, "out of memory");
    snprintf(file->name, sizeof file->name, "%s", location);
    *out = (struct pf_sink){
        .struct_size = sizeof *out, .self = file, .write = write_file, .commit = commit, .abort = abort_file};
    return PF_OK;
}
static pf_status put_new(struct pf_host *host, const char *location, const void *bytes, size_t size,
                         struct pf_error *err) {
    struct pf_sink sink;
    pf_status status = open_sink(host, location, breaks("store-puts-twice") ? PF_SINK_REPLACE : 0, &sink, err);
    if (status == PF_OK)
        status = write_file(&sink, bytes, size, err);
    return status == PF_OK ? commit(&sink, err) : status;
}
static pf_status list(struct pf_host *host, const char *location,
                      int32_t (*each)(void *, const struct pf_entry *), void *ctx, struct pf_error *err) {
    (void)host, (void)err;
    for (int i = 0; i < FILES; i++) {
        const struct pf_entry entry = {.struct_size = sizeof entry,
                                       .name = files[i].name + strlen(location),
                                       .size_bytes = (int64_t)files[i].size};
        if (files[i].there && each(ctx, &entry) && !breaks("store-lists-on"))
            break;
    }
    return PF_OK;
}
static const char *const prefixes[] = {"oath:", NULL};
static struct pf_store store = {.struct_size = sizeof store,
                                .traits = PF_STORE_RANDOM_READ,
                                .name = "oath",
                                .prefixes = prefixes,
                                .open_source = open_source,
                                .open_sink = open_sink,
                                .put_new = put_new,
                                .list = list};
static const struct pf_store *const stores[] = {&store, NULL};

/* ---- an engine: copies ---- */

static int32_t fit(struct pf_host *host, pf_job *job) {
    static int turn;
    const char *input = host->job_get(host, "input");
    (void)job;
    if (breaks("fit-beyond"))
        return 1000;
    if (breaks("fit-changes"))
        return ++turn % 2;
    if (breaks("fit-writes") && host->job_get(host, "output"))
        fclose(fopen(host->job_get(host, "output"), "wb"));
    if (breaks("fit-sets"))
        host->job_set(host, "compression", "zstd", NULL);
    return input && strstr(input, ".oath") ? PF_PROBE_CERTAIN : PF_PROBE_NO;
}
static pf_status run(struct pf_host *host, pf_job *job, pf_result *result, struct pf_error *err) {
    const char *input = host->job_get(host, "input"), *output = host->job_get(host, "output");
    char text[100];
    (void)job;
    if (breaks("run-grows"))
        lose();
    if (breaks("run-needs-new-host"))
        host->result_put(host, result, &(struct pf_converted){.struct_size = sizeof(struct pf_converted)}, err);
    if (!PF_HAS(struct pf_host, host, result_put))
        return say(err, PF_UNAVAILABLE, "this pyforge is too old");
    FILE *from = fopen(input, "rb");
    if (!from && breaks("run-lies"))
        return PF_OK;
    if (!from && breaks("run-leaves"))
        fclose(fopen(output, "wb"));
    if (!from)
        return say(err, PF_NOT_FOUND, breaks("run-silent") ? "" : "the input is not there");
    size_t size = fread(text, 1, sizeof text, from);
    fclose(from);
    if (host->cancelled(host) && !breaks("run-cancel-is-bug"))
        return say(err, PF_CANCELLED, "cancelled");
    if (host->cancelled(host))
        return say(err, PF_INTERNAL, "cancelled");
    FILE *to = fopen(output, "wb");
    if (!to)
        return say(err, PF_IO, "the output cannot be made");
    fwrite(text, 1, size, to);
    fclose(to);
    const struct pf_converted done = {.struct_size = sizeof done,
                                      .input = input,
                                      .output = output,
                                      .table = "t",
                                      .rows_in = 2 + breaks("run-miscounts"),
                                      .rows_out = 2};
    return host->result_put(host, result, &done, err);
}
static const struct pf_engine engine = {sizeof engine, 0, "oath", "copies", fit, run};
static const struct pf_engine *const engines[] = {&engine, NULL};

/* ---- a command ---- */

static int32_t command(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                       char **argv) {
    (void)argc, (void)argv;
    if (breaks("command-needs-self") && !self)
        crash();
    if (breaks("command-deaf"))
        for (;;)
            sleep(1);
    if (breaks("command-grows"))
        lose();
    console->print(console, "oath\n", 5);
    return host->cancelled(host) && breaks("command-no-code") ? -1 : 0;
}
static struct pf_command one_command = {sizeof one_command, 0, "say", "Says it.", "say", command};
static const struct pf_command *const commands[] = {&one_command, NULL};

/* ---- hooks ---- */

static pf_status parameter(struct pf_host *host, void *self, pf_job *job, struct pf_error *err) {
    const char *input = host->job_get(host, "input");
    (void)self, (void)job;
    if (breaks("parameter-sets-input"))
        return host->job_set(host, "input", "other.csv", err);
    if (breaks("parameter-silent"))
        return PF_IO;
    if (breaks("parameter-blind") && input[0] == 'x')
        return PF_OK;
    if (breaks("parameter-mute-crashes"))
        err->code = PF_OK;
    if (breaks("parameter-needs-new-host") && !host->result_put)
        crash();
    if (breaks("parameter-grows"))
        lose();
    return host->job_set(host, "compression", "zstd", err);
}
static pf_status pre(struct pf_host *host, void *self, const pf_job *job, struct pf_error *err) {
    (void)self, (void)job;
    return breaks("pre-sets") ? host->job_set(host, "compression", "zstd", err) : PF_OK;
}
static void post(struct pf_host *host, void *self, const pf_job *job, const pf_result *result) {
    (void)self, (void)job, (void)result;
    if (breaks("post-sets"))
        host->job_set(host, "compression", "zstd", NULL);
}
static struct pf_hooks hooks = {sizeof hooks, 0, parameter, pre, post};

/* ---- the extension ---- */

static int lives;
static void *note; /* of the host of the first of them */
static struct pf_host *noted;

static pf_status init(struct pf_host *host, void **self, struct pf_error *err) {
    if (breaks("init-crashes"))
        crash();
    if (breaks("init-silent"))
        return PF_IO;
    if (breaks("init-unavailable"))
        return say(err, PF_UNAVAILABLE, "the moon is not full");
    if (breaks("init-once") && lives)
        return say(err, PF_STATE, "there is one already");
    if (breaks("init-needs-new-host"))
        host->result_put(host, NULL, &(struct pf_converted){.struct_size = sizeof(struct pf_converted)}, NULL);
    if (breaks("init-grows"))
        lose();
    if (!lives) {
        char *memory = host->mem_alloc(host, 16);
        if (!memory && !breaks("init-trusts-memory"))
            return say(err, PF_NO_MEMORY, "out of memory");
        memory[0] = 1;
        note = memory;
        noted = host;
    }
    lives++;
    *self = &lives;
    return PF_OK;
}
static pf_status facts(void *self, void (*emit)(void *, const char *, const char *), void *ctx,
                       struct pf_error *err) {
    (void)err;
    if (breaks("facts-need-self") && !self)
        crash();
    emit(ctx, "lives", breaks("facts-null") ? NULL : "some");
    return PF_OK;
}
static void shutdown(void *self) {
    (void)self;
    if (--lives)
        return;
    if (!breaks("shutdown-leaks"))
        noted->mem_free(noted, note);
    note = NULL;
}

static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = "oath",
                                              .version = "1.0.0",
                                              .summary = "Keeps its word.",
                                              .license = "MIT",
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
const struct pf_extension *pyforge_extension_v1(void) {
    static const char *const loud[] = {".OATH", NULL};
    if (breaks("suffix-loud"))
        reader.suffixes = loud;
    if (breaks("no-function"))
        store.open_sink = NULL;
    if (breaks("no-usage"))
        one_command.usage = NULL;
    if (breaks("no-hook"))
        hooks = (struct pf_hooks){.struct_size = sizeof hooks};
    return breaks("no-descriptor") ? NULL : &extension;
}
