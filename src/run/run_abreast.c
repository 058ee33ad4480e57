/* run_abreast.c — room run. Many small inputs side by side, one on each thread. SPDX-License-Identifier: MIT
 * Knows: which inputs are small, whose turn it is, results in the order of the inputs.
 * Knows not: how an input is converted. */
#include "run/run_abreast.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/thread.h"

#define SMALL_BYTES   (4 << 20)
#define SMALL_PACKED  (512 << 10) /* of a compressed one */
#define AT_ONCE_MOST  100000      /* results that wait to be put together */
#define LOOK_EVERY_MS 20          /* for a cancel, while waiting for a turn */

#define NAMED 1
#define ENDED 2

/* Who is done with what. An input only waits for those that began before it, so there is always one that goes on. */
struct pf_turns {
    pf_mutex mutex;
    pf_condition changed;
    uint8_t *done; /* per input: NAMED, ENDED */
    size_t count;
    size_t named, ended; /* how many from the first on */
};

struct abreast {
    struct pf_run *run;
    size_t first;
    int of; /* at the same time */
    struct pf_turns turns;
    struct outcome {
        pf_result *result;
        pf_status ends; /* the run cannot go on */
        pf_status status;
        struct pf_error err;
    } * outcomes;
};

/* ---- turns ---- */

static pf_status open_turns(struct pf_turns *turns, size_t count, struct pf_error *err) {
    *turns = (struct pf_turns){.count = count};
    turns->done = pf_mem_zero(count, 1);
    if (!turns->done)
        return pf_fail_memory(err, count);
    pf_status status = pf_mutex_init(&turns->mutex, err);
    if (status == PF_OK) {
        status = pf_condition_init(&turns->changed, err);
        if (status != PF_OK)
            pf_mutex_clear(&turns->mutex);
    }
    if (status != PF_OK)
        pf_mem_free(turns->done);
    return status;
}

static void close_turns(struct pf_turns *turns) {
    pf_condition_clear(&turns->changed);
    pf_mutex_clear(&turns->mutex);
    pf_mem_free(turns->done);
}

static void mark(struct pf_turns *turns, size_t index, uint8_t what) {
    pf_mutex_lock(&turns->mutex);
    turns->done[index] |= what;
    while (turns->named < turns->count && turns->done[turns->named] & NAMED)
        turns->named++;
    while (turns->ended < turns->count && turns->done[turns->ended] & ENDED)
        turns->ended++;
    pf_condition_broadcast(&turns->changed);
    pf_mutex_unlock(&turns->mutex);
}

static pf_status wait_for(struct pf_run *run, const size_t *reached, struct pf_error *err) {
    struct pf_turns *turns = run->turns;
    bool cancelled = false;
    pf_mutex_lock(&turns->mutex);
    while (*reached < run->turn && !(cancelled = pf_job_is_cancelled(run->job)))
        pf_condition_wait_ms(&turns->changed, &turns->mutex, LOOK_EVERY_MS);
    pf_mutex_unlock(&turns->mutex);
    return cancelled ? pf_crew_check(&run->crew, err) : PF_OK;
}

pf_status pf_turn_to_name(struct pf_run *run, struct pf_error *err) {
    return run->turns ? wait_for(run, &run->turns->named, err) : PF_OK;
}

void pf_turn_named(struct pf_run *run) {
    if (run->turns)
        mark(run->turns, run->turn, NAMED);
}

pf_status pf_turn_to_end(struct pf_run *run, struct pf_error *err) {
    return run->turns ? wait_for(run, &run->turns->ended, err) : PF_OK;
}

/* ---- one input among others ---- */

static void convert_one(void *arg, int64_t index) {
    struct abreast *it = arg;
    struct outcome *outcome = &it->outcomes[index];
    const struct pf_input *input = &it->run->inputs.items[it->first + (size_t)index];
    struct pf_run own = {.job = it->run->job,
                         .outputs = it->run->outputs,
                         .quarantine = it->run->quarantine,
                         .schema = it->run->schema,
                         .turns = &it->turns,
                         .turn = (size_t)index,
                         .err = PF_ERROR_INIT};
    pf_crew_part(&own.crew, &it->run->crew, it->of);
    outcome->ends = pf_result_make(&outcome->result, &outcome->err);
    own.result = outcome->result;
    if (outcome->ends == PF_OK)
        outcome->ends = pf_convert_input(&own, input, &outcome->err);
    outcome->status = own.status;
    if (outcome->ends == PF_OK)
        outcome->err = own.err;
    atomic_fetch_add(&it->run->crew.meter.bytes_in, input->size_bytes > 0 ? input->size_bytes : 0);
    atomic_fetch_add(&it->run->crew.track.rows, own.crew.track.rows);
    mark(&it->turns, (size_t)index, NAMED | ENDED);
}

