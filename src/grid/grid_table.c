/* grid_table.c — room grid. The survey of one table.                             SPDX-License-Identifier: MIT
 * Knows: samples and whole sheets, which columns there are, their types.
 * Knows not: which tables there are, batches.                Format: docs/formats/xlsx.md §The survey */
#include "grid/grid_table.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "columns/columns_schema.h"
#include "grid/grid_footer.h"

#define SAMPLE_ROWS 20000

struct surveying {
    struct pf_grid_table *table;
    const struct pf_grid_policy *policy;
    struct pf_grid_pass pass;     /* its head is the sample */
    struct pf_grid_infer *infers; /* by column of the sheet */
    uint16_t *codes;              /* likewise */
    size_t infer_count;
    int64_t last_used;    /* row; −1: none */
    int64_t used_rows;    /* with a value */
    int64_t head_end;     /* the last row of the sample */
    int64_t look_to;      /* the last row that tells of types */
    uint32_t last_looked; /* the last row that was looked at */
};

void pf_grid_table_clear(struct pf_grid_table *table) {
    pf_schema_release(&table->face.schema);
    pf_grid_pass_close(&table->kept);
    pf_mem_free(table->columns);
    pf_arena_clear(&table->arena);
    pf_grid_hidden_free(table->hidden);
    pf_grid_links_clear(&table->links);
    table->has_links = false;
    table->hidden = NULL;
    table->columns = NULL;
    table->column_count = 0;
}

uint32_t pf_grid_table_last_column(const struct pf_grid_table *table) {
    int32_t i = table->column_count - 1;
    while (i > 0 && pf_grid_is_link(table->columns[i].at)) /* they stand behind all others */
        i--;
    return table->columns[i].at;
}

size_t pf_grid_table_place(const struct pf_grid_table *table, uint32_t row, uint32_t column, char to[16]) {
    return pf_grid_place_print(pf_grid_hidden_row(table->hidden, row), pf_grid_column_of(column), to);
}

static pf_status read_links(struct pf_grid_table *table, const struct pf_grid_policy *policy,
                            struct pf_error *err) {
    if (policy->links == PF_LINKS_NONE || table->has_links)
        return PF_OK;
    table->has_links = true;
    return pf_grid_links_read(table->view.book, table->sheet, &table->links, err);
}

/* Once: what is hidden, and the range that is meant counted without it. */
static pf_status leave_hidden(struct pf_grid_table *table, const struct pf_grid_policy *policy,
                              struct pf_error *err) {
    struct pf_grid_range *within = &table->view.within;
    if (table->hidden)
        return PF_OK;
    PF_TRY(pf_grid_hidden_read(table->view.book, table->sheet, policy->leave_rows, policy->leave_columns,
                               &table->hidden, err));
    int64_t behind = pf_grid_hidden_count(table->hidden, (uint32_t)within->last_row);
    within->first_row = (int32_t)pf_grid_hidden_count(table->hidden, (uint32_t)within->first_row);
    within->last_row =
        (int32_t)behind - (table->hidden && pf_grid_hidden_has(table->hidden, (uint32_t)within->last_row));
    return PF_OK;
}

static pf_status make_room(struct surveying *s, size_t columns, struct pf_error *err) {
    if (columns <= s->infer_count)
        return PF_OK;
    struct pf_grid_infer *grown = pf_mem_grow(s->infers, columns * sizeof *grown);
    if (!grown)
        return pf_fail_memory(err, columns * sizeof *grown);
    memset(grown + s->infer_count, 0, (columns - s->infer_count) * sizeof *grown);
    s->infers = grown;
    uint16_t *codes = pf_mem_grow(s->codes, columns * sizeof *codes);
    if (!codes)
        return pf_fail_memory(err, columns * sizeof *codes);
    memset(codes + s->infer_count, 0, (columns - s->infer_count) * sizeof *codes);
    s->codes = codes;
    s->infer_count = columns;
    return PF_OK;
}

/* Notes the cells of one row; whether it has a value. */
/* Where a cell counts: a link may count as what its cell holds. */
static uint32_t place_of(const struct pf_grid_policy *policy, const struct pf_cell *cell) {
    return policy->links == PF_LINKS_URL ? pf_grid_column_of(cell->column) : cell->column;
}

