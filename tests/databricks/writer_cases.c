/* writer_cases.c — whole conversions onto a volume: the right file or none.        SPDX-License-Identifier: MIT
 *
 * Usage: writer_cases [ROOT]: ROOT/Volumes/main/raw/in is there, usually a mount (mounted.py). Without ROOT it is a folder of its own,
 * and then every case is run again and again while each call of the extension's files, and many calls of pyforge's own, fail
 * in turn. Each case is first converted to local disk: what comes to stand on the volume has to be the same, byte for byte.
 * Ends with N passed, N failed. */
#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "dbx_disk.h"
#include "dbx_facts.h"
#include "dbx_world.h"
#include "pyforge/extension.h"
#include "pyforge/pyforge.h"

#define VOLUME    "/Volumes/main/raw/in"
#define NAME_ROOM 512
#define STEP_FROM 40 /* calls of pyforge's own files that all fail once; of those behind, every 7th */

const struct pf_extension *pyforge_extension_v1(void);

/* ---- cases --------------------------------------------------------------------------------------------- */

struct writer_case {
    const char *name;
    const char *options;  /* "key=value" joined by blanks; @ is the volume (or the local folder) */
    const char *files[5]; /* what stands in @ afterwards, and nothing else */
    pf_status status;     /* expected */
    const char *input;    /* one that lies on the volume too */
    bool old;             /* there are older files under these names */
    bool cancelled;
};

static const struct writer_case cases[] = {
    {"plain", "input=plain.csv output=@/o.parquet", {"o.parquet"}},
    {"replaced", "input=plain.csv output=@/o.parquet force", {"o.parquet"}, .old = true},
    {"not replaced", "input=plain.csv output=@/o.parquet", {"o.parquet"}, PF_EXISTS, .old = true},
    {"new folders", "input=plain.csv output=@/x/y/o.parquet", {"x/y/o.parquet"}},
    {"written directly", "input=plain.csv output=@/o.parquet stage=never", {"o.parquet"}},
    {"written directly, two laps", "input=odd.csv output=@/o.parquet stage=never", {"o.parquet"}},
    {"synced", "input=plain.csv output=@/o.parquet sync", {"o.parquet"}},
    {"to CSV", "input=plain.csv output=@/o.csv", {"o.csv"}},
    {"gzip", "input=plain.csv.gz output=@/o.parquet", {"o.parquet"}},
    {"second lap", "input=odd.csv output=@/o.parquet", {"o.parquet"}},
    {"row groups",
     "input=odd.csv output=@/o.parquet row-group-rows=1000 compression=zstd threads=2",
     {"o.parquet"}},
    {"folder",
     "input=plain.csv input=odd.csv input=ragged.csv output=@/all/",
     {"all/odd.parquet", "all/plain.parquet", "all/ragged.parquet"}},
    {"combined",
     "input=plain.csv input=odd.csv output=@/all.parquet combine schema-mode=union",
     {"all.parquet"}},
    {"rejects",
     "input=ragged.csv output=@/o.parquet on-bad-row=reject",
     {"o.parquet", "o.parquet.rejects.csv"}},
    {"rejects to Parquet",
     "input=ragged.csv output=@/o.parquet on-bad-row=reject rejects=@/r.parquet",
     {"o.parquet", "r.parquet"}},
    {"bad rows", "input=ragged.csv output=@/o.parquet on-bad-row=fail", {NULL}, PF_BAD_DATA},
    {"bad rows, directly",
     "input=ragged.csv output=@/o.parquet on-bad-row=fail stage=never",
     {NULL},
     PF_BAD_DATA},
    {"bad rows, new folder",
     "input=ragged.csv output=@/x/o.parquet on-bad-row=fail stage=never",
     {NULL},
     PF_BAD_DATA},
    {"cancelled", "input=odd.csv output=@/o.parquet", {"o.parquet"}, .cancelled = true},
    {"cancelled, directly",
     "input=odd.csv output=@/x/o.parquet stage=never",
     {"x/o.parquet"},
     .cancelled = true},
    {"from the volume",
     "input=@/plain.csv output=@/o.parquet",
     {"o.parquet", "plain.csv"},
     .input = "plain.csv"},
    {"a folder of the volume", "input=@/ output=@/o.parquet", {"o.parquet", "plain.csv"}, .input = "plain.csv"},
    {"a pattern of the volume",
     "input=@/pl*.csv output=@/o.parquet",
     {"o.parquet", "plain.csv"},
     .input = "plain.csv"},
    {"onto its own input",
     "input=@/plain.csv output=@/plain.csv force",
     {"plain.csv"},
     PF_DENIED,
     .input = "plain.csv"},
    {"directly onto its own input",
     "input=@/plain.csv output=@/plain.csv force stage=never",
     {"plain.csv"},
     PF_DENIED,
     .input = "plain.csv"},
};

