/* test_xls_text.c — strings in records and across their borders.                SPDX-License-Identifier: MIT */
#include "xls_builder.h"

static const struct pf_xls_lock no_lock;

/* Reads count characters of the first record in bytes. */
static pf_status read_unicode(struct pf_buf *bytes, uint32_t count, bool rich, struct pf_buf *out,
                              size_t *left) {
    struct pf_source source;
    struct pf_xls_stream stream;
    struct pf_xls_record record;
    bool there = false;
    pf_source_memory(bytes->data, bytes->size, &source);
    assert_int_equal(pf_xls_stream_open(&stream, &source, &no_lock, 0, NULL), PF_OK);
    assert_int_equal(pf_xls_next(&stream, &record, &there, NULL), PF_OK);
    struct pf_xls_place place = pf_xls_place_in(&stream, &record, 0);
    pf_status status = pf_xls_unicode(&place, count, rich, out, NULL);
    *left = (size_t)(place.end - place.at);
    pf_xls_stream_clear(&stream);
    pf_buf_clear(bytes);
    return status;
}

static void assert_unicode(struct pf_buf *bytes, uint32_t count, bool rich, const char *wanted) {
    struct pf_buf out = {0};
    size_t left = 0;
    assert_int_equal(read_unicode(bytes, count, rich, &out, &left), PF_OK);
    assert_int_equal(out.size, strlen(wanted));
    assert_memory_equal(out.data, wanted, out.size);
    assert_int_equal(left, 0);
    pf_buf_clear(&out);
}

static void characters_of_one_and_two_bytes_become_utf8(void **unused) {
    struct pf_buf bytes = {0};
    put(&bytes, PF_XLS_SST, "%1ab\xE4\xFF", 0);
    assert_unicode(&bytes, 4, false, "ab\xC3\xA4\xC3\xBF");
    put(&bytes, PF_XLS_SST, "%1%2%2%2%2", 1, 'a', 0x20AC, 0xD83D, 0xDE00);
    assert_unicode(&bytes, 4, false, "a\xE2\x82\xAC\xF0\x9F\x98\x80");
}

static void lone_surrogates_become_the_replacement_character(void **unused) {
    struct pf_buf bytes = {0};
    put(&bytes, PF_XLS_SST, "%1%2%2%2%2", 1, 0xD83D, 'a', 0xDE00, 0xD83D);
    assert_unicode(&bytes, 4, false,
                   "\xEF\xBF\xBD"
                   "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void the_width_may_change_in_each_continue_record(void **unused) {
    struct pf_buf bytes = {0};
    put(&bytes, PF_XLS_SST, "%1ab", 0);
    put(&bytes, PF_XLS_CONTINUE, "%1%2%2", 1, 0x416, 0xD83D);
    put(&bytes, PF_XLS_CONTINUE, "");
    put(&bytes, PF_XLS_CONTINUE, "%1%2", 1, 0xDE00);
    put(&bytes, PF_XLS_CONTINUE, "%1yz", 0);
    assert_unicode(&bytes, 7, false, "ab\xD0\x96\xF0\x9F\x98\x80yz");
}

static void runs_and_phonetic_text_are_left_out_also_across_borders(void **unused) {
    struct pf_buf bytes = {0};
    put(&bytes, PF_XLS_SST, "%1%2%4abc%4%2", 0xC, 2, 5, 1, 2);
    put(&bytes, PF_XLS_CONTINUE, "%2%4%1", 3, 4, 5);
    assert_unicode(&bytes, 3, true, "abc");
    put(&bytes, PF_XLS_SST, "%1abc", 0xC); /* where no runs can be the bits mean nothing */
    assert_unicode(&bytes, 3, false, "abc");
}

static void a_string_that_its_records_do_not_hold_is_refused(void **unused) {
    struct pf_buf bytes = {0}, out = {0};
    size_t left = 0;
    put(&bytes, PF_XLS_SST, "%1abc", 0);
    put(&bytes, PF_XLS_EOF, "defg");
    assert_int_equal(read_unicode(&bytes, 5, false, &out, &left), PF_BAD_DATA);
    put(&bytes, PF_XLS_SST, "%1%4abc", 4, 0xFFFFFFFF);
    assert_int_equal(read_unicode(&bytes, 3, true, &out, &left), PF_BAD_DATA);
    pf_buf_clear(&out);
}

static void bytes_are_read_by_their_code_page(void **unused) {
    struct pf_buf bytes = {0}, out = {0};
    struct pf_source source;
    struct pf_xls_stream stream;
    struct pf_xls_record record;
    bool there = false;
    put(&bytes, PF_XLS_LABEL, "%2\xCF\xF0", 5);
    put(&bytes, PF_XLS_CONTINUE, "\xE8\xE2!");
    pf_source_memory(bytes.data, bytes.size, &source);
    assert_int_equal(pf_xls_stream_open(&stream, &source, &no_lock, 0, NULL), PF_OK);
    assert_int_equal(pf_xls_next(&stream, &record, &there, NULL), PF_OK);
    struct pf_xls_place place = pf_xls_place_in(&stream, &record, 0);
    assert_int_equal(pf_xls_string(&place, 2, 5, pf_xls_charset(1251), &out, NULL), PF_OK);
    assert_int_equal(out.size, 9);
    assert_memory_equal(out.data, "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2!", 9);
    pf_xls_stream_clear(&stream);
    pf_buf_clear(&bytes);
    pf_buf_clear(&out);
}

static void code_pages_of_excel_have_their_tables(void **unused) {
    static const struct {
        uint32_t page;
        const char *name;
    } pages[] = {{437, "cp437"},      {866, "cp866"},   {874, "cp874"},      {932, "cp932"},
                 {936, "gb18030"},    {949, "cp949"},   {950, "cp950"},      {1250, "cp1250"},
                 {1258, "cp1258"},    {1361, "johab"},  {10000, "macroman"}, {10007, "maccyrillic"},
                 {32768, "macroman"}, {32769, "cp1252"}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        assert_non_null(pf_xls_charset(pages[i].page));
        assert_ptr_equal(pf_xls_charset(pages[i].page), pf_charset_find(pages[i].name));
    }
    assert_null(pf_xls_charset(4711));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_of_one_and_two_bytes_become_utf8),
        cmocka_unit_test(lone_surrogates_become_the_replacement_character),
        cmocka_unit_test(the_width_may_change_in_each_continue_record),
        cmocka_unit_test(runs_and_phonetic_text_are_left_out_also_across_borders),
        cmocka_unit_test(a_string_that_its_records_do_not_hold_is_refused),
        cmocka_unit_test(bytes_are_read_by_their_code_page),
        cmocka_unit_test(code_pages_of_excel_have_their_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
