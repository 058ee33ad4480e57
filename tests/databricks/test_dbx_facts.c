/* test_dbx_facts.c — where a process runs: a matrix of machines, and what the answers cost.
 * SPDX-License-Identifier: MIT */
#include <pthread.h>

#include "dbx_disk.h"
#include "small_world.h"

/* What a row expects: "key=value" or "key=value?confidence", joined by blanks. */
struct row {
    const char *name;
    const char *variables;
    const char *paths;
    const char *expected;
};

#define CLASSIC_DISK "/databricks|/local_disk0/tmp|/databricks/DBR_VERSION="
static const struct row rows[] = {
    {"classic 10.4", "DATABRICKS_RUNTIME_VERSION=10.4", CLASSIC_DISK "10.4",
     "databricks=yes?certain where=compute compute=classic?certain runtime-version=10.4 spark-version=3.2.1 "
     "python-version=3.8?likely delta-version=1.1?likely volumes=no?certain lts=yes "
     "environment-version=unknown"},
    {"classic 11.3", "DATABRICKS_RUNTIME_VERSION=11.3", CLASSIC_DISK "11.3",
     "databricks=yes?certain compute=classic spark-version=3.3.0 volumes=no?certain"},
    {"classic 12.2", "DATABRICKS_RUNTIME_VERSION=12.2", CLASSIC_DISK "12.2|/Volumes/main/default/v",
     "databricks=yes?certain compute=classic spark-version=3.3.2 python-version=3.9 volumes=no?certain"},
    {"classic 13.2", "DATABRICKS_RUNTIME_VERSION=13.2", CLASSIC_DISK "13.2", "volumes=no?certain lts=no"},
    {"classic 13.3", "DATABRICKS_RUNTIME_VERSION=13.3", CLASSIC_DISK "13.3",
     "databricks=yes?certain compute=classic spark-version=3.4.1 volumes=yes?likely lts=yes "
     "scratch=/local_disk0/tmp"},
    {"classic 14.3", "DATABRICKS_RUNTIME_VERSION=14.3", CLASSIC_DISK "14.3",
     "spark-version=3.5.0 python-version=3.10.12?certain delta-version=3.1.0?certain volumes=yes"},
    {"classic 15.4", "DATABRICKS_RUNTIME_VERSION=15.4", CLASSIC_DISK "15.4",
     "spark-version=3.5.0 python-version=3.11.11 delta-version=3.2.0 java-version=8 scala-version=2.12 "
     "session=unknown "
     "access-mode=unknown cluster=unknown nodes=unknown"},
    {"classic 16.4", "DATABRICKS_RUNTIME_VERSION=16.4", CLASSIC_DISK "16.4",
     "spark-version=3.5.2 python-version=3.12.3 delta-version=3.3.1 scala-version=unknown java-version=17"},
    {"classic 17.3", "DATABRICKS_RUNTIME_VERSION=17.3", CLASSIC_DISK "17.3",
     "spark-version=4.0.0 delta-version=4.0.0 scala-version=2.13 lts=yes"},
    {"classic 18", "DATABRICKS_RUNTIME_VERSION=18.2", CLASSIC_DISK "18.2",
     "spark-version=4.1.0 delta-version=unknown"},
    {"classic 19", "DATABRICKS_RUNTIME_VERSION=19.0", CLASSIC_DISK "19.0",
     "spark-version=4.2.0 java-version=21"},
    {"a release from the future", "DATABRICKS_RUNTIME_VERSION=25.1", CLASSIC_DISK "25.1",
     "databricks=yes?certain compute=classic runtime-version=25.1 spark-version=unknown volumes=yes?likely"},
    {"machine learning", "DATABRICKS_RUNTIME_VERSION=15.4.x-cpu-ml-scala2.12", CLASSIC_DISK "15.4",
     "runtime=15.4.x-cpu-ml-scala2.12 runtime-version=15.4 scala-version=2.12?certain spark-version=3.5.0"},
    {"container services: no variable", "", CLASSIC_DISK "14.3",
     "databricks=yes?certain runtime=14.3 compute=classic volumes=yes"},
    {"container services without local disk", "", "/databricks/DBR_VERSION=14.3",
     "databricks=yes?likely compute=classic"},
    {"a version nobody knows", "DATABRICKS_RUNTIME_VERSION=latest", CLASSIC_DISK "",
     "databricks=yes?certain runtime=latest runtime-version=unknown compute=unknown volumes=unknown"},
    {"standard access mode",
     "DATABRICKS_RUNTIME_VERSION=15.4|SPARK_REMOTE=unix:///databricks/sparkconnect/grpc.sock;x",
     CLASSIC_DISK "15.4",
     "compute=classic access-mode=standard?likely spark-connect=yes?certain dbfs=no?likely"},
    {"a cluster with DBFS", "DATABRICKS_RUNTIME_VERSION=15.4", CLASSIC_DISK "15.4|/dbfs", "dbfs=yes?likely"},
    {"a cluster without DBFS", "DATABRICKS_RUNTIME_VERSION=15.4", CLASSIC_DISK "15.4", "dbfs=no?likely"},
    {"a job cluster", "DATABRICKS_RUNTIME_VERSION=15.4|DB_IS_JOB_CLUSTER=TRUE", CLASSIC_DISK "15.4",
     "cluster=job?likely"},
    {"an all-purpose cluster", "DATABRICKS_RUNTIME_VERSION=15.4|DB_IS_JOB_CLUSTER=FALSE", CLASSIC_DISK "15.4",
     "cluster=all-purpose?likely"},
    {"serverless v1", "DATABRICKS_RUNTIME_VERSION=client.1.13|IS_SERVERLESS=TRUE", "/databricks",
     "databricks=yes?certain compute=serverless?certain environment-version=1 runtime-version=14.3?likely "
     "python-version=3.10.12 volumes=yes?certain dbfs=no spark-connect=yes access-mode=serverless lts=unknown"},
    {"serverless v2", "DATABRICKS_RUNTIME_VERSION=client.2.5|IS_SERVERLESS=TRUE", "/databricks",
     "environment-version=2 python-version=3.11.10 spark-version=3.5.0?likely delta-version=unknown"},
    {"serverless v3", "DATABRICKS_RUNTIME_VERSION=client.3.3", "/databricks",
     "environment-version=3 python-version=3.12.3"},
    {"serverless v4", "DATABRICKS_RUNTIME_VERSION=client.4.9", "/databricks",
     "environment-version=4 runtime-version=17.3"},
    {"serverless v5", "DATABRICKS_RUNTIME_VERSION=client.5.1", "/databricks",
     "environment-version=5 runtime-version=18"},
    {"serverless of the future", "DATABRICKS_RUNTIME_VERSION=client.8.2", "/databricks",
     "compute=serverless?certain environment-version=8 runtime-version=unknown volumes=yes?certain"},
    {"serverless named by its runtime",
     "IS_SERVERLESS=TRUE|SPARK_CONNECT_MODE_ENABLED=1|DB_INSTANCE_TYPE=serverless_instance_a|"
     "DATABRICKS_RUNTIME_VERSION=client.14.3.x-scala2.12|POD_NAME=spark-abc-driver",
     "", "databricks=yes?certain compute=serverless?certain runtime-version=14.3 volumes=yes"},
    {"serverless without a version",
     "IS_SERVERLESS=TRUE|DB_INSTANCE_TYPE=serverless_instance_a|DATABRICKS_ENV_VERSION=4", "",
     "databricks=yes?likely compute=serverless?certain environment-version=4?likely runtime-version=17.3 "
     "volumes=yes"},
    {"a terminal on serverless",
     "DATABRICKS_RUNTIME_VERSION=client.5.1|IS_SERVERLESS=TRUE|DATABRICKS_CLI_PATH=/x|"
     "VIRTUAL_ENV=/local_disk0/.ephemeral_nfs/cluster_libraries/python",
     "/databricks", "session=terminal?guess compute=serverless"},
    {"a notebook with its own packages",
     "DATABRICKS_RUNTIME_VERSION=15.4|VIRTUAL_ENV=/local_disk0/.ephemeral_nfs/envs/pythonEnv-1",
     CLASSIC_DISK "15.4", "session=notebook?guess"},
    {"the sandbox of a function", "DATABRICKS_RUNTIME_VERSION=15.4|DB_SESSION_UUID=1", CLASSIC_DISK "15.4",
     "session=udf?likely"},
    {"a worker of Spark", "DATABRICKS_RUNTIME_VERSION=15.4|PYTHON_WORKER_FACTORY_PORT=1", CLASSIC_DISK "15.4",
     "session=executor?likely"},
    {"a shell whose environment was emptied", "", "/databricks|/local_disk0",
     "databricks=yes?guess volumes=unknown"},
    {"a shell of a standard cluster", "SPARK_REMOTE=unix:///databricks/sparkconnect/grpc.sock", "/databricks",
     "databricks=yes?likely"},
    /* lookalikes */
    {"an empty machine", "", "", "databricks=no?certain where=elsewhere compute=unknown volumes=no dbfs=no"},
    {"a laptop of the platform's command line", "DATABRICKS_HOST=https://x|DATABRICKS_TOKEN=secret", "",
     "databricks=no?certain where=elsewhere volumes=no"},
    {"a laptop with databricks-connect", "DATABRICKS_HOST=https://x|DATABRICKS_CLUSTER_ID=1", "",
     "databricks=no?certain where=connect-client?likely session=connect-client compute=unknown volumes=no"},
    {"a laptop with serverless databricks-connect",
     "DATABRICKS_HOST=https://x|DATABRICKS_SERVERLESS_COMPUTE_ID=auto", "",
     "databricks=no?certain where=connect-client?likely"},
    {"databricks-connect by address",
     "SPARK_REMOTE=sc://x.cloud.databricks.com:443/;token=secret|DATABRICKS_CLUSTER_ID=1", "",
     "databricks=no where=connect-client"},
    {"a container image", "", "/databricks/python3", "databricks=no?likely where=container"},
    {"a container with an empty version file", "",
     "/databricks/DBR_VERSION=", "databricks=no?likely where=container"},
    {"a Mac", "", "/Volumes/Macintosh/a/b", "databricks=no?certain where=elsewhere volumes=no"},
    {"a web app with a data base", "DB_HOST=localhost|DB_INSTANCE_TYPE=db.t3.micro", "",
     "databricks=no?certain"},
    {"pyspark with Connect", "SPARK_CONNECT_MODE_ENABLED=1|SPARK_REMOTE=sc://localhost", "",
     "databricks=no?certain where=elsewhere"},
    {"somebody else's serverless", "IS_SERVERLESS=true|POD_NAME=spark-x-driver", "", "databricks=no?certain"},
    {"the variable alone", "DATABRICKS_RUNTIME_VERSION=15.4", "",
     "databricks=yes?likely compute=classic?likely volumes=yes?likely"},
    {"a number that may be an environment's", "DATABRICKS_RUNTIME_VERSION=1.13", CLASSIC_DISK "1.13",
     "databricks=yes?certain compute=classic?guess volumes=unknown spark-version=unknown"},
    {"a number that may be an environment's, with an x", "DATABRICKS_RUNTIME_VERSION=1.x", "",
     "databricks=yes?likely compute=classic?guess volumes=unknown"},
    {"a runtime of long ago", "DATABRICKS_RUNTIME_VERSION=5.5.x-scala2.11", CLASSIC_DISK "5.5",
     "databricks=yes?certain compute=classic?certain volumes=no?certain"},
    {"13.3 in full", "DATABRICKS_RUNTIME_VERSION=13.3.x-photon-scala2.12", CLASSIC_DISK "13.3",
     "compute=classic?certain runtime-version=13.3 volumes=yes?likely"},
    {"13 of which nobody says whether it has volumes", "DATABRICKS_RUNTIME_VERSION=13.x-snapshot",
     CLASSIC_DISK "13.x", "compute=classic?certain volumes=unknown"},
    {"the variable alone, unreadable", "DATABRICKS_RUNTIME_VERSION=yes", "",
     "databricks=yes?guess volumes=unknown"},
    {"an app of the platform", "DATABRICKS_APP_NAME=a|DATABRICKS_HOST=https://x", "/Volumes",
     "databricks=no?certain where=app volumes=no"},
    {"model serving", "IS_IN_DATABRICKS_MODEL_SERVING_ENV=true|DATABRICKS_RUNTIME_VERSION=15.4", "/databricks",
     "databricks=no?certain where=model-serving volumes=no"},
    {"a version with control characters", "DATABRICKS_RUNTIME_VERSION=15.4\033[31m", CLASSIC_DISK "15.4",
     "databricks=yes runtime=15.4?[31m compute=classic"},
};

