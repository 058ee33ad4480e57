/* test_dbx_volume.c — the store of volumes: what is under a name, whatever fails.  SPDX-License-Identifier: MIT */
#include <pthread.h>

#include "dbx_disk.h"
#include "dbx_reach.h"
#include "dbx_volume.h"
#include "small_world.h"

#define VOLUME "/Volumes/main/raw/in"

/* ---- a host with a heap that can run dry and a log ------------------------------------------------------ */

static int64_t takes_left = -1; /* −1: as many as wanted */
static int64_t taken;           /* and not given back */
static char logged[512];

static void *take(struct pf_host *host, size_t size) {
    if (takes_left == 0)
        return NULL;
    takes_left -= takes_left > 0;
    taken++;
    return malloc(size);
}
static void give_back(struct pf_host *host, void *memory) {
    taken -= memory != NULL;
    free(memory);
}
static void keep_log(struct pf_host *host, int32_t level, const char *text) {
    snprintf(logged, sizeof logged, "%s", text);
}
static struct pf_host host = {
    .struct_size = sizeof host, .mem_alloc = take, .mem_free = give_back, .log = keep_log};

static int begin_volume(void **state) {
    begin_world("DATABRICKS_RUNTIME_VERSION=15.4", "/databricks|" VOLUME "|/dbfs");
    takes_left = -1;
    logged[0] = 0;
    return 0;
}

static int end_volume(void **state) {
    pf_dbx_disk_fail(0, 0, false);
    assert_int_equal(taken, 0);
    return end_world(state);
}

static const char *content(const char *path) {
    static char text[256];
    char whole[512];
    rooted(path, whole);
    FILE *file = fopen(whole, "rb");
    if (!file)
        return NULL;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    return text;
}

static bool is_there(const char *path) {
    char whole[512];
    struct stat found;
    rooted(path, whole);
    return lstat(whole, &found) == 0;
}

/* Two writes and a commit. */
static pf_status put(const char *location, uint32_t flags, struct pf_error *err) {
    struct pf_sink sink;
    pf_status status = pf_dbx_store.open_sink(&host, location, flags, &sink, err);
    if (status != PF_OK)
        return status;
    status = sink.write(&sink, "new ", 4, err);
    if (status == PF_OK)
        status = sink.write(&sink, "content", 7, err);
    if (status == PF_OK)
        return sink.commit(&sink, err);
    sink.abort(&sink);
    return status;
}

/* ---- writing ------------------------------------------------------------------------------------------- */

static void the_traits_promise_neither_rename_nor_exclusive_creation(void **state) {
    assert_int_equal(pf_dbx_store.traits, PF_STORE_RANDOM_READ);
}

static void all_spellings_lead_to_one_file(void **state) {
    static const char *const rows[] = {VOLUME "/a.csv", "dbfs:" VOLUME "/a.csv", "/dbfs" VOLUME "/a.csv",
                                       "file:" VOLUME "/a.csv", "/Volumes/MAIN/Raw/In/a.csv"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_error err = {.struct_size = sizeof err};
        bool claimed = false;
        for (const char *const *prefix = pf_dbx_store.prefixes; *prefix; prefix++)
            claimed |= strncmp(rows[i], *prefix, strlen(*prefix)) == 0;
        assert_true(claimed);
        if (put(rows[i], PF_SINK_REPLACE, &err) != PF_OK)
            fail_msg("%s: %s", rows[i], err.message);
        assert_string_equal(content(VOLUME "/a.csv"), "new content");
    }
    assert_int_equal(put("dbfs:/tmp/b.csv", 0, NULL), PF_OK);
    assert_string_equal(content("/dbfs/tmp/b.csv"), "new content");
}

static void an_existing_file_is_replaced_only_when_asked(void **state) {
    struct pf_error err = {.struct_size = sizeof err};
    add_file(VOLUME "/a.csv", "old content that is longer");
    assert_int_equal(put(VOLUME "/a.csv", 0, &err), PF_EXISTS);
    assert_non_null(strstr(err.message, "--force"));
    assert_string_equal(content(VOLUME "/a.csv"), "old content that is longer");
    assert_int_equal(put(VOLUME "/a.csv", PF_SINK_REPLACE, &err), PF_OK);
    assert_string_equal(content(VOLUME "/a.csv"), "new content");
}

