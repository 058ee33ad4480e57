/* run_quarantine.h — where rejected rows go: a file beside each output, or one file of the whole run.
 * SPDX-License-Identifier: MIT */
#ifndef PF_RUN_QUARANTINE_H
#define PF_RUN_QUARANTINE_H
#include "run/run_host.h"
#include "run/run_outputs.h"

struct pf_quarantine {
    pf_job *job;
    struct pf_crew *crew;
    struct pf_outputs *outputs;
    const char *given; /* --rejects; NULL: OUTPUT.rejects.csv */
    struct pf_reject_file shared;
    struct pf_run_host shared_host;
    int made_folders; /* of the shared file, which is not finished */
};
/* Must not move while open. */
void pf_quarantine_open(struct pf_quarantine *quarantine, struct pf_crew *crew, struct pf_outputs *outputs);
/* Before anything is read: could the file of --rejects be written? ARGUMENT, EXISTS, DENIED as for outputs. */
pf_status pf_quarantine_check(const struct pf_quarantine *quarantine, struct pf_error *err);
/* The rejects of one output, until it is certain that the output is there. */
struct pf_reject_place {
    char *path;    /* the file they are in */
    char *earlier; /* another name of the file that was there before; NULL: none was */
    bool own;      /* beside the output; else a file that all outputs share */
};
/* Writes the rejects of one output. taken: their name beside it is that of another output (EXISTS). Beside an
 * output the file is complete when this returns, and
 * pf_quarantine_settle ends the place; in a shared file they wait for pf_quarantine_finish. */
pf_status pf_quarantine_put(struct pf_quarantine *quarantine, const struct pf_rejects *rejects,
                            const char *output, bool taken, struct pf_reject_place *place,
                            struct pf_error *err);
/* Gives the path when the output is there. When it is not, its rejects would mislead: what was there before
 * them stands again, or nothing. */
char *pf_quarantine_settle(const struct pf_quarantine *quarantine, struct pf_reject_place *place,
                           bool delivered);
/* Rejects of an earlier run beside a replaced output would tell of rows that are no longer missing: such a file,
 * known by its first line, is removed. Only where --force allows replacing. */
void pf_quarantine_sweep(const struct pf_quarantine *quarantine, const char *output);
pf_status pf_quarantine_finish(struct pf_quarantine *quarantine, struct pf_error *err);
void pf_quarantine_clear(struct pf_quarantine *quarantine); /* what is not finished leaves nothing */
#endif
