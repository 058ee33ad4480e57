/* bytes_local.c — room bytes. The local disk as a store.                   SPDX-License-Identifier: MIT
 * Knows: files, standard input, temporary names, the order in which a commit is safe.
 * Knows not: formats, jobs. */
#include "bytes/bytes_local.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/temp.h"

#define WAIT_MS 20 /* between two looks at the cancel flag */

/* ---- sources ---------------------------------------------------------------------------------------- */

struct local_source {
    struct pf_host *host;
    pf_file file;
    int64_t place; /* of a forward-only one */
    char path[];
};

static pf_status read_random(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                             struct pf_error *err) {
    struct local_source *self = source->self;
    *got = 0;
    if (offset < 0)
        return pf_fail(err, PF_ARGUMENT, "'%s' is read at offset %lld", self->path, (long long)offset);
    if (offset >= source->size_bytes)
        return PF_OK;
    int64_t left = source->size_bytes - offset;
    if ((uint64_t)left < want)
        want = (size_t)left;
    PF_TRY(pf_file_read_at(self->file, offset, to, want, got, self->path, err));
    if (*got == want)
        return PF_OK;
    *got = 0;
    return pf_fail(err, PF_IO, "'%s' became shorter while it was read; try again when it is complete",
                   self->path);
}

/* What comes next, waiting for it, but not longer than until a cancel. */
static pf_status read_next(struct local_source *self, void *to, size_t want, size_t *got,
                           struct pf_error *err) {
    *got = 0;
    while (*got < want) {
        bool ready = false;
        PF_TRY(pf_file_wait(self->file, WAIT_MS, &ready, self->path, err));
        if (self->host && self->host->cancelled && self->host->cancelled(self->host))
            return pf_fail_cancelled(err);
        if (!ready)
            continue;
        size_t more;
        PF_TRY(pf_file_read(self->file, (uint8_t *)to + *got, want - *got, &more, self->path, err));
        if (more == 0)
            break;
        *got += more;
    }
    self->place += (int64_t)*got;
    return PF_OK;
}

static pf_status read_forward(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                              struct pf_error *err) {
    struct local_source *self = source->self;
    *got = 0;
    if (offset < self->place)
        return pf_fail(err, PF_STATE, "'%s' can only be read forward: offset %lld was asked for after %lld",
                       self->path, (long long)offset, (long long)self->place);
    while (self->place < offset) {
        uint8_t skipped[4096];
        int64_t gap = offset - self->place;
        size_t step = gap < (int64_t)sizeof skipped ? (size_t)gap : sizeof skipped, more;
        PF_TRY(read_next(self, skipped, step, &more, err));
        if (more < step)
            return PF_OK;
    }
    return read_next(self, to, want, got, err);
}

static void close_source(struct pf_source *source) {
    struct local_source *self = source->self;
    if (!self)
        return;
    pf_file_close(&self->file, self->path, NULL);
    pf_mem_free(self);
    source->self = NULL;
}

/* Regular files of the kernel's own file systems say that they are empty and are not. */
static pf_status look_at(struct local_source *self, struct pf_source *out, struct pf_error *err) {
    struct pf_file_facts facts;
    PF_TRY(pf_file_facts_open(self->file, &facts, err));
    if (facts.directory)
        return pf_fail(err, PF_ARGUMENT, "'%s' is a folder; name the files in it", self->path);
    bool random = facts.regular;
    if (random && facts.size_bytes == 0) {
        uint8_t byte;
        size_t got;
        PF_TRY(pf_file_read_at(self->file, 0, &byte, 1, &got, self->path, err));
        random = got == 0;
    }
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = random,
                              .size_bytes = random ? facts.size_bytes : -1,
                              .self = self,
                              .read_at = random ? read_random : read_forward,
                              .close = close_source};
    return PF_OK;
}

static pf_status open_source(struct pf_host *host, const char *location, struct pf_source *out,
                             struct pf_error *err) {
    *out = (struct pf_source){0};
    bool standard = strcmp(location, "-") == 0;
    const char *path = standard ? "standard input" : location;
    size_t size = strlen(path) + 1;
    struct local_source *self = pf_mem_zero(1, sizeof *self + size);
    if (!self)
        return pf_fail_memory(err, sizeof *self + size);
    memcpy(self->path, path, size);
    self->host = host;
    pf_status status = standard ? pf_file_stdin(&self->file, err) : pf_file_open_read(path, &self->file, err);
    if (status != PF_OK) {
        pf_mem_free(self);
        return status;
    }
    if (!standard)
        status = look_at(self, out, err);
    else /* even when it is a file: somebody may have read a part of it */
        *out = (struct pf_source){.struct_size = sizeof *out,
                                  .size_bytes = -1,
                                  .self = self,
                                  .read_at = read_forward,
                                  .close = close_source};
    if (status != PF_OK) {
        pf_file_close(&self->file, self->path, NULL);
        pf_mem_free(self);
        *out = (struct pf_source){0};
    }
    return status;
}

