/* test_codec_zip.c — ZIP directories, right and wrong.                          SPDX-License-Identifier: MIT */
#include "bytes/bytes_source.h"
#include "codec/codec_zip.h"
#include "zip_builder.h"

struct opened {
    struct pf_buf bytes;
    struct pf_source source;
    pf_zip *zip;
    struct pf_error err;
};

static pf_status open_zip(struct opened *opened) {
    opened->err = (struct pf_error)PF_ERROR_INIT;
    pf_source_memory(opened->bytes.data, opened->bytes.size, &opened->source);
    return pf_zip_open(&opened->source, &opened->zip, &opened->err);
}

static void close_zip(struct opened *opened) {
    pf_zip_close(&opened->zip);
    pf_source_close(&opened->source);
    pf_buf_clear(&opened->bytes);
}

static void assert_members(struct opened *opened, const struct zip_entry *entries, size_t count) {
    assert_int_equal(pf_zip_count(opened->zip), count);
    assert_null(pf_zip_at(opened->zip, count));
    for (size_t i = 0; i < count; i++) {
        const struct pf_zip_member *member = pf_zip_at(opened->zip, i);
        assert_string_equal(member->name, entries[i].name);
        assert_ptr_equal(pf_zip_find(opened->zip, entries[i].name), member);
        assert_int_equal(member->size_bytes, entries[i].size);
        for (int threaded = 0; threaded < 2; threaded++) {
            struct pf_source source = {0};
            uint8_t *bytes = NULL;
            size_t size = 0;
            assert_int_equal(pf_zip_source(opened->zip, member, threaded, &source, &opened->err), PF_OK);
            assert_int_equal(source.size_bytes, entries[i].size);
            assert_int_equal(pf_source_slurp(&source, 10 << 20, &bytes, &size, &opened->err), PF_OK);
            assert_int_equal(size, entries[i].size);
            assert_memory_equal(bytes, entries[i].bytes, size);
            pf_source_close(&source);
            pf_mem_free(bytes);
        }
    }
}

/* What reading the first member to its end says. */
static pf_status read_first(struct opened *opened) {
    struct pf_source source = {0};
    uint8_t *bytes = NULL;
    size_t size = 0;
    pf_status status = pf_zip_source(opened->zip, pf_zip_at(opened->zip, 0), 0, &source, &opened->err);
    if (status == PF_OK)
        status = pf_source_slurp(&source, 10 << 20, &bytes, &size, &opened->err);
    pf_source_close(&source);
    pf_mem_free(bytes);
    return status;
}

static void members_of_both_methods_come_back(void **unused) {
    uint8_t *text = sample_make(SAMPLE_TEXT, 1 << 20), *noise = sample_make(SAMPLE_NOISE, 70000);
    for (int zip64 = 0; zip64 < 2; zip64++)
        for (int descriptor = 0; descriptor < 2; descriptor++) {
            struct zip_entry entries[] = {
                {.name = "a.csv", .bytes = text, .size = 1 << 20, .method = 8},
                {.name = "dir/", .bytes = "", .size = 0},
                {.name = "dir/b.bin", .bytes = noise, .size = 70000},
                {.name = "dir/empty", .bytes = "", .size = 0, .method = 8},
                {.name = "\xC3\xBC.csv", .bytes = "x", .size = 1, .flags = 0x800},
            };
            for (size_t i = 0; i < 5; i++)
                entries[i].zip64 = zip64, entries[i].descriptor = descriptor;
            struct opened opened = {0};
            zip_build(entries, 5, zip64, zip64 ? "a comment" : NULL, &opened.bytes);
            assert_int_equal(open_zip(&opened), PF_OK);
            assert_members(&opened, entries, 5);
            assert_true(pf_zip_at(opened.zip, 1)->directory);
            assert_false(pf_zip_at(opened.zip, 2)->directory);
            assert_null(pf_zip_find(opened.zip, "nothing"));
            close_zip(&opened);
        }
    pf_mem_free(text);
    pf_mem_free(noise);
}

static void an_empty_archive_has_no_members(void **unused) {
    struct opened opened = {0};
    zip_build(NULL, 0, false, NULL, &opened.bytes);
    assert_int_equal(open_zip(&opened), PF_OK);
    assert_int_equal(pf_zip_count(opened.zip), 0);
    close_zip(&opened);
}

