/* csv_delimiter.c — room read/csv. The reading of a sample that fits best.        SPDX-License-Identifier: MIT
 * Knows: which candidates to try, quotes, escapes, blanks around, comments, how sure the choice is.
 * Knows not: how a reading is scored, headers, preambles, charsets. */
#include "read/csv/csv_delimiter.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "read/csv/csv_kind.h"

#define FIRST_SAMPLE (16u << 10)  /* enough to rank the candidates of ordinary files */
#define FEW_LINES    40           /* with fewer lines the sample grows */
#define MOST_SAMPLE  (512u << 10) /* to this, or to the end of the first line */
#define FEW_RECORDS  5            /* even records that a choice should rest on */
#define MOST_RECORDS 400

struct search {
    const char *text;
    size_t size;
    bool all;
    const struct pf_csv_wish *wish;
    struct pf_csv_trial trial;
    int64_t even; /* records of the usual width that the best reading has */
    struct pf_error *err;
};

static pf_status try_form(struct search *search, const struct pf_csv_dialect *form, double prior,
                          struct pf_csv_score *score) {
    PF_TRY(pf_csv_trial_read(&search->trial, search->text, search->size, search->all, form, MOST_RECORDS,
                             search->err));
    *score = pf_csv_score_of(&search->trial, form);
    score->total *= prior;
    return PF_OK;
}

struct pick {
    struct pf_csv_dialect form;
    struct pf_csv_score score;
    double prior;
};

/* Takes the changed form when it reads better by the factor. */
static pf_status try_variant(struct search *search, struct pick *pick, const struct pf_csv_dialect *form,
                             double factor) {
    struct pf_csv_score score;
    PF_TRY(try_form(search, form, pick->prior, &score));
    if (score.total > pick->score.total * factor) {
        pick->form = *form;
        pick->score = score;
    }
    return PF_OK;
}

/* How the delimiter stands: followed by a blank, and by a blank and a quote. */
struct around {
    int64_t all, blank, blank_quote, quote, escaped;
};

static struct around look_around(const struct search *search, const struct pf_csv_dialect *form) {
    struct around out = {0};
    const char *text = search->text, *end = text + search->size, *from = text;
    size_t size = form->delimiter_size;
    if (!size)
        return out;
    for (const char *at = from; (at = memchr(at, form->delimiter[0], (size_t)(end - at))); at++) {
        if ((size_t)(end - at) < size || memcmp(at, form->delimiter, size) != 0)
            continue;
        const char *next = at + size;
        out.all++;
        out.escaped += at > from && at[-1] == '\\';
        if (next < end && *next == ' ') {
            out.blank++;
            while (next < end && *next == ' ')
                next++;
            out.blank_quote += next < end && (*next == '"' || *next == '\'');
        } else if (next < end && (*next == '"' || *next == '\''))
            out.quote++;
        at = next - 1 > at ? next - 1 : at;
    }
    return out;
}

static bool has(const struct search *search, char c) { return memchr(search->text, c, search->size) != NULL; }

/* Apostrophes are quotes when most cells that begin with one close with one too; other signs only where nearly
 * all cells stand in them, or the rows become even. */
static pf_status try_quote(struct search *search, struct pick *pick, char quote) {
    struct pf_csv_dialect form = pick->form;
    struct pf_csv_score score;
    form.quote = quote;
    PF_TRY(try_form(search, &form, pick->prior, &score));
    int64_t closed = search->trial.quoted, open = search->trial.broken;
    bool even = score.consistency > pick->score.consistency * 1.02;
    bool mends = even || (search->trial.doubled > 0 && !open);
    bool every_row = !open && closed * 2 >= score.records && score.consistency > pick->score.consistency;
    if (quote != '\'' && !even && !every_row && closed * 10 < (int64_t)search->trial.cell_count * 9)
        return PF_OK;
    if (closed < 3 * open || (closed < 2 && !mends) || (open && closed < score.records / 4 && closed < 8))
        return PF_OK;
    if (has(search, '"')) { /* both: those that close more cells, text inside the other kind does not count */
        struct pf_csv_score same;
        PF_TRY(try_form(search, &pick->form, pick->prior, &same));
        if (search->trial.quoted * 2 >= closed)
            return PF_OK;
    }
    if (score.total >= pick->score.total * 0.95) {
        pick->form = form;
        pick->score = score;
    }
    return PF_OK;
}

/* A backslash takes its sense from the next sign when that mends the reading or stands before quotes. */
static pf_status try_escape(struct search *search, struct pick *pick, const struct around *around) {
    struct pf_csv_dialect form = pick->form;
    struct pf_csv_score score, plain;
    PF_TRY(try_form(search, &pick->form, pick->prior, &plain));
    int64_t odd = search->trial.broken + search->trial.inner;
    form.escape = '\\';
    PF_TRY(try_form(search, &form, pick->prior, &score));
    int64_t left = search->trial.broken + search->trial.inner;
    bool quotes = search->trial.escaped > 0 &&
                  (left < odd || search->trial.escaped * 4 > search->trial.quoted) &&
                  score.total > plain.total * 0.98;
    bool delimiters = around->escaped > 0 && score.even > plain.even;
    if (quotes || delimiters) {
        pick->form = form;
        pick->score = score;
    }
    return PF_OK;
}

