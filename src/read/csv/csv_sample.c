/* csv_sample.c — room read/csv. A bounded look at an input: head, strides, tail.  SPDX-License-Identifier: MIT
 * Knows: which bytes to look at, how certain what they say is.
 * Knows not: what types come of it, the table.              Format: docs/formats/csv.md §The survey */
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "read/csv/csv_proof.h"
#include "read/csv/csv_state.h"

#define HEAD_BYTES   ((size_t)1 << 20)
#define TAIL_BYTES   ((size_t)64 << 10)
#define STRIDE_BYTES ((size_t)64 << 10)
#define STRIDES      16

struct sample {
    pf_reader_state *state;
    int64_t
        from; /* where the head begins in the input: behind many lines that --skip-rows leaves out, else 0 */
    struct pf_buf raw;  /* PF_CSV_FRONT, head */
    struct pf_buf made; /* PF_CSV_FRONT, the head as text, when that is not raw itself */
    const char *head;   /* the head as text without BOM */
    size_t head_size;
    struct pf_buf tail_raw, tail;
    bool all;         /* the head is the whole input */
    int64_t tail_at;  /* input offset of what is in tail */
    size_t head_data; /* bytes of whole records in head, from data_at on */
    struct pf_csv_plan plan;
    struct pf_csv_proof proof;
    struct pf_infer *sampled; /* per column: head and strides */
    struct pf_error *err;
};

static void clear_sample(struct sample *s) {
    pf_buf_clear(&s->raw);
    pf_buf_clear(&s->made);
    pf_buf_clear(&s->tail_raw);
    pf_buf_clear(&s->tail);
    pf_csv_proof_clear(&s->proof);
    pf_mem_free(s->plan.columns);
    pf_mem_free(s->sampled);
}

/* Reads up to want bytes at offset into buf behind PF_CSV_FRONT; fewer only at the end. */
static pf_status read_bytes(struct sample *s, int64_t offset, size_t want, struct pf_buf *buf) {
    struct pf_source *source = s->state->source;
    buf->size = 0;
    PF_TRY(pf_buf_reserve(buf, PF_CSV_FRONT + want + PF_CSV_AFTER, s->err));
    buf->size = PF_CSV_FRONT;
    while (want > 0) {
        size_t ask = want < HEAD_BYTES ? want : HEAD_BYTES, got = 0;
        PF_TRY(source->read_at(source, offset, buf->data + buf->size, ask, &got, s->err));
        buf->size += got;
        offset += (int64_t)got;
        want -= got;
        if (got < ask)
            break;
    }
    memset(buf->data + buf->size, 0, PF_CSV_AFTER);
    return PF_OK;
}

static size_t held(const struct pf_buf *buf) { return buf->size > PF_CSV_FRONT ? buf->size - PF_CSV_FRONT : 0; }
static uint8_t *bytes_of(const struct pf_buf *buf) { return buf->data + PF_CSV_FRONT; }

/* Bytes of the mark at the begin of raw. */
static size_t mark_size(const struct sample *s) { return s->from ? 0 : (size_t)s->state->dialect.bom_size; }
/* Where the text of the head begins in the input. */
static int64_t text_from(const struct sample *s) { return s->from + (int64_t)mark_size(s); }

static pf_status read_head(struct sample *s, size_t want) {
    int64_t size = s->state->source->size_bytes;
    if (size >= 0 && (int64_t)want > size - s->from)
        want = size > s->from ? (size_t)(size - s->from) : 0;
    PF_TRY(read_bytes(s, s->from, want + 1, &s->raw)); /* one more tells whether it is all */
    s->all = held(&s->raw) <= want;
    if (!s->all)
        s->raw.size--;
    return PF_OK;
}

static pf_status to_text(struct sample *s, const uint8_t *raw, size_t size, bool last, struct pf_buf *text) {
    size_t used;
    text->size = 0;
    PF_TRY(pf_buf_reserve(text, PF_CSV_FRONT, s->err));
    memset(text->data, 0, PF_CSV_FRONT);
    text->size = PF_CSV_FRONT;
    return pf_csv_text_append(&s->state->rule, raw, size, last, &used, text, s->err);
}

