/* parquet_page.c — room write/parquet. Pages: header, levels, values, codec.     SPDX-License-Identifier: MIT
 * Knows: V1 and V2 data pages, dictionary pages, whether compression pays.
 * Knows not: how values were encoded, where in the file the chunk will stand.
 * Format: docs/formats/parquet.md §Pages */
#include "write/parquet/parquet_page.h"

#include "base/error.h"

#define KIND_DATA       0
#define KIND_DICTIONARY 2
#define KIND_DATA_V2    3

/* A chunk whose first pages shrink by less than one part in this stays uncompressed: what a codec saves below a
 * twelfth costs every reader more than the bytes do. Where small files are asked for it is one per cent. */
#define LEAST_GAIN        12
#define LEAST_GAIN_MODERN 100
/* A long first page is not compressed in vain: two samples of it tell beforehand. */
#define TRIAL_BYTES (16u << 10)
#define TRIAL_FROM  (128u << 10)

void pf_parquet_chunk_clear(struct pf_parquet_chunk *chunk) {
    pf_buf_clear(&chunk->bytes);
    pf_buf_clear(&chunk->places);
    pf_buf_clear(&chunk->notes);
    *chunk = (struct pf_parquet_chunk){0};
}

void pf_parquet_pages_begin(struct pf_parquet_pages *pages, const struct pf_parquet_settings *settings,
                            struct pf_parquet_chunk *chunk) {
    pages->settings = settings;
    pages->chunk = chunk;
    pages->codec = settings->codec;
    pages->settled = settings->codec == NULL;
    pages->level = settings->level;
    pages->dictionary_size = 0;
    pages->dictionary_count = 0;
    chunk->bytes.size = chunk->places.size = chunk->notes.size = 0;
    chunk->uncompressed_size = chunk->dictionary_size = 0;
    chunk->page_count = 0;
    chunk->codec_id = settings->codec ? (int8_t)settings->codec->parquet_id : 0;
}

void pf_parquet_pages_clear(struct pf_parquet_pages *pages) {
    if (pages->state_open && pages->settings->codec->state_close)
        pages->settings->codec->state_close(pages->state);
    pf_buf_clear(&pages->head);
    *pages = (struct pf_parquet_pages){0};
}

static pf_status ready_codec(struct pf_parquet_pages *p, struct pf_error *err) {
    const struct pf_codec *codec = p->settings->codec;
    if (p->state_open || !codec->state_open)
        return PF_OK;
    PF_TRY(codec->state_open(p->settings->level, &p->state, err));
    p->state_open = true;
    return PF_OK;
}

static pf_status compress(struct pf_parquet_pages *p, int level, const uint8_t *from, size_t size, uint8_t *to,
                          size_t room, size_t *used, struct pf_error *err) {
    PF_TRY(ready_codec(p, err));
    if (p->settings->codec->state_watch)
        p->settings->codec->state_watch(p->state, p->cancelled, p->ctx);
    return p->settings->codec->compress(p->state, level, from, size, to, room, used, err);
}

pf_status pf_parquet_pages_try(struct pf_parquet_pages *p, const uint8_t *from, size_t size,
                               struct pf_buf *scratch, size_t *used, struct pf_error *err) {
    *used = size;
    if (!p->settings->codec || size == 0)
        return PF_OK;
    size_t room = p->settings->codec->bound(size);
    scratch->size = 0;
    PF_TRY(pf_buf_reserve(scratch, room, err));
    /* the default level is quick, and ranks encodings as the higher ones do */
    int level = p->settings->codec->level_default < p->settings->level ? p->settings->codec->level_default
                                                                       : p->settings->level;
    return compress(p, level, from, size, scratch->data, room, used, err);
}

void pf_parquet_pages_dictionary(struct pf_parquet_pages *p, const uint8_t *entries, size_t size,
                                 int64_t count) {
    p->dictionary = entries;
    p->dictionary_size = size;
    p->dictionary_count = count;
}

/* What a page is, as far as its header goes. */
struct head {
    const struct pf_parquet_page *page; /* NULL: the dictionary */
    size_t raw;                         /* levels of V2 pages included */
    size_t stored;
    bool compressed;
};

