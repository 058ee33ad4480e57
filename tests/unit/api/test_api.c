/* test_api.c — pyforge.h from outside: handles, states, formats, a whole job, a stream in and out.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "pyforge/extension.h"
#include "pyforge/pyforge.h"

static char folder[64], path_in[100], path_out[100];
static pf_forge *forge;
static pf_job *job;
static struct pf_error err;

static int open_all(void **state) {
    snprintf(folder, sizeof folder, "/tmp/pf_api_XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path_in, sizeof path_in, "%s/in.csv", folder);
    snprintf(path_out, sizeof path_out, "%s/out.csv", folder);
    pf_error_clear(&err);
    return pf_forge_open(&forge, &err) != PF_OK || pf_job_open(forge, &job, &err) != PF_OK;
}
static int close_all(void **state) {
    pf_job_close(&job);
    pf_forge_close(&forge);
    assert_null(job);
    assert_null(forge);
    pf_file_remove(path_in, NULL);
    pf_file_remove(path_out, NULL);
    pf_file_remove_folder(folder, NULL);
    return 0;
}
static void write_input(const char *text) {
    pf_file file;
    assert_int_equal(pf_file_create_new(path_in, false, &file, NULL), PF_OK);
    assert_int_equal(pf_file_write_all(file, text, strlen(text), path_in, NULL), PF_OK);
    pf_file_close(&file, path_in, NULL);
}
static const char *read_output(void) {
    static char text[4096];
    pf_file file;
    size_t got;
    if (pf_file_open_read(path_out, &file, NULL) != PF_OK)
        return NULL;
    assert_int_equal(pf_file_read_at(file, 0, text, sizeof text - 1, &got, path_out, NULL), PF_OK);
    pf_file_close(&file, path_out, NULL);
    text[got] = 0;
    return text;
}
static void set(const char *key, const char *value) {
    if (pf_job_set(job, key, value, &err) != PF_OK)
        fail_msg("%s", err.message);
}

static void what_is_no_handle_is_refused(void **state) {
    struct pf_format format = {.struct_size = sizeof format};
    char *text;
    pf_result *result;
    assert_int_equal(pf_forge_open(NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_forge_add(NULL, NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_open(NULL, &job, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_open((pf_forge *)job, NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_open(forge, NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_set(NULL, "limit", "1", &err), PF_ARGUMENT);
    assert_int_equal(pf_job_set(job, NULL, "1", &err), PF_ARGUMENT);
    assert_null(pf_job_get(NULL, "limit"));
    assert_null(pf_job_get(job, NULL));
    assert_int_equal(pf_job_run(job, NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_run(NULL, &result, NULL), PF_ARGUMENT);
    assert_int_equal(pf_job_explain(job, NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_read(job, NULL, NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_inspect(job, "info", NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_inspect(NULL, "info", &text, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_head(NULL, NULL, &text, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_head(job, NULL, NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_take_stream(job, NULL, &err), PF_ARGUMENT);
    assert_int_equal(pf_forge_format(NULL, 0, &format), PF_ARGUMENT);
    assert_int_equal(pf_forge_format(forge, 0, NULL), PF_ARGUMENT);
    assert_null(pf_forge_option(NULL, NULL, 0));
    assert_null(pf_result_json(NULL));
    assert_int_equal(pf_result_number(NULL, "files"), -1);
    pf_job_on_progress(NULL, NULL, NULL);
    pf_forge_on_log(NULL, NULL, NULL);
    pf_job_cancel(NULL);
    pf_job_close(NULL);
    pf_forge_close(NULL);
    pf_result_close(NULL);
}

static void codes_have_names_and_meanings(void **state) {
    assert_string_equal(pf_status_name(PF_BAD_DATA), "BAD_DATA");
    assert_string_equal(pf_status_name(12345), "UNKNOWN");
    assert_string_equal(pf_status_text(PF_OK), "ok");
    assert_string_equal(pf_status_text(-1), "unknown");
    assert_true(pf_version()[0] >= '0' && pf_version()[0] <= '9');
}

static void formats_and_their_options_are_listed(void **state) {
    struct pf_format format = {.struct_size = sizeof format};
    bool csv = false, parquet = false;
    size_t count = 0;
    for (; pf_forge_format(forge, count, &format) == PF_OK; count++) {
        if (strcmp(format.name, "csv") == 0)
            csv = format.reads && format.writes;
        if (strcmp(format.name, "parquet") == 0)
            parquet = format.writes;
        assert_string_equal(format.extension, "pyforge");
    }
    assert_true(csv && parquet);
    assert_int_equal(pf_forge_format(forge, count, &format), PF_NOT_FOUND);
    assert_non_null(pf_forge_option(forge, NULL, 0));
    assert_non_null(pf_forge_option(forge, "<csv", 0));
    assert_non_null(pf_forge_option(forge, ">parquet", 0));
    assert_null(pf_forge_option(forge, "<parquet", 0));
    assert_null(pf_forge_option(forge, "csv", 0));
    assert_null(pf_forge_option(forge, NULL, 1000));
}

static void a_job_runs_once(void **state) {
    pf_result *result = NULL;
    char *text;
    write_input("a,b\n1,x\n2,y\n");
    set("input", path_in);
    set("output", path_out);
    set("columns", "b");
    assert_string_equal(pf_job_get(job, "input"), path_in);
    assert_string_equal(pf_job_get(job, "columns"), "b");
    assert_int_equal(pf_job_run(job, &result, &err), PF_OK);
    assert_string_equal(read_output(), "b\nx\ny\n");
    assert_int_equal(pf_result_number(result, "rows-out"), 2);
    assert_int_equal(pf_result_number(result, "moon"), -1);
    pf_json *root;
    const char *json = pf_result_json(result);
    assert_ptr_equal(json, pf_result_json(result));
    assert_int_equal(pf_json_parse(json, strlen(json), &root, NULL), PF_OK);
    assert_string_equal(
        pf_json_as_text(pf_json_member(pf_json_item(pf_json_member(root, "files"), 0), "status")), "ok");
    pf_json_free(root);
    pf_result_close(&result);
    assert_null(result);
    assert_int_equal(pf_job_run(job, &result, &err), PF_STATE);
    assert_non_null(strstr(err.message, "done"));
    assert_int_equal(pf_job_set(job, "limit", "1", &err), PF_STATE);
    assert_int_equal(pf_job_explain(job, &text, &err), PF_STATE);
    assert_int_equal(pf_inspect(job, "info", &text, &err), PF_STATE);
}

static void a_failed_job_tells_in_its_result(void **state) {
    pf_result *result = NULL;
    set("input", "/nowhere/at/all.csv");
    set("output", path_out);
    assert_int_equal(pf_job_run(job, &result, &err), PF_NOT_FOUND);
    assert_non_null(result);
    assert_int_equal(pf_result_number(result, "failed"), 1);
    assert_non_null(strstr(pf_result_json(result), "NOT_FOUND"));
    pf_result_close(&result);
}

static void views_and_plans_are_texts_to_free(void **state) {
    char *text = NULL;
    write_input("a,b\n1,x\n2,y\n");
    set("input", path_in);
    assert_int_equal(pf_inspect(job, "sniff", &text, &err), PF_OK);
    assert_non_null(strstr(text, "\"delimiter\": \",\""));
    pf_text_free(text);
    assert_int_equal(pf_job_explain(job, &text, &err), PF_OK);
    assert_non_null(strstr(text, "reader\tcsv\t"));
    pf_text_free(text);
}

/* ---- streams ---- */