/* The tail as text, from a place on where a character begins. */
static pf_status tail_to_text(struct sample *s) {
    const pf_reader_state *state = s->state;
    const uint8_t *raw = bytes_of(&s->tail_raw);
    size_t size = held(&s->tail_raw), from = 0;
    int unit = pf_charset_unit(state->rule.charset);
    if (unit > 1) {
        from = (size_t)((unit - (s->tail_at - state->dialect.bom_size) % unit) % unit);
    } else {
        const uint8_t *line = memchr(raw, '\n', size);
        from = line ? (size_t)(line - raw) + 1 : size;
    }
    from = from < size ? from : size;
    s->tail_at += (int64_t)from;
    return to_text(s, raw + from, size - from, true, &s->tail);
}

static pf_status head_to_text(struct sample *s) {
    const pf_reader_state *state = s->state;
    size_t bom = mark_size(s), size = held(&s->raw) - bom;
    const uint8_t *raw = bytes_of(&s->raw) + bom;
    size_t whole = s->all ? size : size - pf_utf8_cut(raw, size);
    bool stripping = state->rule.strip_nul && memchr(raw, 0, size);
    if (pf_charset_is_utf8(state->rule.charset) && !stripping && pf_utf8_valid(raw, whole) == whole) {
        s->head = (const char *)raw;
        s->head_size = whole;
        return PF_OK;
    }
    PF_TRY(to_text(s, raw, size, s->all, &s->made));
    s->head = (const char *)bytes_of(&s->made);
    s->head_size = held(&s->made);
    return PF_OK;
}

static size_t leave_end_signs(const pf_reader_state *state, struct pf_buf *raw) {
    size_t signs = pf_csv_end_signs(state->rule.charset, bytes_of(raw), held(raw));
    raw->size -= signs;
    return signs;
}

static pf_status find_dialect(struct sample *s) {
    pf_reader_state *state = s->state;
    struct pf_csv_dialect *d = &state->dialect;
    int64_t size = state->source->size_bytes;
    bool tail = !s->all && state->source->random && size - s->from > (int64_t)(2 * TAIL_BYTES);
    s->tail_at = size - (int64_t)TAIL_BYTES;
    if (tail)
        PF_TRY(read_bytes(s, s->tail_at, TAIL_BYTES, &s->tail_raw));
    struct pf_csv_sample sample = {.head = bytes_of(&s->raw),
                                   .head_size = held(&s->raw),
                                   .head_is_all = s->all,
                                   .tail = tail ? bytes_of(&s->tail_raw) : NULL,
                                   .tail_size = held(&s->tail_raw),
                                   .tail_offset = tail ? s->tail_at : 0};
    bool known = s->from && (d->bom_size || pf_charset_unit(d->charset) > 1); /* by the input's first bytes */
    if (!known)
        PF_TRY(pf_csv_sniff_charset(&sample, &state->policy.wish, d, s->err));
    state->rule = (struct pf_csv_text_rule){d->charset, state->policy.strip_nul};
    state->end_signs = 0;
    if (s->all)
        state->end_signs = leave_end_signs(state, &s->raw);
    if (tail)
        state->end_signs = leave_end_signs(state, &s->tail_raw);
    PF_TRY(head_to_text(s));
    if (tail)
        PF_TRY(tail_to_text(s));
    struct pf_csv_wish wish = state->policy.wish;
    if (s->from) {
        wish.passed = wish.skip_rows;
        wish.skip_rows = 0;
    }
    return pf_csv_sniff(s->head, s->head_size, s->all, tail ? (const char *)bytes_of(&s->tail) : NULL,
                        held(&s->tail), tail ? s->tail_at - text_from(s) : -1, &wish, d, s->err);
}

/* '\n' or '\r', also of two or four bytes; 0: another character. */
static uint8_t line_end_at(const uint8_t *at, int unit, bool big) {
    int sign = big ? unit - 1 : 0;
    for (int i = 0; i < unit; i++)
        if (i != sign && at[i])
            return 0;
    return at[sign] == '\n' || at[sign] == '\r' ? at[sign] : 0;
}