/* Of a number; texts and truths are shown as they are. */
static uint16_t code_of(const struct pf_grid_book *book, const struct pf_cell *cell) {
    bool number = cell->kind == PF_CELL_NUMBER || cell->kind == PF_CELL_DATE || cell->kind == PF_CELL_STAMP ||
                  cell->kind == PF_CELL_ELAPSED;
    return number && cell->style < book->format_count ? book->formats[cell->style].code : 0;
}

static bool look_at_row(struct surveying *s, const struct pf_grid_block *block, size_t r) {
    const struct pf_grid_view *view = &s->table->view;
    uint32_t row = block->rows[r].number;
    bool used = false;
    for (uint32_t c = block->rows[r].from; c < pf_grid_row_end(block, r); c++) {
        const struct pf_cell *cell = &block->cells[c];
        struct pf_meaning m = {0};
        if (!pf_grid_view_takes(view, cell))
            continue;
        pf_grid_cell_means(view->book, view->date1904, block, cell, &m);
        if (s->policy->text_numbers)
            pf_grid_text_as_number(&m);
        if (row <= s->head_end && !s->codes[place_of(s->policy, cell)])
            s->codes[place_of(s->policy, cell)] = code_of(view->book, cell);
        pf_grid_infer_cell(&s->infers[place_of(s->policy, cell)], &m, row);
        used |= m.means != PF_MEANS_NOTHING;
    }
    return used;
}

static pf_status look_at_block(struct surveying *s, const struct pf_grid_block *block, struct pf_error *err) {
    size_t widest = 0;
    for (size_t c = 0; c < block->cell_count; c++) {
        size_t place = place_of(s->policy, &block->cells[c]);
        widest = place + 1 > widest ? place + 1 : widest;
    }
    PF_TRY(make_room(s, widest, err));
    for (size_t r = 0; r < block->row_count; r++) {
        uint32_t row = block->rows[r].number;
        if (row < s->table->layout.data_from || row > s->table->last_row || row > s->look_to)
            continue;
        if (look_at_row(s, block, r)) {
            s->last_used = row;
            s->used_rows++;
        }
    }
    return PF_OK;
}

/* ---- the head ---- */

static bool has_value(const struct pf_grid_table *table, const struct pf_grid_block *block) {
    const struct pf_grid_view *view = &table->view;
    int64_t from = view->within.first_row + (table->wish.skip_rows > 0 ? table->wish.skip_rows : 0);
    for (size_t r = 0; r < block->row_count; r++)
        if (block->rows[r].number >= from && pf_grid_view_has_value(view, block, r))
            return true;
    return false;
}

/* The first rows from the first value on; blocks in front of it hold nothing that counts. */
static pf_status take_sample(struct surveying *s, struct pf_error *err) {
    struct pf_grid_sample *sample = &s->pass.head;
    size_t rows = 0;
    while (sample->count < PF_GRID_SAMPLE_BLOCKS && rows < SAMPLE_ROWS) {
        struct pf_grid_block *block = &sample->blocks[sample->count];
        PF_TRY(pf_grid_pass_next(&s->pass, block, err));
        if (!block->row_count) {
            sample->whole = true;
            pf_grid_pass_end(&s->pass);
            return PF_OK;
        }
        if (!sample->count && !has_value(s->table, block)) {
            pf_grid_block_empty(block);
            continue;
        }
        rows += block->row_count;
        s->pass.given = ++sample->count;
    }
    return PF_OK;
}

static int64_t end_of_sample(const struct pf_grid_sample *sample) {
    const struct pf_grid_block *last = sample->count ? &sample->blocks[sample->count - 1] : NULL;
    return last && last->row_count ? (int64_t)last->rows[last->row_count - 1].number : -1;
}

/* A pass of a survey is one long call: asking the host lets a cancel in, and progress out. */
static pf_status next_asking(struct pf_grid_pass *pass, const struct pf_grid_policy *policy,
                             struct pf_grid_block *block, struct pf_error *err) {
    struct pf_host *host = policy->host;
    if (host && host->cancelled && host->cancelled(host))
        return pf_fail_cancelled(err);
    pf_grid_block_empty(block);
    return pf_grid_pass_next(pass, block, err);
}