static pf_status put_head(struct pf_parquet_pages *p, const struct head *h, struct pf_error *err) {
    const struct pf_parquet_page *page = h->page;
    bool v2 = page && p->settings->modern;
    struct pf_thrift t;
    p->head.size = 0;
    pf_thrift_begin(&t, &p->head, err);
    pf_thrift_i32(&t, 1, !page ? KIND_DICTIONARY : v2 ? KIND_DATA_V2 : KIND_DATA);
    pf_thrift_i32(&t, 2, (int32_t)h->raw);
    pf_thrift_i32(&t, 3, (int32_t)h->stored);
    if (!page) {
        pf_thrift_open(&t, 7);
        pf_thrift_i32(&t, 1, (int32_t)p->dictionary_count);
        pf_thrift_i32(&t, 2, PF_PARQUET_PLAIN);
    } else if (v2) {
        pf_thrift_open(&t, 8);
        pf_thrift_i32(&t, 1, (int32_t)page->slots);
        pf_thrift_i32(&t, 2, (int32_t)page->nulls);
        pf_thrift_i32(&t, 3, (int32_t)page->rows);
        pf_thrift_i32(&t, 4, page->encoding);
        pf_thrift_i32(&t, 5, (int32_t)(page->levels_size - page->repetition_size));
        pf_thrift_i32(&t, 6, (int32_t)page->repetition_size);
        pf_thrift_bool(&t, 7, h->compressed);
    } else {
        pf_thrift_open(&t, 5);
        pf_thrift_i32(&t, 1, (int32_t)page->slots);
        pf_thrift_i32(&t, 2, page->encoding);
        pf_thrift_i32(&t, 3, PF_PARQUET_RLE);
        pf_thrift_i32(&t, 4, PF_PARQUET_RLE);
    }
    pf_thrift_close(&t);
    return pf_thrift_done(&t);
}

/* Appends one page. before: levels that stand uncompressed in front of body (V2). The body is compressed where
 * it will stand, after a gap as wide as the last header; mostly that fits and nothing has to move. */
static pf_status put_page(struct pf_parquet_pages *p, const struct pf_parquet_page *page, const uint8_t *before,
                          size_t before_size, const uint8_t *body, size_t body_size, struct pf_error *err) {
    struct pf_buf *to = &p->chunk->bytes;
    size_t room = p->codec ? p->codec->bound(body_size) : body_size, used = body_size;
    if (before_size + body_size > INT32_MAX)
        return pf_fail(err, PF_LIMIT,
                       "a page is longer than 2 GiB; lower --page-bytes or leave the column out");
    PF_TRY(pf_buf_reserve(to, p->last_head + 128 + before_size + room, err));
    uint8_t *start = to->data + to->size, *at = start + p->last_head + before_size;
    bool compressed = p->codec && body_size > 0;
    if (compressed)
        PF_TRY(compress(p, p->level, body, body_size, at, room, &used, err));
    if (compressed && page && p->settings->modern && used >= body_size)
        compressed = false, used = body_size; /* a V2 page may say so by itself */
    if (used + before_size > INT32_MAX)
        return pf_fail(err, PF_LIMIT,
                       "a page is longer than 2 GiB; lower --page-bytes or leave the column out");
    struct head h = {page, before_size + body_size, before_size + used, compressed};
    PF_TRY(put_head(p, &h, err));
    if (compressed && p->head.size != p->last_head)
        memmove(start + p->head.size + before_size, at, used);
    if (!compressed && used)
        memcpy(start + p->head.size + before_size, body, used);
    if (before_size)
        memcpy(start + p->head.size, before, before_size);
    memcpy(start, p->head.data, p->head.size);
    to->size += p->head.size + before_size + used;
    p->last_head = p->head.size;
    p->chunk->uncompressed_size += (int64_t)(p->head.size + before_size + body_size);
    return PF_OK;
}

static bool pays(const struct pf_parquet_pages *p, size_t raw, size_t stored) {
    return stored <= raw - raw / (p->settings->modern ? LEAST_GAIN_MODERN : LEAST_GAIN);
}

