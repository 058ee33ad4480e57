/* xlsb_links.c — room read/xlsb. What formulas name by numbers: sheets, names, other books, tables.  SPDX-License-Identifier: MIT
 * Knows: BrtName, the supporting links and BrtExternSheet of the workbook, parts of other workbooks, columns of tables.
 * Knows not: tokens. Source: [MS-XLSB] 2.4 (the records), 2.5.172 (Xti).    Format: docs/formats/xlsb.md §Formulas */
#include "base/error.h"
#include "read/xlsb/xlsb_book.h"

#define NAME_BUILTIN     32u
#define NAME_OWNER       5  /* a sheet; all ones: the book */
#define NAME_FROM        9  /* behind flags, key, sheet */
#define LIST_ID          20 /* behind the range and the kind of the table */
#define LIST_NAME_FROM   64
#define COLUMN_NAME_FROM 24
#define SHEETS_BYTES     12 /* of an entry of the extern sheets: link, first and last sheet */

struct reading {
    struct pf_xlsb_book *book;
    struct pf_ptg_links links;
    struct pf_buf text;
    bool begun;     /* the part of another workbook has said its kind */
    bool has_name;  /* a name of another workbook waits in text */
    bool good_name; /* it belongs to that workbook as a whole */
};

typedef pf_status (*take_record)(struct reading *r, const struct pf_xlsb_record *record, struct pf_error *err);

static pf_status take_all(struct reading *r, struct pf_xlsb_part *part, take_record take,
                          struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    bool there = true;
    for (;;) {
        PF_TRY(pf_xlsb_next(part, &record, &there, err));
        if (!there)
            return PF_OK;
        pf_status status = take(r, &record, err);
        if (status != PF_OK && status != PF_BAD_DATA)
            return status;
    }
}

static pf_status read_part(struct reading *r, const struct pf_zip_member *member, take_record take,
                           struct pf_error *err) {
    struct pf_xlsb_part part;
    pf_status status = pf_xlsb_part_open(&part, &r->book->package, member, 0, err);
    if (status == PF_OK) {
        status = take_all(r, &part, take, err);
        pf_xlsb_part_close(&part);
    }
    return status == PF_BAD_DATA ? PF_OK : status;
}

/* A string at *at into r->text. */
static pf_status take_text(struct reading *r, const struct pf_xlsb_record *record, size_t *at,
                           struct pf_text *text, struct pf_error *err) {
    r->text.size = 0;
    pf_status status = pf_xlsb_string(record, at, &r->text, err);
    *text = (struct pf_text){(const char *)r->text.data, status == PF_OK ? r->text.size : 0};
    return status;
}

/* The only string of a record; *good false: it is broken. */
static pf_status take_checked(struct reading *r, const struct pf_xlsb_record *record, bool *good,
                              struct pf_text *text, struct pf_error *err) {
    size_t at = 0;
    pf_status status = take_text(r, record, &at, text, err);
    *good = status == PF_OK;
    return status == PF_BAD_DATA ? PF_OK : status;
}

/* ---- parts of other workbooks ---- */

static pf_status take_sheet_names(struct reading *r, const struct pf_xlsb_record *record,
                                  struct pf_error *err) {
    struct pf_text name;
    size_t at = 4;
    uint32_t count = pf_xlsb_has(record, 0, 4) ? pf_load32(record->bytes) : 0;
    for (uint32_t i = 0; i < count; i++) {
        PF_TRY(take_text(r, record, &at, &name, err));
        PF_TRY(pf_ptg_add_sheet_name(&r->links, name, err));
    }
    return PF_OK;
}

static pf_status end_name(struct reading *r, struct pf_error *err) {
    struct pf_text name = {(const char *)r->text.data, r->text.size};
    bool had = r->has_name;
    r->has_name = false;
    return had ? pf_ptg_add_extern_name(&r->links, name, PF_PTG_NO_SHEET, r->good_name, err) : PF_OK;
}