static pf_status fail_empty(struct sample *s) {
    return pf_fail(s->err, PF_BAD_DATA, "--skip-rows %lld leaves nothing of the input; give fewer",
                   (long long)s->state->policy.wish.skip_rows);
}

/* Moves the head's begin behind the lines that --skip-rows leaves out; the encoding is known by the input's front. */
static pf_status pass_lines(struct sample *s) {
    const struct pf_csv_dialect *d = &s->state->dialect;
    const char *name = pf_charset_name(d->charset);
    int unit = pf_charset_unit(d->charset);
    bool big = strcmp(name + strlen(name) - 2, "be") == 0, after_cr = false;
    int64_t lines = s->state->policy.wish.skip_rows, at = d->bom_size;
    for (size_t size = 1; size && (lines > 0 || after_cr);) {
        size_t i = 0;
        PF_TRY(read_bytes(s, at, HEAD_BYTES, &s->raw));
        size = held(&s->raw) - held(&s->raw) % (size_t)unit;
        for (; i < size && (lines > 0 || after_cr); i += (size_t)unit) {
            uint8_t end = line_end_at(bytes_of(&s->raw) + i, unit, big);
            bool second = after_cr && end == '\n';
            if (!lines && !second)
                break;
            lines -= end && !second;
            after_cr = end == '\r';
        }
        at += (int64_t)i;
        after_cr = after_cr && i == size;
    }
    s->from = at;
    return lines ? fail_empty(s) : PF_OK;
}

/* Does what --skip-rows leaves out fill the better part of the head? */
static bool begins_late(const struct sample *s) {
    const struct pf_csv_dialect *d = &s->state->dialect;
    return !s->all && !s->from && s->state->policy.wish.skip_rows > 0 &&
           (d->columns <= 0 || (size_t)d->header_at > s->head_size / 2);
}

/* Places of the text become places of the input. */
static void find_places(struct sample *s) {
    pf_reader_state *state = s->state;
    const struct pf_csv_dialect *d = &state->dialect;
    const uint8_t *raw = bytes_of(&s->raw) + mark_size(s);
    size_t size = held(&s->raw) - mark_size(s);
    struct pf_csv_way way = {0};
    state->data_from =
        text_from(s) + (int64_t)pf_csv_text_back(&state->rule, raw, size, (size_t)d->data_at, &way);
    state->data_to = INT64_MAX;
    if (d->footer_at < 0)
        return;
    if (s->all) {
        state->data_to =
            text_from(s) + (int64_t)pf_csv_text_back(&state->rule, raw, size, (size_t)d->footer_at, &way);
        return;
    }
    size_t skipped = (size_t)(s->tail_at - (state->source->size_bytes - (int64_t)TAIL_BYTES));
    int64_t place = d->footer_at - (s->tail_at - text_from(s));
    way = (struct pf_csv_way){0};
    state->data_to = s->tail_at + (int64_t)pf_csv_text_back(&state->rule, bytes_of(&s->tail_raw) + skipped,
                                                            held(&s->tail_raw) - skipped, (size_t)place, &way);
}

static pf_status find_names(struct sample *s) {
    pf_reader_state *state = s->state;
    const char **names = NULL;
    int32_t count = 0;
    PF_TRY(pf_csv_header(s->head, s->head_size, &state->dialect, &state->arena, &names, &count, s->err));
    int32_t width = state->dialect.columns;
    state->width = 0;
    PF_TRY(pf_csv_state_widen(state, width, s->err));
    for (int32_t i = 0; i < width && i < count; i++)
        state->names[i] = names[i];
    pf_csv_policy_bind(&state->policy, state->names, (size_t)width);
    for (int32_t i = 0; i < width; i++)
        PF_TRY(pf_csv_policy_rules(&state->policy, &state->dialect, state->names[i], &state->arena,
                                   &state->findings[i].rules, s->err));
    return PF_OK;
}

