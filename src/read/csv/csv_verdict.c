/* csv_verdict.c — room read/csv. Types out of findings; the table and its facts.  SPDX-License-Identifier: MIT
 * Knows: the survey's words, schemas and their metadata.
 * Knows not: bytes, blocks.                                 Format: docs/formats/csv.md §The survey */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "columns/columns_schema.h"
#include "read/csv/csv_state.h"

#define DOUBTFUL_CHARSET 0.7 /* below it the user hears of it */
#define DOUBTFUL_DIALECT 0.4

static bool same_format(const struct pf_parse_format *a, const struct pf_parse_format *b) {
    return a->date_order == b->date_order && a->date_separator == b->date_separator;
}

void pf_csv_verdict_types(pf_reader_state *state, const struct pf_infer *sampled) {
    for (int32_t i = 0; i < state->width; i++) {
        struct pf_csv_finding *f = &state->findings[i];
        f->watched = f->doubted = f->unseen = false;
        f->format = (struct pf_parse_format){0};
        if (state->policy.text) {
            f->type = (struct pf_type){.kind = PF_KIND_UTF8};
            continue;
        }
        struct pf_type certain;
        struct pf_parse_format format;
        bool settled, ignored;
        pf_infer_type(&f->infer, &f->rules, &certain, &format, &settled);
        pf_infer_type(sampled ? &sampled[i] : &f->infer, &f->rules, &f->type, &f->format, &ignored);
        f->unseen = (sampled ? &sampled[i] : &f->infer)->values == 0;
        if (state->exact)
            continue;
        f->doubted = !pf_type_same(&certain, &f->type) || !same_format(&format, &f->format);
        f->watched = f->type.kind == PF_KIND_UTF8 && (certain.kind != PF_KIND_UTF8 || !settled);
    }
}

struct last_widening {
    char text[200];
};

static void keep_widening(void *ctx, const struct pf_type *from, const struct pf_type *to, int64_t row,
                          const char *example) {
    struct last_widening *last = ctx;
    char before[96], after[96];
    pf_type_print(from, before, sizeof before);
    pf_type_print(to, after, sizeof after);
    snprintf(last->text, sizeof last->text, "%.60s \xE2\x86\x92 %.60s at row %lld: %.24s", before, after,
             (long long)row + 1, example);
}

static pf_status make_field(const pf_reader_state *state, int32_t i, struct ArrowSchema *field,
                            struct pf_error *err) {
    const struct pf_csv_finding *f = &state->findings[i];
    PF_TRY(pf_schema_field(field, state->names[i], &f->type, true, err));
    char format[24];
    pf_parse_format_print(&f->format, format, sizeof format);
    bool dated = f->type.kind == PF_KIND_DATE32 || f->type.kind == PF_KIND_TIMESTAMP;
    if (dated && format[0])
        PF_TRY(pf_schema_set_meta(field, PF_META_FORMAT, format, err));
    if (f->unseen)
        PF_TRY(pf_schema_set_meta(field, PF_META_UNSEEN, "true", err));
    struct last_widening last = {0};
    if (state->exact && !state->policy.text)
        pf_infer_widenings(&f->infer, &f->rules, keep_widening, &last);
    return last.text[0] ? pf_schema_set_meta(field, PF_META_WIDENED, last.text, err) : PF_OK;
}

pf_status pf_csv_verdict_table(pf_reader_state *state, struct pf_error *err) {
    struct pf_table *table = &state->table;
    pf_schema_release(&table->schema);
    *table = (struct pf_table){.struct_size = sizeof *table,
                               .exact = state->exact,
                               .name = state->stem,
                               .rows = state->exact ? state->rows : -1,
                               .rows_estimate = state->rows_estimate};
    PF_TRY(pf_schema_struct(&table->schema, state->width, err));
    for (int32_t i = 0; i < state->width; i++) {
        pf_status status = make_field(state, i, table->schema.children[i], err);
        if (status != PF_OK) {
            pf_schema_release(&table->schema);
            return status;
        }
    }
    state->tables[0] = table;
    return PF_OK;
}

static void tell(const struct pf_survey *request, const char *key, const char *value) {
    request->fact(request->ctx, key, value);
}

static void tell_number(const struct pf_survey *request, const char *key, int64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    tell(request, key, text);
}

static void tell_share(const struct pf_survey *request, const char *key, double value) {
    char text[24];
    snprintf(text, sizeof text, "%.3f", value);
    tell(request, key, text);
}

static void tell_sign(const struct pf_survey *request, const char *key, char sign) {
    char text[2] = {sign, 0};
    tell(request, key, text);
}

void pf_csv_verdict_facts(const pf_reader_state *state, const struct pf_survey *request) {
    static const char *const ends[] = {
        [PF_LINE_LF] = "lf", [PF_LINE_CRLF] = "crlf", [PF_LINE_CR] = "cr", [PF_LINE_MIXED] = "mixed"};
    const struct pf_csv_dialect *d = &state->dialect;
    if (!request->fact)
        return;
    tell(request, "delimiter", d->whitespace ? "whitespace" : d->delimiter);
    tell_sign(request, "quote", d->quote);
    tell_sign(request, "escape", d->escape);
    tell_sign(request, "comment", d->comment);
    tell(request, "line_end", ends[d->line_end]);
    tell(request, "encoding", pf_charset_name(d->charset));
    tell(request, "bom", d->bom_size ? "true" : "false");
    tell_number(request, "header_rows", d->header_rows);
    tell_number(request, "skip_rows", d->skip_rows);
    tell_number(request, "footer_rows", d->footer_rows);
    tell_number(request, "columns", state->width);
    tell_number(request, "tables", d->tables);
    tell(request, "decimal_comma", d->point == ',' ? "yes" : "no");
    tell_sign(request, "thousands", d->thousands);
    tell_share(request, "confidence", d->confidence);
    tell_share(request, "encoding_confidence", d->charset_confidence);
    tell(request, "why", d->why);
}

static void notify(const pf_reader_state *state, const char *kind, const char *detail) {
    struct pf_notice notice = {
        .struct_size = sizeof notice, .kind = kind, .detail = detail, .row = -1, .byte = -1, .count = 1};
    if (state->host->notice)
        state->host->notice(state->host, &notice);
}

void pf_csv_verdict_doubts(const pf_reader_state *state) {
    const struct pf_csv_dialect *d = &state->dialect;
    const struct pf_csv_wish *wish = &state->policy.wish;
    char detail[200];
    if (d->tables > 1) {
        snprintf(detail, sizeof detail, "%d tables seem to be in the input; they are read as one",
                 (int)d->tables);
        notify(state, "tables", detail);
    }
    if (d->above > 0) {
        snprintf(
            detail, sizeof detail,
            "%lld lines above the table are left out, and %d of them hold several cells; --header none reads "
            "every line as a row",
            (long long)d->skip_rows, (int)d->above);
        notify(state, "preamble", detail);
    }
    if (!wish->encoding && d->charset_confidence < DOUBTFUL_CHARSET) {
        snprintf(detail, sizeof detail, "%s is a guess (confidence %.2f)", pf_charset_name(d->charset),
                 d->charset_confidence);
        notify(state, "encoding", detail);
    }
    if (!wish->delimiter && d->charset_confidence > d->confidence && d->confidence < DOUBTFUL_DIALECT) {
        snprintf(detail, sizeof detail, "the delimiter %s is a guess (confidence %.2f)",
                 d->delimiter_size ? d->delimiter : "none", d->confidence);
        notify(state, "dialect", detail);
    }
}
