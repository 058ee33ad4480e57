/* test_csv_kind.c — tests of read/csv. What cells look like.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

#include "read/csv/csv_kind.h"

static void cells_are_told_apart(void **state) {
    static const struct {
        const char *text;
        enum pf_csv_kind kind;
    } cells[] = {
        {"", PF_KIND_EMPTY},
        {"  \t", PF_KIND_EMPTY},
        {"\xc2\xa0 \xc2\xa0", PF_KIND_EMPTY},
        {"NA", PF_KIND_MISSING},
        {"****", PF_KIND_MISSING},
        {"-", PF_KIND_MISSING},
        {"12", PF_KIND_NUMBER},
        {"-1.5e-07", PF_KIND_NUMBER},
        {".5", PF_KIND_NUMBER},
        {" 7 ", PF_KIND_NUMBER},
        {"1,5", PF_KIND_COMMA},
        {"1.234,56", PF_KIND_COMMA},
        {"12 345,6", PF_KIND_COMMA},
        {"1,234.56", PF_KIND_MONEY},
        {"$1,200", PF_KIND_MONEY},
        {"12 %", PF_KIND_MONEY},
        {"(1,200.00)", PF_KIND_MONEY},
        {"3,50 \xe2\x82\xac", PF_KIND_MONEY},
        {"2024-05-01", PF_KIND_DATE},
        {"1/2/24", PF_KIND_DATE},
        {"31.12.1999", PF_KIND_DATE},
        {"12-Jan-2020", PF_KIND_DATE},
        {"Jan 12, 2020", PF_KIND_DATE},
        {"2024-05-01T10:00:00Z", PF_KIND_DATE},
        {"2024-05-01 10:00:00.123 +02:00", PF_KIND_DATE},
        {"10:30", PF_KIND_TIME},
        {"1:02:03.5", PF_KIND_TIME},
        {"10:30 PM", PF_KIND_TIME},
        {"true", PF_KIND_BOOL},
        {"No", PF_KIND_BOOL},
        {"https://example.org/a,b?c=d&e=f", PF_KIND_LINK},
        {"www.example.org", PF_KIND_LINK},
        {"ann@example.org", PF_KIND_LINK},
        {"Oslo", PF_KIND_WORD},
        {"00i\\047m", PF_KIND_WORD},
        {"P100-A", PF_KIND_WORD},
        {"1.2.3.4", PF_KIND_WORD},
        {"Rome, the city", PF_KIND_TEXT},
        {"a; b; c", PF_KIND_LIST},
        {"1;2;3", PF_KIND_MESS},
        {"a,b", PF_KIND_MESS},
        {"a|b", PF_KIND_MESS},
        {"say \"x\"", PF_KIND_MESS},
        {"12:30#5", PF_KIND_MESS},
        {"+++", PF_KIND_MESS},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        enum pf_csv_kind kind = pf_csv_kind_of(cells[i].text, strlen(cells[i].text));
        if (kind != cells[i].kind)
            fail_msg("'%s' is of kind %d, not %d", cells[i].text, (int)kind, (int)cells[i].kind);
        double worth = pf_csv_kind_worth(kind);
        assert_true(worth > 0 && worth <= 1);
    }
}

static void a_sign_counts_only_where_it_is_certain(void **state) {
    static const struct {
        const char *text;
        bool number, comma, point;
        char thousands;
    } cells[] = {
        {"12", true, false, false, 0},           {"1,5", true, true, false, 0},
        {"1.5", true, false, true, 0},           {"1,234", true, false, false, 0},
        {"1.234", true, false, false, 0},        {"0,123", true, true, false, 0},
        {"0.123", true, false, true, 0},         {"1234,567", true, true, false, 0},
        {"1.234,5", true, true, false, '.'},     {"1,234.5", true, false, true, ','},
        {"1.234.567", true, false, false, '.'},  {"1,234,567", true, false, false, ','},
        {"12,34,567.8", true, false, true, ','}, {"1 234", true, false, false, ' '},
        {"1 234,5", true, true, false, ' '},     {"1'234.50", true, false, true, '\''},
        {"-1,5e3", true, true, false, 0},        {"1.2.3", false, false, false, 0},
        {"1,23,4", false, false, false, 0},      {"", false, false, false, 0},
        {",", false, false, false, 0},           {"1 23", false, false, false, 0},
        {"1,,2", false, false, false, 0},        {"12.34.567,8", false, false, false, 0},
        {"a", false, false, false, 0},           {"1e", false, false, false, 0},
        {"1.234,567.8", false, false, false, 0},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        struct pf_csv_digits d = pf_csv_digits_of(cells[i].text, strlen(cells[i].text));
        if (d.is_number != cells[i].number || d.comma_decimal != cells[i].comma ||
            d.point_decimal != cells[i].point || d.thousands != cells[i].thousands)
            fail_msg("'%s': number %d comma %d point %d thousands '%c'", cells[i].text, d.is_number,
                     d.comma_decimal, d.point_decimal, d.thousands ? d.thousands : '0');
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_told_apart),
        cmocka_unit_test(a_sign_counts_only_where_it_is_certain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