static pf_status make_plan(struct sample *s) {
    pf_reader_state *state = s->state;
    int32_t count = state->policy.text ? 0 : state->width;
    pf_mem_free(s->plan.columns);
    s->plan = (struct pf_csv_plan){.dialect = &state->dialect,
                                   .rule = state->rule,
                                   .on_bad_row = state->policy.on_bad_row,
                                   .on_bad_cell = state->policy.on_bad_cell,
                                   .on_bad_bytes = state->policy.on_bad_bytes,
                                   .survey = true,
                                   .width = state->width,
                                   .count = count,
                                   .window = pf_csv_window_rows(8 * (int64_t)state->width),
                                   .beyond = count ? &state->findings[0].rules : NULL};
    s->plan.columns = pf_mem_zero((size_t)count, sizeof *s->plan.columns);
    if (!s->plan.columns)
        return pf_fail_memory(s->err, (size_t)count * sizeof *s->plan.columns);
    for (int32_t i = 0; i < count; i++) {
        s->plan.columns[i].source = i;
        s->plan.columns[i].infer = true;
        s->plan.columns[i].parse.rules = state->findings[i].rules;
    }
    return PF_OK;
}

/* Looks at the data records in the head. */
static pf_status read_records(struct sample *s) {
    pf_reader_state *state = s->state;
    const struct pf_csv_dialect *d = &state->dialect;
    size_t from = (size_t)d->data_at, to = s->head_size;
    if (s->all && d->footer_at >= 0 && (size_t)d->footer_at < to)
        to = (size_t)d->footer_at;
    struct pf_csv_text text = {.at = s->head + from}, located = {0};
    text.size = s->head_data = to > from ? pf_csv_cut(text.at, to - from, to - from, s->all, d) : 0;
    PF_TRY(make_plan(s));
    pf_status status = PF_OK;
    if (s->plan.on_bad_bytes == PF_CSV_REJECT) { /* which rows are left out must be known */
        struct pf_csv_way way = {0};
        const uint8_t *raw = bytes_of(&s->raw) + mark_size(s);
        size_t first = (size_t)(state->data_from - text_from(s)), size = held(&s->raw) - mark_size(s);
        size_t last = pf_csv_text_back(&state->rule, raw, size, from + text.size, &way);
        status = pf_csv_text_make(&state->rule, raw + first, last > first ? last - first : 0, &located, s->err);
    }
    if (status == PF_OK)
        status = pf_csv_proof_read(&s->proof, &s->plan, located.at ? &located : &text, s->err);
    pf_csv_text_clear(&located);
    PF_TRY(status);
    if (s->proof.longest > state->width && s->plan.on_bad_row == PF_CSV_KEEP)
        PF_TRY(pf_csv_state_widen(state, s->proof.longest, s->err));
    for (int32_t i = 0; i < state->width && i < s->proof.infer_count; i++)
        state->findings[i].infer = s->proof.infers[i];
    return PF_OK;
}

enum border { NO_BORDER, LINE_BORDER, CELL_BORDER };

static enum border border_at(const struct pf_csv_dialect *d, const char *at, const char *end) {
    if (at >= end || *at == '\n' || *at == '\r')
        return LINE_BORDER;
    bool cell = d->delimiter_size && (size_t)(end - at) >= d->delimiter_size &&
                memcmp(at, d->delimiter, d->delimiter_size) == 0;
    return cell ? CELL_BORDER : NO_BORDER;
}

static enum border border_before(const struct pf_csv_dialect *d, const char *begin, const char *at) {
    while (d->blanks_around && at > begin && at[-1] == ' ')
        at--;
    if (at == begin || at[-1] == '\n' || at[-1] == '\r')
        return LINE_BORDER;
    bool cell = d->delimiter_size && (size_t)(at - begin) >= d->delimiter_size &&
                memcmp(at - d->delimiter_size, d->delimiter, d->delimiter_size) == 0;
    return cell ? CELL_BORDER : NO_BORDER;
}

/* A line may begin inside a quoted cell. The first quote that can hardly do but open or but close a cell tells: where
 * it closes one that began further in front, the piece begins with the record behind. (A cell rather ends with a line
 * end than that it begins with a delimiter, and the other way round.) */