static void folders_are_made_and_taken_away_again(void **state) {
    struct pf_sink sink;
    assert_int_equal(put(VOLUME "/x/y/z/a.csv", 0, NULL), PF_OK);
    assert_string_equal(content(VOLUME "/x/y/z/a.csv"), "new content");
    assert_int_equal(pf_dbx_store.open_sink(&host, VOLUME "/x/p/q/a.csv", 0, &sink, NULL), PF_OK);
    assert_true(is_there(VOLUME "/x/p/q"));
    sink.abort(&sink);
    sink.abort(&sink); /* the second is nothing */
    assert_false(is_there(VOLUME "/x/p"));
    assert_true(is_there(VOLUME "/x/y"));
    assert_int_equal(pf_dbx_store.open_sink(&host, VOLUME "/n/a.csv", 0, &sink, NULL), PF_OK);
    add_file(VOLUME "/n/other.csv", "of somebody else");
    sink.abort(&sink);
    assert_false(is_there(VOLUME "/n/a.csv"));
    assert_true(is_there(VOLUME "/n/other.csv"));
}

static void volumes_schemas_and_catalogs_are_never_made(void **state) {
    static const char *const rows[] = {"/Volumes/main/raw/other/a.csv", "/Volumes/main/other/in/a.csv",
                                       "/Volumes/other/raw/in/x/y/a.csv"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_error err = {.struct_size = sizeof err};
        assert_int_equal(put(rows[i], 0, &err), PF_NOT_FOUND);
        assert_non_null(strstr(err.message, "WRITE VOLUME"));
    }
    assert_false(is_there("/Volumes/main/raw/other") || is_there("/Volumes/main/other") ||
                 is_there("/Volumes/other"));
}

static void what_is_no_name_of_a_file_is_refused(void **state) {
    static const struct {
        const char *location;
        const char *says;
    } rows[] = {{VOLUME, "a file in the volume"},
                {VOLUME "/", "a file in the volume"},
                {VOLUME "/new/", "name of a folder"},
                {VOLUME "/sub", "is a folder"},
                {"/Volumes/main", "a schema"},
                {"/volumes/main/raw/in/a", "capital V"},
                {VOLUME "/file/a", "is no folder"},
                {"dbfs:/", "names no file"},
                {VOLUME "/../a", "'..'"}};
    add_folder(VOLUME "/sub");
    add_file(VOLUME "/file", "x");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_error err = {.struct_size = sizeof err};
        assert_int_equal(put(rows[i].location, PF_SINK_REPLACE, &err), PF_ARGUMENT);
        if (!strstr(err.message, rows[i].says))
            fail_msg("%s: %s", rows[i].location, err.message);
    }
}

static void a_missing_fsync_is_a_warning(void **state) {
    static const int numbers[] = {EPERM, ENOSYS, EOPNOTSUPP, EINVAL};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct pf_sink sink;
        logged[0] = 0;
        assert_int_equal(
            pf_dbx_store.open_sink(&host, VOLUME "/a.csv", PF_SINK_REPLACE | PF_SINK_SYNC, &sink, NULL), PF_OK);
        assert_int_equal(sink.write(&sink, "x", 1, NULL), PF_OK);
        pf_dbx_disk_fail(1, numbers[i], true);
        assert_int_equal(sink.commit(&sink, NULL), PF_OK);
        assert_non_null(strstr(logged, "--sync"));
        assert_string_equal(content(VOLUME "/a.csv"), "x");
    }
}

static void a_file_that_is_not_as_long_as_written_is_no_success(void **state) {
    struct pf_sink sink;
    struct pf_error err = {.struct_size = sizeof err};
    char whole[512];
    assert_int_equal(pf_dbx_store.open_sink(&host, VOLUME "/a.csv", 0, &sink, &err), PF_OK);
    assert_int_equal(sink.write(&sink, "complete", 8, &err), PF_OK);
    rooted(VOLUME "/a.csv", whole);
    assert_int_equal(truncate(whole, 3), 0);
    assert_int_equal(sink.commit(&sink, &err), PF_IO);
    assert_non_null(strstr(err.message, "3 bytes where 8"));
    assert_false(is_there(VOLUME "/a.csv"));
}

