/* csv_scan.h — the vector scan: separators of standard text, 64 bytes at a time.  SPDX-License-Identifier: MIT
 *
 * Standard text: every quote opens behind a delimiter, a line end or the start, or closes in front of a
 * delimiter, a line end or the end, or is doubled; every CR outside quotes belongs to CR LF. With cr_lines the
 * caller knows that there is no LF in the text nor just behind it, and CR ends the records. What the scan took,
 * the state machine would have read the same way. A call that reaches `to` ends the scan; one that stopped for
 * want of room can go on. */
#ifndef PF_CSV_SCAN_H
#define PF_CSV_SCAN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pyforge/status.h"

struct pf_csv_scan {
    /* in */
    const char *text; /* 64 readable bytes behind `to` */
    size_t at;        /* in: a record border; out: where the scan stopped */
    size_t to;
    bool last; /* `to` is the end of a record */
    char delimiter;
    char quote;   /* 0: none */
    char comment; /* 0: none; a record that starts with it stops the scan */
    bool cr_lines;
    uint32_t *pos; /* separators are written here from count on … */
    size_t room;   /* … as long as 64 more fit: else the scan stops and can go on with more room */
    /* out */
    size_t count;
    bool odd;      /* stopped at something that is not standard, within 64 bytes from `at` on */
    size_t border; /* behind the last line end found before `at` or, when odd, before that something; 0: none */
    size_t rows;   /* line ends among the separators */
    size_t lines;  /* LF (with cr_lines CR) anywhere */
    bool any_cr, any_quote, any_high, any_nul; /* in the text scanned */
    bool cr_inside;                            /* a CR between quotes */
    /* between calls */
    uint64_t inside; /* all ones between quotes */
    uint64_t before; /* the last byte may stand in front of an opening quote */
    uint64_t closed; /* the last byte closed a quote */
    uint64_t cr;     /* the last byte was a CR outside quotes */
    uint64_t fresh;  /* the last byte was a line end */
};
struct pf_csv_dialect;
struct pf_csv_marks;
/* Can the scan read this dialect at all? (csv_split.c, as the next one) */
bool pf_csv_scan_takes(const struct pf_csv_dialect *dialect);
/* All inputs but pos and room. */
void pf_csv_scan_prepare(struct pf_csv_scan *scan, const char *text, size_t from, size_t to, bool last,
                         const struct pf_csv_dialect *dialect);
/* Runs a prepared scan to its end: the separators of all whole records that it could read (csv_fast.c). */
pf_status pf_csv_mark(struct pf_csv_marks *marks, struct pf_csv_scan *scan, struct pf_error *err);
/* Writes the separators and counts (pf_csv_scan_cells), or only finds the border (pf_csv_scan_border). Only
 * where pf_cpu_vector() says so. */
#if defined(__x86_64__) || defined(__aarch64__)
void pf_csv_scan_cells(struct pf_csv_scan *scan);
void pf_csv_scan_border(struct pf_csv_scan *scan);
#else
static inline void pf_csv_scan_cells(struct pf_csv_scan *scan) { scan->odd = true; }
static inline void pf_csv_scan_border(struct pf_csv_scan *scan) { scan->odd = true; }
#endif
#endif
