/* test_ptg_spell.c — every token of every version, and tokens that lie.         SPDX-License-Identifier: MIT */
#include "ptg_tokens.h"

#include "base/mem.h"

#define A1     "44 0000 00C0 " /* relative, BIFF8 */
#define B1     "44 0000 01C0 "
#define C1     "44 0000 02C0 "
#define ONE    "1E 0100 "
#define AREA   "25 0000 0200 00C0 01C0 " /* A1:B3 */
#define ADD    "03 "
#define MUL    "05 "
#define POW    "07 "
#define UMINUS "13 "
#define PCT    "14 "
#define PAREN  "15 "
#define UNION  "10 "

static const struct pf_grid_sheet sheets[] = {{.name = "One"}, {.name = "My Sheet"}, {.name = "It's"}};
static struct pf_ptg_links biff8 = {.version = PF_PTG_BIFF8, .sheets = sheets, .sheet_count = 3};

static void operators_stand_between_and_around_their_operands(void **state) {
    (void)state;
    ASSERT_SPELLED(&biff8, {A1 B1 ADD, "=A1+B1"}, {A1 B1 "04", "=A1-B1"}, {A1 B1 MUL, "=A1*B1"},
                   {A1 B1 "06", "=A1/B1"}, {A1 B1 POW, "=A1^B1"}, {A1 B1 "08", "=A1&B1"},
                   {A1 B1 "09", "=A1<B1"}, {A1 B1 "0A", "=A1<=B1"}, {A1 B1 "0B", "=A1=B1"},
                   {A1 B1 "0C", "=A1>=B1"}, {A1 B1 "0D", "=A1>B1"}, {A1 B1 "0E", "=A1<>B1"},
                   {A1 B1 "0F", "=A1 B1"}, {A1 B1 "10", "=A1,B1"}, {A1 B1 "11", "=A1:B1"}, {A1 "12", "=+A1"},
                   {A1 UMINUS, "=-A1"}, {A1 PCT, "=A1%"}, {A1 PAREN, "=(A1)"});
}

static void parentheses_are_those_stored_and_missing_ones_are_added(void **state) {
    (void)state;
    ASSERT_SPELLED(
        &biff8, {A1 B1 C1 MUL ADD, "=A1+B1*C1"}, {A1 B1 ADD PAREN C1 MUL, "=(A1+B1)*C1"},
        {A1 B1 ADD C1 MUL, "=(A1+B1)*C1"}, {A1 B1 C1 "04 04", "=A1-(B1-C1)"}, {A1 B1 "04" C1 "04", "=A1-B1-C1"},
        {A1 B1 C1 POW POW, "=A1^(B1^C1)"}, {A1 UMINUS B1 POW, "=-A1^B1"}, {A1 B1 POW UMINUS, "=-(A1^B1)"},
        {A1 B1 UMINUS POW, "=A1^-B1"}, {A1 UMINUS PCT, "=-A1%"}, {A1 PCT UMINUS, "=-A1%"},
        {A1 B1 ADD PCT, "=(A1+B1)%"}, {A1 B1 "0B" C1 "0B", "=A1=B1=C1"}, {A1 B1 C1 "0B 0B", "=A1=(B1=C1)"},
        {A1 UMINUS UMINUS, "=--A1"}, {AREA A1 B1 UNION "0F", "=A1:B3 (A1,B1)"});
}

static void a_union_among_arguments_is_no_two_arguments(void **state) {
    (void)state;
    ASSERT_SPELLED(&biff8, {A1 B1 UNION "22 01 0400", "=SUM((A1,B1))"},
                   {A1 B1 UNION PAREN "22 01 0400", "=SUM((A1,B1))"}, {A1 B1 "22 02 0400", "=SUM(A1,B1)"},
                   {A1 B1 UNION C1 UNION "22 01 0400", "=SUM((A1,B1,C1))"},
                   {A1 B1 UNION ONE ADD "22 01 0400", "=SUM((A1,B1)+1)"},
                   {"29 0B00" A1 B1 UNION PAREN "22 01 0400", "=SUM((A1,B1))"});
}

