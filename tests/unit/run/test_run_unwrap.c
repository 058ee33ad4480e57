/* test_run_unwrap.c — peeling compression and archives.                         SPDX-License-Identifier: MIT */
#include "../codec/zip_builder.h"
#include "bytes/bytes_source.h"
#include "run/run_unwrap.h"

static const char csv[] = "id,name\n1,a\n2,b\n";
static const struct pf_unwrap_how how = {.temp_folder = "/tmp", .temp_limit = 1 << 20};

struct wrapped {
    uint8_t *bytes;
    size_t size;
};

static struct wrapped wrap(const struct pf_codec *codec, const void *bytes, size_t size) {
    struct wrapped wrapped;
    wrapped.bytes = sample_pack(codec, bytes, size, &wrapped.size);
    return wrapped;
}

static pf_status unwrap(const void *bytes, size_t size, const char *name, struct pf_unwrapped *out,
                        struct pf_error *err) {
    struct pf_source source;
    pf_source_memory(bytes, size, &source);
    pf_status status = pf_unwrap(&source, name, &how, out, err);
    assert_null(source.read_at);
    return status;
}

static void assert_content(struct pf_source *source, const char *text) {
    uint8_t *bytes = NULL;
    size_t size = 0;
    for (int i = 0; i < 2; i++) { /* the head may be read again */
        assert_int_equal(pf_source_slurp(source, 1 << 20, &bytes, &size, NULL), PF_OK);
        assert_int_equal(size, strlen(text));
        assert_memory_equal(bytes, text, size);
        pf_mem_free(bytes);
    }
}

static void plain_bytes_stay_as_they_are(void **unused) {
    struct pf_unwrapped out;
    assert_int_equal(unwrap(csv, strlen(csv), "dir/orders.csv", &out, NULL), PF_OK);
    assert_int_equal(out.source.random, 1);
    assert_int_equal(out.depth, 0);
    assert_string_equal(out.name, "dir/orders.csv");
    assert_content(&out.source, csv);
    pf_unwrapped_clear(&out);
    assert_int_equal(unwrap("", 0, "empty.csv", &out, NULL), PF_OK);
    assert_content(&out.source, "");
    pf_unwrapped_clear(&out);
    pf_unwrapped_clear(&out);
}