static const struct pf_dbx_fact *fact_of(const struct pf_dbx_facts *facts, const char *key, size_t size) {
    for (int i = 0; i < PF_DBX_FACTS; i++)
        if (strlen(facts->at[i].key) == size && memcmp(facts->at[i].key, key, size) == 0)
            return &facts->at[i];
    fail_msg("no fact '%.*s'", (int)size, key);
    return NULL;
}

static void check_row(const struct row *row, const struct pf_dbx_facts *facts) {
    char expected[512];
    snprintf(expected, sizeof expected, "%s", row->expected);
    char *at = NULL;
    for (char *entry = strtok_r(expected, " ", &at); entry; entry = strtok_r(NULL, " ", &at)) {
        char *value = strchr(entry, '='), *sure = strrchr(entry, '?');
        const struct pf_dbx_fact *fact = fact_of(facts, entry, (size_t)(value - entry));
        int32_t level = -1;
        for (int32_t i = 0; sure && i <= PF_DBX_CERTAIN; i++)
            if (strcmp(sure + 1, pf_dbx_confidence(i)) == 0)
                level = i, *sure = 0;
        if (strcmp(fact->value, value + 1) != 0 || (level >= 0 && fact->confidence != level))
            fail_msg("%s: %s is '%s' (%s; %s), not '%s'", row->name, fact->key, fact->value,
                     pf_dbx_confidence(fact->confidence), fact->evidence, value + 1);
        assert_true(fact->evidence[0]);
        assert_int_equal(strcmp(fact->value, "unknown") == 0, fact->confidence == PF_DBX_UNKNOWN);
    }
}

