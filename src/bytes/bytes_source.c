/* bytes_source.c — room bytes. Sources from memory, and all of a source at once.  SPDX-License-Identifier: MIT
 * Knows: read_at, ceilings.
 * Knows not: files, formats. */
#include "bytes/bytes_source.h"

#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"

static pf_status read_memory(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                             struct pf_error *err) {
    *got = 0;
    if (offset < 0)
        return pf_fail(err, PF_ARGUMENT, "a source is read at offset %lld", (long long)offset);
    if (offset >= source->size_bytes)
        return PF_OK;
    uint64_t left = (uint64_t)(source->size_bytes - offset);
    *got = want < left ? want : (size_t)left;
    if (*got)
        memcpy(to, (const uint8_t *)source->self + offset, *got);
    return PF_OK;
}

static void close_memory(struct pf_source *source) { source->self = NULL; }

void pf_source_memory(const void *bytes, size_t size, struct pf_source *out) {
    *out = (struct pf_source){.struct_size = sizeof *out,
                              .random = 1,
                              .size_bytes = (int64_t)size,
                              .self = (void *)(uintptr_t)bytes, /* never written to */
                              .read_at = read_memory,
                              .close = close_memory};
}

static pf_status fail_ceiling(struct pf_error *err, size_t ceiling) {
    return pf_fail(err, PF_LIMIT,
                   "there are more than the %zu bytes that are allowed here; check that it is the right file",
                   ceiling);
}

pf_status pf_source_slurp(struct pf_source *source, size_t ceiling, uint8_t **out, size_t *size,
                          struct pf_error *err) {
    *out = NULL;
    *size = 0;
    struct pf_buf all = {0};
    size_t step = 65536;
    if (source->size_bytes >= 0 && (uint64_t)source->size_bytes > ceiling)
        return fail_ceiling(err, ceiling);
    if (source->size_bytes >= 0) /* one byte more: a read that comes short also shows the end */
        step = (size_t)source->size_bytes + 1;
    pf_status status = PF_OK;
    for (;;) {
        size_t most = ceiling < SIZE_MAX ? ceiling + 1 - all.size : ceiling - all.size;
        size_t want = step < most ? step : most, got = 0;
        status = pf_buf_reserve(&all, want, err);
        if (status == PF_OK)
            status = source->read_at(source, (int64_t)all.size, all.data + all.size, want, &got, err);
        all.size += got;
        if (status == PF_OK && all.size > ceiling)
            status = fail_ceiling(err, ceiling);
        if (status != PF_OK || got < want)
            break;
        step = all.size < 65536 ? 65536 : all.size < (16u << 20) ? all.size : 16u << 20;
    }
    if (status == PF_OK) {
        *size = all.size;
        *out = (uint8_t *)pf_buf_take(&all);
        if (!*out)
            status = pf_fail_memory(err, all.size + 1);
    }
    pf_buf_clear(&all);
    return status;
}

void pf_source_close(struct pf_source *source) {
    if (source->close)
        source->close(source);
    *source = (struct pf_source){0};
}
