/* dbx_volume.c — room extensions/databricks. Volumes and DBFS as a store.
 * SPDX-License-Identifier: MIT
 * Knows: how a file is written on a mount that only goes forward, blocks for small reads.
 * Knows not: formats, jobs, grants. */
#include "dbx_volume.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "dbx_disk.h"
#include "dbx_fail.h"
#include "dbx_reach.h"

/* ---- sources ----------------------------------------------------------------------------------------- */

#define BLOCK_BYTES ((size_t)1 << 20)
#define BLOCKS      4 /* head, tail and two places in between: what readers of containers go back and forth over */

struct block {
    int64_t offset; /* a multiple of BLOCK_BYTES, −1: empty */
    size_t size;
    uint64_t used;
    char *bytes;
};
struct volume_source {
    struct pf_host *host;
    struct volume_source *next; /* of those that are open */
    int file;
    pthread_mutex_t lock; /* of the blocks */
    struct block blocks[BLOCKS];
    uint64_t uses;
    struct pf_dbx_place place;
};

/* What is being read may not be emptied: there is no second name to keep it under. */
static struct {
    pthread_mutex_t lock;
    struct volume_source *first;
} reading = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void begin_reading(struct volume_source *self) {
    pthread_mutex_lock(&reading.lock);
    self->next = reading.first;
    reading.first = self;
    pthread_mutex_unlock(&reading.lock);
}

static void end_reading(const struct volume_source *self) {
    pthread_mutex_lock(&reading.lock);
    for (struct volume_source **at = &reading.first; *at; at = &(*at)->next)
        if (*at == self) {
            *at = self->next;
            break;
        }
    pthread_mutex_unlock(&reading.lock);
}

static bool is_read(const struct pf_dbx_place *place) {
    pthread_mutex_lock(&reading.lock);
    const struct volume_source *it = reading.first;
    while (it && strcmp(it->place.local, place->local) != 0)
        it = it->next;
    pthread_mutex_unlock(&reading.lock);
    return it != NULL;
}

static pf_status fail_short(const struct volume_source *self, struct pf_error *err) {
    return pf_dbx_fail(err, PF_IO, "'%.160s' became shorter while it was read; try again when it is complete",
                       self->place.local);
}

static pf_status fail_read(const struct volume_source *self, int number, struct pf_error *err) {
    if (number == EINVAL || number == ESPIPE) /* seen of some mounts when a reader goes back */
        return pf_dbx_fail_disk(err, number, "read", self->place.local,
                                "copy the file to local disk and convert it there");
    return pf_dbx_fail_place(err, number, "read", &self->place, false);
}

/* All of want, for the caller has looked at the size. */
static pf_status read_whole(struct volume_source *self, int64_t offset, void *to, size_t want,
                            struct pf_error *err) {
    size_t got;
    int number = pf_dbx_disk_read_at(self->file, offset, to, want, &got);
    if (number)
        return fail_read(self, number, err);
    return got == want ? PF_OK : fail_short(self, err);
}

/* The block that begins at offset, read when it is not there. Under the lock. */
static pf_status find_block(struct volume_source *self, int64_t offset, size_t size, struct block **out,
                            struct pf_error *err) {
    struct block *oldest = &self->blocks[0];
    for (size_t i = 0; i < BLOCKS; i++) {
        struct block *block = &self->blocks[i];
        if (block->offset == offset && block->size == size) {
            block->used = ++self->uses;
            *out = block;
            return PF_OK;
        }
        oldest = block->used < oldest->used ? block : oldest;
    }
    if (!oldest->bytes)
        oldest->bytes = pf_dbx_take(self->host, BLOCK_BYTES);
    if (!oldest->bytes)
        return pf_dbx_fail_memory(err);
    oldest->offset = -1;
    pf_status status = read_whole(self, offset, oldest->bytes, size, err);
    if (status != PF_OK)
        return status;
    oldest->offset = offset;
    oldest->size = size;
    oldest->used = ++self->uses;
    *out = oldest;
    return PF_OK;
}

