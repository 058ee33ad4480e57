/* csv_header.c — room read/csv. Column names from the header records.             SPDX-License-Identifier: MIT
 * Knows: one row or several, groups that span columns.
 * Knows not: what makes a name legal (columns_names.h), where the header is (csv_layout.h). */
#include "base/error.h"
#include "read/csv/csv_layout.h"

static bool is_filled(const struct pf_csv_rows *rows, int32_t row, int32_t column) {
    return column < pf_csv_row(rows, row)->cells &&
           pf_csv_cell_filled(rows->trial, pf_csv_row_cell(rows, row, column));
}

/* The cell of a header row that names the column: above the last row a group's name reaches to the right. */
static int32_t naming_cell(const struct pf_csv_rows *rows, int32_t row, int32_t column) {
    if (is_filled(rows, row, column))
        return column;
    if (row + 1 == rows->count || !is_filled(rows, rows->count - 1, column))
        return -1;
    for (int32_t j = column - 1; j >= 0; j--)
        if (is_filled(rows, row, j))
            return j;
    return -1;
}

static pf_status make_name(const struct pf_csv_rows *rows, int32_t column, struct pf_arena *arena,
                           const char **name, struct pf_error *err) {
    size_t room = 1, used = 0;
    for (int32_t row = 0; row < rows->count; row++) {
        int32_t cell = naming_cell(rows, row, column);
        room += cell < 0 ? 0 : pf_csv_row_cell(rows, row, cell)->size + 1;
    }
    char *text = pf_arena_take(arena, room);
    if (!text)
        return pf_fail_memory(err, room);
    for (int32_t row = 0; row < rows->count; row++) {
        int32_t cell = naming_cell(rows, row, column);
        if (cell < 0)
            continue;
        if (used)
            text[used++] = '_';
        used += pf_csv_trial_cell(rows->trial, pf_csv_row_cell(rows, row, cell), rows->form, text + used,
                                  room - 1 - used);
    }
    text[used] = 0;
    *name = text;
    return PF_OK;
}

static pf_status make_names(const struct pf_csv_rows *rows, struct pf_arena *arena, const char ***names,
                            int32_t *count, struct pf_error *err) {
    int32_t widest = 0;
    for (int32_t row = 0; row < rows->count; row++)
        if (pf_csv_row(rows, row)->cells > widest)
            widest = pf_csv_row(rows, row)->cells;
    const char **list = pf_arena_take(arena, (size_t)(widest + 1) * sizeof *list);
    if (!list)
        return pf_fail_memory(err, (size_t)(widest + 1) * sizeof *list);
    for (int32_t j = 0; j < widest; j++)
        PF_TRY(make_name(rows, j, arena, &list[j], err));
    *names = list;
    *count = widest;
    return PF_OK;
}

pf_status pf_csv_header(const char *text, size_t size, const struct pf_csv_dialect *dialect,
                        struct pf_arena *arena, const char ***names, int32_t *count, struct pf_error *err) {
    *names = NULL;
    *count = 0;
    if (dialect->header_rows < 1)
        return PF_OK;
    if (dialect->header_at < 0 || (uint64_t)dialect->header_at > size)
        return pf_fail(err, PF_ARGUMENT, "the header is not in the text given; give the head of the file");
    struct pf_csv_trial trial = {0};
    struct pf_csv_rows rows = {0};
    size_t at = (size_t)dialect->header_at;
    size_t most =
        (uint64_t)dialect->data_at > at && (uint64_t)dialect->data_at <= size ? (size_t)dialect->data_at : size;
    pf_status status = pf_csv_trial_read(&trial, text + at, most - at, true, dialect, 10000, err);
    if (status == PF_OK)
        status = pf_csv_rows_open(&rows, &trial, dialect, err);
    if (status == PF_OK) {
        if (rows.count > dialect->header_rows)
            rows.count = dialect->header_rows;
        status = make_names(&rows, arena, names, count, err);
    }
    pf_csv_rows_close(&rows);
    pf_csv_trial_clear(&trial);
    return status;
}
