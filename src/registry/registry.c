/* registry.c — room registry. Descriptors made in this process, and look-ups in them.
 * SPDX-License-Identifier: MIT
 * Knows: which fields a descriptor must have, names, suffixes, prefixes, who was started.
 * Knows not: data, jobs, shared libraries. */
#include "registry/registry.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#define EXTENSIONS_MOST 256 /* more is a loop in the caller */

struct entry {
    const struct pf_extension *extension;
    void *self;
    bool started;
};
struct pf_registry {
    struct entry *entries;
    size_t count, room;
};

pf_status pf_registry_open(pf_registry **out, struct pf_error *err) {
    *out = pf_mem_zero(1, sizeof **out);
    return *out ? PF_OK : pf_fail_memory(err, sizeof **out);
}

static void stop_entry(struct entry *entry) {
    const struct pf_extension *extension = entry->extension;
    if (entry->started && PF_HAS(struct pf_extension, extension, shutdown) && extension->shutdown)
        extension->shutdown(entry->self);
    entry->started = false;
}

void pf_registry_close(pf_registry **registry) {
    if (!*registry)
        return;
    for (size_t i = (*registry)->count; i-- > 0;)
        stop_entry(&(*registry)->entries[i]);
    pf_mem_free((*registry)->entries);
    pf_mem_free(*registry);
    *registry = NULL;
}

/* ---- what a descriptor must have ---- */

static pf_status refuse(struct pf_error *err, const char *extension, const char *kind, const char *name,
                        const char *field, const char *why) {
    return pf_fail(err, PF_EXTENSION, "extension '%s': %s%s%s%s: field '%s' %s; the extension must be mended",
                   extension, kind, name ? " '" : "", name ? name : "", name ? "'" : "", field, why);
}

/* Names are typed by users and stand in paths and reports: lower case letters, digits, '-', '_', '.'. */
static bool good_name(const char *name) {
    if (!name || !name[0] || strlen(name) > 64)
        return false;
    for (const char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || pf_is_digit(*c) || *c == '-' || *c == '_' || *c == '.'))
            return false;
    return true;
}

static bool good_suffixes(const char *const *suffixes) {
    for (; suffixes && *suffixes; suffixes++)
        if ((*suffixes)[0] != '.' || !(*suffixes)[1])
            return false;
    return true;
}

