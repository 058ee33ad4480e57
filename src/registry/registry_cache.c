/* registry_cache.c — room registry. What was found out about extension files.
 * SPDX-License-Identifier: MIT
 * Knows: the form of the cache, where it lies, when a record is old.
 * Knows not: how a library is opened. */
#include "registry/registry_cache.h"

#include <stdio.h>

#include "base/env.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/path.h"
#include "base/temp.h"

#define CACHE_BYTES_MOST ((int64_t)4 << 20)
#define FIELDS_MOST      64
#if defined(__x86_64__)
#define MACHINE "x86_64-linux"
#elif defined(__aarch64__)
#define MACHINE "aarch64-linux"
#else
#define MACHINE "other"
#endif
#define FIRST_LINE "pyforge-extensions\t1\tabi 1\t" MACHINE

static const char *const verdicts[] = {"ok", "unavailable", "failed"};

void pf_record_clear(struct pf_record *record) {
    char *const texts[] = {record->path,  record->name,     record->version, record->summary,
                           record->watch, record->features, record->stage,   record->text};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        pf_mem_free(texts[i]);
    *record = (struct pf_record){0};
}

void pf_cache_clear(struct pf_cache *cache) {
    for (size_t i = 0; i < cache->count; i++)
        pf_record_clear(&cache->records[i]);
    pf_mem_free(cache->records);
    for (size_t i = 0; i < PF_PACKAGES_MOST; i++) {
        pf_mem_free(cache->packages[i].path);
        pf_mem_free(cache->packages[i].found);
    }
    *cache = (struct pf_cache){0};
}

struct pf_record *pf_cache_add(struct pf_cache *cache) {
    if (cache->count == cache->room) {
        size_t room = cache->room ? cache->room * 2 : 16;
        struct pf_record *records = pf_mem_grow(cache->records, room * sizeof *records);
        if (!records)
            return NULL;
        cache->records = records;
        cache->room = room;
    }
    struct pf_record *record = &cache->records[cache->count++];
    *record = (struct pf_record){0};
    return record;
}

struct pf_record *pf_cache_find(const struct pf_cache *cache, const char *path) {
    for (size_t i = 0; i < cache->count; i++)
        if (strcmp(cache->records[i].path, path) == 0)
            return &cache->records[i];
    return NULL;
}

/* ---- a descriptor as lines ---- */

/* Tabs and line ends would break the form. */
static pf_status put_field(struct pf_buf *to, const char *text, struct pf_error *err) {
    for (const char *c = text ? text : ""; *c; c++) {
        char one = (unsigned char)*c < ' ' ? ' ' : *c;
        PF_TRY(pf_buf_put(to, &one, 1, err));
    }
    return PF_OK;
}

static pf_status put_list(struct pf_buf *to, const char *const *list, struct pf_error *err) {
    PF_TRY(pf_buf_text(to, "\t", err));
    for (size_t i = 0; list && list[i]; i++)
        PF_TRY(pf_buf_print(to, err, "%s%s", i ? " " : "", list[i]));
    return PF_OK;
}

static pf_status put_features(struct pf_buf *to, const struct pf_extension *it, struct pf_error *err) {
    for (size_t i = 0; it->readers && it->readers[i]; i++) {
        PF_TRY(pf_buf_print(to, err, "reader\t%s\t%d", it->readers[i]->name, it->readers[i]->rank));
        PF_TRY(put_list(to, it->readers[i]->suffixes, err));
        PF_TRY(put_list(to, it->readers[i]->magics, err));
        PF_TRY(pf_buf_text(to, "\n", err));
    }
    for (size_t i = 0; it->writers && it->writers[i]; i++) {
        PF_TRY(pf_buf_print(to, err, "writer\t%s\t%d", it->writers[i]->name, it->writers[i]->rank));
        PF_TRY(put_list(to, it->writers[i]->suffixes, err));
        PF_TRY(pf_buf_text(to, "\n", err));
    }
    for (size_t i = 0; it->stores && it->stores[i]; i++) {
        PF_TRY(pf_buf_print(to, err, "store\t%s\t0", it->stores[i]->name));
        PF_TRY(put_list(to, it->stores[i]->prefixes, err));
        PF_TRY(pf_buf_text(to, "\n", err));
    }
    for (size_t i = 0; it->engines && it->engines[i]; i++)
        PF_TRY(pf_buf_print(to, err, "engine\t%s\t%d\n", it->engines[i]->name, it->engines[i]->rank));
    for (size_t i = 0; it->commands && it->commands[i]; i++)
        PF_TRY(pf_buf_print(to, err, "command\t%s\t0\n", it->commands[i]->name));
    if (it->hooks)
        PF_TRY(pf_buf_print(to, err, "hooks\t%s\t%d\t%s%s%s\n", it->name, it->hooks->rank,
                            it->hooks->parameter ? "parameter " : "", it->hooks->pre ? "pre " : "",
                            it->hooks->post ? "post" : ""));
    return PF_OK;
}

