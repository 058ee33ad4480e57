/* csv_split.h — bytes → records → cells.                                        SPDX-License-Identifier: MIT
 *
 * One meaning, two speeds. The state machine (csv_machine.h) knows every dialect. The vector scan
 * (csv_scan.h) knows one-byte delimiters with standard quoting and stops at the first thing that is not of
 * that kind: then the machine takes that record, and the block is rewritten as standard text, so everything
 * behind sees one form.
 *
 * Rules, in the order of docs/formats/csv.md: a record ends at LF, CR LF or CR outside quotes. A cell is quoted
 * when it starts with the quote. A closing quote is one that a delimiter or line end (or the end of the text)
 * follows; blanks in between are kept. With one column (no delimiter) the first quote that is not doubled closes,
 * and what follows it is kept; an empty line is then a record, while else it is left out. A quote inside that is neither doubled nor closing is content if a closing quote follows on the same
 * line and it does not itself follow a delimiter or a line end; otherwise the cell is literal from its first
 * quote on. A quote that finds no end before the end of the file (or PF_CEIL_CELL_BYTES) is literal too, and a
 * defect of its record. */
#ifndef PF_CSV_SPLIT_H
#define PF_CSV_SPLIT_H
#include "base/buf.h"
#include "columns/columns_cells.h"
#include "read/csv/csv_dialect.h"

/* Where a block may stop: the length of whole records at the front of text, at most `want` when a border is
 * there, else the first border behind it that was found; 0: no record is whole, give more text. last: the text
 * is the end of the file, so its last record is whole. Starts at a record border. 64 readable bytes follow. The
 * borders are such that the text in front of them splits alone as it does within the file. */
size_t pf_csv_cut(const char *text, size_t size, size_t want, bool last, const struct pf_csv_dialect *dialect);
/* Where the separators of a text stand, from a record border on. All zero is good; pf_csv_marks_clear ends it. Filled
 * again and again, room is kept. */
struct pf_csv_marks {
    uint32_t *places; /* [0]: the place before the first record; then `count` separators of whole records */
    size_t room, count;
    size_t rows;   /* how many of them end a record; SIZE_MAX: the scan stopped at something odd */
    int64_t lines; /* line ends of the text, those inside quotes too; −1 unknown */
    bool any_cr, any_quote, any_nul; /* may be more than what the records hold, never less */
    bool ready;                      /* they stand for the whole of a block's text */
};
void pf_csv_marks_clear(struct pf_csv_marks *marks);
/* As pf_csv_cut. Where the text in front of the cut is standard and the vector scan reads the dialect, its marks are
 * ready afterwards, and the split of just this text need not look again. */
pf_status pf_csv_cut_marked(const char *text, size_t size, size_t want, bool last,
                            const struct pf_csv_dialect *dialect, struct pf_csv_marks *marks, size_t *cut,
                            struct pf_error *err);
/* The same by the state machine alone; for tests. */
size_t pf_csv_cut_reference(const char *text, size_t size, size_t want, bool last,
                            const struct pf_csv_dialect *dialect);

struct pf_csv_defect {
    int32_t kind;      /* PF_CSV_* below */
    int32_t cells;     /* how many the record has */
    int64_t record;    /* index of the record in the block */
    int64_t byte;      /* offset in the block's text of the record */
    int64_t byte_size; /* raw bytes, line end excluded */
};
#define PF_CSV_SHORT    1 /* fewer cells than columns: padded */
#define PF_CSV_LONG     2 /* more, not counting bare empty ones at the end */
#define PF_CSV_UNCLOSED 3 /* a quote without end */
#define PF_CSV_NUL      4 /* NUL characters in it */

/* A block of whole records, split in one go or (when padding would make it much bigger) in several: start with
 * from = 0, then from = to, until to = size. */
struct pf_csv_block {
    const char *text; /* in: whole records; 8 readable bytes before, 64 behind */
    size_t size;
    size_t from; /* in: a record border */
    struct pf_csv_marks
        *given; /* in: of just this text, if ready; the split keeps them and leaves its own. NULL: none */
    /* out */
    size_t to;
    const char *cells_text; /* text itself, or inside rewritten */
    struct pf_buf rewritten;
    const uint32_t *pos; /* rows × columns + 1 entries (see columns_cells.h), inside made or places */
    int64_t rows;
    int32_t columns;
    bool strip_cr;
    bool quotes;     /* some cells may be quoted */
    bool standard;   /* nothing was rewritten: record r starts at pos[r × columns] + 1 */
    int64_t *starts; /* when not standard: offset in text of each record; rows entries */
    size_t starts_room;
    int64_t lines;        /* physical line ends from `from` to `to` (quoted ones too) */
    int64_t blank_rows;   /* left out */
    int64_t comment_rows; /* left out */
    int32_t longest;      /* cells of the longest record; bare empty ones beyond columns do not count */
    struct pf_csv_defect *defects; /* in order of the records */
    size_t defect_count, defect_room;
    /* room kept between blocks, and what the fast way knows of the rest of this one */
    uint32_t *made; /* places in rewritten text */
    size_t made_room;
    struct pf_csv_marks marks;
    size_t place, place_end;
    size_t run_rows;
    bool any_cr, any_quote, any_nul;
};
/* Splits block->text into rows of `columns` cells: short records are padded with bare empty cells, long ones
 * cut (LONG defect; longest tells). columns 0: as many as the longest record has. */
pf_status pf_csv_split(struct pf_csv_block *block, const struct pf_csv_dialect *dialect, int32_t columns,
                       struct pf_error *err);
/* The same by the state machine alone; for tests and fuzzing. */
pf_status pf_csv_split_reference(struct pf_csv_block *block, const struct pf_csv_dialect *dialect,
                                 int32_t columns, struct pf_error *err);
/* The same by the vector scan, where that can read the dialect; the block's fields reset. */
pf_status pf_csv_split_fast(struct pf_csv_block *block, const struct pf_csv_dialect *dialect,
                            struct pf_error *err);
void pf_csv_block_clear(struct pf_csv_block *block);
/* Offset in text of record r. */
static inline size_t pf_csv_record_start(const struct pf_csv_block *b, int64_t r) {
    return b->standard ? (size_t)(uint32_t)(b->pos[(size_t)r * (size_t)b->columns] + 1u) : (size_t)b->starts[r];
}
/* The record in which a place of the text lies, its start and its size (line end excluded); −1: a line that was
 * left out; *size then leads to where the next record may start. */
int64_t pf_csv_record_at(const struct pf_csv_block *block, const struct pf_csv_dialect *dialect, size_t place,
                         size_t *start, size_t *size);
/* Adds a NUL defect for each record that has NUL characters. */
pf_status pf_csv_find_nuls(struct pf_csv_block *block, const struct pf_csv_dialect *dialect,
                           struct pf_error *err);
pf_status pf_csv_put_defect(struct pf_csv_block *block, const struct pf_csv_defect *defect,
                            struct pf_error *err);
/* Room for need items in a growing array. */
pf_status pf_csv_grow(void **array, size_t *room, size_t need, size_t item, struct pf_error *err);
size_t pf_csv_strip_line_end(const char *text, size_t from, size_t to); /* where the record's text ends */
/* Line ends (LF, CR LF, CR) in text, those inside quotes too. */
int64_t pf_csv_lines(const char *text, size_t size);
#endif
