/* xlsx_row.c — room read/xlsx. The general reader of rows.                       SPDX-License-Identifier: MIT
 * Knows: every way to write a row that is XML; what to make of what is missing or wrong.
 * Knows not: speed.                  Source: ECMA-376 Part 1 §18.3.1.4, §18.3.1.73, §18.18.11 */
#include <string.h>

#include "base/calendar.h"
#include "base/error.h"
#include "base/number.h"
#include "read/xlsx/xlsx_cursor.h"
#include "read/xlsx/xlsx_text.h"

/* One cell as it is being read. */
struct reading {
    struct pf_xlsx_cursor *cursor;
    struct pf_grid_block *block;
    uint32_t row, column, style;
    char type[12];
    bool has_value, has_formula, has_inline;
    bool is_shared;        /* the formula, with others that name its number */
    uint32_t number;       /* of what is shared */
    size_t formula, value; /* where each begins in the cursor's text */
};

static pf_status fail_place(const struct reading *r, pf_status status, const char *what, struct pf_error *err) {
    char place[16];
    size_t size = pf_grid_place_print(r->row, r->column, place);
    return pf_fail(err, status, "cell %.*s: %s", (int)size, place, what);
}

pf_status pf_xlsx_fail_shared(const struct pf_xlsx_cursor *cursor, uint32_t row, uint32_t column, uint64_t id,
                              struct pf_error *err) {
    char place[16];
    size_t size = pf_grid_place_print(row, column, place);
    return pf_fail(err, PF_BAD_DATA,
                   "cell %.*s names shared string %llu and there are %u; the workbook is broken", (int)size,
                   place, (unsigned long long)id, cursor->book->strings.count);
}

/* ---- where ---- */

/* Begins a row in the block, if it is another one than the last. */
static pf_status begin_row(struct pf_xlsx_cursor *c, struct pf_grid_block *block, uint32_t row,
                           struct pf_error *err) {
    if (row >= PF_GRID_ROWS)
        return pf_fail(err, PF_BAD_DATA, "row %u lies outside of a sheet of %d rows; the workbook is broken",
                       row + 1, PF_GRID_ROWS);
    if (block->row_count && block->rows[block->row_count - 1].number == row && c->last_row == row)
        return PF_OK;
    c->disordered |= (int64_t)row <= c->last_row;
    c->last_row = row > c->last_row ? row : c->last_row;
    return pf_grid_block_row(block, row, err);
}

/* The place that attribute r names; what it does not say stays. */
static bool read_place(struct pf_text name, uint32_t *row, uint32_t *column) {
    uint64_t letters = 0, digits = 0;
    size_t i = 0;
    for (; i < name.size && pf_lower(name.at[i]) >= 'a' && pf_lower(name.at[i]) <= 'z' && letters < 1000000;
         i++)
        letters = letters * 26 + (uint64_t)(pf_lower(name.at[i]) - 'a' + 1);
    if (letters)
        *column = (uint32_t)letters - 1;
    size_t from = i;
    for (; i < name.size && pf_is_digit(name.at[i]) && digits < 100000000; i++)
        digits = digits * 10 + (uint64_t)(name.at[i] - '0');
    if (i > from && digits)
        *row = (uint32_t)digits - 1;
    return i == name.size;
}

/* ---- values ---- */

static struct pf_text text_from(const struct pf_buf *text, size_t from, size_t to) {
    return (struct pf_text){text->data ? (const char *)text->data + from : "", to - from};
}

static pf_status put(struct reading *r, enum pf_cell_kind kind, struct pf_cell **cell, struct pf_error *err) {
    if (r->column >= PF_GRID_COLUMNS)
        return fail_place(r, PF_BAD_DATA, "lies outside of a sheet of 16,384 columns; the workbook is broken",
                          err);
    const struct pf_grid_block *b = r->block;
    uint32_t from = b->rows[b->row_count - 1].from;
    r->cursor->disordered |= b->cell_count > from && b->cells[b->cell_count - 1].column >= r->column;
    PF_TRY(pf_grid_block_cell(r->block, r->column, r->style, kind, cell, err));
    (*cell)->flags = r->has_formula ? PF_CELL_FORMULA : 0;
    return PF_OK;
}

