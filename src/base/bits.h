/* bits.h — endian loads and stores, bitmaps, counting.                          SPDX-License-Identifier: MIT */
#ifndef PF_BITS_H
#define PF_BITS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t pf_load16(const void *p) {
    uint16_t v;
    memcpy(&v, p, 2);
    return v;
}
static inline uint32_t pf_load32(const void *p) {
    uint32_t v;
    memcpy(&v, p, 4);
    return v;
}
static inline uint64_t pf_load64(const void *p) {
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}
static inline void pf_store16(void *p, uint16_t v) { memcpy(p, &v, 2); }
static inline void pf_store32(void *p, uint32_t v) { memcpy(p, &v, 4); }
static inline void pf_store64(void *p, uint64_t v) { memcpy(p, &v, 8); }
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "pyforge is written for little-endian machines"
#endif
static inline uint16_t pf_load16_big(const void *p) { return __builtin_bswap16(pf_load16(p)); }
static inline uint32_t pf_load32_big(const void *p) { return __builtin_bswap32(pf_load32(p)); }
static inline uint64_t pf_load64_big(const void *p) { return __builtin_bswap64(pf_load64(p)); }

static inline bool pf_bit_get(const uint8_t *bits, int64_t i) { return bits[i >> 3] >> (i & 7) & 1; }
static inline void pf_bit_set(uint8_t *bits, int64_t i) { bits[i >> 3] |= (uint8_t)(1u << (i & 7)); }
static inline void pf_bit_clear(uint8_t *bits, int64_t i) { bits[i >> 3] &= (uint8_t) ~(1u << (i & 7)); }
static inline int pf_ctz64(uint64_t v) { return __builtin_ctzll(v); } /* v ≠ 0 */
static inline int pf_clz64(uint64_t v) { return __builtin_clzll(v); } /* v ≠ 0 */
static inline int pf_popcount64(uint64_t v) { return __builtin_popcountll(v); }
/* Bits needed to write v: 0 for 0. */
static inline int pf_bit_width64(uint64_t v) { return v ? 64 - pf_clz64(v) : 0; }
/* How many of count bits from offset on are set. */
static inline int64_t pf_bits_count(const uint8_t *bits, int64_t offset, int64_t count) {
    int64_t n = 0, i = offset, end = offset + count;
    for (; i < end && (i & 7); i++)
        n += pf_bit_get(bits, i);
    for (; i + 64 <= end; i += 64)
        n += pf_popcount64(pf_load64(bits + (i >> 3)));
    for (; i < end; i++)
        n += pf_bit_get(bits, i);
    return n;
}
#endif
