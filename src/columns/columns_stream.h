/* columns_stream.h — make and drink Arrow streams; status ↔ errno in one table. SPDX-License-Identifier: MIT */
#ifndef PF_COLUMNS_STREAM_H
#define PF_COLUMNS_STREAM_H
#include "columns/columns_type.h"

/* What a maker of a stream fills in; next: a released array at the end. Errors go to err, stick, and are given
 * to the consumer as errno and text. */
struct pf_stream_maker {
    void *self;
    pf_status (*schema)(void *self, struct ArrowSchema *out, struct pf_error *err);
    pf_status (*next)(void *self, struct ArrowArray *out, struct pf_error *err);
    void (*close)(void *self);
};
/* Gives *out; maker is copied; close is called exactly once, by the release of *out. err_out: the request's
 * err, filled when the stream fails (may be NULL). */
pf_status pf_stream_make(const struct pf_stream_maker *maker, struct pf_error *err_out,
                         struct ArrowArrayStream *out, struct pf_error *err);
/* Consumer side; status and text from errno and get_last_error, or the exact error when err_in is the request's
 * err. */
pf_status pf_stream_schema(struct ArrowArrayStream *stream, const struct pf_error *err_in,
                           struct ArrowSchema *out, struct pf_error *err);
pf_status pf_stream_next(struct ArrowArrayStream *stream, const struct pf_error *err_in, struct ArrowArray *out,
                         struct pf_error *err);
void pf_stream_release(struct ArrowArrayStream *stream); /* zero or released is fine */
int pf_status_to_errno(pf_status status);
pf_status pf_status_from_errno(int number);
#endif
