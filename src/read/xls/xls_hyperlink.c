/* xls_hyperlink.c — room read/xls. What the cells of a sheet link to.                SPDX-License-Identifier: MIT
 * Knows: HLink records, monikers of addresses and files, marks within a document.
 * Knows not: HYPERLINK formulas. Sources: [MS-XLS] 2.4.140 (HLink), [MS-OSHARED] 2.3.7.   Format: docs/formats/xls.md §Links */
#include <string.h>

#include "base/error.h"
#include "grid/grid_links.h"
#include "read/xls/xls_globals.h"
#include "read/xls/xls_sheet.h"

#define CLSID_BYTES     16
#define CHARACTERS_MOST 32768

/* Flags of a hyperlink object. */
#define HAS_MONIKER  0x001
#define HAS_LOCATION 0x008
#define HAS_NAME     0x010
#define HAS_FRAME    0x080
#define IS_TEXT      0x100 /* the moniker is saved as a string */

struct reading {
    struct pf_xls_place place;
    const struct pf_charset *wide, *narrow;
    struct pf_buf text; /* the address */
    struct pf_buf part;
};

static pf_status take32(struct reading *r, uint32_t *value, struct pf_error *err) {
    uint8_t bytes[4];
    PF_TRY(pf_xls_take(&r->place, bytes, sizeof bytes, err));
    *value = pf_load32(bytes);
    return PF_OK;
}

/* Characters up to a NUL, behind what is in `to`. */
static pf_status take_text(struct reading *r, uint32_t bytes, const struct pf_charset *charset,
                           struct pf_buf *to, struct pf_error *err) {
    if (bytes > 2 * CHARACTERS_MOST)
        return pf_fail_at(err, PF_BAD_DATA, -1, r->place.offset, "a link of %u bytes; the file is damaged",
                          bytes);
    r->part.size = 0;
    PF_TRY(pf_xls_bytes(&r->place, bytes, charset, &r->part, err));
    const void *end = r->part.size ? memchr(r->part.data, 0, r->part.size) : NULL;
    return pf_buf_put(to, r->part.data, end ? (size_t)((const uint8_t *)end - r->part.data) : r->part.size,
                      err);
}

/* A string with its count of characters in front; to NULL: it does not matter. */
static pf_status take_string(struct reading *r, struct pf_buf *to, struct pf_error *err) {
    uint32_t count;
    struct pf_buf none = {0};
    PF_TRY(take32(r, &count, err));
    pf_status status =
        take_text(r, count > CHARACTERS_MOST ? UINT32_MAX : 2 * count, r->wide, to ? to : &none, err);
    pf_buf_clear(&none);
    return status;
}

/* Up to the short name, which is the whole name where there is no long one. */
static pf_status take_file(struct reading *r, struct pf_error *err) {
    uint32_t size, bytes;
    uint8_t up[2];
    struct pf_buf name = {0};
    PF_TRY(pf_xls_take(&r->place, up, sizeof up, err));
    for (uint16_t i = pf_load16(up); i > 0 && i < 64; i--)
        PF_TRY(pf_buf_put(&r->text, "../", 3, err));
    PF_TRY(take32(r, &size, err));
    pf_status status = take_text(r, size, r->narrow, &name, err);
    if (status == PF_OK)
        status = pf_xls_skip(&r->place, 24, err); /* end of a server's name, version, reserved */
    if (status == PF_OK)
        status = take32(r, &bytes, err);
    if (status == PF_OK && bytes) {
        name.size = 0;
        status = take32(r, &size, err);
        if (status == PF_OK)
            status = pf_xls_skip(&r->place, 2, err);
        if (status == PF_OK)
            status = take_text(r, size, r->wide, &name, err);
    }
    if (status == PF_OK)
        status = pf_buf_put(&r->text, name.data, name.size, err);
    pf_buf_clear(&name);
    return status;
}

/* *known false: a moniker of another kind, whose end is not known. */
static pf_status take_moniker(struct reading *r, bool *known, struct pf_error *err) {
    static const uint8_t url[CLSID_BYTES] = {0xE0, 0xC9, 0xEA, 0x79, 0xF9, 0xBA, 0xCE, 0x11,
                                             0x8C, 0x82, 0x00, 0xAA, 0x00, 0x4B, 0xA9, 0x0B};
    static const uint8_t file[CLSID_BYTES] = {0x03, 0x03, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46};
    uint8_t kind[CLSID_BYTES];
    uint32_t size;
    PF_TRY(pf_xls_take(&r->place, kind, sizeof kind, err));
    *known = memcmp(kind, url, sizeof url) == 0 || memcmp(kind, file, sizeof file) == 0;
    if (!*known)
        return PF_OK;
    if (memcmp(kind, file, sizeof file) == 0)
        return take_file(r, err);
    PF_TRY(take32(r, &size, err));
    return take_text(r, size, r->wide, &r->text, err);
}

static pf_status take_link(struct reading *r, struct pf_grid_range *range, struct pf_error *err) {
    uint8_t head[8 + CLSID_BYTES + 4];
    uint32_t flags;
    bool known = true;
    PF_TRY(pf_xls_take(&r->place, head, sizeof head, err));
    *range = (struct pf_grid_range){pf_load16(head), pf_load16(head + 2), pf_load16(head + 4) & 0xFF,
                                    pf_load16(head + 6) & 0xFF};
    PF_TRY(take32(r, &flags, err));
    if (flags & HAS_NAME)
        PF_TRY(take_string(r, NULL, err));
    if (flags & HAS_FRAME)
        PF_TRY(take_string(r, NULL, err));
    if (flags & HAS_MONIKER)
        PF_TRY(flags & IS_TEXT ? take_string(r, &r->text, err) : take_moniker(r, &known, err));
    if (!known || !(flags & HAS_LOCATION))
        return PF_OK;
    PF_TRY(pf_buf_put(&r->text, "#", 1, err));
    return take_string(r, &r->text, err);
}

static pf_status read_links(struct pf_xls_stream *stream, struct reading *r, struct pf_grid_links *links,
                            struct pf_error *err) {
    struct pf_xls_record record;
    bool there = true;
    for (int depth = 0;;) {
        PF_TRY(pf_xls_next(stream, &record, &there, err));
        if (!there || (record.id == PF_XLS_EOF && --depth <= 0))
            return PF_OK;
        if (pf_xls_bof(&record).biff) {
            depth++;
        } else if (record.id == PF_XLS_HLINK && depth == 1) {
            struct pf_grid_range range;
            r->text.size = 0;
            r->place = pf_xls_place_in(stream, &record, 0);
            PF_TRY(take_link(r, &range, err));
            PF_TRY(pf_grid_links_add(links, &range, (struct pf_text){(const char *)r->text.data, r->text.size},
                                     err));
        }
    }
}

pf_status pf_xls_hyperlinks(void *self, int32_t sheet, struct pf_grid_links *links, struct pf_error *err) {
    struct pf_xls_book *book = self;
    struct pf_xls_stream stream;
    struct reading r = {.wide = pf_charset_find("utf-16le"), .narrow = book->charset};
    if (book->biff < 8)
        return PF_OK;
    if (!r.narrow)
        r.narrow = pf_charset_find("cp1252");
    pf_status status = pf_xls_stream_open(&stream, book->source, &book->lock, book->places[sheet].offset, err);
    if (status == PF_OK)
        status = read_links(&stream, &r, links, err);
    pf_xls_stream_clear(&stream);
    pf_buf_clear(&r.text);
    pf_buf_clear(&r.part);
    return status;
}
