/* bytes_sink.c — room bytes. Sinks into memory and into nothing.           SPDX-License-Identifier: MIT
 * Knows: buffers.
 * Knows not: files, formats. */
#include "bytes/bytes_sink.h"

static pf_status write_memory(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    return pf_buf_put(sink->self, from, count, err);
}

static pf_status write_nothing(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    return PF_OK;
}

static pf_status commit_nothing(struct pf_sink *sink, struct pf_error *err) { return PF_OK; }

static void abort_memory(struct pf_sink *sink) { pf_buf_clear(sink->self); }

static void abort_nothing(struct pf_sink *sink) { sink->self = NULL; }

void pf_sink_memory(struct pf_buf *to, struct pf_sink *out) {
    *out = (struct pf_sink){.struct_size = sizeof *out,
                            .self = to,
                            .write = write_memory,
                            .commit = commit_nothing,
                            .abort = abort_memory};
}

void pf_sink_nothing(struct pf_sink *out) {
    *out = (struct pf_sink){
        .struct_size = sizeof *out, .write = write_nothing, .commit = commit_nothing, .abort = abort_nothing};
}
