/* test_syntax_xml.c — XML as events, strict and bounded.                         SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "syntax/syntax_xml.h"

/* A source that gives `step` bytes at a time, as a pipe may; the window is as small. */
struct dripping {
    const char *text;
    size_t size, step;
};

static pf_status read_drop(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                           struct pf_error *err) {
    (void)err;
    const struct dripping *d = source->self;
    size_t left = d->size - (size_t)offset, size = want < left ? want : left;
    memcpy(to, d->text + offset, size);
    *got = size;
    return PF_OK;
}

static void keep_open(struct pf_source *source) { (void)source; }

/* Events as text: <name a=v> for OPEN, </name>, and pieces of text joined. Status at the end. */
static pf_status print_events(const char *text, size_t size, size_t step, struct pf_buf *to,
                              struct pf_error *err) {
    struct dripping drip = {text, size, step};
    struct pf_source source = {sizeof source, 0, (int64_t)size, &drip, read_drop, keep_open};
    struct pf_window window = {0};
    struct pf_xml xml = {0};
    to->size = 0;
    PF_TRY(pf_window_open(&window, &source, step, err));
    pf_xml_open(&xml, &window, false);
    pf_status status;
    while ((status = pf_xml_next(&xml, err)) == PF_OK && xml.event != PF_XML_END) {
        if (xml.event == PF_XML_TEXT) {
            (void)pf_buf_put(to, xml.text.at, xml.text.size, NULL);
            continue;
        }
        (void)pf_buf_print(to, NULL, xml.event == PF_XML_OPEN ? "<%.*s%s%.*s" : "</%.*s%s%.*s",
                           (int)xml.prefix.size, xml.prefix.at, xml.prefix.size ? ":" : "", (int)xml.name.size,
                           xml.name.at);
        for (size_t i = 0; i < xml.attribute_count; i++)
            (void)pf_buf_print(to, NULL, " %.*s=%.*s", (int)xml.attributes[i].name.size,
                               xml.attributes[i].name.at, (int)xml.attributes[i].value.size,
                               xml.attributes[i].value.at);
        (void)pf_buf_put(to, ">", 1, NULL);
    }
    pf_xml_clear(&xml);
    pf_window_clear(&window);
    return status;
}

static void expect_steps(const char *xml, pf_status want, const char *events) {
    struct pf_buf got = {0};
    for (size_t step = 1; step < 40; step++) {
        struct pf_error err = PF_ERROR_INIT;
        pf_status status = print_events(xml, strlen(xml), step, &got, &err);
        if (status != want)
            fail_msg("%d (%s) for %s by %zu bytes", (int)status, err.message, xml, step);
        if (want == PF_OK && (got.size != strlen(events) || memcmp(got.data, events, got.size) != 0))
            fail_msg("%s gives %.*s by %zu bytes", xml, (int)got.size, (const char *)got.data, step);
    }
    pf_buf_clear(&got);
}

static void events_are_the_same_however_the_bytes_come(void **state) {
    (void)state;
    expect_steps("<a/>", PF_OK, "<a></a>");
    expect_steps(
        "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- x > y --><a b='1' c=\"&lt;2&gt;\"> t <d/>&amp;</a>\n", PF_OK,
        "<a b=1 c=<2>> t <d></d>&</a>");
    expect_steps("<x:a xmlns:x=\"u\"><x:b x:c = 'd' ></x:b ></x:a>", PF_OK, "<x:a x=u><x:b c=d></x:b></x:a>");
    expect_steps("<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]></a>", PF_OK, "<a><b>&amp;]]></a>");
    expect_steps("<a>1\r\n2\r3&#13;&#x41;&#233;\xC3\xA9</a>", PF_OK, "<a>1\n2\n3\rA\xC3\xA9\xC3\xA9</a>");
    expect_steps("<a b=\"1\n2\t3\r\n4\"/>", PF_OK, "<a b=1 2 3 4></a>");
    expect_steps("<!DOCTYPE a [<!ELEMENT a ANY> <!-- ] -->]><a/>", PF_OK, "<a></a>");
    expect_steps("<a>x\xFFy</a>", PF_OK, "<a>x\xEF\xBF\xBDy</a>");
    expect_steps("<?a?><a><?b <c> ?></a><!-- end -->", PF_OK, "<a></a>");
}

