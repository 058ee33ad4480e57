/* test_csv_charset.c — tests of read/csv. Marks, UTF-16 without them, UTF-8, code pages by what they read like.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

static struct pf_csv_dialect sniff_bytes(const void *bytes, size_t size) {
    struct pf_csv_sample sample = {.head = bytes, .head_size = size, .head_is_all = true};
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {0};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_csv_sniff_charset(&sample, &wish, &d, &err), PF_OK);
    assert_non_null(d.charset);
    return d;
}
#define assert_charset(d, name) assert_string_equal(pf_charset_name((d).charset), name)

static void marks_are_found_and_counted(void **state) {
    static const struct {
        const char *bytes;
        size_t size;
        const char *charset;
        int bom;
    } files[] = {
        {"\xEF\xBB\xBFid,x\n", 8, "utf-8", 3},     {"\xFF\xFEi\0d\0", 6, "utf-16le", 2},
        {"\xFE\xFF\0i\0d", 6, "utf-16be", 2},      {"\xFF\xFE\0\0i\0\0\0", 8, "utf-32le", 4},
        {"\0\0\xFE\xFF\0\0\0i", 8, "utf-32be", 4}, {"\x84\x31\x95\x33x,y\n", 8, "gb18030", 4},
        {"\xEF\xBB\xBF", 3, "utf-8", 3},           {"\xFF\xFE", 2, "utf-16le", 2},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct pf_csv_dialect d = sniff_bytes(files[i].bytes, files[i].size);
        assert_charset(d, files[i].charset);
        assert_int_equal(d.bom_size, files[i].bom);
        assert_true(d.charset_confidence == 1);
    }
}

static void japanese_in_seven_bits_is_no_ascii(void **state) {
    const char *text = "id,name\n1,\x1b$B;3ED\x1b(B\n2,\x1b$BNkLZ\x1b(B\n";
    assert_charset(sniff_bytes(text, strlen(text)), "iso-2022-jp");
    assert_charset(sniff_bytes("a\x1b[0m,b\n1,2\n", 13), "utf-8");
}

static void ascii_and_nothing_are_utf8_for_sure(void **state) {
    struct pf_csv_dialect d = sniff_bytes("id,name\n1,x\n", 12);
    assert_charset(d, "utf-8");
    assert_true(d.charset_confidence == 1);
    assert_charset(sniff_bytes("", 0), "utf-8");
    assert_charset(sniff_bytes("a,b\0c\n1,2\n", 10), "utf-8"); /* a NUL makes no UTF-16 */
    assert_charset(sniff_bytes("a\0,b\n1,2\n", 9), "utf-8");
}

static void a_sequence_cut_by_the_end_of_the_head_is_no_fault(void **state) {
    const char *text = "name\nM\xC3\xBCller\nCaf\xC3\xA9";
    struct pf_csv_sample sample = {.head = (const uint8_t *)text, .head_size = strlen(text) - 1};
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {0};
    assert_int_equal(pf_csv_sniff_charset(&sample, &wish, &d, NULL), PF_OK);
    assert_charset(d, "utf-8");
    assert_true(d.charset_confidence == 1);
    /* The tail may begin inside one. */
    sample.tail = (const uint8_t *)text + 7;
    sample.tail_size = strlen(text) - 7;
    sample.tail_offset = 100000;
    assert_int_equal(pf_csv_sniff_charset(&sample, &wish, &d, NULL), PF_OK);
    assert_charset(d, "utf-8");
}

static void few_bad_bytes_keep_utf8_but_unsure(void **state) {
    const char *text = "n\ncaf\xC3\xA9\nna\xC3\xAFve\n\xC3\xBC"
                       "ber\nfa\xC3\xA7"
                       "ade\nbad \xE9 byte\n";
    struct pf_csv_dialect d = sniff_bytes(text, strlen(text));
    assert_charset(d, "utf-8");
    assert_true(d.charset_confidence < 0.7);
}

static void an_ascii_head_does_not_hide_the_tail(void **state) {
    const char *tail = "x,M\xFCller\ny,Stra\xDF"
                       "e\nz,sch\xF6n\n";
    struct pf_csv_sample sample = {.head = (const uint8_t *)"a,b\n1,2\n",
                                   .head_size = 8,
                                   .tail = (const uint8_t *)tail,
                                   .tail_size = strlen(tail),
                                   .tail_offset = 5000};
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {0};
    assert_int_equal(pf_csv_sniff_charset(&sample, &wish, &d, NULL), PF_OK);
    assert_charset(d, "cp1252");
}

static void the_user_decides(void **state) {
    struct pf_csv_sample sample = {.head = (const uint8_t *)"\xFE\xFF\0a", .head_size = 4, .head_is_all = true};
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {0};
    struct pf_error err = PF_ERROR_INIT;
    wish.encoding = "UTF-16"; /* the mark tells the order */
    assert_int_equal(pf_csv_sniff_charset(&sample, &wish, &d, &err), PF_OK);
    assert_charset(d, "utf-16be");
    assert_int_equal(d.bom_size, 2);
    wish.encoding = "windows-1252";
    assert_int_equal(pf_csv_sniff_charset(&sample, &wish, &d, &err), PF_OK);
    assert_charset(d, "cp1252");
    assert_int_equal(d.bom_size, 0);
    wish.encoding = "klingon";
    assert_int_equal(pf_csv_sniff_charset(&sample, &wish, &d, &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "klingon"));
}

