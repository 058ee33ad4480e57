/* test_columns_parse.c — tests of columns_parse.c, columns_impose.c and of proofs.   SPDX-License-Identifier: MIT
 * Knows: that a column's type is the join over its cells, and what each value is.
 * Knows not: which loop read a cell. */
#include "cells_fixture.h"

#include <math.h>

#include "base/calendar.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "columns/columns_build.h"
#include "columns/columns_parse.h"

static struct pf_error err;

/* The value of a plain text by other means than the parser's. */
static void check_value(const struct pf_parse *parse, const char *text, size_t size, const struct pf_build *b,
                        int64_t row) {
    char copy[128], cut[128];
    size_t n = 0;
    int64_t whole, have = 0;
    if (parse->type.kind == PF_KIND_UTF8) {
        assert_int_equal(b->offsets[row + 1] - b->offsets[row], size);
        assert_memory_equal(b->data + b->offsets[row], text, size);
        return;
    }
    for (size_t i = 0; i < size; i++)
        if (text[i] != parse->rules.thousands || !parse->rules.thousands ||
            !pf_is_digit(text[0] == '-' ? text[1] : text[0]))
            cut[n++] = text[i] == parse->rules.point ? '.' : text[i];
    cut[n] = 0;
    memcpy(copy, text, size);
    copy[size] = 0;
    if (b->width == 8)
        memcpy(&have, b->values + 8 * row, 8);
    switch (parse->type.kind) {
    case PF_KIND_BOOL: assert_int_equal(pf_bit_get(b->values, row), (copy[0] | 32) == 't'); break;
    case PF_KIND_INT64: assert_int_equal(have, strtoll(cut, NULL, 10)); break;
    case PF_KIND_FLOAT64: {
        double wanted = strtod(cut, NULL), got;
        memcpy(&got, &have, 8);
        assert_true(memcmp(&got, &wanted, 8) == 0 || (isnan(got) && isnan(wanted)));
        break;
    }
    case PF_KIND_DECIMAL128: {
        struct pf_int128 v;
        char printed[49];
        memcpy(&v, b->values + 16 * row, 16);
        printed[pf_print_decimal(v, parse->type.scale, printed)] = 0;
        size_t at = 0, have_fraction = strchr(cut, '.') ? strlen(strchr(cut, '.')) - 1 : 0;
        if (cut[0] == '-' && printed[0] != '-') /* a zero has no sign in decimals */
            at = 1;
        if (have_fraction == 0 && parse->type.scale)
            strcat(cut, ".");
        for (size_t i = have_fraction; i < (size_t)parse->type.scale; i++)
            strcat(cut, "0");
        assert_string_equal(printed, cut + at);
        break;
    }
    case PF_KIND_DATE32: {
        int32_t days, got;
        assert_true(pf_parse_date(text, size, parse->format.date_order, &days));
        memcpy(&got, b->values + 4 * row, 4);
        assert_int_equal(got, days);
        break;
    }
    case PF_KIND_TIMESTAMP: {
        struct pf_instant v = {0};
        int32_t days;
        if (pf_parse_date(text, size, parse->format.date_order, &days))
            v.seconds = (int64_t)days * 86400;
        else
            assert_true(pf_parse_timestamp(text, size, parse->format.date_order, &v));
        int64_t per = parse->type.unit == PF_UNIT_NANO ? 1000000000 : 1000000;
        whole = v.seconds * per + v.nanos / (1000000000 / per);
        assert_int_equal(have, whole);
        break;
    }
    default: fail();
    }
}

static void check_build(const struct pf_parse *parse, const struct pf_cells *cells, size_t rows,
                        const struct pf_build *b) {
    int64_t nulls = 0;
    assert_int_equal(b->length, rows);
    for (size_t r = 0; r < rows; r++) {
        size_t n, size;
        bool quoted;
        char scratch[128];
        const char *raw = pf_cell_raw(cells, r, &n),
                   *text = pf_cell_plain(raw, n, cells->quote, scratch, &size, &quoted);
        bool null = pf_infer_is_null(text, size, quoted, &parse->rules);
        assert_true(pf_bit_get(b->valid, (int64_t)r) == !null);
        nulls += null;
        if (!null)
            check_value(parse, text, size, b, (int64_t)r);
        else if (parse->type.kind == PF_KIND_BOOL)
            assert_false(pf_bit_get(b->values, (int64_t)r));
        else
            for (int32_t i = 0; i < b->width; i++)
                assert_int_equal(b->values[(int64_t)r * b->width + i], 0);
    }
    assert_int_equal(b->nulls, nulls);
    for (int64_t r = (int64_t)rows; r < b->room; r++) {
        assert_true(pf_bit_get(b->valid, r));
        assert_false(parse->type.kind == PF_KIND_BOOL && pf_bit_get(b->values, r));
    }
}

