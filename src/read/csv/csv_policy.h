/* csv_policy.h — the options of the CSV reader and what they mean.               SPDX-License-Identifier: MIT */
#ifndef PF_CSV_POLICY_H
#define PF_CSV_POLICY_H
#include "base/arena.h"
#include "columns/columns_infer.h"
#include "read/csv/csv_dialect.h"

enum { PF_CSV_KEEP, PF_CSV_REJECT, PF_CSV_FAIL }; /* KEEP: pad, null or replace */

/* A text that means null; column NULL: in all of them. */
struct pf_csv_null {
    const char *column;
    struct pf_text text;
};

/* What a job asks of the reader. Its texts live in arena. */
struct pf_csv_policy {
    struct pf_csv_wish wish;
    int8_t on_bad_row, on_bad_cell, on_bad_bytes; /* PF_CSV_* */
    int8_t dates;                                 /* PF_DATES_* */
    bool strip_nul;
    bool decimal_infer;
    bool text;             /* every column is text */
    const char *thousands; /* NULL: as found; "": none */
    struct pf_csv_null *nulls;
    size_t null_count;
    size_t block_bytes; /* 0: by the file */
    size_t head_bytes;  /* of the sample; 0: the usual */
};
extern const struct pf_option *const pf_csv_options[];

/* Reads the job's options; suffix is a hint for the dialect. ARGUMENT names the option that cannot be. */
pf_status pf_csv_policy_read(struct pf_host *host, const char *suffix, struct pf_arena *arena,
                             struct pf_csv_policy *out, struct pf_error *err);
/* "COL=TEXT" among the null texts is for the column COL where there is one. names are lent as long as the policy. */
void pf_csv_policy_bind(struct pf_csv_policy *policy, const char *const *names, size_t count);
/* The rules for a column of that name; the null texts go into arena. After bind. */
pf_status pf_csv_policy_rules(const struct pf_csv_policy *policy, const struct pf_csv_dialect *dialect,
                              const char *column, struct pf_arena *arena, struct pf_rules *out,
                              struct pf_error *err);
#endif