/* ---- all ---- */

static bool is_small(const struct pf_input *input) {
    if (input->status != PF_OK)
        return true; /* there is nothing to read */
    struct pf_text name = pf_text_of(input->location);
    bool packed = pf_input_peeled_size(name) < name.size;
    return input->local && input->size_bytes >= 0 && input->size_bytes <= (packed ? SMALL_PACKED : SMALL_BYTES);
}

static size_t count_small(const struct pf_inputs *inputs, size_t first, int64_t *bytes) {
    size_t count = 0;
    for (*bytes = 0; count < AT_ONCE_MOST && first + count < inputs->count; count++) {
        const struct pf_input *input = &inputs->items[first + count];
        if (!is_small(input))
            break;
        *bytes += input->size_bytes > 0 ? input->size_bytes : 0;
    }
    return count;
}

/* A result that is not there belongs to an input that was not begun any more. */
static pf_status put_together(struct abreast *it, struct pf_error *err) {
    struct pf_run *run = it->run;
    pf_status ends = PF_OK;
    for (size_t i = 0; i < it->turns.count; i++) {
        struct outcome *outcome = &it->outcomes[i];
        struct pf_error *failure = ends == PF_OK ? err : NULL; /* the first one counts */
        pf_status status = outcome->result ? pf_result_adopt(run->result, outcome->result, failure) : PF_OK;
        if (status == PF_OK && outcome->ends != PF_OK && failure)
            *failure = outcome->err;
        if (status == PF_OK)
            status = outcome->ends;
        if (ends == PF_OK)
            ends = status;
        if (run->status == PF_OK && outcome->status != PF_OK) {
            run->status = outcome->status;
            run->err = outcome->err;
        }
        pf_result_free(outcome->result);
    }
    return ends;
}

static pf_status run_all(struct abreast *it, struct pf_error *err) {
    struct pf_run *run = it->run;
    pf_status status = pf_pool_each(run->crew.pool, convert_one, it, (int64_t)it->turns.count, err);
    pf_status together = put_together(it, status == PF_OK ? err : NULL);
    return status == PF_OK ? together : status;
}

/* The folder for all outputs is made before: an input that fails takes away the one it made, and others may be about to
 * write there. */
static pf_status run_in_folder(struct abreast *it, struct pf_error *err) {
    const struct pf_outputs *outputs = it->run->outputs;
    int made = 0;
    char *inside = outputs->folder ? pf_path_join(outputs->given, "-") : NULL;
    if (inside) /* where that fails each input says so */
        pf_outputs_make_folder(outputs, inside, &made, NULL);
    pf_status status = run_all(it, err);
    if (inside)
        pf_outputs_unmake_folder(inside, made);
    pf_mem_free(inside);
    return status;
}

pf_status pf_abreast(struct pf_run *run, size_t first, size_t *taken, struct pf_error *err) {
    struct abreast it = {.run = run, .first = first, .of = pf_pool_threads(run->crew.pool)};
    struct pf_track *track = &run->crew.track;
    int64_t bytes;
    size_t count = count_small(&run->inputs, first, &bytes);
    *taken = 0;
    if (count < 2 || it.of < 2)
        return PF_OK;
    if ((size_t)it.of > count)
        it.of = (int)count;
    it.outcomes = pf_mem_zero(count, sizeof *it.outcomes);
    if (!it.outcomes)
        return pf_fail_memory(err, count * sizeof *it.outcomes);
    pf_status status = open_turns(&it.turns, count, err);
    if (status == PF_OK) {
        pf_track_input(track, run->inputs.items[first].location, bytes);
        pf_track_phase(track, "convert", 1, 0, 1, bytes);
        status = run_in_folder(&it, err);
        pf_track_input_done(track);
        close_turns(&it.turns);
        *taken = count;
    }
    pf_mem_free(it.outcomes);
    return status;
}