/* The last row with a value: for footers, which are counted from it. */
static pf_status find_last_row(struct pf_grid_table *table, const struct pf_grid_policy *policy, int64_t *last,
                               struct pf_error *err) {
    struct pf_grid_pass pass = {0};
    struct pf_grid_block block = {0};
    pf_status status = pf_grid_pass_open(&pass, table, policy, PF_GRID_ANY_ORDER, err);
    *last = -1;
    while (status == PF_OK) {
        status = next_asking(&pass, policy, &block, err);
        if (status != PF_OK || !block.row_count)
            break;
        for (size_t r = 0; r < block.row_count; r++)
            if (pf_grid_view_has_value(&table->view, &block, r))
                *last = block.rows[r].number;
    }
    pf_grid_block_clear(&block);
    pf_grid_pass_close(&pass);
    return status;
}

/* ---- the verdict ---- */

static pf_status name_column(struct pf_grid_table *table, const char *given, struct pf_grid_column *column,
                             struct pf_error *err) {
    static const char of_links[] = "_url";
    char letters[8], text[32] = "";
    bool named = given && *given, link = pf_grid_is_link(column->at);
    column->name = given;
    if (named && !link)
        return PF_OK;
    if (!named)
        snprintf(text, sizeof text, "column_%.*s",
                 (int)pf_grid_column_print(pf_grid_column_of(column->at), letters), letters);
    const char *base = named ? given : text;
    size_t size = strlen(base);
    char *name = pf_arena_take(&table->arena, size + sizeof of_links);
    column->name = name;
    if (!name)
        return pf_fail_memory(err, size + sizeof of_links);
    memcpy(name, base, size);
    memcpy(name + size, link ? of_links : "", link ? sizeof of_links : 1);
    return PF_OK;
}

static pf_status make_columns(struct surveying *s, const char *const *names, int32_t name_count,
                              struct pf_error *err) {
    struct pf_grid_table *table = s->table;
    size_t width = s->infer_count > (size_t)name_count ? s->infer_count : (size_t)name_count;
    PF_TRY(make_room(s, width, err));
    table->columns = pf_mem_zero(width, sizeof *table->columns);
    if (!table->columns)
        return pf_fail_memory(err, width * sizeof *table->columns);
    for (size_t i = 0; i < width; i++) {
        bool link = pf_grid_is_link((uint32_t)i);
        size_t cell = pf_grid_column_of((uint32_t)i);
        const char *name = cell < (size_t)name_count ? names[cell] : NULL;
        if (!(s->infers[i].seen & ~(1u << PF_MEANS_NOTHING)) && (link || !name || !*name))
            continue;
        struct pf_grid_column *column = &table->columns[table->column_count++];
        column->at = (uint32_t)i;
        column->infer = s->infers[i];
        column->code = s->codes[i];
        column->settled =
            pf_grid_infer_type(column->infer.seen, s->policy->errors == PF_GRID_TEXT, &column->type);
        if (s->policy->text)
            column->type = (struct pf_type){.kind = PF_KIND_UTF8, .zone = ""};
        PF_TRY(name_column(table, name, column, err));
    }
    return PF_OK;
}

static void keep_widening(void *ctx, const struct pf_type *from, const struct pf_type *to, uint32_t row,
                          const char *example) {
    char before[96], after[96];
    char *text = ctx; /* 200 bytes */
    pf_type_print(from, before, sizeof before);
    pf_type_print(to, after, sizeof after);
    snprintf(text, 200, "%.60s \xE2\x86\x92 %.60s at row %u: %.24s", before, after, row + 1, example);
}

static pf_status tell_code(const struct pf_grid_book *book, const struct pf_grid_column *column,
                           struct ArrowSchema *field, struct pf_error *err) {
    struct pf_text code = pf_grid_codes_text(book->codes, column->code);
    char text[256];
    size_t size = code.size < sizeof text ? code.size : sizeof text - 1 - pf_utf8_cut(code.at, sizeof text - 1);
    snprintf(text, sizeof text, "%.*s", (int)size, code.at);
    return code.size ? pf_schema_set_meta(field, PF_META_NUMBER_FORMAT, text, err) : PF_OK;
}

