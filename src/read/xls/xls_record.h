/* xls_record.h — the records of a workbook stream, one after the other. Source: [MS-XLS] 2.1.4.
 * SPDX-License-Identifier: MIT */
#ifndef PF_XLS_RECORD_H
#define PF_XLS_RECORD_H
#include "base/bits.h"
#include "base/buf.h"
#include "pyforge/extension.h"
#include "read/xls/xls_lock.h"

/* Records that are asked for by name. The number in the hundreds is the version that brought this shape. */
enum pf_xls_id {
    PF_XLS_DIMENSION2 = 0x0000,
    PF_XLS_BLANK2 = 0x0001,
    PF_XLS_INTEGER2 = 0x0002,
    PF_XLS_NUMBER2 = 0x0003,
    PF_XLS_LABEL2 = 0x0004,
    PF_XLS_BOOLERR2 = 0x0005,
    PF_XLS_FORMULA = 0x0006, /* BIFF2, and again 5 and 8 */
    PF_XLS_STRING2 = 0x0007,
    PF_XLS_BOF2 = 0x0009,
    PF_XLS_EOF = 0x000A,
    PF_XLS_EXTERN_SHEET = 0x0017,
    PF_XLS_NAME = 0x0018,
    PF_XLS_EXTERN_NAME = 0x0023,
    PF_XLS_FORMAT2 = 0x001E, /* and BIFF3 */
    PF_XLS_DATEMODE = 0x0022,
    PF_XLS_FILE_PASS = 0x002F,
    PF_XLS_CONTINUE = 0x003C,
    PF_XLS_CODE_PAGE = 0x0042,
    PF_XLS_XF2 = 0x0043,
    PF_XLS_IXFE = 0x0044,
    PF_XLS_BOUND_SHEET = 0x0085,
    PF_XLS_SHEET_HEAD = 0x008F, /* BIFF4 workbooks */
    PF_XLS_MULRK = 0x00BD,
    PF_XLS_MULBLANK = 0x00BE,
    PF_XLS_RSTRING = 0x00D6,
    PF_XLS_XF5 = 0x00E0,
    PF_XLS_MERGES = 0x00E5,
    PF_XLS_ROW = 0x0208,
    PF_XLS_COL_INFO = 0x007D,
    PF_XLS_SST = 0x00FC,
    PF_XLS_LABEL_SST = 0x00FD,
    PF_XLS_SUPBOOK = 0x01AE,
    PF_XLS_HLINK = 0x01B8,
    PF_XLS_BLANK = 0x0201,
    PF_XLS_NUMBER = 0x0203,
    PF_XLS_LABEL = 0x0204,
    PF_XLS_BOOLERR = 0x0205,
    PF_XLS_FORMULA3 = 0x0206,
    PF_XLS_STRING = 0x0207,
    PF_XLS_BOF3 = 0x0209,
    PF_XLS_ARRAY2 = 0x0021,
    PF_XLS_TABLE2 = 0x0036,
    PF_XLS_TABLE2B = 0x0037,
    PF_XLS_NAME3 = 0x0218, /* and BIFF4 */
    PF_XLS_ARRAY = 0x0221,
    PF_XLS_TABLE = 0x0236,
    PF_XLS_XF3 = 0x0243,
    PF_XLS_RK = 0x027E,
    PF_XLS_FORMULA4 = 0x0406,
    PF_XLS_BOF4 = 0x0409,
    PF_XLS_FORMAT = 0x041E, /* BIFF4 and later */
    PF_XLS_XF4 = 0x0443,
    PF_XLS_SHARED = 0x04BC,
    PF_XLS_BOF = 0x0809
};

struct pf_xls_record {
    uint16_t id;
    uint16_t size;
    const uint8_t *bytes; /* decrypted; lent until the next record is asked for */
    int64_t offset;       /* of its head in the stream */
};

/* One pass over a stream. One thread at a time. */
struct pf_xls_stream {
    struct pf_source *source; /* lent until clear */
    const struct pf_xls_lock *lock;
    struct pf_xls_keys keys;
    uint8_t *data;
    size_t at, end; /* what is here and not yet given */
    int64_t offset; /* of data[0] in the stream */
};
/* Begins at offset. lock is lent. */
pf_status pf_xls_stream_open(struct pf_xls_stream *stream, struct pf_source *source,
                             const struct pf_xls_lock *lock, int64_t offset, struct pf_error *err);
void pf_xls_stream_clear(struct pf_xls_stream *stream);
/* Brings the next record wholly into data; *there false at the end of the stream. BAD_DATA: cut short. */
pf_status pf_xls_stream_refill(struct pf_xls_stream *stream, bool *there, struct pf_error *err);

#define PF_XLS_HEAD 4
/* *there false at the end of the stream. */
static inline pf_status pf_xls_next(struct pf_xls_stream *stream, struct pf_xls_record *record, bool *there,
                                    struct pf_error *err) {
    size_t left = stream->end - stream->at;
    *there = true;
    if (left < PF_XLS_HEAD || left - PF_XLS_HEAD < pf_load16(stream->data + stream->at + 2)) {
        pf_status status = pf_xls_stream_refill(stream, there, err);
        if (status != PF_OK || !*there)
            return status;
    }
    uint8_t *head = stream->data + stream->at;
    *record = (struct pf_xls_record){pf_load16(head), pf_load16(head + 2), head + PF_XLS_HEAD,
                                     stream->offset + (int64_t)stream->at};
    stream->at += PF_XLS_HEAD + (size_t)record->size;
    if (stream->lock->kind)
        pf_xls_decrypt(stream->lock, &stream->keys, record->id, record->offset + PF_XLS_HEAD,
                       head + PF_XLS_HEAD, record->size);
    return PF_OK;
}
/* The id of the next record, which stays the next; 0xFFFF at the end of the stream. What next gave is lent no
 * longer. */
pf_status pf_xls_peek(struct pf_xls_stream *stream, uint16_t *id, struct pf_error *err);
#endif
