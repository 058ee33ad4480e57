/* columns_stream.c — room columns. Makes and drinks Arrow streams.               SPDX-License-Identifier: MIT
 * Knows: the C stream interface, sticky failures, status codes as errno numbers.
 * Knows not: who makes the batches, what is in them. */
#include "columns/columns_stream.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"

/* One row a code; each number once, so that the way back is certain. */
static const struct {
    pf_status status;
    int number;
} errno_table[] = {
    {PF_OK, 0},
    {PF_ARGUMENT, EINVAL},
    {PF_STATE, EBUSY},
    {PF_NOT_FOUND, ENOENT},
    {PF_EXISTS, EEXIST},
    {PF_DENIED, EACCES},
    {PF_IO, EIO},
    {PF_BAD_DATA, EBADMSG},
    {PF_UNSUPPORTED, ENOSYS},
    {PF_LIMIT, EOVERFLOW},
    {PF_PASSWORD, EKEYREJECTED},
    {PF_NOT_MINE, ENOEXEC},
    {PF_WIDEN, ERANGE},
    {PF_NO_MEMORY, ENOMEM},
    {PF_CANCELLED, ECANCELED},
    {PF_EXTENSION, EPROTO},
    {PF_UNAVAILABLE, EAGAIN},
    {PF_INTERNAL, ENOTRECOVERABLE},
};

int pf_status_to_errno(pf_status status) {
    for (size_t i = 0; i < sizeof errno_table / sizeof *errno_table; i++)
        if (errno_table[i].status == status)
            return errno_table[i].number;
    return EIO;
}

pf_status pf_status_from_errno(int number) {
    for (size_t i = 0; i < sizeof errno_table / sizeof *errno_table; i++)
        if (errno_table[i].number == number)
            return errno_table[i].status;
    switch (number) {
    case EPERM: return PF_DENIED;
    case ENOTSUP: return PF_UNSUPPORTED;
    case EINTR: return PF_CANCELLED;
    case EILSEQ: return PF_BAD_DATA;
    default: return PF_IO;
    }
}

/* ---- the maker's side ---- */

struct stream_parts {
    struct pf_stream_maker maker;
    struct pf_error own;      /* used when the request has no err */
    struct pf_error *failure; /* where the first failure stands: the request's err, or own */
    pf_status status;         /* sticky */
    bool ended;
    char text[512];
};

static int keep_failure(struct stream_parts *parts, pf_status status) {
    struct pf_error *failure = parts->failure;
    parts->status = status;
    failure->code = status; /* a maker that said nothing still leaves its code */
    snprintf(parts->text, sizeof parts->text, "%s%s%s", failure->where, failure->where[0] ? ": " : "",
             failure->message);
    return pf_status_to_errno(status);
}

static int give_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct stream_parts *parts = stream->private_data;
    memset(out, 0, sizeof *out);
    if (parts->status != PF_OK)
        return pf_status_to_errno(parts->status);
    pf_status status = parts->maker.schema(parts->maker.self, out, parts->failure);
    return status == PF_OK ? 0 : keep_failure(parts, status);
}

static int give_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct stream_parts *parts = stream->private_data;
    memset(out, 0, sizeof *out);
    if (parts->status != PF_OK)
        return pf_status_to_errno(parts->status);
    if (parts->ended)
        return 0;
    pf_status status = parts->maker.next(parts->maker.self, out, parts->failure);
    if (status != PF_OK)
        return keep_failure(parts, status);
    parts->ended = !out->release;
    return 0;
}

static const char *give_error(struct ArrowArrayStream *stream) {
    struct stream_parts *parts = stream->private_data;
    return parts->status == PF_OK ? NULL : parts->text;
}

static void release_stream(struct ArrowArrayStream *stream) {
    struct stream_parts *parts = stream->private_data;
    if (parts->maker.close)
        parts->maker.close(parts->maker.self);
    pf_mem_free(parts);
    stream->release = NULL;
    stream->private_data = NULL;
}

pf_status pf_stream_make(const struct pf_stream_maker *maker, struct pf_error *err_out,
                         struct ArrowArrayStream *out, struct pf_error *err) {
    memset(out, 0, sizeof *out);
    struct stream_parts *parts = pf_mem_zero(1, sizeof *parts);
    if (!parts)
        return pf_fail_memory(err, sizeof *parts);
    parts->maker = *maker;
    parts->own = (struct pf_error)PF_ERROR_INIT;
    parts->failure = err_out ? err_out : &parts->own;
    *out = (struct ArrowArrayStream){give_schema, give_next, give_error, release_stream, parts};
    return PF_OK;
}

/* ---- the consumer's side ---- */

static pf_status tell_failure(struct ArrowArrayStream *stream, int number, const struct pf_error *err_in,
                              struct pf_error *err) {
    if (err_in && err_in->code != PF_OK) {
        if (err && err != err_in)
            *err = *err_in;
        return err_in->code;
    }
    const char *text = stream->get_last_error ? stream->get_last_error(stream) : NULL;
    pf_status status = pf_status_from_errno(number);
    return pf_fail(err, status, "%.340s",
                   text && text[0] ? text : "the stream failed without a word; ask its producer");
}

pf_status pf_stream_schema(struct ArrowArrayStream *stream, const struct pf_error *err_in,
                           struct ArrowSchema *out, struct pf_error *err) {
    memset(out, 0, sizeof *out);
    if (!stream->release)
        return pf_fail(err, PF_STATE, "the stream was released; open it again");
    int number = stream->get_schema(stream, out);
    if (number != 0) {
        out->release = NULL; /* what a failed call left is nobody's */
        return tell_failure(stream, number, err_in, err);
    }
    if (!out->release)
        return pf_fail(err, PF_EXTENSION, "the stream gave no schema; its producer is at fault");
    return PF_OK;
}

pf_status pf_stream_next(struct ArrowArrayStream *stream, const struct pf_error *err_in, struct ArrowArray *out,
                         struct pf_error *err) {
    memset(out, 0, sizeof *out);
    if (!stream->release)
        return pf_fail(err, PF_STATE, "the stream was released; open it again");
    int number = stream->get_next(stream, out);
    if (number == 0)
        return PF_OK;
    out->release = NULL;
    return tell_failure(stream, number, err_in, err);
}

void pf_stream_release(struct ArrowArrayStream *stream) {
    if (stream && stream->release)
        stream->release(stream);
}
