/* csvout_writer.c — room write/csv. Batches to CSV.                              SPDX-License-Identifier: MIT
 * Knows: RFC 4180 quoting, a bare empty cell for null and "" for an empty text, LF line ends.
 * Knows not: where the bytes go, how the values were read. */
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "columns/columns_batch.h"
#include "columns/columns_print.h"
#include "columns/columns_schema.h"
#include "columns/columns_view.h"
#include "pyforge/extension.h"

#define FLUSH_BYTES (1u << 20)  /* handed to the sink at once */
#define PIECE_BYTES (48u << 10) /* of a long cell; a multiple of three for base64 */

extern const struct pf_writer pf_csv_writer;

struct column {
    struct pf_view view;   /* indices, or the values themselves */
    struct pf_view values; /* what the rows mean */
    bool coded;
    bool text, binary;
    bool check; /* printed values may hold the delimiter */
};

struct pf_writer_state {
    struct ArrowSchema schema;
    struct column *columns;
    struct pf_sink sink;
    bool open; /* the sink still wants its commit or abort */
    bool finished;
    char delimiter;
    uint8_t special[256]; /* 1: a cell with this byte is quoted */
    struct pf_buf buf;
    int64_t flushed;
    int64_t rows;
    struct pf_error failure; /* the first one: it sticks */
};

/* ---- options ---- */

static const struct pf_option delimiter_option = {
    .struct_size = sizeof delimiter_option,
    .kind = PF_OPTION_TEXT,
    .key = "out-delimiter",
    .value_name = "CHAR",
    .group = "Writing CSV",
    .help = "One character, or comma, semicolon, tab, pipe; a comma when not given, a tab for .tsv.",
};
static const struct pf_option *const options[] = {&delimiter_option, NULL};
static const char *const suffixes[] = {".csv", ".tsv", NULL};

static bool can_delimit(char c) {
    bool letter = (pf_lower(c) >= 'a' && pf_lower(c) <= 'z') || pf_is_digit(c);
    return c && (uint8_t)c < 0x7F && !letter && !strchr("\"\r\n.-+", c);
}

static pf_status read_delimiter(const struct pf_begin *request, char *delimiter, struct pf_error *err) {
    static const struct {
        const char *word;
        char means;
    } words[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"\\t", '\t'}, {"pipe", '|'}};
    const char *value =
        request->host && request->host->job_get ? request->host->job_get(request->host, "out-delimiter") : NULL;
    struct pf_text place = pf_text_of(request->location), tsv = {".tsv", 4};
    if (!value) {
        bool tabs = place.size >= 4 && pf_text_same_nocase((struct pf_text){place.at + place.size - 4, 4}, tsv);
        *delimiter = tabs ? '\t' : ',';
        return PF_OK;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (pf_text_same_nocase(pf_text_of(value), pf_text_of(words[i].word))) {
            *delimiter = words[i].means;
            return PF_OK;
        }
    if (strlen(value) != 1 || !can_delimit(value[0]))
        return pf_fail(
            err, PF_ARGUMENT,
            "'%.20s' cannot delimit CSV cells; take one ASCII character that is no letter, digit, quote, "
            "point or sign, or comma, semicolon, tab, pipe",
            value);
    *delimiter = value[0];
    return PF_OK;
}

/* ---- cells ---- */

static pf_status flush(pf_writer_state *w, struct pf_error *err) {
    if (w->buf.size == 0)
        return PF_OK;
    PF_TRY(w->sink.write(&w->sink, w->buf.data, w->buf.size, err));
    w->flushed += (int64_t)w->buf.size;
    w->buf.size = 0;
    return PF_OK;
}

static inline pf_status need_room(pf_writer_state *w, size_t bytes, struct pf_error *err) {
    if (w->buf.room - w->buf.size >= bytes)
        return PF_OK;
    if (w->buf.size >= FLUSH_BYTES / 2)
        PF_TRY(flush(w, err));
    return pf_buf_reserve(&w->buf, bytes, err);
}

static inline uint64_t find_zero_byte(uint64_t v) {
    return (v - 0x0101010101010101u) & ~v & 0x8080808080808080u;
}

