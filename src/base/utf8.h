/* utf8.h — validate, decode, encode, repair. Source: RFC 3629.                  SPDX-License-Identifier: MIT */
#ifndef PF_UTF8_H
#define PF_UTF8_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number of leading bytes that are valid UTF-8 (size when all are). Vector code where the machine has it.
 */
size_t pf_utf8_valid(const void *text, size_t size);
/* Decodes one code point: returns its bytes (1–4), or 0 when invalid or cut short. */
size_t pf_utf8_decode(const void *text, size_t size, uint32_t *point);
/* Writes 1–4 bytes; returns how many; 0 for a surrogate or beyond U+10FFFF. */
size_t pf_utf8_encode(uint32_t point, char to[4]);
/* Copies with each invalid byte replaced by U+FFFD; to needs 3 × size bytes; returns bytes written and adds the
 * number of replacements to *bad. */
size_t pf_utf8_repair(const void *from, size_t size, char *to, int64_t *bad);
/* How many bytes at the end (0–3) belong to a sequence that is cut short. */
size_t pf_utf8_cut(const void *text, size_t size);
#endif
