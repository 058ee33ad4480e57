/* csv_feed.c — room read/csv. A source's bytes in blocks of whole records.       SPDX-License-Identifier: MIT
 * Knows: reading ahead, what is left of a block for the next one, records longer than a block.
 * Knows not: cells, types, threads.                         Format: docs/formats/csv.md §Blocks */
#include "read/csv/csv_feed.h"

#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"

#define CALL        (1u << 20)                       /* bytes of one read: cancel must come through */
#define MOST_RECORD (2 * (size_t)PF_CEIL_CELL_BYTES) /* a whole record */

void pf_csv_feed_open(struct pf_csv_feed *feed, struct pf_source *source, const struct pf_csv_dialect *dialect,
                      const struct pf_csv_text_rule *rule, int64_t from, int64_t end, size_t block_bytes) {
    *feed = (struct pf_csv_feed){.source = source, .dialect = *dialect, .rule = *rule};
    feed->at = from;
    feed->end = end;
    feed->block_bytes = block_bytes;
    char signs[sizeof dialect->delimiter + 4] = {0};
    size_t n = dialect->delimiter_size;
    bool ascii = true;
    for (size_t i = 0; i < n; i++)
        ascii &= (uint8_t)dialect->delimiter[i] < 0x80;
    memcpy(signs, dialect->delimiter, n);
    for (const char *s = (const char[3]){dialect->quote, dialect->escape, dialect->comment}, *e = s + 3; s < e;
         s++)
        if (*s)
            signs[n++] = *s;
    feed->transparent =
        pf_charset_is_utf8(rule->charset) || (ascii && pf_csv_text_transparent(rule->charset, signs));
}

void pf_csv_feed_clear(struct pf_csv_feed *feed) {
    pf_buf_clear(&feed->stash);
    pf_buf_clear(&feed->text);
    memset(feed, 0, sizeof *feed);
}

void pf_csv_chunk_clear(struct pf_csv_chunk *chunk) {
    pf_buf_clear(&chunk->bytes);
    pf_csv_marks_clear(&chunk->marks);
}

/* Brings the chunk to `want` bytes, or to all there are. */
static pf_status fill(struct pf_csv_feed *feed, struct pf_csv_chunk *chunk, size_t want, struct pf_error *err) {
    struct pf_buf *buf = &chunk->bytes;
    PF_TRY(pf_buf_reserve(buf, PF_CSV_FRONT + want + PF_CSV_AFTER - buf->size, err));
    size_t kept = feed->stash.size - feed->stash_from, have = buf->size - PF_CSV_FRONT;
    size_t take = kept < want - have ? kept : want - have;
    if (take) {
        memcpy(buf->data + buf->size, feed->stash.data + feed->stash_from, take);
        feed->stash_from += take;
        buf->size += take;
        have += take;
    }
    while (have < want && !feed->ended) {
        int64_t at = chunk->at + (int64_t)have;
        size_t ask = want - have < CALL ? want - have : CALL, got = 0;
        if (feed->end - at < (int64_t)ask)
            ask = feed->end > at ? (size_t)(feed->end - at) : 0;
        if (ask)
            PF_TRY(feed->source->read_at(feed->source, at, buf->data + buf->size, ask, &got, err));
        buf->size += got;
        have += got;
        feed->ended = got < ask || ask == 0 || at + (int64_t)got >= feed->end ||
                      (feed->source->size_bytes >= 0 && at + (int64_t)got >= feed->source->size_bytes);
        if (feed->ended) {
            size_t signs =
                pf_csv_end_signs(feed->rule.charset, pf_csv_chunk_raw(chunk), buf->size - PF_CSV_FRONT);
            buf->size -= signs;
            feed->end_signs += signs;
        }
    }
    return PF_OK;
}

