/* charset_shift.h — ISO-2022-JP for charset.c.                                  SPDX-License-Identifier: MIT */
#ifndef PF_CHARSET_SHIFT_H
#define PF_CHARSET_SHIFT_H
#include "base/charset.h"
#include "base/charset_tables.h"

/* As pf_charset_convert. What a byte means hangs on the escapes before it, so a call ends where ASCII is in force
 * (as at every line end of sound text); *from_used may be 0 when more text is needed for that. */
void pf_charset_unshift(const struct pf_charset *charset, const uint8_t *from, size_t from_size,
                        size_t *from_used, char *to, size_t to_room, size_t *to_used, bool last,
                        struct pf_charset_bad *bad);
#endif
