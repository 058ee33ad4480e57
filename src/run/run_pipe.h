/* run_pipe.h — the lap: a stream pulled dry through shapes into a writer.       SPDX-License-Identifier: MIT */
#ifndef PF_RUN_PIPE_H
#define PF_RUN_PIPE_H
#include "run/run_chain.h"
#include "run/run_delivery.h"

struct pf_lap {
    struct pf_crew *crew;
    struct ArrowArrayStream *stream;
    const struct pf_error *stream_err; /* the err of the read request; may be NULL */
    const struct pf_run_host *host;    /* of the reader; its sticky failure ends the lap; may be NULL */
    struct pf_chain *chain;            /* NULL: none */
    struct pf_delivery *delivery;      /* NULL: batches are dropped */
    struct pf_counts *counts;          /* rows_out is counted here */
    bool count_in;                     /* rows_in too: for streams that nobody else counts */
    int64_t failed; /* out: tag of the chain's link that refused; −1: it was something else */
};
pf_status pf_pipe_lap(struct pf_lap *lap, struct pf_error *err);
#endif
