/* parquet_delta.c — room write/parquet. Encodings that write differences, streams and plain text.
 * SPDX-License-Identifier: MIT
 * Knows: blocks and miniblocks, lengths, shared prefixes, byte streams.
 * Knows not: which encoding a column gets, pages.            Format: docs/formats/parquet.md §Encodings */
#include "write/parquet/parquet_delta.h"

#include "base/error.h"
#include "write/parquet/parquet_hybrid.h"

#define BLOCK 128
#define MINIS 4
#define MINI  (BLOCK / MINIS)

static uint64_t zigzag(int64_t value) { return (uint64_t)value << 1 ^ (uint64_t)(value >> 63); }

/* MINI values of width bits make 4 × width bytes; up to 8 more are written. */
static void pack_mini(const uint64_t *v, int width, uint8_t *to) {
    uint64_t acc = 0;
    int used = 0;
    if (width == 0)
        return;
    for (int i = 0; i < MINI; i++) {
        acc |= v[i] << used;
        used += width;
        if (used >= 64) {
            pf_store64(to, acc);
            to += 8;
            used -= 64;
            acc = used ? v[i] >> (width - used) : 0;
        }
    }
    if (used)
        pf_store64(to, acc);
}

/* One block: count differences (filled up with least, so that they cost nothing). */
static uint8_t *put_block(uint64_t *deltas, int count, uint64_t least, uint8_t *out) {
    out += pf_parquet_varint(out, zigzag((int64_t)least));
    uint8_t *widths = out;
    out += MINIS;
    for (int m = 0; m < MINIS; m++) {
        uint64_t *d = deltas + m * MINI, all = 0;
        widths[m] = 0;
        if (m * MINI >= count)
            continue;
        for (int i = 0; i < MINI; i++)
            all |= d[i];
        widths[m] = (uint8_t)pf_bit_width64(all);
        pack_mini(d, widths[m], out);
        out += 4 * widths[m];
    }
    return out;
}

static uint8_t *put_head(uint8_t *out, int64_t count, int64_t first) {
    out += pf_parquet_varint(out, BLOCK);
    out += pf_parquet_varint(out, MINIS);
    out += pf_parquet_varint(out, (uint64_t)count);
    return out + pf_parquet_varint(out, zigzag(first));
}

/* The differences wrap at the width of the type; that is how readers add them up. */
#define DELTA_BODY(UTYPE, STYPE, LOAD)                                                                         \
    do {                                                                                                       \
        out = put_head(out, count, count ? (STYPE)LOAD(0) : 0);                                                \
        for (int64_t at = 1; at < count; at += BLOCK) {                                                        \
            int n = count - at < BLOCK ? (int)(count - at) : BLOCK;                                            \
            uint64_t deltas[BLOCK] = {0};                                                                      \
            STYPE raw[BLOCK] = {0};                                                                            \
            UTYPE before = LOAD(at - 1);                                                                       \
            for (int i = 0; i < n; i++) {                                                                      \
                UTYPE now = LOAD(at + i);                                                                      \
                raw[i] = (STYPE)(UTYPE)(now - before);                                                         \
                before = now;                                                                                  \
            }                                                                                                  \
            STYPE least = raw[0];                                                                              \
            for (int i = 1; i < n; i++)                                                                        \
                least = raw[i] < least ? raw[i] : least;                                                       \
            for (int i = 0; i < n; i++)                                                                        \
                deltas[i] = (UTYPE)((UTYPE)raw[i] - (UTYPE)least);                                             \
            out = put_block(deltas, n, (uint64_t)(int64_t)least, out);                                         \
        }                                                                                                      \
        return out;                                                                                            \
    } while (0)

#define LOAD_4(i)    pf_load32(words + (i)*4)
#define LOAD_8(i)    pf_load64(words + (i)*8)
#define LOAD_SIZE(i) slices[i].size
static uint8_t *delta_4(const uint8_t *words, int64_t count, uint8_t *out) {
    DELTA_BODY(uint32_t, int32_t, LOAD_4);
}
static uint8_t *delta_8(const uint8_t *words, int64_t count, uint8_t *out) {
    DELTA_BODY(uint64_t, int64_t, LOAD_8);
}
static uint8_t *delta_sizes(const struct pf_parquet_slice *slices, int64_t count, uint8_t *out) {
    DELTA_BODY(uint32_t, int32_t, LOAD_SIZE);
}

static size_t delta_bound(int64_t count, int width) {
    return (size_t)(count + 2 * BLOCK) * (size_t)width + (size_t)(count / BLOCK + 2) * (10 + MINIS) + 64;
}