/* Does any byte ask for quotes? Eight at a time: the quote and the delimiter, then LF and CR. */
static bool is_special(const pf_writer_state *w, const uint8_t *text, size_t size) {
    const uint64_t ones = 0x0101010101010101u, delimiters = ones * (uint8_t)w->delimiter;
    uint64_t found = 0;
    for (; size >= 8 && w->schema.n_children > 1; size -= 8, text += 8) {
        uint64_t v = pf_load64(text);
        found |= find_zero_byte(v ^ delimiters) | find_zero_byte(v ^ ones * '"') |
                 find_zero_byte(v ^ ones * '\n') | find_zero_byte(v ^ ones * '\r');
    }
    uint32_t rest = 0;
    for (size_t i = 0; i < size; i++)
        rest |= w->special[text[i]];
    return found || rest;
}

static void put_quoted_piece(pf_writer_state *w, const uint8_t *text, size_t size) {
    uint8_t *to = w->buf.data + w->buf.size;
    for (size_t i = 0; i < size; i++) {
        *to++ = text[i];
        if (text[i] == '"')
            *to++ = '"';
    }
    w->buf.size = (size_t)(to - w->buf.data);
}

static inline void put_byte(pf_writer_state *w, char byte) { w->buf.data[w->buf.size++] = (uint8_t)byte; }

static pf_status put_text(pf_writer_state *w, const uint8_t *text, size_t size, struct pf_error *err) {
    bool quoted = size == 0 || is_special(w, text, size);
    if (!quoted && size <= PIECE_BYTES) {
        PF_TRY(need_room(w, size + 4, err));
        memcpy(w->buf.data + w->buf.size, text, size);
        w->buf.size += size;
        return PF_OK;
    }
    PF_TRY(need_room(w, 4, err));
    if (quoted)
        put_byte(w, '"');
    while (size > 0) {
        size_t piece = size < PIECE_BYTES ? size : PIECE_BYTES;
        PF_TRY(need_room(w, 2 * piece + 4, err));
        if (quoted)
            put_quoted_piece(w, text, piece);
        else {
            memcpy(w->buf.data + w->buf.size, text, piece);
            w->buf.size += piece;
        }
        text += piece;
        size -= piece;
    }
    if (quoted)
        put_byte(w, '"');
    return PF_OK;
}

static pf_status put_base64(pf_writer_state *w, const uint8_t *bytes, size_t size, struct pf_error *err) {
    bool quoted = w->delimiter == '/' || w->delimiter == '='; /* the only signs of base64 that may delimit */
    if (size == 0)
        return put_text(w, bytes, 0, err);
    PF_TRY(need_room(w, 4, err));
    if (quoted)
        put_byte(w, '"');
    while (size > 0) {
        size_t piece = size < PIECE_BYTES ? size : PIECE_BYTES;
        PF_TRY(need_room(w, piece / 3 * 4 + 8, err));
        w->buf.size += pf_print_base64(bytes, piece, (char *)w->buf.data + w->buf.size);
        bytes += piece;
        size -= piece;
    }
    if (quoted)
        put_byte(w, '"');
    return PF_OK;
}

/* Where the value of the row stands in column->values; false: null. */
static inline bool locate(const struct column *column, int64_t row, int64_t *at) {
    *at = row;
    if (!pf_view_valid(&column->view, row))
        return false;
    if (!column->coded)
        return true;
    *at = pf_view_index(&column->view, row);
    return pf_view_valid(&column->values, *at);
}

static pf_status put_value(pf_writer_state *w, const struct column *column, int64_t at, struct pf_error *err) {
    int64_t size;
    if (column->text || column->binary) {
        const uint8_t *bytes = pf_view_bytes(&column->values, at, &size);
        return column->text ? put_text(w, bytes, (size_t)size, err) : put_base64(w, bytes, (size_t)size, err);
    }
    PF_TRY(need_room(w, PF_PRINT_ROOM + 4, err));
    char *to = (char *)w->buf.data + w->buf.size;
    size_t bytes = pf_print_value(&column->values, at, ' ', to);
    if (column->check && memchr(to, w->delimiter, bytes)) {
        char copy[PF_PRINT_ROOM];
        memcpy(copy, to, bytes);
        return put_text(w, (uint8_t *)copy, bytes, err);
    }
    w->buf.size += bytes;
    return PF_OK;
}

