/* run_convert.h — one input to its outputs.                                     SPDX-License-Identifier: MIT */
#ifndef PF_RUN_CONVERT_H
#define PF_RUN_CONVERT_H
#include "run/run_delivery.h"
#include "run/run_reading.h"
#include "run/run_result.h"

/* What all inputs of a run share. */
struct pf_run {
    pf_job *job;
    struct pf_crew crew;
    struct pf_inputs inputs;
    struct pf_outputs *outputs; /* these two are shared by runs side by side: see run_abreast.h */
    struct pf_quarantine *quarantine;
    struct pf_outputs own_outputs;
    struct pf_quarantine own_quarantine;
    struct pf_turns *turns; /* of inputs side by side; NULL: one after the other */
    size_t turn;            /* this one's place among them */
    struct pf_schema_file schema_file;
    const struct pf_schema_file *schema; /* &schema_file, or NULL */
    pf_result *result;                   /* lent */
    pf_status status;                    /* of the first input that failed */
    struct pf_error err;
};
/* Converts every member and every table of an input; what happened stands in the result. Fails only when the run
 * as a whole cannot go on (cancelled, out of memory). */
pf_status pf_convert_input(struct pf_run *run, const struct pf_input *input, struct pf_error *err);
/* Keeps with file what its reader found out, and why it was read again (cause: of the lap thrown away, or NULL). */
pf_status pf_convert_tell_reading(struct pf_result_file *file, const struct pf_verdict *verdict,
                                  const struct pf_error *cause, struct pf_error *err);
/* Lists a file of an archive that nothing reads. */
pf_status pf_convert_skip(struct pf_run *run, const struct pf_intake *intake,
                          const struct pf_zip_member *member, const char *why, struct pf_error *err);
/* Those that the intake passed over when it was opened. */
pf_status pf_convert_skip_passed(struct pf_run *run, const struct pf_intake *intake, struct pf_error *err);
/* The job's own stream. */
pf_status pf_convert_stream(struct pf_run *run, struct pf_error *err);
/* Notes a failure with its place in file, and as the run's if it is the first. Gives back a status that ends the
 * run, or OK. */
pf_status pf_run_failed(struct pf_run *run, struct pf_result_file *file, pf_status status,
                        const struct pf_error *failure, const char *shown);
#endif
