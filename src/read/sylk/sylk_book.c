/* sylk_book.c — room read/sylk. Records of a SYLK file to cells.                 SPDX-License-Identifier: MIT
 * Knows: C, F and P records, places that stay, formats of cells, rows, columns and the sheet.
 * Knows not: tables. Source: "SYLK file format" (Microsoft Multiplan, 1986; as Excel writes it). */
#include "read/sylk/sylk_book.h"

#include <string.h>

#include "base/arena.h"
#include "base/charset.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "bytes/bytes_source.h"

#define FILE_BYTES   ((size_t)256 << 20) /* a sheet of the time has less */
#define FORMATS_MOST 4096

struct book {
    struct pf_arena arena;
    struct pf_grid_sheet sheet;
    struct pf_grid_format formats[FORMATS_MOST];
    uint32_t format_count;
    struct pf_grid_codes codes;
    struct pf_grid_block cells; /* all of them, in order */
};
struct cursor {
    const struct book *book;
    size_t row; /* the next one */
};

/* One record, and the places and formats that stay from record to record. */
struct state {
    struct book *book;
    uint32_t row, column; /* from 0 */
    int64_t placed;       /* the row of the block's last row; −1 none */
    uint32_t standard;    /* format of the sheet */
    uint32_t pending;     /* format of the place that an F record named */
    uint32_t pending_row, pending_column;
    struct pf_buf text;
    struct pf_error *err;
};

/* The next field: up to a single ';'. ";;" in it stands for one. */
static bool next_field(struct pf_text *line, struct pf_text *field) {
    size_t at = 0;
    if (!line->size)
        return false;
    while (at < line->size && line->at[at] != ';')
        at++;
    while (at + 1 < line->size && line->at[at] == ';' && line->at[at + 1] == ';') {
        at += 2;
        while (at < line->size && line->at[at] != ';')
            at++;
    }
    *field = (struct pf_text){line->at, at};
    at += at < line->size;
    *line = (struct pf_text){line->at + at, line->size - at};
    return true;
}

static bool number_of(struct pf_text field, uint32_t *value) {
    int64_t number;
    if (!pf_parse_int64(field.at + 1, field.size - 1, &number) || number < 1 || number > PF_GRID_ROWS)
        return false;
    *value = (uint32_t)number - 1;
    return true;
}

/* The text of a field, cp1252 or UTF-8, ";;" as ';' and quotes off. */
static pf_status take_text(struct state *s, struct pf_text field, struct pf_text *out) {
    bool utf8 = pf_utf8_valid(field.at, field.size) == field.size;
    struct pf_charset_bad bad = {0, -1};
    size_t used, made;
    s->text.size = 0;
    PF_TRY(pf_buf_reserve(&s->text, 3 * field.size + 16, s->err));
    if (utf8)
        memcpy(s->text.data, field.at, made = field.size);
    else
        pf_charset_convert(pf_charset_find("cp1252"), (const uint8_t *)field.at, field.size, &used,
                           (char *)s->text.data, s->text.room, &made, true, &bad);
    char *text = (char *)s->text.data;
    size_t to = 0;
    for (size_t i = 0; i < made; i++) {
        text[to++] = text[i];
        i += text[i] == ';' && i + 1 < made && text[i + 1] == ';';
    }
    *out = (struct pf_text){text, to};
    return PF_OK;
}

/* ---- cells ---- */

static pf_status place_cell(struct state *s, enum pf_cell_kind kind, struct pf_cell **cell) {
    struct pf_grid_block *b = &s->book->cells;
    bool named = s->pending_row == s->row && s->pending_column == s->column;
    if (s->column >= PF_GRID_COLUMNS)
        return pf_fail(s->err, PF_BAD_DATA,
                       "a cell lies outside of a sheet of 16,384 columns; the file is broken");
    if (s->placed != s->row)
        PF_TRY(pf_grid_block_row(b, s->row, s->err));
    s->placed = s->row;
    return pf_grid_block_cell(b, s->column, named ? s->pending : s->standard, kind, cell, s->err);
}

static pf_status put_value(struct state *s, struct pf_text field) {
    struct pf_text text;
    struct pf_cell *cell;
    double number;
    PF_TRY(take_text(s, field, &text));
    if (text.size >= 2 && text.at[0] == '"' && text.at[text.size - 1] == '"') {
        PF_TRY(place_cell(s, PF_CELL_TEXT, &cell));
        return pf_grid_block_text(&s->book->cells, cell, text.at + 1, text.size - 2, s->err);
    }
    if (pf_parse_double(text.at, text.size, '.', &number)) {
        PF_TRY(place_cell(s, PF_CELL_NUMBER, &cell));
        cell->value.number = number;
        return PF_OK;
    }
    if (pf_text_is(text, "TRUE") || pf_text_is(text, "FALSE")) {
        PF_TRY(place_cell(s, PF_CELL_BOOL, &cell));
        cell->value.whole = text.at[0] == 'T';
        return PF_OK;
    }
    PF_TRY(place_cell(s, text.size && text.at[0] == '#' ? PF_CELL_ERROR : PF_CELL_TEXT, &cell));
    return pf_grid_block_text(&s->book->cells, cell, text.at, text.size, s->err);
}

/* ---- records ---- */

