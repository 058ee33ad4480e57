/* archive.h — bench. A ZIP archive as it is written, member by member; link with -lz.  SPDX-License-Identifier: MIT */
#ifndef BENCH_ARCHIVE_H
#define BENCH_ARCHIVE_H
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

struct member {
    char name[64];
    uint32_t crc, packed, size, at;
    int method; /* 0 stored, 8 deflate */
};
struct archive {
    FILE *file;
    struct member members[64];
    int member_count;
    z_stream deflater;
    struct member *now;
    char text[1 << 16];
    size_t used;
};

static void archive_le(FILE *f, uint64_t v, int bytes) {
    for (int i = 0; i < bytes; i++)
        fputc((int)(v >> 8 * i & 255), f);
}

static void archive_drain(struct archive *a, int flush) {
    unsigned char out[1 << 16];
    a->now->crc = (uint32_t)crc32(a->now->crc, (const Bytef *)a->text, (uInt)a->used);
    a->now->size += (uint32_t)a->used;
    a->deflater.next_in = (Bytef *)a->text;
    a->deflater.avail_in = (uInt)a->used;
    do {
        a->deflater.next_out = out;
        a->deflater.avail_out = sizeof out;
        deflate(&a->deflater, flush);
        size_t n = sizeof out - a->deflater.avail_out;
        fwrite(out, 1, n, a->file);
        a->now->packed += (uint32_t)n;
    } while (a->deflater.avail_out == 0);
    a->used = 0;
}

static void archive_write(struct archive *a, const void *bytes, size_t count) {
    for (const char *p = bytes; count; count--) {
        if (a->used == sizeof a->text)
            archive_drain(a, Z_NO_FLUSH);
        a->text[a->used++] = *p++;
    }
}

static inline void archive_put(struct archive *a, const char *text) { archive_write(a, text, strlen(text)); }

static void archive_head(FILE *f, const struct member *m, int central) {
    archive_le(f, central ? 0x02014B50 : 0x04034B50, 4);
    if (central)
        archive_le(f, 20, 2);
    archive_le(f, 20, 2), archive_le(f, 0, 2), archive_le(f, (uint64_t)m->method, 2), archive_le(f, 0, 2),
        archive_le(f, 0x21, 2);
    archive_le(f, m->crc, 4), archive_le(f, m->packed, 4), archive_le(f, m->size, 4);
    archive_le(f, strlen(m->name), 2), archive_le(f, 0, 2);
    if (central)
        archive_le(f, 0, 2), archive_le(f, 0, 2), archive_le(f, 0, 2), archive_le(f, 0, 4),
            archive_le(f, m->at, 4);
    fwrite(m->name, 1, strlen(m->name), f);
}

static struct member *archive_add(struct archive *a, const char *name, int method) {
    a->now = &a->members[a->member_count++];
    *a->now = (struct member){.at = (uint32_t)ftell(a->file), .method = method};
    snprintf(a->now->name, sizeof a->now->name, "%s", name);
    return a->now;
}

/* A small member that is not packed. */
static inline void archive_store(struct archive *a, const char *name, const char *text) {
    struct member *m = archive_add(a, name, 0);
    m->packed = m->size = (uint32_t)strlen(text);
    m->crc = (uint32_t)crc32(0, (const Bytef *)text, m->size);
    archive_head(a->file, m, 0);
    fwrite(text, 1, m->size, a->file);
}

static void archive_begin(struct archive *a, const char *name) {
    archive_head(a->file, archive_add(a, name, 8), 0);
    a->deflater = (z_stream){0};
    deflateInit2(&a->deflater, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

static void archive_end(struct archive *a) {
    archive_drain(a, Z_FINISH);
    deflateEnd(&a->deflater);
    fseek(a->file, (long)a->now->at, SEEK_SET);
    archive_head(a->file, a->now, 0);
    fseek(a->file, 0, SEEK_END);
}

static void archive_finish(struct archive *a) {
    uint32_t at = (uint32_t)ftell(a->file);
    for (int i = 0; i < a->member_count; i++)
        archive_head(a->file, &a->members[i], 1);
    uint32_t size = (uint32_t)ftell(a->file) - at;
    archive_le(a->file, 0x06054B50, 4), archive_le(a->file, 0, 4),
        archive_le(a->file, (uint64_t)a->member_count, 2);
    archive_le(a->file, (uint64_t)a->member_count, 2), archive_le(a->file, size, 4), archive_le(a->file, at, 4),
        archive_le(a->file, 0, 2);
}
#endif