static void every_machine_is_told_for_what_it_is(void **state) {
    size_t count = sizeof rows / sizeof rows[0];
    for (size_t i = 0; i < count; i++) {
        struct pf_dbx_facts facts;
        begin_world(rows[i].variables, rows[i].paths);
        pf_dbx_facts_detect(&facts);
        check_row(&rows[i], &facts);
    }
    print_message("%zu machines\n", count);
    assert_true(count >= 30);
}

static void a_version_that_is_given_tells_what_it_has(void **state) {
    static const struct row given[] = {
        {"13.3", NULL, NULL,
         "compute=classic?certain volumes=yes?likely spark-version=3.4.1 databricks=unknown"},
        {"13.2", NULL, NULL, "volumes=no?certain"},
        {"12.2.x-scala2.12", NULL, NULL, "compute=classic?certain volumes=no?certain"},
        {"1.x", NULL, NULL, "compute=classic?guess volumes=unknown"},
        {"client.1.13", NULL, NULL,
         "compute=serverless?certain environment-version=1 volumes=yes?certain runtime-version=14.3"},
        {"moon", NULL, NULL, "compute=unknown volumes=unknown runtime-version=unknown"},
    };
    begin_world("DATABRICKS_ENV_VERSION=4", "");
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        struct pf_dbx_facts facts;
        pf_dbx_facts_of_version(given[i].name, &facts);
        check_row(&given[i], &facts);
    }
}

