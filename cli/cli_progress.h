/* cli_progress.h — one updating line on standard error, or sparse lines, or silence.
 * SPDX-License-Identifier: MIT */
#ifndef PF_CLI_PROGRESS_H
#define PF_CLI_PROGRESS_H
#include "cli.h"

struct pf_cli_progress {
    bool bar;   /* a terminal: one line, redrawn */
    bool lines; /* -v without a terminal: a line at growing distances, at most 20 in ten minutes */
    bool drawn;
    double next_line_s;
};
void pf_cli_progress_begin(struct pf_cli_progress *progress, bool quiet, int verbose);
int32_t pf_cli_progress_step(void *ctx, const struct pf_progress *step); /* for pf_job_on_progress */
void pf_cli_progress_end(struct pf_cli_progress *progress);              /* wipes the line */
#endif
