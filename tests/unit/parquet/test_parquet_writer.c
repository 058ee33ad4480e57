/* test_parquet_writer.c — the same bytes for any threads and batches; failures leave nothing and stick.
 * SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../interop/types_columns.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/pool.h"
#include "bytes/bytes_sink.h"
#include "write/parquet/parquet_writer.h"

/* ---- a table of all columns that Spark takes, or of the first few ---- */

static struct {
    const struct column *columns[128];
    struct ArrowSchema children[128], *pointers[128], schema;
    int count;
} table;

static void release_nothing(struct ArrowSchema *schema) { schema->release = NULL; }

static void make_table(int most, bool modern) {
    memset(&table, 0, sizeof table);
    for (int i = 0; i < all_column_count && table.count < most; i++) {
        if (!modern && !all_columns[i].spark)
            continue;
        table.columns[table.count] = &all_columns[i];
        make_schema(&all_columns[i], &table.children[table.count]);
        table.pointers[table.count] = &table.children[table.count];
        table.count++;
    }
    table.schema = (struct ArrowSchema){
        .format = "+s", .n_children = table.count, .children = table.pointers, .release = release_nothing};
}

static void drop_table(void) {
    for (int i = 0; i < table.count; i++)
        table.children[i].release(&table.children[i]);
}

static int batches_alive;
static void release_batch(struct ArrowArray *batch) {
    for (int64_t i = 0; i < batch->n_children; i++) {
        batch->children[i]->release(batch->children[i]);
        free(batch->children[i]);
    }
    free(batch->children);
    free((void *)batch->buffers);
    batch->release = NULL;
    batches_alive--;
}

static bool some_null(int64_t row) { return row % 7 == 2 || row % 1000 < 90; }

static void make_batch(int64_t from, int64_t rows, struct ArrowArray *out) {
    *out = (struct ArrowArray){
        .length = rows, .n_buffers = 1, .n_children = table.count, .release = release_batch};
    out->buffers = calloc(1, sizeof *out->buffers);
    out->children = calloc((size_t)table.count, sizeof *out->children);
    for (int i = 0; i < table.count; i++) {
        out->children[i] = calloc(1, sizeof **out->children);
        make_array(table.columns[i], from, rows, some_null, out->children[i]);
    }
    batches_alive++;
}

/* ---- a job ---- */

struct job {
    const char *profile, *codec, *page_bytes, *group_rows, *group_bytes;
    struct pf_pool *pool;
    int64_t batch;
    int64_t rows;
    int cancel_after; /* questions; 0: never */
};
static int commits, aborts, questions;

static const char *get_option(struct pf_host *host, const char *key) {
    const struct job *job = host->data;
    return strcmp(key, "profile") == 0           ? job->profile
           : strcmp(key, "compression") == 0     ? job->codec
           : strcmp(key, "page-bytes") == 0      ? job->page_bytes
           : strcmp(key, "row-group-rows") == 0  ? job->group_rows
           : strcmp(key, "row-group-bytes") == 0 ? job->group_bytes
                                                 : NULL;
}
static int32_t ask_cancelled(struct pf_host *host) {
    const struct job *job = host->data;
    return job->cancel_after && ++questions >= job->cancel_after;
}
static pf_status count_commit(struct pf_sink *sink, struct pf_error *err) {
    (void)sink, (void)err;
    commits++;
    return PF_OK;
}
static void count_abort(struct pf_sink *sink) {
    pf_buf_clear(sink->self);
    aborts++;
}
static pf_status open_memory(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err) {
    (void)name, (void)err;
    pf_sink_memory(ctx, out);
    out->commit = count_commit;
    out->abort = count_abort;
    return PF_OK;
}

