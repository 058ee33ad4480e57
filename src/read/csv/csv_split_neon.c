/* csv_split_neon.c — room read/csv. The vector scan for NEON, which every aarch64 has.   SPDX-License-Identifier: MIT
 * Knows: masks of 64 bytes, parity of bits.
 * Knows not: what they are for; csv_scan_loops.h does. */
#include <arm_acle.h>
#include <arm_neon.h>

#include "read/csv/csv_scan.h"

#define ALWAYS static inline __attribute__((always_inline))

struct bytes64 {
    uint8x16_t at0, at16, at32, at48;
};

ALWAYS struct bytes64 load64(const char *at) {
    const uint8_t *bytes = (const uint8_t *)at;
    return (struct bytes64){vld1q_u8(bytes), vld1q_u8(bytes + 16), vld1q_u8(bytes + 32), vld1q_u8(bytes + 48)};
}

/* All ones or zeros in each byte → a bit for each: its place's bit in each byte, then three sums of neighbours. */
ALWAYS uint64_t mask_of(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
    const uint8x16_t place = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t low = vpaddq_u8(vandq_u8(a, place), vandq_u8(b, place));
    uint8x16_t high = vpaddq_u8(vandq_u8(c, place), vandq_u8(d, place));
    uint8x16_t all = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}

ALWAYS uint64_t equal(struct bytes64 v, char c) {
    uint8x16_t needle = vdupq_n_u8((uint8_t)c);
    return mask_of(vceqq_u8(v.at0, needle), vceqq_u8(v.at16, needle), vceqq_u8(v.at32, needle),
                   vceqq_u8(v.at48, needle));
}

/* Bit i: the parity of the bits 0 … i. By shifts: not every processor multiplies without carries. */
ALWAYS uint64_t parity_up_to(uint64_t bits) {
    for (unsigned step = 1; step < 64; step *= 2)
        bits ^= bits << step;
    return bits;
}

ALWAYS size_t count_ones(uint64_t bits) { return (size_t)vaddv_u8(vcnt_u8(vcreate_u8(bits))); }

ALWAYS uint32_t first_one(uint64_t bits) { return (uint32_t)__clzll(__rbitll(bits)); }

struct seen {
    uint8x16_t high, least;
};

ALWAYS struct seen see_nothing(void) { return (struct seen){vdupq_n_u8(0), vdupq_n_u8(0xFF)}; }

ALWAYS struct seen see(struct seen seen, struct bytes64 v) {
    uint8x16_t high = vorrq_u8(vorrq_u8(v.at0, v.at16), vorrq_u8(v.at32, v.at48));
    uint8x16_t least = vminq_u8(vminq_u8(v.at0, v.at16), vminq_u8(v.at32, v.at48));
    return (struct seen){vorrq_u8(seen.high, high), vminq_u8(seen.least, least)};
}

ALWAYS bool seen_high(struct seen seen) { return vmaxvq_u8(seen.high) >= 0x80; }

ALWAYS bool seen_nul(struct seen seen) { return vminvq_u8(seen.least) == 0; }

#include "read/csv/csv_scan_loops.h"
