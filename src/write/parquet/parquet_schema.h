/* parquet_schema.h — Arrow schema → Parquet columns and schema elements.        SPDX-License-Identifier: MIT
 * Source: parquet.thrift and LogicalTypes.md of the Parquet format, 2.11. */
#ifndef PF_PARQUET_SCHEMA_H
#define PF_PARQUET_SCHEMA_H
#include "base/arena.h"
#include "base/buf.h"
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

/* One step from the array of a field down to the array of a leaf. */
enum pf_parquet_step_kind {
    PF_PARQUET_STEP_STRUCT, /* to child `child` */
    PF_PARQUET_STEP_LIST,   /* lists and maps, offsets of 32 bits */
    PF_PARQUET_STEP_LARGE,  /* offsets of 64 bits */
    PF_PARQUET_STEP_FIXED   /* `width` items each */
};
struct pf_parquet_step {
    int8_t kind;        /* enum pf_parquet_step_kind */
    bool optional;      /* being there is a definition level */
    int16_t repetition; /* lists: the level at which their items repeat */
    int32_t child;
    int32_t width;
};

/* One leaf of the schema. */
struct pf_parquet_column {
    const char *name;                /* as its user knows it: "address.city"; lent by the schema */
    const struct ArrowSchema *arrow; /* of the leaf; lent */
    int64_t field;                   /* child of the table in which it lies */
    const struct pf_parquet_step *steps;
    int32_t step_count; /* 0: the field itself */
    int8_t
        run_width; /* bytes of a run end when the leaf is run-end encoded (arrow is that of its values); 0: it is not */
    int32_t path_count; /* names from the field to the leaf, as Parquet has them */
    const char *const *path;
    struct pf_type type; /* of the values, also under a dictionary */
    enum pf_parquet_order order;
    enum pf_parquet_take take;
    int8_t physical;
    int8_t logical;   /* field number in the LogicalType union; 0: none */
    int8_t converted; /* ConvertedType; −1: none */
    int8_t unit;      /* enum pf_unit, as stored */
    bool adjusted;    /* timestamps: UTC */
    bool optional;
    int32_t width;  /* bytes of a stored value; 0: BOOLEAN, BYTES */
    int64_t factor; /* of TAKE_SCALED_* */
    int16_t max_definition;
    int16_t max_repetition; /* how many lists are around it */
};

struct pf_parquet_schema {
    int64_t count;                     /* leaves */
    struct pf_parquet_column *columns; /* in leaves */
    struct pf_buf leaves;
    int64_t fields;        /* columns of the table */
    struct pf_buf nodes;   /* struct pf_parquet_node for each element of the tree, depth first */
    struct pf_arena arena; /* names, paths, steps */
};
/* arrow: a struct type, lent until clear. UNSUPPORTED names the column that Parquet, or Spark under its
 * profile, cannot hold. Zero before. */
pf_status pf_parquet_schema_open(struct pf_parquet_schema *schema, const struct ArrowSchema *arrow,
                                 const struct pf_parquet_settings *settings, struct pf_error *err);
void pf_parquet_schema_clear(struct pf_parquet_schema *schema);
/* One SchemaElement below the root. */
struct pf_parquet_node {
    const char *name;
    int64_t leaf;      /* its column; −1: a group */
    int32_t children;  /* of a group */
    int8_t repetition; /* FieldRepetitionType: 0 required, 1 optional, 2 repeated */
    int8_t logical;    /* of a group: field number in the LogicalType union; 0: none */
    int8_t converted;  /* of a group; −1: none */
    bool has_id;
    int32_t id; /* field_id */
};
/* Fills in what a flat Arrow type gives (arrow, type … factor, optional by its flags); the rest is kept. For the .c
 * files of the schema. */
pf_status pf_parquet_leaf_map(struct pf_parquet_column *column, const struct ArrowSchema *arrow,
                              const struct pf_parquet_settings *settings, struct pf_error *err);
/* The fields of SchemaElement that only leaves have, or that come behind them. */
void pf_parquet_leaf_type(const struct pf_parquet_column *column, struct pf_thrift *t);
void pf_parquet_leaf_rest(const struct pf_parquet_column *column, const struct pf_parquet_node *node,
                          struct pf_thrift *t);
/* UNSUPPORTED, naming type and column. */
pf_status pf_parquet_leaf_refuse(const struct pf_parquet_column *column, struct pf_error *err, const char *why);
/* FileMetaData's list of SchemaElement, as the given field. */
void pf_parquet_schema_put(const struct pf_parquet_schema *schema, struct pf_thrift *t, int16_t field);
#endif
