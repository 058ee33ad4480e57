/* xlsb_record.c — room read/xlsb. Records and strings.                          SPDX-License-Identifier: MIT
 * Knows: heads of variable length, records across the window's border, UTF-16.
 * Knows not: what records mean. Sources: [MS-XLSB] 2.1.4, 2.5 (XLWideString).  Format: docs/formats/xlsb.md §Records */
#include "read/xlsb/xlsb_record.h"

#include "base/error.h"
#include "base/utf8.h"
#include "bytes/bytes_source.h"

#define WINDOW_BYTES ((size_t)512 << 10)
#define HEAD_BYTES   6 /* at most: two of the number, four of the size */
#define NULL_STRING  UINT32_MAX

pf_status pf_xlsb_part_open(struct pf_xlsb_part *part, struct pf_opc_package *package,
                            const struct pf_zip_member *member, int32_t threaded, struct pf_error *err) {
    *part = (struct pf_xlsb_part){.name = member->name};
    size_t window = member->size_bytes < (int64_t)WINDOW_BYTES ? (size_t)member->size_bytes + 1 : WINDOW_BYTES;
    pf_status status = pf_zip_source(package->zip, member, threaded, &part->source, err);
    if (status == PF_OK)
        status = pf_window_open(&part->window, &part->source, window, err);
    if (status != PF_OK) {
        pf_xlsb_part_where(part, status, err);
        pf_xlsb_part_close(part);
    }
    return status;
}

void pf_xlsb_part_close(struct pf_xlsb_part *part) {
    pf_window_clear(&part->window);
    pf_source_close(&part->source);
    *part = (struct pf_xlsb_part){0};
}

pf_status pf_xlsb_part_where(const struct pf_xlsb_part *part, pf_status status, struct pf_error *err) {
    if (status != PF_OK && part->name && !(err && strstr(err->where, "member '")))
        pf_where(err, "part '%.80s'", part->name);
    return status;
}

pf_status pf_xlsb_refuse(const struct pf_xlsb_record *record, const char *what, struct pf_error *err) {
    return pf_fail_at(err, PF_BAD_DATA, -1, record->offset, "record %u: %s; get the file again", record->id,
                      what);
}

/* ---- records ---- */

static int64_t offset_of(const struct pf_xlsb_part *part) {
    return part->window.offset + (part->at - part->from);
}

/* Looks at n bytes from `at` on, or at what there is. */
static pf_status look(struct pf_xlsb_part *part, size_t n, struct pf_error *err) {
    size_t got = 0;
    pf_window_consume(&part->window, (size_t)(part->at - part->from));
    part->from = part->at = part->end = NULL;
    PF_TRY(pf_window_peek(&part->window, n, &part->from, &got, err));
    part->at = part->from;
    part->end = part->from + got;
    return PF_OK;
}

/* The bytes of the head; 0: it is cut short or no head. */
static size_t read_head(const uint8_t *at, size_t size, struct pf_xlsb_record *record) {
    size_t used = 0;
    uint32_t byte = 0x80;
    record->id = record->size = 0;
    for (int shift = 0; shift < 14 && byte & 0x80; shift += 7) {
        if (used == size)
            return 0;
        byte = at[used++];
        record->id |= (byte & 0x7F) << shift;
    }
    if (byte & 0x80)
        return 0;
    byte = 0x80;
    for (int shift = 0; shift < 28 && byte & 0x80; shift += 7) {
        if (used == size)
            return 0;
        byte = at[used++];
        record->size |= (byte & 0x7F) << shift;
    }
    return byte & 0x80 ? 0 : used;
}

static pf_status fail_cut(const struct pf_xlsb_part *part, struct pf_error *err) {
    return pf_fail_at(err, PF_BAD_DATA, -1, offset_of(part),
                      "a record runs over the end of its part, or its head is none; get the file again");
}

static pf_status next_slowly(struct pf_xlsb_part *part, struct pf_xlsb_record *record, bool *there,
                             struct pf_error *err) {
    PF_TRY(look(part, HEAD_BYTES, err));
    *there = part->end > part->at;
    if (!*there)
        return PF_OK;
    size_t head = read_head(part->at, (size_t)(part->end - part->at), record);
    if (!head)
        return fail_cut(part, err);
    if (part->source.size_bytes >= 0 && record->size > part->source.size_bytes - offset_of(part))
        return fail_cut(part, err); /* before memory is asked for */
    if ((size_t)(part->end - part->at) < head + record->size)
        PF_TRY(look(part, head + record->size, err));
    if ((size_t)(part->end - part->at) < head + record->size)
        return fail_cut(part, err);
    record->offset = offset_of(part);
    record->bytes = part->at + head;
    part->at += head + record->size;
    return PF_OK;
}

pf_status pf_xlsb_next(struct pf_xlsb_part *part, struct pf_xlsb_record *record, bool *there,
                       struct pf_error *err) {
    size_t left = (size_t)(part->end - part->at), head = left ? read_head(part->at, left, record) : 0;
    if (!head || left - head < record->size)
        return next_slowly(part, record, there, err);
    record->offset = offset_of(part);
    record->bytes = part->at + head;
    part->at += head + record->size;
    *there = true;
    return PF_OK;
}

/* ---- strings ---- */

/* to has room for three bytes a unit. Returns its end. */
static char *put_units(char *to, const uint8_t *from, size_t count) {
    for (size_t i = 0; i < count;) {
        if (count - i >= 4 && !(pf_load64(from + 2 * i) & 0xFF80FF80FF80FF80u)) {
            for (int k = 0; k < 4; k++)
                *to++ = (char)from[2 * (i + (size_t)k)];
            i += 4;
            continue;
        }
        uint32_t point = pf_load16(from + 2 * i++);
        if (point >> 10 == 0x36 && i < count && pf_load16(from + 2 * i) >> 10 == 0x37)
            point = 0x10000 + ((point & 0x3FF) << 10) + (pf_load16(from + 2 * i++) & 0x3FF);
        size_t size = pf_utf8_encode(point, to);
        to += size ? size : pf_utf8_encode(0xFFFD, to);
    }
    return to;
}

pf_status pf_xlsb_string(const struct pf_xlsb_record *record, size_t *at, struct pf_buf *to,
                         struct pf_error *err) {
    if (!pf_xlsb_has(record, *at, 4))
        return pf_xlsb_refuse(record, "it ends within a string", err);
    size_t count = pf_load32(record->bytes + *at);
    *at += 4;
    if (count == NULL_STRING)
        return PF_OK;
    if (count > (record->size - *at) / 2)
        return pf_xlsb_refuse(record, "it ends within a string", err);
    PF_TRY(pf_buf_reserve(to, 3 * count, err));
    if (count)
        to->size =
            (size_t)(put_units((char *)to->data + to->size, record->bytes + *at, count) - (char *)to->data);
    *at += 2 * count;
    return PF_OK;
}