static void check_seen(const struct pf_infer *seen, const struct pf_infer *infer) {
    for (int c = 0; c < PF_CLASS_COUNT; c++) {
        assert_int_equal(seen->first[c], infer->first[c]);
        assert_string_equal(seen->example[c], infer->example[c]);
    }
    assert_int_equal(seen->marks, infer->marks);
    assert_int_equal(seen->time_digits, infer->time_digits);
    assert_int_equal(seen->date_separator, infer->date_separator);
    assert_int_equal(seen->values, infer->values);
    assert_int_equal(seen->nulls, infer->nulls);
    for (int m = 0; m < PF_MARK_COUNT; m++)
        assert_int_equal(seen->first_mark[m], infer->first_mark[m]);
}

static void test_a_column_is_read_by_the_type_that_it_was_found_to_have(void **s) {
    (void)s;
    struct column column;
    int typed[PF_KIND_COUNT] = {0};
    for (int i = 0; i < 40000; i++) {
        struct pf_parse parse = {.rules = random_rules()};
        struct pf_infer infer, seen, proved;
        struct pf_build build = {0};
        bool settled, misfit;
        int64_t nulls = 0;
        size_t done = 0;
        random_column(&column, 0);
        struct block block = make_block(column.raw, column.rows, 1 + below(3), below(4) == 0);
        pf_infer_init(&infer);
        pf_infer_init(&seen);
        pf_infer_init(&proved);
        assert_int_equal(pf_infer_cells(&infer, &block.cells, 5, &parse.rules, &err), PF_OK);
        pf_infer_type(&infer, &parse.rules, &parse.type, &parse.format, &settled);
        typed[parse.type.kind]++;
        assert_int_equal(pf_build_open(&build, &parse.type, &err), PF_OK);
        assert_int_equal(pf_parse_cells(&parse, &block.cells, 5, &done, &misfit, &seen, &build, &err), PF_OK);
        assert_false(misfit);
        assert_int_equal(done, column.rows);
        check_build(&parse, &block.cells, column.rows, &build);
        done = 0;
        assert_int_equal(pf_prove_cells(&parse, &block.cells, 5, &done, &misfit, &proved, &nulls, &err), PF_OK);
        assert_false(misfit);
        assert_int_equal(done, column.rows);
        assert_int_equal(nulls, build.nulls);
        if (parse.type.kind != PF_KIND_UTF8) {
            check_seen(&seen, &infer);
            check_seen(&proved, &infer);
        } else {
            assert_int_equal(seen.nulls, build.nulls);
            assert_int_equal(seen.values + seen.nulls, column.rows);
        }
        pf_build_clear(&build);
        drop_block(&block);
    }
    assert_true(typed[PF_KIND_BOOL] > 100 && typed[PF_KIND_INT64] > 100 && typed[PF_KIND_FLOAT64] > 100);
    assert_true(typed[PF_KIND_DECIMAL128] > 100 && typed[PF_KIND_DATE32] > 100 &&
                typed[PF_KIND_TIMESTAMP] > 100);
}