/* UTF-8 text in the charset, by turning the charset's own table round. */
static size_t encode(const struct pf_charset *charset, const char *text, uint8_t *to, size_t room) {
    int unit = pf_charset_unit(charset);
    size_t used = 0;
    for (size_t at = 0, size = strlen(text); at < size;) {
        uint32_t point = 0;
        size_t took = pf_utf8_decode(text + at, size - at, &point), wrote = 0;
        if (unit > 1) {
            bool big = strstr(pf_charset_name(charset), "be") != NULL;
            for (int i = 0; i < unit; i++)
                to[used + (size_t)i] = (uint8_t)(point >> (8 * (big ? unit - 1 - i : i)));
            wrote = (size_t)unit;
        } else if (point < 0x80) {
            to[used] = (uint8_t)point;
            wrote = 1;
        }
        for (unsigned lead = 0x80; lead < 0x100 && !wrote; lead++)
            for (unsigned trail = 0; trail < 0x100 && !wrote; trail++) {
                uint8_t bytes[2] = {(uint8_t)lead, (uint8_t)trail};
                size_t size_in = trail ? 2 : 1, taken = 0, written = 0;
                char out[16];
                struct pf_charset_bad bad = {0, -1};
                pf_charset_convert(charset, bytes, size_in, &taken, out, sizeof out, &written, true, &bad);
                if (!bad.count && taken == size_in && written == took && memcmp(out, text + at, took) == 0) {
                    memcpy(to + used, bytes, size_in);
                    wrote = size_in;
                }
            }
        if (!wrote || used + 8 > room)
            fail_msg("%s cannot hold %.*s", pf_charset_name(charset), (int)took, text + at);
        used += wrote;
        at += took;
    }
    return used;
}

static void one_table_in_many_charsets_is_found_in_each(void **state) {
    /* Theme 15: at most two of fourteen may be missed, and then unsure; what counts is the decoded text. */
    static const char *const charsets[] = {"utf-8",     "utf-16le",   "utf-16be",    "utf-32le", "utf-32be",
                                           "cp1252",    "iso-8859-1", "iso-8859-15", "cp850",    "cp437",
                                           "mac-roman", "cp1254",     "iso-8859-9",  "cp858"};
    static const char *const rows[] = {"José Álvarez;Málaga;café\n", "Müller;Köln;schön\n",
                                       "François;Besançon;élève\n",  "Zoë;Århus;naïve\n",
                                       "Peña;Logroño;mañana\n",      "Jürgen;Straße;größer\n"};
    int missed = 0;
    static uint8_t bytes[100000];
    static char back[100000];
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
        struct pf_buf text = {0};
        assert_int_equal(pf_buf_text(&text, "name;city;word\n", NULL), PF_OK);
        for (int row = 0; row < 200; row++)
            assert_int_equal(
                pf_buf_text(&text, strcmp(charsets[i], "cp437") == 0 && row % 6 == 0 ? rows[1] : rows[row % 6],
                            NULL),
                PF_OK);
        assert_int_equal(pf_buf_put(&text, "", 1, NULL), PF_OK);
        size_t size = encode(pf_charset_find(charsets[i]), (char *)text.data, bytes, sizeof bytes);
        struct pf_csv_dialect d = sniff_bytes(bytes, size);
        struct pf_charset_bad bad = {0, -1};
        size_t used = 0, written = 0;
        pf_charset_convert(d.charset, bytes, size, &used, back, sizeof back, &written, true, &bad);
        bool same = written == text.size - 1 && memcmp(back, text.data, written) == 0;
        if (!same) {
            print_message("%s taken for %s (%.2f)\n", charsets[i], pf_charset_name(d.charset),
                          d.charset_confidence);
            missed++;
            assert_true(d.charset_confidence < 0.6);
        }
        pf_buf_clear(&text);
    }
    assert_true(missed <= 2);
}

