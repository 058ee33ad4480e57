/* charset.h — code pages and UTF-16/32 to UTF-8, by tables made at build time.  SPDX-License-Identifier: MIT */
#ifndef PF_CHARSET_H
#define PF_CHARSET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pf_charset; /* static */
/* By name or alias, ignoring case, '-', '_' and blanks: "cp1252", "windows-1252", "latin1", "utf-16le",
 * "gb18030", "big5", "shift_jis", "cp932", "euc-jp", "euc-kr", "cp949", "koi8-r", "iso-8859-x", "cp437",
 * "mac-roman" … NULL when unknown. "utf-8" is one too (validating copy);
 * "utf-16" and "utf-32" are the little-endian ones. Each decodes what Python's codec of the name decodes; the
 * five bytes that cp1252 leaves undefined become C1 controls, as in browsers. For text that only a detector
 * named, ask for the larger set: cp932 for Shift_JIS, cp949 for EUC-KR, gb18030 for GB2312 and GBK, cp1252 for
 * ISO-8859-1. */
const struct pf_charset *pf_charset_find(const char *name);
const char *pf_charset_name(const struct pf_charset *charset); /* canonical: "cp1252" */
const char *pf_charset_at(size_t index); /* canonical names in order; NULL past the last */
bool pf_charset_is_utf8(const struct pf_charset *charset);
int pf_charset_unit(const struct pf_charset *charset); /* bytes of the smallest unit: 1, 2 or 4 */

struct pf_charset_bad {
    int64_t count;  /* undecodable sequences, each now one U+FFFD */
    int64_t offset; /* of the first, in the input of this call; −1 none */
};
/* Converts as much as fits: *from_used bytes were consumed and *to_used written. A sequence cut short at the
 * end is left unless last is true, then it counts as bad. to_room must be at least 16. Stateless between calls;
 * iso-2022-jp therefore stops where ASCII is in force and may use nothing until a whole line is there. */
void pf_charset_convert(const struct pf_charset *charset, const uint8_t *from, size_t from_size,
                        size_t *from_used, char *to, size_t to_room, size_t *to_used, bool last,
                        struct pf_charset_bad *bad);
#endif
