/* extension.h — everything an extension needs: the tables it fills and the host table it gets.
 * SPDX-License-Identifier: MIT
 *
 * An extension is a shared library that exports one symbol, pyforge_extension_v1, a function that returns a
 * const struct pf_extension. It links nothing of pyforge. The formats inside pyforge use these same tables.
 *
 * Rules of every struct here: struct_size comes first and is set by whoever fills the struct; new fields come
 * only at the end; zero means "as before". Lists are NULL-ended arrays of pointers. Ownership words: gives,
 * takes (on success), lends (until the named event), copies. Strings in tables live as long as the table.
 * Unless said otherwise a call is made by one thread at a time per object. */
#ifndef PYFORGE_EXTENSION_H
#define PYFORGE_EXTENSION_H

#include <stddef.h>
#include <stdint.h>

#include "pyforge/arrow_abi.h"
#include "pyforge/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PF_ABI_MAJOR 1
#define PF_ABI_MINOR 0
/* Is the field inside what the other side knows? */
#define PF_HAS(type, object, field) ((object)->struct_size >= offsetof(type, field) + sizeof((object)->field))

/* ---- bytes -------------------------------------------------------------------------------------------- */

/* A place to read from. read_at may be called from any thread at the same time when random is not zero;
 * a forward-only source (random == 0) demands rising offsets from one thread. */
struct pf_source {
    uint32_t struct_size;
    int32_t random;     /* 1: any offset at any time; 0: forward only */
    int64_t size_bytes; /* −1 when unknown */
    void *self;
    /* Fills up to want bytes at offset; *got < want only at the end. */
    pf_status (*read_at)(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                         struct pf_error *err);
    void (*close)(struct pf_source *source); /* frees everything but the struct itself */
};

/* A place to write to; bytes are only ever appended. Exactly one of commit and abort ends it: a commit that fails
 * has ended it too, and leaves what an abort leaves. */
struct pf_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *self;
    pf_status (*write)(struct pf_sink *sink, const void *from, size_t count, struct pf_error *err);
    pf_status (*commit)(struct pf_sink *sink, struct pf_error *err); /* makes it visible under its name */
    void (*abort)(struct pf_sink *sink);                             /* leaves nothing behind */
};

/* ---- options ------------------------------------------------------------------------------------------ */

#define PF_OPTION_FLAG    1 /* present or not */
#define PF_OPTION_TEXT    2
#define PF_OPTION_INTEGER 3
#define PF_OPTION_SIZE    4 /* bytes; K M G suffixes are understood */
#define PF_OPTION_CHOICE  5 /* one of choices */
#define PF_OPTION_LIST    6 /* may be given several times; values are joined by U+001F */

struct pf_option {
    uint32_t struct_size;
    int32_t kind;
    const char *key;        /* "row-group-rows": the long option, the Python keyword with _ */
    const char *value_name; /* "N" in the help; NULL for flags */
    const char *choices;    /* "a|b|c"; NULL when free */
    const char *fallback;   /* default as text; NULL when absent means "not given" */
    const char *group;      /* heading in the help: "Reading", "Types", … */
    const char *help;       /* one sentence */
    const char *compat;     /* default under PYFORGE_COMPAT=1; NULL: the same */
    int32_t short_name;     /* 'f' or 0 */
    int32_t reserved;
};

/* ---- the host ------------------------------------------------------------------------------------------ */

typedef struct pf_job pf_job;
typedef struct pf_result pf_result;

#define PF_LOG_ERROR   1
#define PF_LOG_WARNING 2
#define PF_LOG_INFO    3
#define PF_LOG_DEBUG   4

/* A fact about the data: counted by kind, the first few kept. column and detail may be NULL. */
struct pf_notice {
    uint32_t struct_size;
    uint32_t reserved;
    const char *kind; /* "widened", "short-row", … : lower case, hyphens */
    const char *column;
    const char *detail; /* a sentence */
    int64_t row;        /* 1-based, −1 unknown */
    int64_t byte;       /* −1 unknown */
    int64_t count;      /* how many such facts this call stands for, at least 1 */
};

/* A record that was not taken. raw is lent for the call. */
struct pf_reject {
    uint32_t struct_size;
    int32_t column_index; /* −1: the whole row */
    int64_t row;          /* 1-based record number among the data records of the table */
    int64_t line;         /* 1-based physical line */
    int64_t byte;         /* offset of the record in the input */
    const char *table;
    const char *column;
    const char *expected; /* a type or a rule */
    const char *reason;
    const void *raw;
    size_t raw_size;
};

