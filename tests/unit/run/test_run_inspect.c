/* test_run_inspect.c — the views of one input, the plan as text, and schema files. SPDX-License-Identifier: MIT */
#include <zlib.h>

#include "run/run_explain.h"
#include "run/run_inspect.h"
#include "toy_folder.h"

static char *json;
static struct toy_run run;
static pf_status inspect(const char *what, const char *const *options) {
    run = begin_toy(options);
    return run.status = pf_inspect_run(run.job, what, &json, &run.err);
}
#define INSPECT(what, ...) inspect(what, (const char *const[]){__VA_ARGS__, NULL})
static void done(void) {
    pf_mem_free(json);
    json = NULL;
    end_toy(&run);
}
static pf_json *parse(void) {
    pf_json *root = NULL;
    assert_good(&run);
    assert_int_equal(pf_json_parse(json, strlen(json), &root, NULL), PF_OK);
    return root;
}
static const char *text_of(const pf_json *object, const char *key) {
    const char *text = pf_json_as_text(pf_json_member(object, key));
    assert_non_null(text);
    return text;
}

static void info_is_exact_and_says_so(void **state) {
    write_text("a.toy", "x y\n1 1\n2 2\n3 odd\n");
    INSPECT("info", "input=a.toy");
    pf_json *root = parse();
    assert_string_equal(text_of(root, "file_name"), "a.toy");
    assert_string_equal(text_of(root, "file_type"), "TOY");
    int64_t number;
    bool flag;
    assert_true(pf_json_as_int(pf_json_member(root, "file_size"), &number) && number == 18);
    assert_true(pf_json_as_bool(pf_json_member(root, "exact"), &flag) && flag);
    const pf_json *columns = pf_json_member(pf_json_item(pf_json_member(root, "tables"), 0), "columns");
    assert_int_equal(pf_json_size(columns), 2);
    assert_string_equal(text_of(pf_json_item(columns, 0), "type"), "int64");
    assert_string_equal(text_of(pf_json_item(columns, 1), "type"), "text");
    pf_json_free(root);
    done();
    INSPECT("info", "input=a.toy", "types=survey");
    root = parse();
    assert_true(pf_json_as_bool(pf_json_member(root, "exact"), &flag) && !flag);
    pf_json_free(root);
    done();
}

static void sniff_gives_the_facts_as_what_they_are(void **state) {
    write_text("a.toy", "x\n1\n");
    INSPECT("sniff", "input=a.toy");
    assert_non_null(strstr(json, "\"confidence\": 0.5"));
    assert_non_null(strstr(json, "\"blank\": \" \""));
    done();
}

static void head_shows_cells_as_text_and_null_as_null(void **state) {
    write_text("a.toy", "x y\n1 a\n- b\n3 -\n4 d\n5 e\nodd f\n7 g\n");
    INSPECT("head", "input=a.toy", "limit=3");
    pf_json *root = parse();
    const pf_json *rows = pf_json_member(root, "rows");
    assert_int_equal(pf_json_size(rows), 3);
    assert_string_equal(pf_json_as_text(pf_json_item(pf_json_item(rows, 0), 0)), "1");
    assert_null(pf_json_as_text(pf_json_item(pf_json_item(rows, 1), 0)));
    pf_json_free(root);
    done();
    INSPECT("head", "input=a.toy"); /* the odd one makes the types be proved */
    root = parse();
    assert_int_equal(pf_json_size(pf_json_member(root, "rows")), 7);
    assert_string_equal(text_of(pf_json_item(pf_json_member(root, "columns"), 0), "type"), "text");
    pf_json_free(root);
    done();
}

static void inputs_are_the_files_of_patterns_and_folders(void **state) {
    write_text("p1.toy", "x\n1\n");
    write_text("p2.toy", "x\n2\n");
    write_text(".p3.toy", "x\n3\n");
    INSPECT("inputs", "input=p*.toy");
    pf_json *root = parse();
    const pf_json *names = pf_json_member(root, "inputs");
    assert_int_equal(pf_json_size(names), 2);
    assert_non_null(strstr(pf_json_as_text(pf_json_item(names, 1)), "/p2.toy"));
    pf_json_free(root);
    done();
    INSPECT("inputs", "input=gone.toy"); /* told by who opens it */
    root = parse();
    assert_int_equal(pf_json_size(pf_json_member(root, "inputs")), 1);
    pf_json_free(root);
    done();
    assert_int_equal(INSPECT("inputs", "limit=1"), PF_ARGUMENT);
    done();
}

