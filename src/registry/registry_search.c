/* registry_search.c — room registry. Where extension libraries lie.
 * SPDX-License-Identifier: MIT
 * Knows: the order of folders, owners and modes, entry points of Python packages.
 * Knows not: what is in a library. */
#include "registry/registry_search.h"

#include <stdio.h>

#include "base/env.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/path.h"

#define ENTRY_POINTS_MOST ((int64_t)256 << 10)
#define WRITABLE_OTHERS   0002u
#define WRITABLE_GROUP    0020u

/* ---- trust ---- */

/* Foreign code must come from the user or from root, and nobody else may have been able to put it there. A group of the
 * owner's own number is a user's private group. */
static const char *distrust(const struct pf_file_facts *facts) {
    if (facts->owner != 0 && facts->owner != pf_process_user())
        return "it belongs to another user; take it over with chown, or copy it";
    if (facts->mode & WRITABLE_OTHERS)
        return "everybody may write it; take that away with chmod o-w";
    if ((facts->mode & WRITABLE_GROUP) && facts->group != facts->owner)
        return "its group may write it; take that away with chmod g-w";
    return NULL;
}

/* Tabs and line ends would break the form of the cache and of what a child tells. */
static bool has_control(const char *path) {
    for (; *path; path++)
        if ((unsigned char)*path < ' ')
            return true;
    return false;
}

/* ---- one folder ---- */

struct folder {
    struct pf_search *search;
    const char *path;
    const char *trouble; /* of the folder: holds for all in it */
    pf_status status;
    struct pf_error *err;
};

static pf_status offer(struct folder *folder, const char *path) {
    struct pf_search *search = folder->search;
    struct pf_file_facts facts, above;
    char *whole = NULL, why[200] = "";
    if (pf_file_resolve(path, &whole, NULL) != PF_OK)
        return PF_OK; /* gone, or a link to nothing */
    pf_status status = pf_file_facts(whole, true, &facts, NULL);
    if (status == PF_OK && facts.regular) {
        char *holder = pf_mem_text(pf_path_folder(whole).at, pf_path_folder(whole).size);
        const char *trouble = folder->trouble ? folder->trouble : NULL;
        if (!trouble && holder && pf_file_facts(holder, true, &above, NULL) == PF_OK)
            trouble = distrust(&above);
        if (has_control(whole))
            snprintf(why, sizeof why,
                     "its path holds a tab, a line end or the like; rename the file or folder");
        else if (trouble)
            snprintf(why, sizeof why, "its folder is not safe: %s", trouble);
        else if (distrust(&facts))
            snprintf(why, sizeof why, "the file is not safe: %s", distrust(&facts));
        pf_mem_free(holder);
        status = search->found(search->ctx, whole, &facts, *why ? why : NULL, folder->err);
    } else {
        status = PF_OK;
    }
    pf_mem_free(whole);
    return status;
}

static int32_t look_at(void *ctx, const char *name, bool is_folder) {
    struct folder *folder = ctx;
    char *path = NULL;
    if (is_folder) {
        char *below = pf_path_join(folder->path, name);
        char *file = pf_mem_alloc(strlen(name) + 4);
        if (below && file) {
            snprintf(file, strlen(name) + 4, "%s.so", name);
            path = pf_path_join(below, file);
        }
        pf_mem_free(below);
        pf_mem_free(file);
    } else {
        struct pf_text suffix = pf_path_suffix(name);
        bool is_python =
            strstr(name, ".cpython-") || strstr(name, ".abi3."); /* a module, in a folder of a package */
        if (!pf_text_is(suffix, ".so") || name[0] == '.' || is_python)
            return 0;
        path = pf_path_join(folder->path, name);
    }
    if (!path)
        folder->status = pf_fail_memory(folder->err, strlen(name));
    else
        folder->status = offer(folder, path);
    pf_mem_free(path);
    return folder->status != PF_OK;
}

/* NULL: it is one. */
static const char *is_no_folder(const char *path, struct pf_file_facts *facts) {
    if (path[0] != '/')
        return "not an absolute path";
    return pf_file_facts(path, true, facts, NULL) == PF_OK && facts->directory ? NULL : "no folder is there";
}

