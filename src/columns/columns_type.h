/* columns_type.h — our type enum ↔ Arrow format strings, from one list.         SPDX-License-Identifier: MIT
 * Source: Arrow C data interface, "Data type description – format strings". */
#ifndef PF_COLUMNS_TYPE_H
#define PF_COLUMNS_TYPE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pyforge/arrow_abi.h"
#include "pyforge/status.h"

/* kind, Arrow format (or its fixed beginning), the name a user reads and writes (--type COL=NAME), bytes per
 * value (0: not fixed) */
#define PF_KIND_LIST(X)                                                                                        \
    X(NULL_, "n", "null", 0)                                                                                   \
    X(BOOL, "b", "bool", 0)                                                                                    \
    X(INT8, "c", "int8", 1)                                                                                    \
    X(INT16, "s", "int16", 2)                                                                                  \
    X(INT32, "i", "int32", 4)                                                                                  \
    X(INT64, "l", "int64", 8)                                                                                  \
    X(UINT8, "C", "uint8", 1)                                                                                  \
    X(UINT16, "S", "uint16", 2)                                                                                \
    X(UINT32, "I", "uint32", 4)                                                                                \
    X(UINT64, "L", "uint64", 8)                                                                                \
    X(FLOAT16, "e", "float16", 2)                                                                              \
    X(FLOAT32, "f", "float", 4)                                                                                \
    X(FLOAT64, "g", "double", 8)                                                                               \
    X(DECIMAL128, "d:", "decimal", 16)                                                                         \
    X(DECIMAL256, "d:", "decimal256", 32)                                                                      \
    X(DATE32, "tdD", "date", 4)                                                                                \
    X(DATE64, "tdm", "date64", 8)                                                                              \
    X(TIME32, "tt", "time32", 4)                                                                               \
    X(TIME64, "tt", "time", 8)                                                                                 \
    X(TIMESTAMP, "ts", "timestamp", 8)                                                                         \
    X(DURATION, "tD", "duration", 8)                                                                           \
    X(INTERVAL_MONTHS, "tiM", "interval_months", 4)                                                            \
    X(INTERVAL_DAYTIME, "tiD", "interval_daytime", 8)                                                          \
    X(INTERVAL_NANO, "tin", "interval_nano", 16)                                                               \
    X(UTF8, "u", "text", 0)                                                                                    \
    X(LARGE_UTF8, "U", "large_text", 0)                                                                        \
    X(UTF8_VIEW, "vu", "text_view", 16)                                                                        \
    X(BINARY, "z", "binary", 0)                                                                                \
    X(LARGE_BINARY, "Z", "large_binary", 0)                                                                    \
    X(BINARY_VIEW, "vz", "binary_view", 16)                                                                    \
    X(FIXED_BINARY, "w:", "fixed_binary", 0)                                                                   \
    X(LIST, "+l", "list", 0)                                                                                   \
    X(LARGE_LIST, "+L", "large_list", 0)                                                                       \
    X(FIXED_LIST, "+w:", "fixed_list", 0)                                                                      \
    X(STRUCT, "+s", "struct", 0)                                                                               \
    X(MAP, "+m", "map", 0)                                                                                     \
    X(UNION, "+u", "union", 0)                                                                                 \
    X(RUN_END, "+r", "run_end", 0)                                                                             \
    X(DICTIONARY, "", "dictionary", 0)

#define PF_KIND_ENUM_(kind, format, name, width) PF_KIND_##kind,
enum pf_kind { PF_KIND_LIST(PF_KIND_ENUM_) PF_KIND_COUNT };
#undef PF_KIND_ENUM_

enum pf_unit { PF_UNIT_SECOND, PF_UNIT_MILLI, PF_UNIT_MICRO, PF_UNIT_NANO };

/* A flat type, or the head of a nested one. For DICTIONARY, kind and the rest are those of the values, and
 * index is the kind of the indices; index is PF_KIND_NULL_ for plain columns. */
struct pf_type {
    int16_t kind;  /* enum pf_kind */
    int16_t index; /* enum pf_kind */
    int16_t unit;  /* enum pf_unit */
    int16_t precision, scale;
    int32_t width;    /* FIXED_BINARY, FIXED_LIST */
    const char *zone; /* TIMESTAMP: "" = none; lent by the schema it was read from, or static ("UTC") */
};
pf_status pf_type_of(const struct ArrowSchema *schema, struct pf_type *out,
                     struct pf_error *err); /* BAD_DATA */
/* Writes the Arrow format string of a flat type; to 64 bytes at least, zone cut off by UNSUPPORTED. */
pf_status pf_type_format(const struct pf_type *type, char *to, size_t room, struct pf_error *err);
/* "int64", "decimal(10,2)", "timestamp[us, UTC]": what users read. to 96 bytes. */
void pf_type_print(const struct pf_type *type, char *to, size_t room);
/* The reverse, and what --type takes: also "string", "int", "bigint", "float64", "decimal(p,s)", "timestamp",
 * "timestamp_ntz", "date", "time", "boolean", "binary" … ARGUMENT with the list of names. */
pf_status pf_type_parse(const char *text, struct pf_type *out, struct pf_error *err);
bool pf_type_same(const struct pf_type *a, const struct pf_type *b);
int pf_kind_width(int kind); /* bytes per value, 0: not fixed */
bool pf_kind_is_text(int kind);
bool pf_kind_is_nested(int kind);
#endif