static void test_values_one_by_one_are_those_of_the_block(void **s) {
    (void)s;
    struct column column;
    for (int i = 0; i < 10000; i++) {
        struct pf_parse parse = {.rules = random_rules()};
        struct pf_infer infer;
        struct pf_build block_build = {0}, build = {0};
        bool settled, misfit;
        size_t done = 0;
        random_column(&column, 0);
        struct block block = make_block(column.raw, column.rows, 1, false);
        pf_infer_init(&infer);
        assert_int_equal(pf_infer_cells(&infer, &block.cells, 0, &parse.rules, &err), PF_OK);
        pf_infer_type(&infer, &parse.rules, &parse.type, &parse.format, &settled);
        assert_int_equal(pf_build_open(&block_build, &parse.type, &err), PF_OK);
        assert_int_equal(pf_build_open(&build, &parse.type, &err), PF_OK);
        assert_int_equal(pf_parse_cells(&parse, &block.cells, 0, &done, &misfit, NULL, &block_build, &err),
                         PF_OK);
        for (size_t r = 0; r < column.rows; r++) {
            size_t n, size;
            bool quoted, fits;
            char scratch[128];
            const char *raw = pf_cell_raw(&block.cells, r, &n),
                       *text = pf_cell_plain(raw, n, '"', scratch, &size, &quoted);
            if (pf_infer_is_null(text, size, quoted, &parse.rules)) {
                assert_int_equal(pf_build_null(&build, &err), PF_OK);
                continue;
            }
            assert_int_equal(pf_parse_one(&parse, text, size, &fits, &build, &err), PF_OK);
            assert_true(fits);
        }
        assert_int_equal(build.length, block_build.length);
        assert_int_equal(build.data_size, block_build.data_size);
        if (build.width)
            assert_memory_equal(build.values, block_build.values, (size_t)(build.length * build.width));
        else
            assert_memory_equal(build.valid, block_build.valid, (size_t)(build.length + 7) / 8);
        bool fits = true;
        assert_int_equal(pf_parse_one(&parse, "no value", 8, &fits, &build, &err), PF_OK);
        assert_true(fits == (parse.type.kind == PF_KIND_UTF8));
        pf_build_clear(&build);
        pf_build_clear(&block_build);
        drop_block(&block);
    }
}

static void test_a_cell_fits_exactly_when_the_join_stays(void **s) {
    (void)s;
    struct column column;
    int kept = 0, widened = 0;
    for (int i = 0; i < 60000; i++) {
        struct pf_parse parse = {.rules = random_rules()};
        struct pf_type after;
        struct pf_parse_format format;
        struct pf_infer infer;
        struct pf_build build = {0};
        bool settled, misfit, proof_misfit;
        char text[96];
        const char *raw = text;
        int64_t nulls = 0;
        random_column(&column, 0);
        struct block block = make_block(column.raw, column.rows, 1, false);
        pf_infer_init(&infer);
        assert_int_equal(pf_infer_cells(&infer, &block.cells, 0, &parse.rules, &err), PF_OK);
        pf_infer_type(&infer, &parse.rules, &parse.type, &parse.format, &settled);
        drop_block(&block);
        if (parse.type.kind == PF_KIND_UTF8)
            continue;
        random_cell(text, (int)below(CELL_KINDS));
        struct block one = make_block(&raw, 1, 2, false);
        assert_int_equal(pf_infer_cells(&infer, &one.cells, 1000, &parse.rules, &err), PF_OK);
        pf_infer_type(&infer, &parse.rules, &after, &format, &settled);
        bool same = pf_type_same(&parse.type, &after) && format.date_order == parse.format.date_order &&
                    format.date_separator == parse.format.date_separator;
        size_t done = 0, proved = 0;
        assert_int_equal(pf_build_open(&build, &parse.type, &err), PF_OK);
        assert_int_equal(pf_parse_cells(&parse, &one.cells, 0, &done, &misfit, NULL, &build, &err), PF_OK);
        assert_int_equal(pf_prove_cells(&parse, &one.cells, 0, &proved, &proof_misfit, NULL, &nulls, &err),
                         PF_OK);
        if (misfit == same) {
            char a[96], b[96];
            pf_type_print(&parse.type, a, sizeof a);
            pf_type_print(&after, b, sizeof b);
            fail_msg("%s: %s became %s but misfit is %d", text, a, b, misfit);
        }
        assert_true(misfit == proof_misfit && done == proved && done == !misfit);
        assert_int_equal(build.length, !misfit);
        kept += same;
        widened += !same;
        pf_build_clear(&build);
        drop_block(&one);
    }
    assert_true(kept > 3000 && widened > 3000);
}

