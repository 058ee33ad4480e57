/* shape_rows.h — for the tests of shapes: columns from texts, and back to texts.   SPDX-License-Identifier: MIT */
#ifndef PF_TEST_SHAPE_ROWS_H
#define PF_TEST_SHAPE_ROWS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "columns/columns_batch.h"
#include "columns/columns_print.h"
#include "columns/columns_schema.h"
#include "shape/shape.h"

/* Appends one cell: "-" is null; numbers are the raw value of the type; text is text. */
static inline void put_cell(struct pf_build *build, const char *cell, size_t size) {
    int kind = build->type.kind;
    int64_t whole = 0;
    double number;
    float small;
    struct pf_int128 decimal[2] = {{0, 0}, {0, 0}};
    if (size == 1 && cell[0] == '-') {
        assert_int_equal(pf_build_null(build, NULL), PF_OK);
        return;
    }
    const void *value = &whole;
    if (kind == PF_KIND_UTF8 || kind == PF_KIND_BINARY) {
        assert_int_equal(pf_build_bytes(build, cell, size, NULL), PF_OK);
        return;
    }
    if (kind == PF_KIND_FIXED_BINARY) {
        assert_int_equal(size, build->width);
        value = cell;
    } else if (kind == PF_KIND_FLOAT64 || kind == PF_KIND_FLOAT32) {
        assert_true(pf_parse_double(cell, size, '.', &number));
        small = (float)number;
        value = kind == PF_KIND_FLOAT64 ? (const void *)&number : &small;
    } else if (kind == PF_KIND_DECIMAL128 || kind == PF_KIND_DECIMAL256) {
        assert_true(pf_parse_decimal(cell, size, '.', 38, build->type.scale, decimal));
        decimal[1].high = decimal[0].high >> 63;
        decimal[1].low = (uint64_t)decimal[1].high;
        value = decimal;
    } else if (kind == PF_KIND_UINT64) {
        uint64_t big;
        assert_true(pf_parse_uint64(cell, size, &big));
        whole = (int64_t)big;
    } else
        assert_true(pf_parse_int64(cell, size, &whole));
    assert_int_equal(pf_build_value(build, value, NULL), PF_OK);
}

/* "1,2,-" → a column of three rows; dictionaries get every cell as an entry of its own, and one more. */
static inline void make_column(const char *type_text, const char *cells, struct ArrowArray *out) {
    struct pf_type type, plain;
    struct pf_build build;
    assert_int_equal(pf_type_parse(type_text, &type, NULL), PF_OK);
    plain = type;
    plain.index = PF_KIND_NULL_;
    assert_int_equal(pf_build_open(&build, &plain, NULL), PF_OK);
    for (const char *at = cells; *cells; at += *at == ',') {
        size_t size = strcspn(at, ",");
        put_cell(&build, at, size);
        at += size;
        if (!*at)
            break;
    }
    int64_t rows = build.length;
    if (type.index == PF_KIND_NULL_) {
        assert_int_equal(pf_build_take(&build, out, NULL), PF_OK);
        pf_build_clear(&build);
        return;
    }
    struct pf_type index = {.kind = type.index, .zone = ""};
    struct ArrowArray *values = pf_mem_zero(1, sizeof *values);
    assert_int_equal(pf_build_take(&build, values, NULL), PF_OK);
    pf_build_clear(&build);
    assert_int_equal(pf_build_open(&build, &index, NULL), PF_OK);
    for (int64_t row = rows; row-- > 0;)
        assert_int_equal(pf_build_value(&build, &row, NULL), PF_OK); /* turned round */
    assert_int_equal(pf_build_take(&build, out, NULL), PF_OK);
    pf_build_clear(&build);
    out->dictionary = values;
}

/* Our arrays know nothing of dictionaries: the test frees what it made. */
static inline void drop_dictionary(struct ArrowArray *array, struct ArrowArray *dictionary) {
    (void)array;
    if (dictionary) {
        pf_array_release(dictionary);
        pf_mem_free(dictionary);
    }
}

static inline void make_field(struct ArrowSchema *out, const char *name, const char *type_text) {
    struct pf_type type;
    assert_int_equal(pf_type_parse(type_text, &type, NULL), PF_OK);
    assert_int_equal(pf_schema_field(out, name, &type, true, NULL), PF_OK);
}

/* The column as "1,2,-". */
static inline void print_column(const struct ArrowSchema *schema, const struct ArrowArray *batch, int64_t i,
                                char *to) {
    struct pf_view view;
    struct pf_error err = PF_ERROR_INIT;
    if (pf_view_child(&view, schema, batch, i, &err) != PF_OK)
        fail_msg("%s: %s", err.where, err.message);
    to[0] = 0;
    for (int64_t row = 0; row < view.length; row++) {
        char text[PF_PRINT_ROOM];
        int64_t size = 1;
        const void *bytes = "-";
        if (pf_view_valid(&view, row)) {
            bytes = text;
            if (pf_kind_is_text(view.type.kind) || view.type.kind == PF_KIND_BINARY)
                bytes = pf_view_bytes(&view, row, &size);
            else
                size = (int64_t)pf_print_value(&view, row, 'T', text);
        }
        sprintf(to + strlen(to), "%s%.*s", row ? "," : "", (int)size, (const char *)bytes);
    }
}
#endif
