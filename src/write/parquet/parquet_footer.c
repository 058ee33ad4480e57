/* parquet_footer.c — room write/parquet. Page index, file metadata, tail.        SPDX-License-Identifier: MIT
 * Knows: ColumnChunk, RowGroup, OffsetIndex, FileMetaData, where each part stands.
 * Knows not: values, sinks.                                   Format: docs/formats/parquet.md §Metadata */
#include "write/parquet/parquet_footer.h"

#include "base/bits.h"
#include "base/error.h"
#include "pyforge/version.h"

struct chunk_sizes {
    uint32_t chunk, column, offset;
};

struct group_facts {
    int64_t rows, raw, stored, start, chunks;
};

pf_status pf_parquet_footer_pair(struct pf_parquet_footer *f, const char *key, size_t key_size,
                                 const char *value, size_t value_size, struct pf_error *err) {
    struct pf_thrift t;
    pf_thrift_begin(&t, &f->pairs, err);
    pf_thrift_binary(&t, 1, key, key_size);
    pf_thrift_binary(&t, 2, value, value_size);
    PF_TRY(pf_thrift_done(&t));
    f->pair_count++;
    return PF_OK;
}

static void put_encodings(struct pf_thrift *t, const struct pf_parquet_chunk *chunk) {
    int32_t list[3];
    size_t n = 0;
    if (chunk->dictionary_size)
        list[n++] = PF_PARQUET_PLAIN; /* of its entries */
    list[n++] = chunk->encoding;
    if (chunk->levels && chunk->encoding != PF_PARQUET_RLE)
        list[n++] = PF_PARQUET_RLE;
    pf_thrift_list(t, 2, PF_THRIFT_I32, n);
    for (size_t i = 0; i < n; i++)
        pf_thrift_item_i32(t, list[i]);
}

/* By these, readers know that all pages use the dictionary and may filter by it. */
static void put_page_counts(struct pf_thrift *t, const struct pf_parquet_chunk *chunk, bool modern) {
    bool dictionary = chunk->dictionary_size > 0;
    pf_thrift_list(t, 13, PF_THRIFT_STRUCT, dictionary ? 2 : 1);
    for (int i = dictionary ? 0 : 1; i < 2; i++) {
        pf_thrift_item_open(t);
        pf_thrift_i32(t, 1, i == 0 ? 2 : modern ? 3 : 0);
        pf_thrift_i32(t, 2, i == 0 ? PF_PARQUET_PLAIN : chunk->encoding);
        pf_thrift_i32(t, 3, i == 0 ? 1 : chunk->page_count);
        pf_thrift_close(t);
    }
}

/* Fields 2 and 3 of ColumnChunk; where its indexes stand is known at the end only. */
static pf_status put_chunk(struct pf_parquet_footer *f, const struct pf_parquet_column *column,
                           const struct pf_parquet_chunk *chunk, int64_t offset, bool modern,
                           struct pf_error *err) {
    struct pf_thrift t;
    int64_t first_page = offset + chunk->dictionary_size;
    pf_thrift_begin(&t, &f->chunks, err);
    pf_thrift_i64(&t, 2, first_page);
    pf_thrift_open(&t, 3);
    pf_thrift_i32(&t, 1, column->physical);
    put_encodings(&t, chunk);
    pf_thrift_list(&t, 3, PF_THRIFT_BINARY, (size_t)column->path_count);
    for (int32_t i = 0; i < column->path_count; i++)
        pf_thrift_item_binary(&t, column->path[i], strlen(column->path[i]));
    pf_thrift_i32(&t, 4, chunk->codec_id);
    pf_thrift_i64(&t, 5, chunk->slots);
    pf_thrift_i64(&t, 6, chunk->uncompressed_size);
    pf_thrift_i64(&t, 7, (int64_t)chunk->bytes.size);
    pf_thrift_i64(&t, 9, first_page);
    if (chunk->dictionary_size)
        pf_thrift_i64(&t, 11, offset);
    pf_thrift_open(&t, 12);
    pf_thrift_paste(&t, chunk->notes.data, chunk->stats_size - 1, 8); /* its end comes with the next line */
    pf_thrift_close(&t);
    put_page_counts(&t, chunk, modern);
    pf_thrift_close(&t);
    return t.status; /* stays open */
}

