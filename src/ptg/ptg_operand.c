/* ptg_operand.c — room ptg. Constants, references and arrays as formulas spell them.  SPDX-License-Identifier: MIT
 * Knows: their bytes in all versions, A1 notation.
 * Knows not: tokens, operators. Sources: [MS-XLS] 2.5.198.59 (PtgExtraArray), 2.5.198.109 – .111 (RgceLoc, RgceArea);
 * [MS-XLSB] 2.5.97; for BIFF2–5 OpenOffice.org's Documentation of the Microsoft Excel File Format 3.3. */
#include "ptg/ptg_operand.h"

#include <math.h>
#include <stdio.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"

/* ---- strings ---- */

/* A unit of UTF-16, or the character that it begins with the next one. */
static uint32_t join(uint32_t unit, uint32_t low) {
    return unit >> 10 == 0x36 && low >> 10 == 0x37 ? 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF) : unit;
}

static pf_status put_units(const uint8_t *from, size_t count, bool wide, struct pf_buf *to,
                           struct pf_error *err) {
    PF_TRY(pf_buf_reserve(to, 3 * count + 1, err));
    for (size_t i = 0; i < count; i++) {
        uint32_t point = wide ? pf_load16(from + 2 * i) : from[i];
        if (wide && i + 1 < count)
            point = join(point, pf_load16(from + 2 * i + 2));
        i += point > 0xFFFF;
        char *at = (char *)to->data + to->size;
        size_t size = pf_utf8_encode(point, at);
        to->size += size ? size : pf_utf8_encode(0xFFFD, at);
        if (point == '"')
            to->data[to->size++] = '"';
    }
    return PF_OK;
}

/* Text in the book's code page. */
static pf_status put_bytes(const struct pf_charset *charset, const uint8_t *from, size_t count,
                           struct pf_buf *to, bool *known, struct pf_error *err) {
    struct pf_charset_bad bad = {0, -1};
    char text[4 * 255 + 16];
    size_t used = 0, made = 0;
    pf_charset_convert(charset, from, count, &used, text, sizeof text, &made, true, &bad);
    *known = used == count;
    for (size_t i = 0; i < made; i++) {
        PF_TRY(pf_buf_put(to, text + i, 1, err));
        if (text[i] == '"')
            PF_TRY(pf_buf_put(to, text + i, 1, err));
    }
    return PF_OK;
}

pf_status pf_ptg_put_string(const struct pf_ptg_links *links, struct pf_ptg_bytes *bytes, int size_bytes,
                            struct pf_buf *to, bool *known, struct pf_error *err) {
    bool flagged = links->version == PF_PTG_BIFF8, wide = links->version == PF_PTG_BIFF12;
    const uint8_t *head = pf_ptg_take(bytes, (size_t)size_bytes + flagged);
    *known = head;
    if (!head)
        return PF_OK;
    size_t count = size_bytes == 2 ? pf_load16(head) : head[0];
    if (flagged)
        wide = head[size_bytes] & 1;
    const uint8_t *text = pf_ptg_take(bytes, wide ? 2 * count : count);
    *known = text;
    if (!text)
        return PF_OK;
    PF_TRY(pf_buf_text(to, "\"", err));
    PF_TRY(links->version < PF_PTG_BIFF8 ? put_bytes(links->charset, text, count, to, known, err)
                                         : put_units(text, count, wide, to, err));
    return pf_buf_text(to, "\"", err);
}

/* ---- numbers, booleans, errors ---- */

#define PLAIN_MOST 20 /* places in front of the point or behind it; more get an exponent */

/* The significant digits of a number that pf_print_double wrote; *point: how many stand in front of the point. */
static int take_digits(const char *text, size_t size, char digits[32], int *point) {
    int count = 0, exponent = 0, places = 0;
    bool behind = false, negative = false;
    size_t i = 0;
    for (; i < size && text[i] != 'e'; i++) {
        if (!pf_is_digit(text[i])) {
            behind = true;
            continue;
        }
        if (count || text[i] != '0')
            digits[count++] = text[i];
        places += behind ? (count ? 0 : -1) : count > 0;
    }
    for (; i < size; i++) {
        negative |= text[i] == '-';
        exponent = pf_is_digit(text[i]) ? 10 * exponent + (text[i] - '0') : exponent;
    }
    while (count && digits[count - 1] == '0')
        count--;
    *point = places + (negative ? -exponent : exponent);
    return count;
}

static pf_status put_zeros(int count, struct pf_buf *to, struct pf_error *err) {
    static const char zeros[] = "000000000000000000000";
    return count > 0 ? pf_buf_put(to, zeros, (size_t)count, err) : PF_OK;
}