static pf_status search_folder(struct pf_search *search, const char *path, struct pf_error *err) {
    struct folder folder = {.search = search, .path = path, .err = err};
    struct pf_file_facts facts;
    const char *trouble = is_no_folder(path, &facts);
    if (trouble) {
        int32_t level = !search->by_user ? PF_LOG_DEBUG : path[0] == '/' ? PF_LOG_WARNING : PF_LOG_ERROR;
        search->tried(search->ctx, level, path, trouble);
        return PF_OK;
    }
    folder.trouble = distrust(&facts);
    search->tried(search->ctx, PF_LOG_DEBUG, path, folder.trouble ? folder.trouble : "looked into");
    pf_file_list(path, look_at, &folder, NULL);
    return folder.status;
}

/* A folder that was given for this very run and is none is a slip of who gave it. */
static pf_status check_given(const char *list, struct pf_error *err) {
    struct pf_file_facts facts;
    pf_status status = PF_OK;
    for (const char *at = list; at && *at && status == PF_OK;) {
        size_t size = strcspn(at, ":");
        char *part = pf_mem_text(at, size);
        const char *trouble = part && *part ? is_no_folder(part, &facts) : NULL;
        if (!part)
            status = pf_fail_memory(err, size);
        else if (trouble)
            status = pf_fail(err, part[0] == '/' ? PF_NOT_FOUND : PF_ARGUMENT,
                             "--extension-path: '%.200s': %s; give whole paths of folders, ':' between them",
                             part, trouble);
        pf_mem_free(part);
        at += size + (at[size] != 0);
    }
    return status;
}

/* Each part between separators. */
static pf_status search_list(struct pf_search *search, const char *list, const char *below, char separator,
                             struct pf_error *err) {
    pf_status status = PF_OK;
    for (const char *at = list; at && *at && status == PF_OK;) {
        const char *end = strchr(at, separator);
        size_t size = end ? (size_t)(end - at) : strlen(at);
        char *part = pf_mem_text(at, size), *path = part;
        if (part && below)
            path = pf_path_join(below, part);
        if (!path)
            status = pf_fail_memory(err, size);
        else if (*part)
            status = search_folder(search, path, err);
        if (path != part)
            pf_mem_free(path);
        pf_mem_free(part);
        at += size + (end != NULL);
    }
    return status;
}

static pf_status search_below(struct pf_search *search, char *base, const char *name, struct pf_error *err) {
    char *path = base ? pf_path_join(base, name) : NULL;
    pf_status status = path ? search_folder(search, path, err) : PF_OK;
    pf_mem_free(path);
    pf_mem_free(base);
    return status;
}

/* ---- beside the program ---- */

static pf_status search_program(struct pf_search *search, struct pf_error *err) {
    if (!search->program)
        return PF_OK;
    struct pf_text folder = pf_path_folder(search->program);
    pf_status status = search_below(search, pf_mem_text(folder.at, folder.size), "extensions", err);
    char *here = pf_mem_text(folder.at, folder.size);
    if (here && status == PF_OK) {
        struct pf_text above = pf_path_folder(here);
        status = search_below(search, pf_mem_text(above.at, above.size), "lib/pyforge/extensions", err);
    }
    pf_mem_free(here);
    return status;
}

/* ---- Python packages ---- */

static bool is_group(struct pf_text line) {
    return pf_text_is(line, "[pyforge.extensions]") || pf_text_is(line, "[pyforge_cli.extensions]");
}

static bool is_module(struct pf_text module) {
    for (size_t i = 0; i < module.size; i++) {
        char c = module.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || pf_is_digit(c) || c == '_' || c == '.'))
            return false;
    }
    return module.size && module.at[0] != '.';
}