static pf_status put_offsets(struct pf_parquet_footer *f, const struct pf_parquet_chunk *chunk, int64_t offset,
                             struct pf_error *err) {
    const struct pf_parquet_place *places = (const struct pf_parquet_place *)(const void *)chunk->places.data;
    size_t count = chunk->places.size / sizeof *places;
    struct pf_thrift t;
    pf_thrift_begin(&t, &f->offsets, err);
    pf_thrift_list(&t, 1, PF_THRIFT_STRUCT, count);
    offset += chunk->dictionary_size;
    for (size_t i = 0; i < count; i++) {
        pf_thrift_item_open(&t);
        pf_thrift_i64(&t, 1, offset);
        pf_thrift_i32(&t, 2, places[i].size);
        pf_thrift_i64(&t, 3, places[i].first_row);
        pf_thrift_close(&t);
        offset += places[i].size;
    }
    return pf_thrift_done(&t);
}

pf_status pf_parquet_footer_chunk(struct pf_parquet_footer *f, const struct pf_parquet_column *column,
                                  const struct pf_parquet_chunk *chunk, int64_t offset, bool modern,
                                  struct pf_error *err) {
    size_t chunks = f->chunks.size, columns = f->columns.size, offsets = f->offsets.size;
    PF_TRY(put_chunk(f, column, chunk, offset, modern, err));
    PF_TRY(pf_buf_put(&f->columns, chunk->notes.data + chunk->stats_size, chunk->notes.size - chunk->stats_size,
                      err));
    PF_TRY(put_offsets(f, chunk, offset, err));
    struct chunk_sizes sizes = {(uint32_t)(f->chunks.size - chunks), (uint32_t)(f->columns.size - columns),
                                (uint32_t)(f->offsets.size - offsets)};
    PF_TRY(pf_buf_put(&f->sizes, &sizes, sizeof sizes, err));
    if (f->open_chunks++ == 0)
        f->group_start = offset;
    f->group_raw += chunk->uncompressed_size;
    f->group_stored += (int64_t)chunk->bytes.size;
    return PF_OK;
}

pf_status pf_parquet_footer_group(struct pf_parquet_footer *f, int64_t rows, struct pf_error *err) {
    struct group_facts facts = {rows, f->group_raw, f->group_stored, f->group_start, f->open_chunks};
    PF_TRY(pf_buf_put(&f->groups, &facts, sizeof facts, err));
    f->rows += rows;
    f->group_raw = f->group_stored = f->group_start = f->open_chunks = 0;
    return PF_OK;
}

/* ---- the file's metadata ---- */

/* Goes along the chunks in their order. */
struct walk {
    const struct chunk_sizes *sizes;
    const uint8_t *chunk;
    int64_t column_at, offset_at; /* where the next index stands in the file */
};

static void put_column_chunk(struct pf_thrift *t, struct walk *w) {
    pf_thrift_item_open(t);
    pf_thrift_paste(t, w->chunk, w->sizes->chunk, 3);
    pf_thrift_i64(t, 4, w->offset_at);
    pf_thrift_i32(t, 5, (int32_t)w->sizes->offset);
    if (w->sizes->column) {
        pf_thrift_i64(t, 6, w->column_at);
        pf_thrift_i32(t, 7, (int32_t)w->sizes->column);
    }
    pf_thrift_close(t);
    w->chunk += w->sizes->chunk;
    w->column_at += w->sizes->column;
    w->offset_at += w->sizes->offset;
    w->sizes++;
}

