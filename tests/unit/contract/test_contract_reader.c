/* test_contract_reader.c — every reader keeps its promises; a reader that breaks one is found.
 * SPDX-License-Identifier: MIT */
#include "contract_heard.h"

#include <glob.h>

#include "base/buf.h"
#include "base/mem.h"
#include "frail.h"
#include "read/read_list.h"
#include "toy_format.h"

static void check_reader(const struct pf_reader *reader, const char *name, const void *bytes, size_t size) {
    struct heard heard = {.of = name};
    struct pf_contract contract = {hear, &heard};
    struct pf_contract_input input = {name, bytes, size};
    assert_int_equal(pf_contract_reader(reader, &input, &contract), 0);
    assert_true(heard.promises >= 10);
}

static void check_file(const struct pf_reader *reader, const char *path) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static uint8_t bytes[1 << 20];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    check_reader(reader, path, bytes, size);
}

/* Their inputs are those of the golden cases, so a format without any is found out here. */
static void every_reader_of_this_build_keeps_its_promises_on_every_golden_input(void **state) {
    for (const struct pf_reader *const *r = pf_builtin_readers; *r; r++) {
        char pattern[512];
        glob_t found;
        snprintf(pattern, sizeof pattern, GOLDEN_DIR "/%s/*/input.*", (*r)->name);
        if (glob(pattern, 0, NULL, &found) != 0)
            fail_msg("reader '%s' has no golden case", (*r)->name);
        for (size_t i = 0; i < found.gl_pathc; i++)
            check_file(*r, found.gl_pathv[i]);
        globfree(&found);
    }
}

static void csv_keeps_its_promises_over_several_batches(void **state) {
    struct pf_buf text = {0};
    pf_buf_text(&text, "id,word,amount,day\n", NULL);
    for (int i = 0; i < 60000; i++)
        pf_buf_print(&text, NULL, "%d,\"w%d, x\",%d.25,2024-01-%02d\n", i, i % 100, i % 7919, i % 28 + 1);
    for (const struct pf_reader *const *r = pf_builtin_readers; *r; r++)
        if (strcmp((*r)->name, "csv") == 0)
            check_reader(*r, "large.csv", text.data, text.size);
    pf_buf_clear(&text);
}

static void toy_formats_keep_their_promises(void **state) {
    static const char toy[] = "a b\n1 x\n2 -\n# no row\n! refused\n3 z\n4 u\n5 v\n6 w\n",
                      lines[] = "one\ntwo\n\nthree";
    check_reader(toy_extension.readers[0], "t.toy", toy, sizeof toy - 1);
    check_reader(lines_extension.readers[0], "t.lines", lines, sizeof lines - 1);
}

#define FRAIL_NAME(name, promise) {#name, promise},
static const struct { const char *name, *promise; } frails[] = {FRAIL_READS(FRAIL_NAME)};

static void each_broken_promise_of_a_reader_is_found(void **state) {
    static const char text[] = "ab\ncd\nef\ngh\nij\n";
    struct pf_contract_input input = {"t.frail", text, sizeof text - 1};
    for (int i = 0; i < FRAIL_READ_COUNT; i++) {
        struct heard heard = {.of = frails[i].name, .quiet = i != READS_WELL};
        struct pf_contract contract = {hear, &heard};
        frail_read = (enum frail_read)i;
        int64_t broken = pf_contract_reader(frail_reader(), &input, &contract);
        assert_int_equal(broken, heard.broken_count);
        if (i == READS_WELL)
            assert_int_equal(broken, 0);
        else if (strstr(frails[i].name, "_GROW") && !heap_is_measured())
            print_message("the heap of this build is not measured\n");
        else if (!heard_of(&heard, frails[i].promise))
            fail_msg("%s is not found by '%s' but by '%s'", frails[i].name, frails[i].promise,
                     broken ? heard.broken[0] : "nothing");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reader_of_this_build_keeps_its_promises_on_every_golden_input),
        cmocka_unit_test(csv_keeps_its_promises_over_several_batches),
        cmocka_unit_test(toy_formats_keep_their_promises),
        cmocka_unit_test(each_broken_promise_of_a_reader_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
