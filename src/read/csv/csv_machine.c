/* csv_machine.c — room read/csv. The state machine for every dialect.            SPDX-License-Identifier: MIT
 * Knows: quotes, escapes, delimiters of any length, blanks, comments, line ends.
 * Knows not: blocks, columns, files.                        Format: docs/formats/csv.md §Records and cells */
#include "read/csv/csv_machine.h"

#include <string.h>

#include "base/ceilings.h"

#define STOP  1u /* may end a plain cell */
#define INNER 2u /* means something between quotes */
#define BLANK 4u

void pf_csv_machine_init(struct pf_csv_machine *m, const char *text, size_t size, bool last,
                         const struct pf_csv_dialect *dialect) {
    memset(m, 0, sizeof *m);
    m->text = text;
    m->size = size;
    m->last = last;
    m->dialect = dialect;
    m->ceiling = PF_CEIL_CELL_BYTES;
    m->quote = dialect->quote;
    m->doubled = dialect->doubled || (dialect->escape && dialect->escape == dialect->quote);
    m->escape = dialect->escape == dialect->quote ? 0 : dialect->escape;
    m->class['\n'] = m->class['\r'] = STOP;
    if (dialect->delimiter_size && !dialect->whitespace)
        m->class[(uint8_t)dialect->delimiter[0]] |= STOP;
    if (m->escape)
        m->class[(uint8_t)m->escape] |= STOP | INNER;
    if (m->quote)
        m->class[(uint8_t)m->quote] |= INNER;
    char first = dialect->delimiter_size ? dialect->delimiter[0] : 0;
    for (const char *blank = " \t"; *blank; blank++)
        if (dialect->whitespace)
            m->class[(uint8_t)*blank] |= STOP | BLANK;
        else if (*blank != first)
            m->class[(uint8_t)*blank] |= BLANK;
}

static inline uint8_t class_at(const struct pf_csv_machine *m, size_t at) {
    return m->class[(uint8_t)m->text[at]];
}

static inline bool is_delimiter(const struct pf_csv_machine *m, size_t at) {
    size_t n = m->dialect->delimiter_size;
    if (n == 1)
        return m->text[at] == m->dialect->delimiter[0];
    return n && m->size - at >= n && memcmp(m->text + at, m->dialect->delimiter, n) == 0;
}

/* The text ends inside what may become a delimiter. */
static bool is_delimiter_cut(const struct pf_csv_machine *m, size_t at) {
    size_t n = m->dialect->delimiter_size, left = m->size - at;
    return !m->last && left < n && memcmp(m->text + at, m->dialect->delimiter, left) == 0;
}

static size_t skip_blanks(const struct pf_csv_machine *m, size_t at) {
    while (at < m->size && (class_at(m, at) & BLANK))
        at++;
    return at;
}

static inline bool is_line_end(char c) { return c == '\n' || c == '\r'; }

/* The first CR or LF in [from, to), or to. */
static size_t find_line_end(const struct pf_csv_machine *m, size_t from, size_t to) {
    const char *lf = memchr(m->text + from, '\n', to - from);
    size_t end = lf ? (size_t)(lf - m->text) : to;
    const char *cr = memchr(m->text + from, '\r', end - from);
    return cr ? (size_t)(cr - m->text) : end;
}

int pf_csv_machine_line_end(const struct pf_csv_machine *m, size_t at) {
    if (at >= m->size || !is_line_end(m->text[at]))
        return 0;
    if (m->text[at] == '\n')
        return 1;
    if (at + 1 == m->size)
        return m->last ? 1 : -1;
    return m->text[at + 1] == '\n' ? 2 : 1;
}

/* How many bytes at `at` an escape in front of them makes plain content; 0: the escape is content itself. */
static size_t escaped_size(const struct pf_csv_machine *m, size_t at) {
    if (at >= m->size)
        return 0;
    char c = m->text[at];
    if (c == '\r')
        return at + 1 < m->size && m->text[at + 1] == '\n' ? 2 : 1;
    if (c == '\n' || c == m->escape || (m->quote && c == m->quote))
        return 1;
    return is_delimiter(m, at) ? m->dialect->delimiter_size : 0;
}

