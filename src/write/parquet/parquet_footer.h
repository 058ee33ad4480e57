/* parquet_footer.h — what stands behind the row groups: page index, metadata, tail.
 * SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_FOOTER_H
#define PF_PARQUET_FOOTER_H
#include "write/parquet/parquet_page.h"

/* All zero is good and empty. */
struct pf_parquet_footer {
    struct pf_buf chunks;  /* ColumnChunk of every chunk, as far as its metadata; the rest comes at the end */
    struct pf_buf columns; /* ColumnIndex of every chunk */
    struct pf_buf offsets; /* OffsetIndex of every chunk */
    struct pf_buf sizes;   /* how much of the three is whose: struct chunk_sizes of the .c */
    struct pf_buf groups;  /* struct group_facts of the .c */
    struct pf_buf pairs;   /* KeyValue structs */
    int64_t pair_count;
    int64_t rows;
    int64_t open_chunks; /* of the open group: how many, where the first stands, their sizes */
    int64_t group_start, group_raw, group_stored;
};
/* value need not end in NUL. Copies. */
pf_status pf_parquet_footer_pair(struct pf_parquet_footer *footer, const char *key, size_t key_size,
                                 const char *value, size_t value_size, struct pf_error *err);
/* The next chunk of the open group stands at offset in the file. */
pf_status pf_parquet_footer_chunk(struct pf_parquet_footer *footer, const struct pf_parquet_column *column,
                                  const struct pf_parquet_chunk *chunk, int64_t offset, bool modern,
                                  struct pf_error *err);
pf_status pf_parquet_footer_group(struct pf_parquet_footer *footer, int64_t rows, struct pf_error *err);
/* Everything from offset to the end of the file, through put. */
pf_status pf_parquet_footer_put(struct pf_parquet_footer *footer, const struct pf_parquet_schema *schema,
                                bool modern, int64_t offset,
                                pf_status (*put)(void *ctx, const void *bytes, size_t size,
                                                 struct pf_error *err),
                                void *ctx, struct pf_error *err);
void pf_parquet_footer_clear(struct pf_parquet_footer *footer);
#endif
