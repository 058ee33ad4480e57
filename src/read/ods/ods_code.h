/* ods_code.h — a number style as a format code.                                  SPDX-License-Identifier: MIT */
#ifndef PF_ODS_CODE_H
#define PF_ODS_CODE_H
#include "base/buf.h"
#include "syntax/syntax_xml.h"

/* One style as it is read. All zero but truncates; text is cleared by whoever made it. */
struct pf_ods_code {
    struct pf_buf text;
    bool truncates;  /* hours begin again after 23 */
    bool elapsed;    /* the first unit of those that do not has been written */
    bool is_literal; /* what comes as text is shown as it is */
    bool is_sign;    /* or is a sign of money */
};
/* Behind an event within the style. */
pf_status pf_ods_code_take(struct pf_ods_code *code, const struct pf_xml *xml, struct pf_error *err);
#endif