/* One input that an engine converted; texts are copied, NULL where there is nothing to tell. */
struct pf_converted {
    uint32_t struct_size;
    uint32_t reserved;
    const char *input;
    const char *output;
    const char *table;
    int64_t rows_in, rows_out, rejected; /* rows in = rows out + rejected */
    int64_t bytes_in, bytes_out;         /* −1 unknown */
    double seconds;
};

/* Services for extensions. data is the host's; every function may be called from any thread except where
 * "caller's thread" stands. */
struct pf_host {
    uint32_t struct_size;
    uint32_t abi_minor;
    void *data;
    void *(*mem_alloc)(struct pf_host *host, size_t size);
    void (*mem_free)(struct pf_host *host, void *memory);
    void (*log)(struct pf_host *host, int32_t level, const char *text);
    int32_t (*cancelled)(struct pf_host *host);
    void (*notice)(struct pf_host *host, const struct pf_notice *notice); /* caller's thread */
    pf_status (*reject)(struct pf_host *host, const struct pf_reject *reject,
                        struct pf_error *err); /* caller's thread */
    void (*count)(struct pf_host *host, const char *key,
                  int64_t add); /* "rows-in", "skipped-blank", … ; caller's thread */
    /* NULL: not given and no default. "input": all of them, U+001F between. Lent for the call that brought the host. */
    const char *(*job_get)(struct pf_host *host, const char *key);
    /* In a parameter hook. What the user has set stays, which is no failure. A value that turns out bad later is taken back. */
    pf_status (*job_set)(struct pf_host *host, const char *key, const char *value, struct pf_error *err);
    /* The numbers of pf_result_number; in a post hook also "json": the whole result, "status": "OK" or the name of the job's
     * failure, and "message": its text. */
    const char *(*result_get)(struct pf_host *host, const char *key);
    pf_status (*open_sibling)(struct pf_host *host, const char *suffix, struct pf_source *out,
                              struct pf_error *err);
    /* What only the embedder can know, by pf_forge_answer; NULL: nobody knows. Lent until the forge ends. */
    const char *(*ask)(struct pf_host *host, const char *key);
    /* Runs call(arg, 0 … count−1) on the job's threads; returns when all are done. */
    pf_status (*run_tasks)(struct pf_host *host, void (*call)(void *arg, int64_t index), void *arg,
                           int64_t count);
    struct pf_pool *pool; /* the job's threads, for pyforge's own formats; NULL to extensions */
    int64_t memory_limit; /* bytes this job may plan with */
    /* For an engine's run, caller's thread: adds one input to the result that it was given. */
    pf_status (*result_put)(struct pf_host *host, pf_result *result, const struct pf_converted *done,
                            struct pf_error *err);
};

/* ---- readers ------------------------------------------------------------------------------------------- */

#define PF_PROBE_NO      0
#define PF_PROBE_SUFFIX  20
#define PF_PROBE_LIKELY  50
#define PF_PROBE_MAGIC   80
#define PF_PROBE_CERTAIN 100

#define PF_RANK_NONE      0
#define PF_RANK_MARGINAL  64
#define PF_RANK_SECONDARY 128
#define PF_RANK_PRIMARY   256

struct pf_probe {
    uint32_t struct_size;
    uint32_t reserved;
    const uint8_t *head; /* up to 64 KiB, lent for the call */
    size_t head_size;
    const uint8_t *tail;
    size_t tail_size;
    int64_t size_bytes; /* −1 unknown */
    const char *suffix; /* lower case with its dot; "" when none */
    struct pf_source *source;
};

struct pf_open {
    uint32_t struct_size;
    uint32_t reserved;
    struct pf_source *source; /* lent until close */
    struct pf_host *host;     /* lent until close */
    const char *location;     /* for messages */
    const char *stem;         /* file name without suffixes: the default table name */
};

/* What a survey found out of one table. Given by the reader, lent until the reader's close or next survey. */
struct pf_table {
    uint32_t struct_size;
    int32_t exact; /* 1: the schema was proved on all rows */
    const char *name;
    struct ArrowSchema
        schema;            /* a struct type; column facts in the metadata (columns_schema.h names the keys) */
    int64_t rows;          /* −1: not counted */
    int64_t rows_estimate; /* −1: no idea */
};

