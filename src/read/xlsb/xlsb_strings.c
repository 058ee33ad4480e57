/* xlsb_strings.c — room read/xlsb. Shared strings.                              SPDX-License-Identifier: MIT
 * Knows: plain and rich strings; runs of fonts and phonetic text stand behind the text and are left out.
 * Knows not: cells. Source: [MS-XLSB] 2.4 (BrtSSTItem), 2.5 (RichStr). */
#include "base/error.h"
#include "read/xlsb/xlsb_book.h"

static pf_status add_string(struct pf_xlsb_book *book, const struct pf_xlsb_record *record,
                            struct pf_error *err) {
    size_t at = 1; /* flags: what follows the text */
    if (book->strings.count == UINT32_MAX)
        return pf_fail(err, PF_LIMIT, "more than 4,294,967,295 shared strings");
    PF_TRY(pf_xlsb_string(record, &at, &book->string_bytes, err));
    uint64_t end = book->string_bytes.size;
    book->strings.count++;
    return pf_buf_put(&book->string_offsets, &end, sizeof end, err);
}

static pf_status read_strings(struct pf_xlsb_book *book, struct pf_xlsb_part *part, struct pf_error *err) {
    struct pf_xlsb_record record = {0};
    uint64_t zero = 0;
    bool there = false, ended = false;
    PF_TRY(pf_buf_put(&book->string_offsets, &zero, sizeof zero, err));
    for (;;) {
        PF_TRY(pf_xlsb_next(part, &record, &there, err));
        if (!there)
            break;
        if (record.id == PF_XLSB_SST_ITEM)
            PF_TRY(add_string(book, &record, err));
        ended |= record.id == PF_XLSB_END_SST;
    }
    return ended ? PF_OK : pf_fail(err, PF_BAD_DATA, "the shared strings are cut short; get the file again");
}

static pf_status read_part(struct pf_xlsb_book *book, const struct pf_zip_member *member,
                           struct pf_error *err) {
    struct pf_xlsb_part part;
    int64_t limit = book->host->memory_limit;
    book->string_bytes.ceiling = limit > 0 ? (size_t)limit : 0;
    book->string_offsets.ceiling = book->string_bytes.ceiling;
    PF_TRY(pf_xlsb_part_open(&part, &book->package, member, 0, err));
    pf_status status = pf_xlsb_part_where(&part, read_strings(book, &part, err), err);
    pf_xlsb_part_close(&part);
    return status;
}

pf_status pf_xlsb_strings_need(struct pf_xlsb_book *book, struct pf_error *err) {
    const struct pf_zip_member *member =
        pf_opc_package_part(&book->package, &book->relations, "sharedStrings", "xl/sharedStrings.bin");
    pf_status status = PF_OK;
    pf_mutex_lock(&book->mutex);
    if (!book->has_strings && member) {
        status = read_part(book, member, err);
        book->strings.bytes = (const char *)book->string_bytes.data;
        book->strings.offsets = (const uint64_t *)(const void *)book->string_offsets.data;
        if (status != PF_OK) {
            pf_buf_clear(&book->string_bytes);
            pf_buf_clear(&book->string_offsets);
            book->strings = (struct pf_grid_strings){0};
        }
    }
    book->has_strings = status == PF_OK;
    pf_mutex_unlock(&book->mutex);
    return status;
}