static pf_status put_text(struct reading *r, enum pf_cell_kind kind, struct pf_text text,
                          struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(put(r, kind, &cell, err));
    PF_TRY(pf_grid_block_text(r->block, cell, text.at, text.size, err));
    if (kind != PF_CELL_TEXT && kind != PF_CELL_UNKNOWN)
        return PF_OK;
    pf_xlsx_text_unescape(&r->block->text, cell->value.text.at);
    cell->value.text.size = (uint32_t)(r->block->text.size - cell->value.text.at);
    return PF_OK;
}

static pf_status put_whole(struct reading *r, enum pf_cell_kind kind, int64_t whole, struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(put(r, kind, &cell, err));
    cell->value.whole = whole;
    return PF_OK;
}

static pf_status put_double(struct reading *r, double number, struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(put(r, PF_CELL_NUMBER, &cell, err));
    cell->value.number = number;
    return PF_OK;
}

static int format_of(const struct reading *r) {
    uint32_t count;
    const struct pf_grid_format *formats = pf_grid_styles_formats(&r->cursor->book->styles, &count);
    return r->style < count ? formats[r->style].kind : PF_FORMAT_GENERAL;
}

static pf_status put_stamp(struct reading *r, const struct pf_instant *instant, struct pf_error *err) {
    int format = format_of(r);
    if (format == PF_FORMAT_TIME || format == PF_FORMAT_DURATION) {
        double serial = pf_grid_serial_of(instant, r->cursor->book->date1904);
        return put_double(r, serial < 0 && serial >= -1 ? serial + 1 : serial,
                          err); /* 1899-12-30 is a day 0 too */
    }
    if (format == PF_FORMAT_DATE && instant->nanos == 0 && instant->seconds % 86400 == 0)
        return put_whole(r, PF_CELL_DATE, instant->seconds / 86400, err);
    return put_whole(r, PF_CELL_STAMP, instant->seconds * 1000000 + instant->nanos / 1000, err);
}

/* ISO 8601: a date, a time, or both. The style tells days from midnights and times of day from durations. */
static pf_status put_iso(struct reading *r, struct pf_text text, struct pf_error *err) {
    struct pf_instant instant;
    int32_t days;
    int64_t nanos;
    int digits;
    if (pf_parse_date(text.at, text.size, PF_DATE_ISO, &days))
        return put_whole(r, PF_CELL_DATE, days, err);
    if (pf_parse_timestamp(text.at, text.size, PF_DATE_ISO, &instant))
        return put_stamp(r, &instant, err);
    if (!pf_parse_time(text.at, text.size, &nanos, &digits))
        return put_text(r, PF_CELL_TEXT, text, err);
    if (format_of(r) == PF_FORMAT_TIME)
        return put_double(r, (double)nanos / 86400e9, err);
    return put_whole(r, PF_CELL_ELAPSED, nanos / 1000, err);
}

static pf_status put_number(struct reading *r, struct pf_text raw, struct pf_error *err) {
    struct pf_text text = pf_text_strip(raw);
    double value;
    if (!pf_parse_double(text.at, text.size, '.', &value))
        return put_text(r, PF_CELL_TEXT, raw, err); /* not a number, but what is stored */
    return put_double(r, value, err);
}

static pf_status put_shared(struct reading *r, struct pf_text raw, struct pf_error *err) {
    struct pf_text text = pf_text_strip(raw);
    struct pf_cell *cell;
    uint64_t id;
    if (!pf_parse_uint64(text.at, text.size, &id))
        return fail_place(r, PF_BAD_DATA, "a shared string without a number; the workbook is broken", err);
    if (id >= r->cursor->book->strings.count)
        return pf_xlsx_fail_shared(r->cursor, r->row, r->column, id, err);
    PF_TRY(put(r, PF_CELL_SHARED, &cell, err));
    cell->value.shared = (uint32_t)id;
    return PF_OK;
}

