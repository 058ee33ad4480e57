/* hash.c — room base. One 64-bit hash; the only xxHash include.            SPDX-License-Identifier: MIT
 * Knows: XXH3.
 * Knows not: what is hashed. */
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t pf_hash(const void *bytes, size_t size) { return XXH3_64bits(bytes, size); }