/* Where the chunk may end: bytes of the input; 0: more is needed. */
static pf_status cut_chunk(struct pf_csv_feed *feed, struct pf_csv_chunk *chunk, size_t size, bool last,
                           size_t *cut, struct pf_error *err) {
    const uint8_t *raw = pf_csv_chunk_raw(chunk);
    chunk->marks.ready = false;
    bool stripping = feed->rule.strip_nul && memchr(raw, 0, size);
    if (feed->transparent && !stripping && pf_charset_is_utf8(feed->rule.charset))
        return pf_csv_cut_marked((const char *)raw, size, feed->block_bytes, last, &feed->dialect,
                                 &chunk->marks, cut, err);
    if (feed->transparent && !stripping) {
        *cut = pf_csv_cut((const char *)raw, size, feed->block_bytes, last, &feed->dialect);
        return PF_OK;
    }
    size_t used;
    feed->text.size = 0;
    PF_TRY(pf_csv_text_append(&feed->rule, raw, size, last, &used, &feed->text, err));
    size_t place =
        pf_csv_cut((const char *)feed->text.data, feed->text.size, feed->block_bytes, last, &feed->dialect);
    struct pf_csv_way way = {0};
    *cut = last && place == feed->text.size ? size : pf_csv_text_back(&feed->rule, raw, size, place, &way);
    return PF_OK;
}

/* Keeps what lies behind the cut, and ends the chunk there. */
static pf_status keep_rest(struct pf_csv_feed *feed, struct pf_csv_chunk *chunk, size_t cut,
                           struct pf_error *err) {
    struct pf_buf *buf = &chunk->bytes;
    size_t rest = buf->size - PF_CSV_FRONT - cut;
    if (feed->stash_from < feed->stash.size) { /* it came from there */
        feed->stash_from -= rest;
    } else if (rest > feed->block_bytes) { /* much was read ahead for one record: it is not copied */
        struct pf_buf large = *buf;
        *buf = feed->stash;
        feed->stash = large;
        feed->stash_from = PF_CSV_FRONT + cut;
        buf->size = 0;
        PF_TRY(pf_buf_reserve(buf, PF_CSV_FRONT + cut + PF_CSV_AFTER, err));
        memcpy(buf->data + PF_CSV_FRONT, large.data + PF_CSV_FRONT, cut);
    } else {
        feed->stash.size = feed->stash_from = 0;
        if (feed->stash.room > 4 * feed->block_bytes)
            pf_buf_clear(&feed->stash);
        PF_TRY(pf_buf_put(&feed->stash, buf->data + PF_CSV_FRONT + cut, rest, err));
    }
    buf->size = PF_CSV_FRONT + cut;
    memset(buf->data + buf->size, 0, PF_CSV_AFTER);
    return PF_OK;
}

/* How far no lone quote stands from `from` on, at most to `to`: pairs of quotes close nothing that was open in front
 * of them. What was found is kept for the next time. */
static pf_status measure_quiet(struct pf_csv_feed *feed, int64_t from, int64_t to, struct pf_error *err) {
    if (from >= feed->quiet_from && (from < feed->quiet_to || feed->quiet_to >= to))
        return PF_OK;
    uint8_t quote = (uint8_t)feed->dialect.quote;
    bool odd = false;
    size_t got = CALL;
    feed->quiet_from = feed->quiet_to = from;
    feed->text.size = 0;
    PF_TRY(pf_buf_reserve(&feed->text, CALL, err));
    for (int64_t at = from; at < to && got == CALL; at += (int64_t)got) {
        const uint8_t *p = feed->text.data, *q;
        PF_TRY(feed->source->read_at(feed->source, at, feed->text.data, CALL, &got, err));
        const uint8_t *end = p + got;
        odd = odd && p < end && *p == quote ? p++, false : odd;
        while (!odd && (q = memchr(p, quote, (size_t)(end - p)))) {
            odd = q + 1 == end || q[1] != quote;
            p = odd ? q + 1 : q + 2;
        }
        if (odd && p < end) {
            feed->quiet_to = at + (p - feed->text.data) - 1;
            return PF_OK;
        }
        feed->quiet_to = at + (int64_t)got - odd;
    }
    feed->quiet_to = odd ? feed->quiet_to : to;
    return PF_OK;
}

/* The first record has a quote that the text at hand does not close. Where nothing closes it in all that follows, the
 * text ends as well here as there, and need not be held together: it is cut behind its last line. */
