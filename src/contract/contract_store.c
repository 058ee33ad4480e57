/* contract_store.c — room contract. The promises of stores.                      SPDX-License-Identifier: MIT
 * Knows: how files are written, read, listed through a store's table.
 * Knows not: where they are. The promises in words: pyforge/extension.h */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "contract/contract_desk.h"

#define MOST_BYTES 4096
#define PIECE      700 /* written and read at once */

struct check {
    const struct pf_store *store;
    const char *location;
    struct pf_contract_desk desk;
    struct pf_contract_finding finding;
    char path[1024];
};

#define HOLD(c, ...) pf_contract_hold(&(c)->finding, __VA_ARGS__)

static const char *at(struct check *c, const char *name) {
    size_t size = strlen(c->location);
    bool ends = size && (c->location[size - 1] == '/' || c->location[size - 1] == ':');
    snprintf(c->path, sizeof c->path, "%s%spyforge-check-%s", c->location, ends ? "" : "/", name);
    return c->path;
}

static void fill(uint8_t *bytes, size_t size, unsigned seed) {
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(i * 31 + seed + i / 251);
}

/* ---- one file, written and read ---- */

enum end { COMMIT, ABORT };

static pf_status write_file(struct check *c, const char *path, uint32_t flags, const uint8_t *bytes,
                            size_t size, enum end end, struct pf_error *err) {
    struct pf_sink sink = {.struct_size = sizeof sink};
    PF_TRY(c->store->open_sink(&c->desk.host, path, flags, &sink, err));
    if (!HOLD(c, sink.write && sink.commit && sink.abort, "a sink has a function that is missing"))
        return PF_EXTENSION;
    for (size_t done = 0; done < size; done += PIECE) {
        pf_status status = sink.write(&sink, bytes + done, size - done < PIECE ? size - done : PIECE, err);
        if (status != PF_OK) {
            sink.abort(&sink);
            return status;
        }
    }
    if (end == ABORT) {
        sink.abort(&sink);
        return PF_OK;
    }
    return sink.commit(&sink, err);
}

static pf_status drain(struct check *c, struct pf_source *source, uint8_t *bytes, size_t *size,
                       struct pf_error *err) {
    for (*size = 0; *size + PIECE <= MOST_BYTES;) {
        size_t got = PIECE + 1;
        PF_TRY(source->read_at(source, (int64_t)*size, bytes + *size, PIECE, &got, err));
        if (!HOLD(c, got <= PIECE, "%zu bytes are said to be read, %d were asked for", got, PIECE))
            return PF_EXTENSION;
        *size += got;
        if (got < PIECE) {
            got = 1;
            pf_status status = source->read_at(source, (int64_t)*size, bytes + *size, 10, &got, err);
            HOLD(c, status == PF_OK && got == 0, "behind the end a read answers %s with %zu bytes",
                 pf_contract_code(status), got);
            return PF_OK;
        }
    }
    return PF_OK;
}

static pf_status read_file(struct check *c, const char *path, uint8_t *bytes, size_t *size,
                           struct pf_error *err) {
    struct pf_source source = {.struct_size = sizeof source};
    PF_TRY(c->store->open_source(&c->desk.host, path, &source, err));
    if (!HOLD(c, source.read_at && source.close, "a source has a function that is missing"))
        return PF_EXTENSION;
    pf_status status = drain(c, &source, bytes, size, err);
    if (status == PF_OK)
        HOLD(c, source.size_bytes == -1 || source.size_bytes == (int64_t)*size,
             "its size is %lld, %zu bytes were read", (long long)source.size_bytes, *size);
    if (status == PF_OK && source.random && *size > 20) {
        uint8_t again[10];
        size_t got = 0;
        pf_status back = source.read_at(&source, 5, again, sizeof again, &got, err);
        HOLD(c, back == PF_OK && got == sizeof again && memcmp(again, bytes + 5, sizeof again) == 0,
             "random is 1, and a read further back gives other bytes");
    }
    HOLD(c, source.random || !(c->store->traits & PF_STORE_RANDOM_READ),
         "the trait RANDOM_READ is set, and a source is not random");
    source.close(&source);
    return status;
}

static void hold_file(struct check *c, const char *path, const uint8_t *bytes, size_t size) {
    uint8_t found[MOST_BYTES + PIECE];
    size_t got = 0;
    struct pf_error err = PF_ERROR_INIT;
    pf_status status = read_file(c, path, found, &got, &err);
    HOLD(c, status == PF_OK, "reading it answers %s: %s", pf_contract_code(status), err.message);
    if (status == PF_OK)
        HOLD(c, got == size && memcmp(found, bytes, size) == 0, "%zu bytes were written, others are read (%zu)",
             size, got);
}

