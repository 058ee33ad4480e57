/* xlsx_shared.c — room read/xlsx. Formulas that several cells share.             SPDX-License-Identifier: MIT
 * Knows: which words of a formula are relative references, and how they read in another cell.
 * Knows not: what formulas mean. Source: ECMA-376 Part 1, 18.3.1.40 (f), 18.17 (formulas).
 *                                                           Format: docs/formats/xlsx.md §Sheets */
#include "read/xlsx/xlsx_shared.h"

#include "base/error.h"

#define SHARED_MOST  ((size_t)64 << 20) /* bytes that are kept of a sheet */
#define FORMULA_MOST 32768              /* of one; Excel has at most 8,192 characters */

struct formula {
    uint32_t row, column;
    size_t at, size; /* in texts */
};

void pf_xlsx_shared_clear(struct pf_xlsx_shared *shared) {
    pf_map_clear(&shared->numbers);
    pf_buf_clear(&shared->formulas);
    pf_buf_clear(&shared->texts);
}

pf_status pf_xlsx_shared_keep(struct pf_xlsx_shared *shared, uint32_t number, uint32_t row, uint32_t column,
                              struct pf_text text, struct pf_error *err) {
    struct formula formula = {row, column, shared->texts.size, text.size};
    int64_t at = (int64_t)(shared->formulas.size / sizeof formula), found = 0;
    if (text.size > FORMULA_MOST || shared->texts.size + text.size > SHARED_MOST)
        return PF_OK; /* its cells find nothing */
    PF_TRY(pf_map_add(&shared->numbers, &number, sizeof number, at, &found, err));
    if (found != at)
        return PF_OK; /* the first one counts */
    PF_TRY(pf_buf_put(&shared->formulas, &formula, sizeof formula, err));
    return pf_buf_put(&shared->texts, text.at, text.size, err);
}

/* ---- words ---- */

/* How far the other cell is. */
struct shift {
    uint32_t rows, columns; /* around the sheet, upwards and to the left, too */
};

/* "$A$1", "$A" or "$1", in whole. */
struct reference {
    bool has_column, has_row, column_fixed, row_fixed;
    uint32_t column, row; /* from 0 */
};

static bool is_letter(char c) { return pf_lower(c) >= 'a' && pf_lower(c) <= 'z'; }

static bool is_of_word(char c) {
    return is_letter(c) || pf_is_digit(c) || c == '_' || c == '.' || c == '$' || c == '\\' || c == '?' ||
           (uint8_t)c >= 0x80;
}

static bool read_reference(struct pf_text word, struct reference *reference) {
    size_t at = 0;
    uint32_t column = 0, row = 0;
    *reference = (struct reference){0};
    bool fixed = word.size && word.at[0] == '$';
    at += fixed;
    for (; at < word.size && is_letter(word.at[at]) && column < PF_GRID_COLUMNS; at++) {
        column = 26 * column + (uint32_t)(pf_lower(word.at[at]) - 'a') + 1;
        reference->has_column = true;
    }
    reference->column_fixed = fixed && reference->has_column;
    reference->row_fixed = fixed && !reference->has_column;
    if (reference->has_column && at < word.size && word.at[at] == '$') {
        reference->row_fixed = true;
        at++;
    }
    for (; at < word.size && pf_is_digit(word.at[at]) && row < PF_GRID_ROWS; at++) {
        row = 10 * row + (uint32_t)(word.at[at] - '0');
        reference->has_row = true;
    }
    reference->column = column - 1;
    reference->row = row - 1;
    return at == word.size && (reference->has_column || reference->has_row) &&
           (!reference->has_column || column <= PF_GRID_COLUMNS) &&
           (reference->has_row ? row > 0 && row <= PF_GRID_ROWS : !reference->row_fixed);
}

