/* opc_package.h — an OPC package: parts, relations, types. Source: ECMA-376 Part 2.  SPDX-License-Identifier: MIT */
#ifndef PF_OPC_PACKAGE_H
#define PF_OPC_PACKAGE_H
#include "base/arena.h"
#include "base/map.h"
#include "codec/codec_office.h"
#include "codec/codec_zip.h"
#include "syntax/syntax_xml.h"

struct pf_opc_package {
    pf_zip *zip;
    pf_cfb *lock;               /* a locked package lies in a compound file; NULL: it is not locked */
    struct pf_source *unlocked; /* what it holds */
    struct pf_arena arena;
};
/* A relation of a part, its target resolved to a member of the archive (NULL: outside, or not there). */
struct pf_opc_relation {
    const char *id;
    const char *type;   /* the last word of the type's URI: "worksheet" */
    const char *target; /* its path in the package; of what is outside as it stands */
    const struct pf_zip_member *member;
};
struct pf_opc_relations {
    struct pf_opc_relation *items; /* lent by the arena */
    size_t count;
};
/* source is lent until close. */
pf_status pf_opc_package_open(struct pf_opc_package *package, struct pf_source *source, struct pf_error *err);
/* Gives what the user said is the password (pf_mem_free), or NULL. */
typedef pf_status (*pf_opc_ask)(struct pf_host *host, char **password, struct pf_error *err);
/* As open; a locked package is unlocked. After a failure close is still due. NOT_MINE: a compound file of another kind. */
pf_status pf_opc_package_unlock(struct pf_opc_package *package, struct pf_source *source, struct pf_host *host,
                                pf_opc_ask ask, struct pf_error *err);
void pf_opc_package_close(struct pf_opc_package *package); /* zero is fine */
/* A member by its path: ignoring case, '\' as '/', a leading '/', "." and "..". NULL: none. */
const struct pf_zip_member *pf_opc_package_find(const struct pf_opc_package *package, const char *path);
/* The relations of a part (NULL: of the package). A part without a file of relations has none. */
pf_status pf_opc_package_relations(struct pf_opc_package *package, const char *part,
                                   struct pf_opc_relations *out, struct pf_error *err);
/* What the first relation of that type that leads somewhere leads to, else what stands at the usual path; NULL: neither. */
const struct pf_zip_member *pf_opc_package_part(const struct pf_opc_package *package,
                                                const struct pf_opc_relations *relations, const char *type,
                                                const char *usual);
const struct pf_opc_relation *pf_opc_relation_by(const struct pf_opc_relations *relations, struct pf_text id);

/* Their places in items by id, for many look-ups; pf_map_clear. */
pf_status pf_opc_relations_index(const struct pf_opc_relations *relations, struct pf_map *out,
                                 struct pf_error *err);

/* A part in records, of XLSB: its name ends in ".bin". */
bool pf_opc_is_binary(const struct pf_zip_member *member);

/* A part open for its XML. All zero before; clear ends it. A part that is not in UTF-8 is read whole and recoded. */
struct pf_opc_part {
    struct pf_source source;
    struct pf_window window;
    struct pf_xml xml;
    const char *name; /* lent by the package */
    char *recoded;
};
#define PF_OPC_PART_BYTES ((size_t)256 << 20) /* of a part that is read whole */
pf_status pf_opc_part_open(struct pf_opc_part *part, struct pf_opc_package *package,
                           const struct pf_zip_member *member, int32_t threaded, size_t window_bytes,
                           struct pf_error *err);
void pf_opc_part_close(struct pf_opc_part *part);
/* Adds the part's name to the place of an error; returns status. */
pf_status pf_opc_part_where(const struct pf_opc_part *part, pf_status status, struct pf_error *err);
#endif
