/* cli_console.c — room cli. Printing for people: colour, width, tables.         SPDX-License-Identifier: MIT
 * Knows: terminals, UTF-8 and how wide its characters are.
 * Knows not: jobs and formats. */
#include "cli_console.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void pf_cli_streams_begin(void) {
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            return; /* the other way round, so that using it still fails */
}

int pf_cli_streams_end(int code) {
    bool out = fflush(stdout) != 0 || ferror(stdout), err = fflush(stderr) != 0 || ferror(stderr);
    if (out)
        pf_cli_say("pyforge: standard output cannot be written; free space there, or take another place\n");
    return (out || err) && code == PF_EXIT_DONE ? PF_EXIT_FAILED : code;
}

/* How long an ink sequence of this file is that stands here; 0: none. */
static size_t ink_size(const char *text) {
    size_t digits = text[0] == '\033' && text[1] == '[' ? strspn(text + 2, "0123456789") : 0;
    return digits && text[2 + digits] == 'm' ? digits + 3 : 0;
}

/* Control characters out of data must not reach the terminal: they are shown as \xNN. Line ends and inks are ours. */
static void put_clean(FILE *to, const char *text, bool lines) {
    while (*text) {
        size_t keep = 0;
        while ((unsigned char)text[keep] >= 0x20 && text[keep] != 0x7F)
            keep++;
        if (!keep && lines)
            keep = *text == '\n' || *text == '\t' ? 1 : ink_size(text);
        if (keep)
            fwrite(text, 1, keep, to);
        else
            fprintf(to, "\\x%02X", (unsigned char)*text);
        text += keep ? keep : 1;
    }
}

static void put_list(FILE *to, const char *format, va_list list) {
    va_list again;
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (!text) {
        vfprintf(to, format, list);
        return;
    }
    vsnprintf(text, (size_t)size + 1, format, list);
    put_clean(to, text, true);
    free(text);
}

void pf_cli_print(const char *format, ...) {
    va_list list;
    va_start(list, format);
    put_list(stdout, format, list);
    va_end(list);
}

void pf_cli_say(const char *format, ...) {
    va_list list;
    va_start(list, format);
    put_list(stderr, format, list);
    va_end(list);
}

int pf_cli_usage(const char *format, ...) {
    va_list list;
    va_start(list, format);
    fputs("pyforge: ", stderr);
    put_list(stderr, format, list);
    fputs("\nTry 'pyforge --help'.\n", stderr);
    va_end(list);
    return PF_EXIT_USAGE;
}

void pf_cli_failed_line(const char *code, const char *where, int64_t row, int64_t byte, const char *message) {
    fprintf(stderr, "%serror%s: %s: ", pf_cli_ink(false, PF_INK_RED), pf_cli_ink(false, PF_INK_PLAIN), code);
    if (where && *where) {
        put_clean(stderr, where, false);
        fputs(": ", stderr);
    }
    if (row > 0)
        fprintf(stderr, "row %lld: ", (long long)row);
    if (byte >= 0)
        fprintf(stderr, "byte %lld: ", (long long)byte);
    put_clean(stderr, message ? message : "", false);
    fputc('\n', stderr);
}

int pf_cli_failed(const struct pf_error *err) {
    pf_cli_failed_line(pf_status_name(err->code), err->where, err->row, err->byte, err->message);
    return err->code == PF_ARGUMENT || err->code == PF_NOT_FOUND ? PF_EXIT_USAGE : PF_EXIT_FAILED;
}

const char *pf_cli_environment(const char *name) { return getenv(name); }

bool pf_cli_is_terminal(bool product) {
    const char *term = getenv("TERM");
    return isatty(product ? 1 : 2) && !(term && strcmp(term, "dumb") == 0);
}

const char *pf_cli_ink(bool product, enum pf_cli_ink ink) {
    static const char *const codes[] = {"\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[33m", "\033[32m"};
    const char *no = getenv("NO_COLOR");
    return (no && *no) || !pf_cli_is_terminal(product) ? "" : codes[ink];
}

