/* parquet_writer.c — room write/parquet. Batches in, a Parquet file out.         SPDX-License-Identifier: MIT
 * Knows: row groups filling while the one before is encoded, tasks over columns, the order of the file.
 * Knows not: encodings, where the bytes go.                            Format: docs/formats/parquet.md
 *
 * At most one row group is being encoded while the next fills. Which thread encodes which columns cannot show:
 * every chunk is made from its own rows alone, and chunks are written in the order of the columns. */
#include "write/parquet/parquet_writer.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/thread.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "write/parquet/parquet_chunk.h"
#include "write/parquet/parquet_footer.h"
#include "write/parquet/parquet_group.h"
#include "write/parquet/parquet_options.h"

#define MOST_TASKS   256         /* of one row group; very wide tables encode several columns in each */
#define CODEC_WEIGHT 8           /* a compressed byte takes so much longer than a plain one */
#define TEXT_WEIGHT  16          /* a text counts as so many bytes as long as nothing is known of it */
#define STAGE_BYTES  (512 << 10) /* small chunks are written together */
#define META_PREFIX  "pyforge."  /* metadata of columns that goes into the file */

struct column_task {
    struct pf_task task; /* first: the pool gives it back */
    struct pf_writer_state *state;
    int64_t from, to; /* columns */
    int64_t cost;     /* what they were in the group before, in bytes; those with a codec weigh more */
    pf_status status;
    struct pf_error error;
};

struct pf_writer_state {
    struct pf_host *host;
    struct pf_pool *pool; /* NULL: encode in the caller's thread */
    struct pf_parquet_settings settings;
    struct ArrowSchema arrow;
    struct pf_parquet_schema schema;
    struct pf_sink sink;
    bool sink_open;
    bool finished;
    struct pf_parquet_group filling, encoding;
    bool encoding_now;
    struct column_task *tasks;
    struct column_task *order[MOST_TASKS]; /* as they are started */
    int64_t task_count;
    struct pf_parquet_chunk *chunks; /* one per column */
    struct pf_parquet_scratch *idle; /* under the mutex */
    pf_mutex mutex;
    bool mutex_open;
    struct pf_buf staged;
    struct pf_parquet_footer footer;
    int64_t offset; /* bytes given out, staged ones included */
    int64_t rows;
    int64_t most_bytes;               /* of the filling group, as PLAIN values */
    int64_t last_plain, last_encoded; /* of the group written last: PLAIN values, encoded before the codec */
    pf_status status;                 /* the first failure */
    struct pf_error error;
};

/* ---- out ---- */

static pf_status flush_staged(pf_writer_state *state, struct pf_error *err) {
    if (state->staged.size)
        PF_TRY(state->sink.write(&state->sink, state->staged.data, state->staged.size, err));
    state->staged.size = 0;
    return PF_OK;
}

static pf_status put_out(void *ctx, const void *bytes, size_t size, struct pf_error *err) {
    pf_writer_state *state = ctx;
    if (size == 0)
        return PF_OK;
    bool alone = size > STAGE_BYTES / 4;
    if (alone || state->staged.size + size > STAGE_BYTES)
        PF_TRY(flush_staged(state, err));
    if (alone)
        PF_TRY(state->sink.write(&state->sink, bytes, size, err));
    else
        PF_TRY(pf_buf_put(&state->staged, bytes, size, err));
    state->offset += (int64_t)size;
    return PF_OK;
}

/* ---- encoding ---- */

static struct pf_parquet_scratch *take_scratch(pf_writer_state *state) {
    pf_mutex_lock(&state->mutex);
    struct pf_parquet_scratch *scratch = state->idle;
    if (scratch)
        state->idle = scratch->next;
    pf_mutex_unlock(&state->mutex);
    return scratch ? scratch : pf_mem_zero(1, sizeof *scratch);
}

static void give_scratch(pf_writer_state *state, struct pf_parquet_scratch *scratch) {
    pf_mutex_lock(&state->mutex);
    scratch->next = state->idle;
    state->idle = scratch;
    pf_mutex_unlock(&state->mutex);
}

