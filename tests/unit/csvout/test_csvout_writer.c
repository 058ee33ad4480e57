/* test_csvout_writer.c — batches become CSV that says null, empty and every value apart.  SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_sink.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"

extern const struct pf_writer pf_csv_writer;

struct bench {
    struct pf_host host;
    struct pf_begin begin;
    struct pf_buf bytes;
    const char *delimiter; /* the option; NULL: not given */
    int sinks, commits, aborts;
    int64_t fail_write; /* the nth write fails; 0 never */
    bool fail_commit;
    struct pf_sink inner;
};

static const char *get_option(struct pf_host *host, const char *key) {
    struct bench *bench = host->data;
    return strcmp(key, "out-delimiter") == 0 ? bench->delimiter : NULL;
}

static pf_status sink_write(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    struct bench *bench = sink->self;
    if (bench->fail_write && --bench->fail_write == 0)
        return pf_fail(err, PF_IO, "the disk is full; make room");
    return bench->inner.write(&bench->inner, from, count, err);
}

static pf_status sink_commit(struct pf_sink *sink, struct pf_error *err) {
    struct bench *bench = sink->self;
    bench->commits++;
    return bench->fail_commit ? pf_fail(err, PF_IO, "the disk is gone")
                              : bench->inner.commit(&bench->inner, err);
}

static void sink_abort(struct pf_sink *sink) {
    struct bench *bench = sink->self;
    bench->aborts++;
    bench->inner.abort(&bench->inner);
}

static pf_status open_sink(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err) {
    struct bench *bench = ctx;
    (void)err;
    assert_null(name);
    bench->sinks++;
    pf_sink_memory(&bench->bytes, &bench->inner);
    *out = (struct pf_sink){sizeof *out, 0, bench, sink_write, sink_commit, sink_abort};
    return PF_OK;
}

static void set_up(struct bench *bench, const struct ArrowSchema *schema, const char *location) {
    memset(bench, 0, sizeof *bench);
    bench->host = (struct pf_host){.struct_size = sizeof bench->host, .data = bench, .job_get = get_option};
    bench->begin = (struct pf_begin){.struct_size = sizeof bench->begin,
                                     .host = &bench->host,
                                     .schema = schema,
                                     .location = location,
                                     .open_sink = open_sink,
                                     .ctx = bench};
}

static pf_status write_table(struct bench *bench, const struct ArrowSchema *schema, const char *location,
                             struct ArrowArray *batch, struct pf_error *err) {
    pf_writer_state *writer;
    const char *delimiter = bench->delimiter;
    int64_t fail_write = bench->fail_write;
    bool fail_commit = bench->fail_commit;
    set_up(bench, schema, location);
    bench->delimiter = delimiter;
    bench->fail_write = fail_write;
    bench->fail_commit = fail_commit;
    PF_TRY(pf_csv_writer.begin(&bench->begin, &writer, err));
    pf_status status = PF_OK;
    int64_t rows = 0;
    if (batch) {
        rows = batch->length;
        status = pf_csv_writer.write(writer, batch, err);
    }
    struct pf_written written = {.struct_size = sizeof written};
    if (status == PF_OK) {
        int64_t so_far = pf_csv_writer.bytes_so_far(writer);
        status = pf_csv_writer.finish(writer, &written, err);
        if (status == PF_OK) {
            assert_int_equal(written.rows, rows);
            assert_int_equal(written.bytes, bench->bytes.size);
            assert_int_equal(so_far, bench->bytes.size);
        }
    } else
        pf_csv_writer.abort(writer);
    pf_csv_writer.close(writer);
    return status;
}

static void expect_csv(struct bench *bench, const char *want) {
    assert_int_equal(bench->bytes.size, strlen(want));
    assert_memory_equal(bench->bytes.data, want, bench->bytes.size);
    pf_buf_clear(&bench->bytes);
}