/* Puts a copy with its control characters blanked in *field's place. */
static pf_status set_text(char **field, const char *text, struct pf_error *err) {
    struct pf_buf buf = {0};
    pf_status status = put_field(&buf, text, err);
    char *copy = status == PF_OK ? pf_buf_take(&buf) : NULL;
    pf_buf_clear(&buf);
    if (status == PF_OK && !copy)
        status = pf_fail_memory(err, 0);
    if (status == PF_OK) {
        pf_mem_free(*field);
        *field = copy;
    }
    return status;
}

pf_status pf_record_judge(struct pf_record *record, int32_t verdict, const char *stage, const char *text,
                          struct pf_error *err) {
    record->verdict = verdict;
    PF_TRY(set_text(&record->stage, stage, err));
    return set_text(&record->text, text, err);
}

static pf_status take(struct pf_buf *buf, pf_status status, char **field, struct pf_error *err) {
    char *text = status == PF_OK ? pf_buf_take(buf) : NULL;
    pf_buf_clear(buf);
    if (status == PF_OK && !text)
        status = pf_fail_memory(err, 0);
    if (status == PF_OK) {
        pf_mem_free(*field);
        *field = text;
    }
    return status;
}

pf_status pf_record_describe(struct pf_record *record, const struct pf_extension *extension,
                             struct pf_error *err) {
    struct pf_buf buf = {0};
    PF_TRY(set_text(&record->name, extension->name, err));
    PF_TRY(set_text(&record->version, extension->version, err));
    PF_TRY(set_text(&record->summary, extension->summary, err));
    pf_status status = PF_OK;
    for (size_t i = 0; extension->watch_env && extension->watch_env[i] && status == PF_OK; i++) {
        status = i ? pf_buf_text(&buf, "\t", err) : PF_OK;
        if (status == PF_OK)
            status = put_field(&buf, extension->watch_env[i], err);
    }
    PF_TRY(take(&buf, status, &record->watch, err));
    status = put_features(&buf, extension, err);
    PF_TRY(take(&buf, status, &record->features, err));
    record->watch_hash = pf_record_watch_hash(record);
    return PF_OK;
}

uint64_t pf_record_watch_hash(const struct pf_record *record) {
    uint64_t hash = 0;
    char name[256];
    for (const char *at = record->watch ? record->watch : ""; *at;) {
        size_t size = strcspn(at, "\t");
        snprintf(name, sizeof name, "%.*s", (int)(size < 255 ? size : 255), at);
        const char *value = pf_env(name);
        hash = pf_hash_word(hash ^ pf_hash(name, strlen(name)));
        hash = pf_hash_word(hash ^ (value ? pf_hash(value, strlen(value)) : 1));
        at += size + (at[size] == '\t');
    }
    return hash;
}

/* ---- lines as features ---- */

/* Up to the next tab or the end of the line; *at moves behind the tab. */
static struct pf_text next_field(const char **at) {
    struct pf_text field = {*at, strcspn(*at, "\t\n")};
    *at += field.size + ((*at)[field.size] == '\t');
    return field;
}

bool pf_record_next(const struct pf_record *record, const char **at, struct pf_feature *out) {
    if (!*at)
        *at = record->features ? record->features : "";
    if (!**at)
        return false;
    *out = (struct pf_feature){0};
    out->kind = next_field(at);
    out->name = next_field(at);
    struct pf_text rank = next_field(at);
    if (!pf_parse_int64(rank.at, rank.size, &out->rank))
        out->rank = 0;
    out->list = next_field(at);
    out->magics = next_field(at);
    *at += strcspn(*at, "\n");
    *at += **at == '\n';
    return true;
}

bool pf_feature_lists(struct pf_text list, struct pf_text word,
                      bool (*fits)(struct pf_text one, struct pf_text word)) {
    for (size_t i = 0; i < list.size;) {
        size_t size = 0;
        while (i + size < list.size && list.at[i + size] != ' ')
            size++;
        if (size && fits((struct pf_text){list.at + i, size}, word))
            return true;
        i += size + 1;
    }
    return false;
}

/* ---- the file ---- */

struct fields {
    size_t count;
    struct pf_text at[FIELDS_MOST];
};

