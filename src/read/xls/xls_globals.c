/* xls_globals.c — room read/xls. The records of a workbook's globals.           SPDX-License-Identifier: MIT
 * Knows: BOF, CODEPAGE, DATEMODE, FILEPASS, FORMAT, XF, BOUNDSHEET, SHEETHDR, SST.
 * Knows not: cells. Sources: [MS-XLS] 2.4.21, .52, .77, .117, .126, .353, .28, .265; for BIFF2–5 OpenOffice.org's
 * Documentation of the Microsoft Excel File Format 5. Format: docs/formats/xls.md §Globals */
#include "read/xls/xls_globals.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "read/xls/xls_names.h"

#define STATE_MASK 3

struct pf_xls_bof pf_xls_bof(const struct pf_xls_record *record) {
    struct pf_xls_bof bof = {0};
    if (record->size < 4)
        return bof;
    uint16_t version = pf_load16(record->bytes);
    bof.kind = pf_load16(record->bytes + 2);
    switch (record->id) {
    case PF_XLS_BOF2: bof.biff = 2; break;
    case PF_XLS_BOF3: bof.biff = 3; break;
    case PF_XLS_BOF4: bof.biff = 4; break;
    case PF_XLS_BOF:
        bof.biff = version == 0x0600    ? 8
                   : version == 0x0500  ? 5
                   : version == 0x0400  ? 4
                   : version == 0x0300  ? 3
                   : version == 0x0200  ? 2
                   : record->size >= 16 ? 8
                                        : 5;
        break;
    default: break;
    }
    return bof;
}

static pf_status grow(void **items, uint32_t count, uint32_t *room, size_t size, struct pf_error *err) {
    if (count < *room)
        return PF_OK;
    uint32_t wider = *room ? *room * 2 : 64;
    void *grown = pf_mem_grow(*items, wider * size);
    if (!grown)
        return pf_fail_memory(err, wider * size);
    *items = grown;
    *room = wider;
    return PF_OK;
}

/* ---- formats ---- */

static pf_status set_code(struct pf_xls_book *book, uint32_t id, struct pf_grid_format format,
                          struct pf_error *err) {
    while (book->code_count <= id) {
        void *at = book->codes;
        PF_TRY(grow(&at, book->code_count, &book->code_room, sizeof *book->codes, err));
        book->codes = at;
        PF_TRY(pf_grid_codes_builtin(&book->texts, book->code_count, &book->codes[book->code_count], err));
        book->code_count++;
    }
    book->codes[id] = format;
    return PF_OK;
}

/* Until BIFF4 formats are counted; later they have a number. */
static pf_status take_format(struct pf_xls_book *book, struct pf_xls_stream *stream,
                             const struct pf_xls_record *record, struct pf_error *err) {
    struct pf_buf text = {0};
    size_t skip = record->id == PF_XLS_FORMAT ? 2 : 0;
    if (record->size < skip + 1)
        return PF_OK;
    uint32_t id = book->biff >= 5 ? pf_load16(record->bytes) : book->code_count;
    struct pf_xls_place place = pf_xls_place_in(stream, record, skip);
    pf_status status = pf_xls_string(&place, book->biff >= 8 ? 2 : 1, book->biff, book->charset, &text, err);
    struct pf_grid_format format = {0};
    if (status == PF_OK)
        status = pf_grid_codes_parse(&book->texts, text.data ? (const char *)text.data : "", text.size, &format,
                                     err);
    if (status == PF_OK)
        status = set_code(book, id, format, err);
    pf_buf_clear(&text);
    return status;
}

static pf_status take_style(struct pf_xls_book *book, const struct pf_xls_record *record,
                            struct pf_error *err) {
    uint16_t code = 0;
    const uint8_t *at = record->bytes;
    if (record->id == PF_XLS_XF5)
        code = record->size >= 4 ? pf_load16(at + 2) : 0;
    else if (record->id == PF_XLS_XF2)
        code = record->size >= 3 ? at[2] & 0x3F : 0;
    else
        code = record->size >= 2 ? at[1] : 0;
    void *items = book->style_codes;
    PF_TRY(grow(&items, book->style_count, &book->style_room, sizeof *book->style_codes, err));
    book->style_codes = items;
    book->style_codes[book->style_count++] = code;
    return PF_OK;
}

