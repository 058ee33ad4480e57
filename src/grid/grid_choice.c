/* grid_choice.c — room grid. Which tables of a book are meant; the facts of a survey.  SPDX-License-Identifier: MIT
 * Knows: sheets by name, number and pattern, hidden ones, Excel tables and defined names.
 * Knows not: cells. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "columns/columns_schema.h"
#include "grid/grid_state.h"

/* ---- which ---- */

static pf_status make_room(pf_reader_state *state, size_t count, struct pf_error *err) {
    for (int64_t i = 0; i < state->table_count; i++)
        pf_grid_table_clear(&state->tables[i]);
    pf_mem_free(state->tables);
    pf_mem_free(state->faces);
    state->table_count = 0;
    state->tables = pf_mem_zero(count + 1, sizeof *state->tables);
    state->faces = pf_mem_zero(count + 1, sizeof *state->faces);
    return state->tables && state->faces ? PF_OK : pf_fail_memory(err, count * sizeof *state->tables);
}

/* Who says which cells are meant means all of them. */
static bool finds_footer(const struct pf_grid_policy *policy) {
    return policy->footer_rows < 0 && !policy->has_range && !policy->tables && policy->wish.header_rows != 0;
}

static struct pf_grid_table *add_table(pf_reader_state *state, int32_t sheet, const char *name) {
    struct pf_grid_table *table = &state->tables[state->table_count++];
    *table = (struct pf_grid_table){
        .name = name,
        .sheet = sheet,
        .sheet_name = state->book.sheets[sheet].name,
        .view = {&state->book, state->book.sheets[sheet].date1904, state->policy.range},
        .wish = state->policy.wish,
        .finds_footer = finds_footer(&state->policy),
        .footer_rows = state->policy.footer_rows > 0 ? state->policy.footer_rows : 0,
    };
    return table;
}

static bool is_wanted(const pf_reader_state *state, int32_t i) {
    const struct pf_grid_sheet *sheet = &state->book.sheets[i];
    if (sheet->kind != PF_SHEET_GRID)
        return false;
    if (state->policy.sheets)
        return pf_grid_policy_names(state->policy.sheets, sheet->name, i + 1);
    return state->policy.hidden || sheet->state == PF_SHEET_VISIBLE;
}

/* Every item of the list must mean a sheet. */
static pf_status check_items(const pf_reader_state *state, struct pf_error *err) {
    char one[256], there[160] = "";
    for (const char *at = state->policy.sheets; at;) {
        const char *end = strchr(at, '\x1F');
        size_t size = end ? (size_t)(end - at) : strlen(at);
        bool found = false;
        snprintf(one, sizeof one, "%.*s", (int)(size < sizeof one ? size : sizeof one - 1), at);
        for (int32_t i = 0; i < state->book.sheet_count; i++)
            found = found || (state->book.sheets[i].kind == PF_SHEET_GRID &&
                              pf_grid_policy_names(one, state->book.sheets[i].name, i + 1));
        for (int32_t i = 0; i < state->book.sheet_count && !found; i++)
            snprintf(there + strlen(there), sizeof there - strlen(there), "%s%s", i ? ", " : "",
                     state->book.sheets[i].name);
        if (!found)
            return pf_fail(err, PF_NOT_FOUND, "there is no sheet '%.60s'; there is %s", one, there);
        at = end ? end + 1 : NULL;
    }
    return PF_OK;
}

static pf_status choose_sheets(pf_reader_state *state, struct pf_error *err) {
    PF_TRY(check_items(state, err));
    PF_TRY(make_room(state, (size_t)state->book.sheet_count, err));
    for (int32_t i = 0; i < state->book.sheet_count; i++)
        if (is_wanted(state, i))
            add_table(state, i, state->book.sheets[i].name);
    if (state->table_count)
        return PF_OK;
    return pf_fail(err, PF_BAD_DATA,
                   state->book.sheet_count ? "all sheets are hidden or hold no cells; give --hidden include"
                                           : "the workbook has no sheet");
}

/* A name of one sheet is shown, and can be asked for, as "Sheet!Name". */
static pf_status full_name(pf_reader_state *state, const struct pf_grid_area *area, const char **name,
                           struct pf_error *err) {
    char text[600];
    *name = area->name;
    if (area->owner < 1 || area->owner > state->book.sheet_count)
        return PF_OK;
    snprintf(text, sizeof text, "%.290s!%.290s", state->book.sheets[area->owner - 1].name, area->name);
    *name = pf_arena_text(&state->arena, text, strlen(text));
    return *name ? PF_OK : pf_fail_memory(err, sizeof text);
}

/* Without its sheet a name means those of all sheets, but where the book has one of that name. */
static bool is_area_wanted(const pf_reader_state *state, const struct pf_grid_area *areas, size_t count,
                           size_t i, const char *full) {
    if (pf_grid_policy_names(state->policy.tables, full, -1))
        return true;
    bool wanted = areas[i].owner && pf_grid_policy_names(state->policy.tables, areas[i].name, -1);
    for (size_t k = 0; wanted && k < count; k++)
        wanted = areas[k].owner || !pf_text_same_nocase(pf_text_of(areas[k].name), pf_text_of(areas[i].name));
    return wanted;
}

