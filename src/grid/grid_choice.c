/* grid_choice.c — room grid. Which tables of a book are meant; the facts of a survey.  SPDX-License-Identifier: MIT
 * Knows: sheets by name, number and pattern, hidden ones, Excel tables and defined names.
 * Knows not: cells. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "columns/columns_schema.h"
#include "grid/grid_state.h"

/* ---- lists for people ---- */

static const char *sheet_note(const struct pf_grid_sheet *sheet) {
    static const char *const kinds[] = {"", " (chart)", " (dialog)", " (macros)", " (module)"};
    if (sheet->kind > PF_SHEET_GRID && sheet->kind <= PF_SHEET_MODULE)
        return kinds[sheet->kind];
    return sheet->state == PF_SHEET_HIDDEN        ? " (hidden)"
           : sheet->state == PF_SHEET_VERY_HIDDEN ? " (very hidden)"
                                                  : "";
}

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

/* Takes the first item off a list. */
static bool next_item(const char **list, char one[256]) {
    const char *end = *list ? strchr(*list, '\x1F') : NULL;
    if (!*list)
        return false;
    snprintf(one, 256, "%.*s", end ? (int)(end - *list) : 255, *list);
    *list = end ? end + 1 : NULL;
    return true;
}

static pf_status no_sheet(const pf_reader_state *state, const char *name, struct pf_error *err) {
    char there[160] = "";
    size_t used = 0;
    for (int32_t i = 0; i < state->book.sheet_count; i++) {
        const struct pf_grid_sheet *sheet = &state->book.sheets[i];
        if (sheet->kind != PF_SHEET_GRID && pf_grid_policy_names(name, sheet->name, i + 1))
            return pf_fail(err, PF_NOT_FOUND, "sheet '%.60s'%s holds no cells; choose another one", sheet->name,
                           sheet_note(sheet));
        if (used > sizeof there - 80)
            break;
        if (sheet->kind == PF_SHEET_GRID)
            used +=
                (size_t)snprintf(there + used, sizeof there - used, "%s%.60s", used ? ", " : "", sheet->name);
    }
    return pf_fail(err, PF_NOT_FOUND, "there is no sheet '%.60s'; there is %s%s", name, there,
                   used > sizeof there - 80 ? ", \xE2\x80\xA6" : "");
}

pf_status pf_grid_choose_check(const pf_reader_state *state, struct pf_error *err) {
    const char *list = state->policy.sheets;
    char one[256];
    while (next_item(&list, one)) {
        bool found = false;
        for (int32_t i = 0; i < state->book.sheet_count && !found; i++)
            found = state->book.sheets[i].kind == PF_SHEET_GRID &&
                    pf_grid_policy_names(one, state->book.sheets[i].name, i + 1);
        if (!found)
            return no_sheet(state, one, err);
    }
    return PF_OK;
}

