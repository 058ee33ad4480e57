/* xls_links.c — room read/xls. What formulas name by numbers: sheets, names, other books.  SPDX-License-Identifier: MIT
 * Knows: SUPBOOK, EXTERNSHEET, EXTERNNAME, NAME of BIFF2–8.
 * Knows not: tokens. Sources: [MS-XLS] 2.4.105, 2.4.106, 2.4.150, 2.4.271, 2.5.277 (VirtualPath); for BIFF2–5
 * OpenOffice.org's Documentation of the Microsoft Excel File Format 4.10, 5.33, 5.39, 5.41. Format: docs/formats/xls.md §Formulas */
#include "read/xls/xls_links.h"

#include "base/error.h"
#include "read/xls/xls_globals.h"

#define OWN_SHEETS     0x0401 /* in place of a path's length */
#define ADDIN          0x3A01
#define FLAG_BUILTIN   0x0020u
#define EXTERN_BUILTIN 0x0001u
#define EXTERN_LINKED  0x001Au /* DDE, OLE */

struct reading {
    struct pf_xls_book *book;
    struct pf_xls_stream *stream;
    struct pf_ptg_links links;
    struct pf_buf text;
    uint32_t old_sheets; /* records of BIFF2–5 */
};

static struct pf_text text_of(const struct reading *r) {
    return (struct pf_text){(const char *)r->text.data, r->text.size};
}

/* A string behind its length of size_bytes. */
static pf_status take_text(struct reading *r, struct pf_xls_place *place, int size_bytes,
                           struct pf_error *err) {
    r->text.size = 0;
    return pf_xls_string(place, size_bytes, r->book->biff, r->book->charset, &r->text, err);
}

/* ---- books and their sheets ---- */

static enum pf_ptg_book_kind kind_of_path(struct pf_text path) {
    if (path.size == 1 && (path.at[0] == 0 || path.at[0] == ' '))
        return PF_PTG_NOTHING;
    return path.size && memchr(path.at, 3, path.size) ? PF_PTG_STRANGE : PF_PTG_WORKBOOK;
}

static pf_status take_book(struct reading *r, const struct pf_xls_record *record, struct pf_error *err) {
    if (record->size < 4)
        return pf_ptg_add_book(&r->links, PF_PTG_NOTHING, err);
    uint32_t sheets = pf_load16(record->bytes), length = pf_load16(record->bytes + 2);
    if (length == OWN_SHEETS || length == ADDIN)
        return pf_ptg_add_book(&r->links, length == ADDIN ? PF_PTG_ADDIN : PF_PTG_OWN, err);
    struct pf_xls_place place = pf_xls_place_in(r->stream, record, 2);
    pf_status status = take_text(r, &place, 2, err);
    PF_TRY(pf_ptg_add_book(&r->links, status == PF_OK ? kind_of_path(text_of(r)) : PF_PTG_NOTHING, err));
    for (uint32_t i = 0; i < sheets && status == PF_OK; i++) {
        status = take_text(r, &place, 2, err);
        if (status == PF_OK)
            status = pf_ptg_add_sheet_name(&r->links, text_of(r), err);
    }
    return status;
}

/* Until BIFF5 each sheet of another book has a record, and stands for a book with names of its own. The name begins with
 * a letter that tells what it is. */
static pf_status take_old_sheet(struct reading *r, const struct pf_xls_record *record, struct pf_error *err) {
    uint8_t letter = record->size >= 2 ? record->bytes[1] : 0;
    enum pf_ptg_book_kind kind = letter == 0x3A               ? PF_PTG_ADDIN
                                 : letter >= 2 && letter <= 4 ? PF_PTG_OWN
                                                              : PF_PTG_STRANGE;
    PF_TRY(pf_ptg_add_book(&r->links, kind, err));
    return pf_ptg_add_reference(&r->links, r->old_sheets++, PF_PTG_NO_SHEET, PF_PTG_NO_SHEET, err);
}

static pf_status take_sheets(struct reading *r, const struct pf_xls_record *record, struct pf_error *err) {
    if (r->book->biff < 8)
        return take_old_sheet(r, record, err);
    struct pf_xls_place place = pf_xls_place_in(r->stream, record, 0);
    uint8_t bytes[6];
    PF_TRY(pf_xls_take(&place, bytes, 2, err));
    for (uint32_t left = pf_load16(bytes); left > 0; left--) {
        PF_TRY(pf_xls_take(&place, bytes, sizeof bytes, err));
        PF_TRY(pf_ptg_add_reference(&r->links, pf_load16(bytes), (int16_t)pf_load16(bytes + 2),
                                    (int16_t)pf_load16(bytes + 4), err));
    }
    return PF_OK;
}

/* ---- names ---- */

