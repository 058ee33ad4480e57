/* opc_package.c — room opc. An OPC package: parts and relations.          SPDX-License-Identifier: MIT
 * Knows: how targets are written by those who do not follow the standard, too.
 * Knows not: workbooks.                                     Format: docs/formats/xlsx.md §The package */
#include "opc/opc_package.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"

pf_status pf_opc_package_open(struct pf_opc_package *package, struct pf_source *source, struct pf_error *err) {
    *package = (struct pf_opc_package){0};
    return pf_zip_open(source, &package->zip, err);
}

/* A compound file: what it locks away is the package. */
static pf_status unlock(struct pf_opc_package *package, struct pf_source *source, struct pf_host *host,
                        pf_opc_ask ask, struct pf_error *err) {
    char *password = NULL;
    PF_TRY(pf_cfb_open(source, &package->lock, err));
    if (!pf_office_is_package(package->lock))
        return pf_fail(err, PF_NOT_MINE, "a compound file that is no locked package");
    package->unlocked = pf_mem_zero(1, sizeof *package->unlocked);
    if (!package->unlocked)
        return pf_fail_memory(err, sizeof *package->unlocked);
    PF_TRY(ask(host, &password, err));
    pf_status status = pf_office_open(package->lock, password, package->unlocked, err);
    pf_mem_free(password);
    return status;
}

pf_status pf_opc_package_unlock(struct pf_opc_package *package, struct pf_source *source, struct pf_host *host,
                                pf_opc_ask ask, struct pf_error *err) {
    uint8_t head[8];
    size_t got;
    *package = (struct pf_opc_package){0};
    PF_TRY(source->read_at(source, 0, head, sizeof head, &got, err));
    if (pf_cfb_is(head, got)) {
        PF_TRY(unlock(package, source, host, ask, err));
        source = package->unlocked;
    }
    return pf_zip_open(source, &package->zip, err);
}

void pf_opc_package_close(struct pf_opc_package *package) {
    pf_zip_close(&package->zip);
    if (package->unlocked)
        pf_source_close(package->unlocked);
    pf_mem_free(package->unlocked);
    pf_cfb_close(&package->lock);
    pf_arena_clear(&package->arena);
    *package = (struct pf_opc_package){0};
}

/* ---- paths ---- */

/* Writes the next segment's place; "." and empty ones are left out. */
static bool next_segment(const char **at, struct pf_text *segment) {
    const char *from = *at;
    while (*from == '/' || *from == '\\' || (*from == '.' && (from[1] == '/' || from[1] == '\\')))
        from++;
    size_t size = strcspn(from, "/\\");
    *segment = (struct pf_text){from, size};
    *at = from + size;
    return size > 0;
}

static bool same_path(const char *a, const char *b) {
    struct pf_text x, y;
    for (;;) {
        bool more = next_segment(&a, &x);
        if (more != next_segment(&b, &y))
            return false;
        if (!more)
            return true;
        if (!pf_text_same_nocase(x, y))
            return false;
    }
}

const struct pf_zip_member *pf_opc_package_find(const struct pf_opc_package *package, const char *path) {
    const struct pf_zip_member *exact = pf_zip_find(package->zip, path);
    if (exact)
        return exact;
    for (size_t i = 0; i < pf_zip_count(package->zip); i++)
        if (same_path(pf_zip_at(package->zip, i)->name, path))
            return pf_zip_at(package->zip, i);
    return NULL;
}

