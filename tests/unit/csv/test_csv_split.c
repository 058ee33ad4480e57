/* test_csv_split.c — the rules of records and cells, and that the fast way means the same. SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/error.h"
#include "read/csv/csv_split.h"

static struct pf_csv_dialect make_dialect(const char *delimiter, char quote) {
    struct pf_csv_dialect d = {.quote = quote, .doubled = true, .line_end = PF_LINE_LF, .footer_at = -1};
    d.delimiter_size = (uint8_t)strlen(delimiter);
    memcpy(d.delimiter, delimiter, d.delimiter_size);
    return d;
}

/* Text with the room around it that blocks promise. */
struct room {
    char *memory, *text;
    size_t size;
};

static struct room make_room(const char *text, size_t size) {
    struct room r = {malloc(size + 8 + 64), NULL, size};
    memset(r.memory, '"', size + 8 + 64);
    r.text = r.memory + 8;
    memcpy(r.text, text, size);
    return r;
}

static void put_char(struct pf_buf *out, char c) { assert_int_equal(pf_buf_put(out, &c, 1, NULL), PF_OK); }

/* Appends one cell as [plain] or, when bare and empty, as nothing. */
static void put_cell(struct pf_buf *out, const struct pf_csv_block *b, size_t k, char quote, bool last) {
    size_t from = (size_t)(uint32_t)(b->pos[k] + 1u), to = b->pos[k + 1];
    const char *t = b->cells_text;
    assert_true(to >= from);
    if (last && b->strip_cr && to > from && t[to - 1] == '\r')
        to--;
    if (to == from) {
        put_char(out, '-');
        return;
    }
    put_char(out, '[');
    bool quoted = quote && b->quotes && t[from] == quote;
    if (quoted) {
        assert_true(to - from >= 2 && t[to - 1] == quote);
        from++, to--;
        put_char(out, 'q');
    }
    for (size_t i = from; i < to; i++) {
        if (quoted && t[i] == quote) {
            assert_true(i + 1 < to && t[i + 1] == quote);
            i++;
        }
        put_char(out, t[i]);
    }
    put_char(out, ']');
}

typedef pf_status splitter(struct pf_csv_block *, const struct pf_csv_dialect *, int32_t, struct pf_error *);

/* Splits text whole and writes down rows, defects and counts. */
static void describe(splitter *split, const struct room *r, size_t size, const struct pf_csv_dialect *d,
                     int32_t columns, int64_t row, int64_t line, struct pf_csv_block *b, struct pf_buf *out) {
    struct pf_error err = PF_ERROR_INIT;
    char words[200];
    b->text = r->text;
    b->size = size;
    for (b->from = 0;; b->from = b->to) {
        assert_int_equal(split(b, d, columns, &err), PF_OK);
        for (int64_t i = 0; i < b->rows; i++, put_char(out, '\n'))
            for (int32_t c = 0; c < b->columns; c++)
                put_cell(out, b, (size_t)(i * b->columns + c), d->quote, c + 1 == b->columns);
        for (size_t i = 0; i < b->defect_count; i++) {
            const struct pf_csv_defect *e = &b->defects[i];
            assert_int_equal(e->byte, (int64_t)pf_csv_record_start(b, e->record));
            int64_t at = line + pf_csv_lines(r->text, (size_t)e->byte);
            snprintf(words, sizeof words, "defect %d cells %d row %lld line %lld size %lld\n", e->kind,
                     e->kind == PF_CSV_NUL ? 0 : e->cells, (long long)(row + e->record), (long long)at,
                     (long long)e->byte_size);
            assert_int_equal(pf_buf_text(out, words, NULL), PF_OK);
        }
        snprintf(words, sizeof words, "blank %lld comment %lld\n", (long long)b->blank_rows,
                 (long long)b->comment_rows);
        row += b->rows;
        assert_int_equal(b->lines, pf_csv_lines(b->text + b->from, b->to - b->from));
        if (b->to >= size)
            break;
        assert_true(b->to > b->from);
    }
}

