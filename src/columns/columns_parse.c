/* columns_parse.c — room columns. Cells of text into a growing column.          SPDX-License-Identifier: MIT
 * Knows: which loop takes which type, and how the cells that it leaves are read one by one.
 * Knows not: where cells begin, what to do with a misfit. */
#include "columns/columns_parse.h"

#include "base/calendar.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "columns/columns_class.h"
#include "columns/columns_impose.h"
#include "columns/columns_scan.h"

/* ---- how dates are written ---- */

static const char *const orders[] = {
    [PF_DATE_ISO] = "", [PF_DATE_DMY] = "dd?mm?yyyy", [PF_DATE_MDY] = "mm?dd?yyyy"};

void pf_parse_format_print(const struct pf_parse_format *format, char *to, size_t room) {
    if (room == 0)
        return;
    const char *order = orders[format->date_order];
    char separator = format->date_separator ? format->date_separator : '/';
    size_t n = 0;
    for (; order[n] && n + 1 < room; n++)
        to[n] = order[n] == '?' ? separator : order[n];
    to[n] = 0;
}

bool pf_parse_format_read(const char *text, size_t size, struct pf_parse_format *format) {
    *format = (struct pf_parse_format){PF_DATE_ISO, 0};
    if (size == 0)
        return true;
    if (size != 10)
        return false;
    for (int8_t order = PF_DATE_DMY; order <= PF_DATE_MDY; order++)
        for (const char *c = "/.-"; *c; c++) {
            char wanted[24];
            struct pf_parse_format f = {order, *c};
            pf_parse_format_print(&f, wanted, sizeof wanted);
            if (memcmp(wanted, text, size) == 0) {
                *format = f;
                return true;
            }
        }
    return false;
}

/* ---- one value ---- */

static bool read_time_value(const struct pf_parse *parse, const char *text, size_t size,
                            union pf_value *value) {
    int32_t days;
    struct pf_instant instant;
    int order = parse->format.date_order;
    if (pf_parse_date(text, size, order, &days))
        instant = (struct pf_instant){.seconds = (int64_t)days * 86400};
    else if (!pf_parse_timestamp(text, size, order, &instant))
        return false;
    return pf_impose_instant(parse->type.unit, instant.seconds, instant.nanos, &value->whole);
}

/* A value whose class fits the type. */
static bool read_value(const struct pf_parse *parse, const char *text, size_t size, union pf_value *value) {
    char room[PF_NUMBER_ROOM];
    const struct pf_rules *rules = &parse->rules;
    int32_t days;
    *value = (union pf_value){.wide = {0, 0}};
    switch (parse->type.kind) {
    case PF_KIND_BOOL: value->natural = (text[0] | 0x20) == 't'; return true;
    case PF_KIND_DATE32:
        if (!pf_parse_date(text, size, parse->format.date_order, &days))
            return false;
        value->whole = days;
        return true;
    case PF_KIND_TIMESTAMP: return read_time_value(parse, text, size, value);
    default: break;
    }
    text = pf_strip_thousands(text, &size, rules->thousands, room);
    if (!text)
        return false;
    switch (parse->type.kind) {
    case PF_KIND_INT64: return pf_parse_int64(text, size, &value->whole);
    case PF_KIND_FLOAT64: return pf_parse_double(text, size, rules->point, &value->real);
    case PF_KIND_DECIMAL128:
        return pf_parse_decimal(text, size, rules->point, parse->type.precision, parse->type.scale,
                                &value->wide);
    default: return false;
    }
}

static bool is_text(const struct pf_parse *parse) {
    return parse->type.kind == PF_KIND_UTF8 || parse->type.kind == PF_KIND_BINARY;
}

/* Types that inference gives; all others are imposed, whatever the caller says. */
static bool is_inferred(const struct pf_type *type) {
    switch (type->kind) {
    case PF_KIND_UTF8:
    case PF_KIND_BOOL:
    case PF_KIND_INT64:
    case PF_KIND_FLOAT64:
    case PF_KIND_DECIMAL128:
    case PF_KIND_DATE32:
    case PF_KIND_TIMESTAMP: return true;
    default: return false;
    }
}

bool pf_parse_is_imposed(const struct pf_parse *parse) { return parse->imposed || !is_inferred(&parse->type); }

/* A plain value that is not null; *cell is set when it was classified. */
static bool take_value(const struct pf_parse *parse, const char *text, size_t size, struct pf_cell_class *cell,
                       union pf_value *value) {
    cell->class = -1;
    if (pf_parse_is_imposed(parse))
        return pf_impose(parse, text, size, value);
    *cell = pf_classify(text, size, &parse->rules);
    return pf_class_fits(parse, cell) && read_value(parse, text, size, value);
}

pf_status pf_parse_one(const struct pf_parse *parse, const char *text, size_t size, bool *fits,
                       struct pf_build *out, struct pf_error *err) {
    union pf_value value;
    struct pf_cell_class cell;
    if (!pf_impose_knows(&parse->type))
        return pf_impose_refuse(&parse->type, err);
    *fits = true;
    if (is_text(parse))
        return pf_build_bytes(out, text, size, err);
    *fits = take_value(parse, text, size, &cell, &value);
    return *fits ? pf_build_value(out, &value, err) : PF_OK;
}

