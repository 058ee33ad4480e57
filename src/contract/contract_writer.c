/* contract_writer.c — room contract. The promises of writers.                    SPDX-License-Identifier: MIT
 * Knows: every order of calls that a writer must bear, and what must hold after it.
 * Knows not: formats. The promises in words: docs/add-a-format.md §Promises */
#include <string.h>

#include "base/mem.h"
#include "contract/contract_desk.h"
#include "contract/contract_digest.h"

#define MOST_BATCHES 8
#define MOST_COLUMNS 64

/* A batch lent to the writer: it looks given, but its buffers stay with the contract, which sees the release. */
struct lent {
    struct ArrowArray face, children[MOST_COLUMNS], *pointers[MOST_COLUMNS];
    int64_t released;
};

struct check {
    const struct pf_writer *writer;
    struct ArrowSchema schema;
    struct ArrowArray batches[MOST_BATCHES];
    int64_t batch_count, rows;
    struct lent lents[2 * MOST_BATCHES + 1];
    struct pf_contract_finding finding;
};

/* How a run ends. */
enum end { FINISH, FINISH_TWICE, WRITE_AFTER_FINISH, ABORT };

struct lap {
    int64_t batches;      /* written before the end */
    int64_t cancel_after; /* batches; NEVER */
    enum end end;
    bool mute; /* every err is NULL */
    struct pf_contract_desk desk;
    /* out */
    pf_status status; /* the first failure */
    const char *step; /* where it was */
    struct pf_written written;
};

#define HOLD(c, ...) pf_contract_hold(&(c)->finding, __VA_ARGS__)

/* ---- batches ---- */

static void release_child(struct ArrowArray *array) { array->release = NULL; }
static void release_lent(struct ArrowArray *array) {
    struct lent *lent = array->private_data;
    lent->released++;
    array->release = NULL;
}

static void lend(const struct ArrowArray *batch, struct lent *lent) {
    lent->face = *batch;
    lent->face.release = release_lent;
    lent->face.private_data = lent;
    lent->face.children = lent->pointers;
    lent->released = 0;
    for (int64_t i = 0; i < batch->n_children; i++) {
        lent->children[i] = *batch->children[i];
        lent->children[i].release = release_child;
        lent->pointers[i] = &lent->children[i];
    }
}

static bool take_rows(struct check *c, const struct pf_contract_rows *rows) {
    struct ArrowArrayStream stream = {0};
    if (rows->open(rows->ctx, &stream) != PF_OK)
        return false;
    bool good = stream.get_schema(&stream, &c->schema) == 0 && c->schema.n_children <= MOST_COLUMNS;
    while (good && c->batch_count < MOST_BATCHES) {
        struct ArrowArray *batch = &c->batches[c->batch_count];
        good = stream.get_next(&stream, batch) == 0;
        if (!batch->release)
            break;
        c->rows += batch->length;
        c->batch_count++;
    }
    stream.release(&stream);
    return good && c->batch_count > 0;
}

/* ---- a lap ---- */

/* What was told once is told for ever. */
static void check_sticky(struct check *c, pf_writer_state *state, pf_status first) {
    struct pf_error err = PF_ERROR_INIT;
    struct pf_written written = {.struct_size = sizeof written};
    struct lent lent;
    lend(&c->batches[0], &lent);
    pf_status status = c->writer->write(state, &lent.face, &err);
    HOLD(c, status == first, "after %s write answers %s", pf_contract_code(first), pf_contract_code(status));
    status = c->writer->finish(state, &written, &err);
    HOLD(c, status == first, "after %s finish answers %s", pf_contract_code(first), pf_contract_code(status));
}

static pf_status write_batch(struct check *c, struct lap *lap, pf_writer_state *state, int64_t at,
                             struct lent *lent, struct pf_error *err) {
    if (at == lap->cancel_after)
        lap->desk.cancelled = true;
    lend(&c->batches[at % c->batch_count], lent);
    lap->step = "write";
    pf_status status = c->writer->write(state, &lent->face, err);
    HOLD(c, status != PF_OK || !lent->face.release, "a batch that was written is not taken");
    if (lent->face.release) /* on failure it is still the caller's */
        lent->face.release(&lent->face);
    return status;
}

