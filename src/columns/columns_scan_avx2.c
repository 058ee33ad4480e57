/* columns_scan_avx2.c — room columns. The fast loops with AVX2.                 SPDX-License-Identifier: MIT
 * Knows: sixteen characters in one register.
 * Knows not: what to do with a cell that is not of the common kind; when it may be called. */
#include <immintrin.h>

#include "columns/columns_scan_words.h"

/* At slide + n: controls for a shuffle that moves the first n bytes to the end and puts zeros before them. */
static const int8_t slide[48] __attribute__((aligned(16))) = {
    -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128,
    0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,   13,   14,   15,
};

/* Constants that the compiler would else make anew for every cell. */
struct kit {
    __m128i zero, nine;                 /* '0', 9 */
    __m128i by_10, by_100, by_10000;    /* weights of neighbours */
    __m128i stamp_pattern, stamp_limit; /* what stands in "Y-MM-DD HH:MM:SS", and how far digits may go */
    __m128i stamp_pick, stamp_most;     /* the pairs of digits; 12, 31, 23, 59, 59 */
    __m128i stamp_weights;
    char point;
};

SCAN_INLINE __m128i hold(__m128i v) {
    __asm__("" : "+x"(v));
    return v;
}

SCAN_INLINE struct kit begin_kit(const struct pf_scan *scan) {
    return (struct kit){
        .zero = hold(_mm_set1_epi8('0')),
        .nine = hold(_mm_set1_epi8(9)),
        .by_10 = hold(_mm_set1_epi16(10 | 1 << 8)),
        .by_100 = hold(_mm_set1_epi32(100 | 1 << 16)),
        .by_10000 = hold(_mm_set1_epi32(10000 | 1 << 16)),
        .stamp_pattern =
            _mm_setr_epi8('0', '-', '0', '0', '-', '0', '0', ' ', '0', '0', ':', '0', '0', ':', '0', '0'),
        .stamp_limit = hold(_mm_setr_epi8(9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9)),
        .stamp_pick = hold(_mm_setr_epi8(2, 3, 5, 6, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1, -1, -1)),
        .stamp_most = hold(_mm_setr_epi16(12, 31, 23, 59, 59, 0, 0, 0)),
        .stamp_weights = hold(_mm_setr_epi16(64, 1, 3600, 60, 1, 0, 0, 0)),
        .point = scan->point,
    };
}

SCAN_INLINE __m128i load_16(const void *p) { return _mm_loadu_si128((const __m128i *)p); }

/* The number that sixteen digits (0–9, first digit first) make. */
SCAN_INLINE uint64_t value_of_16(const struct kit *kit, __m128i digits) {
    __m128i pairs = _mm_maddubs_epi16(digits, kit->by_10);
    __m128i fours = _mm_madd_epi16(pairs, kit->by_100);
    fours = _mm_packus_epi32(fours, fours);
    uint64_t eights = (uint64_t)_mm_cvtsi128_si64(_mm_madd_epi16(fours, kit->by_10000));
    return (eights & 0xFFFFFFFF) * 100000000 + (eights >> 32);
}

/* The first n ≤ 16 characters less '0', moved to the end of the register, zeros before them. */
SCAN_INLINE __m128i take_digits(const struct kit *kit, const char *p, size_t n) {
    return _mm_shuffle_epi8(_mm_sub_epi8(load_16(p), kit->zero), load_16(slide + n));
}

SCAN_INLINE bool kit_int(const struct kit *kit, const char *p, size_t n, int64_t *value) {
    size_t minus = *p == '-';
    p += minus;
    n -= minus;
    if (__builtin_expect(n - 1 > 15, 0))
        return n > 0 && read_int_words(p - minus, n + minus, value);
    if (__builtin_expect(*p == '0', 0) && n + minus > 1)
        return false;
    __m128i digits = take_digits(kit, p, n), over = _mm_subs_epu8(digits, kit->nine);
    int64_t v = (int64_t)value_of_16(kit, digits), sign = -(int64_t)minus;
    *value = (v ^ sign) - sign;
    return _mm_testz_si128(over, over);
}

/* Bits of the bytes among the first n ≤ 32 that are no digits. */
SCAN_INLINE uint32_t mark_others(const struct kit *kit, const char *p, size_t n) {
    __m256i zero = _mm256_broadcastsi128_si256(kit->zero), nine = _mm256_broadcastsi128_si256(kit->nine);
    __m256i v = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)(const void *)p), zero);
    uint32_t digits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(v, nine), nine));
    return _bzhi_u32(~digits, (uint32_t)n);
}

SCAN_INLINE int kit_look(const struct kit *kit, const char *p, size_t n, int32_t *whole, int32_t *fraction) {
    size_t minus = *p == '-';
    p += minus;
    n -= minus;
    if (n - 1 > 31)
        return SCAN_NONE;
    uint32_t others = mark_others(kit, p, n);
    if (others == 0) {
        *whole = (int32_t)n;
        *fraction = 0;
        return n > 15 || (*p == '0' && n + minus > 1) ? SCAN_NONE : PF_CLASS_INT53;
    }
    uint32_t k = _tzcnt_u32(others);
    *whole = (int32_t)k;
    *fraction = (int32_t)(n - k - 1);
    bool bad =
        (others & (others - 1)) != 0 || p[k] != kit->point || k == 0 || k + 1 == n || (*p == '0' && k > 1);
    return bad ? SCAN_NONE : PF_CLASS_DOUBLE;
}