/* X and Y of any record. */
static void read_place(struct state *s, struct pf_text line) {
    struct pf_text field;
    while (next_field(&line, &field))
        if (field.size > 1 && field.at[0] == 'X')
            number_of(field, &s->column);
        else if (field.size > 1 && field.at[0] == 'Y')
            number_of(field, &s->row);
}

static pf_status read_cell(struct state *s, struct pf_text line) {
    struct pf_text field;
    read_place(s, line);
    while (next_field(&line, &field))
        if (field.size && field.at[0] == 'K')
            return put_value(s, (struct pf_text){field.at + 1, field.size - 1});
    return PF_OK;
}

/* F;P19;FG0G;Y10;X1 for a cell, F;P0;DG0G8 for all. */
static void read_format(struct state *s, struct pf_text line) {
    struct pf_text field, rest = line;
    int64_t format = -1;
    bool all = false;
    read_place(s, line);
    while (next_field(&rest, &field)) {
        if (field.size > 1 && field.at[0] == 'P' && !pf_parse_int64(field.at + 1, field.size - 1, &format))
            format = -1;
        all |= field.size && field.at[0] == 'D';
    }
    if (format < 0 || format >= s->book->format_count)
        return;
    if (all) {
        s->standard = (uint32_t)format;
        return;
    }
    s->pending = (uint32_t)format;
    s->pending_row = s->row;
    s->pending_column = s->column;
}

static pf_status read_picture(struct state *s, struct pf_text line) {
    struct pf_text field, text;
    if (next_field(&line, &field) && field.size && field.at[0] == 'P' && s->book->format_count < FORMATS_MOST) {
        PF_TRY(take_text(s, (struct pf_text){field.at + 1, field.size - 1}, &text));
        PF_TRY(pf_grid_codes_parse(&s->book->codes, text.at, text.size,
                                   &s->book->formats[s->book->format_count], s->err));
        s->book->format_count++;
    }
    return PF_OK;
}

/* false: E, the end. */
static pf_status read_record(struct state *s, struct pf_text line, bool *more) {
    struct pf_text kind = {"", 0};
    next_field(&line, &kind);
    *more = !pf_text_is(kind, "E");
    if (pf_text_is(kind, "C"))
        return read_cell(s, line);
    if (pf_text_is(kind, "P"))
        return read_picture(s, line);
    if (pf_text_is(kind, "F"))
        read_format(s, line);
    return PF_OK;
}

static pf_status read_records(struct state *s, const char *text, size_t size) {
    bool more = true;
    for (size_t at = 0; at < size && more;) {
        size_t end = at;
        while (end < size && text[end] != '\n' && text[end] != '\r')
            end++;
        PF_TRY(read_record(s, (struct pf_text){text + at, end - at}, &more));
        at = end + 1;
    }
    return pf_grid_block_sort(&s->book->cells, s->err);
}

/* ---- the driver ---- */

static pf_status open_sheet(void *self, int32_t sheet, uint32_t wants, void **cursor, struct pf_error *err) {
    (void)sheet;
    (void)wants;
    struct cursor *c = pf_mem_zero(1, sizeof *c);
    if (!c)
        return pf_fail_memory(err, sizeof *c);
    c->book = self;
    *cursor = c;
    return PF_OK;
}

static pf_status next_rows(void *cursor, struct pf_grid_block *block, struct pf_error *err) {
    struct cursor *c = cursor;
    const struct pf_grid_block *all = &c->book->cells;
    while (c->row < all->row_count && !pf_grid_block_is_full(block))
        PF_TRY(pf_grid_block_append(block, all, c->row++, err));
    return PF_OK;
}

static void close_sheet(void *cursor) { pf_mem_free(cursor); }

static void close_book(void *self) {
    struct book *book = self;
    pf_arena_clear(&book->arena);
    pf_grid_block_clear(&book->cells);
    pf_grid_codes_clear(&book->codes);
    pf_mem_free(book);
}

static const struct pf_grid_driver driver = {
    .open = open_sheet, .next = next_rows, .close = close_sheet, .close_book = close_book};

pf_status pf_sylk_book_open(struct pf_source *source, const char *name, struct pf_grid_book *out,
                            struct pf_error *err) {
    uint8_t *bytes = NULL;
    size_t size = 0;
    PF_TRY(pf_source_slurp(source, FILE_BYTES, &bytes, &size, err));
    struct book *book = pf_mem_zero(1, sizeof *book);
    struct state s = {.book = book, .placed = -1, .pending_row = UINT32_MAX, .err = err};
    pf_status status = book ? PF_OK : pf_fail_memory(err, sizeof *book);
    if (status == PF_OK && !(book->sheet.name = pf_arena_text(&book->arena, name, strlen(name))))
        status = pf_fail_memory(err, strlen(name));
    if (status == PF_OK)
        status = read_records(&s, (const char *)bytes, size);
    pf_mem_free(bytes);
    pf_buf_clear(&s.text);
    if (status != PF_OK) {
        if (book)
            close_book(book);
        return status;
    }
    *out = (struct pf_grid_book){.driver = &driver,
                                 .self = book,
                                 .sheets = &book->sheet,
                                 .sheet_count = 1,
                                 .formats = book->formats,
                                 .format_count = book->format_count,
                                 .codes = &book->codes};
    return PF_OK;
}
