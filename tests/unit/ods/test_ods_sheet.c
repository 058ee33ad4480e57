/* test_ods_sheet.c — what is stored in an OpenDocument sheet is what comes out.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../sheet_corpus.h"
#include "ods_twice.h"

static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 1 << 30};
static const char styles[] =
    "<number:time-style style:name=\"C\"><number:hours/></number:time-style><number:date-style "
    "style:name=\"D\">"
    "<number:year/></number:date-style><style:style style:name=\"c\" style:family=\"table-cell\" "
    "style:data-style-name=\"C\"/><style:style style:name=\"d\" style:family=\"table-cell\" "
    "style:data-style-name=\"D\"/>";

struct sheet {
    struct pf_buf xml;
    struct pf_source source;
    struct pf_grid_book book;
};

/* A flat document of one table. */
static pf_status open_sheet(struct sheet *s, const char *table, struct pf_error *err) {
    *s = (struct sheet){0};
    (void)pf_buf_print(&s->xml, NULL,
                       "<office:document><office:automatic-styles>%s</office:automatic-styles><office:body>"
                       "<office:spreadsheet><table:table table:name=\"S\">%s</table:table></office:spreadsheet>"
                       "</office:body></office:document>",
                       styles, table);
    pf_source_memory(s->xml.data, s->xml.size, &s->source);
    return pf_ods_book_open(&s->source, &host, &s->book, err);
}

static void close_sheet(struct sheet *s) {
    if (s->book.driver)
        s->book.driver->close_book(s->book.self);
    pf_buf_clear(&s->xml);
}

/* "A1 kind value" a line. */
static void print_block(const struct pf_grid_block *block, struct pf_buf *to) {
    for (size_t r = 0; r < block->row_count; r++)
        for (uint32_t i = block->rows[r].from; i < pf_grid_row_end(block, r); i++) {
            const struct pf_cell *cell = &block->cells[i];
            char place[16];
            place[pf_grid_place_print(block->rows[r].number, cell->column, place)] = 0;
            if (cell->kind == PF_CELL_NUMBER)
                (void)pf_buf_print(to, NULL, "%s %d %.10g\n", place, cell->kind, cell->value.number);
            else if (cell->kind == PF_CELL_TEXT || cell->kind == PF_CELL_ERROR || cell->kind == PF_CELL_UNKNOWN)
                (void)pf_buf_print(to, NULL, "%s %d %.*s\n", place, cell->kind, (int)cell->value.text.size,
                                   (const char *)block->text.data + cell->value.text.at);
            else
                (void)pf_buf_print(to, NULL, "%s %d %lld\n", place, cell->kind, (long long)cell->value.whole);
        }
}

static pf_status read_sheet(struct sheet *s, uint32_t wants, struct pf_buf *to, struct pf_error *err) {
    struct pf_grid_block block = {0};
    void *cursor;
    pf_status status = s->book.driver->open(s->book.self, 0, wants, &cursor, err);
    if (status != PF_OK)
        return status;
    do {
        pf_grid_block_empty(&block);
        status = s->book.driver->next(cursor, &block, err);
        print_block(&block, to);
    } while (status == PF_OK && block.row_count);
    s->book.driver->close(cursor);
    pf_grid_block_clear(&block);
    return status;
}

static void expect(const char *table, uint32_t wants, const char *want) {
    struct sheet s;
    struct pf_buf got = {0};
    struct pf_error err = PF_ERROR_INIT;
    if (open_sheet(&s, table, &err) != PF_OK || read_sheet(&s, wants, &got, &err) != PF_OK)
        fail_msg("%s: %s", table, err.message);
    (void)pf_buf_put(&got, "", 1, NULL);
    if (strcmp((const char *)got.data, want) != 0)
        fail_msg("%s\ngives\n%sfor\n%s", table, (const char *)got.data, want);
    pf_status status;
    if (!agree_on_sheet(&s.book, 0, &got, &status, &err))
        fail_msg("the readers differ on %s", table);
    pf_buf_clear(&got);
    close_sheet(&s);
}

#define ROW(cells)         "<table:table-row>" cells "</table:table-row>"
#define CELL(attributes)   "<table:table-cell " attributes "/>"
#define TEXT(inner)        "<table:table-cell office:value-type=\"string\">" inner "</table:table-cell>"
#define DATED(value, more) CELL("office:value-type=\"date\" office:date-value=\"" value "\" " more)
#define TIMED(value, more) CELL("office:value-type=\"time\" office:time-value=\"" value "\" " more)