static void test_parsing_stops_at_the_misfit_and_goes_on_behind_it(void **s) {
    (void)s;
    const char *raw[] = {"1", "2", "x", "", "3", "4.5", "5"};
    struct block block = make_block(raw, 7, 3, true);
    struct pf_parse parse = {.type = {.kind = PF_KIND_INT64}, .rules = {.point = '.'}};
    struct pf_build build = {0};
    struct pf_infer seen;
    bool misfit;
    size_t done = 0;
    int64_t nulls = 0;
    pf_infer_init(&seen);
    assert_int_equal(pf_build_open(&build, &parse.type, &err), PF_OK);
    assert_int_equal(pf_parse_cells(&parse, &block.cells, 0, &done, &misfit, &seen, &build, &err), PF_OK);
    assert_true(misfit && done == 2 && build.length == 2);
    assert_int_equal(pf_build_null(&build, &err), PF_OK);
    done++;
    assert_int_equal(pf_parse_cells(&parse, &block.cells, 0, &done, &misfit, &seen, &build, &err), PF_OK);
    assert_true(misfit && done == 5 && build.length == 5 && build.nulls == 2);
    done++;
    assert_int_equal(pf_parse_cells(&parse, &block.cells, 0, &done, &misfit, &seen, &build, &err), PF_OK);
    assert_true(!misfit && done == 7 && build.length == 6);
    const int64_t wanted[] = {1, 2, 0, 0, 3, 5};
    assert_memory_equal(build.values, wanted, sizeof wanted);
    assert_int_equal(seen.values, 4);
    assert_int_equal(seen.nulls, 1);
    done = 3;
    assert_int_equal(pf_prove_cells(&parse, &block.cells, 0, &done, &misfit, NULL, &nulls, &err), PF_OK);
    assert_true(misfit && done == 5 && nulls == 1);
    pf_build_clear(&build);
    drop_block(&block);
}

static void test_text_keeps_every_byte_null_and_empty_apart(void **s) {
    (void)s;
    static const char *const raw[] = {"a",
                                      "",
                                      "\"\"",
                                      "\"48\"\"\"",
                                      "\"a,b\"",
                                      "x\"y",
                                      "NA",
                                      "\"NA\"",
                                      " ",
                                      "\"\"\"\"",
                                      "Zürich",
                                      "\"",
                                      "\"\"\"a\"\" \"\"b\"\"\""};
    static const char *const plain[] = {"a",  NULL, "",   "48\"",   "a,b", "x\"y",       "NA",
                                        "NA", " ",  "\"", "Zürich", "\"",  "\"a\" \"b\""};
    const size_t rows = sizeof raw / sizeof raw[0];
    struct pf_text na = {"NA", 2};
    for (int with = 0; with < 2; with++) {
        struct pf_parse parse = {.type = {.kind = PF_KIND_UTF8},
                                 .rules = {.point = '.', .nulls = &na, .null_count = (size_t)with}};
        struct block block = make_block(raw, rows, 2, false);
        struct pf_build build = {0};
        bool misfit;
        size_t done = 0, proved = 0;
        int64_t nulls = 0;
        assert_int_equal(pf_build_open(&build, &parse.type, &err), PF_OK);
        assert_int_equal(pf_parse_cells(&parse, &block.cells, 0, &done, &misfit, NULL, &build, &err), PF_OK);
        assert_true(done == rows && !misfit);
        for (size_t r = 0; r < rows; r++) {
            bool null = !plain[r] || (with && strcmp(plain[r], "NA") == 0);
            assert_true(pf_bit_get(build.valid, (int64_t)r) == !null);
            size_t n = (size_t)(build.offsets[r + 1] - build.offsets[r]);
            assert_int_equal(n, null ? 0 : strlen(plain[r]));
            assert_memory_equal(build.data + build.offsets[r], null ? "" : plain[r], n);
        }
        assert_int_equal(pf_prove_cells(&parse, &block.cells, 0, &proved, &misfit, NULL, &nulls, &err), PF_OK);
        assert_int_equal(nulls, build.nulls);
        assert_int_equal(proved, rows);
        pf_build_clear(&build);
        drop_block(&block);
    }
}