static void a_stream_outlives_its_job_and_forge(void **state) {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    write_input("a,b\n1,x\n2,y\n3,\n");
    set("input", path_in);
    assert_int_equal(pf_job_read(job, NULL, &stream, &err), PF_OK);
    pf_job_close(&job);
    pf_forge_close(&forge);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_int_equal(schema.n_children, 2);
    assert_string_equal(schema.children[0]->format, "l");
    assert_string_equal(schema.children[1]->format, "u");
    schema.release(&schema);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    assert_int_equal(batch.length, 3);
    batch.release(&batch);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    assert_null(batch.release);
    stream.release(&stream);
}

static void a_table_that_is_not_there_is_not_found(void **state) {
    struct ArrowArrayStream stream;
    write_input("a,b\n1,x\n2,y\n");
    set("input", path_in);
    assert_int_equal(pf_job_read(job, "moon", &stream, &err), PF_NOT_FOUND);
    assert_int_equal(pf_job_read(job, "in", &stream, &err), PF_OK); /* each read is a lap of its own */
    stream.release(&stream);
    assert_int_equal(pf_job_set(job, "limit", "1", &err), PF_STATE);
}

struct maker {
    struct ArrowSchema schema;
    struct pf_batch batch;
    int64_t left;
};
static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *error) {
    return pf_schema_copy(&((struct maker *)self)->schema, out, error);
}
static pf_status give_next(void *self, struct ArrowArray *out, struct pf_error *error) {
    struct maker *maker = self;
    if (maker->left-- <= 0)
        return PF_OK;
    for (int64_t i = 0; i < 3; i++) {
        assert_int_equal(pf_build_value(&maker->batch.builds[0], &i, error), PF_OK);
        assert_int_equal(pf_build_bytes(&maker->batch.builds[1], "text", (size_t)i, error), PF_OK);
    }
    return pf_batch_take(&maker->batch, out, error);
}
static void end_maker(void *self) {
    struct maker *maker = self;
    pf_batch_clear(&maker->batch);
    pf_schema_release(&maker->schema);
    pf_mem_free(maker);
}
static struct ArrowArrayStream make_stream(int64_t batches) {
    static const struct pf_type types[] = {{.kind = PF_KIND_INT64, .zone = ""},
                                           {.kind = PF_KIND_UTF8, .zone = ""}};
    static const char *const names[] = {"n", "t"};
    struct maker *maker = pf_mem_zero(1, sizeof *maker);
    struct ArrowArrayStream stream;
    maker->left = batches;
    assert_int_equal(pf_schema_struct(&maker->schema, 2, NULL), PF_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pf_schema_field(maker->schema.children[i], names[i], &types[i], true, NULL), PF_OK);
    assert_int_equal(pf_batch_open(&maker->batch, &maker->schema, NULL), PF_OK);
    struct pf_stream_maker functions = {maker, give_schema, give_next, end_maker};
    assert_int_equal(pf_stream_make(&functions, NULL, &stream, NULL), PF_OK);
    return stream;
}

