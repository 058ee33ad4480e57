/* registry_check.c — room registry. What a descriptor must have; older ones brought up to date.
 * SPDX-License-Identifier: MIT
 * Knows: the fields of every table, which of them version 1.0 had.
 * Knows not: libraries, who else is there. */
#include "registry/registry_check.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

/* What a struct was when the ABI was first fixed, up to its last field of then. Never changed again. */
#define FIRST_SIZE(type, last) (offsetof(struct type, last) + sizeof(((struct type *)NULL)->last))

static pf_status refuse(struct pf_error *err, const char *extension, const char *kind, const char *name,
                        const char *field, const char *why) {
    return pf_fail(err, PF_EXTENSION, "extension '%s': %s%s%s%s: field '%s' %s; the extension must be mended",
                   extension, kind, name ? " '" : "", name ? name : "", name ? "'" : "", field, why);
}

int pf_check_name(const char *name) {
    if (!name || !name[0] || strlen(name) > 64)
        return 0;
    for (const char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || pf_is_digit(*c) || *c == '-' || *c == '_' || *c == '.'))
            return 0;
    return 1;
}

/* 'pyforge NAME COMMAND' would never reach an extension of these names. */
static bool is_own_command(const char *name) {
    static const char *const own[] = {"cells", "convert",         "extensions", "formats", "head",    "help",
                                      "info",  "list-extensions", "schema",     "sniff",   "validate"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(own[i], name) == 0)
            return true;
    return false;
}

static bool good_suffixes(const char *const *suffixes) {
    for (; suffixes && *suffixes; suffixes++)
        if ((*suffixes)[0] != '.' || !(*suffixes)[1] || strpbrk(*suffixes, " \t\n"))
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
        if (option->struct_size < FIRST_SIZE(pf_option, help))
            return refuse(err, extension, kind, name, "options.struct_size", "is too small");
        if (!pf_check_name(option->key))
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
    DEMAND(reader->struct_size >= FIRST_SIZE(pf_reader, close), "struct_size", "is too small");
    DEMAND(pf_check_name(reader->name), "name", "is not a name");
    name = reader->name;
    DEMAND(reader->summary, "summary", "is missing");
    DEMAND(good_suffixes(reader->suffixes), "suffixes", "has one without a dot, or with a blank");
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
    DEMAND(writer->struct_size >= FIRST_SIZE(pf_writer, close), "struct_size", "is too small");
    DEMAND(pf_check_name(writer->name), "name", "is not a name");
    name = writer->name;
    DEMAND(writer->summary, "summary", "is missing");
    DEMAND(writer->suffixes && writer->suffixes[0], "suffixes", "is empty");
    DEMAND(good_suffixes(writer->suffixes), "suffixes", "has one without a dot, or with a blank");
    DEMAND(writer->begin, "begin", "is missing");
    DEMAND(writer->write, "write", "is missing");
    DEMAND(writer->finish, "finish", "is missing");
    DEMAND(writer->abort, "abort", "is missing");
    DEMAND(writer->close, "close", "is missing");
    return check_options(extension, kind, name, writer->options, err);
}

static pf_status check_store(const char *extension, const struct pf_store *store, struct pf_error *err) {
    const char *kind = "store", *name = NULL;
    DEMAND(store->struct_size >= FIRST_SIZE(pf_store, list), "struct_size", "is too small");
    DEMAND(pf_check_name(store->name), "name", "is not a name");
    name = store->name;
    for (const char *const *prefix = store->prefixes; prefix && *prefix; prefix++)
        DEMAND((*prefix)[0] && !strpbrk(*prefix, " \t\n"), "prefixes", "has an empty one, or one with a blank");
    DEMAND(store->open_source, "open_source", "is missing");
    DEMAND(store->open_sink, "open_sink", "is missing");
    return PF_OK;
}

static pf_status check_engine(const char *extension, const struct pf_engine *engine, struct pf_error *err) {
    const char *kind = "engine", *name = NULL;
    DEMAND(engine->struct_size >= FIRST_SIZE(pf_engine, run), "struct_size", "is too small");
    DEMAND(pf_check_name(engine->name), "name", "is not a name");
    name = engine->name;
    DEMAND(engine->fit, "fit", "is missing");
    DEMAND(engine->run, "run", "is missing");
    return PF_OK;
}

