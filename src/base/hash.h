/* hash.h — one 64-bit hash for tables and cache keys; the only xxHash include is in hash.c.
 * SPDX-License-Identifier: MIT */
#ifndef PF_HASH_H
#define PF_HASH_H
#include <stddef.h>
#include <stdint.h>
/* XXH3, 64 bits, seed 0. */
uint64_t pf_hash(const void *bytes, size_t size);
/* A good mix of one word, inline. */
static inline uint64_t pf_hash_word(uint64_t v) {
    v ^= v >> 32;
    v *= 0xD6E8FEB86659FD93u;
    v ^= v >> 29;
    v *= 0xD6E8FEB86659FD93u;
    return v ^ v >> 32;
}
#endif
