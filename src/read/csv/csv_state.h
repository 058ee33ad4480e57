/* csv_state.h — what the CSV reader knows of an input between open and close.    SPDX-License-Identifier: MIT */
#ifndef PF_CSV_STATE_H
#define PF_CSV_STATE_H
#include "base/arena.h"
#include "read/csv/csv_part.h"
#include "read/csv/csv_policy.h"

/* One column of the file. */
struct pf_csv_finding {
    struct pf_infer infer; /* of all rows (exact) or of those at the file's front; true row numbers */
    struct pf_rules rules;
    struct pf_type type; /* the verdict */
    struct pf_parse_format format;
    bool unseen;  /* the verdict is text because no value was seen */
    bool watched; /* the verdict is text but nothing certain proves it: a lap has to */
    bool doubted; /* the verdict rests on strides too, which may have begun in the wrong place */
};

struct pf_reader_state {
    struct pf_source *source;
    struct pf_host *host;
    struct pf_arena arena; /* texts, names */
    struct pf_csv_policy policy;
    struct pf_csv_dialect dialect;
    struct pf_csv_text_rule rule;
    const char *stem;
    bool surveyed;
    bool exact;
    int64_t data_from; /* input offset of the first data record */
    int64_t data_to;   /* of the footer; INT64_MAX: none */
    size_t end_signs;  /* end-of-file signs that were seen at the end, and left out */
    size_t block_bytes;
    int64_t window;
    int32_t width;
    const char **names; /* width of them */
    struct pf_csv_finding *findings;
    int64_t rows;          /* exact: all data records */
    int64_t rows_estimate; /* −1 */
    struct pf_table table;
    const struct pf_table *tables[1];
};

/* csv_survey.c */
pf_status pf_csv_survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err);
/* csv_sample.c: reads head, tail and strides; dialect, names, findings by the sample. */
pf_status pf_csv_sample_take(pf_reader_state *state, struct pf_error *err);
/* Room for findings and names up to width; new ones are empty. */
pf_status pf_csv_state_widen(pf_reader_state *state, int32_t width, struct pf_error *err);
/* csv_verdict.c: types out of findings, the table and its facts. */
void pf_csv_verdict_types(pf_reader_state *state, const struct pf_infer *sampled);
pf_status pf_csv_verdict_table(pf_reader_state *state, struct pf_error *err);
void pf_csv_verdict_doubts(const pf_reader_state *state); /* told as notices */
void pf_csv_verdict_facts(const pf_reader_state *state, const struct pf_survey *request);
/* csv_stream.c */
pf_status pf_csv_stream_open(pf_reader_state *state, const struct pf_read *request,
                             struct ArrowArrayStream *out, struct pf_error *err);
#endif
