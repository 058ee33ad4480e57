/* grid_display.h — a number as its format shows it.                              SPDX-License-Identifier: MIT
 * Source: ECMA-376 Part 1 §18.8.31. As in en-US: ',' between thousands, '.' before decimals, English names. */
#ifndef PF_GRID_DISPLAY_H
#define PF_GRID_DISPLAY_H
#include "base/text.h"
#include "grid/grid_book.h"

#define PF_DISPLAY_ROOM 400
/* A number, or a serial number of days, under a code; an empty code is General. What a code cannot show (a date before
 * 1900, an endless width) is shown as General. Gives the text in room; it may be empty. */
struct pf_text pf_grid_display(struct pf_text code, double number, bool date1904, char room[PF_DISPLAY_ROOM]);
/* The cell of a book; false: it is no number, and its text is what it shows. */
bool pf_grid_display_cell(const struct pf_grid_book *book, bool date1904, const struct pf_cell *cell,
                          char room[PF_DISPLAY_ROOM], struct pf_text *text);
#endif
