/* fuzz_cache.c — any bytes as the cache of extensions.                          SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "registry/registry_cache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int good) {
    if (!good)
        abort();
}

static bool lies_in(struct pf_text one, struct pf_text word) {
    insist(one.size > 0 && !memchr(one.at, ' ', one.size));
    return pf_text_same_nocase(one, word);
}

static void walk(const struct pf_record *record) {
    const char *at = NULL, *end = record->features ? record->features + strlen(record->features) : NULL;
    struct pf_feature feature;
    while (pf_record_next(record, &at, &feature)) {
        insist(at <= end && !memchr(feature.list.at, '\n', feature.list.size));
        pf_feature_lists(feature.list, feature.name, lies_in);
        pf_feature_lists(feature.magics, feature.name, lies_in);
    }
    pf_record_watch_hash(record);
}

/* What was taken is written in a form that is taken again, and means the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pf_cache cache, again;
    struct pf_buf text = {0}, twice = {0};
    if (!pf_cache_parse(&cache, (const char *)data, size)) {
        insist(cache.count == 0 && !cache.records && !cache.packages[0].path);
        return 0;
    }
    for (size_t i = 0; i < cache.count; i++) {
        walk(&cache.records[i]);
        insist(pf_cache_find(&cache, cache.records[i].path) <= &cache.records[i]);
    }
    insist(pf_cache_print(&cache, &text, NULL) == PF_OK);
    insist(pf_cache_parse(&again, (const char *)text.data, text.size) && again.count == cache.count);
    insist(pf_cache_print(&again, &twice, NULL) == PF_OK);
    insist(text.size == twice.size && memcmp(text.data, twice.data, text.size) == 0);
    pf_buf_clear(&text);
    pf_buf_clear(&twice);
    pf_cache_clear(&cache);
    pf_cache_clear(&again);
    return 0;
}
