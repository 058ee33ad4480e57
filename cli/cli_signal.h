/* cli_signal.h — interrupt and terminate: once cancels what runs, twice ends the program.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CLI_SIGNAL_H
#define PF_CLI_SIGNAL_H
#include "cli.h"

/* What runs now; NULL: nothing. */
void pf_cli_watch_job(pf_job *job);
/* Is set to 1; NULL: nobody. */
void pf_cli_watch_flag(volatile int32_t *cancel);
int pf_cli_caught(void); /* the signal that came; 0: none */
#endif
