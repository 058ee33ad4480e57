/* ods_scan.c — room read/ods. The quick reader of rows.                          SPDX-License-Identifier: MIT
 * Knows: rows of cells of paragraphs as they are usually written, with the usual prefixes.
 * Knows not: other prefixes, comments, CDATA, spans of text, shapes, odd blanks: for these it says no.
 *                                                           Format: docs/formats/ods.md §Two readers */
#include <string.h>

#include "base/bits.h"
#include "base/digits.h"
#include "base/error.h"
#include "base/utf8.h"
#include "read/ods/ods_cursor.h"

#define NOT_PLAIN   NULL /* every function here answers it for what it does not know */
#define SPACES_MOST 4096

struct scan {
    struct pf_ods_cursor *cursor;
    struct pf_grid_block *block;
    struct pf_ods_cell cell;
    pf_status status;
    struct pf_error *err;
};

#define STARTS(p, literal) (memcmp(p, literal, sizeof(literal) - 1) == 0)
#define BEHIND(p, literal) ((p) + sizeof(literal) - 1)

static inline const char *skip_blanks(const char *p) {
    while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
        p++;
    return p;
}

/* ---- attributes ---- */

static bool is_entity(const char *p) {
    return STARTS(p, "amp;") || STARTS(p, "lt;") || STARTS(p, "gt;") || STARTS(p, "quot;") ||
           STARTS(p, "apos;");
}

/* From behind the quote to behind the next one: a value that stands for itself. */
static inline const char *take_value(const char *p, struct pf_text *value) {
    const char *from = p;
    for (; *p != '"'; p++) {
        uint8_t c = (uint8_t)*p;
        if (c == '&' || c == '<' || (uint8_t)(c - ' ') >= 0x80 - ' ')
            return NOT_PLAIN;
    }
    *value = (struct pf_text){from, (size_t)(p - from)};
    return p + 1;
}

/* The same of a value that nobody looks at. */
static inline const char *skip_value(const char *p) {
    for (; *p != '"'; p++)
        if (*p == '<' || (*p == '&' && !is_entity(p + 1)))
            return NOT_PLAIN;
    return p + 1;
}

/* An attribute that nobody looks at, with a prefix that declares nothing. */
static const char *skip_attribute(const char *p) {
    const char *from = p;
    while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || *p == '-' || *p == ':')
        p++;
    if (p == from || STARTS(from, "xmlns") || p[0] != '=' || p[1] != '"')
        return NOT_PLAIN;
    return skip_value(p + 2);
}

static inline const char *take_count(const char *p, int64_t *count) {
    struct pf_text value;
    p = take_value(p, &value);
    if (p)
        *count = pf_ods_count(value);
    return p;
}

/* The style of a name; those met lately are remembered. */
static inline const char *take_style(struct scan *s, const char *p, uint32_t *style) {
    struct pf_text name;
    p = take_value(p, &name);
    if (!p)
        return NOT_PLAIN;
    if (name.size < 1 || name.size > 8) {
        *style = pf_ods_style_of(s->cursor->book, name);
        return p;
    }
    uint64_t word = pf_load64(name.at) << (64 - 8 * name.size);
    size_t slot = (size_t)(word * 0x9E3779B97F4A7C15u >> 58) & (PF_ODS_STYLES_KEPT - 1);
    if (s->cursor->kept[slot].name != word) {
        s->cursor->kept[slot].name = word;
        s->cursor->kept[slot].style = pf_ods_style_of(s->cursor->book, name);
    }
    *style = s->cursor->kept[slot].style;
    return p;
}

static inline const char *take_type(const char *p, uint8_t *type) {
    struct pf_text name;
    uint8_t found;
    if (STARTS(p, "float\""))
        found = PF_ODS_FLOAT, p = BEHIND(p, "float\"");
    else if (STARTS(p, "string\""))
        found = PF_ODS_STRING, p = BEHIND(p, "string\"");
    else if ((p = take_value(p, &name)))
        found = pf_ods_type_of(name);
    else
        return NOT_PLAIN;
    if (*type != PF_ODS_ERROR)
        *type = found;
    return p;
}

