/* test_csv_reader.c — tests of read/csv. Whole tables: types proved, policies, places, any number of threads.
 * SPDX-License-Identifier: MIT */
#include "csv_table.h"

#include "base/mem.h"

static uint64_t seed;
static uint32_t draw(uint32_t below) {
    seed += 0x9E3779B97F4A7C15u;
    uint64_t z = seed;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) % below);
}

static void expect_bytes(struct desk *desk, const char *text, size_t size, const char *rows, const char *told) {
    struct pf_error err = PF_ERROR_INIT;
    desk->err = err;
    if (!desk->limit)
        desk->limit = -1;
    pf_status status = read_table(desk, text, size);
    if (status != PF_OK)
        print_message("%d %s: %s\n", status, desk->err.where, desk->err.message);
    assert_int_equal(status, PF_OK);
    assert_string_equal(text_of(&desk->rows), rows);
    if (told)
        assert_string_equal(text_of(&desk->told), told);
    assert_int_equal(desk->in, desk->out + desk->rejected + desk->skipped);
}

static void expect(struct desk desk, const char *text, const char *rows, const char *told) {
    for (int threads = 0; threads < 3; threads += 2) {
        desk.threads = threads;
        expect_bytes(&desk, text, strlen(text), rows, told);
    }
    desk_clear(&desk);
}

static void types_nulls_and_quoted_cells_come_as_they_are(void **state) {
    (void)state;
    expect(
        (struct desk){0},
        "id,name,price,day,ok,code\n1,\"a, "
        "\"\"b\"\"\",2.5,2024-02-29,true,007\n2,\"\",,2024-03-01,,x\n,,3,,false,\n",
        "id:int64|name:text|price:double|day:date|ok:bool|code:text\n1|[a, \"b\"]|2.5|2024-02-29|true|[007]\n"
        "2|[]|-|2024-03-01|-|[x]\n-|-|3|-|false|-\n",
        "");
}

static void header_only_gives_no_rows_and_named_columns(void **state) {
    (void)state;
    expect((struct desk){0}, "a,b,c\n", "a:text|b:text|c:text\n", "");
}

static void an_empty_input_is_said(void **state) {
    (void)state;
    struct desk desk = {.limit = -1};
    assert_int_equal(read_table(&desk, "", 0), PF_BAD_DATA);
    assert_non_null(strstr(desk.err.message, "empty"));
    desk_clear(&desk);
}

static void an_input_that_skip_rows_leaves_empty_is_blamed_on_the_option(void **state) {
    (void)state;
    static const char *const skip[] = {"skip-rows", "9", NULL};
    struct desk desk = {.limit = -1, .options = skip};
    assert_int_equal(read_table(&desk, "a,b\n1,2\n", 8), PF_BAD_DATA);
    assert_string_equal(desk.err.message, "--skip-rows 9 leaves nothing of the input; give fewer");
    desk_clear(&desk);
    desk = (struct desk){.limit = -1, .options = skip};
    assert_int_equal(read_table(&desk, "", 0), PF_BAD_DATA);
    assert_non_null(strstr(desk.err.message, "empty"));
    desk_clear(&desk);
}

static void a_header_that_is_none_is_told_what_can_be_given(void **state) {
    (void)state;
    static const char *const odd[] = {"header", "two", NULL}, *const many[] = {"header", "101", NULL};
    for (int i = 0; i < 2; i++) {
        struct desk desk = {.limit = -1, .options = i ? many : odd};
        assert_int_equal(read_table(&desk, "a,b\n1,2\n", 8), PF_ARGUMENT);
        assert_non_null(strstr(desk.err.message, "; give auto, none or a number from 0 to 100"));
        desk_clear(&desk);
    }
}

static void ragged_rows_are_padded_and_get_columns(void **state) {
    (void)state;
    static const char *const comma[] = {"delimiter", ",", NULL};
    expect((struct desk){.options = comma}, "a,b,c\n1,2,3\n4\n5,6,7,8\n9,9,9,,\n",
           "a:int64|b:int64|c:int64|:int64\n1|2|3|-\n4|-|-|-\n5|6|7|8\n9|9|9|-\n",
           "short-row row 2 byte 12 x1 line 3: 1 cell where the table has 3\n"
           "long-row row 3 byte 14 x1 line 4: 4 cells where the table has 3\n");
}

