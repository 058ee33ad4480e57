/* test_run_rejects.c — many rejected rows, in memory and on disk.                SPDX-License-Identifier: MIT */
#include <errno.h>

#include "run/run_host.h"
#include "run/run_rejects.h"
#include "toy_folder.h"

static struct pf_rejects rejects;
static pf_status put(int64_t row, const char *reason, const void *raw, size_t size) {
    struct pf_reject reject = {.struct_size = sizeof reject,
                               .column_index = -1,
                               .row = row,
                               .line = row + 1,
                               .byte = -1,
                               .table = "t",
                               .expected = "int64",
                               .reason = reason,
                               .raw = raw,
                               .raw_size = size};
    return pf_rejects_put(&rejects, "f.csv", &reject, NULL);
}
static pf_status open_sink(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err) {
    pf_forge *forge = ctx;
    return pf_registry_store_for(forge->registry, "x")->open_sink(NULL, at("r.csv"), PF_SINK_REPLACE, out, err);
}
static pf_status write_all(struct toy_run *run) {
    struct pf_reject_file file = {0};
    struct pf_run_host host;
    pf_run_host_init(&host, run->job, NULL);
    host.defaults_only = true;
    struct pf_begin request = {.struct_size = sizeof request,
                               .host = &host.face,
                               .location = "r.csv",
                               .open_sink = open_sink,
                               .ctx = run->forge};
    pf_status status =
        pf_reject_file_begin(&file, pf_registry_writer(run->forge->registry, "csv"), &request, &run->err);
    if (status == PF_OK)
        status = pf_reject_file_append(&file, &rejects, &run->err);
    if (status == PF_OK)
        status = pf_reject_file_finish(&file, &run->err);
    pf_reject_file_clear(&file);
    return status;
}

static void more_than_memory_holds_goes_through_a_temporary_file(void **state) {
    static char raw[1000];
    struct toy_run run = begin_toy(NULL);
    rejects = (struct pf_rejects){.temp_folder = folder};
    for (int64_t row = 1; row <= 5000; row++) {
        memset(raw, 'a' + (int)(row % 26), sizeof raw);
        assert_int_equal(put(row, "because", raw, (size_t)(row % 1000)), PF_OK);
    }
    assert_true(rejects.spooled > 2000000);
    assert_int_equal(rejects.count, 5000);
    assert_int_equal(write_all(&run), PF_OK);
    pf_file file;
    struct pf_file_facts facts;
    assert_int_equal(pf_file_facts(at("r.csv"), true, &facts, NULL), PF_OK);
    char *text = pf_mem_zero((size_t)facts.size_bytes + 1, 1);
    size_t got;
    assert_int_equal(pf_file_open_read(at("r.csv"), &file, NULL), PF_OK);
    assert_int_equal(pf_file_read_at(file, 0, text, (size_t)facts.size_bytes, &got, "r", NULL), PF_OK);
    pf_file_close(&file, "r", NULL);
    int64_t lines = 0;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 5001);
    assert_non_null(strstr(text, "\nf.csv,t,3,4,,,int64,because,ddd,utf-8\n"));
    assert_non_null(strstr(text, "\nf.csv,t,5000,5001,,,int64,because,\"\",utf-8\n"));
    pf_mem_free(text);
    pf_rejects_clear(&rejects);
    assert_int_equal(rejects.count, 0);
    end_toy(&run);
}

static void bytes_that_are_no_text_are_base64(void **state) {
    struct toy_run run = begin_toy(NULL);
    rejects = (struct pf_rejects){.temp_folder = folder};
    assert_int_equal(put(1, NULL, "\xff", 1), PF_OK);
    assert_int_equal(put(2, NULL, "a\0", 2), PF_OK);
    assert_int_equal(put(3, NULL, "\xfe\xfd\xfc", 3), PF_OK);
    assert_int_equal(put(4, NULL, "é", 2), PF_OK);
    assert_int_equal(put(5, NULL, NULL, 0), PF_OK);
    assert_int_equal(write_all(&run), PF_OK);
    const char *got = read_text("r.csv");
    assert_non_null(strstr(got, "int64,,/w==,base64\n"));
    assert_non_null(strstr(got, "int64,,YQA=,base64\n"));
    assert_non_null(strstr(got, "int64,,/v38,base64\n"));
    assert_non_null(strstr(got, "int64,,é,utf-8\n"));
    assert_non_null(strstr(got, "int64,,,utf-8\n"));
    pf_rejects_clear(&rejects);
    end_toy(&run);
}

static void the_temporary_file_has_a_ceiling(void **state) {
    static char raw[600000];
    memset(raw, 'x', sizeof raw);
    rejects = (struct pf_rejects){.temp_folder = folder, .temp_limit = 2000000};
    pf_status status = PF_OK;
    for (int64_t row = 1; row < 10 && status == PF_OK; row++)
        status = put(row, "because", raw, sizeof raw);
    assert_int_equal(status, PF_LIMIT);
    pf_rejects_clear(&rejects);
}

static void failing_allocations_and_calls_are_told(void **state) {
    static char raw[700000];
    memset(raw, 'x', sizeof raw);
    for (int kind = 0; kind < 2; kind++)
        for (int64_t nth = 1; nth < 500; nth++) {
            struct toy_run run = begin_toy(NULL);
            rejects = (struct pf_rejects){.temp_folder = folder};
            if (kind)
                pf_file_fail_from(nth, ENOSPC);
            else
                pf_mem_fail_from(nth);
            pf_status status = put(1, "because", raw, sizeof raw);
            for (int64_t row = 2; row < 5 && status == PF_OK; row++)
                status = put(row, "because", raw, sizeof raw);
            if (status == PF_OK)
                status = write_all(&run);
            bool reached = (kind ? pf_file_calls() : pf_mem_count()) >= nth;
            pf_file_fail_from(0, 0);
            pf_mem_fail_from(0);
            pf_rejects_clear(&rejects);
            end_toy(&run);
            pf_file_remove(at("r.csv"), NULL);
            if (status != PF_OK)
                assert_int_equal(status, kind ? PF_IO : PF_NO_MEMORY);
            assert_true(reached || status == PF_OK);
            if (!reached)
                break;
        }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(more_than_memory_holds_goes_through_a_temporary_file),
        TEST(bytes_that_are_no_text_are_base64),
        TEST(the_temporary_file_has_a_ceiling),
        TEST(failing_allocations_and_calls_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