static void a_stream_is_an_input_too(void **state) {
    struct ArrowArrayStream stream = make_stream(2), another = make_stream(1);
    pf_result *result = NULL;
    assert_int_equal(pf_job_take_stream(job, &stream, &err), PF_OK);
    assert_null(stream.release);
    assert_int_equal(pf_job_take_stream(job, &another, &err), PF_STATE);
    char *text;
    assert_int_equal(pf_inspect(job, "info", &text, &err), PF_ARGUMENT);
    another.release(&another);
    set("output", path_out);
    set("columns", "t,n");
    set("rename", "n=number");
    set("type", "n=text");
    set("limit", "4");
    if (pf_job_run(job, &result, &err) != PF_OK)
        fail_msg("%s", err.message);
    assert_string_equal(read_output(), "t,number\n\"\",0\nt,1\nte,2\n\"\",0\n");
    assert_int_equal(pf_result_number(result, "rows-out"), 4);
    assert_int_equal(pf_result_number(result, "rows-in"), 4 + pf_result_number(result, "skipped"));
    pf_result_close(&result);
}

static void a_stream_needs_an_output_and_no_file_beside_it(void **state) {
    struct ArrowArrayStream stream = make_stream(1);
    pf_result *result = NULL;
    assert_int_equal(pf_job_take_stream(job, &stream, &err), PF_OK);
    assert_int_equal(pf_job_run(job, &result, &err), PF_ARGUMENT);
    pf_result_close(&result);
    pf_job_close(&job);
    stream = make_stream(1);
    assert_int_equal(pf_job_open(forge, &job, &err), PF_OK);
    assert_int_equal(pf_job_take_stream(job, &stream, &err), PF_OK);
    set("input", path_in);
    set("output", path_out);
    assert_int_equal(pf_job_run(job, &result, &err), PF_ARGUMENT);
    pf_result_close(&result);
}

