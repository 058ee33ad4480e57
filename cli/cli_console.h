/* cli_console.h — what a person sees: colours, tables, widths; plain when not a terminal.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CLI_CONSOLE_H
#define PF_CLI_CONSOLE_H
#include <stdint.h>

#include "cli.h"

enum pf_cli_ink { PF_INK_PLAIN, PF_INK_BOLD, PF_INK_DIM, PF_INK_RED, PF_INK_YELLOW, PF_INK_GREEN };

/* Before any file is opened: a standard stream that is closed must not become the number of an output file. */
void pf_cli_streams_begin(void);
/* After everything was printed: gives code, or PF_EXIT_FAILED after a complaint when something printed was lost. */
int pf_cli_streams_end(int code);
/* Products go to standard output, everything else to standard error. Text goes out as it stands: what comes from
 * data was made visible before, by pf_cli_json_text. */
void pf_cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void pf_cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "pyforge: …" and how to get help; returns PF_EXIT_USAGE. */
int pf_cli_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* One line: error: CODE: where: message. Returns PF_EXIT_FAILED, or the code that fits. */
int pf_cli_failed(const struct pf_error *err);
void pf_cli_failed_line(const char *code, const char *where, int64_t row, int64_t byte, const char *message);
/* A variable of the environment; NULL: not set. The program's one door to it. */
const char *pf_cli_environment(const char *name);
/* Ink for standard output (product) or standard error; "" when it shall be plain. */
const char *pf_cli_ink(bool product, enum pf_cli_ink ink);
bool pf_cli_is_terminal(bool product);
int pf_cli_width(void); /* columns of the terminal, 80 when unknown */
/* Columns that UTF-8 text takes on a screen (wide and combining characters measured). */
size_t pf_cli_cells_of(const char *text, size_t size);
/* Wraps text to the width, indented; first says that the cursor is already at indent. */
void pf_cli_wrap(const char *text, size_t indent, bool first);

/* A table that measures itself; cells are copied. */
struct pf_cli_table {
    size_t columns;
    size_t count; /* cells, headings included */
    size_t room;
    char **cells;
    unsigned right; /* bit i: column i is aligned to the right */
};
void pf_cli_table_cell(struct pf_cli_table *table, const char *text, size_t size);
void pf_cli_table_text(struct pf_cli_table *table, const char *text);
/* Prints on standard output with a title (may be NULL) and frees. */
void pf_cli_table_show(struct pf_cli_table *table, const char *title);
/* "1,234,567". to 32 bytes. */
const char *pf_cli_number(int64_t value, char *to);
/* "12.3 MB". to 32 bytes. */
const char *pf_cli_size(double bytes, char *to);
#endif
