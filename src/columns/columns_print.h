/* columns_print.h — values as text, in the house spelling.                     SPDX-License-Identifier: MIT
 *
 * true and false; plain integers; shortest doubles that read back the same; decimals with all their digits; ISO
 * dates; HH:MM:SS and timestamps with a fraction of 3, 6 or 9 digits where there is one, Z when zoned (the
 * value is then in UTC); durations as [-]H…H:MM:SS; intervals as ISO 8601 (P1M2DT3.5S). */
#ifndef PF_COLUMNS_PRINT_H
#define PF_COLUMNS_PRINT_H
#include "columns/columns_view.h"

#define PF_PRINT_ROOM 192
/* The value of a row that is there, of any type but text, binary, dictionary and nested. mark stands between
 * date and time: 'T' or ' '. Returns the bytes written, without NUL. */
size_t pf_print_value(const struct pf_view *view, int64_t row, char mark, char to[PF_PRINT_ROOM]);
/* Base64 with padding (RFC 4648); to needs 4 × ⌈size / 3⌉ bytes. Returns the bytes written. */
size_t pf_print_base64(const void *from, size_t size, char *to);
/* float16 → float, exactly. */
float pf_half_to_float(uint16_t half);
#endif