static void test_long_and_random_texts_are_copied_exactly(void **s) {
    (void)s;
    for (int i = 0; i < 3000; i++) {
        enum { ROWS = 6 };
        char *plain[ROWS], *raw[ROWS];
        for (int r = 0; r < ROWS; r++) {
            size_t n = below(below(4) ? 40 : 700), used = 0;
            plain[r] = malloc(n + 1);
            raw[r] = malloc(2 * n + 3);
            bool quoted = below(2);
            if (quoted)
                raw[r][used++] = '"';
            for (size_t k = 0; k < n; k++) {
                plain[r][k] = quoted && below(20) == 0 ? '"' : (char)('a' + below(26));
                raw[r][used++] = plain[r][k];
                if (plain[r][k] == '"')
                    raw[r][used++] = '"';
            }
            if (quoted)
                raw[r][used++] = '"';
            plain[r][n] = raw[r][used] = 0;
        }
        struct block block = make_block((const char *const *)raw, ROWS, 1, below(2));
        struct pf_parse parse = {.type = {.kind = PF_KIND_UTF8}, .rules = {.point = '.'}};
        struct pf_build build = {0};
        bool misfit;
        size_t done = 0;
        assert_int_equal(pf_build_open(&build, &parse.type, &err), PF_OK);
        assert_int_equal(pf_parse_cells(&parse, &block.cells, 0, &done, &misfit, NULL, &build, &err), PF_OK);
        for (int r = 0; r < ROWS; r++) {
            assert_int_equal(build.offsets[r + 1] - build.offsets[r], strlen(plain[r]));
            assert_memory_equal(build.data + build.offsets[r], plain[r], strlen(plain[r]));
            free(plain[r]);
            free(raw[r]);
        }
        pf_build_clear(&build);
        drop_block(&block);
    }
}

/* The value as the house prints it; "-" when it does not fit. */
static void impose(const char *type, const char *text, char to[64], const struct pf_rules *rules) {
    struct pf_parse parse = {.rules = *rules, .imposed = true};
    struct pf_build build = {0};
    bool fits = false, misfit;
    assert_int_equal(pf_type_parse(type, &parse.type, &err), PF_OK);
    assert_int_equal(pf_build_open(&build, &parse.type, &err), PF_OK);
    assert_int_equal(pf_parse_one(&parse, text, strlen(text), &fits, &build, &err), PF_OK);
    assert_int_equal(build.length, fits);
    strcpy(to, "-");
    int64_t v = 0;
    if (fits && build.values)
        memcpy(&v, build.values, build.width ? (size_t)(build.width < 8 ? build.width : 8) : 1);
    size_t n = 1;
    if (fits)
        switch (parse.type.kind) {
        case PF_KIND_BOOL: n = pf_print_int64(v & 1, to); break;
        case PF_KIND_INT8: n = pf_print_int64((int8_t)v, to); break;
        case PF_KIND_INT16: n = pf_print_int64((int16_t)v, to); break;
        case PF_KIND_DATE32:
        case PF_KIND_INT32: n = pf_print_int64((int32_t)v, to); break;
        case PF_KIND_FLOAT32: {
            float f;
            memcpy(&f, build.values, 4);
            n = pf_print_float(f, to);
            break;
        }
        case PF_KIND_FLOAT64: {
            double d;
            memcpy(&d, build.values, 8);
            n = pf_print_double(d, to);
            break;
        }
        case PF_KIND_DECIMAL128: {
            struct pf_int128 x;
            memcpy(&x, build.values, 16);
            n = pf_print_decimal(x, parse.type.scale, to);
            break;
        }
        case PF_KIND_UINT64: n = pf_print_uint64((uint64_t)v, to); break;
        case PF_KIND_UTF8:
        case PF_KIND_BINARY:
            n = (size_t)build.data_size;
            memcpy(to, build.data, n);
            break;
        default: n = pf_print_int64(v, to); break;
        }
    to[n] = 0;
    /* A block with this one cell says the same. */
    if (text[0] && text[0] != '"') {
        struct block block = make_block(&text, 1, 2, false);
        struct pf_build other = {0};
        size_t done = 0, proved = 0;
        int64_t nulls = 0;
        assert_int_equal(pf_build_open(&other, &parse.type, &err), PF_OK);
        assert_int_equal(pf_parse_cells(&parse, &block.cells, 0, &done, &misfit, NULL, &other, &err), PF_OK);
        if (misfit == fits)
            fail_msg("%s as %s: block and single value differ", text, type);
        if (fits && build.width)
            assert_memory_equal(build.values, other.values, (size_t)build.width);
        assert_int_equal(pf_prove_cells(&parse, &block.cells, 0, &proved, &misfit, NULL, &nulls, &err), PF_OK);
        assert_true(misfit == !fits && proved == done);
        pf_build_clear(&other);
        drop_block(&block);
    }
    pf_build_clear(&build);
}

