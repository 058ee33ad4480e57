/* run_job.c — room run. Options as checked values with who set each.            SPDX-License-Identifier: MIT
 * Knows: keys, strengths, the registry's tables.
 * Knows not: what the options do, files. */
#include "run/run_job.h"

#include "base/buf.h"
#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "bytes/bytes_source.h"

#define INPUTS_MOST 1000000

pf_status pf_job_make(pf_forge *forge, pf_job **out, struct pf_error *err) {
    pf_job *job = pf_mem_zero(1, sizeof *job);
    if (!job)
        return pf_fail_memory(err, sizeof *job);
    job->magic = PF_JOB_MAGIC;
    atomic_init(&job->refs, 1);
    atomic_init(&job->cancelled, false);
    pf_forge_hold(forge);
    job->forge = forge;
    *out = job;
    return PF_OK;
}

void pf_job_hold(pf_job *job) { atomic_fetch_add(&job->refs, 1); }

void pf_job_drop(pf_job *job) {
    if (!job || atomic_fetch_sub(&job->refs, 1) != 1)
        return;
    for (size_t i = 0; i < job->value_count; i++) {
        pf_mem_free(job->values[i].key);
        pf_mem_free(job->values[i].value);
    }
    for (size_t i = 0; i < job->input_count; i++)
        pf_mem_free(job->inputs[i]);
    for (size_t i = 0; i < job->source_count; i++) {
        pf_mem_free(job->sources[i].name);
        pf_source_close(&job->sources[i].source);
    }
    pf_mem_free(job->values);
    pf_mem_free(job->inputs);
    pf_mem_free(job->sources);
    pf_mem_free(job->input_list);
    if (job->stream.release)
        job->stream.release(&job->stream);
    pf_forge_drop(job->forge);
    job->magic = 0;
    pf_mem_free(job);
}

static struct pf_job_value *find_value(const pf_job *job, const char *key) {
    for (size_t i = 0; i < job->value_count; i++)
        if (strcmp(job->values[i].key, key) == 0)
            return &job->values[i];
    return NULL;
}

const struct pf_job_value *pf_job_value_of(const pf_job *job, const char *key) {
    return find_value(job, pf_option_key(key));
}

static void drop_value(pf_job *job, struct pf_job_value *value) {
    pf_mem_free(value->key);
    pf_mem_free(value->value);
    *value = job->values[--job->value_count];
}

/* An empty value behind the others. */
static pf_status add_value(pf_job *job, const char *key, struct pf_error *err) {
    if (job->value_count == job->value_room) {
        size_t room = job->value_room ? job->value_room * 2 : 8;
        struct pf_job_value *values = pf_mem_grow(job->values, room * sizeof *values);
        if (!values)
            return pf_fail_memory(err, room * sizeof *values);
        job->values = values;
        job->value_room = room;
    }
    char *copy = pf_mem_text(key, strlen(key));
    if (!copy)
        return pf_fail_memory(err, strlen(key));
    job->values[job->value_count++] = (struct pf_job_value){.key = copy};
    return PF_OK;
}

static pf_status add_input(pf_job *job, const char *location, struct pf_error *err) {
    if (!location[0])
        return pf_fail(err, PF_ARGUMENT, "an input has an empty name; give a path or '-'");
    if (job->input_count == INPUTS_MOST)
        return pf_fail(err, PF_LIMIT, "more than %d inputs; give a directory or several runs", INPUTS_MOST);
    if (job->input_count == job->input_room) {
        size_t room = job->input_room ? job->input_room * 2 : 4;
        char **inputs = pf_mem_grow(job->inputs, room * sizeof *inputs);
        if (!inputs)
            return pf_fail_memory(err, room * sizeof *inputs);
        job->inputs = inputs;
        job->input_room = room;
    }
    char *copy = pf_mem_text(location, strlen(location));
    if (!copy)
        return pf_fail_memory(err, strlen(location));
    job->inputs[job->input_count++] = copy;
    return PF_OK;
}

pf_status pf_job_add_source(pf_job *job, const char *name, struct pf_source *source, struct pf_error *err) {
    if (!name[0])
        return pf_fail(err, PF_ARGUMENT, "an input has an empty name; give one such as 'orders.csv'");
    if (!source->random)
        return pf_fail(err, PF_ARGUMENT,
                       "'%.80s' can be read only once; give a source that can be read anywhere", name);
    struct pf_job_source *sources = pf_mem_grow(job->sources, (job->source_count + 1) * sizeof *sources);
    if (!sources)
        return pf_fail_memory(err, (job->source_count + 1) * sizeof *sources);
    job->sources = sources;
    char *copy = pf_mem_text(name, strlen(name));
    if (!copy)
        return pf_fail_memory(err, strlen(name));
    sources[job->source_count++] = (struct pf_job_source){copy, *source};
    *source = (struct pf_source){0};
    return PF_OK;
}

