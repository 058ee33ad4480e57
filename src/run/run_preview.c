/* run_preview.c — room run. The first rows of an input as text.                 SPDX-License-Identifier: MIT
 * Knows: limits, cells as text.
 * Knows not: formats. */
#include "base/error.h"
#include "columns/columns_batch.h"
#include "columns/columns_stream.h"
#include "columns/columns_view.h"
#include "run/run_inspect.h"

#define ROWS_USUAL 10
#define ROWS_MOST  100000

static pf_status put_rows(const struct ArrowSchema *schema, const struct ArrowArray *batch, int64_t *left,
                          struct pf_json_writer *json, struct pf_error *err) {
    for (int64_t row = 0; row<batch->length && * left> 0; row++, --*left) {
        pf_json_open(json, '[');
        for (int64_t i = 0; i < schema->n_children; i++) {
            struct pf_view view;
            PF_TRY(pf_view_child(&view, schema, batch, i, err));
            int64_t size = 0;
            const uint8_t *text = pf_view_valid(&view, row) ? pf_view_bytes(&view, row, &size) : NULL;
            if (text)
                pf_json_text_sized(json, (const char *)text, (size_t)size);
            else
                pf_json_text(json, NULL);
        }
        pf_json_close(json, ']');
    }
    return PF_OK;
}

static pf_status put_stream(struct pf_look *look, struct pf_chain *chain, int64_t *left,
                            struct pf_json_writer *json, struct pf_error *err) {
    struct pf_reading *reading = &look->reading;
    while (*left > 0) {
        struct ArrowArray batch = {0};
        int32_t done = 0;
        int64_t failed;
        PF_TRY(pf_crew_check(&look->run.crew, err));
        PF_TRY(pf_stream_next(&reading->stream, &reading->stream_err, &batch, err));
        if (!batch.release)
            return PF_OK;
        PF_TRY(pf_chain_apply(chain, &batch, &done, &failed, err));
        pf_status status = put_rows(&chain->schema, &batch, left, json, err);
        pf_array_release(&batch);
        PF_TRY(status);
    }
    return PF_OK;
}

static pf_status put_table(struct pf_look *look, struct pf_json_writer *json, struct pf_error *err) {
    struct pf_reading *reading = &look->reading;
    struct pf_chain chain = {0};
    int64_t left = reading->plan.limit_rows;
    pf_status status = pf_reading_open(reading, err);
    if (status == PF_OK)
        status = pf_chain_open(&chain, &reading->plan.read, err);
    if (status == PF_OK)
        status = pf_chain_add(&chain, &pf_shape_text, NULL, -1, &look->intake.host.face, err);
    if (status == PF_OK)
        status = put_stream(look, &chain, &left, json, err);
    pf_stream_release(&reading->stream);
    pf_chain_clear(&chain);
    return status;
}

/* The rows are asked for as JSON of their own, so that a lap that is thrown away leaves nothing. */
static pf_status print_rows(struct pf_look *look, struct pf_buf *rows, struct pf_error *err) {
    for (;;) {
        struct pf_json_writer json;
        rows->size = 0;
        pf_json_begin(&json, rows, 0, err);
        pf_json_open(&json, '[');
        pf_status status = put_table(look, &json, err);
        if (status == PF_OK) {
            pf_json_close(&json, ']');
            PF_TRY(pf_json_end(&json));
            return pf_buf_put(rows, "", 1, err);
        }
        PF_TRY(pf_reading_recover(&look->reading, status, -1, err));
        look->reading.plan.limit_rows = pf_job_number(look->run.job, "limit", ROWS_USUAL);
    }
}

pf_status pf_preview(struct pf_look *look, struct pf_json_writer *json, struct pf_error *err) {
    struct pf_reading *reading = &look->reading;
    struct pf_buf rows = {0};
    PF_TRY(pf_reading_survey(reading, PF_SURVEY_SAMPLE, err));
    int32_t table;
    PF_TRY(pf_look_find(look, look->table, &table, err));
    PF_TRY(pf_reading_plan(reading, table, err));
    int64_t limit = pf_job_number(look->run.job, "limit", ROWS_USUAL);
    if (limit > ROWS_MOST)
        return pf_fail(err, PF_LIMIT, "at most %d rows can be shown; convert the file for more", ROWS_MOST);
    reading->plan.limit_rows = limit;
    pf_status status = print_rows(look, &rows, err);
    if (status == PF_OK) {
        pf_json_key(json, "table");
        pf_json_text(json, reading->verdict.tables[table].name);
        pf_json_key(json, "table_count");
        pf_json_int(json, (int64_t)reading->verdict.table_count);
        pf_json_key(json, "columns");
        pf_columns_json(&reading->plan.read, json);
        pf_json_key(json, "rows");
        pf_json_raw(json, (const char *)rows.data);
    }
    pf_buf_clear(&rows);
    return status;
}