static void test_imposed_types_take_every_spelling_that_loses_nothing(void **s) {
    (void)s;
    static const struct {
        const char *type, *text, *printed;
    } cases[] = {
        {"int64", "007", "7"},
        {"int64", "+5", "5"},
        {"int64", "1E5", "100000"},
        {"int64", "5.00", "5"},
        {"int64", "5.01", "-"},
        {"int64", " 42 ", "42"},
        {"int64", "1.5e1", "15"},
        {"int64", "15e-1", "-"},
        {"int64", "150e-1", "15"},
        {"int64", "9223372036854775807", "9223372036854775807"},
        {"int64", "9223372036854775808", "-"},
        {"int64", "-9223372036854775808", "-9223372036854775808"},
        {"int64", "1e999999999999", "-"},
        {"int64", "0e999999999999", "0"},
        {"int64", "x", "-"},
        {"int64", "", "-"},
        {"int64", "  ", "-"},
        {"int64", "--5", "-"},
        {"int64", "1e", "-"},
        {"int64", ".", "-"},
        {"int64", "100000000000000000000000000000000000000000e-40", "10"},
        {"int64", "-0", "0"},
        {"int64", "1_000", "-"},
        {"int8", "127", "127"},
        {"int8", "128", "-"},
        {"int8", "-128", "-128"},
        {"int8", "-129", "-"},
        {"int16", "32768", "-"},
        {"int32", "-2147483648", "-2147483648"},
        {"uint8", "255", "255"},
        {"uint8", "256", "-"},
        {"uint8", "-1", "-"},
        {"uint8", "-0", "0"},
        {"uint64", "18446744073709551615", "18446744073709551615"},
        {"uint64", "18446744073709551616", "-"},
        {"double", "1E5", "1e+05"},
        {"double", ".5", "0.5"},
        {"double", "5.", "5"},
        {"double", "+1.5", "1.5"},
        {"double", "nan", "nan"},
        {"double", "-inf", "-inf"},
        {"double", "1e400", "-"},
        {"double", "1e-400", "-"},
        {"double", "0e-400", "0"},
        {"double", "9007199254740993", "-"},
        {"double", "9007199254740994", "9007199254740994"},
        {"double", "9007199254740993.0", "9007199254740992"},
        {"float", "0.1", "0.1"},
        {"float", "16777217", "-"},
        {"float", "16777216", "16777216"},
        {"float", "1e39", "-"},
        {"float", "1e-60", "-"},
        {"float", "1.00000005960464477539062500000000000000000001", "1.0000001"},
        {"decimal(5,2)", "1.5", "1.50"},
        {"decimal(5,2)", "001.500", "1.50"},
        {"decimal(5,2)", "1.505", "-"},
        {"decimal(5,2)", "1000", "-"},
        {"decimal(5,2)", "1e2", "100.00"},
        {"decimal(5,2)", "+.05", "0.05"},
        {"decimal(5,2)", "-999.99", "-999.99"},
        {"decimal(38,0)", "99999999999999999999999999999999999999", "99999999999999999999999999999999999999"},
        {"decimal(38,0)", "1e38", "-"},
        {"decimal(38,10)", "1234567890123456789012345678.0123456789",
         "1234567890123456789012345678.0123456789"},
        {"bool", "yes", "1"},
        {"bool", "N", "0"},
        {"bool", "1", "1"},
        {"bool", "0", "0"},
        {"bool", "TRUE", "1"},
        {"bool", "off", "0"},
        {"bool", "2", "-"},
        {"date", "1970-01-02", "1"},
        {"date", "1970-01-02 00:00:00", "1"},
        {"date", "1970-01-02T10:00", "-"},
        {"date", "02/01/1970", "-"},
        {"time[us]", "01:00", "3600000000"},
        {"time[us]", "01:00:00.000001", "3600000001"},
        {"time[us]", "01:00:00.0000001", "-"},
        {"timestamp[s]", "1970-01-01 00:01", "60"},
        {"timestamp[s]", "1970-01-01 00:01:00.5", "-"},
        {"timestamp[s]", "1970-01-01 00:01:00.000", "60"},
        {"timestamp[ms]", "1970-01-01 00:01:00.5", "60500"},
        {"timestamp[ns]", "1969-12-31 23:59:59.999999999", "-1"},
        {"timestamp[ns]", "1600-01-01", "-"},
        {"timestamp[ns]", "1677-12-01", "-9217238400000000000"},
        {"timestamp[us]", "1970-01-01 00:00Z", "-"},
        {"timestamp[us, UTC]", "1970-01-01 01:00+01:00", "0"},
        {"timestamp[us, UTC]", "1970-01-01 00:00", "0"},
        {"text", " 5", " 5"},
        {"binary", "ab", "ab"},
    };
    char to[64];
    struct pf_rules plain = {.point = '.'}, de = {.point = ',', .thousands = '.', .dates = PF_DATES_DMY};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        impose(cases[i].type, cases[i].text, to, &plain);
        if (strcmp(to, cases[i].printed) != 0)
            fail_msg("%s as %s gives %s, not %s", cases[i].text, cases[i].type, to, cases[i].printed);
    }
    impose("decimal(10,2)", "1.234,5", to, &de);
    assert_string_equal(to, "1234.50");
    impose("double", "1.234,5", to, &de);
    assert_string_equal(to, "1234.5");
    impose("date", "2.1.1970", to, &de);
    assert_string_equal(to, "1");
    impose("timestamp[s]", "2.1.1970 00:00", to, &de);
    assert_string_equal(to, "86400");
    struct pf_parse duration = {
        .type = {.kind = PF_KIND_DURATION, .unit = PF_UNIT_MICRO, .zone = ""}, .rules = plain, .imposed = true};
    struct pf_build build = {0};
    bool fits;
    assert_int_equal(pf_build_open(&build, &duration.type, &err), PF_OK);
    assert_int_equal(pf_parse_one(&duration, "-100:00:00.5", 12, &fits, &build, &err), PF_OK);
    assert_true(fits && ((int64_t *)(void *)build.values)[0] == -360000500000);
    static const char *const no_durations[] = {"100", "1:2", "x:00", "99999999999:00", "1:00:00.0000001",
                                               ":00", "-"};
    for (size_t i = 0; i < sizeof no_durations / sizeof no_durations[0]; i++) {
        assert_int_equal(pf_parse_one(&duration, no_durations[i], strlen(no_durations[i]), &fits, &build, &err),
                         PF_OK);
        assert_false(fits);
    }
    pf_build_clear(&build);
    struct pf_parse zurich = {
        .type = {.kind = PF_KIND_TIMESTAMP, .unit = PF_UNIT_SECOND, .zone = "Europe/Zurich"},
        .format = {PF_DATE_MDY, '/'},
        .rules = plain,
        .imposed = true};
    assert_int_equal(pf_build_open(&build, &zurich.type, &err), PF_OK);
    assert_int_equal(pf_parse_one(&zurich, "1970-01-01 00:00", 16, &fits, &build, &err), PF_OK);
    assert_false(fits); /* no table of zones */
    assert_int_equal(pf_parse_one(&zurich, "1/2/1970 00:00Z", 15, &fits, &build, &err), PF_OK);
    assert_true(fits && ((int64_t *)(void *)build.values)[0] == 86400);
    pf_build_clear(&build);
    struct pf_parse nothing = {.type = {.kind = PF_KIND_NULL_}, .rules = plain};
    assert_int_equal(pf_build_open(&build, &nothing.type, &err), PF_OK);
    assert_int_equal(pf_parse_one(&nothing, "1", 1, &fits, &build, &err), PF_OK);
    assert_false(fits);
    pf_build_clear(&build);
}

