/* test_xlsx_package.c — parts are found however their targets are written.       SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "read/xlsx/xlsx_book.h"
#include "read/xlsx/xlsx_reader.h"
#include "xlsx_parts.h"

static void targets_of_every_spelling_lead_to_their_part(void **state) {
    (void)state;
    static const char *const targets[] = {"worksheets/a.xml",
                                          "/xl/worksheets/a.xml",
                                          "\\xl\\worksheets\\a.xml",
                                          "worksheets\\a.xml",
                                          "./worksheets/../worksheets/a.xml",
                                          "WorkSheets/A.XML",
                                          "worksheets/%61.xml",
                                          "/XL//worksheets/a.xml"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct pf_buf zip = {0}, rels = {0};
        struct pf_source source;
        struct pf_opc_package package;
        struct pf_opc_relations relations;
        (void)pf_buf_print(
            &rels, NULL,
            "<Relationships><Relationship Id=\"r7\" Type=\"x/worksheet\" Target=\"%s\"/></Relationships>",
            targets[i]);
        struct xlsx_part parts[] = {{"xl/worksheets/a.xml", "<x/>", 4},
                                    {"xl/_rels/workbook.xml.rels", rels.data, rels.size}};
        put_zip(&zip, parts, 2);
        pf_source_memory(zip.data, zip.size, &source);
        assert_int_equal(pf_opc_package_open(&package, &source, NULL), PF_OK);
        assert_int_equal(pf_opc_package_relations(&package, "xl/workbook.xml", &relations, NULL), PF_OK);
        assert_int_equal(relations.count, 1);
        if (!relations.items[0].member)
            fail_msg("'%s' leads nowhere", targets[i]);
        assert_ptr_equal(pf_opc_relation_by(&relations, pf_text_of("r7")), &relations.items[0]);
        assert_ptr_equal(pf_opc_package_part(&package, &relations, "worksheet", ""), relations.items[0].member);
        assert_null(pf_opc_relation_by(&relations, pf_text_of("r8")));
        pf_opc_package_close(&package);
        pf_buf_clear(&zip);
        pf_buf_clear(&rels);
    }
}

static void what_lies_outside_is_no_part(void **state) {
    (void)state;
    static const char rels[] =
        "<Relationships><Relationship Id=\"a\" Type=\"x/y\" Target=\"http://example.org/xl/b.xml\" "
        "TargetMode=\"External\"/><Relationship Id=\"b\" Type=\"x/y\" "
        "Target=\"../../../etc/passwd\"/></Relationships>";
    struct xlsx_part parts[] = {{"_rels/.rels", rels, sizeof rels - 1}};
    struct pf_buf zip = {0};
    struct pf_source source;
    struct pf_opc_package package;
    struct pf_opc_relations relations;
    put_zip(&zip, parts, 1);
    pf_source_memory(zip.data, zip.size, &source);
    assert_int_equal(pf_opc_package_open(&package, &source, NULL), PF_OK);
    assert_int_equal(pf_opc_package_relations(&package, NULL, &relations, NULL), PF_OK);
    assert_int_equal(relations.count, 2);
    assert_null(relations.items[0].member);
    assert_null(relations.items[1].member);
    assert_int_equal(pf_opc_package_relations(&package, "xl/nothing.xml", &relations, NULL), PF_OK);
    assert_int_equal(relations.count, 0);
    pf_opc_package_close(&package);
    pf_buf_clear(&zip);
}

static int32_t probe(const char *front, const void *bytes, size_t size) {
    struct pf_buf all = {0};
    struct pf_source source;
    (void)pf_buf_text(&all, front, NULL);
    (void)pf_buf_put(&all, bytes, size, NULL);
    pf_source_memory(all.data, all.size, &source);
    struct pf_probe request = {.struct_size = sizeof request,
                               .head = all.data,
                               .head_size = all.size,
                               .size_bytes = (int64_t)all.size,
                               .source = &source};
    int32_t score = pf_xlsx_reader.probe(&request);
    pf_buf_clear(&all);
    return score;
}

static void a_workbook_is_known_behind_the_blanks_that_a_web_page_sent_in_front(void **state) {
    (void)state;
    struct pf_buf zip = {0};
    put_book(&zip, "<worksheet/>", 12);
    assert_int_equal(probe("", zip.data, zip.size), PF_PROBE_MAGIC);
    assert_int_equal(probe("\r\n", zip.data, zip.size), PF_PROBE_MAGIC);
    assert_int_equal(probe("\xEF\xBB\xBF\n", zip.data, zip.size), PF_PROBE_MAGIC);
    assert_int_equal(probe("<br>", zip.data, zip.size), PF_PROBE_NO);
    assert_int_equal(probe("\n", "PK", 2), PF_PROBE_NO);
    pf_buf_clear(&zip);
}

static struct pf_buf book_bytes;

static void styles_and_strings_that_no_relation_leads_to_stand_in_their_usual_places(void **state) {
    (void)state;
    static const char sheet[] = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>"
                                "</row></sheetData></worksheet>";
    static const char astray[] = "<Relationships><Relationship Id=\"r3\" Type=\"" XLSX_REL
                                 "/styles\" Target=\"xl/styles.xml\"/></Relationships>";
    static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 1 << 30};
    const struct xlsx_part parts[] = {
        {"_rels/.rels", xlsx_rels, sizeof xlsx_rels - 1},
        {"xl/workbook.xml", xlsx_workbook, sizeof xlsx_workbook - 1},
        {"xl/styles.xml", xlsx_styles, sizeof xlsx_styles - 1},
        {"xl/sharedStrings.xml", xlsx_strings, sizeof xlsx_strings - 1},
        {"xl/worksheets/sheet1.xml", sheet, sizeof sheet - 1},
        {"xl/_rels/workbook.xml.rels", astray, sizeof astray - 1},
    };
    for (size_t count = 5; count <= 6; count++) { /* no relations, and one to xl/xl/styles.xml */
        struct pf_buf zip = {0};
        struct pf_source source;
        struct pf_grid_book book;
        struct pf_grid_block block = {0};
        void *cursor = NULL;
        put_zip(&zip, parts, count);
        pf_source_memory(zip.data, zip.size, &source);
        assert_int_equal(pf_xlsx_book_open(&source, &host, &book, NULL), PF_OK);
        assert_int_equal(book.format_count, 3);
        assert_int_equal(book.driver->open(book.self, 0, 0, &cursor, NULL), PF_OK);
        assert_int_equal(book.driver->next(cursor, &block, NULL), PF_OK);
        assert_int_equal(block.cell_count, 1);
        assert_int_equal(block.cells[0].kind, PF_CELL_SHARED);
        assert_int_equal(book.strings->count, 3);
        book.driver->close(cursor);
        pf_grid_block_clear(&block);
        book.driver->close_book(book.self);
        pf_buf_clear(&zip);
    }
}

