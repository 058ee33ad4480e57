/* csv_text.c — room read/csv. A block's bytes to UTF-8 text, and the way back.   SPDX-License-Identifier: MIT
 * Knows: charsets, repairs, NUL characters left out.
 * Knows not: records, files.                                Format: docs/formats/csv.md §Bytes and text */
#include "read/csv/csv_text.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"

#define PIECE     4096 /* bytes of text made at once on the way back */
#define MOST_STEP 16   /* bytes of input that make one character */

/* One character at raw, fed byte by byte so that not more than one is taken. */
static size_t make_one(const struct pf_charset *charset, const uint8_t *raw, size_t size, bool last, char *to,
                       size_t *used, bool *bad) {
    for (size_t n = 1; n <= size && n <= MOST_STEP; n++) {
        char out[64];
        size_t made;
        struct pf_charset_bad found;
        pf_charset_convert(charset, raw, n, used, out, sizeof out, &made, last && n == size, &found);
        if (made == 0 && *used == 0)
            continue;
        memcpy(to, out, made);
        *bad = found.count > 0;
        return made;
    }
    *used = 0;
    return 0;
}

/* Whole characters at the front of raw, at most room bytes of text (one character may be more than a small
 * room). *used 0: the rest is a character cut short. *bad: the last thing written is a U+FFFD for a bad one. */
static size_t make_some(const struct pf_charset *charset, const uint8_t *raw, size_t size, bool last, char *to,
                        size_t room, size_t *used, bool *bad) {
    *bad = false;
    if (pf_charset_is_utf8(charset)) {
        size_t n = pf_utf8_valid(raw, size < room ? size : room);
        uint32_t point;
        if (n == 0)
            n = pf_utf8_decode(raw, size, &point);
        *used = n;
        if (n) {
            memcpy(to, raw, n);
            return n;
        }
        if (!last && pf_utf8_cut(raw, size) == size)
            return 0;
        *used = 1;
        *bad = true;
        memcpy(to, "\xEF\xBF\xBD", 3);
        return 3;
    }
    if (room < 64)
        return make_one(charset, raw, size, last, to, used, bad);
    size_t made;
    struct pf_charset_bad found;
    pf_charset_convert(charset, raw, size, used, to, room, &made, last, &found);
    if (found.count == 0)
        return made;
    if (found.offset == 0)
        return make_one(charset, raw, size, last, to, used, bad);
    pf_charset_convert(charset, raw, (size_t)found.offset, used, to, room, &made, true, &found);
    return made;
}

static size_t strip_nuls(char *text, size_t size) {
    char *nul = size ? memchr(text, 0, size) : NULL;
    if (!nul)
        return 0;
    char *to = nul;
    for (const char *from = nul; from < text + size; from++)
        if (*from)
            *to++ = *from;
    return (size_t)(text + size - to);
}

static pf_status note_bad(struct pf_csv_text *text, size_t place, struct pf_error *err) {
    if (text->bad_count == text->bad_room) {
        size_t room = text->bad_room ? 2 * text->bad_room : 16;
        size_t *grown = pf_mem_grow(text->bad, room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, room * sizeof *grown);
        text->bad = grown;
        text->bad_room = room;
    }
    text->bad[text->bad_count++] = place;
    return PF_OK;
}

pf_status pf_csv_text_make(const struct pf_csv_text_rule *rule, const uint8_t *raw, size_t size,
                           struct pf_csv_text *text, struct pf_error *err) {
    text->bad_count = 0;
    text->nuls = 0;
    text->same = pf_charset_is_utf8(rule->charset) && pf_utf8_valid(raw, size) == size &&
                 !(rule->strip_nul && size && memchr(raw, 0, size));
    text->at = (const char *)raw;
    text->size = size;
    if (text->same)
        return PF_OK;
    struct pf_buf *buf = &text->made;
    buf->size = 0;
    PF_TRY(pf_buf_reserve(buf, PF_CSV_FRONT + size + size / 4 + PF_CSV_AFTER, err));
    buf->size = PF_CSV_FRONT;
    for (size_t at = 0, used; at < size; at += used) {
        size_t room = buf->room - buf->size;
        if (room < 256 + PF_CSV_AFTER) {
            PF_TRY(pf_buf_reserve(buf, 256 + PF_CSV_AFTER + (size - at) / 2, err));
            room = buf->room - buf->size;
        }
        bool bad;
        char *to = (char *)buf->data + buf->size;
        size_t made = make_some(rule->charset, raw + at, size - at, true, to, room - PF_CSV_AFTER, &used, &bad);
        if (used == 0)
            return pf_fail(err, PF_INTERNAL, "the charset %s does not go on; please report this",
                           pf_charset_name(rule->charset));
        size_t nuls = rule->strip_nul ? strip_nuls(to, made) : 0;
        text->nuls += (int64_t)nuls;
        if (bad)
            PF_TRY(note_bad(text, buf->size - PF_CSV_FRONT, err));
        buf->size += made - nuls;
    }
    memset(buf->data + buf->size, 0, PF_CSV_AFTER);
    text->at = (const char *)buf->data + PF_CSV_FRONT;
    text->size = buf->size - PF_CSV_FRONT;
    return PF_OK;
}

