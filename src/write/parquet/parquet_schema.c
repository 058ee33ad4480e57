/* parquet_schema.c — room write/parquet. A flat Arrow type → a Parquet type.      SPDX-License-Identifier: MIT
 * Knows: which physical, logical and converted type holds an Arrow type, and what Spark cannot read.
 * Knows not: how leaves are nested, values, pages, files.        Format: docs/formats/parquet.md §Types */
#include "write/parquet/parquet_schema.h"

#include "base/error.h"
#include "columns/columns_schema.h"

#define LOGICAL_STRING    1
#define LOGICAL_DECIMAL   5
#define LOGICAL_DATE      6
#define LOGICAL_TIME      7
#define LOGICAL_TIMESTAMP 8
#define LOGICAL_INTEGER   10
#define LOGICAL_UNKNOWN   11
#define LOGICAL_FLOAT16   15

#define CONVERTED_UTF8             0
#define CONVERTED_DECIMAL          5
#define CONVERTED_DATE             6
#define CONVERTED_TIME_MILLIS      7
#define CONVERTED_TIME_MICROS      8
#define CONVERTED_TIMESTAMP_MILLIS 9
#define CONVERTED_TIMESTAMP_MICROS 10
#define CONVERTED_UINT_8           11
#define CONVERTED_INT_8            15

/* What most kinds need and nothing else: kind → physical, take, order, width, and whether Spark reads it. */
static const struct plain_kind {
    int8_t physical;
    int8_t take;
    int8_t order;
    int8_t width;
    int8_t logical;
    int8_t converted;
    bool spark;
    bool known;
} plain_kinds[PF_KIND_COUNT] = {
    [PF_KIND_NULL_] = {PF_PARQUET_INT32, PF_PARQUET_TAKE_NOTHING, PF_PARQUET_ORDER_NONE, 4, LOGICAL_UNKNOWN, -1,
                       false, true},
    [PF_KIND_BOOL] = {PF_PARQUET_BOOLEAN, PF_PARQUET_TAKE_BITS, PF_PARQUET_ORDER_BOOL, 0, 0, -1, true, true},
    [PF_KIND_INT8] = {PF_PARQUET_INT32, PF_PARQUET_TAKE_I8, PF_PARQUET_ORDER_I32, 4, LOGICAL_INTEGER,
                      CONVERTED_INT_8, true, true},
    [PF_KIND_INT16] = {PF_PARQUET_INT32, PF_PARQUET_TAKE_I16, PF_PARQUET_ORDER_I32, 4, LOGICAL_INTEGER,
                       CONVERTED_INT_8 + 1, true, true},
    [PF_KIND_INT32] = {PF_PARQUET_INT32, PF_PARQUET_TAKE_4, PF_PARQUET_ORDER_I32, 4, 0, -1, true, true},
    [PF_KIND_INT64] = {PF_PARQUET_INT64, PF_PARQUET_TAKE_8, PF_PARQUET_ORDER_I64, 8, 0, -1, true, true},
    [PF_KIND_UINT8] = {PF_PARQUET_INT32, PF_PARQUET_TAKE_U8, PF_PARQUET_ORDER_U32, 4, LOGICAL_INTEGER,
                       CONVERTED_UINT_8, false, true},
    [PF_KIND_UINT16] = {PF_PARQUET_INT32, PF_PARQUET_TAKE_U16, PF_PARQUET_ORDER_U32, 4, LOGICAL_INTEGER,
                        CONVERTED_UINT_8 + 1, false, true},
    [PF_KIND_UINT32] = {PF_PARQUET_INT32, PF_PARQUET_TAKE_4, PF_PARQUET_ORDER_U32, 4, LOGICAL_INTEGER,
                        CONVERTED_UINT_8 + 2, false, true},
    [PF_KIND_UINT64] = {PF_PARQUET_INT64, PF_PARQUET_TAKE_8, PF_PARQUET_ORDER_U64, 8, LOGICAL_INTEGER,
                        CONVERTED_UINT_8 + 3, false, true},
    [PF_KIND_FLOAT16] = {PF_PARQUET_FIXED, PF_PARQUET_TAKE_FIXED, PF_PARQUET_ORDER_F16, 2, LOGICAL_FLOAT16, -1,
                         false, true},
    [PF_KIND_FLOAT32] = {PF_PARQUET_FLOAT, PF_PARQUET_TAKE_4, PF_PARQUET_ORDER_F32, 4, 0, -1, true, true},
    [PF_KIND_FLOAT64] = {PF_PARQUET_DOUBLE, PF_PARQUET_TAKE_8, PF_PARQUET_ORDER_F64, 8, 0, -1, true, true},
    [PF_KIND_DATE32] = {PF_PARQUET_INT32, PF_PARQUET_TAKE_4, PF_PARQUET_ORDER_I32, 4, LOGICAL_DATE,
                        CONVERTED_DATE, true, true},
    [PF_KIND_DATE64] = {PF_PARQUET_INT32, PF_PARQUET_TAKE_DAYS, PF_PARQUET_ORDER_I32, 4, LOGICAL_DATE,
                        CONVERTED_DATE, true, true},
    [PF_KIND_DURATION] = {PF_PARQUET_INT64, PF_PARQUET_TAKE_8, PF_PARQUET_ORDER_I64, 8, 0, -1, false, true},
    [PF_KIND_UTF8] = {PF_PARQUET_BYTES, PF_PARQUET_TAKE_TEXT, PF_PARQUET_ORDER_TEXT, 0, LOGICAL_STRING,
                      CONVERTED_UTF8, true, true},
    [PF_KIND_LARGE_UTF8] = {PF_PARQUET_BYTES, PF_PARQUET_TAKE_TEXT, PF_PARQUET_ORDER_TEXT, 0, LOGICAL_STRING,
                            CONVERTED_UTF8, true, true},
    [PF_KIND_UTF8_VIEW] = {PF_PARQUET_BYTES, PF_PARQUET_TAKE_TEXT, PF_PARQUET_ORDER_TEXT, 0, LOGICAL_STRING,
                           CONVERTED_UTF8, true, true},
    [PF_KIND_BINARY] = {PF_PARQUET_BYTES, PF_PARQUET_TAKE_TEXT, PF_PARQUET_ORDER_BYTES, 0, 0, -1, true, true},
    [PF_KIND_LARGE_BINARY] = {PF_PARQUET_BYTES, PF_PARQUET_TAKE_TEXT, PF_PARQUET_ORDER_BYTES, 0, 0, -1, true,
                              true},
    [PF_KIND_BINARY_VIEW] = {PF_PARQUET_BYTES, PF_PARQUET_TAKE_TEXT, PF_PARQUET_ORDER_BYTES, 0, 0, -1, true,
                             true},
};

