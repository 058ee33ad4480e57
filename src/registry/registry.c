/* registry.c — room registry. The extensions of one forge, and look-ups in what they offer.
 * SPDX-License-Identifier: MIT
 * Knows: names, suffixes, prefixes, who was started and in which order.
 * Knows not: data, jobs, where libraries lie. */
#include "registry/registry.h"

#include <stdio.h>
#include <string.h>

#include "base/crash.h"
#include "base/env.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "registry/registry_member.h"

#define LIMIT_MS 5000 /* of init, of a hook, of the first load, where nothing else is said */

pf_status pf_registry_open(pf_registry **out, const struct pf_log *log, struct pf_error *err) {
    pf_registry *registry = pf_mem_zero(1, sizeof *registry);
    *out = NULL;
    if (!registry)
        return pf_fail_memory(err, sizeof *registry);
    registry->log = log;
    registry->limit_ms = LIMIT_MS;
    pf_status status = pf_mutex_init(&registry->mutex, err);
    if (status == PF_OK) {
        status = pf_registry_host_open(&registry->host, log, err);
        if (status != PF_OK)
            pf_mutex_clear(&registry->mutex);
    }
    if (status != PF_OK) {
        pf_mem_free(registry);
        return status;
    }
    *out = registry;
    return PF_OK;
}

static void free_member(struct pf_member *member) {
    if (!member->late)
        pf_arena_clear(&member->memory);
    pf_record_clear(&member->record);
    pf_mem_free(member);
}

void pf_registry_close(pf_registry **at) {
    pf_registry *registry = *at;
    if (!registry)
        return;
    *at = NULL;
    for (size_t number = registry->starts; number > 0; number--)
        for (size_t i = 0; i < registry->count; i++)
            if (registry->members[i]->number == number)
                pf_member_stop(registry, registry->members[i]);
    if (registry->notes_crashes)
        pf_crash_end();
    for (size_t i = 0; i < registry->count; i++)
        free_member(registry->members[i]);
    pf_cache_clear(&registry->cache);
    pf_mem_free(registry->program);
    pf_mem_free(registry->starter);
    pf_registry_host_close(&registry->host);
    pf_mutex_clear(&registry->mutex);
    pf_mem_free(registry);
}

/* ---- members ---- */

struct pf_member *pf_member_add(pf_registry *registry, struct pf_error *err) {
    if (registry->count == PF_EXTENSIONS_MOST) {
        pf_fail(err, PF_LIMIT, "more than %d extensions; remove some", PF_EXTENSIONS_MOST);
        return NULL;
    }
    struct pf_member *member = pf_mem_zero(1, sizeof *member);
    if (!member) {
        pf_fail_memory(err, sizeof *member);
        return NULL;
    }
    registry->members[registry->count++] = member;
    return member;
}

const char *pf_member_name(const struct pf_member *member) {
    const char *name = member->extension ? member->extension->name : member->record.name;
    return name ? name : "?";
}

void pf_member_move(pf_registry *registry, struct pf_member *member, int32_t event) {
    struct pf_error err = PF_ERROR_INIT;
    if (pf_state_move(&member->state, event, &err) != PF_OK)
        pf_log_say(registry->log, PF_LOG_ERROR, "extension '%s': %s", pf_member_name(member), err.message);
}

void pf_member_judge(pf_registry *registry, struct pf_member *member, int32_t event, const char *stage,
                     const char *text) {
    pf_member_move(registry, member, event);
    bool failed = event != PF_EVENT_UNAVAILABLE;
    member->told = false;
    if (!failed)
        member->disabled_by = PF_DISABLED_BY_ITSELF;
    pf_record_judge(&member->record, failed ? PF_VERDICT_FAILED : PF_VERDICT_UNAVAILABLE, stage, text, NULL);
    pf_log_say(registry->log, failed ? PF_LOG_WARNING : PF_LOG_INFO, "extension '%s': %s: %s",
               pf_member_name(member), failed ? stage : "unavailable", text);
}

