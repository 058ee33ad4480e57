/* ptg_links.c — room ptg. What formulas name by numbers.                         SPDX-License-Identifier: MIT
 * Knows: sheets of this and other books, names, tables, when the name of a sheet is quoted.
 * Knows not: tokens, records. Sources: [MS-XLS] 2.5.198.76, .77; [MS-XLSB] 2.5.97.56 (PtgList); ECMA-376 Part 1, 18.17
 * (how references are spelled). */
#include "ptg/ptg_links.h"

#include "base/error.h"
#include "base/utf8.h"
#include "ptg/ptg_functions.h"

#define MOST 1000000u /* of a kind */

struct book {
    enum pf_ptg_book_kind kind;
    int32_t number;                    /* [1] … */
    uint32_t first_sheet, sheet_count; /* of sheet_names */
    uint32_t first_name, name_count;   /* of extern_names */
};
struct reference {
    uint32_t book;
    int32_t first, last;
};
struct name {
    const char *text;
    int32_t sheet;
    bool good;
};
struct table {
    const char *name;
    uint32_t first_column, column_count;
};

#define COUNT(buf, type) ((uint32_t)((buf).size / sizeof(type)))
#define AT(buf, type, i) (&((type *)(void *)(buf).data)[i])
#define LAST(buf, type)  AT(buf, type, COUNT(buf, type) - 1)
#define TEXT(buf, i)     (*AT(buf, const char *, i))
#define ROOM(buf, type)  (COUNT(buf, type) < MOST)

void pf_ptg_links_clear(struct pf_ptg_links *links) {
    pf_arena_clear(&links->arena);
    pf_buf_clear(&links->books);
    pf_buf_clear(&links->references);
    pf_buf_clear(&links->sheet_names);
    pf_buf_clear(&links->extern_names);
    pf_buf_clear(&links->names);
    pf_buf_clear(&links->tables);
    pf_buf_clear(&links->columns);
    pf_map_clear(&links->table_ids);
    *links = (struct pf_ptg_links){0};
}

/* ---- what readers add ---- */

static pf_status keep(struct pf_ptg_links *links, struct pf_text text, const char **kept,
                      struct pf_error *err) {
    *kept = pf_arena_text(&links->arena, text.size ? text.at : "", text.size);
    return *kept ? PF_OK : pf_fail_memory(err, text.size + 1);
}

pf_status pf_ptg_add_book(struct pf_ptg_links *links, enum pf_ptg_book_kind kind, struct pf_error *err) {
    struct book book = {.kind = kind,
                        .first_sheet = COUNT(links->sheet_names, const char *),
                        .first_name = COUNT(links->extern_names, struct name)};
    if (!ROOM(links->books, struct book))
        return PF_OK;
    if (kind == PF_PTG_WORKBOOK || kind == PF_PTG_STRANGE)
        book.number = ++links->workbooks;
    return pf_buf_put(&links->books, &book, sizeof book, err);
}

pf_status pf_ptg_add_sheet_name(struct pf_ptg_links *links, struct pf_text name, struct pf_error *err) {
    const char *kept;
    if (!links->books.size || !ROOM(links->sheet_names, const char *))
        return PF_OK;
    PF_TRY(keep(links, name, &kept, err));
    PF_TRY(pf_buf_put(&links->sheet_names, &kept, sizeof(char *), err));
    LAST(links->books, struct book)->sheet_count++;
    return PF_OK;
}

pf_status pf_ptg_add_reference(struct pf_ptg_links *links, uint32_t book, int32_t first, int32_t last,
                               struct pf_error *err) {
    struct reference reference = {book, first, last};
    return ROOM(links->references, struct reference)
               ? pf_buf_put(&links->references, &reference, sizeof reference, err)
               : PF_OK;
}

static pf_status add_name(struct pf_ptg_links *links, struct pf_buf *names, struct pf_text text, int32_t sheet,
                          bool good, struct pf_error *err) {
    struct name name = {.sheet = sheet, .good = good && text.size > 0};
    PF_TRY(keep(links, text, &name.text, err));
    return pf_buf_put(names, &name, sizeof name, err);
}

pf_status pf_ptg_add_extern_name(struct pf_ptg_links *links, struct pf_text name, int32_t sheet, bool good,
                                 struct pf_error *err) {
    if (!links->books.size || !ROOM(links->extern_names, struct name))
        return PF_OK;
    PF_TRY(add_name(links, &links->extern_names, name, sheet, good, err));
    LAST(links->books, struct book)->name_count++;
    return PF_OK;
}

