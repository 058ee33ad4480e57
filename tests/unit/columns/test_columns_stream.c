/* test_columns_stream.c — streams made here and drunk here, and their failures.    SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"

struct source {
    int64_t left; /* batches */
    int64_t calls;
    int64_t closed;
    pf_status fails; /* after the last batch */
};

static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    (void)self;
    return pf_schema_struct(out, 0, err);
}

static pf_status give_next(void *self, struct ArrowArray *out, struct pf_error *err) {
    struct source *source = self;
    source->calls++;
    if (source->left-- > 0)
        return pf_batch_wrap(NULL, 0, 7, out, err);
    if (source->fails == PF_OK) {
        out->release = NULL;
        return PF_OK;
    }
    pf_status status = pf_fail_at(err, source->fails, 17, 4711, "the cell is broken; mend it");
    pf_where(err, "file 'a.csv'");
    return status;
}

static void close_source(void *self) { ((struct source *)self)->closed++; }

static pf_status open_stream(struct source *source, struct pf_error *err_out, struct ArrowArrayStream *out) {
    struct pf_stream_maker maker = {source, give_schema, give_next, close_source};
    return pf_stream_make(&maker, err_out, out, NULL);
}

static void a_stream_gives_its_batches_and_then_its_end_for_ever(void **state) {
    (void)state;
    struct source source = {.left = 2};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    assert_int_equal(open_stream(&source, NULL, &stream), PF_OK);
    assert_int_equal(pf_stream_schema(&stream, NULL, &schema, NULL), PF_OK);
    pf_schema_release(&schema);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pf_stream_next(&stream, NULL, &batch, NULL), PF_OK);
        assert_int_equal(batch.length, 7);
        pf_array_release(&batch);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pf_stream_next(&stream, NULL, &batch, NULL), PF_OK);
        assert_null(batch.release);
    }
    assert_int_equal(source.calls, 3); /* the maker is asked once for the end */
    assert_null(stream.get_last_error(&stream));
    pf_stream_release(&stream);
    pf_stream_release(&stream);
    pf_stream_release(NULL);
    assert_int_equal(source.closed, 1);
    assert_int_equal(pf_stream_next(&stream, NULL, &batch, NULL), PF_STATE);
    assert_int_equal(pf_stream_schema(&stream, NULL, &schema, NULL), PF_STATE);
}

static void a_failure_sticks_and_keeps_place_and_row(void **state) {
    (void)state;
    struct source source = {.left = 1, .fails = PF_WIDEN};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    struct pf_error request = PF_ERROR_INIT, err = PF_ERROR_INIT;
    assert_int_equal(open_stream(&source, &request, &stream), PF_OK);
    assert_int_equal(pf_stream_next(&stream, &request, &batch, &err), PF_OK);
    pf_array_release(&batch);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pf_stream_next(&stream, &request, &batch, &err), PF_WIDEN);
        assert_null(batch.release);
        assert_int_equal(err.row, 17);
        assert_int_equal(err.byte, 4711);
        assert_string_equal(err.where, "file 'a.csv'");
    }
    assert_int_equal(pf_stream_schema(&stream, &request, &schema, &err), PF_WIDEN);
    assert_int_equal(source.calls, 2);
    assert_string_equal(stream.get_last_error(&stream), "file 'a.csv': the cell is broken; mend it");
    pf_stream_release(&stream);
    assert_int_equal(request.row, 17); /* still there for the caller */
    assert_int_equal(source.closed, 1);
}

static void without_the_requests_error_code_and_text_come_through_errno(void **state) {
    (void)state;
    struct source source = {.fails = PF_BAD_DATA};
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(open_stream(&source, NULL, &stream), PF_OK);
    assert_int_equal(pf_stream_next(&stream, NULL, &batch, &err), PF_BAD_DATA);
    assert_non_null(strstr(err.message, "the cell is broken; mend it"));
    pf_stream_release(&stream);
}

static void every_code_survives_the_way_through_errno(void **state) {
    (void)state;
#define THERE_AND_BACK(name, number, text)                                                                     \
    assert_int_equal(pf_status_from_errno(pf_status_to_errno(PF_##name)), PF_##name);                          \
    assert_int_equal(pf_status_to_errno(PF_##name) == 0, PF_##name == PF_OK);
    PF_STATUS_LIST(THERE_AND_BACK)
    assert_int_equal(pf_status_to_errno(12345), EIO);
    assert_int_equal(pf_status_from_errno(EPERM), PF_DENIED);
    assert_int_equal(pf_status_from_errno(ENOTSUP), PF_UNSUPPORTED);
    assert_int_equal(pf_status_from_errno(EINTR), PF_CANCELLED);
    assert_int_equal(pf_status_from_errno(EILSEQ), PF_BAD_DATA);
    assert_int_equal(pf_status_from_errno(EDOM), PF_IO);
}

static int foreign_fails(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    (void)stream;
    memset(out, 0xEE, sizeof *out); /* rubbish in a failed answer is not touched */
    return EINVAL;
}
static int foreign_next_fails(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    (void)stream;
    memset(out, 0xEE, sizeof *out);
    return ENOMEM;
}
static int foreign_gives_nothing(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    (void)stream;
    (void)out;
    return 0;
}
static const char *foreign_says_nothing(struct ArrowArrayStream *stream) {
    (void)stream;
    return NULL;
}
static void foreign_release(struct ArrowArrayStream *stream) { stream->release = NULL; }

static void foreign_streams_that_misbehave_are_errors(void **state) {
    (void)state;
    struct ArrowArrayStream stream = {foreign_fails, foreign_next_fails, foreign_says_nothing, foreign_release,
                                      NULL};
    struct ArrowSchema schema;
    struct ArrowArray batch;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_stream_schema(&stream, NULL, &schema, &err), PF_ARGUMENT);
    assert_null(schema.release);
    assert_non_null(strstr(err.message, "without a word"));
    assert_int_equal(pf_stream_next(&stream, NULL, &batch, &err), PF_NO_MEMORY);
    assert_null(batch.release);
    stream.get_schema = foreign_gives_nothing;
    assert_int_equal(pf_stream_schema(&stream, NULL, &schema, &err), PF_EXTENSION);
    pf_stream_release(&stream);
}

static void a_stream_that_cannot_be_made_leaves_the_maker_alone(void **state) {
    (void)state;
    struct source source = {0};
    struct ArrowArrayStream stream;
    pf_mem_fail_from(1);
    assert_int_equal(open_stream(&source, NULL, &stream), PF_NO_MEMORY);
    pf_mem_fail_from(0);
    assert_null(stream.release);
    assert_int_equal(source.closed, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_gives_its_batches_and_then_its_end_for_ever),
        cmocka_unit_test(a_failure_sticks_and_keeps_place_and_row),
        cmocka_unit_test(without_the_requests_error_code_and_text_come_through_errno),
        cmocka_unit_test(every_code_survives_the_way_through_errno),
        cmocka_unit_test(foreign_streams_that_misbehave_are_errors),
        cmocka_unit_test(a_stream_that_cannot_be_made_leaves_the_maker_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