/* ---- sheets ---- */

static pf_status add_sheet(struct pf_xls_book *book, int64_t offset, struct pf_buf *name, int state, int kind,
                           struct pf_error *err) {
    uint32_t room = book->sheet_room;
    void *sheets = book->sheets, *places = book->places;
    PF_TRY(grow(&sheets, book->sheet_count, &room, sizeof *book->sheets, err));
    book->sheets = sheets;
    PF_TRY(grow(&places, book->sheet_count, &book->sheet_room, sizeof *book->places, err));
    book->places = places;
    const char *text = pf_arena_text(&book->names, name->data ? (const char *)name->data : "", name->size);
    if (!text)
        return pf_fail_memory(err, name->size + 1);
    book->places[book->sheet_count] = (struct pf_xls_sheet){.offset = offset, .style_base = book->style_count};
    book->sheets[book->sheet_count++] =
        (struct pf_grid_sheet){.name = text, .state = (uint8_t)state, .kind = (uint8_t)kind};
    return PF_OK;
}

static pf_status take_bound_sheet(struct pf_xls_book *book, struct pf_xls_stream *stream,
                                  const struct pf_xls_record *record, struct pf_error *err) {
    struct pf_buf name = {0};
    if (record->size < 7)
        return pf_fail_at(err, PF_BAD_DATA, -1, record->offset,
                          "the record that names a sheet is cut short; get the file again");
    int64_t offset = pf_load32(record->bytes);
    int state = record->bytes[4] & STATE_MASK, type = record->bytes[5];
    int kind = type == 0   ? PF_SHEET_GRID
               : type == 1 ? PF_SHEET_MACRO
               : type == 2 ? PF_SHEET_CHART
                           : PF_SHEET_MODULE;
    struct pf_xls_place place = pf_xls_place_in(stream, record, 6);
    pf_status status = pf_xls_string(&place, 1, book->biff, book->charset, &name, err);
    if (status == PF_OK)
        status =
            add_sheet(book, offset, &name, state > PF_SHEET_VERY_HIDDEN ? PF_SHEET_HIDDEN : state, kind, err);
    pf_buf_clear(&name);
    if (status == PF_OK)
        book->places[book->sheet_count - 1].style_base = 0;
    return status;
}

/* In a BIFF4 workbook each sheet stands behind a record with its size and name. */
static pf_status take_sheet_head(struct pf_xls_book *book, struct pf_xls_stream *stream,
                                 const struct pf_xls_record *record, struct pf_error *err) {
    struct pf_buf name = {0};
    int64_t offset = record->offset + PF_XLS_HEAD + record->size;
    struct pf_xls_place place = pf_xls_place_in(stream, record, 4);
    pf_status status = pf_xls_string(&place, 1, book->biff, book->charset, &name, err);
    if (status == PF_OK)
        status = add_sheet(book, offset, &name, PF_SHEET_VISIBLE, PF_SHEET_GRID, err);
    pf_buf_clear(&name);
    return status;
}

/* ---- shared strings ---- */

static pf_status add_offset(struct pf_xls_book *book, uint64_t offset, struct pf_error *err) {
    if (book->strings.count + 2 > book->offset_room) {
        uint64_t room = book->offset_room ? book->offset_room * 2 : 256;
        uint64_t *offsets = pf_mem_grow(book->offsets, room * sizeof *offsets);
        if (!offsets)
            return pf_fail_memory(err, room * sizeof *offsets);
        book->offsets = offsets;
        book->offset_room = room;
    }
    book->offsets[book->strings.count + 1] = offset;
    return PF_OK;
}

static pf_status is_over(struct pf_xls_place *place, bool *over, struct pf_error *err) {
    uint16_t id = PF_XLS_CONTINUE;
    *over = false;
    if (place->at < place->end)
        return PF_OK;
    PF_TRY(pf_xls_peek(place->stream, &id, err));
    *over = id != PF_XLS_CONTINUE;
    return PF_OK;
}

