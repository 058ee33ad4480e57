/* csv_machine.h — the state machine for every dialect: one cell, one record.     SPDX-License-Identifier: MIT
 * The meaning of csv_split.h lives here; everything else must agree with it. */
#ifndef PF_CSV_MACHINE_H
#define PF_CSV_MACHINE_H
#include "read/csv/csv_dialect.h"

struct pf_csv_cell {
    size_t from, to; /* content; quotes off when quoted */
    size_t tail;     /* bytes behind the closing quote that are content too */
    bool quoted;     /* properly: from − 1 and to are its quotes */
    bool inner;      /* holds doubled or stray quotes or escapes: must be unfolded */
};

/* Over one text. One thread. */
struct pf_csv_machine {
    const char *text;
    size_t size;
    bool last; /* the end of text is the end of a record */
    bool doubled;
    char quote;  /* 0: none */
    char escape; /* 0: none */
    const struct pf_csv_dialect *dialect;
    size_t ceiling;  /* a quote is given up after so many bytes */
    size_t hold;     /* a quote was found literal by looking at the bytes before this place */
    bool unclosed;   /* a quote without end was met since the caller cleared this */
    size_t dry_from; /* between these two no quote closes (kept so that bad lines cost no square of their
                        length) */
    size_t dry_to;
    uint8_t class[256];
};
enum { PF_CSV_MORE, PF_CSV_CELL, PF_CSV_RECORD };

void pf_csv_machine_init(struct pf_csv_machine *m, const char *text, size_t size, bool last,
                         const struct pf_csv_dialect *dialect);
/* The cell at `at` (first: of its record). CELL: another cell of the record starts at *next; RECORD: the record
 * ended, the next one starts at *next (or text ended); MORE: the text ends before the cell does. */
int pf_csv_machine_cell(struct pf_csv_machine *m, size_t at, bool first, struct pf_csv_cell *cell,
                        size_t *next);
/* A line that is no record: 1 blank, 2 comment, 0 neither, −1 text ends first. *next: behind it (kept
 * otherwise). */
int pf_csv_machine_skip(const struct pf_csv_machine *m, size_t at, size_t *next);
/* The length of the line end at `at`: 0 (none), 1, 2; −1: a CR at the end of a text that is not the last. */
int pf_csv_machine_line_end(const struct pf_csv_machine *m, size_t at);
/* Writes the cell in the standard form (quotes only where needed or meant); to has 2 × (its size + tail + 2) bytes.
 * Returns the bytes written. */
size_t pf_csv_machine_write(const struct pf_csv_machine *m, const struct pf_csv_cell *cell, char *to);
#endif