static bool good_magic(const char *magic) {
    size_t i = 0, digits = 0;
    while (pf_is_digit(magic[i]))
        i++;
    if (i == 0 || magic[i++] != ':')
        return false;
    for (; magic[i]; i++, digits++) {
        char c = pf_lower(magic[i]);
        if (!pf_is_digit(c) && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return digits > 0 && digits % 2 == 0;
}

static pf_status check_options(const char *extension, const char *kind, const char *name,
                               const struct pf_option *const *options, struct pf_error *err) {
    for (; options && *options; options++) {
        const struct pf_option *option = *options;
        if (option->struct_size < offsetof(struct pf_option, compat))
            return refuse(err, extension, kind, name, "options.struct_size", "is too small");
        if (!good_name(option->key))
            return refuse(err, extension, kind, name, "options.key", "is not a name");
        if (option->kind < PF_OPTION_FLAG || option->kind > PF_OPTION_LIST)
            return refuse(err, extension, kind, name, "options.kind", "is unknown");
        if (option->kind == PF_OPTION_CHOICE && !option->choices)
            return refuse(err, extension, kind, name, "options.choices", "is missing");
        if (!option->help)
            return refuse(err, extension, kind, name, "options.help", "is missing");
    }
    return PF_OK;
}

#define DEMAND(condition, field, why)                                                                          \
    do {                                                                                                       \
        if (!(condition))                                                                                      \
            return refuse(err, extension, kind, name, field, why);                                             \
    } while (0)

static pf_status check_reader(const char *extension, const struct pf_reader *reader, struct pf_error *err) {
    const char *kind = "reader", *name = NULL;
    DEMAND(reader->struct_size >= sizeof(struct pf_reader), "struct_size", "is too small");
    DEMAND(good_name(reader->name), "name", "is not a name");
    name = reader->name;
    DEMAND(reader->summary, "summary", "is missing");
    DEMAND(good_suffixes(reader->suffixes), "suffixes", "has one without a dot");
    for (const char *const *magic = reader->magics; magic && *magic; magic++)
        DEMAND(good_magic(*magic), "magics", "has one that is not offset:hex");
    DEMAND(reader->probe, "probe", "is missing");
    DEMAND(reader->open, "open", "is missing");
    DEMAND(reader->survey, "survey", "is missing");
    DEMAND(reader->read, "read", "is missing");
    DEMAND(reader->close, "close", "is missing");
    return check_options(extension, kind, name, reader->options, err);
}

static pf_status check_writer(const char *extension, const struct pf_writer *writer, struct pf_error *err) {
    const char *kind = "writer", *name = NULL;
    DEMAND(writer->struct_size >= sizeof(struct pf_writer), "struct_size", "is too small");
    DEMAND(good_name(writer->name), "name", "is not a name");
    name = writer->name;
    DEMAND(writer->summary, "summary", "is missing");
    DEMAND(writer->suffixes && writer->suffixes[0], "suffixes", "is empty");
    DEMAND(good_suffixes(writer->suffixes), "suffixes", "has one without a dot");
    DEMAND(writer->begin, "begin", "is missing");
    DEMAND(writer->write, "write", "is missing");
    DEMAND(writer->finish, "finish", "is missing");
    DEMAND(writer->abort, "abort", "is missing");
    DEMAND(writer->close, "close", "is missing");
    return check_options(extension, kind, name, writer->options, err);
}

static pf_status check_store(const char *extension, const struct pf_store *store, struct pf_error *err) {
    const char *kind = "store", *name = NULL;
    DEMAND(store->struct_size >= sizeof(struct pf_store), "struct_size", "is too small");
    DEMAND(good_name(store->name), "name", "is not a name");
    name = store->name;
    for (const char *const *prefix = store->prefixes; prefix && *prefix; prefix++)
        DEMAND((*prefix)[0], "prefixes", "has an empty one");
    DEMAND(store->open_source, "open_source", "is missing");
    DEMAND(store->open_sink, "open_sink", "is missing");
    return PF_OK;
}

static pf_status check_engine(const char *extension, const struct pf_engine *engine, struct pf_error *err) {
    const char *kind = "engine", *name = NULL;
    DEMAND(engine->struct_size >= sizeof(struct pf_engine), "struct_size", "is too small");
    DEMAND(good_name(engine->name), "name", "is not a name");
    name = engine->name;
    DEMAND(engine->fit, "fit", "is missing");
    DEMAND(engine->run, "run", "is missing");
    return PF_OK;
}

static pf_status check_command(const char *extension, const struct pf_command *command, struct pf_error *err) {
    const char *kind = "command", *name = NULL;
    DEMAND(command->struct_size >= sizeof(struct pf_command), "struct_size", "is too small");
    DEMAND(good_name(command->name), "name", "is not a name");
    name = command->name;
    DEMAND(command->summary, "summary", "is missing");
    DEMAND(command->run, "run", "is missing");
    return PF_OK;
}

static pf_status check_features(const struct pf_extension *it, struct pf_error *err) {
    for (const struct pf_reader *const *reader = it->readers; reader && *reader; reader++)
        PF_TRY(check_reader(it->name, *reader, err));
    for (const struct pf_writer *const *writer = it->writers; writer && *writer; writer++)
        PF_TRY(check_writer(it->name, *writer, err));
    for (const struct pf_store *const *store = it->stores; store && *store; store++)
        PF_TRY(check_store(it->name, *store, err));
    for (const struct pf_engine *const *engine = it->engines; engine && *engine; engine++)
        PF_TRY(check_engine(it->name, *engine, err));
    for (const struct pf_command *const *command = it->commands; command && *command; command++)
        PF_TRY(check_command(it->name, *command, err));
    return PF_OK;
}

static pf_status check_extension(const struct pf_extension *it, struct pf_error *err) {
    const char *extension = "?", *kind = "descriptor", *name = NULL;
    DEMAND(it->struct_size >= sizeof(struct pf_extension), "struct_size", "is too small");
    DEMAND(good_name(it->name), "name", "is not a name");
    extension = it->name;
    if (it->abi_minor > PF_ABI_MINOR)
        return pf_fail(err, PF_EXTENSION,
                       "extension '%s' needs ABI %d.%u and this is %d.%d; install a newer pyforge", it->name,
                       PF_ABI_MAJOR, it->abi_minor, PF_ABI_MAJOR, PF_ABI_MINOR);
    DEMAND(it->version && it->version[0], "version", "is missing");
    DEMAND(it->summary, "summary", "is missing");
    DEMAND(it->license && it->license[0], "license", "is missing");
    if (it->hooks)
        DEMAND(it->hooks->struct_size >= sizeof(struct pf_hooks), "hooks.struct_size", "is too small");
    return check_features(it, err);
}

/* A name that two extensions bring would make the choice depend on the order of adding. */
static pf_status check_clashes(const pf_registry *registry, const struct pf_extension *it,
                               struct pf_error *err) {
    for (size_t i = 0; i < registry->count; i++)
        if (strcmp(registry->entries[i].extension->name, it->name) == 0)
            return pf_fail(err, PF_EXISTS, "an extension '%s' is there already; give it another name",
                           it->name);
    for (const struct pf_reader *const *reader = it->readers; reader && *reader; reader++)
        if (pf_registry_reader(registry, (*reader)->name))
            return pf_fail(err, PF_EXISTS, "a reader '%s' is there already; give it another name",
                           (*reader)->name);
    for (const struct pf_writer *const *writer = it->writers; writer && *writer; writer++)
        if (pf_registry_writer(registry, (*writer)->name))
            return pf_fail(err, PF_EXISTS, "a writer '%s' is there already; give it another name",
                           (*writer)->name);
    return PF_OK;
}

pf_status pf_registry_add(pf_registry *registry, const struct pf_extension *extension, struct pf_error *err) {
    if (!extension)
        return pf_fail(err, PF_ARGUMENT, "no extension was given");
    PF_TRY(check_extension(extension, err));
    PF_TRY(check_clashes(registry, extension, err));
    if (registry->count == EXTENSIONS_MOST)
        return pf_fail(err, PF_LIMIT, "more than %d extensions; remove some", EXTENSIONS_MOST);
    if (registry->count == registry->room) {
        size_t room = registry->room ? registry->room * 2 : 4;
        struct entry *entries = pf_mem_grow(registry->entries, room * sizeof *entries);
        if (!entries)
            return pf_fail_memory(err, room * sizeof *entries);
        registry->entries = entries;
        registry->room = room;
    }
    registry->entries[registry->count++] = (struct entry){.extension = extension};
    return PF_OK;
}

pf_status pf_registry_start(pf_registry *registry, struct pf_host *host, struct pf_error *err) {
    if (!registry->count)
        return PF_OK;
    struct entry *entry = &registry->entries[registry->count - 1];
    if (entry->started)
        return PF_OK;
    if (entry->extension->init) {
        pf_status status = entry->extension->init(host, &entry->self, err);
        if (status != PF_OK) {
            registry->count--;
            return status;
        }
    }
    entry->started = true;
    return PF_OK;
}

/* ---- look-ups ---- */

const struct pf_extension *pf_registry_at(const pf_registry *registry, size_t index) {
    return index < registry->count ? registry->entries[index].extension : NULL;
}

void *pf_registry_self(const pf_registry *registry, size_t index) {
    return index < registry->count ? registry->entries[index].self : NULL;
}

const struct pf_reader *pf_registry_reader_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from) {
    for (size_t i = 0; i < registry->count; i++)
        for (const struct pf_reader *const *reader = registry->entries[i].extension->readers; reader && *reader;
             reader++)
            if (index-- == 0) {
                if (from)
                    *from = registry->entries[i].extension;
                return *reader;
            }
    return NULL;
}

const struct pf_writer *pf_registry_writer_at(const pf_registry *registry, size_t index,
                                              const struct pf_extension **from) {
    for (size_t i = 0; i < registry->count; i++)
        for (const struct pf_writer *const *writer = registry->entries[i].extension->writers; writer && *writer;
             writer++)
            if (index-- == 0) {
                if (from)
                    *from = registry->entries[i].extension;
                return *writer;
            }
    return NULL;
}

const struct pf_engine *pf_registry_engine_at(const pf_registry *registry, size_t index) {
    for (size_t i = 0; i < registry->count; i++)
        for (const struct pf_engine *const *engine = registry->entries[i].extension->engines; engine && *engine;
             engine++)
            if (index-- == 0)
                return *engine;
    return NULL;
}

const struct pf_reader *pf_registry_reader(const pf_registry *registry, const char *name) {
    const struct pf_reader *reader;
    for (size_t i = 0; (reader = pf_registry_reader_at(registry, i, NULL)); i++)
        if (strcmp(reader->name, name) == 0)
            return reader;
    return NULL;
}

const struct pf_writer *pf_registry_writer(const pf_registry *registry, const char *name) {
    const struct pf_writer *writer;
    for (size_t i = 0; (writer = pf_registry_writer_at(registry, i, NULL)); i++)
        if (strcmp(writer->name, name) == 0)
            return writer;
    return NULL;
}

static bool has_suffix(const char *const *suffixes, const char *suffix) {
    for (; suffixes && *suffixes; suffixes++)
        if (pf_text_same_nocase(pf_text_of(*suffixes), pf_text_of(suffix)))
            return true;
    return false;
}

const struct pf_reader *pf_registry_reader_for(const pf_registry *registry, const char *suffix) {
    const struct pf_reader *reader, *best = NULL;
    for (size_t i = 0; (reader = pf_registry_reader_at(registry, i, NULL)); i++)
        if (has_suffix(reader->suffixes, suffix) && (!best || reader->rank > best->rank))
            best = reader;
    return best;
}

const struct pf_writer *pf_registry_writer_for(const pf_registry *registry, const char *suffix) {
    const struct pf_writer *writer, *best = NULL;
    for (size_t i = 0; (writer = pf_registry_writer_at(registry, i, NULL)); i++)
        if (has_suffix(writer->suffixes, suffix) && (!best || writer->rank > best->rank))
            best = writer;
    return best;
}

const struct pf_store *pf_registry_store_for(const pf_registry *registry, const char *location) {
    const struct pf_store *best = NULL;
    size_t best_size = 0;
    for (size_t i = 0; i < registry->count; i++)
        for (const struct pf_store *const *store = registry->entries[i].extension->stores; store && *store;
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
    return best;
}