pf_status pf_parquet_leaf_refuse(const struct pf_parquet_column *column, struct pf_error *err,
                                 const char *why) {
    char name[96];
    pf_type_print(&column->type, name, sizeof name);
    pf_status status = pf_fail(err, PF_UNSUPPORTED, "%s %s", name, why);
    pf_where(err, "column '%.80s'", column->name);
    return status;
}

static pf_status refuse_spark(const struct pf_parquet_column *column, struct pf_error *err) {
    return pf_parquet_leaf_refuse(
        column, err, "is a type that Spark cannot read from Parquet; cast it or use --profile modern");
}

/* Fewest bytes that hold every signed number of so many digits: what readers of FIXED decimals expect. */
static int32_t decimal_width(int precision) {
    /* floor(log2(10^p − 1)) + 2 bits, log2(10) by the fraction 2136/643 which is exact enough up to 10^76 */
    int bits = precision * 2136 / 643 + 2;
    return (bits + 7) / 8;
}

static pf_status map_decimal(struct pf_parquet_column *c, bool modern, struct pf_error *err) {
    int most = c->type.kind == PF_KIND_DECIMAL128 ? 38 : 76;
    if (c->type.precision < 1 || c->type.precision > most || c->type.scale < 0 ||
        c->type.scale > c->type.precision)
        return pf_parquet_leaf_refuse(c, err, "has a precision or scale that Parquet cannot hold; cast it");
    if (!modern && c->type.precision > 38)
        return refuse_spark(c, err);
    c->take = PF_PARQUET_TAKE_DECIMAL;
    c->logical = LOGICAL_DECIMAL;
    c->converted = CONVERTED_DECIMAL;
    if (c->type.precision <= 9) {
        c->physical = PF_PARQUET_INT32;
        c->width = 4;
        c->order = PF_PARQUET_ORDER_I32;
    } else if (c->type.precision <= 18) {
        c->physical = PF_PARQUET_INT64;
        c->width = 8;
        c->order = PF_PARQUET_ORDER_I64;
    } else {
        c->physical = PF_PARQUET_FIXED;
        c->width = decimal_width(c->type.precision);
        c->order = PF_PARQUET_ORDER_DECIMAL;
    }
    return PF_OK;
}