int pf_cli_width(void) {
    struct winsize size;
    for (int fd = 1; fd <= 2; fd++)
        if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
            return size.ws_col;
    const char *columns = getenv("COLUMNS");
    int width = columns ? atoi(columns) : 0;
    return width > 20 ? width : 80;
}

/* Ranges of code points that take two cells (East Asian wide and fullwidth, emoji) and none (combining).
 * Source: Unicode Standard Annex 11 and general category Mn, the blocks in common use. */
static const struct {
    unsigned from, to;
    int cells;
} widths[] = {
    {0x0300, 0x036F, 0},   {0x0483, 0x0489, 0},   {0x0591, 0x05BD, 0},   {0x0610, 0x061A, 0},
    {0x064B, 0x065F, 0},   {0x1100, 0x115F, 2},   {0x1AB0, 0x1AFF, 0},   {0x1DC0, 0x1DFF, 0},
    {0x200B, 0x200F, 0},   {0x20D0, 0x20FF, 0},   {0x231A, 0x231B, 2},   {0x2E80, 0x303E, 2},
    {0x3041, 0xA4CF, 2},   {0xA960, 0xA97F, 2},   {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2},
    {0xFE00, 0xFE0F, 0},   {0xFE20, 0xFE2F, 0},   {0xFE30, 0xFE6F, 2},   {0xFF00, 0xFF60, 2},
    {0xFFE0, 0xFFE6, 2},   {0x1F300, 0x1F64F, 2}, {0x1F680, 0x1F6FF, 2}, {0x1F900, 0x1F9FF, 2},
    {0x20000, 0x3FFFD, 2},
};

static int cells_of_point(unsigned point) {
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        if (point >= widths[i].from && point <= widths[i].to)
            return widths[i].cells;
    return 1;
}

/* Decodes leniently: a broken byte counts as one cell. */
static size_t point_at(const char *text, size_t size, unsigned *point) {
    unsigned char c = (unsigned char)text[0];
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (c < 0x80 || c < 0xC0 || n > size) {
        *point = c < 0x80 ? c : 0xFFFD;
        return 1;
    }
    unsigned v = c & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        v = v << 6 | ((unsigned char)text[i] & 63);
    *point = v;
    return n;
}

size_t pf_cli_cells_of(const char *text, size_t size) {
    size_t cells = 0;
    for (size_t i = 0; i < size;) {
        unsigned point;
        i += point_at(text + i, size - i, &point);
        cells += (size_t)cells_of_point(point);
    }
    return cells;
}

void pf_cli_wrap(const char *text, size_t indent, bool first) {
    size_t width = (size_t)pf_cli_width() - 1, at = first ? indent : 0;
    if (width < indent + 20)
        width = indent + 20;
    while (*text) {
        size_t word = strcspn(text, " \n"), cells = pf_cli_cells_of(text, word);
        if (at > indent && at + 1 + cells > width) {
            fputc('\n', stdout);
            at = 0;
        }
        if (at < indent) {
            printf("%*s", (int)(indent - at), "");
            at = indent;
        } else if (at > indent) {
            fputc(' ', stdout);
            at++;
        }
        fwrite(text, 1, word, stdout);
        at += cells;
        text += word;
        while (*text == ' ')
            text++;
        if (*text == '\n') {
            fputc('\n', stdout);
            at = 0;
            text++;
        }
    }
    fputc('\n', stdout);
}

void pf_cli_table_cell(struct pf_cli_table *table, const char *text, size_t size) {
    if (table->count == table->room) {
        size_t room = table->room ? table->room * 2 : 64;
        char **cells = realloc(table->cells, room * sizeof *cells);
        if (!cells)
            return;
        table->cells = cells;
        table->room = room;
    }
    char *copy = malloc(size * 4 + 1); /* worst case: every byte an escape */
    if (!copy)
        return;
    size_t n = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7F)
            n += (size_t)snprintf(copy + n, 5,
                                  c == '\n'   ? "\\n"
                                  : c == '\t' ? "\\t"
                                  : c == '\r' ? "\\r"
                                              : "\\x%02X",
                                  c);
        else
            copy[n++] = (char)c;
    }
    copy[n] = 0;
    table->cells[table->count++] = copy;
}

