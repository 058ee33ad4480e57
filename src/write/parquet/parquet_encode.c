/* parquet_encode.c — room write/parquet. Values in an encoding; which encoding.  SPDX-License-Identifier: MIT
 * Knows: what each encoding takes, when a dictionary pays, trying the candidates on a sample.
 * Knows not: pages, files.                                   Format: docs/formats/parquet.md §Encodings */
#include "write/parquet/parquet_encode.h"

#include "base/error.h"
#include "write/parquet/parquet_delta.h"
#include "write/parquet/parquet_hybrid.h"

#define SAMPLE 16384 /* values on which the candidates of profile modern are tried */

static bool is_text(const struct pf_parquet_column *c) {
    return c->physical == PF_PARQUET_BYTES || c->physical == PF_PARQUET_FIXED;
}

static pf_status put_bits(const uint8_t *bits, int64_t from, int64_t count, struct pf_buf *to,
                          struct pf_error *err) {
    PF_TRY(pf_buf_reserve(to, (size_t)count / 8 + 16, err));
    uint8_t *out = to->data + to->size;
    for (int64_t i = 0; i < count; i += 64, out += 8) {
        int n = count - i < 64 ? (int)(count - i) : 64;
        pf_store64(out, pf_parquet_mask(bits, from + i, n));
    }
    to->size += ((size_t)count + 7) / 8;
    return PF_OK;
}

static pf_status put_runs(const uint8_t *bits, int64_t from, int64_t count, struct pf_buf *to,
                          struct pf_error *err) {
    PF_TRY(pf_buf_reserve(to, pf_parquet_levels_bound(count) + 4, err));
    uint8_t *out = to->data + to->size;
    size_t size = pf_parquet_levels(bits, from, count, out + 4);
    pf_store32(out, (uint32_t)size);
    to->size += size + 4;
    return PF_OK;
}

static pf_status put_indices(const struct pf_parquet_dictionary *d, int64_t from, int64_t count,
                             struct pf_buf *to, struct pf_error *err) {
    int width = pf_parquet_dictionary_width(d);
    PF_TRY(pf_buf_reserve(to, pf_parquet_hybrid_bound(count, width) + 1, err));
    uint8_t *out = to->data + to->size;
    *out = (uint8_t)width;
    to->size += 1 + pf_parquet_hybrid(d->indices + from, count, width, out + 1);
    return PF_OK;
}

pf_status pf_parquet_encode(struct pf_parquet_scratch *scratch, const struct pf_parquet_column *c, int encoding,
                            int64_t from, int64_t count, struct pf_buf *to, struct pf_error *err) {
    const struct pf_parquet_values *v = &scratch->values;
    const uint8_t *words = v->words ? v->words + from * c->width : NULL;
    const struct pf_parquet_slice *slices = v->slices ? v->slices + from : NULL;
    switch (encoding) {
    case PF_PARQUET_RLE_DICT: return put_indices(&scratch->dictionary, from, count, to, err);
    case PF_PARQUET_RLE: return put_runs(v->bits, from, count, to, err);
    case PF_PARQUET_DELTA_WORDS: return pf_parquet_delta_words(words, c->width, count, to, err);
    case PF_PARQUET_SPLIT: return pf_parquet_split_words(words, c->width, count, to, err);
    case PF_PARQUET_DELTA_LENGTHS: return pf_parquet_delta_lengths(slices, count, to, err);
    case PF_PARQUET_DELTA_BYTES: return pf_parquet_delta_bytes(slices, count, &scratch->suffixes, to, err);
    default: break;
    }
    if (c->physical == PF_PARQUET_BOOLEAN)
        return put_bits(v->bits, from, count, to, err);
    if (is_text(c))
        return pf_parquet_plain_slices(slices, count, c->physical == PF_PARQUET_BYTES, to, err);
    return pf_buf_put(to, words, (size_t)count * (size_t)c->width, err);
}

pf_status pf_parquet_encode_entries(struct pf_parquet_scratch *scratch, const struct pf_parquet_column *c,
                                    const uint8_t **at, size_t *size, struct pf_error *err) {
    const struct pf_parquet_dictionary *d = &scratch->dictionary;
    *size = (size_t)d->bytes;
    *at = d->words;
    if (!is_text(c))
        return PF_OK;
    scratch->entries.size = 0;
    PF_TRY(
        pf_parquet_plain_slices(d->slices, d->count, c->physical == PF_PARQUET_BYTES, &scratch->entries, err));
    *at = scratch->entries.data;
    *size = scratch->entries.size;
    return PF_OK;
}

/* ---- the choice ---- */

static int64_t plain_size(const struct pf_parquet_values *v, const struct pf_parquet_column *c) {
    if (is_text(c))
        return v->slices_bytes + (c->physical == PF_PARQUET_BYTES ? 4 * v->count : 0);
    return v->count * c->width;
}

