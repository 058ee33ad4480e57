/* test_dbx_commands.c — env-info, list-volumes, validate-volume: what they print and answer.
 * SPDX-License-Identifier: MIT */
#include "dbx_commands.h"
#include "dbx_disk.h"
#include "small_world.h"

#include <sys/resource.h>

#define VOLUME "/Volumes/main/raw/in"

static char printed[1 << 16], complained[1024];
static size_t printed_size, printed_total;

static void keep_print(struct pf_console *console, const char *text, size_t size) {
    printed_total += size;
    if (printed_size + size >= sizeof printed)
        return;
    memcpy(printed + printed_size, text, size);
    printed[printed_size += size] = 0;
}
static void keep_complaint(struct pf_console *console, const char *text, size_t size) {
    assert_true(size < sizeof complained);
    memcpy(complained, text, size);
    complained[size] = 0;
}

static const char *answers[8][2];
static const char *answer_ask(struct pf_host *host, const char *key) {
    for (size_t i = 0; i < 8 && answers[i][0]; i++)
        if (strcmp(answers[i][0], key) == 0)
            return answers[i][1];
    return NULL;
}
static struct pf_host host = {.struct_size = sizeof host, .ask = answer_ask};

/* Words joined by blanks; the first is the command. */
static int run(const char *words) {
    char text[512], *argv[16];
    int argc = 0;
    struct pf_console console = {
        .struct_size = sizeof console, .print = keep_print, .complain = keep_complaint};
    snprintf(text, sizeof text, "%s", words);
    char *at = NULL;
    for (char *word = strtok_r(text, " ", &at); word; word = strtok_r(NULL, " ", &at))
        argv[argc++] = word;
    printed_size = printed_total = 0, printed[0] = complained[0] = 0;
    for (const struct pf_command *const *command = pf_dbx_commands; *command; command++)
        if (strcmp((*command)->name, argv[0]) == 0)
            return (*command)->run(&host, NULL, &console, argc, argv);
    fail_msg("no command '%s'", argv[0]);
    return -1;
}

static int begin_volume(void **state) {
    begin_world("DATABRICKS_RUNTIME_VERSION=15.4", "/databricks|" VOLUME);
    memset(answers, 0, sizeof answers);
    return 0;
}

#define SAYS(text)                                                                                             \
    do {                                                                                                       \
        if (!strstr(printed, text))                                                                            \
            fail_msg("'%s' is not in:\n%s%s", text, printed, complained);                                      \
    } while (0)
#define COMPLAINS(text)                                                                                        \
    do {                                                                                                       \
        if (!strstr(complained, text))                                                                         \
            fail_msg("'%s' is not in: %s", text, complained);                                                  \
    } while (0)

static void env_info_says_value_confidence_and_evidence(void **state) {
    assert_int_equal(run("env-info"), 0);
    SAYS("databricks            yes                       certain   DATABRICKS_RUNTIME_VERSION is set");
    SAYS("spark-version         3.5.0");
    SAYS("session               unknown                   unknown   nothing that is looked at says it");
    size_t lines = 0;
    for (const char *at = printed; *at; at++)
        lines += *at == '\n';
    assert_int_equal(lines, PF_DBX_FACTS);
}

static void env_info_works_everywhere(void **state) {
    begin_world("", "");
    assert_int_equal(run("env-info"), 0);
    SAYS("databricks            no                        certain");
}

static void env_info_of_a_version_says_what_that_has_wherever_it_runs(void **state) {
    begin_world("", "");
    assert_int_equal(run("env-info 15.4.x-scala2.12"), 0);
    SAYS("runtime               15.4.x-scala2.12          certain   given");
    SAYS("spark-version         3.5.0");
    SAYS("compute               classic");
    SAYS("databricks            unknown");
    assert_int_equal(run("env-info 13.3.x-serverless-scala2.12"), 0);
    SAYS("compute               serverless");
    assert_int_equal(run("env-info junk"), 0);
    SAYS("runtime-version       unknown                   unknown   the version given begins with none");
}

