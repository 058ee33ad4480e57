/* csv_score.c — room read/csv. How well a candidate reads a sample.               SPDX-License-Identifier: MIT
 * Knows: even widths, odd records, what cells are worth, quotes that close, prose.
 * Knows not: where candidates come from. Idea of pattern × type scores: van den Burg et al., 2019 */
#include <string.h>

#include "read/csv/csv_delimiter.h"
#include "read/csv/csv_kind.h"

#define MOST_KINDS  1600 /* cells looked at per candidate */
#define WIDTHS      64   /* different widths that are told apart */
#define FEW_RECORDS 8

struct width_count {
    int32_t width;
    int64_t count;
};

/* The width of two cells or more that most records have; on a tie the one that came first. */
static int32_t usual_width(const struct pf_csv_trial *trial) {
    struct width_count seen[WIDTHS];
    int count = 0, best = -1;
    for (size_t i = 0; i < trial->count; i++) {
        int32_t width = trial->records[i].cells;
        int j = 0;
        if (width < 2)
            continue;
        while (j < count && seen[j].width != width)
            j++;
        if (j == count && count == WIDTHS)
            continue;
        if (j == count)
            seen[count++] = (struct width_count){width, 0};
        seen[j].count++;
    }
    for (int j = 0; j < count; j++)
        if (best < 0 || seen[j].count > seen[best].count)
            best = j;
    return best < 0 ? 1 : seen[best].width;
}

/* The record stands in a row of three at least of its width: another table, not an odd row. */
static bool is_run(const struct pf_csv_trial *trial, size_t at) {
    int32_t width = trial->records[at].cells;
    size_t from = at, to = at;
    while (from > 0 && at - from < 2 && trial->records[from - 1].cells == width)
        from--;
    while (to + 1 < trial->count && to - at < 2 && trial->records[to + 1].cells == width)
        to++;
    return to - from >= 2;
}

/* The mean worth of the cells by length, spread evenly over the records. */
static double cells_worth(const struct pf_csv_trial *trial, const struct pf_csv_dialect *form, size_t from,
                          size_t to, double *typed) {
    double sum = 0, kinds = 0, typed_sum = 0, weights = 0;
    size_t cells = 0;
    for (size_t i = from; i < to; i++)
        cells += (size_t)trial->records[i].cells;
    size_t step = cells / MOST_KINDS + 1, phase = 0;
    for (size_t i = from; i < to; i++)
        for (int32_t j = 0; j < trial->records[i].cells; j++) {
            if (phase++ % step)
                continue;
            const struct pf_csv_span *cell = &trial->cells[trial->records[i].first + (uint32_t)j];
            const char *text = trial->text + cell->at;
            enum pf_csv_kind kind = pf_csv_kind_of(text, cell->size);
            double worth = pf_csv_kind_worth(kind);
            if (cell->quoted && worth < 0.95)
                worth = 0.95;
            else if (!cell->quoted && form->quote && cell->size && text[0] == form->quote)
                worth = 0.1;
            double weight =
                cell->size < 40 ? cell->size + 3 : 43; /* a long mess weighs more than a short number */
            sum += worth * weight;
            typed_sum += pf_csv_kind_typed(kind);
            kinds++;
            weights += weight;
        }
    *typed = kinds > 0 ? typed_sum / kinds : 0;
    return kinds > 0 ? sum / weights : 0;
}

/* Records that end as sentences do. */
static double ends_sentences(const struct pf_csv_trial *trial) {
    double found = 0;
    for (size_t i = 0; i < trial->count; i++) {
        const struct pf_csv_record *record = &trial->records[i];
        char c = record->end > record->at ? trial->text[record->end - 1] : 0;
        found += !pf_csv_record_idle(record) && (c == '.' || c == '?' || c == '!');
    }
    return found;
}

/* One column: good when the lines are values or plain text, poor when they hold what separates. */
static void score_lines(const struct pf_csv_trial *trial, const struct pf_csv_dialect *form,
                        struct pf_csv_score *score) {
    double typed = 0, parts = 0;
    for (size_t i = 0; i < trial->count; i++)
        for (uint32_t at = trial->records[i].at; at < trial->records[i].end; at++)
            if (memchr(",;\t|", trial->text[at], 4)) {
                parts++;
                break;
            }
    score->width = 1;
    score->even = score->records;
    score->consistency = 1;
    score->worth = cells_worth(trial, form, 0, trial->count, &typed);
    double below = score->records > 2 ? (double)score->records - 1 : (double)score->records; /* a name on top */
    bool values = typed * (double)score->records > 0.8 * below && parts * 10 < (double)score->records;
    /* Nearly every line holds what separates: ragged rows sooner than one column. */
    score->total = (values ? 0.85 : parts * 4 > 3 * (double)score->records ? 0.3 : 0.42) * score->worth;
}

