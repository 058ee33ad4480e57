/* fuzz_csv.c — any bytes as a CSV file: open, survey, read, and once more after a contradiction. However the input is cut,
 * rows, verdict and counts must be the same. The first two bytes choose options.   SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "bytes/bytes_source.h"
#include "columns/columns_batch.h"
#include "columns/columns_stream.h"
#include "columns/columns_view.h"
#include "read/csv/csv_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int good) {
    if (!good)
        abort();
}

struct outcome {
    pf_status status;
    uint64_t rows, told; /* digests */
    uint64_t summed;
    int64_t in, out, rejected, skipped;
    const char *options[24];
};

static void mix(uint64_t *digest, const void *bytes, size_t size) {
    *digest = pf_hash_word(*digest ^ pf_hash(bytes, size));
}

static const char *get(struct pf_host *host, const char *key) {
    const struct outcome *o = host->data;
    for (const char *const *at = o->options; *at; at += 2)
        if (strcmp(*at, key) == 0)
            return at[1];
    return NULL;
}

static void take_notice(struct pf_host *host, const struct pf_notice *n) {
    struct outcome *o = host->data;
    if (n->row < 0 && n->byte < 0) { /* those behind the first few come as sums, one for each piece */
        o->summed += pf_hash(n->kind, strlen(n->kind)) * (uint64_t)n->count;
        return;
    }
    mix(&o->told, n->kind, strlen(n->kind));
    mix(&o->told, &n->row, sizeof n->row);
    mix(&o->told, &n->byte, sizeof n->byte);
}

static pf_status take_reject(struct pf_host *host, const struct pf_reject *r, struct pf_error *err) {
    struct outcome *o = host->data;
    o->rejected++;
    mix(&o->told, &r->row, sizeof r->row);
    mix(&o->told, &r->line, sizeof r->line);
    mix(&o->told, r->raw, r->raw_size);
    return PF_OK;
}

static void take_count(struct pf_host *host, const char *key, int64_t add) {
    struct outcome *o = host->data;
    *(strcmp(key, "rows-in") == 0 ? &o->in : &o->skipped) += add;
}

static void digest_batch(struct outcome *o, const struct ArrowSchema *schema, const struct ArrowArray *batch) {
    for (int64_t r = 0; r < batch->length; r++)
        for (int64_t c = 0; c < schema->n_children; c++) {
            struct pf_view v;
            int64_t size = pf_kind_width(0);
            insist(pf_view_open(&v, schema->children[c], batch->children[c], NULL) == PF_OK);
            if (!pf_view_valid(&v, r)) {
                mix(&o->rows, "-", 1);
            } else if (v.type.kind == PF_KIND_UTF8) {
                const uint8_t *bytes = pf_view_bytes(&v, r, &size);
                mix(&o->rows, bytes, (size_t)size);
            } else if (v.type.kind == PF_KIND_BOOL) {
                mix(&o->rows, pf_bit_get(v.values, v.offset + r) ? "t" : "f", 1);
            } else {
                size = pf_kind_width(v.type.kind);
                mix(&o->rows, v.values + size * (v.offset + r), (size_t)size);
            }
        }
    o->out += batch->length;
}

static pf_status read_lap(struct outcome *o, pf_reader_state *state, const struct pf_table *table) {
    struct ArrowArrayStream stream = {0};
    struct pf_error err = {.struct_size = sizeof err};
    struct pf_read read = {.struct_size = sizeof read, .schema = &table->schema, .limit_rows = -1};
    read.err = &err;
    o->rows = o->told = o->summed = 0;
    o->in = o->out = o->rejected = o->skipped = 0;
    for (int64_t c = 0; c < table->schema.n_children; c++)
        mix(&o->rows, table->schema.children[c]->format, strlen(table->schema.children[c]->format));
    pf_status status = pf_csv_reader.read(state, &read, &stream, &err);
    while (status == PF_OK) {
        struct ArrowArray batch = {0};
        status = pf_stream_next(&stream, &err, &batch, &err);
        if (status != PF_OK || !batch.release)
            break;
        digest_batch(o, &table->schema, &batch);
        pf_array_release(&batch);
    }
    pf_stream_release(&stream);
    return status;
}

static void run(struct outcome *o, const uint8_t *data, size_t size) {
    struct pf_source source;
    struct pf_host host = {.struct_size = sizeof host, .data = o, .notice = take_notice, .reject = take_reject};
    host.job_get = get;
    host.count = take_count;
    struct pf_open open = {sizeof open, 0, &source, &host, "f.csv", "f"};
    struct pf_survey survey = {.struct_size = sizeof survey};
    pf_reader_state *state = NULL;
    pf_source_memory(data, size, &source);
    o->status = pf_csv_reader.open(&open, &state, NULL);
    if (o->status == PF_OK)
        o->status = pf_csv_reader.survey(state, &survey, NULL);
    if (o->status == PF_OK)
        o->status = read_lap(o, state, survey.tables[0]);
    if (o->status == PF_WIDEN) {
        survey.mode = PF_SURVEY_EXACT;
        o->status = pf_csv_reader.survey(state, &survey, NULL);
        if (o->status == PF_OK)
            o->status = read_lap(o, state, survey.tables[0]);
        insist(o->status != PF_WIDEN);
    }
    pf_csv_reader.close(state);
    pf_source_close(&source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const policies[][2] = {
        {"types", "text"},  {"header", "none"},   {"on-bad-row", "reject"}, {"on-bad-bytes", "reject"},
        {"nul", "strip"},   {"decimal", "infer"}, {"encoding", "utf-8"},    {"encoding", "gb18030"},
        {"delimiter", ","}, {"quote", "\""}};
    if (size < 2 || size > 1 << 15)
        return 0;
    struct outcome whole = {0}, pieces;
    size_t n = 0;
    unsigned chosen = data[0] | (unsigned)data[1] << 8;
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (chosen >> i & 1) {
            whole.options[n++] = policies[i][0];
            whole.options[n++] = policies[i][1];
        }
    pieces = whole;
    pieces.options[n++] = "csv-block-bytes";
    pieces.options[n++] = chosen >> 10 & 1 ? "7" : "100";
    run(&whole, data + 2, size - 2);
    run(&pieces, data + 2, size - 2);
    insist(whole.status == pieces.status);
    if (whole.status == PF_OK) {
        insist(whole.rows == pieces.rows && whole.told == pieces.told && whole.summed == pieces.summed);
        insist(whole.in == pieces.in && whole.out == pieces.out && whole.rejected == pieces.rejected);
        insist(whole.in == whole.out + whole.rejected + whole.skipped);
    }
    return 0;
}
