/* ods_part.c — room read/ods. Packages, flat documents and their parts.          SPDX-License-Identifier: MIT
 * Knows: where the parts are, how a package says that it is encrypted.
 * Knows not: what stands in them.                           Format: docs/formats/ods.md §The package */
#include "read/ods/ods_part.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#define THREAD_BYTES (1 << 20) /* smaller parts are not worth a thread */

bool pf_ods_is_zip(const uint8_t *head, size_t size) { return size >= 4 && memcmp(head, "PK\3\4", 4) == 0; }

/* ---- packages ---- */

/* <manifest:encryption-data> of the content. */
static pf_status is_locked(struct pf_xml *xml, bool *locked, struct pf_error *err) {
    bool content = false;
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN)
            continue;
        if (pf_xml_is(xml, "file-entry")) {
            struct pf_text path = pf_xml_attribute(xml, "full-path");
            content = pf_text_is(path, "content.xml") || pf_text_is(path, "encrypted-package");
        } else if (content && pf_xml_is(xml, "encryption-data"))
            *locked = true;
    }
}

static pf_status check_lock(const struct pf_ods_package *package, struct pf_error *err) {
    static const char name[] = "META-INF/manifest.xml";
    struct pf_ods_part part;
    bool locked = false;
    if (!pf_ods_part_is_there(package, name))
        return PF_OK;
    PF_TRY(pf_ods_part_open(&part, package, name, 0, false, err));
    pf_status status = pf_ods_part_where(&part, is_locked(&part.xml, &locked, err), err);
    pf_ods_part_close(&part);
    if (status == PF_OK && locked)
        return pf_fail(err, PF_PASSWORD,
                       "the workbook is encrypted, and the encryption of OpenDocument cannot be opened here; "
                       "save it without a password");
    return status;
}

static pf_status open_zip(struct pf_ods_package *package, struct pf_error *err) {
    PF_TRY(pf_zip_open(package->source, &package->zip, err));
    PF_TRY(check_lock(package, err));
    if (pf_zip_find(package->zip, "content.xml"))
        return PF_OK;
    return pf_fail(err, PF_BAD_DATA,
                   "there is no content.xml in the package; it is broken or another kind of file");
}

pf_status pf_ods_package_open(struct pf_ods_package *package, struct pf_source *source, struct pf_error *err) {
    uint8_t head[4];
    size_t got;
    *package = (struct pf_ods_package){.source = source};
    PF_TRY(source->read_at(source, 0, head, sizeof head, &got, err));
    pf_status status = pf_ods_is_zip(head, got) ? open_zip(package, err) : PF_OK;
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

static pf_status open_window(struct pf_ods_part *part, const struct pf_ods_package *package, int64_t from,
                             bool threaded, struct pf_error *err) {
    struct pf_source *source = package->source;
    if (package->zip) {
        const struct pf_zip_member *member = pf_zip_find(package->zip, part->name);
        if (!member)
            return pf_fail(err, PF_BAD_DATA, "the part is not in the package; the workbook is broken");
        PF_TRY(pf_zip_source(package->zip, member, threaded && member->size_bytes > THREAD_BYTES, &part->source,
                             err));
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
