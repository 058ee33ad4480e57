/* xlsx_scan.c — room read/xlsx. The quick reader of rows.                        SPDX-License-Identifier: MIT
 * Knows: <row r><c r s t><f/><v/><is><t/></is></c></row> as it is usually written.
 * Knows not: prefixes, comments, CDATA, rich strings, odd blanks, cells out of order: for these it says no.
 *                                                           Format: docs/formats/xlsx.md §Two readers */
#include <string.h>

#include "base/digits.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "read/xlsx/xlsx_cursor.h"
#include "read/xlsx/xlsx_text.h"

#define NOT_PLAIN NULL /* every function here answers it for what it does not know */

enum cell_type { TYPE_NUMBER, TYPE_SHARED, TYPE_STRING, TYPE_BOOL, TYPE_ERROR, TYPE_INLINE };

struct scan {
    struct pf_xlsx_cursor *cursor;
    struct pf_grid_block *block;
    uint32_t string_count;
    uint32_t row;
    uint64_t row_word, row_mask; /* the row's number as it stands in its cells' names */
    unsigned row_digits;
    int32_t column; /* the last one */
    pf_status status;
    struct pf_error *err;
};

static const uint64_t tens[9] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

/* Digits from p on behind those of *value; they may be more than it can hold. */
static inline const char *take_more_digits(const char *p, uint64_t *value) {
    for (;;) {
        uint64_t word = pf_digits_load(p), wrong = pf_digits_wrong(word);
        if (!wrong) {
            *value = *value * 100000000 + pf_digits_value(word);
            p += 8;
            continue;
        }
        unsigned n = (unsigned)pf_ctz64(wrong) / 8;
        if (n)
            *value = *value * tens[n] + pf_digits_value(pf_digits_first(word, n));
        return p + n;
    }
}

/* Digits from p on into *value; mostly there are less than eight. */
static inline const char *take_digits(const char *p, uint64_t *value) {
    uint64_t word = pf_digits_load(p), wrong = pf_digits_wrong(word);
    if (!wrong) {
        *value = pf_digits_value(word);
        return take_more_digits(p + 8, value);
    }
    unsigned bits = (unsigned)pf_ctz64(wrong) & ~7u;
    *value = pf_digits_value(word << 1 << (63 - bits)); /* none: 0 */
    return p + bits / 8;
}

/* A number up to '<'. */
static inline const char *take_number(const char *p, double *value) {
    bool minus = *p == '-';
    uint64_t mantissa = 0;
    int64_t power = 0;
    const char *from = p += minus;
    p = take_digits(p, &mantissa);
    int64_t digits = p - from;
    if (*p == '.') {
        from = ++p;
        p = take_more_digits(p, &mantissa);
        power = from - p;
        digits -= power;
    }
    if (digits < 1 || digits > 19)
        return NOT_PLAIN;
    if ((*p | 32) == 'e') {
        uint64_t exponent = 0;
        bool down = p[1] == '-';
        from = p += 1 + (p[1] == '-' || p[1] == '+');
        p = take_digits(p, &exponent);
        if (p == from || p - from > 4)
            return NOT_PLAIN;
        power += down ? -(int64_t)exponent : (int64_t)exponent;
    }
    if (*p != '<')
        return NOT_PLAIN;
    if (power == 0 && mantissa < (UINT64_C(1) << 53))
        *value = (double)(int64_t)mantissa;
    else if (mantissa < (UINT64_C(1) << 53) && power >= -22 && power <= 22)
        *value = power < 0 ? (double)(int64_t)mantissa / pf_tens[-power]
                           : (double)(int64_t)mantissa * pf_tens[power];
    else if (!pf_double_scale(mantissa, power, value))
        return NOT_PLAIN;
    *value = minus ? -*value : *value;
    return p;
}

static inline const char *skip_blanks(const char *p) {
    while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
        p++;
    return p;
}

/* An attribute that is not looked at: from its name to behind its value. */
static const char *skip_attribute(const char *p) {
    while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == ':' ||
           *p == '_')
        p++;
    if (p[0] != '=' || p[1] != '"')
        return NOT_PLAIN;
    for (p += 2; *p != '"'; p++)
        if (*p == '<' || *p == '>' || *p == '&')
            return NOT_PLAIN;
    return p + 1;
}

/* ---- cells ---- */

/* AB12" : the column; the row must be the row's. */
static inline const char *take_name(struct scan *s, const char *p, int32_t *column) {
    uint32_t c = (uint32_t)(uint8_t)*p - 'A';
    if (c > 25)
        return NOT_PLAIN;
    uint32_t value = c + 1;
    c = (uint32_t)(uint8_t) * ++p - 'A';
    if (c <= 25) {
        value = value * 26 + c + 1;
        c = (uint32_t)(uint8_t) * ++p - 'A';
        if (c <= 25) {
            value = value * 26 + c + 1;
            p++;
        }
    }
    if (value > PF_GRID_COLUMNS || (pf_load64(p) ^ s->row_word) & s->row_mask || p[s->row_digits] != '"')
        return NOT_PLAIN;
    *column = (int32_t)value - 1;
    return p + s->row_digits + 1;
}