static void a_close_or_fsync_that_fails_is_no_success(void **state) {
    for (uint32_t flags = 0; flags <= PF_SINK_SYNC; flags += PF_SINK_SYNC) {
        struct pf_sink sink;
        struct pf_error err = {.struct_size = sizeof err};
        assert_int_equal(pf_dbx_store.open_sink(&host, VOLUME "/a.csv", flags, &sink, &err), PF_OK);
        assert_int_equal(sink.write(&sink, "complete", 8, &err), PF_OK);
        pf_dbx_disk_fail(1, EIO, true); /* what the commit calls first */
        assert_int_equal(sink.commit(&sink, &err), PF_IO);
        pf_dbx_disk_fail(0, 0, false);
        assert_false(is_there(VOLUME "/a.csv"));
    }
}

static void a_write_that_failed_stays_failed(void **state) {
    struct pf_sink sink;
    struct pf_error err = {.struct_size = sizeof err};
    assert_int_equal(pf_dbx_store.open_sink(&host, VOLUME "/a.csv", 0, &sink, &err), PF_OK);
    pf_dbx_disk_fail(1, ENOSPC, true);
    assert_int_equal(sink.write(&sink, "x", 1, &err), PF_IO);
    assert_non_null(strstr(err.message, "free some space"));
    assert_int_equal(sink.write(&sink, "x", 1, &err), PF_IO);
    assert_int_equal(sink.commit(&sink, &err), PF_IO);
    assert_int_equal(sink.commit(&sink, &err), PF_STATE);
    assert_int_equal(sink.write(&sink, "x", 1, &err), PF_STATE);
    assert_false(is_there(VOLUME "/a.csv"));
}

/* ---- every call fails in turn --------------------------------------------------------------------------- */

static const int faults[] = {EIO,    EPERM,  EACCES,   ENOSPC, EDQUOT, EOPNOTSUPP,
                             ENOSYS, ESPIPE, ENOTCONN, EROFS,  EMFILE, PF_DBX_DISK_SHORT};

static void whichever_call_fails_nothing_half_written_stays(void **state) {
    static const char *const targets[] = {VOLUME "/a.csv", VOLUME "/x/y/a.csv"};
    int64_t runs = 0;
    for (size_t t = 0; t < 2; t++)
        for (size_t f = 0; f < sizeof faults / sizeof faults[0]; f++)
            for (int64_t nth = 1;; nth++, runs++) {
                struct pf_error err = {.struct_size = sizeof err};
                pf_dbx_disk_fail(nth, faults[f], true);
                pf_status status = put(targets[t], PF_SINK_SYNC, &err);
                int64_t calls = pf_dbx_disk_calls();
                pf_dbx_disk_fail(0, 0, false);
                const char *text = content(targets[t]);
                if (status == PF_OK) {
                    assert_string_equal(text, "new content");
                    begin_volume(state);
                } else {
                    assert_null(text);
                    assert_false(is_there(VOLUME "/x"));
                    assert_true(err.code == status && err.message[0]);
                }
                if (nth >= calls) /* it was not reached: the whole run went by */
                    break;
            }
    print_message("%lld runs\n", (long long)runs);
    assert_true(runs > 100);
}

static void a_dead_mount_is_never_called_a_success(void **state) {
    for (int64_t nth = 1; nth <= 9; nth++) {
        begin_volume(state);
        pf_dbx_disk_fail(nth, ENOTCONN, false);
        pf_status status = put(VOLUME "/x/a.csv", 0, NULL);
        bool reached = pf_dbx_disk_calls() >= nth;
        pf_dbx_disk_fail(0, 0, false);
        assert_true(status != PF_OK || !reached);
    }
}

static void what_could_not_be_removed_is_told(void **state) {
    struct pf_sink sink;
    assert_int_equal(pf_dbx_store.open_sink(&host, VOLUME "/a.csv", 0, &sink, NULL), PF_OK);
    pf_dbx_disk_fail(1, ENOTCONN, false);
    sink.abort(&sink);
    assert_non_null(strstr(logged, "/a.csv' is incomplete"));
}

