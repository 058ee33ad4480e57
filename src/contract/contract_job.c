/* contract_job.c — room contract. The promises of engines, commands and hooks.   SPDX-License-Identifier: MIT
 * Knows: what they may ask of a job, set in it and leave behind.
 * Knows not: what they do. The promises in words: pyforge/extension.h */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "contract/contract_desk.h"

#define HOLD(c, ...) pf_contract_hold(&(c)->finding, __VA_ARGS__)

static void open_desk(struct pf_contract_desk *desk, const char *input, const char *output) {
    *desk = (struct pf_contract_desk){.fail_at = PF_CONTRACT_NEVER, .input = input, .output = output};
    pf_contract_desk_open(desk);
}
/* Jobs and results are opaque: only the host's calls look into them. */
static pf_job *job_of(struct pf_contract_desk *desk) { return (pf_job *)(void *)desk; }
static pf_result *result_of(struct pf_contract_desk *desk) { return (pf_result *)(void *)desk; }

/* ---- engines ---- */

struct engine_check {
    const struct pf_engine *engine;
    const char *input, *scratch;
    char output[1024];
    struct pf_contract_finding finding;
};

static int32_t count_entry(void *ctx, const char *name, bool directory) {
    ++*(int *)ctx;
    return 0;
}
static int32_t remove_entry(void *ctx, const char *name, bool directory) {
    char path[2048];
    snprintf(path, sizeof path, "%s/%s", (const char *)ctx, name);
    if (directory) {
        pf_file_list(path, remove_entry, path, NULL);
        pf_file_remove_folder(path, NULL);
    } else {
        pf_file_remove(path, NULL);
    }
    return 0;
}
/* What a run left in the scratch folder, which is empty then. */
static int take_leavings(struct engine_check *c) {
    char folder[1024];
    int count = 0;
    snprintf(folder, sizeof folder, "%s", c->scratch);
    pf_file_list(folder, count_entry, &count, NULL);
    pf_file_list(folder, remove_entry, folder, NULL);
    return count;
}

static void check_fit(struct engine_check *c) {
    const char *const pairs[][2] = {{NULL, NULL},
                                    {c->input, NULL},
                                    {c->input, c->output},
                                    {"a.csv\x1F"
                                     "b.csv",
                                     c->output},
                                    {"-", c->output}};
    struct pf_contract_desk desk;
    pf_contract_begin(&c->finding, "fit answers on the scale, for any job, and does nothing");
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        open_desk(&desk, pairs[i][0], pairs[i][1]);
        int32_t answer = c->engine->fit(&desk.host, job_of(&desk));
        HOLD(c, answer >= PF_PROBE_NO && answer <= PF_PROBE_CERTAIN, "%d is not on the scale", (int)answer);
        HOLD(c, c->engine->fit(&desk.host, job_of(&desk)) == answer, "two answers for the same job");
        HOLD(c, desk.misplaced == 0 && desk.results == 0, "it sets options or results");
    }
    HOLD(c, take_leavings(c) == 0, "it writes");
    pf_contract_end(&c->finding);
}

static pf_status run_engine(struct engine_check *c, struct pf_contract_desk *desk, struct pf_error *err) {
    return c->engine->run(&desk->host, job_of(desk), result_of(desk), err);
}

/* What any run must hold to, whatever it answers. */
static void hold_run(struct engine_check *c, pf_status status, const struct pf_error *err) {
    int left = take_leavings(c);
    if (status != PF_OK) {
        pf_contract_hold_told(&c->finding, "run", status, err);
        HOLD(c, left == 0, "run answers %s and leaves %d files", pf_contract_code(status), left);
    } else
        HOLD(c, left > 0, "run answers OK, and there is no output");
}

static bool takes(struct engine_check *c) {
    struct pf_contract_desk desk;
    open_desk(&desk, c->input, c->output);
    if (c->engine->fit(&desk.host, job_of(&desk)) > PF_PROBE_NO)
        return true;
    if (c->finding.contract->untried)
        c->finding.contract->untried(c->finding.contract->ctx, "fit answers NO for this file");
    return false;
}