static pf_status check_command(const char *extension, const struct pf_command *command, struct pf_error *err) {
    const char *kind = "command", *name = NULL;
    DEMAND(command->struct_size >= FIRST_SIZE(pf_command, run), "struct_size", "is too small");
    DEMAND(pf_check_name(command->name), "name", "is not a name");
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

pf_status pf_check_extension(const struct pf_extension *it, struct pf_error *err) {
    const char *extension = "?", *kind = "descriptor", *name = NULL;
    DEMAND(it->struct_size >= FIRST_SIZE(pf_extension, shutdown), "struct_size", "is too small");
    DEMAND(pf_check_name(it->name), "name", "is not a name");
    extension = it->name;
    if (is_own_command(it->name))
        return pf_fail(err, PF_EXTENSION,
                       "extension '%s' has the name of a command of pyforge, which would hide its own; give it "
                       "another name",
                       it->name);
    if (it->abi_minor > PF_ABI_MINOR)
        return pf_fail(err, PF_EXTENSION,
                       "extension '%s' needs ABI %d.%u and this is %d.%d; install a newer pyforge", it->name,
                       PF_ABI_MAJOR, it->abi_minor, PF_ABI_MAJOR, PF_ABI_MINOR);
    DEMAND(it->version && it->version[0], "version", "is missing");
    DEMAND(it->summary, "summary", "is missing");
    DEMAND(it->license && it->license[0], "license", "is missing");
    if (it->hooks)
        DEMAND(it->hooks->struct_size >= FIRST_SIZE(pf_hooks, post), "hooks.struct_size", "is too small");
    return check_features(it, err);
}

/* ---- older ones ---- */

static uint32_t size_of(const void *object) {
    uint32_t size;
    memcpy(&size, object, sizeof size); /* struct_size is every struct's first field */
    return size;
}

/* The lists differ in what their pointers point to: they are handled as bytes. */
static const void *item_of(const void *list, size_t index) {
    const void *item = NULL;
    if (list)
        memcpy(&item, (const uint8_t *)list + index * sizeof item, sizeof item);
    return item;
}

/* The object, or its copy with zeros behind; NULL when memory is out. */
static const void *adopt(const void *object, uint32_t size, struct pf_arena *memory) {
    if (size_of(object) >= size)
        return object;
    uint8_t *copy = pf_arena_take(memory, size);
    if (!copy)
        return NULL;
    memset(copy, 0, size);
    memcpy(copy, object, size_of(object));
    memcpy(copy, &size, sizeof size);
    return copy;
}

#define NO_OPTIONS SIZE_MAX

static pf_status adopt_list(const void *from, uint32_t size, size_t options_at, struct pf_arena *memory,
                            const void **out, struct pf_error *err);

/* One table with what hangs on it. */
static pf_status adopt_table(const void *table, uint32_t size, size_t options_at, struct pf_arena *memory,
                             const void **out, struct pf_error *err) {
    const void *options, *taken;
    *out = adopt(table, size, memory);
    if (!*out)
        return pf_fail_memory(err, size);
    if (options_at == NO_OPTIONS)
        return PF_OK;
    memcpy(&options, (const uint8_t *)*out + options_at, sizeof options);
    PF_TRY(adopt_list(options, sizeof(struct pf_option), NO_OPTIONS, memory, &taken, err));
    if (taken == options)
        return PF_OK;
    uint8_t *copy = pf_arena_take(memory, size);
    if (!copy)
        return pf_fail_memory(err, size);
    memcpy(copy, *out, size);
    memcpy(copy + options_at, &taken, sizeof taken);
    *out = copy;
    return PF_OK;
}

/* A NULL-ended list with all its tables adopted; the same list when none was short. */
static pf_status adopt_list(const void *from, uint32_t size, size_t options_at, struct pf_arena *memory,
                            const void **out, struct pf_error *err) {
    size_t count = 0;
    bool changed = false;
    while (item_of(from, count))
        count++;
    const size_t bytes = (count + 1) * sizeof(void *);
    uint8_t *to = from ? pf_arena_take(memory, bytes) : NULL;
    if (from && !to)
        return pf_fail_memory(err, bytes);
    for (size_t i = 0; i < count; i++) {
        const void *table = item_of(from, i), *taken = NULL;
        PF_TRY(adopt_table(table, size, options_at, memory, &taken, err));
        memcpy(to + i * sizeof taken, &taken, sizeof taken);
        changed = changed || taken != table;
    }
    if (changed)
        memset(to + count * sizeof(void *), 0, sizeof(void *));
    *out = changed ? to : from;
    return PF_OK;
}

pf_status pf_check_adopt(const struct pf_extension *extension, struct pf_arena *memory,
                         const struct pf_extension **out, struct pf_error *err) {
    const struct pf_extension *known = adopt(extension, sizeof *known, memory);
    struct pf_extension *copy = pf_arena_take(memory, sizeof *copy);
    const void *stores, *readers, *writers, *engines, *commands, *hooks = NULL;
    if (!known || !copy)
        return pf_fail_memory(err, sizeof *copy);
    PF_TRY(adopt_list(known->stores, sizeof(struct pf_store), NO_OPTIONS, memory, &stores, err));
    PF_TRY(adopt_list(known->readers, sizeof(struct pf_reader), offsetof(struct pf_reader, options), memory,
                      &readers, err));
    PF_TRY(adopt_list(known->writers, sizeof(struct pf_writer), offsetof(struct pf_writer, options), memory,
                      &writers, err));
    PF_TRY(adopt_list(known->engines, sizeof(struct pf_engine), NO_OPTIONS, memory, &engines, err));
    PF_TRY(adopt_list(known->commands, sizeof(struct pf_command), NO_OPTIONS, memory, &commands, err));
    if (known->hooks && !(hooks = adopt(known->hooks, sizeof(struct pf_hooks), memory)))
        return pf_fail_memory(err, sizeof(struct pf_hooks));
    *copy = *known;
    copy->stores = stores;
    copy->readers = readers;
    copy->writers = writers;
    copy->engines = engines;
    copy->commands = commands;
    copy->hooks = hooks;
    *out = memcmp(copy, known, sizeof *copy) == 0 ? known : copy;
    return PF_OK;
}