static void every_compression_is_peeled_and_its_suffix_goes(void **unused) {
    static const struct {
        const struct pf_codec *codec;
        const char *name, *inner;
    } cases[] = {
        {&pf_codec_gzip, "orders.csv.gz", "orders.csv"},
        {&pf_codec_gzip, "ORDERS.CSV.GZ", "ORDERS.CSV"},
        {&pf_codec_gzip, "orders.csv", "orders.csv"},
        {&pf_codec_zstd, "a/orders.csv.zst", "a/orders.csv"},
        {&pf_codec_bzip2, "orders.csv.bz2", "orders.csv"},
        {&pf_codec_xz, "orders.csv.xz", "orders.csv"},
        {&pf_codec_lz4, "orders.lz4", "orders"},
        {&pf_codec_lz4, "a/.lz4", "a/.lz4"},
        {&pf_codec_gzip, ".gz", ".gz"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wrapped wrapped = wrap(cases[i].codec, csv, strlen(csv));
        struct pf_unwrapped out;
        assert_int_equal(unwrap(wrapped.bytes, wrapped.size, cases[i].name, &out, NULL), PF_OK);
        assert_string_equal(out.name, cases[i].inner);
        assert_int_equal(out.depth, 1);
        assert_int_equal(out.source.random, 0);
        assert_content(&out.source, csv);
        pf_unwrapped_clear(&out);
        pf_mem_free(wrapped.bytes);
    }
}

static void layers_are_peeled_up_to_the_ceiling(void **unused) {
    struct wrapped layer = wrap(&pf_codec_gzip, csv, strlen(csv));
    for (int depth = 1; depth <= 5; depth++) {
        struct pf_unwrapped out;
        struct pf_error err = PF_ERROR_INIT;
        pf_status status = unwrap(layer.bytes, layer.size, "a.csv.gz.gz.gz", &out, &err);
        assert_int_equal(status, depth <= 3 ? PF_OK : PF_LIMIT);
        if (status == PF_OK) {
            assert_int_equal(out.depth, depth);
            assert_content(&out.source, csv);
        } else {
            assert_null(out.source.read_at);
        }
        pf_unwrapped_clear(&out);
        struct wrapped next = wrap(depth % 2 ? &pf_codec_zstd : &pf_codec_gzip, layer.bytes, layer.size);
        pf_mem_free(layer.bytes);
        layer = next;
    }
    pf_mem_free(layer.bytes);
}

static void archives_list_their_files(void **unused) {
    struct wrapped inner = wrap(&pf_codec_gzip, csv, strlen(csv));
    const struct zip_entry entries[] = {
        {.name = "a.csv", .bytes = csv, .size = strlen(csv), .method = 8},
        {.name = "sub/", .bytes = "", .size = 0},
        {.name = "__MACOSX/._a.csv", .bytes = "x", .size = 1},
        {.name = "sub/b.csv.gz", .bytes = inner.bytes, .size = inner.size},
        {.name = "sub/.DS_Store", .bytes = "x", .size = 1},
        {.name = ".git/config", .bytes = "x", .size = 1},
        {.name = "./c.csv", .bytes = csv, .size = strlen(csv)},
    };
    struct pf_buf zip = {0};
    zip_build(entries, 7, false, NULL, &zip);
    struct wrapped packed = wrap(&pf_codec_zstd, zip.data, zip.size); /* forward only: is spilled */
    for (int i = 0; i < 2; i++) {
        struct pf_unwrapped out, members[3];
        assert_int_equal(i ? unwrap(packed.bytes, packed.size, "all.zip.zst", &out, NULL)
                           : unwrap(zip.data, zip.size, "all.zip", &out, NULL),
                         PF_OK);
        assert_non_null(out.archive);
        assert_null(out.source.read_at);
        assert_string_equal(out.name, "all.zip");
        assert_int_equal(out.depth, 1 + i);
        assert_int_equal(out.member_count, 3);
        assert_int_equal(out.members_skipped, 3);
        static const char *const names[] = {"a.csv", "sub/b.csv", "./c.csv"};
        for (size_t m = 0; m < 3; m++) {
            assert_int_equal(pf_unwrap_member(&out, m, &how, &members[m], NULL), PF_OK);
            assert_string_equal(members[m].name, names[m]);
        }
        for (size_t m = 3; m-- > 0;)
            assert_content(&members[m].source, csv);
        for (size_t m = 0; m < 3; m++)
            pf_unwrapped_clear(&members[m]);
        assert_int_equal(pf_unwrap_member(&out, 3, &how, &members[0], NULL), PF_ARGUMENT);
        pf_unwrapped_clear(&out);
    }
    pf_buf_clear(&zip);
    pf_mem_free(packed.bytes);
    pf_mem_free(inner.bytes);
}

static void documents_are_no_archives(void **unused) {
    static const char *const marks[] = {"[Content_Types].xml", "mimetype"};
    for (size_t i = 0; i < 2; i++) {
        const struct zip_entry entries[] = {{.name = marks[i], .bytes = "x", .size = 1},
                                            {.name = "a.csv", .bytes = csv, .size = strlen(csv)}};
        struct pf_buf zip = {0};
        struct pf_unwrapped out;
        zip_build(entries, 2, false, NULL, &zip);
        assert_int_equal(unwrap(zip.data, zip.size, "book.xlsx", &out, NULL), PF_OK);
        assert_null(out.archive);
        assert_int_equal(out.depth, 0);
        assert_int_equal(out.source.random, 1);
        assert_int_equal(out.source.size_bytes, zip.size);
        pf_unwrapped_clear(&out);
        pf_buf_clear(&zip);
    }
}

static int32_t claim(void *ctx, struct pf_source *source, const uint8_t *head, size_t size, const char *name) {
    ++*(int *)ctx;
    return *(int *)ctx == 2;
}

static void a_reader_that_claims_the_bytes_ends_the_peeling(void **unused) {
    struct wrapped one = wrap(&pf_codec_gzip, csv, strlen(csv)),
                   two = wrap(&pf_codec_gzip, one.bytes, one.size);
    int asked = 0;
    struct pf_unwrap_how asking = how;
    asking.claimed = claim;
    asking.ctx = &asked;
    struct pf_source source;
    struct pf_unwrapped out;
    uint8_t head[3];
    size_t got;
    pf_source_memory(two.bytes, two.size, &source);
    assert_int_equal(pf_unwrap(&source, "a.csv.gz.gz", &asking, &out, NULL), PF_OK);
    assert_int_equal(asked, 2);
    assert_string_equal(out.name, "a.csv.gz");
    assert_int_equal(out.source.read_at(&out.source, 0, head, 3, &got, NULL), PF_OK);
    assert_memory_equal(head, "\x1F\x8B\x08", 3);
    pf_unwrapped_clear(&out);
    pf_mem_free(one.bytes);
    pf_mem_free(two.bytes);
}

static void strangers_are_named(void **unused) {
    uint8_t tar[512] = "a.csv";
    struct pf_unwrapped out;
    struct pf_error err = PF_ERROR_INIT;
    memcpy(tar + 257, "ustar", 6);
    struct wrapped packed = wrap(&pf_codec_gzip, tar, sizeof tar);
    assert_int_equal(unwrap(packed.bytes, packed.size, "a.tar.gz", &out, &err), PF_UNSUPPORTED);
    assert_non_null(strstr(err.message, "tar"));
    pf_mem_free(packed.bytes);
    assert_int_equal(unwrap("\r\n <HTML><body>", 16, "a.xls", &out, &err), PF_UNSUPPORTED);
    assert_non_null(strstr(err.message, "web page"));
    assert_int_equal(unwrap("\xEF\xBB\xBF<!DOCTYPE html>", 18, "a.xls", &out, &err), PF_UNSUPPORTED);
    assert_int_equal(unwrap("7z\xBC\xAF\x27\x1C\0\4", 8, "a.7z", &out, &err), PF_UNSUPPORTED);
    assert_int_equal(unwrap("Rar!\x1A\x07\x01\0", 8, "a.rar", &out, &err), PF_UNSUPPORTED);
    assert_int_equal(unwrap("\x1F\x9D\x90", 3, "a.Z", &out, &err), PF_UNSUPPORTED);
    assert_int_equal(unwrap("Rar!,b\n", 7, "a.csv", &out, &err), PF_OK);
    pf_unwrapped_clear(&out);
}

static void what_is_broken_is_said_and_leaves_nothing(void **unused) {
    struct pf_unwrapped out;
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(unwrap("PK\3\4 and no more", 16, "a.zip", &out, &err), PF_BAD_DATA);
    assert_int_equal(unwrap("\x1F\x8B\x08", 3, "a.gz", &out, &err), PF_BAD_DATA);
    assert_null(out.name);
    const struct zip_entry entry = {.name = "a.csv", .bytes = csv, .size = strlen(csv), .flags = 1};
    struct pf_buf zip = {0};
    struct pf_unwrapped member;
    zip_build(&entry, 1, false, NULL, &zip);
    assert_int_equal(unwrap(zip.data, zip.size, "a.zip", &out, &err), PF_OK);
    assert_int_equal(pf_unwrap_member(&out, 0, &how, &member, &err), PF_PASSWORD);
    pf_unwrapped_clear(&out);
    pf_buf_clear(&zip);
}

static void no_memory_is_said_and_nothing_is_kept(void **unused) {
    const struct zip_entry entry = {.name = "a.csv", .bytes = csv, .size = strlen(csv), .method = 8};
    struct pf_buf zip = {0};
    zip_build(&entry, 1, false, NULL, &zip);
    struct wrapped packed = wrap(&pf_codec_gzip, zip.data, zip.size);
    bool good = false;
    for (int64_t nth = 1; nth < 60; nth++) {
        struct pf_unwrapped out = {0}, member = {0};
        pf_mem_fail_from(nth);
        pf_status status = unwrap(packed.bytes, packed.size, "a.zip.gz", &out, NULL);
        if (status == PF_OK)
            status = pf_unwrap_member(&out, 0, &how, &member, NULL);
        pf_mem_fail_from(0);
        assert_true(status == PF_OK || status == PF_NO_MEMORY);
        good = status == PF_OK;
        pf_unwrapped_clear(&member);
        pf_unwrapped_clear(&out);
    }
    assert_true(good);
    pf_mem_free(packed.bytes);
    pf_buf_clear(&zip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_bytes_stay_as_they_are),
        cmocka_unit_test(every_compression_is_peeled_and_its_suffix_goes),
        cmocka_unit_test(layers_are_peeled_up_to_the_ceiling),
        cmocka_unit_test(archives_list_their_files),
        cmocka_unit_test(documents_are_no_archives),
        cmocka_unit_test(a_reader_that_claims_the_bytes_ends_the_peeling),
        cmocka_unit_test(strangers_are_named),
        cmocka_unit_test(what_is_broken_is_said_and_leaves_nothing),
        cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
