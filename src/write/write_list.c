/* write_list.c — room write. The one list of built-in writers.                   SPDX-License-Identifier: MIT
 * Knows: which formats this build writes.
 * Knows not: how. One line here adds a format. */
#include "write/write_list.h"

extern const struct pf_writer pf_parquet_writer, pf_csv_writer;

const struct pf_writer *const pf_builtin_writers[] = {
    &pf_parquet_writer,
    &pf_csv_writer,
    NULL,
};