/* Look-ups find it from here on. */
static void publish(pf_registry *registry, struct pf_member *member) {
    size_t at = atomic_load_explicit(&registry->open_count, memory_order_relaxed);
    for (size_t i = 0; i < at; i++) /* the place of one that stopped */
        if (!atomic_load(&registry->open[i])) {
            atomic_store(&registry->open[i], member);
            return;
        }
    atomic_store(&registry->open[at], member);
    atomic_store_explicit(&registry->open_count, at + 1, memory_order_release);
}

static void withdraw(pf_registry *registry, const struct pf_member *member) {
    for (size_t i = 0; i < registry->open_count; i++)
        if (atomic_load(&registry->open[i]) == member)
            atomic_store(&registry->open[i], NULL);
}

void pf_member_stop(pf_registry *registry, struct pf_member *member) {
    if (!member->number)
        return;
    member->number = 0;
    withdraw(registry, member);
    if (!member->record.path) { /* its thread is the one it was started on */
        if (member->extension->shutdown)
            member->extension->shutdown(member->self);
    } else if (!pf_load_shutdown(member->extension, member->self, registry->host, registry->limit_ms)) {
        member->late = true;
        registry->host->kept = true;
        pf_log_say(registry->log, PF_LOG_WARNING,
                   "extension '%s': shutdown took more than %d ms and was left alone", pf_member_name(member),
                   registry->limit_ms);
    }
    pf_log_say(registry->log, PF_LOG_DEBUG, "extension '%s': stopped", pf_member_name(member));
    member->self = NULL;
}

/* ---- descriptors of this process ---- */

static const struct pf_reader *open_reader(const pf_registry *registry, const char *name);
static const struct pf_writer *open_writer(const pf_registry *registry, const char *name);

/* A name that two extensions bring would make the choice depend on the order of adding. */
static pf_status check_clashes(const pf_registry *registry, const struct pf_extension *it,
                               const struct pf_member *own, struct pf_error *err) {
    for (size_t i = 0; i < registry->count; i++)
        if (registry->members[i] != own && registry->members[i]->extension &&
            strcmp(registry->members[i]->extension->name, it->name) == 0)
            return pf_fail(err, PF_EXISTS, "an extension '%s' is there already; give it another name",
                           it->name);
    for (const struct pf_reader *const *reader = it->readers; reader && *reader; reader++)
        if (open_reader(registry, (*reader)->name))
            return pf_fail(err, PF_EXISTS, "a reader '%s' is there already; give it another name",
                           (*reader)->name);
    for (const struct pf_writer *const *writer = it->writers; writer && *writer; writer++)
        if (open_writer(registry, (*writer)->name))
            return pf_fail(err, PF_EXISTS, "a writer '%s' is there already; give it another name",
                           (*writer)->name);
    return PF_OK;
}

pf_status pf_registry_add(pf_registry *registry, const struct pf_extension *extension, struct pf_error *err) {
    if (!extension)
        return pf_fail(err, PF_ARGUMENT, "no extension was given");
    PF_TRY(pf_check_extension(extension, err));
    PF_TRY(check_clashes(registry, extension, NULL, err));
    struct pf_arena memory = {0};
    const struct pf_extension *taken = NULL;
    struct pf_member *member = NULL;
    pf_status status = pf_check_adopt(extension, &memory, &taken, err);
    if (status == PF_OK && !(member = pf_member_add(registry, err)))
        status = registry->count == PF_EXTENSIONS_MOST ? PF_LIMIT : PF_NO_MEMORY;
    if (status != PF_OK) {
        pf_arena_clear(&memory);
        return status;
    }
    member->extension = taken;
    member->memory = memory;
    member->state = PF_EXTENSION_LOADED;
    publish(registry, member);
    return PF_OK;
}

