/* run_notices.c — room run. Facts about the data: counted by kind, the first few kept.
 * SPDX-License-Identifier: MIT
 * Knows: kinds, counts, remedies.
 * Knows not: who found them. */
#include "run/run_notices.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"

#define KINDS_MOST  64
#define DETAIL_MOST 400
#define OTHER       "other"

static struct pf_notice_kind *find_kind(const struct pf_notices *notices, const char *name) {
    for (size_t i = 0; i < notices->kind_count; i++)
        if (strncmp(notices->kinds[i].name, name, sizeof notices->kinds[i].name - 1) == 0)
            return &notices->kinds[i];
    return NULL;
}

/* The index of a kind that is not there yet; beyond the most it is that of the kind for all others. */
static pf_status make_kind(struct pf_notices *notices, const char *name, size_t *index, struct pf_error *err) {
    if (notices->kind_count >= KINDS_MOST - 1 && strcmp(name, OTHER) != 0) {
        struct pf_notice_kind *other = find_kind(notices, OTHER);
        if (!other)
            return make_kind(notices, OTHER, index, err);
        *index = (size_t)(other - notices->kinds);
        return PF_OK;
    }
    if (!notices->kinds) {
        notices->kinds = pf_mem_zero(KINDS_MOST, sizeof *notices->kinds);
        if (!notices->kinds)
            return pf_fail_memory(err, KINDS_MOST * sizeof *notices->kinds);
    }
    *index = notices->kind_count++;
    snprintf(notices->kinds[*index].name, sizeof notices->kinds[*index].name, "%s", name);
    return PF_OK;
}

/* A copy of at most most bytes, cut at a character. */
static pf_status copy_text(const char *text, size_t most, char **out, struct pf_error *err) {
    *out = NULL;
    if (!text)
        return PF_OK;
    size_t size = strlen(text);
    if (size > most)
        size = most - pf_utf8_cut(text, most);
    *out = pf_mem_text(text, size);
    return *out ? PF_OK : pf_fail_memory(err, size);
}

static pf_status keep_notice(struct pf_notice_kind *kind, const struct pf_notice *notice, int64_t count,
                             struct pf_error *err) {
    if (!kind->kept) {
        kind->kept = pf_mem_zero(PF_CEIL_NOTICES_KEPT, sizeof *kind->kept);
        if (!kind->kept)
            return pf_fail_memory(err, PF_CEIL_NOTICES_KEPT * sizeof *kind->kept);
    }
    struct pf_kept_notice kept = {.row = notice->row, .byte = notice->byte, .count = count};
    PF_TRY(copy_text(notice->column, PF_CEIL_NAME_BYTES, &kept.column, err));
    pf_status status = copy_text(notice->detail, DETAIL_MOST, &kept.detail, err);
    if (status != PF_OK) {
        pf_mem_free(kept.column);
        return status;
    }
    kind->kept[kind->kept_count++] = kept;
    return PF_OK;
}

pf_status pf_notices_add(struct pf_notices *notices, const struct pf_notice *notice, struct pf_error *err) {
    int64_t count = notice->count > 0 ? notice->count : 1;
    const char *name = notice->kind && notice->kind[0] ? notice->kind : OTHER;
    struct pf_notice_kind *kind = find_kind(notices, name);
    if (!kind) {
        size_t index = 0;
        PF_TRY(make_kind(notices, name, &index, err));
        kind = &notices->kinds[index];
    }
    kind->count += count;
    notices->total += count;
    return kind->kept_count < PF_CEIL_NOTICES_KEPT ? keep_notice(kind, notice, count, err) : PF_OK;
}

pf_status pf_notices_say(struct pf_notices *notices, const char *kind, const char *column, int64_t row,
                         struct pf_error *err, const char *detail, ...) {
    char text[DETAIL_MOST];
    va_list args;
    va_start(args, detail);
    vsnprintf(text, sizeof text, detail, args);
    va_end(args);
    return pf_notices_add(notices,
                          &(struct pf_notice){.struct_size = sizeof(struct pf_notice),
                                              .kind = kind,
                                              .column = column,
                                              .detail = text,
                                              .row = row,
                                              .byte = -1,
                                              .count = 1},
                          err);
}

const struct pf_kept_notice *pf_notices_about(const struct pf_notices *notices, const char *name,
                                              const char *column) {
    const struct pf_notice_kind *kind = find_kind(notices, name);
    for (size_t i = 0; kind && i < kind->kept_count; i++)
        if (kind->kept[i].column && strcmp(kind->kept[i].column, column) == 0)
            return &kind->kept[i];
    return NULL;
}

int64_t pf_notices_count(const struct pf_notices *notices, const char *name) {
    const struct pf_notice_kind *kind = find_kind(notices, name);
    return kind ? kind->count : 0;
}

