/* ods_names.h — namespaces of OpenDocument by the prefixes that a document binds.  SPDX-License-Identifier: MIT
 * Source: Namespaces in XML 1.0; OpenDocument 1.3 Part 3, 1.3. */
#ifndef PF_ODS_NAMES_H
#define PF_ODS_NAMES_H
#include "syntax/syntax_xml.h"

enum pf_ods_space {
    PF_ODS_OTHER,
    PF_ODS_OFFICE,
    PF_ODS_TABLE,
    PF_ODS_TEXT,
    PF_ODS_CALCEXT, /* of LibreOffice */
    PF_ODS_DRAW     /* shapes, flat and in space */
};
#define PF_ODS_PREFIX 16 /* bytes; longer ones are not remembered */
#define PF_ODS_BOUND  24

/* All zero binds the usual prefixes. */
struct pf_ods_names {
    struct {
        char prefix[PF_ODS_PREFIX];
        uint8_t size, space;
    } bound[PF_ODS_BOUND]; /* what differs from the usual; the last one counts */
    int count;
};
/* Behind any OPEN event: what it binds. An unknown namespace leaves a prefix what it usually is. */
void pf_ods_names_take(struct pf_ods_names *names, const struct pf_xml *xml);
enum pf_ods_space pf_ods_space_of(const struct pf_ods_names *names, struct pf_text prefix);
#endif