static int hex_digit(char c) {
    c = pf_lower(c);
    return pf_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* folder/target with ".." taken away and %20 and the like resolved; an absolute target is its own path. */
static pf_status resolve(struct pf_arena *arena, struct pf_text folder, struct pf_text target, char **out,
                         struct pf_error *err) {
    bool absolute = target.size && (target.at[0] == '/' || target.at[0] == '\\');
    size_t room = folder.size + target.size + 3, size = 0;
    char *path = pf_arena_take(arena, room), *joined = pf_arena_take(arena, room);
    if (!path || !joined)
        return pf_fail_memory(err, room);
    if (!absolute && folder.size) {
        memcpy(joined, folder.at, folder.size);
        size = folder.size;
        joined[size++] = '/';
    }
    for (size_t i = 0; i < target.size; i++) {
        int high = i + 2 < target.size && target.at[i] == '%' ? hex_digit(target.at[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(target.at[i + 2]) : -1;
        joined[size++] = low >= 0 && (high || low) ? (char)(high * 16 + low) : target.at[i];
        i += low >= 0 && (high || low) ? 2 : 0;
    }
    joined[size] = 0;
    struct pf_text segment;
    size = 0;
    for (const char *at = joined; next_segment(&at, &segment);) {
        if (pf_text_is(segment, "..")) {
            while (size && path[--size] != '/')
                ;
            continue;
        }
        if (size)
            path[size++] = '/';
        memcpy(path + size, segment.at, segment.size);
        size += segment.size;
    }
    path[size] = 0;
    *out = path;
    return PF_OK;
}

static struct pf_text folder_of(const char *part) {
    size_t size = strlen(part);
    while (size && part[size - 1] != '/' && part[size - 1] != '\\')
        size--;
    return (struct pf_text){part, size ? size - 1 : 0};
}

/* ---- parts ---- */

bool pf_opc_is_binary(const struct pf_zip_member *member) {
    size_t size = strlen(member->name);
    return size > 4 &&
           pf_text_same_nocase((struct pf_text){member->name + size - 4, 4}, (struct pf_text){".bin", 4});
}

void pf_opc_part_close(struct pf_opc_part *part) {
    pf_xml_clear(&part->xml);
    pf_window_clear(&part->window);
    pf_source_close(&part->source);
    pf_mem_free(part->recoded);
    *part = (struct pf_opc_part){0};
}

pf_status pf_opc_part_where(const struct pf_opc_part *part, pf_status status, struct pf_error *err) {
    if (status != PF_OK && part->name && !(err && strstr(err->where, "member '")))
        pf_where(err, "part '%.80s'", part->name);
    return status;
}

/* UTF-16 is allowed and code pages are not, and hardly anybody writes either: the part is read whole. */
static pf_status recode(struct pf_opc_part *part, const struct pf_charset *charset, struct pf_error *err) {
    uint8_t *bytes = NULL;
    size_t size = 0, recoded = 0;
    PF_TRY(pf_source_slurp(&part->source, PF_OPC_PART_BYTES, &bytes, &size, err));
    pf_status status = pf_xml_recode(charset, bytes, size, &part->recoded, &recoded, err);
    pf_mem_free(bytes);
    PF_TRY(status);
    pf_source_close(&part->source);
    pf_source_memory(part->recoded, recoded, &part->source);
    return PF_OK;
}

static pf_status open_window(struct pf_opc_part *part, struct pf_opc_package *package,
                             const struct pf_zip_member *member, int32_t threaded, size_t window_bytes,
                             struct pf_error *err) {
    const struct pf_charset *charset;
    const uint8_t *bytes;
    size_t got;
    PF_TRY(pf_zip_source(package->zip, member, threaded, &part->source, err));
    PF_TRY(pf_window_open(&part->window, &part->source, window_bytes, err));
    PF_TRY(pf_window_peek(&part->window, PF_XML_DECLARATION, &bytes, &got, err));
    PF_TRY(pf_xml_encoding(bytes, got, &charset, err));
    if (!charset)
        return PF_OK;
    pf_window_clear(&part->window);
    pf_source_close(&part->source);
    PF_TRY(pf_zip_source(package->zip, member, 0, &part->source, err));
    PF_TRY(recode(part, charset, err));
    return pf_window_open(&part->window, &part->source, window_bytes, err);
}

pf_status pf_opc_part_open(struct pf_opc_part *part, struct pf_opc_package *package,
                           const struct pf_zip_member *member, int32_t threaded, size_t window_bytes,
                           struct pf_error *err) {
    *part = (struct pf_opc_part){.name = member->name};
    pf_status status = open_window(part, package, member, threaded, window_bytes, err);
    if (status != PF_OK) {
        pf_opc_part_where(part, status, err);
        pf_opc_part_close(part);
        return status;
    }
    pf_xml_open(&part->xml, &part->window, false);
    return PF_OK;
}

/* ---- relations ---- */

static pf_status keep(struct pf_arena *arena, struct pf_text text, const char **out, struct pf_error *err) {
    *out = pf_arena_text(arena, text.at ? text.at : "", text.size);
    return *out ? PF_OK : pf_fail_memory(err, text.size);
}

static pf_status add_relation(struct pf_opc_package *package, struct pf_text folder, const struct pf_xml *xml,
                              struct pf_opc_relations *out, size_t *room, struct pf_error *err) {
    struct pf_text type = pf_xml_attribute(xml, "Type"), target = pf_xml_attribute(xml, "Target");
    struct pf_text mode = pf_xml_attribute(xml, "TargetMode");
    for (size_t i = type.size; i > 0; i--)
        if (type.at[i - 1] == '/') {
            type = (struct pf_text){type.at + i, type.size - i};
            break;
        }
    if (out->count == *room) {
        size_t wider = *room ? 2 * *room : 16;
        struct pf_opc_relation *grown = pf_arena_take(&package->arena, wider * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, wider * sizeof *grown);
        if (out->count)
            memcpy(grown, out->items, out->count * sizeof *grown);
        out->items = grown;
        *room = wider;
    }
    struct pf_opc_relation *r = &out->items[out->count];
    char *path = NULL;
    *r = (struct pf_opc_relation){0};
    PF_TRY(keep(&package->arena, pf_xml_attribute(xml, "Id"), &r->id, err));
    PF_TRY(keep(&package->arena, type, &r->type, err));
    out->count++;
    if (pf_text_is(mode, "External"))
        return keep(&package->arena, target, &r->target, err);
    PF_TRY(resolve(&package->arena, folder, target, &path, err));
    r->target = path;
    r->member = pf_opc_package_find(package, path);
    return PF_OK;
}

static pf_status read_relations(struct pf_opc_package *package, struct pf_text folder, struct pf_opc_part *part,
                                struct pf_opc_relations *out, struct pf_error *err) {
    size_t room = 0;
    for (;;) {
        PF_TRY(pf_xml_next(&part->xml, err));
        if (part->xml.event == PF_XML_END)
            return PF_OK;
        if (part->xml.event == PF_XML_OPEN && pf_xml_is(&part->xml, "Relationship"))
            PF_TRY(add_relation(package, folder, &part->xml, out, &room, err));
    }
}

pf_status pf_opc_package_relations(struct pf_opc_package *package, const char *part,
                                   struct pf_opc_relations *out, struct pf_error *err) {
    struct pf_text folder = part ? folder_of(part) : (struct pf_text){"", 0};
    const char *name = part ? part + folder.size + (folder.size > 0) : "";
    size_t room = (part ? strlen(part) : 0) + 16;
    char *path = pf_arena_take(&package->arena, room);
    *out = (struct pf_opc_relations){0};
    if (!path)
        return pf_fail_memory(err, room);
    snprintf(path, room, "%.*s%s_rels/%s.rels", (int)folder.size, folder.at, folder.size ? "/" : "", name);
    const struct pf_zip_member *member = pf_opc_package_find(package, path);
    if (!member)
        return PF_OK;
    struct pf_opc_part open;
    PF_TRY(pf_opc_part_open(&open, package, member, 0, 0, err));
    pf_status status = pf_opc_part_where(&open, read_relations(package, folder, &open, out, err), err);
    pf_opc_part_close(&open);
    return status;
}

const struct pf_zip_member *pf_opc_package_part(const struct pf_opc_package *package,
                                                const struct pf_opc_relations *relations, const char *type,
                                                const char *usual) {
    for (size_t i = 0; i < relations->count; i++)
        if (strcmp(relations->items[i].type, type) == 0 && relations->items[i].member)
            return relations->items[i].member;
    return pf_opc_package_find(package, usual);
}

pf_status pf_opc_relations_index(const struct pf_opc_relations *relations, struct pf_map *out,
                                 struct pf_error *err) {
    int64_t found;
    for (size_t i = 0; i < relations->count; i++)
        PF_TRY(
            pf_map_add(out, relations->items[i].id, strlen(relations->items[i].id), (int64_t)i, &found, err));
    return PF_OK;
}

const struct pf_opc_relation *pf_opc_relation_by(const struct pf_opc_relations *relations, struct pf_text id) {
    for (size_t i = 0; i < relations->count; i++)
        if (pf_text_is(id, relations->items[i].id))
            return &relations->items[i];
    return NULL;
}
