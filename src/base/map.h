/* map.h — an open-addressing map, bytes → integer.                              SPDX-License-Identifier: MIT */
#ifndef PF_MAP_H
#define PF_MAP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "pyforge/status.h"

struct pf_map_entry;
/* All zero is a good empty map. Keys are copied. */
struct pf_map {
    struct pf_map_entry *entries;
    size_t room; /* a power of two, or 0 */
    size_t count;
    struct pf_arena keys;
};
bool pf_map_find(const struct pf_map *map, const void *key, size_t size, int64_t *value);
/* Puts value if the key is new; *found gets the value now there (old or new). */
pf_status pf_map_add(struct pf_map *map, const void *key, size_t size, int64_t value, int64_t *found,
                     struct pf_error *err);
void pf_map_clear(struct pf_map *map);
#endif
