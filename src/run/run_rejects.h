/* run_rejects.h — rejected records: kept while a lap runs, written when it is good.
 * SPDX-License-Identifier: MIT
 *
 * A lap may be thrown away, so its rejects wait in memory and then in a temporary file until the output is
 * ready to be committed. */
#ifndef PF_RUN_REJECTS_H
#define PF_RUN_REJECTS_H
#include "base/buf.h"
#include "base/file.h"
#include "columns/columns_batch.h"
#include "pyforge/extension.h"

/* All zero but folder and limit is good and empty. */
struct pf_rejects {
    const char *temp_folder; /* lent */
    int64_t temp_limit;
    struct pf_buf pending;
    pf_file spool;
    bool spooling; /* spool is open */
    int64_t spooled;
    int64_t count;
};
/* file: the input's name. */
pf_status pf_rejects_put(struct pf_rejects *rejects, const char *file, const struct pf_reject *reject,
                         struct pf_error *err);
void pf_rejects_clear(struct pf_rejects *rejects); /* forgets all; good for the next lap */

/* A file of rejects being written: columns file, table, row, line, byte, column, expected, reason, raw,
 * encoding ("utf-8" or "base64"). All zero before begin. */
struct pf_reject_file {
    const struct pf_writer *writer;
    pf_writer_state *state;
    struct pf_batch batch;
};
pf_status pf_reject_file_begin(struct pf_reject_file *file, const struct pf_writer *writer,
                               const struct pf_begin *request, struct pf_error *err); /* schema is set here */
pf_status pf_reject_file_append(struct pf_reject_file *file, const struct pf_rejects *rejects,
                                struct pf_error *err);
pf_status pf_reject_file_finish(struct pf_reject_file *file, struct pf_error *err); /* commits the sink */
void pf_reject_file_clear(struct pf_reject_file *file); /* aborts when not finished; zero is fine */
#endif
