/* parquet_fixture.h — tests. One column of words or text as a finished chunk. SPDX-License-Identifier: MIT */
#ifndef PF_PARQUET_FIXTURE_H
#define PF_PARQUET_FIXTURE_H
#include <string.h>

#include "base/error.h"
#include "write/parquet/parquet_chunk.h"

struct fixture {
    struct ArrowSchema field, table, *pointer;
    struct ArrowArray array;
    const void *buffers[3];
    struct pf_parquet_part part;
    struct pf_parquet_settings settings;
    struct pf_parquet_schema schema;
    struct pf_parquet_scratch scratch;
    struct pf_parquet_chunk chunk;
    struct pf_parquet_work work;
};

static inline void release_fixture_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static inline void release_fixture_array(struct ArrowArray *array) { array->release = NULL; }

/* values, or offsets and text; valid may be NULL. settings are to be filled before. */
static inline pf_status open_fixture(struct fixture *f, const char *format, int64_t rows, const void *valid,
                                     const void *values, const void *text) {
    f->field = (struct ArrowSchema){
        .format = format, .name = "Price", .flags = ARROW_FLAG_NULLABLE, .release = release_fixture_schema};
    f->pointer = &f->field;
    f->table = (struct ArrowSchema){
        .format = "+s", .n_children = 1, .children = &f->pointer, .release = release_fixture_schema};
    f->buffers[0] = valid;
    f->buffers[1] = values;
    f->buffers[2] = text;
    f->array = (struct ArrowArray){.length = rows,
                                   .null_count = valid ? -1 : 0,
                                   .n_buffers = text ? 3 : 2,
                                   .buffers = f->buffers,
                                   .release = release_fixture_array};
    f->part = (struct pf_parquet_part){&f->array, 0, rows};
    if (f->settings.page_bytes == 0)
        f->settings.page_bytes = 1 << 20;
    PF_TRY(pf_parquet_schema_open(&f->schema, &f->table, &f->settings, NULL));
    f->work = (struct pf_parquet_work){
        .settings = &f->settings, .column = &f->schema.columns[0], .parts = &f->part, .part_count = 1};
    return PF_OK;
}

static inline pf_status encode_fixture(struct fixture *f, struct pf_error *err) {
    return pf_parquet_chunk_encode(&f->work, &f->scratch, &f->chunk, err);
}

static inline void close_fixture(struct fixture *f) {
    pf_parquet_scratch_clear(&f->scratch);
    pf_parquet_chunk_clear(&f->chunk);
    pf_parquet_schema_clear(&f->schema);
    memset(f, 0, sizeof *f);
}
#endif
