/* parquet_hybrid.c — room write/parquet. RLE/bit-packing hybrid.                 SPDX-License-Identifier: MIT
 * Knows: runs, groups of eight, level bitmaps.
 * Knows not: what the numbers stand for.                     Format: docs/formats/parquet.md §Encodings */
#include "write/parquet/parquet_hybrid.h"

#include <stdbool.h>
#include <string.h>

#include "base/bits.h"

size_t pf_parquet_varint(uint8_t *to, uint64_t value) {
    size_t n = 0;
    while (value >= 0x80) {
        to[n++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    to[n++] = (uint8_t)value;
    return n;
}

/* Eight values at a time make exactly width bytes. With a constant width the compiler unrolls all of it. */
static inline __attribute__((always_inline)) void pack_groups(const uint32_t *v, int64_t groups,
                                                              const int width, uint8_t *to) {
    for (int64_t g = 0; g < groups; g++, v += 8, to += width) {
        uint64_t low = 0, high = 0;
        if (width <= 8) {
            for (int j = 0; j < 8; j++)
                low |= (uint64_t)v[j] << (j * width);
            pf_store64(to, low);
        } else if (width <= 16) {
            for (int j = 0; j < 4; j++) {
                low |= (uint64_t)v[j] << (j * width);
                high |= (uint64_t)v[j + 4] << (j * width);
            }
            if (width == 16) {
                pf_store64(to, low);
                pf_store64(to + 8, high);
            } else {
                pf_store64(to, low | high << (4 * width));
                pf_store64(to + 8, high >> (64 - 4 * width));
            }
        }
    }
}

/* Any width; only dictionaries beyond the usual ceiling come here. */
static void pack_wide(const uint32_t *v, int64_t groups, int width, uint8_t *to) {
    for (int64_t g = 0; g < groups; g++, v += 8, to += width) {
        uint8_t *out = to;
        uint64_t acc = 0;
        int used = 0;
        for (int j = 0; j < 8; j++) {
            acc |= (uint64_t)v[j] << used;
            used += width;
            while (used >= 8) {
                *out++ = (uint8_t)acc;
                acc >>= 8;
                used -= 8;
            }
        }
    }
}

#define PACK_CASE(w)                                                                                           \
    case w: pack_groups(v, groups, w, to); break
static void pack(const uint32_t *v, int64_t groups, int width, uint8_t *to) {
    switch (width) {
        PACK_CASE(1);
        PACK_CASE(2);
        PACK_CASE(3);
        PACK_CASE(4);
        PACK_CASE(5);
        PACK_CASE(6);
        PACK_CASE(7);
        PACK_CASE(8);
        PACK_CASE(9);
        PACK_CASE(10);
        PACK_CASE(11);
        PACK_CASE(12);
        PACK_CASE(13);
        PACK_CASE(14);
        PACK_CASE(15);
        PACK_CASE(16);
    default: pack_wide(v, groups, width, to);
    }
}

static size_t put_run(uint8_t *to, uint32_t value, int64_t run, int width) {
    size_t n = pf_parquet_varint(to, (uint64_t)run << 1);
    for (int bits = 0; bits < width; bits += 8)
        to[n++] = (uint8_t)(value >> bits);
    return n;
}

static size_t put_packed(uint8_t *to, const uint32_t *values, int64_t count, int width) {
    int64_t groups = count / 8, rest = count % 8;
    size_t n = pf_parquet_varint(to, (uint64_t)(groups + (rest != 0)) << 1 | 1);
    pack(values, groups, width, to + n);
    n += (size_t)groups * (size_t)width;
    if (rest) {
        uint32_t last[8] = {0};
        memcpy(last, values + groups * 8, (size_t)rest * sizeof *last);
        pack(last, 1, width, to + n);
        n += (size_t)width;
    }
    return n;
}

/* The shortest run that is smaller as a run, both headers counted. */
static int64_t shortest_run(int width) {
    int64_t n = (5 + (width + 7) / 8) * 8 / (width ? width : 1) + 1;
    return (n + 7) / 8 * 8;
}

static int64_t run_length(const uint32_t *v, int64_t count) {
    int64_t n = 1;
    while (n < count && v[n] == v[0])
        n++;
    return n;
}

size_t pf_parquet_hybrid_bound(int64_t count, int width) {
    return ((size_t)count + 7) / 8 * (size_t)width + (size_t)count / 8 + 64;
}

size_t pf_parquet_hybrid(const uint32_t *values, int64_t count, int width, uint8_t *to) {
    uint8_t *out = to;
    int64_t least = shortest_run(width), at = 0;
    while (at < count) {
        int64_t end = at, run = 0;
        for (; end < count; end += 8) {
            const uint32_t *v = values + end;
            if (count - end < 8 || v[0] != v[1] || v[0] != v[7] || v[0] != v[4])
                continue;
            run = run_length(v, count - end);
            if (run >= least)
                break;
            run = 0;
        }
        if (end > count)
            end = count;
        if (width == 0)
            end = at, run = count - at;
        if (end > at)
            out += put_packed(out, values + at, end - at, width);
        if (run)
            out += put_run(out, values[end], run, width);
        at = end + run;
    }
    return (size_t)(out - to);
}

/* ---- levels: a bitmap is bit-packed as it stands ---- */

#define LEAST_LEVEL_BYTES 6

size_t pf_parquet_levels_bound(int64_t rows) { return (size_t)rows / 8 + (size_t)rows / 48 + 64; }

struct level_bytes {
    const uint8_t *p;
    int shift;
    int64_t count;
};
static inline uint8_t level_byte(const struct level_bytes *b, int64_t i) {
    if (b->shift == 0)
        return b->p[i];
    return (uint8_t)(b->p[i] >> b->shift | b->p[i + 1] << (8 - b->shift));
}

static int64_t level_run(const struct level_bytes *b, int64_t i) {
    uint8_t first = level_byte(b, i);
    if (first != 0 && first != 0xFF)
        return 0;
    int64_t n = 1;
    while (i + n < b->count && level_byte(b, i + n) == first)
        n++;
    return n;
}

static size_t put_level_bytes(uint8_t *to, const struct level_bytes *b, int64_t from, int64_t end,
                              int last_bits) {
    size_t n = pf_parquet_varint(to, (uint64_t)(end - from) << 1 | 1);
    if (b->shift == 0)
        memcpy(to + n, b->p + from, (size_t)(end - from));
    else
        for (int64_t i = from; i < end; i++)
            to[n + (size_t)(i - from)] = level_byte(b, i);
    n += (size_t)(end - from);
    if (last_bits)
        to[n - 1] &= (uint8_t)((1u << last_bits) - 1); /* what follows the last row is not ours to show */
    return n;
}

size_t pf_parquet_levels(const uint8_t *bits, int64_t at, int64_t rows, uint8_t *to) {
    if (rows == 0)
        return 0;
    if (!bits)
        return put_run(to, 1, rows, 1);
    struct level_bytes b = {bits + (at >> 3), (int)(at & 7), rows / 8};
    int rest = (int)(rows & 7);
    uint8_t *out = to;
    int64_t i = 0;
    while (i < b.count) {
        int64_t end = i, run = 0;
        while (end < b.count) {
            run = level_run(&b, end);
            if (run >= LEAST_LEVEL_BYTES)
                break;
            end += run ? run : 1;
            run = 0;
        }
        if (end > i) {
            bool last = end == b.count && rest;
            out += put_level_bytes(out, &b, i, end + last, last ? rest : 0);
            if (last)
                rest = 0;
        }
        i = end + run;
        if (run) {
            int64_t length = run * 8;
            uint8_t value = level_byte(&b, end) & 1;
            /* the last rows that fill no byte join the run when they are like it */
            if (i == b.count && rest) {
                uint8_t tail = level_byte(&b, i) & (uint8_t)((1u << rest) - 1);
                if (tail == (value ? (1u << rest) - 1 : 0)) {
                    length += rest;
                    rest = 0;
                }
            }
            out += put_run(out, value, length, 1);
        }
    }
    if (rest)
        out += put_level_bytes(out, &b, b.count, b.count + 1, rest);
    return (size_t)(out - to);
}