static void functions_have_the_arguments_they_take(void **state) {
    (void)state;
    ASSERT_SPELLED(
        &biff8, {"21 1300", "=PI()"}, {A1 "21 0F00", "=SIN(A1)"}, {A1 ONE "21 1B00", "=ROUND(A1,1)"},
        {AREA A1 "22 02 0400", "=SUM(A1:B3,A1)"}, {A1 "19 10 0000", "=SUM(A1)"},
        {A1 ONE "16"
                "22 03 0100",
         "=IF(A1,1,)"},
        {"22 00 0000", "=COUNT()"}, {A1 "22 01 0400" B1 "22 01 0400" ADD "21 1800", "=ABS(SUM(A1)+SUM(B1))"},
        {A1 B1 "42 82 0400", "=SUM(A1,B1)"}, {ONE ONE "21 E001", "=IFERROR(1,1)"}, {A1 "21 0400", "?"},
        {A1 "21 FFFF", "?"}, {A1 "22 01 F001", "?"}, {A1 "22 01 CB00", "?"}, {A1 "22 01 0180", "?"},
        {A1 "22 02 0400", "?"}, {"21 0F00", "?"}, {"22 01 FF00", "?"}, {A1 "22 01 FF00", "?"});
}

static void jumps_and_marks_are_left_out_and_blanks_kept(void **state) {
    (void)state;
    ASSERT_SPELLED(
        &biff8,
        {"19 01 0000"
         "21 4A00",
         "=NOW()"},
        {A1 "19 02 0500" ONE "19 08 0000"
            "1E 0200 19 08 0000 42 03 0100",
         "=IF(A1,1,2)"},
        {A1 "19 04 0200 0600 0A00 0E00" ONE "19 08 0000" ONE "19 08 0000 42 03 6400", "=CHOOSE(A1,1,1)"},
        {"19 40 00 01" A1 "19 40 00 02" B1 "19 40 00 01" ADD, "= A1 +  B1"}, {"19 40 06 01" A1, "= A1"},
        {"19 40 01 01" A1, "=\nA1"}, {"19 41 00 01" A1, "= A1"},
        {A1 "19 40 02 01 19 40 04 02" PAREN, "= (A1  )"}, {A1 "19 40 04 01 22 01 0400", "=SUM(A1 )"},
        {A1 "19 40 00 01 22 01 0400", "= SUM(A1)"}, {"19 40 00 01 21 1300", "= PI()"}, {A1 "19 80 0000", "=A1"},
        {"19 40 07 01" A1, "?"}, {"19 40 00 FF 19 40 00 FF" A1, "?"}, {"19 04 FFFF" A1, "?"});
}

static void constants_are_spelled_as_they_are_typed(void **state) {
    (void)state;
    ASSERT_SPELLED(
        &biff8, {"1E FFFF", "=65535"}, {"1D 01", "=TRUE"}, {"1D 00", "=FALSE"}, {"1C 2A", "=#N/A"},
        {"1C 00", "=#NULL!"}, {"1C 2B", "=#GETTING_DATA"}, {"1C 55", "?"}, {"1F 9A9999999999B93F", "=0.1"},
        {"1F 0000000000002440", "=10"}, {"1F 000000000000F8BF", "=-1.5"}, {"1F 0000000000000000", "=0"},
        {"1F 0000000000000080", "=-0"}, {"1F 000000000000F07F", "?"}, {"1F 000000000000F87F", "?"},
        {"1F 408CB5781DAF1544", "=1E+20"}, {"1F 50EFE2D6E41A3B44", "=5E+20"},
        {"1F A8F7978024E33A44", "=4.9598269425240297E+20"}, {"1F 48AFBC9AF2D77A3E", "=0.0000001"},
        {"1F 3E11100B46C7843B", "=5.5E-22"}, {"17 03 00 613122", "=\"a1\"\"\""},
        {"17 02 01 E900 3042", "=\"\xC3\xA9\xE4\x88\xB0\""}, {"17 02 01 3DD8 00DE", "=\"\xF0\x9F\x98\x80\""},
        {"17 01 01 3DD8", "=\"\xEF\xBF\xBD\""}, {"17 00 00", "=\"\""}, {"17 04 00 6131", "?"}, {"17", "?"},
        {"17 01", "?"}, {"1F 0000", "?"}, {"1E 01", "?"});
}

