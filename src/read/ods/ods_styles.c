/* ods_styles.c — room read/ods. What the styles of cells mean.                   SPDX-License-Identifier: MIT
 * Knows: number styles, parents of styles, hidden tables.
 * Knows not: cells.                                         Format: docs/formats/ods.md §Styles */
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "read/ods/ods_book.h"
#include "read/ods/ods_code.h"

#define STYLES_MOST  65000 /* a cell's style has 16 bits */
#define PARENTS_MOST 16

static pf_status keep(struct pf_ods_book *book, struct pf_text text, const char **out, struct pf_error *err) {
    *out = text.size ? pf_arena_text(&book->arena, text.at, text.size) : NULL;
    return text.size && !*out ? pf_fail_memory(err, text.size) : PF_OK;
}

/* ---- number styles (16.27) ---- */

struct shape {
    int64_t digits, decimals;
    bool day, clock, plain;
};

static int64_t count_of(const struct pf_xml *xml, const char *name) {
    struct pf_text text = pf_xml_attribute(xml, name);
    int64_t value;
    return text.at && pf_parse_int64(text.at, text.size, &value) ? value : 0;
}

static void note_piece(const struct pf_xml *xml, struct shape *shape) {
    static const char *const days[] = {"day", "month", "year", "era", "day-of-week", "week-of-year", "quarter"};
    static const char *const clocks[] = {"hours", "minutes", "seconds"};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        shape->day |= pf_xml_is(xml, days[i]);
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++)
        shape->clock |= pf_xml_is(xml, clocks[i]);
    if (pf_xml_is(xml, "number")) {
        shape->digits = count_of(xml, "min-integer-digits");
        shape->decimals = count_of(xml, "decimal-places");
        shape->plain &= !pf_text_is(pf_xml_attribute(xml, "grouping"), "true") &&
                        !pf_xml_attribute(xml, "display-factor").at;
    } else if (pf_xml_is(xml, "embedded-text") || pf_xml_is(xml, "fraction") ||
               pf_xml_is(xml, "scientific-number"))
        shape->plain = false;
}

static int64_t meaning_of(struct pf_text name, const struct shape *s, bool truncates) {
    if (pf_text_is(name, "text-style"))
        return PF_FORMAT_TEXT;
    if (pf_text_is(name, "percentage-style"))
        return PF_FORMAT_PERCENT;
    if (pf_text_is(name, "currency-style"))
        return PF_FORMAT_CURRENCY;
    if (pf_text_is(name, "time-style"))
        return truncates ? PF_FORMAT_TIME : PF_FORMAT_DURATION;
    if (pf_text_is(name, "date-style"))
        return s->clock ? s->day ? PF_FORMAT_STAMP : PF_FORMAT_TIME : PF_FORMAT_DATE;
    if (pf_text_is(name, "number-style") && s->plain && s->decimals == 0 && s->digits > 1 && s->digits < 32)
        return PF_FORMAT_MASK | s->digits << 8;
    return PF_FORMAT_NUMBER;
}

static pf_status read_pieces(struct pf_xml *xml, struct shape *shape, struct pf_ods_code *code,
                             struct pf_error *err) {
    int32_t depth = xml->depth;
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_OPEN)
            note_piece(xml, shape);
        PF_TRY(pf_ods_code_take(code, xml, err));
    }
    return PF_OK;
}

#define CODE_SHIFT 16
/* Kind, width and code in one number, by name. */
static pf_status add_data_style(struct pf_ods_book *book, struct pf_text name, int64_t meaning,
                                const struct pf_ods_code *code, struct pf_error *err) {
    struct pf_grid_format format = {.kind = (uint8_t)meaning};
    int64_t found;
    PF_TRY(pf_grid_codes_keep(&book->codes, (const char *)code->text.data, code->text.size, &format, err));
    return pf_map_add(&book->data_styles, name.at, name.size, meaning | (int64_t)format.code << CODE_SHIFT,
                      &found, err);
}