static char root[256], here[64]; /* here: inputs, temporary files, what is right */
static bool on_mount;

static bool put_file(const char *folder, const char *name, const void *bytes, size_t size) {
    char path[NAME_ROOM * 2];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    bool good = file && fwrite(bytes, 1, size, file) == size;
    return file && fclose(file) == 0 && good;
}

static bool make_inputs(void) {
    static char text[1 << 20];
    static const char ragged[] = "a,b,c\n1,2,3\n4,5\n6,7,8,9\n\"10\",11,12\n13,14,15\n";
    char path[NAME_ROOM];
    for (int odd = 0; odd < 2; odd++) {
        size_t size = (size_t)snprintf(text, sizeof text, "id,name,price,day\n");
        for (int i = 1; i <= (odd ? 6000 : 60); i++)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%d,\"name, %d\",%d.25,2024-02-%02d\n",
                                     odd && i == 5000 ? "n" : "", i, i % 7, i, i % 28 + 1);
        if (!put_file(here, odd ? "odd.csv" : "plain.csv", text, size))
            return false;
        if (odd)
            break;
        snprintf(path, sizeof path, "%s/plain.csv.gz", here);
        gzFile gz = gzopen(path, "wb");
        if (!gz || gzwrite(gz, text, (unsigned)size) != (int)size || gzclose(gz) != Z_OK)
            return false;
    }
    return put_file(here, "ragged.csv", ragged, sizeof ragged - 1);
}

/* ---- folders ------------------------------------------------------------------------------------------- */

/* Removes what is in folder; counts the files that are not among names, and tells them. */
static int sweep_folder(const char *folder, const char *below, const char *const *names, bool removes) {
    char path[NAME_ROOM * 2], name[NAME_ROOM];
    int strangers = 0;
    DIR *open = opendir(folder);
    for (const struct dirent *entry; open && (entry = readdir(open));) {
        struct stat found;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        snprintf(name, sizeof name, "%s%s", below, entry->d_name);
        if (lstat(path, &found) == 0 && S_ISDIR(found.st_mode)) {
            size_t size = strlen(name);
            snprintf(name + size, sizeof name - size, "/");
            bool expected = false;
            for (size_t i = 0; names && names[i]; i++)
                expected |= strncmp(names[i], name, strlen(name)) == 0;
            strangers += sweep_folder(path, name, names, removes);
            if (removes)
                rmdir(path);
            else if (names && !expected)
                strangers++, printf("    a folder stays: %s\n", name);
            continue;
        }
        bool expected = false;
        for (size_t i = 0; names && names[i]; i++)
            expected |= strcmp(names[i], name) == 0;
        if (names && !expected)
            strangers++, printf("    a file stays: %s\n", name);
        if (removes)
            unlink(path);
    }
    if (open)
        closedir(open);
    return strangers;
}

static void in_volume(const char *name, char out[NAME_ROOM]) {
    snprintf(out, NAME_ROOM, "%s" VOLUME "/%s", root, name);
}
static void in_local(const char *name, char out[NAME_ROOM]) {
    snprintf(out, NAME_ROOM, "%s/right/%s", here, name);
}

/* The bytes of a file; NULL when it is not there. Gives. */
static char *read_all(const char *path, size_t *size) {
    struct stat found;
    FILE *file = fopen(path, "rb");
    *size = 0;
    if (!file || fstat(fileno(file), &found))
        return NULL;
    char *bytes = malloc((size_t)found.st_size + 1);
    if (bytes)
        *size = fread(bytes, 1, (size_t)found.st_size, file);
    fclose(file);
    return bytes;
}