static bool is_cancelled(void *ctx) {
    pf_writer_state *state = ctx;
    if (state->pool && pf_pool_cancelled(state->pool))
        return true;
    return state->host && state->host->cancelled && state->host->cancelled(state->host);
}

static pf_status encode_columns(struct column_task *task, struct pf_parquet_scratch *scratch,
                                struct pf_buf *parts) {
    pf_writer_state *state = task->state;
    for (int64_t i = task->from; i < task->to; i++) {
        parts->size = 0;
        PF_TRY(pf_parquet_group_parts(&state->encoding, state->schema.columns[i].field, parts, &task->error));
        struct pf_parquet_work work = {
            .settings = &state->settings,
            .column = &state->schema.columns[i],
            .parts = (const struct pf_parquet_part *)(const void *)parts->data,
            .part_count = (int64_t)(parts->size / sizeof(struct pf_parquet_part)),
            .first_row = state->encoding.first_row,
            .cancelled = is_cancelled,
            .ctx = state,
        };
        PF_TRY(pf_parquet_chunk_encode(&work, scratch, &state->chunks[i], &task->error));
    }
    return PF_OK;
}

static void run_task(struct pf_task *base) {
    struct column_task *task = (struct column_task *)base;
    struct pf_buf parts = {0};
    struct pf_parquet_scratch *scratch = take_scratch(task->state);
    if (!scratch) {
        task->status = pf_fail_memory(&task->error, sizeof *scratch);
        return;
    }
    task->status = encode_columns(task, scratch, &parts);
    pf_buf_clear(&parts);
    give_scratch(task->state, scratch);
}

static void wait_tasks(pf_writer_state *state) {
    for (int64_t i = 0; state->pool && state->encoding_now && i < state->task_count; i++)
        pf_pool_wait(state->pool, &state->tasks[i].task);
}

/* Waits for the columns of a task and writes them, while those behind it are being encoded. */
static pf_status collect_columns(pf_writer_state *state, struct column_task *task, struct pf_error *err) {
    if (state->pool)
        pf_pool_wait(state->pool, &task->task);
    if (task->status != PF_OK) {
        if (err)
            *err = task->error;
        return task->status;
    }
    for (int64_t i = task->from; i < task->to; i++) {
        const struct pf_parquet_chunk *chunk = &state->chunks[i];
        state->last_encoded += chunk->uncompressed_size;
        PF_TRY(pf_parquet_footer_chunk(&state->footer, &state->schema.columns[i], chunk, state->offset,
                                       state->settings.modern, err));
        PF_TRY(put_out(state, chunk->bytes.data, chunk->bytes.size, err));
    }
    return PF_OK;
}

/* Waits for the row group being encoded and writes it. Of several failures the one of the first column is told,
 * so that it is the same one every time. */
static pf_status collect_group(pf_writer_state *state, struct pf_error *err) {
    if (!state->encoding_now)
        return PF_OK;
    pf_status status = PF_OK;
    state->last_encoded = 0;
    for (int64_t i = 0; i < state->task_count && status == PF_OK; i++)
        status = collect_columns(state, &state->tasks[i], err);
    wait_tasks(state); /* nothing is left behind a failure */
    state->encoding_now = false;
    PF_TRY(status);
    PF_TRY(pf_parquet_footer_group(&state->footer, state->encoding.rows, err));
    state->last_plain = state->encoding.bytes;
    pf_parquet_group_reset(&state->encoding);
    return PF_OK;
}

/* The limit is on encoded bytes; a group is measured in PLAIN bytes while it fills. How one becomes the other
 * is taken from the group written last, which is the one before the one being encoded, whatever the threads do.
 * At most twice the limit, for what waits in memory is not encoded. */
static int64_t most_plain_bytes(const pf_writer_state *state) {
    int64_t limit = state->settings.group_bytes;
    if (state->last_encoded <= 0 || state->last_plain <= state->last_encoded)
        return limit;
    double ratio = (double)state->last_plain / (double)state->last_encoded;
    return (int64_t)((double)limit * (ratio < 2 ? ratio : 2));
}

