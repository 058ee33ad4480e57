/* cli_template.c — room cli. `pyforge extensions new`: a folder with an extension to begin with.
 * SPDX-License-Identifier: MIT
 * Knows: which files a kind has, how names are put in.
 * Knows not: what the files say: they are those of examples/extension_*. */
#include "cli_template.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli_console.h"

#define NAME_MOST 40
#define PATH_MOST 256 /* of a template's file, with the name in its place */

/* A name that may stand in every place: a file's, an option's, a variable's, a module's. */
static bool is_name(const char *name) {
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return size > 0 && size <= NAME_MOST && !name[size] && name[0] >= 'a' && name[0] <= 'z';
}

/* ---- the name in its place ---- */

struct names {
    const char *plain;
    char capitals[NAME_MOST + 1]; /* ACME_TABLES */
    char words[NAME_MOST + 1];    /* AcmeTables */
};

static char capital(char c) { return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); }

static void spell(const char *name, struct names *names) {
    size_t size = 0;
    *names = (struct names){.plain = name};
    for (size_t i = 0; name[i]; i++) {
        names->capitals[i] = capital(name[i]);
        if (name[i] != '_')
            names->words[size++] = i == 0 || name[i - 1] == '_' ? capital(name[i]) : name[i];
    }
}

/* What stands at text: the name, in *size bytes, and how it is spelt here, or one byte as it is. */
static const char *place_at(const char *text, const struct names *names, size_t *size) {
    *size = strlen("sample");
    if (strncmp(text, "sample", *size) == 0)
        return names->plain;
    if (strncmp(text, "SAMPLE", *size) == 0)
        return names->capitals;
    if (strncmp(text, "Sample", *size) == 0)
        return names->words;
    *size = 1;
    return NULL;
}

/* Gives the text with the names in; NULL: out of memory. */
static char *fill_in(const char *text, const struct names *names) {
    size_t room = 1, size, at = 0;
    for (const char *p = text; *p; p += size) {
        const char *name = place_at(p, names, &size);
        room += name ? strlen(name) : 1;
    }
    char *filled = malloc(room);
    if (!filled)
        return NULL;
    for (const char *p = text; *p; p += size) {
        const char *name = place_at(p, names, &size);
        size_t put = name ? strlen(name) : 1;
        memcpy(filled + at, name ? name : p, put);
        at += put;
    }
    filled[at] = 0;
    return filled;
}

/* ---- the folder ---- */

static bool fits(const struct pf_cli_template_file *file, const char *language, const char *kind) {
    return strcmp(file->language, language) == 0 && strcmp(file->kind, kind) == 0;
}

/* "NAME/file" with the name in it. */
static bool path_of(const struct pf_cli_template_file *file, const struct names *names, char *path) {
    char *inside = fill_in(file->name, names);
    int size = inside ? snprintf(path, PATH_MOST, "%s/%s", names->plain, inside) : PATH_MOST;
    free(inside);
    return size < PATH_MOST;
}

/* The folders above the file, within the one that is being made. */
static bool make_folders(char *path) {
    for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        bool is_there = mkdir(path, 0777) == 0 || errno == EEXIST;
        *slash = '/';
        if (!is_there)
            return false;
    }
    return true;
}

static bool write_file(const struct pf_cli_template_file *file, const struct names *names) {
    char path[PATH_MOST];
    char *text = path_of(file, names, path) && make_folders(path) ? fill_in(file->text, names) : NULL;
    FILE *to = text ? fopen(path, "wbx") : NULL;
    bool whole = to && fputs(text, to) >= 0;
    if (to)
        whole = fclose(to) == 0 && whole;
    free(text);
    return whole;
}

/* Every file with its folders, those that are empty then. */
static void remove_all(const struct names *names, const char *language, const char *kind) {
    char path[PATH_MOST];
    for (const struct pf_cli_template_file *file = pf_cli_template_files; file->language; file++) {
        if (!fits(file, language, kind) || !path_of(file, names, path))
            continue;
        remove(path);
        for (char *slash; (slash = strrchr(path, '/'));) {
            *slash = 0;
            remove(path);
        }
    }
}

/* Of a language that has no other; NULL: there are several, or none. */
static const char *only_kind(const char *language) {
    const char *kind = NULL;
    for (const struct pf_cli_template_file *file = pf_cli_template_files; file->language; file++) {
        if (strcmp(file->language, language) != 0)
            continue;
        if (kind && strcmp(kind, file->kind) != 0)
            return NULL;
        kind = file->kind;
    }
    return kind;
}

static int refuse_kind(const char *language, const char *kind) {
    char kinds[400] = "";
    const struct pf_cli_template_file *last = NULL;
    for (const struct pf_cli_template_file *file = pf_cli_template_files; file->language; last = file++)
        if ((!last || !fits(last, file->language, file->kind)) && strcmp(file->language, language) == 0)
            snprintf(kinds + strlen(kinds), sizeof kinds - strlen(kinds), "%s%s", kinds[0] ? "|" : "",
                     file->kind);
    if (!kinds[0])
        return pf_cli_usage("extensions new: there are no templates in '%s'; leave --language out", language);
    return kind ? pf_cli_usage("extensions new: '%s' is none of --kind %s", kind, kinds)
                : pf_cli_usage("extensions new: of what kind? give --kind %s", kinds);
}

static int refuse_folder(const char *name, int number) {
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    err.code = number == EEXIST ? PF_EXISTS : PF_IO;
    snprintf(err.message, sizeof err.message,
             number == EEXIST ? "'%s' is there already; take another name, or remove it"
                              : "'%s' cannot be made; go to a folder that you may write, with room",
             name);
    return pf_cli_failed(&err);
}

static void tell_made(const char *name, const char *language) {
    bool in_c = strcmp(language, "c") == 0;
    pf_cli_print("Made %s/: a whole extension with its own tests. Next:\n\n"
                 "  cd %s\n  make test        # builds it and tries it\n"
                 "  make install     # %s; 'pyforge list-extensions' shows it then\n\n%s",
                 name, name, in_c ? "for you alone" : "into the environment of python3",
                 in_c ? "Headers in no usual place: make test PYFORGE_INCLUDE=FOLDER\n"
                      : "Another interpreter: make test PYTHON=FILE\n");
}

int pf_cli_template_make(const char *name, const char *language, const char *kind, bool quiet) {
    const struct pf_cli_template_file *file = pf_cli_template_files;
    struct names names;
    if (!language)
        language = "c";
    if (!is_name(name) || strcmp(name, "pyforge") == 0)
        return pf_cli_usage("extensions new: '%s' is no name for an extension; take up to %d of a-z 0-9 _, a "
                            "letter first",
                            name, NAME_MOST);
    if (pf_cli_find(name))
        return pf_cli_usage("extensions new: '%s' is a command of pyforge; take another name", name);
    if (!kind)
        kind = only_kind(language);
    while (file->language && !(kind && fits(file, language, kind)))
        file++;
    if (!file->language)
        return refuse_kind(language, kind);
    if (mkdir(name, 0777) != 0)
        return refuse_folder(name, errno);
    spell(name, &names);
    for (; file->language && fits(file, language, kind); file++)
        if (!write_file(file, &names)) {
            remove_all(&names, language, kind);
            return refuse_folder(name, EIO);
        }
    if (!quiet)
        tell_made(name, language);
    return PF_EXIT_DONE;
}