static void values_have_the_type_that_the_cell_says(void **state) {
    (void)state;
    expect(ROW(CELL("office:value-type=\"float\" office:value=\"1.5\"")), 0, "A1 0 1.5\n");
    expect(ROW(CELL("office:value-type=\"percentage\" office:value=\"0.5\"")), 0, "A1 0 0.5\n");
    expect(ROW(CELL("office:value-type=\"boolean\" office:boolean-value=\"true\"")), 0, "A1 1 1\n");
    expect(ROW(DATED("1970-01-02", "")), 0, "A1 5 1\n");
    expect(ROW(DATED("1970-01-02T00:00:01.4996", "")), 0, "A1 6 86401500000\n");
    expect(ROW(DATED("1970-01-02T00:00:00", "")), 0, "A1 6 86400000000\n");
    expect(ROW(DATED("1970-01-02T00:00:00", "table:style-name=\"d\"")), 0, "A1 5 1\n");
    expect(ROW(DATED("0000-99-99", "")), 0, "A1 3 0000-99-99\n");
    expect(ROW(TIMED("PT06H00M00S", "")), 0, "A1 7 21600000000\n");
    expect(ROW(TIMED("PT06H00M00S", "table:style-name=\"c\"")), 0, "A1 0 0.25\n");
    expect(ROW(TIMED("PT30H00M00S", "table:style-name=\"c\"")), 0, "A1 7 108000000000\n");
    expect(ROW(CELL("table:value-type=\"float\" table:value=\"2\"")), 0, "A1 0 2\n"); /* OpenOffice.org 1 */
}

static void number_cells_stay_numbers_under_a_style_of_dates(void **state) {
    (void)state;
    struct sheet s;
    struct pf_grid_block block = {0};
    void *cursor;
    assert_int_equal(
        open_sheet(&s, ROW(CELL("table:style-name=\"d\" office:value-type=\"float\" office:value=\"7\"")),
                   NULL),
        PF_OK);
    assert_int_equal(s.book.driver->open(s.book.self, 0, 0, &cursor, NULL), PF_OK);
    assert_int_equal(s.book.driver->next(cursor, &block, NULL), PF_OK);
    assert_int_equal(block.cell_count, 1);
    assert_int_equal(block.cells[0].style, 0);
    s.book.driver->close(cursor);
    pf_grid_block_clear(&block);
    close_sheet(&s);
}

static void text_is_what_is_shown_and_nothing_else(void **state) {
    (void)state;
    expect(ROW(TEXT("<text:p>a</text:p><text:p/><text:p>b</text:p>")), 0, "A1 3 a\n\nb\n");
    expect(ROW(TEXT("<text:p> a \n b<text:s text:c=\"2\"/>c<text:tab/>d<text:line-break/>e</text:p>")), 0,
           "A1 3 a b  c\td\ne\n");
    expect(ROW(TEXT("<text:p>a<text:span>b</text:span><text:a>c</text:a></text:p>")), 0, "A1 3 abc\n");
    expect(ROW(TEXT("<office:annotation><text:p>x</text:p></office:annotation><text:p>a</text:p>")), 0,
           "A1 3 a\n");
    expect(ROW(TEXT("<draw:frame><text:p>x</text:p></draw:frame><text:p>a</text:p>")), 0, "A1 3 a\n");
    expect(ROW(TEXT("<text:p><text:ruby><text:ruby-base>k</text:ruby-base><text:ruby-text>r</text:ruby-text>"
                    "</text:ruby></text:p>")),
           0, "A1 3 k\n");
    expect(ROW("<table:table-cell><text:p>untyped</text:p></table:table-cell>"), 0, "A1 3 untyped\n");
    expect(ROW(CELL("office:value-type=\"string\" office:string-value=\"v\"")), 0, "A1 3 v\n");
}

static void errors_and_formulas_are_told_apart(void **state) {
    (void)state;
    static const char error[] =
        ROW("<table:table-cell table:formula=\"of:=NA()\" office:value-type=\"string\" "
            "office:string-value=\"\" calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell>");
    static const char sum[] =
        ROW(CELL("table:formula=\"of:=[.B1]\" office:value-type=\"float\" office:value=\"1\""));
    expect(error, 0, "A1 4 #N/A\n");
    expect(error, PF_GRID_FORMULAS, "A1 3 =NA()\n");
    expect(sum, 0, "A1 0 1\n");
    expect(sum, PF_GRID_FORMULAS, "A1 3 =[.B1]\n");
    expect(ROW(CELL("table:formula=\"of:=[.B1]\"")), 0, "A1 8 =[.B1]\n");
}

