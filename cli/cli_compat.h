/* cli_compat.h — PYFORGE_COMPAT=1: the defaults, names and exit codes of the earlier program.
 * SPDX-License-Identifier: MIT
 *
 * What was plainly wrong in it stays right: no input is overwritten, standard output holds products only. */
#ifndef PF_CLI_COMPAT_H
#define PF_CLI_COMPAT_H
#include "cli_args.h"

bool pf_cli_compat(void);
/* Is the option's value the earlier program's default, and not what the user said? */
bool pf_cli_compat_set(const struct pf_cli_args *args, const char *key);
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
/* Says that the output is a directory, where that program wanted a file: true, and *code is what it answered. */
bool pf_cli_compat_wants_file(const struct pf_cli_args *args, const char *input, const char *output, int *code);
/* Says that no format has the suffix of a file that is there, and which there are: true, and there is nothing to do. */
bool pf_cli_compat_refuses(const struct pf_cli_args *args, const char *path);
/* What that program said behind a conversion that failed. */
void pf_cli_compat_failed(const struct pf_cli_args *args, int code);
/* The JSON that it had for an empty text file, which has no view of its own. Gives (free), NULL when the file is none. */
char *pf_cli_compat_empty(const char *what, const char *path);
/* The members that its JSON of a file had, before those of json, which begins with a brace; what is left of json. */
const char *pf_cli_compat_members(const char *json);
#endif
