/* parquet_chunk.c — room write/parquet. One column chunk from values to pages.   SPDX-License-Identifier: MIT
 * Knows: where pages end, their levels and ranges, statistics and the column index.
 * Knows not: other columns, the file.                            Format: docs/formats/parquet.md §Pages */
#include "write/parquet/parquet_chunk.h"

#include "base/bits.h"
#include "base/error.h"
#include "write/parquet/parquet_encode.h"
#include "write/parquet/parquet_hybrid.h"

/* What the column index says of one page. */
struct page_note {
    struct pf_parquet_range range;
    int64_t nulls;
    bool empty; /* nothing but nulls */
};

/* A page's rows, slots and values. */
struct stretch {
    int64_t row, rows;
    int64_t slot, slots;
    int64_t value, count;
};

struct chunking {
    const struct pf_parquet_work *work;
    struct pf_parquet_scratch *scratch;
    struct pf_parquet_chunk *chunk;
    struct pf_error *err;
    int encoding;
    int64_t rows, slots;           /* of the chunk */
    struct pf_parquet_range range; /* of the chunk */
};

/* A column that is neither a field of the table itself nor encoded in runs has its nulls as a bitmap. */
static bool is_nested(const struct chunking *k) {
    return k->work->column->step_count > 0 || k->work->column->run_width;
}

void pf_parquet_scratch_clear(struct pf_parquet_scratch *s) {
    pf_parquet_nest_clear(&s->nest);
    pf_parquet_values_clear(&s->values);
    pf_parquet_dictionary_clear(&s->dictionary);
    pf_parquet_pages_clear(&s->pages);
    struct pf_buf *bufs[] = {&s->body,  &s->levels, &s->entries, &s->suffixes,
                             &s->trial, &s->packed, &s->ranges,  &s->used};
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        pf_buf_clear(bufs[i]);
}

/* ---- ranges ---- */

static void range_values(const struct chunking *k, int64_t from, int64_t count, struct pf_parquet_range *out) {
    const struct pf_parquet_column *c = k->work->column;
    const struct pf_parquet_values *v = &k->scratch->values;
    if (c->physical == PF_PARQUET_BOOLEAN)
        pf_parquet_range_bits(v->bits, from, count, out);
    else if (v->slices)
        pf_parquet_range_slices(c->order, v->slices + from, count, out);
    else
        pf_parquet_range_words(c->order, v->words + from * c->width, c->width, count, out);
}

/* Text in a dictionary is compared once per entry, not once per value. */
static pf_status range_entries(const struct chunking *k, const struct stretch *s,
                               struct pf_parquet_range *out) {
    const struct pf_parquet_dictionary *d = &k->scratch->dictionary;
    struct pf_buf *used = &k->scratch->used;
    used->size = 0;
    PF_TRY(pf_buf_reserve(used, (size_t)d->count, k->err));
    memset(used->data, 0, (size_t)d->count);
    for (int64_t i = 0; i < s->count; i++)
        used->data[d->indices[s->value + i]] = 1;
    *out = (struct pf_parquet_range){0};
    for (int64_t e = 0; e < d->count; e++) {
        struct pf_parquet_range one;
        if (!used->data[e])
            continue;
        pf_parquet_range_slices(k->work->column->order, d->slices + e, 1, &one);
        pf_parquet_range_join(k->work->column->order, out, &one);
    }
    return PF_OK;
}

static pf_status range_page(const struct chunking *k, const struct stretch *s, struct pf_parquet_range *out) {
    const struct pf_parquet_values *v = &k->scratch->values;
    bool whole = s->count == v->count;
    if (whole && k->range.any)
        *out = k->range;
    else if (v->slices && k->encoding == PF_PARQUET_RLE_DICT)
        return range_entries(k, s, out);
    else
        range_values(k, s->value, s->count, out);
    return PF_OK;
}

/* ---- where a page ends ---- */

static int64_t count_there(const struct pf_parquet_values *v, int64_t row, int64_t rows) {
    return v->valid ? pf_bits_count(v->valid, row, rows) : rows;
}

static int64_t size_of(const struct chunking *k, int64_t value, int64_t count) {
    const struct pf_parquet_column *c = k->work->column;
    const struct pf_parquet_values *v = &k->scratch->values;
    if (k->encoding == PF_PARQUET_RLE_DICT)
        return count * pf_parquet_dictionary_width(&k->scratch->dictionary); /* bits */
    if (!v->slices)
        return count * (c->width ? c->width * 8 : 1);
    int64_t bytes = 0;
    for (int64_t i = 0; i < count; i++)
        bytes += v->slices[value + i].size + 4;
    return bytes * 8;
}