/* ---- bytes as input ---- */

static int closed;
static pf_status read_bytes(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                            struct pf_error *error) {
    const char *text = source->self;
    size_t size = strlen(text), from = (size_t)offset < size ? (size_t)offset : size;
    *got = want < size - from ? want : size - from;
    memcpy(to, text + from, *got);
    return PF_OK;
}
static void count_close(struct pf_source *source) { closed++; }
static struct pf_source make_source(char *text) {
    return (struct pf_source){.struct_size = sizeof(struct pf_source),
                              .random = 1,
                              .size_bytes = (int64_t)strlen(text),
                              .self = text,
                              .read_at = read_bytes,
                              .close = count_close};
}
static char orders[] = "n,t\n1,a\n2,b\n";

static void bytes_are_an_input_like_a_file(void **state) {
    struct pf_source source = make_source(orders);
    pf_result *result = NULL;
    closed = 0;
    assert_int_equal(pf_job_take_source(job, "orders.csv", &source, &err), PF_OK);
    assert_null(source.read_at);
    set("output", path_out);
    if (pf_job_run(job, &result, &err) != PF_OK)
        fail_msg("%s", err.message);
    assert_string_equal(read_output(), orders);
    assert_non_null(strstr(pf_result_json(result), "\"orders.csv\""));
    pf_result_close(&result);
    assert_int_equal(closed, 0);
    pf_job_close(&job);
    assert_int_equal(closed, 1);
}

static void bytes_can_be_looked_at_and_read_and_are_closed_with_the_last_stream(void **state) {
    struct pf_source source = make_source(orders);
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    char *text = NULL, type[8];
    closed = 0;
    assert_int_equal(pf_job_take_source(job, "orders.csv", &source, &err), PF_OK);
    assert_int_equal(pf_inspect(job, "info", &text, &err), PF_OK);
    assert_non_null(strstr(text, "\"orders\""));
    pf_text_free(text);
    assert_int_equal(pf_job_head(job, "orders", &text, &err), PF_OK);
    assert_non_null(strstr(text, "[[\"1\",\"a\"],[\"2\",\"b\"]]"));
    pf_text_free(text);
    assert_int_equal(pf_job_head(job, "nothing", &text, &err), PF_NOT_FOUND);
    assert_int_equal(pf_job_read(job, "orders", &stream, &err), PF_OK);
    pf_job_close(&job);
    assert_int_equal(closed, 0);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_int_equal(pf_type_text(schema.children[0], type, sizeof type, &err), PF_OK);
    assert_string_equal(type, "int64");
    assert_int_equal(pf_type_text(schema.children[0], type, 4, &err), PF_OK);
    assert_string_equal(type, "int");
    assert_int_equal(pf_type_text(NULL, type, sizeof type, &err), PF_ARGUMENT);
    schema.release(&schema);
    stream.release(&stream);
    assert_int_equal(closed, 1);
}

static void bytes_need_a_name_an_output_and_random_access(void **state) {
    struct pf_source source = make_source(orders);
    pf_result *result = NULL;
    assert_int_equal(pf_job_take_source(job, NULL, &source, &err), PF_ARGUMENT);
    assert_int_equal(pf_job_take_source(job, "", &source, &err), PF_ARGUMENT);
    source.random = 0;
    assert_int_equal(pf_job_take_source(job, "orders.csv", &source, &err), PF_ARGUMENT);
    source.random = 1;
    assert_int_equal(pf_job_take_source(job, "orders.csv", &source, &err), PF_OK);
    assert_int_equal(pf_job_take_source(job, "orders.csv", &source, &err), PF_ARGUMENT); /* it is closed */
    assert_int_equal(pf_job_run(job, &result, &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "--output"));
    pf_result_close(&result);
}

/* ---- whole tables ---- */