static pf_status end_lap(struct check *c, struct lap *lap, pf_writer_state *state, struct lent *lent,
                         struct pf_error *err) {
    if (lap->end == ABORT)
        return PF_OK;
    lap->step = "finish";
    lap->written = (struct pf_written){.struct_size = sizeof lap->written};
    PF_TRY(c->writer->finish(state, &lap->written, err));
    if (lap->end == FINISH_TWICE) {
        struct pf_written again = {.struct_size = sizeof again};
        pf_status status = c->writer->finish(state, &again, err);
        HOLD(c, status == PF_STATE, "a second finish answers %s", pf_contract_code(status));
    } else if (lap->end == WRITE_AFTER_FINISH) {
        lend(&c->batches[0], lent);
        pf_status status = c->writer->write(state, &lent->face, err);
        HOLD(c, status == PF_STATE, "a write after finish answers %s", pf_contract_code(status));
    }
    return PF_OK;
}

static void write_lap(struct check *c, struct lap *lap, struct lent *lents) {
    struct pf_error err = PF_ERROR_INIT;
    pf_writer_state *state = NULL;
    struct pf_begin request = {.struct_size = sizeof request,
                               .host = &lap->desk.host,
                               .schema = &c->schema,
                               .location = "contract",
                               .open_sink = pf_contract_open_sink,
                               .ctx = &lap->desk};
    int64_t written = 0, bytes = 0;
    lap->step = "begin";
    struct pf_error *told = lap->mute ? NULL : &err;
    lap->status = c->writer->begin(&request, &state, told);
    if (lap->status != PF_OK && told)
        pf_contract_hold_told(&c->finding, lap->step, lap->status, &err);
    if (lap->status != PF_OK)
        return;
    for (; written < lap->batches && lap->status == PF_OK; written++) {
        lap->status = write_batch(c, lap, state, written, &lents[written], told);
        int64_t now = c->writer->bytes_so_far ? c->writer->bytes_so_far(state) : bytes;
        HOLD(c, now >= bytes, "bytes_so_far falls from %lld to %lld", (long long)bytes, (long long)now);
        bytes = now;
    }
    if (lap->status == PF_OK)
        lap->status = end_lap(c, lap, state, &lents[lap->batches], told);
    if (lap->status != PF_OK && told)
        pf_contract_hold_told(&c->finding, lap->step, lap->status, &err);
    if (lap->status != PF_OK && lap->status != PF_CANCELLED)
        check_sticky(c, state, lap->status);
    bool committed = lap->status == PF_OK && lap->end != ABORT;
    if (!committed)
        c->writer->abort(state);
    c->writer->close(state);
    for (int64_t i = 0; i < written; i++)
        HOLD(c, lents[i].released == 1, "batch %lld was released %lld times", (long long)i,
             (long long)lents[i].released);
}

/* Runs it, with requests for memory failing from nth on, and looks whether anything stayed. GO_ON: does neither, for
 * the threads' own memory is in the count. */
#define GO_ON 0
static void run_lap(struct check *c, struct lap *lap, int64_t nth) {
    struct pf_contract_desk *desk = &lap->desk;
    desk->options = c->writer->options;
    pf_contract_desk_open(desk);
    if (nth != GO_ON)
        pf_mem_fail_from(nth);
    write_lap(c, lap, c->lents);
    bool committed = lap->status == PF_OK && lap->end != ABORT;
    int64_t left = nth == GO_ON ? 0 : pf_mem_live();
    HOLD(c, left == 0, "%lld blocks of memory are left after %s answered %s", (long long)left, lap->step,
         pf_contract_code(lap->status));
    HOLD(c, desk->committed == committed, "after %s answered %s the sink was committed %lld times", lap->step,
         pf_contract_code(lap->status), (long long)desk->committed);
    HOLD(c, desk->committed + desk->aborted == desk->opened, "of %lld sinks %lld were committed, %lld aborted",
         (long long)desk->opened, (long long)desk->committed, (long long)desk->aborted);
    HOLD(c, desk->after_end == 0, "a sink that had ended was used %lld times", (long long)desk->after_end);
}

static struct lap new_lap(int64_t batches, enum end end) {
    return (struct lap){.batches = batches,
                        .cancel_after = PF_CONTRACT_NEVER,
                        .end = end,
                        .desk = {.fail_at = PF_CONTRACT_NEVER}};
}