pf_status pf_registry_start(pf_registry *registry, struct pf_error *err) {
    struct pf_member *member = registry->count ? registry->members[registry->count - 1] : NULL;
    if (!member || member->state != PF_EXTENSION_LOADED)
        return PF_OK;
    pf_status status = pf_load_init(member->extension, registry->host, &member->self, err);
    if (status != PF_OK) {
        registry->count--;
        withdraw(registry, member);
        free_member(member);
        return status;
    }
    pf_member_move(registry, member, PF_EVENT_INIT_OK);
    member->number = ++registry->starts;
    return PF_OK;
}

/* ---- libraries: opened when they are needed ---- */

void pf_registry_recount(pf_registry *registry) {
    size_t dormant = 0;
    for (size_t i = 0; i < registry->count; i++) {
        const struct pf_member *member = registry->members[i];
        dormant += member->state == PF_EXTENSION_DISCOVERED && !member->shadowed;
    }
    atomic_store(&registry->dormant, dormant);
}

void pf_member_open(pf_registry *registry, struct pf_member *member) {
    struct pf_error err = PF_ERROR_INIT;
    struct pf_loaded loaded;
    pf_log_say(registry->log, PF_LOG_DEBUG, "extension '%s': opening %s", pf_member_name(member),
               member->record.path);
    struct pf_opener opener = registry->opener;
    opener.name = pf_member_name(member);
    int limit_ms = member->is_entry ? registry->opener_limit_ms : registry->limit_ms;
    pf_status status = pf_load_open(member->record.path, member->is_entry ? &opener : NULL, member->extension,
                                    registry->host, limit_ms, &loaded, &err);
    if (status == PF_OK && registry->notes_crashes && !member->is_entry)
        pf_member_watch(member);
    if (status == PF_OK)
        status = pf_load_start(registry->host, limit_ms, &loaded, &err);
    member->load_ns = loaded.spent_ns;
    member->late = member->late || loaded.late;
    if (!loaded.extension) {
        pf_member_judge(registry, member, PF_EVENT_LOAD_FAIL, loaded.stage, err.message);
        pf_registry_recount(registry);
        return;
    }
    if (loaded.extension != member->extension) {
        member->extension = loaded.extension;
        member->memory = loaded.memory;
    }
    member->self = loaded.self;
    pf_member_move(registry, member, PF_EVENT_LOAD_OK);
    if (status == PF_OK && check_clashes(registry, member->extension, member, &err) != PF_OK) {
        pf_load_shutdown(member->extension, member->self, registry->host, registry->limit_ms);
        loaded.stage = PF_STAGE_CHECK;
        status = PF_EXISTS;
    }
    if (status == PF_OK) {
        pf_member_move(registry, member, PF_EVENT_INIT_OK);
        member->number = ++registry->starts;
        publish(registry, member);
        pf_log_say(registry->log, PF_LOG_INFO, "extension '%s' %s: started in %.1f ms", pf_member_name(member),
                   member->extension->version, (double)member->load_ns / 1e6);
    } else {
        pf_member_judge(registry, member, status == PF_UNAVAILABLE ? PF_EVENT_UNAVAILABLE : PF_EVENT_INIT_FAIL,
                        loaded.stage, err.message);
    }
    pf_registry_recount(registry);
}

/* What somebody wants; what is not NULL must fit. */
struct want {
    const char *extension;
    const char *kind; /* "reader" … */
    const char *name;
    const char *suffix;
    const char *location;
    const uint8_t *head; /* of an input to be detected */
    size_t head_size;
    bool detect, active, all;
};

static bool same_nocase(struct pf_text one, struct pf_text word) { return pf_text_same_nocase(one, word); }

static bool begins(struct pf_text one, struct pf_text word) {
    return word.size >= one.size && memcmp(one.at, word.at, one.size) == 0;
}

static int hex_digit(char c) { return pf_is_digit(c) ? c - '0' : pf_lower(c) - 'a' + 10; }

