/* xlsb_book.c — room read/xlsb. A workbook: its sheets and what they share.      SPDX-License-Identifier: MIT
 * Knows: the workbook part, kinds and states of sheets, the date system, styles.
 * Knows not: cells.                                         Format: docs/formats/xlsb.md §The workbook */
#include "read/xlsb/xlsb_book.h"

#include <stdio.h>

#include "base/error.h"
#include "base/mem.h"
#include "grid/grid_reader.h"

#define SHEETS_MOST 100000

static uint8_t kind_of(const char *type) {
    if (strcmp(type, "chartsheet") == 0)
        return PF_SHEET_CHART;
    if (strcmp(type, "dialogsheet") == 0)
        return PF_SHEET_DIALOG;
    return strstr(type, "acrosheet") ? PF_SHEET_MACRO : PF_SHEET_GRID;
}

pf_status pf_xlsb_keep(struct pf_xlsb_book *book, const struct pf_xlsb_record *record, size_t *at,
                       const char **out, struct pf_error *err) {
    book->text.size = 0;
    PF_TRY(pf_xlsb_string(record, at, &book->text, err));
    *out = pf_arena_text(&book->package.arena, book->text.size ? (const char *)book->text.data : "",
                         book->text.size);
    return *out ? PF_OK : pf_fail_memory(err, book->text.size);
}

static pf_status add_sheet(struct pf_xlsb_book *book, const struct pf_xlsb_record *record,
                           struct pf_error *err) {
    struct pf_grid_sheet sheet = {0};
    const char *id;
    size_t at = 8; /* the state and a number of the sheet's own */
    if (!pf_xlsb_has(record, 0, at))
        return pf_xlsb_refuse(record, "it is too short for a sheet", err);
    if (book->sheet_count == SHEETS_MOST)
        return pf_fail(err, PF_LIMIT, "the workbook has more than %d sheets", SHEETS_MOST);
    uint32_t state = pf_load32(record->bytes);
    sheet.state = state > PF_SHEET_VERY_HIDDEN ? PF_SHEET_VISIBLE : (uint8_t)state;
    PF_TRY(pf_xlsb_keep(book, record, &at, &id, err));
    PF_TRY(pf_xlsb_keep(book, record, &at, &sheet.name, err));
    const struct pf_opc_relation *relation =
        pf_opc_relation_by(&book->relations, (struct pf_text){id, strlen(id)});
    const struct pf_zip_member *member = relation ? relation->member : NULL;
    sheet.kind = relation ? kind_of(relation->type) : PF_SHEET_GRID;
    if (!member) { /* relations that lead nowhere: the usual place */
        char path[64];
        snprintf(path, sizeof path, "xl/worksheets/sheet%d.bin", (int)book->sheet_count + 1);
        member = pf_opc_package_find(&book->package, path);
    }
    PF_TRY(pf_buf_put(&book->sheets, &sheet, sizeof sheet, err));
    PF_TRY(pf_buf_put(&book->parts, &member, sizeof(void *), err));
    book->sheet_count++;
    return PF_OK;
}

static pf_status read_workbook(struct pf_xlsb_book *book, struct pf_xlsb_part *part, struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    bool there = false;
    PF_TRY(pf_xlsb_next(part, &record, &there, err));
    if (!there || record.id != PF_XLSB_BEGIN_BOOK)
        return pf_fail(err, PF_BAD_DATA,
                       "the workbook part does not begin a workbook; it is cut short or damaged");
    for (;;) {
        PF_TRY(pf_xlsb_next(part, &record, &there, err));
        if (!there)
            return PF_OK;
        if (record.id == PF_XLSB_WB_PROP && record.size > 0)
            book->date1904 = record.bytes[0] & 1;
        else if (record.id == PF_XLSB_BUNDLE_SH)
            PF_TRY(add_sheet(book, &record, err));
    }
}

/* ---- styles ---- */

static pf_status define(struct pf_xlsb_book *book, const struct pf_xlsb_record *record, struct pf_error *err) {
    size_t at = 2;
    if (!pf_xlsb_has(record, 0, at))
        return pf_xlsb_refuse(record, "it is too short for a format", err);
    book->text.size = 0;
    PF_TRY(pf_xlsb_string(record, &at, &book->text, err));
    return pf_grid_styles_define(&book->styles, pf_load16(record->bytes),
                                 book->text.size ? (const char *)book->text.data : "", book->text.size, err);
}

static pf_status read_styles(struct pf_xlsb_book *book, struct pf_xlsb_part *part, struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    bool there = false, in_xfs = false;
    for (;;) {
        PF_TRY(pf_xlsb_next(part, &record, &there, err));
        if (!there)
            return PF_OK;
        if (record.id == PF_XLSB_BEGIN_CELL_XFS || record.id == PF_XLSB_END_CELL_XFS)
            in_xfs = record.id == PF_XLSB_BEGIN_CELL_XFS;
        else if (record.id == PF_XLSB_FMT)
            PF_TRY(define(book, &record, err));
        else if (record.id == PF_XLSB_XF && in_xfs && !pf_xlsb_has(&record, 2, 2))
            return pf_xlsb_refuse(&record, "it is too short for a style", err);
        else if (record.id == PF_XLSB_XF && in_xfs)
            PF_TRY(pf_grid_styles_add(&book->styles, pf_load16(record.bytes + 2), err));
    }
}

