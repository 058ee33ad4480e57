/* frail_reader.c — a reader of lines "ab" that breaks the promise named by frail_read.
 * SPDX-License-Identifier: MIT
 * Knows: how each promise is broken.
 * Knows not: how that is found. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "bytes/bytes_source.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "frail.h"

enum frail_read frail_read;
static _Atomic int turn;                /* changes from run to run */
static _Atomic int together;            /* open readers */
static _Thread_local char lent_text[8]; /* laps of two threads at once */

void frail_lose(void *memory) {
    static void *volatile lost[4096]; /* volatile: nobody reads it */
    static _Atomic size_t count;      /* readers of two threads lose at once */
    size_t at = atomic_fetch_add(&count, 1);
    if (at < sizeof lost / sizeof *lost)
        lost[at] = memory;
}

void frail_grow(void) {
    void *volatile memory = malloc(1000);
    frail_lose(memory);
}

struct frail {
    struct pf_host *host;
    struct pf_source *source;
    uint8_t *text;
    size_t size;
    struct pf_table table;
    const struct pf_table *list[2];
    bool exact;
};
struct frail_stream {
    struct frail *frail;
    struct ArrowSchema schema;
    int32_t columns[2];
    struct pf_batch batch;
    size_t at;
    struct pf_error *told, own;
    bool ended, emptied;
};

static int32_t probe(const struct pf_probe *request) {
    static uint8_t *leak;
    if (frail_read == PROBE_LEAKS && request->head_size == 1 && !leak)
        leak = pf_mem_alloc(1);
    if (frail_read == FOREIGN_CLAIMED)
        return PF_PROBE_CERTAIN;
    if (frail_read == PROBE_BEYOND_SCALE && request->head_size == 0)
        return PF_PROBE_CERTAIN + 1;
    if (frail_read == PROBE_FORGETS && request->head_size == 1)
        return ++turn % 2 ? PF_PROBE_LIKELY : PF_PROBE_NO;
    return frail_read == PROBE_STRANGER ? PF_PROBE_NO : PF_PROBE_LIKELY;
}

static void close_frail(pf_reader_state *state) {
    struct frail *f = (struct frail *)state;
    if (frail_read == CLOSE_ENDS_SOURCE)
        f->source->close(f->source);
    if (frail_read == READS_GROW)
        frail_grow();
    atomic_fetch_sub(&together, frail_read == SHARES_STATE);
    memset(lent_text, 0, sizeof lent_text);
    pf_mem_free(f->text);
    pf_schema_release(&f->table.schema);
    if (frail_read == CLOSE_LEAKS)
        frail_lose(f);
    else
        pf_mem_free(f);
}

static pf_status open_frail(const struct pf_open *request, pf_reader_state **out, struct pf_error *err) {
    static const struct pf_type text = {.kind = PF_KIND_UTF8, .zone = ""};
    struct frail *f = pf_mem_zero(1, sizeof *f);
    turn++;
    if (!f)
        return pf_fail(err, frail_read == MEMORY_IS_BUG ? PF_INTERNAL : PF_NO_MEMORY, "no memory");
    atomic_fetch_add(&together, frail_read == SHARES_STATE);
    f->host = request->host;
    f->source = request->source;
    f->table = (struct pf_table){.struct_size = sizeof f->table, .name = request->stem, .rows = -1};
    pf_status status = pf_source_slurp(request->source, 1 << 20, &f->text, &f->size, err);
    if (status == PF_IO && (frail_read == SOURCE_TRUSTED || (frail_read == MUTE_IS_GOOD && !err)))
        status = PF_OK;
    if (status == PF_IO && err && frail_read == SOURCE_UNTOLD)
        err->message[0] = 0;
    if (status == PF_OK && frail_read == CUT_IS_BUG && f->size % 3)
        status = pf_fail(err, PF_INTERNAL, "a line of %d", (int)(f->size % 3));
    if (frail_read == OLD_REFUSED && status == PF_OK && !PF_HAS(struct pf_host, f->host, result_put))
        status = pf_fail(err, PF_UNSUPPORTED, "too old");
    if (frail_read == SHARES_STATE)
        usleep(1000);
    if (status == PF_OK)
        status = pf_schema_struct(&f->table.schema, 2, err);
    for (int i = 0; i < 2 && status == PF_OK; i++)
        status = pf_schema_field(f->table.schema.children[i], i ? "b" : "a", &text, true, err);
    if (status != PF_OK) {
        bool leaks = (frail_read == OPEN_LEAKS && status == PF_IO) ||
                     (frail_read == MEMORY_LEAKS && status == PF_NO_MEMORY);
        if (leaks)
            frail_lose(f);
        else
            close_frail((pf_reader_state *)f);
        return status;
    }
    *out = (pf_reader_state *)f;
    return PF_OK;
}

static pf_status survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) {
    struct frail *f = (struct frail *)state;
    bool sample = request->mode == PF_SURVEY_SAMPLE;
    f->exact = !sample;
    f->table.exact = !sample && frail_read != EXACT_UNSAID;
    f->list[0] = f->list[1] = &f->table;
    request->table_count = sample && frail_read == SAMPLE_MORE_TABLES ? 2 : 1;
    request->tables = f->list;
    return PF_OK;
}

