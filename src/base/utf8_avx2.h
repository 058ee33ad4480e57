/* utf8_avx2.h — the vector half of utf8.c.                                      SPDX-License-Identifier: MIT */
#ifndef PF_UTF8_AVX2_H
#define PF_UTF8_AVX2_H
#include <stddef.h>
#include <stdint.h>

/* How many leading bytes were found good in whole blocks of 64; the last character may hang over the end, and
 * the block behind may be good or not. Needs AVX2. */
size_t pf_utf8_valid_avx2(const uint8_t *text, size_t size);
#endif