static void pass_open_cell(struct pf_csv_text *piece, const struct pf_csv_dialect *d) {
    const char *begin = piece->at, *end = begin + piece->size, *at = begin;
    while (d->quote && (at = memchr(at, d->quote, (size_t)(end - at))) != NULL) {
        size_t run = 1;
        while (at + run < end && at[run] == d->quote)
            run++;
        enum border front = border_before(d, begin, at), back = border_at(d, at + run, end);
        at += run;
        if (run % 2 == 0 || front == back)
            continue;
        if (front > back)
            return;
        size_t rest = at < end ? pf_csv_cut(at, (size_t)(end - at), 1, false, d) : 0;
        piece->at = rest ? at + rest : end;
        piece->size = (size_t)(end - piece->at);
        return;
    }
}

/* A piece from the middle of the input: what it says counts only when it looks like the table. */
static pf_status read_stride(struct sample *s, int64_t at, struct pf_buf *raw, struct pf_buf *text) {
    pf_reader_state *state = s->state;
    const struct pf_csv_dialect *d = &state->dialect;
    int unit = pf_charset_unit(state->rule.charset);
    at -= (at - d->bom_size) % unit;
    PF_TRY(read_bytes(s, at, STRIDE_BYTES, raw));
    size_t from = 0, size = held(raw);
    char end = d->line_end == PF_LINE_CR ? '\r' : '\n';
    if (unit == 1) {
        const uint8_t *line = memchr(bytes_of(raw), end, size);
        from = line ? (size_t)(line - bytes_of(raw)) + 1 : size;
    }
    PF_TRY(to_text(s, bytes_of(raw) + from, size - from, false, text));
    struct pf_csv_text piece = {.at = (const char *)bytes_of(text)};
    size_t left = held(text);
    if (unit > 1) {
        const char *line = memchr(piece.at, end, left);
        from = line ? (size_t)(line - piece.at) + 1 : left;
        piece.at += from;
        left -= from;
    }
    piece.size = left;
    pass_open_cell(&piece, d);
    piece.size = piece.size ? pf_csv_cut(piece.at, piece.size, piece.size, false, d) : 0;
    PF_TRY(pf_csv_proof_read(&s->proof, &s->plan, &piece, s->err));
    int64_t defects = (int64_t)s->proof.part.block.defect_count;
    if (s->proof.records < 2 || s->proof.longest || defects * 10 > s->proof.records)
        return PF_OK;
    for (int32_t i = 0; i < s->plan.count; i++)
        pf_infer_merge(&s->sampled[i], &s->proof.infers[i]);
    return PF_OK;
}

static pf_status read_strides(struct sample *s) {
    pf_reader_state *state = s->state;
    int64_t size = state->source->size_bytes, from = state->data_from + (int64_t)s->head_data;
    int64_t to = state->data_to < size ? state->data_to : size;
    struct pf_buf raw = {0}, text = {0};
    pf_status status = make_plan(s);
    for (int64_t i = 0; i < STRIDES && status == PF_OK && to - from > (int64_t)STRIDE_BYTES; i++) {
        /* the last one ends with the data */
        int64_t room = to - from - (int64_t)STRIDE_BYTES;
        status = read_stride(s, from + room / (STRIDES - 1) * i, &raw, &text);
    }
    pf_buf_clear(&raw);
    pf_buf_clear(&text);
    return status;
}

static void estimate(struct sample *s) {
    pf_reader_state *state = s->state;
    int64_t rows = s->proof.records, size = state->source->size_bytes, bytes = (int64_t)s->head_data;
    if (s->head_size) /* of the input */
        bytes = (int64_t)((double)bytes * (double)held(&s->raw) / (double)s->head_size);
    state->exact = s->all;
    state->rows = s->all ? rows : -1;
    state->rows_estimate = s->all ? rows
                           : size >= 0 && bytes > 0
                               ? (int64_t)((double)(size - state->data_from) / (double)bytes * (double)rows)
                               : -1;
    int64_t row_bytes = rows ? (int64_t)s->head_data / rows + 1 : 256, want = 512 * row_bytes;
    state->window = pf_csv_window_rows(row_bytes);
    int64_t most = (int64_t)4 << 20, usual = (int64_t)1 << 20;
    if (size >= 0 && size / 8 < usual) /* a small file: for all threads, and nothing large for nothing */
        usual = size / 8 < (64 << 10) ? 64 << 10 : size / 8;
    want = want < usual ? usual : want < most ? want : most;
    state->block_bytes = state->policy.block_bytes ? state->policy.block_bytes : (size_t)want;
}

