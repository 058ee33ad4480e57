/* grid_header.c — room grid. Column names from header rows.                      SPDX-License-Identifier: MIT
 * Knows: several rows, groups that reach to the right, blanks in names.
 * Knows not: where the header is (grid_region.c), what makes a name legal (columns_names.h). */
#include "base/error.h"
#include "grid/grid_region.h"

/* One header row, looked at from left to right; block NULL: it has no cell. */
struct line {
    const struct pf_grid_block *block;
    uint32_t from, to;
    uint32_t next;           /* the first cell that was not looked at */
    int32_t column;          /* of the last one with a text that was; -1: none */
    struct pf_meaning means; /* its */
};

static struct line find_line(const struct pf_grid_sample *sample, uint32_t number) {
    for (size_t b = 0; b < sample->count; b++) {
        const struct pf_grid_block *block = &sample->blocks[b];
        for (size_t r = 0; r < block->row_count; r++)
            if (block->rows[r].number == number)
                return (struct line){
                    block, block->rows[r].from, pf_grid_row_end(block, r), block->rows[r].from, -1, {0}};
    }
    return (struct line){.column = -1};
}

/* What stands at the column, or with `reach` the nearest text to its left; NULL: nothing. Columns are asked for in their
 * order. */
static const struct pf_meaning *look_at(const struct pf_grid_view *view, struct line *line, int32_t column,
                                        bool reach) {
    for (; line->next < line->to && line->block->cells[line->next].column <= column; line->next++) {
        const struct pf_cell *cell = &line->block->cells[line->next];
        struct pf_meaning m = {0};
        if (!pf_grid_view_has(view, cell))
            continue;
        pf_grid_cell_means(view->book, view->date1904, line->block, cell, &m);
        if (m.means == PF_MEANS_NOTHING || m.means == PF_MEANS_UNKNOWN)
            continue;
        line->column = cell->column;
        line->means = m;
    }
    return line->column == column || (reach && line->column >= 0) ? &line->means : NULL;
}

/* Appends the words of a text with one blank between them; '_' in front when there is something already. */
static pf_status put_part(struct pf_buf *name, struct pf_text text, struct pf_error *err) {
    const char *between = name->size ? "_" : "";
    for (size_t at = 0; at < text.size;) {
        size_t from = at;
        while (at < text.size && (uint8_t)text.at[at] > ' ')
            at++;
        if (at > from) {
            PF_TRY(pf_buf_text(name, between, err));
            PF_TRY(pf_buf_put(name, text.at + from, at - from, err));
            between = " ";
        }
        at += at < text.size;
    }
    return PF_OK;
}

static pf_status make_name(const struct pf_grid_view *view, struct line *lines, int32_t rows, int32_t column,
                           struct pf_buf *name, struct pf_error *err) {
    char room[PF_SPELL_ROOM];
    bool named = look_at(view, &lines[rows - 1], column, false) != NULL;
    name->size = 0;
    for (int32_t i = 0; i < rows; i++) {
        const struct pf_meaning *m = look_at(view, &lines[i], column, named && i + 1 < rows);
        if (m)
            PF_TRY(put_part(name, pf_grid_spell(m, room), err));
    }
    return PF_OK;
}

static int32_t last_column(const struct pf_grid_view *view, const struct line *lines, int32_t rows) {
    int32_t last = -1;
    for (int32_t i = 0; i < rows; i++)
        for (uint32_t c = lines[i].from; lines[i].block && c < lines[i].to; c++)
            if (pf_grid_view_has(view, &lines[i].block->cells[c]) && lines[i].block->cells[c].column > last)
                last = lines[i].block->cells[c].column;
    return last;
}

static pf_status fill_names(const struct pf_grid_view *view, struct line *lines, int32_t rows,
                            struct pf_arena *arena, const char **names, int32_t count, struct pf_error *err) {
    struct pf_buf name = {0};
    pf_status status = PF_OK;
    for (int32_t j = 0; status == PF_OK && j < count; j++) {
        status = make_name(view, lines, rows, j, &name, err);
        names[j] =
            status == PF_OK ? pf_arena_text(arena, name.size ? (const char *)name.data : "", name.size) : "";
        if (!names[j])
            status = pf_fail_memory(err, name.size);
    }
    pf_buf_clear(&name);
    return status;
}

pf_status pf_grid_header_names(const struct pf_grid_view *view, const struct pf_grid_sample *sample,
                               const struct pf_grid_layout *layout, struct pf_arena *arena, const char ***names,
                               int32_t *count, struct pf_error *err) {
    struct line lines[PF_GRID_HEADER_MOST];
    int32_t rows = layout->header_rows < PF_GRID_HEADER_MOST ? layout->header_rows : PF_GRID_HEADER_MOST;
    *names = NULL;
    *count = 0;
    if (rows < 1)
        return PF_OK;
    for (int32_t i = 0; i < rows; i++)
        lines[i] = find_line(sample, layout->header_at + (uint32_t)i);
    int32_t last = last_column(view, lines, rows);
    const char **list = pf_arena_take(arena, (size_t)(last + 2) * sizeof *list);
    if (!list)
        return pf_fail_memory(err, (size_t)(last + 2) * sizeof *list);
    *names = list;
    *count = last + 1;
    return fill_names(view, lines, rows, arena, list, last + 1, err);
}