/* ---- promises ---- */

static void check_table(struct check *c) {
    const struct pf_writer *w = c->writer;
    pf_contract_begin(&c->finding, "the table is whole");
    HOLD(c, PF_HAS(struct pf_writer, w, close), "struct_size %u is too small", w->struct_size);
    HOLD(c, w->name && w->name[0] && w->summary, "it has no name or no summary");
    HOLD(c, w->begin && w->write && w->finish && w->abort && w->close, "a function is missing");
    for (const char *const *s = w->suffixes; s && *s; s++)
        HOLD(c, (*s)[0] == '.', "suffix '%s' has no dot", *s);
    pf_contract_end(&c->finding);
}

static void check_whole(struct check *c, struct lap *whole) {
    pf_contract_begin(&c->finding, "begin, write, finish, close: all rows, one commit");
    *whole = new_lap(2 * c->batch_count, FINISH);
    run_lap(c, whole, PF_CONTRACT_NEVER);
    HOLD(c, whole->status == PF_OK, "%s answers %s", whole->step, pf_contract_code(whole->status));
    HOLD(c, whole->written.rows == 2 * c->rows, "finish tells %lld rows, %lld were written",
         (long long)whole->written.rows, (long long)(2 * c->rows));
    HOLD(c, whole->written.bytes == whole->desk.written, "finish tells %lld bytes, the sink got %lld",
         (long long)whole->written.bytes, (long long)whole->desk.written);
    pf_contract_end(&c->finding);
}

static void check_twice(struct check *c, const struct lap *whole) {
    struct lap lap = new_lap(whole->batches, FINISH);
    pf_contract_begin(&c->finding, "the same batches give the same bytes, with threads and without");
    run_lap(c, &lap, PF_CONTRACT_NEVER);
    HOLD(c, lap.desk.hash == whole->desk.hash && lap.desk.written == whole->desk.written,
         "the second time differs");
    lap = new_lap(whole->batches, FINISH);
    pf_mem_fail_from(PF_CONTRACT_NEVER);
    if (pf_pool_open(2, &lap.desk.host.pool, NULL) == PF_OK) {
        run_lap(c, &lap, GO_ON);
        pf_pool_close(&lap.desk.host.pool);
        HOLD(c, pf_mem_live() == 0, "two threads leave memory behind");
        HOLD(c, lap.desk.hash == whole->desk.hash, "two threads give other bytes");
    }
    pf_contract_end(&c->finding);
}

static void check_orders(struct check *c) {
    pf_contract_begin(&c->finding, "a table without rows is a file");
    struct lap none = new_lap(0, FINISH);
    run_lap(c, &none, PF_CONTRACT_NEVER);
    HOLD(c, none.status == PF_OK && none.written.rows == 0, "%s answers %s", none.step,
         pf_contract_code(none.status));
    pf_contract_end(&c->finding);
    pf_contract_begin(&c->finding, "abort after any batch leaves nothing");
    for (int64_t n = 0; n <= c->batch_count; n++) {
        struct lap lap = new_lap(n, ABORT);
        run_lap(c, &lap, PF_CONTRACT_NEVER);
    }
    pf_contract_end(&c->finding);
    pf_contract_begin(&c->finding, "calls after finish answer STATE");
    struct lap twice = new_lap(1, FINISH_TWICE), late = new_lap(1, WRITE_AFTER_FINISH);
    run_lap(c, &twice, PF_CONTRACT_NEVER);
    run_lap(c, &late, PF_CONTRACT_NEVER);
    pf_contract_end(&c->finding);
}

static void check_cancel(struct check *c) {
    pf_contract_begin(&c->finding, "a cancel between any two batches ends cleanly");
    for (int64_t n = 0; n <= c->batch_count; n++) {
        struct lap lap = new_lap(c->batch_count + 1, FINISH);
        lap.cancel_after = n;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status == PF_OK || lap.status == PF_CANCELLED, "%s answers %s", lap.step,
             pf_contract_code(lap.status));
    }
    pf_contract_end(&c->finding);
}

