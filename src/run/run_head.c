/* run_head.c — room run. A forward source whose first bytes stay at hand.       SPDX-License-Identifier: MIT
 * Knows: how much of the head is there; where the inner source stands.
 * Knows not: what the bytes mean. */
#include "run/run_head.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"

#define STEP_BYTES ((size_t)256 << 10)

struct head {
    struct pf_source inner;
    struct pf_buf kept;
    bool over; /* the source ends within what is kept */
};

/* Reads on until size bytes are kept or the source ends. All of the room is taken at once: what is never written
 * to costs nothing. */
static pf_status keep_up_to(struct head *head, size_t size, struct pf_error *err) {
    if (head->kept.room < PF_HEAD_BYTES)
        PF_TRY(pf_buf_reserve(&head->kept, PF_HEAD_BYTES, err));
    while (head->kept.size < size && !head->over) {
        size_t left = PF_HEAD_BYTES - head->kept.size, want = left < STEP_BYTES ? left : STEP_BYTES, got = 0;
        PF_TRY(head->inner.read_at(&head->inner, (int64_t)head->kept.size, head->kept.data + head->kept.size,
                                   want, &got, err));
        head->kept.size += got;
        head->over = got < want;
    }
    return PF_OK;
}

static pf_status read_head(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                           struct pf_error *err) {
    struct head *head = source->self;
    size_t copied = 0;
    *got = 0;
    if (offset < 0)
        return pf_fail(err, PF_ARGUMENT, "a source is read at offset %lld", (long long)offset);
    if (want == 0)
        return PF_OK;
    bool beyond = offset >= (int64_t)PF_HEAD_BYTES || want > PF_HEAD_BYTES - (size_t)offset;
    PF_TRY(keep_up_to(head, beyond ? PF_HEAD_BYTES : (size_t)offset + want, err));
    if (offset < (int64_t)head->kept.size) {
        size_t there = head->kept.size - (size_t)offset;
        copied = want < there ? want : there;
        memcpy(to, head->kept.data + offset, copied);
    }
    if (copied < want && !head->over) {
        size_t more = 0;
        PF_TRY(head->inner.read_at(&head->inner, offset + (int64_t)copied, (uint8_t *)to + copied,
                                   want - copied, &more, err));
        copied += more;
    }
    *got = copied;
    return PF_OK;
}

static void close_head(struct pf_source *source) {
    struct head *head = source->self;
    pf_source_close(&head->inner);
    pf_buf_clear(&head->kept);
    pf_mem_free(head);
    source->self = NULL;
}

pf_status pf_head_source(struct pf_source *inner, struct pf_source *out, struct pf_error *err) {
    struct head *head = pf_mem_zero(1, sizeof *head);
    if (!head)
        return pf_fail_memory(err, sizeof *head);
    head->inner = *inner;
    *inner = (struct pf_source){0};
    *out = (struct pf_source){sizeof *out, 0, head->inner.size_bytes, head, read_head, close_head};
    return PF_OK;
}
