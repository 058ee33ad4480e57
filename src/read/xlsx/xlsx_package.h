/* xlsx_package.h — an OPC package: parts, relations, types. Source: ECMA-376 Part 2.  SPDX-License-Identifier: MIT */
#ifndef PF_XLSX_PACKAGE_H
#define PF_XLSX_PACKAGE_H
#include "base/arena.h"
#include "codec/codec_zip.h"
#include "syntax/syntax_xml.h"

struct pf_xlsx_package {
    pf_zip *zip;
    struct pf_arena arena;
};
/* A relation of a part, its target resolved to a member of the archive (NULL: outside, or not there). */
struct pf_xlsx_relation {
    const char *id;
    const char *type; /* the last word of the type's URI: "worksheet" */
    const char *target;
    const struct pf_zip_member *member;
};
struct pf_xlsx_relations {
    struct pf_xlsx_relation *items; /* lent by the arena */
    size_t count;
};
/* source is lent until close. */
pf_status pf_xlsx_package_open(struct pf_xlsx_package *package, struct pf_source *source, struct pf_error *err);
void pf_xlsx_package_close(struct pf_xlsx_package *package); /* zero is fine */
/* A member by its path: ignoring case, '\' as '/', a leading '/', "." and "..". NULL: none. */
const struct pf_zip_member *pf_xlsx_package_find(const struct pf_xlsx_package *package, const char *path);
/* The relations of a part (NULL: of the package). A part without a file of relations has none. */
pf_status pf_xlsx_package_relations(struct pf_xlsx_package *package, const char *part,
                                    struct pf_xlsx_relations *out, struct pf_error *err);
/* The first one of that type; NULL: none. */
const struct pf_xlsx_relation *pf_xlsx_relation_of(const struct pf_xlsx_relations *relations, const char *type);
const struct pf_xlsx_relation *pf_xlsx_relation_by(const struct pf_xlsx_relations *relations,
                                                   struct pf_text id);

/* A part open for its XML. All zero before; clear ends it. A part in UTF-16 is read whole and recoded. */
struct pf_xlsx_part {
    struct pf_source source;
    struct pf_window window;
    struct pf_xml xml;
    const char *name; /* lent by the package */
    char *recoded;
};
#define PF_XLSX_PART_BYTES ((size_t)256 << 20) /* of a part that is read whole */
pf_status pf_xlsx_part_open(struct pf_xlsx_part *part, struct pf_xlsx_package *package,
                            const struct pf_zip_member *member, int32_t threaded, size_t window_bytes,
                            struct pf_error *err);
void pf_xlsx_part_close(struct pf_xlsx_part *part);
/* Adds the part's name to the place of an error; returns status. */
pf_status pf_xlsx_part_where(const struct pf_xlsx_part *part, pf_status status, struct pf_error *err);
#endif