#define PF_SURVEY_SAMPLE 0 /* bounded: head, strides, tail */
#define PF_SURVEY_EXACT  1 /* every value */
#define PF_SURVEY_CELLS                                                                                        \
    2 /* of readers with PF_OFFERS_CELLS: one table of all cells: sheet, cell, type, value */

struct pf_survey {
    uint32_t struct_size;
    int32_t mode;
    int64_t table_count;            /* out */
    const struct pf_table **tables; /* out, lent until close or next survey */
    /* Called by survey for each fact (dialect, encoding, confidence …). May be NULL. */
    void (*fact)(void *ctx, const char *key, const char *value);
    void *ctx;
    /* EXACT, after a survey: only this table need be proved, the others may stay as they were; all keep their places.
     * NULL: all. Lent for the call. */
    const int32_t *table;
};

struct pf_read {
    uint32_t struct_size;
    int32_t table; /* index in the last survey */
    const struct ArrowSchema
        *schema;            /* one child per source column wanted, in the order wanted; lent until release */
    const int32_t *columns; /* the source column of each child; NULL: 0 … n−1. Lent until release */
    int64_t skip_rows;      /* data rows to leave out first */
    int64_t limit_rows;     /* −1: all */
    const uint8_t *imposed; /* per child: 1: the type was asked for, misfits follow on-bad-cell; 0: the survey's
                               verdict, a misfit ends the stream with WIDEN. NULL: all 0. Lent until release */
    struct pf_error *err;   /* filled when the stream fails; valid until release */
};

typedef struct pf_reader_state pf_reader_state;

struct pf_reader {
    uint32_t struct_size;
    int32_t rank;
    const char *name; /* "csv" */
    const char *summary;
    const char *const *suffixes; /* ".csv", …; NULL-ended */
    const char *const *magics;   /* "offset:hex", NULL-ended; may be NULL */
    const struct pf_option *const *options;
    uint32_t needs; /* PF_NEEDS_* */
    uint32_t reserved;
    int32_t (*probe)(const struct pf_probe *request); /* a PF_PROBE_* value */
    pf_status (*open)(const struct pf_open *request, pf_reader_state **out, struct pf_error *err);
    pf_status (*survey)(pf_reader_state *state, struct pf_survey *request, struct pf_error *err);
    pf_status (*read)(pf_reader_state *state, const struct pf_read *request, struct ArrowArrayStream *out,
                      struct pf_error *err);
    pf_status (*read_many)(pf_reader_state *state, const struct pf_read *request, void *reserved,
                           struct pf_error *err); /* may be NULL */
    void (*close)(pf_reader_state *state);
};
#define PF_NEEDS_RANDOM_ACCESS 1u
#define PF_NEEDS_DIRECTORY     2u
#define PF_NEEDS_INNER_WRITER  4u
#define PF_HOLDS_TABLES        16u /* a reader's: inputs may hold several tables, and a folder of outputs is usual */
#define PF_OFFERS_CELLS        8u /* a reader's: survey takes PF_SURVEY_CELLS */

/* ---- writers ------------------------------------------------------------------------------------------- */

/* The facts about one written column, in the spelling of the source value (ISO dates, plain numbers). */
struct pf_written {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t rows;
    int64_t bytes;
};

struct pf_begin {
    uint32_t struct_size;
    uint32_t reserved;
    struct pf_host *host;             /* lent until close */
    const struct ArrowSchema *schema; /* lent for the call */
    const char *location;             /* for messages and metadata */
    const struct pf_writer *inner;    /* for writers with PF_NEEDS_INNER_WRITER */
    /* Opens the (or, for directories, a named) output. name NULL: the one output. Gives the sink. */
    pf_status (*open_sink)(void *ctx, const char *name, struct pf_sink *out, struct pf_error *err);
    void *ctx;
};

typedef struct pf_writer_state pf_writer_state;

/* begin → write* → finish, then close; or abort, then close, at any point after begin. */
struct pf_writer {
    uint32_t struct_size;
    int32_t rank;
    const char *name; /* "parquet" */
    const char *summary;
    const char *const *suffixes;
    const struct pf_option *const *options;
    uint32_t needs;
    uint32_t reserved;
    pf_status (*begin)(const struct pf_begin *request, pf_writer_state **out, struct pf_error *err);
    pf_status (*write)(pf_writer_state *state, struct ArrowArray *batch,
                       struct pf_error *err); /* takes batch */
    int64_t (*bytes_so_far)(pf_writer_state *state);
    pf_status (*finish)(pf_writer_state *state, struct pf_written *out,
                        struct pf_error *err); /* commits the sink */
    void (*abort)(pf_writer_state *state);
    void (*close)(pf_writer_state *state);
};

