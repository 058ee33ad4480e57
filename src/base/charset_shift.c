/* charset_shift.c — room base. ISO-2022-JP: sets of characters behind escapes.  SPDX-License-Identifier: MIT
 * Knows: the escapes of RFC 1468 and of half-width kana and JIS X 0212.
 * Knows not: the tables, which are those of EUC-JP. */
#include "base/charset_shift.h"

#include <string.h>

#include "base/utf8.h"

#define MOST_ROOM 4
#define MOST_WAIT 65536 /* nobody writes a line of kanji that long; then go on as if ASCII came */

enum set { ASCII, ROMAN, KANA, JIS_0208, JIS_0212 };

static const struct {
    char text[5];
    uint8_t size, set;
} escapes[] = {
    {"\x1B(B", 3, ASCII},    {"\x1B(J", 3, ROMAN},     {"\x1B(I", 3, KANA},      {"\x1B$@", 3, JIS_0208},
    {"\x1B$B", 3, JIS_0208}, {"\x1B$(B", 4, JIS_0208}, {"\x1B$(D", 4, JIS_0212},
};

/* Behind an escape: 1 and the set, 0 cut short, −1 unknown. */
static int read_escape(const uint8_t *from, size_t size, enum set *set, size_t *took) {
    bool cut = false;
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        size_t n = escapes[i].size < size ? escapes[i].size : size;
        if (memcmp(from, escapes[i].text, n) != 0)
            continue;
        if (n == escapes[i].size) {
            *set = (enum set)escapes[i].set;
            *took = n;
            return 1;
        }
        cut = true;
    }
    return cut ? 0 : -1;
}

/* One character: 1, 0 cut short, −1 bad; *took bytes. */
static int take_one(const struct pf_charset *charset, const uint8_t *from, size_t size, enum set set,
                    size_t *took, uint32_t *point) {
    uint8_t c = from[0];
    *took = 1;
    *point = c;
    if (c >= 0x80)
        return -1;
    if (c < 0x21 || c == 0x7F || set == ASCII)
        return 1;
    if (set == ROMAN) {
        *point = c == '\\' ? 0xA5 : c == '~' ? 0x203E : c;
        return 1;
    }
    if (set == KANA) {
        *point = 0xFF61u + c - 0x21;
        return c <= 0x5F ? 1 : -1;
    }
    if (size < 2)
        return 0;
    *took = 2;
    uint8_t trail = from[1] | 0x80;
    *point = pf_charset_chunks[pf_charset_leads[charset->leads + (set == JIS_0212)][c][trail >> 5]][trail & 31];
    if (from[1] >= 0x80 || *point == PF_POINT_NONE || (*point >= 0xD800 && *point < 0xE000))
        return -1;
    return 1;
}

void pf_charset_unshift(const struct pf_charset *charset, const uint8_t *from, size_t from_size,
                        size_t *from_used, char *to, size_t to_room, size_t *to_used, bool last,
                        struct pf_charset_bad *bad) {
    enum set set = ASCII;
    size_t in = 0, out = 0;
    *bad = (struct pf_charset_bad){0, -1};
    struct pf_charset_bad safe_bad = *bad;
    *from_used = *to_used = 0; /* up to here all is whole: ASCII is in force */
    while (in < from_size && to_room - out >= MOST_ROOM) {
        size_t took = 1;
        uint32_t point = 0;
        int found = from[in] == 0x1B ? read_escape(from + in, from_size - in, &set, &took)
                                     : take_one(charset, from + in, from_size - in, set, &took, &point);
        if (found == 0 && !last)
            break;
        if (found <= 0) {
            if (bad->count++ == 0)
                bad->offset = (int64_t)in;
            point = 0xFFFD;
            took = found == 0 ? from_size - in : took;
        }
        if (found <= 0 || from[in] != 0x1B)
            out += pf_utf8_encode(point, to + out);
        in += took;
        if (set == ASCII) {
            *from_used = in;
            *to_used = out;
            safe_bad = *bad;
        }
    }
    bool stuck = *from_used == 0 && (in >= MOST_WAIT || to_room - out < MOST_ROOM);
    if (last || stuck) {
        *from_used = in;
        *to_used = out;
    } else {
        *bad = safe_bad;
    }
}
