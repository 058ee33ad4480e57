/* parquet_thrift.h — Thrift's compact protocol, writing only.                   SPDX-License-Identifier: MIT
 * Source: Apache Thrift, "Thrift Compact protocol". */
#ifndef PF_PARQUET_THRIFT_H
#define PF_PARQUET_THRIFT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define PF_THRIFT_DEPTH 8

/* Types of the items of a list. */
#define PF_THRIFT_BOOL   1
#define PF_THRIFT_I32    5
#define PF_THRIFT_I64    6
#define PF_THRIFT_BINARY 8
#define PF_THRIFT_STRUCT 12

/* Appends to a buffer. The first failure sticks and is returned by pf_thrift_done. */
struct pf_thrift {
    struct pf_buf *to;
    struct pf_error *err;
    pf_status status;
    int depth;
    int16_t last[PF_THRIFT_DEPTH]; /* the last field number of each open struct */
};
/* The outermost struct is open after this. */
void pf_thrift_begin(struct pf_thrift *t, struct pf_buf *to, struct pf_error *err);
/* Ends the outermost struct. */
pf_status pf_thrift_done(struct pf_thrift *t);

/* Fields of the struct that is open, in rising order. */
void pf_thrift_bool(struct pf_thrift *t, int16_t field, bool value);
void pf_thrift_i8(struct pf_thrift *t, int16_t field, int8_t value);
void pf_thrift_i16(struct pf_thrift *t, int16_t field, int16_t value);
void pf_thrift_i32(struct pf_thrift *t, int16_t field, int32_t value);
void pf_thrift_i64(struct pf_thrift *t, int16_t field, int64_t value);
void pf_thrift_binary(struct pf_thrift *t, int16_t field, const void *bytes, size_t size);
void pf_thrift_text(struct pf_thrift *t, int16_t field, const char *text);
void pf_thrift_open(struct pf_thrift *t, int16_t field); /* a struct */
void pf_thrift_close(struct pf_thrift *t);
void pf_thrift_list(struct pf_thrift *t, int16_t field, int item_type, size_t count);
/* Items of the list just begun; exactly count of them. */
void pf_thrift_item_bool(struct pf_thrift *t, bool value);
void pf_thrift_item_i32(struct pf_thrift *t, int32_t value);
void pf_thrift_item_i64(struct pf_thrift *t, int64_t value);
void pf_thrift_item_binary(struct pf_thrift *t, const void *bytes, size_t size);
void pf_thrift_item_open(struct pf_thrift *t);
/* Fields written earlier, the last of them numbered last: more fields may follow. */
void pf_thrift_paste(struct pf_thrift *t, const void *bytes, size_t size, int16_t last);
#endif
