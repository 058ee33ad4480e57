/* test_xlsx_piece.c — a sheet read in pieces is the sheet read row by row.        SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/pool.h"
#include "bytes/bytes_source.h"
#include "columns/columns_stream.h"
#include "columns/columns_view.h"
#include "grid/grid_reader.h"
#include "xlsx_parts.h"
#include "xlsx_twice.h"

#define ROWS 60000 /* a good 5 MB of XML: the survey's sample and some pieces */

static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 1 << 30};

/* How row i (from 0) is written; its number is in the XML or follows. */
typedef void write_row(struct pf_buf *xml, int i);

static void plain(struct pf_buf *xml, int i) {
    (void)pf_buf_print(
        xml, NULL,
        "<row r=\"%d\" spans=\"1:3\"><c r=\"A%d\"><v>%d</v></c><c r=\"B%d\" t=\"s\"><v>%d</v></c>"
        "<c r=\"C%d\"><v>%d.25</v></c></row>",
        i + 1, i + 1, i * 7, i + 1, i % 2, i + 1, i);
}
static void unnumbered(struct pf_buf *xml, int i) {
    (void)pf_buf_print(xml, NULL, "<row><c><v>%d</v></c><c t=\"s\"><v>%d</v></c><c><v>%d.25</v></c></row>", i,
                       i % 2, i);
}
static void spaced(struct pf_buf *xml, int i) { /* blank rows within, and rows without a value */
    plain(xml, 2 * i);
    (void)pf_buf_print(xml, NULL, "<row r=\"%d\" s=\"3\"><c r=\"A%d\" s=\"3\"/></row>\n", 2 * i + 2, 2 * i + 2);
}
static void rich(struct pf_buf *xml, int i) { /* of the general reader */
    (void)pf_buf_print(xml, NULL,
                       "<row r=\"%d\"><c r=\"A%d\" t=\"inlineStr\"><is><r><t>x%d</t></r></is></c><c r=\"B%d\">"
                       "<f>A1</f></c><c r=\"C%d\"><v>%d.5</v></c></row>",
                       i + 1, i + 1, i, i + 1, i + 1, i);
}
static void footed(struct pf_buf *xml, int i) { /* a note below, and rows without a cell behind it */
    plain(xml, i);
    if (i == ROWS - 1)
        (void)pf_buf_print(xml, NULL,
                           "<row r=\"%d\"><c r=\"A%d\" t=\"inlineStr\"><is><t>Source: us</t></is></c></row>",
                           ROWS + 2, ROWS + 2);
    for (int k = 3; i == ROWS - 1 && k < 60000; k++)
        (void)pf_buf_print(xml, NULL, "<row r=\"%d\" s=\"1\"/>", ROWS + k);
}
static void commented(struct pf_buf *xml, int i) { /* a piece may be cut within a comment */
    plain(xml, i);
    if (i > 30000)
        (void)pf_buf_print(xml, NULL, "<!-- <row r=\"%d\"><c r=\"A%d\"><v>1</v></c></row><row r=\"9\"> -->",
                           i + 2, i + 2);
}
static void quoted(struct pf_buf *xml, int i) { /* or within a CDATA section */
    (void)pf_buf_print(
        xml, NULL,
        "<row r=\"%d\"><c r=\"A%d\" t=\"str\"><v><![CDATA[</row><row r=\"%d\"><c r=\"A%d\"><v>1</v>"
        "</c></row><row r=\"1\">]]></v></c></row>",
        i + 1, i + 1, i + 2, i + 2);
}
static void swapped(struct pf_buf *xml, int i) { plain(xml, i == 50000 ? 50001 : i == 50001 ? 50000 : i); }
static void repeated(struct pf_buf *xml, int i) { plain(xml, i > 50000 ? i - 1 : i); }
static void broken(struct pf_buf *xml, int i) {
    plain(xml, i);
    if (i == 50000)
        (void)pf_buf_text(xml, "<row r=\"50002\"><c r=\"A50002\" t=\"s\"><v>99</v></c></row>", NULL);
}
static void unended(struct pf_buf *xml, int i) {
    plain(xml, i);
    if (i == 50000)
        (void)pf_buf_text(xml, "<row r=\"50002\"><c r=\"A50002\">", NULL);
}
static void widening(struct pf_buf *xml, int i) {
    plain(xml, i);
    if (i == 55000)
        xml->size -= strlen("<v>55000.25</v></c></row>"), (void)pf_buf_text(xml, "<v>x</v></c></row>", NULL);
}