static void an_exclusive_creation_that_the_mount_refuses_is_done_by_looking(void **state) {
    static const int numbers[] = {EOPNOTSUPP, ENOSYS, EINVAL};
    for (size_t i = 0; i < 3; i++) {
        int file;
        begin_volume(state);
        pf_dbx_disk_fail(1, numbers[i], true);
        assert_int_equal(pf_dbx_disk_create(VOLUME "/a.csv", PF_DBX_NEW, &file), 0);
        assert_int_equal(pf_dbx_disk_close(&file), 0);
        add_file(VOLUME "/a.csv", "old");
        pf_dbx_disk_fail(1, numbers[i], true);
        assert_int_equal(pf_dbx_disk_create(VOLUME "/a.csv", PF_DBX_NEW, &file), EEXIST);
        assert_string_equal(content(VOLUME "/a.csv"), "old");
        pf_dbx_disk_fail(1, numbers[i], true);
        assert_int_equal(pf_dbx_disk_create(VOLUME "/b.csv", PF_DBX_EXCLUSIVE, &file), numbers[i]);
        assert_false(is_there(VOLUME "/b.csv"));
    }
}

static void what_is_being_read_is_never_emptied(void **state) {
    struct pf_source source, other;
    struct pf_error err = {.struct_size = sizeof err};
    add_file(VOLUME "/a.csv", "being read");
    assert_int_equal(pf_dbx_store.open_source(&host, VOLUME "/a.csv", &source, &err), PF_OK);
    assert_int_equal(pf_dbx_store.open_source(&host, "dbfs:" VOLUME "/a.csv", &other, &err), PF_OK);
    assert_int_equal(put("/Volumes/MAIN/raw/in/a.csv", PF_SINK_REPLACE, &err), PF_DENIED);
    assert_non_null(strstr(err.message, "never overwritten"));
    source.close(&source);
    assert_int_equal(put(VOLUME "/a.csv", PF_SINK_REPLACE, &err), PF_DENIED);
    assert_string_equal(content(VOLUME "/a.csv"), "being read");
    other.close(&other);
    assert_int_equal(put(VOLUME "/a.csv", PF_SINK_REPLACE, &err), PF_OK);
}

static void memory_that_runs_out_leaves_nothing(void **state) {
    for (int64_t left = 0; left < 4; left++) {
        struct pf_error err = {.struct_size = sizeof err};
        takes_left = left;
        pf_status status = put(VOLUME "/a.csv", PF_SINK_REPLACE, &err);
        assert_true(status == PF_OK || (status == PF_NO_MEMORY && !is_there(VOLUME "/a.csv")));
        struct pf_source source;
        char text[16];
        size_t got;
        takes_left = -1;
        add_file(VOLUME "/b.csv", "abc");
        takes_left = left;
        status = pf_dbx_store.open_source(&host, VOLUME "/b.csv", &source, &err);
        if (status == PF_OK) {
            status = source.read_at(&source, 0, text, sizeof text, &got, &err);
            source.close(&source);
        }
        assert_true(status == PF_NO_MEMORY || (status == PF_OK && got == 3));
        takes_left = left;
        status = pf_dbx_store.put_new(&host, VOLUME "/c.json", "{}", 2, &err);
        assert_true(status == PF_OK || status == PF_EXISTS ||
                    (status == PF_NO_MEMORY && !is_there(VOLUME "/c.json")));
        takes_left = -1;
    }
}

/* ---- small files ----------------------------------------------------------------------------------------- */

static void put_new_never_replaces(void **state) {
    struct pf_error err = {.struct_size = sizeof err};
    assert_int_equal(pf_dbx_store.put_new(&host, VOLUME "/_delta_log/0.json", "{}", 2, &err), PF_OK);
    assert_string_equal(content(VOLUME "/_delta_log/0.json"), "{}");
    assert_int_equal(pf_dbx_store.put_new(&host, VOLUME "/_delta_log/0.json", "[]", 2, &err), PF_EXISTS);
    assert_string_equal(content(VOLUME "/_delta_log/0.json"), "{}");
}

