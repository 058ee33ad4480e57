/* sweep.c — every call of a conversion fails once. What must hold each time:           SPDX-License-Identifier: MIT
 * the old file, nothing or the whole new file stands under each final name, and the new one wherever the exit code
 * is 0; the error is told in one line with code and cause; no descriptor and no temporary file is left.
 *
 * Usage: sweep [all] [SCENARIO…]: without `all` a few kinds of failure and a bounded number of allocations. The program's
 * own command line runs in this process, with the switches of base/file.h and base/mem.h. Ends with N passed, N failed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "base/mem.h"
#include "cli.h"

/* ---- scenarios ---- */

struct scenario {
    const char *name;
    const char *words;      /* the command line behind `pyforge` */
    const char *outputs[4]; /* what stands in out/ afterwards */
    const char *link;       /* a symbolic link to the first output */
    bool old;               /* there are older files under these names */
    bool many;              /* several inputs, of which one may fail */
    bool input;             /* in/plain.csv is standard input */
};

static const struct scenario scenarios[] = {
    {"plain", "convert in/plain.csv out/o.parquet", {"o.parquet"}},
    {"replace", "convert in/plain.csv out/o.parquet --force", {"o.parquet"}, .old = true},
    {"new folder", "convert in/plain.csv out/new/o.parquet", {"new/o.parquet"}},
    {"link",
     "convert in/plain.csv out/link.parquet --force",
     {"o.parquet"},
     .link = "out/link.parquet",
     .old = true},
    {"synced", "convert in/plain.csv out/o.parquet --force --sync", {"o.parquet"}, .old = true},
    {"rejects",
     "convert in/ragged.csv out/o.parquet --on-bad-row reject --force",
     {"o.parquet", "o.parquet.rejects.csv"},
     .old = true},
    {"rejects to Parquet",
     "convert in/ragged.csv out/o.parquet --on-bad-row reject --rejects out/r.parquet",
     {"o.parquet", "r.parquet"}},
    {"second lap", "convert in/odd.csv out/o.parquet", {"o.parquet"}},
    {"standard input", "convert - out/o.parquet", {"o.parquet"}, .input = true},
    {"gzip", "convert in/plain.csv.gz out/o.parquet", {"o.parquet"}},
    {"UTF-16", "convert in/wide.csv out/o.parquet", {"o.parquet"}},
    {"to CSV", "convert in/plain.csv out/o.csv", {"o.csv"}},
    {"row groups",
     "convert in/odd.csv out/o.parquet --row-group-rows 1000 --compression zstd --threads 2",
     {"o.parquet"}},
    {"combine",
     "convert in/plain.csv in/ragged.csv -o out/all.parquet --combine --source-file --schema-mode union "
     "--force",
     {"all.parquet"},
     .old = true},
    {"folder",
     "convert in/three/ out/ --force",
     {"a.parquet", "b.parquet", "c.parquet"},
     .old = true,
     .many = true},
    {"pattern", "convert in/t*/*.csv out/", {"a.parquet", "b.parquet", "c.parquet"}, .many = true},
    {"XLSX", "convert in/types.xlsx out/o.parquet", {"o.parquet"}},
    {"XLSX of several sheets",
     "convert in/sheets.xlsx -o out/ --threads 2",
     {"sheets_First.parquet", "sheets_Data.parquet"},
     .many = true},
    {"XLSB", "convert in/types.xlsb out/o.parquet", {"o.parquet"}},
    {"XLS", "convert in/types.xls out/o.parquet", {"o.parquet"}},
    {"formulas of XLSB", "convert in/formulas.xlsb out/o.parquet --formulas text", {"o.parquet"}},
    {"formulas of XLS", "convert in/formulas.xls out/o.parquet --formulas text", {"o.parquet"}},
    {"ODS", "convert in/types.ods out/o.parquet", {"o.parquet"}},
    {"SpreadsheetML", "convert in/types.xml out/o.parquet", {"o.parquet"}},
    {"SYLK", "convert in/types.slk out/o.parquet", {"o.parquet"}},
    {"rows in no order", "convert in/disorder.xlsx out/o.parquet --merged fill", {"o.parquet"}},
    {"links", "convert in/links.xlsx out/o.parquet --hyperlinks both", {"o.parquet"}},
    {"links of XLS", "convert in/links.xls out/o.parquet --hyperlinks url --blank-rows skip", {"o.parquet"}},
    {"Excel table", "convert in/sheets.xlsx out/o.parquet --table Sums --merged fill", {"o.parquet"}},
    {"named range of ODS", "convert in/named.ods out/o.parquet --table figures", {"o.parquet"}},
    {"locked ODS", "convert in/locked.ods out/o.parquet --password secret", {"o.parquet"}},
    {"cells", "cells in/types.xlsx", {NULL}},
    {"cells of XLSB", "cells in/types.xlsb", {NULL}},
    {"cells of XLS", "cells in/types.xls", {NULL}},
    {"cells of ODS", "cells in/types.ods", {NULL}},
    {"info of a workbook", "info in/sheets.xlsx", {NULL}},
    {"info", "info in/plain.csv", {NULL}},
    {"validate", "validate in/plain.csv", {NULL}},
    {"schema", "schema in/odd.csv", {NULL}},
    {"head", "head in/plain.csv.gz", {NULL}},
};