/* How the widths lie: lines that are not split at both ends are titles and notes, in between they are odd. */
struct widths {
    size_t from, to; /* records without the outer ones */
    double even, near, runs, other, inner, outer;
    bool streak; /* three even ones in a row */
};

static struct widths measure_widths(const struct pf_csv_trial *trial, int32_t usual) {
    struct widths w = {.to = trial->count};
    while (w.from < w.to && trial->records[w.from].cells < 2)
        w.outer += !pf_csv_record_idle(&trial->records[w.from++]);
    while (w.to > w.from && trial->records[w.to - 1].cells < 2)
        w.outer += !pf_csv_record_idle(&trial->records[--w.to]);
    for (size_t i = w.from; i < w.to; i++) {
        int32_t width = trial->records[i].cells;
        if (pf_csv_record_idle(&trial->records[i]))
            continue;
        if (width == usual) {
            w.even++;
            w.streak = w.streak || is_run(trial, i);
        } else if (width < 2)
            w.inner++;
        else if (is_run(trial, i))
            w.runs++;
        else if (width >= usual - 1 && width <= usual + 1)
            w.near++;
        else
            w.other++;
    }
    return w;
}

/* Words in a row, sentences with commas: a text sooner than cells, unless there is an order in it. */
static double doubt_prose(const struct pf_csv_trial *trial, const struct pf_csv_dialect *form,
                          const struct pf_csv_score *score, double typed) {
    bool blank = form->whitespace || (form->delimiter_size == 1 && form->delimiter[0] == ' ');
    double factor = 1;
    if (typed < 0.15 && !trial->quoted && ends_sentences(trial) * 10 > 6 * (double)score->records)
        factor = 0.6;
    if (!blank || typed > 0.7)
        return factor;
    if (score->width > 2 && score->even >= 8 && score->consistency > 0.9)
        return factor * 0.9;
    if (score->width > 2 && score->even >= 4 && score->even == score->records && typed < 0.45)
        return factor * 0.75;
    bool name_on_top = score->width == 2 && trial->records[0].cells == 1; /* "Digit 1" under "label" */
    return factor * (name_on_top ? 0.6 : 1) * (0.3 + typed);
}

struct pf_csv_score pf_csv_score_of(const struct pf_csv_trial *trial, const struct pf_csv_dialect *form) {
    struct pf_csv_score score = {0};
    for (size_t i = 0; i < trial->count; i++)
        score.records += !pf_csv_record_idle(&trial->records[i]);
    if (!score.records)
        return score;
    if (!form->delimiter_size && !form->whitespace) {
        score_lines(trial, form, &score);
        return score;
    }
    score.width = usual_width(trial);
    if (score.width < 2)
        return score;
    struct widths w = measure_widths(trial, score.width);
    score.even = (int64_t)w.even;
    score.consistency = (w.even + 0.3 * w.near + 0.8 * w.runs) /
                        (w.even + w.near + w.runs + w.other + 0.7 * w.inner + 0.15 * w.outer);
    double support = (w.even + w.runs) / (double)score.records * 3;
    support = support > 1 ? 1 : support;
    if (score.even < 2 && score.records > 2)
        support *= w.even + w.near < 0.9 * (double)score.records ? 0.4 : 0.8;
    /* Few records that hardly agree, no three in a row and not the first, and one is not split at all: nothing
     * is proved. */
    if (score.records <= FEW_RECORDS && w.inner > 0 && w.even * 5 <= 3 * (double)score.records &&
        trial->records[w.from].cells != score.width && !w.streak)
        support *= 0.1;
    double order = score.consistency;
    if (w.even >= 2 && w.inner + w.outer == 0 && score.records > 2 && order < 0.75)
        order = 0.75; /* ragged, but no line goes without the delimiter */
    double typed = 0;
    score.worth = cells_worth(trial, form, w.from, w.to, &typed);
    double wide = (double)score.width / (score.width + 1);
    double closed = trial->quoted ? (double)trial->quoted / (double)(trial->quoted + 4 * trial->broken) : 0;
    double quotes = closed * ((double)trial->quoted >= w.even ? 1 : (double)trial->quoted / w.even);
    score.total = order * order * support * score.worth * wide * (1 + 0.25 * quotes) *
                  doubt_prose(trial, form, &score, typed);
    return score;
}
