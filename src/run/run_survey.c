/* run_survey.c — room run. What a reader found out, as a value.                 SPDX-License-Identifier: MIT
 * Knows: facts, tables, schemas.
 * Knows not: overrides, formats. */
#include "run/run_survey.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "columns/columns_schema.h"

#define FACTS_MOST 256

struct taking {
    struct pf_verdict *verdict;
    pf_status status;
    struct pf_error *err;
};

static pf_status put_fact(struct pf_verdict *verdict, const char *key, const char *value,
                          struct pf_error *err) {
    struct pf_fact *fact = NULL;
    for (size_t i = 0; i < verdict->fact_count; i++)
        if (strcmp(verdict->facts[i].key, key) == 0)
            fact = &verdict->facts[i];
    char *copy = pf_mem_text(value, strlen(value));
    if (!copy)
        return pf_fail_memory(err, strlen(value));
    if (!fact) {
        if (!verdict->facts)
            verdict->facts = pf_mem_zero(FACTS_MOST, sizeof *verdict->facts);
        char *name = verdict->facts && verdict->fact_count < FACTS_MOST ? pf_mem_text(key, strlen(key)) : NULL;
        if (!name) {
            pf_mem_free(copy);
            return verdict->fact_count == FACTS_MOST ? PF_OK : pf_fail_memory(err, 0);
        }
        fact = &verdict->facts[verdict->fact_count++];
        fact->key = name;
    }
    pf_mem_free(fact->value);
    fact->value = copy;
    return PF_OK;
}

static void take_fact(void *ctx, const char *key, const char *value) {
    struct taking *taking = ctx;
    if (taking->status == PF_OK && key && value)
        taking->status = put_fact(taking->verdict, key, value, taking->err);
}

static pf_status copy_table(const struct pf_table *from, struct pf_survey_table *to, struct pf_error *err) {
    const char *name = from->name ? from->name : "";
    if (from->schema.n_children <= 0)
        return pf_fail(err, PF_BAD_DATA,
                       "the input has no columns: it is empty; check that it is the right file");
    to->name = pf_mem_text(name, strlen(name));
    if (!to->name)
        return pf_fail_memory(err, strlen(name));
    to->rows = from->rows;
    to->rows_estimate = from->rows_estimate;
    to->exact = from->exact;
    return pf_schema_copy(&from->schema, &to->schema, err);
}

pf_status pf_verdict_take(const struct pf_reader *reader, pf_reader_state *state, int32_t mode,
                          const int32_t *table, struct pf_verdict *verdict, struct pf_error *err) {
    pf_verdict_clear(verdict);
    struct taking taking = {.verdict = verdict, .err = err};
    struct pf_survey survey = {
        .struct_size = sizeof survey, .mode = mode, .fact = take_fact, .ctx = &taking, .table = table};
    pf_status status = reader->survey(state, &survey, err);
    if (status == PF_OK)
        status = taking.status;
    if (status == PF_OK && survey.table_count <= 0)
        status = pf_fail(err, PF_BAD_DATA, "there is no table in the input; check that it is the right file");
    if (status == PF_OK) {
        verdict->tables = pf_mem_zero((size_t)survey.table_count, sizeof *verdict->tables);
        if (!verdict->tables) {
            pf_verdict_clear(verdict);
            return pf_fail_memory(err, 0);
        }
    }
    for (int64_t i = 0; status == PF_OK && i < survey.table_count; i++) {
        status = copy_table(survey.tables[i], &verdict->tables[i], err);
        verdict->table_count++;
    }
    if (status != PF_OK)
        pf_verdict_clear(verdict);
    return status;
}

void pf_verdict_clear(struct pf_verdict *verdict) {
    for (size_t i = 0; i < verdict->fact_count; i++) {
        pf_mem_free(verdict->facts[i].key);
        pf_mem_free(verdict->facts[i].value);
    }
    for (size_t i = 0; verdict->tables && i < verdict->table_count; i++) {
        pf_mem_free(verdict->tables[i].name);
        pf_schema_release(&verdict->tables[i].schema);
    }
    pf_mem_free(verdict->facts);
    pf_mem_free(verdict->tables);
    *verdict = (struct pf_verdict){0};
}

const char *pf_verdict_fact(const struct pf_verdict *verdict, const char *key) {
    for (size_t i = 0; i < verdict->fact_count; i++)
        if (strcmp(verdict->facts[i].key, key) == 0)
            return verdict->facts[i].value;
    return NULL;
}

static bool is_always_text(const char *key) {
    static const char *const keys[] = {"delimiter", "quote", "escape",    "comment", "encoding",
                                       "line_end",  "why",   "thousands", "sheets"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

void pf_verdict_facts_json(const struct pf_verdict *verdict, const char *but, struct pf_json_writer *json) {
    for (size_t i = 0; i < verdict->fact_count; i++) {
        const char *key = verdict->facts[i].key, *value = verdict->facts[i].value;
        size_t size = strlen(value);
        int64_t number;
        double fraction;
        if (but && strcmp(key, but) == 0)
            continue;
        pf_json_key(json, key);
        if (is_always_text(key))
            pf_json_text(json, value);
        else if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
            pf_json_bool(json, value[0] == 't');
        else if (pf_parse_int64(value, size, &number))
            pf_json_int(json, number);
        else if (size && (value[0] == '-' || (value[0] >= '0' && value[0] <= '9')) &&
                 pf_parse_double(value, size, '.', &fraction))
            pf_json_double(json, fraction);
        else
            pf_json_text(json, value);
    }
}