static void split(struct pf_text line, struct fields *out) {
    out->count = 0;
    for (size_t i = 0; i <= line.size && out->count < FIELDS_MOST; i++) {
        size_t from = i;
        while (i < line.size && line.at[i] != '\t')
            i++;
        out->at[out->count++] = (struct pf_text){line.at + from, i - from};
    }
}

static bool copy_field(char **to, struct pf_text from) {
    pf_mem_free(*to);
    *to = pf_mem_text(from.at, from.size);
    return *to != NULL;
}

static bool take_ext(struct pf_cache *cache, const struct fields *f) {
    struct pf_record *record = f->count == 5 ? pf_cache_add(cache) : NULL;
    int64_t hash = 0;
    if (!record || !copy_field(&record->path, f->at[1]) ||
        !pf_parse_int64(f->at[2].at, f->at[2].size, &record->size_bytes) ||
        !pf_parse_int64(f->at[3].at, f->at[3].size, &record->modified_ns) ||
        !pf_parse_int64(f->at[4].at, f->at[4].size, &hash))
        return false;
    record->watch_hash = (uint64_t)hash;
    return true;
}

static bool take_state(struct pf_record *record, const struct fields *f) {
    for (int32_t i = 0; i < 3; i++)
        if (f->count >= 2 && pf_text_is(f->at[1], verdicts[i])) {
            record->verdict = i;
            return i == PF_VERDICT_OK || (f->count == 4 && copy_field(&record->stage, f->at[2]) &&
                                          copy_field(&record->text, f->at[3]));
        }
    return false;
}

/* The rest of a line behind its first tab, put behind what *to has; end is put behind it. */
static bool append(char **to, struct pf_text rest, const char *end) {
    size_t held = *to ? strlen(*to) : 0, tail = strlen(end);
    char *text = pf_mem_grow(*to, held + rest.size + tail + 1);
    if (!text)
        return false;
    memcpy(text + held, rest.at, rest.size);
    memcpy(text + held + rest.size, end, tail + 1);
    *to = text;
    return true;
}

static bool take_detail(struct pf_record *record, struct pf_text line) {
    struct fields f;
    split(line, &f);
    if (pf_text_is(f.at[0], "is"))
        return f.count == 4 && copy_field(&record->name, f.at[1]) && copy_field(&record->version, f.at[2]) &&
               copy_field(&record->summary, f.at[3]);
    if (pf_text_is(f.at[0], "state"))
        return take_state(record, &f);
    if (pf_text_is(f.at[0], "watch"))
        return f.count > 1 &&
               copy_field(&record->watch,
                          (struct pf_text){f.at[1].at, line.size - (size_t)(f.at[1].at - line.at)});
    return f.count >= 3 && append(&record->features, line, "\n");
}

static bool take_packages(struct pf_cache *cache, struct pf_text line, const struct fields *f) {
    size_t i = 0;
    while (i < PF_PACKAGES_MOST && cache->packages[i].path)
        i++;
    if (f->count < 4 || i == PF_PACKAGES_MOST)
        return false;
    struct pf_packages *packages = &cache->packages[i];
    return copy_field(&packages->path, f->at[1]) &&
           pf_parse_int64(f->at[2].at, f->at[2].size, &packages->modified_ns) &&
           copy_field(&packages->found,
                      (struct pf_text){f->at[3].at, line.size - (size_t)(f->at[3].at - line.at)});
}

static bool take_line(struct pf_cache *cache, struct pf_text line) {
    struct fields f;
    if (line.size && line.at[0] == '\t')
        return cache->count &&
               take_detail(&cache->records[cache->count - 1], (struct pf_text){line.at + 1, line.size - 1});
    split(line, &f);
    if (pf_text_is(f.at[0], "site"))
        return take_packages(cache, line, &f);
    return pf_text_is(f.at[0], "ext") && take_ext(cache, &f);
}

bool pf_cache_parse(struct pf_cache *cache, const char *text, size_t size) {
    *cache = (struct pf_cache){0};
    bool good = size && text[size - 1] == '\n' && !memchr(text, 0, size);
    for (size_t at = 0, number = 0; good && at < size; number++) {
        const char *end = memchr(text + at, '\n', size - at);
        struct pf_text line = {text + at, (size_t)(end - text) - at};
        good = number ? take_line(cache, line) : pf_text_is(line, FIRST_LINE);
        at += line.size + 1;
    }
    if (!good)
        pf_cache_clear(cache);
    return good;
}

