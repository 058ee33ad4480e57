/* cli.c — room cli. The list of commands and the way into them.                 SPDX-License-Identifier: MIT
 * Knows: words, global flags, exit codes.
 * Knows not: what the commands do. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_args.h"
#include "cli_console.h"
#include "cli_help.h"
#include "cli_start.h"

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
    {"extensions", "extensions [list|why|enable|disable|rescan|new|check] [NAME]",
     "Show, explain, switch on and off, make and check extensions.",
     "why tells why one is not loaded; enable and disable hold for all later starts; rescan tries one, or all, "
     "as if they "
     "were new. new makes the folder NAME with a whole extension of a --kind to begin with. check LIBRARY "
     "[SAMPLE…] "
     "tries each promise that an extension makes on a shared library: samples are files for its readers and "
     "engines, and "
     "folders of its stores, where files are left. It exits 1 when one is broken. "
     "A command that an extension brings is run as 'pyforge EXTENSION COMMAND'.",
     "|json|kind|language|", false, false, pf_cli_extensions},
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

struct way_in {
    int verbose;
    bool quiet;
    struct pf_cli_start start;
};

/* exit(0) in an extension would end a conversion as if it had been done. */
static volatile bool at_work;

static void on_exit_within(void) {
    static const char text[] =
        "error: EXTENSION: code of an extension ended the program with exit(), before its end; "
        "run it with --no-extensions, or disable the extension\n";
    if (!at_work)
        return;
    fwrite(text, 1, sizeof text - 1, stderr);
    _Exit(PF_EXIT_FAILED);
}

static void begin_work(void) {
    static bool watched;
    if (!watched)
        watched = atexit(on_exit_within) == 0;
    at_work = watched;
}

static int run_known(const struct pf_cli_command *command, struct way_in *in, pf_forge *forge, int argc,
                     char **argv) {
    struct pf_cli_args args = {.command = command,
                               .verbose = in->verbose,
                               .quiet = in->quiet,
                               .forge = forge,
                               .limit_ms = in->start.limit_ms,
                               .allow = in->start.allow};
    int code = pf_cli_args_read(&args, argc, argv);
    if (code == PF_EXIT_DONE) {
        if (args.command != command) { /* COMMAND --help */
            args.positional_count = 1;
            args.positionals[0] = command->name;
        }
        begin_work();
        code = args.command->run(&args);
        at_work = false;
    }
    pf_cli_args_clear(&args);
    return code;
}

/* words[0] is the command, or an extension. */
static int run_command(struct way_in *in, int count, char **words) {
    const struct pf_cli_command *command = pf_cli_find(words[0]);
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    pf_forge *forge = NULL;
    int code = pf_cli_log_open(&in->start.log);
    if (code == PF_EXIT_DONE && pf_forge_open(&forge, &err) != PF_OK)
        code = pf_cli_failed(&err);
    if (code == PF_EXIT_DONE) {
        pf_forge_on_log(forge, pf_cli_log_line, &in->start.log);
        if (!command || !command->hidden) /* generated pages do not depend on what is installed */
            code = pf_cli_start_extensions(&in->start, forge);
    }
    if (code == PF_EXIT_DONE && command)
        code = run_known(command, in, forge, count - 1, words + 1);
    else if (code == PF_EXIT_DONE && (code = pf_cli_extension_command(forge, count, words)) < 0)
        code = pf_cli_no_command(words[0]);
    if (forge)
        pf_forge_close(&forge);
    pf_cli_log_close(&in->start.log);
    return pf_cli_streams_end(code);
}

int pf_cli_run(int argc, char **argv) {
    const struct pf_allow allow = {.struct_size = sizeof allow, .program = "/proc/self/exe"};
    return pf_cli_run_in(&allow, argc, argv);
}

int pf_cli_run_in(const struct pf_allow *allow, int argc, char **argv) {
    pf_cli_streams_begin();
    struct way_in in = {0};
    char help[] = "help", list[] = "list-extensions";
    char *help_words[] = {help}, *list_words[] = {list};
    if (argc > 3 && strcmp(argv[1], "extensions") == 0 &&
        strcmp(argv[2], "probe") == 0) { /* a child of pf_forge_allow */
        pf_probe_libraries((const char *const *)argv + 3, (size_t)(argc - 3));
        return PF_EXIT_DONE;
    }
    if (argc > 3 && strcmp(argv[1], "extensions") == 0 && strcmp(argv[2], "trial") == 0) /* of pf_trial_run */
        return pf_trial_child((const char *const *)argv + 3, (size_t)(argc - 3));
    int code = pf_cli_start_read(&in.start, argc, argv), at = 1;
    if (code != PF_EXIT_DONE)
        return code;
    in.start.allow = allow;
    for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
        const char *word = argv[at];
        int own = pf_cli_start_words(argc, argv, at);
        if (strcmp(word, "--version") == 0) {
            pf_cli_print("pyforge, version %s\n", pf_version());
            return pf_cli_streams_end(PF_EXIT_DONE);
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
            return run_command(&in, 1, help_words);
        if (strcmp(word, "--list-extensions") == 0)
            return run_command(&in, 1, list_words);
        if (strcmp(word, "-v") == 0 || strcmp(word, "--verbose") == 0)
            in.verbose++;
        else if (strcmp(word, "-q") == 0 || strcmp(word, "--quiet") == 0)
            in.quiet = true;
        else if (own)
            at += own - 1;
        else
            return pf_cli_usage("no such option: %s", word);
    }
    if (at >= argc)
        return run_command(&in, 1, help_words);
    return run_command(&in, argc - at, argv + at);
}
