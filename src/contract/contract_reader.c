/* contract_reader.c — room contract. The promises of readers.                    SPDX-License-Identifier: MIT
 * Knows: every order of calls that a reader must bear, and what must hold after it.
 * Knows not: formats. The promises in words: docs/add-a-format.md §Promises */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/thread.h"
#include "contract/contract_desk.h"
#include "contract/contract_digest.h"

#define MOST_TABLES  8
#define MOST_BATCHES 12        /* cancelled or left after each of so many */
#define MOST_ROWS    65536     /* of a batch */
#define EVERY        INT32_MAX /* columns */

/* One run from open to close. */
struct lap {
    int32_t mode;         /* of the survey */
    int32_t column;       /* this column alone of each table; EVERY */
    int64_t cancel_after; /* batches; NEVER */
    int64_t leave_after;  /* batches: the stream is released there; NEVER */
    bool narrow;          /* every column is asked for as int64 */
    bool keeps;           /* the first batch is kept beyond close */
    bool mute;            /* every err is NULL */
    const void *bytes;    /* other ones than the input's */
    size_t size;
    struct pf_contract_desk desk;
    struct pf_survey survey;
    /* out */
    pf_status status; /* the first failure */
    const char *step; /* where it was */
    int64_t tables, batches;
    int64_t survey_columns[MOST_TABLES];
    struct pf_contract_digest digests[MOST_TABLES];
    struct ArrowArray kept;
    struct pf_contract_digest kept_digest;
    struct ArrowSchema kept_schema;
};

struct check {
    const struct pf_reader *reader;
    const struct pf_contract_input *input;
    char stem[64], suffix[16];
    struct pf_contract_finding finding;
};

#define HOLD(c, ...) pf_contract_hold(&(c)->finding, __VA_ARGS__)

/* ---- a lap ---- */

/* The schema of a table with every type, one column, or int64 for all; in the caller's storage. */
struct wanted {
    struct ArrowSchema face, children[PF_CONTRACT_COLUMNS], *pointers[PF_CONTRACT_COLUMNS];
    int32_t column;
};
static void release_nothing(struct ArrowSchema *schema) { schema->release = NULL; }

static void want(struct wanted *wanted, const struct pf_table *table, const struct lap *lap,
                 struct pf_read *read) {
    int64_t count = 0;
    read->schema = &table->schema;
    if (!lap->narrow && lap->column == EVERY)
        return;
    for (int64_t i = 0; i < table->schema.n_children && count < PF_CONTRACT_COLUMNS; i++) {
        if (lap->column != EVERY && i != table->schema.n_children - 1)
            continue;
        wanted->children[count] = *table->schema.children[i];
        wanted->children[count].release = release_nothing;
        if (lap->narrow) {
            wanted->children[count].format = "l";
            wanted->children[count].metadata = NULL;
        }
        wanted->pointers[count] = &wanted->children[count];
        wanted->column = (int32_t)i;
        count++;
    }
    wanted->face = (struct ArrowSchema){.format = "+s",
                                        .name = "",
                                        .n_children = count,
                                        .children = wanted->pointers,
                                        .release = release_nothing};
    read->schema = &wanted->face;
    read->columns = lap->column == EVERY ? NULL : &wanted->column;
}

/* After a failure the stream answers with it for ever. */
static void check_sticky(struct check *c, struct ArrowArrayStream *stream, const struct pf_error *err,
                         int number) {
    struct ArrowArray batch = {0};
    char text[400] = "";
    const char *last = stream->get_last_error(stream);
    HOLD(c, err->code != PF_OK, "get_next failed and the request's err is empty");
    HOLD(c, last != NULL, "get_next failed and get_last_error is NULL");
    snprintf(text, sizeof text, "%s", last ? last : "");
    pf_status code = err->code;
    int again = stream->get_next(stream, &batch);
    last = stream->get_last_error(stream);
    HOLD(c, again == number, "after errno %d get_next answers %d", number, again);
    HOLD(c, err->code == code, "after %s the next call tells another error", pf_contract_code(code));
    HOLD(c, last && strncmp(last, text, sizeof text - 1) == 0, "the text of the failure changes");
    if (batch.release)
        batch.release(&batch);
}

