/* parquet_hybrid.h — bit packing, the RLE/bit-packing hybrid, definition levels. SPDX-License-Identifier: MIT
 * Source: Encodings.md of the Parquet format, RLE = 3.
 *
 * All of these write up to 16 bytes behind what they return as used; the bounds include that. */
#ifndef PF_PARQUET_HYBRID_H
#define PF_PARQUET_HYBRID_H
#include <stddef.h>
#include <stdint.h>

size_t pf_parquet_varint(uint8_t *to, uint64_t value); /* 1–10 bytes */

/* values below 2^width, width 0–32. */
size_t pf_parquet_hybrid_bound(int64_t count, int width);
size_t pf_parquet_hybrid(const uint32_t *values, int64_t count, int width, uint8_t *to);

/* Levels of one bit: bits [at, at + rows) of a bitmap (NULL: all ones), 8 readable bytes behind its end. */
size_t pf_parquet_levels_bound(int64_t rows);
size_t pf_parquet_levels(const uint8_t *bits, int64_t at, int64_t rows, uint8_t *to);
#endif
