/* utf8.c — room base. Validates, decodes, encodes and repairs UTF-8. SPDX-License-Identifier: MIT
 * Knows: RFC 3629, and that most text is ASCII.
 * Knows not: other encodings, what the text says. */
#include "base/utf8.h"

#include "base/bits.h"
#include "base/env.h"
#include "base/utf8_blocks.h"

#define HIGH_BITS 0x8080808080808080u

static bool is_continuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

size_t pf_utf8_decode(const void *text, size_t size, uint32_t *point) {
    const uint8_t *b = text;
    if (size == 0)
        return 0;
    if (b[0] < 0x80) {
        *point = b[0];
        return 1;
    }
    if (b[0] < 0xC2 || b[0] > 0xF4)
        return 0;
    size_t n = b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
    if (size < n)
        return 0;
    for (size_t i = 1; i < n; i++)
        if (!is_continuation(b[i]))
            return 0;
    uint32_t p;
    if (n == 2) {
        p = (uint32_t)(b[0] & 0x1F) << 6 | (b[1] & 0x3F);
    } else if (n == 3) {
        p = (uint32_t)(b[0] & 0x0F) << 12 | (uint32_t)(b[1] & 0x3F) << 6 | (b[2] & 0x3F);
        if (p < 0x800 || (p >= 0xD800 && p < 0xE000))
            return 0;
    } else {
        p = (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3F) << 12 | (uint32_t)(b[2] & 0x3F) << 6 |
            (b[3] & 0x3F);
        if (p < 0x10000 || p > 0x10FFFF)
            return 0;
    }
    *point = p;
    return n;
}

size_t pf_utf8_encode(uint32_t point, char to[4]) {
    uint8_t *t = (uint8_t *)to;
    if (point < 0x80) {
        t[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        t[0] = (uint8_t)(0xC0 | point >> 6);
        t[1] = (uint8_t)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        if (point >= 0xD800 && point < 0xE000)
            return 0;
        t[0] = (uint8_t)(0xE0 | point >> 12);
        t[1] = (uint8_t)(0x80 | (point >> 6 & 0x3F));
        t[2] = (uint8_t)(0x80 | (point & 0x3F));
        return 3;
    }
    if (point > 0x10FFFF)
        return 0;
    t[0] = (uint8_t)(0xF0 | point >> 18);
    t[1] = (uint8_t)(0x80 | (point >> 12 & 0x3F));
    t[2] = (uint8_t)(0x80 | (point >> 6 & 0x3F));
    t[3] = (uint8_t)(0x80 | (point & 0x3F));
    return 4;
}

/* Plain C; also finds the exact place for the vector code. */
static size_t count_valid(const uint8_t *text, size_t size) {
    size_t i = 0;
    while (i < size) {
        if (i + 8 <= size) {
            uint64_t high = pf_load64(text + i) & HIGH_BITS;
            if (!high) {
                i += 8;
                continue;
            }
            i += (size_t)pf_ctz64(high) / 8;
        }
        /* Runs of two and three bytes, as European and Asian text has them; the rest is for decode. */
        while (i + 4 <= size) {
            uint32_t word = pf_load32(text + i);
            if ((word & 0xC0E0) == 0x80C0 && (word & 0x1E) != 0)
                i += 2;
            else if ((word & 0xC0C0F0) == 0x8080E0 && (word & 0x200F) != 0 && (word & 0x200F) != 0x200D)
                i += 3;
            else
                break;
        }
        uint32_t point;
        if (i == size || (i + 8 <= size && text[i] < 0x80))
            continue;
        size_t n = pf_utf8_decode(text + i, size - i, &point);
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

size_t pf_utf8_valid(const void *text, size_t size) {
    const uint8_t *b = text;
    size_t from = 0;
#if defined(__x86_64__) || defined(__aarch64__)
    if (size >= 64 && pf_cpu_vector()) {
        from = pf_utf8_valid_blocks(b, size);
        /* All before is good but for a character that may hang over: begin again at its first byte. */
        for (size_t back = 1; back <= 3 && back <= from; back++) {
            if (b[from - back] < 0x80)
                break;
            if (b[from - back] >= 0xC0) {
                from -= back;
                break;
            }
        }
    }
#endif
    return from + count_valid(b + from, size - from);
}

size_t pf_utf8_repair(const void *from, size_t size, char *to, int64_t *bad) {
    const uint8_t *b = from;
    size_t i = 0, used = 0;
    while (i < size) {
        size_t good = pf_utf8_valid(b + i, size - i);
        memcpy(to + used, b + i, good);
        used += good;
        i += good;
        if (i == size)
            break;
        memcpy(to + used, "\xEF\xBF\xBD", 3);
        used += 3;
        i++;
        ++*bad;
    }
    return used;
}

size_t pf_utf8_cut(const void *text, size_t size) {
    const uint8_t *b = text;
    for (size_t back = 1; back <= 3 && back <= size; back++) {
        uint8_t byte = b[size - back];
        if (is_continuation(byte))
            continue;
        size_t need = byte >= 0xC2 && byte < 0xE0   ? 2
                      : byte >= 0xE0 && byte < 0xF0 ? 3
                      : byte >= 0xF0 && byte < 0xF5 ? 4
                                                    : 1;
        if (need <= back)
            return 0;
        /* The second byte may already rule it out: E0 80, ED A0, F0 80, F4 90. */
        if (back >= 2) {
            uint8_t next = b[size - back + 1];
            if ((byte == 0xE0 && next < 0xA0) || (byte == 0xED && next > 0x9F) ||
                (byte == 0xF0 && next < 0x90) || (byte == 0xF4 && next > 0x8F))
                return 0;
        }
        return back;
    }
    return 0;
}