void pf_cli_table_text(struct pf_cli_table *table, const char *text) {
    pf_cli_table_cell(table, text ? text : "", text ? strlen(text) : 0);
}

#define CELL_MOST 256 /* columns that a cell has at most: a name may be megabytes long */

/* Prints a cell in exactly `cells` columns, cut with … when it is longer. */
static void put_cell(const char *text, size_t cells, bool right, bool last) {
    size_t size = strlen(text), have = pf_cli_cells_of(text, size);
    if (have > cells) {
        size_t used = 0, i = 0;
        while (i < size) {
            unsigned point;
            size_t n = point_at(text + i, size - i, &point), w = (size_t)cells_of_point(point);
            if (used + w > cells - 1)
                break;
            used += w;
            i += n;
        }
        printf("%.*s…%*s", (int)i, text, (int)(cells - used - 1), "");
        return;
    }
    if (right)
        printf("%*s%s", (int)(cells - have), "", text);
    else if (last)
        fputs(text, stdout);
    else
        printf("%s%*s", text, (int)(cells - have), "");
}

/* Narrows the widest columns until the row fits the terminal. */
static void fit_widths(size_t *width, size_t columns, size_t room) {
    for (;;) {
        size_t sum = 2 * (columns - 1), widest = 0;
        for (size_t i = 0; i < columns; i++) {
            sum += width[i];
            if (width[i] > width[widest])
                widest = i;
        }
        if (sum <= room || width[widest] <= 8)
            return;
        width[widest]--;
    }
}

void pf_cli_table_show(struct pf_cli_table *table, const char *title) {
    size_t columns = table->columns, *width = calloc(columns ? columns : 1, sizeof *width);
    if (width && columns) {
        for (size_t i = 0; i < table->count; i++) {
            size_t cells = pf_cli_cells_of(table->cells[i], strlen(table->cells[i]));
            if (cells > CELL_MOST)
                cells = CELL_MOST;
            if (cells > width[i % columns])
                width[i % columns] = cells;
        }
        if (pf_cli_is_terminal(true))
            fit_widths(width, columns, (size_t)pf_cli_width());
        if (title)
            printf("%s%s%s\n", pf_cli_ink(true, PF_INK_BOLD), title, pf_cli_ink(true, PF_INK_PLAIN));
        for (size_t i = 0; i < table->count; i++) {
            size_t c = i % columns;
            bool right = c < 32 && (table->right >> c & 1);
            if (i < columns)
                fputs(pf_cli_ink(true, PF_INK_BOLD), stdout);
            put_cell(table->cells[i], width[c], right, c + 1 == columns);
            if (i < columns)
                fputs(pf_cli_ink(true, PF_INK_PLAIN), stdout);
            fputs(c + 1 == columns ? "\n" : "  ", stdout);
            if (i + 1 == columns) {
                for (size_t k = 0; k < columns; k++) {
                    for (size_t n = 0; n < width[k]; n++)
                        fputs("─", stdout);
                    fputs(k + 1 == columns ? "\n" : "  ", stdout);
                }
            }
        }
    }
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    free(width);
    *table = (struct pf_cli_table){0};
}

const char *pf_cli_number(int64_t value, char *to) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)value), start = digits[0] == '-', at = 0;
    for (int i = 0; i < n; i++) {
        if (i > start && (n - i) % 3 == 0)
            to[at++] = ',';
        to[at++] = digits[i];
    }
    to[at] = 0;
    return to;
}

const char *pf_cli_size(double bytes, char *to) {
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
    size_t unit = 0;
    while (bytes >= 1000 && unit + 1 < sizeof units / sizeof units[0])
        bytes /= 1000, unit++;
    snprintf(to, 32, unit && bytes < 100 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
    return to;
}
