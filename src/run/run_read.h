/* run_read.h — one table of a job's input as an Arrow stream.                   SPDX-License-Identifier: MIT */
#ifndef PF_RUN_READ_H
#define PF_RUN_READ_H
#include "pyforge/pyforge.h"
/* Gives *out; it holds the job and everything under it until its release. */
pf_status pf_read_open(pf_job *job, const char *table, struct ArrowArrayStream *out, struct pf_error *err);
/* The same, read to its end: the stream holds the batches and nothing else. */
pf_status pf_read_collect(pf_job *job, const char *table, struct ArrowArrayStream *out, struct pf_error *err);
/* Every cell of a workbook in the same way: sheet, cell, type, value. UNSUPPORTED for formats without cells. */
pf_status pf_read_cells(pf_job *job, struct ArrowArrayStream *out, struct pf_error *err);
/* The type of a column in words; see pf_type_text. */
pf_status pf_read_type(const struct ArrowSchema *column, char *out, size_t room, struct pf_error *err);
#endif
