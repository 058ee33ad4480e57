/* ods_part.c — room read/ods. Packages, flat documents and their parts.          SPDX-License-Identifier: MIT
 * Knows: where the parts are, how a package says that they are encrypted.
 * Knows not: what stands in them.                           Format: docs/formats/ods.md §The package */
#include "read/ods/ods_part.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "codec/codec_office.h"
#include "grid/grid_reader.h"
#define THREAD_BYTES (1 << 20) /* smaller parts are not worth a thread */

bool pf_ods_is_zip(const uint8_t *head, size_t size) { return size >= 4 && memcmp(head, "PK\3\4", 4) == 0; }

/* ---- packages ---- */

/* ---- locks ---- */

static void keep_word(char *to, size_t room, const struct pf_xml *xml, const char *name) {
    struct pf_text text = pf_xml_attribute(xml, name);
    size_t size = text.size < room ? text.size : room - 1;
    if (size)
        memcpy(to, text.at, size);
    to[size] = 0;
}
#define KEEP(words, field, name) keep_word((words)->field, sizeof(words)->field, xml, name)

/* An element within <manifest:encryption-data>, or that itself. */
static void note_words(struct pf_odf_words *words, const struct pf_xml *xml) {
    if (pf_xml_is(xml, "encryption-data")) {
        KEEP(words, check, "checksum-type");
        KEEP(words, checksum, "checksum");
    } else if (pf_xml_is(xml, "algorithm")) {
        KEEP(words, cipher, "algorithm-name");
        KEEP(words, vector, "initialisation-vector");
    } else if (pf_xml_is(xml, "key-derivation")) {
        KEEP(words, derivation, "key-derivation-name");
        KEEP(words, key_size, "key-size");
        KEEP(words, rounds, "iteration-count");
        KEEP(words, salt, "salt");
    } else if (pf_xml_is(xml, "start-key-generation")) {
        KEEP(words, start, "start-key-generation-name");
    }
}

/* Behind <manifest:file-entry> of a part that is read: how it is locked, if it is. */
static pf_status read_entry(struct pf_xml *xml, struct pf_ods_lock *lock, struct pf_error *err) {
    struct pf_odf_words words = {0};
    int32_t depth = xml->depth;
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event != PF_XML_OPEN)
            continue;
        lock->locked |= pf_xml_is(xml, "encryption-data");
        note_words(&words, xml);
    }
    return lock->locked ? pf_odf_lock_read(&words, &lock->lock, err) : PF_OK;
}

/* LibreOffice can lock the whole package into one part, which stands for the content then. */
static struct pf_ods_lock *lock_of(struct pf_ods_package *package, struct pf_text path) {
    for (size_t i = 0; i < PF_ODS_LOCKS; i++)
        if (pf_text_is(path, package->locks[i].part) || (i == 0 && pf_text_is(path, "encrypted-package")))
            return &package->locks[i];
    return NULL;
}

static pf_status read_manifest(struct pf_ods_package *package, struct pf_xml *xml, struct pf_error *err) {
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN || !pf_xml_is(xml, "file-entry"))
            continue;
        struct pf_ods_lock *lock = lock_of(package, pf_xml_attribute(xml, "full-path"));
        if (lock)
            PF_TRY(read_entry(xml, lock, err));
    }
}

static pf_status find_locks(struct pf_ods_package *package, struct pf_error *err) {
    static const char name[] = "META-INF/manifest.xml";
    struct pf_ods_part part;
    if (!pf_ods_part_is_there(package, name))
        return PF_OK;
    PF_TRY(pf_ods_part_open(&part, package, name, 0, false, err));
    pf_status status = pf_ods_part_where(&part, read_manifest(package, &part.xml, err), err);
    pf_ods_part_close(&part);
    return status;
}

/* Only the content's checksum is looked at: all parts have the same password. */
static pf_status try_password(struct pf_ods_package *package, const char *password, struct pf_error *err) {
    const struct pf_zip_member *member = pf_zip_find(package->zip, PF_ODS_CONTENT);
    struct pf_source locked;
    bool fits = false;
    if (!password)
        return pf_office_refuse(NULL, err);
    for (size_t i = 0; i < PF_ODS_LOCKS; i++)
        if (package->locks[i].locked)
            PF_TRY(pf_odf_lock_try(&package->locks[i].lock, password, err));
    if (!package->locks[0].locked || !member)
        return PF_OK;
    PF_TRY(pf_zip_source(package->zip, member, false, &locked, err));
    pf_status status = pf_odf_lock_fits(&package->locks[0].lock, &locked, &fits, err);
    pf_source_close(&locked);
    return status == PF_OK && !fits ? pf_office_refuse(password, err) : status;
}

static pf_status unlock(struct pf_ods_package *package, struct pf_host *host, struct pf_error *err) {
    char *password = NULL;
    bool locked = false;
    PF_TRY(find_locks(package, err));
    for (size_t i = 0; i < PF_ODS_LOCKS; i++)
        locked |= package->locks[i].locked;
    if (!locked)
        return PF_OK;
    PF_TRY(pf_grid_password(host, &password, err));
    pf_status status = try_password(package, password, err);
    pf_mem_free(password);
    return status;
}

/* ---- opening ---- */

static pf_status open_zip(struct pf_ods_package *package, struct pf_host *host, struct pf_error *err) {
    PF_TRY(pf_zip_open(package->source, &package->zip, err));
    pf_zip_bound(package->zip, package->most_times);
    PF_TRY(unlock(package, host, err));
    if (pf_zip_find(package->zip, PF_ODS_CONTENT))
        return PF_OK;
    return pf_fail(err, PF_BAD_DATA,
                   "there is no content.xml in the package; it is broken or another kind of file");
}