static pf_status map_time(struct pf_parquet_column *c, bool modern, struct pf_error *err) {
    if (!modern)
        return refuse_spark(c, err);
    bool wide = c->type.kind == PF_KIND_TIME64;
    c->physical = wide ? PF_PARQUET_INT64 : PF_PARQUET_INT32;
    c->order = wide ? PF_PARQUET_ORDER_I64 : PF_PARQUET_ORDER_I32;
    c->width = wide ? 8 : 4;
    c->take = wide ? PF_PARQUET_TAKE_8 : PF_PARQUET_TAKE_4;
    c->logical = LOGICAL_TIME;
    c->unit = (int8_t)c->type.unit;
    if (c->unit == PF_UNIT_SECOND) {
        c->unit = PF_UNIT_MILLI;
        c->take = PF_PARQUET_TAKE_SCALED_4;
        c->factor = 1000;
    }
    c->converted = c->unit == PF_UNIT_MILLI   ? CONVERTED_TIME_MILLIS
                   : c->unit == PF_UNIT_MICRO ? CONVERTED_TIME_MICROS
                                              : -1;
    return PF_OK;
}

static pf_status map_timestamp(struct pf_parquet_column *c, const struct pf_parquet_settings *s,
                               struct pf_error *err) {
    if (!s->modern && c->type.unit == PF_UNIT_NANO)
        return refuse_spark(c, err);
    c->physical = PF_PARQUET_INT64;
    c->order = PF_PARQUET_ORDER_I64;
    c->width = 8;
    c->take = PF_PARQUET_TAKE_8;
    c->logical = LOGICAL_TIMESTAMP;
    c->unit = (int8_t)c->type.unit;
    c->adjusted = s->utc || (c->type.zone && c->type.zone[0]);
    /* Spark's own unit is the microsecond; elsewhere only seconds have no place in Parquet. */
    int8_t stored = !s->modern ? PF_UNIT_MICRO : c->unit == PF_UNIT_SECOND ? PF_UNIT_MILLI : c->unit;
    c->factor = 1;
    for (int8_t u = c->unit; u < stored; u++)
        c->factor *= 1000;
    if (c->factor != 1)
        c->take = PF_PARQUET_TAKE_SCALED_8;
    c->unit = stored;
    c->converted = stored == PF_UNIT_MILLI   ? CONVERTED_TIMESTAMP_MILLIS
                   : stored == PF_UNIT_MICRO ? CONVERTED_TIMESTAMP_MICROS
                                             : -1;
    return PF_OK;
}

static pf_status map_fixed(struct pf_parquet_column *c, bool modern, struct pf_error *err) {
    if (c->type.width < 1)
        return pf_parquet_leaf_refuse(c, err, "of no bytes has no place in Parquet; leave the column out");
    c->take = PF_PARQUET_TAKE_FIXED;
    c->order = PF_PARQUET_ORDER_BYTES;
    /* Spark before 3.4 refuses a bare FIXED_LEN_BYTE_ARRAY. */
    c->physical = modern ? PF_PARQUET_FIXED : PF_PARQUET_BYTES;
    c->width = modern ? c->type.width : 0;
    return PF_OK;
}