static void references_are_absolute_where_they_are(void **state) {
    (void)state;
    ASSERT_SPELLED(&biff8, {"24 0000 0000", "=$A$1"}, {"24 0000 0040", "=A$1"}, {"24 0000 0080", "=$A1"},
                   {"64 FFFF FFC0", "=IV65536"}, {"25 0000 FFFF 00C0 01C0", "=A:B"},
                   {"25 0000 FFFF 0000 0200", "=$A:$C"}, {"25 0000 0200 0000 FF00", "=$1:$3"},
                   {"25 0000 FFFF 0000 FF00", "=$1:$65536"}, {"25 0100 0200 0040 0180", "=A$2:$B3"},
                   {"2A 0000 0000", "=#REF!"}, {"2B 0000 0000 0000 0000", "=#REF!"}, {"24 0000 00", "?"});
}

static void shared_references_count_from_the_cell_and_go_round(void **state) {
    (void)state; /* the cell is C5 */
    ASSERT_SPELLED(&biff8, {"2C FFFF FFC0", "=B4"}, {"2C 0000 0000", "=$A$1"}, {"4C FBFF FDC0", "=IV65536"},
                   {"2D FEFF 0000 00C0 01C0", "=C3:D5"}, {"24 FFFF FFC0", "=IV65536"});
    struct pf_ptg_links biff12 = {.version = PF_PTG_BIFF12}, biff5 = {.version = PF_PTG_BIFF5};
    ASSERT_SPELLED(&biff12, {"2C FFFFFFFF FFFF", "=B4"}, {"2C FBFFFFFF FDFF", "=XFD1048576"},
                   {"2D 00000000 01000000 00C0 01C0", "=C5:D6"});
    ASSERT_SPELLED(&biff5, {"2C FFFF FF", "=B4"}, {"2D FEFF 00C0 00 01", "=C3:D5"});
}

static void arrays_follow_behind_the_tokens(void **state) {
    (void)state;
    ASSERT_SPELLED(&biff8,
                   {"60 00000000000000 22 01 0400", "=SUM({1,\"a\";TRUE,#N/A})",
                    "01 0100 01 000000000000F03F 02 0100 00 61 04 01 00000000000000 10 2A 00000000000000"},
                   {"26 00000000 0900" A1 "20 00000000000000" ADD, "=A1+{1}",
                    "0100 0000000000000000 00 0000 01 000000000000F03F"},
                   {"60 00000000000000", "?", "01 0100 01 000000000000F03F"}, {"60 00000000000000", "?", ""},
                   {"60 00000000000000", "?", "00 0000 07 0000000000000000"},
                   {"26 00000000 0900" A1, "?", "FFFF"});
    struct pf_ptg_links biff12 = {.version = PF_PTG_BIFF12};
    ASSERT_SPELLED(&biff12,
                   {"60 0000000000000000000000000000", "={1,\"a\",TRUE,#N/A}",
                    "01000000 04000000 00 000000000000F03F 01 0100 6100 02 01 04 2A000000"},
                   {"60 0000000000000000000000000000", "?", "FFFFFFFF FFFFFFFF 02 01"},
                   {"60 0000000000000000000000000000", "?", "00000000 00000000"});
    struct pf_ptg_links biff5 = {.version = PF_PTG_BIFF5, .charset = pf_charset_find("cp1252")};
    ASSERT_SPELLED(&biff5, {"60 00000000000000", "={1,\"\xC3\xA9\"}", "02 0100 01 000000000000F03F 02 01 E9"});
}

static void older_versions_have_narrower_tokens(void **state) {
    (void)state;
    struct pf_ptg_links old = {.version = PF_PTG_BIFF2, .charset = pf_charset_find("cp1252")};
    ASSERT_SPELLED(
        &old, {"24 00C0 00 24 0000 01 03", "=A1+$B$1"}, {"25 00C0 FFFF 00 01", "=A:B"},
        {"1E 0500 21 0F", "=SIN(5)"}, {"24 00C0 00 22 01 04", "=SUM(A1)"}, {"17 02 22E9", "=\"\"\"\xC3\xA9\""},
        {"19 10 00", "?"}, {"24 00C0 00 19 04 01 00 00 1E 0100 22 02 64", "=CHOOSE(A1,1)"},
        {"1E 0100 19 10 00", "=SUM(1)"}, {"24 00C0 00 24 00C0 00 24 00C0 00 21 65", "=HLOOKUP(A1,A1,A1)"},
        {"1E 0100 21 46", "=WEEKDAY(1)"}, {"3A 0000", "?"}, {"1E 0100 19 40 00 01", "?"});
    old.version = PF_PTG_BIFF4;
    ASSERT_SPELLED(&old, {"1E 0500 21 0F00", "=SIN(5)"}, {"1E 0100 21 4600", "=WEEKDAY(1)"},
                   {"25 0000 FF3F 00 01", "=$A:$B"}, {"1E 0100 19 40 00 01 22 01 0400", "= SUM(1)"});
    old.version = PF_PTG_BIFF5;
    ASSERT_SPELLED(&old, {"1E 0100 21 4600", "?"});
}

