/* grid_value.c — room grid. What a stored cell means, and how it is spelled.     SPDX-License-Identifier: MIT
 * Knows: numbers that are dates by their format, integers held as doubles, masks; both spellings.
 * Knows not: columns, tables. */
#include "grid/grid_value.h"

#include <math.h>
#include <stdio.h>

#include "base/calendar.h"
#include "base/number.h"
#include "columns/columns_infer.h"

#define DAY_MICROS INT64_C(86400000000)

static void plain_number(double number, struct pf_meaning *out) {
    out->number = number;
    out->means = PF_MEANS_REAL;
    if (pf_number_is_whole(number)) {
        out->means = PF_MEANS_INTEGER;
        out->whole = (int64_t)number;
    }
}

/* Before the first day of the calendar: a time of day, whatever the format says. */
static bool is_early(double number) { return number >= 0 && llround(number * 86400000) < 86400000; }

static void dated_number(double number, int kind, bool date1904, struct pf_meaning *out) {
    int32_t days;
    int64_t micros;
    if (kind == PF_FORMAT_DURATION) {
        if (pf_grid_elapsed(number, &out->whole))
            out->means = PF_MEANS_ELAPSED;
        return;
    }
    if (!pf_grid_serial(number, date1904, &days, &micros))
        return;
    out->means = kind == PF_FORMAT_DATE && micros == 0 ? PF_MEANS_DATE : PF_MEANS_STAMP;
    out->whole = out->means == PF_MEANS_DATE ? days : days * DAY_MICROS + micros;
    if (kind == PF_FORMAT_TIME && is_early(number)) {
        out->means = PF_MEANS_TIME;
        out->whole = micros;
    }
}

void pf_grid_number_means(double number, struct pf_grid_format format, bool date1904, struct pf_meaning *out) {
    plain_number(number, out);
    if (format.kind < PF_FORMAT_MASK)
        return;
    if (format.kind == PF_FORMAT_TEXT || (format.kind == PF_FORMAT_MASK && out->means == PF_MEANS_INTEGER)) {
        out->means = PF_MEANS_CODE;
        out->digits = format.kind == PF_FORMAT_MASK ? format.width : 0;
    } else if (format.kind > PF_FORMAT_TEXT) {
        dated_number(number, format.kind, date1904, out);
    }
}

static void text_means(struct pf_text text, int means, struct pf_meaning *out) {
    out->text = text;
    out->means = text.size || means == PF_MEANS_UNKNOWN ? means : PF_MEANS_NOTHING;
}

static struct pf_text block_text(const struct pf_grid_block *block, const struct pf_cell *cell) {
    if (cell->value.text.size == 0)
        return (struct pf_text){"", 0}; /* there may be no memory of texts */
    return (struct pf_text){(const char *)block->text.data + cell->value.text.at, cell->value.text.size};
}

void pf_grid_cell_means(const struct pf_grid_book *book, bool date1904, const struct pf_grid_block *block,
                        const struct pf_cell *cell, struct pf_meaning *out) {
    switch (cell->kind) {
    case PF_CELL_NUMBER: {
        struct pf_grid_format general = {0};
        pf_grid_number_means(cell->value.number,
                             cell->style < book->format_count ? book->formats[cell->style] : general, date1904,
                             out);
        break;
    }
    case PF_CELL_SHARED: {
        const struct pf_grid_strings *s = book->strings;
        uint32_t id = cell->value.shared;
        struct pf_text none = {"", 0};
        if (s && id < s->count)
            none = (struct pf_text){s->bytes + s->offsets[id], (size_t)(s->offsets[id + 1] - s->offsets[id])};
        text_means(none, PF_MEANS_TEXT, out);
        break;
    }
    case PF_CELL_TEXT: text_means(block_text(block, cell), PF_MEANS_TEXT, out); break;
    case PF_CELL_ERROR: text_means(block_text(block, cell), PF_MEANS_ERROR, out); break;
    case PF_CELL_UNKNOWN: text_means(block_text(block, cell), PF_MEANS_UNKNOWN, out); break;
    default:
        out->whole = cell->value.whole;
        out->means = cell->kind == PF_CELL_BOOL    ? PF_MEANS_BOOL
                     : cell->kind == PF_CELL_DATE  ? PF_MEANS_DATE
                     : cell->kind == PF_CELL_STAMP ? PF_MEANS_STAMP
                                                   : PF_MEANS_ELAPSED;
        break;
    }
}