static pf_status make_dictionary(struct pf_parquet_scratch *scratch, const struct pf_parquet_column *c,
                                 const struct pf_parquet_range *range, struct pf_error *err) {
    struct pf_parquet_values *v = &scratch->values;
    if (is_text(c))
        return pf_parquet_dictionary_slices(&scratch->dictionary, v->slices, v->count,
                                            c->physical == PF_PARQUET_BYTES, err);
    uint64_t span = 0;
    bool whole = c->physical == PF_PARQUET_INT32 || c->physical == PF_PARQUET_INT64;
    if (whole && range->any)
        span = range->max.u - range->min.u + 1; /* 0 when all of 64 bits are in use: hashed */
    return pf_parquet_dictionary_words(&scratch->dictionary, v->words, c->width, v->count, range->min.u, span,
                                       err);
}

/* Bytes with a dictionary, before the codec: entries, indices, one more page header. */
static int64_t dictionary_size(const struct pf_parquet_scratch *scratch) {
    const struct pf_parquet_dictionary *d = &scratch->dictionary;
    return d->bytes + scratch->values.count * pf_parquet_dictionary_width(d) / 8 + 24;
}

/* What the codec makes of the whole chunk in this encoding, judged by its first values. */
static pf_status try_encoding(struct pf_parquet_scratch *scratch, const struct pf_parquet_column *c,
                              int encoding, int64_t *size, struct pf_error *err) {
    int64_t n = scratch->values.count < SAMPLE ? scratch->values.count : SAMPLE;
    size_t used = 0, entries = 0;
    scratch->trial.size = 0;
    PF_TRY(pf_parquet_encode(scratch, c, encoding, 0, n, &scratch->trial, err));
    PF_TRY(pf_parquet_pages_try(&scratch->pages, scratch->trial.data, scratch->trial.size, &scratch->packed,
                                &used, err));
    if (encoding == PF_PARQUET_RLE_DICT) {
        const uint8_t *at;
        PF_TRY(pf_parquet_encode_entries(scratch, c, &at, &entries, err));
        PF_TRY(pf_parquet_pages_try(&scratch->pages, at, entries, &scratch->packed, &entries, err));
        entries += 24;
    }
    *size = (int64_t)((double)used * (double)scratch->values.count / (double)n) + (int64_t)entries;
    return PF_OK;
}

/* The smallest; of equals the first, so simple ones come first. */
static pf_status choose_smallest(struct pf_parquet_scratch *scratch, const struct pf_parquet_column *c,
                                 int *encoding, struct pf_error *err) {
    static const int words[] = {PF_PARQUET_PLAIN, PF_PARQUET_RLE_DICT, PF_PARQUET_DELTA_WORDS, -1};
    static const int floats[] = {PF_PARQUET_PLAIN, PF_PARQUET_RLE_DICT, PF_PARQUET_SPLIT, -1};
    static const int texts[] = {PF_PARQUET_PLAIN, PF_PARQUET_RLE_DICT, PF_PARQUET_DELTA_LENGTHS,
                                PF_PARQUET_DELTA_BYTES, -1};
    static const int bits[] = {PF_PARQUET_PLAIN, PF_PARQUET_RLE, -1};
    static const int fixed[] = {PF_PARQUET_PLAIN, PF_PARQUET_RLE_DICT, -1};
    const int *candidates = c->physical == PF_PARQUET_BOOLEAN                                      ? bits
                            : c->physical == PF_PARQUET_BYTES                                      ? texts
                            : c->physical == PF_PARQUET_FIXED                                      ? fixed
                            : c->order == PF_PARQUET_ORDER_F32 || c->order == PF_PARQUET_ORDER_F64 ? floats
                                                                                                   : words;
    int64_t best = INT64_MAX;
    for (; *candidates >= 0; candidates++) {
        int64_t size;
        if (*candidates == PF_PARQUET_RLE_DICT && scratch->dictionary.count == 0)
            continue;
        PF_TRY(try_encoding(scratch, c, *candidates, &size, err));
        if (size < best) {
            best = size;
            *encoding = *candidates;
        }
    }
    return PF_OK;
}

pf_status pf_parquet_encode_choose(struct pf_parquet_scratch *scratch, const struct pf_parquet_work *work,
                                   const struct pf_parquet_range *range, int *encoding, struct pf_error *err) {
    const struct pf_parquet_column *c = work->column;
    *encoding = PF_PARQUET_PLAIN;
    scratch->dictionary.count = 0;
    if (scratch->values.count == 0)
        return PF_OK;
    if (c->physical != PF_PARQUET_BOOLEAN)
        PF_TRY(make_dictionary(scratch, c, range, err));
    if (work->settings->modern)
        return choose_smallest(scratch, c, encoding, err);
    /* It must save a fifth: what plain pages repeat the codec finds too. */
    int64_t plain = plain_size(&scratch->values, c);
    if (scratch->dictionary.count > 0 && dictionary_size(scratch) < plain - plain / 5)
        *encoding = PF_PARQUET_RLE_DICT;
    return PF_OK;
}
