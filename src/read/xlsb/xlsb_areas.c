/* xlsb_areas.c — room read/xlsb. Excel tables and defined names.                SPDX-License-Identifier: MIT
 * Knows: table parts, names whose formula is one reference to one sheet.
 * Knows not: cells, other formulas. Source: [MS-XLSB] 2.4 (BrtBeginList, BrtName, BrtExternSheet), 2.5 (Ptg). */
#include "base/error.h"
#include "read/xlsb/xlsb_book.h"

#define AREAS_MOST     100000
#define NAME_HIDDEN    1u
#define NAME_BUILTIN   32u
#define COLUMN_BITS    0x3FFFu
#define LIST_NAME_FROM 64 /* behind the range, kinds, row counts, styles of the table */
#define NAME_OWNER     5  /* a sheet; all ones: the book */
#define NAME_FROM      9  /* behind flags, key, sheet */

/* What the workbook part says about references. */
struct links {
    struct pf_buf own;    /* bool by supporting link: it is this book */
    struct pf_buf sheets; /* int32_t by index of a reference: the sheet, −1: none or several */
};

static bool make_range(uint32_t top, uint32_t bottom, uint32_t left, uint32_t right,
                       struct pf_grid_range *range) {
    if (top > bottom || left > right || bottom >= PF_GRID_ROWS || right >= PF_GRID_COLUMNS)
        return false;
    *range = (struct pf_grid_range){(int32_t)top, (int32_t)bottom, (int32_t)left, (int32_t)right};
    return true;
}

bool pf_xlsb_range(const struct pf_xlsb_record *record, struct pf_grid_range *range) {
    const uint8_t *b = record->bytes;
    return pf_xlsb_has(record, 0, 16) &&
           make_range(pf_load32(b), pf_load32(b + 4), pf_load32(b + 8), pf_load32(b + 12), range);
}

static pf_status add_area(struct pf_xlsb_book *book, const struct pf_grid_area *area, struct pf_error *err) {
    if (book->areas.size / sizeof *area >= AREAS_MOST)
        return pf_fail(err, PF_LIMIT, "the workbook has more than %d tables and names", AREAS_MOST);
    return pf_buf_put(&book->areas, area, sizeof *area, err);
}

/* ---- tables ---- */

static pf_status add_table(struct pf_xlsb_book *book, int32_t sheet, const struct pf_xlsb_record *record,
                           struct pf_error *err) {
    struct pf_grid_area area = {.sheet = sheet, .is_table = true};
    const char *shown;
    size_t at = LIST_NAME_FROM;
    if (!pf_xlsb_range(record, &area.range) || !pf_xlsb_has(record, at, 4))
        return pf_xlsb_refuse(record, "it is no place of a table", err);
    uint32_t header = pf_load32(record->bytes + 24), totals = pf_load32(record->bytes + 28);
    area.header_rows = header < PF_GRID_ROWS ? (int32_t)header : 1;
    area.totals_rows = totals < PF_GRID_ROWS ? (int32_t)totals : 0;
    PF_TRY(pf_xlsb_keep(book, record, &at, &area.name, err));
    PF_TRY(pf_xlsb_keep(book, record, &at, &shown, err));
    if (*shown)
        area.name = shown;
    return add_area(book, &area, err);
}

static pf_status read_table(struct pf_xlsb_book *book, int32_t sheet, struct pf_xlsb_part *part,
                            struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    bool there = true;
    while (there) {
        PF_TRY(pf_xlsb_next(part, &record, &there, err));
        if (there && record.id == PF_XLSB_BEGIN_LIST)
            PF_TRY(add_table(book, sheet, &record, err));
    }
    return PF_OK;
}

static pf_status read_tables(struct pf_xlsb_book *book, int32_t sheet, struct pf_error *err) {
    struct pf_opc_relations relations;
    PF_TRY(pf_opc_package_relations(&book->package, pf_xlsb_part_of(book, sheet)->name, &relations, err));
    for (size_t i = 0; i < relations.count; i++) {
        struct pf_xlsb_part part;
        if (strcmp(relations.items[i].type, "table") != 0 || !relations.items[i].member)
            continue;
        PF_TRY(pf_xlsb_part_open(&part, &book->package, relations.items[i].member, 0, err));
        pf_status status = pf_xlsb_part_where(&part, read_table(book, sheet, &part, err), err);
        pf_xlsb_part_close(&part);
        PF_TRY(status);
    }
    return PF_OK;
}

/* ---- names ---- */

static pf_status add_link(struct links *links, bool own, struct pf_error *err) {
    return pf_buf_put(&links->own, &own, sizeof own, err);
}

