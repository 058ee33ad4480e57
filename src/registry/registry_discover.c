/* registry_discover.c — room registry. Extension libraries found, judged, enabled and disabled.
 * SPDX-License-Identifier: MIT
 * Knows: which library is new, who shadows whom, what the user switched off.
 * Knows not: how a library is tried, what it offers. */
#include <stdio.h>
#include <string.h>

#include "base/env.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/path.h"
#include "registry/registry_member.h"
#include "registry/registry_probe.h"
#include "registry/registry_search.h"

#define LIMIT_MS_MOST 3600000

/* ---- what the user switched off: lines "disabled NAME" in the folder of configurations ---- */

static char *choices_path(void) {
    char *folder = pf_env_config_folder();
    char *path = folder ? pf_path_join(folder, "extensions.conf") : NULL;
    pf_mem_free(folder);
    return path;
}

static void read_choices(struct pf_buf *text) {
    char *path = choices_path();
    pf_file file = PF_FILE_CLOSED;
    struct pf_file_facts facts;
    if (path && pf_file_open_read(path, &file, NULL) == PF_OK) {
        if (pf_file_facts_open(file, &facts, NULL) == PF_OK && facts.regular && facts.size_bytes < 1 << 20 &&
            pf_buf_reserve(text, (size_t)facts.size_bytes, NULL) == PF_OK)
            pf_file_read_at(file, 0, text->data, (size_t)facts.size_bytes, &text->size, path, NULL);
        pf_file_close(&file, path, NULL);
    }
    pf_mem_free(path);
}

/* The line of that name, or NULL; *size with its end. */
static const char *find_choice(const struct pf_buf *text, const char *name, size_t *size) {
    const char *at = (const char *)text->data, *end = at + text->size;
    while (at && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = stop ? (size_t)(stop - at) : (size_t)(end - at);
        struct pf_text line = pf_text_trim((struct pf_text){at, length});
        *size = length + (stop != NULL);
        if (line.size > 9 && memcmp(line.at, "disabled ", 9) == 0 &&
            pf_text_is(pf_text_trim((struct pf_text){line.at + 9, line.size - 9}), name))
            return at;
        at += *size;
    }
    return NULL;
}

static pf_status keep_choice(const char *name, bool enabled, bool *was, struct pf_error *err) {
    struct pf_buf text = {0};
    size_t size = 0;
    read_choices(&text);
    const char *line = find_choice(&text, name, &size);
    char *path = choices_path();
    pf_status status = PF_OK;
    *was = line != NULL;
    if (!path)
        status = pf_fail(err, PF_NOT_FOUND, "there is no folder to keep this in; set HOME or XDG_CONFIG_HOME");
    if (status == PF_OK && enabled == (line != NULL)) {
        if (line) {
            size_t from = (size_t)(line - (const char *)text.data);
            memmove(text.data + from, text.data + from + size, text.size - from - size);
            text.size -= size;
        } else {
            if (text.size && text.data[text.size - 1] != '\n')
                status = pf_buf_text(&text, "\n", err);
            if (status == PF_OK)
                status = pf_buf_print(&text, err, "disabled %s\n", name);
        }
        if (status == PF_OK && pf_cache_save(path, &text) != PF_OK)
            status = pf_fail(err, PF_IO, "'%s' cannot be written; make its folder writable", path);
    }
    pf_buf_clear(&text);
    pf_mem_free(path);
    return status;
}

/* ---- finding ---- */

struct hunt {
    pf_registry *registry;
    bool cache_read;
    size_t first; /* members before it were there before */
    bool full;    /* and told so */
};

static void need_cache(struct hunt *hunt) {
    if (!hunt->cache_read)
        pf_cache_read(&hunt->registry->cache);
    hunt->cache_read = true;
}

static void say_tried(void *ctx, int32_t level, const char *folder, const char *what) {
    struct hunt *hunt = ctx;
    pf_log_say(hunt->registry->log, level, "extensions: %s: %s", folder, what);
}

static bool set_path(struct pf_record *record, const char *path, const struct pf_file_facts *facts) {
    struct pf_text stem = pf_path_stem(path);
    record->path = pf_mem_text(path, strlen(path));
    record->name = pf_mem_text(stem.at, stem.size);
    record->size_bytes = facts->size_bytes;
    record->modified_ns = facts->modified_ns;
    return record->path && record->name;
}