static void expect(const char *text, const struct pf_csv_dialect *d, int32_t columns, const char *want) {
    splitter *both[] = {pf_csv_split_reference, pf_csv_split};
    for (int i = 0; i < 2; i++) {
        struct room r = make_room(text, strlen(text));
        struct pf_csv_block b = {0};
        struct pf_buf out = {0};
        describe(both[i], &r, r.size, d, columns, 0, 0, &b, &out);
        put_char(&out, 0);
        assert_string_equal((char *)out.data, want);
        pf_csv_block_clear(&b);
        pf_buf_clear(&out);
        free(r.memory);
    }
}

static void plain_records_end_at_any_line_end(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect(",", '"');
    expect("a,b\n1,2\n", &d, 2, "[a][b]\n[1][2]\n");
    expect("a,b\r\n1,2", &d, 2, "[a][b]\n[1][2]\n");
    expect("a,b\r1,2\n3,\r\n", &d, 2, "[a][b]\n[1][2]\n[3]-\n");
    d.line_end = PF_LINE_CR;
    expect("a,b\r1,2\r\"x\ry\",\r", &d, 2, "[a][b]\n[1][2]\n[qx\ry]-\n");
}

static void quoted_cells_hold_delimiters_line_ends_and_doubled_quotes(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect(",", '"');
    expect("\"a,\"\"b\"\"\nc\",\"\"\n,\"\"\"\"\n", &d, 2, "[qa,\"b\"\nc][q]\n-[q\"]\n");
    expect("\"48\"\"\",x\r\n", &d, 2, "[q48\"][x]\n");
}

static void a_quote_inside_is_content_when_a_closing_one_follows_on_the_line(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect(",", '"');
    expect("\"12\" monitor\",x\n1,2\n", &d, 2, "[q12\" monitor][x]\n[1][2]\n");
    expect("12\" monitor,x\n\"48\" tall,y\n", &d, 2, "[12\" monitor][x]\n[q\"48\" tall][y]\n");
    expect("\"abc\"def,\"ghi\"\n", &d, 2, "[q\"abc\"def][qghi]\n");
}

static void blanks_behind_a_closing_quote_are_kept(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect(",", '"');
    expect("\"a, b\"\t,\"c\" \n \"d\",e\n", &d, 2, "[qa, b\t][qc ]\n[ \"d\"][e]\n");
}

static void one_column_has_no_delimiter_to_close_a_quote_and_no_blank_rows(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect("", '"');
    expect("\"a \"\"b\"\"\"\n\"Pedro \"the\" legend\"\n\n x\n", &d, 1,
           "[qa \"b\"]\n[qPedro the\" legend\"]\n-\n[ x]\n");
}

static void a_quote_that_is_not_closed_spoils_its_cell_only(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect(",", '"');
    expect("\"abc,1\n\"x\",\"y\"\n2,3\n", &d, 2, "[q\"abc][1]\n[qx][qy]\n[2][3]\n");
    expect("1,\"abc\n2,3\n", &d, 2, "[1][q\"abc]\n[2][3]\ndefect 3 cells 2 row 0 line 0 size 6\n");
    expect("1,2\n\"\"\",3\n4,\"\"\n", &d, 2,
           "[1][2]\n[q\"\"\"][3]\n[4][q]\ndefect 3 cells 2 row 1 line 1 size 5\n");
}

static void ragged_blank_and_comment_lines(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect(",", '"');
    d.comment = '#';
    expect("a,b,c\n\n#x,\"y\n1\n  \n1,2,3,4\n1,2,3,,\n5,6,7", &d, 3,
           "[a][b][c]\n[1]--\n[1][2][3]\n[1][2][3]\n[5][6][7]\n"
           "defect 1 cells 1 row 1 line 3 size 1\ndefect 2 cells 4 row 2 line 5 size 7\n");
    expect("a\n\n\"\"\n#\n b", &d, 1, "[a]\n[q]\n[ b]\n");
}