static pf_status read_references(const struct pf_xlsb_book *book, struct links *links,
                                 const struct pf_xlsb_record *record, struct pf_error *err) {
    if (!pf_xlsb_has(record, 0, 4) || pf_load32(record->bytes) > (record->size - 4) / 12)
        return pf_xlsb_refuse(record, "it counts more references than it has", err);
    for (uint32_t i = 0; i < pf_load32(record->bytes); i++) {
        const uint8_t *b = record->bytes + 4 + 12 * (size_t)i;
        uint32_t link = pf_load32(b), first = pf_load32(b + 4), last = pf_load32(b + 8);
        bool good = link < links->own.size && links->own.data[link] && first == last &&
                    first < (uint32_t)book->sheet_count;
        int32_t sheet = good ? (int32_t)first : -1;
        PF_TRY(pf_buf_put(&links->sheets, &sheet, sizeof sheet, err));
    }
    return PF_OK;
}

/* The formula is one reference, PtgRef3d or PtgArea3d. */
static bool is_reference(const struct links *links, const uint8_t *formula, size_t size,
                         struct pf_grid_area *area) {
    const int32_t *sheets = (const int32_t *)(const void *)links->sheets.data;
    uint8_t token = size ? formula[0] & 0x1F : 0;
    if (!size || formula[0] < 0x20 || formula[0] > 0x7F ||
        !(token == 0x1A ? size == 9 : token == 0x1B && size == 15))
        return false;
    size_t index = pf_load16(formula + 1);
    area->sheet = index < links->sheets.size / sizeof *sheets ? sheets[index] : -1;
    if (area->sheet < 0)
        return false;
    const uint8_t *b = formula + 3;
    if (token == 0x1A)
        return make_range(pf_load32(b), pf_load32(b), pf_load16(b + 4) & COLUMN_BITS,
                          pf_load16(b + 4) & COLUMN_BITS, &area->range);
    return make_range(pf_load32(b), pf_load32(b + 4), pf_load16(b + 8) & COLUMN_BITS,
                      pf_load16(b + 10) & COLUMN_BITS, &area->range);
}

static pf_status add_name(struct pf_xlsb_book *book, const struct links *links,
                          const struct pf_xlsb_record *record, struct pf_error *err) {
    struct pf_grid_area area = {.header_rows = -1};
    size_t at = NAME_FROM;
    if (!pf_xlsb_has(record, 0, at))
        return pf_xlsb_refuse(record, "it is too short for a name", err);
    if (pf_load32(record->bytes) & (NAME_HIDDEN | NAME_BUILTIN))
        return PF_OK;
    uint32_t sheet = pf_load32(record->bytes + NAME_OWNER);
    area.owner = sheet < (uint32_t)book->sheet_count ? (int32_t)sheet + 1 : 0;
    PF_TRY(pf_xlsb_keep(book, record, &at, &area.name, err));
    if (!pf_xlsb_has(record, at, 4) || !pf_xlsb_has(record, at + 4, pf_load32(record->bytes + at)))
        return pf_xlsb_refuse(record, "it ends within a formula", err);
    if (!is_reference(links, record->bytes + at + 4, pf_load32(record->bytes + at), &area))
        return PF_OK; /* a constant, a formula, several ranges */
    return add_area(book, &area, err);
}

static pf_status read_names(struct pf_xlsb_book *book, struct links *links, struct pf_xlsb_part *part,
                            struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    bool there = false;
    for (;;) {
        PF_TRY(pf_xlsb_next(part, &record, &there, err));
        if (!there)
            return PF_OK;
        switch (record.id) {
        case PF_XLSB_SUP_SELF:
        case PF_XLSB_SUP_SAME:
        case PF_XLSB_SUP_BOOK_SRC:
        case PF_XLSB_SUP_ADDIN: PF_TRY(add_link(links, record.id == PF_XLSB_SUP_SELF, err)); break;
        case PF_XLSB_EXTERN_SHEET: PF_TRY(read_references(book, links, &record, err)); break;
        case PF_XLSB_NAME: PF_TRY(add_name(book, links, &record, err)); break;
        default: break;
        }
    }
}

static pf_status read_all(struct pf_xlsb_book *book, struct pf_error *err) {
    const struct pf_grid_sheet *sheets = (const struct pf_grid_sheet *)(const void *)book->sheets.data;
    struct pf_xlsb_part part;
    struct links links = {0};
    for (int32_t i = 0; i < book->sheet_count; i++)
        if (pf_xlsb_part_of(book, i) && sheets[i].kind == PF_SHEET_GRID)
            PF_TRY(read_tables(book, i, err));
    PF_TRY(pf_xlsb_part_open(&part, &book->package, book->workbook, 0, err));
    pf_status status = pf_xlsb_part_where(&part, read_names(book, &links, &part, err), err);
    pf_xlsb_part_close(&part);
    pf_buf_clear(&links.own);
    pf_buf_clear(&links.sheets);
    return status;
}

pf_status pf_xlsb_areas_need(struct pf_xlsb_book *book, struct pf_error *err) {
    if (book->has_areas)
        return PF_OK;
    book->areas.size = 0;
    PF_TRY(read_all(book, err));
    book->has_areas = true;
    return PF_OK;
}