/* What the cache knows of this very file under this environment, moved into the member. */
static bool recall(struct hunt *hunt, struct pf_member *member) {
    need_cache(hunt);
    struct pf_record *known = pf_cache_find(&hunt->registry->cache, member->record.path);
    if (!known || known->size_bytes != member->record.size_bytes ||
        known->modified_ns != member->record.modified_ns || known->watch_hash != pf_record_watch_hash(known))
        return false;
    struct pf_record fresh = member->record;
    member->record = *known;
    *known = fresh;
    if (!member->record.name) {
        member->record.name = known->name;
        known->name = NULL;
    }
    return true;
}

/* A folder of hundreds of libraries is a mistake of its user's, which no conversion has to suffer for: those beyond the limit
 * are left out. */
static bool is_full(struct hunt *hunt, const char *what) {
    if (hunt->registry->count < PF_EXTENSIONS_MOST)
        return false;
    if (!hunt->full)
        pf_log_say(hunt->registry->log, PF_LOG_WARNING,
                   "extensions: more than %d were found; %s and all after it are left out; remove some",
                   PF_EXTENSIONS_MOST, what);
    hunt->full = true;
    return true;
}

#define VERDICT_NONE (-1) /* not looked at yet */

static pf_status take_found(void *ctx, const char *path, const struct pf_file_facts *facts, const char *trouble,
                            struct pf_error *err) {
    struct hunt *hunt = ctx;
    pf_registry *registry = hunt->registry;
    for (size_t i = 0; i < registry->count; i++)
        if (registry->members[i]->record.path && strcmp(registry->members[i]->record.path, path) == 0)
            return PF_OK; /* reached by two ways */
    if (is_full(hunt, path))
        return PF_OK;
    struct pf_member *member = pf_member_add(registry, err);
    if (!member)
        return PF_NO_MEMORY;
    if (!set_path(&member->record, path, facts))
        return pf_fail_memory(err, strlen(path));
    if (trouble) {
        pf_member_judge(registry, member, PF_EVENT_LOAD_FAIL, PF_STAGE_TRUST, trouble);
        member->told = true; /* in the log and the list; it would be a notice of every run */
        return PF_OK;
    }
    member->record.verdict = recall(hunt, member) ? member->record.verdict : VERDICT_NONE;
    pf_log_say(registry->log, PF_LOG_DEBUG, "extensions: found %s (%s)", path,
               member->record.verdict == VERDICT_NONE ? "new or changed" : "known");
    return PF_OK;
}

static pf_status take_entry(void *ctx, const char *name, const char *entry, const char *site,
                            struct pf_error *err) {
    struct hunt *hunt = ctx;
    pf_registry *registry = hunt->registry;
    for (size_t i = 0; i < registry->count; i++)
        if (registry->members[i]->record.path && strcmp(registry->members[i]->record.path, entry) == 0 &&
            strcmp(pf_member_name(registry->members[i]), name) == 0)
            return PF_OK; /* in both groups, or reached by two ways */
    if (is_full(hunt, entry))
        return PF_OK;
    struct pf_member *member = pf_member_add(registry, err);
    if (!member)
        return PF_NO_MEMORY;
    struct pf_record *record = &member->record;
    member->is_entry = true;
    record->path = pf_mem_text(entry, strlen(entry));
    record->name = pf_mem_text(name, strlen(name));
    if (!record->path || !record->name)
        return pf_fail_memory(err, strlen(entry));
    pf_log_say(registry->log, PF_LOG_DEBUG, "extensions: found %s in %s", entry, site);
    if (registry->opener.open) { /* what it offers is known once it is open: it may have hooks */
        struct pf_buf feature = {0};
        pf_status status = pf_buf_print(&feature, err, "hooks\t%s\t0\tparameter post\n", name);
        record->features = status == PF_OK ? pf_buf_take(&feature) : NULL;
        pf_buf_clear(&feature);
        return record->features ? PF_OK : pf_fail_memory(err, strlen(name));
    }
    return pf_record_judge(record, PF_VERDICT_UNAVAILABLE, PF_STAGE_OPEN,
                           "it is written in Python; run the pyforge of the Python package (pip install "
                           "pyforge-cli), or python -m pyforge_cli, in its environment",
                           err);
}

