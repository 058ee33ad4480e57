/* run_plan.h — job + survey → how one table is read and what is written.        SPDX-License-Identifier: MIT
 *
 * Pure: nothing is opened. The order: legal names for all columns, selection, renaming, types, casts of the
 * profile. */
#ifndef PF_RUN_PLAN_H
#define PF_RUN_PLAN_H
#include "run/run_notices.h"
#include "run/run_profile.h"
#include "run/run_schema_file.h"

struct pf_plan_request {
    const pf_job *job;
    const struct ArrowSchema *found;          /* the survey's columns */
    const struct pf_schema_file *schema_file; /* NULL: none */
    const struct pf_writer *writer;           /* NULL: nothing is written, no profile */
    const bool *as_text;                      /* per found column: to be text whatever was found; NULL: none */
    struct pf_notices *notices;               /* NULL: not wanted */
};
struct pf_plan {
    struct ArrowSchema read; /* one child per wanted column, named as written */
    int32_t *columns;        /* the found column of each */
    int64_t count;
    uint8_t *imposed; /* of each: 1: its type was asked for; 0: it has to be proved */
    uint8_t *unseen;  /* of each: 1: text because no value was seen, and not asked for */
    int64_t limit_rows;
    struct pf_profile_cast *casts; /* per column; kind −1: as it is. NULL: no cast at all */
};
pf_status pf_plan_make(const struct pf_plan_request *request, struct pf_plan *plan, struct pf_error *err);
/* Is a column of that type cast for the request's writer and profile? */
bool pf_plan_cast(const struct pf_plan_request *request, const struct pf_type *type,
                  struct pf_profile_cast *cast);
/* A notice "cast": "time[us] → text: Spark has no time of day". */
pf_status pf_plan_tell_cast(const struct ArrowSchema *field, const struct pf_profile_cast *cast,
                            struct pf_notices *notices, struct pf_error *err);
void pf_plan_clear(struct pf_plan *plan); /* zero is fine */
#endif