static void make_book(write_row *write, const char *tail, struct pf_buf *zip) {
    struct pf_buf xml = {0};
    (void)pf_buf_text(&xml, "<worksheet><sheetData>", NULL);
    for (int i = 0; i < ROWS; i++)
        write(&xml, i);
    (void)pf_buf_print(&xml, NULL, "</sheetData>%s</worksheet>", tail);
    put_book(zip, xml.data, xml.size);
    pf_buf_clear(&xml);
}

static void print_batch(const struct ArrowSchema *schema, const struct ArrowArray *batch, struct pf_buf *to) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        struct pf_view view;
        assert_int_equal(pf_view_child(&view, schema, batch, i, NULL), PF_OK);
        for (int64_t row = 0; row < batch->length; row++) {
            int64_t size = 8;
            const uint8_t *at = NULL;
            if (pf_view_valid(&view, row))
                at = pf_kind_is_text(view.type.kind) ? pf_view_bytes(&view, row, &size)
                                                     : view.values + 8 * (view.offset + row);
            /* by column, so that it does not matter where batches end */
            (void)pf_buf_put(&to[i], at ? "+" : "-", 1, NULL);
            (void)pf_buf_put(&to[i], at, at ? (size_t)size : 0, NULL);
        }
    }
}

#define COLUMNS 4
struct told {
    struct pf_buf columns[COLUMNS];
    pf_status status;
    struct pf_error err;
};

/* The first table, up to the first failure; without pieces when those are not wanted. */
static void read_table(const struct pf_buf *zip, bool pieces, int64_t limit, struct told *told) {
    struct pf_source source;
    struct pf_grid_book book;
    pf_reader_state *state;
    struct pf_survey survey = {.struct_size = sizeof survey, .mode = PF_SURVEY_SAMPLE};
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    *told = (struct told){.err = PF_ERROR_INIT};
    pf_source_memory(zip->data, zip->size, &source);
    assert_int_equal(pf_xlsx_book_open(&source, &host, &book, NULL), PF_OK);
    struct pf_grid_driver driver = *book.driver;
    if (!pieces)
        driver.take = NULL;
    book.driver = &driver;
    struct pf_open open = {.struct_size = sizeof open, .host = &host, .location = "x", .stem = "x"};
    assert_int_equal(pf_grid_reader_open(&open, &book, &state, NULL), PF_OK);
    assert_int_equal(pf_grid_survey(state, &survey, NULL), PF_OK);
    struct pf_read request = {.struct_size = sizeof request,
                              .schema = &survey.tables[0]->schema,
                              .limit_rows = limit,
                              .err = &told->err};
    assert_true(request.schema->n_children <= COLUMNS);
    assert_int_equal(pf_grid_read(state, &request, &stream, NULL), PF_OK);
    while ((told->status = pf_stream_next(&stream, &told->err, &batch, &told->err)) == PF_OK && batch.release) {
        print_batch(request.schema, &batch, told->columns);
        batch.release(&batch);
    }
    pf_stream_release(&stream);
    pf_grid_close(state);
}

static void expect_the_same(write_row *write, const char *tail, int64_t limit) {
    struct pf_buf zip = {0};
    struct told by_rows, by_pieces;
    make_book(write, tail, &zip);
    read_table(&zip, false, limit, &by_rows);
    for (int threads = 0; threads < 3; threads++) {
        if (threads)
            assert_int_equal(pf_pool_open(threads, &host.pool, NULL), PF_OK);
        read_table(&zip, true, limit, &by_pieces);
        if (threads)
            pf_pool_close(&host.pool);
        assert_int_equal(by_pieces.status, by_rows.status);
        assert_string_equal(by_pieces.err.message, by_rows.err.message);
        for (int i = 0; i < COLUMNS; i++) {
            /* how much is told in front of a failure hangs on where batches end */
            size_t a = by_pieces.columns[i].size, b = by_rows.columns[i].size, least = a < b ? a : b;
            if (by_rows.status == PF_OK)
                assert_int_equal(a, b);
            if (least)
                assert_memory_equal(by_pieces.columns[i].data, by_rows.columns[i].data, least);
            pf_buf_clear(&by_pieces.columns[i]);
        }
    }
    for (int i = 0; i < COLUMNS; i++)
        pf_buf_clear(&by_rows.columns[i]);
    pf_buf_clear(&zip);
}

static void whatever_the_rows_are_the_table_is_the_same(void **state) {
    (void)state;
    expect_the_same(plain, "", -1);
    expect_the_same(plain, "<rowBreaks count=\"1\"><brk id=\"3\"/></rowBreaks>", -1);
    expect_the_same(unnumbered, "", -1);
    expect_the_same(spaced, "", -1);
    expect_the_same(rich, "", -1);
    expect_the_same(footed, "", -1);
    expect_the_same(commented, "", -1);
    expect_the_same(quoted, "", -1);
    expect_the_same(plain, "", 45000);
}