static void escapes_and_other_dialects(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect(";", '"');
    d.escape = '\\';
    d.doubled = false;
    expect("\"\\\"Hacksaw\\\" Jim\";19\\;87\nC:\\dir;\\N\n", &d, 2,
           "[q\"Hacksaw\" Jim][19;87]\n[C:\\dir][\\N]\n");
    d = make_dialect("||", '"');
    expect("a|b||\"c||d\"\n||\n", &d, 2, "[a|b][qc||d]\n--\n");
    d = make_dialect(",", '"');
    d.blanks_around = true;
    expect("a , \"b, c\" ,d\n", &d, 3, "[a][qb, c][d]\n");
    d = make_dialect(" ", '"');
    d.whitespace = true;
    expect("  a   b\t\"c d\"  \n1 2 3", &d, 3, "[a][b][qc d]\n[1][2][3]\n");
    d = make_dialect("", '"');
    expect("a,b\n\"c\nd\"\n  \n", &d, 1, "[a,b]\n[qc\nd]\n[  ]\n");
    d = make_dialect("\t", 0);
    expect("a\"\tb\n\"c\td\n", &d, 2, "[a\"][b]\n[\"c][d]\n");
}

static void nul_characters_are_counted_by_record(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect(",", '"');
    const char text[] = "a,b\nc\0,\0d\n1,2,3\n\0,\n";
    splitter *both[] = {pf_csv_split_reference, pf_csv_split};
    for (int i = 0; i < 2; i++) {
        struct room r = make_room(text, sizeof text - 1);
        struct pf_csv_block b = {.text = r.text, .size = r.size};
        assert_int_equal(both[i](&b, &d, 2, NULL), PF_OK);
        assert_int_equal(b.rows, 4);
        assert_int_equal(b.defect_count, 3);
        assert_int_equal(b.defects[0].kind, PF_CSV_NUL);
        assert_int_equal(b.defects[0].record, 1);
        assert_int_equal(b.defects[1].kind, PF_CSV_LONG);
        assert_int_equal(b.defects[2].record, 3);
        pf_csv_block_clear(&b);
        free(r.memory);
    }
}

static void padding_of_a_wide_table_comes_in_parts(void **state) {
    (void)state;
    struct pf_csv_dialect d = make_dialect(",", '"');
    char text[4000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 ? '\n' : 'x';
    splitter *both[] = {pf_csv_split_reference, pf_csv_split};
    for (int i = 0; i < 2; i++) {
        struct room r = make_room(text, sizeof text);
        struct pf_csv_block b = {.text = r.text, .size = r.size};
        int64_t rows = 0, parts = 0;
        for (; b.from < b.size; b.from = b.to, parts++) {
            assert_int_equal(both[i](&b, &d, 1000, NULL), PF_OK);
            assert_true(b.rows * b.columns < 4000 + 65536 + 1000);
            rows += b.rows;
        }
        assert_int_equal(rows, 2000);
        assert_true(parts > 20);
        pf_csv_block_clear(&b);
        free(r.memory);
    }
}

/* ---- random torture ----------------------------------------------------------------------------------------
 */

static uint64_t seed;
static uint32_t draw(uint32_t below) {
    seed += 0x9E3779B97F4A7C15u;
    uint64_t z = seed;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) % below);
}