static void other_scripts_are_found_from_a_few_rows(void **state) {
    static const struct {
        const char *charset, *text;
    } files[] = {
        {"cp1251", "имя,город\nИван Петров,Москва\nМария Смирнова,Санкт-Петербург\nОлег Сидоров,Казань\n"},
        {"koi8-r", "имя,город\nИван Петров,Москва\nМария Смирнова,Санкт-Петербург\nОлег Сидоров,Казань\n"},
        {"cp866", "имя,город\nИван Петров,Москва\nМария Смирнова,Санкт-Петербург\nОлег Сидоров,Казань\n"},
        {"iso-8859-5", "имя,город\nИван Петров,Москва\nМария Смирнова,Санкт-Петербург\nОлег Сидоров,Казань\n"},
        {"cp1250", "imię,miasto\nŁukasz Żak,Łódź\nMałgorzata Dąbrowska,Kraków\nŚwiętosław "
                   "Źrebiec,Gdańsk\nWójcik,Poznań\n"},
        {"cp1250",
         "jméno,město\nŘehoř Šťastný,Plzeň\nJiří Dvořák,Děčín\nZdeněk Růžička,Třebíč\nŽofie Čapková,Ústí\n"},
        {"cp1253", "όνομα,πόλη\nΓιώργος Παπαδόπουλος,Αθήνα\nΜαρία Νικολάου,Θεσσαλονίκη\nΝίκος,Πάτρα\n"},
        {"cp1255", "שם,עיר\nדוד כהן,ירושלים\nשרה לוי,תל אביב\nמשה מזרחי,חיפה\n"},
        {"shift_jis", "名前,都市\n山田太郎,東京\nさとう花子,大阪\n鈴木イチロー,名古屋\nたなか,京都\n"},
        {"euc-jp", "名前,都市\n山田太郎,東京\nさとう花子,大阪\n鈴木イチロー,名古屋\nたなか,京都\n"},
        {"gb18030", "姓名,城市\n王小明,北京\n李华,上海\n张伟,广州\n刘洋,深圳\n陈静,成都\n"},
        {"big5", "姓名,城市\n王小明,臺北\n李華,高雄\n張偉,臺中\n劉洋,臺南\n陳靜,新竹\n"},
        {"euc-kr", "이름,도시\n김철수,서울\n이영희,부산\n박민수,대구\n최지우,인천\n"},
        {"cp1252", "name,city\nMüller,Köln\nJosé,Málaga\n"},
        {"cp1252", "text\nHe said “no” – and left…\nIt’s here\n"},
        {"cp1252", "price\n5 €\n7 €\n"},
        {"cp1252", "a,b,c\n1,2,3\n4,5,æøå\n"},
    };
    static uint8_t bytes[4000];
    static char back[12000];
    int wrong = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t size = encode(pf_charset_find(files[i].charset), files[i].text, bytes, sizeof bytes);
        struct pf_csv_dialect d = sniff_bytes(bytes, size);
        struct pf_charset_bad bad = {0, -1};
        size_t used = 0, written = 0;
        pf_charset_convert(d.charset, bytes, size, &used, back, sizeof back, &written, true, &bad);
        if (written != strlen(files[i].text) || memcmp(back, files[i].text, written) != 0) {
            print_message("%s taken for %s (%.2f): %.60s\n", files[i].charset, pf_charset_name(d.charset),
                          d.charset_confidence, files[i].text);
            wrong++;
            assert_true(d.charset_confidence < 0.7);
        }
    }
    assert_true(wrong <= 1);
}

static void single_signs_of_windows_are_not_taken_for_letters_of_others(void **state) {
    static const char *const texts[] = {
        "id,name\n1,O\x92"
        "Brien\n2,D\x92"
        "Angelo\n3,Smith\n",
        "id,note\n1,It\x92s fine\n2,don\x92t know\n3,the customer\x92s order\n",
        "id,note\n1,L\x92"
        "eau\n2,qu\x92il\n3,d\x92"
        "accord\n",
        "id,note\n1,He said \x93yes\x94 twice\n2,the \x93"
        "best\x94 one\n",
        "id,note\n1,\xE0 la carte\n2,a \xE0 b\n3,de 3 \xE0 4\n",
        "id,note\n1,\xE9\n2,x\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_charset(sniff_bytes(texts[i], strlen(texts[i])), "cp1252");
}

static void running_out_of_memory_is_said(void **state) {
    const char *text = "caf\xE9\nna\xEFve\n";
    struct pf_csv_sample sample = {
        .head = (const uint8_t *)text, .head_size = strlen(text), .head_is_all = true};
    struct pf_csv_wish wish = NO_WISH;
    struct pf_csv_dialect d = {0};
    for (int64_t nth = 1; nth <= 3; nth++) {
        pf_mem_fail_from(nth);
        pf_status status = pf_csv_sniff_charset(&sample, &wish, &d, NULL);
        pf_mem_fail_from(0);
        assert_int_equal(status, PF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_found_and_counted),
        cmocka_unit_test(japanese_in_seven_bits_is_no_ascii),
        cmocka_unit_test(ascii_and_nothing_are_utf8_for_sure),
        cmocka_unit_test(a_sequence_cut_by_the_end_of_the_head_is_no_fault),
        cmocka_unit_test(few_bad_bytes_keep_utf8_but_unsure),
        cmocka_unit_test(an_ascii_head_does_not_hide_the_tail),
        cmocka_unit_test(the_user_decides),
        cmocka_unit_test(one_table_in_many_charsets_is_found_in_each),
        cmocka_unit_test(other_scripts_are_found_from_a_few_rows),
        cmocka_unit_test(single_signs_of_windows_are_not_taken_for_letters_of_others),
        cmocka_unit_test(running_out_of_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