/* The verdict as states. */
static void apply_verdict(pf_registry *registry, struct pf_member *member) {
    const struct pf_record *record = &member->record;
    if (record->verdict == PF_VERDICT_OK)
        return;
    bool at_init = record->stage && strcmp(record->stage, PF_STAGE_INIT) == 0;
    if (record->verdict == PF_VERDICT_UNAVAILABLE || at_init) {
        pf_member_move(registry, member, PF_EVENT_LOAD_OK);
        pf_member_move(registry, member,
                       record->verdict == PF_VERDICT_UNAVAILABLE ? PF_EVENT_UNAVAILABLE : PF_EVENT_INIT_FAIL);
    } else {
        pf_member_move(registry, member, PF_EVENT_LOAD_FAIL);
    }
    if (record->verdict == PF_VERDICT_UNAVAILABLE)
        member->disabled_by = PF_DISABLED_BY_ENVIRONMENT;
}

/* All that are discovered and not looked at yet: in one child, or here where no program was named. */
static pf_status try_new(pf_registry *registry, struct pf_error *err) {
    struct pf_record *list[PF_EXTENSIONS_MOST];
    struct pf_member *owners[PF_EXTENSIONS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < registry->count; i++) {
        struct pf_member *member = registry->members[i];
        if (member->record.path && member->state == PF_EXTENSION_DISCOVERED &&
            member->record.verdict == VERDICT_NONE) {
            owners[count] = member;
            list[count++] = &member->record;
        }
    }
    if (!count)
        return PF_OK;
    registry->cache_changed = true;
    pf_status status = PF_OK;
    if (registry->program)
        status = pf_probe_all(registry->starter, list, count, registry->limit_ms, err);
    for (size_t i = 0; i < count && !registry->program && status == PF_OK; i++)
        status = pf_probe_here(list[i], registry->limit_ms, err);
    for (size_t i = 0; i < count && status == PF_OK; i++) {
        apply_verdict(registry, owners[i]);
        bool bad = list[i]->verdict == PF_VERDICT_FAILED;
        pf_log_say(registry->log, bad ? PF_LOG_WARNING : PF_LOG_INFO, "extension '%s': tried: %s%s%s",
                   pf_member_name(owners[i]), bad ? list[i]->stage : "", bad ? ": " : "",
                   list[i]->verdict == PF_VERDICT_OK ? "ok" : list[i]->text);
    }
    for (size_t i = 0; i < count && status != PF_OK; i++)
        if (list[i]->verdict == VERDICT_NONE) {
            pf_member_judge(registry, owners[i], PF_EVENT_LOAD_FAIL, PF_STAGE_OPEN, "it could not be tried");
            owners[i]->untried = true;
        }
    return status;
}

/* ---- the cache ---- */

static bool is_still_there(const struct pf_record *record) {
    struct pf_file_facts facts;
    return record->path && record->verdict != VERDICT_NONE &&
           pf_file_facts(record->path, true, &facts, NULL) == PF_OK && facts.size_bytes == record->size_bytes &&
           facts.modified_ns == record->modified_ns;
}

/* What is known of all libraries, of other folders too. */
static void keep_cache(pf_registry *registry) {
    struct pf_cache *cache = &registry->cache, all = *cache;
    if (!registry->cache_changed)
        return;
    all.records = pf_mem_zero(cache->count + registry->count, sizeof *all.records);
    all.count = 0;
    if (!all.records)
        return;
    for (size_t i = 0; i < registry->count; i++) {
        const struct pf_record *record = &registry->members[i]->record;
        const struct pf_member *member = registry->members[i];
        bool known = record->path && !member->is_entry && !member->untried && record->verdict != VERDICT_NONE;
        if (known && !(record->stage && strcmp(record->stage, PF_STAGE_TRUST) == 0))
            all.records[all.count++] = *record;
    }
    size_t own = all.count;
    for (size_t i = 0; i < cache->count && all.count < PF_EXTENSIONS_MOST; i++) {
        bool twice = !is_still_there(&cache->records[i]);
        for (size_t k = 0; k < own && !twice; k++)
            twice = strcmp(all.records[k].path, cache->records[i].path) == 0;
        if (!twice)
            all.records[all.count++] = cache->records[i];
    }
    pf_cache_write(&all);
    pf_mem_free(all.records);
    registry->cache_changed = false;
}

/* ---- who counts ---- */

static bool shares_name(const struct pf_member *member, const struct pf_member *other) {
    return strcmp(pf_member_name(member), pf_member_name(other)) == 0;
}