/* By what the columns were in the group before; in the first group by their types. */
static int64_t cost_of(const pf_writer_state *state, const struct column_task *task) {
    int64_t cost = 0;
    for (int64_t i = task->from; i < task->to; i++) {
        const struct pf_parquet_chunk *chunk = &state->chunks[i];
        const struct pf_parquet_column *column = &state->schema.columns[i];
        if (state->encoding.first_row > 0)
            cost += chunk->uncompressed_size * (chunk->codec_id ? CODEC_WEIGHT : 1);
        else
            cost += column->width ? column->width : column->physical == PF_PARQUET_BOOLEAN ? 0 : TEXT_WEIGHT;
    }
    return cost;
}

/* The costly ones first, so that no thread is left alone with one of them at the end. */
static void order_tasks(pf_writer_state *state) {
    for (int64_t i = 0; i < state->task_count; i++) {
        struct column_task *task = &state->tasks[i];
        int64_t k = i;
        task->cost = cost_of(state, task);
        for (; k > 0 && state->order[k - 1]->cost < task->cost; k--)
            state->order[k] = state->order[k - 1];
        state->order[k] = task;
    }
}

static pf_status start_group(pf_writer_state *state, struct pf_error *err) {
    PF_TRY(collect_group(state, err));
    struct pf_parquet_group full = state->filling;
    state->filling = state->encoding;
    state->encoding = full;
    state->filling.first_row = full.first_row + full.rows;
    state->most_bytes = most_plain_bytes(state);
    state->encoding_now = true;
    order_tasks(state);
    for (int64_t i = 0; i < state->task_count; i++) {
        struct column_task *task = state->order[i];
        task->status = PF_OK;
        task->error = (struct pf_error)PF_ERROR_INIT;
        if (state->pool)
            pf_pool_submit(state->pool, &task->task);
        else
            run_task(&task->task);
    }
    return state->pool ? PF_OK : collect_group(state, err);
}

/* ---- begin ---- */

struct pair_copy {
    pf_writer_state *state;
    const char *column; /* NULL: the table's own */
    struct pf_error *err;
    pf_status status;
};

/* The table's pairs go into the file as they are, a column's as KEY:COLUMN. */
static void copy_pair(void *ctx, const char *key, size_t key_size, const char *value, size_t size) {
    struct pair_copy *copy = ctx;
    struct pf_buf name = {0};
    if (copy->status != PF_OK)
        return;
    if (copy->column && (key_size < strlen(META_PREFIX) || memcmp(key, META_PREFIX, strlen(META_PREFIX)) != 0))
        return;
    copy->status = pf_buf_put(&name, key, key_size, copy->err);
    if (copy->status == PF_OK && copy->column)
        copy->status = pf_buf_print(&name, copy->err, ":%s", copy->column);
    if (copy->status == PF_OK)
        copy->status = pf_parquet_footer_pair(&copy->state->footer, (const char *)name.data, name.size, value,
                                              size, copy->err);
    pf_buf_clear(&name);
}

static pf_status copy_pairs(pf_writer_state *state, struct pf_error *err) {
    static const char *const units[] = {"s", "ms", "us", "ns"};
    struct pair_copy copy = {.state = state, .err = err};
    pf_schema_each_meta(&state->arrow, copy_pair, &copy);
    for (int64_t i = 0; i < state->schema.count && copy.status == PF_OK; i++) {
        const struct pf_parquet_column *column = &state->schema.columns[i];
        copy.column = column->name;
        pf_schema_each_meta(column->arrow, copy_pair, &copy);
        if (column->type.kind == PF_KIND_DURATION && copy.status == PF_OK) {
            /* Parquet has no duration: the number is there, its unit is told here */
            const char *unit = units[column->type.unit], *key = META_PREFIX "duration";
            copy_pair(&copy, key, strlen(key), unit, strlen(unit));
        }
    }
    return copy.status;
}

