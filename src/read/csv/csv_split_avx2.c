/* csv_split_avx2.c — room read/csv. The vector scan for AVX2 and PCLMULQDQ.      SPDX-License-Identifier: MIT
 * Knows: masks of 64 bytes, parity of bits.
 * Knows not: what they are for; csv_scan_loops.h does. */
#include <immintrin.h>

#include "read/csv/csv_scan.h"

#define ALWAYS static inline __attribute__((always_inline))

struct bytes64 {
    __m256i low, high;
};

ALWAYS struct bytes64 load64(const char *at) {
    return (struct bytes64){_mm256_loadu_si256((const __m256i *)at),
                            _mm256_loadu_si256((const __m256i *)(at + 32))};
}

ALWAYS uint64_t mask_of(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

ALWAYS uint64_t equal(struct bytes64 v, char c) {
    __m256i needle = _mm256_set1_epi8(c);
    return mask_of(_mm256_cmpeq_epi8(v.low, needle), _mm256_cmpeq_epi8(v.high, needle));
}

/* Bit i: the parity of the bits 0 … i. */
ALWAYS uint64_t parity_up_to(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

ALWAYS size_t count_ones(uint64_t bits) { return (size_t)_mm_popcnt_u64(bits); }

ALWAYS uint32_t first_one(uint64_t bits) { return (uint32_t)_tzcnt_u64(bits); }

struct seen {
    __m256i high, least;
};

ALWAYS struct seen see_nothing(void) { return (struct seen){_mm256_setzero_si256(), _mm256_set1_epi8(-1)}; }

ALWAYS struct seen see(struct seen seen, struct bytes64 v) {
    return (struct seen){_mm256_or_si256(seen.high, _mm256_or_si256(v.low, v.high)),
                         _mm256_min_epu8(seen.least, _mm256_min_epu8(v.low, v.high))};
}

ALWAYS bool seen_high(struct seen seen) { return _mm256_movemask_epi8(seen.high) != 0; }

ALWAYS bool seen_nul(struct seen seen) {
    return _mm256_movemask_epi8(_mm256_cmpeq_epi8(seen.least, _mm256_setzero_si256())) != 0;
}

#include "read/csv/csv_scan_loops.h"