static void long_rows_are_told_in_every_width_that_has_values(void **state) {
    (void)state;
    static const char *const comma[] = {"delimiter", ",", NULL};
    expect((struct desk){.options = comma},
           "a,b\r\n1,2\r\n1,2,\r\n1,2,x\r\n3,4\r\n1,2,,\"\"\r\n1,2,,\r\n5,6\r\n",
           "a:int64|b:int64|:text|:text\n1|2|-|-\n1|2|-|-\n1|2|[x]|-\n3|4|-|-\n1|2|-|[]\n1|2|-|-\n5|6|-|-\n",
           "long-row row 3 byte 16 x1 line 4: 3 cells where the table has 2\n"
           "long-row row 5 byte 28 x1 line 6: 4 cells where the table has 2\n");
}

static void rows_that_are_not_right_are_told_with_their_place(void **state) {
    (void)state;
    expect((struct desk){0}, "a,b\n1,\"x\ny\"\n2\n\n3,\"open\n4,z\n",
           "a:int64|b:text\n1|[x\ny]\n2|-\n3|[\"open]\n4|[z]\n",
           "short-row row 2 byte 12 x1 line 4: 1 cell where the table has 2\n"
           "unclosed-quote row 3 byte 15 x1 line 6: a quote that is opened here is not closed\n");
}

/* The head takes 60 bytes here; 40 lines do not fit, and the table behind them is found all the same. */
static void lines_to_skip_may_be_far_more_than_the_head_holds(void **state) {
    (void)state;
    static const char *const skip[] = {"skip-rows", "40", "csv-head-bytes", "60", "csv-block-bytes",
                                       "40",        NULL};
    static const char *const most[] = {"skip-rows", "45", "csv-head-bytes", "60", "csv-block-bytes",
                                       "40",        NULL};
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    for (size_t kind = 0; kind < 12; kind++) { /* line ends; one byte or two; from memory or once forward */
        const char *end = ends[kind % 3];
        bool wide = kind / 3 % 2;
        char text[3000], out[6000] = "\xFE\xFF";
        size_t n = 0, size = 2;
        for (int i = 0; i < 40; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "note %d, above%s", i, end);
        n += (size_t)snprintf(text + n, sizeof text - n, "id;name%s7;a%s8;b%s9;c%s", end, end, end, end);
        for (size_t i = 0; i < n; i++) { /* UTF-16, big end first, with a mark */
            out[size++] = 0;
            out[size++] = text[i];
        }
        struct desk desk = {.options = skip, .limit = -1, .forward = kind > 5};
        assert_int_equal(read_table(&desk, wide ? out : text, wide ? size : n), PF_OK);
        assert_string_equal(text_of(&desk.rows), "id:int64|name:text\n7|[a]\n8|[b]\n9|[c]\n");
        assert_non_null(strstr(text_of(&desk.facts), "skip_rows=40"));
        assert_non_null(strstr(text_of(&desk.facts), "header row at line 41"));
        desk_clear(&desk);
        desk = (struct desk){.options = most, .limit = -1, .forward = kind > 5};
        assert_int_equal(read_table(&desk, wide ? out : text, wide ? size : n), PF_BAD_DATA);
        assert_string_equal(desk.err.message, "--skip-rows 45 leaves nothing of the input; give fewer");
        desk_clear(&desk);
    }
}

static void several_tables_are_said(void **state) {
    (void)state;
    struct desk desk = {.limit = -1};
    const char *text = "a,b\n1,2\n3,4\n5,6\n\n\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n";
    assert_int_equal(read_table(&desk, text, strlen(text)), PF_OK);
    assert_int_equal(desk.out, 7);
    assert_non_null(strstr(text_of(&desk.facts), "tables=2"));
    assert_non_null(strstr(text_of(&desk.doubts), "tables row -1 byte -1 x1 2 tables seem"));
    desk_clear(&desk);
}

static void rows_of_several_cells_above_the_table_are_said(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool said;
    } cases[] = {{"name,val,,\na,1,,\n,,,\nid,x,y,z\n1,2,3,4\n2,3,4,5\n3,4,5,6\n", true},
                 {"Sales; of the south;;\n\nid;x;y;z\n1;2;3;4\n2;3;4;5\n3;4;5;6\n", false},
                 {"Report of sales, 2024\nprinted: 3 May, by hand\n\nid,x,y\n1,2,3\n2,3,4\n3,4,5\n", false},
                 {"Region:,south,,\n\nid,x,y,z\n1,2,3,4\n2,3,4,5\n3,4,5,6\n", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct desk desk = {.limit = -1};
        assert_int_equal(read_table(&desk, cases[i].text, strlen(cases[i].text)), PF_OK);
        assert_int_equal(desk.out, 3);
        assert_int_equal(strstr(text_of(&desk.doubts), "preamble row -1 byte -1 x1 3 lines above") != NULL,
                         cases[i].said);
        desk_clear(&desk);
    }
}