#define OLD       "PAR1 an older file, which is longer than nothing PAR1"
#define IS_ABSENT 1
#define IS_RIGHT  2
#define IS_OLD    4
static int look(const char *name) {
    char path[NAME_ROOM];
    size_t size, right_size;
    in_volume(name, path);
    char *bytes = read_all(path, &size);
    in_local(name, path);
    char *right = read_all(path, &right_size);
    int answer = !bytes                                                           ? IS_ABSENT
                 : right && size == right_size && memcmp(bytes, right, size) == 0 ? IS_RIGHT
                 : size == strlen(OLD) && memcmp(bytes, OLD, size) == 0           ? IS_OLD
                                                                                  : 0;
    free(bytes);
    free(right);
    return answer;
}

/* ---- one run ------------------------------------------------------------------------------------------- */

/* Every look at the environment, which the store takes whenever it opens something, is a moment to cancel at. */
static pf_job *running;
static atomic_int_least64_t looks; /* by several threads */
static int64_t cancel_at;

static const char *variable(void *ctx, const char *name) {
    if (strcmp(name, "DATABRICKS_RUNTIME_VERSION") != 0)
        return NULL;
    if (atomic_fetch_add(&looks, 1) + 1 == cancel_at && running)
        pf_job_cancel(running);
    return "15.4";
}

static pf_status set_options(pf_job *job, const struct writer_case *it, const char *target,
                             struct pf_error *err) {
    char text[512], value[NAME_ROOM];
    char *at = NULL;
    snprintf(text, sizeof text, "%s", it->options);
    for (char *word = strtok_r(text, " ", &at); word; word = strtok_r(NULL, " ", &at)) {
        char *given = strchr(word, '=');
        if (given)
            *given++ = 0;
        if (given && given[0] == '@')
            snprintf(value, sizeof value, "%s%s", target, given + 1);
        else if (strcmp(word, "input") == 0)
            snprintf(value, sizeof value, "%s/%s", here, given);
        else
            snprintf(value, sizeof value, "%s", given ? given : "1");
        pf_status status = pf_job_set(job, word, value, err);
        if (status != PF_OK)
            return status;
    }
    snprintf(value, sizeof value, "%s/temp", here);
    return pf_job_set(job, "temp-dir", value, err);
}

static pf_status run(const struct writer_case *it, const char *target, bool extended, struct pf_error *err) {
    pf_forge *forge = NULL;
    pf_job *job = NULL;
    pf_result *result = NULL;
    pf_status status = pf_forge_open(&forge, err);
    if (status == PF_OK && extended)
        status = pf_forge_add(forge, pyforge_extension_v1(), err);
    if (status == PF_OK)
        status = pf_job_open(forge, &job, err);
    if (status == PF_OK)
        status = set_options(job, it, target, err);
    running = job;
    if (status == PF_OK)
        status = pf_job_run(job, &result, err);
    running = NULL;
    pf_result_close(&result);
    pf_job_close(&job);
    pf_forge_close(&forge);
    return status;
}

static void put_input(const struct writer_case *it, const char *folder) {
    char path[NAME_ROOM * 2];
    size_t size;
    if (!it->input)
        return;
    snprintf(path, sizeof path, "%s/%s", here, it->input);
    char *bytes = read_all(path, &size);
    put_file(folder, it->input, bytes, size);
    free(bytes);
}

static void begin(const struct writer_case *it) {
    char path[NAME_ROOM];
    in_volume("", path);
    sweep_folder(path, "", NULL, true);
    for (size_t i = 0; it->old && it->files[i]; i++)
        put_file(path, it->files[i], OLD, strlen(OLD));
    put_input(it, path);
    pf_dbx_facts_forget();
}

/* What was true of the names, whatever failed. */
static bool check(const struct writer_case *it, pf_status status, const struct pf_error *err) {
    char path[NAME_ROOM];
    bool good = status == PF_OK || (err->code != PF_OK && err->message[0]);
    int may = status == PF_OK ? IS_RIGHT : IS_ABSENT | IS_RIGHT | (it->old ? IS_OLD : 0);
    for (size_t i = 0; it->files[i]; i++)
        if (!(look(it->files[i]) & (it->input && strcmp(it->input, it->files[i]) == 0 ? IS_RIGHT : may)))
            good = false, printf("    %s is wrong after %s\n", it->files[i], pf_status_name(status));
    in_volume("", path);
    if (sweep_folder(path, "", it->files, false))
        good = false;
    snprintf(path, sizeof path, "%s/temp", here);
    static const char *const none[] = {NULL};
    return sweep_folder(path, "", none, true) == 0 && good;
}

