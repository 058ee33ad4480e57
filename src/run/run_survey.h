/* run_survey.h — what a reader found out, copied so that it outlives the reader's next survey.
 * SPDX-License-Identifier: MIT */
#ifndef PF_RUN_SURVEY_H
#define PF_RUN_SURVEY_H
#include "base/json.h"
#include "pyforge/extension.h"

struct pf_fact {
    char *key; /* "delimiter" */
    char *value;
};
struct pf_survey_table {
    char *name;
    struct ArrowSchema schema;
    int64_t rows, rows_estimate;
    int32_t exact;
};
/* All zero is good and empty. */
struct pf_verdict {
    struct pf_fact *facts;
    size_t fact_count;
    struct pf_survey_table *tables;
    size_t table_count;
};
/* Replaces *verdict. table: the one that the last survey's EXACT is about; NULL: all. BAD_DATA when there is no table, or
 * one without columns. */
pf_status pf_verdict_take(const struct pf_reader *reader, pf_reader_state *state, int32_t mode,
                          const int32_t *table, struct pf_verdict *verdict, struct pf_error *err);
void pf_verdict_clear(struct pf_verdict *verdict);
const char *pf_verdict_fact(const struct pf_verdict *verdict, const char *key); /* NULL: none */
/* Writes the members of an open object: numbers and booleans where the text is one, but delimiters and the like
 * always as text. but: a fact to leave out, or NULL. */
void pf_verdict_facts_json(const struct pf_verdict *verdict, const char *but, struct pf_json_writer *json);
#endif
