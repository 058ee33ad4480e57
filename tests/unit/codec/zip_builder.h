/* zip_builder.h — ZIP archives for tests, right ones and wrong ones.            SPDX-License-Identifier: MIT */
#ifndef ZIP_BUILDER_H
#define ZIP_BUILDER_H
#include "base/bits.h"
#include "base/buf.h"
#include "codec/codec_deflate.h"
#include "codec_samples.h"

struct zip_entry {
    const char *name;
    const void *bytes;
    size_t size;
    uint16_t method;
    uint16_t flags;
    bool zip64;      /* sizes and offset in ZIP64 fields */
    bool descriptor; /* local header without sizes */
    /* What to lie about, added to the truth. */
    int32_t crc_off, size_off, packed_off, offset_off, local_size_off;
    const void *extra; /* of the directory */
    size_t extra_size;
};

static inline void zip_put16(struct pf_buf *to, unsigned value) {
    uint8_t bytes[2] = {(uint8_t)value, (uint8_t)(value >> 8)};
    assert_int_equal(pf_buf_put(to, bytes, 2, NULL), PF_OK);
}
static inline void zip_put32(struct pf_buf *to, uint64_t value) {
    zip_put16(to, (unsigned)value & 0xFFFF);
    zip_put16(to, (unsigned)(value >> 16) & 0xFFFF);
}
static inline void zip_put64(struct pf_buf *to, uint64_t value) {
    zip_put32(to, value & 0xFFFFFFFFu);
    zip_put32(to, value >> 32);
}

static inline void zip_put_local(struct pf_buf *to, const struct zip_entry *e, uint32_t crc, size_t packed) {
    bool wide = e->zip64 && !e->descriptor;
    zip_put32(to, 0x04034B50);
    zip_put16(to, 45);
    zip_put16(to, e->flags | (e->descriptor ? 8u : 0u));
    zip_put16(to, e->method);
    zip_put32(to, 0);
    zip_put32(to, e->descriptor ? 0 : crc + (uint32_t)e->crc_off);
    zip_put32(to, e->descriptor ? 0 : wide ? UINT32_MAX : packed + (size_t)e->packed_off);
    zip_put32(to, e->descriptor ? 0
                  : wide        ? UINT32_MAX
                                : e->size + (size_t)e->size_off + (size_t)e->local_size_off);
    zip_put16(to, (unsigned)strlen(e->name));
    zip_put16(to, wide ? 20 : 0);
    pf_buf_text(to, e->name, NULL);
    if (wide) {
        zip_put32(to, 0x00100001);
        zip_put64(to, e->size);
        zip_put64(to, packed);
    }
}

static inline void zip_put_entry(struct pf_buf *to, const struct zip_entry *e, uint32_t crc, size_t packed,
                                 size_t offset) {
    uint64_t size = e->size + (uint64_t)(int64_t)e->size_off;
    uint64_t packed_said = packed + (uint64_t)(int64_t)e->packed_off;
    uint64_t offset_said = offset + (uint64_t)(int64_t)e->offset_off;
    zip_put32(to, 0x02014B50);
    zip_put16(to, 45);
    zip_put16(to, 45);
    zip_put16(to, e->flags | (e->descriptor ? 8u : 0u));
    zip_put16(to, e->method);
    zip_put32(to, 0);
    zip_put32(to, crc + (uint32_t)e->crc_off);
    zip_put32(to, e->zip64 ? UINT32_MAX : packed_said);
    zip_put32(to, e->zip64 ? UINT32_MAX : size);
    zip_put16(to, (unsigned)strlen(e->name));
    zip_put16(to, (unsigned)(e->extra_size + (e->zip64 ? 28 : 0)));
    zip_put16(to, 0);
    zip_put32(to, 0);
    zip_put32(to, 0);
    zip_put32(to, e->zip64 ? UINT32_MAX : offset_said);
    pf_buf_text(to, e->name, NULL);
    pf_buf_put(to, e->extra, e->extra_size, NULL);
    if (e->zip64) {
        zip_put32(to, 0x00180001);
        zip_put64(to, size);
        zip_put64(to, packed_said);
        zip_put64(to, offset_said);
    }
}

/* zip64: with a ZIP64 end record. comment may be NULL. Appends to *to. */
static inline void zip_build(const struct zip_entry *entries, size_t count, bool zip64, const char *comment,
                             struct pf_buf *to) {
    struct pf_buf directory = {0};
    size_t base = to->size;
    for (size_t i = 0; i < count; i++) {
        const struct zip_entry *e = &entries[i];
        size_t packed = e->size, offset = to->size - base;
        uint8_t *deflated = e->method == 8 ? sample_pack(&pf_codec_deflate, e->bytes, e->size, &packed) : NULL;
        uint32_t crc = pf_crc32(0, e->bytes, e->size);
        zip_put_local(to, e, crc, packed);
        pf_buf_put(to, deflated ? deflated : e->bytes, packed, NULL);
        if (e->descriptor) {
            zip_put32(to, 0x08074B50);
            zip_put32(to, crc);
            zip_put32(to, packed);
            zip_put32(to, e->size);
        }
        zip_put_entry(&directory, e, crc, packed, offset);
        pf_mem_free(deflated);
    }
    size_t start = to->size - base;
    pf_buf_put(to, directory.data, directory.size, NULL);
    if (zip64) {
        size_t end = to->size - base;
        zip_put32(to, 0x06064B50);
        zip_put64(to, 44);
        zip_put32(to, 45 | 45 << 16);
        zip_put64(to, 0);
        zip_put64(to, count);
        zip_put64(to, count);
        zip_put64(to, directory.size);
        zip_put64(to, start);
        zip_put32(to, 0x07064B50);
        zip_put32(to, 0);
        zip_put64(to, end);
        zip_put32(to, 1);
    }
    zip_put32(to, 0x06054B50);
    zip_put32(to, 0);
    zip_put16(to, zip64 ? 0xFFFF : (unsigned)count & 0xFFFF);
    zip_put16(to, zip64 ? 0xFFFF : (unsigned)count & 0xFFFF);
    zip_put32(to, zip64 ? UINT32_MAX : directory.size);
    zip_put32(to, zip64 ? UINT32_MAX : start);
    zip_put16(to, comment ? (unsigned)strlen(comment) : 0);
    if (comment)
        pf_buf_text(to, comment, NULL);
    pf_buf_clear(&directory);
}
#endif
