/* ods_cell.c — room read/ods. One cell: its value, its text.                     SPDX-License-Identifier: MIT
 * Knows: value types, durations, paragraphs, what is no text of the cell.
 * Knows not: where cells stand.                             Format: docs/formats/ods.md §Cells */
#include "read/ods/ods_cell.h"

#include <string.h>

#include "base/calendar.h"
#include "base/error.h"
#include "base/number.h"

#define SPACES_MOST 65536
#define DAY_MICROS  INT64_C(86400000000)

void pf_ods_texts_clear(struct pf_ods_texts *texts) {
    pf_buf_clear(&texts->value);
    pf_buf_clear(&texts->text);
    pf_buf_clear(&texts->formula);
    pf_buf_clear(&texts->link);
}

int64_t pf_ods_count(struct pf_text text) {
    int64_t value;
    if (!text.at || !pf_parse_int64(text.at, text.size, &value) || value < 1)
        return 1;
    return value < INT32_MAX ? value : INT32_MAX;
}

/* ---- attributes ---- */

uint8_t pf_ods_type_of(struct pf_text name) {
    static const struct {
        const char *name;
        uint8_t type;
    } known[] = {{"float", PF_ODS_FLOAT},     {"string", PF_ODS_STRING},  {"date", PF_ODS_DATE},
                 {"time", PF_ODS_TIME},       {"currency", PF_ODS_FLOAT}, {"percentage", PF_ODS_FLOAT},
                 {"boolean", PF_ODS_BOOLEAN}, {"error", PF_ODS_ERROR},    {"void", PF_ODS_VOID}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (pf_text_is(name, known[i].name))
            return known[i].type;
    return PF_ODS_UNTYPED;
}

/* "of:=SUM([.A1])" without what stands before the '='. */
static pf_status keep_formula(struct pf_buf *to, struct pf_text value, struct pf_error *err) {
    const char *sign = value.size ? memchr(value.at, '=', value.size) : NULL;
    if (!sign) {
        PF_TRY(pf_buf_put(to, "=", 1, err));
        return pf_buf_put(to, value.at, value.size, err);
    }
    return pf_buf_put(to, sign, value.size - (size_t)(sign - value.at), err);
}

static bool is_value(struct pf_text name) {
    static const char *const names[] = {"value", "date-value", "time-value", "boolean-value", "string-value"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (pf_text_is(name, names[i]))
            return true;
    return false;
}

static pf_status read_attribute(const struct pf_ods_book *book, const struct pf_xml_attribute *a,
                                struct pf_ods_texts *texts, struct pf_ods_cell *cell, struct pf_error *err) {
    enum pf_ods_space space = a->prefix.size ? pf_ods_space_of(&book->names, a->prefix) : PF_ODS_TABLE;
    if (space == PF_ODS_CALCEXT && pf_text_is(a->name, "value-type") && pf_text_is(a->value, "error"))
        cell->type = PF_ODS_ERROR;
    if (space != PF_ODS_OFFICE && space != PF_ODS_TABLE)
        return PF_OK;
    if (pf_text_is(a->name, "value-type"))
        cell->type = cell->type == PF_ODS_ERROR ? PF_ODS_ERROR : pf_ods_type_of(a->value);
    else if (is_value(a->name)) {
        cell->has_value = true;
        texts->value.size = 0;
        return pf_buf_put(&texts->value, a->value.at, a->value.size, err);
    } else if (pf_text_is(a->name, "style-name"))
        cell->style = pf_ods_style_of(book, a->value);
    else if (pf_text_is(a->name, "number-columns-repeated"))
        cell->repeated = pf_ods_count(a->value);
    else if (pf_text_is(a->name, "number-columns-spanned"))
        cell->spans_columns = pf_ods_count(a->value);
    else if (pf_text_is(a->name, "number-rows-spanned"))
        cell->spans_rows = pf_ods_count(a->value);
    else if (pf_text_is(a->name, "formula"))
        return keep_formula(&texts->formula, a->value, err);
    return PF_OK;
}

/* ---- text (6.1) ---- */

struct paragraphs {
    const struct pf_ods_names *names;
    struct pf_buf *to;
    struct pf_buf *link; /* NULL: nobody asks */
    int32_t within;      /* depth of the open paragraph; 0: none */
    bool any;
    bool blank; /* what comes next is behind a blank: further ones are none (6.1.2) */
};

static pf_status put_spaces(struct paragraphs *p, const struct pf_xml *xml, struct pf_error *err) {
    int64_t count = pf_ods_count(pf_xml_attribute(xml, "c"));
    if (count > SPACES_MOST)
        return pf_fail(err, PF_LIMIT, "a cell has %lld spaces in a row; the file is broken or hostile",
                       (long long)count);
    PF_TRY(pf_buf_reserve(p->to, (size_t)count, err));
    memset(p->to->data + p->to->size, ' ', (size_t)count);
    p->to->size += (size_t)count;
    return PF_OK;
}

/* Comments, shapes, notes and readings are no text of the cell. */
static bool is_apart(const struct pf_ods_names *document, const struct pf_xml *xml) {
    static const char *const names[] = {"annotation", "ruby-text", "note", "table", "forms", "event-listeners"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (pf_xml_is(xml, names[i]))
            return true;
    return pf_ods_space_of(document, xml->prefix) == PF_ODS_DRAW;
}

static pf_status open_element(struct paragraphs *p, struct pf_xml *xml, struct pf_error *err) {
    if (is_apart(p->names, xml))
        return pf_xml_skip(xml, err);
    if (p->within == 0) {
        if (!pf_xml_is(xml, "p") && !pf_xml_is(xml, "h"))
            return PF_OK;
        if (p->any)
            PF_TRY(pf_buf_put(p->to, "\n", 1, err));
        p->any = p->blank = true;
        p->within = xml->depth;
        return PF_OK;
    }
    if (p->link && !p->link->size && pf_xml_is(xml, "a")) {
        struct pf_text address = pf_xml_attribute(xml, "href");
        return pf_buf_put(p->link, address.at, address.size, err);
    }
    if (pf_xml_is(xml, "s"))
        return put_spaces(p, xml, err);
    if (pf_xml_is(xml, "tab") || pf_xml_is(xml, "tab-stop"))
        return pf_buf_put(p->to, "\t", 1, err);
    return pf_xml_is(xml, "line-break") ? pf_buf_put(p->to, "\n", 1, err) : PF_OK;
}

static bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static pf_status put_text(struct paragraphs *p, struct pf_text text, struct pf_error *err) {
    for (size_t i = 0; i < text.size;) {
        size_t from = i;
        if (is_white(text.at[i])) {
            if (!p->blank)
                PF_TRY(pf_buf_put(p->to, " ", 1, err));
            p->blank = true;
            i++;
            continue;
        }
        while (i < text.size && !is_white(text.at[i]))
            i++;
        p->blank = false;
        PF_TRY(pf_buf_put(p->to, text.at + from, i - from, err));
    }
    return PF_OK;
}

static pf_status read_text(const struct pf_ods_names *names, struct pf_xml *xml, struct pf_ods_texts *texts,
                           struct pf_error *err) {
    struct paragraphs p = {.names = names, .to = &texts->text, .link = texts->wants_link ? &texts->link : NULL};
    int32_t depth = xml->depth;
    for (;;) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_OPEN)
            PF_TRY(open_element(&p, xml, err));
        else if (xml->event == PF_XML_TEXT && p.within)
            PF_TRY(put_text(&p, xml->text, err));
        else if (xml->event != PF_XML_TEXT) {
            if (xml->depth < depth)
                return PF_OK;
            if (xml->depth < p.within)
                p.within = 0;
        }
    }
}

static struct pf_text text_of(const struct pf_buf *buf) {
    return (struct pf_text){buf->data ? (const char *)buf->data : "", buf->size};
}

pf_status pf_ods_cell_read(const struct pf_ods_book *book, struct pf_xml *xml, struct pf_ods_texts *texts,
                           struct pf_ods_cell *cell, struct pf_error *err) {
    *cell = (struct pf_ods_cell)PF_ODS_CELL;
    texts->value.size = texts->text.size = texts->formula.size = texts->link.size = 0;
    for (size_t i = 0; i < xml->attribute_count; i++)
        PF_TRY(read_attribute(book, &xml->attributes[i], texts, cell, err));
    bool is_read = texts->formula.size || texts->wants_link || !pf_ods_cell_is_told(cell);
    PF_TRY(is_read ? read_text(&book->names, xml, texts, err) : pf_xml_skip(xml, err));
    cell->value = text_of(&texts->value);
    cell->text = text_of(&texts->text);
    cell->formula = text_of(&texts->formula);
    cell->link = text_of(&texts->link);
    return PF_OK;
}

/* ---- values ---- */

static bool take_digits(const char **at, const char *end, int64_t *value) {
    const char *from = *at;
    for (*value = 0; *at < end && pf_is_digit(**at) && *at - from < 12; ++*at)
        *value = *value * 10 + (**at - '0');
    return *at > from;
}

/* Digits behind the point of the seconds. */
static void take_fraction(const char **at, const char *end, int64_t *micros) {
    int64_t unit = 100000, sum = 0;
    for (; *at < end && pf_is_digit(**at); ++*at, unit /= 10)
        sum += unit * (**at - '0');
    *micros = sum;
}

bool pf_ods_duration(const char *text, size_t size, int64_t *micros) {
    static const char marks[] = "DHMS";
    static const int64_t seconds[] = {86400, 3600, 60, 1};
    const char *at = text, *end = text + size;
    bool minus = at < end && *at == '-', clock = false, any = false;
    int64_t sum = 0;
    at += minus;
    if (at == end || *at++ != 'P')
        return false;
    for (int next = 0; at < end;) {
        int64_t value, fraction = 0;
        if (*at == 'T' && !clock) {
            clock = true;
            at++;
            continue;
        }
        if (!take_digits(&at, end, &value))
            return false;
        bool broken = at < end && (*at == '.' || *at == ',');
        if (broken && ++at)
            take_fraction(&at, end, &fraction);
        const char *mark = at < end ? strchr(marks + next, *at) : NULL;
        if (!mark || *mark == 0 || (*mark == 'D') == clock || (broken && *mark != 'S') || value > 99999999999)
            return false;
        next = (int)(mark - marks) + 1;
        if (value > INT64_C(2000000000000) / seconds[next - 1])
            return false;
        sum += value * seconds[next - 1] * 1000000 + fraction;
        any = true;
        at++;
    }
    sum = (sum + 500) / 1000 * 1000;
    *micros = minus ? -sum : sum;
    return any && sum < 100000 * DAY_MICROS; /* as the other formats have it; more is text */
}

struct putting {
    const struct pf_ods_book *book;
    const struct pf_ods_cell *from;
    struct pf_grid_block *block;
    uint32_t column, style;
    uint8_t format; /* enum pf_format_kind of the style */
};

static pf_status put(const struct putting *p, enum pf_cell_kind kind, struct pf_cell **cell,
                     struct pf_error *err) {
    PF_TRY(pf_grid_block_cell(p->block, p->column, p->style, kind, cell, err));
    (*cell)->flags = p->from->formula.size && kind != PF_CELL_UNKNOWN ? PF_CELL_FORMULA : 0;
    return PF_OK;
}

static pf_status put_words(const struct putting *p, enum pf_cell_kind kind, struct pf_text text,
                           struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(put(p, kind, &cell, err));
    return pf_grid_block_text(p->block, cell, text.at, text.size, err);
}

static pf_status put_whole(const struct putting *p, enum pf_cell_kind kind, int64_t whole,
                           struct pf_error *err) {
    struct pf_cell *cell;
    PF_TRY(put(p, kind, &cell, err));
    cell->value.whole = whole;
    return PF_OK;
}

static pf_status put_number(const struct putting *p, double number, bool dated, struct pf_error *err) {
    struct pf_cell *cell;
    struct putting plain = *p;
    if (!dated && p->format >= PF_FORMAT_DATE)
        plain.style = 0; /* the type says that it is a number */
    PF_TRY(put(&plain, PF_CELL_NUMBER, &cell, err));
    cell->value.number = number;
    return PF_OK;
}

static pf_status put_date(const struct putting *p, struct pf_error *err) {
    struct pf_text text = p->from->value;
    struct pf_instant at;
    int32_t days;
    if (pf_parse_date(text.at, text.size, PF_DATE_ISO, &days))
        return put_whole(p, PF_CELL_DATE, days, err);
    if (!pf_parse_timestamp(text.at, text.size, PF_DATE_ISO, &at))
        return put_words(p, PF_CELL_TEXT, text, err);
    int64_t micros = at.seconds * 1000000 + (at.nanos + 500000) / 1000000 * 1000;
    if (micros % DAY_MICROS == 0 && p->format == PF_FORMAT_DATE)
        return put_whole(p, PF_CELL_DATE, micros / DAY_MICROS, err);
    return put_whole(p, PF_CELL_STAMP, micros, err);
}

/* A time of day when the style shows one, else an elapsed time. */
static pf_status put_time(const struct putting *p, struct pf_error *err) {
    struct pf_text text = p->from->value;
    int64_t micros;
    if (!pf_ods_duration(text.at, text.size, &micros))
        return put_words(p, PF_CELL_TEXT, text, err);
    if (p->format == PF_FORMAT_TIME && micros >= 0 && micros < DAY_MICROS)
        return put_number(p, (double)micros / (double)DAY_MICROS, true, err);
    return put_whole(p, PF_CELL_ELAPSED, micros, err);
}

static pf_status put_float(const struct putting *p, struct pf_error *err) {
    struct pf_text text = p->from->value;
    double number;
    if (!pf_parse_double(text.at, text.size, '.', &number))
        return put_words(p, PF_CELL_TEXT, text, err);
    return put_number(p, number, false, err);
}

/* Excel and OpenOffice.org store the error of a formula as the number 0, or as no more than a text, that shows it. */
static bool shows_error(const struct pf_ods_cell *cell) {
    static const char *const names[] = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"};
    struct pf_text text = cell->text;
    if (!cell->formula.size || text.size < 4 || (text.at[0] != '#' && text.at[0] != 'E') ||
        (cell->type != PF_ODS_STRING && !(cell->type == PF_ODS_FLOAT && pf_text_is(cell->value, "0"))))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (pf_text_is(text, names[i]))
            return true;
    return text.size == 7 && memcmp(text.at, "Err:", 4) == 0 && pf_is_digit(text.at[4]) &&
           pf_is_digit(text.at[5]) && pf_is_digit(text.at[6]);
}

pf_status pf_ods_cell_put(const struct pf_ods_book *book, const struct pf_ods_cell *cell, uint32_t column,
                          uint32_t style, uint32_t wants, struct pf_grid_block *block, struct pf_error *err) {
    const struct pf_grid_format *formats = (const struct pf_grid_format *)(const void *)book->formats.data;
    size_t count = book->formats.size / sizeof *formats;
    struct putting p = {.book = book,
                        .from = cell,
                        .block = block,
                        .column = column,
                        .style = style,
                        .format = style < count ? formats[style].kind : PF_FORMAT_GENERAL};
    if (cell->formula.size && (wants & PF_GRID_FORMULAS))
        return put_words(&p, PF_CELL_TEXT, cell->formula, err);
    if (cell->type == PF_ODS_ERROR)
        return put_words(&p, cell->text.size ? PF_CELL_ERROR : PF_CELL_UNKNOWN,
                         cell->text.size ? cell->text : cell->formula, err);
    if (!(wants & PF_GRID_STORED) && shows_error(cell))
        return put_words(&p, PF_CELL_ERROR, cell->text, err);
    if (cell->has_value)
        switch (cell->type) {
        case PF_ODS_FLOAT: return put_float(&p, err);
        case PF_ODS_DATE: return put_date(&p, err);
        case PF_ODS_TIME: return put_time(&p, err);
        case PF_ODS_BOOLEAN: return put_whole(&p, PF_CELL_BOOL, pf_text_is(cell->value, "true"), err);
        case PF_ODS_STRING: return put_words(&p, PF_CELL_TEXT, cell->value, err);
        default: break;
        }
    if (cell->text.size || cell->type == PF_ODS_STRING)
        return put_words(&p, PF_CELL_TEXT, cell->text, err);
    return put_words(&p, PF_CELL_UNKNOWN, cell->formula, err);
}
