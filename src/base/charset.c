/* charset.c — room base. Code pages and UTF-16/32 to UTF-8. SPDX-License-Identifier: MIT
 * Knows: the tables of charset_tables.h and how many bytes a character of each kind takes.
 * Knows not: which charset a file has, byte order marks (they come out as U+FEFF). */
#include "base/charset.h"

#include "base/bits.h"
#include "base/charset_shift.h"
#include "base/charset_tables.h"
#include "base/text.h"
#include "base/utf8.h"

#define MOST_ROOM   8 /* bytes that one step may write */
#define BAD         (-1)
#define CUT         0 /* more bytes are needed */
#define REPLACEMENT 0xFFFD

/* a, b: b may end early. Compares a name as typed with a squeezed one. */
static int compare_squeezed(const char *typed, const char *squeezed) {
    for (;;) {
        while (*typed == '-' || *typed == '_' || *typed == ' ')
            typed++;
        int a = (unsigned char)pf_lower(*typed), b = (unsigned char)*squeezed;
        if (a != b || a == 0)
            return a - b;
        typed++;
        squeezed++;
    }
}

const struct pf_charset *pf_charset_find(const char *name) {
    size_t low = 0, high = pf_charset_alias_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_squeezed(name, pf_charset_aliases[middle].name);
        if (order == 0)
            return &pf_charsets[pf_charset_aliases[middle].charset];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *pf_charset_name(const struct pf_charset *charset) { return charset->name; }
const char *pf_charset_at(size_t index) { return index < pf_charset_count ? pf_charsets[index].name : NULL; }
bool pf_charset_is_utf8(const struct pf_charset *charset) { return charset->kind == PF_CHARSET_UTF8; }
int pf_charset_unit(const struct pf_charset *charset) { return charset->unit; }

/* One character at from: its code points (second 0: one) and the bytes it took; CUT; or BAD with *took set to
 * what is to be replaced. */
struct step {
    uint32_t point, second;
    size_t took;
};

static int take_unicode(const struct pf_charset *charset, const uint8_t *from, size_t size, struct step *step) {
    step->took = charset->unit;
    if (size < charset->unit)
        return CUT;
    if (charset->unit == 4) {
        step->point = charset->kind == PF_CHARSET_UTF32LE ? pf_load32(from) : pf_load32_big(from);
        return step->point > 0x10FFFF || (step->point >= 0xD800 && step->point < 0xE000) ? BAD : 1;
    }
    bool little = charset->kind == PF_CHARSET_UTF16LE;
    uint32_t first = little ? pf_load16(from) : pf_load16_big(from);
    step->point = first;
    if (first < 0xD800 || first >= 0xE000)
        return 1;
    if (first >= 0xDC00)
        return BAD;
    if (size < 4)
        return CUT;
    uint32_t second = little ? pf_load16(from + 2) : pf_load16_big(from + 2);
    if (second < 0xDC00 || second >= 0xE000)
        return BAD;
    step->point = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    step->took = 4;
    return 1;
}

static int take_four(const uint8_t *from, size_t size, struct step *step) {
    if (size < 3)
        return CUT;
    if (from[2] < 0x81 || from[2] > 0xFE)
        return BAD;
    if (size < 4)
        return CUT;
    if (from[3] < 0x30 || from[3] > 0x39)
        return BAD;
    uint32_t linear =
        ((from[0] - 0x81u) * 10 + (from[1] - 0x30u)) * 1260 + (from[2] - 0x81u) * 10 + (from[3] - 0x30u);
    if (linear >= 189000) {
        step->point = 0x10000 + linear - 189000;
        step->took = 4;
        return step->point <= 0x10FFFF ? 1 : BAD;
    }
    size_t low = 0, high = pf_charset_range_count; /* the last range that begins at or before linear */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (pf_charset_ranges[middle].linear <= linear)
            low = middle;
        else
            high = middle;
    }
    if (pf_charset_ranges[low].point == 0 && pf_charset_ranges[low].linear != 0)
        return BAD;
    step->point = pf_charset_ranges[low].point + (linear - pf_charset_ranges[low].linear);
    step->took = 4;
    return 1;
}

static int take_pair(const struct pf_charset *charset, const uint8_t *from, size_t size, struct step *step) {
    step->took = 1;
    size_t leads = charset->leads, skip = 0;
    if (size < 2)
        return CUT;
    if (charset->kind == PF_CHARSET_EUC_JP && from[0] == 0x8F) {
        if (size < 3)
            return CUT;
        leads++;
        skip = 1;
        if (from[1] < 0x80)
            return BAD;
    } else if (charset->kind == PF_CHARSET_GB18030 && from[1] >= 0x30 && from[1] <= 0x39) {
        int four = take_four(from, size, step);
        if (four == BAD)
            step->took = 1;
        return four;
    }
    const uint16_t *chunk = pf_charset_chunks[pf_charset_leads[leads][from[skip] - 128][from[skip + 1] >> 5]];
    uint32_t point = chunk[from[skip + 1] & 31];
    if (point == PF_POINT_NONE)
        return BAD;
    if (point >= 0xD800 && point < 0xE000) {
        step->second = pf_charset_wide[point - 0xD800][1];
        point = pf_charset_wide[point - 0xD800][0];
    }
    step->point = point;
    step->took = skip + 2;
    return 1;
}