static void many_members_are_counted_beyond_sixteen_bits(void **unused) {
    enum { MANY = 70000 };
    struct zip_entry *entries = pf_mem_zero(MANY, sizeof *entries);
    char(*names)[16] = pf_mem_zero(MANY, sizeof *names);
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "m%d.csv", i);
        entries[i] = (struct zip_entry){.name = names[i], .bytes = names[i], .size = strlen(names[i])};
    }
    for (int zip64 = 0; zip64 < 2; zip64++) {
        struct opened opened = {0};
        zip_build(entries, MANY, zip64, NULL, &opened.bytes);
        assert_int_equal(open_zip(&opened), PF_OK);
        assert_int_equal(pf_zip_count(opened.zip), MANY);
        assert_ptr_equal(pf_zip_find(opened.zip, "m69999.csv"), pf_zip_at(opened.zip, 69999));
        close_zip(&opened);
    }
    pf_mem_free(entries);
    pf_mem_free(names);
}

static void of_equal_names_the_last_one_counts(void **unused) {
    const struct zip_entry entries[] = {{.name = "a.csv", .bytes = "old", .size = 3},
                                        {.name = "b.csv", .bytes = "b", .size = 1},
                                        {.name = "a.csv", .bytes = "new", .size = 3}};
    struct opened opened = {0};
    zip_build(entries, 3, false, NULL, &opened.bytes);
    assert_int_equal(open_zip(&opened), PF_OK);
    assert_int_equal(pf_zip_count(opened.zip), 3);
    assert_ptr_equal(pf_zip_find(opened.zip, "a.csv"), pf_zip_at(opened.zip, 2));
    assert_ptr_equal(pf_zip_find(opened.zip, "b.csv"), pf_zip_at(opened.zip, 1));
    close_zip(&opened);
}

static void bytes_in_front_and_behind_are_allowed(void **unused) {
    struct zip_entry entry = {.name = "a.csv", .bytes = "a,b\n1,2\n", .size = 8, .method = 8};
    for (int zip64 = 0; zip64 < 2; zip64++) {
        struct opened opened = {0};
        entry.zip64 = zip64;
        pf_buf_text(&opened.bytes, "#!/bin/sh a program that unpacks itself\n", NULL);
        zip_build(&entry, 1, zip64, "PK\5\6 looks like an end but is a comment", &opened.bytes);
        assert_int_equal(open_zip(&opened), PF_OK);
        assert_members(&opened, &entry, 1);
        pf_zip_close(&opened.zip);
        pf_buf_text(&opened.bytes, "\n\n", NULL);
        assert_int_equal(open_zip(&opened), PF_OK);
        assert_members(&opened, &entry, 1);
        close_zip(&opened);
    }
}

static void names_are_utf8_whatever_wrote_them(void **unused) {
    static const uint8_t field[] =
        "\x75\x70\x0B\x00\x01\xF5\x41\x31\xE6\xC3\xA4.csv"; /* crc of "x.csv" below */
    uint8_t unicode[15];
    memcpy(unicode, field, 15);
    pf_store32(unicode + 5, pf_crc32(0, "\x84.csv", 5));
    static const struct {
        const char *written, *shown;
        uint16_t flags;
    } cases[] = {
        {"\x81.csv", "\xC3\xBC.csv", 0},         /* CP437 */
        {"\xC3\xBC.csv", "\xC3\xBC.csv", 0},     /* UTF-8 that nobody announced */
        {"\xC3\xBC.csv", "\xC3\xBC.csv", 0x800}, /* UTF-8 */
        {"\xFC.csv", "\xEF\xBF\xBD.csv", 0x800}, /* announced and wrong */
    };
    for (size_t i = 0; i < 4; i++) {
        struct zip_entry entry = {.name = cases[i].written, .flags = cases[i].flags, .bytes = "x", .size = 1};
        struct opened opened = {0};
        zip_build(&entry, 1, false, NULL, &opened.bytes);
        assert_int_equal(open_zip(&opened), PF_OK);
        assert_string_equal(pf_zip_at(opened.zip, 0)->name, cases[i].shown);
        assert_int_equal(read_first(&opened), PF_OK);
        close_zip(&opened);
    }
    struct zip_entry entry = {.name = "\x84.csv", .bytes = "x", .size = 1, .extra = unicode, .extra_size = 15};
    struct opened opened = {0};
    zip_build(&entry, 1, false, NULL, &opened.bytes);
    assert_int_equal(open_zip(&opened), PF_OK);
    assert_string_equal(pf_zip_at(opened.zip, 0)->name, "\xC3\xA4.csv");
    close_zip(&opened);
}