static const char *const rejecting[] = {"on-bad-row", "reject",   "on-bad-cell", "reject", "on-bad-bytes",
                                        "reject",     "encoding", "utf-8",       NULL};
static const char *const failing[] = {"on-bad-row",   "fail", "on-bad-cell", "fail",
                                      "on-bad-bytes", "fail", "encoding",    "utf-8",
                                      "header",       "1",    NULL};

/* A thousand rows with seven that are not right, each in its own way. */
static size_t make_planted(char *to) {
    size_t n = (size_t)sprintf(to, "id,day,ok,name\n");
    for (int i = 1; i <= 1000; i++)
        switch (i) {
        case 100: n += (size_t)sprintf(to + n, "%d,2024-01-01,true\n", i); break;
        case 200: n += (size_t)sprintf(to + n, "%d,2024-01-01,true,n,extra\n", i); break;
        case 300: n += (size_t)sprintf(to + n, "12x,2024-01-01,true,n\n"); break;
        case 400: n += (size_t)sprintf(to + n, "%d,2024-02-30,true,n\n", i); break;
        case 500: n += (size_t)sprintf(to + n, "%d,2024-01-01,perhaps,n\n", i); break;
        case 600: n += (size_t)sprintf(to + n, "%d,2024-01-01,true,\xFF\n", i); break;
        case 1000: n += (size_t)sprintf(to + n, "%d,2024-01-01,true,\"n\n", i); break;
        default: n += (size_t)sprintf(to + n, "%d,2024-01-01,true,\"n\"\n", i); break;
        }
    return n;
}

static void seven_planted_defects_give_seven_rejects(void **state) {
    (void)state;
    char *text = malloc(64000);
    size_t size = make_planted(text);
    const char *const *sets[] = {rejecting, failing};
    for (int threads = 0; threads <= 4; threads += 2)
        for (int set = 0; set < 2; set++) {
            struct desk desk = {.options = sets[set],
                                .threads = threads,
                                .limit = -1,
                                .impose = "id=int64,day=date,ok=bool,name=text"};
            pf_status status = read_table(&desk, text, size);
            if (set == 0) {
                assert_int_equal(status, PF_OK);
                assert_int_equal(desk.rejected, 7);
                assert_int_equal(desk.out, 993);
                assert_int_equal(desk.in, 1000);
                assert_string_equal(
                    text_of(&desk.told),
                    "reject row 100 line 101 byte 2283 column - expected 4 cells: 3 cells where the table has "
                    "4 "
                    "<100,2024-01-01,true>\n"
                    "reject row 200 line 201 byte 4679 column - expected 4 cells: 5 cells where the table has "
                    "4 "
                    "<200,2024-01-01,true,n,extra>\n"
                    "reject row 300 line 301 byte 7083 column id expected int64: '12x' is not int64 "
                    "<12x,2024-01-01,true,n>\n"
                    "reject row 400 line 401 byte 9481 column day expected date: '2024-02-30' is not date "
                    "<400,2024-02-30,true,n>\n"
                    "reject row 500 line 501 byte 11879 column ok expected bool: 'perhaps' is not bool "
                    "<500,2024-01-01,perhaps,n>\n"
                    "reject row 600 line 601 byte 14280 column - expected utf-8: 1 place that is not utf-8 "
                    "<600,2024-01-01,true,\xFF>\n"
                    "reject row 1000 line 1001 byte 23878 column - expected a closing quote: a quote that is "
                    "opened "
                    "here is not closed <1000,2024-01-01,true,\"n>\n");
            } else {
                assert_int_equal(status, PF_BAD_DATA);
                assert_int_equal(desk.err.row, 100);
                assert_int_equal(desk.err.byte, 2283);
                assert_non_null(strstr(desk.err.where, "line 101"));
            }
            desk_clear(&desk);
        }
    free(text);
}