/* A row that is one null is an empty line, which our reader takes for a null where there is one column. */
static pf_status put_row(pf_writer_state *w, int64_t row, struct pf_error *err) {
    int64_t n = w->schema.n_children, at;
    for (int64_t i = 0; i < n; i++) {
        if (locate(&w->columns[i], row, &at))
            PF_TRY(put_value(w, &w->columns[i], at, err));
        PF_TRY(need_room(w, 4, err));
        put_byte(w, i + 1 < n ? w->delimiter : '\n');
    }
    return PF_OK;
}

/* ---- columns ---- */

static bool may_hold(const struct pf_type *type, char delimiter) {
    if (!strchr(" :;,|\t", delimiter))
        return true;
    bool timed = type->kind == PF_KIND_TIMESTAMP || type->kind == PF_KIND_TIME32 ||
                 type->kind == PF_KIND_TIME64 || type->kind == PF_KIND_DURATION;
    return timed && (delimiter == ' ' || delimiter == ':');
}

static pf_status open_column(pf_writer_state *w, const struct ArrowArray *batch, int64_t i,
                             struct pf_error *err) {
    struct column *column = &w->columns[i];
    PF_TRY(pf_view_child(&column->view, &w->schema, batch, i, err));
    column->coded = column->view.dictionary != NULL;
    if (column->coded)
        PF_TRY(pf_view_open(&column->values, w->schema.children[i]->dictionary, column->view.dictionary, err));
    else
        column->values = column->view;
    int kind = column->values.type.kind;
    column->text = pf_kind_is_text(kind);
    column->binary = kind >= PF_KIND_BINARY && kind <= PF_KIND_FIXED_BINARY;
    column->check = may_hold(&column->values.type, w->delimiter);
    return PF_OK;
}

static pf_status check_schema(const struct ArrowSchema *schema, struct pf_error *err) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        struct pf_type type;
        const char *name = schema->children[i]->name ? schema->children[i]->name : "";
        pf_status status = pf_type_of(schema->children[i], &type, err);
        if (status == PF_OK && pf_kind_is_nested(type.kind))
            status =
                pf_fail(err, PF_UNSUPPORTED, "CSV has no nested values; leave the column out or flatten it");
        if (status != PF_OK) {
            pf_where(err, "column '%.60s'", name);
            return status;
        }
    }
    return PF_OK;
}

/* Bytes that ask for quotes: with one column also what a reader may take for the delimiter of a table. */
static void mark_special(pf_writer_state *w) {
    w->special['"'] = w->special['\n'] = w->special['\r'] = w->special[(uint8_t)w->delimiter] = 1;
    for (const char *c = ",;\t|: "; *c && w->schema.n_children == 1; c++)
        w->special[(uint8_t)*c] = 1;
}

static pf_status put_header(pf_writer_state *w, struct pf_error *err) {
    int64_t n = w->schema.n_children;
    for (int64_t i = 0; i < n; i++) {
        const char *name = w->schema.children[i]->name ? w->schema.children[i]->name : "";
        PF_TRY(put_text(w, (const uint8_t *)name, strlen(name), err));
        PF_TRY(need_room(w, 4, err));
        put_byte(w, i + 1 < n ? w->delimiter : '\n');
    }
    return PF_OK;
}

/* ---- the table ---- */

static void abort_csv(pf_writer_state *w) {
    if (w->open)
        w->sink.abort(&w->sink);
    w->open = false;
    w->finished = true;
}

static void close_csv(pf_writer_state *w) {
    if (!w)
        return;
    abort_csv(w);
    pf_schema_release(&w->schema);
    pf_mem_free(w->columns);
    pf_buf_clear(&w->buf);
    pf_mem_free(w);
}