/* 17–32 characters with one point among up to 19 digits. Apart, so that it takes no registers from the others. */
static __attribute__((noinline)) int read_long_fixed(char point, const char *p, size_t n, struct fixed *fixed) {
    const struct kit made = begin_kit(&(struct pf_scan){.point = point}), *kit = &made;
    uint32_t others = mark_others(kit, p, n), k = _tzcnt_u32(others);
    size_t fraction = n - k - 1;
    bool zero = *p == '0';
    if (others == 0 || (others & (others - 1)) != 0 || p[k] != point || k - 1 > 7 || fraction - 1 > 18 ||
        (zero ? k > 1 : k + fraction > 19))
        return SCAN_NONE;
    uint64_t head = pf_digits_value(pf_digits_first(pf_digits_load(p), k));
    fixed->whole = (int32_t)k;
    fixed->fraction = (int32_t)fraction;
    if (fraction <= 16) {
        fixed->mantissa = head * fixed_tens[fraction] + value_of_16(kit, take_digits(kit, p + k + 1, fraction));
        return PF_CLASS_DOUBLE;
    }
    for (size_t i = 0; i < fraction - 16; i++)
        head = head * 10 + (uint64_t)(p[k + 1 + i] - '0');
    fixed->mantissa =
        head * 10000000000000000u + value_of_16(kit, _mm_sub_epi8(load_16(p + n - 16), kit->zero));
    return PF_CLASS_DOUBLE;
}

SCAN_INLINE int kit_fixed(const struct kit *kit, const char *p, size_t n, struct fixed *fixed) {
    size_t minus = *p == '-';
    p += minus;
    n -= minus;
    fixed->minus = minus;
    if (__builtin_expect(n - 1 > 15, 0)) {
        struct fixed made = {.minus = minus};
        int class = n - 17 > 15 ? SCAN_NONE : read_long_fixed(kit->point, p, n, &made);
        *fixed = made;
        return class;
    }
    __m128i digits = _mm_sub_epi8(load_16(p), kit->zero);
    __m128i good = _mm_cmpeq_epi8(_mm_max_epu8(digits, kit->nine), kit->nine);
    uint32_t others = _bzhi_u32(~(uint32_t)_mm_movemask_epi8(good), (uint32_t)n);
    if (others == 0) {
        if (n > 15 || (*p == '0' && n + minus > 1))
            return SCAN_NONE;
        fixed->mantissa = value_of_16(kit, _mm_shuffle_epi8(digits, load_16(slide + n)));
        fixed->whole = (int32_t)n;
        fixed->fraction = 0;
        return PF_CLASS_INT53;
    }
    uint32_t k = _tzcnt_u32(others);
    if ((others & (others - 1)) != 0 || p[k] != kit->point || k == 0 || k + 1 == n || (*p == '0' && k > 1))
        return SCAN_NONE;
    /* n − 1 digits to the end of the register; from the point on they come from one byte further. */
    __m128i control = load_16(slide + n - 1);
    control = _mm_sub_epi8(control, _mm_cmpgt_epi8(control, _mm_set1_epi8((char)(k - 1))));
    fixed->mantissa = value_of_16(kit, _mm_shuffle_epi8(digits, control));
    fixed->whole = (int32_t)k;
    fixed->fraction = (int32_t)(n - 1 - k);
    return PF_CLASS_DOUBLE;
}

SCAN_INLINE bool kit_date(const struct kit *kit, const char *p, int32_t *days) { return pf_iso_date(p, days); }

/* The way of words; then learn the separators for the next cell. */
static __attribute__((noinline)) bool read_odd_stamp(struct kit *kit, const char *p, size_t n,
                                                     struct stamp *stamp) {
    struct last_date last = {0};
    if (!read_stamp(p, n, &last, stamp))
        return false;
    kit->stamp_pattern =
        _mm_setr_epi8('0', p[4], '0', '0', p[7], '0', '0', p[10], '0', '0', ':', '0', '0', ':', '0', '0');
    return true;
}

SCAN_INLINE bool kit_stamp(struct kit *kit, const char *p, size_t n, struct stamp *stamp) {
    if (__builtin_expect(n < 19 || n > 35, 0))
        return read_odd_stamp(kit, p, n, stamp);
    __m128i digits = _mm_sub_epi8(load_16(p + 3), kit->stamp_pattern);
    __m128i pairs = _mm_maddubs_epi16(_mm_shuffle_epi8(digits, kit->stamp_pick), kit->by_10);
    __m128i wrong =
        _mm_or_si128(_mm_subs_epu8(digits, kit->stamp_limit), _mm_cmpgt_epi16(pairs, kit->stamp_most));
    uint32_t head = pf_load32(p) ^ (uint32_t)PF_ZEROS;
    if (__builtin_expect(!_mm_testz_si128(wrong, wrong) || ((head | (head + 0x76767676u)) & 0x80808080u), 0))
        return read_odd_stamp(kit, p, n, stamp);
    __m128i sums =
        _mm_madd_epi16(pairs, kit->stamp_weights); /* month × 64 + day, seconds of the minutes, seconds */
    uint64_t low = (uint64_t)_mm_cvtsi128_si64(sums);
    uint32_t clock = (uint32_t)(low >> 32) + (uint32_t)_mm_extract_epi32(sums, 2);
    uint32_t month_day = (uint32_t)low;
    head = head * 10 + (head >> 8);
    int32_t days;
    if (!pf_days_of((head & 0xFF) * 100 + (head >> 16 & 0xFF), month_day >> 6, month_day & 63, &days))
        return false;
    stamp->seconds = (int64_t)days * 86400 + clock;
    stamp->fraction = 0;
    stamp->digits = 0;
    stamp->zoned = false;
    return n <= 19 || read_stamp_rest(p, n, stamp);
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

#define LOOPS pf_scan_avx2
#include "columns/columns_scan_loops.h"