/* one: "offset:hex", checked when it was taken. */
static bool stands_there(struct pf_text one, struct pf_text head) {
    size_t i = 0, offset = 0;
    for (; i < one.size && pf_is_digit(one.at[i]); i++)
        offset = offset < ((size_t)1 << 40) ? offset * 10 + (size_t)(one.at[i] - '0') : offset;
    for (i++; i + 1 < one.size; i += 2, offset++)
        if (offset >= head.size ||
            (uint8_t)head.at[offset] != (uint8_t)(hex_digit(one.at[i]) * 16 + hex_digit(one.at[i + 1])))
            return false;
    return true;
}

static bool is_wanted(const struct pf_feature *feature, const struct want *want) {
    if (want->active)
        return pf_text_is(feature->kind, "hooks") || pf_text_is(feature->kind, "engine");
    if (want->detect)
        return pf_text_is(feature->kind, "reader") &&
               ((!feature->list.size && !feature->magics.size) ||
                pf_feature_lists(feature->list, pf_text_of(want->suffix), same_nocase) ||
                pf_feature_lists(feature->magics, (struct pf_text){(const char *)want->head, want->head_size},
                                 stands_there));
    if (want->location)
        return pf_text_is(feature->kind, "store") &&
               pf_feature_lists(feature->list, pf_text_of(want->location), begins);
    if (want->kind && !pf_text_is(feature->kind, want->kind))
        return false;
    if (want->name)
        return pf_text_is(feature->name, want->name);
    return want->suffix && pf_feature_lists(feature->list, pf_text_of(want->suffix), same_nocase);
}

/* false: no. rank: of its hooks, which say when it starts among several. */
static bool fits(const struct pf_member *member, const struct want *want, int64_t *rank) {
    const char *at = NULL;
    struct pf_feature feature;
    bool wanted = want->all || (want->extension && strcmp(pf_member_name(member), want->extension) == 0);
    *rank = INT64_MIN;
    if (member->state != PF_EXTENSION_DISCOVERED || member->shadowed)
        return false;
    while (pf_record_next(&member->record, &at, &feature)) {
        wanted = wanted || is_wanted(&feature, want);
        if (pf_text_is(feature.kind, "hooks"))
            *rank = feature.rank;
    }
    return wanted;
}

/* Look-ups change what is open and nothing else of the registry: for their callers it is as it was. */
static pf_registry *open_up(const pf_registry *registry) {
    union {
        const pf_registry *seen;
        pf_registry *held;
    } same = {registry};
    return same.held;
}

static void wake(const pf_registry *asked, const struct want *want) {
    if (atomic_load_explicit(&asked->dormant, memory_order_acquire) == 0)
        return;
    pf_registry *registry = open_up(asked);
    pf_mutex_lock(&registry->mutex);
    for (;;) { /* the highest rank first, then by name */
        struct pf_member *first = NULL;
        int64_t first_rank = 0, rank;
        for (size_t i = 0; i < registry->count; i++) {
            struct pf_member *member = registry->members[i];
            if (fits(member, want, &rank) &&
                (!first || rank > first_rank ||
                 (rank == first_rank && strcmp(pf_member_name(member), pf_member_name(first)) < 0))) {
                first = member;
                first_rank = rank;
            }
        }
        if (!first)
            break;
        pf_member_open(registry, first);
    }
    pf_mutex_unlock(&registry->mutex);
}

void pf_registry_wake(const pf_registry *registry, const char *name) {
    wake(registry, &(struct want){.extension = name, .all = name == NULL});
}

void pf_registry_wake_active(const pf_registry *registry) { wake(registry, &(struct want){.active = true}); }

void pf_registry_wake_for(const pf_registry *registry, const void *head, size_t head_size, const char *suffix) {
    wake(registry, &(struct want){.detect = true, .head = head, .head_size = head_size, .suffix = suffix});
}

void pf_registry_answer(pf_registry *registry, const char *(*answer)(void *ctx, const char *key), void *ctx) {
    pf_registry_host_answer(registry->host, answer, ctx);
}

const char *pf_registry_ask(const pf_registry *registry, const char *key) {
    return pf_registry_host_ask(registry->host, key);
}

int pf_registry_limit_ms(const pf_registry *registry) { return registry->limit_ms; }