static pf_status choose_areas(pf_reader_state *state, struct pf_error *err) {
    const struct pf_grid_area *areas = NULL;
    size_t count = 0;
    if (state->book.driver->areas)
        PF_TRY(state->book.driver->areas(state->book.self, &areas, &count, err));
    PF_TRY(make_room(state, count, err));
    for (size_t i = 0; i < count; i++) {
        const struct pf_grid_area *area = &areas[i];
        const char *name;
        PF_TRY(full_name(state, area, &name, err));
        if (!is_area_wanted(state, areas, count, i, name))
            continue;
        struct pf_grid_table *table = add_table(state, area->sheet, name);
        table->view.within = area->range;
        if (!area->is_table)
            continue;
        table->view.within.last_row -= area->totals_rows;
        table->wish.at_once = true;
        if (table->wish.header_rows < 0 && area->header_rows >= 0)
            table->wish.header_rows = area->header_rows;
    }
    if (state->table_count)
        return PF_OK;
    return pf_fail(err, PF_NOT_FOUND, "there is no table or defined name '%.80s'; %s", state->policy.tables,
                   count ? "info lists them" : "the workbook has none");
}

pf_status pf_grid_choose(pf_reader_state *state, struct pf_error *err) {
    return state->policy.tables ? choose_areas(state, err) : choose_sheets(state, err);
}

/* ---- facts ---- */

static void put(char *to, size_t room, const char *text, const char *more) {
    size_t used = strlen(to);
    snprintf(to + used, room - used, "%s%s%s", used ? ", " : "", text, more);
}

static const char *sheet_note(const struct pf_grid_sheet *sheet) {
    static const char *const kinds[] = {"", " (chart)", " (dialog)", " (macros)", " (module)"};
    if (sheet->kind > PF_SHEET_GRID && sheet->kind <= PF_SHEET_MODULE)
        return kinds[sheet->kind];
    return sheet->state == PF_SHEET_HIDDEN        ? " (hidden)"
           : sheet->state == PF_SHEET_VERY_HIDDEN ? " (very hidden)"
                                                  : "";
}

static size_t print_range(uint32_t top, uint32_t left, uint32_t bottom, uint32_t right, char *to) {
    size_t size = pf_grid_place_print(top, left, to);
    to[size++] = ':';
    return size + pf_grid_place_print(bottom, right, to + size);
}

static void tell_table(const struct pf_grid_table *table, const struct pf_survey *request, bool only) {
    const struct pf_grid_layout *layout = &table->layout;
    char key[120], value[300], range[40];
    if (table->failure != PF_OK || !table->column_count)
        return;
    uint32_t last = table->exact ? table->last_row : layout->data_from;
    last = last < layout->header_at ? layout->header_at : last;
    uint32_t header_at = pf_grid_hidden_row(table->hidden, layout->header_at);
    size_t size = print_range(header_at, table->columns[0].at, pf_grid_hidden_row(table->hidden, last),
                              table->columns[table->column_count - 1].at, range);
    if (!table->exact) /* its end is not known yet */
        size = (size_t)(strchr(range, ':') - range);
    if (only) {
        snprintf(value, sizeof value, "%d", (int)layout->header_rows);
        request->fact(request->ctx, "header_rows", value);
        snprintf(value, sizeof value, "%u", header_at + 1);
        if (layout->header_rows)
            request->fact(request->ctx, "header_row", value);
        snprintf(value, sizeof value, "%lld", (long long)table->footer_rows);
        if (table->footer_rows)
            request->fact(request->ctx, "footer_rows", value);
        request->fact(request->ctx, "why", layout->why);
        snprintf(value, sizeof value, "%.*s", (int)size, range);
        request->fact(request->ctx, "range", value);
        return;
    }
    char header[60] = "no header";
    if (layout->header_rows == 1)
        snprintf(header, sizeof header, "header in row %u", header_at + 1);
    else if (layout->header_rows)
        snprintf(header, sizeof header, "header in rows %u to %u", header_at + 1,
                 pf_grid_hidden_row(table->hidden, layout->header_at + (unsigned)layout->header_rows - 1) + 1);
    snprintf(key, sizeof key, "sheet '%.100s'", table->name);
    snprintf(value, sizeof value, "%.*s, %s: %s", (int)size, range, header, layout->why);
    request->fact(request->ctx, key, value);
}

static void tell_areas(pf_reader_state *state, const struct pf_survey *request) {
    const struct pf_grid_area *areas = NULL;
    size_t count = 0;
    char tables[600] = "", names[600] = "", one[200], range[40];
    if (!state->book.driver->areas ||
        state->book.driver->areas(state->book.self, &areas, &count, NULL) != PF_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct pf_grid_range *r = &areas[i].range;
        const char *name = areas[i].name;
        if (full_name(state, &areas[i], &name, NULL) != PF_OK)
            return;
        size_t size = print_range((uint32_t)r->first_row, (uint32_t)r->first_column, (uint32_t)r->last_row,
                                  (uint32_t)r->last_column, range);
        snprintf(one, sizeof one, "%.60s = %.60s!%.*s", name, state->book.sheets[areas[i].sheet].name,
                 (int)size, range);
        put(areas[i].is_table ? tables : names, sizeof tables, one, "");
    }
    if (tables[0])
        request->fact(request->ctx, "excel_tables", tables);
    if (names[0])
        request->fact(request->ctx, "defined_names", names);
}

void pf_grid_facts(pf_reader_state *state, const struct pf_survey *request) {
    const struct pf_grid_book *book = &state->book;
    char sheets[2000] = "";
    for (int32_t i = 0; i < book->sheet_count; i++)
        put(sheets, sizeof sheets, book->sheets[i].name, sheet_note(&book->sheets[i]));
    request->fact(request->ctx, "sheets", sheets);
    request->fact(request->ctx, "date_system", book->sheet_count && book->sheets[0].date1904 ? "1904" : "1900");
    for (int64_t i = 0; i < state->table_count; i++)
        tell_table(&state->tables[i], request, state->table_count == 1);
    tell_areas(state, request);
    if (book->driver->facts)
        book->driver->facts(book->self, request->fact, request->ctx);
}
