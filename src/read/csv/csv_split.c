/* csv_split.c — room read/csv. Blocks of text into rows of cells.                SPDX-License-Identifier: MIT
 * Knows: the vector scan, the state machine, padding, cutting off, what is left out.
 * Knows not: types, files, policies.                        Format: docs/formats/csv.md §Records and cells */
#include "read/csv/csv_split.h"

#include <string.h>

#include "base/env.h"
#include "base/error.h"
#include "base/mem.h"
#include "read/csv/csv_machine.h"
#include "read/csv/csv_scan.h"

#define FRONT      64u         /* readable bytes in front of rewritten text */
#define BEHIND     64u         /* and behind */
#define PART_CELLS 65536       /* padding may add this much to a block before it is given in parts */
#define WINDOW     (64u << 10) /* text looked at between two odd records */

/* ---- room ------------------------------------------------------------------------------------------------ */

static pf_status grow_array(void **array, size_t *room, size_t need, size_t item, struct pf_error *err) {
    if (need <= *room)
        return PF_OK;
    size_t more = *room + *room / 2 > need ? *room + *room / 2 : need;
    void *grown = more > SIZE_MAX / item ? NULL : pf_mem_grow(*array, more * item);
    if (!grown)
        return pf_fail_memory(err, more * item);
    *array = grown;
    *room = more;
    return PF_OK;
}

static pf_status reserve_pos(struct pf_csv_block *b, size_t entries, struct pf_error *err) {
    return grow_array((void **)&b->pos, &b->pos_room, entries, sizeof *b->pos, err);
}

static pf_status put_defect(struct pf_csv_block *b, const struct pf_csv_defect *defect, struct pf_error *err) {
    PF_TRY(grow_array((void **)&b->defects, &b->defect_room, b->defect_count + 1, sizeof *b->defects, err));
    b->defects[b->defect_count++] = *defect;
    return PF_OK;
}

void pf_csv_block_clear(struct pf_csv_block *block) {
    pf_buf_clear(&block->rewritten);
    pf_mem_free(block->pos);
    pf_mem_free(block->starts);
    pf_mem_free(block->marks);
    pf_mem_free(block->defects);
    memset(block, 0, sizeof *block);
}

static void reset_block(struct pf_csv_block *b, int32_t columns) {
    b->to = b->from;
    b->cells_text = b->text;
    b->rows = 0;
    b->columns = columns;
    b->strip_cr = b->quotes = b->ascii = b->standard = false;
    b->blank_rows = b->comment_rows = 0;
    b->longest = 0;
    b->defect_count = 0;
    b->rewritten.size = 0;
}

/* ---- records by the state machine --------------------------------------------------------------------------
 */

/* Rewrites records behind each other. */
struct taker {
    struct pf_csv_block *block;
    struct pf_csv_machine machine;
    size_t columns;
    size_t rows;
    size_t written; /* bytes of rewritten text */
    size_t limit;   /* cells in one part */
    char separator;
    struct pf_error *err;
};

static pf_status reserve_text(struct taker *t, size_t more) {
    struct pf_buf *buf = &t->block->rewritten;
    if (t->written + more > UINT32_MAX - 1)
        return pf_fail(t->err, PF_LIMIT, "a record is too large once it is rewritten as standard text");
    size_t need = FRONT + t->written + more + BEHIND;
    if (need <= buf->room)
        return PF_OK;
    buf->size = buf->room ? FRONT + t->written : 0;
    return pf_buf_reserve(buf, need - buf->size, t->err);
}

static char *text_end(struct taker *t) { return (char *)t->block->rewritten.data + FRONT + t->written; }

static pf_status begin_taker(struct taker *t, struct pf_csv_block *b, const struct pf_csv_dialect *d,
                             int32_t columns, struct pf_error *err) {
    *t = (struct taker){.block = b, .columns = (size_t)columns, .limit = b->size - b->from + PART_CELLS};
    t->err = err;
    t->separator = d->delimiter_size == 1 ? d->delimiter[0] : d->whitespace || !d->delimiter_size ? ' ' : ',';
    pf_csv_machine_init(&t->machine, b->text, b->size, true, d);
    b->rewritten.size = 0;
    PF_TRY(reserve_text(t, b->size - b->from < 4096 ? b->size - b->from : 4096));
    PF_TRY(reserve_pos(b, 1, err));
    b->pos[0] = UINT32_MAX;
    return PF_OK;
}