static void the_first_defect_is_named_whatever_its_kind(void **state) {
    (void)state;
    char text[] = "a,b\n1,1\n2,x\n3\n", other[] = "a,b\n1,1\n3\n2,x\n";
    struct desk desk = {.options = failing, .limit = -1, .impose = "a=int64,b=int64"};
    assert_int_equal(read_table(&desk, text, strlen(text)), PF_BAD_DATA);
    assert_int_equal(desk.err.row, 2);
    assert_string_equal(desk.err.message, "'x' is not int64; fix it or choose another --on-bad-cell");
    assert_int_equal(read_table(&desk, other, strlen(other)), PF_BAD_DATA);
    assert_int_equal(desk.err.row, 2);
    assert_non_null(strstr(desk.err.message, "1 cell where"));
    desk_clear(&desk);
}

static void bad_cells_become_null_when_asked(void **state) {
    (void)state;
    static const char *const options[] = {"on-bad-cell", "null", "header", "1", NULL};
    expect((struct desk){.options = options, .impose = "a=int64,b=date"}, "a,b\nx,2024-01-01\n2,y\n",
           "a:int64|b:date\n-|2024-01-01\n2|-\n",
           "bad-cell row 1 byte 4 x1 a: line 2: 'x' is not int64\n"
           "bad-cell row 2 byte 17 x1 b: line 3: 'y' is not date\n");
}

static void a_bad_cell_is_shown_as_it_stands_in_the_input(void **state) {
    (void)state;
    static const char *const escaped[] = {"on-bad-cell", "null", "header", "1",  "delimiter", "||",
                                          "escape",      "\\",   "quote",  "\"", NULL};
    expect((struct desk){.options = escaped, .impose = "b=int64"}, "a||b||c\nx||\"1\\\"2\"||y\nz||3\\||4||w\n",
           "a:text|b:int64|c:text\n[x]|-|[y]\n[z]|-|[w]\n",
           "bad-cell row 1 byte 8 x1 b: line 2: '\"1\\\"2\"' is not int64\n"
           "bad-cell row 2 byte 21 x1 b: line 3: '3\\||4' is not int64\n");
    static const char *const lines[] = {"on-bad-cell", "null", "header", "1", NULL};
    expect((struct desk){.options = lines, .impose = "b=int64"}, "a,b\nx,\"\"\"1\n2\"\"\"\nshort\n",
           "a:text|b:int64\n[x]|-\n[short]|-\n",
           "bad-cell row 1 byte 4 x1 b: line 2: '\"\"\"1 2\"\"\"' is not int64\n"
           "short-row row 2 byte 16 x1 line 4: 1 cell where the table has 2\n");
}

static void skip_limit_and_columns_are_kept_to(void **state) {
    (void)state;
    static const int32_t columns[] = {1, 0, -1};
    const char *text = "a,b\n1,x\n2,y\n\n3,z\n4,w\n5,v\n";
    struct desk desk = {.skip = 1, .limit = 2, .columns = columns};
    expect(desk, text, "b:text|a:int64\n[y]|2\n[z]|3\n", "");
    static const char *const small[] = {"csv-block-bytes", "4", NULL};
    desk.options = small;
    expect(desk, text, "b:text|a:int64\n[y]|2\n[z]|3\n", "");
    static const char *const both[] = {"on-bad-row", "reject", NULL};
    desk = (struct desk){.skip = 1, .limit = 3, .options = both};
    expect(desk, "a,b\n1,x\n2\n3,z\n4,w\n5,v\n", "a:int64|b:text\n3|[z]\n4|[w]\n", NULL);
}

static void encodings_keep_places_in_the_input(void **state) {
    (void)state;
    static const char *const cp1252[] = {"encoding", "cp1252", "on-bad-row", "reject", "delimiter", ";", NULL};
    struct desk desk = {.options = cp1252};
    expect(desk, "n;m\n\xE9\xE9;1\n\x80;2;3\n\xFC;4\n", "n:text|m:int64\n[\xC3\xA9\xC3\xA9]|1\n[\xC3\xBC]|4\n",
           "reject row 2 line 3 byte 9 column - expected 2 cells: 3 cells where the table has 2 <\x80;2;3>\n");
    static const char wide[] = "\xFF\xFEn\0,\0m\0\n\0\xE9\0,\0001\0\n\0a\0\n\0b\0,\0002\0\n";
    for (int forward = 0; forward < 2; forward++) {
        struct desk utf16 = {.forward = forward};
        expect_bytes(&utf16, wide, sizeof wide, "n:text|m:int64\n[\xC3\xA9]|1\n[a]|-\n[b]|2\n",
                     "short-row row 2 byte 18 x1 line 3: 1 cell where the table has 2\n");
        desk_clear(&utf16);
    }
}