void pf_grid_text_as_number(struct pf_meaning *m) {
    static const struct pf_rules rules = {.point = '.', .dates = PF_DATES_TEXT};
    if (m->means != PF_MEANS_TEXT)
        return;
    struct pf_text text = pf_text_trim(m->text);
    enum pf_class class = text.size ? pf_infer_class(text.at, text.size, &rules, NULL) : PF_CLASS_TEXT;
    if ((class != PF_CLASS_INT53 && class != PF_CLASS_DOUBLE) ||
        !pf_parse_double(text.at, text.size, '.', &m->number))
        return;
    m->means = class == PF_CLASS_INT53 ? PF_MEANS_TEXT_INTEGER : PF_MEANS_TEXT_REAL;
    m->whole = class == PF_CLASS_INT53 ? (int64_t)m->number : 0;
}

/* ---- spelling ---- */

static size_t spell_stamp(int64_t micros, char *to) {
    int64_t seconds = micros / 1000000, rest = micros % 1000000;
    if (rest < 0) {
        rest += 1000000;
        seconds--;
    }
    return pf_print_timestamp(seconds, (int32_t)rest * 1000, rest == 0 ? 0 : rest % 1000 ? 6 : 3, false, to);
}

static size_t spell_span(int64_t micros, char *to) {
    int64_t rest = micros % 1000000;
    return pf_print_duration(micros * 1000, rest == 0 ? 0 : rest % 1000 ? 6 : 3, to);
}

static size_t spell_code(const struct pf_meaning *m, char *to) {
    size_t size =
        pf_number_is_whole(m->number) ? pf_print_int64((int64_t)m->number, to) : pf_print_double(m->number, to);
    size_t sign = to[0] == '-', digits = size - sign, want = (size_t)m->digits;
    if (digits >= want)
        return size;
    memmove(to + sign + want - digits, to + sign, digits);
    memset(to + sign, '0', want - digits);
    return sign + want;
}

struct pf_text pf_grid_spell(const struct pf_meaning *m, char room[PF_SPELL_ROOM]) {
    struct pf_text text = {room, 0};
    switch (m->means) {
    case PF_MEANS_BOOL: return pf_text_of(m->whole ? "TRUE" : "FALSE");
    case PF_MEANS_INTEGER: text.size = pf_print_int64(m->whole, room); break;
    case PF_MEANS_REAL: text.size = pf_print_double(m->number, room); break;
    case PF_MEANS_DATE: text.size = pf_print_date((int32_t)m->whole, room); break;
    case PF_MEANS_STAMP: text.size = spell_stamp(m->whole, room); break;
    case PF_MEANS_TIME:
    case PF_MEANS_ELAPSED: text.size = spell_span(m->whole, room); break;
    case PF_MEANS_CODE: text.size = spell_code(m, room); break;
    default: return m->text;
    }
    return text;
}

struct pf_text pf_grid_spell_python(const struct pf_meaning *m, char room[PF_SPELL_ROOM]) {
    static const char midnight[] = "T00:00:00";
    if (m->means == PF_MEANS_BOOL)
        return pf_text_of(m->whole ? "True" : "False");
    struct pf_text text = pf_grid_spell(m, room);
    if (m->means == PF_MEANS_DATE) {
        memcpy(room + text.size, midnight, sizeof midnight);
        text.size += sizeof midnight - 1;
    }
    return text;
}

static size_t spell_view_number(double number, char *to) {
    if (fabs(number) < 1e15 && number == floor(number))
        return pf_print_int64((int64_t)number, to);
    return (size_t)snprintf(to, PF_SPELL_ROOM, "%.15g", number);
}

char pf_grid_spell_cell(const struct pf_grid_book *book, bool date1904, const struct pf_grid_block *block,
                        const struct pf_cell *cell, char room[PF_SPELL_ROOM], struct pf_text *text) {
    struct pf_meaning m = {0};
    pf_grid_cell_means(book, date1904, block, cell, &m);
    *text = pf_grid_spell(&m, room);
    switch (m.means) {
    case PF_MEANS_BOOL: *text = pf_text_of(m.whole ? "true" : "false"); return 'b';
    case PF_MEANS_INTEGER:
    case PF_MEANS_REAL:
    case PF_MEANS_CODE: *text = (struct pf_text){room, spell_view_number(m.number, room)}; return 'n';
    case PF_MEANS_DATE:
    case PF_MEANS_STAMP:
        if (cell->kind == PF_CELL_NUMBER && is_early(m.number)) {
            *text = (struct pf_text){room, spell_span(llround(m.number * 86400000) * 1000, room)};
            return 't';
        }
        if (m.means == PF_MEANS_STAMP && m.whole % DAY_MICROS == 0)
            text->size = 10; /* midnight is not told */
        return 'd';
    case PF_MEANS_TIME:
    case PF_MEANS_ELAPSED: return 't';
    case PF_MEANS_ERROR: return 'e';
    default: return 's';
    }
}
