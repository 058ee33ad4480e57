/* cli_compat.h — PYFORGE_COMPAT=1: the defaults, names and exit codes of the earlier program.
 * SPDX-License-Identifier: MIT
 *
 * What was plainly wrong in it stays right: no input is overwritten, standard output holds products only. */
#ifndef PF_CLI_COMPAT_H
#define PF_CLI_COMPAT_H
#include "cli_args.h"

bool pf_cli_compat(void);
/* Sets the defaults of that program for what the command line leaves open: the option tables name them. */
pf_status pf_cli_compat_defaults(const struct pf_cli_args *args, pf_job *job, struct pf_error *err);
/* The output of the one input: its name with .txt, the default of -f then, although Parquet is in it; who writes it says
 * so. Gives (free), NULL when the usual name is the name. */
char *pf_cli_compat_output(const struct pf_cli_args *args);
/* The output as a directory, where that program always made one of it (workbooks, databases). Gives (free), NULL: as it
 * is. */
char *pf_cli_compat_directory(const char *input, const char *output);
/* Exit code 0 for what was no failure then: an output that is there without --force, an input of no known format. */
int pf_cli_compat_exit(const struct pf_cli_args *args, int code, const char *status_name);
#endif
