/* columns_look.c — room columns. Blocks of cells into the state of a column; proofs.  SPDX-License-Identifier: MIT
 * Knows: the fast loops and when to leave them for the thorough way.
 * Knows not: values; those are columns_parse.c's. */
#include "base/calendar.h"
#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_class.h"
#include "columns/columns_impose.h"
#include "columns/columns_scan.h"

/* The loop for what comes after such a cell; NULL: none. */
static pf_scan_look *choose_loop(const struct pf_scan_loops *loops, const struct pf_cell_class *cell,
                                 struct pf_scan *scan) {
    switch (cell->class) {
    case PF_CLASS_BOOL: return loops->bools;
    case PF_CLASS_INT53:
    case PF_CLASS_INT64:
    case PF_CLASS_DECIMAL:
    case PF_CLASS_DOUBLE:
    case PF_CLASS_NONFINITE: return loops->numbers;
    case PF_CLASS_DATE_ISO:
    case PF_CLASS_STAMP_ISO:
    case PF_CLASS_STAMP_ISO_ZONED: return loops->iso;
    case PF_CLASS_DATE_ANY:
    case PF_CLASS_DATE_DMY:
    case PF_CLASS_DATE_MDY:
        scan->separator = cell->marks & 1 << PF_MARK_SLASH ? '/' : cell->marks & 1 << PF_MARK_DOT ? '.' : '-';
        scan->order = (int8_t)(scan->rules->dates == PF_DATES_DMY   ? PF_DATE_DMY
                               : scan->rules->dates == PF_DATES_MDY ? PF_DATE_MDY
                                                                    : -1);
        return loops->local;
    default: return NULL;
    }
}

/* One cell the thorough way; *null when it is one. */
static pf_status look_closely(const struct pf_cells *cells, size_t r, const struct pf_rules *rules, bool *null,
                              struct pf_cell_class *cell, struct pf_error *err) {
    char *held;
    const char *text;
    size_t size;
    bool quoted;
    PF_TRY(pf_cell_value(cells, r, &held, &text, &size, &quoted, err));
    *null = pf_infer_is_null(text, size, quoted, rules);
    if (!*null)
        *cell = pf_classify(text, size, rules);
    pf_mem_free(held);
    return PF_OK;
}

/* Cells [from, to) up to the first TEXT one and with it; *stopped is behind the last that was looked at. */
static pf_status sum_range(struct pf_scan_sum *sum, const struct pf_cells *cells, size_t from, size_t to,
                           const struct pf_rules *rules, size_t *stopped, struct pf_error *err) {
    const struct pf_scan_loops *loops = pf_scan_loops();
    struct pf_scan scan;
    pf_scan_look *loop = NULL;
    size_t r = from;
    pf_scan_open(&scan, cells, rules);
    scan.end = to;
    while (r < to) {
        if (loop)
            r = loop(&scan, r, sum);
        if (r >= to)
            break;
        struct pf_cell_class cell;
        bool null;
        PF_TRY(look_closely(cells, r++, rules, &null, &cell, err));
        if (null) {
            sum->nulls++;
            continue;
        }
        pf_scan_add(sum, &cell);
        if (cell.class == PF_CLASS_TEXT)
            break;
        loop = choose_loop(loops, &cell, &scan);
    }
    *stopped = r;
    return PF_OK;
}

/* The same, noted in a state. */
static pf_status note_range(struct pf_infer *infer, const struct pf_scan_sum *sum, const struct pf_cells *cells,
                            int64_t row, size_t from, size_t to, const struct pf_rules *rules,
                            struct pf_error *err) {
    infer->nulls += sum->nulls;
    infer->values += (int64_t)(to - from) - sum->nulls;
    return pf_scan_note(sum, cells, row, from, to, rules, infer, err);
}

pf_status pf_infer_cells(struct pf_infer *infer, const struct pf_cells *cells, int64_t row,
                         const struct pf_rules *rules, struct pf_error *err) {
    struct pf_scan_sum sum = {0};
    size_t stopped;
    if (infer->first[PF_CLASS_TEXT] <= row)
        return PF_OK; /* nothing here can change anything */
    PF_TRY(sum_range(&sum, cells, 0, cells->rows, rules, &stopped, err));
    return note_range(infer, &sum, cells, row, 0, stopped, rules, err);
}

pf_status pf_infer_digits(struct pf_scan_sum *sum, const struct pf_cells *cells, size_t from, size_t to,
                          const struct pf_rules *rules, struct pf_error *err) {
    struct pf_scan_sum again = {0};
    size_t stopped;
    PF_TRY(sum_range(&again, cells, from, to, rules, &stopped, err));
    sum->int_digits = again.int_digits;
    sum->frac_digits = again.frac_digits;
    return PF_OK;
}