pf_status pf_parquet_delta_words(const uint8_t *words, int width, int64_t count, struct pf_buf *to,
                                 struct pf_error *err) {
    PF_TRY(pf_buf_reserve(to, delta_bound(count, width), err));
    uint8_t *out = to->data + to->size;
    out = width == 4 ? delta_4(words, count, out) : delta_8(words, count, out);
    to->size = (size_t)(out - to->data);
    return PF_OK;
}

/* ---- text ---- */

static inline uint8_t *copy_slice(uint8_t *out, const struct pf_parquet_slice *s) {
    if (s->size <= 32 && s->readable >= 32) { /* a fixed size is two loads and two stores */
        memcpy(out, s->at, 16);
        memcpy(out + 16, s->at + 16, 16);
    } else if (s->size) {
        memcpy(out, s->at, s->size);
    }
    return out + s->size;
}

static size_t sum_sizes(const struct pf_parquet_slice *slices, int64_t count) {
    size_t sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += slices[i].size;
    return sum;
}

pf_status pf_parquet_plain_slices(const struct pf_parquet_slice *slices, int64_t count, bool lengths,
                                  struct pf_buf *to, struct pf_error *err) {
    PF_TRY(pf_buf_reserve(to, sum_sizes(slices, count) + (size_t)count * 4 + 64, err));
    uint8_t *out = to->data + to->size;
    for (int64_t i = 0; i < count; i++) {
        if (lengths) {
            pf_store32(out, slices[i].size);
            out += 4;
        }
        out = copy_slice(out, &slices[i]);
    }
    to->size = (size_t)(out - to->data);
    return PF_OK;
}

pf_status pf_parquet_delta_lengths(const struct pf_parquet_slice *slices, int64_t count, struct pf_buf *to,
                                   struct pf_error *err) {
    PF_TRY(pf_buf_reserve(to, delta_bound(count, 4) + sum_sizes(slices, count) + 64, err));
    uint8_t *out = delta_sizes(slices, count, to->data + to->size);
    for (int64_t i = 0; i < count; i++)
        out = copy_slice(out, &slices[i]);
    to->size = (size_t)(out - to->data);
    return PF_OK;
}

static uint32_t shared_prefix(const struct pf_parquet_slice *a, const struct pf_parquet_slice *b) {
    uint32_t most = a->size < b->size ? a->size : b->size, n = 0;
    for (; n + 8 <= most; n += 8) {
        uint64_t differ = pf_load64(a->at + n) ^ pf_load64(b->at + n);
        if (differ)
            return n + (uint32_t)pf_ctz64(differ) / 8;
    }
    while (n < most && a->at[n] == b->at[n])
        n++;
    return n;
}

pf_status pf_parquet_delta_bytes(const struct pf_parquet_slice *slices, int64_t count, struct pf_buf *scratch,
                                 struct pf_buf *to, struct pf_error *err) {
    size_t n = (size_t)count;
    scratch->size = 0;
    PF_TRY(pf_buf_reserve(scratch, n * (sizeof *slices + 4), err));
    struct pf_parquet_slice *suffixes = (struct pf_parquet_slice *)(void *)scratch->data;
    uint8_t *prefixes = (uint8_t *)(suffixes + n);
    for (int64_t i = 0; i < count; i++) {
        uint32_t shared = i ? shared_prefix(&slices[i - 1], &slices[i]) : 0;
        pf_store32(prefixes + i * 4, shared);
        suffixes[i] = (struct pf_parquet_slice){slices[i].at + shared, slices[i].size - shared,
                                                slices[i].readable - shared};
    }
    PF_TRY(pf_parquet_delta_words(prefixes, 4, count, to, err));
    return pf_parquet_delta_lengths(suffixes, count, to, err);
}

/* ---- streams ---- */

pf_status pf_parquet_split_words(const uint8_t *words, int width, int64_t count, struct pf_buf *to,
                                 struct pf_error *err) {
    PF_TRY(pf_buf_reserve(to, (size_t)count * (size_t)width + 64, err));
    uint8_t *out = to->data + to->size;
    int64_t i = 0;
    if (width == 8) { /* eight values by eight bytes are turned with shifts in registers */
        for (; i + 8 <= count; i += 8) {
            uint64_t v[8];
            memcpy(v, words + i * 8, sizeof v);
            for (int byte = 0; byte < 8; byte++) {
                uint64_t row = 0;
                for (int j = 0; j < 8; j++)
                    row |= (v[j] >> (8 * byte) & 0xFF) << (8 * j);
                pf_store64(out + byte * count + i, row);
            }
        }
    }
    for (; i < count; i++)
        for (int byte = 0; byte < width; byte++)
            out[byte * count + i] = words[i * width + byte];
    to->size += (size_t)count * (size_t)width;
    return PF_OK;
}