static void no_secret_is_looked_up_or_shown(void **state) {
    static const char *const secrets[] = {"DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET",
                                          "DATABRICKS_PASSWORD"};
    struct pf_dbx_facts facts;
    begin_world("DATABRICKS_TOKEN=dapi-secret|DATABRICKS_CLUSTER_ID=1|SPARK_REMOTE=sc://h/;token=dapi-secret|"
                "DATABRICKS_HOST=https://u:dapi-secret@h",
                "");
    pf_dbx_facts_get(NULL, &facts);
    for (size_t i = 0; asked_for[i]; i++)
        for (size_t j = 0; j < 3; j++)
            assert_string_not_equal(asked_for[i], secrets[j]);
    for (int i = 0; i < PF_DBX_FACTS; i++)
        assert_true(!strstr(facts.at[i].value, "secret") && !strstr(facts.at[i].evidence, "secret"));
    for (size_t i = 0; asked_for[i]; i++) { /* the cache of extensions watches all that is read */
        bool listed = false;
        for (const char *const *name = pf_dbx_variables; *name; name++)
            listed |= strcmp(*name, asked_for[i]) == 0;
        assert_true(listed);
    }
}

static void answers_hold_for_five_minutes(void **state) {
    struct pf_dbx_facts facts;
    begin_world("DATABRICKS_RUNTIME_VERSION=15.4", "/databricks");
    pf_dbx_facts_get(NULL, &facts);
    assert_true(pf_dbx_facts_say(&facts, PF_DBX_FACT_SCRATCH, "unknown"));
    add_folder("/local_disk0"); /* a marker: seen at once */
    pf_dbx_facts_get(NULL, &facts);
    add_folder("/local_disk0/tmp"); /* none: seen when the time is over */
    clock_ms = 5 * 60 * 1000 - 1;
    pf_dbx_facts_get(NULL, &facts);
    assert_true(pf_dbx_facts_say(&facts, PF_DBX_FACT_SCRATCH, "unknown"));
    clock_ms++;
    pf_dbx_facts_get(NULL, &facts);
    assert_true(pf_dbx_facts_say(&facts, PF_DBX_FACT_SCRATCH, "/local_disk0/tmp"));
}