static pf_status begin_csv(const struct pf_begin *request, pf_writer_state **out, struct pf_error *err) {
    char delimiter = ',';
    *out = NULL;
    PF_TRY(read_delimiter(request, &delimiter, err));
    PF_TRY(check_schema(request->schema, err));
    pf_writer_state *w = pf_mem_zero(1, sizeof *w);
    if (!w)
        return pf_fail_memory(err, sizeof *w);
    w->delimiter = delimiter;
    pf_status status = pf_schema_copy(request->schema, &w->schema, err);
    if (status == PF_OK) {
        mark_special(w);
        w->columns = pf_mem_zero((size_t)w->schema.n_children, sizeof *w->columns);
        status = w->columns ? pf_buf_reserve(&w->buf, FLUSH_BYTES, err) : pf_fail_memory(err, 0);
    }
    if (status == PF_OK)
        status = request->open_sink(request->ctx, NULL, &w->sink, err);
    if (status == PF_OK) {
        w->open = true;
        status = put_header(w, err);
    }
    if (status != PF_OK) {
        close_csv(w);
        return status;
    }
    *out = w;
    return PF_OK;
}

/* Failures stick: the first one is answered from then on. */
static pf_status check_state(pf_writer_state *w, const char *call, struct pf_error *err) {
    if (w->failure.code != PF_OK) {
        if (err)
            *err = w->failure;
        return w->failure.code;
    }
    if (w->finished)
        return pf_fail(err, PF_STATE, "%s after the CSV writer was ended; only close is allowed", call);
    return PF_OK;
}

static pf_status keep_failure(pf_writer_state *w, pf_status status, const struct pf_error *own,
                              struct pf_error *err) {
    if (status == PF_OK)
        return PF_OK;
    w->failure = *own;
    w->failure.code = status;
    if (err)
        *err = w->failure;
    return status;
}

static pf_status write_rows(pf_writer_state *w, const struct ArrowArray *batch, struct pf_error *err) {
    if (batch->n_children != w->schema.n_children)
        return pf_fail(err, PF_BAD_DATA,
                       "a batch has %lld columns and its schema %lld; its producer is at fault",
                       (long long)batch->n_children, (long long)w->schema.n_children);
    for (int64_t i = 0; i < w->schema.n_children; i++)
        PF_TRY(open_column(w, batch, i, err));
    for (int64_t row = 0; row < batch->length; row++)
        PF_TRY(put_row(w, row, err));
    w->rows += batch->length;
    return PF_OK;
}

static pf_status write_csv(pf_writer_state *w, struct ArrowArray *batch, struct pf_error *err) {
    struct pf_error own = PF_ERROR_INIT;
    PF_TRY(check_state(w, "write", err));
    PF_TRY(keep_failure(w, write_rows(w, batch, &own), &own, err));
    pf_array_release(batch);
    return PF_OK;
}

static int64_t count_bytes(pf_writer_state *w) { return w->flushed + (int64_t)w->buf.size; }

static pf_status finish_csv(pf_writer_state *w, struct pf_written *out, struct pf_error *err) {
    struct pf_error own = PF_ERROR_INIT;
    PF_TRY(check_state(w, "finish", err));
    PF_TRY(keep_failure(w, flush(w, &own), &own, err));
    w->open = false; /* commit ends the sink, whatever it answers */
    w->finished = true;
    PF_TRY(keep_failure(w, w->sink.commit(&w->sink, &own), &own, err));
    if (out && PF_HAS(struct pf_written, out, rows))
        out->rows = w->rows;
    if (out && PF_HAS(struct pf_written, out, bytes))
        out->bytes = w->flushed;
    return PF_OK;
}

const struct pf_writer pf_csv_writer = {
    .struct_size = sizeof pf_csv_writer,
    .rank = PF_RANK_PRIMARY,
    .name = "csv",
    .summary = "comma-separated values, UTF-8, RFC 4180",
    .suffixes = suffixes,
    .options = options,
    .begin = begin_csv,
    .write = write_csv,
    .bytes_so_far = count_bytes,
    .finish = finish_csv,
    .abort = abort_csv,
    .close = close_csv,
};