static pf_status read_small(struct volume_source *self, int64_t size_bytes, int64_t offset, char *to,
                            size_t want, struct pf_error *err) {
    while (want) {
        int64_t start = offset - offset % (int64_t)BLOCK_BYTES;
        int64_t left = size_bytes - start;
        size_t inside = (size_t)(offset - start),
               size = left < (int64_t)BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;
        size_t step = size - inside < want ? size - inside : want;
        struct block *block = NULL;
        pf_status status = find_block(self, start, size, &block, err);
        if (status != PF_OK)
            return status;
        memcpy(to, block->bytes + inside, step);
        to += step, offset += (int64_t)step, want -= step;
    }
    return PF_OK;
}

static pf_status read_at(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                         struct pf_error *err) {
    struct volume_source *self = source->self;
    *got = 0;
    if (offset < 0)
        return pf_dbx_fail(err, PF_ARGUMENT, "'%.160s' is read at offset %lld", self->place.local,
                           (long long)offset);
    if (offset >= source->size_bytes)
        return PF_OK;
    if ((uint64_t)(source->size_bytes - offset) < want)
        want = (size_t)(source->size_bytes - offset);
    pf_status status;
    if (want >= BLOCK_BYTES) {
        status = read_whole(self, offset, to, want, err);
    } else {
        pthread_mutex_lock(&self->lock);
        status = read_small(self, source->size_bytes, offset, to, want, err);
        pthread_mutex_unlock(&self->lock);
    }
    if (status == PF_OK)
        *got = want;
    return status;
}

static void free_source(struct volume_source *self) {
    pf_dbx_disk_close(&self->file);
    for (size_t i = 0; i < BLOCKS; i++)
        if (self->blocks[i].bytes)
            pf_dbx_give_back(self->host, self->blocks[i].bytes);
    pthread_mutex_destroy(&self->lock);
    pf_dbx_give_back(self->host, self);
}

static void close_source(struct pf_source *source) {
    if (!source->self)
        return;
    end_reading(source->self);
    free_source(source->self);
    source->self = NULL;
}

static pf_status open_file(struct volume_source *self, struct pf_dbx_disk_facts *facts, struct pf_error *err) {
    int number = pf_dbx_disk_open_read(self->place.local, &self->file, facts);
    if (number)
        return pf_dbx_fail_place(err, number, "read", &self->place, false);
    if (facts->directory)
        return pf_dbx_fail(err, PF_ARGUMENT, "'%.160s' is a folder; name the files in it", self->place.local);
    if (!facts->regular)
        return pf_dbx_fail(err, PF_ARGUMENT, "'%.160s' is no file; name one", self->place.local);
    return PF_OK;
}

static pf_status open_source(struct pf_host *host, const char *location, struct pf_source *out,
                             struct pf_error *err) {
    struct pf_dbx_disk_facts facts;
    *out = (struct pf_source){0};
    struct volume_source *self = pf_dbx_take(host, sizeof *self);
    if (!self)
        return pf_dbx_fail_memory(err);
    self->host = host;
    self->file = PF_DBX_CLOSED;
    for (size_t i = 0; i < BLOCKS; i++)
        self->blocks[i].offset = -1;
    if (pthread_mutex_init(&self->lock, NULL)) {
        pf_dbx_give_back(host, self);
        return pf_dbx_fail_memory(err);
    }
    pf_status status = pf_dbx_reach(host, location, PF_DBX_ENTRY, &self->place, err);
    if (status == PF_OK)
        status = open_file(self, &facts, err);
    if (status != PF_OK) {
        free_source(self);
        return status;
    }
    begin_reading(self);
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = 1,
                              .size_bytes = facts.size_bytes,
                              .self = self,
                              .read_at = read_at,
                              .close = close_source};
    return PF_OK;
}

/* ---- sinks ------------------------------------------------------------------------------------------- */