static void validate_lists_problems_and_is_no_failure_itself(void **state) {
    bool flag;
    write_text("a.toy", "x\n1\n!no\n");
    INSPECT("validate", "input=a.toy");
    pf_json *root = parse();
    assert_true(pf_json_as_bool(pf_json_member(root, "valid"), &flag) && !flag);
    assert_string_equal(text_of(pf_json_item(pf_json_member(root, "problems"), 0), "kind"), "rejected-row");
    pf_json_free(root);
    done();
    write_text("b.toy", "x\n1\n2\n3\nodd\n");
    INSPECT("validate", "input=b.toy");
    root = parse();
    assert_true(pf_json_as_bool(pf_json_member(root, "valid"), &flag) && flag);
    pf_json_free(root);
    done();
    write_text("e.toy", "");
    INSPECT("validate", "input=e.toy");
    root = parse();
    assert_true(pf_json_as_bool(pf_json_member(root, "valid"), &flag) && !flag);
    assert_non_null(strstr(json, "BAD_DATA"));
    pf_json_free(root);
    done();
    assert_int_equal(INSPECT("validate", "input=gone.toy"), PF_NOT_FOUND);
    done();
}

static void a_schema_given_back_gives_the_same_bytes(void **state) {
    write_text("a.toy", "x y x\n1 1 7\n2 2 8\n3 odd 9\n");
    INSPECT("schema", "input=a.toy", "blank=q");
    assert_good(&run);
    assert_non_null(strstr(json, "\"blank\": \"q\""));
    write_text("s.json", json);
    done();
    run = RUN("input=a.toy", "output=one.toy");
    assert_good(&run);
    end_toy(&run);
    run = RUN("input=a.toy", "output=two.toy", "schema=s.json");
    assert_good(&run);
    assert_int_equal(run.result->files[0].laps, 1);
    assert_string_equal(pf_job_value_of(run.job, "blank")->who_name, "schema");
    end_toy(&run);
    assert_string_equal(read_text("one.toy"), "x y x_2\n1 1 7\n2 2 8\n3 odd 9\n");
    assert_string_equal(read_text("two.toy"), "x y x_2\n1 1 7\n2 2 8\n3 odd 9\n");
    run = RUN("input=a.toy", "output=three.toy", "schema=s.json", "columns=x");
    assert_int_equal(run.status, PF_ARGUMENT);
    end_toy(&run);
}

static void a_schema_made_by_hand_chooses_and_refuses(void **state) {
    write_text("a.toy", "x y\n1 1\n2 2\n");
    write_text("s.json", "{\"columns\": [{\"name\": \"second\", \"type\": \"text\", \"source\": \"y\"}]}");
    run = RUN("input=a.toy", "output=o.toy", "schema=s.json");
    assert_good(&run);
    assert_string_equal(read_text("o.toy"), "second\n1\n2\n");
    assert_int_equal(pf_notices_count(&run.result->files[0].tables[0].notices, "column-left-out"), 1);
    end_toy(&run);
    const char *const wrong[][2] = {
        {"{\"columns\": [{\"name\": \"z\", \"type\": \"text\"}]}", "wants a column 'z'"},
        {"{\"columns\": []}", "list of columns"},
        {"{\"columns\": [{\"name\": \"x\"}]}", "no type"},
        {"{\"columns\": [{\"name\": \"x\", \"type\": \"moon\"}]}", "moon"},
        {"{\"columns\": [{\"name\": \"x\", \"type\": \"text\"}, {\"name\": \"x\", \"type\": \"text\"}]}",
         "twice"},
        {"{\"columns\": [{\"name\": \"x\", \"type\": \"text\"}], \"options\": {\"nonsense\": 1}}", "nonsense"},
        {"{\"columns\": [{\"name\": \"x\", \"type\": \"text\"}], \"options\": {\"limit\": []}}", "limit"},
        {"{\"col", ""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        write_text("s.json", wrong[i][0]);
        run = RUN("input=a.toy", "output=p.toy", "schema=s.json");
        assert_true(run.status == PF_BAD_DATA || run.status == PF_ARGUMENT);
        if (!strstr(run.err.message, wrong[i][1]))
            fail_msg("%s", run.err.message);
        assert_null(read_text("p.toy"));
        end_toy(&run);
    }
    write_text("s.json", "{\"columns\": [{\"name\": \"x\", \"type\": \"int64\"}], \"options\": {\"limit\": 1, "
                         "\"source-file\": false}}");
    run = RUN("input=a.toy", "output=q.toy", "schema=s.json");
    assert_string_equal(read_text("q.toy"), "x\n1\n");
    end_toy(&run);
}

static void an_archive_of_one_is_looked_into_and_of_several_refused(void **state) {
    uint8_t packed[200];
    uLongf size = sizeof packed;
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t) "x\n1\n2\n3\nodd\n";
    z.avail_in = 12;
    z.next_out = packed;
    z.avail_out = (uInt)size;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    write_bytes("a.toy.gz", packed, z.total_out);
    deflateEnd(&z);
    INSPECT("info", "input=a.toy.gz");
    assert_good(&run);
    assert_non_null(strstr(json, "\"compressed\": true"));
    done();
    run = RUN("input=a.toy.gz", "format=toy");
    assert_good(&run);
    assert_string_equal(read_text("a.toy"), "x\n1\n2\n3\nodd\n");
    assert_int_equal(run.result->files[0].laps, 2);
    end_toy(&run);
}

