/* codec_member.c — room codec. One member of a ZIP archive as a forward source. SPDX-License-Identifier: MIT
 * Knows: local headers, the packed range, the promised size and checksum.
 * Knows not: the directory. Source: APPNOTE.TXT 6.3.9. */
#include "codec/codec_member.h"

#include <stdbool.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "codec/codec_deflate.h"
#include "codec/codec_stream.h"

#define LOCAL_SIGNATURE 0x04034B50u
#define LOCAL_BYTES     30
#define METHOD_STORED   0
#define METHOD_DEFLATE  8
#define FLAG_DESCRIPTOR 8u /* sizes and checksum follow the data */
#define SKIP_BYTES      ((size_t)64 << 10)

/* A range of a random source as a source of its own. */
struct range {
    struct pf_source *whole; /* lent */
    int64_t start, size;
};

struct member {
    struct pf_source inner; /* the unpacked bytes, unchecked */
    const struct pf_zip_member *facts;
    int64_t data_offset;
    int64_t position;
    uint32_t crc;
    bool checked; /* the end was seen and is right */
    bool failed;
    struct pf_error failure;
    uint8_t *scratch; /* for bytes that are skipped */
};

/* ---- the packed range ---------------------------------------------------------------------------------------
 */

static pf_status read_range(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                            struct pf_error *err) {
    struct range *range = source->self;
    *got = 0;
    if (offset < 0 || offset >= range->size || want == 0)
        return PF_OK;
    if ((int64_t)want > range->size - offset || want > INT64_MAX)
        want = (size_t)(range->size - offset);
    return range->whole->read_at(range->whole, range->start + offset, to, want, got, err);
}

static void close_range(struct pf_source *source) {
    pf_mem_free(source->self);
    source->self = NULL;
}

static pf_status open_range(struct pf_source *whole, int64_t start, int64_t size, struct pf_source *out,
                            struct pf_error *err) {
    struct range *range = pf_mem_zero(1, sizeof *range);
    if (!range)
        return pf_fail_memory(err, sizeof *range);
    *range = (struct range){whole, start, size};
    *out = (struct pf_source){sizeof *out, 1, size, range, read_range, close_range};
    return PF_OK;
}

/* ---- the local header
 * ----------------------------------------------------------------------------------------- */

static pf_status fail_member(const struct pf_zip_member *facts, int64_t byte, const char *why,
                             struct pf_error *err) {
    pf_fail_at(err, PF_BAD_DATA, -1, byte, "ZIP archive is broken: %s; get the file again", why);
    pf_where(err, "member '%s'", facts->name);
    return PF_BAD_DATA;
}

static const char *method_name(uint16_t method) {
    switch (method) {
    case 1: return "shrink";
    case 6: return "implode";
    case 9: return "deflate64";
    case 12: return "bzip2";
    case 14: return "LZMA";
    case 20:
    case 93: return "zstd";
    case 95: return "xz";
    case 96: return "JPEG";
    case 98: return "PPMd";
    default: return "unknown";
    }
}

static pf_status check_openable(const struct pf_zip_member *facts, struct pf_error *err) {
    pf_status status = PF_OK;
    if (facts->encrypted)
        status =
            pf_fail(err, PF_PASSWORD, "the member is encrypted; unpack the archive with its password first");
    else if (facts->method != METHOD_STORED && facts->method != METHOD_DEFLATE)
        status =
            pf_fail(err, PF_UNSUPPORTED, "the member is packed by method %d (%s); unpack the archive first",
                    facts->method, method_name(facts->method));
    if (status != PF_OK)
        pf_where(err, "member '%s'", facts->name);
    return status;
}

/* The directory and the header in front of the data must tell the same story. */
static pf_status find_data(struct pf_source *archive, const struct pf_zip_member *facts, int64_t end_offset,
                           int64_t *data_offset, struct pf_error *err) {
    uint8_t header[LOCAL_BYTES];
    size_t got = 0;
    PF_TRY(archive->read_at(archive, facts->header_offset, header, sizeof header, &got, err));
    if (got < sizeof header || pf_load32(header) != LOCAL_SIGNATURE)
        return fail_member(facts, facts->header_offset, "no member stands where the directory says", err);
    if (pf_load16(header + 8) != facts->method)
        return fail_member(facts, facts->header_offset, "directory and member name different methods", err);
    if (!((pf_load16(header + 6) | facts->flags) & FLAG_DESCRIPTOR)) {
        uint32_t packed = pf_load32(header + 18), size = pf_load32(header + 22);
        if (pf_load32(header + 14) != facts->crc32 ||
            (packed != UINT32_MAX && packed != (uint64_t)facts->packed_bytes) ||
            (size != UINT32_MAX && size != (uint64_t)facts->size_bytes))
            return fail_member(facts, facts->header_offset, "directory and member name different sizes", err);
    }
    int64_t start = facts->header_offset + LOCAL_BYTES + pf_load16(header + 26) + pf_load16(header + 28);
    if (start > end_offset || facts->packed_bytes > end_offset - start)
        return fail_member(facts, facts->header_offset, "a member lies outside", err);
    if (facts->method == METHOD_STORED && facts->packed_bytes != facts->size_bytes)
        return fail_member(facts, facts->header_offset, "a stored member names two sizes", err);
    *data_offset = start;
    return PF_OK;
}

