/* contract.h — what a reader and a writer promise, checked from outside.         SPDX-License-Identifier: MIT
 *
 * The promises stand in pyforge/extension.h and docs/add-a-format.md. A table is right when it passes: this runs in
 * the tests over every format of pyforge and will be what an extension's author runs. It needs no test framework. It
 * switches pf_mem_fail_from, so nothing else may allocate meanwhile. */
#ifndef PF_CONTRACT_H
#define PF_CONTRACT_H
#include <stdbool.h>
#include <stddef.h>

#include "pyforge/extension.h"

/* Called for each promise: kept or, with the first place where it was not, broken. */
struct pf_contract {
    void (*report)(void *ctx, const char *promise, bool kept, const char *detail);
    void *ctx;
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
#endif
