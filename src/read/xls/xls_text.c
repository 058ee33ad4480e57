/* xls_text.c — room read/xls. Strings in records.                               SPDX-License-Identifier: MIT
 * Knows: CONTINUE, characters of one and two bytes, code pages.
 * Knows not: which record a string is in. Sources: [MS-XLS] 2.5.293 – 2.5.296, [MS-XLS] 2.4.52 (code pages).
 * Format: docs/formats/xls.md §Strings */
#include "read/xls/xls_text.h"

#include <stdio.h>

#include "base/error.h"
#include "base/utf8.h"

#define FLAG_WIDE     1u
#define FLAG_PHONETIC 4u
#define FLAG_RICH     8u

struct pf_xls_place pf_xls_place_in(struct pf_xls_stream *stream, const struct pf_xls_record *record,
                                    size_t skip) {
    size_t at = skip < record->size ? skip : record->size;
    return (struct pf_xls_place){stream, record->bytes + at, record->bytes + record->size, record->offset};
}

/* Into the next CONTINUE record. */
static pf_status move_on(struct pf_xls_place *place, struct pf_error *err) {
    struct pf_xls_record record = {0};
    uint16_t id = 0;
    bool there = false;
    PF_TRY(pf_xls_peek(place->stream, &id, err));
    if (id != PF_XLS_CONTINUE)
        return pf_fail_at(err, PF_BAD_DATA, -1, place->offset,
                          "a record of the workbook ends within its contents; get the file again");
    PF_TRY(pf_xls_next(place->stream, &record, &there, err));
    place->at = record.bytes;
    place->end = record.bytes + record.size;
    place->offset = record.offset;
    return PF_OK;
}

pf_status pf_xls_take(struct pf_xls_place *place, void *to, size_t count, struct pf_error *err) {
    uint8_t *out = to;
    for (size_t done = 0; done < count;) {
        if (place->at == place->end) {
            PF_TRY(move_on(place, err));
            continue;
        }
        out[done++] = *place->at++;
    }
    return PF_OK;
}

pf_status pf_xls_skip(struct pf_xls_place *place, size_t count, struct pf_error *err) {
    for (;;) {
        size_t left = (size_t)(place->end - place->at), part = count < left ? count : left;
        place->at += part;
        count -= part;
        if (count == 0)
            return PF_OK;
        PF_TRY(move_on(place, err));
    }
}

/* ---- characters ---- */

static uint8_t *put_point(uint8_t *to, uint32_t point) { return to + pf_utf8_encode(point, (char *)to); }

/* count characters of one byte (the low half of UTF-16). to has room for twice as many bytes. */
static uint8_t *put_narrow(uint8_t *to, const uint8_t *from, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (from[i] < 0x80) {
            *to++ = from[i];
        } else {
            *to++ = (uint8_t)(0xC0 | from[i] >> 6);
            *to++ = (uint8_t)(0x80 | (from[i] & 0x3F));
        }
    }
    return to;
}

/* *high: a high surrogate that waits for its other half. to has room for three bytes a unit and three more. */
static uint8_t *put_wide(uint8_t *to, const uint8_t *from, size_t count, uint32_t *high) {
    for (size_t i = 0; i < count; i++) {
        uint32_t unit = pf_load16(from + 2 * i);
        if (unit < 0x80 && *high == 0) {
            *to++ = (uint8_t)unit;
            continue;
        }
        bool low = unit >> 10 == 0x37;
        if (*high && low) {
            to = put_point(to, 0x10000 + ((*high & 0x3FF) << 10) + (unit & 0x3FF));
            *high = 0;
            continue;
        }
        if (*high)
            to = put_point(to, 0xFFFD);
        *high = unit >> 10 == 0x36 ? unit : 0;
        if (*high == 0)
            to = put_point(to, low ? 0xFFFD : unit);
    }
    return to;
}