pf_status pf_notices_merge(struct pf_notices *into, const struct pf_notices *from, struct pf_error *err) {
    for (size_t i = 0; i < from->kind_count; i++) {
        const struct pf_notice_kind *kind = &from->kinds[i];
        int64_t told = 0;
        for (size_t k = 0; k < kind->kept_count; k++) {
            const struct pf_kept_notice *kept = &kind->kept[k];
            struct pf_notice notice = {sizeof notice, 0,         kind->name, kept->column,
                                       kept->detail,  kept->row, kept->byte, kept->count};
            PF_TRY(pf_notices_add(into, &notice, err));
            told += kept->count;
        }
        struct pf_notice_kind *mine = find_kind(into, kind->name);
        if (mine) {
            mine->count += kind->count - told; /* those that were only counted */
            into->total += kind->count - told;
        }
    }
    return PF_OK;
}

void pf_notices_clear(struct pf_notices *notices) {
    for (size_t i = 0; i < notices->kind_count; i++) {
        struct pf_notice_kind *kind = &notices->kinds[i];
        for (size_t k = 0; k < kind->kept_count; k++) {
            pf_mem_free(kind->kept[k].column);
            pf_mem_free(kind->kept[k].detail);
        }
        pf_mem_free(kind->kept);
    }
    pf_mem_free(notices->kinds);
    *notices = (struct pf_notices){0};
}

static void put_place(struct pf_json_writer *json, const struct pf_kept_notice *kept) {
    pf_json_key(json, "column");
    pf_json_text(json, kept->column);
    pf_json_key(json, "row");
    pf_json_int(json, kept->row);
    pf_json_key(json, "byte");
    pf_json_int(json, kept->byte);
    pf_json_key(json, "detail");
    pf_json_text(json, kept->detail);
}

void pf_notices_json(const struct pf_notices *notices, struct pf_json_writer *json) {
    pf_json_open(json, '[');
    for (size_t i = 0; i < notices->kind_count; i++) {
        const struct pf_notice_kind *kind = &notices->kinds[i];
        pf_json_open(json, '{');
        pf_json_key(json, "kind");
        pf_json_text(json, kind->name);
        pf_json_key(json, "count");
        pf_json_int(json, kind->count);
        pf_json_key(json, "remedy");
        pf_json_text(json, pf_notice_remedy(kind->name));
        if (kind->kept_count)
            put_place(json, &kind->kept[0]);
        pf_json_key(json, "first");
        pf_json_open(json, '[');
        for (size_t k = 0; k < kind->kept_count; k++) {
            pf_json_open(json, '{');
            put_place(json, &kind->kept[k]);
            pf_json_key(json, "count");
            pf_json_int(json, kind->kept[k].count);
            pf_json_close(json, '}');
        }
        pf_json_close(json, ']');
        pf_json_close(json, '}');
    }
    pf_json_close(json, ']');
}

const char *pf_notice_remedy(const char *kind) {
    static const char *const remedies[][2] = {
        {"cast", "give --profile modern to keep the type"},
        {"cast-null", "fix the values, or give the column another type"},
        {"widened", "fix the value named, or impose a type with --type and choose --on-bad-cell"},
        {"short-row", "complete the row, or choose --on-bad-row reject"},
        {"long-row", "quote the cell that has the delimiter in it, or choose --on-bad-row reject"},
        {"unclosed-quote", "close or double the quote, or give --quote none"},
        {"misnamed", "rename the file"},
        {"nul", "remove the NUL characters"},
        {"bad-bytes", "give the right --encoding"},
        {"bad-cell", "fix the value, or choose another --on-bad-cell"},
        {"tables", "split the file: more than one table seems to be in it"},
        {"preamble", "give --header none to read every line as a row, or --skip-rows"},
        {"encoding", "give --encoding if the choice is wrong"},
        {"dialect", "give --delimiter, --quote or --header if the choice is wrong"},
        {"renamed-column", "give names that are unique, or --rename"},
        {"renamed-output", "give inputs of different names, or convert them one by one"},
        {"extension-failed", "ask 'pyforge extensions why NAME', or disable it"},
        {"hook-failed", "report it to the extension's author, or disable it"},
        {"hook-late", "give it more with --extension-timeout, or disable it"},
        {"hook-overruled", "disable one of the two, if the other is wanted"},
        {"hook-value", "report it to the extension's author, or disable it"},
        {"local-place", "move the file to where it belongs, or give --no-extensions if it is there"},
        {"empty-table", "nothing, if the table is meant to have no rows"},
    };
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++)
        if (strcmp(remedies[i][0], kind) == 0)
            return remedies[i][1];
    return "";
}