static pf_status make_tasks(pf_writer_state *state, struct pf_error *err) {
    int64_t columns = state->schema.count, share = (columns + MOST_TASKS - 1) / MOST_TASKS;
    int64_t count = (columns + share - 1) / share;
    state->chunks = pf_mem_zero((size_t)columns, sizeof *state->chunks);
    state->tasks = pf_mem_zero((size_t)count, sizeof *state->tasks);
    if (!state->chunks || !state->tasks)
        return pf_fail_memory(err, (size_t)columns * sizeof *state->chunks);
    for (int64_t i = 0; i < count; i++) {
        struct column_task *task = &state->tasks[i];
        task->task.run = run_task;
        task->state = state;
        task->from = i * share;
        task->to = task->from + share < columns ? task->from + share : columns;
    }
    state->task_count = count;
    return PF_OK;
}

static void close_state(pf_writer_state *state) {
    wait_tasks(state);
    if (state->sink_open)
        state->sink.abort(&state->sink);
    pf_parquet_group_clear(&state->filling);
    pf_parquet_group_clear(&state->encoding);
    for (int64_t i = 0; state->chunks && i < state->schema.count; i++)
        pf_parquet_chunk_clear(&state->chunks[i]);
    while (state->idle) {
        struct pf_parquet_scratch *scratch = state->idle;
        state->idle = scratch->next;
        pf_parquet_scratch_clear(scratch);
        pf_mem_free(scratch);
    }
    if (state->mutex_open)
        pf_mutex_clear(&state->mutex);
    pf_mem_free(state->chunks);
    pf_mem_free(state->tasks);
    pf_buf_clear(&state->staged);
    pf_parquet_footer_clear(&state->footer);
    pf_parquet_schema_clear(&state->schema);
    pf_schema_release(&state->arrow);
    pf_mem_free(state);
}

static pf_status prepare(pf_writer_state *state, const struct pf_begin *request, struct pf_error *err) {
    PF_TRY(pf_parquet_settings_read(request->host, &state->settings, err));
    if (!request->schema->format || strcmp(request->schema->format, "+s") != 0)
        return pf_fail(err, PF_ARGUMENT, "a table's schema must be a struct; wrap the column");
    PF_TRY(pf_schema_copy(request->schema, &state->arrow, err));
    PF_TRY(pf_parquet_schema_open(&state->schema, &state->arrow, &state->settings, err));
    PF_TRY(copy_pairs(state, err));
    PF_TRY(make_tasks(state, err));
    PF_TRY(pf_mutex_init(&state->mutex, err));
    state->mutex_open = true;
    state->most_bytes = state->settings.group_bytes;
    PF_TRY(request->open_sink(request->ctx, NULL, &state->sink, err));
    state->sink_open = true;
    return put_out(state, "PAR1", 4, err);
}

static pf_status parquet_begin(const struct pf_begin *request, pf_writer_state **out, struct pf_error *err) {
    pf_writer_state *state = pf_mem_zero(1, sizeof *state);
    if (!state)
        return pf_fail_memory(err, sizeof *state);
    state->host = request->host;
    state->pool = request->host ? request->host->pool : NULL;
    pf_status status = prepare(state, request, err);
    if (status != PF_OK) {
        close_state(state);
        return status;
    }
    *out = state;
    return PF_OK;
}

/* ---- write, finish ---- */

static pf_status check_batch(const pf_writer_state *state, const struct ArrowArray *batch,
                             struct pf_error *err) {
    const char *fault = NULL;
    if (batch->n_children != state->schema.fields || batch->length < 0 || batch->offset < 0)
        fault = "a batch does not have the columns of its schema";
    else if (batch->n_buffers > 0 && batch->buffers && batch->buffers[0] &&
             pf_bits_count(batch->buffers[0], batch->offset, batch->length) < batch->length)
        fault = "a batch has rows that are null as a whole";
    for (int64_t i = 0; !fault && i < batch->n_children; i++) {
        const struct ArrowArray *child = batch->children[i];
        if (!child || child->length < batch->offset + batch->length)
            fault = "a column is shorter than its batch";
    }
    return fault ? pf_fail(err, PF_BAD_DATA, "%s; this is a fault of the producer", fault) : PF_OK;
}