static pf_status take_chars(struct pf_xls_place *place, uint32_t count, bool wide, struct pf_buf *out,
                            struct pf_error *err) {
    uint32_t high = 0;
    while (count > 0) {
        uint8_t flags = 0;
        if (place->at == place->end) {
            PF_TRY(move_on(place, err));
            if (place->at == place->end)
                continue;
            PF_TRY(pf_xls_take(place, &flags, 1, err));
            wide = flags & FLAG_WIDE;
            continue;
        }
        size_t left = (size_t)(place->end - place->at) / (wide ? 2 : 1), part = left < count ? left : count;
        if (part == 0) {
            place->at = place->end; /* half a character: the next record begins with its flags all the same */
            continue;
        }
        PF_TRY(pf_buf_reserve(out, 3 * part + 3, err));
        uint8_t *to = out->data + out->size;
        to = wide ? put_wide(to, place->at, part, &high) : put_narrow(to, place->at, part);
        out->size = (size_t)(to - out->data);
        place->at += wide ? 2 * part : part;
        count -= (uint32_t)part;
    }
    return high ? pf_buf_put(out, "\xEF\xBF\xBD", 3, err) : PF_OK;
}

pf_status pf_xls_unicode(struct pf_xls_place *place, uint32_t count, bool rich, struct pf_buf *out,
                         struct pf_error *err) {
    uint8_t flags = 0, number[4];
    uint64_t behind = 0; /* runs and phonetic text */
    PF_TRY(pf_xls_take(place, &flags, 1, err));
    if (rich && (flags & FLAG_RICH)) {
        PF_TRY(pf_xls_take(place, number, 2, err));
        behind += 4 * (uint64_t)pf_load16(number);
    }
    if (rich && (flags & FLAG_PHONETIC)) {
        PF_TRY(pf_xls_take(place, number, 4, err));
        behind += pf_load32(number);
    }
    PF_TRY(take_chars(place, count, flags & FLAG_WIDE, out, err));
    return behind ? pf_xls_skip(place, behind, err) : PF_OK;
}

/* ---- code pages ---- */

static pf_status convert(const struct pf_charset *charset, const uint8_t *from, size_t size, struct pf_buf *out,
                         struct pf_error *err) {
    struct pf_charset_bad bad = {0, -1};
    for (size_t done = 0, used = 0, made = 0; done < size; done += used) {
        PF_TRY(pf_buf_reserve(out, 4 * (size - done) + 16, err));
        pf_charset_convert(charset, from + done, size - done, &used, (char *)out->data + out->size,
                           out->room - out->size, &made, true, &bad);
        out->size += made;
        if (used == 0)
            break;
    }
    return PF_OK;
}

pf_status pf_xls_bytes(struct pf_xls_place *place, uint32_t count, const struct pf_charset *charset,
                       struct pf_buf *out, struct pf_error *err) {
    struct pf_buf whole = {0};
    if (count <= (size_t)(place->end - place->at)) {
        const uint8_t *from = place->at;
        place->at += count;
        return convert(charset, from, count, out, err);
    }
    pf_status status = pf_buf_reserve(&whole, count, err);
    if (status == PF_OK)
        status = pf_xls_take(place, whole.data, count, err);
    if (status == PF_OK)
        status = convert(charset, whole.data, count, out, err);
    pf_buf_clear(&whole);
    return status;
}

pf_status pf_xls_string(struct pf_xls_place *place, int size_bytes, int biff, const struct pf_charset *charset,
                        struct pf_buf *out, struct pf_error *err) {
    uint8_t number[2] = {0};
    PF_TRY(pf_xls_take(place, number, (size_t)size_bytes, err));
    uint32_t count = pf_load16(number);
    return biff >= 8 ? pf_xls_unicode(place, count, false, out, err)
                     : pf_xls_bytes(place, count, charset, out, err);
}

const struct pf_charset *pf_xls_charset(uint32_t code_page) {
    static const struct {
        uint32_t page;
        const char *name;
    } odd[] = {{367, "cp1252"},       {932, "cp932"},         {936, "gb18030"},       {949, "cp949"},
               {1361, "johab"},       {10000, "mac-roman"},   {10006, "mac-greek"},   {10007, "mac-cyrillic"},
               {10029, "mac-latin2"}, {10079, "mac-iceland"}, {10081, "mac-turkish"}, {32768, "mac-roman"},
               {32769, "cp1252"},     {65000, "cp1252"},      {65001, "utf-8"}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (odd[i].page == code_page)
            return pf_charset_find(odd[i].name);
    char name[16];
    snprintf(name, sizeof name, "cp%u", code_page % 100000);
    return pf_charset_find(name);
}
