/* test_grid_region.c — where the table is on sheets of many layouts.           SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "grid/grid_region.h"
#include "grid_fake.h"

/* header row from 1 (0: none), rows of it, names joined by ',' */
struct layout_case {
    const char *sheet;
    int at, rows;
    const char *names;
};

static void find(const char *sheet, const struct pf_grid_wish *wish, struct pf_grid_layout *layout, char *names,
                 size_t room) {
    struct fake_book fake;
    struct pf_grid_book book = fake_make(&fake, sheet, NULL);
    struct pf_grid_view view = {&book, false, {0, PF_GRID_ROWS - 1, 0, PF_GRID_COLUMNS - 1}};
    struct pf_grid_sample sample = {.count = 1, .whole = true};
    struct pf_arena arena = {0};
    const char **list;
    int32_t count;
    void *cursor;
    fake.rows_per_block = 10000;
    assert_int_equal(fake_open(&fake, 0, 0, &cursor, NULL), PF_OK);
    assert_int_equal(fake_next(cursor, &sample.blocks[0], NULL), PF_OK);
    assert_int_equal(pf_grid_region_find(&view, &sample, wish, layout, NULL), PF_OK);
    assert_int_equal(pf_grid_header_names(&view, &sample, layout, &arena, &list, &count, NULL), PF_OK);
    names[0] = 0;
    for (int32_t i = 0; i < count; i++)
        snprintf(names + strlen(names), room - strlen(names), "%s%s", i ? "," : "", list[i]);
    fake_close(cursor);
    pf_grid_block_clear(&sample.blocks[0]);
    pf_arena_clear(&arena);
}

static const struct layout_case cases[] = {
    {"a|b|c\n1|2|3\n4|5|6\n", 1, 1, "a,b,c"},
    {"Sales report\n\na|b|c\n1|2|3\n4|5|6\n", 3, 1, "a,b,c"},
    {"Sales report\na|b|c\n1|2|3\n4|5|6\n", 2, 1, "a,b,c"},
    {"Report|of|us\n\nname|sum|day\nx|2|d43831\ny|5|d43832\n", 3, 1, "name,sum,day"},
    {"name|weight|height\n|kg|cm\nx|2|3\ny|5|6\n", 1, 2, "name,weight_kg,height_cm"},
    {"|2020||2021\nname|Q1|Q2|Q1\nx|1|2|3\ny|4|5|6\n", 1, 2, "name,2020_Q1,2020_Q2,2021_Q1"},
    {"|old||new\nname|Q1|Q2|Q1\nx|1|2|3\ny|4|5|6\n", 1, 2, "name,old_Q1,old_Q2,new_Q1"},
    {"|old|old|new\nname|Q1|Q2|Q1\nx|1|2|3\ny|4|5|6\n", 1, 2, "name,old_Q1,old_Q2,new_Q1"},
    {"region|2019|2020|2021\nn|5|600|7\ns|8|9|10\n", 1, 1, "region,2019,2020,2021"},
    {"|2019|2020|2021\nn|5|600|7\ns|8|9|10\n", 1, 1, ",2019,2020,2021"},
    {"|1|2|3\nn|5|600|7\ns|8|9|10\n", 0, 0, ""},
    {"region|d43831|d43862\nn|5|6\ns|8|9\n", 1, 1, "region,2020-01-01,2020-02-01"},
    {"1|2|3\n4|5|6\n7|8|9\n", 0, 0, ""},
    {"x|1|d43831\ny|2|d43832\n", 0, 0, ""},
    {"first|last|city\nAnna|Meyer|Graz\nBen|Smith|Linz\n", 1, 1, "first,last,city"},
    {"a|b\n", 1, 1, "a,b"},
    {"only\n1\n2\n", 1, 1, "only"},
    {"x\ny\nz\n", 1, 1, "x"},
    {"\n\n||a|b\n||1|2\n||3|4\n", 3, 1, ",,a,b"},
    {"a||c\n1|2|3\n4|5|6\n", 1, 1, "a,,c"},
    {"a| Net   sales \n1|2\n3|4\n", 1, 1, "a,Net sales"},
    {"Date:|d43831\nBy:|me\n\nid|name|sum|flag\n1|x|2|TRUE\n2|y|3|FALSE\n", 4, 1, "id,name,sum,flag"},
    {"id|name|sum\n1|x|2\n\n\n2|y|3\n3|z|4\n", 1, 1, "id,name,sum"},
    {"id|name|sum\n1|x|2\n2|y|3\n\nSource: us\n", 1, 1, "id,name,sum"},
    {"id|name|sum\n1|x|2\n2|y|3\nTotal||5\n", 1, 1, "id,name,sum"},
    {"flag|on\nTRUE|t0.5\nFALSE|t0.25\n", 1, 1, "flag,on"},
    {"code|v\nz7|1\nz8|2\n", 1, 1, "code,v"},
    {"a|b\n#N/A|1\n5|#REF!\n6|2\n", 1, 1, "a,b"},
    {"a|b\n=X1|1\n=X2|2\n", 1, 1, "a,b"},
    {"title\nsub title\n\n\n\nk|v\nx|1\ny|2\n", 6, 1, "k,v"},
    {"a|b|c|d|e\n1|||4|\n|2||4|\n1||3||5\n", 1, 1, "a,b,c,d,e"},
    {"id|sum|day\n\n1|2|d43831\n2|3|d43832\n", 1, 1, "id,sum,day"},
    {"id|when|note\n1|s43831.5|x\n2|s43832.5|\n", 1, 1, "id,when,note"},
};