/* Behind "table:". */
static inline const char *take_table_attribute(struct scan *s, const char *p) {
    struct pf_ods_cell *cell = &s->cell;
    if (STARTS(p, "style-name=\""))
        return take_style(s, BEHIND(p, "style-name=\""), &cell->style);
    if (STARTS(p, "number-columns-repeated=\""))
        return take_count(BEHIND(p, "number-columns-repeated=\""), &cell->repeated);
    if (STARTS(p, "number-columns-spanned=\""))
        return take_count(BEHIND(p, "number-columns-spanned=\""), &cell->spans_columns);
    if (STARTS(p, "number-rows-spanned=\""))
        return take_count(BEHIND(p, "number-rows-spanned=\""), &cell->spans_rows);
    if (STARTS(p, "formula=\"")) {
        const char *from = BEHIND(p, "formula=\"");
        p = skip_value(from);
        cell->formula = (struct pf_text){"=", 1}; /* that there is one is enough: they are not wanted */
        return p;
    }
    return STARTS(p, "content-validation-name=\"") ? skip_attribute(p) : NOT_PLAIN;
}

/* Behind the name of an attribute that carries the value. */
static inline const char *take_cell_value(struct scan *s, const char *p) {
    s->cell.has_value = true;
    return take_value(p, &s->cell.value);
}

/* Behind "office:". */
static inline const char *take_office_attribute(struct scan *s, const char *p) {
    if (STARTS(p, "value-type=\""))
        return take_type(BEHIND(p, "value-type=\""), &s->cell.type);
    if (STARTS(p, "value=\""))
        return take_cell_value(s, BEHIND(p, "value=\""));
    if (STARTS(p, "date-value=\""))
        return take_cell_value(s, BEHIND(p, "date-value=\""));
    if (STARTS(p, "time-value=\""))
        return take_cell_value(s, BEHIND(p, "time-value=\""));
    if (STARTS(p, "boolean-value=\""))
        return take_cell_value(s, BEHIND(p, "boolean-value=\""));
    if (STARTS(p, "string-value=\""))
        return take_cell_value(s, BEHIND(p, "string-value=\""));
    return STARTS(p, "currency=\"") ? skip_attribute(p) : NOT_PLAIN;
}

static inline const char *take_attribute(struct scan *s, const char *p) {
    if (STARTS(p, "table:"))
        return take_table_attribute(s, p + 6);
    if (STARTS(p, "office:"))
        return take_office_attribute(s, p + 7);
    if (!STARTS(p, "calcext:value-type=\""))
        return NOT_PLAIN;
    struct pf_text type;
    p = take_value(BEHIND(p, "calcext:value-type=\""), &type);
    if (p && pf_text_is(type, "error"))
        s->cell.type = PF_ODS_ERROR;
    return p;
}

/* ---- paragraphs ---- */

static const char *put_entity(struct scan *s, const char *p) {
    static const struct {
        const char *name;
        char is;
    } known[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t size = strlen(known[i].name);
        if (memcmp(p, known[i].name, size) != 0)
            continue;
        s->status = pf_buf_put(&s->cursor->texts.text, &known[i].is, 1, s->err);
        return s->status == PF_OK ? p + size : NOT_PLAIN;
    }
    return NOT_PLAIN;
}

/* Text with entities up to '<', kept with the general reader's; blanks as in plain text. */
static const char *keep_text(struct scan *s, const char *p) {
    while (*p != '<') {
        const char *from = p;
        while (*p != '<' && *p != '&')
            p++;
        s->status = pf_buf_put(&s->cursor->texts.text, from, (size_t)(p - from), s->err);
        if (s->status != PF_OK || (*p == '&' && !(p = put_entity(s, p + 1))))
            return NOT_PLAIN;
    }
    return p;
}

/* Text up to '<' of which every blank counts; *before: the byte in front of it. *entities: it has some. */
static inline const char *find_text_end(const char *p, uint8_t *before, bool *entities) {
    const char *from = p;
    uint8_t high = 0, last = *before;
    for (; *p != '<'; p++) {
        uint8_t c = (uint8_t)*p;
        high |= c;
        if (c <= ' ' && (c != ' ' || last == ' '))
            return NOT_PLAIN;
        *entities |= c == '&';
        last = c;
    }
    *before = last;
    if (high >= 0x80 && pf_utf8_valid(from, (size_t)(p - from)) != (size_t)(p - from))
        return NOT_PLAIN;
    return p;
}