/* Names of single sheets are not spelled: where their sheet stands in the bits is not documented well enough. */
static bool has_bits(const struct pf_xlsb_record *record) {
    for (uint32_t i = 2; i < record->size; i++)
        if (record->bytes[i])
            return true;
    return false;
}

static pf_status take_other_book(struct reading *r, const struct pf_xlsb_record *record, struct pf_error *err) {
    struct pf_text name;
    if (!r->begun && record->id != PF_XLSB_BEGIN_SUP_BOOK)
        return PF_OK;
    switch (record->id) {
    case PF_XLSB_BEGIN_SUP_BOOK: /* 0: a workbook; DDE, OLE */
        if (!r->begun)
            PF_TRY(pf_ptg_add_book(&r->links,
                                   pf_xlsb_has(record, 0, 2) && pf_load16(record->bytes) == 0 ? PF_PTG_WORKBOOK
                                                                                              : PF_PTG_STRANGE,
                                   err));
        r->begun = true;
        return PF_OK;
    case PF_XLSB_SUP_TABS: return take_sheet_names(r, record, err);
    case PF_XLSB_SUP_NAME_START: r->has_name = true; return take_checked(r, record, &r->good_name, &name, err);
    case PF_XLSB_SUP_NAME_BITS: r->good_name &= !has_bits(record); return PF_OK;
    case PF_XLSB_SUP_NAME_END: return end_name(r, err);
    default: return PF_OK;
    }
}

static pf_status read_other_book(struct reading *r, const struct pf_xlsb_record *record, struct pf_error *err) {
    struct pf_text id;
    bool good;
    PF_TRY(take_checked(r, record, &good, &id, err));
    const struct pf_opc_relation *relation = good ? pf_opc_relation_by(&r->book->relations, id) : NULL;
    r->begun = r->has_name = false;
    if (relation && relation->member)
        PF_TRY(read_part(r, relation->member, take_other_book, err));
    return r->begun ? PF_OK : pf_ptg_add_book(&r->links, PF_PTG_STRANGE, err);
}

/* ---- the workbook ---- */

static pf_status take_references(struct reading *r, const struct pf_xlsb_record *record, struct pf_error *err) {
    uint32_t count = pf_xlsb_has(record, 0, 4) ? pf_load32(record->bytes) : 0;
    for (uint32_t i = 0; i < count && pf_xlsb_has(record, 4 + SHEETS_BYTES * (size_t)i, SHEETS_BYTES); i++) {
        const uint8_t *b = record->bytes + 4 + SHEETS_BYTES * (size_t)i;
        PF_TRY(pf_ptg_add_reference(&r->links, pf_load32(b), (int32_t)pf_load32(b + 4),
                                    (int32_t)pf_load32(b + 8), err));
    }
    return PF_OK;
}

static pf_status take_name(struct reading *r, const struct pf_xlsb_record *record, struct pf_error *err) {
    static const char builtin[] = "_xlnm.";
    struct pf_text name = {0};
    size_t at = NAME_FROM;
    uint32_t owner = UINT32_MAX, flags = 0;
    if (pf_xlsb_has(record, 0, NAME_FROM)) {
        flags = pf_load32(record->bytes);
        owner = pf_load32(record->bytes + NAME_OWNER);
        r->text.size = 0;
        if (flags & NAME_BUILTIN)
            PF_TRY(pf_buf_text(&r->text, builtin, err));
        pf_status status = pf_xlsb_string(record, &at, &r->text, err);
        if (status == PF_OK)
            name = (struct pf_text){(const char *)r->text.data, r->text.size};
        else if (status != PF_BAD_DATA)
            return status;
    }
    size_t skip = sizeof builtin - 1; /* some say it themselves */
    if (flags & NAME_BUILTIN && name.size > 2 * skip && memcmp(name.at + skip, builtin, skip) == 0)
        name = (struct pf_text){name.at + skip, name.size - skip};
    return pf_ptg_add_name(&r->links, name, owner <= INT32_MAX ? (int32_t)owner : PF_PTG_NO_SHEET, err);
}