static bool check_run(struct engine_check *c) {
    struct pf_contract_desk desk;
    struct pf_error err = PF_ERROR_INIT;
    open_desk(&desk, c->input, c->output);
    pf_contract_begin(&c->finding,
                      "run does the whole job and tells its rows, or is UNAVAILABLE before it writes");
    pf_status status = run_engine(c, &desk, &err);
    HOLD(c, status == PF_OK || status == PF_UNAVAILABLE, "it answers %s: %s", pf_contract_code(status),
         err.message);
    hold_run(c, status, &err);
    HOLD(c, status != PF_OK || desk.results > 0, "result_put was not called");
    HOLD(c, desk.rows_in == desk.rows_out + desk.rejected, "%lld rows in, %lld out, %lld rejected",
         (long long)desk.rows_in, (long long)desk.rows_out, (long long)desk.rejected);
    pf_contract_end(&c->finding);
    return status == PF_OK;
}

static void check_missing(struct engine_check *c) {
    char missing[1100];
    struct pf_contract_desk desk;
    struct pf_error err = PF_ERROR_INIT;
    snprintf(missing, sizeof missing, "%s.is-not-there", c->input);
    open_desk(&desk, missing, c->output);
    pf_contract_begin(&c->finding, "a job that cannot be done is told, and leaves nothing");
    pf_status status = run_engine(c, &desk, &err);
    HOLD(c, status != PF_OK, "it answers OK for an input that is not there");
    hold_run(c, status, &err);
    status = run_engine(c, &desk, NULL); /* err may be NULL */
    HOLD(c, status != PF_OK, "without err it answers OK");
    take_leavings(c);
    pf_contract_end(&c->finding);
}

static void check_engine_cancel(struct engine_check *c) {
    struct pf_contract_desk desk;
    struct pf_error err = PF_ERROR_INIT;
    open_desk(&desk, c->input, c->output);
    desk.cancelled = true;
    pf_contract_begin(&c->finding, "a cancelled job ends cleanly");
    pf_status status = run_engine(c, &desk, &err);
    HOLD(c, status == PF_OK || status == PF_CANCELLED || status == PF_UNAVAILABLE, "it answers %s",
         pf_contract_code(status));
    hold_run(c, status, &err);
    pf_contract_end(&c->finding);
}

static void check_engine_host(struct engine_check *c) {
    struct pf_contract_desk desk = {
        .fail_at = PF_CONTRACT_NEVER, .old = true, .input = c->input, .output = c->output};
    struct pf_error err = PF_ERROR_INIT;
    pf_contract_desk_open(&desk);
    pf_contract_begin(&c->finding, "what an older host has not is asked for before it is called");
    c->engine->fit(&desk.host, job_of(&desk));
    pf_status status = run_engine(c, &desk, &err);
    hold_run(c, status, &err);
    pf_contract_end(&c->finding);
}

static void run_engine_again(void *arg) {
    struct engine_check *c = arg;
    struct pf_contract_desk desk;
    open_desk(&desk, c->input, c->output);
    run_engine(c, &desk, NULL);
    take_leavings(c);
}

int64_t pf_contract_engine(const struct pf_engine *engine, const char *input, const char *scratch,
                           const struct pf_contract *contract) {
    struct engine_check c = {
        .engine = engine, .input = input, .scratch = scratch, .finding = {.contract = contract}};
    snprintf(c.output, sizeof c.output, "%s/output.csv", scratch);
    check_fit(&c);
    if (c.finding.broken || !takes(&c) || !check_run(&c))
        return c.finding.broken;
    check_missing(&c);
    check_engine_cancel(&c);
    check_engine_host(&c);
    pf_contract_begin(&c.finding, "runs give back all their memory");
    int64_t grown = pf_contract_growth(run_engine_again, &c);
    HOLD(&c, grown == 0, "the heap grows with every run, by %lld bytes in some", (long long)grown);
    pf_contract_end(&c.finding);
    return c.finding.broken;
}

/* ---- commands ---- */

struct command_check {
    const struct pf_command *command;
    void *self;
    struct pf_contract_finding finding;
};

static void hear(struct pf_console *console, const char *text, size_t size) {
    int64_t *bytes = console->ctx;
    *bytes += text || size == 0 ? (int64_t)size : INT32_MIN;
}

/* Without words, cancelled from the start. */
static void run_command(struct command_check *c, void *self) {
    char name[80];
    char *argv[2] = {name, NULL};
    int64_t bytes = 0;
    struct pf_contract_desk desk;
    struct pf_console console = {
        .struct_size = sizeof console, .width = 80, .ctx = &bytes, .print = hear, .complain = hear};
    open_desk(&desk, NULL, NULL);
    desk.cancelled = true;
    snprintf(name, sizeof name, "%s", c->command->name);
    int32_t code = c->command->run(&desk.host, self, &console, 1, argv);
    HOLD(c, code >= 0 && code <= 255, "%d is no exit code", (int)code);
    HOLD(c, bytes >= 0, "it prints a text that is NULL");
}
static void run_command_again(void *arg) { run_command(arg, ((struct command_check *)arg)->self); }

