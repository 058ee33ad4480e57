/* run_inspect.h — what one input is, without converting it, as JSON.            SPDX-License-Identifier: MIT */
#ifndef PF_RUN_INSPECT_H
#define PF_RUN_INSPECT_H
#include "run/run_native.h"

/* An input opened for looking at; used here and by the preview. */
struct pf_look {
    struct pf_run run;
    struct pf_intake intake;
    struct pf_reading reading;
    const char *table; /* of the preview; NULL: the first. Lent */
};
/* Opens the job's one input (the only file of an archive) down to its reader. Must not move while open. */
pf_status pf_look_open(struct pf_look *look, pf_job *job, struct pf_error *err);
void pf_look_close(struct pf_look *look);
/* what: "info", "sniff", "schema", "validate", "head", "inputs". Gives *json. */
pf_status pf_inspect_run(pf_job *job, const char *what, char **json, struct pf_error *err);
/* The view "head" of one table; NULL: the first. Gives *json. */
pf_status pf_inspect_head(pf_job *job, const char *table, char **json, struct pf_error *err);
/* Where the table of that name stands in the last survey; NULL: the first. NOT_FOUND. */
pf_status pf_look_find(const struct pf_look *look, const char *table, int32_t *index, struct pf_error *err);
/* The first rows as text cells, into an open object: columns, rows. */
pf_status pf_preview(struct pf_look *look, struct pf_json_writer *json, struct pf_error *err);
#endif
