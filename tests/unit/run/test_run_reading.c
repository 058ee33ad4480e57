/* test_run_reading.c — laps over real CSV that are thrown away and mended; streams.    SPDX-License-Identifier: MIT */
#include "columns/columns_stream.h"
#include "run/run_read.h"
#include "toy_folder.h"

static const char *type_of(const struct toy_run *run, const char *column) {
    static char type[64];
    char key[80];
    snprintf(key, sizeof key, "\"name\":\"%s\",\"type\":\"", column);
    const char *at_type = strstr(run->result->files[0].tables[0].columns, key);
    assert_non_null(at_type);
    snprintf(type, sizeof type, "%.*s", (int)strcspn(at_type + strlen(key), "\""), at_type + strlen(key));
    return type;
}

static void nanoseconds_are_microseconds_where_that_is_exact(void **state) {
    write_text("a.csv", "t,n\n2021-01-01 10:00:00.123456000,1\n2021-01-01 10:00:00.5,2\n");
    struct toy_run run = RUN("input=a.csv", "output=o.parquet");
    assert_good(&run);
    assert_string_equal(type_of(&run, "t"), "timestamp[us]");
    assert_int_equal(run.result->files[0].laps, 1);
    assert_int_equal(pf_notices_count(&run.result->files[0].tables[0].notices, "cast"), 1);
    end_toy(&run);
}

static void nanoseconds_that_are_not_become_text_as_they_were_spelled(void **state) {
    write_text("a.csv", "t,u,v\n"
                        "2021-01-01 10:00:00.1234567,2021-01-01 10:00:00.1234560,2021-01-01 10:00:00.1234560\n"
                        "2021-01-01 10:00:00.5,2021-01-01 10:00:00.7,2021-01-01T10:00:00.123456789\n");
    struct toy_run run = RUN("input=a.csv", "output=o.parquet");
    assert_good(&run);
    assert_string_equal(type_of(&run, "t"), "text");
    assert_int_equal(pf_result_sum(run.result, "rows-out"), 2);
    assert_int_equal(pf_result_sum(run.result, "rows-in"), 2);
    assert_true(run.result->files[0].laps > 1);
    end_toy(&run);
    run = RUN("input=a.csv", "output=o.csv", "columns=t,v"); /* CSV holds them as they are */
    assert_good(&run);
    assert_string_equal(read_text("o.csv"), "t,v\n2021-01-01 10:00:00.123456700,2021-01-01 10:00:00.123456\n"
                                            "2021-01-01 10:00:00.500000,2021-01-01 10:00:00.123456789\n");
    end_toy(&run);
}

static void integers_beside_doubles_stay_exact_over_all_inputs(void **state) {
    write_text("a.csv", "v,k\n9007199254740993,a\n");
    write_text("b.csv", "v,k\n0.50,b\n");
    write_text("c.csv", "v,k\n007,c\n");
    struct toy_run run = RUN("input=a.csv", "input=b.csv", "output=o.csv", "combine=");
    assert_good(&run);
    assert_string_equal(read_text("o.csv"), "v,k\n9007199254740993,a\n0.50,b\n");
    assert_true(run.result->files[0].laps > 1);
    end_toy(&run);
    write_text("a.csv", "v,k\n12,a\n");
    run = RUN("input=a.csv", "input=b.csv", "output=p.csv", "combine=", "force=");
    assert_good(&run);
    assert_string_equal(read_text("p.csv"), "v,k\n12,a\n0.5,b\n");
    assert_int_equal(run.result->files[0].laps, 1);
    end_toy(&run);
    run = RUN("input=a.csv", "input=b.csv", "input=c.csv", "output=q.csv", "combine=");
    assert_good(&run);
    assert_string_equal(read_text("q.csv"), "v,k\n12,a\n0.50,b\n007,c\n");
    end_toy(&run);
}

static void the_profile_holds_for_combined_tables_too(void **state) {
    write_text("a.csv", "t,k\n2021-01-01 10:00:00.1234567,1\n");
    write_text("b.csv", "t,k\n2021-01-01 10:00:00.5,2\n");
    struct toy_run run = RUN("input=a.csv", "input=b.csv", "output=o.parquet", "combine=");
    assert_good(&run);
    assert_string_equal(type_of(&run, "t"), "text");
    assert_int_equal(pf_result_sum(run.result, "rows-out"), 2);
    end_toy(&run);
    write_text("a.csv", "t,k\n2021-01-01 10:00:00.1234560,1\n");
    run = RUN("input=a.csv", "input=b.csv", "output=p.parquet", "combine=");
    assert_good(&run);
    assert_string_equal(type_of(&run, "t"), "timestamp[us]");
    assert_int_equal(pf_notices_count(&run.result->notices, "cast"), 1);
    end_toy(&run);
}