static void a_changed_variable_is_seen_at_once(void **state) {
    struct pf_dbx_facts facts;
    begin_world("DATABRICKS_RUNTIME_VERSION=15.4", "/databricks");
    pf_dbx_facts_get(NULL, &facts);
    assert_true(pf_dbx_facts_say(&facts, PF_DBX_FACT_COMPUTE, "classic"));
    set_variable(0, "DATABRICKS_RUNTIME_VERSION=client.5.1");
    pf_dbx_facts_get(NULL, &facts);
    assert_true(pf_dbx_facts_say(&facts, PF_DBX_FACT_COMPUTE, "serverless"));
    set_variable(0, NULL);
    pf_dbx_facts_get(NULL, &facts);
    assert_true(pf_dbx_facts_say(&facts, PF_DBX_FACT_DATABRICKS, "no"));
}

static void a_changed_marker_file_is_seen_at_once(void **state) {
    struct pf_dbx_facts facts;
    begin_world("", "/databricks/DBR_VERSION=14.3");
    pf_dbx_facts_get(NULL, &facts);
    assert_true(pf_dbx_facts_say(&facts, PF_DBX_FACT_VERSION, "14.3"));
    add_file("/databricks/DBR_VERSION", "15.4\n# changed");
    pf_dbx_facts_get(NULL, &facts);
    assert_true(pf_dbx_facts_say(&facts, PF_DBX_FACT_VERSION, "15.4"));
}

/* What the host was told about the session. */
static const char *answers[8][2];
static const char *answer_ask(struct pf_host *host, const char *key) {
    for (size_t i = 0; i < 8 && answers[i][0]; i++)
        if (strcmp(answers[i][0], key) == 0)
            return answers[i][1];
    return NULL;
}

