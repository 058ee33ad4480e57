/* contract_desk.h — the host, source and sink that a table meets while it is checked.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CONTRACT_DESK_H
#define PF_CONTRACT_DESK_H
#include "base/error.h"
#include "base/pool.h"
#include "contract/contract.h"

#define PF_CONTRACT_NEVER INT64_MAX

/* One run of a table. Zero, then pf_contract_desk_open; the fields before `host` are set by the caller. */
struct pf_contract_desk {
    const struct pf_option *const *options; /* the table's: job_get answers with their defaults */
    int64_t fail_at; /* this read, write or commit and all after it fail with IO; NEVER */
    bool fail_once;  /* it alone */
    bool cancelled;
    bool old;                   /* the host ends where that of version 1.0 did */
    const char *input, *output; /* what job_get knows besides the options; may be NULL */
    bool takes_options;         /* a parameter hook may set some */
    struct pf_host host;
    /* the source */
    struct pf_source source;
    const uint8_t *bytes;
    size_t size;
    _Atomic int64_t calls; /* of read_at, which tasks of a pool call at once, or of write and commit */
    int64_t closed;        /* how often the source was closed */
    /* the sink */
    int64_t opened, committed, aborted, after_end; /* after_end: calls of a sink that had ended */
    int64_t written;
    uint64_t hash; /* of the bytes written */
    /* what the table told */
    int64_t rows_in, skipped, rejected;
    bool tells;        /* counted anything */
    int64_t misplaced; /* calls of job_set that are not allowed */
    int64_t results;   /* calls of result_put */
    int64_t rows_out;  /* that they told */
};
void pf_contract_desk_open(struct pf_contract_desk *desk);
/* A pf_begin's open_sink; ctx is the desk. */
pf_status pf_contract_open_sink(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err);

const char *pf_contract_code(pf_status status); /* "BAD_DATA" */

/* The promises of one table as they are found kept or broken; the first break of each is told. */
struct pf_contract_finding {
    const struct pf_contract *contract;
    const char *promise;
    bool kept;
    char detail[240];
    int64_t broken; /* promises */
};
void pf_contract_begin(struct pf_contract_finding *finding, const char *promise);
/* false (and noted) when the condition does not hold. */
bool pf_contract_hold(struct pf_contract_finding *finding, bool condition, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void pf_contract_end(struct pf_contract_finding *finding);
/* A failure fills its error: code and words. */
void pf_contract_hold_told(struct pf_contract_finding *finding, const char *step, pf_status status,
                           const struct pf_error *err);
/* Takes, fills and gives back a block of each size: what was freed too early does not look as it did. */
void pf_contract_overwrite(void);
/* Bytes that the heap of the process has grown by when run is called again and again; 0: it gives back what it takes. */
int64_t pf_contract_growth(void (*run)(void *arg), void *arg);
#endif
