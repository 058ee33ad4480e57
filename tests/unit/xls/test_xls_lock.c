/* test_xls_lock.c — locked workbooks open with their password alone.            SPDX-License-Identifier: MIT */
#include "../codec/office_builder.h"
#include "xls_builder.h"

/* The key and verifier that Excel itself wrote for the password "password". */
static const uint8_t xor_of_password[4] = {0x7A, 0x14, 0xAF, 0x83};

static void xor_verifiers_of_excel_are_met(void **unused) {
    struct pf_xls_lock lock = {0};
    struct pf_error err = PF_ERROR_INIT;
    assert_int_equal(pf_xls_unlock(xor_of_password, 4, 5, "password", &lock, &err), PF_OK);
    assert_int_equal(lock.kind, PF_XLS_XOR);
    lock.kind = 0;
    assert_int_equal(pf_xls_unlock(xor_of_password, 4, 5, "Password", &lock, &err), PF_PASSWORD);
    assert_non_null(strstr(err.message, "wrong"));
    assert_int_equal(pf_xls_unlock(xor_of_password, 4, 5, "", &lock, &err), PF_PASSWORD);
    assert_int_equal(pf_xls_unlock(xor_of_password, 4, 5, NULL, &lock, &err), PF_PASSWORD);
    assert_non_null(strstr(err.message, "--password-file"));
    assert_int_equal(lock.kind, 0);
    assert_int_equal(pf_xls_unlock(xor_of_password, 3, 5, "password", &lock, &err), PF_BAD_DATA);
    uint8_t newer[6] = {0, 0, 0x7A, 0x14, 0xAF, 0x83};
    assert_int_equal(pf_xls_unlock(newer, 6, 8, "password", &lock, &err), PF_OK);
}

static void build_plain(const void *pass, size_t pass_size, int biff, struct pf_buf *out) {
    struct pf_buf globals = {0}, sheet = {0};
    put_bytes(&globals, PF_XLS_FILE_PASS, pass, pass_size);
    for (unsigned row = 0; row < 300; row++) {
        put(&sheet, PF_XLS_NUMBER, "%2%2%2%8", row, 0, 0, row + 0.5);
        put(&sheet, PF_XLS_RK, "%2%2%2%4", row, 1, 0, row << 2 | 2);
    }
    build_book(biff, &globals, &sheet, out);
    pf_buf_clear(&globals);
    pf_buf_clear(&sheet);
}

/* Encrypts all records but the ones that stay readable; lock(bytes, offset, size) does one. */
static void lock_records(struct pf_buf *book,
                         void (*lock)(uint8_t *bytes, size_t offset, size_t size, size_t from)) {
    for (size_t at = 0; at + 4 <= book->size;) {
        unsigned id = pf_load16(book->data + at);
        size_t size = pf_load16(book->data + at + 2);
        if (id != PF_XLS_BOF && id != PF_XLS_FILE_PASS)
            lock(book->data + at + 4, at + 4, size, id == PF_XLS_BOUND_SHEET ? 4 : 0);
        at += 4 + size;
    }
}

static void lock_xor(uint8_t *bytes, size_t offset, size_t size, size_t from) {
    struct pf_xls_lock lock = {0};
    assert_int_equal(pf_xls_unlock(xor_of_password, 4, 5, "password", &lock, NULL), PF_OK);
    for (size_t i = from; i < size; i++)
        bytes[i] = (uint8_t)((uint8_t)(bytes[i] << 5 | bytes[i] >> 3) ^ lock.mask[(offset + size + i) % 16]);
}

static struct pf_buf rc4_info;
static void lock_rc4(uint8_t *bytes, size_t offset, size_t size, size_t from) {
    for (size_t i = from; i < size; i++) {
        uint8_t key[64];
        struct pf_rc4 rc4;
        office_rc4_key("secret", rc4_info.data + 4, (uint32_t)((offset + i) / 1024), key);
        pf_rc4_start(&rc4, key, 16);
        pf_rc4_skip(&rc4, (offset + i) % 1024);
        pf_rc4_apply(&rc4, bytes + i, 1);
    }
}

static void assert_numbers(struct opened *opened) {
    struct pf_buf shown = {0};
    assert_string_equal(opened->book.sheets[0].name, "Cells");
    assert_int_equal(show_cells(opened, 0, &shown), PF_OK);
    assert_non_null(strstr((const char *)shown.data, "A1=0.5 B1=0 A2=1.5 B2=1 "));
    assert_non_null(strstr((const char *)shown.data, " A300=299.5 B300=299"));
    pf_buf_clear(&shown);
}

static void records_under_xor_are_read(void **unused) {
    for (int biff = 5; biff <= 8; biff += 3) {
        uint8_t pass[6] = {0, 0, 0x7A, 0x14, 0xAF, 0x83};
        struct opened opened = {0};
        build_plain(biff == 5 ? pass + 2 : pass, biff == 5 ? 4 : 6, biff, &opened.bytes);
        lock_records(&opened.bytes, lock_xor);
        assert_int_equal(open_book(&opened, "wrong"), PF_PASSWORD);
        assert_int_equal(open_book(&opened, "password"), PF_OK);
        assert_numbers(&opened);
        close_opened(&opened);
    }
}

static void records_under_rc4_are_read_across_blocks(void **unused) {
    uint8_t pass[54] = {1, 0};
    struct opened opened = {0};
    office_rc4_info("secret", &rc4_info);
    memcpy(pass + 2, rc4_info.data, 52);
    build_plain(pass, sizeof pass, 8, &opened.bytes);
    lock_records(&opened.bytes, lock_rc4);
    assert_int_equal(open_book(&opened, NULL), PF_PASSWORD);
    assert_int_equal(open_book(&opened, "secret"), PF_OK);
    assert_numbers(&opened);
    close_opened(&opened);
    pf_buf_clear(&rc4_info);
}

static void a_cipher_that_xls_has_not_is_unsupported(void **unused) {
    struct pf_buf info = {0};
    uint8_t key[64], pass[200] = {1, 0};
    struct pf_xls_lock lock = {0};
    office_api_info("x", 0x660E, 128, key, &info);
    memcpy(pass + 2, info.data, info.size);
    assert_int_equal(pf_xls_unlock(pass, info.size + 2, 8, "x", &lock, NULL), PF_UNSUPPORTED);
    pf_buf_clear(&info);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xor_verifiers_of_excel_are_met),
        cmocka_unit_test(records_under_xor_are_read),
        cmocka_unit_test(records_under_rc4_are_read_across_blocks),
        cmocka_unit_test(a_cipher_that_xls_has_not_is_unsupported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