static void end_taker(struct taker *t, size_t to) {
    struct pf_csv_block *b = t->block;
    b->cells_text = (const char *)b->rewritten.data + FRONT;
    memset(text_end(t), 0, BEHIND);
    b->rows = (int64_t)t->rows;
    b->to = to;
    b->lines = pf_csv_lines(b->text + b->from, to - b->from);
    b->standard = false;
    b->quotes = t->machine.quote != 0;
}

static int64_t count_byte(const char *text, size_t size, char c) {
    int64_t n = 0;
    for (size_t i = 0; i < size;) {
        uint8_t some = 0; /* in eights of 31 so that the compiler can count in bytes */
        size_t end = size - i > 248 ? i + 248 : size;
        for (; i < end; i++)
            some = (uint8_t)(some + (text[i] == c));
        n += some;
    }
    return n;
}

int64_t pf_csv_lines(const char *text, size_t size) {
    int64_t n = count_byte(text, size, '\n');
    const char *end = text + size, *cr = size ? memchr(text, '\r', size) : NULL;
    while (cr) {
        n += cr + 1 == end || cr[1] != '\n';
        cr = cr + 1 < end ? memchr(cr + 1, '\r', (size_t)(end - cr - 1)) : NULL;
    }
    return n;
}

static size_t strip_line_end(const char *text, size_t from, size_t to) {
    if (to > from && text[to - 1] == '\n')
        to--;
    else if (to > from && text[to - 1] == '\r')
        return to - 1;
    else
        return to;
    return to > from && text[to - 1] == '\r' ? to - 1 : to;
}

static pf_status write_cell(struct taker *t, const struct pf_csv_cell *cell, size_t index) {
    size_t most = 2 * (cell->to - cell->from + cell->tail + 2);
    PF_TRY(reserve_text(t, most + 1));
    char *to = text_end(t);
    size_t n = pf_csv_machine_write(&t->machine, cell, to);
    t->written += n;
    t->block->pos[t->rows * t->columns + index + 1] = (uint32_t)t->written;
    to[n] = index + 1 == t->columns ? '\n' : t->separator;
    t->written++;
    return PF_OK;
}

static pf_status pad_cells(struct taker *t, size_t from) {
    PF_TRY(reserve_text(t, t->columns - from));
    struct pf_csv_cell none = {0};
    for (size_t i = from; i < t->columns; i++)
        PF_TRY(write_cell(t, &none, i));
    return PF_OK;
}

/* One record, or one line that is none, at `at`. */
static pf_status take_record(struct taker *t, size_t at, size_t *next) {
    struct pf_csv_block *b = t->block;
    struct pf_csv_machine *m = &t->machine;
    int kind = pf_csv_machine_skip(m, at, next);
    b->blank_rows += kind == 1;
    b->comment_rows += kind == 2;
    if (kind)
        return PF_OK;
    PF_TRY(reserve_pos(b, (t->rows + 1) * t->columns + 1, t->err));
    PF_TRY(grow_array((void **)&b->starts, &b->starts_room, t->rows + 1, sizeof *b->starts, t->err));
    size_t i = at, n = 0, filled = 0;
    int more = PF_CSV_CELL;
    m->unclosed = false;
    while (more == PF_CSV_CELL) {
        struct pf_csv_cell cell;
        more = pf_csv_machine_cell(m, i, n == 0, &cell, &i);
        if (n < t->columns)
            PF_TRY(write_cell(t, &cell, n));
        n++;
        if (cell.quoted || cell.to > cell.from)
            filled = n;
    }
    if (n > t->columns)
        n = filled > t->columns ? filled : t->columns;
    else
        PF_TRY(pad_cells(t, n));
    struct pf_csv_defect defect = {.record = (int64_t)t->rows, .byte = (int64_t)at, .cells = (int32_t)n};
    defect.byte_size = (int64_t)(strip_line_end(b->text, at, i) - at);
    if (m->unclosed) {
        defect.kind = PF_CSV_UNCLOSED;
        PF_TRY(put_defect(b, &defect, t->err));
    }
    if (n != t->columns) {
        defect.kind = n < t->columns ? PF_CSV_SHORT : PF_CSV_LONG;
        PF_TRY(put_defect(b, &defect, t->err));
    }
    if ((int64_t)n > b->longest)
        b->longest = (int32_t)(n < INT32_MAX ? n : INT32_MAX);
    b->starts[t->rows++] = (int64_t)at;
    *next = i;
    return PF_OK;
}