static void put_new_fails_whole(void **state) {
    for (size_t f = 0; f < sizeof faults / sizeof faults[0]; f++)
        for (int64_t nth = 1; nth < 20; nth++) {
            struct pf_error err = {.struct_size = sizeof err};
            begin_volume(state);
            pf_dbx_disk_fail(nth, faults[f], true);
            pf_status status = pf_dbx_store.put_new(&host, VOLUME "/l/0.json", "{}", 2, &err);
            pf_dbx_disk_fail(0, 0, false);
            if (status == PF_OK)
                assert_string_equal(content(VOLUME "/l/0.json"), "{}");
            else
                assert_false(is_there(VOLUME "/l"));
        }
}

/* ---- reading --------------------------------------------------------------------------------------------- */

#define LONG_BYTES ((int64_t)11 * (1 << 20) / 2 + 77)
static uint8_t byte_at(int64_t offset) { return (uint8_t)((offset * 131) ^ (offset >> 13)); }

static void add_long_file(const char *path) {
    char whole[512];
    rooted(path, whole);
    FILE *file = fopen(whole, "wb");
    assert_non_null(file);
    for (int64_t i = 0; i < LONG_BYTES; i++)
        putc(byte_at(i), file);
    assert_int_equal(fclose(file), 0);
}

static void check_bytes(const uint8_t *bytes, int64_t offset, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != byte_at(offset + (int64_t)i))
            fail_msg("byte %lld", (long long)(offset + (int64_t)i));
}

struct reading {
    struct pf_source *source;
    uint32_t seed;
    bool failed;
};

static void *read_about(void *arg) {
    struct reading *reading = arg;
    uint8_t *bytes = malloc(3u << 20);
    for (int i = 0; bytes && i < 200; i++) {
        reading->seed = reading->seed * 1664525u + 1013904223u;
        int64_t offset = (int64_t)((uint64_t)reading->seed * (uint64_t)LONG_BYTES >> 32);
        size_t want = i % 8 == 0 ? 2u << 20 : reading->seed % 5000 + 1, got;
        int64_t left = LONG_BYTES - offset;
        size_t due = (int64_t)want < left ? want : (size_t)left;
        reading->failed |=
            reading->source->read_at(reading->source, offset, bytes, want, &got, NULL) != PF_OK || got != due;
        for (size_t j = 0; j < got; j++)
            reading->failed |= bytes[j] != byte_at(offset + (int64_t)j);
    }
    free(bytes);
    return NULL;
}

