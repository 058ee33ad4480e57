/* days.h — civil dates ↔ days, and dates and times in words of eight digits.     SPDX-License-Identifier: MIT
 *
 * What calendar.c and the loops over cells share; calendar.h is the interface. Years 1–9999. */
#ifndef PF_DAYS_H
#define PF_DAYS_H
#include "base/digits.h"

/* Year − 1900, month → days from 1900-01-01 to its first × 32 + its length; made by tools/make_months.py. */
extern const uint32_t pf_months[256][16];
/* Any other year of 1–9999. */
bool pf_days_of_other(uint32_t year, uint32_t month, uint32_t day, int32_t *days);

/* From a year of 0–9999 and any month and day: false when there is no such date. */
static inline bool pf_days_of(uint32_t year, uint32_t month, uint32_t day, int32_t *days) {
    uint32_t y = year - 1900;
    if (__builtin_expect((y >> 8 | month >> 4) != 0, 0))
        return pf_days_of_other(year, month, day, days);
    uint32_t entry = pf_months[y][month];
    *days = (int32_t)(entry >> 5) + (int32_t)day - 25568;
    return day - 1 < (entry & 31);
}

/* Eight bytes that must be digits where the pattern has '0' and the pattern's own bytes elsewhere: digits as
 * 0–9 and zeros; *wrong gets bits when they are not. The pattern is a constant made by PF_PATTERN. */
#define PF_PATTERN_BYTE_(c, i) ((uint64_t)(uint8_t)(c) << (8 * (i)))
#define PF_PATTERN(a, b, c, d, e, f, g, h)                                                                     \
    (PF_PATTERN_BYTE_(a, 0) | PF_PATTERN_BYTE_(b, 1) | PF_PATTERN_BYTE_(c, 2) | PF_PATTERN_BYTE_(d, 3) |       \
     PF_PATTERN_BYTE_(e, 4) | PF_PATTERN_BYTE_(f, 5) | PF_PATTERN_BYTE_(g, 6) | PF_PATTERN_BYTE_(h, 7))
/* Digits may be up to 9; what is XORed to 0 may not be more: 0x76 or 0x7F lift what is too large to the top. */
#define PF_PATTERN_LIFT_(c, i) ((uint64_t)((c) == '0' ? 0x76 : 0x7F) << (8 * (i)))
#define PF_PATTERN_LIFT(a, b, c, d, e, f, g, h)                                                                \
    (PF_PATTERN_LIFT_(a, 0) | PF_PATTERN_LIFT_(b, 1) | PF_PATTERN_LIFT_(c, 2) | PF_PATTERN_LIFT_(d, 3) |       \
     PF_PATTERN_LIFT_(e, 4) | PF_PATTERN_LIFT_(f, 5) | PF_PATTERN_LIFT_(g, 6) | PF_PATTERN_LIFT_(h, 7))
static inline uint64_t pf_pattern_take(uint64_t word, uint64_t pattern, uint64_t lift, uint64_t *wrong) {
    word ^= pattern;
    *wrong |= (word | (word + lift)) & 0x8080808080808080u;
    return word;
}
/* Each even pair of digits (bytes i, i + 1) as one number in byte i. */
static inline uint64_t pf_digits_pairs(uint64_t word) { return word * 10 + (word >> 8); }

/* The ten bytes of YYYY-MM-DD or YYYY/MM/DD; false: not that, or no such date. */
static inline bool pf_iso_date(const char *text, int32_t *days) {
    uint64_t word = pf_load64(text), wrong = 0;
    uint64_t pattern = text[4] == '/' ? PF_PATTERN('0', '0', '0', '0', '/', '0', '0', '/')
                                      : PF_PATTERN('0', '0', '0', '0', '-', '0', '0', '-');
    word = pf_pattern_take(word, pattern, PF_PATTERN_LIFT('0', '0', '0', '0', '-', '0', '0', '-'), &wrong);
    uint32_t tail = pf_load16(text + 8) ^ 0x3030u;
    wrong |= (tail | (tail + 0x7676)) & 0x8080;
    if (wrong)
        return false;
    word = pf_digits_pairs(word);
    uint32_t year = (uint32_t)(word & 0xFF) * 100 + (uint32_t)(word >> 16 & 0xFF);
    return pf_days_of(year, (uint32_t)(word >> 40 & 0xFF), (tail & 0xFF) * 10 + (tail >> 8), days);
}

/* The eight bytes of HH:MM:SS as seconds; false: not that. */
static inline bool pf_clock_time(const char *text, uint32_t *seconds) {
    uint64_t wrong = 0;
    uint64_t word = pf_pattern_take(pf_load64(text), PF_PATTERN('0', '0', ':', '0', '0', ':', '0', '0'),
                                    PF_PATTERN_LIFT('0', '0', ':', '0', '0', ':', '0', '0'), &wrong);
    word = pf_digits_pairs(word);
    uint32_t hour = word & 0xFF, minute = word >> 24 & 0xFF, second = word >> 48 & 0xFF;
    *seconds = hour * 3600 + minute * 60 + second;
    return !wrong && hour < 24 && minute < 60 && second < 60;
}
#endif