/* *hopeless: two samples of a long page do not shrink enough. */
static pf_status try_samples(struct pf_parquet_pages *p, const uint8_t *body, size_t size, bool *hopeless,
                             struct pf_error *err) {
    struct pf_buf *to = &p->chunk->bytes;
    size_t room = p->codec ? p->codec->bound(TRIAL_BYTES) : 0, stored = 0;
    *hopeless = false;
    if (p->settled || !p->codec || size < TRIAL_FROM)
        return PF_OK;
    PF_TRY(pf_buf_reserve(to, room, err));
    for (size_t at = size / 4; at < size; at += size / 2) {
        size_t used;
        PF_TRY(compress(p, p->level, body + at, TRIAL_BYTES, to->data, room, &used, err));
        stored += used;
    }
    *hopeless = !pays(p, 2 * TRIAL_BYTES, stored);
    return PF_OK;
}

/* What a level does to a column hardly changes along the file, and with some columns the lower ones do as well or
 * better: the first long page of a column is tried with all, and the column stays with what it gave. */
static pf_status choose_level(struct pf_parquet_pages *p, const uint8_t *body, size_t size,
                              struct pf_error *err) {
    struct pf_parquet_chunk *chunk = p->chunk;
    struct pf_buf *to = &chunk->bytes;
    if (!p->codec || !p->settings->level_free)
        return PF_OK;
    if (!chunk->level && size >= TRIAL_FROM) {
        size_t room = p->codec->bound(size), least = SIZE_MAX;
        PF_TRY(pf_buf_reserve(to, room, err));
        for (int level = p->settings->level; level > 0; level--) {
            size_t used;
            PF_TRY(compress(p, level, body, size, to->data, room, &used, err));
            if (used > least + least / 256)
                continue;
            least = used < least ? used : least;
            chunk->level = (int8_t)level;
        }
    }
    if (chunk->level)
        p->level = chunk->level;
    return PF_OK;
}

static void leave_uncompressed(struct pf_parquet_pages *p) {
    p->codec = NULL;
    p->settled = true;
    p->chunk->codec_id = 0;
}

static pf_status put_first(struct pf_parquet_pages *p, const struct pf_parquet_page *page,
                           const uint8_t *before, size_t before_size, const uint8_t *body, size_t body_size,
                           struct pf_error *err) {
    struct pf_parquet_chunk *chunk = p->chunk;
    bool hopeless;
    PF_TRY(try_samples(p, body, body_size, &hopeless, err));
    if (hopeless && !p->dictionary_count)
        leave_uncompressed(p);
    PF_TRY(choose_level(p, body, body_size, err));
    for (;;) {
        chunk->bytes.size = 0;
        chunk->uncompressed_size = 0;
        if (p->dictionary_count)
            PF_TRY(put_page(p, NULL, NULL, 0, p->dictionary, p->dictionary_size, err));
        chunk->dictionary_size = (int64_t)chunk->bytes.size;
        PF_TRY(put_page(p, page, before, before_size, body, body_size, err));
        if (p->settled || pays(p, (size_t)chunk->uncompressed_size, chunk->bytes.size))
            break;
        leave_uncompressed(p); /* it does not pay: once more without */
    }
    p->settled = true;
    return PF_OK;
}

pf_status pf_parquet_pages_data(struct pf_parquet_pages *p, const struct pf_parquet_page *page,
                                struct pf_error *err) {
    struct pf_parquet_chunk *chunk = p->chunk;
    const uint8_t *before = NULL, *body = page->values;
    size_t before_size = 0, body_size = page->values_size;
    if (p->settings->modern) {
        before = page->levels;
        before_size = page->levels_size;
    } else if (page->levels) {
        uint8_t *start = page->values - page->levels_size;
        memcpy(start, page->levels, page->levels_size);
        body = start;
        body_size += page->levels_size;
    }
    size_t size = chunk->bytes.size;
    if (chunk->page_count == 0) {
        PF_TRY(put_first(p, page, before, before_size, body, body_size, err));
        size = (size_t)chunk->dictionary_size;
    } else {
        PF_TRY(put_page(p, page, before, before_size, body, body_size, err));
    }
    struct pf_parquet_place place = {page->first_row, (int32_t)(chunk->bytes.size - size), 0};
    chunk->page_count++;
    return pf_buf_put(&chunk->places, &place, sizeof place, err);
}
