/* run_pipe.c — room run. The lap: a stream pulled dry through shapes into a writer.
 * SPDX-License-Identifier: MIT
 * Knows: next, apply, write, counts; cancel between batches.
 * Knows not: laps before and after this one. */
#include "run/run_pipe.h"

#include "base/error.h"
#include "columns/columns_batch.h"
#include "columns/columns_stream.h"

static pf_status pass_on(struct pf_lap *lap, struct ArrowArray *batch, int32_t *done, struct pf_error *err) {
    int64_t rows_in = batch->length;
    if (lap->chain)
        PF_TRY(pf_chain_apply(lap->chain, batch, done, &lap->failed, err));
    int64_t rows = batch->length;
    if (lap->count_in) {
        lap->counts->rows_in += rows_in;
        lap->counts->skipped[PF_SKIP_LIMIT] += rows_in - rows;
    }
    lap->crew->track.rows += rows;
    lap->counts->rows_out += rows;
    if (rows && lap->delivery)
        return pf_delivery_write(lap->delivery, batch, err);
    return PF_OK;
}

pf_status pf_pipe_lap(struct pf_lap *lap, struct pf_error *err) {
    lap->failed = -1;
    for (int32_t done = 0; !done;) {
        struct ArrowArray batch = {0};
        PF_TRY(pf_crew_check(lap->crew, err));
        PF_TRY(pf_stream_next(lap->stream, lap->stream_err, &batch, err));
        if (!batch.release)
            break;
        pf_status status = pass_on(lap, &batch, &done, err);
        pf_array_release(&batch);
        PF_TRY(status);
        if (lap->host && lap->host->status != PF_OK) {
            if (err)
                *err = lap->host->err;
            return lap->host->status;
        }
    }
    return PF_OK;
}