static void hold_none(struct check *c, const char *path) {
    struct pf_error err = PF_ERROR_INIT;
    struct pf_source source = {.struct_size = sizeof source};
    pf_status status = c->store->open_source(&c->desk.host, path, &source, &err);
    if (status == PF_OK)
        source.close(&source);
    HOLD(c, status == PF_NOT_FOUND, "opening it answers %s", pf_contract_code(status));
    if (status != PF_OK)
        pf_contract_hold_told(&c->finding, "open_source", status, &err);
}

/* ---- promises ---- */

static void check_table(struct check *c) {
    const struct pf_store *s = c->store;
    bool fits = false;
    pf_contract_begin(&c->finding, "the table is whole");
    HOLD(c, PF_HAS(struct pf_store, s, list), "struct_size %u is too small", s->struct_size);
    HOLD(c, s->name && s->name[0] && s->prefixes && s->prefixes[0], "it has no name or no prefix");
    HOLD(c, s->open_source && s->open_sink, "a function is missing");
    for (const char *const *p = s->prefixes; p && *p; p++)
        fits = fits || strncmp(c->location, *p, strlen(*p)) == 0;
    HOLD(c, fits, "'%s' has none of its prefixes", c->location);
    pf_contract_end(&c->finding);
}

static bool check_written(struct check *c) {
    uint8_t bytes[MOST_BYTES];
    struct pf_error err = PF_ERROR_INIT;
    bool good = true;
    pf_contract_begin(&c->finding, "what is written is read, also nothing");
    static const size_t sizes[] = {0, 1, PIECE, 3 * PIECE + 17};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && good; i++) {
        fill(bytes, sizes[i], (unsigned)i);
        pf_status status = write_file(c, at(c, "a"), PF_SINK_REPLACE, bytes, sizes[i], COMMIT, &err);
        good = HOLD(c, status == PF_OK, "writing %zu bytes answers %s: %s", sizes[i], pf_contract_code(status),
                    err.message);
        if (good)
            hold_file(c, c->path, bytes, sizes[i]);
    }
    pf_contract_end(&c->finding);
    return good;
}

static void check_replacing(struct check *c) {
    uint8_t old[100], other[90];
    struct pf_error err = PF_ERROR_INIT;
    fill(old, sizeof old, 1);
    fill(other, sizeof other, 2);
    pf_contract_begin(&c->finding, "a file that is there is kept, unless PF_SINK_REPLACE is given");
    write_file(c, at(c, "a"), PF_SINK_REPLACE, old, sizeof old, COMMIT, NULL);
    pf_status status = write_file(c, c->path, 0, other, sizeof other, COMMIT, &err);
    HOLD(c, status == PF_EXISTS, "writing it again answers %s", pf_contract_code(status));
    if (status != PF_OK)
        pf_contract_hold_told(&c->finding, "open_sink", status, &err);
    hold_file(c, c->path, old, sizeof old);
    write_file(c, c->path, PF_SINK_REPLACE, other, sizeof other, ABORT, NULL);
    if (c->store->traits & PF_STORE_RENAME)
        hold_file(c, c->path, old, sizeof old);
    write_file(c, c->path, PF_SINK_REPLACE, other, sizeof other, COMMIT, NULL);
    hold_file(c, c->path, other, sizeof other);
    pf_contract_end(&c->finding);
}

static void check_nothing(struct check *c) {
    uint8_t bytes[2 * PIECE];
    fill(bytes, sizeof bytes, 3);
    pf_contract_begin(&c->finding, "what is not there answers NOT_FOUND, with words");
    hold_none(c, at(c, "none"));
    pf_contract_end(&c->finding);
    pf_contract_begin(&c->finding, "an abort leaves nothing");
    write_file(c, at(c, "aborted"), 0, bytes, sizeof bytes, ABORT, NULL);
    hold_none(c, c->path);
    pf_contract_end(&c->finding);
}

static void check_put_new(struct check *c) {
    static const char text[] = "one small file";
    char name[60];
    struct pf_error err = PF_ERROR_INIT;
    if (!c->store->put_new)
        return;
    snprintf(name, sizeof name, "new-%lld-%lld", (long long)pf_process_id(), (long long)pf_clock_ns());
    pf_contract_begin(&c->finding, "put_new makes a whole file, once");
    pf_status status = c->store->put_new(&c->desk.host, at(c, name), text, sizeof text, &err);
    HOLD(c, status == PF_OK, "it answers %s: %s", pf_contract_code(status), err.message);
    hold_file(c, c->path, (const uint8_t *)text, sizeof text);
    status = c->store->put_new(&c->desk.host, c->path, "other", 5, &err);
    HOLD(c, status == PF_EXISTS, "the second time it answers %s", pf_contract_code(status));
    hold_file(c, c->path, (const uint8_t *)text, sizeof text);
    pf_contract_end(&c->finding);
}

