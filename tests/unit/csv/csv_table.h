/* csv_table.h — tests of read/csv. A whole table read from memory and written down as text.
 * SPDX-License-Identifier: MIT */
#ifndef CSV_TABLE_H
#define CSV_TABLE_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/calendar.h"
#include "base/error.h"
#include "base/number.h"
#include "base/pool.h"
#include "bytes/bytes_source.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "columns/columns_view.h"
#include "read/csv/csv_reader.h"

/* A job of one reader: options in pairs, everything told is written down. */
struct desk {
    const char *const *options; /* key, value, …, NULL */
    int threads;                /* 0: no pool */
    int64_t skip, limit;        /* limit −1: all */
    const int32_t *columns;     /* −1 ends; NULL: all */
    const char *impose;         /* "a=int64,b=date": these types are imposed */
    bool forward;               /* the source is forward only */
    int laps;                   /* out */
    int64_t in, out, rejected, skipped;
    struct pf_buf rows, told, facts, doubts; /* out; doubts: what surveys tell */
    bool surveying;
    struct pf_error err; /* out */
};

static inline const char *desk_get(struct pf_host *host, const char *key) {
    const struct desk *desk = host->data;
    for (const char *const *o = desk->options; o && *o; o += 2)
        if (strcmp(*o, key) == 0)
            return o[1];
    return NULL;
}

static inline void desk_put(struct pf_buf *to, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    (void)pf_buf_text(to, text, NULL);
}

static inline void desk_notice(struct pf_host *host, const struct pf_notice *n) {
    struct desk *desk = host->data;
    desk_put(desk->surveying ? &desk->doubts : &desk->told, "%s row %lld byte %lld x%lld %s%s%s\n", n->kind,
             (long long)n->row, (long long)n->byte, (long long)n->count, n->column ? n->column : "",
             n->column ? ": " : "", n->detail);
}

static inline pf_status desk_reject(struct pf_host *host, const struct pf_reject *r, struct pf_error *err) {
    struct desk *desk = host->data;
    desk->rejected++;
    desk_put(&desk->told, "reject row %lld line %lld byte %lld column %s expected %s: %s <%.*s>\n",
             (long long)r->row, (long long)r->line, (long long)r->byte, r->column ? r->column : "-",
             r->expected, r->reason, (int)r->raw_size, (const char *)r->raw);
    return PF_OK;
}

static inline void desk_count(struct pf_host *host, const char *key, int64_t add) {
    struct desk *desk = host->data;
    if (strcmp(key, "rows-in") == 0)
        desk->in += add;
    else
        desk->skipped += add;
}

static inline void desk_fact(void *ctx, const char *key, const char *value) {
    struct desk *desk = ctx;
    desk_put(&desk->facts, "%s=%s\n", key, value);
}

static inline void print_value(struct pf_buf *to, const struct pf_view *v, int64_t row) {
    char text[64];
    int64_t size, at = v->offset + row;
    if (!pf_view_valid(v, row)) {
        desk_put(to, "-");
        return;
    }
    switch (v->type.kind) {
    case PF_KIND_BOOL: desk_put(to, pf_bit_get(v->values, at) ? "true" : "false"); break;
    case PF_KIND_INT64: desk_put(to, "%lld", (long long)pf_load64(v->values + 8 * at)); break;
    case PF_KIND_INT32: desk_put(to, "%d", (int)pf_load32(v->values + 4 * at)); break;
    case PF_KIND_FLOAT64: {
        double d;
        memcpy(&d, v->values + 8 * at, 8);
        text[pf_print_double(d, text)] = 0;
        desk_put(to, "%s", text);
        break;
    }
    case PF_KIND_DATE32:
        text[pf_print_date((int32_t)pf_load32(v->values + 4 * at), text)] = 0;
        desk_put(to, "%s", text);
        break;
    case PF_KIND_TIMESTAMP: desk_put(to, "@%lld", (long long)pf_load64(v->values + 8 * at)); break;
    default: {
        const uint8_t *bytes = pf_view_bytes(v, row, &size);
        (void)pf_buf_text(to, "[", NULL);
        (void)pf_buf_put(to, bytes, (size_t)size, NULL);
        (void)pf_buf_text(to, "]", NULL);
        break;
    }
    }
}

static inline void print_batch(struct desk *desk, const struct ArrowSchema *schema,
                               const struct ArrowArray *batch) {
    for (int64_t r = 0; r < batch->length; r++) {
        for (int64_t c = 0; c < schema->n_children; c++) {
            struct pf_view view;
            if (pf_view_open(&view, schema->children[c], batch->children[c], NULL) != PF_OK)
                fail();
            desk_put(&desk->rows, c ? "|" : "");
            print_value(&desk->rows, &view, r);
        }
        desk_put(&desk->rows, "\n");
    }
    desk->out += batch->length;
}

/* The same rows, whatever the batches were: prints the schema first. */
static inline pf_status drink(struct desk *desk, struct ArrowArrayStream *stream) {
    struct ArrowSchema schema = {0};
    pf_status status = pf_stream_schema(stream, &desk->err, &schema, &desk->err);
    for (int64_t c = 0; status == PF_OK && c < schema.n_children; c++) {
        struct pf_type type;
        char print[96] = "?";
        if (pf_type_of(schema.children[c], &type, NULL) == PF_OK)
            pf_type_print(&type, print, sizeof print);
        desk_put(&desk->rows, "%s%s:%s", c ? "|" : "", schema.children[c]->name, print);
    }
    desk_put(&desk->rows, "\n");
    while (status == PF_OK) {
        struct ArrowArray batch = {0};
        status = pf_stream_next(stream, &desk->err, &batch, &desk->err);
        if (status != PF_OK || !batch.release)
            break;
        print_batch(desk, &schema, &batch);
        pf_array_release(&batch);
    }
    pf_schema_release(&schema);
    return status;
}

