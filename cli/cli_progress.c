/* cli_progress.c — room cli. How far a job is, for people.                      SPDX-License-Identifier: MIT
 * Knows: struct pf_progress, terminals.
 * Knows not: jobs. */
#include "cli_progress.h"

#include <stdio.h>
#include <string.h>

#include "cli_console.h"

void pf_cli_progress_begin(struct pf_cli_progress *progress, bool quiet, int verbose) {
    bool terminal = pf_cli_is_terminal(false);
    *progress = (struct pf_cli_progress){
        .bar = terminal && !quiet, .lines = !terminal && !quiet && verbose > 0, .next_line_s = 5};
}

static void print_left(char *to, size_t room, double seconds) {
    if (seconds < 0)
        snprintf(to, room, "--:--");
    else if (seconds >= 3600)
        snprintf(to, room, "%d:%02d:%02d", (int)seconds / 3600, (int)seconds / 60 % 60, (int)seconds % 60);
    else
        snprintf(to, room, "%d:%02d", (int)seconds / 60, (int)seconds % 60);
}

int32_t pf_cli_progress_step(void *ctx, const struct pf_progress *step) {
    struct pf_cli_progress *progress = ctx;
    if (!progress->bar && !(progress->lines && step->seconds >= progress->next_line_s))
        return 0;
    char size[32], rate[32], left[32], rows[32];
    pf_cli_size((double)step->bytes_done, size);
    pf_cli_size(step->seconds > 0 ? (double)step->bytes_done / step->seconds : 0, rate);
    print_left(left, sizeof left, step->seconds_left);
    pf_cli_number(step->rows, rows);
    if (progress->lines) {
        pf_cli_say("%s: %s, %s rows, %s/s, %s left\n", step->stage, size, rows, rate, left);
        progress->next_line_s = step->seconds * 1.5 + 5; /* ever rarer */
        return 0;
    }
    if (step->seconds < 0.3 && !progress->drawn)
        return 0; /* short jobs do not flash */
    char bar[64 * 3 + 1] = "", line[512];
    if (step->fraction >= 0) {
        int cells = 24, full = (int)(step->fraction * cells + 0.5);
        for (int i = 0; i < cells; i++)
            strncat(bar, i < full ? "█" : "░", sizeof bar - strlen(bar) - 1);
        snprintf(line, sizeof line, "%3d%% %s %s  %s rows  %s/s  %s left", (int)(step->fraction * 100), bar,
                 size, rows, rate, left);
    } else {
        snprintf(line, sizeof line, "%s  %s rows  %s/s", size, rows, rate);
    }
    size_t width = (size_t)pf_cli_width();
    if (pf_cli_cells_of(line, strlen(line)) >= width) /* too narrow for the bar */
        snprintf(line, sizeof line, "%3d%%  %s/s  %s left", (int)(step->fraction * 100), rate, left);
    fprintf(stderr, "\r\033[K%s", line);
    fflush(stderr);
    progress->drawn = true;
    return 0;
}

void pf_cli_progress_end(struct pf_cli_progress *progress) {
    if (progress->drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        progress->drawn = false;
    }
}