static pf_status cut_unclosed(struct pf_csv_feed *feed, struct pf_csv_chunk *chunk, size_t size, size_t *cut,
                              struct pf_error *err) {
    const uint8_t *raw = pf_csv_chunk_raw(chunk);
    struct pf_csv_dialect plain = feed->dialect;
    bool escape = plain.escape && plain.escape != plain.quote;
    if (!feed->transparent || !feed->source->random || !plain.quote || escape || size < 2 * feed->block_bytes ||
        (feed->rule.strip_nul && memchr(raw, 0, size)))
        return PF_OK;
    plain.quote = plain.escape = 0;
    size_t place = pf_csv_cut((const char *)raw, size, size, false, &plain);
    int64_t from = chunk->at + (int64_t)place, to = from + (int64_t)size + (int64_t)PF_CEIL_CELL_BYTES;
    if (!place)
        return PF_OK;
    to = to < feed->end ? to : feed->end;
    PF_TRY(measure_quiet(feed, from, to, err));
    *cut = feed->quiet_to >= to ? place : 0;
    chunk->marks.ready = false; /* they are those of the text that was not cut */
    return PF_OK;
}

/* A quote without end is given up only when so much has been seen. */
static size_t grow_want(const struct pf_csv_feed *feed, size_t want) {
    size_t enough = (size_t)PF_CEIL_CELL_BYTES + 2 * feed->block_bytes;
    return want < enough && 4 * want > enough ? enough
                                              : 2 * want; /* growing copies: no small step at the end */
}

/* The text at hand, longer than a cell may be, has no place to cut: does one cell take all of that? */
static bool is_cell_too_long(const struct pf_csv_feed *feed, const uint8_t *raw, size_t size) {
    const struct pf_csv_dialect *d = &feed->dialect;
    if (size <= PF_CEIL_CELL_BYTES || !feed->transparent)
        return false;
    const uint8_t *last = raw + size - PF_CEIL_CELL_BYTES;
    return !d->delimiter_size || !memmem(last, PF_CEIL_CELL_BYTES, d->delimiter, d->delimiter_size);
}

pf_status pf_csv_feed_next(struct pf_csv_feed *feed, struct pf_csv_chunk *chunk, struct pf_error *err) {
    struct pf_buf *buf = &chunk->bytes;
    size_t want = feed->block_bytes;
    if (buf->room > 4 * want + PF_CSV_FRONT + PF_CSV_AFTER)
        pf_buf_clear(buf);
    buf->size = 0;
    chunk->at = feed->at;
    chunk->size = 0;
    PF_TRY(pf_buf_reserve(buf, PF_CSV_FRONT + PF_CSV_AFTER, err));
    buf->size = PF_CSV_FRONT;
    for (;;) {
        PF_TRY(fill(feed, chunk, want, err));
        size_t size = buf->size - PF_CSV_FRONT, cut = 0;
        bool last = feed->ended && feed->stash_from == feed->stash.size;
        if (size == 0)
            return PF_OK;
        memset(buf->data + buf->size, 0, PF_CSV_AFTER);
        PF_TRY(cut_chunk(feed, chunk, size, last, &cut, err));
        if (cut == 0 && last)
            cut = size;
        if (cut == 0)
            PF_TRY(cut_unclosed(feed, chunk, size, &cut, err));
        if (cut) {
            PF_TRY(keep_rest(feed, chunk, cut, err));
            chunk->size = cut;
            feed->at += (int64_t)cut;
            return PF_OK;
        }
        if (is_cell_too_long(feed, pf_csv_chunk_raw(chunk), size))
            return pf_fail_at(
                err, PF_LIMIT, -1, chunk->at,
                "a cell of the record that begins here is longer than %u MiB; check the delimiter and "
                "the quote",
                PF_CEIL_CELL_BYTES >> 20);
        if (size >= MOST_RECORD)
            return pf_fail_at(err, PF_LIMIT, -1, chunk->at,
                              "a record is longer than %zu MiB; check the delimiter and the quote",
                              MOST_RECORD >> 20);
        want = grow_want(feed, want);
    }
}