static bool write_file(const char *name, const void *bytes, size_t size) {
    FILE *file = fopen(name, "wb");
    bool good = file && fwrite(bytes, 1, size, file) == size;
    return file && fclose(file) == 0 && good;
}

/* The workbooks of the golden cases. */
static bool copy_books(void) {
    static const char *const books[][2] = {{"xlsx/types/input.xlsx", "in/types.xlsx"},
                                           {"xlsx/excel_table/input.xlsx", "in/sheets.xlsx"},
                                           {"xlsx/out_of_order/input.xlsx", "in/disorder.xlsx"},
                                           {"xlsx/links/input.xlsx", "in/links.xlsx"},
                                           {"xls/links/input.xls", "in/links.xls"},
                                           {"xlsb/types/input.xlsb", "in/types.xlsb"},
                                           {"xls/types/input.xls", "in/types.xls"},
                                           {"xlsb/formulas/input.xlsb", "in/formulas.xlsb"},
                                           {"xls/formulas/input.xls", "in/formulas.xls"},
                                           {"ods/types/input.ods", "in/types.ods"},
                                           {"ods/named_range/input.ods", "in/named.ods"},
                                           {"ods/locked/input_locked.ods", "in/locked.ods"},
                                           {"spreadsheetml/types/input.xml", "in/types.xml"},
                                           {"sylk/types/input.slk", "in/types.slk"}};
    static char bytes[1 << 16];
    bool good = true;
    for (size_t i = 0; i < sizeof books / sizeof *books && good; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", GOLDEN, books[i][0]);
        FILE *file = fopen(path, "rb");
        size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
        good = file && size > 0 && size < sizeof bytes && write_file(books[i][1], bytes, size);
        if (file)
            fclose(file);
    }
    return good;
}

static size_t write_rows(char *to, size_t room, int rows, int odd_row) {
    size_t size = (size_t)snprintf(to, room, "id,name,price,day,note\n");
    for (int i = 1; i <= rows; i++)
        size += (size_t)snprintf(to + size, room - size, "%s%d,\"name, %d\",%d.25,2024-02-%02d,%s\n",
                                 i == odd_row ? "n" : "", i, i % 7, i, i % 28 + 1, i % 3 ? "some words" : "");
    return size;
}

static bool write_inputs(void) {
    static char text[1 << 20], wide[1 << 16];
    static const char ragged[] = "a,b,c\n1,2,3\n4,5\n6,7,8,9\n\"10\",11,\"12\n13,14,15\n";
    if (mkdir("in", 0777) || mkdir("in/three", 0777) || mkdir("temp", 0777))
        return false;
    size_t size = write_rows(text, sizeof text, 60, 0);
    bool good = write_file("in/plain.csv", text, size) && write_file("in/three/a.csv", text, size) &&
                write_file("in/three/b.csv", text, size) &&
                write_file("in/three/c.csv", ragged, sizeof ragged - 1) &&
                write_file("in/ragged.csv", ragged, sizeof ragged - 1);
    gzFile gz = gzopen("in/plain.csv.gz", "wb");
    good = good && gz && gzwrite(gz, text, (unsigned)size) == (int)size && gzclose(gz) == Z_OK;
    wide[0] = (char)0xFF, wide[1] = (char)0xFE;
    for (size_t i = 0; i < size; i++)
        wide[2 + 2 * i] = text[i];
    good = good && write_file("in/wide.csv", wide, 2 + 2 * size);
    size =
        write_rows(text, sizeof text, 6000, 5000); /* an id that is no number, behind what the survey reads */
    return good && write_file("in/odd.csv", text, size) && copy_books();
}