struct volume_sink {
    struct pf_host *host;
    int file;
    uint32_t flags;
    bool created;     /* there is a file of ours under the name */
    size_t made_from; /* folders longer than this were made by us; SIZE_MAX: none */
    int64_t written;
    pf_status status; /* the first failure stays */
    struct pf_error failure;
    struct pf_dbx_place place;
};

/* The size of the part of the path that nobody can make: the volume, or the root of DBFS. */
static size_t size_of_ground(const struct pf_dbx_place *place) {
    return place->kind == PF_DBX_IN_VOLUMES ? (size_t)place->volume.at + place->volume.size : strlen("/dbfs");
}

/* Folders between the ground and the file. They exist, or are made and remembered. */
static pf_status make_folders(struct volume_sink *self, struct pf_error *err) {
    char path[PF_DBX_PATH_ROOM];
    size_t ground = size_of_ground(&self->place),
           end = (size_t)(strrchr(self->place.local, '/') - self->place.local);
    struct pf_dbx_disk_facts facts;
    if (end <= ground)
        return PF_OK;
    memcpy(path, self->place.local, end);
    path[end] = 0;
    if (pf_dbx_disk_facts(path, &facts) == 0)
        return facts.directory
                   ? PF_OK
                   : pf_dbx_fail(err, PF_ARGUMENT, "'%.160s' is no folder; name another output", path);
    for (size_t at = ground + 1; at <= end; at++) {
        if (self->place.local[at] != '/')
            continue;
        path[at] = 0;
        int number = pf_dbx_disk_make_folder(path);
        if (number && number != EEXIST)
            return pf_dbx_fail_place(err, number, "make the folder of", &self->place, true);
        if (!number && self->made_from == SIZE_MAX)
            self->made_from = at - 1;
        path[at] = self->place.local[at];
    }
    return PF_OK;
}

/* Only empty ones go, so what others put there meanwhile stays. */
static void unmake_folders(struct volume_sink *self) {
    char *path = self->place.local;
    while (self->made_from != SIZE_MAX) {
        char *slash = strrchr(path, '/');
        if (!slash || (size_t)(slash - path) <= self->made_from)
            break;
        *slash = 0;
        int number = pf_dbx_disk_remove_folder(path);
        if (number && number != ENOENT)
            break;
    }
    self->made_from = SIZE_MAX;
}

/* Leaves nothing behind. A failure to remove is told, for then something does stay. */
static void take_back(struct volume_sink *self) {
    pf_dbx_disk_close(&self->file);
    if (self->created && pf_dbx_disk_remove(self->place.local) && self->host && self->host->log) {
        struct pf_error said;
        pf_dbx_fail(&said, PF_IO, "'%.200s' is incomplete and could not be removed; remove it",
                    self->place.local);
        self->host->log(self->host, PF_LOG_WARNING, said.message);
    }
    self->created = false;
    unmake_folders(self);
}

static void end_sink(struct pf_sink *sink) {
    struct volume_sink *self = sink->self;
    pf_dbx_give_back(self->host, self);
    sink->self = NULL;
}

static pf_status write_volume(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    struct volume_sink *self = sink->self;
    if (!self)
        return pf_dbx_fail(err, PF_STATE, "the sink is ended already");
    if (self->status == PF_OK) {
        int number = pf_dbx_disk_write(self->file, from, count);
        self->status = number ? pf_dbx_fail_place(&self->failure, number, "write", &self->place, true) : PF_OK;
        self->written += (int64_t)count;
    }
    if (self->status != PF_OK && err)
        *err = self->failure;
    return self->status;
}

/* Mounts refuse fsync in several ways; the bytes go with the close. */
static pf_status sync_volume(struct volume_sink *self, struct pf_error *err) {
    int number = self->flags & PF_SINK_SYNC ? pf_dbx_disk_sync(self->file) : 0;
    if (number == EPERM || pf_dbx_disk_is_refusal(number)) {
        if (self->host && self->host->log)
            self->host->log(self->host, PF_LOG_WARNING,
                            "--sync: the mount has no fsync; the file was only closed");
        return PF_OK;
    }
    return number ? pf_dbx_fail_place(err, number, "write", &self->place, true) : PF_OK;
}

