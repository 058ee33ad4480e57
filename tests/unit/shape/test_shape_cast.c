/* test_shape_cast.c — casts keep every value or say where one does not fit.        SPDX-License-Identifier: MIT */
#include "shape_rows.h"

static char told[2048];
static int64_t told_rows, told_count;

static void note(struct pf_host *host, const struct pf_notice *notice) {
    (void)host;
    sprintf(told + strlen(told), "%s %s: %s;", notice->kind, notice->column, notice->detail);
    told_rows = notice->row;
    told_count = notice->count;
}

static struct pf_host host = {.struct_size = sizeof host, .notice = note};

/* A table of one column through a shape. */
static pf_status run_cast(const char *from, const char *cells, const char *to, int32_t on_bad, char *result,
                          struct pf_error *err) {
    struct ArrowSchema in, out = {0};
    struct ArrowArray column, batch, made = {0};
    struct pf_type target;
    pf_shape_state *state;
    int32_t done;
    told[0] = 0;
    assert_int_equal(pf_schema_struct(&in, 1, NULL), PF_OK);
    make_field(in.children[0], "col", from);
    make_column(from, cells, &column);
    struct ArrowArray *dictionary = column.dictionary;
    int64_t rows = column.length;
    assert_int_equal(pf_batch_wrap(&column, 1, rows, &batch, NULL), PF_OK);
    pf_status status;
    if (strcmp(to, "everything as text") == 0)
        status = pf_shape_text.begin(NULL, &in, &host, &state, &out, err);
    else {
        assert_int_equal(pf_type_parse(to, &target, NULL), PF_OK);
        struct pf_cast_args args = {1, &target, on_bad};
        status = pf_shape_cast.begin(&args, &in, &host, &state, &out, err);
    }
    pf_schema_release(&in);
    if (status == PF_OK) {
        const struct pf_shape *shape = &pf_shape_cast;
        status = shape->apply(state, &batch, &made, &done, err);
        if (status == PF_OK) {
            struct pf_type type;
            char text[96];
            assert_null(batch.release);
            assert_int_equal(pf_type_of(out.children[0], &type, NULL), PF_OK);
            pf_type_print(&type, text, sizeof text);
            if (strcmp(to, "everything as text") != 0) {
                pf_type_print(&target, result, 96);
                assert_string_equal(text, result);
            } else
                assert_string_equal(text, "text");
            assert_string_equal(out.children[0]->name, "col");
            print_column(&out, &made, 0, result);
        } else
            assert_null(made.release);
        shape->close(state);
    } else
        assert_null(state);
    pf_array_release(&batch);
    pf_array_release(&made);
    drop_dictionary(&batch, dictionary);
    pf_schema_release(&out);
    return status;
}