static pf_status refine(struct search *search, struct pick *pick) {
    const struct pf_csv_wish *wish = search->wish;
    struct around around = look_around(search, &pick->form);
    if (!pick->form.whitespace && around.all && pick->form.delimiter[0] != ' ' &&
        pick->form.delimiter[0] != '\t') {
        struct pf_csv_dialect form = pick->form;
        form.blanks_around = true;
        if (around.blank * 20 >= around.all * 19 && around.all >= 3)
            PF_TRY(try_variant(search, pick, &form, 0.97));
        else if (around.blank_quote > around.quote)
            PF_TRY(try_variant(search, pick, &form, 1));
    }
    for (const char *quote = "'`~"; !wish->quote && *quote; quote++)
        if (has(search, *quote) && pick->form.delimiter[0] != *quote)
            PF_TRY(try_quote(search, pick, *quote));
    if (!wish->escape && has(search, '\\'))
        PF_TRY(try_escape(search, pick, &around));
    return PF_OK;
}

/* Lines that start with the sign are comments when they do not look like records. */
static pf_status find_comment(struct search *search, struct pick *pick) {
    static const char signs[] = "#%!;";
    PF_TRY(try_form(search, &pick->form, pick->prior, &pick->score));
    const struct pf_csv_trial *trial = &search->trial;
    bool tabs = pick->form.delimiter[0] == '\t' && pick->form.delimiter_size == 1;
    for (const char *sign = signs; *sign; sign++) {
        int64_t lines = 0, even = 0, leading = 0, others = 0, typed = 0;
        if (pick->form.delimiter[0] == *sign)
            continue;
        for (size_t i = 0; i < trial->count; i++) {
            const struct pf_csv_record *record = &trial->records[i];
            if (pf_csv_record_idle(record))
                continue;
            if (search->text[record->at] != *sign) {
                others++;
                typed += pf_csv_kind_typed(pf_csv_kind_of(search->text + record->at, record->end - record->at));
                continue;
            }
            lines++;
            leading += others == 0;
            even += record->cells == pick->score.width ||
                    (record->cells > 1 && record->cells >= pick->score.width - 1);
        }
        if (!lines || !others || (tabs && !leading && lines < 3))
            continue;
        bool one_column = pick->score.width < 2;
        if (one_column ? leading == lines && typed * 10 >= others * 7
                       : even * 5 <= lines && lines < others * 2) {
            pick->form.comment = *sign;
            return PF_OK;
        }
    }
    return PF_OK;
}

/* Quotes are text in a tab-separated file unless they balance (or the user said). */
static void settle_quote(struct search *search, struct pick *pick) {
    const struct pf_csv_trial *trial = &search->trial;
    bool tabs = pick->form.delimiter_size == 1 && pick->form.delimiter[0] == '\t';
    if (!search->wish->quote && tabs && (trial->quoted == 0 || trial->broken * 10 > trial->quoted))
        pick->form.quote = 0;
}

static void apply_wish(const struct pf_csv_wish *wish, struct pf_csv_dialect *form) {
    if (wish->quote)
        form->quote = wish->quote[0];
    if (wish->escape)
        form->escape = wish->escape[0];
    if (form->escape && form->escape == form->quote)
        form->escape = 0; /* a quote that escapes itself is the doubled quote */
    if (wish->comment)
        form->comment = wish->comment[0];
}

/* The end of the lines within the first `want` bytes; more while there are few lines. */
static size_t choose_sample(const char *text, size_t size, size_t want, bool *all) {
    for (;; want *= 4) {
        size_t end = want < size ? want : size, lines = 0, last = 0;
        for (size_t i = 0; i < end; i++)
            if (text[i] == '\n' || text[i] == '\r')
                lines++, last = i + 1;
        if (end == size && *all)
            return end;
        if (lines >= FEW_LINES || (want > FIRST_SAMPLE && lines >= FEW_LINES / 5) || end == size ||
            (end >= MOST_SAMPLE && lines > 0)) {
            *all = false;
            return last ? last : end;
        }
    }
}

static double hint_of(const struct pf_csv_wish *wish, const struct pf_csv_dialect *form) {
    if (!wish->suffix || form->delimiter_size != 1)
        return 1;
    struct pf_text suffix = pf_text_of(wish->suffix);
    bool tabs =
        pf_text_same_nocase(suffix, pf_text_of(".tsv")) || pf_text_same_nocase(suffix, pf_text_of(".tab"));
    bool pipes = pf_text_same_nocase(suffix, pf_text_of(".psv"));
    bool commas = pf_text_same_nocase(suffix, pf_text_of(".csv"));
    if ((tabs && form->delimiter[0] == '\t') || (pipes && form->delimiter[0] == '|'))
        return 1.3;
    return commas && form->delimiter[0] == ',' ? 1.02 : 1;
}