static void test_quoted_empty_cells_of_imposed_numbers_are_null(void **s) {
    (void)s;
    const char *raw[] = {"\"1\"", "\"\"", "", "\"007\""};
    struct block block = make_block(raw, 4, 1, false);
    struct pf_parse parse = {.type = {.kind = PF_KIND_INT32}, .rules = {.point = '.'}, .imposed = true};
    struct pf_build build = {0};
    bool misfit;
    size_t done = 0;
    int64_t nulls = 0;
    assert_int_equal(pf_build_open(&build, &parse.type, &err), PF_OK);
    assert_int_equal(pf_parse_cells(&parse, &block.cells, 0, &done, &misfit, NULL, &build, &err), PF_OK);
    const int32_t wanted[] = {1, 0, 0, 7};
    assert_true(!misfit && done == 4 && build.nulls == 2);
    assert_memory_equal(build.values, wanted, sizeof wanted);
    done = 0;
    assert_int_equal(pf_prove_cells(&parse, &block.cells, 0, &done, &misfit, NULL, &nulls, &err), PF_OK);
    assert_true(done == 4 && nulls == 2);
    parse.type.kind = PF_KIND_FLOAT16;
    assert_int_equal(pf_parse_cells(&parse, &block.cells, 0, &done, &misfit, NULL, &build, &err),
                     PF_UNSUPPORTED);
    assert_int_equal(pf_prove_cells(&parse, &block.cells, 0, &done, &misfit, NULL, &nulls, &err),
                     PF_UNSUPPORTED);
    assert_int_equal(pf_parse_one(&parse, "1", 1, &misfit, &build, &err), PF_UNSUPPORTED);
    pf_build_clear(&build);
    drop_block(&block);
}

