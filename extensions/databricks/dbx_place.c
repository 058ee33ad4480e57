/* dbx_place.c — room extensions/databricks. Spellings of places on Databricks, made one.
 * SPDX-License-Identifier: MIT
 * Knows: schemes, the parts of volume paths, what names may hold.
 * Knows not: whether a place exists or this runtime has it. */
#include "dbx_place.h"

#include <stdio.h>
#include <string.h>

#include "dbx_fail.h"

#define NAME_MOST    255 /* characters of a catalog's, schema's or volume's name */
#define SEGMENT_MOST 255 /* bytes of a file's or folder's name */

static char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte; }
static bool is_letter(char byte) { return lower(byte) >= 'a' && lower(byte) <= 'z'; }

static bool same(const char *at, size_t size, const char *word) {
    return size == strlen(word) && memcmp(at, word, size) == 0;
}

static bool same_nocase(const char *at, size_t size, const char *word) {
    size_t i = 0;
    while (i < size && word[i] && lower(at[i]) == word[i])
        i++;
    return i == size && !word[i];
}

/* ---- parts ------------------------------------------------------------------------------------------- */

/* Walks over the parts of a path; empty ones and "." are not parts. */
struct walk {
    const char *whole; /* as it was given, for messages */
    const char *at;
    const char *part;
    size_t size;
};

/* false at the end. */
static bool next_part(struct walk *walk) {
    do {
        while (*walk->at == '/')
            walk->at++;
        walk->part = walk->at;
        walk->size = strcspn(walk->at, "/");
        walk->at += walk->size;
    } while (walk->size == 1 && walk->part[0] == '.');
    return walk->size > 0;
}

static pf_status add_part(struct pf_dbx_place *place, size_t *size, const struct walk *walk,
                          struct pf_error *err) {
    if (same(walk->part, walk->size, ".."))
        return pf_dbx_fail(err, PF_ARGUMENT, "'..' in '%.160s' is refused; give the path that is meant",
                           walk->whole);
    for (size_t i = 0; i < walk->size; i++)
        if ((unsigned char)walk->part[i] < 0x20 || walk->part[i] == 0x7f)
            return pf_dbx_fail(err, PF_ARGUMENT,
                               "the part '%.*s' of '%.120s' holds a control character; check the name",
                               walk->size > 60 ? 60 : (int)walk->size, walk->part, walk->whole);
    if (walk->size > SEGMENT_MOST && place->level >= PF_DBX_VOLUME)
        return pf_dbx_fail(err, PF_ARGUMENT,
                           "the name '%.60s…' has %zu bytes, and at most %d are possible; shorten it",
                           walk->part, walk->size, SEGMENT_MOST);
    if (*size + 1 + walk->size >= sizeof place->local)
        return pf_dbx_fail(err, PF_ARGUMENT, "the path '%.60s…' has more than %zu bytes; shorten it",
                           walk->whole, sizeof place->local - 1);
    place->local[(*size)++] = '/';
    memcpy(place->local + *size, walk->part, walk->size);
    *size += walk->size;
    place->local[*size] = 0;
    return PF_OK;
}

static size_t count_characters(const char *at, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)at[i] & 0xC0) != 0x80;
    return count;
}

/* A catalog, schema or volume. what names the level. */
static pf_status add_name(struct pf_dbx_place *place, size_t *size, const struct walk *walk, const char *what,
                          struct pf_dbx_part *out, struct pf_error *err) {
    int shown = walk->size > 60 ? 60 : (int)walk->size;
    size_t count = count_characters(walk->part, walk->size);
    if (!same(walk->part, walk->size, "..")) {
        if (memchr(walk->part, '.', walk->size))
            return pf_dbx_fail(
                err, PF_ARGUMENT,
                "the %s '%.*s' in '%.120s' holds a period, which no name of a catalog, schema or "
                "volume does; write a slash between names",
                what, shown, walk->part, walk->whole);
        if (memchr(walk->part, ' ', walk->size))
            return pf_dbx_fail(err, PF_ARGUMENT,
                               "the %s '%.*s' in '%.120s' holds a space, which no name of a catalog, schema or "
                               "volume does; check the name",
                               what, shown, walk->part, walk->whole);
        if (count > NAME_MOST)
            return pf_dbx_fail(err, PF_ARGUMENT,
                               "the %s '%.*s…' has %zu characters, and at most %d are possible; check the name",
                               what, shown, walk->part, count, NAME_MOST);
    }
    out->at = (uint16_t)(*size + 1);
    if (add_part(place, size, walk, err) != PF_OK)
        return PF_ARGUMENT;
    out->size = (uint16_t)walk->size;
    for (size_t i = out->at; i < *size; i++)
        place->local[i] = lower(place->local[i]);
    return PF_OK;
}