#define SHOWN(attributes, shown)                                                                               \
    ROW("<table:table-cell " attributes "><text:p>" shown "</text:p></table:table-cell>")
#define ZERO "office:value-type=\"float\" office:value=\"0\""

static void a_formula_of_0_that_shows_an_error_is_one_unless_cells_are_wanted_as_stored(void **state) {
    (void)state;
    static const char *const names[] = {"#DIV/0!", "#N/A",  "#NAME?",  "#NULL!",
                                        "#NUM!",   "#REF!", "#VALUE!", "Err:502"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char table[300], want[40];
        (void)snprintf(table, sizeof table, SHOWN("table:formula=\"of:=1/0\" " ZERO, "%s"), names[i]);
        (void)snprintf(want, sizeof want, "A1 4 %s\n", names[i]);
        expect(table, 0, want);
        expect(table, PF_GRID_STORED, "A1 0 0\n");
    }
    expect(SHOWN("table:formula=\"of:=[.B1]\" office:value-type=\"string\"", "#REF!"), 0, "A1 4 #REF!\n");
    expect(SHOWN("table:formula=\"of:=[.B1]\" office:value-type=\"string\"", "#REF"), 0, "A1 3 #REF\n");
    expect(SHOWN("office:value-type=\"string\"", "#REF!"), 0, "A1 3 #REF!\n");
    expect(SHOWN(ZERO, "#REF!"), 0, "A1 0 0\n");
    expect(SHOWN("table:formula=\"of:=1\" office:value-type=\"float\" office:value=\"1\"", "#REF!"), 0,
           "A1 0 1\n");
    expect(SHOWN("table:formula=\"of:=0\" " ZERO, "Err:50x"), 0, "A1 0 0\n");
    expect(SHOWN("table:formula=\"of:=0\" " ZERO, "0"), 0, "A1 0 0\n");
}

#define ONE   CELL("office:value-type=\"float\" office:value=\"1\"")
#define TWICE CELL("office:value-type=\"float\" office:value=\"2\" table:number-columns-repeated=\"2\"")

static void repeats_of_values_are_values_and_of_blanks_are_places(void **state) {
    (void)state;
    expect(ROW(TWICE CELL("table:number-columns-repeated=\"3\"") ONE), 0, "A1 0 2\nB1 0 2\nF1 0 1\n");
    expect("<table:table-row table:number-rows-repeated=\"3\">" ONE "</table:table-row>" ROW(ONE), 0,
           "A1 0 1\nA2 0 1\nA3 0 1\nA4 0 1\n");
    expect(
        "<table:table-row table:number-rows-repeated=\"1048575\">" CELL(
            "table:number-columns-repeated=\"16383\"") "</table:table-row>" ROW(CELL("table:number-columns-"
                                                                                     "repeated=\"16383\"") ONE),
        0, "XFD1048576 0 1\n");
    expect("<table:table-header-rows>" ROW(ONE) "</table:table-header-rows><table:table-row-group>" ROW(
               ONE) "</table:table-row-group>",
           0, "A1 0 1\nA2 0 1\n");
}

static void repeats_without_measure_are_refused(void **state) {
    (void)state;
    static const char *const tables[] = {
        "<table:table-row>" CELL("table:number-columns-repeated=\"16384\"") ONE "</table:table-row>",
        "<table:table-row table:number-rows-repeated=\"1048577\">" ONE "</table:table-row>",
        "<table:table-row table:number-rows-repeated=\"99999\"><table:table-cell office:value-type=\"float\" "
        "office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row>"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct sheet s;
        struct pf_buf got = {0};
        assert_int_equal(open_sheet(&s, tables[i], NULL), PF_OK);
        assert_int_equal(read_sheet(&s, 0, &got, NULL), PF_LIMIT);
        pf_buf_clear(&got);
        close_sheet(&s);
    }
}

