/* parquet_schema.h — Arrow schema → Parquet columns and schema elements.        SPDX-License-Identifier: MIT
 * Source: parquet.thrift and LogicalTypes.md of the Parquet format, 2.11. */
#ifndef PF_PARQUET_SCHEMA_H
#define PF_PARQUET_SCHEMA_H
#include "codec/codec.h"
#include "columns/columns_type.h"
#include "write/parquet/parquet_thrift.h"

/* Physical types, with parquet.thrift's numbers. */
#define PF_PARQUET_BOOLEAN 0
#define PF_PARQUET_INT32   1
#define PF_PARQUET_INT64   2
#define PF_PARQUET_FLOAT   4
#define PF_PARQUET_DOUBLE  5
#define PF_PARQUET_BYTES   6
#define PF_PARQUET_FIXED   7

/* How values compare for statistics. */
enum pf_parquet_order {
    PF_PARQUET_ORDER_NONE,
    PF_PARQUET_ORDER_BOOL,
    PF_PARQUET_ORDER_I32,
    PF_PARQUET_ORDER_U32,
    PF_PARQUET_ORDER_I64,
    PF_PARQUET_ORDER_U64,
    PF_PARQUET_ORDER_F32,
    PF_PARQUET_ORDER_F64,
    PF_PARQUET_ORDER_F16,
    PF_PARQUET_ORDER_BYTES,  /* unsigned, byte by byte */
    PF_PARQUET_ORDER_TEXT,   /* the same; cut at characters */
    PF_PARQUET_ORDER_DECIMAL /* big-endian two's complement of fixed width */
};

/* How stored values are made from Arrow's. */
enum pf_parquet_take {
    PF_PARQUET_TAKE_NOTHING, /* the null type */
    PF_PARQUET_TAKE_BITS,
    PF_PARQUET_TAKE_I8, /* widened to 32 bits */
    PF_PARQUET_TAKE_U8,
    PF_PARQUET_TAKE_I16,
    PF_PARQUET_TAKE_U16,
    PF_PARQUET_TAKE_4, /* as they are */
    PF_PARQUET_TAKE_8,
    PF_PARQUET_TAKE_SCALED_4, /* times factor, checked */
    PF_PARQUET_TAKE_SCALED_8,
    PF_PARQUET_TAKE_DAYS,    /* date64 to days, checked */
    PF_PARQUET_TAKE_DECIMAL, /* 128 or 256 bits to 4 or 8 bytes or big-endian, checked */
    PF_PARQUET_TAKE_FIXED,   /* type.width bytes as they are */
    PF_PARQUET_TAKE_TEXT     /* text and binary of any layout */
};

struct pf_parquet_settings {
    const struct pf_codec *codec; /* NULL: none */
    int level;                    /* the most effort that is taken */
    bool level_free; /* nobody asked for just this level: a lower one that gives as small pages will do */
    bool modern;
    bool utc; /* unzoned timestamps are said to be UTC */
    int64_t group_rows;
    int64_t group_bytes;
    int64_t page_bytes;
};

/* One leaf of the schema. */
struct pf_parquet_column {
    const char *name;                /* lent by the Arrow schema */
    const struct ArrowSchema *arrow; /* lent */
    struct pf_type type;             /* of the values, also under a dictionary */
    enum pf_parquet_order order;
    enum pf_parquet_take take;
    int8_t physical;
    int8_t logical;   /* field number in the LogicalType union; 0: none */
    int8_t converted; /* ConvertedType; −1: none */
    int8_t unit;      /* enum pf_unit, as stored */
    bool adjusted;    /* timestamps: UTC */
    bool optional;
    bool has_id;
    int32_t id;             /* field_id */
    int32_t width;          /* bytes of a stored value; 0: BOOLEAN, BYTES */
    int64_t factor;         /* of TAKE_SCALED_* */
    int16_t max_definition; /* 0 or 1 while everything is flat */
    int16_t max_repetition; /* 0 while everything is flat */
};

struct pf_parquet_schema {
    int64_t count;
    struct pf_parquet_column *columns;
};
/* arrow: a struct type, lent until clear. UNSUPPORTED names the column that Parquet, or Spark under its
 * profile, cannot hold. Zero before. */
pf_status pf_parquet_schema_open(struct pf_parquet_schema *schema, const struct ArrowSchema *arrow,
                                 const struct pf_parquet_settings *settings, struct pf_error *err);
void pf_parquet_schema_clear(struct pf_parquet_schema *schema);
/* FileMetaData's list of SchemaElement, as the given field. */
void pf_parquet_schema_put(const struct pf_parquet_schema *schema, struct pf_thrift *t, int16_t field);
#endif
