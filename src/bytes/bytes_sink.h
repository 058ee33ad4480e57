/* bytes_sink.h — sinks into memory and into nothing.                            SPDX-License-Identifier: MIT */
#ifndef PF_BYTES_SINK_H
#define PF_BYTES_SINK_H
#include "base/buf.h"
#include "pyforge/extension.h"

/* Appends to *to (lent until commit or abort; abort clears it). */
void pf_sink_memory(struct pf_buf *to, struct pf_sink *out);
void pf_sink_nothing(struct pf_sink *out);
#endif
