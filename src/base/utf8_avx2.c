/* utf8_avx2.c — room base. Validates UTF-8 in blocks of 64 bytes with AVX2. SPDX-License-Identifier: MIT
 * Knows: the tables of utf8_blocks.h, 32 bytes in a register.
 * Knows not: where in a block the fault is; utf8.c finds that. */
#include <immintrin.h>

#include "base/utf8_blocks.h"

static inline __m256i table_of(const uint8_t table[16]) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
}
#define S(x) ((char)(x))

/* The bytes n places before those of now. */
#define BEFORE(now, last, n) _mm256_alignr_epi8(now, _mm256_permute2x128_si256(last, now, 0x21), 16 - (n))

static inline __m256i find_faults(__m256i now, __m256i last) {
    const __m256i first_high = table_of(pf_utf8_tables.first_high);
    const __m256i first_low = table_of(pf_utf8_tables.first_low);
    const __m256i second_high = table_of(pf_utf8_tables.second_high);
    const __m256i low = _mm256_set1_epi8(0x0F);
    __m256i before1 = BEFORE(now, last, 1);
    __m256i high1 = _mm256_and_si256(_mm256_srli_epi16(before1, 4), low);
    __m256i high0 = _mm256_and_si256(_mm256_srli_epi16(now, 4), low);
    __m256i pair =
        _mm256_and_si256(_mm256_and_si256(_mm256_shuffle_epi8(first_high, high1),
                                          _mm256_shuffle_epi8(first_low, _mm256_and_si256(before1, low))),
                         _mm256_shuffle_epi8(second_high, high0));
    /* The third byte of three and the third and fourth of four must be continuations, and only they may be the
     * second of two: TWO_CONT must be there exactly where it is due. */
    __m256i third = _mm256_subs_epu8(BEFORE(now, last, 2), _mm256_set1_epi8(S(0xE0 - 0x80)));
    __m256i fourth = _mm256_subs_epu8(BEFORE(now, last, 3), _mm256_set1_epi8(S(0xF0 - 0x80)));
    __m256i due = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(S(0x80)));
    return _mm256_xor_si256(due, pair);
}

size_t pf_utf8_valid_blocks(const uint8_t *text, size_t size) {
    __m256i last = _mm256_setzero_si256();
    size_t i = 0;
    while (i + 64 <= size) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(text + i));
        __m256i b = _mm256_loadu_si256((const __m256i *)(text + i + 32));
        if (_mm256_testz_si256(_mm256_or_si256(a, b), _mm256_set1_epi8(S(0x80)))) {
            if (i && hangs_over(text + i))
                break;
        } else {
            __m256i fault = _mm256_or_si256(find_faults(a, last), find_faults(b, a));
            if (!_mm256_testz_si256(fault, fault))
                break;
        }
        last = b;
        i += 64;
    }
    return i;
}