/* ---- blocks ---- */

/* The loop for the type, and what it needs to know; NULL: none. */
static pf_scan_read *choose_loop(const struct pf_parse *parse, struct pf_scan *scan) {
    const struct pf_scan_loops *loops = pf_scan_loops();
    const struct pf_type *type = &parse->type;
    scan->order = parse->format.date_order;
    scan->separator = parse->format.date_separator;
    switch (type->kind) {
    case PF_KIND_UTF8:
    case PF_KIND_BINARY: return loops->read_text;
    case PF_KIND_BOOL: return loops->read_bool;
    case PF_KIND_INT64: return loops->read_int64;
    case PF_KIND_FLOAT64: return loops->read_double;
    case PF_KIND_DECIMAL128:
        scan->precision = type->precision;
        scan->scale = type->scale;
        return type->scale >= 0 && type->scale <= 17 ? loops->read_decimal : NULL;
    case PF_KIND_DATE32: return loops->read_date;
    case PF_KIND_TIMESTAMP:
        scan->digits = (int8_t)(3 * type->unit);
        scan->per_second = type->unit == PF_UNIT_SECOND  ? 1
                           : type->unit == PF_UNIT_MILLI ? 1000
                           : type->unit == PF_UNIT_MICRO ? 1000000
                                                         : 1000000000;
        scan->nano = type->unit == PF_UNIT_NANO;
        scan->zoned = type->zone && type->zone[0];
        return scan->order == PF_DATE_ISO ? loops->read_stamp : NULL;
    default: return NULL;
    }
}

static int64_t sum_sizes(const struct pf_cells *cells, size_t from) {
    int64_t sum = 0;
    const uint32_t *pos = cells->pos + from * cells->stride;
    for (size_t r = from; r < cells->rows; r++, pos += cells->stride)
        sum += (uint32_t)(pos[1] - pos[0] - 1);
    return sum;
}

/* One cell that the loop has left. */
static pf_status take_cell(const struct pf_parse *parse, const struct pf_cells *cells, size_t r, bool *fits,
                           struct pf_scan_sum *sum, struct pf_build *out, struct pf_error *err) {
    char *held;
    const char *text;
    size_t size;
    bool quoted, imposed = pf_parse_is_imposed(parse);
    PF_TRY(pf_cell_value(cells, r, &held, &text, &size, &quoted, err));
    pf_status status;
    *fits = true;
    if (pf_infer_is_null(text, size, quoted && !imposed, &parse->rules)) {
        status = pf_build_null(out, err);
        sum->nulls += status == PF_OK;
    } else {
        struct pf_cell_class cell;
        union pf_value value;
        *fits = take_value(parse, text, size, &cell, &value);
        status = *fits ? pf_build_value(out, &value, err) : PF_OK;
        if (*fits && cell.class >= 0)
            pf_scan_add(sum, &cell);
    }
    pf_mem_free(held);
    return status;
}

/* What the appended cells [from, to) tell of the column. */
static pf_status note_seen(const struct pf_parse *parse, const struct pf_cells *cells, int64_t row, size_t from,
                           size_t to, struct pf_scan_sum *sum, struct pf_infer *seen, struct pf_error *err) {
    int kind = parse->type.kind;
    seen->nulls += sum->nulls;
    seen->values += (int64_t)(to - from) - sum->nulls;
    if (is_text(parse) || pf_parse_is_imposed(parse))
        return PF_OK;
    if (parse->rules.decimal_infer && (kind == PF_KIND_INT64 || kind == PF_KIND_FLOAT64))
        PF_TRY(pf_infer_digits(sum, cells, from, to, &parse->rules, err));
    return pf_scan_note(sum, cells, row, from, to, &parse->rules, seen, err);
}

pf_status pf_parse_cells(const struct pf_parse *parse, const struct pf_cells *cells, int64_t row, size_t *done,
                         bool *misfit, struct pf_infer *seen, struct pf_build *out, struct pf_error *err) {
    struct pf_scan scan;
    struct pf_scan_sum sum = {0};
    size_t from = *done, r = from;
    *misfit = false;
    if (!pf_impose_knows(&parse->type))
        return pf_impose_refuse(&parse->type, err);
    pf_scan_open(&scan, cells, &parse->rules);
    pf_scan_read *loop = choose_loop(parse, &scan);
    PF_TRY(pf_build_reserve(out, (int64_t)(cells->rows - from),
                            is_text(parse) ? sum_sizes(cells, from) + 64 : 0, err));
    while (r < cells->rows) {
        if (loop)
            r = loop(&scan, r, out, &sum);
        if (r == cells->rows)
            break;
        bool fits;
        PF_TRY(take_cell(parse, cells, r, &fits, &sum, out, err));
        if (!fits) {
            *misfit = true;
            break;
        }
        r++;
    }
    *done = r;
    return seen ? note_seen(parse, cells, row, from, r, &sum, seen, err) : PF_OK;
}