/* How sure: even widths, distance to the next best reading, and how many records speak for it. */
static double judge_confidence(const struct pick *best, double second) {
    double margin = best->score.total > 0 ? 1 - second / best->score.total : 0;
    double sure = 0.4 + 1.6 * margin;
    double many = 1 - 0.35 / (double)(best->score.even > 0 ? best->score.even : 1);
    double confidence = (sure > 1 ? 1 : sure) * many * (0.35 + 0.65 * best->score.consistency);
    if (best->score.width < 2 && best->score.worth < 0.5)
        confidence *= best->score.worth; /* one column of lines that hold delimiters */
    return confidence < 0 ? 0 : confidence > 1 ? 1 : confidence;
}

static pf_status choose_best(struct search *search, struct pf_csv_candidates *candidates, struct pick *best,
                             double *second) {
    struct pick picks[PF_CSV_CANDIDATES];
    for (int i = 0; i < candidates->count; i++) {
        picks[i] = (struct pick){.form = candidates->form[i]};
        apply_wish(search->wish, &picks[i].form);
        picks[i].prior = candidates->prior[i] * hint_of(search->wish, &picks[i].form);
        PF_TRY(try_form(search, &picks[i].form, picks[i].prior, &picks[i].score));
    }
    for (int i = 1; i < candidates->count; i++) /* by total, falling; the earlier first */
        for (int j = i; j && picks[j].score.total > picks[j - 1].score.total; j--) {
            struct pick other = picks[j];
            picks[j] = picks[j - 1];
            picks[j - 1] = other;
        }
    int most = candidates->count < 4 ? candidates->count : 4;
    for (int i = 0; i < most; i++)
        PF_TRY(refine(search, &picks[i]));
    int first = 0;
    for (int i = 1; i < most; i++)
        if (picks[i].score.total > picks[first].score.total)
            first = i;
    *best = picks[first];
    *second = 0;
    for (int i = 0; i < candidates->count; i++)
        if (i != first && picks[i].score.total > *second)
            *second = picks[i].score.total;
    return PF_OK;
}

static pf_status search_form(struct search *search, struct pf_csv_dialect *out) {
    struct pf_csv_candidates candidates = {0};
    const struct pf_csv_wish *wish = search->wish;
    if (wish->delimiter || out->sep_line) {
        candidates.count = 1;
        candidates.prior[0] = 1;
        candidates.form[0] = (struct pf_csv_dialect){.quote = '"', .doubled = true};
        memcpy(candidates.form[0].delimiter, out->delimiter, sizeof out->delimiter);
        candidates.form[0].delimiter_size = out->delimiter_size;
        candidates.form[0].whitespace = out->whitespace;
    } else
        pf_csv_find_candidates(search->text, search->size, &candidates);
    struct pick best;
    double second = 0;
    PF_TRY(choose_best(search, &candidates, &best, &second));
    if (!wish->comment)
        PF_TRY(find_comment(search, &best));
    PF_TRY(try_form(search, &best.form, best.prior, &best.score));
    double confidence = candidates.count == 1 && out->delimiter_size ? 1 : judge_confidence(&best, second);
    search->even = best.score.even;
    settle_quote(search, &best);
    memcpy(out->delimiter, best.form.delimiter, sizeof out->delimiter);
    out->delimiter_size = best.form.delimiter_size;
    out->blanks_around = best.form.blanks_around;
    out->whitespace = best.form.whitespace;
    out->quote = best.form.quote;
    out->escape = best.form.escape;
    out->doubled = true;
    out->comment = best.form.comment;
    out->columns = best.score.records ? best.score.width : 0;
    out->confidence = best.score.records ? confidence : 0;
    return PF_OK;
}

pf_status pf_csv_find_form(const char *text, size_t size, bool all, const struct pf_csv_wish *wish,
                           struct pf_csv_dialect *out, struct pf_error *err) {
    struct search search = {.text = text, .all = all, .wish = wish, .err = err};
    size_t blank = 0;
    while (blank < size && memchr(" \t\r\n", text[blank], 4))
        blank++;
    if (blank == size && all) { /* nothing: no columns, and one reading is as good as another */
        out->quote = '"';
        apply_wish(wish, out);
        return PF_OK;
    }
    pf_status status = PF_OK;
    for (size_t want = FIRST_SAMPLE;; want *= 8) {
        search.all = all;
        search.size = choose_sample(text, size, want, &search.all);
        search.even = 0;
        status = search_form(&search, out);
        if (status != PF_OK || search.even >= FEW_RECORDS || want >= size || want >= MOST_SAMPLE)
            break; /* else the lines were those of one long quoted cell, or of a long preamble */
    }
    pf_csv_trial_clear(&search.trial);
    return status;
}
