/* cli_log.c — room cli. Where the log goes, and how its lines look.              SPDX-License-Identifier: MIT
 * Knows: levels, a file, text and JSON lines.
 * Knows not: who says what. */
#include "cli_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli_console.h"
#include "cli_json.h"

static const char *const names[] = {"", "error", "warning", "info", "debug"};

int pf_cli_log_level(const char *name) {
    for (int level = PF_LOG_ERROR; level <= PF_LOG_DEBUG; level++)
        if (strcasecmp(name, names[level]) == 0)
            return level;
    return 0;
}

int pf_cli_log_open(struct pf_cli_log *log) {
    if (!log->path)
        return PF_EXIT_DONE;
    log->file = fopen(log->path, "a");
    return log->file ? PF_EXIT_DONE
                     : pf_cli_usage("--log-file: '%s' cannot be opened; take another place", log->path);
}

void pf_cli_log_close(struct pf_cli_log *log) {
    if (log->file && fclose(log->file) != 0)
        pf_cli_say("pyforge: '%s' is not whole: free space there\n", log->path);
    log->file = NULL;
}

/* "2026-01-31T12:00:00.123Z" */
static void print_time(char *to, size_t room) {
    struct timespec now = {0};
    struct tm parts;
    char text[32] = "";
    timespec_get(&now, TIME_UTC);
    if (gmtime_r(&now.tv_sec, &parts))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(to, room, "%s.%03dZ", text, (int)(now.tv_nsec / 1000000));
}

void pf_cli_log_line(void *ctx, int32_t level, const char *text) {
    const struct pf_cli_log *log = ctx;
    char now[64];
    if (level > log->level || level < PF_LOG_ERROR)
        return;
    print_time(now, sizeof now);
    char *quoted = log->json ? pf_cli_json_quote(text) : NULL;
    if (log->file && quoted)
        fprintf(log->file, "{\"time\": \"%s\", \"level\": \"%s\", \"text\": %s}\n", now, names[level], quoted);
    else if (log->file)
        fprintf(log->file, "%s %s: %s\n", now, names[level], text);
    else if (quoted)
        pf_cli_say("{\"time\": \"%s\", \"level\": \"%s\", \"text\": %s}\n", now, names[level], quoted);
    else
        pf_cli_say("%s: %s\n", names[level], text);
    free(quoted);
}