static void undecodable_bytes_are_replaced_and_told(void **state) {
    (void)state;
    static const char *const options[] = {"encoding", "utf-8", NULL};
    expect((struct desk){.options = options}, "a,b\nx,1\ny\xFFz\xFE,2\n",
           "a:text|b:int64\n[x]|1\n[y\xEF\xBF\xBDz\xEF\xBF\xBD]|2\n",
           "bad-bytes row 2 byte 8 x2 line 3: 2 places that are not utf-8\n");
}

static void nul_characters_are_kept_or_stripped_and_counted(void **state) {
    (void)state;
    static const char *const strip[] = {"nul", "strip", "encoding", "utf-8", NULL}, *const keep[] = {"encoding",
                                                                                                     "utf-8",
                                                                                                     NULL};
    const char text[] = "a,b\nx\0y,1\nz,2\n";
    struct desk desk = {.options = keep};
    expect_bytes(&desk, text, sizeof text - 1, "a:text|b:int64\n[x", NULL);
    assert_int_equal(desk.out, 2);
    assert_string_equal(text_of(&desk.told), "nul row 1 byte 4 x1 line 2: NUL characters\n");
    desk.options = strip;
    expect_bytes(&desk, text, sizeof text - 1, "a:text|b:int64\n[xy]|1\n[z]|2\n", NULL);
    assert_string_equal(text_of(&desk.told), "nul row -1 byte -1 x1 NUL characters were stripped\n");
    desk_clear(&desk);
}

static void null_texts_are_for_all_columns_or_one(void **state) {
    (void)state;
    static const char *const options[] = {"null-values",
                                          "NA\x1F"
                                          "b=-\x1F"
                                          "x=y",
                                          NULL};
    expect((struct desk){.options = options}, "a,b\n1,2\nNA,-\n3,4\n", "a:int64|b:int64\n1|2\n-|-\n3|4\n", "");
}

static void text_is_what_the_file_says(void **state) {
    (void)state;
    static const char *const options[] = {"types", "text", "header", "none", NULL};
    expect((struct desk){.options = options}, "a,b\n1,2.50\n3,4,5\n",
           ":text|:text|:text\n[a]|[b]|-\n[1]|[2.50]|-\n[3]|[4]|[5]\n", NULL);
}

/* The column's type is the join of all its values, wherever the odd one stands and however the input is cut. */
static void the_odd_value_may_stand_anywhere(void **state) {
    (void)state;
    static const char *const cuts[][5] = {{"csv-head-bytes", "60", "csv-block-bytes", "40", NULL},
                                          {"csv-head-bytes", "300", "csv-block-bytes", "1000", NULL},
                                          {NULL}};
    static const char *const odd[][2] = {
        {"1.5", "double"}, {"x", "text"}, {"", "int64"}, {"9007199254740993", "int64"}};
    for (int kind = 0; kind < 4; kind++)
        for (int place = 1; place <= 60; place += 7) {
            char text[2000], first[400] = "";
            size_t n = (size_t)sprintf(text, "id,v,w\n");
            for (int i = 1; i <= 60; i++)
                n += (size_t)sprintf(text + n, "%d,%s,\n", i, i == place ? odd[kind][0] : "7");
            for (int cut = 0; cut < 3; cut++)
                for (int threads = 0; threads <= 2; threads++) {
                    struct desk desk = {.options = cuts[cut], .threads = threads, .limit = -1};
                    assert_int_equal(read_table(&desk, text, n), PF_OK);
                    char want[100];
                    snprintf(want, sizeof want, "id:int64|v:%s|w:text\n", odd[kind][1]);
                    assert_memory_equal(text_of(&desk.rows), want, strlen(want));
                    assert_int_equal(desk.out, 60);
                    if (!cut && !threads)
                        snprintf(first, sizeof first, "%.300s", text_of(&desk.rows));
                    else
                        assert_memory_equal(text_of(&desk.rows), first, strlen(first));
                    desk_clear(&desk);
                }
        }
}