static pf_status map_type(struct pf_parquet_column *c, const struct pf_parquet_settings *s,
                          struct pf_error *err) {
    int kind = c->type.kind;
    if (pf_kind_is_nested(kind))
        return pf_parquet_leaf_refuse(
            c, err, "is nested in a way that has no place in Parquet; flatten it or leave the column out");
    if (kind == PF_KIND_DECIMAL128 || kind == PF_KIND_DECIMAL256)
        return map_decimal(c, s->modern, err);
    if (kind == PF_KIND_TIME32 || kind == PF_KIND_TIME64)
        return map_time(c, s->modern, err);
    if (kind == PF_KIND_TIMESTAMP)
        return map_timestamp(c, s, err);
    if (kind == PF_KIND_FIXED_BINARY)
        return map_fixed(c, s->modern, err);
    const struct plain_kind *plain = &plain_kinds[kind];
    if (!plain->known)
        return pf_parquet_leaf_refuse(c, err,
                                      "has no place in Parquet; cast it to text or leave the column out");
    if (!s->modern && !plain->spark)
        return refuse_spark(c, err);
    c->physical = plain->physical;
    c->take = (enum pf_parquet_take)plain->take;
    c->order = (enum pf_parquet_order)plain->order;
    c->width = plain->width;
    c->logical = plain->logical;
    c->converted = plain->converted;
    return PF_OK;
}

pf_status pf_parquet_leaf_map(struct pf_parquet_column *c, const struct ArrowSchema *arrow,
                              const struct pf_parquet_settings *settings, struct pf_error *err) {
    c->arrow = arrow;
    c->converted = -1;
    PF_TRY(pf_type_of(arrow, &c->type, err));
    if (arrow->dictionary) {
        /* the values' own head: width and zone of pf_type_of under a dictionary are the same, nesting is not */
        struct pf_type values;
        PF_TRY(pf_type_of(arrow->dictionary, &values, err));
        if (arrow->dictionary->dictionary)
            return pf_parquet_leaf_refuse(c, err,
                                          "is a dictionary of dictionaries, which is not written; decode it");
        c->type = values;
    }
    PF_TRY(map_type(c, settings, err));
    c->optional = (arrow->flags & ARROW_FLAG_NULLABLE) != 0 || c->type.kind == PF_KIND_NULL_;
    return PF_OK;
}

/* ---- elements ---- */

static void put_unit(struct pf_thrift *t, int16_t field, int unit) {
    pf_thrift_open(t, field);
    pf_thrift_open(t, unit == PF_UNIT_MILLI ? 1 : unit == PF_UNIT_MICRO ? 2 : 3);
    pf_thrift_close(t);
    pf_thrift_close(t);
}

static void put_logical(const struct pf_parquet_column *c, struct pf_thrift *t) {
    pf_thrift_open(t, 10);
    pf_thrift_open(t, c->logical);
    if (c->logical == LOGICAL_DECIMAL) {
        pf_thrift_i32(t, 1, c->type.scale);
        pf_thrift_i32(t, 2, c->type.precision);
    } else if (c->logical == LOGICAL_TIME || c->logical == LOGICAL_TIMESTAMP) {
        pf_thrift_bool(t, 1, c->logical == LOGICAL_TIMESTAMP && c->adjusted);
        put_unit(t, 2, c->unit);
    } else if (c->logical == LOGICAL_INTEGER) {
        pf_thrift_i8(t, 1, (int8_t)(pf_kind_width(c->type.kind) * 8));
        pf_thrift_bool(t, 2, c->converted >= CONVERTED_INT_8);
    }
    pf_thrift_close(t);
    pf_thrift_close(t);
}

void pf_parquet_leaf_type(const struct pf_parquet_column *c, struct pf_thrift *t) {
    pf_thrift_i32(t, 1, c->physical);
    if (c->physical == PF_PARQUET_FIXED)
        pf_thrift_i32(t, 2, c->width);
}

void pf_parquet_leaf_rest(const struct pf_parquet_column *c, const struct pf_parquet_node *node,
                          struct pf_thrift *t) {
    if (c->converted >= 0)
        pf_thrift_i32(t, 6, c->converted);
    if (c->logical == LOGICAL_DECIMAL) {
        pf_thrift_i32(t, 7, c->type.scale);
        pf_thrift_i32(t, 8, c->type.precision);
    }
    if (node->has_id)
        pf_thrift_i32(t, 9, node->id);
    if (c->logical)
        put_logical(c, t);
}