pf_status pf_job_join_inputs(pf_job *job, struct pf_error *err) {
    struct pf_buf list = {0};
    pf_status status = PF_OK;
    for (size_t i = 0; i < job->input_count && status == PF_OK; i++) {
        const char separator = PF_LIST_SEPARATOR;
        status = i ? pf_buf_put(&list, &separator, 1, err) : PF_OK;
        if (status == PF_OK)
            status = pf_buf_text(&list, job->inputs[i], err);
    }
    char *text = status == PF_OK && job->input_count ? pf_buf_take(&list) : NULL;
    pf_buf_clear(&list);
    if (status == PF_OK && job->input_count && !text)
        status = pf_fail_memory(err, 0);
    pf_mem_free(job->input_list);
    job->input_list = text;
    return status;
}

/* Perhaps an extension that is not open yet has it. */
static const struct pf_option *find_option(const pf_registry *registry, const char *key) {
    const struct pf_option *option = pf_option_find(registry, key, 0);
    if (!option) {
        pf_registry_wake(registry, NULL);
        option = pf_option_find(registry, key, 0);
    }
    return option;
}

/* The first option of that key which takes the value decides its spelling: two formats may share a key. */
static pf_status check_value(const pf_job *job, const char *key, const char *value, char **out,
                             struct pf_error *err) {
    const pf_registry *registry = job->forge->registry;
    const struct pf_option *option = find_option(registry, key);
    if (!option)
        return pf_option_unknown(registry, key, err);
    pf_status status = pf_option_check(registry, option, value, out, err);
    for (size_t i = 1; status == PF_ARGUMENT && (option = pf_option_find(registry, key, i)); i++)
        if (pf_option_check(registry, option, value, out, NULL) == PF_OK)
            status = PF_OK;
    return status;
}

pf_status pf_job_put(pf_job *job, const char *key, const char *value, int32_t who, const char *who_name,
                     struct pf_error *err) {
    if (strcmp(key, "input") == 0)
        return add_input(job, value ? value : "", err);
    key = pf_option_key(key);
    struct pf_job_value *held = find_value(job, key);
    if (!value) {
        if (!held && !find_option(job->forge->registry, key))
            return pf_option_unknown(job->forge->registry, key, err);
        if (held && held->who <= who)
            drop_value(job, held);
        return PF_OK;
    }
    char *checked = NULL;
    PF_TRY(check_value(job, key, value, &checked, err));
    if (held && held->who > who) { /* the stronger one stays */
        pf_mem_free(checked);
        return PF_OK;
    }
    if (!held) {
        pf_status status = add_value(job, key, err);
        if (status != PF_OK) {
            pf_mem_free(checked);
            return status;
        }
        held = &job->values[job->value_count - 1];
    }
    pf_mem_free(held->value);
    held->value = checked;
    held->who = who;
    held->who_name = who_name;
    return PF_OK;
}

static const char *fallback_of(const struct pf_option *const *options, const char *key, bool *found) {
    const struct pf_option *option = pf_option_in(options, key);
    *found = option != NULL;
    return option ? option->fallback : NULL;
}

const char *pf_job_value(const pf_job *job, const char *key, const struct pf_reader *reader,
                         const struct pf_writer *writer) {
    key = pf_option_key(key);
    const struct pf_job_value *held = find_value(job, key);
    const struct pf_option *option = pf_option_find(job->forge->registry, key, 0);
    const char *value = NULL;
    if (held)
        value = held->value;
    else {
        bool found;
        value = fallback_of(pf_run_options, key, &found);
        if (!found && reader)
            value = fallback_of(reader->options, key, &found);
        if (!found && writer)
            value = fallback_of(writer->options, key, &found);
        if (!found && option)
            value = option->fallback;
    }
    if (value && option && option->kind == PF_OPTION_FLAG && strcmp(value, "0") == 0)
        return NULL;
    return value;
}

bool pf_job_flag(const pf_job *job, const char *key) { return pf_job_value(job, key, NULL, NULL) != NULL; }

int64_t pf_job_number(const pf_job *job, const char *key, int64_t otherwise) {
    const char *value = pf_job_value(job, key, NULL, NULL);
    int64_t number;
    return value && pf_parse_int64(value, strlen(value), &number) ? number : otherwise;
}

bool pf_job_is_cancelled(const pf_job *job) {
    return atomic_load_explicit(&job->cancelled, memory_order_relaxed);
}