/* ---- one run ---- */

struct seen {
    int code;
    char said[8192]; /* on standard error */
};

static int capture;

static int silence(int descriptor, int other) {
    fflush(NULL);
    int kept = dup(descriptor);
    dup2(other, descriptor);
    return kept;
}

static void restore(int descriptor, int kept) {
    fflush(NULL);
    dup2(kept, descriptor);
    close(kept);
}

static void run_words(const struct scenario *scenario, struct seen *seen) {
    char words[512], program[] = "pyforge", temp[] = "--temp-dir=temp", *argv[32] = {program};
    int argc = 1;
    snprintf(words, sizeof words, "%s", scenario->words);
    for (char *at = NULL, *word = strtok_r(words, " ", &at); word && argc < 30; word = strtok_r(NULL, " ", &at))
        argv[argc++] = word;
    argv[argc++] = temp;
    int input = open(scenario->input ? "in/plain.csv" : "/dev/null", O_RDONLY);
    if (ftruncate(capture, 0) || lseek(capture, 0, SEEK_SET) || input < 0)
        abort();
    int null = open("/dev/null", O_WRONLY);
    int in = silence(0, input), out = silence(1, null), err = silence(2, capture);
    seen->code = pf_cli_run(argc, argv);
    restore(2, err), restore(1, out), restore(0, in);
    close(null), close(input);
    ssize_t size = pread(capture, seen->said, sizeof seen->said - 1, 0);
    seen->said[size > 0 ? size : 0] = 0;
}

/* ---- what must hold ---- */

static const char old_parquet[] = "PAR1 old PAR1",
                  old_csv[] = "old\n1\n"; /* for --force, which looks at the magic */
static char *expected[4];
static size_t expected_size[4];
static long passed, failed;
static char label[256];

static void complain(const char *what, const struct seen *seen) {
    failed++;
    printf("%s: %s (exit %d): %s\n", label, what, seen->code, seen->said);
}

static char *read_file(const char *name, size_t *size) {
    FILE *file = fopen(name, "rb");
    if (!file)
        return NULL;
    char *bytes = malloc(1 << 20);
    *size = bytes ? fread(bytes, 1, 1 << 20, file) : 0;
    fclose(file);
    return bytes;
}

static const char *old_text(const char *path) { return strstr(path, ".csv") ? old_csv : old_parquet; }

static void output_path(char *to, size_t room, const char *name) { snprintf(to, room, "out/%s", name); }

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *at) {
    (void)facts, (void)kind, (void)at;
    return remove(path);
}

