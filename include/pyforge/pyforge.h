/* pyforge.h — the embedding API: forge, job, result, inspect.                   SPDX-License-Identifier: MIT
 *
 * A forge holds what can be done (formats, extensions). A job is one conversion: set options by key, run it,
 * read its result. Handles are used by one thread at a time, except pf_job_cancel (any thread, and signal
 * handlers). All text is UTF-8. The library prints nothing. See docs/cli.md for the option keys. */
#ifndef PYFORGE_PYFORGE_H
#define PYFORGE_PYFORGE_H

#include <stddef.h>
#include <stdint.h>

#include "pyforge/arrow_abi.h"
#include "pyforge/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define PF_API __attribute__((visibility("default")))
#else
#define PF_API
#endif

typedef struct pf_forge pf_forge;
typedef struct pf_job pf_job;
typedef struct pf_result pf_result;
struct pf_option;
struct pf_extension;
struct pf_source;
struct pf_command;
struct pf_console;

/* "0.1.0". Static. */
PF_API const char *pf_version(void);
/* The name of a status code, "BAD_DATA"; "UNKNOWN" for a number that is none. Static. */
PF_API const char *pf_status_name(pf_status code);
/* Its meaning as a sentence. Static. */
PF_API const char *pf_status_text(pf_status code);

/* ---- forge ---- */

/* Gives *out. */
PF_API pf_status pf_forge_open(pf_forge **out, struct pf_error *err);
/* Ends *forge and nulls it. All jobs and results of it must be closed. */
PF_API void pf_forge_close(pf_forge **forge);
/* Adds a descriptor made in this process; lent until pf_forge_close. */
PF_API pf_status pf_forge_add(pf_forge *forge, const struct pf_extension *extension, struct pf_error *err);
/* level as PF_LOG_*; text is lent for the call, without line end. May be called from any thread. */
PF_API void pf_forge_on_log(pf_forge *forge, void (*log)(void *ctx, int32_t level, const char *text),
                            void *ctx);

/* Facts that extensions ask for and only the embedder can know, by key; each extension's page lists its keys (docs/databricks.md).
 * answer gives a text that stays as it is until pf_forge_close, or NULL: unknown; it may be called from any thread, by several at
 * once. NULL: nobody answers. Before anything else is done with the forge. */
PF_API void pf_forge_answer(pf_forge *forge, const char *(*answer)(void *ctx, const char *key), void *ctx);

struct pf_format {
    uint32_t struct_size;
    int32_t reads;
    int32_t writes;
    uint32_t reserved;
    const char *name;
    const char *summary;
    const char *const *suffixes;
    const char *extension; /* who brings it; "pyforge" for built-in ones */
};
/* The index-th format; NOT_FOUND past the last. */
PF_API pf_status pf_forge_format(pf_forge *forge, size_t index, struct pf_format *out);
/* The index-th option. scope: NULL for those of every job, else a format's name with "<" or ">" before it
 * ("<csv" reading, ">parquet" writing). NULL past the last. */
PF_API const struct pf_option *pf_forge_option(pf_forge *forge, const char *scope, size_t index);

/* ---- extensions ---- */

/* States of an extension. */
#define PF_EXTENSION_DISCOVERED  0 /* known, and opened when it is needed */
#define PF_EXTENSION_LOADED      1
#define PF_EXTENSION_INITIALIZED 2
#define PF_EXTENSION_FAILED      3
#define PF_EXTENSION_DISABLED    4
#define PF_EXTENSION_STATES      5
/* Who disabled it. */
#define PF_DISABLED_BY_USER        1
#define PF_DISABLED_BY_ENVIRONMENT 2 /* it said so before, and nothing that it watches has changed */
#define PF_DISABLED_BY_ITSELF      3

struct pf_allow {
    uint32_t struct_size;
    int32_t limit_ms; /* for init, a hook, the first load; 0: PYFORGE_EXTENSION_TIMEOUT in seconds, else 5000 */
    const char
        *path; /* whole paths of folders that are there, to look in first, ':' between them; may be NULL */
    /* A pyforge program: its neighbourhood is searched too, and new libraries are first loaded in a child process of it.
     * NULL: they are first loaded in this process, and a crash ends it. */
    const char *program;
    /* The words that start it where program is no program by itself, NULL-ended: {"/usr/bin/python3", "-m", "pyforge_cli"}.
     * NULL: program alone. Copies. */
    const char *const *starter;
    const char *packages; /* folders of Python packages, ':' between; NULL: where VIRTUAL_ENV points */
    /* Opens an extension that is no library: an entry point "module:Class" of a Python package. Called on a thread of its
     * own with open_limit_ms (0: as for libraries), which limit_ms and the variable go before. Gives *out, which stays for
     * ever; a call that took too long may still run after pf_forge_close. NULL: such extensions are shown as unavailable. */
    pf_status (*open)(void *ctx, const char *name, const char *entry, const struct pf_extension **out,
                      struct pf_error *err);
    void *ctx;
    int32_t open_limit_ms;
    uint32_t reserved;
    /* Called by pf_forge_allow, on its thread, when there is something that open may be called for. May be NULL. */
    void (*expect)(void *ctx);
};
/* Foreign code may be loaded: finds extension libraries in the order of docs/extensions.md. Without this call there are none
 * but those of pf_forge_add. PYFORGE_NO_EXTENSIONS finds none. One broken library is no failure of the call. */