static pf_status finish_volume(struct volume_sink *self, struct pf_error *err) {
    struct pf_dbx_disk_facts facts;
    if (self->status != PF_OK) {
        if (err)
            *err = self->failure;
        return self->status;
    }
    pf_status status = sync_volume(self, err);
    if (status != PF_OK)
        return status;
    int number = pf_dbx_disk_close(&self->file);
    if (number == 0)
        number = pf_dbx_disk_facts(self->place.local, &facts);
    if (number)
        return pf_dbx_fail_place(err, number, "finish", &self->place, true);
    if (facts.size_bytes != self->written)
        return pf_dbx_fail(err, PF_IO, "'%.160s' has %lld bytes where %lld were written; try again",
                           self->place.local, (long long)facts.size_bytes, (long long)self->written);
    return PF_OK;
}

static pf_status commit_volume(struct pf_sink *sink, struct pf_error *err) {
    struct volume_sink *self = sink->self;
    if (!self)
        return pf_dbx_fail(err, PF_STATE, "the sink is ended already");
    pf_status status = finish_volume(self, err);
    if (status != PF_OK)
        take_back(self);
    end_sink(sink);
    return status;
}

static void abort_volume(struct pf_sink *sink) {
    struct volume_sink *self = sink->self;
    if (!self)
        return;
    take_back(self);
    end_sink(sink);
}

static pf_status fail_exists(const struct pf_dbx_place *place, struct pf_error *err) {
    return pf_dbx_fail(err, PF_EXISTS,
                       "'%.160s' exists already; use --force to replace it, or name another output",
                       place->local);
}

static pf_status create_file(struct volume_sink *self, struct pf_error *err) {
    const struct pf_dbx_place *place = &self->place;
    struct pf_dbx_disk_facts facts;
    bool replace = (self->flags & PF_SINK_REPLACE) != 0;
    int number = pf_dbx_disk_facts(place->local, &facts);
    if (number && number != ENOENT)
        return pf_dbx_fail_place(err, number, "write", place, true);
    if (number == 0 && !facts.regular)
        return pf_dbx_fail(err, PF_ARGUMENT, "'%.160s' is %s; name a file", place->local,
                           facts.directory ? "a folder" : "no file");
    if (number == 0 && !replace)
        return fail_exists(place, err);
    if (is_read(place))
        return pf_dbx_fail(err, PF_DENIED,
                           "the output '%.160s' is being read and is never overwritten; choose another",
                           place->local);
    number = pf_dbx_disk_create(place->local, replace ? PF_DBX_EMPTIED : PF_DBX_NEW, &self->file);
    if (number == EEXIST)
        return fail_exists(place, err);
    self->created = number == 0;
    return number ? pf_dbx_fail_place(err, number, "write", place, true) : PF_OK;
}

/* Of nothing yet; given back with pf_dbx_give_back. NULL: no memory, which is told. */
static struct volume_sink *take_sink(struct pf_host *host, struct pf_error *err) {
    struct volume_sink *self = pf_dbx_take(host, sizeof *self);
    if (!self) {
        pf_dbx_fail_memory(err);
        return NULL;
    }
    self->host = host;
    self->file = PF_DBX_CLOSED;
    self->made_from = SIZE_MAX;
    return self;
}

static pf_status open_sink(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err) {
    *out = (struct pf_sink){0};
    struct volume_sink *self = take_sink(host, err);
    if (!self)
        return PF_NO_MEMORY;
    self->flags = flags;
    pf_status status = pf_dbx_reach(host, location, PF_DBX_ENTRY, &self->place, err);
    if (status == PF_OK && self->place.folder)
        status = pf_dbx_fail(err, PF_ARGUMENT, "'%.160s' is the name of a folder; name a file", location);
    if (status == PF_OK)
        status = make_folders(self, err);
    if (status == PF_OK)
        status = create_file(self, err);
    if (status != PF_OK) {
        take_back(self);
        pf_dbx_give_back(host, self);
        return status;
    }
    *out = (struct pf_sink){.struct_size = sizeof *out,
                            .self = self,
                            .write = write_volume,
                            .commit = commit_volume,
                            .abort = abort_volume};
    return PF_OK;
}

