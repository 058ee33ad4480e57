/* parquet_encode.h — one range of values in one encoding, and which encoding a chunk gets.
 * SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_ENCODE_H
#define PF_PARQUET_ENCODE_H
#include "write/parquet/parquet_chunk.h"

/* Appends values [from, from + count) of scratch->values in that encoding. RLE_DICT: the index width's byte and
 * the indices of scratch->dictionary. */
pf_status pf_parquet_encode(struct pf_parquet_scratch *scratch, const struct pf_parquet_column *column,
                            int encoding, int64_t from, int64_t count, struct pf_buf *to, struct pf_error *err);
/* The dictionary's entries in PLAIN; lent until the next call. */
pf_status pf_parquet_encode_entries(struct pf_parquet_scratch *scratch, const struct pf_parquet_column *column,
                                    const uint8_t **at, size_t *size, struct pf_error *err);
/* Decides; scratch->dictionary is made on the way and kept when the answer is RLE_DICT. range: of all values. */
pf_status pf_parquet_encode_choose(struct pf_parquet_scratch *scratch, const struct pf_parquet_work *work,
                                   const struct pf_parquet_range *range, int *encoding, struct pf_error *err);
#endif
