/* csv_tell.h — events of a block told to the host: notices, rejects, the error that ends the lap.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CSV_TELL_H
#define PF_CSV_TELL_H
#include "read/csv/csv_part.h"

/* Where a block lies in the table and in the input, and how far its text was walked through. */
struct pf_csv_teller {
    struct pf_host *host;
    const struct pf_csv_plan *plan;
    const char *table;
    int64_t records; /* in front of the block */
    int64_t line;    /* 1-based, of the block's first byte */
    int64_t at;      /* of its first byte in the input */
    const uint8_t *raw;
    size_t raw_size;
    const struct pf_csv_text *text;
    size_t walked; /* of the text: lines are counted up to here */
    int64_t walked_lines;
    struct pf_csv_way way;
};
/* The notice of a kind of event, "short-row"; NULL for 0. */
const char *pf_csv_tell_kind(int8_t kind);
/* Events must come in order. A row that is left out is a reject, everything else a notice. */
pf_status pf_csv_tell_event(struct pf_csv_teller *teller, const struct pf_csv_event *event,
                            struct pf_error *err);
/* The error for the event that ends the lap. */
pf_status pf_csv_tell_stop(struct pf_csv_teller *teller, const struct pf_csv_event *event,
                           struct pf_error *err);
#endif
