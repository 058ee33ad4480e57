/* xls_book.c — room read/xls. A workbook's globals.                             SPDX-License-Identifier: MIT
 * Knows: streams in a compound file, BOF, the records of the globals of BIFF2–8.
 * Knows not: cells. Sources: [MS-XLS] 2.1.7.20.3 and the records named there; for BIFF2–5 OpenOffice.org's
 * Documentation of the Microsoft Excel File Format 4 and 5. Format: docs/formats/xls.md §Globals */
#include "read/xls/xls_book.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "read/xls/xls_globals.h"

bool pf_xls_is_plain(const uint8_t *head, size_t size) {
    if (size < 8)
        return false;
    uint16_t id = pf_load16(head), length = pf_load16(head + 2), kind = pf_load16(head + 6);
    bool known = kind == 0x05 || kind == 0x10 || kind == 0x20 || kind == 0x40 || kind == 0x100;
    return known && ((id == PF_XLS_BOF2 && length == 4) || (id == PF_XLS_BOF3 && length == 6) ||
                     (id == PF_XLS_BOF4 && length == 6) || (id == PF_XLS_BOF && (length == 8 || length == 16)));
}

/* A file for Excel 5 and 97 at once has both: the newer one says more. */
const struct pf_cfb_entry *pf_xls_find_stream(const pf_cfb *cfb) {
    const struct pf_cfb_entry *entry = pf_cfb_find(cfb, "Workbook");
    return entry ? entry : pf_cfb_find(cfb, "Book");
}

static pf_status refuse_stranger(const pf_cfb *cfb, struct pf_error *err) {
    static const struct {
        const char *path, *name;
    } known[] = {
        {"WordDocument", "a Word document"},
        {"PowerPoint Document", "a PowerPoint presentation"},
        {"VisioDocument", "a Visio drawing"},
        {"__properties_version1.0", "an Outlook message"},
        {"MatOST", "a Works document"},
        {"EncryptedPackage", "a locked document of Office 2007 or later"},
        {"Contents", "a document of another program"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (pf_cfb_find(cfb, known[i].path))
            return pf_fail(err, PF_UNSUPPORTED,
                           "this is %s and not a workbook; save the table in it as .xlsx or .csv",
                           known[i].name);
    return pf_fail(err, PF_UNSUPPORTED,
                   "this is a compound file without a workbook in it; open it with the program "
                   "that made it and save the table as .xlsx or .csv");
}

static pf_status find_stream(struct pf_xls_book *book, struct pf_source *source, struct pf_error *err) {
    uint8_t head[16];
    size_t got = 0;
    PF_TRY(source->read_at(source, 0, head, sizeof head, &got, err));
    book->source = source;
    if (pf_xls_is_plain(head, got))
        return PF_OK;
    if (!pf_cfb_is(head, got))
        return pf_fail_at(err, PF_BAD_DATA, -1, 0,
                          "this is not a workbook: it does not begin like one; check what the "
                          "file is");
    PF_TRY(pf_cfb_open(source, &book->cfb, err));
    const struct pf_cfb_entry *entry = pf_xls_find_stream(book->cfb);
    if (!entry)
        return refuse_stranger(book->cfb, err);
    PF_TRY(pf_cfb_source(book->cfb, entry, &book->stream, err));
    book->source = &book->stream;
    return PF_OK;
}

/* What the XFs say, now that all formats are known. */
static pf_status resolve_styles(struct pf_xls_book *book, struct pf_error *err) {
    book->by_format = book->biff == 2 && book->style_count == 0;
    if (book->by_format) {
        book->styles = book->codes;
        book->style_count = book->code_count;
        book->codes = NULL;
        return PF_OK;
    }
    book->styles = pf_mem_zero(book->style_count, sizeof *book->styles);
    if (!book->styles)
        return pf_fail_memory(err, book->style_count * sizeof *book->styles);
    for (uint32_t i = 0; i < book->style_count; i++) {
        uint32_t id = book->style_codes[i];
        if (id < book->code_count)
            book->styles[i] = book->codes[id];
        else
            PF_TRY(pf_grid_codes_builtin(&book->texts, id, &book->styles[i], err));
    }
    return PF_OK;
}

pf_status pf_xls_book_open(struct pf_source *source, const char *password, struct pf_xls_book *book,
                           struct pf_error *err) {
    book->charset = pf_xls_charset(1252);
    book->own_sheets = UINT32_MAX;
    pf_status status = pf_mutex_init(&book->mutex, err);
    book->has_mutex = status == PF_OK;
    if (status == PF_OK)
        status = find_stream(book, source, err);
    if (status == PF_OK)
        status = pf_xls_globals(book, password, err);
    if (status == PF_OK)
        status = resolve_styles(book, err);
    book->strings.bytes = (const char *)book->text.data;
    book->strings.offsets = book->offsets;
    if (status != PF_OK)
        pf_xls_book_close(book);
    return status;
}

void pf_xls_book_close(struct pf_xls_book *book) {
    for (uint32_t i = 0; i < book->sheet_count; i++) {
        pf_mem_free(book->places[i].merges);
        pf_buf_clear(&book->places[i].hidden);
    }
    pf_mem_free(book->codes);
    pf_grid_codes_clear(&book->texts);
    pf_mem_free(book->styles);
    pf_mem_free(book->style_codes);
    pf_mem_free(book->sheets);
    pf_mem_free(book->places);
    pf_mem_free(book->offsets);
    pf_mem_free(book->areas);
    pf_mem_free(book->references);
    pf_buf_clear(&book->text);
    pf_arena_clear(&book->names);
    pf_ptg_links_clear(&book->links);
    pf_source_close(&book->stream);
    pf_cfb_close(&book->cfb);
    if (book->has_mutex)
        pf_mutex_clear(&book->mutex);
    *book = (struct pf_xls_book){0};
}