/* <text:s/> or <text:s text:c="3"/>. */
static const char *take_spaces(const char *p, int64_t *count) {
    *count = 1;
    if (STARTS(p, "<text:s text:c=\"")) {
        p = take_count(BEHIND(p, "<text:s text:c=\""), count);
        return p && *count <= SPACES_MOST && STARTS(p, "/>") ? p + 2 : NOT_PLAIN;
    }
    return STARTS(p, "<text:s/>") ? BEHIND(p, "<text:s/>") : NOT_PLAIN;
}

static const char *keep_spaces(struct scan *s, const char *p) {
    struct pf_buf *kept = &s->cursor->texts.text;
    int64_t count;
    p = take_spaces(p, &count);
    if (!p)
        return NOT_PLAIN;
    s->status = pf_buf_reserve(kept, (size_t)count, s->err);
    if (s->status != PF_OK)
        return NOT_PLAIN;
    memset(kept->data + kept->size, ' ', (size_t)count);
    kept->size += (size_t)count;
    return p;
}

/* What stands in the text so far is kept with the general reader's, and a line feed between paragraphs. */
static bool keep_start(struct scan *s, bool first) {
    struct pf_buf *kept = &s->cursor->texts.text;
    if (first || s->cell.text.at != (const char *)kept->data || !kept->size) {
        kept->size = 0;
        s->status = first ? PF_OK : pf_buf_put(kept, s->cell.text.at, s->cell.text.size, s->err);
    }
    if (s->status == PF_OK && !first)
        s->status = pf_buf_put(kept, "\n", 1, s->err);
    return s->status == PF_OK;
}

/* Behind <text:p>: its text, up to its end tag, becomes the cell's or is added to it. */
static inline const char *take_paragraph(struct scan *s, const char *p, bool first) {
    bool entities = false;
    uint8_t before = ' ';
    const char *end = find_text_end(p, &before, &entities);
    if (!end)
        return NOT_PLAIN;
    if (first && !entities && end[1] == '/') {
        s->cell.text = (struct pf_text){p, (size_t)(end - p)};
        return end;
    }
    if (!keep_start(s, first) || !keep_text(s, p))
        return NOT_PLAIN;
    while (end[1] != '/') {
        if (!(p = keep_spaces(s, end)) || !(end = find_text_end(p, &before, &entities)) || !keep_text(s, p))
            return NOT_PLAIN;
    }
    const struct pf_buf *kept = &s->cursor->texts.text;
    s->cell.text = (struct pf_text){(const char *)kept->data, kept->size};
    return end;
}

/* Behind <text:p> of a text that nobody looks at: to its end tag. */
static inline const char *skip_paragraph(const char *p) {
    int64_t count;
    for (;;) {
        for (; *p != '<'; p++)
            if (*p == '&' && !is_entity(p + 1))
                return NOT_PLAIN;
        if (p[1] == '/')
            return p;
        if (!(p = take_spaces(p, &count)))
            return NOT_PLAIN;
    }
}

/* Paragraphs up to the cell's end. */
static inline const char *take_paragraphs(struct scan *s, const char *p) {
    bool is_read = s->cell.formula.size || !pf_ods_cell_is_told(&s->cell);
    for (bool first = true; STARTS(p, "<text:p"); first = false) {
        p += 7;
        if (*p == '>') {
            p = is_read ? take_paragraph(s, p + 1, first) : skip_paragraph(p + 1);
            if (!p || !STARTS(p, "</text:p>"))
                return NOT_PLAIN;
            p = BEHIND(p, "</text:p>");
        } else if (p[0] == '/' && p[1] == '>' && first) {
            s->cell.text = (struct pf_text){"", 0};
            p += 2;
        } else {
            return NOT_PLAIN;
        }
    }
    return p;
}

/* ---- rows ---- */