static void env_info_as_json_is_one_object(void **state) {
    answers[0][0] = "databricks.session", answers[0][1] = "note\"book\\\n";
    assert_int_equal(run("env-info --json"), 0);
    SAYS("{\n  \"databricks\": {\"value\": \"yes\", \"confidence\": \"certain\", \"evidence\": "
         "\"DATABRICKS_RUNTIME");
    SAYS("\"session\": {\"value\": \"note\\\"book\\\\?\", \"confidence\": \"certain\"");
    assert_string_equal(printed + printed_size - 4, "}\n}\n");
}

static void wrong_words_are_usage_errors(void **state) {
    static const char *const rows[] = {
        "env-info 15.4 x",           "env-info --write",          "list-volumes a b",
        "list-volumes --limit",      "list-volumes --limit x",    "list-volumes --limit -1",
        "validate-volume",           "validate-volume --limit 1", "list-volumes --json|--limit",
        "list-volumes /Volumes/a.b", "list-volumes relative"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(run(rows[i]), 2);
        COMPLAINS("pyforge databricks ");
        assert_int_equal(complained[strlen(complained) - 1], '\n');
        assert_int_equal(printed_size, 0);
    }
}

static void list_volumes_says_what_is_there_and_how_much(void **state) {
    add_file(VOLUME "/a.csv", "12345");
    add_file(VOLUME "/sub/b.csv", "123");
    assert_int_equal(run("list-volumes " VOLUME), 0);
    SAYS("              5  20");
    SAYS("  a.csv\n");
    SAYS("  sub/\n");
    SAYS("1 files, 1 folders, 5 bytes\n");
    assert_null(strstr(printed, "b.csv"));
    assert_int_equal(run("list-volumes --recursive dbfs:" VOLUME), 0);
    SAYS("    b.csv\n");
    SAYS("2 files, 1 folders, 8 bytes\n");
    assert_int_equal(run("list-volumes --total " VOLUME), 0);
    assert_string_equal(printed, "2 files, 1 folders, 8 bytes\n");
    assert_int_equal(run("list-volumes"), 0);
    SAYS("  main/\n");
}

static void list_volumes_ends_early(void **state) {
    for (int i = 0; i < 50; i++) {
        char path[64];
        snprintf(path, sizeof path, VOLUME "/f%d", i);
        add_file(path, "x");
    }
    pf_dbx_disk_fail(INT64_MAX, 0, true);
    assert_int_equal(run("list-volumes --limit 3 " VOLUME), 0);
    assert_true(pf_dbx_disk_calls() < 20);
    pf_dbx_disk_fail(0, 0, false);
    SAYS("at least 3 files, 0 folders, 3 bytes\n");
    assert_int_equal(run("list-volumes --limit 50 " VOLUME), 0);
    SAYS("\n50 files, 0 folders");
    assert_int_equal(run("list-volumes --json --limit 2 " VOLUME), 0);
    SAYS("{\"files\": 2, \"folders\": 0, \"size_bytes\": 2, \"complete\": false}\n");
}

static int32_t is_cancelled(struct pf_host *face) { return 1; }

static int64_t peak_kb(void) {
    struct rusage used;
    assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
    return used.ru_maxrss;
}