/* ---- stores -------------------------------------------------------------------------------------------- */

#define PF_STORE_RENAME      1u
#define PF_STORE_EXCLUSIVE   2u
#define PF_STORE_RANDOM_READ 4u

struct pf_entry {
    uint32_t struct_size;
    int32_t directory; /* 1 when it is one */
    const char *name;  /* lent for the call */
    int64_t size_bytes;
    int64_t modified_ns;
};

#define PF_SINK_REPLACE 1u /* an existing file may be replaced */
#define PF_SINK_SYNC    2u /* bytes are on the disk when commit returns */

struct pf_store {
    uint32_t struct_size;
    uint32_t traits;
    const char *name;
    const char *const *prefixes; /* "/Volumes/", "dbfs:/" …; the local store has none */
    pf_status (*open_source)(struct pf_host *host, const char *location, struct pf_source *out,
                             struct pf_error *err);
    pf_status (*open_sink)(struct pf_host *host, const char *location, uint32_t flags, struct pf_sink *out,
                           struct pf_error *err);
    /* One small file, whole, or EXISTS. */
    pf_status (*put_new)(struct pf_host *host, const char *location, const void *bytes, size_t size,
                         struct pf_error *err);
    /* each returns non-zero to stop. */
    pf_status (*list)(struct pf_host *host, const char *location,
                      int32_t (*each)(void *ctx, const struct pf_entry *), void *ctx, struct pf_error *err);
    /* Removes a file that this job wrote; NOT_FOUND when it is not there. May be NULL: then it stays. */
    pf_status (*remove)(struct pf_host *host, const char *location, struct pf_error *err);
};

/* ---- engines, commands, hooks --------------------------------------------------------------------------- */

struct pf_engine {
    uint32_t struct_size;
    int32_t rank;
    const char *name;
    const char *summary;
    int32_t (*fit)(struct pf_host *host, pf_job *job);
    pf_status (*run)(struct pf_host *host, pf_job *job, pf_result *result, struct pf_error *err);
};

struct pf_console {
    uint32_t struct_size;
    int32_t width;
    void *ctx;
    void (*print)(struct pf_console *console, const char *text, size_t size);
    void (*complain)(struct pf_console *console, const char *text, size_t size);
};

struct pf_command {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;
    const char *summary;
    const char *usage;
    int32_t (*run)(struct pf_host *host, void *self, struct pf_console *console, int32_t argc, char **argv);
};

struct pf_hooks {
    uint32_t struct_size;
    int32_t rank;
    pf_status (*parameter)(struct pf_host *host, void *self, pf_job *job, struct pf_error *err);
    pf_status (*pre)(struct pf_host *host, void *self, const pf_job *job, struct pf_error *err);
    void (*post)(struct pf_host *host, void *self, const pf_job *job, const pf_result *result);
};

/* ---- the descriptor -------------------------------------------------------------------------------------- */

struct pf_extension {
    uint32_t struct_size;
    uint32_t abi_minor; /* what the extension needs at least */
    const char *name;
    const char *version;
    const char *summary;
    const char *license;
    const char *const *watch_env;
    const struct pf_store *const *stores;
    const struct pf_reader *const *readers;
    const struct pf_writer *const *writers;
    const struct pf_engine *const *engines;
    const struct pf_command *const *commands;
    const struct pf_hooks *hooks;
    pf_status (*init)(struct pf_host *host, void **self, struct pf_error *err);
    pf_status (*facts)(void *self, void (*emit)(void *ctx, const char *key, const char *value), void *ctx,
                       struct pf_error *err);
    void (*shutdown)(void *self);
    /* What init finds in *self, and what self is to commands where init said no: for descriptors made in a process. */
    void *context;
};

#if defined(__GNUC__)
#define PF_EXPORT __attribute__((visibility("default")))
#else
#define PF_EXPORT
#endif

/* The one exported symbol of an extension. */
typedef const struct pf_extension *(*pf_extension_entry)(void);

#ifdef __cplusplus
}
#endif
#endif