/* ---- reading
 * ----------------------------------------------------------------------------------------------------- */

static pf_status repeat_failure(const struct member *member, struct pf_error *err) {
    const struct pf_error *failure = &member->failure;
    pf_fail_at(err, failure->code, failure->row, failure->byte, "%s", failure->message);
    if (failure->where[0])
        pf_where(err, "%s", failure->where);
    return failure->code;
}

static pf_status read_inner(struct member *member, void *to, size_t want, size_t *got, struct pf_error *err) {
    pf_status status = member->inner.read_at(&member->inner, member->position, to, want, got, err);
    if (status == PF_BAD_DATA || status == PF_LIMIT) {
        /* The codec counts from the first packed byte. */
        if (err->byte >= 0)
            err->byte += member->data_offset;
        pf_where(err, "member '%s'", member->facts->name);
    }
    return status;
}

/* All promised bytes are there: nothing may follow and the checksum must be right. */
static pf_status check_end(struct member *member, struct pf_error *err) {
    uint8_t more;
    size_t got = 0;
    PF_TRY(read_inner(member, &more, 1, &got, err));
    if (got > 0)
        return fail_member(member->facts, member->data_offset, "a member is longer than the directory says",
                           err);
    if (member->crc != member->facts->crc32)
        return fail_member(member->facts, member->data_offset, "a member's checksum does not match", err);
    member->checked = true;
    return PF_OK;
}

static pf_status take_bytes(struct member *member, void *to, size_t want, size_t *got, struct pf_error *err) {
    int64_t left = member->facts->size_bytes - member->position;
    *got = 0;
    if ((uint64_t)want > (uint64_t)left)
        want = (size_t)left;
    if (want > 0) {
        PF_TRY(read_inner(member, to, want, got, err));
        if (*got < want)
            return fail_member(member->facts, member->data_offset,
                               "a member is shorter than the directory says", err);
        member->crc = pf_crc32(member->crc, to, *got);
        member->position += (int64_t)*got;
    }
    return member->position == member->facts->size_bytes && !member->checked ? check_end(member, err) : PF_OK;
}

static pf_status skip_to(struct member *member, int64_t offset, struct pf_error *err) {
    if (offset <= member->position)
        return PF_OK;
    if (!member->scratch && !(member->scratch = pf_mem_alloc(SKIP_BYTES)))
        return pf_fail_memory(err, SKIP_BYTES);
    while (member->position < offset && member->position < member->facts->size_bytes) {
        int64_t gap = offset - member->position;
        size_t got;
        PF_TRY(take_bytes(member, member->scratch, gap < (int64_t)SKIP_BYTES ? (size_t)gap : SKIP_BYTES, &got,
                          err));
    }
    return PF_OK;
}

static pf_status read_member(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                             struct pf_error *err) {
    struct member *member = source->self;
    struct pf_error trouble = PF_ERROR_INIT;
    *got = 0;
    if (member->failed)
        return repeat_failure(member, err);
    if (offset < member->position)
        return pf_fail(err, PF_STATE, "a forward source was asked for byte %lld after byte %lld",
                       (long long)offset, (long long)member->position);
    pf_status status = skip_to(member, offset, &trouble);
    if (status == PF_OK && want > 0)
        status = take_bytes(member, to, want, got, &trouble);
    if (status == PF_OK)
        return PF_OK;
    *got = 0;
    member->failed = true;
    member->failure = trouble;
    return repeat_failure(member, err);
}

static void close_member(struct pf_source *source) {
    struct member *member = source->self;
    pf_source_close(&member->inner);
    pf_mem_free(member->scratch);
    pf_mem_free(member);
    source->self = NULL;
}

pf_status pf_member_source(struct pf_source *archive, const struct pf_zip_member *facts, int64_t end_offset,
                           int32_t threaded, struct pf_source *out, struct pf_error *err) {
    int64_t data_offset = 0;
    PF_TRY(check_openable(facts, err));
    PF_TRY(find_data(archive, facts, end_offset, &data_offset, err));
    struct member *member = pf_mem_zero(1, sizeof *member);
    if (!member)
        return pf_fail_memory(err, sizeof *member);
    struct pf_source packed = {0};
    pf_status status = open_range(archive, data_offset, facts->packed_bytes, &packed, err);
    if (status == PF_OK && facts->method == METHOD_DEFLATE)
        status = pf_codec_stream(&pf_codec_deflate, &packed, threaded, 0, &member->inner, err);
    if (status != PF_OK) {
        pf_source_close(&packed);
        pf_mem_free(member);
        return status;
    }
    if (facts->method == METHOD_STORED)
        member->inner = packed;
    member->facts = facts;
    member->data_offset = data_offset;
    *out = (struct pf_source){sizeof *out, 0, facts->size_bytes, member, read_member, close_member};
    return PF_OK;
}
