/* map.c — room base. An open-addressing map, bytes to integer.             SPDX-License-Identifier: MIT
 * Knows: linear probing, growth at half full, copied keys.
 * Knows not: what keys and values mean. */
#include "base/map.h"

#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"

struct pf_map_entry {
    const char *key; /* NULL: free */
    size_t size;
    uint64_t hash;
    int64_t value;
};

/* The entry of the key, or the free one where it belongs. room is not 0. */
static struct pf_map_entry *locate(const struct pf_map *map, const void *key, size_t size, uint64_t hash) {
    size_t mask = map->room - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct pf_map_entry *entry = &map->entries[i];
        if (!entry->key)
            return entry;
        if (entry->hash == hash && entry->size == size && (size == 0 || memcmp(entry->key, key, size) == 0))
            return entry;
    }
}

bool pf_map_find(const struct pf_map *map, const void *key, size_t size, int64_t *value) {
    if (map->room == 0)
        return false;
    const struct pf_map_entry *entry = locate(map, key, size, pf_hash(key, size));
    if (!entry->key)
        return false;
    if (value)
        *value = entry->value;
    return true;
}

static pf_status grow(struct pf_map *map, struct pf_error *err) {
    size_t room = map->room ? map->room * 2 : 16;
    struct pf_map_entry *entries = pf_mem_zero(room, sizeof *entries);
    if (!entries)
        return pf_fail_memory(err, room * sizeof *entries);
    for (size_t i = 0; i < map->room; i++) {
        if (!map->entries[i].key)
            continue;
        size_t at = map->entries[i].hash & (room - 1);
        while (entries[at].key)
            at = (at + 1) & (room - 1);
        entries[at] = map->entries[i];
    }
    pf_mem_free(map->entries);
    map->entries = entries;
    map->room = room;
    return PF_OK;
}

pf_status pf_map_add(struct pf_map *map, const void *key, size_t size, int64_t value, int64_t *found,
                     struct pf_error *err) {
    if (map->count >= map->room / 2)
        PF_TRY(grow(map, err));
    uint64_t hash = pf_hash(key, size);
    struct pf_map_entry *entry = locate(map, key, size, hash);
    if (!entry->key) {
        const char *copy = pf_arena_text(&map->keys, key, size);
        if (!copy)
            return pf_fail_memory(err, size);
        *entry = (struct pf_map_entry){copy, size, hash, value};
        map->count++;
    }
    if (found)
        *found = entry->value;
    return PF_OK;
}

void pf_map_clear(struct pf_map *map) {
    pf_mem_free(map->entries);
    pf_arena_clear(&map->keys);
    *map = (struct pf_map){0};
}