static void explain_tells_who_set_what_and_writes_nothing(void **state) {
    char *text;
    write_text("a.toy", "x\n1\n");
    run = begin_toy((const char *const[]){"input=a.toy", "format=toy", "toy-level=7", "type=x=double", NULL});
    assert_int_equal(pf_explain(run.job, &text, &run.err), PF_OK);
    const char *const lines[] = {
        "reader\ttoy\tdetected\n",    "writer\ttoy\tuser\n", "toy-level\t7\tuser\n", "names\tkeep\tdefault\n",
        "column x\tdouble\tsurvey\n", "engine\tnative\t",    "problem\tthe output '"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!strstr(text, lines[i]))
            fail_msg("no %s in\n%s", lines[i], text);
    assert_int_equal(count_files(NULL), 1);
    pf_mem_free(text);
    end_toy(&run);
    run = begin_toy((const char *const[]){"input=gone.toy", "format=toy", NULL});
    assert_int_equal(pf_explain(run.job, &text, &run.err), PF_OK);
    assert_non_null(strstr(text, "problem\t"));
    pf_mem_free(text);
    end_toy(&run);
}

static void unknown_views_and_many_inputs_are_refused(void **state) {
    write_text("a.toy", "x\n1\n"), write_text("b.toy", "x\n1\n");
    assert_int_equal(INSPECT("moon", "input=a.toy"), PF_ARGUMENT);
    done();
    assert_int_equal(INSPECT("cells", "input=a.toy"), PF_ARGUMENT);
    done();
    assert_int_equal(INSPECT("info", "input=a.toy", "input=b.toy"), PF_ARGUMENT);
    done();
}

static void failing_allocations_are_told(void **state) {
    static const char *const views[] = {"info", "sniff", "schema", "validate", "head", "inputs"};
    write_text("a.toy", "x y\n1 1\n2 2\n!no\n3 odd\n");
    for (size_t v = 0; v < 5; v++)
        for (int64_t nth = 1;; nth++) {
            run = begin_toy((const char *const[]){"input=a.toy", "threads=1", NULL});
            pf_mem_fail_from(nth);
            run.status = pf_inspect_run(run.job, views[v], &json, &run.err);
            bool reached = pf_mem_count() >= nth;
            pf_mem_fail_from(0);
            if (run.status != PF_OK)
                assert_int_equal(run.status, PF_NO_MEMORY);
            bool good = run.status == PF_OK;
            done();
            assert_true(reached || good);
            if (!reached)
                break;
        }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(info_is_exact_and_says_so),
        TEST(sniff_gives_the_facts_as_what_they_are),
        TEST(head_shows_cells_as_text_and_null_as_null),
        TEST(validate_lists_problems_and_is_no_failure_itself),
        TEST(inputs_are_the_files_of_patterns_and_folders),
        TEST(a_schema_given_back_gives_the_same_bytes),
        TEST(a_schema_made_by_hand_chooses_and_refuses),
        TEST(an_archive_of_one_is_looked_into_and_of_several_refused),
        TEST(explain_tells_who_set_what_and_writes_nothing),
        TEST(unknown_views_and_many_inputs_are_refused),
        TEST(failing_allocations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
