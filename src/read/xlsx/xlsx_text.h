/* xlsx_text.h — the text of strings: what stands between <t> and </t>.           SPDX-License-Identifier: MIT */
#ifndef PF_XLSX_TEXT_H
#define PF_XLSX_TEXT_H
#include <stdbool.h>

#include "base/buf.h"

/* _xHHHH_ in text that was appended from `from` on becomes the character it stands for (ECMA-376 Part 1 §22.9.2.19). */
void pf_xlsx_text_unescape(struct pf_buf *text, size_t from);
/* Appends raw XML text of one element without tags, when it is plain: valid UTF-8, no CR, no entity but the five of
 * XML. *good false: it is not, and nothing is appended; the general tokenizer knows what to do with it. */
pf_status pf_xlsx_text_put(struct pf_buf *to, const char *raw, size_t size, bool *good, struct pf_error *err);
#endif