pf_status pf_ods_package_open(struct pf_ods_package *package, struct pf_source *source, struct pf_host *host,
                              struct pf_error *err) {
    uint8_t head[4];
    size_t got;
    *package = (struct pf_ods_package){.source = source,
                                       .most_times = pf_grid_max_expansion(host),
                                       .locks = {{.part = PF_ODS_CONTENT}, {.part = PF_ODS_STYLES}}};
    PF_TRY(source->read_at(source, 0, head, sizeof head, &got, err));
    pf_status status = pf_ods_is_zip(head, got) ? open_zip(package, host, err) : PF_OK;
    if (status != PF_OK)
        pf_ods_package_close(package);
    return status;
}

void pf_ods_package_close(struct pf_ods_package *package) { pf_zip_close(&package->zip); }

pf_status pf_ods_package_slurp(const struct pf_ods_package *package, const char *name, size_t ceiling,
                               uint8_t **bytes, size_t *size, struct pf_error *err) {
    const struct pf_zip_member *member = pf_zip_find(package->zip, name);
    struct pf_source source;
    if (!member)
        return pf_fail(err, PF_NOT_FOUND, "there is no %s in the package", name);
    PF_TRY(pf_zip_source(package->zip, member, 0, &source, err));
    pf_status status = pf_source_slurp(&source, ceiling, bytes, size, err);
    pf_source_close(&source);
    return status;
}

/* ---- parts ---- */

bool pf_ods_part_is_there(const struct pf_ods_package *package, const char *name) {
    return package->zip && pf_zip_find(package->zip, name);
}

static pf_status skip_to(struct pf_window *window, int64_t from, struct pf_error *err) {
    while (from > 0) {
        const uint8_t *bytes;
        size_t got;
        PF_TRY(pf_window_peek(window, 1, &bytes, &got, err));
        if (got == 0)
            return pf_fail(err, PF_BAD_DATA, "the part is shorter than it was a moment ago");
        got = (int64_t)got < from ? got : (size_t)from;
        pf_window_consume(window, got);
        from -= (int64_t)got;
    }
    return PF_OK;
}

static pf_status open_member(const struct pf_ods_package *package, const struct pf_zip_member *member,
                             bool threaded, struct pf_source *out, struct pf_error *err) {
    for (size_t i = 0; i < PF_ODS_LOCKS; i++)
        if (package->locks[i].locked && strcmp(package->locks[i].part, member->name) == 0) {
            struct pf_source locked;
            PF_TRY(pf_zip_source(package->zip, member, false, &locked, err));
            pf_status status =
                pf_odf_source(&package->locks[i].lock, &locked, threaded, package->most_times, out, err);
            if (status != PF_OK)
                pf_source_close(&locked);
            return status;
        }
    return pf_zip_source(package->zip, member, threaded, out, err);
}

static pf_status open_window(struct pf_ods_part *part, const struct pf_ods_package *package, int64_t from,
                             bool threaded, struct pf_error *err) {
    struct pf_source *source = package->source;
    if (package->zip) {
        const struct pf_zip_member *member = pf_zip_find(package->zip, part->name);
        if (!member)
            return pf_fail(err, PF_BAD_DATA, "the part is not in the package; the workbook is broken");
        PF_TRY(open_member(package, member, threaded && member->size_bytes > THREAD_BYTES, &part->source, err));
        part->has_source = true;
        source = &part->source;
    }
    size_t window = source->size_bytes >= 0 && source->size_bytes < (int64_t)PF_ODS_WINDOW
                        ? (size_t)source->size_bytes + 1
                        : PF_ODS_WINDOW;
    PF_TRY(pf_window_open(&part->window, source, window, err));
    return skip_to(&part->window, from, err);
}

pf_status pf_ods_part_open(struct pf_ods_part *part, const struct pf_ods_package *package, const char *name,
                           int64_t from, bool threaded, struct pf_error *err) {
    *part = (struct pf_ods_part){.name = name};
    pf_status status = open_window(part, package, from, threaded, err);
    if (status != PF_OK) {
        pf_ods_part_where(part, status, err);
        pf_ods_part_close(part);
        return status;
    }
    pf_xml_open(&part->xml, &part->window, from > 0);
    return PF_OK;
}

void pf_ods_part_move(struct pf_ods_part *to, struct pf_ods_part *from) {
    *to = *from;
    *from = (struct pf_ods_part){0};
    to->xml.window = &to->window;
    if (to->has_source)
        to->window.source = &to->source;
}

int64_t pf_ods_part_place(const struct pf_ods_part *part) {
    return part->window.offset + (int64_t)part->xml.pending;
}

pf_status pf_ods_part_forward(struct pf_ods_part *part, int64_t from, struct pf_error *err) {
    pf_xml_settle(&part->xml);
    pf_status status = skip_to(&part->window, from - part->window.offset, err);
    if (status == PF_OK)
        pf_xml_open(&part->xml, &part->window, true);
    return pf_ods_part_where(part, status, err);
}

void pf_ods_part_close(struct pf_ods_part *part) {
    pf_xml_clear(&part->xml);
    pf_window_clear(&part->window);
    if (part->has_source)
        pf_source_close(&part->source);
    part->has_source = false;
}

pf_status pf_ods_part_where(const struct pf_ods_part *part, pf_status status, struct pf_error *err) {
    if (status != PF_OK)
        pf_where(err, "%s", part->name);
    return status;
}