/* The one letter of a built-in name in place of its name. */
static void resolve(struct pf_text *name, bool builtin) {
    const char *known = builtin && name->size == 1 ? pf_ptg_builtin((uint8_t)name->at[0]) : NULL;
    if (known)
        *name = pf_text_of(known);
}

static pf_status take_extern_name(struct reading *r, const struct pf_xls_record *record, struct pf_error *err) {
    uint32_t flags = record->size >= 4 ? pf_load16(record->bytes) : EXTERN_LINKED;
    int32_t sheet = record->size >= 4 ? pf_load16(record->bytes + 2) : 0;
    struct pf_xls_place place = pf_xls_place_in(r->stream, record, 6);
    pf_status status = take_text(r, &place, 1, err);
    struct pf_text name = text_of(r);
    resolve(&name, flags & EXTERN_BUILTIN);
    PF_TRY(pf_ptg_add_extern_name(&r->links, name, sheet ? sheet - 1 : PF_PTG_NO_SHEET,
                                  status == PF_OK && !(flags & EXTERN_LINKED), err));
    return status;
}

static pf_status take_name(struct reading *r, const struct pf_xls_record *record, struct pf_error *err) {
    const uint8_t *bytes = record->bytes;
    int biff = r->book->biff;
    size_t head = biff >= 5 ? 14 : biff >= 3 ? 6 : 5;
    bool whole = record->size >= head;
    bool builtin = whole && (biff >= 3 ? pf_load16(bytes) : bytes[0]) & FLAG_BUILTIN;
    int32_t owner = whole && biff >= 5 ? pf_load16(bytes + 8) : 0;
    pf_status status = PF_OK;
    r->text.size = 0;
    if (whole) {
        struct pf_xls_place place = pf_xls_place_in(r->stream, record, head);
        status = biff >= 8 ? pf_xls_unicode(&place, bytes[3], false, &r->text, err)
                           : pf_xls_bytes(&place, bytes[3], r->book->charset, &r->text, err);
    }
    struct pf_text name = status == PF_OK ? text_of(r) : (struct pf_text){0};
    resolve(&name, builtin);
    PF_TRY(pf_ptg_add_name(&r->links, name, owner ? owner - 1 : PF_PTG_NO_SHEET, err));
    return status;
}

/* ---- the globals ---- */

static pf_status take_record(struct reading *r, const struct pf_xls_record *record, struct pf_error *err) {
    switch (record->id) {
    case PF_XLS_SUPBOOK: return take_book(r, record, err);
    case PF_XLS_EXTERN_SHEET: return take_sheets(r, record, err);
    case PF_XLS_EXTERN_NAME: return r->book->biff >= 5 ? take_extern_name(r, record, err) : PF_OK;
    case PF_XLS_NAME:
    case PF_XLS_NAME3: return take_name(r, record, err);
    default: return PF_OK;
    }
}

static pf_status read_globals(struct reading *r, struct pf_error *err) {
    struct pf_xls_record record;
    bool there = true;
    for (int depth = 0;;) {
        PF_TRY(pf_xls_next(r->stream, &record, &there, err));
        if (!there || (record.id == PF_XLS_EOF && --depth <= 0))
            return PF_OK;
        depth += pf_xls_bof(&record).biff != 0;
        pf_status status = depth == 1 ? take_record(r, &record, err) : PF_OK;
        if (status != PF_OK && status != PF_BAD_DATA)
            return status;
    }
}

static enum pf_ptg_version version_of(int biff) {
    return biff >= 8   ? PF_PTG_BIFF8
           : biff == 5 ? PF_PTG_BIFF5
           : biff == 4 ? PF_PTG_BIFF4
           : biff == 3 ? PF_PTG_BIFF3
                       : PF_PTG_BIFF2;
}

static pf_status read_links(struct pf_xls_book *book, struct pf_error *err) {
    struct pf_xls_stream stream;
    struct reading r = {.book = book, .stream = &stream};
    r.links.version = version_of(book->biff);
    r.links.charset = book->charset;
    r.links.sheets = book->sheets;
    r.links.sheet_count = (int32_t)book->sheet_count;
    PF_TRY(pf_xls_stream_open(&stream, book->source, &book->lock, 0, err));
    pf_status status = read_globals(&r, err);
    pf_xls_stream_clear(&stream);
    pf_buf_clear(&r.text);
    if (status != PF_OK)
        pf_ptg_links_clear(&r.links);
    else
        book->links = r.links;
    return status;
}

pf_status pf_xls_links_need(struct pf_xls_book *book, struct pf_error *err) {
    pf_status status = PF_OK;
    pf_mutex_lock(&book->mutex);
    if (!book->has_links)
        status = read_links(book, err);
    book->has_links |= status == PF_OK;
    pf_mutex_unlock(&book->mutex);
    return status;
}
