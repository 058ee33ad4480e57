/* utf8_blocks.h — the vector half of utf8.c: what utf8_avx2.c and utf8_neon.c share.      SPDX-License-Identifier: MIT
 * The lookup method of Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte". */
#ifndef PF_UTF8_BLOCKS_H
#define PF_UTF8_BLOCKS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many leading bytes were found good in whole blocks of 64; the last character may hang over the end, and
 * the block behind may be good or not. Only where pf_cpu_vector() says so. */
size_t pf_utf8_valid_blocks(const uint8_t *text, size_t size);

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

struct pf_utf8_tables {
    uint8_t first_high[16], first_low[16], second_high[16];
};
static const struct pf_utf8_tables pf_utf8_tables = {
    {LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, TWO_CONT, TWO_CONT, TWO_CONT, TWO_CONT, SHORT | OVER2,
     SHORT, SHORT | OVER3 | SURROGATE, SHORT | LARGE | OVER4},
    {CARRY | OVER2 | OVER3 | OVER4, CARRY | OVER2, CARRY, CARRY, CARRY | LARGE, CARRY | LARGE | OVER4,
     CARRY | LARGE | OVER4, CARRY | LARGE | OVER4, CARRY | LARGE | OVER4, CARRY | LARGE | OVER4,
     CARRY | LARGE | OVER4, CARRY | LARGE | OVER4, CARRY | LARGE | OVER4, CARRY | LARGE | OVER4 | SURROGATE,
     CARRY | LARGE | OVER4, CARRY | LARGE | OVER4},
    {SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, LONG | OVER2 | TWO_CONT | OVER3 | OVER4,
     LONG | OVER2 | TWO_CONT | OVER3 | LARGE, LONG | OVER2 | TWO_CONT | SURROGATE | LARGE,
     LONG | OVER2 | TWO_CONT | SURROGATE | LARGE, SHORT, SHORT, SHORT, SHORT},
};

/* Does a character begin in the last three bytes that needs more of them? */
static inline bool hangs_over(const uint8_t *end) {
    return end[-1] >= 0xC0 || end[-2] >= 0xE0 || end[-3] >= 0xF0;
}
#endif