static void what_is_wrong_is_told_the_same(void **state) {
    (void)state;
    expect_the_same(swapped, "", -1);
    expect_the_same(repeated, "", -1);
    expect_the_same(broken, "", -1);
    expect_the_same(unended, "", -1);
    expect_the_same(widening, "", -1);
    expect_the_same(plain, "<a>", -1);
}

/* Takes and decodes until it is over, then reads on; all cells, and those in pieces. */
static size_t count_cells(write_row *write, size_t *in_pieces, enum pf_grid_took *took, bool *good) {
    struct pf_buf zip = {0};
    struct pf_source source;
    struct pf_grid_book book;
    struct pf_grid_piece *piece = NULL;
    struct pf_grid_block block = {0};
    void *cursor;
    size_t cells = 0;
    make_book(write, "", &zip);
    pf_source_memory(zip.data, zip.size, &source);
    assert_int_equal(pf_xlsx_book_open(&source, &host, &book, NULL), PF_OK);
    assert_int_equal(book.driver->open(book.self, 0, PF_GRID_PIECES, &cursor, NULL), PF_OK);
    for (*good = true; *good;) {
        assert_int_equal(book.driver->take(cursor, &piece, took, NULL), PF_OK);
        if (*took != PF_GRID_TOOK)
            break;
        pf_grid_block_empty(&block);
        assert_int_equal(book.driver->decode(piece, &block, good, NULL), PF_OK);
        cells += block.cell_count;
    }
    *in_pieces = cells;
    while (*good && *took == PF_GRID_TOOK_END) {
        pf_grid_block_empty(&block);
        assert_int_equal(book.driver->next(cursor, &block, NULL), PF_OK);
        if (!block.row_count)
            break;
        cells += block.cell_count;
    }
    book.driver->drop(piece);
    pf_grid_block_clear(&block);
    book.driver->close(cursor);
    book.driver->close_book(book.self);
    pf_buf_clear(&zip);
    return cells;
}

static void plain_sheets_are_pieces_but_for_the_end_and_others_say_so(void **state) {
    (void)state;
    enum pf_grid_took took;
    bool good;
    size_t in_pieces;
    write_row *const sheets[] = {plain, spaced, rich};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(count_cells(sheets[i], &in_pieces, &took, &good), 3 * ROWS);
        assert_true(good && took == PF_GRID_TOOK_END);
        /* the last window is not taken, and of the one before rows enough for a footer stay */
        assert_in_range(in_pieces, 3 * ROWS / 2, 3 * (ROWS - 160));
    }
    assert_int_equal(count_cells(unnumbered, &in_pieces, &took, &good), 0);
    assert_int_equal(took, PF_GRID_TOOK_ODD);
    (void)count_cells(repeated, &in_pieces, &took, &good);
    assert_false(good);
    (void)count_cells(broken, &in_pieces, &took, &good);
    assert_false(good);
}

static void without_memory_nothing_is_left_behind(void **state) {
    (void)state;
    struct pf_buf zip = {0};
    make_book(rich, "", &zip);
    for (int64_t nth = 0; nth < 400; nth += 7) {
        struct pf_source source;
        struct pf_grid_book book;
        struct pf_grid_piece *piece = NULL;
        struct pf_grid_block block = {0};
        enum pf_grid_took took = PF_GRID_TOOK;
        bool good = true;
        void *cursor = NULL;
        pf_source_memory(zip.data, zip.size, &source);
        pf_mem_fail_once(nth + 1);
        pf_status status = pf_xlsx_book_open(&source, &host, &book, NULL);
        if (status == PF_OK) {
            status = book.driver->open(book.self, 0, PF_GRID_PIECES, &cursor, NULL);
            while (status == PF_OK && good && took == PF_GRID_TOOK) {
                status = book.driver->take(cursor, &piece, &took, NULL);
                pf_grid_block_empty(&block);
                if (status == PF_OK && took == PF_GRID_TOOK)
                    status = book.driver->decode(piece, &block, &good, NULL);
            }
            book.driver->drop(piece);
            pf_grid_block_clear(&block);
            if (cursor)
                book.driver->close(cursor);
            book.driver->close_book(book.self);
        }
        assert_int_equal(pf_mem_live(), 0);
        pf_mem_fail_once(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        assert_true(good || status == PF_NO_MEMORY);
    }
    pf_buf_clear(&zip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_the_rows_are_the_table_is_the_same),
        cmocka_unit_test(what_is_wrong_is_told_the_same),
        cmocka_unit_test(plain_sheets_are_pieces_but_for_the_end_and_others_say_so),
        cmocka_unit_test(without_memory_nothing_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