/* The kind and name that both bring, or false. */
static bool clash(const pf_registry *registry, const struct pf_member *member, const struct pf_member *other,
                  char *text, size_t room) {
    const char *at = NULL, *behind;
    struct pf_feature mine, theirs;
    while (pf_record_next(&member->record, &at, &mine)) {
        if (!pf_text_is(mine.kind, "reader") && !pf_text_is(mine.kind, "writer"))
            continue;
        bool taken = false;
        for (behind = NULL; !taken && pf_record_next(&other->record, &behind, &theirs);)
            taken = pf_text_same(mine.kind, theirs.kind) && pf_text_same(mine.name, theirs.name);
        if (!taken)
            continue;
        snprintf(text, room, "extension '%s' brings a %.*s '%.*s' too; disable one of the two",
                 pf_member_name(other), (int)mine.kind.size, mine.kind.at, (int)mine.name.size, mine.name.at);
        return true;
    }
    return false;
}

/* First of a name wins; a reader or writer that is there already makes the later one useless. */
static void settle_names(pf_registry *registry) {
    for (size_t i = 0; i < registry->count; i++) {
        struct pf_member *member = registry->members[i];
        char text[256];
        member->shadowed = false;
        for (size_t k = 0; member->record.path && k < i && !member->shadowed; k++) {
            const struct pf_member *other = registry->members[k];
            member->shadowed = !other->shadowed && shares_name(member, other);
            if (!member->shadowed && !other->shadowed && member->state == PF_EXTENSION_DISCOVERED &&
                other->state != PF_EXTENSION_FAILED && other->state != PF_EXTENSION_DISABLED &&
                clash(registry, member, other, text, sizeof text)) {
                struct pf_record *record = &member->record;
                pf_member_move(registry, member, PF_EVENT_LOAD_FAIL);
                pf_record_judge(record, record->verdict, PF_STAGE_CHECK, text, NULL);
            }
        }
    }
    pf_registry_recount(registry);
}

static void apply_choices(pf_registry *registry, size_t first) {
    struct pf_buf text = {0};
    size_t size;
    if (first == registry->count)
        return;
    read_choices(&text);
    for (size_t i = first; i < registry->count && text.size; i++) {
        struct pf_member *member = registry->members[i];
        if (member->state == PF_EXTENSION_DISABLED || !find_choice(&text, pf_member_name(member), &size))
            continue;
        pf_member_move(registry, member, PF_EVENT_DISABLE);
        member->disabled_by = PF_DISABLED_BY_USER;
    }
    pf_buf_clear(&text);
}

static int limit_of(const struct pf_allow *allow, const struct pf_log *log, int otherwise) {
    const char *text = pf_env("PYFORGE_EXTENSION_TIMEOUT");
    double seconds = 0;
    if (allow->limit_ms > 0)
        return allow->limit_ms;
    if (!text || !*text)
        return otherwise;
    if (!pf_parse_double(text, strlen(text), '.', &seconds) || !(seconds > 0)) {
        pf_log_say(log, PF_LOG_WARNING,
                   "PYFORGE_EXTENSION_TIMEOUT: '%.40s' is no number of seconds; it is %g as else", text,
                   otherwise / 1000.0);
        return otherwise;
    }
    return seconds < LIMIT_MS_MOST / 1000.0 ? (int)(seconds * 1000) : LIMIT_MS_MOST;
}

static pf_status hunt_all(pf_registry *registry, const struct pf_allow *allow, struct pf_error *err) {
    struct hunt hunt = {.registry = registry, .first = registry->count};
    struct pf_search search = {.path = allow->path,
                               .program = registry->program,
                               .packages = allow->packages,
                               .cache = &registry->cache,
                               .cache_changed = &registry->cache_changed,
                               .found = take_found,
                               .entry = take_entry,
                               .tried = say_tried,
                               .ctx = &hunt};
    if (allow->packages || pf_env("VIRTUAL_ENV"))
        need_cache(&hunt);
    pf_status status = pf_search_run(&search, err);
    for (size_t i = hunt.first; i < registry->count; i++)
        if (registry->members[i]->state == PF_EXTENSION_DISCOVERED &&
            registry->members[i]->record.verdict != VERDICT_NONE) {
            apply_verdict(registry, registry->members[i]);
            registry->members[i]->told = !registry->members[i]->is_entry; /* when it was first tried */
        }
    apply_choices(registry, hunt.first);
    if (status == PF_OK)
        status = try_new(registry, err);
    apply_choices(registry, hunt.first); /* a new one may have another name than its file */
    settle_names(registry);
    keep_cache(registry);
    return status;
}

