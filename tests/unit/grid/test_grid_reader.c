/* test_grid_reader.c — a book in memory through survey and read.                 SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "columns/columns_print.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "grid/grid_reader.h"
#include "grid_fake.h"

/* ---- a host that answers options from "key=value;…" and writes down what it hears ---- */

static char options[400], heard[4000];
static int64_t rows_in, skipped, rejected;

static const char *job_get(struct pf_host *host, const char *key) {
    static char value[100];
    (void)host;
    size_t size = strlen(key);
    for (const char *at = options; *at; at += strcspn(at, ";"), at += *at == ';')
        if (strncmp(at, key, size) == 0 && at[size] == '=') {
            snprintf(value, sizeof value, "%.*s", (int)strcspn(at + size + 1, ";"), at + size + 1);
            return value;
        }
    return NULL;
}

static void notice(struct pf_host *host, const struct pf_notice *n) {
    (void)host;
    size_t used = strlen(heard);
    snprintf(heard + used, sizeof heard - used, "%s %s %lld: %s\n", n->kind, n->column ? n->column : "-",
             (long long)n->count, n->detail ? n->detail : "");
}

static pf_status reject(struct pf_host *host, const struct pf_reject *r, struct pf_error *err) {
    (void)host;
    (void)err;
    size_t used = strlen(heard);
    rejected++;
    snprintf(heard + used, sizeof heard - used, "reject row %lld: %s\n", (long long)r->row, r->reason);
    return PF_OK;
}

static void count(struct pf_host *host, const char *key, int64_t add) {
    (void)host;
    if (strcmp(key, "rows-in") == 0)
        rows_in += add;
    else
        skipped += add;
}

static struct pf_host host = {
    .struct_size = sizeof host, .job_get = job_get, .notice = notice, .reject = reject, .count = count};

/* ---- what comes out, as text ---- */

static char out[1 << 16];

static void print_schema(const struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        struct pf_type type;
        char text[96];
        assert_int_equal(pf_type_of(schema->children[i], &type, NULL), PF_OK);
        pf_type_print(&type, text, sizeof text);
        sprintf(out + strlen(out), "%s%s:%s", i ? "," : "", schema->children[i]->name, text);
    }
    strcat(out, "\n");
}

static void print_batch(const struct ArrowSchema *schema, const struct ArrowArray *batch) {
    for (int64_t row = 0; row < batch->length; row++) {
        for (int64_t i = 0; i < schema->n_children; i++) {
            struct pf_view view;
            char text[PF_PRINT_ROOM];
            int64_t size;
            assert_int_equal(pf_view_child(&view, schema, batch, i, NULL), PF_OK);
            if (i)
                strcat(out, ",");
            if (!pf_view_valid(&view, row))
                continue;
            if (pf_kind_is_text(view.type.kind)) {
                const char *at = (const char *)pf_view_bytes(&view, row, &size);
                sprintf(out + strlen(out), "%.*s", (int)size, at);
            } else {
                sprintf(out + strlen(out), "%.*s", (int)pf_print_value(&view, row, ' ', text), text);
            }
        }
        strcat(out, "\n");
    }
}

/* Reads one table under its own schema; the status of the stream. */
static pf_status drink(pf_reader_state *state, const struct pf_survey *survey, int32_t table,
                       const struct ArrowSchema *schema, const uint8_t *imposed, int64_t skip, int64_t limit,
                       struct pf_error *err) {
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    struct pf_error own = PF_ERROR_INIT;
    struct pf_read request = {.struct_size = sizeof request,
                              .table = table,
                              .schema = schema ? schema : &survey->tables[table]->schema,
                              .skip_rows = skip,
                              .limit_rows = limit,
                              .imposed = imposed,
                              .err = &own};
    PF_TRY(pf_grid_read(state, &request, &stream, err));
    pf_status status;
    while ((status = pf_stream_next(&stream, &own, &batch, err)) == PF_OK && batch.release) {
        print_batch(request.schema, &batch);
        batch.release(&batch);
    }
    pf_stream_release(&stream);
    return status;
}

static pf_reader_state *open_book(struct fake_book *fake, const char *first, const char *second,
                                  const char *wanted) {
    pf_reader_state *state;
    struct pf_grid_book book = fake_make(fake, first, second);
    struct pf_open open = {.struct_size = sizeof open, .host = &host, .location = "x", .stem = "x"};
    snprintf(options, sizeof options, "%s", wanted);
    out[0] = heard[0] = 0;
    rows_in = skipped = rejected = 0;
    assert_int_equal(pf_grid_reader_open(&open, &book, &state, NULL), PF_OK);
    return state;
}

