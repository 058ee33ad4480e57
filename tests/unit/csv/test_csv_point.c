/* test_csv_point.c — tests of read/csv. Decimal comma and sign for thousands.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

static void the_decimal_comma_is_found_when_it_is_certain(void **state) {
    assert_int_equal(sniff("a;b\n1,5;x\n2,75;y\n").point, ',');
    assert_int_equal(sniff("a;b\n1.234,50;x\n2,75;y\n").thousands, '.');
    assert_int_equal(sniff("a\tb\n1 234,5\tx\n2,75\ty\n").thousands, ' ');
    assert_int_equal(sniff("a;b\n1.5;x\n2.75;y\n").point, '.');
    assert_int_equal(sniff("a,b\n1.5,x\n\"2,75\",y\n").point, '.'); /* the comma separates */
    assert_int_equal(sniff("a;b\n1,234;x\n2,345;y\n").point, '.');  /* thousands or thousandths: not certain */
    assert_int_equal(sniff("a;b\n1,234;x\n2,345;y\n").thousands, 0);
    assert_int_equal(sniff("a;b\n1,5;1.5\n2,5;2.5\n3,5;3.5\n").point, '.'); /* both: not certain */
    assert_int_equal(sniff("a;b\nx;y\n").point, '.');
}

static void thousands_need_proof(void **state) {
    assert_int_equal(sniff("a,b\n\"1,234.50\",x\n\"2,345.75\",y\n").thousands, ',');
    assert_int_equal(sniff("a;b\n1,234,567;x\n12;y\n").thousands, ',');
    assert_int_equal(sniff("a;b\n1'234.5;x\n12;y\n").thousands, '\'');
    assert_int_equal(sniff("a,b\n1234.50,x\n").thousands, 0);
}

static void the_user_decides(void **state) {
    struct pf_csv_wish wish = NO_WISH;
    wish.decimal_comma = 1;
    assert_int_equal(sniff_sized("a;b\n1.5;x\n", 10, wish).point, ',');
    wish.decimal_comma = 0;
    assert_int_equal(sniff_sized("a;b\n1,5;x\n2,5;y\n", 16, wish).point, '.');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_decimal_comma_is_found_when_it_is_certain),
        cmocka_unit_test(thousands_need_proof),
        cmocka_unit_test(the_user_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
