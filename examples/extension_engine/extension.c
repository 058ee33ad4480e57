/* extension.c — an engine. It does a whole job by itself where it fits: one ".sample" file, copied in capitals.
 * SPDX-License-Identifier: MIT
 *
 * Build and test: make test (needs the installed headers, or PYFORGE_INCLUDE=folder). It links nothing of pyforge. */
#include <pyforge/extension.h>
#include <stdio.h>
#include <string.h>

#define SUFFIX      ".sample"
#define SUFFIX_SIZE (sizeof SUFFIX - 1)

static pf_status fail(struct pf_error *err, pf_status code, const char *message) {
    if (err) {
        err->code = code;
        snprintf(err->message, sizeof err->message, "%s", message);
    }
    return code;
}

/* Looks at the job and at nothing else. pyforge's own engine always answers LIKELY: an engine that knows better says more. */
static int32_t fit(struct pf_host *host, pf_job *job) {
    (void)job;
    const char *input = host->job_get(host, "input"); /* several have U+001F between them */
    size_t size = input ? strlen(input) : 0;
    int is_one = size >= SUFFIX_SIZE && strcmp(input + size - SUFFIX_SIZE, SUFFIX) == 0 && !strchr(input, 0x1F);
    return is_one && host->job_get(host, "output") ? PF_PROBE_CERTAIN : PF_PROBE_NO;
}

static int64_t copy_lines(struct pf_host *host, FILE *from, FILE *to) {
    int64_t lines = 0;
    for (int c; (c = getc(from)) != EOF;) {
        lines += c == '\n';
        putc(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c, to);
        if (c == '\n' && host->cancelled(host))
            return -1;
    }
    return lines;
}

static pf_status run(struct pf_host *host, pf_job *job, pf_result *result, struct pf_error *err) {
    (void)job;
    if (!PF_HAS(struct pf_host, host, result_put)) /* an older pyforge: let its own engine do it */
        return fail(err, PF_UNAVAILABLE, "this engine needs a newer pyforge");
    const char *input = host->job_get(host, "input"), *output = host->job_get(host, "output");
    char beside[4096];
    if (snprintf(beside, sizeof beside, "%s.part", output) >= (int)sizeof beside)
        return fail(err, PF_LIMIT, "the name of the output is too long; give a shorter one");
    FILE *from = fopen(input, "rb"), *to = from ? fopen(beside, "wb") : NULL;
    int64_t lines = to ? copy_lines(host, from, to) : -1;
    int is_whole = from && !ferror(from);
    if (from)
        fclose(from);
    if (to)
        is_whole = fclose(to) == 0 && is_whole;
    if (lines < 0 || !is_whole || rename(beside, output) != 0) {
        if (to)
            remove(beside); /* nothing half-written stays */
        return host->cancelled(host) ? fail(err, PF_CANCELLED, "cancelled")
                                     : fail(err, PF_IO, "the file cannot be copied; check both names");
    }
    const struct pf_converted done = {.struct_size = sizeof done,
                                      .input = input,
                                      .output = output,
                                      .table = "lines",
                                      .rows_in = lines,
                                      .rows_out = lines,
                                      .bytes_in = -1,
                                      .bytes_out = -1};
    return host->result_put(host, result, &done, err);
}

static const struct pf_engine engine = {.struct_size = sizeof engine,
                                        .rank = PF_RANK_SECONDARY,
                                        .name = "sample",
                                        .summary = "copies .sample files in capitals",
                                        .fit = fit,
                                        .run = run};
static const struct pf_engine *const engines[] = {&engine, NULL};
static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = "sample",
                                              .version = "1.0.0",
                                              .summary = "Copies .sample files in capitals.",
                                              .license = "MIT",
                                              .engines = engines};

PF_EXPORT const struct pf_extension *pyforge_extension_v1(void);
const struct pf_extension *pyforge_extension_v1(void) { return &extension; }