/* Survey and read of all tables; exact if the first lap says WIDEN. */
static void read_book(const char *first, const char *second, const char *wanted) {
    struct fake_book fake;
    pf_reader_state *state = open_book(&fake, first, second, wanted);
    struct pf_survey survey = {.struct_size = sizeof survey};
    struct pf_error err = PF_ERROR_INIT;
    if (pf_grid_survey(state, &survey, &err) != PF_OK)
        fail_msg("%s", err.message);
    for (int64_t i = 0; i < survey.table_count; i++) {
        print_schema(&survey.tables[i]->schema);
        assert_int_equal(drink(state, &survey, (int32_t)i, NULL, NULL, 0, -1, &err), PF_OK);
    }
    pf_grid_close(state);
}

static void every_kind_of_cell_has_a_type_of_its_own(void **state) {
    (void)state;
    read_book(
        "i|r|b|d|s|t|e|z|x\n1|1.5|TRUE|d43831|s43831.5|t0.5|e1.75|z7|a\n2|2|FALSE|d61|s61|t0|e0.25|z123456|'\n",
        NULL, "");
    assert_string_equal(
        out, "i:int64,r:double,b:bool,d:date,s:timestamp[us],t:time[us],e:duration[us],z:text,x:text\n"
             "1,1.5,true,2020-01-01,2020-01-01 12:00:00,12:00:00,42:00:00,00007,a\n"
             "2,2,false,1900-03-01,1900-03-01 00:00:00,00:00:00,06:00:00,123456,\n");
}

static void mixed_columns_are_text_and_the_first_cells_are_named(void **state) {
    (void)state;
    read_book("a|b\n1|1\nx|2.5\nTRUE|3\nd43861|#N/A\n", NULL, "");
    assert_string_equal(out, "a:text,b:double\n1,1\nx,2.5\nTRUE,3\n2020-01-31,\n");
    assert_non_null(strstr(heard, "widened a 1: int64 \xE2\x86\x92 text at cell A3: x\n"));
    assert_non_null(strstr(heard, "error-cell b 1: an error value became null, the first in cell B5: #N/A\n"));
}

static void blank_rows_within_stay_and_phantom_ones_do_not(void **state) {
    (void)state;
    read_book("t\n\na|b\n1|2\n\n3|4\n@100\n|'\n@200\n\n", NULL, "");
    assert_string_equal(out, "a:int64,b:int64\n1,2\n,\n3,4\n");
    assert_int_equal(rows_in - skipped, 3);
}

static void a_value_beyond_the_head_ends_the_lap_and_the_exact_survey_knows_it(void **state) {
    (void)state;
    char sheet[60000] = "a|b\n";
    for (int i = 0; i < 1500; i++)
        sprintf(sheet + strlen(sheet), "%d|%d\n", i, i);
    strcat(sheet, "x|1|far\n");
    struct fake_book fake;
    pf_reader_state *reader = open_book(&fake, sheet, NULL, "");
    fake.rows_per_block = 100; /* four blocks are the head */
    struct pf_survey survey = {.struct_size = sizeof survey};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    assert_int_equal(survey.tables[0]->exact, 0);
    assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, -1, &err), PF_WIDEN);
    assert_non_null(strstr(err.message, "A1502"));
    survey.mode = PF_SURVEY_EXACT;
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    assert_int_equal(survey.tables[0]->rows, 1501);
    out[0] = 0;
    print_schema(&survey.tables[0]->schema);
    assert_string_equal(out, "a:text,b:int64,column_C:text\n");
    assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, -1, &err), PF_OK);
    assert_non_null(strstr(out, "\nx,1,far\n"));
    pf_grid_close(reader);
}

/* A sheet of two columns and then some rows; the second has no value before the last row. */
static const char *late_sheet(char sheet[60000], const char *last) {
    strcpy(sheet, "a|late\n");
    for (int i = 0; i < 1500; i++)
        sprintf(sheet + strlen(sheet), "%d\n", i);
    return strcat(sheet, last);
}

