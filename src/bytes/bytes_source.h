/* bytes_source.h — sources from memory and over other sources.                  SPDX-License-Identifier: MIT */
#ifndef PF_BYTES_SOURCE_H
#define PF_BYTES_SOURCE_H
#include "pyforge/extension.h"

/* Lends bytes: they must outlive the source. */
void pf_source_memory(const void *bytes, size_t size, struct pf_source *out);
/* Reads all of a source into memory, at most ceiling bytes (LIMIT beyond). Gives *out (pf_mem_free). */
pf_status pf_source_slurp(struct pf_source *source, size_t ceiling, uint8_t **out, size_t *size,
                          struct pf_error *err);
/* Closes when open; zero is fine. */
void pf_source_close(struct pf_source *source);
#endif