static void expect_merge(const char *table, int32_t row) {
    struct sheet s;
    const struct pf_grid_range *ranges;
    size_t count;
    assert_int_equal(open_sheet(&s, table, NULL), PF_OK);
    assert_int_equal(s.book.driver->merges(s.book.self, 0, &ranges, &count, NULL), PF_OK);
    assert_int_equal(count, 1);
    assert_int_equal(ranges[0].first_row, row);
    assert_int_equal(ranges[0].last_row, row + 2);
    assert_int_equal(ranges[0].first_column, 1);
    assert_int_equal(ranges[0].last_column, 2);
    close_sheet(&s);
}
#define MERGED ROW(CELL("") CELL("table:number-columns-spanned=\"2\" table:number-rows-spanned=\"3\""))

static void merged_ranges_are_spans_of_cells(void **state) {
    (void)state;
    expect_merge(ROW(ONE) MERGED, 1);
    expect_merge("<table:table-row table:number-rows-repeated=\"40000\">" ONE "</table:table-row>" MERGED,
                 40000);
}

static void durations_are_read_to_the_millisecond(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t micros;
    } good[] = {{"PT0S", 0},
                {"PT1H2M3S", 3723000000},
                {"PT00H00M00.0009S", 1000},
                {"-P1DT1H", -90000000000},
                {"PT100H", 360000000000},
                {"P2D", 172800000000},
                {"P99999DT23H", 8639996400000000},
                {"PT1,5S", 1500000}};
    static const char *const bad[] = {"",       "P",     "PT",    "1H",         "P1Y",
                                      "PT1M1H", "PT1D",  "P1H",   "PT1.5H",     "PT99999999999999S",
                                      "PT1",    "PTT1S", "PT1S1", "PT9999999H", "P100000D"};
    int64_t micros;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (!pf_ods_duration(good[i].text, strlen(good[i].text), &micros))
            fail_msg("%s is refused", good[i].text);
        assert_int_equal(micros, good[i].micros);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (pf_ods_duration(bad[i], strlen(bad[i]), &micros))
            fail_msg("%s is taken", bad[i]);
}

/* ---- the two readers ---- */

/* Does the quick reader take the row? */
static bool is_quick(const char *row) {
    struct sheet s;
    struct pf_buf text = {0};
    struct pf_grid_block block = {0};
    void *cursor;
    size_t used;
    bool plain = false;
    (void)pf_buf_print(&text, NULL, "%s", row);
    size_t size = text.size;
    for (int i = 0; i < PF_WINDOW_SLACK; i++)
        (void)pf_buf_put(&text, &"\"<>"[i % 3], 1, NULL);
    assert_int_equal(open_sheet(&s, "", NULL), PF_OK);
    assert_int_equal(s.book.driver->open(s.book.self, 0, 0, &cursor, NULL), PF_OK);
    assert_int_equal(pf_ods_scan(cursor, (const char *)text.data, (const char *)text.data + size, &block, &used,
                                 &plain, NULL),
                     PF_OK);
    assert_true(used == (plain ? size : 0));
    assert_true(plain || (block.row_count == 0 && block.cell_count == 0 && block.text.size == 0));
    s.book.driver->close(cursor);
    pf_grid_block_clear(&block);
    pf_buf_clear(&text);
    close_sheet(&s);
    return plain;
}