static void take_batch(struct check *c, struct lap *lap, const struct ArrowSchema *schema, int64_t table,
                       struct ArrowArray *batch) {
    const char *fault = pf_contract_digest_add(&lap->digests[table], schema, batch);
    HOLD(c, !fault, "%s", fault ? fault : "");
    HOLD(c, batch->length > 0, "a batch without rows");
    HOLD(c, batch->length <= MOST_ROWS, "a batch of %lld rows", (long long)batch->length);
    if (lap->keeps && !lap->kept.release) {
        pf_contract_digest_add(&lap->kept_digest, schema, batch);
        lap->kept = *batch;
        return;
    }
    batch->release(batch);
    HOLD(c, batch->release == NULL, "release leaves itself set");
}

static pf_status drain(struct check *c, struct lap *lap, struct ArrowArrayStream *stream,
                       const struct ArrowSchema *schema, int64_t table, struct pf_error *err) {
    for (;;) {
        struct ArrowArray batch = {0};
        if (lap->batches == lap->cancel_after)
            lap->desk.cancelled = true;
        if (lap->batches == lap->leave_after)
            return PF_OK;
        int number = stream->get_next(stream, &batch);
        if (number != 0) {
            if (lap->mute)
                return PF_IO;
            check_sticky(c, stream, err, number);
            return err->code != PF_OK ? err->code : PF_INTERNAL;
        }
        if (!batch.release) {
            number = stream->get_next(stream, &batch);
            HOLD(c, number == 0 && !batch.release, "after the end something comes");
            if (number == 0 && batch.release)
                batch.release(&batch);
            return PF_OK;
        }
        take_batch(c, lap, schema, table, &batch);
        lap->batches++;
    }
}

static void hold_told(struct check *c, const struct lap *lap, pf_status status, const struct pf_error *err) {
    if (!lap->mute)
        pf_contract_hold_told(&c->finding, lap->step, status, err);
}

static pf_status read_table(struct check *c, struct lap *lap, pf_reader_state *state, int64_t table) {
    const struct pf_table *found = lap->survey.tables[table];
    struct pf_error err = PF_ERROR_INIT, read_err = PF_ERROR_INIT;
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema given = {0};
    struct wanted wanted;
    struct pf_read read = {.struct_size = sizeof read,
                           .table = (int32_t)table,
                           .limit_rows = -1,
                           .err = lap->mute ? NULL : &read_err};
    want(&wanted, found, lap, &read);
    lap->step = "read";
    pf_status status = c->reader->read(state, &read, &stream, lap->mute ? NULL : &err);
    if (status != PF_OK) {
        hold_told(c, lap, status, &err);
        HOLD(c, !stream.release, "read failed and gives a stream");
        return status;
    }
    if (!HOLD(c, stream.release != NULL, "read gives no stream"))
        return PF_INTERNAL;
    lap->step = "get_schema";
    int number = stream.get_schema(&stream, &given);
    if (number == 0) {
        HOLD(c, pf_contract_schema_same(&given, read.schema),
             "a stream has another schema than it was asked for");
        if (lap->keeps && !lap->kept.release) { /* of the table whose batch will be kept */
            if (lap->kept_schema.release)
                lap->kept_schema.release(&lap->kept_schema);
            lap->kept_schema = given;
        } else
            given.release(&given);
    }
    lap->step = "get_next";
    status = number == 0 ? drain(c, lap, &stream, read.schema, table, &read_err) : PF_NO_MEMORY;
    stream.release(&stream);
    HOLD(c, !stream.release, "a stream's release leaves itself set");
    return status;
}

static pf_status open_lap(struct check *c, struct lap *lap, pf_reader_state **state) {
    struct pf_error err = PF_ERROR_INIT;
    lap->desk.options = c->reader->options;
    lap->desk.bytes = lap->bytes ? lap->bytes : c->input->bytes;
    lap->desk.size = lap->bytes ? lap->size : c->input->size;
    pf_contract_desk_open(&lap->desk);
    struct pf_open request = {.struct_size = sizeof request,
                              .source = &lap->desk.source,
                              .host = &lap->desk.host,
                              .location = c->input->name,
                              .stem = c->stem};
    *state = NULL;
    lap->step = "open";
    pf_status status = c->reader->open(&request, state, lap->mute ? NULL : &err);
    if (status != PF_OK)
        hold_told(c, lap, status, &err);
    return status;
}