static void what_is_not_xml_is_refused(void **state) {
    (void)state;
    static const char *const broken[] = {"",
                                         " ",
                                         "a",
                                         "<a>",
                                         "<a></b>",
                                         "<a/><b/>",
                                         "<a b></a>",
                                         "<a b=1/>",
                                         "<a b='1/>",
                                         "<a/>x",
                                         "</a>",
                                         "<a>&x;</a>",
                                         "<a>&amp</a>",
                                         "<a>&#x110000;</a>",
                                         "<a>&#0;</a>",
                                         "<a><!-- </a>",
                                         "<a><![CDATA[</a>",
                                         "<a><b></a></b>",
                                         "< a/>",
                                         "<a",
                                         "<1/>",
                                         "<a b='1'c='2'/>",
                                         "<a <b/></a>",
                                         "<a></a x>",
                                         "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
                                         "<!DOCTYPE a [<!ENTITY % b SYSTEM \"file:///etc/passwd\"> %b;]><a/>"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        expect_steps(broken[i], PF_BAD_DATA, "");
}

static void depth_tags_and_attributes_are_bounded(void **state) {
    (void)state;
    struct pf_buf xml = {0}, got = {0};
    struct pf_error err = PF_ERROR_INIT;
    for (int i = 0; i < PF_XML_DEPTH; i++)
        (void)pf_buf_text(&xml, "<a>", NULL);
    assert_int_equal(print_events((const char *)xml.data, xml.size, 4096, &got, &err), PF_BAD_DATA);
    (void)pf_buf_text(&xml, "<a>", NULL);
    assert_int_equal(print_events((const char *)xml.data, xml.size, 4096, &got, &err), PF_LIMIT);
    xml.size = 0;
    (void)pf_buf_text(&xml, "<a b=\"", NULL);
    for (uint32_t i = 0; i < PF_XML_TAG_BYTES / 8 + 1; i++)
        (void)pf_buf_text(&xml, "........", NULL);
    assert_int_equal(print_events((const char *)xml.data, xml.size, 4096, &got, &err), PF_LIMIT);
    xml.size = 0;
    (void)pf_buf_text(&xml, "<a", NULL);
    for (int i = 0; i <= PF_XML_ATTRIBUTES; i++)
        (void)pf_buf_print(&xml, NULL, " b%d=''", i);
    (void)pf_buf_text(&xml, "/>", NULL);
    assert_int_equal(print_events((const char *)xml.data, xml.size, 4096, &got, &err), PF_LIMIT);
    pf_buf_clear(&xml);
    pf_buf_clear(&got);
}

static void a_fragment_may_close_what_it_did_not_open(void **state) {
    (void)state;
    struct pf_source source;
    struct pf_window window = {0};
    struct pf_xml xml = {0};
    static const char text[] = "<row/></data></sheet>";
    pf_source_memory(text, sizeof text - 1, &source);
    assert_int_equal(pf_window_open(&window, &source, 8, NULL), PF_OK);
    pf_xml_open(&xml, &window, true);
    static const enum pf_xml_event want[] = {PF_XML_OPEN, PF_XML_CLOSE, PF_XML_CLOSE, PF_XML_CLOSE, PF_XML_END};
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        assert_int_equal(pf_xml_next(&xml, NULL), PF_OK);
        assert_int_equal(xml.event, want[i]);
    }
    pf_xml_clear(&xml);
    pf_window_clear(&window);
}

static char *recode(const void *bytes, size_t size) {
    const struct pf_charset *charset;
    char *text = NULL;
    size_t used;
    assert_int_equal(pf_xml_encoding(bytes, size, &charset, NULL), PF_OK);
    if (charset) {
        assert_int_equal(pf_xml_recode(charset, bytes, size, &text, &used, NULL), PF_OK);
        text[used] = 0;
    }
    return text;
}

static void expect_recoded(const void *bytes, size_t size, const char *want) {
    char *text = recode(bytes, size);
    if (want)
        assert_string_equal(text, want);
    else
        assert_null(text);
    pf_mem_free(text);
}

static void utf_16_is_recoded(void **state) {
    (void)state;
    static const uint8_t little[] = {0xFF, 0xFE, '<', 0, 'a', 0, '/', 0, '>', 0},
                         big[] = {0, '<', 0, 'a', 0, '/', 0, '>'};
    expect_recoded(little, sizeof little, "<a/>");
    expect_recoded(big, sizeof big, "<a/>");
    expect_recoded("<a/>", 4, NULL);
}