/* ---- the stream ---- */

static int give_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
    struct frail_stream *s = stream->private_data;
    pf_status status = pf_schema_copy(&s->schema, out, NULL);
    if (status == PF_OK && frail_read == SCHEMA_OTHER)
        out->children[0]->format = "z";
    return pf_status_to_errno(status);
}

static int fail(struct frail_stream *s, pf_status code) {
    if (s->told && frail_read != ERROR_UNTOLD)
        *s->told = s->own;
    return pf_status_to_errno(code);
}

static int put_row(struct frail_stream *s, const uint8_t *line) {
    char cell[1];
    for (int64_t i = 0; i < s->schema.n_children; i++) {
        cell[0] = (char)line[s->columns[i]];
        if (frail_read == SHARES_STATE && together > 1)
            cell[0] = '?';
        if (frail_read == CHANGES)
            cell[0] = (char)(cell[0] + turn % 7);
        if (frail_read == SAMPLE_READS_OTHER && !s->frail->exact)
            cell[0] = '!';
        pf_status status = pf_build_bytes(&s->batch.builds[i], cell, 1, &s->own);
        if (status != PF_OK)
            return fail(s, status);
    }
    return 0;
}

static int give_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
    struct frail_stream *s = stream->private_data;
    struct frail *f = s->frail;
    int rows = 0;
    *out = (struct ArrowArray){0};
    if (s->own.code != PF_OK && frail_read != ERROR_FORGOTTEN)
        return fail(s, s->own.code);
    if (s->own.code != PF_OK)
        return 0;
    if (strcmp(s->schema.children[0]->format, "u") != 0)
        return fail(s, pf_fail(&s->own, PF_WIDEN, "a letter is no number"));
    if (f->host->cancelled(f->host)) {
        if (frail_read == CANCEL_IS_END)
            return 0;
        return fail(s, pf_fail(&s->own, frail_read == CANCEL_IS_BUG ? PF_INTERNAL : PF_CANCELLED, "cancelled"));
    }
    if (s->ended && frail_read == END_FORGOTTEN)
        s->at = 0;
    for (; rows < 2 && s->at + 2 < f->size; rows++, s->at += 3) {
        int number = put_row(s, f->text + s->at);
        if (number)
            return number;
    }
    if (frail_read != COUNTS_NOT)
        f->host->count(f->host, "rows-in", rows);
    s->ended = rows == 0;
    if (rows == 0 && (frail_read != BATCH_EMPTY || s->emptied))
        return 0;
    s->emptied = rows == 0;
    pf_status status = pf_batch_take(&s->batch, out, &s->own);
    if (status == PF_OK && frail_read == BATCH_DIES) { /* values that are not the batch's own */
        memset(lent_text, 'x', sizeof lent_text);
        out->children[0]->buffers[2] = lent_text;
    }
    return status == PF_OK ? 0 : fail(s, status);
}

static const char *last_error(struct ArrowArrayStream *stream) {
    struct frail_stream *s = stream->private_data;
    return s->own.code != PF_OK ? s->own.message : NULL;
}

static void end_stream(struct ArrowArrayStream *stream) {
    struct frail_stream *s = stream->private_data;
    pf_batch_clear(&s->batch);
    pf_schema_release(&s->schema);
    if (frail_read == STREAM_LEAKS && !s->ended)
        frail_lose(s);
    else
        pf_mem_free(s);
    stream->release = NULL;
}

static pf_status read_frail(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                            struct pf_error *err) {
    struct frail_stream *s = pf_mem_zero(1, sizeof *s);
    if (!s)
        return pf_fail_memory(err, sizeof *s);
    s->frail = (struct frail *)state;
    s->told = request->err;
    s->own = (struct pf_error)PF_ERROR_INIT;
    for (int i = 0; i < request->schema->n_children; i++)
        s->columns[i] = request->columns && frail_read != COLUMNS_IGNORED ? request->columns[i] : i;
    *out = (struct ArrowArrayStream){give_schema, give_next, last_error, end_stream, s};
    pf_status status = pf_schema_copy(request->schema, &s->schema, err);
    if (status == PF_OK)
        status = pf_batch_open(&s->batch, &s->schema, err);
    if (status != PF_OK) {
        s->ended = true;
        end_stream(out);
    }
    return status;
}

const struct pf_reader *frail_reader(void) {
    static const char *const suffixes[] = {".frail", NULL}, *const loud[] = {".FRAIL", NULL};
    static struct pf_reader reader;
    reader = (struct pf_reader){.struct_size = sizeof reader,
                                .rank = PF_RANK_PRIMARY,
                                .name = "frail",
                                .summary = "breaks promises",
                                .suffixes = frail_read == SUFFIX_LOUD ? loud : suffixes,
                                .probe = probe,
                                .open = open_frail,
                                .survey = survey,
                                .read = read_frail,
                                .close = close_frail};
    return &reader;
}
