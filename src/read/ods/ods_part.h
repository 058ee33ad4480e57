/* ods_part.h — an OpenDocument package or flat document, and its parts as XML.   SPDX-License-Identifier: MIT
 * Source: OpenDocument 1.3 Part 2 (packages). */
#ifndef PF_ODS_PART_H
#define PF_ODS_PART_H
#include "codec/codec_odf.h"
#include "codec/codec_zip.h"
#include "syntax/syntax_xml.h"

#define PF_ODS_CONTENT "content.xml"
#define PF_ODS_STYLES  "styles.xml"

/* The lock of a part that is read. */
struct pf_ods_lock {
    const char *part;
    bool locked;
    struct pf_odf_lock lock; /* open */
};
#define PF_ODS_LOCKS 2
struct pf_ods_package {
    struct pf_source *source; /* lent */
    pf_zip *zip;              /* NULL: a flat document, one XML file */
    int64_t most_times;       /* what a part may unpack to; 0: however much */
    struct pf_ods_lock locks[PF_ODS_LOCKS];
};
bool pf_ods_is_zip(const uint8_t *head, size_t size);
/* source is lent until close; host is asked for the password of an encrypted package. A package without content.xml is
 * BAD_DATA, one that no or another password locked PASSWORD, another lock UNSUPPORTED. */
pf_status pf_ods_package_open(struct pf_ods_package *package, struct pf_source *source, struct pf_host *host,
                              struct pf_error *err);
void pf_ods_package_close(struct pf_ods_package *package); /* zero is fine */
/* A small part whole, at most `ceiling` bytes of it; gives *bytes (pf_mem_free). NOT_FOUND: there is none. */
pf_status pf_ods_package_slurp(const struct pf_ods_package *package, const char *name, size_t ceiling,
                               uint8_t **bytes, size_t *size, struct pf_error *err);

/* A part open for its XML, from byte `from` on, which is 0 or lies between two tags. All zero before. */
struct pf_ods_part {
    const char *name;
    struct pf_source source;
    bool has_source;
    struct pf_window window;
    struct pf_xml xml;
};
#define PF_ODS_WINDOW ((size_t)512 << 10) /* bytes of a part looked at together */
bool pf_ods_part_is_there(const struct pf_ods_package *package, const char *name);
/* name is lent; of a flat document all parts are the document. */
pf_status pf_ods_part_open(struct pf_ods_part *part, const struct pf_ods_package *package, const char *name,
                           int64_t from, bool threaded, struct pf_error *err);
void pf_ods_part_close(struct pf_ods_part *part);
/* Moves an open part, which is closed as it were behind it; `to` is all zero before. */
void pf_ods_part_move(struct pf_ods_part *to, struct pf_ods_part *from);
/* The byte behind the last event. */
int64_t pf_ods_part_place(const struct pf_ods_part *part);
/* Reads on at byte `from`, between two tags, at or behind the part's place. */
pf_status pf_ods_part_forward(struct pf_ods_part *part, int64_t from, struct pf_error *err);
/* Adds the part's name to the place of an error; returns status. */
pf_status pf_ods_part_where(const struct pf_ods_part *part, pf_status status, struct pf_error *err);
#endif