static pf_status survey_lap(struct check *c, struct lap *lap, pf_reader_state *state) {
    struct pf_error err = PF_ERROR_INIT;
    lap->survey = (struct pf_survey){.struct_size = sizeof lap->survey, .mode = lap->mode};
    lap->step = "survey";
    pf_status status = c->reader->survey(state, &lap->survey, lap->mute ? NULL : &err);
    if (status != PF_OK) {
        hold_told(c, lap, status, &err);
        return status;
    }
    lap->tables = lap->survey.table_count < MOST_TABLES ? lap->survey.table_count : MOST_TABLES;
    for (int64_t t = 0; t < lap->tables; t++) {
        const struct ArrowSchema *schema = &lap->survey.tables[t]->schema;
        HOLD(c, schema->release && schema->format && strcmp(schema->format, "+s") == 0,
             "the schema of a table is no struct");
        HOLD(c, lap->survey.tables[t]->name != NULL, "a table has no name");
        lap->survey_columns[t] = schema->n_children;
    }
    return PF_OK;
}

/* Runs it, with requests for memory failing from nth on, and looks whether anything stayed. GO_ON: does neither, for
 * the threads' own memory is in the count. */
#define GO_ON 0
static void run_lap(struct check *c, struct lap *lap, int64_t nth) {
    pf_reader_state *state;
    if (nth != GO_ON)
        pf_mem_fail_from(nth);
    lap->status = open_lap(c, lap, &state);
    if (lap->status == PF_OK) {
        lap->status = survey_lap(c, lap, state);
        for (int64_t t = 0; t < lap->tables && lap->status == PF_OK; t++)
            lap->status = read_table(c, lap, state, t);
        c->reader->close(state);
    }
    HOLD(c, lap->desk.closed == 0, "it closes a source that was lent to it");
    if (lap->kept.release) {
        struct pf_contract_digest after = {0};
        pf_contract_overwrite();
        pf_contract_digest_add(&after, &lap->kept_schema, &lap->kept);
        HOLD(c, pf_contract_digest_same(&after, &lap->kept_digest),
             "a batch changes when its reader is closed");
        lap->kept.release(&lap->kept);
    }
    if (lap->kept_schema.release)
        lap->kept_schema.release(&lap->kept_schema);
    int64_t left = nth == GO_ON ? 0 : pf_mem_live();
    HOLD(c, left == 0, "%lld blocks of memory are left after %s answered %s", (long long)left, lap->step,
         pf_contract_code(lap->status));
}

static struct lap new_lap(int32_t mode) {
    return (struct lap){.mode = mode,
                        .column = EVERY,
                        .cancel_after = PF_CONTRACT_NEVER,
                        .leave_after = PF_CONTRACT_NEVER,
                        .desk = {.fail_at = PF_CONTRACT_NEVER}};
}

static bool same_rows(const struct lap *a, const struct lap *b) {
    bool same = a->tables == b->tables;
    for (int64_t t = 0; t < a->tables && same; t++)
        same = pf_contract_digest_same(&a->digests[t], &b->digests[t]);
    return same;
}

/* ---- promises ---- */

static void check_table(struct check *c) {
    const struct pf_reader *r = c->reader;
    pf_contract_begin(&c->finding, "the table is whole");
    HOLD(c, PF_HAS(struct pf_reader, r, close), "struct_size %u is too small", r->struct_size);
    HOLD(c, r->name && r->name[0] && r->summary, "it has no name or no summary");
    HOLD(c, r->probe && r->open && r->survey && r->read && r->close, "a function is missing");
    for (const char *const *s = r->suffixes; s && *s; s++)
        for (const char *p = *s; *p; p++)
            HOLD(c, (*s)[0] == '.' && !(*p >= 'A' && *p <= 'Z'), "suffix '%s' is not lower case with its dot",
                 *s);
    pf_contract_end(&c->finding);
}