PF_API pf_status pf_forge_allow(pf_forge *forge, const struct pf_allow *allow, struct pf_error *err);

struct pf_extension_facts {
    uint32_t struct_size;
    int32_t state;       /* PF_EXTENSION_* */
    int32_t disabled_by; /* PF_DISABLED_*, 0: it is not */
    int32_t shadowed;    /* 1: one of the same name was found before it */
    const char *state_name;
    const char *name;
    const char *version; /* NULL: unknown, as are the others */
    const char *summary;
    const char *path;  /* "module:Class" of a Python extension; NULL: made in this process */
    const char *stage; /* where it failed: trust, open, entry, check, init */
    const char *text;  /* why, or what is missing */
    int64_t load_us;   /* opening and init in this process; 0: not opened */
};
/* The index-th extension, pyforge's own aside; NOT_FOUND past the last. Texts are lent until the next call that changes
 * extensions. */
PF_API pf_status pf_forge_extension(pf_forge *forge, size_t index, struct pf_extension_facts *out);
/* Opens it now (NULL: all that can be); else each is opened when a job needs it. */
PF_API void pf_forge_wake(pf_forge *forge, const char *name);
/* Enables or disables for this and later processes of this user. No job may be running. */
PF_API pf_status pf_forge_enable(pf_forge *forge, const char *name, int32_t enabled, struct pf_error *err);
/* Forgets what is known of it (NULL: of all) and tries it again. */
PF_API pf_status pf_forge_rescan(pf_forge *forge, const char *name, struct pf_error *err);
/* For programs, not for libraries: when code of an extension that is opened from now on crashes, that is said on standard error and noted for
 * pf_forge_crash of a later process, and the process ends as it would have. Takes the fatal signals as far as nobody handles them, until the
 * forge is closed. */
PF_API void pf_forge_note_crashes(pf_forge *forge);
/* How the extension's library, as it is now, ended a process last, in words; free with pf_text_free. NULL: nothing is known. */
PF_API char *pf_forge_crash(pf_forge *forge, const char *name);
/* The index-th command of an extension; NULL past the last. */
PF_API const struct pf_command *pf_forge_command(pf_forge *forge, const char *extension, size_t index);
/* Runs it; *code is what it answered. cancel, set from any thread or signal handler, is what its host's cancelled says. */
PF_API pf_status pf_forge_run_command(pf_forge *forge, const char *extension, const char *command,
                                      struct pf_console *console, int32_t argc, char **argv,
                                      const volatile int32_t *cancel, int32_t *code, struct pf_error *err);
/* The child's side of pf_allow.program: tries libraries and tells the parent. For programs that answer to
 * "extensions probe PATH…". */
PF_API void pf_probe_libraries(const char *const *paths, size_t count);

/* ---- an author's tests: what pyforge/extension.h promises, tried on a library ---- */

#define PF_PROMISE_KEPT    0
#define PF_PROMISE_BROKEN  1
#define PF_PROMISE_UNTRIED 2 /* detail says what is needed to try it */

/* Texts are lent for the call. */
struct pf_promise {
    uint32_t struct_size;
    int32_t verdict;
    const char *feature; /* "reader acme, in.acme" */
    const char *promise; /* what holds; NULL: all that is left of the feature is untried */
    const char *detail;  /* what was found instead */
};
struct pf_trial {
    uint32_t struct_size;
    int32_t silence_ms;         /* how long one call may take; 0: 5000 */
    const char *program;        /* a pyforge program: the library is tried in child processes of it */
    const char *const *starter; /* the words that start it, as in pf_allow; NULL: program alone */
    const char *library;        /* path of a shared library */
    /* Files, for its readers and engines, and folders of its stores (they begin with a prefix), where files are written. */
    const char *const *samples;
    size_t sample_count;
    void (*found)(void *ctx, const struct pf_promise *promise);
    void *ctx;
};
/* Tries everything and tells each promise. A crash or a hang is a broken promise and ends what is tried of that feature. OK
 * also when promises are broken. */
PF_API pf_status pf_trial_run(const struct pf_trial *trial, struct pf_error *err);
/* The child's side, for programs that answer to "extensions trial WORD…"; returns the exit code. */
PF_API int32_t pf_trial_child(const char *const *words, size_t count);

