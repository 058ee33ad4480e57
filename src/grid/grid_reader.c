/* grid_reader.c — room grid. The reader of every sheet format.                   SPDX-License-Identifier: MIT
 * Knows: opening, surveying all tables, which of them failed, closing.
 * Knows not: formats, how a table is found. */
#include "grid/grid_reader.h"

#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/pool.h"
#include "columns/columns_schema.h"
#include "grid/grid_state.h"

#define KEPT_BYTES   (32 << 20)
#define HIDDEN_NAMED 20 /* sheets that are left out, by their names */

void pf_grid_close(pf_reader_state *state) {
    if (!state)
        return;
    for (int64_t i = 0; i < state->table_count; i++)
        pf_grid_table_clear(&state->tables[i]);
    pf_mem_free(state->tables);
    pf_mem_free(state->faces);
    pf_schema_release(&state->cells.schema);
    pf_arena_clear(&state->arena);
    state->book.driver->close_book(state->book.self);
    pf_mem_free(state);
}

pf_status pf_grid_reader_open(const struct pf_open *request, const struct pf_grid_book *book,
                              pf_reader_state **out, struct pf_error *err) {
    *out = NULL;
    pf_reader_state *state = pf_mem_zero(1, sizeof *state);
    if (!state) {
        book->driver->close_book(book->self);
        return pf_fail_memory(err, sizeof *state);
    }
    state->book = *book;
    state->host = request->host;
    const char *stem = request->stem ? request->stem : "table";
    state->stem = pf_arena_text(&state->arena, stem, strlen(stem));
    pf_status status = state->stem ? PF_OK : pf_fail_memory(err, strlen(stem));
    if (status == PF_OK)
        status = pf_grid_policy_read(request->host, &state->arena, &state->policy, err);
    if (status != PF_OK) {
        pf_grid_close(state);
        return status;
    }
    *out = state;
    return PF_OK;
}

/* A sheet that cannot be read does not take the others with it: it stays as a table that fails when it is read. */
static pf_status keep_failure(struct pf_grid_table *table, struct pf_error *err) {
    struct pf_type text = {.kind = PF_KIND_UTF8, .zone = ""};
    pf_status status = table->failure;
    if (status == PF_NO_MEMORY || status == PF_CANCELLED || status == PF_IO) { /* of the whole file */
        table->failure = PF_OK;
        if (err)
            *err = table->err;
        return status;
    }
    if (table->face.schema.release)
        return PF_OK;
    table->face = (struct pf_table){
        .struct_size = sizeof table->face, .name = table->name, .rows = -1, .rows_estimate = -1};
    PF_TRY(pf_schema_struct(&table->face.schema, 1, err));
    return pf_schema_field(table->face.schema.children[0], "column_A", &text, true, err);
}

/* What passes may keep for the reads to come is bounded, whatever the number of sheets. */
static void bound_kept(pf_reader_state *state, struct pf_grid_table *table) {
    long long bytes = (long long)pf_grid_pass_bytes(&table->kept);
    if (atomic_fetch_add(&state->kept_bytes, bytes) + bytes <= KEPT_BYTES)
        return;
    atomic_fetch_sub(&state->kept_bytes, bytes);
    pf_grid_pass_close(&table->kept);
}

/* The tables that are to be surveyed, perhaps side by side. */
struct surveying {
    pf_reader_state *state;
    bool exact;
    const int32_t *only; /* the one table that is meant; NULL: all */
};

static void survey_table(void *arg, int64_t index) {
    const struct surveying *it = arg;
    struct pf_grid_table *table = &it->state->tables[index];
    if ((it->only && *it->only != index) || table->exact || table->failure != PF_OK)
        return;
    atomic_fetch_sub(&it->state->kept_bytes, (long long)pf_grid_pass_bytes(&table->kept));
    table->err = (struct pf_error)PF_ERROR_INIT;
    table->failure = pf_grid_table_survey(table, &it->state->policy, it->exact, &table->err);
    if (table->failure == PF_OK)
        bound_kept(it->state, table);
    else
        pf_where(&table->err, "sheet '%.60s'", table->sheet_name);
}

static pf_status survey_all(struct surveying *it, struct pf_error *err) {
    pf_reader_state *state = it->state;
    bool abreast = state->host->pool && state->book.driver->side_by_side && !state->policy.fill_merged &&
                   !state->policy.links && !state->policy.leave_rows && !state->policy.leave_columns;
    if (abreast && !it->only && state->table_count > 1)
        PF_TRY(pf_pool_each(state->host->pool, survey_table, it, state->table_count, err));
    else
        for (int64_t i = 0; i < state->table_count; i++)
            survey_table(it, i);
    for (int64_t i = 0; i < state->table_count; i++)
        if (state->tables[i].failure != PF_OK)
            PF_TRY(keep_failure(&state->tables[i], err));
    return PF_OK;
}