/* Goes by 64 rows, so that levels are whole bytes; where values are long by single rows. */
static void find_page(const struct chunking *k, struct stretch *s) {
    const struct pf_parquet_values *v = &k->scratch->values;
    int64_t most = k->work->settings->page_bytes * 8, bits = 0;
    s->slot = s->row += s->rows;
    s->value += s->count;
    s->rows = s->count = 0;
    while (s->row + s->rows < v->rows && bits < most) {
        int64_t row = s->row + s->rows, step = v->rows - row < 64 ? v->rows - row : 64;
        int64_t count = count_there(v, row, step), more = size_of(k, s->value + s->count, count);
        if (step > 1 && bits + more > most) {
            if (s->rows > 0 && bits >= most / 2 && more < most / 2)
                break;
            step = 1;
            count = count_there(v, row, 1);
            more = size_of(k, s->value + s->count, count);
        }
        s->rows += step;
        s->count += count;
        bits += more;
    }
    s->slots = s->rows;
}

/* Goes by single rows: each has as many slots as its lists have items. */
static void find_nested_page(const struct chunking *k, struct stretch *s) {
    const struct pf_parquet_start *starts = pf_parquet_starts(&k->scratch->nest);
    int64_t most = k->work->settings->page_bytes * 8, bits = 0;
    s->row += s->rows;
    s->slot += s->slots;
    s->value += s->count;
    int64_t end = s->row;
    for (; end < k->rows && bits < most; end++)
        bits += size_of(k, starts[end].value, starts[end + 1].value - starts[end].value) +
                (starts[end + 1].slot - starts[end].slot);
    s->rows = end - s->row;
    s->slots = starts[end].slot - s->slot;
    s->count = starts[end].value - s->value;
}

/* ---- pages ---- */

/* Levels of one kind at the end of the buffer; V1 pages want their length in front. */
static pf_status put_levels(struct chunking *k, const uint32_t *levels, int64_t count, int16_t highest) {
    struct pf_buf *to = &k->scratch->levels;
    int width = 32 - __builtin_clz((unsigned)highest);
    size_t length = k->work->settings->modern ? 0 : 4;
    PF_TRY(pf_buf_reserve(to, length + pf_parquet_hybrid_bound(count, width), k->err));
    uint8_t *at = to->data + to->size;
    size_t size = pf_parquet_hybrid(levels, count, width, at + length);
    if (length)
        pf_store32(at, (uint32_t)size);
    to->size += length + size;
    return PF_OK;
}

static pf_status put_nested_levels(struct chunking *k, const struct stretch *s, struct pf_parquet_page *page) {
    const struct pf_parquet_column *c = k->work->column;
    const struct pf_parquet_nest *nest = &k->scratch->nest;
    if (c->max_repetition > 0)
        PF_TRY(put_levels(k, (const uint32_t *)(const void *)nest->repetition.data + s->slot, s->slots,
                          c->max_repetition));
    page->repetition_size = k->scratch->levels.size;
    if (c->max_definition > 0)
        PF_TRY(put_levels(k, (const uint32_t *)(const void *)nest->definition.data + s->slot, s->slots,
                          c->max_definition));
    return PF_OK;
}

static pf_status put_flat_levels(struct chunking *k, const struct stretch *s) {
    const struct pf_parquet_values *v = &k->scratch->values;
    struct pf_buf *levels = &k->scratch->levels;
    size_t length = k->work->settings->modern ? 0 : 4;
    PF_TRY(pf_buf_reserve(levels, length + pf_parquet_levels_bound(s->rows), k->err));
    size_t size =
        pf_parquet_levels(s->count == s->rows ? NULL : v->valid, s->row, s->rows, levels->data + length);
    if (length)
        pf_store32(levels->data, (uint32_t)size);
    levels->size = length + size;
    return PF_OK;
}