static void totals_of_100000_files_keep_none_of_them_and_may_end_early(void **state) {
    char whole[512], path[600];
    rooted(VOLUME, whole);
    for (int i = 0; i < 100000; i++) {
        snprintf(path, sizeof path, "%s/f%d", whole, i);
        assert_int_equal(mknod(path, S_IFREG | 0600, 0), 0);
        if (i % 1000 == 0)
            assert_int_equal(truncate(path, 1 << 20), 0);
    }
    assert_int_equal(run("list-volumes --total --limit 10 " VOLUME), 0); /* what is made once is made now */
    int64_t before = peak_kb();
    assert_int_equal(run("list-volumes --total " VOLUME), 0);
    assert_string_equal(printed, "100000 files, 0 folders, 104857600 bytes\n");
    assert_in_range(peak_kb() - before, 0, 1024);
    pf_dbx_disk_fail(INT64_MAX, 0, true);
    assert_int_equal(run("list-volumes --total --limit 10 " VOLUME), 0);
    assert_true(pf_dbx_disk_calls() < 40);
    assert_non_null(strstr(printed, "at least 10 files"));
    host.cancelled = is_cancelled;
    run("list-volumes --total " VOLUME);
    host.cancelled = NULL;
    assert_string_equal(printed, "at least 0 files, 0 folders, 0 bytes\n");
    pf_dbx_disk_fail(0, 0, false);
}

static void names_from_outside_reach_no_terminal(void **state) {
    add_file(VOLUME "/\033[31mred\377\"", "x");
    assert_int_equal(run("list-volumes " VOLUME), 0);
    SAYS("  ?[31mred");
    assert_null(strchr(printed, '\033'));
    assert_int_equal(run("list-volumes --json " VOLUME), 0);
    SAYS("{\"name\": \"\\u001b[31mred\\ufffd\\\"\", \"depth\": 0, \"folder\": false, \"size_bytes\": 1, "
         "\"modified\": \"20");
}

static void bytes_that_are_no_text_reach_no_terminal(void **state) {
    static const char *const commands[] = {"validate-volume " VOLUME "/a\377\xc2\x9b\033b",
                                           "validate-volume /Volumes/ma\377in/x/y", "env-info 15.4\377",
                                           "env-info 15.4 \377\033", "list-volumes /Volumes/\377\033/x"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        run(commands[i]);
        assert_non_null(strstr(printed[0] ? printed : complained, "?"));
        assert_null(strpbrk(printed, "\377\x9b\033"));
        assert_null(strpbrk(complained, "\377\x9b\033"));
    }
}

static void list_volumes_fails_with_the_reason(void **state) {
    assert_int_equal(run("list-volumes /Volumes/main/none"), 1);
    COMPLAINS("list-volumes: there is no 'main.none', or none that you may see");
    begin_world("DATABRICKS_RUNTIME_VERSION=15.4", "/databricks");
    assert_int_equal(run("list-volumes"), 1);
    COMPLAINS("'/Volumes' is not there: no volume is mounted on this compute; use compute with Unity Catalog");
    begin_world("DATABRICKS_RUNTIME_VERSION=12.2", "/databricks|" VOLUME);
    assert_int_equal(run("list-volumes"), 1);
    COMPLAINS("runtime 12.2 has no volumes");
    begin_world("", VOLUME);
    assert_int_equal(run("list-volumes"), 1);
    COMPLAINS("not compute of Databricks");
}

static void validate_volume_attempts_and_asks(void **state) {
    assert_int_equal(run("validate-volume " VOLUME), 0);
    SAYS("path              yes  well formed");
    SAYS("spark-path        dbfs:" VOLUME);
    SAYS("runtime           yes");
    SAYS("readable          yes  read a part of it");
    SAYS("writable          unknown  not tried");
    SAYS("owner             unknown  only the catalog knows");
    answers[0][0] = "databricks.volume/main.raw.in/owner", answers[0][1] = "data-team";
    answers[1][0] = "databricks.volume/main.raw.in/missing-grants", answers[1][1] = "WRITE VOLUME";
    assert_int_equal(run("validate-volume --write dbfs:" VOLUME "/new/file.csv"),
                     1); /* the file is not there */
    SAYS("readable          no");
    SAYS("writable          yes  wrote and removed");
    SAYS("owner             data-team  asked of the catalog");
    SAYS("missing-grants    WRITE VOLUME");
    assert_int_equal(run("list-volumes --total " VOLUME), 0);
    SAYS("0 files, 0 folders");
}

