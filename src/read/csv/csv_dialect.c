/* csv_dialect.c — room read/csv. The dialect of a file from its head and tail.    SPDX-License-Identifier: MIT
 * Knows: the order of the questions; "sep=" lines; what the user fixed.
 * Knows not: how candidates are scored, what a header looks like, charsets. Docs: docs/formats/dialect.md */
#include "read/csv/csv_dialect.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "read/csv/csv_delimiter.h"
#include "read/csv/csv_layout.h"

#define LAYOUT_BYTES   (128u << 10) /* of the head that layout is judged on */
#define LAYOUT_RECORDS 2000
#define FOOTER_BYTES   (64u << 10) /* of the tail */

static size_t pass_line(const char *text, size_t size, size_t at) {
    while (at < size && text[at] != '\n' && text[at] != '\r')
        at++;
    if (at < size)
        at += text[at] == '\r' && at + 1 < size && text[at + 1] == '\n' ? 2 : 1;
    return at;
}

/* "sep=;" as spreadsheets write it, also quoted: its delimiter. Returns the bytes of the line, 0 when it is none. */
static size_t read_sep_line(const char *text, size_t size, struct pf_csv_dialect *out) {
    size_t at = size > 0 && text[0] == '"';
    if (size < at + 5 || !pf_text_same_nocase((struct pf_text){text + at, 4}, pf_text_of("sep=")))
        return 0;
    size_t from = at + 4, end = from;
    while (end < size && text[end] != '\n' && text[end] != '\r')
        end++;
    size_t next = pass_line(text, size, end);
    if (at && end > from && text[end - 1] == '"')
        end--;
    if (end == from || end - from > 4)
        return 0;
    memcpy(out->delimiter, text + from, end - from);
    out->delimiter_size = (uint8_t)(end - from);
    return next;
}

static pf_status take_delimiter(const char *delimiter, struct pf_csv_dialect *out, struct pf_error *err) {
    struct pf_text text = pf_text_of(delimiter);
    memset(out->delimiter, 0, sizeof out->delimiter);
    out->delimiter_size = 0;
    if (pf_text_is(text, "\\t") || pf_text_same_nocase(text, pf_text_of("tab")))
        text = pf_text_of("\t");
    if (pf_text_same_nocase(text, pf_text_of("whitespace"))) {
        out->whitespace = true;
        text = pf_text_of(" ");
    }
    if (text.size >= sizeof out->delimiter || memchr(text.at, '\n', text.size) ||
        memchr(text.at, '\r', text.size))
        return pf_fail(err, PF_ARGUMENT, "a delimiter has at most %zu bytes and no line end; give another one",
                       sizeof out->delimiter - 1);
    memcpy(out->delimiter, text.at, text.size);
    out->delimiter_size = (uint8_t)text.size;
    return PF_OK;
}

/* sign: of the option; a sign that usually separates cells needs a word about what separates them here. */
static pf_status check_sign(const char *sign, const char *option, const struct pf_csv_wish *wish,
                            struct pf_error *err) {
    if (sign && (strlen(sign) > 1 || sign[0] == '\n' || sign[0] == '\r'))
        return pf_fail(err, PF_ARGUMENT, "--%s '%s' is not one ASCII character; give one, or none", option,
                       sign);
    if (sign && sign[0] && !wish->delimiter && strchr(",;\t|", sign[0]))
        return pf_fail(err, PF_ARGUMENT,
                       "--%s '%s' may be the delimiter too; give --delimiter as well, or another --%s", option,
                       sign[0] == '\t' ? "tab" : sign, option);
    return PF_OK;
}

struct sign {
    const char *option, *asked; /* asked: NULL: found in the input */
    char value;                 /* 0: none */
};

/* Two options, or one and what the input showed, that claim the same character. */
static pf_status refuse_clash(const struct sign *a, const struct sign *b, struct pf_error *err) {
    const struct sign *asked = b->asked ? b : a, *other = b->asked ? a : b;
    char shown[8] = {asked->value};
    if (asked->value == '\t')
        memcpy(shown, "tab", 4);
    return pf_fail(err, PF_ARGUMENT, "--%s and --%s cannot both be '%s'; give another --%s or another --%s",
                   asked->option, other->option, shown, asked->option, other->option);
}

/* Each sign means one thing; only the escape may be the quote itself (doubled quotes). */
static pf_status check_clashes(const struct pf_csv_wish *wish, const struct pf_csv_dialect *d,
                               struct pf_error *err) {
    const struct sign signs[] = {
        {"delimiter", wish->delimiter, d->delimiter_size == 1 ? d->delimiter[0] : 0},
        {"quote", wish->quote, d->quote},
        {"escape", wish->escape, d->escape == d->quote ? 0 : d->escape},
        {"comment", wish->comment, d->comment},
        {"decimal-comma", wish->decimal_comma > 0 && wish->delimiter ? "yes" : NULL,
         wish->decimal_comma > 0 && wish->delimiter ? ',' : 0},
    };
    size_t count = sizeof signs / sizeof *signs;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (signs[i].value && signs[i].value == signs[k].value && (signs[i].asked || signs[k].asked))
                return refuse_clash(&signs[k], &signs[i], err);
    return PF_OK;
}

