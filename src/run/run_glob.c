/* run_glob.c — room run. Names with * ? [ ] and what they match.                SPDX-License-Identifier: MIT
 * Knows: patterns, folders.
 * Knows not: what the files are for. */
#include "run/run_glob.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"

bool pf_glob_is(const char *text) { return strpbrk(text, "*?[") != NULL; }

/* One set at pattern[at] = '['; *past is set behind its ']'. A '[' without an end is a character. */
static bool match_set(struct pf_text pattern, size_t at, unsigned char c, size_t *past) {
    size_t i = at + 1;
    bool none = i < pattern.size && (pattern.at[i] == '!' || pattern.at[i] == '^'), hit = false;
    i += none;
    size_t first = i;
    for (; i < pattern.size && (pattern.at[i] != ']' || i == first); i++) {
        unsigned char low = (unsigned char)pattern.at[i], high = low;
        if (i + 2 < pattern.size && pattern.at[i + 1] == '-' && pattern.at[i + 2] != ']') {
            high = (unsigned char)pattern.at[i + 2];
            i += 2;
        }
        hit = hit || (c >= low && c <= high);
    }
    if (i >= pattern.size) {
        *past = at + 1;
        return c == '[';
    }
    *past = i + 1;
    return hit != none;
}

bool pf_glob_match(struct pf_text pattern, struct pf_text name) {
    size_t p = 0, n = 0, star = SIZE_MAX, retry = 0;
    while (n < name.size || p < pattern.size) {
        if (p < pattern.size && pattern.at[p] == '*') {
            star = ++p;
            retry = n;
            continue;
        }
        if (p < pattern.size && n < name.size) {
            size_t past = p + 1, step = 1;
            uint32_t point;
            bool fits;
            if (pattern.at[p] == '?') {
                size_t size = pf_utf8_decode(name.at + n, name.size - n, &point);
                step = size ? size : 1;
                fits = true;
            } else if (pattern.at[p] == '[') {
                fits = match_set(pattern, p, (unsigned char)name.at[n], &past);
            } else {
                fits = pattern.at[p] == name.at[n];
            }
            if (fits) {
                p = past;
                n += step;
                continue;
            }
        }
        if (star == SIZE_MAX || retry >= name.size)
            return false;
        p = star; /* let the last * take one byte more */
        n = ++retry;
    }
    return true;
}

/* ---- walking ---- */

struct walk {
    pf_status (*each)(void *ctx, const char *path, struct pf_error *err);
    void *ctx;
    struct pf_error *err;
};
struct level {
    struct walk *walk;
    struct pf_text part; /* the pattern of this level */
    const char *rest;    /* behind the '/'; NULL: this is the last part */
    const char *folder;  /* with its '/', or "" */
    pf_status status;
};

static pf_status walk_from(struct walk *walk, const char *folder, const char *pattern);

/* folder + name, then the parts that are left. */
static pf_status enter(struct walk *walk, const char *folder, struct pf_text name, const char *rest) {
    struct pf_buf path = {0};
    pf_status status = pf_buf_text(&path, folder, walk->err);
    if (status == PF_OK)
        status = pf_buf_put(&path, name.at, name.size, walk->err);
    if (status == PF_OK && rest)
        status = pf_buf_put(&path, "/", 1, walk->err);
    if (status == PF_OK)
        status = pf_buf_put(&path, "", 1, walk->err);
    if (status == PF_OK) {
        const char *text = (const char *)path.data;
        struct pf_file_facts facts;
        if (rest)
            status = walk_from(walk, text, rest);
        else if (pf_file_facts(text, false, &facts, NULL) !=
                 PF_NOT_FOUND) /* each says what else is the matter */
            status = walk->each(walk->ctx, text, walk->err);
    }
    pf_buf_clear(&path);
    return status;
}

static int32_t try_entry(void *ctx, const char *name, bool directory) {
    struct level *level = ctx;
    if ((name[0] == '.' && level->part.at[0] != '.') || !pf_glob_match(level->part, pf_text_of(name)))
        return 0;
    level->status = enter(level->walk, level->folder, pf_text_of(name), level->rest);
    return level->status != PF_OK;
}

static pf_status walk_from(struct walk *walk, const char *folder, const char *pattern) {
    if (!*pattern)
        return PF_OK;
    size_t size = strcspn(pattern, "/");
    const char *rest = pattern[size] ? pattern + size + 1 : NULL;
    while (rest && *rest == '/')
        rest++;
    struct level level = {.walk = walk, .part = {pattern, size}, .rest = rest, .folder = folder};
    bool plain = true;
    for (size_t i = 0; i < size; i++)
        plain = plain && !strchr("*?[", pattern[i]);
    if (plain)
        return enter(walk, folder, level.part, rest);
    struct pf_file_facts facts; /* a part in the middle also matches files: nothing is in them */
    if (*folder) {
        struct pf_error trouble = PF_ERROR_INIT;
        pf_status status = pf_file_facts(folder, true, &facts, &trouble);
        if (status == PF_NOT_FOUND || (status == PF_OK && !facts.directory))
            return PF_OK;
        if (status != PF_OK && walk->err)
            *walk->err = trouble;
        PF_TRY(status);
    }
    PF_TRY(pf_file_list(*folder ? folder : ".", try_entry, &level, walk->err));
    return level.status;
}

pf_status pf_glob_walk(const char *pattern,
                       pf_status (*each)(void *ctx, const char *path, struct pf_error *err), void *ctx,
                       struct pf_error *err) {
    struct walk walk = {each, ctx, err};
    if (pattern[0] == '/') {
        while (*pattern == '/')
            pattern++;
        return walk_from(&walk, "/", pattern);
    }
    return walk_from(&walk, "", pattern);
}
