/* cli_args.h — one option table for all commands: finding, reading, setting.    SPDX-License-Identifier: MIT */
#ifndef PF_CLI_ARGS_H
#define PF_CLI_ARGS_H
#include "cli.h"

/* What was on the command line, sorted out. */
struct pf_cli_args {
    const struct pf_cli_command *command;
    pf_forge *forge;
    int verbose;
    bool quiet;
    bool json;
    bool explain;
    bool sample;
    bool force_stdin;
    const char *output;          /* -o */
    const char *rows;            /* head -n */
    const char *kind, *language; /* extensions new */
    const struct pf_allow *allow;
    int32_t limit_ms; /* --extension-timeout; 0: not given */
    const char **positionals;
    size_t positional_count;
    const char **keys; /* job options in the order given */
    const char **values;
    size_t option_count;
    const char *help_format; /* help convert csv */
};

/* Options that belong to the CLI and not to jobs. */
extern const struct pf_option *const pf_cli_own_options[]; /* NULL-ended */

/* Does the command take that one of them? command NULL: those of every command. */
bool pf_cli_takes_own(const struct pf_cli_command *command, const char *key);

/* Visits every job option that exists, global ones first, then each format's, or with `only` that format's; the same
 * key only once. scope is NULL, "<csv" or ">parquet". each returns false to stop. */
void pf_cli_each_option(pf_forge *forge, const char *only,
                        bool (*each)(void *ctx, const char *scope, const struct pf_option *option), void *ctx);

/* Reads argv[1 …]; complains and returns PF_EXIT_USAGE when it does not fit, else PF_EXIT_DONE. */
int pf_cli_args_read(struct pf_cli_args *args, int argc, char **argv);
void pf_cli_args_clear(struct pf_cli_args *args);
/* Opens a job with all options set and input as its only input (NULL: none set). Complains. */
int pf_cli_job(const struct pf_cli_args *args, const char *input, pf_job **job);
/* Levenshtein's distance of a (n bytes) and b, for names up to 31 bytes; else 99. */
size_t pf_cli_distance(const char *a, size_t n, const char *b);
#endif