static void a_column_without_a_value_in_the_head_is_what_its_first_values_are(void **state) {
    (void)state;
    static const struct {
        const char *last, *schema, *row;
        pf_status status;
    } cases[] = {{"7|5\n", "a:int64,late:int64\n", "\n7,5\n", PF_WIDEN},
                 {"|5\n", "a:int64,late:int64\n", "\n,5\n", PF_WIDEN},
                 {"7|d43831\n", "a:int64,late:date\n", "\n7,2020-01-01\n", PF_WIDEN},
                 {"7|TRUE\n", "a:int64,late:bool\n", "\n7,true\n", PF_WIDEN},
                 {"7|x\n", "a:int64,late:text\n", "\n7,x\n", PF_OK},
                 {"7|1\n7|x\n", "a:int64,late:text\n", "\n7,1\n7,x\n", PF_WIDEN},
                 {"7||5\n", "a:int64,late:text,column_C:int64\n", "\n7,,5\n", PF_WIDEN}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sheet[60000];
        struct fake_book fake;
        struct pf_error err = PF_ERROR_INIT;
        pf_reader_state *reader = open_book(&fake, late_sheet(sheet, cases[i].last), NULL, "");
        struct pf_survey survey = {.struct_size = sizeof survey};
        fake.rows_per_block = 100;
        assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
        assert_int_equal(survey.tables[0]->exact, 0);
        assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, -1, &err), cases[i].status);
        survey.mode = PF_SURVEY_EXACT;
        assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
        out[0] = 0;
        print_schema(&survey.tables[0]->schema);
        assert_string_equal(out, cases[i].schema);
        assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, -1, &err), PF_OK);
        assert_non_null(strstr(out, cases[i].row));
        pf_grid_close(reader);
    }
}

static void an_exact_survey_of_one_table_leaves_the_others_as_they_were(void **state) {
    (void)state;
    char first[60000], second[60000];
    struct fake_book fake;
    const int32_t one = 1;
    late_sheet(first, "x|1\n");
    pf_reader_state *reader = open_book(&fake, first, late_sheet(second, "y|1\n"), "");
    struct pf_survey survey = {.struct_size = sizeof survey};
    fake.rows_per_block = 100;
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    survey.mode = PF_SURVEY_EXACT;
    survey.table = &one;
    fake.opened = 0;
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    assert_int_equal(fake.opened, 1);
    assert_int_equal(survey.table_count, 2);
    assert_int_equal(survey.tables[0]->exact, 0);
    assert_int_equal(survey.tables[1]->exact, 1);
    out[0] = 0;
    print_schema(&survey.tables[0]->schema);
    print_schema(&survey.tables[1]->schema);
    assert_string_equal(out, "a:int64,late:text\na:text,late:int64\n");
    pf_grid_close(reader);
}

static void the_first_read_goes_on_where_the_survey_ended(void **state) {
    (void)state;
    char sheet[60000];
    struct fake_book fake;
    pf_reader_state *reader = open_book(&fake, late_sheet(sheet, "7\n"), "x\n1\n2\n", "");
    struct pf_survey survey = {.struct_size = sizeof survey};
    fake.rows_per_block = 100;
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    assert_int_equal(fake.opened, 2);
    for (int32_t i = 0; i < 4; i++) {
        out[0] = 0;
        assert_int_equal(drink(reader, &survey, i % 2, NULL, NULL, 0, -1, NULL), PF_OK);
        assert_true(i % 2 ? strcmp(out, "1\n2\n") == 0 : strlen(out) > 5000 && memcmp(out, "0,\n1,\n", 6) == 0);
        assert_int_equal(fake.opened, i < 2 ? 2 : i + 1);
    }
    pf_grid_close(reader);
}

static void the_head_begins_where_the_first_value_is(void **state) {
    (void)state;
    char sheet[60000] = "";
    struct fake_book fake;
    for (int i = 0; i < 2000; i++)
        strcat(sheet, "'|'\n"); /* empty texts */
    strcat(sheet, "a|b\n1|x\n2|y\n");
    pf_reader_state *reader = open_book(&fake, sheet, NULL, "");
    struct pf_survey survey = {.struct_size = sizeof survey};
    fake.rows_per_block = 100;
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    out[0] = 0;
    print_schema(&survey.tables[0]->schema);
    assert_string_equal(out, "a:int64,b:text\n");
    out[0] = 0;
    assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, -1, NULL), PF_OK);
    assert_string_equal(out, "1,x\n2,y\n");
    pf_grid_close(reader);
}