static void check_sink(struct check *c, const struct lap *whole) {
    pf_contract_begin(&c->finding, "a broken sink is told, for ever, and leaves nothing");
    for (int64_t n = 1; n <= whole->desk.calls; n += 1 + n / 32) {
        struct lap lap = new_lap(whole->batches, FINISH);
        lap.desk.fail_at = n;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status == PF_IO, "call %lld of the sink fails with IO, %s answers %s", (long long)n,
             lap.step, pf_contract_code(lap.status));
    }
    struct lap last = new_lap(whole->batches, FINISH);
    last.desk.fail_at = whole->desk.calls; /* the commit */
    run_lap(c, &last, PF_CONTRACT_NEVER);
    HOLD(c, last.status == PF_IO, "the commit fails with IO, %s answers %s", last.step,
         pf_contract_code(last.status));
    pf_contract_end(&c->finding);
}

static void check_memory(struct check *c, const struct lap *whole) {
    pf_contract_begin(&c->finding, "lack of memory is told and leaves nothing");
    for (int64_t n = 1;; n += 1 + n / 32) {
        struct lap lap = new_lap(whole->batches, FINISH);
        run_lap(c, &lap, n);
        if (lap.status == PF_OK && pf_mem_count() < n)
            break;
        HOLD(c, lap.status == PF_NO_MEMORY || (lap.status == PF_OK && lap.desk.hash == whole->desk.hash),
             "request %lld fails, %s answers %s", (long long)n, lap.step, pf_contract_code(lap.status));
        if (!c->finding.kept)
            break;
    }
    pf_contract_end(&c->finding);
}

static void check_mute(struct check *c, const struct lap *whole) {
    pf_contract_begin(&c->finding, "every err may be NULL");
    for (int64_t n = 1; n <= whole->desk.calls; n *= 2) {
        struct lap lap = new_lap(whole->batches, FINISH);
        lap.mute = true;
        lap.desk.fail_at = n;
        run_lap(c, &lap, PF_CONTRACT_NEVER);
        HOLD(c, lap.status != PF_OK, "call %lld of the sink fails, and without err that is lost", (long long)n);
    }
    pf_contract_end(&c->finding);
}

static void check_older(struct check *c, const struct lap *whole) {
    struct lap lap = new_lap(whole->batches, FINISH);
    lap.desk.old = true;
    pf_contract_begin(&c->finding, "an older host is enough");
    run_lap(c, &lap, PF_CONTRACT_NEVER);
    HOLD(c, lap.status == PF_OK && lap.desk.hash == whole->desk.hash, "%s answers %s, or the bytes differ",
         lap.step, pf_contract_code(lap.status));
    pf_contract_end(&c->finding);
}

static void run_again(void *arg) {
    struct check *c = arg;
    struct lap lap = new_lap(c->batch_count, FINISH);
    run_lap(c, &lap, GO_ON);
}

static void check_growth(struct check *c) {
    pf_contract_begin(&c->finding, "a writer gives back all its memory");
    pf_mem_fail_from(0);
    int64_t grown = pf_contract_growth(run_again, c);
    HOLD(c, grown == 0, "the heap grows with every run, by %lld bytes in some", (long long)grown);
    pf_contract_end(&c->finding);
}

static void check_all(struct check *c) {
    struct lap whole;
    check_table(c);
    if (c->finding.broken)
        return;
    check_whole(c, &whole);
    if (whole.status != PF_OK)
        return;
    check_twice(c, &whole);
    check_orders(c);
    check_cancel(c);
    check_sink(c, &whole);
    check_mute(c, &whole);
    check_older(c, &whole);
    check_memory(c, &whole);
    check_growth(c);
    pf_mem_fail_from(0);
}

int64_t pf_contract_writer(const struct pf_writer *writer, const struct pf_contract_rows *rows,
                           const struct pf_contract *contract) {
    struct check *c = pf_mem_zero(1, sizeof *c);
    if (!c)
        return 1;
    c->writer = writer;
    c->finding.contract = contract;
    pf_contract_begin(&c->finding, "there are rows to write");
    bool good = HOLD(c, take_rows(c, rows), "no batch, or more than %d columns", MOST_COLUMNS);
    pf_contract_end(&c->finding);
    if (good)
        check_all(c);
    for (int64_t i = 0; i < c->batch_count; i++)
        c->batches[i].release(&c->batches[i]);
    if (c->schema.release)
        c->schema.release(&c->schema);
    int64_t broken = c->finding.broken;
    pf_mem_free(c);
    return broken;
}