void pf_csv_text_clear(struct pf_csv_text *text) {
    pf_buf_clear(&text->made);
    pf_mem_free(text->bad);
    memset(text, 0, sizeof *text);
}

size_t pf_csv_text_back(const struct pf_csv_text_rule *rule, const uint8_t *raw, size_t size, size_t place,
                        struct pf_csv_way *way) {
    char scratch[PIECE];
    while (way->text < place && way->raw < size) {
        size_t room = place - way->text < PIECE ? place - way->text : PIECE, used;
        bool bad;
        size_t made =
            make_some(rule->charset, raw + way->raw, size - way->raw, true, scratch, room, &used, &bad);
        if (used == 0)
            break;
        way->raw += used;
        way->text += made - (rule->strip_nul ? strip_nuls(scratch, made) : 0);
    }
    return way->raw;
}

pf_status pf_csv_text_append(const struct pf_csv_text_rule *rule, const uint8_t *raw, size_t size, bool last,
                             size_t *used, struct pf_buf *out, struct pf_error *err) {
    *used = 0;
    while (*used < size) {
        PF_TRY(pf_buf_reserve(out, 256 + (size - *used) + (size - *used) / 4 + PF_CSV_AFTER, err));
        size_t taken, room = out->room - out->size - PF_CSV_AFTER;
        bool bad;
        char *to = (char *)out->data + out->size;
        size_t made = make_some(rule->charset, raw + *used, size - *used, last, to, room, &taken, &bad);
        if (taken == 0)
            break;
        *used += taken;
        out->size += made - (rule->strip_nul ? strip_nuls(to, made) : 0);
    }
    PF_TRY(pf_buf_reserve(out, PF_CSV_AFTER, err));
    memset(out->data + out->size, 0, PF_CSV_AFTER);
    return PF_OK;
}

static bool makes(const struct pf_charset *charset, const uint8_t *raw, size_t size, const char *text) {
    char to[64];
    size_t used, made;
    struct pf_charset_bad bad;
    pf_charset_convert(charset, raw, size, &used, to, sizeof to, &made, true, &bad);
    return bad.count == 0 && made == strlen(text) && memcmp(to, text, made) == 0;
}

bool pf_csv_text_transparent(const struct pf_charset *charset, const char *signs) {
    if (pf_charset_is_utf8(charset))
        return true;
    static const uint8_t shifted[] = {0x1B, '$', 'B', '0',
                                      '1'}; /* as in ISO-2022: no byte means what it says */
    if (pf_charset_unit(charset) != 1 || !makes(charset, shifted, sizeof shifted, "\x1B$B01"))
        return false;
    for (int c = 1; c < 0x80; c++) {
        uint8_t raw[1] = {(uint8_t)c};
        char text[2] = {(char)c, 0};
        bool sign = c == '\n' || c == '\r' || strchr(signs, c) != NULL;
        if (sign && !makes(charset, raw, 1, text))
            return false;
        for (int lead = 0x80; sign && lead <= 0xFF; lead++) {
            uint8_t pair[4] = {(uint8_t)lead, (uint8_t)c, 0x81, 0x30}; /* GB18030 goes on behind a digit */
            for (size_t n = 2; n <= 4; n += 2) {
                size_t used, made;
                char to[64];
                struct pf_charset_bad bad;
                pf_charset_convert(charset, pair, n, &used, to, sizeof to, &made, true, &bad);
                if (!memchr(to, c, made))
                    return false;
            }
        }
    }
    return true;
}

size_t pf_csv_end_signs(const struct pf_charset *charset, const uint8_t *raw, size_t size) {
    size_t signs = 0;
    if (pf_charset_unit(charset) > 1)
        return 0;
    while (signs < size && raw[size - 1 - signs] == 0x1A)
        signs++;
    return signs;
}
