/* run_explain.c — room run. The plan of a job as text; nothing is written.      SPDX-License-Identifier: MIT
 * Knows: inputs, readers, facts, columns, options and who set them.
 * Knows not: laps. */
#include "run/run_explain.h"

#include <stdio.h>

#include "base/error.h"
#include "base/mem.h"
#include "run/run_hooks.h"
#include "run/run_native.h"

#define INPUTS_SHOWN 20

/* One line; tabs and line ends in a value would break the form. */
static pf_status put_line(struct pf_buf *to, const char *key, const char *value, const char *who,
                          struct pf_error *err) {
    PF_TRY(pf_buf_print(to, err, "%s\t", key));
    for (const char *c = value; *c; c++) {
        const char *mark = *c == '\t' ? "\\t" : *c == '\n' ? "\\n" : *c == '\r' ? "\\r" : NULL;
        if (*c == PF_LIST_SEPARATOR)
            mark = ", ";
        PF_TRY(mark ? pf_buf_text(to, mark, err) : pf_buf_put(to, c, 1, err));
    }
    return pf_buf_print(to, err, "\t%s\n", who);
}

static pf_status put_options(const pf_job *job, const struct pf_option *const *options, struct pf_buf *to,
                             struct pf_error *err) {
    for (; options && *options; options++) {
        const struct pf_job_value *held = pf_job_value_of(job, (*options)->key);
        const char *value = held ? held->value : (*options)->fallback;
        if (value)
            PF_TRY(put_line(to, (*options)->key, value, held ? held->who_name : "default", err));
    }
    return PF_OK;
}

static pf_status put_columns(const struct pf_plan *plan, struct pf_buf *to, struct pf_error *err) {
    for (int64_t i = 0; i < plan->count; i++) {
        struct pf_type type;
        char key[300], print[96], value[400];
        PF_TRY(pf_type_of(plan->read.children[i], &type, err));
        pf_type_print(&type, print, sizeof print);
        if (plan->casts && plan->casts[i].target.kind >= 0) {
            char cast[96];
            pf_type_print(&plan->casts[i].target, cast, sizeof cast);
            snprintf(value, sizeof value, "%s, written as %s", print, cast);
        } else {
            snprintf(value, sizeof value, "%s", print);
        }
        snprintf(key, sizeof key, "column %.255s", plan->read.children[i]->name);
        PF_TRY(put_line(to, key, value, "survey", err));
    }
    return PF_OK;
}

static pf_status put_output(struct pf_run *run, struct pf_intake *intake, const char *part, struct pf_buf *to,
                            struct pf_error *err) {
    const struct pf_job_value *given = pf_job_value_of(run->job, "output");
    const char *who = given ? given->who_name : "default";
    struct pf_error trouble = PF_ERROR_INIT;
    struct pf_output_name name = {0};
    uint32_t flags;
    PF_TRY(run->outputs->combine
               ? pf_outputs_combined(run->outputs, &name.path, err)
               : pf_outputs_name(run->outputs, intake->input->location, intake->stem, part, &name, err));
    const char *path = name.path;
    pf_status status = put_line(to, "output", path, who, err);
    if (status == PF_OK &&
        pf_outputs_check(run->outputs, run->outputs->writer, path, &flags, &trouble) != PF_OK)
        status = put_line(to, "problem", trouble.message, pf_status_name(trouble.code), err);
    pf_mem_free(name.path);
    return status;
}

static pf_status put_tables(struct pf_run *run, struct pf_intake *intake, struct pf_buf *to,
                            struct pf_error *err) {
    struct pf_reading reading = {.intake = intake, .schema_file = run->schema, .writer = run->outputs->writer};
    pf_status status = pf_reading_survey(&reading, PF_SURVEY_SAMPLE, err);
    size_t tables = status == PF_OK ? reading.verdict.table_count : 0;
    if (status == PF_OK)
        status = pf_outputs_tables(run->outputs, intake->reader, tables, err);
    for (size_t i = 0; i < reading.verdict.fact_count && status == PF_OK; i++)
        status = put_line(to, reading.verdict.facts[i].key, reading.verdict.facts[i].value, "survey", err);
    for (size_t i = 0; i < tables && status == PF_OK; i++) {
        const char *name = reading.verdict.tables[i].name;
        if (tables > 1)
            status = put_line(to, "table", name, "survey", err);
        if (status == PF_OK)
            status =
                put_output(run, intake, pf_outputs_part(run->outputs, intake->reader, tables, name), to, err);
        struct pf_plan_request request = {.job = run->job,
                                          .found = &reading.verdict.tables[i].schema,
                                          .schema_file = run->schema,
                                          .writer = run->outputs->writer};
        if (status == PF_OK) /* planned without proving: an explanation reads no more than a sample */
            status = pf_plan_make(&request, &reading.plan, err);
        if (status == PF_OK)
            status = put_columns(&reading.plan, to, err);
        pf_plan_clear(&reading.plan);
    }
    pf_reading_clear(&reading);
    return status;
}