static inline const char *take_type(const char *p, enum cell_type *type) {
    if (p[1] == '"') {
        switch (*p) {
        case 's': *type = TYPE_SHARED; break;
        case 'n': *type = TYPE_NUMBER; break;
        case 'b': *type = TYPE_BOOL; break;
        case 'e': *type = TYPE_ERROR; break;
        default: return NOT_PLAIN;
        }
        return p + 2;
    }
    if (memcmp(p, "str\"", 4) == 0)
        return *type = TYPE_STRING, p + 4;
    if (memcmp(p, "inlineStr\"", 10) == 0)
        return *type = TYPE_INLINE, p + 10;
    return NOT_PLAIN;
}

/* Text up to '<' into the block. */
static const char *take_text(struct scan *s, const char *p, struct pf_cell *cell) {
    struct pf_buf *text = &s->block->text;
    bool plain = true, good = true;
    const char *end = pf_xlsx_text_end(p, &plain);
    cell->value.text.at = (uint32_t)text->size;
    if (plain)
        s->status = pf_buf_put(text, p, (size_t)(end - p), s->err);
    else
        s->status = pf_xlsx_text_put(text, p, (size_t)(end - p), &good, s->err);
    if (s->status != PF_OK || !good)
        return NOT_PLAIN;
    cell->value.text.size = (uint32_t)s->block->text.size - cell->value.text.at;
    return end;
}

static inline const char *take_value(struct scan *s, const char *p, enum cell_type type, struct pf_cell *cell) {
    switch (type) {
    case TYPE_SHARED: {
        uint64_t id = 0;
        const char *end = take_digits(p, &id);
        if (end == p || end - p > 10 || *end != '<' || id >= s->string_count)
            return NOT_PLAIN; /* the general reader says what is wrong */
        cell->kind = PF_CELL_SHARED;
        cell->value.shared = (uint32_t)id;
        return end;
    }
    case TYPE_NUMBER: cell->kind = PF_CELL_NUMBER; return take_number(p, &cell->value.number);
    case TYPE_BOOL:
        if ((*p != '0' && *p != '1') || p[1] != '<')
            return NOT_PLAIN;
        cell->kind = PF_CELL_BOOL;
        cell->value.whole = *p - '0';
        return p + 1;
    case TYPE_STRING: cell->kind = PF_CELL_TEXT; return take_text(s, p, cell);
    case TYPE_ERROR: cell->kind = PF_CELL_ERROR; return take_text(s, p, cell);
    case TYPE_INLINE:
    default: return NOT_PLAIN;
    }
}

static bool is_entity(const char *p) {
    return memcmp(p, "amp;", 4) == 0 || memcmp(p, "lt;", 3) == 0 || memcmp(p, "gt;", 3) == 0 ||
           memcmp(p, "quot;", 5) == 0 || memcmp(p, "apos;", 5) == 0;
}

/* Behind "<f": to behind the formula's end. */
static const char *skip_formula(const char *p) {
    while (*p == ' ')
        if (!(p = skip_attribute(p + 1)))
            return NOT_PLAIN;
    if (p[0] == '/' && p[1] == '>')
        return p + 2;
    if (*p != '>')
        return NOT_PLAIN;
    for (; *p != '<'; p++)
        if (*p == '&' && !is_entity(p + 1))
            return NOT_PLAIN;
    return memcmp(p, "</f>", 4) == 0 ? p + 4 : NOT_PLAIN;
}

static const char *take_inline(struct scan *s, const char *p, struct pf_cell *cell) {
    static const char spaced[] = " xml:space=\"preserve\"";
    if (memcmp(p, "<is><t", 6) != 0)
        return NOT_PLAIN;
    p += 6;
    if (*p == ' ') {
        if (memcmp(p, spaced, sizeof spaced - 1) != 0)
            return NOT_PLAIN;
        p += sizeof spaced - 1;
    }
    cell->kind = PF_CELL_TEXT;
    if (*p != '>' || !(p = take_text(s, p + 1, cell)))
        return NOT_PLAIN;
    return memcmp(p, "</t></is></c>", 13) == 0 ? p + 13 : NOT_PLAIN;
}

/* Behind the attributes of <c>. */
static inline const char *take_content(struct scan *s, const char *p, enum cell_type type,
                                       struct pf_cell *cell) {
    if (p[0] == '<' && p[1] == 'f' && (p[2] == '>' || p[2] == ' ' || p[2] == '/')) {
        if (!(p = skip_formula(p + 2)))
            return NOT_PLAIN;
        cell->flags = PF_CELL_FORMULA;
    }
    if (type == TYPE_INLINE)
        return take_inline(s, p, cell);
    if (memcmp(p, "<v>", 3) == 0) {
        if (!(p = take_value(s, p + 3, type, cell)) || memcmp(p, "</v></c>", 8) != 0)
            return NOT_PLAIN;
        return p + 8;
    }
    return NOT_PLAIN; /* formulas without a value, cells without a content */
}