/* The words in one piece of memory. */
static char **copy_words(const char *const *words) {
    size_t count = 0, size = 0;
    for (; words[count]; count++)
        size += strlen(words[count]) + 1;
    char **copy = pf_mem_alloc((count + 1) * sizeof *copy + size);
    char *at = copy ? (char *)(copy + count + 1) : NULL;
    for (size_t i = 0; copy && i < count; i++) {
        copy[i] = at;
        at += snprintf(at, size, "%s", words[i]) + 1;
    }
    if (copy)
        copy[count] = NULL;
    return copy;
}

static pf_status set_program(pf_registry *registry, const struct pf_allow *allow, struct pf_error *err) {
    PF_TRY(pf_file_resolve(allow->program, &registry->program, err));
    const char *const alone[] = {registry->program, NULL};
    registry->starter = copy_words(allow->starter && allow->starter[0] ? allow->starter : alone);
    if (registry->starter)
        return PF_OK;
    pf_mem_free(registry->program);
    registry->program = NULL;
    return pf_fail_memory(err, 0);
}

pf_status pf_registry_discover(pf_registry *registry, const struct pf_allow *allow, struct pf_error *err) {
    const char *none = pf_env("PYFORGE_NO_EXTENSIONS");
    if (none && strcmp(none, "0") != 0) {
        pf_log_say(registry->log, PF_LOG_DEBUG, "extensions: switched off by PYFORGE_NO_EXTENSIONS");
        return PF_OK;
    }
    pf_mutex_lock(&registry->mutex);
    pf_status status = PF_OK;
    registry->limit_ms = limit_of(allow, registry->log, registry->limit_ms);
    registry->opener = (struct pf_opener){.open = allow->open, .ctx = allow->ctx};
    registry->opener_limit_ms =
        limit_of(allow, NULL, allow->open_limit_ms > 0 ? allow->open_limit_ms : registry->limit_ms);
    if (allow->program && !registry->program)
        status = set_program(registry, allow, err);
    if (status == PF_OK)
        status = hunt_all(registry, allow, err);
    bool expected = false;
    for (size_t i = 0; i < registry->count; i++)
        expected = expected || registry->members[i]->is_entry;
    pf_mutex_unlock(&registry->mutex);
    if (expected && allow->expect)
        allow->expect(allow->ctx);
    return status;
}

/* ---- by name ---- */

static struct pf_member *find_named(const pf_registry *registry, const char *name) {
    for (size_t i = 0; i < registry->count; i++)
        if (registry->members[i]->record.path && !registry->members[i]->shadowed &&
            strcmp(pf_member_name(registry->members[i]), name) == 0)
            return registry->members[i];
    return NULL;
}

static pf_status no_such(const pf_registry *registry, const char *name, struct pf_error *err) {
    char list[200] = "";
    size_t used = 0;
    for (size_t i = 0; i < registry->count; i++)
        if (registry->members[i]->record.path && !registry->members[i]->shadowed && used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "",
                                     pf_member_name(registry->members[i]));
    return pf_fail(err, PF_NOT_FOUND, "no extension '%s' is installed; %s%s", name,
                   *list ? "there are: " : "there is none", list);
}

/* The file as it is now, not looked at yet. */
static pf_status renew(pf_registry *registry, struct pf_member *member, struct pf_error *err) {
    struct pf_file_facts facts;
    if (member->is_entry) { /* it is tried when it is opened, if there is somebody who can */
        if (!registry->opener.open)
            apply_verdict(registry, member);
        return PF_OK;
    }
    PF_TRY(pf_file_facts(member->record.path, true, &facts, err));
    member->record.size_bytes = facts.size_bytes;
    member->record.modified_ns = facts.modified_ns;
    member->record.verdict = VERDICT_NONE;
    member->untried = false;
    return PF_OK;
}

static pf_status try_again(pf_registry *registry, struct pf_error *err) {
    pf_status status = try_new(registry, err);
    settle_names(registry);
    keep_cache(registry);
    return status;
}