static pf_status put_reference(const struct reference *reference, struct shift by, struct pf_buf *to,
                               struct pf_error *err) {
    char name[8];
    uint32_t column = (reference->column + (reference->column_fixed ? 0 : by.columns)) % PF_GRID_COLUMNS;
    uint32_t row = (reference->row + (reference->row_fixed ? 0 : by.rows)) % PF_GRID_ROWS;
    if (reference->has_column)
        PF_TRY(pf_buf_print(to, err, "%s%.*s", reference->column_fixed ? "$" : "",
                            (int)pf_grid_column_print(column, name), name));
    return reference->has_row ? pf_buf_print(to, err, "%s%u", reference->row_fixed ? "$" : "", row + 1) : PF_OK;
}

/* ---- the text ---- */

/* Behind a text or name in quotes, which are doubled within; or the end. */
static size_t quoted_end(struct pf_text text, size_t at) {
    char quote = text.at[at];
    for (at++; at < text.size && text.at[at] != quote; at++) {
    }
    return at < text.size ? at + 1 : at;
}

/* Behind brackets within brackets; "'" stands in front of those that are part of a column's name. */
static size_t brackets_end(struct pf_text text, size_t at) {
    size_t depth = 0;
    for (; at < text.size; at++) {
        if (text.at[at] == '\'')
            at++;
        else if (text.at[at] == '[')
            depth++;
        else if (text.at[at] == ']' && --depth == 0)
            return at + 1;
    }
    return text.size;
}

static size_t word_end(struct pf_text text, size_t at) {
    while (at < text.size && is_of_word(text.at[at]))
        at++;
    return at;
}

/* "A" of "A:B" or "1" of "1:3": a half, and what it is a half of. */
static bool is_half(struct pf_text text, size_t end, const struct reference *reference) {
    struct reference other;
    if (end >= text.size || text.at[end] != ':')
        return false;
    size_t behind = word_end(text, end + 1);
    return read_reference((struct pf_text){text.at + end + 1, behind - end - 1}, &other) &&
           other.has_column == reference->has_column && other.has_row == reference->has_row;
}

/* A word from `at` to `end`. *range: it is the first half of whole rows or columns, and then the second one. */
static pf_status put_word(struct pf_text text, size_t at, size_t end, struct shift by, bool *range,
                          struct pf_buf *to, struct pf_error *err) {
    struct pf_text word = {text.at + at, end - at};
    struct reference reference;
    bool second = *range;
    char next = end < text.size ? text.at[end] : 0;
    bool found = next != '(' && next != '!' && next != '[' && read_reference(word, &reference);
    bool whole = found && reference.has_column && reference.has_row;
    *range = found && !whole && !second && is_half(text, end, &reference);
    if (whole || *range || (found && second))
        return put_reference(&reference, by, to, err);
    return pf_buf_put(to, word.at, word.size, err);
}

static pf_status put_shifted(struct pf_text text, struct shift by, struct pf_buf *to, struct pf_error *err) {
    bool range = false;
    for (size_t at = 0, end; at < text.size; at = end) {
        char c = text.at[at];
        if (is_of_word(c)) {
            end = word_end(text, at);
            PF_TRY(put_word(text, at, end, by, &range, to, err));
            continue;
        }
        end = c == '"' || c == '\'' ? quoted_end(text, at) : c == '[' ? brackets_end(text, at) : at + 1;
        range &= c == ':';
        PF_TRY(pf_buf_put(to, text.at + at, end - at, err));
    }
    return PF_OK;
}

pf_status pf_xlsx_shared_put(const struct pf_xlsx_shared *shared, uint32_t number, uint32_t row,
                             uint32_t column, struct pf_buf *to, bool *known, struct pf_error *err) {
    int64_t at = 0;
    *known = pf_map_find(&shared->numbers, &number, sizeof number, &at);
    if (!*known)
        return PF_OK;
    const struct formula *formula = &((const struct formula *)(const void *)shared->formulas.data)[at];
    struct pf_text text = {(const char *)shared->texts.data + formula->at, formula->size};
    struct shift by = {row + PF_GRID_ROWS - formula->row, column + PF_GRID_COLUMNS - formula->column};
    return put_shifted(text, by, to, err);
}