/* The end of a long sheet is known when it is there, however its rows come in blocks. */
static void a_footer_of_a_long_sheet_is_left_out_in_every_lap(void **state) {
    (void)state;
    static const char *const ends[] = {"\n\nSource: us\n",
                                       "7|1\n8|1\n\nTotal|x\n\nNote: all of them\n@4000\n'|'\n"};
    for (size_t rows = 40; rows < 800; rows += rows < 60 ? 1 : 60)
        for (int i = 0; i < 2; i++) {
            char sheet[60000] = "a|b\n";
            struct fake_book fake;
            struct pf_error err = PF_ERROR_INIT;
            for (int k = 0; k < 1500; k++)
                sprintf(sheet + strlen(sheet), "%d|1\n", k);
            pf_reader_state *reader = open_book(&fake, strcat(sheet, ends[i]), NULL, "");
            struct pf_survey survey = {.struct_size = sizeof survey};
            fake.rows_per_block = rows;
            for (int lap = 0; lap < 2; lap++) {
                rows_in = skipped = 0;
                survey.mode = lap ? PF_SURVEY_EXACT : PF_SURVEY_SAMPLE;
                assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
                out[0] = 0;
                print_schema(&survey.tables[0]->schema);
                assert_string_equal(out, "a:int64,b:int64\n");
                assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, -1, &err), PF_OK);
                const char *end = i ? "\n1499,1\n7,1\n8,1\n" : "\n1499,1\n";
                if (strcmp(out + strlen(out) - strlen(end), end) != 0)
                    fail_msg("blocks of %d rows, end %d, lap %d: %s", (int)rows, i, lap,
                             out + strlen(out) - 30);
                assert_int_equal(rows_in - skipped, i ? 1502 : 1500);
                assert_int_equal(skipped, i ? 3 : 1);
            }
            assert_int_equal(survey.tables[0]->rows, i ? 1502 : 1500);
            pf_grid_close(reader);
        }
}

static void who_says_which_cells_are_meant_gets_the_footer_too(void **state) {
    (void)state;
    const char *sheet = "a|b|c\n1|2|3\n4|5|6\n\nNote: x\n";
    read_book(sheet, NULL, "");
    assert_string_equal(out, "a:int64,b:int64,c:int64\n1,2,3\n4,5,6\n");
    for (int i = 0; i < 3; i++) {
        read_book(sheet, NULL, i == 0 ? "footer-rows=0" : i == 1 ? "range=A1:C9" : "header=none");
        assert_string_equal(out + strlen(out) - 13, ",,\nNote: x,,\n");
    }
}

static void rows_in_no_order_come_in_order_however_late_that_shows(void **state) {
    (void)state;
    char sheet[60000];
    struct fake_book fake;
    struct pf_error err = PF_ERROR_INIT;
    read_book("@3\n2|y\n@1\na|b\n1|x\n@5\n|\n@4\n3|z\n", NULL, "");
    assert_string_equal(out, "a:int64,b:text\n1,x\n2,y\n3,z\n");
    pf_reader_state *reader = open_book(&fake, late_sheet(sheet, "@3\n77\n"), NULL, "");
    struct pf_survey survey = {.struct_size = sizeof survey};
    fake.rows_per_block = 100;
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, -1, &err), PF_WIDEN);
    survey.mode = PF_SURVEY_EXACT;
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    out[0] = 0;
    assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, 4, &err), PF_OK);
    assert_string_equal(out, "0,\n77,\n2,\n3,\n");
    pf_grid_close(reader);
}

static void skip_and_limit_count_rows_of_data(void **state) {
    (void)state;
    struct fake_book fake;
    pf_reader_state *reader = open_book(&fake, "a\n1\n2\n\n4\n5\n6\n", NULL, "");
    struct pf_survey survey = {.struct_size = sizeof survey};
    fake.rows_per_block = 2;
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 1, 3, NULL), PF_OK);
    assert_string_equal(out, "2\n\n4\n");
    assert_int_equal(rows_in - skipped, 3);
    pf_grid_close(reader);
}