static pf_status make_schema(struct surveying *s, struct pf_error *err) {
    struct pf_grid_table *table = s->table;
    struct pf_table *face = &table->face;
    *face =
        (struct pf_table){.struct_size = sizeof *face,
                          .exact = table->exact,
                          .name = table->name,
                          .rows = table->exact ? (int64_t)table->last_row + 1 - table->layout.data_from : -1,
                          .rows_estimate = -1};
    face->rows = face->rows < -1 ? 0 : table->exact && s->policy->leave_blank ? s->used_rows : face->rows;
    face->rows_estimate = face->rows;
    PF_TRY(pf_schema_struct(&face->schema, table->column_count, err));
    for (int32_t i = 0; i < table->column_count; i++) {
        const struct pf_grid_column *column = &table->columns[i];
        char widened[200] = "";
        PF_TRY(pf_schema_field(face->schema.children[i], column->name, &column->type, true, err));
        PF_TRY(tell_code(table->view.book, column, face->schema.children[i], err));
        if (!column->settled && !s->policy->text)
            PF_TRY(pf_schema_set_meta(face->schema.children[i], PF_META_UNSEEN, "true", err));
        if (table->exact && !s->policy->text)
            pf_grid_infer_widenings(&column->infer, s->policy->errors == PF_GRID_TEXT, keep_widening, widened);
        if (widened[0])
            PF_TRY(pf_schema_set_meta(face->schema.children[i], PF_META_WIDENED, widened, err));
    }
    return PF_OK;
}

static void widen_used(struct pf_grid_range *used, int32_t row, int32_t column) {
    used->first_row = row < used->first_row ? row : used->first_row;
    used->last_row = row > used->last_row ? row : used->last_row;
    used->first_column = column < used->first_column ? column : used->first_column;
    used->last_column = column > used->last_column ? column : used->last_column;
}

/* The table, its footer, and what stands above it, which is in the sample. */
static void note_used(struct surveying *s, int64_t footer_end) {
    struct pf_grid_table *table = s->table;
    int64_t last = table->footer_rows ? footer_end : (int64_t)table->last_row;
    table->used =
        (struct pf_grid_range){(int32_t)table->layout.header_at,
                               (int32_t)(last > table->layout.header_at ? last : table->layout.header_at),
                               (int32_t)table->columns[0].at, (int32_t)pf_grid_table_last_column(table)};
    for (size_t b = 0; b < s->pass.head.count; b++) {
        const struct pf_grid_block *block = &s->pass.head.blocks[b];
        for (size_t r = 0; r < block->row_count && block->rows[r].number < table->layout.data_from; r++) {
            if (!pf_grid_view_has_row(&table->view, block->rows[r].number))
                continue;
            for (uint32_t c = block->rows[r].from; c < pf_grid_row_end(block, r); c++) {
                struct pf_meaning m = {0};
                pf_grid_cell_means(table->view.book, table->view.date1904, block, &block->cells[c], &m);
                if (pf_grid_view_has(&table->view, &block->cells[c]) && m.means != PF_MEANS_NOTHING)
                    widen_used(&table->used, (int32_t)block->rows[r].number, block->cells[c].column);
            }
        }
    }
}

/* ---- the survey ---- */

static pf_status look_at_all(struct surveying *s, struct pf_error *err) {
    struct pf_grid_block block = {0};
    pf_status status = PF_OK;
    s->pass.given = 0;
    if (s->table->finds_footer)
        pf_grid_pass_trim(&s->pass, s->table);
    do {
        status = next_asking(&s->pass, s->policy, &block, err);
        if (status == PF_OK)
            status = look_at_block(s, &block, err);
    } while (status == PF_OK && block.row_count);
    pf_grid_block_clear(&block);
    s->table->footer_rows += s->pass.footer_rows;
    return status;
}

/* The footer of a sheet that is seen whole. The last rows of another sample may be one, and tell nothing. */
static void leave_footer(struct surveying *s) {
    struct pf_grid_table *table = s->table;
    const struct pf_grid_sample *sample = &s->pass.head;
    int64_t last = -1, from = -1, rows = PF_GRID_FOOTER_ROWS;
    if (sample->whole)
        from = pf_grid_footer_find(&table->view, sample->blocks, sample->count, table->layout.data_from,
                                   table->last_row, &last);
    for (size_t b = sample->count; b-- > 0 && !sample->whole && rows >= 0;) {
        const struct pf_grid_block *block = &sample->blocks[b];
        if (rows < (int64_t)block->row_count)
            s->look_to = block->rows[(int64_t)block->row_count - 1 - rows].number;
        rows -= (int64_t)block->row_count;
    }
    if (from < 0)
        return;
    table->last_row = (uint32_t)from - 1;
    table->footer_rows = last - from + 1;
}

