/* xls_text.h — strings in records, also where they go on in CONTINUE records. Sources: [MS-XLS] 2.5.293 – 2.5.296;
 * for BIFF2–5 OpenOffice.org's Documentation of the Microsoft Excel File Format, 2.5. SPDX-License-Identifier: MIT */
#ifndef PF_XLS_TEXT_H
#define PF_XLS_TEXT_H
#include "base/charset.h"
#include "read/xls/xls_record.h"

/* A place in a record; it moves on into the CONTINUE records that follow. What it gives is copied. */
struct pf_xls_place {
    struct pf_xls_stream *stream;
    const uint8_t *at, *end;
    int64_t offset; /* of the record, for messages */
};
/* skip beyond the record is its end. */
struct pf_xls_place pf_xls_place_in(struct pf_xls_stream *stream, const struct pf_xls_record *record,
                                    size_t skip);
/* BAD_DATA when the record and what continues it end before. */
pf_status pf_xls_take(struct pf_xls_place *place, void *to, size_t count, struct pf_error *err);
pf_status pf_xls_skip(struct pf_xls_place *place, size_t count, struct pf_error *err);
/* A byte of flags and count characters of one or two bytes, as UTF-8 behind what is in out; each CONTINUE record may
 * change the width. rich: the flags may announce runs and phonetic text, which are skipped. */
pf_status pf_xls_unicode(struct pf_xls_place *place, uint32_t count, bool rich, struct pf_buf *out,
                         struct pf_error *err);
/* count bytes in a code page, as UTF-8 behind what is in out. */
pf_status pf_xls_bytes(struct pf_xls_place *place, uint32_t count, const struct pf_charset *charset,
                       struct pf_buf *out, struct pf_error *err);
/* A string with its length in front (size_bytes: 1 or 2 of it), as the version has them. */
pf_status pf_xls_string(struct pf_xls_place *place, int size_bytes, int biff, const struct pf_charset *charset,
                        struct pf_buf *out, struct pf_error *err);
/* NULL: unknown. */
const struct pf_charset *pf_xls_charset(uint32_t code_page);
#endif
