/* cli_help.h — how an option is written down.                                   SPDX-License-Identifier: MIT */
#ifndef PF_CLI_HELP_H
#define PF_CLI_HELP_H
#include "cli.h"
/* "-c, --compression none|snappy|…". */
void pf_cli_option_form(const struct pf_option *option, char *to, size_t room);
/* Nobody knows that command: says which one may be meant. Gives the exit code. */
int pf_cli_no_command(const char *word);
#endif
