/* test_parquet_footer.c — indexes, metadata and tail stand where they say. SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/mem.h"
#include "parquet_fixture.h"
#include "write/parquet/parquet_footer.h"

static pf_status put_memory(void *ctx, const void *bytes, size_t size, struct pf_error *err) {
    return pf_buf_put(ctx, bytes, size, err);
}

static pf_status refuse_bytes(void *ctx, const void *bytes, size_t size, struct pf_error *err) {
    (void)ctx, (void)bytes, (void)size;
    return pf_fail(err, PF_IO, "the disk is full");
}

static int64_t words[100];

static void make_footer(struct fixture *f, struct pf_parquet_footer *footer) {
    for (int i = 0; i < 100; i++)
        words[i] = i * 1000003;
    f->settings.page_bytes = 256;
    assert_int_equal(open_fixture(f, "l", 100, NULL, words, NULL), PF_OK);
    assert_int_equal(encode_fixture(f, NULL), PF_OK);
    int64_t size = (int64_t)f->chunk.bytes.size;
    assert_int_equal(pf_parquet_footer_pair(footer, "made by", 7, "hand", 4, NULL), PF_OK);
    for (int g = 0; g < 3; g++) {
        assert_int_equal(pf_parquet_footer_chunk(footer, f->work.column, &f->chunk, 4 + g * size, false, NULL),
                         PF_OK);
        assert_int_equal(pf_parquet_footer_group(footer, 100, NULL), PF_OK);
    }
}

static void the_tail_says_how_long_the_metadata_is(void **state) {
    (void)state;
    struct fixture f = {0};
    struct pf_parquet_footer footer = {0};
    struct pf_buf to = {0};
    make_footer(&f, &footer);
    int64_t start = 4 + 3 * (int64_t)f.chunk.bytes.size;
    assert_int_equal(pf_parquet_footer_put(&footer, &f.schema, false, start, put_memory, &to, NULL), PF_OK);
    assert_memory_equal(to.data + to.size - 4, "PAR1", 4);
    uint32_t size = pf_load32(to.data + to.size - 8);
    size_t indexes = to.size - 8 - size;
    assert_int_equal(indexes, footer.columns.size + footer.offsets.size);
    const uint8_t *meta = to.data + indexes;
    assert_memory_equal(meta, "\x15\x02\x19\x2C", 4); /* version 1, two schema elements */
    assert_non_null(memmem(meta, size, "\x18\x07made by\x18\x04hand\x00", 15));
    assert_non_null(memmem(meta, size, "pyforge version ", 16));
    assert_int_equal(footer.rows, 300);
    /* the first index stands at start: field 6 of the first ColumnChunk, 4 and 5 before it */
    uint8_t want[16];
    size_t n = 0;
    for (uint64_t v = (uint64_t)start * 2; n == 0 || v; v >>= 7)
        want[n++] = (uint8_t)(v >> 7 ? v | 0x80 : v);
    assert_non_null(memmem(meta, size, want, n));
    pf_buf_clear(&to);
    pf_parquet_footer_clear(&footer);
    close_fixture(&f);
}

static void a_full_disk_is_passed_on(void **state) {
    (void)state;
    struct fixture f = {0};
    struct pf_parquet_footer footer = {0};
    struct pf_error err = PF_ERROR_INIT;
    make_footer(&f, &footer);
    assert_int_equal(pf_parquet_footer_put(&footer, &f.schema, true, 4, refuse_bytes, NULL, &err), PF_IO);
    pf_mem_fail_from(1);
    struct pf_buf to = {0};
    pf_status status = pf_parquet_footer_put(&footer, &f.schema, true, 4, put_memory, &to, &err);
    pf_mem_fail_from(0);
    assert_int_equal(status, PF_NO_MEMORY);
    pf_parquet_footer_clear(&footer);
    close_fixture(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tail_says_how_long_the_metadata_is),
        cmocka_unit_test(a_full_disk_is_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
