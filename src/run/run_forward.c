/* run_forward.c — room run. Decompressed bytes that can be read from their start again.
 * SPDX-License-Identifier: MIT
 * Knows: where the inner source stands, when it has to be opened anew.
 * Knows not: what decompresses. */
#include "run/run_forward.h"

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "run/run_head.h"

struct forward {
    struct pf_reopen reopen;
    struct pf_source inner;
    int64_t place; /* the end of what was read behind the head */
};

static pf_status go_back(struct forward *self, struct pf_error *err) {
    if (!self->reopen.open)
        return pf_fail(err, PF_BAD_DATA,
                       "the input can be read only once and its sample did not show everything; leave out "
                       "--no-spill, or give --schema or --types text");
    pf_source_close(&self->inner);
    self->inner = (struct pf_source){0};
    self->place = 0;
    return self->reopen.open(self->reopen.ctx, &self->inner, err);
}

static pf_status read_forward(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                              struct pf_error *err) {
    struct forward *self = source->self;
    int64_t end = offset + (int64_t)want;
    int64_t behind = offset > (int64_t)PF_HEAD_BYTES ? offset : (int64_t)PF_HEAD_BYTES;
    *got = 0;
    if (end > (int64_t)PF_HEAD_BYTES && behind < self->place)
        PF_TRY(go_back(self, err));
    if (!self->inner.read_at) /* opening anew failed before */
        return pf_fail(err, PF_IO, "the input could not be opened again; check that it is still there");
    PF_TRY(self->inner.read_at(&self->inner, offset, to, want, got, err));
    if (offset + (int64_t)*got > self->place)
        self->place = offset + (int64_t)*got;
    return PF_OK;
}

static void close_forward(struct pf_source *source) {
    struct forward *self = source->self;
    if (!self)
        return;
    pf_source_close(&self->inner);
    pf_mem_free(self);
    source->self = NULL;
}

pf_status pf_forward_open(struct pf_source *first, const struct pf_reopen *reopen, struct pf_source *out,
                          struct pf_error *err) {
    struct forward *self = pf_mem_zero(1, sizeof *self);
    if (!self)
        return pf_fail_memory(err, sizeof *self);
    self->reopen = *reopen;
    self->inner = *first;
    *first = (struct pf_source){0};
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .size_bytes = self->inner.size_bytes,
                              .self = self,
                              .read_at = read_forward,
                              .close = close_forward};
    return PF_OK;
}
