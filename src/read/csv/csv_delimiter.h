/* csv_delimiter.h — which delimiter, quote and escape read a sample best.        SPDX-License-Identifier: MIT */
#ifndef PF_CSV_DELIMITER_H
#define PF_CSV_DELIMITER_H
#include "read/csv/csv_trial.h"

/* How well a candidate reads the sample. */
struct pf_csv_score {
    double total;       /* to compare candidates; 0 … about 1 */
    double consistency; /* share of the records that have the usual width, loosely */
    double worth;       /* of the cells, 0 … 1 */
    int32_t width;      /* the usual number of cells */
    int64_t even;       /* records of that width */
    int64_t records;    /* not blank, not comments */
};
struct pf_csv_score pf_csv_score_of(const struct pf_csv_trial *trial, const struct pf_csv_dialect *form);

#define PF_CSV_CANDIDATES 16
struct pf_csv_candidates {
    struct pf_csv_dialect form[PF_CSV_CANDIDATES];
    double prior[PF_CSV_CANDIDATES];
    int count;
};
/* The delimiters that the bytes of the sample suggest, the one-column reading first. */
void pf_csv_find_candidates(const char *text, size_t size, struct pf_csv_candidates *out);
/* Finds delimiter, quote, escape, blanks_around, comment of the sample; sets them, columns and confidence. */
pf_status pf_csv_find_form(const char *text, size_t size, bool all, const struct pf_csv_wish *wish,
                           struct pf_csv_dialect *out, struct pf_error *err);
#endif
