/* cli_start.h — what must be known before the forge is opened: extensions and log.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CLI_START_H
#define PF_CLI_START_H
#include "cli.h"
#include "cli_log.h"

struct pf_cli_start {
    const struct pf_allow *allow;
    bool no_extensions;
    const char *extension_path;
    int32_t limit_ms; /* 0: not given */
    struct pf_cli_log log;
};
/* One of these options at argv[at]? The words that it takes; 0: it is none. */
int pf_cli_start_words(int argc, char **argv, int at);
/* From the whole command line and the environment. Complains. */
int pf_cli_start_read(struct pf_cli_start *start, int argc, char **argv);
/* Looks for extensions, unless they are switched off. Complains. */
int pf_cli_start_extensions(const struct pf_cli_start *start, pf_forge *forge);
#endif
