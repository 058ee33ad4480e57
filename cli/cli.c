/* cli.c — room cli. The list of commands and the way into them.                 SPDX-License-Identifier: MIT
 * Knows: words, global flags, exit codes.
 * Knows not: what the commands do. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_args.h"
#include "cli_console.h"

const struct pf_cli_command pf_cli_commands[] = {
    {"convert", "convert INPUT… [OUTPUT]", "Convert files to Parquet or CSV.",
     "With two arguments the second is the output. With three or more the last must be a directory or end in "
     "'/'; with "
     "--combine it may be a file. With -o all arguments are inputs. An input may be a file, a pattern in "
     "quotes, a "
     "directory, or - for standard input; .gz .zst .bz2 .xz .lz4 and .zip are unpacked on the way.",
     "|json|explain|output|", true, false, pf_cli_convert},
    {"info", "info FILE…", "Show dialect, encoding, exact schema, rows and size.", NULL, "|format|json|sample|",
     true, false, pf_cli_info},
    {"sniff", "sniff FILE…", "Show how a text file is separated, quoted and encoded.", NULL, "|json|", true,
     false, pf_cli_sniff},
    {"validate", "validate FILE…", "Say what is wrong in a file, where, and what to do.", NULL, "|json|", true,
     false, pf_cli_validate},
    {"head", "head FILE…", "Show the first rows as they would be converted.", NULL, "|rows|json|", true, false,
     pf_cli_head},
    {"cells", "cells FILE", "Show every cell of a workbook as it is stored.",
     "One line a cell: sheet, cell, type (n number, s text, b boolean, d date, t time, e error) and value; "
     "with "
     "--json one object a line.",
     "|json|", true, false, pf_cli_cells},
    {"schema", "schema FILE", "Print the schema as JSON, for convert --schema.", NULL, NULL, true, false,
     pf_cli_schema},
    {"formats", "formats", "List the formats.", NULL, "|json|", false, false, pf_cli_formats},
    {"list-extensions", "list-extensions", "List the extensions.", NULL, "|json|", false, false,
     pf_cli_list_extensions},
    {"help", "help [COMMAND [FORMAT]]", "Show help for a command, or a command's options for a format.", NULL,
     NULL, true, false, pf_cli_help},
    {"__generate", "__generate man|bash|zsh|cli.md", "Print generated documentation.", NULL, NULL, false, true,
     pf_cli_generate},
    {NULL, NULL, NULL, NULL, NULL, false, false, NULL},
};

const struct pf_cli_command *pf_cli_find(const char *name) {
    for (const struct pf_cli_command *c = pf_cli_commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static void log_line(void *ctx, int32_t level, const char *text) {
    static const char *const names[] = {"", "error", "warning", "info", "debug"};
    if (level <= *(const int *)ctx)
        pf_cli_say("%s: %s\n", names[level >= 1 && level <= 4 ? level : 4], text);
}

static int run_command(const char *name, int verbose, bool quiet, int argc, char **argv) {
    const struct pf_cli_command *command = pf_cli_find(name);
    if (!command)
        return pf_cli_usage("no such command: %s", name);
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    struct pf_cli_args args = {.command = command, .verbose = verbose, .quiet = quiet};
    if (pf_forge_open(&args.forge, &err) != PF_OK)
        return pf_cli_failed(&err);
    int code = pf_cli_args_read(&args, argc, argv);
    int level = args.verbose ? PF_LOG_WARNING + args.verbose : PF_LOG_ERROR;
    pf_forge_on_log(args.forge, log_line, &level);
    if (code == PF_EXIT_DONE) {
        if (args.command != command) { /* COMMAND --help */
            args.positional_count = 1;
            args.positionals[0] = command->name;
        }
        code = args.command->run(&args);
    }
    pf_cli_args_clear(&args);
    pf_forge_close(&args.forge);
    return pf_cli_streams_end(code);
}

int pf_cli_run(int argc, char **argv) {
    pf_cli_streams_begin();
    int verbose = 0, at = 1;
    bool quiet = false;
    char help[] = "help", list[] = "list-extensions";
    char *help_argv[] = {help}, *list_argv[] = {list};
    for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
        const char *word = argv[at];
        if (strcmp(word, "--version") == 0) {
            pf_cli_print("pyforge, version %s\n", pf_version());
            return pf_cli_streams_end(PF_EXIT_DONE);
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
            return run_command("help", verbose, quiet, 0, help_argv);
        if (strcmp(word, "--list-extensions") == 0)
            return run_command("list-extensions", verbose, quiet, 0, list_argv);
        if (strcmp(word, "-v") == 0 || strcmp(word, "--verbose") == 0)
            verbose++;
        else if (strcmp(word, "-q") == 0 || strcmp(word, "--quiet") == 0)
            quiet = true;
        else
            return pf_cli_usage("no such option: %s", word);
    }
    if (at >= argc)
        return run_command("help", verbose, quiet, 0, help_argv);
    return run_command(argv[at], verbose, quiet, argc - at - 1, argv + at + 1);
}
