/* run_job.h — a job: options as checked values with who set each, inputs, output.  SPDX-License-Identifier: MIT
 *
 * A job is set up by one thread, then run once; while it runs nothing in it changes but `cancelled`. */
#ifndef PF_RUN_JOB_H
#define PF_RUN_JOB_H
#include "run/run_forge.h"
#include "run/run_options.h"

/* Who set a value; a weaker one never replaces a stronger one. */
#define PF_BY_DEFAULT 0
#define PF_BY_SCHEMA  1 /* the file of --schema */
#define PF_BY_HOOK    2
#define PF_BY_USER    3

struct pf_job_value {
    char *key;
    char *value;
    int32_t who;
    const char *who_name; /* "user", "schema", the extension of a hook */
};

/* Bytes given in place of a file. */
struct pf_job_source {
    char *name;
    struct pf_source source; /* random */
};

#define PF_JOB_MAGIC   0x46504a42u
#define PF_JOB_SETTING 0
#define PF_JOB_RUNNING 1
#define PF_JOB_DONE    2
struct pf_job {
    uint32_t magic;
    int32_t state;   /* PF_JOB_SETTING … */
    atomic_int refs; /* the handle, each stream given by pf_job_read */
    atomic_bool cancelled;
    pf_forge *forge; /* held */
    struct pf_job_value *values;
    size_t value_count, value_room;
    char **inputs;
    size_t input_count, input_room;
    struct pf_job_source *sources;
    size_t source_count;
    char *input_list; /* all of them, U+001F between; what extensions are told. NULL before it runs */
    struct ArrowArrayStream stream; /* the input when release is not NULL */
    int32_t (*progress)(void *ctx, const struct pf_progress *);
    void *progress_ctx;
};
pf_status pf_job_make(pf_forge *forge, pf_job **out, struct pf_error *err);
void pf_job_hold(pf_job *job);
void pf_job_drop(pf_job *job);
/* Puts a value if nobody stronger has set the key; "input" appends. value NULL takes the value away. */
pf_status pf_job_put(pf_job *job, const char *key, const char *value, int32_t who, const char *who_name,
                     struct pf_error *err);
/* Takes the source as an input behind the others. */
pf_status pf_job_add_source(pf_job *job, const char *name, struct pf_source *source, struct pf_error *err);
/* Makes input_list. */
pf_status pf_job_join_inputs(pf_job *job, struct pf_error *err);
/* The value that somebody set, or NULL. */
const struct pf_job_value *pf_job_value_of(const pf_job *job, const char *key);
/* The value in force: set, or the default of the global table, of reader's, of writer's (either may be NULL),
 * of any format. A flag that is off is NULL. */
const char *pf_job_value(const pf_job *job, const char *key, const struct pf_reader *reader,
                         const struct pf_writer *writer);
bool pf_job_flag(const pf_job *job, const char *key);
int64_t pf_job_number(const pf_job *job, const char *key, int64_t otherwise);
bool pf_job_is_cancelled(const pf_job *job);
#endif
