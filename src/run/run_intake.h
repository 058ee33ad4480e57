/* run_intake.h — one input, opened down to a reader.                            SPDX-License-Identifier: MIT
 *
 * open: the bytes, metered, spilled when they can be read only once, unpacked. An archive has several members;
 * every other input is one. enter: a member gets its reader; leave ends it. */
#ifndef PF_RUN_INTAKE_H
#define PF_RUN_INTAKE_H
#include "run/run_detect.h"
#include "run/run_host.h"
#include "run/run_inputs.h"
#include "run/run_unwrap.h"

struct pf_intake {
    struct pf_crew *crew;
    const struct pf_input *input;
    const char *shown;     /* the input in messages and reports: its path, or "standard input" */
    struct pf_source base; /* the stored bytes */
    struct pf_unwrapped top;
    struct pf_unwrapped within; /* of a member */
    struct pf_unwrap_how how;
    /* Of an archive: members whose suffix no reader claims, while it does another's. They do not count. */
    const struct pf_zip_member **passed;
    size_t passed_count;
    bool unknown; /* entering failed because no reader knows the bytes */
    bool once;    /* cannot be read again */
    size_t member;
    struct pf_source bytes; /* what the reader reads */
    char *name;             /* of the member or the input, without wrappings: "orders.csv" */
    char *stem;             /* "orders" */
    char *label;            /* "orders.zip!may.csv" for a member, else as shown; in rejects and lineage */
    struct pf_run_host host;
    const struct pf_reader *reader;
    pf_reader_state *state;
};
/* Must not move while open. input and crew are lent until close. */
pf_status pf_intake_open(struct pf_intake *intake, struct pf_crew *crew, const struct pf_input *input,
                         struct pf_error *err);
size_t pf_intake_members(const struct pf_intake *intake); /* 1 for what is no archive */
pf_status pf_intake_enter(struct pf_intake *intake, size_t member, struct pf_error *err);
/* Did entering fail for a file of an archive that nobody asked for by name and no reader knows? Such a one is passed
 * over like the foreign files of a folder. */
bool pf_intake_pass_over(const struct pf_intake *intake);
void pf_intake_leave(struct pf_intake *intake); /* not entered is fine */
void pf_intake_close(struct pf_intake *intake); /* zero is fine */
/* BAD_DATA when a file is no longer as it was when the job began: a second lap would mix two states. */
pf_status pf_intake_check_same(const struct pf_intake *intake, struct pf_error *err);
/* Bytes that a lap over this member will read, for progress; −1 unknown. */
int64_t pf_intake_lap_bytes(const struct pf_intake *intake);
#endif
