/* test_csv_layout.c — tests of read/csv. Thirty layouts as people make them: preamble, header, footer, tables.
 * SPDX-License-Identifier: MIT */
#include "csv_sniffed.h"

struct layout {
    const char *name, *text;
    int header, skip, footer, tables;
};
/* clang-format off */
static const struct layout layouts[] = {
    {"plain", "id,name,amount\n1,Ann,2.50\n2,Bob,3.75\n3,Cid,4.00\n", 1, 0, 0, 1},
    {"no header", "1,Ann,2.50\n2,Bob,3.75\n3,Cid,4.00\n", 0, 0, 0, 1},
    {"title and blank line", "Sales report 2024\n\nid,name,amount\n1,Ann,2.50\n2,Bob,3.75\n", 1, 2, 0, 1},
    {"title padded", "Sales report 2024,,\n,,\nid,name,amount\n1,Ann,2.50\n2,Bob,3.75\n", 1, 2, 0, 1},
    {"key and value block", "Region:;Bavaria\nYear:;2024\nUnit:;EUR\n\ncity;kind;people;area\nUlm;town;120000;118\nFurth;town;130000;63\nHof;town;45000;58\n", 1, 4, 0, 1},
    {"units row", "name,weight,height\n,kg,cm\nAnn,60,170\nBob,80,181\nCid,75,169\n", 2, 0, 0, 1},
    {"units in brackets", "name,weight,height,price\n[-],[kg],[cm],[EUR]\nAnn,60,170,1.5\nBob,80,181,2.5\n", 2, 0, 0, 1},
    {"grouped header", ",2023,,2024,\nregion,sales,cost,sales,cost\nnorth,1,2,3,4\nsouth,5,6,7,8\nwest,9,1,2,3\n", 2, 0, 0, 1},
    {"grouped header in words", ",Income,,Spending,\nregion,cash,bank,cash,bank\nnorth,1,2,3,4\nsouth,5,6,7,8\n", 2, 0, 0, 1},
    {"title over a grouped header", "Balance of the year\n\n,Income,,Spending,\nregion,cash,bank,cash,bank\nnorth,1,2,3,4\nsouth,5,6,7,8\n", 2, 2, 0, 1},
    {"years as names", "country,2019,2020,2021\nFR,67.1,67.3,67.5\nDE,83.1,83.2,83.2\nIT,60.1,59.9,59.5\n", 1, 0, 0, 1},
    {"all words", "first,last,city\nAnn,Lee,Oslo\nBob,Ray,Rome\nCid,Fox,Bonn\nDora,Kim,Lyon\n", 1, 0, 0, 1},
    {"all words, no header", "Oslo,north,cold\nRome,south,warm\nBonn,west,mild\nOslo,north,cold\nLyon,west,warm\nRome,south,mild\n", 0, 0, 0, 1},
    {"codes under names", "code,state\nAL,Alabama\nAK,Alaska\nAZ,Arizona\nCA,California\n", 1, 0, 0, 1},
    {"totals below a blank line", "name,q1,q2\nAnn,1,2\nBob,3,4\nCid,5,6\n\nTotal,9,12\n", 1, 0, 1, 1},
    {"totals at once are data", "name,q1,q2\nAnn,1,2\nBob,3,4\nCid,5,6\nTotal,9,12\n", 1, 0, 0, 1},
    {"note at the end", "name,q1,q2\nAnn,1,2\nBob,3,4\nCid,5,6\nSource: our own survey of the year\n", 1, 0, 1, 1},
    {"notes padded", "name,q1,q2\nAnn,1,2\nBob,3,4\nCid,5,6\nNote: states may count twice in this,,\n and should be taken with some care,,\n", 1, 0, 2, 1},
    {"notes after a blank line", "name,q1,q2\nAnn,1,2\nBob,3,4\nCid,5,6\n\n* preliminary\nExported 2024-01-01\n", 1, 0, 2, 1},
    {"header only", "id,name,amount\n", 1, 0, 0, 1},
    {"title and header only", "Sales of the year\n\nid,name,amount,date\n", 1, 2, 0, 1},
    {"comments above", "# made by a tool\n# version 3\nid,name\n1,Ann\n2,Bob\n", 1, 2, 0, 1},
    {"header behind a hash", "##source=lab\n##version=4\n#chrom\tpos\tref\nchr1\t100\tA\nchr1\t200\tC\nchr2\t50\tG\n", 1, 2, 0, 1},
    {"blank lines on top", "\n\n\nid,name\n1,Ann\n2,Bob\n", 1, 3, 0, 1},
    {"an index without a name", ",a,b\n0,1.5,x\n1,2.5,y\n2,3.5,z\n", 1, 0, 0, 1},
    {"names repeat", "a,a,b\n1,2,3\n4,5,6\n", 1, 0, 0, 1},
    {"header has one cell more", "id,name,amount,\n1,Ann,2.50\n2,Bob,3.75\n3,Cid,4.00\n", 1, 0, 0, 1},
    {"header has one cell less", "id,name\n1,Ann,2.50\n2,Bob,3.75\n3,Cid,4.00\n4,Dot,5.00\n", 1, 0, 0, 1},
    {"preamble with delimiters", "Report, made 2024-01-02, by the office, for all\nversion, 3\nid;name;amount;when\n1;Ann;2,50;2024-01-01\n2;Bob;3,75;2024-01-02\n3;Cid;1,25;2024-01-02\n", 1, 2, 0, 1},
    {"title and an entry padded", "Report,,,,\nDate,2024-01-01,,,\nid,name,n,price,note\n1,Ann,2,2.50,x\n2,Bob,3,3.75,y\n3,Cid,4,1.25,x\n", 1, 2, 0, 1},
    {"entries padded and a padded blank line", "Account,DE123,,,\nPeriod,January,,,\nBalance,1234.56,EUR,,\n,,,,\nid,name,n,price,note\n1,Ann,2,2.50,x\n2,Bob,3,3.75,y\n3,Cid,4,1.25,x\n", 1, 4, 0, 1},
    {"entries padded and a blank line", "Date,2024-01-01,,,\nUser,ann,,,\n\nid,name,n,price,note\n1,Ann,2,2.50,x\n2,Bob,3,3.75,y\n3,Cid,4,1.25,x\n", 1, 3, 0, 1},
    {"entries with colons side by side", "Account:,12345,,,\nFrom:,2024-01-01,To:,2024-02-01,\n\nid,name,n,price,note\n1,Ann,2,2.50,x\n2,Bob,3,3.75,y\n3,Cid,4,1.25,x\n", 1, 3, 0, 1},
    {"title and an entry padded to three columns", "Report,,\n,,\nDate,2024-01-01,\nid,name,v\n1,a,2\n2,b,3\n3,c,4\n", 1, 3, 0, 1},
    {"title and an entry of two columns", "Report,\nDate,2024-01-01\n,\nid,v\n1,2\n2,3\n3,4\n", 1, 3, 0, 1},
    {"a table of two columns with a gap", "id,v\n1,2\n2,3\n,\n3,4\n4,5\n", 1, 0, 0, 1},
    {"groups of three columns are no entry", "Person,Order,\nid,name,v\n1,a,2\n2,b,3\n3,c,4\n", 2, 0, 0, 1},
    {"totals behind a padded empty row", "id,x,y,z\n1,2,3,4\n2,3,4,5\n3,4,5,6\n,,,\nTotal,9,12,15\n", 1, 0, 2, 1},
    {"padded empty rows before ordinary ones are data", "id,x,y,z\n1,2,3,4\n2,3,4,5\n,,,\n3,4,5,6\n", 1, 0, 0, 1},
    {"two groups of words at the left are no entry", "Person,Order,,,\nid,name,n,price,note\n1,Ann,2,2.50,x\n2,Bob,3,3.75,y\n3,Cid,4,1.25,x\n", 2, 0, 0, 1},
    {"two tables", "id,name,amount\n1,Ann,2.50\n2,Bob,3.75\n3,Cid,3.75\n\ncode,rate\nA,1.5\nB,2.5\nC,3.5\n", 1, 0, 0, 2},
    {"two tables, the wider one below", "code,rate,note\nA,1.5,x\nB,2.5,y\nC,2.5,y\n\nid,name,amount,day,city\n1,Ann,2.5,3,Rome\n2,Bob,3.5,4,Oslo\n3,Cid,1.5,4,Oslo\n4,Dot,1.5,4,Oslo\n5,Eve,1.5,4,Oslo\n", 1, 0, 0, 2},
    {"many small tables", "resource,sec,ok\n/a/b,0.45,true\n\nrecords,resource\n100,/a/b\n\nresource,sec,ok\n/c/d,0.32,true\n", 1, 0, 0, 2},
    {"the header comes again", "name,town,word\nAnn,Oslo,red\nBob,Rome,blue\n\nname,town,word\nCid,Bonn,red\nDot,Lyon,green\n", 1, 0, 0, 2},
    {"codes without names", "\"Nord 262\",\"ND2\",\"N262\"\n\"Caravelle\",\"CRV\",\"S210\"\n\"Corvette\",\"NDC\",\"S601\"\n\"ATR 42\",\"AT4\",\"AT43\"\n\"ATR 43\",\"AT5\",\"AT45\"\n\"ATR 72\",\"AT7\",\"AT72\"\n", 0, 0, 0, 1},
    {"one year as a name", "state,2018\nAlabama,R+27\nAlaska,R+15\nArizona,R+9\nOhio,D+1\n", 1, 0, 0, 1},
    {"years that fall", "museum,2011,2010\nModern Art,23.824,17.518\nFine Art,3.824,7.518\n", 1, 0, 0, 1},
    {"a preamble that holds the delimiter", "Made 2024-05-01 by some tool,v2\nConfidential and not for all\n\n1,2.5\n2,3.5\n3,4.5\n", 0, 3, 0, 1},
    {"no header, first row cut", "1,Ann,2.50,7,8,x,9\n1,Bob,3.5\n3,Cid,4.00,1,2,y,3\n4,Dot,5.00,4,5,z,6\n5,Eve,5.00,4,5,z,6\n", 0, 0, 0, 1},
    {"no header, cut first row", "1,Bob,3.5\n3,Cid,4.00,1,2,y,3\n4,Dot,5.00,4,5,z,6\n5,Eve,5.00,4,5,z,6\n", 0, 0, 0, 1},
    {"header wider than the rows", "a,b,c,d\n1,2\n1,2\n3,4\n", 1, 0, 0, 1},
    {"one column of numbers", "value\n1\n2\n3\n", 1, 0, 0, 1},
    {"one column without a name", "1\n2\n3\n", 0, 0, 0, 1},
    {"one column below empty lines", "\n\nvalue\n1\n2\n\n3\n", 1, 2, 0, 1},
    {"one column that begins with an empty value", "\n1\n2\n\n3\n", 0, 0, 0, 1},
    {"sparse rows on top", "id,a,b,c\n1,,,\n2,,,x\n3,,,\n4,5,,\n5,,,\n", 1, 0, 0, 1},
    {"no header, first row odd", "1,Ann,2.50,x\n2,Bob,3.75\n3,Cid,4.00\n4,Dot,5.00\n", 0, 0, 0, 1},
    {"the last row is cut", "id,name,amount\n1,Ann,2.50\n2,Bob,3.75\n3,Cid,4.00\n4", 1, 0, 0, 1},
};
/* clang-format on */

