/* contract_rows.c — room contract. Rows to try a writer with.                    SPDX-License-Identifier: MIT
 * Knows: a batch of each layout that all writers take.
 * Knows not: writers. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "contract/contract.h"

#define ROWS    5
#define BATCHES 2
#define COLUMNS 3

/* Sources: Arrow C data interface; Arrow columnar format, "Validity bitmaps": bit i of the bitmap is row i, 0 is null. */
static const char *const names[COLUMNS] = {"number", "text", "truth"}, *const formats[COLUMNS] = {"l", "u",
                                                                                                  "b"};
static const int64_t numbers[ROWS] = {1, -2, 0, INT64_MAX, INT64_MIN};
static const int32_t ends[ROWS + 1] = {0, 5, 5, 8, 8, 20};
static const char texts[] = "first\xE2\x82\xAC"
                            "a,\"b\"\nc d e"; /* a euro sign; what CSV must quote */
static const uint8_t present[COLUMNS] = {0x17, 0x1B, 0x1F}, truths[1] = {0x0B};

struct batch {
    struct ArrowArray columns[COLUMNS], *list[COLUMNS];
    const void *buffers[COLUMNS][3], *none[1];
};

struct rows {
    struct ArrowSchema columns[COLUMNS], *list[COLUMNS];
    int given;
};

static void end_child(struct ArrowArray *array) { array->release = NULL; }
static void end_batch(struct ArrowArray *array) {
    pf_mem_free(array->private_data);
    array->release = NULL;
}
static void end_schema_child(struct ArrowSchema *schema) { schema->release = NULL; }
static void end_schema(struct ArrowSchema *schema) {
    pf_mem_free(schema->private_data);
    schema->release = NULL;
}

static int give_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct rows *rows = pf_mem_zero(1, sizeof *rows);
    if (!rows)
        return 12; /* ENOMEM: the interface speaks errno */
    for (int i = 0; i < COLUMNS; i++) {
        rows->columns[i] = (struct ArrowSchema){
            .format = formats[i], .name = names[i], .flags = ARROW_FLAG_NULLABLE, .release = end_schema_child};
        rows->list[i] = &rows->columns[i];
    }
    *out = (struct ArrowSchema){.format = "+s",
                                .name = "",
                                .n_children = COLUMNS,
                                .children = rows->list,
                                .private_data = rows,
                                .release = end_schema};
    return 0;
}

static int give_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct rows *rows = stream->private_data;
    *out = (struct ArrowArray){0};
    if (rows->given == BATCHES)
        return 0;
    struct batch *batch = pf_mem_zero(1, sizeof *batch);
    if (!batch)
        return 12;
    rows->given++;
    const void *values[COLUMNS] = {numbers, ends, truths};
    for (int i = 0; i < COLUMNS; i++) {
        batch->buffers[i][0] = &present[i];
        batch->buffers[i][1] = values[i];
        batch->buffers[i][2] = texts;
        batch->columns[i] = (struct ArrowArray){.length = ROWS,
                                                .null_count = -1,
                                                .n_buffers = formats[i][0] == 'u' ? 3 : 2,
                                                .buffers = batch->buffers[i],
                                                .release = end_child};
        batch->list[i] = &batch->columns[i];
    }
    *out = (struct ArrowArray){.length = ROWS,
                               .n_buffers = 1,
                               .buffers = batch->none,
                               .n_children = COLUMNS,
                               .children = batch->list,
                               .private_data = batch,
                               .release = end_batch};
    return 0;
}

static const char *no_error(struct ArrowArrayStream *stream) { return NULL; }
static void end_rows(struct ArrowArrayStream *stream) {
    pf_mem_free(stream->private_data);
    stream->release = NULL;
}

static pf_status open_rows(void *ctx, struct ArrowArrayStream *out) {
    struct rows *rows = pf_mem_zero(1, sizeof *rows);
    if (!rows)
        return PF_NO_MEMORY;
    *out = (struct ArrowArrayStream){give_schema, give_next, no_error, end_rows, rows};
    return PF_OK;
}

const struct pf_contract_rows pf_contract_some_rows = {open_rows, NULL};