static pf_status take_data_style(struct pf_ods_book *book, struct pf_xml *xml, struct pf_error *err) {
    static const char *const kinds[] = {"number-style", "currency-style", "percentage-style", "date-style",
                                        "time-style",   "boolean-style",  "text-style"};
    struct pf_text kind = {0};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (pf_xml_is(xml, kinds[i]))
            kind = pf_text_of(kinds[i]);
    if (!kind.at)
        return PF_OK;
    struct shape shape = {.plain = true};
    struct pf_ods_code code = {.truncates =
                                   !pf_text_is(pf_xml_attribute(xml, "truncate-on-overflow"), "false")};
    const char *name;
    PF_TRY(keep(book, pf_xml_attribute(xml, "name"), &name, err));
    pf_status status = read_pieces(xml, &shape, &code, err);
    if (status == PF_OK)
        status = add_data_style(book, pf_text_of(name ? name : ""), meaning_of(kind, &shape, code.truncates),
                                &code, err);
    pf_buf_clear(&code.text);
    return status;
}

/* ---- styles of cells and tables (16.2) ---- */

static pf_status take_cell_style(struct pf_ods_book *book, const struct pf_xml *xml, struct pf_error *err) {
    struct pf_text name = pf_xml_attribute(xml, "name");
    struct pf_ods_style style = {0};
    int64_t index, found;
    if (book->styles.size == 0)
        PF_TRY(pf_buf_put(&book->styles, &style, sizeof style, err));
    index = (int64_t)(book->styles.size / sizeof style);
    if (index > STYLES_MOST || !name.size)
        return PF_OK;
    PF_TRY(pf_map_add(&book->cell_styles, name.at, name.size, index, &found, err));
    if (found != index)
        return PF_OK;
    PF_TRY(keep(book, pf_xml_attribute(xml, "parent-style-name"), &style.parent, err));
    PF_TRY(keep(book, pf_xml_attribute(xml, "data-style-name"), &style.data, err));
    return pf_buf_put(&book->styles, &style, sizeof style, err);
}

static pf_status take_table_style(struct pf_ods_book *book, struct pf_xml *xml, struct pf_error *err) {
    int32_t depth = xml->depth;
    bool hidden = false;
    int64_t found;
    const char *name;
    PF_TRY(keep(book, pf_xml_attribute(xml, "name"), &name, err));
    while (xml->depth >= depth) {
        PF_TRY(pf_xml_next(xml, err));
        if (xml->event == PF_XML_OPEN && pf_text_is(pf_xml_attribute(xml, "display"), "false"))
            hidden = true;
    }
    struct pf_text key = pf_text_of(name ? name : "");
    return hidden ? pf_map_add(&book->table_styles, key.at, key.size, 1, &found, err) : PF_OK;
}

pf_status pf_ods_styles_take(struct pf_ods_book *book, struct pf_xml *xml, struct pf_error *err) {
    if (!pf_xml_is(xml, "style"))
        return take_data_style(book, xml, err);
    struct pf_text family = pf_xml_attribute(xml, "family");
    if (pf_text_is(family, "table-cell"))
        return take_cell_style(book, xml, err);
    return pf_text_is(family, "table") ? take_table_style(book, xml, err) : PF_OK;
}

uint32_t pf_ods_style_of(const struct pf_ods_book *book, struct pf_text name) {
    int64_t index;
    return name.size && pf_map_find(&book->cell_styles, name.at, name.size, &index) ? (uint32_t)index : 0;
}

pf_status pf_ods_styles_resolve(struct pf_ods_book *book, struct pf_error *err) {
    const struct pf_ods_style *styles = (const struct pf_ods_style *)(const void *)book->styles.data;
    size_t count = book->styles.size / sizeof *styles;
    for (size_t i = 0; i < count; i++) {
        const struct pf_ods_style *at = &styles[i];
        for (int n = 0; n < PARENTS_MOST && !at->data && at->parent; n++)
            at = &styles[pf_ods_style_of(book, pf_text_of(at->parent))];
        int64_t means = PF_FORMAT_GENERAL;
        if (at->data)
            (void)pf_map_find(&book->data_styles, at->data, strlen(at->data), &means);
        struct pf_grid_format format = {
            .kind = (uint8_t)means, .width = (uint8_t)(means >> 8), .code = (uint16_t)(means >> CODE_SHIFT)};
        PF_TRY(pf_buf_put(&book->formats, &format, sizeof format, err));
    }
    return PF_OK;
}