pf_status pf_ptg_add_name(struct pf_ptg_links *links, struct pf_text name, int32_t sheet,
                          struct pf_error *err) {
    return ROOM(links->names, struct name) ? add_name(links, &links->names, name, sheet, true, err) : PF_OK;
}

pf_status pf_ptg_add_table(struct pf_ptg_links *links, uint32_t id, struct pf_text name, struct pf_error *err) {
    struct table table = {.first_column = COUNT(links->columns, const char *)};
    int64_t number = COUNT(links->tables, struct table);
    if (!ROOM(links->tables, struct table))
        return PF_OK;
    PF_TRY(keep(links, name, &table.name, err));
    PF_TRY(pf_map_add(&links->table_ids, &id, sizeof id, number, &number, err));
    return pf_buf_put(&links->tables, &table, sizeof table, err);
}

pf_status pf_ptg_add_column(struct pf_ptg_links *links, struct pf_text name, struct pf_error *err) {
    const char *kept;
    if (!links->tables.size || !ROOM(links->columns, const char *))
        return PF_OK;
    PF_TRY(keep(links, name, &kept, err));
    PF_TRY(pf_buf_put(&links->columns, &kept, sizeof(char *), err));
    LAST(links->tables, struct table)->column_count++;
    return PF_OK;
}

const char *pf_ptg_builtin(uint8_t code) {
    static const char *const names[] = {
        "_xlnm.Consolidate_Area", "_xlnm.Auto_Open",      "_xlnm.Auto_Close",    "_xlnm.Extract",
        "_xlnm.Database",         "_xlnm.Criteria",       "_xlnm.Print_Area",    "_xlnm.Print_Titles",
        "_xlnm.Recorder",         "_xlnm.Data_Form",      "_xlnm.Auto_Activate", "_xlnm.Auto_Deactivate",
        "_xlnm.Sheet_Title",      "_xlnm._FilterDatabase"};
    return code < sizeof names / sizeof *names ? names[code] : NULL;
}

/* ---- sheets ---- */

static bool is_letter(char c) { return pf_lower(c) >= 'a' && pf_lower(c) <= 'z'; }

/* Signs and spaces of Unicode that no name has without quotes; the letters of all scripts stay. */
static bool is_sign(uint32_t point) {
    return (point >= 0x80 && point < 0xC0 && point != 0xAA && point != 0xB5 && point != 0xBA) ||
           point == 0xD7 || point == 0xF7 || (point >= 0x2000 && point < 0x2C00) ||
           (point >= 0x3000 && point < 0x3021) || (point >= 0xE000 && point < 0xF900) ||
           (point >= 0xFE10 && point < 0xFE70) || (point >= 0xFF00 && point < 0xFF10) || point >= 0x1F000;
}

/* "A1", "XFD1048576": a place in a sheet. */
static bool is_place(const char *name) {
    struct pf_grid_range range;
    size_t letters = 0;
    while (is_letter(name[letters]))
        letters++;
    return letters && name[letters] && pf_grid_range_parse(name, strlen(name), &range);
}

/* "R", "C", "RC", "R1", "C2", "R1C2": a place in the other notation. */
static bool is_other_place(const char *name) {
    const char *at = name;
    at += pf_lower(*at) == 'r';
    while (at > name && pf_is_digit(*at))
        at++;
    const char *column = at;
    at += pf_lower(*at) == 'c';
    while (at > column && pf_is_digit(*at))
        at++;
    return at > name && *at == 0;
}

static bool is_plain(const char *name) {
    if (!*name || pf_is_digit(*name) || *name == '.' || is_place(name) || is_other_place(name))
        return false;
    for (size_t used, left = strlen(name); left; name += used, left -= used) {
        uint32_t point = 0;
        used = pf_utf8_decode(name, left, &point);
        if (used == 0)
            return false;
        if (point < 0x80 ? !is_letter(*name) && !pf_is_digit(*name) && *name != '_' && *name != '.'
                         : is_sign(point))
            return false;
    }
    return true;
}

static pf_status put_quoted(struct pf_buf *to, const char *text, struct pf_error *err) {
    for (; *text; text++) {
        PF_TRY(pf_buf_put(to, text, 1, err));
        if (*text == '\'')
            PF_TRY(pf_buf_put(to, text, 1, err));
    }
    return PF_OK;
}

#define HERE (-1) /* no number: this workbook */

