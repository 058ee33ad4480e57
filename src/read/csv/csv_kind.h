/* csv_kind.h — what a cell looks like, for guessing only; types are decided elsewhere. SPDX-License-Identifier: MIT
 */
#ifndef PF_CSV_KIND_H
#define PF_CSV_KIND_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pf_csv_kind {
    PF_KIND_EMPTY,
    PF_KIND_MISSING, /* NA, NULL, -, ***: says that nothing is there */
    PF_KIND_NUMBER,  /* from here … */
    PF_KIND_COMMA,   /* a number with a decimal comma or dots for thousands */
    PF_KIND_MONEY,   /* a number with currency, percent, commas for thousands */
    PF_KIND_DATE,    /* with or without time */
    PF_KIND_TIME,
    PF_KIND_BOOL,
    PF_KIND_LINK, /* … to here typed: address of a page, of mail, of a machine */
    PF_KIND_WORD, /* one word */
    PF_KIND_TEXT, /* several */
    PF_KIND_LIST, /* parts with semicolons and blanks between */
    PF_KIND_MESS  /* text with what separates cells elsewhere in it */
};
enum pf_csv_kind pf_csv_kind_of(const char *text, size_t size);
static inline bool pf_csv_kind_typed(enum pf_csv_kind kind) {
    return kind >= PF_KIND_NUMBER && kind <= PF_KIND_LINK;
}
static inline bool pf_csv_kind_wordy(enum pf_csv_kind kind) { return kind >= PF_KIND_WORD; }
static inline bool pf_csv_kind_numeric(enum pf_csv_kind kind) {
    return kind >= PF_KIND_NUMBER && kind <= PF_KIND_MONEY;
}
/* How well a cell of that kind speaks for the reading that made it, 0 … 1. */
double pf_csv_kind_worth(enum pf_csv_kind kind);

/* The shape of a number, for the decimal sign. */
struct pf_csv_digits {
    bool is_number;
    bool comma_decimal; /* certainly: 1,5 · 1.234,56 */
    bool point_decimal; /* certainly: 1.5 · 1,234.56 */
    char thousands;     /* certainly: ',' '.' ' ' '\''; 0 none */
};
struct pf_csv_digits pf_csv_digits_of(const char *text, size_t size);
#endif
