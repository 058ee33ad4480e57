/* bytes_meter.c — room bytes. Counts what goes through a source or a sink, and lets a cancel in.
 * SPDX-License-Identifier: MIT
 * Knows: the job's counters and its cancel flag.    Knows not: files, formats. */
#include "bytes/bytes_meter.h"

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"

struct metered_source {
    struct pf_meter *meter;
    struct pf_source inner;
};

struct metered_sink {
    struct pf_meter *meter;
    struct pf_sink inner;
};

static bool is_cancelled(const struct pf_meter *meter) {
    return meter->cancelled && atomic_load_explicit(meter->cancelled, memory_order_relaxed);
}

static pf_status read_metered(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                              struct pf_error *err) {
    struct metered_source *self = source->self;
    *got = 0;
    for (;;) { /* in steps, so that a cancel comes through a huge read */
        if (is_cancelled(self->meter))
            return pf_fail_cancelled(err);
        size_t left = want - *got, step = left < PF_CEIL_CODEC_CALL ? left : PF_CEIL_CODEC_CALL, more = 0;
        PF_TRY(
            self->inner.read_at(&self->inner, offset + (int64_t)*got, (uint8_t *)to + *got, step, &more, err));
        *got += more;
        atomic_fetch_add_explicit(&self->meter->bytes_in, (int64_t)more, memory_order_relaxed);
        if (more < step || *got == want)
            return PF_OK;
    }
}

static void close_metered(struct pf_source *source) {
    struct metered_source *self = source->self;
    if (self->inner.close)
        self->inner.close(&self->inner);
    pf_mem_free(self);
    source->self = NULL;
}

pf_status pf_meter_source(struct pf_meter *meter, struct pf_source *inner, struct pf_source *out,
                          struct pf_error *err) {
    struct metered_source *self = pf_mem_alloc(sizeof *self);
    if (!self)
        return pf_fail_memory(err, sizeof *self);
    *self = (struct metered_source){meter, *inner};
    *inner = (struct pf_source){0};
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = self->inner.random,
                              .size_bytes = self->inner.size_bytes,
                              .self = self,
                              .read_at = read_metered,
                              .close = close_metered};
    return PF_OK;
}

static pf_status write_metered(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err) {
    struct metered_sink *self = sink->self;
    size_t done = 0;
    do {
        if (is_cancelled(self->meter))
            return pf_fail_cancelled(err);
        size_t left = count - done, step = left < PF_CEIL_CODEC_CALL ? left : PF_CEIL_CODEC_CALL;
        PF_TRY(self->inner.write(&self->inner, (const uint8_t *)from + done, step, err));
        done += step;
        atomic_fetch_add_explicit(&self->meter->bytes_out, (int64_t)step, memory_order_relaxed);
    } while (done < count);
    return PF_OK;
}

/* A cancel that comes before the commit wins: nobody wants the file any more. */
static pf_status commit_metered(struct pf_sink *sink, struct pf_error *err) {
    struct metered_sink *self = sink->self;
    pf_status status;
    if (is_cancelled(self->meter)) {
        self->inner.abort(&self->inner);
        status = pf_fail_cancelled(err);
    } else {
        status = self->inner.commit(&self->inner, err);
    }
    pf_mem_free(self);
    sink->self = NULL;
    return status;
}

static void abort_metered(struct pf_sink *sink) {
    struct metered_sink *self = sink->self;
    if (!self)
        return;
    self->inner.abort(&self->inner);
    pf_mem_free(self);
    sink->self = NULL;
}

pf_status pf_meter_sink(struct pf_meter *meter, struct pf_sink *inner, struct pf_sink *out,
                        struct pf_error *err) {
    struct metered_sink *self = pf_mem_alloc(sizeof *self);
    if (!self)
        return pf_fail_memory(err, sizeof *self);
    *self = (struct metered_sink){meter, *inner};
    *inner = (struct pf_sink){0};
    *out = (struct pf_sink){.struct_size = sizeof *out,
                            .self = self,
                            .write = write_metered,
                            .commit = commit_metered,
                            .abort = abort_metered};
    return PF_OK;
}
