/* ods_code.c — room read/ods. A number style as a format code.                   SPDX-License-Identifier: MIT
 * Knows: the elements of number styles (OpenDocument 1.3 Part 3, 16.29) and what they are in a code of ECMA-376.
 * Knows not: styles of cells, what codes mean.              Format: docs/formats/ods.md §Styles */
#include "read/ods/ods_code.h"

#include <string.h>

#include "base/error.h"
#include "base/number.h"

#define PLACES_MOST 30

static int64_t number_of(const struct pf_xml *xml, const char *name) {
    struct pf_text text = pf_xml_attribute(xml, name);
    int64_t value = 0;
    bool is_number = text.at && pf_parse_int64(text.at, text.size, &value);
    return !is_number || value < 0 ? 0 : value < PLACES_MOST ? value : PLACES_MOST;
}

static bool is(const struct pf_xml *xml, const char *attribute, const char *value) {
    return pf_text_is(pf_xml_attribute(xml, attribute), value);
}

static pf_status repeat(struct pf_ods_code *code, char sign, int64_t count, struct pf_error *err) {
    while (count-- > 0)
        PF_TRY(pf_buf_put(&code->text, &sign, 1, err));
    return PF_OK;
}

static pf_status put_number(struct pf_ods_code *code, const struct pf_xml *xml, struct pf_error *err) {
    int64_t whole = number_of(xml, "min-integer-digits"), places = number_of(xml, "decimal-places");
    int64_t shown =
        pf_xml_attribute(xml, "min-decimal-places").at ? number_of(xml, "min-decimal-places") : places;
    if (is(xml, "grouping", "true")) {
        PF_TRY(pf_buf_text(&code->text, whole ? "#,##" : "#,###", err));
        whole = whole < 2 ? whole : 1;
    } else if (!whole) {
        PF_TRY(repeat(code, '#', 1, err));
    }
    PF_TRY(repeat(code, '0', whole, err));
    if (!places)
        return PF_OK;
    PF_TRY(repeat(code, '.', 1, err));
    shown = shown < places ? shown : places;
    PF_TRY(repeat(code, '0', shown, err));
    return repeat(code, '#', places - shown, err);
}

static pf_status put_fraction(struct pf_ods_code *code, const struct pf_xml *xml, struct pf_error *err) {
    int64_t above = number_of(xml, "min-numerator-digits"), below = number_of(xml, "min-denominator-digits");
    struct pf_text fixed = pf_xml_attribute(xml, "denominator-value");
    PF_TRY(pf_buf_text(&code->text, "# ", err));
    PF_TRY(repeat(code, '?', above ? above : 1, err));
    PF_TRY(repeat(code, '/', 1, err));
    return fixed.size ? pf_buf_put(&code->text, fixed.at, fixed.size, err)
                      : repeat(code, '?', below ? below : 1, err);
}

/* A part of a date or time: its letter, twice where it is long; the first unit of an elapsed time in brackets. */
static pf_status put_part(struct pf_ods_code *code, const struct pf_xml *xml, char letter,
                          struct pf_error *err) {
    bool brackets = !code->truncates && !code->elapsed && strchr("hms", letter);
    code->elapsed |= brackets;
    PF_TRY(repeat(code, '[', brackets, err));
    PF_TRY(repeat(code, letter, is(xml, "style", "long") ? 2 : 1, err));
    PF_TRY(repeat(code, ']', brackets, err));
    int64_t places = letter == 's' ? number_of(xml, "decimal-places") : 0;
    PF_TRY(repeat(code, '.', places > 0, err));
    return repeat(code, '0', places, err);
}

static pf_status put_literal(struct pf_ods_code *code, struct pf_text text, struct pf_error *err) {
    static const char plain[] = " -/:,.()%+$";
    for (size_t i = 0; i < text.size; i++) {
        bool quoted = (uint8_t)text.at[i] >= 0x80 || !memchr(plain, text.at[i], sizeof plain - 1);
        size_t from = i;
        if (!quoted) {
            PF_TRY(pf_buf_put(&code->text, text.at + i, 1, err));
            continue;
        }
        while (i + 1 < text.size &&
               ((uint8_t)text.at[i + 1] >= 0x80 || !memchr(plain, text.at[i + 1], sizeof plain - 1)) &&
               text.at[i + 1] != '"')
            i++;
        PF_TRY(pf_buf_text(&code->text, text.at[from] == '"' ? "\\" : "\"", err));
        PF_TRY(pf_buf_put(&code->text, text.at + from, text.at[from] == '"' ? 1 : i + 1 - from, err));
        if (text.at[from] != '"')
            PF_TRY(pf_buf_put(&code->text, "\"", 1, err));
        else
            i = from;
    }
    return PF_OK;
}

static pf_status open_element(struct pf_ods_code *code, const struct pf_xml *xml, struct pf_error *err) {
    static const struct {
        const char *name;
        char letter;
    } parts[] = {{"day", 'd'}, {"hours", 'h'}, {"minutes", 'm'}, {"seconds", 's'}};
    code->is_literal = pf_xml_is(xml, "text");
    code->is_sign = pf_xml_is(xml, "currency-symbol");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (pf_xml_is(xml, parts[i].name))
            return put_part(code, xml, parts[i].letter, err);
    if (pf_xml_is(xml, "year"))
        return repeat(code, 'y', is(xml, "style", "long") ? 4 : 2, err);
    if (pf_xml_is(xml, "month"))
        return repeat(code, 'm', (is(xml, "textual", "true") ? 3 : 1) + is(xml, "style", "long"), err);
    if (pf_xml_is(xml, "day-of-week"))
        return repeat(code, 'd', is(xml, "style", "long") ? 4 : 3, err);
    if (pf_xml_is(xml, "am-pm"))
        return pf_buf_text(&code->text, "AM/PM", err);
    if (pf_xml_is(xml, "text-content"))
        return repeat(code, '@', 1, err);
    if (pf_xml_is(xml, "fraction"))
        return put_fraction(code, xml, err);
    if (!pf_xml_is(xml, "number") && !pf_xml_is(xml, "scientific-number"))
        return PF_OK;
    PF_TRY(put_number(code, xml, err));
    if (pf_xml_is(xml, "number"))
        return PF_OK;
    PF_TRY(pf_buf_text(&code->text, "E+", err));
    int64_t digits = number_of(xml, "min-exponent-digits");
    return repeat(code, '0', digits ? digits : 1, err);
}

pf_status pf_ods_code_take(struct pf_ods_code *code, const struct pf_xml *xml, struct pf_error *err) {
    if (xml->event == PF_XML_OPEN)
        return open_element(code, xml, err);
    if (xml->event != PF_XML_TEXT) {
        code->is_literal = code->is_sign = false;
        return PF_OK;
    }
    if (code->is_sign && xml->text.size) {
        PF_TRY(pf_buf_text(&code->text, "[$", err));
        PF_TRY(pf_buf_put(&code->text, xml->text.at, xml->text.size, err));
        return pf_buf_text(&code->text, "]", err);
    }
    return code->is_literal ? put_literal(code, xml->text, err) : PF_OK;
}
