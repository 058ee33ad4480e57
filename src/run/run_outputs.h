/* run_outputs.h — where outputs go: format, names, and what may be replaced.    SPDX-License-Identifier: MIT */
#ifndef PF_RUN_OUTPUTS_H
#define PF_RUN_OUTPUTS_H
#include "base/map.h"
#include "run/run_inputs.h"

struct pf_outputs {
    const pf_job *job;
    const struct pf_inputs *inputs;
    const struct pf_writer *writer;
    const char *given;   /* --output; NULL: beside each input */
    const char *rejects; /* --rejects; no output gets this name */
    bool folder;         /* given is a folder (there, or ending in '/') */
    bool combine;        /* --combine, and not --separate */
    bool force;
    struct pf_map used; /* names of this run, lower case */
};
/* Chooses the writer and what --output means. ARGUMENT when several inputs would go into one file. inputs is
 * lent until clear. */
pf_status pf_outputs_open(struct pf_outputs *outputs, const pf_job *job, const struct pf_inputs *inputs,
                          struct pf_error *err);
void pf_outputs_clear(struct pf_outputs *outputs);
/* Where one table goes. */
struct pf_output_name {
    char *path;         /* given */
    bool renamed;       /* the first choice was taken (equal ignoring case) and a number was added */
    bool rejects_taken; /* path.rejects.csv is the name of an output before it */
};
/* Names one table's output; path.rejects.csv is kept from all that come after. location: the input's; stem: the name without
 * suffixes. part: the table's name when the input has several (they go into a folder), "" for one of several of them; else
 * NULL. */
pf_status pf_outputs_name(struct pf_outputs *outputs, const char *location, const char *stem, const char *part,
                          struct pf_output_name *out, struct pf_error *err);
/* The part for pf_outputs_name: the table's name when the outputs of the input go into a folder, which those of a
 * format with PF_HOLDS_TABLES do unless a file is named for the only one; else NULL. */
const char *pf_outputs_part(const struct pf_outputs *outputs, const struct pf_reader *reader, size_t tables,
                            const char *name);
/* ARGUMENT when that many tables of one input would go into one file. */
pf_status pf_outputs_tables(const struct pf_outputs *outputs, const struct pf_reader *reader, size_t tables,
                            struct pf_error *err);
/* ARGUMENT when that many files of one input would go into one file. */
pf_status pf_outputs_room(const struct pf_outputs *outputs, size_t files, struct pf_error *err);
/* The one path of --combine. Gives. */
pf_status pf_outputs_combined(struct pf_outputs *outputs, char **path, struct pf_error *err);
/* May path be written as a file of writer's format? EXISTS, DENIED (an input, a foreign file). *flags gets
 * PF_SINK_REPLACE when there is a file that may be replaced, and with --force also for one that comes meanwhile. */
pf_status pf_outputs_check(const struct pf_outputs *outputs, const struct pf_writer *writer, const char *path,
                           uint32_t *flags, struct pf_error *err);
/* Makes the folder of path, and those above it, if it is on the local disk and not there. *made: how many were made
 * here (remove them when nothing came into them); none after a failure. */
pf_status pf_outputs_make_folder(const struct pf_outputs *outputs, const char *path, int *made,
                                 struct pf_error *err);
/* Removes the last `made` folders of path's folder, as far as they are empty; with 0 path may be NULL. */
void pf_outputs_unmake_folder(const char *path, int made);
#endif
