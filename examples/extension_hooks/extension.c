/* extension.c — hooks. Outputs below "archive/" are written with gzip, files called "secret" are refused, and what
 * was written is said in the log.
 * SPDX-License-Identifier: MIT
 *
 * Build and test: make test (needs the installed headers, or PYFORGE_INCLUDE=folder). It links nothing of pyforge. */
#include <pyforge/extension.h>
#include <stdio.h>
#include <string.h>

static pf_status fail(struct pf_error *err, pf_status code, const char *message) {
    if (err) {
        err->code = code;
        snprintf(err->message, sizeof err->message, "%s", message);
    }
    return code;
}

/* Before anything is planned: options may be set. What the user set stays, whatever is said here. */
static pf_status parameter(struct pf_host *host, void *self, pf_job *job, struct pf_error *err) {
    (void)self, (void)job;
    const char *output = host->job_get(host, "output");
    if (output && strncmp(output, "archive/", 8) == 0)
        return host->job_set(host, "compression", "gzip", err);
    return PF_OK;
}

/* Before the first byte: the job may be refused. */
static pf_status pre(struct pf_host *host, void *self, const pf_job *job, struct pf_error *err) {
    (void)self, (void)job;
    const char *input = host->job_get(host, "input");
    if (input && strstr(input, "secret"))
        return fail(err, PF_DENIED, "secret files stay where they are; convert another one");
    return PF_OK;
}

/* Once for every job whose pre ran, after failures too. */
static void post(struct pf_host *host, void *self, const pf_job *job, const pf_result *result) {
    char text[120];
    (void)self, (void)job, (void)result;
    const char *rows = host->result_get(host, "rows-out"), *failed = host->result_get(host, "failed");
    snprintf(text, sizeof text, "sample: %s rows written, %s inputs failed", rows ? rows : "no",
             failed ? failed : "no");
    host->log(host, PF_LOG_INFO, text);
}

static const struct pf_hooks hooks = {
    .struct_size = sizeof hooks, .rank = PF_RANK_SECONDARY, .parameter = parameter, .pre = pre, .post = post};
static const struct pf_extension extension = {.struct_size = sizeof extension,
                                              .name = "sample",
                                              .version = "1.0.0",
                                              .summary = "Gzip for archives, no secrets.",
                                              .license = "MIT",
                                              .hooks = &hooks};

PF_EXPORT const struct pf_extension *pyforge_extension_v1(void);
const struct pf_extension *pyforge_extension_v1(void) { return &extension; }