static pf_status put_page(struct chunking *k, const struct stretch *s) {
    const struct pf_parquet_column *c = k->work->column;
    struct pf_parquet_scratch *scratch = k->scratch;
    struct pf_parquet_page page = {.first_row = s->row,
                                   .rows = s->rows,
                                   .slots = s->slots,
                                   .nulls = s->slots - s->count,
                                   .encoding = k->encoding};
    struct page_note note = {.nulls = page.nulls, .empty = s->count == 0};
    PF_TRY(range_page(k, s, &note.range));
    pf_parquet_range_join(c->order, &k->range, &note.range);
    PF_TRY(pf_buf_put(&scratch->ranges, &note, sizeof note, k->err));
    size_t before = 0;
    if (k->chunk->levels) {
        scratch->levels.size = 0;
        PF_TRY(is_nested(k) ? put_nested_levels(k, s, &page) : put_flat_levels(k, s));
        page.levels = scratch->levels.data;
        page.levels_size = before = scratch->levels.size;
    }
    if (scratch->values.words && k->encoding == PF_PARQUET_PLAIN && c->physical != PF_PARQUET_BOOLEAN &&
        before <= scratch->values.headroom) {
        /* The values already stand as PLAIN wants them. Levels go in front of them, over values that earlier
         * pages have written, or into the headroom. */
        page.values = scratch->values.words + s->value * c->width;
        page.values_size = (size_t)s->count * (size_t)c->width;
        return pf_parquet_pages_data(&scratch->pages, &page, k->err);
    }
    scratch->body.size = 0;
    PF_TRY(pf_buf_reserve(&scratch->body, before + 64, k->err));
    scratch->body.size = before;
    PF_TRY(pf_parquet_encode(scratch, c, k->encoding, s->value, s->count, &scratch->body, k->err));
    page.values = scratch->body.data + before;
    page.values_size = scratch->body.size - before;
    return pf_parquet_pages_data(&scratch->pages, &page, k->err);
}

static pf_status put_pages(struct chunking *k) {
    struct stretch s = {0};
    while (s.row + s.rows < k->rows) {
        if (k->work->cancelled && k->work->cancelled(k->work->ctx))
            return pf_fail_cancelled(k->err);
        if (is_nested(k))
            find_nested_page(k, &s);
        else
            find_page(k, &s);
        PF_TRY(put_page(k, &s));
    }
    return PF_OK;
}

/* ---- statistics and column index ---- */

static pf_status note_stats(struct chunking *k) {
    const struct pf_parquet_values *v = &k->scratch->values;
    struct pf_buf *notes = &k->chunk->notes;
    struct pf_parquet_bound low, high;
    struct pf_thrift t;
    pf_parquet_bound_make(k->work->column, &k->range, false, &low);
    pf_parquet_bound_make(k->work->column, &k->range, true, &high);
    pf_thrift_begin(&t, notes, k->err);
    pf_thrift_i64(&t, 3, k->slots - v->count);
    if (high.any)
        pf_thrift_binary(&t, 5, high.at, high.size);
    if (low.any)
        pf_thrift_binary(&t, 6, low.at, low.size);
    if (high.any)
        pf_thrift_bool(&t, 7, high.exact);
    if (low.any)
        pf_thrift_bool(&t, 8, low.exact);
    PF_TRY(pf_thrift_done(&t));
    k->chunk->stats_size = notes->size;
    return PF_OK;
}

/* 0 neither, 1 rising, 2 falling; a page of nulls does not count. */
static int page_order(enum pf_parquet_order order, const struct page_note *notes, size_t count) {
    bool rising = true, falling = true;
    const struct page_note *before = NULL;
    for (size_t i = 0; i < count; i++) {
        if (notes[i].empty)
            continue;
        if (before) {
            int low = pf_parquet_compare(order, &before->range.min, &notes[i].range.min);
            int high = pf_parquet_compare(order, &before->range.max, &notes[i].range.max);
            rising = rising && low <= 0 && high <= 0;
            falling = falling && low >= 0 && high >= 0;
        }
        before = &notes[i];
    }
    return rising ? 1 : falling ? 2 : 0;
}

static void put_bounds(struct pf_thrift *t, const struct pf_parquet_column *c, int16_t field, bool upper,
                       const struct page_note *notes, size_t count) {
    pf_thrift_list(t, field, PF_THRIFT_BINARY, count);
    for (size_t i = 0; i < count; i++) {
        struct pf_parquet_bound bound;
        pf_parquet_bound_make(c, &notes[i].range, upper, &bound);
        pf_thrift_item_binary(t, bound.at, bound.size);
    }
}

/* Every page that has values needs both bounds; where one has none (only NaN, no greater text) there is no
 * index. */