static pf_status read_all(struct pf_source *source) {
    static struct pf_host host = {.struct_size = sizeof host, .memory_limit = 1 << 30};
    struct pf_grid_book book;
    struct pf_grid_block block = {0};
    const struct pf_grid_area *areas;
    const struct pf_grid_range *ranges;
    size_t count;
    void *cursor = NULL;
    PF_TRY(pf_xlsx_book_open(source, &host, &book, NULL));
    pf_status status = book.driver->areas(book.self, &areas, &count, NULL);
    if (status == PF_OK)
        status = book.driver->merges(book.self, 0, &ranges, &count, NULL);
    if (status == PF_OK) {
        assert_int_equal(count, 1);
        assert_int_equal(ranges[0].last_column, 2);
        status = book.driver->open(book.self, 0, 0, &cursor, NULL);
    }
    if (status == PF_OK) {
        status = book.driver->next(cursor, &block, NULL);
        book.driver->close(cursor);
    }
    pf_grid_block_clear(&block);
    book.driver->close_book(book.self);
    return status;
}

static void a_book_is_closed_whole_when_memory_is_out_at_any_point(void **state) {
    (void)state;
    static const char sheet[] =
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" "
        "t=\"inlineStr\"><is><r><t>a</t>"
        "</r></is></c></row></sheetData><mergeCells><mergeCell ref=\"A1:C2\"/></mergeCells></worksheet>";
    put_book(&book_bytes, sheet, sizeof sheet - 1);
    struct pf_source source;
    pf_source_memory(book_bytes.data, book_bytes.size, &source);
    assert_int_equal(read_all(&source), PF_OK);
    pf_mem_fail_from(INT64_MAX);
    assert_int_equal(read_all(&source), PF_OK);
    int64_t most = pf_mem_count();
    for (int64_t nth = 1; nth <= most; nth++) {
        pf_mem_fail_from(nth);
        pf_status status = read_all(&source);
        pf_mem_fail_from(0);
        assert_int_equal(status, PF_NO_MEMORY);
    }
    pf_buf_clear(&book_bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_of_every_spelling_lead_to_their_part),
        cmocka_unit_test(what_lies_outside_is_no_part),
        cmocka_unit_test(a_workbook_is_known_behind_the_blanks_that_a_web_page_sent_in_front),
        cmocka_unit_test(styles_and_strings_that_no_relation_leads_to_stand_in_their_usual_places),
        cmocka_unit_test(a_book_is_closed_whole_when_memory_is_out_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
