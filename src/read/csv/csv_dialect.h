/* csv_dialect.h — the dialect of a CSV file: how it is found and what it is.     SPDX-License-Identifier: MIT
 */
#ifndef PF_CSV_DIALECT_H
#define PF_CSV_DIALECT_H
#include "base/arena.h"
#include "base/charset.h"
#include "pyforge/extension.h"

#define PF_LINE_LF    0
#define PF_LINE_CRLF  1
#define PF_LINE_CR    2
#define PF_LINE_MIXED 3

/* The verdict. All lengths in bytes of the UTF-8 text after conversion (BOM taken off). */
struct pf_csv_dialect {
    char delimiter[16];     /* UTF-8, 1 byte or several; "" : one column */
    uint8_t delimiter_size; /* 0: one column */
    bool blanks_around;     /* blanks after (and before) a delimiter are not data: "a, b" */
    bool whitespace;        /* runs of blanks and tabs separate (fixed-width look) */
    char quote;             /* 0: none */
    char escape;            /* 0: none (doubled quotes only); '\\' … */
    bool doubled;           /* doubled quotes inside quoted cells mean one */
    char comment;           /* lines that start with it are left out; 0: none */
    int8_t line_end;        /* PF_LINE_* */
    const struct pf_charset *charset;
    int8_t bom_size;     /* bytes of BOM in the input */
    bool sep_line;       /* a first line "sep=;" is there (counted in skip) */
    int32_t header_rows; /* 0, 1, several */
    int64_t skip_rows;   /* lines before the header: preamble, sep=, blanks */
    int64_t data_line;   /* 1-based physical line of the first data record */
    int64_t header_at; /* byte offset in the converted text of the first header record (or first data record) */
    int64_t data_at;   /* of the first data record */
    int64_t footer_at; /* byte offset in the converted text where the footer begins; −1: none */
    int64_t footer_rows;
    int32_t columns;   /* width of the table */
    int32_t above;     /* rows of several cells that a preamble found here leaves out */
    int32_t tables;    /* how many tables seem to be in the file (1 normally) */
    double confidence; /* 0 … 1: of the least sure part */
    double charset_confidence;
    char why[200]; /* why the header is where it is, in words */
    char point;    /* '.' or ',': decimal comma found */
    char thousands;
};

/* What the user fixed; zero or negative: find out. */
struct pf_csv_wish {
    const char *delimiter; /* NULL: find out; "" : one column */
    const char *quote;     /* NULL: find out; "": none */
    const char *escape;
    const char *comment;
    const char *encoding;
    int32_t header;        /* −1 auto; 0 none ("every record but comments is data"); n rows */
    int64_t skip_rows;     /* −1 auto */
    int64_t passed;        /* lines in front of the head that are left out already */
    int32_t decimal_comma; /* −1 auto */
    const char *suffix;    /* ".tsv" … a hint */
};

struct pf_csv_sample {
    const uint8_t *head; /* raw bytes from the start of the file */
    size_t head_size;
    bool head_is_all;    /* the whole file is in head */
    const uint8_t *tail; /* raw bytes of the end (may overlap head); NULL: unknown */
    size_t tail_size;
    int64_t tail_offset; /* of tail in the input */
};

/* Is it UTF-16 or UTF-32 without a mark? Then out's encoding and its confidence are set. */
bool pf_csv_sniff_wide(const struct pf_csv_sample *sample, struct pf_csv_dialect *out);
/* Finds BOM, encoding and its confidence. */
pf_status pf_csv_sniff_charset(const struct pf_csv_sample *sample, const struct pf_csv_wish *wish,
                               struct pf_csv_dialect *out, struct pf_error *err);
/* Finds all the rest in converted text (head and tail as UTF-8 without BOM). head_lines_only: text may end
 * inside a record unless all. */
pf_status pf_csv_sniff(const char *head, size_t head_size, bool all, const char *tail, size_t tail_size,
                       int64_t tail_at, const struct pf_csv_wish *wish, struct pf_csv_dialect *out,
                       struct pf_error *err);
/* The column names from the header records (joined with "_" when several; blank ones ""). names in arena. */
pf_status pf_csv_header(const char *text, size_t size, const struct pf_csv_dialect *dialect,
                        struct pf_arena *arena, const char ***names, int32_t *count, struct pf_error *err);
#endif
