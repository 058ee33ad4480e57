/* write_types.c — tests. Every type × codec × null pattern × page border × profile, and what must be read.
 * SPDX-License-Identifier: MIT
 * Knows: the Parquet writer's table, the columns of types_columns.h.
 * Knows not: how the files are checked: test_parquet_types.py and the Java reader do that.
 *
 * write_types FOLDER: writes PROFILE-CODEC-NULLS-BORDER.parquet and PROFILE-NULLS.expected into FOLDER. An
 * expected file has a line per column: name, type, then a value per row, all separated by tabs; "~" is null, text
 * and bytes are hex, floats are hex of their bits, decimals are unscaled. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes/bytes_sink.h"
#include "types_columns.h"
#include "write/parquet/parquet_writer.h"

#define ROWS       3000
#define LARGE_ROWS 24000 /* pages long enough for zstd's level to be chosen */

/* ---- null patterns ---- */

static uint64_t null_draw(int64_t row) { return ((uint64_t)row * 0x9E3779B97F4A7C15u) >> 40; }
static bool no_null(int64_t row) { return row < 0; }
static bool some_null(int64_t row) { return null_draw(row) % 5 == 0; }
static bool all_null(int64_t row) { return row >= 0; }
static bool alternating(int64_t row) { return row & 1; }
static bool in_runs(int64_t row) { return row % 611 < 200 || row % 611 == 400; }
static bool at_ends(int64_t row) { return row == 0 || row == ROWS - 1 || (row >= 1000 && row < 2000); }

static const struct pattern {
    const char *name;
    bool (*null_at)(int64_t row);
    int64_t rows;
} patterns[] = {{"none", no_null, ROWS},         {"some", some_null, ROWS}, {"all", all_null, ROWS},
                {"other", alternating, ROWS},    {"runs", in_runs, ROWS},   {"ends", at_ends, ROWS},
                {"large", some_null, LARGE_ROWS}}; /* in one codec and with one border */

/* Sizes that put borders of pages, row groups and batches in different places. */
static const struct border {
    const char *name, *page_bytes, *group_rows, *group_bytes;
    int64_t batch_rows;
} borders[] = {{"whole", "1M", "122880", "32M", 777},
               {"pages", "512", "1111", "32M", 1000},
               {"groups", "64", "333", "32M", 100},
               {"bytes", "4K", "122880", "64K", 3000}};

/* ---- the job's options ---- */

struct job {
    const char *profile, *codec;
    const struct border *border;
    const char *timestamps;
};

static const char *get_option(struct pf_host *host, const char *key) {
    const struct job *job = host->data;
    if (strcmp(key, "profile") == 0)
        return job->profile;
    if (strcmp(key, "compression") == 0)
        return job->codec;
    if (strcmp(key, "page-bytes") == 0)
        return job->border->page_bytes;
    if (strcmp(key, "row-group-rows") == 0)
        return job->border->group_rows;
    if (strcmp(key, "row-group-bytes") == 0)
        return job->border->group_bytes;
    if (strcmp(key, "timestamps") == 0)
        return job->timestamps;
    return NULL;
}

static pf_status open_memory(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err) {
    (void)name, (void)err;
    pf_sink_memory(ctx, out);
    return PF_OK;
}

static void stop(const char *what, const struct pf_error *err) {
    fprintf(stderr, "%s: %s (%s)\n", what, err->message, err->where);
    exit(1);
}

/* ---- tables ---- */

struct table {
    const struct column *columns[128];
    int count;
    struct ArrowSchema children[128], *pointers[128], schema;
};

static void release_nothing(struct ArrowSchema *schema) { schema->release = NULL; }

static void make_table(struct table *table, bool modern) {
    memset(table, 0, sizeof *table);
    for (int i = 0; i < all_column_count; i++) {
        if (!modern && !all_columns[i].spark)
            continue;
        table->columns[table->count] = &all_columns[i];
        make_schema(&all_columns[i], &table->children[table->count]);
        table->pointers[table->count] = &table->children[table->count];
        table->count++;
    }
    table->schema = (struct ArrowSchema){.format = "+s",
                                         .name = "",
                                         .n_children = table->count,
                                         .children = table->pointers,
                                         .release = release_nothing};
}

static void drop_table(struct table *table) {
    for (int i = 0; i < table->count; i++)
        table->children[i].release(&table->children[i]);
}

static void release_batch(struct ArrowArray *batch) {
    for (int64_t i = 0; i < batch->n_children; i++) {
        batch->children[i]->release(batch->children[i]);
        free(batch->children[i]);
    }
    free(batch->children);
    free((void *)batch->buffers);
    batch->release = NULL;
}

static void make_batch(const struct table *table, int64_t from, int64_t rows, bool (*null_at)(int64_t),
                       struct ArrowArray *out) {
    *out = (struct ArrowArray){
        .length = rows, .n_buffers = 1, .n_children = table->count, .release = release_batch};
    out->buffers = calloc(1, sizeof *out->buffers);
    out->children = calloc((size_t)table->count, sizeof *out->children);
    for (int i = 0; i < table->count; i++) {
        out->children[i] = calloc(1, sizeof **out->children);
        make_array(table->columns[i], from, rows, null_at, out->children[i]);
    }
}