static size_t make_torture(char *text, size_t room, char delimiter) {
    static const char *const pieces[] = {"\"", "\"\"",   "\n",    "\r\n",    "a",
                                         "bb", ",",      ";",     " ",       "\r",
                                         "#",  "",       "\"x\"", "1,2,3\n", "\"p\nq\",\"r\"\"s\",t\n",
                                         "\\", "\"\"\"", "xyz,"};
    size_t n = 0, count = 1 + draw(60), mode = draw(4);
    while (count--) {
        const char *p = pieces[draw(sizeof pieces / sizeof *pieces)];
        if (mode == 0) /* mostly good rows of three */
            p = draw(12) ? pieces[13 + draw(2)] : p;
        else if (mode == 1 && draw(3))
            p = draw(2) ? "1,2,3\r\n" : "\"a\",\"b\r\nc\",\r\n";
        size_t size = strlen(p);
        if (n + size > room)
            break;
        memcpy(text + n, p, size);
        for (size_t i = 0; i < size; i++)
            if (text[n + i] == ',')
                text[n + i] = delimiter;
        n += size;
    }
    if (mode == 2)
        for (size_t i = 0; i < n; i++)
            if (text[i] == '\n')
                text[i] = '\r';
    return n;
}

static struct pf_csv_dialect draw_dialect(void) {
    static const char *const delimiters[] = {",", ";", ",,", "\t", " ", ""};
    struct pf_csv_dialect d = make_dialect(delimiters[draw(3) ? 0 : draw(6)], draw(8) ? '"' : 0);
    d.comment = draw(3) ? 0 : '#';
    d.line_end = draw(4) ? PF_LINE_LF : PF_LINE_CR;
    if (!draw(8)) {
        d.escape = '\\';
        d.doubled = draw(2);
    }
    d.blanks_around = !draw(10);
    d.whitespace = !draw(20);
    return d;
}

static void the_fast_way_means_what_the_reference_means(void **state) {
    (void)state;
    struct pf_csv_block fast = {0}, slow = {0};
    struct pf_buf a = {0}, b = {0};
    char text[1500];
    for (uint64_t round = 0; round < 120000; round++) {
        seed = round;
        struct pf_csv_dialect d = draw_dialect();
        size_t size = make_torture(text, sizeof text, d.delimiter_size ? d.delimiter[0] : ',');
        struct room r = make_room(text, size);
        a.size = b.size = 0;
        int32_t columns = draw(4) ? 3 : (int32_t)draw(5);
        describe(pf_csv_split, &r, size, &d, columns, 0, 0, &fast, &a);
        describe(pf_csv_split_reference, &r, size, &d, columns, 0, 0, &slow, &b);
        if (a.size != b.size || (a.size && memcmp(a.data, b.data, a.size) != 0)) {
            fprintf(stderr, "round %llu\n%.*s\n--- fast\n%.*s\n--- reference\n%.*s\n",
                    (unsigned long long)round, (int)size, text, (int)a.size, (char *)a.data, (int)b.size,
                    (char *)b.data);
            fail();
        }
        assert_int_equal(fast.longest, slow.longest);
        assert_int_equal(fast.blank_rows + fast.comment_rows, slow.blank_rows + slow.comment_rows);
        free(r.memory);
    }
    pf_csv_block_clear(&fast);
    pf_csv_block_clear(&slow);
    pf_buf_clear(&a);
    pf_buf_clear(&b);
}

