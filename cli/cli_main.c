/* cli_main.c — room cli. The native program.                                    SPDX-License-Identifier: MIT
 * Knows: pf_cli_run.
 * Knows not: anything else. */
#include "cli.h"

int main(int argc, char **argv) { return pf_cli_run(argc, argv); }