static pf_status put_input(struct pf_run *run, const struct pf_input *input, const struct pf_reader **reader,
                           struct pf_buf *to, struct pf_error *err) {
    struct pf_intake intake = {0};
    struct pf_error trouble = PF_ERROR_INIT;
    PF_TRY(put_line(to, "input", input->location, "user", err));
    pf_status status = pf_intake_open(&intake, &run->crew, input, &trouble);
    for (size_t i = 0; status == PF_OK && i < intake.passed_count; i++)
        status = put_line(to, "skipped", intake.passed[i]->name, "no reader for its suffix", &trouble);
    for (size_t i = 0; status == PF_OK && i < pf_intake_members(&intake); i++) {
        status = pf_intake_enter(&intake, i, &trouble);
        if (pf_intake_pass_over(&intake)) {
            status = put_line(to, "skipped", intake.top.members[i]->name, "no reader knows it", &trouble);
            continue;
        }
        if (status == PF_OK && intake.top.archive)
            status = put_line(to, "member", intake.label, "archive", &trouble);
        if (status == PF_OK)
            status = put_line(to, "reader", intake.reader->name, "detected", &trouble);
        if (status == PF_OK) {
            *reader = intake.reader;
            status = put_tables(run, &intake, to, &trouble);
        }
        pf_intake_leave(&intake);
    }
    pf_intake_close(&intake);
    if (status == PF_OK || status == PF_ARGUMENT || status == PF_NO_MEMORY || status == PF_CANCELLED) {
        if (status != PF_OK && err)
            *err = trouble;
        return status;
    }
    return put_line(to, "problem", trouble.message, pf_status_name(status), err);
}

static pf_status put_all(struct pf_run *run, struct pf_buf *to, struct pf_error *err) {
    const struct pf_reader *reader = NULL;
    const struct pf_job_value *format = pf_job_value_of(run->job, "format");
    PF_TRY(put_line(to, "engine", pf_native_engine.name, "default", err));
    PF_TRY(put_line(to, "writer", run->outputs->writer->name, format ? format->who_name : "default", err));
    for (size_t i = 0; i < run->inputs.count && i < INPUTS_SHOWN; i++)
        PF_TRY(put_input(run, &run->inputs.items[i], &reader, to, err));
    if (run->inputs.count > INPUTS_SHOWN)
        PF_TRY(pf_buf_print(to, err, "inputs\t%zu more\tuser\n", run->inputs.count - INPUTS_SHOWN));
    for (size_t i = 0; i < run->inputs.passed_count; i++)
        PF_TRY(put_line(to, "skipped", run->inputs.passed[i].name, run->inputs.passed[i].why, err));
    PF_TRY(put_options(run->job, pf_run_options, to, err));
    PF_TRY(put_options(run->job, reader ? reader->options : NULL, to, err));
    return put_options(run->job, run->outputs->writer->options, to, err);
}

static pf_status explain(struct pf_run *run, pf_job *job, struct pf_buf *text, struct pf_error *err) {
    text->size = 0;
    PF_TRY(pf_run_open(run, job, NULL, true, err));
    pf_status status = put_all(run, text, err);
    pf_run_close(run);
    return status;
}

/* Without what a job would take back too. */
static pf_status explain_without_suspects(struct pf_run *run, pf_job *job, struct pf_buf *text,
                                          struct pf_error *err) {
    struct pf_notices notices = {0};
    struct pf_error why = PF_ERROR_INIT;
    pf_status status = explain(run, job, text, &why);
    while (status == PF_ARGUMENT && pf_hooks_take_back(job, why.message, &notices)) {
        pf_error_clear(&why);
        status = explain(run, job, text, &why);
    }
    for (size_t i = 0; notices.kind_count && i < notices.kinds[0].kept_count && status == PF_OK; i++)
        status = put_line(text, "problem", notices.kinds[0].kept[i].detail, notices.kinds[0].name, &why);
    pf_notices_clear(&notices);
    if (status != PF_OK && err)
        *err = why;
    return status;
}

pf_status pf_explain(pf_job *job, char **out, struct pf_error *err) {
    struct pf_run *run = pf_mem_zero(1, sizeof *run);
    struct pf_buf text = {0};
    *out = NULL;
    if (!run)
        return pf_fail_memory(err, sizeof *run);
    struct pf_hooks_run hooks = {0};
    pf_status status = pf_job_join_inputs(job, err);
    pf_hooks_gather(&hooks, job, NULL);
    if (status == PF_OK)
        status = pf_hooks_parameter(&hooks, err);
    if (status == PF_OK)
        status = explain_without_suspects(run, job, &text, err);
    if (status == PF_OK && !(*out = pf_buf_take(&text)))
        status = pf_fail_memory(err, text.size);
    pf_buf_clear(&text);
    pf_mem_free(run);
    return status;
}