/* A column that the sample shows empty, or only with interchangeable dates, is watched to the end. */
static void unsettled_columns_are_settled_by_the_lap(void **state) {
    (void)state;
    static const char *const cut[] = {"csv-head-bytes", "40", "csv-block-bytes", "30", NULL};
    struct desk desk = {.options = cut};
    expect(desk, "a,b\n1,\n2,\n3,\n4,\n5,\n6,\n7,\n8,\n9,\n10,\n11,\n12,\n13,\n14,5\n15,\n",
           "a:int64|b:int64\n1|-\n2|-\n3|-\n4|-\n5|-\n6|-\n7|-\n8|-\n9|-\n10|-\n11|-\n12|-\n13|-\n14|5\n15|-\n",
           NULL);
    expect(desk, "a,b\n1,01/02/2020\n2,03/04/2020\n3,05/06/2020\n4,13/01/2020\n",
           "a:int64|b:date\n1|2020-02-01\n2|2020-04-03\n3|2020-06-05\n4|2020-01-13\n", NULL);
    expect(desk, "a,b\n1,01/02/2020\n2,03/04/2020\n3,05/06/2020\n4,06/01/2020\n",
           "a:int64|b:text\n1|[01/02/2020]\n2|[03/04/2020]\n3|[05/06/2020]\n4|[06/01/2020]\n", NULL);
}

static size_t make_torture(char *text, size_t room) {
    static const char *const cells[] = {"1", "22",  "\"a\nb\"",    "\"q\"\"r\"", "\"x,y\"", "",        "\"\"",
                                        "z", "3.5", "\"12\" in\"", "2020-01-02", "\"open",  "\"\r\n\""};
    size_t n = (size_t)sprintf(text, "alpha,beta,gamma\n");
    int rows = 1 + (int)draw(40), odd = (int)draw(3);
    for (int r = 0; r < rows && n + 200 < room; r++) {
        int width = odd && !draw(8) ? 1 + (int)draw(5) : 3;
        for (int c = 0; c < width; c++)
            n += (size_t)sprintf(text + n, "%s%s", c ? "," : "", cells[draw(draw(4) || !odd ? 9 : 13)]);
        n += (size_t)sprintf(text + n, "%s", draw(5) ? "\n" : "\r\n");
    }
    return n;
}

static void threads_and_block_borders_do_not_matter(void **state) {
    (void)state;
    static const char *const sizes[][7] = {
        {"quote", "\"", "delimiter", ",", NULL},
        {"quote", "\"", "delimiter", ",", "csv-block-bytes", "1", NULL},
        {"quote", "\"", "delimiter", ",", "csv-block-bytes", "17", NULL},
        {"quote", "\"", "delimiter", ",", "csv-block-bytes", "64", NULL},
    };
    static const int threads[] = {0, 1, 2, 4, 16};
    char text[8000];
    for (uint64_t round = 0; round < 150; round++) {
        seed = round;
        size_t size = make_torture(text, sizeof text);
        int64_t limit =
            round % 3 ? -1 : (int64_t)round % 11; /* what stands behind it must not matter, either */
        struct desk first = {.options = sizes[0], .limit = limit};
        pf_status status = read_table(&first, text, size);
        for (size_t s = 0; s < 4; s++)
            for (size_t t = 0; t < 5; t += 1 + round % 2) {
                struct desk desk = {.options = sizes[s], .threads = threads[t], .limit = limit};
                assert_int_equal(read_table(&desk, text, size), status);
                assert_string_equal(text_of(&desk.rows), text_of(&first.rows));
                assert_string_equal(text_of(&desk.told), text_of(&first.told));
                assert_string_equal(text_of(&desk.facts), text_of(&first.facts));
                assert_int_equal(desk.in, first.in);
                desk_clear(&desk);
            }
        desk_clear(&first);
    }
}

/* Batches of at most 65,536 rows; all of them there. */
static void many_short_rows_come_in_several_batches(void **state) {
    (void)state;
    size_t rows = 300000;
    char *text = malloc(2 * rows + 10);
    size_t n = (size_t)sprintf(text, "a\n");
    for (size_t i = 0; i < rows; i++) {
        text[n++] = (char)('0' + i % 10);
        text[n++] = '\n';
    }
    for (int threads = 0; threads <= 2; threads += 2) {
        struct desk desk = {.threads = threads, .limit = -1};
        assert_int_equal(read_table(&desk, text, n), PF_OK);
        assert_int_equal(desk.out, rows);
        assert_int_equal(desk.rows.size, 8 + 2 * rows + 1);
        desk_clear(&desk);
    }
    free(text);
}