static pf_status look_at_sample(struct surveying *s, struct pf_error *err) {
    if (s->table->finds_footer)
        leave_footer(s);
    for (size_t b = 0; b < s->pass.head.count; b++)
        PF_TRY(look_at_block(s, &s->pass.head.blocks[b], err));
    return PF_OK;
}

static pf_status survey(struct surveying *s, bool exact, struct pf_error *err) {
    struct pf_grid_table *table = s->table;
    const char **names = NULL;
    int32_t name_count = 0;
    PF_TRY(take_sample(s, err));
    s->head_end = end_of_sample(&s->pass.head);
    PF_TRY(pf_grid_region_find(&table->view, &s->pass.head, &table->wish, &table->layout, err));
    PF_TRY(pf_grid_header_names(&table->view, &s->pass.head, &table->layout, &table->arena, &names, &name_count,
                                err));
    if (table->finds_footer)
        table->footer_rows = 0;
    PF_TRY(exact && !s->pass.head.whole ? look_at_all(s, err) : look_at_sample(s, err));
    int64_t footer_end = s->pass.footer_rows ? s->pass.footer_end : table->last_row + table->footer_rows;
    table->exact = exact || s->pass.head.whole;
    if (table->exact)
        table->last_row = s->last_used >= 0         ? (uint32_t)s->last_used
                          : table->layout.data_from ? table->layout.data_from - 1
                                                    : 0;
    PF_TRY(make_columns(s, names, name_count, err));
    table->layout.empty = table->column_count == 0;
    if (table->layout.empty)
        return PF_OK;
    note_used(s, footer_end);
    return make_schema(s, err);
}

static pf_status survey_once(struct pf_grid_table *table, const struct pf_grid_policy *policy, bool exact,
                             struct pf_error *err) {
    struct pf_grid_hidden *hidden = table->hidden;
    struct pf_grid_links links = table->links;
    bool has_links = table->has_links;
    table->hidden = NULL;
    table->links = (struct pf_grid_links){0};
    struct surveying s = {.table = table, .policy = policy, .last_used = -1, .look_to = INT64_MAX};
    pf_grid_table_clear(table);
    table->hidden = hidden;
    table->links = links;
    table->has_links = has_links;
    pf_status status = pf_grid_pass_open(&s.pass, table, policy, exact ? 0 : PF_GRID_IN_PIECES, err);
    if (status == PF_OK)
        status = survey(&s, exact, err);
    if (status == PF_OK && (s.pass.head.whole || !exact)) {
        table->kept = s.pass;
        table->kept.given = 0;
        table->kept.trims = NULL;
        s.pass = (struct pf_grid_pass){0};
    }
    pf_grid_pass_close(&s.pass);
    pf_mem_free(s.infers);
    pf_mem_free(s.codes);
    return status;
}

pf_status pf_grid_table_survey(struct pf_grid_table *table, const struct pf_grid_policy *policy, bool exact,
                               struct pf_error *err) {
    pf_status status = leave_hidden(table, policy, err);
    if (status == PF_OK)
        status = read_links(table, policy, err);
    int64_t last = table->view.within.last_row, end = last; /* end: with the footer */
    if (status == PF_OK && !table->finds_footer && table->footer_rows > 0) {
        status = find_last_row(table, policy, &end, err);
        last = end > table->footer_rows ? end - table->footer_rows : 0;
    }
    table->last_row = (uint32_t)last;
    if (status == PF_OK)
        status = survey_once(table, policy, exact, err);
    if (status == PF_WIDEN) {
        table->disordered = true;
        table->last_row = (uint32_t)last;
        status = survey_once(table, policy, exact, err);
    }
    if (status != PF_OK)
        pf_grid_table_clear(table);
    else if (!table->finds_footer && table->footer_rows > end + 1 - table->layout.data_from)
        table->footer_rows = end < table->layout.data_from ? 0 : end + 1 - table->layout.data_from;
    return status;
}