static pf_status put_bool(struct reading *r, struct pf_text raw, struct pf_error *err) {
    struct pf_text text = pf_text_strip(raw);
    bool yes = pf_text_is(text, "1") || pf_text_same_nocase(text, pf_text_of("true"));
    if (!yes && !pf_text_is(text, "0") && !pf_text_same_nocase(text, pf_text_of("false")))
        return put_text(r, PF_CELL_TEXT, raw, err);
    return put_whole(r, PF_CELL_BOOL, yes, err);
}

static pf_status put_formula(struct reading *r, enum pf_cell_kind kind, struct pf_error *err) {
    struct pf_buf *text = &r->cursor->text;
    struct pf_text formula = text_from(text, r->formula, r->value);
    if (formula.size == 0)
        return put_text(r, kind, formula, err);
    struct pf_cell *cell;
    PF_TRY(put(r, kind, &cell, err));
    PF_TRY(pf_grid_block_text(r->block, cell, "=", 1, err));
    PF_TRY(pf_buf_put(&r->block->text, formula.at, formula.size, err));
    cell->value.text.size = (uint32_t)(formula.size + 1);
    return PF_OK;
}

/* A formula that stands in another cell, as it reads in this one. *known false: it cannot be told. */
static pf_status put_shared_formula(struct reading *r, bool *known, struct pf_error *err) {
    struct pf_buf *text = &r->cursor->text;
    size_t from = text->size;
    *known = false;
    if (r->block->text.size > PF_GRID_BLOCK_SHARE)
        return PF_OK;
    PF_TRY(pf_xlsx_shared_put(&r->cursor->shared, r->number, r->row, r->column, text, known, err));
    if (!*known)
        return PF_OK;
    r->formula = from;
    r->value = text->size;
    return put_formula(r, PF_CELL_TEXT, err);
}

static pf_status put_value(struct reading *r, struct pf_error *err);

static pf_status put_cell(struct reading *r, struct pf_error *err) {
    bool known = false;
    if (!r->has_formula || !(r->cursor->wants & PF_GRID_FORMULAS))
        return put_value(r, err);
    if (r->value > r->formula) {
        struct pf_text formula = text_from(&r->cursor->text, r->formula, r->value);
        if (r->is_shared)
            PF_TRY(pf_xlsx_shared_keep(&r->cursor->shared, r->number, r->row, r->column, formula, err));
        return put_formula(r, PF_CELL_TEXT, err);
    }
    if (!r->is_shared)
        return put_value(r, err);
    PF_TRY(put_shared_formula(r, &known, err));
    size_t cells = r->block->cell_count;
    if (!known)
        PF_TRY(put_value(r, err));
    if (!known && r->block->cell_count > cells)
        r->block->cells[cells].flags |= PF_CELL_UNSPELLED;
    return PF_OK;
}

static pf_status put_value(struct reading *r, struct pf_error *err) {
    struct pf_text value = text_from(&r->cursor->text, r->value, r->cursor->text.size);
    bool text = strcmp(r->type, "str") == 0 || strcmp(r->type, "inlineStr") == 0;
    if (r->has_inline)
        return put_text(r, PF_CELL_TEXT, value, err);
    if (!r->has_value || (value.size == 0 && !text))
        return r->has_formula ? put_formula(r, PF_CELL_UNKNOWN, err) : PF_OK;
    if (strcmp(r->type, "s") == 0)
        return put_shared(r, value, err);
    if (r->type[0] == 0 || strcmp(r->type, "n") == 0)
        return put_number(r, value, err);
    if (strcmp(r->type, "b") == 0)
        return put_bool(r, value, err);
    if (strcmp(r->type, "e") == 0)
        return put_text(r, PF_CELL_ERROR, value, err);
    if (strcmp(r->type, "d") == 0)
        return put_iso(r, pf_text_strip(value), err);
    return put_text(r, PF_CELL_TEXT, value, err);
}

/* ---- elements ---- */

