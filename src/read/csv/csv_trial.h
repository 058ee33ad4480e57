/* csv_trial.h — reads a sample with a candidate dialect: records, cells, what was odd. SPDX-License-Identifier: MIT
 *
 * Light and bounded: spans into the sample, nothing copied. It keeps to the meaning of csv_split.h, so the
 * record borders it finds are those of the splitter. */
#ifndef PF_CSV_TRIAL_H
#define PF_CSV_TRIAL_H
#include "read/csv/csv_dialect.h"

#define PF_CSV_BLANK   1 /* nothing, or blanks only */
#define PF_CSV_COMMENT 2
#define PF_CSV_BROKEN  4 /* a quote in it had to be read as text */

struct pf_csv_span {
    uint32_t at, size; /* without the quotes and the blanks around */
    uint32_t quoted;   /* 0 or 1; inner doubling and escapes are still there */
};
struct pf_csv_record {
    uint32_t at, end, next; /* start; end without line end; start of the next one */
    uint32_t first;         /* of its cells */
    int32_t cells;          /* 0: blank or comment */
    int32_t flags;
    uint32_t line; /* physical, from 0 */
};
static inline bool pf_csv_record_idle(const struct pf_csv_record *record) {
    return (record->flags & (PF_CSV_BLANK | PF_CSV_COMMENT)) != 0;
}
/* All zero is a good empty trial; reading again reuses the memory. */
struct pf_csv_trial {
    const char *text;
    size_t size;
    struct pf_csv_record *records;
    size_t count, room;
    struct pf_csv_span *cells;
    size_t cell_count, cell_room;
    int64_t quoted, broken;   /* cells closed well; cells that began with the quote and were read as text */
    int64_t doubled, escaped; /* quotes inside quoted cells: doubled; after the escape */
    int64_t inner;            /* quotes inside that were neither */
    int64_t ends[3];          /* record ends by PF_LINE_LF, _CRLF, _CR */
    uint32_t lines;           /* physical lines passed */
};
/* Reads at most most_records records of text; a last record without line end counts only when all. */
pf_status pf_csv_trial_read(struct pf_csv_trial *trial, const char *text, size_t size, bool all,
                            const struct pf_csv_dialect *form, size_t most_records, struct pf_error *err);
void pf_csv_trial_clear(struct pf_csv_trial *trial);
/* The cell as text: undoubled, unescaped, cut to room; returns the bytes written (NULs are left out). */
size_t pf_csv_trial_cell(const struct pf_csv_trial *trial, const struct pf_csv_span *cell,
                         const struct pf_csv_dialect *form, char *to, size_t room);

static inline bool pf_csv_cell_filled(const struct pf_csv_trial *trial, const struct pf_csv_span *cell) {
    for (uint32_t i = 0; i < cell->size; i++) {
        unsigned char c = (unsigned char)trial->text[cell->at + i];
        if (c == 0xC2 && i + 1 < cell->size && (unsigned char)trial->text[cell->at + i + 1] == 0xA0)
            i++; /* no-break space */
        else if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return true;
    }
    return false;
}
#endif