/* ---- sinks ------------------------------------------------------------------------------------------ */

struct local_sink {
    pf_file file;
    uint32_t flags;
    char *target;
    char *temporary;
    bool replaces;
    struct pf_file_facts old; /* of what is replaced */
    pf_status status;         /* the first failure stays */
    struct pf_error failure;
};

static void free_sink(struct local_sink *self) {
    pf_mem_free(self->target);
    pf_mem_free(self->temporary);
    pf_mem_free(self);
}

static pf_status write_local(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    struct local_sink *self = sink->self;
    if (self->status == PF_OK)
        self->status = pf_file_write_all(self->file, from, count, self->target, &self->failure);
    if (self->status != PF_OK && err)
        *err = self->failure;
    return self->status;
}

static pf_status fail_exists(struct pf_error *err, const char *path) {
    return pf_fail(err, PF_EXISTS, "'%s' exists already; use --force to replace it, or name another output",
                   path);
}

/* Gives the complete file its name. */
static pf_status publish(const char *temporary, const char *target, bool replace, struct pf_error *err) {
    if (replace)
        return pf_file_rename(temporary, target, err);
    pf_status status = pf_file_link_new(temporary, target, NULL);
    if (status == PF_OK) {
        pf_file_remove(temporary, NULL); /* a second name of a good file: the next sweep takes it */
        return PF_OK;
    }
    if (status == PF_EXISTS)
        return fail_exists(err, target);
    /* No hard links here: look, then rename, and hope that nobody comes between. */
    struct pf_file_facts facts;
    status = pf_file_facts(target, false, &facts, err);
    if (status == PF_OK)
        return fail_exists(err, target);
    return status == PF_NOT_FOUND ? pf_file_rename(temporary, target, err) : status;
}

static pf_status sync_folder_of(const char *path, struct pf_error *err) {
    struct pf_text text = pf_path_folder(path);
    char *folder = pf_mem_text(text.at, text.size);
    if (!folder)
        return pf_fail_memory(err, text.size + 1);
    pf_status status = pf_file_sync_folder(folder, err);
    pf_mem_free(folder);
    return status;
}

static pf_status finish_local(struct local_sink *self, struct pf_error *err) {
    if (self->status != PF_OK) {
        if (err)
            *err = self->failure;
        return self->status;
    }
    if (self->flags & PF_SINK_SYNC)
        PF_TRY(pf_file_sync(self->file, self->target, err));
    PF_TRY(pf_file_close(&self->file, self->target, err));
    if (self->replaces) { /* the owner can be kept only by those who may; the mode always */
        pf_status status =
            pf_file_set_mode(self->temporary, self->old.mode & 0777, self->old.owner, self->old.group, err);
        if (status != PF_OK && status != PF_DENIED)
            return status;
    }
    return publish(self->temporary, self->target, (self->flags & PF_SINK_REPLACE) != 0, err);
}

static pf_status commit_local(struct pf_sink *sink, struct pf_error *err) {
    struct local_sink *self = sink->self;
    if (!self)
        return pf_fail(err, PF_STATE, "the sink is ended already");
    pf_status status = finish_local(self, err);
    if (status != PF_OK) {
        pf_file_close(&self->file, self->target, NULL);
        pf_file_remove(self->temporary, NULL);
    } else if (self->flags & PF_SINK_SYNC) {
        status = sync_folder_of(self->target, err);
    }
    free_sink(self);
    sink->self = NULL;
    return status;
}

static void abort_local(struct pf_sink *sink) {
    struct local_sink *self = sink->self;
    if (!self)
        return;
    pf_file_close(&self->file, self->target, NULL);
    pf_file_remove(self->temporary, NULL);
    free_sink(self);
    sink->self = NULL;
}

/* Where the file really is to be, and what is there now. */
static pf_status find_target(struct local_sink *self, const char *location, struct pf_error *err) {
    struct pf_file_facts link;
    pf_status status = pf_file_facts(location, false, &link, err);
    if (status != PF_OK && status != PF_NOT_FOUND)
        return status;
    if (status == PF_OK && (link.mode & 0170000) == 0120000) { /* a symbolic link */
        status = pf_file_resolve(location, &self->target, err);
        if (status == PF_NOT_FOUND)
            return pf_fail(err, PF_NOT_FOUND, "'%s' is a link to nothing; remove it first", location);
        if (status == PF_OK)
            status = pf_file_facts(self->target, true, &self->old, err);
        if (status != PF_OK)
            return status;
    } else {
        self->target = pf_mem_text(location, strlen(location));
        if (!self->target)
            return pf_fail_memory(err, strlen(location) + 1);
        if (status == PF_NOT_FOUND)
            return PF_OK;
        self->old = link;
    }
    if (self->old.directory)
        return pf_fail(err, PF_ARGUMENT, "'%s' is a folder; name a file", location);
    if (!self->old.regular)
        return pf_fail(err, PF_ARGUMENT, "'%s' is a device or a pipe, which cannot be replaced; name a file",
                       location);
    if (!(self->flags & PF_SINK_REPLACE))
        return fail_exists(err, location);
    self->replaces = true;
    return PF_OK;
}