static int take_character(const struct pf_charset *charset, const uint8_t *from, size_t size,
                          struct step *step) {
    step->second = 0;
    step->took = 1;
    if (charset->kind == PF_CHARSET_UTF8) {
        size_t n = pf_utf8_decode(from, size, &step->point);
        if (n == 0)
            return pf_utf8_cut(from, size) == size ? CUT : BAD;
        step->took = n;
        return 1;
    }
    if (charset->kind < PF_CHARSET_SINGLE)
        return take_unicode(charset, from, size, step);
    step->point = pf_charset_singles[charset->single][from[0]];
    if (step->point < PF_POINT_LEAD)
        return 1;
    return step->point == PF_POINT_NONE ? BAD : take_pair(charset, from, size, step);
}

/* Where a conversion stands. */
struct course {
    const uint8_t *in, *in_end;
    char *out, *out_end;
};

/* A code point of one to three bytes; writes four. */
static inline char *put_point(char *to, uint32_t point) {
    if (point < 0x80) {
        *to = (char)point;
        return to + 1;
    }
    if (point < 0x800) {
        pf_store16(to, (uint16_t)(0x80C0 | point >> 6 | (point & 0x3F) << 8));
        return to + 2;
    }
    pf_store32(to, 0x8080E0 | point >> 12 | (point >> 6 & 0x3F) << 8 | (point & 0x3F) << 16);
    return to + 3;
}

/* A pair of bytes that stands for one code point of the first plane; NONE: anything else. */
static inline uint32_t look_up_pair(const struct pf_charset *charset, const uint8_t *in) {
    const uint16_t *chunk = pf_charset_chunks[pf_charset_leads[charset->leads][in[0] - 128][in[1] >> 5]];
    uint32_t point = chunk[in[1] & 31];
    return point >= 0xD800 && point < 0xE000 ? PF_POINT_NONE : point;
}

/* As long as all is common: ASCII by eights, single bytes, pairs. Stops before what is not, and near the ends. */
static void run_bytes(const struct pf_charset *charset, struct course *c) {
    const uint16_t *table = pf_charset_singles[charset->single];
    const bool ascii = charset->ascii, pairs = charset->kind > PF_CHARSET_SINGLE;
    while (c->in_end - c->in >= 8 && c->out_end - c->out >= 32) {
        if (ascii) {
            uint64_t word = pf_load64(c->in), high = word & 0x8080808080808080u;
            pf_store64(c->out, word);
            size_t n = high ? (size_t)pf_ctz64(high) / 8 : 8;
            c->in += n;
            c->out += n;
            if (!high)
                continue;
        }
        for (int i = 0; i < 8 && c->in_end - c->in >= 2; i++) { /* a run of the others; 24 bytes at most */
            uint32_t point = table[*c->in];
            size_t took = 1;
            if (point == PF_POINT_LEAD && pairs) {
                point = look_up_pair(charset, c->in);
                took = 2;
            }
            if (point >= PF_POINT_LEAD)
                return;
            c->out = put_point(c->out, point);
            c->in += took;
            if (ascii && c->in < c->in_end && *c->in < 0x80)
                break;
        }
    }
}

/* The same for units of two bytes: ASCII by fours, and all but surrogates. */
static void run_units(bool little, struct course *c) {
    while (c->in_end - c->in >= 8 && c->out_end - c->out >= 16) {
        uint64_t word = pf_load64(c->in);
        if (!little)
            word = (word & 0x00FF00FF00FF00FFu) << 8 | (word >> 8 & 0x00FF00FF00FF00FFu);
        if (!(word & 0xFF80FF80FF80FF80u)) {
            word |= word >> 8;
            pf_store32(c->out, (uint32_t)((word & 0xFFFF) | (word >> 16 & 0xFFFF0000u)));
            c->in += 8;
            c->out += 4;
            continue;
        }
        for (int i = 0; i < 4; i++, word >>= 16) {
            uint32_t unit = word & 0xFFFF;
            if (unit >= 0xD800 && unit < 0xE000)
                return;
            c->out = put_point(c->out, unit);
            c->in += 2;
        }
    }
}

static void run_utf8(struct course *c) {
    size_t left = (size_t)(c->in_end - c->in), room = (size_t)(c->out_end - c->out);
    size_t n = pf_utf8_valid(c->in, left < room ? left : room);
    memcpy(c->out, c->in, n);
    c->in += n;
    c->out += n;
}

void pf_charset_convert(const struct pf_charset *charset, const uint8_t *from, size_t from_size,
                        size_t *from_used, char *to, size_t to_room, size_t *to_used, bool last,
                        struct pf_charset_bad *bad) {
    if (charset->kind == PF_CHARSET_ISO2022) {
        pf_charset_unshift(charset, from, from_size, from_used, to, to_room, to_used, last, bad);
        return;
    }
    struct course c = {from, from + from_size, to, to + to_room};
    bad->count = 0;
    bad->offset = -1;
    while (c.in < c.in_end && c.out_end - c.out >= MOST_ROOM) {
        if (charset->kind >= PF_CHARSET_SINGLE)
            run_bytes(charset, &c);
        else if (charset->kind == PF_CHARSET_UTF8)
            run_utf8(&c);
        else if (charset->unit == 2)
            run_units(charset->kind == PF_CHARSET_UTF16LE, &c);
        if (c.in == c.in_end || c.out_end - c.out < MOST_ROOM)
            break;
        struct step step;
        size_t left = (size_t)(c.in_end - c.in);
        int found = take_character(charset, c.in, left, &step);
        if (found == CUT && !last)
            break;
        if (found <= 0) {
            if (bad->count++ == 0)
                bad->offset = c.in - from;
            step = (struct step){REPLACEMENT, 0, found == CUT ? left : step.took};
        }
        c.out += pf_utf8_encode(step.point, c.out);
        if (step.second)
            c.out += pf_utf8_encode(step.second, c.out);
        c.in += step.took;
    }
    *from_used = (size_t)(c.in - from);
    *to_used = (size_t)(c.out - to);
}