static void add_field(struct ArrowSchema *schema, int64_t i, const char *name, const char *type_text) {
    struct pf_type type;
    assert_int_equal(pf_type_parse(type_text, &type, NULL), PF_OK);
    assert_int_equal(pf_schema_field(schema->children[i], name, &type, true, NULL), PF_OK);
}

/* One text column; NULL is null. */
static void make_texts(const char *name, const char *const *texts, int64_t n, struct ArrowSchema *schema,
                       struct ArrowArray *out) {
    struct pf_batch batch;
    assert_int_equal(pf_schema_struct(schema, 1, NULL), PF_OK);
    add_field(schema, 0, name, "text");
    assert_int_equal(pf_batch_open(&batch, schema, NULL), PF_OK);
    for (int64_t i = 0; i < n; i++)
        assert_int_equal(texts[i] ? pf_build_bytes(&batch.builds[0], texts[i], strlen(texts[i]), NULL)
                                  : pf_build_null(&batch.builds[0], NULL),
                         PF_OK);
    assert_int_equal(pf_batch_take(&batch, out, NULL), PF_OK);
    pf_batch_clear(&batch);
}

static void cells_are_quoted_only_where_it_is_needed(void **state) {
    (void)state;
    static const char *const texts[] = {"plain",      "a,b",       "say \"hi\"", "two\nlines",  "cr\rhere",
                                        "",           NULL,        " blank ",    "0123456789,", "01234567\"",
                                        "semi;colon", "tab\there", "'apos'",     "Größe €"};
    struct ArrowSchema schema;
    struct ArrowArray batch;
    struct bench bench = {0};
    make_texts("na,me", texts, 14, &schema, &batch);
    assert_int_equal(write_table(&bench, &schema, "x.csv", &batch, NULL), PF_OK);
    assert_null(batch.release);
    expect_csv(
        &bench,
        "\"na,me\"\nplain\n\"a,b\"\n\"say \"\"hi\"\"\"\n\"two\nlines\"\n\"cr\rhere\"\n\"\"\n\n\" blank \"\n"
        "\"0123456789,\"\n\"01234567\"\"\"\n\"semi;colon\"\n\"tab\there\"\n'apos'\n\"Größe €\"\n");
    assert_int_equal(bench.commits, 1);
    assert_int_equal(bench.aborts, 0);
    pf_schema_release(&schema);
}

static void null_is_a_bare_cell_and_empty_text_two_quotes(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct pf_batch batch;
    struct bench bench = {0};
    int64_t five = 5;
    assert_int_equal(pf_schema_struct(&schema, 3, NULL), PF_OK);
    add_field(&schema, 0, "a", "text");
    add_field(&schema, 1, "", "text");
    add_field(&schema, 2, "c", "int64");
    assert_int_equal(pf_batch_open(&batch, &schema, NULL), PF_OK);
    for (int row = 0; row < 2; row++) {
        assert_int_equal(
            row ? pf_build_null(&batch.builds[0], NULL) : pf_build_bytes(&batch.builds[0], "", 0, NULL), PF_OK);
        assert_int_equal(
            row ? pf_build_bytes(&batch.builds[1], "", 0, NULL) : pf_build_null(&batch.builds[1], NULL), PF_OK);
        assert_int_equal(
            row ? pf_build_null(&batch.builds[2], NULL) : pf_build_value(&batch.builds[2], &five, NULL), PF_OK);
    }
    assert_int_equal(pf_batch_take(&batch, &array, NULL), PF_OK);
    pf_batch_clear(&batch);
    assert_int_equal(write_table(&bench, &schema, "x.csv", &array, NULL), PF_OK);
    expect_csv(&bench, "a,\"\",c\n\"\",,5\n,\"\",\n");
    pf_schema_release(&schema);
}

