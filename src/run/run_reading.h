/* run_reading.h — one table of a surveyed input, planned and ready to be read.  SPDX-License-Identifier: MIT
 *
 * Holds what lies between a survey and a lap, and what is learned when a lap is thrown away: that the types
 * must be proved first, which columns have to be text. */
#ifndef PF_RUN_READING_H
#define PF_RUN_READING_H
#include "run/run_chain.h"
#include "run/run_intake.h"
#include "run/run_plan.h"

#define PF_LAPS_MOST 4 /* sample, proved, and twice for casts that did not hold */

struct pf_reading {
    struct pf_intake *intake;                 /* entered; lent */
    const struct pf_schema_file *schema_file; /* NULL: none */
    const struct pf_writer *writer;           /* for the profile; NULL: none */
    struct pf_notices *notices;               /* of the lap; NULL: not wanted, as the two below */
    struct pf_counts *counts;
    struct pf_rejects *rejects;
    struct pf_notices survey_notices; /* of the last survey */
    struct pf_verdict verdict;
    bool all_proved; /* the survey of all tables was exact */
    int32_t table;
    bool proved; /* the survey of this table was exact */
    struct pf_plan plan;
    bool *as_text; /* per found column; made when the first is */
    int32_t laps;  /* begun so far */
    int32_t cast_failures;
    bool was_widened;
    struct pf_error cause; /* of the first lap thrown away */
    struct ArrowArrayStream stream;
    struct pf_error stream_err;
};
/* Surveys the input: PF_SURVEY_*. All zero but the first six fields before. */
pf_status pf_reading_survey(struct pf_reading *reading, int32_t mode, struct pf_error *err);
/* Plans table; surveys exactly first if the plan asks for it. */
pf_status pf_reading_plan(struct pf_reading *reading, int32_t table, struct pf_error *err);
/* Plans again with these found columns as text (takes as_text); surveys exactly first where that is needed. */
pf_status pf_reading_as_text(struct pf_reading *reading, bool *as_text, struct pf_error *err);
/* Opens reading->stream for a lap over the planned table. */
pf_status pf_reading_open(struct pf_reading *reading, struct pf_error *err);
/* Adds the casts of the profile; each that may fail is a link of its own, its tag the planned column. */
pf_status pf_reading_casts(const struct pf_reading *reading, struct pf_chain *chain, struct pf_error *err);
/* After a lap that failed with status and err: OK when a further lap can do better, and everything for it is
 * settled (stream released, counts, notices and rejects empty, the exact survey done, the plan new); else the failure that is to be told.
 * failed: the chain's link that refused, or −1. */
pf_status pf_reading_recover(struct pf_reading *reading, pf_status status, int64_t failed,
                             struct pf_error *err);
/* After a good lap: the notices of the survey, and what was widened. */
pf_status pf_reading_tell(struct pf_reading *reading, struct pf_error *err);
/* The end of a lap that did not prove its types and cannot be repeated: err, which tells of the value, gets what
 * to do about it. Gives BAD_DATA. once: the input cannot be read a second time. */
pf_status pf_reading_give_up(const pf_job *job, bool once, struct pf_error *err);
void pf_reading_clear(struct pf_reading *reading);
#endif
