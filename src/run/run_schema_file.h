/* run_schema_file.h — a schema as a file: columns, types, and the facts that reproduce the run.
 * SPDX-License-Identifier: MIT
 *
 * {"pyforge": "schema", "version": 1, "format": "csv", "table": "orders", "columns": [{"name", "type",
 * "nullable", "format", "source", "index"}], "options": {"delimiter": ";", …}} */
#ifndef PF_RUN_SCHEMA_FILE_H
#define PF_RUN_SCHEMA_FILE_H
#include "base/json.h"
#include "run/run_job.h"
#include "run/run_survey.h"

struct pf_schema_column {
    char *name;
    char *type;    /* as pf_type_parse takes it */
    char *format;  /* PF_META_FORMAT; NULL: none */
    char *source;  /* the name in the input */
    int64_t index; /* of the source column; −1 unknown */
    bool nullable;
};
struct pf_schema_file {
    struct pf_schema_column *columns;
    size_t count;
};
/* Reads path; sets the options in it that the job does not have yet (who: schema). */
pf_status pf_schema_file_read(struct pf_schema_file *file, pf_job *job, const char *path, struct pf_error *err);
void pf_schema_file_clear(struct pf_schema_file *file);
/* The text of such a file for a planned table: schema as the reader is asked for it, source column of each, the
 * facts of the verdict as options of the reader. Gives. */
pf_status pf_schema_file_print(const struct ArrowSchema *schema, const int32_t *columns, const char *table,
                               const struct pf_reader *reader, const struct pf_verdict *verdict,
                               const pf_job *job, char **out, struct pf_error *err);
#endif