struct pf_errands *pf_registry_errands(const pf_registry *registry) {
    return &registry->host->errands;
}

/* Commands answer where init said no: its library is opened, and asked once more, all the same. */
static void open_unavailable(pf_registry *registry, const char *name) {
    pf_mutex_lock(&registry->mutex);
    for (size_t i = 0; i < registry->count; i++) {
        struct pf_member *member = registry->members[i];
        if (member->state != PF_EXTENSION_DISABLED || member->disabled_by == PF_DISABLED_BY_USER ||
            member->shadowed || member->extension || (member->is_entry && !registry->opener.open) ||
            strcmp(pf_member_name(member), name) != 0)
            continue;
        pf_member_move(registry, member, PF_EVENT_CHANGED);
        pf_member_open(registry, member);
    }
    pf_mutex_unlock(&registry->mutex);
}

const struct pf_command *pf_registry_command(pf_registry *registry, const char *extension, size_t index,
                                             void **self, struct pf_host **host) {
    pf_registry_wake(registry, extension);
    open_unavailable(registry, extension);
    for (size_t i = 0; i < registry->count; i++) {
        const struct pf_member *member = registry->members[i];
        bool usable = member->state == PF_EXTENSION_INITIALIZED || member->state == PF_EXTENSION_LOADED ||
                      (member->state == PF_EXTENSION_DISABLED && member->disabled_by != PF_DISABLED_BY_USER);
        if (!member->extension || !usable || strcmp(member->extension->name, extension) != 0)
            continue;
        for (const struct pf_command *const *command = member->extension->commands; command && *command;
             command++)
            if (index-- == 0) {
                *self = member->self;
                *host = &registry->host->face;
                return *command;
            }
    }
    return NULL;
}

/* ---- look-ups ---- */

/* The index-th place; NULL: nobody is there. */
static const struct pf_extension *open_at(const pf_registry *registry, size_t place) {
    struct pf_member *member = atomic_load_explicit(&open_up(registry)->open[place], memory_order_acquire);
    return member ? member->extension : NULL;
}

static size_t open_places(const pf_registry *registry) {
    return atomic_load_explicit(&open_up(registry)->open_count, memory_order_acquire);
}

const struct pf_extension *pf_registry_at(const pf_registry *registry, size_t index) {
    for (size_t i = 0; i < open_places(registry); i++) {
        const struct pf_extension *extension = open_at(registry, i);
        if (extension && index-- == 0)
            return extension;
    }
    return NULL;
}

void *pf_registry_self(const pf_registry *registry, const struct pf_extension *extension) {
    for (size_t i = 0; i < open_places(registry); i++) {
        const struct pf_member *member = atomic_load(&open_up(registry)->open[i]);
        if (member && member->extension == extension)
            return member->self;
    }
    return NULL;
}

#define NTH_FEATURE(list)                                                                                      \
    for (size_t i = 0; i < open_places(registry); i++) {                                                       \
        const struct pf_extension *extension = open_at(registry, i);                                           \
        for (size_t k = 0; extension && extension->list && extension->list[k]; k++)                            \
            if (index-- == 0) {                                                                                \
                if (from)                                                                                      \
                    *from = extension;                                                                         \
                return extension->list[k];                                                                     \
            }                                                                                                  \
    }                                                                                                          \
    return NULL

const struct pf_reader *pf_registry_reader_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from) {
    NTH_FEATURE(readers);
}

const struct pf_writer *pf_registry_writer_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from) {
    NTH_FEATURE(writers);
}

const struct pf_engine *pf_registry_engine_at(const pf_registry *registry, size_t index) {
    const struct pf_extension **from = NULL;
    NTH_FEATURE(engines);
}

static const struct pf_reader *open_reader(const pf_registry *registry, const char *name) {
    const struct pf_reader *reader;
    for (size_t i = 0; (reader = pf_registry_reader_at(registry, i, NULL)); i++)
        if (strcmp(reader->name, name) == 0)
            return reader;
    return NULL;
}