/* ---- kinds ------------------------------------------------------------------------------------------- */

/* The platform reserves these too, so that nobody writes beside the volumes by a slip. */
static bool is_misspelled(const struct walk *walk) {
    return !same(walk->part, walk->size, "Volumes") &&
           (same_nocase(walk->part, walk->size, "volumes") || same_nocase(walk->part, walk->size, "volume"));
}

static pf_status fail_misspelled(const struct walk *walk, struct pf_error *err) {
    return pf_dbx_fail(
        err, PF_ARGUMENT,
        "'%.*s' in '%.160s' is not where volumes are; write '/Volumes', with a capital V and an s",
        (int)walk->size, walk->part, walk->whole);
}

static pf_status read_volumes(struct walk *walk, struct pf_dbx_place *out, struct pf_error *err) {
    size_t size = strlen("/Volumes");
    struct {
        const char *what;
        struct pf_dbx_part *part;
    } names[] = {{"catalog", &out->catalog}, {"schema", &out->schema}, {"volume", &out->volume}};
    memcpy(out->local, "/Volumes", size + 1);
    out->kind = PF_DBX_IN_VOLUMES;
    out->level = PF_DBX_ROOT;
    while (next_part(walk)) {
        pf_status status = out->level < PF_DBX_VOLUME
                               ? add_name(out, &size, walk, names[out->level].what, names[out->level].part, err)
                               : add_part(out, &size, walk, err);
        if (status != PF_OK)
            return status;
        out->level += out->level < PF_DBX_ENTRY;
    }
    return PF_OK;
}

/* The part in walk and all behind it, below what local holds. */
static pf_status read_rest(struct walk *walk, struct pf_dbx_place *out, bool more, struct pf_error *err) {
    size_t size = strlen(out->local);
    out->level = PF_DBX_ENTRY; /* so that add_part knows that these are names of files */
    bool any = more;
    for (; more; more = next_part(walk)) {
        pf_status status = add_part(out, &size, walk, err);
        if (status != PF_OK)
            return status;
    }
    if (!any)
        out->level = PF_DBX_ROOT;
    if (!size)
        memcpy(out->local, "/", 2);
    return PF_OK;
}

/* Behind "dbfs:" or "/dbfs". */
static pf_status read_dbfs(struct walk *walk, struct pf_dbx_place *out, struct pf_error *err) {
    bool more = next_part(walk);
    if (more && same(walk->part, walk->size, "Volumes"))
        return read_volumes(walk, out, err);
    if (more && is_misspelled(walk))
        return fail_misspelled(walk, err);
    out->kind = PF_DBX_IN_DBFS;
    memcpy(out->local, "/dbfs", 6);
    return read_rest(walk, out, more, err);
}

static pf_status read_absolute(struct walk *walk, struct pf_dbx_place *out, struct pf_error *err) {
    bool more = next_part(walk);
    if (more && same(walk->part, walk->size, "Volumes"))
        return read_volumes(walk, out, err);
    if (more && is_misspelled(walk))
        return fail_misspelled(walk, err);
    if (more && same(walk->part, walk->size, "dbfs"))
        return read_dbfs(walk, out, err);
    out->kind = more && same(walk->part, walk->size, "Workspace") ? PF_DBX_IN_WORKSPACE : PF_DBX_ON_DISK;
    return read_rest(walk, out, more, err);
}

/* The size of "word:" at the beginning of text, 0 when there is none. */
static size_t size_of_scheme(const char *text) {
    size_t size = 0;
    while (is_letter(text[size]) || (size && text[size] >= '0' && text[size] <= '9'))
        size++;
    return size > 1 && text[size] == ':' ? size + 1 : 0;
}