static pf_status write_job(const struct job *job, struct pf_buf *to, struct pf_written *written,
                           struct pf_error *err) {
    struct pf_host host = {
        .struct_size = sizeof host, .data = (void *)job, .job_get = get_option, .pool = job->pool};
    host.cancelled = job->cancel_after ? ask_cancelled : NULL;
    struct pf_begin begin = {.struct_size = sizeof begin,
                             .host = &host,
                             .schema = &table.schema,
                             .location = "memory",
                             .open_sink = open_memory,
                             .ctx = to};
    pf_writer_state *state = NULL;
    commits = aborts = questions = 0;
    pf_status status = pf_parquet_writer.begin(&begin, &state, err);
    if (status != PF_OK)
        return status;
    for (int64_t from = 0; from < job->rows && status == PF_OK; from += job->batch) {
        int64_t rows = job->rows - from < job->batch ? job->rows - from : job->batch;
        struct ArrowArray batch;
        make_batch(from, rows, &batch);
        status = pf_parquet_writer.write(state, &batch, err);
        if (batch.release) /* not taken */
            batch.release(&batch);
    }
    if (status == PF_OK)
        status = pf_parquet_writer.finish(state, written, err);
    if (status != PF_OK)
        pf_parquet_writer.abort(state);
    pf_parquet_writer.close(state);
    return status;
}

static void expect_same(const struct pf_buf *a, const struct pf_buf *b) {
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a->data, b->data, a->size);
}

static void threads_and_batches_do_not_show(void **state) {
    (void)state;
    static const char *const profiles[] = {"spark", "modern"};
    for (int p = 0; p < 2; p++) {
        make_table(128, p == 1);
        struct job job = {profiles[p], "snappy", "3K", "1111", "150K", NULL, 4000, 4000, 0};
        struct pf_buf want = {0};
        assert_int_equal(write_job(&job, &want, NULL, NULL), PF_OK);
        assert_int_equal(commits, 1);
        assert_int_equal(aborts, 0);
        for (int threads = 1; threads <= 4; threads++) {
            struct pf_buf got = {0};
            assert_int_equal(pf_pool_open(threads, &job.pool, NULL), PF_OK);
            job.batch = threads == 1 ? 4000 : 1000 * threads - 777;
            struct pf_written written = {.struct_size = sizeof written};
            assert_int_equal(write_job(&job, &got, &written, NULL), PF_OK);
            pf_pool_close(&job.pool);
            assert_int_equal(written.rows, 4000);
            assert_int_equal(written.bytes, got.size);
            expect_same(&want, &got);
            pf_buf_clear(&got);
        }
        assert_int_equal(batches_alive, 0);
        pf_buf_clear(&want);
        drop_table();
    }
}

static void a_table_without_rows_is_a_file(void **state) {
    (void)state;
    make_table(3, false);
    struct job job = {.batch = 1};
    struct pf_buf to = {0};
    struct pf_written written = {.struct_size = sizeof written};
    assert_int_equal(write_job(&job, &to, &written, NULL), PF_OK);
    assert_int_equal(written.rows, 0);
    assert_memory_equal(to.data, "PAR1", 4);
    assert_memory_equal(to.data + to.size - 4, "PAR1", 4);
    pf_buf_clear(&to);
    drop_table();
}

static void every_failed_allocation_ends_cleanly(void **state) {
    (void)state;
    make_table(128, true);
    struct job job = {"modern", "zstd", "2K", "700", "32M", NULL, 500, 1500, 0};
    struct pf_buf want = {0};
    assert_int_equal(write_job(&job, &want, NULL, NULL), PF_OK);
    int64_t nth = 1, step = 1;
    for (;; nth += step) {
        struct pf_buf to = {0};
        struct pf_error err = PF_ERROR_INIT;
        pf_mem_fail_from(nth);
        pf_status status = write_job(&job, &to, NULL, &err);
        pf_mem_fail_from(0);
        assert_int_equal(batches_alive, 0);
        if (status == PF_OK) {
            expect_same(&want, &to);
            pf_buf_clear(&to);
            break;
        }
        assert_int_equal(status, PF_NO_MEMORY);
        assert_int_equal(commits, 0);
        assert_null(to.data);
        step = 1 + nth / 40; /* densely at first, then fewer */
    }
    assert_true(nth > 100);
    pf_buf_clear(&want);
    drop_table();
}