static bool part_is_full(const struct taker *t) { return t->rows > 0 && t->rows * t->columns >= t->limit; }

static int32_t count_longest(struct pf_csv_block *b, const struct pf_csv_dialect *d) {
    struct pf_csv_machine m;
    pf_csv_machine_init(&m, b->text, b->size, true, d);
    int32_t longest = 0;
    for (size_t at = b->from; at < b->size;) {
        if (pf_csv_machine_skip(&m, at, &at))
            continue;
        struct pf_csv_cell cell;
        int32_t n = 1;
        for (; pf_csv_machine_cell(&m, at, n == 1, &cell, &at) == PF_CSV_CELL; n++)
            continue;
        longest = n > longest ? n : longest;
    }
    return longest;
}

/* ---- NUL characters ----------------------------------------------------------------------------------------
 */

static size_t measure_record(const char *text, size_t size, size_t start,
                             const struct pf_csv_dialect *dialect) {
    struct pf_csv_machine m;
    pf_csv_machine_init(&m, text, size, true, dialect);
    struct pf_csv_cell cell;
    size_t at = start;
    for (bool first = true; pf_csv_machine_cell(&m, at, first, &cell, &at) == PF_CSV_CELL; first = false)
        continue;
    return strip_line_end(text, start, at) - start;
}

int64_t pf_csv_record_at(const struct pf_csv_block *b, const struct pf_csv_dialect *dialect, size_t place,
                         size_t *start, size_t *size) {
    int64_t low = 0, high = b->rows;
    *start = place;
    *size = b->to - place;
    if (b->rows == 0)
        return -1;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (pf_csv_record_start(b, middle) <= place)
            low = middle;
        else
            high = middle;
    }
    size_t from = pf_csv_record_start(b, low), bytes = measure_record(b->text, b->size, from, dialect);
    if (place >= from && place < from + bytes) {
        *start = from;
        *size = bytes;
        return low;
    }
    *size = (place < from ? from : low + 1 < b->rows ? pf_csv_record_start(b, low + 1) : b->to) - place;
    return -1;
}

/* The defects from `middle` on were found later: both halves are in order, and so is the whole afterwards. */
static pf_status merge_defects(struct pf_csv_block *b, size_t middle, struct pf_error *err) {
    size_t later = b->defect_count - middle, bytes = later * sizeof *b->defects;
    if (!later || !middle)
        return PF_OK;
    struct pf_csv_defect *held = pf_mem_alloc(bytes);
    if (!held)
        return pf_fail_memory(err, bytes);
    memcpy(held, b->defects + middle, bytes);
    for (size_t to = b->defect_count; later > 0; to--) {
        bool mine = middle == 0 || b->defects[middle - 1].record <= held[later - 1].record;
        b->defects[to - 1] = mine ? held[--later] : b->defects[--middle];
    }
    pf_mem_free(held);
    return PF_OK;
}

static pf_status find_nuls(struct pf_csv_block *b, const struct pf_csv_dialect *d, struct pf_error *err) {
    const char *nul = b->rows ? memchr(b->text + b->from, 0, b->to - b->from) : NULL;
    size_t before = b->defect_count;
    while (nul) {
        size_t start, size;
        int64_t r = pf_csv_record_at(b, d, (size_t)(nul - b->text), &start, &size);
        struct pf_csv_defect defect = {PF_CSV_NUL, b->columns, r, (int64_t)start, (int64_t)size};
        if (r >= 0)
            PF_TRY(put_defect(b, &defect, err));
        size_t next = start + size;
        nul = next < b->to ? memchr(b->text + next, 0, b->to - next) : NULL;
    }
    return merge_defects(b, before, err);
}

pf_status pf_csv_split_reference(struct pf_csv_block *block, const struct pf_csv_dialect *dialect,
                                 int32_t columns, struct pf_error *err) {
    reset_block(block, columns);
    if (columns == 0)
        block->columns = columns = count_longest(block, dialect);
    struct taker t;
    PF_TRY(begin_taker(&t, block, dialect, columns, err));
    size_t at = block->from;
    while (at < block->size && !part_is_full(&t))
        PF_TRY(take_record(&t, at, &at));
    end_taker(&t, at);
    return find_nuls(block, dialect, err);
}