/* ---- job ---- */

PF_API pf_status pf_job_open(pf_forge *forge, pf_job **out, struct pf_error *err);
PF_API void pf_job_close(pf_job **job);
/* Keys: "input" (repeat for more; "-" is standard input), "output", and every option key. Copies value.
 * ARGUMENT with the nearest right name for an unknown key or a value out of its choices. */
PF_API pf_status pf_job_set(pf_job *job, const char *key, const char *value, struct pf_error *err);
/* The value in force, its default included; NULL when it has none. Lent until the next call on the job. */
PF_API const char *pf_job_get(pf_job *job, const char *key);
/* Takes a stream as the input instead of a file. */
PF_API pf_status pf_job_take_stream(pf_job *job, struct ArrowArrayStream *stream, struct pf_error *err);

/* Takes bytes that can be read at any offset (random is not 0) as an input of this name; of "orders.csv" the stem names
 * the table and the output, and the suffix helps to tell the format. Copies name. The source is closed with the job, or
 * with the last stream that it gave, on any thread. */
PF_API pf_status pf_job_take_source(pf_job *job, const char *name, struct pf_source *source,
                                    struct pf_error *err);

struct pf_progress {
    uint32_t struct_size;
    int32_t lap;     /* 1, or 2 after a restart */
    double fraction; /* 0 … 1, never falls; −1 when the size is unknown */
    int64_t bytes_done;
    int64_t bytes_total; /* −1 unknown */
    int64_t rows;
    double seconds;
    double seconds_left; /* −1 unknown */
    const char *stage;   /* "survey", "convert", "finish" */
    const char *input;
};
/* Called on the thread of pf_job_run (of pf_inspect, of pf_job_read and of who reads its stream), at most ten times a
 * second and at the end of a run. A return other than 0 cancels. NULL: no more; not while the job runs. */
PF_API void pf_job_on_progress(pf_job *job, int32_t (*progress)(void *ctx, const struct pf_progress *),
                               void *ctx);
/* Any thread, any time, async-signal-safe. */
PF_API void pf_job_cancel(pf_job *job);
/* Runs to the end. Gives *out, also on failure where there is anything to tell (else NULL). The status is that
 * of the first input that failed; each input's own is in the result. */
PF_API pf_status pf_job_run(pf_job *job, pf_result **out, struct pf_error *err);
/* The plan as text lines "key<TAB>value<TAB>who set it"; nothing is written. Free with pf_text_free. */
PF_API pf_status pf_job_explain(pf_job *job, char **out, struct pf_error *err);
/* One table as an Arrow stream (types=exact by default). table NULL: the first or only one. Gives *out, which
 * may outlive the job. */
PF_API pf_status pf_job_read(pf_job *job, const char *table, struct ArrowArrayStream *out,
                             struct pf_error *err);

/* The same, read whole into memory before this returns (memory-limit does not bind it): most inputs are then read
 * once and not twice, because the sample's types can be tried first. */
PF_API pf_status pf_job_collect(pf_job *job, const char *table, struct ArrowArrayStream *out,
                                struct pf_error *err);

/* A column's type in words, as "info" names it ("int64", "decimal(10,2)"), cut to fit room bytes; UNSUPPORTED for a type
 * that pyforge does not know. */
PF_API pf_status pf_type_text(const struct ArrowSchema *column, char *out, size_t room, struct pf_error *err);

/* Every cell of a workbook that has a value, as it is stored: the text columns sheet, cell ("B3"), type (n number,
 * s text, b boolean, d date, t time, e error) and value. Gives *out, as above. */
PF_API pf_status pf_job_cells(pf_job *job, struct ArrowArrayStream *out, struct pf_error *err);

/* ---- inspect: facts of one input without converting; what: "info", "sniff", "validate", "schema", "head"; or of any
 * number "inputs": the names of the files that patterns and folders stand for. Gives a JSON text; free with
 * pf_text_free. ---- */
PF_API pf_status pf_inspect(pf_job *job, const char *what, char **json, struct pf_error *err);
/* The view "head" of one table: its first rows ("limit", else 10) as texts. table NULL: the first or only one. */
PF_API pf_status pf_job_head(pf_job *job, const char *table, char **json, struct pf_error *err);
PF_API void pf_text_free(char *text);

/* ---- result ---- */

PF_API void pf_result_close(pf_result **result);
/* The whole result as one JSON object; lent until close. Its members are named in docs/errors.md. */
PF_API const char *pf_result_json(pf_result *result);
/* One number by key: "files", "failed", "rows-in", "rows-out", "rejected", "skipped", "notices", "bytes-in",
 * "bytes-out", "seconds-us". −1: no such key. */
PF_API int64_t pf_result_number(const pf_result *result, const char *key);

#ifdef __cplusplus
}
#endif
#endif
