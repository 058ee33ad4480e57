/* xls_reader.c — room read/xls. The table pf_xls_reader.                        SPDX-License-Identifier: MIT
 * Knows: suffixes, how sure the first bytes make us, what the grid asks for.
 * Knows not: how records are read.                          Format: docs/formats/xls.md */
#include "read/xls/xls_reader.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "grid/grid_reader.h"
#include "read/xls/xls_sheet.h"

static const char *const suffixes[] = {".xls", ".xlt", ".xla", ".xlw", NULL};
static const char *const magics[] = {"0:D0CF11E0A1B11AE1", "0:0908", "0:0904", "0:0902", "0:0900", NULL};

static pf_status open_cursor(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err) {
    pf_xls_cursor *opened = NULL;
    PF_TRY(pf_xls_cursor_open(self, sheet, wants, &opened, err));
    *cursor = opened;
    return PF_OK;
}

static pf_status next_rows(void *cursor, struct pf_grid_block *block, struct pf_error *err) {
    return pf_xls_cursor_next(cursor, block, err);
}

static void close_cursor(void *cursor) {
    pf_xls_cursor *opened = cursor;
    pf_xls_cursor_close(&opened);
}

static pf_status list_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                             struct pf_error *err) {
    struct pf_xls_book *book = self;
    *count = 0;
    if (book->sheets[sheet].kind != PF_SHEET_GRID)
        return PF_OK;
    PF_TRY(pf_xls_look(book, sheet, err));
    *ranges = book->places[sheet].merges;
    *count = book->places[sheet].merge_count;
    return PF_OK;
}

static pf_status list_hidden(void *self, int32_t sheet, const struct pf_grid_range **ranges, size_t *count,
                             struct pf_error *err) {
    struct pf_xls_book *book = self;
    *count = 0;
    if (book->sheets[sheet].kind != PF_SHEET_GRID)
        return PF_OK;
    PF_TRY(pf_xls_look(book, sheet, err));
    *ranges = (const struct pf_grid_range *)(const void *)book->places[sheet].hidden.data;
    *count = book->places[sheet].hidden.size / sizeof **ranges;
    return PF_OK;
}

static pf_status list_areas(void *self, const struct pf_grid_area **areas, size_t *count,
                            struct pf_error *err) {
    const struct pf_xls_book *book = self;
    *areas = book->areas;
    *count = book->area_count;
    return PF_OK;
}

static void tell_facts(void *self, void (*emit)(void *ctx, const char *key, const char *value), void *ctx) {
    const struct pf_xls_book *book = self;
    char text[24];
    snprintf(text, sizeof text, "BIFF%d", book->biff);
    emit(ctx, "version", text);
    if (book->biff < 8)
        emit(ctx, "encoding", pf_charset_name(book->charset));
    if (book->lock.kind)
        emit(ctx, "locked", book->lock.kind == PF_XLS_XOR ? "xor" : "rc4");
}

static void close_book(void *self) {
    pf_xls_book_close(self);
    pf_mem_free(self);
}

static const struct pf_grid_driver driver = {.open = open_cursor,
                                             .next = next_rows,
                                             .close = close_cursor,
                                             .merges = list_merges,
                                             .links = pf_xls_hyperlinks,
                                             .hidden = list_hidden,
                                             .areas = list_areas,
                                             .facts = tell_facts,
                                             .close_book = close_book,
                                             .side_by_side = true};

/* A compound file without a workbook is ours only by its name: to say what it is. */
static int32_t probe(const struct pf_probe *request) {
    if (pf_xls_is_plain(request->head, request->head_size))
        return PF_PROBE_MAGIC;
    if (!pf_cfb_is(request->head, request->head_size))
        return PF_PROBE_NO;
    pf_cfb *cfb = NULL;
    int32_t sure = PF_PROBE_LIKELY;
    if (!request->source || pf_cfb_open(request->source, &cfb, NULL) != PF_OK)
        return sure; /* broken: open says where */
    if (pf_xls_find_stream(cfb))
        sure = PF_PROBE_CERTAIN;
    else if (pf_cfb_find(cfb, "EncryptedPackage"))
        sure = PF_PROBE_SUFFIX;
    pf_cfb_close(&cfb);
    return sure;
}

static pf_status open_book(const struct pf_open *request, struct pf_xls_book **out, struct pf_error *err) {
    struct pf_xls_book *book = pf_mem_zero(1, sizeof *book);
    char *password = NULL;
    if (!book)
        return pf_fail_memory(err, sizeof *book);
    pf_status status = pf_grid_password(request->host, &password, err);
    if (status == PF_OK)
        status = pf_xls_book_open(request->source, password, book, err);
    pf_mem_free(password);
    if (status != PF_OK)
        pf_mem_free(book);
    else
        *out = book;
    return status;
}

static pf_status open_reader(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    struct pf_xls_book *book = NULL;
    *out = NULL;
    PF_TRY(open_book(request, &book, err));
    const struct pf_grid_book grid = {.driver = &driver,
                                      .self = book,
                                      .sheets = book->sheets,
                                      .sheet_count = (int32_t)book->sheet_count,
                                      .formats = book->styles,
                                      .format_count = book->style_count,
                                      .codes = &book->texts,
                                      .strings = &book->strings};
    return pf_grid_reader_open(request, &grid, out, err);
}

const struct pf_reader pf_xls_reader = {.struct_size = sizeof(struct pf_reader),
                                        .rank = PF_RANK_PRIMARY,
                                        .name = "xls",
                                        .summary = "Workbooks of Excel 2 to 2003 (BIFF2 to BIFF8)",
                                        .suffixes = suffixes,
                                        .magics = magics,
                                        .options = pf_grid_options,
                                        .needs = PF_OFFERS_CELLS | PF_NEEDS_RANDOM_ACCESS,
                                        .probe = probe,
                                        .open = open_reader,
                                        .survey = pf_grid_survey,
                                        .read = pf_grid_read,
                                        .close = pf_grid_close};