static pf_status create_temporary(const char *target, bool secret, char **path, pf_file *file,
                                  struct pf_error *err) {
    pf_status status = PF_EXISTS;
    for (int i = 0; i < 10 && status == PF_EXISTS; i++) {
        pf_mem_free(*path);
        *path = pf_temp_beside(target);
        if (!*path)
            return pf_fail_memory(err, strlen(target));
        status = pf_file_create_new(*path, secret, file, err);
    }
    if (status == PF_OK) {
        bool known;
        pf_file_lock(*file, &known); /* tells a sweeper elsewhere that somebody is at work */
    }
    return status;
}

static pf_status open_sink(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    *out = (struct pf_sink){0};
    if (strcmp(location, "-") == 0 || !*location || pf_path_is_folder_like(location))
        return pf_fail(err, PF_ARGUMENT, "'%s' is no name for an output file; name a file", location);
    struct local_sink *self = pf_mem_zero(1, sizeof *self);
    if (!self)
        return pf_fail_memory(err, sizeof *self);
    self->file = (pf_file)PF_FILE_CLOSED;
    self->flags = flags;
    pf_status status = find_target(self, location, err);
    if (status == PF_OK) {
        pf_temp_sweep(self->target);
        /* What replaces a file must not be readable to more people than that was, not even for a moment. */
        status = create_temporary(self->target, self->replaces, &self->temporary, &self->file, err);
    }
    if (status != PF_OK) {
        free_sink(self);
        return status;
    }
    *out = (struct pf_sink){.struct_size = sizeof *out,
                            .self = self,
                            .write = write_local,
                            .commit = commit_local,
                            .abort = abort_local};
    return PF_OK;
}

static pf_status put_new(struct pf_host *host, const char *location, const void *bytes, size_t size,
                         struct pf_error *err) {
    char *path = NULL;
    pf_file file = PF_FILE_CLOSED;
    pf_status status = create_temporary(location, false, &path, &file, err);
    if (status == PF_OK) {
        status = pf_file_write_all(file, bytes, size, location, err);
        pf_status closed = pf_file_close(&file, location, status == PF_OK ? err : NULL);
        if (status == PF_OK)
            status = closed;
        if (status == PF_OK)
            status = publish(path, location, false, err);
        if (status != PF_OK)
            pf_file_remove(path, NULL);
    }
    pf_mem_free(path);
    return status;
}

/* ---- folders ---------------------------------------------------------------------------------------- */

struct listing {
    const char *folder;
    int32_t (*each)(void *ctx, const struct pf_entry *);
    void *ctx;
    bool out_of_memory;
};

static int32_t list_entry(void *ctx, const char *name, bool directory) {
    struct listing *listing = ctx;
    char *path = pf_path_join(listing->folder, name);
    if (!path) {
        listing->out_of_memory = true;
        return 1;
    }
    struct pf_file_facts facts = {.size_bytes = -1};
    bool gone =
        pf_file_facts(path, true, &facts, NULL) != PF_OK && pf_file_facts(path, false, &facts, NULL) != PF_OK;
    pf_mem_free(path);
    if (gone) /* since the folder was read */
        return 0;
    struct pf_entry entry = {.struct_size = sizeof entry,
                             .directory = directory,
                             .name = name,
                             .size_bytes = facts.size_bytes,
                             .modified_ns = facts.modified_ns};
    return listing->each(listing->ctx, &entry);
}

static pf_status list(struct pf_host *host, const char *location,
                      int32_t (*each)(void *ctx, const struct pf_entry *), void *ctx, struct pf_error *err) {
    struct listing listing = {location, each, ctx, false};
    PF_TRY(pf_file_list(location, list_entry, &listing, err));
    return listing.out_of_memory ? pf_fail_memory(err, 0) : PF_OK;
}

static pf_status remove_file(struct pf_host *host, const char *location, struct pf_error *err) {
    return pf_file_remove(location, err);
}

const struct pf_store pf_local_store = {
    .struct_size = sizeof(struct pf_store),
    .traits = PF_STORE_RENAME | PF_STORE_EXCLUSIVE | PF_STORE_RANDOM_READ,
    .name = "local",
    .open_source = open_source,
    .open_sink = open_sink,
    .put_new = put_new,
    .list = list,
    .remove = remove_file,
};
