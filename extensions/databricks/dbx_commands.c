/* dbx_commands.c — room extensions/databricks. env-info, list-volumes, validate-volume.
 * SPDX-License-Identifier: MIT
 * Knows: what the commands take and print, as a table and as JSON.
 * Knows not: how the answers are found. */
#include "dbx_commands.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dbx_disk.h"
#include "dbx_fail.h"
#include "dbx_reach.h"
#include "dbx_world.h"

#define DONE   0
#define FAILED 1
#define USAGE  2

/* ---- printing ---------------------------------------------------------------------------------------- */

static void say(struct pf_console *console, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct pf_console *console, const char *format, ...) {
    char text[2048];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (size > 0)
        console->print(console, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
}

static void complain(struct pf_console *console, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void complain(struct pf_console *console, const char *format, ...) {
    char text[512], line[544];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pf_dbx_make_presentable(text);
    int size = snprintf(line, sizeof line, "pyforge databricks %s\n", text);
    if (size > 0)
        console->complain(console, line, (size_t)size);
}

/* A name from outside on a terminal. */
static void say_plain(struct pf_console *console, const char *text) {
    char line[PF_DBX_PATH_ROOM + 8];
    snprintf(line, sizeof line, "%s", text);
    pf_dbx_make_presentable(line);
    console->print(console, line, strlen(line));
}

/* A JSON string; bytes that are no UTF-8 become U+FFFD. */
static void say_json(struct pf_console *console, const char *text) {
    console->print(console, "\"", 1);
    while (*text) {
        size_t size = pf_dbx_character_size(text);
        if (!size)
            say(console, "\\ufffd");
        else if (*text == '"' || *text == '\\')
            say(console, "\\%c", *text);
        else if (size == 1 && (unsigned char)*text < 0x20)
            say(console, "\\u%04x", (unsigned)*text);
        else
            console->print(console, text, size);
        text += size ? size : 1;
    }
    console->print(console, "\"", 1);
}

static void say_member(struct pf_console *console, const char *before, const char *key, const char *value) {
    say(console, "%s\"%s\": ", before, key);
    say_json(console, value);
}

/* ---- words ------------------------------------------------------------------------------------------- */

struct words {
    const char *path; /* or version; NULL: not given */
    bool json, write, recursive, total;
    int64_t limit; /* −1: none */
};

static bool read_limit(const char *text, int64_t *out) {
    size_t size = strlen(text);
    *out = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9' || size > 9)
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return size > 0;
}

/* allowed: the options of the command, "|--json|--write|"; a path is taken where it begins with "PATH". */
static bool read_words(struct pf_console *console, const char *allowed, int32_t argc, char **argv,
                       struct words *out) {
    *out = (struct words){.limit = -1};
    for (int32_t i = 1; i < argc; i++) {
        char name[24];
        snprintf(name, sizeof name, "|%s|", argv[i]);
        bool known = argv[i][0] == '-' && !strchr(argv[i], '|') && strstr(allowed, name);
        if (known && strcmp(argv[i], "--limit") == 0) {
            if (i + 1 == argc || !read_limit(argv[++i], &out->limit))
                return complain(console, "%s: --limit wants a number of entries", argv[0]), false;
        } else if (known) {
            out->json |= strcmp(argv[i], "--json") == 0;
            out->write |= strcmp(argv[i], "--write") == 0;
            out->recursive |= strcmp(argv[i], "--recursive") == 0;
            out->total |= strcmp(argv[i], "--total") == 0;
        } else if (argv[i][0] != '-' && !out->path && strncmp(allowed, "PATH", 4) == 0) {
            out->path = argv[i];
        } else {
            return complain(console, "%s: unexpected argument '%.80s'", argv[0], argv[i]), false;
        }
    }
    return true;
}

/* ---- env-info ---------------------------------------------------------------------------------------- */

static int32_t env_info(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                        char **argv) {
    struct words words;
    struct pf_dbx_facts facts;
    if (!read_words(console, "PATH|--json|", argc, argv, &words))
        return USAGE;
    if (words.path)
        pf_dbx_facts_of_version(words.path, &facts);
    else
        pf_dbx_facts_get(host, &facts);
    for (int i = 0; i < PF_DBX_FACTS; i++) {
        const struct pf_dbx_fact *fact = &facts.at[i];
        const char *confidence = pf_dbx_confidence(fact->confidence);
        if (words.json) {
            say(console, "%s  \"%s\": {", i ? ",\n" : "{\n", fact->key);
            say_member(console, "", "value", fact->value);
            say_member(console, ", ", "confidence", confidence);
            say_member(console, ", ", "evidence", fact->evidence);
            say(console, "}");
        } else {
            say(console, "%-20s  %-24s  %-8s  %s\n", fact->key, fact->value, confidence, fact->evidence);
        }
    }
    if (words.json)
        say(console, "\n}\n");
    return DONE;
}

/* ---- list-volumes ------------------------------------------------------------------------------------ */

struct listing {
    struct pf_host *host;
    struct pf_console *console;
    const struct words *words;
    int64_t files, folders, bytes;
    bool cut;
};

static int32_t list_entry(void *ctx, const struct pf_dbx_disk_entry *entry) {
    struct listing *listing = ctx;
    struct pf_console *console = listing->console;
    char time[24];
    if (listing->host && listing->host->cancelled && listing->host->cancelled(listing->host))
        return listing->cut = true;
    if (listing->words->limit >= 0 && listing->files + listing->folders >= listing->words->limit)
        return listing->cut = true;
    listing->folders += entry->facts.directory;
    listing->files += !entry->facts.directory;
    listing->bytes += entry->facts.directory ? 0 : entry->facts.size_bytes;
    if (listing->words->total)
        return 0;
    pf_dbx_print_time(entry->facts.modified_ns, time, sizeof time);
    if (listing->words->json) {
        say_member(console, "{", "name", entry->name);
        say(console, ", \"depth\": %d, \"folder\": %s, \"size_bytes\": %lld, \"modified\": \"%s\"}\n",
            entry->depth, entry->facts.directory ? "true" : "false",
            (long long)(entry->facts.directory ? 0 : entry->facts.size_bytes), time);
        return 0;
    }
    if (entry->facts.directory)
        say(console, "%15s  %19s  %*s", "", time, 2 * entry->depth, "");
    else
        say(console, "%15lld  %19s  %*s", (long long)entry->facts.size_bytes, time, 2 * entry->depth, "");
    say_plain(console, entry->name);
    say(console, entry->facts.directory ? "/\n" : "\n");
    return 0;
}

static void say_totals(const struct listing *listing) {
    const char *cut = listing->cut ? "at least " : "";
    if (listing->words->json)
        say(listing->console, "{\"files\": %lld, \"folders\": %lld, \"size_bytes\": %lld, \"complete\": %s}\n",
            (long long)listing->files, (long long)listing->folders, (long long)listing->bytes,
            listing->cut ? "false" : "true");
    else
        say(listing->console, "%s%lld files, %lld folders, %lld bytes\n", cut, (long long)listing->files,
            (long long)listing->folders, (long long)listing->bytes);
}

static int32_t list_volumes(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                            char **argv) {
    struct words words;
    struct pf_dbx_place place;
    struct pf_error err = {.struct_size = sizeof err};
    if (!read_words(console, "PATH|--json|--limit|--recursive|--total|", argc, argv, &words))
        return USAGE;
    const char *path = words.path ? words.path : "/Volumes";
    if (pf_dbx_reach(host, path, PF_DBX_ROOT, &place, &err) != PF_OK) {
        complain(console, "list-volumes: %s", err.message);
        return err.code == PF_ARGUMENT ? USAGE : FAILED;
    }
    struct listing listing = {.host = host, .console = console, .words = &words};
    int number = pf_dbx_disk_list(place.local, words.recursive || words.total, list_entry, &listing);
    if (number) {
        pf_dbx_fail_place(&err, number, "list", &place, false);
        complain(console, "list-volumes: %s", err.message);
        return FAILED;
    }
    say_totals(&listing);
    return DONE;
}

/* ---- validate-volume --------------------------------------------------------------------------------- */

struct validation {
    struct pf_host *host;
    struct pf_console *console;
    bool json;
    bool failed;
    int count;
};

static void tell(struct validation *it, const char *key, const char *answer, const char *evidence) {
    struct pf_console *console = it->console;
    it->failed |= strcmp(answer, "no") == 0;
    if (it->json) {
        say(console, "%s  \"%s\": {", it->count++ ? ",\n" : "{\n", key);
        say_member(console, "", "answer", answer);
        say_member(console, ", ", "evidence", evidence);
        say(console, "}");
        return;
    }
    say(console, "%-16s  ", key);
    say_plain(console, answer);
    say(console, evidence[0] ? "  " : "");
    say_plain(console, evidence);
    say(console, "\n");
}

static void tell_status(struct validation *it, const char *key, pf_status status, const struct pf_error *err,
                        const char *evidence) {
    tell(it, key, status == PF_OK ? "yes" : "no", status == PF_OK ? evidence : err->message);
}

/* Facts of the catalog, which only somebody with a connection to it can know. */
static void tell_catalog(struct validation *it, const struct pf_dbx_place *place) {
    static const char *const facts[] = {"exists", "type", "owner", "storage-location", "missing-grants"};
    char name[PF_DBX_PATH_ROOM], key[PF_DBX_PATH_ROOM + 64];
    pf_dbx_place_name(place, PF_DBX_VOLUME, name, sizeof name);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        snprintf(key, sizeof key, "databricks.volume/%s/%s", name, facts[i]);
        const char *value = it->host && it->host->ask ? it->host->ask(it->host, key) : NULL;
        tell(it, facts[i], value && value[0] ? value : "unknown",
             value && value[0] ? "asked of the catalog"
                               : "only the catalog knows; the Python package asks it with databricks-sdk");
    }
}

static void tell_paths(struct validation *it, const struct pf_dbx_place *place) {
    char spark[PF_DBX_PATH_ROOM + 8];
    tell(it, "path", "yes", "well formed");
    tell(it, "local-path", place->local, "");
    if (pf_dbx_place_spark(place, spark, sizeof spark))
        tell(it, "spark-path", spark, "");
}

/* A name on the mount: there, not there, or hidden from us. */
static pf_status tell_reading(struct validation *it, const struct pf_dbx_place *place) {
    struct pf_error err = {.struct_size = sizeof err};
    pf_status status = pf_dbx_try_read(place, &err);
    tell_status(it, "readable", status, &err, "read a part of it");
    return status;
}

static int32_t validate_volume(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                               char **argv) {
    struct words words;
    struct pf_dbx_place place;
    struct pf_dbx_facts facts;
    struct pf_error err = {.struct_size = sizeof err};
    if (!read_words(console, "PATH|--json|--write|", argc, argv, &words))
        return USAGE;
    if (!words.path)
        return complain(console, "validate-volume: which? give a PATH"), USAGE;
    struct validation it = {.host = host, .console = console, .json = words.json};
    pf_status status = pf_dbx_place_parse(words.path, &place, &err);
    if (status == PF_OK && place.kind != PF_DBX_IN_VOLUMES)
        status = pf_dbx_fail(&err, PF_ARGUMENT,
                             "'%.160s' is not in a volume; give '/Volumes/CATALOG/SCHEMA/VOLUME'", place.local);
    if (status == PF_OK)
        status = pf_dbx_place_need(&place, PF_DBX_VOLUME, &err);
    if (status != PF_OK) {
        tell_status(&it, "path", status, &err, "");
    } else {
        tell_paths(&it, &place);
        pf_dbx_facts_get(host, &facts);
        status = pf_dbx_reach_place(&place, &facts, &err);
        tell_status(&it, "runtime", status, &err, facts.at[PF_DBX_FACT_VOLUMES].evidence);
        if (status == PF_OK)
            tell_reading(&it, &place);
        if (status == PF_OK && words.write)
            tell_status(&it, "writable", pf_dbx_try_write(&place, &err), &err,
                        "wrote and removed a file of one byte");
        else
            tell(&it, "writable", "unknown", "not tried; --write writes and removes a file of one byte");
        tell_catalog(&it, &place);
    }
    if (words.json)
        say(console, "\n}\n");
    return it.failed ? FAILED : DONE;
}

/* ---- the table --------------------------------------------------------------------------------------- */

static const struct pf_command env_info_command = {
    .struct_size = sizeof(struct pf_command),
    .name = "env-info",
    .summary = "where this process runs, with evidence; or what a runtime VERSION has",
    .usage = "env-info [VERSION] [--json]",
    .run = env_info,
};
static const struct pf_command list_volumes_command = {
    .struct_size = sizeof(struct pf_command),
    .name = "list-volumes",
    .summary = "what is in a volume, schema or catalog",
    .usage = "list-volumes [PATH] [--recursive] [--total] [--limit N] [--json]",
    .run = list_volumes,
};
static const struct pf_command validate_volume_command = {
    .struct_size = sizeof(struct pf_command),
    .name = "validate-volume",
    .summary = "whether a path in a volume can be used, and what is missing",
    .usage = "validate-volume PATH [--write] [--json]",
    .run = validate_volume,
};
const struct pf_command *const pf_dbx_commands[] = {&env_info_command, &list_volumes_command,
                                                    &validate_volume_command, NULL};
