/* parquet_chunk.h — one column of one row group: values in, a finished chunk out.
 * SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_CHUNK_H
#define PF_PARQUET_CHUNK_H
#include "write/parquet/parquet_dictionary.h"
#include "write/parquet/parquet_nest.h"
#include "write/parquet/parquet_page.h"
#include "write/parquet/parquet_stats.h"

/* What one encoding thread needs; all zero is good and empty, reused from chunk to chunk. */
struct pf_parquet_scratch {
    struct pf_parquet_scratch *next; /* the owner's */
    struct pf_parquet_nest nest;     /* of a leaf that is not a field itself */
    struct pf_parquet_values values;
    struct pf_parquet_dictionary dictionary;
    struct pf_parquet_pages pages;
    struct pf_buf body, levels, entries, suffixes, trial, packed, ranges, used;
};
void pf_parquet_scratch_clear(struct pf_parquet_scratch *scratch);

/* settings must be the same for the life of the scratch. first_row: of the row group in the table. cancelled may
 * be NULL; asked between pages and by slow codecs, true ends with CANCELLED. */
struct pf_parquet_work {
    const struct pf_parquet_settings *settings;
    const struct pf_parquet_column *column;
    const struct pf_parquet_part *parts;
    int64_t part_count;
    int64_t first_row;
    bool (*cancelled)(void *ctx);
    void *ctx;
};
pf_status pf_parquet_chunk_encode(const struct pf_parquet_work *work, struct pf_parquet_scratch *scratch,
                                  struct pf_parquet_chunk *chunk, struct pf_error *err);
#endif
