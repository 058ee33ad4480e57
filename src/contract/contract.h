/* contract.h — what the tables of an extension promise, checked from outside.    SPDX-License-Identifier: MIT
 *
 * The promises stand in pyforge/extension.h, docs/add-a-format.md and docs/extensions.md. A table is right when it passes:
 * this runs in the tests over every format of pyforge, and an extension's author runs it with `pyforge extensions check`. It
 * needs no test framework. It switches pf_mem_fail_from, so nothing else may allocate meanwhile. */
#ifndef PF_CONTRACT_H
#define PF_CONTRACT_H
#include <stdbool.h>
#include <stddef.h>

#include "pyforge/extension.h"

/* Called for each promise: kept or, with the first place where it was not, broken. */
struct pf_contract {
    void (*report)(void *ctx, const char *promise, bool kept, const char *detail);
    void *ctx;
    /* The others may be NULL. */
    void (*begin)(void *ctx,
                  const char *promise); /* it is tried from now on: what ends the process now breaks it */
    void (*alive)(void *ctx);           /* often, while one is tried */
    void (*feature)(void *ctx, const char *name); /* pf_contract_extension: what follows is of this one */
    void (*untried)(void *ctx, const char *why);  /* the rest of the feature is left out */
};

/* An input that the reader reads to its end without an error. Several tables of several batches show most. */
struct pf_contract_input {
    const char *name; /* "orders.csv": location, stem and suffix */
    const void *bytes;
    size_t size;
};
/* Gives the number of broken promises. */
int64_t pf_contract_reader(const struct pf_reader *reader, const struct pf_contract_input *input,
                           const struct pf_contract *contract);

/* Rows for a writer: gives a new stream of the same batches each time. Two batches or more show most. */
struct pf_contract_rows {
    pf_status (*open)(void *ctx, struct ArrowArrayStream *out);
    void *ctx;
};
int64_t pf_contract_writer(const struct pf_writer *writer, const struct pf_contract_rows *rows,
                           const struct pf_contract *contract);
/* Some of every layout that writers meet: numbers, texts, truth; nulls; two batches. */
extern const struct pf_contract_rows pf_contract_some_rows;

/* location: a folder of the store; what is written there stays there. */
int64_t pf_contract_store(const struct pf_store *store, const char *location,
                          const struct pf_contract *contract);
/* input: a file that the engine takes; scratch: a folder for its output. */
int64_t pf_contract_engine(const struct pf_engine *engine, const char *input, const char *scratch,
                           const struct pf_contract *contract);
/* Runs it without words, cancelled from the start. self: what init gave. */
int64_t pf_contract_command(const struct pf_command *command, void *self, const struct pf_contract *contract);
int64_t pf_contract_hooks(const struct pf_hooks *hooks, void *self, const struct pf_contract *contract);

/* A whole extension, and what its features may be tried with. */
struct pf_contract_subject {
    const struct pf_extension *extension;
    const struct pf_contract_input *inputs; /* files: for readers and engines */
    size_t input_count;
    const char *const *locations; /* for stores: begin with a prefix of one; NULL-ended */
    const char *scratch;          /* a folder for outputs */
};
/* The extension itself, then each feature in the order of the descriptor, from the from-th on. */
int64_t pf_contract_extension(const struct pf_contract_subject *subject, size_t from,
                              const struct pf_contract *contract);
#endif