static const struct {
    const char *from, *cells, *to, *want;
} good[] = {
    /* what the profile spark asks for */
    {"time[us]", "47045000000,47045000001,-,0", "text", "13:04:05,13:04:05.000001,-,00:00:00"},
    {"time[ns]", "47045000000001", "text", "13:04:05.000000001"},
    {"time32[s]", "86399", "text", "23:59:59"},
    {"time32[ms]", "1500", "text", "00:00:01.500"},
    {"duration[s]", "3,-4,-", "int64", "3000000,-4000000,-"},
    {"duration[us]", "3,-4,-", "int64", "3,-4,-"},
    {"duration[ns]", "3000,-4000", "int64", "3,-4"},
    {"uint64", "18446744073709551615,0,-", "decimal(20,0)", "18446744073709551615,0,-"},
    {"uint8", "255,0", "int16", "255,0"},
    {"uint16", "65535", "int32", "65535"},
    {"uint32", "4294967295,-", "int64", "4294967295,-"},
    {"null", "-,-", "text", "-,-"},
    {"null", "-", "decimal(5,2)", "-"},
    {"timestamp[ns]", "1000,-2000,-", "timestamp[us]",
     "1970-01-01T00:00:00.000001,1969-12-31T23:59:59.999998,-"},
    {"timestamp[ns, UTC]", "1001", "text", "1970-01-01T00:00:00.000001001Z"},
    {"date64", "86400000,-86400000,-", "date", "1970-01-02,1969-12-31,-"},
    {"float", "0.1,-,nan", "double", "0.10000000149011612,-,nan"},
    {"timestamp[us]", "5000000", "timestamp[us, UTC]", "1970-01-01T00:00:05Z"},
    /* the widenings of the join */
    {"int8", "-128,127,-", "int64", "-128,127,-"},
    {"int64", "9223372036854775807,-9223372036854775808", "decimal(21,2)",
     "9223372036854775807.00,-9223372036854775808.00"},
    {"int64", "9007199254740992,-5,-", "double", "9007199254740992,-5,-"},
    {"int64", "-9223372036854775808", "double", "-9223372036854775808"},
    {"uint64", "9223372036854775808", "double", "9223372036854775808"},
    {"int16", "-32768", "float", "-32768"},
    {"int64", "16777216", "float", "16777216"},
    {"decimal(5,2)", "1.25,-3.00,-", "decimal(9,4)", "1.2500,-3.0000,-"},
    {"decimal(9,4)", "1.2500", "decimal(5,2)", "1.25"},
    {"decimal256(50,2)", "1.25,-99999999999999999999999999999999.99", "decimal(38,2)",
     "1.25,-99999999999999999999999999999999.99"},
    {"date", "19782,-1,-", "timestamp[us]", "2024-02-29T00:00:00,1969-12-31T00:00:00,-"},
    {"date", "1", "timestamp[ns]", "1970-01-02T00:00:00"},
    {"date", "1", "date64", "1970-01-02"},
    {"date64", "86400000", "timestamp[s]", "1970-01-02T00:00:00"},
    {"timestamp[s]", "1,-", "timestamp[ns]", "1970-01-01T00:00:01,-"},
    {"time32[s]", "5", "time[ns]", "00:00:05"},
    {"time[us]", "5000000", "time32[s]", "00:00:05"},
    {"duration[s]", "5", "duration[ms]", "00:00:05"},
    {"int64", "5", "int8", "5"},
    {"int64", "5,-", "uint8", "5,-"},
    /* layouts */
    {"binary", "ab,-,", "text", "YWI=,-,"},
    {"fixed_binary(2)", "ab,-", "binary", "ab,-"},
    {"dictionary(int8, text)", "a,-,b", "text", "b,-,a"},
    {"dictionary(uint16, int32)", "7,-,8", "int64", "8,-,7"},
    {"dictionary(int32, int32)", "7,-,8", "int32", "8,-,7"},
    {"dictionary(int32, double)", "7,-,8.5", "double", "8.5,-,7"},
    {"dictionary(int32, bool)", "1,-,0", "bool", "false,-,true"},
    {"dictionary(int32, timestamp[us, UTC])", "1,2", "timestamp[us, UTC]",
     "1970-01-01T00:00:00.000002Z,1970-01-01T00:00:00.000001Z"},
    {"dictionary(int32, binary)", "x,y", "binary", "y,x"},
    {"dictionary(int32, date)", "1,-", "text", "-,1970-01-02"},
    {"int64", "5,-", "int64", "5,-"},
    /* everything to text */
    {"bool", "1,0,-", "everything as text", "true,false,-"},
    {"int64", "-5,-", "everything as text", "-5,-"},
    {"double", "0.1,1e300", "everything as text", "0.1,1e+300"},
    {"decimal(10,2)", "12.30", "everything as text", "12.30"},
    {"date", "0", "everything as text", "1970-01-01"},
    {"text", "as it is,-,", "everything as text", "as it is,-,"},
    {"null", "-", "everything as text", "-"},
};

static void every_documented_cast_keeps_the_value(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char result[1024];
        struct pf_error err = PF_ERROR_INIT;
        pf_status status = run_cast(good[i].from, good[i].cells, good[i].to, PF_BAD_FAIL, result, &err);
        if (status != PF_OK)
            fail_msg("%s to %s: %s", good[i].from, good[i].to, err.message);
        assert_string_equal(result, good[i].want);
    }
}