static void what_the_host_knows_goes_before_guesses(void **state) {
    static const struct {
        const char *given, *mode, *volumes;
    } modes[] = {{"USER_ISOLATION", "standard", "yes"}, {"DATA_SECURITY_MODE_STANDARD", "standard", "yes"},
                 {"SINGLE_USER", "dedicated", "yes"},   {"DEDICATED", "dedicated", "yes"},
                 {"NONE", "no-isolation", "no"},        {"LEGACY_TABLE_ACL", "legacy", "yes"},
                 {"NEW_MODE", "NEW_MODE", "yes"}};
    struct pf_host host = {.struct_size = sizeof host, .ask = answer_ask};
    struct pf_dbx_facts facts;
    begin_world("DATABRICKS_RUNTIME_VERSION=15.4|DATABRICKS_CLI_PATH=/x", "/databricks");
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        answers[0][0] = "databricks.access-mode", answers[0][1] = modes[i].given;
        answers[1][0] = "databricks.session", answers[1][1] = "job";
        pf_dbx_facts_get(&host, &facts);
        assert_string_equal(facts.at[PF_DBX_FACT_ACCESS].value, modes[i].mode);
        assert_string_equal(facts.at[PF_DBX_FACT_VOLUMES].value, modes[i].volumes);
        assert_string_equal(facts.at[PF_DBX_FACT_SESSION].value, "job");
        assert_int_equal(facts.at[PF_DBX_FACT_SESSION].confidence, PF_DBX_CERTAIN);
    }
    pf_dbx_facts_get(NULL, &facts); /* and is not kept for others */
    assert_string_equal(facts.at[PF_DBX_FACT_SESSION].value, "terminal");
}

static void *get_often(void *arg) {
    for (int i = 0; i < 2000; i++) {
        struct pf_dbx_facts facts;
        pf_dbx_facts_get(NULL, &facts);
        if (!pf_dbx_facts_say(&facts, PF_DBX_FACT_VERSION, "15.4"))
            return arg;
        if (i % 50 == 0)
            pf_dbx_facts_forget();
    }
    return NULL;
}

static void threads_get_whole_answers(void **state) {
    pthread_t threads[4];
    begin_world("DATABRICKS_RUNTIME_VERSION=15.4", "/databricks");
    struct pf_dbx_facts facts;
    pf_dbx_facts_get(NULL, &facts); /* every name is noted before the threads begin */
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get_often, &clock_ms), 0);
    for (size_t i = 0; i < 4; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

static void an_unreadable_version_file_is_none(void **state) {
    struct pf_dbx_facts facts;
    begin_world("", "/databricks/DBR_VERSION=15.4|/local_disk0");
    for (int64_t nth = 1; nth < 12; nth++) {
        pf_dbx_disk_fail(nth, EIO, true);
        pf_dbx_facts_detect(&facts); /* always an answer */
        pf_dbx_disk_fail(0, 0, false);
        assert_int_not_equal(facts.at[PF_DBX_FACT_DATABRICKS].confidence, PF_DBX_UNKNOWN);
    }
}

/* Which is some 20 us; how long a machine takes for it is no matter of a test. */
static void detection_asks_the_system_fewer_than_twenty_times(void **state) {
    struct pf_dbx_facts facts;
    begin_world("DATABRICKS_RUNTIME_VERSION=15.4", CLASSIC_DISK "15.4|/dbfs");
    pf_dbx_disk_fail(INT64_MAX, 0, true); /* counts */
    pf_dbx_facts_detect(&facts);
    assert_in_range(pf_dbx_disk_calls(), 1, 19);
    pf_dbx_facts_get(NULL, &facts);
    pf_dbx_disk_fail(INT64_MAX, 0, true);
    pf_dbx_facts_get(NULL, &facts); /* one look at each marker */
    assert_int_equal(pf_dbx_disk_calls(), 5);
    pf_dbx_disk_fail(0, 0, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_machine_is_told_for_what_it_is, end_world),
        cmocka_unit_test_teardown(a_version_that_is_given_tells_what_it_has, end_world),
        cmocka_unit_test_teardown(no_secret_is_looked_up_or_shown, end_world),
        cmocka_unit_test_teardown(answers_hold_for_five_minutes, end_world),
        cmocka_unit_test_teardown(a_changed_variable_is_seen_at_once, end_world),
        cmocka_unit_test_teardown(a_changed_marker_file_is_seen_at_once, end_world),
        cmocka_unit_test_teardown(what_the_host_knows_goes_before_guesses, end_world),
        cmocka_unit_test_teardown(threads_get_whole_answers, end_world),
        cmocka_unit_test_teardown(an_unreadable_version_file_is_none, end_world),
        cmocka_unit_test_teardown(detection_asks_the_system_fewer_than_twenty_times, end_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
