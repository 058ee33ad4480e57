/* frail_writer.c — a writer of bytes that breaks the promise named by frail_write.
 * SPDX-License-Identifier: MIT
 * Knows: how each promise is broken.
 * Knows not: how that is found. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "frail.h"

enum frail_write frail_write;
static int turn; /* changes from run to run */

struct frail {
    struct pf_host *host;
    struct pf_sink sink;
    bool open, finished;
    int64_t rows, bytes;
    void *note;
    struct pf_error failure;
};

static pf_status keep(struct frail *f, pf_status status, const struct pf_error *own, struct pf_error *err) {
    if (status != PF_OK && frail_write != FAILURE_FORGOTTEN) {
        f->failure = *own;
        f->failure.code = status;
    }
    if (status != PF_OK && err)
        *err = *own;
    return status;
}

static pf_status check_state(struct frail *f, struct pf_error *err) {
    if (f->failure.code != PF_OK)
        return *err = f->failure, f->failure.code;
    if (f->finished && frail_write != LATE_TAKEN)
        return pf_fail(err, PF_STATE, "it is finished");
    return PF_OK;
}

static pf_status put(struct frail *f, const void *bytes, size_t size, struct pf_error *err) {
    pf_status status = f->sink.write(&f->sink, bytes, size, err);
    if (status == PF_OK)
        f->bytes += (int64_t)size;
    return status;
}

static void abort_frail(pf_writer_state *state) {
    struct frail *f = (struct frail *)state;
    if (!f->open || frail_write == ABORT_FORGETS)
        return;
    if (frail_write == ABORT_COMMITS && f->failure.code == PF_OK)
        f->sink.commit(&f->sink, NULL);
    else
        f->sink.abort(&f->sink);
    f->open = false;
}

static void close_frail(pf_writer_state *state) {
    struct frail *f = (struct frail *)state;
    pf_mem_free(f->note);
    if (frail_write == WRITER_LEAKS)
        frail_lose(f);
    else
        pf_mem_free(f);
}

static bool is_other(const struct frail *f) {
    return (frail_write == TIME_SHOWS && turn % 2) ||
           (frail_write == OLD_WRITES_OTHER && !PF_HAS(struct pf_host, f->host, result_put));
}

static pf_status begin(const struct pf_begin *request, pf_writer_state **out, struct pf_error *err) {
    struct frail *f = pf_mem_zero(1, sizeof *f);
    turn++;
    if (!f)
        return pf_fail_memory(err, sizeof *f);
    f->host = request->host;
    if (frail_write == WRITES_GROW)
        frail_grow();
    f->note = pf_mem_alloc(10);
    pf_status status =
        f->note ? request->open_sink(request->ctx, NULL, &f->sink, err) : pf_fail_memory(err, 10);
    if (status == PF_IO && err && frail_write == BEGIN_UNTOLD)
        err->code = PF_OK;
    if (status == PF_OK) {
        f->open = true;
        status = put(f, is_other(f) ? "fraiL" : "frail", 5, err);
        if (status != PF_OK)
            f->sink.abort(&f->sink);
    }
    if (status != PF_OK) {
        if (frail_write == LACK_LEAKS && status == PF_NO_MEMORY)
            frail_lose(f);
        else
            close_frail((pf_writer_state *)f);
        return status;
    }
    *out = (pf_writer_state *)f;
    return PF_OK;
}

static pf_status write_rows(struct frail *f, const struct ArrowArray *batch, struct pf_error *err) {
    if (f->host->cancelled(f->host) && frail_write != CANCEL_COMMITS)
        return pf_fail(err, PF_CANCELLED, "cancelled");
    for (int64_t i = 0; i < batch->length; i++)
        PF_TRY(put(f, "row\n", 4, err));
    f->rows += batch->length;
    return PF_OK;
}

static pf_status write_frail(pf_writer_state *state, struct ArrowArray *batch, struct pf_error *err) {
    struct frail *f = (struct frail *)state;
    struct pf_error own = PF_ERROR_INIT;
    PF_TRY(check_state(f, err));
    pf_status status = write_rows(f, batch, &own);
    if (status != PF_OK && !(frail_write == MUTE_COMMITS && !err))
        return keep(f, status, &own, err);
    if (frail_write != BATCH_KEPT)
        pf_array_release(batch);
    return PF_OK;
}

static int64_t bytes_so_far(pf_writer_state *state) {
    const struct frail *f = (const struct frail *)state;
    return frail_write == BYTES_FALL ? 100 - f->bytes : f->bytes;
}

static pf_status finish(pf_writer_state *state, struct pf_written *out, struct pf_error *err) {
    struct frail *f = (struct frail *)state;
    struct pf_error own = PF_ERROR_INIT;
    PF_TRY(check_state(f, err));
    if (frail_write == EMPTY_REFUSED && f->rows == 0)
        return keep(f, pf_fail(&own, PF_BAD_DATA, "no rows"), &own, err);
    f->open = frail_write == SINK_USED_ON;
    f->finished = true;
    pf_status status = f->sink.commit(&f->sink, &own);
    if (frail_write == MUTE_COMMITS && !err)
        return PF_OK;
    if (frail_write != COMMIT_TRUSTED && !(frail_write == CANCEL_COMMITS && f->host->cancelled(f->host)))
        PF_TRY(keep(f, status, &own, err));
    if (frail_write == CANCEL_COMMITS && f->host->cancelled(f->host))
        return keep(f, pf_fail(&own, PF_CANCELLED, "cancelled"), &own, err);
    out->rows = f->rows + (frail_write == ROWS_WRONG);
    out->bytes = f->bytes;
    return PF_OK;
}

const struct pf_writer *frail_writer(void) {
    static const char *const suffixes[] = {".frail", NULL}, *const bare[] = {"frail", NULL};
    static struct pf_writer writer;
    writer = (struct pf_writer){.struct_size = sizeof writer,
                                .rank = PF_RANK_PRIMARY,
                                .name = "frail",
                                .summary = "breaks promises",
                                .suffixes = frail_write == DOT_MISSING ? bare : suffixes,
                                .begin = begin,
                                .write = write_frail,
                                .bytes_so_far = bytes_so_far,
                                .finish = finish,
                                .abort = abort_frail,
                                .close = close_frail};
    return &writer;
}
