/* csv_split.h — bytes → records → cells.                                        SPDX-License-Identifier: MIT
 *
 * Three splitters with one meaning. The reference (csv_split.c) is a state machine for every dialect; the
 * vector ones (csv_split_avx2.c …) take one-byte delimiters with standard quoting and say so when a block is
 * not of that kind: then the reference takes that block and rewrites it as standard text, so everything behind
 * sees one form.
 *
 * Rules, in the order of docs/formats/csv.md: a record ends at LF, CR LF or CR outside quotes. A cell is quoted
 * when it starts with the quote. A closing quote is one that a delimiter or line end (or the end of the text)
 * follows. A quote inside that is neither doubled nor closing is content if a closing quote follows on the same
 * line and it does not itself follow a delimiter; otherwise the cell is literal from its first quote on. A
 * quote that finds no end before the end of the file (or PF_CEIL_CELL_BYTES) is literal too, and a defect of
 * its record. */
#ifndef PF_CSV_SPLIT_H
#define PF_CSV_SPLIT_H
#include "base/buf.h"
#include "columns/columns_cells.h"
#include "read/csv/csv_dialect.h"

/* Where a block stops: the length of the whole records at the front of text. last: the text is the end of the
 * file, all of it belongs to the block. A record that is longer than the text: 0, give more text.
 * first_quote_open: where an unfinished quote began, for messages. Starts at a record border. */
size_t pf_csv_cut(const char *text, size_t size, bool last, const struct pf_csv_dialect *dialect);

struct pf_csv_defect {
    int32_t kind;      /* PF_CSV_* below */
    int32_t cells;     /* how many the record has */
    int64_t record;    /* index of the record in the block */
    int64_t byte;      /* offset in the block's text of the record */
    int64_t byte_size; /* raw bytes, line end excluded */
};
#define PF_CSV_SHORT    1 /* fewer cells than columns: padded */
#define PF_CSV_LONG     2 /* more */
#define PF_CSV_UNCLOSED 3 /* a quote without end */
#define PF_CSV_NUL      4 /* NUL characters in it */

/* One block of whole records. */
struct pf_csv_block {
    const char *text; /* in: whole records; 8 readable bytes before, 64 behind */
    size_t size;
    /* out */
    const char *cells_text; /* text itself, or rewritten.data */
    struct pf_buf rewritten;
    uint32_t *pos; /* rows × columns + 1 entries (see columns_cells.h); grown as needed, kept between blocks */
    size_t pos_room;
    int64_t rows;
    int32_t columns;
    bool strip_cr;
    bool standard;   /* the vector splitter took it: record r starts at pos[r × columns] + 1 */
    int64_t *starts; /* when not standard: offset in text of each record; rows + 1 entries */
    size_t starts_room;
    int64_t *lines; /* when not standard: line of each record relative to the block's first; rows entries */
    size_t lines_room;
    int64_t newlines;              /* physical line ends in the block (quoted ones too) */
    int64_t blank_rows;            /* left out */
    int64_t comment_rows;          /* left out */
    int32_t longest;               /* cells of the longest record; > columns when LONG ones were cut */
    struct pf_csv_defect *defects; /* in order */
    size_t defect_count, defect_room;
};
/* Splits block->text into rows of `columns` cells: short records are padded with bare empty cells, long ones
 * cut (LONG defect; longest tells). columns 0: take the longest. */
pf_status pf_csv_split(struct pf_csv_block *block, const struct pf_csv_dialect *dialect, int32_t columns,
                       struct pf_error *err);
/* The same by the reference alone; for tests and fuzzing. */
pf_status pf_csv_split_reference(struct pf_csv_block *block, const struct pf_csv_dialect *dialect,
                                 int32_t columns, struct pf_error *err);
void pf_csv_block_clear(struct pf_csv_block *block);
#endif
