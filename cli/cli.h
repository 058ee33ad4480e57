/* cli.h — the command line: one call that a native program and the Python package share.
 * SPDX-License-Identifier: MIT
 *
 * The rooms below are seen only through pyforge.h and extension.h. */
#ifndef PF_CLI_H
#define PF_CLI_H
#include <stdbool.h>
#include <stddef.h>

#include "pyforge/extension.h"
#include "pyforge/pyforge.h"

#define PF_EXIT_DONE   0
#define PF_EXIT_FAILED 1
#define PF_EXIT_USAGE  2
#define PF_EXIT_BEYOND 3 /* more notices or rejects than allowed */

/* Runs the program; returns its exit code. */
int pf_cli_run(int argc, char **argv);
/* The same where it is no program by itself; how extensions are found then, limit_ms and path aside. */
int pf_cli_run_in(const struct pf_allow *allow, int argc, char **argv);

struct pf_cli_args;

/* One word behind `pyforge`. */
struct pf_cli_command {
    const char *name;
    const char *usage;   /* "convert INPUT… [OUTPUT]" */
    const char *summary; /* one line */
    const char *more;    /* paragraphs for `help NAME`; may be NULL */
    const char *own;     /* keys of pf_cli_own_options that it takes, "|key|key|" */
    bool job_options;    /* takes the options of a job and its formats */
    bool hidden;
    int (*run)(struct pf_cli_args *args);
};
extern const struct pf_cli_command pf_cli_commands[]; /* ends with name NULL */
const struct pf_cli_command *pf_cli_find(const char *name);

int pf_cli_convert(struct pf_cli_args *args);
int pf_cli_info(struct pf_cli_args *args);
int pf_cli_sniff(struct pf_cli_args *args);
int pf_cli_validate(struct pf_cli_args *args);
int pf_cli_head(struct pf_cli_args *args);
int pf_cli_cells(struct pf_cli_args *args);
int pf_cli_schema(struct pf_cli_args *args);
int pf_cli_formats(struct pf_cli_args *args);
int pf_cli_list_extensions(struct pf_cli_args *args);
int pf_cli_extensions(struct pf_cli_args *args);
/* `extensions check`: the library and its samples are the positionals from the second on. */
int pf_cli_trial(const struct pf_cli_args *args);
/* `pyforge EXTENSION [COMMAND ARGS…]`; argv[0] is the extension. −1: there is no such extension. */
int pf_cli_extension_command(pf_forge *forge, int argc, char **argv);
int pf_cli_help(struct pf_cli_args *args);
int pf_cli_generate(struct pf_cli_args *args);
#endif