static int8_t judge_ends(const struct pf_csv_trial *trial) {
    int kinds = 0;
    int8_t found = PF_LINE_LF;
    for (int8_t end = PF_LINE_LF; end <= PF_LINE_CR; end++)
        if (trial->ends[end]) {
            kinds++;
            found = end;
        }
    return kinds > 1 ? PF_LINE_MIXED : found;
}

/* The rows of the end of the file; from the first line border, because the tail may begin anywhere. */
static pf_status find_tail_footer(const char *tail, size_t tail_size, int64_t tail_at,
                                  struct pf_csv_dialect *out, struct pf_error *err) {
    size_t from = tail_size > FOOTER_BYTES ? tail_size - FOOTER_BYTES : 0;
    if (from || tail_at > out->data_at)
        from = pass_line(tail, tail_size, from);
    if (out->data_at > tail_at + (int64_t)from)
        from = (size_t)(out->data_at - tail_at);
    if (from >= tail_size)
        return PF_OK;
    struct pf_csv_trial trial = {0};
    struct pf_csv_rows rows = {0};
    pf_status status = pf_csv_trial_read(&trial, tail + from, tail_size - from, true, out, SIZE_MAX, err);
    if (status == PF_OK)
        status = pf_csv_rows_open(&rows, &trial, out, err);
    int32_t even = 0;
    for (int32_t i = 0; status == PF_OK && i < rows.count; i++)
        even += pf_csv_row(&rows, i)->cells == rows.width;
    if (even * 2 > rows.count) /* else the tail began inside a quoted cell, or the table is not even */
        pf_csv_find_footer(&rows, 1, tail_at + (int64_t)from, out);
    pf_csv_rows_close(&rows);
    pf_csv_trial_clear(&trial);
    return status;
}

struct place {
    const char *text;
    size_t size, base;
    uint32_t base_line;
    bool all;
};

static pf_status judge_layout(const struct place *place, const struct pf_csv_wish *wish,
                              struct pf_csv_trial *trial, struct pf_csv_rows *rows, struct pf_csv_dialect *out,
                              bool *whole, struct pf_error *err) {
    size_t size = place->size - place->base, most = size;
    bool all = place->all;
    if (size > LAYOUT_BYTES && out->columns < 1000) {
        most = LAYOUT_BYTES;
        all = false;
    }
    PF_TRY(pf_csv_trial_read(trial, place->text + place->base, most, all, out, LAYOUT_RECORDS, err));
    if (!trial->count && size) /* one record longer than the sample: better than nothing */
        PF_TRY(pf_csv_trial_read(trial, place->text + place->base, size, true, out, LAYOUT_RECORDS, err));
    PF_TRY(pf_csv_rows_open(rows, trial, out, err));
    pf_csv_find_layout(rows, place->base, place->base_line, wish, out);
    int32_t first = 0;
    while (first < rows->count && (int64_t)(place->base + pf_csv_row(rows, first)->at) < out->data_at)
        first++;
    pf_csv_find_point(rows, first, wish, out);
    out->line_end = judge_ends(trial);
    *whole = all && trial->count < LAYOUT_RECORDS;
    if (*whole && wish->header != 0)
        pf_csv_find_footer(rows, first, (int64_t)place->base, out);
    return PF_OK;
}

static pf_status check_wish(const struct pf_csv_wish *wish, struct pf_csv_dialect *out, struct pf_error *err) {
    PF_TRY(check_sign(wish->quote, "quote", wish, err));
    PF_TRY(check_sign(wish->escape, "escape", wish, err));
    PF_TRY(check_sign(wish->comment, "comment", wish, err));
    return wish->delimiter ? take_delimiter(wish->delimiter, out, err) : PF_OK;
}

pf_status pf_csv_sniff(const char *head, size_t head_size, bool all, const char *tail, size_t tail_size,
                       int64_t tail_at, const struct pf_csv_wish *wish, struct pf_csv_dialect *out,
                       struct pf_error *err) {
    *out = (struct pf_csv_dialect){.charset = out->charset,
                                   .bom_size = out->bom_size,
                                   .charset_confidence = out->charset_confidence,
                                   .footer_at = -1,
                                   .point = '.',
                                   .doubled = true};
    struct place place = {.text = head, .size = head_size, .all = all, .base_line = (uint32_t)wish->passed};
    size_t sep = wish->passed ? 0 : read_sep_line(head, head_size, out);
    out->sep_line = sep > 0;
    PF_TRY(check_wish(wish, out, err));
    for (int64_t i = 0; i < wish->skip_rows && place.base < head_size; i++, place.base_line++)
        place.base = pass_line(head, head_size, place.base);
    if (sep > place.base) {
        place.base = sep;
        place.base_line = 1;
    }
    PF_TRY(pf_csv_find_form(head + place.base, head_size - place.base, all, wish, out, err));
    PF_TRY(check_clashes(wish, out, err));
    struct pf_csv_trial trial = {0};
    struct pf_csv_rows rows = {0};
    bool whole = false;
    pf_status status = judge_layout(&place, wish, &trial, &rows, out, &whole, err);
    if (status == PF_OK && !whole && wish->header != 0 && tail && tail_at >= 0)
        status = find_tail_footer(tail, tail_size, tail_at, out, err);
    if (out->charset && out->charset_confidence < out->confidence)
        out->confidence = out->charset_confidence;
    pf_csv_rows_close(&rows);
    pf_csv_trial_clear(&trial);
    return status;
}