static void failures_in_a_pool_are_said_once_and_stick(void **state) {
    (void)state;
    make_table(20, false);
    struct pf_pool *pool;
    assert_int_equal(pf_pool_open(2, &pool, NULL), PF_OK);
    struct job job = {"spark", "snappy", "1M", "100", "32M", pool, 100, 0, 0};
    struct pf_host host = {.struct_size = sizeof host, .data = &job, .job_get = get_option, .pool = pool};
    struct pf_buf to = {0};
    struct pf_begin begin = {.struct_size = sizeof begin,
                             .host = &host,
                             .schema = &table.schema,
                             .open_sink = open_memory,
                             .ctx = &to};
    pf_writer_state *w;
    struct pf_error err = PF_ERROR_INIT, again = PF_ERROR_INIT;
    aborts = commits = 0;
    assert_int_equal(pf_parquet_writer.begin(&begin, &w, NULL), PF_OK);
    struct ArrowArray batch;
    make_batch(0, 50, &batch);
    assert_int_equal(pf_parquet_writer.write(w, &batch, &err), PF_OK);
    make_batch(0, 50, &batch);
    struct ArrowArray *child = batch.children[11]; /* int64_required */
    assert_string_equal(table.columns[11]->name, "int64_required");
    child->null_count = 1;
    child->buffers[0] = "\xFF\xFF\xFF\xFD\xFF\xFF\xFF\xFF"; /* 50 + 3 bits */
    assert_int_equal(pf_parquet_writer.write(w, &batch, &err), PF_OK);
    pf_status status = pf_parquet_writer.finish(w, NULL, &err);
    assert_int_equal(status, PF_BAD_DATA);
    assert_non_null(strstr(err.where, "int64_required"));
    assert_int_equal(err.row, 50 + 25 - 3 + 1);
    make_batch(0, 50, &batch);
    assert_int_equal(pf_parquet_writer.write(w, &batch, &again), PF_BAD_DATA);
    assert_memory_equal(&err, &again, sizeof err);
    batch.release(&batch);
    pf_parquet_writer.abort(w);
    pf_parquet_writer.close(w);
    assert_true(aborts == 1 && commits == 0 && to.data == NULL && batches_alive == 0);
    pf_pool_close(&pool);
    drop_table();
}

static void calls_out_of_order_are_refused(void **state) {
    (void)state;
    make_table(3, false);
    struct job job = {.batch = 1};
    struct pf_host host = {.struct_size = sizeof host, .data = &job, .job_get = get_option};
    struct pf_buf to = {0};
    struct pf_begin begin = {.struct_size = sizeof begin,
                             .host = &host,
                             .schema = &table.schema,
                             .open_sink = open_memory,
                             .ctx = &to};
    pf_writer_state *w;
    struct ArrowArray batch;
    assert_int_equal(pf_parquet_writer.begin(&begin, &w, NULL), PF_OK);
    assert_int_equal(pf_parquet_writer.bytes_so_far(w), 4);
    assert_int_equal(pf_parquet_writer.finish(w, NULL, NULL), PF_OK);
    assert_int_equal(pf_parquet_writer.bytes_so_far(w), to.size);
    assert_int_equal(pf_parquet_writer.finish(w, NULL, NULL), PF_STATE);
    make_batch(0, 5, &batch);
    assert_int_equal(pf_parquet_writer.write(w, &batch, NULL), PF_STATE);
    batch.release(&batch);
    pf_parquet_writer.close(w);
    pf_buf_clear(&to);
    assert_int_equal(pf_parquet_writer.begin(&begin, &w, NULL), PF_OK);
    pf_parquet_writer.abort(w);
    assert_int_equal(pf_parquet_writer.finish(w, NULL, NULL), PF_STATE);
    pf_parquet_writer.close(w);
    aborts = 0;
    assert_int_equal(pf_parquet_writer.begin(&begin, &w, NULL), PF_OK);
    pf_parquet_writer.close(w); /* neither finished nor given up */
    assert_int_equal(aborts, 1);
    drop_table();
}