static void test_formats_of_dates_are_printed_and_read(void **s) {
    (void)s;
    for (int8_t order = 0; order < 3; order++)
        for (const char *c = order ? "/.-" : "";; c++) {
            struct pf_parse_format f = {order, order ? *c : 0}, back;
            char text[24];
            pf_parse_format_print(&f, text, sizeof text);
            assert_true(pf_parse_format_read(text, strlen(text), &back));
            assert_memory_equal(&f, &back, sizeof f);
            if (order == 1 && *c == '.')
                assert_string_equal(text, "dd.mm.yyyy");
            if (!order || !c[1])
                break;
        }
    struct pf_parse_format f;
    char one[1] = {'x'};
    pf_parse_format_print(&(struct pf_parse_format){PF_DATE_DMY, '/'}, one, 1);
    assert_int_equal(one[0], 0);
    assert_false(pf_parse_format_read("comma", 5, &f));
    assert_false(pf_parse_format_read("dd/mm-yyyy", 10, &f));
}

static void test_no_memory_is_told_and_nothing_leaks(void **s) {
    (void)s;
    const char *raw[] = {"\"a\"\"b\"", "c"};
    struct block block = make_block(raw, 2, 1, false);
    struct pf_parse text = {.type = {.kind = PF_KIND_UTF8}, .rules = {.point = '.'}};
    struct pf_infer infer;
    bool misfit;
    for (int64_t nth = 1; nth < 10; nth++) {
        struct pf_build build = {0};
        size_t done = 0;
        assert_int_equal(pf_build_open(&build, &text.type, &err), PF_OK);
        pf_infer_init(&infer);
        pf_mem_fail_from(nth);
        pf_status status = pf_infer_cells(&infer, &block.cells, 0, &text.rules, &err);
        if (status == PF_OK)
            status = pf_parse_cells(&text, &block.cells, 0, &done, &misfit, &infer, &build, &err);
        int64_t used = pf_mem_count();
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        assert_true((status == PF_OK) == (used < nth));
        pf_build_clear(&build);
    }
    drop_block(&block);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_column_is_read_by_the_type_that_it_was_found_to_have),
        cmocka_unit_test(test_values_one_by_one_are_those_of_the_block),
        cmocka_unit_test(test_a_cell_fits_exactly_when_the_join_stays),
        cmocka_unit_test(test_parsing_stops_at_the_misfit_and_goes_on_behind_it),
        cmocka_unit_test(test_text_keeps_every_byte_null_and_empty_apart),
        cmocka_unit_test(test_long_and_random_texts_are_copied_exactly),
        cmocka_unit_test(test_imposed_types_take_every_spelling_that_loses_nothing),
        cmocka_unit_test(test_quoted_empty_cells_of_imposed_numbers_are_null),
        cmocka_unit_test(test_formats_of_dates_are_printed_and_read),
        cmocka_unit_test(test_no_memory_is_told_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
