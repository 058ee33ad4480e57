/* parquet_page.h — pages of one column chunk: header, levels, values, codec.    SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_PAGE_H
#define PF_PARQUET_PAGE_H
#include "write/parquet/parquet_schema.h"

/* Encodings, with parquet.thrift's numbers. */
#define PF_PARQUET_PLAIN         0
#define PF_PARQUET_RLE           3
#define PF_PARQUET_DELTA_WORDS   5
#define PF_PARQUET_DELTA_LENGTHS 6
#define PF_PARQUET_DELTA_BYTES   7
#define PF_PARQUET_RLE_DICT      8
#define PF_PARQUET_SPLIT         9

/* One data page, where it went. */
struct pf_parquet_place {
    int64_t first_row; /* in the row group */
    int32_t size;      /* header included */
    int32_t reserved;
};

/* A finished column chunk. All zero is good and empty; filled again and again, memory is reused. */
struct pf_parquet_chunk {
    struct pf_buf bytes;  /* the pages as they stand in the file */
    struct pf_buf places; /* struct pf_parquet_place for each data page */
    struct pf_buf notes;  /* fields of Statistics (stats_size bytes), then the ColumnIndex (may be empty) */
    size_t stats_size;
    int64_t slots; /* pairs of levels: rows when the column is flat */
    int64_t uncompressed_size;
    int64_t dictionary_size; /* bytes of the dictionary page with its header; 0: none */
    int32_t page_count;      /* data pages */
    int8_t codec_id;         /* CompressionCodec */
    int8_t level;    /* that gives this column small pages with the least effort; 0: not tried yet. Kept */
    int8_t encoding; /* of the data pages */
    bool levels;     /* there are definition levels */
};
void pf_parquet_chunk_clear(struct pf_parquet_chunk *chunk);

struct pf_parquet_page {
    int64_t first_row;
    int64_t rows;
    int64_t slots; /* pairs of levels: rows when the column is flat */
    int64_t nulls; /* slots without a value */
    int32_t encoding;
    const uint8_t
        *levels; /* as they stand in the page: of repetition, then of definition, in V1 pages each with its
                            * length in front; NULL: the column has none */
    size_t levels_size, repetition_size;
    uint8_t *values; /* for V1 pages levels_size writable bytes stand before it */
    size_t values_size;
};

/* Writes pages into one chunk after the other. Begin each with pf_parquet_pages_begin. */
struct pf_parquet_pages {
    const struct pf_parquet_settings *settings;
    struct pf_parquet_chunk *chunk;
    const struct pf_codec *codec; /* of this chunk; NULL: none */
    pf_codec_state *state;        /* of settings->codec; opened when first needed */
    bool state_open;
    bool (*cancelled)(void *ctx); /* asked also within a page; NULL: never */
    void *ctx;
    bool settled; /* whether this chunk is compressed */
    int level;
    const uint8_t *dictionary;
    size_t dictionary_size;
    int64_t dictionary_count;
    size_t last_head;   /* bytes of the last page header: a good guess for the next */
    struct pf_buf head; /* scratch */
};
void pf_parquet_pages_begin(struct pf_parquet_pages *pages, const struct pf_parquet_settings *settings,
                            struct pf_parquet_chunk *chunk);
/* The dictionary page; lent until the first data page, with which it is written. */
void pf_parquet_pages_dictionary(struct pf_parquet_pages *pages, const uint8_t *entries, size_t size,
                                 int64_t count);
/* LIMIT when the page is longer than Parquet can count. */
pf_status pf_parquet_pages_data(struct pf_parquet_pages *pages, const struct pf_parquet_page *page,
                                struct pf_error *err);
/* How many bytes the codec makes of these; the codec's answer, nothing is kept. */
pf_status pf_parquet_pages_try(struct pf_parquet_pages *pages, const uint8_t *from, size_t size,
                               struct pf_buf *scratch, size_t *used, struct pf_error *err);
void pf_parquet_pages_clear(struct pf_parquet_pages *pages);
#endif
