/* test_dbx_place.c — spellings of places, and errors that name the wrong part.     SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dbx_fail.h"
#include "dbx_place.h"

static void every_spelling_has_one_local_and_one_spark_path(void **state) {
    static const struct {
        const char *text;
        int kind, level;
        const char *local, *spark, *name;
    } rows[] = {
        {"/Volumes/c/s/v/a/b.csv", PF_DBX_IN_VOLUMES, 4, "/Volumes/c/s/v/a/b.csv",
         "dbfs:/Volumes/c/s/v/a/b.csv", "c.s.v"},
        {"dbfs:/Volumes/c/s/v/a.csv", PF_DBX_IN_VOLUMES, 4, "/Volumes/c/s/v/a.csv", "dbfs:/Volumes/c/s/v/a.csv",
         "c.s.v"},
        {"dbfs:///Volumes/c/s/v/a.csv", PF_DBX_IN_VOLUMES, 4, "/Volumes/c/s/v/a.csv",
         "dbfs:/Volumes/c/s/v/a.csv", "c.s.v"},
        {"/dbfs/Volumes/c/s/v/a.csv", PF_DBX_IN_VOLUMES, 4, "/Volumes/c/s/v/a.csv", "dbfs:/Volumes/c/s/v/a.csv",
         "c.s.v"},
        {"file:/Volumes/c/s/v/a.csv", PF_DBX_IN_VOLUMES, 4, "/Volumes/c/s/v/a.csv", "dbfs:/Volumes/c/s/v/a.csv",
         "c.s.v"},
        {"file:///Volumes/c/s/v/a.csv", PF_DBX_IN_VOLUMES, 4, "/Volumes/c/s/v/a.csv",
         "dbfs:/Volumes/c/s/v/a.csv", "c.s.v"},
        {"/Volumes/c/s/v", PF_DBX_IN_VOLUMES, 3, "/Volumes/c/s/v", "dbfs:/Volumes/c/s/v", "c.s.v"},
        {"/Volumes/c/s/v/", PF_DBX_IN_VOLUMES, 3, "/Volumes/c/s/v", "dbfs:/Volumes/c/s/v", "c.s.v"},
        {"/Volumes/c/s", PF_DBX_IN_VOLUMES, 2, "/Volumes/c/s", "dbfs:/Volumes/c/s", "c.s"},
        {"/Volumes/c", PF_DBX_IN_VOLUMES, 1, "/Volumes/c", "dbfs:/Volumes/c", "c"},
        {"/Volumes", PF_DBX_IN_VOLUMES, 0, "/Volumes", "dbfs:/Volumes", ""},
        {"/Volumes/", PF_DBX_IN_VOLUMES, 0, "/Volumes", "dbfs:/Volumes", ""},
        {"//Volumes//c///s/v//a", PF_DBX_IN_VOLUMES, 4, "/Volumes/c/s/v/a", "dbfs:/Volumes/c/s/v/a", "c.s.v"},
        {"/Volumes/c/./s/v/./a", PF_DBX_IN_VOLUMES, 4, "/Volumes/c/s/v/a", "dbfs:/Volumes/c/s/v/a", "c.s.v"},
        {"/Volumes/Main/Default/Raw/Big.CSV", PF_DBX_IN_VOLUMES, 4, "/Volumes/main/default/raw/Big.CSV",
         "dbfs:/Volumes/main/default/raw/Big.CSV", "main.default.raw"},
        {"/Volumes/c/s/v/a b.c..d/.hidden", PF_DBX_IN_VOLUMES, 4, "/Volumes/c/s/v/a b.c..d/.hidden",
         "dbfs:/Volumes/c/s/v/a b.c..d/.hidden", "c.s.v"},
        {"/Volumes/größe/s-1/v@2/ä", PF_DBX_IN_VOLUMES, 4, "/Volumes/größe/s-1/v@2/ä",
         "dbfs:/Volumes/größe/s-1/v@2/ä", "größe.s-1.v@2"},
        {"dbfs:/tmp/a.csv", PF_DBX_IN_DBFS, 4, "/dbfs/tmp/a.csv", "dbfs:/tmp/a.csv", ""},
        {"dbfs:/", PF_DBX_IN_DBFS, 0, "/dbfs", "dbfs:/", ""},
        {"/dbfs", PF_DBX_IN_DBFS, 0, "/dbfs", "dbfs:/", ""},
        {"/dbfs/tmp/a.csv", PF_DBX_IN_DBFS, 4, "/dbfs/tmp/a.csv", "dbfs:/tmp/a.csv", ""},
        {"file:/dbfs/tmp/a.csv", PF_DBX_IN_DBFS, 4, "/dbfs/tmp/a.csv", "dbfs:/tmp/a.csv", ""},
        {"dbfs:/dbfs/a", PF_DBX_IN_DBFS, 4, "/dbfs/dbfs/a", "dbfs:/dbfs/a", ""},
        {"dbfs:/FileStore/a", PF_DBX_IN_DBFS, 4, "/dbfs/FileStore/a", "dbfs:/FileStore/a", ""},
        {"/Workspace/Users/a@b.c/x.csv", PF_DBX_IN_WORKSPACE, 4, "/Workspace/Users/a@b.c/x.csv",
         "file:/Workspace/Users/a@b.c/x.csv", ""},
        {"file:/Workspace/x.csv", PF_DBX_IN_WORKSPACE, 4, "/Workspace/x.csv", "file:/Workspace/x.csv", ""},
        {"dbfs:/Workspace/x.csv", PF_DBX_IN_DBFS, 4, "/dbfs/Workspace/x.csv", "dbfs:/Workspace/x.csv", ""},
        {"/tmp/a.csv", PF_DBX_ON_DISK, 4, "/tmp/a.csv", "file:/tmp/a.csv", ""},
        {"file:/local_disk0/tmp/a.csv", PF_DBX_ON_DISK, 4, "/local_disk0/tmp/a.csv",
         "file:/local_disk0/tmp/a.csv", ""},
        {"/Volumesx/a", PF_DBX_ON_DISK, 4, "/Volumesx/a", "file:/Volumesx/a", ""},
        {"/", PF_DBX_ON_DISK, 0, "/", "file:/", ""},
        {"/a:b/c", PF_DBX_ON_DISK, 4, "/a:b/c", "file:/a:b/c", ""},
    };
    size_t count = sizeof rows / sizeof rows[0];
    for (size_t i = 0; i < count; i++) {
        static struct pf_dbx_place place;
        char spark[PF_DBX_PATH_ROOM + 8], name[256];
        struct pf_error err = {.struct_size = sizeof err};
        if (pf_dbx_place_parse(rows[i].text, &place, &err) != PF_OK)
            fail_msg("%s: %s", rows[i].text, err.message);
        print_message("%s\n", rows[i].text);
        assert_int_equal(place.kind, rows[i].kind);
        assert_int_equal(place.level, rows[i].level);
        assert_string_equal(place.local, rows[i].local);
        assert_true(pf_dbx_place_spark(&place, spark, sizeof spark));
        assert_string_equal(spark, rows[i].spark);
        pf_dbx_place_name(&place, PF_DBX_VOLUME, name, sizeof name);
        assert_string_equal(name, rows[i].name);
        assert_int_equal(place.respelled, strcmp(rows[i].text, rows[i].local) != 0);
        /* Both are spellings of the same place. */
        static struct pf_dbx_place again;
        assert_int_equal(pf_dbx_place_parse(spark, &again, NULL), PF_OK);
        assert_string_equal(again.local, place.local);
        assert_int_equal(again.kind, place.kind);
        assert_int_equal(pf_dbx_place_parse(place.local, &again, NULL), PF_OK);
        assert_string_equal(again.local, place.local);
    }
    assert_true(count >= 30);
}