static void a_huge_cell_is_read_and_a_quote_without_end_is_given_up(void **state) {
    (void)state;
    size_t size = 3 << 20;
    char *text = malloc(size + 100);
    if (!text) {
        fail();
        return;
    }
    size_t n = (size_t)sprintf(text, "a,b\n1,\"");
    memset(text + n, 'x', size);
    for (size_t i = n; i < n + size; i += 1000)
        text[i] = '\n';
    n += size;
    size_t closed = n + (size_t)sprintf(text + n, "\"\n2,y\n");
    struct desk desk = {.threads = 2, .limit = -1};
    assert_int_equal(read_table(&desk, text, closed), PF_OK);
    assert_int_equal(desk.out, 2);
    assert_true(desk.rows.size > size);
    static const char *const keep[] = {"quote", "\"", "delimiter", ",", NULL};
    desk.options = keep;
    n += (size_t)sprintf(text + n, "\n2,y\n");
    assert_int_equal(read_table(&desk, text, n), PF_OK);
    assert_true(desk.out > 3000);
    assert_non_null(strstr(text_of(&desk.told), "unclosed-quote row 1 byte 4 x1 line 2"));
    desk_clear(&desk);
    free(text);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    static const char *const options[] = {"csv-head-bytes", "60", "csv-block-bytes", "50", "on-bad-row",
                                          "reject",         NULL};
    const char *text = "id,name,day\n1,\"a\nb\",2024-01-01\n2,c,\n3\n4,\"12\" "
                       "x,2024-02-02\n5,\xC3\xA9,\n6,f,2024-01-03\n7,g,h\n";
    bool done = false;
    for (int64_t nth = 1; !done && nth < 2000; nth++) {
        struct desk desk = {.options = options, .limit = -1, .threads = nth % 2 ? 0 : 1};
        desk_put(&desk.rows, "%1000s", "");
        desk_put(&desk.told, "%1000s", "");
        desk_put(&desk.facts, "%1000s", "");
        pf_mem_fail_from(nth);
        pf_status status = read_table(&desk, text, strlen(text));
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        done = status == PF_OK && desk.out == 6;
        desk_clear(&desk);
    }
    assert_true(done);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_nulls_and_quoted_cells_come_as_they_are),
        cmocka_unit_test(header_only_gives_no_rows_and_named_columns),
        cmocka_unit_test(an_empty_input_is_said),
        cmocka_unit_test(an_input_that_skip_rows_leaves_empty_is_blamed_on_the_option),
        cmocka_unit_test(a_header_that_is_none_is_told_what_can_be_given),
        cmocka_unit_test(ragged_rows_are_padded_and_get_columns),
        cmocka_unit_test(long_rows_are_told_in_every_width_that_has_values),
        cmocka_unit_test(rows_that_are_not_right_are_told_with_their_place),
        cmocka_unit_test(lines_to_skip_may_be_far_more_than_the_head_holds),
        cmocka_unit_test(several_tables_are_said),
        cmocka_unit_test(rows_of_several_cells_above_the_table_are_said),
        cmocka_unit_test(seven_planted_defects_give_seven_rejects),
        cmocka_unit_test(the_first_defect_is_named_whatever_its_kind),
        cmocka_unit_test(bad_cells_become_null_when_asked),
        cmocka_unit_test(a_bad_cell_is_shown_as_it_stands_in_the_input),
        cmocka_unit_test(skip_limit_and_columns_are_kept_to),
        cmocka_unit_test(encodings_keep_places_in_the_input),
        cmocka_unit_test(undecodable_bytes_are_replaced_and_told),
        cmocka_unit_test(nul_characters_are_kept_or_stripped_and_counted),
        cmocka_unit_test(null_texts_are_for_all_columns_or_one),
        cmocka_unit_test(text_is_what_the_file_says),
        cmocka_unit_test(the_odd_value_may_stand_anywhere),
        cmocka_unit_test(unsettled_columns_are_settled_by_the_lap),
        cmocka_unit_test(threads_and_block_borders_do_not_matter),
        cmocka_unit_test(many_short_rows_come_in_several_batches),
        cmocka_unit_test(a_huge_cell_is_read_and_a_quote_without_end_is_given_up),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
