/* cli_log.h — where the log goes, and how its lines look.                        SPDX-License-Identifier: MIT */
#ifndef PF_CLI_LOG_H
#define PF_CLI_LOG_H
#include "cli.h"

struct pf_cli_log {
    int level;        /* the highest PF_LOG_* that is shown */
    bool json;        /* one object a line */
    const char *path; /* NULL: standard error */
    void *file;
};
/* "debug" and its like; 0: none of them. */
int pf_cli_log_level(const char *name);
/* Opens the file, if there is one. Complains. */
int pf_cli_log_open(struct pf_cli_log *log);
void pf_cli_log_close(struct pf_cli_log *log);
/* For pf_forge_on_log, with the log as its ctx. */
void pf_cli_log_line(void *ctx, int32_t level, const char *text);
#endif