static pf_status read_scheme(const char *text, size_t scheme, struct walk *walk, bool *is_dbfs,
                             struct pf_error *err) {
    *is_dbfs = same(text, scheme, "dbfs:");
    if (!*is_dbfs && !same(text, scheme, "file:")) {
        if (same_nocase(text, scheme, "dbfs:") || same_nocase(text, scheme, "file:"))
            return pf_dbx_fail(err, PF_ARGUMENT, "'%.*s' in '%.160s' is written in lower case; change it",
                               (int)scheme, text, text);
        return pf_dbx_fail(
            err, PF_UNSUPPORTED,
            "'%.*s' in '%.160s' is an address of storage, which only Spark reads; give the path of "
            "an external volume that covers it",
            scheme > 20 ? 20 : (int)scheme, text, text);
    }
    walk->at = text + scheme;
    if (walk->at[0] == '/' && walk->at[1] == '/' && walk->at[2] && walk->at[2] != '/')
        return pf_dbx_fail(
            err, PF_ARGUMENT,
            "'%.*s' in '%.160s' stands where the name of a machine would; write '%.*s/' with one slash",
            (int)strcspn(walk->at + 2, "/") > 60 ? 60 : (int)strcspn(walk->at + 2, "/"), walk->at + 2, text,
            (int)scheme, text);
    if (walk->at[0] != '/')
        return pf_dbx_fail(err, PF_ARGUMENT, "'%.160s' wants a slash behind '%.*s'; write '%.*s/…'", text,
                           (int)scheme, text, (int)scheme, text);
    return PF_OK;
}

pf_status pf_dbx_place_parse(const char *text, struct pf_dbx_place *out, struct pf_error *err) {
    *out = (struct pf_dbx_place){0};
    struct walk walk = {.whole = text, .at = text};
    bool is_dbfs = false;
    if (!text || !text[0])
        return pf_dbx_fail(err, PF_ARGUMENT, "the path is empty; give one");
    size_t scheme = size_of_scheme(text);
    if (scheme) {
        pf_status status = read_scheme(text, scheme, &walk, &is_dbfs, err);
        if (status != PF_OK)
            return status;
    } else if (text[0] != '/') {
        bool volumes = strncmp(text, "Volumes/", 8) == 0 || strncmp(text, "volumes/", 8) == 0;
        return pf_dbx_fail(
            err, PF_ARGUMENT,
            "'%.160s' is a relative path, and the working folder differs between runtimes; begin it "
            "with %s",
            text, volumes ? "'/Volumes/'" : "'/'");
    }
    pf_status status = is_dbfs ? read_dbfs(&walk, out, err) : read_absolute(&walk, out, err);
    if (status != PF_OK)
        return status;
    out->folder = text[strlen(text) - 1] == '/';
    out->respelled = strcmp(text, out->local) != 0;
    return PF_OK;
}

pf_status pf_dbx_place_need(const struct pf_dbx_place *place, int32_t level, struct pf_error *err) {
    static const char *const names[] = {"nothing", "a catalog", "a schema", "a volume", "a file in the volume"};
    static const char *const forms[] = {"/Volumes", "/Volumes/CATALOG", "/Volumes/CATALOG/SCHEMA",
                                        "/Volumes/CATALOG/SCHEMA/VOLUME",
                                        "/Volumes/CATALOG/SCHEMA/VOLUME/FILE"};
    if (place->level >= level)
        return PF_OK;
    if (place->kind != PF_DBX_IN_VOLUMES)
        return pf_dbx_fail(err, PF_ARGUMENT, "'%.160s' names no file; give one", place->local);
    return pf_dbx_fail(err, PF_ARGUMENT, "'%.160s' does not name %s; give '%s'", place->local,
                       names[place->level + 1], forms[level]);
}

bool pf_dbx_place_spark(const struct pf_dbx_place *place, char *out, size_t room) {
    const char *scheme = place->kind == PF_DBX_IN_VOLUMES || place->kind == PF_DBX_IN_DBFS ? "dbfs:" : "file:";
    const char *path = place->kind == PF_DBX_IN_DBFS ? place->local + strlen("/dbfs") : place->local;
    int size = snprintf(out, room, "%s%s", scheme, path[0] ? path : "/");
    return size >= 0 && (size_t)size < room;
}

void pf_dbx_place_name(const struct pf_dbx_place *place, int32_t level, char *out, size_t room) {
    const struct pf_dbx_part *parts[] = {&place->catalog, &place->schema, &place->volume};
    size_t size = 0;
    out[0] = 0;
    for (int32_t i = 0; i < level && i < PF_DBX_VOLUME && parts[i]->size; i++) {
        int more = snprintf(out + size, room - size, "%s%.*s", i ? "." : "", (int)parts[i]->size,
                            place->local + parts[i]->at);
        if (more < 0 || (size_t)more >= room - size)
            return; /* cut at its end, which only a message sees */
        size += (size_t)more;
    }
}
