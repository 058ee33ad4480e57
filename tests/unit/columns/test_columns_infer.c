/* test_columns_infer.c — tests of columns_infer.c, columns_class.c, columns_look.c.   SPDX-License-Identifier: MIT
 * Knows: the table of joins and what users expect of codes, dates and numbers.
 * Knows not: which loop looked at a cell; every promise is checked for blocks and for single values. */
#include "cells_fixture.h"

static const struct pf_rules plain = {.point = '.'};

static enum pf_class class_of(const char *text, const struct pf_rules *rules) {
    struct pf_infer infer;
    struct pf_error err;
    size_t n = strlen(text);
    /* with readable bytes behind, as in a block */
    struct block b = make_block(&text, 1, 1, false);
    pf_infer_init(&infer);
    assert_int_equal(pf_infer_cells(&infer, &b.cells, 0, rules, &err), PF_OK);
    enum pf_class class = pf_infer_class(text, n, rules, NULL);
    if (n && text[0] != '"')
        assert_int_equal(infer.first[class], 0);
    drop_block(&b);
    return class;
}

static void test_every_class_at_its_borders(void **s) {
    (void)s;
    static const struct {
        const char *text;
        enum pf_class class;
    } cases[] = {
        {"true", PF_CLASS_BOOL},
        {"FALSE", PF_CLASS_BOOL},
        {"True", PF_CLASS_BOOL},
        {"tRue", PF_CLASS_TEXT},
        {"TRUe", PF_CLASS_TEXT},
        {"yes", PF_CLASS_TEXT},
        {"t", PF_CLASS_TEXT},
        {"truee", PF_CLASS_TEXT},
        {"0", PF_CLASS_INT53},
        {"-1", PF_CLASS_INT53},
        {"9007199254740992", PF_CLASS_INT53},
        {"-9007199254740992", PF_CLASS_INT53},
        {"9007199254740993", PF_CLASS_INT64},
        {"999999999999999", PF_CLASS_INT53},
        {"9223372036854775807", PF_CLASS_INT64},
        {"-9223372036854775808", PF_CLASS_INT64},
        {"9223372036854775808", PF_CLASS_DECIMAL},
        {"-9223372036854775809", PF_CLASS_DECIMAL},
        {"99999999999999999999999999999999999999", PF_CLASS_DECIMAL},
        {"100000000000000000000000000000000000000", PF_CLASS_TEXT},
        {"00501", PF_CLASS_TEXT},
        {"-01", PF_CLASS_TEXT},
        {"007", PF_CLASS_TEXT},
        {"+41791234567", PF_CLASS_TEXT},
        {"1E5", PF_CLASS_TEXT},
        {"12E3", PF_CLASS_TEXT},
        {"1e5", PF_CLASS_TEXT},
        {"0047583311587E590003", PF_CLASS_TEXT},
        {"1e-05", PF_CLASS_DOUBLE},
        {"1e+05", PF_CLASS_DOUBLE},
        {"1E-05", PF_CLASS_DOUBLE},
        {"1.5e3", PF_CLASS_DOUBLE},
        {"1.5E3", PF_CLASS_DOUBLE},
        {"-1.5E-3", PF_CLASS_DOUBLE},
        {"0.5", PF_CLASS_DOUBLE},
        {"-0.5", PF_CLASS_DOUBLE},
        {"00.5", PF_CLASS_TEXT},
        {".5", PF_CLASS_TEXT},
        {"5.", PF_CLASS_TEXT},
        {"-.5", PF_CLASS_TEXT},
        {"1.e3", PF_CLASS_TEXT},
        {"-0", PF_CLASS_DOUBLE},
        {"-0.0", PF_CLASS_DOUBLE},
        {"-", PF_CLASS_TEXT},
        {"--1", PF_CLASS_TEXT},
        {"1e400", PF_CLASS_TEXT},
        {"1e+400", PF_CLASS_TEXT},
        {"1.0e-400", PF_CLASS_TEXT},
        {"0.0e-400", PF_CLASS_DOUBLE},
        {"1.7976931348623157e308", PF_CLASS_DOUBLE},
        {"4.9e-324", PF_CLASS_DOUBLE},
        {"1.0e", PF_CLASS_TEXT},
        {"1.0e+", PF_CLASS_TEXT},
        {"0.1234567890123456789012345678901234567890", PF_CLASS_DOUBLE},
        {"123456789012345678901234567890.5", PF_CLASS_DOUBLE},
        {"nan", PF_CLASS_NONFINITE},
        {"NaN", PF_CLASS_NONFINITE},
        {"inf", PF_CLASS_NONFINITE},
        {"-Inf", PF_CLASS_NONFINITE},
        {"Infinity", PF_CLASS_NONFINITE},
        {"-infinity", PF_CLASS_NONFINITE},
        {"+inf", PF_CLASS_TEXT},
        {"-nan", PF_CLASS_TEXT},
        {"info", PF_CLASS_TEXT},
        {"1,234", PF_CLASS_TEXT},
        {"0x10", PF_CLASS_TEXT},
        {" 5", PF_CLASS_TEXT},
        {"5 ", PF_CLASS_TEXT},
        {"2021-02-03", PF_CLASS_DATE_ISO},
        {"2021/02/03", PF_CLASS_DATE_ISO},
        {"2020-02-29", PF_CLASS_DATE_ISO},
        {"2021-02-30", PF_CLASS_TEXT},
        {"2021-02-29", PF_CLASS_TEXT},
        {"2021-2-3", PF_CLASS_TEXT},
        {"2021-02/03", PF_CLASS_TEXT},
        {"0000-01-01", PF_CLASS_TEXT},
        {"0001-01-01", PF_CLASS_DATE_ISO},
        {"9999-12-31", PF_CLASS_DATE_ISO},
        {"20210203", PF_CLASS_INT53},
        {"12-10", PF_CLASS_TEXT},
        {"41_10_1", PF_CLASS_TEXT},
        {"-2021-02-03", PF_CLASS_TEXT},
        {"03/04/2021", PF_CLASS_DATE_ANY},
        {"3/4/2021", PF_CLASS_DATE_ANY},
        {"3.4.2021", PF_CLASS_DATE_ANY},
        {"05-05-2021", PF_CLASS_DATE_ANY},
        {"13/04/2021", PF_CLASS_DATE_DMY},
        {"04/13/2021", PF_CLASS_DATE_MDY},
        {"31/02/2021", PF_CLASS_TEXT},
        {"02/30/2021", PF_CLASS_TEXT},
        {"13/13/2021", PF_CLASS_TEXT},
        {"1/2/21", PF_CLASS_TEXT},
        {"00/01/2021", PF_CLASS_TEXT},
        {"01/00/2021", PF_CLASS_TEXT},
        {"01/01/0000", PF_CLASS_TEXT},
        {"1/2-2021", PF_CLASS_TEXT},
        {"12/1/2021", PF_CLASS_DATE_ANY},
        {"12-1-2021", PF_CLASS_DATE_ANY},
        {"001/1/2021", PF_CLASS_TEXT},
        {"2021-02-03 10:11", PF_CLASS_STAMP_ISO},
        {"2021-02-03T10:11:12", PF_CLASS_STAMP_ISO},
        {"2021/02/03 10:11:12.123456789", PF_CLASS_STAMP_ISO},
        {"2021-02-03 10:11:12.1234567890", PF_CLASS_TEXT},
        {"2021-02-03 10:11:12Z", PF_CLASS_STAMP_ISO_ZONED},
        {"2021-02-03T10:11+01:00", PF_CLASS_STAMP_ISO_ZONED},
        {"2021-02-03T10:11:12.5-0800", PF_CLASS_STAMP_ISO_ZONED},
        {"2021-02-03 10:11:12+00", PF_CLASS_STAMP_ISO_ZONED},
        {"2021-02-03 25:00:00", PF_CLASS_TEXT},
        {"2021-02-03 24:00:00", PF_CLASS_TEXT},
        {"2021-02-03 10:60:00", PF_CLASS_TEXT},
        {"2021-02-03 10:11:60", PF_CLASS_TEXT},
        {"2021-02-03  10:11", PF_CLASS_TEXT},
        {"2021-02-03 ", PF_CLASS_TEXT},
        {"2021-02-03 1:11", PF_CLASS_TEXT},
        {"3/4/2021 10:11", PF_CLASS_STAMP_ANY},
        {"13.4.2021 10:11:12.5", PF_CLASS_STAMP_DMY},
        {"4-13-2021 10:11", PF_CLASS_STAMP_MDY},
        {"3/4/2021 10:11Z", PF_CLASS_TEXT},
        {"10:11", PF_CLASS_TEXT},
        {"9999-12-31T23:59:59-01:00", PF_CLASS_TEXT},
        {"NA", PF_CLASS_TEXT},
        {"1 2", PF_CLASS_TEXT},
        {"12%", PF_CLASS_TEXT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (class_of(cases[i].text, &plain) != cases[i].class)
            fail_msg("%s is class %d, not %d", cases[i].text, class_of(cases[i].text, &plain), cases[i].class);
}

static void test_comma_thousands_and_date_rules(void **s) {
    (void)s;
    struct pf_rules us = {.point = '.', .thousands = ','}, de = {.point = ',', .thousands = '.'},
                    fr = {.point = ','};
    assert_int_equal(class_of("1,234", &us), PF_CLASS_INT53);
    assert_int_equal(class_of("-1,234,567.5", &us), PF_CLASS_DOUBLE);
    assert_int_equal(class_of("1234567.5", &us), PF_CLASS_DOUBLE);
    assert_int_equal(class_of("12,34", &us), PF_CLASS_TEXT);
    assert_int_equal(class_of("1234,567", &us), PF_CLASS_TEXT);
    assert_int_equal(class_of("1,234,56", &us), PF_CLASS_TEXT);
    assert_int_equal(class_of("0,123", &us), PF_CLASS_TEXT);
    assert_int_equal(class_of(",123", &us), PF_CLASS_TEXT);
    assert_int_equal(class_of("1,,234", &us), PF_CLASS_TEXT);
    assert_int_equal(class_of("9,007,199,254,740,993", &us), PF_CLASS_INT64);
    assert_int_equal(class_of("1.234,56", &de), PF_CLASS_DOUBLE);
    assert_int_equal(class_of("1.234", &de), PF_CLASS_INT53);
    assert_int_equal(class_of("01.02.2021", &de), PF_CLASS_DATE_ANY);
    assert_int_equal(class_of("1,5", &fr), PF_CLASS_DOUBLE);
    assert_int_equal(class_of("1.5", &fr), PF_CLASS_TEXT);
    assert_int_equal(class_of("1,5e-3", &fr), PF_CLASS_DOUBLE);
    struct pf_rules dmy = {.point = '.', .dates = PF_DATES_DMY}, mdy = {.point = '.', .dates = PF_DATES_MDY};
    struct pf_rules iso = {.point = '.', .dates = PF_DATES_ISO}, text = {.point = '.', .dates = PF_DATES_TEXT};
    assert_int_equal(class_of("03/04/2021", &dmy), PF_CLASS_DATE_DMY);
    assert_int_equal(class_of("03/04/2021 10:00", &mdy), PF_CLASS_STAMP_MDY);
    assert_int_equal(class_of("12/25/2021", &dmy), PF_CLASS_TEXT);
    assert_int_equal(class_of("25/12/2021", &mdy), PF_CLASS_TEXT);
    assert_int_equal(class_of("2021-12-25", &dmy), PF_CLASS_DATE_ISO);
    assert_int_equal(class_of("25/12/2021", &iso), PF_CLASS_TEXT);
    assert_int_equal(class_of("2021-12-25", &iso), PF_CLASS_DATE_ISO);
    assert_int_equal(class_of("2021-12-25", &text), PF_CLASS_TEXT);
}

/* "a|b|c" → the type's name, with "?" when it is not settled and text. */
static void type_of(const char *list, const struct pf_rules *rules, char to[128]) {
    char cells[64][96];
    const char *raw[64];
    size_t rows = 0;
    for (const char *p = list;; p++) {
        size_t n = strcspn(p, "|");
        memcpy(cells[rows], p, n);
        cells[rows][n] = 0;
        raw[rows] = cells[rows];
        rows++;
        p += n;
        if (!*p)
            break;
    }
    struct block b = make_block(raw, rows, 3, false);
    struct pf_infer infer;
    struct pf_error err;
    struct pf_type type;
    struct pf_parse_format format;
    bool settled;
    pf_infer_init(&infer);
    assert_int_equal(pf_infer_cells(&infer, &b.cells, 0, rules, &err), PF_OK);
    pf_infer_type(&infer, rules, &type, &format, &settled);
    pf_type_print(&type, to, 96);
    if (type.kind == PF_KIND_UTF8 && !settled)
        strcat(to, "?");
    else
        assert_true(settled == (type.kind == PF_KIND_UTF8));
    if (format.date_order != 0) {
        char f[3] = {format.date_order == 1 ? 'd' : 'm', format.date_separator, 0};
        strcat(to, f);
    }
    drop_block(&b);
}

static void test_the_join_by_the_table(void **s) {
    (void)s;
    static const struct {
        const char *cells, *type;
    } cases[] = {
        {"||", "text?"},
        {"true|False|", "bool"},
        {"true|1", "text"},
        {"1|2", "int64"},
        {"1||3", "int64"},
        {"1|2.5", "double"},
        {"9007199254740993|1", "int64"},
        {"9007199254740993|1.5", "text"},
        {"9007199254740992|1.5", "double"},
        {"99999999999999999999|1", "decimal(20,0)"},
        {"99999999999999999999|9223372036854775807", "decimal(20,0)"},
        {"99999999999999999999|1.0", "text"},
        {"nan", "text?"},
        {"nan|inf", "text?"},
        {"nan|1", "double"},
        {"nan|1.5", "double"},
        {"nan|9007199254740993", "text"},
        {"nan|true", "text"},
        {"nan|99999999999999999999", "text"},
        {"0|-0", "double"},
        {"1|00501", "text"},
        {"2021-01-01|2021/02/02", "date"},
        {"2021-01-01|2021-01-01 10:00", "timestamp[us]"},
        {"2021-01-01 10:00|2021-01-01 10:00:00.1234567", "timestamp[ns]"},
        {"2021-01-01 10:00:00.123456", "timestamp[us]"},
        {"2021-01-01 10:00Z", "timestamp[us, UTC]"},
        {"2021-01-01 10:00Z|2021-01-01 10:00", "text"},
        {"2021-01-01 10:00Z|2021-01-01", "text"},
        {"2021-01-01 10:00+02:00|2021-01-01 10:00Z", "timestamp[us, UTC]"},
        {"2021-01-01 10:00:00.123456789|1500-01-01", "text"},
        {"2021-01-01 10:00:00.123456|1500-01-01", "timestamp[us]"},
        {"01/02/2021", "text?"},
        {"01/02/2021|12/11/2021", "text?"},
        {"01/02/2021|13/11/2021", "dated/"},
        {"01/02/2021|11/13/2021", "datem/"},
        {"13/11/2021|11/13/2021", "text"},
        {"13/11/2021|01.02.2021", "text"},
        {"01/02/2021|01.02.2021", "text"},
        {"13.1.2021|1.2.2021 10:00", "timestamp[us]d."},
        {"1-2-2021 10:00", "text?"},
        {"13/11/2021|2021-01-01", "text"},
        {"01/02/2021|2021-01-01", "text"},
        {"2021-01-01|1", "text"},
        {"1|x", "text"},
        {"\"1\"|\"2\"", "int64"},
        {"\"\"|1", "text"},
        {"NA|1", "text"},
        {"1.5|1e-05", "double"},
        {"1.5|1e5", "text"},
        {"1/1/1500|13/1/2021 10:00:00.1234567", "text"},
    };
    char name[128];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        type_of(cases[i].cells, &plain, name);
        if (strcmp(name, cases[i].type) != 0)
            fail_msg("%s gives %s, not %s", cases[i].cells, name, cases[i].type);
    }
}

static void test_the_join_with_options(void **s) {
    (void)s;
    char name[128];
    struct pf_text na[] = {{"NA", 2}, {"-999", 4}};
    struct pf_rules dec = {.point = '.', .decimal_infer = true}, dmy = {.point = '.', .dates = PF_DATES_DMY};
    struct pf_rules mdy = {.point = '.', .dates = PF_DATES_MDY},
                    nulls = {.point = '.', .nulls = na, .null_count = 2};
#define IS(rules, cells, type)                                                                                 \
    do {                                                                                                       \
        type_of(cells, &rules, name);                                                                          \
        assert_string_equal(name, type);                                                                       \
    } while (0)
    IS(dec, "19.99|5.00", "decimal(4,2)");
    IS(dec, "19.99|5", "decimal(4,2)");
    IS(dec, "1|2", "int64");
    IS(dec, "-0.05|123", "decimal(5,2)");
    IS(dec, "9007199254740993|1.5", "decimal(17,1)");
    IS(dec, "19.99|1e-05", "double");
    IS(dec, "19.99|nan", "double");
    IS(dec, "19.99|-0", "double");
    IS(dec, "19.99|-0.00", "decimal(4,2)");
    IS(dec, "99999999999999999999|0.5", "decimal(21,1)");
    IS(dec, "1234567890123456789012345678901234567|0.55", "text");
    IS(dec, "0.12345678901234567890123456789012345678|1", "double");
    IS(dmy, "01/02/2021", "dated/");
    IS(mdy, "01-02-2021 10:00|02-01-2021", "timestamp[us]m-");
    IS(dmy, "01/02/2021|02/13/2021", "text");
    IS(nulls, "1|NA|-999|", "int64");
    IS(nulls, "1|\"NA\"|2", "int64");
    IS(nulls, "NA|NA", "text?");
    IS(nulls, "1|N/A", "text");
}

static void check_same(const struct pf_infer *a, const struct pf_infer *b) {
    for (int c = 0; c < PF_CLASS_COUNT; c++) {
        assert_int_equal(a->first[c], b->first[c]);
        assert_string_equal(a->example[c], b->example[c]);
    }
    for (int m = 0; m < PF_MARK_COUNT; m++) {
        assert_int_equal(a->first_mark[m], b->first_mark[m]);
        assert_string_equal(a->mark_example[m], b->mark_example[m]);
    }
    assert_int_equal(a->marks, b->marks);
    assert_int_equal(a->int_digits, b->int_digits);
    assert_int_equal(a->frac_digits, b->frac_digits);
    assert_int_equal(a->time_digits, b->time_digits);
    assert_int_equal(a->date_separator, b->date_separator);
    assert_int_equal(a->values, b->values);
    assert_int_equal(a->nulls, b->nulls);
}

/* Cell by cell, by the functions for single values. */
static void infer_singly(struct pf_infer *infer, const struct pf_cells *cells, int64_t row,
                         const struct pf_rules *rules) {
    for (size_t r = 0; r < cells->rows; r++) {
        size_t n, size;
        bool quoted;
        char scratch[128];
        const char *raw = pf_cell_raw(cells, r, &n),
                   *text = pf_cell_plain(raw, n, cells->quote, scratch, &size, &quoted);
        if (pf_infer_is_null(text, size, quoted, rules)) {
            infer->nulls++;
            continue;
        }
        pf_infer_value(infer, text, size, row + (int64_t)r, rules);
        if (infer->first[PF_CLASS_TEXT] == row + (int64_t)r)
            break;
    }
}

static void test_a_block_gives_the_state_of_its_cells_one_by_one(void **s) {
    (void)s;
    struct column column;
    for (int i = 0; i < 30000; i++) {
        struct pf_rules rules = random_rules();
        struct pf_infer a, b;
        struct pf_error err;
        random_column(&column, i % 2 ? 30 : 0);
        struct block block = make_block(column.raw, column.rows, 1 + below(3), below(4) == 0);
        pf_infer_init(&a);
        pf_infer_init(&b);
        assert_int_equal(pf_infer_cells(&a, &block.cells, 1000, &rules, &err), PF_OK);
        infer_singly(&b, &block.cells, 1000, &rules);
        check_same(&a, &b);
        drop_block(&block);
    }
}

static void count_widening(void *ctx, const struct pf_type *from, const struct pf_type *to, int64_t row,
                           const char *example) {
    char *report = ctx, a[96], b[96];
    pf_type_print(from, a, sizeof a);
    pf_type_print(to, b, sizeof b);
    size_t n = strlen(report);
    snprintf(report + n, 400 - n, "%s>%s@%d:%s;", a, b, (int)row, example);
}

static void test_borders_of_blocks_and_the_order_of_merging_do_not_matter(void **s) {
    (void)s;
    struct column column;
    for (int i = 0; i < 20000; i++) {
        struct pf_rules rules = random_rules();
        struct pf_infer whole, first, second, ab, ba;
        struct pf_error err;
        random_column(&column, i % 2 ? 20 : 0);
        size_t cut = below(column.rows + 1);
        struct block block = make_block(column.raw, column.rows, 2, false);
        struct pf_cells head = block.cells, tail = block.cells;
        head.rows = cut;
        tail.rows -= cut;
        tail.pos += cut * tail.stride;
        pf_infer_init(&whole);
        pf_infer_init(&first);
        pf_infer_init(&second);
        assert_int_equal(pf_infer_cells(&whole, &block.cells, 0, &rules, &err), PF_OK);
        assert_int_equal(pf_infer_cells(&first, &head, 0, &rules, &err), PF_OK);
        assert_int_equal(pf_infer_cells(&second, &tail, (int64_t)cut, &rules, &err), PF_OK);
        ab = first;
        pf_infer_merge(&ab, &second);
        ba = second;
        pf_infer_merge(&ba, &first);
        check_same(&ab, &ba);
        struct pf_type one, two;
        struct pf_parse_format f1, f2;
        bool s1, s2;
        pf_infer_type(&whole, &rules, &one, &f1, &s1);
        pf_infer_type(&ab, &rules, &two, &f2, &s2);
        assert_true(pf_type_same(&one, &two) && memcmp(&f1, &f2, sizeof f1) == 0 && s1 == s2);
        char a[400] = "", b[400] = "";
        pf_infer_widenings(&whole, &rules, count_widening, a);
        pf_infer_widenings(&ab, &rules, count_widening, b);
        assert_string_equal(a, b);
        drop_block(&block);
    }
}

static void test_widenings_are_told_in_row_order_with_cause(void **s) {
    (void)s;
    static const struct {
        const char *raw[8];
        const char *report;
    } cases[] = {
        {{"1", "2.5", "9007199254740993", "x"}, "int64>double@1:2.5;double>text@2:9007199254740993;"},
        {{"1", "", "N/A-17"}, "int64>text@2:N/A-17;"},
        {{"nan", "1", "2.5"}, ""},
        {{"01/02/2021", "13/02/2021", "01.02.2021"}, "date>text@2:01.02.2021;"},
        {{"2021-01-01", "2021-01-01 10:00", "2021-01-01 10:00:00.123456789", "1500-01-01"},
         "date>timestamp[us]@1:2021-01-01 10:00;timestamp[us]>timestamp[ns]@2:2021-01-01 "
         "10:00:00.123;timestamp[ns]>text@3:1500-01-01;"},
        {{"1", "99999999999999999999"}, "int64>decimal(20,0)@1:99999999999999999999;"},
        {{"x", "1"}, ""},
        {{"true", "1"}, "bool>text@1:1;"},
        {{"1", "a very long text that is cut é"}, "int64>text@1:a very long text that i;"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t rows = 0;
        while (rows < 8 && cases[i].raw[rows])
            rows++;
        struct block b = make_block(cases[i].raw, rows, 2, false);
        struct pf_infer infer;
        struct pf_error err;
        char report[400] = "";
        pf_infer_init(&infer);
        assert_int_equal(pf_infer_cells(&infer, &b.cells, 0, &plain, &err), PF_OK);
        pf_infer_widenings(&infer, &plain, count_widening, report);
        assert_string_equal(report, cases[i].report);
        drop_block(&b);
    }
}

static void test_plain_values_of_quoted_cells(void **s) {
    (void)s;
    static const struct {
        const char *raw, *plain;
        bool quoted;
    } cases[] = {{"a", "a", false},
                 {"", "", false},
                 {"\"\"", "", true},
                 {"\"a\"", "a", true},
                 {"\"48\"\"\"", "48\"", true},
                 {"\"a\"\"b\"\"\"", "a\"b\"", true},
                 {"\"", "\"", false},
                 {"\"a", "\"a", false},
                 {"a\"", "a\"", false},
                 {"\"\"\"\"", "\"", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char scratch[32];
        size_t size;
        bool quoted;
        const char *text = pf_cell_plain(cases[i].raw, strlen(cases[i].raw), '"', scratch, &size, &quoted);
        assert_int_equal(size, strlen(cases[i].plain));
        assert_memory_equal(text, cases[i].plain, size);
        assert_true(quoted == cases[i].quoted);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_class_at_its_borders),
        cmocka_unit_test(test_comma_thousands_and_date_rules),
        cmocka_unit_test(test_the_join_by_the_table),
        cmocka_unit_test(test_the_join_with_options),
        cmocka_unit_test(test_a_block_gives_the_state_of_its_cells_one_by_one),
        cmocka_unit_test(test_borders_of_blocks_and_the_order_of_merging_do_not_matter),
        cmocka_unit_test(test_widenings_are_told_in_row_order_with_cause),
        cmocka_unit_test(test_plain_values_of_quoted_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