static void any_offset_is_read_from_any_thread(void **state) {
    struct pf_source source;
    struct reading readings[4];
    pthread_t threads[4];
    add_long_file(VOLUME "/long");
    assert_int_equal(pf_dbx_store.open_source(NULL, "dbfs:" VOLUME "/long", &source, NULL), PF_OK);
    assert_int_equal(source.random, 1);
    assert_int_equal(source.size_bytes, LONG_BYTES);
    for (uint32_t i = 0; i < 4; i++) {
        readings[i] = (struct reading){&source, i * 77 + 5, false};
        assert_int_equal(pthread_create(&threads[i], NULL, read_about, &readings[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_false(readings[i].failed);
    }
    source.close(&source);
}

static void small_reads_are_few_calls(void **state) {
    struct pf_source source;
    uint8_t bytes[1000];
    size_t got;
    add_long_file(VOLUME "/long");
    assert_int_equal(pf_dbx_store.open_source(&host, VOLUME "/long", &source, NULL), PF_OK);
    pf_dbx_disk_fail(INT64_MAX, 0, true); /* counts */
    for (int64_t offset = 0; offset < 2 << 20; offset += 1000) {
        assert_int_equal(source.read_at(&source, offset, bytes, sizeof bytes, &got, NULL), PF_OK);
        check_bytes(bytes, offset, got);
        if (offset % 50000 == 0) /* a reader that goes back to the tail */
            assert_int_equal(source.read_at(&source, LONG_BYTES - 10, bytes, 100, &got, NULL), PF_OK);
    }
    assert_int_equal(got, 1000);
    assert_true(pf_dbx_disk_calls() <= 4);
    source.close(&source);
}

static void the_ends_of_a_file_are_exact(void **state) {
    struct pf_source source;
    struct pf_error err = {.struct_size = sizeof err};
    uint8_t bytes[64];
    size_t got = 7;
    add_long_file(VOLUME "/long");
    assert_int_equal(pf_dbx_store.open_source(&host, VOLUME "/long", &source, NULL), PF_OK);
    assert_int_equal(source.read_at(&source, LONG_BYTES - 3, bytes, 64, &got, NULL), PF_OK);
    assert_int_equal(got, 3);
    check_bytes(bytes, LONG_BYTES - 3, 3);
    assert_int_equal(source.read_at(&source, LONG_BYTES, bytes, 64, &got, NULL), PF_OK);
    assert_int_equal(got, 0);
    assert_int_equal(source.read_at(&source, -1, bytes, 64, &got, &err), PF_ARGUMENT);
    char whole[512];
    rooted(VOLUME "/long", whole);
    assert_int_equal(truncate(whole, 100), 0);
    assert_int_equal(source.read_at(&source, 4 << 20, bytes, 64, &got, &err), PF_IO);
    assert_non_null(strstr(err.message, "shorter"));
    source.close(&source);
    source.close(&source);
}

static void a_failed_read_is_told_and_the_next_one_may_work(void **state) {
    struct pf_source source;
    uint8_t bytes[64];
    size_t got;
    add_long_file(VOLUME "/long");
    assert_int_equal(pf_dbx_store.open_source(&host, VOLUME "/long", &source, NULL), PF_OK);
    for (size_t f = 0; f < sizeof faults / sizeof faults[0]; f++) {
        struct pf_error err = {.struct_size = sizeof err};
        int64_t offset = (int64_t)(f % 5) << 20;
        pf_dbx_disk_fail(1, faults[f], true);
        pf_status status = source.read_at(&source, offset, bytes, 64, &got, &err);
        bool reached = pf_dbx_disk_calls() > 0;
        pf_dbx_disk_fail(0, 0, false);
        assert_true(!reached || (status != PF_OK && got == 0 && err.message[0]));
        assert_int_equal(source.read_at(&source, offset, bytes, 64, &got, &err), PF_OK);
        check_bytes(bytes, offset, 64);
    }
    source.close(&source);
}

static void folders_and_missing_files_are_not_read(void **state) {
    struct pf_source source;
    struct pf_error err = {.struct_size = sizeof err};
    assert_int_equal(pf_dbx_store.open_source(&host, VOLUME, &source, &err), PF_ARGUMENT);
    add_folder(VOLUME "/sub");
    assert_int_equal(pf_dbx_store.open_source(&host, VOLUME "/sub", &source, &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "folder"));
    assert_int_equal(pf_dbx_store.open_source(&host, VOLUME "/none", &source, &err), PF_NOT_FOUND);
    assert_non_null(strstr(err.message, "check the name"));
    assert_int_equal(pf_dbx_store.open_source(&host, "/Volumes/main/raw/none/x", &source, &err), PF_NOT_FOUND);
    assert_non_null(strstr(err.message, "READ VOLUME on 'main.raw.none'"));
    char whole[512];
    rooted(VOLUME "/pipe", whole);
    assert_int_equal(mkfifo(whole, 0600), 0);
    assert_int_equal(pf_dbx_store.open_source(&host, VOLUME "/pipe", &source, &err), PF_ARGUMENT);
}

/* ---- the runtime ------------------------------------------------------------------------------------------ */

static void runtimes_without_volumes_refuse_before_anything_is_touched(void **state) {
    static const struct {
        const char *variables;
        const char *says;
    } rows[] = {{"DATABRICKS_RUNTIME_VERSION=12.2", "runtime 12.2 has no volumes"},
                {"DATABRICKS_RUNTIME_VERSION=10.4", "goes with the cluster"},
                {"DATABRICKS_RUNTIME_VERSION=latest", "nothing is mounted at /Volumes"},
                {"DATABRICKS_HOST=https://x", "not compute of Databricks"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_error err = {.struct_size = sizeof err};
        struct pf_source source;
        begin_world(rows[i].variables, "/databricks|" VOLUME "/x=old");
        pf_status expected = i == 3 ? PF_UNAVAILABLE : PF_UNSUPPORTED;
        assert_int_equal(put(VOLUME "/new/a.csv", PF_SINK_REPLACE, &err), expected);
        if (!strstr(err.message, rows[i].says))
            fail_msg("%s", err.message);
        assert_non_null(strchr(err.message, ';'));
        assert_false(is_there(VOLUME "/new"));
        assert_int_equal(pf_dbx_store.open_source(&host, VOLUME "/x", &source, &err), expected);
        assert_int_equal(pf_dbx_store.put_new(&host, VOLUME "/y", "x", 1, &err), expected);
    }
}

static void dbfs_is_refused_where_it_is_not_mounted(void **state) {
    struct pf_error err = {.struct_size = sizeof err};
    begin_world("DATABRICKS_RUNTIME_VERSION=client.5.1", "/databricks|/dbfs");
    assert_int_equal(put("dbfs:/tmp/a.csv", 0, &err), PF_UNSUPPORTED);
    assert_non_null(strstr(err.message, "/Volumes"));
    assert_false(is_there("/dbfs/tmp"));
}

/* ---- grants ----------------------------------------------------------------------------------------------- */

static void a_missing_grant_is_named(void **state) {
    static const struct {
        int number;
        bool writes;
        const char *says;
    } rows[] = {{EACCES, false, "READ VOLUME on 'main.raw.in'"},
                {EPERM, false, "USE CATALOG on 'main'"},
                {EACCES, true, "WRITE VOLUME on 'main.raw.in'"},
                {EPERM, true, "USE SCHEMA on 'main.raw'"},
                {ENOTCONN, true, "restart the cluster"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_error err = {.struct_size = sizeof err};
        struct pf_dbx_place place;
        assert_int_equal(pf_dbx_place_parse(VOLUME, &place, NULL), PF_OK);
        pf_dbx_disk_fail(1, rows[i].number, true);
        pf_status status = rows[i].writes ? pf_dbx_try_write(&place, &err) : pf_dbx_try_read(&place, &err);
        pf_dbx_disk_fail(0, 0, false);
        assert_int_equal(status, rows[i].number == ENOTCONN ? PF_IO : PF_DENIED);
        if (!strstr(err.message, rows[i].says))
            fail_msg("%s", err.message);
    }
}

static int32_t count_entry(void *ctx, const struct pf_entry *entry) {
    ++*(int64_t *)ctx;
    return 0;
}

static void a_proof_of_writing_leaves_nothing(void **state) {
    for (size_t f = 0; f < sizeof faults / sizeof faults[0]; f++)
        for (int64_t nth = 1; nth < 5; nth++) { /* facts, create, write, close */
            struct pf_dbx_place place;
            int64_t count = 0;
            assert_int_equal(pf_dbx_place_parse(VOLUME "/not/there/yet.csv", &place, NULL), PF_OK);
            pf_dbx_disk_fail(nth + 2, faults[f], true);
            pf_dbx_try_write(&place, NULL);
            pf_dbx_disk_fail(0, 0, false);
            assert_int_equal(pf_dbx_store.list(&host, VOLUME, count_entry, &count, NULL), PF_OK);
            assert_int_equal(count, 0);
        }
}

/* ---- lists ------------------------------------------------------------------------------------------------ */

struct seen {
    int64_t files, folders, bytes, stop_after;
};
static int32_t see_entry(void *ctx, const struct pf_entry *entry) {
    struct seen *seen = ctx;
    assert_true(entry->struct_size == sizeof *entry && entry->name[0]);
    seen->folders += entry->directory;
    seen->files += !entry->directory;
    seen->bytes += entry->directory ? 0 : entry->size_bytes;
    assert_true(entry->modified_ns > (int64_t)1000000000 * 1000000000);
    return seen->stop_after && seen->files + seen->folders >= seen->stop_after;
}

static void a_list_says_names_sizes_and_times(void **state) {
    struct seen seen = {0};
    add_file(VOLUME "/a", "12345");
    add_file(VOLUME "/b b", "1");
    add_file(VOLUME "/sub/deep", "not counted");
    assert_int_equal(pf_dbx_store.list(&host, VOLUME "/", see_entry, &seen, NULL), PF_OK);
    assert_int_equal(seen.files, 2);
    assert_int_equal(seen.folders, 1);
    assert_int_equal(seen.bytes, 6);
}

static void a_list_of_100000_ends_early_and_keeps_nothing(void **state) {
    char whole[512], path[600];
    rooted(VOLUME, whole);
    for (int i = 0; i < 100000; i++) {
        snprintf(path, sizeof path, "%s/f%d", whole, i);
        assert_int_equal(mknod(path, S_IFREG | 0600, 0), 0);
    }
    struct seen seen = {.stop_after = 10};
    pf_dbx_disk_fail(INT64_MAX, 0, true);
    assert_int_equal(pf_dbx_store.list(&host, VOLUME, see_entry, &seen, NULL), PF_OK);
    assert_int_equal(seen.files, 10);
    assert_true(pf_dbx_disk_calls() < 40);
    takes_left = 0; /* not one byte of the heap for all of them */
    seen = (struct seen){0};
    assert_int_equal(pf_dbx_store.list(&host, VOLUME, see_entry, &seen, NULL), PF_OK);
    assert_int_equal(seen.files, 100000);
}

static void a_list_that_breaks_off_is_a_failure(void **state) {
    for (int i = 0; i < 20; i++) {
        char path[64];
        snprintf(path, sizeof path, VOLUME "/f%d", i);
        add_file(path, "x");
    }
    struct pf_error err = {.struct_size = sizeof err};
    struct seen seen = {0};
    pf_dbx_disk_fail(15, EIO, true);
    assert_int_equal(pf_dbx_store.list(&host, VOLUME, see_entry, &seen, &err), PF_IO);
    pf_dbx_disk_fail(0, 0, false);
    assert_int_equal(pf_dbx_store.list(&host, "/Volumes/main/nothing", see_entry, &seen, &err), PF_NOT_FOUND);
    assert_non_null(strstr(err.message, "USE SCHEMA on 'main.nothing'"));
    assert_int_equal(pf_dbx_store.list(&host, VOLUME "/f1", see_entry, &seen, &err), PF_NOT_FOUND);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_volume, end_volume)
    const struct CMUnitTest tests[] = {
        TEST(the_traits_promise_neither_rename_nor_exclusive_creation),
        TEST(all_spellings_lead_to_one_file),
        TEST(an_existing_file_is_replaced_only_when_asked),
        TEST(folders_are_made_and_taken_away_again),
        TEST(volumes_schemas_and_catalogs_are_never_made),
        TEST(what_is_no_name_of_a_file_is_refused),
        TEST(a_missing_fsync_is_a_warning),
        TEST(a_file_that_is_not_as_long_as_written_is_no_success),
        TEST(a_close_or_fsync_that_fails_is_no_success),
        TEST(a_write_that_failed_stays_failed),
        TEST(whichever_call_fails_nothing_half_written_stays),
        TEST(a_dead_mount_is_never_called_a_success),
        TEST(what_could_not_be_removed_is_told),
        TEST(an_exclusive_creation_that_the_mount_refuses_is_done_by_looking),
        TEST(what_is_being_read_is_never_emptied),
        TEST(memory_that_runs_out_leaves_nothing),
        TEST(put_new_never_replaces),
        TEST(put_new_fails_whole),
        TEST(any_offset_is_read_from_any_thread),
        TEST(small_reads_are_few_calls),
        TEST(the_ends_of_a_file_are_exact),
        TEST(a_failed_read_is_told_and_the_next_one_may_work),
        TEST(folders_and_missing_files_are_not_read),
        TEST(runtimes_without_volumes_refuse_before_anything_is_touched),
        TEST(dbfs_is_refused_where_it_is_not_mounted),
        TEST(a_missing_grant_is_named),
        TEST(a_proof_of_writing_leaves_nothing),
        TEST(a_list_says_names_sizes_and_times),
        TEST(a_list_of_100000_ends_early_and_keeps_nothing),
        TEST(a_list_that_breaks_off_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