/* ---- proofs ---- */

/* Every class that was met, with the worst of the rest, as if it were one cell. */
static bool fits_all(const struct pf_parse *parse, const struct pf_scan_sum *sum) {
    for (int c = 0; c < PF_CLASS_COUNT; c++) {
        struct pf_cell_class worst = {.class = (int16_t)c,
                                      .marks = sum->marks,
                                      .time_digits = (int8_t)sum->time_digits,
                                      .int_digits = (int16_t)sum->int_digits,
                                      .frac_digits = (int16_t)sum->frac_digits};
        if (sum->classes >> c & 1 && !pf_class_fits(parse, &worst))
            return false;
    }
    return true;
}

static bool is_text(const struct pf_parse *parse) {
    return parse->type.kind == PF_KIND_UTF8 || parse->type.kind == PF_KIND_BINARY;
}

/* One cell after the other, up to the first that does not fit. */
static pf_status prove_closely(const struct pf_parse *parse, const struct pf_cells *cells, size_t *done,
                               bool *misfit, int64_t *nulls, struct pf_error *err) {
    bool imposed = pf_parse_is_imposed(parse), keeps_empty = !imposed || is_text(parse); /* quoted ones */
    for (; *done < cells->rows; ++*done) {
        char *held;
        const char *text;
        size_t size;
        bool quoted, fits;
        PF_TRY(pf_cell_value(cells, *done, &held, &text, &size, &quoted, err));
        if (pf_infer_is_null(text, size, quoted && keeps_empty, &parse->rules)) {
            ++*nulls;
            fits = true;
        } else if (imposed) {
            union pf_value value;
            fits = pf_impose(parse, text, size, &value);
        } else {
            struct pf_cell_class cell = pf_classify(text, size, &parse->rules);
            fits = pf_class_fits(parse, &cell);
        }
        pf_mem_free(held);
        if (!fits) {
            *misfit = true;
            break;
        }
    }
    return PF_OK;
}

static pf_status prove_text(const struct pf_parse *parse, const struct pf_cells *cells, size_t *done,
                            int64_t *nulls, struct pf_error *err) {
    struct pf_scan scan;
    struct pf_scan_sum sum = {0};
    bool misfit = false;
    pf_scan_open(&scan, cells, &parse->rules);
    *done = pf_scan_loops()->nulls(&scan, *done, &sum);
    *nulls += sum.nulls;
    return prove_closely(parse, cells, done, &misfit, nulls, err);
}

static pf_status prove_inferred(const struct pf_parse *parse, const struct pf_cells *cells, int64_t row,
                                size_t *done, bool *misfit, struct pf_infer *seen, int64_t *nulls,
                                struct pf_error *err) {
    struct pf_scan_sum sum = {0};
    size_t from = *done, stopped;
    PF_TRY(sum_range(&sum, cells, from, cells->rows, &parse->rules, &stopped, err));
    if (!fits_all(parse, &sum)) { /* find the cell, then see again what stands before it */
        int64_t ignored = 0;
        PF_TRY(prove_closely(parse, cells, done, misfit, &ignored, err));
        sum = (struct pf_scan_sum){0};
        PF_TRY(sum_range(&sum, cells, from, *done, &parse->rules, &stopped, err));
    }
    *done = stopped;
    *nulls += sum.nulls;
    return seen ? note_range(seen, &sum, cells, row, from, stopped, &parse->rules, err) : PF_OK;
}

pf_status pf_prove_cells(const struct pf_parse *parse, const struct pf_cells *cells, int64_t row, size_t *done,
                         bool *misfit, struct pf_infer *seen, int64_t *nulls, struct pf_error *err) {
    size_t from = *done;
    int64_t found = 0;
    bool text = is_text(parse);
    *misfit = false;
    if (pf_parse_is_imposed(parse) && !pf_impose_knows(&parse->type))
        return pf_impose_refuse(&parse->type, err);
    if (!text && !pf_parse_is_imposed(parse)) {
        PF_TRY(prove_inferred(parse, cells, row, done, misfit, seen, &found, err));
        *nulls += found;
        return PF_OK;
    }
    if (text)
        PF_TRY(prove_text(parse, cells, done, &found, err));
    else
        PF_TRY(prove_closely(parse, cells, done, misfit, &found, err));
    *nulls += found;
    if (seen) {
        seen->nulls += found;
        seen->values += (int64_t)(*done - from) - found;
    }
    return PF_OK;
}