static void put_groups(const struct pf_parquet_footer *f, struct pf_thrift *t, struct walk *w) {
    const struct group_facts *facts = (const struct group_facts *)(const void *)f->groups.data;
    size_t count = f->groups.size / sizeof *facts;
    pf_thrift_list(t, 4, PF_THRIFT_STRUCT, count);
    for (size_t g = 0; g < count; g++) {
        pf_thrift_item_open(t);
        pf_thrift_list(t, 1, PF_THRIFT_STRUCT, (size_t)facts[g].chunks);
        for (int64_t c = 0; c < facts[g].chunks; c++)
            put_column_chunk(t, w);
        pf_thrift_i64(t, 2, facts[g].raw);
        pf_thrift_i64(t, 3, facts[g].rows);
        pf_thrift_i64(t, 5, facts[g].start);
        pf_thrift_i64(t, 6, facts[g].stored);
        if (g <= INT16_MAX)
            pf_thrift_i16(t, 7, (int16_t)g);
        pf_thrift_close(t);
    }
}

static void put_orders(const struct pf_parquet_schema *schema, struct pf_thrift *t) {
    pf_thrift_list(t, 7, PF_THRIFT_STRUCT, (size_t)schema->count);
    for (int64_t i = 0; i < schema->count; i++) {
        pf_thrift_item_open(t);
        pf_thrift_open(t, 1); /* TypeDefinedOrder */
        pf_thrift_close(t);
        pf_thrift_close(t);
    }
}

/* KeyValue structs were written whole; a list takes them as they are. */
static void put_pairs(const struct pf_parquet_footer *f, struct pf_thrift *t) {
    if (f->pair_count == 0)
        return;
    pf_thrift_list(t, 5, PF_THRIFT_STRUCT, (size_t)f->pair_count);
    pf_thrift_paste(t, f->pairs.data, f->pairs.size, 5);
}

pf_status pf_parquet_footer_put(struct pf_parquet_footer *f, const struct pf_parquet_schema *schema,
                                bool modern, int64_t offset,
                                pf_status (*put)(void *ctx, const void *bytes, size_t size,
                                                 struct pf_error *err),
                                void *ctx, struct pf_error *err) {
    struct walk w = {.sizes = (const struct chunk_sizes *)(const void *)f->sizes.data,
                     .chunk = f->chunks.data,
                     .column_at = offset,
                     .offset_at = offset + (int64_t)f->columns.size};
    PF_TRY(put(ctx, f->columns.data, f->columns.size, err));
    PF_TRY(put(ctx, f->offsets.data, f->offsets.size, err));
    struct pf_buf meta = {0};
    struct pf_thrift t;
    pf_thrift_begin(&t, &meta, err);
    pf_thrift_i32(&t, 1, modern ? 2 : 1);
    pf_parquet_schema_put(schema, &t, 2);
    pf_thrift_i64(&t, 3, f->rows);
    put_groups(f, &t, &w);
    put_pairs(f, &t);
    pf_thrift_text(&t, 6, "pyforge version " PYFORGE_VERSION);
    put_orders(schema, &t);
    pf_status status = pf_thrift_done(&t);
    if (status == PF_OK && meta.size > INT32_MAX)
        status = pf_fail(err, PF_LIMIT, "the file's metadata is longer than 2 GiB; raise --row-group-bytes");
    uint8_t tail[8] = {0, 0, 0, 0, 'P', 'A', 'R', '1'};
    pf_store32(tail, (uint32_t)meta.size);
    if (status == PF_OK)
        status = put(ctx, meta.data, meta.size, err);
    if (status == PF_OK)
        status = put(ctx, tail, sizeof tail, err);
    pf_buf_clear(&meta);
    return status;
}

void pf_parquet_footer_clear(struct pf_parquet_footer *f) {
    pf_buf_clear(&f->chunks);
    pf_buf_clear(&f->columns);
    pf_buf_clear(&f->offsets);
    pf_buf_clear(&f->sizes);
    pf_buf_clear(&f->groups);
    pf_buf_clear(&f->pairs);
    *f = (struct pf_parquet_footer){0};
}