static const struct {
    const char *type;
    int64_t value;
    const char *text;
} values[] = {
    {"bool", 1, "true"},
    {"int8", -5, "-5"},
    {"uint64", -1, "18446744073709551615"},
    {"decimal(10,2)", 1234, "12.34"},
    {"date", 19782, "2024-02-29"},
    {"time[us]", 47045000001, "13:04:05.000001"},
    {"timestamp[us]", 1709212000000000, "2024-02-29 13:06:40"},
    {"timestamp[us, UTC]", 1709212000500000, "2024-02-29 13:06:40.500000Z"},
    {"duration[s]", 3661, "01:01:01"},
    {"double", 0x3FB999999999999A, "0.1"},
    {"binary", 0x6F6F66, "Zm9v"},
    {"fixed_binary(3)", 0x6F6F66, "Zm9v"},
};

static void every_type_has_its_spelling(void **state) {
    (void)state;
    const int64_t n = sizeof values / sizeof *values;
    for (int semicolon = 0; semicolon < 2; semicolon++) {
        struct ArrowSchema schema;
        struct ArrowArray array;
        struct pf_batch batch;
        struct bench bench = {.delimiter = semicolon ? "semicolon" : NULL};
        char want[1024] = "";
        assert_int_equal(pf_schema_struct(&schema, n + 1, NULL), PF_OK);
        for (int64_t i = 0; i < n; i++)
            add_field(&schema, i, "x", values[i].type);
        add_field(&schema, n, "n", "null");
        assert_int_equal(pf_batch_open(&batch, &schema, NULL), PF_OK);
        for (int64_t i = 0; i < n; i++) {
            uint8_t value[16] = {0};
            memcpy(value, &values[i].value, 8);
            assert_int_equal(strcmp(values[i].type, "binary")
                                 ? pf_build_value(&batch.builds[i], value, NULL)
                                 : pf_build_bytes(&batch.builds[i], value, 3, NULL),
                             PF_OK);
            strcat(want, semicolon ? "x;" : "x,");
        }
        assert_int_equal(pf_build_null(&batch.builds[n], NULL), PF_OK);
        strcat(want, "n\n");
        for (int64_t i = 0; i < n; i++)
            sprintf(want + strlen(want), "%s%c", values[i].text, semicolon ? ';' : ',');
        strcat(want, "\n");
        assert_int_equal(pf_batch_take(&batch, &array, NULL), PF_OK);
        pf_batch_clear(&batch);
        assert_int_equal(write_table(&bench, &schema, "x.csv", &array, NULL), PF_OK);
        expect_csv(&bench, want);
        pf_schema_release(&schema);
    }
}