static void write_table(const struct table *table, const struct job *job, const struct pattern *pattern,
                        struct pf_buf *to) {
    struct pf_error err = {.struct_size = sizeof err};
    struct pf_host host = {.struct_size = sizeof host, .data = (void *)job, .job_get = get_option};
    struct pf_begin begin = {.struct_size = sizeof begin,
                             .host = &host,
                             .schema = &table->schema,
                             .location = "memory",
                             .open_sink = open_memory,
                             .ctx = to};
    pf_writer_state *state = NULL;
    if (pf_parquet_writer.begin(&begin, &state, &err) != PF_OK)
        stop("begin", &err);
    for (int64_t from = 0; from < pattern->rows; from += job->border->batch_rows) {
        int64_t left = pattern->rows - from,
                rows = left < job->border->batch_rows ? left : job->border->batch_rows;
        struct ArrowArray batch;
        make_batch(table, from, rows, pattern->null_at, &batch);
        if (pf_parquet_writer.write(state, &batch, &err) != PF_OK)
            stop("write", &err);
    }
    struct pf_written written = {.struct_size = sizeof written};
    if (pf_parquet_writer.finish(state, &written, &err) != PF_OK)
        stop("finish", &err);
    if (written.rows != pattern->rows || written.bytes != (int64_t)to->size)
        stop("finish counts wrongly", &err);
    pf_parquet_writer.close(state);
}

static void save(const char *folder, const char *name, const struct pf_buf *bytes) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.parquet", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes->data, 1, bytes->size, file) != bytes->size || fclose(file) != 0) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(1);
    }
}

/* ---- what must be read ---- */

static void print_decimal(FILE *to, const uint8_t *value, int width) {
    uint64_t words[4] = {0};
    char digits[96];
    int n = (int)sizeof digits;
    bool negative = value[width - 1] >> 7;
    memset(words, negative ? 0xFF : 0, sizeof words);
    memcpy(words, value, (size_t)width);
    for (uint64_t i = 0, carry = 1; negative && i < 4; i++) {
        words[i] = ~words[i] + carry;
        carry = carry && words[i] == 0;
    }
    do {
        uint64_t rest = 0;
        for (int i = 3; i >= 0; i--) {
            uint64_t high = rest << 32 | words[i] >> 32;
            uint64_t low = (high % 10) << 32 | (words[i] & UINT32_MAX);
            words[i] = high / 10 << 32 | low / 10;
            rest = low % 10;
        }
        digits[--n] = (char)('0' + rest);
    } while (words[0] | words[1] | words[2] | words[3]);
    fprintf(to, "\t%s%.*s", negative ? "-" : "", (int)sizeof digits - n, digits + n);
}

static void print_value(FILE *to, const struct column *c, bool modern, int64_t row) {
    uint8_t value[256] = {0};
    int64_t size, number = 0, factor = modern ? c->factor_modern : c->factor;
    value_of(c, c->index ? row % 50 : row, value, &size);
    if (c->format[0] == 'd') {
        print_decimal(to, value, c->width);
        return;
    }
    if (c->layout == FIXED && c->format[0] != 'w' && !strchr("efg", c->format[0])) {
        memcpy(&number, value, (size_t)size);
        if (strchr("csi", c->format[0]) || (c->format[0] == 't' && c->width == 4))
            number = size == 1 ? (int8_t)number : size == 2 ? (int16_t)number : (int32_t)number;
        if (strcmp(c->format, "tdm") == 0)
            number /= 86400000;
        if (c->format[0] == 'L')
            fprintf(to, "\t%" PRIu64, (uint64_t)number);
        else
            fprintf(to, "\t%" PRId64, number * (factor ? factor : 1));
        return;
    }
    fputc('\t', to);
    for (int64_t i = 0; i < size; i++)
        fprintf(to, "%02x", value[c->layout == FIXED && c->format[0] != 'w' ? size - 1 - i : i]);
}

static void print_expected(const char *folder, const char *profile, const struct table *table,
                           const struct pattern *pattern) {
    char path[1024];
    bool modern = strcmp(profile, "modern") == 0;
    snprintf(path, sizeof path, "%s/%s-%s.expected", folder, profile, pattern->name);
    FILE *to = fopen(path, "w");
    if (!to)
        exit(1);
    for (int i = 0; i < table->count; i++) {
        const struct column *c = table->columns[i];
        fprintf(to, "%s\t%s", c->name, modern && c->modern ? c->modern : c->read);
        for (int64_t row = 0; row < pattern->rows; row++)
            if (c->layout == NOTHING || (!c->required && pattern->null_at(row)))
                fputs("\t~", to);
            else
                print_value(to, c, modern, row);
        fputc('\n', to);
    }
    if (fclose(to) != 0)
        exit(1);
}

int main(int argc, char **argv) {
    static const char *const profiles[] = {"spark", "modern"};
    static const char *const codecs[] = {"none", "snappy", "zstd", "gzip", "lz4"};
    if (argc != 2) {
        fprintf(stderr, "usage: write_types FOLDER\n");
        return 2;
    }
    for (int p = 0; p < 2; p++) {
        static struct table table;
        make_table(&table, p == 1);
        for (size_t n = 0; n < sizeof patterns / sizeof *patterns; n++) {
            print_expected(argv[1], profiles[p], &table, &patterns[n]);
            for (size_t k = 0; k < 5; k++)
                for (size_t b = 0; b < sizeof borders / sizeof *borders; b++) {
                    if (patterns[n].rows == LARGE_ROWS && (strcmp(codecs[k], "zstd") != 0 || b > 0))
                        continue;
                    struct job job = {profiles[p], codecs[k], &borders[b], n % 2 ? "utc" : "ntz"};
                    struct pf_buf bytes = {0};
                    char name[128];
                    write_table(&table, &job, &patterns[n], &bytes);
                    snprintf(name, sizeof name, "%s-%s-%s-%s", profiles[p], codecs[k], patterns[n].name,
                             borders[b].name);
                    save(argv[1], name, &bytes);
                    pf_buf_clear(&bytes);
                }
        }
        drop_table(&table);
    }
    return 0;
}
