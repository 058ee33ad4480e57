/* face.c — an extension with many faces: each -D makes it another one, most of them broken.
 * SPDX-License-Identifier: MIT
 * FACE_LOG names a file that gets a line for each thing that happened in it. */
#include <pyforge/extension.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef NAME
#define NAME "face"
#endif
#ifndef RANK
#define RANK 0
#endif

static void note(const char *what) {
    const char *path = getenv("FACE_LOG");
    FILE *file = path ? fopen(path, "a") : NULL;
    if (file) {
        fprintf(file, "%s %s\n", NAME, what);
        fclose(file);
    }
}

static pf_status say(struct pf_error *err, pf_status code, const char *text) {
    if (err) {
        err->code = code;
        snprintf(err->message, sizeof err->message, "%s", text);
    }
    return code;
}

__attribute__((unused)) static void hang(void) {
    for (;;)
        sleep(1);
}

__attribute__((unused)) static void crash(void) { /* raise would wait: threads of pyforge block signals */
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

#ifdef LOAD_CRASH
__attribute__((constructor)) static void at_load(void) { crash(); }
#endif
#ifdef NEEDS_LIBRARY
int only_in_that_library(void);
int uses_it(void);
int uses_it(void) { return only_in_that_library(); }
#endif

static int own; /* what init gives as self */
static pf_status init(struct pf_host *host, void **self, struct pf_error *err) {
    note("init");
    host->log(host, PF_LOG_INFO, NAME " says hello");
#if defined INIT_UNAVAILABLE
    if (!getenv("FACE_PLACE"))
        return say(err, PF_UNAVAILABLE, "FACE_PLACE is not set; set it");
#elif defined INIT_FAIL
    return say(err, PF_IO, "the moon is in the wrong phase");
#elif defined INIT_MUTE
    return PF_INTERNAL;
#elif defined INIT_HANG
    hang();
#elif defined INIT_CRASH
    crash();
#elif defined INIT_ABORT
    abort();
#elif defined INIT_EXIT
    exit(0);
#elif defined LATER_CRASH
    if (getenv("FACE_LATER"))
        crash();
#elif defined LATER_HANG
    if (getenv("FACE_LATER"))
        hang();
#endif
    *self = &own;
    return say(NULL, PF_OK, "") == PF_OK ? PF_OK : say(err, PF_INTERNAL, "");
}

static void shutdown(void *self) {
    note(self == &own ? "shutdown" : "shutdown of somebody else");
#ifdef SHUTDOWN_HANG
    if (getenv("FACE_LATER"))
        hang();
#endif
}

/* ---- hooks ---- */

#ifdef HOOKS
static pf_status parameter(struct pf_host *host, void *self, pf_job *job, struct pf_error *err) {
    note("parameter");
    (void)self, (void)job;
#if defined HOOK_FAIL
    return say(err, PF_IO, "no parameters today");
#elif defined HOOK_HANG
    if (getenv("FACE_LATER"))
        hang();
#elif defined HOOK_CRASH
    crash();
#elif defined HOOK_MUTE
    return PF_IO;
#elif defined SET_KEY
    pf_status status = host->job_set(host, SET_KEY, SET_VALUE, err);
#ifdef SET_UNASKED
    return PF_OK;
#endif
    return status;
#elif defined HOOK_EXIT
    if (getenv("FACE_LATER"))
        exit(0);
#endif
    return host->job_set(host, "limit", "1", err);
}
static pf_status pre(struct pf_host *host, void *self, const pf_job *job, struct pf_error *err) {
    (void)self, (void)job;
    note(host->job_get(host, "input"));
#ifdef HOOK_REFUSE
    return say(err, PF_DENIED, "not on a Sunday");
#endif
    return say(err, PF_OK, "");
}
static void post(struct pf_host *host, void *self, const pf_job *job, const pf_result *result) {
    char text[80];
    (void)self, (void)job, (void)result;
    const char *rows = host->result_get(host, "rows-out");
    snprintf(text, sizeof text, "post %s", rows ? rows : "?");
    note(text);
}
static const struct pf_hooks hooks = {sizeof hooks, RANK, parameter, pre, post};
#endif

/* ---- a store: "face:" before a path; what is read is the path itself ---- */

#ifdef STORE
static pf_status read_path(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                           struct pf_error *err) {
    size_t size = (size_t)source->size_bytes - (size_t)offset;
    *got = (size_t)offset > (size_t)source->size_bytes ? 0 : size < want ? size : want;
    memcpy(to, (const char *)source->self + offset, *got);
    return say(err, PF_OK, "");
}
static void close_path(struct pf_source *source) { free(source->self); }
static pf_status open_source(struct pf_host *host, const char *location, struct pf_source *out,
                             struct pf_error *err) {
    char *text = malloc(strlen(location) + 16);
    (void)host;
    if (!text)
        return say(err, PF_NO_MEMORY, "out of memory");
    int size = sprintf(text, "path,size\n%s,1\n", location + 5);
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = 1,
                              .size_bytes = size,
                              .self = text,
                              .read_at = read_path,
                              .close = close_path};
    return PF_OK;
}
static pf_status open_sink(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    (void)host, (void)location, (void)flags, (void)out;
    return say(err, PF_UNSUPPORTED, "face: is only read; write to a file");
}
#ifndef PREFIX
#define PREFIX "face:"
#endif
static const char *const prefixes[] = {PREFIX, NULL};
static const struct pf_store store = {.struct_size = sizeof store,
                                      .traits = PF_STORE_RANDOM_READ,
                                      .name = "face",
                                      .prefixes = prefixes,
                                      .open_source = open_source,
                                      .open_sink = open_sink};