static const struct pf_writer *open_writer(const pf_registry *registry, const char *name) {
    const struct pf_writer *writer;
    for (size_t i = 0; (writer = pf_registry_writer_at(registry, i, NULL)); i++)
        if (strcmp(writer->name, name) == 0)
            return writer;
    return NULL;
}

const struct pf_reader *pf_registry_reader(const pf_registry *registry, const char *name) {
    const struct pf_reader *reader = open_reader(registry, name);
    if (reader)
        return reader;
    wake(registry, &(struct want){.kind = "reader", .name = name});
    return open_reader(registry, name);
}

const struct pf_writer *pf_registry_writer(const pf_registry *registry, const char *name) {
    const struct pf_writer *writer = open_writer(registry, name);
    if (writer)
        return writer;
    wake(registry, &(struct want){.kind = "writer", .name = name});
    return open_writer(registry, name);
}

static bool has_suffix(const char *const *suffixes, const char *suffix) {
    for (; suffixes && *suffixes; suffixes++)
        if (pf_text_same_nocase(pf_text_of(*suffixes), pf_text_of(suffix)))
            return true;
    return false;
}

#define BEST_FOR(type, at, what)                                                                               \
    const struct type *one, *best = NULL;                                                                      \
    wake(registry, &(struct want){.kind = what, .suffix = suffix});                                            \
    for (size_t i = 0; (one = at(registry, i, NULL)); i++)                                                     \
        if (has_suffix(one->suffixes, suffix) &&                                                               \
            (!best || one->rank > best->rank ||                                                                \
             (one->rank == best->rank && strcmp(one->name, best->name) < 0)))                                  \
            best = one;                                                                                        \
    return best

const struct pf_reader *pf_registry_reader_for(const pf_registry *registry, const char *suffix) {
    BEST_FOR(pf_reader, pf_registry_reader_at, "reader");
}

const struct pf_writer *pf_registry_writer_for(const pf_registry *registry, const char *suffix) {
    BEST_FOR(pf_writer, pf_registry_writer_at, "writer");
}

const struct pf_store *pf_registry_store_for(const pf_registry *registry, const char *location) {
    const struct pf_store *best = NULL;
    size_t best_size = 0;
    wake(registry, &(struct want){.location = location});
    for (size_t i = 0; i < open_places(registry); i++) {
        const struct pf_extension *extension = open_at(registry, i);
        for (const struct pf_store *const *store = extension ? extension->stores : NULL; store && *store;
             store++) {
            if (!(*store)->prefixes || !(*store)->prefixes[0]) {
                if (!best)
                    best = *store;
                continue;
            }
            for (const char *const *prefix = (*store)->prefixes; *prefix; prefix++) {
                size_t size = strlen(*prefix);
                if (strncmp(location, *prefix, size) == 0 && size > best_size) {
                    best = *store;
                    best_size = size;
                }
            }
        }
    }
    return best;
}

bool pf_registry_misses_store(const pf_registry *asked, const char *location, char *why, size_t room) {
    const struct want want = {.location = location};
    pf_registry *registry = open_up(asked);
    bool found = false;
    pf_mutex_lock(&registry->mutex);
    for (size_t i = 0; i < registry->count && !found; i++) {
        const struct pf_member *member = registry->members[i];
        const struct pf_record *record = &member->record;
        bool unavailable = member->state == PF_EXTENSION_DISABLED && member->disabled_by != PF_DISABLED_BY_USER;
        struct pf_feature feature;
        if (member->shadowed || !(unavailable || member->state == PF_EXTENSION_FAILED))
            continue;
        for (const char *at = NULL; !found && pf_record_next(record, &at, &feature);)
            found = is_wanted(&feature, &want);
        if (found)
            snprintf(why, room, "extension '%.60s', which %s: %s", pf_member_name(member),
                     unavailable ? "is unavailable" : "failed", record->text ? record->text : "");
    }
    pf_mutex_unlock(&registry->mutex);
    return found;
}
