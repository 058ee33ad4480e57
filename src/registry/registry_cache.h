/* registry_cache.h — what was found out about extension files, so that they need not be opened.
 * SPDX-License-Identifier: MIT
 *
 * The library file is the truth: a cache that is lost, old or broken costs time and nothing else. The form is
 * described in docs/extensions.md §Cache. */
#ifndef PF_REGISTRY_CACHE_H
#define PF_REGISTRY_CACHE_H
#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"
#include "pyforge/extension.h"

#define PF_VERDICT_OK          0
#define PF_VERDICT_UNAVAILABLE 1 /* init said: not under this environment */
#define PF_VERDICT_FAILED      2

/* One library. Texts are its own, NULL where unknown. */
struct pf_record {
    char *path; /* absolute, resolved */
    int64_t size_bytes, modified_ns;
    uint64_t watch_hash; /* of the values of watch when it was looked at */
    int32_t verdict;
    char *name, *version, *summary;
    char *watch;        /* names of variables, a tab between */
    char *features;     /* lines: kind, tab, name, tab, … */
    char *stage, *text; /* where and why, unless OK */
};
void pf_record_clear(struct pf_record *record);
/* name … features from a checked descriptor. */
pf_status pf_record_describe(struct pf_record *record, const struct pf_extension *extension,
                             struct pf_error *err);
pf_status pf_record_judge(struct pf_record *record, int32_t verdict, const char *stage, const char *text,
                          struct pf_error *err);
/* The hash of the values that those variables have now. */
uint64_t pf_record_watch_hash(const struct pf_record *record);

/* One line of features. list: suffixes, prefixes, hooks; magics: of readers; both with blanks between. */
struct pf_feature {
    struct pf_text kind, name, list, magics;
    int64_t rank;
};
/* Start with *at = NULL; false at the end. */
bool pf_record_next(const struct pf_record *record, const char **at, struct pf_feature *out);
/* Is word one of a list with blanks between? */
bool pf_feature_lists(struct pf_text list, struct pf_text word,
                      bool (*fits)(struct pf_text one, struct pf_text word));

/* A folder of Python packages that was looked through. */
struct pf_packages {
    char *path; /* NULL: not in use */
    int64_t modified_ns;
    char *found; /* as pf_search_entry_points gives it */
};
#define PF_PACKAGES_MOST 16

struct pf_cache {
    struct pf_record *records;
    size_t count, room;
    struct pf_packages packages[PF_PACKAGES_MOST]; /* those in use come first */
};
void pf_cache_clear(struct pf_cache *cache);
/* An empty record at the end; NULL when memory is out. */
struct pf_record *pf_cache_add(struct pf_cache *cache);
struct pf_record *pf_cache_find(const struct pf_cache *cache, const char *path);
/* false, and *cache is empty: the text is not a cache of this build. */
bool pf_cache_parse(struct pf_cache *cache, const char *text, size_t size);
pf_status pf_cache_print(const struct pf_cache *cache, struct pf_buf *to, struct pf_error *err);
/* From and to the user's cache folder. What fails leaves no cache, and is no failure. */
void pf_cache_read(struct pf_cache *cache);
void pf_cache_write(const struct pf_cache *cache);
/* A small file in place of the one that may be there, its folder made; whole or not at all. */
pf_status pf_cache_save(const char *path, const struct pf_buf *text);
#endif
