/* run_place.c — room run. Locations that only look like local paths.            SPDX-License-Identifier: MIT
 * Knows: schemes, prefixes of extensions that are not active here, what the local disk has.
 * Knows not: what is read or written. */
#include "run/run_place.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"

/* Of "s3:/…" and "s3://…" 2, else 0. One letter is no scheme (RFC 3986 §3.1 has them, nobody uses them, and "c:/" is a slip of
 * another kind). */
static int scheme_size(const char *location) {
    int size = 0;
    while (pf_lower(location[size]) >= 'a' && pf_lower(location[size]) <= 'z')
        size++;
    if (!size)
        return 0;
    while ((pf_lower(location[size]) >= 'a' && pf_lower(location[size]) <= 'z') ||
           pf_is_digit(location[size]) || (location[size] && strchr("+-.", location[size])))
        size++;
    return size > 1 && location[size] == ':' && location[size + 1] == '/' ? size : 0;
}

static bool is_store(const pf_registry *registry, const char *location) {
    const struct pf_store *store = pf_registry_store_for(registry, location);
    return store && store->prefixes && store->prefixes[0];
}

pf_status pf_place_missing(const pf_registry *registry, const char *location, struct pf_error *err) {
    char why[300];
    int size = scheme_size(location);
    if (pf_registry_misses_store(registry, location, why, sizeof why))
        return pf_fail(err, PF_UNAVAILABLE, "'%.100s' is for %s%s", location, why,
                       size ? "" : "; give --no-extensions if a path of this machine is meant");
    if (size)
        return pf_fail(err, PF_NOT_FOUND,
                       "no store knows the scheme of '%.*s:' in '%.160s'; get an extension for it, or give "
                       "'./%.60s' if a path of this machine is meant",
                       size, location, location, location);
    return PF_OK;
}

static bool has_folder(const char *path) {
    struct pf_file_facts facts;
    struct pf_text folder = pf_path_is_folder_like(path) ? pf_text_of(path) : pf_path_folder(path);
    char *copy = pf_mem_text(folder.at, folder.size);
    bool found = copy && pf_file_facts(copy, true, &facts, NULL) == PF_OK && facts.directory;
    pf_mem_free(copy);
    return found;
}

pf_status pf_place_output(const pf_registry *registry, const char *path, char *notice, size_t room,
                          struct pf_error *err) {
    char why[300];
    notice[0] = 0;
    if (is_store(registry, path))
        return PF_OK;
    bool missed = pf_registry_misses_store(registry, path, why, sizeof why);
    if (scheme_size(path) || (missed && !has_folder(path)))
        return pf_place_missing(registry, path, err);
    if (missed)
        snprintf(notice, room, "'%.100s' was written to a folder of this machine; it is a place for %s", path,
                 why);
    return PF_OK;
}