/* The counts in front are often wrong: strings are read as long as there are some. */
static pf_status take_strings(struct pf_xls_book *book, struct pf_xls_stream *stream,
                              const struct pf_xls_record *record, struct pf_error *err) {
    struct pf_xls_place place = pf_xls_place_in(stream, record, 4);
    uint8_t number[4];
    PF_TRY(pf_xls_take(&place, number, 4, err));
    uint32_t promised = pf_load32(number);
    PF_TRY(add_offset(book, book->text.size, err));
    book->offsets[0] = book->text.size;
    for (bool over = false; book->strings.count < promised; book->strings.count++) {
        PF_TRY(is_over(&place, &over, err));
        if (over)
            break;
        PF_TRY(pf_xls_take(&place, number, 2, err));
        PF_TRY(pf_xls_unicode(&place, pf_load16(number), true, &book->text, err));
        PF_TRY(add_offset(book, book->text.size, err));
    }
    return PF_OK;
}

/* ---- all records ---- */

static pf_status take_record(struct pf_xls_book *book, struct pf_xls_stream *stream,
                             const struct pf_xls_record *record, const char *password, struct pf_error *err) {
    switch (record->id) {
    case PF_XLS_CODE_PAGE:
        if (record->size >= 2 && pf_load16(record->bytes) != book->code_page) {
            book->code_page = pf_load16(record->bytes);
            const struct pf_charset *charset = pf_xls_charset(book->code_page);
            book->charset = charset ? charset : book->charset;
        }
        return PF_OK;
    case PF_XLS_DATEMODE: book->date1904 = record->size >= 2 && pf_load16(record->bytes) == 1; return PF_OK;
    case PF_XLS_FILE_PASS:
        return pf_xls_unlock(record->bytes, record->size, book->biff, password, &book->lock, err);
    case PF_XLS_FORMAT2:
    case PF_XLS_FORMAT: return take_format(book, stream, record, err);
    case PF_XLS_XF2:
    case PF_XLS_XF3:
    case PF_XLS_XF4:
    case PF_XLS_XF5: return take_style(book, record, err);
    case PF_XLS_BOUND_SHEET: return book->biff >= 5 ? take_bound_sheet(book, stream, record, err) : PF_OK;
    case PF_XLS_SST: return book->strings.count == 0 ? take_strings(book, stream, record, err) : PF_OK;
    default: return pf_xls_names_take(book, stream, record, err);
    }
}

static pf_status read_stream(struct pf_xls_book *book, struct pf_xls_stream *stream, const char *password,
                             struct pf_error *err) {
    struct pf_xls_record record;
    bool there = false;
    PF_TRY(pf_xls_next(stream, &record, &there, err));
    struct pf_xls_bof bof = there ? pf_xls_bof(&record) : (struct pf_xls_bof){0};
    if (bof.biff == 0)
        return pf_fail_at(err, PF_BAD_DATA, -1, 0,
                          "the workbook does not begin with a BOF record; get the file again");
    book->biff = bof.biff;
    bool globals = bof.kind == PF_XLS_GLOBALS || bof.kind == PF_XLS_WORKSPACE;
    if (!globals) /* Excel until version 4: one sheet, and its formats before its cells */
        PF_TRY(add_sheet(book, 0, &(struct pf_buf){.data = (uint8_t[]){"Sheet1"}, .size = 6}, PF_SHEET_VISIBLE,
                         bof.kind == PF_XLS_CHART ? PF_SHEET_CHART : PF_SHEET_GRID, err));
    for (int depth = 1; depth > 0;) {
        PF_TRY(pf_xls_next(stream, &record, &there, err));
        if (!there)
            return PF_OK;
        if (record.id == PF_XLS_EOF)
            depth--;
        else if (pf_xls_bof(&record).biff)
            depth++;
        else if (record.id == PF_XLS_SHEET_HEAD && bof.kind == PF_XLS_WORKSPACE)
            PF_TRY(take_sheet_head(book, stream, &record, err));
        else if (depth == 1 || bof.kind == PF_XLS_WORKSPACE)
            PF_TRY(take_record(book, stream, &record, password, err));
    }
    return PF_OK;
}

pf_status pf_xls_globals(struct pf_xls_book *book, const char *password, struct pf_error *err) {
    struct pf_xls_stream stream;
    PF_TRY(pf_xls_stream_open(&stream, book->source, &book->lock, 0, err));
    pf_status status = read_stream(book, &stream, password, err);
    pf_xls_stream_clear(&stream);
    for (uint32_t i = 0; i < book->sheet_count; i++)
        book->sheets[i].date1904 = book->date1904;
    return status;
}
