/* digits.h — eight decimal digits at a time, in one word.                       SPDX-License-Identifier: MIT
 *
 * A word of text is loaded with its first character in the lowest byte and XORed with "00000000": digits are
 * then 0–9 and every other byte is more. Shifting such a word up by whole bytes puts zeros before its digits.
 */
#ifndef PF_DIGITS_H
#define PF_DIGITS_H
#include "base/bits.h"

#define PF_ZEROS 0x3030303030303030u

/* Eight bytes from text, less '0'. */
static inline uint64_t pf_digits_load(const char *text) { return pf_load64(text) ^ PF_ZEROS; }
/* The top bit of every byte that is no digit. Bytes above the lowest such one may be flagged wrongly, never
 * missed. */
static inline uint64_t pf_digits_wrong(uint64_t word) {
    return (word | (word + 0x7676767676767676u)) & 0x8080808080808080u;
}
/* The first n bytes (1–8) of the word, as if zeros stood before them. */
static inline uint64_t pf_digits_first(uint64_t word, unsigned n) { return word << (64 - 8 * n); }
/* The number that eight digits make. */
static inline uint64_t pf_digits_value(uint64_t word) {
    word = word * 10 + (word >> 8); /* pairs in bytes 0, 2, 4, 6 */
    return ((word & 0x000000FF000000FFu) * (100 + (1000000ull << 32)) +
            ((word >> 16) & 0x000000FF000000FFu) * (1 + (10000ull << 32))) >>
           32;
}
#endif