/* What comes behind a finished cell; `at` is behind its last byte (and its closing quote). */
static int finish_cell(const struct pf_csv_machine *m, size_t at, size_t *next) {
    size_t i = m->dialect->whitespace || m->dialect->blanks_around ? skip_blanks(m, at) : at;
    if (i == m->size) {
        *next = i;
        return m->last ? PF_CSV_RECORD : PF_CSV_MORE;
    }
    int end = pf_csv_machine_line_end(m, i);
    if (end) {
        *next = i + (size_t)(end > 0 ? end : 0);
        return end > 0 ? PF_CSV_RECORD : PF_CSV_MORE;
    }
    *next = m->dialect->whitespace ? i : i + m->dialect->delimiter_size;
    return PF_CSV_CELL;
}

static int read_plain(const struct pf_csv_machine *m, size_t at, struct pf_csv_cell *cell, size_t *next) {
    *cell = (struct pf_csv_cell){.from = at, .to = at};
    size_t i = at;
    for (;;) {
        while (i < m->size && !(class_at(m, i) & STOP))
            i++;
        cell->to = i;
        if (i == m->size || is_line_end(m->text[i]))
            return finish_cell(m, i, next);
        if (m->escape && m->text[i] == m->escape) {
            size_t taken = escaped_size(m, i + 1);
            cell->inner |= taken > 0;
            i += 1 + taken;
        } else if (m->dialect->whitespace) {
            return finish_cell(m, i, next);
        } else if (is_delimiter(m, i)) {
            if (m->dialect->blanks_around)
                while (cell->to > at && (class_at(m, cell->to - 1) & BLANK))
                    cell->to--;
            *next = i + m->dialect->delimiter_size;
            return PF_CSV_CELL;
        } else {
            i++;
        }
    }
}

/* The next quote in [from, to) that is not escaped, or to. */
static size_t find_quote(const struct pf_csv_machine *m, size_t from, size_t to) {
    if (!m->escape) {
        const char *q = memchr(m->text + from, m->quote, to - from);
        return q ? (size_t)(q - m->text) : to;
    }
    for (size_t i = from; i < to; i++)
        if (class_at(m, i) & INNER) {
            if (m->text[i] == m->quote)
                return i;
            i += escaped_size(m, i + 1);
        }
    return to;
}

/* One column: no delimiter can tell a closing quote from others, so the first one closes, as in spreadsheets. */
static bool is_one_column(const struct pf_csv_machine *m) {
    return !m->dialect->delimiter_size && !m->dialect->whitespace;
}

/* Does the quote at q close? 1, 0, or −1: the text ends too early to tell. Blanks may stand in between. */
static int closes(const struct pf_csv_machine *m, size_t q) {
    size_t i = skip_blanks(m, q + 1);
    if (i == m->size)
        return m->last ? 1 : -1;
    if (is_one_column(m) || is_line_end(m->text[i]) ||
        (m->dialect->whitespace ? i > q + 1 : is_delimiter(m, i)))
        return 1;
    return !m->dialect->whitespace && is_delimiter_cut(m, i) ? -1 : 0;
}

/* Does the quote at q stand where a cell begins? open < q is the quote that it would then not belong to. */
static bool begins_cell(const struct pf_csv_machine *m, size_t open, size_t q) {
    size_t i = q;
    if (m->dialect->blanks_around || m->dialect->whitespace)
        while (i - 1 > open && (class_at(m, i - 1) & BLANK))
            i--;
    if (i - 1 == open)
        return false;
    if (is_line_end(m->text[i - 1]) || (m->dialect->whitespace && i < q))
        return true;
    size_t n = m->dialect->delimiter_size;
    return n && !m->dialect->whitespace && i - 1 - open >= n && is_delimiter(m, i - n);
}

/* The quoted cell whose quote stands at open: its closing quote; SIZE_MAX − 1: more text is needed; SIZE_MAX:
 * it is literal. */