/* ---- the fast way -------------------------------------------------------------------------------------------
 */

bool pf_csv_scan_takes(const struct pf_csv_dialect *d) {
    bool escape = d->escape && d->escape != d->quote;
    return d->delimiter_size <= 1 && !d->whitespace && !d->blanks_around && !escape &&
           (d->doubled || d->escape || !d->quote);
}

void pf_csv_scan_prepare(struct pf_csv_scan *s, const char *text, size_t from, size_t to, bool last,
                         const struct pf_csv_dialect *d) {
    *s = (struct pf_csv_scan){.text = text, .at = from, .to = to, .last = last};
    s->cr_lines = d->line_end == PF_LINE_CR;
    s->delimiter = d->delimiter_size ? d->delimiter[0] : s->cr_lines ? '\r' : '\n';
    s->quote = d->quote;
    s->comment = d->comment;
    s->before = s->fresh = 1;
}

/* Runs the scan to its end, with as much room as it takes; the places begin at array[first]. */
static pf_status scan_all(struct pf_csv_scan *s, uint32_t **array, size_t *room, size_t first,
                          struct pf_error *err) {
    size_t guess = (s->to - s->at) / 8 + 256;
    for (;;) {
        PF_TRY(grow_array((void **)array, room, first + s->count + guess, sizeof **array, err));
        s->pos = *array + first;
        s->room = *room - first;
        size_t at = s->at;
        pf_csv_scan_cells_avx2(s);
        if (s->odd || s->at >= s->to)
            return PF_OK;
        guess = (s->to - s->at) / (s->at > at ? (s->at - at) / (s->count / 4 + 1) + 1 : 8) + 256;
    }
}

/* With one column an empty line is a record. */
static bool is_blank_row(const struct pf_csv_dialect *d, const char *text, size_t from, size_t to) {
    if (!d->delimiter_size)
        return false;
    while (from < to && (text[from] == ' ' || text[from] == '\t' || text[from] == '\r'))
        from++;
    return from == to;
}

/* Do the separators make rows of equal width without a blank line among them? */
static bool rows_are_even(const struct pf_csv_block *b, const struct pf_csv_dialect *d, size_t count,
                          size_t ends) {
    char end = d->line_end == PF_LINE_CR ? '\r' : '\n';
    size_t columns = (size_t)b->columns;
    if (count % columns || count / columns != ends)
        return false;
    for (size_t r = 1; r <= ends; r++)
        if (b->pos[r * columns] < b->size && b->text[b->pos[r * columns]] != end)
            return false;
    if (columns == 1)
        for (size_t r = 0; r < ends; r++)
            if (is_blank_row(d, b->text, b->pos[r] + 1u, b->pos[r + 1]))
                return false;
    return true;
}

/* The whole block as it stands: false when something in it is odd or uneven. */
static pf_status split_standard(struct pf_csv_block *b, const struct pf_csv_dialect *d, bool *taken,
                                struct pf_error *err) {
    struct pf_csv_scan s;
    pf_csv_scan_prepare(&s, b->text, b->from, b->size, true, d);
    *taken = false;
    PF_TRY(scan_all(&s, &b->pos, &b->pos_room, 1, err));
    if (s.odd)
        return PF_OK;
    b->pos[0] = (uint32_t)b->from - 1u;
    if ((s.border ? s.border : b->from) < b->size) { /* the last record has no line end of its own */
        b->pos[1 + s.count++] = (uint32_t)b->size;
        s.rows++;
    }
    if (!rows_are_even(b, d, s.count, s.rows))
        return PF_OK;
    b->rows = (int64_t)s.rows;
    b->longest = b->rows ? b->columns : 0;
    b->strip_cr = s.any_cr && !s.cr_lines;
    b->quotes = s.any_quote;
    b->ascii = !s.any_high;
    b->standard = true;
    b->to = b->size;
    b->lines = s.cr_inside ? pf_csv_lines(b->text + b->from, b->size - b->from) : (int64_t)s.lines;
    *taken = true;
    return s.any_nul ? find_nuls(b, d, err) : PF_OK;
}

/* Rows of the right width that follow each other, copied as they are. */
struct run {
    size_t from, to; /* text */
    size_t mark;     /* of the first separator */
    size_t rows;
};

