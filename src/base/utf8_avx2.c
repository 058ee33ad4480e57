/* utf8_avx2.c — room base. Validates UTF-8 in blocks of 64 bytes. SPDX-License-Identifier: MIT
 * Knows: the lookup method of Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte".
 * Knows not: where in a block the fault is; utf8.c finds that. */
#include "base/utf8_avx2.h"

#include <immintrin.h>
#include <stdbool.h>

/* Faults that two neighbouring bytes can show. A pair is faulty when one bit stands in all three tables: by the
 * high half of the first byte, its low half, and the high half of the second. */
enum {
    SHORT = 1 << 0,                 /* a lead byte that no continuation follows */
    LONG = 1 << 1,                  /* a continuation behind ASCII */
    OVER3 = 1 << 2,                 /* E0 80..9F */
    LARGE = 1 << 3,                 /* F4 90..BF, F5..FF 90..BF */
    SURROGATE = 1 << 4,             /* ED A0..BF */
    OVER2 = 1 << 5,                 /* C0, C1 */
    OVER4 = 1 << 6,                 /* F0 80..8F, and F5..FF 80..8F, which is too large */
    TWO_CONT = 1 << 7,              /* two continuations: right only as the tail of three or four bytes */
    CARRY = SHORT | LONG | TWO_CONT /* the low half of the first byte has no say in these */
};

static __m256i table_of(char c0, char c1, char c2, char c3, char c4, char c5, char c6, char c7, char c8,
                        char c9, char ca, char cb, char cc, char cd, char ce, char cf) {
    return _mm256_setr_epi8(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, ca, cb, cc, cd, ce, cf, c0, c1, c2, c3, c4,
                            c5, c6, c7, c8, c9, ca, cb, cc, cd, ce, cf);
}
#define S(x) ((char)(x))

/* The bytes n places before those of now. */
#define BEFORE(now, last, n) _mm256_alignr_epi8(now, _mm256_permute2x128_si256(last, now, 0x21), 16 - (n))

static inline __m256i find_faults(__m256i now, __m256i last) {
    const __m256i first_high =
        table_of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, S(TWO_CONT), S(TWO_CONT), S(TWO_CONT),
                 S(TWO_CONT), S(SHORT | OVER2), SHORT, S(SHORT | OVER3 | SURROGATE), S(SHORT | LARGE | OVER4));
    const __m256i first_low = table_of(
        S(CARRY | OVER2 | OVER3 | OVER4), S(CARRY | OVER2), S(CARRY), S(CARRY), S(CARRY | LARGE),
        S(CARRY | LARGE | OVER4), S(CARRY | LARGE | OVER4), S(CARRY | LARGE | OVER4), S(CARRY | LARGE | OVER4),
        S(CARRY | LARGE | OVER4), S(CARRY | LARGE | OVER4), S(CARRY | LARGE | OVER4), S(CARRY | LARGE | OVER4),
        S(CARRY | LARGE | OVER4 | SURROGATE), S(CARRY | LARGE | OVER4), S(CARRY | LARGE | OVER4));
    const __m256i second_high = table_of(
        SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, S(LONG | OVER2 | TWO_CONT | OVER3 | OVER4),
        S(LONG | OVER2 | TWO_CONT | OVER3 | LARGE), S(LONG | OVER2 | TWO_CONT | SURROGATE | LARGE),
        S(LONG | OVER2 | TWO_CONT | SURROGATE | LARGE), SHORT, SHORT, SHORT, SHORT);
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

/* Does a character begin in the last three bytes that needs more of them? */
static inline bool hangs_over(const uint8_t *end) {
    return end[-1] >= 0xC0 || end[-2] >= 0xE0 || end[-3] >= 0xF0;
}

size_t pf_utf8_valid_avx2(const uint8_t *text, size_t size) {
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
