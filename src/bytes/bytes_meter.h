/* bytes_meter.h — wraps a source or a sink: counts, checks cancel.          SPDX-License-Identifier: MIT */
#ifndef PF_BYTES_METER_H
#define PF_BYTES_METER_H
#include <stdatomic.h>

#include "base/pool.h"
#include "pyforge/extension.h"

/* Shared by all sources and sinks of a job; any thread reads it. */
struct pf_meter {
    _Atomic int64_t bytes_in;
    _Atomic int64_t bytes_out;
    atomic_bool *cancelled; /* lent; a call then answers CANCELLED */
};
/* Takes inner (its struct is moved into the wrapper); gives *out. */
pf_status pf_meter_source(struct pf_meter *meter, struct pf_source *inner, struct pf_source *out,
                          struct pf_error *err);
pf_status pf_meter_sink(struct pf_meter *meter, struct pf_sink *inner, struct pf_sink *out,
                        struct pf_error *err);
#endif
