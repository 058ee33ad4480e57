/* columns_scan_avx2.c — room columns. The fast loops with AVX2.                 SPDX-License-Identifier: MIT
 * Knows: sixteen digits in one register.
 * Knows not: what to do with a cell that is not of the common kind; when it may be called. */
#include <immintrin.h>

#include "columns/columns_scan_words.h"

/* At slide + n: controls for a shuffle that moves the first n bytes to the end and puts zeros before them. */
static const int8_t slide[48] __attribute__((aligned(16))) = {
    -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128,
    0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,   13,   14,   15,
};

/* The number that sixteen digits (0–9, first digit first) make. */
SCAN_INLINE uint64_t value_of_16(__m128i digits) {
    __m128i pairs = _mm_maddubs_epi16(digits, _mm_set1_epi16(10 | 1 << 8));
    __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(100 | 1 << 16));
    fours = _mm_packus_epi32(fours, fours);
    uint64_t eights = (uint64_t)_mm_cvtsi128_si64(_mm_madd_epi16(fours, _mm_set1_epi32(10000 | 1 << 16)));
    return (eights & 0xFFFFFFFF) * 100000000 + (eights >> 32);
}

SCAN_INLINE bool all_digits(__m128i digits) {
    __m128i nine = _mm_set1_epi8(9);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(digits, nine), nine)) == 0xFFFF;
}

SCAN_INLINE bool read_int(const char *p, size_t n, int64_t *value) {
    size_t minus = *p == '-';
    p += minus;
    n -= minus;
    if (__builtin_expect(n - 1 > 15, 0))
        return n > 0 && read_int_words(p - minus, n + minus, value);
    if (*p == '0' && n + minus > 1)
        return false;
    __m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), _mm_set1_epi8('0'));
    digits = _mm_shuffle_epi8(digits, _mm_loadu_si128((const __m128i *)(const void *)(slide + n)));
    int64_t v = (int64_t)value_of_16(digits), sign = -(int64_t)minus;
    *value = (v ^ sign) - sign;
    return all_digits(digits);
}

/* Bits of the bytes among the first n ≤ 32 that are no digits. */
SCAN_INLINE uint32_t mark_others(const char *p, size_t n) {
    __m256i v = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)(const void *)p), _mm256_set1_epi8('0'));
    __m256i nine = _mm256_set1_epi8(9);
    uint32_t digits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(v, nine), nine));
    return _bzhi_u32(~digits, (uint32_t)n);
}

SCAN_INLINE int look_number(const char *p, size_t n, char point, int32_t *whole, int32_t *fraction) {
    size_t minus = *p == '-';
    p += minus;
    n -= minus;
    if (n - 1 > 31)
        return SCAN_NONE;
    uint32_t others = mark_others(p, n);
    if (others == 0) {
        *whole = (int32_t)n;
        *fraction = 0;
        return n > 15 || (*p == '0' && n + minus > 1) ? SCAN_NONE : PF_CLASS_INT53;
    }
    uint32_t k = _tzcnt_u32(others);
    *whole = (int32_t)k;
    *fraction = (int32_t)(n - k - 1);
    bool bad = (others & (others - 1)) != 0 || p[k] != point || k == 0 || k + 1 == n || (*p == '0' && k > 1);
    return bad ? SCAN_NONE : PF_CLASS_DOUBLE;
}

SCAN_INLINE int read_number(const char *p, size_t n, char point, double *value) {
    size_t minus = *p == '-';
    double v;
    if (__builtin_expect(n - minus - 1 > 15, 0))
        return n == minus ? SCAN_NONE : read_double_words(p, n, point, value);
    p += minus;
    n -= minus;
    __m128i text = _mm_loadu_si128((const __m128i *)(const void *)p), nine = _mm_set1_epi8(9);
    __m128i digits = _mm_sub_epi8(text, _mm_set1_epi8('0'));
    uint32_t others = ~(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(digits, nine), nine));
    others = _bzhi_u32(others, (uint32_t)n);
    if (others == 0) {
        if (n > 15 || (*p == '0' && n + minus > 1))
            return SCAN_NONE;
        digits = _mm_shuffle_epi8(digits, _mm_loadu_si128((const __m128i *)(const void *)(slide + n)));
        v = (double)(int64_t)value_of_16(digits);
        *value = minus ? -v : v;
        return PF_CLASS_INT53;
    }
    uint32_t k = _tzcnt_u32(others);
    if ((others & (others - 1)) != 0 || p[k] != point || k == 0 || k + 1 == n || (*p == '0' && k > 1))
        return SCAN_NONE;
    /* n − 1 digits to the end of the register; from the point on they come from one byte further. */
    __m128i control = _mm_loadu_si128((const __m128i *)(const void *)(slide + n - 1));
    control = _mm_sub_epi8(control, _mm_cmpgt_epi8(control, _mm_set1_epi8((char)(k - 1))));
    digits = _mm_shuffle_epi8(digits, control);
    v = (double)(int64_t)value_of_16(digits) / pf_tens[n - 1 - k]; /* 15 digits: exact before, rounded once */
    *value = minus ? -v : v;
    return PF_CLASS_DOUBLE;
}

SCAN_INLINE void copy_plain(char *to, const char *from, size_t n) {
    _mm256_storeu_si256((__m256i *)(void *)to, _mm256_loadu_si256((const __m256i *)(const void *)from));
    if (__builtin_expect(n <= 32, 1))
        return;
    if (n > 256) {
        memcpy(to, from, n);
        return;
    }
    for (size_t i = 32; i < n; i += 32)
        _mm256_storeu_si256((__m256i *)(void *)(to + i),
                            _mm256_loadu_si256((const __m256i *)(const void *)(from + i)));
}

static size_t copy_quoted(char *to, const char *from, size_t n, char quote) {
    char *begin = to;
    const __m256i quotes = _mm256_set1_epi8(quote);
    for (;;) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)from);
        _mm256_storeu_si256((__m256i *)(void *)to, v);
        uint32_t found = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, quotes));
        if (n < 32)
            found = _bzhi_u32(found, (uint32_t)n);
        if (found == 0) {
            if (n <= 32)
                return (size_t)(to - begin) + n;
            from += 32, to += 32, n -= 32;
            continue;
        }
        size_t some = _tzcnt_u32(found) + 1;
        from += some, to += some, n -= some;
        if (n && *from == quote)
            from++, n--;
    }
}

#define READ_INT    read_int
#define READ_DOUBLE read_number
#define LOOK_NUMBER look_number
#define COPY_PLAIN  copy_plain
#define COPY_QUOTED copy_quoted
#define LOOPS       pf_scan_avx2
#include "columns/columns_scan_loops.h"