static const struct pf_store *const stores[] = {&store, NULL};
#endif

/* ---- a reader that dies in the middle ---- */

#ifdef READER
#ifndef SUFFIX
#define SUFFIX ".face"
#endif
#ifndef READER_NAME
#define READER_NAME NAME "-reader"
#endif
struct pf_reader_state {
    struct pf_host *host;
    struct pf_table table;
    const struct pf_table *tables[1];
    struct ArrowSchema column, *list[1];
};
static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static int32_t probe(const struct pf_probe *request) {
    return strcmp(request->suffix, SUFFIX) == 0 ? PF_PROBE_CERTAIN : PF_PROBE_NO;
}
static pf_status open_it(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    pf_reader_state *state = calloc(1, sizeof *state);
    if (!state)
        return say(err, PF_NO_MEMORY, "out of memory");
    note("open");
    state->host = request->host;
    state->table =
        (struct pf_table){.struct_size = sizeof state->table, .exact = 1, .name = request->stem, .rows = -1};
    state->column = (struct ArrowSchema){.format = "l", .name = NAME, .release = release_schema};
    state->list[0] = &state->column;
    state->table.schema = (struct ArrowSchema){
        .format = "+s", .n_children = 1, .children = state->list, .release = release_schema};
    state->tables[0] = &state->table;
    *out = state;
    return PF_OK;
}
static pf_status survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) {
    request->table_count = 1;
    request->tables = state->tables;
    return say(err, PF_OK, "");
}
static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    pf_reader_state *state = stream->private_data;
    *out = state->table.schema;
    return 0;
}
static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    static int calls;
    pf_reader_state *state = stream->private_data;
    note("next");
#ifdef LEAK_BATCHES
    if (calls < 20) { /* each its own megabyte, which nobody ever frees */
        int64_t *many = malloc(1 << 20);
        const void **leaked = calloc(3, sizeof *leaked);
        struct ArrowArray *child = calloc(1, sizeof *child), **children = calloc(1, sizeof *children);
        if (!many || !leaked || !child || !children)
            return 12;
        many[0] = ++calls;
        leaked[1] = many;
        *child = (struct ArrowArray){.length = 1, .n_buffers = 2, .buffers = leaked};
        child->release = (void (*)(struct ArrowArray *))release_schema;
        children[0] = child;
        *out = (struct ArrowArray){.length = 1, .n_buffers = 1, .n_children = 1, .buffers = leaked + 2};
        out->children = children;
        out->release = (void (*)(struct ArrowArray *))release_schema;
        state->host->count(state->host, "rows-in", 1);
        return 0;
    }
    out->release = NULL;
    return 0;
#endif
    if (++calls == 1) {
        state->host->count(state->host, "rows-in", 1);
        static int64_t value = 7;
        static const void *none[1], *buffers[2] = {NULL, &value};
        static struct ArrowArray column, *list[1] = {&column};
        column = (struct ArrowArray){.length = 1, .n_buffers = 2, .buffers = buffers, .release = NULL};
        column.release = (void (*)(struct ArrowArray *))release_schema;
        *out = (struct ArrowArray){.length = 1,
                                   .n_buffers = 1,
                                   .n_children = 1,
                                   .buffers = none,
                                   .children = list,
                                   .release = (void (*)(struct ArrowArray *))release_schema};
#ifdef READ_LEAKS
        void *volatile lost = malloc(1000);
        (void)lost;
#endif
        return 0;
    }
#ifdef READ_CRASH
    crash();