static void layouts_of_all_kinds_give_the_header_a_person_would_take(void **state) {
    (void)state;
    size_t wrong = 0, count = sizeof cases / sizeof cases[0];
    struct pf_grid_wish wish = {.header_rows = -1, .skip_rows = -1};
    assert_int_equal(count, 33);
    for (size_t i = 0; i < count; i++) {
        struct pf_grid_layout layout;
        char names[200];
        find(cases[i].sheet, &wish, &layout, names, sizeof names);
        int at = layout.header_rows ? (int)layout.header_at + 1 : 0;
        if (at == cases[i].at && layout.header_rows == cases[i].rows && strcmp(names, cases[i].names) == 0)
            continue;
        wrong++;
        fprintf(stderr, "%s: row %d, %d rows, %s (%s); wanted row %d, %d rows, %s\n", cases[i].sheet, at,
                (int)layout.header_rows, names, layout.why, cases[i].at, cases[i].rows, cases[i].names);
    }
    assert_int_equal(wrong, 0);
}

static void what_is_asked_for_is_taken(void **state) {
    (void)state;
    static const char sheet[] = "t\nu|v\nx|1\ny|2\n";
    struct pf_grid_layout layout;
    char names[200];
    struct pf_grid_wish none = {.header_rows = 0, .skip_rows = -1}, two = {.header_rows = 2, .skip_rows = 0},
                        skip = {.header_rows = 1, .skip_rows = 2};
    static const char gap[] = "id|sum\n\n1|2\n3|4\n";
    struct pf_grid_wish one = {.header_rows = 1, .skip_rows = -1};
    find(gap, &one, &layout, names, sizeof names); /* the search is the same, the number of rows is not */
    assert_string_equal(names, "id,sum");
    assert_int_equal(layout.data_from, 2);
    find(sheet, &none, &layout, names, sizeof names);
    assert_int_equal(layout.data_from, 0);
    assert_string_equal(names, "");
    find(sheet, &two, &layout, names, sizeof names);
    assert_int_equal(layout.header_at, 0);
    assert_int_equal(layout.data_from, 2);
    assert_string_equal(names, "t_u,t_v");
    find(sheet, &skip, &layout, names, sizeof names);
    assert_int_equal(layout.data_from, 3);
    assert_string_equal(names, "x,1");
}

static void sheets_without_a_value_are_empty(void **state) {
    (void)state;
    struct pf_grid_layout layout;
    char names[200];
    struct pf_grid_wish wish = {.header_rows = -1, .skip_rows = -1};
    find("", &wish, &layout, names, sizeof names);
    assert_true(layout.empty);
    find("\n|'\n", &wish, &layout, names, sizeof names);
    assert_true(layout.empty);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_of_all_kinds_give_the_header_a_person_would_take),
        cmocka_unit_test(what_is_asked_for_is_taken),
        cmocka_unit_test(sheets_without_a_value_are_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