/* The columns wanted, with the types imposed on them. */
static inline pf_status pick(const struct desk *desk, const struct ArrowSchema *found, struct ArrowSchema *out,
                             uint8_t imposed[64], struct pf_error *err) {
    int64_t n = 0;
    while (desk->columns && desk->columns[n] >= 0)
        n++;
    n = desk->columns ? n : found->n_children;
    PF_TRY(pf_schema_struct(out, n, err));
    for (int64_t i = 0; i < n; i++) {
        const struct ArrowSchema *field = found->children[desk->columns ? desk->columns[i] : i];
        struct pf_type type;
        pf_status status = pf_type_of(field, &type, err);
        const char *at = desk->impose ? strstr(desk->impose, field->name) : NULL;
        if (status == PF_OK && at && field->name[0]) {
            char name[40] = "";
            at += strlen(field->name) + 1;
            imposed[i] = 1;
            memcpy(name, at, strcspn(at, ","));
            status = pf_type_parse(name, &type, err);
            if (status == PF_OK)
                status = pf_schema_field(out->children[i], field->name, &type, true, err);
        } else if (status == PF_OK) {
            status = pf_schema_copy(field, out->children[i], err);
        }
        if (status != PF_OK) {
            pf_schema_release(out);
            return status;
        }
    }
    return PF_OK;
}

static inline pf_status forward_read_at(struct pf_source *source, int64_t offset, void *to, size_t want,
                                        size_t *got, struct pf_error *err) {
    struct pf_source *inner = source->self;
    return inner->read_at(inner, offset, to, want, got, err);
}

static inline pf_status lap(struct desk *desk, pf_reader_state *state, const struct pf_table *table) {
    uint8_t imposed[64] = {0};
    struct ArrowSchema schema = {0};
    struct ArrowArrayStream stream = {0};
    desk->rows.size = desk->told.size = 0;
    desk->in = desk->out = desk->rejected = desk->skipped = 0;
    desk->laps++;
    desk->surveying = false;
    pf_status status = pick(desk, &table->schema, &schema, imposed, &desk->err);
    if (status != PF_OK)
        return status;
    struct pf_read read = {.struct_size = sizeof read,
                           .schema = &schema,
                           .columns = desk->columns,
                           .skip_rows = desk->skip,
                           .limit_rows = desk->limit,
                           .imposed = table->schema.n_children <= 64 ? imposed : NULL,
                           .err = &desk->err};
    status = pf_csv_reader.read(state, &read, &stream, &desk->err);
    if (status == PF_OK)
        status = drink(desk, &stream);
    pf_stream_release(&stream);
    pf_schema_release(&schema);
    return status;
}

/* Survey, lap, and once more after a contradiction, as run does it. */
static inline pf_status read_table(struct desk *desk, const void *bytes, size_t size) {
    struct pf_source memory, forward, *source = &memory;
    struct pf_pool *pool = NULL;
    pf_source_memory(bytes, size, &memory);
    if (desk->forward) {
        forward = (struct pf_source){sizeof forward, 0, -1, &memory, forward_read_at, NULL};
        source = &forward;
    }
    if (desk->threads && pf_pool_open(desk->threads, &pool, &desk->err) != PF_OK)
        return desk->err.code;
    struct pf_host host = {.struct_size = sizeof host,
                           .data = desk,
                           .job_get = desk_get,
                           .notice = desk_notice,
                           .reject = desk_reject,
                           .count = desk_count,
                           .pool = pool};
    struct pf_open open = {sizeof open, 0, source, &host, "t.csv", "t"};
    struct pf_survey survey = {.struct_size = sizeof survey, .fact = desk_fact, .ctx = desk};
    pf_reader_state *state = NULL;
    desk->laps = 0;
    desk->facts.size = desk->doubts.size = 0;
    desk->surveying = true;
    pf_status status = pf_csv_reader.open(&open, &state, &desk->err);
    if (status == PF_OK)
        status = pf_csv_reader.survey(state, &survey, &desk->err);
    if (status == PF_OK)
        status = lap(desk, state, survey.tables[0]);
    if (status == PF_WIDEN) {
        survey.mode = PF_SURVEY_EXACT;
        desk->surveying = true;
        status = pf_csv_reader.survey(state, &survey, &desk->err);
        if (status == PF_OK)
            status = lap(desk, state, survey.tables[0]);
    }
    pf_csv_reader.close(state);
    pf_pool_close(&pool);
    pf_source_close(&memory);
    struct pf_buf *texts[] = {&desk->rows, &desk->told, &desk->facts, &desk->doubts};
    for (int i = 0; i < 4; i++)
        (void)pf_buf_put(texts[i], "", 1, NULL);
    return status;
}

static inline const char *text_of(const struct pf_buf *buf) { return buf->data ? (const char *)buf->data : ""; }

static inline void desk_clear(struct desk *desk) {
    pf_buf_clear(&desk->rows);
    pf_buf_clear(&desk->told);
    pf_buf_clear(&desk->facts);
    pf_buf_clear(&desk->doubts);
}
#endif