static int64_t drink(struct ArrowArrayStream *stream) {
    int64_t rows = 0;
    for (;;) {
        struct ArrowArray batch = {0};
        if (stream->get_next(stream, &batch) != 0)
            fail_msg("%s", stream->get_last_error(stream));
        if (!batch.release)
            break;
        rows += batch.length;
        batch.release(&batch);
    }
    stream->release(stream);
    return rows;
}

/* n, then rows numbers, and late in the middle. */
static char *numbers_with(const char *late, int rows) {
    char *text = malloc(8 * (size_t)rows + 64), *at = text;
    at += sprintf(at, "n\n");
    for (int i = 0; i < rows; i++)
        at += sprintf(at, "%s\n", i == rows / 2 ? late : "1234");
    return text;
}

static void collect_as(const char *late, const char *type) {
    char *text = numbers_with(late, 300000), word[16];
    struct pf_source source = make_source(text);
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    assert_int_equal(pf_job_take_source(job, "numbers.csv", &source, &err), PF_OK);
    if (pf_job_collect(job, NULL, &stream, &err) != PF_OK)
        fail_msg("%s", err.message);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_int_equal(pf_type_text(schema.children[0], word, sizeof word, NULL), PF_OK);
    assert_string_equal(word, type);
    schema.release(&schema);
    assert_int_equal(drink(&stream), 300000);
    pf_job_close(&job);
    free(text);
}

static void a_whole_table_is_read_once_when_the_sample_was_right(void **state) { collect_as("1234", "int64"); }
static void a_whole_table_has_wider_types_when_the_sample_was_wrong(void **state) {
    collect_as("x234", "text");
}

static void a_whole_table_that_cannot_be_had_is_an_error(void **state) {
    struct ArrowArrayStream stream = {0};
    assert_int_equal(pf_job_collect(job, NULL, NULL, &err), PF_ARGUMENT);
    set("input", "/tmp/pf_api_nothing.csv");
    assert_int_equal(pf_job_collect(job, NULL, &stream, &err), PF_NOT_FOUND);
    assert_null(stream.release);
    pf_job_close(&job);
    struct pf_source source = make_source(orders);
    assert_int_equal(pf_job_open(forge, &job, &err), PF_OK);
    assert_int_equal(pf_job_take_source(job, "orders.csv", &source, &err), PF_OK);
    assert_int_equal(pf_job_collect(job, "nothing", &stream, &err), PF_NOT_FOUND);
    assert_int_equal(pf_job_collect(job, "orders", &stream, &err), PF_OK);
    stream.release(&stream); /* without having been read */
    pf_job_cancel(job);
    assert_int_equal(pf_job_collect(job, "orders", &stream, &err), PF_CANCELLED);
}

/* ---- cancel ---- */

static int32_t cancel_it(void *ctx, const struct pf_progress *progress) {
    pf_job_cancel(ctx);
    return 0;
}
static void a_cancelled_job_says_so(void **state) {
    pf_result *result = NULL;
    write_input("a,b\n1,x\n2,y\n");
    set("input", path_in);
    set("output", path_out);
    pf_job_on_progress(job, cancel_it, job);
    pf_job_cancel(job);
    assert_int_equal(pf_job_run(job, &result, &err), PF_CANCELLED);
    assert_null(read_output());
    pf_result_close(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_is_no_handle_is_refused),
        TEST(codes_have_names_and_meanings),
        TEST(formats_and_their_options_are_listed),
        TEST(a_job_runs_once),
        TEST(a_failed_job_tells_in_its_result),
        TEST(views_and_plans_are_texts_to_free),
        TEST(a_stream_outlives_its_job_and_forge),
        TEST(a_table_that_is_not_there_is_not_found),
        TEST(a_stream_is_an_input_too),
        TEST(a_stream_needs_an_output_and_no_file_beside_it),
        TEST(a_whole_table_is_read_once_when_the_sample_was_right),
        TEST(a_whole_table_has_wider_types_when_the_sample_was_wrong),
        TEST(a_whole_table_that_cannot_be_had_is_an_error),
        TEST(bytes_are_an_input_like_a_file),
        TEST(bytes_can_be_looked_at_and_read_and_are_closed_with_the_last_stream),
        TEST(bytes_need_a_name_an_output_and_random_access),
        TEST(a_cancelled_job_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