/* "name = package.module": the folder package/module. "name = package.module:Class": stays as it is, "name=package.module:Class". */
static pf_status put_entry(struct pf_text line, struct pf_buf *to, struct pf_error *err) {
    const char *equals = memchr(line.at, '=', line.size);
    if (!equals)
        return PF_OK;
    struct pf_text name = pf_text_trim((struct pf_text){line.at, (size_t)(equals - line.at)});
    struct pf_text rest =
        pf_text_trim((struct pf_text){equals + 1, line.size - (size_t)(equals + 1 - line.at)});
    struct pf_text module = {rest.at, 0};
    while (module.size < rest.size && rest.at[module.size] != ':')
        module.size++;
    struct pf_text made = {rest.at + module.size + 1, 0}; /* the class; behind it may be "[extra]" */
    while (module.size < rest.size && made.at < rest.at + rest.size && strchr(" \t", *made.at))
        made.at++;
    while (module.size < rest.size && made.at + made.size < rest.at + rest.size &&
           !strchr(" \t[", made.at[made.size]))
        made.size++;
    module = pf_text_trim(module);
    made = pf_text_trim(made);
    if (!is_module(module) || !name.size || memchr(name.at, '\t', name.size) || (made.size && !is_module(made)))
        return PF_OK;
    PF_TRY(pf_buf_text(to, "\t", err));
    if (made.size)
        return pf_buf_print(to, err, "%.*s=%.*s:%.*s", (int)name.size, name.at, (int)module.size, module.at,
                            (int)made.size, made.at);
    for (size_t i = 0; i < module.size; i++)
        PF_TRY(pf_buf_put(to, module.at[i] == '.' ? "/" : module.at + i, 1, err));
    return PF_OK;
}

pf_status pf_search_entry_points(const char *text, size_t size, struct pf_buf *to, struct pf_error *err) {
    bool inside = false;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end ? (size_t)(end - text) - at : size - at;
        struct pf_text line = pf_text_trim((struct pf_text){text + at, length});
        if (line.size && line.at[line.size - 1] == '\r')
            line.size--;
        if (line.size && line.at[0] == '[')
            inside = is_group(line);
        else if (inside && line.size && line.at[0] != '#')
            PF_TRY(put_entry(line, to, err));
        at += length + 1;
    }
    return PF_OK;
}

struct packages {
    const char *path; /* site-packages */
    bool any;
    struct pf_buf found;
    pf_status status;
};

static int32_t look_at_package(void *ctx, const char *name, bool is_folder) {
    struct packages *packages = ctx;
    char path[4096];
    pf_file file = PF_FILE_CLOSED;
    struct pf_file_facts facts;
    struct pf_text suffix = pf_path_suffix(name);
    if (!is_folder || (!pf_text_is(suffix, ".dist-info") && !pf_text_is(suffix, ".egg-info")))
        return 0;
    packages->any = true;
    if (snprintf(path, sizeof path, "%s/%s/entry_points.txt", packages->path, name) >= (int)sizeof path ||
        pf_file_open_read(path, &file, NULL) != PF_OK)
        return 0;
    if (pf_file_facts_open(file, &facts, NULL) == PF_OK && facts.regular &&
        facts.size_bytes <= ENTRY_POINTS_MOST) {
        size_t got = 0;
        char *text = pf_mem_alloc((size_t)facts.size_bytes);
        if (text && pf_file_read_at(file, 0, text, (size_t)facts.size_bytes, &got, path, NULL) == PF_OK)
            packages->status = pf_search_entry_points(text, got, &packages->found, NULL);
        pf_mem_free(text);
    }
    pf_file_close(&file, path, NULL);
    return packages->status != PF_OK;
}

/* The newest comes first; the oldest may have to go. */
static void keep_packages(struct pf_cache *cache, const struct pf_packages *fresh) {
    size_t i = 0;
    while (i + 1 < PF_PACKAGES_MOST && cache->packages[i].path &&
           strcmp(cache->packages[i].path, fresh->path) != 0)
        i++;
    pf_mem_free(cache->packages[i].path);
    pf_mem_free(cache->packages[i].found);
    memmove(cache->packages + 1, cache->packages, i * sizeof cache->packages[0]);
    cache->packages[0] = *fresh;
}

/* What the entry points of the packages in a folder name; NULL: memory is out. A folder of hundreds of packages is gone
 * through once, and again only when something came or went; one without packages is no work. */