static void lies_are_bad_data(void **unused) {
    uint8_t *text = sample_make(SAMPLE_TEXT, 3000);
    const struct zip_entry good = {.name = "a.csv", .bytes = text, .size = 3000, .method = 8};
    struct zip_entry lies[10];
    for (size_t i = 0; i < 10; i++)
        lies[i] = good;
    lies[0].crc_off = 1;
    lies[1].size_off = -1;
    lies[2].size_off = 1;
    lies[3].packed_off = -1;
    lies[4].packed_off = 1; /* overlaps the directory */
    lies[5].offset_off = 1;
    lies[6].offset_off = 1 << 20;
    lies[7].local_size_off = 1;
    lies[8].descriptor = true, lies[8].packed_off = 5;
    lies[9].method = 0, lies[9].size_off = -1;
    for (int zip64 = 0; zip64 < 2; zip64++)
        for (size_t i = 0; i < 10; i++) {
            struct opened opened = {0};
            if (zip64 && i == 7)
                continue; /* the local ZIP64 field is not looked at */
            lies[i].zip64 = zip64;
            zip_build(&lies[i], 1, zip64, NULL, &opened.bytes);
            pf_status status = open_zip(&opened);
            if (status == PF_OK)
                status = read_first(&opened);
            assert_int_equal(status, PF_BAD_DATA);
            assert_non_null(strstr(opened.err.message, "broken"));
            close_zip(&opened);
        }
    pf_mem_free(text);
}

static void a_wrong_checksum_holds_back_the_last_bytes(void **unused) {
    struct zip_entry entry = {.name = "a.csv", .bytes = "0123456789", .size = 10, .crc_off = 1};
    struct opened opened = {0};
    struct pf_source source;
    uint8_t to[10];
    size_t got = 0;
    zip_build(&entry, 1, false, NULL, &opened.bytes);
    assert_int_equal(open_zip(&opened), PF_OK);
    assert_int_equal(pf_zip_source(opened.zip, pf_zip_at(opened.zip, 0), 0, &source, NULL), PF_OK);
    assert_int_equal(source.read_at(&source, 0, to, 9, &got, NULL), PF_OK);
    assert_int_equal(source.read_at(&source, 9, to, 1, &got, &opened.err), PF_BAD_DATA);
    assert_int_equal(got, 0);
    assert_non_null(strstr(opened.err.where, "a.csv"));
    assert_int_equal(source.read_at(&source, 9, to, 1, &got, &opened.err), PF_BAD_DATA);
    pf_source_close(&source);
    close_zip(&opened);
}

static void a_member_longer_than_promised_is_refused_though_its_checksum_fits(void **unused) {
    for (uint16_t method = 0; method <= 8; method = (uint16_t)(method + 8)) {
        struct zip_entry entry = {
            .name = "a.csv", .bytes = "0123456789", .size = 10, .method = method, .size_off = -1};
        entry.crc_off = (int32_t)(pf_crc32(0, entry.bytes, 9) - pf_crc32(0, entry.bytes, 10));
        struct opened opened = {0};
        zip_build(&entry, 1, false, NULL, &opened.bytes);
        assert_int_equal(open_zip(&opened), PF_OK);
        assert_int_equal(read_first(&opened), PF_BAD_DATA);
        close_zip(&opened);
    }
}

static void members_that_share_bytes_are_refused(void **unused) {
    struct zip_entry entries[2] = {{.name = "a.csv", .bytes = "0123456789", .size = 10},
                                   {.name = "b.csv", .bytes = "0123456789", .size = 10}};
    struct opened opened = {0};
    entries[1].offset_off = -45; /* the first one's header again */
    zip_build(entries, 2, false, NULL, &opened.bytes);
    assert_int_equal(open_zip(&opened), PF_BAD_DATA);
    assert_non_null(strstr(opened.err.message, "overlap"));
    close_zip(&opened);
}