static pf_status put_plain(const char *digits, int count, int point, struct pf_buf *to, struct pf_error *err) {
    int front = point < 0 ? 0 : point < count ? point : count;
    PF_TRY(front ? pf_buf_put(to, digits, (size_t)front, err) : pf_buf_text(to, "0", err));
    PF_TRY(put_zeros(point - count, to, err));
    if (front == count)
        return PF_OK;
    PF_TRY(pf_buf_text(to, ".", err));
    PF_TRY(put_zeros(-point, to, err));
    return pf_buf_put(to, digits + front, (size_t)(count - front), err);
}

pf_status pf_ptg_put_number(double number, struct pf_buf *to, bool *known, struct pf_error *err) {
    char text[32], digits[32];
    int point = 0;
    *known = isfinite(number);
    if (!*known)
        return PF_OK;
    size_t size = pf_print_double(number, text);
    bool negative = text[0] == '-';
    int count = take_digits(text + negative, size - negative, digits, &point);
    if (count > 17 &&
        point > PLAIN_MOST) { /* a whole number to its last digit: more than it takes to tell it */
        size = (size_t)snprintf(text, sizeof text, "%.16e", fabs(number));
        count = take_digits(text, size, digits, &point);
    }
    if (negative)
        PF_TRY(pf_buf_text(to, "-", err));
    if (count == 0)
        return pf_buf_text(to, "0", err);
    if (point <= PLAIN_MOST && count - point <= PLAIN_MOST)
        return put_plain(digits, count, point, to, err);
    PF_TRY(pf_buf_put(to, digits, 1, err));
    if (count > 1)
        PF_TRY(pf_buf_print(to, err, ".%.*s", count - 1, digits + 1));
    return pf_buf_print(to, err, "E%c%02d", point > 0 ? '+' : '-', point > 0 ? point - 1 : 1 - point);
}

pf_status pf_ptg_put_bool(uint8_t value, struct pf_buf *to, struct pf_error *err) {
    return pf_buf_text(to, value ? "TRUE" : "FALSE", err);
}

const char *pf_ptg_error_name(uint8_t code) {
    static const struct {
        uint8_t code;
        const char *name;
    } errors[] = {{0x00, "#NULL!"}, {0x07, "#DIV/0!"}, {0x0F, "#VALUE!"}, {0x17, "#REF!"},
                  {0x1D, "#NAME?"}, {0x24, "#NUM!"},   {0x2A, "#N/A"},    {0x2B, "#GETTING_DATA"}};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].code == code)
            return errors[i].name;
    return NULL;
}

pf_status pf_ptg_put_error(uint8_t code, struct pf_buf *to, bool *known, struct pf_error *err) {
    const char *name = pf_ptg_error_name(code);
    *known &= name != NULL;
    return name ? pf_buf_text(to, name, err) : PF_OK;
}

/* ---- arrays ---- */

enum element { NUMBER, STRING, BOOLEAN, ERROR, NO_ELEMENT };

static enum element element_of(uint8_t type, enum pf_ptg_version version) {
    if (version == PF_PTG_BIFF12)
        return type == 0 ? NUMBER : type == 1 ? STRING : type == 2 ? BOOLEAN : type == 4 ? ERROR : NO_ELEMENT;
    return type == 1 ? NUMBER : type == 2 ? STRING : type == 4 ? BOOLEAN : type == 16 ? ERROR : NO_ELEMENT;
}

/* Bytes of a boolean and of an error: until BIFF8 all fill eight. */
static size_t element_bytes(enum element element, enum pf_ptg_version version) {
    return version < PF_PTG_BIFF12 || element == NUMBER ? 8 : element == ERROR ? 4 : 1;
}

static pf_status put_element(const struct pf_ptg_links *links, struct pf_ptg_bytes *extra, struct pf_buf *to,
                             bool *known, struct pf_error *err) {
    const uint8_t *type = pf_ptg_take(extra, 1), *value = NULL;
    enum element element = type ? element_of(*type, links->version) : NO_ELEMENT;
    if (element == STRING)
        return pf_ptg_put_string(links, extra, links->version < PF_PTG_BIFF8 ? 1 : 2, to, known, err);
    if (element != NO_ELEMENT)
        value = pf_ptg_take(extra, element_bytes(element, links->version));
    *known = value;
    if (!value)
        return PF_OK;
    if (element == BOOLEAN)
        return pf_ptg_put_bool(*value, to, err);
    if (element == ERROR)
        return pf_ptg_put_error(*value, to, known, err);
    double number;
    memcpy(&number, value, sizeof number);
    return pf_ptg_put_number(number, to, known, err);
}

static bool take_counts(enum pf_ptg_version version, struct pf_ptg_bytes *extra, uint32_t *rows,
                        uint32_t *columns) {
    const uint8_t *head = pf_ptg_take(extra, version == PF_PTG_BIFF12 ? 8 : 3);
    if (!head)
        return false;
    *rows = version == PF_PTG_BIFF12 ? pf_load32(head) : pf_load16(head + 1);
    *columns = version == PF_PTG_BIFF12 ? pf_load32(head + 4) : head[0];
    if (version == PF_PTG_BIFF8) {
        ++*rows;
        ++*columns;
    } else if (version < PF_PTG_BIFF8 && *columns == 0) {
        *columns = 256;
    }
    return *rows > 0 && *columns > 0;
}