static void what_is_wrong_is_named_with_its_part(void **state) {
    static const struct {
        const char *text;
        int code;
        const char *says;
    } rows[] = {
        {"", PF_ARGUMENT, "empty"},
        {"a/b.csv", PF_ARGUMENT, "relative"},
        {"./a.csv", PF_ARGUMENT, "relative"},
        {"Volumes/c/s/v/x", PF_ARGUMENT, "'/Volumes/'"},
        {"volumes/c/s/v/x", PF_ARGUMENT, "'/Volumes/'"},
        {"/volumes/c/s/v/x", PF_ARGUMENT, "'volumes' in"},
        {"/VOLUMES/c/s/v/x", PF_ARGUMENT, "capital V"},
        {"/Volume/c/s/v/x", PF_ARGUMENT, "'Volume' in"},
        {"dbfs:/volumes/c/s/v/x", PF_ARGUMENT, "'volumes' in"},
        {"/dbfs/volume/c/s/v/x", PF_ARGUMENT, "'volume' in"},
        {"/Volumes/c.s/v/x", PF_ARGUMENT, "the catalog 'c.s'"},
        {"/Volumes/c/s.v/x", PF_ARGUMENT, "the schema 's.v'"},
        {"/Volumes/c/s/v.1/x", PF_ARGUMENT, "the volume 'v.1'"},
        {"/Volumes/my data/s/v", PF_ARGUMENT, "the catalog 'my data'"},
        {"/Volumes/c/s/my volume/x", PF_ARGUMENT, "the volume 'my volume'"},
        {"/Volumes/c/s/v\t/x", PF_ARGUMENT, "control character"},
        {"/Volumes/c/s/v/a\nb", PF_ARGUMENT, "control character"},
        {"/Volumes/c/s/v/../x", PF_ARGUMENT, "'..'"},
        {"/Volumes/c/s/../v/x", PF_ARGUMENT, "'..'"},
        {"/Volumes/../etc/passwd", PF_ARGUMENT, "'..'"},
        {"/dbfs/../etc", PF_ARGUMENT, "'..'"},
        {"dbfs:/..", PF_ARGUMENT, "'..'"},
        {"/tmp/..", PF_ARGUMENT, "'..'"},
        {"dbfs:Volumes/c/s/v", PF_ARGUMENT, "slash behind 'dbfs:'"},
        {"dbfs://Volumes/c/s/v", PF_ARGUMENT, "'Volumes'"},
        {"file://host/x", PF_ARGUMENT, "'host'"},
        {"DBFS:/x", PF_ARGUMENT, "lower case"},
        {"s3://b/x", PF_UNSUPPORTED, "'s3:'"},
        {"s3a://b/x", PF_UNSUPPORTED, "'s3a:'"},
        {"abfss://c@a.dfs.core.windows.net/x", PF_UNSUPPORTED, "'abfss:'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct pf_dbx_place place;
        struct pf_error err = {.struct_size = sizeof err};
        pf_status status = pf_dbx_place_parse(rows[i].text, &place, &err);
        print_message("%s: %s\n", rows[i].text, err.message);
        assert_int_equal(status, rows[i].code);
        assert_int_equal(err.code, rows[i].code);
        assert_non_null(strstr(err.message, rows[i].says));
        assert_non_null(strpbrk(err.message, ";,")); /* and what to do */
        assert_int_equal(pf_dbx_place_parse(rows[i].text, &place, NULL), rows[i].code);
    }
}

static pf_status parse_named(const char *before, const char *piece, size_t times, const char *after,
                             struct pf_error *err) {
    static char text[3 * PF_DBX_PATH_ROOM];
    static struct pf_dbx_place place;
    size_t size = (size_t)snprintf(text, sizeof text, "%s", before);
    for (size_t i = 0; i < times; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s", piece);
    snprintf(text + size, sizeof text - size, "%s", after);
    return pf_dbx_place_parse(text, &place, err);
}

static void lengths_are_counted_in_characters_for_names_and_bytes_for_files(void **state) {
    struct pf_error err = {.struct_size = sizeof err};
    assert_int_equal(parse_named("/Volumes/", "x", 255, "/s/v/f", &err), PF_OK);
    assert_int_equal(parse_named("/Volumes/", "x", 256, "/s/v/f", &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "256 characters"));
    assert_int_equal(parse_named("/Volumes/c/s/", "ä", 255, "/f", &err), PF_OK);
    assert_int_equal(parse_named("/Volumes/c/s/", "ä", 256, "/f", &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "the volume"));
    assert_int_equal(parse_named("/Volumes/c/s/v/", "f", 255, "", &err), PF_OK);
    assert_int_equal(parse_named("/Volumes/c/s/v/", "f", 256, "", &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "256 bytes"));
    assert_int_equal(parse_named("/Volumes/c/s/v/", "ä", 128, "", &err), PF_ARGUMENT);
    assert_int_equal(parse_named("/Volumes/c/s/v", "/abc", 1020, "", &err), PF_OK);
    assert_int_equal(parse_named("/Volumes/c/s/v", "/abc", 1021, "", &err), PF_ARGUMENT);
    assert_non_null(strstr(err.message, "4095 bytes"));
    assert_int_equal(parse_named("/tmp", "/abc", 3000, "", &err), PF_ARGUMENT);
}

static void a_long_name_is_cut_between_characters(void **state) {
    for (size_t before = 0; before < 3; before++) {
        char text[1024] = "/";
        struct pf_error err = {.struct_size = sizeof err};
        static struct pf_dbx_place place;
        for (size_t i = 0; i < before; i++)
            strcat(text, "x");
        for (int i = 0; i < 200; i++)
            strcat(text, "€");
        strcat(text, "/..");
        assert_int_equal(pf_dbx_place_parse(text + 1, &place, &err), PF_ARGUMENT);
        assert_non_null(strstr(err.message, "' is a relative"));
        for (const char *at = err.message; *at; at += pf_dbx_character_size(at))
            assert_true(pf_dbx_character_size(at) > 0);
    }
}

static void what_is_missing_is_named(void **state) {
    static const struct {
        const char *text;
        int need;
        const char *says;
    } rows[] = {
        {"/Volumes", PF_DBX_VOLUME, "a catalog"},   {"/Volumes/c", PF_DBX_VOLUME, "a schema"},
        {"/Volumes/c/s", PF_DBX_ENTRY, "a volume"}, {"/Volumes/c/s/v", PF_DBX_ENTRY, "a file in the volume"},
        {"/Volumes/c/s/v", PF_DBX_VOLUME, NULL},    {"/Volumes/c/s/v/x", PF_DBX_ENTRY, NULL},
        {"dbfs:/", PF_DBX_ENTRY, "names no file"},  {"dbfs:/x", PF_DBX_ENTRY, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct pf_dbx_place place;
        struct pf_error err = {.struct_size = sizeof err};
        assert_int_equal(pf_dbx_place_parse(rows[i].text, &place, &err), PF_OK);
        assert_int_equal(pf_dbx_place_need(&place, rows[i].need, &err), rows[i].says ? PF_ARGUMENT : PF_OK);
        if (rows[i].says)
            assert_non_null(strstr(err.message, rows[i].says));
    }
}

static void folders_are_known_by_their_slash(void **state) {
    static struct pf_dbx_place place;
    assert_int_equal(pf_dbx_place_parse("/Volumes/c/s/v/out/", &place, NULL), PF_OK);
    assert_true(place.folder);
    assert_int_equal(pf_dbx_place_parse("/Volumes/c/s/v/out", &place, NULL), PF_OK);
    assert_false(place.folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_has_one_local_and_one_spark_path),
        cmocka_unit_test(what_is_wrong_is_named_with_its_part),
        cmocka_unit_test(lengths_are_counted_in_characters_for_names_and_bytes_for_files),
        cmocka_unit_test(a_long_name_is_cut_between_characters),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(folders_are_known_by_their_slash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
