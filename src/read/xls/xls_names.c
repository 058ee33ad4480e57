/* xls_names.c — room read/xls. Defined names that mean one range.               SPDX-License-Identifier: MIT
 * Knows: NAME, which of a reference's sheets are the book's own, references to an area or a cell.
 * Knows not: other formulas. Sources: [MS-XLS] 2.4.105, 2.4.150, 2.4.271, 2.5.198.28; for BIFF5 OpenOffice.org's
 * Documentation of the Microsoft Excel File Format 3.4.3 and 5.33. Format: docs/formats/xls.md §Globals */
#include "read/xls/xls_names.h"

#include "base/error.h"
#include "base/mem.h"

#define NAMES_MOST      65536
#define FLAG_HIDDEN     0x0001u
#define FLAG_BUILTIN    0x0020u
#define NAME_HEAD       14
#define NAME_OWNER      8      /* from 1; 0: the book */
#define OWN_SHEETS      0x0401 /* stands for a name in a SUPBOOK of the book's own */
#define TOKEN_REF_3D    0x1A   /* in the lower five bits; the classes are the upper ones */
#define TOKEN_AREA_3D   0x1B
#define COLUMN_MASK     0x3FFF
#define OLD_ROW_MASK    0x3FFF
#define OLD_SHEET_FIRST 11 /* token, index, eight unused bytes */

/* The sheets that references name by a number. */
static pf_status take_sheets(struct pf_xls_book *book, struct pf_xls_stream *stream,
                             const struct pf_xls_record *record, struct pf_error *err) {
    struct pf_xls_place place = pf_xls_place_in(stream, record, 0);
    uint8_t bytes[6];
    PF_TRY(pf_xls_take(&place, bytes, 2, err));
    uint32_t count = pf_load16(bytes);
    pf_mem_free(book->references);
    book->reference_count = 0;
    book->references = pf_mem_zero(count, sizeof *book->references);
    if (!book->references)
        return pf_fail_memory(err, count * sizeof *book->references);
    for (; book->reference_count < count; book->reference_count++) {
        PF_TRY(pf_xls_take(&place, bytes, sizeof bytes, err));
        bool own = pf_load16(bytes) == book->own_sheets && pf_load16(bytes + 2) == pf_load16(bytes + 4);
        book->references[book->reference_count] = own ? (int16_t)pf_load16(bytes + 2) : -1;
    }
    return PF_OK;
}

/* What a formula of one reference means. */
static bool read_reference(const struct pf_xls_book *book, const uint8_t *formula, size_t size,
                           struct pf_grid_area *area) {
    unsigned token = size ? formula[0] & 0x1F : 0;
    bool wide = book->biff >= 8, is_area = token == TOKEN_AREA_3D;
    size_t wanted = wide ? (is_area ? 11 : 7) : is_area ? 21 : 18;
    if ((!is_area && token != TOKEN_REF_3D) || size != wanted)
        return false;
    const uint8_t *at = formula + (wide ? 3 : 15);
    int32_t index = (int16_t)pf_load16(formula + 1);
    if (wide) {
        if (index < 0 || (uint32_t)index >= book->reference_count)
            return false;
        area->sheet = book->references[index];
    } else {
        bool own =
            index < 0 && pf_load16(formula + OLD_SHEET_FIRST) == pf_load16(formula + OLD_SHEET_FIRST + 2);
        area->sheet = own ? (int16_t)pf_load16(formula + OLD_SHEET_FIRST) : -1;
    }
    if (area->sheet < 0 || (uint32_t)area->sheet >= book->sheet_count)
        return false;
    int32_t mask = wide ? 0xFFFF : OLD_ROW_MASK, row = pf_load16(at) & mask;
    const uint8_t *column = at + (is_area ? 4 : 2);
    area->range.first_row = row;
    area->range.last_row = is_area ? pf_load16(at + 2) & mask : row;
    area->range.first_column = wide ? pf_load16(column) & COLUMN_MASK : column[0];
    area->range.last_column = !is_area ? area->range.first_column
                              : wide   ? pf_load16(column + 2) & COLUMN_MASK
                                       : column[1];
    return !pf_grid_range_is_empty(&area->range);
}

static pf_status add_area(struct pf_xls_book *book, const struct pf_grid_area *area, const struct pf_buf *name,
                          struct pf_error *err) {
    if (book->area_count == book->area_room) {
        size_t room = book->area_room ? 2 * book->area_room : 16;
        struct pf_grid_area *grown = pf_mem_grow(book->areas, room * sizeof *grown);
        if (!grown)
            return pf_fail_memory(err, room * sizeof *grown);
        book->areas = grown;
        book->area_room = room;
    }
    const char *copy = pf_arena_text(&book->names, (const char *)name->data, name->size);
    if (!copy)
        return pf_fail_memory(err, name->size);
    book->areas[book->area_count] = *area;
    book->areas[book->area_count++].name = copy;
    return PF_OK;
}

static pf_status take_name(struct pf_xls_book *book, struct pf_xls_stream *stream,
                           const struct pf_xls_record *record, struct pf_error *err) {
    const uint8_t *bytes = record->bytes;
    if (record->size < NAME_HEAD || (pf_load16(bytes) & (FLAG_HIDDEN | FLAG_BUILTIN)) ||
        book->area_count >= NAMES_MOST)
        return PF_OK;
    struct pf_grid_area area = {.header_rows = -1, .owner = pf_load16(bytes + NAME_OWNER)};
    size_t chars = bytes[3], formula = pf_load16(bytes + 4);
    /* The formula ends the record unless there are texts of menus behind it, which names of ranges have not. */
    if (chars == 0 || formula > (size_t)record->size - NAME_HEAD ||
        !read_reference(book, bytes + record->size - formula, formula, &area))
        return PF_OK;
    struct pf_xls_place place = pf_xls_place_in(stream, record, NAME_HEAD);
    struct pf_buf name = {0};
    pf_status status = book->biff >= 8 ? pf_xls_unicode(&place, (uint32_t)chars, false, &name, err)
                                       : pf_xls_bytes(&place, (uint32_t)chars, book->charset, &name, err);
    if (status == PF_OK && name.size > 0)
        status = add_area(book, &area, &name, err);
    pf_buf_clear(&name);
    return status == PF_BAD_DATA ? PF_OK : status;
}

pf_status pf_xls_names_take(struct pf_xls_book *book, struct pf_xls_stream *stream,
                            const struct pf_xls_record *record, struct pf_error *err) {
    switch (record->id) {
    case PF_XLS_SUPBOOK:
        if (record->size >= 4 && pf_load16(record->bytes + 2) == OWN_SHEETS)
            book->own_sheets = book->supbook_count;
        book->supbook_count++;
        return PF_OK;
    case PF_XLS_EXTERN_SHEET: return book->biff >= 8 ? take_sheets(book, stream, record, err) : PF_OK;
    case PF_XLS_NAME: return book->biff >= 5 ? take_name(book, stream, record, err) : PF_OK;
    default: return PF_OK;
    }
}
