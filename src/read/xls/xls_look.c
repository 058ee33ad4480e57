/* xls_look.c — room read/xls. A sheet looked through for what stands behind its cells.  SPDX-License-Identifier: MIT
 * Knows: merged ranges, hidden rows and columns.
 * Knows not: cells. Sources: [MS-XLS] 2.4.168 (MergeCells), 2.4.221 (Row), 2.4.53 (ColInfo). Format: docs/formats/xls.md §Cells */
#include "base/error.h"
#include "base/mem.h"
#include "grid/grid_hidden.h"
#include "read/xls/xls_globals.h"
#include "read/xls/xls_sheet.h"

static pf_status add_merges(struct pf_xls_sheet *sheet, const struct pf_xls_record *record,
                            struct pf_error *err) {
    size_t count = record->size >= 2 ? pf_load16(record->bytes) : 0;
    for (size_t i = 0; i < count && 2 + 8 * (i + 1) <= record->size; i++) {
        if (sheet->merge_count == sheet->merge_room) {
            size_t room = sheet->merge_room ? sheet->merge_room * 2 : 16;
            struct pf_grid_range *merges = pf_mem_grow(sheet->merges, room * sizeof *merges);
            if (!merges)
                return pf_fail_memory(err, room * sizeof *merges);
            sheet->merges = merges;
            sheet->merge_room = room;
        }
        const uint8_t *at = record->bytes + 2 + 8 * i;
        sheet->merges[sheet->merge_count++] =
            (struct pf_grid_range){pf_load16(at), pf_load16(at + 2), pf_load16(at + 4), pf_load16(at + 6)};
    }
    return PF_OK;
}

#define ROW_FLAGS    12
#define ROW_HIDDEN   0x20
#define COLUMN_FLAGS 8

static pf_status add_hidden(struct pf_xls_sheet *sheet, const struct pf_xls_record *record,
                            struct pf_error *err) {
    const uint8_t *b = record->bytes;
    if (record->id == PF_XLS_ROW && record->size > ROW_FLAGS && b[ROW_FLAGS] & ROW_HIDDEN)
        return pf_grid_hide_rows(&sheet->hidden, pf_load16(b), pf_load16(b), err);
    if (record->id == PF_XLS_COL_INFO && record->size > COLUMN_FLAGS && b[COLUMN_FLAGS] & 1)
        return pf_grid_hide_columns(&sheet->hidden, pf_load16(b), pf_load16(b + 2), err);
    return PF_OK;
}

static pf_status look_through(struct pf_xls_sheet *sheet, struct pf_xls_stream *stream, struct pf_error *err) {
    struct pf_xls_record record;
    bool there = true;
    for (int depth = 0;;) {
        PF_TRY(pf_xls_next(stream, &record, &there, err));
        if (!there)
            return PF_OK;
        if (record.id == PF_XLS_EOF) {
            if (--depth <= 0)
                return PF_OK;
        } else if (pf_xls_bof(&record).biff) {
            depth++;
        } else if (record.id == PF_XLS_MERGES && depth == 1) {
            PF_TRY(add_merges(sheet, &record, err));
        } else if (depth == 1) {
            PF_TRY(add_hidden(sheet, &record, err));
        }
    }
}

pf_status pf_xls_look(struct pf_xls_book *book, int32_t sheet, struct pf_error *err) {
    struct pf_xls_sheet *place = &book->places[sheet];
    struct pf_xls_stream stream;
    pf_status status = PF_OK;
    pf_mutex_lock(&book->mutex);
    if (!place->looked) {
        place->merge_count = 0;
        place->hidden.size = 0;
        status = pf_xls_stream_open(&stream, book->source, &book->lock, place->offset, err);
        if (status == PF_OK)
            status = look_through(place, &stream, err);
        pf_xls_stream_clear(&stream);
        place->looked = status == PF_OK;
    }
    pf_mutex_unlock(&book->mutex);
    if (status != PF_OK)
        pf_where(err, "sheet '%s'", book->sheets[sheet].name);
    return status;
}