/* number: of a workbook, 0 for this one. last NULL: one sheet. */
static pf_status put_prefix(int32_t number, const char *first, const char *last, struct pf_buf *to,
                            struct pf_error *err) {
    bool plain = (!*first || is_plain(first)) && (!last || is_plain(last));
    if (!plain)
        PF_TRY(pf_buf_text(to, "'", err));
    if (number >= 0)
        PF_TRY(pf_buf_print(to, err, "[%d]", (int)number));
    PF_TRY(put_quoted(to, first, err));
    if (last) {
        PF_TRY(pf_buf_text(to, ":", err));
        PF_TRY(put_quoted(to, last, err));
    }
    return pf_buf_text(to, plain ? "!" : "'!", err);
}

pf_status pf_ptg_put_sheets(const struct pf_ptg_links *links, int32_t first, int32_t last, struct pf_buf *to,
                            bool *known, struct pf_error *err) {
    if (first == PF_PTG_LOST || last == PF_PTG_LOST)
        return pf_buf_text(to, "#REF!", err);
    *known = first >= 0 && first < links->sheet_count && last >= first && last < links->sheet_count;
    return *known ? put_prefix(HERE, links->sheets[first].name, last > first ? links->sheets[last].name : NULL,
                               to, err)
                  : PF_OK;
}

static pf_status put_extern_sheets(const struct pf_ptg_links *links, const struct book *book, int32_t first,
                                   int32_t last, struct pf_buf *to, bool *known, struct pf_error *err) {
    int32_t count = (int32_t)book->sheet_count;
    if (first == PF_PTG_LOST || last == PF_PTG_LOST)
        return pf_buf_text(to, "#REF!", err);
    *known = first >= 0 && first < count && last >= first && last < count;
    if (!*known)
        return PF_OK;
    const char *const *names = AT(links->sheet_names, const char *const, book->first_sheet);
    return put_prefix(book->number, names[first], last > first ? names[last] : NULL, to, err);
}

/* NULL: there is none. */
static const struct book *book_of(const struct pf_ptg_links *links, uint32_t index,
                                  const struct reference **reference) {
    if (index >= COUNT(links->references, struct reference))
        return NULL;
    *reference = AT(links->references, const struct reference, index);
    return (*reference)->book < COUNT(links->books, struct book)
               ? AT(links->books, const struct book, (*reference)->book)
               : NULL;
}

pf_status pf_ptg_put_reference(const struct pf_ptg_links *links, uint32_t index, struct pf_buf *to, bool *known,
                               struct pf_error *err) {
    const struct reference *reference;
    const struct book *book = book_of(links, index, &reference);
    *known = book && (book->kind == PF_PTG_OWN || book->kind == PF_PTG_WORKBOOK);
    if (!*known)
        return PF_OK;
    return book->kind == PF_PTG_OWN
               ? pf_ptg_put_sheets(links, reference->first, reference->last, to, known, err)
               : put_extern_sheets(links, book, reference->first, reference->last, to, known, err);
}

/* ---- names ---- */

/* What XLSX has always known is a future function only in the older formats. */
static pf_status put_name(const struct name *name, struct pf_buf *to, struct pf_error *err) {
    static const char future[] = "_xlfn.";
    struct pf_text text = pf_text_of(name->text);
    size_t skip = sizeof future - 1;
    if (text.size > skip && memcmp(text.at, future, skip) == 0 &&
        pf_ptg_is_bare((struct pf_text){text.at + skip, text.size - skip}))
        text = (struct pf_text){text.at + skip, text.size - skip};
    return pf_buf_put(to, text.at, text.size, err);
}

static const struct name *name_at(const struct pf_buf *names, uint32_t first, uint32_t count, uint32_t number) {
    return number && number <= count ? AT(*names, const struct name, first + number - 1) : NULL;
}

pf_status pf_ptg_put_name(const struct pf_ptg_links *links, uint32_t number, struct pf_buf *to, bool *known,
                          struct pf_error *err) {
    const struct name *name = name_at(&links->names, 0, COUNT(links->names, struct name), number);
    *known = name && name->good;
    return *known ? put_name(name, to, err) : PF_OK;
}