static pf_status choose_sheets(pf_reader_state *state, struct pf_error *err) {
    PF_TRY(pf_grid_choose_check(state, err));
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
static bool names_area(const char *list, const struct pf_grid_area *areas, size_t count, size_t i,
                       const char *full) {
    if (pf_grid_policy_names(list, full, -1))
        return true;
    bool named = areas[i].owner && pf_grid_policy_names(list, areas[i].name, -1);
    for (size_t k = 0; named && k < count; k++)
        named = areas[k].owner || !pf_text_same_nocase(pf_text_of(areas[k].name), pf_text_of(areas[i].name));
    return named;
}

/* Every item must mean one. */
static pf_status check_areas(pf_reader_state *state, const struct pf_grid_area *areas, size_t count,
                             struct pf_error *err) {
    const char *list = state->policy.tables, *full;
    char one[256];
    while (next_item(&list, one)) {
        bool found = false;
        for (size_t i = 0; i < count && !found; i++) {
            PF_TRY(full_name(state, &areas[i], &full, err));
            found = names_area(one, areas, count, i, full);
        }
        if (!found)
            return pf_fail(err, PF_NOT_FOUND, "there is no table or defined name '%.80s'; %s", one,
                           count ? "info lists them" : "the workbook has none");
    }
    return PF_OK;
}

static pf_status choose_areas(pf_reader_state *state, struct pf_error *err) {
    const struct pf_grid_area *areas = NULL;
    size_t count = 0;
    if (state->book.driver->areas)
        PF_TRY(state->book.driver->areas(state->book.self, &areas, &count, err));
    PF_TRY(check_areas(state, areas, count, err));
    PF_TRY(pf_grid_choose_check(state, err));
    PF_TRY(make_room(state, count, err));
    for (size_t i = 0; i < count; i++) {
        const struct pf_grid_area *area = &areas[i];
        const char *name;
        PF_TRY(full_name(state, area, &name, err));
        if (!names_area(state->policy.tables, areas, count, i, name) ||
            (state->policy.sheets && !is_wanted(state, area->sheet)))
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
    return pf_fail(err, PF_NOT_FOUND,
                   "what --table names is on no sheet that --sheet names; give one of them alone");
}

pf_status pf_grid_choose(pf_reader_state *state, struct pf_error *err) {
    return state->policy.tables ? choose_areas(state, err) : choose_sheets(state, err);
}

/* ---- facts ---- */

static size_t print_range(uint32_t top, uint32_t left, uint32_t bottom, uint32_t right, char *to) {
    size_t size = pf_grid_place_print(top, left, to);
    to[size++] = ':';
    return size + pf_grid_place_print(bottom, right, to + size);
}

static void tell_table(const struct pf_grid_table *table, const struct pf_survey *request, bool only) {
    const struct pf_grid_layout *layout = &table->layout;
    char key[120], value[300], range[40] = "", used[40] = "";
    if (table->failure != PF_OK || !table->column_count)
        return;
    uint32_t last = table->exact ? table->last_row : layout->data_from;
    last = last < layout->header_at ? layout->header_at : last;
    uint32_t header_at = pf_grid_hidden_row(table->hidden, layout->header_at);
    size_t size = print_range(header_at, table->columns[0].at, pf_grid_hidden_row(table->hidden, last),
                              pf_grid_table_last_column(table), range);
    if (!table->exact) /* its end is not known yet */
        size = (size_t)(strchr(range, ':') - range);
    const struct pf_grid_range *u = &table->used;
    print_range(pf_grid_hidden_row(table->hidden, (uint32_t)u->first_row), (uint32_t)u->first_column,
                pf_grid_hidden_row(table->hidden, (uint32_t)u->last_row), (uint32_t)u->last_column, used);
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
        if (table->exact)
            request->fact(request->ctx, "used_range", used);
        return;
    }
    char header[60] = "no header";
    if (layout->header_rows == 1)
        snprintf(header, sizeof header, "header in row %u", header_at + 1);
    else if (layout->header_rows)
        snprintf(header, sizeof header, "header in rows %u to %u", header_at + 1,
                 pf_grid_hidden_row(table->hidden, layout->header_at + (unsigned)layout->header_rows - 1) + 1);
    snprintf(key, sizeof key, "sheet '%.100s'", table->name);
    bool more = table->exact && strcmp(used, range) != 0;
    snprintf(value, sizeof value, "%.*s%s%s, %s: %s", (int)size, range, more ? " of " : "", more ? used : "",
             header, layout->why);
    request->fact(request->ctx, key, value);
}

/* Tells a list, if there is one; what memory has no room for is not told. */
static void tell_list(const struct pf_survey *request, const char *key, struct pf_buf *list, size_t more) {
    if (more)
        pf_buf_print(list, NULL, ", \xE2\x80\xA6 and %zu more", more);
    char *text = list->size ? pf_buf_take(list) : NULL;
    if (text)
        request->fact(request->ctx, key, text);
    pf_mem_free(text);
    pf_buf_clear(list);
}

#define MOST_AREAS_TOLD 100
static void tell_areas(pf_reader_state *state, const struct pf_survey *request, bool tables) {
    const struct pf_grid_area *areas = NULL;
    size_t count = 0, told = 0, more = 0;
    struct pf_buf list = {0};
    char range[40];
    if (!state->book.driver->areas ||
        state->book.driver->areas(state->book.self, &areas, &count, NULL) != PF_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct pf_grid_range *r = &areas[i].range;
        const char *name = areas[i].name;
        if (areas[i].is_table != tables || (told == MOST_AREAS_TOLD && ++more))
            continue;
        if (full_name(state, &areas[i], &name, NULL) != PF_OK)
            break;
        size_t size = print_range((uint32_t)r->first_row, (uint32_t)r->first_column, (uint32_t)r->last_row,
                                  (uint32_t)r->last_column, range);
        pf_buf_print(&list, NULL, "%s%s = %s!%.*s", told++ ? ", " : "", name,
                     state->book.sheets[areas[i].sheet].name, (int)size, range);
    }
    tell_list(request, tables ? "excel_tables" : "defined_names", &list, more);
}

void pf_grid_facts(pf_reader_state *state, const struct pf_survey *request) {
    const struct pf_grid_book *book = &state->book;
    struct pf_buf sheets = {0};
    for (int32_t i = 0; i < book->sheet_count; i++)
        pf_buf_print(&sheets, NULL, "%s%s%s", i ? ", " : "", book->sheets[i].name,
                     sheet_note(&book->sheets[i]));
    tell_list(request, "sheets", &sheets, 0);
    request->fact(request->ctx, "date_system", book->sheet_count && book->sheets[0].date1904 ? "1904" : "1900");
    for (int64_t i = 0; i < state->table_count; i++)
        tell_table(&state->tables[i], request, state->table_count == 1);
    tell_areas(state, request, true);
    tell_areas(state, request, false);
    if (book->driver->facts)
        book->driver->facts(book->self, request->fact, request->ctx);
}