struct listing {
    struct check *check;
    int64_t entries, stop_after, size_bytes;
};
static int32_t see_entry(void *ctx, const struct pf_entry *entry) {
    struct listing *listing = ctx;
    listing->entries++;
    HOLD(listing->check, entry->name && entry->name[0] && !strchr(entry->name, '/'),
         "an entry has the name '%s'", entry->name ? entry->name : "NULL");
    if (entry->name && strcmp(entry->name, "pyforge-check-a") == 0)
        listing->size_bytes = entry->size_bytes;
    return listing->entries == listing->stop_after;
}

static void check_list(struct check *c) {
    uint8_t bytes[123];
    struct listing all = {c, 0, -1, -1}, one = {c, 0, 1, -1};
    struct pf_error err = PF_ERROR_INIT;
    if (!c->store->list)
        return;
    pf_contract_begin(&c->finding, "list tells every entry once, and ends when it is told to");
    fill(bytes, sizeof bytes, 4);
    write_file(c, at(c, "a"), PF_SINK_REPLACE, bytes, sizeof bytes, COMMIT, NULL);
    write_file(c, at(c, "b"), PF_SINK_REPLACE, bytes, sizeof bytes, COMMIT, NULL);
    pf_status status = c->store->list(&c->desk.host, c->location, see_entry, &all, &err);
    HOLD(c, status == PF_OK, "it answers %s: %s", pf_contract_code(status), err.message);
    HOLD(c, all.size_bytes == (int64_t)sizeof bytes, "a file of %zu bytes is told with %lld (-1: not at all)",
         sizeof bytes, (long long)all.size_bytes);
    c->store->list(&c->desk.host, c->location, see_entry, &one, NULL);
    HOLD(c, one.entries == 1, "after the first entry it was to stop, and told %lld", (long long)one.entries);
    pf_contract_end(&c->finding);
}

static void check_mute(struct check *c) {
    struct pf_source source = {.struct_size = sizeof source};
    struct pf_sink sink = {.struct_size = sizeof sink};
    pf_contract_begin(&c->finding, "every err may be NULL");
    pf_status status = c->store->open_source(&c->desk.host, at(c, "none"), &source, NULL);
    HOLD(c, status != PF_OK, "a file that is not there is opened");
    status = c->store->open_sink(&c->desk.host, at(c, "a"), 0, &sink, NULL);
    if (status == PF_OK)
        sink.abort(&sink);
    pf_contract_end(&c->finding);
}

static void write_and_read(void *arg) {
    struct check *c = arg;
    uint8_t bytes[PIECE + 5], found[MOST_BYTES + PIECE];
    size_t size;
    fill(bytes, sizeof bytes, 5);
    write_file(c, at(c, "a"), PF_SINK_REPLACE, bytes, sizeof bytes, COMMIT, NULL);
    write_file(c, at(c, "aborted"), 0, bytes, sizeof bytes, ABORT, NULL);
    read_file(c, at(c, "a"), found, &size, NULL);
    read_file(c, at(c, "none"), found, &size, NULL);
}

static void check_memory(struct check *c) {
    pf_contract_begin(&c->finding, "lack of memory is told and leaves nothing");
    for (int64_t n = 1; n < 1000; n++) {
        uint8_t bytes[20], found[MOST_BYTES + PIECE];
        size_t size = 0;
        fill(bytes, sizeof bytes, 6);
        pf_mem_fail_from(n);
        pf_status written = write_file(c, at(c, "a"), PF_SINK_REPLACE, bytes, sizeof bytes, COMMIT, NULL);
        pf_status status = read_file(c, c->path, found, &size, NULL);
        bool more = pf_mem_count() >= n;
        int64_t left = pf_mem_live();
        pf_mem_fail_from(0);
        HOLD(c, left == 0, "%lld blocks of memory are left", (long long)left);
        HOLD(c, !more || written == PF_NO_MEMORY || status == PF_NO_MEMORY || status == PF_OK,
             "request %lld fails: written %s, read %s", (long long)n, pf_contract_code(written),
             pf_contract_code(status));
        if (!more || !c->finding.kept)
            break;
    }
    pf_contract_end(&c->finding);
    pf_contract_begin(&c->finding, "sources and sinks give back all their memory");
    int64_t grown = pf_contract_growth(write_and_read, c);
    HOLD(c, grown == 0, "the heap grows with every file, by %lld bytes in some", (long long)grown);
    pf_contract_end(&c->finding);
}

int64_t pf_contract_store(const struct pf_store *store, const char *location,
                          const struct pf_contract *contract) {
    struct check c = {.store = store, .location = location, .finding = {.contract = contract}};
    c.desk.fail_at = PF_CONTRACT_NEVER;
    pf_contract_desk_open(&c.desk);
    check_table(&c);
    if (c.finding.broken || !check_written(&c))
        return c.finding.broken;
    check_replacing(&c);
    check_nothing(&c);
    check_put_new(&c);
    check_list(&c);
    check_mute(&c);
    check_memory(&c);
    return c.finding.broken;
}