static void validate_volume_reads_a_file_too(void **state) {
    add_file(VOLUME "/a.csv", "1");
    assert_int_equal(run("validate-volume " VOLUME "/a.csv"), 0);
    SAYS("readable          yes  read a part of it");
}

static void clusters_without_isolation_have_no_volumes(void **state) {
    answers[0][0] = "databricks.access-mode", answers[0][1] = "NONE";
    assert_int_equal(run("validate-volume " VOLUME), 1);
    SAYS("runtime           no  '" VOLUME "': clusters without isolation have no Unity Catalog");
    SAYS("standard or dedicated access mode");
}

static void folders_below_folders_end_somewhere(void **state) {
    char path[512] = VOLUME;
    for (int i = 0; i < 70; i++) {
        snprintf(path + strlen(path), sizeof path - strlen(path), "/d");
        add_folder(path);
    }
    assert_int_equal(run("list-volumes " VOLUME), 0);
    assert_int_equal(run("list-volumes --total " VOLUME), 1);
    COMPLAINS("cannot list");
}

static void validate_volume_names_what_is_missing(void **state) {
    pf_dbx_disk_fail(INT64_MAX, 0, true);
    assert_int_equal(run("validate-volume --write --json " VOLUME), 0);
    int64_t calls = pf_dbx_disk_calls();
    bool read = false, written = false;
    for (int64_t nth = 1; nth <= calls; nth++) {
        pf_dbx_disk_fail(nth, EACCES, true);
        run("validate-volume --write --json " VOLUME);
        pf_dbx_disk_fail(0, 0, false);
        read |= strstr(printed, "\"readable\": {\"answer\": \"no\"") &&
                strstr(printed, "READ VOLUME on 'main.raw.in'");
        written |= strstr(printed, "\"writable\": {\"answer\": \"no\"") &&
                   strstr(printed, "WRITE VOLUME on 'main.raw.in'");
        assert_string_equal(printed + printed_size - 4, "}\n}\n");
    }
    assert_true(read && written);
}

static void validate_volume_says_which_part_is_wrong(void **state) {
    static const struct {
        const char *path, *says;
    } rows[] = {{"/Volumes/main/ra.w/in", "path              no  the schema 'ra.w'"},
                {"/Volumes/main/raw", "does not name a volume"},
                {"/tmp/x", "is not in a volume"},
                {"dbfs:/x", "is not in a volume"},
                {"/volumes/main/raw/in", "capital V"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char words[128];
        snprintf(words, sizeof words, "validate-volume %s", rows[i].path);
        assert_int_equal(run(words), 1);
        SAYS(rows[i].says);
    }
    assert_int_equal(run("validate-volume --json /Volumes/main"), 1);
    assert_string_equal(printed + printed_size - 4, "}\n}\n");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_volume, end_world)
    const struct CMUnitTest tests[] = {
        TEST(env_info_says_value_confidence_and_evidence),
        TEST(env_info_works_everywhere),
        TEST(env_info_of_a_version_says_what_that_has_wherever_it_runs),
        TEST(env_info_as_json_is_one_object),
        TEST(wrong_words_are_usage_errors),
        TEST(list_volumes_says_what_is_there_and_how_much),
        TEST(list_volumes_ends_early),
        TEST(totals_of_100000_files_keep_none_of_them_and_may_end_early),
        TEST(names_from_outside_reach_no_terminal),
        TEST(bytes_that_are_no_text_reach_no_terminal),
        TEST(list_volumes_fails_with_the_reason),
        TEST(validate_volume_attempts_and_asks),
        TEST(validate_volume_reads_a_file_too),
        TEST(clusters_without_isolation_have_no_volumes),
        TEST(folders_below_folders_end_somewhere),
        TEST(validate_volume_names_what_is_missing),
        TEST(validate_volume_says_which_part_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