pf_status pf_ptg_put_array(const struct pf_ptg_links *links, struct pf_ptg_bytes *extra, struct pf_buf *to,
                           bool *known, struct pf_error *err) {
    uint32_t rows = 0, columns = 0;
    *known = take_counts(links->version, extra, &rows, &columns);
    for (uint32_t row = 0; row < rows && *known; row++)
        for (uint32_t column = 0; column < columns && *known; column++) {
            PF_TRY(pf_buf_text(to, column ? "," : row ? ";" : "{", err));
            PF_TRY(put_element(links, extra, to, known, err));
        }
    return *known ? pf_buf_text(to, "}", err) : PF_OK;
}

/* ---- references ---- */

#define COLUMN_RELATIVE 0x4000u
#define ROW_RELATIVE    0x8000u

struct location {
    uint32_t row, column;
    bool row_relative, column_relative;
};
/* How a version counts. Sizes are powers of two, and what is relative goes around them. */
struct extent {
    uint32_t rows, columns;
};
static struct extent extent_of(enum pf_ptg_version version) {
    if (version == PF_PTG_BIFF12)
        return (struct extent){PF_GRID_ROWS, PF_GRID_COLUMNS};
    return (struct extent){version == PF_PTG_BIFF8 ? 65536 : 16384, 256};
}

/* The row's and the column's bytes; until BIFF5 the flags are in the row. */
static struct location load(const struct pf_ptg_place *place, const uint8_t *row, const uint8_t *column,
                            bool shared) {
    enum pf_ptg_version version = place->links->version;
    struct extent extent = extent_of(version);
    bool old = version < PF_PTG_BIFF8;
    uint32_t flags = pf_load16(old ? row : column);
    struct location at = {.row = version == PF_PTG_BIFF12 ? pf_load32(row)
                                 : old                    ? pf_load16(row) & 0x3FFFu
                                                          : pf_load16(row),
                          .column = old ? *column : pf_load16(column) & 0x3FFFu,
                          .row_relative = flags & ROW_RELATIVE,
                          .column_relative = flags & COLUMN_RELATIVE};
    if (shared && at.row_relative)
        at.row = (at.row + place->row) & (extent.rows - 1);
    if (shared && at.column_relative)
        at.column = (at.column + place->column) & (extent.columns - 1);
    return at;
}

static pf_status put_column(const struct location *at, struct pf_buf *to, struct pf_error *err) {
    char name[8];
    size_t size = pf_grid_column_print(at->column, name);
    return pf_buf_print(to, err, "%s%.*s", at->column_relative ? "" : "$", (int)size, name);
}

static pf_status put_row(const struct location *at, struct pf_buf *to, struct pf_error *err) {
    return pf_buf_print(to, err, "%s%u", at->row_relative ? "" : "$", at->row + 1);
}

static pf_status put_location(const struct location *at, struct pf_buf *to, struct pf_error *err) {
    PF_TRY(put_column(at, to, err));
    return put_row(at, to, err);
}

static bool is_in(const struct location *at) { return at->row < PF_GRID_ROWS && at->column < PF_GRID_COLUMNS; }

pf_status pf_ptg_put_cell(const struct pf_ptg_place *place, const uint8_t *data, bool shared, struct pf_buf *to,
                          bool *known, struct pf_error *err) {
    struct location at = load(place, data, data + (place->links->version == PF_PTG_BIFF12 ? 4 : 2), shared);
    *known = is_in(&at);
    return *known ? put_location(&at, to, err) : PF_OK;
}

/* Whole rows are "1:3", whole columns "A:B". */
pf_status pf_ptg_put_area(const struct pf_ptg_place *place, const uint8_t *data, bool shared, struct pf_buf *to,
                          bool *known, struct pf_error *err) {
    enum pf_ptg_version version = place->links->version;
    struct extent extent = extent_of(version);
    size_t row = version == PF_PTG_BIFF12 ? 4 : 2, column = version < PF_PTG_BIFF8 ? 1 : 2;
    struct location first = load(place, data, data + 2 * row, shared);
    struct location last = load(place, data + row, data + 2 * row + column, shared);
    *known = is_in(&first) && is_in(&last);
    if (!*known)
        return PF_OK;
    bool rows = first.column == 0 && last.column == extent.columns - 1;
    bool columns = !rows && first.row == 0 && last.row == extent.rows - 1;
    PF_TRY(rows      ? put_row(&first, to, err)
           : columns ? put_column(&first, to, err)
                     : put_location(&first, to, err));
    PF_TRY(pf_buf_text(to, ":", err));
    return rows ? put_row(&last, to, err) : columns ? put_column(&last, to, err) : put_location(&last, to, err);
}