static pf_status print_record(const struct pf_record *record, struct pf_buf *to, struct pf_error *err) {
    PF_TRY(pf_buf_print(to, err, "ext\t%s\t%lld\t%lld\t%lld\n", record->path, (long long)record->size_bytes,
                        (long long)record->modified_ns, (long long)record->watch_hash));
    if (record->name)
        PF_TRY(pf_buf_print(to, err, "\tis\t%s\t%s\t%s\n", record->name, record->version ? record->version : "",
                            record->summary ? record->summary : ""));
    if (record->verdict == PF_VERDICT_OK)
        PF_TRY(pf_buf_text(to, "\tstate\tok\n", err));
    else
        PF_TRY(pf_buf_print(to, err, "\tstate\t%s\t%s\t%s\n", verdicts[record->verdict],
                            record->stage ? record->stage : "", record->text ? record->text : ""));
    if (record->watch && *record->watch)
        PF_TRY(pf_buf_print(to, err, "\twatch\t%s\n", record->watch));
    for (const char *at = record->features ? record->features : ""; *at;) {
        size_t size = strcspn(at, "\n");
        PF_TRY(pf_buf_print(to, err, "\t%.*s\n", (int)size, at));
        at += size + (at[size] == '\n');
    }
    return PF_OK;
}

pf_status pf_cache_print(const struct pf_cache *cache, struct pf_buf *to, struct pf_error *err) {
    PF_TRY(pf_buf_text(to, FIRST_LINE "\n", err));
    for (size_t i = 0; i < PF_PACKAGES_MOST && cache->packages[i].path; i++)
        PF_TRY(pf_buf_print(to, err, "site\t%s\t%lld\t%s\n", cache->packages[i].path,
                            (long long)cache->packages[i].modified_ns, cache->packages[i].found));
    for (size_t i = 0; i < cache->count; i++)
        PF_TRY(print_record(&cache->records[i], to, err));
    return PF_OK;
}

/* "…/pyforge/extensions-1-x86_64-linux"; NULL: nowhere. */
static char *cache_path(void) {
    char *folder = pf_env_cache_folder();
    char *path = folder ? pf_path_join(folder, "extensions-1-" MACHINE) : NULL;
    pf_mem_free(folder);
    return path;
}

void pf_cache_read(struct pf_cache *cache) {
    *cache = (struct pf_cache){0};
    char *path = cache_path();
    struct pf_file_facts facts;
    pf_file file = PF_FILE_CLOSED;
    if (path && pf_file_open_read(path, &file, NULL) == PF_OK) {
        if (pf_file_facts_open(file, &facts, NULL) == PF_OK && facts.regular &&
            facts.size_bytes <= CACHE_BYTES_MOST && (facts.owner == pf_process_user() || facts.owner == 0)) {
            size_t got = 0;
            char *text = pf_mem_alloc((size_t)facts.size_bytes);
            if (text && pf_file_read_at(file, 0, text, (size_t)facts.size_bytes, &got, path, NULL) == PF_OK)
                pf_cache_parse(cache, text, got);
            pf_mem_free(text);
        }
        pf_file_close(&file, path, NULL);
    }
    pf_mem_free(path);
}

pf_status pf_cache_save(const char *path, const struct pf_buf *text) {
    char *folder = pf_mem_text(pf_path_folder(path).at, pf_path_folder(path).size),
         *beside = pf_temp_beside(path);
    pf_file file = PF_FILE_CLOSED;
    pf_status status = folder && beside ? PF_OK : PF_NO_MEMORY;
    struct pf_file_facts facts;
    if (status == PF_OK && pf_file_facts(folder, true, &facts, NULL) != PF_OK)
        status = pf_file_make_folder(folder, true, NULL);
    if (status == PF_OK)
        status = pf_file_create_new(beside, true, &file, NULL);
    if (status == PF_OK) {
        status = pf_file_write_all(file, text->data, text->size, beside, NULL);
        pf_status closed = pf_file_close(&file, beside, NULL);
        if (status == PF_OK)
            status = closed;
        if (status == PF_OK)
            status = pf_file_rename(beside, path, NULL);
        if (status != PF_OK)
            pf_file_remove(beside, NULL);
    }
    pf_mem_free(folder);
    pf_mem_free(beside);
    return status;
}

void pf_cache_write(const struct pf_cache *cache) {
    struct pf_buf text = {0};
    char *path = cache_path();
    if (path && pf_cache_print(cache, &text, NULL) == PF_OK)
        pf_cache_save(path, &text); /* nowhere to write: the next start looks again */
    pf_buf_clear(&text);
    pf_mem_free(path);
}