static bool run_cancelled(const struct writer_case *it) {
    bool good = true, seen = false;
    looks = 0;
    for (cancel_at = 1; cancel_at <= looks || cancel_at == 1; cancel_at++) {
        struct pf_error err = {.struct_size = sizeof err};
        begin(it);
        looks = 0;
        pf_status status = run(it, VOLUME, true, &err);
        seen |= status == PF_CANCELLED;
        if (!check(it, status, &err) || (status != PF_OK && status != PF_CANCELLED))
            good = false, printf("    cancelled at %lld: %s\n", (long long)cancel_at, err.message);
    }
    cancel_at = 0;
    return good && seen;
}

static bool run_once(const struct writer_case *it) {
    struct pf_error err = {.struct_size = sizeof err};
    char right[NAME_ROOM];
    in_local("", right);
    sweep_folder(right, "", NULL, true);
    put_input(it, right);
    if (it->status == PF_OK && run(it, right, false, &err) != PF_OK)
        return printf("    on local disk: %s\n", err.message), false;
    begin(it);
    pf_status status = run(it, VOLUME, true, &err);
    if (status != it->status)
        return printf("    %s, not %s: %s\n", pf_status_name(status), pf_status_name(it->status), err.message),
               false;
    if (it->status == PF_EXISTS) {
        for (size_t i = 0; it->files[i]; i++)
            if (look(it->files[i]) != IS_OLD)
                return printf("    the older file is gone\n"), false;
        return true;
    }
    return check(it, status, &err) && (!it->cancelled || run_cancelled(it));
}

/* ---- every call fails ------------------------------------------------------------------------------------ */

static const int faults[] = {EIO, ENOSPC, EPERM, EOPNOTSUPP, PF_DBX_DISK_SHORT};

static bool run_failing(const struct writer_case *it, bool of_extension, int number, int64_t *runs) {
    bool good = true;
    int64_t calls = 1;
    for (int64_t nth = 1; nth <= calls; nth += nth < STEP_FROM || of_extension ? 1 : 7, ++*runs) {
        struct pf_error err = {.struct_size = sizeof err};
        begin(it);
        if (of_extension)
            pf_dbx_disk_fail(nth, number, true);
        else
            pf_file_fail_once(nth, number == PF_DBX_DISK_SHORT ? PF_FILE_SHORT : number);
        pf_status status = run(it, VOLUME, true, &err);
        calls = of_extension ? pf_dbx_disk_calls() : pf_file_calls();
        pf_dbx_disk_fail(0, 0, false);
        pf_file_fail_once(0, 0);
        if (!check(it, status, &err))
            good = false, printf("    when call %lld of %s fails with %d: %s\n", (long long)nth,
                                 of_extension ? "the volume" : "the local disk", number, err.message);
    }
    return good;
}

/* ---- the run ------------------------------------------------------------------------------------------- */

static int64_t now_ms(void *ctx) { return 0; }

static bool prepare(int argc, char **argv) {
    char path[NAME_ROOM];
    strcpy(here, "/tmp/pyforge-writers-XXXXXX");
    if (!mkdtemp(here))
        return false;
    static const char *const folders[] = {
        "temp", "right", "root", "root/Volumes", "root/Volumes/main", "root/Volumes/main/raw", "root" VOLUME};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", here, folders[i]);
        if (mkdir(path, 0777))
            return false;
    }
    on_mount = argc > 1;
    snprintf(root, sizeof root, "%s%s", on_mount ? argv[1] : here, on_mount ? "" : "/root");
    static struct pf_dbx_world world = {.root = root, .variable = variable, .now_ms = now_ms};
    pf_dbx_world_set(&world);
    return make_inputs();
}

int main(int argc, char **argv) {
    int passed = 0, failed = 0;
    int64_t runs = 0;
    if (!prepare(argc, argv))
        return printf("writer_cases: cannot make its folders\n"), 2;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool good = run_once(&cases[i]);
        for (size_t j = 0; !on_mount && j < sizeof faults / sizeof faults[0]; j++) {
            good &= run_failing(&cases[i], true, faults[j], &runs);
            good &= run_failing(&cases[i], false, faults[j], &runs);
        }
        if (!good)
            printf("FAILED: %s\n", cases[i].name);
        good ? passed++ : failed++;
    }
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", here);
    if (system(command))
        failed++;
    printf("%lld runs with a failing call\n%d passed, %d failed\n", (long long)runs, passed, failed);
    return failed ? 1 : 0;
}
