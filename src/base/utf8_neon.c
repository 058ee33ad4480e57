/* utf8_neon.c — room base. Validates UTF-8 in blocks of 64 bytes with NEON. SPDX-License-Identifier: MIT
 * Knows: the tables of utf8_blocks.h, 16 bytes in a register.
 * Knows not: where in a block the fault is; utf8.c finds that. */
#include <arm_neon.h>

#include "base/utf8_blocks.h"

static inline uint8x16_t find_faults(uint8x16_t now, uint8x16_t last) {
    uint8x16_t before1 = vextq_u8(last, now, 15);
    uint8x16_t pair = vqtbl1q_u8(vld1q_u8(pf_utf8_tables.first_high), vshrq_n_u8(before1, 4));
    pair = vandq_u8(pair, vqtbl1q_u8(vld1q_u8(pf_utf8_tables.first_low), vandq_u8(before1, vdupq_n_u8(0x0F))));
    pair = vandq_u8(pair, vqtbl1q_u8(vld1q_u8(pf_utf8_tables.second_high), vshrq_n_u8(now, 4)));
    /* The third byte of three and the third and fourth of four must be continuations, and only they may be the
     * second of two: TWO_CONT must be there exactly where it is due. */
    uint8x16_t third = vqsubq_u8(vextq_u8(last, now, 14), vdupq_n_u8(0xE0 - 0x80));
    uint8x16_t fourth = vqsubq_u8(vextq_u8(last, now, 13), vdupq_n_u8(0xF0 - 0x80));
    return veorq_u8(vandq_u8(vorrq_u8(third, fourth), vdupq_n_u8(0x80)), pair);
}

size_t pf_utf8_valid_blocks(const uint8_t *text, size_t size) {
    uint8x16_t last = vdupq_n_u8(0);
    size_t i = 0;
    while (i + 64 <= size) {
        uint8x16_t a = vld1q_u8(text + i), b = vld1q_u8(text + i + 16);
        uint8x16_t c = vld1q_u8(text + i + 32), d = vld1q_u8(text + i + 48);
        if (vmaxvq_u8(vorrq_u8(vorrq_u8(a, b), vorrq_u8(c, d))) < 0x80) {
            if (i && hangs_over(text + i))
                break;
        } else {
            uint8x16_t front = vorrq_u8(find_faults(a, last), find_faults(b, a));
            if (vmaxvq_u8(vorrq_u8(front, vorrq_u8(find_faults(c, b), find_faults(d, c)))) != 0)
                break;
        }
        last = d;
        i += 64;
    }
    return i;
}
