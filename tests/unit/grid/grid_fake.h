/* grid_fake.h — a book in memory, written as text: for tests of the grid.        SPDX-License-Identifier: MIT
 *
 * A sheet is lines of cells parted by '|'. A cell: nothing; 12 or 1.5 a number; d43831 a date, s43831.5 a timestamp,
 * t0.5 a time, e1.75 elapsed, z7 masked 00000; TRUE or FALSE; #N/A an error; =A1 a formula without value; all else text
 * (with ' in front always). A line "@N" goes on in row N (from 1). */
#ifndef GRID_FAKE_H
#define GRID_FAKE_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "grid/grid_book.h"

enum { FAKE_GENERAL, FAKE_DATE, FAKE_STAMP, FAKE_TIME, FAKE_SPAN, FAKE_MASK };
static const struct pf_grid_format fake_formats[] = {
    {.kind = PF_FORMAT_GENERAL}, {.kind = PF_FORMAT_DATE},     {.kind = PF_FORMAT_STAMP},
    {.kind = PF_FORMAT_TIME},    {.kind = PF_FORMAT_DURATION}, {.kind = PF_FORMAT_MASK, .width = 5}};

struct fake_book {
    struct pf_grid_sheet sheets[4];
    const char *texts[4];
    struct pf_grid_range merges[4];
    size_t merge_count;
    size_t rows_per_block;
    int opened; /* cursors so far */
};
struct fake_cursor {
    const struct fake_book *book;
    const char *at;
    uint32_t row;
    int64_t last;
    bool disordered;
};

static inline pf_status fake_open(void *self, int32_t sheet, uint32_t wants, void **cursor,
                                  struct pf_error *err) {
    (void)wants;
    (void)err;
    struct fake_cursor *c = calloc(1, sizeof *c);
    *c = (struct fake_cursor){self, ((struct fake_book *)self)->texts[sheet], .last = -1};
    ((struct fake_book *)self)->opened++;
    *cursor = c;
    return PF_OK;
}

static inline pf_status fake_cell(struct pf_grid_block *block, uint32_t column, const char *text, size_t size,
                                  struct pf_error *err) {
    struct pf_cell *cell;
    static const char prefixes[] = "\1dstez";
    const char *prefix = size > 1 ? strchr(prefixes + 1, text[0]) : NULL;
    char number[64], *end;
    int style = prefix && *prefix ? (int)(prefix - prefixes) : 0;
    const char *digits = text + (style > 0);
    snprintf(number, sizeof number, "%.*s", (int)(size - (style > 0)), digits);
    double value = strtod(number, &end);
    if (number[0] && !*end && (pf_is_digit(number[0]) || number[0] == '-')) {
        PF_TRY(pf_grid_block_cell(block, column, (uint32_t)style, PF_CELL_NUMBER, &cell, err));
        cell->value.number = value;
        return PF_OK;
    }
    bool yes = size == 4 && memcmp(text, "TRUE", 4) == 0, no = size == 5 && memcmp(text, "FALSE", 5) == 0;
    if (yes || no) {
        PF_TRY(pf_grid_block_cell(block, column, 0, PF_CELL_BOOL, &cell, err));
        cell->value.whole = yes;
        return PF_OK;
    }
    enum pf_cell_kind kind = text[0] == '#' ? PF_CELL_ERROR : text[0] == '=' ? PF_CELL_UNKNOWN : PF_CELL_TEXT;
    PF_TRY(pf_grid_block_cell(block, column, 0, kind, &cell, err));
    return pf_grid_block_text(block, cell, text + (text[0] == '\''), size - (text[0] == '\''), err);
}

static inline pf_status fake_next(void *cursor, struct pf_grid_block *block, struct pf_error *err) {
    struct fake_cursor *c = cursor;
    while (*c->at && block->row_count < c->book->rows_per_block) {
        size_t size = strcspn(c->at, "\n");
        if (*c->at == '@') {
            c->row = (uint32_t)atoi(c->at + 1) - 1;
        } else {
            c->disordered |= c->row <= c->last;
            c->last = c->row;
            PF_TRY(pf_grid_block_row(block, c->row++, err));
            uint32_t column = 0;
            for (const char *at = c->at; at <= c->at + size; column++) {
                size_t cell = strcspn(at, "|\n");
                if (cell)
                    PF_TRY(fake_cell(block, column, at, cell, err));
                at += cell + 1;
            }
        }
        c->at += size + (c->at[size] == '\n');
    }
    block->disordered = c->disordered;
    return PF_OK;
}

static inline void fake_close(void *cursor) { free(cursor); }
static inline void fake_close_book(void *self) { (void)self; }

static inline pf_status fake_merges(void *self, int32_t sheet, const struct pf_grid_range **ranges,
                                    size_t *count, struct pf_error *err) {
    (void)sheet;
    (void)err;
    const struct fake_book *book = self;
    *ranges = book->merges;
    *count = book->merge_count;
    return PF_OK;
}

static const struct pf_grid_driver fake_driver = {.open = fake_open,
                                                  .next = fake_next,
                                                  .close = fake_close,
                                                  .merges = fake_merges,
                                                  .close_book = fake_close_book};

static inline struct pf_grid_book fake_make(struct fake_book *book, const char *first, const char *second) {
    memset(book, 0, sizeof *book);
    book->texts[0] = first;
    book->texts[1] = second;
    book->sheets[0].name = "First";
    book->sheets[1].name = "Second";
    book->rows_per_block = 100;
    return (struct pf_grid_book){.driver = &fake_driver,
                                 .self = book,
                                 .sheets = book->sheets,
                                 .sheet_count = second ? 2 : 1,
                                 .formats = fake_formats,
                                 .format_count = 6};
}
#endif