static void secrets_and_strange_methods_are_named(void **unused) {
    struct zip_entry entry = {.name = "a.csv", .bytes = "0123456789", .size = 10, .flags = 1};
    struct opened opened = {0};
    zip_build(&entry, 1, false, NULL, &opened.bytes);
    assert_int_equal(open_zip(&opened), PF_OK);
    assert_true(pf_zip_at(opened.zip, 0)->encrypted);
    assert_int_equal(read_first(&opened), PF_PASSWORD);
    close_zip(&opened);
    entry.flags = 0, entry.method = 14;
    zip_build(&entry, 1, false, NULL, &opened.bytes);
    assert_int_equal(open_zip(&opened), PF_OK);
    assert_int_equal(read_first(&opened), PF_UNSUPPORTED);
    assert_non_null(strstr(opened.err.message, "LZMA"));
    close_zip(&opened);
    static const struct {
        uint16_t method;
        const char *name;
    } methods[] = {{1, "shrink"}, {6, "implode"}, {9, "deflate64"}, {12, "bzip2"}, {20, "zstd"},
                   {93, "zstd"},  {95, "xz"},     {96, "JPEG"},     {98, "PPMd"},  {50, "unknown"}};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        entry.method = methods[i].method;
        zip_build(&entry, 1, false, NULL, &opened.bytes);
        assert_int_equal(open_zip(&opened), PF_OK);
        assert_int_equal(read_first(&opened), PF_UNSUPPORTED);
        assert_non_null(strstr(opened.err.message, methods[i].name));
        close_zip(&opened);
    }
}

static void offsets_may_jump_ahead_but_not_back(void **unused) {
    uint8_t *text = sample_make(SAMPLE_TEXT, 300000), to[100];
    for (uint16_t method = 0; method <= 8; method = (uint16_t)(method + 8)) {
        struct zip_entry entry = {.name = "a.csv", .bytes = text, .size = 300000, .method = method};
        struct opened opened = {0};
        struct pf_source source;
        size_t got;
        zip_build(&entry, 1, false, NULL, &opened.bytes);
        assert_int_equal(open_zip(&opened), PF_OK);
        assert_int_equal(pf_zip_source(opened.zip, pf_zip_at(opened.zip, 0), 1, &source, NULL), PF_OK);
        assert_int_equal(source.read_at(&source, 100, to, 100, &got, NULL), PF_OK);
        assert_memory_equal(to, text + 100, 100);
        assert_int_equal(source.read_at(&source, 299950, to, 100, &got, NULL), PF_OK);
        assert_int_equal(got, 50);
        assert_memory_equal(to, text + 299950, 50);
        assert_int_equal(source.read_at(&source, 400000, to, 100, &got, NULL), PF_OK);
        assert_int_equal(got, 0);
        assert_int_equal(source.read_at(&source, 5, to, 100, &got, NULL), PF_STATE);
        pf_source_close(&source);
        close_zip(&opened);
    }
    pf_mem_free(text);
}

static void what_is_no_archive_is_refused(void **unused) {
    struct zip_entry entry = {.name = "a.csv", .bytes = "x", .size = 1};
    struct opened opened = {0};
    zip_build(&entry, 1, false, NULL, &opened.bytes);
    opened.bytes.data[opened.bytes.size - 22 - 3] = 0; /* in the name */
    assert_int_equal(open_zip(&opened), PF_BAD_DATA);
    assert_non_null(strstr(opened.err.message, "NUL"));
    opened.bytes.data[opened.bytes.size - 22 + 4] = 1; /* the second disk */
    assert_int_equal(open_zip(&opened), PF_UNSUPPORTED);
    opened.source.random = 0;
    assert_int_equal(pf_zip_open(&opened.source, &opened.zip, NULL), PF_ARGUMENT);
    close_zip(&opened);
}

/* 300 MiB of zeros with an end record. */
static pf_status read_huge(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                           struct pf_error *err) {
    uint8_t end[22] = "PK\5\6";
    pf_store16(end + 10, 1);
    pf_store32(end + 12, 299u << 20);
    memset(to, 0, want);
    if (offset + (int64_t)want == source->size_bytes)
        memcpy((uint8_t *)to + want - 22, end, 22);
    *got = want;
    return PF_OK;
}