static void batches_that_do_not_fit_their_schema(void **state) {
    (void)state;
    make_table(3, false);
    struct job job = {.batch = 1};
    struct pf_host host = {.struct_size = sizeof host, .data = &job, .job_get = get_option};
    struct pf_buf to = {0};
    struct pf_begin begin = {.struct_size = sizeof begin,
                             .host = &host,
                             .schema = &table.schema,
                             .open_sink = open_memory,
                             .ctx = &to};
    for (int fault = 0; fault < 3; fault++) {
        pf_writer_state *w;
        struct ArrowArray batch;
        assert_int_equal(pf_parquet_writer.begin(&begin, &w, NULL), PF_OK);
        make_batch(0, 10, &batch);
        if (fault == 0)
            batch.n_children = 2;
        else if (fault == 1)
            batch.length = 11;
        else
            batch.buffers[0] = "\xFE\xFF";
        assert_int_equal(pf_parquet_writer.write(w, &batch, NULL), PF_BAD_DATA);
        assert_non_null(batch.release); /* still the caller's */
        batch.n_children = 3;
        batch.release(&batch);
        pf_parquet_writer.abort(w);
        pf_parquet_writer.close(w);
    }
    struct ArrowSchema flat = {.format = "l", .release = release_nothing};
    begin.schema = &flat;
    pf_writer_state *w;
    assert_int_equal(pf_parquet_writer.begin(&begin, &w, NULL), PF_ARGUMENT);
    drop_table();
}

static void cancel_comes_through(void **state) {
    (void)state;
    make_table(128, false);
    for (int after = 1; after < 200; after = after * 3) {
        struct job job = {"spark", "snappy", "500", "400", "32M", NULL, 100, 2000, after};
        struct pf_buf to = {0};
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(write_job(&job, &to, NULL, &err), PF_CANCELLED);
        assert_true(commits == 0 && aborts == 1 && to.data == NULL && batches_alive == 0);
    }
    drop_table();
}

static void batches_are_let_go_when_their_group_is_written(void **state) {
    (void)state;
    make_table(10, false);
    struct job job = {"spark", "snappy", "1M", "100", "32M", NULL, 100, 0, 0};
    struct pf_host host = {.struct_size = sizeof host, .data = &job, .job_get = get_option};
    struct pf_buf to = {0};
    struct pf_begin begin = {.struct_size = sizeof begin,
                             .host = &host,
                             .schema = &table.schema,
                             .open_sink = open_memory,
                             .ctx = &to};
    pf_writer_state *w;
    assert_int_equal(pf_parquet_writer.begin(&begin, &w, NULL), PF_OK);
    for (int i = 0; i < 10; i++) {
        struct ArrowArray batch;
        make_batch(i * 50, 50, &batch);
        assert_int_equal(pf_parquet_writer.write(w, &batch, NULL), PF_OK);
        assert_true(batches_alive <= 1);
    }
    pf_parquet_writer.close(w);
    assert_int_equal(batches_alive, 0);
    pf_buf_clear(&to);
    drop_table();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_and_batches_do_not_show),
        cmocka_unit_test(a_table_without_rows_is_a_file),
        cmocka_unit_test(every_failed_allocation_ends_cleanly),
        cmocka_unit_test(failures_in_a_pool_are_said_once_and_stick),
        cmocka_unit_test(calls_out_of_order_are_refused),
        cmocka_unit_test(batches_that_do_not_fit_their_schema),
        cmocka_unit_test(cancel_comes_through),
        cmocka_unit_test(batches_are_let_go_when_their_group_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
