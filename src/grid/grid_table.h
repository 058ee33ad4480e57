/* grid_table.h — one table of a book: where it is, its columns and their types.  SPDX-License-Identifier: MIT */
#ifndef PF_GRID_TABLE_H
#define PF_GRID_TABLE_H
#include "grid/grid_hidden.h"
#include "grid/grid_infer.h"
#include "grid/grid_policy.h"

struct pf_grid_column {
    uint32_t at; /* column of the sheet, or of links (grid_links.h) */
    const char *name;
    struct pf_type type;
    bool settled;  /* there is evidence for the type */
    uint16_t code; /* of the first number with a format (grid_codes.h); 0: none */
    struct pf_grid_infer infer;
};

/* A cursor over a sheet that knows about merged ranges: as the driver's. All zero: none. */
struct pf_grid_pass {
    const struct pf_grid_driver *driver;
    void *cursor;
    struct pf_grid_order *order;       /* instead of the cursor: rows that are stored in no order */
    struct pf_grid_merger *merger;     /* NULL: nothing is filled */
    const struct pf_grid_links *links; /* that become cells; NULL: none */
    struct pf_grid_block spare;        /* for them */
    bool any_order;
    bool pieces;                         /* rows may be taken in pieces, behind the head */
    bool looked;                         /* whether they can be, is known */
    struct pf_grid_piece *first;         /* seen before the head is given; then NULL */
    struct pf_grid_sample head;          /* blocks that were looked at already; they are given first */
    size_t given;                        /* of them */
    const struct pf_grid_hidden *hidden; /* rows and columns that are left out; NULL: none */
    const struct pf_grid_table
        *trims; /* what stands below this table at the sheet's end is left out; NULL: it is not */
    struct pf_grid_block ahead; /* held back, since it may be the last one */
    int64_t footer_rows;        /* that were left out */
    int64_t footer_end;         /* the last one of them */
};
/* Rows are counted without hidden ones that are left out, from the first survey on. Name, sheet, view, wish, finds_footer and footer_rows are set by whoever makes it; the rest by the survey. */
struct pf_grid_table {
    const char *name; /* lent */
    int32_t sheet;
    const char *sheet_name; /* lent */
    struct pf_grid_view view;
    struct pf_grid_wish wish;
    struct pf_grid_hidden *hidden; /* rows and columns that are left out; NULL: none */
    bool has_links;                /* they were read, if they are asked for */
    struct pf_grid_links links;    /* empty: none, or nobody asks */
    bool finds_footer;             /* footer_rows are to be found out */
    int64_t footer_rows;           /* below the table, from the last row with a value up */
    struct pf_grid_layout layout;
    uint32_t last_row; /* of the data; exact: the last one with a value, less the footer */
    struct pf_grid_range
        used; /* exact: all rows and columns with a value, above the header and below the table too */
    struct pf_grid_column *columns;
    int32_t column_count;
    bool exact;
    bool as_stored;  /* cells come as they are stored, whatever they stand for */
    bool disordered; /* its sheet stores rows in no order */
    struct pf_grid_pass
        kept;          /* of a survey by sample, for the first read: nothing is decoded twice. None: all zero */
    pf_status failure; /* of the survey: reading the table answers it */
    struct pf_error err;
    struct pf_table face; /* face.rows −1: not counted */
    struct pf_arena arena;
};
/* Surveys the table: its head, or with `exact` all of it. A short sheet is always surveyed whole. table->layout.empty:
 * there is nothing, and no columns. */
pf_status pf_grid_table_survey(struct pf_grid_table *table, const struct pf_grid_policy *policy, bool exact,
                               struct pf_error *err);
void pf_grid_table_clear(struct pf_grid_table *table);
/* The last column of the sheet that is one of the table; it has columns. */
uint32_t pf_grid_table_last_column(const struct pf_grid_table *table);
/* "B3" of the sheet, as pf_grid_place_print. */
size_t pf_grid_table_place(const struct pf_grid_table *table, uint32_t row, uint32_t column, char to[16]);

#define PF_GRID_ANY_ORDER                                                                                      \
    1u /* rows may come as they are stored, nobody minds (but for merged cells that are filled) */
#define PF_GRID_IN_PIECES 2u /* rows will be taken in pieces where that can be */
pf_status pf_grid_pass_open(struct pf_grid_pass *pass, const struct pf_grid_table *table,
                            const struct pf_grid_policy *policy, unsigned how, struct pf_error *err);
/* As the driver's. WIDEN: rows turn out to stand in no order; a pass over the table gives them in order once the table
 * says so. */
pf_status pf_grid_pass_next(struct pf_grid_pass *pass, struct pf_grid_block *block, struct pf_error *err);
/* From now on the footer of the table is left out: one block is held back. table is lent. */
void pf_grid_pass_trim(struct pf_grid_pass *pass, const struct pf_grid_table *table);
/* The next rows undecoded; END: next has what comes now. */
pf_status pf_grid_pass_take(struct pf_grid_pass *pass, struct pf_grid_piece **piece, enum pf_grid_took *took,
                            struct pf_error *err);
/* There is nothing behind the head: all but the head is given up. */
void pf_grid_pass_end(struct pf_grid_pass *pass);
void pf_grid_pass_close(struct pf_grid_pass *pass); /* zero is fine */
/* The memory it holds. */
size_t pf_grid_pass_bytes(const struct pf_grid_pass *pass);
#endif