static void imposed_types_follow_on_bad_cell(void **state) {
    (void)state;
    static const struct {
        const char *options, *out;
        pf_status status;
    } cases[] = {{"on-bad-cell=null", "1,a\n,b\n3,\n", PF_OK},
                 {"on-bad-cell=reject", "1,a\n3,\n", PF_OK},
                 {"on-bad-cell=fail", "", PF_BAD_DATA}};
    for (size_t i = 0; i < 3; i++) {
        struct fake_book fake;
        pf_reader_state *reader = open_book(&fake, "n|t\n1|a\nx|b\n3\n", NULL, cases[i].options);
        struct pf_survey survey = {.struct_size = sizeof survey};
        struct ArrowSchema schema = {0};
        struct pf_type type = {.kind = PF_KIND_INT32, .zone = ""}, text = {.kind = PF_KIND_UTF8, .zone = ""};
        struct pf_error err = PF_ERROR_INIT;
        static const uint8_t both[] = {1, 1};
        assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
        assert_int_equal(pf_schema_struct(&schema, 2, NULL), PF_OK);
        assert_int_equal(pf_schema_field(schema.children[0], "n", &type, true, NULL), PF_OK);
        assert_int_equal(pf_schema_field(schema.children[1], "t", &text, true, NULL), PF_OK);
        assert_int_equal(drink(reader, &survey, 0, &schema, both, 0, -1, &err), cases[i].status);
        assert_string_equal(out, cases[i].out);
        assert_int_equal(rejected, i == 1);
        pf_schema_release(&schema);
        pf_grid_close(reader);
    }
}

static void merged_cells_are_filled_when_that_is_asked_for(void **state) {
    (void)state;
    static const char sheet[] = "k|v|w\nx|1|5\n|2|\n\n|4|7\ny|5|8\n";
    for (int fill = 0; fill < 2; fill++) {
        struct fake_book fake;
        pf_reader_state *reader = open_book(&fake, sheet, NULL, fill ? "merged=fill" : "");
        struct pf_survey survey = {.struct_size = sizeof survey};
        fake.merges[0] = (struct pf_grid_range){1, 4, 0, 0};
        fake.merges[1] = (struct pf_grid_range){1, 2, 2, 2};
        fake.merge_count = 2;
        fake.rows_per_block = 2;
        assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
        assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, -1, NULL), PF_OK);
        assert_string_equal(out, fill ? "x,1,5\nx,2,5\nx,,\nx,4,7\ny,5,8\n" : "x,1,5\n,2,\n,,\n,4,7\ny,5,8\n");
        pf_grid_close(reader);
    }
}

static void options_choose_sheets_rows_and_spelling(void **state) {
    (void)state;
    read_book("a\n1\n", "b\n2\n", "sheet=sec*");
    assert_string_equal(out, "b:int64\n2\n");
    read_book("a\n1\n", "b\n2\n", "sheet=1");
    assert_string_equal(out, "a:int64\n1\n");
    read_book("a|b|c\n1|2|3\n4|5|6\n7|8|9\n", NULL, "range=B1:C3");
    assert_string_equal(out, "b:int64,c:int64\n2,3\n5,6\n");
    read_book("a\n1\n2\nend\n", NULL, "footer-rows=1");
    assert_string_equal(out, "a:int64\n1\n2\n");
    read_book("a\n1\n2\n", NULL, "header=none");
    assert_string_equal(out, "column_A:text\na\n1\n2\n");
    read_book("a\n1\nd43831\n", NULL, "types=text");
    assert_string_equal(out, "a:text\n1\n2020-01-01\n");
    read_book("a\n1\n#N/A\n", NULL, "errors=text");
    assert_string_equal(out, "a:text\n1\n#N/A\n");
}

static void what_is_not_there_is_said(void **state) {
    (void)state;
    static const struct {
        const char *sheet, *options;
        pf_status status;
    } cases[] = {
        {"a\n1\n", "sheet=nope", PF_NOT_FOUND}, {"a\n1\n", "table=nope", PF_NOT_FOUND}, {"", "", PF_BAD_DATA}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fake_book fake;
        pf_reader_state *reader = open_book(&fake, cases[i].sheet, NULL, cases[i].options);
        struct pf_survey survey = {.struct_size = sizeof survey};
        assert_int_equal(pf_grid_survey(reader, &survey, NULL), cases[i].status);
        pf_grid_close(reader);
    }
    struct fake_book fake;
    struct pf_grid_book book = fake_make(&fake, "a\n", NULL);
    struct pf_open open = {.struct_size = sizeof open, .host = &host};
    pf_reader_state *reader;
    snprintf(options, sizeof options, "range=B3:");
    assert_int_equal(pf_grid_reader_open(&open, &book, &reader, NULL), PF_ARGUMENT);
}

static void two_cells_far_apart_cost_no_more_than_their_columns(void **state) {
    (void)state;
    struct fake_book fake;
    pf_reader_state *reader = open_book(&fake, "a\n@1048576\n1\n", NULL, "");
    struct pf_survey survey = {.struct_size = sizeof survey};
    assert_int_equal(pf_grid_survey(reader, &survey, NULL), PF_OK);
    assert_int_equal(survey.tables[0]->rows, 1);
    pf_grid_close(reader);
}