static void blocks_cut_anywhere_give_the_rows_of_the_whole(void **state) {
    (void)state;
    struct pf_csv_block block = {0};
    struct pf_buf whole = {0}, pieces = {0};
    struct pf_csv_marks marks = {0};
    size_t given = 0;
    char text[1500];
    for (uint64_t round = 0; round < 60000; round++) {
        seed = ~round;
        struct pf_csv_dialect d = draw_dialect();
        size_t size = make_torture(text, sizeof text, d.delimiter_size ? d.delimiter[0] : ',');
        struct room r = make_room(text, size);
        whole.size = pieces.size = 0;
        block.given = NULL;
        describe(pf_csv_split_reference, &r, size, &d, 3, 0, 0, &block, &whole);
        /* a reader that sees `window` bytes at first and more only when it must */
        size_t at = 0, want = 1 + draw(200), window = want;
        int64_t rows = 0, lines = 0;
        struct pf_buf defects = {0};
        while (at < size) {
            size_t seen = size - at < window ? size - at : window;
            struct room piece = make_room(text + at, seen);
            bool last = at + seen == size;
            size_t cut = pf_csv_cut(piece.text, seen, want, last, &d);
            assert_true(cut <= seen);
            size_t same = d.quote || d.escape ? pf_csv_cut_reference(piece.text, seen, want, last, &d) : cut;
            if (cut != same)
                fprintf(stderr, "round %llu: %zu for %zu, want %zu\n%.*s\n", (unsigned long long)round, cut,
                        same, want, (int)seen, text + at);
            assert_int_equal(cut, same);
            size_t marked;
            assert_int_equal(pf_csv_cut_marked(piece.text, seen, want, last, &d, &marks, &marked, NULL), PF_OK);
            assert_int_equal(marked, cut);
            if (cut == 0) {
                assert_false(last);
                window += want;
                free(piece.memory);
                continue;
            }
            struct room exact = make_room(text + at, cut);
            given += marks.ready;
            block.given = &marks;
            describe(pf_csv_split, &exact, cut, &d, 3, rows, lines, &block, &pieces);
            rows += block.rows;
            lines += pf_csv_lines(exact.text, cut);
            at += cut;
            window = want;
            free(exact.memory);
            free(piece.memory);
        }
        pf_buf_clear(&defects);
        /* defects stand behind the rows of their block: compare rows and defects apart */
        struct pf_buf *both[] = {&whole, &pieces};
        for (int i = 0; i < 2; i++) {
            put_char(both[i], 0);
            struct pf_buf rest = {0};
            char *line = (char *)both[i]->data, *to = line;
            for (char *next; *line; line = next) {
                char *end = strchr(line, '\n');
                next = end ? end + 1 : line + strlen(line);
                if (strncmp(line, "defect ", 7) == 0)
                    assert_int_equal(pf_buf_put(&rest, line, (size_t)(next - line), NULL), PF_OK);
                else {
                    memmove(to, line, (size_t)(next - line));
                    to += next - line;
                }
            }
            both[i]->size = (size_t)((uint8_t *)to - both[i]->data);
            assert_int_equal(pf_buf_put(both[i], rest.data, rest.size, NULL), PF_OK);
            pf_buf_clear(&rest);
        }
        if (whole.size != pieces.size || (whole.size && memcmp(whole.data, pieces.data, whole.size) != 0)) {
            fprintf(stderr, "round %llu want %zu\n%.*s\n--- whole\n%.*s\n--- pieces\n%.*s\n",
                    (unsigned long long)round, want, (int)size, text, (int)whole.size, (char *)whole.data,
                    (int)pieces.size, (char *)pieces.data);
            fail();
        }
        free(r.memory);
    }
    assert_true(given > 1000 || !pf_cpu_vector()); /* the marks of the cut were taken over */
    pf_csv_block_clear(&block);
    pf_csv_marks_clear(&marks);
    pf_buf_clear(&whole);
    pf_buf_clear(&pieces);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_records_end_at_any_line_end),
        cmocka_unit_test(quoted_cells_hold_delimiters_line_ends_and_doubled_quotes),
        cmocka_unit_test(a_quote_inside_is_content_when_a_closing_one_follows_on_the_line),
        cmocka_unit_test(blanks_behind_a_closing_quote_are_kept),
        cmocka_unit_test(one_column_has_no_delimiter_to_close_a_quote_and_no_blank_rows),
        cmocka_unit_test(a_quote_that_is_not_closed_spoils_its_cell_only),
        cmocka_unit_test(ragged_blank_and_comment_lines),
        cmocka_unit_test(escapes_and_other_dialects),
        cmocka_unit_test(nul_characters_are_counted_by_record),
        cmocka_unit_test(padding_of_a_wide_table_comes_in_parts),
        cmocka_unit_test(the_fast_way_means_what_the_reference_means),
        cmocka_unit_test(blocks_cut_anywhere_give_the_rows_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