static pf_status note_index(struct chunking *k) {
    const struct pf_parquet_column *c = k->work->column;
    const struct page_note *notes = (const struct page_note *)(const void *)k->scratch->ranges.data;
    size_t count = k->scratch->ranges.size / sizeof *notes;
    if (c->order == PF_PARQUET_ORDER_NONE)
        return PF_OK;
    for (size_t i = 0; i < count; i++) {
        struct pf_parquet_bound high;
        pf_parquet_bound_make(c, &notes[i].range, true, &high);
        if (!notes[i].empty && !high.any)
            return PF_OK;
    }
    struct pf_thrift t;
    pf_thrift_begin(&t, &k->chunk->notes, k->err);
    pf_thrift_list(&t, 1, PF_THRIFT_BOOL, count);
    for (size_t i = 0; i < count; i++)
        pf_thrift_item_bool(&t, notes[i].empty);
    put_bounds(&t, c, 2, false, notes, count);
    put_bounds(&t, c, 3, true, notes, count);
    pf_thrift_i32(&t, 4, page_order(c->order, notes, count));
    pf_thrift_list(&t, 5, PF_THRIFT_I64, count);
    for (size_t i = 0; i < count; i++)
        pf_thrift_item_i64(&t, notes[i].nulls);
    return pf_thrift_done(&t);
}

/* ---- the chunk ---- */

static pf_status take_flat(struct chunking *k) {
    const struct pf_parquet_work *w = k->work;
    struct pf_parquet_values *v = &k->scratch->values;
    PF_TRY(pf_parquet_values_take(v, w->column, w->parts, w->part_count, w->first_row, k->err));
    k->rows = k->slots = v->rows;
    return PF_OK;
}

static pf_status take_nested(struct chunking *k) {
    const struct pf_parquet_work *w = k->work;
    struct pf_parquet_nest *nest = &k->scratch->nest;
    PF_TRY(pf_parquet_nest_take(nest, w->column, w->parts, w->part_count, w->first_row, k->err));
    pf_status status = pf_parquet_values_take(
        &k->scratch->values, w->column, (const struct pf_parquet_part *)(const void *)nest->parts.data,
        (int64_t)(nest->parts.size / sizeof(struct pf_parquet_part)), 0, k->err);
    if (status != PF_OK && k->err && k->err->row > 0) /* of the element → of the table */
        k->err->row = w->first_row + pf_parquet_nest_row(nest, k->err->row - 1) + 1;
    PF_TRY(status);
    pf_parquet_nest_settle(nest, w->column, &k->scratch->values);
    k->rows = nest->rows;
    k->slots = nest->slots;
    return PF_OK;
}

static pf_status encode_chunk(struct chunking *k) {
    const struct pf_parquet_work *w = k->work;
    struct pf_parquet_scratch *scratch = k->scratch;
    PF_TRY(is_nested(k) ? take_nested(k) : take_flat(k));
    pf_parquet_pages_begin(&scratch->pages, w->settings, k->chunk);
    scratch->pages.cancelled = w->cancelled;
    scratch->pages.ctx = w->ctx;
    scratch->ranges.size = 0;
    k->chunk->slots = k->slots;
    k->chunk->levels = w->column->max_definition > 0 || w->column->max_repetition > 0;
    if (scratch->values.words)
        range_values(k, 0, scratch->values.count, &k->range);
    PF_TRY(pf_parquet_encode_choose(scratch, w, &k->range, &k->encoding, k->err));
    k->chunk->encoding = (int8_t)k->encoding;
    if (k->encoding == PF_PARQUET_RLE_DICT) {
        const uint8_t *entries;
        size_t size;
        if (scratch->values.slices)
            pf_parquet_range_slices(w->column->order, scratch->dictionary.slices, scratch->dictionary.count,
                                    &k->range);
        PF_TRY(pf_parquet_encode_entries(scratch, w->column, &entries, &size, k->err));
        pf_parquet_pages_dictionary(&scratch->pages, entries, size, scratch->dictionary.count);
    }
    PF_TRY(put_pages(k));
    PF_TRY(note_stats(k));
    return note_index(k);
}

pf_status pf_parquet_chunk_encode(const struct pf_parquet_work *work, struct pf_parquet_scratch *scratch,
                                  struct pf_parquet_chunk *chunk, struct pf_error *err) {
    struct chunking k = {.work = work, .scratch = scratch, .chunk = chunk, .err = err};
    return encode_chunk(&k);
}