static void the_last_row_may_make_the_file_be_read_again(void **state) {
    char *text = pf_mem_alloc(3000000);
    size_t size = (size_t)sprintf(text, "v,w\n");
    for (int i = 0; i < 200000; i++)
        size += (size_t)sprintf(text + size, "%d,x\n", i % 1000);
    size += (size_t)sprintf(text + size, "last,x\n");
    write_bytes("a.csv", text, size);
    pf_mem_free(text);
    struct toy_run run = RUN("input=a.csv", "output=o.csv");
    assert_good(&run);
    assert_string_equal(type_of(&run, "v"), "text");
    const struct pf_notices *notices = &run.result->files[0].tables[0].notices;
    assert_int_equal(pf_notices_count(notices, "widened"), 1);
    for (size_t i = 0; i < notices->kind_count; i++)
        if (strcmp(notices->kinds[i].name, "widened") == 0) {
            assert_int_equal(notices->kinds[i].kept[0].row, 200001);
            assert_string_equal(notices->kinds[i].kept[0].column, "v");
        }
    end_toy(&run);
}

static void exact_streams_are_proved_and_trusted_ones_fail_late(void **state) {
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    struct ArrowSchema schema;
    struct pf_error err = PF_ERROR_INIT;
    write_text("a.toy", "x\n1\n2\n3\nodd\n");
    struct toy_run run = begin_toy((const char *const[]){"input=a.toy", NULL});
    assert_int_equal(pf_read_open(run.job, NULL, &stream, &err), PF_OK);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_string_equal(schema.children[0]->format, "u");
    schema.release(&schema);
    stream.release(&stream);
    assert_int_equal(pf_job_put(run.job, "types", "survey", PF_BY_USER, "user", NULL), PF_OK);
    assert_int_equal(pf_read_open(run.job, "a", &stream, &err), PF_OK);
    assert_int_equal(pf_stream_next(&stream, NULL, &batch, &err), PF_OK);
    batch.release(&batch);
    assert_int_equal(pf_stream_next(&stream, NULL, &batch, &err), PF_BAD_DATA);
    assert_non_null(strstr(err.message, "types=exact"));
    assert_int_equal(pf_stream_next(&stream, NULL, &batch, &err), PF_BAD_DATA);
    stream.release(&stream);
    assert_int_equal(pf_read_open(run.job, "b", &stream, &err), PF_NOT_FOUND);
    end_toy(&run);
    run = begin_toy((const char *const[]){"input=gone.toy", NULL});
    assert_int_equal(pf_read_open(run.job, NULL, &stream, &err), PF_NOT_FOUND);
    end_toy(&run);
}

static void failing_allocations_of_a_stream_are_told(void **state) {
    write_text("a.toy", "x\n1\n2\n3\n");
    for (int64_t nth = 1;; nth++) {
        struct ArrowArrayStream stream = {0};
        struct ArrowArray batch = {0};
        struct toy_run run = begin_toy((const char *const[]){"input=a.toy", "threads=1", NULL});
        pf_mem_fail_from(nth);
        pf_status status = pf_read_open(run.job, NULL, &stream, &run.err);
        if (status == PF_OK)
            status = pf_stream_next(&stream, NULL, &batch, &run.err);
        bool reached = pf_mem_count() >= nth;
        pf_mem_fail_from(0);
        if (batch.release)
            batch.release(&batch);
        pf_stream_release(&stream);
        end_toy(&run);
        assert_int_equal(status, reached ? PF_NO_MEMORY : PF_OK);
        if (!reached)
            return;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(nanoseconds_are_microseconds_where_that_is_exact),
        TEST(nanoseconds_that_are_not_become_text_as_they_were_spelled),
        TEST(integers_beside_doubles_stay_exact_over_all_inputs),
        TEST(the_profile_holds_for_combined_tables_too),
        TEST(the_last_row_may_make_the_file_be_read_again),
        TEST(exact_streams_are_proved_and_trusted_ones_fail_late),
        TEST(failing_allocations_of_a_stream_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