static pf_status take(struct sample *s) {
    pf_reader_state *state = s->state;
    size_t want = state->policy.head_bytes ? state->policy.head_bytes : HEAD_BYTES;
    for (;; want *= 2) {
        PF_TRY(read_head(s, want));
        PF_TRY(find_dialect(s));
        if (begins_late(s)) {
            PF_TRY(pass_lines(s));
            continue;
        }
        if (state->dialect.columns <= 0 && !s->all && 2 * want <= PF_CEIL_SURVEY_BYTES)
            continue; /* the first line is longer */
        if (state->dialect.columns <= 0 && state->policy.wish.skip_rows > 0 && s->all &&
            (s->from || s->head_size))
            return fail_empty(s);
        if (state->dialect.columns <= 0 && !s->all)
            return pf_fail(s->err, PF_LIMIT,
                           "the first %u MiB hold no whole line; check that it is a table, and its encoding",
                           PF_CEIL_SURVEY_BYTES >> 20);
        if (state->dialect.columns <= 0)
            return pf_fail(s->err, PF_BAD_DATA,
                           "the input is empty: it has no header and no rows; check that it is the right file");
        if (state->dialect.columns > PF_CEIL_COLUMNS)
            return pf_fail(s->err, PF_LIMIT, "a row has %d cells, more than %d; check the delimiter",
                           (int)state->dialect.columns, PF_CEIL_COLUMNS);
        find_places(s);
        PF_TRY(find_names(s));
        PF_TRY(read_records(s));
        if (s->all || s->head_data > 0 || 2 * want > PF_CEIL_SURVEY_BYTES)
            break;
    }
    estimate(s);
    size_t bytes = (size_t)state->width * sizeof *s->sampled;
    s->sampled = pf_mem_alloc(bytes);
    if (!s->sampled)
        return pf_fail_memory(s->err, bytes);
    for (int32_t i = 0; i < state->width; i++)
        s->sampled[i] = state->findings[i].infer;
    if (!s->all && !state->policy.text && state->source->random && state->source->size_bytes > 0)
        PF_TRY(read_strides(s));
    pf_csv_verdict_types(state, s->sampled);
    return PF_OK;
}

pf_status pf_csv_sample_take(pf_reader_state *state, struct pf_error *err) {
    struct sample s = {.state = state, .err = err};
    state->dialect = (struct pf_csv_dialect){0};
    pf_status status = take(&s);
    clear_sample(&s);
    return status;
}

pf_status pf_csv_state_widen(pf_reader_state *state, int32_t width, struct pf_error *err) {
    if (width > PF_CEIL_COLUMNS)
        return pf_fail(err, PF_LIMIT, "a row has %d cells, more than %d; check the delimiter", (int)width,
                       PF_CEIL_COLUMNS);
    struct pf_csv_finding *findings = pf_mem_grow(state->findings, (size_t)width * sizeof *findings);
    if (!findings)
        return pf_fail_memory(err, (size_t)width * sizeof *findings);
    state->findings = findings;
    const char **names = pf_mem_grow(state->names, (size_t)width * sizeof *names);
    if (!names)
        return pf_fail_memory(err, (size_t)width * sizeof *names);
    state->names = names;
    for (int32_t i = state->width; i < width; i++) {
        memset(&findings[i], 0, sizeof findings[i]);
        pf_infer_init(&findings[i].infer);
        names[i] = "";
        PF_TRY(
            pf_csv_policy_rules(&state->policy, &state->dialect, "", &state->arena, &findings[i].rules, err));
    }
    state->width = width;
    return PF_OK;
}
