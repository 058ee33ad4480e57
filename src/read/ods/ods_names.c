/* ods_names.c — room read/ods. Namespaces by the prefixes that a document binds.  SPDX-License-Identifier: MIT
 * Knows: the namespaces whose names mean something here, and their usual prefixes.
 * Knows not: elements.                                      Format: docs/formats/ods.md §The package */
#include "read/ods/ods_names.h"

static const struct {
    const char *prefix, *in; /* usually; in the namespace's URI */
    uint8_t space;
} usual[] = {{"office", "office", PF_ODS_OFFICE}, {"table", "table", PF_ODS_TABLE},
             {"text", "text", PF_ODS_TEXT},       {"calcext", "calcext", PF_ODS_CALCEXT},
             {"draw", "drawing", PF_ODS_DRAW},    {"dr3d", "dr3d", PF_ODS_DRAW}};
#define USUAL (sizeof usual / sizeof usual[0])

static bool begins(struct pf_text text, const char *with) {
    size_t size = strlen(with);
    return text.size >= size && memcmp(text.at, with, size) == 0;
}

/* "urn:…:xmlns:office:1.0" and "http://openoffice.org/2000/office", of which the middle says it. */
static uint8_t space_of_uri(struct pf_text uri) {
    static const char *const fronts[] = {
        "urn:oasis:names:tc:opendocument:xmlns:", "urn:org:documentfoundation:names:experimental:calc:xmlns:",
        "http://openoffice.org/2000/"};
    for (size_t f = 0; f < sizeof fronts / sizeof fronts[0]; f++) {
        if (!begins(uri, fronts[f]))
            continue;
        struct pf_text rest = {uri.at + strlen(fronts[f]), uri.size - strlen(fronts[f])};
        const char *colon = rest.size ? memchr(rest.at, ':', rest.size) : NULL;
        rest.size = colon ? (size_t)(colon - rest.at) : rest.size;
        for (size_t i = 0; i < USUAL; i++)
            if (pf_text_is(rest, usual[i].in))
                return usual[i].space;
    }
    return PF_ODS_OTHER;
}

/* Is it one of the namespaces of these documents, whether its names matter here or not? */
static bool is_known(struct pf_text uri) {
    return begins(uri, "urn:oasis:names:tc:opendocument:xmlns:") || begins(uri, "http://openoffice.org/2000/");
}

enum pf_ods_space pf_ods_space_of(const struct pf_ods_names *names, struct pf_text prefix) {
    for (int i = names->count; i-- > 0;)
        if (names->bound[i].size == prefix.size && memcmp(names->bound[i].prefix, prefix.at, prefix.size) == 0)
            return (enum pf_ods_space)names->bound[i].space;
    for (size_t i = 0; i < USUAL; i++)
        if (pf_text_is(prefix, usual[i].prefix))
            return (enum pf_ods_space)usual[i].space;
    return PF_ODS_OTHER;
}

void pf_ods_names_take(struct pf_ods_names *names, const struct pf_xml *xml) {
    for (size_t i = 0; i < xml->attribute_count; i++) {
        const struct pf_xml_attribute *a = &xml->attributes[i];
        if (!pf_text_is(a->prefix, "xmlns") || a->name.size > PF_ODS_PREFIX)
            continue;
        uint8_t space = space_of_uri(a->value);
        if ((space == PF_ODS_OTHER && !is_known(a->value)) || pf_ods_space_of(names, a->name) == space ||
            names->count == PF_ODS_BOUND)
            continue;
        memcpy(names->bound[names->count].prefix, a->name.at, a->name.size);
        names->bound[names->count].size = (uint8_t)a->name.size;
        names->bound[names->count++].space = space;
    }
}