static pf_status switch_member(pf_registry *registry, struct pf_member *member, bool enabled,
                               struct pf_error *err) {
    if (!enabled && member->state != PF_EXTENSION_DISABLED) {
        pf_member_stop(registry, member);
        pf_member_move(registry, member, PF_EVENT_DISABLE);
    }
    if (!enabled)
        member->disabled_by = PF_DISABLED_BY_USER;
    if (!enabled || member->state != PF_EXTENSION_DISABLED)
        return PF_OK;
    pf_member_move(registry, member, PF_EVENT_ENABLE);
    member->disabled_by = 0;
    if (!member->extension) {
        PF_TRY(renew(registry, member, err));
        return try_again(registry, err);
    }
    return PF_OK;
}

pf_status pf_registry_enable(pf_registry *registry, const char *name, bool enabled, struct pf_error *err) {
    bool was = false;
    pf_mutex_lock(&registry->mutex);
    struct pf_member *member = find_named(registry, name);
    pf_status status = PF_OK;
    if (!member && !enabled)
        status = no_such(registry, name, err);
    if (status == PF_OK)
        status = keep_choice(name, enabled, &was, err);
    if (status == PF_OK && !member && !was)
        status = no_such(registry, name, err);
    if (status == PF_OK && member)
        status = switch_member(registry, member, enabled, err);
    pf_registry_recount(registry);
    pf_mutex_unlock(&registry->mutex);
    return status;
}

pf_status pf_registry_rescan(pf_registry *registry, const char *name, struct pf_error *err) {
    pf_status status = PF_OK;
    pf_mutex_lock(&registry->mutex);
    if (name && !find_named(registry, name))
        status = no_such(registry, name, err);
    for (size_t i = 0; i < registry->count && status == PF_OK; i++) {
        struct pf_member *member = registry->members[i];
        bool meant =
            member->record.path && (!name || (!member->shadowed && strcmp(pf_member_name(member), name) == 0));
        bool by_user = member->state == PF_EXTENSION_DISABLED && member->disabled_by == PF_DISABLED_BY_USER;
        bool unsafe = member->record.stage && strcmp(member->record.stage, PF_STAGE_TRUST) == 0;
        if (!meant || by_user || unsafe || member->state == PF_EXTENSION_INITIALIZED)
            continue;
        pf_member_move(registry, member, PF_EVENT_CHANGED);
        status = renew(registry, member, err);
    }
    if (status == PF_OK)
        status = try_again(registry, err);
    pf_mutex_unlock(&registry->mutex);
    return status;
}

/* ---- telling ---- */

static void fill_facts(const struct pf_member *member, struct pf_extension_facts *out) {
    const struct pf_extension *extension = member->extension;
    const struct pf_record *record = &member->record;
    bool is_disabled = member->state == PF_EXTENSION_DISABLED;
    *out = (struct pf_extension_facts){.struct_size = out->struct_size,
                                       .state = member->state,
                                       .state_name = pf_state_name(member->state),
                                       .disabled_by = is_disabled ? member->disabled_by : 0,
                                       .shadowed = member->shadowed,
                                       .name = pf_member_name(member),
                                       .version = extension ? extension->version : record->version,
                                       .summary = extension ? extension->summary : record->summary,
                                       .path = record->path,
                                       .load_us = member->load_ns / 1000};
    if (member->state == PF_EXTENSION_FAILED || (is_disabled && member->disabled_by != PF_DISABLED_BY_USER)) {
        out->stage = record->stage;
        out->text = record->text;
    }
}

pf_status pf_registry_facts(const pf_registry *registry, size_t index, struct pf_extension_facts *out) {
    if (index >= registry->count)
        return PF_NOT_FOUND;
    fill_facts(registry->members[index], out);
    return PF_OK;
}

void pf_registry_tell(pf_registry *registry,
                      pf_status (*each)(void *ctx, const char *name, const char *stage, const char *text),
                      void *ctx) {
    pf_mutex_lock(&registry->mutex);
    for (size_t i = 0; i < registry->count; i++) {
        struct pf_member *member = registry->members[i];
        if (member->state != PF_EXTENSION_FAILED || member->told || member->shadowed)
            continue;
        member->told = true;
        if (each(ctx, pf_member_name(member), member->record.stage ? member->record.stage : "",
                 member->record.text ? member->record.text : "") != PF_OK)
            break;
    }
    pf_mutex_unlock(&registry->mutex);
}
