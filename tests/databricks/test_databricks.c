/* test_databricks.c — the descriptor: when it is of use, and what a job is asked before it begins.
 * SPDX-License-Identifier: MIT */
#include "dbx_disk.h"
#include "pyforge/extension.h"
#include "small_world.h"

#define VOLUME "/Volumes/main/raw/in"

const struct pf_extension *pyforge_extension_v1(void);

static const char *options[8][2];
static const char *get_option(struct pf_host *host, const char *key) {
    for (size_t i = 0; i < 8 && options[i][0]; i++)
        if (strcmp(options[i][0], key) == 0)
            return options[i][1];
    return NULL;
}
static struct pf_host host = {.struct_size = sizeof host, .job_get = get_option};

static pf_status before(const char *output, bool force, const char *temp_dir, struct pf_error *err) {
    options[0][0] = "output", options[0][1] = output;
    options[1][0] = "force", options[1][1] = force ? "1" : NULL;
    options[2][0] = "temp-dir", options[2][1] = temp_dir;
    *err = (struct pf_error){.struct_size = sizeof *err};
    return pyforge_extension_v1()->hooks->pre(&host, NULL, NULL, err);
}

static int begin_volume(void **state) {
    begin_world("DATABRICKS_RUNTIME_VERSION=15.4", "/databricks|" VOLUME "|/local_disk0");
    return 0;
}

static void it_is_of_use_on_databricks_alone(void **state) {
    void *self = &self;
    struct pf_error err = {.struct_size = sizeof err};
    assert_int_equal(pyforge_extension_v1()->init(NULL, &self, &err), PF_OK);
    begin_world("DATABRICKS_HOST=https://x", VOLUME);
    assert_int_equal(pyforge_extension_v1()->init(NULL, &self, &err), PF_UNAVAILABLE);
    assert_non_null(strstr(err.message, "not compute of Databricks: no runtime version"));
}

static int told;
static void count_fact(void *ctx, const char *key, const char *value) {
    told++;
    assert_true(key[0] && value[0] && strcmp(value, "unknown") != 0);
}

static void facts_are_told_without_init(void **state) {
    told = 0;
    assert_int_equal(pyforge_extension_v1()->facts(NULL, count_fact, NULL, NULL), PF_OK);
    assert_in_range(told, 10, PF_DBX_FACTS);
}

static void it_watches_what_it_reads(void **state) {
    assert_ptr_equal(pyforge_extension_v1()->watch_env, pf_dbx_variables);
}

static void outputs_that_cannot_be_written_are_refused_before_work(void **state) {
    static const struct {
        const char *output;
        bool force;
        pf_status status;
        const char *says;
    } rows[] = {
        {VOLUME "/new.parquet", false, PF_OK, ""},
        {VOLUME "/not/there/new.parquet", false, PF_OK, ""},
        {VOLUME "/folder/", false, PF_OK, ""},
        {VOLUME "/", false, PF_OK, ""},
        {"dbfs:" VOLUME "/new.parquet", false, PF_OK, ""},
        {"/local_disk0/new.parquet", false, PF_OK, ""},
        {"file:/local_disk0/new.parquet", false, PF_OK, ""},
        {"-", false, PF_OK, ""},
        {NULL, false, PF_OK, ""},
        {VOLUME "/old.parquet", false, PF_EXISTS, "--force"},
        {"dbfs:/Volumes/MAIN/raw/in/old.parquet", false, PF_EXISTS, "--force"},
        {VOLUME "/old.parquet", true, PF_OK, ""},
        {VOLUME, false, PF_ARGUMENT, "a file in the volume"},
        {"/Volumes/main/raw/", false, PF_ARGUMENT, "a volume"},
        {"/Volumes/main/raw/none/x.parquet", false, PF_NOT_FOUND, "WRITE VOLUME on 'main.raw.none'"},
        {"/volumes/main/raw/in/x", false, PF_ARGUMENT, "capital V"},
        {"dbfs:/x", false, PF_UNSUPPORTED, "not mounted"},
        {"out.parquet", false, PF_ARGUMENT, "/out.parquet' if that is meant"},
        {"sub/out.parquet", false, PF_ARGUMENT, "relative"},
        {"a:b.parquet", false, PF_ARGUMENT, "relative"},
        {"s3://b/x.parquet", false, PF_UNSUPPORTED, "external volume"},
    };
    add_file(VOLUME "/old.parquet", "old");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_error err;
        pf_status status = before(rows[i].output, rows[i].force, NULL, &err);
        if (status != rows[i].status || (status && !strstr(err.message, rows[i].says)))
            fail_msg("%s: %d %s", rows[i].output ? rows[i].output : "none", status, err.message);
    }
}

static void a_volume_that_may_not_be_written_is_found_out_before_work(void **state) {
    struct pf_error err;
    int64_t calls = 1;
    bool refused = false;
    for (int64_t nth = 1; nth <= calls; nth++) {
        pf_dbx_disk_fail(nth, EACCES, true);
        pf_status status = before(VOLUME "/x/new.parquet", false, NULL, &err);
        calls = pf_dbx_disk_calls();
        pf_dbx_disk_fail(0, 0, false);
        refused |= status == PF_DENIED && strstr(err.message, "WRITE VOLUME on 'main.raw.in'");
    }
    assert_true(refused);
}

static void runtimes_without_volumes_are_refused_before_work(void **state) {
    struct pf_error err;
    begin_world("DATABRICKS_RUNTIME_VERSION=12.2", "/databricks|" VOLUME);
    assert_int_equal(before(VOLUME "/new.parquet", false, NULL, &err), PF_UNSUPPORTED);
    assert_non_null(strstr(err.message, "goes with the cluster"));
}

static void temporary_files_are_kept_off_the_mount(void **state) {
    static const struct {
        const char *folder;
        pf_status status;
    } rows[] = {{VOLUME "/tmp", PF_ARGUMENT},
                {"/dbfs/tmp", PF_ARGUMENT},
                {"/local_disk0/tmp", PF_OK},
                {"/tmp", PF_OK},
                {"tmp", PF_OK},
                {NULL, PF_OK}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_error err;
        assert_int_equal(before(VOLUME "/new.parquet", false, rows[i].folder, &err), rows[i].status);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_volume, end_world)
    const struct CMUnitTest tests[] = {
        TEST(it_is_of_use_on_databricks_alone),
        TEST(facts_are_told_without_init),
        TEST(it_watches_what_it_reads),
        TEST(outputs_that_cannot_be_written_are_refused_before_work),
        TEST(a_volume_that_may_not_be_written_is_found_out_before_work),
        TEST(runtimes_without_volumes_are_refused_before_work),
        TEST(temporary_files_are_kept_off_the_mount),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