/* The head ends where its memory ends, so that a sanitizer sees every byte read too far. */
static int32_t probe_head(struct check *c, struct pf_contract_desk *desk, size_t size, const char *suffix) {
    uint8_t *head = pf_mem_alloc(size);
    if (!head)
        return PF_PROBE_NO;
    memcpy(head, desk->bytes, size);
    struct pf_probe request = {.struct_size = sizeof request,
                               .head = head,
                               .head_size = size,
                               .tail = head,
                               .tail_size = size,
                               .size_bytes = (int64_t)desk->size,
                               .suffix = suffix,
                               .source = &desk->source};
    int64_t before = pf_mem_live();
    int32_t answer = c->reader->probe(&request);
    HOLD(c, answer >= PF_PROBE_NO && answer <= PF_PROBE_CERTAIN, "%d for %zu bytes is not on the scale",
         (int)answer, size);
    HOLD(c, c->reader->probe(&request) == answer, "two answers for the same %zu bytes", size);
    HOLD(c, pf_mem_live() == before, "memory is left after %zu bytes", size);
    pf_mem_free(head);
    return answer;
}

static void check_probe(struct check *c) {
    struct pf_contract_desk desk = {
        .bytes = c->input->bytes, .size = c->input->size, .fail_at = PF_CONTRACT_NEVER};
    size_t most = c->input->size < 65536 ? c->input->size : 65536;
    pf_contract_desk_open(&desk);
    pf_contract_begin(&c->finding, "probe answers for heads of 0, 1 and n bytes");
    pf_mem_fail_from(PF_CONTRACT_NEVER);
    for (size_t size = 0; size < most; size += size < 64 ? 1 : size / 4)
        probe_head(c, &desk, size, c->suffix);
    HOLD(c, probe_head(c, &desk, most, c->suffix) > PF_PROBE_NO, "it does not know its own input");
    pf_contract_end(&c->finding);
}

static void check_rows(struct check *c, const struct lap *lap) {
    int64_t rows = 0;
    pf_contract_begin(&c->finding, "rows in = rows out + rejected + skipped");
    for (int64_t t = 0; t < lap->tables; t++)
        rows += lap->digests[t].rows;
    HOLD(c, lap->desk.tells || rows == 0, "rows-in was never counted");
    HOLD(c, lap->desk.rows_in == rows + lap->desk.rejected + lap->desk.skipped,
         "%lld in, %lld out, %lld rejected, %lld skipped", (long long)lap->desk.rows_in, (long long)rows,
         (long long)lap->desk.rejected, (long long)lap->desk.skipped);
    pf_contract_end(&c->finding);
}

/* The run that all others are compared with. */
static bool check_whole(struct check *c, struct lap *whole) {
    pf_contract_begin(&c->finding, "an exact survey reads to the end, and close ends everything");
    *whole = new_lap(PF_SURVEY_EXACT);
    whole->keeps = true;
    run_lap(c, whole, PF_CONTRACT_NEVER);
    bool good =
        HOLD(c, whole->status == PF_OK, "%s answers %s", whole->step, pf_contract_code(whole->status)) &&
        HOLD(c, whole->tables > 0, "there is no table");
    pf_contract_end(&c->finding);
    return good;
}

static void check_twice(struct check *c, const struct lap *whole) {
    struct lap lap = new_lap(PF_SURVEY_EXACT);
    pf_contract_begin(&c->finding, "the same bytes give the same batches, with threads and without");
    run_lap(c, &lap, PF_CONTRACT_NEVER);
    HOLD(c, lap.status == PF_OK && same_rows(&lap, whole), "the second time differs");
    lap = new_lap(PF_SURVEY_EXACT);
    pf_mem_fail_from(PF_CONTRACT_NEVER);
    if (pf_pool_open(2, &lap.desk.host.pool, NULL) == PF_OK) {
        run_lap(c, &lap, GO_ON);
        pf_pool_close(&lap.desk.host.pool);
        HOLD(c, pf_mem_live() == 0, "two threads leave memory behind");
        HOLD(c, lap.status == PF_OK && same_rows(&lap, whole), "two threads give other rows");
    }
    pf_contract_end(&c->finding);
}