static pf_status take_workbook(struct reading *r, const struct pf_xlsb_record *record, struct pf_error *err) {
    struct pf_text name;
    switch (record->id) {
    case PF_XLSB_SUP_SELF: return pf_ptg_add_book(&r->links, PF_PTG_OWN, err);
    case PF_XLSB_SUP_SAME: return pf_ptg_add_book(&r->links, PF_PTG_NOTHING, err);
    case PF_XLSB_SUP_ADDIN: return pf_ptg_add_book(&r->links, PF_PTG_ADDIN, err);
    case PF_XLSB_SUP_BOOK_SRC: return read_other_book(r, record, err);
    case PF_XLSB_PLACEHOLDER_NAME: {
        bool good;
        PF_TRY(take_checked(r, record, &good, &name, err));
        return pf_ptg_add_extern_name(&r->links, name, PF_PTG_NO_SHEET, good, err);
    }
    case PF_XLSB_EXTERN_SHEET: return take_references(r, record, err);
    case PF_XLSB_NAME: return take_name(r, record, err);
    default: return PF_OK;
    }
}

/* ---- tables ---- */

/* The second of two strings, which is what is shown, or the first where there is no second. */
static pf_status take_shown(struct reading *r, const struct pf_xlsb_record *record, size_t at,
                            struct pf_text *text, struct pf_error *err) {
    struct pf_text first;
    PF_TRY(take_text(r, record, &at, &first, err));
    size_t size = first.size;
    PF_TRY(pf_xlsb_string(record, &at, &r->text, err));
    size_t from = r->text.size > size ? size : 0;
    *text = (struct pf_text){(const char *)r->text.data + from, r->text.size - from};
    return PF_OK;
}

static pf_status take_table(struct reading *r, const struct pf_xlsb_record *record, struct pf_error *err) {
    struct pf_text name;
    if (record->id == PF_XLSB_BEGIN_LIST) {
        PF_TRY(take_shown(r, record, LIST_NAME_FROM, &name, err));
        return pf_ptg_add_table(&r->links, pf_load32(record->bytes + LIST_ID), name, err);
    }
    if (record->id != PF_XLSB_BEGIN_LIST_COL)
        return PF_OK;
    PF_TRY(take_shown(r, record, COLUMN_NAME_FROM, &name, err));
    return pf_ptg_add_column(&r->links, name, err);
}

static pf_status read_tables(struct reading *r, int32_t sheet, struct pf_error *err) {
    struct pf_opc_relations relations = {0};
    const struct pf_zip_member *member = pf_xlsb_part_of(r->book, sheet);
    pf_status status =
        member ? pf_opc_package_relations(&r->book->package, member->name, &relations, err) : PF_OK;
    if (status != PF_OK)
        return status == PF_BAD_DATA ? PF_OK : status;
    for (size_t i = 0; i < relations.count; i++)
        if (strcmp(relations.items[i].type, "table") == 0 && relations.items[i].member)
            PF_TRY(read_part(r, relations.items[i].member, take_table, err));
    return PF_OK;
}

/* ---- once ---- */

static pf_status read_links(struct pf_xlsb_book *book, struct pf_error *err) {
    struct reading r = {.book = book};
    r.links.version = PF_PTG_BIFF12;
    r.links.sheets = (const struct pf_grid_sheet *)(const void *)book->sheets.data;
    r.links.sheet_count = book->sheet_count;
    pf_status status = read_part(&r, book->workbook, take_workbook, err);
    for (int32_t i = 0; i < book->sheet_count && status == PF_OK; i++)
        status = read_tables(&r, i, err);
    pf_buf_clear(&r.text);
    if (status != PF_OK)
        pf_ptg_links_clear(&r.links);
    else
        book->links = r.links;
    return status;
}

pf_status pf_xlsb_links_need(struct pf_xlsb_book *book, struct pf_error *err) {
    pf_status status = PF_OK;
    pf_mutex_lock(&book->mutex);
    if (!book->has_links)
        status = read_links(book, err);
    book->has_links |= status == PF_OK;
    pf_mutex_unlock(&book->mutex);
    return status;
}