static void layouts_are_read_as_people_mean_them(void **state) {
    int wrong = 0;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        const struct layout *want = &layouts[i];
        struct pf_csv_dialect d = sniff(want->text);
        if (d.header_rows == want->header && d.skip_rows == want->skip && d.footer_rows == want->footer &&
            d.tables == want->tables && (d.footer_at >= 0) == (want->footer > 0))
            continue;
        print_message("%s: header %d for %d, skip %d for %d, footer %d for %d, tables %d for %d: '%s' %s\n",
                      want->name, d.header_rows, want->header, (int)d.skip_rows, want->skip, (int)d.footer_rows,
                      want->footer, d.tables, want->tables, d.delimiter, d.why);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void the_places_are_those_of_the_text(void **state) {
    const char *text = "Title of it\n\nid,\"na\nme\",x\n1,a,2\n2,b,3\n\nNote: the end of all of it\n";
    struct pf_csv_dialect d = sniff(text);
    assert_int_equal(d.header_at, strstr(text, "id,") - text);
    assert_int_equal(d.data_at, strstr(text, "1,a") - text);
    assert_int_equal(d.footer_at, strstr(text, "Note") - text);
    assert_int_equal(d.data_line, 5);
    assert_int_equal(d.skip_rows, 2);
}

static void the_reason_is_said_in_words(void **state) {
    assert_non_null(strstr(sniff("id,n\n1,2\n3,4\n").why, "words stand over columns of values"));
    assert_non_null(strstr(sniff("Title of this\nid,n\n1,2\n3,4\n").why, "preamble"));
    assert_non_null(strstr(sniff("1,2\n3,4\n").why, "no header"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts_are_read_as_people_mean_them),
        cmocka_unit_test(the_places_are_those_of_the_text),
        cmocka_unit_test(the_reason_is_said_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