static void set_scene(const struct scenario *scenario) {
    char path[300];
    nftw("out", remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    mkdir("out", 0777);
    if (scenario->link && symlink(scenario->outputs[0], scenario->link))
        abort();
    for (int i = 0; i < 4 && scenario->outputs[i] && scenario->old; i++) {
        output_path(path, sizeof path, scenario->outputs[i]);
        write_file(path, old_text(path), strlen(old_text(path)));
    }
}

static int count_entries(const char *path) {
    int count = -2; /* . and .. */
    DIR *folder = opendir(path);
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static int entries_found;
static int count_entry(const char *path, const struct stat *facts, int kind, struct FTW *at) {
    (void)path, (void)facts, (void)kind, (void)at;
    entries_found++;
    return 0;
}

/* Does something stand in out/ or temp/ that belongs to no output? A folder belongs to the file in it. */
static bool has_left_over(const struct scenario *scenario) {
    int wanted = 1 + (scenario->link != NULL); /* out/ itself */
    for (int i = 0; i < 4 && scenario->outputs[i]; i++) {
        char path[300];
        output_path(path, sizeof path, scenario->outputs[i]);
        if (access(path, F_OK) == 0)
            wanted += 1 + (strchr(scenario->outputs[i], '/') != NULL);
    }
    entries_found = 0;
    nftw("out", count_entry, 8, FTW_PHYS);
    return entries_found != wanted || count_entries("temp") != 0;
}

/* Is what stands under the name what was there before, or the whole new file? */
static void check_output(const struct scenario *scenario, int i, const struct seen *seen) {
    char path[300];
    size_t size = 0;
    output_path(path, sizeof path, scenario->outputs[i]);
    char *bytes = read_file(path, &size);
    bool is_new = bytes && size == expected_size[i] && memcmp(bytes, expected[i], size) == 0;
    bool is_old = !bytes && !scenario->old;
    if (bytes && scenario->old)
        is_old = size == strlen(old_text(path)) && memcmp(bytes, old_text(path), size) == 0;
    if (seen->code == 0 ? !is_new : !is_new && !is_old)
        complain(bytes ? "something else stands under the final name" : "the file is gone", seen);
    free(bytes);
}

static int count_lines(const char *text, const char *front) {
    int count = 0;
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
        count += strncmp(line, front, strlen(front)) == 0;
    return count;
}

/* One line "error: CODE: …" for an input, or several when several inputs failed. */
static void check_words(const struct scenario *scenario, const char *code, const char *cause,
                        const struct seen *seen) {
    char front[64];
    snprintf(front, sizeof front, "error: %s: ", code);
    int told = count_lines(seen->said, "error: "), right = count_lines(seen->said, front);
    if (seen->code == 0 && told)
        complain("an error is told, but the exit code is 0", seen);
    if (seen->code != 0 && seen->code != 1)
        complain("the exit code is wrong", seen);
    if (seen->code == 1 && (right == 0 || right != told || (!scenario->many && told != 1)))
        complain("the error is not told in one line with its code", seen);
    if (seen->code == 1 && cause && !strstr(seen->said, cause))
        complain("the cause is not told", seen);
}

static void check_run(const struct scenario *scenario, const char *code, const char *cause, bool clean,
                      int descriptors, const struct seen *seen) {
    long before = failed;
    for (int i = 0; i < 4 && scenario->outputs[i]; i++)
        check_output(scenario, i, seen);
    check_words(scenario, code, cause, seen);
    if (clean && has_left_over(scenario))
        complain("a temporary file is left", seen);
    if (count_entries("/proc/self/fd") != descriptors)
        complain("a descriptor is left open", seen);
    passed += failed == before;
}

/* ---- sweeps ---- */

static bool learn(const struct scenario *scenario) {
    struct seen seen;
    set_scene(scenario);
    run_words(scenario, &seen);
    snprintf(label, sizeof label, "%s, undisturbed", scenario->name);
    for (int i = 0; i < 4 && scenario->outputs[i]; i++) {
        char path[300];
        output_path(path, sizeof path, scenario->outputs[i]);
        free(expected[i]);
        expected[i] = read_file(path, &expected_size[i]);
        if (!expected[i])
            seen.code = -1;
    }
    if (seen.code != 0)
        complain("the scenario itself does not work", &seen);
    return seen.code == 0;
}

static struct kind {
    char name[24];
    long count;
} kinds[48];

static void count_kind(const char *call) {
    size_t size = call ? strcspn(call, "(") : 0;
    for (size_t i = 0; i < 48 && size && size < sizeof kinds[0].name; i++) {
        if (!kinds[i].count)
            memcpy(kinds[i].name, call, size);
        if (strlen(kinds[i].name) == size && memcmp(kinds[i].name, call, size) == 0) {
            kinds[i].count++;
            return;
        }
    }
}

/* Every call in turn fails with number, alone or with all after it. */
static void sweep_calls(const struct scenario *scenario, int number, bool once) {
    bool reached = true;
    int descriptors = count_entries("/proc/self/fd");
    for (int64_t nth = 1; reached; nth++) {
        struct seen seen;
        set_scene(scenario);
        (once ? pf_file_fail_once : pf_file_fail_from)(nth, number);
        run_words(scenario, &seen);
        const char *call = pf_file_faulted();
        reached = pf_file_calls() >= nth;
        pf_file_fail_from(0, 0);
        snprintf(label, sizeof label, "%s, call %lld%s, %s, %s", scenario->name, (long long)nth,
                 once ? "" : " and all after", call ? call : "",
                 number == PF_FILE_SHORT ? "short"
                 : number == PF_FILE_END ? "end"
                                         : strerror(number));
        if (reached)
            count_kind(call);
        /* when nothing works any more, or not the removal itself, temporaries stay until the next conversion */
        bool removes = call && (strncmp(call, "unlink(", 7) == 0 || strncmp(call, "rmdir(", 6) == 0);
        bool clean = once ? !removes : number < 0;
        check_run(scenario, number == EACCES ? "DENIED" : "IO", number > 0 ? strerror(number) : NULL, clean,
                  descriptors, &seen);
        if (number == PF_FILE_SHORT && seen.code != 0)
            complain("a short read or write is no failure", &seen);
    }
}

static int64_t count_requests(const struct scenario *scenario) {
    struct seen seen;
    set_scene(scenario);
    pf_mem_fail_from(INT64_MAX);
    run_words(scenario, &seen);
    int64_t count = pf_mem_count();
    pf_mem_fail_from(0);
    return count;
}

static void sweep_allocations(const struct scenario *scenario, int64_t step, bool once) {
    int64_t count = count_requests(scenario);
    int descriptors = count_entries("/proc/self/fd");
    for (int64_t nth = 1; nth <= count; nth += step) {
        struct seen seen;
        set_scene(scenario);
        (once ? pf_mem_fail_once : pf_mem_fail_from)(nth);
        run_words(scenario, &seen);
        pf_mem_fail_from(0);
        snprintf(label, sizeof label, "%s, allocation %lld%s", scenario->name, (long long)nth,
                 once ? "" : " and all after");
        check_run(scenario, "NO_MEMORY", NULL, true, descriptors, &seen);
    }
}

/* What the dead have left goes with the next conversion. */
static void check_sweeping(const struct scenario *scenario) {
    struct seen seen;
    set_scene(scenario);
    pf_file_fail_from(40, EIO);
    run_words(scenario, &seen);
    pf_file_fail_from(0, 0);
    run_words(scenario, &seen);
    snprintf(label, sizeof label, "%s, after a run that could remove nothing", scenario->name);
    check_run(scenario, "", NULL, true, count_entries("/proc/self/fd"), &seen);
}

static void sweep(const struct scenario *scenario, bool all) {
    static const int numbers[] = {ENOSPC, EIO, EACCES, PF_FILE_SHORT, PF_FILE_END};
    long before = passed;
    if (!learn(scenario))
        return;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        /* a stream that ends early is a shorter table; an old file cut short is none that may be replaced */
        if (numbers[i] == PF_FILE_END && (scenario->input || scenario->old))
            continue;
        if (all || i != 2)
            sweep_calls(scenario, numbers[i], true);
        if (all || i == 0)
            sweep_calls(scenario, numbers[i], false);
    }
    int64_t step = all ? 1 : count_requests(scenario) / 100 + 1;
    sweep_allocations(scenario, step, true);
    sweep_allocations(scenario, step, false);
    if (scenario->old)
        check_sweeping(scenario);
    printf("%s: %ld runs\n", scenario->name, passed - before);
}

/* ---- the whole ---- */

static bool is_wanted(const char *name, int argc, char **argv) {
    bool any = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return true;
        any = any || strcmp(argv[i], "all") != 0;
    }
    return !any;
}

int main(int argc, char **argv) {
    char folder[] = "/tmp/pf_sweep_XXXXXX", command[64];
    bool all = argc > 1 && strcmp(argv[1], "all") == 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!mkdtemp(folder) || chdir(folder) || !write_inputs() ||
        (capture = open("said", O_RDWR | O_CREAT | O_TRUNC, 0600)) < 0) {
        perror("sweep: cannot set the scene");
        return 1;
    }
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        if (is_wanted(scenarios[i].name, argc, argv))
            sweep(&scenarios[i], all);
    printf("calls that failed:");
    for (size_t i = 0; i < 48 && kinds[i].count; i++)
        printf("%s %s %ld", i ? "," : "", kinds[i].name, kinds[i].count);
    printf("\n%ld passed, %ld failed\n", passed, failed);
    for (int i = 0; i < 4; i++)
        free(expected[i]);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) != 0 || failed || !passed;
}