int64_t pf_contract_command(const struct pf_command *command, void *self, const struct pf_contract *contract) {
    struct command_check c = {command, self, {.contract = contract}};
    pf_contract_begin(&c.finding, "the table is whole");
    HOLD(&c, command->usage && command->usage[0], "it has no usage");
    pf_contract_end(&c.finding);
    pf_contract_begin(&c.finding, "without words and cancelled it comes back with an exit code");
    run_command(&c, self);
    pf_contract_end(&c.finding);
    pf_contract_begin(&c.finding, "it answers where init said no: self may be NULL");
    run_command(&c, NULL);
    pf_contract_end(&c.finding);
    pf_contract_begin(&c.finding, "it gives back all its memory");
    int64_t grown = pf_contract_growth(run_command_again, &c);
    HOLD(&c, grown == 0, "the heap grows with every run, by %lld bytes in some", (long long)grown);
    pf_contract_end(&c.finding);
    return c.finding.broken;
}

/* ---- hooks ---- */

struct hooks_check {
    const struct pf_hooks *hooks;
    void *self;
    const char *input, *output;
    bool old;
    struct pf_contract_finding finding;
};

/* All hooks of one job, as pyforge calls them. */
static void run_hooks(struct hooks_check *c, struct pf_error *told) {
    struct pf_contract_desk desk = {.fail_at = PF_CONTRACT_NEVER,
                                    .old = c->old,
                                    .input = c->input,
                                    .output = c->output,
                                    .takes_options = true};
    pf_status status = PF_OK;
    pf_contract_desk_open(&desk);
    if (c->hooks->parameter)
        status = c->hooks->parameter(&desk.host, c->self, job_of(&desk), told);
    HOLD(c, desk.misplaced == 0, "parameter sets the inputs");
    if (status != PF_OK && told)
        pf_contract_hold_told(&c->finding, "parameter", status, told);
    desk.takes_options = false;
    if (told)
        *told = (struct pf_error)PF_ERROR_INIT;
    status = c->hooks->pre ? c->hooks->pre(&desk.host, c->self, job_of(&desk), told) : PF_OK;
    HOLD(c, desk.misplaced == 0, "pre sets options: only parameter may");
    if (status != PF_OK && told)
        pf_contract_hold_told(&c->finding, "pre", status, told);
    if (status == PF_OK && c->hooks->post)
        c->hooks->post(&desk.host, c->self, job_of(&desk), result_of(&desk));
    HOLD(c, desk.misplaced == 0, "post sets options: only parameter may");
}
static void run_hooks_again(void *arg) { run_hooks(arg, NULL); }

static void check_hooks(struct hooks_check *c, const char *promise, const char *input, const char *output,
                        struct pf_error *told) {
    c->input = input;
    c->output = output;
    pf_contract_begin(&c->finding, promise);
    run_hooks(c, told);
    pf_contract_end(&c->finding);
}

int64_t pf_contract_hooks(const struct pf_hooks *hooks, void *self, const struct pf_contract *contract) {
    struct hooks_check c = {.hooks = hooks, .self = self, .finding = {.contract = contract}};
    struct pf_error err = PF_ERROR_INIT;
    pf_contract_begin(&c.finding, "the table is whole");
    HOLD(&c, hooks->parameter || hooks->pre || hooks->post, "there is no hook in it");
    pf_contract_end(&c.finding);
    check_hooks(&c, "a job is set by parameter alone, and refused with words", "in.csv", "out.parquet", &err);
    err = (struct pf_error)PF_ERROR_INIT;
    check_hooks(&c, "a job of which nothing is known harms nobody", NULL, NULL, &err);
    check_hooks(&c, "every err may be NULL",
                "a.csv\x1F"
                "b.csv",
                "out/", NULL);
    c.old = true;
    check_hooks(&c, "an older host is enough", "in.csv", "out.parquet", NULL);
    c.old = false;
    pf_contract_begin(&c.finding, "they give back all their memory");
    int64_t grown = pf_contract_growth(run_hooks_again, &c);
    HOLD(&c, grown == 0, "the heap grows with every job, by %lld bytes in some", (long long)grown);
    pf_contract_end(&c.finding);
    return c.finding.broken;
}