static pf_status copy_run(struct taker *t, struct run *run) {
    struct pf_csv_block *b = t->block;
    size_t size = run->to - run->from, count = run->rows * t->columns;
    if (!run->rows)
        return PF_OK;
    PF_TRY(reserve_text(t, size));
    PF_TRY(reserve_pos(b, t->rows * t->columns + count + 1, t->err));
    PF_TRY(grow_array((void **)&b->starts, &b->starts_room, t->rows + run->rows, sizeof *b->starts, t->err));
    memcpy(text_end(t), b->text + run->from, size);
    uint32_t shift = (uint32_t)t->written - (uint32_t)run->from;
    uint32_t *pos = b->pos + t->rows * t->columns + 1;
    const uint32_t *marks = b->marks + run->mark;
    for (size_t i = 0; i < count; i++)
        pos[i] = marks[i] + shift;
    b->starts[t->rows] = (int64_t)run->from;
    for (size_t r = 1; r < run->rows; r++)
        b->starts[t->rows + r] = (int64_t)marks[r * t->columns - 1] + 1;
    t->rows += run->rows;
    t->written += size;
    b->longest = b->longest > b->columns ? b->longest : b->columns;
    run->rows = 0;
    return PF_OK;
}

/* Takes the rows that the marks show up to the border; *at moves to where it stopped. */
static pf_status take_rows(struct taker *t, const struct pf_csv_scan *s, size_t *at) {
    struct pf_csv_block *b = t->block;
    const struct pf_csv_dialect *d = t->machine.dialect;
    char end = s->cr_lines ? '\r' : '\n';
    struct run run = {.from = *at, .to = *at};
    for (size_t mark = 0; *at < s->border;) {
        size_t m = mark;
        while (b->text[b->marks[m]] != end)
            m++;
        size_t next = (size_t)b->marks[m] + 1, width = m + 1 - mark;
        bool good = width == t->columns && !(width == 1 && is_blank_row(d, b->text, *at, next - 1));
        if (good) {
            if (!run.rows)
                run = (struct run){*at, next, mark, 0};
            run.to = next;
            run.rows++;
            *at = next;
            if ((t->rows + run.rows) * t->columns >= t->limit)
                break;
        } else {
            PF_TRY(copy_run(t, &run));
            PF_TRY(take_record(t, *at, at));
            if (part_is_full(t))
                break;
        }
        mark = m + 1;
    }
    return copy_run(t, &run);
}

/* A block with odd or uneven records in it: those by the state machine, all others copied. */
static pf_status split_mending(struct pf_csv_block *b, const struct pf_csv_dialect *d, int32_t columns,
                               struct pf_error *err) {
    struct taker t;
    PF_TRY(begin_taker(&t, b, d, columns, err));
    size_t at = b->from, window = WINDOW;
    bool any_cr = false;
    while (at < b->size && !part_is_full(&t)) {
        struct pf_csv_scan s;
        size_t to = b->size - at > window ? at + window : b->size;
        pf_csv_scan_prepare(&s, b->text, at, to, to == b->size, d);
        PF_TRY(scan_all(&s, &b->marks, &b->marks_room, 0, err));
        if (!s.odd && !s.border && to < b->size) {
            window *= 2;
            continue;
        }
        any_cr |= s.any_cr;
        if (s.border)
            PF_TRY(take_rows(&t, &s, &at));
        if (!part_is_full(&t) && at >= s.border && at < b->size && (s.odd || to == b->size))
            PF_TRY(take_record(&t, at, &at));
    }
    end_taker(&t, at);
    b->strip_cr = any_cr && d->line_end != PF_LINE_CR;
    return find_nuls(b, d, err);
}

pf_status pf_csv_split(struct pf_csv_block *block, const struct pf_csv_dialect *dialect, int32_t columns,
                       struct pf_error *err) {
    size_t left = block->size - block->from;
    bool fast = columns > 0 && pf_csv_scan_takes(dialect) && pf_cpu_avx2() && block->size < UINT32_MAX - 64;
    if (fast && dialect->line_end == PF_LINE_CR)
        fast = left == 0 || !memchr(block->text + block->from, '\n', left);
    if (!fast)
        return pf_csv_split_reference(block, dialect, columns, err);
    reset_block(block, columns);
    bool taken;
    PF_TRY(split_standard(block, dialect, &taken, err));
    return taken ? PF_OK : split_mending(block, dialect, columns, err);
}