static const struct {
    const char *from, *cells, *to, *want; /* under null */
    const char *value;
} bad[] = {
    {"duration[ns]", "1000,1500,-,1999", "int64", "1,-,-,-", "00:00:00.000001500"},
    {"duration[s]", "5,9223372036854775807", "int64", "5000000,-", "2562047788015215:30:07"},
    {"timestamp[ns]", "1000,1", "timestamp[us]", "1970-01-01T00:00:00.000001,-",
     "1970-01-01T00:00:00.000000001"},
    {"timestamp[s]", "0,9223372036854775807", "timestamp[us]", "1970-01-01T00:00:00,-",
     "292277026596-12-04T15:30:07"},
    {"date", "0,2147483647", "timestamp[ns]", "1970-01-01T00:00:00,-", "5881580-07-11"},
    {"date64", "0,1", "date", "1970-01-01,-", "1970-01-01"},
    {"int64", "1,9007199254740993", "double", "1,-", "9007199254740993"},
    {"int64", "1,9223372036854775807", "double", "1,-", "9223372036854775807"},
    {"uint64", "1,18446744073709551615", "double", "1,-", "18446744073709551615"},
    {"int64", "1,16777217", "float", "1,-", "16777217"},
    {"int64", "1,128", "int8", "1,-", "128"},
    {"int64", "1,-1", "uint64", "1,-", "-1"},
    {"int64", "99,100", "decimal(3,1)", "99.0,-", "100"},
    {"decimal(9,4)", "1.2500,1.2501", "decimal(5,2)", "1.25,-", "1.2501"},
    {"decimal(9,4)", "1.0000,12345.0000", "decimal(5,2)", "1.00,-", "12345.0000"},
};

static void a_value_that_does_not_fit_fails_with_column_and_row(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char result[1024];
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(run_cast(bad[i].from, bad[i].cells, bad[i].to, PF_BAD_FAIL, result, &err),
                         PF_BAD_DATA);
        assert_int_equal(err.row, 2);
        assert_string_equal(err.where, "column 'col'");
        assert_non_null(strstr(err.message, bad[i].value));
    }
}

static void or_becomes_null_and_is_counted(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char result[1024];
        struct pf_error err = PF_ERROR_INIT;
        assert_int_equal(run_cast(bad[i].from, bad[i].cells, bad[i].to, PF_BAD_NULL, result, &err), PF_OK);
        assert_string_equal(result, bad[i].want);
        assert_int_equal(told_rows, 2);
        assert_int_equal(told_count, i == 0 ? 2 : 1);
        assert_non_null(strstr(told, "cast-null col: '"));
        assert_non_null(strstr(told, bad[i].value));
    }
}

static void casts_that_would_lose_something_are_refused_before_the_first_row(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"text", "int64"},
                                           {"double", "int64"},
                                           {"double", "float"},
                                           {"bool", "int8"},
                                           {"double", "decimal(10,2)"},
                                           {"timestamp[us]", "date"},
                                           {"time[us]", "int64"},
                                           {"text", "binary"},
                                           {"int64", "dictionary(int32, text)"},
                                           {"date", "time[us]"},
                                           {"decimal256(50,3)", "decimal(38,2)"},
                                           {"int64", "large_text"},
                                           {"int64", "bool"},
                                           {"date", "int32"},
                                           {"interval_months", "int32"},
                                           {"int64", "date"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char result[96];
        struct pf_error err = PF_ERROR_INIT;
        pf_status status = run_cast(pairs[i][0], "", pairs[i][1], PF_BAD_FAIL, result, &err);
        if (status != PF_UNSUPPORTED)
            fail_msg("%s to %s", pairs[i][0], pairs[i][1]);
        assert_string_equal(err.where, "column 'col'");
    }
}

static void a_cast_stands_in_the_metadata_of_its_column(void **state) {
    (void)state;
    struct ArrowSchema in, out;
    struct pf_type target = {.kind = PF_KIND_UTF8, .zone = ""};
    struct pf_cast_args args = {1, &target, PF_BAD_FAIL};
    pf_shape_state *shape;
    size_t size;
    assert_int_equal(pf_schema_struct(&in, 1, NULL), PF_OK);
    make_field(in.children[0], "t", "time[us]");
    assert_int_equal(pf_schema_set_meta(in.children[0], PF_META_SOURCE, "T", NULL), PF_OK);
    assert_int_equal(pf_schema_set_meta(in.children[0], PF_META_FORMAT, "dd/mm/yyyy", NULL), PF_OK);
    told[0] = 0;
    assert_int_equal(pf_shape_cast.begin(&args, &in, &host, &shape, &out, NULL), PF_OK);
    assert_string_equal(told, ""); /* why it is cast is known, and told, elsewhere */
    const char *text = pf_schema_meta(out.children[0], PF_META_CAST, &size);
    assert_int_equal(size, strlen("time[us] → text"));
    assert_memory_equal(text, "time[us] → text", size);
    assert_memory_equal(pf_schema_meta(out.children[0], PF_META_SOURCE, &size), "T", 1);
    assert_null(pf_schema_meta(out.children[0], PF_META_FORMAT, &size));
    pf_shape_cast.close(shape);
    pf_schema_release(&out);
    target.kind = -1; /* leave it */
    told[0] = 0;
    assert_int_equal(pf_shape_cast.begin(&args, &in, NULL, &shape, &out, NULL), PF_OK);
    assert_true(pf_schema_same(&in, &out));
    assert_string_equal(told, "");
    pf_shape_cast.close(shape);
    pf_schema_release(&out);
    args.count = 2;
    assert_int_equal(pf_shape_cast.begin(&args, &in, NULL, &shape, &out, NULL), PF_ARGUMENT);
    pf_schema_release(&in);
}