static void what_programs_usually_write_is_read_quickly(void **state) {
    (void)state;
    static const char *const rows[] = {
        "<table:table-row table:style-name=\"ro1\"><table:table-cell/></table:table-row>",
        "<table:table-row table:number-rows-repeated=\"9\"/>",
        ROW("<table:table-cell office:value-type=\"float\" office:value=\"-1.5E+3\" "
            "calcext:value-type=\"float\"><text:p>-1500</text:p></table:table-cell>") "\n",
        ROW(CELL("table:number-columns-repeated=\"16384\"")) ROW(ONE),
        ROW(TEXT("<text:p>a &amp; b</text:p><text:p>c</text:p><text:p>&lt;d</text:p>")),
        ROW(TEXT("<text:p><text:s/>a<text:s text:c=\"2\"/>b</text:p>")),
        ROW("<table:table-cell office:value-type=\"float\" office:value=\"1\"><text:p> \n<text:s/>1  "
            "€</text:p></table:table-cell>"),
        ROW("<table:table-cell table:style-name=\"d\" table:content-validation-name=\"v&quot;1\" "
            "table:formula=\"of:=&quot;&amp;&quot;\" office:value-type=\"currency\" office:currency=\"EUR\" "
            "office:value=\"1\" table:number-columns-repeated=\"2\"><text:p>1 €</text:p></table:table-cell>"),
        ROW(CELL("table:number-columns-spanned=\"2\" table:number-rows-spanned=\"1\"") "<table:covered-table-"
                                                                                       "cell/>"),
        SHOWN("table:formula=\"of:=NA()\" office:value-type=\"string\" office:string-value=\"\" "
              "calcext:value-type=\"error\"",
              "#N/A")};
    static const char *const others[] = {ROW("<table:table-cell table:formula=\"of:=1\"/>"),
                                         ROW("<table:table-cell xmlns:a=\"b\"/>"),
                                         "<table:table-row xmlns:table=\"b\"/>",
                                         ROW("<!-- -->"),
                                         ROW(TEXT("<text:p>a  b</text:p>")),
                                         ROW(TEXT("<text:p> a</text:p>")),
                                         ROW(TEXT("<text:p>a\nb</text:p>")),
                                         ROW(TEXT("<text:p>a<text:s text:c=\"9999\"/>b</text:p>")),
                                         ROW(TEXT("<text:p>a<text:span>b</text:span></text:p>")),
                                         ROW(TEXT("<text:p>&#65;</text:p>")),
                                         ROW(TEXT("<text:p>\xFF</text:p>")),
                                         ROW(TEXT("<office:annotation/>")),
                                         ROW(CELL("office:value-type='float'")),
                                         ROW(CELL(" office:value-type=\"float\"")),
                                         ROW("<t:table-cell/>"),
                                         "<table:table-row"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!is_quick(rows[i]))
            fail_msg("the quick reader does not take %s", rows[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (is_quick(others[i]))
            fail_msg("the quick reader takes %s", others[i]);
}

static void both_say_the_same_of(const char *table, int *good) {
    struct sheet s;
    struct pf_buf said = {0};
    struct pf_error err = PF_ERROR_INIT;
    pf_status status;
    if (open_sheet(&s, table, NULL) == PF_OK) {
        if (!agree_on_sheet(&s.book, 0, &said, &status, &err))
            fail_msg("the readers differ on %s", table);
        *good += status == PF_OK;
    }
    pf_buf_clear(&said);
    close_sheet(&s);
}

static void rows_of_every_spelling_mean_the_same_to_both(void **state) {
    (void)state;
    static const char *const cells[] = {
        TWICE,
        "<table:table-cell office:value-type=\"void\" office:value=\"1\"><text:p>x</text:p></table:table-cell>",
        "<table:table-cell table:formula=\"=\" office:value-type=\"void\" office:value=\"1\"/>",
        "<table:table-cell office:value=\"1\"><text:p>x</text:p></table:table-cell>",
        "<table:table-cell office:value-type=\"string\" "
        "office:string-value=\"a\"><text:p>b</text:p></table:table-cell>",
        "<table:table-cell table:formula=\"x\" office:value-type=\"string\"><text:p/></table:table-cell>",
        TEXT("<text:p/><text:p/>"),
        TEXT("<text:p></text:p><text:p>a&gt;</text:p>"),
        TEXT("<text:p>a</text:p><text:p>b&apos;</text:p><text:p/>"),
        TEXT("<text:p>a </text:p>"),
        TEXT("<text:p>&amp;</text:p><text:p>b</text:p><text:p>c</text:p>"),
        TEXT(
            "<text:p>a <text:s/> b<text:s text:c=\"3\"/>c</text:p><text:p><text:s text:c=\"x\"/>&lt;</text:p>"),
        TEXT("<text:p>a</text:p><text:p>b<text:s text:c=\"-2\"/> c</text:p>"),
        "<table:table-cell office:value-type=\"float\" office:value=\"1\"><text:p> <text:s/>1  "
        "&nope;</text:p></table:table-cell>",
        "<table:table-cell office:value-type=\"float\" office:value=\"1\"><text:p> <text:s/>1  "
        "&amp;\xFF</text:p></table:table-cell>",
        TEXT("<text:p>\xC3\xA9</text:p>"),
        TEXT("<text:p>\xC3</text:p>"),
        TEXT("<text:p>&nope;</text:p>"),
        CELL("table:style-name=\"d\" office:value-type=\"float\" office:value=\"1\""),
        CELL("table:style-name=\"no-such-style-anywhere\" office:value-type=\"float\" office:value=\"1\""),
        CELL("table:number-columns-repeated=\"0\""),
        CELL("table:number-columns-repeated=\"-1\""),
        CELL("table:number-columns-repeated=\"x\""),
        CELL("office:value-type=\"float\" office:value=\"abc\""),
        CELL("office:value-type=\"nothing\" office:value=\"1\""),
        CELL("calcext:value-type=\"error\""),
        CELL("calcext:value-type=\"error\" office:value-type=\"float\" office:value=\"1\""),
        CELL("office:value=\"1\" office:value=\"2\" office:value-type=\"float\""),
        CELL("office:value-type=\"date\" office:date-value=\"2020-02-30\""),
        CELL("table:formula=\"a\tb\" office:value-type=\"float\" office:value=\"0\""),
        "<table:covered-table-cell office:value-type=\"float\" office:value=\"3\"><text:p>3</text:p>"
        "</table:covered-table-cell>",
        "<table:table-cell><text:p>a</text:p></table:covered-table-cell>",
        "<foo/>",
        "text",
        "<![CDATA[x]]>"};
    static const char *const frames[] = {
        "<table:table-row>%s%s</table:table-row>" ROW(ONE),
        "<table:table-row table:number-rows-repeated=\"3\" table:default-cell-style-name=\"d\">%s\n%s"
        "</table:table-row>" ROW(ONE),
        "<table:table-column table:number-columns-repeated=\"2\" table:default-cell-style-name=\"c\"/>"
        "<table:table-header-rows><table:table-row>%s%s</table:table-row></table:table-header-rows>" ROW(ONE),
        "<table:table-row>%s%s<table:table-row/>" ROW(ONE)};
    char table[1500];
    int good = 0;
    for (size_t f = 0; f < sizeof frames / sizeof frames[0]; f++)
        for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
            for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k++) {
                (void)snprintf(table, sizeof table, frames[f], cells[i], cells[k]);
                both_say_the_same_of(table, &good);
            }
    assert_true(good > 1000);
}

static void damage_is_the_same_damage_to_both(void **state) {
    (void)state;
    static const char row[] =
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:style-name=\"d\" "
        "table:formula=\"of:=A&amp;B\" office:value-type=\"string\" calcext:value-type=\"string\">"
        "<text:p>a&lt;b</text:p><text:p>c</text:p></table:table-cell><table:covered-table-cell "
        "table:number-columns-repeated=\"2\"/></table:table-row>" ROW(ONE);
    static const char bytes[] = "<>\"'&/ =0Az:\xC3";
    char table[sizeof row];
    int good = 0;
    for (size_t i = 0; i < sizeof row - 1; i++)
        for (size_t k = 0; k < sizeof bytes - 1; k++) {
            memcpy(table, row, sizeof row);
            table[i] = bytes[k];
            both_say_the_same_of(table, &good);
        }
    assert_true(good > 100);
}

static void the_corpus_means_the_same_to_both(void **state) {
    (void)state;
    const struct sheet_corpus corpus = {.pattern = CORPUS "/ods/*/*ods",
                                        .leave_out = NULL,
                                        .host = &host,
                                        .open = pf_ods_book_open,
                                        .hold_back = never_read_quickly};
    int sheets = agree_on_corpus(&corpus);
    if (sheets == 0) {
        print_message("the corpus is not beside the project: NOTHING WAS CHECKED against real files\n");
        skip();
    }
    assert_true(sheets > 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_the_type_that_the_cell_says),
        cmocka_unit_test(number_cells_stay_numbers_under_a_style_of_dates),
        cmocka_unit_test(text_is_what_is_shown_and_nothing_else),
        cmocka_unit_test(errors_and_formulas_are_told_apart),
        cmocka_unit_test(a_formula_of_0_that_shows_an_error_is_one_unless_cells_are_wanted_as_stored),
        cmocka_unit_test(repeats_of_values_are_values_and_of_blanks_are_places),
        cmocka_unit_test(repeats_without_measure_are_refused),
        cmocka_unit_test(merged_ranges_are_spans_of_cells),
        cmocka_unit_test(durations_are_read_to_the_millisecond),
        cmocka_unit_test(what_programs_usually_write_is_read_quickly),
        cmocka_unit_test(rows_of_every_spelling_mean_the_same_to_both),
        cmocka_unit_test(damage_is_the_same_damage_to_both),
        cmocka_unit_test(the_corpus_means_the_same_to_both)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