static void compare_surveys(struct check *c, pf_reader_state *state) {
    struct lap sample = new_lap(PF_SURVEY_SAMPLE), exact = new_lap(PF_SURVEY_EXACT);
    char names[MOST_TABLES][80];
    bool proved[MOST_TABLES];
    int64_t columns[MOST_TABLES];
    if (!HOLD(c, survey_lap(c, &sample, state) == PF_OK, "SAMPLE fails"))
        return;
    for (int64_t t = 0; t < sample.tables; t++) {
        const struct pf_table *table = sample.survey.tables[t];
        snprintf(names[t], sizeof names[t], "%s", table->name);
        proved[t] = table->exact;
        columns[t] = table->schema.n_children;
    }
    if (!HOLD(c, survey_lap(c, &exact, state) == PF_OK, "EXACT after SAMPLE fails"))
        return;
    HOLD(c, exact.tables == sample.tables, "SAMPLE finds %lld tables, EXACT %lld", (long long)sample.tables,
         (long long)exact.tables);
    for (int64_t t = 0; t < exact.tables && t < sample.tables; t++) {
        const struct pf_table *table = exact.survey.tables[t];
        HOLD(c, strncmp(names[t], table->name, sizeof names[t] - 1) == 0, "table %lld has two names",
             (long long)t);
        HOLD(c, table->exact, "EXACT does not say that it is");
        HOLD(c, !proved[t] || table->schema.n_children == columns[t], "a proved table changes its columns");
    }
}

static void check_surveys(struct check *c, const struct lap *whole) {
    struct lap lap = new_lap(PF_SURVEY_SAMPLE);
    pf_reader_state *state;
    pf_contract_begin(&c->finding, "SAMPLE, then EXACT agree");
    pf_mem_fail_from(PF_CONTRACT_NEVER);
    if (HOLD(c, open_lap(c, &lap, &state) == PF_OK, "open fails the second time")) {
        compare_surveys(c, state);
        c->reader->close(state);
    }
    HOLD(c, pf_mem_live() == 0, "memory is left behind two surveys");
    run_lap(c, &lap, PF_CONTRACT_NEVER);
    HOLD(c, lap.status == PF_WIDEN || (lap.status == PF_OK && same_rows(&lap, whole)),
         "what SAMPLE found is read to the end with other rows, or to %s", pf_contract_code(lap.status));
    pf_contract_end(&c->finding);
}

static void check_columns(struct check *c, const struct lap *whole) {
    struct lap lap = new_lap(PF_SURVEY_EXACT);
    lap.column = 0;
    pf_contract_begin(&c->finding, "a column asked for alone has the same values");
    run_lap(c, &lap, PF_CONTRACT_NEVER);
    HOLD(c, lap.status == PF_OK, "%s answers %s", lap.step, pf_contract_code(lap.status));
    for (int64_t t = 0; t < lap.tables && t < whole->tables; t++) {
        int64_t last = lap.survey_columns[t] - 1;
        if (last >= PF_CONTRACT_COLUMNS)
            continue;
        HOLD(c,
             lap.digests[t].rows == whole->digests[t].rows &&
                 lap.digests[t].columns[0] == whole->digests[t].columns[last],
             "the last column of table %lld differs", (long long)t);
    }
    pf_contract_end(&c->finding);
}

static void check_leaving(struct check *c, const struct lap *whole) {
    int64_t most = whole->batches < MOST_BATCHES ? whole->batches : MOST_BATCHES;
    pf_contract_begin(&c->finding, "a stream may be left after any batch");
    for (int64_t n = 0; n <= most; n++) {
        struct lap lap = new_lap(PF_SURVEY_EXACT);
        lap.leave_after = n;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status == PF_OK, "after %lld batches %s answers %s", (long long)n, lap.step,
             pf_contract_code(lap.status));
    }
    pf_contract_end(&c->finding);
    pf_contract_begin(&c->finding, "a cancel between any two batches ends cleanly");
    for (int64_t n = 0; n <= most; n++) {
        struct lap lap = new_lap(PF_SURVEY_EXACT);
        lap.cancel_after = n;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status == PF_OK || lap.status == PF_CANCELLED, "after %lld batches %s answers %s",
             (long long)n, lap.step, pf_contract_code(lap.status));
        HOLD(c, lap.status != PF_OK || same_rows(&lap, whole),
             "after %lld batches it ends early and calls that good", (long long)n);
    }
    pf_contract_end(&c->finding);
}