static void rows_are_counted_over_batches_and_unchanged_columns_are_moved(void **state) {
    (void)state;
    struct ArrowSchema in, out;
    struct ArrowArray columns[2], batch, made;
    struct pf_type targets[2] = {{.kind = PF_KIND_INT8, .zone = ""}, {.kind = -1}};
    struct pf_cast_args args = {2, targets, PF_BAD_FAIL};
    struct pf_error err = PF_ERROR_INIT;
    pf_shape_state *shape;
    int32_t done;
    assert_int_equal(pf_schema_struct(&in, 2, NULL), PF_OK);
    make_field(in.children[0], "n", "int64");
    make_field(in.children[1], "t", "text");
    assert_int_equal(pf_shape_cast.begin(&args, &in, NULL, &shape, &out, NULL), PF_OK);
    for (int round = 0; round < 2; round++) {
        make_column("int64", round ? "1,2,300" : "1,2,3,4", &columns[0]);
        make_column("text", round ? "a,b,c" : "a,b,c,d", &columns[1]);
        const void *data = columns[1].buffers[2];
        assert_int_equal(pf_batch_wrap(columns, 2, columns[0].length, &batch, NULL), PF_OK);
        pf_status status = pf_shape_cast.apply(shape, &batch, &made, &done, &err);
        assert_int_equal(status, round ? PF_BAD_DATA : PF_OK);
        if (!round)
            assert_ptr_equal(made.children[1]->buffers[2], data);
        pf_array_release(&batch);
        pf_array_release(&made);
    }
    assert_int_equal(err.row, 7);
    pf_shape_cast.close(shape);
    pf_schema_release(&in);
    pf_schema_release(&out);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    struct ArrowSchema in;
    assert_int_equal(pf_schema_struct(&in, 3, NULL), PF_OK);
    make_field(in.children[0], "n", "int64");
    make_field(in.children[1], "t", "binary");
    make_field(in.children[2], "k", "date");
    assert_int_equal(pf_schema_set_meta(in.children[0], "key", "value", NULL), PF_OK);
    pf_status status = PF_NO_MEMORY;
    for (int64_t nth = 1; status != PF_OK; nth++) {
        struct ArrowSchema out = {0};
        struct ArrowArray columns[3], batch, made = {0};
        pf_shape_state *shape = NULL;
        int32_t done;
        make_column("int64", "1,2,3,4", &columns[0]);
        make_column("binary", "a,b,c,d", &columns[1]);
        make_column("date", "1,-,3,4", &columns[2]);
        assert_int_equal(pf_batch_wrap(columns, 3, 4, &batch, NULL), PF_OK);
        pf_mem_fail_from(nth);
        status = pf_shape_text.begin(NULL, &in, NULL, &shape, &out, NULL);
        if (status == PF_OK) {
            status = pf_shape_text.apply(shape, &batch, &made, &done, NULL);
            pf_shape_text.close(shape);
        }
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        pf_array_release(&batch);
        pf_array_release(&made);
        pf_schema_release(&out);
        assert_true(nth < 300);
    }
    pf_shape_text.close(NULL);
    pf_schema_release(&in);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_documented_cast_keeps_the_value),
        cmocka_unit_test(a_value_that_does_not_fit_fails_with_column_and_row),
        cmocka_unit_test(or_becomes_null_and_is_counted),
        cmocka_unit_test(casts_that_would_lose_something_are_refused_before_the_first_row),
        cmocka_unit_test(a_cast_stands_in_the_metadata_of_its_column),
        cmocka_unit_test(rows_are_counted_over_batches_and_unchanged_columns_are_moved),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
