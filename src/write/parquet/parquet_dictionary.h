/* parquet_dictionary.h — the distinct values of a chunk and each value's index, in one pass, given up early.
 * SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_DICTIONARY_H
#define PF_PARQUET_DICTIONARY_H
#include "write/parquet/parquet_values.h"

/* All zero is good and empty; memory is reused from chunk to chunk. */
struct pf_parquet_dictionary {
    int64_t count;                         /* entries; 0: given up */
    int64_t bytes;                         /* of the entries in PLAIN */
    const uint8_t *words;                  /* entries of 4 or 8 bytes */
    const struct pf_parquet_slice *slices; /* entries of text */
    const uint32_t *indices;               /* one for each value */
    struct pf_buf entries_buf, indices_buf, table_buf, spare_buf;
};
/* Of count words; span > 0: all of them lie in [base, base + span) as unsigned numbers of that width, and
 * small spans need no hashing. */
pf_status pf_parquet_dictionary_words(struct pf_parquet_dictionary *dictionary, const uint8_t *words, int width,
                                      int64_t count, uint64_t base, uint64_t span, struct pf_error *err);
/* lengths: entries are written with their length. The slices' bytes stay lent. */
pf_status pf_parquet_dictionary_slices(struct pf_parquet_dictionary *dictionary,
                                       const struct pf_parquet_slice *slices, int64_t count, bool lengths,
                                       struct pf_error *err);
int pf_parquet_dictionary_width(const struct pf_parquet_dictionary *dictionary); /* bits of an index, ≥ 1 */
void pf_parquet_dictionary_clear(struct pf_parquet_dictionary *dictionary);
#endif