/* All in one notice; what memory has no room for is not named. */
static void tell_hidden(pf_reader_state *state) {
    struct pf_host *host = state->host;
    struct pf_buf names = {0};
    int64_t count = 0;
    if (state->policy.sheets || state->policy.tables || state->policy.hidden || !host->notice)
        return;
    for (int32_t i = 0; i < state->book.sheet_count; i++) {
        const struct pf_grid_sheet *sheet = &state->book.sheets[i];
        if (sheet->kind != PF_SHEET_GRID || sheet->state == PF_SHEET_VISIBLE)
            continue;
        if (count++ < HIDDEN_NAMED)
            pf_buf_print(&names, NULL, "%s%s", count > 1 ? ", " : "", sheet->name);
    }
    if (count > HIDDEN_NAMED)
        pf_buf_print(&names, NULL, ", \xE2\x80\xA6");
    char *text = pf_buf_take(&names);
    struct pf_notice notice = {.struct_size = sizeof notice,
                               .kind = "hidden-sheet",
                               .detail = text,
                               .row = -1,
                               .byte = -1,
                               .count = count};
    if (count)
        host->notice(host, &notice);
    pf_mem_free(text);
    pf_buf_clear(&names);
}

static bool leaves_sheets(const pf_reader_state *state) {
    for (int32_t i = 0; i < state->book.sheet_count && !state->policy.hidden; i++)
        if (state->book.sheets[i].kind == PF_SHEET_GRID && state->book.sheets[i].state != PF_SHEET_VISIBLE)
            return true;
    return false;
}

/* No table has a value: whatever said that cells are left out may be why. */
static pf_status nothing_there(const pf_reader_state *state, struct pf_error *err) {
    const struct pf_grid_policy *policy = &state->policy;
    const char *told = policy->has_range            ? "--range"
                       : policy->tables             ? "--table"
                       : policy->wish.skip_rows > 0 ? "--skip-rows"
                       : policy->footer_rows > 0    ? "--footer-rows"
                       : policy->sheets             ? "--sheet"
                       : policy->leave_rows         ? "--hidden-rows"
                       : policy->leave_columns      ? "--hidden-columns"
                                                    : NULL;
    if (told)
        return pf_fail(
            err, PF_BAD_DATA,
            "with this %s no cell with a value is left; check it; 'pyforge cells' shows what there is", told);
    if (leaves_sheets(state))
        return pf_fail(err, PF_BAD_DATA,
                       "no visible sheet has a cell with a value; give --hidden include for the others");
    return pf_fail(err, PF_BAD_DATA,
                   "no sheet has a cell with a value; the workbook is empty; check that it is the right one");
}

static pf_status survey_tables(pf_reader_state *state, bool exact, const int32_t *only, struct pf_error *err) {
    struct surveying it = {state, exact, only};
    int64_t kept = 0;
    const struct pf_grid_table *broken = NULL;
    PF_TRY(survey_all(&it, err));
    for (int64_t i = 0; i < state->table_count; i++) {
        const struct pf_grid_table *table = &state->tables[i];
        broken = table->failure != PF_OK && !broken ? table : broken;
        if (table->failure != PF_OK || !table->layout.empty)
            kept++;
    }
    if (broken && state->table_count == 1) {
        if (err)
            *err = broken->err;
        return broken->failure;
    }
    if (!kept)
        return nothing_there(state, err);
    return PF_OK;
}

/* Sheets without a value are no tables. */
static void drop_empty(pf_reader_state *state) {
    int64_t kept = 0;
    for (int64_t i = 0; i < state->table_count; i++) {
        struct pf_grid_table *table = &state->tables[i];
        if (table->failure == PF_OK && table->layout.empty) {
            pf_grid_table_clear(table);
            continue;
        }
        if (i != kept) {
            state->tables[kept] = *table;
            memset(table, 0, sizeof *table);
        }
        kept++;
    }
    state->table_count = kept;
}

pf_status pf_grid_survey(pf_reader_state *state, struct pf_survey *request, struct pf_error *err) {
    request->table_count = 0;
    state->as_cells = request->mode == PF_SURVEY_CELLS;
    if (state->as_cells) {
        PF_TRY(pf_grid_cells_survey(state, err));
        state->faces[0] = &state->cells;
        request->table_count = 1;
    } else {
        bool exact = request->mode == PF_SURVEY_EXACT;
        if (!state->surveyed)
            PF_TRY(pf_grid_choose(state, err));
        PF_TRY(survey_tables(state, exact, state->surveyed ? request->table : NULL, err));
        drop_empty(state);
        state->surveyed = true;
        tell_hidden(state);
        if (request->fact)
            pf_grid_facts(state, request);
        for (int64_t i = 0; i < state->table_count; i++)
            state->faces[i] = &state->tables[i].face;
        request->table_count = state->table_count;
    }
    request->tables = state->faces;
    return PF_OK;
}

pf_status pf_grid_read(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                       struct pf_error *err) {
    memset(out, 0, sizeof *out);
    if (state->as_cells)
        return pf_grid_cells_open(state, request, out, err);
    if (!state->surveyed)
        return pf_fail(err, PF_STATE, "read is called before survey; survey first");
    if (request->table >= 0 && request->table < state->table_count &&
        state->tables[request->table].failure != PF_OK) {
        if (err)
            *err = state->tables[request->table].err;
        return state->tables[request->table].failure;
    }
    return pf_grid_stream_open(state, request, out, err);
}
