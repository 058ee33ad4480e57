/* parquet_thrift.c — room write/parquet. Thrift compact protocol, writing only.  SPDX-License-Identifier: MIT
 * Knows: field deltas, zigzag varints, lists, structs.
 * Knows not: what the fields of Parquet mean.                 Format: docs/formats/parquet.md §Metadata */
#include "write/parquet/parquet_thrift.h"

#include "base/error.h"

#define TYPE_TRUE  1
#define TYPE_FALSE 2
#define TYPE_I8    3
#define TYPE_I16   4
#define TYPE_LIST  9

static void put_bytes(struct pf_thrift *t, const void *bytes, size_t size) {
    if (t->status == PF_OK)
        t->status = pf_buf_put(t->to, bytes, size, t->err);
}

static void put_varint(struct pf_thrift *t, uint64_t value) {
    uint8_t bytes[10];
    size_t n = 0;
    while (value >= 0x80) {
        bytes[n++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    bytes[n++] = (uint8_t)value;
    put_bytes(t, bytes, n);
}

static void put_zigzag(struct pf_thrift *t, int64_t value) {
    put_varint(t, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

static void put_head(struct pf_thrift *t, int16_t field, int type) {
    int16_t delta = (int16_t)(field - t->last[t->depth]);
    if (delta > 0 && delta <= 15) {
        uint8_t byte = (uint8_t)(delta << 4 | type);
        put_bytes(t, &byte, 1);
    } else {
        uint8_t byte = (uint8_t)type;
        put_bytes(t, &byte, 1);
        put_zigzag(t, field);
    }
    t->last[t->depth] = field;
}

static void push_struct(struct pf_thrift *t) {
    if (t->depth + 1 >= PF_THRIFT_DEPTH) {
        if (t->status == PF_OK)
            t->status = pf_fail(t->err, PF_INTERNAL, "Thrift structs nest too deep; please report this");
        return;
    }
    t->last[++t->depth] = 0;
}

void pf_thrift_begin(struct pf_thrift *t, struct pf_buf *to, struct pf_error *err) {
    *t = (struct pf_thrift){.to = to, .err = err};
}

pf_status pf_thrift_done(struct pf_thrift *t) {
    put_bytes(t, "", 1);
    return t->status;
}

void pf_thrift_bool(struct pf_thrift *t, int16_t field, bool value) {
    put_head(t, field, value ? TYPE_TRUE : TYPE_FALSE);
}

void pf_thrift_i8(struct pf_thrift *t, int16_t field, int8_t value) {
    put_head(t, field, TYPE_I8);
    put_bytes(t, &value, 1);
}

void pf_thrift_i16(struct pf_thrift *t, int16_t field, int16_t value) {
    put_head(t, field, TYPE_I16);
    put_zigzag(t, value);
}

void pf_thrift_i32(struct pf_thrift *t, int16_t field, int32_t value) {
    put_head(t, field, PF_THRIFT_I32);
    put_zigzag(t, value);
}

void pf_thrift_i64(struct pf_thrift *t, int16_t field, int64_t value) {
    put_head(t, field, PF_THRIFT_I64);
    put_zigzag(t, value);
}

void pf_thrift_binary(struct pf_thrift *t, int16_t field, const void *bytes, size_t size) {
    put_head(t, field, PF_THRIFT_BINARY);
    pf_thrift_item_binary(t, bytes, size);
}

void pf_thrift_text(struct pf_thrift *t, int16_t field, const char *text) {
    pf_thrift_binary(t, field, text, strlen(text));
}

void pf_thrift_open(struct pf_thrift *t, int16_t field) {
    put_head(t, field, PF_THRIFT_STRUCT);
    push_struct(t);
}

void pf_thrift_close(struct pf_thrift *t) {
    put_bytes(t, "", 1);
    if (t->depth > 0)
        t->depth--;
}

void pf_thrift_list(struct pf_thrift *t, int16_t field, int item_type, size_t count) {
    put_head(t, field, TYPE_LIST);
    if (count < 15) {
        uint8_t byte = (uint8_t)(count << 4 | (size_t)item_type);
        put_bytes(t, &byte, 1);
    } else {
        uint8_t byte = (uint8_t)(0xF0 | item_type);
        put_bytes(t, &byte, 1);
        put_varint(t, count);
    }
}

void pf_thrift_item_bool(struct pf_thrift *t, bool value) {
    uint8_t byte = value ? TYPE_TRUE : TYPE_FALSE;
    put_bytes(t, &byte, 1);
}

void pf_thrift_item_i32(struct pf_thrift *t, int32_t value) { put_zigzag(t, value); }

void pf_thrift_item_i64(struct pf_thrift *t, int64_t value) { put_zigzag(t, value); }

void pf_thrift_item_binary(struct pf_thrift *t, const void *bytes, size_t size) {
    put_varint(t, size);
    put_bytes(t, bytes, size);
}

void pf_thrift_item_open(struct pf_thrift *t) { push_struct(t); }

void pf_thrift_paste(struct pf_thrift *t, const void *bytes, size_t size, int16_t last) {
    put_bytes(t, bytes, size);
    t->last[t->depth] = last;
}