static void check_narrow(struct check *c, const struct lap *whole) {
    struct lap lap = new_lap(PF_SURVEY_EXACT);
    lap.narrow = true;
    pf_contract_begin(&c->finding, "a value beyond the schema ends with WIDEN, for ever");
    run_lap(c, &lap, PF_CONTRACT_NEVER);
    HOLD(c,
         lap.status == PF_WIDEN || lap.status == PF_UNSUPPORTED ||
             (lap.status == PF_OK && same_rows(&lap, whole)),
         "%s answers %s", lap.step, pf_contract_code(lap.status));
    pf_contract_end(&c->finding);
}

static void check_source(struct check *c, const struct lap *whole) {
    pf_contract_begin(&c->finding, "a broken source is told and leaves nothing");
    for (int64_t n = 1; n <= whole->desk.calls; n += 1 + n / 16) {
        struct lap lap = new_lap(PF_SURVEY_EXACT);
        lap.desk.fail_at = n;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status == PF_IO, "read %lld fails with IO, %s answers %s", (long long)n, lap.step,
             pf_contract_code(lap.status));
        lap = new_lap(PF_SURVEY_EXACT);
        lap.desk.fail_at = n;
        lap.desk.fail_once = true;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status == PF_IO || (lap.status == PF_OK && same_rows(&lap, whole)),
             "read %lld alone fails with IO, %s answers %s", (long long)n, lap.step,
             pf_contract_code(lap.status));
    }
    pf_contract_end(&c->finding);
}

static void check_memory(struct check *c, const struct lap *whole) {
    pf_contract_begin(&c->finding, "lack of memory is told and leaves nothing");
    for (int64_t n = 1;; n += 1 + n / 32) {
        struct lap lap = new_lap(PF_SURVEY_EXACT);
        run_lap(c, &lap, n);
        if (pf_mem_count() < n)
            break;
        HOLD(c, lap.status == PF_NO_MEMORY || (lap.status == PF_OK && same_rows(&lap, whole)),
             "request %lld fails, %s answers %s", (long long)n, lap.step, pf_contract_code(lap.status));
        if (!c->finding.kept)
            break;
    }
    pf_contract_end(&c->finding);
}

/* What everybody meets who opens files by their names: nothing, noise, text, other people's formats. */
static const struct {
    const char *name, *bytes;
    size_t size;
} foreign[] = {{"no bytes", "", 0},
               {"zeros", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20},
               {"noise", "\xff\xfe\xfd\x80\x81\x00\xd8\xdc\x1b\x7f\xc0\xaf\x0a\x0d\x0a", 15},
               {"a sentence", "It was a dark and stormy night.\n", 32},
               {"a picture", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1", 20},
               {"a PDF", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", 23}};

static void check_foreign(struct check *c) {
    pf_contract_begin(&c->finding, "foreign bytes are not claimed, and told when they are opened all the same");
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        struct lap lap = new_lap(PF_SURVEY_EXACT);
        struct pf_contract_desk desk = {
            .bytes = (const uint8_t *)foreign[i].bytes, .size = foreign[i].size, .fail_at = PF_CONTRACT_NEVER};
        pf_contract_desk_open(&desk);
        pf_mem_fail_from(PF_CONTRACT_NEVER);
        int32_t answer = probe_head(c, &desk, desk.size, ".other");
        HOLD(c, answer < PF_PROBE_MAGIC, "it answers %d for %s", (int)answer, foreign[i].name);
        lap.bytes = foreign[i].bytes;
        lap.size = foreign[i].size;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status != PF_INTERNAL, "%s: %s answers INTERNAL", foreign[i].name, lap.step);
    }
    pf_contract_end(&c->finding);
}

static void check_cut(struct check *c) {
    pf_contract_begin(&c->finding, "an input that ends too early is told, or read to there");
    for (size_t part = 1; part <= 8; part++) {
        struct lap lap = new_lap(PF_SURVEY_EXACT);
        lap.bytes = c->input->bytes;
        lap.size = part == 8 ? c->input->size - 1 : c->input->size / 8 * part;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status != PF_INTERNAL, "of %zu bytes %s answers INTERNAL", lap.size, lap.step);
    }
    pf_contract_end(&c->finding);
}

static void check_mute(struct check *c, const struct lap *whole) {
    pf_contract_begin(&c->finding, "every err may be NULL");
    for (int64_t n = 1; n <= whole->desk.calls; n *= 2) {
        struct lap lap = new_lap(PF_SURVEY_EXACT);
        lap.mute = true;
        lap.desk.fail_at = n;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status != PF_OK, "read %lld fails, and without err that is lost", (long long)n);
    }
    pf_contract_end(&c->finding);
}