#endif
#ifdef READ_CRASH_BELOW /* in a function of the C library */
    memset(calls ? NULL : out, calls, (size_t)calls << 12);
#endif
#ifdef READ_ABORT
    abort();
#endif
#ifdef READ_WAITS
    while (!state->host->cancelled(state->host))
        usleep(1000);
    return 5;
#endif
#ifdef READ_FORGETS
    if (calls == 2)
        return 5;
#endif
#ifdef READ_FAIL
    return 5;
#endif
    out->release = NULL;
    return 0;
}
static const char *get_last_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return "the tape is torn";
}
static void release_stream(struct ArrowArrayStream *stream) { stream->release = NULL; }
static pf_status read_it(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                         struct pf_error *err) {
    (void)request;
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, state};
    return say(err, PF_OK, "");
}
static void close_it(pf_reader_state *state) { free(state); }
static const char *const suffixes[] = {SUFFIX, NULL};
#ifdef MAGIC
static const char *const magics[] = {MAGIC, NULL};
#endif
static const struct pf_reader reader = {.struct_size = sizeof reader,
                                        .rank = RANK,
                                        .name = READER_NAME,
                                        .summary = "a reader",
                                        .suffixes = suffixes,
#ifdef MAGIC
                                        .magics = magics,
#endif
                                        .probe = probe,
                                        .open = open_it,
                                        .survey = survey,
                                        .read = read_it,
                                        .close = close_it};
static const struct pf_reader *const readers[] = {&reader, NULL};
#endif

/* ---- a command ---- */

#ifdef COMMAND
static int32_t command(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                       char **argv) {
    char text[200];
    for (int32_t i = 0; i < argc; i++) {
        int size = snprintf(text, sizeof text, "%d=%s\n", (int)i, argv[i]);
        console->print(console, text, (size_t)size);
    }
    if (argc > 1 && strcmp(argv[1], "wait") == 0) {
        note("waiting");
        while (!host->cancelled(host))
            usleep(1000);
    }
    console->complain(console, self ? "started\n" : "not started\n", self ? 8 : 12);
    return 7;
}
static const struct pf_command say_command = {sizeof say_command, 0,      "say", "Says its words.",
                                              "say WORDS…",       command};
static const struct pf_command *const commands[] = {&say_command, NULL};
#endif

/* ---- an engine that takes every job ---- */

#ifdef ENGINE
static int32_t fit(struct pf_host *host, pf_job *job) {
    (void)host, (void)job;
    return PF_PROBE_CERTAIN;
}
static pf_status run(struct pf_host *host, pf_job *job, pf_result *result, struct pf_error *err) {
    const struct pf_converted done = {.struct_size = sizeof done,
                                      .input = host->job_get(host, "input"),
                                      .output = host->job_get(host, "output"),
                                      .table = "t",
                                      .rows_in = 5,
                                      .rows_out = 5,
                                      .seconds = 0.5};
    (void)job;
    note("engine");
    return host->result_put(host, result, &done, err);
}
static const struct pf_engine engine = {sizeof engine, PF_RANK_PRIMARY, NAME "-engine", "an engine", fit, run};
static const struct pf_engine *const engines[] = {&engine, NULL};
#endif

static const char *const watch[] = {"FACE_PLACE", NULL};
static const struct pf_extension extension = {
#ifdef SMALL
    .struct_size = 8,
#else
    .struct_size = sizeof extension,
#endif
#ifdef NEW_MINOR
    .abi_minor = 999,
#endif
    .name = NAME,
#ifndef NO_VERSION
    .version = "1.2.3",
#endif
    .summary = "One of many.",
    .license = "MIT",
    .watch_env = watch,
#ifdef STORE
    .stores = stores,
#endif
#ifdef READER
    .readers = readers,
#endif
#ifdef ENGINE
    .engines = engines,
#endif
#ifdef COMMAND
    .commands = commands,
#endif
#ifdef HOOKS
    .hooks = &hooks,
#endif
    .init = init,
    .shutdown = shutdown,
};

#if defined NO_SYMBOL
int nothing_here(void);
int nothing_here(void) { return extension.abi_minor != 0; }
#elif defined OTHER_MAJOR
PF_EXPORT const struct pf_extension *pyforge_extension_v2(void);
const struct pf_extension *pyforge_extension_v2(void) { return &extension; }
#else
PF_EXPORT const struct pf_extension *pyforge_extension_v1(void);
const struct pf_extension *pyforge_extension_v1(void) {
#ifdef NO_DESCRIPTOR
    return extension.abi_minor ? &extension : NULL;
#endif
    return &extension;
}
#endif
