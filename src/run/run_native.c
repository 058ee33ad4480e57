/* run_native.c — room run. The native engine: every planned table through the pipe.
 * SPDX-License-Identifier: MIT
 * Knows: the order of inputs, what one failure means for the others.
 * Knows not: how a table is converted. */
#include "run/run_native.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "run/run_abreast.h"
#include "run/run_combine.h"

static int32_t fit(struct pf_host *host, pf_job *job) { return PF_PROBE_LIKELY; }

static pf_status read_schema(struct pf_run *run, struct pf_error *err) {
    const char *path = pf_job_value(run->job, "schema", NULL, NULL);
    if (!path)
        return PF_OK;
    PF_TRY(pf_schema_file_read(&run->schema_file, run->job, path, err));
    run->schema = &run->schema_file;
    return PF_OK;
}

pf_status pf_run_open(struct pf_run *run, pf_job *job, pf_result *result, bool with_outputs,
                      struct pf_error *err) {
    *run = (struct pf_run){.job = job, .result = result, .err = PF_ERROR_INIT};
    run->outputs = &run->own_outputs;
    run->quarantine = &run->own_quarantine;
    pf_status status = pf_crew_open(&run->crew, job, err);
    if (status == PF_OK)
        status = read_schema(run, err);
    if (status == PF_OK && !job->stream.release)
        status = pf_inputs_expand(job, &run->inputs, err);
    if (status == PF_OK && job->stream.release && job->input_count)
        status = pf_fail(err, PF_ARGUMENT, "there is a stream and a file as input; give one of them");
    if (status == PF_OK && with_outputs)
        status = pf_outputs_open(run->outputs, job, &run->inputs, err);
    run->crew.track.total_bytes = run->inputs.total_bytes;
    pf_quarantine_open(run->quarantine, &run->crew, run->outputs);
    if (status == PF_OK && with_outputs)
        status = pf_quarantine_check(run->quarantine, err);
    if (status != PF_OK)
        pf_run_close(run);
    return status;
}

void pf_run_close(struct pf_run *run) {
    pf_quarantine_clear(&run->own_quarantine);
    pf_outputs_clear(&run->own_outputs);
    pf_inputs_clear(&run->inputs);
    pf_schema_file_clear(&run->schema_file);
    pf_crew_close(&run->crew);
}

static void put_options(const void *from, struct pf_json_writer *json) {
    const pf_job *job = from;
    for (size_t i = 0; i < job->value_count; i++) {
        const struct pf_job_value *value = &job->values[i];
        pf_json_open(json, '{');
        pf_json_key(json, "key");
        pf_json_text(json, value->key);
        pf_json_key(json, "value");
        pf_json_text(json, value->value);
        pf_json_key(json, "by");
        pf_json_text(json, value->who_name);
        pf_json_close(json, '}');
    }
}

static pf_status list_passed_over(struct pf_run *run, struct pf_error *err) {
    for (size_t i = 0; i < run->inputs.passed_count; i++)
        PF_TRY(pf_result_add_skipped(run->result, run->inputs.passed[i].name, run->inputs.passed[i].why, err));
    return PF_OK;
}

static pf_status convert_all(struct pf_run *run, struct pf_error *err) {
    if (run->job->stream.release)
        return pf_convert_stream(run, err);
    if (run->outputs->combine)
        return pf_combine(run, err);
    for (size_t i = 0, taken = 0; i < run->inputs.count; i += taken) {
        PF_TRY(pf_abreast(run, i, &taken, err));
        if (taken)
            continue;
        PF_TRY(pf_convert_input(run, &run->inputs.items[i], err));
        taken = 1;
    }
    return PF_OK;
}

static pf_status run_native(struct pf_host *host, pf_job *job, pf_result *result, struct pf_error *err) {
    struct pf_run run;
    int64_t started_ns = pf_clock_ns();
    PF_TRY(pf_run_open(&run, job, result, true, err));
    pf_status status = pf_result_part(&result->options, '[', put_options, job, err);
    if (status == PF_OK)
        status = list_passed_over(&run, err);
    if (status == PF_OK)
        status = convert_all(&run, err);
    if (status == PF_OK)
        status = pf_quarantine_finish(run.quarantine, err);
    if (status == PF_OK && run.status != PF_OK) {
        status = run.status;
        if (err)
            *err = run.err;
    }
    pf_track_end(&run.crew.track, status == PF_OK);
    pf_run_close(&run);
    result->seconds = (double)(pf_clock_ns() - started_ns) / 1e9;
    return status;
}

const struct pf_engine pf_native_engine = {.struct_size = sizeof(struct pf_engine),
                                           .rank = PF_RANK_PRIMARY,
                                           .name = "native",
                                           .summary = "this program's own readers and writers",
                                           .fit = fit,
                                           .run = run_native};
