/* registry_search.h — where extension libraries lie, in which order, and whether they may be trusted.
 * SPDX-License-Identifier: MIT */
#ifndef PF_REGISTRY_SEARCH_H
#define PF_REGISTRY_SEARCH_H
#include "base/file.h"
#include "base/log.h"
#include "registry/registry_cache.h"

struct pf_search {
    const char *path;       /* folders, ':' between, that come first; may be NULL */
    const char *program;    /* the program in whose neighbourhood to look; may be NULL */
    const char *packages;   /* folders of Python packages, ':' between; NULL: where VIRTUAL_ENV points */
    struct pf_cache *cache; /* remembers what was in a folder of Python packages */
    bool *cache_changed;
    /* Called for each library in order. path: resolved; trouble: why it may not be opened, or NULL. Not OK stops. */
    pf_status (*found)(void *ctx, const char *path, const struct pf_file_facts *facts, const char *trouble,
                       struct pf_error *err);
    /* Called for each extension that a Python package in the folder site names as "module:Class". Not OK stops. */
    pf_status (*entry)(void *ctx, const char *name, const char *entry, const char *site, struct pf_error *err);
    /* Called for each folder that was looked into, and for what was wrong with it. */
    void (*tried)(void *ctx, int32_t level, const char *folder, const char *what);
    void *ctx;
    bool by_user; /* the folders are those of a variable: what is wrong with one is a warning */
};
/* NOT_FOUND or ARGUMENT when a part of path is no folder. The order: path, PYFORGE_EXTENSION_PATH, "extensions" beside the program, "../lib/pyforge/extensions" from it, Python
 * packages, the user's data folder, the system's. A library is NAME.so or NAME/NAME.so. */
pf_status pf_search_run(struct pf_search *search, struct pf_error *err);
/* The extensions that the text of an entry_points.txt names, each with a tab before it: the folder of libraries, relative
 * to its site-packages, or "name=module:Class". */
pf_status pf_search_entry_points(const char *text, size_t size, struct pf_buf *to, struct pf_error *err);
#endif
