/* parquet_delta.h — DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY, BYTE_STREAM_SPLIT.
 * SPDX-License-Identifier: MIT
 * Source: Encodings.md of the Parquet format. Each appends to a buffer. */
#ifndef PF_PARQUET_DELTA_H
#define PF_PARQUET_DELTA_H
#include "write/parquet/parquet_values.h"

/* width 4 or 8; words need not be aligned. */
pf_status pf_parquet_delta_words(const uint8_t *words, int width, int64_t count, struct pf_buf *to,
                                 struct pf_error *err);
pf_status pf_parquet_delta_lengths(const struct pf_parquet_slice *slices, int64_t count, struct pf_buf *to,
                                   struct pf_error *err);
/* scratch keeps the slices' suffixes for the call. */
pf_status pf_parquet_delta_bytes(const struct pf_parquet_slice *slices, int64_t count, struct pf_buf *scratch,
                                 struct pf_buf *to, struct pf_error *err);
pf_status pf_parquet_split_words(const uint8_t *words, int width, int64_t count, struct pf_buf *to,
                                 struct pf_error *err);
/* PLAIN: with their lengths in front (BYTE_ARRAY) or bare (FIXED_LEN_BYTE_ARRAY). */
pf_status pf_parquet_plain_slices(const struct pf_parquet_slice *slices, int64_t count, bool lengths,
                                  struct pf_buf *to, struct pf_error *err);
#endif