static char *know_packages(struct pf_search *search, const char *path, int64_t modified_ns) {
    struct pf_cache *cache = search->cache;
    for (size_t i = 0; i < PF_PACKAGES_MOST && cache->packages[i].path; i++)
        if (strcmp(cache->packages[i].path, path) == 0 && cache->packages[i].modified_ns == modified_ns)
            return pf_mem_text(cache->packages[i].found, strlen(cache->packages[i].found));
    struct packages packages = {.path = path};
    pf_file_list(path, look_at_package, &packages, NULL);
    char *found = packages.found.data ? pf_buf_take(&packages.found) : pf_mem_text("", 0);
    pf_buf_clear(&packages.found);
    struct pf_packages fresh = {NULL, modified_ns, NULL};
    if (!found || !packages.any || has_control(path) || !(fresh.path = pf_mem_text(path, strlen(path))))
        return found;
    if (!(fresh.found = pf_mem_text(found, strlen(found)))) {
        pf_mem_free(fresh.path);
        return found;
    }
    keep_packages(cache, &fresh);
    *search->cache_changed = true;
    return found;
}

/* "name=module:Class" */
static pf_status offer_entry(struct pf_search *search, const char *site, char *entry, struct pf_error *err) {
    char *equals = strchr(entry, '=');
    *equals = 0;
    pf_status status = search->entry(search->ctx, entry, equals + 1, site, err);
    *equals = '=';
    return status;
}

/* One folder of packages. */
static pf_status search_site(struct pf_search *search, const char *site, struct pf_error *err) {
    struct pf_file_facts facts;
    if (site[0] != '/' || pf_file_facts(site, true, &facts, NULL) != PF_OK || !facts.directory)
        return PF_OK;
    char *found = know_packages(search, site, facts.modified_ns);
    pf_status status = found ? PF_OK : pf_fail_memory(err, 0);
    for (char *at = found; at && *at && status == PF_OK;) {
        size_t size = strcspn(at, "\t");
        char *next = at + size + (at[size] != 0);
        at[size] = 0;
        if (strchr(at, '='))
            status = offer_entry(search, site, at, err);
        else if (*at)
            status = search_list(search, at, site, '\t', err);
        at = next;
    }
    pf_mem_free(found);
    return status;
}

static int32_t keep_python(void *ctx, const char *name, bool is_folder) {
    char(*kept)[64] = ctx;
    if (!is_folder || strncmp(name, "python3", 7) != 0 || strlen(name) >= sizeof *kept)
        return 0;
    snprintf(*kept, sizeof *kept, "%s", name);
    return 1;
}

static pf_status search_environment(struct pf_search *search, struct pf_error *err) {
    const char *root = pf_env("VIRTUAL_ENV");
    char lib[4096], site[4224], python[64] = "";
    if (!root || root[0] != '/' || snprintf(lib, sizeof lib, "%s/lib", root) >= (int)sizeof lib)
        return PF_OK;
    pf_file_list(lib, keep_python, &python, NULL);
    snprintf(site, sizeof site, "%s/%s/site-packages", lib, python);
    return *python ? search_site(search, site, err) : PF_OK;
}

/* Each of a list with ':' between. */
static pf_status search_sites(struct pf_search *search, const char *list, struct pf_error *err) {
    pf_status status = PF_OK;
    for (const char *at = list; *at && status == PF_OK;) {
        size_t size = strcspn(at, ":");
        char *site = pf_mem_text(at, size);
        status = site ? search_site(search, site, err) : pf_fail_memory(err, size);
        pf_mem_free(site);
        at += size + (at[size] != 0);
    }
    return status;
}

pf_status pf_search_run(struct pf_search *search, struct pf_error *err) {
    static const char *const system[] = {"/usr/local/lib/pyforge/extensions", "/usr/lib/pyforge/extensions"};
    PF_TRY(check_given(search->path, err));
    PF_TRY(search_list(search, search->path, NULL, ':', err));
    search->by_user = true;
    PF_TRY(search_list(search, pf_env("PYFORGE_EXTENSION_PATH"), NULL, ':', err));
    search->by_user = false;
    PF_TRY(search_program(search, err));
    PF_TRY(search->packages ? search_sites(search, search->packages, err) : search_environment(search, err));
    PF_TRY(search_below(search, pf_env_data_folder(), "extensions", err));
    for (size_t i = 0; i < 2; i++)
        PF_TRY(search_folder(search, system[i], err));
    return PF_OK;
}
