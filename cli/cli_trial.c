/* cli_trial.c — room cli. `pyforge extensions check`: what an extension promises, tried and shown.
 * SPDX-License-Identifier: MIT
 * Knows: pf_trial_run, how its findings are shown.
 * Knows not: what is promised. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_args.h"
#include "cli_console.h"
#include "cli_json.h"

struct showing {
    bool json, quiet;
    char feature[700];
    int64_t counts[3]; /* by verdict */
};

static void show_json(struct showing *s, const struct pf_promise *found) {
    static const char *const verdicts[] = {"kept", "broken", "untried"};
    bool first = s->counts[0] + s->counts[1] + s->counts[2] == 1;
    char *feature = pf_cli_json_quote(found->feature), *promise = pf_cli_json_quote(found->promise),
         *detail = pf_cli_json_quote(*found->detail ? found->detail : NULL);
    pf_cli_print("%s\n  {\"feature\": %s, \"promise\": %s, \"verdict\": \"%s\", \"detail\": %s}",
                 first ? "" : ",", feature ? feature : "null", promise ? promise : "null",
                 verdicts[found->verdict], detail ? detail : "null");
    free(feature);
    free(promise);
    free(detail);
}

static void show_line(struct showing *s, const struct pf_promise *found) {
    static const char *const words[] = {"kept", "BROKEN", "untried"};
    static const enum pf_cli_ink inks[] = {PF_INK_GREEN, PF_INK_RED, PF_INK_YELLOW};
    if (s->quiet && found->verdict != PF_PROMISE_BROKEN)
        return;
    if (strcmp(s->feature, found->feature) != 0)
        pf_cli_print("%s%s%s\n", pf_cli_ink(true, PF_INK_BOLD), found->feature, pf_cli_ink(true, PF_INK_PLAIN));
    snprintf(s->feature, sizeof s->feature, "%s", found->feature);
    pf_cli_print("  %s%-7s%s  %s%s%s\n", pf_cli_ink(true, inks[found->verdict]), words[found->verdict],
                 pf_cli_ink(true, PF_INK_PLAIN), found->promise ? found->promise : "",
                 found->promise && *found->detail ? ": " : "", found->detail);
}

static void show(void *ctx, const struct pf_promise *found) {
    struct showing *s = ctx;
    s->counts[found->verdict]++;
    if (s->json)
        show_json(s, found);
    else
        show_line(s, found);
}

int pf_cli_trial(const struct pf_cli_args *args) {
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    struct showing showing = {.json = args->json, .quiet = args->quiet};
    const struct pf_trial trial = {.struct_size = sizeof trial,
                                   .silence_ms = args->limit_ms,
                                   .program = args->allow->program,
                                   .starter = args->allow->starter,
                                   .library = args->positionals[1],
                                   .samples = args->positionals + 2,
                                   .sample_count = args->positional_count - 2,
                                   .found = show,
                                   .ctx = &showing};
    if (args->json)
        pf_cli_print("{\"findings\": [");
    pf_status status = pf_trial_run(&trial, &err);
    const int64_t *n = showing.counts;
    if (args->json)
        pf_cli_print("],\n \"kept\": %lld, \"broken\": %lld, \"untried\": %lld}\n", (long long)n[0],
                     (long long)n[1], (long long)n[2]);
    else if (status == PF_OK && !args->quiet)
        pf_cli_print("%lld kept, %lld broken, %lld untried\n", (long long)n[0], (long long)n[1],
                     (long long)n[2]);
    if (status != PF_OK)
        return pf_cli_failed(&err);
    return n[PF_PROMISE_BROKEN] ? PF_EXIT_FAILED : PF_EXIT_DONE;
}
