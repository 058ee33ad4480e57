/* xlsx_text.h — the text of strings: what stands between <t> and </t>.           SPDX-License-Identifier: MIT */
#ifndef PF_XLSX_TEXT_H
#define PF_XLSX_TEXT_H
#include <stdbool.h>

#include "base/bits.h"
#include "base/buf.h"

#define PF_BYTES_OF(c) (UINT64_C(0x0101010101010101) * (c)) /* eight of them */
/* The top bit of every byte that is c; above such a one others may have it too. */
static inline uint64_t pf_bytes_equal(uint64_t word, uint8_t c) {
    word ^= PF_BYTES_OF(c);
    return (word - PF_BYTES_OF(1)) & ~word & PF_BYTES_OF(0x80);
}
/* The '<' from p on; one must come, and 8 bytes from it on may be read. *plain: the text up to it is ASCII that stands for
 * itself. */
static inline const char *pf_xlsx_text_end(const char *p, bool *plain) {
    for (;; p += 8) {
        uint64_t word = pf_load64(p), end = pf_bytes_equal(word, '<'), odd = word & PF_BYTES_OF(0x80);
        odd |= pf_bytes_equal(word, '&') | pf_bytes_equal(word, '\r') | pf_bytes_equal(word, '_');
        *plain &= !(odd & (end ? (end & (0 - end)) - 1 : UINT64_MAX));
        if (end)
            return p + pf_ctz64(end) / 8;
    }
}
/* _xHHHH_ in text that was appended from `from` on becomes the character it stands for (ECMA-376 Part 1 §22.9.2.19). */
void pf_xlsx_text_unescape(struct pf_buf *text, size_t from);
/* Appends raw XML text of one element without tags, when it is plain: valid UTF-8, no CR, no entity but the five of
 * XML. *good false: it is not, and nothing is appended; the general tokenizer knows what to do with it. */
pf_status pf_xlsx_text_put(struct pf_buf *to, const char *raw, size_t size, bool *good, struct pf_error *err);
#endif