#define NEEDS_MORE (SIZE_MAX - 1)
#define LITERAL    SIZE_MAX
static size_t find_close(struct pf_csv_machine *m, size_t open, bool *inner) {
    size_t limit = m->size - open > m->ceiling ? open + m->ceiling : m->size;
    size_t i = open + 1, stray = 0;
    for (;;) {
        size_t q = find_quote(m, i < limit ? i : limit, limit);
        if (stray) {
            size_t end = find_line_end(m, i < q ? i : q, q);
            if (end < q) {
                m->dry_from = stray;
                m->dry_to = end;
                m->hold = m->hold > end + 1 ? m->hold : end + 1;
                return LITERAL;
            }
        }
        if (q >= limit) {
            if (limit == m->size && !m->last)
                return NEEDS_MORE;
            m->unclosed = true;
            return LITERAL;
        }
        if (m->doubled && q + 1 == m->size && !m->last)
            return NEEDS_MORE;
        if (m->doubled && q + 1 < m->size && m->text[q + 1] == m->quote) {
            *inner = true;
            i = q + 2;
            continue;
        }
        int closing = closes(m, q);
        if (closing < 0)
            return NEEDS_MORE;
        if (closing)
            return q;
        if (begins_cell(m, open, q)) {
            m->hold = m->hold > q + 1 ? m->hold : q + 1;
            return LITERAL;
        }
        if (q >= m->dry_from && q < m->dry_to) {
            m->hold = m->hold > m->dry_to + 1 ? m->hold : m->dry_to + 1;
            return LITERAL;
        }
        *inner = true;
        stray = stray ? stray : q;
        i = q + 1;
    }
}

int pf_csv_machine_cell(struct pf_csv_machine *m, size_t at, bool first, struct pf_csv_cell *cell,
                        size_t *next) {
    if (m->dialect->whitespace || (m->dialect->blanks_around && !first))
        at = skip_blanks(m, at);
    if (!m->quote || at >= m->size || m->text[at] != m->quote)
        return read_plain(m, at, cell, next);
    bool inner = m->escape != 0;
    size_t close = find_close(m, at, &inner);
    if (close == NEEDS_MORE)
        return PF_CSV_MORE;
    if (close == LITERAL)
        return read_plain(m, at, cell, next);
    *cell = (struct pf_csv_cell){.from = at + 1, .to = close, .quoted = true, .inner = inner};
    if (!m->dialect->whitespace && !m->dialect->blanks_around) { /* what stands behind the quote is kept */
        size_t end = is_one_column(m) ? find_line_end(m, close + 1, m->size) : skip_blanks(m, close + 1);
        cell->tail = end - (close + 1);
    }
    return finish_cell(m, close + 1 + cell->tail, next);
}

int pf_csv_machine_skip(const struct pf_csv_machine *m, size_t at, size_t *next) {
    const struct pf_csv_dialect *d = m->dialect;
    size_t i = at;
    int kind = 1;
    if (d->comment && at < m->size && m->text[at] == d->comment) {
        i = find_line_end(m, at, m->size);
        kind = 2;
    } else if (is_one_column(m)) { /* an empty line is a record with an empty cell */
        return 0;
    } else {
        i = skip_blanks(m, at);
    }
    int end = pf_csv_machine_line_end(m, i);
    if (end < 0 || (i == m->size && !m->last))
        return -1;
    if (!end && (i < m->size || i == at))
        return 0;
    *next = i + (size_t)end;
    return kind;
}

size_t pf_csv_machine_write(const struct pf_csv_machine *m, const struct pf_csv_cell *cell, char *to) {
    const char *from = m->text + cell->from;
    size_t size = cell->to - cell->from, w = 0;
    bool quote = cell->quoted || (m->quote && size && from[0] == m->quote);
    /* an escaped quote at the front becomes a plain one, which would look like an opening one */
    quote |= cell->inner && m->quote && size > 1 && from[0] == m->escape && from[1] == m->quote;
    if (quote)
        to[w++] = m->quote;
    if (!cell->inner && (cell->quoted || !quote)) {
        memcpy(to + w, from, size);
        w += size;
    } else {
        for (size_t i = 0; i < size; i++) {
            size_t taken = 0;
            if (m->escape && from[i] == m->escape && (taken = escaped_size(m, cell->from + i + 1)) > 0)
                i++;
            else if (cell->quoted && m->doubled && from[i] == m->quote && i + 1 < size &&
                     from[i + 1] == m->quote)
                i++;
            for (size_t end = i + (taken ? taken : 1); i < end; i++) {
                if (quote && from[i] == m->quote)
                    to[w++] = m->quote;
                to[w++] = from[i];
            }
            i--;
        }
    }
    for (size_t i = 0; i < cell->tail; i++) {
        char c = m->text[cell->to + 1 + i];
        if (c == m->quote)
            to[w++] = m->quote;
        to[w++] = c;
    }
    if (quote)
        to[w++] = m->quote;
    return w;
}