pf_status pf_xlsb_styles_read(struct pf_xlsb_book *book, const struct pf_zip_member *member,
                              struct pf_error *err) {
    struct pf_xlsb_part part;
    PF_TRY(pf_xlsb_part_open(&part, &book->package, member, 0, err));
    pf_status status = pf_xlsb_part_where(&part, read_styles(book, &part, err), err);
    pf_xlsb_part_close(&part);
    return status;
}

/* ---- opening ---- */

static pf_status find_workbook(struct pf_xlsb_book *book, struct pf_error *err) {
    struct pf_opc_relations root;
    PF_TRY(pf_opc_package_relations(&book->package, NULL, &root, err));
    book->workbook = pf_opc_package_part(&book->package, &root, "officeDocument", "xl/workbook.bin");
    if (!book->workbook)
        return pf_fail(err, PF_BAD_DATA,
                       "there is no workbook in the package; it is cut short or another kind of document");
    if (!pf_opc_is_binary(book->workbook))
        return pf_fail(err, PF_NOT_MINE, "the package holds no binary workbook");
    return PF_OK;
}

static pf_status open_parts(struct pf_xlsb_book *book, struct pf_error *err) {
    struct pf_xlsb_part part;
    PF_TRY(find_workbook(book, err));
    PF_TRY(pf_opc_package_relations(&book->package, book->workbook->name, &book->relations, err));
    PF_TRY(pf_xlsb_part_open(&part, &book->package, book->workbook, 0, err));
    pf_status status = pf_xlsb_part_where(&part, read_workbook(book, &part, err), err);
    pf_xlsb_part_close(&part);
    PF_TRY(status);
    struct pf_grid_sheet *sheets = (struct pf_grid_sheet *)(void *)book->sheets.data;
    for (int32_t i = 0; i < book->sheet_count; i++)
        sheets[i].date1904 = book->date1904;
    const struct pf_zip_member *styles =
        pf_opc_package_part(&book->package, &book->relations, "styles", "xl/styles.bin");
    return styles ? pf_xlsb_styles_read(book, styles, err) : PF_OK;
}

static void close_book(void *self) {
    struct pf_xlsb_book *book = self;
    pf_opc_package_close(&book->package);
    pf_buf_clear(&book->sheets);
    pf_buf_clear(&book->parts);
    pf_grid_styles_clear(&book->styles);
    pf_buf_clear(&book->string_bytes);
    pf_buf_clear(&book->string_offsets);
    pf_buf_clear(&book->areas);
    pf_buf_clear(&book->merges);
    pf_buf_clear(&book->text);
    pf_ptg_links_clear(&book->links);
    if (book->has_mutex)
        pf_mutex_clear(&book->mutex);
    pf_mem_free(book);
}

static pf_status give_areas(void *self, const struct pf_grid_area **areas, size_t *count,
                            struct pf_error *err) {
    struct pf_xlsb_book *book = self;
    PF_TRY(pf_xlsb_areas_need(book, err));
    *areas = (const struct pf_grid_area *)(const void *)book->areas.data;
    *count = book->areas.size / sizeof **areas;
    return PF_OK;
}

static void tell_lock(void *self, void (*emit)(void *ctx, const char *key, const char *value), void *ctx) {
    const struct pf_xlsb_book *book = self;
    if (book->package.lock)
        emit(ctx, "locked", "true");
}

static const struct pf_grid_driver driver = {.open = pf_xlsb_sheet_open,
                                             .next = pf_xlsb_sheet_next,
                                             .close = pf_xlsb_sheet_close,
                                             .merges = pf_xlsb_sheet_merges,
                                             .links = pf_xlsb_sheet_links,
                                             .hidden = pf_xlsb_sheet_hidden,
                                             .areas = give_areas,
                                             .facts = tell_lock,
                                             .close_book = close_book,
                                             .side_by_side = true};

pf_status pf_xlsb_book_open(struct pf_source *source, struct pf_host *host, struct pf_grid_book *out,
                            struct pf_error *err) {
    struct pf_xlsb_book *book = pf_mem_zero(1, sizeof *book);
    if (!book)
        return pf_fail_memory(err, sizeof *book);
    book->host = host;
    pf_status status = pf_mutex_init(&book->mutex, err);
    book->has_mutex = status == PF_OK;
    if (status == PF_OK)
        status = pf_opc_package_unlock(&book->package, source, host, pf_grid_password, err);
    if (status == PF_OK) {
        pf_zip_bound(book->package.zip, pf_grid_max_expansion(host));
        status = open_parts(book, err);
    }
    if (status != PF_OK) {
        close_book(book);
        return status;
    }
    *out = (struct pf_grid_book){.driver = &driver,
                                 .self = book,
                                 .sheets = (const struct pf_grid_sheet *)(const void *)book->sheets.data,
                                 .sheet_count = book->sheet_count,
                                 .strings = &book->strings};
    out->codes = &book->styles.codes;
    out->formats = pf_grid_styles_formats(&book->styles, &out->format_count);
    return PF_OK;
}
