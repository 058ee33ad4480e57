/* extension.c — a store. "sample:NAME" is the file NAME below the folder that SAMPLE_FOLDER names.
 * SPDX-License-Identifier: MIT
 *
 * Build and test: make test (needs the installed headers, or PYFORGE_INCLUDE=folder). It links nothing of pyforge. */
#include <pyforge/extension.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "sample:"

/* The error belongs to the caller, and may be NULL. It is written once, where the trouble is found. */
static pf_status fail(struct pf_error *err, pf_status code, const char *message, const char *place) {
    if (err) {
        err->code = code;
        snprintf(err->message, sizeof err->message, "'%s' %s", place, message);
    }
    return code;
}

/* Of no use where nothing says where the files are: watch_env names the variable, so that this answer is remembered until it
 * changes. */
static pf_status init(struct pf_host *host, void **self, struct pf_error *err) {
    (void)host, (void)self;
    return getenv("SAMPLE_FOLDER")
               ? PF_OK
               : fail(err, PF_UNAVAILABLE, "is not set; set it to a folder", "SAMPLE_FOLDER");
}

/* Gives the path of a location, with end behind it. */
static char *path_of(const char *location, const char *end) {
    const char *folder = getenv("SAMPLE_FOLDER"), *name = location + strlen(PREFIX);
    if (!folder || strstr(name, "..")) /* nothing outside of the folder */
        return NULL;
    size_t size = strlen(folder) + strlen(name) + strlen(end) + 2;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/%s%s", folder, name, end);
    return path;
}

/* ---- reading: forward only, as most stores are; pyforge copies what a reader wants to read at random ---- */

static pf_status read_next(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                           struct pf_error *err) {
    FILE *file = source->self;
    (void)offset; /* rises from call to call: random is 0 */
    *got = fread(to, 1, want, file);
    return *got < want && ferror(file) ? fail(err, PF_IO, "cannot be read", PREFIX) : PF_OK;
}

static void close_source(struct pf_source *source) { fclose(source->self); }

static pf_status open_source(struct pf_host *host, const char *location, struct pf_source *out,
                             struct pf_error *err) {
    (void)host;
    char *path = path_of(location, "");
    FILE *file = path ? fopen(path, "rb") : NULL;
    free(path);
    if (!file)
        return fail(err, PF_NOT_FOUND, "is not there; check the name", location);
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .size_bytes = -1,
                              .self = file,
                              .read_at = read_next,
                              .close = close_source};
    return PF_OK;
}

/* ---- writing: under another name, which becomes the right one when all is there ---- */

struct written {
    FILE *file;
    char *path, *beside;
};

static void end(struct written *written) {
    free(written->path);
    free(written->beside);
    free(written);
}

static pf_status write_more(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    struct written *written = sink->self;
    return fwrite(from, 1, count, written->file) == count
               ? PF_OK
               : fail(err, PF_IO, "cannot be written", written->path);
}

/* A commit that fails leaves what an abort leaves: nothing. */
static pf_status commit(struct pf_sink *sink, struct pf_error *err) {
    struct written *written = sink->self;
    pf_status status = PF_OK;
    if (fclose(written->file) != 0 || rename(written->beside, written->path) != 0) {
        status = fail(err, PF_IO, "cannot be written; make room, or make the folder writable", written->path);
        remove(written->beside);
    }
    end(written);
    return status;
}

static void abort_writing(struct pf_sink *sink) {
    struct written *written = sink->self;
    fclose(written->file);
    remove(written->beside);
    end(written);
}

static pf_status open_sink(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    (void)host;
    struct written *written = calloc(1, sizeof *written);
    if (!written)
        return fail(err, PF_NO_MEMORY, "needs more memory than there is", location);
    written->path = path_of(location, "");
    written->beside = path_of(location, ".part");
    FILE *there = written->path && !(flags & PF_SINK_REPLACE) ? fopen(written->path, "rb") : NULL;
    if (there) {
        fclose(there);
        end(written);
        return fail(err, PF_EXISTS, "is there already; say --force", location);
    }
    written->file = written->beside ? fopen(written->beside, "wb") : NULL;
    if (!written->file) {
        end(written);
        return fail(err, PF_IO, "cannot be created; check the name and the folder", location);
    }
    *out = (struct pf_sink){.struct_size = sizeof *out,
                            .self = written,
                            .write = write_more,
                            .commit = commit,
                            .abort = abort_writing};
    return PF_OK;
}

/* ---- the descriptor ---- */

static const char *const prefixes[] = {PREFIX, NULL};
static const struct pf_store store = {.struct_size = sizeof store, /* no traits: no rename, no random reads */
                                      .name = "sample",
                                      .prefixes = prefixes,
                                      .open_source = open_source,
                                      .open_sink = open_sink};
static const struct pf_store *const stores[] = {&store, NULL};
static const char *const watch_env[] = {"SAMPLE_FOLDER", NULL};
static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = "sample",
                                              .version = "1.0.0",
                                              .summary = "Files below the folder SAMPLE_FOLDER.",
                                              .license = "MIT",
                                              .watch_env = watch_env,
                                              .stores = stores,
                                              .init = init};

PF_EXPORT const struct pf_extension *pyforge_extension_v1(void);
const struct pf_extension *pyforge_extension_v1(void) { return &extension; }