/* Functions of add-ins are _xll.NAME, but for those that Excel has taken over. */
pf_status pf_ptg_put_extern_name(const struct pf_ptg_links *links, uint32_t index, uint32_t number,
                                 struct pf_buf *to, bool *known, struct pf_error *err) {
    const struct reference *reference;
    const struct book *book = book_of(links, index, &reference);
    *known = book && book->kind != PF_PTG_STRANGE && book->kind != PF_PTG_NOTHING;
    if (!*known)
        return PF_OK;
    bool own = book->kind == PF_PTG_OWN;
    const struct name *name = own ? name_at(&links->names, 0, COUNT(links->names, struct name), number)
                                  : name_at(&links->extern_names, book->first_name, book->name_count, number);
    *known = name && name->good;
    if (!*known)
        return PF_OK;
    int32_t sheet = own && reference->first >= 0 ? reference->first : name->sheet;
    if (own && sheet >= 0)
        PF_TRY(pf_ptg_put_sheets(links, sheet, sheet, to, known, err));
    else if (own)
        PF_TRY(put_prefix(0, "", NULL, to, err));
    else if (book->kind == PF_PTG_WORKBOOK && sheet >= 0)
        PF_TRY(put_extern_sheets(links, book, sheet, sheet, to, known, err));
    else if (book->kind == PF_PTG_WORKBOOK)
        PF_TRY(put_prefix(book->number, "", NULL, to, err));
    else if (strncmp(name->text, "_xl", 3) != 0 && !pf_ptg_is_bare(pf_text_of(name->text)))
        PF_TRY(pf_buf_text(to, "_xll.", err));
    return *known ? put_name(name, to, err) : PF_OK;
}

/* ---- tables ---- */

#define LIST_COLUMNS(flags) ((flags)&3) /* 0 all, 1 one, 2 from one to another */
#define LIST_ROWS(flags)    ((flags) >> 2 & 0x1F)
#define LIST_INVALID        0x1000u
#define LIST_ELSEWHERE      0x2000u /* of another workbook */

/* In the order of their bits, as they are written in front of columns. */
static const char *const parts[] = {"[#All]", "[#Headers]", "[#Data]", "[#Totals]", "[#This Row]"};

static pf_status put_column(const struct pf_ptg_links *links, const struct table *table, uint32_t column,
                            struct pf_buf *to, struct pf_error *err) {
    PF_TRY(pf_buf_text(to, "[", err));
    for (const char *c = TEXT(links->columns, table->first_column + column); *c; c++) {
        if (strchr("[]#'", *c))
            PF_TRY(pf_buf_text(to, "'", err));
        PF_TRY(pf_buf_put(to, c, 1, err));
    }
    return pf_buf_text(to, "]", err);
}

static const struct table *find_table(const struct pf_ptg_links *links, uint32_t id) {
    int64_t number;
    return pf_map_find(&links->table_ids, &id, sizeof id, &number)
               ? AT(links->tables, const struct table, number)
               : NULL;
}

/* Rows and columns within the outer brackets, which a single part has no need of. */
static pf_status put_parts(const struct pf_ptg_links *links, const struct table *table, uint32_t flags,
                           uint32_t first, uint32_t last, struct pf_buf *to, struct pf_error *err) {
    uint32_t rows = LIST_ROWS(flags), columns = LIST_COLUMNS(flags);
    bool begun = false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!(rows >> i & 1))
            continue;
        PF_TRY(pf_buf_text(to, begun ? "," : "", err));
        PF_TRY(pf_buf_text(to, parts[i], err));
        begun = true;
    }
    if (columns == 0)
        return PF_OK;
    PF_TRY(pf_buf_text(to, begun ? "," : "", err));
    PF_TRY(put_column(links, table, first, to, err));
    if (columns == 1)
        return PF_OK;
    PF_TRY(pf_buf_text(to, ":", err));
    return put_column(links, table, last, to, err);
}

pf_status pf_ptg_put_list(const struct pf_ptg_links *links, uint32_t id, uint32_t flags, uint32_t first,
                          uint32_t last, struct pf_buf *to, bool *known, struct pf_error *err) {
    const struct table *table = find_table(links, id);
    uint32_t rows = LIST_ROWS(flags), columns = LIST_COLUMNS(flags);
    bool good_rows = rows <= 2 || rows == 4 || rows == 6 || rows == 8 || rows == 12 || rows == 16;
    *known = table && good_rows && columns < 3 && !(flags & (LIST_INVALID | LIST_ELSEWHERE)) &&
             (columns == 0 || first < table->column_count) && (columns < 2 || last < table->column_count);
    if (!*known)
        return PF_OK;
    PF_TRY(pf_buf_text(to, table->name, err));
    if (rows == 0 && columns == 0)
        return pf_buf_text(to, "[]", err);
    bool single = columns == 0 ? (rows & (rows - 1)) == 0 : columns == 1 && rows == 0;
    PF_TRY(pf_buf_text(to, single ? "" : "[", err));
    PF_TRY(put_parts(links, table, flags, first, last, to, err));
    return pf_buf_text(to, single ? "" : "]", err);
}
