/* grid_cells.c — room grid. The view of a book cell by cell.                     SPDX-License-Identifier: MIT
 * Knows: sheets in order, hidden ones too; a line per cell with a value.
 * Knows not: tables. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "columns/columns_batch.h"
#include "columns/columns_schema.h"
#include "columns/columns_stream.h"
#include "grid/grid_state.h"

#define CELLS_BATCH 16384
#define CELLS_BYTES (4 << 20)

struct view {
    pf_reader_state *state;
    const struct ArrowSchema *schema; /* lent */
    struct pf_batch batch;
    struct pf_grid_block block;
    size_t row, cell; /* the next ones of the block */
    struct pf_grid_pass pass;
    struct pf_grid_table sheet; /* stands for the sheet at hand */
    int32_t next_sheet;
    bool open;
};

pf_status pf_grid_cells_survey(pf_reader_state *state, struct pf_error *err) {
    static const char *const names[] = {"sheet", "cell", "type", "value"};
    struct pf_type text = {.kind = PF_KIND_UTF8, .zone = ""};
    struct pf_table *face = &state->cells;
    if (state->policy.tables)
        return pf_fail(err, PF_ARGUMENT,
                       "cells shows sheets and not tables; give --sheet or --range instead of --table");
    PF_TRY(pf_grid_choose_check(state, err));
    if (!state->faces && !(state->faces = pf_mem_zero(1, sizeof *state->faces)))
        return pf_fail_memory(err, sizeof *state->faces);
    pf_schema_release(&face->schema);
    *face = (struct pf_table){
        .struct_size = sizeof *face, .exact = 1, .name = "cells", .rows = -1, .rows_estimate = -1};
    PF_TRY(pf_schema_struct(&face->schema, 4, err));
    for (int i = 0; i < 4; i++)
        PF_TRY(pf_schema_field(face->schema.children[i], names[i], &text, false, err));
    return PF_OK;
}

static bool is_full(const struct view *v) {
    return v->batch.builds[0].length == CELLS_BATCH || v->batch.builds[3].data_size > CELLS_BYTES;
}

static pf_status put_cell(struct view *v, uint32_t row, const struct pf_cell *cell, struct pf_error *err) {
    const pf_reader_state *state = v->state;
    char room[PF_SPELL_ROOM], place[16];
    struct pf_text text;
    if (!pf_grid_view_has(&v->sheet.view, cell) || cell->kind == PF_CELL_UNKNOWN)
        return PF_OK;
    char type = pf_grid_spell_cell(&state->book, v->sheet.view.date1904, &v->block, cell, room, &text);
    if (text.size == 0)
        return PF_OK;
    PF_TRY(pf_build_bytes(&v->batch.builds[0], v->sheet.name, strlen(v->sheet.name), err));
    PF_TRY(pf_build_bytes(&v->batch.builds[1], place, pf_grid_place_print(row, cell->column, place), err));
    PF_TRY(pf_build_bytes(&v->batch.builds[2], &type, 1, err));
    return pf_build_bytes(&v->batch.builds[3], text.at, text.size, err);
}

/* Puts cells of the block until the batch is full or the block is over. */
static pf_status put_block(struct view *v, struct pf_error *err) {
    for (; v->row < v->block.row_count; v->row++) {
        uint32_t number = v->block.rows[v->row].number, end = pf_grid_row_end(&v->block, v->row);
        bool in = pf_grid_view_has_row(&v->sheet.view, number);
        for (; v->cell < end; v->cell++) {
            if (is_full(v))
                return PF_OK;
            if (in)
                PF_TRY(put_cell(v, number, &v->block.cells[v->cell], err));
        }
    }
    return PF_OK;
}

static pf_status open_sheet(struct view *v, struct pf_error *err) {
    const pf_reader_state *state = v->state;
    int32_t i = v->next_sheet++;
    const struct pf_grid_sheet *sheet = &state->book.sheets[i];
    if (sheet->kind != PF_SHEET_GRID ||
        (state->policy.sheets && !pf_grid_policy_names(state->policy.sheets, sheet->name, i + 1)))
        return PF_OK;
    v->sheet = (struct pf_grid_table){.name = sheet->name,
                                      .sheet = i,
                                      .sheet_name = sheet->name,
                                      .as_stored = true,
                                      .view = {&state->book, sheet->date1904, state->policy.range}};
    pf_status status = pf_grid_pass_open(&v->pass, &v->sheet, &state->policy, PF_GRID_ANY_ORDER, err);
    if (status != PF_OK)
        pf_where(err, "sheet '%.60s'", sheet->name);
    v->open = status == PF_OK;
    return status;
}

static pf_status next_block(struct view *v, struct pf_error *err) {
    pf_grid_block_empty(&v->block);
    v->row = v->cell = 0;
    pf_status status = pf_grid_pass_next(&v->pass, &v->block, err);
    if (status != PF_OK)
        pf_where(err, "sheet '%.60s'", v->sheet.name);
    if (status == PF_OK && v->block.row_count == 0) {
        pf_grid_pass_close(&v->pass);
        v->open = false;
    }
    return status;
}

static pf_status next(void *self, struct ArrowArray *out, struct pf_error *err) {
    struct view *v = self;
    memset(out, 0, sizeof *out);
    while (!is_full(v)) {
        PF_TRY(put_block(v, err));
        if (v->row < v->block.row_count)
            continue;
        if (!v->open && v->next_sheet == v->state->book.sheet_count)
            break;
        PF_TRY(v->open ? next_block(v, err) : open_sheet(v, err));
    }
    return v->batch.builds[0].length ? pf_batch_take(&v->batch, out, err) : PF_OK;
}

static pf_status give_schema(void *self, struct ArrowSchema *out, struct pf_error *err) {
    const struct view *v = self;
    return pf_schema_copy(v->schema, out, err);
}

static void close_view(void *self) {
    struct view *v = self;
    pf_grid_pass_close(&v->pass);
    pf_grid_block_clear(&v->block);
    pf_batch_clear(&v->batch);
    pf_mem_free(v);
}

pf_status pf_grid_cells_open(pf_reader_state *state, const struct pf_read *request,
                             struct ArrowArrayStream *out, struct pf_error *err) {
    if (request->schema->n_children != 4)
        return pf_fail(err, PF_ARGUMENT, "the cells view has four columns; ask for all of them or none");
    struct view *v = pf_mem_zero(1, sizeof *v);
    if (!v)
        return pf_fail_memory(err, sizeof *v);
    v->state = state;
    v->schema = request->schema;
    struct pf_stream_maker maker = {.self = v, .schema = give_schema, .next = next, .close = close_view};
    pf_status status = pf_batch_open(&v->batch, request->schema, err);
    if (status == PF_OK)
        status = pf_stream_make(&maker, request->err, out, err);
    if (status != PF_OK)
        close_view(v);
    return status;
}
