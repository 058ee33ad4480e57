/* extension.c — a command. "pyforge sample lines FILE…" counts lines.
 * SPDX-License-Identifier: MIT
 *
 * Build and test: make test (needs the installed headers, or PYFORGE_INCLUDE=folder). It links nothing of pyforge. */
#include <pyforge/extension.h>
#include <stdio.h>

#define ASK_EVERY 65536 /* lines between two looks whether somebody wants us to stop */

static int64_t count_lines(struct pf_host *host, FILE *file) {
    int64_t lines = 0;
    for (int c; (c = getc(file)) != EOF;) {
        lines += c == '\n';
        if (c == '\n' && lines % ASK_EVERY == 0 && host->cancelled(host))
            return -1;
    }
    return lines;
}

/* argv[0] is the command. What it answers is the program's exit code: 0 done, 1 failed, 2 wrong usage. */
static int32_t run_lines(struct pf_host *host, void *self, struct pf_console *console, int32_t argc,
                         char **argv) {
    char text[512];
    (void)self;
    if (argc < 2) {
        console->complain(console, "lines: no file; name one\n", 25);
        return 2;
    }
    for (int32_t i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (!file) {
            int size =
                snprintf(text, sizeof text, "lines: '%.400s' cannot be opened; check the name\n", argv[i]);
            console->complain(console, text, (size_t)size);
            return 1;
        }
        int64_t lines = count_lines(host, file);
        fclose(file);
        if (lines < 0)
            return 1;
        int size = snprintf(text, sizeof text, "%lld %.400s\n", (long long)lines, argv[i]);
        console->print(console, text, (size_t)size);
    }
    return 0;
}

static const struct pf_command lines_command = {.struct_size = sizeof lines_command,
                                                .name = "lines",
                                                .summary = "Counts lines.",
                                                .usage = "lines FILE…",
                                                .run = run_lines};
static const struct pf_command *const commands[] = {&lines_command, NULL};
static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = "sample",
                                              .version = "1.0.0",
                                              .summary = "Counts lines.",
                                              .license = "MIT",
                                              .commands = commands};

PF_EXPORT const struct pf_extension *pyforge_extension_v1(void);
const struct pf_extension *pyforge_extension_v1(void) { return &extension; }