static void the_delimiter_comes_from_the_option_or_the_suffix(void **state) {
    (void)state;
    static const char *const texts[] = {"a,b;c\td|e f"};
    static const struct {
        const char *option, *location;
        const char *want; /* NULL: refused */
    } rows[] = {
        {NULL, "x.csv", "n\n\"a,b;c\td|e f\"\n"},
        {NULL, "x.TSV", "n\n\"a,b;c\td|e f\"\n"},
        {"~", "x.tsv", "n\n\"a,b;c\td|e f\"\n"},
        {"tab", "x.csv", "n\n\"a,b;c\td|e f\"\n"},
        {"\\t", NULL, "n\n\"a,b;c\td|e f\"\n"},
        {"Pipe", NULL, "n\n\"a,b;c\td|e f\"\n"},
        {" ", NULL, "n\n\"a,b;c\td|e f\"\n"},
        {"", "x.csv", NULL},
        {"ab", "x.csv", NULL},
        {"\"", "x.csv", NULL},
        {"\n", "x.csv", NULL},
        {"5", "x.csv", NULL},
        {"-", "x.csv", NULL},
        {"é", "x.csv", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ArrowSchema schema;
        struct ArrowArray batch;
        struct bench bench = {.delimiter = rows[i].option};
        make_texts("n", texts, 1, &schema, &batch);
        pf_status status = write_table(&bench, &schema, rows[i].location, &batch, NULL);
        assert_int_equal(status, rows[i].want ? PF_OK : PF_ARGUMENT);
        if (rows[i].want)
            expect_csv(&bench, rows[i].want);
        else
            assert_int_equal(bench.sinks, 0);
        pf_array_release(&batch);
        pf_schema_release(&schema);
    }
}

static void a_delimiter_that_stands_in_printed_values_is_quoted(void **state) {
    (void)state;
    static const struct {
        const char *type, *delimiter, *want;
    } rows[] = {{"timestamp[us]", " ", "t x\n\"1970-01-01 00:00:00\" \n"},
                {"time[us]", ":", "t:x\n\"00:00:00\":\n"},
                {"timestamp[us]", ",", "t,x\n1970-01-01 00:00:00,\n"},
                {"binary", "=", "t=x\n\"AA==\"=\n"},
                {"date", "/", "t/x\n1970-01-01/\n"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ArrowSchema schema;
        struct ArrowArray array;
        struct pf_batch batch;
        struct bench bench = {.delimiter = rows[i].delimiter};
        int64_t zero = 0;
        assert_int_equal(pf_schema_struct(&schema, 2, NULL), PF_OK);
        add_field(&schema, 0, "t", rows[i].type);
        add_field(&schema, 1, "x", "null");
        assert_int_equal(pf_batch_open(&batch, &schema, NULL), PF_OK);
        assert_int_equal(batch.builds[0].width ? pf_build_value(&batch.builds[0], &zero, NULL)
                                               : pf_build_bytes(&batch.builds[0], &zero, 1, NULL),
                         PF_OK);
        assert_int_equal(pf_build_null(&batch.builds[1], NULL), PF_OK);
        assert_int_equal(pf_batch_take(&batch, &array, NULL), PF_OK);
        pf_batch_clear(&batch);
        assert_int_equal(write_table(&bench, &schema, "x.csv", &array, NULL), PF_OK);
        expect_csv(&bench, rows[i].want);
        pf_schema_release(&schema);
    }
}

static void cells_longer_than_the_buffer_come_out_whole(void **state) {
    (void)state;
    const size_t size = 3000000;
    for (int special = 0; special < 3; special++) {
        struct ArrowSchema schema;
        struct ArrowArray batch;
        struct bench bench = {0};
        char *text = pf_mem_alloc(size + 1);
        memset(text, 'x', size);
        text[size] = 0;
        for (size_t i = 0; special == 1 && i < size; i += 3)
            text[i] = '"';
        if (special == 2)
            text[size - 1] = ',';
        const char *const texts[] = {"first", text, "last"};
        make_texts("n", texts, 3, &schema, &batch);
        assert_int_equal(write_table(&bench, &schema, NULL, &batch, NULL), PF_OK);
        const char *at = (const char *)bench.bytes.data + 8;
        assert_memory_equal(bench.bytes.data, "n\nfirst\n", 8);
        if (special)
            assert_int_equal(*at++, '"');
        for (size_t i = 0; i < size; i++) {
            if (text[i] == '"')
                assert_int_equal(*at++, '"');
            if (*at++ != text[i])
                fail();
        }
        if (special)
            assert_int_equal(*at++, '"');
        assert_memory_equal(at, "\nlast\n", 6);
        assert_int_equal(at + 6 - (const char *)bench.bytes.data, bench.bytes.size);
        pf_buf_clear(&bench.bytes);
        pf_mem_free(text);
        pf_schema_release(&schema);
    }
}

static void long_binary_is_one_base64_text(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct pf_batch batch;
    struct bench bench = {0};
    const size_t size = 200001;
    uint8_t *bytes = pf_mem_zero(size, 1);
    bytes[size - 1] = 1;
    assert_int_equal(pf_schema_struct(&schema, 1, NULL), PF_OK);
    add_field(&schema, 0, "b", "binary");
    assert_int_equal(pf_batch_open(&batch, &schema, NULL), PF_OK);
    assert_int_equal(pf_build_bytes(&batch.builds[0], bytes, size, NULL), PF_OK);
    assert_int_equal(pf_build_bytes(&batch.builds[0], "", 0, NULL), PF_OK);
    assert_int_equal(pf_batch_take(&batch, &array, NULL), PF_OK);
    pf_batch_clear(&batch);
    assert_int_equal(write_table(&bench, &schema, NULL, &array, NULL), PF_OK);
    assert_int_equal(bench.bytes.size, 2 + size / 3 * 4 + 1 + 3);
    for (size_t i = 2; i < 2 + size / 3 * 4 - 1; i++)
        if (bench.bytes.data[i] != 'A')
            fail();
    assert_memory_equal(bench.bytes.data + bench.bytes.size - 6, "AB\n\"\"\n", 6);
    pf_buf_clear(&bench.bytes);
    pf_mem_free(bytes);
    pf_schema_release(&schema);
}

static void dictionaries_and_foreign_offsets_are_followed(void **state) {
    (void)state;
    static const char *const words[] = {"zero", NULL, "two"};
    struct ArrowSchema schema, value_schema;
    struct ArrowArray words_batch, batch, column;
    struct pf_build indices;
    struct pf_type kind = {.kind = PF_KIND_INT32, .zone = ""};
    struct bench bench = {0};
    static const int32_t rows[] = {9, 2, 1, 0, 2};
    make_texts("w", words, 3, &value_schema, &words_batch);
    assert_int_equal(pf_schema_struct(&schema, 1, NULL), PF_OK);
    add_field(&schema, 0, "d", "dictionary(int32, text)");
    assert_int_equal(pf_build_open(&indices, &kind, NULL), PF_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(pf_build_value(&indices, &rows[i], NULL), PF_OK);
    assert_int_equal(pf_build_take(&indices, &column, NULL), PF_OK);
    pf_build_clear(&indices);
    column.dictionary = words_batch.children[0];
    assert_int_equal(pf_batch_wrap(&column, 1, 5, &batch, NULL), PF_OK);
    batch.offset = 1;
    batch.length = 4;
    assert_int_equal(write_table(&bench, &schema, NULL, &batch, NULL), PF_OK);
    expect_csv(&bench, "d\ntwo\n\nzero\ntwo\n");
    pf_array_release(&words_batch);
    pf_schema_release(&schema);
    pf_schema_release(&value_schema);
}

static void an_empty_table_is_its_header(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct bench bench = {0};
    assert_int_equal(pf_schema_struct(&schema, 2, NULL), PF_OK);
    add_field(&schema, 0, "a", "text");
    add_field(&schema, 1, "b", "date");
    assert_int_equal(write_table(&bench, &schema, NULL, NULL, NULL), PF_OK);
    expect_csv(&bench, "a,b\n");
    pf_schema_release(&schema);
}

static void nested_columns_are_refused_before_the_output_is_opened(void **state) {
    (void)state;
    struct ArrowSchema schema;
    struct bench bench;
    struct pf_error err = PF_ERROR_INIT;
    pf_writer_state *writer;
    assert_int_equal(pf_schema_struct(&schema, 1, NULL), PF_OK);
    assert_int_equal(pf_schema_struct(schema.children[0], 0, NULL), PF_OK);
    assert_int_equal(pf_schema_rename(schema.children[0], "inner", NULL), PF_OK);
    set_up(&bench, &schema, NULL);
    assert_int_equal(pf_csv_writer.begin(&bench.begin, &writer, &err), PF_UNSUPPORTED);
    assert_string_equal(err.where, "column 'inner'");
    assert_int_equal(bench.sinks, 0);
    assert_null(writer);
    pf_schema_release(&schema);
}

static void failures_stick_and_the_sink_is_ended_exactly_once(void **state) {
    (void)state;
    static const char *const texts[] = {"a"};
    struct ArrowSchema schema;
    struct ArrowArray batch;
    struct bench bench;
    struct pf_error err = PF_ERROR_INIT;
    struct pf_written written = {.struct_size = sizeof written};
    pf_writer_state *writer;
    make_texts("n", texts, 1, &schema, &batch);
    /* a write that fails at finish */
    set_up(&bench, &schema, NULL);
    assert_int_equal(pf_csv_writer.begin(&bench.begin, &writer, &err), PF_OK);
    bench.fail_write = 1;
    assert_int_equal(pf_csv_writer.finish(writer, &written, &err), PF_IO);
    assert_int_equal(pf_csv_writer.write(writer, &batch, &err), PF_IO);
    assert_non_null(batch.release); /* not taken */
    assert_non_null(strstr(err.message, "disk is full"));
    assert_int_equal(pf_csv_writer.finish(writer, &written, NULL), PF_IO);
    pf_csv_writer.abort(writer);
    pf_csv_writer.abort(writer);
    pf_csv_writer.close(writer);
    assert_int_equal(bench.aborts, 1);
    assert_int_equal(bench.commits, 0);
    pf_buf_clear(&bench.bytes);
    /* a commit that fails has ended the sink */
    set_up(&bench, &schema, NULL);
    assert_int_equal(pf_csv_writer.begin(&bench.begin, &writer, &err), PF_OK);
    bench.fail_commit = true;
    assert_int_equal(pf_csv_writer.finish(writer, &written, &err), PF_IO);
    pf_csv_writer.abort(writer);
    pf_csv_writer.close(writer);
    assert_int_equal(bench.aborts, 0);
    assert_int_equal(bench.commits, 1);
    pf_buf_clear(&bench.bytes);
    /* calls after the end, and a close without one */
    set_up(&bench, &schema, NULL);
    assert_int_equal(pf_csv_writer.begin(&bench.begin, &writer, &err), PF_OK);
    assert_int_equal(pf_csv_writer.finish(writer, NULL, &err), PF_OK);
    assert_int_equal(pf_csv_writer.write(writer, &batch, &err), PF_STATE);
    assert_int_equal(pf_csv_writer.finish(writer, &written, &err), PF_STATE);
    pf_csv_writer.close(writer);
    pf_buf_clear(&bench.bytes);
    set_up(&bench, &schema, NULL);
    assert_int_equal(pf_csv_writer.begin(&bench.begin, &writer, &err), PF_OK);
    pf_csv_writer.close(writer);
    assert_int_equal(bench.aborts, 1);
    pf_csv_writer.close(NULL);
    /* a batch of another table */
    set_up(&bench, &schema, NULL);
    assert_int_equal(pf_csv_writer.begin(&bench.begin, &writer, &err), PF_OK);
    struct ArrowArray none;
    assert_int_equal(pf_batch_wrap(NULL, 0, 1, &none, NULL), PF_OK);
    assert_int_equal(pf_csv_writer.write(writer, &none, &err), PF_BAD_DATA);
    pf_array_release(&none);
    pf_csv_writer.close(writer);
    pf_array_release(&batch);
    pf_schema_release(&schema);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    static const char *const texts[] = {"a", "b,c", NULL};
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        struct ArrowSchema schema;
        struct ArrowArray batch;
        struct bench bench = {0};
        make_texts("n", texts, 3, &schema, &batch);
        pf_mem_fail_from(nth);
        status = write_table(&bench, &schema, NULL, &batch, NULL);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        assert_int_equal(bench.commits + bench.aborts, bench.sinks);
        pf_array_release(&batch);
        pf_buf_clear(&bench.bytes);
        pf_schema_release(&schema);
        assert_true(nth < 100);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_quoted_only_where_it_is_needed),
        cmocka_unit_test(null_is_a_bare_cell_and_empty_text_two_quotes),
        cmocka_unit_test(every_type_has_its_spelling),
        cmocka_unit_test(the_delimiter_comes_from_the_option_or_the_suffix),
        cmocka_unit_test(a_delimiter_that_stands_in_printed_values_is_quoted),
        cmocka_unit_test(cells_longer_than_the_buffer_come_out_whole),
        cmocka_unit_test(long_binary_is_one_base64_text),
        cmocka_unit_test(dictionaries_and_foreign_offsets_are_followed),
        cmocka_unit_test(an_empty_table_is_its_header),
        cmocka_unit_test(nested_columns_are_refused_before_the_output_is_opened),
        cmocka_unit_test(failures_stick_and_the_sink_is_ended_exactly_once),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
