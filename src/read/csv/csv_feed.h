/* csv_feed.h — a source's bytes in blocks of whole records, in order.            SPDX-License-Identifier: MIT
 *
 * Where blocks end depends on the bytes and block_bytes alone. One thread at a time. */
#ifndef PF_CSV_FEED_H
#define PF_CSV_FEED_H
#include "pyforge/extension.h"
#include "read/csv/csv_split.h"
#include "read/csv/csv_text.h"

/* One block. All zero is good; pf_csv_chunk_clear ends it. */
struct pf_csv_chunk {
    struct pf_buf bytes;       /* PF_CSV_FRONT, the records as they are in the input, PF_CSV_AFTER */
    size_t size;               /* of the records; 0: there are no more */
    int64_t at;                /* their offset in the input */
    struct pf_csv_marks marks; /* of these bytes, if ready */
};
void pf_csv_chunk_clear(struct pf_csv_chunk *chunk);
static inline const uint8_t *pf_csv_chunk_raw(const struct pf_csv_chunk *c) {
    return c->bytes.data + PF_CSV_FRONT;
}

struct pf_csv_feed {
    struct pf_source *source; /* lent */
    struct pf_csv_dialect dialect;
    struct pf_csv_text_rule rule;
    int64_t at;  /* next byte to give out */
    int64_t end; /* where the data ends (a footer); INT64_MAX: with the source */
    size_t block_bytes;
    int64_t quiet_from, quiet_to; /* between them no quote stands alone */
    bool transparent;             /* records can be cut before conversion */
    bool ended;                   /* the source gives no more */
    size_t end_signs;             /* end-of-file signs that were left out at its end */
    struct pf_buf stash;          /* bytes read but not given out: [stash_from, size) */
    size_t stash_from;
    struct pf_buf text; /* to cut in, when not transparent */
};
/* Data from input offset `from` to `end`. block_bytes is what a block has when its records are not longer. */
void pf_csv_feed_open(struct pf_csv_feed *feed, struct pf_source *source, const struct pf_csv_dialect *dialect,
                      const struct pf_csv_text_rule *rule, int64_t from, int64_t end, size_t block_bytes);
/* LIMIT for a record beyond every ceiling; what the source says. */
pf_status pf_csv_feed_next(struct pf_csv_feed *feed, struct pf_csv_chunk *chunk, struct pf_error *err);
void pf_csv_feed_clear(struct pf_csv_feed *feed);
#endif
