/* grid_value.h — what a stored cell means, and how it is spelled.                SPDX-License-Identifier: MIT */
#ifndef PF_GRID_VALUE_H
#define PF_GRID_VALUE_H
#include "base/text.h"
#include "columns/columns_type.h"
#include "grid/grid_book.h"

enum pf_means {
    PF_MEANS_NOTHING,      /* an empty string */
    PF_MEANS_BOOL,         /* whole */
    PF_MEANS_INTEGER,      /* whole; |v| ≤ 2^53 */
    PF_MEANS_REAL,         /* number */
    PF_MEANS_DATE,         /* whole: days since 1970 */
    PF_MEANS_STAMP,        /* whole: microseconds since 1970 */
    PF_MEANS_TIME,         /* whole: microseconds since midnight, less than a day */
    PF_MEANS_ELAPSED,      /* whole: microseconds */
    PF_MEANS_CODE,         /* number; digits: the width of its zero mask, 0 under "@" */
    PF_MEANS_TEXT,         /* text */
    PF_MEANS_TEXT_INTEGER, /* text that is a number and no code; with number and whole. Only where it is asked for */
    PF_MEANS_TEXT_REAL, /* likewise, with number */
    PF_MEANS_ERROR,     /* text */
    PF_MEANS_UNKNOWN,   /* a formula without a stored value; text: the formula */
    PF_MEANS_UNSPELLED, /* no cell's: counts beside its meaning that its formula was wanted and cannot be told */
    PF_MEANS_COUNT
};
struct pf_meaning {
    int32_t means; /* enum pf_means */
    int32_t digits;
    double number;
    int64_t whole;
    struct pf_text text; /* lent by the block or the book */
};
#define PF_EXACT_NUMBER 9007199254740992.0 /* 2^53: whole numbers up to there are integers */
static inline bool pf_number_is_whole(double number) {
    return number >= -PF_EXACT_NUMBER && number <= PF_EXACT_NUMBER && (double)(int64_t)number == number;
}
/* A number under one format. */
void pf_grid_number_means(double number, struct pf_grid_format format, bool date1904, struct pf_meaning *out);
void pf_grid_cell_means(const struct pf_grid_book *book, bool date1904, const struct pf_grid_block *block,
                        const struct pf_cell *cell, struct pf_meaning *out);

/* A text that spells a number, between blanks at most, becomes TEXT_INTEGER or TEXT_REAL; a code ("00123", "1E5",
 * "+41", more digits than a double holds) stays TEXT. Others are left alone. */
void pf_grid_text_as_number(struct pf_meaning *meaning);

/* The spelling of text columns: numbers as integers or shortest round trip, ISO dates, TRUE and FALSE, masks applied.
 * Gives the text itself or its spelling in room. */
#define PF_SPELL_ROOM 128
struct pf_text pf_grid_spell(const struct pf_meaning *meaning, char room[PF_SPELL_ROOM]);
/* The same as Python spells it: True and False, and a date with its midnight. */
struct pf_text pf_grid_spell_python(const struct pf_meaning *meaning, char room[PF_SPELL_ROOM]);
/* The spelling of the cells view: type letter n s b d t e and value; a number as an integer when it is one below 1e15,
 * else by %.15g; a date with its time only where there is one. */
char pf_grid_spell_cell(const struct pf_grid_book *book, bool date1904, const struct pf_grid_block *block,
                        const struct pf_cell *cell, char room[PF_SPELL_ROOM], struct pf_text *text);
#endif
