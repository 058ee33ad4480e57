/* xls_record.c — room read/xls. The records of a stream.                        SPDX-License-Identifier: MIT
 * Knows: heads of four bytes, refilling, records cut short.
 * Knows not: what records mean. Source: [MS-XLS] 2.1.4. */
#include "read/xls/xls_record.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define REFILL ((size_t)256 << 10) /* holds the longest record several times */

pf_status pf_xls_stream_open(struct pf_xls_stream *stream, struct pf_source *source,
                             const struct pf_xls_lock *lock, int64_t offset, struct pf_error *err) {
    *stream = (struct pf_xls_stream){.source = source, .lock = lock, .offset = offset};
    int64_t size = source->size_bytes - offset;
    size_t room = size > 0 && size < (int64_t)REFILL ? (size_t)size : REFILL;
    stream->data = pf_mem_alloc(room < 65536 + PF_XLS_HEAD ? 65536 + PF_XLS_HEAD : room);
    return stream->data ? PF_OK : pf_fail_memory(err, room);
}

void pf_xls_stream_clear(struct pf_xls_stream *stream) {
    pf_mem_free(stream->data);
    *stream = (struct pf_xls_stream){0};
}

pf_status pf_xls_stream_refill(struct pf_xls_stream *stream, bool *there, struct pf_error *err) {
    size_t left = stream->end - stream->at, room = REFILL, got = 0;
    if (left)
        memmove(stream->data, stream->data + stream->at, left);
    stream->offset += (int64_t)stream->at;
    stream->at = 0;
    stream->end = left;
    int64_t next = stream->offset + (int64_t)left, more = stream->source->size_bytes - next;
    if (more > 0) {
        if (more < (int64_t)REFILL && (size_t)more + left < REFILL)
            room = left + (size_t)more;
        PF_TRY(stream->source->read_at(stream->source, next, stream->data + left, room - left, &got, err));
        stream->end += got;
    }
    left = stream->end;
    *there = left > 0;
    if (left == 0)
        return PF_OK;
    if (left < PF_XLS_HEAD || left - PF_XLS_HEAD < pf_load16(stream->data + 2))
        return pf_fail_at(err, PF_BAD_DATA, -1, stream->offset,
                          "the workbook's last record is cut short; get the file again");
    return PF_OK;
}

pf_status pf_xls_peek(struct pf_xls_stream *stream, uint16_t *id, struct pf_error *err) {
    bool there = true;
    if (stream->end - stream->at < PF_XLS_HEAD)
        PF_TRY(pf_xls_stream_refill(stream, &there, err));
    *id = there ? pf_load16(stream->data + stream->at) : 0xFFFF;
    return PF_OK;
}
