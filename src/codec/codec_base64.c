/* codec_base64.c — room codec. Bytes out of base64.                              SPDX-License-Identifier: MIT
 * Knows: the usual alphabet.
 * Knows not: what the bytes are. Source: RFC 4648. */
#include "codec/codec_base64.h"

static int sextet(char c) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c ? strchr(letters, c) : NULL;
    return found ? (int)(found - letters) : -1;
}

bool pf_base64_read(struct pf_text text, uint8_t *to, size_t room, size_t *size) {
    uint32_t bits = 0;
    int count = 0;
    *size = 0;
    for (size_t i = 0; i < text.size && text.at[i] != '='; i++) {
        if (pf_is_blank(text.at[i]) || text.at[i] == '\r' || text.at[i] == '\n')
            continue;
        int value = sextet(text.at[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count < 8)
            continue;
        if (*size == room)
            return false;
        count -= 8;
        to[(*size)++] = (uint8_t)(bits >> count);
    }
    return true;
}