static void the_cells_view_has_four_columns_of_text_and_takes_no_choice_of_them(void **state) {
    (void)state;
    struct fake_book fake;
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct pf_error err = PF_ERROR_INIT;
    pf_reader_state *reader = open_book(&fake, "a\nd43831\n", NULL, "");
    struct pf_survey survey = {.struct_size = sizeof survey, .mode = PF_SURVEY_CELLS};
    assert_int_equal(pf_grid_survey(reader, &survey, &err), PF_OK);
    struct pf_read request = {
        .struct_size = sizeof request, .schema = &survey.tables[0]->schema, .limit_rows = -1, .err = &err};
    assert_int_equal(pf_grid_read(reader, &request, &stream, &err), PF_OK);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_int_equal(schema.n_children, 4);
    for (int i = 0; i < 4; i++)
        assert_string_equal(schema.children[i]->format, "u");
    pf_schema_release(&schema);
    pf_stream_release(&stream);
    out[0] = 0;
    assert_int_equal(drink(reader, &survey, 0, NULL, NULL, 0, -1, &err), PF_OK);
    assert_string_equal(out, "First,A1,s,a\nFirst,A2,d,2020-01-01\n");
    struct ArrowSchema fewer = survey.tables[0]->schema;
    fewer.n_children = 3;
    request.schema = &fewer;
    assert_int_equal(pf_grid_read(reader, &request, &stream, &err), PF_ARGUMENT);
    pf_grid_close(reader);
}

static void survey_and_read_survive_when_memory_is_out_at_any_point(void **state) {
    (void)state;
    for (int64_t nth = 1;; nth++) {
        struct fake_book fake;
        struct pf_grid_book book = fake_make(&fake, "a|b\n1|x\n2.5|y\nz|\n", "c\nd43831\n");
        struct pf_open open = {.struct_size = sizeof open, .host = &host};
        struct pf_survey survey = {.struct_size = sizeof survey, .mode = PF_SURVEY_EXACT};
        pf_reader_state *reader = NULL;
        snprintf(options, sizeof options, "merged=fill");
        fake.merges[0] = (struct pf_grid_range){1, 2, 1, 1};
        fake.merge_count = 1;
        pf_mem_fail_from(nth);
        pf_status status = pf_grid_reader_open(&open, &book, &reader, NULL);
        if (status == PF_OK)
            status = pf_grid_survey(reader, &survey, NULL);
        for (int64_t i = 0; status == PF_OK && i < survey.table_count; i++) {
            out[0] = 0;
            status = drink(reader, &survey, (int32_t)i, NULL, NULL, 0, -1, NULL);
        }
        pf_mem_fail_from(0);
        pf_grid_close(reader);
        if (status == PF_OK)
            break;
        assert_int_equal(status, PF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_cell_has_a_type_of_its_own),
        cmocka_unit_test(mixed_columns_are_text_and_the_first_cells_are_named),
        cmocka_unit_test(blank_rows_within_stay_and_phantom_ones_do_not),
        cmocka_unit_test(a_value_beyond_the_head_ends_the_lap_and_the_exact_survey_knows_it),
        cmocka_unit_test(a_column_without_a_value_in_the_head_is_what_its_first_values_are),
        cmocka_unit_test(an_exact_survey_of_one_table_leaves_the_others_as_they_were),
        cmocka_unit_test(the_first_read_goes_on_where_the_survey_ended),
        cmocka_unit_test(the_head_begins_where_the_first_value_is),
        cmocka_unit_test(a_footer_of_a_long_sheet_is_left_out_in_every_lap),
        cmocka_unit_test(who_says_which_cells_are_meant_gets_the_footer_too),
        cmocka_unit_test(rows_in_no_order_come_in_order_however_late_that_shows),
        cmocka_unit_test(skip_and_limit_count_rows_of_data),
        cmocka_unit_test(imposed_types_follow_on_bad_cell),
        cmocka_unit_test(merged_cells_are_filled_when_that_is_asked_for),
        cmocka_unit_test(options_choose_sheets_rows_and_spelling),
        cmocka_unit_test(what_is_not_there_is_said),
        cmocka_unit_test(two_cells_far_apart_cost_no_more_than_their_columns),
        cmocka_unit_test(the_cells_view_has_four_columns_of_text_and_takes_no_choice_of_them),
        cmocka_unit_test(survey_and_read_survive_when_memory_is_out_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