/* Behind the name of a cell's element, which is `covered` or not. */
static inline const char *take_cell(struct scan *s, const char *p, bool covered) {
    struct pf_ods_cell *cell = &s->cell;
    *cell = (struct pf_ods_cell)PF_ODS_CELL;
    while (*p == ' ')
        if (!(p = take_attribute(s, p + 1)))
            return NOT_PLAIN;
    if (p[0] == '/' && p[1] == '>') {
        p += 2;
    } else if (*p == '>' && (p = take_paragraphs(s, p + 1))) {
        if (!covered && STARTS(p, "</table:table-cell>"))
            p = BEHIND(p, "</table:table-cell>");
        else if (covered && STARTS(p, "</table:covered-table-cell>"))
            p = BEHIND(p, "</table:covered-table-cell>");
        else
            return NOT_PLAIN;
    } else {
        return NOT_PLAIN;
    }
    if (cell->formula.size && cell->text.size == 0 && (!pf_ods_cell_is_told(cell) || cell->type == PF_ODS_VOID))
        return NOT_PLAIN; /* without a value the formula is what is stored */
    return p;
}

static const char *take_row_tag(struct scan *s, const char *p, struct pf_ods_row *row) {
    s->cursor->row_style = 0;
    while (*p == ' ') {
        p++;
        if (STARTS(p, "table:number-rows-repeated=\""))
            p = take_count(BEHIND(p, "table:number-rows-repeated=\""), &row->repeated);
        else if (STARTS(p, "table:default-cell-style-name=\""))
            p = take_style(s, BEHIND(p, "table:default-cell-style-name=\""), &s->cursor->row_style);
        else if (STARTS(p, "table:"))
            p = skip_attribute(p);
        else
            return NOT_PLAIN;
        if (!p)
            return NOT_PLAIN;
    }
    return p;
}

static const char *take_cells(struct scan *s, const char *p, struct pf_ods_row *row) {
    for (;;) {
        if (STARTS(p, "<table:table-cell"))
            p = take_cell(s, BEHIND(p, "<table:table-cell"), false);
        else if (STARTS(p, "<table:covered-table-cell"))
            p = take_cell(s, BEHIND(p, "<table:covered-table-cell"), true);
        else if (STARTS(p, PF_ODS_ROW_END))
            return BEHIND(p, PF_ODS_ROW_END);
        else {
            const char *next = skip_blanks(p);
            if (next == p)
                return NOT_PLAIN;
            p = next;
            continue;
        }
        if (!p)
            return NOT_PLAIN;
        s->status = pf_ods_row_take(s->cursor, row, &s->cell, s->block, s->err);
        if (s->status != PF_OK)
            return NOT_PLAIN;
    }
}

static const char *take_row(struct scan *s, const char *p, struct pf_ods_row *row) {
    if (!STARTS(p, "<table:table-row") || !(p = take_row_tag(s, BEHIND(p, "<table:table-row"), row)))
        return NOT_PLAIN;
    if (p[0] == '/' && p[1] == '>')
        return p + 2;
    return *p == '>' ? take_cells(s, p + 1, row) : NOT_PLAIN;
}

pf_status pf_ods_scan(struct pf_ods_cursor *cursor, const char *at, const char *end,
                      struct pf_grid_block *block, size_t *used, bool *plain, struct pf_error *err) {
    struct scan s = {.cursor = cursor, .block = block, .err = err};
    const char *p = at;
    *plain = true;
    while (p < end && !pf_ods_is_full(block) && !cursor->line_left && *plain) {
        size_t rows = block->row_count, cells = block->cell_count, text = block->text.size;
        int64_t copies = cursor->copies;
        struct pf_ods_row row = {.repeated = 1};
        const char *from = skip_blanks(p), *next = from < end ? take_row(&s, from, &row) : end;
        *plain = next && next <= end;
        if (*plain) {
            s.status = from < end ? pf_ods_row_end(cursor, &row, block, err) : PF_OK;
            p = next;
        } else {
            block->row_count = rows;
            block->cell_count = cells;
            block->text.size = text;
            cursor->copies = copies;
        }
    }
    *used = (size_t)(p - at);
    return s.status;
}