static pf_status take_batch(pf_writer_state *state, struct ArrowArray *batch, struct pf_error *err) {
    PF_TRY(check_batch(state, batch, err));
    struct pf_parquet_held *held;
    int64_t length = batch->length, from = 0;
    PF_TRY(pf_parquet_held_open(batch, &held, err));
    pf_status status = PF_OK;
    while (from < length && status == PF_OK) {
        bool full;
        status = pf_parquet_group_fill(&state->filling, &state->schema, held, &from, state->settings.group_rows,
                                       state->most_bytes, &full, err);
        if (status == PF_OK && full)
            status = start_group(state, err);
    }
    pf_parquet_held_drop(held);
    if (status == PF_OK)
        state->rows += length;
    return status;
}

static pf_status keep_first(pf_writer_state *state, pf_status status, const struct pf_error *err) {
    if (status != PF_OK && state->status == PF_OK) {
        state->status = status;
        state->error = err ? *err : (struct pf_error)PF_ERROR_INIT;
        state->error.code = status;
    }
    return status;
}

static pf_status refuse_call(pf_writer_state *state, const char *call, struct pf_error *err) {
    if (state->status != PF_OK) {
        if (err)
            *err = state->error;
        return state->status;
    }
    if (state->finished)
        return pf_fail(err, PF_STATE, "%s after the file is finished; open another", call);
    return PF_OK;
}

static pf_status parquet_write(pf_writer_state *state, struct ArrowArray *batch, struct pf_error *err) {
    struct pf_error own = PF_ERROR_INIT;
    PF_TRY(refuse_call(state, "write", err));
    pf_status status = is_cancelled(state) ? pf_fail_cancelled(&own) : take_batch(state, batch, &own);
    if (status != PF_OK && err)
        *err = own;
    return keep_first(state, status, &own);
}

static int64_t parquet_bytes_so_far(pf_writer_state *state) { return state->offset; }

static pf_status finish_file(pf_writer_state *state, struct pf_error *err) {
    if (state->filling.rows > 0)
        PF_TRY(start_group(state, err));
    PF_TRY(collect_group(state, err));
    if (is_cancelled(state))
        return pf_fail_cancelled(err);
    PF_TRY(pf_parquet_footer_put(&state->footer, &state->schema, state->settings.modern, state->offset, put_out,
                                 state, err));
    PF_TRY(flush_staged(state, err));
    state->sink_open = false; /* commit ends the sink, whatever it answers */
    PF_TRY(state->sink.commit(&state->sink, err));
    state->finished = true;
    return PF_OK;
}

static pf_status parquet_finish(pf_writer_state *state, struct pf_written *out, struct pf_error *err) {
    struct pf_error own = PF_ERROR_INIT;
    PF_TRY(refuse_call(state, "finish", err));
    pf_status status = finish_file(state, &own);
    if (status != PF_OK && err)
        *err = own;
    if (status == PF_OK && out) {
        out->rows = state->rows;
        out->bytes = state->offset;
    }
    return keep_first(state, status, &own);
}

static void parquet_abort(pf_writer_state *state) {
    wait_tasks(state);
    state->encoding_now = false;
    if (state->sink_open)
        state->sink.abort(&state->sink);
    state->sink_open = false;
    if (state->status == PF_OK) {
        pf_fail(&state->error, PF_STATE, "the file was given up; open another");
        state->status = PF_STATE;
    }
}

static void parquet_close(pf_writer_state *state) { close_state(state); }

static const char *const suffixes[] = {".parquet", ".parq", ".pq", NULL};

const struct pf_writer pf_parquet_writer = {
    .struct_size = sizeof pf_parquet_writer,
    .rank = PF_RANK_PRIMARY,
    .name = "parquet",
    .summary = "Apache Parquet",
    .suffixes = suffixes,
    .options = pf_parquet_options,
    .begin = parquet_begin,
    .write = parquet_write,
    .bytes_so_far = parquet_bytes_so_far,
    .finish = parquet_finish,
    .abort = parquet_abort,
    .close = parquet_close,
};
