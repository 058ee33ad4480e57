/* api_job.c — room api. pf_job_*: set, run, read, explain, cancel; pf_result_*.  SPDX-License-Identifier: MIT
 * Knows: states of a job, who may call what.
 * Knows not: how anything is done. */
#include "api/api_handle.h"
#include "base/error.h"
#include "base/mem.h"
#include "run/run_engine.h"
#include "run/run_explain.h"
#include "run/run_read.h"

pf_status pf_job_open(pf_forge *forge, pf_job **out, struct pf_error *err) {
    PF_TRY(pf_handle_forge(forge, "pf_job_open", err));
    if (!out)
        return pf_fail(err, PF_ARGUMENT, "pf_job_open: there is no place for the job");
    *out = NULL;
    return pf_job_make(forge, out, err);
}

void pf_job_close(pf_job **job) {
    if (!job || pf_handle_job(*job, "pf_job_close", NULL) != PF_OK)
        return;
    pf_job_drop(*job);
    *job = NULL;
}

pf_status pf_job_set(pf_job *job, const char *key, const char *value, struct pf_error *err) {
    PF_TRY(pf_handle_setting(job, "pf_job_set", err));
    if (!key)
        return pf_fail(err, PF_ARGUMENT, "pf_job_set: there is no key");
    return pf_job_put(job, key, value, PF_BY_USER, "user", err);
}

const char *pf_job_get(pf_job *job, const char *key) {
    if (pf_handle_job(job, "pf_job_get", NULL) != PF_OK || !key)
        return NULL;
    if (strcmp(key, "input") == 0)
        return job->input_count ? job->inputs[0] : NULL;
    return pf_job_value(job, key, NULL, NULL);
}

pf_status pf_job_take_stream(pf_job *job, struct ArrowArrayStream *stream, struct pf_error *err) {
    PF_TRY(pf_handle_setting(job, "pf_job_take_stream", err));
    if (!stream || !stream->release)
        return pf_fail(err, PF_ARGUMENT, "pf_job_take_stream: the stream is released");
    if (job->stream.release)
        return pf_fail(err, PF_STATE, "pf_job_take_stream: the job has a stream already");
    job->stream = *stream;
    stream->release = NULL;
    return PF_OK;
}

pf_status pf_job_take_source(pf_job *job, const char *name, struct pf_source *source, struct pf_error *err) {
    PF_TRY(pf_handle_setting(job, "pf_job_take_source", err));
    if (!name || !source || !source->read_at || !source->close)
        return pf_fail(err, PF_ARGUMENT, "pf_job_take_source: there is no name, or no source that is open");
    return pf_job_add_source(job, name, source, err);
}

void pf_job_on_progress(pf_job *job, int32_t (*progress)(void *ctx, const struct pf_progress *), void *ctx) {
    if (pf_handle_job(job, "pf_job_on_progress", NULL) != PF_OK || job->state == PF_JOB_RUNNING)
        return;
    job->progress = progress;
    job->progress_ctx = ctx;
}

/* In a signal handler: nothing but the atomic. */
void pf_job_cancel(pf_job *job) {
    if (job && job->magic == PF_JOB_MAGIC)
        atomic_store(&job->cancelled, true);
}

pf_status pf_job_run(pf_job *job, pf_result **out, struct pf_error *err) {
    struct pf_error own = PF_ERROR_INIT;
    if (!err)
        err = &own;
    PF_TRY(pf_handle_setting(job, "pf_job_run", err));
    if (!out)
        return pf_fail(err, PF_ARGUMENT, "pf_job_run: there is no place for the result");
    job->state = PF_JOB_RUNNING;
    pf_status status = pf_engine_run(job, out, err);
    job->state = PF_JOB_DONE;
    return status;
}

pf_status pf_job_explain(pf_job *job, char **out, struct pf_error *err) {
    PF_TRY(pf_handle_setting(job, "pf_job_explain", err));
    if (!out)
        return pf_fail(err, PF_ARGUMENT, "pf_job_explain: there is no place for the text");
    return pf_explain(job, out, err);
}

/* May the job give a stream? Its options are in use from then on. */
static pf_status begin_read(pf_job *job, const char *call, const struct ArrowArrayStream *out,
                            struct pf_error *err) {
    PF_TRY(pf_handle_job(job, call, err));
    if (!out)
        return pf_fail(err, PF_ARGUMENT, "%s: there is no place for the stream", call);
    if (job->state == PF_JOB_RUNNING)
        return pf_fail(err, PF_STATE, "%s: the job is running; wait for its end", call);
    job->state = PF_JOB_DONE;
    return PF_OK;
}

pf_status pf_job_read(pf_job *job, const char *table, struct ArrowArrayStream *out, struct pf_error *err) {
    PF_TRY(begin_read(job, "pf_job_read", out, err));
    return pf_read_open(job, table, out, err);
}

pf_status pf_job_collect(pf_job *job, const char *table, struct ArrowArrayStream *out, struct pf_error *err) {
    PF_TRY(begin_read(job, "pf_job_collect", out, err));
    return pf_read_collect(job, table, out, err);
}

pf_status pf_job_cells(pf_job *job, struct ArrowArrayStream *out, struct pf_error *err) {
    PF_TRY(begin_read(job, "pf_job_cells", out, err));
    return pf_read_cells(job, out, err);
}

pf_status pf_type_text(const struct ArrowSchema *column, char *out, size_t room, struct pf_error *err) {
    if (!column || !column->format || !out || !room)
        return pf_fail(err, PF_ARGUMENT, "pf_type_text: there is no column, or no place for the text");
    return pf_read_type(column, out, room, err);
}

void pf_text_free(char *text) { pf_mem_free(text); }

/* ---- results ---- */

void pf_result_close(pf_result **result) {
    if (!result || !*result || (*result)->magic != PF_RESULT_MAGIC)
        return;
    pf_result_free(*result);
    *result = NULL;
}

const char *pf_result_json(pf_result *result) {
    if (!result || result->magic != PF_RESULT_MAGIC)
        return NULL;
    if (!result->json && pf_result_print(result, &result->json, NULL) != PF_OK)
        return NULL;
    return result->json;
}

int64_t pf_result_number(const pf_result *result, const char *key) {
    return result && result->magic == PF_RESULT_MAGIC && key ? pf_result_sum(result, key) : -1;
}