/* Behind <is>: the text of all <t> but those of phonetic runs. */
static pf_status read_inline(struct reading *r, struct pf_error *err) {
    struct pf_xml *xml = &r->cursor->part.xml;
    int32_t depth = xml->depth;
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN)
            continue;
        if (pf_xml_is(xml, "rPh"))
            PF_TRY(pf_xml_skip(xml, err));
        else if (pf_xml_is(xml, "t"))
            PF_TRY(pf_xml_gather(xml, &r->cursor->text, err));
    }
    r->has_inline = true;
    return PF_OK;
}

/* Behind <f …>. */
static void read_sharing(struct reading *r) {
    const struct pf_xml *xml = &r->cursor->part.xml;
    struct pf_text type = pf_xml_attribute_of(xml, "", "t"), number = pf_xml_attribute_of(xml, "", "si");
    uint64_t value = 0;
    r->is_shared = pf_text_is(type, "shared") && number.at && pf_parse_uint64(number.at, number.size, &value) &&
                   value <= UINT32_MAX;
    r->number = (uint32_t)value;
}

static pf_status read_content(struct reading *r, struct pf_error *err) {
    struct pf_xml *xml = &r->cursor->part.xml;
    struct pf_buf *text = &r->cursor->text;
    int32_t depth = xml->depth;
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN)
            continue;
        if (pf_xml_is(xml, "f")) {
            read_sharing(r);
            PF_TRY(pf_xml_gather(xml, text, err));
            r->has_formula = true;
            r->value = text->size;
        } else if (pf_xml_is(xml, "v") && !r->has_inline) {
            text->size = r->value; /* the last one counts */
            PF_TRY(pf_xml_gather(xml, text, err));
            r->has_value = true;
        } else if (pf_xml_is(xml, "is") && (!r->has_value || strcmp(r->type, "inlineStr") == 0)) {
            text->size = r->value; /* it counts more than a value */
            r->has_value = false;
            PF_TRY(read_inline(r, err));
        } else {
            PF_TRY(pf_xml_skip(xml, err));
        }
    }
    return PF_OK;
}

/* Behind <c …>. row and column: where the cell is if it does not say so. */
static pf_status read_cell(struct pf_xlsx_cursor *c, struct pf_grid_block *block, uint32_t *row,
                           uint32_t *column, struct pf_error *err) {
    struct pf_xml *xml = &c->part.xml;
    struct reading r = {.cursor = c, .block = block, .row = *row, .column = *column};
    struct pf_text name = pf_xml_attribute_of(xml, "", "r"), style = pf_xml_attribute_of(xml, "", "s"),
                   type = pf_xml_attribute_of(xml, "", "t");
    uint64_t number;
    if (name.at)
        read_place(name, &r.row, &r.column);
    if (style.at && pf_parse_uint64(style.at, style.size, &number))
        r.style = number > UINT16_MAX ? UINT16_MAX : (uint32_t)number;
    if (type.size < sizeof r.type && type.size)
        memcpy(r.type, type.at, type.size);
    *row = r.row;
    *column = r.column + 1;
    c->text.size = 0;
    PF_TRY(read_content(&r, err));
    PF_TRY(begin_row(c, block, r.row, err));
    return put_cell(&r, err);
}

pf_status pf_xlsx_row(struct pf_xlsx_cursor *c, struct pf_grid_block *block, struct pf_error *err) {
    struct pf_xml *xml = &c->part.xml;
    struct pf_text name = pf_xml_attribute_of(xml, "", "r");
    int32_t depth = xml->depth;
    uint32_t row = (uint32_t)(c->last_row + 1), column = 0;
    uint64_t number;
    if (name.at && pf_parse_uint64(name.at, name.size, &number))
        row = number > PF_GRID_ROWS ? PF_GRID_ROWS : (uint32_t)number - 1; /* 0: lies outside too */
    PF_TRY(begin_row(c, block, row, err));
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_END)
            return PF_OK;
        if (xml->event != PF_XML_OPEN)
            continue;
        if (pf_xml_is(xml, "c"))
            PF_TRY(read_cell(c, block, &row, &column, err));
        else
            PF_TRY(pf_xml_skip(xml, err));
    }
    return PF_OK;
}
