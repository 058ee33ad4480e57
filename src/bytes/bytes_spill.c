/* bytes_spill.c — room bytes. A forward source becomes a random one by a temporary copy.
 * SPDX-License-Identifier: MIT
 * Knows: how far the copy has come, its ceiling.    Knows not: what the bytes mean. */
#include "bytes/bytes_spill.h"

#include <stdatomic.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/temp.h"
#include "base/thread.h"

#define STEP ((size_t)256 << 10)

struct spill {
    struct pf_source inner;
    pf_file file;
    int64_t limit_bytes;
    _Atomic int64_t copied; /* bytes of inner that are in the file */
    pf_mutex pulling;       /* guards inner and all below */
    bool ended;
    pf_status status; /* the first failure stays */
    struct pf_error failure;
    uint8_t *scratch;
    char place[]; /* for messages */
};

/* Pulls up to want bytes into to and the copy. */
static pf_status pull(struct spill *spill, void *to, size_t want, size_t *got, struct pf_error *err) {
    int64_t copied = atomic_load_explicit(&spill->copied, memory_order_relaxed);
    PF_TRY(spill->inner.read_at(&spill->inner, copied, to, want, got, err));
    if ((int64_t)*got > spill->limit_bytes - copied)
        return pf_fail(
            err, PF_LIMIT,
            "the temporary copy of an input that cannot be read twice would be larger than %lld bytes; "
            "raise --temp-limit, or give the columns with --schema",
            (long long)spill->limit_bytes);
    PF_TRY(pf_file_write_at(spill->file, copied, to, *got, spill->place, err));
    spill->ended = *got < want;
    atomic_store_explicit(&spill->copied, copied + (int64_t)*got, memory_order_release);
    return PF_OK;
}

/* Brings the copy up to offset + want; what lies behind the copy's end goes straight to the caller as well, so
 * that reading in order touches the file only once. *from_file: how much of the answer is to be read there. */
static pf_status pull_up_to(struct spill *spill, int64_t offset, uint8_t *to, size_t want, size_t *from_file,
                            size_t *got, struct pf_error *err) {
    int64_t start = atomic_load_explicit(&spill->copied, memory_order_relaxed);
    while (start < offset && !spill->ended) {
        size_t step = offset - start < (int64_t)STEP ? (size_t)(offset - start) : STEP, more;
        PF_TRY(pull(spill, spill->scratch, step, &more, err));
        start += (int64_t)more;
    }
    int64_t in_file = start - offset;
    *from_file = in_file <= 0 ? 0 : in_file < (int64_t)want ? (size_t)in_file : want;
    *got = *from_file;
    while (*got < want && !spill->ended) {
        size_t left = want - *got, more;
        PF_TRY(pull(spill, to + *got, left, &more, err));
        *got += more;
    }
    return PF_OK;
}

static pf_status read_spill(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                            struct pf_error *err) {
    struct spill *spill = source->self;
    *got = 0;
    if (offset < 0 || want > (size_t)INT64_MAX || offset > INT64_MAX - (int64_t)want)
        return pf_fail(err, PF_ARGUMENT, "a source is read at offset %lld", (long long)offset);
    size_t from_file = want;
    if (atomic_load_explicit(&spill->copied, memory_order_acquire) >= offset + (int64_t)want) {
        *got = want;
    } else {
        pf_mutex_lock(&spill->pulling);
        if (spill->status == PF_OK)
            spill->status = pull_up_to(spill, offset, to, want, &from_file, got, &spill->failure);
        pf_status status = spill->status;
        if (status != PF_OK && err)
            *err = spill->failure;
        pf_mutex_unlock(&spill->pulling);
        if (status != PF_OK) {
            *got = 0;
            return status;
        }
    }
    size_t there = 0;
    PF_TRY(pf_file_read_at(spill->file, offset, to, from_file, &there, spill->place, err));
    if (there < from_file) {
        *got = 0;
        return pf_fail(err, PF_IO, "%s became shorter; leave temporary files alone", spill->place);
    }
    return PF_OK;
}

static void close_spill(struct pf_source *source) {
    struct spill *spill = source->self;
    if (!spill)
        return;
    if (spill->inner.close)
        spill->inner.close(&spill->inner);
    pf_file_close(&spill->file, spill->place, NULL);
    pf_mutex_clear(&spill->pulling);
    pf_mem_free(spill->scratch);
    pf_mem_free(spill);
    source->self = NULL;
}

pf_status pf_spill_open(struct pf_source *inner, const char *folder, int64_t limit_bytes, struct pf_source *out,
                        struct pf_error *err) {
    if (inner->random) { /* nothing to do */
        *out = *inner;
        *inner = (struct pf_source){0};
        return PF_OK;
    }
    static const char words[] = "a temporary copy in ";
    size_t size = sizeof(struct spill) + sizeof words + strlen(folder);
    struct spill *spill = pf_mem_zero(1, size);
    if (!spill)
        return pf_fail_memory(err, size);
    memcpy(spill->place, words, sizeof words);
    memcpy(spill->place + sizeof words - 1, folder, strlen(folder) + 1);
    spill->limit_bytes = limit_bytes;
    spill->scratch = pf_mem_aligned(STEP);
    pf_status status = spill->scratch ? pf_mutex_init(&spill->pulling, err) : pf_fail_memory(err, STEP);
    if (status == PF_OK) {
        status = pf_temp_open(folder, &spill->file, err);
        if (status != PF_OK)
            pf_mutex_clear(&spill->pulling);
    }
    if (status != PF_OK) {
        pf_mem_free(spill->scratch);
        pf_mem_free(spill);
        return status;
    }
    spill->inner = *inner;
    *inner = (struct pf_source){0};
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = 1,
                              .size_bytes = spill->inner.size_bytes,
                              .self = spill,
                              .read_at = read_spill,
                              .close = close_spill};
    return PF_OK;
}