static void a_monstrous_directory_is_a_limit(void **unused) {
    struct pf_source source = {sizeof source, 1, 300 << 20, NULL, read_huge, NULL};
    pf_zip *zip = NULL;
    assert_int_equal(pf_zip_open(&source, &zip, NULL), PF_LIMIT);
    assert_null(zip);
}

/* Opens and reads everything; only the absence of crashes and wild answers counts. */
static void try_all(const uint8_t *bytes, size_t size) {
    uint8_t *exact = pf_mem_alloc(size);
    memcpy(exact, bytes, size);
    struct pf_source source;
    pf_zip *zip = NULL;
    struct pf_error err = PF_ERROR_INIT;
    pf_source_memory(exact, size, &source);
    pf_status status = pf_zip_open(&source, &zip, &err);
    assert_true(status == PF_OK || status == PF_BAD_DATA || status == PF_UNSUPPORTED);
    for (size_t i = 0; status == PF_OK && i < pf_zip_count(zip); i++) {
        struct pf_source member = {0};
        uint8_t *out = NULL;
        size_t got = 0;
        if (pf_zip_source(zip, pf_zip_at(zip, i), 0, &member, &err) == PF_OK)
            pf_source_slurp(&member, 100000, &out, &got, &err);
        pf_source_close(&member);
        pf_mem_free(out);
    }
    pf_zip_close(&zip);
    pf_mem_free(exact);
}

static void cuts_and_flipped_bits_never_crash(void **unused) {
    for (int zip64 = 0; zip64 < 2; zip64++) {
        struct zip_entry entries[2] = {
            {.name = "a.csv", .bytes = "a,b\n1,2\n", .size = 8, .method = 8, .zip64 = zip64},
            {.name = "b.csv", .bytes = "a,b\n1,2\n", .size = 8, .descriptor = true, .zip64 = zip64}};
        struct pf_buf bytes = {0};
        zip_build(entries, 2, zip64, NULL, &bytes);
        for (size_t cut = 0; cut < bytes.size; cut++) {
            struct pf_source source;
            pf_zip *zip = NULL;
            pf_source_memory(bytes.data, cut, &source);
            assert_int_equal(pf_zip_open(&source, &zip, NULL), PF_BAD_DATA);
            assert_null(zip);
        }
        for (size_t bit = 0; bit < bytes.size * 8; bit++) {
            bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
            try_all(bytes.data, bytes.size);
            bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        pf_buf_clear(&bytes);
    }
}

static void no_memory_is_said_and_nothing_is_kept(void **unused) {
    struct zip_entry entries[2] = {{.name = "a.csv", .bytes = "a,b\n1,2\n", .size = 8, .method = 8},
                                   {.name = "\x81.csv", .bytes = "a,b\n1,2\n", .size = 8}};
    struct opened opened = {0};
    zip_build(entries, 2, false, NULL, &opened.bytes);
    for (int64_t nth = 1; nth < 40; nth++) {
        pf_mem_fail_from(nth);
        pf_status status = open_zip(&opened);
        if (status == PF_OK)
            status = read_first(&opened);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        pf_zip_close(&opened.zip);
    }
    close_zip(&opened);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_of_both_methods_come_back),
        cmocka_unit_test(an_empty_archive_has_no_members),
        cmocka_unit_test(many_members_are_counted_beyond_sixteen_bits),
        cmocka_unit_test(of_equal_names_the_last_one_counts),
        cmocka_unit_test(bytes_in_front_and_behind_are_allowed),
        cmocka_unit_test(names_are_utf8_whatever_wrote_them),
        cmocka_unit_test(lies_are_bad_data),
        cmocka_unit_test(a_wrong_checksum_holds_back_the_last_bytes),
        cmocka_unit_test(a_member_longer_than_promised_is_refused_though_its_checksum_fits),
        cmocka_unit_test(members_that_share_bytes_are_refused),
        cmocka_unit_test(secrets_and_strange_methods_are_named),
        cmocka_unit_test(offsets_may_jump_ahead_but_not_back),
        cmocka_unit_test(what_is_no_archive_is_refused),
        cmocka_unit_test(a_monstrous_directory_is_a_limit),
        cmocka_unit_test(cuts_and_flipped_bits_never_crash),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