/* Behind "<c". */
static inline const char *take_cell(struct scan *s, const char *p) {
    struct pf_cell *cell = &s->block->cells[s->block->cell_count];
    enum cell_type type = TYPE_NUMBER;
    int32_t column = s->column + 1;
    uint64_t style = 0;
    while (*p == ' ') {
        p++;
        if (p[1] != '=' || p[2] != '"')
            p = skip_attribute(p);
        else if (*p == 'r')
            p = take_name(s, p + 3, &column);
        else if (*p == 's') {
            const char *from = p + 3;
            p = take_digits(from, &style);
            p = *p == '"' && p - from <= 5 ? p + 1 : NOT_PLAIN;
        } else if (*p == 't')
            p = take_type(p + 3, &type);
        else
            return NOT_PLAIN;
        if (!p)
            return NOT_PLAIN;
    }
    if (column <= s->column || column >= PF_GRID_COLUMNS)
        return NOT_PLAIN;
    if (p[0] == '/' && p[1] == '>') {
        s->column = column;
        return p + 2;
    }
    if (*p != '>')
        return NOT_PLAIN;
    *cell = (struct pf_cell){.column = (uint16_t)column,
                             .style = style > UINT16_MAX ? UINT16_MAX : (uint16_t)style};
    p = take_content(s, p + 1, type, cell);
    if (!p)
        return NOT_PLAIN;
    s->column = column;
    s->block->cell_count++;
    return p;
}

/* ---- rows ---- */

/* Behind "<row": number and end of the tag; *empty: it has no cells. */
static const char *take_row_tag(struct scan *s, const char *p, bool *empty) {
    uint64_t number = 0;
    while (*p == ' ') {
        p++;
        if (p[0] == 'r' && p[1] == '=' && p[2] == '"') {
            const char *from = p + 3;
            p = take_digits(from, &number);
            if (*p != '"' || p == from || p - from > 7)
                return NOT_PLAIN;
            s->row_digits = (unsigned)(p - from);
            s->row_mask = (UINT64_C(1) << 8 * s->row_digits) - 1;
            s->row_word = pf_load64(from);
            p++;
        } else if (!(p = skip_attribute(p))) {
            return NOT_PLAIN;
        }
    }
    *empty = *p == '/';
    p += *empty;
    if (*p != '>' || number == 0 || number > PF_GRID_ROWS || (int64_t)number - 1 <= s->cursor->last_row)
        return NOT_PLAIN;
    s->row = (uint32_t)number - 1;
    return p + 1;
}

static const char *take_row(struct scan *s, const char *p) {
    bool empty;
    if (memcmp(p, "<row", 4) != 0)
        return NOT_PLAIN;
    if (!(p = take_row_tag(s, p + 4, &empty)) || empty)
        return p;
    s->status = pf_grid_block_row(s->block, s->row, s->err);
    if (s->status == PF_OK && s->block->cell_room - s->block->cell_count < PF_GRID_COLUMNS)
        s->status = pf_grid_block_reserve(s->block, 0, PF_GRID_COLUMNS, s->err);
    if (s->status != PF_OK)
        return NOT_PLAIN;
    s->column = -1;
    for (;;) {
        if (p[0] == '<' && p[1] == 'c' && (p[2] == ' ' || p[2] == '>')) {
            if (!(p = take_cell(s, p + 2)))
                return NOT_PLAIN;
        } else if (memcmp(p, "</row>", 6) == 0) {
            return p + 6;
        } else {
            const char *next = skip_blanks(p);
            if (next == p)
                return NOT_PLAIN;
            p = next;
        }
    }
}

pf_status pf_xlsx_scan(struct pf_xlsx_cursor *cursor, const char *at, const char *end,
                       struct pf_grid_block *block, size_t *used, bool *plain, struct pf_error *err) {
    struct scan s = {.cursor = cursor, .block = block, .string_count = cursor->book->strings.count, .err = err};
    const char *p = at;
    *plain = true;
    while (p < end && !pf_grid_block_is_full(block)) {
        size_t rows = block->row_count, cells = block->cell_count, text = block->text.size;
        const char *from = skip_blanks(p), *next = from < end ? take_row(&s, from) : end;
        if (!next || next > end) {
            block->row_count = rows;
            block->cell_count = cells;
            block->text.size = text;
            *plain = false;
            break;
        }
        if (from < end)
            cursor->last_row = s.row;
        p = next;
    }
    *used = (size_t)(p - at);
    return s.status;
}