static void tokens_that_are_no_formula_are_not_spelled(void **state) {
    (void)state;
    ASSERT_SPELLED(&biff8, {"", "?"}, {A1 B1, "?"}, {ADD, "?"}, {A1 ADD, "?"}, {PAREN, "?"}, {PCT, "?"},
                   {UMINUS, "?"}, {"01 0000 0000", "?"}, {"02 0000 0000", "?"}, {"00", "?"}, {"1A", "?"},
                   {"1B", "?"}, {"18 01 00000000", "?"}, {"80", "?"}, {"A4 0000 0000", "?"}, {"3F", "?"},
                   {"38", "?"}, {"16", "?"}, {"19 40 00", "?"});
}

/* Nested as deep and as wide as tokens can say, with neither a stack nor time that grows faster than they. */
static void depth_is_bounded_by_the_text_alone(void **state) {
    (void)state;
    struct pf_ptg_speller speller = {0};
    struct pf_buf tokens = {0}, text = {0};
    bool known = false;
    put_hex(&tokens, ONE);
    for (int i = 0; i < 16000; i++)
        put_hex(&tokens, PAREN);
    struct pf_ptg_formula formula = {tokens.data, NULL, tokens.size, 0, 0, 0};
    assert_int_equal(pf_ptg_spell(&speller, &biff8, &formula, &text, &known, NULL), PF_OK);
    assert_true(known);
    assert_int_equal(text.size, 32002);
    for (int i = 0; i < 1000; i++)
        put_hex(&tokens, PAREN);
    formula = (struct pf_ptg_formula){tokens.data, NULL, tokens.size, 0, 0, 0};
    text.size = 0;
    assert_int_equal(pf_ptg_spell(&speller, &biff8, &formula, &text, &known, NULL), PF_OK);
    assert_false(known);
    assert_int_equal(text.size, 0);
    tokens.size = 0;
    put_hex(&tokens, ONE);
    for (int i = 0; i < 30000; i++)
        put_hex(&tokens, UMINUS);
    formula = (struct pf_ptg_formula){tokens.data, NULL, tokens.size, 0, 0, 0};
    assert_int_equal(pf_ptg_spell(&speller, &biff8, &formula, &text, &known, NULL), PF_OK);
    assert_true(known);
    for (int i = 0; i < 40000; i++)
        put_hex(&tokens, PCT);
    formula = (struct pf_ptg_formula){tokens.data, NULL, tokens.size, 0, 0, 0};
    assert_int_equal(pf_ptg_spell(&speller, &biff8, &formula, &text, &known, NULL), PF_OK);
    assert_false(known);
    pf_ptg_speller_clear(&speller);
    pf_buf_clear(&tokens);
    pf_buf_clear(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_stand_between_and_around_their_operands),
        cmocka_unit_test(parentheses_are_those_stored_and_missing_ones_are_added),
        cmocka_unit_test(a_union_among_arguments_is_no_two_arguments),
        cmocka_unit_test(functions_have_the_arguments_they_take),
        cmocka_unit_test(jumps_and_marks_are_left_out_and_blanks_kept),
        cmocka_unit_test(constants_are_spelled_as_they_are_typed),
        cmocka_unit_test(references_are_absolute_where_they_are),
        cmocka_unit_test(shared_references_count_from_the_cell_and_go_round),
        cmocka_unit_test(arrays_follow_behind_the_tokens),
        cmocka_unit_test(older_versions_have_narrower_tokens),
        cmocka_unit_test(tokens_that_are_no_formula_are_not_spelled),
        cmocka_unit_test(depth_is_bounded_by_the_text_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