/* ---- small files and folders --------------------------------------------------------------------------- */

static pf_status write_new(struct volume_sink *self, const void *bytes, size_t size, struct pf_error *err) {
    int number = pf_dbx_disk_create(self->place.local, PF_DBX_EXCLUSIVE, &self->file);
    if (number == EEXIST)
        return pf_dbx_fail(err, PF_EXISTS, "'%.160s' exists already; name another", self->place.local);
    if (pf_dbx_disk_is_refusal(number))
        return pf_dbx_fail_disk(err, number, "create for itself alone", self->place.local,
                                "the mount cannot keep two writers apart; let Spark write this table");
    if (number)
        return pf_dbx_fail_place(err, number, "write", &self->place, true);
    self->created = true;
    self->written = (int64_t)size;
    number = pf_dbx_disk_write(self->file, bytes, size);
    return number ? pf_dbx_fail_place(err, number, "write", &self->place, true) : finish_volume(self, err);
}

static pf_status put_new(struct pf_host *host, const char *location, const void *bytes, size_t size,
                         struct pf_error *err) {
    struct volume_sink *self = take_sink(host, err);
    if (!self)
        return PF_NO_MEMORY;
    pf_status status = pf_dbx_reach(host, location, PF_DBX_ENTRY, &self->place, err);
    if (status == PF_OK)
        status = make_folders(self, err);
    if (status == PF_OK)
        status = write_new(self, bytes, size, err);
    if (status != PF_OK)
        take_back(self);
    pf_dbx_give_back(host, self);
    return status;
}

struct listing {
    int32_t (*each)(void *ctx, const struct pf_entry *);
    void *ctx;
};

static int32_t list_entry(void *ctx, const struct pf_dbx_disk_entry *found) {
    const struct listing *listing = ctx;
    struct pf_entry entry = {.struct_size = sizeof entry,
                             .directory = found->facts.directory,
                             .name = found->name,
                             .size_bytes = found->facts.size_bytes,
                             .modified_ns = found->facts.modified_ns};
    return listing->each(listing->ctx, &entry);
}

static pf_status list(struct pf_host *host, const char *location,
                      int32_t (*each)(void *ctx, const struct pf_entry *), void *ctx, struct pf_error *err) {
    struct pf_dbx_place place;
    struct listing listing = {each, ctx};
    pf_status status = pf_dbx_reach(host, location, PF_DBX_ROOT, &place, err);
    if (status != PF_OK)
        return status;
    int number = pf_dbx_disk_list(place.local, false, list_entry, &listing);
    return number ? pf_dbx_fail_place(err, number, "list", &place, false) : PF_OK;
}

static pf_status remove_file(struct pf_host *host, const char *location, struct pf_error *err) {
    struct pf_dbx_place place;
    pf_status status = pf_dbx_reach(host, location, PF_DBX_ENTRY, &place, err);
    int number = status == PF_OK ? pf_dbx_disk_remove(place.local) : 0;
    return number ? pf_dbx_fail_place(err, number, "remove", &place, true) : status;
}

/* The last three are where nothing is, and are claimed so that a slip is refused and not written beside the volumes. */
static const char *const prefixes[] = {"/Volumes/",      "dbfs:/",           "/dbfs/",
                                       "file:/Volumes/", "file:///Volumes/", "/volumes/",
                                       "/Volume/",       "/volume/",         NULL};
const struct pf_store pf_dbx_store = {
    .struct_size = sizeof(struct pf_store),
    .traits = PF_STORE_RANDOM_READ,
    .name = "volumes",
    .prefixes = prefixes,
    .open_source = open_source,
    .open_sink = open_sink,
    .put_new = put_new,
    .list = list,
    .remove = remove_file,
};