static void the_encoding_that_is_declared_counts_unless_the_bytes_show_another(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE4</a>", "<a>\xC3\xA4</a>"},
        {"<?xml version='1.0'\n encoding = 'windows-1252' ?><a>\x80</a>", "<a>\xE2\x82\xAC</a>"},
        {"<?xml version='1.0' encoding='GB2312'?><a>\xC4\xE3</a>", "<a>\xE4\xBD\xA0</a>"},
        {"<?xml version='1.0' encoding='utf-16'?><a>\xC3\xA4</a>", NULL}, /* as StringWriter of .NET says */
        {"<?xml version='1.0' encoding='UTF8'?><a/>", NULL},
        {"<?xml version='1.0' encoding='US-ASCII'?><a/>", NULL},
        {"<?xml version='1.0' encoding=''?><a/>", NULL},
        {"<?xml version='1.0' encoding='?><a/>", NULL},
        {"<?xml-stylesheet encoding='cp1252'?><a/>", NULL},
        {"<?xml version='1.0'?><a encoding='cp1252'/>", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_recoded(cases[i].text, strlen(cases[i].text), cases[i].want);
    const struct pf_charset *charset;
    static const char unknown[] = "<?xml version='1.0' encoding='klingon'?><a/>";
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_xml_encoding((const uint8_t *)unknown, sizeof unknown - 1, &charset, &err),
                     PF_UNSUPPORTED);
    assert_non_null(strstr(err.message, "'klingon'"));
}

/* Names of elements of the first two levels, the second ones gone over by `over`; window: bytes at a time. */
static pf_status list_names(const char *text, size_t window_bytes,
                            pf_status (*over)(struct pf_xml *xml, struct pf_error *err), struct pf_buf *to) {
    struct pf_source source;
    struct pf_window window;
    struct pf_xml xml = {0};
    pf_status status;
    to->size = 0;
    pf_source_memory(text, strlen(text), &source);
    assert_int_equal(pf_window_open(&window, &source, window_bytes, NULL), PF_OK);
    pf_xml_open(&xml, &window, false);
    while ((status = pf_xml_next(&xml, NULL)) == PF_OK && xml.event != PF_XML_END)
        if (xml.event == PF_XML_OPEN) {
            (void)pf_buf_print(to, NULL, "%.*s ", (int)xml.name.size, xml.name.at);
            if (xml.depth == 2 && (status = over(&xml, NULL)) != PF_OK)
                break;
            assert_true(xml.depth == 1);
        }
    pf_xml_clear(&xml);
    pf_window_clear(&window);
    return status;
}

static void a_leap_ends_where_a_skip_does_or_is_told_to_be_wrong(void **state) {
    (void)state;
    static const char *const right[] = {
        "<a><b>x</b><c/><d><e/></d></a>",
        "<a><p:b><bb>0123456789012345678901234567890123456789012345678901234567890123456789</bb>e></p:b><c/></"
        "a>",
        "<a><b/><b/></a>"};
    static const char *const wrong[] = {"<a><b><b></b></b></a>",
                                        "<a><b><!-- </b><x/> --></b></a>",
                                        "<a><b><![CDATA[</b><x/><!-- ]]></b> --></a>",
                                        "<a><b><?x </b><x/><!-- ?></b> --></a>",
                                        "<a><b></b ></a>",
                                        "<a><b>"};
    struct pf_buf leapt = {0}, skipped = {0};
    for (size_t bytes = 16; bytes < 90; bytes++) {
        for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
            pf_status status = list_names(right[i], bytes, pf_xml_skip, &skipped);
            if (list_names(right[i], bytes, pf_xml_leap, &leapt) != PF_OK || status != PF_OK ||
                leapt.size != skipped.size || memcmp(leapt.data, skipped.data, leapt.size) != 0)
                fail_msg("%s by %zu bytes gives %.*s", right[i], bytes, (int)leapt.size,
                         (const char *)leapt.data);
        }
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
            if (list_names(wrong[i], bytes, pf_xml_leap, &leapt) != PF_BAD_DATA)
                fail_msg("%s by %zu bytes is taken for right", wrong[i], bytes);
    }
    pf_buf_clear(&leapt);
    pf_buf_clear(&skipped);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_the_same_however_the_bytes_come),
        cmocka_unit_test(what_is_not_xml_is_refused),
        cmocka_unit_test(depth_tags_and_attributes_are_bounded),
        cmocka_unit_test(a_fragment_may_close_what_it_did_not_open),
        cmocka_unit_test(a_leap_ends_where_a_skip_does_or_is_told_to_be_wrong),
        cmocka_unit_test(utf_16_is_recoded),
        cmocka_unit_test(the_encoding_that_is_declared_counts_unless_the_bytes_show_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
