/* run_result.h — what was read, written, rejected, noticed; how long.           SPDX-License-Identifier: MIT
 *
 * A result is filled file by file on the job's thread and told as one JSON object; docs/errors.md names its
 * members. */
#ifndef PF_RUN_RESULT_H
#define PF_RUN_RESULT_H
#include "base/json.h"
#include "columns/columns_type.h"
#include "pyforge/pyforge.h"
#include "run/run_counts.h"
#include "run/run_notices.h"

struct pf_result_table {
    char *name;
    char *output; /* NULL: none of its own */
    struct pf_counts counts;
    struct pf_notices notices;
    char *columns; /* JSON array; NULL: unknown */
};

#define PF_FILE_OK      0
#define PF_FILE_FAILED  1
#define PF_FILE_SKIPPED 2 /* not an input: hidden, a lock file, no reader's suffix */
struct pf_result_file {
    char *input;
    char *output;        /* NULL: none */
    char *format;        /* the reader's name; NULL: unknown */
    char *output_format; /* the writer's */
    char *facts;         /* JSON object of what the reader found out; NULL: nothing */
    char *restart;       /* why it was read more than once */
    char *rejects;
    int32_t status; /* PF_FILE_* */
    bool further;   /* an entry for a further table of the file before it, combined into one output */
    int32_t laps;
    struct pf_error error; /* of a failed one */
    char *reason;          /* of a skipped one */
    double seconds, survey_seconds;
    int64_t bytes_in, bytes_out;
    struct pf_result_table *tables;
    size_t table_count, table_room;
};

#define PF_RESULT_MAGIC 0x46505245u
struct pf_result {
    uint32_t magic;
    struct pf_result_file *files;
    size_t file_count, file_room;
    char *options;             /* JSON array of what was set and by whom; NULL: unknown */
    struct pf_notices notices; /* about the run as a whole: renamed outputs, drift, hooks */
    double seconds;
    char *json; /* made on request */
};
pf_status pf_result_make(pf_result **out, struct pf_error *err);
void pf_result_free(pf_result *result);
/* The file is lent until the next file is added. */
pf_status pf_result_add_file(pf_result *result, const char *input, struct pf_result_file **out,
                             struct pf_error *err);
/* Lists something that is no input: "in/.hidden.csv", "hidden". */
pf_status pf_result_add_skipped(pf_result *result, const char *name, const char *why, struct pf_error *err);
/* Moves the files of from behind those of into, and its notices to them. */
pf_status pf_result_adopt(pf_result *into, pf_result *from, struct pf_error *err);
/* The table is lent until the next table of this file is added. */
pf_status pf_result_add_table(struct pf_result_file *file, const char *name, struct pf_result_table **out,
                              struct pf_error *err);
/* Forgets the files behind the first `keep`: a lap over all of them was thrown away. */
void pf_result_drop_files(pf_result *result, size_t keep);
/* Forgets the last table: it failed. */
void pf_result_drop_table(struct pf_result_file *file);
/* Replaces *to by a copy. */
pf_status pf_result_text(char **to, const char *text, struct pf_error *err);
/* Replaces *to by the JSON text of what put writes into an open object ('{') or array ('['). */
pf_status pf_result_part(char **to, char kind, void (*put)(const void *from, struct pf_json_writer *json),
                         const void *from, struct pf_error *err);
/* Sums over all files by the keys of pf_result_number; −1: no such key. */
int64_t pf_result_sum(const pf_result *result, const char *key);
pf_status pf_result_print(const pf_result *result, char **out, struct pf_error *err);
/* JSON array of a struct schema's columns: name, type, nullable, format, source, widened. Gives. */
pf_status pf_result_columns(const struct ArrowSchema *schema, char **out, struct pf_error *err);
void pf_columns_json(const struct ArrowSchema *schema, struct pf_json_writer *json);
#endif
