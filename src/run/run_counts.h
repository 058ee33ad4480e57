/* run_counts.h — rows in = rows out + rejected + skipped.                       SPDX-License-Identifier: MIT */
#ifndef PF_RUN_COUNTS_H
#define PF_RUN_COUNTS_H
#include "base/json.h"

/* Why a record is not data; the key that readers count under is "skipped-" + name. */
#define PF_SKIP_LIST(X)                                                                                        \
    X(BLANK, "blank")                                                                                          \
    X(COMMENT, "comment")                                                                                      \
    X(PREAMBLE, "preamble") X(FOOTER, "footer") X(SKIP, "skip") X(LIMIT, "limit") X(OTHER, "other")
#define PF_SKIP_ENUM_(name, text) PF_SKIP_##name,
enum pf_skip { PF_SKIP_LIST(PF_SKIP_ENUM_) PF_SKIP_COUNT };
#undef PF_SKIP_ENUM_

struct pf_counts {
    int64_t rows_in; /* as the reader counts "rows-in" */
    int64_t rows_out;
    int64_t rejected;
    int64_t skipped[PF_SKIP_COUNT];
};
/* "rows-in", "skipped-…"; other keys are not counted. */
void pf_counts_add(struct pf_counts *counts, const char *key, int64_t add);
int64_t pf_counts_skipped(const struct pf_counts *counts);
void pf_counts_sum(struct pf_counts *into, const struct pf_counts *from);
/* INTERNAL when they do not add up. */
pf_status pf_counts_check(const struct pf_counts *counts, struct pf_error *err);
/* Writes the members rows_in, rows_out, rejected, skipped into an open object. */
void pf_counts_json(const struct pf_counts *counts, struct pf_json_writer *json);
#endif
