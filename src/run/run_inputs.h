/* run_inputs.h — what is to be read: paths, patterns, folders and standard input, as a list of files.
 * SPDX-License-Identifier: MIT
 *
 * From folders only files are taken whose suffix (compression and .zip aside) some reader claims; from folders
 * and patterns lock files, hidden files and names that begin with '_' are passed over, and all that is passed
 * over is listed. What is named is taken as it is. The same holds for stores, but a pattern can only be the last part of a path. */
#ifndef PF_RUN_INPUTS_H
#define PF_RUN_INPUTS_H
#include "base/map.h"
#include "run/run_job.h"

struct pf_input {
    char *location;                 /* path, "-", or a store's name of it */
    const struct pf_source *source; /* the job's own bytes, lent; location is then only a name. NULL: none */
    uint64_t device, inode;
    int64_t size_bytes; /* −1 unknown */
    int64_t modified_ns;
    bool local;       /* device and inode are good */
    bool unnamed;     /* found in a folder or by a pattern */
    pf_status status; /* not OK: it cannot even be looked at, see err */
    struct pf_error *err;
};
struct pf_passed_over {
    char *name;
    const char *why; /* static */
};
struct pf_inputs {
    struct pf_input *items;
    size_t count, room;
    struct pf_passed_over *passed;
    size_t passed_count, passed_room;
    int64_t total_bytes; /* −1: some are unknown */
    struct pf_map known; /* device and inode of the local ones */
};
/* All zero before. The files themselves are not opened. An input that is not there becomes an item with its
 * trouble. ARGUMENT when there is no input at all. */
pf_status pf_inputs_expand(const pf_job *job, struct pf_inputs *inputs, struct pf_error *err);
void pf_inputs_clear(struct pf_inputs *inputs);
/* Is that file one of the inputs? */
bool pf_inputs_have(const struct pf_inputs *inputs, uint64_t device, uint64_t inode);
/* Why a name in a folder is not an input ("a lock file"), or NULL. */
const char *pf_input_unwanted(const char *name);
/* Does a reader claim the suffix below those of compression, or is it an archive? */
bool pf_input_has_reader(const pf_job *job, const char *name);
/* The length of name without its suffixes of compression and archives: "a.csv.gz" → 5. */
size_t pf_input_peeled_size(struct pf_text name);
#endif