static void check_older(struct check *c, const struct lap *whole) {
    struct lap lap = new_lap(PF_SURVEY_EXACT);
    lap.desk.old = true;
    pf_contract_begin(&c->finding, "an older host is enough");
    run_lap(c, &lap, PF_CONTRACT_NEVER);
    HOLD(c, lap.status == PF_OK && same_rows(&lap, whole), "%s answers %s, or the rows differ", lap.step,
         pf_contract_code(lap.status));
    pf_contract_end(&c->finding);
}

#define ABREAST_RUNS 8
#define ABREAST_MS   20 /* at least, so that the two meet */
struct side {
    struct check check;
    struct lap lap;
    const struct lap *whole;
    int runs, differs;
};
static void run_side(void *arg) {
    struct side *side = arg;
    int64_t until_ns = pf_clock_ns() + (int64_t)ABREAST_MS * 1000000;
    for (; side->runs < ABREAST_RUNS || pf_clock_ns() < until_ns; side->runs++) {
        side->lap = new_lap(PF_SURVEY_EXACT);
        run_lap(&side->check, &side->lap, GO_ON);
        side->differs += side->lap.status != PF_OK || !same_rows(&side->lap, side->whole);
    }
}

static void check_abreast(struct check *c, const struct lap *whole) {
    static const struct pf_contract nobody = {0};
    struct side *sides = pf_mem_zero(2, sizeof *sides);
    pf_thread threads[2];
    int started = 0;
    pf_contract_begin(&c->finding, "two inputs are read at the same time, on two threads");
    pf_mem_fail_from(0);
    for (; sides && started < 2; started++) {
        sides[started] = (struct side){.check = *c, .whole = whole};
        sides[started].check.finding = (struct pf_contract_finding){.contract = &nobody, .kept = true};
        if (pf_thread_start(&threads[started], run_side, &sides[started], NULL) != PF_OK)
            break;
    }
    for (int i = 0; i < started; i++) {
        pf_thread_join(&threads[i]);
        HOLD(c, !sides[i].differs, "%d of %d runs give other rows", sides[i].differs, sides[i].runs);
        HOLD(c, sides[i].check.finding.kept, "%s", sides[i].check.finding.detail);
    }
    pf_mem_free(sides);
    pf_contract_end(&c->finding);
}

static void run_again(void *arg) {
    struct check *c = arg;
    struct lap lap = new_lap(PF_SURVEY_EXACT);
    run_lap(c, &lap, GO_ON);
}

static void check_growth(struct check *c) {
    pf_contract_begin(&c->finding, "batches, streams and readers give back all their memory");
    pf_mem_fail_from(0);
    int64_t grown = pf_contract_growth(run_again, c);
    HOLD(c, grown == 0, "the heap grows with every run, by %lld bytes in some", (long long)grown);
    pf_contract_end(&c->finding);
}

int64_t pf_contract_reader(const struct pf_reader *reader, const struct pf_contract_input *input,
                           const struct pf_contract *contract) {
    struct check c = {.reader = reader, .input = input, .finding = {.contract = contract}};
    struct pf_text stem = pf_path_stem(input->name), suffix = pf_path_suffix(input->name);
    struct lap whole;
    snprintf(c.stem, sizeof c.stem, "%.*s", (int)stem.size, stem.at);
    snprintf(c.suffix, sizeof c.suffix, "%.*s", (int)suffix.size, suffix.at);
    check_table(&c);
    if (c.finding.broken)
        return c.finding.broken;
    check_probe(&c);
    if (check_whole(&c, &whole)) {
        check_rows(&c, &whole);
        check_twice(&c, &whole);
        check_surveys(&c, &whole);
        check_columns(&c, &whole);
        check_leaving(&c, &whole);
        check_narrow(&c, &whole);
        check_source(&c, &whole);
        check_foreign(&c);
        check_cut(&c);
        check_mute(&c, &whole);
        check_older(&c, &whole);
        check_memory(&c, &whole);
        check_abreast(&c, &whole);
        check_growth(&c);
    }
    pf_mem_fail_from(0);
    return c.finding.broken;
}
